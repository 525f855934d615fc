//! The two examples in `docs/beheer.md`, done as written there: a fourth pijler, and an indicator from a new source.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

use std::fs;
use std::path::Path;

use wijkanalyse::finding::Level;
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
    let report = session.import_overview(&[source], &overview, "", false).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let bereik = report.indicators.iter().find(|one| one.code == "bereik-jongerenwerk").unwrap();
    assert_eq!(bereik.with_figure, 2);

    let outcome = session.compare(None, Some("Bospolder"), Some(&overview)).unwrap();
    let shown = serde_json::to_string(&outcome.comparison).unwrap();
    assert!(shown.contains("bereik-jongerenwerk") && shown.contains("22.5"), "{shown}");
}
