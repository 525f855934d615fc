//! Everything that fuzzing found, as a small file and a sentence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use wijkanalyse::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice, write_package};
use wijkanalyse::workbook;

/// The fixtures whose name begins and ends so, at least `least` of them.
fn fixtures(begin: &str, end: &str, least: usize) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/regressies");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(begin) && name.ends_with(end)
    });
    found.sort();
    assert!(found.len() >= least, "{found:?}");
    found
}

/// A workbook whose tabs Een, Twee ... are the given parts, each with this inside.
fn book(tabs: &[&str], inside: &str) -> Spreadsheet {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let (mut sheets, mut related, mut entries) = (String::new(), String::new(), Vec::new());
    for (number, part) in tabs.iter().enumerate() {
        sheets.push_str(&format!("<sheet name=\"Tab {number}\" sheetId=\"{}\" r:id=\"r{number}\"/>", number + 1));
        related.push_str(&format!("<Relationship Id=\"r{number}\" Type=\"{RELS}/worksheet\" Target=\"{part}\"/>"));
        if !entries.iter().any(|(name, _)| *name == format!("xl/{part}")) {
            entries.push((format!("xl/{part}"), format!("<worksheet xmlns=\"{MAIN}\">{inside}</worksheet>")));
        }
    }
    let relationships =
        |inside: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inside}</Relationships>");
    let office = format!("<Relationship Id=\"r\" Type=\"{RELS}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    let xml = "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
    let types = format!("<Types xmlns=\"{PACKAGE}/content-types\">{xml}</Types>");
    let workbook = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELS}\"><sheets>{sheets}</sheets></workbook>");
    entries.push(("[Content_Types].xml".to_owned(), types));
    entries.push(("_rels/.rels".to_owned(), relationships(&office)));
    entries.push(("xl/workbook.xml".to_owned(), workbook));
    entries.push(("xl/_rels/workbook.xml.rels".to_owned(), relationships(&related)));
    let bytes =
        write_package(entries.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()).unwrap();
    Spreadsheet::open(Archive::from_bytes("proef.xlsx", bytes).unwrap()).unwrap()
}

/// Sets A1 and C1 of the first tab; the reason when that is refused.
fn edit(book: &Spreadsheet) -> Result<(), String> {
    let cell = |col, value| CellEdit { tab: "Tab 0".to_owned(), row: 0, col, value, style: StyleChoice::Keep };
    let cells = vec![cell(0, NewValue::Number(12.0)), cell(2, NewValue::Text("x".to_owned()))];
    let mut out = Vec::new();
    let done = book.apply(&Changes { cells, ..Changes::default() }, &mut out);
    assert!(done.is_ok() || out.is_empty(), "something was written before the refusal");
    done.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_tab_in_which_a_cell_has_no_certain_place_is_refused_before_anything_is_written() {
    assert_eq!(
        edit(&book(&["a.xml"], "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>")),
        Ok(())
    );
    for path in fixtures("blad-", ".xml", 14) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let book = book(&["a.xml"], &fs::read_to_string(&path).unwrap());
        let reason = edit(&book).expect_err(&name);
        assert!(
            reason.contains("proef.xlsx") && reason.contains("a.xml") && reason.ends_with('.'),
            "{name}: {reason}"
        );
    }
}

#[test]
fn a_tab_that_shares_its_cells_with_another_tab_is_not_changed() {
    let reason = edit(&book(&["a.xml", "a.xml"], "<sheetData/>")).unwrap_err();
    assert!(reason.contains("'Tab 0'") && reason.contains("ander tabblad"), "{reason}");
    assert_eq!(edit(&book(&["a.xml", "b.xml"], "<sheetData/>")), Ok(()));
}

#[test]
fn an_xls_file_that_would_take_all_memory_is_refused() {
    let format = wijkanalyse::format::builtin().unwrap();
    for path in fixtures("s", ".xls", 4) {
        let bytes = fs::read(&path).unwrap();
        let read = workbook::read("proef.xls", &bytes, &format, workbook::Details::None);
        let reason = read.unwrap_err().to_string();
        assert!(reason.contains("proef.xls") && reason.contains("beschadigd"), "{path:?}: {reason}");
    }
}
