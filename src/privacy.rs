//! Figures about small groups: which may not be shown, and which would give them away.
//!
//! The one place where this is decided. It works on the overview, before anything is compared, filled or written, so
//! that nothing behind it can show what is taken out here. Pure: knows only [`crate::model`].
//!
//! A figure with fewer observations than the threshold is taken out with its number of observations. Other figures
//! follow as long as one of the hidden ones could be calculated from what is left: a gebied minus its other wijken, the
//! city minus its other gebieden, and a whole minus its other parts (`delen.csv`). Whether it can is a matter of linear
//! equations with the hidden figures as unknowns, and is settled by elimination; rounding is not counted on.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::model::{
    Analysis, AreaLevel, CellValue, Comparison, Control, Figure, Format, History, Missing, Overview, SumKind,
};

/// The code of the rule, by which its threshold is found in `controle.csv`.
pub const CODE: &str = "kleine-groep";

/// Fewest observations behind a figure that may be shown, when the files say nothing.
const FEWEST: f64 = 10.0;

/// A figure in the overview: area and column, zero-based.
type Cell = (usize, usize);

/// What was taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protected {
    /// Figures about small groups.
    pub small: usize,
    /// Figures from which those could be calculated.
    pub derived: usize,
}

/// Takes out of an overview what may not be shown. An overview without numbers of observations stays as it is.
pub fn protect(format: &Format, overview: &mut Overview) -> Protected {
    let small = small_groups(&format.control, overview);
    if small.is_empty() {
        return Protected::default();
    }
    let equations = Equations::of(&format.control, overview);
    let mut hidden = small.clone();
    loop {
        let more = equations.more_to_hide(overview, &hidden);
        if more.is_empty() {
            break;
        }
        hidden.extend(more);
    }
    for (area, column) in &hidden {
        let codes = overview.areas.get(*area).zip(overview.columns.get(*column));
        let codes = codes.map(|(area, column)| (area.code.clone(), column.code.clone()));
        if let (Some((area, indicator)), Some(value)) = (codes, overview.figure(*area, *column).value()) {
            overview.withheld.add(&area, &indicator, value);
        }
        for column in std::iter::once(*column).chain(overview.companions(*column).collect::<Vec<_>>()) {
            if let Some(figure) = overview.figures.get_mut(*area).and_then(|row| row.get_mut(column)) {
                *figure = Figure::Missing(Missing::SmallGroup);
            }
        }
    }
    Protected { small: small.len(), derived: hidden.len() - small.len() }
}

/// Takes out of what a workbook remembers of earlier editions the figures about groups that are too small now: the group
/// of then was about as small.
pub fn protect_history(overview: &Overview, history: &mut History) {
    for old in history.figures.iter_mut().filter(|old| overview.withholds(&old.area, &old.code)) {
        old.value = CellValue::Text(Missing::SmallGroup.sign().to_owned());
    }
}

/// A text in which lines that name an indicator with its figure lose the figure, for every indicator of which the comparison
/// hides one.
#[must_use]
pub fn protect_text(comparison: &Comparison, text: &str) -> String {
    masked(text, &hidden_in(comparison))
}

/// The indicators, by code and name, of which a comparison hides a figure.
fn hidden_in(comparison: &Comparison) -> Vec<(&str, &str)> {
    let is_hidden = |figure: &Figure| *figure == Figure::Missing(Missing::SmallGroup);
    comparison
        .domeinen
        .iter()
        .flat_map(|domein| &domein.figures)
        .filter(|figure| {
            [Some(&figure.wijk), Some(&figure.benchmark), figure.beside.as_ref()]
                .into_iter()
                .flatten()
                .any(is_hidden)
        })
        .map(|figure| (figure.code.as_str(), figure.name.as_str()))
        .collect()
}

