//! One row of a pijler tab under filling: what stands in C to G, what should stand there, whose it is.
//!
//! Owns the rule that C to G of a row are renewed together or not at all. Part of `plan`; writes nothing.

use super::plan::{Note, Planner, Rests, benchmark_index, text_value};
use super::record::{RecordRow, same_number, same_text, same_value};
use super::renewal::PREVIOUS;
use super::sheet::dutch;
use crate::finding::{Finding, Level, Place};
use crate::model::{
    CellRef, CellValue, Column, Figure, Indicator, IndicatorRow, Missing, Overview, TextCell, ValueCell,
    row_description,
};
use crate::package::StyleChoice;
use crate::package::styles::is_percent_format;

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

    fn words(&self, column: &Column) -> String {
        match self {
            Target::Number(value) => with_unit(*value, column),
            Target::Sign(sign) => format!("'{sign}'"),
            Target::Blank(missing) => format!("geen cijfer ({})", missing.words()),
        }
    }
}

/// A figure as people read it: rounded to the indicator's decimals, with its unit.
fn with_unit(value: f64, column: &Column) -> String {
    let scale = 10_f64.powi(i32::from(column.decimals));
    let shown = dutch((value * scale).round() / scale);
    match column.unit.trim() {
        "%" => format!("{shown}%"),
        unit => format!("{shown} ({unit})"),
    }
}

/// A number of the record with its unit. It was stored as the cell was formatted then, which nobody knows any more: a share
/// of at most 1 may have been a fraction. Nothing when that makes a difference.
fn recorded(stored: f64, job: &Job, column: &Column) -> Option<String> {
    let percentage = column.unit.trim() == "%";
    let is = |value: f64| same_number(stored, value);
    match job.new {
        CellValue::Number(new) if is(new) || percentage && (is(new * 100.0) || is(hundredth(new))) => {
            Some(job.shown_new.clone())
        }
        _ if percentage && stored != 0.0 && stored.abs() <= 1.0 => None,
        _ => Some(with_unit(stored, column)),
    }
}

/// A hundredth of a number without the noise of dividing: 36.4 becomes 0.364.
pub(super) fn hundredth(value: f64) -> f64 {
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
    /// True when what stands there may not be shown: it is not repeated, in no message and in no ledger.
    hidden: bool,
}

impl Job {
    /// True for a text that reads as the number that should stand there: it stays, but it is not a figure for Excel.
    fn is_number_as_text(&self) -> bool {
        self.state == State::Same && matches!((&self.now, &self.new), (CellValue::Text(_), CellValue::Number(_)))
    }
}

