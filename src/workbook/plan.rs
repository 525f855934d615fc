//! What filling would write: decided before a byte is touched.
//!
//! Owns the rules of 'What filling may and may not do' (analysis-workbook): which cells are ours, which are a
//! person's, which rows are renewed as a whole and which are left alone. Pure: reads a [`Workbook`], writes nothing.
//! How a cell is written into the package is `fill`'s business.

use std::collections::BTreeMap;

use super::ledger::LedgerEntry;
use super::read::Workbook;
use super::record::{FillRecord, RecordRow, same_number, same_text, same_value};
use super::sheet::{Sheet, dutch, is_percent_format};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::guard::FileKind;
use crate::model::{
    Area, AreaLookup, CellRef, CellValue, ClosingRow, Column, Figure, Format, Indicator, IndicatorRow, Missing,
    Overview, PijlerTab, TextCell, normalise, row_description,
};
use crate::package::{CellEdit, NewValue, StyleChoice};

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
            Error::request("de wijk staat niet in het overzicht", "Kies een wijk die `wijk wijken` noemt.")
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
        old: record,
        plan: FillPlan::default(),
    };
    planner.refuse_other_wijk()?;
    for tab in &workbook.analysis.pijlers {
        planner.pijler(tab);
    }
    if let Some(summary) = &workbook.analysis.summary {
        planner.closing(&summary.tab, &summary.closing);
    }
    for finding in &mut planner.plan.findings {
        finding.place.file.get_or_insert_with(|| file.to_owned());
    }
    Ok(planner.plan)
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
    match &workbook.analysis.format_version {
        Some(version) if is_newer(version, &format.version) => Err(Error::content(
            file,
            format!(
                "het werkboek is gemaakt met versie {version} van het format en dit programma kent versie {}",
                format.version
            ),
            "Gebruik een nieuwere versie van dit programma, of geef met --format de map van het nieuwe format mee.",
        )),
        _ => Ok(()),
    }
}

/// Whether version `left` is newer than `right`; numbers are compared as numbers.
pub(crate) fn is_newer(left: &str, right: &str) -> bool {
    let parts = |version: &str| -> Vec<u64> {
        version
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().unwrap_or(u64::MAX))
            .collect()
    };
    let (mut left, mut right) = (parts(left), parts(right));
    let longest = left.len().max(right.len());
    left.resize(longest, 0);
    right.resize(longest, 0);
    left > right
}

fn benchmark_index(overview: &Overview, format: &Format) -> Option<usize> {
    overview.area_index(&format.benchmark.0).or_else(|| {
        match overview.find(&format.benchmark.1, Some(crate::model::AreaLevel::Stad)) {
            AreaLookup::Found(index, _) => Some(index),
            _ => None,
        }
    })
}

/// What should stand in a figure cell.
#[derive(Debug, Clone, PartialEq)]
enum Target {
    /// A number in the indicator's own unit.
    Number(f64),
    /// A sign: `.` or `x`.
    Sign(&'static str),
    /// Nothing, and why.
    Blank(Missing),
}

impl Target {
    fn of(figure: Figure) -> Self {
        match figure {
            // Adding zero turns the negative zero of some sources into an ordinary one.
            Figure::Known { value, .. } => Target::Number(value + 0.0),
            Figure::Missing(missing) if missing.sign().is_empty() => Target::Blank(missing),
            Figure::Missing(missing) => Target::Sign(missing.sign()),
        }
    }

    /// As it is stored in a cell: a fraction where the cell shows percentages.
    fn stored(&self, percent: bool) -> CellValue {
        match self {
            Target::Number(value) if percent => CellValue::Number(hundredth(*value)),
            Target::Number(value) => CellValue::Number(*value),
            Target::Sign(sign) => CellValue::Text((*sign).to_owned()),
            Target::Blank(_) => CellValue::Empty,
        }
    }

