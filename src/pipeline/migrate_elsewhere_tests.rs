//! What belongs to cells that go to the tab of another pijler: it goes where they go. And what a workbook without ids hands over
//! besides its texts.

use std::collections::BTreeMap;

use super::migrate::Migrated;
use super::migrate_attached::with_attachments;
use super::migrate_dress_tests::{OWN_TAB, with_own_tab};
use super::migrate_tests::{content, filled, session, small, without_ids};
use crate::format::{BuildOptions, build};
use crate::model::*;
use crate::package::rewrite::Rewrite;
use crate::package::{
    Archive, CellEdit, Changes, NewValue, Range, Spreadsheet, StyleChoice, inspect_workbook, worn,
};
use crate::workbook::{self, Details};

const CODE: &str = "werk";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn open(bytes: Vec<u8>) -> Spreadsheet {
    Spreadsheet::open(Archive::from_bytes("werkboek.xlsx", bytes).unwrap()).unwrap()
}

fn places(bytes: &[u8], format: &Format) -> BTreeMap<String, CellRef> {
    let (analysis, _) = workbook::read("werkboek.xlsx", bytes.to_vec(), format, Details::None).unwrap();
    content(&analysis, format).into_iter().map(|(key, (at, _))| (key, at)).collect()
}

/// The format in which a domein came under another pijler.
fn elsewhere() -> Format {
    let mut format = small();
    let own = format.domeinen.iter().find(|domein| domein.id == CODE).unwrap().pijler.clone();
    let other = format.pijlers.iter().find(|pijler| pijler.name != own).unwrap().name.clone();
    format.domeinen.iter_mut().find(|domein| domein.id == CODE).unwrap().pijler = other;
    format.version = "2.0".into();
    format
}

/// The first figures of the domein that moved: they stand under each other.
fn figures(format: &Format, places: &BTreeMap<String, CellRef>) -> Vec<CellRef> {
    let codes = format.indicators.iter().filter_map(|i| places.get(&format!("{CODE}/{}/wijk", i.code)));
    let mut cells: Vec<CellRef> = codes.cloned().collect();
    cells.sort();
    cells.truncate(3);
    cells
}

fn with_formulas(formulas: impl Fn(&BTreeMap<String, CellRef>) -> Vec<String>) -> Vec<u8> {
    let bytes = with_own_tab(&crate::overview::example().unwrap());
    let known = places(&bytes, &small());
    let book = open(bytes);
    let mut work = Rewrite::new(book.archive());
    let cells: String = formulas(&known)
        .iter()
        .enumerate()
        .map(|(at, formula)| format!("<row r=\"{0}\"><c r=\"A{0}\"><f>{formula}</f><v>7</v></c></row>", at + 41))
        .collect();
    work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
        Ok(text.replace("</sheetData>", &format!("{cells}</sheetData>")))
    })
    .unwrap();
    work.finish().unwrap()
}

fn taken_along(bytes: Vec<u8>) -> Migrated {
    session(elsewhere()).migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap()
}

fn sums(bytes: &[u8]) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    open(bytes.to_vec())
        .visit_cells(OWN_TAB, &mut |view| {
            found.extend(view.formula.map(|formula| (view.row + 1, formula.text.to_owned())));
            Ok(true)
        })
        .unwrap();
    found
}

#[test]
fn a_formula_follows_the_figures_of_a_domein_to_the_tab_of_another_pijler() {
    let bytes = with_formulas(|places| {
        let figures = figures(&small(), places);
        let (first, last) = (&figures[0], figures.last().unwrap());
        let tab = &first.tab;
        vec![
            format!("'{tab}'!{}", first.a1()),
            format!("SUM('{tab}'!{}:{})", first.a1(), last.a1()),
            format!("SUM('{tab}'!E1:E{})", last.row + 1),
            format!("SUM('{tab}'!E:E)"),
        ]
    });
    let before = figures(&small(), &places(&bytes, &small()));
    let migrated = taken_along(bytes);
    let after = figures(&elsewhere(), &places(&migrated.bytes, &elsewhere()));
    assert_ne!(before[0].tab, after[0].tab, "the domein stands on the tab of another pijler");
    let (first, last) = (&after[0], after.last().unwrap());
    let found = sums(&migrated.bytes);
    assert_eq!(found[&41], format!("'{}'!{}", first.tab, first.a1()));
    assert_eq!(found[&42], format!("SUM('{}'!{}:{})", first.tab, first.a1(), last.a1()));
    // What went to two tabs cannot be summed as it was: its outcome stays and it is told.
    assert_eq!(found.len(), 2, "{found:?}");
    for cell in ["A43", "A44"] {
        let told = migrated.plan.unplaced.iter().find(|line| line.tab == OWN_TAB && line.cell == cell).unwrap();
        assert!(told.reason.contains("de uitkomst is blijven staan"), "{told:?}");
    }
}

