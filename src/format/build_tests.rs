//! Tests of the built workbook. It is read back from its parts by code of its own, not by the writer's.

mod charts;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{BuildOptions, RECORD_TAB, build, builtin, load};
use crate::model::{
    Area, AreaLevel, CHART_TAB, Column, Figure, Format, Kind, Missing, Overview, column_letters, parse_a1,
};

/// An overview with a column for every indicator: the benchmark, one gebied and two wijken.
fn overview(format: &Format) -> Overview {
    let area = |code: &str, name: &str, level, parent: Option<&str>| Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: parent.map(str::to_owned),
        aliases: Vec::new(),
    };
    let columns: Vec<Column> = format
        .indicators
        .iter()
        .map(|i| Column {
            code: i.code.clone(),
            name: i.name.clone(),
            definition: i.definition.clone(),
            pijler: i.domein.as_deref().and_then(|d| format.domein(d)).map_or(String::new(), |d| d.pijler.clone()),
            domein: i.domein.clone().unwrap_or_default(),
            factoren: i.factoren.clone(),
            unit: i.unit.name.clone(),
            decimals: i.decimals,
            direction: i.direction.words().to_owned(),
            doelgroep: i.doelgroep.clone(),
            kind: i.kind.word().to_owned(),
            edition: i.edition.clone(),
            year: i.year.clone(),
            source: i.source.clone(),
            method: i.method.clone(),
            renewal: i.renewal.clone(),
        })
        .collect();
    let row = |shift: f64| -> Vec<Figure> {
        (0..columns.len()).map(|n| Figure::known((n as f64 * 7.3 + shift) % 100.0)).collect()
    };
    let mut figures = vec![row(10.0), row(12.5), row(31.26), row(7.0)];
    for (place, missing) in
        figures[2].iter_mut().skip(1).zip([Missing::Unknown, Missing::Secret, Missing::NotSupplied])
    {
        *place = Figure::Missing(missing);
    }
    Overview {
        edition: "proef".to_owned(),
        areas: vec![
            area("GM0599", "Rotterdam", AreaLevel::Stad, None),
            area("WK059903", "Delfshaven", AreaLevel::Gebied, Some("GM0599")),
            area("BU05990325", "Bospolder", AreaLevel::Wijk, Some("WK059903")),
            area("BU05990326", "Tussendijken", AreaLevel::Wijk, Some("WK059903")),
        ]
        .into(),
        columns,
        figures,
        ..Overview::default()
    }
}

/// A tab as it stands in the package.
#[derive(Default)]
struct Tab {
    name: String,
    state: String,
    xml: String,
    cells: BTreeMap<String, String>,
    /// Cell -> location.
    links: BTreeMap<String, String>,
    /// (ranges, formula) of the conditional formats.
    rules: Vec<(String, String)>,
}

impl Tab {
    fn cell(&self, at: &str) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// One-based rows with text in a column.
    fn rows_with(&self, letter: &str) -> BTreeSet<u32> {
        let column = |at: &str| at.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        self.cells.keys().filter(|at| column(at) == letter).filter_map(|at| Some(parse_a1(at)?.0 + 1)).collect()
    }

    /// One-based rows with an indicator: those with a code in the hidden column.
    fn indicator_rows(&self) -> BTreeSet<u32> {
        let heading_or_id = |text: &str| text == "code" || text.starts_with("wa:");
        self.rows_with("I").into_iter().filter(|row| !heading_or_id(self.cell(&format!("I{row}")))).collect()
    }
}

struct Book {
    parts: BTreeMap<String, String>,
    tabs: Vec<Tab>,
}

impl Book {
    fn tab(&self, name: &str) -> &Tab {
        self.tabs.iter().find(|tab| tab.name == name).unwrap_or_else(|| panic!("no tab {name}"))
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.attributes().filter_map(Result::ok).find(|a| a.key.0 == name);
    found.map(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned()).unwrap_or_default()
}

/// Calls `visit` for every element with its text (that of its children included), in document order.
fn elements(xml: &str, names: &[&str], mut visit: impl FnMut(&BytesStart<'static>, &str)) {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<(BytesStart<'static>, String)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if names.contains(&tag.name().0) => open.push((tag.into_owned(), String::new())),
            Event::Empty(tag) if names.contains(&tag.name().0) => visit(&tag.into_owned(), ""),
            Event::Text(text) => open.iter_mut().for_each(|(_, all)| all.push_str(&text)),
            Event::GeneralRef(reference) => {
                let sign = match &*reference {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("{other}"),
                };
                open.iter_mut().for_each(|(_, all)| all.push_str(sign));
            }
            Event::End(end) if open.last().is_some_and(|(tag, _)| tag.name() == end.name()) => {
                let (tag, text) = open.pop().unwrap();
                visit(&tag, &text);
            }
            Event::Eof => return,
            _ => {}
        }
    }
}

