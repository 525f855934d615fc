//! A definition that is read out of a workbook builds that workbook again.

use std::path::Path;

use proptest::prelude::*;

use super::Session;
use super::derive::derive_from;
use super::migrate_tests::{Choice, change, filled, small};
use crate::finding::Finding;
use crate::format::{self, BuildOptions, Derived, build};
use crate::model::*;
use crate::overview;
use crate::package::rewrite::Rewrite;
use crate::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice};

fn read(format: &Format, overview: &Overview, base: &Format, folder: Option<&Path>) -> Derived {
    let bytes = build(format, overview, &BuildOptions::default()).unwrap();
    derive_from("werkboek.xlsx", bytes.into(), base, folder).unwrap()
}

/// Field by field, so that a failure says what differs.
fn same(one: &Format, other: &Format) {
    let (one, other) = (serde_json::to_value(one).unwrap(), serde_json::to_value(other).unwrap());
    for (key, value) in one.as_object().unwrap() {
        let now = &other[key];
        match (value.as_array(), now.as_array()) {
            (Some(before), Some(after)) => {
                for (at, (a, b)) in before.iter().zip(after).enumerate() {
                    assert_eq!(a, b, "{key} {at}");
                }
                assert_eq!(before.len(), after.len(), "{key}");
            }
            _ => match (value.as_object(), now.as_object()) {
                (Some(before), Some(after)) => {
                    for (name, text) in before {
                        assert_eq!(Some(text), after.get(name), "{key} {name}");
                    }
                }
                _ => assert_eq!(value, now, "{key}"),
            },
        }
    }
}

#[test]
fn the_built_in_format_is_read_back_from_its_workbook_to_the_letter() {
    let format = format::builtin().unwrap();
    let derived = read(&format, &overview::example().unwrap(), &format, None);
    same(&format, &derived.format);
    let notes: Vec<String> =
        derived.notes.iter().filter(|n| n.code != "lees-uit-basis").map(|n| format!("{n:?}")).collect();
    assert_eq!(notes, Vec::<String>::new());
    let sources = format::sources(None).unwrap();
    let files = format::files(&derived, &format, &sources);
    assert!(files.iter().zip(&sources).all(|((name, text), (known, before))| name == known && text == before));
}

#[test]
fn a_damaged_tab_of_the_format_is_refused_and_not_left_out_of_the_definition() {
    let format = format::builtin().unwrap();
    let mut bytes = build(&format, &overview::example().unwrap(), &BuildOptions::default()).unwrap();
    let name = b"xl/worksheets/sheet4.xml";
    let at = bytes.windows(name.len()).position(|window| window == name).unwrap();
    bytes[at + 2000..at + 2040].iter_mut().for_each(|byte| *byte ^= 0x5A);
    let refused = derive_from("stuk.xlsx", bytes.into(), &format, None).err().unwrap().to_string();
    assert!(refused.contains("xl/worksheets/sheet4.xml is beschadigd"), "{refused}");
}

#[test]
fn a_broken_formula_in_a_workbook_of_the_format_is_told_with_its_cell() {
    let base = base();
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap();
    let tab = base.tab("ranking");
    let part = book.sheet(tab).unwrap().part.clone();
    let mut work = Rewrite::new(book.archive());
    let cell = "<row r=\"900\"><c r=\"C900\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>";
    work.edit(&part, |text| Ok(text.replace("</sheetData>", cell))).unwrap();
    let derived = derive_from("a.xlsx", work.finish().unwrap().into(), &base, None).unwrap();
    let told: Vec<_> = derived.notes.iter().filter(|note| note.code == "format-formule-fout").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].place.tab.as_deref(), told[0].place.cell.as_deref()), (Some(tab), Some("C900")));
}

