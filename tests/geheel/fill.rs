//! The law of filling: what is listed changes, and nothing else; what a person wrote stays.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;

use crate::common::law::{only_the_ledger_changed, written};
use crate::common::{
    blank, cell, cells_of, changed_overview, column_of, entry, filled, folder_with, names, repository, row_of,
    sheet_part, typed, wijk, with_entry,
};
use serde_json::Value;

const KANSRIJK: &str = "Pijler Kansrijk";

/// Fills the workbook in a folder of its own; gives the result and the outcome as json.
fn fill(name: &str, bytes: &[u8], overview: Option<&[u8]>, more: &[&str], code: i32) -> (Vec<u8>, Value) {
    let here = folder_with(&[(name, bytes), ("overzicht.csv", overview.unwrap_or_default())]);
    let extension = name.rsplit('.').next().unwrap();
    let output = format!("uit.{extension}");
    let mut arguments = vec!["vul", name, "-o", &output, "--json"];
    arguments.extend(overview.map(|_| ["--overzicht", "overzicht.csv"]).into_iter().flatten());
    arguments.extend(more);
    let outcome = wijk(here.path(), &arguments).ended(code).json();
    (fs::read(here.path().join(output)).unwrap(), outcome)
}

/// The example overview in which Bospolder has the name of the made workbooks' wijk.
fn voorbeeldwijk() -> Vec<u8> {
    changed_overview(|rows| {
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][1] = "Voorbeeldwijk".to_owned();
    })
}

/// The made workbooks that may be filled.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = repository().join("fixtures/werkboeken");
    let names = names(&folder).into_iter().filter(|name| name.ends_with(".xlsx") || name.ends_with(".xlsm"));
    let found: Vec<_> = names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect();
    assert!(found.len() >= 5, "{found:?}");
    found
}

#[test]
fn the_blank_workbook_changes_in_the_cells_of_the_ledger_only() {
    let (bytes, outcome) = fill("a.xlsx", blank(), None, &["--wijk", "Bospolder"], 0);
    only_the_ledger_changed("blank", blank(), &bytes, &outcome);
    // Cells keep their style: what differs in a cell is its type and content.
    let style = |xml: &str| xml.split(" s=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    for entry in outcome["ledger"].as_array().unwrap() {
        let (tab, at) = (entry["tabblad"].as_str().unwrap(), entry["cel"].as_str().unwrap());
        if tab == KANSRIJK {
            assert_eq!(style(&cell(blank(), tab, at)), style(&cell(&bytes, tab, at)), "{tab} {at}");
        }
    }
}

#[test]
fn workbooks_of_other_software_change_in_the_cells_of_the_ledger_only_and_once() {
    let overview = voorbeeldwijk();
    for (name, bytes) in fixtures() {
        let arguments = ["--wijk", "Voorbeeldwijk"];
        let here = folder_with(&[(&name, &bytes), ("overzicht.csv", &overview)]);
        let extension = name.rsplit('.').next().unwrap();
        let (first, second) = (format!("een.{extension}"), format!("twee.{extension}"));
        let vul = |from: &str, to: &str| {
            let fixed = ["vul", from, "-o", to, "--json", "--overzicht", "overzicht.csv"];
            let run = wijk(here.path(), &[&fixed[..], &arguments].concat());
            assert!(run.code == 0 || run.code == 1, "{name}: {run:?}");
            run.json()
        };
        let outcome = vul(&name, &first);
        assert!(!outcome["ledger"].as_array().unwrap().is_empty(), "{name}: nothing was filled");
        let result = fs::read(here.path().join(&first)).unwrap();
        only_the_ledger_changed(&name, &bytes, &result, &outcome);
        // Filling again without new figures changes no byte.
        let again = vul(&first, &second);
        assert_eq!(again["changed"], false, "{name}: {}", again["ledger"]);
        assert!(fs::read(here.path().join(&second)).unwrap() == result, "{name}");
        // A workbook with macros keeps its kind.
        let types = entry(&result, "[Content_Types].xml");
        assert_eq!(types.contains("macroEnabled"), extension == "xlsm", "{name}");
    }
}

