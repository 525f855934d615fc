//! The order of the stations: the one module that knows them all.
//!
//! Owns paths, the choice of inputs, and that all outputs of a run appear or none. Prints nothing; what came out
//! is in the outcome types, which serialise to json.

mod checking;
mod control;
mod demo;
mod derive;
#[cfg(test)]
mod derive_tests;
mod documents;
mod edition;
mod edition_folder;
mod edition_tab;
mod editions;
mod fill;
mod findings;
mod fit;
mod folder;
mod format_difference;
mod formats;
mod inputs;
mod many;
mod migrate;
mod names;
mod office;
mod page;
mod renew;
mod sense;
mod sheet;
mod spool;

#[cfg(test)]
mod confidence_tests;
#[cfg(test)]
mod edition_tests;
#[cfg(test)]
mod leak_tests;
#[cfg(test)]
mod many_tests;
#[cfg(test)]
mod migrate_attached;
#[cfg(test)]
mod migrate_dress_tests;
#[cfg(test)]
mod migrate_elsewhere_tests;
#[cfg(test)]
mod migrate_programs_tests;
#[cfg(test)]
mod migrate_tests;
#[cfg(test)]
mod migrate_value_tests;
#[cfg(test)]
mod overview_ids_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tone_tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use checking::{CheckRequest, Ignored, Written, checked_name};
pub use derive::{ReadFormatOutcome, ReadFormatRequest};
pub use documents::{Document, DocumentOutcome, DocumentRequest};
pub use edition::{EditionDone, EditionRequest, Previous, RenewedFigure, TextToRead};
pub use edition_folder::{EditionMany, EditionOfWorkbook};
pub use editions::{EditionOutcome, TableOutcome, Unchecked};
pub use fill::{FillChoices, FillOutcome, FillTarget};
pub use folder::WorkbookFailure;
pub use format_difference::{FormatDifference, LogRequest, compare_formats};
pub use formats::FormatTrial;
pub use many::{AllOutcome, AllRequest, Failure, Levels, ManyOutcome, Progress};
pub use migrate::{
    Chosen, MigrateMany, MigrateOutcome, MigrateRequest, chosen_format, still_open, unknown_version,
};
pub use renew::RenewOutcome;

use self::inputs::Origin;
use self::office::Office;
use crate::check::{self, CheckInput};
use crate::compare;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level};
use crate::format::{self, BuildOptions};
use crate::model::{Analysis, Comparison, Format, Overview, Snippet};
use crate::overview::{self, AreaTable, Definitions, ImportOptions, ImportReport, Mapping};
use crate::package::{Target, write_new, write_together};
use crate::workbook::{self, LayoutReport};

/// A loaded format and what belongs to it: the start of every task.
#[derive(Debug)]
pub struct Session {
    format: Format,
    areas: AreaTable,
    folder: Option<PathBuf>,
}

/// What a check gave.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckOutcome {
    /// The workbook as the user named it.
    pub file: String,
    /// The wijk it is about; empty when it was not recognised.
    pub wijk: String,
    /// Its level: `wijk`, `gebied` or `buurt`.
    pub level: &'static str,
    /// Whether a spreadsheet program saved it since it was filled; `None` when it was never filled or that cannot be
    /// known.
    pub saved_since_filling: Option<bool>,
    /// Everything found, but what was left out.
    pub findings: Vec<Finding>,
    /// Codes left out on purpose, with the reason.
    pub ignored: Vec<Ignored>,
    /// How many findings are lighter than what was asked for.
    pub lighter: usize,
    /// What was written besides.
    pub written: Written,
    /// What is to be known about what was written: Dutch sentences.
    pub remarks: Vec<String>,
    /// The surroundings of each finding, in the order of the findings; `None` where there are none to show.
    #[serde(skip)]
    pub snippets: Vec<Option<Snippet>>,
}

/// A comparison, with the findings of reading its inputs.
#[derive(Debug, Clone, Serialize)]
pub struct CompareOutcome {
    /// The comparison.
    pub comparison: Comparison,
    /// What was noticed on the way.
    pub findings: Vec<Finding>,
}

/// A blank workbook that was built.
#[derive(Debug, Clone, Serialize)]
pub struct BuildOutcome {
    /// Where it stands.
    pub output: PathBuf,
    /// What was noticed about the overview that filled its tab.
    pub findings: Vec<Finding>,
}

/// An area of the overview, for lists.
#[derive(Debug, Clone, Serialize)]
pub struct AreaLine {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level in Dutch.
    pub level: &'static str,
    /// Name of the area it lies in.
    pub parent: String,
    /// Number of indicators with a figure.
    pub figures: usize,
    /// Number of indicators.
    pub total: usize,
}

