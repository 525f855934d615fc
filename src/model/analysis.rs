//! The analysis workbook as read: what a person and the product put in it, with the cell of everything.

use serde::{Deserialize, Serialize};

use super::cell::{CellRef, CellValue};
use super::history::History;
use super::overview::Overview;

/// What a tab is, found by its normalised name, never by its position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TabKind {
    /// A fixed tab of the format, by its kind (see [`super::TabName::kind`]).
    Fixed(String),
    /// A pijler tab, by the pijler's name.
    Pijler(String),
    /// A factorenmodel tab, by the domein's name.
    Factorenmodel(String),
    /// Somebody else's tab: kept, never read.
    Other,
}

/// A tab as found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabInfo {
    /// Name as in the workbook.
    pub name: String,
    /// What it is.
    pub kind: TabKind,
    /// True when hidden.
    pub hidden: bool,
}

/// A text in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextCell {
    /// Where.
    pub at: CellRef,
    /// The text, as written (empty when the cell is empty).
    pub text: String,
}

/// A figure cell: value as stored plus what is needed to understand it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueCell {
    /// Where.
    pub at: CellRef,
    /// The stored value.
    pub value: CellValue,
    /// True when the cell's number format has a `%`: the stored value is then a fraction.
    pub percent_format: bool,
    /// True when the cell holds a formula.
    pub formula: bool,
}

impl ValueCell {
    /// The figure as it is meant, in the indicator's unit: `0.125` in a `%` cell is 12.5. `None` when the cell
    /// holds no number. A number typed as text is *not* a figure here; it is a finding.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.value {
            // Rounded to twelve digits, so that 0.07 * 100 is 7 and not 7.000000000000001.
            CellValue::Number(n) if self.percent_format => Some((n * 100.0 * 1e10).round() / 1e10),
            CellValue::Number(n) => Some(n),
            _ => None,
        }
    }
}

/// One indicator row on a pijler tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorRow {
    /// Zero-based row on the tab.
    pub row: u32,
    /// Code of the indicator in the format, when recognised (by the hidden code, else by the name).
    pub code: Option<String>,
    /// The name in column B as written.
    pub name: String,
    /// The factor under which the row stands; `None` for the domein's own indicators.
    pub factor: Option<String>,
    /// Column C: unit, year, doelgroep.
    pub unit: Option<TextCell>,
    /// Column D: source.
    pub source: Option<TextCell>,
    /// Column E: the wijk.
    pub wijk: ValueCell,
    /// Column F: the second area.
    pub beside: Option<ValueCell>,
    /// Column G: the benchmark.
    pub benchmark: Option<ValueCell>,
    /// Column H: what stands out (theirs).
    pub remark: Option<TextCell>,
    /// True when a person put something else where filling had written a figure, the unit or the source of this row: it may not be
    /// what the last filling brought.
    #[serde(default)]
    pub retyped: bool,
}

impl IndicatorRow {
    /// The unit that column C begins with, such as `%` of `% · 2018 · 18 t/m 22 jaar`; empty when nothing stands there.
    #[must_use]
    pub fn unit_name(&self) -> &str {
        let text = self.unit.as_ref().map_or("", |cell| cell.text.as_str());
        let sign = if text.contains('·') { '·' } else { ',' };
        text.split(sign).next().unwrap_or_default().trim()
    }
}

/// A question with its answer cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Code of the question in the format, when recognised.
    pub code: Option<String>,
    /// The question as written.
    pub text: String,
    /// The answer (theirs); text empty when open.
    pub answer: TextCell,
}

/// A domein block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DomeinBlock {
    /// Name of the domein in the format.
    pub domein: String,
    /// Zero-based row of its heading.
    pub row: u32,
    /// Its indicator rows, top to bottom.
    pub indicators: Vec<IndicatorRow>,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// A row of a closing table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingRow {
    /// Domein in the format.
    pub domein: String,
    /// Opvallende cijfers.
    pub figures: Option<TextCell>,
    /// Factoren (met ranking).
    pub factoren: Option<TextCell>,
    /// True when the opvallende cijfers are still what filling proposed.
    #[serde(default)]
    pub figures_proposed: bool,
    /// True when the factoren are still what filling proposed.
    #[serde(default)]
    pub factoren_proposed: bool,
    /// Leeftijdsfase.
    pub leeftijdsfase: Option<TextCell>,
    /// Leefgebied.
    pub leefgebied: Option<TextCell>,
    /// Conclusie (theirs).
    pub conclusion: Option<TextCell>,
}

