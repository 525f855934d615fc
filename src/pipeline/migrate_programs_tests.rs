//! Workbooks as other programs and habits leave them, taken to a new version: days that count from 1904, counts with
//! decimals, tables, formulas, choices.

use super::migrate::Migrated;
use super::migrate_dress_tests::{OWN_TAB, newer, with_own_tab};
use super::migrate_tests::{session, small};
use crate::format::{BuildOptions, build};
use crate::model::*;
use crate::package::rewrite::Rewrite;
use crate::package::{Archive, Spreadsheet, worn};
use crate::workbook::{self, Details};

fn open(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("werkboek.xlsx", bytes).unwrap()).unwrap()
}

/// A blank workbook with a tab of a person, and what a person or program made of it.
fn old(change: impl Fn(&Spreadsheet, &mut Rewrite<'_>)) -> Vec<u8> {
    let book = open(with_own_tab(&crate::overview::example().unwrap()));
    let mut work = Rewrite::new(book.archive());
    change(&book, &mut work);
    work.finish().unwrap()
}

fn taken_along(old: Vec<u8>) -> Migrated {
    session(newer()).migrated("oud.xlsx", old.into(), Some(&small()), None).unwrap()
}

/// The days on a tab, counted from 1900.
fn days(bytes: &[u8], tab: &str) -> Vec<f64> {
    let book = open(bytes.to_vec());
    let strings = book.shared_strings().unwrap();
    let more = if book.date1904() { 1462.0 } else { 0.0 };
    let mut found = Vec::new();
    book.visit_cells(tab, &mut |cell| {
        if let (CellValue::Number(number), true) = (cell.value(&strings), book.is_date(cell.style)) {
            found.push(number + more);
        }
        Ok(true)
    })
    .unwrap();
    found
}

#[test]
fn the_dates_of_the_new_version_are_right_in_a_workbook_that_counts_from_1904() {
    let bytes = old(|book, work| {
        work.edit(&book.workbook_part, |text| {
            assert!(text.contains("<workbookPr "));
            Ok(text.replacen("<workbookPr ", "<workbookPr date1904=\"1\" ", 1))
        })
        .unwrap();
    });
    let migrated = taken_along(bytes);
    assert!(open(migrated.bytes.clone()).date1904(), "dates of people stay what they are");
    let plain = build(&newer(), &Overview::default(), &BuildOptions::default()).unwrap();
    let expected = days(&plain, "Change log");
    assert!(!expected.is_empty());
    assert_eq!(days(&migrated.bytes, "Change log"), expected);
    // What a cell asks for too: a day after another day.
    let asked = |bytes: &[u8]| {
        let book = open(bytes.to_vec());
        let mut found = worn(&book, newer().tab("afspraken")).unwrap().validations.into_iter();
        found.find(|rule| rule.kind.starts_with("date")).unwrap().formulas[0].parse::<f64>().unwrap()
    };
    assert_eq!(asked(&migrated.bytes), asked(&plain) - 1462.0);
}

#[test]
fn rows_that_stay_in_view_are_the_same_when_their_number_has_decimals() {
    let bytes = old(|book, work| {
        let part = book.sheet(small().tab("samenvatting")).unwrap().part.clone();
        work.edit(&part, |text| {
            let text = text.replace("xSplit=\"2\"", "xSplit=\"2.0\"").replace("ySplit=\"1\"", "ySplit=\"1.0\"");
            assert!(text.contains("ySplit=\"1.0\""));
            Ok(text)
        })
        .unwrap();
    });
    let told: Vec<_> = taken_along(bytes).plan.unplaced;
    assert!(told.is_empty(), "nobody froze anything: {told:?}");
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A cell of a worksheet written anew, also where there was none; `rest` is what follows its address.
fn with_cell(text: &str, (row, col): (u32, u32), rest: &str) -> String {
    let at = CellRef::new("", row, col).a1();
    let new = format!("<c r=\"{at}\"{rest}");
    if let Some(start) = text.find(&format!("<c r=\"{at}\"")) {
        let tag = start + text[start..].find('>').unwrap() + 1;
        let end = if text[..tag].ends_with("/>") { tag } else { start + text[start..].find("</c>").unwrap() + 4 };
        return format!("{}{new}{}", &text[..start], &text[end..]);
    }
    let start = text.find(&format!("<row r=\"{}\"", row + 1)).unwrap();
    let end = start + text[start..].find("</row>").unwrap();
    format!("{}{new}{}", &text[..end], &text[end..])
}

/// A table (Ctrl+T) over these cells of a tab.
fn with_table(book: &Spreadsheet, work: &mut Rewrite<'_>, tab: &str, range: &str) {
    let part = book.sheet(tab).unwrap().part.clone();
    let table = format!(
        "<table xmlns=\"{MAIN}\" id=\"71\" name=\"Cijfers\" displayName=\"Cijfers\" ref=\"{range}\"><tableColumns count=\"1\">\
         <tableColumn id=\"1\" name=\"Kolom\"/></tableColumns></table>"
    );
    work.put("xl/tables/table71.xml", table.into_bytes());
    work.declare("xl/tables/table71.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml")
        .unwrap();
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table";
    let id = work.relate(&part, kind, "../tables/table71.xml", false).unwrap();
    work.edit(&part, |text| {
        let list = format!("<tableParts count=\"1\"><tablePart r:id=\"{id}\"/></tableParts></worksheet>");
        Ok(text.replace("</worksheet>", &list))
    })
    .unwrap();
}

#[test]
fn formulas_that_go_on_leading_to_an_old_tab_are_told_once_with_what_to_do() {
    let pijler = small().pijlers[0].tab.clone();
    let bytes = old(|book, work| {
        with_table(book, work, &pijler, "N70:N73");
        work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
            let sums = [format!("'{pijler}'!E12*2"), "SUM(Cijfers[Kolom])".to_owned(), "1+1".to_owned()];
            let cells: String =
                (1..).zip(&sums).map(|(n, sum)| format!("<c r=\"A{n}\"><f>{sum}</f><v>1</v></c>")).collect();
            let rows: String = cells
                .split_inclusive("</c>")
                .zip(41..)
                .map(|(cell, row)| {
                    let at = cell.find(" r=\"A").unwrap();
                    let end = at + 5 + cell[at + 5..].find('"').unwrap();
                    format!("<row r=\"{row}\">{} r=\"A{row}{}</row>", &cell[..at], &cell[end..])
                })
                .collect();
            Ok(text.replace("</sheetData>", &format!("{rows}</sheetData>")))
        })
        .unwrap();
    });
    let migrated = taken_along(bytes);
    let [(before, name, _)] = migrated.plan.kept_old.as_slice() else { panic!("{:?}", migrated.plan.kept_old) };
    assert_eq!((before, name), (&pijler, &format!("{pijler} (oud)")));
    let told: Vec<_> = migrated.plan.unplaced.iter().filter(|line| line.tab == OWN_TAB).collect();
    let [line] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((line.cell.as_str(), line.what.clone()), ("A41 A42", format!("formules naar '{pijler}'")));
    let new = newer().pijlers.iter().find(|new| new.id == small().pijlers[0].id).unwrap().tab.clone();
    assert!(line.reason.contains(name.as_str()) && line.reason.contains(&format!("'{new}'")), "{}", line.reason);
}

