//! The law of losslessness, tested on workbooks that others made: what is not asked to change does not change, to
//! the byte.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use libtest_mimic::Trial;

use crate::common::{RawEntry, blank, raw_entries};
use crate::need::{Need, trial, validator, witness};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use wijkanalyse::model::parse_a1;
use wijkanalyse::package::{
    Applied, Archive, CellEdit, Changes, FormulaKind, NewValue, Range, SheetKind, Spreadsheet, StyleChoice,
    inspect::inspect_workbook,
};

pub(crate) fn trials() -> Vec<Trial> {
    let law = |name: &str, test: fn()| {
        trial(name, &[Need::Data], move || {
            test();
            Ok(())
        })
    };
    vec![
        law(
            "untouched_entries_keep_every_byte_and_their_order",
            untouched_entries_keep_every_byte_and_their_order,
        ),
        law("only_the_listed_cells_hold_something_else", only_the_listed_cells_hold_something_else),
        law(
            "outside_its_cells_a_touched_sheet_keeps_its_bytes",
            outside_its_cells_a_touched_sheet_keeps_its_bytes,
        ),
        law("empty_cells_in_old_rows_and_in_new_rows_are_set", empty_cells_in_old_rows_and_in_new_rows_are_set),
        law("the_same_edits_again_change_no_byte", the_same_edits_again_change_no_byte),
        law(
            "files_that_cannot_be_opened_are_refused_with_the_right_reason",
            files_that_cannot_be_opened_are_refused_with_the_right_reason,
        ),
        trial("openpyxl_reads_the_new_values_back", &[Need::Data, Need::Python], || {
            witness("read_back_folder.py", &[results()]).map(drop)
        }),
        trial(
            "libreoffice_opens_every_result_with_the_new_values",
            &[Need::Data, Need::Python, Need::LibreOffice],
            || witness("open_in_libreoffice.py", &[results()]).map(drop),
        ),
        trial(
            "no_outcome_stays_that_libreoffice_reckons_otherwise",
            &[Need::Data, Need::Python, Need::LibreOffice],
            || witness("stale_outcomes.py", &[results()]).map(drop),
        ),
        trial("no_validator_finds_a_new_error_in_a_result", &[Need::Data, Need::Python, Need::Validators], || {
            witness("validate_pairs.py", &[&validator().ok_or("no validator")?, results()]).map(drop)
        }),
        trial("what_no_validator_sees_is_in_order_in_every_result", &[Need::Data, Need::Python], || {
            witness("package_in_order.py", &[results()]).map(drop)
        }),
        trial("what_no_validator_sees_is_in_order_in_a_filled_workbook", &[Need::Python], || {
            let here =
                crate::common::folder_with(&[("vol.xlsx", &crate::common::filled().0), ("leeg.xlsx", blank())]);
            let listing = serde_json::json!({ "original": here.path().join("leeg.xlsx"), "cells": [] });
            std::fs::write(here.path().join("vol.xlsx.json"), listing.to_string()).map_err(|e| e.to_string())?;
            witness("package_in_order.py", &[here.path()]).map(drop)
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

/// A workbook that others made, and what came of the edits on its first worksheet that takes any (a pivot table fills
/// some of them whole).
struct Case {
    name: String,
    path: PathBuf,
    book: Spreadsheet,
    tab: String,
    edits: Vec<CellEdit>,
    applied: Applied,
    out: Vec<u8>,
}

impl Case {
    fn of(path: PathBuf) -> Option<Case> {
        let book = Archive::open(&path).and_then(Spreadsheet::open).ok()?;
        let archive = book.archive();
        let sheets: Vec<String> = book
            .sheets()
            .iter()
            .filter(|s| s.kind == SheetKind::Worksheet && archive.contains(&s.part))
            .map(|s| s.name.clone())
            .collect();
        let mut tried = sheets.into_iter().map(|tab| {
            let changes = Changes { cells: edits(&book, &tab), ..Changes::default() };
            let mut out = Vec::new();
            let applied = book.apply(&changes, &mut out).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (tab, changes.cells, applied, out)
        });
        let first = tried.next()?;
        let (tab, edits, applied, out) =
            if first.2.changed { first } else { tried.find(|(_, _, applied, _)| applied.changed)? };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Some(Case { name, path, book, tab, edits, applied, out })
    }

    fn result(&self) -> Spreadsheet {
        Spreadsheet::open(Archive::from_bytes(&self.name, self.out.clone()).unwrap()).unwrap()
    }

    /// The edits that were not refused.
    fn written(&self) -> impl Iterator<Item = &CellEdit> {
        let refused = |edit: &&CellEdit| {
            !self.applied.refused.iter().any(|r| (r.cell.row, r.cell.col) == (edit.row, edit.col))
        };
        self.edits.iter().filter(refused)
    }
}

/// Every workbook of the corpus that can be opened, edited once for all these tests.
fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
        let cases: Vec<Case> = workbooks().into_par_iter().filter_map(Case::of).collect();
        assert!(cases.len() > 120, "only {} workbooks could be opened", cases.len());
        cases
    });
    &CASES
}

/// A folder with every result, and beside each the path of its original and what must stand in it.
fn results() -> &'static Path {
    static RESULTS: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        for case in cases() {
            let cells: Vec<serde_json::Value> = case
                .written()
                .map(|edit| match &edit.value {
                    NewValue::Number(number) => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, number]),
                    NewValue::Text(text) => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, text]),
                    NewValue::Bool(truth) => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, truth]),
                    NewValue::Clear => serde_json::json!([edit.tab, edit.row + 1, edit.col + 1, null]),
                })
                .collect();
            let listing = serde_json::json!({ "original": case.path, "cells": cells });
            std::fs::write(folder.path().join(&case.name), &case.out).unwrap();
            std::fs::write(folder.path().join(format!("{}.json", case.name)), listing.to_string()).unwrap();
        }
        folder
    });
    RESULTS.path()
}

