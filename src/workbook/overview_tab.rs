//! The workbook's own overview tab when another overview takes its place.
//!
//! Owns where each new cell stands, which look it takes (that of its area and its column), what of people stays, and what became of
//! the figures. How bytes change is [`crate::package`]'s business.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ledger::LedgerEntry;
use super::overview_looks::Looks;
use super::read::Workbook;
use crate::error::{Error, Result};
use crate::model::{
    Area, CellRef, CellValue, Column, Figure, Format, Missing, OVERVIEW_TITLE, Overview, OverviewLabel,
    OverviewWords, TabKind, normalise, placed_overview_rows,
};
use crate::package::{NewCell, NewRow, NewValue, Range, SheetRows, Spreadsheet};

/// Columns before the figures: code, name, level, parent.
const AREA_COLUMNS: u32 = 4;

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

/// What the tab becomes, cell by cell. Nothing moves: an area keeps its row and an indicator its column, and so does all that people
/// put on the tab, so that formulas, names and charts still read the same. What comes stands behind.
pub(super) struct NewTab {
    pub(super) tab: String,
    rows: Vec<NewRow>,
    keep: BTreeSet<(u32, u32)>,
    columns: Option<(u32, u32)>,
    /// Names of ours that lead to a row that is empty now.
    pub(super) names: Vec<(String, Option<String>)>,
    /// Row of each area of the workbook's own overview.
    old_areas: BTreeMap<u32, usize>,
    /// Row of each area of the new overview.
    new_areas: BTreeMap<u32, usize>,
    /// Column of each indicator of the new overview.
    new_columns: BTreeMap<u32, usize>,
    /// Rows of areas that the new overview lacks: they are empty now.
    pub(super) left: BTreeSet<u32>,
    /// Cells in the heading row of an Excel table that hold another text than the new overview has there.
    pub(super) table_headings: Vec<(u32, u32)>,
    /// Excel tables that hold the areas, which what comes stands outside of: where the table ends in a file is not ours to move.
    pub(super) outgrown: Vec<Range>,
}

/// Where everything stands on the old tab.
#[derive(Default)]
struct OldTab {
    /// Rows of the labels and of the headings above the areas, by their usual text.
    labels: BTreeMap<&'static str, u32>,
    /// Labels and headings as they stand there, by their usual text.
    called: BTreeMap<String, String>,
    /// Row of each area of the own overview, by its index.
    areas: BTreeMap<usize, u32>,
    /// Column of each indicator of the own overview.
    columns: Vec<u32>,
    /// Cells of people: they stay.
    keep: BTreeSet<(u32, u32)>,
    /// The title, when it is as this program writes it.
    title: Option<(u32, u32)>,
}

/// What a row of the old tab is, by its first cell.
#[derive(Clone, Copy)]
enum RowIs {
    Label,
    Area,
    Other,
}

