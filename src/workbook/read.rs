//! Reading an analysis workbook of any kind of file into an [`Analysis`].
//!
//! Owns the order of reading: which tabs, with what, and what the workbook as a whole lacks. The layout of a
//! tab is `pijler`'s and `tables`' business.

use std::collections::{BTreeMap, BTreeSet};

use super::details::read_details;
use super::layout::{DomeinHeading, RECORD_TAB, find_tabs, is_ours, missing_tabs};
use super::lexicon::Lexicon;
use super::pijler::{drop_found_elsewhere, read_pijler};
use super::plan::text_value;
use super::record::FillRecord;
use super::saved::since_filling;
use super::sheet::{Book, Sheet};
use super::tables;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::guard::{FileKind, inspect_in};
use crate::model::{Analysis, CellRef, CellValue, Format, Identity, TabInfo, TabKind, TextCell, Verdict};
use crate::package::{Handle, Spreadsheet};

/// The custom document property with the version of the format.
const VERSION_PROPERTY: &str = "WijkanalyseFormat";

/// How much is read of what surrounds the cells (xlsx only).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Details {
    /// Nothing.
    None,
    /// The conditional formats of the pijler tabs: what filling needs. No other tab is read for it.
    Highlighting,
    /// Those, and the internal links of all tabs: what checking needs.
    All,
}

/// Reads a workbook by meaning. `file` is the name for messages. All that cannot be understood is a finding.
///
/// # Errors
/// [`Error::Content`] when the file is no workbook, is damaged or password-protected, or holds no pijler tab at
/// all; [`Error::File`] when it cannot be opened.
pub fn read(
    file: &str,
    source: impl Into<Handle>,
    format: &Format,
    details: Details,
) -> Result<(Analysis, Vec<Finding>)> {
    let workbook = open(file, source, format, details)?;
    Ok((workbook.analysis, workbook.findings))
}

/// A workbook as read, with what filling needs besides the analysis.
#[derive(Debug)]
pub struct Workbook {
    /// What people and the product put in it.
    pub analysis: Analysis,
    /// What could not be understood.
    pub findings: Vec<Finding>,
    /// Kind of file.
    pub kind: FileKind,
    /// The package it was read from, for what follows; `None` for xls and ods.
    pub package: Option<Spreadsheet>,
    /// The tabs that people fill in as grids: for the number formats of their cells, and to show where something is.
    pub(crate) sheets: Vec<Sheet>,
    /// The tab with our record, when there is one.
    pub(crate) record: Option<Sheet>,
}

impl Workbook {
    /// Codes of the areas of which filling wrote figures in this field (`wijk`, `naast`, `benchmark`); empty without a
    /// record.
    #[must_use]
    pub fn recorded_areas_of(&self, field: &str) -> BTreeSet<String> {
        let rows = self.record.as_ref().map(|record| FillRecord::from_sheet(record).rows).unwrap_or_default();
        let rows = rows.into_iter().filter(|row| row.field == field);
        rows.map(|row| row.area).filter(|area| !area.is_empty()).collect()
    }

    /// Codes of the areas of which filling wrote figures before, as our record says; empty without a record.
    #[must_use]
    pub fn recorded_areas(&self) -> BTreeSet<String> {
        let rows = self.record.as_ref().map(|record| FillRecord::from_sheet(record).rows).unwrap_or_default();
        rows.into_iter().map(|row| row.area).filter(|area| !area.is_empty()).collect()
    }
}

/// As [`read`], keeping what filling needs. The file stays where it is, in memory or on disk: the package that stays open
/// in [`Workbook::package`] reads from it.
///
/// # Errors
/// As [`read`].
pub fn open(file: &str, source: impl Into<Handle>, format: &Format, details: Details) -> Result<Workbook> {
    open_made_of(file, source, format, details, None)
}