/// An indicator of the overview, for lists.
#[derive(Debug, Clone, Serialize)]
pub struct IndicatorLine {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Domein, or empty.
    pub domein: String,
    /// Unit.
    pub unit: String,
    /// Direction.
    pub direction: String,
    /// Direct or benadering.
    pub kind: String,
    /// Edition.
    pub edition: String,
    /// Source.
    pub source: String,
    /// Number of wijken with a figure.
    pub wijken: usize,
    /// Number of wijken.
    pub total: usize,
}

impl Session {
    /// Loads the format: the built-in one, or `folder` in place of (part of) it.
    ///
    /// # Errors
    /// [`Error::Format`] with every problem of every file of the folder; [`Error::File`] when the folder cannot be read.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        Self::read(folder, false).map(|(session, _)| session)
    }

    /// As [`Session::open`], for who checks a format: mappings in the folder are held against its indicators too, and what does
    /// not go together is told with the rest when there is any. Gives the number of sources that can be read as well. Built-in
    /// mappings are not held against another format: it may never import.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_to_check(folder: Option<&Path>) -> Result<(Self, usize)> {
        Self::read(folder, true)
    }

    fn read(folder: Option<&Path>, check: bool) -> Result<(Self, usize)> {
        let Some(folder) = folder else {
            let (format, mut areas) = (format::builtin()?, AreaTable::built_in()?);
            let problems = control::apply(None, &format, Some(&mut areas));
            if !problems.is_empty() {
                return Err(Error::Format { folder: "ingebouwd format".to_owned(), problems });
            }
            let sources = if check { Mapping::built_in()?.len() } else { 0 };
            return Ok((Session { format, areas, folder: None }, sources));
        };
        // Each station reads its own files, and what is wrong in one hides nothing of another.
        let draft = format::draft(folder)?;
        let mut problems = draft.problems;
        let mut areas = match inputs::areas(folder) {
            Ok(areas) => Some(areas),
            Err(error) => {
                problems.extend(sentences(error));
                None
            }
        };
        problems.extend(control::apply(Some(folder), &draft.format, areas.as_mut()));
        let own = folder.join("bronnen").is_dir();
        let mut sources = 0;
        // A broken mapping is told by every command, not only when the source is needed.
        if own || check {
            let (mappings, wrong) = Mapping::drafts(folder).unwrap_or_else(|error| (Vec::new(), sentences(error)));
            problems.extend(wrong);
            sources = mappings.len();
            // A file without usable lines is a problem of its own.
            if own && check && !draft.format.indicators.is_empty() {
                let unknown = mappings.iter().filter_map(|mapping| mapping.check(&draft.format.indicators).err());
                problems.extend(unknown.flat_map(sentences));
            }
        }
        let areas_read = areas.is_some();
        let session =
            Session { format: draft.format, areas: areas.unwrap_or_default(), folder: Some(folder.to_path_buf()) };
        if problems.is_empty() {
            return Ok((session, sources));
        }
        if check && draft.own_settings && areas_read {
            let misfits = session.benchmarks_without_area().unwrap_or_default();
            problems.extend(misfits.iter().filter(|misfit| misfit.level == Level::Fout).map(sense::as_sentence));
        }
        // The folder is named once, above them.
        let inside = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        let problems = problems.into_iter().map(|said| said.replacen(&inside, "", 1)).collect();
        Err(Error::Format { folder: folder.display().to_string(), problems })
    }

    /// The format in use.
    #[must_use]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Builds the blank workbook with the figures of `overview` (or the built-in one) and writes it.
    ///
    /// # Errors
    /// As reading an overview, and when the target exists or cannot be written.
    pub fn build_format(&self, overview: Option<&Path>, output: &Path, force: bool) -> Result<BuildOutcome> {
        refuse_existing([output].into_iter(), force)?;
        expect_extension(output, "xlsx")?;
        let open = inputs::overview_open(overview)?;
        let (overview, mut findings) = self.overview(overview)?;
        findings.extend(open);
        findings.extend(self.benchmarks_without_area()?);
        let bytes = format::build(&self.format, &overview, &BuildOptions::default())?;
        write_bytes(output, &bytes, force)?;
        Ok(BuildOutcome { output: output.to_path_buf(), findings })
    }

    /// Writes the built-in definition files into a folder, which is made when absent.
    ///
    /// # Errors
    /// When a file exists already (all are named) or cannot be written.
    pub fn export_format(folder: &Path, force: bool) -> Result<Vec<PathBuf>> {
        let mut files: Vec<(PathBuf, &str)> =
            format::export().into_iter().map(|(name, content)| (folder.join(name), content)).collect();
        files.extend(overview::export().into_iter().map(|(name, content)| (folder.join(name), content)));
        refuse_existing(files.iter().map(|(path, _)| path.as_path()), force)?;
        let targets: Vec<(Target, &[u8])> = files
            .iter()
            .map(|(path, content)| (Target { path: path.clone(), force, backup: false }, content.as_bytes()))
            .collect();
        in_folders(files.iter().filter_map(|(path, _)| path.parent()), || write_together(&targets))?;
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }

    /// The mappings in the user's folder, or the built-in ones.
    fn mappings(&self) -> Result<Vec<Mapping>> {
        match &self.folder {
            Some(folder) => Mapping::from_folder(folder),
            None => Mapping::built_in(),
        }
    }

    /// Merges sources into one overview and writes it as csv or, when the name ends in `.xlsx`, as a workbook with the
    /// overview tab.
    ///
    /// # Errors
    /// As [`overview::import`], and when the target exists or cannot be written.
    pub fn import_overview(
        &self,
        sources: &[PathBuf],
        output: &Path,
        options: &ImportOptions,
        force: bool,
    ) -> Result<ImportReport> {
        let as_workbook = match extension(output).as_str() {
            "csv" => false,
            "xlsx" => true,
            other => {
                return Err(Error::request(
                    format!("Een overzicht kan niet worden geschreven als '.{other}'"),
                    "Geef een naam op die eindigt op .csv of .xlsx.",
                ));
            }
        };
        refuse_existing([output].into_iter(), force)?;
        let mut read = Vec::new();
        for path in sources {
            read.push((inputs::file_name(path), inputs::bytes(path)?));
        }
        let mappings = self.mappings()?;
        let benchmark = (self.format.benchmark.0.as_str(), self.format.benchmark.1.as_str());
        let definitions = Definitions {
            indicators: &self.format.indicators,
            domeinen: &self.format.domeinen,
            areas: &self.areas,
            mappings: &mappings,
            benchmark: Some(benchmark),
        };
        let (overview, mut report) = overview::import(&read, &definitions, options)?;
        report.findings.extend(check::check_overview(&self.format, &overview));
        let bytes = if as_workbook {
            format::build_overview(&self.format, &overview)?
        } else {
            overview::write_csv(&overview)?
        };
        write_bytes(output, &bytes, force)?;
        Ok(report)
    }

    /// What was recognised in a workbook.
    ///
    /// # Errors
    /// As [`workbook::open`].
    pub fn show(&self, workbook: &Path) -> Result<LayoutReport> {
        let (name, bytes) = (inputs::file_name(workbook), inputs::bytes(workbook)?);
        let opened = workbook::open(&name, &bytes, &self.format, workbook::Details::All)?;
        let findings = Office::Workbook.open_elsewhere(workbook, false)?.into_iter().collect();
        Ok(LayoutReport { findings, ..workbook::layout_report(&opened.analysis, &self.format) })
    }

    /// Compares a wijk with the benchmark: from a workbook, or from the overview alone.
    ///
    /// # Errors
    /// When a file cannot be opened, or the wijk is not known.
    pub fn compare(
        &self,
        workbook: Option<&Path>,
        wijk: Option<&str>,
        overview: Option<&Path>,
    ) -> Result<CompareOutcome> {
        if let Some(path) = workbook {
            let input = self.workbook(path, overview)?;
            let named = input.named(wijk)?;
            let beside = input.beside();
            let known = input.overview_or_error()?;
            let comparison = compare::compare(&self.format, known, named.area, beside, Some(&input.analysis));
            let mut findings = input.findings;
            let mut version: Vec<Finding> =
                check::other_version(&self.format, &input.analysis).into_iter().collect();
            check::apply_settings(&self.format, &mut version);
            findings.extend(version);
            findings.extend(input.open);
            findings.extend(named.remark);
            return Ok(CompareOutcome { comparison, findings });
        }
        let path = overview;
        let (overview, mut findings) = self.overview(path)?;
        findings.extend(inputs::overview_open(path)?);
        let named = names::wijk(&overview, wijk.unwrap_or_default(), &Origin::of(path))?;
        findings.extend(named.remark);
        let comparison = compare::compare(&self.format, &overview, named.area, None, None);
        Ok(CompareOutcome { comparison, findings })
    }

    /// The areas of an overview.
    ///
    /// # Errors
    /// As reading an overview.
    pub fn areas(&self, overview: Option<&Path>) -> Result<Vec<AreaLine>> {
        let (overview, _) = self.overview(overview)?;
        let columns: Vec<usize> = figure_columns(&overview);
        Ok(overview
            .areas
            .iter()
            .enumerate()
            .map(|(index, area)| AreaLine {
                code: area.code.clone(),
                name: area.name.clone(),
                level: area.level.word(),
                parent: area
                    .parent
                    .as_deref()
                    .and_then(|code| overview.area_index(code))
                    .and_then(|parent| overview.areas.get(parent))
                    .map_or_else(String::new, |parent| parent.name.clone()),
                figures: columns
                    .iter()
                    .filter(|column| overview.figure(index, **column).value().is_some())
                    .count(),
                total: columns.len(),
            })
            .collect())
    }

    /// The indicators of an overview.
    ///
    /// # Errors
    /// As reading an overview.
    pub fn indicators(&self, overview: Option<&Path>) -> Result<Vec<IndicatorLine>> {
        let (overview, _) = self.overview(overview)?;
        let wijken = inputs::wijken(&overview);
        Ok(figure_columns(&overview)
            .into_iter()
            .filter_map(|index| {
                let column = overview.columns.get(index)?;
                Some(IndicatorLine {
                    code: column.code.clone(),
                    name: column.name.clone(),
                    domein: column.domein.clone(),
                    unit: column.unit.clone(),
                    direction: column.direction.clone(),
                    kind: column.kind.clone(),
                    edition: column.edition.clone(),
                    source: column.source.clone(),
                    wijken: wijken.iter().filter(|area| overview.figure(**area, index).value().is_some()).count(),
                    total: wijken.len(),
                })
            })
            .collect())
    }

    /// Runs the check on a workbook that was read already; `other` are the findings of reading and filling it, `comparison`
    /// is that of its figures, where its area is known.
    fn check_read(
        &self,
        analysis: &Analysis,
        overview: Option<&Overview>,
        area: Option<usize>,
        highlighting: bool,
        other: &[Finding],
        comparison: Option<&Comparison>,
    ) -> CheckOutcome {
        let known = known_area(analysis, overview, area);
        let mut other = other.to_vec();
        other.extend(comparison.iter().flat_map(|comparison| check::outdated_proposals(comparison, analysis)));
        let input = CheckInput { format: &self.format, analysis, overview, area, highlighting, other: &other };
        let findings = check::check(&input);
        let wijk = known
            .map(|(area, overview)| overview.call_name(area))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| analysis.wijk().to_owned());
        let level = known.map_or("wijk", |(area, overview)| names::level(overview, area));
        let saved_since_filling = analysis.since_filling.as_ref().map(|since| since.saved);
        CheckOutcome {
            file: analysis.file.clone(),
            wijk,
            level,
            saved_since_filling,
            findings,
            ..CheckOutcome::default()
        }
    }
}

