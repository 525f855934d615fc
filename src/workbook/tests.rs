//! Workbooks made by other software than ours, read by meaning.

use std::sync::OnceLock;

use super::*;
use crate::finding::Finding;
use crate::model::{
    Analysis, Area, AreaLevel, CellValue, Column, Figure, Format, IndicatorRow, Mark, Missing, Overview, TabKind,
};

fn format() -> Format {
    static FORMAT: OnceLock<Format> = OnceLock::new();
    FORMAT.get_or_init(|| crate::format::builtin().unwrap()).clone()
}

fn fixture(name: &str) -> (String, Vec<u8>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/werkboeken").join(name);
    (name.to_owned(), std::fs::read(path).unwrap())
}

fn read_fixture(name: &str) -> (Analysis, Vec<Finding>) {
    let (name, bytes) = fixture(name);
    read(&name, &bytes, &format(), Details::None).unwrap()
}

fn row<'a>(analysis: &'a Analysis, code: &str) -> &'a IndicatorRow {
    analysis.rows().map(|(_, _, row)| row).find(|row| row.code.as_deref() == Some(code)).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_classic_workbook_without_codes_is_read_by_names() {
    let (analysis, findings) = read_fixture("klassiek (fictief).xlsx");
    assert_eq!(analysis.format_version, None);
    assert_eq!(analysis.adviseur(), "A. Adviseur (fictief)");
    assert_eq!(analysis.wijk(), "");
    assert_eq!(
        analysis.pijlers.iter().map(|tab| tab.pijler.as_str()).collect::<Vec<_>>(),
        ["Kansrijk", "Veilig", "Gezond"]
    );
    let counts: Vec<usize> = analysis.pijlers.iter().map(|tab| tab.blocks.len()).collect();
    assert_eq!(counts, [3, 3, 3]);
    assert_eq!(analysis.rows().count(), 14);
    assert!(analysis.rows().all(|(_, _, row)| row.code.is_some()));
    let unemployed = row(&analysis, "jongeren-werkzoekend");
    assert_eq!(
        (unemployed.wijk.at.a1(), unemployed.benchmark.as_ref().unwrap().at.a1()),
        ("E10".to_owned(), "G10".to_owned())
    );
    assert_eq!(row(&analysis, "bijstand").factor.as_deref(), Some("Sociaal economische status"));
    assert!(!codes(&findings).contains(&"kolom-ontbreekt"));
}

#[test]
fn a_fraction_counts_as_a_percentage_only_in_a_percent_cell() {
    let (analysis, _) = read_fixture("klassiek (fictief).xlsx");
    let welfare = row(&analysis, "bijstand");
    assert!(welfare.wijk.percent_format);
    assert_eq!(welfare.wijk.value, CellValue::Number(0.183));
    assert_eq!(welfare.wijk.number(), Some(18.3));
    let robbery = row(&analysis, "straatroof");
    assert!(!robbery.wijk.percent_format);
    assert_eq!(robbery.wijk.number(), Some(0.4));
}

#[test]
fn a_number_typed_as_text_stays_text() {
    let (analysis, _) = read_fixture("klassiek (fictief).xlsx");
    assert_eq!(row(&analysis, "jongeren-werkend").wijk.value, CellValue::Text("41,5".to_owned()));
    assert_eq!(row(&analysis, "jongeren-werkend").wijk.number(), None);
    assert_eq!(row(&analysis, "jongeren-werkzoekend").wijk.value, CellValue::Text("1.234".to_owned()));
}

#[test]
fn answers_right_of_a_question_keep_their_line_breaks() {
    let (analysis, _) = read_fixture("klassiek (fictief).xlsx");
    let block = &analysis.pijlers[1].blocks[1];
    assert_eq!(block.domein, "Veilig thuis");
    let question = block.questions.iter().find(|question| question.code.as_deref() == Some("analyse")).unwrap();
    assert_eq!(question.answer.text, "Het gaat vooral om jongeren.\nZij hebben vaak geen diploma.");
    assert_eq!(question.answer.at.a1(), "C20");
}

#[test]
fn the_closing_tables_and_the_summary_are_found() {
    let (analysis, _) = read_fixture("klassiek (fictief).xlsx");
    let closing = &analysis.pijlers[2].closing;
    assert_eq!(
        closing.iter().map(|row| row.domein.as_str()).collect::<Vec<_>>(),
        ["Sociaal-emotionele gezondheid", "Gezond gedrag", "Algemene gezondheid"]
    );
    assert_eq!(closing[2].conclusion.as_ref().unwrap().text, "Eigen conclusie");
    assert_eq!(closing[0].figures.as_ref().unwrap().text, "");
    let summary = analysis.summary.unwrap();
    assert_eq!(summary.closing.len(), 9);
    assert_eq!(summary.questions[0].code.as_deref(), Some("totaalbeeld"));
    assert_eq!(summary.questions[0].answer.text, "Een gemengd beeld.");
}

#[test]
fn moved_columns_renamed_tabs_and_split_headings_are_understood() {
    for name in ["verschoven (fictief).xlsx", "libreoffice (fictief).xlsx", "met macro-naam (fictief).xlsm"] {
        let (analysis, findings) = read_fixture(name);
        assert_eq!(analysis.wijk(), "Voorbeeldwijk", "{name}");
        assert_eq!(analysis.adviseur(), "B. Adviseur (fictief)", "{name}");
        assert_eq!(analysis.pijlers.len(), 3, "{name}");
        for tab in &analysis.pijlers {
            let columns: Vec<(&str, u32)> =
                tab.columns.iter().map(|(field, col)| (field.as_str(), *col)).collect();
            assert_eq!(
                columns,
                [
                    ("nummer", 2),
                    ("indicator", 3),
                    ("eenheid", 4),
                    ("bron", 5),
                    ("wijk", 6),
                    ("naast", 7),
                    ("benchmark", 8),
                    ("opmerking", 9),
                    ("code", 10)
                ],
                "{name}"
            );
            let headings: Vec<(&str, &str)> =
                tab.headings.iter().map(|(field, cell)| (field.as_str(), cell.text.as_str())).collect();
            assert_eq!(
                headings,
                [("wijk", "Voorbeeldwijk"), ("naast", "Nederland"), ("benchmark", "Rotterdam")],
                "{name}"
            );
        }
        assert_eq!(analysis.rows().count(), 14, "{name}");
        // The name was changed by hand; the hidden code still tells.
        assert_eq!(row(&analysis, "vsv").name, "Schoolverlaters");
        assert_eq!(row(&analysis, "rokers").wijk.number(), Some(22.0), "{name}");
        let answer = &analysis.pijlers[0].blocks[0].questions[1].answer;
        assert!(answer.text.starts_with("Het gaat vooral"), "{name}: {answer:?}");
        assert_eq!(analysis.pijlers[0].questions[0].code.as_deref(), Some("pijler-analyse"));
        assert_eq!(analysis.pijlers[0].questions[0].answer.text, "De domeinen hangen samen.");
        assert!(codes(&findings).contains(&"tabblad-hernoemd"), "{name}");
        assert_eq!(analysis.tabs[7].kind, TabKind::Fixed("resultaten".to_owned()).clone(), "{name}");
    }
}

