//! Everything at once, for one wijk or for all.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::documents::{DOCUMENTS, Document, Material, checked_date, paths, read_house, safe_name};
use super::edition::{EditionDone, Previous};
use super::fill::{Added, FillChoices, FillInput};
use super::findings::{Line, findings_csv, table_heading, table_rows};
use super::inputs::Origin;
use super::names::{self, Named};
use super::office::Office;
use super::spool::{Piece, Spool};
use super::{Session, in_folders, inputs, refuse_existing};
use crate::compare;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::format::{self, BuildOptions};
use crate::model::words::count;
use crate::model::{AreaLevel, Overview};
use crate::package::{Target, write_new, write_together};
use crate::privacy;
use crate::workbook;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct AllRequest {
    /// The workbook; `None` starts from the blank one.
    pub workbook: Option<PathBuf>,
    /// The folder everything goes into.
    pub folder: PathBuf,
    /// About filling.
    pub fill: FillChoices,
    /// The overview of a new edition, and where the old figures stay visible: for a workbook that was filled before.
    pub edition: Option<(PathBuf, Previous)>,
    /// Date on the documents, ISO.
    pub date: Option<String>,
    /// Replace existing files.
    pub force: bool,
    /// A document of the organisation that gives report and plan their house style.
    pub house_style: Option<PathBuf>,
    /// Keep the findings of every wijk in what [`Session::all_wijken`] gives. Without it they stand in the files only, and
    /// memory does not grow with them.
    pub keep_findings: bool,
}

/// How far [`Session::all_wijken`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It begins, with this many wijken.
    Start(usize),
    /// One more wijk is done.
    Step,
}

/// How many findings there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Levels {
    /// Of the level fout.
    pub fouten: usize,
    /// Of the level waarschuwing.
    pub waarschuwingen: usize,
    /// Of the level opmerking.
    pub opmerkingen: usize,
}

impl Levels {
    /// Counts them.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let of = |level| findings.iter().filter(|finding| finding.level == level).count();
        Levels {
            fouten: of(Level::Fout),
            waarschuwingen: of(Level::Waarschuwing),
            opmerkingen: of(Level::Opmerking),
        }
    }

    fn and(self, other: Self) -> Self {
        Levels {
            fouten: self.fouten + other.fouten,
            waarschuwingen: self.waarschuwingen + other.waarschuwingen,
            opmerkingen: self.opmerkingen + other.opmerkingen,
        }
    }
}

/// What came of one wijk.
#[derive(Debug, Clone, Serialize)]
pub struct AllOutcome {
    /// Name of the wijk.
    pub wijk: String,
    /// Its level: `wijk`, `gebied` or `buurt`.
    pub level: &'static str,
    /// The filled workbook.
    pub workbook: PathBuf,
    /// Every file written, the workbook first.
    pub files: Vec<PathBuf>,
    /// Number of cells written in the workbook.
    pub cells: usize,
    /// Roles for which the house style has no style; they became direct formatting.
    pub missed_styles: Vec<String>,
    /// Styles of the house style whose text has too little contrast with its ground, with that contrast.
    pub faint_styles: Vec<String>,
    /// The first page of the house style was left out, because nothing is to be filled in there.
    pub first_page_left_out: bool,
    /// How many tables of report and plan have words that break on the pages of the house style.
    pub cramped_tables: usize,
    /// Pictures of the house style without an alternative text, with the place of each.
    pub mute_pictures: Vec<String>,
    /// Content controls of the house style that show `[wijk]` or the like still, with place and tag.
    pub unfilled: Vec<String>,
    /// The language of the house style (`en-US`) where it is not Dutch: a PDF names that one.
    pub language: Option<String>,
    /// Report and plan are protected against editing, because the house style is.
    pub protected: bool,
    /// How many findings there are of each level, also where they are not kept.
    pub levels: Levels,
    /// Findings of filling and checking; empty for one of many wijken, unless they were asked for.
    pub findings: Vec<Finding>,
    /// What a new edition of the figures changed; `None` for ordinary filling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<EditionDone>,
}

/// A wijk that did not succeed.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// Name of the wijk.
    pub wijk: String,
    /// Why, as a Dutch sentence.
    pub reason: String,
}

/// What came of many wijken.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ManyOutcome {
    /// What succeeded, in the order of the overview.
    pub done: Vec<AllOutcome>,
    /// What failed, in the order of the overview.
    pub failed: Vec<Failure>,
    /// The findings of all wijken in one table.
    pub table: Option<PathBuf>,
    /// How many findings there are of each level, over all wijken that succeeded.
    pub levels: Levels,
    /// What is to be known about the workbook that all began with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// That the workbook all began with holds texts about one wijk, which now stand in the files of others: said once, beside