/// The sentences of an error about files of a format.
fn sentences(error: Error) -> Vec<String> {
    match error {
        Error::Format { problems, .. } => problems,
        other => vec![other.to_string()],
    }
}

/// The area that a workbook is about, with its overview: the one given, else the one that the workbook names.
fn known_area<'a>(
    analysis: &Analysis,
    overview: Option<&'a Overview>,
    area: Option<usize>,
) -> Option<(usize, &'a Overview)> {
    let named = |overview: &Overview| overview.the_wijk_first(analysis.wijk()).map(|(index, _)| index);
    area.or_else(|| named(overview?)).zip(overview)
}

/// Columns that hold figures, not numbers of observations.
fn figure_columns(overview: &Overview) -> Vec<usize> {
    overview.columns.iter().enumerate().filter(|(_, column)| !column.is_count()).map(|(index, _)| index).collect()
}

/// Refuses a name that says another kind of file than is written: Word and Excel would not open it.
fn expect_extension(path: &Path, wanted: &str) -> Result<()> {
    if extension(path) == wanted {
        return Ok(());
    }
    Err(Error::request(
        format!("'{}' is geen goede naam voor dit bestand", path.display()),
        format!("Geef een naam op die eindigt op .{wanted}."),
    ))
}

/// The extension in lower case, without the point; empty when there is none.
fn extension(path: &Path) -> String {
    path.extension().map_or_else(String::new, |extension| extension.to_string_lossy().to_lowercase())
}

