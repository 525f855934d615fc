//! Trying a format before it is sent to advisors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use super::{Session, in_folders, inputs, refuse_existing, write_bytes};
use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::format::{self, BuildOptions};
use crate::model::{CHART_TAB, CellRef, CellValue, Overview, QuestionPlace};
use crate::overview;
use crate::package::{Archive, SheetKind, Spreadsheet};
use crate::workbook::{self, Details};

/// What trying a format gave.
#[derive(Debug, Clone, Serialize)]
pub struct FormatTrial {
    /// What a maintainer should know.
    pub findings: Vec<Finding>,
    /// The pages of every tab as pdf; `None` when no preview was asked for.
    pub preview: Option<PathBuf>,
    /// Why there is no pdf beside the workbook, when there is none.
    pub no_preview: Option<String>,
    /// True when the tab with the overview was left empty, because no overview of this benchmark was given.
    pub without_overview: bool,
}

impl Session {
    /// Tries the format: builds the blank workbook, reads it back and looks at what an advisor would stumble over. With
    /// `preview` the workbook is written into that folder, and as pdf where LibreOffice is installed. The figures are those of
    /// `overview`; without one those that are built in, but never those of another city than the format's.
    ///
    /// # Errors
    /// When the overview cannot be read, the workbook cannot be built or the preview cannot be written.
    pub fn try_format(&self, overview: Option<&Path>, preview: Option<&Path>, force: bool) -> Result<FormatTrial> {
        let format = &self.format;
        let (example, about, without_overview) = self.figures_to_try(overview)?;
        let bytes = format::build(format, &example, &BuildOptions::default())?;
        let opened = workbook::open("het lege werkboek", bytes.clone(), format, Details::All)?;
        let mut findings: Vec<Finding> = opened.findings.clone();
        // The built workbook holds the overview, so that what is to be said of it was found twice.
        findings.extend(about.into_iter().filter(|finding| !opened.findings.contains(finding)));
        findings.extend(dead_links(&opened.analysis));
        findings.extend(self.not_found_back(&opened.analysis));
        if let Some(package) = &opened.package {
            findings.extend(formula_faults(package)?);
            findings.extend(super::fit::texts_that_do_not_fit(package, format, &[format.tab("overzicht")])?);
        }
        for finding in &mut findings {
            finding.place.file = None;
        }
        let misfits = self.does_not_go_together()?;
        // A question that is read as a heading is told itself; what reading makes of the tabs then says nothing.
        if misfits.iter().any(|finding| finding.place.file.as_deref() == Some("vragen.csv")) {
            findings.clear();
        }
        findings.extend(misfits);
        findings.extend(self.too_long());
        let mut findings = once_with_their_line(findings, &format::sources(self.folder.as_deref())?);
        let Some(folder) = preview else {
            return Ok(FormatTrial { findings, preview: None, no_preview: None, without_overview });
        };
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
        let preview = no_preview.is_none().then_some(pdf);
        Ok(FormatTrial { findings, preview, no_preview, without_overview })
    }

