//! The labels of the overview tab are known by their ids, whatever somebody calls them.

use super::Session;
use super::migrate_tests::{session, small};
use crate::format::{BuildOptions, build};
use crate::model::*;
use crate::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice};
use crate::workbook::{self, Details};

/// What a person called the labels in these cells (zero-based row and column): two labels, two headings.
const RENAMED: [(u32, u32, &str); 4] =
    [(1, 0, "Nummer van het cijfer"), (14, 0, "Waar het vandaan komt"), (17, 0, "CBS"), (17, 1, "Hoe het heet")];

fn open(bytes: &[u8]) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes.to_vec()).unwrap()).unwrap()
}

fn an_overview(format: &Format) -> Overview {
    let column = |indicator: &Indicator| Column {
        code: indicator.code.clone(),
        name: indicator.name.clone(),
        source: "CBS, fictief".into(),
        edition: indicator.edition.clone(),
        decimals: indicator.decimals,
        unit: indicator.unit.name.clone(),
        ..Column::default()
    };
    let areas = [
        (format.benchmark.0.as_str(), format.benchmark.1.as_str(), AreaLevel::Stad),
        ("BU1", "Proefwijk", AreaLevel::Wijk),
    ];
    let columns: Vec<Column> = format.indicators.iter().take(3).map(column).collect();
    Overview {
        edition: "Fictief".into(),
        areas: areas
            .map(|(code, name, level)| Area {
                code: code.into(),
                name: name.into(),
                level,
                parent: None,
                aliases: vec![],
            })
            .to_vec()
            .into(),
        figures: vec![vec![Figure::known(12.5); columns.len()], vec![Figure::known(13.5); columns.len()]],
        columns,
        ..Overview::default()
    }
}

/// A workbook of which somebody called labels of the overview otherwise.
fn renamed(format: &Format, overview: &Overview) -> Vec<u8> {
    let bytes = build(format, overview, &BuildOptions::default()).unwrap();
    let edit = |(row, col, text): (u32, u32, &str)| CellEdit {
        tab: format.tab("overzicht").to_owned(),
        row,
        col,
        value: NewValue::Text(text.into()),
        style: StyleChoice::Keep,
    };
    let mut out = Vec::new();
    let changes = Changes { cells: RENAMED.map(edit).to_vec(), ..Changes::default() };
    assert!(open(&bytes).apply(&changes, &mut out).unwrap().refused.is_empty());
    out
}

fn read_back(session: &Session, bytes: &[u8]) -> (Overview, Vec<crate::finding::Finding>) {
    let opened = workbook::open("a.xlsx", bytes.to_vec(), &session.format, Details::None).unwrap();
    let (whole, findings) = session.own_overview(&opened, &bytes.to_vec().into()).unwrap();
    let (some, ..) = session.own_areas(&opened, &["Proefwijk"]).unwrap().unwrap();
    let whole = whole.unwrap();
    assert_eq!(some, whole, "passing by and as a whole");
    (whole, findings)
}

/// The text of a cell of the overview tab.
fn text(format: &Format, bytes: &[u8], (row, col): (u32, u32)) -> String {
    let book = open(bytes);
    let strings = book.shared_strings().unwrap();
    let mut found = String::new();
    book.visit_cells(format.tab("overzicht"), &mut |view| {
        if (view.row, view.col) == (row, col) {
            found = view.value(&strings).text();
        }
        Ok(true)
    })
    .unwrap();
    found
}

#[test]
fn an_overview_of_which_labels_were_renamed_is_read_as_before() {
    let session = session(small());
    let overview = an_overview(&session.format);
    let built = build(&session.format, &overview, &BuildOptions::default()).unwrap();
    let (plain, findings) = read_back(&session, &built);
    assert_eq!((plain.areas.len(), plain.columns.len()), (2, 3));
    assert_eq!(plain.columns[0].source, "CBS, fictief");
    let (by_ids, after) = read_back(&session, &renamed(&session.format, &overview));
    assert_eq!(by_ids, plain);
    assert_eq!(after, findings);
}