/// A pijler tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PijlerTab {
    /// Pijler in the format.
    pub pijler: String,
    /// Tab name in the workbook.
    pub tab: String,
    /// Value cell of 'Wijk'.
    pub wijk: Option<TextCell>,
    /// Value cell of 'Naam gebiedsadviseur'.
    pub adviseur: Option<TextCell>,
    /// Value cell of 'Versie'.
    pub version: Option<TextCell>,
    /// Value cell of 'Datum analyse'.
    pub date: Option<TextCell>,
    /// Heading cells of columns E, F and G per block heading row (`wijk`, second area, benchmark).
    pub headings: Vec<(String, TextCell)>,
    /// Columns found: field name (`nummer`, `indicator`, `eenheid`, `bron`, `wijk`, `naast`, `benchmark`,
    /// `opmerking`, `code`) and zero-based column.
    pub columns: Vec<(String, u32)>,
    /// Blocks, top to bottom.
    pub blocks: Vec<DomeinBlock>,
    /// Questions about the whole pijler.
    pub questions: Vec<Question>,
    /// Closing table.
    pub closing: Vec<ClosingRow>,
}

/// The tab `Samenvatting alle pijlers samen`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryTab {
    /// Tab name in the workbook.
    pub tab: String,
    /// The rows per domein.
    pub closing: Vec<ClosingRow>,
    /// Questions over all pijlers.
    pub questions: Vec<Question>,
}

/// A row of `Maatschappelijke resultaten`. All fields as written; empty when not filled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the headings of the tab, in order")]
pub struct Resultaat {
    pub row: u32,
    pub nummer: String,
    pub pijler: String,
    pub domein: String,
    pub ambitie: String,
    pub resultaat: String,
    pub indicatoren: String,
    pub startwaarde: String,
    pub startjaar: String,
    pub streefwaarde: String,
    pub streefjaar: String,
    pub meetwijze: String,
    pub onderbouwing: String,
    pub inbreng: String,
}

/// A row of `Preventiematrix`. All fields as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the headings of the tab, in order")]
pub struct Matrixregel {
    pub row: u32,
    pub pijler: String,
    pub ambitie: String,
    pub resultaat: String,
    pub universeel: String,
    pub selectief: String,
    pub geindiceerd: String,
    pub indicator: String,
}

/// A row of `Activiteiten`. All fields as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the headings of the tab, in order")]
pub struct Activiteit {
    pub row: u32,
    pub activiteit: String,
    pub nieuw: String,
    pub vorm: String,
    pub resultaat: String,
    pub factor: String,
    pub leefgebied: String,
    pub leeftijdsfase: String,
    pub preventieniveau: String,
    pub uitvoerder: String,
    pub doelgroep: String,
    pub bereik: String,
    pub frequentie: String,
    pub structureel: String,
    pub trede: String,
    pub databank: String,
    pub kwaliteitsafspraak: String,
    pub eerste_stap: String,
    pub accounthouder: String,
    pub outcome: String,
    pub hoe_meten: String,
    pub hoe_vaak_meten: String,
    pub bij_wie: String,
    pub aandachtspunten: String,
    pub stap_adviseur: String,
    pub stap_partner: String,
    pub terugkoppeling: String,
    pub verbeteractie: String,
    pub wie: String,
    pub wanneer: String,
    pub status: String,
}

/// A row of `Afspraken en verbeteracties`: one agreement or improvement action of one round. All fields as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are the headings of the tab, in order")]
pub struct Afspraak {
    pub row: u32,
    pub datum: String,
    pub stap: String,
    pub activiteit: String,
    pub afspraak: String,
    pub bevinding: String,
    pub factor: String,
    pub resultaat: String,
    pub wie: String,
    pub rol: String,
    pub wanneer: String,
    pub status: String,
    pub bespreking: String,
    pub uitkomst: String,
}

/// An internal link of the workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalLink {
    /// The cell with the link.
    pub at: CellRef,
    /// The target as written, such as `'Pijler Veilig'!A1` or a defined name.
    pub target: String,
    /// True when the target exists.
    pub alive: bool,
}

