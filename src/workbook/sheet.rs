//! A tab as a grid of cells: what the layout is searched in.
//!
//! Owns the neutral [`Sheet`] and how it is filled: an xlsx or xlsm from the package that will be patched, in one pass
//! (calamine needs three: values, formulas, merged cells); xls and ods by calamine. Must not know what a cell means: no
//! pijlers, no domeinen, no indicators.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::sync::Arc;

use calamine::{Data, DataType, ExcelDateTime, ExcelDateTimeType, Ods, Range, Reader, SheetVisible, Xls};

use crate::error::{Error, Result};
use crate::guard::{FileKind, shielded};
use crate::model::{CellValue, Format, Identity, TabKind};
use crate::package::styles::is_percent_format;
use crate::package::{Archive, CellView, Handle, RawKind, SharedStrings, Spreadsheet, Visibility};

/// More filled cells than this on one tab that people fill in by hand is no analysis: reading stops with an
/// error instead of eating memory.
const MOST_CELLS: usize = 400_000;

/// A cell with what is needed to understand its value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cell {
    pub(crate) value: CellValue,
    /// The number format as Excel writes it; empty when the file kind does not tell (xls, ods) or it is General.
    pub(crate) number_format: String,
    pub(crate) formula: bool,
}

impl Cell {
    pub(crate) fn percent(&self) -> bool {
        is_percent_format(&self.number_format)
    }
}

/// A merged range, zero-based and inclusive: first row, first column, last row, last column.
pub(crate) type Merge = (u32, u32, u32, u32);

/// A tab.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) cells: BTreeMap<(u32, u32), Cell>,
    pub(crate) merges: Vec<Merge>,
    /// Ids in hidden cells; they are no content and stand in no other list.
    pub(crate) ids: BTreeMap<(u32, u32), Identity>,
    /// False when the kind of file does not tell whether a number is shown as a percentage.
    pub(crate) knows_formats: bool,
}

impl Sheet {
    pub(crate) fn cell(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.get(&(row, col))
    }

    /// What the id of a row says it is; ids of columns do not count.
    pub(crate) fn row_id(&self, row: u32) -> Option<&Identity> {
        let mut ids = self.ids.range((row, 0)..=(row, u32::MAX)).map(|(_, id)| id);
        ids.rfind(|id| !matches!(id, Identity::Column { .. }))
    }

    /// The columns of a table by field, and the row their ids stand in; `None` when the tab carries none.
    pub(crate) fn column_ids(&self, wanted: &str) -> Option<(u32, BTreeMap<String, u32>)> {
        let mut columns = BTreeMap::new();
        let mut at = None;
        for ((row, col), id) in &self.ids {
            if let Identity::Column { table, field } = id
                && table == wanted
                && *at.get_or_insert(*row) == *row
            {
                columns.entry(field.clone()).or_insert(*col);
            }
        }
        Some((at?, columns))
    }

    pub(crate) fn value(&self, row: u32, col: u32) -> CellValue {
        self.cell(row, col).map(|cell| cell.value.clone()).unwrap_or_default()
    }

    pub(crate) fn is_blank(&self, row: u32, col: u32) -> bool {
        self.cell(row, col).is_none_or(|cell| cell.value.is_blank())
    }

    /// The text of a cell as people see it: line breaks kept, numbers with a comma, percentages with a sign.
    pub(crate) fn text(&self, row: u32, col: u32) -> String {
        self.cell(row, col).map(shown).unwrap_or_default()
    }

    /// The filled cells of one row, left to right.
    pub(crate) fn row(&self, row: u32) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells
            .range((row, 0)..=(row, u32::MAX))
            .filter(|(_, cell)| !cell.value.is_blank())
            .map(|((_, col), cell)| (*col, cell))
    }

    /// Rows with at least one filled cell, top to bottom.
    pub(crate) fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> =
            self.cells.iter().filter(|(_, cell)| !cell.value.is_blank()).map(|((row, _), _)| *row).collect();
        rows.dedup();
        rows
    }

    /// The merged range that covers a cell; the cell itself when it is not merged.
    pub(crate) fn area(&self, row: u32, col: u32) -> Merge {
        self.merges
            .iter()
            .find(|(top, left, bottom, right)| (*top..=*bottom).contains(&row) && (*left..=*right).contains(&col))
            .copied()
            .unwrap_or((row, col, row, col))
    }

    pub(crate) fn is_merged(&self, row: u32, col: u32) -> bool {
        self.area(row, col) != (row, col, row, col)
    }
}

