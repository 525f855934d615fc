//! A new edition of the figures in a workbook that was filled and worked in before.
//!
//! Owns which wijk that is, what is said about what changed, and which texts have to be read again. What may be replaced
//! is the business of filling; the tab with the old figures is `edition_tab`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::edition_tab;
use super::fill::{Added, FillInput, FillOutcome, FillPlace, FillTarget, as_filled};
use super::names::{self, Named};
use super::{Session, inputs};
use crate::check;
use crate::compare;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{
    Analysis, Column, Comparison, FigureComparison, History, OutdatedText, ResultProgress, TextMark, outdated,
    person_texts, text_seal, words,
};
use crate::package::{Handle, Note, NoteKind};
use crate::workbook::{FillPlan, Renewal};

/// Where the old figures stay visible. They are always remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Previous {
    /// On a tab of their own.
    #[default]
    Tab,
    /// The wijk's old figures in column F.
    Column,
    /// Nowhere.
    Nowhere,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct EditionRequest {
    /// The workbook.
    pub workbook: PathBuf,
    /// The overview of the new edition.
    pub edition: PathBuf,
    /// The wijk; `None` takes the one the workbook was filled for.
    pub wijk: Option<String>,
    /// The area in column F; `None` takes the one the workbook was filled for.
    pub beside: Option<String>,
    /// Where the old figures stay visible.
    pub previous: Previous,
    /// Replace figures that a person typed.
    pub overwrite: bool,
    /// Repair missing or damaged highlighting.
    pub repair: bool,
    /// Where the result goes.
    pub target: FillTarget,
    /// Replace existing files.
    pub force: bool,
    /// Where the ledger goes.
    pub ledger: Option<PathBuf>,
}

/// A figure of the wijk that the new edition replaced.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RenewedFigure {
    /// Pijler of the first row it stands in.
    pub pijler: String,
    /// Domein of that row.
    pub domein: String,
    /// Code of the indicator.
    pub code: String,
    /// Its name.
    pub indicator: String,
    /// The figure as it was, with its unit.
    pub before: String,
    /// Edition and year it was of.
    pub period_before: String,
    /// The figure as it is.
    pub now: String,
    /// Edition and year it is of.
    pub period_now: String,
    /// The difference in the indicator's unit, or why there is none.
    pub difference: String,
    /// `gunstiger`, `ongunstiger`, `neutraal`, `gelijk`; empty when the two cannot be compared.
    pub judgement: &'static str,
}

/// A text that has to be read again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextToRead {
    /// Tab.
    pub tab: String,
    /// Cell.
    pub cell: String,
    /// What it is.
    pub about: String,
    /// The figures that changed since it was written.
    pub changes: Vec<String>,
    /// False when its cell got no note, because somebody else's stands there.
    pub noted: bool,
}

/// What a new edition changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EditionDone {
    /// Name of the new edition.
    pub edition: String,
    /// Name of the tab with the old figures, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<String>,
    /// The figures of the wijk that were replaced; empty when they were those of this edition already.
    pub figures: Vec<RenewedFigure>,
    /// Texts that have to be read again.
    pub texts: Vec<TextToRead>,
    /// How the maatschappelijke resultaten stand.
    pub results: Vec<ResultProgress>,
    /// Figures that are ongunstiger than the benchmark and got worse, largest change first, as sentences.
    pub worsening: Vec<String>,
    /// The rule of that list.
    pub worsening_rule: String,
}

/// A renewal that was decided, not carried out.
pub(super) struct Renewing {
    pub(super) plan: FillPlan,
    pub(super) added: Added,
    pub(super) findings: Vec<Finding>,
    pub(super) done: EditionDone,
}

