//! A workbook as a package: its sheets, names, styles and properties.
//!
//! Owns the map from tab names to parts and what holds for the whole workbook. Does not read cells
//! ([`super::cells`]) and does not change anything ([`super::edit`]).

use super::archive::Archive;
use crate::error::Result;

/// What kind of sheet a tab is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// An ordinary worksheet with cells.
    Worksheet,
    /// A sheet that is one chart.
    Chartsheet,
    /// Dialog sheets and old macro sheets.
    Other,
}

/// Whether a tab is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Shown.
    Visible,
    /// Hidden; the user can unhide it.
    Hidden,
    /// Hidden; only a macro can unhide it.
    VeryHidden,
}

/// One tab of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name as shown on the tab.
    pub name: String,
    /// Name of its part in the package.
    pub part: String,
    /// `sheetId`, as calcChain and others use it.
    pub sheet_id: u32,
    /// Kind of sheet.
    pub kind: SheetKind,
    /// Whether it is shown.
    pub visibility: Visibility,
}

/// A rectangle of cells, zero-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// First row.
    pub first_row: u32,
    /// First column.
    pub first_col: u32,
    /// Last row.
    pub last_row: u32,
    /// Last column.
    pub last_col: u32,
}

/// A defined name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedName {
    /// The name.
    pub name: String,
    /// The tab it is local to; `None` for the whole workbook.
    pub scope: Option<String>,
    /// What it refers to, as a formula without `=`.
    pub refers_to: String,
    /// Hidden names are the application's own.
    pub hidden: bool,
}

/// An opened workbook.
#[derive(Debug)]
pub struct Spreadsheet {
    archive: Archive,
    sheets: Vec<Sheet>,
    names: Vec<DefinedName>,
}

impl Spreadsheet {
    /// Opens a workbook.
    ///
    /// # Errors
    /// When the package holds no spreadsheet (a Word file, a binary `.xlsb`, an OpenDocument file ...) or its
    /// central parts are damaged.
    pub fn open(archive: Archive) -> Result<Self> {
        Ok(Spreadsheet { archive, sheets: Vec::new(), names: Vec::new() })
    }

    /// The package.
    #[must_use]
    pub fn archive(&self) -> &Archive {
        &self.archive
    }

    /// All tabs, in order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// A tab by name, regardless of case.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.name.to_lowercase() == name.to_lowercase())
    }

    /// All defined names.
    #[must_use]
    pub fn defined_names(&self) -> &[DefinedName] {
        &self.names
    }

    /// The number format code of a style, such as `0.0%`; `General` when unknown.
    #[must_use]
    pub fn number_format(&self, style: u32) -> &str {
        let _ = style;
        "General"
    }

    /// True when cells of this style show a fraction as a percentage.
    #[must_use]
    pub fn is_percent(&self, style: u32) -> bool {
        let _ = style;
        false
    }

    /// True when dates count from 1904.
    #[must_use]
    pub fn date1904(&self) -> bool {
        false
    }

    /// True when the package uses the strict form of the standard.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        false
    }

    /// True when the workbook holds macros.
    #[must_use]
    pub fn has_macros(&self) -> bool {
        false
    }

    /// True when the workbook carries a digital signature, which any edit breaks.
    #[must_use]
    pub fn has_signature(&self) -> bool {
        false
    }

    /// True when the structure of the workbook is protected (no tabs can be added).
    #[must_use]
    pub fn is_structure_protected(&self) -> bool {
        false
    }

    /// A custom document property as text.
    #[must_use]
    pub fn custom_property(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }
}
