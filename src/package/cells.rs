//! A stream over the cells of one worksheet, with what value readers lack: style, formula kind, raw value.
//!
//! Owns reading `sheetData`. Memory stays flat: one cell at a time.

use std::io::BufRead;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::number::{leading_decimal, plain_decimal};
use super::spreadsheet::{MAX_COLS, MAX_ROWS, Spreadsheet};
use super::xml::{MAX_DEPTH, UNREADABLE, attribute, cell_text_unescape, is_true, xml_unescape};
use crate::error::Result;
use crate::model::CellValue;

/// How the value of a cell is stored (its `t` attribute).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawKind {
    /// A number (also dates).
    Number,
    /// An index into the shared strings.
    SharedString,
    /// Text in the cell itself.
    InlineString,
    /// Text as the result of a formula.
    FormulaString,
    /// TRUE or FALSE.
    Bool,
    /// An error such as `#N/A`.
    Error,
    /// A date in ISO form.
    IsoDate,
}

/// What kind of formula a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormulaKind {
    /// An ordinary formula.
    Normal,
    /// A shared formula that carries the text for its group.
    SharedMaster,
    /// A member of a shared group, without text of its own.
    SharedChild,
    /// The first cell of an array formula.
    Array,
    /// The first cell of a what-if data table.
    DataTable,
}

/// The formula of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormulaView<'a> {
    /// Kind.
    pub kind: FormulaKind,
    /// Text without `=`; empty for a shared child.
    pub text: &'a str,
    /// The range it covers (shared master, array, data table), as written.
    pub reference: Option<&'a str>,
    /// Number of the shared group.
    pub group: Option<u32>,
}

/// One cell as it passes by.
#[derive(Debug, Clone, Copy)]
pub struct CellView<'a> {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
    /// Index of its style; 0 is the default.
    pub style: u32,
    /// How the value is stored.
    pub kind: RawKind,
    /// The stored value, unescaped as XML; `None` when there is none. For [`RawKind::SharedString`] an index.
    pub raw: Option<&'a str>,
    /// The number that `raw` is, when it was read in passing; `None` says nothing ([`CellView::value`]).
    pub(crate) number: Option<f64>,
    /// The formula, when there is one.
    pub formula: Option<FormulaView<'a>>,
}

/// The texts that cells refer to by number. They lie behind one another: a large workbook has many short ones.
#[derive(Debug, Default)]
pub struct SharedStrings {
    text: String,
    /// Where in `text` each ends.
    ends: Vec<u32>,
}

impl SharedStrings {
    /// The text with this zero-based number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize)
    }

    /// Adds a text; false when there is no room any more.
    fn push(&mut self, text: &str) -> bool {
        self.text.push_str(text);
        u32::try_from(self.text.len()).map(|end| self.ends.push(end)).is_ok()
    }
}

impl CellView<'_> {
    /// The value of the cell; for a formula its cached value.
    #[must_use]
    pub fn value(&self, strings: &SharedStrings) -> CellValue {
        if let Some(number) = self.number {
            return CellValue::Number(number);
        }
        let Some(raw) = self.raw else { return CellValue::Empty };
        match self.kind {
            // Looking for blanks first would cost as much as reading the number.
            RawKind::Number => finite(raw).unwrap_or_else(|| number_or_text(raw.trim())),
            RawKind::SharedString => {
                let index = raw.parse().or_else(|_| raw.trim().parse());
                let text = index.ok().and_then(|index| strings.get(index)).unwrap_or_default();
                CellValue::Text(text.to_owned())
            }
            RawKind::Bool => CellValue::Bool(is_true(Some(raw))),
            RawKind::Error => CellValue::Error(raw.trim().to_owned()),
            RawKind::InlineString | RawKind::FormulaString => CellValue::Text(cell_text_unescape(raw)),
            RawKind::IsoDate => CellValue::Text(raw.to_owned()),
        }
    }
}

/// What a cell of numbers holds that is written with blanks, or is no number at all.
fn number_or_text(raw: &str) -> CellValue {
    match raw {
        "" => CellValue::Empty,
        text => finite(text).unwrap_or_else(|| CellValue::Text(text.to_owned())),
    }
}

/// A number as Excel knows them; `1e999` and `NaN`, which Rust reads as well, are none.
fn finite(text: &str) -> Option<CellValue> {
    let number = plain_decimal(text).or_else(|| text.parse().ok());
    number.filter(|number| number.is_finite()).map(CellValue::Number)
}