/// As [`open`], for a workbook that was made of `origin`: what surrounds the cells of a tab that is the same in both is
/// read once.
///
/// # Errors
/// As [`read`].
pub fn open_made_of(
    file: &str,
    source: impl Into<Handle>,
    format: &Format,
    details: Details,
    origin: Option<&Spreadsheet>,
) -> Result<Workbook> {
    let source = source.into();
    let kind = inspect_in(file, source.clone())?;
    let mut book = Book::open(file, kind, &source, origin)?;
    let names = book.tabs();
    let (mut tabs, mut findings) = find_tabs(&names, &book.tab_ids(format), format);
    let lexicon = Lexicon::new(format);
    let mut analysis = Analysis { file: file.to_owned(), ..Analysis::default() };
    let mut sheets = Vec::new();

    recognise_by_content(&mut book, file, &mut tabs, &lexicon, &mut findings)?;
    for pijler in &format.pijlers {
        let kind = TabKind::Pijler(pijler.name.clone());
        let Some(tab) = tabs.iter().find(|tab| tab.kind == kind) else { continue };
        let sheet = book.sheet(file, &tab.name, None)?;
        let (read, more) = read_pijler(&sheet, &pijler.name, &lexicon);
        findings.extend(more);
        if !sheet.knows_formats {
            findings.extend(unclear_percentages(&read, &lexicon));
        }
        analysis.pijlers.push(read);
        sheets.push(sheet);
    }
    drop_found_elsewhere(&analysis.pijlers, &mut findings);
    if analysis.pijlers.is_empty() {
        refuse_other_version(&mut book, file, &names, format)?;
        let wanted: Vec<&str> = format.pijlers.iter().map(|pijler| pijler.tab.as_str()).collect();
        let present: Vec<&str> = tabs.iter().map(|tab| tab.name.as_str()).take(20).collect();
        return Err(Error::content(
            file,
            match present.is_empty() {
                true => "het werkboek heeft geen tabbladen".to_owned(),
                false => {
                    format!(
                        "{}geen enkel tabblad van een pijler gevonden; er zijn: {}",
                        // Not one tab bears a name of the format.
                        match tabs.iter().all(|tab| tab.kind == TabKind::Other) {
                            true => "dit is geen analyse-werkboek van het format; ",
                            false => "",
                        },
                        super::layout::quoted(&present)
                    )
                }
            },
            format!(
                "Gezocht is naar {}. Kies een analyse-werkboek, of geef de tabbladen deze namen.",
                super::layout::quoted(&wanted)
            ),
        ));
    }
    findings.extend(missing_tabs(&tabs, format));
    for (wanted, optional) in [
        ("samenvatting", false),
        ("resultaten", true),
        ("matrix", true),
        ("activiteiten", true),
        ("afspraken", true),
    ] {
        let kind = TabKind::Fixed(wanted.to_owned());
        let Some(tab) = tabs.iter().find(|tab| tab.kind == kind) else { continue };
        let sheet = book.sheet(file, &tab.name, None)?;
        let more = match wanted {
            "samenvatting" => {
                let (summary, more) = tables::read_summary(&sheet, &lexicon);
                analysis.summary = Some(summary);
                more
            }
            "resultaten" => {
                let (rows, more) = tables::read_resultaten(&sheet, format);
                analysis.resultaten = rows;
                more
            }
            "matrix" => {
                let (rows, more) = tables::read_matrix(&sheet, format);
                analysis.matrix = rows;
                more
            }
            "afspraken" => {
                let (rows, more) = tables::read_afspraken(&sheet, format);
                analysis.afspraken = rows;
                more
            }
            _ => {
                let (rows, more) = tables::read_activiteiten(&sheet, format);
                analysis.activiteiten = rows;
                more
            }
        };
        findings.extend(more);
        let columns = tables::item_columns(&sheet, format, wanted);
        analysis.item_columns.extend(columns.into_iter().map(|(field, col)| (wanted.to_owned(), field, col)));
        if optional {
            analysis.optional_tabs.push(wanted.to_owned());
        }
        sheets.push(sheet);
    }
    let record = match names.iter().find(|(name, _)| name == RECORD_TAB) {
        Some((name, _)) => Some(book.sheet(file, name, None)?),
        None => None,
    };
    analysis.format_version = record.as_ref().and_then(super::record::version);
    let written = record.as_ref().map(FillRecord::from_sheet).unwrap_or_default();
    find_proposals(&mut analysis, &written);
    written.mark_retyped(&mut analysis);
    analysis.history = written.history;
    analysis.tabs = tabs;
    let package = book.into_package();
    if analysis.format_version.is_none() {
        // The hidden tab may be gone; the property of the file says it too.
        let stamp = package.as_ref().and_then(|package| package.custom_property(VERSION_PROPERTY));
        analysis.format_version = stamp.filter(|version| !version.trim().is_empty());
    }
    if let Some(package) = package.as_ref().filter(|_| details != Details::None) {
        super::memory::confirm(package, format, &mut analysis)?;
        if let Some(origin) = origin {
            package.share_facts(origin);
        }
        findings.extend(read_details(package, &mut analysis, details == Details::All)?);
        if !written.rows.is_empty() && details == Details::All {
            analysis.since_filling = Some(since_filling(package)?);
        }
        if let Some(origin) = origin {
            package.share_facts(origin);
        }
    }
    for finding in &mut findings {
        finding.place.file.get_or_insert_with(|| file.to_owned());
    }
    Ok(Workbook { analysis, findings, kind, package, sheets, record })
}

