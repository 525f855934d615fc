//! The law of losslessness, tested on workbooks that others made: what is not asked to change does not change, to
//! the byte.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use libtest_mimic::Trial;

use crate::need::{Need, trial};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use wijkanalyse::package::{
    Applied, Archive, CellEdit, Changes, NewValue, SheetKind, Spreadsheet, StyleChoice, inspect::inspect_workbook,
};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("untouched_entries_keep_every_byte_and_their_order", &[Need::Data], || {
            untouched_entries_keep_every_byte_and_their_order();
            Ok(())
        }),
        trial("only_the_listed_cells_hold_something_else", &[Need::Data], || {
            only_the_listed_cells_hold_something_else();
            Ok(())
        }),
        trial("outside_its_cells_a_touched_sheet_keeps_its_bytes", &[Need::Data], || {
            outside_its_cells_a_touched_sheet_keeps_its_bytes();
            Ok(())
        }),
        trial("the_same_edits_again_change_no_byte", &[Need::Data], || {
            the_same_edits_again_change_no_byte();
            Ok(())
        }),
        trial("files_that_cannot_be_opened_are_refused_with_the_right_reason", &[Need::Data], || {
            files_that_cannot_be_opened_are_refused_with_the_right_reason();
            Ok(())
        }),
        trial("openpyxl_reads_the_new_values_back", &[Need::Data, Need::Python], || {
            openpyxl_reads_the_new_values_back();
            Ok(())
        }),
    ]
}

fn data() -> PathBuf {
    crate::need::data().expect("the harness ignores these tests without the folder with outside files")
}

