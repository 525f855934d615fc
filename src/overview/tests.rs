//! Tests over the whole station: what is written is read back, sources are read by their mappings, and what is
//! not understood is a finding. Figures here are made up; no real wijk is meant.

use proptest::prelude::*;

use super::*;
use crate::finding::Level;
use crate::model::{Area, AreaLevel, AreaLookup, CellValue, Column, Figure, Mark, Missing};
use crate::testing;

fn no_areas() -> AreaTable {
    AreaTable::default()
}

fn column(code: &str) -> Column {
    Column {
        code: code.into(),
        name: format!("Indicator {code}"),
        definition: "Wat er gemeten is; in één zin".into(),
        pijler: "Kansrijk".into(),
        domein: "Werk".into(),
        factoren: vec!["Factor een".into(), "Factor twee".into()],
        unit: "%".into(),
        decimals: 1,
        direction: "lager is gunstig".into(),
        doelgroep: "18 t/m 22 jaar".into(),
        kind: "direct".into(),
        edition: "2020".into(),
        year: "2020".into(),
        source: "Bron".into(),
        method: "enquête".into(),
        renewal: "elk jaar".into(),
    }
}

fn area(code: &str, name: &str, level: AreaLevel, parent: Option<&str>) -> Area {
    Area { code: code.into(), name: name.into(), level, parent: parent.map(Into::into), aliases: vec![] }
}

fn small() -> Overview {
    Overview {
        edition: "Proefstad 2020".into(),
        areas: vec![
            area("GM1", "Proefstad", AreaLevel::Stad, None),
            area("WK1", "Dorp", AreaLevel::Gebied, Some("GM1")),
            area("BU1", "Dorp", AreaLevel::Wijk, Some("WK1")),
            area("BU2", "Haven", AreaLevel::Wijk, Some("WK1")),
        ]
        .into(),
        columns: vec![column("vsv"), column("vsv__n"), column("werk")],
        figures: vec![
            vec![Figure::known(12.5), Figure::known(100.0), Figure::known(40.0)],
            vec![
                Figure::Missing(Missing::Unknown),
                Figure::Missing(Missing::Secret),
                Figure::Missing(Missing::CannotOccur),
            ],
            vec![
                Figure::Missing(Missing::NotSupplied),
                Figure::Missing(Missing::OtherDivision),
                Figure::Known { value: 0.0, mark: Mark::Nil },
            ],
            vec![
                Figure::Known { value: 7.25, mark: Mark::Provisional },
                Figure::Known { value: 3.0, mark: Mark::Estimate },
                Figure::Missing(Missing::Invalid),
            ],
        ],
        ..Overview::default()
    }
}

