//! The records of an xls: how far apart its cells lie.
//!
//! Owns what a reader of xls files takes for granted of the records in the stream: it makes a table of everything between
//! the first and the last cell of each tab, so that two cells in a file of 18 kB asked for 300 GB. Does not know what the
//! cells hold.

use std::io::{Cursor, Read};

/// Most cells, over all tabs, between the first and the last of each. A full tab has 65,536 rows of 256 columns.
const MAX_CELLS: u64 = 8_000_000;

/// Record types: where a tab begins, begin and end of a stream within the stream, and what states how large a tab is.
const BOUND_SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
/// Records with one cell, of which row and column come first: formula, number, label, boolean or error, rich text, number
/// in short, text of the table.
const ONE_CELL: [u16; 7] = [0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x027E, 0x00FD];
/// A row of numbers: row, first column, the numbers, last column.
const NUMBERS: u16 = 0x00BD;

/// True when the tables that a reader makes of all tabs stay within bounds; also when there is no stream of an xls in the
/// file, which a reader refuses by itself.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    let Ok(mut file) = ::cfb::CompoundFile::open(Cursor::new(bytes)) else { return false };
    let Some(mut stream) = ["/Workbook", "/Book"].into_iter().find_map(|name| file.open_stream(name).ok()) else {
        return true;
    };
    let mut records = Vec::new();
    // A stream is a part of the file, so its length is bounded by that of the file.
    stream.read_to_end(&mut records).is_ok() && within(&records)
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The records from a place on: type and data. Ends where the stream does, or where a record is cut off.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (short(stream, at)?, usize::from(short(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

fn within(stream: &[u8]) -> bool {
    let globals = records(stream, 0).take_while(|(kind, _)| *kind != END);
    let tabs = globals.filter(|(kind, _)| *kind == BOUND_SHEET).filter_map(|(_, data)| long(data, 0));
    let mut total = 0_u64;
    for tab in tabs {
        let Ok(start) = usize::try_from(tab) else { return false };
        total = total.saturating_add(cells_of(stream, start));
        if total > MAX_CELLS {
            return false;
        }
    }
    true
}

/// How many cells a reader makes room for on the tab that begins at `start`.
fn cells_of(stream: &[u8], start: usize) -> u64 {
    let (mut begun, mut depth, mut stated) = (false, 0_u32, 0_u64);
    let mut rows: Option<(u32, u32)> = None;
    let mut cols: Option<(u32, u32)> = None;
    let grow = |range: &mut Option<(u32, u32)>, at: u16| {
        let at = u32::from(at);
        *range = Some(range.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
    };
    for (kind, data) in records(stream, start) {
        match kind {
            BEGIN if begun => depth += 1,
            BEGIN => begun = true,
            END if depth == 0 => break,
            END => depth -= 1,
            _ if depth > 0 => {}
            // Of a tab with stated dimensions room is reserved, whatever cells follow.
            DIMENSIONS => stated = stated.max(stated_cells(data).unwrap_or(0)),
            kind if kind == NUMBERS || ONE_CELL.contains(&kind) => {
                let (Some(row), Some(col)) = (short(data, 0), short(data, 2)) else { continue };
                grow(&mut rows, row);
                grow(&mut cols, col);
                if kind == NUMBERS
                    && let Some(last) = data.len().checked_sub(2).and_then(|at| short(data, at))
                {
                    grow(&mut cols, last);
                }
            }
            _ => {}
        }
    }
    let span = |range: Option<(u32, u32)>| range.map_or(0, |(first, last)| u64::from(last - first) + 1);
    stated.max(span(rows).saturating_mul(span(cols)))
}

/// Rows times columns as the record states them: first and last plus one, in 16 bits or (rows) in 32.
fn stated_cells(data: &[u8]) -> Option<u64> {
    let (first, last, left, right) = match data.len() {
        10 => (u32::from(short(data, 0)?), u32::from(short(data, 2)?), short(data, 4)?, short(data, 6)?),
        _ => (long(data, 0)?, long(data, 4)?, short(data, 8)?, short(data, 10)?),
    };
    // An impossible first column counts as none.
    let left = if left > 0xFF || right < left { 0 } else { left };
    let rows = u64::from(last.checked_sub(first).unwrap_or(u32::MAX));
    Some(rows.saturating_mul(u64::from(right - left)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    /// A stream of one tab with these records.
    fn stream(tab: &[Vec<u8>]) -> Vec<u8> {
        let globals =
            |at: u32| [record(BEGIN, &[]), record(BOUND_SHEET, &at.to_le_bytes()), record(END, &[])].concat();
        let start = u32::try_from(globals(0).len()).unwrap();
        [globals(start), record(BEGIN, &[]), tab.concat(), record(END, &[])].concat()
    }

    fn number(row: u16, col: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &col.to_le_bytes(), &[0; 10]].concat())
    }

    fn dimensions(rows: u32, cols: u16) -> Vec<u8> {
        record(DIMENSIONS, &[&[0; 4][..], &rows.to_le_bytes(), &[0; 2], &cols.to_le_bytes(), &[0; 2]].concat())
    }

    #[test]
    fn cells_that_lie_far_apart_or_are_said_to_are_too_many() {
        assert!(within(&stream(&[dimensions(500, 200), number(0, 0), number(499, 199)])));
        assert!(within(&stream(&[number(65_535, 0), number(65_535, 60_000)])));
        assert!(!within(&stream(&[number(0, 0), number(65_535, 255)])));
        assert!(!within(&stream(&[number(9, 0), number(0, 60_000), number(999, 3)])));
        assert!(!within(&stream(&[dimensions(65_536, 256), number(0, 0)])));
        assert!(!within(&stream(&[dimensions(u32::MAX, 1), number(0, 0)])));
        let numbers = record(NUMBERS, &[&[0; 8][..], &60_000_u16.to_le_bytes()].concat());
        assert!(!within(&stream(&[numbers, number(1_000, 0)])));
    }

    #[test]
    fn what_lies_in_a_chart_on_the_tab_or_behind_its_end_does_not_count() {
        let chart = [record(BEGIN, &[]), number(65_535, 255), record(END, &[])].concat();
        assert!(within(&stream(&[number(0, 0), chart, number(1, 1), record(END, &[]), number(65_535, 255)])));
    }

    #[test]
    fn tabs_count_together() {
        let cells = [record(BEGIN, &[]), number(0, 0), number(65_535, 99), record(END, &[])].concat();
        let globals = |at: u32| {
            let tab = record(BOUND_SHEET, &at.to_le_bytes());
            [record(BEGIN, &[]), tab.clone(), tab, record(END, &[])].concat()
        };
        let start = u32::try_from(globals(0).len()).unwrap();
        assert!(!within(&[globals(start), cells].concat()), "two tabs of 6.5 million cells at one place");
    }
}