#[test]
fn a_formula_of_a_person_goes_on_leading_to_the_same_figure_of_the_overview() {
    let overview = small().tab("overzicht").to_owned();
    let figures = crate::overview::example().unwrap();
    let code = small().indicators.last().unwrap().code.clone();
    let area = figures.areas.iter().rfind(|area| area.level == AreaLevel::Wijk).unwrap().code.clone();
    let cell = |book: &Spreadsheet| {
        let (mut row, mut col) = (None, None);
        let strings = book.shared_strings().unwrap();
        book.visit_cells(&overview, &mut |view| {
            let text = view.value(&strings).text();
            if text == code {
                col = col.or(Some(view.col));
            }
            if text == area && view.col == 0 {
                row = Some(view.row);
            }
            Ok(true)
        })
        .unwrap();
        CellRef::new("", row.unwrap(), col.unwrap()).a1()
    };
    // An overview with its columns in another order.
    let mut given = figures.clone();
    given.columns.rotate_left(1);
    given.figures.iter_mut().for_each(|row| row.rotate_left(1));
    let bytes = old(|book, work| {
        let rest = format!("><f>'{overview}'!{}*2</f><v>1</v></c>", cell(book));
        work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| Ok(with_cell(text, (0, 5), &rest))).unwrap();
    });
    let before = cell(&open(bytes.clone()));
    let migrated = session(newer()).migrated("oud.xlsx", bytes.into(), Some(&small()), Some(&given)).unwrap();
    let book = open(migrated.bytes);
    let mut found = String::new();
    book.visit_cells(OWN_TAB, &mut |view| {
        found.extend(view.formula.map(|formula| formula.text.to_owned()));
        Ok(true)
    })
    .unwrap();
    assert_eq!(found, format!("'{overview}'!{}*2", cell(&book)));
    assert_ne!(before, cell(&book), "it stands elsewhere");
}

