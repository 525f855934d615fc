//! How well a text can be read on its ground: the contrast of WCAG 2.1, which the European standard for documents asks for.
//!
//! Pure arithmetic; knows no styles.

/// Contrast of two colours written as `RRGGBB`, 1 to 21; `None` when one of them is no such colour.
pub(super) fn contrast(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// The least contrast of a text: larger letters are read on less. `half_points` is their size.
pub(super) fn least(half_points: f64, bold: bool) -> f64 {
    if half_points >= 36.0 || (bold && half_points >= 28.0) { 3.0 } else { 4.5 }
}

/// Relative luminance, 0 to 1.
fn luminance(hex: &str) -> Option<f64> {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    (hex.len() == 6).then_some(())?;
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21_and_767676_is_the_lightest_grey_that_passes() {
        assert!((contrast("000000", "FFFFFF").unwrap() - 21.0).abs() < 1e-9);
        assert!(contrast("FFFFFF", "767676").unwrap() >= 4.5 && contrast("777777", "ffffff").unwrap() < 4.5);
        assert_eq!((contrast("auto", "FFFFFF"), contrast("FFFFFF", "")), (None, None));
        assert!(least(22.0, true) > 4.0 && least(28.0, true) < 4.0 && least(36.0, false) < 4.0);
    }
}
