//! Rules and choices at the places to which their cells have gone.
//!
//! Owns the split of a rule into parts that moved alike: a formula is right for a cell when it refers to where its own cells
//! have gone. Must not know why they went there.

use std::collections::BTreeMap;

use super::Graft;
use super::dress::RuleDress;
use super::worn::WornRule;
use crate::package::formula::{Moved, relocated, shifted};
use crate::package::spreadsheet::{Range, Spreadsheet};

/// More cells than this in one rule are not followed one by one.
const MOST: u64 = 40_000;
/// A cell from which relative references reach every cell that people use.
const FAR: (u32, u32) = (500_000, 8_000);

/// Where ranges of the tabs of `old` are after the graft `plan`.
pub(crate) fn gone_to<'a>(old: &'a Spreadsheet, plan: &'a Graft) -> impl Fn(&str, Range) -> Moved + 'a {
    let kept = plan.kept();
    move |tab, range| {
        let Some(sheet) = old.sheet(tab) else { return Moved::Stays };
        match kept.get(sheet.name.as_str()) {
            Some(name) if *name == sheet.name => Moved::Stays,
            Some(name) => Moved::To((*name).to_owned(), range),
            None => plan
                .places
                .get(&sheet.name)
                .and_then(|place| place.range(range))
                .map_or(Moved::Lost, |(tab, range)| Moved::To(tab.to_owned(), range)),
        }
    }
}

/// A reference inside the workbook, as a link has it, where its cells are after the graft; `None` when they are gone.
pub(crate) fn link_after(location: &str, old: &Spreadsheet, plan: &Graft) -> Option<String> {
    crate::package::formula::remapped(location, &gone_to(old, plan))
}

/// How a formula reads wherever it stands: for comparing rules that were copied, split or saved by another program.
#[must_use]
pub fn squeezed_rule(rule: &WornRule) -> String {
    let (row, col) = anchor(rule).unwrap_or((0, 0));
    let formulas: Vec<String> = rule
        .formulas
        .iter()
        .map(|formula| {
            let far = shifted(formula, i64::from(FAR.0) - i64::from(row), i64::from(FAR.1) - i64::from(col));
            far.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase()
        })
        .collect();
    let plain = if formulas.is_empty() { rule.rest.as_str() } else { "" };
    format!("{} {} {plain}", rule.kind, formulas.join(" | "))
}

/// The first cell of a rule: its formulas are written for that one.
fn anchor(rule: &WornRule) -> Option<(u32, u32)> {
    rule.ranges.first().map(|range| (range.first_row, range.first_col))
}

/// A rule at its new cells: one for every way in which they moved. The second list holds the cells that have no place, or for
/// which the formula refers to cells that have none. `last_row` is the last row of the tab that is used.
pub(crate) fn relocated_rule(
    rule: &WornRule,
    last_row: u32,
    target: &dyn Fn(u32, u32) -> Option<(u32, u32)>,
    own: &dyn Fn(Range) -> Option<Range>,
    moved: &dyn Fn(&str, Range) -> Moved,
) -> (Vec<RuleDress>, Vec<Range>) {
    let Some((top, left)) = anchor(rule) else { return (Vec::new(), Vec::new()) };
    let mut parts: BTreeMap<Vec<String>, Vec<(u32, u32)>> = BTreeMap::new();
    let mut lost: Vec<(u32, u32)> = Vec::new();
    let step = |from: u32, to: u32| i64::from(to) - i64::from(from);
    let mut followed = 0_u64;
    for range in &rule.ranges {
        let bottom = range.last_row.min(last_row.max(range.first_row));
        let size = u64::from(bottom - range.first_row + 1) * u64::from(range.last_col - range.first_col + 1);
        followed += size;
        if followed > MOST {
            return (Vec::new(), rule.ranges.clone());
        }
        for row in range.first_row..=bottom {
            for col in range.first_col..=range.last_col {
                let written = target(row, col).and_then(|(to_row, to_col)| {
                    let formulas = rule.formulas.iter().map(|formula| {
                        let here = shifted(formula, step(top, row), step(left, col));
                        let there = relocated(&here, Some(own), moved)?;
                        Some(shifted(&there, step(to_row, FAR.0), step(to_col, FAR.1)))
                    });
                    Some(((to_row, to_col), formulas.collect::<Option<Vec<String>>>()?))
                });
                match written {
                    Some((to, formulas)) => parts.entry(formulas).or_default().push(to),
                    None => lost.push((row, col)),
                }
            }
        }
    }
    let made = parts.into_iter().filter_map(|(formulas, cells)| {
        let ranges = gathered(cells);
        let first = ranges.first()?;
        let formulas = formulas
            .iter()
            .map(|formula| shifted(formula, step(FAR.0, first.first_row), step(FAR.1, first.first_col)));
        Some(RuleDress { rule: rule.clone(), formulas: formulas.collect(), ranges: ranges.clone() })
    });
    (made.collect(), gathered(lost))
}

