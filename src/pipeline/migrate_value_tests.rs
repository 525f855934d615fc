//! Numbers behind dates and percentages, headings of columns, formulas and links of people, in a migration.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::migrate::Migrated;
use super::migrate_dress_tests::{OWN_TAB, newer, with_own_tab};
use super::migrate_tests::{session, small};
use crate::format::{BuildOptions, ListTab, build};
use crate::model::*;
use crate::package::rewrite::Rewrite;
use crate::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice, looks, worn};
use crate::workbook::{self, Details};

const DAY: f64 = 46_363.0;

struct Work {
    format: Format,
    newer: Format,
    migrated: Migrated,
    new: Spreadsheet,
    /// The name of the tab of the first pijler, before.
    pijler: String,
}

fn open(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("werkboek.xlsx", bytes).unwrap()).unwrap()
}

fn edit(tab: &str, row: u32, col: u32, value: NewValue) -> CellEdit {
    CellEdit { tab: tab.to_owned(), row, col, value, style: StyleChoice::Keep }
}

/// Where a text stands.
fn find(book: &Spreadsheet, tab: &str, wanted: &str) -> (u32, u32) {
    let strings = book.shared_strings().unwrap();
    let mut found = None;
    book.visit_cells(tab, &mut |cell| {
        if found.is_none() && cell.value(&strings).text() == wanted {
            found = Some((cell.row, cell.col));
        }
        Ok(true)
    })
    .unwrap();
    found.unwrap_or_else(|| panic!("'{wanted}' does not stand on '{tab}'"))
}

fn value(book: &Spreadsheet, tab: &str, row: u32, col: u32) -> CellValue {
    let strings = book.shared_strings().unwrap();
    let mut found = CellValue::Empty;
    book.visit_cells(tab, &mut |cell| {
        if (cell.row, cell.col) == (row, col) {
            found = cell.value(&strings);
        }
        Ok(true)
    })
    .unwrap();
    found
}

/// The headings of column F by domein, of the first pijler tab.
fn beside(analysis: &Analysis) -> BTreeMap<String, TextCell> {
    let tab = &analysis.pijlers[0];
    let of = |cell: &TextCell| {
        tab.blocks.iter().rfind(|block| block.row <= cell.at.row).map(|block| block.domein.clone()).unwrap()
    };
    tab.headings.iter().filter(|(field, _)| field == "naast").map(|(_, cell)| (of(cell), cell.clone())).collect()
}

