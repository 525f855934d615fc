//! The charts on the summary tab: what they are drawn from, and that an empty workbook shows nothing that is not there.

use super::*;

const SUMMARY: &str = "Samenvatting alle pijlers samen";

#[test]
fn the_summary_tab_has_a_chart_per_pijler_that_says_what_it_shows() {
    let (format, _, book) = built();
    let mut alternatives = Vec::new();
    elements(&book.parts["xl/drawings/drawing1.xml"], &["xdr:cNvPr"], |tag, _| {
        alternatives.push(attribute(tag, "descr"));
    });
    assert_eq!(alternatives.len(), format.pijlers.len());
    for (pijler, text) in format.pijlers.iter().zip(&alternatives) {
        assert!(
            text.starts_with(&format!("Opvallende cijfers van de pijler {} in beeld.", pijler.name)),
            "{text}"
        );
    }
    let tab = book.tabs.iter().position(|tab| tab.name == SUMMARY).unwrap() + 1;
    assert!(book.parts[&format!("xl/worksheets/_rels/sheet{tab}.xml.rels")].contains("drawing1.xml"));
}

#[test]
fn the_charts_have_their_parts_in_the_order_of_the_schema() {
    let (_, _, book) = built();
    for number in 1..=3 {
        let chart = &book.parts[&format!("xl/charts/chart{number}.xml")];
        assert!(chart.contains("<c:lang val=\"nl-NL\"/>") && !chart.contains("en-US"));
        let series: Vec<&str> =
            chart.split("<c:ser>").skip(1).map(|rest| rest.split("</c:ser>").next().unwrap()).collect();
        assert_eq!(series.len(), 4);
        for one in series {
            let at = |name: &str| one.find(name).unwrap();
            assert!(at("<c:spPr>") < at("<c:marker>") && at("<c:marker>") < at("<c:xVal>"), "{one}");
        }
    }
}

/// The outcome of a cell, without its formula.
fn outcome(tab: &Tab, at: &str) -> String {
    let cell = tab.xml.split(&format!("<c r=\"{at}\"")).nth(1).unwrap_or_default();
    let cell = cell.split("</c>").next().unwrap();
    cell.split("<v>").nth(1).and_then(|rest| rest.split("</v>").next()).unwrap_or_default().to_owned()
}

/// The outcomes on the hidden tab, by one-based row, of the rows whose first column holds a code of an indicator.
fn indicator_rows(book: &Book, format: &Format) -> Vec<(String, u32)> {
    let tab = book.tab(CHART_TAB);
    (7..)
        .map_while(|row| {
            let code = tab.cell(&format!("A{row}"));
            format.indicator(code).map(|_| (code.to_owned(), row))
        })
        .collect()
}

#[test]
fn spread_and_range_of_the_wijken_stand_ready_with_their_outcome() {
    let mut format = builtin().unwrap();
    format.opvallend.fewest_areas = 2;
    let overview = overview(&format);
    let options = BuildOptions { wijk: Some("bospolder".to_owned()), ..BuildOptions::default() };
    let book = open(&build(&format, &overview, &options).unwrap());
    let tab = book.tab(CHART_TAB);
    assert_eq!(["B2", "B3", "B4"].map(|at| outcome(tab, at)), ["3", "2", "gebied Delfshaven"]);
    let rows = indicator_rows(&book, &format);
    assert!(rows.len() > 40, "{}", rows.len());
    let mut with = 0;
    for (code, row) in rows {
        let column = overview.column_index(&code).unwrap();
        let number = |letter: &str| outcome(tab, &format!("{letter}{row}")).parse::<f64>().ok();
        assert_eq!(number("F"), Some((column + 1) as f64));
        assert_eq!(number("J"), overview.figure(1, column).value(), "the gebied");
        let values: Vec<f64> =
            [2, 3].into_iter().filter_map(|area| overview.figure(area, column).value()).collect();
        let (Some(low), Some(high), [one, other]) = (number("H"), number("I"), values.as_slice()) else {
            assert!(values.len() < 2 && number("G").is_none(), "{code}");
            continue;
        };
        with += 1;
        assert_eq!((low, high), (one.min(*other), one.max(*other)));
        // Of two values the deviation is half their distance.
        assert!((number("G").unwrap() - (one - other).abs() / 2.0).abs() < 1e-9);
    }
    assert!(with > 40, "{with}");
}

