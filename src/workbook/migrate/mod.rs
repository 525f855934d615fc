//! Taking a filled workbook to another version of the format: what goes where.
//!
//! Owns the plan of a migration: every cell that a person filled gets its place in the new version, or a line on the tab
//! for what has no place. Nothing is dropped that is not surely the format's own; [`verify`] looks afterwards, by another
//! path, whether every text has arrived. How the package changes is [`crate::package`]'s business.

mod cells;
mod dressing;
mod headings;
mod looks;
mod overview;
mod places;
mod raw;
mod renamed;
mod slots;
mod stale;
mod tabs;
mod texts;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::dressing::Listed;
use self::raw::Raw;
use self::slots::{Slots, slots};
use self::texts::{FormatTexts, Stands};
use super::read::Workbook;
use super::record::FillRecord;
use super::sheet::{Cell, Sheet};
use super::tables::ITEM_TABS;
use crate::error::{Error, Result};
use crate::model::{CHART_TAB, CellRef, CellValue, Format, Overview, TabKind, normalise};
use crate::package::{CellEdit, Graft, NewValue, Placement, Spreadsheet, StyleChoice, TabDress};

pub use verify::verify;

/// Longest name of a tab.
const LONGEST_NAME: usize = 31;

/// What became of one thing that a person (or filling) put into the old workbook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Move {
    /// Tab in the old workbook.
    pub from_tab: String,
    /// Cell in the old workbook; empty for a whole tab.
    pub from_cell: String,
    /// What it is, in Dutch.
    pub what: String,
    /// What stood there.
    pub text: String,
    /// Tab in the new workbook; empty when it has no place.
    pub to_tab: String,
    /// Cell in the new workbook; empty for a whole tab.
    pub to_cell: String,
    /// Why it has no place, or what was done with it; empty when it simply moved.
    pub remark: String,
}

/// Something without a place: a line on the tab `Niet geplaatst`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// Tab in the old workbook.
    pub tab: String,
    /// Cell in the old workbook.
    pub cell: String,
    /// What it is, in Dutch.
    pub what: String,
    /// The text as it stood there.
    pub text: String,
    /// Why it has no place.
    pub reason: String,
}

/// The plan of a migration.
#[derive(Debug, Default)]
pub struct Migration {
    /// What becomes of everything.
    pub moves: Vec<Move>,
    /// What has no place.
    pub unplaced: Vec<Unplaced>,
    /// Old tabs that stay whole beside the new one, under another name: (old name, name, why).
    pub kept_old: Vec<(String, String, String)>,
    /// Own tabs that stay.
    pub own_tabs: usize,
    /// Cells to write after the graft.
    pub edits: Vec<CellEdit>,
    /// The record of filling at its new addresses.
    pub record: FillRecord,
    /// What happens to the tabs.
    pub graft: Graft,
    /// What the new tabs get besides values, by name of the tab; to be put on after the cells are written.
    pub dress: BTreeMap<String, TabDress>,
    /// The same for lines of the list of what has no place.
    pub(crate) listed: Listed,
    /// Texts of the old workbook that the format itself wrote; they need not arrive.
    pub(crate) ours: BTreeSet<String>,
}

/// What a migration is made from.
#[derive(Debug, Clone, Copy)]
pub struct MigrationInput<'a> {
    /// The filled workbook, read with `old_format`.
    pub old: &'a Workbook,
    /// The format it was made with, or the nearest that is known.
    pub old_format: &'a Format,
    /// The blank workbook of exactly its version, when that is known.
    pub old_blank: Option<&'a Workbook>,
    /// The blank workbook of `old_format`, whatever version the filled one is of.
    pub old_like: &'a Workbook,
    /// The blank workbook of the new version, read with `new_format`.
    pub new: &'a Workbook,
    /// The new format.
    pub new_format: &'a Format,
    /// The overview of the old workbook as it was read; `None` when it has none.
    pub overview: Option<&'a Overview>,
}

/// How many places a workbook has for a format: cells to write in, columns, and the columns of its lists. A heading that the
/// format does not know is no place.
///
/// # Errors
/// When a part of the workbook cannot be read.
pub fn places_known(workbook: &Workbook, format: &Format) -> Result<usize> {
    let slots = slots(workbook, format)?;
    let tables = slots.tables.values().map(|table| table.cols.len());
    Ok(slots.cells.len() + slots.cols.len() + tables.sum::<usize>())
}