impl Session {
    /// Brings a new edition of the figures into a workbook that was filled before.
    ///
    /// # Errors
    /// As filling; and when the workbook does not say which wijk it is about, the wijk given is another, or column F is not
    /// free for the old figures. Nothing is written then.
    pub fn renew_figures(&self, request: &EditionRequest) -> Result<FillOutcome> {
        // What can be refused without reading is refused first.
        let in_place = request.target == FillTarget::InPlace;
        let path = request.workbook.as_path();
        let source = if in_place { inputs::bytes(path).map(Handle::from)? } else { inputs::source(path)? };
        let input = self.fill_input_of(inputs::file_name(path), source, Some(&request.edition), None)?;
        let beside_name = edition_name(path, &self.edition_ending(&input));
        let ledger = request.ledger.as_deref();
        let place = FillPlace::new(path, &request.target, beside_name, request.force, ledger)?;
        let mut findings = place.findings.clone();
        findings.extend(inputs::overview_open(Some(&request.edition))?);
        findings.extend(input.findings.iter().cloned());
        let (wijk, beside) =
            self.areas_of(&input, request.wijk.as_deref(), request.beside.as_deref(), request.previous)?;
        let (area, beside) =
            (wijk.area_and_remark(&mut findings), beside.map(|named| named.area_and_remark(&mut findings)));
        let mut renewing = self.renewing(&input, area, beside, request.previous, request.overwrite)?;
        findings.append(&mut renewing.findings);
        let (filled, backup) = place.write(&self.format, &input, |out| {
            self.carry_out(&input, &renewing.plan, request.repair, &renewing.added, out)
        })?;
        findings.extend(filled.findings.iter().cloned());
        let mut done = renewing.done;
        done.tab.clone_from(&filled.applied.own_tab);
        let mut outcome = self.outcome(place.output, backup, &input, area, &renewing.plan, filled, findings);
        outcome.edition = Some(done);
        Ok(outcome)
    }

    /// Decides what a new edition changes, and what is said about it.
    pub(super) fn renewing(
        &self,
        input: &FillInput,
        wijk: usize,
        beside: Option<usize>,
        previous: Previous,
        overwrite: bool,
    ) -> Result<Renewing> {
        let edition = match input.overview.edition.trim() {
            "" => self.edition_year(input),
            edition => edition.to_owned(),
        };
        let renewal = Renewal { edition: edition.clone(), column: previous == Previous::Column };
        let beside = beside.filter(|_| previous != Previous::Column);
        let mut plan = self.plan_with(input, wijk, beside, overwrite, Some(renewal))?;
        let mut after = as_filled(&input.workbook.analysis, &plan);
        let texts = self.mark_texts(input, &mut plan, &mut after)?;

        let mut findings = self.about_edition(input);
        findings.extend(check::texts_to_read(&self.format, &texts));
        for finding in &mut findings {
            finding.place.file.get_or_insert_with(|| after.file.clone());
        }
        let comparison =
            compare::compare_with(&self.format, &input.overview, &input.statistics, wijk, beside, Some(&after));
        let figures = edition_tab::renewed_figures(&self.format, &after, &input.overview);
        let renewed = after.history.last() > input.workbook.analysis.history.last();
        let notes = texts.iter().filter(|text| text.noted).map(|text| self.note(text, previous)).collect();
        let tab = match (previous, &input.workbook.package) {
            (Previous::Tab, Some(package)) if !after.history.figures.is_empty() => {
                let shown = edition_tab::Shown {
                    format: &self.format,
                    analysis: &after,
                    overview: &input.overview,
                    wijk: &input.overview.call_name(wijk),
                    results: &comparison.results,
                    texts: &texts,
                };
                Some(edition_tab::tab(&shown, package, &input.workbook.analysis.history)?)
            }
            _ => None,
        };
        let done = EditionDone {
            edition,
            tab: None,
            figures: if renewed { figures } else { Vec::new() },
            texts: texts.iter().map(|text| self.text_to_read(text)).collect(),
            worsening: worsening(&comparison),
            worsening_rule: words::worsening_rule(&comparison.benchmark),
            results: comparison.results,
        };
        Ok(Renewing { plan, added: Added { notes: Some(notes), tab }, findings, done })
    }

