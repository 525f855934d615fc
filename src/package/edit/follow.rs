//! What a change of values brings with it: stale caches of formulas, charts and pivot tables, calcChain,
//! recalculation.
//!
//! Owns finding the formulas concerned and planning what has to go. Which cells change is settled before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::depend::{Area, Dirty, Resolver, dependents};
use super::patch::{Action, SheetPlan};
use super::pivots::{self, Pivot};
use super::plan::{CONTENT_TYPES, SheetJob, TextParts, part_of, sets, tab_of};
use super::scan::{FormulaCell, SheetScan, scan};
use super::smallparts as parts;
use super::{Applied, Changes, StalePivot};
use crate::error::Result;
use crate::model::CellRef;
use crate::package::archive::part_key;
use crate::package::parts::{ContentTypes, relationships_part};
use crate::package::spreadsheet::{MAX_COLS, MAX_ROWS, Range, SheetKind, Spreadsheet};

/// The sheets that hold formulas, by position.
fn sheets_with_formulas(
    book: &Spreadsheet,
    changes: &Changes<'_>,
    jobs: &BTreeMap<usize, SheetJob<'_>>,
    chain: Option<&[u32]>,
) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for (index, sheet) in book.sheets().iter().enumerate() {
        if sheet.kind != SheetKind::Worksheet || !book.archive().contains(&sheet.part) {
            continue;
        }
        let free = changes.formula_free.iter().any(|tab| tab.to_lowercase() == sheet.name.to_lowercase());
        let holds = if let Some(job) = jobs.get(&index) {
            !job.scan.formulas.is_empty()
        } else if let Some(known) = book.formulas_known(&sheet.part) {
            known
        } else {
            // Programs leave the chain incomplete: it says which tabs have formulas, not which have none.
            !free || chain.is_some_and(|chain| chain.contains(&sheet.sheet_id))
        };
        if holds {
            found.push(index);
        }
    }
    Ok(found)
}

/// The formulas of a sheet of which no cell is set. Kept with the workbook: of one workbook many are filled.
pub(super) fn unchanged(book: &Spreadsheet, part: &str) -> Result<Arc<SheetScan>> {
    if let Some(known) = book.scan_known(part) {
        return Ok(known);
    }
    let scan = Arc::new(scan(book, part, &BTreeSet::new())?);
    book.remember_scan(part, &scan);
    Ok(scan)
}

