//! Work on formats themselves: what differs between two, and trying one before it is sent to advisors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use super::{Session, in_folders, inputs, refuse_existing, write_bytes};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::format::{self, BuildOptions, Change};
use crate::model::{CHART_TAB, CellRef, CellValue, ChangeLogEntry, Format, QuestionPlace};
use crate::overview;
use crate::package::{SheetKind, Spreadsheet};
use crate::workbook::{self, Details};

/// The word for the format that is built into the program.
const BUILT_IN: &str = "ingebouwd";

/// What differs between two formats.
#[derive(Debug, Clone, Serialize)]
pub struct FormatDifference {
    /// Version of the old one.
    pub old_version: String,
    /// Version of the new one.
    pub new_version: String,
    /// Every change, risky ones first.
    pub changes: Vec<Change>,
    /// The file with the lines added to the change log, when one was asked for.
    pub log: Option<PathBuf>,
}

/// The lines for the change log of the new format.
#[derive(Debug, Clone)]
pub struct LogRequest {
    /// Where the `format.toml` with the lines is written.
    pub output: PathBuf,
    /// Date of the lines, ISO.
    pub date: String,
    /// Who made the version.
    pub who: String,
    /// Replace an existing file.
    pub force: bool,
}

/// What trying a format gave.
#[derive(Debug, Clone, Serialize)]
pub struct FormatTrial {
    /// What a maintainer should know.
    pub findings: Vec<Finding>,
    /// The pages of every tab as pdf; `None` when no preview was asked for.
    pub preview: Option<PathBuf>,
    /// Why there is no pdf beside the workbook, when there is none.
    pub no_preview: Option<String>,
}

fn named(path: &Path) -> Result<Format> {
    if path.as_os_str() == BUILT_IN {
        return format::builtin();
    }
    if path.is_dir() {
        return format::load(path);
    }
    Err(Error::request(
        format!("{} is geen map met een format", path.display()),
        format!("Geef een map met definitiebestanden, of het woord '{BUILT_IN}' voor het ingebouwde format."),
    ))
}

/// Compares two formats; with `log` also writes the new `format.toml` with a line per change.
///
/// # Errors
/// When one of them cannot be loaded, or the file cannot be written.
pub fn compare_formats(old: &Path, new: &Path, log: Option<&LogRequest>) -> Result<FormatDifference> {
    let (before, after) = (named(old)?, named(new)?);
    let changes = format::difference(&before, &after);
    if let Some(log) = log {
        if log.date.parse::<jiff::civil::Date>().is_err() {
            return Err(Error::request(
                format!("'{}' is geen datum", log.date),
                "Geef de datum als jaar-maand-dag, zoals 2027-01-15.",
            ));
        }
        refuse_existing([log.output.as_path()].into_iter(), log.force)?;
        let source = new.join("format.toml");
        let text = match source.is_file() {
            true => std::fs::read_to_string(&source)
                .map_err(|error| Error::file(&source, "Het bestand kan niet worden gelezen", error))?,
            false => format::export()
                .into_iter()
                .find(|(name, _)| *name == "format.toml")
                .map_or_else(String::new, |(_, text)| text.to_owned()),
        };
        let lines = format::change_log(&changes, &after.version, &log.date, &log.who);
        write_bytes(&log.output, with_lines(&text, &lines).as_bytes(), log.force)?;
    }
    Ok(FormatDifference {
        old_version: before.version,
        new_version: after.version,
        changes,
        log: log.map(|log| log.output.clone()),
    })
}

/// A `format.toml` with lines of the change log at its end.
fn with_lines(text: &str, lines: &[ChangeLogEntry]) -> String {
    let mut out = text.trim_end().to_owned();
    for line in lines {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        out.push_str(&format!(
            "\n\n[[wijzigingen]]\nversie = {}\ndatum = {}\nwie = {}\nwat = {}",
            quoted(&line.version),
            quoted(&line.date),
            quoted(&line.who),
            quoted(&line.what)
        ));
    }
    out.push('\n');
    out
}

