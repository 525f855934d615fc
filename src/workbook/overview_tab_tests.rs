//! The overview tab of a built workbook when another overview takes its place: small, fictitious (fictief), with areas that move,
//! come and go.

use std::collections::{BTreeMap, BTreeSet};

use super::overview_tab::NewTab;
use super::*;
use crate::model::{Area, AreaLevel, CellRef, CellValue, Column, Figure, Format, Missing, Overview};
use crate::package::{Archive, CellEdit, Changes, NewValue, Note, Spreadsheet, StyleChoice};

fn overview(format: &Format, codes: &[&str], areas: &[(&str, AreaLevel)]) -> Overview {
    let column = |code: &&str| Column {
        code: (*code).to_owned(),
        name: format!("Naam van {code}"),
        decimals: u8::from(*code == "een"),
        ..Column::default()
    };
    let figures = (1_u8..).zip(areas).map(|(row, (code, _))| {
        let figure = |col: u8| match *code {
            "W2" => Figure::Missing(Missing::Unknown),
            _ => Figure::known(f64::from(row) * 10.0 + f64::from(col) + 0.25),
        };
        (0_u8..).zip(codes).map(|(col, _)| figure(col)).collect()
    });
    Overview {
        edition: "Fictief".into(),
        areas: areas
            .iter()
            .map(|(code, level)| Area {
                code: if *code == "stad" { format.benchmark.0.clone() } else { (*code).to_owned() },
                name: format!("Naam {code}"),
                level: *level,
                parent: None,
                aliases: vec![],
            })
            .collect(),
        columns: codes.iter().map(column).collect(),
        figures: figures.collect(),
        ..Overview::default()
    }
}

fn open_book(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap()
}

/// Every cell of the tab with its value and the number of its style.
fn cells(book: &Spreadsheet, tab: &str) -> BTreeMap<String, (CellValue, u32)> {
    let strings = book.shared_strings().unwrap();
    let mut found = BTreeMap::new();
    book.visit_cells(tab, &mut |cell| {
        let value = cell.value(&strings);
        found.insert(CellRef::new(tab, cell.row, cell.col).a1(), (value, cell.style));
        Ok(true)
    })
    .unwrap();
    found
}

#[test]
fn of_several_editions_the_newest_stands_where_the_links_lead_and_aligning_again_changes_nothing() {
    let edition = |years: &[&str]| {
        let column = |year: &&str| Column { code: "een".into(), edition: (*year).into(), ..Column::default() };
        Overview {
            columns: years.iter().map(column).collect(),
            figures: vec![years.iter().map(|year| Figure::known(year.parse().unwrap())).collect()],
            areas: crate::testing::namesakes().areas.into_iter().take(1).collect(),
            ..Overview::default()
        }
    };
    for (own, new, expected) in [
        (&["2016"][..], &["2014", "2016"][..], &["2016", "2014"][..]),
        (&["2016"], &["2016", "2020"], &["2020", "2016"]),
        (&["2016"], &["2020", "2016"], &["2020", "2016"]),
        (&["2014", "2016"], &["2016", "2020"], &["2014", "2020", "2016"]),
        (&["2014", "2016"], &["2018"], &["2014", "2018"]),
        (&["2020", "2016"], &["2016"], &["2020", "2016"]),
        (&["2020"], &["2016"], &["2016"]),
        (&["2014", "2016"], &["2012"], &["2014", "2012"]),
    ] {
        let (own, new) = (edition(own), edition(new));
        let aligned = align_overview(&own, &new);
        let editions: Vec<&str> = aligned.columns.iter().map(|column| column.edition.as_str()).collect();
        assert_eq!(editions, expected);
        // Each figure stays with its edition.
        assert_eq!(aligned.figures, edition(expected).figures);
        assert_eq!(align_overview(&own, &aligned), aligned, "{expected:?}");
        assert_eq!(align_overview(&aligned, &aligned), aligned, "{expected:?}");
    }
}