#[test]
fn the_example_of_amsterdam_is_read_back_from_its_workbook() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("voorbeelden/amsterdam");
    let folder = root.join("format");
    let session = Session::open(Some(&folder)).unwrap();
    let (overview, _) = session.overview(Some(&root.join("overzicht.csv"))).unwrap();
    let derived = read(&session.format, &overview, &session.format, Some(&folder));
    same(&session.format, &derived.format);
    // Also where only the built-in format is known; then what that cannot know is asked for or kept.
    let base = format::builtin().unwrap();
    let derived = read(&session.format, &overview, &base, None);
    let again = read(&derived.format, &overview, &base, None);
    same(&derived.format, &again.format);
    assert_eq!(derived.format.benchmark, ("GM0363".to_owned(), "Amsterdam".to_owned()));
}

#[test]
fn the_code_of_the_benchmark_is_that_of_the_area_with_its_name_in_the_overview() {
    let base = format::builtin().unwrap();
    let example = overview::example().unwrap();
    let mut other = example.clone();
    for area in &mut other.areas {
        for code in std::iter::once(&mut area.code).chain(&mut area.parent) {
            *code = code.replace("GM0599", "GM0363");
        }
    }
    let derived = read(&base, &other, &base, None);
    assert_eq!(derived.format.benchmark, ("GM0363".to_owned(), "Rotterdam".to_owned()));
    let told: Vec<&Finding> = derived.notes.iter().filter(|note| note.found.contains("'GM0363'")).collect();
    assert_eq!(told.len(), 1, "{:?}", derived.notes);
    assert_eq!(told[0].place.cell.as_deref(), Some("A20"));
    let changes = format::difference(&base, &derived.format);
    assert!(changes.iter().any(|change| format!("{change:?}").contains("GM0363")), "{changes:?}");
    // Another area that is called so is not the benchmark where its code is there.
    let mut twins = example;
    twins.areas.last_mut().unwrap().name = "Rotterdam".into();
    assert_eq!(read(&base, &twins, &base, None).format.benchmark, base.benchmark);
}

#[test]
fn what_a_format_says_otherwise_than_the_overview_is_read_back_from_its_workbook() {
    let base = format::builtin().unwrap();
    let overview = overview::example().unwrap();
    let mut own = base.clone();
    let unit = own.indicators.iter().map(|i| i.unit.clone()).find(|unit| unit.name != own.indicators[0].unit.name);
    own.indicators[0].unit = unit.unwrap();
    own.indicators[1].edition = "2031".into();
    own.indicators[1].year = "2030".into();
    own.indicators[2].doelgroep = "12 t/m 17 jaar".into();
    own.indicators[2].source = "Eigen telling".into();
    let derived = read(&own, &overview, &base, None);
    same(&own, &derived.format);
    same(&own, &read(&derived.format, &overview, &base, None).format);
    // A newer overview alone does not change the format.
    let mut newer = overview.clone();
    let code = own.indicators[2].code.clone();
    newer.columns.iter_mut().filter(|column| column.code == code).for_each(|c| c.source = "Nieuwe telling".into());
    let bytes = build(&base, &newer, &BuildOptions::default()).unwrap();
    let read = derive_from("nieuw.xlsx", bytes.into(), &base, None).unwrap().format;
    assert_eq!(read.indicator(&code).unwrap().source, base.indicator(&code).unwrap().source);
}

#[test]
fn a_column_of_the_overview_that_is_no_indicator_of_the_format_does_not_become_one() {
    let mut own = format::builtin().unwrap();
    let overview = overview::example().unwrap();
    let gone = own.indicator("overbewoning").unwrap().name.clone();
    own.indicators.retain(|indicator| indicator.code != "overbewoning");
    assert!(overview.columns.iter().any(|column| column.code == "overbewoning"));
    let derived = read(&own, &overview, &own, None);
    same(&own, &derived.format);
    assert_eq!(format::difference(&own, &derived.format), []);
    let told: Vec<&String> =
        derived.notes.iter().map(|note| &note.found).filter(|said| said.contains(&gone)).collect();
    assert!(matches!(told.as_slice(), [said] if said.contains("horen bij het overzicht")), "{told:?}");
}

