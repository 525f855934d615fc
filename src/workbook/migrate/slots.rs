//! The places of a workbook in which people and the product write, each with a key that is the same in every version.
//!
//! Owns the keys: they are made of ids, never of names or addresses. Must not know what is moved where.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::{CellRef, ClosingRow, Format, Identity, Question, TabKind, TextCell};
use crate::workbook::lexicon::{Lexicon, factor_name};
use crate::workbook::read::Workbook;
use crate::workbook::sheet::{Sheet, read_xlsx};
use crate::workbook::tables::{ITEM_TABS, item_heading};

/// The fields of an indicator row that are renewed together or not at all.
pub(super) const FIGURE_FIELDS: [&str; 5] = ["eenheid", "bron", "wijk", "naast", "benchmark"];

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) at: CellRef,
    /// Last row of the cells that are read as one (a domein merged over several rows).
    pub(super) bottom: u32,
    /// What it is, in Dutch, for the report.
    pub(super) what: String,
}

/// An indicator row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowSlot {
    pub(super) domein: String,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) tab: String,
    pub(super) row: u32,
    /// Column by field; the remark too.
    pub(super) cols: BTreeMap<String, u32>,
}

/// An optional tab: its columns by field and the row of its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableSlot {
    pub(super) tab: String,
    pub(super) heading: u32,
    pub(super) first: u32,
    pub(super) cols: BTreeMap<String, u32>,
}

/// The heading of a column of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Id of the pijler.
    pub(super) pijler: String,
    /// Id of the domein whose figures stand below it; `None` above the first block.
    pub(super) block: Option<String>,
    pub(super) field: String,
    pub(super) cell: TextCell,
}

impl Heading {
    /// Whether it stands above the same figures.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.field == other.field
            && self.block == other.block
            && (self.block.is_some() || self.pijler == other.pijler)
    }
}

/// Everything of one workbook.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Single cells by key.
    pub(super) cells: BTreeMap<String, Slot>,
    /// Rows that stand for something, by key and tab, to follow what stands beside them.
    pub(super) rows: BTreeMap<String, (String, u32)>,
    /// Columns that stand for something, by key and tab.
    pub(super) cols: BTreeMap<String, (String, u32)>,
    /// Indicator rows by `rij/<domein>/<code>/<which time>`.
    pub(super) indicators: BTreeMap<String, RowSlot>,
    /// Optional tabs by kind.
    pub(super) tables: BTreeMap<&'static str, TableSlot>,
    /// Heading cells of columns E, F and G.
    pub(super) headings: Vec<Heading>,
    /// All tabs of the format that are read, as grids, by name.
    pub(super) grids: BTreeMap<String, Sheet>,
}

impl Slots {
    fn cell(&mut self, key: String, cell: &TextCell, bottom: u32, what: String) {
        self.rows.entry(format!("{key}/rij")).or_insert_with(|| (cell.at.tab.clone(), cell.at.row));
        self.cells.entry(key).or_insert_with(|| Slot { at: cell.at.clone(), bottom, what });
    }

    fn question(&mut self, place: &str, named: &str, question: &Question) {
        let Some(code) = &question.code else { return };
        let what = format!("antwoord op '{}' ({named})", question.text);
        self.cell(format!("vraag/{place}/{code}"), &question.answer, question.answer.at.row, what);
    }

    fn closing(&mut self, place: &str, id: &str, row: &ClosingRow, grids: &BTreeMap<String, Sheet>) {
        let fields = [
            ("cijfers", &row.figures),
            ("factoren", &row.factoren),
            ("leeftijdsfase", &row.leeftijdsfase),
            ("leefgebied", &row.leefgebied),
            ("conclusie", &row.conclusion),
        ];
        for (field, cell) in fields {
            let Some(cell) = cell else { continue };
            // The name of the domein may be merged over several rows; its values are read over all of them.
            let bottom = grids.get(&cell.at.tab).map_or(cell.at.row, |sheet| {
                let merged = sheet.merges.iter().filter(|m| m.0 == cell.at.row).map(|m| m.2).max();
                merged.unwrap_or(cell.at.row)
            });
            self.cell(
                format!("slot/{place}/{id}/{field}"),
                cell,
                bottom,
                format!("slottabel, {field} ({})", row.domein),
            );
        }
    }
}

