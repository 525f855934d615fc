//! The two examples in `docs/beheer.md`, done as written there: a fourth pijler, and an indicator from a new source.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

use std::fs;
use std::path::Path;

use wijkanalyse::finding::Level;
use wijkanalyse::overview::ImportOptions;
use wijkanalyse::pipeline::{AllRequest, Session};

/// The code blocks of the guide, in order, without the indent of a list.
fn blocks() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/beheer.md");
    let (mut blocks, mut open) = (Vec::new(), None::<Vec<String>>);
    for line in fs::read_to_string(path).unwrap().lines() {
        if line.trim_start().starts_with("```") {
            match open.take() {
                Some(lines) => blocks.push(lines.join("\n") + "\n"),
                None => open = Some(Vec::new()),
            }
        } else if let Some(lines) = &mut open {
            lines.push(line.strip_prefix("   ").unwrap_or(line).to_owned());
        }
    }
    blocks
}

/// The block that starts with these words.
fn block(start: &str) -> String {
    blocks().into_iter().find(|block| block.starts_with(start)).unwrap()
}

fn append(file: &Path, lines: &str) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, format!("{}\n{lines}", text.trim_end())).unwrap();
}

#[test]
fn a_fourth_pijler_as_the_guide_adds_it_is_built_filled_checked_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let format = folder.path().join("mijn-format");
    Session::export_format(&format, false).unwrap();
    append(&format.join("pijlers.csv"), &block("Duurzaam;"));
    append(&format.join("domeinen.csv"), &block("Groen en buurt;Groen |"));
    append(&format.join("factoren.csv"), &block("Groen en buurt;Rommel"));
    let session = Session::open(Some(&format)).unwrap();
    assert_eq!(session.format().pijlers.len(), 4);

    let request = AllRequest { folder: folder.path().join("uit"), ..AllRequest::default() };
    let outcome = session.all("Bospolder", &request).unwrap();
    for start in ["Analyse", "Rapportage", "Plan van aanpak", "Gesprekskaart"] {
        let made = |path: &std::path::PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
        };
        assert!(outcome.files.iter().any(made), "{start} in {:?}", outcome.files);
    }
    let faults: Vec<_> = outcome.findings.iter().filter(|finding| finding.level == Level::Fout).collect();
    assert!(faults.is_empty(), "{faults:?}");

    let layout = session.show(&outcome.files[0]).unwrap();
    let fourth = layout.pijlers.iter().find(|pijler| pijler.pijler == "Duurzaam").unwrap();
    assert_eq!(fourth.tab, "Pijler Duurzaam");
    // Through the factor Veiligheidsbeleving figures of other domeinen come back here.
    assert!(
        fourth.blocks.iter().any(|block| block.domein == "Groen en buurt" && block.figures.filled > 0),
        "{fourth:?}"
    );
}

#[test]
fn the_source_in_the_guide_is_read_with_the_mapping_in_the_guide() {
    let folder = tempfile::tempdir().unwrap();
    let format = folder.path().join("mijn-format");
    Session::export_format(&format, false).unwrap();
    append(&format.join("indicatoren.csv"), &block("bereik-jongerenwerk;"));
    fs::write(format.join("bronnen/jongerenwerk.toml"), block("naam = \"Jongerenwerk")).unwrap();
    let source = folder.path().join("jongerenwerk.csv");
    fs::write(&source, block("Wijk;Bereikte")).unwrap();

    let session = Session::open(Some(&format)).unwrap();
    let overview = folder.path().join("overzicht.csv");
    let report = session.import_overview(&[source], &overview, &ImportOptions::default(), false).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let bereik = report.indicators.iter().find(|one| one.code == "bereik-jongerenwerk").unwrap();
    assert_eq!(bereik.with_figure, 2);

    let outcome = session.compare(None, Some("Bospolder"), Some(&overview)).unwrap();
    let shown = serde_json::to_string(&outcome.comparison).unwrap();
    assert!(shown.contains("bereik-jongerenwerk") && shown.contains("22.5"), "{shown}");
}

/// A source of a Buurtmonitor, with the city in it.
const BUURTMONITOR: &str =
    "Gebied;Aantal inwoners|2024;Aantal huishoudens|2024\nRotterdam;664311;331000\nBospolder;7200;3400\n";