#[test]
fn a_formula_over_a_whole_column_is_told_where_a_domein_of_another_pijler_joined() {
    let goal = elsewhere().domeinen.iter().find(|domein| domein.id == CODE).unwrap().pijler.clone();
    let tab = small().pijlers.iter().find(|pijler| pijler.name == goal).unwrap().tab.clone();
    let migrated = taken_along(with_formulas(|_| vec![format!("SUM('{tab}'!E:E)")]));
    assert_eq!(sums(&migrated.bytes).len(), 0, "it would sum the figures of the domein that joined too");
    let told = migrated.plan.unplaced.iter().find(|line| line.tab == OWN_TAB && line.cell == "A41").unwrap();
    assert!(told.reason.contains("de uitkomst is blijven staan"), "{told:?}");
}

#[test]
fn a_cell_of_a_list_is_told_by_the_names_that_people_see_above_it() {
    // The column of the field 'geindiceerd'.
    let (bytes, _) = filled(&small(), &[(3, 17, 5)]);
    let moves = taken_along(bytes).plan.moves;
    let told: Vec<&str> =
        moves.iter().map(|line| line.what.as_str()).filter(|what| what.contains("ndiceerd")).collect();
    assert_eq!(told, [format!("{}, Geïndiceerd", small().tab("matrix"))]);
}

#[test]
fn cells_that_a_person_merged_in_a_workbook_without_ids_are_told_and_those_of_the_format_are_not() {
    let bytes = without_ids(build(&small(), &Overview::default(), &BuildOptions::default()).unwrap());
    let told = |bytes: Vec<u8>| -> Vec<(String, String)> {
        let migrated = session(elsewhere()).migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap();
        let lines = migrated.plan.unplaced.into_iter().filter(|line| line.what == "samengevoegde cellen");
        lines.map(|line| (line.tab, line.cell)).collect()
    };
    assert_eq!(told(bytes.clone()), []);
    let book = open(bytes);
    let tab = small().pijlers[0].tab.clone();
    let mut work = Rewrite::new(book.archive());
    work.edit(&book.sheet(&tab).unwrap().part.clone(), |text| {
        Ok(text.replace("</mergeCells>", "<mergeCell ref=\"L5:M6\"/></mergeCells>"))
    })
    .unwrap();
    assert_eq!(told(work.finish().unwrap()), [(tab, "L5:M6".to_owned())]);
}

#[test]
fn of_a_workbook_without_ids_a_word_of_the_format_that_stands_there_once_more_is_a_persons() {
    let bytes = without_ids(build(&small(), &Overview::default(), &BuildOptions::default()).unwrap());
    let book = open(bytes.clone());
    let tab = small().pijlers[0].tab.clone();
    let word = small().headings.iter().find(|h| h.table == "pijler" && h.field == "bron").unwrap().text.clone();
    let mut taken = std::collections::BTreeSet::new();
    book.visit_cells(&tab, &mut |cell| {
        taken.insert((cell.row, cell.col));
        Ok(true)
    })
    .unwrap();
    let (row, col) = (0..8).map(|row| (row, 0)).find(|at| !taken.contains(at)).unwrap();
    let edit =
        CellEdit { tab: tab.clone(), row, col, value: NewValue::Text(word.clone()), style: StyleChoice::Keep };
    let mut out = Vec::new();
    book.apply(&Changes { cells: vec![edit], ..Changes::default() }, &mut out).unwrap();
    let told = |bytes: Vec<u8>| -> Vec<String> {
        let migrated = session(elsewhere()).migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap();
        let lines = migrated.plan.unplaced.into_iter().filter(|line| line.text == word);
        lines.map(|line| line.tab).collect()
    };
    // Of a domein that went to another tab nothing is told.
    assert_eq!((told(bytes), told(out)), (Vec::new(), vec![tab]));
}