impl Spreadsheet {
    /// Visits the cells of a worksheet in the order of the file. `visit` returns false to stop early.
    ///
    /// # Errors
    /// When the tab does not exist, is no worksheet, or its part is damaged; and what `visit` returns.
    pub fn visit_cells(&self, tab: &str, visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>) -> Result<()> {
        let part = &self.worksheet(tab)?.part;
        self.walk(part, visit, &mut |_| Ok(()))
    }

    /// Reads a worksheet part from start to end: cells go to `cell`, everything outside `sheetData` to `other`.
    pub(crate) fn walk(
        &self,
        part: &str,
        cell: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        other: &mut dyn FnMut(&Event<'_>) -> Result<()>,
    ) -> Result<()> {
        self.walk_as(part, false, cell, other)
    }

    /// As [`Spreadsheet::walk`], for a part that is to be changed: what a reader may be lenient about is an error
    /// here, because who writes must be sure which cell is which. Every cell stands in a row and every row in the
    /// one `sheetData`, each once and in ascending order.
    pub(crate) fn walk_ordered(
        &self,
        part: &str,
        cell: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        other: &mut dyn FnMut(&Event<'_>) -> Result<()>,
    ) -> Result<()> {
        self.walk_as(part, true, cell, other)
    }

    fn walk_as(
        &self,
        part: &str,
        ordered: bool,
        cell: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        other: &mut dyn FnMut(&Event<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut formulas = false;
        let mut watching = |view: &CellView<'_>| {
            formulas |= view.formula.is_some();
            cell(view)
        };
        let finished = self.archive().stream_text(part, |reader, _| {
            let damaged = |e: &dyn std::fmt::Display| self.archive().damaged(part, e);
            let mut walker = Walker::new(reader, ordered);
            walker.run(&mut watching, other, &damaged)
        })?;
        if finished {
            self.remember_formulas(part, formulas);
        }
        Ok(())
    }

    /// All shared strings of the workbook, in memory; read once.
    ///
    /// # Errors
    /// When the part is damaged or unreasonably large.
    pub fn shared_strings(&self) -> Result<Arc<SharedStrings>> {
        if let Some(known) = self.strings_read.get() {
            return Ok(Arc::clone(known));
        }
        let mut strings = SharedStrings::default();
        self.visit_shared_strings(&mut |text| match strings.push(text) {
            true => Ok(true),
            false => Err(self.archive().refuse("De teksten van het werkboek zijn samen te groot", SMALLER)),
        })?;
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(Arc::clone(self.strings_read.get_or_init(|| Arc::new(strings))))
    }

    /// The part with the shared strings, when there is one.
    pub(crate) fn shared_strings_part(&self) -> Option<&str> {
        let target = &self.relationships.iter().find(|r| r.kind == "sharedStrings")?.target;
        self.archive().find(target)
    }

    /// Streams the shared strings in order, until `visit` returns false.
    pub(crate) fn visit_shared_strings(&self, visit: &mut dyn FnMut(&str) -> Result<bool>) -> Result<()> {
        let Some(part) = self.shared_strings_part() else { return Ok(()) };
        self.archive().stream_text(part, |reader, _| {
            shared_items(reader, visit, &|e: &dyn std::fmt::Display| self.archive().damaged(part, e))
        })
    }
}

/// Shows the texts of the part with the shared strings in order, until `visit` returns false.
fn shared_items(
    reader: &mut dyn BufRead,
    visit: &mut dyn FnMut(&str) -> Result<bool>,
    damaged: &dyn Fn(&dyn std::fmt::Display) -> crate::error::Error,
) -> Result<()> {
    let mut reader = stream_reader(reader);
    let mut buffer = Vec::new();
    let mut text = String::new();
    let (mut in_item, mut in_text, mut phonetic) = (false, false, 0_u32);
    // After a text the reader has seen that a tag follows, and counts on finding it.
    let mut after_tag = false;
    loop {
        if after_tag && !in_item && !plain_strings(&mut reader.stream(), visit)? {
            return Ok(());
        }
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| damaged(&UNREADABLE))?;
        after_tag = matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_));
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => {
                    in_item = true;
                    text.clear();
                }
                "t" => in_text = in_item && phonetic == 0,
                "rPh" => phonetic += 1,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" && !visit("")? => return Ok(()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => {
                    in_item = false;
                    if !visit(&cell_text_unescape(&text))? {
                        return Ok(());
                    }
                }
                "t" => in_text = false,
                "rPh" => phonetic = phonetic.saturating_sub(1),
                _ => {}
            },
            Event::DocType(_) => return Err(damaged(&NO_DOCTYPE)),
            Event::Eof => return Ok(()),
            event if in_text => push_text(&mut text, &event),
            _ => {}
        }
    }
}

