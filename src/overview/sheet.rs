//! Rows of cells out of xlsx, xls, ods and csv, without a library's types.
//!
//! Owns the calls to calamine (xls, ods) and csv of this station, always behind [`crate::guard`]. An xlsx is streamed by
//! [`crate::package`], which also reads it where it is, without the whole file in memory. Rows are sparse and hold plain
//! [`CellValue`]s. Knows nothing of indicators or areas.

use std::borrow::Cow;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Reader};

use crate::error::{Error, Result};
use crate::guard::{self, FileKind};
use crate::model::{CellValue, OverviewWords, csv_text_read};
use crate::package::{Archive, CellView, Handle, SharedStrings, SheetKind, Spreadsheet};

/// A cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// Zero-based column.
    pub(super) col: u32,
    /// The value as stored.
    pub(super) value: CellValue,
    /// True when the number format shows a `%`: the value is a fraction. Known for xlsx only.
    pub(super) percent: bool,
}

/// A row with only its cells that hold something, left to right.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Row {
    /// Zero-based row.
    pub(super) index: u32,
    /// Cells in order of column.
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// The cell at a zero-based column.
    pub(super) fn at(&self, col: u32) -> Option<&Cell> {
        self.cells.binary_search_by_key(&col, |cell| cell.col).ok().and_then(|at| self.cells.get(at))
    }

    /// The text at a zero-based column, trimmed; empty when there is none.
    pub(super) fn text(&self, col: u32) -> String {
        self.trimmed(col).into_owned()
    }

    /// As [`Row::text`], without a copy of what is a text already: this is asked for every area.
    pub(super) fn trimmed(&self, col: u32) -> Cow<'_, str> {
        match self.at(col).map(|cell| &cell.value) {
            None => Cow::Borrowed(""),
            Some(CellValue::Text(text)) => Cow::Borrowed(text.trim()),
            Some(other) => Cow::Owned(other.text().trim().to_owned()),
        }
    }
}

enum Inner<'a> {
    Xlsx(Box<Spreadsheet>, Arc<SharedStrings>),
    Xls(Box<calamine::Xls<BufReader<Handle>>>),
    Ods(Box<calamine::Ods<BufReader<Handle>>>),
    Text(Vec<Row>),
    /// A workbook that is open already.
    Package(&'a Spreadsheet, Arc<SharedStrings>),
}

/// An opened source.
pub(super) struct Book<'a> {
    file: String,
    /// Names of the tabs; one without a name for a csv.
    pub(super) tabs: Vec<String>,
    inner: Inner<'a>,
    /// What labels of an overview are called besides the usual words.
    words: OverviewWords,
}

impl<'a> Book<'a> {
    /// Opens a source after looking at it.
    pub(super) fn open(file: &str, source: &Handle) -> Result<Self> {
        let kind = guard::inspect_in(file, source.clone())?;
        let reader = || BufReader::new(source.clone());
        let inner = match kind {
            FileKind::Xlsx => {
                let book = Spreadsheet::open(Archive::of(file, source.clone())?)?;
                let strings = book.shared_strings()?;
                Inner::Xlsx(Box::new(book), strings)
            }
            FileKind::Xls => guard::shielded(file, || {
                let book = calamine::Xls::new(reader()).map_err(|e| unreadable(file, &e))?;
                Ok(Inner::Xls(Box::new(book)))
            })?,
            FileKind::Ods => guard::shielded(file, || {
                let book = calamine::Ods::new(reader()).map_err(|e| unreadable(file, &e))?;
                Ok(Inner::Ods(Box::new(book)))
            })?,
            FileKind::Text => {
                let bytes = source.all().map_err(|e| unreadable(file, &e))?;
                Inner::Text(text_rows(file, &bytes)?)
            }
        };
        let tabs = match &inner {
            Inner::Xlsx(book, _) => tabs_of(book),
            Inner::Xls(book) => book.sheet_names(),
            Inner::Ods(book) => book.sheet_names(),
            Inner::Text(_) => vec![String::new()],
            Inner::Package(book, _) => tabs_of(book),
        };
        Ok(Book { file: file.to_owned(), tabs, inner, words: OverviewWords::default() })
    }

    /// A workbook that was looked at and opened before.
    pub(super) fn of(file: &str, book: &'a Spreadsheet) -> Result<Self> {
        let inner = Inner::Package(book, book.shared_strings()?);
        Ok(Book { file: file.to_owned(), tabs: tabs_of(book), inner, words: OverviewWords::default() })
    }