#[test]
fn a_folder_with_only_the_areas_or_only_the_mappings_takes_the_rest_from_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("alles");
    Session::export_format(&all, false).unwrap();
    let source = folder.path().join("monitor.csv");
    fs::write(&source, BUURTMONITOR).unwrap();
    for (name, file) in [("gebieden", "gebieden.csv"), ("koppelingen", "bronnen/buurtmonitor-viewer.toml")] {
        let own = folder.path().join(name);
        fs::create_dir_all(own.join(file).parent().unwrap()).unwrap();
        fs::copy(all.join(file), own.join(file)).unwrap();
        let session = Session::open(Some(&own)).unwrap();
        assert_eq!(session.format().pijlers.len(), 3, "{name}");
        let overview = folder.path().join(format!("{name}.csv"));
        let report = session
            .import_overview(std::slice::from_ref(&source), &overview, &ImportOptions::default(), false)
            .unwrap();
        assert_eq!(report.sources[0].recognised_as, ["Buurtmonitor, export uit de viewer"], "{name}");
    }
    // The mapping that stands alone in the folder is the only one.
    assert_eq!(Session::open_to_check(Some(&folder.path().join("koppelingen"))).unwrap().1, 1);
}

#[test]
fn built_in_mappings_are_read_as_far_as_the_format_has_their_indicators_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let format = folder.path().join("mijn-format");
    Session::export_format(&format, false).unwrap();
    fs::remove_dir_all(format.join("bronnen")).unwrap();
    let indicators = fs::read_to_string(format.join("indicatoren.csv")).unwrap();
    let fewer: Vec<&str> = indicators.lines().filter(|line| !line.starts_with("aantal-huishoudens;")).collect();
    assert_eq!(fewer.len() + 1, indicators.lines().count());
    fs::write(format.join("indicatoren.csv"), fewer.join("\n") + "\n").unwrap();
    let source = folder.path().join("monitor.csv");
    fs::write(&source, BUURTMONITOR).unwrap();

    let session = Session::open(Some(&format)).unwrap();
    let overview = folder.path().join("overzicht.csv");
    let report = session
        .import_overview(std::slice::from_ref(&source), &overview, &ImportOptions::default(), false)
        .unwrap();
    let codes: Vec<&str> = report.indicators.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["aantal-inwoners"]);
    let said = report.findings.iter().find(|finding| finding.code == "koppeling-zonder-indicator").unwrap();
    assert!(said.level == Level::Opmerking && said.found.contains("aantal-huishoudens"), "{said:?}");

    // A mapping of one's own that names an indicator that is not there is still an error.
    fs::create_dir(format.join("bronnen")).unwrap();
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/bronnen/buurtmonitor-viewer.toml");
    fs::copy(built_in, format.join("bronnen/eigen.toml")).unwrap();
    let error = Session::open(Some(&format))
        .unwrap()
        .import_overview(&[source], &overview, &ImportOptions::default(), true)
        .unwrap_err();
    assert!(error.to_string().contains("'aantal-huishoudens' staat niet in indicatoren.csv"), "{error}");
}

#[test]
fn figures_from_another_source_than_the_indicator_names_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("monitor.csv");
    fs::write(&source, BUURTMONITOR).unwrap();
    let session = Session::open(None).unwrap();
    let report = session
        .import_overview(&[source], &folder.path().join("o.csv"), &ImportOptions::default(), false)
        .unwrap();
    let said: Vec<_> = report.findings.iter().filter(|f| f.code == "bron-anders-dan-indicator").collect();
    assert_eq!(said.len(), 1, "{:?}", report.findings);
    for words in ["Buurtmonitor", "aantal-inwoners", "Contextindicatoren Wijkprofiel 2015"] {
        assert!(said[0].found.contains(words), "{:?}", said[0]);
    }
}