/// Everything of a format that a blank workbook shows, as lines of text.
fn shown(format: &Format) -> Vec<String> {
    let mut out = vec![format!("{} {} {}", format.name, format.doelgroep, format.benchmark.1)];
    for p in &format.pijlers {
        out.push(format!("pijler {} {} {} {}", p.id, p.name, p.heading, p.tab));
    }
    // Which domein comes first is seen within a pijler only.
    let mut domeinen: Vec<&Domein> = format.domeinen.iter().collect();
    domeinen.sort_by_key(|d| format.pijlers.iter().position(|p| p.name == d.pijler));
    for d in domeinen {
        out.push(format!("domein {} {} {} {} {}", d.id, d.name, d.pijler, d.factorenmodel_tab, d.ambitie));
        for (factor, list) in format.placement(&d.name) {
            for i in list {
                let under = factor.map(|factor| factor.id.as_str());
                let (unit, kind) = (&i.unit.name, i.kind.word());
                out.push(format!(
                    "rij {} {under:?} {} {} {unit} {} {:?} {} {kind} {} {} {} {} {} {} {:?}",
                    d.id,
                    i.code,
                    i.name,
                    i.decimals,
                    i.direction,
                    i.doelgroep,
                    i.edition,
                    i.year,
                    i.source,
                    i.method,
                    i.renewal,
                    i.definition,
                    i.domein
                ));
            }
        }
        let mut factoren: Vec<&Factor> = format.factoren_of(&d.name).collect();
        factoren.sort_by_key(|factor| format.rank(&factor.name).unwrap_or(u8::MAX));
        for f in factoren {
            out.push(format!("factor {} {f:?} {:?}", d.id, format.rank(&f.name)));
        }
    }
    for place in [QuestionPlace::Domein, QuestionPlace::Pijler, QuestionPlace::Samenvatting] {
        for q in format.questions.iter().filter(|question| question.place == place) {
            out.push(format!("vraag {place:?} {} {} {}", q.code, q.text, q.links_to_factorenmodel));
        }
    }
    for h in &format.headings {
        // Above the benchmark stands its name; two tables are on every tab of their kind.
        let named = h.table == "pijler" && h.field == "benchmark";
        if !named && !["factorenmodel", "ranking"].contains(&h.table.as_str()) {
            out.push(format!("kop {} {} {}", h.table, h.field, h.text));
        }
    }
    out.extend(format.tabs.iter().map(|t| format!("tab {} {}", t.kind, t.name)));
    out
}

/// The small format without factors that no factorenmodel of it has.
pub(super) fn base() -> Format {
    let mut format = small();
    let names: Vec<String> = format.factoren.iter().map(|factor| factor.name.clone()).collect();
    for indicator in &mut format.indicators {
        indicator.factoren.retain(|factor| names.contains(factor));
    }
    format
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn what_maintainers_change_is_read_back_and_reading_again_gives_the_same(
        changes in prop::collection::vec(any::<Choice>(), 0..8),
    ) {
        let base = base();
        let mut format = base.clone();
        for (at, choice) in changes.iter().enumerate() {
            change(&mut format, *choice, at);
        }
        let empty = Overview::default();
        let derived = read(&format, &empty, &base, None).format;
        prop_assert_eq!(shown(&derived), shown(&format));
        same(&derived, &read(&derived, &empty, &base, None).format);
        same(&derived, &read(&derived, &empty, &derived, None).format);
    }
}

#[test]
fn decimals_and_explanations_of_a_format_with_other_words_are_read_back_from_its_workbook() {
    let base = format::builtin().unwrap();
    let mut other = base.clone();
    for indicator in &mut other.indicators {
        indicator.decimals = if indicator.decimals == 1 { 2 } else { 1 };
    }
    other.texts.0.insert("factor-elders".into(), "eerder genoemd zijn: {indicatoren}".into());
    let example = overview::example().unwrap();
    let read = read(&other, &example, &base, None).format;
    let decimals = |format: &Format| -> Vec<(String, u8)> {
        format.indicators.iter().map(|indicator| (indicator.code.clone(), indicator.decimals)).collect()
    };
    let explained = |format: &Format| -> Vec<(String, String)> {
        format.factoren.iter().map(|factor| (factor.name.clone(), factor.explanation.clone())).collect()
    };
    assert_eq!(explained(&read), explained(&other));
    let differ: Vec<_> = decimals(&read).into_iter().zip(decimals(&other)).filter(|(a, b)| a != b).collect();
    assert_eq!(differ, []);
}

