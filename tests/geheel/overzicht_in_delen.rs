//! Reading some areas of a large overview gives what reading all of it gives for those areas; and filling from it gives
//! the same workbook.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;

use rust_xlsxwriter::Workbook;
use wijkanalyse::format::{self, BuildOptions};
use wijkanalyse::model::{AreaLevel, CellValue, Overview, Spread};
use wijkanalyse::overview::{self, AreaTable, ReadOptions};
use wijkanalyse::package::{Archive, Spreadsheet};
use wijkanalyse::pipeline::{AllRequest, FillChoices, FillTarget, Session};

const TAB: &str = "Indicatoren overzicht (naslag)";

/// A workbook with rows of an overview on its tab, each on the row given.
fn tab_with(rows: &[(u32, Vec<CellValue>)]) -> Spreadsheet {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(TAB).unwrap();
    for (at, cells) in rows {
        for (col, cell) in (0..).zip(cells) {
            match cell {
                CellValue::Number(number) => sheet.write_number(*at, col, *number).map(|_| ()).unwrap(),
                CellValue::Empty => {}
                other => sheet.write_string(*at, col, other.text()).map(|_| ()).unwrap(),
            }
        }
    }
    Spreadsheet::open(Archive::from_bytes("a.xlsx", workbook.save_to_buffer().unwrap()).unwrap()).unwrap()
}

fn spreads_of(overview: &Overview) -> Vec<Spread> {
    let wijken = || overview.areas.iter().zip(&overview.figures).filter(|(area, _)| area.level == AreaLevel::Wijk);
    (0..overview.columns.len())
        .map(|column| wijken().filter_map(|(_, figures)| figures[column].value()).collect())
        .collect()
}

/// Reads both ways and compares all that both say.
fn same_both_ways(book: &Spreadsheet, asked: &[&str]) {
    let areas = AreaTable::built_in().unwrap();
    let tabs = [TAB.to_owned()];
    let whole = ReadOptions { tabs: &tabs, benchmark: Some(("GM0599", "Rotterdam")), ..ReadOptions::new(&areas) };
    let (all, mut findings) = overview::read_package("a.xlsx", book, &whole).unwrap();
    let some = ReadOptions { only_areas: Some(asked), ..whole };
    let (kept, spreads, mut more) = overview::read_package_some("a.xlsx", book, &some).unwrap();
    let by_code: BTreeMap<&str, usize> = all.areas.iter().map(|area| area.code.as_str()).zip(0..).collect();
    for (area, figures) in kept.areas.iter().zip(&kept.figures) {
        let at = by_code[area.code.as_str()];
        assert_eq!((area, figures), (&all.areas[at], &all.figures[at]));
    }
    for name in asked {
        assert!(kept.areas.iter().any(|area| area.name == *name), "{name} is missing");
    }
    assert_eq!((&kept.columns, &kept.edition), (&all.columns, &all.edition));
    assert_eq!(spreads.columns, spreads_of(&all));
    let text = |finding: &wijkanalyse::finding::Finding| format!("{finding:?}");
    findings.sort_by_key(text);
    more.sort_by_key(text);
    assert_eq!(findings, more);
}

fn example_rows() -> Vec<Vec<CellValue>> {
    overview::to_rows(&overview::example().unwrap())
}

fn placed(rows: Vec<Vec<CellValue>>) -> Vec<(u32, Vec<CellValue>)> {
    (0..).zip(rows).collect()
}

#[test]
fn some_areas_of_the_example_are_read_as_they_stand_in_the_whole() {
    let book = tab_with(&placed(example_rows()));
    same_both_ways(&book, &["Bospolder"]);
    same_both_ways(&book, &["Bospolder", "Kralingen-West", "Rotterdam"]);
}

#[test]
fn of_a_large_overview_only_the_areas_asked_for_and_wider_ones_are_kept() {
    let book = tab_with(&placed(example_rows()));
    let areas = AreaTable::built_in().unwrap();
    let tabs = [TAB.to_owned()];
    let options = ReadOptions {
        tabs: &tabs,
        benchmark: Some(("GM0599", "Rotterdam")),
        only_areas: Some(&["Bospolder"]),
        ..ReadOptions::new(&areas)
    };
    let (kept, spreads, _) = overview::read_package_some("a.xlsx", &book, &options).unwrap();
    let wijken: Vec<&str> =
        kept.areas.iter().filter(|area| area.level == AreaLevel::Wijk).map(|area| area.name.as_str()).collect();
    assert_eq!((wijken, spreads.wijken), (vec!["Bospolder"], 71));
}

#[test]
fn damaged_cells_and_double_rows_are_reported_either_way() {
    let mut rows = example_rows();
    let last = rows.len() - 1;
    rows[last][6] = CellValue::Text("onbekend getal".to_owned());
    rows[last - 1][7] = CellValue::Number(1e9);
    rows[last - 2][8] = CellValue::Text("12,5 *".to_owned());
    rows.push(rows[last - 3].clone());
    same_both_ways(&tab_with(&placed(rows)), &["Bospolder"]);
}

#[test]
fn an_overview_that_is_laid_out_otherwise_is_read_as_a_whole() {
    // Labels below the areas, and a blank line between the areas.
    let rows = example_rows();
    let first = rows.iter().position(|row| row[0] == CellValue::Text("Gebiedscode".to_owned())).unwrap();
    let (labels, areas) = rows.split_at(first);
    let below: Vec<Vec<CellValue>> = areas.iter().chain(labels).cloned().collect();
    same_both_ways(&tab_with(&placed(below)), &["Bospolder"]);
    // Turned.
    let width = rows.iter().map(Vec::len).max().unwrap();
    let turned: Vec<Vec<CellValue>> = (0..width)
        .map(|col| rows.iter().map(|row| row.get(col).cloned().unwrap_or(CellValue::Empty)).collect())
        .collect();
    same_both_ways(&tab_with(&placed(turned)), &["Bospolder"]);
    // What an area lies in, by its name, below it.
    let mut named = rows.clone();
    let wijk = named.iter().position(|row| row.get(1) == Some(&CellValue::Text("Bospolder".to_owned()))).unwrap();
    named[wijk][3] = CellValue::Text("Delfshaven".to_owned());
    same_both_ways(&tab_with(&placed(named)), &["Bospolder"]);
}

#[test]
fn filling_one_wijk_gives_the_workbook_that_filling_all_of_them_gives() {
    let session = Session::open(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let blank = folder.path().join("leeg.xlsx");
    let figures = overview::example().unwrap();
    fs::write(&blank, format::build(session.format(), &figures, &BuildOptions::default()).unwrap()).unwrap();
    let one = folder.path().join("een.xlsx");
    let target = FillTarget::File(one.clone());
    let done = session.fill(&blank, "Bospolder", &FillChoices::default(), &target, false, None).unwrap();
    assert!(done.rows_filled > 50, "{}", done.rows_filled);
    let request =
        AllRequest { workbook: Some(blank), folder: folder.path().join("alles"), ..AllRequest::default() };
    let all = session.all("Bospolder", &request).unwrap();
    assert_eq!(fs::read(one).unwrap(), fs::read(all.workbook).unwrap());
}
