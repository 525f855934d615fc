//! Migration loses nothing: random fillings, random changes of the format.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::Session;
use super::migrate::{best_reading, chosen_format};
use super::migrate_attached::with_attachments;
use crate::format::{BuildOptions, ListTab, build, builtin};
use crate::model::*;
use crate::overview::AreaTable;
use crate::package::{Archive, CellEdit, Changes, Handle, NewValue, Spreadsheet, StyleChoice, inspect_workbook};
use crate::workbook::{self, Details};

const OWN_TAB: &str = "Mijn eigen tab";

/// A format of two pijlers, small enough to be built many times.
pub(super) fn small() -> Format {
    let mut format = builtin().unwrap();
    let keep = ["werk", "schoolprestaties", "criminaliteit"];
    format.domeinen.retain(|domein| keep.contains(&domein.id.as_str()));
    format.pijlers.retain(|pijler| format.domeinen.iter().any(|domein| domein.pijler == pijler.name));
    let names: Vec<String> = format.domeinen.iter().map(|domein| domein.name.clone()).collect();
    let mut per_domein: BTreeMap<String, usize> = BTreeMap::new();
    format.factoren.retain(|factor| {
        let count = per_domein.entry(factor.domein.clone()).or_insert(0);
        *count += 1;
        names.contains(&factor.domein) && *count <= 3
    });
    format.ranking.retain(|ranked| format.factoren.iter().any(|factor| factor.name == ranked.name));
    per_domein.clear();
    format.indicators.retain(|indicator| {
        let count = per_domein.entry(indicator.domein.clone().unwrap_or_default()).or_insert(0);
        *count += 1;
        *count <= 3 && indicator.domein.as_ref().is_none_or(|domein| names.contains(domein))
    });
    format.wanted.clear();
    format
}

/// One change of a format, chosen by three numbers.
pub(super) type Choice = (u8, u16, u16);

pub(super) fn pick<T>(items: &[T], number: u16) -> Option<&T> {
    items.get(usize::from(number) % items.len().max(1))
}

fn pick_mut<T>(items: &mut [T], number: u16) -> Option<&mut T> {
    let at = usize::from(number) % items.len().max(1);
    items.get_mut(at)
}

/// Changes a format as maintainers do; ids stay.
pub(super) fn change(format: &mut Format, (kind, one, two): Choice, at: usize) {
    let new = |text: &str| format!("{text} nieuw {at}");
    match kind % 15 {
        0 => {
            if let Some(question) = pick_mut(&mut format.questions, one) {
                question.text = new(&question.text);
                question.variants.clear();
            }
        }
        1 => {
            if let Some(indicator) = pick_mut(&mut format.indicators, one) {
                indicator.name = new(&indicator.name);
            }
        }
        2 => {
            let Some(domein) = pick(&format.domeinen, one).map(|domein| domein.name.clone()) else { return };
            let name = new(&domein);
            for known in format.domeinen.iter_mut().filter(|known| known.name == domein) {
                known.name.clone_from(&name);
                known.variants.clear();
            }
            for factor in format.factoren.iter_mut().filter(|factor| factor.domein == domein) {
                factor.domein.clone_from(&name);
            }
            for indicator in format.indicators.iter_mut().filter(|i| i.domein.as_ref() == Some(&domein)) {
                indicator.domein = Some(name.clone());
            }
        }
        3 => {
            if let Some(pijler) = pick_mut(&mut format.pijlers, one) {
                pijler.tab = format!("Deel {at} {}", one % 7);
            }
        }
        4 => {
            if let Some(heading) = pick_mut(&mut format.headings, one) {
                heading.text = new(&heading.text);
                heading.variants.clear();
            }
        }
        5 => {
            if let Some(tab) = pick_mut(&mut format.tabs, one) {
                tab.name = format!("Blad {at} {}", two % 9);
                tab.variants.clear();
            }
        }
        6 if format.indicators.len() > 2 => {
            let gone = usize::from(one) % format.indicators.len();
            format.indicators.remove(gone);
        }
        7 if format.domeinen.len() > 1 => {
            let gone = format.domeinen.remove(usize::from(one) % format.domeinen.len());
            format.factoren.retain(|factor| factor.domein != gone.name);
            format.ranking.retain(|ranked| format.factoren.iter().any(|factor| factor.name == ranked.name));
            format.indicators.retain(|indicator| indicator.domein.as_ref() != Some(&gone.name));
            format.pijlers.retain(|pijler| format.domeinen.iter().any(|domein| domein.pijler == pijler.name));
        }
        8 => {
            let domein = pick(&format.domeinen, two).map(|domein| domein.name.clone());
            if let Some(indicator) = pick_mut(&mut format.indicators, one) {
                indicator.domein = domein;
            }
        }
        9 if format.questions.len() > 3 => {
            let gone = usize::from(one) % format.questions.len();
            format.questions.remove(gone);
        }
        10 => format.questions.reverse(),
        11 => {
            if let Some(indicator) = pick_mut(&mut format.indicators, one) {
                indicator.unit = Unit { name: "per 1.000 inwoners".into(), difference: "per 1.000".into() };
            }
        }
        12 => format.indicators.reverse(),
        13 => {
            let Some(first) = format.indicators.first().cloned() else { return };
            let (code, name) = (format!("nieuw-{at}"), format!("Gloednieuw {at}"));
            format.indicators.insert(0, Indicator { code, name, variants: Vec::new(), ..first });
        }
        14 => {
            // A pijler without domeinen is none.
            let of = |format: &Format, name: &str| format.domeinen.iter().filter(|d| d.pijler == name).count();
            let counts: Vec<usize> = format.domeinen.iter().map(|d| of(format, &d.pijler)).collect();
            let movable: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] > 1).collect();
            if let (Some(at), Some(pijler)) = (pick(&movable, one), pick(&format.pijlers, two)) {
                format.domeinen[*at].pijler.clone_from(&pijler.name);
            }
        }
        _ => {}
    }
}