#[test]
fn titles_and_messages_at_cells_are_read_back_from_a_workbook_also_where_one_cell_says_otherwise() {
    let base = base();
    let mut own = base.clone();
    let texts = [
        ("keuze-titel", "Kies & wijzig"),
        ("keuze-uitleg", "Kies hier.\nTyp zelf mag ook."),
        ("keuze-melding", "Staat niet in de lijst."),
        ("datum-titel", "Wanneer?"),
        ("datum-melding", "Typ dag-maand-jaar."),
    ];
    for (key, text) in texts {
        own.texts.0.insert(key.into(), text.into());
    }
    let derived = read(&own, &Overview::default(), &base, None);
    same(&own, &derived.format);
    assert_eq!(derived.notes.iter().filter(|note| note.code == "lees-tegenstrijdig").count(), 0);
    // Excel holds 255 characters: the rest of a longer text is kept from the files.
    own.texts.0.insert("keuze-uitleg".into(), "Kies een waarde uit de lijst. ".repeat(12));
    same(&own, &read(&own, &Overview::default(), &own, None).format);
    // What a maintainer changes in Excel at one column is the new text, and it is told that others say otherwise.
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap();
    let tab = base.tab("activiteiten");
    let mut work = Rewrite::new(book.archive());
    let known = base.texts.get("keuze-melding");
    work.edit(&book.sheet(tab).unwrap().part.clone(), |text| {
        assert!(text.matches(known).count() > 1);
        Ok(text.replacen(known, "Kies uit de lijst, of overleg.", 1))
    })
    .unwrap();
    let derived = derive_from("a.xlsx", work.finish().unwrap().into(), &base, None).unwrap();
    assert_eq!(derived.format.texts.get("keuze-melding"), "Kies uit de lijst, of overleg.");
    let told: Vec<_> = derived.notes.iter().filter(|note| note.code == "lees-tegenstrijdig").collect();
    assert!(matches!(told.as_slice(), [note] if note.place.tab.as_deref() == Some(tab)), "{told:?}");
}

#[test]
fn nothing_that_people_filled_in_becomes_part_of_the_format() {
    let base = base();
    let fillings: Vec<Choice> = (0..300_u16).map(|n| (u8::try_from(n % 5).unwrap(), n * 37, n * 101)).collect();
    let (bytes, written) = filled(&base, &fillings);
    assert!(written.len() > 100);
    let derived = derive_from("ingevuld.xlsx", bytes.into(), &base, None).unwrap();
    assert!(derived.notes.iter().any(|note| note.code == "lees-ingevuld"));
    same(&base, &derived.format);
}

/// The number of a text among the shared strings.
fn number_of(book: &Spreadsheet, text: &str) -> usize {
    let strings = book.shared_strings().unwrap();
    (0..).map_while(|at| strings.get(at).map(|known| (at, known))).find(|(_, known)| *known == text).unwrap().0
}

/// The workbook with a copy of a tab at the end, as Excel and openpyxl make one: cells, and none of the names of the workbook.
fn with_copy(bytes: Vec<u8>, tab: &str, copy: &str) -> Vec<u8> {
    with_renamed_copy(bytes, tab, copy, &[])
}