#[test]
fn filling_again_without_new_figures_changes_no_byte() {
    let (bytes, _) = filled();
    let (again, outcome) = fill("vol.xlsx", bytes, None, &["--wijk", "Bospolder", "--naast", "Tussendijken"], 0);
    assert!(&again == bytes && outcome["changed"] == false);
    // Also with the same overview from a file, and with a repair of highlighting that is in order.
    let overview = fs::read(crate::common::example()).unwrap();
    let (again, _) = fill("vol.xlsx", bytes, Some(&overview), &["--wijk", "Bospolder", "--herstel-opmaak"], 0);
    assert!(&again == bytes);
}

/// Ledger entries of an indicator.
fn of<'a>(outcome: &'a Value, indicator: &str) -> Vec<&'a Value> {
    outcome["ledger"].as_array().unwrap().iter().filter(|entry| entry["indicator"] == indicator).collect()
}

/// Address of the first cell with this indicator and field that filling the blank workbook wrote.
fn address(indicator: &str, field: &str) -> String {
    let found =
        filled().1.as_array().unwrap().iter().find(|entry| {
            entry["tabblad"] == KANSRIJK && entry["indicator"] == indicator && entry["veld"] == field
        });
    found.unwrap_or_else(|| panic!("no {field} of {indicator}"))["cel"].as_str().unwrap().to_owned()
}

#[test]
fn a_persons_figure_is_reported_and_left_alone_with_its_whole_row() {
    let at = address("vsv", "wijk");
    let row = at.trim_start_matches('E').to_owned();
    let theirs = typed(blank(), KANSRIJK, &[(&at, "<v>11.5</v>")]);
    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    let finding =
        outcome["findings"].as_array().unwrap().iter().find(|f| f["place"]["cell"] == at.as_str()).unwrap();
    assert!(finding["found"].as_str().unwrap().contains("11,5"), "{finding}");
    assert!(finding["expected"].as_str().unwrap().contains("17,7"), "{finding}");
    for column in ["C", "D", "E", "F", "G"] {
        let at = format!("{column}{row}");
        assert_eq!(cell(&bytes, KANSRIJK, &at), cell(&theirs, KANSRIJK, &at), "{at}");
    }
    // The same indicator in other rows is filled.
    assert!(of(&outcome, "vsv").iter().any(|entry| entry["veld"] == "wijk"));

    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder", "--overschrijf"], 0);
    let entry = of(&outcome, "vsv").into_iter().find(|entry| entry["cel"] == at.as_str()).unwrap();
    assert_eq!(entry["oud"], 11.5);
    assert!(cell(&bytes, KANSRIJK, &at).contains("<v>17.6838810642</v>"));
}

/// Findings of an outcome with this code.
fn coded<'a>(outcome: &'a Value, code: &str) -> Vec<&'a Value> {
    outcome["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
}

#[test]
fn a_number_typed_as_text_is_said_with_what_to_do() {
    let at = address("vsv", "wijk");
    let benchmark = at.replace('E', "G");
    // The same figure as the overview's, but for Excel it is no figure; and another one.
    for (text, code) in [("17,7", "cijfer-als-tekst"), ("4,4", "cijfer-met-rust-gelaten")] {
        let theirs = typed(blank(), KANSRIJK, &[(&at, text)]);
        let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
        let found = coded(&outcome, code);
        assert_eq!(found.len(), 1, "{}", outcome["findings"]);
        assert_eq!(found[0]["place"]["cell"], at.as_str());
        assert!(found[0]["found"].as_str().unwrap().contains(&format!("'{text}' als tekst")), "{}", found[0]);
        assert_eq!(cell(&bytes, KANSRIJK, &at), cell(&theirs, KANSRIJK, &at));
        assert_eq!(cell(&bytes, KANSRIJK, &benchmark), cell(&theirs, KANSRIJK, &benchmark));
    }
}