fn shown(cell: &Cell) -> String {
    match &cell.value {
        CellValue::Number(number) if cell.percent() => format!("{}%", dutch(*number * 100.0)),
        CellValue::Number(number) => dutch(*number),
        other => other.text(),
    }
}

/// A number as a Dutch reader writes it: decimal comma, no thousands sign, no trailing zeros.
pub(crate) fn dutch(number: f64) -> String {
    let rounded = (number * 1e10).round() / 1e10;
    let number = if rounded.is_finite() { rounded } else { number };
    number.to_string().replace('.', ",")
}

/// A workbook opened for reading, of any of the three kinds of file.
pub(crate) enum Book {
    Xlsx(Box<Spreadsheet>, Arc<SharedStrings>),
    Xls(Box<Xls<BufReader<Handle>>>),
    Ods(Box<Ods<BufReader<Handle>>>),
}

impl Book {
    /// Opens a file whose sizes and counts have been looked at by the guard. What it has in common with the workbook that it
    /// was made of, is not read again.
    pub(crate) fn open(file: &str, kind: FileKind, source: &Handle, origin: Option<&Spreadsheet>) -> Result<Self> {
        let failed = |reason: String| {
            Error::content(
                file,
                format!("het werkboek kan niet worden gelezen ({reason})"),
                "Open het bestand in Excel, sla het opnieuw op als .xlsx en probeer het nog eens.",
            )
        };
        let reader = || BufReader::new(source.clone());
        match kind {
            FileKind::Xlsx => {
                let package = Spreadsheet::open(Archive::of(file, source.clone())?)?;
                if let Some(origin) = origin {
                    package.share_strings(origin);
                }
                let strings = package.shared_strings()?;
                Ok(Book::Xlsx(Box::new(package), strings))
            }
            FileKind::Xls => {
                shielded(file, || Ok(Book::Xls(Box::new(Xls::new(reader()).map_err(|e| failed(e.to_string()))?))))
            }
            FileKind::Ods => {
                shielded(file, || Ok(Book::Ods(Box::new(Ods::new(reader()).map_err(|e| failed(e.to_string()))?))))
            }
            FileKind::Text => Err(Error::content(
                file,
                "dit is een tekstbestand en geen werkboek",
                "Geef een analyse-werkboek: xlsx of xlsm (of xls en ods om alleen te lezen).",
            )),
        }
    }

    /// The package of an xlsx, for what follows reading.
    pub(crate) fn into_package(self) -> Option<Spreadsheet> {
        match self {
            Book::Xlsx(package, _) => Some(*package),
            Book::Xls(_) | Book::Ods(_) => None,
        }
    }

    /// Name of every tab, in order, and whether it is hidden.
    pub(crate) fn tabs(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Book::Xlsx(book, _) => {
                let hidden = |sheet: &crate::package::Sheet| sheet.visibility != Visibility::Visible;
                return book.sheets().iter().map(|sheet| (sheet.name.clone(), hidden(sheet))).collect();
            }
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        sheets.iter().map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
    }

    /// What the tabs are by the names that were given to their first cells; empty for other kinds of file.
    pub(crate) fn tab_ids(&self, format: &Format) -> BTreeMap<String, TabKind> {
        let Book::Xlsx(book, _) = self else { return BTreeMap::new() };
        let known = format.tab_ids();
        let mut found = BTreeMap::new();
        for name in book.defined_names().iter().filter(|name| name.scope.is_none()) {
            let Some((_, kind, _)) = known.iter().find(|(id, ..)| id.eq_ignore_ascii_case(&name.name)) else {
                continue;
            };
            let Some((tab, _)) = name.refers_to.rsplit_once('!') else { continue };
            let tab = tab.trim_start_matches('$').trim_matches('\'').replace("''", "'");
            found.entry(tab).or_insert_with(|| kind.clone());
        }
        found
    }