/// As [`with_copy`], with other texts in its cells.
fn with_renamed_copy(bytes: Vec<u8>, tab: &str, copy: &str, other: &[(String, String)]) -> Vec<u8> {
    let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap();
    let part = book.sheet(tab).unwrap().part.clone();
    let text = book.archive().read_text(&part).unwrap();
    // What hangs at the tab stays with the first.
    let mut cells = text[..text.find("</sheetData>").unwrap()].to_owned();
    for (old, new) in other {
        let at = number_of(&book, old);
        let shared = format!("t=\"s\"><v>{at}</v></c>");
        assert!(cells.contains(&shared), "{old}");
        cells = cells.replace(&shared, &format!("t=\"inlineStr\"><is><t>{new}</t></is></c>"));
    }
    let mut work = Rewrite::new(book.archive());
    work.put("xl/worksheets/kopie.xml", format!("{cells}</sheetData></worksheet>").into_bytes());
    let sheet = format!("<sheet name=\"{copy}\" sheetId=\"900\" r:id=\"rIdKopie\"/></sheets>");
    work.edit("xl/workbook.xml", |text| Ok(text.replace("</sheets>", &sheet))).unwrap();
    let relation = "<Relationship Id=\"rIdKopie\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/kopie.xml\"/></Relationships>";
    work.edit("xl/_rels/workbook.xml.rels", |text| Ok(text.replace("</Relationships>", relation))).unwrap();
    let kind = "<Override PartName=\"/xl/worksheets/kopie.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
    work.edit("[Content_Types].xml", |text| Ok(text.replace("</Types>", kind))).unwrap();
    work.finish().unwrap()
}

#[test]
fn a_copied_tab_of_a_pijler_takes_the_name_of_its_tab_and_what_collides_is_told_in_dutch() {
    let base = base();
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let first = &base.pijlers[0];
    let derived =
        derive_from("a.xlsx", with_copy(bytes, &first.tab, "Pijler Nieuw (2)").into(), &base, None).unwrap();
    let names: Vec<(&str, &str)> =
        derived.format.pijlers.iter().map(|pijler| (pijler.name.as_str(), pijler.tab.as_str())).collect();
    assert!(names.contains(&("Nieuw (2)", "Pijler Nieuw (2)")), "{names:?}");
    assert_eq!(names.iter().filter(|(name, _)| *name == first.name).count(), 1, "{names:?}");
    let told =
        derived.notes.iter().find(|note| note.found.contains("Genomen is de naam van het tabblad")).unwrap();
    assert_eq!((told.code.as_str(), told.place.tab.as_deref()), ("lees-tegenstrijdig", Some("Pijler Nieuw (2)")));
    let unbuilt = derived.notes.iter().find(|note| note.found.contains("nog geen werkboek")).unwrap();
    assert!(
        !unbuilt.found.contains("Worksheet") && unbuilt.found.contains("meer dan één tabblad heet"),
        "{unbuilt:?}"
    );
}

#[test]
fn tabs_that_differ_in_capitals_only_are_refused_before_building_and_all_at_once() {
    let mut format = base();
    format.pijlers[0].tab = format.tab("ranking").to_uppercase();
    let second = format.domeinen[0].factorenmodel_tab.to_uppercase();
    format.domeinen[1].factorenmodel_tab.clone_from(&second);
    let refused = build(&format, &Overview::default(), &BuildOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("pijler '") && refused.contains("tabs.csv 'ranking'"), "{refused}");
    assert!(refused.to_uppercase().contains(&second) && refused.contains("hoofdletters"), "{refused}");
}

/// Who is called what: domeinen, and factoren with their domein, by id.
#[allow(clippy::type_complexity)]
fn names_by_id(format: &Format) -> (Vec<(String, String)>, Vec<(String, String, String)>) {
    let domeinen = format.domeinen.iter().map(|domein| (domein.id.clone(), domein.name.clone())).collect();
    let factoren = format.factoren.iter().map(|f| (f.id.clone(), f.domein.clone(), f.name.clone())).collect();
    (domeinen, factoren)
}