fn csv_of(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn text_rows(overview: &Overview) -> Vec<Vec<String>> {
    to_rows(overview)
        .iter()
        .map(|row| {
            row.iter()
                .map(|value| match value {
                    CellValue::Number(number) => value::dutch_number(*number),
                    other => other.text(),
                })
                .collect()
        })
        .collect()
}

fn xlsx_of(rows: &[Vec<CellValue>], tab: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(tab).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (col, value) in (0..).zip(cells) {
            match value {
                CellValue::Number(number) => {
                    sheet.write_number(row, col, *number).unwrap();
                }
                CellValue::Text(text) => {
                    sheet.write_string(row, col, text).unwrap();
                }
                _ => {}
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_text_in_a_workbook_that_may_be_a_thousand_or_a_decimal_number_is_found_and_never_guessed() {
    let areas = no_areas();
    let overview = small();
    for text in ["1.234", "13.950*", " 2.500 "] {
        let mut rows = to_rows(&overview);
        let cell = rows.last_mut().and_then(|row| row.last_mut()).unwrap();
        *cell = CellValue::Text(text.into());
        let bytes = xlsx_of(&rows, "Indicatoren overzicht (naslag)");
        let (back, findings) = read("x.xlsx", &bytes, &ReadOptions::new(&areas)).unwrap();
        assert_eq!(back.figures.last().unwrap().last(), Some(&Figure::Missing(Missing::Invalid)), "{text}");
        let told = findings.iter().filter(|finding| finding.code == "cijfer-ongeldig").collect::<Vec<_>>();
        assert!(told.len() == 1 && told[0].found.contains(text.trim()), "{text}: {findings:?}");
    }
    // One that can mean one thing only is a figure.
    let mut rows = to_rows(&overview);
    *rows.last_mut().and_then(|row| row.last_mut()).unwrap() = CellValue::Text("62,5".into());
    let bytes = xlsx_of(&rows, "Indicatoren overzicht (naslag)");
    let (back, findings) = read("x.xlsx", &bytes, &ReadOptions::new(&areas)).unwrap();
    assert_eq!(back.figures.last().unwrap().last(), Some(&Figure::known(62.5)));
    assert!(!find_codes(&findings).contains(&"cijfer-ongeldig"));
}

fn find_codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_example_holds_rotterdam_with_its_wijken() {
    let example = example().unwrap();
    let count = |level| example.areas.iter().filter(|area| area.level == level).count();
    assert_eq!((count(AreaLevel::Wijk), count(AreaLevel::Gebied), count(AreaLevel::Land)), (71, 14, 1));
    let AreaLookup::Found(bospolder, _) = example.find("bospolder", Some(AreaLevel::Wijk)) else { panic!() };
    let vsv = example.column_index("vsv").unwrap();
    assert_eq!(example.columns[vsv].edition, "editie 2016");
    // 0.17683881064162754 in the source.
    assert_eq!(example.figure(bospolder, vsv), Figure::known(17.683_881_064_2));
    let eenzaam = example.column_index("eenzaam").unwrap();
    assert!(matches!(example.figure(bospolder, eenzaam), Figure::Known { mark: Mark::Estimate, .. }));
    let zuid = example.area_index("WP1010").unwrap();
    assert_eq!(example.figure(zuid, eenzaam), Figure::Missing(Missing::OtherDivision));
}

#[test]
fn every_indicator_of_the_format_stands_in_the_example_and_the_reverse() {
    let format = crate::format::builtin().unwrap();
    let example = example().unwrap();
    let codes: Vec<&str> = example.columns.iter().map(|column| column.code.as_str()).collect();
    let wanted: Vec<&str> = format.indicators.iter().map(|indicator| indicator.code.as_str()).collect();
    assert_eq!(codes, wanted);
    for (column, indicator) in example.columns.iter().zip(&format.indicators) {
        assert_eq!(column.edition, indicator.edition, "{}", column.code);
        assert_eq!(column.year, indicator.year, "{}", column.code);
        assert_eq!(column.is_estimate(), indicator.estimate, "{}", column.code);
    }
}

#[test]
fn the_built_in_mappings_name_indicators_of_the_format() {
    let format = crate::format::builtin().unwrap();
    for mapping in Mapping::built_in().unwrap() {
        mapping.check(&format.indicators).unwrap();
    }
}

#[test]
fn the_own_layout_is_read_back_as_written_from_csv_and_xlsx() {
    let overview = small();
    let areas = no_areas();
    let (back, findings) = read("x.csv", write_csv(&overview).unwrap(), &ReadOptions::new(&areas)).unwrap();
    assert_eq!((back, findings), (overview.clone(), vec![]));
    let bytes = xlsx_of(&to_rows(&overview), "Indicatoren overzicht (naslag)");
    let (back, findings) = read("x.xlsx", &bytes, &ReadOptions::new(&areas)).unwrap();
    assert_eq!((back, findings), (overview, vec![]));
}

#[test]
fn moved_rows_and_a_transposed_overview_are_understood_by_their_labels() {
    let overview = small();
    let areas = no_areas();
    let mut rows = text_rows(&overview);
    // The sixteen labelled rows below the areas, in reverse.
    let mut labels: Vec<_> = rows.drain(1..17).collect();
    labels.reverse();
    rows.extend(labels);
    let moved: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let (back, findings) = read("x.csv", csv_of(&moved), &ReadOptions::new(&areas)).unwrap();
    assert_eq!((back, find_codes(&findings)), (overview.clone(), vec![]));

    let rows = text_rows(&overview);
    let width = rows.iter().map(Vec::len).max().unwrap();
    let turned: Vec<Vec<&str>> =
        (0..width).map(|col| rows.iter().map(|row| row.get(col).map_or("", String::as_str)).collect()).collect();
    let (back, findings) = read("x.csv", csv_of(&turned), &ReadOptions::new(&areas)).unwrap();
    assert_eq!((back, find_codes(&findings)), (overview, vec![]));
}

#[test]
fn only_the_areas_asked_for_are_kept_with_what_they_lie_in() {
    let areas = no_areas();
    let only = ["haven"];
    let options =
        ReadOptions { only_areas: Some(&only), benchmark: Some(("GM1", "Proefstad")), ..ReadOptions::new(&areas) };
    let (back, _) = read("x.csv", write_csv(&small()).unwrap(), &options).unwrap();
    let codes: Vec<&str> = back.areas.iter().map(|area| area.code.as_str()).collect();
    assert_eq!(codes, ["GM1", "WK1", "BU2"]);
    assert_eq!(back.figure(2, 0), Figure::Known { value: 7.25, mark: Mark::Provisional });
}

#[test]
fn an_overview_without_the_benchmark_or_without_figures_is_refused() {
    let areas = no_areas();
    let wanting = ReadOptions { benchmark: Some(("GM0599", "Rotterdam")), ..ReadOptions::new(&areas) };
    let message = read("x.csv", write_csv(&small()).unwrap(), &wanting).unwrap_err().to_string();
    assert!(message.contains("ontbreekt Rotterdam (GM0599)"), "{message}");
    // The overview is about another city: the format in use may be the wrong one.
    assert!(message.contains("Gaat het over Proefstad, geef dan met --format de map"), "{message}");
    // The built-in format has no folder.
    assert!(message.contains("of laat --format weg als het ingebouwde format daarover gaat"), "{message}");
    let mut no_city = small();
    let wijken: Vec<usize> =
        (0..no_city.areas.len()).filter(|at| no_city.areas[*at].level > AreaLevel::Stad).collect();
    no_city.figures = wijken.iter().map(|at| no_city.figures[*at].clone()).collect();
    no_city.areas.retain(|area| area.level > AreaLevel::Stad);
    let message = read("x.csv", write_csv(&no_city).unwrap(), &wanting).unwrap_err().to_string();
    assert!(message.contains("ontbreekt Rotterdam (GM0599)") && !message.contains("--format"), "{message}");
    let mut empty = small();
    empty.figures.iter_mut().flatten().for_each(|figure| *figure = Figure::Missing(Missing::Unknown));
    let message = read("x.csv", write_csv(&empty).unwrap(), &ReadOptions::new(&areas)).unwrap_err().to_string();
    assert!(message.contains("geen enkel cijfer"), "{message}");
    let message =
        read("x.csv", &b"naam;leeftijd\nJan;3\n"[..], &ReadOptions::new(&areas)).unwrap_err().to_string();
    assert!(message.contains("geen indicatorenoverzicht gevonden"), "{message}");
}

#[test]
fn cells_that_hold_no_figure_are_findings_with_their_place() {
    let areas = no_areas();
    let rows = [
        vec!["Code", "", "", "", "a", "b"],
        vec!["Indicator", "", "", "", "Een", "Twee"],
        vec!["Eenheid", "", "", "", "%", "aantal"],
        vec!["Decimalen", "", "", "", "1", "0"],
        vec!["Gebiedscode", "Naam", "Niveau", "Valt onder"],
        vec!["GM1", "Stad", "gemeente", "", "12,5", "1.234"],
        vec!["GM2", "Buur", "stad", "", "0", "-2"],
        vec!["W1", "West", "wijk", "Stad", "12.5", "#N/B"],
        vec!["W2", "Oost", "wijk", "Stadd", "125,0", "veel"],
        vec!["W3", "Noord", "streek", "", "1,0", "2"],
        vec!["W1", "West", "wijk", "", "3,0", "4"],
        vec!["", "", "", "", "3,0", "4"],
        vec!["Bron: gemeente"],
    ];
    let (overview, findings) = read("x.csv", csv_of(&rows), &ReadOptions::new(&areas)).unwrap();
    assert_eq!(overview.areas.len(), 4);
    assert_eq!(overview.figures[1][1], Figure::Missing(Missing::Invalid));
    assert_eq!(overview.areas[2].parent.as_deref(), Some("GM1"));
    assert_eq!(overview.figures[0], [Figure::known(12.5), Figure::known(1234.0)]);
    assert_eq!(overview.figures[2], [Figure::Missing(Missing::Invalid); 2]);
    let mut codes = find_codes(&findings);
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "cijfer-excelfout",
            "cijfer-ongeldig",
            "cijfer-ongeldig",
            "cijfer-onmogelijk",
            "cijfer-onmogelijk",
            "gebied-dubbel",
            "niveau-onbekend",
            "rij-zonder-gebied",
            "valt-onder-onbekend",
        ]
    );
    let error = findings.iter().find(|finding| finding.code == "cijfer-excelfout").unwrap();
    assert_eq!(error.place.cell.as_deref(), Some("F8"));
    assert_eq!(error.level, Level::Fout);
    let parent = findings.iter().find(|finding| finding.code == "valt-onder-onbekend").unwrap();
    assert!(parent.found.contains("Lijkt op: Stad"), "{}", parent.found);
}

#[test]
fn a_tab_with_headings_like_labels_is_not_taken_for_the_overview() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let pijler = book.add_worksheet();
    pijler.set_name("Pijler Kansrijk").unwrap();
    for (col, text) in (0..).zip(["Indicator", "Eenheid", "Decimalen", "Bron", "Code", "Domein"]) {
        pijler.write_string(0, col, text).unwrap();
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Onze cijfers").unwrap();
    for (row, (label, value)) in (0..).zip([("Code", "a"), ("Indicator", "Een"), ("Decimalen", "1")]) {
        sheet.write_string(row, 0, label).unwrap();
        sheet.write_string(row, 4, value).unwrap();
    }
    for (col, heading) in (0..).zip(["Gebiedscode", "Naam", "Niveau"]) {
        sheet.write_string(3, col, heading).unwrap();
    }
    for (col, text) in (0..).zip(["GM1", "Stad", "stad"]) {
        sheet.write_string(4, col, text).unwrap();
    }
    sheet.write_number(4, 4, 7.0).unwrap();
    let areas = no_areas();
    let (overview, _) = read("x.xlsx", book.save_to_buffer().unwrap(), &ReadOptions::new(&areas)).unwrap();
    assert_eq!(overview.figure(0, 0), Figure::known(7.0));
}

#[test]
fn a_percent_format_in_the_overview_tab_is_a_fraction() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let percent = rust_xlsxwriter::Format::new().set_num_format("0.0%");
    let sheet = book.add_worksheet();
    for (row, (label, value)) in
        (0..).zip([("Code", "a"), ("Indicator", "Een"), ("Eenheid", "%"), ("Decimalen", "1")])
    {
        sheet.write_string(row, 0, label).unwrap();
        sheet.write_string(row, 4, value).unwrap();
    }
    for (col, heading) in (0..).zip(["Gebiedscode", "Naam", "Niveau"]) {
        sheet.write_string(4, col, heading).unwrap();
    }
    for (col, text) in (0..).zip(["GM1", "Stad", "stad"]) {
        sheet.write_string(5, col, text).unwrap();
    }
    sheet.write_number_with_format(5, 4, 0.07, &percent).unwrap();
    let areas = no_areas();
    let (overview, _) = read("x.xlsx", book.save_to_buffer().unwrap(), &ReadOptions::new(&areas)).unwrap();
    assert_eq!(overview.figure(0, 0), Figure::known(7.0));
}

#[test]
fn a_row_without_a_code_is_found_by_name_or_reported_with_the_nearest_names() {
    let areas = AreaTable::built_in().unwrap();
    let rows = [
        vec!["Code", "", "", "a"],
        vec!["Indicator", "", "", "Een"],
        vec!["Decimalen", "", "", "1"],
        vec!["Naam", "Niveau", "Valt onder", ""],
        vec!["Het Oude Noorden", "wijk", "", "12,5"],
        vec!["Bospoldr", "wijk", "", "1,0"],
        vec!["Rozenburg", "", "", "1,0"],
    ];
    let (overview, findings) = read("x.csv", csv_of(&rows), &ReadOptions::new(&areas)).unwrap();
    let found: Vec<&str> = overview.areas.iter().map(|area| area.code.as_str()).collect();
    assert_eq!(found, ["BU05990535"]);
    assert_eq!(find_codes(&findings), ["gebied-onbekend", "gebied-onbekend"]);
    assert!(findings[0].found.contains("Lijkt op: Bospolder"), "{}", findings[0].found);
    assert!(findings[1].found.contains("gebied Rozenburg"), "{}", findings[1].found);
}

/// Imports made-up sources by made-up mappings over the built-in areas.
fn import_with(
    mappings: &[&str],
    sources: &[(&str, &[u8])],
    all_editions: bool,
) -> Result<(Overview, ImportReport)> {
    let indicators = [
        testing::indicator("a", Some("Werk"), &[], crate::model::Direction::HigherIsBetter),
        testing::indicator("b", None, &[], crate::model::Direction::Neutral),
    ];
    let areas = AreaTable::built_in().unwrap();
    let mappings: Vec<Mapping> = mappings.iter().map(|text| Mapping::parse("proef.toml", text).unwrap()).collect();
    let definitions = Definitions {
        indicators: &indicators,
        domeinen: &[],
        areas: &areas,
        mappings: &mappings,
        benchmark: None,
    };
    let sources: Vec<(String, Vec<u8>)> =
        sources.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    import(&sources, &definitions, &ImportOptions { edition: "Proef".into(), all_editions })
}

fn mapping(head: &str, table: &str) -> String {
    format!("naam = \"Proef\"\n{head}\n[[tabel]]\nkoprij = 1\neerste_rij = 2\n{table}\n")
}

const STATLINE: &str = "editie = \"2020\"\ndecimaalteken = \".\"\nleeg = \"onbekend\"\nschatting = true\n\
    [herkenning]\nkoppen = [\"WijkenEnBuurten\"]";

#[test]
fn a_statline_csv_is_read_with_its_padding_signs_and_other_division() {
    let text = "\u{feff}\"Leeftijd\";\"WijkenEnBuurten\";\"A_1\";\"B_2\"\n\
        \"20300\";\"GM0599    \";\"    74.1\";\"       .\"\n\
        \"20300\";\"BU05990321\";\"    54.0\";        \n\
        \"20300\";\"BU05991289\";\"    60.0\";\"    61.0\"\n\
        \"65plus\";\"BU05990321\";\"    99.0\";\"    99.0\"\n\
        \"20300\";\"BU00340599\";\"    50.0\";\"    50.0\"\n\
        \"20300\";\"BU05992540\";\"    50.0\";\"    50.0\"\n";
    let table = "filter = { Leeftijd = \"20300\" }\n\
        gebied = { kolom = \"WijkenEnBuurten\", sleutel = \"cbs\", melden = [\"BU0599\"] }\n\
        kolommen = [\n{ bron = \"A_1\", indicator = \"a\", schaal = \"getal\" },\n\
        { bron = \"B_2\", indicator = \"b\", schaal = \"getal\" } ]";
    let own = "Code;;;;a\nIndicator;;;;A\nDecimalen;;;;1\nJaar of editie;;;;2019\n\
        Gebiedscode;Naam;Niveau;Valt onder\nWP1009;Groot-IJsselmonde-Noord;wijk;;5,0\n";
    let (overview, report) =
        import_with(&[&mapping(STATLINE, table)], &[("a.csv", text.as_bytes()), ("b.csv", own.as_bytes())], true)
            .unwrap();
    let at = |code: &str, column: usize| overview.figure(overview.area_index(code).unwrap(), column);
    let estimate = |value| Figure::Known { value, mark: Mark::Estimate };
    // Columns: a of 2019 (own layout), a of 2020, b of 2020.
    let editions: Vec<&str> = overview.columns.iter().map(|column| column.edition.as_str()).collect();
    assert_eq!(editions, ["2019", "2020", "2020"]);
    assert_eq!(at("GM0599", 1), estimate(74.1));
    assert_eq!(at("GM0599", 2), Figure::Missing(Missing::Unknown));
    assert_eq!(at("BU05990321", 1), estimate(54.0));
    assert_eq!(at("BU05990321", 2), Figure::Missing(Missing::Unknown));
    assert_eq!(at("WP1009", 0), Figure::known(5.0));
    assert_eq!(at("WP1009", 1), Figure::Missing(Missing::OtherDivision));
    assert_eq!((report.sources[0].rows, report.sources[0].elsewhere), (2, 3));
    let unknown = report.findings.iter().find(|finding| finding.code == "gebied-onbekend").unwrap();
    assert!(unknown.found.contains("BU05992540") && !unknown.found.contains("BU0034"), "{}", unknown.found);
    assert_eq!(report.indicators[1].with_figure, 2);
    assert_eq!(report.indicators[1].missing.get(&Missing::OtherDivision), Some(&1));
}

#[test]
fn a_viewer_csv_of_the_buurtmonitor_gives_an_edition_per_year() {
    let text = "\"Wijken\";\"Nieuwbouw|2018\";\"Nieuwbouw|2019\";\"Sloop|2019\"\n\
        \"Bospolder\";40;\"\";1\n\"Oude-Noorden\";\"\";12,5;\"\"\n\"Rozenburg\";1;2;3\n\"Bospoldr\";1;2;3\n";
    let head =
        "decimaalteken = \",\"\nleeg = \"onbekend\"\n[herkenning]\nkop_bevat = \"|\"\nkoppen = [\"Nieuwbouw\"]";
    let table = "periode = { in_kop = \"|\" }\ngebied = { kolomnummer = 1, sleutel = \"naam\" }\n\
        kolommen = [{ bron = \"Nieuwbouw\", indicator = \"a\", schaal = \"getal\" }]";
    let (overview, report) = import_with(&[&mapping(head, table)], &[("a.csv", text.as_bytes())], true).unwrap();
    let years: Vec<(&str, &str)> =
        overview.columns.iter().map(|column| (column.edition.as_str(), column.year.as_str())).collect();
    assert_eq!(years, [("2018", "2018"), ("2019", "2019")]);
    let at = |code: &str, column: usize| overview.figure(overview.area_index(code).unwrap(), column);
    assert_eq!(at("BU05990321", 0), Figure::known(40.0));
    assert_eq!(at("BU05990321", 1), Figure::Missing(Missing::Unknown));
    assert_eq!(at("BU05990535", 1), Figure::known(12.5));
    let unknown: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.code == "gebied-onbekend")
        .map(|finding| finding.found.as_str())
        .collect();
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert!(unknown[0].contains("Bospoldr") && unknown[0].contains("Lijkt op: Bospolder"), "{unknown:?}");
    assert!(unknown[1].contains("Rozenburg") && unknown[1].contains("wijk Rozenburg (BU05992704)"), "{unknown:?}");
    // Without all editions only the newest stays.
    let (newest, report) = import_with(&[&mapping(head, table)], &[("a.csv", text.as_bytes())], false).unwrap();
    assert_eq!(newest.columns.len(), 1);
    let left_out: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.code == "oudere-editie-weggelaten")
        .map(|finding| finding.found.as_str())
        .collect();
    assert_eq!(left_out.len(), 1);
    assert!(left_out[0].contains("1 indicator is editie '2018' niet overgenomen"), "{left_out:?}");
    assert_eq!(newest.columns[0].edition, "2019");
}

