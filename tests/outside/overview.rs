//! The overview against the outside files: importing them gives the embedded example again, a witness of its own
//! path finds the same figures, and files of public test suites neither crash nor lock.

use std::path::Path;

use libtest_mimic::Trial;
use wijkanalyse::guard;
use wijkanalyse::model::{Figure, Missing};
use wijkanalyse::overview::{self, AreaTable, Definitions, ImportOptions, ImportReport, Mapping};

use crate::need::{Need, data, trial, witness};

/// The sources of the example, in the order in which they are imported.
const SOURCES: [&str; 3] = [
    "rotterdam/wijkprofiel-2014-2016.xls",
    "rotterdam/wijkprofiel-context-2015.xls",
    "rivm/50090NED_Rotterdam_2020_18plus.csv",
];
const EDITION: &str = "Rotterdam 2016-2020 (open cijfers)";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("importing_the_open_files_gives_the_example_again", &[Need::Data], example_again),
        trial("a_witness_reads_the_same_figures_of_ten_wijken", &[Need::Data, Need::Python], ten_wijken),
        trial("both_editions_stand_beside_each_other_when_asked", &[Need::Data], both_editions),
        trial("the_national_xlsx_gives_what_the_csv_gives", &[Need::Data], national_xlsx),
        trial("files_of_public_test_suites_pass_or_say_why_not", &[Need::Data], public_files),
    ]
}

fn folder() -> std::path::PathBuf {
    data().unwrap_or_default()
}

fn import(files: &[&str], all_editions: bool) -> Result<(wijkanalyse::model::Overview, ImportReport), String> {
    let text = |error: wijkanalyse::error::Error| error.to_string();
    let format = wijkanalyse::format::builtin().map_err(text)?;
    let areas = AreaTable::built_in().map_err(text)?;
    let mappings = Mapping::built_in().map_err(text)?;
    let definitions = Definitions {
        indicators: &format.indicators,
        domeinen: &format.domeinen,
        areas: &areas,
        mappings: &mappings,
        benchmark: Some(("GM0599", "Rotterdam")),
    };
    let mut sources = Vec::new();
    for file in files {
        let bytes = std::fs::read(folder().join(file)).map_err(|e| e.to_string())?;
        let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
        sources.push((name, bytes));
    }
    overview::import(&sources, &definitions, &ImportOptions { edition: EDITION.to_owned(), all_editions })
        .map_err(text)
}

/// With `WIJKANALYSE_VERNIEUW=1` the example is written anew instead of compared; look at the difference in git.
fn example_again() -> Result<(), String> {
    let (made, report) = import(&SOURCES, false)?;
    let bytes = overview::write_csv(&made).map_err(|e| e.to_string())?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/overzicht-rotterdam.csv");
    if std::env::var_os("WIJKANALYSE_VERNIEUW").is_some() {
        for finding in &report.findings {
            eprintln!("{} {}: {}", finding.level.word(), finding.code, finding.found);
        }
        for line in &report.indicators {
            eprintln!("{} {}: {} gebieden, {:?}", line.code, line.edition, line.with_figure, line.missing);
        }
        return std::fs::write(path, bytes).map_err(|e| e.to_string());
    }
    let kept = std::fs::read(path).map_err(|e| e.to_string())?;
    if kept != bytes {
        return Err("fixtures/overzicht-rotterdam.csv differs from what the sources give".to_owned());
    }
    let errors: Vec<_> = report.findings.iter().filter(|f| f.level == wijkanalyse::finding::Level::Fout).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{errors:?}")) }
}

fn ten_wijken() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = witness(
        "overview_figures.py",
        &[&folder(), &root.join("fixtures/overzicht-rotterdam.csv"), &root.join("templates")],
    )?;
    let compared: usize = said.trim().rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default();
    if compared >= 700 { Ok(()) } else { Err(format!("the witness compared too few figures: {said}")) }
}

fn both_editions() -> Result<(), String> {
    let (made, _) = import(&SOURCES[..1], true)?;
    let editions: Vec<&str> =
        made.columns.iter().filter(|c| c.code == "vsv").map(|column| column.edition.as_str()).collect();
    if editions != ["editie 2014", "editie 2016"] {
        return Err(format!("{editions:?}"));
    }
    let newest = made.column_index("vsv").map(|at| made.columns.get(at).map(|c| c.edition.clone()));
    (newest == Some(Some("editie 2016".to_owned()))).then_some(()).ok_or_else(|| format!("{newest:?}"))
}

fn national_xlsx() -> Result<(), String> {
    let (small, _) = import(&["rivm/50090NED_Rotterdam_2020_18plus.csv"], false)?;
    let (large, report) = import(&["rivm/50090NED-2020-18plus-nederland.xlsx"], false)?;
    if small != large {
        return Err("csv and xlsx of the same edition differ".to_owned());
    }
    let elsewhere = report.sources.first().map(|source| source.elsewhere).unwrap_or_default();
    if elsewhere < 17_000 {
        return Err(format!("{elsewhere} rows elsewhere"));
    }
    let other = large.area_index("WP1010").map(|area| large.figure(area, 0));
    // Groot-IJsselmonde-Zuid shares its BU code with Noord: no figure may be taken over.
    let area_absent = other.is_none();
    (area_absent || other == Some(Figure::Missing(Missing::OtherDivision)))
        .then_some(())
        .ok_or(format!("{other:?}"))
}

/// Encrypted and damaged files are refused in Dutch; nothing panics, also not while all tabs are read.
fn public_files() -> Result<(), String> {
    let areas = AreaTable::built_in().map_err(|e| e.to_string())?;
    let options =
        overview::ReadOptions { indicators: &[], areas: &areas, tabs: &[], benchmark: None, only_areas: None };
    let mut refused = Vec::new();
    for name in ["corpus/xlsx", "corpus/other"] {
        for entry in std::fs::read_dir(folder().join(name)).map_err(|e| e.to_string())? {
            let path = entry.map_err(|e| e.to_string())?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).map_err(|e| e.to_string())?;
            if let Err(error) = guard::inspect(&file, &bytes) {
                refused.push(error.to_string());
            }
            if overview::read(&file, &bytes, &options).is_ok() {
                return Err(format!("{file} was taken for an overview"));
            }
        }
    }
    for locked in ["calamine__pass_protected.xlsx", "excelize__encryptAES.xlsx", "calamine__pass_protected.ods"] {
        if !refused.iter().any(|line| line.starts_with(locked) && line.contains("wachtwoord")) {
            return Err(format!("{locked} is not recognised as encrypted"));
        }
    }
    let expected = |line: &&String| !["fuzz", "wachtwoord", "xlsb"].iter().any(|word| line.contains(word));
    let unexpected: Vec<_> = refused.iter().filter(expected).collect();
    if unexpected.is_empty() { Ok(()) } else { Err(format!("refused without need: {unexpected:?}")) }
}