fn open(bytes: &[u8]) -> Book {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.insert(file.name().unwrap().into_owned(), text);
    }
    let mut strings = Vec::new();
    elements(&parts["xl/sharedStrings.xml"], &["si"], |_, text| strings.push(text.to_owned()));
    let mut tabs = Vec::new();
    elements(&parts["xl/workbook.xml"], &["sheet"], |tag, _| {
        tabs.push(Tab { name: attribute(tag, "name"), state: attribute(tag, "state"), ..Tab::default() });
    });
    for (number, tab) in (1..).zip(&mut tabs) {
        tab.xml = parts[&format!("xl/worksheets/sheet{number}.xml")].clone();
        let (cells, links, rules) = (&mut tab.cells, &mut tab.links, &mut tab.rules);
        elements(&tab.xml, &["c"], |tag, text| {
            let value = if attribute(tag, "t") == "s" {
                strings[text.parse::<usize>().unwrap()].clone()
            } else {
                text.into()
            };
            if !value.is_empty() {
                cells.insert(attribute(tag, "r"), value);
            }
        });
        elements(&tab.xml, &["hyperlink"], |tag, _| {
            links.insert(attribute(tag, "ref"), attribute(tag, "location"));
        });
        let mut formulas = Vec::new();
        elements(&tab.xml, &["formula"], |_, text| formulas.push(text.to_owned()));
        let mut ranges = Vec::new();
        elements(&tab.xml, &["conditionalFormatting"], |tag, _| ranges.push(attribute(tag, "sqref")));
        *rules = ranges.into_iter().zip(formulas).collect();
    }
    Book { parts, tabs }
}

/// The built-in format with the overview above, built and read once for all tests.
fn built() -> &'static (Format, Overview, Book) {
    static BUILT: std::sync::OnceLock<(Format, Overview, Book)> = std::sync::OnceLock::new();
    BUILT.get_or_init(|| {
        let format = builtin().unwrap();
        let overview = overview(&format);
        let bytes = build(&format, &overview, &BuildOptions::default()).unwrap();
        (format, overview, open(&bytes))
    })
}

/// One-based rows of a `sqref` in one column.
fn rows_of(ranges: &str) -> Vec<u32> {
    let row = |at: &str| parse_a1(at).unwrap().0 + 1;
    ranges
        .split(' ')
        .flat_map(|range| {
            let (from, to) = range.split_once(':').unwrap_or((range, range));
            row(from)..=row(to)
        })
        .collect()
}

