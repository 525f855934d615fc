//! The second pass over a worksheet: everything passes byte for byte, except what the plan names.
//!
//! Owns writing cells, rows and conditional formatting into an existing part. Decides nothing: what may change was
//! settled before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::NewValue;
use super::cellxml::{RawCell, grown_spans, new_cell, raw, tag_text};
use super::rows::{Looks, RowSource};
use super::rules::without_rules;
use super::scan::Address;
use super::smallparts::RELATIONSHIPS;
use crate::error::{Error, Result};
use crate::package::cells::{NO_DOCTYPE, cell_tag, row_number, stream_reader};
use crate::package::spreadsheet::Range;
use crate::package::xml::{
    MAX_DEPTH, UNREADABLE, attribute, elements, is_true, with_attribute, xml_escape, xml_escape_attribute,
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

/// What happens to the reference to the drawing with notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Legacy {
    /// It comes, with this relationship; `true` in the strict form of the standard.
    Add(String, bool),
    /// It goes.
    Remove,
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
    /// How the old rows look that new ones are like.
    pub(crate) looks: Looks,
    pub(crate) legacy: Option<Legacy>,
}

impl SheetPlan<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
            && self.uncache.is_empty()
            && self.remove_rules.is_empty()
            && self.add_rules.is_empty()
            && self.rows.is_none()
            && self.legacy.is_none()
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

/// Elements of a worksheet between conditional formatting and the drawing with notes.
const BEFORE_NOTES: [&str; 13] = [
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
];

/// Runs a plan over a worksheet.
pub(crate) struct Patcher<'p, 'r, 'w> {
    reader: Reader<&'r mut dyn BufRead>,
    out: &'w mut dyn Write,
    pub(super) plan: &'p SheetPlan<'p>,
    pub(super) damaged: &'p dyn Fn(&dyn std::fmt::Display) -> Error,
    pub(super) prefix: String,
    rules_done: bool,
    notes_done: bool,
}

impl<'p, 'r, 'w> Patcher<'p, 'r, 'w> {
    pub(crate) fn new(
        reader: &'r mut dyn BufRead,
        out: &'w mut dyn Write,
        plan: &'p SheetPlan<'p>,
        damaged: &'p dyn Fn(&dyn std::fmt::Display) -> Error,
    ) -> Self {
        let rules_done = plan.add_rules.is_empty();
        let notes_done = !matches!(plan.legacy, Some(Legacy::Add(..)));
        Patcher {
            reader: stream_reader(reader),
            out,
            plan,
            damaged,
            prefix: String::new(),
            rules_done,
            notes_done,
        }
    }

    pub(super) fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>> {
        buffer.clear();
        let event = self.reader.read_event_into(buffer).map_err(|_| (self.damaged)(&UNREADABLE))?;
        match event {
            Event::DocType(_) => Err((self.damaged)(&NO_DOCTYPE)),
            event => Ok(event),
        }
    }

    fn raw(&mut self, event: &Event<'_>) -> Result<()> {
        raw(self.out, event).map_err(|e| (self.damaged)(&e))
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
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
                    if depth == 1
                        && !self.notes_done
                        && !BEFORE_RULES.contains(&local)
                        && !BEFORE_NOTES.contains(&local)
                    {
                        self.add_notes()?;
                    }
                    match (depth, local) {
                        (1, "legacyDrawing") if self.plan.legacy == Some(Legacy::Remove) => {
                            if !empty {
                                self.capture(&event)?;
                            }
                            continue;
                        }
                        (1, "dimension") if self.plan.dimension.is_some() => {
                            let dimension = self.plan.dimension.clone().unwrap_or_default();
                            self.text(&with_attribute(&tag_text(tag, empty), "ref", &dimension))?;
                        }
                        (1, "cols") if !empty && self.plan.rows.is_some_and(|rows| rows.columns().is_some()) => {
                            let whole = self.capture(&event)?;
                            let wider = self.wider(&whole)?;
                            self.text(&wider)?;
                            continue;
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
                        (1, "conditionalFormatting" | "extLst")
                            if !empty && !self.plan.remove_rules.is_empty() =>
                        {
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
                    if depth == 0 && !self.notes_done {
                        self.add_notes()?;
                    }
                    self.raw(&event)?;
                }
                Event::Eof => return Ok(()),
                event => self.raw(event)?,
            }
        }
    }

    /// Reads an element to its end as raw text; its start event has been read.
    pub(super) fn capture(&mut self, start: &Event<'_>) -> Result<String> {
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

    /// The widths of columns, with those that come as wide as the column to their left.
    fn wider(&self, whole: &str) -> Result<String> {
        let Some((first, last)) = self.plan.rows.and_then(RowSource::columns) else { return Ok(whole.to_owned()) };
        let all = elements(whole).map_err(|e| (self.damaged)(&e))?;
        let number = |e: &crate::package::xml::Element, name: &str| e.attribute(name)?.trim().parse::<u32>().ok();
        let columns: Vec<_> = all.iter().filter(|e| e.local == "col").collect();
        // Columns are counted from 1 here: the one to the left of the first new column has its number.
        let beyond = columns.iter().any(|e| number(e, "max").is_some_and(|max| max > first));
        let left = columns.iter().find(|e| number(e, "max") == Some(first)).filter(|_| !beyond);
        let Some(left) = left else { return Ok(whole.to_owned()) };
        let tag = whole.get(left.tag.clone()).unwrap_or_default();
        let mut splices = crate::package::xml::Splices::default();
        splices.replace(left.tag.clone(), with_attribute(tag, "max", &(last + 1).to_string()));
        Ok(splices.apply(whole))
    }

    fn without_rules(&self, whole: &str) -> Result<String> {
        let all = elements(whole).map_err(|e| (self.damaged)(&e))?;
        Ok(without_rules(whole, &all, &self.plan.remove_rules))
    }

    fn add_notes(&mut self) -> Result<()> {
        self.notes_done = true;
        let Some(Legacy::Add(id, strict)) = &self.plan.legacy else { return Ok(()) };
        let namespace = RELATIONSHIPS.get(usize::from(*strict)).copied().unwrap_or_default();
        let (p, id) = (&self.prefix, xml_escape_attribute(id));
        let text = format!("<{p}legacyDrawing xmlns:r=\"{namespace}\" r:id=\"{id}\"/>");
        self.text(&text)
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

    pub(super) fn column_style(&self, col: u32) -> u32 {
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
                        // In a damaged file a cell with a formula of its own may lie in the area of another's.
                        let own = planned.is_none() && cell.pieces.iter().any(|(name, _)| name == "f");
                        let text = if own { cell.text() } else { cell.apply(action, &self.prefix) };
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
    pub(super) fn raw_cell(&mut self, start: &Event<'_>) -> Result<RawCell> {
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