#[test]
fn rows_that_no_tab_keeps_in_view_any_more_are_the_work_of_a_program() {
    let without = |text: &str| {
        let start = text.find("<pane ").unwrap();
        let end = start + text[start..].find("/>").unwrap() + 2;
        format!("{}{}", &text[..start], &text[end..])
    };
    let told = |tabs: usize| {
        let bytes = old(|book, work| {
            for sheet in book.sheets().iter().filter(|sheet| sheet.name != OWN_TAB).take(tabs) {
                work.edit(&sheet.part, |text| {
                    Ok(if text.contains("<pane ") { without(text) } else { text.to_owned() })
                })
                .unwrap();
            }
        });
        taken_along(bytes).plan.unplaced.len()
    };
    assert_eq!(told(usize::MAX), 0);
    let first =
        open(old(|_, _| ())).sheets().iter().position(|sheet| sheet.name == small().pijlers[0].tab).unwrap();
    assert_eq!(told(first + 1), 1, "a person lets go of one tab");
}

#[test]
fn a_list_of_choices_follows_its_cells_and_one_that_cannot_is_told() {
    let pijler = small().pijlers[0].tab.clone();
    let read =
        |bytes: &[u8], format: &Format| workbook::read("w.xlsx", bytes.to_vec(), format, Details::None).unwrap().0;
    let first = |analysis: &Analysis| analysis.pijlers[0].blocks[0].indicators[0].wijk.at.clone();
    let blank = build(&small(), &Overview::default(), &BuildOptions::default()).unwrap();
    let from = first(&read(&blank, &small()));
    let (far, near) = (
        format!("'{pijler}'!$ZZ$990:$ZZ$995"),
        format!("'{pijler}'!${}${}", crate::model::column_letters(from.col), from.row + 1),
    );
    let bytes = old(|book, work| {
        work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
            let rule = |cells: &str, formula: &str| {
                format!("<dataValidation type=\"list\" sqref=\"{cells}\"><formula1>{formula}</formula1></dataValidation>")
            };
            let rules = format!("<dataValidations count=\"2\">{}{}</dataValidations>", rule("M1:M9", &near), rule("N1:N9", &far));
            // As newer programs write a list on another tab.
            let newer = |cells: &str, formula: &str| {
                format!(
                    "<x14:dataValidation type=\"list\"><x14:formula1><xm:f>{formula}</xm:f></x14:formula1><xm:sqref>{cells}</xm:sqref>\
                     </x14:dataValidation>"
                )
            };
            let list = format!(
                "<extLst><ext xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" \
                 uri=\"{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}\"><x14:dataValidations \
                 xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\" count=\"2\">{}{}</x14:dataValidations></ext></extLst></worksheet>",
                newer("O1:O9", &near),
                newer("P1:P9", &far)
            );
            let at = text.find("<hyperlinks").unwrap();
            Ok(format!("{}{rules}{}", &text[..at], &text[at..]).replace("</worksheet>", &list))
        })
        .unwrap();
    });
    let migrated = taken_along(bytes);
    let to = first(&read(&migrated.bytes, &newer()));
    let book = open(migrated.bytes);
    let text = book.archive().read_text(&book.sheet(OWN_TAB).unwrap().part).unwrap();
    let new = format!("'{}'!${}${}", to.tab, crate::model::column_letters(to.col), to.row + 1);
    assert_ne!(new, near);
    for wanted in [
        format!("<formula1>{new}</formula1>"),
        format!("<x14:formula1><xm:f>{new}</xm:f></x14:formula1>"),
        "<formula1>#REF!</formula1>".to_owned(),
        "<x14:formula1><xm:f>#REF!</xm:f></x14:formula1>".to_owned(),
    ] {
        assert!(text.contains(&wanted), "{wanted} in {text}");
    }
    let told: Vec<(&str, &str)> =
        migrated.plan.unplaced.iter().map(|line| (line.cell.as_str(), line.text.as_str())).collect();
    let far = format!("={far}");
    assert_eq!(told, [("N1", far.as_str()), ("P1", far.as_str())]);
}