impl Session {
    /// Tries the format: builds the blank workbook, reads it back and looks at what an advisor would stumble over. With
    /// `preview` the workbook is written into that folder, and as pdf where LibreOffice is installed.
    ///
    /// # Errors
    /// When the workbook cannot be built or the preview cannot be written.
    pub fn try_format(&self, preview: Option<&Path>, force: bool) -> Result<FormatTrial> {
        let format = &self.format;
        let example = overview::example()?;
        let bytes = format::build(format, &example, &BuildOptions::default())?;
        let opened = workbook::open("het lege werkboek", bytes.clone(), format, Details::All)?;
        let mut findings: Vec<Finding> = opened.findings.clone();
        findings.extend(dead_links(&opened.analysis));
        findings.extend(self.not_found_back(&opened.analysis));
        if let Some(package) = &opened.package {
            findings.extend(formula_faults(package)?);
        }
        findings.extend(self.too_long());
        for finding in &mut findings {
            finding.place.file = None;
        }
        let Some(folder) = preview else { return Ok(FormatTrial { findings, preview: None, no_preview: None }) };
        let workbook = folder.join("Voorbeeld.xlsx");
        let pdf = folder.join("Voorbeeld.pdf");
        refuse_existing([workbook.as_path(), pdf.as_path()].into_iter(), force)?;
        in_folders([folder], || write_bytes(&workbook, &bytes, force))?;
        let said = to_pdf(&workbook, folder);
        let no_preview = said.err().or_else(|| (!pdf.is_file()).then(|| "LibreOffice maakte geen pdf".to_owned()));
        Ok(FormatTrial { findings, preview: no_preview.is_none().then_some(pdf), no_preview })
    }

    /// What the reader does not find back in a workbook of this very format.
    pub(super) fn not_found_back(&self, analysis: &crate::model::Analysis) -> Vec<Finding> {
        let format = &self.format;
        let mut findings = Vec::new();
        let mut missing = |what: String, file: &str| {
            findings.push(Finding::new(
                "format-niet-teruggevonden",
                Level::Fout,
                Place::default(),
                format!("{what} wordt in het gebouwde werkboek niet teruggevonden."),
                "Een naam die nergens anders voor staat.",
                format!("Kies in {file} een andere naam, of haal een variant weg die ook iets anders betekent."),
            ));
        };
        for domein in &format.domeinen {
            let block =
                analysis.pijlers.iter().flat_map(|tab| &tab.blocks).find(|block| block.domein == domein.name);
            let Some(block) = block else {
                missing(format!("Domein '{}'", domein.name), "domeinen.csv");
                continue;
            };
            for question in format.questions.iter().filter(|question| question.place == QuestionPlace::Domein) {
                if !block.questions.iter().any(|found| found.code.as_deref() == Some(question.code.as_str())) {
                    missing(format!("De vraag '{}' bij domein {}", question.text, domein.name), "vragen.csv");
                }
            }
            for indicator in format.placement(&domein.name).into_iter().flat_map(|(_, indicators)| indicators) {
                if !block.indicators.iter().any(|row| row.code.as_deref() == Some(indicator.code.as_str())) {
                    missing(
                        format!("Indicator '{}' bij domein {}", indicator.name, domein.name),
                        "indicatoren.csv",
                    );
                }
            }
        }
        findings
    }

    /// Texts that Excel cuts off.
    pub(super) fn too_long(&self) -> Vec<Finding> {
        let format = &self.format;
        let questions = format.questions.iter().map(|question| ("vragen.csv", question.text.as_str(), 600));
        let names = format.indicators.iter().map(|indicator| ("indicatoren.csv", indicator.name.as_str(), 200));
        let factoren = format.factoren.iter().map(|factor| ("factoren.csv", factor.explanation.as_str(), 700));
        let headings = format.headings.iter().map(|heading| ("kolommen.csv", heading.text.as_str(), 120));
        let messages = ["keuze-uitleg", "keuze-melding"].map(|key| ("teksten.toml", format.texts.get(key), 255));
        questions
            .chain(names)
            .chain(factoren)
            .chain(headings)
            .chain(messages)
            .filter(|(_, text, most)| text.chars().count() > *most)
            .map(|(file, text, most)| {
                let start: String = text.chars().take(60).collect();
                Finding::new(
                    "format-tekst-te-lang",
                    Level::Waarschuwing,
                    Place { file: Some(file.to_owned()), ..Place::default() },
                    format!(
                        "De tekst '{start}...' heeft {} tekens en past niet in haar cel.",
                        text.chars().count()
                    ),
                    format!("Hooguit {most} tekens."),
                    format!("Maak de tekst in {file} korter."),
                )
            })
            .collect()
    }
}

/// Links of the blank workbook that lead nowhere.
pub(super) fn dead_links(analysis: &crate::model::Analysis) -> Vec<Finding> {
    let dead = |link: &crate::model::InternalLink| {
        Finding::new(
            "format-link-dood",
            Level::Fout,
            Place::cell(&link.at),
            format!("De link naar '{}' leidt nergens heen.", link.target),
            "Een link naar een tabblad dat er is.",
            "Controleer de namen van de tabbladen.",
        )
    };
    analysis.links.iter().filter(|link| !link.alive).map(dead).collect()
}