/// Plans a migration.
///
/// # Errors
/// When a part of one of the workbooks cannot be read, or the old one is no xlsx.
pub fn migration(input: &MigrationInput<'_>) -> Result<Migration> {
    let (Some(package), Some(_)) = (&input.old.package, &input.new.package) else {
        return Err(Error::content(
            &input.old.analysis.file,
            "dit soort bestand kan niet worden overgezet",
            "Open het in Excel of LibreOffice, sla het op als .xlsx en zet dat bestand over.",
        ));
    };
    let old = slots(input.old, input.old_format)?;
    let new = slots(input.new, input.new_format)?;
    let blank = input.old_blank.map(|blank| slots(blank, input.old_format)).transpose()?;
    let known = input.old_blank.zip(blank.as_ref());
    let like = slots(input.old_like, input.old_format)?;
    let formats = texts::Blanks { same: known, like: (input.old_like, &like), new: (input.new, &new) };
    let mut planner = Planner {
        input,
        package,
        texts: FormatTexts::new(input.old_format, (input.old, &old), &formats),
        record: input.old.record.as_ref().map(FillRecord::from_sheet).unwrap_or_default(),
        raw: Raw::of(input.old, package)?,
        old,
        new,
        blank,
        places: BTreeMap::new(),
        used: BTreeSet::new(),
        extra_cols: BTreeMap::new(),
        arrived: BTreeMap::new(),
        raw_numbers: BTreeSet::new(),
        noted: BTreeSet::new(),
        headed: BTreeMap::new(),
        listed: BTreeMap::new(),
        list: unplaced_tab(package),
        plan: Migration::default(),
    };
    planner.find_places();
    planner.pair_overview()?;
    planner.cells();
    planner.headings();
    planner.indicators();
    planner.tables();
    planner.rest();
    planner.tabs()?;
    planner.stale()?;
    planner.alike();
    planner.dressing()?;
    planner.number_formats();
    planner.records();
    let mut plan = planner.plan;
    plan.graft.places = planner.places;
    plan.moves.sort();
    Ok(plan)
}

/// Why a formula on a tab of the format is listed: its outcome is no longer reckoned.
const STANDS_STILL: &str = "een formule kan niet mee; haar uitkomst staat er nog en verandert niet meer";

struct Planner<'a> {
    input: &'a MigrationInput<'a>,
    package: &'a Spreadsheet,
    texts: FormatTexts<'a>,
    record: FillRecord,
    /// What the cells hold besides what is read of them.
    raw: Raw,
    old: Slots,
    new: Slots,
    blank: Option<Slots>,
    places: BTreeMap<String, Placement>,
    /// Old cells that have been dealt with.
    used: BTreeSet<(String, u32, u32)>,
    /// Columns that a person added, by old tab: old column -> new column.
    extra_cols: BTreeMap<String, BTreeMap<u32, u32>>,
    /// Where the text or figure of an old cell has gone, whole.
    arrived: BTreeMap<(String, u32, u32), (String, u32, u32)>,
    /// Old cells of which the number itself has gone along.
    raw_numbers: BTreeSet<(String, u32, u32)>,
    /// Cells of the new workbook at which a note or conversation of the old one hangs.
    noted: BTreeSet<(String, u32, u32)>,
    /// Headings of columns E and F of the new workbook as they will read, by domein and field.
    headed: BTreeMap<(String, String), String>,
    /// Old cells of which the text stands, whole, on a line of the list of what has no place.
    listed: BTreeMap<(String, u32, u32), usize>,
    /// Name of the tab with that list.
    list: String,
    plan: Migration,
}