/// Writes bytes whole or not at all.
fn write_bytes(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    use std::io::Write as _;
    let target = Target { path: path.to_path_buf(), force, backup: false };
    write_new(&target, |file| {
        file.write_all(bytes).map_err(|error| Error::file(path, "Het bestand schrijven lukt niet", error))
    })?;
    Ok(())
}

/// Refuses to write over a file that the same run reads, whatever its name is spelled like and also when it may overwrite: what a
/// person gave would be lost.
///
/// # Errors
/// [`Error::Request`] with the first output that is read as well.
pub fn refuse_writing_over(read: &[PathBuf], written: &[PathBuf]) -> Result<()> {
    match written.iter().find(|output| read.iter().any(|input| same_file(input, output))) {
        None => Ok(()),
        Some(output) => Err(Error::request(
            format!("{} wordt in deze opdracht ook gelezen; het zou verloren gaan", output.display()),
            "Kies een andere naam voor het resultaat. Wat u als invoer geeft, wordt nooit overschreven.",
        )),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Makes folders, and the folders above them, for what `write` writes in them. When that fails, those that were made
/// here go again.
fn in_folders<'a>(folders: impl IntoIterator<Item = &'a Path>, write: impl FnOnce() -> Result<()>) -> Result<()> {
    let folders: BTreeSet<&Path> = folders.into_iter().collect();
    let above = folders.iter().flat_map(|folder| folder.ancestors());
    let new: BTreeSet<&Path> = above.filter(|path| !path.as_os_str().is_empty() && !path.exists()).collect();
    let make = |folder: &&Path| {
        std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, "De map maken lukt niet", error))
    };
    let done = folders.iter().try_for_each(make).and_then(|()| write());
    if done.is_err() {
        // The deepest first; a folder in which somebody put something stays.
        for folder in new.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
    done
}