#[test]
fn a_formula_without_an_outcome_is_called_just_that() {
    let at = address("vsv", "wijk");
    let theirs = typed(blank(), KANSRIJK, &[(&at, "<f>G65*2</f>")]);
    let outcome = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0).1;
    let found = coded(&outcome, "cijfer-met-rust-gelaten");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["found"], "In deze cel staat een formule die nog geen uitkomst heeft.");
}

#[test]
fn a_figure_changed_by_a_person_since_filling_is_reported_with_what_was_filled() {
    let at = address("vsv", "wijk");
    let theirs = typed(&filled().0, KANSRIJK, &[(&at, "<v>11.5</v>")]);
    let arguments = ["--wijk", "Bospolder", "--naast", "Tussendijken"];
    let outcome = fill("a.xlsx", &theirs, None, &arguments, 0).1;
    let found = coded(&outcome, "cijfer-met-rust-gelaten");
    assert_eq!(found.len(), 1, "{found:?}");
    let said = found[0]["found"].as_str().unwrap();
    assert!(said.contains("Hier staat 11,5%; in het overzicht staat 17,7%."), "{said}");
    assert!(
        said.contains("Bij het vullen kwam hier 17,7% te staan; daarna is het met de hand veranderd."),
        "{said}"
    );
}

#[test]
fn a_persons_source_beside_new_figures_stays_and_is_said() {
    let at = address("vsv", "wijk").replace('E', "D");
    let theirs = typed(blank(), KANSRIJK, &[(&at, "Eigen onderzoek")]);
    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    assert_eq!(cell(&bytes, KANSRIJK, &at), cell(&theirs, KANSRIJK, &at));
    assert!(cell(&bytes, KANSRIJK, &at.replace('D', "E")).contains("<v>"));
    let found = coded(&outcome, "eigen-tekst-bij-nieuw-cijfer");
    assert_eq!(found.len(), 1, "{}", outcome["findings"]);
    assert_eq!(found[0]["place"]["cell"], at.as_str());
    assert!(found[0]["found"].as_str().unwrap().contains("'Eigen onderzoek'"), "{}", found[0]);
}

#[test]
fn cells_that_cannot_be_written_for_one_reason_are_one_finding_per_tab() {
    let merged = |from: &str, to: &str| format!("<mergeCell ref=\"{from}:{to}\"/></mergeCells>");
    let part = sheet_part(blank(), KANSRIJK);
    // A person merged pairs of figures: E12 with E13, and E14 with E15.
    let theirs = with_entry(blank(), &part, |xml| {
        let xml = xml.replace("</mergeCells>", &merged("E12", "E13"));
        xml.replace("</mergeCells>", &merged("E14", "E15"))
    });
    let outcome = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0).1;
    let found = coded(&outcome, "cel-niet-geschreven");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["place"]["tab"], &found[0]["place"]["cell"]), (&KANSRIJK.into(), &"E13 E15".into()));
    assert!(found[0]["found"].as_str().unwrap().starts_with("2 cellen op dit tabblad"), "{}", found[0]);
}

/// The workbook with a formula over several cells of column E, of which only the first is a formula.
fn with_array(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let value = cell(bytes, KANSRIJK, from);
    let value = value.split("<v>").nth(1).map_or("1", |rest| rest.split('<').next().unwrap());
    typed(bytes, KANSRIJK, &[(from, &format!("<f t=\"array\" ref=\"{from}:{to}\">Z1:Z2</f><v>{value}</v>"))])
}