/// A tab typed in as rows of texts; a text that reads as a number becomes one.
fn typed(rows: &[&[&str]]) -> crate::workbook::sheet::Sheet {
    let mut sheet = crate::workbook::sheet::Sheet { name: "Pijler Kansrijk".to_owned(), ..Default::default() };
    for (row, cells) in (0..).zip(rows) {
        for (col, text) in (0..).zip(*cells).filter(|(_, text)| !text.is_empty()) {
            let value = text.parse().map_or_else(|_| CellValue::Text((*text).to_owned()), CellValue::Number);
            sheet.cells.insert((row, col), crate::workbook::sheet::Cell { value, ..Default::default() });
        }
    }
    sheet
}

fn read_typed(rows: &[&[&str]]) -> (crate::model::PijlerTab, Vec<Finding>) {
    let format = format();
    let lexicon = crate::workbook::lexicon::Lexicon::new(&format);
    crate::workbook::pijler::read_pijler(&typed(rows), "Kansrijk", &lexicon)
}

const HEADINGS: &[&str] = &["Nr", "Indicator", "Eenheid", "Bron", "wijk", "vrij", "Rotterdam", "Wat valt op?"];

#[test]
fn a_bare_factor_name_groups_the_rows_below_it() {
    let (tab, findings) = read_typed(&[
        &["Wijk: Bospolder", "", "Versie", "2"],
        &["Domein Werk"],
        HEADINGS,
        &["1", "Jongeren die werken", "%", "", "40", "", "45"],
        &["", "Taalvaardigheid", "ranking 3"],
        &["2", "Bewoners die moeite hebben met lezen in het Nederlands", "%"],
    ]);
    assert_eq!(tab.wijk.unwrap().text, "Bospolder");
    assert_eq!(tab.version.unwrap().text, "2");
    let factors: Vec<Option<&str>> = tab.blocks[0].indicators.iter().map(|row| row.factor.as_deref()).collect();
    assert_eq!(factors, [None, Some("Taalvaardigheid")]);
    assert!(!codes(&findings).contains(&"indicator-onbekend"), "{findings:#?}");
}

#[test]
fn one_heading_row_on_top_serves_all_blocks() {
    let (tab, _) = read_typed(&[
        HEADINGS,
        &["Werk"],
        &["1", "Jongeren die werken", "%", "", "40", "", "45"],
        &["Schoolprestaties"],
        &["1", "Jongeren zonder startkwalificatie die van school gingen", "%", "", "6", "", "5"],
        &["", "Korte analyse"],
        &["", "Het gaat goed."],
    ]);
    let blocks: Vec<(&str, usize)> = tab.blocks.iter().map(|b| (b.domein.as_str(), b.indicators.len())).collect();
    assert_eq!(blocks, [("Werk", 1), ("Schoolprestaties", 1)]);
    assert_eq!(tab.blocks[1].questions[0].answer.text, "Het gaat goed.", "an answer below its question");
}

#[test]
fn a_tab_without_the_column_of_the_benchmark_says_what_was_looked_for() {
    let (tab, findings) = read_typed(&[
        &["Domein: Werk"],
        &["Nr", "Indicator", "Eenheid", "Bron", "iets", "anders", "nog iets", "Wat valt op?"],
        &["1", "Jongeren die werken", "%", "", "40", "", "45"],
    ]);
    assert!(tab.blocks[0].indicators.is_empty());
    let missing: Vec<&Finding> = findings.iter().filter(|finding| finding.code == "kolom-ontbreekt").collect();
    assert_eq!(missing.len(), 2);
    assert!(
        missing[1].expected.contains("'Rotterdam'") && missing[1].found.contains("G 'nog iets'"),
        "{missing:#?}"
    );
    assert_eq!(missing[1].place.tab.as_deref(), Some("Pijler Kansrijk"));
}

#[test]
fn a_code_that_belongs_to_another_name_is_not_followed() {
    let (tab, findings) = read_typed(&[
        &["Domein: Werk"],
        &["Nr", "Indicator", "Eenheid", "Bron", "wijk", "vrij", "Rotterdam", "Wat valt op?", "code"],
        &["1", "Jongeren die werken", "%", "", "40", "", "45", "", "vsv"],
    ]);
    assert_eq!(tab.blocks[0].indicators[0].code, None);
    assert!(codes(&findings).contains(&"code-en-naam-verschillen"));
}

#[test]
fn an_unknown_domein_is_reported_with_the_nearest_names() {
    let (_, findings) = read_typed(&[&["Domein: Schoolprestatis"], HEADINGS, &["1", "Jongeren die werken", "%"]]);
    let unknown = findings.iter().find(|finding| finding.code == "domein-onbekend").unwrap();
    assert!(unknown.expected.contains("Schoolprestaties"), "{unknown:?}");
    assert!(codes(&findings).contains(&"domein-ontbreekt"));
}

