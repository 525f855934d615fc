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
        trial("the_real_buurtmonitor_files_are_read_by_a_mapping", &[Need::Data], buurtmonitor),
        trial("an_unmodified_statline_export_is_read_by_a_mapping", &[Need::Data], statline),
        trial("a_cbs_table_with_merged_headings_is_read_by_a_mapping", &[Need::Data], merged_headings),
        trial("ods_and_xls_of_the_overview_give_the_same", &[Need::LibreOffice], other_formats),
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

/// Imports one outside file by a mapping and areas of our own; `columns` ties headings to any indicators.
fn import_by(
    file: &str,
    mapping: &str,
    areas: &str,
) -> Result<(wijkanalyse::model::Overview, ImportReport), String> {
    let text = |error: wijkanalyse::error::Error| error.to_string();
    let format = wijkanalyse::format::builtin().map_err(text)?;
    let header = "code;naam;niveau;ligt_in;aliassen;wijknr;cbs_codes;relatie";
    let areas = AreaTable::parse("proef.csv", format!("{header}\n{areas}").as_bytes()).map_err(text)?;
    let mappings = [Mapping::parse("proef.toml", mapping).map_err(text)?];
    let definitions = Definitions {
        indicators: &format.indicators,
        domeinen: &format.domeinen,
        areas: &areas,
        mappings: &mappings,
        benchmark: None,
    };
    let bytes = std::fs::read(folder().join(file)).map_err(|e| e.to_string())?;
    let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
    overview::import(&[(name, bytes)], &definitions, &ImportOptions { edition: String::new(), all_editions: true })
        .map_err(text)
}

/// Figure of an area in an edition of an indicator.
fn at(overview: &wijkanalyse::model::Overview, area: &str, code: &str, edition: &str) -> Option<Figure> {
    let column = overview.columns.iter().position(|c| c.code == code && c.edition == edition)?;
    Some(overview.figure(overview.area_index(area)?, column))
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}, expected {expected:?}")) }
}

fn buurtmonitor() -> Result<(), String> {
    let viewer = r#"
naam = "Viewer"
decimaalteken = ","
leeg = "onbekend"
[herkenning]
kop_bevat = "|"
koppen = ["Nieuwbouw"]
[[tabel]]
koprij = 1
eerste_rij = 2
periode = { in_kop = "|" }
gebied = { kolomnummer = 1, sleutel = "naam" }
kolommen = [{ bron = "Nieuwbouw", indicator = "aantal-inwoners", schaal = "getal" }]
"#;
    let areas = "PC1319;1319 Almere;wijk;;;;;geen\nPC1309;1309 Overig;wijk;;;;;geen\n";
    let (overview, report) = import_by("swing/swing-viewer-export.csv", viewer, areas)?;
    same(at(&overview, "PC1319", "aantal-inwoners", "2019"), Some(Figure::known(131.0)))?;
    same(at(&overview, "PC1319", "aantal-inwoners", "2021"), Some(Figure::Missing(Missing::Unknown)))?;
    same(overview.columns.len(), 4)?;
    // Names that are not ours are reported, those that look like ours with the nearest name.
    let strangers = report.findings.iter().filter(|finding| finding.code == "gebied-onbekend").count();
    if strangers == 0 {
        return Err("unknown areas are not reported".to_owned());
    }
    let upload = r#"
naam = "Upload"
decimaalteken = "."
leeg = "niet-geleverd"
[herkenning]
koppen = ["period", "geoitem", "v2302_GKO_V"]
[[tabel]]
koprij = 1
eerste_rij = 2
periode = { kolom = "period" }
gebied = { kolom = "geoitem", sleutel = "code-of-naam", niveaukolom = "geolevel" }
kolommen = [
  { bron = "v2302_GKO_V", indicator = "aantal-inwoners", schaal = "getal" },
  { bron = "v2301_BKO_V", indicator = "aantal-huishoudens", schaal = "getal" },
]
"#;
    let (overview, _) =
        import_by("swing/swing-upload-voorbeeld.xlsx", upload, "11001;Aartselaar;stad;;;;;geen\n")?;
    same(at(&overview, "11001", "aantal-inwoners", "2010"), Some(Figure::known(515.0)))?;
    same(at(&overview, "11001", "aantal-huishoudens", "2010"), Some(Figure::known(32.0)))
}

