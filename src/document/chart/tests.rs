//! The chart of a pijler: what is drawn where, what is said of it, and that Word's workbook says the same.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::*;
use crate::document::fixture::{self, Fixture};
use crate::model::{Missing, Opvallendheid};
use crate::package::tree::{Element, Node};

/// The first pijler of the made-up wijk holds 'Werk' (0-a, 0-b), 'Schoolprestaties' (1-a, 1-b) and 'Meedoen' (2-a, 2-b),
/// all lower-is-better.
fn parts(fixture: &Fixture) -> (Option<Chart>, Vec<String>) {
    let Part::Block { parts, .. } = block_of(&fixture.input(), "Kansrijk", Room::OURS) else { panic!("no block") };
    let mut chart = None;
    let mut texts = Vec::new();
    for part in parts {
        match part {
            Part::Chart(made) => chart = Some(made),
            Part::Text { text, .. } => texts.push(text),
            other => panic!("{other:?}"),
        }
    }
    (chart, texts)
}

fn line<'a>(chart: &'a Chart, code: &str) -> &'a Line {
    chart.lines.iter().find(|line| line.name.ends_with(code)).unwrap()
}

#[test]
fn the_favourable_side_is_right_whatever_the_direction() {
    let mut fixture = fixture::full();
    let turned = &mut fixture.comparison.domeinen[1].figures[0];
    turned.direction = Direction::HigherIsBetter;
    turned.wijken = Some(crate::model::WijkRange { lowest: 5.1, highest: 17.1, spread: 2.0 });
    let chart = parts(&fixture).0.unwrap();
    // 12,34 against 9,1 with a spread of 4, lower is better; 13,34 against 9,1 with a spread of 2, higher is better.
    assert_eq!(line(&chart, "0-a").wijk, Some(-0.81));
    assert_eq!(line(&chart, "1-a").wijk, Some(2.12));
    // The range turns along: the highest figure is the least favourable end where lower is better.
    assert_eq!(line(&chart, "0-a").range, (-3.975, 2.025));
    assert_eq!(line(&chart, "1-a").range, (-2.0, 4.0));
    // The gebied lies 1 above the benchmark.
    assert_eq!((line(&chart, "0-a").gebied, line(&chart, "1-a").gebied), (Some(-0.25), Some(0.5)));
    let places: Vec<f64> = chart.lines.iter().filter_map(|line| line.wijk).collect();
    assert!(places.is_sorted(), "the least favourable on top: {places:?}");
}

#[test]
fn what_stands_out_is_drawn_or_named_with_the_reason() {
    let mut fixture = fixture::full();
    let domein = &mut fixture.comparison.domeinen[0];
    // An advisor may point at a figure that is missing.
    domein.figures[2].opvallend = Some(Opvallendheid { by_advisor: true, by_distance: None });
    domein.opvallend.push("0-c".to_owned());
    domein.figures[1].direction = Direction::Neutral;
    fixture.comparison.domeinen[1].figures[0].wijken = None;
    fixture.comparison.domeinen[1].figures[1].gebied = Some(Figure::Missing(Missing::Secret));
    let (chart, texts) = parts(&fixture);
    let chart = chart.unwrap();
    let names: Vec<&str> =
        chart.lines.iter().map(|line| line.name.trim_start_matches("Verzonnen cijfer ")).collect();
    assert_eq!(names, ["2-a", "0-a", "2-b", "1-b", "0-c"]);
    let absent = line(&chart, "0-c");
    assert_eq!((absent.wijk, absent.figures[0].as_str()), (None, "geen cijfer"));
    for wanted in [
        "Geen stip van Verzonnenwijk, want het cijfer ontbreekt: Verzonnen cijfer 0-c.",
        "Geen stip van gebied Verzonnengebied, want het cijfer ontbreekt: Verzonnen cijfer 1-b.",
        "Niet in de grafiek, want geen van beide kanten is gunstig: Verzonnen cijfer 0-b.",
        "Niet in de grafiek, want er is geen cijfer of geen spreiding om mee te vergelijken: Verzonnen cijfer 1-a.",
    ] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted} in {texts:?}");
    }
}