    fn words(&self, unit: &str) -> String {
        match self {
            Target::Number(value) => format!("{} ({unit})", dutch(*value)),
            Target::Sign(sign) => format!("'{sign}'"),
            Target::Blank(missing) => format!("geen cijfer ({})", missing.words()),
        }
    }
}

/// A hundredth of a number without the noise of dividing: 36.4 becomes 0.364.
fn hundredth(value: f64) -> f64 {
    format!("{value}e-2").parse().unwrap_or(value / 100.0)
}

/// What is to be done with one cell.
#[derive(Debug, Clone, PartialEq)]
enum State {
    /// It holds what should stand there.
    Same,
    /// It may be written.
    Write,
    /// It holds something of a person that differs.
    Theirs,
    /// It holds a formula.
    Formula,
}

/// One cell of a row under consideration.
struct Job {
    at: CellRef,
    field: &'static str,
    state: State,
    now: CellValue,
    new: CellValue,
    /// As a reader understands it, for messages.
    shown_now: String,
    shown_new: String,
    style: StyleChoice,
    area: Option<usize>,
    /// True when the record says that we wrote what stands there now.
    recorded: bool,
}

struct Planner<'a> {
    workbook: &'a Workbook,
    overview: &'a Overview,
    format: &'a Format,
    request: &'a FillRequest<'a>,
    wijk: &'a Area,
    beside: Option<&'a Area>,
    benchmark: usize,
    old: FillRecord,
    plan: FillPlan,
}

/// True when a text names this area.
fn names_area(text: &str, area: &Area) -> bool {
    let name = normalise(text);
    text.trim().eq_ignore_ascii_case(&area.code)
        || std::iter::once(&area.name).chain(&area.aliases).any(|known| normalise(known) == name)
}

