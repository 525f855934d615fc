//! Taking workbooks that other programs saved to another version of the format.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libtest_mimic::Trial;
use wijkanalyse::format;
use wijkanalyse::model::{Analysis, Format};
use wijkanalyse::workbook::{Details, read};

use crate::common::wijk;
use crate::made::full;
use crate::need::{Need, convert, trial, witness};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial(
        "openpyxl_libreoffice_and_an_imitation_of_google_keep_the_ids_by_which_everything_is_found",
        &[Need::Python, Need::LibreOffice],
        found_by_id,
    )]
}

/// A folder with the format in a next version: a pijler tab is called otherwise, a question stands elsewhere.
pub(crate) fn next_version() -> &'static Path {
    static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        wijk(folder.path(), &["format", "uitvoer", "nieuw"]).ended(0);
        let change = |name: &str, from: &str, to: &str| {
            let path = folder.path().join("nieuw").join(name);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{name} no longer says {from}");
            fs::write(path, text.replacen(from, to, 1)).unwrap();
        };
        change("format.toml", "versie = \"1.1\"", "versie = \"2.0\"");
        change("pijlers.csv", ";Pijler Kansrijk;", ";Kansrijk 2027;");
        let path = folder.path().join("nieuw/vragen.csv");
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(1, 2);
        fs::write(path, lines.join("\n")).unwrap();
        folder
    });
    MADE.path()
}

/// What people wrote on the pijler tabs and the summary, by ids.
fn content(analysis: &Analysis, format: &Format) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let domein = |name: &str| format.domein(name).map_or(format!("?{name}"), |domein| domein.id.clone());
    for tab in &analysis.pijlers {
        for block in &tab.blocks {
            for row in &block.indicators {
                let key = format!("{}/{:?}", domein(&block.domein), row.code);
                all.insert(format!("{key}/cijfer"), row.wijk.value.text());
                all.insert(
                    format!("{key}/opmerking"),
                    row.remark.as_ref().map_or("", |cell| &cell.text).to_owned(),
                );
            }
            for question in &block.questions {
                let key = format!("{}/{:?}", domein(&block.domein), question.code);
                all.insert(key, question.answer.text.clone());
            }
        }
        for question in &tab.questions {
            all.insert(format!("{}/{:?}", tab.pijler, question.code), question.answer.text.clone());
        }
        for row in &tab.closing {
            let conclusion = row.conclusion.as_ref().map_or("", |cell| &cell.text).to_owned();
            all.insert(format!("slot/{}", domein(&row.domein)), conclusion);
        }
    }
    all
}

fn found_by_id() -> Result<(), String> {
    let here = tempfile::tempdir().map_err(|e| e.to_string())?;
    let path = |name: &str| here.path().join(name);
    let original = full().join("vol.xlsx");
    let renamed = path("anders.xlsx");
    witness("other_labels.py", &[&original, &renamed])?;
    let libreoffice: PathBuf = convert(&renamed, "xlsx", &path("libreoffice"))?;
    let google = |way: &str| -> Result<PathBuf, String> {
        let out = path(&format!("google-{way}.xlsx"));
        witness("google_export.py", &[&renamed, &out, Path::new(way)])?;
        Ok(out)
    };
    let map = next_version().join("nieuw");
    let format = format::load(&map).unwrap();
    let read = |path: &Path, format: &Format| {
        let bytes = fs::read(path).unwrap();
        content(&read("werkboek.xlsx", bytes, format, Details::None).unwrap().0, format)
    };
    let before = read(&original, &format::builtin().unwrap());
    let filled = before.values().filter(|text| !text.is_empty()).count();
    assert!(filled > 200, "{filled} places are filled");
    for saved in [libreoffice, google("gewoon")?, google("kaal")?] {
        let out = path("na.xlsx");
        let places =
            [saved.as_path(), Path::new("--naar"), &map, Path::new("-o"), &out].map(|p| p.display().to_string());
        let arguments: Vec<&str> = ["format", "migreer"]
            .into_iter()
            .chain(places.iter().map(String::as_str))
            .chain(["--forceer"])
            .collect();
        wijk(here.path(), &arguments).ended(0);
        let after = read(&out, &format);
        for (key, text) in &before {
            assert_eq!(after.get(key), Some(text), "{key} of {}", saved.display());
        }
    }
    Ok(())
}
