//! The surgical patch: what may change, and what came of it.
//!
//! Owns the vocabulary of an edit ([`Changes`], [`Applied`], [`Refusal`]) and the order in which the parts are
//! rewritten. The work on each kind of part lies in the modules below.

mod cellxml;
mod depend;
mod follow;
mod notes;
mod own;
mod own_tab;
mod patch;
mod pivots;
mod plan;
mod rows;
mod rules;
pub(crate) mod scan;
pub(crate) mod smallparts;

#[cfg(test)]
mod tests;

use std::io::Write;

pub(crate) use notes::is_note_of_ours;
pub use notes::{Note, NoteKind};
pub use own_tab::{OwnCell, OwnLook, OwnTab};

use super::facts::SheetFacts;
use super::spreadsheet::Spreadsheet;
use crate::error::Result;
use crate::model::{CellRef, CellValue};

/// A value to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum NewValue {
    /// A number, written in the shortest form that reads back the same. NaN and infinity are refused.
    Number(f64),
    /// Text; always stored as text, also when it begins with `=`, `+`, `-` or `@`. At most 32,767 characters.
    Text(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// Nothing: the cell keeps its style and loses its content.
    Clear,
}

/// Which style a written cell gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StyleChoice {
    /// Its own; a cell that did not exist takes the style of its row, else of its column.
    #[default]
    Keep,
    /// The style of another cell of the same tab (zero-based).
    CopyFrom {
        /// Zero-based row of the cell whose style is taken.
        row: u32,
        /// Zero-based column of the cell whose style is taken.
        col: u32,
    },
}

/// One cell to set.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEdit {
    /// Name of the tab, as in the workbook (compared without regard to case).
    pub tab: String,
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
    /// What the cell will hold.
    pub value: NewValue,
    /// Which style it gets.
    pub style: StyleChoice,
}

/// A cell in a row of [`SheetRows`].
#[derive(Debug, Clone, PartialEq)]
pub struct NewCell {
    /// Zero-based column; ascending within a row.
    pub col: u32,
    /// What the cell will hold.
    pub value: NewValue,
    /// The cell of the old tab (zero-based row and column) whose style it takes; `None` for what its row says.
    pub like: Option<(u32, u32)>,
}

/// A row of [`SheetRows`].
#[derive(Debug, Clone, PartialEq)]
pub struct NewRow {
    /// Zero-based row.
    pub row: u32,
    /// The row of the old tab whose look (height, styles) it takes; `None` for the one that stood here.
    pub like: Option<u32>,
    /// Its cells, ascending.
    pub cells: Vec<NewCell>,
}

/// New rows for a whole tab: its `sheetData` is replaced, everything else of the tab stays.
///
/// `rows` is called more than once and must give the same rows each time, in ascending order. Unless something else is
/// said, a cell keeps the style of the cell that stood there; a cell beyond the old ones takes the style of the
/// nearest old cell to its left in that row, or of the last old row.
pub struct SheetRows<'a> {
    /// Name of the tab.
    pub tab: String,
    /// Gives the rows afresh.
    #[allow(clippy::type_complexity)]
    pub rows: Box<dyn Fn() -> Box<dyn Iterator<Item = NewRow> + 'a> + Sync + 'a>,
    /// Cells of the old tab (zero-based row and column) that stay as they are, though no row names them.
    pub keep: std::collections::BTreeSet<(u32, u32)>,
    /// Columns that come (first and last, zero-based): they get the width of the column to their left.
    pub columns: Option<(u32, u32)>,
}

impl std::fmt::Debug for SheetRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SheetRows").field("tab", &self.tab).finish_non_exhaustive()
    }
}

/// A conditional-formatting rule to add: an expression with a background colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The cells it covers, as Excel writes them: `E7` or `E7:E12 E20`.
    pub sqref: String,
    /// The formula, without `=`, in Excel's English form.
    pub formula: String,
    /// Background colour as `RRGGBB`.
    pub fill: String,
}

/// Names one existing rule, for removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleKey {
    /// The `sqref` of the `conditionalFormatting` element, as found in the file.
    pub sqref: String,
    /// Its first formula, as found (unescaped).
    pub formula: String,
}