/// Gives things other names, everywhere the format uses them.
fn rename(format: &mut Format, names: &[(&str, &str)]) {
    let new = |name: &mut String| {
        if let Some((_, other)) = names.iter().find(|(old, _)| old == name) {
            *name = (*other).to_owned();
        }
    };
    for domein in &mut format.domeinen {
        new(&mut domein.name);
        domein.variants.clear();
    }
    for factor in &mut format.factoren {
        new(&mut factor.name);
        new(&mut factor.domein);
    }
    for indicator in &mut format.indicators {
        indicator.factoren.iter_mut().for_each(new);
        indicator.domein.iter_mut().for_each(new);
    }
    format.ranking.iter_mut().for_each(|ranked| new(&mut ranked.name));
    format.wanted.iter_mut().for_each(|wanted| new(&mut wanted.domein));
    format.control.aliases.iter_mut().for_each(|alias| new(&mut alias.name));
}

#[test]
fn a_factor_or_domein_that_takes_the_former_name_of_another_is_told_by_its_id() {
    let base = format::builtin().unwrap();
    let (one, two) = (base.domeinen[0].name.clone(), base.domeinen[1].name.clone());
    for names in [
        vec![("Middelengebruik", "Mishandeling"), ("Mishandeling", "Middelengebruik")],
        vec![("Middelengebruik", "Mishandeling"), ("Mishandeling", "Kindermishandeling")],
        vec![(one.as_str(), two.as_str()), (two.as_str(), one.as_str())],
        vec![(one.as_str(), two.as_str()), (two.as_str(), "Fictief domein")],
    ] {
        let mut own = base.clone();
        rename(&mut own, &names);
        let derived = read(&own, &overview::example().unwrap(), &base, None);
        assert_eq!(names_by_id(&derived.format), names_by_id(&own), "{names:?}");
        assert_eq!(derived.format.ranking, own.ranking, "{names:?}");
        let of = |format: &Format| -> Vec<(String, Option<String>, Vec<String>)> {
            format.indicators.iter().map(|i| (i.code.clone(), i.domein.clone(), i.factoren.clone())).collect()
        };
        assert_eq!(of(&derived.format), of(&own), "{names:?}");
        let told: Vec<_> = derived.notes.iter().filter(|note| note.code == "lees-tegenstrijdig").collect();
        assert_eq!(told.len(), 0, "{told:?}");
        // Read by itself it says the same, though the overview still has the former names.
        let again = read(&own, &overview::example().unwrap(), &own, None);
        same(&own, &again.format);
        assert!(
            again.notes.iter().all(|note| note.level == crate::finding::Level::Opmerking),
            "{:?}",
            again.notes
        );
    }
}

#[test]
fn rows_of_a_factorenmodel_that_were_sorted_without_their_hidden_ids_keep_their_names_and_that_is_told() {
    let base = format::builtin().unwrap();
    let domein = &base.domeinen[0];
    let mut here = base.factoren_of(&domein.name);
    let (one, two) = (here.next().unwrap(), here.next().unwrap());
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap();
    let id = |factor: &Factor| number_of(&book, &Identity::Factor(factor.id.clone()).text());
    let cell = |at: usize| format!("t=\"s\"><v>{at}</v></c>");
    let (first, second) = (cell(id(one)), cell(id(two)));
    let mut work = Rewrite::new(book.archive());
    work.edit(&book.sheet(&domein.factorenmodel_tab).unwrap().part.clone(), |text| {
        assert!(text.contains(&first) && text.contains(&second));
        Ok(text.replacen(&first, "@", 1).replacen(&second, &first, 1).replacen('@', &second, 1))
    })
    .unwrap();
    let derived = derive_from("a.xlsx", work.finish().unwrap().into(), &base, None).unwrap();
    same(&base, &derived.format);
    let told: Vec<&str> = derived
        .notes
        .iter()
        .filter(|note| note.code == "lees-tegenstrijdig")
        .map(|note| note.found.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|said| said.contains("naam en toelichting zijn gevolgd")), "{told:?}");
}