#[test]
fn an_upload_xlsx_of_the_buurtmonitor_is_read_per_period_and_level() {
    let text = |text: &str| CellValue::Text(text.to_owned());
    let number = CellValue::Number;
    let rows = [
        vec![text("period"), text("geolevel"), text("geoitem"), text("v_a")],
        vec![number(2019.0), text("wijk"), text("Rozenburg"), number(12.0)],
        vec![number(2019.0), text("gebied"), text("Rozenburg"), number(-99_997.0)],
        vec![number(2020.0), text("gemeente2024"), text("Rotterdam"), number(15.5)],
    ];
    let head = "decimaalteken = \".\"\nleeg = \"niet-geleverd\"\n[herkenning]\nkoppen = [\"geoitem\"]\n\
        [tekens]\n\"-99997\" = \"geheim\"";
    let table = "periode = { kolom = \"period\" }\n\
        gebied = { kolom = \"geoitem\", sleutel = \"code-of-naam\", niveaukolom = \"geolevel\" }\n\
        kolommen = [{ bron = \"v_a\", indicator = \"a\", schaal = \"getal\" }]";
    let bytes = xlsx_of(&rows, "upload");
    let (overview, report) = import_with(&[&mapping(head, table)], &[("a.xlsx", &bytes)], true).unwrap();
    // Its name says another source than that of the indicators.
    assert_eq!(find_codes(&report.findings), ["bron-anders-dan-indicator"]);
    let at = |code: &str, column: usize| overview.figure(overview.area_index(code).unwrap(), column);
    assert_eq!(at("BU05992704", 0), Figure::known(12.0));
    assert_eq!(at("WK059927", 0), Figure::Missing(Missing::Secret));
    assert_eq!(at("GM0599", 1), Figure::known(15.5));
}