fn workbooks() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(data().join("corpus/xlsx"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx" || e == "xlsm" || e == "xlsb"))
        .collect();
    found.sort();
    found
}

/// One entry of a zip as a little parser of its own sees it: not the code under test.
#[derive(Debug, PartialEq)]
struct RawEntry {
    name: Vec<u8>,
    /// Local header, compressed data and descriptor.
    local: Vec<u8>,
    /// The central record without the offset.
    central: Vec<u8>,
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

fn raw_entries(bytes: &[u8]) -> Vec<RawEntry> {
    let end = (0..=bytes.len() - 22).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06")).unwrap();
    let (count, mut at) = (u16_at(bytes, end + 10), u32_at(bytes, end + 16));
    let mut found = Vec::new();
    let mut starts = BTreeSet::from([at]);
    let mut offsets = Vec::new();
    for _ in 0..count {
        assert!(bytes[at..].starts_with(b"PK\x01\x02"));
        let (name, extra, comment) = (u16_at(bytes, at + 28), u16_at(bytes, at + 30), u16_at(bytes, at + 32));
        let length = 46 + name + extra + comment;
        let mut central = bytes[at..at + length].to_vec();
        central[42..46].fill(0);
        offsets.push(u32_at(bytes, at + 42));
        starts.insert(u32_at(bytes, at + 42));
        found.push(RawEntry { name: bytes[at + 46..at + 46 + name].to_vec(), local: Vec::new(), central });
        at += length;
    }
    for (entry, offset) in found.iter_mut().zip(offsets) {
        let next = *starts.range(offset + 1..).next().unwrap();
        entry.local = bytes[offset..next].to_vec();
    }
    found
}

/// What a test saw of a cell: raw kind, raw value, style, formula.
type Seen = (String, Option<String>, u32, Option<String>);

fn cells(book: &Spreadsheet, tab: &str) -> BTreeMap<(u32, u32), Seen> {
    let mut found = BTreeMap::new();
    book.visit_cells(tab, &mut |cell| {
        let formula = cell.formula.map(|f| format!("{:?}{}{:?}", f.kind, f.text, f.reference));
        found.insert(
            (cell.row, cell.col),
            (format!("{:?}", cell.kind), cell.raw.map(str::to_owned), cell.style, formula),
        );
        Ok(true)
    })
    .unwrap();
    found
}

/// Three existing cells and two empty ones, one in a row that exists and one in a row that does not.
fn edits(book: &Spreadsheet, tab: &str) -> Vec<CellEdit> {
    let existing = cells(book, tab);
    let filled: Vec<(u32, u32)> = existing.keys().copied().collect();
    let mut places: Vec<(u32, u32)> = Vec::new();
    if !filled.is_empty() {
        places.extend([0, filled.len() / 2, filled.len() - 1].map(|i| filled[i]));
    }
    let row = filled.first().map_or(0, |(row, _)| *row);
    let free_col = (0..).find(|col| !existing.contains_key(&(row, *col))).unwrap();
    let rows: BTreeSet<u32> = filled.iter().map(|(row, _)| *row).collect();
    let free_row = (0..).find(|row| !rows.contains(row)).unwrap();
    places.extend([(row, free_col), (free_row, 1)]);
    places.dedup();
    let values = [
        NewValue::Number(12.5),
        NewValue::Text("=één & <twee> _x0041_".to_owned()),
        NewValue::Number(-0.1),
        NewValue::Text("-".to_owned()),
        NewValue::Number(1e-7),
    ];
    places
        .into_iter()
        .zip(values)
        .map(|((row, col), value)| CellEdit { tab: tab.to_owned(), row, col, value, style: StyleChoice::Keep })
        .collect()
}

/// Applies the edits to the first worksheet; `None` when the workbook has none.
fn edited(book: &Spreadsheet) -> Option<(String, Vec<CellEdit>, Applied, Vec<u8>)> {
    let archive = book.archive();
    let sheet = book.sheets().iter().find(|s| s.kind == SheetKind::Worksheet && archive.contains(&s.part))?;
    let changes = Changes { cells: edits(book, &sheet.name), ..Changes::default() };
    let mut out = Vec::new();
    let applied = book.apply(&changes, &mut out).unwrap_or_else(|e| panic!("{}: {e}", archive.file_name()));
    Some((sheet.name.clone(), changes.cells, applied, out))
}

fn open(path: &Path) -> Option<Spreadsheet> {
    Archive::open(path).and_then(Spreadsheet::open).ok()
}

fn short_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn untouched_entries_keep_every_byte_and_their_order() {
    let mut tried = 0;
    for path in workbooks() {
        let Some(book) = open(&path) else { continue };
        let Some((_, _, applied, out)) = edited(&book) else { continue };
        tried += 1;
        let name = short_name(&path);
        assert!(applied.changed, "{name}: nothing changed, refused {:?}", applied.refused);
        let before = raw_entries(&std::fs::read(&path).unwrap());
        let after = raw_entries(&out);
        let touched: BTreeSet<&str> = applied.parts.iter().map(String::as_str).collect();
        let untouched = |list: Vec<RawEntry>| {
            let is_touched = |e: &RawEntry| touched.contains(&*String::from_utf8_lossy(&e.name));
            list.into_iter().filter(|e| !is_touched(e)).collect::<Vec<_>>()
        };
        let names = |list: &[RawEntry]| list.iter().map(|e| e.name.clone()).collect::<Vec<_>>();
        let dropped: Vec<_> = names(&before).into_iter().filter(|n| !names(&after).contains(n)).collect();
        assert!(dropped.iter().all(|n| String::from_utf8_lossy(n).contains("calcChain")), "{name}: {dropped:?}");
        let expected: Vec<_> = names(&before).into_iter().filter(|n| !dropped.contains(n)).collect();
        assert_eq!(names(&after), expected, "{name}: order of entries");
        let (before, after) = (untouched(before), untouched(after));
        assert_eq!(before.len(), after.len(), "{name}");
        for (old, new) in before.iter().zip(&after) {
            assert!(old == new, "{name}: {} differs", String::from_utf8_lossy(&old.name));
        }
    }
    assert!(tried > 90, "only {tried} workbooks could be opened");
}

fn only_the_listed_cells_hold_something_else() {
    for path in workbooks() {
        let Some(book) = open(&path) else { continue };
        let Some((tab, edits, applied, out)) = edited(&book) else { continue };
        let name = short_name(&path);
        let result = Spreadsheet::open(Archive::from_bytes(&name, out).unwrap()).unwrap();
        let refused: BTreeSet<(u32, u32)> = applied.refused.iter().map(|r| (r.cell.row, r.cell.col)).collect();
        let mut allowed: BTreeMap<&str, BTreeSet<(u32, u32)>> = BTreeMap::new();
        for cell in applied.cells.iter().map(|c| &c.cell).chain(applied.removed_caches.iter()) {
            allowed.entry(&cell.tab).or_default().insert((cell.row, cell.col));
        }
        for sheet in result.sheets().iter().filter(|s| s.kind == SheetKind::Worksheet) {
            if !result.archive().contains(&sheet.part) {
                continue;
            }
            let (old, new) = (cells(&book, &sheet.name), cells(&result, &sheet.name));
            let none = BTreeSet::new();
            let allowed = allowed.get(sheet.name.as_str()).unwrap_or(&none);
            for at in old.keys().chain(new.keys()) {
                if allowed.contains(at) || old.get(at) == new.get(at) {
                    continue;
                }
                let (was, is) = (old.get(at), new.get(at));
                // The children of a shared formula whose master went, and the body of an array.
                let follows = was.is_some_and(|w| w.3.as_deref().is_some_and(|f| f.starts_with("SharedChild")))
                    || was.is_some_and(|w| w.3.is_none() && w.1.is_some()) && is.is_some_and(|i| i.1.is_none());
                assert!(follows, "{name}: {} {at:?} was {was:?}, is {is:?}", sheet.name);
            }
        }
        let new = cells(&result, &tab);
        for edit in edits.iter().filter(|e| !refused.contains(&(e.row, e.col))) {
            let cell = new.get(&(edit.row, edit.col)).unwrap_or_else(|| panic!("{name}: {edit:?} is missing"));
            let found = cell.1.clone().unwrap_or_default();
            match &edit.value {
                NewValue::Number(number) => assert_eq!(found.parse(), Ok(*number), "{name}"),
                NewValue::Text(text) => assert_eq!(found.replace("_x005F_", "_"), *text, "{name}"),
                NewValue::Clear => assert_eq!(found, "", "{name}"),
            }
        }
        for cell in &applied.removed_caches {
            assert!(cells(&result, &cell.tab)[&(cell.row, cell.col)].1.is_none(), "{name}: {cell:?}");
        }
        let known: BTreeSet<String> = inspect_workbook(&book).unwrap().into_iter().collect();
        let faults = inspect_workbook(&result).unwrap();
        let faults: Vec<String> = faults.into_iter().filter(|f| !known.contains(f)).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

/// The text of a part cut at every `<`.
fn fragments(bytes: &[u8]) -> Vec<&[u8]> {
    let mut cuts: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'<').map(|(at, _)| at).collect();
    cuts.insert(0, 0);
    cuts.push(bytes.len());
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

fn outside_its_cells_a_touched_sheet_keeps_its_bytes() {
    for path in workbooks() {
        let Some(book) = open(&path) else { continue };
        let Some((tab, _, _, out)) = edited(&book) else { continue };
        let name = short_name(&path);
        let part = book.sheet(&tab).unwrap().part.clone();
        let result = Archive::from_bytes(&name, out).unwrap();
        let (old, new) = (book.archive().read(&part).unwrap(), result.read(&part).unwrap());
        let mut kept: BTreeMap<&[u8], usize> = BTreeMap::new();
        for fragment in fragments(&new) {
            *kept.entry(fragment).or_default() += 1;
        }
        let mut lost = Vec::new();
        for fragment in fragments(&old) {
            match kept.get_mut(fragment) {
                Some(count) if *count > 0 => *count -= 1,
                _ => lost.push(String::from_utf8_lossy(fragment).into_owned()),
            }
        }
        let local_name = |fragment: &str| {
            let name = fragment.trim_start_matches(['<', '/']).split([' ', '>', '/', '\r', '\n']).next();
            name.and_then(|n| n.rsplit(':').next()).unwrap_or_default().to_owned()
        };
        let wrong: Vec<&String> = lost
            .iter()
            .filter(|f| {
                // A cell, and the rich text of an inline string.
                let of_a_cell = [
                    "c",
                    "v",
                    "f",
                    "is",
                    "t",
                    "r",
                    "row",
                    "dimension",
                    "sheetData",
                    "rPr",
                    "rFont",
                    "b",
                    "i",
                    "u",
                    "sz",
                    "color",
                    "family",
                    "scheme",
                    "charset",
                    "vertAlign",
                    "strike",
                    "rPh",
                    "phoneticPr",
                ];
                !of_a_cell.contains(&local_name(f).as_str()) && !f.starts_with("<![CDATA[")
            })
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
        let grown = lost.iter().filter(|f| matches!(local_name(f).as_str(), "row" | "dimension" | "sheetData"));
        assert!(grown.count() <= 6, "{name}: {lost:?}");
    }
}

fn the_same_edits_again_change_no_byte() {
    for path in workbooks() {
        let Some(book) = open(&path) else { continue };
        let Some((_, edits, applied, out)) = edited(&book) else { continue };
        let name = short_name(&path);
        let refused: BTreeSet<(u32, u32)> = applied.refused.iter().map(|r| (r.cell.row, r.cell.col)).collect();
        let cells = edits.into_iter().filter(|e| !refused.contains(&(e.row, e.col))).collect();
        let result = Spreadsheet::open(Archive::from_bytes(&name, out.clone()).unwrap()).unwrap();
        let mut again = Vec::new();
        let second = result.apply(&Changes { cells, ..Changes::default() }, &mut again).unwrap();
        assert!(!second.changed && again == out, "{name}: {second:?}");
    }
}

fn files_that_cannot_be_opened_are_refused_with_the_right_reason() {
    let reasons = [
        ("xlsx/calamine__pass_protected.xlsx", "wachtwoord"),
        ("xlsx/excelize__encryptAES.xlsx", "wachtwoord"),
        ("xlsx/excelize__encryptSHA1.xlsx", "wachtwoord"),
        ("xlsx/excelize__encryptSHA512.xlsx", "wachtwoord"),
        ("xlsx/openxlsx2__openxlsx2_example_pass.xlsx", "wachtwoord"),
        ("xlsx/calamine__pass_protected.xlsb", "wachtwoord"),
        ("xlsx/calamine__date_1904.xlsb", "binair"),
        ("xlsx/manifest.csv", "tekst"),
        ("xlsx/exceljs__missing-bits.xlsx", "ontbreekt"),
        ("docx/docx4j__toc.docx", "Word-document"),
        ("other/calamine__date.xls", ".xls"),
        ("other/calamine__date.ods", "OpenDocument"),
    ];
    for (name, reason) in reasons {
        let path = data().join("corpus").join(name);
        let error = Archive::open(&path).and_then(Spreadsheet::open).unwrap_err().to_string();
        assert!(error.contains(reason), "{name}: {error}");
    }
    for path in workbooks() {
        if let Err(error) = Archive::open(&path).and_then(Spreadsheet::open) {
            println!("{error}");
        }
    }
}

fn openpyxl_reads_the_new_values_back() {
    let keep = std::env::var_os("WIJKANALYSE_KEEP").map(PathBuf::from);
    let folder = tempfile::tempdir().unwrap();
    let folder = keep.as_deref().unwrap_or(folder.path());
    for path in workbooks() {
        let Some(book) = open(&path) else { continue };
        let Some((_, edits, applied, out)) = edited(&book) else { continue };
        let name = short_name(&path);
        let refused: BTreeSet<(u32, u32)> = applied.refused.iter().map(|r| (r.cell.row, r.cell.col)).collect();
        let written = edits.iter().filter(|e| !refused.contains(&(e.row, e.col)));
        let cells: Vec<serde_json::Value> = written
            .map(|edit| match &edit.value {
                NewValue::Number(number) => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, number]),
                NewValue::Text(text) => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, text]),
                NewValue::Clear => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, null]),
            })
            .collect();
        let listing = serde_json::json!({ "original": path, "cells": cells });
        std::fs::write(folder.join(&name), out).unwrap();
        std::fs::write(folder.join(format!("{name}.json")), listing.to_string()).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witness/read_back_folder.py");
    let output = std::process::Command::new(crate::need::python()).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