fn work() -> &'static Work {
    static WORK: LazyLock<Work> = LazyLock::new(|| {
        let (format, newer) = (small(), newer());
        let bytes = with_own_tab(&Overview::default());
        let (analysis, _) = workbook::read("leeg.xlsx", bytes.clone(), &format, Details::None).unwrap();
        let book = open(bytes);
        let (acts, goals) = ("Activiteiten", "Maatschappelijke resultaten");
        let (row, when) = find(&book, acts, "Wanneer");
        let (_, reach) = find(&book, acts, "Bereik");
        let (_, factor) = find(&book, acts, "Factor");
        let (goal_row, domein) = find(&book, goals, "Domein");
        let mut cells = vec![
            edit(acts, row + 1, when, NewValue::Number(DAY)),
            edit(acts, row + 2, when, NewValue::Number(0.5625)),
            edit(acts, row + 1, reach, NewValue::Number(0.125)),
            edit(acts, row + 2, reach, NewValue::Bool(true)),
            edit(acts, row + 1, factor, NewValue::Text("een factor in mijn eigen woorden".into())),
            edit(goals, goal_row + 1, domein, NewValue::Text(format.domeinen[0].name.clone())),
        ];
        let headings = beside(&analysis);
        let tab = &analysis.pijlers[0];
        for (block, area) in tab.blocks.iter().zip(["Gebied Noord", "Buurt Zuid"]) {
            let heading = &headings[&block.domein].at;
            let figure = &block.indicators[0];
            cells.push(edit(&tab.tab, heading.row, heading.col, NewValue::Text(area.into())));
            cells.push(edit(&tab.tab, figure.row, heading.col, NewValue::Number(7.7)));
        }
        let pijler = tab.tab.clone();
        let mut filled = Vec::new();
        book.apply(&Changes { cells, ..Changes::default() }, &mut filled).unwrap();
        let book = open(filled);
        let mut work = Rewrite::new(book.archive());
        let mut style = 0;
        work.edit("xl/styles.xml", |text| {
            let list = text.split("<cellXfs count=\"").nth(1).unwrap();
            style = list.split('"').next().unwrap().parse::<usize>().unwrap();
            let xf = |format: u32| {
                format!("<xf numFmtId=\"{format}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>")
            };
            Ok(text.replace("</cellXfs>", &format!("{}{}{}</cellXfs>", xf(14), xf(20), xf(10))))
        })
        .unwrap();
        work.edit(&book.sheet(acts).unwrap().part.clone(), |text| {
            let mut text = text.to_owned();
            for (number, (row, col)) in
                [(row + 1, when), (row + 2, when), (row + 1, reach)].into_iter().enumerate()
            {
                let start = text.find(&format!("<c r=\"{}\"", CellRef::new("", row, col).a1())).unwrap();
                let end = start + text[start..].find('>').unwrap();
                let tag = format!("<c r=\"{}\" s=\"{}\"", CellRef::new("", row, col).a1(), style + number);
                text.replace_range(start..end, &tag);
            }
            Ok(text)
        })
        .unwrap();
        work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
            let top = CellRef::new("", row + 1, when).a1();
            let end = CellRef::new("", row + 15, when).a1();
            let sums = [
                ("A", format!("<f>COUNTIF({acts}!{top}:{end},\"open\")</f><v>1</v>")),
                ("B", format!("<f>INDIRECT(\"'{pijler}'!E87\")</f><v>1</v>")),
                ("C", format!("<f>HYPERLINK(\"#'{pijler}'!B12\")</f><v>1</v>")),
                ("D", format!("<f>'{pijler}'!ZZ999*2</f>")),
                ("E", format!("<f>'{pijler}'!ZZ998*2</f><v>1</v>")),
            ];
            let cells: String = sums.iter().map(|(col, sum)| format!("<c r=\"{col}9\">{sum}</c>")).collect();
            let links = format!(
                "<hyperlink ref=\"A1\" location=\"'{pijler}'!A1\"/><hyperlink ref=\"A2\" location=\"'{pijler}'!ZZ997\"/>"
            );
            let text = text.replace("</sheetData>", &format!("<row r=\"9\">{cells}</row></sheetData>"));
            Ok(match text.find("</hyperlinks>") {
                Some(at) => format!("{}{links}{}", &text[..at], &text[at..]),
                None => text.replace("<pageMargins", &format!("<hyperlinks>{links}</hyperlinks><pageMargins")),
            })
        })
        .unwrap();
        let old = work.finish().unwrap();
        let migrated = session(newer.clone()).migrated("oud.xlsx", old.into(), Some(&format), None).unwrap();
        let new = open(migrated.bytes.clone());
        Work { format, newer, migrated, new, pijler }
    });
    &WORK
}

fn number_format(tab: &str, row: u32, col: u32) -> String {
    let style = worn(&work().new, tab).unwrap().style(row, col);
    work().new.number_format(style).to_owned()
}

/// The heading of a column of an optional tab in the new workbook.
fn column(field: &str, table: &str) -> (String, u32, u32) {
    let heading = work().newer.headings_of(table).find(|heading| heading.field == field).unwrap().text.clone();
    let (analysis, _) =
        workbook::read("na.xlsx", work().migrated.bytes.clone(), &work().newer, Details::None).unwrap();
    let tab = analysis.tabs.iter().find(|tab| tab.kind == TabKind::Fixed(table.to_owned())).unwrap().name.clone();
    let (row, col) = find(&work().new, &tab, &heading);
    (tab, row, col)
}

#[test]
fn a_date_a_time_a_percentage_and_a_truth_stay_what_they_are_in_the_new_workbook() {
    let (tab, row, when) = column("wanneer", "activiteiten");
    let (_, _, reach) = column("bereik", "activiteiten");
    let at = |row: u32, col: u32| value(&work().new, &tab, row, col);
    assert_eq!(at(row + 1, when), CellValue::Number(DAY));
    assert_eq!(at(row + 2, when), CellValue::Number(0.5625));
    assert_eq!(at(row + 1, reach), CellValue::Number(0.125));
    assert_eq!(at(row + 2, reach), CellValue::Bool(true));
    let style = |row: u32, col: u32| worn(&work().new, &tab).unwrap().style(row, col);
    assert!(work().new.is_date(style(row + 1, when)), "{}", number_format(&tab, row + 1, when));
    assert!(work().new.is_date(style(row + 2, when)), "{}", number_format(&tab, row + 2, when));
    assert!(work().new.is_percent(style(row + 1, reach)), "{}", number_format(&tab, row + 1, reach));
    assert!(!looks(&work().new).unwrap().is_empty());
}