/// Everything that can be written in a workbook, by a key of ids that is the same in every version.
pub(super) fn content(analysis: &Analysis, format: &Format) -> BTreeMap<String, (CellRef, String)> {
    let mut all = BTreeMap::new();
    let mut put = |key: String, at: &CellRef, text: &str| {
        all.insert(key, (at.clone(), text.to_owned()));
    };
    let domein = |name: &str| format.domein(name).map_or(format!("?{name}"), |domein| domein.id.clone());
    for tab in &analysis.pijlers {
        let pijler = format.pijlers.iter().find(|pijler| pijler.name == tab.pijler).unwrap();
        for (field, cell) in
            [("wijk", &tab.wijk), ("adviseur", &tab.adviseur), ("versie", &tab.version), ("datum", &tab.date)]
        {
            if let Some(cell) = cell {
                put(format!("{}/{field}", pijler.id), &cell.at, &cell.text);
            }
        }
        for block in &tab.blocks {
            let id = domein(&block.domein);
            for row in &block.indicators {
                let Some(code) = &row.code else { continue };
                put(format!("{id}/{code}/wijk"), &row.wijk.at, &row.wijk.value.text());
                if let Some(cell) = &row.remark {
                    put(format!("{id}/{code}/opmerking"), &cell.at, &cell.text);
                }
                if let Some(cell) = &row.beside {
                    put(format!("{id}/{code}/naast"), &cell.at, &cell.value.text());
                }
            }
            for question in &block.questions {
                put(format!("{id}/{:?}", question.code), &question.answer.at, &question.answer.text);
            }
        }
        for question in &tab.questions {
            put(format!("{}/{:?}", pijler.id, question.code), &question.answer.at, &question.answer.text);
        }
        closing(&mut put, "pijler", &tab.closing, &domein);
    }
    if let Some(summary) = &analysis.summary {
        for question in &summary.questions {
            put(format!("samen/{:?}", question.code), &question.answer.at, &question.answer.text);
        }
        closing(&mut put, "samen", &summary.closing, &domein);
    }
    all
}

fn closing(
    put: &mut dyn FnMut(String, &CellRef, &str),
    place: &str,
    rows: &[ClosingRow],
    domein: &dyn Fn(&str) -> String,
) {
    for row in rows {
        for (field, cell) in [
            ("cijfers", &row.figures),
            ("factoren", &row.factoren),
            ("leeftijdsfase", &row.leeftijdsfase),
            ("leefgebied", &row.leefgebied),
            ("conclusie", &row.conclusion),
        ] {
            if let Some(cell) = cell {
                put(format!("{place}/{}/{field}", domein(&row.domein)), &cell.at, &cell.text);
            }
        }
    }
}

pub(super) fn session(format: Format) -> Session {
    Session { format, areas: AreaTable::built_in().unwrap(), folder: None }
}