#[test]
fn a_pijler_without_anything_to_draw_says_so() {
    let mut fixture = fixture::full();
    fixture.comparison.domeinen.iter_mut().for_each(|domein| domein.opvallend.clear());
    let (chart, texts) = parts(&fixture);
    assert!(chart.is_none());
    assert_eq!(texts, ["De pijler Kansrijk heeft geen opvallende cijfers die in een grafiek kunnen."]);
}

#[test]
fn more_figures_than_fit_on_a_page_are_named() {
    let mut fixture = fixture::full();
    for number in 0..20_u32 {
        let code = format!("meer-{number}");
        let value = Figure::known(10.0 + f64::from(number));
        let mut more = fixture::figure(&code, value, 9.1, Judgement::Ongunstiger);
        more.opvallend = Some(Opvallendheid { by_advisor: true, by_distance: None });
        fixture.comparison.domeinen[0].figures.push(more);
        fixture.comparison.domeinen[0].opvallend.push(code);
    }
    let (chart, texts) = parts(&fixture);
    let chart = chart.unwrap();
    assert_eq!(chart.lines.len(), 15);
    assert!(chart.lines.iter().any(|line| line.name.ends_with("meer-19")), "the furthest stays");
    let named = texts.iter().find(|text| text.contains("niet in de grafiek, wel in de tabellen")).unwrap();
    assert!(named.contains("meer-0") && !named.contains("meer-19"), "{named}");
}

#[test]
fn the_alternative_text_says_what_the_chart_shows() {
    let fixture = fixture::full();
    let chart = parts(&fixture).0.unwrap();
    assert!(chart.alt.starts_with(
        "Grafiek van de opvallende cijfers van de pijler Kansrijk: Verzonnenwijk naast Rotterdam op 6 cijfers. Rechts is \
         gunstig. Ongunstiger dan Rotterdam, het verste eerst: Verzonnen cijfer 2-a (14,3% tegen 9,1%"
    ));
    assert!(
        chart.alt.contains("Gunstiger dan Rotterdam, het verste eerst: Verzonnen cijfer 0-b (5,5% tegen 15,0%")
    );
    for line in &chart.lines {
        assert!(chart.alt.contains(&line.name), "{}", line.name);
    }
    // What is drawn behind the dots is said too.
    assert_eq!(chart.alt.matches(", wijken van ").count(), chart.lines.len(), "{}", chart.alt);
    let of_gebied = chart.lines.iter().filter(|line| line.gebied.is_some()).count();
    assert!(
        chart.gebied.as_ref().is_none_or(|gebied| chart.alt.matches(&format!(", {gebied} ")).count() == of_gebied)
    );
}

#[test]
fn long_names_are_broken_and_cut_but_whole_in_the_workbook() {
    let name = "Jongeren die al meer dan een jaar op zoek zijn naar een stage, een leerwerkplek of een bijbaan in de eigen \
                wijk of daarbuiten";
    let lines = room::wrapped(name, Room::OURS.label());
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.chars().count() <= 42) && lines[1].ends_with(" …"), "{lines:?}");
    let mut fixture = fixture::full();
    fixture.comparison.domeinen[0].figures[0].name = name.to_owned();
    let chart = parts(&fixture).0.unwrap();
    assert!(cells(&chart).values().any(|cell| cell == name));
}

fn cells(chart: &Chart) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook(chart).unwrap())).unwrap();
    let mut text = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
    let mut cells = BTreeMap::new();
    collect(&Element::parse(&text).unwrap(), "c")
        .into_iter()
        .for_each(|cell| drop(cells.insert(cell.attribute("r").unwrap().to_owned(), content(cell))));
    cells
}

fn collect<'a>(element: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut found: Vec<&Element> = element.elements().filter(|child| child.name == name).collect();
    found.extend(element.elements().flat_map(|child| collect(child, name)));
    found
}

