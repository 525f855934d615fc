//! Was a filled workbook saved by Excel since? Filling calculates nothing, so until then formulas have no outcome.
//!
//! Owns the two signs by which that is seen. Filling writes the texts of the record into its cells; every spreadsheet
//! program that saves moves texts to the table of shared strings. And filling asks for recalculation on opening; a
//! program that calculates takes the request away. A library that does not calculate may move the texts, but leaves the
//! request, and leaves outcomes away or empty. No clock is needed, and nothing that people may clean up, such as the
//! properties of the document.

use super::layout::RECORD_TAB;
use crate::error::Result;
use crate::model::{CHART_TAB, CellRef, SinceFilling};
use crate::package::{RawKind, SheetKind, Spreadsheet};

/// How it stands with saving since filling, for a workbook with a record.
pub(crate) fn since_filling(book: &Spreadsheet) -> Result<SinceFilling> {
    let mut as_written = false;
    book.visit_cells(RECORD_TAB, &mut |cell| {
        as_written = cell.kind == RawKind::InlineString;
        Ok(cell.raw.is_none())
    })?;
    if !as_written && !book.awaits_calculation() {
        return Ok(SinceFilling { saved: true, open_formulas: Vec::new() });
    }
    let mut open_formulas = Vec::new();
    if book.awaits_calculation() {
        // Of the tabs that were read already it is known whether they hold formulas at all.
        let may_hold = |part: &str| book.formulas_known(part) != Some(false);
        // Nobody reads what the charts are drawn from: formulas on that tab, and those that only repeat it.
        let of_chart = |formula: &str| formula.contains(CHART_TAB);
        for sheet in book
            .sheets()
            .iter()
            .filter(|sheet| sheet.kind == SheetKind::Worksheet && sheet.name != CHART_TAB && may_hold(&sheet.part))
        {
            book.visit_cells(&sheet.name, &mut |cell| {
                // An empty outcome is one for a text only; libraries that do not calculate leave such a place open.
                let open = cell.raw.is_none_or(|raw| raw.is_empty() && cell.kind == RawKind::Number);
                if open && cell.formula.is_some_and(|formula| !of_chart(formula.text)) {
                    open_formulas.push(CellRef::new(&sheet.name, cell.row, cell.col));
                }
                Ok(true)
            })?;
        }
    }
    Ok(SinceFilling { saved: false, open_formulas })
}