/// the finding that each of those wijken has. `foreign` is how many those are.
fn texts_of_one_wijk(input: &FillInput, foreign: usize) -> Option<Finding> {
    let tabs = &input.workbook.analysis.pijlers;
    let named = tabs.iter().filter_map(|tab| tab.wijk.as_ref()).find(|cell| !cell.text.trim().is_empty());
    let cell = named.filter(|_| foreign > 0)?;
    let name = cell.text.trim();
    let others = count(foreign, "andere wijk", "andere wijken");
    let place = Place { file: Some(input.workbook.analysis.file.clone()), ..Place::cell(&cell.at) };
    Some(Finding::new(
        TEXTS_OF_ANOTHER,
        Level::Waarschuwing,
        place,
        format!(
            "In dit werkboek staan teksten over '{name}'. Die staan nu ook in de werkboeken en de documenten van {others}."
        ),
        "Een werkboek zonder teksten over één wijk.",
        "Begin met een leeg werkboek: laat de naam van het werkboek weg, en kies met --map een nieuwe map. Gebruik de documenten die nu zijn gemaakt niet.",
    ))
}

/// What came of one wijk, its piece of the table, and whether it got texts about another.
type Made = (AllOutcome, Piece, bool);

/// The finding of filling that people's texts are about another wijk.
const TEXTS_OF_ANOTHER: &str = "teksten-van-andere-wijk";

/// That somebody has the workbook open that all begins with, or the overview.
fn open_elsewhere(request: &AllRequest) -> Result<Vec<Finding>> {
    let workbook = request.workbook.as_deref();
    let workbook = workbook.map_or(Ok(None), |path| Office::Workbook.open_elsewhere(path, false))?;
    let edition = request.edition.as_ref().map(|(edition, _)| edition.as_path());
    let overview = inputs::overview_open(edition.or(request.fill.overview.as_deref()))?;
    Ok(workbook.into_iter().chain(overview).collect())
}

/// Where the table with the findings of all wijken goes: numbered when one is there already, because a run that goes on
/// where another stopped replaces nothing.
fn free_name(folder: &Path, force: bool) -> PathBuf {
    let named = |number: u32| match number {
        1 => folder.join("Bevindingen alle wijken.csv"),
        number => folder.join(format!("Bevindingen alle wijken {number}.csv")),
    };
    (1..10_000).map(named).find(|path| force || path.symlink_metadata().is_err()).unwrap_or_else(|| named(1))
}

/// The rows of a wijk in the table over all wijken.
fn rows_of(done: &AllOutcome) -> Result<Vec<u8>> {
    let file = |finding: &Finding| finding.place.file.clone().unwrap_or_default();
    let files: Vec<String> = done.findings.iter().map(file).collect();
    let found = done.findings.iter().zip(&files);
    let rows: Vec<_> =
        found.map(|(finding, file)| (done.wijk.as_str(), file.as_str(), Line::Found(finding))).collect();
    table_rows(&rows)
}

