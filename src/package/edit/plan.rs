//! From wishes to a new package: settle what really changes, what follows from it, and write it all.
//!
//! Owns the order of work. First everything is read and decided; only then is the first byte written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;

use super::follow;
use super::own;
use super::patch::{Action, NewRule, Patcher, SheetPlan};
use super::rows::{Looks, RowSource, looks};
use super::scan::{Address, FormulaCell, OldCell, SheetScan, scan};
use super::smallparts as parts;
use super::{
    Applied, Cause, CellEdit, ChangedCell, Changes, NewRow, NewValue, Refusal, StyleChoice, sheet_warnings,
};
use crate::error::{Error, Result};
use crate::model::{CellRef, CellValue};
use crate::package::archive::part_key;
use crate::package::cells::{CellView, FormulaKind, RawKind, SharedStrings};
use crate::package::container::{Compressed, Container, Packing, compress, copy_bytes};
use crate::package::facts::SheetFacts;
use crate::package::parts::relationships_part;
use crate::package::spreadsheet::{MAX_COLS, MAX_ROWS, Range, Spreadsheet, is_custom_properties};
use crate::package::xml::{Stored, UNREADABLE, decode, encode};

/// Most characters (UTF-16 units) a cell can hold.
const MAX_TEXT: usize = 32_767;
const WORKSHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const CUSTOM_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
pub(super) const CONTENT_TYPES: &str = "[Content_Types].xml";

/// Work on one existing worksheet.
pub(super) struct SheetJob<'a> {
    pub(super) index: usize,
    pub(super) scan: Arc<SheetScan>,
    pub(super) plan: SheetPlan<'a>,
    /// Its values change, not only its formatting.
    pub(super) values: bool,
}

/// A part that is rewritten in memory.
struct TextPart {
    text: String,
    stored: Stored,
    changed: bool,
}

/// Small parts under change, by stored name.
#[derive(Default)]
pub(super) struct TextParts {
    parts: BTreeMap<String, TextPart>,
    added: Vec<(String, String)>,
    pub(super) dropped: BTreeSet<String>,
}

impl TextParts {
    /// Adds a part that was not there.
    pub(super) fn add(&mut self, name: String, text: String) {
        self.added.push((name, text));
    }

    /// True for a part that is to be added.
    pub(super) fn is_added(&self, name: &str) -> bool {
        self.added.iter().any(|(added, _)| part_key(added) == part_key(name))
    }

    /// Changes a part; `edit` gives `None` when nothing has to change.
    pub(super) fn edit<T>(
        &mut self,
        book: &Spreadsheet,
        name: &str,
        edit: impl FnOnce(&str) -> std::result::Result<(Option<String>, T), String>,
    ) -> Result<T> {
        let archive = book.archive();
        if let Some((_, text)) = self.added.iter_mut().find(|(added, _)| part_key(added) == part_key(name)) {
            let (new, result) = edit(text).map_err(|e| archive.damaged(name, &e))?;
            if let Some(new) = new {
                *text = new;
            }
            return Ok(result);
        }
        let stored_name = archive.find(name).unwrap_or(name).to_owned();
        if !self.parts.contains_key(&stored_name) {
            let (text, stored) = decode(&archive.read(&stored_name)?)
                .ok_or_else(|| archive.damaged(&stored_name, &"het is geen leesbare tekst"))?;
            self.parts.insert(stored_name.clone(), TextPart { text, stored, changed: false });
        }
        let part =
            self.parts.get_mut(&stored_name).ok_or_else(|| archive.damaged(&stored_name, &"het ontbreekt"))?;
        let (new, result) = edit(&part.text).map_err(|e| archive.damaged(&stored_name, &e))?;
        if let Some(new) = new {
            part.changed |= new != part.text;
            part.text = new;
        }
        Ok(result)
    }
}

