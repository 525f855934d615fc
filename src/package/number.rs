//! Numbers as nearly all cells write them, read in a fraction of the usual time.
//!
//! Owns the one shortcut. What it does not know is read by the standard library.

/// Most digits of which the whole number is exact as a floating point number.
const DIGITS: usize = 15;
/// The powers of ten by which a number of so many decimals is divided; each is exact.
const POWERS: [f64; DIGITS + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number that a text such as `-12.5` or `7` is: at most 15 digits, with a point between two of them or none.
/// `None` for every other way of writing.
pub(super) fn plain_decimal(text: &str) -> Option<f64> {
    let (number, length) = leading_decimal(text.as_bytes())?;
    (length == text.len()).then_some(number)
}

/// The number that `text` begins with, as [`plain_decimal`] knows them, and how many bytes it takes. A whole number of so
/// many digits and such a power of ten are both exact, and dividing rounds once, so this is the number that the standard
/// library reads.
pub(super) fn leading_decimal(text: &[u8]) -> Option<(f64, usize)> {
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    let mut whole = 0_u64;
    let mut digits = 0_usize;
    let mut decimals = 0_usize;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        // With more digits than are exact it is no plain number, whatever this becomes.
        whole = whole.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        digits += 1;
        rest = after;
    }
    if digits == 0 {
        return None;
    }
    if let [b'.', after @ ..] = rest {
        rest = after;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            whole = whole.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            decimals += 1;
            rest = after;
        }
        if decimals == 0 {
            return None;
        }
    }
    if digits + decimals > DIGITS {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "at most fifteen digits are exact")]
    let number = whole as f64 / POWERS.get(decimals)?;
    Some((if negative { -number } else { number }, text.len() - rest.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_read_the_quick_way_is_the_number_that_the_standard_library_reads(text in "-?[0-9]{0,9}(\\.[0-9]{0,9})?") {
            if let Some(number) = plain_decimal(&text) {
                prop_assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
            }
        }
    }

    #[test]
    fn usual_figures_are_read_the_quick_way() {
        let known =
            [("0", 0.0), ("17.6838106422", 17.683_810_642_2), ("-0.1", -0.1), ("100", 100.0), ("0.3", 0.3)];
        for (text, number) in known {
            assert_eq!(plain_decimal(text), Some(number), "{text}");
        }
        for other in
            ["", "-", ".", "1.", ".5", "1e5", "+1", " 1", "1.2.3", "1234567890123456", "0.1234567890123456"]
        {
            assert_eq!(plain_decimal(other), None, "{other}");
        }
    }
}