#[test]
fn a_heading_with_the_name_of_an_area_renames_no_column_and_each_other_heading_is_told() {
    let base = format::builtin().unwrap();
    let bytes = build(&base, &overview::example().unwrap(), &BuildOptions::default()).unwrap();
    let found = crate::workbook::definition("a.xlsx", bytes.clone(), &base).unwrap();
    let headings: Vec<&CellRef> = found
        .headings
        .iter()
        .filter(|seen| seen.table == "pijler" && seen.field.as_deref() == Some("wijk"))
        .map(|seen| &seen.cell.at)
        .collect();
    assert!(headings.len() > 8);
    let with = |texts: &[(usize, &str)]| {
        let cells = texts.iter().map(|(at, text)| CellEdit {
            tab: headings[*at].tab.clone(),
            row: headings[*at].row,
            col: headings[*at].col,
            value: NewValue::Text((*text).to_owned()),
            style: StyleChoice::Keep,
        });
        let changes = Changes { cells: cells.collect(), ..Changes::default() };
        let book = Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes.clone()).unwrap()).unwrap();
        let mut out = Vec::new();
        book.apply(&changes, &mut out).unwrap();
        let derived = derive_from("a.xlsx", out.into(), &base, None).unwrap();
        let heading = derived.format.headings.iter().find(|h| h.table == "pijler" && h.field == "wijk").unwrap();
        let told: Vec<String> = derived.notes.iter().map(|note| note.found.clone()).collect();
        (heading.text.clone(), told)
    };
    let known = base.headings.iter().find(|h| h.table == "pijler" && h.field == "wijk").unwrap().text.clone();
    let (heading, told) = with(&[(1, "Bospolder"), (2, "Bospolder")]);
    assert_eq!(heading, known);
    let said: Vec<&String> = told.iter().filter(|said| said.contains("'Bospolder'")).collect();
    assert_eq!(said.len(), 1, "{told:?}");
    assert!(said[0].contains("in nog een kop"), "{said:?}");
    let (heading, told) = with(&[(0, "'Indicatoren overzicht (naslag)'!$X$3")]);
    assert_eq!(heading, known);
    assert!(told.iter().any(|said| said.contains("formule als tekst")), "{told:?}");
    let (heading, told) = with(&[(0, "Buurt"), (8, "Cluster")]);
    assert_eq!(heading, "Buurt");
    assert!(told.iter().any(|said| said.contains("'Buurt'") && said.contains("('Cluster')")), "{told:?}");
}

#[test]
fn a_copied_tab_with_its_closing_table_renamed_leaves_the_first_pijler_as_it_is() {
    let base = base();
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let first = &base.pijlers[0];
    let domeinen: Vec<&str> =
        base.domeinen.iter().filter(|d| d.pijler == first.name).map(|d| d.name.as_str()).collect();
    let mut other = Vec::new();
    for name in &domeinen {
        other.push((format!("Domein: {name}"), format!("Domein: Nieuw {name}")));
        other.push(((*name).to_owned(), format!("Nieuw {name}")));
    }
    let bytes = with_renamed_copy(bytes, &first.tab, "Pijler Nieuw", &other);
    let derived = derive_from("a.xlsx", bytes.into(), &base, None).unwrap();
    let names = |format: &Format| -> Vec<(String, String)> {
        format.domeinen.iter().map(|domein| (domein.id.clone(), domein.name.clone())).collect()
    };
    let (before, after) = (names(&base), names(&derived.format));
    assert!(before.iter().all(|domein| after.contains(domein)), "{after:?}");
    for name in &domeinen {
        assert!(after.iter().any(|(_, known)| *known == format!("Nieuw {name}")), "{after:?}");
    }
}

#[test]
fn a_copied_tab_with_a_factorenmodel_that_no_domein_has_is_told() {
    let base = base();
    let tab = &base.domeinen[0].factorenmodel_tab;
    let bytes = build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let derived = derive_from("a.xlsx", with_copy(bytes, tab, "Factorenmodel (2)").into(), &base, None).unwrap();
    let told = derived.notes.iter().find(|note| note.found.contains("hoort bij geen domein")).unwrap();
    assert_eq!((told.code.as_str(), told.place.tab.as_deref()), ("lees-niet-begrepen", Some("Factorenmodel (2)")));
    same(&base, &derived.format);
}