pub(super) fn apply(book: &Spreadsheet, changes: &Changes<'_>, out: &mut dyn Write) -> Result<Applied> {
    let mut applied = Applied::default();
    let mut jobs: BTreeMap<usize, SheetJob<'_>> = BTreeMap::new();
    plan_cells(book, &changes.cells, &mut jobs, &mut applied)?;
    for rows in &changes.sheet_rows {
        plan_rows(book, &rows.tab, rows, &mut jobs)?;
    }
    let mut texts = TextParts::default();
    let mut new_sheet: Option<(&str, &dyn RowSource)> = None;
    if let Some(tab) = &changes.hidden_tab {
        match book.sheet(&tab.name) {
            Some(_) => plan_rows(book, &tab.name, tab, &mut jobs)?,
            None => new_sheet = Some((&tab.name, tab)),
        }
    }
    plan_formatting(book, changes, &mut jobs, &mut texts)?;
    if !changes.names.is_empty() {
        texts.edit(book, &book.workbook_part, |text| Ok((parts::set_names(text, &changes.names)?, ())))?;
    }
    if !changes.custom_properties.is_empty() {
        set_properties(book, &changes.custom_properties, &mut texts)?;
    }
    if let Some(notes) = &changes.notes {
        own::plan_notes(book, changes.note_kind, notes, &mut jobs, &mut texts, &mut applied)?;
    }
    if let Some(tab) = &changes.own_tab {
        own::plan_own_tab(book, tab, &mut texts, &mut applied)?;
    }
    jobs.retain(|_, job| !job.plan.is_empty());

    let values_change = jobs.values().any(|job| job.values);
    if values_change {
        follow::follow_formulas(book, changes, &mut jobs, &mut texts, &mut applied)?;
    }
    let mut added_sheet = None;
    if let Some((name, rows)) = new_sheet {
        added_sheet = Some((add_sheet(book, name, " state=\"veryHidden\"", &mut texts)?, rows));
    }
    let small_changes =
        texts.parts.values().any(|p| p.changed) || !texts.added.is_empty() || !texts.dropped.is_empty();
    if jobs.is_empty() && !small_changes && added_sheet.is_none() {
        copy_whole(book, out)?;
        return Ok(applied);
    }
    applied.changed = true;
    applied.warnings.extend(book.book_warnings());
    for job in jobs.values() {
        if let Some(sheet) = book.sheets().get(job.index) {
            applied.warnings.extend(sheet_warnings(&sheet.name, &job.scan.facts));
        }
    }
    write(book, &jobs, &texts, added_sheet, out, &mut applied)?;
    Ok(applied)
}

fn copy_whole(book: &Spreadsheet, out: &mut dyn Write) -> Result<()> {
    let handle = book.archive().handle();
    copy_bytes(handle.span(0, handle.length()), out).map_err(|e| failed(book, e))?;
    out.flush().map_err(|e| failed(book, e))
}

fn failed(book: &Spreadsheet, error: io::Error) -> Error {
    Error::file(
        std::path::Path::new(book.archive().file_name()),
        "Het gewijzigde werkboek schrijven lukt niet",
        error,
    )
}

pub(super) fn sheet_index(book: &Spreadsheet, tab: &str) -> Result<usize> {
    let sheet = book.worksheet(tab)?;
    if book.sheets().iter().filter(|other| part_key(&other.part) == part_key(&sheet.part)).count() > 1 {
        return Err(book.archive().refuse(
            format!(
                "Het tabblad '{tab}' en een ander tabblad hebben dezelfde inhoud als onderdeel van het bestand"
            ),
            "Open het werkboek in Excel, sla het opnieuw op en probeer het dan nog eens.",
        ));
    }
    let index = book.sheets().iter().position(|s| s.part == sheet.part && s.name == sheet.name);
    index.ok_or_else(|| book.archive().refuse(format!("Het tabblad '{tab}' ontbreekt"), "Controleer de naam."))
}

pub(super) fn part_of(book: &Spreadsheet, index: usize) -> String {
    book.sheets().get(index).map(|s| s.part.clone()).unwrap_or_default()
}