    /// The same book; labels of an overview are also known by these words. They pass by under their usual texts.
    pub(super) fn knowing(mut self, words: OverviewWords) -> Self {
        self.words = words;
        self
    }

    /// What the labels on this tab are called, with the names that the workbook gives to their cells.
    fn words_on(&self, tab: &str) -> OverviewWords {
        let book = match &self.inner {
            Inner::Xlsx(book, _) => book.as_ref(),
            Inner::Package(book, _) => book,
            Inner::Xls(_) | Inner::Ods(_) | Inner::Text(_) => return self.words.clone(),
        };
        let names = book.defined_names().iter().filter(|name| name.scope.is_none());
        self.words.on(tab, names.map(|name| (name.name.as_str(), name.refers_to.as_str())))
    }

    /// All rows of a tab. `limit` stops after that many rows (to recognise a source by its headings).
    pub(super) fn rows(&mut self, tab: &str, limit: Option<u32>) -> Result<Vec<Row>> {
        let words = self.words_on(tab);
        let file = self.file.as_str();
        let mut rows = match &mut self.inner {
            Inner::Xlsx(book, strings) => gathered(file, book, strings, tab, limit)?,
            Inner::Package(book, strings) => gathered(file, book, strings, tab, limit)?,
            Inner::Xls(book) => guard::shielded(file, || {
                Ok(range_rows(&book.worksheet_range(tab).map_err(|e| unreadable(file, &e))?))
            })?,
            Inner::Ods(book) => guard::shielded(file, || {
                Ok(range_rows(&book.worksheet_range(tab).map_err(|e| unreadable(file, &e))?))
            })?,
            Inner::Text(rows) => rows.clone(),
        };
        rows.iter_mut().for_each(|row| call_usual(row, &words));
        Ok(match limit {
            Some(limit) => rows.into_iter().take_while(|row| row.index < limit).collect(),
            None => rows,
        })
    }

    /// Shows the rows of a tab as they pass by, top to bottom; none is kept. False when that cannot be done: the kind of
    /// file is read as a whole, the visitor gave up, or the rows do not stand in order.
    pub(super) fn pass(&self, tab: &str, visit: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<bool> {
        let words = self.words_on(tab);
        match &self.inner {
            Inner::Xlsx(book, strings) => passing(book, strings, tab, &words, visit),
            Inner::Package(book, strings) => passing(book, strings, tab, &words, visit),
            Inner::Xls(_) | Inner::Ods(_) | Inner::Text(_) => Ok(false),
        }
    }
}

fn unreadable(file: &str, error: &dyn std::fmt::Display) -> Error {
    let reason = error.to_string();
    if reason.to_lowercase().contains("password") {
        return Error::content(
            file,
            "het bestand is beveiligd met een wachtwoord",
            "Open het in Excel, haal het wachtwoord weg en sla het op.",
        );
    }
    Error::content(
        file,
        format!("het bestand kan niet worden gelezen ({reason})"),
        "Open het in Excel, sla het opnieuw op als xlsx en probeer het nog eens.",
    )
}

fn tabs_of(book: &Spreadsheet) -> Vec<String> {
    let worksheets = book.sheets().iter().filter(|sheet| sheet.kind == SheetKind::Worksheet);
    worksheets.map(|sheet| sheet.name.clone()).collect()
}

/// Reads the cells of a workbook as this station needs them: dates as text, errors in Dutch.
struct Cells<'a> {
    book: &'a Spreadsheet,
    strings: &'a SharedStrings,
    /// Per style: shows a fraction as a percentage; shows a date. Filled as styles are met.
    styles: Vec<Option<(bool, bool)>>,
}

impl<'a> Cells<'a> {
    fn new(book: &'a Spreadsheet, strings: &'a SharedStrings) -> Self {
        Cells { book, strings, styles: Vec::new() }
    }

    fn style(&mut self, style: u32) -> (bool, bool) {
        /// Workbooks have at most this many styles.
        const MOST: usize = 65_536;
        let at = style as usize;
        if let Some(Some(known)) = self.styles.get(at) {
            return *known;
        }
        let found = (self.book.is_percent(style), self.book.is_date(style));
        if at < MOST {
            self.styles.resize(self.styles.len().max(at + 1), None);
            if let Some(place) = self.styles.get_mut(at) {
                *place = Some(found);
            }
        }
        found
    }