#[test]
fn a_formula_that_reckons_how_far_it_reaches_stays_and_is_told() {
    let bytes = with_formulas(|places| {
        let figure = &figures(&small(), places)[0];
        let cell = format!("'{}'!{}", figure.tab, figure.a1());
        vec![
            format!("OFFSET({cell},1,0)"),
            format!("SUM(OFFSET({cell},0,0,4,1))"),
            format!("SUM({cell}:INDEX({cell},1))"),
            format!("{cell}*2"),
            "OFFSET(A1,1,0)".to_owned(),
        ]
    });
    let migrated = taken_along(bytes);
    assert_eq!(sums(&migrated.bytes).len(), 5, "they all stand there still");
    let told: Vec<&str> = migrated
        .plan
        .unplaced
        .iter()
        .filter(|line| line.tab == OWN_TAB && line.reason.contains("zoekt cellen met een berekening"))
        .map(|line| line.cell.as_str())
        .collect();
    assert_eq!(told, ["A41", "A42", "A43"]);
}

#[test]
fn what_hangs_at_a_cell_or_row_goes_along_to_the_tab_of_another_pijler() {
    let bytes = with_formulas(|_| Vec::new());
    let known = places(&bytes, &small());
    let slots: Vec<&String> =
        known.iter().filter(|(_, at)| at.tab == known[&at_key(&known)].tab).map(|(key, _)| key).collect();
    // One of each kind: a note, a conversation and a picture at places of the format.
    let choices: Vec<(u8, u16, u16)> =
        (0..u16::try_from(slots.len()).unwrap() * 2).flat_map(|at| [0, 2, 4].map(|kind| (kind, at, 0))).collect();
    let (bytes, things) = with_attachments(bytes, &small(), &choices);
    let key = at_key(&known);
    let old = known[&key].clone();
    let book = open(bytes);
    let edit = CellEdit {
        tab: old.tab.clone(),
        row: old.row,
        col: old.col,
        value: NewValue::Text("van mij".into()),
        style: StyleChoice::Keep,
    };
    let beside = CellEdit { col: 16, value: NewValue::Text("ernaast, van mij".into()), ..edit.clone() };
    let mut filled = Vec::new();
    book.apply(&Changes { cells: vec![edit, beside], ..Changes::default() }, &mut filled).unwrap();
    let book = open(filled);
    let mut work = Rewrite::new(book.archive());
    let part = book.sheet(&old.tab).unwrap().part.clone();
    let figure = figures(&small(), &known).remove(0);
    work.edit(&part, |text| {
        let start = text.find(&format!("<row r=\"{}\"", old.row + 1)).unwrap();
        let end = start + text[start..].find('>').unwrap();
        let tag = format!("<row r=\"{}\" ht=\"90\" customHeight=\"1\"", old.row + 1);
        let text = format!("{}{tag}{}", &text[..start], &text[end..]);
        // A rule of a person, a link out and one in, each at a cell of its own.
        let rule = format!(
            "<conditionalFormatting sqref=\"{0}\"><cfRule type=\"expression\" dxfId=\"0\" priority=\"99\"><formula>LEN({0})&gt;77\
             </formula></cfRule></conditionalFormatting>",
            old.a1()
        );
        let first = text.find("<conditionalFormatting").unwrap();
        let text = format!("{}{rule}{}", &text[..first], &text[first..]);
        let links = format!(
            "<hyperlink ref=\"{}\" location=\"'{}'!{}\" tooltip=\"mijn sprong\"/><hyperlink xmlns:r=\"{R}\" ref=\"{}\" \
             r:id=\"rIdUit\"/></hyperlinks>",
            old.a1(),
            old.tab,
            figure.a1(),
            figure.a1()
        );
        Ok(text.replacen("</hyperlinks>", &links, 1))
    })
    .unwrap();
    work.edit(&crate::package::parts::relationships_part(&part), |text| {
        let out = format!("<Relationship Id=\"rIdUit\" Type=\"{R}/hyperlink\" Target=\"https://voorbeeld.example/bron\" TargetMode=\"External\"/>");
        Ok(text.replace("</Relationships>", &format!("{out}</Relationships>")))
    })
    .unwrap();
    let migrated = taken_along(work.finish().unwrap());
    let new_figure = figures(&elsewhere(), &places(&migrated.bytes, &elsewhere())).remove(0);
    let (after, book) = (places(&migrated.bytes, &elsewhere()), open(migrated.bytes.clone()));
    let mut moved = 0;
    for thing in &things {
        let Some(at) = thing.key.as_ref().and_then(|key| after.get(key)) else { continue };
        assert_eq!(thing.arrived(&book), std::slice::from_ref(at), "{thing:?}");
        moved += usize::from(at.tab != known[thing.key.as_ref().unwrap()].tab);
    }
    assert!(moved > 5, "{moved} things went to another tab");
    let new = &after[&key];
    assert_ne!(new.tab, old.tab);
    assert_eq!(worn(&book, &new.tab).unwrap().row(new.row).size, Some(90.0));
    let moved = migrated.plan.moves.iter().find(|line| line.text == "ernaast, van mij").unwrap();
    let row = crate::model::parse_a1(&moved.to_cell).map(|(row, _)| row);
    assert_eq!((moved.to_tab.as_str(), row), (new.tab.as_str(), Some(new.row)), "a text beside the row");
    let facts = book.sheet_facts(&new.tab).unwrap();
    let link =
        |at: &CellRef| facts.hyperlinks.iter().find(|link| link.range == Range::cell(at.row, at.col)).unwrap();
    assert_eq!(link(new).location, Some(format!("'{}'!{}", new_figure.tab, new_figure.a1())));
    assert_eq!(link(&new_figure).target.as_deref(), Some("https://voorbeeld.example/bron"));
    let rules = &facts.conditional_formats;
    let moved_rule = format!("LEN({})>77", new.a1());
    assert!(rules.iter().any(|rule| rule.formula.trim() == moved_rule), "{moved_rule}: {rules:?}");
    let parked = migrated.plan.unplaced.iter().filter(|line| line.reason.contains("hangt nu aan"));
    assert_eq!(parked.count(), 0);
    assert_eq!(inspect_workbook(&book).unwrap(), Vec::<String>::new());
}

