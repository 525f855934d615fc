//! Replacing all rows of a worksheet while its styles and surroundings stay.
//!
//! Owns running old and new rows side by side, one of each in memory.

use std::collections::BTreeMap;

use quick_xml::events::Event;

use super::cellxml::{RawCell, grown_spans, new_cell, tag_text};
use super::patch::{Action, Patcher};
use super::{NewCell, NewValue};
use crate::error::Result;
use crate::package::cells::{cell_tag, row_number};

/// Rows that replace all rows. A trait, because two owners of rows with lifetimes of their own are handed on. Tabs are
/// written side by side, so it may be asked for from any thread.
pub(crate) trait RowSource: Sync {
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