fn masked(text: &str, hidden: &[(&str, &str)]) -> String {
    let lines =
        text.lines().map(|line| match hidden.iter().find(|(_, name)| line.trim_start().starts_with(name)) {
            Some((_, name)) if line.chars().any(|c| c.is_ascii_digit()) => {
                format!("{name}: {}", Missing::SmallGroup.words())
            }
            _ => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// A workbook as it may be shown beside a comparison: figures that the comparison does not show are taken out, and lines
/// of the closing tables that name such an indicator with its figure lose the figure.
#[must_use]
pub fn protect_texts<'a>(comparison: &Comparison, analysis: &'a Analysis) -> Cow<'a, Analysis> {
    let hidden = hidden_in(comparison);
    if hidden.is_empty() {
        return Cow::Borrowed(analysis);
    }
    let mut shown = analysis.clone();
    for row in shown.pijlers.iter_mut().flat_map(|tab| &mut tab.blocks).flat_map(|block| &mut block.indicators) {
        if hidden.iter().any(|(code, _)| row.code.as_deref() == Some(code)) {
            let cells = [Some(&mut row.wijk), row.beside.as_mut(), row.benchmark.as_mut()];
            for cell in cells.into_iter().flatten() {
                cell.value = CellValue::Text(Missing::SmallGroup.sign().to_owned());
                cell.percent_format = false;
            }
        }
    }
    let summary = shown.summary.iter_mut().flat_map(|summary| &mut summary.closing);
    let closing = shown.pijlers.iter_mut().flat_map(|tab| &mut tab.closing).chain(summary);
    for cell in closing.filter_map(|row| row.figures.as_mut()) {
        cell.text = masked(&cell.text, &hidden);
    }
    Cow::Owned(shown)
}

/// Figures with fewer observations than the threshold.
fn small_groups(control: &Control, overview: &Overview) -> BTreeSet<Cell> {
    let mut small = BTreeSet::new();
    for (column, indicator) in overview.columns.iter().enumerate().filter(|(_, column)| !column.is_count()) {
        // Looked for once per column: an overview can have thousands of areas.
        let Some(numbers) = overview.count_column(column) else { continue };
        let fewest = control.threshold(CODE, &indicator.code, FEWEST);
        for area in 0..overview.areas.len() {
            if overview.figure(area, numbers).value().is_some_and(|number| number < fewest) {
                small.insert((area, column));
            }
        }
    }
    small
}

/// What is known about figures together: each a sum with weights that is zero.
struct Equations(Vec<BTreeMap<Cell, f64>>);

impl Equations {
    fn of(control: &Control, overview: &Overview) -> Self {
        let mut all = Vec::new();
        let counted: Vec<usize> = (0..overview.columns.len())
            .filter(|column| overview.columns.get(*column).is_some_and(|known| !known.is_count()))
            .collect();
        let parts = divisions(overview);
        // An area is what lies in it, weighted by the numbers of observations where those are known.
        for (whole, area) in overview.areas.iter().enumerate() {
            let of_level = |level: AreaLevel| parts.get(&(whole, level)).cloned().unwrap_or_default();
            let divisions = match area.level {
                AreaLevel::Stad => vec![of_level(AreaLevel::Gebied), of_level(AreaLevel::Wijk)],
                AreaLevel::Gebied => vec![of_level(AreaLevel::Wijk)],
                AreaLevel::Wijk => vec![of_level(AreaLevel::Buurt)],
                AreaLevel::Land | AreaLevel::Buurt => Vec::new(),
            };
            for parts in divisions.iter().filter(|parts| !parts.is_empty()) {
                for column in &counted {
                    let percentage = overview.columns.get(*column).is_some_and(|known| known.unit.trim() == "%");
                    let weight = |area: usize| match percentage {
                        true => overview.observations(area, *column).filter(|number| *number > 0.0).unwrap_or(1.0),
                        false => 1.0,
                    };
                    let mut equation: BTreeMap<Cell, f64> =
                        parts.iter().map(|part| ((*part, *column), weight(*part))).collect();
                    equation.insert((whole, *column), -weight(whole));
                    all.push(equation);
                }
            }
        }
        for sum in control.sums.iter().filter(|sum| sum.kind == SumKind::Gelijk) {
            let columns: Option<Vec<usize>> =
                sum.parts.iter().chain(&sum.whole).map(|code| overview.column_index(code)).collect();
            let Some(columns) = columns else { continue };
            for area in 0..overview.areas.len() {
                all.push(columns.iter().map(|column| ((area, *column), 1.0)).collect());
            }
        }
        Equations(all)
    }

    /// Figures to hide, because those that are hidden could be calculated; none when nothing can.
    fn more_to_hide(&self, overview: &Overview, hidden: &BTreeSet<Cell>) -> BTreeSet<Cell> {
        // What the source itself keeps back is as unknown as what is hidden here.
        let is_unknown = |cell: &Cell| hidden.contains(cell) || overview.figure(cell.0, cell.1).value().is_none();
        let unknowns = self.0.iter().map(|equation| {
            equation.iter().filter(|(cell, _)| is_unknown(cell)).map(|(cell, weight)| (*cell, *weight)).collect()
        });
        let exposed = determined(unknowns);
        // The smallest and lowest area gives way first.
        let rank = |cell: &Cell| {
            let level = overview.areas.get(cell.0).map_or(9, |area| match area.level {
                AreaLevel::Buurt => 0,
                AreaLevel::Wijk => 1,
                AreaLevel::Gebied => 2,
                AreaLevel::Stad => 3,
                AreaLevel::Land => 4,
            });
            (level, overview.observations(cell.0, cell.1).unwrap_or(f64::MAX).to_bits(), *cell)
        };
        let mut more = BTreeSet::new();
        for cell in exposed.iter().filter(|cell| hidden.contains(cell)) {
            // The smallest sum first: there one more is enough, and it lies nearest.
            let mut with: Vec<_> = self.0.iter().filter(|equation| equation.contains_key(cell)).collect();
            with.sort_by_key(|equation| (equation.keys().filter(|cell| is_unknown(cell)).count(), equation.len()));
            // One more in these equations may be enough; the next round tells.
            if with.iter().any(|equation| equation.keys().any(|other| more.contains(other))) {
                continue;
            }
            let known = |cell: &&Cell| !is_unknown(cell);
            let beside =
                with.iter().find_map(|equation| equation.keys().filter(known).min_by_key(|cell| rank(cell)));
            // Every neighbour is hidden already: equations further on give it away together.
            let anywhere = || self.0.iter().flat_map(BTreeMap::keys).filter(known).min_by_key(|cell| rank(cell));
            more.extend(beside.or_else(anywhere).copied());
        }
        more
    }
}

/// The unknowns that have one solution only, by elimination.
fn determined(rows: impl IntoIterator<Item = BTreeMap<Cell, f64>>) -> BTreeSet<Cell> {
    // Every solved row by its first unknown, which stands in no row before it.
    let mut solved: BTreeMap<Cell, BTreeMap<Cell, f64>> = BTreeMap::new();
    for mut row in rows {
        reduce(&mut row, &solved, None);
        if let Some(first) = row.keys().next().copied() {
            solved.insert(first, row);
        }
    }
    for first in solved.keys().rev().copied().collect::<Vec<_>>() {
        let Some(mut row) = solved.remove(&first) else { continue };
        reduce(&mut row, &solved, Some(first));
        solved.insert(first, row);
    }
    solved.into_iter().filter(|(_, row)| row.len() == 1).map(|(first, _)| first).collect()
}

/// Takes the first unknowns of solved rows out of a row, but for those up to `after`.
fn reduce(row: &mut BTreeMap<Cell, f64>, solved: &BTreeMap<Cell, BTreeMap<Cell, f64>>, after: Option<Cell>) {
    const NOTHING: f64 = 1e-9;
    let mut at = after;
    loop {
        let from = at.map_or(Bound::Unbounded, Bound::Excluded);
        let Some((cell, weight)) =
            row.range((from, Bound::Unbounded)).next().map(|(cell, weight)| (*cell, *weight))
        else {
            return;
        };
        at = Some(cell);
        let Some(done) = solved.get(&cell) else { continue };
        let Some(factor) = done.get(&cell).map(|head| weight / head) else { continue };
        for (other, of) in done {
            let value = row.entry(*other).or_insert(0.0);
            *value -= factor * of;
            if value.abs() < NOTHING {
                row.remove(other);
            }
        }
        row.remove(&cell);
    }
}

/// The areas that lie in each area, directly or through areas between them, by their level.
fn divisions(overview: &Overview) -> BTreeMap<(usize, AreaLevel), Vec<usize>> {
    let by_code: BTreeMap<&str, usize> =
        overview.areas.iter().enumerate().map(|(index, area)| (area.code.as_str(), index)).collect();
    let mut parts: BTreeMap<(usize, AreaLevel), Vec<usize>> = BTreeMap::new();
    for (index, area) in overview.areas.iter().enumerate() {
        let mut parent = area.parent.as_deref();
        // A chain of areas is at most five levels long; the limit guards against a circle in the data.
        for _ in 0..5 {
            let Some(whole) = parent.and_then(|code| by_code.get(code)) else { break };
            parts.entry((*whole, area.level)).or_default().push(index);
            parent = overview.areas.get(*whole).and_then(|area| area.parent.as_deref());
        }
    }
    parts
}

#[cfg(test)]
mod tests;