#[test]
fn equal_headings_are_told_apart_by_their_group_and_never_guessed() {
    let text = "Lo;;Mo;\nwijknr;BUURT85;Contact;Contact\n21;Bospolder;0,5;0,25\n5000;Rotterdam;0,5;0,125\n22;Spangen;0,1;2,5\n";
    let head = "editie = \"e\"\ndecimaalteken = \",\"\nleeg = \"onbekend\"\n[herkenning]\nkoppen = [\"wijknr\"]";
    let table = |group: &str| {
        format!(
            "naam = \"Proef\"\n{head}\n[[tabel]]\ngroeprij = 1\nkoprij = 2\neerste_rij = 3\n\
            gebied = {{ kolom = \"wijknr\", sleutel = \"wijknr\", naamkolom = \"BUURT85\" }}\n\
            kolommen = [{{ bron = \"Contact\", indicator = \"a\", schaal = \"fractie\"{group} }}]\n"
        )
    };
    // The group stands above its first column only.
    let text_of_two = text.replace("Lo;;Mo;", ";;Lo;Mo");
    let bytes = text_of_two.as_bytes();
    let (overview, report) = import_with(&[&table(", groep = \"Mo\"")], &[("a.csv", bytes)], true).unwrap();
    let at = |code: &str| overview.figure(overview.area_index(code).unwrap(), 0);
    assert_eq!((at("GM0599"), at("BU05990321")), (Figure::known(12.5), Figure::known(25.0)));
    // 2.5 as a fraction is 250%; number 22 is Tussendijken, not Spangen.
    assert_eq!(at("BU05990322"), Figure::Missing(Missing::Invalid));
    let codes = find_codes(&report.findings);
    assert!(codes.contains(&"cijfer-onmogelijk") && codes.contains(&"gebied-naam-wijkt-af"), "{codes:?}");

    let error = import_with(&[&table("")], &[("a.csv", bytes)], true).unwrap_err().to_string();
    assert!(error.contains("geen enkel cijfer"), "{error}");
}