#[test]
fn all_tabs_stand_in_order_and_only_those_of_the_program_are_hidden() {
    let (_, _, book) = built();
    let names: Vec<&str> = book.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Inhoudsopgave",
            "Toelichting",
            "Change log",
            "Pijler Kansrijk",
            "Pijler Veilig",
            "Pijler Gezond",
            "Samenvatting alle pijlers samen",
            "Indicatoren overzicht (naslag)",
            "Factorenmodel werk",
            "Factorenmodel school",
            "Factorenmodel sport",
            "Factorenmodel criminaliteit",
            "Factorenmodel Veilig Thuis",
            "Factorenmodel Veilige wijk",
            "Factorenmodel emot. gezondheid",
            "Factorenmodel Gezond gedrag",
            "Factorenmodel alg. gezondheid",
            "Ranking",
            "Maatschappelijke resultaten",
            "Preventiematrix",
            "Activiteiten",
            "Afspraken en verbeteracties",
            RECORD_TAB,
            CHART_TAB
        ]
    );
    let hidden: Vec<&str> =
        book.tabs.iter().filter(|tab| !tab.state.is_empty()).map(|tab| tab.name.as_str()).collect();
    assert_eq!(hidden, [RECORD_TAB, CHART_TAB]);
    assert!(hidden.iter().all(|name| book.tab(name).state == "veryHidden"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let format = builtin().unwrap();
    let overview = overview(&format);
    let once = build(&format, &overview, &BuildOptions::default()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(once == build(&format, &overview, &BuildOptions::default()).unwrap());
}

#[test]
fn the_version_is_stamped_twice() {
    let (format, _, book) = built();
    assert_eq!(book.tab(RECORD_TAB).cell("B1"), format.version);
    assert!(book.parts["docProps/custom.xml"].contains("name=\"WijkanalyseFormat\""));
    assert!(book.parts["docProps/custom.xml"].contains(&format!(">{}<", format.version)));
}

#[test]
fn every_indicator_row_is_highlighted_by_the_rule_of_its_own_row_and_decimals() {
    let (format, _, book) = built();
    for pijler in &format.pijlers {
        let tab = book.tab(&pijler.tab);
        let rows = tab.indicator_rows();
        assert!(rows.len() > 10, "{}", tab.name);
        for (letter, lead) in [("E", "OR(LEN(TRIM(E"), ("F", "AND(ISNUMBER(F")] {
            let mut covered = BTreeSet::new();
            for (ranges, formula) in tab.rules.iter().filter(|(ranges, _)| ranges.starts_with(letter)) {
                let at = rows_of(ranges);
                let first = at[0];
                assert!(formula.starts_with(&format!("AND(ISNUMBER($G{first}),{lead}{first}")), "{formula}");
                let decimals = formula.rsplit_once(',').unwrap().1.trim_end_matches(')');
                assert!(
                    formula.contains(&format!("ROUND({letter}{first},{decimals})<>ROUND($G{first},{decimals})"))
                );
                assert_eq!(at.iter().min(), Some(&first), "Excel reckons from the topmost row");
                for row in at {
                    assert!(covered.insert(row), "row {row} is covered twice");
                    let code = tab.cell(&format!("I{row}"));
                    assert_eq!(format.indicator(code).unwrap().decimals.to_string(), decimals, "{code}");
                }
            }
            assert_eq!(covered, rows, "{} column {letter}", tab.name);
        }
    }
}

#[test]
fn indicator_and_source_link_to_the_column_of_the_indicator() {
    let (format, _, book) = built();
    let overview = book.tab("Indicatoren overzicht (naslag)");
    for pijler in &format.pijlers {
        let tab = book.tab(&pijler.tab);
        for row in tab.indicator_rows() {
            let code = tab.cell(&format!("I{row}"));
            for letter in ["B", "D"] {
                let location = &tab.links[&format!("{letter}{row}")];
                let at = location.strip_prefix("'Indicatoren overzicht (naslag)'!").unwrap();
                let column = at.trim_end_matches(|c: char| c.is_ascii_digit());
                assert_eq!(overview.cell(&format!("{column}2")), code);
            }
        }
    }
}

#[test]
fn no_internal_link_is_dead() {
    let (_, _, book) = built();
    let mut count = 0;
    for tab in &book.tabs {
        for (cell, location) in &tab.links {
            let (name, at) = location.rsplit_once('!').unwrap();
            let name = name.trim_matches('\'').replace("''", "'");
            assert!(book.tabs.iter().any(|other| other.name == name), "{} {cell}: {location}", tab.name);
            assert!(parse_a1(at).is_some(), "{location}");
            count += 1;
        }
    }
    assert!(count > 300);
}

#[test]
fn the_table_of_contents_links_to_every_tab_that_people_see() {
    let (_, _, book) = built();
    let targets: BTreeSet<&str> = book.tab("Inhoudsopgave").links.values().map(String::as_str).collect();
    for tab in book.tabs.iter().filter(|tab| tab.state.is_empty() && tab.name != "Inhoudsopgave") {
        assert!(targets.contains(format!("'{}'!A1", tab.name).as_str()), "{}", tab.name);
    }
}

#[test]
fn overview_and_factorenmodel_tabs_link_back_to_their_pijler() {
    let (format, _, book) = built();
    let back = |tab: &str, pijler: &str| {
        let tab = book.tab(tab);
        tab.links.iter().any(|(cell, location)| {
            *location == format!("'{pijler}'!A1") && tab.cell(cell) == format!("terug naar {pijler}")
        })
    };
    for pijler in &format.pijlers {
        assert!(back(format.tab("overzicht"), &pijler.tab));
        for domein in format.domeinen_of(&pijler.name) {
            assert!(back(&domein.factorenmodel_tab, &pijler.tab), "{}", domein.name);
        }
    }
}

#[test]
fn the_benchmark_is_filled_in_and_the_wijk_is_open() {
    let (format, overview, book) = built();
    for pijler in &format.pijlers {
        let tab = book.tab(&pijler.tab);
        for row in tab.indicator_rows() {
            let code = tab.cell(&format!("I{row}"));
            let wanted = overview.figure(0, overview.column_index(code).unwrap()).value().unwrap();
            let found: f64 = tab.cell(&format!("G{row}")).parse().unwrap();
            assert!((found - wanted).abs() < 1e-9, "{code}");
            assert_eq!(tab.cell(&format!("E{row}")), "");
        }
    }
}

#[test]
fn an_overview_without_the_benchmark_leaves_its_column_empty() {
    let format = builtin().unwrap();
    let mut overview = overview(&format);
    overview.areas.remove(0);
    overview.figures.remove(0);
    let book = open(&build(&format, &overview, &BuildOptions::default()).unwrap());
    let tab = book.tab("Pijler Kansrijk");
    assert!(tab.indicator_rows().iter().all(|row| tab.cell(&format!("G{row}")).is_empty()));
}

#[test]
fn an_indicator_that_the_overview_lacks_stands_there_without_link_or_figure() {
    let format = builtin().unwrap();
    let book = open(&build(&format, &Overview::default(), &BuildOptions::default()).unwrap());
    let tab = book.tab("Pijler Kansrijk");
    let rows = tab.indicator_rows();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(!tab.cell(&format!("B{row}")).is_empty());
        assert!(!tab.links.contains_key(&format!("B{row}")));
        assert_eq!(tab.cell(&format!("G{row}")), "");
    }
}

#[test]
fn of_two_editions_the_newest_is_linked_and_stands_in_g_as_filling_will_have_it() {
    let format = builtin().unwrap();
    let mut overview = overview(&format);
    let mut other = overview.columns[0].clone();
    other.edition = "editie 2031".to_owned();
    let at = column_letters(u32::try_from(overview.columns.len() + 4).unwrap());
    overview.columns.push(other);
    for row in &mut overview.figures {
        row.push(Figure::known(99.0));
    }
    let book = open(&build(&format, &overview, &BuildOptions::default()).unwrap());
    let code = &overview.columns[0].code;
    let tab = book.tab("Pijler Kansrijk");
    let row = tab.indicator_rows().into_iter().find(|row| tab.cell(&format!("I{row}")) == code).unwrap();
    assert_eq!(tab.cell(&format!("G{row}")), "99");
    assert!(tab.cell(&format!("C{row}")).contains("editie 2031"));
    assert!(tab.links[&format!("B{row}")].ends_with(&format!("!{at}3")), "{:?}", tab.links[&format!("B{row}")]);
}

#[test]
fn the_overview_tab_keeps_missing_values_apart() {
    let (_, _, book) = built();
    let tab = book.tab("Indicatoren overzicht (naslag)");
    let row = tab.rows_with("A").into_iter().find(|row| tab.cell(&format!("A{row}")) == "BU05990325").unwrap();
    assert_eq!(tab.cell(&format!("F{row}")), ".");
    assert_eq!(tab.cell(&format!("G{row}")), "x");
    assert_eq!(tab.cell(&format!("H{row}")), "");
    assert_eq!(tab.cell(&format!("C{row}")), "wijk");
    assert_eq!(tab.cell(&format!("D{row}")), "WK059903");
}

#[test]
fn the_overview_tab_has_its_labels_in_order() {
    let (_, _, book) = built();
    let tab = book.tab("Indicatoren overzicht (naslag)");
    let labels: Vec<&str> = (2..=18).map(|row| tab.cells[&format!("A{row}")].as_str()).collect();
    assert_eq!(labels[0], "Code");
    assert_eq!(labels[15], "Vernieuwing");
    assert_eq!(labels[16], "Gebiedscode");
}

#[test]
fn the_overview_alone_is_a_file_with_the_rows_of_the_layout() {
    let (format, overview, _) = built();
    let bytes = super::build_overview(format, overview).unwrap();
    let book = open(&bytes);
    let names: Vec<&str> = book.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["Indicatoren overzicht (naslag)"]);
    assert!(book.tabs[0].links.is_empty(), "there is nothing to link to");
    let wanted = crate::model::overview_rows(overview);
    for (row, cells) in (1..).zip(&wanted) {
        for (col, cell) in (0..).zip(cells) {
            let at = format!("{}{row}", crate::model::column_letters(col));
            assert_eq!(book.tabs[0].cell(&at), cell.text(), "{at}");
        }
    }
}

