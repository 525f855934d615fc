//! The law of filling on any workbook: a second reading shows exactly the edits, and everything else as it was.
//!
//! The first byte says how many edits there are, then three bytes each (row, column, value); the rest is the workbook.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use libfuzzer_sys::fuzz_target;
use wijkanalyse::package::{Archive, CellEdit, Changes, NewValue, SheetKind, Spreadsheet, StyleChoice};

#[path = "parts.rs"]
mod parts;

/// A cell: stored kind, raw value, style, formula.
type Seen = (String, Option<String>, u32, Option<String>);

/// The cells of a tab; `None` when the tab cannot be read or a cell stands in it twice.
fn cells(book: &Spreadsheet, tab: &str) -> Option<BTreeMap<(u32, u32), Seen>> {
    let mut found = BTreeMap::new();
    let mut double = false;
    book.visit_cells(tab, &mut |cell| {
        let formula = cell.formula.map(|f| format!("{:?}{}{:?}", f.kind, f.text, f.reference));
        let seen = (format!("{:?}", cell.kind), cell.raw.map(str::to_owned), cell.style, formula);
        double |= found.insert((cell.row, cell.col), seen).is_some();
        Ok(true)
    })
    .ok()?;
    (!double).then_some(found)
}

fn value(byte: u8) -> NewValue {
    match byte % 8 {
        0 => NewValue::Clear,
        1 => NewValue::Number(f64::from(byte) / 8.0),
        2 => NewValue::Number(-1e-300),
        3 => NewValue::Text(String::new()),
        4 => NewValue::Text(" =één & <twee> ]]> \u{1F600}\n".to_owned()),
        5 => NewValue::Text("_x0041_".to_owned()),
        6 => NewValue::Number(1e300),
        _ => NewValue::Text("-".to_owned()),
    }
}

fuzz_target!(|data: &[u8]| {
    if data.len() > 128 * 1024 {
        return;
    }
    let Some((first, rest)) = data.split_first() else { return };
    let Some((codes, rest)) = rest.split_at_checked(3 * usize::from(first % 6)) else { return };
    let Some(bytes) = parts::file(rest) else { return };
    let Ok(book) = Archive::from_bytes("proef.xlsx", bytes).and_then(Spreadsheet::open) else { return };
    let worksheets: Vec<_> = book.sheets().iter().filter(|s| s.kind == SheetKind::Worksheet).cloned().collect();
    let mut before = BTreeMap::new();
    for sheet in &worksheets {
        let Some(cells) = cells(&book, &sheet.name) else { return };
        if before.insert(sheet.name.clone(), cells).is_some() {
            return;
        }
    }
    let Some(tab) = worksheets.first().map(|sheet| sheet.name.clone()) else { return };
    let mut edits = BTreeMap::new();
    for code in codes.as_chunks::<3>().0 {
        let [row, col, what] = *code;
        edits.insert((u32::from(row), u32::from(col)), value(what));
    }
    let changes = |edits: &BTreeMap<(u32, u32), NewValue>| Changes {
        cells: edits
            .iter()
            .map(|((row, col), value)| CellEdit {
                tab: tab.clone(),
                row: *row,
                col: *col,
                value: value.clone(),
                style: StyleChoice::Keep,
            })
            .collect(),
        ..Changes::default()
    };
    let mut out = Vec::new();
    let Ok(applied) = book.apply(&changes(&edits), &mut out) else { return };
    let result = Archive::from_bytes("uit.xlsx", out.clone()).and_then(Spreadsheet::open).expect("opens again");

    let refused: BTreeSet<(u32, u32)> = applied.refused.iter().map(|r| (r.cell.row, r.cell.col)).collect();
    edits.retain(|at, _| !refused.contains(at));
    let mut allowed: BTreeSet<(&str, u32, u32)> = BTreeSet::new();
    for cell in applied.cells.iter().map(|c| &c.cell).chain(&applied.removed_caches) {
        allowed.insert((&cell.tab, cell.row, cell.col));
    }
    for (name, old) in &before {
        let new = cells(&result, name).unwrap_or_else(|| panic!("{name} is readable again, every cell once"));
        for at in old.keys().chain(new.keys()) {
            let (was, is) = (old.get(at), new.get(at));
            if was == is || allowed.contains(&(name.as_str(), at.0, at.1)) {
                continue;
            }
            // The children of a shared formula whose master went, and the body of an array.
            let follows = was.is_some_and(|w| w.3.as_deref().is_some_and(|f| f.starts_with("Shared")))
                || was.is_some_and(|w| w.3.is_none() && w.1.is_some()) && is.is_some_and(|i| i.1.is_none());
            assert!(follows, "{name} {at:?} was {was:?}, is {is:?}");
        }
        if *name != tab {
            continue;
        }
        for (at, value) in &edits {
            // A cell that says this already keeps its bytes, also where its text lies in the table of texts.
            if new.get(at).is_some_and(|cell| cell.0 == "SharedString") && old.get(at) == new.get(at) {
                continue;
            }
            let raw = new.get(at).and_then(|cell| cell.1.clone());
            match value {
                NewValue::Number(number) => assert_eq!(raw.unwrap().parse(), Ok(*number)),
                NewValue::Text(text) => assert_eq!(raw.unwrap_or_default().replace("_x005F_", "_"), *text),
                NewValue::Bool(truth) => assert_eq!(raw.as_deref(), Some(if *truth { "1" } else { "0" })),
                NewValue::Clear => assert_eq!(raw.unwrap_or_default(), ""),
            }
        }
    }
    let touched: BTreeSet<&str> = applied.parts.iter().map(String::as_str).collect();
    for part in book.archive().names().filter(|name| !touched.contains(name)) {
        let (old, new) = (book.archive().read(part), result.archive().read(part));
        assert!(old.ok() == new.ok(), "{part} changed without being named");
    }
    let mut again = Vec::new();
    let second = result.apply(&changes(&edits), &mut again).expect("the same edits again");
    assert!(!second.changed && again == out, "the same edits again change something: {second:?}");
});
