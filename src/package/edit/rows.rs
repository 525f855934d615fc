//! Replacing all rows of a worksheet while its styles and surroundings stay.
//!
//! Owns running old and new rows side by side, one of each in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quick_xml::events::Event;

use super::cellxml::{RawCell, grown_spans, new_cell, tag_text};
use super::patch::{Action, Patcher};
use super::scan::Address;
use super::{NewCell, NewRow, NewValue};
use crate::error::Result;
use crate::package::cells::{cell_tag, row_number, stream_reader};
use crate::package::spreadsheet::Spreadsheet;
use crate::package::xml::{UNREADABLE, with_attribute};

/// Rows that replace all rows. A trait, because two owners of rows with lifetimes of their own are handed on. Tabs are
/// written side by side, so it may be asked for from any thread.
pub(crate) trait RowSource: Sync {
    /// The rows afresh, ascending.
    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_>;

    /// Old cells that stay though no row names them.
    fn kept(&self) -> Option<&BTreeSet<Address>> {
        None
    }

    /// Columns that come, first and last.
    fn columns(&self) -> Option<(u32, u32)> {
        None
    }
}

impl RowSource for super::SheetRows<'_> {
    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_> {
        (self.rows)()
    }

    fn kept(&self) -> Option<&BTreeSet<Address>> {
        Some(&self.keep)
    }

    fn columns(&self) -> Option<(u32, u32)> {
        self.columns
    }
}

impl RowSource for super::HiddenTab {
    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_> {
        Box::new((0_u32..).zip(&self.rows).map(|(row, cells)| {
            let cells = (0_u32..).zip(cells).map(|(col, value)| NewCell { col, value: value.clone(), like: None });
            NewRow { row, like: None, cells: cells.collect() }
        }))
    }
}

/// Column and style of cells, ascending.
type CellStyles = Vec<(u32, u32)>;

/// How an old row looks: its start tag and the styles of its cells.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RowLook {
    tag: String,
    /// Most rows of a table look the same, so they are shared.
    styles: Arc<CellStyles>,
}

impl RowLook {
    /// The style of a cell, else of the nearest cell to its left.
    fn style(&self, col: u32) -> Option<u32> {
        let upto = self.styles.partition_point(|(at, _)| *at <= col);
        self.styles.get(upto.checked_sub(1)?).map(|(_, style)| *style)
    }
}

/// Looks of old rows, by row.
pub(crate) type Looks = BTreeMap<u32, RowLook>;