    fn cell(&mut self, view: &CellView<'_>) -> Cell {
        let (percent, date) = self.style(view.style);
        // Nearly every cell of an overview.
        if let (Some(number), false) = (view.number, date) {
            return Cell { col: view.col, value: CellValue::Number(number), percent };
        }
        let value = match view.value(self.strings) {
            number @ CellValue::Number(_) if !date => number,
            CellValue::Number(number) => date_of(&calamine::ExcelDateTime::new(
                number,
                calamine::ExcelDateTimeType::DateTime,
                self.book.date1904(),
            )),
            CellValue::Error(error) => {
                CellValue::Error(error.parse().map_or(error, |known: calamine::CellErrorType| dutch(&known)))
            }
            other => other,
        };
        Cell { col: view.col, value, percent }
    }
}

fn gathered(
    file: &str,
    book: &Spreadsheet,
    strings: &SharedStrings,
    tab: &str,
    limit: Option<u32>,
) -> Result<Vec<Row>> {
    let mut rows = Gathered::new(file, tab);
    let mut cells = Cells::new(book, strings);
    book.visit_cells(tab, &mut |view| {
        if limit.is_some_and(|limit| view.row >= limit) {
            return Ok(false);
        }
        rows.push(view.row, cells.cell(view))?;
        Ok(true)
    })?;
    Ok(rows.sorted())
}

/// As [`Book::pass`]. Of a large tab some rows are read ahead in a thread of their own; of any other, one row is in
/// memory at a time.
fn passing(
    book: &Spreadsheet,
    strings: &SharedStrings,
    tab: &str,
    words: &OverviewWords,
    visit: &mut dyn FnMut(&Row) -> Result<bool>,
) -> Result<bool> {
    /// Rows that go from one thread to the other together, and how many such batches wait at most.
    const BATCH: usize = 128;
    const WAITING: usize = 2;
    if !book.is_large(tab) {
        return row_by_row(book, strings, tab, words, &mut |row| visit(row));
    }
    let no_thread = |e| Error::file(Path::new(book.file_name()), "Het bestand lezen lukt niet", e);
    std::thread::scope(|scope| {
        let (filled, batches) = std::sync::mpsc::sync_channel::<Vec<Row>>(WAITING);
        // Rows go back when they were seen: what one thread made, another is slow in taking away.
        let (seen, empty) = std::sync::mpsc::channel::<Vec<Row>>();
        let read = move || {
            let mut spare: Vec<Row> = Vec::new();
            let mut batch = Vec::with_capacity(BATCH);
            let in_order = row_by_row(book, strings, tab, words, &mut |row| {
                let mut next = spare.pop().unwrap_or_default();
                next.cells.clear();
                batch.push(std::mem::replace(row, next));
                if batch.len() < BATCH {
                    return Ok(true);
                }
                spare.extend(empty.try_iter().flatten());
                Ok(filled.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))).is_ok())
            });
            // Who stopped listening knows enough.
            let _ = filled.send(batch);
            in_order
        };
        let reading = std::thread::Builder::new().name("rijen lezen".to_owned()).spawn_scoped(scope, read);
        let reading = reading.map_err(no_thread)?;
        for batch in batches {
            for row in &batch {
                if !visit(row)? {
                    return Ok(false);
                }
            }
            // The other side may be ready already.
            let _ = seen.send(batch);
        }
        reading.join().unwrap_or_else(|_| Err(unreadable(book.file_name(), &"de lezer stopte onverwacht")))
    })
}

/// Shows the rows of a tab one by one, top to bottom. False when the visitor stopped or the rows are not in order.
fn row_by_row(
    book: &Spreadsheet,
    strings: &SharedStrings,
    tab: &str,
    words: &OverviewWords,
    visit: &mut dyn FnMut(&mut Row) -> Result<bool>,
) -> Result<bool> {
    let mut visit = |row: &mut Row| {
        call_usual(row, words);
        visit(row)
    };
    let mut cells = Cells::new(book, strings);
    let mut row = Row::default();
    let mut in_order = true;
    book.visit_cells(tab, &mut |view| {
        let cell = cells.cell(view);
        if cell.value.is_blank() {
            return Ok(true);
        }
        if view.row != row.index {
            // The visitor may take the row and leave an older one in its place.
            in_order = row.cells.is_empty() || (row.index < view.row && visit(&mut row)?);
            row.index = view.row;
            row.cells.clear();
        }
        in_order &= row.cells.last().is_none_or(|last| last.col < cell.col);
        row.cells.push(cell);
        Ok(in_order)
    })?;
    Ok(in_order && (row.cells.is_empty() || visit(&mut row)?))
}