#[test]
fn every_block_keeps_its_own_heading_above_the_figures_of_another_area() {
    let (analysis, _) =
        workbook::read("na.xlsx", work().migrated.bytes.clone(), &work().newer, Details::None).unwrap();
    let id = |name: &str| work().newer.domein(name).unwrap().id.clone();
    let of: BTreeMap<String, String> =
        beside(&analysis).into_iter().map(|(domein, cell)| (id(&domein), cell.text)).collect();
    let old = &work().format.domeinen;
    assert_eq!((of[&old[0].id].as_str(), of[&old[1].id].as_str()), ("Gebied Noord", "Buurt Zuid"));
    for area in ["Gebied Noord", "Buurt Zuid"] {
        let told = work().migrated.plan.moves.iter().filter(|line| line.text == area && !line.to_cell.is_empty());
        assert_eq!(told.count(), 1, "{area}");
    }
}

#[test]
fn a_name_that_was_chosen_is_the_new_name_and_words_of_a_person_are_not_touched() {
    let (tab, row, col) = column("domein", "resultaten");
    let (before, after) =
        (&work().format.domeinen[0], work().newer.domein_by_id(&work().format.domeinen[0].id).unwrap());
    assert_ne!(before.name, after.name);
    assert_eq!(value(&work().new, &tab, row + 1, col), CellValue::Text(after.name.clone()));
    let told = work()
        .migrated
        .plan
        .moves
        .iter()
        .find(|line| line.text == before.name && line.remark.contains(&after.name));
    assert_eq!(told.unwrap().to_tab, tab);
    let (tab, row, col) = column("factor", "activiteiten");
    assert_eq!(value(&work().new, &tab, row + 1, col).text(), "een factor in mijn eigen woorden");
}

#[test]
fn a_formula_over_a_whole_table_follows_it_and_one_that_looks_by_a_text_is_told() {
    let mut sums = BTreeMap::new();
    work()
        .new
        .visit_cells(OWN_TAB, &mut |cell| {
            if let Some(formula) = &cell.formula {
                sums.insert(cell.col, formula.text.to_owned());
            }
            Ok(true)
        })
        .unwrap();
    let (tab, row, when) = column("wanneer", "activiteiten");
    let (top, end) = (CellRef::new("", row + 1, when).a1(), CellRef::new("", row + 15, when).a1());
    assert_eq!(sums[&0], format!("COUNTIF('{tab}'!{top}:{end},\"open\")"));
    assert_eq!(
        sums.keys().copied().collect::<Vec<_>>(),
        [0, 1, 2],
        "what looks by a text stays, what lost its cell goes"
    );
    let reason = |cell: &str| {
        let mut lines =
            work().migrated.plan.unplaced.iter().filter(|line| line.tab == OWN_TAB && line.cell == cell);
        (lines.next().map(|line| line.reason.clone()).unwrap_or_default(), lines.count())
    };
    assert_eq!(reason("A9"), (String::new(), 0));
    for cell in ["B9", "C9"] {
        assert!(reason(cell).0.contains("staat er nog") && reason(cell).1 == 0, "{cell}: {:?}", reason(cell));
    }
    assert!(reason("D9").0.contains("geen uitkomst"), "{:?}", reason("D9"));
    assert!(reason("E9").0.contains("uitkomst is blijven staan"), "{:?}", reason("E9"));
}

