//! Repairing the live highlighting of the pijler tabs: which rules go and which come.
//!
//! What a rule should be is the model's ([`HighlightCell`]); what is wrong is told by the check. Pure: works on what
//! was read, knows no package. The repair is carried out by `fill`.

use crate::model::{Analysis, Format, HighlightCell, HighlightRule, column_letters};

/// A rule as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRule {
    /// The cells, as Excel writes them: `E7:E12`.
    pub ranges: String,
    /// The formula for the first of those cells, without `=`.
    pub formula: String,
}

/// What the highlighting of one tab lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// Name of the tab.
    pub tab: String,
    /// Rules of ours that are damaged or stand on the wrong rows: ranges and formula as written.
    pub remove: Vec<(String, String)>,
    /// Rules to add.
    pub add: Vec<WantedRule>,
}

/// Looks at the rules of every pijler tab and gives what should be repaired; nothing for files whose rules cannot be
/// read (xls, ods). Somebody's own rules stay.
#[must_use]
pub fn highlighting(analysis: &Analysis, format: &Format) -> Vec<Repair> {
    let name = analysis.file.to_lowercase();
    if name.ends_with(".xls") || name.ends_with(".ods") {
        return Vec::new();
    }
    let mut repairs = Vec::new();
    for tab in &analysis.pijlers {
        let ours = analysis
            .conditionals
            .iter()
            .filter(|rule| rule.tab == tab.tab)
            .map(HighlightRule::of)
            .filter(HighlightRule::is_ours);
        let cells = HighlightCell::all(tab, format);
        let mut served = vec![false; cells.len()];
        let mut bad = Vec::new();
        // A rule that is wrong for one of its cells, or serves none, goes as a whole; its cells get a new one.
        for rule in ours {
            let covered = || cells.iter().zip(0_usize..).filter(|(cell, _)| rule.covers(cell.row, cell.col));
            if covered().next().is_none() || !covered().all(|(cell, _)| rule.is_right_for(cell)) {
                bad.push(rule);
                continue;
            }
            for (_, at) in covered() {
                if let Some(served) = served.get_mut(at) {
                    *served = true;
                }
            }
        }
        let missing: Vec<&HighlightCell> =
            cells.iter().zip(&served).filter(|(_, served)| !**served).map(|(cell, _)| cell).collect();
        if missing.is_empty() && bad.is_empty() {
            continue;
        }
        let remove = bad.iter().map(|rule| (rule.written.ranges.clone(), rule.written.formula.clone())).collect();
        repairs.push(Repair { tab: tab.tab.clone(), remove, add: rules_for(&missing) });
    }
    repairs
}

/// Successive cells with the same number of decimals get one rule.
fn rules_for(cells: &[&HighlightCell]) -> Vec<WantedRule> {
    let mut runs: Vec<(&HighlightCell, u32)> = Vec::new();
    for cell in cells {
        match runs.last_mut() {
            Some((first, last))
                if first.col == cell.col
                    && first.decimals == cell.decimals
                    && first.benchmark == cell.benchmark
                    && *last + 1 == cell.row =>
            {
                *last = cell.row;
            }
            _ => runs.push((cell, cell.row)),
        }
    }
    runs.into_iter()
        .map(|(first, last)| {
            let letters = column_letters(first.col);
            let ranges = if first.row == last {
                first.address()
            } else {
                format!("{}:{letters}{}", first.address(), last + 1)
            };
            WantedRule { ranges, formula: first.formula() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successive_rows_with_the_same_decimals_share_a_rule() {
        let cell = |row, decimals| HighlightCell { col: 4, row, benchmark: 6, decimals, empty_too: true };
        let cells = [cell(6, 1), cell(7, 1), cell(8, 0), cell(10, 0)];
        let rules = rules_for(&cells.iter().collect::<Vec<_>>());
        assert_eq!(rules.iter().map(|rule| rule.ranges.as_str()).collect::<Vec<_>>(), ["E7:E8", "E9", "E11"]);
    }
}