impl Planner<'_> {
    /// A row that the overview has no column for: its figures stay what they are, and of whom.
    fn without_column(&mut self, row: &IndicatorRow) {
        self.plan.rows_without_figures += 1;
        self.count_kept(row);
        if let (Some(code), true) = (row.code.as_deref(), self.keeps_previous()) {
            self.previous_column(row, code, None, false);
        }
        self.keep_row(row, !self.keeps_previous());
    }

    fn count_kept(&mut self, row: &IndicatorRow) {
        let holds = |cell: &ValueCell| !cell.value.is_blank();
        let kept = &mut self.plan.kept;
        for (at, cell) in [(&mut kept.0, Some(&row.wijk)), (&mut kept.1, row.beside.as_ref())] {
            if let Some(cell) = cell.filter(|cell| holds(cell)) {
                at.push(cell.at.clone());
            }
        }
    }

    /// What is ours in a row that is not touched stays ours; column F when nothing else was decided about it.
    pub(super) fn keep_row(&mut self, row: &IndicatorRow, with_beside: bool) {
        let Some(code) = row.code.as_deref() else { return };
        // What is ours stays ours: a later overview may have the column again.
        let figures = [("wijk", Some(&row.wijk)), ("benchmark", row.benchmark.as_ref())];
        let beside = ["naast", PREVIOUS].map(|field| (field, row.beside.as_ref().filter(|_| with_beside)));
        for (field, cell) in figures.into_iter().chain(beside) {
            if let Some(cell) = cell {
                self.keep(&cell.at, code, field, &cell.value);
            }
        }
        for (field, cell) in [("eenheid", &row.unit), ("bron", &row.source)] {
            if let Some(cell) = cell {
                self.keep(&cell.at, code, field, &text_value(&cell.text));
            }
        }
    }

    /// One row: C to G are renewed together or not at all.
    pub(super) fn row(&mut self, row: &IndicatorRow, beside_free: bool) {
        let Some(code) = row.code.as_deref() else { return };
        let Some(index) = self.overview.column_index(code) else {
            self.without_column(row);
            return;
        };
        let Some(column) = self.overview.columns.get(index) else { return };
        let about = format!("indicator {}", row.name.replace('\n', " "));
        let mut figures =
            vec![self.figure_job(row, "wijk", &row.wijk.at, code, index, column, Some(self.request.wijk))];
        if let Some(cell) = row.beside.as_ref().filter(|_| !self.keeps_previous()) {
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
        let reports: Vec<(CellRef, String, String, &str)> = figures
            .iter()
            .filter(blocks)
            .map(|job| {
                let expected = format!("{}.", job.shown_new);
                match job.state {
                    State::Formula => (
                        job.at.clone(),
                        match job.now.is_blank() {
                            true => "In deze cel staat een formule die nog geen uitkomst heeft.".to_owned(),
                            false => format!("In deze cel staat een formule met de uitkomst {}.", job.shown_now),
                        },
                        expected,
                        "Een formule wordt nooit overschreven. Typ het cijfer in de cel, of maak de cel leeg en vul opnieuw.",
                    ),
                    _ if job.area.is_none() => (
                        job.at.clone(),
                        format!(
                            "Hier staat {} van een ander gebied, terwijl de rij nieuwe cijfers zou krijgen.",
                            job.shown_now
                        ),
                        String::new(),
                        "Maak deze kolom leeg, of geef met --naast mee van welk gebied de cijfers zijn, en vul opnieuw.",
                    ),
                    _ => (
                        job.at.clone(),
                        format!(
                            "Hier staat {}{}; in het overzicht staat {}.{}",
                            job.shown_now,
                            if matches!(job.now, CellValue::Text(_)) { " als tekst" } else { "" },
                            job.shown_new,
                            self.written_before(code, job, column)
                        ),
                        expected,
                        "Controleer wat klopt; met --overschrijf komt het cijfer uit het overzicht er te staan.",
                    ),
                }
            })
            .collect();
        if !reports.is_empty() {
            for (at, found, expected, advice) in reports {
                let advice = format!("De hele rij is met rust gelaten. {advice}");
                self.report("cijfer-met-rust-gelaten", &at, &about, found, expected, &advice);
            }
            self.leave(code, &figures, &texts);
            self.previous_column(row, code, Some(column), false);
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
            self.report("rij-van-een-ander-jaar", &at, &about, found,
                "Eenheid, jaar, bron en cijfers van één rij horen bij elkaar.".to_owned(),
                "De hele rij is met rust gelaten. Maak de cel leeg of pas hem aan en vul opnieuw, of geef --overschrijf mee.");
            self.leave(code, &figures, &texts);
            self.previous_column(row, code, Some(column), false);
            return;
        }
        // A person's unit or source is replaced only together with figures, and only when asked.
        let now_written = |job: &Job| match job.field {
            "eenheid" | "bron" => {
                job.state == State::Write || (job.state == State::Theirs && overwrite && any_write)
            }
            _ => writes(job),
        };
        let previous = row.beside.as_ref().filter(|_| renewal && self.keeps_previous()).map(|cell| &cell.at);
        let written = figures.iter().chain(&texts).filter(|job| now_written(job)).map(|job| &job.at);
        let blocked: Vec<CellRef> = written.chain(previous).filter(|at| self.is_blocked(at)).cloned().collect();
        if let Some(first) = blocked.first() {
            self.rest(first, Rests::Row);
            self.leave(code, &figures, &texts);
            self.previous_column(row, code, Some(column), false);
            return;
        }
        for job in figures.iter().filter(|job| job.is_number_as_text()) {
            self.report("cijfer-als-tekst", &job.at, &about,
                format!("In deze cel staat {} als tekst; Excel rekent er niet mee en kleurt de cel niet.", job.shown_now),
                format!("Het getal {}.", job.shown_new),
                "Zet de celeigenschappen op 'Getal' en typ het cijfer opnieuw, of maak de cel leeg en vul opnieuw.");
        }
        if any_write && !overwrite {
            for text in texts.iter().filter(|job| job.state == State::Theirs) {
                self.plan.findings.push(Finding::new(
                    "eigen-tekst-bij-nieuw-cijfer",
                    Level::Opmerking,
                    Place::cell(&text.at).about(about.as_str()),
                    format!(
                        "Hier staat uw tekst '{}'; die is blijven staan, terwijl in deze rij cijfers zijn gevuld waar '{}' bij hoort.",
                        text.shown_now, text.shown_new
                    ),
                    "",
                    "Kijk of uw tekst nog klopt bij de cijfers in deze rij. Maakt u de cel leeg en vult u opnieuw, dan komt de tekst uit het overzicht er te staan.",
                ));
            }
        }
        let mut written = false;
        let jobs: Vec<(bool, Job)> =
            texts.into_iter().chain(figures).map(|job| (now_written(&job), job)).collect();
        let renewed = jobs.iter().any(|(write, job)| *write && !job.now.is_blank());
        if renewed {
            self.remember(row, code);
        }
        self.previous_column(row, code, Some(column), renewed);
        for (write, job) in jobs {
            if write {
                written = true;
                let old = match job.hidden {
                    true => CellValue::Text(Missing::SmallGroup.words().to_owned()),
                    false => job.now,
                };
                self.write(
                    job.at,
                    old,
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

    /// What filling wrote here before, when a person changed it since: a sentence with a space before it, or nothing.
    fn written_before(&self, code: &str, job: &Job, column: &Column) -> String {
        let before = self.old.at(code, job.field, &job.at).filter(|_| !job.hidden);
        let Some(before) = before else { return String::new() };
        let shown = match &before.value {
            CellValue::Number(number) => recorded(*number, job, column).unwrap_or("een ander cijfer".to_owned()),
            other => format!("'{}'", other.text()),
        };
        format!(" Bij het vullen kwam hier {shown} te staan; daarna is het met de hand veranderd.")
    }

    /// A row that is not touched keeps its place in the record: what we wrote, also where a person put something else since, and
    /// what is ours because the workbook's own overview says so, which may be replaced now.
    fn leave(&mut self, code: &str, figures: &[Job], texts: &[Job]) {
        self.plan.rows_left += 1;
        for job in texts.iter().chain(figures) {
            if job.recorded {
                self.keep(&job.at, code, job.field, &job.now);
            } else if job.state == State::Write && !job.now.is_blank() {
                let own = self.request.own.and_then(|own| own.columns.get(own.column_index(code)?));
                let area = job.area.and_then(|index| self.overview.areas.get(index));
                self.plan.record.rows.push(RecordRow {
                    tab: job.at.tab.clone(),
                    cell: job.at.a1(),
                    value: job.now.clone(),
                    edition: own.map(|column| column.edition.clone()).unwrap_or_default(),
                    subject: code.to_owned(),
                    field: job.field.to_owned(),
                    area: area.map(|area| area.code.clone()).unwrap_or_default(),
                });
            } else if let Some(before) = self.old.at(code, job.field, &job.at).filter(|_| !job.hidden) {
                self.plan.record.rows.push(before.clone());
            }
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
        // What a renewal put in the free column is ours as well.
        let previous = field == "naast" && self.old.find(code, PREVIOUS, &now).is_some();
        let recorded = previous || self.old.find(code, field, &now).is_some();
        let field = if previous && area.is_none() { PREVIOUS } else { field };
        let shown_now = match (&now, cell.and_then(ValueCell::number)) {
            (_, Some(number)) => with_unit(number, column),
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
            hidden: false,
        };
        let meant_number = cell.and_then(ValueCell::number).is_some();
        let Some(area) = area else {
            // Nobody asked for this column; what stands in it matters only when the row is renewed. An old figure of ours
            // about a group that is too small goes.
            if previous && meant_number && self.is_hidden(&self.wijk.code, code) {
                job.state = State::Write;
                job.new = CellValue::Text(Missing::SmallGroup.sign().to_owned());
                job.hidden = true;
            } else if !now.is_blank() && !previous {
                job.state = State::Theirs;
            }
            return job;
        };
        let figure = self.overview.figure(area, index);
        if figure == Figure::Missing(Missing::SmallGroup) && !now.is_blank() {
            job.hidden = cell.and_then(ValueCell::number).is_some() || plain_number(&now.text()).is_some();
            if job.hidden {
                job.shown_now = "een cijfer dat niet mag worden getoond".to_owned();
            }
        }
        let target = Target::of(figure);
        job.shown_new = target.words(column);
        job.new = target.stored(percent);
        if matches!(target, Target::Number(_)) {
            job.style = style;
        }
        let meant = cell.and_then(ValueCell::number);
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
        let ours = recorded
            || (field == "benchmark" && self.is_own_benchmark(code, meant, &now))
            || self.is_own_figure(code, field, at, area, meant, &now);
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
        let Some(area) = benchmark_index(own, self.format) else { return false };
        is_figure_of(own, area, code, meant, now)
    }

    /// When a new edition comes, a figure that agrees with the workbook's own overview is the edition's, whoever put it
    /// there; unless filling put another figure there and a person changed it.
    fn is_own_figure(
        &self,
        code: &str,
        field: &str,
        at: &CellRef,
        area: usize,
        meant: Option<f64>,
        now: &CellValue,
    ) -> bool {
        let (Some(_), Some(own)) = (&self.request.renewal, self.request.own) else { return false };
        let Some(known) = self.overview.areas.get(area).and_then(|area| own.area_index(&area.code)) else {
            return false;
        };
        self.old.at(code, field, at).is_none() && is_figure_of(own, known, code, meant, now)
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
            hidden: false,
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
}

/// True when a cell holds the figure of an area, as shown, or its sign.
fn is_figure_of(overview: &Overview, area: usize, code: &str, meant: Option<f64>, now: &CellValue) -> bool {
    let Some(index) = overview.column_index(code) else { return false };
    let decimals = overview.columns.get(index).map_or(0, |column| column.decimals);
    match (Target::of(overview.figure(area, index)), meant) {
        (Target::Number(value), Some(meant)) => as_shown_equal(meant, value, decimals),
        (Target::Sign(sign), None) => same_value(now, &CellValue::Text(sign.to_owned())),
        _ => false,
    }
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
    fn what_was_filled_in_before_is_told_as_it_was_meant_whatever_format_the_cell_has_now() {
        let said = |unit: &str, stored: f64, new: f64| {
            let column = Column { unit: unit.into(), decimals: 1, ..Column::default() };
            let job = Job {
                at: CellRef::new("Pijler", 13, 4),
                field: "wijk",
                state: State::Theirs,
                now: CellValue::Number(0.45),
                new: CellValue::Number(new),
                shown_now: "45%".into(),
                shown_new: "44,7%".into(),
                style: StyleChoice::Keep,
                area: Some(0),
                recorded: false,
                hidden: false,
            };
            super::recorded(stored, &job, &column)
        };
        // Filled as 44.7; '45%' was typed over it, so the cell takes fractions now. And the other way round.
        assert_eq!(said("%", 44.716, 0.44716).as_deref(), Some("44,7%"));
        assert_eq!(said("%", 0.44716, 44.716).as_deref(), Some("44,7%"));
        // Of an earlier edition: more than 1 is no fraction; 0,6 may be 0,6% and 60%.
        assert_eq!(said("%", 41.2, 0.44716).as_deref(), Some("41,2%"));
        assert_eq!(said("%", 0.6, 0.44716), None);
        assert_eq!(said("per 1.000", 0.6, 0.7).as_deref(), Some("0,6 (per 1.000)"));
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
