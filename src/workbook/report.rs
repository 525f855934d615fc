//! The layout that was found, for `wijk toon`: what was understood of somebody's workbook.
//!
//! Owns the shape of that report. Computes nothing but counts; how it is shown is the binary's business.

use serde::Serialize;

use super::layout::kind_words;
use crate::finding::Finding;
use crate::model::{
    Analysis, CellValue, DomeinBlock, Format, PijlerTab, Question, TabInfo, TabKind, ValueCell, Verdict,
    column_letters,
};

/// How much of something is filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// Filled in.
    pub filled: usize,
    /// In all.
    pub total: usize,
}

impl Filling {
    fn of<T>(items: impl IntoIterator<Item = T>, filled: impl Fn(T) -> bool) -> Self {
        let mut count = Filling::default();
        for item in items {
            count.total += 1;
            count.filled += usize::from(filled(item));
        }
        count
    }

    fn plus(self, other: Self) -> Self {
        Filling { filled: self.filled + other.filled, total: self.total + other.total }
    }
}

/// A tab and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TabReport {
    /// Name as in the workbook.
    pub name: String,
    /// What it is, in Dutch words; `ander tabblad` when it was not recognised.
    pub kind: String,
    /// True when hidden.
    pub hidden: bool,
}

/// A column of a pijler tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnReport {
    /// Field name, such as `benchmark`.
    pub field: String,
    /// Letters of the column.
    pub letters: String,
}

/// A domein block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockReport {
    /// Domein.
    pub domein: String,
    /// Row of its heading, one-based as Excel shows it.
    pub row: u32,
    /// Figures of the wijk.
    pub figures: Filling,
    /// Rows whose indicator was not recognised.
    pub unknown: usize,
    /// Questions.
    pub questions: Filling,
}

/// A pijler tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PijlerReport {
    /// Pijler.
    pub pijler: String,
    /// Tab.
    pub tab: String,
    /// Name of the wijk as it stands there.
    pub wijk: String,
    /// Name of the gebiedsadviseur.
    pub adviseur: String,
    /// Columns found, left to right.
    pub columns: Vec<ColumnReport>,
    /// Blocks, top to bottom.
    pub blocks: Vec<BlockReport>,
    /// Questions about the whole pijler.
    pub questions: Filling,
    /// Conclusions in the closing table.
    pub conclusions: Filling,
}

/// What was understood of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayoutReport {
    /// File name.
    pub file: String,
    /// Version of the format; `None` in files of the classic format.
    pub version: Option<String>,
    /// The version that the program knows, when that of the workbook is newer: then not everything in it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_than: Option<String>,
    /// All tabs in order.
    pub tabs: Vec<TabReport>,
    /// Pijler tabs in the format's order.
    pub pijlers: Vec<PijlerReport>,
    /// Questions on the summary tab.
    pub summary: Filling,
    /// Optional tabs that are present, with the number of rows filled.
    pub optional: Vec<(String, usize)>,
    /// Figures of the wijk in the whole workbook.
    pub figures: Filling,
    /// Questions in the whole workbook.
    pub questions: Filling,
    /// What is to be known about the file itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Makes the report of an analysis.
#[must_use]
pub fn layout_report(analysis: &Analysis, format: &Format) -> LayoutReport {
    let pijlers: Vec<PijlerReport> = analysis.pijlers.iter().map(pijler).collect();
    let summary = answered(analysis.summary.iter().flat_map(|summary| &summary.questions));
    let blocks = || pijlers.iter().flat_map(|tab| &tab.blocks);
    let figures = blocks().fold(Filling::default(), |sum, block| sum.plus(block.figures));
    let questions = blocks().fold(summary, |sum, block| sum.plus(block.questions));
    let questions = pijlers.iter().fold(questions, |sum, tab| sum.plus(tab.questions));
    let optional = analysis
        .optional_tabs
        .iter()
        .map(|kind| {
            let rows = match kind.as_str() {
                "resultaten" => analysis.resultaten.len(),
                "matrix" => analysis.matrix.len(),
                "afspraken" => analysis.afspraken.len(),
                _ => analysis.activiteiten.len(),
            };
            (format.tab(kind).to_owned(), rows)
        })
        .collect();
    LayoutReport {
        file: analysis.file.clone(),
        version: analysis.format_version.clone(),
        newer_than: (format.verdict(analysis.format_version.as_deref()) == Verdict::Newer)
            .then(|| format.version.clone()),
        tabs: analysis.tabs.iter().map(|info| tab(info, format)).collect(),
        pijlers,
        summary,
        optional,
        figures,
        questions,
        findings: Vec::new(),
    }
}

fn tab(info: &TabInfo, format: &Format) -> TabReport {
    let kind = match &info.kind {
        TabKind::Fixed(kind) => format.tab(kind).to_owned(),
        TabKind::Pijler(name) => format!("pijler {name}"),
        TabKind::Factorenmodel(_) => kind_words(&info.kind),
        TabKind::Other if super::layout::is_ours(&info.name) => "gegevens van het programma".to_owned(),
        TabKind::Other => "ander tabblad".to_owned(),
    };
    TabReport { name: info.name.clone(), kind, hidden: info.hidden }
}

fn pijler(tab: &PijlerTab) -> PijlerReport {
    let text =
        |cell: &Option<crate::model::TextCell>| cell.as_ref().map(|cell| cell.text.clone()).unwrap_or_default();
    PijlerReport {
        pijler: tab.pijler.clone(),
        tab: tab.tab.clone(),
        wijk: text(&tab.wijk),
        adviseur: text(&tab.adviseur),
        columns: tab
            .columns
            .iter()
            .map(|(field, col)| ColumnReport { field: field.clone(), letters: column_letters(*col) })
            .collect(),
        blocks: tab.blocks.iter().map(block).collect(),
        questions: answered(&tab.questions),
        conclusions: Filling::of(tab.closing.iter().filter_map(|row| row.conclusion.as_ref()), |cell| {
            !cell.text.trim().is_empty()
        }),
    }
}

fn block(block: &DomeinBlock) -> BlockReport {
    BlockReport {
        domein: block.domein.clone(),
        row: block.row + 1,
        figures: Filling::of(&block.indicators, |row| is_filled(&row.wijk)),
        unknown: block.indicators.iter().filter(|row| row.code.is_none()).count(),
        questions: answered(&block.questions),
    }
}

/// A sign such as `.` counts as filled in: it says that the figure is unknown.
fn is_filled(cell: &ValueCell) -> bool {
    !cell.value.is_blank() && !matches!(cell.value, CellValue::Error(_))
}

fn answered<'a>(questions: impl IntoIterator<Item = &'a Question>) -> Filling {
    Filling::of(questions, |question| !question.answer.text.trim().is_empty())
}