const SMALLER: &str = "Haal weg wat niet nodig is, of verdeel het over meer werkboeken.";
const UNBALANCED: &str = "begin en einde van een onderdeel horen niet bij elkaar";
const WRONG_ADDRESS: &str = "het adres van een cel klopt niet met de rij";
pub(crate) const NO_DOCTYPE: &str = "een documenttype (DOCTYPE) is niet toegestaan";

/// A streaming reader that reports events exactly as they stand in the text.
pub(crate) fn stream_reader<R: BufRead>(reader: R) -> Reader<R> {
    let mut reader = Reader::from_reader(reader);
    let config = reader.config_mut();
    config.trim_markup_names_in_closing_tags = false;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    reader
}

/// Adds the text of a text-like event.
pub(crate) fn push_text(out: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(text) => out.push_str(text),
        Event::CData(text) => out.push_str(text),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(c)) => out.push(c),
            _ => out.push_str(&xml_unescape(&format!("&{};", &**name))),
        },
        _ => {}
    }
}

/// The attributes of a `c` element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CellTag {
    pub(crate) row: u32,
    pub(crate) col: u32,
    pub(crate) style: u32,
    pub(crate) kind: RawKind,
    /// Its attributes are well formed, and the address it bears, if any, lies in its row.
    agrees: bool,
}

/// Reads the tag of a cell that follows column `previous` (none: the row starts) in row `row`.
pub(crate) fn cell_tag(tag: &BytesStart<'_>, row: u32, previous: Option<u32>) -> CellTag {
    let raw = tag.attributes_raw();
    let next = previous.map_or(0, |col| col + 1);
    let mut found = CellTag { row, col: next, style: 0, kind: RawKind::Number, agrees: true };
    let mut attributes = plain_attributes(raw);
    let (mut addresses, mut styles, mut kinds) = (0_u8, 0_u8, 0_u8);
    for (key, value) in attributes.by_ref() {
        match key {
            "r" => {
                addresses = addresses.saturating_add(1);
                let at = address(value);
                if let Some((_, col)) = at {
                    found.col = col;
                }
                found.agrees = at.is_some_and(|(own, _)| own == row);
            }
            "s" => {
                styles = styles.saturating_add(1);
                found.style = value.trim().parse().unwrap_or(0);
            }
            "t" => {
                kinds = kinds.saturating_add(1);
                found.kind = match value {
                    "s" => RawKind::SharedString,
                    "inlineStr" => RawKind::InlineString,
                    "str" => RawKind::FormulaString,
                    "b" => RawKind::Bool,
                    "e" => RawKind::Error,
                    "d" => RawKind::IsoDate,
                    _ => RawKind::Number,
                }
            }
            _ => {}
        }
    }
    found.agrees &= attributes.well_formed && addresses < 2 && styles < 2 && kinds < 2;
    found
}

/// The attributes of a tag with their values as written: enough for addresses and numbers, and quicker than the
/// general iterator, which matters because it runs for every cell.
struct PlainAttributes<'a> {
    rest: &'a str,
    /// All that was met so far is a name, `=` and a quoted value.
    well_formed: bool,
}

fn plain_attributes(raw: &str) -> PlainAttributes<'_> {
    PlainAttributes { rest: raw, well_formed: true }
}

impl<'a> Iterator for PlainAttributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let split = || {
            let (key, after) = self.rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = after.get(1..)?.split_once(quote)?;
            Some((key.trim(), value, after))
        };
        let Some((key, value, after)) = split() else {
            self.well_formed &= matches!(self.rest.trim(), "" | "/");
            return None;
        };
        // Without a blank before it an attribute cannot be taken out or told from its neighbour by whoever reads on.
        self.well_formed &= self.rest.starts_with(|c: char| c.is_ascii_whitespace());
        self.well_formed &=
            !key.bytes().any(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'/' | b'&'));
        self.rest = after;
        Some((key, value))
    }
}

/// An address without the allocations of the general reader: this runs for every cell of a large sheet.
fn address(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut col) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' if row == 0 => col = col.checked_mul(26)?.checked_add(u32::from(byte - b'A') + 1)?,
            b'a'..=b'z' if row == 0 => col = col.checked_mul(26)?.checked_add(u32::from(byte - b'a') + 1)?,
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b'$' => {}
            _ => return None,
        }
    }
    ((1..=MAX_ROWS).contains(&row) && (1..=MAX_COLS).contains(&col)).then(|| (row - 1, col - 1))
}