#[test]
fn a_link_to_a_tab_that_was_replaced_leads_to_the_new_tab() {
    let facts = work().new.sheet_facts(OWN_TAB).unwrap();
    let (analysis, _) =
        workbook::read("na.xlsx", work().migrated.bytes.clone(), &work().newer, Details::None).unwrap();
    let tab = &analysis.pijlers[0].tab;
    for row in [0, 1] {
        let link = facts.hyperlinks.iter().find(|link| link.range.contains(row, 0)).unwrap();
        assert_eq!(link.location.as_deref(), Some(format!("'{tab}'!A1").as_str()));
    }
    let told: Vec<&str> = work()
        .migrated
        .plan
        .unplaced
        .iter()
        .filter(|line| line.what == "link")
        .map(|line| line.text.as_str())
        .collect();
    assert_eq!(told, [format!("'{}'!ZZ997", work().pijler)]);
}

#[test]
fn a_version_of_which_no_format_is_at_hand_is_said_and_does_not_flood_the_list() {
    let mut second = small();
    second.version = "2.0".into();
    let mut third = second.clone();
    third.version = "3.0".into();
    let blank = build(&second, &Overview::default(), &BuildOptions::default()).unwrap();
    let migrated = session(third.clone()).migrated("leeg.xlsx", blank.clone().into(), None, None).unwrap();
    assert!(!migrated.known);
    let lines: Vec<&str> = migrated.plan.unplaced.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, Vec::<&str>::new());
    let migrated = session(third).migrated("leeg.xlsx", blank.into(), Some(&second), None).unwrap();
    assert!(migrated.known);
}

#[test]
fn a_workbook_of_the_version_of_the_goal_is_read_with_that_format_whatever_format_is_given_for_the_others() {
    let mut second = newer();
    second.version = "2.0".into();
    let blank = build(&second, &Overview::default(), &BuildOptions::default()).unwrap();
    let migrated = session(second).migrated("leeg.xlsx", blank.into(), Some(&small()), None).unwrap();
    assert!(migrated.known, "the format of version 2.0 is at hand: it is that of the goal");
    assert_eq!(migrated.plan.unplaced, []);
}