    /// The wijk and the area in column F that the workbook was filled for.
    pub(super) fn areas_of(
        &self,
        input: &FillInput,
        wijk: Option<&str>,
        beside: Option<&str>,
        previous: Previous,
    ) -> Result<(Named, Option<Named>)> {
        let analysis = &input.workbook.analysis;
        let recorded = input.workbook.recorded_areas_of("wijk");
        let known = match recorded.iter().collect::<Vec<_>>().as_slice() {
            [only] => Some(self.known_area(input, only)?),
            [] if analysis.wijk().is_empty() => None,
            [] => Some(names::wijk(&input.overview, analysis.wijk(), &input.origin)?.area),
            several => {
                let names: Vec<&str> = several.iter().map(|code| code.as_str()).collect();
                return Err(Error::content(
                    &analysis.file,
                    format!("in het werkboek staan cijfers van meer dan één wijk ({})", words::list(&names)),
                    "Vul het werkboek eerst opnieuw voor één wijk, met --wijk NAAM.",
                ));
            }
        };
        let wijk = match (wijk, known) {
            (Some(name), known) => {
                let named = names::wijk(&input.overview, name, &input.origin)?;
                if let Some(known) = known.filter(|known| *known != named.area) {
                    return Err(contradiction(input, "--wijk", named.area, known));
                }
                named
            }
            (None, Some(area)) => {
                names::refuse_city(&input.overview, area)?;
                Named { area, remark: None }
            }
            (None, None) => {
                return Err(Error::content(
                    &analysis.file,
                    "in het werkboek staat niet om welke wijk het gaat",
                    "Geef --wijk NAAM mee, of vul op een pijlertabblad de naam van de wijk in.",
                ));
            }
        };
        let recorded = input.workbook.recorded_areas_of("naast");
        let known = match recorded.iter().collect::<Vec<_>>().as_slice() {
            // Column F gets other figures: then the new edition need not know the area that stood there.
            [only] if beside.is_some() || previous == Previous::Column => input.overview.area_index(only),
            [only] => Some(self.area_of_column(input, only)?),
            _ => headed_area(analysis, input),
        };
        let beside = match names::beside(&input.overview, beside, &input.origin)? {
            Some(_) if previous == Previous::Column => {
                return Err(Error::request(
                    "--vorige kolom en --naast willen allebei kolom F gebruiken",
                    "Laat --naast weg, of kies --vorige tab: dan komen de vorige cijfers op een eigen tabblad.",
                ));
            }
            Some(named) => {
                if let Some(known) = known.filter(|known| *known != named.area) {
                    return Err(contradiction(input, "--naast", named.area, known));
                }
                Some(named)
            }
            None => known.map(|area| Named { area, remark: None }),
        };
        Ok((wijk, beside))
    }

    /// The wijk that the record names by its code.
    fn known_area(&self, input: &FillInput, code: &str) -> Result<usize> {
        input.overview.area_index(code).ok_or_else(|| {
            Error::content(
                &input.workbook.analysis.file,
                format!(
                    "het werkboek is gevuld voor {}, en dat gebied staat niet in de nieuwe editie",
                    name_of(input, code)
                ),
                "Gebruik een overzicht waarin dit gebied staat. Is het gebied anders ingedeeld, begin dan met een leeg werkboek.",
            )
        })
    }

    /// The area of column F, that the record names by its code. Its figures may not stay beside newer ones.
    fn area_of_column(&self, input: &FillInput, code: &str) -> Result<usize> {
        input.overview.area_index(code).ok_or_else(|| {
            Error::content(
                &input.workbook.analysis.file,
                format!("in kolom F staan cijfers van {}, en dat gebied staat niet in de nieuwe editie", name_of(input, code)),
                "Geef met --naast een ander gebied mee voor kolom F, of typ --vorige kolom: dan komen daar de vorige cijfers van de wijk. \
                 De rest van het werkboek blijft zoals het is.",
            )
        })
    }

