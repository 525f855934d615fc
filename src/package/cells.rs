//! A stream over the cells of one worksheet, with what value readers lack: style, formula kind, raw value.
//!
//! Owns reading `sheetData`. Memory stays flat: one cell at a time.

use super::spreadsheet::Spreadsheet;
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
    /// The formula, when there is one.
    pub formula: Option<FormulaView<'a>>,
}

/// The texts that cells refer to by number.
#[derive(Debug, Default)]
pub struct SharedStrings {
    pub(crate) texts: Vec<String>,
}

impl SharedStrings {
    /// The text with this number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        self.texts.get(index).map(String::as_str)
    }
}

impl CellView<'_> {
    /// The value of the cell; for a formula its cached value.
    #[must_use]
    pub fn value(&self, strings: &SharedStrings) -> CellValue {
        let _ = strings;
        CellValue::Empty
    }
}

impl Spreadsheet {
    /// Visits the cells of a worksheet in the order of the file. `visit` returns false to stop early.
    ///
    /// # Errors
    /// When the tab does not exist, is no worksheet, or its part is damaged; and what `visit` returns.
    pub fn visit_cells(&self, tab: &str, visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>) -> Result<()> {
        let _ = (tab, visit);
        Ok(())
    }

    /// All shared strings of the workbook, in memory.
    ///
    /// # Errors
    /// When the part is damaged or unreasonably large.
    pub fn shared_strings(&self) -> Result<SharedStrings> {
        Ok(SharedStrings::default())
    }
}
