//! From a workbook of the format to the files of its definition.
//!
//! Owns the way there: read the workbook, compare it with a blank one of the known format, derive, build again to see what
//! was not taken over, write all files or none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::formats::formula_faults;
use super::{Session, in_folders, inputs, refuse_existing};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::format::{self, BuildOptions, Change, Derived};
use crate::model::{Format, FoundFormat, Overview, TabKind, Unit};
use crate::package::{Archive, Handle, Spreadsheet, Target, write_together};
use crate::workbook;

/// What reading a definition out of a workbook asks.
#[derive(Debug, Clone, Default)]
pub struct ReadFormatRequest {
    /// The workbook.
    pub workbook: PathBuf,
    /// The folder for the definition files.
    pub output: PathBuf,
    /// Replace files that are there.
    pub force: bool,
}

/// What reading a definition out of a workbook gave.
#[derive(Debug, Clone, Serialize)]
pub struct ReadFormatOutcome {
    /// The workbook.
    pub workbook: PathBuf,
    /// The folder with the definition files.
    pub output: PathBuf,
    /// Number of files written.
    pub files: usize,
    /// Name of the format from which was kept what a workbook does not show.
    pub base: String,
    /// Version of the derived format.
    pub version: String,
    /// Pijlers, domeinen, indicators, factors and questions in it.
    pub counts: [usize; 5],
    /// How it differs from the known format, risky changes first.
    pub changes: Vec<Change>,
    /// What was understood in part, kept, new or left out, by tab and cell.
    pub notes: Vec<Finding>,
    /// How many fields have to be filled in.
    pub to_complete: usize,
    /// What loading the files says now: file, line and field of everything that has to be filled in or put right.
    pub problems: Vec<String>,
}

/// Derives the definition of a workbook. `folder` is that of the known format, `None` for the built-in one.
pub(super) fn derive_from(file: &str, source: Handle, base: &Format, folder: Option<&Path>) -> Result<Derived> {
    derive_with(file, source, base, &format::units(&format::sources(folder)?))
}

/// As [`derive_from`], with the units that the known format has.
pub(super) fn derive_with(file: &str, source: Handle, base: &Format, units: &[Unit]) -> Result<Derived> {
    let found = workbook::definition(file, source.clone(), base)?;
    let empty = Overview::default();
    let blank = format::build(base, &empty, &BuildOptions::default())?;
    let blank = workbook::definition("het lege werkboek", blank, base)?;
    let mut derived = format::derive(base, units, &blank, &found);
    // What the definition builds is the proof of what was taken over.
    match format::build(&derived.format, &empty, &BuildOptions::default()) {
        Ok(built) => {
            let again = workbook::definition("het nieuwe werkboek", built, &derived.format)?;
            let left = not_taken_over(&found, &again);
            derived.notes.extend(left);
        }
        Err(error) => derived.notes.push(Finding::new(
            "lees-aan-te-vullen",
            Level::Waarschuwing,
            Place::default(),
            format!("Van de afgeleide definitie kan nog geen werkboek worden gebouwd: {error}"),
            "",
            "Vul de definitiebestanden aan en controleer ze met 'wijk format controleer'.",
        )),
    }
    derived.notes.extend(broken_formulas(file, source, &found)?);
    derived.notes.sort_by_key(|note| std::cmp::Reverse(note.level));
    Ok(derived)
}

/// Formulas with an error on the tabs of the format. In a filled workbook they may be a person's, and `controleer` tells those of
/// figures.
fn broken_formulas(file: &str, source: Handle, found: &FoundFormat) -> Result<Vec<Finding>> {
    if found.filled.is_some() {
        return Ok(Vec::new());
    }
    let package = Spreadsheet::open(Archive::of(file, source)?)?;
    let ours = |finding: &Finding| {
        let tab = finding.place.tab.as_deref().and_then(|name| found.tab(name));
        tab.is_some_and(|tab| tab.kind != TabKind::Other)
    };
    let faults = formula_faults(&package)?.into_iter().filter(ours);
    Ok(faults
        .map(|fault| Finding {
            advice: "Herstel de formule in het werkboek, of haal haar weg.".to_owned(),
            ..fault
        })
        .collect())
}