    /// Marks the texts of people whose figures changed, and gives those that have to be read again. A mark stays until the
    /// text changes or the advisor takes the note away.
    fn mark_texts(
        &self,
        input: &FillInput,
        plan: &mut FillPlan,
        after: &mut Analysis,
    ) -> Result<Vec<OutdatedText>> {
        let before: &History = &input.workbook.analysis.history;
        let renewed = after.history.last() > before.last();
        let mut free: BTreeMap<String, BTreeMap<(u32, u32), bool>> = BTreeMap::new();
        let mut marks: Vec<TextMark> = Vec::new();
        let mut found = Vec::new();
        for text in person_texts(&self.format, after) {
            let ours = text.proposed.is_some_and(|field| {
                plan.record
                    .rows
                    .iter()
                    .any(|row| row.field == field && row.tab == text.at.tab && row.cell == text.at.a1())
            });
            if ours {
                continue;
            }
            let mark = before.mark(&text);
            let since = match mark {
                Some(mark) if !mark.confirmed => mark.since,
                Some(confirmed) if !renewed => {
                    marks.push(confirmed.clone());
                    continue;
                }
                _ if renewed => after.history.last(),
                _ => continue,
            };
            if !free.contains_key(&text.at.tab) {
                free.insert(text.at.tab.clone(), free_for_notes(input, &text.at.tab)?);
            }
            let cells = free.get(&text.at.tab);
            let noted = cells.and_then(|cells| cells.get(&(text.at.row, text.at.col))).copied().unwrap_or(true);
            if let Some(text) = outdated(&self.format, after, text, since, noted) {
                marks.push(TextMark {
                    key: text.text.key.clone(),
                    seal: text_seal(&text.text.text),
                    since,
                    noted,
                    confirmed: false,
                });
                found.push(text);
            }
        }
        plan.record.history.marks.clone_from(&marks);
        after.history.marks = marks;
        Ok(found)
    }