#[test]
fn areas_stand_where_they_stood_and_new_ones_come_behind() {
    use AreaLevel::{Land, Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een"], &[("L", Land), ("stad", Stad), ("W1", Wijk), ("W2", Wijk)]);
    let of = |areas: &[(&str, AreaLevel)]| {
        let new = overview(&format, &["een"], areas);
        let aligned = align_overview(&own, &new);
        // Each figure stays with its area.
        for (at, area) in aligned.areas.iter().enumerate() {
            let before = new.areas.iter().position(|known| known.code == area.code).unwrap();
            assert_eq!(aligned.figures[at], new.figures[before], "{}", area.code);
        }
        assert_eq!(align_overview(&aligned, &aligned), aligned);
        aligned.areas.iter().map(|area| area.code.clone()).collect::<Vec<_>>()
    };
    let shuffled = [("W3", Wijk), ("W2", Wijk), ("W1", Wijk), ("stad", Stad), ("L", Land)];
    assert_eq!(of(&shuffled), ["L", "GM0599", "W1", "W2", "W3"]);
    assert_eq!(of(&[("W2", Wijk), ("stad", Stad), ("L", Land)]), ["L", "GM0599", "W2"]);
}

/// What people wrote on a tab.
fn note(tab: &str, at: &str, text: &str) -> CellEdit {
    let (row, col) = crate::model::parse_a1(at).unwrap();
    CellEdit { tab: tab.to_owned(), row, col, value: NewValue::Text(text.to_owned()), style: StyleChoice::Keep }
}

fn edited(book: &Spreadsheet, changes: &Changes<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    book.apply(changes, &mut bytes).unwrap();
    bytes
}

#[test]
fn nothing_moves_what_comes_stands_behind_and_the_ledger_tells_every_cell() {
    use AreaLevel::{Land, Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een", "twee"], &[("L", Land), ("stad", Stad), ("W1", Wijk), ("W2", Wijk)]);
    let new =
        overview(&format, &["een", "twee", "drie"], &[("W3", Wijk), ("W2", Wijk), ("W1", Wijk), ("stad", Stad)]);
    let tab = format.tab("overzicht").to_owned();
    let built = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    // Rows 19 to 22 are L, stad, W1 and W2. Beside W1, beside a label and a heading, and below the table.
    let places = ["G21", "G5", "G18", "A23", "C24"];
    let edits = places.iter().map(|at| note(&tab, at, &format!("eigen {at}"))).collect();
    let noted = |row: u32| Note { tab: tab.clone(), row, col: 4, text: "gebeld met OBI".to_owned() };
    let notes = Some(vec![noted(18), noted(21)]);
    let bytes = edited(&open_book(built), &Changes { cells: edits, notes, ..Changes::default() });

    let workbook = open("a.xlsx", bytes.clone(), &format, Details::None).unwrap();
    let change = OverviewChange { own: &own, new: &new };
    let before = open_book(bytes);
    let planned = NewTab::of(&before, &workbook, &format, &change).unwrap();
    let changes = Changes { sheet_rows: vec![planned.rows()], names: planned.names.clone(), ..Changes::default() };
    let out = edited(&before, &changes);
    let after = open_book(out.clone());
    let (old, now) = (cells(&before, &tab), cells(&after, &tab));
    let text = |at: &str| now.get(at).map(|cell| cell.0.text()).unwrap_or_default();

    for at in places {
        assert_eq!(text(at), format!("eigen {at}"), "what people wrote stays where it stands");
    }
    // The row of L is empty, the others keep theirs; W3 comes below, 'drie' right of what people wrote.
    assert_eq!(
        ["A19", "B19", "E19", "A20", "A21", "A22", "A25"].map(text),
        ["", "", "", "GM0599", "W1", "W2", "W3"]
    );
    let code = |col: &str| text(&format!("{col}2"));
    assert_eq!(["E", "F", "G", "H", "I"].map(code), ["een", "twee", "", "drie", ""]);
    assert_eq!(now["H21"].0, CellValue::Number(32.25));

    let style = |cells: &BTreeMap<String, (CellValue, u32)>, at: &str| cells[at].1;
    for (at, like) in
        [("A20", "A20"), ("E25", "E21"), ("F25", "F21"), ("E21", "E21"), ("E20", "E20"), ("H21", "F21")]
    {
        assert_eq!(style(&now, at), style(&old, like), "{at}");
    }
    assert_ne!(style(&now, "A25"), style(&now, "A20"), "the benchmark has a look of its own");
    let told = super::fill::notes_left_behind(&before, &planned, "a.xlsx").unwrap().unwrap();
    assert_eq!((told.code.as_str(), told.place.cell.as_deref()), ("let-op-bij-vullen", Some("E19")));
    let refers = |name: &str| after.defined_names().iter().find(|n| n.name == name).map(|n| n.refers_to.clone());
    assert!(refers("WA_overzicht_benchmark").unwrap().ends_with("$A$20"));

    let mut told = BTreeSet::new();
    overview_ledger(&workbook, &format, &change, &mut |entry| {
        assert_eq!(
            entry.old,
            old.get(&entry.cell).map(|(value, _)| value.clone()).unwrap_or_default(),
            "{entry:?}"
        );
        assert_eq!(
            entry.new,
            now.get(&entry.cell).map(|(value, _)| value.clone()).unwrap_or_default(),
            "{entry:?}"
        );
        assert!(told.insert(entry.cell.clone()));
        Ok(())
    })
    .unwrap();
    let addresses: BTreeSet<&String> = old.keys().chain(now.keys()).collect();
    let value = |cells: &BTreeMap<String, (CellValue, u32)>, at: &str| {
        cells.get(at).map(|c| c.0.clone()).unwrap_or_default()
    };
    let differ: BTreeSet<String> =
        addresses.into_iter().filter(|at| value(&old, at) != value(&now, at)).cloned().collect();
    assert_eq!(told, differ);

    // Once more with the same overview: not a byte changes.
    let again = open("a.xlsx", out.clone(), &format, Details::None).unwrap();
    let there = align_overview(&own, &new);
    let same = OverviewChange { own: &there, new: &there };
    let planned = NewTab::of(&after, &again, &format, &same).unwrap();
    let changes = Changes { sheet_rows: vec![planned.rows()], names: planned.names.clone(), ..Changes::default() };
    assert!(!after.apply(&changes, &mut Vec::new()).unwrap().changed);
    assert!(super::fill::notes_left_behind(&after, &planned, "a.xlsx").unwrap().is_none());
}

#[test]
fn a_name_for_a_row_that_is_gone_goes_too() {
    use AreaLevel::{Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een"], &[("stad", Stad), ("W1", Wijk)]);
    let new = overview(&format, &["een"], &[("W1", Wijk)]);
    let bytes = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    let workbook = open("a.xlsx", bytes.clone(), &format, Details::None).unwrap();
    let planned =
        NewTab::of(&open_book(bytes), &workbook, &format, &OverviewChange { own: &own, new: &new }).unwrap();
    assert_eq!(planned.names, [("WA_overzicht_benchmark".to_owned(), None)]);
    let told = OverviewRenewed::of("t", &OverviewChange { own: &own, new: &new });
    assert_eq!((told.changed, told.came, told.gone, told.areas_came, told.areas_gone), (1, 0, 1, 0, 1));
}

#[test]
fn the_headings_of_an_excel_table_stay_and_that_is_said() {
    use crate::package::rewrite::Rewrite;
    use AreaLevel::{Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een", "twee"], &[("stad", Stad), ("W1", Wijk)]);
    let mut new = overview(&format, &["een", "twee"], &[("stad", Stad), ("W1", Wijk), ("W2", Wijk)]);
    new.columns[1].name = "Een nieuwe naam".into();
    let tab = format.tab("overzicht").to_owned();
    let built = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    let book = open_book(built);
    let part = book.sheet(&tab).unwrap().part.clone();
    let mut work = Rewrite::new(book.archive());
    let headings = ["Gebiedscode", "Naam", "Niveau", "Valt onder", "Naam van een", "Naam van twee"];
    let columns: String =
        (1..).zip(headings).map(|(id, name)| format!("<tableColumn id=\"{id}\" name=\"{name}\"/>")).collect();
    let table = format!(
        "<table xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" id=\"1\" name=\"T\" displayName=\"T\" ref=\"A18:F20\">\
         <tableColumns count=\"6\">{columns}</tableColumns></table>"
    );
    work.put("xl/tables/table1.xml", table.into_bytes());
    work.declare("xl/tables/table1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml")
        .unwrap();
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table";
    let id = work.relate(&part, kind, "../tables/table1.xml", false).unwrap();
    let parts = format!(
        "<tableParts xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" count=\"1\"><tablePart r:id=\"{id}\"/></tableParts></worksheet>"
    );
    work.edit(&part, |text| Ok(text.replace("</worksheet>", &parts))).unwrap();
    let bytes = work.finish().unwrap();
    let (before, workbook) = (open_book(bytes.clone()), open("a.xlsx", bytes, &format, Details::None).unwrap());
    let change = OverviewChange { own: &own, new: &new };
    let extras = FillExtras { overview: Some(change), ..FillExtras::default() };
    let mut out = Vec::new();
    let filled = fill(&before, &workbook, &FillPlan::default(), &format, &extras, &mut out).unwrap();
    let now = cells(&open_book(out), &tab);
    let text = |at: &str| now[at].0.text();
    assert_eq!(["F3", "E18", "F18", "A21"].map(text), ["Een nieuwe naam", "Naam van een", "Naam van twee", "W2"]);
    let told = filled.findings.iter().find(|finding| finding.found.contains("Excel-tabel")).unwrap();
    assert_eq!(told.place.cell.as_deref(), Some("F18"));
    // The new area stands below the table.
    let outside = filled.findings.iter().find(|finding| finding.found.contains("onder die tabel")).unwrap();
    assert_eq!(outside.place.cell.as_deref(), Some("A18:F20"));
    let change = OverviewChange { own: &own, new: &own };
    let extras = FillExtras { overview: Some(change), ..FillExtras::default() };
    let same = fill(&before, &workbook, &FillPlan::default(), &format, &extras, &mut Vec::new()).unwrap();
    assert!(!same.findings.iter().any(|finding| finding.found.contains("Excel-tabel")), "{:?}", same.findings);
}

#[test]
fn an_area_that_the_new_overview_lacks_leaves_an_empty_row_and_that_is_said() {
    use AreaLevel::{Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een"], &[("stad", Stad), ("W1", Wijk), ("W2", Wijk)]);
    let new = overview(&format, &["een"], &[("stad", Stad), ("W2", Wijk)]);
    let bytes = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    let (before, workbook) = (open_book(bytes.clone()), open("a.xlsx", bytes, &format, Details::None).unwrap());
    let change = OverviewChange { own: &own, new: &new };
    let extras = FillExtras { overview: Some(change), ..FillExtras::default() };
    let filled = fill(&before, &workbook, &FillPlan::default(), &format, &extras, &mut Vec::new()).unwrap();
    let said = filled.findings.iter().find(|finding| finding.code == "let-op-bij-vullen").unwrap();
    assert!(said.found.starts_with("Naam W1 (rij 20) staat niet in het nieuwe overzicht."), "{}", said.found);
}

#[test]
fn a_tab_that_is_laid_out_otherwise_is_refused_because_what_people_put_there_would_be_lost() {
    use AreaLevel::{Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een", "twee"], &[("stad", Stad), ("W1", Wijk)]);
    let built = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    let tab = format.tab("overzicht").to_owned();
    // The columns with name and level have changed places, or the code of a column is not there.
    for (at, other) in [("E2", "vier"), ("A19", "Naam stad")] {
        let bytes = edited(
            &open_book(built.clone()),
            &Changes { cells: vec![note(&tab, at, other)], ..Changes::default() },
        );
        let workbook = open("a.xlsx", bytes.clone(), &format, Details::None).unwrap();
        let change = OverviewChange { own: &own, new: &own };
        let error = NewTab::of(&open_book(bytes), &workbook, &format, &change).err().unwrap().to_string();
        assert!(error.contains("anders ingedeeld") && error.contains("leeg format"), "{at}: {error}");
    }
}