#[test]
fn optional_tabs_are_read_row_by_row() {
    let (analysis, _) = read_fixture("verschoven (fictief).xlsx");
    assert_eq!(analysis.optional_tabs, ["resultaten", "matrix", "activiteiten"]);
    assert_eq!(analysis.resultaten.len(), 2);
    assert_eq!(analysis.resultaten[0].row, 5);
    assert_eq!(analysis.resultaten[0].startwaarde, "6,1");
    assert_eq!(analysis.resultaten[0].streefwaarde, "-1,5");
    assert_eq!(analysis.resultaten[0].onderbouwing, "Regel een\nRegel twee");
    assert_eq!(analysis.matrix[0].selectief, "mentor");
    assert_eq!(analysis.activiteiten[0].frequentie, "elke week");
    assert_eq!(analysis.activiteiten[0].status, "bezig");
}

#[test]
fn a_missing_pijler_tab_and_an_unknown_indicator_are_findings_with_their_place() {
    let (analysis, findings) = read_fixture("tabblad minder (fictief).xlsx");
    assert_eq!(analysis.pijlers.len(), 2);
    let missing = findings.iter().find(|finding| finding.code == "tabblad-ontbreekt").unwrap();
    assert_eq!(missing.place.tab.as_deref(), Some("Pijler Veilig"));
    assert_eq!(missing.level, crate::finding::Level::Fout);
    let unknown = findings.iter().find(|finding| finding.code == "indicator-onbekend").unwrap();
    assert_eq!(unknown.place.cell.as_deref(), Some("B16"));
    assert!(unknown.expected.contains("Volwassenen die roken"), "{}", unknown.expected);
    let row = analysis.rows().map(|(_, _, row)| row).find(|row| row.name == "Volwasenen die rookten").unwrap();
    assert_eq!(row.code, None, "a near miss is never taken for the indicator");
    assert!(analysis.tabs.iter().any(|tab| tab.name == "Pijler Gezond (2)" && tab.kind == TabKind::Other));
}

#[test]
fn xls_and_ods_are_read_the_same_but_for_percentages() {
    let (xlsx, _) = read_fixture("klassiek (fictief).xlsx");
    for name in ["klassiek (fictief).xls", "klassiek (fictief).ods"] {
        let (analysis, findings) = read_fixture(name);
        let figures = |analysis: &Analysis| -> Vec<(String, CellValue)> {
            analysis
                .rows()
                .map(|(_, _, row)| (row.wijk.at.a1(), row.wijk.value.clone()))
                .filter(|(cell, _)| cell != "E28")
                .collect()
        };
        assert_eq!(figures(&analysis), figures(&xlsx), "{name}");
        assert_eq!(analysis.pijlers[0].blocks[0].questions, xlsx.pijlers[0].blocks[0].questions, "{name}");
        assert!(codes(&findings).contains(&"procent-onduidelijk"), "{name}");
    }
}

#[test]
fn a_formula_is_told_from_a_typed_figure() {
    let (analysis, _) = read_fixture("klassiek (fictief).xls");
    assert!(row(&analysis, "sportdeelname").wijk.formula);
    assert!(!row(&analysis, "vsv").wijk.formula);
}

#[test]
fn a_file_without_pijler_tabs_names_what_was_looked_for() {
    let error = read("lijst.csv", &b"a;b\n1;2\n"[..], &format(), Details::None).unwrap_err().to_string();
    assert!(error.contains("lijst.csv") && error.contains("geen werkboek"), "{error}");
    let mut other = format();
    for pijler in &mut other.pijlers {
        pijler.tab = format!("Thema {}", pijler.name);
        pijler.name = format!("X{}", pijler.name);
        pijler.heading = String::new();
    }
    let (name, bytes) = fixture("klassiek (fictief).xlsx");
    let error = read(&name, &bytes, &other, Details::None).unwrap_err().to_string();
    assert!(error.contains("'Thema Kansrijk'") && error.contains("'Pijler Kansrijk'"), "{error}");
}

/// An invented overview: every indicator of the format in order, figures that tell area and indicator apart.
/// `factor` makes another edition of it.
fn invented(factor: f64) -> Overview {
    let format = format();
    let area = |code: &str, name: &str, level, parent: Option<&str>| Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: parent.map(str::to_owned),
        aliases: Vec::new(),
    };
    let areas = vec![
        area("NL", "Nederland", AreaLevel::Land, None),
        area("GM0599", "Rotterdam", AreaLevel::Stad, Some("NL")),
        area("WK1", "Voorbeeldgebied", AreaLevel::Gebied, Some("GM0599")),
        area("BU1", "Voorbeeldwijk", AreaLevel::Wijk, Some("WK1")),
        area("BU2", "Andere wijk", AreaLevel::Wijk, Some("WK1")),
    ];
    let columns: Vec<Column> = format
        .indicators
        .iter()
        .map(|indicator| Column {
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            unit: indicator.unit.name.clone(),
            decimals: indicator.decimals,
            direction: indicator.direction.words().to_owned(),
            doelgroep: indicator.doelgroep.clone(),
            kind: indicator.kind.word().to_owned(),
            edition: if factor == 1.0 { indicator.edition.clone() } else { "editie 2099".to_owned() },
            year: if factor == 1.0 { indicator.year.clone() } else { "2098".to_owned() },
            source: indicator.source.clone(),
            ..Column::default()
        })
        .collect();
    let figure = |area: usize, column: usize| {
        let code = columns[column].code.as_str();
        match (area, code) {
            (3, "vernieling") => Figure::Missing(Missing::Unknown),
            (3, "straatroof") => Figure::Known { value: 0.0, mark: Mark::Nil },
            (3, "overgewicht") => Figure::Missing(Missing::NotSupplied),
            _ => Figure::known((10.0 * (area as f64 + 1.0) + column as f64 / 4.0 + 0.125) * factor),
        }
    };
    let figures =
        (0..areas.len()).map(|area| (0..columns.len()).map(|column| figure(area, column)).collect()).collect();
    Overview { edition: "verzonnen".to_owned(), areas: areas.into(), columns, figures, ..Overview::default() }
}

/// The workbook that the product builds itself.
fn built() -> Vec<u8> {
    static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
    let build =
        || crate::format::build(&format(), &invented(1.0), &crate::format::BuildOptions::default()).unwrap();
    BUILT.get_or_init(build).clone()
}