    /// What there is to say about the new edition as a whole.
    pub(super) fn about_edition(&self, input: &FillInput) -> Vec<Finding> {
        let mut findings = Vec::new();
        let codes: BTreeSet<&str> =
            input.workbook.analysis.rows().filter_map(|(_, _, row)| row.code.as_deref()).collect();
        let name =
            |code: &str| self.format.indicator(code).map_or(code, |indicator| indicator.name.as_str()).to_owned();
        let column = |code: &str| input.overview.columns.get(input.overview.column_index(code)?);
        let own = |code: &str| {
            let own = input.own.as_ref()?;
            own.columns.get(own.column_index(code)?)
        };
        // What never had a figure kept none.
        let stood = |code: &str| {
            let mut rows = input.workbook.analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some(code));
            rows.any(|(_, _, row)| {
                let cells = [Some(&row.wijk), row.beside.as_ref(), row.benchmark.as_ref()];
                cells.into_iter().flatten().any(|cell| !cell.value.is_blank())
            })
        };
        let gone: Vec<String> =
            codes.iter().filter(|code| column(code).is_none() && stood(code)).map(|code| name(code)).collect();
        if !gone.is_empty() {
            findings.push(Finding::new(
                "niet-in-nieuwe-editie",
                Level::Opmerking,
                Place::default(),
                format!("Niet in de nieuwe editie, de oude cijfers zijn gebleven: {}.", first_of(&gone)),
                "",
                "Er hoeft niets te gebeuren. Vraag zo nodig aan wie de cijfers levert of deze cijfers terugkomen.",
            ));
        }
        let year = |column: &Column| words::years(&column.period()).into_iter().max();
        let older: Vec<String> = codes
            .iter()
            .filter(|code| {
                let (old, new) = (own(code).and_then(year), column(code).and_then(year));
                old.zip(new).is_some_and(|(old, new)| new < old)
            })
            .map(|code| name(code))
            .collect();
        if !older.is_empty() {
            findings.push(Finding::new(
                "editie-ouder",
                Level::Waarschuwing,
                Place::default(),
                format!("De nieuwe editie heeft oudere cijfers dan het werkboek: {}.", first_of(&older)),
                "Cijfers van een later jaar.",
                "Kijk of u het goede bestand koos. Het oude werkboek hebt u nog.",
            ));
        }
        let turned: Vec<String> = codes
            .iter()
            .filter_map(|code| {
                let (old, new) = own(code).zip(column(code))?;
                let (was, is) = (old.direction.trim(), new.direction.trim());
                new.has_other_direction(was).then(|| format!("{} (was '{was}', is nu '{is}')", name(code)))
            })
            .collect();
        if !turned.is_empty() {
            findings.push(Finding::new(
                "richting-veranderd",
                Level::Waarschuwing,
                Place::default(),
                format!("De richting is in de nieuwe editie anders: {}.", first_of(&turned)),
                "",
                "Lees de conclusies bij deze cijfers na: die kunnen nu andersom zijn. Het programma noemt gunstig wat het format zegt; \
                 vraag de beheerder of format en overzicht hetzelfde zeggen.",
            ));
        }
        let other: Vec<String> = codes
            .iter()
            .filter(|code| {
                own(code).zip(column(code)).is_some_and(|(old, new)| {
                    let differs = |one: &str, other: &str| !one.split_whitespace().eq(other.split_whitespace());
                    differs(&old.unit, &new.unit) || differs(&old.definition, &new.definition)
                })
            })
            .map(|code| name(code))
            .collect();
        if !other.is_empty() {
            findings.push(Finding::new(
                "eenheid-veranderd",
                Level::Waarschuwing,
                Place::default(),
                format!("De eenheid of de definitie is in de nieuwe editie anders: {}.", first_of(&other)),
                "",
                "Kijk in het overzicht wat er is veranderd voordat u iets over het verschil schrijft. Met --vorige kolom blijft \
                 kolom F leeg bij cijfers met een andere eenheid; met --vorige tab staan zij naast elkaar, elk met hun eenheid.",
            ));
        }
        findings
    }

    /// How the name of the renewed workbook ends: `editie 2016`.
    pub(super) fn edition_ending(&self, input: &FillInput) -> String {
        // The edition as it is called; a source of another year among its columns does not name it.
        let called = words::years(&input.overview.edition).into_iter().max();
        match called.unwrap_or_else(|| self.edition_year(input)).as_str() {
            "" => "nieuwe editie".to_owned(),
            year => format!("editie {year}"),
        }
    }

    /// The latest year of the figures that the workbook gets.
    fn edition_year(&self, input: &FillInput) -> String {
        let codes: BTreeSet<&str> =
            input.workbook.analysis.rows().filter_map(|(_, _, row)| row.code.as_deref()).collect();
        let years = codes
            .iter()
            .filter_map(|code| input.overview.columns.get(input.overview.column_index(code)?))
            .flat_map(|column| words::years(&column.edition).into_iter().chain(words::years(&column.year)));
        years.max().unwrap_or_default()
    }

    fn note(&self, text: &OutdatedText, previous: Previous) -> Note {
        let mut lines = vec!["Lees deze tekst na. De cijfers waar hij over gaat, zijn vernieuwd:".to_owned()];
        let benchmark = &self.format.benchmark.1;
        lines.extend(
            text.changes
                .iter()
                .take(check::MOST_CHANGES)
                .map(|change| format!("- {}", change.sentence(benchmark))),
        );
        if text.changes.len() > check::MOST_CHANGES {
            let more = text.changes.len() - check::MOST_CHANGES;
            let place = match previous {
                Previous::Tab => format!("; zie het tabblad '{}'", edition_tab::TAB),
                Previous::Column | Previous::Nowhere => String::new(),
            };
            lines.push(format!("- en nog {}{place}", words::count(more, "ander cijfer", "andere cijfers")));
        }
        if !text.quoted.is_empty() {
            lines.push(format!("In de tekst staat nog {}.", words::list(&text.quoted)));
        }
        lines.push(
            "Klopt de tekst nog? Verwijder dan deze notitie. Klopt hij niet meer, pas hem dan aan: de notitie gaat bij de \
             volgende editie vanzelf weg."
                .to_owned(),
        );
        Note {
            tab: text.text.at.tab.clone(),
            row: text.text.at.row,
            col: text.text.at.col,
            text: lines.join("\n"),
        }
    }

    fn text_to_read(&self, text: &OutdatedText) -> TextToRead {
        TextToRead {
            tab: text.text.at.tab.clone(),
            cell: text.text.at.a1(),
            about: text.text.about.clone(),
            changes: text.changes.iter().map(|change| change.sentence(&self.format.benchmark.1)).collect(),
            noted: text.noted,
        }
    }
}