#[test]
fn what_hangs_at_the_domeinen_of_a_pijler_that_is_gone_goes_with_them_and_the_old_tab_does_not_stay() {
    let mut newer = small();
    let gone = newer.pijlers.remove(0);
    let heir = newer.pijlers[0].clone();
    for domein in newer.domeinen.iter_mut().filter(|domein| domein.pijler == gone.name) {
        domein.pijler.clone_from(&heir.name);
    }
    newer.version = "2.0".into();
    let bytes = with_own_tab(&crate::overview::example().unwrap());
    let known = places(&bytes, &small());
    let slots: Vec<&CellRef> = known.values().filter(|at| at.tab == gone.tab || at.tab == heir.tab).collect();
    let mut choices: Vec<(u8, u16, u16)> =
        (0..u16::try_from(slots.len()).unwrap() * 2).flat_map(|at| [0, 2, 4].map(|kind| (kind, at, 0))).collect();
    // And on cells that mean nothing, on both tabs.
    choices.extend((0..40).map(|at| (1 + 2 * u8::try_from(at % 3).unwrap(), at, at * 7)));
    let (bytes, things) = with_attachments(bytes, &small(), &choices);
    let migrated = session(newer.clone()).migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap();
    let (after, book) = (places(&migrated.bytes, &newer), open(migrated.bytes.clone()));
    let mut moved = 0;
    for thing in &things {
        let arrived = thing.arrived(&book);
        assert_eq!(arrived.len(), 1, "{thing:?}");
        let Some(at) = thing.key.as_ref().and_then(|key| after.get(key)) else { continue };
        assert_eq!(arrived, std::slice::from_ref(at), "{thing:?}");
        moved += usize::from(known[thing.key.as_ref().unwrap()].tab == gone.tab);
    }
    assert!(moved > 20, "{moved} things went to the tab of the other pijler");
    assert!(book.sheets().iter().all(|sheet| !sheet.name.starts_with(&gone.tab)), "the old tab did not stay");
    assert!(book.sheet(&heir.tab).is_some_and(|sheet| sheet.visibility == crate::package::Visibility::Visible));
    assert_eq!(inspect_workbook(&book).unwrap(), Vec::<String>::new());
    let mut drawings: Vec<&str> =
        book.archive().names().filter(|name| name.contains("drawings/drawing7")).collect();
    drawings.retain(|name| !name.contains("_rels"));
    assert_eq!(
        drawings.len(),
        1,
        "what was drawn on the old tab stands in the drawing of the other: {drawings:?}"
    );
}

