//! Filled workbooks as other software sees them: openpyxl reads them back, LibreOffice and openpyxl save them again,
//! and workbooks that other software makes today are filled.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::common::{changed_overview, filled, folder_with, wijk};
use crate::need::{Need, convert, python, trial, witness};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("openpyxl_reads_back_every_cell_of_the_ledger", &[Need::Python], read_back),
        trial("openpyxl_finds_the_right_rule_on_every_row_and_no_other", &[Need::Python], rules),
        trial("rules_that_openpyxl_threw_away_are_repaired", &[Need::Python], repaired),
        trial("workbooks_that_other_software_makes_today_are_filled", &[Need::Python], variants),
        trial(
            "inserted_rows_and_a_renamed_tab_do_not_make_our_figures_a_persons",
            &[Need::Python],
            moved_by_a_person,
        ),
        trial(
            "a_new_edition_passes_the_validators_and_openpyxl_finds_tab_note_and_text",
            &[Need::Validators, Need::Python],
            new_edition,
        ),
        trial("a_workbook_saved_by_libreoffice_is_still_understood_and_filled", &[Need::LibreOffice], saved_again),
        trial("the_charts_of_the_workbook_show_what_those_of_the_report_show", &[Need::LibreOffice], charts),
    ]
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn read_back() -> Result<(), String> {
    let (bytes, ledger) = filled();
    let here = folder_with(&[("vol.xlsx", bytes), ("log.json", ledger.to_string().as_bytes())]);
    assert!(ledger.as_array().unwrap().len() > 500);
    witness("read_back.py", &[&here.path().join("vol.xlsx"), &here.path().join("log.json")]).map(drop)
}

fn rules() -> Result<(), String> {
    let here = folder_with(&[("vol.xlsx", &filled().0)]);
    let said = witness("filled_rules.py", &[&here.path().join("vol.xlsx")])?;
    let checked: usize = said.trim().rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default();
    (checked > 400).then_some(()).ok_or(said)
}

/// Opens a workbook with openpyxl, runs a script on `book`, and saves it.
fn with_openpyxl(path: &Path, script: &str) -> Result<(), String> {
    let program =
        format!("import openpyxl,sys\nbook=openpyxl.load_workbook(sys.argv[1])\n{script}\nbook.save(sys.argv[1])");
    let done = Command::new(python()).arg("-c").arg(program).arg(path).output().map_err(text)?;
    done.status.success().then_some(()).ok_or_else(|| String::from_utf8_lossy(&done.stderr).into_owned())
}

fn repaired() -> Result<(), String> {
    let here = folder_with(&[("vol.xlsx", &filled().0)]);
    let path = here.path().join("vol.xlsx");
    let script = "from openpyxl.formatting.formatting import ConditionalFormattingList\n\
                  book['Pijler Veilig'].conditional_formatting = ConditionalFormattingList()";
    with_openpyxl(&path, script)?;
    if witness("filled_rules.py", &[&path]).is_ok() {
        return Err("the witness does not see that the rules are gone".to_owned());
    }
    wijk(here.path(), &["controleer", "vol.xlsx"]).says(&["--herstel-opmaak", "Pijler Veilig"]);
    let arguments = ["vul", "vol.xlsx", "--wijk", "Bospolder", "--herstel-opmaak", "-o", "heel.xlsx"];
    wijk(here.path(), &arguments).ended(0);
    witness("filled_rules.py", &[&here.path().join("heel.xlsx")]).map(drop)
}

/// The example overview in which Bospolder has the name of the made workbooks' wijk.
fn voorbeeldwijk() -> Vec<u8> {
    changed_overview(|rows| {
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][1] = "Voorbeeldwijk".to_owned();
    })
}

fn variants() -> Result<(), String> {
    let made = tempfile::tempdir().map_err(text)?;
    witness("make_variants.py", &[made.path()])?;
    let results = folder_with(&[("overzicht.csv", &voorbeeldwijk())]);
    let mut tried = 0;
    for name in crate::common::names(made.path()) {
        let original = made.path().join(&name);
        let path = original.display().to_string();
        let fixed = ["vul", &path, "--wijk", "Voorbeeldwijk", "--overzicht", "overzicht.csv"];
        let run = wijk(
            results.path(),
            &[&fixed[..], &["--overschrijf", "--herstel-opmaak", "-o", &name, "--json"]].concat(),
        );
        assert!(run.code == 0 || run.code == 1, "{name}: {run:?}");
        let ledger = &run.json()["ledger"];
        assert!(ledger.as_array().unwrap().len() > 20, "{name}: {ledger}");
        fs::write(results.path().join("log.json"), ledger.to_string()).map_err(text)?;
        witness("read_back.py", &[&results.path().join(&name), &results.path().join("log.json")])?;
        // What was filled is found again, and nobody reports a figure that differs from the overview.
        let check = wijk(results.path(), &["controleer", &name, "--overzicht", "overzicht.csv", "--json"]).json();
        let differing: Vec<&Value> = check["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| {
                finding["code"] == "cijfer-wijkt-af" && !finding["found"].to_string().contains("formule")
            })
            .collect();
        assert!(differing.is_empty(), "{name}: {differing:#?}");
        tried += 1;
    }
    assert!(tried >= 4, "{tried} workbooks");
    Ok(())
}

