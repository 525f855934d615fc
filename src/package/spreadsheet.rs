//! A workbook as a package: its sheets, names, styles and properties.
//!
//! Owns the map from tab names to parts and what holds for the whole workbook. Does not read cells
//! ([`super::cells`]) and does not change anything ([`super::edit`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::archive::{Archive, LARGE_PART, part_key};
use super::cells::SharedStrings;
use super::edit::scan::SheetScan;
use super::facts::SheetFacts;
use super::parts::{self, ContentTypes, Relationship, relationships};
use super::styles::{Styles, is_date_format, is_elapsed_format, is_percent_format};
use super::xml::{elements, is_true, text_of};
use crate::error::Result;
use crate::model::{column_letters, parse_a1};

/// Rows of a worksheet.
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns of a worksheet.
pub const MAX_COLS: u32 = 16_384;

/// What kind of sheet a tab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// An ordinary worksheet with cells.
    Worksheet,
    /// A sheet that is one chart.
    Chartsheet,
    /// Dialog sheets and old macro sheets.
    Other,
}

/// Whether a tab is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Shown.
    Visible,
    /// Hidden; the user can unhide it.
    Hidden,
    /// Hidden; only a macro can unhide it.
    VeryHidden,
}

/// One tab of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name as shown on the tab.
    pub name: String,
    /// Name of its part in the package.
    pub part: String,
    /// `sheetId`, as calcChain and others use it.
    pub sheet_id: u32,
    /// Kind of sheet.
    pub kind: SheetKind,
    /// Whether it is shown.
    pub visibility: Visibility,
}

/// A rectangle of cells, zero-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// First row.
    pub first_row: u32,
    /// First column.
    pub first_col: u32,
    /// Last row.
    pub last_row: u32,
    /// Last column.
    pub last_col: u32,
}

/// A defined name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedName {
    /// The name.
    pub name: String,
    /// The tab it is local to; `None` for the whole workbook.
    pub scope: Option<String>,
    /// What it refers to, as a formula without `=`.
    pub refers_to: String,
    /// Hidden names are the application's own.
    pub hidden: bool,
}

/// An opened workbook.
#[derive(Debug)]
pub struct Spreadsheet {
    archive: Archive,
    pub(crate) workbook_part: String,
    pub(crate) relationships: Vec<Relationship>,
    sheets: Vec<Sheet>,
    names: Vec<DefinedName>,
    styles: Styles,
    strict: bool,
    date1904: bool,
    full_calculation: bool,
    structure_protected: bool,
    macros: bool,
    signature: bool,
    custom_properties: Vec<(String, String)>,
    /// Per worksheet part: was a formula met when it was last read to its end.
    formulas_seen: Mutex<BTreeMap<String, bool>>,
    /// What surrounds the cells of the worksheet parts that were read to their end.
    facts_seen: Mutex<BTreeMap<String, Arc<SheetFacts>>>,
    /// The formulas of worksheet parts of which an edit set no cell.
    scans_seen: Mutex<BTreeMap<String, Arc<SheetScan>>>,
    /// The shared strings, once they were asked for.
    pub(super) strings_read: OnceLock<Arc<SharedStrings>>,
}