impl NewTab {
    /// Decides what every cell of the tab becomes.
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
        let words = overview_words(book, &tab.name, format);
        let Some(mut old) = OldTab::read(book, &tab.name, change.own, &words)? else {
            return Err(Error::content(
                file,
                format!(
                    "het tabblad '{}' is anders ingedeeld dan het format: het kan niet worden bijgewerkt zonder iets van u te \
                     verliezen",
                    tab.name
                ),
                "Zet de gebieden onder elkaar, met Gebiedscode, Naam, Niveau en Valt onder in de kolommen A tot en met D. Zet \
                 erachter per indicator een kolom. Of neem het tabblad over uit een leeg format.",
            ));
        };
        let rows = placed_overview_rows(change.new, format);
        let labels = OverviewLabel::ALL.len() + 1;
        let places = Places::of(&old, change, rows.get(1..).unwrap_or_default(), labels);
        let old_areas: BTreeMap<u32, usize> = old.areas.iter().map(|(area, row)| (*row, *area)).collect();
        let looks = Looks::new(change, &old.areas, &old.columns, &format.benchmark.0);
        let headings = table_headings(book, &tab.name)?;
        let mut changed_headings = Vec::new();
        let mut out: BTreeMap<u32, NewRow> = BTreeMap::new();
        let title = rows.first().and_then(|cells| cells.first());
        if let (Some((row, col)), Some(title)) = (old.title, title) {
            let cells = vec![NewCell { col, value: new_value(title), like: None }];
            out.insert(row, NewRow { row, like: None, cells });
        }
        // The first of the new rows is the title.
        for (at, cells) in rows.iter().skip(1).enumerate() {
            let Some(row) = places.rows.get(at).copied().flatten() else { continue };
            let area = at.checked_sub(labels);
            let like = area.and_then(|area| looks.row(area));
            // A label keeps the name that somebody gave it.
            let shown = |column: Option<usize>, value: &CellValue| -> NewValue {
                match value {
                    CellValue::Text(usual) if area.is_none() && column.is_none() => {
                        let kept =
                            old.called.get(usual).map(String::as_str).or_else(|| format.overview_text(usual));
                        NewValue::Text(kept.unwrap_or(usual).to_owned())
                    }
                    other => new_value(other),
                }
            };
            let mut new: Vec<NewCell> = Vec::new();
            for (value, index) in cells.iter().zip(0_usize..).filter(|(value, _)| !value.is_blank()) {
                let column = index.checked_sub(AREA_COLUMNS as usize);
                let col = match column {
                    Some(column) => places.columns.get(column).copied(),
                    None => u32::try_from(index).ok(),
                };
                let Some(col) = col else { continue };
                let value = NewCell {
                    col,
                    value: shown(column, value),
                    like: area
                        .and_then(|area| looks.cell(area, column, col, value))
                        .filter(|from| *from != (row, col)),
                };
                if headings.iter().any(|range| range.contains(row, col)) {
                    old.keep.insert((row, col));
                    changed_headings.push((row, col, value.value));
                } else {
                    new.push(value);
                }
            }
            new.sort_by_key(|cell| cell.col);
            out.insert(row, NewRow { row, like: like.filter(|like| *like != row), cells: new });
        }
        let areas = places.areas(labels);
        let now: BTreeSet<u32> = areas.keys().copied().collect();
        let left: BTreeSet<u32> = old_areas.keys().copied().filter(|row| !now.contains(row)).collect();
        let names = names_of_rows(book, &tab.name, &left);
        Ok(NewTab {
            tab: tab.name.clone(),
            rows: out.into_values().collect(),
            keep: old.keep,
            columns: places.came,
            names,
            old_areas,
            new_areas: areas.clone(),
            new_columns: places.columns.iter().copied().zip(0_usize..).collect(),
            left,
            table_headings: other_headings(book, &tab.name, changed_headings)?,
            outgrown: outgrown_tables(book, &tab.name, &areas, &places.columns)?,
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

    /// The areas of the workbook's own overview whose row is empty now, with that row.
    pub(super) fn emptied<'a>(&self, own: &'a Overview) -> Vec<(u32, &'a Area)> {
        let areas = self.left.iter().filter_map(|row| Some((*row, own.areas.get(*self.old_areas.get(row)?)?)));
        areas.collect()
    }
}

/// Where everything of the new overview stands.
struct Places {
    /// Row of each label, of the headings, and of each area; `None` for a label that nothing stands behind.
    rows: Vec<Option<u32>>,
    /// Column of each indicator.
    columns: Vec<u32>,
    /// The columns that come, first and last.
    came: Option<(u32, u32)>,
}

impl Places {
    /// `rows` are the rows of the new overview below its title, of which the first `labels` stand above the areas.
    fn of(old: &OldTab, change: &OverviewChange<'_>, rows: &[Vec<CellValue>], labels: usize) -> Places {
        let codes: BTreeMap<&str, u32> = old
            .areas
            .iter()
            .filter_map(|(at, row)| Some((change.own.areas.get(*at)?.code.as_str(), *row)))
            .collect();
        let known = |at: usize, cells: &[CellValue]| match at.checked_sub(labels) {
            Some(area) => codes.get(change.new.areas.get(area)?.code.as_str()).copied(),
            None => old.labels.get(cells.first()?.text().as_str()).copied(),
        };
        let rests = |at: usize, cells: &[CellValue]| {
            // A label that the tab lacks comes only with something to say.
            at < labels
                && !old.labels.is_empty()
                && cells.iter().skip(AREA_COLUMNS as usize).all(CellValue::is_blank)
        };
        let mut placed: Vec<Option<u32>> = rows.iter().enumerate().map(|(at, cells)| known(at, cells)).collect();
        let mut taken: BTreeSet<u32> = old.keep.iter().map(|(row, _)| *row).collect();
        taken.extend(old.labels.values().chain(old.areas.values()));
        let last = old.labels.values().chain(old.areas.values()).max().copied();
        // A label that comes has its place above the areas where there is room.
        let heading = old.labels.get(FIRST_HEADING).copied().unwrap_or(0);
        let top = old.labels.values().min().copied().unwrap_or(0);
        for (at, cells) in rows.iter().enumerate().take(labels) {
            if placed.get(at).is_some_and(Option::is_none)
                && !rests(at, cells)
                && let Some(free) = (top..heading).find(|row| !taken.contains(row))
                && let Some(place) = placed.get_mut(at)
            {
                *place = Some(free);
                taken.insert(free);
            }
        }
        let wanting: Vec<usize> = rows
            .iter()
            .enumerate()
            .filter(|(at, cells)| placed.get(*at).is_some_and(Option::is_none) && !rests(*at, cells))
            .map(|(at, _)| at)
            .collect();
        // Below the title on a tab that holds no overview yet.
        let from = last.map_or(1, |last| last.saturating_add(1));
        let start = free_run(&taken, from, wanting.len());
        for (row, at) in (start..).zip(wanting) {
            if let Some(place) = placed.get_mut(at) {
                *place = Some(row);
            }
        }
        let mut columns = old.columns.clone();
        columns.truncate(change.new.columns.len());
        let more = change.new.columns.len().saturating_sub(columns.len());
        let used: BTreeSet<u32> = old.keep.iter().filter(|(row, _)| *row >= top).map(|(_, col)| *col).collect();
        let from = old.columns.iter().max().map_or(AREA_COLUMNS, |last| last.saturating_add(1));
        let start = free_run(&used, from, more);
        columns.extend((start..).take(more));
        let came = columns.last().copied().filter(|_| more > 0).map(|last| (start, last));
        Places { rows: placed, columns, came }
    }