/// Says beforehand which targets exist already, all at once, so that nothing is half written. What may be replaced may
/// still not be open: who saves it there later would write over the new file.
fn refuse_existing<'a>(targets: impl Iterator<Item = &'a Path>, force: bool) -> Result<()> {
    let existing: Vec<&Path> = targets.filter(|path| path.symlink_metadata().is_ok()).collect();
    if force {
        return existing.into_iter().try_for_each(|path| Office::of(path).open_elsewhere(path, true).map(drop));
    }
    let existing: Vec<String> = existing.into_iter().map(|path| path.display().to_string()).collect();
    match existing.as_slice() {
        [] => Ok(()),
        [one] => Err(Error::request(
            format!("{one} bestaat al"),
            "Kies een andere naam, of geef --forceer mee als het oude bestand weg mag.",
        )),
        several => Err(Error::request(
            format!("Deze bestanden bestaan al: {}", several.join(", ")),
            "Kies een andere map, of geef --forceer mee als de oude bestanden weg mogen.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparing_from_a_workbook_of_a_newer_format_says_so() {
        let here = tempfile::tempdir().unwrap();
        let workbook = here.path().join("nieuwer.xlsx");
        let mut session = leak_tests::fictitious_session();
        let source = here.path().join("overzicht.csv");
        let figures = leak_tests::fictitious(session.format());
        std::fs::write(&source, overview::write_csv(&figures).unwrap()).unwrap();
        let known = std::mem::replace(&mut session.format.version, "99.0.0".into());
        session.build_format(Some(&source), &workbook, false).unwrap();
        let wijk = figures.areas.iter().find(|area| area.level == crate::model::AreaLevel::Wijk).unwrap();
        let about = |session: &Session| {
            let found = session.compare(Some(&workbook), Some(&wijk.name), Some(&source)).unwrap().findings;
            found.into_iter().filter(|finding| finding.code == "format-andere-versie").collect::<Vec<_>>()
        };
        assert_eq!(about(&session), []);
        session.format.version = known;
        let [told] = &about(&session)[..] else { panic!("once") };
        assert!(told.found.contains("versie 99.0.0") && told.advice.contains("nieuwere versie"), "{told:?}");
    }

    #[test]
    fn a_document_or_workbook_with_another_extension_is_refused_before_anything_is_read() {
        let session = Session::open(None).unwrap();
        let request =
            DocumentRequest { workbook: "weg.xlsx".into(), output: "r.doc".into(), ..DocumentRequest::default() };
        let said = session.document(Document::Report, &request).unwrap_err().to_string();
        assert!(said.contains("eindigt op .docx"), "{said}");
        let said = session.build_format(None, Path::new("leeg.csv"), false).unwrap_err().to_string();
        assert!(said.contains("eindigt op .xlsx"), "{said}");
        assert!(expect_extension(Path::new("Rapportage.DOCX"), "docx").is_ok());
    }
}
