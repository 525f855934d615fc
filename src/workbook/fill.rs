//! Carrying out a plan: from decisions to changes of the package, and back to what the advisor should know.
//!
//! Owns the order of things in one filling: cells, record, overview tab, repaired highlighting. How bytes change is
//! [`crate::package`]'s business; what may be written was decided by `plan`.

use std::io::Write;

use super::details::attention;
use super::highlight::Repair;
use super::layout::RECORD_TAB;
use super::ledger::LedgerEntry;
use super::plan::{FillPlan, refuse_unfillable};
use super::read::Workbook;
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{
    Area, CellValue, Column, Figure, Format, Missing, OVERVIEW_TITLE, Overview, TabKind, normalise,
};
use crate::package::{
    Applied, Changes, FormattingEdit, HiddenTab, NewCell, NewValue, Note as PackageNote, NoteKind, OwnTab,
    Refusal, Rule, RuleKey, SheetRows, Spreadsheet,
};

/// What is done besides the cells of the plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct FillExtras<'a> {
    /// New rows for the workbook's overview tab, in the product's own layout (title row first). `None` leaves the
    /// tab alone; give it only when the overview differs from the workbook's own.
    pub overview: Option<&'a [Vec<CellValue>]>,
    /// Highlighting to repair, from [`highlighting`](super::highlighting).
    pub repairs: &'a [Repair],
    /// Notes about texts that a new edition overtook, which replace the older ones; `None` leaves notes alone.
    pub notes: Option<&'a [PackageNote]>,
    /// A tab of our own to write.
    pub own_tab: Option<&'a OwnTab>,
}

/// What came of filling.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// False when the result is byte for byte the original.
    pub changed: bool,
    /// Every cell that was written, with what stood there.
    pub ledger: Vec<LedgerEntry>,
    /// What the advisor should know: conflicts of the plan, refused cells, protection, a signature.
    pub findings: Vec<Finding>,
    /// What the package reports: removed cached values, parts that changed.
    pub applied: Applied,
}

/// Writes the workbook with the plan carried out to `out`. The record of filling goes along only when a cell is
/// written, so that filling again without new figures changes no byte.
///
/// # Errors
/// [`Error::Content`] when the workbook cannot be filled (xls, ods, a newer format) or a part of it cannot be
/// understood; [`Error::File`] when writing fails. `out` may then hold a part of a file.
pub fn fill(
    book: &Spreadsheet,
    workbook: &Workbook,
    plan: &FillPlan,
    format: &Format,
    extras: &FillExtras<'_>,
    out: &mut dyn Write,
) -> Result<Filled> {
    refuse_unfillable(workbook, format)?;
    let file = workbook.analysis.file.as_str();
    let mut findings = plan.findings.clone();
    let overview = extras.overview.map(|rows| overview_rows(workbook, rows)).transpose()?;
    let mut changes = Changes { cells: plan.edits.clone(), ..Changes::default() };
    if !plan.edits.is_empty() {
        let stamp = workbook.analysis.format_version.as_deref();
        changes.hidden_tab =
            Some(HiddenTab { name: RECORD_TAB.to_owned(), rows: plan.record.to_rows(stamp, &format.version) });
    }
    changes.notes = extras.notes.map(<[PackageNote]>::to_vec);
    changes.note_kind = NoteKind::Edition;
    changes.own_tab = extras.own_tab.cloned();
    changes.formatting = extras.repairs.iter().map(|repair| formatting(repair, format)).collect();
    if let Some((tab, rows)) = &overview {
        changes.sheet_rows.push(SheetRows {
            tab: tab.clone(),
            rows: Box::new(move || Box::new(rows.iter().map(|(row, cells)| (*row, cells.clone())))),
        });
    }
    let applied = book.apply(&changes, out)?;
    let place = |tab: Option<String>, cell: Option<String>| Place {
        file: Some(file.to_owned()),
        tab,
        cell,
        ..Place::default()
    };
    for refusals in by_tab_and_cause(&applied.refused) {
        let Some(first) = refusals.first() else { continue };
        let (found, advice) = match refusals.len() {
            1 => (
                format!("Deze cel is niet geschreven. {}", first.reason),
                "Vul de cel zelf in, of haal weg wat het schrijven belet en vul opnieuw.",
            ),
            count => (
                format!("{count} cellen op dit tabblad zijn niet geschreven: {}.", first.cause.words()),
                "Vul deze cellen zelf in, of haal weg wat het schrijven belet en vul opnieuw.",
            ),
        };
        let cells: Vec<String> = refusals.iter().map(|refusal| refusal.cell.a1()).collect();
        let place = place(Some(first.cell.tab.clone()), Some(cells.join(" ")));
        findings.push(Finding::new("cel-niet-geschreven", Level::Waarschuwing, place, found, "", advice));
    }
    // Most were said when the workbook was read.
    let said = |warning: &&String| workbook.findings.iter().any(|finding| finding.found == **warning);
    findings
        .extend(applied.warnings.iter().filter(|warning| !said(warning)).map(|warning| attention(file, warning)));
    for pivot in &applied.pivots {
        let name = format!("De draaitabel '{}' toont nog cijfers van voor het vullen", pivot.name);
        let (level, found, advice) = if pivot.refreshes {
            (
                Level::Opmerking,
                format!("{name}; Excel ververst hem zodra u het werkboek opent."),
                "Open het werkboek in Excel en sla het op.",
            )
        } else {
            (
                Level::Waarschuwing,
                format!("{name}. Ook de kop van een kolom waar hij uit leest, is veranderd."),
                "Klik in Excel met rechts op de draaitabel, kies Vernieuwen en kies het veld met de nieuwe naam opnieuw.",
            )
        };
        let place = place(Some(pivot.tab.clone()), Some(pivot.range.clone()));
        findings.push(Finding::new("draaitabel-verouderd", level, place, found, "", advice));
    }
    let refused = |entry: &LedgerEntry| {
        applied.refused.iter().any(|refusal| refusal.cell.tab == entry.tab && refusal.cell.a1() == entry.cell)
    };
    let ledger = plan.ledger.iter().filter(|entry| !refused(entry)).cloned().collect();
    Ok(Filled { changed: applied.changed, ledger, findings, applied })
}

