//! Figures that may exist and are still not likely: far from all wijken, parts that exceed their whole, a column that
//! looks copied, an area compared with itself.

use super::rules::finding;
use super::{Context, Row, in_words};
use crate::finding::{Finding, Place};
use crate::model::words::{equal_as_shown, figure, list, number};
use crate::model::{AreaLevel, CellRef, Spread, SumKind, words};

impl Context<'_> {
    /// How many spreads a figure lies from the other wijken; `None` with too few of them.
    fn spreads_away(&self, row: &Row<'_>, value: f64) -> Option<f64> {
        let (overview, column) = (self.overview?, row.column?);
        let others = overview
            .areas
            .iter()
            .enumerate()
            .filter(|(at, area)| area.level == AreaLevel::Wijk && Some(*at) != self.area);
        let values: Vec<f64> = others.filter_map(|(at, _)| overview.figure(at, column).value()).collect();
        let spread: Spread = values.iter().copied().collect();
        let deviation = spread.deviation();
        if spread.count() < self.format.opvallend.fewest_areas || deviation < 1e-9 {
            return None;
        }
        #[allow(clippy::cast_precision_loss, reason = "a number of wijken")]
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        Some((value - mean).abs() / deviation)
    }
}

/// A figure that a person typed where the overview has none, further from all wijken than any real one. A figure of the
/// overview is the source's; one that differs from it is reported as such.
pub(crate) fn unlikely(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut told: Vec<&str> = Vec::new();
    for row in &context.rows {
        let Some(value) = row.row.wijk.number().filter(|value| row.unit.can_hold(*value)) else {
            continue;
        };
        if context.known(context.area, row).is_some()
            || context.is_hidden(row)
            || told.contains(&row.indicator.code.as_str())
        {
            continue;
        }
        let limit = context.format.control.threshold("cijfer-onwaarschijnlijk", &row.indicator.code, 7.0);
        let Some(away) = context.spreads_away(row, value).filter(|away| *away > limit) else { continue };
        told.push(&row.indicator.code);
        findings.push(finding(
            "cijfer-onwaarschijnlijk",
            row.place(&row.row.wijk.at),
            format!(
                "In de cel staat {}. Dat ligt {} spreidingen van de andere wijken af.",
                figure(value, row.indicator.decimals, &row.unit),
                number(away, 1)
            ),
            format!("Een cijfer dat hooguit {} spreidingen van de andere wijken af ligt.", number(limit, 1)),
            format!(
                "Kijk in de bron of {} klopt. Klopt het, dan hoeft er niets te gebeuren.",
                row.row.wijk.at.a1()
            ),
        ));
    }
}

/// Parts that together are more than their whole, or not equal to it where they should be. Only where the workbook says
/// something else than the overview: what the overview says is for its keepers.
pub(crate) fn parts(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for sum in &context.format.control.sums {
        let row_of = |code: &String| {
            context.rows.iter().find(|row| row.indicator.code == *code && row.row.wijk.number().is_some())
        };
        let parts: Option<Vec<&Row<'_>>> = sum.parts.iter().map(row_of).collect();
        let whole = match &sum.whole {
            None => Some((100.0, None)),
            Some(code) => row_of(code).and_then(|row| Some((row.row.wijk.number()?, Some(row)))),
        };
        let (Some(parts), Some((whole, whole_row))) = (parts, whole) else { continue };
        let rows: Vec<&Row<'_>> = parts.iter().copied().chain(whole_row).collect();
        let own = |row: &&Row<'_>| context.known(context.area, row).is_none() && !context.is_hidden(row);
        let Some(first) = rows.iter().copied().find(|row| own(row)) else { continue };
        let together: f64 = parts.iter().filter_map(|row| row.row.wijk.number()).sum();
        if adds_up(together, whole, sum.kind, first.indicator.decimals, parts.len()) {
            continue;
        }
        let decimals = first.indicator.decimals;
        let named: Vec<String> = parts
            .iter()
            .map(|row| {
                let value = row.row.wijk.number().unwrap_or_default();
                format!("{} {}", row.indicator.name, figure(value, decimals, &row.unit))
            })
            .collect();
        let cells: Vec<&CellRef> = rows.iter().map(|row| &row.row.wijk.at).collect();
        let of = match whole_row {
            Some(row) => format!("'{}' ({})", row.indicator.name, figure(whole, decimals, &row.unit)),
            None => "100%".to_owned(),
        };
        let wanted = match sum.kind {
            SumKind::Gelijk => format!("Delen die samen {of} zijn."),
            SumKind::Hooguit => format!("Delen die samen hooguit {of} zijn."),
        };
        findings.push(finding(
            "delen-tellen-niet-op",
            first.place(&first.row.wijk.at),
            format!(
                "Deze cijfers passen niet bij elkaar: {}. Samen is dat {}.",
                list(&named),
                figure(together, decimals, &first.unit)
            ),
            wanted,
            format!("Kijk in de bron welk cijfer klopt; ze staan in {}.", in_words(&cells)),
        ));
    }
}