/// Marks the texts in closing tables that are still what filling wrote there.
fn find_proposals(analysis: &mut Analysis, record: &FillRecord) {
    let record = record.by_subject();
    let ours = |domein: &str, field: &str, cell: &Option<TextCell>| {
        let cell = cell.as_ref().filter(|cell| !cell.text.trim().is_empty());
        cell.is_some_and(|cell| record.find(domein, field, &text_value(&cell.text)).is_some())
    };
    let summary = analysis.summary.iter_mut().flat_map(|summary| &mut summary.closing);
    for row in analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.closing).chain(summary) {
        row.figures_proposed = ours(&row.domein, "slot-cijfers", &row.figures);
        row.factoren_proposed = ours(&row.domein, "slot-factoren", &row.factoren);
    }
}

/// A workbook with our stamp and without a pijler that this format knows is of another format.
fn refuse_other_version(book: &mut Book, file: &str, tabs: &[(String, bool)], format: &Format) -> Result<()> {
    if !tabs.iter().any(|(name, _)| name == RECORD_TAB) {
        return Ok(());
    }
    let record = book.sheet(file, RECORD_TAB, None)?;
    let Some(version) = super::record::version(&record) else { return Ok(()) };
    let advice = match format.verdict(Some(&version)) {
        Verdict::Newer => {
            "Gebruik een nieuwere versie van dit programma, of geef met --format de map van dat format mee."
        }
        _ => "Geef met --format de map mee van het format waarmee het werkboek is gemaakt.",
    };
    Err(Error::content(
        file,
        format!(
            "het werkboek is gemaakt met versie {version} van een ander format; de pijlers ervan staan niet in het \
             format '{}' versie {}",
            format.name, format.version
        ),
        advice,
    ))
}