/// Refusals of one kind on one tab stand together, in the order in which they were met.
fn by_tab_and_cause(refused: &[Refusal]) -> Vec<Vec<&Refusal>> {
    let mut groups: Vec<Vec<&Refusal>> = Vec::new();
    for refusal in refused {
        let same = |group: &&mut Vec<&Refusal>| {
            group.first().is_some_and(|first| first.cell.tab == refusal.cell.tab && first.cause == refusal.cause)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(refusal),
            None => groups.push(vec![refusal]),
        }
    }
    groups
}

fn formatting(repair: &Repair, format: &Format) -> FormattingEdit {
    FormattingEdit {
        tab: repair.tab.clone(),
        remove: repair
            .remove
            .iter()
            .map(|(sqref, formula)| RuleKey { sqref: sqref.clone(), formula: formula.clone() })
            .collect(),
        add: repair
            .add
            .iter()
            .map(|rule| Rule {
                sqref: rule.ranges.clone(),
                formula: rule.formula.clone(),
                fill: format.highlight_colour.clone(),
            })
            .collect(),
    }
}

/// A tab's name and its rows by zero-based row.
type TabRows = (String, Vec<(u32, Vec<NewCell>)>);

/// The new rows of the overview tab. The links back above the row 'Code' stay.
fn overview_rows(workbook: &Workbook, rows: &[Vec<CellValue>]) -> Result<TabRows> {
    let file = workbook.analysis.file.as_str();
    let kind = TabKind::Fixed("overzicht".to_owned());
    let Some(tab) = workbook.analysis.tabs.iter().find(|tab| tab.kind == kind) else {
        return Err(Error::content(
            file,
            "het werkboek heeft geen tabblad met het indicatorenoverzicht",
            "Voeg het tabblad toe uit een leeg format, of vul zonder --overzicht.",
        ));
    };
    let top = workbook.overview_top.as_ref();
    let first = top.and_then(code_row).unwrap_or(1);
    let mut out: Vec<(u32, Vec<NewCell>)> = Vec::new();
    // The title names the edition, which every document repeats: it goes with the figures. A title of somebody's own stays.
    let title = rows.first().and_then(|cells| cells.first());
    let renewed = |value: &CellValue| match (title, value) {
        (Some(title), CellValue::Text(old)) if is_title(old) => new_value(title),
        _ => new_value(value),
    };
    if let Some(sheet) = top {
        for row in sheet.rows().into_iter().filter(|row| *row < first) {
            let cells = sheet.row(row).map(|(col, cell)| NewCell { col, value: renewed(&cell.value) }).collect();
            out.push((row, cells));
        }
    }
    // The first of the new rows is the title.
    for (row, cells) in (first..).zip(rows.iter().skip(1)) {
        let cells = (0..)
            .zip(cells)
            .filter(|(_, value)| !value.is_blank())
            .map(|(col, value)| NewCell { col, value: new_value(value) });
        out.push((row, cells.collect()));
    }
    Ok((tab.name.clone(), out))
}

/// True for a title as this program writes it.
fn is_title(text: &str) -> bool {
    let rest = text.trim().strip_prefix(OVERVIEW_TITLE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

fn code_row(sheet: &Sheet) -> Option<u32> {
    sheet.rows().into_iter().find(|row| normalise(&sheet.text(*row, 0)) == "code")
}

fn new_value(value: &CellValue) -> NewValue {
    match value {
        CellValue::Empty => NewValue::Clear,
        CellValue::Number(number) => NewValue::Number(*number),
        other => NewValue::Text(other.text()),
    }
}

/// A new overview whose columns stand where the workbook's own overview has them, so that the links of the pijler
/// tabs to overview columns still lead to the right indicator. A column that the new overview lacks stays with its
/// own edition; columns that the old one lacks come behind.
#[must_use]
pub fn align_overview(own: &Overview, new: &Overview) -> Overview {
    let old_area = |area: &Area| own.areas.iter().position(|known| known.code == area.code);
    let mut taken: Vec<usize> = Vec::new();
    // (column, index in new or index in own)
    let mut columns: Vec<(Column, std::result::Result<usize, usize>)> = Vec::new();
    for (at, column) in own.columns.iter().enumerate() {
        match new.column_index(&column.code).filter(|index| !taken.contains(index)) {
            Some(index) => {
                taken.push(index);
                columns.extend(new.columns.get(index).map(|column| (column.clone(), Ok(index))));
            }
            None => columns.push((column.clone(), Err(at))),
        }
    }
    for (index, column) in new.columns.iter().enumerate().filter(|(index, _)| !taken.contains(index)) {
        columns.push((column.clone(), Ok(index)));
    }
    let figures = new
        .areas
        .iter()
        .enumerate()
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
        areas: new.areas.clone(),
        columns: columns.into_iter().map(|(column, _)| column).collect(),
        figures,
        withheld,
    }
}
