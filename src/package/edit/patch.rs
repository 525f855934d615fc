//! The second pass over a worksheet: everything passes byte for byte, except what the plan names.
//!
//! Owns writing cells, rows and conditional formatting into an existing part. Decides nothing: what may change was
//! settled before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::scan::Address;
use super::{NewCell, NewValue};
use crate::error::{Error, Result};
use crate::model::column_letters;
use crate::package::cells::{NO_DOCTYPE, cell_tag, row_number, stream_reader};
use crate::package::spreadsheet::Range;
use crate::package::xml::{
    MAX_DEPTH, attribute, cell_text_escape, elements, is_true, text_of, with_attribute, without_attribute,
    xml_escape, xml_escape_attribute,
};

/// What happens to one cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// New content, and a new style when given.
    Set(NewValue, Option<u32>),
    /// The cached value goes.
    Uncache,
    /// The formula is written out as an ordinary one; the cached value goes when `true`.
    Unshare(String, bool),
}

/// A rule to add, with the number its format got.
#[derive(Debug, Clone)]
pub(crate) struct NewRule {
    pub(crate) sqref: String,
    pub(crate) formula: String,
    pub(crate) dxf: usize,
    pub(crate) priority: i64,
}

/// Rows that replace all rows. A trait, because two owners of rows with lifetimes of their own are handed on.
pub(crate) trait RowSource {
    /// The rows afresh, ascending.
    fn rows(&self) -> Box<dyn Iterator<Item = (u32, Vec<NewCell>)> + '_>;
}

impl RowSource for super::SheetRows<'_> {
    fn rows(&self) -> Box<dyn Iterator<Item = (u32, Vec<NewCell>)> + '_> {
        (self.rows)()
    }
}

impl RowSource for super::HiddenTab {
    fn rows(&self) -> Box<dyn Iterator<Item = (u32, Vec<NewCell>)> + '_> {
        Box::new((0_u32..).zip(&self.rows).map(|(row, cells)| {
            let cells = (0_u32..).zip(cells).map(|(col, value)| NewCell { col, value: value.clone() });
            (row, cells.collect())
        }))
    }
}

/// Everything that is to change in one worksheet part.
#[derive(Default)]
pub(crate) struct SheetPlan<'a> {
    pub(crate) cells: BTreeMap<u32, BTreeMap<u32, Action>>,
    /// Cells without a formula of their own whose cached value goes (the body of an array).
    pub(crate) uncache: Vec<Range>,
    /// Cells of the plan that exist already.
    pub(crate) existing: BTreeSet<Address>,
    /// The new dimension, when outgrown.
    pub(crate) dimension: Option<String>,
    /// Styles of whole columns.
    pub(crate) column_styles: Vec<(u32, u32, u32)>,
    pub(crate) remove_rules: Vec<super::RuleKey>,
    pub(crate) add_rules: Vec<NewRule>,
    pub(crate) rows: Option<&'a dyn RowSource>,
}

impl SheetPlan<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
            && self.uncache.is_empty()
            && self.remove_rules.is_empty()
            && self.add_rules.is_empty()
            && self.rows.is_none()
    }

    fn concerns_row(&self, row: u32) -> bool {
        self.cells.contains_key(&row) || self.uncache.iter().any(|r| (r.first_row..=r.last_row).contains(&row))
    }
}

/// Elements of a worksheet that come before conditional formatting, or are it.
const BEFORE_RULES: [&str; 17] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
];

/// Writes an event exactly as it stood in the text.
fn raw(out: &mut dyn Write, event: &Event<'_>) -> std::io::Result<()> {
    let (open, content, close): (&str, &str, &str) = match event {
        Event::Start(tag) => ("<", tag, ">"),
        Event::Empty(tag) => ("<", tag, "/>"),
        Event::End(tag) => ("</", tag, ">"),
        Event::Text(text) => ("", text, ""),
        Event::CData(text) => ("<![CDATA[", text, "]]>"),
        Event::Comment(text) => ("<!--", text, "-->"),
        Event::Decl(text) => ("<?", text, "?>"),
        Event::PI(text) => ("<?", text, "?>"),
        Event::GeneralRef(name) => ("&", name, ";"),
        Event::DocType(text) => ("<!DOCTYPE ", text, ">"),
        Event::Eof => return Ok(()),
    };
    out.write_all(open.as_bytes())?;
    out.write_all(content.as_bytes())?;
    out.write_all(close.as_bytes())
}