pub(super) fn tab_of(book: &Spreadsheet, index: usize) -> String {
    book.sheets().get(index).map(|s| s.name.clone()).unwrap_or_default()
}

pub(super) fn job<'j, 'a>(
    book: &Spreadsheet,
    jobs: &'j mut BTreeMap<usize, SheetJob<'a>>,
    index: usize,
    wanted: &BTreeSet<Address>,
) -> Result<&'j mut SheetJob<'a>> {
    use std::collections::btree_map::Entry;
    match jobs.entry(index) {
        Entry::Occupied(entry) => Ok(entry.into_mut()),
        Entry::Vacant(entry) => {
            let scan = scan(book, &part_of(book, index), wanted)?;
            Ok(entry.insert(SheetJob::new(index, scan)))
        }
    }
}

impl SheetJob<'_> {
    fn new(index: usize, scan: SheetScan) -> Self {
        let plan = SheetPlan { column_styles: scan.facts.column_styles.clone(), ..SheetPlan::default() };
        SheetJob { index, scan: Arc::new(scan), plan, values: false }
    }
}

/// Settles the single cells: which really change, which may not.
fn plan_cells(
    book: &Spreadsheet,
    edits: &[CellEdit],
    jobs: &mut BTreeMap<usize, SheetJob<'_>>,
    applied: &mut Applied,
) -> Result<()> {
    let mut by_sheet: BTreeMap<usize, BTreeMap<Address, &CellEdit>> = BTreeMap::new();
    for edit in edits {
        let index = sheet_index(book, &edit.tab)?;
        if edit.row >= MAX_ROWS || edit.col >= MAX_COLS {
            applied.refused.push(Refusal {
                cell: CellRef::new(&edit.tab, edit.row, edit.col),
                cause: Cause::Outside,
                reason: "De cel ligt buiten het blad.".to_owned(),
            });
            continue;
        }
        by_sheet.entry(index).or_default().insert((edit.row, edit.col), edit);
    }
    let mut string_numbers = BTreeSet::new();
    // Nothing is planned yet; the tabs are looked at side by side.
    let scans: Vec<(usize, Result<SheetScan>)> = by_sheet
        .par_iter()
        .map(|(index, edits)| {
            let sources = edits.values().filter_map(|edit| match edit.style {
                StyleChoice::CopyFrom { row, col } => Some((row, col)),
                StyleChoice::Keep => None,
            });
            let wanted: BTreeSet<Address> = edits.keys().copied().chain(sources).collect();
            (*index, scan(book, &part_of(book, *index), &wanted))
        })
        .collect();
    for (index, scan) in scans {
        let job = jobs.entry(index).or_insert(SheetJob::new(index, scan?));
        let strings = job.scan.cells.values().filter(|c| c.kind == RawKind::SharedString);
        string_numbers.extend(strings.filter_map(|c| c.raw.as_ref()?.trim().parse::<usize>().ok()));
    }
    let strings = some_strings(book, &string_numbers)?;
    for (index, edits) in by_sheet {
        let Some(job) = jobs.get_mut(&index) else { continue };
        for ((row, col), edit) in edits {
            let cell = CellRef::new(tab_of(book, index), row, col);
            let old = job.scan.cells.get(&(row, col));
            let style = match edit.style {
                StyleChoice::Keep => None,
                StyleChoice::CopyFrom { row, col } => Some(style_of(&job.scan, row, col)),
            };
            let style = style.filter(|style| old.is_none_or(|old| old.style != *style));
            let same = holds_already(old, &edit.value, &strings);
            if same && (style.is_none() || old.is_none()) {
                continue;
            }
            // Only the style differs: what the cell holds is written again as it is, unless it is a formula.
            let scan = &job.scan;
            if let Some((cause, reason)) = refusal(&scan.facts, &scan.formulas, (row, col), &edit.value) {
                applied.refused.push(Refusal { cell, cause, reason });
                continue;
            }
            let formula = old.and_then(|old| old.formula).and_then(|at| job.scan.formulas.get(at));
            applied.cells.push(ChangedCell {
                cell,
                old: old.map_or(CellValue::Empty, |old| old.value(&strings)),
                old_formula: formula.map(FormulaCell::own_text),
            });
            job.values |= !same;
            job.plan.cells.entry(row).or_default().insert(col, Action::Set(edit.value.clone(), style));
        }
        job.plan.existing = job.scan.cells.keys().copied().collect();
        let new = job.plan.cells.iter().flat_map(|(row, cells)| {
            cells.iter().filter_map(|(col, action)| match action {
                Action::Set(NewValue::Clear, _) => None,
                _ => Some((*row, *col)),
            })
        });
        job.plan.dimension = parts::outgrown(job.scan.facts.dimension, new).map(|range| range.a1());
        unshare(job);
    }
    Ok(())
}