/// A blank workbook of the old format with a tab of a person and these cells, taken to the new format.
fn taken_along(
    (from, to): (Format, Format),
    cells: impl Fn(&Spreadsheet) -> Vec<CellEdit>,
    more: impl Fn(&Spreadsheet, &mut Rewrite<'_>),
) -> Migrated {
    let own = ListTab {
        name: OWN_TAB.into(),
        explanation: "Van mij.".into(),
        headings: vec![("Sommen".into(), 20)],
        rows: Vec::new(),
    };
    let options = BuildOptions { lists: vec![own], ..BuildOptions::default() };
    let bytes = build(&from, &crate::overview::example().unwrap(), &options).unwrap();
    let book = open(bytes);
    let mut filled = Vec::new();
    book.apply(&Changes { cells: cells(&book), ..Changes::default() }, &mut filled).unwrap();
    let book = open(filled);
    let mut work = Rewrite::new(book.archive());
    more(&book, &mut work);
    let old = work.finish().unwrap();
    session(to).migrated("oud.xlsx", old.into(), Some(&from), None).unwrap()
}

#[test]
fn another_benchmark_that_a_person_compares_with_stays_above_its_figures() {
    let (analysis, _) = workbook::read(
        "leeg.xlsx",
        build(&small(), &crate::overview::example().unwrap(), &BuildOptions::default()).unwrap(),
        &small(),
        Details::None,
    )
    .unwrap();
    let tab = &analysis.pijlers[0];
    let heading = tab.headings.iter().find(|(field, _)| field == "benchmark").unwrap().1.at.clone();
    let migrated = taken_along(
        (small(), newer()),
        |_| vec![edit(&tab.tab, heading.row, heading.col, NewValue::Text("Heel Rijnmond".into()))],
        |_, _| (),
    );
    let (after, _) = workbook::read("na.xlsx", migrated.bytes.clone(), &newer(), Details::None).unwrap();
    let above: Vec<&str> = after
        .pijlers
        .iter()
        .flat_map(|tab| &tab.headings)
        .filter(|(field, _)| field == "benchmark")
        .map(|(_, cell)| cell.text.as_str())
        .collect();
    assert_eq!(above.iter().filter(|text| **text == "Heel Rijnmond").count(), 1, "{above:?}");
    assert!(above.len() > 1 && above.contains(&small().benchmark.1.as_str()), "{above:?}");
}

#[test]
fn what_a_person_wrote_in_the_heading_of_a_column_is_listed() {
    let written = "Uitvoerder (vraag Fatima)";
    let migrated = taken_along(
        (small(), newer()),
        |book| {
            let (row, col) = find(book, "Activiteiten", "Uitvoerder");
            vec![edit("Activiteiten", row, col, NewValue::Text(written.into()))]
        },
        |_, _| (),
    );
    let told: Vec<_> = migrated.plan.unplaced.iter().filter(|line| line.text == written).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let headings = migrated.plan.unplaced.iter().filter(|line| line.what.starts_with("kop van de kolom"));
    assert_eq!(headings.count(), 1, "headings of the format are nobody's words");
}

#[test]
fn a_drawing_that_refers_to_nothing_takes_the_charts_of_the_new_version() {
    let drawing = "xl/drawings/drawing71.xml";
    let box_ = "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
        xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><xdr:twoCellAnchor><xdr:from><xdr:col>20</xdr:col>\
        <xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>22</xdr:col>\
        <xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp><xdr:nvSpPr>\
        <xdr:cNvPr id=\"2\" name=\"Vak\"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/><a:p><a:r>\
        <a:t>let hierop</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>";
    let migrated = taken_along(
        (crate::format::builtin().unwrap(), crate::format::builtin().unwrap()),
        |_| Vec::new(),
        |book, work| {
            let part = &book.sheet(crate::format::builtin().unwrap().tab("samenvatting")).unwrap().part;
            let rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels";
            work.put(drawing, box_.as_bytes().to_vec());
            work.declare(drawing, "application/vnd.openxmlformats-officedocument.drawing+xml").unwrap();
            work.edit(&rels, |text| {
                let start = text.find("drawings/").unwrap();
                let end = start + text[start..].find('"').unwrap();
                Ok(format!("{}drawings/drawing71.xml{}", &text[..start], &text[end..]))
            })
            .unwrap();
        },
    );
    let new = open(migrated.bytes);
    let archive = new.archive();
    let with_box: Vec<String> = archive
        .names()
        .filter(|name| name.starts_with("xl/drawings/") && !name.contains("_rels"))
        .map(|name| archive.read_text(name).unwrap())
        .filter(|text| text.contains("let hierop"))
        .collect();
    let [text] = with_box.as_slice() else { panic!("the box stands in {} drawings", with_box.len()) };
    assert!(text.contains("<c:chart "), "the charts of the new version stand beside it");
}

#[test]
fn a_chart_of_a_person_over_an_answer_without_a_place_is_told_with_its_tab() {
    let (format, chart, drawing) = (small(), "xl/charts/chart72.xml", "xl/drawings/drawing72.xml");
    let tab = format.pijlers[0].tab.clone();
    let gone = format.questions.iter().find(|question| question.code == "collega").unwrap().text.clone();
    let main = "http://schemas.openxmlformats.org";
    let office = format!("{main}/officeDocument/2006/relationships");
    let migrated = taken_along(
        (small(), newer()),
        |_| Vec::new(),
        |book, work| {
            let (row, col) = find(book, &tab, &gone);
            let address = format!("'{tab}'!${}${}", crate::model::column_letters(col + 1), row + 1);
            let c = format!("{main}/drawingml/2006/chart");
            work.put(
                chart,
                format!(
                    "<c:chartSpace xmlns:c=\"{c}\"><c:chart><c:plotArea><c:layout/><c:barChart><c:ser><c:idx val=\"0\"/>\
                     <c:order val=\"0\"/><c:val><c:numRef><c:f>{address}</c:f></c:numRef></c:val></c:ser></c:barChart>\
                     </c:plotArea></c:chart></c:chartSpace>"
                )
                .into_bytes(),
            );
            work.declare(chart, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml").unwrap();
            work.put(
                drawing,
                format!(
                    "<xdr:wsDr xmlns:xdr=\"{main}/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"{main}/drawingml/2006/main\">\
                     <xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0\
                     </xdr:rowOff></xdr:from><xdr:ext cx=\"9\" cy=\"9\"/><xdr:graphicFrame macro=\"\"><xdr:nvGraphicFramePr><xdr:cNvPr \
                     id=\"4\" name=\"Grafiek\"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x=\"0\" y=\"0\"/>\
                     <a:ext cx=\"0\" cy=\"0\"/></xdr:xfrm><a:graphic><a:graphicData uri=\"{c}\"><c:chart xmlns:c=\"{c}\" \
                     xmlns:r=\"{office}\" r:id=\"rId1\"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/>\
                     </xdr:oneCellAnchor></xdr:wsDr>"
                )
                .into_bytes(),
            );
            work.declare(drawing, "application/vnd.openxmlformats-officedocument.drawing+xml").unwrap();
            work.relate(drawing, &format!("{office}/chart"), &format!("/{chart}"), false).unwrap();
            let part = book.sheet(OWN_TAB).unwrap().part.clone();
            let id = work.relate(&part, &format!("{office}/drawing"), &format!("/{drawing}"), false).unwrap();
            work.edit(&part, |text| {
                let end = text.find("</worksheet>").unwrap();
                let leads = format!("<drawing xmlns:r=\"{office}\" r:id=\"{id}\"/>");
                Ok(format!("{}{leads}{}", &text[..end], &text[end..]))
            })
            .unwrap();
        },
    );
    let told: Vec<_> = migrated.plan.unplaced.iter().filter(|line| line.cell == "(grafiek)").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].tab, OWN_TAB);
}

