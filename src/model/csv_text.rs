//! Text in a csv that a spreadsheet must not take for a formula.
//!
//! Owns the one sign for it, an apostrophe in front, as a person types it in Excel. Knows no files.

use std::borrow::Cow;

/// True for text that Excel would calculate when it opens a csv: it begins with `=`, `+`, `-` or `@`. A lone `-` is a
/// sign of the method (nil), not a formula.
fn is_formula_like(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['=', '+', '-', '@']) && text.trim_end() != "-"
}

/// True for text that gets an apostrophe: what Excel would calculate, and what already begins with such an apostrophe,
/// so that reading takes off exactly what writing put there.
fn is_marked(text: &str) -> bool {
    is_formula_like(text.trim_start_matches('\''))
}

/// Text as it goes into a cell of a csv: with an apostrophe in front when Excel would take it for a formula. For text
/// only; a negative number is written as it is.
#[must_use]
pub fn csv_text(text: &str) -> Cow<'_, str> {
    if is_marked(text) { format!("'{text}").into() } else { text.into() }
}

/// The text that [`csv_text`] wrote.
#[must_use]
pub fn csv_text_read(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_marked(text)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_would_calculate_gets_an_apostrophe_and_loses_it_again() {
        for text in ["=1+1", "+31 10", "-x", "- punt", "@a", " =cmd|' /C calc'!A0", "\t=1", "-1,5", "'-x", "''=1"]
        {
            assert_eq!(csv_text(text), format!("'{text}"));
            assert_eq!(csv_text_read(&csv_text(text)), text);
        }
        for text in ["", "-", " - ", "wijk", "'s-Gravenhage", "1-2", ".", "'t Hart"] {
            assert_eq!(csv_text(text), text);
            assert_eq!(csv_text_read(text), text);
        }
    }
}
