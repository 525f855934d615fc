//! Whether the texts of the blank workbook fit in their cells.
//!
//! Owns the measuring: how many lines a text takes in the width of its cell, and how many the height has room for. Knows no
//! texts; whatever the format puts somewhere is measured where it stands.

use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::format::{LINE_HEIGHT, text_lines};
use crate::model::{CellRef, CellValue, Format, Identity};
use crate::package::{Aspect, Range, SheetKind, Spreadsheet, Visibility, Worn, looks, worn};

/// Width of a column and height of a row of which nothing is said.
const WIDTH: f64 = 8.43;
const HEIGHT: f64 = 15.0;

/// Size of the letters of most cells, in points.
const BODY: f64 = 10.0;

/// Texts of which a part cannot be read. Tabs in `but` are not measured: what stands there comes from elsewhere.
///
/// # Errors
/// When a tab cannot be read.
pub(super) fn texts_that_do_not_fit(book: &Spreadsheet, format: &Format, but: &[&str]) -> Result<Vec<Finding>> {
    let looks = looks(book)?;
    let wraps = |style: u32| {
        let look = usize::try_from(style).ok().and_then(|style| looks.get(style));
        look.and_then(|look| look.get(&Aspect::Alignment)).is_some_and(|shown| shown.contains("wrapText"))
    };
    // Widths are those of the letters that most cells have.
    let scale = |style: u32| {
        let look = usize::try_from(style).ok().and_then(|style| looks.get(style));
        let size = look.and_then(|look| look.get(&Aspect::Size)).and_then(|size| size.parse::<f64>().ok());
        size.filter(|size| *size > 0.0).map_or(1.0, |size| (size / BODY).max(1.0))
    };
    let strings = book.shared_strings()?;
    let mut found = Vec::new();
    let shown = book.sheets().iter().filter(|sheet| {
        sheet.kind == SheetKind::Worksheet
            && sheet.visibility == Visibility::Visible
            && !but.contains(&sheet.name.as_str())
    });
    for sheet in shown {
        let worn = worn(book, &sheet.name)?;
        book.visit_cells(&sheet.name, &mut |view| {
            let CellValue::Text(text) = view.value(&strings) else { return Ok(true) };
            let hidden = worn.row(view.row).hidden || worn.col(view.col).hidden;
            if hidden || Identity::of(&text).is_some() {
                return Ok(true);
            }
            let (width, height) = room(&worn, view.row, view.col);
            if !wraps(view.style) {
                // A text on one line runs on over empty cells, but not out of a merged range.
                let merged =
                    worn.merges.iter().any(|range| (range.first_row, range.first_col) == (view.row, view.col));
                let needed = text_lines(&text, width / scale(view.style));
                if merged && needed > 1 {
                    let at = CellRef::new(&sheet.name, view.row, view.col);
                    found.push(too_long(&text, &at, needed, 1.0, format));
                }
                return Ok(true);
            }
            let needed = text_lines(&text, width);
            #[allow(clippy::cast_precision_loss, reason = "a number of lines")]
            let tall = needed as f64 * LINE_HEIGHT;
            // A line of which the tails are cut off can still be read.
            if tall > height + LINE_HEIGHT / 2.0 {
                let at = CellRef::new(&sheet.name, view.row, view.col);
                found.push(too_long(&text, &at, needed, (height / LINE_HEIGHT).floor().max(1.0), format));
            }
            Ok(true)
        })?;
    }
    Ok(found)
}

/// Width in characters and height in points of a cell, or of the merged range it begins.
fn room(worn: &Worn, row: u32, col: u32) -> (f64, f64) {
    let merged = worn.merges.iter().find(|range| (range.first_row, range.first_col) == (row, col)).copied();
    let Range { first_row, first_col, last_row, last_col } = merged.unwrap_or_else(|| Range::cell(row, col));
    let width = (first_col..=last_col).map(|col| worn.col(col).size.unwrap_or(WIDTH)).sum();
    let height = (first_row..=last_row).map(|row| worn.row(row).size.unwrap_or(HEIGHT)).sum();
    (width, height)
}

/// Whether a text of the format is this one, once the words in braces are filled in.
fn may_give(known: &str, text: &str) -> bool {
    match (known.split_once('{'), known.rsplit_once('}')) {
        (Some((start, _)), Some((_, end))) => !start.is_empty() && text.starts_with(start) && text.ends_with(end),
        _ => known == text,
    }
}

fn too_long(text: &str, at: &CellRef, needed: usize, room: f64, format: &Format) -> Finding {
    let start: String = text.chars().take(60).collect();
    // Where the maintainer finds it again.
    let key = format.texts.0.iter().find(|(_, known)| may_give(known, text)).map(|(key, _)| key);
    let pijler = format.pijlers.iter().find(|pijler| text.ends_with(&pijler.heading));
    let advice = match (key, pijler) {
        (Some(key), _) => format!("Maak de tekst '{key}' in teksten.toml korter."),
        (None, Some(pijler)) => format!("Maak de kop van pijler {} in pijlers.csv korter.", pijler.name),
        (None, None) => "Maak de tekst korter in het bestand waar zij in staat.".to_owned(),
    };
    Finding::new(
        "format-tekst-te-lang",
        Level::Waarschuwing,
        Place::cell(at),
        format!("De tekst '{start}...' heeft {needed} regels nodig; in de cel is plaats voor {room}."),
        "Een tekst die in haar cel past.",
        advice,
    )
}
