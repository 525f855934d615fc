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
    // Below one that is gone they move up.
    assert_eq!(of(&[("W2", Wijk), ("stad", Stad), ("L", Land)]), ["L", "GM0599", "W2"]);
}

#[test]
fn looks_names_and_remarks_follow_the_areas_and_the_ledger_tells_every_cell() {
    use AreaLevel::{Land, Stad, Wijk};
    let format = crate::format::builtin().unwrap();
    let own = overview(&format, &["een", "twee"], &[("L", Land), ("stad", Stad), ("W1", Wijk), ("W2", Wijk)]);
    let new =
        overview(&format, &["een", "twee", "drie"], &[("W3", Wijk), ("W2", Wijk), ("W1", Wijk), ("stad", Stad)]);
    let tab = format.tab("overzicht").to_owned();
    let built = crate::format::build(&format, &own, &crate::format::BuildOptions::default()).unwrap();
    // What people wrote: beside W1 (row 21), and below the table.
    let note = |row: u32, col: u32, text: &str| CellEdit {
        tab: tab.clone(),
        row,
        col,
        value: NewValue::Text(text.to_owned()),
        style: StyleChoice::Keep,
    };
    let mut bytes = Vec::new();
    let edits = vec![note(20, 6, "over W1"), note(24, 0, "onderaan")];
    // W1 stays in its row, W2 does not.
    let noted = |row: u32| Note { tab: tab.clone(), row, col: 4, text: "gebeld met OBI".to_owned() };
    let notes = Some(vec![noted(20), noted(21)]);
    open_book(built).apply(&Changes { cells: edits, notes, ..Changes::default() }, &mut bytes).unwrap();

    let workbook = open("a.xlsx", bytes.clone(), &format, Details::None).unwrap();
    let change = OverviewChange { own: &own, new: &new };
    let (before, mut out) = (open_book(bytes), Vec::new());
    let planned = NewTab::of(&before, &workbook, &format, &change).unwrap();
    let changes = Changes { sheet_rows: vec![planned.rows()], names: planned.names.clone(), ..Changes::default() };
    before.apply(&changes, &mut out).unwrap();
    let after = open_book(out.clone());
    let (old, now) = (cells(&before, &tab), cells(&after, &tab));

    // Rows 19 to 22: L, stad, W1, W2 became W3, W2, W1, stad.
    let style = |cells: &BTreeMap<String, (CellValue, u32)>, at: &str| cells[at].1;
    assert_eq!(style(&now, "A22"), style(&old, "A20"), "the benchmark keeps its look");
    assert_ne!(style(&now, "A22"), style(&now, "A21"));
    for (at, like) in
        [("E19", "E21"), ("F19", "F21"), ("E21", "E21"), ("E22", "E20"), ("F22", "F20"), ("G21", "F21")]
    {
        assert_eq!(style(&now, at), style(&old, like), "{at}");
    }
    let told = super::fill::notes_left_behind(&before, &planned, "a.xlsx").unwrap().unwrap();
    assert_eq!((told.code.as_str(), told.place.cell.as_deref()), ("let-op-bij-vullen", Some("E22")));

    let refers = |name: &str| after.defined_names().iter().find(|n| n.name == name).map(|n| n.refers_to.clone());
    assert!(refers("WA_overzicht_benchmark").unwrap().ends_with("$A$22"));
    assert_eq!(now["H21"].0, CellValue::Text("over W1".into()), "beside its area, right of the new column");
    assert_eq!(now["A25"].0, CellValue::Text("onderaan".into()));

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
    let same = OverviewChange { own: &new, new: &new };
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