#[test]
fn a_domein_without_direct_figure_says_so_and_others_do_not() {
    let (format, _, book) = built();
    for domein in &format.domeinen {
        let pijler = format.pijlers.iter().find(|p| p.name == domein.pijler).unwrap();
        let tab = book.tab(&pijler.tab);
        let start = tab
            .rows_with("A")
            .into_iter()
            .find(|r| tab.cell(&format!("A{r}")) == format!("Domein: {}", domein.name));
        let start = start.unwrap();
        let says = (start..start + 4).any(|row| tab.cell(&format!("A{row}")).starts_with("Let op: "));
        let direct =
            format.indicators.iter().any(|i| i.domein.as_ref() == Some(&domein.name) && i.kind == Kind::Direct);
        assert_eq!(says, !direct, "{}", domein.name);
    }
}

#[test]
fn wanted_figures_stand_in_the_block_of_their_domein() {
    let (format, _, book) = built();
    for wanted in &format.wanted {
        let domein = format.domein(&wanted.domein).unwrap();
        let pijler = format.pijlers.iter().find(|p| p.name == domein.pijler).unwrap();
        let tab = book.tab(&pijler.tab);
        assert!(tab.cells.values().any(|text| text.contains(&wanted.figure)), "{}", wanted.figure);
    }
}