/// True when parts fit in their whole, with room for the rounding of each.
pub(crate) fn adds_up(together: f64, whole: f64, kind: SumKind, decimals: u8, parts: usize) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "a handful of parts")]
    let room = 0.5 * 10_f64.powi(-i32::from(decimals)) * (parts + 1) as f64 + 1e-9;
    match kind {
        SumKind::Gelijk => (together - whole).abs() <= room,
        SumKind::Hooguit => together <= whole + room,
    }
}

/// The column of the wijk holds the benchmark's figures: probably a column that was copied.
pub(crate) fn copied_benchmark(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for tab in &context.analysis.pijlers {
        let rows: Vec<&Row<'_>> = context.rows.iter().filter(|row| row.tab.tab == tab.tab).collect();
        let pairs: Vec<(&Row<'_>, f64, f64)> = rows
            .iter()
            .filter_map(|row| Some((*row, row.row.wijk.number()?, row.row.benchmark.as_ref()?.number()?)))
            .collect();
        let same: Vec<&CellRef> = pairs
            .iter()
            .filter(|(row, wijk, benchmark)| equal_as_shown(*wijk, *benchmark, row.indicator.decimals))
            .map(|(row, _, _)| &row.row.wijk.at)
            .collect();
        let limit = context.format.control.threshold("cijfer-gelijk-aan-benchmark", "", 10.0);
        #[allow(clippy::cast_precision_loss, reason = "a number of rows")]
        let (count, all) = (same.len() as f64, pairs.len() as f64);
        if count < limit || count * 2.0 < all {
            continue;
        }
        findings.push(finding(
            "cijfer-gelijk-aan-benchmark",
            Place { cell: Some(super::addresses(&same)), ..Place::tab(&tab.tab) },
            format!(
                "Op {} van de {} rijen staat bij de wijk hetzelfde cijfer als bij {}. De kolom lijkt gekopieerd.",
                same.len(),
                pairs.len(),
                context.format.benchmark.1
            ),
            "De cijfers van de wijk zelf.",
            "Vul het werkboek opnieuw met 'wijk vul', of neem de cijfers van de wijk over uit het overzicht.",
        ));
    }
}

/// The area in column F is the wijk itself or the benchmark: nothing is compared then.
pub(crate) fn beside_is_the_same(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    let mut told: Vec<&CellRef> = Vec::new();
    for (_, heading) in
        context.analysis.pijlers.iter().flat_map(|tab| &tab.headings).filter(|(field, _)| field == "naast")
    {
        let Some((index, _)) = overview.the_wijk_first(&heading.text) else { continue };
        if heading.text.trim().is_empty() || (Some(index) != context.area && Some(index) != context.benchmark) {
            continue;
        }
        // The heading stands above every block of a tab; once is enough.
        if told.iter().any(|at| at.tab == heading.at.tab) {
            continue;
        }
        told.push(&heading.at);
        let whose =
            if Some(index) == context.area { "de wijk zelf" } else { "waarmee de wijk al wordt vergeleken" };
        findings.push(finding(
            "naast-is-hetzelfde",
            Place::cell(&heading.at),
            format!("Boven de vrije kolom staat '{}': dat is {whose}.", heading.text.trim()),
            "Een ander gebied, of een lege kolom.",
            format!(
                "Vul opnieuw met --naast en een ander gebied, of maak {} leeg.",
                words::list(&[heading.at.a1()])
            ),
        ));
    }
}