    /// Reads one tab, cell by cell. `most_rows` ends the reading early where only the top is asked for.
    pub(crate) fn sheet(&mut self, file: &str, name: &str, most_rows: Option<u32>) -> Result<Sheet> {
        match self {
            Book::Xlsx(book, strings) => read_xlsx(file, book, strings, name, most_rows),
            Book::Xls(_) | Book::Ods(_) => shielded(file, || self.sheet_as(file, name)),
        }
    }

    fn sheet_as(&mut self, file: &str, name: &str) -> Result<Sheet> {
        let failed = |reason: String| {
            Error::content(
                file,
                format!("het tabblad '{name}' kan niet worden gelezen ({reason})"),
                "Open het bestand in Excel, kijk of het tabblad goed is, en sla het opnieuw op als .xlsx.",
            )
        };
        let mut sheet = Sheet { name: name.to_owned(), ..Sheet::default() };
        match self {
            Book::Xlsx(..) => {}
            Book::Xls(book) => {
                sheet.merges = book
                    .merge_cells_by_sheet_name(name)
                    .unwrap_or_default()
                    .iter()
                    .map(|d| (d.start.0, d.start.1, d.end.0, d.end.1))
                    .collect();
                let range = book.worksheet_range(name).map_err(|e| failed(e.to_string()))?;
                let formulas = book.worksheet_formula(name).ok();
                take_range(&mut sheet, &range, formulas.as_ref()).map_err(failed)?;
            }
            Book::Ods(book) => {
                let range = book.worksheet_range(name).map_err(|e| failed(e.to_string()))?;
                let formulas = book.worksheet_formula(name).ok();
                take_range(&mut sheet, &range, formulas.as_ref()).map_err(failed)?;
            }
        }
        Ok(sheet)
    }
}

fn too_many() -> String {
    format!("er staan meer dan {MOST_CELLS} gevulde cellen op")
}

pub(crate) fn read_xlsx(
    file: &str,
    book: &Spreadsheet,
    strings: &SharedStrings,
    name: &str,
    most_rows: Option<u32>,
) -> Result<Sheet> {
    let mut sheet = Sheet { name: name.to_owned(), knows_formats: true, ..Sheet::default() };
    let facts = book.visit_sheet(name, &mut |view| {
        if most_rows.is_some_and(|most| view.row >= most) {
            return Ok(false);
        }
        let number_format = match book.number_format(view.style) {
            general if general.eq_ignore_ascii_case("general") => "",
            format => format,
        };
        let value = xlsx_value(book, view, strings);
        if let Some(id) = identity(&value) {
            sheet.ids.insert((view.row, view.col), id);
            return Ok(true);
        }
        // Empty cells are kept where their format says how a figure will be shown.
        if value != CellValue::Empty || !number_format.is_empty() || view.formula.is_some() {
            let number_format = number_format.to_owned();
            sheet
                .cells
                .insert((view.row, view.col), Cell { value, number_format, formula: view.formula.is_some() });
        }
        if sheet.cells.len() > MOST_CELLS {
            return Err(Error::content(
                file,
                format!("het tabblad '{name}' kan niet worden gelezen ({})", too_many()),
                "Open het bestand in Excel, kijk of het tabblad goed is, en sla het opnieuw op als .xlsx.",
            ));
        }
        Ok(true)
    })?;
    sheet.merges = facts
        .iter()
        .flat_map(|facts| &facts.merges)
        .map(|range| (range.first_row, range.first_col, range.last_row, range.last_col))
        .collect();
    Ok(sheet)
}

fn identity(value: &CellValue) -> Option<Identity> {
    match value {
        CellValue::Text(text) => Identity::of(text),
        _ => None,
    }
}