#[test]
fn all_sources_that_are_not_recognised_are_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("monitor.csv"), BUURTMONITOR).unwrap();
    fs::write(path("een.csv"), "a;b\n1;2\n").unwrap();
    fs::write(path("twee.csv"), "c;d\n1;2\n").unwrap();
    fs::write(path("leeg.csv"), "").unwrap();
    let session = Session::open(None).unwrap();
    let import = |names: &[&str]| {
        let sources: Vec<_> = names.iter().map(|name| path(name)).collect();
        session
            .import_overview(&sources, &path("o.csv"), &ImportOptions::default(), false)
            .unwrap_err()
            .to_string()
    };
    let one = import(&["een.csv", "monitor.csv"]);
    assert!(one.starts_with("een.csv: deze bron wordt niet herkend."), "{one}");
    let two = import(&["een.csv", "monitor.csv", "twee.csv"]);
    assert!(two.starts_with("een.csv, twee.csv: deze bronnen worden niet herkend."), "{two}");
    let mixed = import(&["een.csv", "leeg.csv", "twee.csv"]);
    for words in ["leeg.csv: het bestand is leeg", "een.csv, twee.csv: niet herkend.", "map bronnen"] {
        assert!(mixed.contains(words), "'{words}': {mixed}");
    }
    assert!(!path("o.csv").exists());
}

/// A maintainer mends a whole folder at once: what is wrong in one file hides nothing of another.
#[test]
fn checking_a_format_tells_what_is_wrong_in_all_its_files_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let format = folder.path().join("mijn-format");
    Session::export_format(&format, false).unwrap();
    let edit = |name: &str, edits: &[(&str, &str)]| {
        let path = format.join(name);
        let mut text = fs::read_to_string(&path).unwrap();
        for (old, new) in edits {
            assert!(text.contains(old), "{name}: {old}");
            text = text.replacen(old, new, 1);
        }
        fs::write(path, text).unwrap();
    };
    edit("vragen.csv", &[(";domein;", ";dom;")]);
    edit("gebieden.csv", &[(";gebied;", ";dorp;"), (";wijk;", ";gehucht;")]);
    edit("format.toml", &[("[opvallend]\n", "[opvallend]\nkleur = 3\n")]);
    edit("controle.csv", &[("code;indicator", "\ncode;indicator")]);
    fs::write(format.join("controle.csv"), "code;indicator;niveau;drempel\ngeen-code;;fout;\n").unwrap();
    edit(
        "bronnen/rivm-2020.toml",
        &[
            ("decimaalteken", "decimalteken"),
            ("schaal = \"getal\"", "schaal = \"getall\""),
            ("eerste_rij = 2", "eerste_rij = 1"),
            ("indicator = \"eenzaam\"", "indicator = \"eenzaamm\""),
            ("\"rokers\"", "5"),
        ],
    );
    edit("bronnen/rivm-2016.toml", &[("koprij", "kop rij"), ("eerste_rij", "eerste rij")]);
    // A file that is there and cannot be read.
    #[cfg(unix)]
    {
        fs::remove_file(format.join("partners.csv")).unwrap();
        std::os::unix::fs::symlink("nergens", format.join("partners.csv")).unwrap();
        std::os::unix::fs::symlink("nergens", format.join("bronnen/zoek.toml")).unwrap();
    }
    let said = Session::open_to_check(Some(&format)).err().unwrap().to_string();
    for part in [
        #[cfg(unix)]
        "partners.csv: Het bestand lezen lukt niet, want het bestaat niet",
        #[cfg(unix)]
        "bronnen/zoek.toml: De koppeling kan niet worden gelezen",
        "vragen.csv, regel 2, veld 'plaats': gevonden: 'dom'",
        "veld 'opvallend.kleur': dit veld is onbekend",
        "veld 'niveau': gevonden: 'dorp'",
        "veld 'niveau': gevonden: 'gehucht'",
        "controle.csv, regel 2, veld 'code': 'geen-code'",
        "bronnen/rivm-2020.toml, regel 8, veld decimalteken: onbekend veld",
        "bronnen/rivm-2020.toml, regel 1, veld decimaalteken: het veld 'decimaalteken' ontbreekt",
        "veld schaal: 'getall' is hier niet mogelijk",
        "veld eerste_rij: moet onder de koprij liggen",
        "'eenzaamm' staat niet in indicatoren.csv",
        "veld indicator: verwacht: een tekst tussen aanhalingstekens",
        "Gevonden: kop rij = 1.",
        "Gevonden: eerste rij = 2.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let ordinary = Session::open(Some(&format)).err().unwrap().to_string();
    assert!(ordinary.contains("'dorp'") && ordinary.contains("'getall'"), "{ordinary}");
    assert!(!said.contains('\u{0}') && !said.contains("''"), "what stands in for a field is never told: {said}");
}