impl Range {
    /// Reads `A1`, `A1:C3` (with or without `$`), `A:C` or `1:3`; reversed ranges are turned round. `None` when
    /// it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Range> {
        let text: String = text.trim().chars().filter(|c| *c != '$').collect();
        let (first, last) = text.split_once(':').unwrap_or((&text, &text));
        let corners = match (parse_a1(first), parse_a1(last)) {
            (Some(first), Some(last)) => (first, last),
            _ if !text.contains(':') => return None,
            _ => match (first.parse::<u32>(), last.parse::<u32>()) {
                (Ok(first @ 1..=MAX_ROWS), Ok(last @ 1..=MAX_ROWS)) => ((first - 1, 0), (last - 1, MAX_COLS - 1)),
                _ => {
                    let column = |letters: &str| parse_a1(&format!("{letters}1")).map(|(_, col)| col);
                    ((0, column(first)?), (MAX_ROWS - 1, column(last)?))
                }
            },
        };
        let ((r1, c1), (r2, c2)) = corners;
        Some(Range { first_row: r1.min(r2), first_col: c1.min(c2), last_row: r1.max(r2), last_col: c1.max(c2) })
    }

    /// All ranges of a list separated by blanks (an `sqref`); what is no range is left out.
    #[must_use]
    pub fn parse_list(text: &str) -> Vec<Range> {
        text.split_whitespace().filter_map(Range::parse).collect()
    }

    /// The range of one cell.
    #[must_use]
    pub fn cell(row: u32, col: u32) -> Range {
        Range { first_row: row, first_col: col, last_row: row, last_col: col }
    }

    /// All its cells, row by row.
    pub(crate) fn cells(self) -> impl Iterator<Item = (u32, u32)> {
        (self.first_row..=self.last_row)
            .flat_map(move |row| (self.first_col..=self.last_col).map(move |col| (row, col)))
    }

    /// True when the cell lies in it.
    #[must_use]
    pub fn contains(&self, row: u32, col: u32) -> bool {
        (self.first_row..=self.last_row).contains(&row) && (self.first_col..=self.last_col).contains(&col)
    }

    /// True when the two share a cell.
    #[must_use]
    pub fn meets(&self, other: &Range) -> bool {
        self.first_row <= other.last_row
            && other.first_row <= self.last_row
            && self.first_col <= other.last_col
            && other.first_col <= self.last_col
    }

    /// True when it is one cell.
    #[must_use]
    pub fn is_cell(&self) -> bool {
        self.first_row == self.last_row && self.first_col == self.last_col
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn with(&self, row: u32, col: u32) -> Range {
        Range {
            first_row: self.first_row.min(row),
            first_col: self.first_col.min(col),
            last_row: self.last_row.max(row),
            last_col: self.last_col.max(col),
        }
    }

    /// As Excel writes it: `A1` or `A1:C3`.
    #[must_use]
    pub fn a1(&self) -> String {
        let corner = |row: u32, col: u32| format!("{}{}", column_letters(col), u64::from(row) + 1);
        if self.is_cell() {
            corner(self.first_row, self.first_col)
        } else {
            format!("{}:{}", corner(self.first_row, self.first_col), corner(self.last_row, self.last_col))
        }
    }
}

const SAVE_AS: &str = "Open het bestand in Excel en kies Opslaan als, Excel-werkmap (.xlsx).";

