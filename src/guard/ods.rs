//! How large an ods becomes once its repeated cells, rows and blanks are written out.
//!
//! An ods says 'this cell 16384 times' in twenty bytes, and calamine makes a full rectangle of every table. Owns the
//! count; knows no figures.

use super::{contains, find};

/// Most cells that a table may have as a full rectangle.
pub(super) const MAX_RECTANGLE: u64 = 8_000_000;

/// Most blanks in a row that a text may have.
pub(super) const MAX_BLANKS: u64 = 100_000;

/// What `content.xml` comes to.
pub(super) struct Extent {
    /// The number of cells of the largest table, as the rectangle around its filled cells.
    pub(super) cells: u64,
    /// The longest row of blanks that is written as one.
    pub(super) blanks: u64,
}

/// Counts what `content.xml` comes to.
pub(super) fn extent(content: &[u8]) -> Extent {
    let (mut largest, mut blanks) = (0, 0);
    let mut table = Table::default();
    let mut rest = content;
    while let Some(at) = find(rest, b"<") {
        rest = rest.get(at..).unwrap_or_default();
        let end = find(rest, b">").unwrap_or(rest.len());
        let tag = rest.get(1..end).unwrap_or_default();
        if starts(tag, b"text:s") {
            blanks = blanks.max(number(tag, b"text:c"));
        }
        table.tag(tag);
        largest = largest.max(table.width.saturating_mul(table.height));
        rest = rest.get(end.max(1)..).unwrap_or_default();
    }
    Extent { cells: largest, blanks }
}

/// The number in an attribute; 1 when it is not there.
fn number(tag: &[u8], name: &[u8]) -> u64 {
    attribute_text(tag, name).and_then(|text| text.trim().parse().ok()).unwrap_or(1)
}

#[derive(Default)]
struct Table {
    /// Rows before the current one.
    row: u64,
    /// How often the current row stands there.
    repeat: u64,
    /// Columns up to and with the current cell.
    col: u64,
    filled: bool,
    width: u64,
    height: u64,
}

impl Table {
    fn tag(&mut self, tag: &[u8]) {
        let closed = tag.ends_with(b"/");
        if starts(tag, b"table:table") {
            *self = Table::default();
        } else if starts(tag, b"table:table-row") {
            let repeat = number(tag, b"table:number-rows-repeated");
            (self.repeat, self.col, self.filled) = (repeat, 0, false);
            if closed {
                self.row = self.row.saturating_add(repeat);
            }
        } else if starts(tag, b"/table:table-row") {
            self.row = self.row.saturating_add(self.repeat);
            if self.filled {
                self.height = self.row;
            }
        } else if starts(tag, b"table:table-cell") || starts(tag, b"table:covered-table-cell") {
            self.col = self.col.saturating_add(number(tag, b"table:number-columns-repeated"));
            if contains(tag, b"office:value") || contains(tag, b"table:formula") {
                self.fill();
            }
        } else if starts(tag, b"text:p") {
            self.fill();
        }
    }

    fn fill(&mut self) {
        self.filled = true;
        self.width = self.width.max(self.col);
    }
}

/// True when the tag has exactly this name.
fn starts(tag: &[u8], name: &[u8]) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.first().is_none_or(|b| b.is_ascii_whitespace() || *b == b'/'))
}

/// The value of an attribute in the first tags of a part.
fn attribute_text(head: &[u8], attribute: &[u8]) -> Option<String> {
    let mut rest = head;
    loop {
        let at = find(rest, attribute)?;
        let before = at.checked_sub(1).and_then(|i| rest.get(i)).copied();
        let after = rest.get(at + attribute.len()..)?;
        let spaces = after.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if before.is_some_and(|b| b.is_ascii_whitespace()) && after.get(spaces) == Some(&b'=') {
            let value = after.get(spaces + 1..)?;
            let spaces = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let (quote, value) = value.get(spaces..)?.split_first()?;
            let end = value.iter().position(|b| b == quote)?;
            return Some(String::from_utf8_lossy(value.get(..end)?).into_owned());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_cells_and_rows_count_as_often_as_they_stand_there() {
        let table = |cell: &str| {
            format!(
                "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1000\">{cell}\
                </table:table-row><table:table-row table:number-rows-repeated=\"1047576\"><table:table-cell \
                table:number-columns-repeated=\"16384\"/></table:table-row></table:table>"
            )
        };
        let filled = r#"<table:table-cell table:number-columns-repeated="500" office:value-type="float"/>"#;
        assert_eq!(extent(table(filled).as_bytes()).cells, 500_000);
        let text = r#"<table:table-cell table:number-columns-repeated="3"><text:p>a</text:p></table:table-cell>"#;
        assert_eq!(extent(table(text).as_bytes()).cells, 3000);
        let empty = r#"<table:table-cell table:number-columns-repeated="16384"/>"#;
        assert_eq!(extent(table(empty).as_bytes()).cells, 0);
    }

    #[test]
    fn two_cells_far_apart_span_a_rectangle() {
        let content = "<table:table><table:table-row><table:table-cell office:value=\"1\"/></table:table-row>\
            <table:table-row table:number-rows-repeated=\"9998\"/><table:table-row><table:table-cell \
            table:number-columns-repeated=\"999\"/><table:table-cell office:value=\"2\"/></table:table-row></table:table>";
        assert_eq!(extent(content.as_bytes()).cells, 10_000_000);
    }
}