fn tag_text(tag: &BytesStart<'_>, empty: bool) -> String {
    format!("<{}{}", &**tag, if empty { "/>" } else { ">" })
}

/// A number in the shortest form that reads back the same.
pub(crate) fn number_text(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e17).contains(&size) {
        format!("{number}")
    } else {
        format!("{number:E}")
    }
}

/// What goes between the tags of a cell, and its `t`.
fn content(prefix: &str, value: &NewValue) -> (String, Option<&'static str>) {
    match value {
        NewValue::Number(number) => (format!("<{prefix}v>{}</{prefix}v>", number_text(*number)), None),
        NewValue::Text(text) => {
            let text = cell_text_escape(text);
            let inline = format!("<{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is>");
            (inline, Some("inlineStr"))
        }
        NewValue::Clear => (String::new(), None),
    }
}

/// A cell that did not exist.
fn new_cell(prefix: &str, row: u32, col: u32, style: u32, value: &NewValue) -> String {
    let (content, kind) = content(prefix, value);
    let style = if style == 0 { String::new() } else { format!(" s=\"{style}\"") };
    let kind = kind.map_or(String::new(), |kind| format!(" t=\"{kind}\""));
    let address = format!("{}{}", column_letters(col), u64::from(row) + 1);
    if content.is_empty() {
        format!("<{prefix}c r=\"{address}\"{style}{kind}/>")
    } else {
        format!("<{prefix}c r=\"{address}\"{style}{kind}>{content}</{prefix}c>")
    }
}

/// The pieces of one existing cell.
struct RawCell {
    /// Start tag as `<c ...>`.
    tag: String,
    /// Closing tag; empty when the cell was written `<c .../>`.
    end: String,
    /// What lies between: (local name of the element, or nothing for text; raw text).
    pieces: Vec<(String, String)>,
}

impl RawCell {
    fn text(&self) -> String {
        let inner: String = self.pieces.iter().map(|(_, text)| text.as_str()).collect();
        if self.end.is_empty() {
            format!("{}/>", self.tag.strip_suffix('>').unwrap_or(&self.tag))
        } else {
            format!("{}{inner}{}", self.tag, self.end)
        }
    }

    fn apply(mut self, action: &Action, prefix: &str) -> String {
        match action {
            Action::Set(value, style) => {
                let (content, kind) = content(prefix, value);
                for name in ["t", "cm", "vm"] {
                    self.tag = without_attribute(&self.tag, name);
                }
                if let Some(style) = style {
                    self.tag = match style {
                        0 => without_attribute(&self.tag, "s"),
                        style => with_attribute(&self.tag, "s", &style.to_string()),
                    };
                }
                if let Some(kind) = kind {
                    self.tag = with_attribute(&self.tag, "t", kind);
                }
                // What else a cell may hold (an extension list) stays.
                self.pieces.retain(|(name, _)| !matches!(name.as_str(), "" | "f" | "v" | "is"));
                if !content.is_empty() {
                    self.pieces.insert(0, (String::new(), content));
                }
            }
            Action::Uncache => self.uncache(),
            Action::Unshare(formula, uncache) => {
                let formula = format!("<{prefix}f>{}</{prefix}f>", xml_escape(formula));
                for (_, text) in self.pieces.iter_mut().filter(|(name, _)| name == "f") {
                    text.clone_from(&formula);
                }
                if *uncache {
                    self.uncache();
                }
            }
        }
        if self.pieces.is_empty() {
            self.end.clear();
        } else if self.end.is_empty() {
            let name = self.tag.get(1..).unwrap_or_default();
            let name = name.split(|c: char| c.is_ascii_whitespace() || c == '>').next().unwrap_or_default();
            self.end = format!("</{name}>");
        }
        self.text()
    }