impl Spreadsheet {
    /// Opens a workbook.
    ///
    /// # Errors
    /// When the package holds no spreadsheet (a Word file, a binary `.xlsb`, an OpenDocument file ...) or its
    /// central parts are damaged.
    pub fn open(archive: Archive) -> Result<Self> {
        let workbook_part = workbook_part(&archive)?;
        let text = archive.read_text(&workbook_part)?;
        let all = elements(&text).map_err(|e| archive.damaged(&workbook_part, &e))?;
        let root = all.first().ok_or_else(|| archive.damaged(&workbook_part, &"het is leeg"))?;
        if root.local != "workbook" {
            return Err(archive.refuse("Het bestand is geen werkboek", SAVE_AS));
        }
        let strict = root.attributes.iter().any(|(_, uri)| uri.contains("purl.oclc.org/ooxml/spreadsheetml"));
        let relationships = relationships(&archive, &workbook_part)?;
        let by_id: BTreeMap<&str, &Relationship> = relationships.iter().map(|r| (r.id.as_str(), r)).collect();

        let mut sheets = Vec::new();
        let mut names = Vec::new();
        let (mut date1904, mut structure_protected, mut full_calculation) = (false, false, false);
        for element in &all {
            match element.local.as_str() {
                "sheet" => {
                    let related = element
                        .attributes
                        .iter()
                        .find(|(name, _)| name.ends_with(":id") || name == "id")
                        .and_then(|(_, id)| by_id.get(id.as_str()));
                    let Some(related) = related else { continue };
                    sheets.push(Sheet {
                        name: element.attribute("name").unwrap_or_default().to_owned(),
                        part: archive.find(&related.target).unwrap_or(&related.target).to_owned(),
                        sheet_id: element.attribute("sheetId").and_then(|v| v.trim().parse().ok()).unwrap_or(0),
                        kind: match related.kind.as_str() {
                            "worksheet" => SheetKind::Worksheet,
                            "chartsheet" => SheetKind::Chartsheet,
                            _ => SheetKind::Other,
                        },
                        visibility: match element.attribute("state") {
                            Some("hidden") => Visibility::Hidden,
                            Some("veryHidden") => Visibility::VeryHidden,
                            _ => Visibility::Visible,
                        },
                    });
                }
                "definedName" => names.push((
                    element.attribute("localSheetId").and_then(|v| v.trim().parse::<usize>().ok()),
                    DefinedName {
                        name: element.attribute("name").unwrap_or_default().to_owned(),
                        scope: None,
                        refers_to: text_of(&text, element),
                        hidden: is_true(element.attribute("hidden")),
                    },
                )),
                "workbookPr" => date1904 = is_true(element.attribute("date1904")),
                "calcPr" => full_calculation = is_true(element.attribute("fullCalcOnLoad")),
                "workbookProtection" => structure_protected = is_true(element.attribute("lockStructure")),
                _ => {}
            }
        }
        let names = names
            .into_iter()
            .map(|(scope, mut name)| {
                name.scope = scope.and_then(|index| sheets.get(index)).map(|sheet: &Sheet| sheet.name.clone());
                name
            })
            .collect();

        let styles = match relationships.iter().find(|r| r.kind == "styles").map(|r| r.target.clone()) {
            Some(part) if archive.contains(&part) => {
                Styles::parse(&archive.read_text(&part)?).map_err(|e| archive.damaged(&part, &e))?
            }
            _ => Styles::default(),
        };
        let root_relationships = parts::relationships(&archive, "")?;
        let signature = root_relationships.iter().any(|r| r.kind == "origin")
            || archive.names().any(|n| part_key(n).starts_with("_xmlsignatures/"));
        let macros = relationships.iter().any(|r| r.kind == "vbaProject");
        let custom_properties = match root_relationships.iter().find(|r| is_custom_properties(&r.kind)) {
            Some(r) if archive.contains(&r.target) => custom_properties(&archive, &r.target)?,
            _ => Vec::new(),
        };
        Ok(Spreadsheet {
            archive,
            workbook_part,
            relationships,
            sheets,
            names,
            styles,
            strict,
            date1904,
            full_calculation,
            structure_protected,
            macros,
            signature,
            custom_properties,
            formulas_seen: Mutex::default(),
            facts_seen: Mutex::default(),
            scans_seen: Mutex::default(),
            strings_read: OnceLock::new(),
        })
    }

