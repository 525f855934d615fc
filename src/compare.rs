//! Comparing a wijk with the benchmark, and putting first what comes first (`spec/method.md`, 'Rules of comparison').
//!
//! Owns the rules: equal, higher or lower as shown; what is opvallend; the order of factors; the evidence for the
//! level. Pure: knows no files, no zip and no XML, only [`crate::model`].
//!
//! - `figures`: one indicator of one wijk against the benchmark, and its place among all wijken;
//! - `reading`: what a cell holds; `statistics`: spread, place and chance over all wijken;
//! - `domein`: which figures of a domein are opvallend;
//! - `factoren`: which factors come back, in the method's order;
//! - `level`: wijk or gebied;
//! - `progress`: whether a maatschappelijk resultaat moved towards its target;
//! - `rule`: the rule as Dutch sentences, with the numbers of the format;
//! - `words`: how all this is put in words.

mod domein;
mod edition;
mod factoren;
mod figures;
mod level;
mod progress;
mod reading;
mod rule;
mod statistics;
#[cfg(test)]
mod tests;
pub mod words;

use std::collections::BTreeSet;

pub use edition::{Changed, EditionChanges, Item, LevelCount, MissingChange, Moved, Shift, editions};
pub use figures::change;
pub use progress::{Way, standing};
pub use statistics::Statistics;

use crate::model::{Analysis, Area, AreaLevel, Comparison, DomeinComparison, Format, Judgement, Overview};

/// Compares the area at zero-based index `area` of `overview.areas` with the format's benchmark.
///
/// `beside` is the zero-based index of a second area to show. With an `analysis` the figures in the workbook are the
/// ones compared (what a person wrote wins), and remarks under 'Wat valt op?' make a figure opvallend; without one
/// the overview's figures are. Spread, places, gebied and land always come from the overview.
///
/// An index that does not exist gives a comparison in which every figure is missing; nothing fails.
#[must_use]
pub fn compare(
    format: &Format,
    overview: &Overview,
    area: usize,
    beside: Option<usize>,
    analysis: Option<&Analysis>,
) -> Comparison {
    compare_with(format, overview, &Statistics::new(format, overview), area, beside, analysis)
}

/// The same as [`compare`], with the statistics over all wijken computed beforehand: for many wijken in a row.
#[must_use]
pub fn compare_with(
    format: &Format,
    overview: &Overview,
    statistics: &Statistics,
    area: usize,
    beside: Option<usize>,
    analysis: Option<&Analysis>,
) -> Comparison {
    let areas = figures::Areas::find(format, overview, area, beside);
    let context = figures::Context { format, overview, statistics, areas: &areas, analysis };
    let domeinen: Vec<DomeinComparison> =
        format.domeinen.iter().map(|domein| domein::compare_domein(&context, domein)).collect();

    let (factoren, strengths) = factoren::order(format, &domeinen);
    let risk_factors = factoren::risk_factors(&factoren);
    let missing = missing_of(&domeinen);
    let worsening = worsening_of(statistics, &domeinen);
    let shown = overview.areas.get(area);
    Comparison {
        wijk: shown.map_or_else(Default::default, |shown| (overview.call_name(area), shown.code.clone())),
        area_level: shown.map_or(AreaLevel::Wijk, |shown| shown.level),
        benchmark: format.benchmark.1.clone(),
        second_benchmark: format.second_benchmark.1.clone(),
        beside: context.beside_name(),
        edition: overview.edition.clone(),
        level: level::evidence(format, shown, areas.gebied.and_then(|index| overview.areas.get(index)), &domeinen),
        rule: rule::sentences(format, missing, statistics.wijken(), &domeinen),
        worsening_rule: match worsening.is_empty() {
            true => String::new(),
            false => crate::model::words::worsening_rule(&format.benchmark.1),
        },
        worsening,
        results: analysis.map_or_else(Vec::new, |analysis| {
            progress::results(format, analysis, |code| {
                let mut rows =
                    domeinen.iter().flat_map(|domein| &domein.figures).filter(|figure| figure.code == code);
                let compared = rows.next().map(|figure| progress::Now {
                    figure: figure.wijk,
                    period: figure.period.clone(),
                    unit: figure.unit.name.clone(),
                    elsewhere: rows.map(|figure| figure.wijk).collect(),
                });
                compared.or_else(|| {
                    let at = overview.column_index(code)?;
                    let column = overview.columns.get(at)?;
                    let unit = format.unit_of(format.indicator(code)?, Some(column)).name.clone();
                    let (figure, period) = (overview.figure(area, at), column.period());
                    Some(progress::Now { figure, period, unit, elsewhere: Vec::new() })
                })
            })
        }),
        risk_factors,
        cumulation: risk_factors >= format.opvallend.cumulation && risk_factors > 0,
        domeinen,
        factoren,
        strengths,
        missing,
    }
}

/// Figures that are ongunstiger than the benchmark and got worse since the edition before, each indicator once.
fn worsening_of(statistics: &Statistics, domeinen: &[DomeinComparison]) -> Vec<(String, String)> {
    let mut found: Vec<(f64, String, String)> = Vec::new();
    for domein in domeinen {
        for figure in &domein.figures {
            let worse = figure.judgement == Some(Judgement::Ongunstiger)
                && figure.trend.as_ref().is_some_and(|trend| trend.judgement == Judgement::Ongunstiger);
            if worse && found.iter().all(|(_, _, code)| *code != figure.code) {
                let change = figure.trend.as_ref().map_or(0.0, |trend| trend.difference.abs());
                let spread = statistics.spread(&figure.code).unwrap_or(f64::INFINITY);
                found.push((change / spread, domein.domein.clone(), figure.code.clone()));
            }
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().map(|(_, domein, code)| (domein, code)).collect()
}

/// How many different indicators lack a figure of the wijk, and of how many. An indicator that stands in several
/// domeinen counts once.
fn missing_of(domeinen: &[DomeinComparison]) -> (usize, usize) {
    let all = || domeinen.iter().flat_map(|domein| &domein.figures);
    let codes: BTreeSet<&str> = all().map(|figure| figure.code.as_str()).collect();
    let known: BTreeSet<&str> =
        all().filter(|figure| figure.wijk.value().is_some()).map(|figure| figure.code.as_str()).collect();
    (codes.difference(&known).count(), codes.len())
}

/// The gebied an area lies in, found by following 'valt onder'; `None` for a gebied itself and wider.
pub(crate) fn gebied_of(overview: &Overview, area: &Area) -> Option<usize> {
    let mut parent = area.parent.clone();
    // A chain of areas is at most five levels long; the limit guards against a circle in the data.
    for _ in 0..5 {
        let index = overview.area_index(parent.as_deref()?)?;
        let found = overview.areas.get(index)?;
        if found.level == AreaLevel::Gebied {
            return Some(index);
        }
        parent.clone_from(&found.parent);
    }
    None
}