/// The zero-based number of a row that follows row `previous`.
pub(crate) fn row_number(tag: &BytesStart<'_>, previous: Option<u32>) -> u32 {
    let next = previous.map_or(0, |row| row + 1);
    plain_attributes(tag.attributes_raw())
        .find(|(key, _)| *key == "r")
        .and_then(|(_, value)| value.trim().parse::<u32>().ok())
        .filter(|row| (1..=MAX_ROWS).contains(row))
        .map_or(next, |row| row - 1)
}

/// Which text of a cell is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Value,
    Formula,
    Inline,
}

/// What is wrong with the number of a row or column that follows `previous`; nothing is where order does not matter.
fn out_of_order(ordered: bool, number: u32, previous: Option<u32>, most: u32) -> Option<&'static str> {
    let right = number < most && previous.is_none_or(|previous| previous < number);
    (ordered && !right).then_some("de rijen of cellen staan niet in volgorde")
}

/// What is wrong with the place of a cell; `agrees` when its address lies in its row.
fn wrong_place(ordered: bool, col: u32, agrees: bool, previous: Option<u32>) -> Option<&'static str> {
    let elsewhere = ordered && !agrees;
    out_of_order(ordered, col, previous, MAX_COLS).or(elsewhere.then_some(WRONG_ADDRESS))
}

/// A cell as nearly all cells of a large sheet are written.
#[derive(Debug, PartialEq)]
struct PlainCell<'a> {
    row: u32,
    col: u32,
    style: u32,
    kind: RawKind,
    raw: Option<&'a str>,
    number: Option<f64>,
    /// Bytes of the whole element.
    length: usize,
}

/// The cell that `text` begins with, when it is written as `<c r="B7" s="3" t="s"><v>12</v></c>` or
/// `<c r="B7" s="3"/>`, with or without `s` and `t`, and without anything that needs unescaping. `None` for every
/// other way of writing and for a cell that is not complete: those are read as events.
fn plain_cell(text: &str) -> Option<PlainCell<'_>> {
    let length = text.len();
    let mut rest = text.as_bytes().strip_prefix(b"<c r=\"")?;
    let (mut col, mut row) = (0_u32, 0_u32);
    while let [letter @ b'A'..=b'Z', after @ ..] = rest {
        col = col.checked_mul(26)?.checked_add(u32::from(letter - b'A') + 1)?;
        rest = after;
    }
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        row = row.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
        rest = after;
    }
    if !(1..=MAX_ROWS).contains(&row) || !(1..=MAX_COLS).contains(&col) {
        return None;
    }
    rest = rest.strip_prefix(b"\"")?;
    let mut style = 0_u32;
    if let Some(mut number) = rest.strip_prefix(b" s=\"") {
        while let [digit @ b'0'..=b'9', after @ ..] = number {
            style = style.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            number = after;
        }
        rest = number.strip_prefix(b"\"")?;
    }
    let mut kind = RawKind::Number;
    if let Some(word) = rest.strip_prefix(b" t=\"") {
        let end = word.iter().take(4).position(|b| *b == b'"')?;
        let (word, after) = word.split_at(end);
        kind = match word {
            b"s" => RawKind::SharedString,
            b"n" => RawKind::Number,
            b"str" => RawKind::FormulaString,
            b"b" => RawKind::Bool,
            b"e" => RawKind::Error,
            _ => return None,
        };
        rest = after.strip_prefix(b"\"")?;
    }
    let (row, col) = (row - 1, col - 1);
    if let Some(after) = rest.strip_prefix(b"/>") {
        return Some(PlainCell { row, col, style, kind, raw: None, number: None, length: length - after.len() });
    }
    let value = rest.strip_prefix(b"><v>")?;
    // The end of a number is found by reading it.
    let number = if kind == RawKind::Number { leading_decimal(value) } else { None };
    let number = number.filter(|(_, end)| value.get(*end) == Some(&b'<'));
    let end = match number {
        Some((_, end)) => end,
        None => value.iter().take(64).position(|b| matches!(b, b'<' | b'&' | b'\r'))?,
    };
    let number = number.map(|(number, _)| number);
    let after = value.get(end..)?.strip_prefix(b"</v></c>")?;
    let start = length - value.len();
    let raw = text.get(start..start + end)?;
    Some(PlainCell { row, col, style, kind, raw: Some(raw), number, length: length - after.len() })
}

