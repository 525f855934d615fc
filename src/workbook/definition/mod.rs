//! The format as a workbook shows it: read for maintainers who change the blank workbook in Excel.
//!
//! Owns which cell says what about the format, by the hidden ids first and by the labels of a known format where there
//! are none. What people fill in is never read: answers, figures, remarks, names. Must not know how a definition is
//! written; [`crate::model::FoundFormat`] is what comes out.

mod pijler;
mod reference;

use std::collections::BTreeMap;

use self::pijler::Walk;
use super::layout::{DomeinHeading, find_tabs, is_ours};
use super::lexicon::Lexicon;
use super::record::FillRecord;
use super::sheet::{Book, Sheet};
use super::tables::ITEM_TABS;
use crate::error::{Error, Result};
use crate::guard::{FileKind, inspect_in};
use crate::model::{
    CellRef, CellValue, ChangeLogEntry, Format, FoundFormat, FoundHeading, FoundTab, Identity, TAB_NAME, TabKind,
    TextCell, Verdict, major_minor,
};
use crate::package::{
    Archive, CellEdit, Changes, Handle, NewValue, Spreadsheet, StyleChoice, Validation, attachments,
};

/// The custom document property with the version of the format.
const VERSION_PROPERTY: &str = "WijkanalyseFormat";
/// What the names of the choice lists of a format begin with.
const LIST_NAME: &str = "Lijst_";
/// The labels above the figures stand in the first rows of the overview tab; the areas are no part of the format.
const OVERVIEW_ROWS: u32 = 60;

/// The version of the format in the hidden stamp of a workbook; `None` where there is none.
///
/// # Errors
/// When the file cannot be opened.
pub fn format_version(file: &str, source: impl Into<Handle>) -> Result<Option<String>> {
    let source = source.into();
    let kind = inspect_in(file, source.clone())?;
    if kind != FileKind::Xlsx {
        return Ok(None);
    }
    let mut book = Book::open(file, kind, &source, None)?;
    let has_record = book.tabs().iter().any(|(name, _)| name == super::layout::RECORD_TAB);
    let record = match has_record {
        true => Some(book.sheet(file, super::layout::RECORD_TAB, Some(1))?),
        false => None,
    };
    let stamp = |package: Spreadsheet| package.custom_property(VERSION_PROPERTY);
    let found = record.as_ref().and_then(super::record::version);
    Ok(found.or_else(|| book.into_package().and_then(stamp).filter(|text| !text.trim().is_empty())))
}