/// Repair of the conditional formatting of one tab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormattingEdit {
    /// Name of the tab.
    pub tab: String,
    /// Rules that go.
    pub remove: Vec<RuleKey>,
    /// Rules that come, after the existing ones.
    pub add: Vec<Rule>,
}

/// The very hidden tab with the product's own record; made when absent, its rows replaced when present.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HiddenTab {
    /// Name of the tab.
    pub name: String,
    /// All rows, from row 1 and column A.
    pub rows: Vec<Vec<NewValue>>,
}

/// Everything that is to change in one workbook.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// Single cells. The last edit of a cell wins.
    pub cells: Vec<CellEdit>,
    /// Tabs whose rows are replaced.
    pub sheet_rows: Vec<SheetRows<'a>>,
    /// Conditional formatting to repair.
    pub formatting: Vec<FormattingEdit>,
    /// Defined names of the whole workbook that lead elsewhere from now on, or nowhere any more (`None`).
    pub names: Vec<(String, Option<String>)>,
    /// The product's own record.
    pub hidden_tab: Option<HiddenTab>,
    /// Custom document properties to set (name, text).
    pub custom_properties: Vec<(String, String)>,
    /// Tabs of which the caller has seen every cell and found no formula; they are not searched again. A tab that
    /// was visited to its end with [`Spreadsheet::visit_cells`] is remembered without being named here.
    pub formula_free: Vec<String>,
    /// Our notes on cells, which replace all our older ones of their kind; `None` leaves notes alone.
    pub notes: Option<Vec<Note>>,
    /// The kind of those notes.
    pub note_kind: NoteKind,
    /// A visible tab of our own; written over the one we wrote before, unless a person wrote in it.
    pub own_tab: Option<OwnTab>,
}

/// What kind of thing keeps a cell from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// It lies outside the sheet.
    Outside,
    /// The new number is none.
    NoNumber,
    /// The new text does not fit in a cell.
    TooLong,
    /// It lies in a merged range and is not its first cell.
    Merged,
    /// It is part of a data table.
    DataTable,
    /// It is part of an array formula.
    Array,
    /// It is part of a pivot table.
    Pivot,
    /// It is the heading or the totals row of a table.
    TableEdge,
}

impl Cause {
    /// Why cells are not written, as the end of a Dutch sentence about several cells.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Cause::Outside => "ze liggen buiten het blad",
            Cause::NoNumber => "de nieuwe waarden zijn geen gewone getallen",
            Cause::TooLong => "de nieuwe teksten passen niet in een cel",
            Cause::Merged => {
                "ze horen bij samengevoegde cellen en alleen de eerste cel daarvan kan een waarde hebben"
            }
            Cause::DataTable => "ze horen bij een gegevenstabel, die alleen als geheel kan worden gewijzigd",
            Cause::Array => "ze horen bij een matrixformule, die alleen als geheel kan worden gewijzigd",
            Cause::Pivot => "ze liggen in een draaitabel, die Excel zelf vult",
            Cause::TableEdge => "ze zijn de kopregel of de totaalregel van een tabel",
        }
    }

    /// What makes the cell one that can be written, as a Dutch sentence that ends in filling once more.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Cause::Outside | Cause::NoNumber => "Controleer het cijfer in het overzicht en vul opnieuw.",
            Cause::TooLong => "Maak de tekst in het overzicht korter en vul opnieuw.",
            Cause::Merged => {
                "Hef in Excel de samenvoeging van de cellen op (Start, Samenvoegen en centreren) en vul opnieuw."
            }
            Cause::DataTable => "Selecteer in Excel de hele gegevenstabel, maak haar leeg en vul opnieuw.",
            Cause::Array => "Selecteer in Excel alle cellen van de matrixformule, maak ze leeg en vul opnieuw.",
            Cause::Pivot => "Verplaats in Excel de draaitabel naar een eigen tabblad en vul opnieuw.",
            Cause::TableEdge => {
                "Maak van de tabel in Excel weer gewone cellen (Tabelontwerp, Converteren naar bereik) en vul opnieuw."
            }
        }
    }
}

