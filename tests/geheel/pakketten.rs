//! Workbooks stored in every way that the formats allow: what the corpus of other people's files may lack is made here,
//! small and on purpose. Each is edited in an existing cell, an empty cell of an existing row and a row that was not
//! there, and differs in those to the letter and nowhere else to the byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::{Cursor, Write};

use crate::common::{raw_entries, with_entry};
use wijkanalyse::model::parse_a1;
use wijkanalyse::package::{
    Applied, Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice, inspect_workbook,
};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const STRICT_MAIN: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const STRICT_OFFICE: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// How a workbook is stored.
#[derive(Clone, Copy, Default)]
struct Stored {
    uncompressed: bool,
    /// Sizes behind the data, as programs write that cannot seek.
    descriptors: bool,
    directories: bool,
    backslashes: bool,
    absolute: bool,
    strict: bool,
    macros: bool,
}

/// The part with the cells.
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// A workbook of one tab `Blad`, whose part is `sheet`, with further parts: name, content type, text, and the kind of
/// relationship from the tab to it.
fn package(stored: Stored, sheet: &str, parts: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let (main, office) = if stored.strict { (STRICT_MAIN, STRICT_OFFICE) } else { (MAIN, OFFICE) };
    let kind = if stored.macros {
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    } else {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    };
    let sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
    let mut types = format!(
        "<Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}\"/>\
         <Override PartName=\"/{SHEET}\" ContentType=\"{sheets}\"/>"
    );
    let mut related = String::new();
    for (at, (name, content_type, _, relation)) in parts.iter().enumerate() {
        types.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{content_type}\"/>"));
        if !relation.is_empty() {
            related.push_str(&format!(
                "<Relationship Id=\"p{at}\" Type=\"{office}/{relation}\" Target=\"/{name}\"/>"
            ));
        }
    }
    let list = |inside: &str| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inside}</Relationships>");
    let (book_target, sheet_target) = if stored.absolute {
        ("/xl/workbook.xml", "/xl/worksheets/sheet1.xml")
    } else {
        ("xl/workbook.xml", "worksheets/sheet1.xml")
    };
    let mut entries: Vec<(String, String)> = vec![
        (
            "[Content_Types].xml".into(),
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>{types}</Types>"
            ),
        ),
        (
            "_rels/.rels".into(),
            list(&format!("<Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"{book_target}\"/>")),
        ),
        (
            "xl/workbook.xml".into(),
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Blad\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".into(),
            list(&format!("<Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"{sheet_target}\"/>")),
        ),
        (SHEET.into(), sheet.replace("MAIN", main)),
    ];
    if !related.is_empty() {
        entries.push(("xl/worksheets/_rels/sheet1.xml.rels".into(), list(&related)));
    }
    entries.extend(parts.iter().map(|(name, _, text, _)| ((*name).to_owned(), (*text).to_owned())));
    let method = if stored.uncompressed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    let options = SimpleFileOptions::default().compression_method(method);
    if stored.descriptors {
        let mut zip = zip::ZipWriter::new_stream(Vec::new());
        for (name, text) in entries {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        return zip.finish().unwrap().into_inner();
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    if stored.directories {
        zip.add_directory("xl", options).unwrap();
        zip.add_directory("xl/worksheets", options).unwrap();
    }
    for (name, text) in entries {
        let name = if stored.backslashes && name.starts_with("xl") { name.replace('/', "\\") } else { name };
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn open(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("proef.xlsx", bytes).unwrap()).unwrap()
}

fn set(at: &str, value: NewValue) -> CellEdit {
    let (row, col) = parse_a1(at).unwrap();
    CellEdit { tab: "Blad".to_owned(), row, col, value, style: StyleChoice::Keep }
}

fn apply(bytes: &[u8], cells: Vec<CellEdit>) -> (Applied, Vec<u8>) {
    let mut out = Vec::new();
    let applied = open(bytes.to_vec()).apply(&Changes { cells, ..Changes::default() }, &mut out).unwrap();
    (applied, out)
}

/// Sets A1, C1 and B3; the part with the cells becomes `expected`, and nothing else differs.
fn becomes(bytes: &[u8], expected: &str) {
    let edits = vec![
        set("A1", NewValue::Number(7.0)),
        set("C1", NewValue::Text("=1+1".to_owned())),
        set("B3", NewValue::Number(0.5)),
    ];
    let (applied, out) = apply(bytes, edits);
    assert!(applied.refused.is_empty() && applied.parts.len() == 1, "{applied:?}");
    let (before, after) = (raw_entries(bytes), raw_entries(&out));
    assert_eq!(before.len(), after.len());
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old.name, new.name);
        assert!(old == new || old.name.ends_with("sheet1.xml"), "{} differs", old.name);
        assert_eq!(old.central[12..16], new.central[12..16], "date of {}", old.name);
        assert_eq!(old.central[10..12], new.central[10..12], "method of {}", old.name);
        assert_eq!(old.central[36..42], new.central[36..42], "attributes of {}", old.name);
    }
    let result = open(out);
    assert_eq!(result.archive().read(SHEET).unwrap(), expected.as_bytes(), "{expected}");
    assert_eq!(inspect_workbook(&result).unwrap(), inspect_workbook(&open(bytes.to_vec())).unwrap());
}