/// The beginning of what is ahead, as text. Checked at once, not value by value; a character that is cut in two is
/// looked at in the next round.
fn whole_characters(ahead: &[u8]) -> &str {
    /// Looked at together: more than most rows, less than would be looked at again for every row.
    const SOME: usize = 4096;
    let ahead = ahead.get(..SOME).unwrap_or(ahead);
    match std::str::from_utf8(ahead) {
        Ok(text) => text,
        Err(error) => {
            let whole = ahead.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
    }
}

/// The shared string that `text` begins with and the length of its element, when it is written as
/// `<si><t>Bospolder</t></si>` (with or without `xml:space`) and without anything that needs unescaping. `None` for every
/// other way of writing and for one that is not complete: those are read as events.
fn plain_string(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("<si><t")?;
    let rest = rest.strip_prefix(" xml:space=\"preserve\"").unwrap_or(rest).strip_prefix('>')?;
    // An underscore may begin the escape of a character ([`cell_text_unescape`]).
    let end = rest.bytes().position(|b| matches!(b, b'<' | b'&' | b'\r' | b'_'))?;
    let (content, after) = rest.split_at_checked(end)?;
    let after = after.strip_prefix("</t></si>")?;
    Some((content, text.len() - after.len()))
}

/// Shows the shared strings ahead that are written plainly ([`plain_string`]), straight from the buffer: a workbook with
/// tens of thousands of areas has as many names and codes. Stops as [`Walker::plain_cells`] does.
fn plain_strings(stream: &mut dyn BufRead, visit: &mut dyn FnMut(&str) -> Result<bool>) -> Result<bool> {
    loop {
        // What cannot be read is reported by the reading of events, which follows.
        let Ok(ahead) = stream.fill_buf() else { return Ok(true) };
        let ahead = whole_characters(ahead);
        let mut used = 0;
        while let Some((text, length)) = plain_string(ahead.get(used..).unwrap_or_default()) {
            used += length;
            if !visit(text)? {
                return Ok(false);
            }
        }
        stream.consume(used);
        if used == 0 {
            return Ok(true);
        }
    }
}

/// The names of the elements that are open, so that each end can be held against its beginning.
#[derive(Debug, Default)]
struct OpenNames {
    text: String,
    starts: Vec<usize>,
}

impl OpenNames {
    fn open(&mut self, name: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(name);
    }

    /// True when what ends is what was opened last.
    fn close(&mut self, name: &str) -> bool {
        let Some(start) = self.starts.pop() else { return false };
        let same = self.text.get(start..) == Some(name.trim_end());
        self.text.truncate(start);
        same
    }
}

/// Walks a worksheet part.
struct Walker<'a> {
    reader: Reader<&'a mut dyn BufRead>,
    raw: String,
    formula: String,
    reference: String,
    /// Reused for the events inside cells.
    spare: Vec<u8>,
    names: OpenNames,
    /// Deviations of the order are errors ([`Spreadsheet::walk_ordered`]).
    ordered: bool,
}

impl<'a> Walker<'a> {
    fn new(reader: &'a mut dyn BufRead, ordered: bool) -> Self {
        let reader = stream_reader(reader);
        let (raw, formula, reference, names) = Default::default();
        Walker { reader, raw, formula, reference, spare: Vec::new(), names, ordered }
    }