/// Reads what a workbook says about its format. `base` is the format by whose ids and labels things are recognised.
///
/// # Errors
/// [`Error::Content`] for a file that is no xlsx or xlsm, for a workbook without a pijler tab, and for one of a newer main
/// version than `base`.
pub fn definition(file: &str, source: impl Into<Handle>, base: &Format) -> Result<FoundFormat> {
    let source = source.into();
    let kind = inspect_in(file, source.clone())?;
    if kind != FileKind::Xlsx {
        return Err(Error::content(
            file,
            "uit dit soort bestand kan geen format worden afgeleid",
            "Open het bestand in Excel, sla het op als xlsx (Excel-werkmap) en probeer het opnieuw.",
        ));
    }
    let mut book = Book::open(file, kind, &source, None)?;
    let names = book.tabs();
    let (infos, _) = find_tabs(&names, &book.tab_ids(base), base);
    let lexicon = Lexicon::new(base);
    let mut sheets: BTreeMap<String, Sheet> = BTreeMap::new();
    for info in &infos {
        let rows = (info.kind == TabKind::Fixed("overzicht".to_owned())).then_some(OVERVIEW_ROWS);
        match book.sheet(file, &info.name, rows) {
            Ok(sheet) => {
                sheets.insert(info.name.clone(), sheet);
            }
            // A chart sheet has no cells, and a tab that is nobody's definition may be damaged; a tab of the format may not:
            // what stands on it would be left out of the definition.
            Err(_) if info.kind == TabKind::Other => {}
            Err(damaged) => return Err(damaged),
        }
    }
    let record = sheets.get(super::layout::RECORD_TAB);
    let mut found = FoundFormat {
        file: file.to_owned(),
        version: record.and_then(super::record::version),
        filled: record
            .filter(|record| !FillRecord::from_sheet(record).rows.is_empty())
            .map(|_| "het programma heeft er cijfers in gevuld".to_owned()),
        own_words: record.map(|record| FillRecord::from_sheet(record).history.own_words).unwrap_or_default(),
        ..FoundFormat::default()
    };
    let Some(package) = book.into_package() else { return Ok(found) };
    found.version =
        found.version.or_else(|| package.custom_property(VERSION_PROPERTY).filter(|text| !text.trim().is_empty()));
    refuse_newer(file, found.version.as_deref(), base)?;
    let ids = tab_ids(&package);
    found.tabs = infos
        .into_iter()
        .map(|info| FoundTab {
            id: ids.get(&info.name).cloned(),
            ours: is_ours(&info.name),
            name: info.name,
            kind: info.kind,
            understood: true,
        })
        .collect();
    pijler_tabs(&mut found, &sheets, &lexicon);
    if !found.tabs.iter().any(|tab| matches!(tab.kind, TabKind::Pijler(_))) {
        let present: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).take(20).collect();
        return Err(Error::content(
            file,
            format!(
                "dit is geen analyse-werkboek: er is geen tabblad van een pijler; er zijn {}",
                super::layout::quoted(&present)
            ),
            "Kies het (lege) werkboek van het format. Hoort het bij een ander format, geef dan met --format de map daarvan mee.",
        ));
    }
    for at in 0..found.tabs.len() {
        let Some(tab) = found.tabs.get(at).cloned() else { continue };
        let Some(sheet) = sheets.get(&tab.name) else { continue };
        if tab.ours {
            continue;
        }
        let facts = package.sheet_facts(&tab.name)?;
        let links: BTreeMap<(u32, u32), String> = facts
            .hyperlinks
            .iter()
            .filter_map(|link| {
                let inside = || link.target.as_deref().and_then(|target| target.strip_prefix('#'));
                let target = link.location.as_deref().or_else(inside)?;
                let tab = target.rsplit_once('!').map_or(target, |(tab, _)| tab);
                let tab = tab.trim_start_matches('#').trim_matches('\'').replace("''", "'");
                Some(((link.range.first_row, link.range.first_col), tab))
            })
            .collect();
        if tab.kind != TabKind::Other {
            messages(&mut found, &tab.name, &facts.validations);
        }
        let understood = match &tab.kind {
            TabKind::Pijler(_) => {
                let notes = attachments(&package, &tab.name)?.notes;
                let notes = notes
                    .into_iter()
                    .filter(|note| !note.threaded)
                    .map(|note| ((note.row, note.col), note.text))
                    .collect();
                Walk::new(&mut found, sheet, &lexicon, links, notes).pijler();
                true
            }
            TabKind::Factorenmodel(_) => reference::factorenmodel(&mut found, sheet, &lexicon, &links),
            TabKind::Fixed(kind) => match kind.as_str() {
                "samenvatting" => {
                    Walk::new(&mut found, sheet, &lexicon, links, BTreeMap::new()).summary();
                    true
                }
                "overzicht" => {
                    let words = super::overview_tab::overview_words(&package, &tab.name, base);
                    reference::overview(&mut found, sheet, &words)
                }
                "ranking" => reference::ranking(&mut found, sheet, &lexicon, &links),
                "toelichting" => reference::explanation(&mut found, sheet, &links),
                "changelog" => reference::change_log(&mut found, sheet, &links),
                kind if ITEM_TABS.iter().any(|(known, _)| *known == kind) => {
                    items(&mut found, sheet, base, kind, &links)
                }
                _ => {
                    loose_rows(&mut found, sheet, &links, sheet.rows());
                    true
                }
            },
            TabKind::Other => true,
        };
        if let Some(tab) = found.tabs.get_mut(at) {
            tab.understood = understood;
        }
    }
    Ok(found)
}