/// The style of a cell, or what a new cell there would get.
fn style_of(scan: &SheetScan, row: u32, col: u32) -> u32 {
    let column = || scan.facts.column_styles.iter().find(|(first, last, _)| (*first..=*last).contains(&col));
    scan.cells.get(&(row, col)).map_or_else(|| column().map_or(0, |(_, _, style)| *style), |cell| cell.style)
}

fn some_strings(book: &Spreadsheet, numbers: &BTreeSet<usize>) -> Result<BTreeMap<usize, String>> {
    let mut found = BTreeMap::new();
    let Some(last) = numbers.last().copied() else { return Ok(found) };
    if let Some(strings) = book.strings_known() {
        found.extend(numbers.iter().filter_map(|number| Some((*number, strings.get(*number)?.to_owned()))));
        return Ok(found);
    }
    let mut index = 0_usize;
    book.visit_shared_strings(&mut |text| {
        if numbers.contains(&index) {
            found.insert(index, text.to_owned());
        }
        index += 1;
        Ok(index <= last)
    })?;
    Ok(found)
}

/// True when a cell holds this value already (and no formula that happens to give it).
fn holds_already(old: Option<&OldCell>, new: &NewValue, strings: &BTreeMap<usize, String>) -> bool {
    let Some(old) = old else { return *new == NewValue::Clear };
    if old.formula.is_some() {
        return false;
    }
    match (old.value(strings), new) {
        (CellValue::Empty, NewValue::Clear) => true,
        (CellValue::Number(old), NewValue::Number(new)) => old.to_bits() == new.to_bits() || old == *new,
        (CellValue::Text(text), NewValue::Text(new)) => old.kind != RawKind::Number && text == *new,
        (CellValue::Bool(old), NewValue::Bool(new)) => old == *new,
        _ => false,
    }
}

/// Which of these cells may not be written, and why; nothing is written.
pub(super) fn refusals(book: &Spreadsheet, edits: &[CellEdit]) -> Result<Vec<Refusal>> {
    let mut by_sheet: BTreeMap<usize, Vec<&CellEdit>> = BTreeMap::new();
    for edit in edits {
        by_sheet.entry(sheet_index(book, &edit.tab)?).or_default().push(edit);
    }
    let mut refused = Vec::new();
    for (index, edits) in by_sheet {
        let part = part_of(book, index);
        let facts = book.sheet_facts(&tab_of(book, index))?;
        // Arrays and data tables are formulas; most tabs have none, which reading them told.
        let scan = match book.formulas_known(&part) {
            Some(false) => None,
            _ => Some(follow::unchanged(book, &part)?),
        };
        let formulas = scan.as_ref().map(|scan| scan.formulas.as_slice()).unwrap_or_default();
        for edit in edits {
            if let Some((cause, reason)) = refusal(&facts, formulas, (edit.row, edit.col), &edit.value) {
                refused.push(Refusal { cell: CellRef::new(&edit.tab, edit.row, edit.col), cause, reason });
            }
        }
    }
    Ok(refused)
}