/// The value of a cell as people see it: a number in a date format is a date, line breaks are one sign.
pub(super) fn xlsx_value(book: &Spreadsheet, view: &CellView<'_>, strings: &SharedStrings) -> CellValue {
    match view.value(strings) {
        CellValue::Number(number) if book.is_date(view.style) => {
            let kind = match book.is_elapsed(view.style) {
                true => ExcelDateTimeType::TimeDelta,
                false => ExcelDateTimeType::DateTime,
            };
            CellValue::Text(date_text(&ExcelDateTime::new(number, kind, book.date1904())))
        }
        CellValue::Text(text) if view.kind == RawKind::IsoDate => CellValue::Text(iso_text(&text)),
        CellValue::Text(text) if text.is_empty() => CellValue::Empty,
        CellValue::Text(text) => CellValue::Text(line_breaks(&text)),
        other => other,
    }
}

fn take_range(
    sheet: &mut Sheet,
    range: &Range<Data>,
    formulas: Option<&Range<String>>,
) -> std::result::Result<(), String> {
    let (top, left) = range.start().unwrap_or((0, 0));
    for (row, col, value) in range.used_cells() {
        let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else { continue };
        let value = value_of(value);
        if let Some(id) = identity(&value) {
            sheet.ids.insert((top + row, left + col), id);
        } else if value != CellValue::Empty {
            sheet.cells.insert((top + row, left + col), Cell { value, ..Cell::default() });
        }
        if sheet.cells.len() > MOST_CELLS {
            return Err(too_many());
        }
    }
    if let Some(formulas) = formulas {
        let (top, left) = formulas.start().unwrap_or((0, 0));
        for (row, col, formula) in formulas.used_cells() {
            let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else { continue };
            if !formula.is_empty() {
                sheet.cells.entry((top + row, left + col)).or_default().formula = true;
            }
        }
    }
    Ok(())
}

/// A cell value of calamine as ours. A date becomes its Dutch text: in a figure column that is text where a
/// figure belongs, which is what the advisor must see.
fn value_of(data: &impl DataType) -> CellValue {
    if data.is_empty() {
        CellValue::Empty
    } else if let Some(number) = data.get_float() {
        CellValue::Number(number)
    } else if let Some(number) = data.get_int() {
        #[allow(clippy::cast_precision_loss, reason = "whole numbers in a cell are doubles in every spreadsheet")]
        CellValue::Number(number as f64)
    } else if let Some(truth) = data.get_bool() {
        CellValue::Bool(truth)
    } else if let Some(text) = data.get_string() {
        if text.is_empty() { CellValue::Empty } else { CellValue::Text(line_breaks(text)) }
    } else if let Some(date) = data.get_datetime() {
        CellValue::Text(date_text(&date))
    } else if let Some(error) = data.get_error() {
        CellValue::Error(error.to_string())
    } else if let Some(iso) = data.get_datetime_iso() {
        CellValue::Text(iso_text(iso))
    } else if let Some(duration) = data.get_duration_iso() {
        CellValue::Text(duration.to_owned())
    } else {
        CellValue::Empty
    }
}

/// `\r\n` and `\r` as `\n`, so that the same text is the same text in every kind of file.
fn line_breaks(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

fn date_text(date: &ExcelDateTime) -> String {
    if date.is_duration() || date.as_f64() < 1.0 {
        return dutch(date.as_f64());
    }
    let (year, month, day, hour, minute, _, _) = date.to_ymd_hms_milli();
    if hour == 0 && minute == 0 {
        format!("{day:02}-{month:02}-{year:04}")
    } else {
        format!("{day:02}-{month:02}-{year:04} {hour:02}:{minute:02}")
    }
}

fn iso_text(iso: &str) -> String {
    let day = iso.split('T').next().unwrap_or(iso);
    let parts: Vec<&str> = day.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => format!("{day}-{month}-{year}"),
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_the_dutch_way() {
        assert_eq!(dutch(12.5), "12,5");
        assert_eq!(dutch(0.07 * 100.0), "7");
        assert_eq!(dutch(-3.0), "-3");
    }

    #[test]
    fn an_iso_date_is_shown_day_first() {
        assert_eq!(iso_text("2026-03-12T00:00:00"), "12-03-2026");
    }
}