impl Session {
    /// Fill, check and make all documents for one wijk, into one folder. With a new edition the wijk may be left out: then it
    /// is the one the workbook was filled for.
    ///
    /// # Errors
    /// As filling and making documents; when one target exists already nothing is written.
    pub fn all<'a>(&self, wijk: impl Into<Option<&'a str>>, request: &AllRequest) -> Result<AllOutcome> {
        let wijk: Option<&str> = wijk.into();
        let date = checked_date(request.date.as_deref())?;
        let input = self.start(request)?;
        let house = request.house_style.as_deref().map(read_house).transpose()?;
        let beside = request.fill.beside.as_deref();
        let areas = match request.edition {
            Some((_, previous)) => self.areas_of(&input, wijk, beside, previous)?,
            None => {
                let wijk = names::wijk(&input.overview, wijk.unwrap_or_default(), &input.origin)?;
                let beside = names::beside(&input.overview, beside, &input.origin)?;
                names::refuse_itself(&input.overview, &wijk, beside.as_ref())?;
                (wijk, beside)
            }
        };
        let mut done = self.one(&input, areas, &request.folder, request, (date.as_deref(), house.as_ref()))?;
        done.findings.splice(0..0, open_elsewhere(request)?);
        Ok(done)
    }

    /// The same for every wijk of the overview, each in a folder of its own, in parallel. A wijk that fails does not
    /// stop the others. `progress` is called with the number of wijken when that is known, and then after each wijk,
    /// from several threads.
    ///
    /// # Errors
    /// Only what holds for all wijken: the workbook, the overview or the date cannot be used.
    pub fn all_wijken(&self, request: &AllRequest, progress: &(dyn Fn(Progress) + Sync)) -> Result<ManyOutcome> {
        let date = checked_date(request.date.as_deref())?;
        let input = self.start(request)?;
        let house = request.house_style.as_deref().map(read_house).transpose()?;
        let wijken = inputs::wijken(&input.overview);
        // Two wijken of one name, or of names that are one name for a folder, each get a folder with their code.
        let folder_of = |area: usize| safe_name(&area_name(&input.overview, area)).to_lowercase();
        let mut folders: BTreeMap<String, usize> = BTreeMap::new();
        for area in &wijken {
            *folders.entry(folder_of(*area)).or_default() += 1;
        }
        progress(Progress::Start(wijken.len()));
        let spool = Spool::new();
        let results: Vec<(String, Result<Made>)> = wijken
            .par_iter()
            .map(|area| {
                let name = area_name(&input.overview, *area);
                let code = input.overview.areas.get(*area).map_or("", |area| area.code.as_str());
                let name = match folders.get(&folder_of(*area)) {
                    Some(count) if *count > 1 => format!("{name} ({code})"),
                    _ => name,
                };
                let folder = request.folder.join(safe_name(&name));
                let beside = names::beside(&input.overview, request.fill.beside.as_deref(), &input.origin);
                let result = beside.and_then(|beside| {
                    let named = Named { area: *area, remark: None };
                    let mut done =
                        self.one(&input, (named, beside), &folder, request, (date.as_deref(), house.as_ref()))?;
                    let piece = spool.put(&rows_of(&done)?)?;
                    let foreign = done.findings.iter().any(|finding| finding.code == TEXTS_OF_ANOTHER);
                    if !request.keep_findings {
                        done.findings = Vec::new();
                    }
                    Ok((done, piece, foreign))
                });
                progress(Progress::Step);
                (name, result)
            })
            .collect();
        let mut outcome = ManyOutcome { findings: open_elsewhere(request)?, ..ManyOutcome::default() };
        let mut pieces = Vec::new();
        let mut of_another = 0;
        for (wijk, result) in results {
            match result {
                Ok((done, piece, foreign)) => {
                    of_another += usize::from(foreign);
                    outcome.levels = outcome.levels.and(done.levels);
                    outcome.done.push(done);
                    pieces.push(piece);
                }
                Err(error) => outcome.failed.push(Failure { wijk, reason: error.to_string() }),
            }
        }
        outcome.findings.extend(texts_of_one_wijk(&input, of_another));
        // One table over all wijken, for who looks after the figures.
        if !outcome.done.is_empty() {
            let path = free_name(&request.folder, request.force);
            let target = Target { path: path.clone(), force: request.force, backup: false };
            let heading = table_heading()?;
            in_folders([request.folder.as_path()], || {
                write_new(&target, |file| {
                    let written = file.write_all(&heading).and_then(|()| spool.write(&pieces, file));
                    written.map_err(|error| Error::file(&path, "Het bestand schrijven lukt niet", error))
                })
                .map(drop)
            })?;
            outcome.table = Some(path);
        }
        Ok(outcome)
    }

    /// The workbook that every wijk starts from, and its figures.
    fn start(&self, request: &AllRequest) -> Result<FillInput> {
        let edition = request.edition.as_ref().map(|(edition, _)| edition.as_path());
        let overview = edition.or(request.fill.overview.as_deref());
        match &request.workbook {
            Some(path) if edition.is_some() => self.fill_input(path, overview),
            Some(path) => Ok(self.fill_input(path, overview)?.whole(&self.format)),
            None => {
                let (figures, findings) = self.overview(overview)?;
                let bytes = format::build(&self.format, &figures, &BuildOptions::default())?;
                let mut input = self.fill_input_of("Analyse.xlsx".to_owned(), bytes.into(), None, None)?;
                input.findings.extend(findings);
                input.origin = Origin::of(overview);
                Ok(input)
            }
        }
    }

    fn one(
        &self,
        input: &FillInput,
        (named, beside): (Named, Option<Named>),
        folder: &Path,
        request: &AllRequest,
        (date, house): (Option<&str>, Option<&(String, Vec<u8>)>),
    ) -> Result<AllOutcome> {
        let area = named.area;
        let wijk = area_name(&input.overview, area);
        let remarks = named.remark.into_iter().chain(beside.as_ref().and_then(|named| named.remark.clone()));
        let remarks: Vec<Finding> = remarks.collect();
        let beside = beside.map(|named| named.area);
        let extension =
            Path::new(&input.workbook.analysis.file).extension().map_or("xlsx".into(), |e| e.to_owned());
        let ending = match request.edition {
            Some(_) => self.edition_ending(input),
            None => "ingevuld".to_owned(),
        };
        let workbook_path =
            folder.join(format!("Analyse {} - {ending}", safe_name(&wijk))).with_added_extension(extension);
        let documents = paths(folder, &wijk);
        let findings_path = folder.join(format!("Bevindingen {}.csv", safe_name(&wijk)));
        let ledger_path = folder.join(format!("Logboek {}.csv", safe_name(&wijk)));
        let files: Vec<PathBuf> = std::iter::once(workbook_path.clone())
            .chain(documents.iter().map(|(_, path)| path.clone()))
            .chain([findings_path, ledger_path])
            .collect();
        refuse_existing(files.iter().map(PathBuf::as_path), request.force)?;

        let (plan, added, about, mut edition) = match request.edition {
            Some((_, previous)) => {
                let renewing = self.renewing(input, area, beside, previous, request.fill.overwrite)?;
                (renewing.plan, renewing.added, renewing.findings, Some(renewing.done))
            }
            None => (self.plan(input, area, beside, request.fill.overwrite)?, Added::default(), Vec::new(), None),
        };
        let mut filled_bytes = Vec::new();
        let filled = self.carry_out(input, &plan, request.fill.repair, &added, &mut filled_bytes)?;
        if let Some(edition) = &mut edition {
            edition.tab.clone_from(&filled.applied.own_tab);
        }

        // What is checked and reported is the workbook that was written, read back.
        let name = inputs::file_name(&workbook_path);
        let filled_bytes = Arc::new(filled_bytes);
        let (origin, all) = (input.workbook.package.as_ref(), workbook::Details::All);
        let opened = workbook::open_made_of(&name, Arc::clone(&filled_bytes), &self.format, all, origin)?;
        let mut findings = opened.findings.clone();
        // What was found about the workbook is found again in what was written; about the overview it is said only once.
        let of_workbook = Some(input.workbook.analysis.file.as_str());
        let elsewhere = input.findings.iter().filter(|finding| finding.place.file.as_deref() != of_workbook);
        findings.extend(elsewhere.cloned());
        findings.extend(filled.findings.iter().cloned());
        findings.extend(about);
        findings.extend(remarks);
        let mut analysis = opened.analysis;
        privacy::protect_history(&input.overview, &mut analysis.history);
        let comparison =
            compare::compare_with(&self.format, &input.overview, &input.statistics, area, beside, Some(&analysis));
        let checked =
            self.check_read(&analysis, Some(&input.overview), Some(area), true, &findings, Some(&comparison));
        let general = self.general(&input.overview, area);
        let shown = privacy::protect_texts(&comparison, &analysis);
        let material = Material {
            analysis: &shown,
            comparison: &comparison,
            general: &general,
            date,
            findings: checked.findings.len(),
        };
        let mut contents = Vec::new();
        let (mut missed_styles, mut faint_styles, mut cramped_tables) = (Vec::new(), Vec::new(), 0);
        let (mut mute_pictures, mut unfilled, mut language) = (Vec::new(), Vec::new(), None);
        let (mut first_page_left_out, mut protected) = (false, false);
        for which in DOCUMENTS {
            // The card is one page, whatever the margins of the organisation are.
            let worn = house.filter(|_| which != Document::ConversationCard).cloned();
            let made = self.make(which, &material, worn)?;
            cramped_tables += made.cramped;
            protected |= made.protected;
            if which == Document::Report {
                first_page_left_out = made.first_page_left_out;
                (missed_styles, faint_styles) = (made.missed, made.faint);
                (mute_pictures, unfilled) = (made.mute_pictures, made.unfilled);
                language = made.language;
            }
            contents.push(made.bytes);
        }
        contents.push(findings_csv(&checked.findings)?);
        let mut ledger = Vec::new();
        workbook::write_ledger_csv(&mut ledger, &mut |tell| input.ledger(&self.format, &filled, tell))?;
        contents.push(ledger);

        let target = |path: &PathBuf| Target { path: path.clone(), force: request.force, backup: false };
        let together: Vec<(Target, &[u8])> = files
            .iter()
            .map(target)
            .zip(std::iter::once(filled_bytes.as_slice()).chain(contents.iter().map(Vec::as_slice)))
            .collect();
        in_folders([folder], || write_together(&together))?;
        Ok(AllOutcome {
            wijk,
            level: checked.level,
            workbook: workbook_path,
            files,
            cells: filled.ledger.len(),
            missed_styles,
            faint_styles,
            first_page_left_out,
            cramped_tables,
            mute_pictures,
            unfilled,
            language,
            protected,
            levels: Levels::of(&checked.findings),
            findings: checked.findings,
            edition,
        })
    }
}

/// The name as it stands in names of files and messages: `Bospolder`, but `gebied Charlois`, so that a gebied and a
/// wijk of one name do not claim the same files.
fn area_name(overview: &Overview, area: usize) -> String {
    overview.areas.get(area).map_or_else(String::new, |area| match area.level {
        AreaLevel::Wijk => area.name.clone(),
        level => format!("{} {}", level.word(), area.name),
    })
}