#[test]
fn our_own_workbook_is_read_whole_and_without_findings() {
    let bytes = built();
    let (analysis, findings) = read("format.xlsx", &bytes, &format(), Details::None).unwrap();
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(analysis.format_version.as_deref(), Some(format().version.as_str()));
    let format = format();
    let wanted: Vec<(String, Option<String>, String)> = format
        .domeinen
        .iter()
        .flat_map(|domein| {
            format.placement(&domein.name).into_iter().flat_map(move |(factor, indicators)| {
                let factor = factor.map(|factor| factor.name.clone());
                indicators.into_iter().map(move |i| (domein.name.clone(), factor.clone(), i.code.clone()))
            })
        })
        .collect();
    let found: Vec<(String, Option<String>, String)> = analysis
        .rows()
        .map(|(_, block, row)| (block.domein.clone(), row.factor.clone(), row.code.clone().unwrap_or_default()))
        .collect();
    assert_eq!(found, wanted);
    let questions = format.questions.iter().filter(|q| q.place == crate::model::QuestionPlace::Domein).count();
    assert!(analysis.pijlers.iter().flat_map(|tab| &tab.blocks).all(|block| block.questions.len() == questions));
    assert!(analysis.pijlers.iter().all(|tab| tab.closing.len() == 3 && tab.questions.len() == 1));
    assert!(analysis.pijlers.iter().all(|tab| tab.wijk.is_some() && tab.adviseur.is_some() && tab.date.is_some()));
    assert!(
        analysis
            .tabs
            .iter()
            .all(|tab| tab.kind != TabKind::Other || ["_wijkanalyse", "_grafieken"].contains(&tab.name.as_str()))
    );
    assert_eq!(analysis.optional_tabs, ["resultaten", "matrix", "activiteiten", "afspraken"]);
    assert_eq!(analysis.summary.unwrap().questions.len(), 3);
}

#[test]
fn the_layout_report_counts_what_is_filled_in() {
    let (analysis, _) = read_fixture("verschoven (fictief).xlsx");
    let mut newer = analysis.clone();
    newer.format_version = Some("99.0".into());
    assert_eq!(layout_report(&newer, &format()).newer_than, Some(format().version));
    let report = layout_report(&analysis, &format());
    assert_eq!(report.newer_than, None);
    assert_eq!(report.figures, Filling { filled: 10, total: 14 });
    // Nine domein blocks with one answered question of three, three questions about a pijler and the conclusion.
    assert_eq!(report.questions, Filling { filled: 9 + 3 + 1, total: 27 + 3 + 1 });
    assert_eq!(report.pijlers[0].blocks[1].domein, "Schoolprestaties");
    assert_eq!(report.pijlers[0].blocks[1].row, 26);
    let benchmark = report.pijlers[0].columns.iter().find(|column| column.field == "benchmark").unwrap();
    assert_eq!(benchmark.letters, "I");
    assert_eq!(
        report.optional,
        [
            ("Maatschappelijke resultaten".to_owned(), 2),
            ("Preventiematrix".to_owned(), 1),
            ("Activiteiten".to_owned(), 1)
        ]
    );
    let foreign = report.tabs.iter().find(|tab| tab.name == "Voorblad van de gemeente").unwrap();
    assert_eq!(foreign.kind, "ander tabblad");
    assert!(serde_json::to_string(&report).unwrap().contains("\"figures\":{\"filled\":10,\"total\":14}"));
}

mod filling {
    use super::*;
    use crate::finding::Finding;
    use crate::package::NewValue;

    const WIJK: usize = 3;

    fn plan_for(name: &str, bytes: &[u8], overview: &Overview, request: &FillRequest<'_>) -> FillPlan {
        let format = format();
        let workbook = open(name, bytes, &format, Details::None).unwrap();
        plan(&workbook, overview, &format, request).unwrap()
    }

