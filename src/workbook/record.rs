//! The record of filling on the very hidden tab `_wijkanalyse`: what the product wrote, so that its own figures
//! can be told from a person's.
//!
//! Owns the layout of that tab. Row 1 is the version stamp of the format (A1 the name, B1 the version; empty in a
//! workbook of the classic format); row 2 the format with which was filled last; row 4 holds the headings and below
//! it stands one row per cell that filling wrote, also where a person put something else since and the row was left alone
//! for that; below those what is remembered of earlier editions (`memory`).
//!
//! A cell is recognised as ours by **what it is about** (indicator and field, or domein and field), not by its
//! address: people insert rows, rename tabs and copy blocks. It is ours when a record row about the same thing
//! holds the same value as the cell now. The address in the record is for people who look into it.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::Sheet;
use crate::model::{Analysis, CellRef, CellValue, History, TextCell};
use crate::package::NewValue;

/// The words in A1, before the version.
const STAMP: &str = "Versie format";
const FILLED_WITH: &str = "Gevuld met format";
const HEADINGS: [&str; 7] = ["tab", "cel", "waarde", "editie", "onderwerp", "veld", "gebied"];
/// Zero-based row of the headings.
const HEADING_ROW: u32 = 3;

/// Version of the format in B1; `None` when the tab has no stamp.
pub(crate) fn version(sheet: &Sheet) -> Option<String> {
    let version = sheet.text(0, 1).replace(',', ".");
    (!version.is_empty()).then_some(version)
}

/// A cell that filling wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// Tab at the time of writing.
    pub tab: String,
    /// Cell at the time of writing, such as `E17`.
    pub cell: String,
    /// The value as stored: a fraction in a `%` cell.
    pub value: CellValue,
    /// Edition of the figure; empty for other texts.
    pub edition: String,
    /// What it is about: the code of an indicator, the name of a domein, or the name of a pijler.
    pub subject: String,
    /// Which field of it: `eenheid`, `bron`, `wijk`, `naast`, `benchmark`, `kop-wijk`, `kop-naast`, `wijknaam`,
    /// `slot-cijfers`, `slot-factoren`.
    pub field: String,
    /// Code of the area of a figure; empty for other texts.
    pub area: String,
}

/// All that filling wrote before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FillRecord {
    /// One row per cell, in the order of the tab.
    pub rows: Vec<RecordRow>,
    /// What is remembered of earlier editions.
    pub history: History,
}

impl FillRecord {
    /// Reads the record from its tab. Rows that are no record are skipped: they cannot make anything ours.
    pub(crate) fn from_sheet(sheet: &Sheet) -> Self {
        let rows: BTreeSet<u32> =
            sheet.cells.keys().map(|(row, _)| *row).filter(|row| *row > HEADING_ROW).collect();
        let rows = rows
            .into_iter()
            .filter_map(|row| {
                let field = sheet.text(row, 5);
                let subject = sheet.text(row, 4);
                (!field.is_empty()).then(|| RecordRow {
                    tab: sheet.text(row, 0),
                    cell: sheet.text(row, 1),
                    value: sheet.value(row, 2),
                    edition: sheet.text(row, 3),
                    subject,
                    field,
                    area: sheet.text(row, 6),
                })
            })
            .collect();
        FillRecord { rows, history: super::memory::read(sheet) }
    }

    /// The record by what its rows are about.
    pub(crate) fn by_subject(&self) -> RecordIndex<'_> {
        let mut index = RecordIndex::default();
        for row in &self.rows {
            index.0.entry(row.subject.as_str()).or_default().push(row);
        }
        index
    }

    /// Marks the rows in which a person put something else where filling had written a figure, the unit or the source: such a row
    /// is left alone as a whole.
    pub(crate) fn mark_retyped(&self, analysis: &mut Analysis) {
        let record = self.by_subject();
        let rows =
            analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.blocks).flat_map(|block| &mut block.indicators);
        for row in rows {
            let code = row.code.as_deref().unwrap_or_default();
            let other = |field: &str, value: &CellValue| {
                !value.is_blank() && record.knows(code, field) && record.find(code, field, value).is_none()
            };
            let text = |cell: &Option<TextCell>| {
                CellValue::Text(cell.as_ref().map(|cell| cell.text.trim().to_owned()).unwrap_or_default())
            };
            row.retyped = other("wijk", &row.wijk.value)
                || row.benchmark.as_ref().is_some_and(|cell| other("benchmark", &cell.value))
                || other("eenheid", &text(&row.unit))
                || other("bron", &text(&row.source));
        }
    }

    /// The tab's rows, from A1.
    pub(crate) fn to_rows(&self, stamp: Option<&str>, filled_with: &str) -> Vec<Vec<NewValue>> {
        let text = |text: &str| if text.is_empty() { NewValue::Clear } else { NewValue::Text(text.to_owned()) };
        let mut rows = vec![
            vec![text(STAMP), text(stamp.unwrap_or(""))],
            vec![text(FILLED_WITH), text(filled_with)],
            Vec::new(),
            HEADINGS.iter().map(|heading| text(heading)).collect(),
        ];
        rows.extend(self.rows.iter().map(|row| {
            let value = match &row.value {
                CellValue::Number(number) => NewValue::Number(*number),
                other => text(&other.text()),
            };
            vec![
                text(&row.tab),
                text(&row.cell),
                value,
                text(&row.edition),
                text(&row.subject),
                text(&row.field),
                text(&row.area),
            ]
        }));
        rows.extend(super::memory::to_rows(&self.history));
        rows
    }
}

/// A record prepared for looking up.
#[derive(Debug, Default)]
pub(crate) struct RecordIndex<'a>(BTreeMap<&'a str, Vec<&'a RecordRow>>);

impl<'a> RecordIndex<'a> {
    /// The record row that makes a cell ours: about the same thing, with the value that stands there now.
    pub(crate) fn find(&self, subject: &str, field: &str, now: &CellValue) -> Option<&'a RecordRow> {
        self.0.get(subject)?.iter().find(|row| row.field == field && same_value(&row.value, now)).copied()
    }

    /// True when filling wrote something in this field of this subject, wherever.
    fn knows(&self, subject: &str, field: &str) -> bool {
        self.0.get(subject).is_some_and(|rows| rows.iter().any(|row| row.field == field))
    }

    /// What we wrote in this cell the last time, whatever stands there now.
    pub(crate) fn at(&self, subject: &str, field: &str, at: &CellRef) -> Option<&'a RecordRow> {
        let cell = at.a1();
        let here = |row: &&&RecordRow| row.field == field && row.tab == at.tab && row.cell == cell;
        self.0.get(subject)?.iter().find(here).copied()
    }
}

/// Whether two stored values are the same: numbers as numbers, texts apart from white space around them.
pub(crate) fn same_value(left: &CellValue, right: &CellValue) -> bool {
    match (left, right) {
        (CellValue::Number(a), CellValue::Number(b)) => same_number(*a, *b),
        (CellValue::Text(a), CellValue::Text(b)) => same_text(a, b),
        (a, b) => a.is_blank() && b.is_blank(),
    }
}

/// Equal but for what is lost when a program writes fifteen digits.
pub(crate) fn same_number(left: f64, right: f64) -> bool {
    left.total_cmp(&right).is_eq() || (left - right).abs() <= 1e-12 * left.abs().max(right.abs())
}

/// Equal but for white space around the text and the kind of line break.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    left.trim().replace("\r\n", "\n") == right.trim().replace("\r\n", "\n")
}