fn untouched_entries_keep_every_byte_and_their_order() {
    for Case { name, path, applied, out, .. } in cases() {
        assert!(applied.changed, "{name}: nothing changed, refused {:?}", applied.refused);
        let before = raw_entries(&std::fs::read(path).unwrap());
        let after = raw_entries(out);
        let touched: BTreeSet<&str> = applied.parts.iter().map(String::as_str).collect();
        let untouched = |list: Vec<RawEntry>| {
            list.into_iter().filter(|e| !touched.contains(e.name.as_str())).collect::<Vec<_>>()
        };
        let names = |list: &[RawEntry]| list.iter().map(|e| e.name.clone()).collect::<Vec<_>>();
        let dropped: Vec<_> = names(&before).into_iter().filter(|n| !names(&after).contains(n)).collect();
        assert!(dropped.iter().all(|n| n.contains("calcChain")), "{name}: {dropped:?}");
        let expected: Vec<_> = names(&before).into_iter().filter(|n| !dropped.contains(n)).collect();
        assert_eq!(names(&after), expected, "{name}: order of entries");
        let (before, after) = (untouched(before), untouched(after));
        assert_eq!(before.len(), after.len(), "{name}");
        for (old, new) in before.iter().zip(&after) {
            assert!(old == new, "{name}: {} differs", old.name);
        }
    }
}

/// The cells of a tab that may differ after the edits: those that were written, those whose cached value was removed
/// (for an array all it fills), and the children of a shared formula of which the master was overwritten.
fn may_differ(case: &Case, tab: &str) -> BTreeSet<(u32, u32)> {
    let listed = case.applied.cells.iter().map(|c| &c.cell);
    let written: BTreeSet<(u32, u32)> = listed.filter(|at| at.tab == tab).map(|at| (at.row, at.col)).collect();
    let removed = case.applied.removed_caches.iter().filter(|at| at.tab == tab);
    let removed: BTreeSet<(u32, u32)> = removed.map(|at| (at.row, at.col)).collect();
    let mut allowed: BTreeSet<(u32, u32)> = written.union(&removed).copied().collect();
    let mut masters = BTreeSet::new();
    let mut children = Vec::new();
    case.book
        .visit_cells(tab, &mut |cell| {
            let at = (cell.row, cell.col);
            let Some(formula) = cell.formula else { return Ok(true) };
            match formula.kind {
                FormulaKind::SharedMaster if written.contains(&at) => masters.extend(formula.group),
                FormulaKind::SharedChild => children.push((formula.group, at)),
                FormulaKind::Array | FormulaKind::DataTable if removed.contains(&at) => {
                    let filled = formula.reference.and_then(Range::parse).unwrap();
                    allowed.extend(
                        (filled.first_row..=filled.last_row)
                            .flat_map(|row| (filled.first_col..=filled.last_col).map(move |col| (row, col))),
                    );
                }
                _ => {}
            }
            Ok(true)
        })
        .unwrap();
    allowed.extend(
        children.iter().filter(|(group, _)| group.is_some_and(|g| masters.contains(&g))).map(|(_, at)| at),
    );
    allowed
}