#[test]
fn every_indicator_row_has_a_note_with_the_definition() {
    let (format, _, book) = built();
    let notes: String =
        book.parts.iter().filter(|(name, _)| name.contains("comments")).map(|(_, x)| x.as_str()).collect();
    let mut count = 0;
    elements(
        &notes.replace("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", ""),
        &["comment"],
        |_, text| {
            assert!(format.indicators.iter().any(|i| text.starts_with(&i.definition)), "{text}");
            count += 1;
        },
    );
    let rows: usize = format.pijlers.iter().map(|p| book.tab(&p.tab).indicator_rows().len()).sum();
    assert_eq!(count, rows);
}

#[test]
fn every_choice_list_and_name_refers_to_cells_that_exist() {
    let (format, _, book) = built();
    let mut names = BTreeMap::new();
    elements(&book.parts["xl/workbook.xml"], &["definedName"], |tag, text| {
        names.insert(attribute(tag, "name"), text.to_owned());
    });
    for name in ["WA_Pijler_Kansrijk_wijk", "WA_Pijler_Veilig_slottabel", "WA_overzicht_kop", "Lijst_factor"] {
        assert!(names.contains_key(name), "{name} in {names:?}");
    }
    assert_eq!(names["WA_Pijler_Kansrijk_wijk"], "'Pijler Kansrijk'!$C$3");
    let mut used = BTreeSet::new();
    for tab in &book.tabs {
        elements(&tab.xml, &["formula1"], |_, text| {
            // A number is the earliest date that may be typed.
            if text.parse::<u32>().is_err() {
                used.insert(text.to_owned());
            }
        });
    }
    assert!(used.len() >= 12, "{used:?}");
    for list in used {
        assert!(names.contains_key(&list), "{list}");
    }
    let list = names["Lijst_leefgebied"].clone();
    let rows = rows_of(&list.rsplit_once('!').unwrap().1.replace('$', ""));
    let found: Vec<&str> = rows.iter().map(|row| book.tab("Toelichting").cell(&format!("B{row}"))).collect();
    assert_eq!(found, format.leefgebieden);
}

#[test]
fn every_tab_is_set_up_for_printing() {
    let (_, _, book) = built();
    for tab in book.tabs.iter().filter(|tab| tab.state.is_empty()) {
        assert!(
            tab.xml.contains("paperSize=\"9\"") && tab.xml.contains("orientation=\"landscape\""),
            "{}",
            tab.name
        );
        assert!(tab.xml.contains("<oddFooter>"), "{}", tab.name);
        // Excel keeps page ends that were set only where the number of pages below each other is left to it.
        assert!(!tab.xml.contains("<rowBreaks") || tab.xml.contains("fitToHeight=\"0\""), "{}", tab.name);
        if tab.name != "Inhoudsopgave" {
            assert!(tab.xml.contains("state=\"frozen\""), "{}", tab.name);
        }
    }
    let titles = book.parts["xl/workbook.xml"].matches("_xlnm.Print_Titles").count();
    assert!(titles >= 17, "{titles}");
}

