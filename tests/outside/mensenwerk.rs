//! What people put into an analysis workbook survives filling: a picture, notes, a conversation, rich text, macros, a
//! chart, pivot tables, validations, formats, hidden rows, names, print areas, protection and a tab of their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use libtest_mimic::Trial;
use serde_json::Value;
use wijkanalyse::package::xml::xml_unescape;

use crate::common::law::only_the_ledger_changed;
use crate::common::{blank, cell, cells_of, entry, folder_with, raw_entries, sheet_part, wijk};
use crate::migratie::next_version;
use crate::need::{Need, convert, data, trial, validator, witness};

const OWN: &str = "Mijn berekeningen";
const MADE: &[Need] = &[Need::Data, Need::Python];
const SHOWN: &[Need] = &[Need::Data, Need::Python, Need::LibreOffice];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("filling_changes_no_byte_of_what_people_put_in", MADE, nothing_else_changes),
        trial("every_text_that_people_typed_is_still_there", MADE, every_text_is_there),
        trial("every_relation_that_was_there_is_there_still", MADE, relations),
        trial("a_figure_and_a_rich_answer_of_a_person_stay_as_they_typed_them", MADE, typed_cells),
        trial("formulas_of_people_lose_a_stale_outcome_and_keep_a_right_one", MADE, outcomes),
        trial("a_chart_forgets_the_points_that_changed_and_no_others", MADE, chart),
        trial("a_pivot_table_over_changed_figures_is_renewed_on_opening_and_another_is_not", MADE, pivots),
        trial("filling_twice_keeps_what_people_put_in_as_well", MADE, twice),
        trial("a_check_keeps_every_note_and_conversation_and_renews_only_its_own", MADE, checked),
        trial(
            "a_migration_brings_every_text_picture_and_conversation_along_and_stays_valid",
            &[Need::Data, Need::Python, Need::Validators],
            migrated,
        ),
        trial("a_picture_stands_on_the_same_place_of_the_page", SHOWN, picture),
        trial("openpyxl_still_finds_what_people_put_in", MADE, openpyxl),
        trial("libreoffice_calculates_the_formulas_of_people_with_the_new_figures", SHOWN, calculated),
        trial("the_check_knows_whether_libreoffice_saved_the_workbook_since_filling", SHOWN, saved_since),
        trial(
            "the_validator_finds_nothing_in_the_filled_workbook_that_was_not_there_before",
            &[Need::Data, Need::Python, Need::Validators],
            validated,
        ),
    ]
}

/// A workbook with people's work, before and after filling.
struct Work {
    folder: tempfile::TempDir,
    before: Vec<u8>,
    after: Vec<u8>,
    outcome: Value,
    /// `texts` and `parts` that are people's.
    theirs: Value,
}

fn work() -> &'static Work {
    static WORK: LazyLock<Work> = LazyLock::new(|| {
        let folder = folder_with(&[("leeg.xlsx", blank())]);
        let path = |name: &str| folder.path().join(name);
        let macros = data().unwrap().join("corpus/xlsx/xlsxwriter__macro04.xlsm");
        let arguments = [&path("leeg.xlsx"), &macros, &path("mens.xlsm"), &path("mens.json")];
        witness("peoples_work.py", &arguments.map(std::path::PathBuf::as_path)).unwrap();
        let arguments = ["vul", "mens.xlsm", "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "vol.xlsm"];
        let outcome = wijk(folder.path(), &[&arguments[..], &["--json"]].concat()).ended(0).json();
        let read = |name: &str| fs::read(path(name)).unwrap();
        let (before, after, theirs) = (read("mens.xlsm"), read("vol.xlsm"), read("mens.json"));
        Work { before, after, outcome, theirs: serde_json::from_slice(&theirs).unwrap(), folder }
    });
    &WORK
}

/// The texts in a list of the json.
fn listed<'a>(value: &'a Value, name: &str) -> Vec<&'a str> {
    value[name].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn nothing_else_changes() -> Result<(), String> {
    let work = work();
    assert!(work.outcome["ledger"].as_array().unwrap().len() > 500, "{}", work.outcome["ledger"]);
    only_the_ledger_changed("mens.xlsm", &work.before, &work.after, &work.outcome);
    // Parts of their own are the same to the byte, compressed and all, but for the caches that are listed.
    let (before, after) = (raw_entries(&work.before), raw_entries(&work.after));
    let parts = listed(&work.theirs, "parts");
    assert!(parts.len() >= 13, "{parts:?}");
    for part in &parts {
        let find = |entries: &[crate::common::RawEntry]| entries.iter().find(|e| e.name == *part).cloned();
        let same = find(&before).is_some() && find(&before) == find(&after);
        let renewed = ["xl/charts/chart71.xml", "xl/pivotCache/pivotCacheDefinition1.xml"].contains(part);
        assert_eq!(same, !renewed, "{part}");
    }
    Ok(())
}