/// Why a cell may not be written.
fn refusal(
    facts: &SheetFacts,
    formulas: &[FormulaCell],
    (row, col): Address,
    value: &NewValue,
) -> Option<(Cause, String)> {
    match value {
        NewValue::Number(number) if !number.is_finite() => {
            return Some((Cause::NoNumber, "De waarde is geen gewoon getal.".to_owned()));
        }
        NewValue::Text(text) if text.encode_utf16().count() > MAX_TEXT => {
            let reason = format!("De tekst is langer dan de {MAX_TEXT} tekens die in een cel passen.");
            return Some((Cause::TooLong, reason));
        }
        _ => {}
    }
    let merge = facts.merges.iter().find(|m| m.contains(row, col) && (m.first_row, m.first_col) != (row, col));
    if let Some(merge) = merge {
        let range = merge.a1();
        let reason =
            format!("De cel hoort bij de samengevoegde cellen {range}; schrijf in de eerste cel daarvan.");
        return Some((Cause::Merged, reason));
    }
    for formula in formulas {
        if formula.extent.is_cell() || !formula.extent.contains(row, col) {
            continue;
        }
        let (cause, what) = match formula.kind {
            FormulaKind::DataTable => (Cause::DataTable, "een gegevenstabel"),
            _ => (Cause::Array, "een matrixformule"),
        };
        let range = formula.extent.a1();
        let reason = format!("De cel hoort bij {what} over {range}; die kan alleen als geheel worden gewijzigd.");
        return Some((cause, reason));
    }
    if let Some(pivot) = facts.pivots.iter().find(|p| p.contains(row, col)) {
        let reason = format!("De cel ligt in een draaitabel ({}); die vult Excel zelf.", pivot.a1());
        return Some((Cause::Pivot, reason));
    }
    for ((name, range), (headers, totals)) in facts.tables.iter().zip(&facts.table_rows) {
        let header = row < range.first_row.saturating_add(*headers);
        let total = u64::from(row) + u64::from(*totals) > u64::from(range.last_row);
        if range.contains(row, col) && (header || total) {
            let what = if header { "kopregel" } else { "totaalregel" };
            return Some((
                Cause::TableEdge,
                format!("De cel is de {what} van tabel {name}; wijzig die in Excel."),
            ));
        }
    }
    None
}

/// Writes the children of a shared formula out as ordinary formulas when their master goes.
fn unshare(job: &mut SheetJob<'_>) {
    let gone: Vec<usize> = job
        .scan
        .formulas
        .iter()
        .filter(|f| f.kind == FormulaKind::SharedMaster && sets(&job.plan, f.row, f.col))
        .filter_map(|f| f.group)
        .collect();
    for group in gone {
        for child in job.scan.children(group) {
            let row = job.plan.cells.entry(child.row).or_default();
            row.entry(child.col).or_insert_with(|| Action::Unshare(child.own_text(), false));
        }
    }
}

/// True when the plan puts a value in this cell, or takes what stood there.
pub(super) fn sets(plan: &SheetPlan<'_>, row: u32, col: u32) -> bool {
    if let Some(rows) = plan.rows {
        return !rows.kept().is_some_and(|kept| kept.contains(&(row, col)));
    }
    matches!(plan.cells.get(&row).and_then(|cells| cells.get(&col)), Some(Action::Set(..)))
}