/// A remark in the domein that moves.
fn at_key(places: &BTreeMap<String, CellRef>) -> String {
    places.keys().find(|key| key.starts_with(&format!("{CODE}/")) && key.ends_with("/opmerking")).unwrap().clone()
}

/// Rows of factoren by tab and id, of those that stand on the tab once.
fn factor_rows(bytes: &[u8]) -> BTreeMap<String, CellRef> {
    let book = open(bytes.to_vec());
    let strings = book.shared_strings().unwrap();
    let mut found: BTreeMap<String, Vec<CellRef>> = BTreeMap::new();
    for sheet in book.sheets().iter().filter(|sheet| sheet.name.starts_with("Pijler")) {
        book.visit_cells(&sheet.name, &mut |view| {
            let text = view.value(&strings).text();
            if matches!(Identity::of(&text), Some(Identity::Factor(_))) {
                found.entry(format!("{} {text}", sheet.name)).or_default().push(CellRef::new(
                    &sheet.name,
                    view.row,
                    view.col,
                ));
            }
            Ok(true)
        })
        .unwrap();
    }
    found.into_iter().filter(|(_, at)| at.len() == 1).map(|(id, mut at)| (id, at.remove(0))).collect()
}

#[test]
fn a_note_at_a_factor_of_a_workbook_without_ids_hangs_at_the_same_factor() {
    let format = crate::format::builtin().unwrap();
    let newer = Format { version: "2.0".into(), ..format.clone() };
    let bytes = build(&format, &crate::overview::example().unwrap(), &BuildOptions::default()).unwrap();
    let rows = factor_rows(&bytes);
    let first = &format.pijlers[0].tab;
    let (id, row) =
        rows.iter().find(|(_, at)| at.tab == *first && at.row < 70).unwrap_or_else(|| panic!("{first} {rows:?}"));
    // A note in column B of that row: the first tab, the second column.
    let pijlers = u16::try_from(format.pijlers.len()).unwrap();
    let one = (5..10).find(|one| one % pijlers == 0).unwrap();
    let (bytes, things) =
        with_attachments(without_ids(bytes), &format, &[(3, one, u16::try_from(row.row).unwrap())]);
    let migrated = session(newer).migrated("oud.xlsx", bytes.into(), Some(&format), None).unwrap();
    let now = &factor_rows(&migrated.bytes)[id];
    assert_eq!(things[0].arrived(&open(migrated.bytes)), [CellRef::new(&now.tab, now.row, 1)]);
}

#[test]
fn of_a_workbook_without_ids_a_heading_for_printing_and_the_colour_of_a_tab_are_told_and_those_of_the_format_are_not()
 {
    let bytes = without_ids(with_formulas(|_| Vec::new()));
    let migrated = taken_along(bytes.clone());
    let words = ["koptekst voor het afdrukken", "kleur van het tabblad", "afdrukken staand of liggend"];
    let told = |migrated: &Migrated| -> Vec<(String, String)> {
        let lines = migrated.plan.unplaced.iter().filter(|line| words.contains(&line.what.as_str()));
        lines.map(|line| (line.tab.clone(), line.what.clone())).collect()
    };
    assert_eq!(told(&migrated), [], "nobody touched anything");
    let book = open(bytes);
    let tab = "Pijler Kansrijk";
    let mut work = Rewrite::new(book.archive());
    work.edit(&book.sheet(tab).unwrap().part.clone(), |text| {
        let own = "<oddHeader>&amp;CVertrouwelijk</oddHeader>";
        let text = match text.find("<headerFooter") {
            Some(at) => {
                let end = at + text[at..].find('>').unwrap() + 1;
                format!("{}{own}{}", &text[..end], &text[end..])
            }
            None => panic!("the format writes a footer"),
        };
        let at = text.find("<tabColor rgb=\"").unwrap() + "<tabColor rgb=\"".len();
        let text = format!("{}FF123456{}", &text[..at], &text[at + 8..]);
        Ok(text.replace("orientation=\"landscape\"", "orientation=\"portrait\""))
    })
    .unwrap();
    let mut found = told(&taken_along(work.finish().unwrap()));
    found.sort();
    let wanted = [words[2], words[1], words[0]].map(|word| (tab.to_owned(), word.to_owned()));
    assert_eq!(found, wanted);
}

