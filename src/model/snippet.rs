//! A piece of a tab around one cell, as people see it in Excel: for showing where a finding is.

use serde::Serialize;

/// A few rows and columns of a tab, with Excel's own letters and row numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// Letters of the columns shown, left to right.
    pub columns: Vec<String>,
    /// The rows shown, top to bottom.
    pub rows: Vec<SnippetRow>,
    /// Which of the columns holds the cell; `None` when the finding is about the whole row.
    pub column: Option<usize>,
}

/// A row of a [`Snippet`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SnippetRow {
    /// Excel's number of the row (1 is the first).
    pub number: u32,
    /// What the cells show, one per column.
    pub cells: Vec<String>,
    /// True for the row with the headings of the columns.
    pub heading: bool,
    /// True for the row that the finding is about.
    pub marked: bool,
}