/// All texts of a workbook with the tab they stand on.
pub(super) fn texts(bytes: &[u8]) -> Vec<(String, String)> {
    let book = Spreadsheet::open(Archive::from_bytes("na.xlsx", bytes.to_vec()).unwrap()).unwrap();
    let strings = book.shared_strings().unwrap();
    let mut found = Vec::new();
    for sheet in book.sheets() {
        book.visit_cells(&sheet.name, &mut |view| {
            found.push((sheet.name.clone(), view.value(&strings).text()));
            Ok(true)
        })
        .unwrap();
    }
    found
}

/// What is put in a cell: the value, how it reads, and its key when it has one.
type Written = (NewValue, String, Option<String>);

/// A workbook of `format` with texts in the cells of `fillings`: (text, key or address) of everything written.
pub(super) fn filled(format: &Format, fillings: &[Choice]) -> (Vec<u8>, Vec<(String, Option<String>)>) {
    let lists = vec![ListTab {
        name: OWN_TAB.into(),
        explanation: "uitleg van mijzelf".into(),
        headings: vec![("kop".into(), 20)],
        rows: vec![vec!["eigen tekst op eigen tabblad".into()]],
    }];
    let bytes = build(format, &Overview::default(), &BuildOptions { lists, ..BuildOptions::default() }).unwrap();
    let book = Spreadsheet::open(Archive::from_bytes("leeg.xlsx", bytes.clone()).unwrap()).unwrap();
    let (analysis, _) = workbook::read("leeg.xlsx", bytes.clone(), format, Details::None).unwrap();
    let slots: Vec<(String, CellRef)> =
        content(&analysis, format).into_iter().map(|(key, (at, _))| (key, at)).collect();
    let mut cells: BTreeMap<(String, u32, u32), Written> = BTreeMap::new();
    let mut taken: BTreeSet<(String, u32, u32)> = BTreeSet::new();
    let mut merges = BTreeMap::new();
    for sheet in book.sheets() {
        book.visit_cells(&sheet.name, &mut |view| {
            if view.raw.is_some() {
                taken.insert((sheet.name.clone(), view.row, view.col));
            }
            Ok(true)
        })
        .unwrap();
        merges.insert(sheet.name.clone(), book.sheet_facts(&sheet.name).unwrap().merges.clone());
    }
    for (at, (kind, one, two)) in fillings.iter().enumerate() {
        let text = format!("tekst {at} é & <b> \"x\"\nregel twee {at}");
        let (cell, value, key) = match kind % 5 {
            0..=2 => {
                let Some((key, cell)) = pick(&slots, *one) else { continue };
                let figure = key.ends_with("/wijk") && key.matches('/').count() == 2 || key.ends_with("/naast");
                let value =
                    if figure { NewValue::Number(f64::from(*two) + 0.25) } else { NewValue::Text(text.clone()) };
                (cell.clone(), value, Some(key.clone()))
            }
            3 => {
                let tab = ["resultaten", "matrix", "activiteiten", "afspraken"][usize::from(*one) % 4];
                let cell = CellRef::new(format.tab(tab), 4 + u32::from(*two % 25), u32::from(*one / 3 % 9));
                (cell, NewValue::Text(text.clone()), None)
            }
            _ => {
                // Anywhere on a tab that people fill in.
                let tabs: Vec<&str> = format
                    .pijlers
                    .iter()
                    .map(|pijler| pijler.tab.as_str())
                    .chain([format.tab("samenvatting"), format.tab("resultaten"), format.tab("toelichting")])
                    .collect();
                let tab = pick(&tabs, *one).unwrap();
                (
                    CellRef::new(*tab, u32::from(*two % 90), u32::from(*one / 7 % 16)),
                    NewValue::Text(text.clone()),
                    None,
                )
            }
        };
        let address = (cell.tab.clone(), cell.row, cell.col);
        let inside = merges[&cell.tab].iter().any(|range| {
            range.contains(cell.row, cell.col) && (range.first_row, range.first_col) != (cell.row, cell.col)
        });
        let slot = slots.iter().any(|(_, at)| *at == cell);
        if inside || (taken.contains(&address) && !slot) || (key.is_none() && slot) {
            continue;
        }
        let shown = match &value {
            NewValue::Number(number) => crate::model::dutch_number(*number),
            _ => text,
        };
        cells.insert(address, (value, shown, key));
    }
    let edits = cells.iter().map(|((tab, row, col), (value, ..))| CellEdit {
        tab: tab.clone(),
        row: *row,
        col: *col,
        value: value.clone(),
        style: StyleChoice::Keep,
    });
    let changes = Changes { cells: edits.collect(), ..Changes::default() };
    let mut out = Vec::new();
    let applied = book.apply(&changes, &mut out).unwrap();
    assert!(applied.refused.is_empty());
    (out, cells.into_values().map(|(_, shown, key)| (shown, key)).collect())
}

