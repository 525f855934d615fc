//! The workbook's own overview tab when another overview takes its place.
//!
//! Owns where each new cell stands, which look it takes (that of its area and its column, wherever they stood), what of
//! people beside the table stays, and what became of the figures. How bytes change is [`crate::package`]'s business.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ledger::LedgerEntry;
use super::overview_looks::{AREA_COLUMNS, Looks};
use super::read::Workbook;
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::model::{
    Area, CellRef, CellValue, Column, Figure, Format, Missing, OVERVIEW_TITLE, Overview, OverviewLabel,
    OverviewWords, TabKind, normalise, overview_rows,
};
use crate::package::{NewCell, NewRow, NewValue, Range, SheetRows, Spreadsheet};

/// The workbook's own overview, and the one that takes its place ([`align_overview`]).
#[derive(Debug, Clone, Copy)]
pub struct OverviewChange<'a> {
    /// What the tab holds.
    pub own: &'a Overview,
    /// What it will hold.
    pub new: &'a Overview,
}

/// What became of the overview tab. Figures are counted per area and indicator, wherever they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OverviewRenewed {
    /// Name of the tab.
    #[serde(rename = "tabblad")]
    pub tab: String,
    /// Figures that are different.
    #[serde(rename = "veranderd")]
    pub changed: usize,
    /// Figures where there was none.
    #[serde(rename = "erbij")]
    pub came: usize,
    /// Figures that are not there any more.
    #[serde(rename = "weg")]
    pub gone: usize,
    /// Areas that were not there.
    #[serde(rename = "gebieden_erbij")]
    pub areas_came: usize,
    /// Areas that are not there any more.
    #[serde(rename = "gebieden_weg")]
    pub areas_gone: usize,
}

impl OverviewRenewed {
    pub(super) fn of(tab: &str, change: &OverviewChange<'_>) -> Self {
        let OverviewChange { own, new } = change;
        let mut told = OverviewRenewed { tab: tab.to_owned(), ..OverviewRenewed::default() };
        let index = |overview: &Overview| -> BTreeMap<String, usize> {
            (0..).zip(&overview.areas).map(|(at, area)| (area.code.clone(), at)).collect()
        };
        let (old, now) = (index(own), index(new));
        told.areas_came = now.keys().filter(|code| !old.contains_key(*code)).count();
        told.areas_gone = old.keys().filter(|code| !now.contains_key(*code)).count();
        let codes: BTreeSet<&String> = old.keys().chain(now.keys()).collect();
        for code in codes {
            let (before, after) = (old.get(code), now.get(code));
            for column in 0..new.columns.len().max(own.columns.len()) {
                // The columns of the new overview stand where the old ones stood.
                let value = |overview: &Overview, area: Option<&usize>| {
                    area.and_then(|area| overview.figure(*area, column).value())
                };
                match (value(own, before), value(new, after)) {
                    (Some(before), Some(after)) => told.changed += usize::from(before != after),
                    (None, Some(_)) => told.came += 1,
                    (Some(_), None) => told.gone += 1,
                    (None, None) => {}
                }
            }
        }
        told
    }
}

/// What the tab becomes, cell by cell.
pub(super) struct NewTab {
    pub(super) tab: String,
    rows: Vec<NewRow>,
    keep: BTreeSet<(u32, u32)>,
    columns: Option<(u32, u32)>,
    /// Names of ours that lead to a row of this tab, and where they lead now.
    pub(super) names: Vec<(String, Option<String>)>,
    /// Row of the codes.
    first: u32,
    /// Row of each area of the workbook's own overview.
    old_areas: BTreeMap<u32, usize>,
    /// Rows of areas that stand elsewhere now, or not at all.
    pub(super) left: BTreeSet<u32>,
}

/// What stands on the old tab besides the figures.
#[derive(Default)]
struct OldTab {
    /// Rows by what stands in column A, as compared; labels by their usual text.
    rows: BTreeMap<String, u32>,
    /// Labels and headings as they stand there, by their usual text.
    called: BTreeMap<String, String>,
    /// Cells of people beside or below the table: address, value, in a row of the table.
    others: Vec<(u32, u32, CellValue, bool)>,
}