#[test]
fn words_of_a_person_arrive_also_when_the_format_has_the_same_words_on_that_tab() {
    let (format, newer) = (small(), newer());
    let blank = build(&format, &Overview::default(), &BuildOptions::default()).unwrap();
    let (analysis, _) = workbook::read("leeg.xlsx", blank.clone(), &format, Details::None).unwrap();
    let tab = &analysis.pijlers[0];
    let rows: Vec<u32> = tab.blocks.iter().flat_map(|block| &block.indicators).map(|row| row.row).collect();
    let name = tab.blocks[0].indicators[0].name.clone();
    let source = format.indicators.iter().find(|indicator| indicator.name == name).unwrap().source.clone();
    let words = ["Indicator", "Rotterdam", "risicofactor", "Bron", &format.domeinen[0].name, &name, &source];
    let (own, wijk) = (11, tab.blocks[0].indicators[0].wijk.at.col);
    let beside = words.iter().zip(&rows).map(|(word, row)| (*row, own, *word));
    // Below everything, in columns of the format.
    let last = open(blank.clone()).sheet_facts(&tab.tab).unwrap().dimension.unwrap().last_row;
    let below = words.iter().zip(last + 3..).flat_map(|(word, row)| [(row, 1, *word), (row, wijk, *word)]);
    let typed: Vec<(u32, u32, &str)> = beside.chain(below).collect();
    for classic in [false, true] {
        let mut bytes = Vec::new();
        let cells =
            typed.iter().map(|(row, col, word)| edit(&tab.tab, *row, *col, NewValue::Text((*word).to_owned())));
        open(blank.clone()).apply(&Changes { cells: cells.collect(), ..Changes::default() }, &mut bytes).unwrap();
        if classic {
            bytes = super::migrate_tests::without_ids(bytes);
        }
        let done = session(newer.clone()).migrated("oud.xlsx", bytes.into(), Some(&format), None).unwrap();
        let new = open(done.bytes.clone());
        for (row, col, word) in &typed {
            if classic && *col < own {
                continue;
            }
            let cell = CellRef::new("", *row, *col).a1();
            let told = done.plan.moves.iter().find(|line| line.from_tab == tab.tab && line.from_cell == cell);
            let told = told.unwrap_or_else(|| panic!("'{word}' in {cell} is told nowhere"));
            if told.to_cell.is_empty() {
                let listed = done.plan.unplaced.iter().any(|line| line.cell == cell && line.text == *word);
                assert!(listed, "'{word}' in {cell} has no place and is not listed");
            } else {
                let (row, col) = parse_a1(&told.to_cell).unwrap();
                assert_eq!(value(&new, &told.to_tab, row, col), CellValue::Text((*word).to_owned()), "{cell}");
            }
        }
    }
}