/// The workbook as one of the classic format: without ids, version and record.
pub(super) fn without_ids(bytes: Vec<u8>) -> Vec<u8> {
    let book = Spreadsheet::open(Archive::from_bytes("vol.xlsx", bytes).unwrap()).unwrap();
    let strings = book.shared_strings().unwrap();
    let mut cells = Vec::new();
    for sheet in book.sheets().iter().filter(|sheet| sheet.visibility != crate::package::Visibility::VeryHidden) {
        book.visit_cells(&sheet.name, &mut |view| {
            if Identity::of(&view.value(&strings).text()).is_some() {
                let (tab, row, col) = (sheet.name.clone(), view.row, view.col);
                cells.push(CellEdit { tab, row, col, value: NewValue::Clear, style: StyleChoice::Keep });
            }
            Ok(true)
        })
        .unwrap();
    }
    assert!(cells.len() > 50, "{} ids", cells.len());
    let mut out = Vec::new();
    book.apply(&Changes { cells, ..Changes::default() }, &mut out).unwrap();
    // The version stands in a hidden tab and in a property of the file.
    let book = Spreadsheet::open(Archive::from_bytes("vol.xlsx", out).unwrap()).unwrap();
    let mut work = crate::package::rewrite::Rewrite::new(book.archive());
    work.edit("xl/workbook.xml", |text| Ok(text.replace("name=\"_wijkanalyse\"", "name=\"_weg\""))).unwrap();
    let property = crate::format::VERSION_PROPERTY;
    work.edit("docProps/custom.xml", |text| Ok(text.replace(property, "IetsAnders"))).unwrap();
    work.finish().unwrap()
}

/// Migrates a filling and looks, by the reading of both, whether everything is there. `classic` takes the ids away first.
fn nothing_is_lost(changes: &[Choice], fillings: &[Choice], attached: &[Choice], classic: bool) {
    let old_format = small();
    let mut new_format = old_format.clone();
    for (at, choice) in changes.iter().enumerate() {
        change(&mut new_format, *choice, at);
    }
    new_format.version = "2.0".into();
    let (bytes, written) = filled(&old_format, fillings);
    let bytes = if classic { without_ids(bytes) } else { bytes };
    let (bytes, attached) = with_attachments(bytes, &old_format, attached);
    let (before, _) = workbook::read("oud.xlsx", bytes.clone(), &old_format, Details::None).unwrap();
    assert_eq!(before.format_version.is_none(), classic);
    let session = session(new_format.clone());
    let original = bytes.clone();
    let migrated = session.migrated("oud.xlsx", bytes.clone().into(), Some(&old_format), None).unwrap();
    let (after, findings) = workbook::read("na.xlsx", migrated.bytes.clone(), &new_format, Details::None).unwrap();
    let serious: Vec<_> = findings.iter().filter(|finding| finding.level == crate::finding::Level::Fout).collect();
    assert!(serious.is_empty(), "{serious:?}");
    assert_eq!(after.format_version.as_deref(), Some("2.0"));

    let (old, new) = (content(&before, &old_format), content(&after, &new_format));
    let found = texts(&migrated.bytes);
    for (text, key) in &written {
        let on: Vec<&str> = found
            .iter()
            .filter(|(_, known)| {
                known.contains(text.as_str()) || crate::model::dutch_number(known.parse().unwrap_or(-1.0)) == *text
            })
            .map(|(tab, _)| tab.as_str())
            .collect();
        assert!(!on.is_empty(), "'{text}' ({key:?}) is lost");
        // What has a place in the new version stands there; a figure whose unit changed does not.
        if let Some(key) = key
            && let Some((_, now)) = new.get(key)
            && !changed_unit(key, &old_format, &new_format)
        {
            assert_eq!(now, &old[key].1, "{key}");
        }
    }
    let rows = |analysis: &Analysis| -> Vec<String> {
        analysis
            .resultaten
            .iter()
            .map(|row| format!("{row:?}").replace(&format!("row: {}", row.row), ""))
            .chain(
                analysis
                    .activiteiten
                    .iter()
                    .map(|row| format!("{row:?}").replace(&format!("row: {}", row.row), "")),
            )
            .collect()
    };
    assert_eq!(rows(&after), rows(&before));
    let agreed = |analysis: &Analysis| -> Vec<String> {
        let plain = |row: &Afspraak| format!("{row:?}").replace(&format!("row: {}", row.row), "");
        analysis.afspraken.iter().map(plain).collect()
    };
    assert_eq!(agreed(&after), agreed(&before));
    let matrix = |analysis: &Analysis| -> Vec<String> {
        let plain = |row: &Matrixregel| format!("{row:?}").replace(&format!("row: {}", row.row), "");
        analysis.matrix.iter().map(plain).collect()
    };
    assert_eq!(matrix(&after), matrix(&before));
    let book = Spreadsheet::open(Archive::from_bytes("na.xlsx", migrated.bytes.clone()).unwrap()).unwrap();
    for thing in &attached {
        let (was, now) = (thing.key.as_ref().and_then(|key| new.get(key)), thing.arrived(&book));
        assert_eq!(now.len(), 1, "{thing:?} is there {} times", now.len());
        // What hangs at a place of the new version hangs there.
        if let Some((at, _)) = was {
            assert_eq!(&now[0], at, "{thing:?}");
        }
    }
    let own: Vec<&(String, String)> = found.iter().filter(|(tab, _)| tab == OWN_TAB).collect();
    assert!(own.iter().any(|(_, text)| text == "eigen tekst op eigen tabblad"));
    assert_eq!(inspect_workbook(&book).unwrap(), Vec::<String>::new());
    assert_eq!(bytes, original, "the original is as it was");
}

