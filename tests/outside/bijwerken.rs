//! Documents that other programs saved and people worked in, made again; documents of others as house style.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::common::{changed_overview, column_of, filled, row_of, wijk};
use crate::need::{Need, convert, data, trial, validator, witness};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a_report_saved_by_libreoffice_and_by_python_docx_takes_new_figures_and_loses_no_word",
            &[Need::LibreOffice, Need::Python, Need::Validators],
            other_programs,
        ),
        trial(
            "documents_of_others_as_house_style_keep_all_their_parts_or_are_refused",
            &[Need::Data],
            house_styles,
        ),
        trial(
            "documents_of_others_as_house_style_or_template_are_no_less_valid_than_they_were",
            &[Need::Data, Need::Python, Need::Validators],
            no_less_valid,
        ),
    ]
}

/// A workbook of Bospolder, and the same with other figures.
fn workbooks(folder: &Path) {
    fs::write(folder.join("oud.xlsx"), &filled().0).unwrap();
    let overview = changed_overview(|rows| {
        let (row, column) = (row_of(rows, "BU05990321"), column_of(rows, "bijstand"));
        rows[row][column] = "33,3".to_owned();
    });
    fs::write(folder.join("overzicht.csv"), overview).unwrap();
    wijk(folder, &["vul", "oud.xlsx", "--wijk", "Bospolder", "--overzicht", "overzicht.csv", "-o", "nieuw.xlsx"])
        .ended(0);
}

fn renew(folder: &Path, workbook: &str, old: &str, new: &str) -> Result<Value, String> {
    let run =
        wijk(folder, &["rapport", workbook, "--bijwerken", old, "-o", new, "--datum", "2026-11-22", "--json"]);
    serde_json::from_str(&run.out).map_err(|error| format!("{error}: {run:?}"))
}

/// True when `after` is `before` with something added in two places at most.
fn only_added(before: &[u8], after: &[u8]) -> bool {
    let start = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[start..], &after[start..]);
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    before.is_empty() || after.windows(before.len()).any(|part| part == before)
}

fn fates(outcome: &Value, fate: &str) -> Vec<String> {
    let blocks = outcome["blocks"].as_array().unwrap();
    blocks.iter().filter(|b| b["fate"] == fate).map(|b| b["tag"].as_str().unwrap().to_owned()).collect()
}

fn other_programs() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let here = folder.path();
    workbooks(here);
    let made = wijk(here, &["rapport", "oud.xlsx", "-o", "r.docx", "--datum", "2026-11-22"]);
    assert!(made.code <= 1, "{made:?}");
    // LibreOffice drops the tags of controls and takes controls around tables apart.
    let saved = convert(&here.join("r.docx"), "docx:MS Word 2007 XML", &here.join("lo"))?;
    fs::rename(&saved, here.join("lo.docx")).map_err(|e| e.to_string())?;
    let same = renew(here, "oud.xlsx", "lo.docx", "zelfde.docx")?;
    if same["changed"] != false
        || fs::read(here.join("lo.docx")).unwrap() != fs::read(here.join("zelfde.docx")).unwrap()
    {
        return Err(format!("without new figures something changed: {}", same["blocks"]));
    }
    let ours = renew(here, "nieuw.xlsx", "r.docx", "r-nieuw.docx")?;
    let theirs = renew(here, "nieuw.xlsx", "lo.docx", "lo-nieuw.docx")?;
    for outcome in [&ours, &theirs] {
        if outcome["blocks"] != ours["blocks"] || !fates(outcome, "voorgesteld").is_empty() {
            return Err(format!("{}\nagainst\n{}", outcome["blocks"], ours["blocks"]));
        }
        let figures = outcome["figures"].as_array().unwrap();
        if !figures.iter().any(|f| f["new"] == "33,3%" && f["old"] == "21,8%") {
            return Err(format!("the list of figures: {figures:?}"));
        }
    }
    // Work of people on top of that, by another program.
    for (old, worked, new) in [("r.docx", "p.docx", "p-nieuw.docx"), ("lo.docx", "q.docx", "q-nieuw.docx")] {
        witness("edit_document.py", &["edit".as_ref(), &here.join(old), &here.join(worked)])?;
        let outcome = renew(here, "nieuw.xlsx", worked, new)?;
        // One figure of that block is another one: a comment is enough.
        if fates(&outcome, "opmerking") != ["wa:domein:werk:opvallend"] {
            return Err(outcome["blocks"].to_string());
        }
        witness("edit_document.py", &["check".as_ref(), &here.join(new)])?;
        let again = renew(here, "nieuw.xlsx", new, &format!("2-{new}"))?;
        if again["changed"] != false {
            return Err(format!("the second time: {}", again["blocks"]));
        }
    }
    let valid = here.join("geldig");
    fs::create_dir(&valid).map_err(|e| e.to_string())?;
    for name in ["r.docx", "r-nieuw.docx", "p-nieuw.docx"] {
        fs::copy(here.join(name), valid.join(name)).map_err(|e| e.to_string())?;
    }
    witness("validate.py", &[&validator().ok_or("no validator")?, &valid])?;
    convert(&here.join("p-nieuw.docx"), "pdf", &here.join("lo")).map(drop)
}