/// Nothing moved: the new version differs in its number only.
fn same_places() -> Format {
    Format { version: "2.0".into(), ..small() }
}

/// A workbook with these cells at the end of the own tab.
fn with_cells(cells: impl Fn(&BTreeMap<String, CellRef>) -> String) -> Vec<u8> {
    let bytes = with_formulas(|_| Vec::new());
    let known = places(&bytes, &small());
    let book = open(bytes);
    let mut work = Rewrite::new(book.archive());
    work.edit(&book.sheet(OWN_TAB).unwrap().part.clone(), |text| {
        Ok(text.replace("</sheetData>", &format!("{}</sheetData>", cells(&known))))
    })
    .unwrap();
    work.finish().unwrap()
}

#[test]
fn a_formula_about_cells_that_did_not_move_stays_whatever_lies_between_them() {
    let written = |places: &BTreeMap<String, CellRef>| {
        let tab = &figures(&small(), places)[0].tab;
        let ranges = ["A1", "E1:E90", "A1:H5000", "$B$2:$Z$40", "Z900", "E:E", "A:Z", "1:60", "12:12"];
        ranges.map(|range| format!("COUNTA('{tab}'!{range})")).to_vec()
    };
    let bytes = with_formulas(written);
    let expected = written(&places(&bytes, &small()));
    let migrated = session(same_places()).migrated("oud.xlsx", bytes.into(), Some(&small()), None).unwrap();
    assert_eq!(sums(&migrated.bytes).into_values().collect::<Vec<_>>(), expected);
    assert!(!migrated.plan.unplaced.iter().any(|line| line.tab == OWN_TAB), "{:?}", migrated.plan.unplaced);
}

#[test]
fn formulas_that_are_written_once_for_many_cells_follow_their_cells_one_by_one() {
    let cells = |places: &BTreeMap<String, CellRef>| {
        let figures = figures(&small(), places);
        let (first, last) = (&figures[0], &figures[2]);
        let tab = &first.tab;
        assert_eq!(last.row, first.row + 2, "they stand under each other");
        let array = format!("'{tab}'!{}:{}*2", first.a1(), last.a1());
        format!(
            "<row r=\"51\"><c r=\"A51\"><f t=\"shared\" ref=\"A51:A53\" si=\"9\">'{tab}'!{}</f><v>7</v></c>\
             <c r=\"B51\"><f t=\"array\" ref=\"B51:B53\">{array}</f><v>14.25</v></c></row>\
             <row r=\"52\"><c r=\"A52\"><f t=\"shared\" si=\"9\"/><v>7</v></c><c r=\"B52\"><v>14.25</v></c></row>\
             <row r=\"53\"><c r=\"A53\"><f t=\"shared\" si=\"9\"/><v>7</v></c><c r=\"B53\"><v>14.25</v></c></row>",
            first.a1()
        )
    };
    for goal in [same_places(), elsewhere()] {
        let migrated =
            session(goal.clone()).migrated("oud.xlsx", with_cells(cells).into(), Some(&small()), None).unwrap();
        let figures = figures(&goal, &places(&migrated.bytes, &goal));
        let mut found: Vec<String> = Vec::new();
        open(migrated.bytes.clone())
            .visit_cells(OWN_TAB, &mut |view| {
                found.extend(view.formula.filter(|_| view.row >= 50).map(|formula| formula.text.to_owned()));
                Ok(true)
            })
            .unwrap();
        let at = |cell: &CellRef| format!("'{}'!{}", cell.tab, cell.a1());
        let array = format!("{}:{}*2", at(&figures[0]), figures[2].a1());
        assert_eq!(found, [at(&figures[0]), array, at(&figures[1]), at(&figures[2])]);
    }
}

