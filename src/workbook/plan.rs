//! What filling would write: decided before a byte is touched.
//!
//! Owns the rules of 'What filling may and may not do' (analysis-workbook): which cells are ours, which are a
//! person's, which rows are renewed as a whole and which are left alone. Pure: reads a [`Workbook`], writes nothing.
//! How a cell is written into the package is `fill`'s business.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::LedgerEntry;
use super::read::Workbook;
use super::record::{FillRecord, RecordIndex, RecordRow, same_text};
use super::renewal::KOP_PREVIOUS;
use super::sheet::Sheet;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::guard::FileKind;
use crate::model::words::{self, count};
use crate::model::{
    Area, AreaLookup, CellRef, CellValue, ClosingRow, Column, Format, OldFigure, Overview, PijlerTab, TextCell,
    Verdict, normalise,
};
use crate::package::{CellEdit, NewValue, Refusal, StyleChoice};

/// What the closing tables get where a cell is still empty, per domein. Computed by the comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosingText {
    /// Opvallende cijfers; empty leaves the cell alone.
    pub figures: String,
    /// Factoren met ranking; empty leaves the cell alone.
    pub factoren: String,
}

/// What is to be filled in.
#[derive(Debug, Clone, Default)]
pub struct FillRequest<'a> {
    /// Index in the overview of the wijk.
    pub wijk: usize,
    /// Index in the overview of the second area, when one is asked for.
    pub beside: Option<usize>,
    /// True to replace a person's figures that differ (the old value is in the ledger). Free text never is.
    pub overwrite: bool,
    /// The overview tab as it stands in the workbook, when another overview is filled from: a benchmark figure, a
    /// unit or a source that agrees with it was put there by the format, not by a person.
    pub own: Option<&'a Overview>,
    /// Texts for the closing tables, by domein.
    pub closing: BTreeMap<String, ClosingText>,
    /// A new edition of the figures: what is replaced is remembered.
    pub renewal: Option<Renewal>,
    /// Cells that cannot be written, by tab, row and column: what belongs to them is left alone as well.
    pub blocked: BTreeMap<(String, u32, u32), Refusal>,
}

/// What is left alone because a cell of it cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rests {
    /// Only the cell.
    Cell,
    /// Its row: figures, unit, year and source of one row belong together.
    Row,
    /// The figures under it: they would stand under the name of another area.
    Column,
    /// The figures of the area beside the wijk, under it.
    Beside,
}

/// How a new edition replaces the figures of a workbook that was filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewal {
    /// Name of the new edition.
    pub edition: String,
    /// True when the wijk's old figures come into column F.
    pub column: bool,
}

/// What filling will do.
#[derive(Debug, Clone, Default)]
pub struct FillPlan {
    /// The cells to write, in the order of the workbook.
    pub edits: Vec<CellEdit>,
    /// One entry per cell in `edits`, in the same order.
    pub ledger: Vec<LedgerEntry>,
    /// Conflicts and whatever else the advisor should know.
    pub findings: Vec<Finding>,
    /// The record as it will be; written only when there are edits.
    pub record: FillRecord,
    /// Rows of indicators of which something is written.
    pub rows_filled: usize,
    /// Rows that already hold what should stand there.
    pub rows_unchanged: usize,
    /// Rows left alone because of a conflict.
    pub rows_left: usize,
    /// Rows for which the overview has no column.
    pub rows_without_figures: usize,
    /// Cells in those rows that hold a figure of the wijk and of the area beside it: they stay.
    pub kept: (Vec<CellRef>, Vec<CellRef>),
    /// The area that column F was filled for and no longer is.
    pub other_beside: Option<String>,
    /// Cells of column F with old figures of the wijk that are older than those that are replaced.
    pub older_beside: Vec<CellRef>,
    /// The heading of the first tab of which no figure is written, because another area stands there.
    pub tab_left: Option<CellRef>,
    /// Cells that cannot be written and what was left alone with each.
    pub refused: Vec<(Refusal, Rests)>,
}

