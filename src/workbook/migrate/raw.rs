//! What cells hold besides what is read of them: formulas, and the numbers behind dates, times and percentages.
//!
//! Owns one pass over the tabs of the format, and the number formats that go along with such numbers. Part of the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::Planner;
use crate::error::Result;
use crate::model::{CellValue, TabKind};
use crate::package::{Aspect, Spreadsheet};
use crate::workbook::read::Workbook;

/// A cell of the old workbook: tab, row, column.
type At = (String, u32, u32);

/// What the tabs of the format hold.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// The text of every formula.
    pub(super) formulas: BTreeMap<At, String>,
    /// Every number that is shown as a date, a time or a percentage, with the style that does so.
    pub(super) shown_numbers: BTreeMap<At, (f64, u32)>,
}

impl Raw {
    pub(super) fn of(workbook: &Workbook, package: &Spreadsheet) -> Result<Self> {
        let mut raw = Raw::default();
        let strings = package.shared_strings()?;
        let ours = workbook.analysis.tabs.iter().filter(|tab| tab.kind != TabKind::Other);
        for tab in ours.filter(|tab| tab.kind != TabKind::Fixed("overzicht".to_owned())) {
            package.visit_cells(&tab.name, &mut |view| {
                let at = || (tab.name.clone(), view.row, view.col);
                if let Some(formula) = &view.formula {
                    raw.formulas.insert(at(), formula.text.to_string());
                }
                if (package.is_date(view.style) || package.is_percent(view.style))
                    && let CellValue::Number(number) = view.value(&strings)
                {
                    raw.shown_numbers.insert(at(), (number, view.style));
                }
                Ok(true)
            })?;
        }
        Ok(raw)
    }
}

impl Planner<'_> {
    /// A number that arrived as a number is shown as it was: as a date, a time or a percentage.
    pub(super) fn number_formats(&mut self) {
        let written: BTreeSet<At> = self.raw_numbers.clone();
        for from in written {
            let Some((tab, row, col)) = self.arrived.get(&from).cloned() else { continue };
            let Some((_, style)) = self.raw.shown_numbers.get(&from).copied() else { continue };
            let look = &mut self.plan.dress.entry(tab).or_default().cells.entry((row, col)).or_default().look;
            look.get_or_insert_with(|| (style, BTreeSet::new())).1.insert(Aspect::Number);
        }
    }
}