#[test]
fn a_workbook_that_is_not_filled_in_shows_no_dots_and_no_words() {
    let (_, _, book) = built();
    let summary = book.tab(SUMMARY);
    let repeated: Vec<&String> =
        summary.cells.iter().filter(|(_, text)| text.contains(CHART_TAB)).map(|(at, _)| at).collect();
    assert!(repeated.len() > 60, "{repeated:?}");
    assert!(repeated.iter().all(|at| outcome(summary, at).is_empty()), "{repeated:?}");
    for number in 1..=3 {
        let chart = &book.parts[&format!("xl/charts/chart{number}.xml")];
        for across in chart.split("<c:xVal>").skip(1).map(|rest| rest.split("</c:xVal>").next().unwrap()) {
            // Only the places without anything to see, behind those of the lines: without one a series is taken to stand at
            // 1, 2, 3 and so on, and the axis goes to wherever that ends.
            let places: Vec<f64> = across
                .split("<c:pt idx=\"")
                .skip(1)
                .map(|point| {
                    point.split("<c:v>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().parse().unwrap()
                })
                .collect();
            assert!(across.contains("<c:f>_grafieken!") && (places == [-3.0, 3.0] || places == [0.0]), "{across}");
            let first: u32 =
                across.split("<c:pt idx=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
            assert!(first == 15 || first == 45, "{across}");
        }
        // Without a place a dot has no height either: heights alone would be drawn at 1, 2, 3 and so on.
        for up in chart.split("<c:yVal>").skip(1).map(|rest| rest.split("</c:f>").next().unwrap()) {
            let from = up.rsplit_once('$').map(|(cells, _)| cells.rsplit_once(":$").unwrap().0).unwrap();
            let cell = from.split_once('!').unwrap().1.replace('$', "");
            let height = book.tab(CHART_TAB).cell(&cell).to_owned();
            assert!(height.contains("NA()") && height.ends_with("#N/A"), "{up}: {height}");
        }
    }
    // Nowhere the 0 that a writer puts where it knows no outcome.
    let tab = book.tab(CHART_TAB);
    let formulas = tab.xml.split("<c ").filter(|cell| cell.contains("<f") && !cell.contains("t=\"b\""));
    assert!(formulas.clone().count() > 1000 && formulas.clone().all(|cell| !cell.contains("<v>0</v>")));
}

#[test]
fn columns_of_the_overview_are_found_by_code_and_not_by_address() {
    let (format, _, book) = built();
    let tab = book.tab(CHART_TAB);
    for (_, row) in indicator_rows(book, format) {
        let column = tab.cell(&format!("F{row}"));
        assert!(
            column.contains(&format!("LOOKUP(2,1/('Indicatoren overzicht (naslag)'!$E$2:$ZZ$2=A{row})")),
            "{column}"
        );
    }
}

#[test]
fn with_too_many_figures_the_farthest_are_drawn_as_in_the_report() {
    let (_, _, book) = built();
    let tab = book.tab(CHART_TAB);
    let summary = book.tab(SUMMARY);
    let places: Vec<&String> = tab
        .cells
        .iter()
        .filter(|(at, text)| at.starts_with('A') && text.contains("SMALL("))
        .map(|(_, text)| text)
        .collect();
    assert!(places.len() > 40, "{places:?}");
    for place in places {
        // The least favourable first, but only of those that column E lets through: the farthest, by their rank.
        let from = place.split("SMALL(E").nth(1).unwrap().split(':').next().unwrap();
        let (far, shown) = (tab.cell(&format!("D{from}")), tab.cell(&format!("E{from}")));
        assert!(
            far.contains("ROUND(ABS(O") && shown.contains(&format!("RANK(D{from},D{from}:D")),
            "{far} {shown}"
        );
        assert!(shown.contains(")<=15,ROUND(O"), "{shown}");
    }
    let said =
        tab.cells.values().filter(|text| text.contains("&\" opvallende cijfers die het verst liggen")).count();
    assert_eq!(said, 3, "what is not drawn is said below each chart");
    assert!(summary.cells.values().any(|text| text.contains("meer dan 15, dan staan er de 15 die het verst van")));
}