impl FillPlan {
    /// True when the file stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

/// Decides what is written.
///
/// # Errors
/// [`Error::Content`] when the workbook is xls or ods, is of a newer format, or the overview is empty or lacks the
/// benchmark; [`Error::Request`] when the workbook is evidently about another wijk and `overwrite` is off.
pub fn plan(
    workbook: &Workbook,
    overview: &Overview,
    format: &Format,
    request: &FillRequest<'_>,
) -> Result<FillPlan> {
    refuse_unfillable(workbook, format)?;
    let file = workbook.analysis.file.as_str();
    let area = |index: usize| {
        overview.areas.get(index).ok_or_else(|| {
            Error::request("de wijk staat niet in het overzicht", "Kies een wijk uit de lijst van 'wijk wijken'.")
        })
    };
    let benchmark = benchmark_index(overview, format).ok_or_else(|| {
        Error::content(
            file,
            format!("het overzicht heeft geen rij voor {}", format.benchmark.1),
            format!(
                "Verwacht is een gebied met de code {}. Gebruik een overzicht met de benchmark.",
                format.benchmark.0
            ),
        )
    })?;
    let wijk = area(request.wijk)?;
    let beside = request.beside.map(&area).transpose()?;
    let record = workbook.record.as_ref().map(FillRecord::from_sheet).unwrap_or_default();
    let mut planner = Planner {
        workbook,
        overview,
        format,
        request,
        wijk,
        beside,
        benchmark,
        old: record.by_subject(),
        called: [Some(wijk), beside, overview.areas.get(benchmark)]
            .into_iter()
            .flatten()
            .map(|area| (area.code.as_str(), call_name(overview, area)))
            .collect(),
        recorded: (workbook.recorded_areas_of("wijk"), workbook.recorded_areas_of("naast")),
        renamed: BTreeSet::new(),
        plan: FillPlan::default(),
    };
    // What may not be shown was taken out of it.
    planner.plan.record.history = workbook.analysis.history.clone();
    planner.refuse_other_wijk()?;
    planner.refuse_taken_column()?;
    planner.warn_about_texts();
    for tab in &workbook.analysis.pijlers {
        planner.pijler(tab);
    }
    if let Some(summary) = &workbook.analysis.summary {
        planner.closing(&summary.tab, &summary.closing);
    }
    planner.refuse_half_changed()?;
    planner.report_older_column();
    planner.plan.findings = joined(std::mem::take(&mut planner.plan.findings));
    for finding in &mut planner.plan.findings {
        finding.place.file.get_or_insert_with(|| file.to_owned());
    }
    Ok(planner.plan)
}

/// As [`Planner::call_name`], looked up in the overview.
fn call_name(overview: &Overview, area: &Area) -> String {
    overview.area_index(&area.code).map_or_else(|| area.name.clone(), |index| overview.call_name(index))
}

/// The same thing found in several cells of a tab (an indicator may stand in several rows) is one finding with all
/// cells.
fn joined(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |known: &&mut Finding| {
            known.found == finding.found
                && known.code == finding.code
                && (&known.place.tab, &known.place.subject) == (&finding.place.tab, &finding.place.subject)
                && (&known.expected, &known.advice) == (&finding.expected, &finding.advice)
        };
        match (out.iter_mut().find(same), &finding.place.cell) {
            (Some(known), Some(cell)) => {
                let cells = known.place.cell.get_or_insert_default();
                cells.push(' ');
                cells.push_str(cell);
            }
            _ => out.push(finding),
        }
    }
    out
}

/// Refuses what cannot be filled: another kind of file, or a newer format than this program knows.
///
/// # Errors
/// [`Error::Content`] with the reason and what to do.
pub fn refuse_unfillable(workbook: &Workbook, format: &Format) -> Result<()> {
    let file = workbook.analysis.file.as_str();
    if workbook.kind != FileKind::Xlsx {
        return Err(Error::content(
            file,
            "dit soort bestand kan wel worden gelezen, maar niet worden gevuld",
            "Open het in Excel of LibreOffice, sla het op als .xlsx en vul dat bestand.",
        ));
    }
    let version = workbook.analysis.format_version.as_deref();
    let made_with = match version {
        Some(version) => format!("het werkboek is gemaakt met versie {version} van het format"),
        None => "het werkboek is gemaakt met het klassieke format, zonder versie".to_owned(),
    };
    let refused = |what: &str, advice: &str| Err(Error::content(file, format!("{made_with} en {what}"), advice));
    match format.verdict(version) {
        Verdict::Accepted => Ok(()),
        Verdict::Newer => refused(
            &format!("dit programma kent versie {}", format.version),
            "Gebruik een nieuwere versie van dit programma, of geef met --format de map van het nieuwe format mee.",
        ),
        Verdict::Migrate => refused(
            &format!("moet eerst worden overgezet naar versie {}", format.version),
            "Zet het over met 'wijk format migreer WERKBOEK'; geeft u met --format een map mee, voeg dan '--naar' met die \
             map toe. Het origineel blijft zoals het is.",
        ),
        Verdict::Refused => refused(
            &format!("versie {} neemt dat niet meer aan", format.version),
            "Vraag de beheerder van het format welke versie ertussen zit, en zet het werkboek eerst daarnaar over.",
        ),
    }
}