impl Planner<'_> {
    fn sheet(&self, tab: &str) -> Option<&Sheet> {
        self.workbook.sheets.iter().find(|sheet| sheet.name == tab)
    }

    fn is_formula(&self, at: &CellRef) -> bool {
        self.sheet(&at.tab).and_then(|sheet| sheet.cell(at.row, at.col)).is_some_and(|cell| cell.formula)
    }

    fn number_format(&self, at: &CellRef) -> &str {
        self.sheet(&at.tab)
            .and_then(|sheet| sheet.cell(at.row, at.col))
            .map_or("", |cell| cell.number_format.as_str())
    }

    fn report(
        &mut self,
        code: &str,
        level: Level,
        at: &CellRef,
        about: &str,
        found: String,
        expected: String,
        advice: &str,
    ) {
        let place = if about.is_empty() { Place::cell(at) } else { Place::cell(at).about(about) };
        self.plan.findings.push(Finding::new(code, level, place, found, expected, advice));
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
            if text.is_empty() || ours || names_area(text, self.wijk) {
                continue;
            }
            return Err(Error::request(
                format!(
                    "Het werkboek {} gaat over '{text}' (tabblad '{}', cel {}) en niet over {}",
                    self.workbook.analysis.file,
                    tab.tab,
                    cell.at.a1(),
                    self.wijk.name
                ),
                format!(
                    "Kies het werkboek van {}, maak de naam leeg als die niet klopt, of geef --overschrijf mee.",
                    self.wijk.name
                ),
            ));
        }
        Ok(())
    }

    fn pijler(&mut self, tab: &PijlerTab) {
        if let Some(cell) = &tab.wijk {
            let merged_label = self.is_formula(&cell.at);
            let free = cell.text.trim().is_empty();
            let ours = self.old.find(&tab.pijler, "wijknaam", &text_value(&cell.text)).is_some();
            let replace = free || ours || (self.request.overwrite && !names_area(&cell.text, self.wijk));
            let name = self.wijk.name.clone();
            self.text(cell, &tab.pijler, "wijknaam", &name, replace && !merged_label, ours);
        }
        let wijk_free = self.heading(tab, "wijk", Some(self.wijk));
        let beside_free = self.heading(tab, "naast", self.beside);
        if !wijk_free {
            return;
        }
        for block in &tab.blocks {
            for row in &block.indicators {
                self.row(row, beside_free);
            }
        }
        self.closing(&tab.tab, &tab.closing);
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
            let ours = self.old.find(&tab.pijler, kop, &text_value(text)).is_some();
            let blank_heading = text.is_empty() || self.is_format_heading(field, text);
            if names_area(text, area) {
                writes.push((cell, false, ours));
            } else if (blank_heading || ours || self.request.overwrite) && !self.is_formula(&cell.at) {
                writes.push((cell, true, ours));
            } else if field == "naast"
                || matches!(self.overview.find(text, None), AreaLookup::Found(..) | AreaLookup::Ambiguous(_))
            {
                foreign = Some(cell);
            }
            // Another word of a person above the column of the wijk stays; it names no other area.
        }
        if let Some(cell) = foreign {
            let found = format!("Boven deze kolom staat '{}', niet {}.", cell.text.trim(), area.name);
            let advice = "De kolom is met rust gelaten. Maak de kop leeg, of geef --overschrijf mee.";
            let expected = format!("Verwacht is een lege kop of '{}'.", area.name);
            self.report("kop-ander-gebied", Level::Waarschuwing, &cell.at, "", found, expected, advice);
            return false;
        }
        for (cell, replace, ours) in writes {
            self.text(cell, &tab.pijler, kop, &area.name.clone(), replace, ours);
        }
        true
    }

    fn is_format_heading(&self, field: &str, text: &str) -> bool {
        let name = normalise(text);
        self.format.headings_of("pijler").filter(|heading| heading.field == field).any(|heading| {
            std::iter::once(&heading.text).chain(&heading.variants).any(|known| normalise(known) == name)
        })
    }

    /// Writes one text that is no figure when `replace` allows it and it differs.
    fn text(&mut self, cell: &TextCell, subject: &str, field: &'static str, new: &str, replace: bool, ours: bool) {
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

    /// One row: C to G are renewed together or not at all.
    fn row(&mut self, row: &IndicatorRow, beside_free: bool) {
        let Some(code) = row.code.as_deref() else { return };
        let Some(index) = self.overview.column_index(code) else {
            self.plan.rows_without_figures += 1;
            return;
        };
        let Some(column) = self.overview.columns.get(index) else { return };
        let about = format!("indicator {}", row.name.replace('\n', " "));
        let mut figures =
            vec![self.figure_job(row, "wijk", &row.wijk.at, code, index, column, Some(self.request.wijk))];
        if let Some(cell) = &row.beside {
            let area = self.beside_area(code, &cell.value, beside_free);
            figures.push(self.figure_job(row, "naast", &cell.at, code, index, column, area));
        }
        if let Some(cell) = &row.benchmark {
            figures.push(self.figure_job(row, "benchmark", &cell.at, code, index, column, Some(self.benchmark)));
        }
        let texts: Vec<Job> =
            [("eenheid", &row.unit, describe(column)), ("bron", &row.source, column.source.clone())]
                .into_iter()
                .filter_map(|(field, cell, text)| Some(self.text_job(field, cell.as_ref()?, code, &text)))
                .collect();

        let overwrite = self.request.overwrite;
        // What a person put there and what we have nothing to put in its place for: another area's figure, or a
        // figure that the overview lacks. It is never replaced; it matters when the row gets another benchmark.
        let foreign = |job: &Job| job.state == State::Theirs && (job.area.is_none() || job.new.is_blank());
        let writes =
            |job: &Job| job.state == State::Write || (job.state == State::Theirs && overwrite && !foreign(job));
        let any_write = figures.iter().any(writes);
        // A figure that changes makes the row a renewal: then whatever else stands in it must go along.
        let renewal = figures.iter().any(|job| writes(job) && !job.now.is_blank());
        let new_benchmark = renewal || figures.iter().any(|job| writes(job) && job.field == "benchmark");
        let blocks = |job: &&Job| match job.state {
            State::Formula => true,
            State::Theirs if foreign(job) => new_benchmark,
            State::Theirs => !overwrite,
            _ => false,
        };
        let reports: Vec<(CellRef, String, String)> = figures
            .iter()
            .filter(blocks)
            .map(|job| {
                let expected = format!("Verwacht is {}.", job.shown_new);
                match job.state {
                    State::Formula => (
                        job.at.clone(),
                        format!("In deze cel staat een formule met de uitkomst {}.", job.shown_now),
                        expected,
                    ),
                    _ if job.area.is_none() => (
                        job.at.clone(),
                        format!(
                            "Hier staat {} van een ander gebied, terwijl de rij nieuwe cijfers zou krijgen.",
                            job.shown_now
                        ),
                        String::new(),
                    ),
                    _ => (
                        job.at.clone(),
                        format!("Hier staat {}; in het overzicht staat {}.", job.shown_now, job.shown_new),
                        expected,
                    ),
                }
            })
            .collect();
        if !reports.is_empty() {
            for (at, found, expected) in reports {
                self.report("cijfer-met-rust-gelaten", Level::Waarschuwing, &at, &about, found, expected,
                    "De hele rij is met rust gelaten. Controleer wat klopt; met --overschrijf komt het cijfer uit het overzicht er te staan (een formule en een cijfer van een ander gebied blijven staan).");
            }
            self.leave(code, &figures, &texts);
            return;
        }
        let blocking_text = texts.iter().find(|job| {
            let theirs = job.state == State::Formula || (job.state == State::Theirs && !overwrite);
            let other_year = job.field == "eenheid" && contradicts(&job.shown_now, column);
            theirs && any_write && (renewal || other_year)
        });
        if let Some(text) = blocking_text {
            let (at, found) = (
                text.at.clone(),
                format!(
                    "Hier staat '{}'; bij het cijfer uit het overzicht hoort '{}'.",
                    text.shown_now, text.shown_new
                ),
            );
            self.report("rij-van-een-ander-jaar", Level::Waarschuwing, &at, &about, found,
                "Verwacht is dat eenheid, jaar, bron en cijfers van één rij bij elkaar horen.".to_owned(),
                "De hele rij is met rust gelaten. Maak de cel leeg of pas hem aan en vul opnieuw, of geef --overschrijf mee.");
            self.leave(code, &figures, &texts);
            return;
        }
        let mut written = false;
        // A person's unit or source is replaced only together with figures, and only when asked.
        let now_written = |job: &Job| match job.field {
            "eenheid" | "bron" => {
                job.state == State::Write || (job.state == State::Theirs && overwrite && any_write)
            }
            _ => writes(job),
        };
        let jobs: Vec<(bool, Job)> =
            texts.into_iter().chain(figures).map(|job| (now_written(&job), job)).collect();
        for (write, job) in jobs {
            if write {
                written = true;
                self.write(
                    job.at,
                    job.now,
                    job.new,
                    job.style,
                    Note { subject: code, field: job.field, column: Some(column), area: job.area },
                );
            } else if job.recorded {
                self.keep(&job.at, code, job.field, &job.now);
            }
        }
        if written {
            self.plan.rows_filled += 1;
        } else {
            self.plan.rows_unchanged += 1;
        }
    }

    /// A row that is not touched keeps its place in the record.
    fn leave(&mut self, code: &str, figures: &[Job], texts: &[Job]) {
        self.plan.rows_left += 1;
        for job in texts.iter().chain(figures).filter(|job| job.recorded) {
            self.keep(&job.at, code, job.field, &job.now);
        }
    }

    /// The area whose figure belongs in column F: the one asked for, else the one whose figure we wrote there
    /// before, so that an old figure never stays beside a new benchmark. `None` when the column is a person's.
    fn beside_area(&self, code: &str, now: &CellValue, beside_free: bool) -> Option<usize> {
        if beside_free && self.request.beside.is_some() {
            return self.request.beside;
        }
        let recorded = self.old.find(code, "naast", now)?;
        self.overview.area_index(&recorded.area)
    }

    #[allow(clippy::too_many_arguments, reason = "one row of a table: each is a different thing of it")]
    fn figure_job(
        &self,
        row: &IndicatorRow,
        field: &'static str,
        at: &CellRef,
        code: &str,
        index: usize,
        column: &Column,
        area: Option<usize>,
    ) -> Job {
        let cell = match field {
            "wijk" => Some(&row.wijk),
            "naast" => row.beside.as_ref(),
            _ => row.benchmark.as_ref(),
        };
        let now = cell.map(|cell| cell.value.clone()).unwrap_or_default();
        // A cell without a number format of its own takes that of the benchmark in its row.
        let own_format = self.number_format(at);
        let row_format = row.benchmark.as_ref().map(|cell| (&cell.at, self.number_format(&cell.at)));
        let (format, style) = match row_format {
            Some((from, format)) if own_format.is_empty() && !format.is_empty() && from != at => {
                (format, StyleChoice::CopyFrom { row: from.row, col: from.col })
            }
            _ => (own_format, StyleChoice::Keep),
        };
        let percent = is_percent_format(format);
        let recorded = self.old.find(code, field, &now).is_some();
        let unit = column.unit.as_str();
        let shown_now = match (&now, cell.and_then(crate::model::ValueCell::number)) {
            (_, Some(number)) => format!("{} ({unit})", dutch(number)),
            (CellValue::Empty, _) => "niets".to_owned(),
            (other, _) => format!("'{}'", other.text()),
        };
        let mut job = Job {
            at: at.clone(),
            field,
            state: State::Same,
            now: now.clone(),
            new: now.clone(),
            shown_now,
            shown_new: String::new(),
            style: StyleChoice::Keep,
            area,
            recorded,
        };
        let Some(area) = area else {
            // Nobody asked for this column; what stands in it matters only when the row is renewed.
            if !now.is_blank() {
                job.state = State::Theirs;
            }
            return job;
        };
        let target = Target::of(self.overview.figure(area, index));
        job.shown_new = target.words(unit);
        job.new = target.stored(percent);
        if matches!(target, Target::Number(_)) {
            job.style = style;
        }
        let meant = cell.and_then(crate::model::ValueCell::number);
        let typed_same = match (&target, &now) {
            (Target::Number(value), CellValue::Number(_)) => {
                meant.is_some_and(|meant| as_shown_equal(meant, *value, column.decimals))
            }
            (Target::Number(value), CellValue::Text(text)) => {
                plain_number(text).is_some_and(|typed| as_shown_equal(typed, *value, column.decimals))
            }
            (Target::Sign(sign), CellValue::Text(text)) => text.trim().eq_ignore_ascii_case(sign),
            _ => false,
        };
        let ours = recorded || (field == "benchmark" && self.is_own_benchmark(code, meant, &now));
        let stored_same = match cell {
            // The stored figure is what counts, in the format the cell has now.
            Some(cell) => same_value(&now, &target.stored(cell.percent_format)),
            None => job.new.is_blank(),
        };
        job.state = if cell.is_some_and(|cell| cell.formula) {
            if typed_same { State::Same } else { State::Formula }
        } else if stored_same || (!ours && typed_same) {
            State::Same
        } else if now.is_blank() || ours {
            State::Write
        } else {
            State::Theirs
        };
        job
    }

    /// A benchmark figure that agrees with the workbook's own overview was put there by the format.
    fn is_own_benchmark(&self, code: &str, meant: Option<f64>, now: &CellValue) -> bool {
        let Some(own) = self.request.own else { return false };
        let (Some(area), Some(index)) = (benchmark_index(own, self.format), own.column_index(code)) else {
            return false;
        };
        let decimals = own.columns.get(index).map_or(0, |column| column.decimals);
        match (Target::of(own.figure(area, index)), meant) {
            (Target::Number(value), Some(meant)) => as_shown_equal(meant, value, decimals),
            (Target::Sign(sign), None) => same_value(now, &CellValue::Text(sign.to_owned())),
            _ => false,
        }
    }

    fn text_job(&self, field: &'static str, cell: &TextCell, code: &str, text: &str) -> Job {
        let now = text_value(&cell.text);
        let recorded = self.old.find(code, field, &now).is_some();
        let state = if same_text(&cell.text, text) || (cell.text.trim().is_empty() && text.trim().is_empty()) {
            State::Same
        } else if self.is_formula(&cell.at) {
            State::Formula
        } else if text.trim().is_empty() {
            State::Same
        } else if cell.text.trim().is_empty() || recorded || self.is_format_text(field, code, &cell.text) {
            State::Write
        } else {
            State::Theirs
        };
        Job {
            at: cell.at.clone(),
            field,
            state,
            now,
            new: text_value(text),
            shown_now: cell.text.trim().replace('\n', " "),
            shown_new: text.trim().to_owned(),
            style: StyleChoice::Keep,
            area: None,
            recorded,
        }
    }

    /// A unit or source that the format itself wrote: from its definition or from the workbook's own overview.
    fn is_format_text(&self, field: &str, code: &str, now: &str) -> bool {
        let indicator = self.format.indicator(code);
        let own = self.request.own.and_then(|own| own.columns.get(own.column_index(code)?));
        let texts = if field == "eenheid" {
            [indicator.map(describe_indicator), own.map(describe)]
        } else {
            [indicator.map(|indicator| indicator.source.clone()), own.map(|column| column.source.clone())]
        };
        texts.iter().flatten().any(|text| same_text(text, now))
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

    fn write(&mut self, at: CellRef, old: CellValue, new: CellValue, style: StyleChoice, note: Note<'_>) {
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
            area: area.map(|area| area.name.clone()).unwrap_or_default(),
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
    fn keep(&mut self, at: &CellRef, subject: &str, field: &str, now: &CellValue) {
        if let Some(row) = self.old.find(subject, field, now) {
            let row = RecordRow { tab: at.tab.clone(), cell: at.a1(), ..row.clone() };
            self.plan.record.rows.push(row);
        }
    }
}

/// What a written cell is about.
struct Note<'a> {
    subject: &'a str,
    field: &'static str,
    column: Option<&'a Column>,
    area: Option<usize>,
}

/// The text of column C for a column of the overview.
fn describe(column: &Column) -> String {
    row_description(&column.unit, &column.edition, &column.year, &column.doelgroep, &column.kind)
}

/// The text of column C for an indicator of the format.
fn describe_indicator(indicator: &Indicator) -> String {
    let kind = indicator.kind.word();
    row_description(&indicator.unit.name, &indicator.edition, &indicator.year, &indicator.doelgroep, kind)
}

fn text_value(text: &str) -> CellValue {
    if text.trim().is_empty() { CellValue::Empty } else { CellValue::Text(text.to_owned()) }
}

/// Equal as shown: after rounding both to the row's decimals (method, 'Rules of comparison').
fn as_shown_equal(left: f64, right: f64, decimals: u8) -> bool {
    let scale = 10_f64.powi(i32::from(decimals));
    same_number((left * scale).round(), (right * scale).round())
}

/// A number typed as text, when there is only one way to read it: `36`, `36,5`, `-` for nil. `1.234` is
/// ambiguous and gives nothing.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%').trim();
    if text == "-" {
        return Some(0.0);
    }
    if text.contains('.') || text.matches(',').count() > 1 {
        return None;
    }
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-'));
    plain.then(|| text.replace(',', ".").parse().ok()).flatten()
}