#[test]
fn an_unknown_source_is_refused_with_the_sources_that_are_known() {
    let table = "gebied = { kolom = \"WijkenEnBuurten\", sleutel = \"cbs\" }\n\
        kolommen = [{ bron = \"A_1\", indicator = \"a\", schaal = \"getal\" }]";
    let error =
        import_with(&[&mapping(STATLINE, table)], &[("a.csv", b"x;y\n1;2\n")], true).unwrap_err().to_string();
    assert!(error.contains("deze bron wordt niet herkend") && error.contains("Proef"), "{error}");
}

#[test]
fn two_sources_that_contradict_each_other_are_reported() {
    let own = |figure: &str| {
        format!(
            "Code;;;;a\nIndicator;;;;A\nDecimalen;;;;1\nJaar of editie;;;;2019\n\
            Gebiedscode;Naam;Niveau;Valt onder\nGM0599;Rotterdam;stad;;{figure}\n"
        )
    };
    let (one, two) = (own("5,0"), own("6,0"));
    let (overview, report) =
        import_with(&[], &[("een.csv", one.as_bytes()), ("twee.csv", two.as_bytes())], true).unwrap();
    assert_eq!(overview.figure(0, 0), Figure::known(5.0));
    assert_eq!(find_codes(&report.findings), ["cijfer-dubbel"]);
    assert!(
        report.findings[0].found.contains("een.csv geeft 5, twee.csv geeft 6"),
        "{}",
        report.findings[0].found
    );
}