/// A pijler tab that was given another name altogether is recognised by the domeinen on it.
fn recognise_by_content(
    book: &mut Book,
    file: &str,
    tabs: &mut [TabInfo],
    lexicon: &Lexicon<'_>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    // Which tab is the pijler: the one that its name tells, else the first that its domeinen tell.
    let mut chosen: BTreeMap<String, String> = tabs
        .iter()
        .filter_map(|tab| match &tab.kind {
            TabKind::Pijler(pijler) => Some((pijler.clone(), tab.name.clone())),
            _ => None,
        })
        .collect();
    /// No pijler tab is longer than this.
    const MOST_ROWS: u32 = 2_000;
    for tab in tabs.iter_mut().filter(|tab| tab.kind == TabKind::Other && !is_ours(&tab.name)) {
        // Somebody else's tab may be of a kind that cannot be read; that is no reason to stop.
        let Ok(sheet) = book.sheet(file, &tab.name, Some(MOST_ROWS)) else { continue };
        let named = domeinen_on(&sheet, lexicon);
        let candidates = lexicon.format.pijlers.iter().filter(|pijler| {
            lexicon.format.domeinen_of(&pijler.name).any(|domein| named.contains(domein.name.as_str()))
        });
        for pijler in candidates {
            let (read, _) = read_pijler(&sheet, &pijler.name, lexicon);
            let own = read
                .blocks
                .iter()
                .filter(|block| {
                    lexicon.format.domein(&block.domein).is_some_and(|domein| domein.pijler == pijler.name)
                })
                .filter(|block| !block.indicators.is_empty())
                .count();
            if own == 0 || own < read.blocks.len() {
                continue;
            }
            if let Some(other) = chosen.get(&pijler.name) {
                findings.push(Finding::new(
                    "tabblad-dubbel",
                    Level::Waarschuwing,
                    Place::tab(&tab.name),
                    format!(
                        "Het tabblad '{}' is nog een tabblad van de pijler {}: gelezen en gevuld wordt '{other}', dit tabblad niet.",
                        tab.name, pijler.name
                    ),
                    format!("Eén tabblad voor de pijler {}.", pijler.name),
                    format!(
                        "Staat er op dit tabblad iets dat nodig is, zet dat dan op '{other}' en verwijder dit tabblad. Moet juist dit tabblad gelden, verwijder dan '{other}'."
                    ),
                ));
                break;
            }
            findings.push(Finding::new(
                "tabblad-hernoemd",
                Level::Opmerking,
                Place::tab(&tab.name),
                format!(
                    "Het tabblad '{}' is herkend als de pijler {} aan de domeinen die erop staan.",
                    tab.name, pijler.name
                ),
                format!("De naam in het format is '{}'.", pijler.tab),
                "Er hoeft niets te gebeuren.",
            ));
            tab.kind = TabKind::Pijler(pijler.name.clone());
            chosen.insert(pijler.name.clone(), tab.name.clone());
            break;
        }
    }
    Ok(())
}

/// The domeinen that are named in some cell of a tab: a quick look before the whole tab is understood.
fn domeinen_on<'a>(sheet: &Sheet, lexicon: &Lexicon<'a>) -> BTreeSet<&'a str> {
    let by_id = sheet.ids.values().filter_map(|id| match id {
        Identity::Domein(id) => lexicon.domein_of(id),
        _ => None,
    });
    let by_text = sheet.cells.values().filter_map(|cell| match &cell.value {
        CellValue::Text(text) => match lexicon.domeinen.heading(text) {
            DomeinHeading::Known(name, _) => Some(name),
            _ => None,
        },
        _ => None,
    });
    by_id.chain(by_text).collect()
}

/// In xls and ods the number format of a cell is not known, so 0,125 may be 12,5% or 0,125%. Rows of percentage
/// indicators whose figures are all between 0 and 1 are reported, not guessed.
pub(super) fn unclear_percentages(tab: &crate::model::PijlerTab, lexicon: &Lexicon<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
        let percentage = row
            .code
            .as_deref()
            .and_then(|code| lexicon.format.indicator(code))
            .is_some_and(|indicator| indicator.unit.is_percentage());
        let figures: Vec<f64> = [Some(&row.wijk), row.beside.as_ref(), row.benchmark.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(crate::model::ValueCell::number)
            .collect();
        if percentage
            && !figures.is_empty()
            && figures.iter().all(|figure| (0.0..=1.0).contains(figure))
            && figures.iter().any(|figure| *figure > 0.0)
        {
            findings.push(Finding::new(
                "procent-onduidelijk",
                Level::Waarschuwing,
                Place::cell(&CellRef::new(&tab.tab, row.row, row.wijk.at.col)).about(format!("indicator {}", row.name)),
                "In dit soort bestand is niet te zien of deze cijfers als percentage zijn opgemaakt (0,125 kan 12,5% zijn).",
                "Een .xlsx, waarin de opmaak van de cel te lezen is.",
                "Sla het werkboek in Excel op als .xlsx en lees dat bestand.",
            ));
        }
    }
    findings
}