/// Plans new rows for a whole tab, unless they are what stands there.
fn plan_rows<'a>(
    book: &Spreadsheet,
    tab: &str,
    rows: &'a dyn RowSource,
    jobs: &mut BTreeMap<usize, SheetJob<'a>>,
) -> Result<()> {
    let index = sheet_index(book, tab)?;
    if same_rows(book, tab, rows)? {
        return Ok(());
    }
    let mut range: Option<Range> = None;
    for (row, col) in rows.kept().into_iter().flatten().copied() {
        range = Some(range.map_or_else(|| Range::cell(row, col), |range| range.with(row, col)));
    }
    let mut like = BTreeSet::new();
    for NewRow { row, like: of_row, cells } in rows.rows() {
        like.extend(of_row.into_iter().chain(cells.iter().filter_map(|cell| cell.like.map(|(row, _)| row))));
        for cell in cells.iter().filter(|cell| cell.value != NewValue::Clear) {
            if row >= MAX_ROWS || cell.col >= MAX_COLS {
                return Err(book.archive().refuse(
                    format!("De nieuwe gegevens passen niet op het tabblad '{tab}'"),
                    "Een blad heeft 1.048.576 rijen en 16.384 kolommen; gebruik minder gegevens.",
                ));
            }
            range = Some(range.map_or_else(|| Range::cell(row, cell.col), |range| range.with(row, cell.col)));
        }
    }
    let looks = if like.is_empty() { Looks::new() } else { looks(book, &part_of(book, index), &like)? };
    let job = job(book, jobs, index, &BTreeSet::new())?;
    job.plan.rows = Some(rows);
    job.plan.looks = looks;
    job.plan.dimension = Some(range.unwrap_or_else(|| Range::cell(0, 0)).a1());
    job.values = true;
    unshare(job);
    Ok(())
}

/// True when a tab holds exactly these rows already. Texts from the shared strings are only looked up when all else
/// is the same.
fn same_rows(book: &Spreadsheet, tab: &str, rows: &dyn RowSource) -> Result<bool> {
    let mut numbers = BTreeMap::new();
    let mut new = rows.rows().flat_map(|NewRow { row, cells, .. }| {
        cells.into_iter().filter(|c| c.value != NewValue::Clear).map(move |c| (row, c.col, c.value))
    });
    let mut same = true;
    let kept = |cell: &CellView<'_>| rows.kept().is_some_and(|kept| kept.contains(&(cell.row, cell.col)));
    book.visit_cells(tab, &mut |cell| {
        if (cell.raw.is_none() && cell.formula.is_none()) || kept(cell) {
            return Ok(true);
        }
        let wanted = new.next().filter(|(row, col, _)| (*row, *col) == (cell.row, cell.col));
        same = cell.formula.is_none()
            && match (cell.kind, wanted) {
                (RawKind::SharedString, Some((_, _, NewValue::Text(text)))) => {
                    let number = cell.raw.and_then(|raw| raw.trim().parse::<usize>().ok());
                    number.is_some_and(|number| numbers.entry(number).or_insert_with(|| text.clone()) == &text)
                }
                (_, Some((_, _, wanted))) => match (cell.value(&SharedStrings::default()), wanted) {
                    (CellValue::Number(old), NewValue::Number(new)) => old == new,
                    (CellValue::Text(old), NewValue::Text(new)) => cell.kind != RawKind::Number && old == new,
                    _ => false,
                },
                (_, None) => false,
            };
        Ok(same)
    })?;
    if !same || new.next().is_some() {
        return Ok(false);
    }
    Ok(some_strings(book, &numbers.keys().copied().collect())? == numbers)
}