    /// The areas by their row.
    fn areas(&self, labels: usize) -> BTreeMap<u32, usize> {
        let areas = self.rows.iter().skip(labels).zip(0_usize..);
        areas.filter_map(|(row, at)| Some(((*row)?, at))).collect()
    }
}

/// The first of so many numbers in a row that are not taken.
fn free_run(taken: &BTreeSet<u32>, from: u32, count: usize) -> u32 {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let mut start = from;
    while let Some(last) = taken.range(start..start.saturating_add(count)).next_back() {
        start = last.saturating_add(1);
    }
    start
}

impl OldTab {
    /// `None` when the tab is not laid out as it is written: areas below each other, their four columns first.
    fn read(book: &Spreadsheet, tab: &str, own: &Overview, words: &OverviewWords) -> Result<Option<OldTab>> {
        let strings = book.shared_strings()?;
        let mut by_code: BTreeMap<String, usize> = BTreeMap::new();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        for (at, area) in own.areas.iter().enumerate() {
            by_code.entry(normalise(&area.code)).or_insert(at);
            by_name.entry(normalise(&area.name)).or_insert(at);
        }
        let mut old = OldTab::default();
        // Cells of the rows above the areas, until it is known which columns hold indicators.
        let mut head: BTreeMap<(u32, u32), String> = BTreeMap::new();
        let mut columns: Option<BTreeSet<u32>> = None;
        let mut ours = true;
        let mut row: Option<(u32, RowIs)> = None;
        book.visit_cells(tab, &mut |cell| {
            if cell.raw.is_none() && cell.formula.is_none() {
                return Ok(true);
            }
            let at = (cell.row, cell.col);
            let is = match row.filter(|(known, _)| *known == cell.row) {
                Some((_, is)) => is,
                None => {
                    let text = if cell.col < 2 { cell.value(&strings).text() } else { String::new() };
                    let is = old.row_is(at, &text, (&by_code, &by_name), words);
                    row = Some((cell.row, is));
                    is
                }
            };
            match is {
                RowIs::Area => {
                    if columns.is_none() {
                        ours = old.find_columns(&head, own);
                        columns = Some(old.columns.iter().copied().collect());
                    }
                    let figure = columns.as_ref().is_some_and(|columns| columns.contains(&cell.col));
                    if cell.col >= AREA_COLUMNS && !figure {
                        old.keep.insert(at);
                    }
                }
                RowIs::Label => {
                    head.insert(at, cell.value(&strings).text());
                }
                RowIs::Other => {
                    let first = old.title.is_none() && old.labels.is_empty();
                    match cell.value(&strings) {
                        CellValue::Text(text) if first && is_title(&text) && cell.formula.is_none() => {
                            old.title = Some(at)
                        }
                        _ => {
                            old.keep.insert(at);
                        }
                    }
                }
            }
            Ok(ours)
        })?;
        if columns.is_none() {
            ours = old.find_columns(&head, own);
        }
        // What stands among the labels without being one, and beside the columns, is of people.
        let heading = old.labels.get(FIRST_HEADING).copied();
        for ((row, col), text) in &head {
            let headed = *col > 0 && *col < AREA_COLUMNS && heading == Some(*row);
            if headed && let Some(usual) = words.heading((*row, *col), text) {
                old.called.entry(usual.to_owned()).or_insert_with(|| text.clone());
            }
            let of_label = *col == 0 || headed || old.columns.contains(col);
            if !of_label {
                old.keep.insert((*row, *col));
            }
        }
        // Areas that the overview has but the tab does not show where they belong are of another layout too.
        Ok(Some(old).filter(|old| ours && old.areas.len() == own.areas.len()))
    }