/// How a filled workbook stands with saving: only a program that calculates puts the outcomes of formulas in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceFilling {
    /// True when Excel, LibreOffice or another spreadsheet program saved it since.
    pub saved: bool,
    /// Formulas without an outcome, in the order of the tabs; empty when it was saved.
    pub open_formulas: Vec<CellRef>,
}

/// A conditional formatting rule of a tab, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditional {
    /// Tab.
    pub tab: String,
    /// Ranges as written (`sqref`).
    pub ranges: String,
    /// Type (`expression`, `cellIs`, ...).
    pub kind: String,
    /// First formula as written, without `=`.
    pub formula: String,
    /// True when the rule has a fill.
    pub fills: bool,
}

/// A workbook as read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// File name as the user knows it.
    pub file: String,
    /// Version stamp of the format; `None` in files of the classic format.
    pub format_version: Option<String>,
    /// All tabs in order.
    pub tabs: Vec<TabInfo>,
    /// Pijler tabs in the format's order.
    pub pijlers: Vec<PijlerTab>,
    /// Summary tab.
    pub summary: Option<SummaryTab>,
    /// Rows of `Maatschappelijke resultaten`.
    pub resultaten: Vec<Resultaat>,
    /// Rows of `Preventiematrix`.
    pub matrix: Vec<Matrixregel>,
    /// Rows of `Activiteiten`.
    pub activiteiten: Vec<Activiteit>,
    /// Rows of `Afspraken en verbeteracties`: all rounds, in the order of the tab.
    pub afspraken: Vec<Afspraak>,
    /// The workbook's own overview tab; `None` when absent or not asked for.
    pub overview: Option<Overview>,
    /// What people wrote in notes and conversations on cells (xlsx only); our own notes are left out.
    pub notes: Vec<TextCell>,
    /// Internal links (xlsx only).
    pub links: Vec<InternalLink>,
    /// Conditional formats of the pijler tabs (xlsx only).
    pub conditionals: Vec<Conditional>,
    /// Kinds of optional tabs that are present.
    pub optional_tabs: Vec<String>,
    /// Zero-based columns of the tabs with one row per item: kind of tab, field, column.
    pub item_columns: Vec<(String, String, u32)>,
    /// How it stands with saving since filling; `None` when it was never filled or that cannot be known.
    pub since_filling: Option<SinceFilling>,
    /// What it remembers of earlier editions of its figures.
    pub history: History,
}

impl Analysis {
    /// The name of the wijk as it stands on the first pijler tab that has one; empty when none has.
    #[must_use]
    pub fn wijk(&self) -> &str {
        first_text(self.pijlers.iter().map(|tab| tab.wijk.as_ref()))
    }

    /// The name of the gebiedsadviseur; empty when not filled.
    #[must_use]
    pub fn adviseur(&self) -> &str {
        first_text(self.pijlers.iter().map(|tab| tab.adviseur.as_ref()))
    }

    /// The version of the analysis; empty when not filled.
    #[must_use]
    pub fn version(&self) -> &str {
        first_text(self.pijlers.iter().map(|tab| tab.version.as_ref()))
    }

    /// The cell of one field of an item, by the kind of its tab; `None` when the workbook lacks the tab or the column.
    #[must_use]
    pub fn item_cell(&self, kind: &str, field: &str, row: u32) -> Option<CellRef> {
        let wanted = TabKind::Fixed(kind.to_owned());
        let tab = self.tabs.iter().find(|tab| tab.kind == wanted)?;
        let (_, _, col) = self.item_columns.iter().find(|(of, known, _)| of == kind && known == field)?;
        Some(CellRef::new(&tab.name, row, *col))
    }

    /// All indicator rows with their tab and block.
    pub fn rows(&self) -> impl Iterator<Item = (&PijlerTab, &DomeinBlock, &IndicatorRow)> {
        self.pijlers.iter().flat_map(|tab| {
            tab.blocks.iter().flat_map(move |block| block.indicators.iter().map(move |row| (tab, block, row)))
        })
    }
}

fn first_text<'a>(cells: impl Iterator<Item = Option<&'a TextCell>>) -> &'a str {
    cells.flatten().map(|cell| cell.text.trim()).find(|text| !text.is_empty()).unwrap_or("")
}