#[test]
fn a_row_of_which_a_cell_cannot_be_written_rests_as_a_whole() {
    let theirs = with_array(&filled().0, "E12", "E13");
    let other = changed_overview(|rows| {
        let bospolder = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        let codes = rows.iter().position(|row| row[0] == "Code").unwrap();
        let years = rows.iter().position(|row| row[0] == "Peiljaar").unwrap();
        for column in 4..rows[codes].len() {
            if rows[bospolder][column].parse::<f64>().is_ok() || rows[bospolder][column].contains(',') {
                rows[bospolder][column] = "7,7".into();
                rows[years][column] = "2031".into();
            }
        }
    });
    let (bytes, outcome) =
        fill("a.xlsx", &theirs, Some(&other), &["--wijk", "Bospolder", "--naast", "Tussendijken"], 0);
    for at in ["C12", "D12", "E12", "F12", "G12", "C13", "D13", "E13", "F13", "G13"] {
        assert_eq!(cell(&bytes, KANSRIJK, at), cell(&theirs, KANSRIJK, at), "{at}");
    }
    assert_ne!(cell(&bytes, KANSRIJK, "E14"), cell(&theirs, KANSRIJK, "E14"));
    let found = coded(&outcome, "cel-niet-geschreven");
    assert_eq!(found.len(), 1, "{}", outcome["findings"]);
    assert_eq!(found[0]["place"]["cell"], "E13");
    assert!(found[0]["found"].as_str().unwrap().contains("de hele rij is met rust gelaten"), "{}", found[0]);
    assert!(found[0]["advice"].as_str().unwrap().contains("matrixformule"), "{}", found[0]);
    assert_eq!(outcome["rows_left"], 2, "the formula itself and the row below it");
}

#[test]
fn figures_of_a_wijk_never_come_under_a_heading_that_cannot_get_its_name() {
    let headings = filled().1.as_array().unwrap().iter();
    let above = |entry: &&Value| entry["tabblad"] == KANSRIJK && entry["veld"] == "kop-wijk";
    let heading = headings.filter(above).map(|entry| entry["cel"].as_str().unwrap().to_owned()).next().unwrap();
    let source = heading.replace('E', "D");
    // A formula in the heading beside it fills both.
    let old = cell(&filled().0, KANSRIJK, &source);
    let style = old.split(" s=\"").nth(1).unwrap().split('"').next().unwrap();
    let new = format!(
        "<c r=\"{source}\" s=\"{style}\" t=\"str\"><f t=\"array\" ref=\"{source}:{heading}\">Y1:Z1</f><v>Bron</v></c>"
    );
    let part = sheet_part(&filled().0, KANSRIJK);
    let theirs = with_entry(&filled().0, &part, |xml| xml.replacen(&old, &new, 1));
    let here = folder_with(&[("a.xlsx", &theirs)]);
    let refused = wijk(here.path(), &["vul", "a.xlsx", "--wijk", "Tussendijken", "-o", "uit.xlsx"]).ended(2);
    let said = refused.err;
    assert!(
        said.contains(&format!("Cel {heading} van tabblad '{KANSRIJK}'")) && said.contains("matrixformule"),
        "{said}"
    );
    assert!(!here.path().join("uit.xlsx").exists());
    // For the same wijk nothing has to be written there.
    fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder", "--naast", "Tussendijken"], 0);
}

#[test]
fn figures_never_go_under_a_heading_that_names_another_wijk() {
    let theirs = typed(blank(), KANSRIJK, &[("E10", "Tussendijken")]);
    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    assert_eq!(cell(&bytes, KANSRIJK, "E12"), cell(&theirs, KANSRIJK, "E12"));
    let found = coded(&outcome, "kop-ander-gebied");
    assert!(found.iter().any(|f| f["place"]["cell"] == "E10"), "{}", outcome["findings"]);
}

#[test]
fn a_workbook_of_which_one_tab_would_stay_another_wijks_is_not_filled_at_all() {
    // A heading that a person made a formula stays what it is.
    let old = cell(&filled().0, KANSRIJK, "E10");
    let part = sheet_part(&filled().0, KANSRIJK);
    let theirs = with_entry(&filled().0, &part, |xml| {
        xml.replacen(&old, "<c r=\"E10\" t=\"str\"><f>\"Bos\"&amp;\"polder\"</f><v>Bospolder</v></c>", 1)
    });
    let here = folder_with(&[("a.xlsx", &theirs)]);
    let refused = wijk(here.path(), &["vul", "a.xlsx", "--wijk", "Tussendijken", "-o", "uit.xlsx"]).ended(2);
    assert!(refused.err.contains("cel E10") && refused.err.contains("'Bospolder'"), "{}", refused.err);
    assert!(!here.path().join("uit.xlsx").exists());
}