/// Texts that stand in the workbook and not in the one that is built from the derived definition.
fn not_taken_over(found: &FoundFormat, again: &FoundFormat) -> Vec<Finding> {
    let key = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut built: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for cell in &again.loose {
        *built.entry((cell.at.tab.as_str(), key(&cell.text))).or_insert(0) += 1;
    }
    let mut notes = Vec::new();
    for cell in &found.loose {
        match built.get_mut(&(cell.at.tab.as_str(), key(&cell.text))) {
            Some(left) if *left > 0 => *left -= 1,
            _ if found.filled.is_some() && found.is_personal(&cell.at.tab) => {}
            // The line with the version and the steps before rows are made anew.
            _ if cell.text.contains(". Versie ") || is_step(&cell.text) => {}
            _ => notes.push(Finding::new(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Place::cell(&cell.at),
                format!("De tekst '{}' staat niet in het werkboek dat van de definitie wordt gebouwd.", start(&cell.text)),
                "",
                "Het programma maakt deze tekst zelf, of kent op deze plaats geen vrije tekst. Zet hem bij een vraag of een tekst die het format wel kent.",
            )),
        }
    }
    notes
}

/// `1.12` or `b`: the number or letter before a row.
fn is_step(text: &str) -> bool {
    text.chars().count() < 2 || text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn start(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short.replace('\n', " ")
}

impl Session {
    /// Derives the definition files from a workbook of the format and writes them into a folder. What a workbook does not
    /// show is kept from the format in use.
    ///
    /// # Errors
    /// When the workbook cannot be read, is not a workbook of a format, or is newer; when files exist already; when they
    /// cannot be written.
    pub fn read_format(&self, request: &ReadFormatRequest) -> Result<ReadFormatOutcome> {
        let folder = self.folder.as_deref();
        let sources = format::sources(folder)?;
        let mut targets: Vec<PathBuf> = sources.iter().map(|(name, _)| request.output.join(name)).collect();
        let besides = beside(folder)?;
        targets.extend(besides.iter().map(|(name, _)| request.output.join(name)));
        if request.output.is_file() {
            return Err(Error::request(
                format!("{} is een bestand en geen map", request.output.display()),
                "Geef achter -o de naam van een map voor de definitiebestanden.",
            ));
        }
        refuse_existing(targets.iter().map(PathBuf::as_path), request.force)?;
        let (name, bytes) = (inputs::file_name(&request.workbook), inputs::bytes(&request.workbook)?);
        let derived = derive_from(&name, bytes.into(), &self.format, folder)?;
        let files = format::files(&derived, &self.format, &sources);
        let problems = format::problems(&files);
        let mut contents: Vec<(PathBuf, Vec<u8>)> =
            files.into_iter().map(|(name, text)| (request.output.join(name), text.into_bytes())).collect();
        contents.extend(besides.into_iter().map(|(name, bytes)| (request.output.join(name), bytes)));
        let written: Vec<(Target, &[u8])> = contents
            .iter()
            .map(|(path, bytes)| {
                let target = Target { path: path.clone(), force: request.force, backup: false };
                (target, bytes.as_slice())
            })
            .collect();
        in_folders(contents.iter().filter_map(|(path, _)| path.parent()), || write_together(&written))?;
        let new = &derived.format;
        Ok(ReadFormatOutcome {
            workbook: request.workbook.clone(),
            output: request.output.clone(),
            files: contents.len(),
            base: self.format.name.clone(),
            version: new.version.clone(),
            counts: [
                new.pijlers.len(),
                new.domeinen.len(),
                new.indicators.len(),
                new.factoren.len(),
                new.questions.len(),
            ],
            changes: format::difference(&self.format, new),
            to_complete: derived.to_complete(),
            notes: derived.notes,
            problems,
        })
    }
}

/// What lies beside the definition in the folder of the known format: the areas and the mappings of sources.
fn beside(folder: Option<&Path>) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let mut names: Vec<PathBuf> = vec!["gebieden.csv".into()];
    let sources = folder.join("bronnen");
    if sources.is_dir() {
        let failed = |error| Error::file(&sources, "de map met koppelingen lezen", error);
        for entry in std::fs::read_dir(&sources).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            names.push(Path::new("bronnen").join(name));
        }
    }
    names.sort();
    let mut out = Vec::new();
    for name in names {
        let path = folder.join(&name);
        if path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| Error::file(&path, "het bestand lezen", error))?;
            out.push((name, bytes));
        }
    }
    Ok(out)
}