impl NewTab {
    /// Decides what every cell of the tab becomes. The links back above the row 'Code' stay.
    pub(super) fn of(
        book: &Spreadsheet,
        workbook: &Workbook,
        format: &Format,
        change: &OverviewChange<'_>,
    ) -> Result<NewTab> {
        let file = workbook.analysis.file.as_str();
        let kind = TabKind::Fixed("overzicht".to_owned());
        let Some(tab) = workbook.analysis.tabs.iter().find(|tab| tab.kind == kind) else {
            return Err(Error::content(
                file,
                "het werkboek heeft geen tabblad met het indicatorenoverzicht",
                "Voeg het tabblad toe uit een leeg format, of vul zonder --overzicht.",
            ));
        };
        let rows = overview_rows(change.new);
        let top = workbook.overview_top.as_ref();
        let words = overview_words(book, &tab.name, format);
        let first = top.and_then(|top| code_row(top, &words)).unwrap_or(1);
        // Which row and column is which is only known of a tab in the layout that is written.
        let ours = top.is_some_and(|top| has_our_columns(top, first, change.own));
        let old = if ours { OldTab::read(book, &tab.name, first, change.own, &words)? } else { OldTab::default() };
        let old_areas: BTreeMap<u32, usize> = (0..)
            .zip(&change.own.areas)
            .filter_map(|(at, area)| Some((*old.rows.get(&normalise(&area.code))?, at)))
            .collect();
        let looks = Looks::new(change, &old_areas, &format.benchmark.0);
        let mut out: BTreeMap<u32, NewRow> = head(top, first, rows.first().and_then(|cells| cells.first()));
        let mut now: BTreeMap<String, u32> = BTreeMap::new();
        // The labels and the headings above the areas.
        let label_rows = OverviewLabel::ALL.len() + 1;
        // The first of the new rows is the title.
        for ((row, cells), at) in (first..).zip(rows.iter().skip(1)).zip(0_usize..) {
            let key = normalise(&cells.first().map(CellValue::text).unwrap_or_default());
            let (like, area) = match at.checked_sub(label_rows) {
                Some(area) => (looks.row(area), Some(area)),
                None => (old.rows.get(&key).copied(), None),
            };
            // A label keeps the name that somebody gave it.
            let shown = |col: u32, value: &CellValue| -> NewValue {
                match value {
                    CellValue::Text(usual) if area.is_none() && col < AREA_COLUMNS => {
                        let kept =
                            old.called.get(usual).map(String::as_str).or_else(|| format.overview_text(usual));
                        NewValue::Text(kept.unwrap_or(usual).to_owned())
                    }
                    other => new_value(other),
                }
            };
            let cell = |(col, value): (u32, &CellValue)| NewCell {
                col,
                value: shown(col, value),
                like: area.and_then(|area| looks.cell(area, col, value)).filter(|from| *from != (row, col)),
            };
            let cells = (0..).zip(cells).filter(|(_, value)| !value.is_blank()).map(cell).collect();
            out.insert(row, NewRow { row, like: like.filter(|like| *like != row), cells });
            now.insert(key, row);
        }
        let keep = old.place_others(change, &now, &old_areas, &mut out);
        let stays = |row: u32, at: usize| {
            change.own.areas.get(at).and_then(|area| now.get(&normalise(&area.code))).is_some_and(|to| *to == row)
        };
        let left = old_areas.iter().filter(|(row, at)| !stays(**row, **at)).map(|(row, _)| *row).collect();
        let count = |overview: &Overview| u32::try_from(overview.columns.len()).unwrap_or(u32::MAX);
        let (before, after) = (count(change.own), count(change.new));
        let columns = (ours && after > before).then(|| (AREA_COLUMNS + before, AREA_COLUMNS + after - 1));
        let names = old.names(book, &tab.name, first, &now);
        Ok(NewTab {
            tab: tab.name.clone(),
            rows: out.into_values().collect(),
            keep,
            columns,
            names,
            first,
            old_areas,
            left,
        })
    }

    pub(super) fn rows(&self) -> SheetRows<'_> {
        SheetRows {
            tab: self.tab.clone(),
            rows: Box::new(|| Box::new(self.rows.iter().cloned())),
            keep: self.keep.clone(),
            columns: self.columns,
        }
    }
}