    /// Takes the cached value out, and with it the type that described it.
    fn uncache(&mut self) {
        let before = self.pieces.len();
        self.pieces.retain(|(name, _)| !matches!(name.as_str(), "v" | "is"));
        if self.pieces.len() != before {
            for name in ["t", "vm"] {
                self.tag = without_attribute(&self.tag, name);
            }
        }
    }
}

/// Runs a plan over a worksheet.
pub(crate) struct Patcher<'p, 'r, 'w> {
    reader: Reader<&'r mut dyn BufRead>,
    out: &'w mut dyn Write,
    plan: &'p SheetPlan<'p>,
    damaged: &'p dyn Fn(&dyn std::fmt::Display) -> Error,
    prefix: String,
    rules_done: bool,
}

impl<'p, 'r, 'w> Patcher<'p, 'r, 'w> {
    pub(crate) fn new(
        reader: &'r mut dyn BufRead,
        out: &'w mut dyn Write,
        plan: &'p SheetPlan<'p>,
        damaged: &'p dyn Fn(&dyn std::fmt::Display) -> Error,
    ) -> Self {
        let rules_done = plan.add_rules.is_empty();
        Patcher { reader: stream_reader(reader), out, plan, damaged, prefix: String::new(), rules_done }
    }

    fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>> {
        buffer.clear();
        let event = self.reader.read_event_into(buffer).map_err(|e| (self.damaged)(&e))?;
        match event {
            Event::DocType(_) => Err((self.damaged)(&NO_DOCTYPE)),
            event => Ok(event),
        }
    }

    fn raw(&mut self, event: &Event<'_>) -> Result<()> {
        raw(self.out, event).map_err(|e| (self.damaged)(&e))
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(|e| (self.damaged)(&e))
    }