fn content(element: &Element) -> String {
    element
        .children
        .iter()
        .map(|child| match child {
            Node::Element(child) => content(child),
            Node::Text(text) => text.clone(),
        })
        .collect()
}

#[test]
fn what_the_chart_shows_is_what_its_workbook_holds() {
    let mut fixture = fixture::full();
    fixture.comparison.domeinen[0].figures[0].gebied = Some(Figure::Missing(Missing::Unknown));
    let chart = parts(&fixture).0.unwrap();
    let cells = cells(&chart);
    let part = Element::parse(&part(&chart)).unwrap();
    let mut references = collect(&part, "c:numRef");
    references.extend(collect(&part, "c:strRef"));
    assert_eq!(references.len(), 5 * 3, "three of each of five series");
    for reference in references {
        let formula = content(reference.child("c:f").unwrap());
        let (first, last) = formula.strip_prefix("Grafiek!").map(|f| f.split_once(':').unwrap_or((f, f))).unwrap();
        let split = |cell: &str| {
            let mut pieces = cell.trim_start_matches('$').split('$').map(str::to_owned);
            (pieces.next().unwrap(), pieces.next().unwrap().parse::<usize>().unwrap())
        };
        let ((column, first), (_, last)) = (split(first), split(last));
        let cache = reference.elements().find(|child| child.name.ends_with("Cache")).unwrap();
        let count = cache.child("c:ptCount").unwrap().attribute("val").unwrap();
        assert_eq!(count, (last + 1 - first).to_string(), "{formula}");
        let mut points: BTreeMap<usize, String> = collect(cache, "c:pt")
            .into_iter()
            .map(|point| (point.attribute("idx").unwrap().parse().unwrap(), content(point)))
            .collect();
        for row in first..=last {
            assert_eq!(points.remove(&(row - first)), cells.get(&format!("{column}{row}")).cloned(), "{formula}");
        }
    }
}

#[test]
fn series_differ_in_shape_and_the_names_of_the_lines_are_no_entry_in_the_legend() {
    let chart = parts(&fixture::full()).0.unwrap();
    let part = Element::parse(&part(&chart)).unwrap();
    let mut symbols: Vec<String> = collect(&part, "c:symbol")
        .into_iter()
        .filter_map(|symbol| symbol.attribute("val"))
        .filter(|symbol| *symbol != "none")
        .map(str::to_owned)
        .collect();
    symbols.sort();
    assert_eq!(symbols, ["circle", "diamond", "square"]);
    let hidden = collect(&part, "c:legendEntry")[0].child("c:idx").unwrap().attribute("val").unwrap();
    let names: Vec<String> =
        collect(&part, "c:ser").into_iter().map(|ser| content(ser.child("c:tx").unwrap())).collect();
    assert!(names[hidden.parse::<usize>().unwrap()].ends_with(super::sheet::LABELS), "{names:?}");
    // Only colours of the theme, so that a house style colours the chart as well.
    assert!(collect(&part, "a:srgbClr").is_empty());
}

#[test]
fn a_long_name_of_the_wijk_makes_room_for_the_rows_of_the_legend() {
    let plain = parts(&fixture::full()).0.unwrap();
    let with = |wijk: &str| {
        let chart = Chart { wijk: wijk.to_owned(), ..plain.clone() };
        let drawn = drawing(&chart, 1);
        let height: f64 = drawn.split("cy=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let part = part(&chart);
        let top: f64 = part.split("<c:y val=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        (height, height * top)
    };
    let ((low, short), (high, long)) = (with("Bospolder"), with("Noord-Kethel/Schieveen/Zestienhoven"));
    // The lines keep their height: what the chart becomes higher is for the legend.
    assert!(
        long - short > 100_000.0 && (high - low - (long - short)).abs() < 2000.0,
        "{short} {long}, {low} {high}"
    );
    assert!(with(&"Zestienhoven ".repeat(12)).1 > long);
}
