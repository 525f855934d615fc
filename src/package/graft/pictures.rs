//! Pictures that lie in a cell, as Excel 365 places them.
//!
//! Excel keeps such a picture in parts of its own, which stay in the package; the cell refers to it by number and shows an
//! error to programs that do not know it. Owns giving that number to the cell's new place. Must not know why cells moved.

use std::collections::BTreeMap;

use super::Placement;
use crate::error::{Error, Result};
use crate::model::parse_a1;
use crate::package::archive::Archive;
use crate::package::rewrite::Rewrite;
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::{Splices, elements, xml_escape_attribute};

/// The migrated workbook in which the cells that held a picture in the old one hold it again, at their new places.
///
/// # Errors
/// When a tab cannot be read.
pub fn pictures_in_cells(
    old: &Spreadsheet,
    file: &str,
    bytes: Vec<u8>,
    places: &BTreeMap<String, Placement>,
) -> Result<Vec<u8>> {
    let mut by_tab: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for (from, place) in places {
        for ((row, col), number) in cells_with_pictures(old, from)? {
            if let Some((tab, row, col)) = place.find(row, col) {
                by_tab.entry(tab).or_default().insert(Range::cell(row, col).a1(), number);
            }
        }
    }
    if by_tab.is_empty() {
        return Ok(bytes);
    }
    let new = Spreadsheet::open(Archive::from_bytes(file, bytes)?)?;
    let mut parts = Rewrite::new(new.archive());
    for (tab, pictures) in by_tab {
        let part = new.worksheet(tab)?.part.clone();
        parts.edit(&part, |text| with_pictures(text, &pictures))?;
    }
    parts.finish()
}

/// The cells of a tab that hold a picture, with its number.
///
/// # Errors
/// When the tab cannot be read.
pub fn cells_with_pictures(old: &Spreadsheet, tab: &str) -> Result<BTreeMap<(u32, u32), String>> {
    let part = &old.worksheet(tab)?.part;
    let text = old.archive().read_text(part)?;
    if !text.contains(" vm=") {
        return Ok(BTreeMap::new());
    }
    let damaged = |error: String| -> Error { old.archive().damaged(part, &error) };
    let found = elements(&text).map_err(damaged)?.into_iter().filter(|e| e.local == "c").filter_map(|cell| {
        let number = cell.attribute("vm").filter(|_| cell.attribute("t") == Some("e"))?;
        Some((parse_a1(cell.attribute("r")?)?, number.to_owned()))
    });
    Ok(found.collect())
}

fn with_pictures(text: &str, pictures: &BTreeMap<String, String>) -> std::result::Result<String, String> {
    let mut splices = Splices::default();
    for cell in elements(text)?.iter().filter(|e| e.local == "c") {
        let Some((at, number)) = cell.attribute("r").and_then(|at| pictures.get_key_value(at)) else { continue };
        let style = cell.attribute("s").map(|style| format!(" s=\"{}\"", xml_escape_attribute(style)));
        let (prefix, style, number) = (cell.prefix(), style.unwrap_or_default(), xml_escape_attribute(number));
        splices.replace(
            cell.span.clone(),
            format!(
                "<{prefix}c r=\"{at}\"{style} t=\"e\" vm=\"{number}\"><{prefix}v>#VALUE!</{prefix}v></{prefix}c>"
            ),
        );
    }
    Ok(splices.apply(text))
}