fn changed_unit(key: &str, old: &Format, new: &Format) -> bool {
    key.split('/').nth(1).is_some_and(|code| {
        old.indicator(code).map(|indicator| &indicator.unit)
            != new.indicator(code).map(|indicator| &indicator.unit)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_written_and_whatever_changed_everything_arrives(
        changes in prop::collection::vec(any::<Choice>(), 0..9),
        fillings in prop::collection::vec(any::<Choice>(), 1..60),
        attached in prop::collection::vec(any::<Choice>(), 0..12),
        classic in any::<bool>(),
    ) {
        nothing_is_lost(&changes, &fillings, &attached, classic);
    }
}

#[test]
fn a_workbook_taken_to_the_same_version_keeps_everything_where_it_is() {
    let fillings: Vec<Choice> = (0..120_u16).map(|n| (u8::try_from(n % 5).unwrap(), n * 37, n * 101)).collect();
    nothing_is_lost(&[], &fillings, &fillings[..24], false);
}

#[test]
fn a_workbook_without_ids_is_taken_to_another_version_by_its_labels() {
    let fillings: Vec<Choice> = (0..90_u16).map(|n| (u8::try_from(n % 5).unwrap(), n * 41, n * 97)).collect();
    nothing_is_lost(
        &[(1, 2, 0), (3, 0, 0), (6, 4, 0), (8, 1, 2), (10, 0, 0), (13, 0, 0)],
        &fillings,
        &fillings[..24],
        true,
    );
}

/// The small format with other headings of columns, and the old ones forgotten.
fn with_other_headings() -> Format {
    let mut format = small();
    format.version = "2.0".into();
    for heading in format.headings.iter_mut().filter(|heading| heading.table == "slottabel") {
        if heading.field == "conclusie" {
            heading.text = "Onze slotsom".into();
            heading.variants.clear();
        }
    }
    format
}

#[test]
fn a_workbook_without_ids_is_read_with_the_format_that_knows_its_headings() {
    let (old, new) = (small(), with_other_headings());
    let (bytes, _) = filled(&old, &[(9, 9, 9), (27, 3, 5), (44, 1, 8)]);
    let source: Handle = without_ids(bytes).into();
    for formats in [[&old, &new], [&new, &old]] {
        let (_, chosen) = best_reading("oud.xlsx", &source, &formats).unwrap();
        assert_eq!(chosen.version, old.version);
    }
    // Of equals the first: the format that was there before.
    let mut later = old.clone();
    later.version = "2.0".into();
    let (_, chosen) = best_reading("oud.xlsx", &source, &[&old, &later]).unwrap();
    assert_eq!(chosen.version, old.version);
}

#[test]
fn what_a_workbook_without_a_version_was_read_with_is_said_unless_somebody_said_it() {
    let (bytes, _) = filled(&small(), &[(9, 9, 9)]);
    let bytes = without_ids(bytes);
    let session = session(with_other_headings());
    let migrated = session.migrated("oud.xlsx", bytes.clone().into(), None, None).unwrap();
    let chosen = migrated.chosen.unwrap();
    assert!(chosen.built_in, "{chosen:?}");
    let told = chosen_format(&chosen);
    assert!(told.contains("het ingebouwde format") && told.contains("--van"), "{told}");
    let migrated = session.migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap();
    assert_eq!(migrated.chosen, None);
}