#[test]
fn the_name_above_the_figures_of_a_gebied_leads_back_to_that_gebied() {
    for name in ["WK059903", "gebied Delfshaven"] {
        let (bytes, _) = fill("a.xlsx", blank(), None, &["--wijk", name, "--naast", "BU05990320"], 0);
        assert!(cell(&bytes, KANSRIJK, "E10").contains(">gebied Delfshaven<"), "{name}");
        assert!(cell(&bytes, KANSRIJK, "F10").contains(">Delfshaven<"), "{name}");
    }
}

#[test]
fn a_persons_words_are_never_touched_not_even_with_overschrijf() {
    let words = ["C4", "C5", "H12", "H65", "C52", "C57", "H197", "E197"];
    let contents: Vec<(&str, String)> =
        words.iter().map(|at| (*at, format!("Woorden van een mens in {at}"))).collect();
    let contents: Vec<(&str, &str)> = contents.iter().map(|(at, text)| (*at, text.as_str())).collect();
    let theirs = typed(blank(), KANSRIJK, &contents);
    let other = changed_overview(|rows| {
        let column = column_of(rows, "vsv");
        let at = rows.iter().position(|row| row[1] == "Bospolder").unwrap();
        rows[at][column] = "33,3".to_owned();
    });
    let once = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0).0;
    let twice = fill("a.xlsx", &once, Some(&other), &["--wijk", "Bospolder", "--overschrijf"], 0).0;
    for bytes in [&once, &twice] {
        for at in words {
            assert_eq!(cell(bytes, KANSRIJK, at), cell(&theirs, KANSRIJK, at), "{at}");
        }
    }
    assert!(cell(&twice, KANSRIJK, &address("vsv", "wijk")).contains("33.3"));
}

#[test]
fn closing_tables_are_filled_only_where_they_are_empty() {
    // The rows of the closing table, wherever the headings of printed pages put them.
    let format = wijkanalyse::format::builtin().unwrap();
    let none = wijkanalyse::workbook::Details::None;
    let (analysis, _) = wijkanalyse::workbook::read("leeg.xlsx", blank().to_vec(), &format, none).unwrap();
    let row = analysis.pijlers[0].closing[0].figures.as_ref().unwrap().at.row + 1;
    let at = |column: char, down: u32| format!("{column}{}", row + down);
    let theirs = typed(blank(), KANSRIJK, &[(&at('C', 0), "Wij kiezen zelf"), (&at('D', 1), "Eigen factor")]);
    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    assert!(cell(&bytes, KANSRIJK, &at('C', 0)).contains("Wij kiezen zelf"));
    assert!(cell(&bytes, KANSRIJK, &at('D', 1)).contains("Eigen factor"));
    let proposed = &written(&outcome)[KANSRIJK];
    assert!(
        [at('D', 0), at('C', 1), at('C', 2)].iter().all(|cell| proposed.contains(cell.as_str())),
        "{proposed:?}"
    );
    assert!(['H', 'E', 'G'].iter().all(|column| !proposed.contains(at(*column, 0).as_str())), "{proposed:?}");
}