/// Formulas of the blank workbook with an error for an outcome.
///
/// # Errors
/// When a tab cannot be read.
pub(super) fn formula_faults(package: &Spreadsheet) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let strings = package.shared_strings()?;
    // On the hidden tab behind the charts an empty place is an error value on purpose.
    let shown = package.sheets().iter().filter(|sheet| sheet.name != CHART_TAB);
    for sheet in shown.filter(|sheet| sheet.kind == SheetKind::Worksheet) {
        package.visit_cells(&sheet.name, &mut |view| {
            if let CellValue::Error(error) = view.value(&strings) {
                findings.push(Finding::new(
                    "format-formule-fout",
                    Level::Fout,
                    Place::cell(&CellRef::new(&sheet.name, view.row, view.col)),
                    format!("De formule geeft {error}."),
                    "Een uitkomst.",
                    "Meld dit aan de makers van het programma.",
                ));
            }
            Ok(true)
        })?;
    }
    Ok(findings)
}

/// Makes a pdf through LibreOffice, with a profile of its own so that an open LibreOffice is not in the way.
fn to_pdf(workbook: &Path, folder: &Path) -> std::result::Result<(), String> {
    let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
    let home = format!("-env:UserInstallation=file://{}", profile.path().display());
    for program in ["soffice", "libreoffice"] {
        let run = Command::new(program)
            .args([home.as_str(), "--headless", "--convert-to", "pdf", "--outdir"])
            .arg(folder)
            .arg(workbook)
            .output();
        match run {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => return Err(format!("LibreOffice gaf een fout ({})", output.status)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("LibreOffice kan niet worden gestart ({error})")),
        }
    }
    Err(format!("LibreOffice is niet gevonden; bekijk {} in Excel", inputs::file_name(workbook)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_format_has_nothing_to_stumble_over() {
        let trial = Session::open(None).unwrap().try_format(None, false).unwrap();
        assert_eq!(trial.findings, []);
    }

    /// A city whose wijken are what CBS calls wijken, without gebieden.
    #[test]
    fn the_example_of_another_city_works_and_nothing_in_it_says_rotterdam() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
        let session = Session::open(Some(&root.join("format"))).unwrap();
        assert_eq!(session.try_format(None, false).unwrap().findings, []);
        let out = tempfile::tempdir().unwrap();
        let fill = super::super::FillChoices { overview: Some(root.join("overzicht.csv")), ..Default::default() };
        let request = super::super::AllRequest { folder: out.path().to_path_buf(), fill, ..Default::default() };
        let done = session.all("Burgwallen-Oude Zijde", &request).unwrap();
        let serious: Vec<&Finding> = done.findings.iter().filter(|finding| finding.level == Level::Fout).collect();
        assert!(serious.is_empty(), "{serious:?}");
        let mut parts = 0;
        for file in &done.files {
            let bytes = std::fs::read(file).unwrap();
            let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
            if let Ok(archive) = crate::package::Archive::from_bytes("x", bytes) {
                texts = archive.names().filter_map(|name| archive.read_text(name).ok()).collect();
            }
            parts += texts.len();
            let office = file.extension().is_none_or(|extension| extension != "csv");
            assert!(!office || texts.iter().any(|text| text.contains("Amsterdam")), "{}", file.display());
            for text in &texts {
                let at = text.find("Rotterdam");
                assert!(
                    at.is_none(),
                    "{}: {:?}",
                    file.display(),
                    at.map(|at| &text[at.saturating_sub(80)..at + 40])
                );
            }
        }
        assert!(parts > 60, "{parts}");
    }

    #[test]
    fn lines_that_are_added_to_the_log_load_again() {
        let text = format::export().into_iter().find(|(name, _)| *name == "format.toml").unwrap().1;
        let line = |what: &str| ChangeLogEntry {
            version: "1.2".into(),
            date: "2027-01-15".into(),
            who: "Beheer \"format\"".into(),
            what: what.into(),
        };
        let folder = tempfile::tempdir().unwrap();
        let written = with_lines(text, &[line("Eerste 'ding'."), line("Tweede \"ding\" \\ einde.")]);
        std::fs::write(folder.path().join("format.toml"), written).unwrap();
        let log = format::load(folder.path()).unwrap().change_log;
        assert_eq!(log.last().unwrap().what, "Tweede \"ding\" \\ einde.");
        assert_eq!(log.len(), format::builtin().unwrap().change_log.len() + 2);
    }

    #[test]
    fn a_text_that_does_not_fit_is_told_with_its_file() {
        let mut session = Session::open(None).unwrap();
        session.format.questions[0].text = "Waarom? ".repeat(100);
        let found = session.too_long();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place.file.as_deref(), Some("vragen.csv"));
    }
}