/// The rows above the row 'Code' stay as they are. The title names the edition, which every document repeats: it goes with
/// the figures. A title of somebody's own stays.
fn head(top: Option<&Sheet>, first: u32, title: Option<&CellValue>) -> BTreeMap<u32, NewRow> {
    let renewed = |value: &CellValue| match (title, value) {
        (Some(title), CellValue::Text(old)) if is_title(old) => new_value(title),
        _ => new_value(value),
    };
    let mut out = BTreeMap::new();
    for row in top.iter().flat_map(|sheet| sheet.rows()).filter(|row| *row < first) {
        let cells = top.iter().flat_map(|sheet| sheet.row(row));
        let cells = cells.map(|(col, cell)| NewCell { col, value: renewed(&cell.value), like: None }).collect();
        out.insert(row, NewRow { row, like: None, cells });
    }
    out
}

impl OldTab {
    fn read(book: &Spreadsheet, tab: &str, first: u32, own: &Overview, words: &OverviewWords) -> Result<OldTab> {
        let strings = book.shared_strings()?;
        let areas: BTreeSet<String> = own.areas.iter().map(|area| normalise(&area.code)).collect();
        let width = u32::try_from(own.columns.len()).unwrap_or(u32::MAX).saturating_add(AREA_COLUMNS);
        let mut old = OldTab::default();
        let mut heading_row = None;
        // The row that is being read, and whether it is one of the table.
        let mut row: Option<(u32, bool)> = None;
        book.visit_cells(tab, &mut |cell| {
            if cell.row < first || (cell.raw.is_none() && cell.formula.is_none()) {
                return Ok(true);
            }
            let (_, table) = match row.filter(|(at, _)| *at == cell.row) {
                Some(known) => known,
                None => {
                    let text = if cell.col == 0 { cell.value(&strings).text() } else { String::new() };
                    let at = (cell.row, cell.col);
                    let usual = (!text.is_empty()).then(|| usual_text(words, at, &text)).flatten();
                    heading_row = (usual == Some(FIRST_HEADING)).then_some(cell.row);
                    let key = normalise(usual.unwrap_or(&text));
                    let table = usual.is_some() || areas.contains(&key);
                    if let Some(usual) = usual {
                        old.called.entry(usual.to_owned()).or_insert(text);
                    }
                    if table {
                        old.rows.entry(key).or_insert(cell.row);
                    }
                    *row.insert((cell.row, table))
                }
            };
            if heading_row == Some(cell.row) && (1..AREA_COLUMNS).contains(&cell.col) {
                let text = cell.value(&strings).text();
                if let Some(usual) = words.heading((cell.row, cell.col), &text) {
                    old.called.entry(usual.to_owned()).or_insert(text);
                }
            }
            if !table || cell.col >= width {
                old.others.push((cell.row, cell.col, cell.value(&strings), table));
            }
            Ok(true)
        })?;
        Ok(old)
    }

    /// Gives what people put beside or below the table its place in the new rows: beside the area it stood beside, below
    /// the last area. Returns the cells that stay where they are.
    fn place_others(
        &self,
        change: &OverviewChange<'_>,
        now: &BTreeMap<String, u32>,
        old_areas: &BTreeMap<u32, usize>,
        out: &mut BTreeMap<u32, NewRow>,
    ) -> BTreeSet<(u32, u32)> {
        let wider = change.new.columns.len().saturating_sub(change.own.columns.len());
        let wider = u32::try_from(wider).unwrap_or(u32::MAX);
        let keys: BTreeMap<u32, &String> = self.rows.iter().map(|(key, row)| (*row, key)).collect();
        let old_last = old_areas.keys().max().copied().unwrap_or(0);
        let new_last = now.values().max().copied().unwrap_or(0);
        let below: Vec<u32> = self.others.iter().map(|(row, ..)| *row).filter(|row| *row > old_last).collect();
        let moved = |row: u32| row.saturating_sub(old_last).saturating_add(new_last);
        // Rows without a place come last.
        let mut free = moved(below.iter().max().copied().unwrap_or(old_last)).saturating_add(2);
        let mut homeless: BTreeMap<u32, u32> = BTreeMap::new();
        let mut keep = BTreeSet::new();
        for (row, col, value, table) in &self.others {
            let known = keys.get(row).and_then(|key| now.get(*key)).copied().filter(|_| *table);
            let to = known.or_else(|| (*row > old_last).then(|| moved(*row))).unwrap_or_else(|| {
                *homeless.entry(*row).or_insert_with(|| {
                    free = free.saturating_add(1);
                    free - 1
                })
            });
            let to_col = if known.is_some() { col.saturating_add(wider) } else { *col };
            let entry = out.entry(to).or_insert_with(|| NewRow {
                row: to,
                like: (to != *row).then_some(*row),
                cells: vec![],
            });
            if (to, to_col) == (*row, *col) {
                keep.insert((to, to_col));
            } else {
                entry.cells.push(NewCell { col: to_col, value: new_value(value), like: Some((*row, *col)) });
            }
        }
        keep
    }