const PLAIN: &str =
    "<worksheet xmlns=\"MAIN\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
const PLAIN_AFTER: &str = "<worksheet xmlns=\"MAIN\"><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c>\
    <c r=\"C1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t></is></c></row>\
    <row r=\"3\"><c r=\"B3\"><v>0.5</v></c></row></sheetData></worksheet>";

fn plain_in(stored: Stored) {
    let main = if stored.strict { STRICT_MAIN } else { MAIN };
    becomes(&package(stored, PLAIN, &[]), &PLAIN_AFTER.replace("MAIN", main));
}

#[test]
fn entries_that_are_stored_uncompressed_stay_so() {
    let stored = Stored { uncompressed: true, ..Stored::default() };
    let bytes = package(stored, PLAIN, &[]);
    assert!(raw_entries(&bytes).iter().all(|entry| entry.central[10..12] == [0, 0]), "they are not stored");
    plain_in(stored);
}

#[test]
fn sizes_behind_the_data_stay_there() {
    let stored = Stored { descriptors: true, ..Stored::default() };
    let bytes = package(stored, PLAIN, &[]);
    assert!(raw_entries(&bytes).iter().all(|entry| entry.central[8] & 8 == 8), "there are no descriptors");
    plain_in(stored);
}

#[test]
fn directory_entries_stay() {
    let stored = Stored { directories: true, ..Stored::default() };
    assert_eq!(
        raw_entries(&package(stored, PLAIN, &[])).iter().filter(|entry| entry.name.ends_with('/')).count(),
        2
    );
    plain_in(stored);
}

#[test]
fn names_with_backslashes_are_understood_and_stay() {
    let stored = Stored { backslashes: true, ..Stored::default() };
    assert!(
        raw_entries(&package(stored, PLAIN, &[])).iter().any(|entry| entry.name == "xl\\worksheets\\sheet1.xml")
    );
    plain_in(stored);
}

#[test]
fn absolute_targets_are_understood() {
    plain_in(Stored { absolute: true, ..Stored::default() });
}

#[test]
fn strict_workbooks_and_workbooks_with_macros_are_supported() {
    plain_in(Stored { strict: true, ..Stored::default() });
    assert!(open(package(Stored { strict: true, ..Stored::default() }, PLAIN, &[])).is_strict());
    plain_in(Stored { macros: true, ..Stored::default() });
    let all = Stored { descriptors: true, absolute: true, strict: true, macros: true, ..Stored::default() };
    plain_in(all);
}

#[test]
fn a_byte_order_mark_and_the_declaration_stay() {
    let head = "\u{feff}<?xml version='1.0'  encoding=\"utf-8\" standalone=\"yes\"?>\r\n<!-- van ons -->";
    let bytes = package(Stored::default(), &format!("{head}{PLAIN}\r\n"), &[]);
    becomes(&bytes, &format!("{head}{}\r\n", PLAIN_AFTER.replace("MAIN", MAIN)));
}

#[test]
fn prefixes_stay_and_new_cells_carry_them() {
    let sheet = "<x:worksheet xmlns:x=\"MAIN\"><x:sheetData><x:row r='1'><x:c r='A1'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    let expected = "<x:worksheet xmlns:x=\"MAIN\"><x:sheetData><x:row r='1'><x:c r='A1'><x:v>7</x:v></x:c>\
        <x:c r=\"C1\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">=1+1</x:t></x:is></x:c></x:row>\
        <x:row r=\"3\"><x:c r=\"B3\"><x:v>0.5</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    becomes(&package(Stored::default(), sheet, &[]), &expected.replace("MAIN", MAIN));
}