#[test]
fn another_edition_renews_a_row_as_a_whole_and_the_overview_tab() {
    let other = changed_overview(|rows| {
        let column = column_of(rows, "vsv");
        let edition = row_of(rows, "Jaar of editie");
        rows[edition][column] = "editie 2018".to_owned();
        rows[0][0] = "Indicatoren overzicht (naslag): Overzicht 2027".to_owned();
        for (area, figure) in [("BU05990321", "20,5"), ("BU05990322", "14,5"), ("GM0599", "12,5")] {
            let at = row_of(rows, area);
            rows[at][column] = figure.to_owned();
        }
    });
    let arguments = ["--wijk", "Bospolder", "--naast", "Tussendijken"];
    let (bytes, outcome) = fill("vol.xlsx", &filled().0, Some(&other), &arguments, 0);
    let rows: BTreeSet<&str> =
        of(&outcome, "vsv").iter().map(|entry| &entry["cel"].as_str().unwrap()[1..]).collect();
    assert!(rows.len() >= 2, "{rows:?}");
    for entry in of(&outcome, "vsv") {
        assert_eq!(entry["editie"], "editie 2018", "{entry}");
    }
    let row = address("vsv", "wijk")[1..].to_owned();
    let fields: BTreeSet<&str> = of(&outcome, "vsv")
        .iter()
        .filter(|entry| entry["tabblad"] == KANSRIJK && entry["cel"].as_str().unwrap()[1..] == row)
        .map(|entry| entry["veld"].as_str().unwrap())
        .collect();
    // The source is the same for both editions.
    assert_eq!(fields, BTreeSet::from(["eenheid", "wijk", "naast", "benchmark"]));
    for (column, figure) in [("E", "20.5"), ("F", "14.5"), ("G", "12.5")] {
        assert!(cell(&bytes, KANSRIJK, &format!("{column}{row}")).contains(&format!("<v>{figure}</v>")));
    }
    // Whoever reads the workbook from now on reads the name of the new edition.
    let title = cell(&bytes, "Indicatoren overzicht (naslag)", "A1");
    assert!(title.contains("Indicatoren overzicht (naslag): Overzicht 2027"), "{title}");
    // Links and figures agree: the tab in the workbook now is the new overview, so filling without it is quiet.
    let (again, quiet) = fill("vol.xlsx", &bytes, None, &arguments, 0);
    assert!(again == bytes && quiet["changed"] == false, "{}", quiet["ledger"]);
}

#[test]
fn the_outcome_of_a_formula_that_may_depend_on_a_figure_is_removed_and_listed() {
    let theirs = typed(blank(), KANSRIJK, &[("H12", "<f>E12*2</f><v>7</v>")]);
    let (bytes, outcome) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    assert!(outcome["removed_caches"].as_array().unwrap().iter().any(|place| place == "Pijler Kansrijk!H12"));
    let now = cell(&bytes, KANSRIJK, "H12");
    assert!(now.contains("<f>E12*2</f>") && !now.contains("<v>"), "{now}");
}

/// The workbook as Excel saves it: texts go to the shared strings, the request to calculate goes, and formulas have
/// their outcome.
fn as_excel_saves(bytes: &[u8], outcomes: &[(&str, &str, &str)]) -> Vec<u8> {
    let part = sheet_part(bytes, "_wijkanalyse");
    let count = entry(bytes, "xl/sharedStrings.xml").matches("<si>").count();
    let strings = std::cell::RefCell::new(String::new());
    let saved = with_entry(bytes, &part, |xml| {
        let mut number = count;
        let mut out = String::new();
        for (at, piece) in xml.split(" t=\"inlineStr\"><is>").enumerate() {
            let (text, rest) = if at == 0 { ("", piece) } else { piece.split_once("</is>").unwrap() };
            if at > 0 {
                strings.borrow_mut().push_str(&format!("<si>{text}</si>"));
                out.push_str(&format!(" t=\"s\"><v>{number}</v>"));
                number += 1;
            }
            out.push_str(rest);
        }
        out
    });
    let strings = strings.into_inner();
    let saved =
        with_entry(&saved, "xl/sharedStrings.xml", |xml| xml.replace("</sst>", &format!("{strings}</sst>")));
    let saved = with_entry(&saved, "xl/workbook.xml", |xml| xml.replace(" fullCalcOnLoad=\"1\"", ""));
    outcomes.iter().fold(saved, |saved, (tab, at, outcome)| {
        let old = cell(&saved, tab, at);
        let new = old.replace("</f>", &format!("</f><v>{outcome}</v>"));
        with_entry(&saved, &sheet_part(&saved, tab), |xml| xml.replace(&old, &new))
    })
}