#[test]
fn a_formula_with_a_name_that_cannot_come_along_keeps_its_outcome_and_both_are_told() {
    let format = small();
    let book = open(with_own_tab(&Overview::default()));
    let analysis =
        workbook::read("leeg.xlsx", with_own_tab(&Overview::default()), &format, Details::None).unwrap().0;
    let tab = &analysis.pijlers[0];
    // Of cells with nothing in between that will not stand together: from the first row of one domein to one of the next.
    let (from, to) = (tab.blocks[0].indicators[0].row + 1, tab.blocks[1].indicators[0].row + 1);
    let mut work = Rewrite::new(book.archive());
    work.edit("xl/workbook.xml", |text| {
        let names = format!(
            "<definedName name=\"MijnReeks\">'{0}'!$E${from}:$E${to}</definedName><definedName name=\"Dubbel\">MijnReeks*2</definedName>\
             <definedName name=\"Blijft\">'{OWN_TAB}'!$A$1</definedName></definedNames>",
            tab.tab
        );
        Ok(text.replace("</definedNames>", &names))
    })
    .unwrap();
    work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
        let cells = "<row r=\"9\"><c r=\"A9\"><f>AVERAGE(MijnReeks)</f><v>58</v></c><c r=\"B9\"><f>SUM(Dubbel)</f><v>7</v></c>\
                     <c r=\"C9\"><f>COUNTA(Blijft)</f><v>1</v></c></row></sheetData>";
        Ok(text.replace("</sheetData>", cells))
    })
    .unwrap();
    let done = session(newer()).migrated("oud.xlsx", work.finish().unwrap().into(), Some(&format), None).unwrap();
    let new = open(done.bytes.clone());
    assert_eq!(
        (value(&new, OWN_TAB, 8, 0), value(&new, OWN_TAB, 8, 1)),
        (CellValue::Number(58.0), CellValue::Number(7.0))
    );
    let sheet = new.archive().read_text(&new.sheet(OWN_TAB).unwrap().part).unwrap();
    assert!(
        !sheet.contains("MijnReeks") && !sheet.contains("Dubbel") && sheet.contains("COUNTA(Blijft)"),
        "{sheet}"
    );
    let names: Vec<&str> = new.defined_names().iter().map(|name| name.name.as_str()).collect();
    assert!(names.contains(&"Blijft") && !names.contains(&"MijnReeks") && !names.contains(&"Dubbel"), "{names:?}");
    let told = |what: &str| done.plan.moves.iter().filter(|line| line.what == what).count();
    assert_eq!(
        (told("naam"), told("formule")),
        (2, 2),
        "{:?}",
        done.plan.moves.iter().rev().take(9).collect::<Vec<_>>()
    );
}

#[test]
fn a_second_migration_names_the_tab_with_its_own_list() {
    let (format, newer) = (small(), newer());
    let own = |name: &str| ListTab {
        name: name.to_owned(),
        explanation: "Van vorig jaar.".into(),
        headings: vec![("Lijst".into(), 20)],
        rows: vec![vec!["al uitgezocht".into()]],
    };
    for (had, wanted) in [("Mijn lijst", "Niet geplaatst"), ("Niet geplaatst", "Niet geplaatst (2)")] {
        let options = BuildOptions { lists: vec![own(had)], ..BuildOptions::default() };
        let bytes = build(&format, &Overview::default(), &options).unwrap();
        let analysis = workbook::read("leeg.xlsx", bytes.clone(), &format, Details::None).unwrap().0;
        let answer = &analysis.pijlers[0].blocks[0].questions[0].answer.at;
        let mut filled = Vec::new();
        let cells = vec![edit(&answer.tab, answer.row, answer.col, NewValue::Text("uitkomst".into()))];
        open(bytes).apply(&Changes { cells, ..Changes::default() }, &mut filled).unwrap();
        let book = open(filled);
        let mut work = Rewrite::new(book.archive());
        work.edit(&book.sheet(&answer.tab).unwrap().part.clone(), |text| {
            let at = text.find(&format!("<c r=\"{}\"", answer.a1())).unwrap();
            let inside = at + text[at..].find('>').unwrap() + 1;
            Ok(format!("{}<f>\"uit\"&amp;\"komst\"</f>{}", &text[..inside], &text[inside..]))
        })
        .unwrap();
        let old = work.finish().unwrap();
        let done = session(newer.clone()).migrated("oud.xlsx", old.into(), Some(&format), None).unwrap();
        assert_eq!(done.list.as_deref(), Some(wanted));
        let told = done.plan.moves.iter().find(|line| line.remark.contains("formule staat op")).unwrap();
        assert!(told.remark.ends_with(wanted), "{}", told.remark);
        assert!(open(done.bytes).sheet(wanted).is_some());
    }
}