fn only_the_listed_cells_hold_something_else() {
    for case in cases() {
        let (name, result) = (&case.name, case.result());
        for sheet in result.sheets().iter().filter(|s| s.kind == SheetKind::Worksheet) {
            if !result.archive().contains(&sheet.part) || !case.applied.parts.contains(&sheet.part) {
                continue;
            }
            let (old, new) = (cells(&case.book, &sheet.name), cells(&result, &sheet.name));
            let allowed = may_differ(case, &sheet.name);
            for at in old.keys().chain(new.keys()).filter(|at| !allowed.contains(at)) {
                assert_eq!(old.get(at), new.get(at), "{name}: {} {at:?}", sheet.name);
            }
            if sheet.name != case.tab {
                continue;
            }
            for edit in case.written() {
                let cell = new.get(&(edit.row, edit.col)).unwrap_or_else(|| panic!("{name}: {edit:?} is missing"));
                let found = cell.1.clone().unwrap_or_default();
                match &edit.value {
                    NewValue::Number(number) => assert_eq!(found.parse(), Ok(*number), "{name}"),
                    NewValue::Text(text) => assert_eq!(found.replace("_x005F_", "_"), *text, "{name}"),
                    NewValue::Bool(truth) => assert_eq!(found, u8::from(*truth).to_string(), "{name}"),
                    NewValue::Clear => assert_eq!(found, "", "{name}"),
                }
            }
        }
        for cell in &case.applied.removed_caches {
            assert!(cells(&result, &cell.tab)[&(cell.row, cell.col)].1.is_none(), "{name}: {cell:?}");
        }
        let known: BTreeSet<String> = inspect_workbook(&case.book).unwrap().into_iter().collect();
        let faults = inspect_workbook(&result).unwrap();
        let faults: Vec<String> = faults.into_iter().filter(|f| !known.contains(f)).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

/// The tag that begins here: whole, local name, and whether it closes or is empty.
fn tag(text: &str) -> (&str, &str, bool, bool) {
    let end = text.find('>').map_or(text.len(), |at| at + 1);
    let whole = &text[..end];
    let name =
        whole.trim_start_matches(['<', '/']).split(|c: char| c.is_ascii_whitespace() || "/>".contains(c)).next();
    let local = name.and_then(|name| name.rsplit(':').next()).unwrap_or_default();
    (whole, local, whole.starts_with("</"), whole.ends_with("/>"))
}

/// The value of an attribute without a prefix.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.match_indices(name).find(|(at, _)| {
        tag[..*at].ends_with(|c: char| c.is_ascii_whitespace())
            && tag[at + name.len()..].trim_start().starts_with('=')
    })?;
    let rest = tag[at.0 + name.len()..].trim_start().trim_start_matches('=').trim_start();
    let quote = rest.chars().next()?;
    rest[1..].split(quote).next().map(str::to_owned)
}