/// What a change of values brings with it: stale caches go, calcChain loses overwritten formulas, the workbook
/// recalculates when opened.
pub(super) fn follow_formulas(
    book: &Spreadsheet,
    changes: &Changes<'_>,
    jobs: &mut BTreeMap<usize, SheetJob<'_>>,
    texts: &mut TextParts,
    applied: &mut Applied,
) -> Result<()> {
    let chain_part = book.relationships.iter().find(|r| r.kind == "calcChain").map(|r| r.target.clone());
    let chain_part = chain_part.filter(|part| book.archive().contains(part));
    let chain = match &chain_part {
        Some(part) => Some(texts.edit(book, part, |text| Ok((None, parts::calc_chain_sheets(text)?)))?),
        None => None,
    };
    let with_formulas = sheets_with_formulas(book, changes, jobs, chain.as_deref())?;
    let others: Vec<usize> = with_formulas.into_iter().filter(|index| !jobs.contains_key(index)).collect();
    let others: Result<Vec<(usize, Arc<SheetScan>)>> =
        others.into_par_iter().map(|index| Ok((index, unchanged(book, &part_of(book, index))?))).collect();
    let mut others: BTreeMap<usize, Arc<SheetScan>> =
        others?.into_iter().filter(|(_, scan)| !scan.formulas.is_empty()).collect();
    let mut dirty: Dirty = BTreeMap::new();
    for (index, job) in jobs.iter().filter(|(_, job)| job.values) {
        let area: &mut Area = dirty.entry(*index).or_default();
        if job.plan.rows.is_some() {
            area.add(Range { first_row: 0, first_col: 0, last_row: MAX_ROWS - 1, last_col: MAX_COLS - 1 });
        }
        for (row, cells) in &job.plan.cells {
            for col in cells.iter().filter(|(_, a)| matches!(a, Action::Set(..))).map(|(col, _)| *col) {
                area.add(Range::cell(*row, col));
            }
        }
    }
    let resolver = Resolver::new(book, tables(book)?);
    let had_formulas = !others.is_empty() || jobs.values().any(|job| !job.scan.formulas.is_empty());
    let written = dirty.clone();
    let mut waiting = pivots::pivots(book)?;
    let mut concerned = Vec::new();
    let mut stale: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    // Formulas may read pivot tables and pivot tables may read formulas: until nothing more is concerned.
    loop {
        if had_formulas {
            let mut formulas: BTreeMap<usize, &[FormulaCell]> = BTreeMap::new();
            formulas.extend(jobs.iter().map(|(index, job)| (*index, job.scan.formulas.as_slice())));
            formulas.extend(others.iter().map(|(index, scan)| (*index, scan.formulas.as_slice())));
            let gone = |sheet: usize, formula: &FormulaCell| {
                jobs.get(&sheet).is_some_and(|job| sets(&job.plan, formula.row, formula.col))
            };
            for (sheet, positions) in dependents(&resolver, &formulas, &gone, &mut dirty) {
                stale.entry(sheet).or_default().extend(positions);
            }
        }
        let (more, rest): (Vec<Pivot>, Vec<Pivot>) =
            waiting.into_iter().partition(|pivot| pivot.reads(&resolver, &dirty));
        waiting = rest;
        if more.is_empty() {
            break;
        }
        for pivot in &more {
            dirty.entry(pivot.sheet).or_default().add(pivot.range);
        }
        concerned.extend(more);
    }
    for pivot in &concerned {
        let refreshes = !pivot.heading_meets(&resolver, &written);
        if refreshes {
            texts.edit(book, &pivot.cache, |text| Ok((parts::refresh_on_load(text)?, ())))?;
        }
        applied.pivots.push(StalePivot {
            tab: tab_of(book, pivot.sheet),
            range: pivot.range.a1(),
            name: pivot.name.clone(),
            refreshes,
        });
    }
    if had_formulas {
        for (index, positions) in stale {
            if let Some(scan) = others.remove(&index) {
                jobs.insert(index, SheetJob { index, scan, plan: SheetPlan::default(), values: false });
            }
            if let Some(job) = jobs.get_mut(&index) {
                uncache(book, job, &positions, applied);
            }
        }
        shorten_calc_chain(book, jobs, chain_part.as_deref(), texts)?;
        texts.edit(book, &book.workbook_part, |text| Ok((parts::full_calculation(text)?, ())))?;
    }
    let drawings = follow_drawings(book, &resolver, &dirty, texts)?;
    if drawings.emptied {
        texts.edit(book, &book.workbook_part, |text| Ok((parts::full_calculation(text)?, ())))?;
        applied.warnings.push(
            "Een tekstvak of vorm toont de waarde van een cel die is gewijzigd. De oude tekst is weggehaald; Excel vult de nieuwe in \
             zodra u het werkboek opent."
                .to_owned(),
        );
    }
    if drawings.pictured {
        texts.edit(book, &book.workbook_part, |text| Ok((parts::full_calculation(text)?, ())))?;
        applied.warnings.push(
            "In het werkboek staat een foto van cellen die zijn gewijzigd (camera van Excel). De foto toont de oude cijfers tot Excel \
             het werkboek opent en opslaat."
                .to_owned(),
        );
    }
    jobs.retain(|_, job| !job.plan.is_empty());
    for chart in parts_of_kind(book, &CHARTS, is_chart)? {
        let stale = texts.edit(book, &chart, |text| {
            let text = parts::without_chart_caches(text, &|formula| resolver.text_meets(formula, &dirty))?;
            let changed = text.is_some();
            Ok((text, changed))
        })?;
        if stale {
            applied.chart_caches.push(chart);
        }
    }
    Ok(())
}

/// What of the drawings showed a changed cell.
#[derive(Default)]
struct Drawings {
    /// Texts of text boxes and shapes, which are taken out.
    emptied: bool,
    /// Pictures of cells, which only Excel can draw again.
    pictured: bool,
}

/// Takes the text out of text boxes and shapes that show the content of a changed cell, and looks for pictures of such cells.
fn follow_drawings(
    book: &Spreadsheet,
    resolver: &Resolver<'_>,
    dirty: &Dirty,
    texts: &mut TextParts,
) -> Result<Drawings> {
    let mut all = Drawings::default();
    let usual = |name: &str| in_folder(name, "drawings", "") && name.ends_with(".xml");
    let stale = |cells: &str| resolver.text_meets(cells, dirty);
    for name in &parts_of_kind(book, &DRAWINGS, usual)? {
        let (emptied, pictured) = texts.edit(book, name, |text| {
            let pictured = parts::pictures_cells(text, &stale)?;
            let text = parts::without_linked_texts(text, &stale)?;
            let emptied = text.is_some();
            Ok((text, (emptied, pictured)))
        })?;
        all.emptied |= emptied;
        all.pictured |= pictured;
    }
    Ok(all)
}