fn moved_by_a_person() -> Result<(), String> {
    let other = changed_overview(|rows| {
        let column = crate::common::column_of(rows, "tevreden-met-buurt");
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][column] = "12,5".to_owned();
    });
    let here = folder_with(&[("vol.xlsx", &filled().0), ("ander.csv", &other)]);
    let script = "sheet=book['Pijler Veilig']\n\
                  for merge in list(sheet.merged_cells.ranges): sheet.unmerge_cells(str(merge))\n\
                  sheet.insert_rows(12, 3)\nsheet.title='Veiligheid in de wijk'";
    with_openpyxl(&here.path().join("vol.xlsx"), script)?;
    let arguments =
        ["vul", "vol.xlsx", "--wijk", "Bospolder", "--naast", "Tussendijken", "--overzicht", "ander.csv"];
    let outcome = wijk(here.path(), &[&arguments[..], &["-o", "nieuw.xlsx", "--json"]].concat()).json();
    let left: Vec<&Value> = outcome["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["code"] == "cijfer-met-rust-gelaten")
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    let renewed = outcome["ledger"].as_array().unwrap().iter().any(|entry| {
        entry["tabblad"] == "Veiligheid in de wijk"
            && entry["indicator"] == "tevreden-met-buurt"
            && entry["nieuw"] == 12.5
    });
    assert!(renewed, "{}", outcome["ledger"]);
    Ok(())
}

/// A filled workbook of our own, and what LibreOffice made of it, which recalculates what filling left without outcome.
fn saved() -> Result<&'static (tempfile::TempDir, std::path::PathBuf), String> {
    static SAVED: std::sync::OnceLock<Result<(tempfile::TempDir, std::path::PathBuf), String>> =
        std::sync::OnceLock::new();
    let made = SAVED.get_or_init(|| {
        let here = folder_with(&[("vol.xlsx", &filled().0)]);
        let out = here.path().join("lo");
        fs::create_dir(&out).map_err(text)?;
        let saved = convert(&here.path().join("vol.xlsx"), "xlsx", &out)?;
        Ok((here, saved))
    });
    made.as_ref().map_err(Clone::clone)
}

/// The formulas behind the charts of the workbook against the program's own comparison, through the charts of the report.
fn charts() -> Result<(), String> {
    use calamine::{Data, Reader, Xlsx};
    let (here, saved) = saved()?;
    let mut workbook: Xlsx<_> = calamine::open_workbook(saved).map_err(text)?;
    let hidden = workbook.worksheet_range("_grafieken").map_err(text)?;
    let names = workbook.worksheet_range("Samenvatting alle pijlers samen").map_err(text)?;
    let shown: Vec<String> = names
        .rows()
        .filter(|row| matches!(&row[0], Data::String(word) if word.contains("gunstiger")))
        .map(|row| row[2].to_string())
        .collect();
    wijk(here.path(), &["rapport", "vol.xlsx", "-o", "rapport.docx"]).ended(0);
    let mut report =
        zip::ZipArchive::new(fs::File::open(here.path().join("rapport.docx")).map_err(text)?).map_err(text)?;
    let mut drawn = Vec::new();
    for number in 1..=3 {
        let mut bytes = Vec::new();
        let name = format!("word/embeddings/grafiek{number}.xlsx");
        std::io::copy(&mut report.by_name(&name).map_err(text)?, &mut bytes).map_err(text)?;
        let mut behind = Xlsx::new(std::io::Cursor::new(bytes)).map_err(text)?;
        let table = behind.worksheet_range("Grafiek").map_err(text)?;
        for row in table.rows().skip(1).filter(|row| row[0] != Data::Empty) {
            let place = |col: usize| row.get(col).and_then(|cell| cell.to_string().parse::<f64>().ok());
            drawn.push((row[0].to_string(), place(5), place(6)));
        }
    }
    assert!(drawn.len() > 10 && drawn.len() == shown.len(), "{drawn:?}\n{shown:?}");
    let mut lines = hidden.rows().filter(|row| matches!(&row[11], Data::String(label) if !label.is_empty()));
    for ((name, wijk, gebied), label) in drawn.iter().zip(&shown) {
        assert!(label.starts_with(&format!("{name}: ")), "{label} is not {name}");
        let line = lines.next().unwrap();
        for (mine, theirs) in [(wijk, &line[5]), (gebied, &line[6])] {
            let theirs = theirs.to_string().parse::<f64>().ok();
            let near = mine.zip(theirs).is_none_or(|(one, other)| (one - other).abs() < 1e-3);
            assert!(near && mine.is_some() == theirs.is_some(), "{name}: {mine:?} {theirs:?}");
        }
    }
    Ok(())
}