    /// Names that a format gives to rows of this tab lead to the same rows, or go with them. Names of people stay as they are.
    fn names(
        &self,
        book: &Spreadsheet,
        tab: &str,
        first: u32,
        now: &BTreeMap<String, u32>,
    ) -> Vec<(String, Option<String>)> {
        let keys: BTreeMap<u32, &String> = self.rows.iter().map(|(key, row)| (*row, key)).collect();
        let mut names = Vec::new();
        let ours = |name: &&crate::package::DefinedName| name.scope.is_none() && name.name.starts_with("WA_");
        for name in book.defined_names().iter().filter(ours) {
            let Some((sheet, cells)) = name.refers_to.rsplit_once('!') else { continue };
            let sheet = sheet.trim_matches('\'').replace("''", "'");
            let Some(range) = Range::parse(cells).filter(|_| sheet == tab) else { continue };
            let Some(key) = keys.get(&range.first_row).filter(|_| range.first_row >= first) else { continue };
            match now.get(*key) {
                Some(row) if *row == range.first_row => {}
                Some(row) if range.first_row == range.last_row => {
                    let at = |col: u32| format!("${}${}", crate::model::column_letters(col), u64::from(*row) + 1);
                    let to = match range.is_cell() {
                        true => at(range.first_col),
                        false => format!("{}:{}", at(range.first_col), at(range.last_col)),
                    };
                    let (sheet, _) = name.refers_to.rsplit_once('!').unwrap_or_default();
                    names.push((name.name.clone(), Some(format!("{sheet}!{to}"))));
                }
                Some(_) => {}
                None => names.push((name.name.clone(), None)),
            }
        }
        names
    }
}