    /// What is wrong with the place of an element in `sheetData`; `depth` is how many elements are open around it.
    fn misplaced(&self, name: &str, depth: usize, row_open: bool) -> Option<&'static str> {
        match name {
            _ if !self.ordered => None,
            "row" if depth != 2 => Some("een rij staat niet waar een rij hoort"),
            "c" if depth != 3 || !row_open => Some("een cel staat niet in een rij"),
            _ => None,
        }
    }

    fn wrong_row(&self, row: u32, previous: Option<u32>) -> Option<&'static str> {
        out_of_order(self.ordered, row, previous, MAX_ROWS)
    }

    fn wrong_cell(&self, cell: &CellTag, previous: Option<u32>) -> Option<&'static str> {
        wrong_place(self.ordered, cell.col, cell.agrees, previous)
    }

    /// True when the end was reached, false when the visitor stopped.
    fn run(
        &mut self,
        visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        other: &mut dyn FnMut(&Event<'_>) -> Result<()>,
        damaged: &dyn Fn(&dyn std::fmt::Display) -> crate::error::Error,
    ) -> Result<bool> {
        let mut buffer = Vec::new();
        let (mut row, mut col): (Option<u32>, Option<u32>) = (None, None);
        let (mut in_data, mut data_seen) = (false, false);
        // The element directly in `sheetData` that is open is a row.
        let mut row_open = false;
        let mut depth = 0_usize;
        // The buffer may only be read directly after a tag: after text the reader is already inside the next tag.
        let mut after_tag = false;
        loop {
            let at_cells = after_tag && in_data && depth == 3;
            if at_cells && !self.plain_cells(row.unwrap_or(0), &mut col, visit, damaged)? {
                return Ok(false);
            }
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer).map_err(|_| damaged(&UNREADABLE))?;
            after_tag = matches!(event, Event::Start(_) | Event::Empty(_) | Event::End(_));
            if let Event::Start(tag) | Event::Empty(tag) = &event {
                let name = tag.local_name();
                if depth == 1 && name.as_ref() == "sheetData" {
                    if self.ordered && data_seen {
                        return Err(damaged(&"het blad heeft twee keer cellen"));
                    }
                    data_seen = true;
                }
                if let Some(wrong) = self.misplaced(name.as_ref(), depth, row_open).filter(|_| in_data) {
                    return Err(damaged(&wrong));
                }
            }
            match &event {
                Event::Start(tag) => {
                    depth += 1;
                    self.names.open(tag.name().as_ref());
                    if depth > MAX_DEPTH {
                        return Err(damaged(&"te diep genest"));
                    }
                    if depth == 3 {
                        row_open = tag.local_name().as_ref() == "row";
                    }
                    match tag.local_name().as_ref() {
                        "sheetData" if depth == 2 => in_data = true,
                        "row" if in_data => {
                            let number = row_number(tag, row);
                            if let Some(wrong) = self.wrong_row(number, row) {
                                return Err(damaged(&wrong));
                            }
                            row = Some(number);
                            col = None;
                        }
                        "c" if in_data => {
                            let cell = cell_tag(tag, row.unwrap_or(0), col);
                            if let Some(wrong) = self.wrong_cell(&cell, col) {
                                return Err(damaged(&wrong));
                            }
                            col = Some(cell.col);
                            depth -= 1;
                            if !self.cell(cell, visit, damaged)? {
                                return Ok(false);
                            }
                        }
                        _ if !in_data => other(&event)?,
                        _ => {}
                    }
                }
                Event::Empty(tag) if in_data => match tag.local_name().as_ref() {
                    "row" => {
                        let number = row_number(tag, row);
                        if let Some(wrong) = self.wrong_row(number, row) {
                            return Err(damaged(&wrong));
                        }
                        row = Some(number);
                        col = None;
                    }
                    "c" => {
                        let cell = cell_tag(tag, row.unwrap_or(0), col);
                        if let Some(wrong) = self.wrong_cell(&cell, col) {
                            return Err(damaged(&wrong));
                        }
                        col = Some(cell.col);
                        let CellTag { row, col, style, kind, .. } = cell;
                        if !visit(&CellView { row, col, style, kind, raw: None, number: None, formula: None })? {
                            return Ok(false);
                        }
                    }
                    _ => {}
                },
                Event::End(tag) => {
                    if !self.names.close(tag.name().as_ref()) {
                        return Err(damaged(&UNBALANCED));
                    }
                    depth = depth.saturating_sub(1);
                    if in_data && depth == 1 {
                        in_data = false;
                    } else if !in_data {
                        other(&event)?;
                    }
                }
                Event::DocType(_) => return Err(damaged(&NO_DOCTYPE)),
                Event::Eof if self.ordered && !data_seen => return Err(damaged(&"het blad heeft geen cellen")),
                Event::Eof if depth > 0 => return Err(damaged(&"het einde ontbreekt")),
                Event::Eof => return Ok(true),
                _ if !in_data => other(&event)?,
                _ => {}
            }
        }
    }

    /// Shows the cells ahead that are written plainly ([`plain_cell`]), straight from the buffer: a fraction of the time
    /// of reading their events. Stops before anything else and before a cell that crosses the buffer's end; gives
    /// false when the visitor stopped.
    fn plain_cells(
        &mut self,
        row: u32,
        previous: &mut Option<u32>,
        visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        damaged: &dyn Fn(&dyn std::fmt::Display) -> crate::error::Error,
    ) -> Result<bool> {
        let ordered = self.ordered;
        let mut stream = self.reader.stream();
        loop {
            // What cannot be read is reported by the reading of events, which follows.
            let Ok(ahead) = stream.fill_buf() else { return Ok(true) };
            let ahead = whole_characters(ahead);
            let mut used = 0;
            while let Some(plain) = plain_cell(ahead.get(used..).unwrap_or_default()) {
                let agrees = plain.row == row;
                if let Some(wrong) = wrong_place(ordered, plain.col, agrees, *previous) {
                    return Err(damaged(&wrong));
                }
                *previous = Some(plain.col);
                used += plain.length;
                let PlainCell { col, style, kind, raw, number, .. } = plain;
                if !visit(&CellView { row, col, style, kind, raw, number, formula: None })? {
                    return Ok(false);
                }
            }
            stream.consume(used);
            if used == 0 {
                return Ok(true);
            }
        }
    }

    /// Reads from after the start tag of a cell to its end, then shows it.
    fn cell(
        &mut self,
        cell: CellTag,
        visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
        damaged: &dyn Fn(&dyn std::fmt::Display) -> crate::error::Error,
    ) -> Result<bool> {
        self.raw.clear();
        self.formula.clear();
        self.reference.clear();
        let mut buffer = std::mem::take(&mut self.spare);
        let mut reading = Reading::Nothing;
        let mut formula: Option<(FormulaKind, Option<u32>, bool)> = None;
        let (mut has_value, mut phonetic, mut depth) = (false, 0_u32, 1_usize);
        while depth > 0 {
            buffer.clear();
            let event = self.reader.read_event_into(&mut buffer).map_err(|_| damaged(&UNREADABLE))?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let open = matches!(event, Event::Start(_));
                    match tag.local_name().as_ref() {
                        "v" if depth == 1 && open => {
                            (reading, has_value) = (Reading::Value, true);
                            self.raw.clear();
                        }
                        "f" if depth == 1 => {
                            formula = Some(self.formula_tag(tag));
                            if open {
                                reading = Reading::Formula;
                            }
                        }
                        "is" if depth == 1 => has_value = true,
                        "t" if open && phonetic == 0 && cell.kind == RawKind::InlineString => {
                            reading = Reading::Inline
                        }
                        "rPh" if open => phonetic += 1,
                        _ => {}
                    }
                    if open {
                        self.names.open(tag.name().as_ref());
                    }
                    depth += usize::from(open);
                    if depth > MAX_DEPTH {
                        return Err(damaged(&"te diep genest"));
                    }
                }
                Event::End(tag) => {
                    depth -= 1;
                    if !self.names.close(tag.name().as_ref()) {
                        return Err(damaged(&UNBALANCED));
                    }
                    reading = Reading::Nothing;
                    if tag.local_name().as_ref().trim_end() == "rPh" {
                        phonetic = phonetic.saturating_sub(1);
                    }
                }
                Event::DocType(_) => return Err(damaged(&NO_DOCTYPE)),
                Event::Eof => return Err(damaged(&"het einde ontbreekt")),
                event => match reading {
                    Reading::Value | Reading::Inline => push_text(&mut self.raw, event),
                    Reading::Formula => push_text(&mut self.formula, event),
                    Reading::Nothing => {}
                },
            }
        }
        self.spare = buffer;
        let formula = formula.map(|(kind, group, has_reference)| FormulaView {
            kind: if kind == FormulaKind::SharedMaster && self.formula.trim().is_empty() {
                FormulaKind::SharedChild
            } else {
                kind
            },
            text: &self.formula,
            reference: has_reference.then_some(self.reference.as_str()),
            group,
        });
        let CellTag { row, col, style, kind, .. } = cell;
        visit(&CellView {
            row,
            col,
            style,
            kind,
            raw: has_value.then_some(self.raw.as_str()),
            number: None,
            formula,
        })
    }

    fn formula_tag(&mut self, tag: &BytesStart<'_>) -> (FormulaKind, Option<u32>, bool) {
        let kind = match attribute(tag, "t").as_deref() {
            Some("shared") => FormulaKind::SharedMaster,
            Some("array") => FormulaKind::Array,
            Some("dataTable") => FormulaKind::DataTable,
            _ => FormulaKind::Normal,
        };
        let group = attribute(tag, "si").and_then(|v| v.trim().parse().ok());
        let reference = attribute(tag, "ref");
        let has_reference = reference.is_some();
        self.reference.push_str(&reference.unwrap_or_default());
        (kind, group, has_reference)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One cell as the events tell it.
    fn by_events(cell: &str, row: u32) -> Option<(u32, u32, RawKind, Option<String>)> {
        let text = format!("<worksheet><sheetData><row r=\"{}\"> {cell}</row></sheetData></worksheet>", row + 1);
        let mut bytes = text.as_bytes();
        let mut found = None;
        let mut visit = |view: &CellView<'_>| {
            found = Some((view.col, view.style, view.kind, view.raw.map(str::to_owned)));
            Ok(true)
        };
        let damaged = |e: &dyn std::fmt::Display| crate::error::Error::content("x", e.to_string(), "");
        // The blank before the cell keeps the quick way from being taken.
        Walker::new(&mut bytes, false).run(&mut visit, &mut |_| Ok(()), &damaged).ok()?;
        found
    }

    proptest! {
        #[test]
        fn a_cell_read_the_quick_way_is_the_cell_that_its_events_tell(
            cell in "<c r=\"[A-C]{0,4}[0-9]{0,3}\"( s=\"[0-9 ]{0,2}\")?( t=\"(s|n|b|e|str|d|inlineStr)?\")?(/>|><v>[0-9.&;a]{0,4}</v></c>|></c>)",
        ) {
            if let Some(plain) = plain_cell(&cell) {
                let raw = plain.raw.map(str::to_owned);
                prop_assert_eq!(plain.length, cell.len());
                if let Some(number) = plain.number {
                    prop_assert_eq!(plain.raw.and_then(finite), Some(CellValue::Number(number)));
                }
                prop_assert_eq!(by_events(&cell, plain.row), Some((plain.col, plain.style, plain.kind, raw)));
            }
        }
    }

    #[test]
    fn an_end_that_belongs_to_no_beginning_is_damage_for_readers_too() {
        let read = |data: &str| {
            let text = format!("<worksheet><sheetData>{data}</sheetData><cols></cols></worksheet>");
            let damaged = |e: &dyn std::fmt::Display| crate::error::Error::content("x", e.to_string(), "");
            let mut bytes = text.as_bytes();
            let mut count = 0;
            let mut visit = |_: &CellView<'_>| {
                count += 1;
                Ok(true)
            };
            let done = Walker::new(&mut bytes, false).run(&mut visit, &mut |_| Ok(()), &damaged);
            done.map(|_| count).map_err(|error| error.to_string())
        };
        // A blank before the end of a tag is nothing wrong.
        let cells = "<c r=\"A1\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>a</t></is></c>";
        assert_eq!(read(&format!("<row r=\"1\">{cells}</row ><row r=\"2\"></row>")), Ok(2));
        for wrong in [
            format!("<row r=\"1\">{cells}</rij>"),
            "<row r=\"1\"><c r=\"A1\"><v>1</w></c></row>".to_owned(),
            "<row r=\"1\"><c r=\"A1\"><v>1</v></row></c>".to_owned(),
            "<row r=\"1\"></row></row>".to_owned(),
        ] {
            assert!(read(&wrong).is_err_and(|said| said.contains(UNBALANCED)), "{wrong}");
        }
    }

    /// The shared strings in a part that holds `items`; `None` when they cannot be read.
    fn strings_of(items: &str) -> Option<Vec<String>> {
        let part = format!("<sst>{items}</sst>");
        let mut found = Vec::new();
        let mut visit = |text: &str| {
            found.push(text.to_owned());
            Ok(true)
        };
        let damaged = |e: &dyn std::fmt::Display| crate::error::Error::content("x", e.to_string(), "");
        shared_items(&mut part.as_bytes(), &mut visit, &damaged).ok()?;
        Some(found)
    }

    proptest! {
        #[test]
        fn shared_strings_read_the_quick_way_are_those_that_their_events_tell(
            items in proptest::collection::vec(
                "<si>(<t( xml:space=\"preserve\"| x=\"1\")?>([a-cé &<>;_]|_x000D_|&amp;|\r\n){0,9}</t>){0,2}</si>|<si/>|<si><r><t>a</t></r></si>", 0..6,
            ),
        ) {
            // A blank before an item keeps the quick way from being taken.
            let slow: String = items.iter().map(|item| format!(" {item}")).collect();
            prop_assert_eq!(strings_of(&items.concat()), strings_of(&slow));
        }
    }

    #[test]
    fn a_shared_string_of_every_usual_writer_is_read_the_quick_way() {
        for (item, text) in [
            ("<si><t>Bospolder</t></si>", "Bospolder"),
            ("<si><t xml:space=\"preserve\"> é </t></si>", " é "),
            ("<si><t></t></si>", ""),
        ] {
            assert_eq!(plain_string(&format!("{item}<si>")), Some((text, item.len())), "{item}");
        }
    }

    #[test]
    fn cells_of_every_usual_writer_are_read_the_quick_way() {
        for cell in [
            "<c r=\"B7\" s=\"3\" t=\"s\"><v>12</v></c>",
            "<c r=\"AA10\"><v>-1.5E-3</v></c>",
            "<c r=\"A1\" s=\"4\"/>",
        ] {
            assert_eq!(plain_cell(cell).map(|plain| plain.length), Some(cell.len()), "{cell}");
        }
        let number = |cell: &str| plain_cell(cell).and_then(|plain| plain.number);
        assert_eq!(number("<c r=\"AA10\" s=\"2\"><v>17.68</v></c>"), Some(17.68));
        assert_eq!(number("<c r=\"AA10\" t=\"s\"><v>17</v></c>"), None, "a text has a number, and is none");
    }
}