/// The workbook with lines at the end of its change log; nothing else changes.
///
/// # Errors
/// When the workbook has no tab with a change log, or a line cannot be written.
pub fn with_change_log(
    file: &str,
    source: impl Into<Handle>,
    format: &Format,
    lines: &[ChangeLogEntry],
) -> Result<Vec<u8>> {
    let source = source.into();
    let found = definition(file, source.clone(), format)?;
    let refuse = |what: &str| {
        Error::content(file, what, "Voeg het tabblad Change log van het format toe, met een regel eronder.")
    };
    let columns = found.log.iter().rev().find(|row| row.len() == 4);
    let columns = columns.ok_or_else(|| refuse("er is geen log met minstens één regel gevonden"))?;
    let last = found.log.iter().flatten().map(|cell| cell.at.row).max().unwrap_or(0);
    let package = Spreadsheet::open(Archive::of(file, source)?)?;
    let dates = columns.get(1).map(|cell| &cell.at);
    let like = match dates {
        Some(at) => last_date(&package, at, last)?,
        None => None,
    };
    let mut cells = Vec::new();
    for (row, line) in (last + 1..).zip(lines) {
        let texts = [line.version.clone(), day_first(&line.date), line.who.clone(), line.what.clone()];
        for (cell, text) in columns.iter().zip(texts) {
            // A date is a date where the others are: people sort and filter by it.
            let date = like.filter(|_| dates == Some(&cell.at)).zip(serial(&line.date, package.date1904()));
            let (value, from) = match date {
                Some((from, serial)) => (NewValue::Number(serial), from),
                None => (NewValue::Text(text), cell.at.row),
            };
            cells.push(CellEdit {
                tab: cell.at.tab.clone(),
                row,
                col: cell.at.col,
                value,
                style: StyleChoice::CopyFrom { row: from, col: cell.at.col },
            });
        }
    }
    let mut out = Vec::new();
    let applied = package.apply(&Changes { cells, ..Changes::default() }, &mut out)?;
    match applied.refused.is_empty() {
        true => Ok(out),
        false => Err(refuse("een regel van het log kan niet worden geschreven")),
    }
}

/// The last row up to `last` with a real date in the column of this cell.
fn last_date(package: &Spreadsheet, column: &CellRef, last: u32) -> Result<Option<u32>> {
    let strings = package.shared_strings()?;
    let mut found = None;
    package.visit_cells(&column.tab, &mut |view| {
        let here = view.col == column.col && view.row <= last && package.is_date(view.style);
        if here && matches!(view.value(&strings), CellValue::Number(_)) {
            found = Some(view.row);
        }
        Ok(true)
    })?;
    Ok(found)
}

/// A date as Excel keeps it: the number of days since the first day it counts from.
fn serial(iso: &str, from_1904: bool) -> Option<f64> {
    let date: jiff::civil::Date = iso.parse().ok()?;
    let zero = if from_1904 { jiff::civil::date(1904, 1, 1) } else { jiff::civil::date(1899, 12, 30) };
    Some(f64::from(date.since(zero).ok()?.get_days()))
}

/// `2027-01-15` as people write it.
fn day_first(iso: &str) -> String {
    let parts: Vec<&str> = iso.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => format!("{day}-{month}-{year}"),
        _ => iso.to_owned(),
    }
}

/// Refuses what was made with a later main version: what such a workbook means is not known here.
fn refuse_newer(file: &str, version: Option<&str>, base: &Format) -> Result<()> {
    let Some(version) = version else { return Ok(()) };
    if base.verdict(Some(version)) != Verdict::Newer || major_minor(version).0 == major_minor(&base.version).0 {
        return Ok(());
    }
    Err(Error::content(
        file,
        format!(
            "het werkboek is van versie {version} van het format, nieuwer dan versie {} die het programma kent",
            base.version
        ),
        "Geef met --format de map van dat format mee, of gebruik een nieuwere versie van het programma.",
    ))
}

/// The fixed names of tabs (`WA_tab_...`) by tab, whether the format knows them or not.
fn tab_ids(package: &Spreadsheet) -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for name in package.defined_names().iter().filter(|name| name.scope.is_none()) {
        let ours = name.name.get(..TAB_NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(TAB_NAME));
        if let (true, Some((tab, _))) = (ours, name.refers_to.rsplit_once('!')) {
            let tab = tab.trim_start_matches('$').trim_matches('\'').replace("''", "'");
            ids.entry(tab).or_insert_with(|| name.name.clone());
        }
    }
    ids
}