/// Why a cell was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The cell.
    pub cell: CellRef,
    /// The kind of reason.
    pub cause: Cause,
    /// The reason, a Dutch sentence.
    pub reason: String,
}

/// A pivot table that shows figures of before the edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StalePivot {
    /// Tab it stands on.
    pub tab: String,
    /// Its cells.
    pub range: String,
    /// Its name.
    pub name: String,
    /// True when Excel renews it on opening. False when a heading of its source changed: Excel would then drop the
    /// field of that name, so a person has to choose.
    pub refreshes: bool,
}

/// A cell that was written.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedCell {
    /// The cell.
    pub cell: CellRef,
    /// What it held before.
    pub old: CellValue,
    /// The formula it held before, without `=`, when it held one.
    pub old_formula: Option<String>,
}

/// What came of an edit. Everything that differs between the two files is listed here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// False when the result is byte for byte the original.
    pub changed: bool,
    /// Cells whose content or style changed.
    pub cells: Vec<ChangedCell>,
    /// Cells that were not written, with the reason. The others were.
    pub refused: Vec<Refusal>,
    /// Formula cells whose cached value was removed, because it may depend on a changed cell.
    pub removed_caches: Vec<CellRef>,
    /// Chart parts of which stale cached points were removed.
    pub chart_caches: Vec<String>,
    /// Pivot tables whose source may have changed.
    pub pivots: Vec<StalePivot>,
    /// Names of the parts that were rewritten, added or dropped.
    pub parts: Vec<String>,
    /// Things the advisor should know: Dutch sentences (a signature that breaks, a protected tab ...).
    pub warnings: Vec<String>,
    /// How many of our notes stand in the workbook now.
    pub notes: usize,
    /// Cells that got no note, because somebody else's stands there.
    pub notes_left: Vec<CellRef>,
    /// The name of our own tab, when one was asked for.
    pub own_tab: Option<String>,
}

impl Spreadsheet {
    /// Writes the workbook with `changes` to `out`.
    ///
    /// Which sheets hold no formulas is taken from [`Changes::formula_free`] and from earlier visits; all others are
    /// searched.
    ///
    /// # Errors
    /// When a tab does not exist, a part that must change cannot be understood, or reading or writing fails.
    /// Single cells that may not be written are no error; see [`Applied::refused`].
    pub fn apply(&self, changes: &Changes<'_>, out: &mut dyn Write) -> Result<Applied> {
        plan::apply(self, changes, out)
    }

    /// Which of these cells may not be written, with the reason, before anything is: who plans can leave alone what belongs
    /// to them.
    ///
    /// # Errors
    /// When a tab does not exist or its part cannot be understood.
    pub fn refusals(&self, cells: &[CellEdit]) -> Result<Vec<Refusal>> {
        plan::refusals(self, cells)
    }

    /// What the advisor should know before these tabs are edited: a digital signature, protection. Dutch sentences; the
    /// same as in [`Applied::warnings`].
    pub fn edit_warnings<'a>(&self, tabs: impl IntoIterator<Item = (&'a str, &'a SheetFacts)>) -> Vec<String> {
        let mut warnings = self.book_warnings();
        warnings.extend(tabs.into_iter().flat_map(|(tab, facts)| sheet_warnings(tab, facts)));
        warnings
    }

    fn book_warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.has_signature() {
            warnings.push(SIGNATURE_BREAKS.to_owned());
        }
        warnings
    }
}

/// What is said of a workbook with a digital signature.
pub const SIGNATURE_BREAKS: &str =
    "Het werkboek heeft een digitale handtekening; die is na het wijzigen niet meer geldig.";

fn sheet_warnings(tab: &str, facts: &SheetFacts) -> Vec<String> {
    let mut warnings = Vec::new();
    if facts.protected {
        warnings.push(format!(
            "Het tabblad '{tab}' is beveiligd; wat daar wordt gewijzigd, wordt toch geschreven. De beveiliging blijft staan."
        ));
    }
    warnings
}
