//! Carrying out a plan: from decisions to changes of the package, and back to what the advisor should know.
//!
//! Owns the order of things in one filling: cells, record, overview tab, repaired highlighting. How bytes change is
//! [`crate::package`]'s business; what may be written was decided by `plan`.

use std::io::Write;

use super::details::attention;
use super::highlight::Repair;
use super::layout::RECORD_TAB;
use super::ledger::LedgerEntry;
use super::overview_tab::{NewTab, OverviewChange, OverviewRenewed};
use super::plan::{FillPlan, Rests, refuse_unfillable};
use super::read::Workbook;
use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::model::{CellRef, Format, Overview};
use crate::package::{
    Applied, Changes, FormattingEdit, HiddenTab, Note as PackageNote, NoteKind, OwnTab, Range, Refusal, Rule,
    RuleKey, Spreadsheet,
};

/// What is done besides the cells of the plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct FillExtras<'a> {
    /// What the workbook's overview tab becomes. `None` leaves the tab alone; give it only when something differs.
    pub overview: Option<OverviewChange<'a>>,
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
    /// What became of the overview tab; `None` when it stayed as it was.
    pub overview: Option<OverviewRenewed>,
}

/// Writes the workbook with the plan carried out to `out`. The record of filling goes along only when a cell is
/// written, so that filling again without new figures changes no byte.
///
/// # Errors
/// [`crate::error::Error::Content`] when the workbook cannot be filled (xls, ods, a newer format) or a part of it cannot be
/// understood; [`crate::error::Error::File`] when writing fails. `out` may then hold a part of a file.
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
    let overview = extras.overview.map(|change| NewTab::of(book, workbook, format, &change)).transpose()?;
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
    if let Some(new) = &overview {
        changes.sheet_rows.push(new.rows());
        changes.names.clone_from(&new.names);
    }
    let applied = book.apply(&changes, out)?;
    let place = |tab: Option<String>, cell: Option<String>| Place {
        file: Some(file.to_owned()),
        tab,
        cell,
        ..Place::default()
    };
    let late = applied.refused.iter().map(|refusal| (refusal.clone(), Rests::Cell));
    let refused: Vec<(Refusal, Rests)> = plan.refused.iter().cloned().chain(late).collect();
    for refusals in by_tab_and_cause(&refused) {
        let Some((first, rests)) = refusals.first() else { continue };
        let found = match refusals.len() {
            1 => format!("{} {}", rests.words_of_one(), first.reason),
            count => {
                format!(
                    "{count} cellen op dit tabblad zijn niet geschreven: {}.{}",
                    first.cause.words(),
                    rests.words_of_more()
                )
            }
        };
        let cells: Vec<String> = refusals.iter().map(|(refusal, _)| refusal.cell.a1()).collect();
        let place = place(Some(first.cell.tab.clone()), Some(cells.join(" ")));
        let advice = first.cause.advice();
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
    let written = |new: &&NewTab| book.sheet(&new.tab).is_some_and(|sheet| applied.parts.contains(&sheet.part));
    let overview = overview.as_ref().filter(written).zip(extras.overview);
    if let Some((new, change)) = &overview {
        findings.extend(rows_left_empty(new, change.own, file));
        findings.extend(notes_left_behind(book, new, file)?);
        findings.extend(headings_left(new, file));
        findings.extend(tables_outgrown(new, file));
    }
    let overview = overview.map(|(new, change)| OverviewRenewed::of(&new.tab, &change));
    Ok(Filled { changed: applied.changed, ledger, findings, applied, overview })
}

/// Says which areas the new overview lacks: their rows stay, empty, so that below them no formula reads another area.
fn rows_left_empty(new: &NewTab, own: &Overview, file: &str) -> Option<Finding> {
    let emptied = new.emptied(own);
    let names: Vec<String> =
        emptied.iter().map(|(row, area)| format!("{} (rij {})", area.name, u64::from(*row) + 1)).collect();
    let (which, are) = match names.as_slice() {
        [] => return None,
        [one] => (format!("{one} staat"), "Die rij is nu leeg"),
        several => {
            let first = several.iter().take(MOST_AREAS).cloned().collect::<Vec<_>>().join(", ");
            let more = match several.len().saturating_sub(MOST_AREAS) {
                0 => String::new(),
                more => format!(" en nog {more}"),
            };
            (format!("{first}{more} staan"), "Die rijen zijn nu leeg")
        }
    };
    let found = format!("{which} niet in het nieuwe overzicht. {are}; de andere gebieden houden hun rij.");
    let place = Place { file: Some(file.to_owned()), ..Place::tab(&new.tab) };
    let advice = "Kijk of uw eigen formules, namen of grafieken die rij gebruiken. Anders hoeft u niets te doen.";
    Some(Finding::new("let-op-bij-vullen", Level::Opmerking, place, found, "", advice))
}