/// Parts that a check may change: those with notes, and what registers a tab.
fn of_notes_or_a_tab(name: &str) -> bool {
    [
        "omment",
        "worksheets/_rels/",
        "[Content_Types]",
        "xl/workbook.xml",
        "workbook.xml.rels",
        "xl/styles.xml",
        "controle.xml",
    ]
    .iter()
    .any(|part| name.contains(part))
        || name.ends_with(".vml")
}

fn checked() -> Result<(), String> {
    let work = work();
    let at = |name: &str| work.folder.path().join(name);
    let run = |name: &str| wijk(work.folder.path(), &["controleer", name, "--blad", "--json"]);
    let outcome = run("vol.xlsm").json();
    let made = fs::read(at("vol - gecontroleerd.xlsm")).unwrap();
    assert!(outcome["written"]["notes"].as_u64().unwrap() > 20, "{}", outcome["written"]);
    // A tab that had no notes refers to them now; no other part differs.
    let (before, after) = (raw_entries(&work.after), raw_entries(&made));
    for old in before.iter().filter(|old| !of_notes_or_a_tab(&old.name)) {
        let new = after.iter().find(|new| new.name == old.name).unwrap();
        let reference = |text: String| match text.find("<legacyDrawing xmlns:r=") {
            Some(start) => format!("{}{}", &text[..start], &text[start + text[start..].find("/>").unwrap() + 2..]),
            None => text,
        };
        if old != new {
            assert_eq!(entry(&work.after, &old.name), reference(entry(&made, &old.name)), "{}", old.name);
        }
    }
    // Conversations are the same to the byte, and every text of theirs is still there.
    for part in ["xl/threadedComments/threadedComment1.xml", "xl/persons/person.xml"] {
        assert_eq!(entry(&work.after, part), entry(&made, part));
    }
    let words = words(&made);
    for text in listed(&work.theirs, "texts") {
        assert!(words.values().any(|words| words.contains(text)), "{text}");
    }
    // The second time its own tab and notes are replaced: not a byte differs.
    run("vol - gecontroleerd.xlsm");
    assert!(fs::read(at("vol - gecontroleerd.xlsm")).unwrap() == made, "a second check changed something");
    Ok(())
}

/// All text of a package: of every part, tags taken away and signs as people read them.
fn words(bytes: &[u8]) -> BTreeMap<String, String> {
    let names = raw_entries(bytes).into_iter().map(|e| e.name);
    let readable = names.filter(|name| [".xml", ".vml"].iter().any(|end| name.ends_with(end)));
    readable.map(|name| (name.clone(), xml_unescape(&entry(bytes, &name)))).collect()
}

fn every_text_is_there() -> Result<(), String> {
    let work = work();
    let (before, after) = (words(&work.before), words(&work.after));
    let texts = listed(&work.theirs, "texts");
    assert!(texts.len() >= 12);
    for text in texts {
        let places = |words: &BTreeMap<String, String>| -> Vec<String> {
            words.iter().filter(|(_, words)| words.contains(text)).map(|(name, _)| name.clone()).collect()
        };
        assert!(!places(&before).is_empty(), "'{text}' was never there");
        assert_eq!(places(&before), places(&after), "{text}");
    }
    Ok(())
}

fn relations() -> Result<(), String> {
    let work = work();
    let entries = raw_entries(&work.before);
    let parts: Vec<&str> = entries.iter().map(|e| e.name.as_str()).filter(|n| n.ends_with(".rels")).collect();
    assert!(parts.len() > 10, "{parts:?}");
    for part in parts {
        let after = entry(&work.after, part);
        for relation in entry(&work.before, part).split("<Relationship ").skip(1) {
            let relation = relation.split("/>").next().unwrap();
            assert!(after.contains(relation), "{part}: {relation}");
        }
    }
    // Every part still has its kind, and the macros make it a workbook with macros.
    let types = entry(&work.after, "[Content_Types].xml");
    for kind in entry(&work.before, "[Content_Types].xml").split('<').filter(|tag| tag.contains("ContentType=")) {
        assert!(types.contains(kind), "{kind}");
    }
    assert!(types.contains("sheet.macroEnabled.main+xml"));
    Ok(())
}