impl Planner<'_> {
    fn grid(&self, tab: &str) -> Option<&Sheet> {
        self.old.grids.get(tab)
    }

    /// Rows and columns of the old tabs that have a counterpart.
    fn find_places(&mut self) {
        let (old, new) = (self.input.old, self.input.new);
        self.places = places::paired((old, &self.old), (new, &self.new), &|one, other| self.same_kind(one, other));
    }

    /// Whether two tabs are the same thing in the two formats.
    fn same_kind(&self, old: &TabKind, new: &TabKind) -> bool {
        let (before, after) = (self.input.old_format, self.input.new_format);
        match (old, new) {
            (TabKind::Fixed(old), TabKind::Fixed(new)) => old == new,
            (TabKind::Pijler(old), TabKind::Pijler(new)) => {
                let id = |format: &Format, name: &str| {
                    format.pijlers.iter().find(|pijler| pijler.name == name).map(|pijler| pijler.id.clone())
                };
                id(before, old).is_some() && id(before, old) == id(after, new)
            }
            (TabKind::Factorenmodel(old), TabKind::Factorenmodel(new)) => {
                let id = |format: &Format, name: &str| format.domein(name).map(|domein| domein.id.clone());
                id(before, old).is_some() && id(before, old) == id(after, new)
            }
            _ => false,
        }
    }

    fn map_row(&mut self, tab: &str, row: u32, to: (&str, u32)) {
        let (old, new) = (&self.old, &self.new);
        if let Some(place) = self.places.get_mut(tab) {
            places::pair_row(place, row, to, || places::cols_between((old, tab), (new, to.0)));
        }
    }

    fn map_cell(&mut self, (tab, row, col): (&str, u32, u32), to: (&str, u32, u32)) {
        let (old, new) = (&self.old, &self.new);
        if let Some(place) = self.places.get_mut(tab) {
            let part = place.part(to.0, || places::cols_between((old, tab), (new, to.0)));
            part.cells.insert((row, col), (to.1, to.2));
        }
    }

    fn shown(&self, tab: &str, row: u32, col: u32) -> String {
        self.grid(tab).map(|sheet| sheet.text(row, col)).unwrap_or_default()
    }

    fn is_blank(&self, tab: &str, row: u32, col: u32) -> bool {
        let empty = self.grid(tab).is_none_or(|sheet| sheet.is_blank(row, col));
        empty && !self.raw.formulas.contains_key(&(tab.to_owned(), row, col))
    }

    /// What an old cell holds: a date, time or percentage as its number, of which the number format goes along
    /// ([`Planner::number_formats`]); a percentage in a column of figures in the unit of the figure.
    fn value(&self, tab: &str, row: u32, col: u32, figure: bool) -> NewValue {
        let Some(cell) = self.grid(tab).and_then(|sheet| sheet.cell(row, col)) else { return NewValue::Clear };
        match &cell.value {
            CellValue::Empty => NewValue::Clear,
            CellValue::Number(number) if figure && cell.percent() => {
                NewValue::Number((number * 100.0 * 1e10).round() / 1e10)
            }
            CellValue::Number(number) if !cell.percent() => NewValue::Number(*number),
            CellValue::Bool(truth) => NewValue::Bool(*truth),
            _ => match self.raw.shown_numbers.get(&(tab.to_owned(), row, col)) {
                Some((number, _)) => NewValue::Number(*number),
                None => NewValue::Text(self.shown(tab, row, col)),
            },
        }
    }

    /// Brings one cell to its new place.
    fn carry(&mut self, from: (&str, u32, u32), to: (&str, u32, u32), figure: bool, what: &str) {
        let (tab, row, col) = from;
        let formula = self.raw.formulas.get(&(tab.to_owned(), row, col)).cloned();
        self.used.insert((tab.to_owned(), row, col));
        self.map_cell(from, to);
        self.arrived.insert((tab.to_owned(), row, col), (to.0.to_owned(), to.1, to.2));
        let value = self.value(tab, row, col, figure);
        let in_percent = self.grid(tab).and_then(|sheet| sheet.cell(row, col)).is_some_and(Cell::percent);
        if matches!(value, NewValue::Number(_)) && !(figure && in_percent) {
            self.raw_numbers.insert((tab.to_owned(), row, col));
        }
        let text = self.shown(tab, row, col);
        let mut remark = String::new();
        if let Some(formula) = formula {
            remark = match value {
                NewValue::Clear => {
                    format!("de formule had geen bewaarde uitkomst; de formule staat op {}", self.list)
                }
                _ => format!("de uitkomst van de formule staat er; de formule staat op {}", self.list),
            };
            self.unplaced(
                tab,
                row,
                col,
                &format!("formule bij {what}"),
                format!("={formula}"),
                if matches!(value, NewValue::Clear) { "een formule kan niet mee" } else { STANDS_STILL },
            );
        }
        self.plan.edits.push(CellEdit {
            tab: to.0.to_owned(),
            row: to.1,
            col: to.2,
            value,
            style: StyleChoice::Keep,
        });
        self.plan.moves.push(Move {
            from_tab: tab.to_owned(),
            from_cell: CellRef::new(tab, row, col).a1(),
            what: what.to_owned(),
            text,
            to_tab: to.0.to_owned(),
            to_cell: CellRef::new(to.0, to.1, to.2).a1(),
            remark,
        });
    }

    fn unplaced(&mut self, tab: &str, row: u32, col: u32, what: &str, text: String, reason: &str) {
        let cell = CellRef::new(tab, row, col).a1();
        let at = (tab.to_owned(), row, col);
        if text == self.shown(tab, row, col) {
            self.listed.entry(at.clone()).or_insert(self.plan.unplaced.len());
        }
        self.used.insert(at);
        self.tell_lost(tab, cell, what, text, reason);
    }

    fn ours(&mut self, tab: &str, row: u32, col: u32) {
        self.used.insert((tab.to_owned(), row, col));
        let text = self.shown(tab, row, col);
        self.plan.ours.insert(text);
    }

    /// Labels on top, answers and closing tables.
    fn cells(&mut self) {
        let all: Vec<_> = self.old.cells.clone().into_iter().collect();
        for (key, slot) in all {
            let tab = slot.at.tab.clone();
            let (row, col) = (slot.at.row, slot.at.col);
            let filled: Vec<u32> =
                (row..=slot.bottom.max(row)).filter(|r| !self.is_blank(&tab, *r, col)).collect();
            let target = self.new.cells.get(&key).map(|slot| slot.at.clone());
            if let (Some(target), true) = (&target, filled.is_empty()) {
                self.map_cell((&tab, row, col), (&target.tab, target.row, target.col));
                continue;
            }
            // A label with its value in one cell ('Wijk: Bospolder') is read as its value only.
            let label_too = key.starts_with("kop/") && self.label_and_value(&slot.at);
            match target {
                Some(target) if filled.len() == 1 && !label_too => {
                    let at = filled.first().copied().unwrap_or(row);
                    let to = (target.tab.as_str(), target.row, target.col);
                    self.carry((&tab, at, col), to, false, &slot.what);
                }
                Some(target) => {
                    let texts: Vec<String> = match label_too {
                        true => vec![self.value_of_label(&slot.at)],
                        false => filled.iter().map(|r| self.shown(&tab, *r, col)).collect(),
                    };
                    for at in filled {
                        let formula = self.raw.formulas.get(&(tab.clone(), at, col)).cloned();
                        if let Some(formula) = formula {
                            let what = format!("formule bij {}", slot.what);
                            self.unplaced(&tab, at, col, &what, format!("={formula}"), STANDS_STILL);
                        }
                        self.used.insert((tab.clone(), at, col));
                        self.plan.ours.insert(self.shown(&tab, at, col));
                    }
                    let text = texts.join("\n");
                    self.plan.edits.push(CellEdit {
                        tab: target.tab.clone(),
                        row: target.row,
                        col: target.col,
                        value: NewValue::Text(text.clone()),
                        style: StyleChoice::Keep,
                    });
                    self.plan.moves.push(Move {
                        from_tab: tab.clone(),
                        from_cell: slot.at.a1(),
                        what: slot.what.clone(),
                        text,
                        to_cell: target.a1(),
                        to_tab: target.tab,
                        remark: String::new(),
                    });
                }
                None => {
                    for at in filled {
                        let text = self.with_formula(&tab, at, col);
                        self.unplaced(
                            &tab,
                            at,
                            col,
                            &slot.what,
                            text,
                            "de nieuwe versie heeft hier geen plaats voor",
                        );
                    }
                }
            }
        }
    }

    fn label_and_value(&self, at: &CellRef) -> bool {
        let text = self.shown(&at.tab, at.row, at.col);
        text.split_once(':').is_some_and(|(label, value)| {
            !value.trim().is_empty()
                && self.input.old_format.headings_of("kopgegevens").any(|heading| {
                    std::iter::once(&heading.text)
                        .chain(&heading.variants)
                        .any(|known| normalise(known) == normalise(label))
                })
        })
    }

    fn value_of_label(&self, at: &CellRef) -> String {
        let text = self.shown(&at.tab, at.row, at.col);
        text.split_once(':').map_or(text.clone(), |(_, value)| value.trim().to_owned())
    }

    /// The text of a cell, with its formula when it has one.
    fn with_formula(&self, tab: &str, row: u32, col: u32) -> String {
        let text = self.shown(tab, row, col);
        match self.raw.formulas.get(&(tab.to_owned(), row, col)) {
            Some(formula) => format!("{text} (formule: ={formula})"),
            None => text,
        }
    }

    /// Everything else on the tabs that people fill in: the format's own texts, or a person's.
    fn rest(&mut self) {
        let tabs: Vec<(TabKind, String)> = self
            .input
            .old
            .analysis
            .tabs
            .iter()
            .filter(|tab| is_interactive(&tab.kind))
            .map(|tab| (tab.kind.clone(), tab.name.clone()))
            .collect();
        for (kind, tab) in tabs {
            let Some(sheet) = self.grid(&tab) else { continue };
            let cells: Vec<(u32, u32)> = sheet.cells.keys().copied().collect();
            let zones = self.zones(&kind, &tab);
            let (dealt, free): (Vec<_>, Vec<_>) =
                cells.into_iter().partition(|(row, col)| self.used.contains(&(tab.clone(), *row, *col)));
            for (row, col) in dealt {
                let text = self.shown(&tab, row, col);
                self.texts.dealt_with(&kind, (&tab, row, col), &text);
            }
            // First what stands where the format writes it: the same words elsewhere are a person's.
            for (row, col) in free.iter().copied() {
                let text = self.shown(&tab, row, col);
                let plain =
                    !self.is_blank(&tab, row, col) && !self.raw.formulas.contains_key(&(tab.clone(), row, col));
                if plain && self.texts.is_in_place(&kind, (&tab, row, col), &text, zones.of(row, col)) {
                    self.ours(&tab, row, col);
                }
            }
            for (row, col) in free {
                if self.used.contains(&(tab.clone(), row, col)) || self.is_blank(&tab, row, col) {
                    continue;
                }
                let text = self.shown(&tab, row, col);
                let formula = self.raw.formulas.get(&(tab.clone(), row, col));
                if formula.is_some_and(|formula| formula.contains(CHART_TAB)) {
                    // The words beside a chart of the format.
                    self.ours(&tab, row, col);
                    continue;
                }
                let formula = formula.is_some();
                let is_code = zones.code == Some(col) && self.input.old_format.indicator(text.trim()).is_some();
                if !formula && (is_code || self.texts.is_ours(&kind, (&tab, row, col), &text, zones.of(row, col)))
                {
                    self.ours(&tab, row, col);
                    continue;
                }
                self.beside_or_unplaced(&tab, row, col, zones.last);
            }
        }
    }

    /// Where on a tab that people fill in the format writes what.
    fn zones(&self, kind: &TabKind, tab: &str) -> Zones {
        let known_col = |field: &str| {
            let own = self.old.cols.iter().filter(|(_, (at, _))| *at == tab);
            own.filter(|(key, _)| key.ends_with(&format!("/{field}"))).map(|(_, (_, col))| *col).next()
        };
        let indicators: BTreeSet<u32> =
            self.old.indicators.values().filter(|row| row.tab == tab).map(|row| row.row).collect();
        let keyed = self.old.rows.values().filter(|(at, _)| *at == tab).map(|(_, row)| *row);
        let headings = self.old.headings.iter().map(|heading| &heading.cell.at);
        let slots = self.old.cells.iter().filter(|(_, slot)| slot.at.tab == tab);
        let closing = slots.clone().filter(|(key, _)| key.starts_with("slot/")).map(|(_, slot)| slot.at.row);
        let is_list = ITEM_TABS.iter().any(|(name, _)| *kind == TabKind::Fixed((*name).to_owned()));
        Zones {
            labels: known_col("indicator"),
            steps: known_col("nummer"),
            code: known_col("code"),
            last: self.old.cols.values().filter(|(at, _)| *at == tab).map(|(_, col)| *col).max(),
            slots: slots.map(|(_, slot)| slot.at.col).max().filter(|_| !is_list),
            headings: headings.filter(|at| at.tab == tab).map(|at| at.row).collect(),
            keyed: keyed.chain(indicators.iter().copied()).collect(),
            numbered: self
                .places
                .get(tab)
                .map(|place| place.parts().flat_map(|p| p.rows.keys()).copied().collect()),
            closing: closing.flat_map(|row| [row.saturating_sub(1), row]).collect(),
            indicators,
        }
    }

    /// A text right of a row of the format goes along with its row; any other text has no place.
    fn beside_or_unplaced(&mut self, tab: &str, row: u32, col: u32, last: Option<u32>) {
        /// First column right of everything that the format writes on a pijler tab.
        const FREE: u32 = 10;
        let place = self.places.get(tab);
        let target = place.and_then(|place| place.row(row)).map(|(part, to)| (part.tab.clone(), to));
        let right = last.is_some_and(|last| col > last);
        if let (Some((new_tab, new_row)), true) = (target, right) {
            let extra = self.extra_cols.entry(tab.to_owned()).or_default();
            let next = FREE + u32::try_from(extra.len()).unwrap_or(0);
            let to = *extra.entry(col).or_insert(next);
            self.carry((tab, row, col), (&new_tab, new_row, to), false, "eigen tekst naast de tabel");
            return;
        }
        let text = self.with_formula(tab, row, col);
        self.unplaced(tab, row, col, "eigen tekst", text, "de plek hoort niet bij een vraag, cijfer of tabel");
    }
}