/// How these rows of a worksheet part look.
pub(crate) fn looks(book: &Spreadsheet, part: &str, wanted: &BTreeSet<u32>) -> Result<Looks> {
    book.archive().stream_text(part, |reader, _| {
        let damaged = |e: &dyn std::fmt::Display| book.archive().damaged(part, e);
        let mut reader = stream_reader(reader);
        let mut buffer = Vec::new();
        let mut looks = Looks::new();
        let mut shared: Arc<CellStyles> = Arc::default();
        let mut row: Option<u32> = None;
        // The row under way: its number, its start tag, the styles so far.
        let mut open: Option<(u32, String, CellStyles)> = None;
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(|_| damaged(&UNREADABLE))?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "row" => {
                    let number = row_number(tag, row);
                    row = Some(number);
                    open = wanted.contains(&number).then(|| (number, tag_text(tag, false), Vec::new()));
                    if matches!(event, Event::Empty(_))
                        && let Some((number, tag, _)) = open.take()
                    {
                        looks.insert(number, RowLook { tag, styles: Arc::default() });
                    }
                }
                Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "c" => {
                    if let Some((number, _, styles)) = &mut open {
                        let previous = styles.last().map(|(col, _)| *col);
                        let cell = cell_tag(tag, *number, previous);
                        styles.push((cell.col, cell.style));
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => {
                    if let Some((number, tag, styles)) = open.take() {
                        if *shared != styles {
                            shared = Arc::new(styles);
                        }
                        looks.insert(number, RowLook { tag, styles: Arc::clone(&shared) });
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(looks),
                Event::Eof => return Ok(looks),
                _ => {}
            }
        }
    })
}

/// The cells of an old row by column, with their style.
type OldRow = BTreeMap<u32, (u32, RawCell)>;

/// Styles of the cells of an old row, by column.
type RowStyles = BTreeMap<u32, u32>;

impl Patcher<'_, '_, '_> {
    /// Replaces all rows; the start tag of `sheetData` has been read. Old and new rows pass side by side, one row of
    /// each in memory.
    pub(super) fn replace_rows(&mut self, tag: &str, empty: bool) -> Result<()> {
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
                    while let Some(next) = new.next_if(|next| next.row < number) {
                        self.fresh_row(&next, &template)?;
                    }
                    let styles = cells.iter().map(|(col, (style, _))| (*col, *style)).collect::<RowStyles>();
                    match new.next_if(|next| next.row == number) {
                        Some(next) if next.like.is_some_and(|like| like != number) => {
                            self.fresh_row(&next, &template)?;
                        }
                        Some(next) => self.renewed_row(&open, close, cells, &next)?,
                        // Where cells of people stay, so does a row that only has a look.
                        None if source.kept().is_some() => {
                            let next = NewRow { row: number, like: None, cells: Vec::new() };
                            self.renewed_row(&open, close, cells, &next)?;
                        }
                        None => {}
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
        for next in new {
            self.fresh_row(&next, &template)?;
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

    /// The style that a new cell takes from the cell it is like.
    fn style_like(&self, cell: &NewCell) -> Option<u32> {
        let (row, col) = cell.like?;
        self.plan.looks.get(&row)?.style(col)
    }

    /// Writes a row that did not stand there: as the row it is like, else as the rows above it.
    fn fresh_row(&mut self, new: &NewRow, template: &RowStyles) -> Result<()> {
        let row = new.row;
        let look = new.like.and_then(|like| self.plan.looks.get(&like));
        let styles = look.map(|look| Arc::clone(&look.styles)).unwrap_or_default();
        // Cells that only have a look stay empty cells with that look.
        let mut cells: BTreeMap<u32, String> = styles
            .iter()
            .filter(|(_, style)| *style != 0)
            .map(|(col, style)| (*col, new_cell(&self.prefix, row, *col, *style, &NewValue::Clear)))
            .collect();
        for cell in new.cells.iter().filter(|cell| cell.value != NewValue::Clear) {
            let of_row = || look.and_then(|look| look.style(cell.col));
            let style = self.style_like(cell).or_else(of_row);
            let style = style.unwrap_or_else(|| self.template_style(template, cell.col));
            cells.insert(cell.col, new_cell(&self.prefix, row, cell.col, style, &cell.value));
        }
        if cells.is_empty() {
            return Ok(());
        }
        let p = &self.prefix;
        let number = (u64::from(row) + 1).to_string();
        let tag = match look {
            Some(look) => grown_spans(&with_attribute(&look.tag, "r", &number), cells.keys().copied()),
            None => format!("<{p}row r=\"{number}\">"),
        };
        let text = format!("{tag}{}</{p}row>", cells.into_values().collect::<String>());
        self.text(&text)
    }

    fn renewed_row(&mut self, tag: &str, close: Option<String>, mut old: OldRow, new: &NewRow) -> Result<()> {
        let row = new.row;
        let had_cells = !old.is_empty();
        let styles: RowStyles = old.iter().map(|(col, (style, _))| (*col, *style)).collect();
        let mut cells: BTreeMap<u32, String> = BTreeMap::new();
        for cell in &new.cells {
            let like = self.style_like(cell);
            let text = match old.remove(&cell.col) {
                Some((_, raw)) => raw.apply(&Action::Set(cell.value.clone(), like), &self.prefix),
                None if cell.value == NewValue::Clear => continue,
                None => {
                    let style = like.unwrap_or_else(|| self.template_style(&styles, cell.col));
                    new_cell(&self.prefix, row, cell.col, style, &cell.value)
                }
            };
            cells.insert(cell.col, text);
        }
        let kept = self.plan.rows.and_then(RowSource::kept);
        let keeps = |col: u32| kept.is_some_and(|kept| kept.contains(&(row, col)));
        let planned = self.plan.cells.get(&row);
        for (col, (style, raw)) in old {
            if keeps(col) {
                // A formula that stays may look at what changes.
                let body = || self.plan.uncache.iter().any(|range| range.contains(row, col));
                let action = planned.and_then(|cells| cells.get(&col)).cloned();
                let action = action.or_else(|| body().then_some(Action::Uncache));
                let text = match action {
                    Some(action) => raw.apply(&action, &self.prefix),
                    None => raw.text(),
                };
                cells.insert(col, text);
            } else if style != 0 {
                cells.insert(col, raw.apply(&Action::Set(NewValue::Clear, None), &self.prefix));
            }
        }
        // A row of which nothing is left, not even a look.
        if cells.is_empty()
            && had_cells
            && !["ht=", "s=", "hidden=", "outlineLevel="].iter().any(|look| tag.contains(&format!(" {look}")))
        {
            return Ok(());
        }
        let tag = grown_spans(tag, cells.keys().copied());
        let close = close.unwrap_or_else(|| format!("</{}row>", self.prefix));
        let cells: String = cells.into_values().collect();
        self.text(&format!("{tag}{cells}{close}"))
    }
}
