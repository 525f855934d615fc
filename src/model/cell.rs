//! Addresses and values of cells.

use serde::{Deserialize, Serialize};

/// A cell in a workbook. Row and column are **zero-based**; [`CellRef::a1`] shows them as Excel does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CellRef {
    /// Name of the tab, exactly as in the workbook.
    pub tab: String,
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column (0 = A).
    pub col: u32,
}

impl CellRef {
    /// A cell on `tab` at zero-based `row` and `col`.
    pub fn new(tab: impl Into<String>, row: u32, col: u32) -> Self {
        CellRef { tab: tab.into(), row, col }
    }

    /// The address as Excel writes it, without the tab: `E17`.
    #[must_use]
    pub fn a1(&self) -> String {
        format!("{}{}", column_letters(self.col), u64::from(self.row) + 1)
    }
}

/// The letters of a zero-based column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(col: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(col) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Reads an A1 address (with or without `$`) into zero-based row and column; `None` when it is not one or
/// lies outside Excel's 1,048,576 rows and 16,384 columns.
#[must_use]
pub fn parse_a1(text: &str) -> Option<(u32, u32)> {
    let text: String = text.chars().filter(|c| *c != '$').collect();
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at_checked(split)?;
    if letters.is_empty() || letters.len() > 3 || digits.len() > 7 {
        return None;
    }
    let mut col: u32 = 0;
    for c in letters.chars() {
        if !c.is_ascii_alphabetic() {
            return None;
        }
        col = col * 26 + (u32::from(c.to_ascii_uppercase()) - u32::from('A') + 1);
    }
    let row: u32 = digits.parse().ok()?;
    ((1..=1_048_576).contains(&row) && col <= 16_384).then(|| (row - 1, col - 1))
}

/// The value of a cell as read, free of any library's types.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellValue {
    /// Nothing in the cell.
    #[default]
    Empty,
    /// A number, as stored (a percentage cell holds a fraction).
    Number(f64),
    /// Text.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// An Excel error such as `#N/A`, as Excel writes it.
    Error(String),
}

impl CellValue {
    /// True when empty or only white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            CellValue::Empty => true,
            CellValue::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as text, trimmed; numbers without trailing zeros, with a point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            CellValue::Empty => String::new(),
            CellValue::Number(number) => number.to_string(),
            CellValue::Text(text) | CellValue::Error(text) => text.trim().to_owned(),
            CellValue::Bool(true) => "WAAR".to_owned(),
            CellValue::Bool(false) => "ONWAAR".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_27_is_written_aa() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16_383), "XFD");
    }

    #[test]
    fn an_address_survives_writing_and_reading() {
        for (row, col) in [(0, 0), (16, 4), (1_048_575, 16_383)] {
            assert_eq!(parse_a1(&CellRef::new("x", row, col).a1()), Some((row, col)));
        }
        assert_eq!(parse_a1("$E$17"), Some((16, 4)));
        for wrong in ["", "E", "17", "E0", "XFE1", "A1048577", "AAAA1", "1E"] {
            assert_eq!(parse_a1(wrong), None, "{wrong}");
        }
    }
}