    fn value<'a>(plan: &'a FillPlan, tab: &str, cell: &str) -> Option<&'a NewValue> {
        let at = crate::model::parse_a1(cell).unwrap();
        plan.edits.iter().find(|edit| edit.tab == tab && (edit.row, edit.col) == at).map(|edit| &edit.value)
    }

    fn at(findings: &[Finding], code: &str) -> Vec<String> {
        findings.iter().filter(|f| f.code == code).filter_map(|f| f.place.cell.clone()).collect()
    }

    fn request() -> FillRequest<'static> {
        FillRequest { wijk: WIJK, ..FillRequest::default() }
    }

    #[test]
    fn a_blank_workbook_gets_only_figures_names_and_headings() {
        let overview = invented(1.0);
        let plan = plan_for("leeg.xlsx", &built(), &overview, &request());
        assert!(plan.findings.is_empty(), "{:#?}", plan.findings);
        let fields: std::collections::BTreeSet<&str> =
            plan.ledger.iter().map(|entry| entry.field.as_str()).collect();
        assert_eq!(fields.into_iter().collect::<Vec<_>>(), ["kop-wijk", "wijk", "wijknaam"]);
        assert_eq!(plan.ledger.len(), plan.edits.len());
        assert_eq!(plan.record.rows.len(), plan.edits.len());
        assert!(
            plan.ledger
                .iter()
                .filter(|e| e.field == "wijk")
                .all(|e| e.cell.starts_with('E') && e.area == "Voorbeeldwijk")
        );
        assert_eq!(plan.ledger.iter().filter(|e| e.field == "wijknaam").count(), 3);
        // Every row of column headings, also where they stand again at the beginning of a printed page.
        let kind = crate::guard::FileKind::Xlsx;
        let mut book = crate::workbook::sheet::Book::open("leeg.xlsx", kind, &built().into(), None).unwrap();
        let tabs: Vec<_> =
            book.tabs().iter().map(|(tab, _)| book.sheet("leeg.xlsx", tab, None).unwrap()).collect();
        let ids = tabs.iter().flat_map(|sheet| sheet.ids.values());
        let headings = ids.filter(|id| **id == crate::model::Identity::Headings).count();
        assert!(headings >= format().domeinen.len(), "{headings}");
        assert_eq!(plan.ledger.iter().filter(|e| e.field == "kop-wijk").count(), headings);
    }

    #[test]
    fn an_indicator_in_several_rows_gets_the_same_figure_in_all() {
        let overview = invented(1.0);
        let plan = plan_for("leeg.xlsx", &built(), &overview, &request());
        let values: Vec<&CellValue> =
            plan.ledger.iter().filter(|e| e.indicator == "bijstand").map(|e| &e.new).collect();
        assert!(values.len() > 1);
        let expected = overview.figure(WIJK, overview.column_index("bijstand").unwrap()).value().unwrap();
        assert!(values.iter().all(|value| **value == CellValue::Number(expected)));
    }

    #[test]
    fn signs_are_written_as_signs_and_nil_as_zero_and_nothing_as_nothing() {
        let plan = plan_for("leeg.xlsx", &built(), &invented(1.0), &request());
        let new = |code: &str| {
            plan.ledger.iter().find(|e| e.indicator == code && e.field == "wijk").map(|e| e.new.clone())
        };
        assert_eq!(new("vernieling"), Some(CellValue::Text(".".to_owned())));
        assert_eq!(new("straatroof"), Some(CellValue::Number(0.0)));
        assert_eq!(new("overgewicht"), None);
    }

    #[test]
    fn a_differing_figure_of_a_person_keeps_the_whole_row_as_it_is() {
        let (name, bytes) = fixture("klassiek (fictief).xlsx");
        let plan = plan_for(&name, &bytes, &invented(1.0), &request());
        let left = at(&plan.findings, "cijfer-met-rust-gelaten");
        // A figure that differs, a text, an ambiguous text, a formula: each is reported and nothing in its row written.
        for cell in ["E9", "E10", "E12", "E28"] {
            assert!(left.contains(&cell.to_owned()), "{cell} in {left:?}");
            let row = &cell[1..];
            for col in ["C", "D", "E", "F", "G"] {
                assert_eq!(value(&plan, "Pijler Kansrijk", &format!("{col}{row}")), None, "{col}{row}");
            }
        }
        let message = &plan.findings.iter().find(|f| f.place.cell.as_deref() == Some("E12")).unwrap().found;
        assert!(message.contains("18,3%") && message.contains("43,4%"), "both values: {message}");
    }

    #[test]
    fn an_empty_row_is_filled_from_c_to_g_but_a_persons_unit_stays() {
        let (name, bytes) = fixture("klassiek (fictief).xlsx");
        let overview = invented(1.0);
        let plan = plan_for(&name, &bytes, &overview, &request());
        // Row 21: no figures at all; C holds a person's '%', D is empty.
        let column = overview.column_index("moeite-met-lezen").unwrap();
        let number = |area: usize| NewValue::Number(overview.figure(area, column).value().unwrap());
        assert_eq!(value(&plan, "Pijler Kansrijk", "E21"), Some(&number(WIJK)));
        assert_eq!(value(&plan, "Pijler Kansrijk", "G21"), Some(&number(1)));
        assert!(
            matches!(value(&plan, "Pijler Kansrijk", "D21"), Some(NewValue::Text(text)) if text.starts_with("Wijkprofiel"))
        );
        assert_eq!(value(&plan, "Pijler Kansrijk", "C21"), None);
        assert_eq!(value(&plan, "Pijler Kansrijk", "F21"), None);
    }

    #[test]
    fn a_new_figure_takes_the_number_format_of_its_row() {
        let (name, bytes) = fixture("klassiek (fictief).xlsx");
        let plan = plan_for(&name, &bytes, &invented(1.0), &request());
        let edit = plan.edits.iter().find(|e| e.tab == "Pijler Kansrijk" && (e.row, e.col) == (20, 4)).unwrap();
        assert_eq!(edit.style, crate::package::StyleChoice::CopyFrom { row: 20, col: 6 });
    }

    #[test]
    fn a_percent_cell_takes_a_fraction() {
        let (name, bytes) = fixture("verschoven (fictief).xlsx");
        let overview = invented(1.0);
        let request = FillRequest { overwrite: true, beside: Some(0), ..request() };
        let plan = plan_for(&name, &bytes, &overview, &request);
        let smokers = plan.ledger.iter().find(|e| e.indicator == "rokers" && e.field == "wijk").unwrap();
        let expected = overview.figure(WIJK, overview.column_index("rokers").unwrap()).value().unwrap();
        assert_eq!(smokers.new, CellValue::Number(expected / 100.0));
        assert_eq!(smokers.old, CellValue::Number(0.22), "the old value is in the ledger");
        let beside = plan.ledger.iter().find(|e| e.indicator == "rokers" && e.field == "naast").unwrap();
        assert_eq!(beside.area, "Nederland");
    }

    #[test]
    fn a_workbook_about_another_wijk_is_refused() {
        let (name, bytes) = fixture("verschoven (fictief).xlsx");
        let format = format();
        let workbook = open(&name, &bytes, &format, Details::None).unwrap();
        let request = FillRequest { wijk: 4, ..FillRequest::default() };
        let error = plan(&workbook, &invented(1.0), &format, &request).unwrap_err().to_string();
        assert!(error.contains("gaat over 'Voorbeeldwijk'") && error.contains("Andere wijk"), "{error}");
    }

    #[test]
    fn xls_and_ods_are_refused_with_the_advice_to_save_as_xlsx() {
        for name in ["klassiek (fictief).xls", "klassiek (fictief).ods"] {
            let (name, bytes) = fixture(name);
            let format = format();
            let workbook = open(&name, &bytes, &format, Details::None).unwrap();
            let error = plan(&workbook, &invented(1.0), &format, &request()).unwrap_err().to_string();
            assert!(error.contains(".xlsx"), "{error}");
        }
    }

    #[test]
    fn a_workbook_of_a_newer_format_is_refused() {
        let mut newer = format();
        newer.version = "99.0.0".to_owned();
        let bytes = crate::format::build(&newer, &invented(1.0), &crate::format::BuildOptions::default()).unwrap();
        let workbook = open("nieuw.xlsx", &bytes, &format(), Details::None).unwrap();
        let error = plan(&workbook, &invented(1.0), &format(), &request()).unwrap_err().to_string();
        assert!(error.contains("99.0.0") && error.contains(&format().version), "{error}");
    }

    #[test]
    fn an_overview_without_the_benchmark_is_refused() {
        let mut overview = invented(1.0);
        overview.areas[1].code = "GM9999".to_owned();
        overview.areas[1].name = "Elders".to_owned();
        let workbook = open("leeg.xlsx", built(), &format(), Details::None).unwrap();
        let error = plan(&workbook, &overview, &format(), &request()).unwrap_err().to_string();
        assert!(error.contains("Rotterdam") && error.contains("GM0599"), "{error}");
    }

    #[test]
    fn empty_closing_cells_get_their_text_and_written_ones_stay() {
        let (name, bytes) = fixture("klassiek (fictief).xlsx");
        let text =
            ClosingText { figures: "Meer bijstand: 18,3%".to_owned(), factoren: "Armoede (ranking 2)".to_owned() };
        let closing = std::iter::once(("Werk".to_owned(), text)).collect();
        let plan = plan_for(&name, &bytes, &invented(1.0), &FillRequest { closing, ..request() });
        let slots: Vec<(&str, &str)> = plan
            .ledger
            .iter()
            .filter(|e| e.field.starts_with("slot-"))
            .map(|e| (e.tab.as_str(), e.field.as_str()))
            .collect();
        assert_eq!(
            slots,
            [
                ("Pijler Kansrijk", "slot-cijfers"),
                ("Pijler Kansrijk", "slot-factoren"),
                ("Samenvatting alle pijlers samen", "slot-cijfers"),
                ("Samenvatting alle pijlers samen", "slot-factoren"),
            ]
        );
    }

    #[test]
    fn another_edition_leaves_a_row_with_a_benchmark_of_a_person_alone() {
        // G20 holds 61 typed by a person; E is empty.
        let (name, bytes) = fixture("klassiek (fictief).xlsx");
        let plan = plan_for(&name, &bytes, &invented(2.0), &request());
        assert!(at(&plan.findings, "cijfer-met-rust-gelaten").contains(&"G17".to_owned()));
        assert_eq!(value(&plan, "Pijler Veilig", "E17"), None);
    }

    #[test]
    fn a_benchmark_of_the_format_is_renewed_together_with_the_row() {
        let (own, new) = (invented(1.0), invented(2.0));
        let request = FillRequest { own: Some(&own), ..request() };
        let plan = plan_for("leeg.xlsx", &built(), &new, &request);
        assert!(plan.findings.is_empty(), "{:#?}", plan.findings);
        let fields: std::collections::BTreeSet<&str> =
            plan.ledger.iter().filter(|e| e.indicator == "vsv").map(|e| e.field.as_str()).collect();
        assert_eq!(fields.into_iter().collect::<Vec<_>>(), ["benchmark", "eenheid", "wijk"]);
        assert!(plan.ledger.iter().filter(|e| e.indicator == "vsv").all(|e| e.edition == "editie 2099"));
    }

    #[test]
    fn a_year_of_a_person_that_differs_keeps_the_row_as_it_is() {
        let (name, bytes) = fixture("verschoven (fictief).xlsx");
        let plan = plan_for(&name, &bytes, &invented(2.0), &FillRequest { overwrite: false, ..request() });
        // 'Bewoners die moeite hebben met lezen': no figures yet, but column E says '%; editie 2016'.
        assert!(!at(&plan.findings, "rij-van-een-ander-jaar").is_empty(), "{:#?}", plan.findings);
        assert!(plan.ledger.iter().all(|e| e.indicator != "moeite-met-lezen"));
    }

    fn carry_out(
        name: &str,
        bytes: &[u8],
        overview: &Overview,
        request: &FillRequest<'_>,
        extras: &FillExtras<'_>,
    ) -> (Vec<u8>, Filled) {
        let format = format();
        let workbook = open(name, bytes, &format, Details::None).unwrap();
        let plan = plan(&workbook, overview, &format, request).unwrap();
        let archive = crate::package::Archive::from_bytes(name, bytes.to_vec()).unwrap();
        let book = crate::package::Spreadsheet::open(archive).unwrap();
        let mut out = Vec::new();
        let filled = fill(&book, &workbook, &plan, &format, extras, &mut out).unwrap();
        (out, filled)
    }

    /// Every cell of every tab as stored, by tab and address.
    fn all_cells(name: &str, bytes: &[u8]) -> std::collections::BTreeMap<(String, String), String> {
        let mut book =
            crate::workbook::sheet::Book::open(name, crate::guard::FileKind::Xlsx, &bytes.into(), None).unwrap();
        let mut cells = std::collections::BTreeMap::new();
        for (tab, _) in book.tabs() {
            let sheet = book.sheet(name, &tab, None).unwrap();
            for ((row, col), cell) in &sheet.cells {
                let at = crate::model::CellRef::new(tab.as_str(), *row, *col).a1();
                cells.insert(
                    (tab.clone(), at),
                    format!("{:?} {} {}", cell.value, cell.formula, cell.number_format),
                );
            }
        }
        cells
    }

    /// The law: only the cells in the ledger differ, besides the record.
    fn only_listed_cells_differ(name: &str, before: &[u8], after: &[u8], filled: &Filled) {
        let (before, after) = (all_cells(name, before), all_cells(name, after));
        let listed: std::collections::BTreeSet<(String, String)> =
            filled.ledger.iter().map(|e| (e.tab.clone(), e.cell.clone())).collect();
        let caches: std::collections::BTreeSet<(String, String)> =
            filled.applied.removed_caches.iter().map(|at| (at.tab.clone(), at.a1())).collect();
        let all: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
        for at in all {
            let differs = before.get(&at) != after.get(&at);
            let allowed = listed.contains(&at) || caches.contains(&at) || at.0 == "_wijkanalyse";
            assert!(!differs || allowed, "{name} {at:?}: {:?} became {:?}", before.get(&at), after.get(&at));
        }
        assert!(listed.iter().all(|at| before.get(at) != after.get(at)), "a listed cell did not change");
    }

    #[test]
    fn only_the_listed_cells_differ_and_filling_again_changes_no_byte() {
        let overview = invented(1.0);
        let own = built();
        let mut cases: Vec<(String, Vec<u8>)> = vec![("format.xlsx".to_owned(), own)];
        for name in [
            "klassiek (fictief).xlsx",
            "verschoven (fictief).xlsx",
            "tabblad minder (fictief).xlsx",
            "libreoffice (fictief).xlsx",
            "met macro-naam (fictief).xlsm",
        ] {
            cases.push(fixture(name));
        }
        for (name, bytes) in cases {
            let request = FillRequest { beside: Some(0), ..request() };
            let (once, filled) = carry_out(&name, &bytes, &overview, &request, &FillExtras::default());
            assert!(filled.changed, "{name}");
            assert!(filled.applied.refused.is_empty(), "{name}: {:?}", filled.applied.refused);
            only_listed_cells_differ(&name, &bytes, &once, &filled);
            let (twice, again) = carry_out(&name, &once, &overview, &request, &FillExtras::default());
            assert!(again.ledger.is_empty(), "{name}: {:#?}", again.ledger);
            assert!(!again.changed && twice == once, "{name}: filling again changed the file");
        }
    }

    #[test]
    fn our_own_figures_are_renewed_and_a_persons_stay() {
        let (own, new) = (invented(1.0), invented(2.0));
        let (once, _) = carry_out("a.xlsx", &built(), &own, &request(), &FillExtras::default());
        // A person changes one of our figures.
        let archive = crate::package::Archive::from_bytes("a.xlsx", once.clone()).unwrap();
        let book = crate::package::Spreadsheet::open(archive).unwrap();
        let workbook = open("a.xlsx", &once, &format(), Details::None).unwrap();
        let changed = row(&workbook.analysis, "vsv").wijk.at.clone();
        let edit = crate::package::CellEdit {
            tab: changed.tab.clone(),
            row: changed.row,
            col: changed.col,
            value: NewValue::Number(99.0),
            style: crate::package::StyleChoice::Keep,
        };
        let mut typed = Vec::new();
        book.apply(&crate::package::Changes { cells: vec![edit], ..Default::default() }, &mut typed).unwrap();

        let again = FillRequest { own: Some(&own), ..request() };
        let (renewed, filled) = carry_out("a.xlsx", &typed, &new, &again, &FillExtras::default());
        only_listed_cells_differ("a.xlsx", &typed, &renewed, &filled);
        assert!(at(&filled.findings, "cijfer-met-rust-gelaten").contains(&changed.a1()));
        let in_row = |entry: &&LedgerEntry| {
            entry.tab == changed.tab
                && entry.cell.ends_with(&format!("{}", changed.row + 1))
                && entry.indicator == "vsv"
        };
        assert_eq!(filled.ledger.iter().filter(in_row).count(), 0, "the whole row stays");
        let (analysis, _) = read("a.xlsx", &renewed, &format(), Details::None).unwrap();
        assert_eq!(row(&analysis, "vsv").wijk.number(), Some(99.0));
        let other = row(&analysis, "jongeren-studerend");
        let expected = new.figure(WIJK, new.column_index("jongeren-studerend").unwrap()).value();
        assert_eq!(other.wijk.number(), expected);
        assert!(other.unit.as_ref().unwrap().text.contains("editie 2099"));

        // And with --overschrijf the old value is in the ledger.
        let overwrite = FillRequest { overwrite: true, own: Some(&own), ..request() };
        let (_, filled) = carry_out("a.xlsx", &typed, &new, &overwrite, &FillExtras::default());
        let entry = filled.ledger.iter().find(|e| e.tab == changed.tab && e.cell == changed.a1()).unwrap();
        assert_eq!(entry.old, CellValue::Number(99.0));
    }

    #[test]
    fn what_may_not_be_shown_of_the_old_edition_is_not_remembered() {
        let (mut own, new) = (invented(1.0), invented(2.0));
        let (once, _) = carry_out("a.xlsx", &built(), &own, &request(), &FillExtras::default());
        let hidden = own.column_index("vsv").unwrap();
        own.figures[WIJK][hidden] = Figure::Missing(Missing::SmallGroup);
        let renewal = Some(Renewal { edition: "nieuw".to_owned(), column: false });
        let plan = plan_for("a.xlsx", &once, &new, &FillRequest { own: Some(&own), renewal, ..request() });
        let remembered = |code: &str| plan.record.history.before(code, "wijk", 1).map(|old| old.value.clone());
        assert_eq!(remembered("vsv"), Some(CellValue::Text("x".to_owned())));
        let shown = own.figure(WIJK, own.column_index("jongeren-studerend").unwrap()).value();
        assert_eq!(remembered("jongeren-studerend"), shown.map(CellValue::Number));
        // Ordinary filling remembers nothing new and forgets nothing.
        let plan = plan_for("a.xlsx", &once, &new, &FillRequest { own: Some(&own), ..request() });
        assert!(plan.record.history.figures.is_empty());
    }

    #[test]
    fn a_figure_that_the_new_overview_lacks_is_cleared_when_it_is_ours() {
        let (own, mut new) = (invented(1.0), invented(2.0));
        let index = new.column_index("vsv").unwrap();
        new.figures[WIJK][index] = Figure::Missing(Missing::OtherDivision);
        let (once, _) = carry_out("a.xlsx", &built(), &own, &request(), &FillExtras::default());
        let again = FillRequest { own: Some(&own), ..request() };
        let (renewed, filled) = carry_out("a.xlsx", &once, &new, &again, &FillExtras::default());
        assert!(
            filled.ledger.iter().any(|e| e.indicator == "vsv" && e.field == "wijk" && e.new == CellValue::Empty)
        );
        let (analysis, _) = read("a.xlsx", &renewed, &format(), Details::None).unwrap();
        assert_eq!(row(&analysis, "vsv").wijk.value, CellValue::Empty);
        let (twice, _) = carry_out("a.xlsx", &renewed, &new, &again, &FillExtras::default());
        assert!(twice == renewed);
    }

    #[test]
    fn another_second_area_replaces_the_one_we_wrote() {
        let overview = invented(1.0);
        let beside = |index| FillRequest { beside: Some(index), ..request() };
        let (once, _) = carry_out("a.xlsx", &built(), &overview, &beside(0), &FillExtras::default());
        let (twice, filled) = carry_out("a.xlsx", &once, &overview, &beside(2), &FillExtras::default());
        assert!(filled.findings.is_empty(), "{:#?}", filled.findings);
        let (analysis, _) = read("a.xlsx", &twice, &format(), Details::None).unwrap();
        assert!(
            analysis
                .pijlers
                .iter()
                .flat_map(|tab| &tab.headings)
                .filter(|(field, _)| field == "naast")
                .all(|(_, cell)| cell.text == "Voorbeeldgebied")
        );
        let expected = overview.figure(2, overview.column_index("vsv").unwrap()).value();
        assert_eq!(row(&analysis, "vsv").beside.as_ref().unwrap().number(), expected);
    }

    #[test]
    fn our_own_workbook_has_the_highlighting_of_the_specification() {
        let (analysis, _) = read("a.xlsx", built(), &format(), Details::All).unwrap();
        assert!(!analysis.conditionals.is_empty());
        assert_eq!(highlighting(&analysis, &format()), []);
        assert!(!analysis.links.is_empty());
        assert!(
            analysis.links.iter().all(|link| link.alive),
            "{:?}",
            analysis.links.iter().find(|link| !link.alive)
        );
    }

    #[test]
    fn missing_and_wrong_highlighting_is_repaired() {
        for name in ["klassiek (fictief).xlsx", "verschoven (fictief).xlsx", "libreoffice (fictief).xlsx"] {
            let (name, bytes) = fixture(name);
            let (analysis, _) = read(&name, &bytes, &format(), Details::All).unwrap();
            let repairs = highlighting(&analysis, &format());
            assert_eq!(repairs.len(), 3, "{name}");
            // The row with fractions has a rule with one decimal instead of three.
            let removes = repairs.iter().any(|repair| !repair.remove.is_empty());
            assert_eq!(removes, !name.starts_with("klassiek"), "{name}: {repairs:#?}");
            let extras = FillExtras { repairs: &repairs, ..FillExtras::default() };
            let (repaired, _) = carry_out(&name, &bytes, &invented(1.0), &request(), &extras);
            let (analysis, _) = read(&name, &repaired, &format(), Details::All).unwrap();
            assert_eq!(highlighting(&analysis, &format()), [], "{name}");
        }
    }

    #[test]
    fn a_dead_internal_link_is_told_from_a_live_one() {
        let (name, bytes) = fixture("verschoven (fictief).xlsx");
        let (analysis, _) = read(&name, &bytes, &format(), Details::All).unwrap();
        let dead: Vec<&str> =
            analysis.links.iter().filter(|link| !link.alive).map(|link| link.target.as_str()).collect();
        assert_eq!(dead, ["'Verdwenen tabblad'!A1"; 3]);
        assert!(analysis.links.iter().any(|link| link.alive && link.target.contains("Veilig")));
    }

    #[test]
    fn the_overview_tab_is_replaced_and_keeps_its_links_and_columns() {
        let (own, mut new) = (invented(1.0), invented(2.0));
        new.columns.reverse();
        for row in &mut new.figures {
            row.reverse();
        }
        let aligned = align_overview(&own, &new);
        assert_eq!(
            aligned.columns.iter().map(|c| &c.code).collect::<Vec<_>>(),
            own.columns.iter().map(|c| &c.code).collect::<Vec<_>>()
        );
        let request = FillRequest { own: Some(&own), ..request() };
        let extras =
            FillExtras { overview: Some(OverviewChange { own: &own, new: &aligned }), ..FillExtras::default() };
        let (filled, _) = carry_out("a.xlsx", &built(), &aligned, &request, &extras);
        let before = all_cells("a.xlsx", &built());
        let after = all_cells("a.xlsx", &filled);
        let tab = format().tab("overzicht").to_owned();
        for col in ["A", "B", "C", "D"] {
            let at = (tab.clone(), format!("{col}1"));
            assert_eq!(before.get(&at), after.get(&at), "title and links stay");
        }
        let areas = crate::overview::AreaTable::built_in().unwrap();
        let options = crate::overview::ReadOptions {
            tabs: std::slice::from_ref(&tab),
            benchmark: Some(("GM0599", "Rotterdam")),
            ..crate::overview::ReadOptions::new(&areas)
        };
        let (read_back, _) = crate::overview::read("a.xlsx", &filled, &options).unwrap();
        let column = read_back.column_index("vsv").unwrap();
        let wijk = read_back.area_index("BU1").unwrap();
        let expected = aligned.figure(WIJK, aligned.column_index("vsv").unwrap()).value();
        assert_eq!(read_back.figure(wijk, column).value(), expected);
        assert_eq!(read_back.columns[column].edition, "editie 2099");
    }
}

#[test]
fn agreements_of_every_round_are_found_by_their_headings() {
    let format = format();
    let sheet = typed(&[
        &["Afspraken"],
        &["Actie", "Afgesproken op", "Naam", "Rol", "Status", "Bespreekdatum", "Stap", "Iets van ons"],
        &["Handleiding lezen", "12-3-2027", "M. de Vries", "jongerenwerker", "gereed", "1-9-2027", "4"],
        &[],
        &["Bellen", "12-6-2027", "", "", "open", "", "6", "eigen kolom"],
    ]);
    let (rows, findings) = crate::workbook::tables::read_afspraken(&sheet, &format);
    assert_eq!(findings, []);
    let told: Vec<[&str; 5]> = rows
        .iter()
        .map(|row| [&row.afspraak, &row.datum, &row.rol, &row.status, &row.stap].map(String::as_str))
        .collect();
    assert_eq!(
        told,
        [
            ["Handleiding lezen", "12-3-2027", "jongerenwerker", "gereed", "4"],
            ["Bellen", "12-6-2027", "", "open", "6"]
        ]
    );
    assert_eq!((rows[0].row, rows[1].row), (2, 4));
}