/// The rows of factoren that have no id, by their names: those of a workbook of the classic format.
fn factor_rows(slots: &mut Slots, workbook: &Workbook, format: &Format, grids: &BTreeMap<String, Sheet>) {
    let lexicon = Lexicon::new(format);
    for tab in &workbook.analysis.pijlers {
        let Some(sheet) = grids.get(&tab.tab) else { continue };
        for block in &tab.blocks {
            let next = tab.blocks.iter().map(|other| other.row).filter(|row| *row > block.row).min();
            for row in
                sheet.rows().into_iter().filter(|row| *row > block.row && next.is_none_or(|next| *row < next))
            {
                if block.indicators.iter().any(|known| known.row == row) {
                    continue;
                }
                // The name, perhaps behind a number.
                let mut texts = sheet.row(row).take(2).map(|(col, _)| sheet.text(row, col));
                let Some(name) = texts.find_map(|text| lexicon.factor(&factor_name(&text).name)) else { continue };
                let own = format.factoren.iter().find(|f| f.name == name && f.domein == block.domein);
                let Some(factor) = own else { continue };
                let key = format!("factor/pijler/{}/{}", domein_id(format, &block.domein), factor.id);
                slots.rows.entry(key).or_insert_with(|| (tab.tab.clone(), row));
            }
        }
    }
}

/// The id of a domein as it is called in a workbook; the name itself when the format does not know it.
fn domein_id(format: &Format, name: &str) -> String {
    format.domein(name).map_or_else(|| format!("? {name}"), |domein| domein.id.clone())
}

