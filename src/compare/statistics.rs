//! What numbers say about a figure: spread and place over all wijken, and the test of chance.

use std::collections::BTreeMap;

use crate::model::words::round_as_shown;
use crate::model::{AreaLevel, Format, Overview, Spread, WijkRange, WijkSpreads};

/// What can be said about each indicator over all wijken, whatever the wijk compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    columns: BTreeMap<String, ColumnStatistics>,
    wijken: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct ColumnStatistics {
    /// Standard deviation (population) and extremes over the wijken with a figure; `None` for too few or no spread at
    /// all.
    range: Option<WijkRange>,
    /// The wijken's figures as shown, lowest first; `None` when only their spread is known.
    shown: Option<Vec<f64>>,
}

impl Statistics {
    /// Computes spread and order per indicator of the format over all areas of level wijk.
    ///
    /// The spread is the standard deviation of the whole population of wijken (divided by their number, not by one
    /// less: these are all wijken, not a sample), of the figures as they stand in the overview. With fewer figures
    /// than [`Opvallend::fewest_areas`](crate::model::Opvallend::fewest_areas), or when all are the same, there is
    /// none.
    #[must_use]
    pub fn new(format: &Format, overview: &Overview) -> Self {
        let wijken: Vec<usize> = overview
            .areas
            .iter()
            .enumerate()
            .filter(|(_, area)| area.level == AreaLevel::Wijk)
            .map(|(index, _)| index)
            .collect();
        let columns = format
            .indicators
            .iter()
            .filter_map(|indicator| {
                let column = overview.column_index(&indicator.code)?;
                let values: Vec<f64> =
                    wijken.iter().filter_map(|area| overview.figure(*area, column).value()).collect();
                let mut shown: Vec<f64> =
                    values.iter().map(|value| round_as_shown(*value, indicator.decimals)).collect();
                shown.sort_by(f64::total_cmp);
                let range = usable(format, &values.into_iter().collect());
                Some((indicator.code.clone(), ColumnStatistics { range, shown: Some(shown) }))
            })
            .collect();
        Statistics { columns, wijken: wijken.len() }
    }

    /// The spread alone, of an overview of which only some areas were kept; a place among all wijken is then not known.
    #[must_use]
    pub fn from_spreads(format: &Format, overview: &Overview, spreads: &WijkSpreads) -> Self {
        let columns = format.indicators.iter().filter_map(|indicator| {
            let spread = spreads.columns.get(overview.column_index(&indicator.code)?)?;
            let range = usable(format, spread);
            Some((indicator.code.clone(), ColumnStatistics { range, shown: None }))
        });
        Statistics { columns: columns.collect(), wijken: spreads.wijken }
    }

    /// How many wijken the overview has.
    #[must_use]
    pub fn wijken(&self) -> usize {
        self.wijken
    }

    /// The spread of an indicator over all wijken, in the indicator's unit; `None` when there is none.
    #[must_use]
    pub fn spread(&self, code: &str) -> Option<f64> {
        self.range(code).map(|range| range.spread)
    }

    /// Spread and extremes of an indicator over all wijken; `None` when there is no spread.
    pub(crate) fn range(&self, code: &str) -> Option<WijkRange> {
        self.columns.get(code)?.range
    }

    /// Place of `value` (1 = highest) among all wijken with a figure, and how many those are. `own` is the figure
    /// the overview holds for the wijk itself: it is replaced by `value`. Wijken that look the same share a place,
    /// and the places after them are skipped (1, 2, 2, 4).
    pub(crate) fn place(&self, code: &str, value: f64, own: Option<f64>, decimals: u8) -> Option<(usize, usize)> {
        let shown = self.columns.get(code)?.shown.as_ref()?;
        let value = round_as_shown(value, decimals);
        let own = own.map(|own| round_as_shown(own, decimals));
        let higher = shown.len() - shown.partition_point(|other| *other <= value);
        let higher = higher - usize::from(own.is_some_and(|own| own > value)).min(higher);
        let total = shown.len() + usize::from(own.is_none());
        Some((higher + 1, total))
    }
}

/// Standard deviation and extremes, when there are enough figures and they are not all the same.
fn usable(format: &Format, spread: &Spread) -> Option<WijkRange> {
    let enough = spread.count() >= format.opvallend.fewest_areas.max(2);
    let (lowest, highest) = spread.extremes().filter(|_| enough)?;
    let deviation = spread.deviation();
    (deviation > 1e-9).then_some(WijkRange { lowest, highest, spread: deviation })
}