    /// Copies the whole part with the plan applied.
    pub(crate) fn run(&mut self) -> Result<()> {
        let mut buffer = Vec::new();
        let mut depth = 0_usize;
        loop {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let empty = matches!(event, Event::Empty(_));
                    let local = tag.local_name();
                    let local = local.as_ref();
                    if depth == 0 {
                        let name = tag.name();
                        self.prefix = name.as_ref().strip_suffix(local).unwrap_or_default().to_owned();
                    }
                    if depth == 1 && !self.rules_done && !BEFORE_RULES.contains(&local) {
                        self.add_rules()?;
                    }
                    match (depth, local) {
                        (1, "dimension") if self.plan.dimension.is_some() => {
                            let dimension = self.plan.dimension.clone().unwrap_or_default();
                            self.text(&with_attribute(&tag_text(tag, empty), "ref", &dimension))?;
                        }
                        (1, "sheetData") if self.plan.rows.is_some() => {
                            let tag = tag_text(tag, empty);
                            self.replace_rows(&tag, empty)?;
                            continue;
                        }
                        (1, "sheetData") => {
                            let tag = tag_text(tag, empty);
                            self.sheet_data(&tag, empty)?;
                            continue;
                        }
                        (1, "conditionalFormatting") if !empty && !self.plan.remove_rules.is_empty() => {
                            let whole = self.capture(&event)?;
                            let kept = self.without_rules(&whole)?;
                            self.text(&kept)?;
                            continue;
                        }
                        _ => self.raw(&event)?,
                    }
                    depth += usize::from(!empty);
                    if depth > MAX_DEPTH {
                        return Err((self.damaged)(&"te diep genest"));
                    }
                }
                Event::End(_) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && !self.rules_done {
                        self.add_rules()?;
                    }
                    self.raw(&event)?;
                }
                Event::Eof => return Ok(()),
                event => self.raw(event)?,
            }
        }
    }

    /// Reads an element to its end as raw text; its start event has been read.
    fn capture(&mut self, start: &Event<'_>) -> Result<String> {
        let mut captured = Vec::new();
        let failed = |e: std::io::Error| (self.damaged)(&e);
        raw(&mut captured, start).map_err(failed)?;
        let mut depth = 1_usize;
        let mut buffer = Vec::new();
        while depth > 0 {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                _ => {}
            }
            if depth > MAX_DEPTH {
                return Err((self.damaged)(&"te diep genest"));
            }
            raw(&mut captured, &event).map_err(|e| (self.damaged)(&e))?;
        }
        String::from_utf8(captured).map_err(|e| (self.damaged)(&e))
    }

    fn without_rules(&self, whole: &str) -> Result<String> {
        let all = elements(whole).map_err(|e| (self.damaged)(&e))?;
        let Some(root) = all.first() else { return Ok(whole.to_owned()) };
        let sqref = root.attribute("sqref").unwrap_or_default();
        let mut splices = crate::package::xml::Splices::default();
        let mut left = 0;
        for (index, rule) in all.iter().enumerate().filter(|(_, e)| e.local == "cfRule" && e.depth == 1) {
            let formula = all.iter().skip(index + 1).take_while(|e| e.span.start < rule.span.end);
            let formula = formula.into_iter().find(|e| e.local == "formula");
            let formula = formula.map(|e| text_of(whole, e)).unwrap_or_default();
            if self.plan.remove_rules.iter().any(|key| key.sqref == sqref && key.formula == formula) {
                splices.replace(rule.span.clone(), "");
            } else {
                left += 1;
            }
        }
        Ok(match (splices.is_empty(), left) {
            (true, _) => whole.to_owned(),
            (false, 0) => String::new(),
            (false, _) => splices.apply(whole),
        })
    }

    fn add_rules(&mut self) -> Result<()> {
        self.rules_done = true;
        let p = self.prefix.clone();
        for rule in &self.plan.add_rules {
            let NewRule { sqref, formula, dxf, priority } = rule;
            let (sqref, formula) = (xml_escape_attribute(sqref), xml_escape(formula));
            self.text(&format!(
                "<{p}conditionalFormatting sqref=\"{sqref}\"><{p}cfRule type=\"expression\" dxfId=\"{dxf}\" \
                 priority=\"{priority}\"><{p}formula>{formula}</{p}formula></{p}cfRule></{p}conditionalFormatting>"
            ))?;
        }
        Ok(())
    }

    /// Copies `sheetData`, whose start tag has been read, with the planned cells in place.
    fn sheet_data(&mut self, tag: &str, empty: bool) -> Result<()> {
        let mut pending: Vec<u32> = self
            .plan
            .cells
            .iter()
            .filter(|(row, cells)| cells.iter().any(|(col, action)| self.is_new(**row, *col, action)))
            .map(|(row, _)| *row)
            .rev()
            .collect();
        if empty {
            if pending.is_empty() {
                return self.text(tag);
            }
            let open = tag.strip_suffix("/>").unwrap_or(tag);
            self.text(&format!("{open}>"))?;
            while let Some(row) = pending.pop() {
                self.new_row(row)?;
            }
            let close = format!("</{}sheetData>", self.prefix);
            return self.text(&close);
        }
        self.text(tag)?;
        let mut buffer = Vec::new();
        let mut depth = 0_usize;
        let mut row: Option<u32> = None;
        loop {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let empty = matches!(event, Event::Empty(_));
                    if depth == 0 && tag.local_name().as_ref() == "row" {
                        let number = row_number(tag, row);
                        row = Some(number);
                        while pending.last().is_some_and(|next| *next < number) {
                            if let Some(next) = pending.pop() {
                                self.new_row(next)?;
                            }
                        }
                        pending.retain(|next| *next != number);
                        if self.plan.concerns_row(number) {
                            let raw_tag = tag_text(tag, empty);
                            let style = is_true(attribute(tag, "customFormat").as_deref())
                                .then(|| attribute(tag, "s").and_then(|s| s.trim().parse().ok()))
                                .flatten();
                            self.row(number, &raw_tag, empty, style)?;
                            continue;
                        }
                        depth += usize::from(!empty);
                        self.raw(&event)?;
                        if !empty {
                            self.pass_row()?;
                        }
                        continue;
                    }
                    depth += usize::from(!empty);
                    self.raw(&event)?;
                }
                Event::End(_) if depth == 0 => {
                    while let Some(next) = pending.pop() {
                        self.new_row(next)?;
                    }
                    return self.raw(&event);
                }
                Event::End(_) => {
                    depth -= 1;
                    self.raw(&event)?;
                }
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                event => self.raw(event)?,
            }
        }
    }

    /// Copies cells of a row in which nothing changes without looking at their events. Stops at the start of a cell
    /// or at the row's closing tag, so that the events can take over from there: at the latest before anything
    /// unusual (a comment, CDATA) or a cell that crosses the end of the buffer.
    fn pass_row(&mut self) -> Result<()> {
        let close = format!("</{}row", self.prefix).into_bytes();
        let cell = format!("<{}c ", self.prefix).into_bytes();
        loop {
            let mut stream = self.reader.stream();
            let ahead = stream.fill_buf().map_err(|e| (self.damaged)(&e))?;
            let mut safe = 0;
            let mut stop = ahead.is_empty();
            let tags = ahead.iter().enumerate().filter(|(_, b)| **b == b'<').map(|(at, _)| at);
            for at in tags {
                let rest = ahead.get(at..).unwrap_or_default();
                if rest.starts_with(&close) {
                    safe = at;
                    stop = true;
                } else if rest.starts_with(&cell) {
                    safe = at;
                } else if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
                    stop = true;
                }
                if stop {
                    break;
                }
            }
            self.out.write_all(ahead.get(..safe).unwrap_or_default()).map_err(|e| (self.damaged)(&e))?;
            stream.consume(safe);
            if stop || safe == 0 {
                return Ok(());
            }
        }
    }

    /// True for a planned cell that does not exist and will hold something.
    fn is_new(&self, row: u32, col: u32, action: &Action) -> bool {
        matches!(action, Action::Set(..)) && !self.plan.existing.contains(&(row, col))
    }

    fn new_cells(&self, row: u32) -> Vec<(u32, NewValue, Option<u32>)> {
        let cells = self.plan.cells.get(&row).into_iter().flatten();
        cells
            .filter(|(col, action)| self.is_new(row, **col, action))
            .filter_map(|(col, action)| match action {
                Action::Set(value, style) => Some((*col, value.clone(), *style)),
                _ => None,
            })
            .collect()
    }

    fn column_style(&self, col: u32) -> u32 {
        let columns = &self.plan.column_styles;
        columns.iter().find(|(first, last, _)| (*first..=*last).contains(&col)).map_or(0, |(_, _, style)| *style)
    }

    fn inserted(&self, row: u32, cell: &(u32, NewValue, Option<u32>), row_style: Option<u32>) -> String {
        let (col, value, style) = cell;
        let style = style.or(row_style).unwrap_or_else(|| self.column_style(*col));
        new_cell(&self.prefix, row, *col, style, value)
    }

    fn new_row(&mut self, row: u32) -> Result<()> {
        let cells: String = self.new_cells(row).iter().map(|cell| self.inserted(row, cell, None)).collect();
        let p = &self.prefix;
        let text = format!("<{p}row r=\"{}\">{cells}</{p}row>", u64::from(row) + 1);
        self.text(&text)
    }

    /// Copies a row in which something changes; its start tag has been read.
    fn row(&mut self, row: u32, tag: &str, empty: bool, row_style: Option<u32>) -> Result<()> {
        let mut new = self.new_cells(row);
        let tag = grown_spans(tag, new.iter().map(|(col, _, _)| *col));
        new.reverse();
        if empty {
            if new.is_empty() {
                return self.text(&tag);
            }
            let open = tag.strip_suffix("/>").unwrap_or(&tag).to_owned();
            let cells: String = new.iter().rev().map(|cell| self.inserted(row, cell, row_style)).collect();
            let p = self.prefix.clone();
            return self.text(&format!("{open}>{cells}</{p}row>"));
        }
        self.text(&tag)?;
        let mut buffer = Vec::new();
        let mut depth = 0_usize;
        let mut col: Option<u32> = None;
        loop {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) if depth == 0 && tag.local_name().as_ref() == "c" => {
                    let at = cell_tag(tag, row, col).col;
                    col = Some(at);
                    while new.last().is_some_and(|(next, _, _)| *next < at) {
                        if let Some(cell) = new.pop() {
                            let text = self.inserted(row, &cell, row_style);
                            self.text(&text)?;
                        }
                    }
                    let planned = self.plan.cells.get(&row).and_then(|cells| cells.get(&at));
                    let area = self.plan.uncache.iter().any(|range| range.contains(row, at));
                    let action = planned.or(area.then_some(&Action::Uncache));
                    if let Some(action) = action {
                        let cell = self.raw_cell(&event)?;
                        let text = cell.apply(action, &self.prefix);
                        self.text(&text)?;
                    } else {
                        depth += usize::from(matches!(event, Event::Start(_)));
                        self.raw(&event)?;
                    }
                }
                Event::Start(_) => {
                    depth += 1;
                    self.raw(&event)?;
                }
                Event::End(_) if depth == 0 => {
                    while let Some(cell) = new.pop() {
                        let text = self.inserted(row, &cell, row_style);
                        self.text(&text)?;
                    }
                    return self.raw(&event);
                }
                Event::End(_) => {
                    depth -= 1;
                    self.raw(&event)?;
                }
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                event => self.raw(event)?,
            }
        }
    }

    /// Reads one cell in pieces; its start event has been read.
    fn raw_cell(&mut self, start: &Event<'_>) -> Result<RawCell> {
        let tag = match start {
            Event::Start(tag) => tag_text(tag, false),
            Event::Empty(tag) => {
                let tag = format!("<{}>", tag.trim_end());
                return Ok(RawCell { tag, end: String::new(), pieces: Vec::new() });
            }
            _ => String::new(),
        };
        let mut pieces: Vec<(String, String)> = Vec::new();
        let mut buffer = Vec::new();
        loop {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    let text = self.capture(&event)?;
                    pieces.push((name, text));
                }
                Event::Empty(tag) => pieces.push((tag.local_name().as_ref().to_owned(), tag_text(tag, true))),
                Event::End(end) => return Ok(RawCell { tag, end: format!("</{}>", &**end), pieces }),
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                event => {
                    let mut text = Vec::new();
                    raw(&mut text, event).map_err(|e| (self.damaged)(&e))?;
                    let text = String::from_utf8(text).map_err(|e| (self.damaged)(&e))?;
                    pieces.push((String::new(), text));
                }
            }
        }
    }
}