/// Finds everything in a workbook that was read with `format`.
pub(super) fn slots(workbook: &Workbook, format: &Format) -> Result<Slots> {
    let mut slots = Slots::default();
    let file = &workbook.analysis.file;
    if let Some(package) = &workbook.package {
        let strings = package.shared_strings()?;
        let known = workbook.analysis.tabs.iter().filter(|tab| match &tab.kind {
            TabKind::Other => false,
            TabKind::Fixed(kind) => kind != "overzicht",
            _ => true,
        });
        for tab in known {
            let sheet = read_xlsx(file, package, &strings, &tab.name, None)?;
            slots.grids.insert(tab.name.clone(), sheet);
        }
    }
    let grids = std::mem::take(&mut slots.grids);
    for tab in &workbook.analysis.pijlers {
        let pijler = format.pijlers.iter().find(|pijler| pijler.name == tab.pijler);
        let id = pijler.map_or(tab.pijler.as_str(), |pijler| pijler.id.as_str());
        let labels =
            [("wijk", &tab.wijk), ("adviseur", &tab.adviseur), ("versie", &tab.version), ("datum", &tab.date)];
        for (field, cell) in labels {
            if let Some(cell) = cell {
                slots.cell(format!("kop/{id}/{field}"), cell, cell.at.row, format!("{field} (bovenaan)"));
            }
        }
        for (field, col) in &tab.columns {
            slots.cols.insert(format!("{id}/{field}"), (tab.tab.clone(), *col));
        }
        for (field, cell) in &tab.headings {
            let above = tab.blocks.iter().filter(|block| block.row <= cell.at.row).max_by_key(|block| block.row);
            let (pijler, field, cell) = (id.to_owned(), field.clone(), cell.clone());
            let block = above.map(|block| domein_id(format, &block.domein));
            slots.headings.push(Heading { pijler, block, field, cell });
        }
        for block in &tab.blocks {
            let domein = domein_id(format, &block.domein);
            let key = format!("blok/{domein}");
            slots.rows.entry(key).or_insert_with(|| (tab.tab.clone(), block.row));
            let next =
                tab.blocks.iter().map(|other| other.row).filter(|row| *row > block.row).min().unwrap_or(u32::MAX);
            let heading = tab.headings.iter().map(|(_, cell)| cell.at.row);
            if let Some(row) = heading.filter(|row| (block.row..next).contains(row)).min() {
                slots.rows.entry(format!("kolommen/{domein}")).or_insert_with(|| (tab.tab.clone(), row));
            }
            for row in &block.indicators {
                let Some(code) = &row.code else { continue };
                let mut cols: BTreeMap<String, u32> =
                    tab.columns.iter().map(|(field, col)| (field.clone(), *col)).collect();
                cols.insert("wijk".to_owned(), row.wijk.at.col);
                for (field, cell) in [("eenheid", &row.unit), ("bron", &row.source), ("opmerking", &row.remark)] {
                    if let Some(cell) = cell {
                        cols.insert(field.to_owned(), cell.at.col);
                    }
                }
                for (field, cell) in [("naast", &row.beside), ("benchmark", &row.benchmark)] {
                    if let Some(cell) = cell {
                        cols.insert(field.to_owned(), cell.at.col);
                    }
                }
                let number = (1_u32..)
                    .find(|n| !slots.indicators.contains_key(&format!("rij/{domein}/{code}/{n}")))
                    .unwrap_or(1);
                let found = RowSlot {
                    domein: domein.clone(),
                    code: code.clone(),
                    name: row.name.clone(),
                    tab: tab.tab.clone(),
                    row: row.row,
                    cols,
                };
                slots.indicators.insert(format!("rij/{domein}/{code}/{number}"), found);
            }
            for question in &block.questions {
                slots.question(&domein, &block.domein, question);
            }
        }
        for question in &tab.questions {
            slots.question(&format!("pijler-{id}"), &format!("pijler {}", tab.pijler), question);
        }
        for row in &tab.closing {
            slots.closing("pijler", &domein_id(format, &row.domein), row, &grids);
        }
    }
    if let Some(summary) = &workbook.analysis.summary {
        for question in &summary.questions {
            slots.question("samenvatting", "samenvatting", question);
        }
        for row in &summary.closing {
            slots.closing("samenvatting", &domein_id(format, &row.domein), row, &grids);
        }
    }
    for tab in &workbook.analysis.tabs {
        let place = match &tab.kind {
            TabKind::Pijler(name) => {
                let pijler = format.pijlers.iter().find(|pijler| pijler.name == *name);
                pijler.map_or(name.as_str(), |pijler| pijler.id.as_str()).to_owned()
            }
            TabKind::Fixed(kind) => kind.clone(),
            TabKind::Factorenmodel(_) | TabKind::Other => continue,
        };
        let Some(sheet) = grids.get(&tab.name) else { continue };
        // Rows in which nobody writes, but which people colour or hide.
        let mut domein = String::new();
        for ((row, _), id) in &sheet.ids {
            let key = match id {
                Identity::Domein(id) => {
                    domein.clone_from(id);
                    continue;
                }
                // A domein may come under another pijler.
                Identity::Factor(factor) if matches!(tab.kind, TabKind::Pijler(_)) => {
                    format!("factor/pijler/{domein}/{factor}")
                }
                Identity::Factor(factor) => format!("factor/{place}/{domein}/{factor}"),
                Identity::Closing => format!("slotkop/{place}"),
                _ => continue,
            };
            slots.rows.entry(key).or_insert_with(|| (tab.name.clone(), *row));
        }
    }
    factor_rows(&mut slots, workbook, format, &grids);
    for (kind, least) in ITEM_TABS {
        let wanted = TabKind::Fixed(kind.to_owned());
        let Some(tab) = workbook.analysis.tabs.iter().find(|tab| tab.kind == wanted) else { continue };
        let Some(sheet) = grids.get(&tab.name) else { continue };
        let Some(heading) = item_heading(sheet, format, kind, least) else { continue };
        let table = TableSlot {
            tab: tab.name.clone(),
            heading: heading.row,
            first: heading.below(),
            cols: heading.columns.clone(),
        };
        slots.tables.insert(kind, table);
    }
    slots.grids = grids;
    Ok(slots)
}
