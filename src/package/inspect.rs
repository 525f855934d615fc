//! Is the package in order? What no validator sees: stale calcChain, dangling relationships, orphaned content types.
//!
//! Owns looking, not mending.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::{Archive, part_key};
use super::parts::{ContentTypes, relationships, relationships_part};
use super::spreadsheet::{SheetKind, Spreadsheet};
use super::xml::elements;
use crate::error::Result;
use crate::model::{column_letters, parse_a1};

/// All inconsistencies of a package, as Dutch sentences; empty when it is in order. Only relationships and content
/// types are looked at; [`inspect_workbook`] also compares calcChain with the formulas.
///
/// # Errors
/// When a relationships part cannot be read.
pub fn inspect(archive: &Archive) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let types = ContentTypes::read(archive)?;
    for part in types.overridden().filter(|part| !archive.contains(part)) {
        found.push(format!(
            "De inhoudslijst ([Content_Types].xml) noemt het onderdeel {part}, dat niet in het bestand staat."
        ));
    }
    let sources = archive.names().map(str::to_owned).filter(|name| part_key(name) != "[content_types].xml");
    for source in std::iter::once(String::new()).chain(sources) {
        if !source.is_empty() && types.of(&source).is_none() {
            found.push(format!("Het onderdeel {source} staat niet in de inhoudslijst ([Content_Types].xml)."));
        }
        if !archive.contains(&relationships_part(&source)) || part_key(&source).ends_with(".rels") {
            continue;
        }
        let mut ids = BTreeSet::new();
        for relationship in relationships(archive, &source)? {
            let target = relationship.target.split('#').next().unwrap_or_default();
            let from = if source.is_empty() { "het bestand zelf" } else { &source };
            if !relationship.external && !target.is_empty() && !archive.contains(target) {
                found.push(format!("Een verwijzing van {from} wijst naar {target}, dat niet bestaat."));
            }
            if !ids.insert(relationship.id.clone()) {
                found.push(format!(
                    "Het nummer {} komt twee keer voor in de verwijzingen van {from}.",
                    relationship.id
                ));
            }
        }
    }
    Ok(found)
}

/// As [`inspect`], and: cells in calcChain without a formula, which Excel 'repairs' on opening, tabs without a part,
/// and double tab names.
///
/// # Errors
/// When a part cannot be read.
pub fn inspect_workbook(book: &Spreadsheet) -> Result<Vec<String>> {
    let archive = book.archive();
    let mut found = inspect(archive)?;
    let mut names = BTreeSet::new();
    for sheet in book.sheets() {
        if !archive.contains(&sheet.part) {
            found.push(format!("Het tabblad '{}' heeft geen onderdeel in het bestand.", sheet.name));
        }
        if !names.insert(sheet.name.to_lowercase()) {
            found.push(format!("De tabnaam '{}' komt twee keer voor.", sheet.name));
        }
    }
    let Some(chain) = book.relationships.iter().find(|r| r.kind == "calcChain") else { return Ok(found) };
    if !archive.contains(&chain.target) {
        return Ok(found);
    }
    let text = archive.read_text(&chain.target)?;
    let mut listed: BTreeMap<u32, BTreeSet<(u32, u32)>> = BTreeMap::new();
    let mut sheet_id = 0;
    for cell in elements(&text).map_err(|e| archive.damaged(&chain.target, &e))?.iter().filter(|e| e.local == "c")
    {
        sheet_id = cell.attribute("i").and_then(|i| i.trim().parse().ok()).unwrap_or(sheet_id);
        if let Some(address) = cell.attribute("r").and_then(parse_a1) {
            listed.entry(sheet_id).or_default().insert(address);
        }
    }
    for (id, mut cells) in listed {
        let sheet = book.sheets().iter().find(|s| s.sheet_id == id && s.kind == SheetKind::Worksheet);
        let Some(sheet) = sheet.filter(|s| archive.contains(&s.part)) else {
            found.push(format!(
                "De rekenvolgorde (calcChain) noemt een tabblad met nummer {id}, dat niet bestaat."
            ));
            continue;
        };
        book.visit_cells(&sheet.name, &mut |cell| {
            if cell.formula.is_some() {
                cells.remove(&(cell.row, cell.col));
            }
            Ok(true)
        })?;
        for (row, col) in cells {
            let address = format!("{}{}", column_letters(col), u64::from(row) + 1);
            found.push(format!(
                "De rekenvolgorde (calcChain) noemt cel {address} op '{}', maar daar staat geen formule.",
                sheet.name
            ));
        }
    }
    Ok(found)
}
