//! The spread of numbers that pass by one at a time.
//!
//! Owns the arithmetic, so that a spread over rows that are kept and over rows that only passed by is the same number.

/// Number, mean, standard deviation and extremes of a whole population, built up one value at a time (Welford's method:
/// no difference of large squares, so figures that hardly differ keep their small spread).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    count: u32,
    mean: f64,
    squares: f64,
    extremes: Option<(f64, f64)>,
}

impl Spread {
    /// Adds a value.
    pub fn push(&mut self, value: f64) {
        self.count = self.count.saturating_add(1);
        let from_old = value - self.mean;
        self.mean += from_old / f64::from(self.count);
        self.squares += from_old * (value - self.mean);
        let (lowest, highest) = self.extremes.unwrap_or((value, value));
        self.extremes = Some((lowest.min(value), highest.max(value)));
    }

    /// The lowest and the highest value; `None` for no values.
    #[must_use]
    pub fn extremes(&self) -> Option<(f64, f64)> {
        self.extremes
    }

    /// How many values there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// Standard deviation of the whole population: divided by the number of values, not by one less; 0 for no values.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        if self.count == 0 { 0.0 } else { (self.squares / f64::from(self.count)).max(0.0).sqrt() }
    }
}

impl FromIterator<f64> for Spread {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut spread = Spread::default();
        values.into_iter().for_each(|value| spread.push(value));
        spread
    }
}

/// The spread of every column of an overview over all its wijken, also over those whose figures were not kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WijkSpreads {
    /// How many wijken the overview has.
    pub wijken: usize,
    /// Per column, in the order of the overview's columns.
    pub columns: Vec<Spread>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_the_whole_population() {
        let spread: Spread = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        assert_eq!((spread.count(), spread.deviation()), (8, 2.0));
        assert_eq!(spread.extremes(), Some((2.0, 9.0)));
        assert_eq!((Spread::default().deviation(), Spread::default().extremes()), (0.0, None));
    }

    #[test]
    fn figures_that_are_all_the_same_have_no_spread_at_all() {
        let spread: Spread = [33.3; 71].into_iter().collect();
        assert_eq!(spread.deviation(), 0.0);
    }
}