/// The cells of an old row by column, with their style.
type OldRow = BTreeMap<u32, (u32, RawCell)>;

/// Styles of the cells of an old row, by column.
type RowStyles = BTreeMap<u32, u32>;

impl Patcher<'_, '_, '_> {
    /// Replaces all rows; the start tag of `sheetData` has been read. Old and new rows pass side by side, one row of
    /// each in memory.
    fn replace_rows(&mut self, tag: &str, empty: bool) -> Result<()> {
        let Some(source) = self.plan.rows else { return Ok(()) };
        let mut new = source.rows().peekable();
        let open = tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{open}>"));
        self.text(&open)?;
        let mut template = RowStyles::new();
        let mut end = format!("</{}sheetData>", self.prefix);
        let mut buffer = Vec::new();
        let mut row: Option<u32> = None;
        let mut inside = !empty;
        while inside {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                    let has_cells = matches!(event, Event::Start(_));
                    let number = row_number(tag, row);
                    row = Some(number);
                    let open = tag_text(tag, false);
                    let (cells, close) = if has_cells { self.old_row(number)? } else { (BTreeMap::new(), None) };
                    while let Some((next, cells)) = new.next_if(|(next, _)| *next < number) {
                        self.fresh_row(next, &cells, &template)?;
                    }
                    let styles = cells.iter().map(|(col, (style, _))| (*col, *style)).collect::<RowStyles>();
                    if let Some((_, values)) = new.next_if(|(next, _)| *next == number) {
                        self.renewed_row(number, &open, close, cells, &values)?;
                    }
                    if !styles.is_empty() {
                        template = styles;
                    }
                }
                Event::Start(_) => {
                    self.capture(&event)?;
                }
                Event::End(tag) => {
                    end = format!("</{}>", &**tag);
                    inside = false;
                }
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                _ => {}
            }
        }
        for (next, cells) in new {
            self.fresh_row(next, &cells, &template)?;
        }
        self.text(&end)
    }

    /// The cells of an old row by column, with their style, and the row's closing tag.
    fn old_row(&mut self, row: u32) -> Result<(OldRow, Option<String>)> {
        let mut cells = BTreeMap::new();
        let mut buffer = Vec::new();
        let mut col: Option<u32> = None;
        loop {
            let event = self.next(&mut buffer)?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "c" => {
                    let cell = cell_tag(tag, row, col);
                    col = Some(cell.col);
                    let raw = self.raw_cell(&event)?;
                    cells.insert(cell.col, (cell.style, raw));
                }
                Event::Start(_) => {
                    self.capture(&event)?;
                }
                Event::End(tag) => return Ok((cells, Some(format!("</{}>", &**tag)))),
                Event::Eof => return Err((self.damaged)(&"het einde ontbreekt")),
                _ => {}
            }
        }
    }

    fn template_style(&self, template: &RowStyles, col: u32) -> u32 {
        template.range(..=col).next_back().map_or_else(|| self.column_style(col), |(_, style)| *style)
    }

    fn fresh_row(&mut self, row: u32, cells: &[NewCell], template: &RowStyles) -> Result<()> {
        let cells: String = cells
            .iter()
            .filter(|cell| cell.value != NewValue::Clear)
            .map(|cell| {
                new_cell(&self.prefix, row, cell.col, self.template_style(template, cell.col), &cell.value)
            })
            .collect();
        if cells.is_empty() {
            return Ok(());
        }
        let p = &self.prefix;
        let text = format!("<{p}row r=\"{}\">{cells}</{p}row>", u64::from(row) + 1);
        self.text(&text)
    }

    fn renewed_row(
        &mut self,
        row: u32,
        tag: &str,
        close: Option<String>,
        mut old: OldRow,
        new: &[NewCell],
    ) -> Result<()> {
        let styles: RowStyles = old.iter().map(|(col, (style, _))| (*col, *style)).collect();
        let mut cells: BTreeMap<u32, String> = BTreeMap::new();
        for cell in new {
            let text = match old.remove(&cell.col) {
                Some((_, raw)) => raw.apply(&Action::Set(cell.value.clone(), None), &self.prefix),
                None if cell.value == NewValue::Clear => continue,
                None => {
                    let style = self.template_style(&styles, cell.col);
                    new_cell(&self.prefix, row, cell.col, style, &cell.value)
                }
            };
            cells.insert(cell.col, text);
        }
        for (col, (style, raw)) in old {
            if style != 0 {
                cells.insert(col, raw.apply(&Action::Set(NewValue::Clear, None), &self.prefix));
            }
        }
        let tag = grown_spans(tag, cells.keys().copied());
        let close = close.unwrap_or_else(|| format!("</{}row>", self.prefix));
        let cells: String = cells.into_values().collect();
        self.text(&format!("{tag}{cells}{close}"))
    }
}