/// Tells every cell of the overview tab that the change writes, one at a time: only what differs.
///
/// # Errors
/// When the tab cannot be read, and what `tell` returns.
pub fn overview_ledger(
    workbook: &Workbook,
    format: &Format,
    change: &OverviewChange<'_>,
    tell: &mut dyn FnMut(&LedgerEntry) -> Result<()>,
) -> Result<()> {
    let Some(book) = &workbook.package else { return Ok(()) };
    let new = NewTab::of(book, workbook, format, change)?;
    let strings = book.shared_strings()?;
    let areas = u32::try_from(OverviewLabel::ALL.len() + 1).unwrap_or(u32::MAX).saturating_add(new.first);
    let entry = |row: u32, col: u32, old: CellValue, now: CellValue| {
        let column = col.checked_sub(AREA_COLUMNS).and_then(|at| change.new.columns.get(at as usize));
        let column = column.filter(|_| row >= new.first);
        let area = row.checked_sub(areas).and_then(|at| change.new.areas.get(at as usize));
        let gone = || new.old_areas.get(&row).and_then(|at| change.own.areas.get(*at));
        LedgerEntry {
            tab: new.tab.clone(),
            cell: CellRef::new(new.tab.as_str(), row, col).a1(),
            old,
            new: now,
            indicator: column.map(|column| column.code.clone()).unwrap_or_default(),
            field: "naslag".to_owned(),
            area: area.or_else(gone).map(|area| area.name.clone()).unwrap_or_default(),
            edition: column.map(|column| column.edition.clone()).unwrap_or_default(),
            source: column.map(|column| column.source.clone()).unwrap_or_default(),
        }
    };
    let cells = |row: &NewRow| -> Vec<(u32, u32, CellValue)> {
        let row_at = row.row;
        let told = row.cells.iter().filter(|cell| cell.value != NewValue::Clear);
        told.map(|cell| (row_at, cell.col, old_value(&cell.value))).collect()
    };
    let mut wanted = new.rows.iter().flat_map(cells).peekable();
    book.visit_cells(&new.tab, &mut |cell| {
        if (cell.raw.is_none() && cell.formula.is_none()) || new.keep.contains(&(cell.row, cell.col)) {
            return Ok(true);
        }
        let at = (cell.row, cell.col);
        while let Some((row, col, value)) = wanted.next_if(|(row, col, _)| (*row, *col) < at) {
            tell(&entry(row, col, CellValue::Empty, value))?;
        }
        let old = shown_old(&new, change, at, cell.value(&strings));
        let now = wanted.next_if(|(row, col, _)| (*row, *col) == at).map_or(CellValue::Empty, |(_, _, now)| now);
        if old.as_ref() != Some(&now) || cell.formula.is_some() {
            tell(&entry(cell.row, cell.col, old.unwrap_or_default(), now))?;
        }
        Ok(true)
    })?;
    for (row, col, value) in wanted {
        tell(&entry(row, col, CellValue::Empty, value))?;
    }
    Ok(())
}

/// What stood in a cell, unless it is a figure that may not be shown.
fn shown_old(new: &NewTab, change: &OverviewChange<'_>, at: (u32, u32), value: CellValue) -> Option<CellValue> {
    let (row, col) = at;
    if !matches!(value, CellValue::Number(_)) || row < new.first {
        return Some(value);
    }
    let hidden = |overview: &Overview| overview.figures.iter().flatten().any(is_hidden);
    let column = col.checked_sub(AREA_COLUMNS).map(|at| at as usize);
    let (Some(own), Some(column)) = (new.old_areas.get(&row), column) else {
        // Of which area it was is not known.
        return (!hidden(change.own) && !hidden(change.new)).then_some(value);
    };
    let code = change.own.areas.get(*own).map(|area| area.code.as_str()).unwrap_or_default();
    let now = change.new.area_index(code).map(|area| change.new.figure(area, column));
    let withheld = is_hidden(&change.own.figure(*own, column)) || now.as_ref().is_some_and(is_hidden);
    (!withheld).then_some(value)
}

fn is_hidden(figure: &Figure) -> bool {
    *figure == Figure::Missing(Missing::SmallGroup)
}

fn old_value(value: &NewValue) -> CellValue {
    match value {
        NewValue::Number(number) => CellValue::Number(*number),
        NewValue::Text(text) => CellValue::Text(text.clone()),
        NewValue::Bool(truth) => CellValue::Bool(*truth),
        NewValue::Clear => CellValue::Empty,
    }
}