/// Cells as few ranges: runs down a column, side by side where they are the same rows.
#[must_use]
pub fn gathered(mut cells: Vec<(u32, u32)>) -> Vec<Range> {
    cells.sort_by_key(|(row, col)| (*col, *row));
    cells.dedup();
    let mut runs: Vec<Range> = Vec::new();
    for (row, col) in cells {
        match runs.last_mut() {
            Some(run) if run.first_col == col && run.last_row.checked_add(1) == Some(row) => run.last_row = row,
            _ => runs.push(Range::cell(row, col)),
        }
    }
    let mut wide: Vec<Range> = Vec::new();
    for run in runs {
        let beside = wide.iter_mut().find(|known| {
            (known.first_row, known.last_row) == (run.first_row, run.last_row)
                && known.last_col.checked_add(1) == Some(run.first_col)
        });
        match beside {
            Some(known) => known.last_col = run.last_col,
            None => wide.push(run),
        }
    }
    wide.sort_by_key(|range| (range.first_row, range.first_col));
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ranges: &str, formula: &str) -> WornRule {
        WornRule {
            ranges: Range::parse_list(ranges),
            kind: "expression".to_owned(),
            formulas: vec![formula.to_owned()],
            texts: Vec::new(),
            tag: "<cfRule type=\"expression\">".to_owned(),
            rest: String::new(),
        }
    }

    #[test]
    fn a_rule_is_split_where_its_cells_part() {
        // Rows 2 and 3 go three down, row 4 goes ten down, row 5 has no place.
        let target = |row: u32, col: u32| match row {
            1 | 2 => Some((row + 3, col)),
            3 => Some((row + 10, col)),
            _ => None,
        };
        let own = |range: Range| {
            let (first_row, first_col) = target(range.first_row, range.first_col)?;
            range.is_cell().then_some(Range::cell(first_row, first_col))
        };
        let (made, lost) = relocated_rule(&rule("H2:H5", "$G2>5"), 100, &target, &own, &|_, _| Moved::Stays);
        let made: Vec<(String, String)> =
            made.iter().map(|part| (part.ranges[0].a1(), part.formulas.join(" "))).collect();
        // Both parts refer to the cell beside their own, so one rule is enough.
        assert_eq!(made, [("H5:H6".to_owned(), "$G5>5".to_owned())]);
        assert_eq!(lost, [Range::cell(4, 7)]);

        // A fixed reference to a cell with a place of its own is written for that place.
        let (made, _) = relocated_rule(&rule("H2:H4", "H2=$G$4"), 100, &target, &own, &|_, _| Moved::Stays);
        assert_eq!((made.len(), made[0].ranges.len()), (1, 2));
        assert_eq!((made[0].ranges[1].a1().as_str(), made[0].formulas[0].as_str()), ("H14", "H5=$G$14"));

        // One to a cell that is gone leaves nothing behind.
        let (made, lost) = relocated_rule(&rule("H2:H4", "H2=$G$9"), 100, &target, &own, &|_, _| Moved::Stays);
        assert_eq!((made.len(), lost[0].a1().as_str()), (0, "H2:H4"));
    }

    #[test]
    fn the_same_rule_on_other_cells_is_known() {
        let one = squeezed_rule(&rule("E7:E9", "AND(ISNUMBER($G7), E7<>$G7)"));
        assert_eq!(one, squeezed_rule(&rule("E20", "and(ISNUMBER($G20),E20<>$G20)")));
        assert_ne!(one, squeezed_rule(&rule("E20", "AND(ISNUMBER($G21),E20<>$G20)")));
    }
}
