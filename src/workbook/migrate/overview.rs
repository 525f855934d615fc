//! Which cells of the old overview tab are which of the new one, by the codes that stand on both.
//!
//! Owns that pairing, so that formulas, charts and links of people go on leading to the same figure of the same area. Part of
//! the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::Planner;
use crate::error::Result;
use crate::model::{CellValue, TabKind, normalise};
use crate::package::Spreadsheet;

/// Where the codes of a tab stand.
#[derive(Debug, Default)]
struct Codes {
    /// Columns by the code of the indicator; of a code that comes again, which one of them it is.
    cols: BTreeMap<(String, usize), u32>,
    /// Rows by the code of the area.
    rows: BTreeMap<String, u32>,
    /// Rows above the areas by their label.
    labels: BTreeMap<String, u32>,
    /// The row with the codes of the indicators, and the first row with an area.
    ends: (u32, u32),
}

/// Reads the codes of an overview tab; `None` when it has none of them.
fn codes(
    package: &Spreadsheet,
    tab: &str,
    (indicators, areas): (&BTreeSet<&str>, &BTreeSet<&str>),
) -> Result<Option<Codes>> {
    let strings = package.shared_strings()?;
    let mut by_row: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    let mut by_col: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    let mut first_texts: BTreeMap<u32, String> = BTreeMap::new();
    package.visit_cells(tab, &mut |view| {
        let CellValue::Text(text) = view.value(&strings) else { return Ok(true) };
        let text = text.trim();
        if indicators.contains(text) {
            by_row.entry(view.row).or_default().push((view.col, text.to_owned()));
        }
        if areas.contains(text) {
            by_col.entry(view.col).or_default().push((view.row, text.to_owned()));
        }
        if view.col == 0 {
            first_texts.insert(view.row, normalise(text));
        }
        Ok(true)
    })?;
    // The line with most of them; of equals the first: what an area lies in is a code too.
    let most = |lines: BTreeMap<u32, Vec<(u32, String)>>| {
        let size = lines.values().map(Vec::len).max()?;
        lines.into_iter().find(|(_, cells)| cells.len() == size)
    };
    let (Some((code_row, columns)), Some((_, area_rows))) = (most(by_row), most(by_col)) else { return Ok(None) };
    let mut found = Codes::default();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (col, code) in columns {
        let count = seen.entry(code.clone()).or_insert(0);
        found.cols.insert((code, *count), col);
        *count += 1;
    }
    for (row, code) in area_rows {
        found.rows.entry(code).or_insert(row);
    }
    let first = found.rows.values().min().copied().unwrap_or(code_row);
    found.ends = (code_row, first);
    for (row, label) in first_texts.range(..first) {
        found.labels.entry(label.clone()).or_insert(*row);
    }
    Ok(Some(found))
}

impl Planner<'_> {
    /// Pairs the rows and columns of the overview tab.
    pub(super) fn pair_overview(&mut self) -> Result<()> {
        let kind = TabKind::Fixed("overzicht".to_owned());
        let Some(overview) = self.input.overview else { return Ok(()) };
        let Some(old) = self.input.old.analysis.tabs.iter().find(|tab| tab.kind == kind) else { return Ok(()) };
        let Some(new_tab) = self.places.get(&old.name).map(|place| place.tab.clone()) else { return Ok(()) };
        let Some(new_package) = &self.input.new.package else { return Ok(()) };
        let indicators: BTreeSet<&str> = overview.columns.iter().map(|column| column.code.trim()).collect();
        let areas: BTreeSet<&str> = overview.areas.iter().map(|area| area.code.trim()).collect();
        let known = (&indicators, &areas);
        let (Some(before), Some(after)) =
            (codes(self.package, &old.name, known)?, codes(new_package, &new_tab, known)?)
        else {
            return Ok(());
        };
        let Some(place) = self.places.get_mut(&old.name) else { return Ok(()) };
        let first = |codes: &Codes| codes.cols.values().min().copied().unwrap_or(0);
        // The columns before the figures say which area it is.
        for col in 0..first(&before).min(first(&after)) {
            place.cols.insert(col, col);
        }
        for (code, col) in &before.cols {
            if let Some(to) = after.cols.get(code) {
                place.cols.insert(*col, *to);
            }
        }
        for (code, row) in &before.rows {
            if let Some(to) = after.rows.get(code) {
                place.rows.insert(*row, *to);
            }
        }
        let height = |codes: &Codes| codes.ends.1.checked_sub(codes.ends.0);
        for (label, row) in &before.labels {
            let straight = || {
                (height(&before) == height(&after))
                    .then(|| (row + after.ends.0).checked_sub(before.ends.0))
                    .flatten()
            };
            if let Some(to) = after.labels.get(label).copied().or_else(straight) {
                place.rows.entry(*row).or_insert(to);
            }
        }
        Ok(())
    }
}