fn words() -> impl Strategy<Value = String> {
    "[A-Za-zéü0-9\"' ;,.%()/-]{1,20}".prop_map(|text| text.trim().to_owned()).prop_filter("no label", |text| {
        layout::Label::of(text).is_none() && layout::Heading::of(text).is_none() && !text.is_empty()
    })
}

fn figures(estimates: bool) -> impl Strategy<Value = Figure> {
    let plain = if estimates { Mark::Estimate } else { Mark::None };
    prop_oneof![
        (0.0..=100.0_f64).prop_map(move |value| Figure::Known { value, mark: plain }),
        (0..=100_u8).prop_map(move |value| Figure::Known { value: f64::from(value), mark: plain }),
        (0.0..=100.0_f64).prop_map(|value| Figure::Known { value, mark: Mark::Provisional }),
        (0.0..=100.0_f64).prop_map(|value| Figure::Known { value, mark: Mark::Estimate }),
        Just(Figure::Known { value: 0.0, mark: Mark::Nil }),
        prop::sample::select(vec![
            Missing::Unknown,
            Missing::Secret,
            Missing::CannotOccur,
            Missing::NotSupplied,
            Missing::OtherDivision,
            Missing::Invalid,
        ])
        .prop_map(Figure::Missing),
    ]
}