/// Where on a tab that people fill in the format writes what, by zero-based rows and columns.
struct Zones {
    /// The column with the names of indicators, of numbers, and of codes.
    labels: Option<u32>,
    steps: Option<u32>,
    code: Option<u32>,
    /// The last column that the format knows, of a tab of a pijler.
    last: Option<u32>,
    /// The last column in which something is asked, of a tab that is neither of a pijler nor a list.
    slots: Option<u32>,
    /// Rows with headings of columns, of indicators, of anything that has an id, and of closing tables.
    headings: BTreeSet<u32>,
    indicators: BTreeSet<u32>,
    keyed: BTreeSet<u32>,
    closing: BTreeSet<u32>,
    /// Rows that have a counterpart in the new version.
    numbered: Option<BTreeSet<u32>>,
}

impl Zones {
    fn of(&self, row: u32, col: u32) -> Stands {
        let first = self.headings.first().copied();
        let within = self.last.is_none_or(|last| col <= last);
        let label = match self.labels {
            Some(at) => col <= at && (first.is_some_and(|first| row < first) || self.keyed.contains(&row)),
            None => self.slots.is_some_and(|last| col <= last),
        };
        let table = within && (self.headings.contains(&row) || self.closing.contains(&row));
        let numbered = self.numbered.as_ref().is_some_and(|rows| rows.contains(&row));
        Stands {
            label: label || table,
            step: self.steps == Some(col) && (self.indicators.contains(&row) || numbered),
            beyond: !within && first.is_some_and(|first| row >= first),
        }
    }
}