fn statline() -> Result<(), String> {
    let mapping = r#"
naam = "CBS 85163NED"
decimaalteken = "."
leeg = "onbekend"
[herkenning]
koppen = ["Perioden", "Regiocode (gemeente, wijk, buurt) (code)"]
[[tabel]]
koprij = 1
eerste_rij = 2
periode = { kolom = "Perioden" }
gebied = { kolom = "Regiocode (gemeente, wijk, buurt) (code)", sleutel = "cbs", naamkolom = "Wijken en buurten", melden = ["GM"] }
kolommen = [
  { bron = "Particuliere huishoudens (Aantal)", indicator = "aantal-huishoudens", schaal = "getal" },
  { bron = "Opleidingsniveau/Laag/Waarde (%)", indicator = "zonder-startkwalificatie-23-64", schaal = "getal" },
]
"#;
    let areas =
        "GM0363;Amsterdam;stad;;;;GM0363;1:1\nBU03630100;Stationsplein e.o.;wijk;GM0363;;;BU03630100;1:1\n";
    let (overview, report) = import_by("cbs-85163NED-statline-export.csv", mapping, areas)?;
    same(at(&overview, "GM0363", "aantal-huishoudens", "2019"), Some(Figure::known(457_400.0)))?;
    same(at(&overview, "GM0363", "zonder-startkwalificatie-23-64", "2019"), Some(Figure::known(20.8)))?;
    same(
        at(&overview, "BU03630100", "zonder-startkwalificatie-23-64", "2019"),
        Some(Figure::Missing(Missing::Unknown)),
    )?;
    same(report.findings.iter().filter(|finding| finding.code == "gebied-naam-wijkt-af").count(), 0)
}

fn merged_headings() -> Result<(), String> {
    // Headings over merged cells: the group 'Man' or 'Vrouw' stands above its first column only.
    let mapping = r#"
naam = "CBS maatwerk"
editie = "1 januari 2024"
peiljaar = "2024"
decimaalteken = "."
leeg = "onbekend"
[herkenning]
tabs = ["Voorblad", "Tabel2"]
[[tabel]]
tab = "Tabel2"
groeprij = 5
koprij = 7
eerste_rij = 8
gebied = { kolomnummer = 1, sleutel = "code-of-naam", melden = ["0599"] }
kolommen = [
  { bron = "18-20", groep = "Man", indicator = "aantal-inwoners", schaal = "getal" },
  { bron = "18-20", groep = "Vrouw", indicator = "aantal-huishoudens", schaal = "getal" },
]
"#;
    let file = "cbs-maatwerk-jongvolwassenen-2024.xlsx";
    let (overview, report) = import_by(file, mapping, "GM0014;Groningen;stad;;0014;;;geen\n")?;
    same(at(&overview, "GM0014", "aantal-inwoners", "1 januari 2024"), Some(Figure::known(7780.0)))?;
    same(at(&overview, "GM0014", "aantal-huishoudens", "1 januari 2024"), Some(Figure::known(9894.0)))?;
    // The total at the foot has no code.
    same(report.findings.iter().filter(|finding| finding.code == "rij-zonder-gebied").count(), 1)
}

/// LibreOffice opens the csv and saves it as other software would; what is read is the example again.
fn other_formats() -> Result<(), String> {
    let example = overview::example().map_err(|e| e.to_string())?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let format = wijkanalyse::format::builtin().map_err(|e| e.to_string())?;
    let workbook = folder.path().join("overzicht.xlsx");
    let bytes = wijkanalyse::format::build_overview(&format, &example).map_err(|e| e.to_string())?;
    std::fs::write(&workbook, bytes).map_err(|e| e.to_string())?;
    let areas = AreaTable::built_in().map_err(|e| e.to_string())?;
    let options = overview::ReadOptions::new(&areas);
    let mut files = vec![workbook.clone()];
    for to in ["ods", "xls"] {
        files.push(crate::need::convert(&workbook, to, folder.path())?);
    }
    for file in files {
        let bytes = std::fs::read(&file).map_err(|e| e.to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (back, findings) = overview::read(&name, &bytes, &options).map_err(|e| e.to_string())?;
        same((name.as_str(), findings.len()), (name.as_str(), 0))?;
        same((name.as_str(), &back.edition), (name.as_str(), &example.edition))?;
        same((name.as_str(), &back.areas), (name.as_str(), &example.areas))?;
        same((name.as_str(), &back.columns), (name.as_str(), &example.columns))?;
        for (area, (found, expected)) in example.areas.iter().zip(back.figures.iter().zip(&example.figures)) {
            same((name.as_str(), &area.name, found), (name.as_str(), &area.name, expected))?;
        }
    }
    Ok(())
}

/// Encrypted and damaged files are refused in Dutch; nothing panics, also not while all tabs are read.
fn public_files() -> Result<(), String> {
    let areas = AreaTable::built_in().map_err(|e| e.to_string())?;
    let options = overview::ReadOptions::new(&areas);
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