/// True for a title as this program writes it.
fn is_title(text: &str) -> bool {
    let rest = text.trim().strip_prefix(OVERVIEW_TITLE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

fn code_row(sheet: &Sheet, words: &OverviewWords) -> Option<u32> {
    let code = Some(OverviewLabel::Code.text());
    sheet.rows().into_iter().find(|row| words.label((*row, 0), &sheet.text(*row, 0)) == code)
}

/// The heading above the codes of the areas.
const FIRST_HEADING: &str = "Gebiedscode";

/// The usual text of a label or of the first heading.
fn usual_text(words: &OverviewWords, at: (u32, u32), text: &str) -> Option<&'static str> {
    words.label(at, text).or_else(|| words.heading(at, text))
}

/// What labels and headings are called on the overview tab of this workbook.
pub(super) fn overview_words(book: &Spreadsheet, tab: &str, format: &Format) -> OverviewWords {
    let names = book.defined_names().iter().filter(|name| name.scope.is_none());
    let names = names.map(|name| (name.name.as_str(), name.refers_to.as_str()));
    OverviewWords::of(&format.headings).on(tab, names)
}

/// True when the columns of the tab stand where they are written.
fn has_our_columns(top: &Sheet, first: u32, own: &Overview) -> bool {
    let same = |(col, column): (u32, &Column)| normalise(&top.text(first, col)) == normalise(&column.code);
    (AREA_COLUMNS..).zip(&own.columns).all(same)
}

fn new_value(value: &CellValue) -> NewValue {
    match value {
        CellValue::Empty => NewValue::Clear,
        CellValue::Number(number) => NewValue::Number(*number),
        other => NewValue::Text(other.text()),
    }
}

/// A new overview whose columns stand where the workbook's own overview has them, so that the links of the pijler
/// tabs to overview columns still lead to the right indicator and to its newest edition. An edition that both have keeps its
/// column; the place of the newest in the workbook, to which the links lead, goes to the newest of the new overview when the
/// workbook does not have that edition yet. A column that the new overview lacks stays with its own edition; columns that
/// the old one lacks come behind. Areas keep their order too, so that formulas and names of people about a row still read the same
/// area; below an area that the new overview lacks they move up. Doing it again with the outcome changes nothing.
#[must_use]
pub fn align_overview(own: &Overview, new: &Overview) -> Overview {
    let old_area = |area: &Area| own.areas.iter().position(|known| known.code == area.code);
    let same = |one: &Column, other: &Column| one.code == other.code && one.period() == other.period();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut chosen: Vec<Option<usize>> = own
        .columns
        .iter()
        .map(|column| {
            let mut equal = (0..).zip(&new.columns).filter(|(_, other)| same(column, other)).map(|(at, _)| at);
            equal.find(|at| taken.insert(*at))
        })
        .collect();
    for (at, column) in own.columns.iter().enumerate() {
        if own.column_index(&column.code) != Some(at) {
            continue;
        }
        let Some(place) = chosen.get_mut(at) else { continue };
        let editions = new.editions(&column.code);
        let newer = match place {
            Some(_) => editions.last().filter(|newest| !taken.contains(newest)),
            None => editions.iter().rev().find(|index| !taken.contains(index)),
        };
        if let Some(newer) = newer {
            if let Some(before) = place.replace(*newer) {
                taken.remove(&before);
            }
            taken.insert(*newer);
        }
    }
    // (column, index in new or index in own)
    let mut columns: Vec<(Column, std::result::Result<usize, usize>)> = Vec::new();
    for ((at, column), chosen) in own.columns.iter().enumerate().zip(chosen) {
        match chosen {
            Some(index) => columns.extend(new.columns.get(index).map(|column| (column.clone(), Ok(index)))),
            None => columns.push((column.clone(), Err(at))),
        }
    }
    for (index, column) in new.columns.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
        columns.push((column.clone(), Ok(index)));
    }
    // Areas too stand where they stood, new ones behind them.
    let same_area = |one: &Area, other: &Area| match one.code.is_empty() {
        true => other.code.is_empty() && one.name == other.name,
        false => one.code == other.code,
    };
    let mut order: Vec<usize> = Vec::new();
    for known in &own.areas {
        let mut of = (0..).zip(&new.areas).filter(|(at, area)| !order.contains(at) && same_area(known, area));
        let found = of.next().map(|(at, _)| at);
        order.extend(found);
    }
    order.extend((0..new.areas.len()).filter(|at| !order.contains(at)).collect::<Vec<_>>());
    let areas = || order.iter().filter_map(|at| Some((*at, new.areas.get(*at)?)));
    let figures = areas()
        .map(|(at, area)| {
            let old = old_area(area);
            columns
                .iter()
                .map(|(_, from)| match (from, old) {
                    (Ok(index), _) => new.figure(at, *index),
                    (Err(index), Some(old)) => own.figure(old, *index),
                    (Err(_), None) => Figure::Missing(Missing::NotSupplied),
                })
                .collect()
        })
        .collect();
    let mut withheld = new.withheld.clone();
    withheld.extend(&own.withheld);
    Overview {
        edition: new.edition.clone(),
        areas: areas().map(|(_, area)| area.clone()).collect(),
        columns: columns.into_iter().map(|(column, _)| column).collect(),
        figures,
        withheld,
    }
}