#[test]
fn the_check_sees_whether_excel_saved_the_workbook_since_it_was_filled() {
    let check = |bytes: &[u8]| -> (Value, Vec<Value>) {
        let here = folder_with(&[("a.xlsx", bytes)]);
        let outcome = wijk(here.path(), &["controleer", "a.xlsx", "--json"]).json();
        let findings = outcome["findings"].as_array().unwrap().iter();
        let open = findings.filter(|f| f["code"] == "formule-niet-berekend").cloned().collect();
        (outcome["saved_since_filling"].clone(), open)
    };
    let theirs = typed(blank(), KANSRIJK, &[("H12", "<f>E12*2</f><v>7</v>"), ("H13", "<f>1+1</f><v>2</v>")]);
    assert_eq!(check(&theirs), (Value::Null, Vec::new()), "it was never filled");
    let (bytes, _) = fill("a.xlsx", &theirs, None, &["--wijk", "Bospolder"], 0);
    let (saved, open) = check(&bytes);
    assert_eq!((saved, open.len()), (Value::Bool(false), 1), "{open:?}");
    assert_eq!((&open[0]["place"]["tab"], &open[0]["place"]["cell"]), (&KANSRIJK.into(), &"H12".into()));
    assert!(open[0]["advice"].as_str().unwrap().contains("Open het werkboek in Excel, sla het op"), "{}", open[0]);
    // A library that does not calculate leaves an empty place for the outcome.
    let old = cell(&bytes, KANSRIJK, "H12");
    let kept = with_entry(&bytes, &sheet_part(&bytes, KANSRIJK), |xml| {
        xml.replace(&old, &old.replace("</f>", "</f><v></v>"))
    });
    assert_eq!(check(&kept).1.len(), 1);
    let saved = as_excel_saves(&bytes, &[(KANSRIJK, "H12", "45.4")]);
    assert_eq!(check(&saved), (Value::Bool(true), Vec::new()));
    // Filled again with other figures it waits for Excel again.
    let (again, _) = fill("a.xlsx", &saved, None, &["--wijk", "Tussendijken"], 0);
    let (saved, open) = check(&again);
    assert_eq!((saved, open.len()), (Value::Bool(false), 1), "{open:?}");
    // Without formulas there is nothing to calculate and nothing to say.
    assert_eq!(check(&filled().0), (Value::Bool(false), Vec::new()));
}

#[test]
fn in_place_keeps_a_backup_of_each_version_and_the_figures_stay_the_same() {
    let here = folder_with(&[("plan.xlsx", blank())]);
    let arguments = ["vul", "plan.xlsx", "--wijk", "Bospolder", "--ter-plaatse"];
    wijk(here.path(), &arguments).ended(0).says(&["De reservekopie staat in", "plan - reservekopie.xlsx"]);
    let once = fs::read(here.path().join("plan.xlsx")).unwrap();
    assert!(once != blank());
    assert!(fs::read(here.path().join("plan - reservekopie.xlsx")).unwrap() == blank());
    let files = names(here.path());
    wijk(here.path(), &arguments).ended(0).says(&["Alles stond er al"]);
    assert_eq!(names(here.path()), files, "no backup of what did not change");
    assert!(fs::read(here.path().join("plan.xlsx")).unwrap() == once);
    assert!(fs::read(here.path().join("plan - reservekopie.xlsx")).unwrap() == blank());
}