    /// The figures for a trial with what is to be said of them, and whether there are none: the built-in ones are of one city.
    pub(super) fn figures_to_try(&self, overview: Option<&Path>) -> Result<(Overview, Vec<Finding>, bool)> {
        if overview.is_some() {
            return self.overview(overview).map(|(overview, findings)| (overview, findings, false));
        }
        let example = overview::example()?;
        Ok(match example.area_index(&self.format.benchmark.0) {
            Some(_) => (example, Vec::new(), false),
            None => (Overview::default(), Vec::new(), true),
        })
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

/// Texts that are too long, each once, wherever the workbook repeats them, and with file and line where they are written.
fn once_with_their_line(findings: Vec<Finding>, sources: &[(&str, String)]) -> Vec<Finding> {
    let start = |finding: &Finding| {
        let text = finding.found.strip_prefix("De tekst '").filter(|_| finding.code == "format-tekst-te-lang")?;
        text.split_once("...'").map(|(start, _)| start.to_owned())
    };
    let by_length: Vec<String> =
        findings.iter().filter(|finding| finding.place.file.is_some()).filter_map(start).collect();
    let mut told: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for mut finding in findings {
        let Some(text) = start(&finding) else {
            out.push(finding);
            continue;
        };
        let in_cell = finding.place.file.is_none();
        if told.contains(&text) || (in_cell && by_length.contains(&text)) {
            continue;
        }
        let places =
            sources.iter().filter(|(name, _)| finding.place.file.as_deref().is_none_or(|file| file == *name));
        let line = places.into_iter().find_map(|(name, content)| {
            let at = content.lines().position(|line| line.contains(text.trim()))?;
            Some((name, at + 1))
        });
        if let Some((name, line)) = line {
            finding.advice = format!("Maak de tekst korter in {name}, regel {line}.");
        }
        told.push(text);
        out.push(finding);
    }
    out
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
        let trial = Session::open(None).unwrap().try_format(None, None, false).unwrap();
        assert_eq!(trial.findings, []);
    }

    /// A city whose wijken are what CBS calls wijken, without gebieden.
    #[test]
    fn the_example_of_another_city_works_and_nothing_in_it_says_rotterdam_or_speaks_of_its_gebied() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
        let session = Session::open(Some(&root.join("format"))).unwrap();
        let trial = session.try_format(None, None, false).unwrap();
        assert_eq!((trial.findings, trial.without_overview), (Vec::new(), true));
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

    /// The preview of the format of another city, which must not be that of the city whose overview is built in.
    #[test]
    fn the_preview_of_another_city_holds_its_own_overview_or_none_and_never_that_of_rotterdam() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
        let session = Session::open(Some(&root.join("format"))).unwrap();
        for overview in [None, Some(root.join("overzicht.csv"))] {
            let format = &session.format;
            let (figures, without) = session.figures_to_try(overview.as_deref()).map(|(o, _, w)| (o, w)).unwrap();
            assert_eq!(without, overview.is_none());
            let bytes = format::build(format, &figures, &BuildOptions::default()).unwrap();
            let archive = Archive::from_bytes("x", bytes).unwrap();
            let texts: Vec<String> = archive.names().filter_map(|name| archive.read_text(name).ok()).collect();
            assert!(texts.iter().any(|text| text.contains("Amsterdam")));
            assert!(!texts.iter().any(|text| text.contains("Rotterdam")));
            let burgwallen = texts.iter().any(|text| text.contains("Burgwallen"));
            assert_eq!(burgwallen, overview.is_some());
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
    fn another_city_sees_what_a_template_may_hold_and_gets_its_own_example() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
        let session = Session::open(Some(&root.join("format"))).unwrap();
        let overview = root.join("overzicht.csv");
        for which in [super::super::Document::Report, super::super::Document::ActionPlan] {
            for figures in [None, Some(overview.as_path())] {
                assert!(!session.block_names(which, None, figures).unwrap().is_empty());
            }
        }
        let out = tempfile::tempdir().unwrap();
        let done = session.demo(None, Some(&overview), &out.path().join("demo"), false).unwrap();
        assert!(done.files.len() >= 6, "{:?}", done.files);
    }

    #[test]
    fn a_text_that_is_too_long_in_many_cells_is_told_once_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in format::export() {
            let text = match name {
                "kolommen.csv" => {
                    text.replacen(";Wijk;", &format!(";{};", "Heel lange kop ".repeat(20).trim()), 1)
                }
                _ => text.to_owned(),
            };
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let session = Session::open(Some(folder.path())).unwrap();
        let found = session.try_format(None, None, false).unwrap().findings;
        let about: Vec<&Finding> = found.iter().filter(|f| f.code == "format-tekst-te-lang").collect();
        let [one] = about.as_slice() else { panic!("{about:?}") };
        assert!(one.advice.contains("kolommen.csv, regel 2"), "{one:?}");
    }

    #[test]
    fn a_question_that_reads_as_the_heading_of_a_domein_is_told_once_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in format::export() {
            let text = match name {
                "vragen.csv" => {
                    text.replacen("Welke factoren vallen op en wat is hun ranking?", "Domein: Werk", 1)
                }
                _ => text.to_owned(),
            };
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let session = Session::open(Some(folder.path())).unwrap();
        let found = session.try_format(None, None, false).unwrap().findings;
        let about: Vec<&Finding> = found.iter().filter(|f| f.found.contains("Domein: Werk")).collect();
        let [one] = about.as_slice() else { panic!("{found:?}") };
        assert!(one.found.starts_with("Regel 2, ") && one.level == Level::Fout, "{one:?}");
        assert!(!found.iter().any(|finding| finding.code == "domein-dubbel"), "{found:?}");
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
    fn a_title_on_one_line_that_is_cut_off_by_its_merged_cells_is_told_with_its_file() {
        let mut session = Session::open(None).unwrap();
        session.format.pijlers[0].heading = "Alle kinderen groeien kansrijk op ".repeat(7).trim().to_owned();
        let found = session.try_format(None, None, false).unwrap().findings;
        let about: Vec<&Finding> = found.iter().filter(|f| f.code == "format-tekst-te-lang").collect();
        let tab = session.format.pijlers[0].tab.as_str();
        let title = about.iter().find(|finding| finding.place.tab.as_deref() == Some(tab));
        let title = title.unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(title.place.cell.as_deref(), Some("A1"));
        assert!(title.advice.contains("pijlers.csv"), "{title:?}");
    }

    #[test]
    fn a_text_of_which_a_part_cannot_be_read_is_told_with_its_cell_and_its_key() {
        for (key, end) in [
            ("pijler-uitleg", ""),
            ("toelichting-1", ""),
            ("inhoud-ranking", ""),
            ("domein-zonder-direct", ""),
            ("grafiek-titel", "Van {pijler}."),
        ] {
            let mut session = Session::open(None).unwrap();
            let long = format!("{}{end}", "Een lang verhaal over van alles. ".repeat(400));
            session.format.texts.0.insert(key.into(), long);
            let found = session.try_format(None, None, false).unwrap().findings;
            let about = found.iter().find(|finding| finding.code == "format-tekst-te-lang");
            let about = about.unwrap_or_else(|| panic!("{key}: {found:?}"));
            assert!(about.place.cell.is_some() && about.found.contains("Een lang verhaal"), "{about:?}");
            assert!(about.advice.contains(&format!("'{key}'")), "{about:?}");
        }
    }
}