/// A worksheet as text without what an edit may change: the cells of `allowed`, the extent in `dimension`, the spans
/// of the rows of those cells, and rows in which nothing is left that are not in `rows`.
fn without(text: &str, allowed: &BTreeSet<(u32, u32)>, rows: &BTreeSet<u32>) -> (String, BTreeSet<u32>) {
    let mut out = String::new();
    let mut met = BTreeSet::new();
    let (mut row, mut col): (Option<u32>, Option<u32>) = (None, None);
    let (mut row_began, mut in_data) = ((0, false), false);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<![CDATA[") || rest.starts_with("<!--") {
            let end = rest.find(if rest.starts_with("<!--") { "-->" } else { "]]>" }).unwrap() + 3;
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let (whole, local, closing, empty) = tag(rest);
        let mut kept = whole.to_owned();
        let mut skip = whole.len();
        match (local, closing) {
            ("dimension", false) => kept = "<dimension>".to_owned(),
            ("sheetData", false) if empty => kept = whole.replace("/>", "></sheetData>"),
            ("sheetData", closing) => {
                in_data = !closing;
                kept = if closing { "</sheetData>".to_owned() } else { kept };
            }
            ("row", false) if in_data => {
                let given = attribute(whole, "r").and_then(|r| r.trim().parse::<u32>().ok()).map(|r| r - 1);
                let number = given.unwrap_or(row.map_or(0, |row| row + 1));
                (row, col) = (Some(number), None);
                met.insert(number);
                let concerned = allowed.iter().any(|(at, _)| *at == number);
                if concerned && let Some(spans) = attribute(whole, "spans") {
                    kept = ["\"", "'"]
                        .iter()
                        .fold(kept, |kept, q| kept.replace(&format!(" spans={q}{spans}{q}"), ""));
                }
                row_began = (out.len(), concerned && !rows.contains(&number));
                if concerned && empty {
                    kept = kept.replace("/>", "></row>");
                }
            }
            ("row", true) if in_data => {
                if row_began.1 {
                    out.truncate(row_began.0);
                    kept.clear();
                } else if row.is_some_and(|row| allowed.iter().any(|(at, _)| *at == row)) {
                    kept = "</row>".to_owned();
                }
            }
            ("c", false) if in_data && row.is_some() => {
                let place = attribute(whole, "r").and_then(|r| parse_a1(&r)).map(|(_, col)| col);
                let number = place.unwrap_or(col.map_or(0, |col| col + 1));
                col = Some(number);
                if allowed.contains(&(row.unwrap(), number)) {
                    kept.clear();
                    if !empty {
                        let name = whole[1..].split(|c: char| c.is_ascii_whitespace() || c == '>').next().unwrap();
                        let close = format!("</{name}>");
                        skip = rest.find(&close).unwrap() + close.len();
                    }
                }
            }
            _ => {}
        }
        out.push_str(&kept);
        rest = &rest[skip..];
    }
    out.push_str(rest);
    (out, met)
}

fn outside_its_cells_a_touched_sheet_keeps_its_bytes() {
    let mut tried = 0;
    for case in cases() {
        let result = case.result();
        let sheets = case
            .book
            .sheets()
            .iter()
            .filter(|sheet| sheet.kind == SheetKind::Worksheet && case.applied.parts.contains(&sheet.part));
        for sheet in sheets {
            // The first bytes tell the encoding; then as text, since one workbook is in Latin-1.
            let [old, new] = [&case.book, &result].map(|book| book.archive().read(&sheet.part).unwrap());
            assert_eq!(old.first_chunk::<40>(), new.first_chunk::<40>(), "{}", case.name);
            let [old, new] = [&case.book, &result].map(|book| book.archive().read_text(&sheet.part).unwrap());
            let allowed = may_differ(case, &sheet.name);
            let rows = without(&old, &BTreeSet::new(), &BTreeSet::new()).1;
            let (old, new) = (without(&old, &allowed, &rows).0, without(&new, &allowed, &rows).0);
            let at = old.bytes().zip(new.bytes()).position(|(one, other)| one != other);
            let near = |text: &str| {
                let from = at.unwrap_or_default().saturating_sub(60);
                text.chars().skip(from).take(160).collect::<String>()
            };
            assert!(old == new, "{} {}: {:?} became {:?}", case.name, sheet.name, near(&old), near(&new));
            tried += 1;
        }
    }
    assert!(tried > 120, "{tried} sheets");
}

fn empty_cells_in_old_rows_and_in_new_rows_are_set() {
    let (mut in_old, mut in_new, mut existing) = (0, 0, 0);
    for case in cases() {
        let part = &case.book.sheet(&case.tab).unwrap().part;
        let text = case.book.archive().read_text(part).unwrap();
        let rows = without(&text, &BTreeSet::new(), &BTreeSet::new()).1;
        let old = cells(&case.book, &case.tab);
        for edit in case.written() {
            match (old.contains_key(&(edit.row, edit.col)), rows.contains(&edit.row)) {
                (true, _) => existing += 1,
                (false, true) => in_old += 1,
                (false, false) => in_new += 1,
            }
        }
    }
    let all = cases().len();
    assert!(in_old > all * 3 / 4 && in_new > all * 3 / 4, "{in_old} in old rows, {in_new} in new ones, of {all}");
    assert!(existing > 2 * all, "{existing} existing cells of {all} workbooks");
}

fn the_same_edits_again_change_no_byte() {
    for case in cases() {
        let cells = case.written().cloned().collect();
        let mut again = Vec::new();
        let second = case.result().apply(&Changes { cells, ..Changes::default() }, &mut again).unwrap();
        assert!(!second.changed && again == case.out, "{}: {second:?}", case.name);
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
    // Everything else in the folder opens: what does not has a reason that belongs to its kind.
    let opened: BTreeSet<&Path> = cases().iter().map(|case| case.path.as_path()).collect();
    for path in workbooks().iter().filter(|path| !opened.contains(path.as_path())) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let reason = match name.as_str() {
            name if reasons.iter().any(|(known, _)| known.ends_with(name)) => continue,
            name if name.ends_with(".xlsb") => "binair",
            name if name.starts_with("poi__clusterfuzz") => "beschadigd",
            "calamine__issue252.xlsx" => "beschadigd",
            other => panic!("{other} should open"),
        };
        let error = Archive::open(path).and_then(Spreadsheet::open).unwrap_err().to_string();
        assert!(error.contains(reason), "{name}: {error}");
    }
}