/// Plans the repair of conditional formatting and gives new backgrounds a number in the styles.
fn plan_formatting(
    book: &Spreadsheet,
    changes: &Changes<'_>,
    jobs: &mut BTreeMap<usize, SheetJob<'_>>,
    texts: &mut TextParts,
) -> Result<()> {
    let rules: Vec<&super::Rule> = changes.formatting.iter().flat_map(|edit| &edit.add).collect();
    let mut numbers = BTreeMap::new();
    if !rules.is_empty() {
        let styles = book.relationships.iter().find(|r| r.kind == "styles").map(|r| r.target.clone());
        let styles = styles.filter(|part| book.archive().contains(part)).ok_or_else(|| {
            book.archive().refuse(
                "Het werkboek heeft geen onderdeel met opmaak",
                "Open het in Excel, sla het op en probeer het opnieuw.",
            )
        })?;
        numbers = texts.edit(book, &styles, |text| {
            parts::add_fills(text, &rules).map(|(text, numbers)| (Some(text), numbers))
        })?;
    }
    for edit in &changes.formatting {
        let index = sheet_index(book, &edit.tab)?;
        let job = job(book, jobs, index, &BTreeSet::new())?;
        let present = &job.scan.facts.conditional_formats;
        let removed = |key: &&super::RuleKey| {
            present.iter().any(|rule| rule.sqref == key.sqref && rule.formula == key.formula)
        };
        job.plan.remove_rules.extend(edit.remove.iter().filter(removed).cloned());
        let highest = present.iter().map(|rule| rule.priority).max().unwrap_or(0).max(0);
        let first = highest + 1 + i64::try_from(job.plan.add_rules.len()).unwrap_or(0);
        job.plan.add_rules.extend((first..).zip(&edit.add).map(|(priority, rule)| NewRule {
            sqref: rule.sqref.clone(),
            formula: rule.formula.clone(),
            dxf: numbers.get(&rule.fill).copied().unwrap_or(0),
            priority,
        }));
    }
    Ok(())
}

fn set_properties(book: &Spreadsheet, wanted: &[(String, String)], texts: &mut TextParts) -> Result<()> {
    let strict = book.is_strict();
    let root = crate::package::parts::relationships(book.archive(), "")?;
    let existing = root.iter().find(|r| is_custom_properties(&r.kind));
    if let Some(part) = existing.filter(|r| book.archive().contains(&r.target)) {
        return texts
            .edit(book, &part.target, |text| Ok((parts::set_custom_properties(text, wanted, strict)?, ())));
    }
    let part = free_name(book, "docProps/custom", ".xml");
    let text = parts::set_custom_properties(&parts::empty_custom_properties(strict), wanted, strict)
        .map_err(|e| book.archive().damaged(&part, &e))?
        .unwrap_or_default();
    texts.added.push((part.clone(), text));
    let kind = if strict {
        "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties"
    } else {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
    };
    texts.edit(book, "_rels/.rels", |text| {
        parts::add_relationship(text, kind, &part).map(|(text, _)| (Some(text), ()))
    })?;
    texts.edit(book, CONTENT_TYPES, |text| Ok((Some(parts::add_content_type(text, &part, CUSTOM_TYPE)?), ())))
}

/// A part name that is not taken: `<stem>.xml`, `<stem>1.xml` ...
pub(super) fn free_name(book: &Spreadsheet, stem: &str, ending: &str) -> String {
    let plain = format!("{stem}{ending}");
    if !book.archive().contains(&plain) {
        return plain;
    }
    (1_u32..).map(|n| format!("{stem}{n}{ending}")).find(|name| !book.archive().contains(name)).unwrap_or(plain)
}

/// Registers a new worksheet, hidden as `state` says; returns its part name.
pub(super) fn add_sheet(book: &Spreadsheet, name: &str, state: &str, texts: &mut TextParts) -> Result<String> {
    let strict = book.is_strict();
    let folder = book.workbook_part.replace('\\', "/");
    let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder).trim_start_matches('/').to_owned();
    let base = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let stem = if state.is_empty() { "controle" } else { "wijk" };
    let part = free_name(book, &format!("{base}worksheets/{stem}"), ".xml");
    let target = part.strip_prefix(&base).unwrap_or(&part).to_owned();
    let kinds = parts::RELATIONSHIPS.get(usize::from(strict)).copied().unwrap_or_default();
    let id = texts.edit(book, &relationships_part(&book.workbook_part), |text| {
        parts::add_relationship(text, &format!("{kinds}/worksheet"), &target).map(|(text, id)| (Some(text), id))
    })?;
    texts.edit(book, &book.workbook_part, |text| {
        Ok((Some(parts::add_sheet(text, name, state, &id, strict)?), ()))
    })?;
    texts
        .edit(book, CONTENT_TYPES, |text| Ok((Some(parts::add_content_type(text, &part, WORKSHEET_TYPE)?), ())))?;
    Ok(part)
}

