//! Workbooks made by other software than ours, read by meaning.

use super::*;
use crate::finding::Finding;
use crate::model::{Analysis, CellValue, Format, IndicatorRow, TabKind};

fn format() -> Format {
    crate::format::builtin().unwrap()
}

fn fixture(name: &str) -> (String, Vec<u8>) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/werkboeken").join(name);
    (name.to_owned(), std::fs::read(path).unwrap())
}

fn read_fixture(name: &str) -> (Analysis, Vec<Finding>) {
    let (name, bytes) = fixture(name);
    read(&name, &bytes, &format(), ReadOptions::default()).unwrap()
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
    let error = read("lijst.csv", b"a;b\n1;2\n", &format(), ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("lijst.csv") && error.contains("geen werkboek"), "{error}");
    let mut other = format();
    for pijler in &mut other.pijlers {
        pijler.tab = format!("Thema {}", pijler.name);
        pijler.name = format!("X{}", pijler.name);
        pijler.heading = String::new();
    }
    let (name, bytes) = fixture("klassiek (fictief).xlsx");
    let error = read(&name, &bytes, &other, ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("'Thema Kansrijk'") && error.contains("'Pijler Kansrijk'"), "{error}");
}
