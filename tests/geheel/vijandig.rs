//! Files made to hurt: every command that reads one ends by itself, without a panic, within the memory and computing
//! time that the system allows it here.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::common::{blank, changed_overview, entry, folder_with, names, row_of, sheet_part, wijk, with_entry};

/// Runs the binary with at most 1.5 GB of address space and 60 seconds of computing; gives its code and what it said.
fn within_limits(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1500000; ulimit -t 60; exec \"$0\" \"$@\"", &crate::common::program()])
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.signal().is_none() && !said.contains("panicked"), "{arguments:?}: {output:?}");
    (output.status.code().unwrap(), said)
}

/// Fills and checks a workbook; both end, and a refusal is a sentence that names the file and leaves nothing behind.
/// Gives how filling ended.
fn survives(name: &str, bytes: &[u8]) -> (i32, String) {
    let here = folder_with(&[("a.xlsx", bytes)]);
    let (code, said) = within_limits(here.path(), &["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "uit.xlsx"]);
    if code == 2 {
        assert!(said.starts_with("niet gelukt: a.xlsx: ") && said.trim_end().ends_with('.'), "{name}: {said}");
        assert_eq!(names(here.path()).len(), 1, "{name}");
    } else {
        assert!(names(here.path()).contains("uit.xlsx"), "{name}: {said}");
    }
    let (checked, said_then) = within_limits(here.path(), &["controleer", "a.xlsx"]);
    assert!((0..=2).contains(&checked), "{name}: {said_then}");
    (code, said)
}

fn refused(name: &str, bytes: &[u8], words: &str) {
    let (code, said) = survives(name, bytes);
    assert!(code == 2 && said.contains(words), "{name}: {code} {said}");
}

fn filled(name: &str, bytes: &[u8]) {
    let (code, said) = survives(name, bytes);
    assert!(code < 2, "{name}: {code} {said}");
}

/// The blank workbook with the part of 'Pijler Veilig' passed through `change`.
fn sheet(change: impl Fn(String) -> String) -> Vec<u8> {
    with_entry(blank(), &sheet_part(blank(), "Pijler Veilig"), |xml| {
        let changed = change(xml.clone());
        assert_ne!(xml, changed, "nothing was changed");
        changed
    })
}

/// The blank workbook with a document type before the root of a part.
fn with_doctype(part: &str, doctype: &str) -> Vec<u8> {
    with_entry(blank(), part, |xml| {
        let (head, body) = xml.split_once("?>").unwrap();
        format!("{head}?>{doctype}{body}")
    })
}

#[test]
fn entities_that_multiply_or_fetch_are_refused_in_every_part() {
    let bomb: String =
        (1..30).map(|level| format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10))).collect();
    let bomb = format!("<!DOCTYPE x [<!ENTITY e0 'x'>{bomb}]>");
    let fetch = "<!DOCTYPE x [<!ENTITY e29 SYSTEM 'file:///etc/hosts'>]>".to_owned();
    let tab = sheet_part(blank(), "Pijler Veilig");
    for doctype in [bomb, fetch] {
        for part in
            [tab.as_str(), "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "[Content_Types].xml"]
        {
            let (code, said) = survives(part, &with_doctype(part, &doctype));
            assert!(!said.contains("localhost"), "{part}: {said}");
            // The cells are the part that is read and written as a stream: there a doctype is refused outright.
            assert!(code == 2 || part != tab, "{part}: {said}");
        }
    }
    let used = sheet(|xml| {
        let doctype = "<!DOCTYPE x [<!ENTITY e 'x'>]><worksheet";
        xml.replacen("<worksheet", doctype, 1).replacen("<v>", "<v>&e;", 1)
    });
    refused("a used entity", &used, "beschadigd");
}

#[test]
fn packages_that_swell_and_names_that_point_outside_are_refused() {
    let zeros = "0".repeat(64 << 20);
    refused("a part that swells", &sheet(|_| zeros.clone()), "onwaarschijnlijk groot");
    let mut zip = zip::ZipWriter::new_append(std::io::Cursor::new(blank().to_vec())).unwrap();
    zip.start_file("xl/../../../uit.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<x/>").unwrap();
    let outside = zip.finish().unwrap().into_inner();
    refused("a name with ..", &outside, "buiten het bestand");
    let mut many = zip::ZipWriter::new_append(std::io::Cursor::new(blank().to_vec())).unwrap();
    for number in 0..21_000 {
        many.start_file(format!("xl/media/{number}"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    refused("21,000 parts", &many.finish().unwrap().into_inner(), "onderdelen");
}

#[test]
fn a_million_rows_with_three_cells_and_columns_of_any_width_are_filled() {
    filled(
        "a dimension of everything, and a last cell there",
        &sheet(|xml| {
            let (before, after) = xml.split_once("<dimension ").unwrap();
            let rest = after.split_once("/>").unwrap().1;
            let last = "<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
            format!("{before}<dimension ref=\"A1:XFD1048576\"/>{rest}").replacen("</sheetData>", last, 1)
        }),
    );
    filled(
        "widths and columns that cannot be",
        &sheet(|xml| {
            let columns = "<cols><col min=\"1\" max=\"16384\" width=\"1E+308\" customWidth=\"1\"/>\
                           <col min=\"0\" max=\"4294967295\" width=\"99999999999999999999\" style=\"4294967295\"/>\
                           <col min=\"16384\" max=\"1\" width=\"-1\"/><col min=\"x\" width=\"NaN\"/>";
            xml.replacen("<cols>", columns, 1)
        }),
    );
    filled(
        "many columns",
        &sheet(|xml| {
            let columns: String =
                (1..=100_000).map(|n| format!("<col min=\"{n}\" max=\"{n}\" width=\"255\"/>")).collect();
            xml.replacen("<cols>", &format!("<cols>{columns}"), 1)
        }),
    );
}

#[test]
fn a_hundred_thousand_shared_strings_are_read_and_a_number_that_cannot_be_is_not_believed() {
    let part = "xl/sharedStrings.xml";
    let more = "<si><t>tekst</t></si>".repeat(100_000);
    filled(
        "100,000 strings",
        &with_entry(blank(), part, |xml| xml.replacen("</sst>", &format!("{more}</sst>"), 1)),
    );
    let count = with_entry(blank(), part, |xml| {
        let (before, after) = xml.split_once("uniqueCount=\"").unwrap();
        format!("{before}uniqueCount=\"4294967295\"{}", after.split_once('"').unwrap().1)
    });
    filled("a count of four billion", &count);
    assert!(entry(blank(), part).contains("uniqueCount"));
}

#[test]
fn deep_nesting_overflows_nothing() {
    let deep =
        |tag: &str| format!("{}{}", format!("<{tag}>").repeat(200_000), format!("</{tag}>").repeat(200_000));
    let inside = |place: &'static str, tag: &str| {
        let deep = deep(tag);
        sheet(move |xml| xml.replacen(place, &format!("{deep}{place}"), 1))
    };
    refused("in the cells", &inside("</sheetData>", "x"), "a.xlsx");
    refused("in the tab", &inside("</worksheet>", "x"), "a.xlsx");
    for part in ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels"] {
        let deep = deep("x");
        let bytes = with_entry(blank(), part, |xml| {
            let at = xml.rfind("</").unwrap();
            format!("{}{deep}{}", &xml[..at], &xml[at..])
        });
        survives(part, &bytes);
    }
    // Brackets in a formula are a depth too.
    let formula =
        format!("<v>1</v></c><c r=\"XA1\"><f>{}A1{}</f><v>1</v></c>", "(".repeat(100_000), ")".repeat(100_000));
    let nested = format!("<row r=\"1048575\"><c r=\"A1048575\">{formula}</row></sheetData>");
    survives("in a formula", &sheet(|xml| xml.replacen("</sheetData>", &nested, 1)));
}

#[test]
fn ranges_as_large_as_the_sheet_cost_no_more_than_small_ones() {
    let all = "A1:XFD1048576";
    let merges: String = (1..=20_000).map(|n| format!("<mergeCell ref=\"XA{n}:XFD{n}\"/>")).collect();
    for (name, place, content) in [
        ("20,000 merges", "</mergeCells>", format!("{merges}</mergeCells>")),
        ("a rule on every cell", "<conditionalFormatting", format!("<conditionalFormatting sqref=\"{all}\"><cfRule type=\"expression\" priority=\"99\"><formula>TRUE</formula></cfRule></conditionalFormatting><conditionalFormatting")),
        ("an array over every cell", "</sheetData>", format!("<row r=\"1048576\"><c r=\"XFD1048576\"><f t=\"array\" ref=\"{all}\">A1</f><v>1</v></c></row></sheetData>")),
        ("a shared formula over every cell", "</sheetData>", format!("<row r=\"1048576\"><c r=\"XFD1048576\"><f t=\"shared\" si=\"4294967295\" ref=\"{all}\">SUM({all})</f><v>1</v></c></row></sheetData>")),
        ("numbers of rows that do not exist", "</sheetData>", "<row r=\"4294967295\"><c r=\"ZZZZZZZ99999999999\"><v>1</v></c></row></sheetData>".to_owned()),
        ("a style that does not exist", "</sheetData>", "<row r=\"1048576\"><c r=\"A1048576\" s=\"4294967295\" t=\"s\"><v>99999999999</v></c></row></sheetData>".to_owned()),
    ] {
        survives(name, &sheet(|xml| xml.replacen(place, &content, 1)));
    }
}

#[test]
fn text_that_looks_like_a_formula_is_text_in_every_output() {
    const EVIL: [&str; 4] = ["=HYPERLINK(\"http://x\")", "+1+cmd", "-2+3", "@SUM(A1)"];
    // Names, sources, definitions and the sign of a missing figure all come from data.
    let evil = changed_overview(|rows| {
        for label in ["Bron", "Definitie", "Meetwijze"] {
            let at = row_of(rows, label);
            for (cell, text) in rows[at].iter_mut().skip(4).zip(EVIL.iter().cycle()) {
                *cell = (*text).to_owned();
            }
        }
    });
    let here = folder_with(&[("eng.csv", &evil)]);
    wijk(here.path(), &["format", "bouw", "-o", "a.xlsx", "--overzicht", "eng.csv"]).ended(0);
    let arguments = ["vul", "a.xlsx", "--wijk", "Bospolder", "-o", "vol.xlsx", "--logboek", "log.csv"];
    wijk(here.path(), &arguments).ended(0);
    for name in ["a.xlsx", "vol.xlsx"] {
        let bytes = std::fs::read(here.path().join(name)).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let parts: Vec<String> =
            (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
        let mut seen = false;
        for part in parts.iter().filter(|part| part.ends_with(".xml")) {
            let text = entry(&bytes, part);
            seen |= text.contains("=HYPERLINK(");
            for formula in text.split("<f>").skip(1).map(|rest| rest.split("</f>").next().unwrap()) {
                assert!(!formula.contains("http://x") && !formula.contains("cmd"), "{name} {part}: {formula}");
            }
        }
        assert!(seen, "{name} does not hold the text");
    }
    // What goes to csv is opened in Excel: no cell there begins as a formula.
    wijk(here.path(), &["alles", "a.xlsx", "--wijk", "Bospolder", "--map", "uit"]);
    wijk(here.path(), &["overzicht", "importeer", "eng.csv", "-o", "export.csv"]).ended(0);
    wijk(here.path(), &["overzicht", "importeer", "eng.csv", "-o", "export.xlsx"]).ended(0);
    for name in ["log.csv", "uit/Logboek Bospolder.csv", "uit/Bevindingen Bospolder.csv", "export.csv"] {
        let text = std::fs::read_to_string(here.path().join(name)).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .has_headers(false)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let cells: Vec<String> =
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        for cell in &cells {
            let number = cell.replace(',', ".").parse::<f64>().is_ok();
            assert!(number || cell == "-" || !cell.starts_with(['=', '+', '-', '@']), "{name}: {cell}");
        }
        assert!(
            name.contains("Bevindingen")
                || cells.iter().any(|cell| EVIL.iter().any(|evil| *cell == format!("'{evil}"))),
            "{name} does not hold the text"
        );
    }
    // Read back, the text is what it was.
    let again = |file: &str| wijk(here.path(), &["indicatoren", "--overzicht", file, "--json"]).ended(0).json();
    assert_eq!(again("eng.csv"), again("export.csv"));
    assert_eq!(again("eng.csv"), again("export.xlsx"));
    assert!(again("export.csv").to_string().contains("\"@SUM(A1)\""));
}