#[test]
fn rows_and_cells_without_addresses_keep_going_without() {
    let sheet = "<worksheet xmlns=\"MAIN\"><sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>";
    let expected = "<worksheet xmlns=\"MAIN\"><sheetData><row><c><v>7</v></c>\
        <c r=\"C1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t></is></c></row><row><c><v>2</v></c></row>\
        <row r=\"3\"><c r=\"B3\"><v>0.5</v></c></row></sheetData></worksheet>";
    becomes(&package(Stored::default(), sheet, &[]), &expected.replace("MAIN", MAIN));
}

/// The reasons for which these cells are refused; the others are written.
fn refusals(bytes: &[u8], cells: &[&str]) -> Vec<(String, String)> {
    let edits = cells.iter().map(|at| set(at, NewValue::Number(5.0))).collect();
    let (applied, out) = apply(bytes, edits);
    assert_eq!(applied.refused.len() + applied.cells.len(), cells.len(), "{applied:?}");
    // A refused cell is as it was.
    let result = open(out);
    let was = open(bytes.to_vec());
    for refusal in &applied.refused {
        let value = |book: &Spreadsheet| {
            let mut found = None;
            book.visit_cells("Blad", &mut |cell| {
                if (cell.row, cell.col) == (refusal.cell.row, refusal.cell.col) {
                    found = Some((cell.raw.map(str::to_owned), cell.style));
                }
                Ok(true)
            })
            .unwrap();
            found
        };
        // Only the outcomes of a data table, which may depend on any cell, may have been removed.
        let (old, new) = (value(&was), value(&result));
        let stale = refusal.reason.contains("gegevenstabel") && new == Some((None, 0));
        assert!(old == new || stale, "{refusal:?}: {old:?} {new:?}");
    }
    applied.refused.into_iter().map(|refusal| (refusal.cell.a1(), refusal.reason)).collect()
}

fn refused_with(bytes: &[u8], cells: &[&str], expected: &[(&str, &str)]) {
    let found = refusals(bytes, cells);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((at, reason), (cell, words)) in found.iter().zip(expected) {
        assert!(at == cell && reason.contains(words) && reason.ends_with('.'), "{at}: {reason}");
    }
}

#[test]
fn cells_of_array_formulas_data_tables_and_merges_are_refused_but_for_those_that_stand_alone() {
    let sheet = "<worksheet xmlns=\"MAIN\"><sheetData><row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:A2\">D1:D2*2</f><v>2</v></c>\
        <c r=\"B1\"><f t=\"array\" ref=\"B1\">SUM(D1:D2*2)</f><v>6</v></c></row>\
        <row r=\"2\"><c r=\"A2\"><v>4</v></c></row>\
        <row r=\"5\"><c r=\"B5\"><f t=\"dataTable\" ref=\"B5:C6\" dt2D=\"1\" dtr=\"1\" r1=\"A9\" r2=\"A8\"/><v>1</v></c><c r=\"C5\"><v>2</v></c></row>\
        <row r=\"6\"><c r=\"B6\"><v>3</v></c><c r=\"C6\"><v>4</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"E1:F2\"/></mergeCells></worksheet>";
    let bytes = package(Stored::default(), sheet, &[]);
    let expected = [
        ("A1", "matrixformule over A1:A2"),
        ("A2", "matrixformule over A1:A2"),
        ("F2", "samengevoegde cellen E1:F2"),
        ("B5", "gegevenstabel over B5:C6"),
        ("C6", "gegevenstabel over B5:C6"),
    ];
    let mut found = refusals(&bytes, &["A1", "A2", "B1", "E1", "F2", "B5", "C6", "D6"]);
    found.sort();
    let mut wanted: Vec<_> = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    for ((at, reason), (cell, words)) in found.iter().zip(wanted) {
        assert!(at == cell && reason.contains(words), "{at}: {reason}");
    }
}

