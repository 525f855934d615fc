//! Work on formats themselves: what differs between two, and trying one before it is sent to advisors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use super::derive::derive_from;
use super::{Session, expect_extension, in_folders, inputs, refuse_existing, write_bytes};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::format::{self, BuildOptions, Change};
use crate::model::{CHART_TAB, CellRef, CellValue, ChangeLogEntry, Format, QuestionPlace};
use crate::overview;
use crate::package::{Archive, SheetKind, Spreadsheet};
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
    /// What was not understood, or only in part, of a workbook.
    pub not_understood: Vec<Finding>,
    /// The file with the lines added to the change log, when one was asked for.
    pub log: Option<PathBuf>,
    /// How many lines came in it; `None` when no log was asked for. Without lines nothing is written.
    pub log_lines: Option<usize>,
}

/// The lines for the change log of the new format.
#[derive(Debug, Clone)]
pub struct LogRequest {
    /// Where the `format.toml`, or the workbook, with the lines is written; `None`: in the new format's own folder.
    pub output: Option<PathBuf>,
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

/// One side of a comparison.
struct Side {
    format: Format,
    /// What was not understood when it is a workbook.
    notes: Vec<Finding>,
    /// The workbook, for its log.
    workbook: Option<Vec<u8>>,
}

/// True for the name of a workbook; everything else is a folder or the built-in format.
fn is_workbook(path: &Path) -> bool {
    path.is_file()
}

/// A format by the word for the built-in one or by its folder.
fn named(path: &Path) -> Result<Side> {
    let whole = |format| Side { format, notes: Vec::new(), workbook: None };
    if path.as_os_str() == BUILT_IN {
        return format::builtin().map(whole);
    }
    if path.is_dir() {
        return format::load(path).map(whole);
    }
    Err(Error::request(
        format!("{} is geen map met een format en geen werkboek", path.display()),
        format!(
            "Geef een map met definitiebestanden, een werkboek van het format (xlsx), of het woord '{BUILT_IN}' voor het \
             ingebouwde format."
        ),
    ))
}

/// A format out of a workbook; what the workbook does not show is as in `base`.
fn shown_by(path: &Path, base: &Format, folder: Option<&Path>) -> Result<Side> {
    let (name, bytes) = (inputs::file_name(path), inputs::bytes(path)?);
    let derived = derive_from(&name, bytes.clone().into(), base, folder)?;
    let partly = ["lees-niet-begrepen", "lees-tegenstrijdig", "lees-ingevuld"];
    let mut notes: Vec<Finding> =
        derived.notes.into_iter().filter(|note| partly.contains(&note.code.as_str())).collect();
    for note in &mut notes {
        note.place.file = Some(name.clone());
    }
    Ok(Side { format: derived.format, notes, workbook: Some(bytes) })
}

/// Compares two formats, each a folder, a workbook or the built-in one. What a workbook does not show is taken to be as on
/// the other side, so that it is no difference; `base` is the format by which workbooks are read when both are. With `log`
/// the new `format.toml`, or the new workbook, is written with a line per change.
///
/// # Errors
/// When one of them cannot be loaded, or the file cannot be written.
pub fn compare_formats(
    base: Option<&Path>,
    old: &Path,
    new: &Path,
    log: Option<&LogRequest>,
) -> Result<FormatDifference> {
    if let Some(log) = log {
        if log.output.is_none() && is_workbook(new) {
            return Err(in_the_workbook_itself());
        }
        if log.date.parse::<jiff::civil::Date>().is_err() {
            return Err(Error::request(
                format!("'{}' is geen datum", log.date),
                "Geef de datum als jaar-maand-dag, zoals 2027-01-15.",
            ));
        }
    }
    let known = || base.map_or_else(format::builtin, format::load);
    let (before, after) = match (is_workbook(old), is_workbook(new)) {
        (false, false) => (named(old)?, named(new)?),
        (false, true) => {
            let before = named(old)?;
            let after = shown_by(new, &before.format, Some(old).filter(|old| old.is_dir()))?;
            (before, after)
        }
        (true, false) => {
            let after = named(new)?;
            let before = shown_by(old, &after.format, Some(new).filter(|new| new.is_dir()))?;
            (before, after)
        }
        (true, true) => {
            let before = shown_by(old, &known()?, base)?;
            let after = shown_by(new, &before.format, base)?;
            (before, after)
        }
    };
    let changes = format::difference(&before.format, &after.format);
    let (mut written, mut added) = (None, None);
    if let Some(log) = log {
        let mut lines = format::change_log(&changes, &after.format.version, &log.date, &log.who);
        // What the log says already is not said twice.
        lines.retain(|line| {
            !after.format.change_log.iter().any(|known| known.version == line.version && known.what == line.what)
        });
        added = Some(lines.len());
        if !lines.is_empty() {
            written = Some(write_log(new, &after, &lines, log)?);
        }
    }
    Ok(FormatDifference {
        old_version: before.format.version,
        new_version: after.format.version,
        changes,
        not_understood: before.notes.into_iter().chain(after.notes).collect(),
        log: written,
        log_lines: added,
    })
}

fn in_the_workbook_itself() -> Error {
    Error::request(
        "In het werkboek zelf wordt niet geschreven",
        "Geef met --log NAAM.xlsx een nieuw werkboek op, dat de regels op het tabblad Change log krijgt.",
    )
}

/// Writes the lines: into a `format.toml`, or onto the tab with the change log of a copy of the workbook.
fn write_log(new: &Path, after: &Side, lines: &[ChangeLogEntry], log: &LogRequest) -> Result<PathBuf> {
    if let Some(bytes) = &after.workbook {
        let Some(output) = &log.output else { return Err(in_the_workbook_itself()) };
        expect_extension(output, "xlsx")?;
        refuse_existing([output.as_path()].into_iter(), log.force)?;
        let with_rows = workbook::with_change_log(&inputs::file_name(new), bytes.clone(), &after.format, lines)?;
        write_bytes(output, &with_rows, log.force)?;
        return Ok(output.clone());
    }
    let source = new.join("format.toml");
    let text = match source.is_file() {
        true => std::fs::read_to_string(&source)
            .map_err(|error| Error::file(&source, "Het bestand kan niet worden gelezen", error))?,
        false => format::export()
            .into_iter()
            .find(|(name, _)| *name == "format.toml")
            .map_or_else(String::new, |(_, text)| text.to_owned()),
    };
    let output = match &log.output {
        Some(output) => output.clone(),
        None if new.is_dir() => source,
        None => {
            return Err(Error::request(
                "Het ingebouwde format heeft geen map om in te schrijven",
                "Schrijf het eerst uit met 'wijk format uitvoer MAP', of geef met --log een bestand op.",
            ));
        }
    };
    let text = with_lines(&text, lines);
    if log.output.is_none() {
        // The maintainer's own file gets lines at its end because that was asked for. No copy beside it: every toml file in
        // the folder of a format belongs to the format.
        write_bytes(&output, text.as_bytes(), true)?;
        return Ok(output);
    }
    refuse_existing([output.as_path()].into_iter(), log.force)?;
    write_bytes(&output, text.as_bytes(), log.force)?;
    Ok(output)
}

/// A `format.toml` with lines of the change log at its end.
fn with_lines(text: &str, lines: &[ChangeLogEntry]) -> String {
    let mut out = text.trim_end().to_owned();
    for line in lines {
        out.push_str(&format::log_lines(line));
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
            findings.extend(super::fit::texts_that_do_not_fit(package, format, &[format.tab("overzicht")])?);
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
        let said = by_office(&workbook, folder);
        if let Ok(Some(calculated)) = &said {
            let package = Spreadsheet::open(Archive::from_bytes("het berekende werkboek", calculated.clone())?)?;
            let more = formula_faults(&package)?;
            findings.extend(more.into_iter().filter(|finding| !findings.contains(finding)).collect::<Vec<_>>());
        }
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

/// The setting by which LibreOffice calculates all formulas when it opens a workbook, whoever saved it.
const CALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// Lets LibreOffice calculate the workbook and make a pdf of it, with a profile of its own so that an open LibreOffice is
/// not in the way. Gives the calculated workbook, when it made one.
fn by_office(workbook: &Path, folder: &Path) -> std::result::Result<Option<Vec<u8>>, String> {
    let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
    let user = profile.path().join("user");
    std::fs::create_dir(&user)
        .and_then(|()| std::fs::write(user.join("registrymodifications.xcu"), CALCULATE))
        .map_err(|error| error.to_string())?;
    let home = format!("-env:UserInstallation=file://{}", profile.path().display());
    let calculated = profile.path().join("berekend");
    for program in ["soffice", "libreoffice"] {
        let convert = |kind: &str, into: &Path| {
            Command::new(program)
                .args([home.as_str(), "--headless", "--convert-to", kind, "--outdir"])
                .arg(into)
                .arg(workbook)
                .output()
        };
        match convert("pdf", folder) {
            Ok(output) if output.status.success() => {
                let done = convert("xlsx", &calculated).is_ok_and(|output| output.status.success());
                let name = workbook.file_name().unwrap_or_default();
                return Ok(done.then(|| std::fs::read(calculated.join(name)).ok()).flatten());
            }
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
    fn the_example_of_another_city_works_and_nothing_in_it_says_rotterdam_or_speaks_of_its_gebied() {
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
                for word in ["Rotterdam", "het gebied"] {
                    let parts: Vec<&str> = text.splitn(2, word).collect();
                    let before: String =
                        parts[0].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                    assert!(parts.len() == 1, "{}: {before}{word}", file.display());
                }
            }
        }
        assert!(parts > 60, "{parts}");
    }

    /// The way NJi works: the blank workbook is changed in Excel and held against the format it came from.
    #[test]
    fn a_workbook_is_compared_with_a_folder_and_its_log_gets_the_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut format = format::builtin().unwrap();
        let empty = crate::model::Overview::default();
        let build = |format: &Format| format::build(format, &empty, &BuildOptions::default()).unwrap();
        std::fs::write(path("oud.xlsx"), build(&format)).unwrap();
        format.questions[4].text = "Welke cijfers zouden wij nog willen?".into();
        std::fs::write(path("nieuw.xlsx"), build(&format)).unwrap();
        let log = |output: Option<&str>| LogRequest {
            output: output.map(path),
            date: "2027-01-15".into(),
            who: "NJi".into(),
            force: false,
        };
        let found = compare_formats(None, &path("oud.xlsx"), &path("nieuw.xlsx"), None).unwrap();
        assert_eq!(found.changes.len(), 1, "{:?}", found.changes);
        assert_eq!(found.not_understood, []);
        let built_in = Path::new(BUILT_IN);
        let refused = compare_formats(None, built_in, &path("nieuw.xlsx"), Some(&log(None))).unwrap_err();
        assert!(refused.to_string().contains("--log"), "{refused}");
        let log = log(Some("met log.xlsx"));
        compare_formats(None, built_in, &path("nieuw.xlsx"), Some(&log)).unwrap();
        let bytes = std::fs::read(path("met log.xlsx")).unwrap();
        let read = derive_from("met log.xlsx", bytes.into(), &format::builtin().unwrap(), None).unwrap().format;
        let last = read.change_log.last().unwrap();
        assert_eq!((last.date.as_str(), last.who.as_str()), ("2027-01-15", "NJi"));
        assert!(last.what.contains("Welke cijfers zouden wij nog willen?"), "{}", last.what);
        // Into the folder of the new format itself, once.
        std::fs::create_dir(path("map")).unwrap();
        for (name, text) in format::export() {
            let text = text.replace("Welke cijfers missen wij nog?;", "Welke cijfers zoeken wij?;");
            std::fs::write(path("map").join(name), text).unwrap();
        }
        let log = LogRequest { output: None, ..log };
        for _ in 0..2 {
            compare_formats(None, Path::new(BUILT_IN), &path("map"), Some(&log)).unwrap();
            let read = format::load(&path("map")).unwrap().change_log;
            assert_eq!(read.len(), format::builtin().unwrap().change_log.len() + 1);
        }
    }

    /// Four wijken, as CBS calls them, and no gebieden at all; the municipality is invented.
    #[test]
    fn a_small_municipality_without_gebieden_hears_of_no_gebied_and_of_no_other_city() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("format");
        std::fs::create_dir(&folder).unwrap();
        let local = |text: &str| text.replace("GM0363", "GM9999").replace("Amsterdam", "Kleinstad");
        for name in ["format.toml", "indicatoren.csv", "gebieden.csv"] {
            let text = std::fs::read_to_string(root.join("format").join(name)).unwrap();
            let few: String = text
                .lines()
                .enumerate()
                .filter(|(at, _)| name != "gebieden.csv" || *at < 7)
                .map(|(_, line)| format!("{line}\n"))
                .collect();
            std::fs::write(folder.join(name), local(&few)).unwrap();
        }
        let overview = std::fs::read_to_string(root.join("overzicht.csv")).unwrap();
        let mut wijken = 0;
        let few: String = overview
            .lines()
            .filter(|line| {
                wijken += usize::from(line.starts_with("WK"));
                !line.starts_with("WK") || wijken <= 4
            })
            .map(|line| format!("{line}\n"))
            .collect();
        std::fs::write(here.path().join("overzicht.csv"), local(&few)).unwrap();
        let session = Session::open(Some(&folder)).unwrap();
        let figures = Some(here.path().join("overzicht.csv"));
        let areas = session.areas(figures.as_deref()).unwrap();
        assert_eq!(areas.iter().filter(|area| area.level == "wijk").count(), 4);
        assert!(areas.iter().all(|area| area.level != "gebied"));
        let wijk = areas.iter().find(|area| area.level == "wijk").unwrap().name.clone();
        let compared = session.compare(None, Some(&wijk), figures.as_deref()).unwrap().comparison;
        assert!(
            compared.level.sentence.ends_with("vergelijk de wijk met Kleinstad."),
            "{}",
            compared.level.sentence
        );
        let fill = super::super::FillChoices { overview: figures, ..Default::default() };
        let out = here.path().join("uit");
        let request = super::super::AllRequest { folder: out, fill, ..Default::default() };
        let done = session.all(wijk.as_str(), &request).unwrap();
        assert!(done.findings.iter().all(|finding| finding.level != Level::Fout), "{:?}", done.findings);
        assert!(done.files.len() >= 5);
        for file in done.files.iter().filter(|file| file.extension().is_some_and(|e| e == "docx")) {
            let archive = crate::package::Archive::from_bytes("x", std::fs::read(file).unwrap()).unwrap();
            let text = archive.read_text("word/document.xml").unwrap();
            for word in ["Rotterdam", "Amsterdam", "OBI", ">Gebied<", "in welk gebied", "het gebied "] {
                assert!(!text.contains(word), "{} says '{word}'", file.display());
            }
        }
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

    #[test]
    fn a_text_of_which_a_part_cannot_be_read_is_told_with_its_cell_and_its_key() {
        for key in ["pijler-uitleg", "toelichting-1", "inhoud-ranking", "domein-zonder-direct"] {
            let mut session = Session::open(None).unwrap();
            session.format.texts.0.insert(key.into(), "Een lang verhaal over van alles. ".repeat(400));
            let found = session.try_format(None, false).unwrap().findings;
            let about = found.iter().find(|finding| finding.code == "format-tekst-te-lang");
            let about = about.unwrap_or_else(|| panic!("{key}: {found:?}"));
            assert!(about.place.cell.is_some() && about.found.contains("Een lang verhaal"), "{about:?}");
            assert!(about.advice.contains(&format!("'{key}'")), "{about:?}");
        }
    }
}