/// A tab that people fill in.
fn is_interactive(kind: &TabKind) -> bool {
    match kind {
        TabKind::Pijler(_) => true,
        TabKind::Fixed(kind) => {
            matches!(kind.as_str(), "samenvatting" | "resultaten" | "matrix" | "activiteiten" | "afspraken")
        }
        TabKind::Factorenmodel(_) | TabKind::Other => false,
    }
}

fn field_words(field: &str) -> &str {
    match field {
        "eenheid" => "eenheid en jaar",
        "bron" => "bron",
        "wijk" => "cijfer van de wijk",
        "naast" => "cijfer in de vrije kolom",
        "benchmark" => "cijfer van de benchmark",
        other => other,
    }
}

/// Name of the tab with what has no place, for a workbook made from this one: it may have such a tab already.
pub(crate) fn unplaced_tab(old: &Spreadsheet) -> String {
    let mut taken = old.sheets().iter().map(|sheet| sheet.name.to_lowercase()).collect();
    free_name("Niet geplaatst", "", &mut taken)
}

/// A name for a tab that no other tab has, within Excel's 31 characters.
pub(super) fn free_name(name: &str, suffix: &str, taken: &mut BTreeSet<String>) -> String {
    let fitted = |suffix: &str| {
        let room = LONGEST_NAME.saturating_sub(suffix.encode_utf16().count());
        let mut out = String::new();
        for c in name.chars() {
            if out.encode_utf16().count() + c.len_utf16() > room {
                break;
            }
            out.push(c);
        }
        format!("{}{suffix}", out.trim_end())
    };
    let first = if suffix.is_empty() { name.to_owned() } else { fitted(suffix) };
    let free = std::iter::once(first).chain((2_u32..).map(|n| fitted(&format!("{suffix} ({n})"))));
    let mut free = free.filter(|name| !taken.contains(&name.to_lowercase()));
    let name = free.next().unwrap_or_default();
    taken.insert(name.to_lowercase());
    name
}
