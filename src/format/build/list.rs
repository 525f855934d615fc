//! A tab that is a list: what a migration could not place, the figures of the edition before.
//!
//! Owns how such a tab looks. Must not know what is in it.

use super::front::top;
use super::style::{Done, Sheet, height, house};
use super::{Context, ListTab};

/// Writes the tab.
pub(super) fn write(sheet: &mut Sheet<'_>, context: &Context<'_>, list: &ListTab) -> Done {
    let look = context.look;
    let last = u16::try_from(list.headings.len()).unwrap_or(1).saturating_sub(1).max(2);
    let widths: Vec<f64> = list.headings.iter().map(|(_, width)| f64::from(*width)).collect();
    sheet.widths(&widths)?;
    top(sheet, context, &list.name, last)?;
    sheet.wide(1, 0, last, &list.explanation, &look.quiet)?;
    sheet.ws.set_row_height(1, height(&[(&list.explanation, widths.iter().sum())]) + 6.0)?;
    let heading = look.heading(house());
    for (col, (text, _)) in (0_u16..).zip(&list.headings) {
        sheet.text(2, col, text, &heading)?;
    }
    sheet.ws.set_row_height(2, 20.0)?;
    for (row, texts) in (3_u32..).zip(&list.rows) {
        let mut tallest = 0.0_f64;
        for ((col, text), width) in (0_u16..).zip(texts).zip(&widths) {
            sheet.text(row, col, text, &look.tall)?;
            tallest = tallest.max(height(&[(text, *width)]));
        }
        sheet.ws.set_row_height(row, tallest)?;
    }
    sheet.ws.set_freeze_panes(3, 0)?;
    sheet.ws.set_repeat_rows(2, 2)?;
    Ok(())
}
