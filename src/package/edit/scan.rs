//! The first pass over a worksheet that is to change: what stands in the cells concerned, and every formula.
//!
//! Owns reading before writing. Memory grows with the number of formulas and of cells asked for, not with the
//! sheet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::depend::Looks;
use crate::error::Result;
use crate::model::CellValue;
use crate::package::cells::{FormulaKind, RawKind, SharedStrings};
use crate::package::facts::{Collector, SheetFacts};
use crate::package::formula::shifted;
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::cell_text_unescape;

/// A cell by row and column.
pub(crate) type Address = (u32, u32);

/// What a cell asked for holds.
#[derive(Debug, Clone)]
pub(crate) struct OldCell {
    pub(crate) style: u32,
    pub(crate) kind: RawKind,
    pub(crate) raw: Option<String>,
    /// It holds a formula: position in [`SheetScan::formulas`].
    pub(crate) formula: Option<usize>,
}

impl OldCell {
    /// The value, with shared strings looked up.
    pub(crate) fn value(&self, strings: &BTreeMap<usize, String>) -> CellValue {
        let view = crate::package::cells::CellView {
            row: 0,
            col: 0,
            style: 0,
            kind: self.kind,
            raw: self.raw.as_deref(),
            number: None,
            formula: None,
        };
        match (self.kind, &self.raw) {
            (RawKind::SharedString, Some(raw)) => {
                let index = raw.trim().parse::<usize>().ok();
                CellValue::Text(index.and_then(|index| strings.get(&index)).cloned().unwrap_or_default())
            }
            (RawKind::InlineString | RawKind::FormulaString, Some(raw)) => {
                CellValue::Text(cell_text_unescape(raw))
            }
            _ => view.value(&SharedStrings::default()),
        }
    }
}

/// A formula and the cells its result fills.
#[derive(Debug, Clone)]
pub(crate) struct FormulaCell {
    pub(crate) row: u32,
    pub(crate) col: u32,
    pub(crate) kind: FormulaKind,
    /// The text as written at the master of its group, or its own.
    pub(crate) text: Arc<str>,
    /// How far it stands from where the text was written: rows and columns.
    pub(crate) shift: (i64, i64),
    /// The cells its result fills.
    pub(crate) extent: Range,
    /// Its shared group.
    pub(crate) group: Option<usize>,
    /// A cached value is stored.
    pub(crate) cached: bool,
    /// What it looks at, once that was asked: the same for whatever is changed in this workbook.
    pub(crate) looks: OnceLock<Looks>,
}

impl FormulaCell {
    /// The formula as it reads in its own cell.
    pub(crate) fn own_text(&self) -> String {
        if self.shift == (0, 0) { self.text.to_string() } else { shifted(&self.text, self.shift.0, self.shift.1) }
    }
}

/// What the first pass found.
#[derive(Debug, Default)]
pub(crate) struct SheetScan {
    pub(crate) facts: SheetFacts,
    pub(crate) cells: BTreeMap<Address, OldCell>,
    pub(crate) formulas: Vec<FormulaCell>,
}

impl SheetScan {
    /// Members of a shared group besides its master.
    pub(crate) fn children(&self, group: usize) -> impl Iterator<Item = &FormulaCell> {
        self.formulas.iter().filter(move |f| f.group == Some(group) && f.kind == FormulaKind::SharedChild)
    }
}

/// Reads a worksheet part; `wanted` are the cells to remember.
pub(crate) fn scan(book: &Spreadsheet, part: &str, wanted: &BTreeSet<Address>) -> Result<SheetScan> {
    let mut collector = Collector::default();
    let mut cells = BTreeMap::new();
    let mut formulas: Vec<FormulaCell> = Vec::new();
    // Per `si` the group that is current: a later master with the same number begins a new group.
    let mut current: BTreeMap<u32, usize> = BTreeMap::new();
    let mut masters: Vec<Option<(Address, Arc<str>)>> = Vec::new();
    book.walk_ordered(
        part,
        &mut |cell| {
            let address = (cell.row, cell.col);
            let formula = cell.formula.map(|formula| {
                let group = formula
                    .group
                    .filter(|_| matches!(formula.kind, FormulaKind::SharedMaster | FormulaKind::SharedChild));
                let mut text: Arc<str> = Arc::from("");
                let group = group.map(|si| {
                    if formula.kind == FormulaKind::SharedMaster {
                        text = Arc::from(formula.text);
                        // Children that came before their master wait in a group without one.
                        let open =
                            current.get(&si).copied().filter(|g| masters.get(*g).is_some_and(Option::is_none));
                        let group = open.unwrap_or(masters.len());
                        let master = Some((address, Arc::clone(&text)));
                        match masters.get_mut(group) {
                            Some(place) => *place = master,
                            None => masters.push(master),
                        }
                        current.insert(si, group);
                        group
                    } else {
                        *current.entry(si).or_insert_with(|| {
                            masters.push(None);
                            masters.len() - 1
                        })
                    }
                });
                if formula.kind != FormulaKind::SharedChild && text.is_empty() {
                    text = Arc::from(formula.text);
                }
                let fills = matches!(formula.kind, FormulaKind::Array | FormulaKind::DataTable);
                let extent = formula.reference.filter(|_| fills).and_then(Range::parse);
                formulas.push(FormulaCell {
                    row: cell.row,
                    col: cell.col,
                    kind: formula.kind,
                    text,
                    shift: (0, 0),
                    extent: extent.unwrap_or_else(|| Range::cell(cell.row, cell.col)),
                    group,
                    cached: cell.raw.is_some(),
                    looks: OnceLock::new(),
                });
                formulas.len() - 1
            });
            if wanted.contains(&address) {
                let raw = cell.raw.map(str::to_owned);
                cells.insert(address, OldCell { style: cell.style, kind: cell.kind, raw, formula });
            }
            Ok(true)
        },
        &mut |event| {
            collector.event(event);
            Ok(())
        },
    )?;
    for formula in formulas.iter_mut().filter(|f| f.kind == FormulaKind::SharedChild) {
        let master = formula.group.and_then(|group| masters.get(group)).and_then(Option::as_ref);
        if let Some(((row, col), text)) = master {
            formula.text = Arc::clone(text);
            formula.shift = (i64::from(formula.row) - i64::from(*row), i64::from(formula.col) - i64::from(*col));
        }
    }
    Ok(SheetScan { facts: book.complete_facts(part, collector)?, cells, formulas })
}