/// LibreOffice and Google write a link inside the workbook as one to something outside it.
#[test]
fn a_link_that_is_written_as_a_relation_follows_its_tab_and_is_told_when_its_cell_is_gone() {
    let renamed = || {
        let mut format = same_places();
        format.pijlers[0].tab = "Nieuw & anders".into();
        format.questions.reverse();
        format
    };
    let old_tab = small().pijlers[0].tab.clone();
    let bytes = with_formulas(|_| Vec::new());
    let figure = figures(&small(), &places(&bytes, &small())).remove(0);
    assert_eq!(figure.tab, old_tab);
    let book = open(bytes);
    let part = book.sheet(OWN_TAB).unwrap().part.clone();
    let mut work = Rewrite::new(book.archive());
    let goals = [
        format!("#'{old_tab}'!A1"),
        format!("#'{}'!{}", old_tab.replace(' ', "%20"), figure.a1()),
        format!("#'{old_tab}'!ZZ9"),
        "https://voorbeeld.example/#iets!A1".to_owned(),
    ];
    let relations: String = goals
        .iter()
        .enumerate()
        .map(|(at, goal)| {
            format!(
                "<Relationship Id=\"rIdL{at}\" Type=\"{R}/hyperlink\" Target=\"{goal}\" TargetMode=\"External\"/>"
            )
        })
        .collect();
    let links: String = (0..goals.len())
        .map(|at| format!("<hyperlink xmlns:r=\"{R}\" ref=\"D{}\" r:id=\"rIdL{at}\"/>", at + 1))
        .collect();
    let rels = crate::package::parts::relationships_part(&part);
    let empty =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
    match work.contains(&rels) {
        true => work
            .edit(&rels, |text| Ok(text.replace("</Relationships>", &format!("{relations}</Relationships>"))))
            .unwrap(),
        false => work.put(&rels, empty.replace("></", &format!(">{relations}</")).into_bytes()),
    }
    work.edit(&part, |text| {
        Ok(match text.find("</hyperlinks>") {
            Some(_) => text.replace("</hyperlinks>", &format!("{links}</hyperlinks>")),
            None => text.replace("<pageMargins", &format!("<hyperlinks>{links}</hyperlinks><pageMargins")),
        })
    })
    .unwrap();
    let migrated =
        session(renamed()).migrated("oud.xlsx", work.finish().unwrap().into(), Some(&small()), None).unwrap();
    let facts = open(migrated.bytes.clone()).sheet_facts(OWN_TAB).unwrap().hyperlinks.clone();
    let after = figures(&renamed(), &places(&migrated.bytes, &renamed())).remove(0);
    let target = |row: u32| {
        let link = facts.iter().find(|link| link.range.contains(row, 3)).unwrap();
        link.target.clone().unwrap_or_default()
    };
    assert_eq!(target(0), "#'Nieuw & anders'!A1");
    assert_eq!(target(1), format!("#'Nieuw & anders'!{}", after.a1()));
    assert_eq!(target(2), "#'Nieuw & anders'!A1", "to the top of the tab");
    assert_eq!(target(3), goals[3], "what lies outside stays what it is");
    let told: Vec<&str> = migrated
        .plan
        .unplaced
        .iter()
        .filter(|line| line.tab == OWN_TAB && line.what == "link")
        .map(|line| line.cell.as_str())
        .collect();
    assert_eq!(told, ["D3"]);
}

#[test]
fn of_a_workbook_without_ids_the_ends_of_pages_of_all_tabs_are_one_line() {
    let bytes = without_ids(with_formulas(|_| Vec::new()));
    let book = open(bytes);
    let mut work = Rewrite::new(book.archive());
    let tabs: Vec<String> = small().pijlers.iter().map(|pijler| pijler.tab.clone()).collect();
    assert!(tabs.len() > 1);
    for (at, tab) in (0_usize..).zip(&tabs) {
        work.edit(&book.sheet(tab).unwrap().part.clone(), |text| {
            let row = 15 + at;
            let breaks = format!(
                "<rowBreaks count=\"1\" manualBreakCount=\"1\"><brk id=\"{row}\" max=\"16383\" man=\"1\"/></rowBreaks>"
            );
            let rest = text.find("<rowBreaks").map(|from| (from, text.find("</rowBreaks>").unwrap() + 12));
            Ok(match rest {
                Some((from, to)) => format!("{}{breaks}{}", &text[..from], &text[to..]),
                None => text.replace("</headerFooter>", &format!("</headerFooter>{breaks}")),
            })
        })
        .unwrap();
    }
    let migrated = taken_along(work.finish().unwrap());
    let lines: Vec<_> = migrated.plan.unplaced.iter().filter(|line| line.what == "pagina-einde").collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(tabs.iter().all(|tab| lines[0].text.contains(tab)), "{lines:?}");
}