    /// The package.
    #[must_use]
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// All tabs, in order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// A tab by name, regardless of case.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        let wanted = name.to_lowercase();
        self.sheets
            .iter()
            .find(|s| s.name == name)
            .or_else(|| self.sheets.iter().find(|s| s.name.to_lowercase() == wanted))
    }

    /// A worksheet by name, or the reason why there is none.
    pub(crate) fn worksheet(&self, name: &str) -> Result<&Sheet> {
        let sheet = self.sheet(name).ok_or_else(|| {
            self.archive.refuse(format!("Het tabblad '{name}' staat niet in het werkboek"), "Controleer de naam.")
        })?;
        if sheet.kind != SheetKind::Worksheet {
            return Err(self.archive.refuse(
                format!("Het tabblad '{name}' heeft geen cellen (het is een grafiek- of macroblad)"),
                "Kies een gewoon tabblad.",
            ));
        }
        Ok(sheet)
    }

    /// All defined names.
    #[must_use]
    pub fn defined_names(&self) -> &[DefinedName] {
        &self.names
    }

    pub(crate) fn styles(&self) -> &Styles {
        &self.styles
    }

    /// The number format code of a style, such as `0.0%`; `General` when unknown.
    #[must_use]
    pub fn number_format(&self, style: u32) -> &str {
        self.styles.number_format(style)
    }

    /// True when cells of this style show a fraction as a percentage.
    #[must_use]
    pub fn is_percent(&self, style: u32) -> bool {
        is_percent_format(self.number_format(style))
    }

    /// True when cells of this style show a number as a date or a time.
    #[must_use]
    pub fn is_date(&self, style: u32) -> bool {
        is_date_format(self.number_format(style))
    }

    /// True when cells of this style show a number as elapsed time, such as `[h]:mm`.
    #[must_use]
    pub fn is_elapsed(&self, style: u32) -> bool {
        is_elapsed_format(self.number_format(style))
    }

    /// True when dates count from 1904.
    #[must_use]
    pub fn date1904(&self) -> bool {
        self.date1904
    }

    /// True when everything has to be calculated on opening: an edit asked for it, and no program that calculates has
    /// saved the workbook since.
    #[must_use]
    pub fn awaits_calculation(&self) -> bool {
        self.full_calculation
    }

    /// True when the package uses the strict form of the standard.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// True when the workbook holds macros.
    #[must_use]
    pub fn has_macros(&self) -> bool {
        self.macros
    }

    /// True when the workbook carries a digital signature, which any edit breaks.
    #[must_use]
    pub fn has_signature(&self) -> bool {
        self.signature
    }

    /// True when the structure of the workbook is protected (no tabs can be added).
    #[must_use]
    pub fn is_structure_protected(&self) -> bool {
        self.structure_protected
    }

    /// A custom document property as text.
    #[must_use]
    pub fn custom_property(&self, name: &str) -> Option<String> {
        self.custom_properties.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
    }

    /// True for a worksheet so large that reading it is divided over threads.
    #[must_use]
    pub fn is_large(&self, tab: &str) -> bool {
        let size = self.sheet(tab).and_then(|sheet| self.archive.size(&sheet.part));
        size.is_some_and(|size| size > LARGE_PART)
    }

    /// The name of the file for messages.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.archive.file_name()
    }

    /// Remembers whether a worksheet that was read to its end holds formulas.
    pub(crate) fn remember_formulas(&self, part: &str, found: bool) {
        if let Ok(mut seen) = self.formulas_seen.lock() {
            seen.insert(part.to_owned(), found);
        }
    }

    /// Remembers what surrounds the cells of a worksheet: it is asked for by several readers.
    pub(crate) fn remember_facts(&self, part: &str, facts: &Arc<SheetFacts>) {
        if let Ok(mut seen) = self.facts_seen.lock() {
            seen.insert(part.to_owned(), Arc::clone(facts));
        }
    }

    /// What surrounds the cells of a worksheet, when it has been read before.
    pub(crate) fn facts_known(&self, part: &str) -> Option<Arc<SheetFacts>> {
        self.facts_seen.lock().ok().and_then(|seen| seen.get(part).cloned())
    }

    /// Takes over the shared strings of the workbook that this one was made of, when they are the same and were read.
    pub(crate) fn share_strings(&self, origin: &Spreadsheet) {
        let (Some(own), Some(theirs)) = (self.shared_strings_part(), origin.shared_strings_part()) else { return };
        if let Some(strings) = origin.strings_read.get()
            && origin.archive.content(theirs) == self.archive.content(own)
        {
            // Read here in the meantime: those are the same.
            let _ = self.strings_read.set(Arc::clone(strings));
        }
    }

    /// Takes over what the other workbook knows of worksheets that are the same here, and the other way round: of a
    /// workbook and what became of it most worksheets are. Worksheets with tables or pivot tables are left out, because
    /// those lie in other parts.
    pub(crate) fn share_facts(&self, other: &Spreadsheet) {
        for (from, to) in [(other, self), (self, other)] {
            let known = from.facts_seen.lock().map(|seen| seen.clone()).unwrap_or_default();
            for (part, facts) in known {
                let plain = facts.tables.is_empty() && facts.pivots.is_empty();
                let same = |part: &str| from.archive.content(part) == to.archive.content(part);
                if plain
                    && to.facts_known(&part).is_none()
                    && from.archive.contains(&part)
                    && same(&part)
                    && same(&parts::relationships_part(&part))
                {
                    to.remember_facts(&part, &facts);
                    if let Some(found) = from.formulas_known(&part) {
                        to.remember_formulas(&part, found);
                    }
                }
            }
        }
    }

    /// Remembers the formulas of a worksheet of which no cell is set.
    pub(crate) fn remember_scan(&self, part: &str, scan: &Arc<SheetScan>) {
        if let Ok(mut seen) = self.scans_seen.lock() {
            seen.insert(part.to_owned(), Arc::clone(scan));
        }
    }

    /// The formulas of a worksheet, when an earlier edit looked for them and set no cell of it.
    pub(crate) fn scan_known(&self, part: &str) -> Option<Arc<SheetScan>> {
        self.scans_seen.lock().ok().and_then(|seen| seen.get(part).cloned())
    }

    /// The shared strings, when they have been read before.
    pub(crate) fn strings_known(&self) -> Option<&SharedStrings> {
        self.strings_read.get().map(Arc::as_ref)
    }

    /// Whether a worksheet holds formulas, when it has been read to its end before.
    pub(crate) fn formulas_known(&self, part: &str) -> Option<bool> {
        self.formulas_seen.lock().ok().and_then(|seen| seen.get(part).copied())
    }
}