/// Most areas that are named in one sentence.
const MOST_AREAS: usize = 5;

/// Says which headings of an Excel table stayed: Excel keeps their text in two places.
fn headings_left(new: &NewTab, file: &str) -> Option<Finding> {
    let cells: Vec<String> =
        new.table_headings.iter().map(|(row, col)| CellRef::new(new.tab.as_str(), *row, *col).a1()).collect();
    if cells.is_empty() {
        return None;
    }
    let found = "Het overzicht is een Excel-tabel. De koppen van die tabel zijn niet veranderd; het nieuwe overzicht heeft er een \
                 andere tekst.";
    let place = Place { file: Some(file.to_owned()), cell: Some(cells.join(" ")), ..Place::tab(&new.tab) };
    let advice = "Typ in Excel zelf de nieuwe kop; de cijfers eronder zijn wel vernieuwd.";
    Some(Finding::new("let-op-bij-vullen", Level::Opmerking, place, found, "", advice))
}

/// Says which Excel tables end before the last area or indicator.
fn tables_outgrown(new: &NewTab, file: &str) -> Option<Finding> {
    let tables: Vec<String> = new.outgrown.iter().map(Range::a1).collect();
    if tables.is_empty() {
        return None;
    }
    let found = "Het overzicht is een Excel-tabel, en er staan gebieden of indicatoren naast of onder die tabel. Een formule, filter of \
                 grafiek op de tabel mist die.";
    let place = Place { file: Some(file.to_owned()), cell: Some(tables.join(" ")), ..Place::tab(&new.tab) };
    let advice = "Sleep in Excel de hoek rechtsonder van de tabel over alle gebieden en indicatoren.";
    Some(Finding::new("let-op-bij-vullen", Level::Opmerking, place, found, "", advice))
}

/// Says which notes of people stand in rows of the overview tab that are empty now: a note stays on its cell.
pub(super) fn notes_left_behind(book: &Spreadsheet, new: &NewTab, file: &str) -> Result<Option<Finding>> {
    let noted = book.noted_cells(&new.tab, NoteKind::Edition)?;
    let cells: Vec<String> = noted
        .keys()
        .filter(|(row, _)| new.left.contains(row))
        .map(|(row, col)| CellRef::new(new.tab.as_str(), *row, *col).a1())
        .collect();
    let said = match cells.len() {
        0 => return Ok(None),
        1 => "Bij deze cel staat een opmerking".to_owned(),
        count => format!("Bij {count} cellen staan opmerkingen"),
    };
    let found = format!("{said}; het gebied op die rij staat niet in het nieuwe overzicht. De opmerking blijft.");
    let place = Place { file: Some(file.to_owned()), cell: Some(cells.join(" ")), ..Place::tab(&new.tab) };
    let advice = "Kijk of de opmerking daar nog nodig is, en verplaats haar zo nodig in Excel.";
    Ok(Some(Finding::new("let-op-bij-vullen", Level::Opmerking, place, found, "", advice)))
}

impl Rests {
    fn words_of_one(self) -> &'static str {
        match self {
            Rests::Cell => "Deze cel is niet geschreven.",
            Rests::Row => "Deze cel kan niet worden geschreven; de hele rij is met rust gelaten.",
            Rests::Column => "Deze cel kan niet worden geschreven; de cijfers eronder zijn met rust gelaten.",
            Rests::Beside => "Deze kop kan niet worden geschreven; de cijfers eronder zijn met rust gelaten.",
        }
    }

    fn words_of_more(self) -> &'static str {
        match self {
            Rests::Cell => "",
            Rests::Row => " Hun hele rijen zijn met rust gelaten.",
            Rests::Column | Rests::Beside => " De cijfers eronder zijn met rust gelaten.",
        }
    }
}

/// Refusals of one kind on one tab stand together, in the order in which they were met, each cell once.
fn by_tab_and_cause(refused: &[(Refusal, Rests)]) -> Vec<Vec<&(Refusal, Rests)>> {
    let mut groups: Vec<Vec<&(Refusal, Rests)>> = Vec::new();
    for one @ (refusal, rests) in refused {
        let same = |group: &&mut Vec<&(Refusal, Rests)>| {
            group.first().is_some_and(|(first, what)| {
                first.cell.tab == refusal.cell.tab && first.cause == refusal.cause && what == rests
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) if group.iter().any(|(known, _)| known.cell == refusal.cell) => {}
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
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