/// Content types of charts, of Excel 2007 and of 2016.
const CHARTS: [&str; 2] =
    ["application/vnd.openxmlformats-officedocument.drawingml.chart+xml", "application/vnd.ms-office.chartex+xml"];
/// Content types of what lies on a sheet and in a chart.
const DRAWINGS: [&str; 2] = [
    "application/vnd.openxmlformats-officedocument.drawing+xml",
    "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml",
];

/// The parts of a kind: by their content type, which alone says what they are, and by the usual names.
fn parts_of_kind(book: &Spreadsheet, kinds: &[&str], usual: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let archive = book.archive();
    let types = ContentTypes::read(archive)?;
    let is = |name: &&str| usual(name) || types.of(name).is_some_and(|kind| kinds.contains(&kind));
    Ok(archive.names().filter(is).map(str::to_owned).collect())
}

fn is_chart(name: &str) -> bool {
    in_folder(name, "charts", "chart") && part_key(name).ends_with(".xml")
}

fn in_folder(name: &str, folder: &str, start: &str) -> bool {
    let key = part_key(name);
    let mut steps = key.rsplit('/');
    let (file, last) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    last == folder && file.starts_with(start)
}

/// All tables of the workbook.
fn tables(book: &Spreadsheet) -> Result<Vec<(String, usize, Range)>> {
    let mut tables = Vec::new();
    for (index, sheet) in book.sheets().iter().enumerate() {
        if !book.archive().contains(&relationships_part(&sheet.part)) {
            continue;
        }
        let facts = book.complete_facts(&sheet.part, crate::package::facts::Collector::default())?;
        tables.extend(facts.tables.into_iter().map(|(name, range)| (name.to_lowercase(), index, range)));
    }
    Ok(tables)
}

/// Plans the removal of cached values on one sheet and lists them.
fn uncache(book: &Spreadsheet, job: &mut SheetJob<'_>, positions: &BTreeSet<usize>, applied: &mut Applied) {
    let tab = tab_of(book, job.index);
    for formula in positions.iter().filter_map(|at| job.scan.formulas.get(*at)) {
        let many = !formula.extent.is_cell();
        if !formula.cached && !many {
            continue;
        }
        applied.removed_caches.push(CellRef::new(&tab, formula.row, formula.col));
        if many {
            job.plan.uncache.push(formula.extent);
        }
        let cells = job.plan.cells.entry(formula.row).or_default();
        match cells.get_mut(&formula.col) {
            Some(Action::Unshare(_, uncache)) => *uncache = true,
            Some(_) => {}
            None => {
                cells.insert(formula.col, Action::Uncache);
            }
        }
    }
}

/// Takes overwritten formulas out of calcChain, and the chain itself when nothing is left of it.
fn shorten_calc_chain(
    book: &Spreadsheet,
    jobs: &BTreeMap<usize, SheetJob<'_>>,
    chain: Option<&str>,
    texts: &mut TextParts,
) -> Result<()> {
    let Some(chain) = chain else { return Ok(()) };
    let by_id: BTreeMap<u32, &SheetJob<'_>> =
        jobs.values().filter_map(|job| Some((book.sheets().get(job.index)?.sheet_id, job))).collect();
    let gone = |sheet: u32, address: &str| {
        let Some(job) = by_id.get(&sheet) else { return false };
        let Some((row, col)) = crate::model::parse_a1(address) else { return false };
        sets(&job.plan, row, col)
    };
    let empty = texts.edit(book, chain, |text| {
        Ok(match parts::calc_chain(text, &gone)? {
            None => (None, false),
            Some(None) => (None, true),
            Some(Some(text)) => (Some(text), false),
        })
    })?;
    if empty {
        texts.dropped.insert(book.archive().find(chain).unwrap_or(chain).to_owned());
        texts.edit(book, &relationships_part(&book.workbook_part), |text| {
            Ok((parts::remove_relationship(text, &book.workbook_part, chain)?, ()))
        })?;
        texts.edit(book, CONTENT_TYPES, |text| Ok((parts::remove_content_type(text, chain)?, ())))?;
    }
    Ok(())
}