/// Writes the new package.
fn write(
    book: &Spreadsheet,
    jobs: &BTreeMap<usize, SheetJob<'_>>,
    texts: &TextParts,
    added_sheet: Option<(String, &dyn RowSource)>,
    out: &mut dyn Write,
    applied: &mut Applied,
) -> Result<()> {
    let archive = book.archive();
    let by_part: BTreeMap<String, usize> =
        jobs.keys().map(|index| (part_key(&part_of(book, *index)), *index)).collect();
    // Unpacking and packing is nearly all the work, so the tabs are done side by side.
    let patched: Vec<(usize, Result<Compressed>)> =
        jobs.par_iter().map(|(index, job)| (*index, patched(book, &part_of(book, *index), &job.plan))).collect();
    let mut contents: BTreeMap<usize, Compressed> = BTreeMap::new();
    for (index, content) in patched {
        contents.insert(index, content?);
    }
    let text_part = |packing, bytes: Vec<u8>| {
        compress(packing, |e| failed(book, e), |out| out.write_all(&bytes).map_err(|e| failed(book, e)))
    };
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let mut container = Container::new(&mut out);
    for entry in archive.entries() {
        let done = if texts.dropped.contains(&entry.name) {
            applied.parts.push(entry.name.clone());
            continue;
        } else if let Some(content) =
            by_part.get(&part_key(&entry.name)).filter(|_| !entry.directory).and_then(|at| contents.remove(at))
        {
            applied.parts.push(entry.name.clone());
            container.replace(archive, entry, content)
        } else if let Some(part) = texts.parts.get(&entry.name).filter(|part| part.changed) {
            applied.parts.push(entry.name.clone());
            container.replace(archive, entry, text_part(entry.packing, encode(&part.text, part.stored))?)
        } else {
            container.copy(archive, entry)
        };
        done.map_err(|e| failed(book, e))?;
    }
    for (name, text) in &texts.added {
        applied.parts.push(name.clone());
        container
            .add(name, text_part(Packing::Deflated, text.clone().into_bytes())?)
            .map_err(|e| failed(book, e))?;
    }
    if let Some((name, rows)) = added_sheet {
        let plan = SheetPlan { rows: Some(rows), ..SheetPlan::default() };
        let text = parts::empty_sheet(book.is_strict());
        let damaged = |e: &dyn std::fmt::Display| archive.damaged(&name, e);
        let content = compress(
            Packing::Deflated,
            |e| failed(book, e),
            |out| Patcher::new(&mut text.as_bytes(), out, &plan, &damaged).run(),
        )?;
        container.add(&name, content).map_err(|e| failed(book, e))?;
        applied.parts.push(name);
    }
    container.finish(archive.comment()).map_err(|e| failed(book, e))?;
    out.flush().map_err(|e| failed(book, e))
}

/// A worksheet part with its plan applied, compressed.
fn patched(book: &Spreadsheet, part: &str, plan: &SheetPlan<'_>) -> Result<Compressed> {
    let archive = book.archive();
    let damaged = |e: &dyn std::fmt::Display| archive.damaged(part, e);
    archive.stream_text(part, |reader, stored| {
        compress(
            archive.packing(part),
            |e| failed(book, e),
            |out| match stored {
                Stored::Utf8 => Patcher::new(reader, out, plan, &damaged).run(),
                Stored::Utf8Bom => {
                    out.write_all(b"\xEF\xBB\xBF").map_err(|e| failed(book, e))?;
                    Patcher::new(reader, out, plan, &damaged).run()
                }
                other => {
                    let mut text = Vec::new();
                    Patcher::new(reader, &mut text, plan, &damaged).run()?;
                    let text = String::from_utf8(text).map_err(|_| damaged(&UNREADABLE))?;
                    out.write_all(&encode(&text, other)).map_err(|e| failed(book, e))
                }
            },
        )
    })
}