/// Finds the workbook part, or says what the package is instead.
fn workbook_part(archive: &Archive) -> Result<String> {
    if archive.contains("mimetype") {
        return Err(archive.refuse("Het bestand is een OpenDocument-bestand (.ods of .odt)", SAVE_AS));
    }
    let main = parts::relationships(archive, "")?
        .into_iter()
        .find(|r| r.kind == "officeDocument" && !r.external)
        .map(|r| r.target)
        .filter(|part| archive.contains(part))
        .or_else(|| archive.find("xl/workbook.xml").map(str::to_owned));
    let Some(main) = main else {
        let what = if archive.contains("word/document.xml") {
            "Het bestand is een Word-document en geen werkboek"
        } else {
            "Het bestand is een zipbestand maar geen werkboek: het werkboekdeel ontbreekt"
        };
        return Err(archive.refuse(what, SAVE_AS));
    };
    let kind = ContentTypes::read(archive)?.of(&main).unwrap_or_default().to_lowercase();
    if kind.contains("sheet.binary") || part_key(&main).ends_with(".bin") {
        return Err(archive.refuse("Het bestand is een binair werkboek (.xlsb)", SAVE_AS));
    }
    if kind.contains("wordprocessingml") || kind.contains("ms-word") {
        return Err(archive.refuse("Het bestand is een Word-document en geen werkboek", SAVE_AS));
    }
    if kind.contains("presentationml") {
        return Err(archive.refuse("Het bestand is een presentatie en geen werkboek", SAVE_AS));
    }
    Ok(archive.find(&main).unwrap_or(&main).to_owned())
}

/// The kind of relationship of the custom properties: transitional and strict spell it differently.
pub(crate) fn is_custom_properties(kind: &str) -> bool {
    kind == "custom-properties" || kind == "customProperties"
}

fn custom_properties(archive: &Archive, part: &str) -> Result<Vec<(String, String)>> {
    let text = archive.read_text(part)?;
    let all = elements(&text).map_err(|e| archive.damaged(part, &e))?;
    Ok(all
        .iter()
        .filter(|e| e.local == "property")
        .map(|e| (e.attribute("name").unwrap_or_default().to_owned(), text_of(&text, e)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_every_form_are_understood() {
        let range = |a, b, c, d| Some(Range { first_row: a, first_col: b, last_row: c, last_col: d });
        assert_eq!(Range::parse("B2"), range(1, 1, 1, 1));
        assert_eq!(Range::parse("$C$3:A1"), range(0, 0, 2, 2));
        assert_eq!(Range::parse("B:C"), range(0, 1, MAX_ROWS - 1, 2));
        assert_eq!(Range::parse("2:3"), range(1, 0, 2, MAX_COLS - 1));
        assert_eq!(Range::parse("Tab!A1"), None);
        assert_eq!(Range::parse_list("A1 B2:C3").len(), 2);
        assert_eq!(Range::parse("A1:B2").unwrap().with(4, 0).a1(), "A1:B5");
    }
}