pub(super) fn benchmark_index(overview: &Overview, format: &Format) -> Option<usize> {
    overview.area_index(&format.benchmark.0).or_else(|| {
        match overview.find(&format.benchmark.1, Some(crate::model::AreaLevel::Stad)) {
            AreaLookup::Found(index, _) => Some(index),
            _ => None,
        }
    })
}

pub(super) struct Planner<'a> {
    pub(super) workbook: &'a Workbook,
    pub(super) overview: &'a Overview,
    pub(super) format: &'a Format,
    pub(super) request: &'a FillRequest<'a>,
    pub(super) wijk: &'a Area,
    pub(super) beside: Option<&'a Area>,
    pub(super) benchmark: usize,
    pub(super) old: RecordIndex<'a>,
    /// By code, what the areas are called whose figures are written: asked for every cell of the ledger.
    called: BTreeMap<&'a str, String>,
    /// Codes of the areas of which filling wrote figures before: for the wijk, and for the area beside it.
    recorded: (BTreeSet<String>, BTreeSet<String>),
    /// Codes of the areas of which was told that they have another name.
    renamed: BTreeSet<String>,
    pub(super) plan: FillPlan,
}

impl Planner<'_> {
    /// True when a text names this area and no other: 'Delfshaven' is the wijk, not the gebied of that name.
    fn names_area(&self, text: &str, area: &Area) -> bool {
        if let Some((_, found)) = self.overview.the_wijk_first(text) {
            return found.code == area.code;
        }
        let name = normalise(text);
        text.trim().eq_ignore_ascii_case(&area.code)
            || std::iter::once(&area.name).chain(&area.aliases).any(|known| normalise(known) == name)
    }

    /// True when a text is what an area was called when the workbook was filled: the code is the same, the name was changed
    /// since. `field` says which column (`wijk` or `naast`), `ours` whether filling wrote the text.
    fn is_former_name(&self, text: &str, field: &str, ours: bool, area: &Area) -> bool {
        let text = text.trim();
        let recorded = if field == "wijk" { &self.recorded.0 } else { &self.recorded.1 };
        if text.is_empty() || recorded.iter().any(|code| *code != area.code) {
            return false;
        }
        if self.names_area(text, area) {
            // The old name may live on as an alias; what a person wrote by an alias is no old name.
            return ours && !self.is_present_name(text, area);
        }
        // The old name may be that of another area by now; then only what we wrote ourselves is surely the old one.
        let free = ours || self.overview.the_wijk_first(text).is_none();
        match self.request.own.and_then(|own| own.the_wijk_first(text)) {
            Some((_, known)) => free && known.code == area.code,
            None => ours && !recorded.is_empty(),
        }
    }

    /// True when a text is a name that we give this area now: a name, one with its level before it, or its code. No alias.
    fn is_present_name(&self, text: &str, area: &Area) -> bool {
        let levelled = format!("{} {}", area.level.word(), area.name);
        let names = [self.call_name(area), area.name.clone(), levelled, area.code.clone()];
        names.iter().any(|name| normalise(name) == normalise(text))
    }

    /// The first name of a pijler that is none of the wijk, and none that it had before.
    fn other_wijk(&self) -> Option<&TextCell> {
        self.wijk_names().find(|(tab, cell)| !self.is_of_wijk(tab, cell)).map(|(_, cell)| cell)
    }

    fn wijk_names(&self) -> impl Iterator<Item = (&PijlerTab, &TextCell)> {
        let names = self.workbook.analysis.pijlers.iter().filter_map(|tab| Some((tab, tab.wijk.as_ref()?)));
        names.filter(|(_, cell)| !cell.text.trim().is_empty())
    }

    /// True when the name on a pijler is that of the wijk, now or before.
    fn is_of_wijk(&self, tab: &PijlerTab, cell: &TextCell) -> bool {
        if self.names_area(&cell.text, self.wijk) {
            // What we wrote was the name of then; it may be that of another wijk by now.
            let ours = self.old.find(&tab.pijler, "wijknaam", &text_value(&cell.text)).is_some();
            return !ours || self.filled_for_another().is_none();
        }
        self.is_former_wijk_name(tab, cell)
    }

    /// What the overview calls the wijk of which filling wrote figures before, when that is another one.
    fn filled_for_another(&self) -> Option<String> {
        let recorded = &self.recorded.0;
        if recorded.contains(&self.wijk.code) {
            return None;
        }
        recorded.iter().find_map(|code| self.overview.area_index(code)).map(|at| self.overview.call_name(at))
    }

    /// What the wijk of a name that is none of this one is called, by the code that the record has where the name misleads.
    fn other_name(&self, cell: &TextCell) -> String {
        let misleads = self.names_area(&cell.text, self.wijk);
        let known = if misleads { self.filled_for_another() } else { None };
        known.unwrap_or_else(|| cell.text.trim().to_owned())
    }

    fn is_former_wijk_name(&self, tab: &PijlerTab, cell: &TextCell) -> bool {
        let ours = self.old.find(&tab.pijler, "wijknaam", &text_value(&cell.text)).is_some();
        self.is_former_name(&cell.text, "wijk", ours, self.wijk)
    }

    /// Says that an area has another name now, at the first cell with the old one.
    fn tell_renamed(&mut self, at: &CellRef, was: &str, area: &Area) {
        if self.renamed.insert(area.code.clone()) {
            let name = self.call_name(area);
            self.plan.findings.push(Finding::new(
                "gebied-hernoemd",
                Level::Opmerking,
                Place::cell(at),
                format!(
                    "'{}' heet in het overzicht nu '{name}'; de code is dezelfde ({}), dus het is hetzelfde gebied.",
                    was.trim(),
                    area.code
                ),
                "",
                "De koppen krijgen de nieuwe naam. In uw eigen teksten blijft de oude naam staan; pas die zo nodig aan.",
            ));
        }
    }

    /// The name to write for an area, so that reading the workbook again leads to the same area.
    fn call_name(&self, area: &Area) -> String {
        self.called.get(area.code.as_str()).cloned().unwrap_or_else(|| call_name(self.overview, area))
    }

    pub(super) fn sheet(&self, tab: &str) -> Option<&Sheet> {
        self.workbook.sheets.iter().find(|sheet| sheet.name == tab)
    }

    pub(super) fn is_formula(&self, at: &CellRef) -> bool {
        self.sheet(&at.tab).and_then(|sheet| sheet.cell(at.row, at.col)).is_some_and(|cell| cell.formula)
    }

    /// True when this cell cannot be written.
    pub(super) fn is_blocked(&self, at: &CellRef) -> bool {
        !self.request.blocked.is_empty() && self.request.blocked.contains_key(&(at.tab.clone(), at.row, at.col))
    }

    /// Remembers that a cell cannot be written, with what is left alone for it.
    pub(super) fn rest(&mut self, at: &CellRef, what: Rests) {
        let refusal = self.request.blocked.get(&(at.tab.clone(), at.row, at.col)).cloned();
        self.plan.refused.extend(refusal.map(|refusal| (refusal, what)));
    }

    pub(super) fn number_format(&self, at: &CellRef) -> &str {
        self.sheet(&at.tab)
            .and_then(|sheet| sheet.cell(at.row, at.col))
            .map_or("", |cell| cell.number_format.as_str())
    }

    pub(super) fn report(
        &mut self,
        code: &str,
        at: &CellRef,
        about: &str,
        found: String,
        expected: String,
        advice: &str,
    ) {
        let place = if about.is_empty() { Place::cell(at) } else { Place::cell(at).about(about) };
        self.plan.findings.push(Finding::new(code, Level::Waarschuwing, place, found, expected, advice));
    }

    /// A workbook of another wijk is not filled: figures of two wijken would stand beside each other.
    fn refuse_other_wijk(&self) -> Result<()> {
        if self.request.overwrite {
            return Ok(());
        }
        for tab in &self.workbook.analysis.pijlers {
            let Some(cell) = &tab.wijk else { continue };
            let text = cell.text.trim();
            let ours = self.old.find(&tab.pijler, "wijknaam", &CellValue::Text(text.to_owned())).is_some();
            if text.is_empty() || ours || self.is_of_wijk(tab, cell) {
                continue;
            }
            return Err(Error::request(
                format!(
                    "Het werkboek {} gaat over '{text}' (tabblad '{}', cel {}) en niet over {}",
                    self.workbook.analysis.file,
                    tab.tab,
                    cell.at.a1(),
                    self.call_name(self.wijk)
                ),
                format!(
                    "Kies het werkboek van {}, maak de naam leeg als die niet klopt, of geef --overschrijf mee.",
                    self.call_name(self.wijk)
                ),
            ));
        }
        Ok(())
    }

    /// A workbook that was about another wijk gets the name of this one only when all its figures go along: a row that
    /// has to be left alone would show the figures of the one wijk under the name of the other.
    fn refuse_half_changed(&self) -> Result<()> {
        let other = self.other_wijk().map(|cell| self.other_name(cell));
        let other = other.as_deref();
        let (of_wijk, of_beside) = &self.plan.kept;
        let stays = |other: &str, kept: &[CellRef], area: &Area, instead: &str| {
            let Some(first) = kept.first() else { return Ok(()) };
            let area = self.call_name(area);
            Err(Error::request(
                format!(
                    "{} staat vol met cijfers van '{other}', en van {} heeft het overzicht geen kolom (de eerste: tabblad \
                     '{}', cel {}). Daar zou het cijfer van '{other}' onder de naam {area} blijven staan",
                    self.workbook.analysis.file,
                    count(kept.len(), "rij", "rijen"),
                    first.tab,
                    first.a1(),
                ),
                format!(
                    "{instead}Begin anders voor {area} met een leeg werkboek, of geef met --overzicht een overzicht waarin alle \
                     indicatoren van het werkboek staan."
                ),
            ))
        };
        self.refuse_history_of(other)?;
        if let Some(other) = other {
            stays(other, of_wijk, self.wijk, "")?;
        }
        if let (Some(other), Some(beside)) = (&self.plan.other_beside, self.beside) {
            // What the advisor wrote need not be lost for a column that is only there to compare with.
            let instead = match &self.request.renewal {
                Some(_) => {
                    "Laat --naast weg en geef --vorige kolom mee: dan komen in kolom F de vorige cijfers van de wijk. "
                }
                None => "",
            };
            stays(other, of_beside, beside, instead)?;
        }
        let Some(other) = other else { return Ok(()) };
        let first = self.plan.refused.iter().find(|(_, what)| matches!(what, Rests::Row | Rests::Column));
        if let Some((refusal, _)) = first {
            let wijk = self.call_name(self.wijk);
            return Err(Error::request(
                format!(
                    "{} staat vol met cijfers van '{other}', en die kunnen niet overal worden vervangen door cijfers van {wijk}. Cel {} \
                     van tabblad '{}' kan niet worden geschreven: {}",
                    self.workbook.analysis.file,
                    refusal.cell.a1(),
                    refusal.cell.tab,
                    refusal.reason.trim_end_matches('.')
                ),
                format!("{} Of begin voor {wijk} met een leeg werkboek.", refusal.cause.advice()),
            ));
        }
        if let Some(heading) = &self.plan.tab_left {
            let wijk = self.call_name(self.wijk);
            return Err(Error::request(
                format!(
                    "{} staat vol met cijfers van '{other}'. Op tabblad '{}' zouden die blijven staan, want in de kop (cel {}) staat een \
                     formule of een ander gebied",
                    self.workbook.analysis.file,
                    heading.tab,
                    heading.a1()
                ),
                format!("Maak die kop leeg en vul opnieuw, of begin voor {wijk} met een leeg werkboek."),
            ));
        }
        if self.plan.rows_left == 0 {
            return Ok(());
        }
        let place =
            self.plan.findings.iter().find(|finding| finding.code == "cijfer-met-rust-gelaten").map_or_else(
                String::new,
                |finding| {
                    let place = &finding.place;
                    format!(
                        " (de eerste: tabblad '{}', cel {})",
                        place.tab.as_deref().unwrap_or_default(),
                        place.cell.as_deref().unwrap_or_default()
                    )
                },
            );
        let wijk = self.call_name(self.wijk);
        Err(Error::request(
            format!(
                "{} staat vol met cijfers van '{other}', en in {} kunnen die niet worden vervangen door cijfers van {wijk}{place}: \
                 daar staat ook een cijfer dat iemand zelf typte of een cijfer van een ander gebied",
                self.workbook.analysis.file,
                count(self.plan.rows_left, "rij", "rijen")
            ),
            format!(
                "Begin voor {wijk} met een leeg werkboek. Of maak de eigen cijfers en de kolom van het andere gebied leeg \
                 (of geef --naast mee) en vul opnieuw."
            ),
        ))
    }

    /// The old figures that a workbook remembers and shows are of the wijk it was about; nothing makes them another wijk's.
    fn refuse_history_of(&self, named: Option<&str>) -> Result<()> {
        let of_wijk = |old: &&OldFigure| old.field == "wijk";
        let Some(old) = self.workbook.analysis.history.figures.iter().find(of_wijk) else { return Ok(()) };
        // An area that the overview does not know may be this wijk under an older code.
        let recorded = self.overview.area_index(&old.area).filter(|_| old.area != self.wijk.code);
        let other = match (recorded, named) {
            (Some(index), _) => self.overview.call_name(index),
            (None, Some(name)) if old.area != self.wijk.code => name.to_owned(),
            _ => return Ok(()),
        };
        let wijk = self.call_name(self.wijk);
        Err(Error::request(
            format!(
                "{} bewaart cijfers van een vorige editie van '{other}'; die zouden onder de naam van {wijk} blijven staan",
                self.workbook.analysis.file
            ),
            format!("Begin voor {wijk} met een leeg werkboek."),
        ))
    }

    /// The figures of another wijk that we wrote are renewed, but what a person wrote beside them stays and is still
    /// about that wijk: that must be said.
    fn warn_about_texts(&mut self) {
        let tabs = &self.workbook.analysis.pijlers;
        let Some(other) = self.other_wijk() else { return };
        let filled = |cell: &Option<TextCell>| cell.as_ref().is_some_and(|cell| !cell.text.trim().is_empty());
        let texts: usize = tabs
            .iter()
            .map(|tab| {
                let questions = tab.blocks.iter().flat_map(|block| &block.questions).chain(&tab.questions);
                let answers = questions.filter(|question| !question.answer.text.trim().is_empty()).count();
                let rows = tab.blocks.iter().flat_map(|block| &block.indicators);
                let remarks = rows.filter(|row| filled(&row.remark)).count();
                answers + remarks + tab.closing.iter().filter(|row| filled(&row.conclusion)).count()
            })
            .sum();
        if texts == 0 {
            return;
        }
        let (name, at) = (self.other_name(other), other.at.clone());
        let wijk = self.call_name(self.wijk);
        self.plan.findings.push(Finding::new(
            "teksten-van-andere-wijk",
            Level::Waarschuwing,
            Place::cell(&at),
            format!(
                "Het werkboek ging over '{name}' en krijgt nu de cijfers van {wijk}. {} blijven staan.",
                match texts {
                    1 => "Eén ingevulde tekst (antwoord, opmerking of conclusie) is".to_owned(),
                    more => format!("{more} ingevulde antwoorden, opmerkingen en conclusies zijn"),
                }
            ),
            format!("Teksten die over {wijk} gaan."),
            "Lees alle teksten na en pas ze aan, of begin voor deze wijk met een leeg werkboek.",
        ));
    }

    fn pijler(&mut self, tab: &PijlerTab) {
        if let Some(cell) = &tab.wijk {
            let merged_label = self.is_formula(&cell.at);
            let free = cell.text.trim().is_empty();
            let ours = self.old.find(&tab.pijler, "wijknaam", &text_value(&cell.text)).is_some();
            let former = self.is_former_wijk_name(tab, cell);
            let other = !self.names_area(&cell.text, self.wijk);
            let replace = free || ours || former || (self.request.overwrite && other);
            let name = self.call_name(self.wijk);
            // Under its old name the figures of the wijk are its own.
            let stays_other = !free && other && !former;
            if former {
                self.tell_renamed(&cell.at, &cell.text, self.wijk);
            }
            if self.is_blocked(&cell.at) && stays_other {
                self.rest(&cell.at, Rests::Column);
                self.leave_tab(tab);
                return;
            }
            self.text(cell, &tab.pijler, "wijknaam", &name, replace && !merged_label, ours);
        }
        let wijk_free = self.heading(tab, "wijk", Some(self.wijk));
        let beside_free = self.heading(tab, "naast", self.beside);
        if !wijk_free {
            self.leave_tab(tab);
            return;
        }
        for block in &tab.blocks {
            for row in &block.indicators {
                self.row(row, beside_free);
            }
        }
        self.keep_previous_headings(tab);
        self.closing(&tab.tab, &tab.closing);
    }

    /// What is ours on a tab that is left alone stays ours.
    fn leave_tab(&mut self, tab: &PijlerTab) {
        let headings = tab.headings.iter().map(|(_, cell)| cell).chain(&tab.wijk);
        for cell in headings {
            for field in ["wijknaam", "kop-wijk", "kop-naast", KOP_PREVIOUS] {
                self.keep(&cell.at, &tab.pijler, field, &text_value(&cell.text));
            }
        }
        for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
            self.keep_row(row, true);
        }
        for row in tab.closing.iter() {
            for (field, cell) in [("slot-cijfers", &row.figures), ("slot-factoren", &row.factoren)] {
                if let Some(cell) = cell.as_ref().filter(|cell| cell.at.tab == tab.tab) {
                    self.keep(&cell.at, &row.domein, field, &text_value(&cell.text));
                }
            }
        }
    }

    /// Names the column of an area in every heading row. False when the column is another area's, so that no
    /// figure of this area may be written in it.
    fn heading(&mut self, tab: &PijlerTab, field: &'static str, area: Option<&Area>) -> bool {
        let kop = if field == "wijk" { "kop-wijk" } else { "kop-naast" };
        let Some(area) = area else { return true };
        let cells: Vec<&TextCell> =
            tab.headings.iter().filter(|(known, _)| known == field).map(|(_, cell)| cell).collect();
        let mut foreign = None;
        let mut writes = Vec::new();
        for cell in cells {
            let text = cell.text.trim();
            let ours = self.wrote_heading(tab, kop, text);
            let blank_heading = text.is_empty() || self.is_format_heading(field, text);
            let former = !blank_heading && self.is_former_name(text, field, ours, area);
            if self.names_area(text, area) && (!former || self.is_formula(&cell.at)) {
                writes.push((cell, false, ours));
            } else if (blank_heading || ours || former || self.request.overwrite) && !self.is_formula(&cell.at) {
                writes.push((cell, true, ours));
            } else if field == "naast"
                || matches!(self.overview.find(text, None), AreaLookup::Found(..) | AreaLookup::Ambiguous(_))
            {
                foreign = Some(cell);
            }
            // Another word of a person above the column of the wijk stays; it names no other area.
        }
        if let Some(cell) = foreign {
            let found = format!("Boven deze kolom staat '{}', niet {}.", cell.text.trim(), self.call_name(area));
            let renewed = if field == "naast" { self.areas_beside(tab) } else { Vec::new() };
            let advice = match renewed.as_slice() {
                [] => "De kolom is met rust gelaten. Maak de kop leeg, of geef --overschrijf mee.".to_owned(),
                areas => format!(
                    "De kop is blijven staan. De cijfers eronder die het programma eerder vulde zijn van {} en zijn bijgewerkt; \
                     onder deze kop staan ze dus onder een andere naam. Maak de kop leeg en vul opnieuw, of geef --overschrijf mee.",
                    words::list(areas)
                ),
            };
            let expected = format!("Een lege kop of '{}'.", self.call_name(area));
            self.report("kop-ander-gebied", &cell.at, "", found, expected, &advice);
            if field == "wijk" {
                self.plan.tab_left.get_or_insert_with(|| cell.at.clone());
            }
            return false;
        }
        // Under the heading of the format no figure stands under another name; under any other it would.
        let needed = |(cell, replace, _): &&(&TextCell, bool, bool)| {
            let text = cell.text.trim();
            let neutral = field == "wijk" && (text.is_empty() || self.is_format_heading(field, text));
            let own = neutral || self.is_former_name(text, field, self.wrote_heading(tab, kop, text), area);
            *replace && !own && self.is_blocked(&cell.at) && !same_text(text, &self.call_name(area))
        };
        if let Some((cell, ..)) = writes.iter().find(needed) {
            let at = cell.at.clone();
            self.rest(&at, if field == "wijk" { Rests::Column } else { Rests::Beside });
            return false;
        }
        for (cell, replace, ours) in writes {
            let text = cell.text.trim();
            if replace && !text.is_empty() && !self.is_format_heading(field, text) {
                if self.is_former_name(text, field, ours, area) {
                    self.tell_renamed(&cell.at, text, area);
                } else if field == "naast" {
                    self.plan.other_beside = Some(text.to_owned());
                }
            }
            self.text(cell, &tab.pijler, kop, &self.call_name(area), replace, ours);
        }
        true
    }

    /// True when filling wrote this heading, above figures of an area or above old ones.
    fn wrote_heading(&self, tab: &PijlerTab, kop: &str, text: &str) -> bool {
        let wrote = |kop: &str| self.old.find(&tab.pijler, kop, &text_value(text)).is_some();
        wrote(kop) || (kop == "kop-naast" && wrote(KOP_PREVIOUS))
    }

    /// Names of the areas whose figures filling wrote in column F of this tab before; those are renewed whatever stands above.
    fn areas_beside(&self, tab: &PijlerTab) -> Vec<String> {
        let mut names = Vec::new();
        for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
            let (Some(code), Some(cell)) = (row.code.as_deref(), &row.beside) else { continue };
            let recorded = self.old.find(code, "naast", &cell.value).filter(|_| !cell.value.is_blank());
            let Some(index) = recorded.and_then(|row| self.overview.area_index(&row.area)) else { continue };
            let name = self.overview.areas.get(index).map(|area| self.call_name(area)).unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    pub(super) fn is_format_heading(&self, field: &str, text: &str) -> bool {
        let name = normalise(text);
        self.format.headings_of("pijler").filter(|heading| heading.field == field).any(|heading| {
            std::iter::once(&heading.text).chain(&heading.variants).any(|known| normalise(known) == name)
        })
    }

    /// Writes one text that is no figure when `replace` allows it and it differs.
    pub(super) fn text(
        &mut self,
        cell: &TextCell,
        subject: &str,
        field: &'static str,
        new: &str,
        replace: bool,
        ours: bool,
    ) {
        let differs = !same_text(&cell.text, new);
        if differs && replace && !new.trim().is_empty() {
            let (now, value) = (text_value(&cell.text), text_value(new));
            self.write(
                cell.at.clone(),
                now,
                value,
                StyleChoice::Keep,
                Note { subject, field, column: None, area: None },
            );
        } else if ours {
            self.keep(&cell.at, subject, field, &text_value(&cell.text));
        }
    }

    /// Opvallende cijfers and factoren, where the cell is empty or ours.
    fn closing(&mut self, tab: &str, rows: &[ClosingRow]) {
        for row in rows {
            let Some(texts) = self.request.closing.get(&row.domein) else { continue };
            let jobs = [
                ("slot-cijfers", &row.figures, &texts.figures),
                ("slot-factoren", &row.factoren, &texts.factoren),
            ];
            for (field, cell, text) in jobs {
                let Some(cell) = cell.as_ref().filter(|cell| cell.at.tab == tab) else { continue };
                let ours = self.old.find(&row.domein, field, &text_value(&cell.text)).is_some();
                let free = cell.text.trim().is_empty() && !self.is_formula(&cell.at);
                self.text(cell, &row.domein, field, text, free || ours, ours);
            }
        }
    }

    pub(super) fn write(
        &mut self,
        at: CellRef,
        old: CellValue,
        new: CellValue,
        style: StyleChoice,
        note: Note<'_>,
    ) {
        if self.is_blocked(&at) {
            self.keep(&at, note.subject, note.field, &old);
            self.rest(&at, Rests::Cell);
            return;
        }
        let value = match &new {
            CellValue::Number(number) => NewValue::Number(*number),
            CellValue::Text(text) => NewValue::Text(text.clone()),
            _ => NewValue::Clear,
        };
        let area = note.area.and_then(|index| self.overview.areas.get(index));
        let edition = note.column.map(|column| column.edition.clone()).unwrap_or_default();
        self.plan.ledger.push(LedgerEntry {
            tab: at.tab.clone(),
            cell: at.a1(),
            old,
            new: new.clone(),
            indicator: note.column.map(|column| column.code.clone()).unwrap_or_default(),
            field: note.field.to_owned(),
            area: area.map(|area| self.call_name(area)).unwrap_or_default(),
            edition: edition.clone(),
            source: note.column.map(|column| column.source.clone()).unwrap_or_default(),
        });
        if !new.is_blank() {
            self.plan.record.rows.push(RecordRow {
                tab: at.tab.clone(),
                cell: at.a1(),
                value: new,
                edition,
                subject: note.subject.to_owned(),
                field: note.field.to_owned(),
                area: area.map(|area| area.code.clone()).unwrap_or_default(),
            });
        }
        self.plan.edits.push(CellEdit { tab: at.tab, row: at.row, col: at.col, value, style });
    }

    /// Keeps a cell that is ours and stays as it is in the record, at its present address.
    pub(super) fn keep(&mut self, at: &CellRef, subject: &str, field: &str, now: &CellValue) {
        if let Some(row) = self.old.find(subject, field, now) {
            let row = RecordRow { tab: at.tab.clone(), cell: at.a1(), ..row.clone() };
            self.plan.record.rows.push(row);
        }
    }
}

/// What a written cell is about.
pub(super) struct Note<'a> {
    pub(super) subject: &'a str,
    pub(super) field: &'static str,
    pub(super) column: Option<&'a Column>,
    pub(super) area: Option<usize>,
}

pub(super) fn text_value(text: &str) -> CellValue {
    if text.trim().is_empty() { CellValue::Empty } else { CellValue::Text(text.to_owned()) }
}