fn typed_cells() -> Result<(), String> {
    let work = work();
    for at in ["C57", "C58", "H12", "E14", "G14", "C14"] {
        assert_eq!(cell(&work.before, "Pijler Kansrijk", at), cell(&work.after, "Pijler Kansrijk", at), "{at}");
    }
    let answer = cell(&work.after, "Pijler Kansrijk", "C57");
    assert!(answer.contains("t=\"s\"") && answer.contains("<v>0</v>"), "{answer}");
    let findings = work.outcome["findings"].as_array().unwrap();
    let about = |at: &str| findings.iter().find(|finding| finding["place"]["cell"] == at);
    let figure = about("E14").unwrap_or_else(|| panic!("{findings:?}"));
    assert!(figure["found"].as_str().unwrap().contains("41,5%"), "{figure}");
    assert!(findings.iter().any(|f| f["found"].to_string().contains("'Pijler Gezond' is beveiligd")));
    // The row next to theirs is filled.
    assert!(cell(&work.after, "Pijler Kansrijk", "E13").contains("<v>"));
    Ok(())
}

fn outcomes() -> Result<(), String> {
    let work = work();
    let removed = listed(&work.outcome, "removed_caches");
    for at in ["B1", "B2", "B3", "B4", "B7", "H2", "H3"] {
        let (was, is) = (cell(&work.before, OWN, at), cell(&work.after, OWN, at));
        assert!(was.contains("<v>") && is.contains("<f>") && !is.contains("<v>"), "{at}: {is}");
        assert!(removed.contains(&format!("{OWN}!{at}").as_str()), "{at}: {removed:?}");
    }
    for at in ["B5", "B6", "C12", "G12"] {
        assert_eq!(cell(&work.before, OWN, at), cell(&work.after, OWN, at), "{at}");
        assert!(cell(&work.after, OWN, at).contains("<v>"), "{at}");
    }
    assert!(entry(&work.after, "xl/workbook.xml").contains("fullCalcOnLoad=\"1\""));
    Ok(())
}

fn chart() -> Result<(), String> {
    let work = work();
    // Theirs, and the three on the summary tab that the format made.
    let own = ["xl/charts/chart1.xml", "xl/charts/chart2.xml", "xl/charts/chart3.xml"];
    let (made, theirs): (Vec<&str>, Vec<&str>) =
        listed(&work.outcome, "chart_caches").into_iter().partition(|part| own.contains(part));
    assert_eq!((made.as_slice(), theirs.as_slice()), (own.as_slice(), ["xl/charts/chart71.xml"].as_slice()));
    let after = entry(&work.after, "xl/charts/chart71.xml");
    let cached = |formula: &str| {
        let reference = after.split(&format!("<c:f>{formula}</c:f>")).nth(1).unwrap();
        reference.starts_with("<c:numCache>") || reference.starts_with("<c:strCache>")
    };
    for changed in ["'Pijler Kansrijk'!$E$10", "'Pijler Kansrijk'!$E$12:$E$14"] {
        assert!(!cached(changed), "{changed}");
    }
    for same in ["'Pijler Kansrijk'!$B$12:$B$14", "'Mijn berekeningen'!$D$1:$D$3", "'Mijn berekeningen'!$A$1"] {
        assert!(cached(same), "{same}");
    }
    Ok(())
}

fn pivots() -> Result<(), String> {
    let work = work();
    let renewed = entry(&work.after, "xl/pivotCache/pivotCacheDefinition1.xml");
    assert!(renewed.contains(" refreshOnLoad=\"1\""), "{renewed}");
    assert!(!entry(&work.after, "xl/pivotCache/pivotCacheDefinition2.xml").contains("refreshOnLoad"));
    let findings = work.outcome["findings"].as_array().unwrap();
    let about: Vec<&Value> = findings.iter().filter(|f| f["code"] == "draaitabel-verouderd").collect();
    assert_eq!(about.len(), 1, "{about:?}");
    assert_eq!((&about[0]["place"]["tab"], &about[0]["place"]["cell"]), (&OWN.into(), &"A11:C13".into()));
    assert!(about[0]["found"].as_str().unwrap().contains("'Draaitabel 1'"), "{}", about[0]);
    Ok(())
}