/// Gives labels and headings that are called otherwise their usual texts, so that what follows knows one word for each.
fn call_usual(row: &mut Row, words: &OverviewWords) {
    /// Cells of a row in which headings are looked for: left of the figures.
    const LEFT: usize = 12;
    if words.is_empty() {
        return;
    }
    // Most rows are those of areas, which begin with a code.
    let code =
        |cell: &Cell| matches!(&cell.value, CellValue::Text(text) if text.bytes().any(|b| b.is_ascii_digit()));
    if row.cells.first().is_none_or(code) && !words.names_row(row.index) {
        return;
    }
    let texts: Vec<(u32, &str)> = row
        .cells
        .iter()
        .take(LEFT)
        .filter_map(|cell| match &cell.value {
            CellValue::Text(text) => Some((cell.col, text.as_str())),
            _ => None,
        })
        .collect();
    let usual = words.row(row.index, &texts);
    for cell in row.cells.iter_mut().take(LEFT) {
        if let Some(text) = usual.get(&cell.col) {
            cell.value = CellValue::Text((*text).to_owned());
        }
    }
}

/// Rows as they come in, cell by cell.
struct Gathered<'a> {
    file: &'a str,
    tab: &'a str,
    rows: Vec<Row>,
    count: u64,
}

impl<'a> Gathered<'a> {
    fn new(file: &'a str, tab: &'a str) -> Self {
        Gathered { file, tab, rows: Vec::new(), count: 0 }
    }

    /// Adds a cell, unless there is nothing in it.
    fn push(&mut self, index: u32, cell: Cell) -> Result<()> {
        if cell.value.is_blank() {
            return Ok(());
        }
        self.count += 1;
        if self.count > guard::MAX_CELLS {
            return Err(Error::content(
                self.file,
                format!("tabblad {} heeft meer dan {} cellen", self.tab, guard::MAX_CELLS),
                "Houd alleen de gebieden en indicatoren over die nodig zijn.",
            ));
        }
        match self.rows.last_mut() {
            Some(row) if row.index == index => row.cells.push(cell),
            last => {
                // Of a row that is complete no room is kept: there may be many thousands.
                if let Some(row) = last {
                    row.cells.shrink_to_fit();
                }
                self.rows.push(Row { index, cells: vec![cell] });
            }
        }
        Ok(())
    }

    /// The rows top to bottom, the cells left to right: other software may write them in any order.
    fn sorted(self) -> Vec<Row> {
        let mut rows = self.rows;
        rows.sort_by_key(|row| row.index);
        rows.dedup_by(|later, earlier| {
            let same = later.index == earlier.index;
            if same {
                earlier.cells.append(&mut later.cells);
            }
            same
        });
        for row in &mut rows {
            row.cells.sort_by_key(|cell| cell.col);
        }
        rows
    }
}

fn range_rows(range: &calamine::Range<Data>) -> Vec<Row> {
    let (first_row, first_col) = range.start().unwrap_or_default();
    let mut rows = Vec::new();
    for (row, cells) in range.rows().enumerate() {
        let cells: Vec<Cell> = cells
            .iter()
            .enumerate()
            .filter_map(|(col, data)| {
                let value = from_data(data);
                let col = first_col.saturating_add(u32::try_from(col).ok()?);
                (!value.is_blank()).then_some(Cell { col, value, percent: false })
            })
            .collect();
        if !cells.is_empty() {
            rows.push(Row { index: first_row.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)), cells });
        }
    }
    rows
}

/// Excel's errors as Excel shows them to Dutch users; calamine knows their English names.
fn dutch(error: &calamine::CellErrorType) -> String {
    use calamine::CellErrorType as E;
    match error {
        E::Div0 => "#DEEL/0!",
        E::NA => "#N/B",
        E::Name => "#NAAM?",
        E::Null => "#LEEG!",
        E::Num => "#GETAL!",
        E::Ref => "#VERW!",
        E::Value => "#WAARDE!",
        E::GettingData => "#GEGEVENS_OPHALEN",
    }
    .to_owned()
}