/// The cells of a tab on which a note stands: true when it is ours, so that another of ours may take its place.
fn free_for_notes(input: &FillInput, tab: &str) -> Result<BTreeMap<(u32, u32), bool>> {
    let Some(package) = &input.workbook.package else { return Ok(BTreeMap::new()) };
    let mut cells = package.noted_cells(tab, NoteKind::Edition)?;
    for (at, ours) in package.noted_cells(tab, NoteKind::Check)? {
        cells.entry(at).and_modify(|free| *free |= ours).or_insert(ours);
    }
    Ok(cells)
}

/// The area that the heading of column F names, when it names one.
fn headed_area(analysis: &Analysis, input: &FillInput) -> Option<usize> {
    let headings = analysis.pijlers.iter().flat_map(|tab| &tab.headings).filter(|(field, _)| field == "naast");
    let mut texts = headings.map(|(_, cell)| cell.text.trim()).filter(|text| !text.is_empty());
    texts.find_map(|text| input.overview.the_wijk_first(text)).map(|(index, _)| index)
}

/// The name and code of an area that only the workbook's own overview may know.
fn name_of(input: &FillInput, code: &str) -> String {
    let name = input.own.as_ref().and_then(|own| Some(own.call_name(own.area_index(code)?)));
    name.map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"))
}

fn contradiction(input: &FillInput, option: &str, given: usize, known: usize) -> Error {
    let (given, known) = (input.overview.call_name(given), input.overview.call_name(known));
    Error::request(
        format!("{} is gevuld voor {known}, en achter {option} staat {given}", input.workbook.analysis.file),
        format!(
            "Laat {option} weg: de nieuwe cijfers komen er voor {known} in. Voor {given} is een ander werkboek nodig."
        ),
    )
}

/// The figures that are ongunstiger than the benchmark and got worse, as sentences.
fn worsening(comparison: &Comparison) -> Vec<String> {
    let figure = |(domein, code): &(String, String)| -> Option<&FigureComparison> {
        comparison.domeinen.iter().find(|known| known.domein == *domein)?.figure(code)
    };
    let worse = comparison.worsening.iter().filter_map(figure);
    worse.map(|figure| words::worsened(figure, &comparison.benchmark)).collect()
}

/// The first names, and how many more there are.
fn first_of(names: &[String]) -> String {
    /// How many names a message holds.
    const MOST: usize = 8;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().saturating_sub(MOST) {
        0 => words::list(&shown),
        more => format!("{} en nog {more}", shown.join(", ")),
    }
}

/// `Analyse Bospolder - ingevuld.xlsx` -> `Analyse Bospolder - editie 2016.xlsx`, in the same folder; xlsm stays xlsm.
fn edition_name(workbook: &Path, ending: &str) -> PathBuf {
    let stem = workbook.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let base = stem.strip_suffix(" - ingevuld").unwrap_or(&stem);
    let base = match base.rsplit_once(" - ") {
        Some((name, "nieuwe editie")) => name,
        Some((name, ending))
            if ending.strip_prefix("editie ").is_some_and(|year| words::years(year).len() == 1) =>
        {
            name
        }
        _ => base,
    };
    let extension = workbook.extension().map_or_else(|| "xlsx".to_owned(), |e| e.to_string_lossy().into_owned());
    workbook.with_file_name(format!("{base} - {ending}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_named_after_the_year_of_the_edition_and_never_twice() {
        let named = |from: &str| edition_name(Path::new(from), "editie 2016").display().to_string();
        assert_eq!(named("map/Analyse - ingevuld.xlsm"), "map/Analyse - editie 2016.xlsm");
        assert_eq!(named("Analyse - editie 2014.xlsx"), "Analyse - editie 2016.xlsx");
        assert_eq!(named("Analyse - concept.xlsx"), "Analyse - concept - editie 2016.xlsx");
        assert_eq!(
            edition_name(Path::new("Analyse.xlsx"), "nieuwe editie").display().to_string(),
            "Analyse - nieuwe editie.xlsx"
        );
    }
}
