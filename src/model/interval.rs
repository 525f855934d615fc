//! The margin of a figure that rests on a number of observations.

/// Limit of the standard normal distribution for 95%, two-sided.
const LIMIT: f64 = 1.959_964;

/// The 95% interval of a percentage (0 to 100) over `observations` people, by Wilson's method: it stays between 0 and
/// 100, also for small numbers and for percentages near the ends. `None` for what is no percentage and for less than
/// one observation.
#[must_use]
pub fn wilson(percentage: f64, observations: f64) -> Option<(f64, f64)> {
    let p = percentage / 100.0;
    if !(0.0..=1.0).contains(&p) || !observations.is_finite() || observations < 1.0 {
        return None;
    }
    let (n, z) = (observations, LIMIT);
    let bottom = 1.0 + z * z / n;
    let centre = (p + z * z / (2.0 * n)) / bottom;
    let half = z / bottom * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some((((centre - half) * 100.0).max(0.0), ((centre + half) * 100.0).min(100.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from the tables of Newcombe (1998), method 3.
    #[test]
    fn the_interval_is_that_of_wilson() {
        for (x, n, low, high) in [
            (81.0, 263.0, 25.53, 36.62),
            (15.0, 148.0, 6.24, 16.05),
            (0.0, 20.0, 0.0, 16.11),
            (1.0, 29.0, 0.61, 17.18),
        ] {
            let (found_low, found_high) = wilson(x / n * 100.0, n).unwrap();
            assert!(
                (found_low - low).abs() < 0.01 && (found_high - high).abs() < 0.01,
                "{x}/{n}: {found_low} {found_high}"
            );
        }
        assert_eq!(wilson(50.0, 0.0), None);
        assert_eq!(wilson(101.0, 50.0), None);
    }
}