fn from_data(value: &Data) -> CellValue {
    match value {
        Data::Int(number) => number_of(*number),
        Data::Float(number) => CellValue::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => CellValue::Text(text.clone()),
        Data::Bool(truth) => CellValue::Bool(*truth),
        Data::DateTime(date) => date_of(date),
        Data::Error(error) => CellValue::Error(dutch(error)),
        Data::Empty => CellValue::Empty,
    }
}

#[allow(clippy::cast_precision_loss, reason = "cells hold floating point numbers anyway")]
fn number_of(number: i64) -> CellValue {
    CellValue::Number(number as f64)
}

/// A date is text here: no figure of an indicator is a date, and a heading with one is compared as text.
fn date_of(date: &calamine::ExcelDateTime) -> CellValue {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    CellValue::Text(format!("{day}-{month}-{year}"))
}

/// Bytes of a text file as text: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252 as Excel writes.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// The separator: the one of `;`, tab and `,` that occurs most in the first line outside quotes.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut counts = [(b';', 0_usize), (b'\t', 0), (b',', 0)];
    let mut quoted = false;
    for byte in line.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        }
        if let (false, Some(entry)) = (quoted, counts.iter_mut().find(|(sign, _)| *sign == byte)) {
            entry.1 += 1;
        }
    }
    let mut best = (b';', 0);
    for entry in counts {
        if entry.1 > best.1 {
            best = entry;
        }
    }
    best.0
}

fn text_rows(file: &str, bytes: &[u8]) -> Result<Vec<Row>> {
    let text = decode(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut count: u64 = 0;
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|e| unreadable(file, &e))?;
        let cells: Vec<Cell> = record
            .iter()
            .enumerate()
            .filter_map(|(col, text)| {
                let value = CellValue::Text(csv_text_read(text.trim()).to_owned());
                let col = u32::try_from(col).ok()?;
                (!value.is_blank()).then_some(Cell { col, value, percent: false })
            })
            .collect();
        count = count.saturating_add(u64::try_from(cells.len()).unwrap_or(u64::MAX)).saturating_add(1);
        if count > guard::MAX_CSV_CELLS {
            return Err(Error::content(
                file,
                format!("dit tekstbestand heeft meer dan {} miljoen waarden", guard::MAX_CSV_CELLS / 1_000_000),
                "Houd alleen de gebieden en indicatoren over die nodig zijn, of sla het in Excel op als xlsx.",
            ));
        }
        rows.push(Row { index: u32::try_from(index).unwrap_or(u32::MAX), cells });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_of_statline_is_read_without_its_mark_and_padding() {
        let text = "\u{feff}\"Perioden\";\"Wijken\";\"A;b\"\n\"2019\";\"Noord     \";\"    20.8\"\n";
        let mut book = Book::open("a.csv", &text.as_bytes().into()).unwrap();
        let rows = book.rows("", None).unwrap();
        assert_eq!(rows[0].text(0), "Perioden");
        assert_eq!(rows[0].text(2), "A;b");
        assert_eq!((rows[1].text(1).as_str(), rows[1].text(2).as_str()), ("Noord", "20.8"));
    }

    #[test]
    fn a_csv_with_more_values_than_any_overview_has_is_refused_before_it_fills_the_memory() {
        let line = format!("{}1\n", "1;".repeat(9_999));
        let most = usize::try_from(guard::MAX_CSV_CELLS).unwrap() / 10_000;
        let error = text_rows("a.csv", line.repeat(most + 1).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("6 miljoen waarden") && error.contains("xlsx"), "{error}");
    }

    #[test]
    fn a_csv_of_old_excel_keeps_its_accents() {
        let mut book = Book::open("a.csv", &b"Naam,x\nCaf\xe9,1\n"[..].into()).unwrap();
        assert_eq!(book.rows("", None).unwrap()[1].text(0), "Café");
    }

    #[test]
    fn blank_lines_of_a_csv_are_kept_out_of_the_row_numbers_only_as_the_csv_reader_does() {
        let mut book = Book::open("a.csv", &b"a;b\n;;\nc;d\n"[..].into()).unwrap();
        let rows = book.rows("", None).unwrap();
        assert_eq!(rows.iter().map(|row| row.index).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(rows[1].cells.is_empty());
    }
}