/// The start tag of a row with its `spans` grown to hold new columns; without `spans` it stays as it is.
fn grown_spans(tag: &str, columns: impl Iterator<Item = u32> + Clone) -> String {
    let (Some(first), Some(last)) = (columns.clone().min(), columns.max()) else { return tag.to_owned() };
    let whole = format!("{}</row>", tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{open}>")));
    let spans = spans_of(&whole);
    let Some(spans) = spans else { return tag.to_owned() };
    // Several spans are allowed; growing the first and last of them covers every new column.
    let parts: Vec<(u32, u32)> = spans
        .split_whitespace()
        .filter_map(|span| span.split_once(':'))
        .filter_map(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)))
        .collect();
    let (Some(low), Some(high)) = (parts.iter().map(|p| p.0).min(), parts.iter().map(|p| p.1).max()) else {
        return tag.to_owned();
    };
    if first + 1 >= low && last < high {
        return tag.to_owned();
    }
    with_attribute(tag, "spans", &format!("{}:{}", low.min(first + 1), high.max(last + 1)))
}

fn spans_of(element: &str) -> Option<String> {
    let mut reader = Reader::from_str(element);
    reader.config_mut().check_end_names = false;
    match reader.read_event() {
        Ok(Event::Start(tag)) => attribute(&tag, "spans"),
        _ => None,
    }
}