#[test]
fn headings_and_totals_of_a_table_and_cells_of_a_pivot_table_are_refused_and_the_body_is_written() {
    let sheet =
        "<worksheet xmlns=\"MAIN\"><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let table = format!(
        "<table xmlns=\"{MAIN}\" id=\"1\" name=\"T\" displayName=\"Cijfers\" ref=\"A1:B4\" totalsRowCount=\"1\">\
         <tableColumns count=\"2\"><tableColumn id=\"1\" name=\"a\"/><tableColumn id=\"2\" name=\"b\"/></tableColumns></table>"
    );
    let pivot = format!(
        "<pivotTableDefinition xmlns=\"{MAIN}\" name=\"P\"><location ref=\"D3:E5\" firstHeaderRow=\"1\" rowPageCount=\"1\" colPageCount=\"1\"/></pivotTableDefinition>"
    );
    let of = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let bytes = package(
        Stored::default(),
        sheet,
        &[
            ("xl/tables/table1.xml", &format!("{of}.table+xml"), &table, "table"),
            ("xl/pivotTables/pivotTable1.xml", &format!("{of}.pivotTable+xml"), &pivot, "pivotTable"),
        ],
    );
    let expected = [
        ("A1", "kopregel van tabel Cijfers"),
        ("E1", "draaitabel (D1:E5)"),
        ("B4", "totaalregel van tabel Cijfers"),
        ("D5", "draaitabel"),
    ];
    refused_with(&bytes, &["A1", "E1", "B2", "A3", "B4", "D5", "F6"], &expected);
}

#[test]
fn a_signature_and_protection_are_said_before_anything_is_written() {
    let here = crate::common::folder_with(&[("a.xlsx", crate::common::blank())]);
    let quiet = crate::common::wijk(here.path(), &["controleer", "a.xlsx", "--json"]).json();
    let said = |outcome: &serde_json::Value| -> Vec<String> {
        let findings = outcome["findings"].as_array().unwrap().iter();
        let ours = findings.filter(|finding| finding["code"] == "let-op-bij-vullen");
        ours.map(|finding| finding["found"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(said(&quiet), Vec::<String>::new());
    let part = crate::common::sheet_part(crate::common::blank(), "Pijler Veilig");
    let locked = with_entry(crate::common::blank(), &part, |xml| {
        xml.replacen("</sheetData>", "</sheetData><sheetProtection sheet=\"1\"/>", 1)
    });
    let origin = format!("{PACKAGE}/relationships/digital-signature/origin");
    let signed = with_entry(&locked, "_rels/.rels", |xml| {
        let signature =
            format!("<Relationship Id=\"sig\" Type=\"{origin}\" Target=\"_xmlsignatures/origin.sigs\"/>");
        xml.replace("</Relationships>", &format!("{signature}</Relationships>"))
    });
    std::fs::write(here.path().join("a.xlsx"), &signed).unwrap();
    // Both by looking only and by filling; said once.
    for arguments in [
        &["controleer", "a.xlsx", "--json"][..],
        &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "b.xlsx", "--json"],
    ] {
        let warnings = said(&crate::common::wijk(here.path(), arguments).json());
        assert_eq!(warnings.len(), 2, "{arguments:?}: {warnings:?}");
        let says = |one: &str, other: &str| warnings.iter().any(|text| text.contains(one) && text.contains(other));
        assert!(says("digitale handtekening", "niet meer geldig"), "{warnings:?}");
        assert!(says("'Pijler Veilig' is beveiligd", "blijft staan"), "{warnings:?}");
    }
    // On the screen too it is said once, and before a byte is written: also when writing then fails.
    for (output, code) in [("c.xlsx", 0), ("weg/c.xlsx", 2)] {
        let run =
            crate::common::wijk(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", output]).ended(code);
        assert_eq!(run.out.matches("is beveiligd").count(), 1, "{run:?}");
        assert_eq!(run.out.matches("niet meer geldig").count(), 1, "{run:?}");
        assert!(
            run.out.find("gevuld voor").is_none_or(|at| run.out.find("is beveiligd").unwrap() < at),
            "{run:?}"
        );
    }
    // Of the workbooks of a folder what holds for several is said once, and it stands in the summary too.
    let map = here.path().join("map");
    std::fs::create_dir(&map).unwrap();
    for name in ["een.xlsx", "twee.xlsx"] {
        std::fs::copy(here.path().join("b.xlsx"), map.join(name)).unwrap();
    }
    let edition = here.path().join("b.xlsx");
    let arguments = ["vul", "map", "--editie", edition.to_str().unwrap(), "-o", "nieuw"];
    let run = crate::common::wijk(here.path(), &arguments);
    assert_eq!(run.out.matches("is beveiligd").count(), 1, "{run:?}");
    assert!(run.out.contains("een.xlsx, twee.xlsx"), "{run:?}");
    assert!(run.out.find("is beveiligd") < run.out.find("met de nieuwe cijfers"), "{run:?}");
    let summary = std::fs::read_to_string(here.path().join("nieuw/Samenvatting nieuwe editie.csv")).unwrap();
    assert_eq!(summary.matches("handtekening").count(), 0, "they had this edition already: {summary}");
}