#[test]
fn a_printed_page_of_a_pijler_begins_with_the_headings_of_what_stands_on_it() {
    let (format, _, book) = built();
    let names = &book.parts["xl/workbook.xml"];
    for pijler in &format.pijlers {
        // What is repeated on every page holds for figures, questions and closing table alike: title and wijk.
        assert!(names.contains(&format!("'{}'!$1:$3</definedName>", pijler.tab)), "{names}");
        let tab = book.tab(&pijler.tab);
        assert_eq!(tab.cell("B3"), "Wijk");
        let mut begins = Vec::new();
        elements(&tab.xml, &["brk"], |tag, _| begins.push(attribute(tag, "id").parse::<u32>().unwrap() + 1));
        let heads: Vec<&str> = begins.iter().map(|row| tab.cell(&format!("A{row}"))).collect();
        let closing = format!("Slottabel pijler {}", pijler.name);
        assert_eq!(heads.last(), Some(&closing.as_str()));
        let domeinen: Vec<String> =
            format.domeinen_of(&pijler.name).skip(1).map(|domein| format!("Domein: {}", domein.name)).collect();
        let begun: Vec<&str> = heads.iter().copied().filter(|head| head.starts_with("Domein: ")).collect();
        assert_eq!(begun, domeinen);
        assert!(heads.contains(&"Nr / stap"), "figures that go on have their headings again: {heads:?}");
        let (questions, missing) = (format.texts.get("domein-vragen"), format.texts.get("domein-ontbrekend"));
        let analysis = format!("Analyse pijler {}", pijler.name);
        let known = |head: &&str| {
            head.starts_with("Domein: ") || ["Nr / stap", questions, missing, &analysis, &closing].contains(head)
        };
        assert!(heads.iter().all(known), "{heads:?}");
        // Questions stay with their heading, all of them.
        let texts = format.questions.iter().map(|question| question.text.as_str()).collect::<Vec<_>>();
        let mut asked = 0;
        for row in 1..400 {
            if texts.contains(&tab.cell(&format!("B{row}"))) {
                assert!(!begins.contains(&row), "{} begins a page at row {row}", tab.name);
                asked += 1;
            }
        }
        assert!(asked > 20, "{asked}");
    }
}

#[test]
fn long_tables_of_the_reference_tabs_have_their_headings_on_every_page() {
    let (format, _, book) = built();
    let begins = |tab: &str| {
        let tab = book.tab(tab);
        let mut begins = Vec::new();
        elements(&tab.xml, &["brk"], |tag, _| begins.push(attribute(tag, "id").parse::<u32>().unwrap() + 1));
        begins.iter().map(|row| tab.cell(&format!("A{row}")).to_owned()).collect::<Vec<_>>()
    };
    let lists: Vec<&str> = super::build::choices(format).iter().map(|choice| choice.heading).collect();
    for head in begins(format.tab("toelichting")) {
        let known = head.starts_with("Naslag: ") || head == "Dienst" || lists.contains(&head.as_str());
        assert!(known || head.starts_with("Keuzelijsten"), "{head}");
    }
    let mut again = 0;
    for domein in &format.domeinen {
        let heads = begins(&domein.factorenmodel_tab);
        let matrix = heads.iter().position(|head| head == "Waar en wanneer speelt welke factor?").unwrap();
        assert!(heads[..matrix].iter().all(|head| head == "Factor"), "{heads:?}");
        assert!(heads[matrix + 1..].iter().all(|head| head == "Leefgebied"), "{heads:?}");
        again += heads.len() - 1;
    }
    assert!(again > 0);
}