/// Tabs with blocks of domeinen that the format does not know by name or id are tabs of a new pijler; tabs with the
/// domeinen of a missing pijler are that pijler under another name; tabs that a block links to are factorenmodellen.
fn pijler_tabs(found: &mut FoundFormat, sheets: &BTreeMap<String, Sheet>, lexicon: &Lexicon<'_>) {
    let known =
        |tabs: &[FoundTab], name: &str| tabs.iter().any(|tab| tab.kind == TabKind::Pijler(name.to_owned()));
    for at in 0..found.tabs.len() {
        let Some(tab) = found.tabs.get(at).filter(|tab| tab.kind == TabKind::Other && !tab.ours) else { continue };
        let Some(sheet) = sheets.get(&tab.name) else { continue };
        let named: Vec<Option<&str>> = sheet
            .rows()
            .into_iter()
            .filter_map(|row| {
                if let Some(Identity::Domein(id)) = sheet.row_id(row) {
                    return Some(lexicon.domein_of(id));
                }
                sheet.row(row).find_map(|(col, _)| match lexicon.domeinen.heading(&sheet.text(row, col)) {
                    DomeinHeading::Known(name, true) => Some(Some(name)),
                    DomeinHeading::Unknown(_) => Some(None),
                    _ => None,
                })
            })
            .collect();
        let headings = sheet.rows().into_iter().any(|row| pijler::headings_at(sheet, lexicon, row).is_some());
        if named.is_empty() || !headings {
            continue;
        }
        let pijler = named.iter().flatten().find_map(|name| lexicon.format.domein(name)).map(|d| d.pijler.clone());
        let kind = match pijler.filter(|pijler| !known(&found.tabs, pijler)) {
            Some(pijler) => TabKind::Pijler(pijler),
            None => TabKind::Pijler(tab.name.clone()),
        };
        if let Some(tab) = found.tabs.get_mut(at) {
            tab.kind = kind;
        }
    }
    // A tab with a list of factors that no domein of the format has.
    for tab in found.tabs.iter_mut().filter(|tab| tab.kind == TabKind::Other && !tab.ours) {
        let Some(sheet) = sheets.get(&tab.name) else { continue };
        if reference::factor_headings(sheet, lexicon).is_some_and(|heading| heading.columns.len() >= 4) {
            tab.kind = TabKind::Factorenmodel(tab.name.clone());
        }
    }
}

/// A tab with a row per item: its headings. The rows below are people's.
fn items(
    found: &mut FoundFormat,
    sheet: &Sheet,
    base: &Format,
    table: &str,
    links: &BTreeMap<(u32, u32), String>,
) -> bool {
    let least = ITEM_TABS.iter().find(|(known, _)| *known == table).map_or(3, |(_, least)| *least);
    let Some(heading) = super::tables::item_heading(sheet, base, table, least) else { return false };
    loose_rows(found, sheet, links, sheet.rows().into_iter().filter(|row| *row < heading.row).collect());
    let mut columns: Vec<u32> = sheet.row(heading.row).map(|(col, _)| col).collect();
    columns.sort_unstable();
    for col in columns {
        let field = heading.columns.iter().find(|(_, at)| **at == col).map(|(field, _)| field.clone());
        found.headings.push(FoundHeading {
            table: table.to_owned(),
            field,
            cell: text_cell(sheet, heading.row, col),
        });
    }
    let below = sheet.rows().into_iter().find(|row| *row >= heading.below());
    if let Some(row) = below {
        let col = sheet.row(row).next().map_or(0, |(col, _)| col);
        fill(found, &sheet.name, row, col);
    }
    true
}

/// The titles and messages at cells where is chosen from a list of the format, or a date is asked.
fn messages(found: &mut FoundFormat, tab: &str, validations: &[Validation]) {
    for rule in validations {
        let Some(first) = rule.ranges.first() else { continue };
        let choice = rule.kind == "list" && rule.formula.trim_start_matches('=').starts_with(LIST_NAME);
        let texts = match rule.kind.as_str() {
            _ if choice => vec![
                ("keuze-titel", &rule.prompt.0),
                ("keuze-titel", &rule.complaint.0),
                ("keuze-uitleg", &rule.prompt.1),
                ("keuze-melding", &rule.complaint.1),
            ],
            "date" => vec![("datum-titel", &rule.complaint.0), ("datum-melding", &rule.complaint.1)],
            _ => Vec::new(),
        };
        let at = CellRef::new(tab, first.first_row, first.first_col);
        for (key, text) in texts {
            let cell = TextCell { at: at.clone(), text: text.trim().to_owned() };
            found.messages.entry(key.to_owned()).or_default().push(cell);
        }
    }
}

/// Notes that a person filled something in.
fn fill(found: &mut FoundFormat, tab: &str, row: u32, col: u32) {
    let at = CellRef::new(tab, row, col);
    found.filled.get_or_insert_with(|| format!("cel {} van '{tab}' is ingevuld", at.a1()));
}

fn text_cell(sheet: &Sheet, row: u32, col: u32) -> TextCell {
    TextCell { at: CellRef::new(&sheet.name, row, col), text: sheet.text(row, col).trim().to_owned() }
}

/// All texts of some rows, but links to other tabs, whose words follow from names, and numbers.
fn loose_rows(found: &mut FoundFormat, sheet: &Sheet, links: &BTreeMap<(u32, u32), String>, rows: Vec<u32>) {
    for row in rows {
        for (col, cell) in sheet.row(row) {
            let text = matches!(cell.value, CellValue::Text(_));
            if text && !links.contains_key(&(row, col)) {
                found.loose.push(text_cell(sheet, row, col));
            }
        }
    }
}
