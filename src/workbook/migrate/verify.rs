//! The last look: has every text of the old workbook arrived?
//!
//! Owns a check that shares nothing with the plan but the list of the format's own texts: it reads both packages from
//! beginning to end. A migration of which one text cannot be found back is not written.

use std::collections::{BTreeMap, BTreeSet};

use super::Migration;
use crate::error::Result;
use crate::model::{CellRef, CellValue};
use crate::package::{FormulaKind, GraftTab, Range, SheetKind, Spreadsheet, attachments};
use crate::workbook::layout::is_ours;
use crate::workbook::sheet::{dutch, xlsx_value};

/// Texts of the old workbook that cannot be found in the new one: where they stood and what they are.
///
/// # Errors
/// When one of the packages cannot be read.
pub fn verify(old: &Spreadsheet, new: &Spreadsheet, plan: &Migration) -> Result<Vec<(CellRef, String)>> {
    let mut arrived: BTreeSet<String> = BTreeSet::new();
    let mut formulas: BTreeSet<CellRef> = BTreeSet::new();
    for Found { at, readings, formula } in texts(new)? {
        if formula {
            formulas.insert(at);
        }
        for text in readings {
            // Put together with others: the lines of a merged cell, who said it, the formula behind an outcome.
            arrived.extend(text.lines().map(plain));
            arrived.extend(text.split_once(": ").map(|(_, said)| plain(said)));
            arrived.extend(text.split_once(" (formule: ").map(|(outcome, _)| plain(outcome)));
            arrived.insert(plain(&text));
        }
    }
    let ours: BTreeSet<String> = plan.ours.iter().map(|text| plain(text)).collect();
    let mut missing: BTreeMap<String, CellRef> = BTreeMap::new();
    for Found { at, readings, formula } in texts(old)? {
        // A formula that stands in its own place is calculated again; its old outcome may be gone.
        let kept = plan.graft.tabs.iter().find_map(|tab| match tab {
            GraftTab::Kept { old, name } if *old == at.tab => Some(name),
            _ => None,
        });
        let calculated = formula && kept.is_some_and(|tab| formulas.contains(&CellRef::new(tab, at.row, at.col)));
        if is_ours(&at.tab) || calculated {
            continue;
        }
        let known = |text: &String| {
            let text = plain(text);
            text.is_empty() || ours.contains(&text) || arrived.contains(&text)
        };
        let label_and_value =
            readings.iter().any(|text| text.split_once(':').is_some_and(|(_, v)| known(&v.to_owned())));
        if !readings.is_empty() && !readings.iter().any(known) && !label_and_value {
            missing.entry(readings.into_iter().next().unwrap_or_default()).or_insert(at);
        }
    }
    Ok(missing.into_iter().map(|(text, at)| (at, text)).collect())
}

/// Texts are the same but for white space.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Something that can be read in a workbook.
struct Found {
    at: CellRef,
    /// The ways in which it may be written elsewhere.
    readings: Vec<String>,
    /// It is the outcome of a formula.
    formula: bool,
}

/// Everything in cells, notes and conversations, each in all the ways in which it may be written elsewhere: a fraction in
/// a percent cell is 12,5% and 12,5; a date is its text, and not its number. Ids in hidden cells do not count.
fn texts(book: &Spreadsheet) -> Result<Vec<Found>> {
    let strings = book.shared_strings()?;
    let mut found = Vec::new();
    for sheet in book.sheets().iter().filter(|sheet| sheet.kind == SheetKind::Worksheet) {
        // The cells of an array formula are its outcomes; the formula itself stands in the first of them.
        let mut arrays: Vec<Range> = Vec::new();
        book.visit_cells(&sheet.name, &mut |view| {
            if let Some(formula) = view.formula.filter(|formula| formula.kind == FormulaKind::Array) {
                arrays.extend(formula.reference.and_then(Range::parse));
            }
            let formula = view.formula.is_some() || arrays.iter().any(|range| range.contains(view.row, view.col));
            let readings = match xlsx_value(book, view, &strings) {
                // A formula of which the outcome was taken away.
                CellValue::Empty if formula => Vec::new(),
                CellValue::Text(text) if crate::model::Identity::of(&text).is_none() => vec![text],
                truth @ CellValue::Bool(_) => vec![truth.text()],
                CellValue::Number(number) => {
                    let percent = dutch(number * 100.0);
                    vec![dutch(number), format!("{percent}%"), percent]
                }
                _ => return Ok(true),
            };
            found.push(Found { at: CellRef::new(&sheet.name, view.row, view.col), readings, formula });
            Ok(true)
        })?;
        for note in attachments(book, &sheet.name)?.notes {
            let at = CellRef::new(&sheet.name, note.row, note.col);
            // A conversation is said line by line, each with who said it and when.
            let lines = note.text.lines().map(|line| vec![line.to_owned()]);
            found.extend(lines.map(|readings| Found { at: at.clone(), readings, formula: false }));
        }
    }
    Ok(found)
}