#[test]
fn a_renamed_label_keeps_its_name_when_the_figures_are_renewed() {
    let format = small();
    let own = an_overview(&format);
    let mut new = own.clone();
    new.figures[1][0] = Figure::known(99.0);
    let bytes = renamed(&format, &own);
    let workbook = workbook::open("a.xlsx", bytes.clone(), &format, Details::None).unwrap();
    let change = workbook::OverviewChange { own: &own, new: &new };
    let mut told = Vec::new();
    workbook::overview_ledger(&workbook, &format, &change, &mut |entry| {
        told.push((entry.cell.clone(), entry.new.clone()));
        Ok(())
    })
    .unwrap();
    assert_eq!(told, [("E20".to_owned(), CellValue::Number(99.0))], "the figure and nothing else");
}

#[test]
fn a_renamed_label_is_a_change_of_the_format_that_is_read_and_built_again() {
    let format = small();
    let overview = an_overview(&format);
    let bytes = renamed(&format, &overview);
    let found = workbook::definition("a.xlsx", bytes, &format).unwrap();
    let blank = build(&format, &overview, &BuildOptions::default()).unwrap();
    let blank = workbook::definition("leeg.xlsx", blank, &format).unwrap();
    let read = crate::format::derive(
        &format,
        &crate::format::units(&crate::format::sources(None).unwrap()),
        &blank,
        &found,
    )
    .format;
    let called = |format: &Format, field: &str| {
        format.headings_of("overzicht").find(|known| known.field == field).map(|known| known.text.clone()).unwrap()
    };
    assert_eq!(called(&read, "code"), "Nummer van het cijfer");
    assert_eq!(called(&read, "bron"), "Waar het vandaan komt");
    assert_eq!(called(&read, "naam"), "Hoe het heet");
    assert_eq!(called(&read, "eenheid"), "Eenheid");
    let again = build(&read, &overview, &BuildOptions::default()).unwrap();
    for (row, col, name) in RENAMED {
        assert_eq!(text(&read, &again, (row, col)), name);
    }
    // A program that drops names leaves the words of the format.
    let named = open(&again);
    let mut work = crate::package::rewrite::Rewrite::new(named.archive());
    work.edit("xl/workbook.xml", |text| Ok(text.replace("WA_overzicht_", "weg_"))).unwrap();
    let (by_words, _) = read_back(&session(read), &work.finish().unwrap());
    assert_eq!(
        by_words,
        read_back(&session(format.clone()), &build(&format, &overview, &BuildOptions::default()).unwrap()).0
    );
}

#[test]
fn a_name_that_somebody_gave_a_label_is_not_lost_in_a_migration() {
    let format = small();
    let mut newer = format.clone();
    newer.version = "2.0".into();
    let bytes = renamed(&format, &an_overview(&format));
    let migrated = session(newer.clone()).migrated("oud.xlsx", bytes.into(), Some(&format), None).unwrap();
    let all = super::migrate_tests::texts(&migrated.bytes);
    for (.., name) in RENAMED {
        assert!(all.iter().any(|(_, text)| text.contains(name)), "{name}");
    }
    let (overview, _) = read_back(&session(newer), &migrated.bytes);
    assert_eq!((overview.areas.len(), overview.columns.len()), (2, 3));
}

#[test]
fn a_definition_keeps_the_names_of_the_format_where_the_overview_has_its_own() {
    let format = super::derive_tests::base();
    let mut overview = an_overview(&format);
    overview.columns[0].name = "Zo heet het in het overzicht".into();
    overview.columns[0].definition = "Een andere definitie".into();
    overview.columns[0].direction = "neutraal".into();
    let built = build(&format, &overview, &BuildOptions::default()).unwrap();
    let derived = super::derive::derive_from("a.xlsx", built.into(), &format, None).unwrap();
    let code = &overview.columns[0].code;
    let (was, read) = (format.indicator(code).unwrap(), derived.format.indicator(code).unwrap());
    assert_eq!((&read.name, &read.definition, read.direction), (&was.name, &was.definition, was.direction));
    assert!(derived.notes.iter().any(|note| note.found.contains("Zo heet het in het overzicht")), "it is told");
}