/// Whether a person's text in column C names a year that is not the edition's.
fn contradicts(text: &str, column: &Column) -> bool {
    let years = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20")))
            .map(str::to_owned)
            .collect()
    };
    let known: Vec<String> = years(&column.edition).into_iter().chain(years(&column.year)).collect();
    let typed = years(text);
    !typed.is_empty() && !known.is_empty() && !typed.iter().any(|year| known.contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_newer("1.10.0", "1.9.2"));
        assert!(is_newer("2", "1.9.2"));
        assert!(!is_newer("1.0", "1.0.0"));
        assert!(!is_newer("0.9.9", "1.0.0"));
    }

    #[test]
    fn a_hundredth_has_no_noise() {
        assert_eq!(hundredth(36.4).to_string(), "0.364");
        assert_eq!(hundredth(12.5), 0.125);
        assert_eq!(hundredth(0.0), 0.0);
        assert_eq!(hundredth(7.0), 0.07);
    }

    #[test]
    fn an_ambiguous_text_is_no_number() {
        assert_eq!(plain_number("36,5"), Some(36.5));
        assert_eq!(plain_number("36 %"), Some(36.0));
        assert_eq!(plain_number("-"), Some(0.0));
        assert_eq!(plain_number("1.234"), None);
        assert_eq!(plain_number("circa 30"), None);
    }
}