fn twice() -> Result<(), String> {
    let work = work();
    let fixed = ["vul", "vol.xlsm", "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "weer.xlsm", "--json"];
    let again = wijk(work.folder.path(), &fixed).ended(0).json();
    assert_eq!(again["changed"], false, "{}", again["ledger"]);
    assert!(fs::read(work.folder.path().join("weer.xlsm")).unwrap() == work.after);
    // The figure that a person typed is not known to be another wijk's.
    wijk(work.folder.path(), &["vul", "vol.xlsm", "--wijk", "Tussendijken", "-o", "ander.xlsm"])
        .ended(2)
        .says(&["cijfers van 'Bospolder'"]);
    let fixed =
        ["vul", "vol.xlsm", "--wijk", "Bospolder", "--naast", "Oude Noorden", "-o", "ander.xlsm", "--json"];
    let other = wijk(work.folder.path(), &fixed).ended(0).json();
    let bytes = fs::read(work.folder.path().join("ander.xlsm")).unwrap();
    assert!(other["ledger"].as_array().unwrap().len() > 200, "{}", other["ledger"]);
    only_the_ledger_changed("vol.xlsm", &work.after, &bytes, &other);
    Ok(())
}

/// Number of the page and the box of the block of magenta, in pixels.
fn magenta(document: &Path) -> Result<(usize, [usize; 4]), String> {
    let pages = tempfile::tempdir().map_err(|e| e.to_string())?;
    let done = Command::new("pdftoppm")
        .args(["-r", "40", "-l", "20"])
        .arg(document)
        .arg(pages.path().join("p"))
        .status()
        .map_err(|e| e.to_string())?;
    assert!(done.success());
    for (number, name) in crate::common::names(pages.path()).into_iter().enumerate() {
        let image = fs::read(pages.path().join(name)).map_err(|e| e.to_string())?;
        // P6, width and height, the highest value: three lines, then three bytes a pixel.
        let lines: Vec<&[u8]> = image.splitn(4, |byte| *byte == b'\n').collect();
        let width: usize = std::str::from_utf8(lines[1]).unwrap().split(' ').next().unwrap().parse().unwrap();
        let pixels = lines[3].chunks_exact(3).enumerate();
        let hits: Vec<usize> =
            pixels.filter(|(_, p)| p[0] > 240 && p[1] < 20 && p[2] > 240).map(|(at, _)| at).collect();
        let (Some(first), Some(last)) = (hits.first(), hits.last()) else { continue };
        let column = |at: &usize| at % width;
        let (left, right) = (hits.iter().map(column).min().unwrap(), hits.iter().map(column).max().unwrap());
        assert!(hits.len() > 100, "{} pixels", hits.len());
        return Ok((number, [left, first / width, right, last / width]));
    }
    Err(format!("no block of magenta in {}", document.display()))
}

fn picture() -> Result<(), String> {
    let work = work();
    let place = |name: &str| -> Result<(usize, [usize; 4]), String> {
        let out = tempfile::tempdir().map_err(|e| e.to_string())?;
        magenta(&convert(&work.folder.path().join(name), "pdf", out.path())?)
    };
    assert_eq!(place("mens.xlsm")?, place("vol.xlsm")?);
    Ok(())
}

fn openpyxl() -> Result<(), String> {
    let work = work();
    let path = |name: &str| work.folder.path().join(name);
    let said = witness("peoples_work_read.py", &[&path("mens.xlsm"), &path("vol.xlsm")])?;
    assert!(said.contains("same"), "{said}");
    Ok(())
}

fn calculated() -> Result<(), String> {
    let work = work();
    let out = tempfile::tempdir().map_err(|e| e.to_string())?;
    let saved = fs::read(convert(&work.folder.path().join("vol.xlsm"), "xlsx", out.path())?).unwrap();
    let number = |bytes: &[u8], tab: &str, at: &str| -> f64 {
        let (cells, _) = cells_of(&entry(bytes, &sheet_part(bytes, tab)));
        let value = cells[at].split("<v>").nth(1).unwrap_or_else(|| panic!("{at}: {}", cells[at]));
        value.split('<').next().unwrap().parse().unwrap()
    };
    let figure = number(&work.after, "Pijler Kansrijk", "E12");
    assert!((number(&saved, OWN, "B1") - 2.0 * figure).abs() < 1e-9);
    assert!((number(&saved, OWN, "B4") - 2.0 * figure - 1.0).abs() < 1e-9);
    assert!((number(&saved, OWN, "H2") - figure).abs() < 1e-9);
    Ok(())
}

fn saved_since() -> Result<(), String> {
    let work = work();
    let about = |name: &str| -> (Value, Vec<Value>) {
        let check = wijk(work.folder.path(), &["controleer", name, "--json"]).json();
        let findings = check["findings"].as_array().unwrap().iter();
        let open = findings.filter(|f| f["code"] == "formule-niet-berekend").cloned().collect();
        (check["saved_since_filling"].clone(), open)
    };
    let (saved, open) = about("vol.xlsm");
    assert_eq!(saved, false);
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!((&open[0]["place"]["tab"], &open[0]["place"]["cell"]), (&OWN.into(), &"B1:B4 B7 H2:H3".into()));
    assert_eq!(about("mens.xlsm").0, Value::Null, "a workbook that was never filled");
    let saved = convert(&work.folder.path().join("vol.xlsm"), "xlsx", &work.folder.path().join("lo"))
        .map(|path| about(&path.display().to_string()))?;
    assert_eq!(saved, (Value::Bool(true), Vec::new()));
    Ok(())
}

/// What the validator finds in a workbook of the folder.
fn errors(name: &str) -> Result<Vec<Value>, String> {
    let tool = validator().ok_or("no validator")?;
    let run = Command::new(&tool).arg(work().folder.path().join(name)).output().map_err(|e| e.to_string())?;
    let found: Value = serde_json::from_slice(&run.stdout).map_err(|e| e.to_string())?;
    let mut errors: Vec<Value> = found["errors"].as_array().into_iter().flatten().cloned().collect();
    errors.sort_by_key(Value::to_string);
    Ok(errors)
}

fn migrated() -> Result<(), String> {
    let work = work();
    let map = next_version().join("nieuw").display().to_string();
    let run = ["format", "migreer", "vol.xlsm", "--naar", &map, "-o", "nieuw.xlsm", "--json"];
    let outcome = wijk(work.folder.path(), &run).ended(0).json();
    let after = fs::read(work.folder.path().join("nieuw.xlsm")).unwrap();
    let found = words(&after);
    for text in listed(&work.theirs, "texts") {
        assert!(found.values().any(|words| words.contains(text)), "'{text}' is lost");
    }
    // Each where it belongs, on the tab that has another name now; the answer with a bold word still has one.
    let moves = outcome["moves"].as_array().unwrap();
    let arrived = |what: &str| {
        let line = moves.iter().find(|line| line["what"].as_str().unwrap().contains(what));
        line.unwrap_or_else(|| panic!("{what} is not told"))["to_tab"].as_str().unwrap().to_owned()
    };
    for what in [
        "vette of gekleurde woorden",
        "gesprek",
        "notitie",
        "voorwaardelijke opmaak",
        "gegevensvalidatie",
        "verborgen",
        "afbeeldingen",
    ] {
        assert_eq!(arrived(what), "Kansrijk 2027", "{what}");
    }
    let answer = cell(&after, "Kansrijk 2027", "C57");
    assert!(answer.contains("t=\"s\"") && answer.contains("<v>0</v>"), "{answer}");
    for part in ["xl/media/foto.png", "xl/persons/person.xml", "xl/vbaProject.bin"] {
        let find =
            |entries: Vec<crate::common::RawEntry>| entries.into_iter().find(|e| e.name == part).unwrap().local;
        assert!(find(raw_entries(&work.after)) == find(raw_entries(&after)), "{part}");
    }
    // Their chart is drawn from the cells where the figures are now.
    assert!(entry(&after, "xl/charts/chart71.xml").contains("'Kansrijk 2027'!$E$12:$E$14"));
    // What cannot go along is told.
    assert_eq!((arrived("beveiliging"), arrived("afdrukbereik")), (String::new(), String::new()));
    let kinds = |name: &str| -> Result<std::collections::BTreeSet<String>, String> {
        Ok(errors(name)?.iter().map(|error| error["description"].to_string()).collect())
    };
    let before = kinds("vol.xlsm")?;
    let new: Vec<String> = kinds("nieuw.xlsm")?.into_iter().filter(|kind| !before.contains(kind)).collect();
    assert_eq!(new, Vec::<String>::new());
    Ok(())
}

fn validated() -> Result<(), String> {
    let work = work();
    assert_eq!(errors("mens.xlsm")?, errors("vol.xlsm")?);
    wijk(work.folder.path(), &["controleer", "vol.xlsm", "--blad", "-o", "blad.xlsm"]);
    assert_eq!(errors("vol.xlsm")?, errors("blad.xlsm")?);
    Ok(())
}