    /// What a row is, by its first cell.
    fn row_is(
        &mut self,
        at: (u32, u32),
        text: &str,
        (by_code, by_name): (&BTreeMap<String, usize>, &BTreeMap<String, usize>),
        words: &OverviewWords,
    ) -> RowIs {
        if text.is_empty() {
            return RowIs::Other;
        }
        if at.1 == 0
            && let Some(usual) = usual_text(words, at, text)
            && !self.labels.contains_key(usual)
        {
            self.labels.insert(usual, at.0);
            self.called.entry(usual.to_owned()).or_insert_with(|| text.to_owned());
            return RowIs::Label;
        }
        // An area without a code stands there by its name.
        let known = if at.1 == 0 { by_code } else { by_name };
        match known.get(&normalise(text)).copied() {
            Some(area) if !self.areas.contains_key(&area) && !self.labels.is_empty() => {
                self.areas.insert(area, at.0);
                RowIs::Area
            }
            _ => RowIs::Other,
        }
    }

    /// Finds the column of each indicator by the row of codes; false when one is not there.
    fn find_columns(&mut self, head: &BTreeMap<(u32, u32), String>, own: &Overview) -> bool {
        let row_of = |label: OverviewLabel| self.labels.get(label.text()).copied();
        let at = |label: OverviewLabel, col: u32| {
            let text = row_of(label).and_then(|row| head.get(&(row, col)));
            text.map(|text| normalise(text)).unwrap_or_default()
        };
        let mut columns: Vec<u32> = Vec::new();
        for column in &own.columns {
            let from = columns.last().map_or(AREA_COLUMNS, |last| last.saturating_add(1));
            let rows = [OverviewLabel::Code, OverviewLabel::Indicator].into_iter().filter_map(row_of);
            let cells = rows.flat_map(|row| head.range((row, from)..=(row, u32::MAX)).map(|((_, col), _)| *col));
            let cells: BTreeSet<u32> = cells.collect();
            let same = |col: &u32| {
                let code = at(OverviewLabel::Code, *col);
                // A column without a code was known by the name of its indicator.
                code == normalise(&column.code)
                    || (code.is_empty() && at(OverviewLabel::Indicator, *col) == normalise(&column.name))
            };
            let edition = |col: &&u32| at(OverviewLabel::Editie, **col) == normalise(&column.edition);
            let named: Vec<u32> = cells.into_iter().filter(same).collect();
            let Some(found) = named.iter().find(edition).or(named.first()) else { return false };
            columns.push(*found);
        }
        self.columns = columns;
        true
    }
}

/// Names that a format gives to rows that are empty now go with them. Names of people stay as they are.
fn names_of_rows(book: &Spreadsheet, tab: &str, left: &BTreeSet<u32>) -> Vec<(String, Option<String>)> {
    let ours = |name: &&crate::package::DefinedName| name.scope.is_none() && name.name.starts_with("WA_");
    let leads = |name: &&crate::package::DefinedName| {
        let Some((sheet, cells)) = name.refers_to.rsplit_once('!') else { return false };
        sheet.trim_matches('\'').replace("''", "'") == tab
            && Range::parse(cells).is_some_and(|range| left.contains(&range.first_row))
    };
    let names = book.defined_names().iter().filter(ours).filter(leads);
    names.map(|name| (name.name.clone(), None)).collect()
}

/// The heading rows of Excel tables on the tab: each text there is the name of a column too, in another part of the file.
fn table_headings(book: &Spreadsheet, tab: &str) -> Result<Vec<Range>> {
    let facts = book.sheet_facts(tab)?;
    let tables = facts.tables.iter().zip(&facts.table_rows);
    let headed = tables.filter(|(_, (headers, _))| *headers > 0);
    Ok(headed
        .map(|((_, range), (headers, _))| Range {
            last_row: range.first_row.saturating_add(headers - 1),
            ..*range
        })
        .collect())
}

/// The Excel tables with areas in them that do not reach all areas and indicators.
fn outgrown_tables(
    book: &Spreadsheet,
    tab: &str,
    areas: &BTreeMap<u32, usize>,
    columns: &[u32],
) -> Result<Vec<Range>> {
    let facts = book.sheet_facts(tab)?;
    let holds = |range: &Range| areas.keys().any(|row| range.first_row <= *row && *row <= range.last_row);
    let outside = |range: &Range| {
        areas.keys().any(|row| *row > range.last_row) || columns.iter().any(|col| *col > range.last_col)
    };
    Ok(facts.tables.iter().map(|(_, range)| *range).filter(|range| holds(range) && outside(range)).collect())
}

/// Which of these cells hold something else than was wanted there.
fn other_headings(book: &Spreadsheet, tab: &str, wanted: Vec<(u32, u32, NewValue)>) -> Result<Vec<(u32, u32)>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted: BTreeMap<(u32, u32), CellValue> =
        wanted.into_iter().map(|(row, col, value)| ((row, col), old_value(&value))).collect();
    let strings = book.shared_strings()?;
    book.visit_cells(tab, &mut |cell| {
        let at = (cell.row, cell.col);
        if wanted.get(&at).is_some_and(|wanted| *wanted == cell.value(&strings)) {
            wanted.remove(&at);
        }
        Ok(!wanted.is_empty())
    })?;
    Ok(wanted.into_keys().collect())
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
    let entry = |row: u32, col: u32, old: CellValue, now: CellValue| {
        let column = new.new_columns.get(&col).and_then(|at| change.new.columns.get(*at));
        let area = new.new_areas.get(&row).and_then(|at| change.new.areas.get(*at));
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
    if !matches!(value, CellValue::Number(_)) {
        return Some(value);
    }
    let hidden = |overview: &Overview| overview.figures.iter().flatten().any(is_hidden);
    let column = new.new_columns.get(&col).copied();
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
/// the old one lacks come behind. Areas keep their order too, new ones come behind. Doing it again with the outcome changes nothing.
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