#[test]
fn the_ledger_comes_as_csv_and_json_with_the_same_cells() {
    let here = folder_with(&[("a.xlsx", blank())]);
    let fixed = ["vul", "a.xlsx", "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "b.xlsx", "--forceer"];
    wijk(here.path(), &[&fixed[..], &["--logboek", "log.csv"]].concat()).ended(0);
    let text = fs::read_to_string(here.path().join("log.csv")).unwrap();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(headings, ["tabblad", "cel", "oud", "nieuw", "indicator", "veld", "gebied", "editie", "bron"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let json = filled().1.as_array().unwrap();
    assert_eq!(rows.len(), json.len());
    for (row, entry) in rows.iter().zip(json) {
        assert_eq!(
            (&row[0], &row[1], &row[4]),
            (
                entry["tabblad"].as_str().unwrap(),
                entry["cel"].as_str().unwrap(),
                entry["indicator"].as_str().unwrap(),
            )
        );
        if let Some(number) = entry["nieuw"].as_f64() {
            assert_eq!(row[3].replace(',', ".").parse::<f64>().unwrap(), number);
        }
    }
}

#[test]
fn damaged_highlighting_is_reported_and_repaired_when_asked() {
    let (bytes, _) = filled();
    let part = sheet_part(bytes, KANSRIJK);
    let damaged = with_entry(bytes, &part, |xml| xml.replace(",1)&lt;&gt;ROUND(", ",0)&lt;&gt;ROUND("));
    assert!(damaged != *bytes);
    let about_colour = |file: &[u8], code: i32| -> Vec<String> {
        let here = folder_with(&[("a.xlsx", file)]);
        let outcome = wijk(here.path(), &["controleer", "a.xlsx", "--json"]).ended(code).json();
        let findings = outcome["findings"].as_array().unwrap().clone();
        let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
        codes.filter(|code| code.contains("opmaak") || code.contains("kleur")).collect()
    };
    assert_eq!(about_colour(bytes, 0), Vec::<String>::new());
    let here = folder_with(&[("a.xlsx", &damaged)]);
    let found = wijk(here.path(), &["controleer", "a.xlsx", "--json"]).json();
    let on_tab =
        |f: &&Value| f["place"]["tab"] == KANSRIJK && f["advice"].as_str().unwrap().contains("herstel-opmaak");
    assert!(found["findings"].as_array().unwrap().iter().any(|f| on_tab(&f)), "{}", found["findings"]);
    // Without being asked, filling leaves the rules alone.
    assert!(fill("a.xlsx", &damaged, None, &["--wijk", "Bospolder"], 0).0 == damaged);
    let (repaired, _) = fill("a.xlsx", &damaged, None, &["--wijk", "Bospolder", "--herstel-opmaak"], 0);
    let here = folder_with(&[("a.xlsx", &repaired)]);
    let found = wijk(here.path(), &["controleer", "a.xlsx", "--json"]).ended(0).json();
    assert!(!found["findings"].as_array().unwrap().iter().any(|f| on_tab(&f)), "{}", found["findings"]);
    let (cells, _) = cells_of(&entry(bytes, &part));
    assert!(cells == cells_of(&entry(&repaired, &part)).0, "a repair touches no cell");
}

#[test]
fn a_workbook_whose_figures_cannot_all_be_replaced_does_not_get_the_name_of_another_wijk() {
    let at = address("vsv", "wijk");
    let own_figure = typed(&filled().0, KANSRIJK, &[(&at, "<v>11.5</v>")]);
    let own_beside = typed(&filled().0, KANSRIJK, &[(&address("vsv", "naast"), "<v>11.5</v>")]);
    for workbook in [own_figure, own_beside] {
        let here = folder_with(&[("a.xlsx", &workbook)]);
        for more in [&[][..], &["--overschrijf"]] {
            let arguments = [&["vul", "a.xlsx", "--wijk", "Oude Noorden", "-o", "uit.xlsx"][..], more].concat();
            let run = wijk(here.path(), &arguments);
            if run.code == 0 {
                // Everything could be replaced after all: then no figure of Bospolder is left under the new name.
                assert_eq!(more, ["--overschrijf"], "{run:?}");
                fs::remove_file(here.path().join("uit.xlsx")).unwrap();
                continue;
            }
            run.ended(2).says(&["cijfers van 'Bospolder'", "Begin voor Oude Noorden met een leeg werkboek"]);
            assert_eq!(names(here.path()).len(), 1, "nothing is written beside the workbook");
        }
    }
}

#[test]
fn a_second_area_is_renewed_by_the_record_whatever_its_heading_says() {
    let mut renamed = filled().0.clone();
    let heading = |entry: &&Value| entry["nieuw"] == "Tussendijken";
    let cells: Vec<&Value> = filled().1.as_array().unwrap().iter().filter(heading).collect();
    assert!(cells.len() >= 3, "{cells:?}");
    for entry in cells {
        let (tab, cell) = (entry["tabblad"].as_str().unwrap(), entry["cel"].as_str().unwrap());
        renamed = typed(&renamed, tab, &[(cell, "Onze buren")]);
    }
    let outcome = fill("a.xlsx", &renamed, None, &["--wijk", "Oude Noorden"], 0).1;
    assert_eq!(outcome["rows_left"], 0, "{}", outcome["findings"]);
}