prop_compose! {
    fn overviews()(
        edition in words(),
        names in prop::collection::vec(words(), 1..6),
        columns in prop::collection::vec((words(), words(), words(), 0..=6_u8, any::<bool>()), 1..6),
        first in 0.0..=100.0_f64,
    )(
        figures in names.iter().map(|_| {
            columns.iter().map(|column| figures(column.4)).collect::<Vec<_>>()
        }).collect::<Vec<_>>(),
        edition in Just(edition), names in Just(names), columns in Just(columns), first in Just(first),
    ) -> Overview {
        let mut overview = Overview { edition, figures, ..Overview::default() };
        for (place, name) in names.into_iter().enumerate() {
            let (level, parent) = if place == 0 { (AreaLevel::Stad, None) } else { (AreaLevel::Wijk, Some("g0")) };
            overview.areas.push(area(&format!("g{place}"), &name, level, parent));
        }
        for (place, (name, definition, source, decimals, estimates)) in columns.into_iter().enumerate() {
            let method = if estimates { format!("{}; x", crate::model::ESTIMATE) } else { "telling".to_owned() };
            overview.columns.push(Column {
                name, definition, source, decimals, method, ..column(&format!("i{place}"))
            });
        }
        // One figure at least, or it is no overview.
        let mark = if overview.columns[0].is_estimate() { Mark::Estimate } else { Mark::None };
        overview.figures[0][0] = Figure::Known { value: first, mark };
        overview
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(overview in overviews()) {
        let areas = no_areas();
        let bytes = write_csv(&overview).unwrap();
        let (back, findings) = read("x.csv", &bytes, &ReadOptions::new(&areas)).unwrap();
        prop_assert_eq!(&back, &overview);
        prop_assert!(findings.is_empty(), "{:?}", findings);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let areas = no_areas();
        let _ = read("x.csv", &bytes, &ReadOptions::new(&areas));
        let _ = read("x", &bytes, &ReadOptions::new(&areas));
    }
}