fn saved_again() -> Result<(), String> {
    let (here, saved) = saved()?;
    let path = saved.display().to_string();
    let figures = |file: &str| wijk(here.path(), &["toon", file, "--json"]).ended(0).json()["figures"].clone();
    assert_eq!(figures(&path), figures("vol.xlsx"));
    let check = wijk(here.path(), &["controleer", &path, "--json"]).ended(0).json();
    assert_eq!(check["wijk"], "Bospolder");
    // Our figures are still ours: another edition renews them.
    let arguments = ["vul", &path, "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "weer.xlsx", "--json"];
    let again = wijk(here.path(), &arguments).ended(0).json();
    assert_eq!(again["changed"], false, "{}", again["ledger"]);
    let other = changed_overview(|rows| {
        let column = crate::common::column_of(rows, "vsv");
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][column] = "12,5".to_owned();
    });
    fs::write(here.path().join("ander.csv"), other).map_err(text)?;
    let arguments =
        ["vul", &path, "--wijk", "Bospolder", "--overzicht", "ander.csv", "-o", "nieuw.xlsx", "--json"];
    let renewed = wijk(here.path(), &arguments).ended(0).json();
    let edition = ["vul", &path, "--editie", "ander.csv", "-o", "editie.xlsx", "--json"];
    let figures = wijk(here.path(), &edition).ended(0).json()["edition"]["figures"].clone();
    assert!(figures[0]["code"] == "vsv" && figures[0]["now"] == "12,5%", "{figures}");
    let entries = renewed["ledger"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["indicator"] == "vsv" && entry["nieuw"] == 12.5), "{entries:?}");
    Ok(())
}

/// The example overview as a later edition in which one figure is another.
fn later() -> Vec<u8> {
    changed_overview(|rows| {
        let column = crate::common::column_of(rows, "vsv");
        let edition = rows.iter().position(|row| row[0] == "Jaar of editie").unwrap();
        for cell in rows[edition].iter_mut().skip(4) {
            *cell = "editie 2031".to_owned();
        }
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][column] = "12,5".to_owned();
    })
}

fn new_edition() -> Result<(), String> {
    let here = folder_with(&[("vol.xlsx", &filled().0), ("later.csv", &later()), ("tekst.xlsx", &filled().0)]);
    fs::create_dir(here.path().join("nieuw")).map_err(text)?;
    wijk(here.path(), &["vul", "vol.xlsx", "--editie", "later.csv", "-o", "nieuw/later.xlsx"]).ended(0);
    let tool = crate::need::validator().ok_or("no validator")?;
    let said = witness("validate.py", &[&tool, &here.path().join("nieuw")])?;
    assert!(said.lines().any(|line| line.ends_with(": clean")), "{said}");

    let row = "sheet = book['Pijler Kansrijk']\nrow = next(r for r in sheet.iter_rows() if r[8].value == 'vsv')";
    with_openpyxl(&here.path().join("tekst.xlsx"), &format!("{row}\nrow[7].value = 'Hoog: let op.'"))?;
    let outcome = wijk(here.path(), &["vul", "tekst.xlsx", "--editie", "later.csv", "-o", "uit.xlsx", "--json"])
        .ended(0)
        .json();
    assert_eq!(outcome["edition"]["texts"].as_array().map(Vec::len), Some(1), "{}", outcome["edition"]["texts"]);
    with_openpyxl(
        &here.path().join("uit.xlsx"),
        &format!(
            "{row}\nassert row[7].value == 'Hoog: let op.' and '12,5%' in row[7].comment.text, row[7].comment\n\
             assert row[4].value == 12.5, row[4].value\n\
             tab = [r for r in book['Vorige editie'].iter_rows() if r[0].value == 'Cijfer']\n\
             own = [r for r in tab if r[3].value.startswith(row[1].value)]\n\
             assert len(own) == 1 and own[0][6].value == 12.5, [[c.value for c in r] for r in own]\n\
             assert abs(own[0][5].value - 17.7) < 0.05 and '%' in own[0][6].number_format, own[0][5].value"
        ),
    )
}