#[test]
fn a_closing_row_has_room_for_the_longest_figures_that_filling_may_propose() {
    let (format, _, book) = built();
    for pijler in &format.pijlers {
        let tab = book.tab(&pijler.tab);
        let mut heights = BTreeMap::new();
        elements(&tab.xml, &["row"], |tag, _| {
            heights.insert(attribute(tag, "r"), attribute(tag, "ht").parse::<f64>().unwrap_or(15.0));
        });
        for domein in format.domeinen_of(&pijler.name) {
            let closing = tab.rows_with("A").into_iter().rfind(|row| tab.cell(&format!("A{row}")) == domein.name);
            let mut proposals: Vec<usize> = format
                .placement(&domein.name)
                .iter()
                .flat_map(|(_, indicators)| indicators)
                .map(|indicator| {
                    format!("{}: 88,8% (Rotterdam 88,8%), ongunstiger", indicator.name).chars().count()
                })
                .collect();
            proposals.sort_unstable();
            // Column C is 161 points wide; a letter of 9 points takes 4.4 and a line 12 of them.
            let lines: usize =
                proposals.iter().rev().take(format.opvallend.count).map(|signs| signs.div_ceil(36)).sum();
            let height = heights[&closing.unwrap().to_string()];
            assert!(height >= lines as f64 * 12.0, "{}: {height} points for {lines} lines", domein.name);
        }
    }
}

#[test]
fn the_name_of_the_wijk_stands_at_the_top_and_above_its_column_when_given() {
    let format = builtin().unwrap();
    let options = BuildOptions { wijk: Some("Bospolder".to_owned()), ..Default::default() };
    let book = open(&build(&format, &overview(&format), &options).unwrap());
    let tab = book.tab("Pijler Veilig");
    assert_eq!(tab.cell("C3"), "Bospolder");
    let id = crate::model::Identity::Headings.text();
    let headings: Vec<u32> =
        tab.rows_with("J").into_iter().filter(|row| tab.cell(&format!("J{row}")) == id).collect();
    let domeinen = format.domeinen_of("Veilig").count();
    assert!(headings.len() >= domeinen, "{headings:?}");
    for row in headings {
        assert_eq!(tab.cell(&format!("E{row}")), "Bospolder", "row {row}");
    }
}

#[test]
fn a_date_that_is_none_is_refused() {
    let format = builtin().unwrap();
    let options = BuildOptions { date: Some("22-11-2026".to_owned()), ..Default::default() };
    let error = build(&format, &overview(&format), &options).unwrap_err().to_string();
    assert!(error.contains("22-11-2026") && error.contains("2026-11-22"), "{error}");
}

#[test]
fn a_format_with_four_pijlers_for_all_ages_is_built_without_other_code() {
    let dir = super::load_tests::four_pijlers();
    let format = load(dir.path()).unwrap();
    let book = open(&build(&format, &overview(&format), &BuildOptions::default()).unwrap());
    let names: Vec<&str> = book.tabs.iter().map(|tab| tab.name.as_str()).collect();
    for name in ["Pijler Wonen", "Pijler Leven", "Model Leren", "Samenvatting alle pijlers samen"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let wonen = book.tab("Pijler Wonen");
    let codes: Vec<&str> =
        wonen.indicator_rows().iter().map(|row| wonen.cells[&format!("I{row}")].as_str()).collect();
    assert_eq!(codes, ["huur"]);
    // Of a domein that only has figures about its factors there is none of its own that approximates.
    let says = |tab: &str| book.tab(tab).cells.values().any(|text| text.contains("gaat er geen direct over"));
    assert!(book.tab("Model Leven").cells.values().any(|text| text == "alle leeftijden"));
    assert!(!says("Pijler Werken"));
    let mut format = format;
    for indicator in &mut format.indicators {
        indicator.kind = crate::model::Kind::Benadering;
    }
    let book = open(&build(&format, &overview(&format), &BuildOptions::default()).unwrap());
    assert!(book.tab("Pijler Wonen").cells.values().any(|text| text.contains("gaat er geen direct over")));
}

#[test]
fn tabs_that_differ_in_signs_only_do_not_share_a_defined_name() {
    let mut format = builtin().unwrap();
    format.pijlers[0].tab = "Pijler A-B".to_owned();
    format.pijlers[1].tab = "Pijler A.B".to_owned();
    let book = open(&build(&format, &overview(&format), &BuildOptions::default()).unwrap());
    let mut names = Vec::new();
    elements(&book.parts["xl/workbook.xml"], &["definedName"], |tag, _| {
        names.push((attribute(tag, "name").to_lowercase(), attribute(tag, "localSheetId")));
    });
    let unique: BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    assert!(names.iter().any(|(name, _)| name == "wa_pijler_a_b_wijk"));
}