/// The parts of a package with their bytes.
fn parts(path: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let archive = wijkanalyse::package::Archive::open(path).ok()?;
    archive.names().map(|name| Some((name.to_owned(), archive.read(name).ok()?))).collect()
}

/// What went wrong once: a strict document, measures in fractions, footers of our own; or all when
/// asked for.
fn no_less_valid() -> Result<(), String> {
    const SAMPLE: [&str; 3] = ["lo__strict.docx", "lo__tdf152203.docx", "docx4j__2010-sample1.docx"];
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let here = folder.path();
    workbooks(here);
    let corpus = data().ok_or("no data")?.join("corpus/docx");
    let mut files: Vec<PathBuf> = SAMPLE.iter().map(|name| corpus.join(name)).collect();
    if std::env::var_os("WIJKANALYSE_ALLES").is_some() {
        files = fs::read_dir(corpus).map_err(|e| e.to_string())?.map(|e| e.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "docx" || e == "docm"));
        files.sort();
    }
    let program = PathBuf::from(crate::common::program());
    let validator = validator().ok_or("no validator")?;
    let (old, new) = (here.join("oud.xlsx"), here.join("nieuw.xlsx"));
    let mut arguments = vec![program.as_path(), &validator, &old, &new, here];
    arguments.extend(files.iter().map(PathBuf::as_path));
    print!("{}", witness("docx_corpus.py", &arguments)?);
    Ok(())
}

fn house_styles() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let here = folder.path();
    workbooks(here);
    let corpus = data().ok_or("no data")?.join("corpus/docx");
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus).map_err(|e| e.to_string())?.map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "docx" || e == "docm"));
    files.sort();
    // A run takes a second; every twelfth file, or all when asked for.
    let all = std::env::var_os("WIJKANALYSE_ALLES").is_some();
    let (mut dressed, mut refused, mut faults) = (0, 0, Vec::new());
    for file in files.iter().step_by(if all { 1 } else { 12 }) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = file.display().to_string();
        let run = wijk(here, &["rapport", "oud.xlsx", "--huisstijl", &path, "-o", "h.docx", "--forceer"]);
        if run.code == 2 {
            refused += 1;
            if !run.err.starts_with("niet gelukt: ") || !run.err.contains(&name) {
                faults.push(format!("{name}: {}", run.err));
            }
            continue;
        }
        dressed += 1;
        let (Some(before), Some(after)) = (parts(file), parts(&here.join("h.docx"))) else {
            faults.push(format!("{name}: cannot be read again: {run:?}"));
            continue;
        };
        let may_change = |part: &str| {
            part.ends_with(".rels")
                || part.starts_with("docProps/")
                || part == "[Content_Types].xml"
                || part.contains("/document")
        };
        for (part, bytes) in before.iter().filter(|(part, _)| !may_change(part)) {
            // A house style without bullets gets a list with them; its own lists stay as they are.
            let grown = part.ends_with("numbering.xml")
                && after.get(part).is_some_and(|now| only_added(bytes, now) && now.len() > bytes.len());
            if after.get(part) != Some(bytes) && !grown {
                faults.push(format!("{name}: {part} changed"));
            }
        }
        // It can be made again as well, and keeps the parts of the organisation then too.
        let renewed = renew(here, "nieuw.xlsx", "h.docx", "n.docx");
        match (renewed, parts(&here.join("n.docx"))) {
            (Ok(outcome), Some(renewed)) => {
                if !fates(&outcome, "vernieuwd").iter().any(|tag| tag == "wa:domein:werk:opvallend") {
                    faults.push(format!("{name}: {}", outcome["blocks"]));
                }
                for part in after.keys().filter(|part| !renewed.contains_key(*part)) {
                    faults.push(format!("{name}: {part} is gone"));
                }
            }
            (outcome, _) => faults.push(format!("{name}: {outcome:?}")),
        }
        fs::remove_file(here.join("n.docx")).map_err(|e| e.to_string())?;
        // As a file to renew it is not ours.
        let foreign = wijk(here, &["rapport", "nieuw.xlsx", "--bijwerken", &path, "-o", "n.docx"]);
        if foreign.code != 2 || here.join("n.docx").exists() || foreign.err.contains("panicked") {
            faults.push(format!("{name}: {foreign:?}"));
        }
    }
    println!("{dressed} as house style, {refused} refused");
    if dressed < 4 {
        faults.push(format!("only {dressed} as house style, {refused} refused"));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}
