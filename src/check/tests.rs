//! Each rule fires where it should and is silent where it should be.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::case::*;
use super::*;
use crate::model::*;
use crate::testing::{format, note, overview, set};

#[test]
fn a_workbook_in_order_has_no_findings() {
    assert_eq!(Case::new().findings(), []);
    assert_eq!(highest(&[]), None);
}

#[test]
fn a_figure_that_looks_the_same_as_the_overview_is_no_finding() {
    let mut case = Case::new();
    case.every("verzuim", |row| row.wijk.value = number(10.04));
    assert_eq!(case.findings(), []);
}

#[test]
fn a_figure_that_differs_from_the_overview_is_reported_with_both_values() {
    let mut case = Case::new();
    case.every("bomen", |row| row.wijk.value = number(46.06));
    let found = case.only("cijfer-wijkt-af");
    assert_eq!(found.level, Level::Fout);
    assert_eq!(found.place.cell.as_deref(), Some("E12"));
    assert_eq!(found.place.tab.as_deref(), Some("Pijler Veilig"));
    assert_eq!(found.place.file.as_deref(), Some("proef.xlsx"));
    assert!(
        found.found.contains("46,1%") && found.found.contains("45,0%") && found.found.contains("Wijk 1"),
        "{}",
        found.found
    );
    assert!(found.advice.contains("Typ 45,0 in cel E12"), "{}", found.advice);
}

#[test]
fn a_figure_from_another_source_is_no_fout() {
    let mut case = Case::new();
    case.every("bomen", |row| {
        row.wijk.value = number(46.0);
        row.source.as_mut().unwrap().text = "Schoolbestuur".into();
    });
    let found = case.only("bron-wijkt-af");
    assert_eq!((found.level, found.place.cell.as_deref()), (Level::Waarschuwing, Some("D12")));
    for same in ["de bron", "zie overzicht"] {
        case.every("bomen", |row| row.source.as_mut().unwrap().text = same.into());
        case.only("cijfer-wijkt-af");
    }
}

#[test]
fn a_benchmark_that_differs_is_reported() {
    let mut case = Case::new();
    case.every("bomen", |row| row.benchmark.as_mut().unwrap().value = number(60.0));
    assert_eq!(case.only("benchmark-wijkt-af").place.cell.as_deref(), Some("G12"));
}

#[test]
fn a_row_of_another_year_is_one_finding_and_not_three() {
    let mut case = Case::new();
    case.every("bomen", |row| {
        row.unit = Some(TextCell { text: "%, 2014, 18 t/m 22 jaar".into(), ..note("") });
        row.wijk.value = number(1.0);
        row.benchmark.as_mut().unwrap().value = number(2.0);
    });
    let found = case.only("jaar-wijkt-af");
    assert!(found.found.contains("2014") && found.found.contains("editie 2016"), "{}", found.found);
}

#[test]
fn a_new_benchmark_beside_an_old_figure_is_of_another_year() {
    let mut case = Case::new();
    case.every("bomen", |row| {
        row.unit = Some(note("%, 2014, 18 t/m 22 jaar"));
        row.wijk.value = number(1.0);
    });
    let codes = case.codes();
    assert!(codes.contains(&"benchmark-ander-jaar".to_owned()), "{codes:?}");
    assert!(!codes.contains(&"jaar-wijkt-af".to_owned()), "{codes:?}");
}

#[test]
fn a_benchmark_heading_with_another_year_is_reported() {
    let mut case = Case::new();
    case.analysis.pijlers[1].headings[2].1.text = "Stad 2014".into();
    let codes = case.codes();
    assert!(!codes.is_empty() && codes.iter().all(|code| code == "benchmark-ander-jaar"), "{codes:?}");
    case.analysis.pijlers[1].headings[2].1.text = "Stad 2016".into();
    assert_eq!(case.findings(), []);
}

#[test]
fn a_zero_for_a_missing_figure_is_reported() {
    let mut case = Case::new();
    set(&mut case.overview, 0, "bomen", Figure::Missing(Missing::Unknown));
    case.every("bomen", |row| row.wijk.value = number(0.0));
    assert!(case.only("nul-voor-ontbrekend").advice.starts_with("Typ '.'"));
    case.every("bomen", |row| row.wijk.value = text("."));
    assert_eq!(case.findings(), []);
    set(&mut case.overview, 0, "bomen", Figure::known(0.0));
    case.every("bomen", |row| row.wijk.value = number(0.0));
    assert_eq!(case.findings(), [], "a real zero is a figure");
}

#[test]
fn an_empty_cell_is_reported_only_where_a_figure_is_available() {
    let mut case = Case::new();
    case.every("bomen", |row| row.wijk.value = CellValue::Empty);
    assert!(case.only("cijfer-niet-ingevuld").expected.starts_with("45,0%"));
    case.every("bomen", |row| row.wijk.value = text("x"));
    case.only("cijfer-niet-ingevuld");
    set(&mut case.overview, 0, "bomen", Figure::Missing(Missing::Secret));
    assert_eq!(case.findings(), []);
}

#[test]
fn a_tab_on_which_nothing_was_filled_is_one_finding() {
    let mut case = Case::new();
    for row in case.analysis.pijlers[1].blocks.iter_mut().flat_map(|block| &mut block.indicators) {
        row.wijk.value = CellValue::Empty;
    }
    let found = case.only("cijfer-niet-ingevuld");
    assert_eq!(found.place.cell.as_deref(), Some("E10:E14"));
    assert!(found.found.contains("5 cellen"), "{}", found.found);
}

#[test]
fn an_indicator_that_is_open_on_two_rows_of_a_tab_is_one_finding() {
    let mut case = Case::new();
    case.every("verzuim", |row| row.wijk.value = CellValue::Empty);
    let found = case.only("cijfer-niet-ingevuld");
    assert!(found.advice.contains("in cel E10 en E"), "{}", found.advice);
}

#[test]
fn advice_names_the_columns_of_this_workbook() {
    let mut case = Case::new();
    case.analysis.pijlers[1].columns.iter_mut().for_each(|(_, col)| *col += 3);
    case.every("bomen", |row| row.wijk.value = number(46.0));
    let found = case.findings().into_iter().find(|finding| finding.code == "cijfer-wijkt-af").unwrap();
    assert!(found.advice.contains("kolom F") && found.advice.contains("kolom G"), "{}", found.advice);
}

#[test]
fn a_missing_benchmark_is_reported_only_where_the_overview_has_one() {
    let mut case = Case::new();
    case.every("bomen", |row| row.benchmark = None);
    assert_eq!(case.only("benchmark-ontbreekt").place.cell.as_deref(), Some("G12"));
    set(&mut case.overview, 6, "bomen", Figure::Missing(Missing::Unknown));
    assert_eq!(case.findings(), []);
}

#[test]
fn column_f_is_checked_against_the_area_in_its_heading() {
    let mut case = Case::new();
    case.every("bomen", |row| {
        row.beside =
            Some(ValueCell { at: CellRef::new("Pijler Veilig", 11, 5), value: number(66.0), ..row.wijk.clone() })
    });
    assert_eq!(case.findings(), [], "the heading names no area");
    case.analysis.pijlers[1].headings[1].1.text = "Wijk 2".into();
    assert!(case.only("naast-wijkt-af").found.contains("55,0%"));
    case.every("bomen", |row| row.beside.as_mut().unwrap().value = number(55.0));
    assert_eq!(case.findings(), []);
}

#[test]
fn a_figure_needs_its_source_and_its_year() {
    let mut case = Case::new();
    case.every("bomen", |row| row.source = None);
    assert_eq!(case.only("bron-ontbreekt").place.cell.as_deref(), Some("D12"));
    let mut case = Case::new();
    case.every("bomen", |row| row.unit.as_mut().unwrap().text = "%".into());
    case.only("jaar-ontbreekt");
    case.every("bomen", |row| row.unit.as_mut().unwrap().text = "%, peiljaar onbekend".into());
    assert_eq!(case.findings(), []);
    case.every("bomen", |row| {
        row.unit = None;
        row.source = None;
        row.wijk.value = text(".");
        row.benchmark = None;
    });
    set(&mut case.overview, 0, "bomen", Figure::Missing(Missing::Unknown));
    set(&mut case.overview, 6, "bomen", Figure::Missing(Missing::Unknown));
    assert_eq!(case.findings(), [], "without a figure there is nothing to trace");
}

#[test]
fn a_percentage_outside_0_to_100_is_impossible() {
    let mut case = Case::new();
    for wrong in [-0.1, 100.1, 4600.0] {
        case.every("bomen", |row| row.wijk.value = number(wrong));
        assert!(case.only("cijfer-onmogelijk").advice.starts_with("Typ 45,0"), "{wrong}");
    }
    case.every("bomen", |row| {
        row.wijk.value = number(45.0);
        row.wijk.percent_format = true;
    });
    let found = case.findings().into_iter().find(|finding| finding.code == "cijfer-onmogelijk").unwrap();
    assert!(found.advice.contains("procentteken"), "{}", found.advice);
    for right in [0.0, 100.0] {
        let mut case = Case::new();
        set(&mut case.overview, 0, "bomen", Figure::known(right));
        case.every("bomen", |row| row.wijk.value = number(right));
        assert_eq!(case.findings(), [], "{right}");
    }
}

#[test]
fn a_count_below_zero_is_impossible_and_an_index_below_zero_is_not() {
    let mut case = Case::new();
    set(&mut case.overview, 0, "bomen", Figure::known(-3.0));
    case.every("bomen", |row| row.wijk.value = number(-3.0));
    for (unit, impossible) in [("aantal", true), ("per 1.000 inwoners", true), ("index", false)] {
        case.format.indicators.last_mut().unwrap().unit = Unit { name: unit.into(), difference: String::new() };
        let column = case.overview.column_index("bomen").unwrap();
        case.overview.columns[column].unit = unit.into();
        case.every("bomen", |row| row.unit.as_mut().unwrap().text = format!("{unit} · editie 2016"));
        assert_eq!(case.codes().contains(&"cijfer-onmogelijk".to_owned()), impossible, "{unit}");
    }
}

#[test]
fn a_text_in_a_figure_cell_is_reported_by_what_it_can_mean() {
    for (value, code) in [
        (text("45,0"), "cijfer-als-tekst"),
        (text("1.234"), "cijfer-dubbelzinnig"),
        (text("circa 45"), "cijfer-onleesbaar"),
        (text("-"), "cijfer-onleesbaar"),
        (CellValue::Bool(true), "cijfer-onleesbaar"),
        (CellValue::Error("#N/B".into()), "cijfer-excelfout"),
    ] {
        let mut case = Case::new();
        case.every("bomen", |row| row.wijk.value = value.clone());
        let found = case.only(code);
        assert_eq!(found.place.cell.as_deref(), Some("E12"), "{value:?}");
    }
}

#[test]
fn a_fraction_in_a_cell_without_percent_format_is_reported_once() {
    let mut case = Case::new();
    case.every("bomen", |row| row.wijk.value = number(0.45));
    let found = case.only("cijfer-als-fractie");
    assert!(found.advice.contains("Typ 45,0"), "{}", found.advice);
    case.highlighting = false;
    case.every("bomen", |row| row.wijk.percent_format = true);
    let found = case.only("celopmaak-verschilt");
    assert!(found.found.contains("E12") && found.found.contains("G12"), "{}", found.found);
    case.every("bomen", |row| {
        let benchmark = row.benchmark.as_mut().unwrap();
        benchmark.value = number(0.65);
        benchmark.percent_format = true;
    });
    assert_eq!(case.findings(), [], "with the format 0,45 means 45% and 0,65 means 65%");
    let mut case = Case::new();
    set(&mut case.overview, 0, "bomen", Figure::known(0.36));
    case.every("bomen", |row| row.wijk.value = number(0.36));
    assert_eq!(case.findings(), [], "a bare 0,36 is 0,36 percent");
}

#[test]
fn one_changed_figure_of_an_indicator_on_several_rows_is_one_finding_that_names_the_other_cells() {
    let mut case = Case::new();
    let rows = case.analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some("werkloos")).count();
    assert!(rows > 1, "{rows}");
    case.row("werkloos").wijk.value = number(26.0);
    let at = case.row("werkloos").wijk.at.a1();
    let found = case.only("cijfer-wijkt-af");
    assert_eq!(found.place.cell, Some(at));
    assert!(found.found.contains("26,0%") && found.found.contains("25,0%"), "{}", found.found);
    let other = case.analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some("werkloos")).nth(1).unwrap();
    assert!(found.found.contains(&other.2.wijk.at.a1()), "{}", found.found);
}

#[test]
fn a_figure_changed_on_every_row_of_its_indicator_is_one_finding_with_all_cells() {
    let mut case = Case::new();
    case.every("werkloos", |row| row.wijk.value = number(26.0));
    let found = case.only("cijfer-wijkt-af");
    for (_, _, row) in case.analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some("werkloos")) {
        assert!(found.found.contains(&row.wijk.at.a1()), "{}: {}", row.wijk.at.a1(), found.found);
    }
    assert!(found.advice.contains("in al deze cellen"), "{}", found.advice);
    case = Case::new();
    case.every("werkloos", |row| row.benchmark.as_mut().unwrap().value = number(26.0));
    assert_eq!(case.only("benchmark-wijkt-af").level, Level::Fout);
}

#[test]
fn two_figures_of_one_indicator_that_no_overview_settles_are_one_finding_with_all_cells() {
    let mut case = Case::new();
    case.row("werkloos").wijk.value = number(26.0);
    case.row("werkloos").source.as_mut().unwrap().text = "Schoolbestuur".into();
    let codes = case.codes();
    assert_eq!(codes.iter().filter(|code| *code == "cijfer-verschilt-tussen-rijen").count(), 1, "{codes:?}");
    let found = case.findings().into_iter().find(|f| f.code == "cijfer-verschilt-tussen-rijen").unwrap();
    assert!(found.found.contains("26,0%") && found.found.contains("25,0%"), "{}", found.found);
    for (_, _, row) in case.analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some("werkloos")) {
        assert!(found.found.contains(&row.wijk.at.a1()), "{}: {}", row.wijk.at.a1(), found.found);
    }
}

#[test]
fn what_filling_said_about_a_cell_is_not_said_twice() {
    let mut case = Case::new();
    let text = |row: &mut IndicatorRow| row.wijk.value = CellValue::Text("45,0".into());
    case.every("bomen", text);
    let alone = case.findings();
    let place = Place { file: Some("proef.xlsx".into()), ..Place::cell(&CellRef::new("Pijler Veilig", 11, 4)) };
    let said = Finding::new("cijfer-als-tekst", Level::Waarschuwing, place, "Anders gezegd.", "", "Doe iets.");
    case.other = vec![said];
    assert_eq!(case.findings(), alone);
}

#[test]
fn the_wijk_must_be_one_that_the_overview_knows() {
    let name = |case: &mut Case, name: &str| {
        for tab in &mut case.analysis.pijlers {
            tab.wijk.as_mut().unwrap().text = name.into();
            tab.headings[0].1.text = "wijk".into();
        }
    };
    let mut case = Case::new();
    name(&mut case, "bu1");
    assert_eq!(case.findings(), [], "a code will do");
    name(&mut case, "Wijkk 1");
    let found = case.only("wijk-onbekend");
    assert!(found.advice.contains("'Wijk 1'"), "{}", found.advice);
    case.overview.areas[1].name = "Wijk 1".into();
    name(&mut case, "Wijk 1");
    assert!(case.only("wijk-dubbelzinnig").expected.contains("BU2"));
    name(&mut case, " ");
    case.only("wijk-ontbreekt");
}

#[test]
fn two_wijken_in_one_workbook_is_a_fout() {
    let mut case = Case::new();
    case.analysis.pijlers[1].wijk.as_mut().unwrap().text = "Wijk 2".into();
    case.analysis.pijlers[1].headings[0].1.text = "Wijk 2".into();
    let found = case.only("wijk-verschilt");
    assert_eq!(found.level, Level::Fout);
    case.analysis.pijlers[1].wijk.as_mut().unwrap().text = "BU1".into();
    case.analysis.pijlers[1].headings[0].1.text = "wijk-1".into();
    assert_eq!(case.findings(), [], "another spelling is the same wijk");
}

#[test]
fn the_heading_of_the_wijk_column_names_the_wijk_of_the_tab() {
    let mut case = Case::new();
    case.analysis.pijlers[0].headings[0].1.text = "Wijk 3".into();
    assert_eq!(case.only("kolomkop-wijk-verschilt").place.cell.as_deref(), Some("E9"));
    case.analysis.pijlers[0].headings[0].1.text = "wijk".into();
    assert_eq!(case.findings(), []);
}

#[test]
fn an_indicator_or_benchmark_that_the_overview_lacks_is_reported() {
    let mut case = Case::new();
    case.overview.columns[7].code = "anders".into();
    case.only("indicator-niet-in-overzicht");
    let mut case = Case::new();
    case.overview.areas[6].code = "GM2".into();
    case.only("overzicht-zonder-benchmark");
}

#[test]
fn only_a_required_question_is_reported_when_open() {
    let mut case = Case::new();
    let question = |code: &str, answer: &str| Question {
        code: Some(code.into()),
        text: "Wat?".into(),
        answer: TextCell { at: CellRef::new("Pijler Kansrijk", 30, 2), text: answer.into() },
    };
    let definition = |code: &str, required| QuestionDefinition {
        code: code.into(),
        place: QuestionPlace::Domein,
        text: format!("Vraag {code}?"),
        variants: vec![],
        links_to_factorenmodel: false,
        required,
    };
    case.format.questions = vec![definition("analyse", true), definition("collega", false)];
    case.analysis.pijlers[0].blocks[0].questions =
        vec![question("analyse", "Wij zien veel."), question("collega", " ")];
    assert_eq!(case.findings(), []);
    case.analysis.pijlers[0].blocks[0].questions = vec![question("analyse", " ")];
    assert_eq!(case.only("vraag-open").place.cell.as_deref(), Some("C31"));
}

#[test]
fn open_questions_and_conclusions_are_one_finding_per_tab_that_names_domein_and_cells() {
    let mut case = Case::new();
    let definition = |code: &str| QuestionDefinition {
        code: code.into(),
        place: QuestionPlace::Domein,
        text: format!("Vraag {code}?"),
        variants: vec![],
        links_to_factorenmodel: false,
        required: true,
    };
    case.format.questions = ["a", "b", "c"].map(definition).to_vec();
    let question = |code: &str, row: u32| Question {
        code: Some(code.into()),
        text: "Wat?".into(),
        answer: TextCell { at: CellRef::new("Pijler Kansrijk", row, 2), text: String::new() },
    };
    let blocks = &mut case.analysis.pijlers[0].blocks;
    blocks[0].questions = vec![question("a", 30), question("b", 31)];
    blocks[1].questions = vec![question("a", 50)];
    let few = case.only("vraag-open");
    assert_eq!(few.place.cell.as_deref(), Some("C31:C32 C51"));
    assert!(
        few.found.starts_with("3 vragen op dit tabblad zijn nog open: 'Vraag a?' (domein School, C31)"),
        "{few:?}"
    );
    case.analysis.pijlers[0].blocks[1].questions.push(question("b", 51));
    let many = case.only("vraag-open");
    assert_eq!(
        many.found,
        "4 vragen op dit tabblad zijn nog open: domein School (C31 t/m C32) en domein Werk (C51 t/m C52)."
    );
    let mut case = Case::new();
    for row in &mut case.analysis.pijlers[0].closing {
        row.conclusion.as_mut().unwrap().text.clear();
    }
    let conclusions = case.only("conclusie-leeg");
    assert!(conclusions.found.contains("School (") && conclusions.found.contains("Werk ("), "{conclusions:?}");
}

#[test]
fn a_city_as_the_wijk_is_a_fout() {
    let mut case = Case::new();
    for tab in &mut case.analysis.pijlers {
        tab.wijk.as_mut().unwrap().text = "Stad".into();
    }
    let found = case.findings().into_iter().find(|f| f.code == "wijk-is-geen-wijk").unwrap();
    assert_eq!(found.level, Level::Fout);
    assert!(found.found.contains("'Stad', maar dat is een stad"), "{}", found.found);
}

#[test]
fn an_empty_conclusion_is_reported() {
    let mut case = Case::new();
    case.analysis.pijlers[0].closing[1].conclusion.as_mut().unwrap().text = "  ".into();
    assert!(case.only("conclusie-leeg").found.contains("Werk"));
}

#[test]
fn factors_of_the_closing_table_are_those_of_the_domein() {
    let mut case = Case::new();
    // Straat has no Armoede in its factorenmodel; the workbook in order names it nowhere else than School and Werk.
    let cell = |case: &mut Case, text: &str| {
        case.analysis.pijlers[0].closing[0].factoren.as_mut().unwrap().text = text.into()
    };
    cell(&mut case, "Armode (ranking 2)");
    assert!(case.only("factor-niet-in-factorenmodel").advice.contains("'Armoede'"));
    cell(&mut case, "Ruzie");
    assert!(case.only("factor-niet-in-factorenmodel").advice.contains("'Werk'"));
    cell(&mut case, "Armoede (ranking 4)");
    assert!(case.only("ranking-wijkt-af").found.contains("ranking 2"));
    for fine in [
        "armoede",
        "Armoede (ranking 2); Binding (niet gerankt)",
        "Wij denken dat armoede en ook ruzie in de straat hier een rol spelen",
        "",
    ] {
        cell(&mut case, fine);
        assert_eq!(case.findings(), [], "{fine}");
    }
}

#[test]
fn a_dead_link_is_reported_with_its_target() {
    let mut case = Case::new();
    let link =
        |alive| InternalLink { at: CellRef::new("Pijler Veilig", 0, 1), target: "'Pijler Oud'!A1".into(), alive };
    case.analysis.links = vec![link(true)];
    assert_eq!(case.findings(), []);
    case.analysis.links = vec![link(false)];
    assert!(case.only("link-dood").found.contains("'Pijler Oud'!A1"));
}

#[test]
fn another_version_of_the_format_is_an_opmerking() {
    let mut case = Case::new();
    case.analysis.format_version = Some("0.9.0".into());
    assert_eq!(case.only("format-andere-versie").level, Level::Opmerking);
    case.analysis.format_version = None;
    assert_eq!(case.findings(), [], "the classic format has no version");
}

#[test]
fn missing_highlighting_is_one_finding_per_column() {
    let mut case = Case::new();
    case.analysis.conditionals.retain(|rule| rule.tab != "Pijler Veilig" || !rule.ranges.starts_with('E'));
    let found = case.only("opmaak-ontbreekt");
    assert!(found.place.cell.as_deref().unwrap().starts_with("E10:E"), "{:?}", found.place.cell);
    case.highlighting = false;
    assert_eq!(case.findings(), [], "nothing can be said about a file whose rules were not read");
}

#[test]
fn wrong_highlighting_is_reported() {
    for wrong in [
        rule_of('E', 10, 1),    // one row too low
        rule_of('E', 9, 2),     // other decimals
        "E10<>$G10".to_owned(), // another rule
        "AND(ISNUMBER($G10),AND(ISNUMBER(E10),ROUND(E10,1)<>ROUND($G10,1)))".to_owned(), // empty cells stay white
    ] {
        let mut case = Case::new();
        let rule =
            case.analysis.conditionals.iter_mut().find(|r| r.tab == "Pijler Veilig" && r.ranges.starts_with('E'));
        rule.unwrap().formula = wrong.clone();
        case.only("opmaak-fout");
    }
    let mut case = Case::new();
    case.analysis.conditionals.iter_mut().find(|r| r.tab == "Pijler Veilig").unwrap().fills = false;
    case.only("opmaak-fout");
}

#[test]
fn a_rule_per_row_or_written_otherwise_is_as_good() {
    let mut case = Case::new();
    for rule in &mut case.analysis.conditionals {
        rule.formula = rule.formula.to_lowercase().replace("$g", "g").replace(',', ", ");
    }
    assert_eq!(case.findings(), []);
    let tab = "Pijler Veilig";
    let rows: Vec<u32> = case.analysis.pijlers[1].blocks[0].indicators.iter().map(|row| row.row).collect();
    case.analysis.conditionals.retain(|rule| rule.tab != tab);
    for row in rows {
        for col in ['E', 'F'] {
            case.analysis.conditionals.push(Conditional {
                tab: tab.into(),
                ranges: format!("{col}{}", row + 1),
                kind: "expression".into(),
                formula: rule_of(col, row, 1),
                fills: true,
            });
        }
    }
    assert_eq!(case.findings(), []);
}

#[test]
fn a_fraction_cell_asks_for_two_more_decimals() {
    let mut case = Case::new();
    case.every("bomen", |row| {
        row.wijk.value = number(0.45);
        row.wijk.percent_format = true;
        let benchmark = row.benchmark.as_mut().unwrap();
        benchmark.value = number(0.65);
        benchmark.percent_format = true;
    });
    let row = case.row("bomen").row;
    assert_eq!(case.codes(), ["opmaak-fout", "opmaak-fout"], "columns E and F round to whole percentages");
    for col in ['E', 'F'] {
        let rule = Conditional {
            tab: "Pijler Veilig".into(),
            ranges: format!("{col}{}", row + 1),
            kind: "expression".into(),
            formula: rule_of(col, row, 3),
            fills: true,
        };
        case.analysis.conditionals.insert(0, rule);
    }
    assert_eq!(case.findings(), []);
}

#[test]
fn highlighting_on_rows_without_an_indicator_is_reported() {
    let mut case = Case::new();
    let rule = case
        .analysis
        .conditionals
        .iter_mut()
        .find(|r| r.tab == "Pijler Veilig" && r.ranges.starts_with('E'))
        .unwrap();
    rule.ranges = format!("{} E40:E42", rule.ranges);
    assert_eq!(case.only("opmaak-verkeerde-rijen").place.cell.as_deref(), Some("E40:E42"));
}

#[test]
fn a_result_that_cannot_be_measured_names_what_is_missing() {
    let mut case = Case::new();
    case.analysis.resultaten[0].streefjaar = "later".into();
    case.analysis.resultaten[0].streefwaarde = "veel".into();
    let found = case.only("resultaat-niet-meetbaar");
    assert!(found.found.contains("de streefwaarde als getal en het streefjaar"), "{}", found.found);
    assert_eq!(found.place.cell.as_deref(), Some("5:5"));
}

#[test]
fn a_change_needs_a_sign_in_the_favourable_direction() {
    let mut case = Case::new();
    case.analysis.resultaten[0].streefwaarde = "5".into();
    case.only("resultaat-zonder-teken");
    case.analysis.resultaten[0].streefwaarde = "-5 procentpunten".into();
    case.only("resultaat-tegen-richting");
    case.analysis.resultaten[0].indicatoren = "verzuim".into();
    case.analysis.resultaten[0].startwaarde = "10,0".into();
    assert_eq!(case.findings(), [], "less is better there");
}

#[test]
fn a_result_is_stated_positively() {
    let mut case = Case::new();
    case.analysis.resultaten[0].resultaat = "Minder schooluitval".into();
    case.only("resultaat-negatief");
}

#[test]
fn the_indicators_of_a_result_are_known_and_measured_in_an_agreed_way() {
    let mut case = Case::new();
    case.analysis.resultaten[0].indicatoren = "Indicator diplom".into();
    assert!(case.only("resultaat-indicator-onbekend").advice.contains("'Indicator diploma'"));
    case.analysis.resultaten[0].indicatoren = "Indicator diploma; Indicator contact".into();
    case.analysis.resultaten[0].startwaarde = "15 / 40".into();
    case.only("resultaat-meetwijze-onbekend");
    case.analysis.resultaten[0].meetwijze = "Gemiddelde".into();
    assert_eq!(case.findings(), []);
    case.analysis.resultaten[0].startwaarde = "15".into();
    case.only("resultaat-startwaarden");
    case.analysis.resultaten[0].meetwijze = "combinatie".into();
    assert_eq!(case.findings(), []);
}

#[test]
fn the_years_and_the_domein_of_a_result_are_checked() {
    let mut case = Case::new();
    case.analysis.resultaten[0].streefjaar = "2016".into();
    case.only("resultaat-jaren-omgekeerd");
    let mut case = Case::new();
    case.analysis.resultaten[0].domein = "Schol".into();
    assert!(case.codes().contains(&"resultaat-domein-onbekend".to_owned()));
}

#[test]
fn an_activity_serves_a_result_that_exists() {
    let mut case = Case::new();
    case.analysis.activiteiten[0].resultaat = String::new();
    case.only("activiteit-zonder-resultaat");
    case.analysis.activiteiten[0].resultaat = "1 en 7".into();
    assert!(case.only("activiteit-resultaat-onbekend").found.contains("'7'"));
    case.analysis.activiteiten[0].resultaat = "Resultaat 1".into();
    assert_eq!(case.findings(), []);
}

#[test]
fn choices_of_an_activity_are_those_of_the_format() {
    for change in [
        (|a: &mut Activiteit| a.leefgebied = "schol".into()) as fn(&mut Activiteit),
        |a| a.leeftijdsfase = "volwassen".into(),
        |a| a.preventieniveau = "collectief".into(),
        |a| a.trede = "trede 7".into(),
        |a| a.status = "klaar".into(),
    ] {
        let mut case = Case::new();
        change(&mut case.analysis.activiteiten[0]);
        case.only("keuze-onbekend");
    }
    let mut case = Case::new();
    case.analysis.activiteiten[0].leefgebied = "School; wijk".into();
    case.analysis.activiteiten[0].leeftijdsfase = "12-18 jaar en 18-23 jaar".into();
    case.analysis.activiteiten[0].preventieniveau = "geindiceerd".into();
    case.analysis.activiteiten[0].trede = "Trede 0".into();
    case.analysis.activiteiten[0].status = String::new();
    assert_eq!(case.findings(), []);
}

#[test]
fn the_factor_of_an_activity_belongs_to_the_domein_of_its_result() {
    let mut case = Case::new();
    case.analysis.activiteiten[0].factor = "Ruzie".into();
    assert!(case.only("factor-niet-in-factorenmodel").found.contains("School"));
    case.analysis.activiteiten[0].factor = "Armoede (ranking 2); Binding".into();
    assert_eq!(case.findings(), []);
}

#[test]
fn findings_of_others_are_sorted_in_and_doubles_leave() {
    let mut case = Case::new();
    case.every("bomen", |row| row.source = None);
    let other = Finding::new("link-dood", Level::Fout, Place::tab("Zomaar"), "Weg.", "", "Herstel.");
    case.other = vec![other.clone(), other];
    let codes: Vec<_> = case.findings().into_iter().map(|f| (f.level, f.code)).collect();
    assert_eq!(codes, [(Level::Fout, "link-dood".to_owned()), (Level::Waarschuwing, "bron-ontbreekt".to_owned())]);
    assert_eq!(highest(&case.findings()), Some(Level::Fout));
}

#[test]
fn findings_come_by_level_then_tab_in_workbook_order_then_cell() {
    let mut case = Case::new();
    let at = |tab: &str, cell: &str, level| {
        Finding::new("x", level, Place { cell: Some(cell.into()), ..Place::tab(tab) }, "", "", "")
    };
    case.other = vec![
        at("Pijler Veilig", "E9", Level::Fout),
        at("Pijler Kansrijk", "E10", Level::Fout),
        at("Pijler Kansrijk", "E9", Level::Fout),
        at("Anders", "A1", Level::Fout),
        at("Pijler Kansrijk", "12:12", Level::Fout),
        at("Pijler Kansrijk", "A1", Level::Opmerking),
    ];
    let order: Vec<_> =
        case.findings().into_iter().map(|f| (f.place.tab.unwrap(), f.place.cell.unwrap())).collect();
    let expected = [
        ("Pijler Kansrijk", "E9"),
        ("Pijler Kansrijk", "E10"),
        ("Pijler Kansrijk", "12:12"),
        ("Pijler Veilig", "E9"),
        ("Anders", "A1"),
        ("Pijler Kansrijk", "A1"),
    ];
    assert_eq!(order, expected.map(|(tab, cell)| (tab.to_owned(), cell.to_owned())));
}

#[test]
fn an_empty_workbook_is_checked_without_failing() {
    let (format, analysis) = (format(), Analysis::default());
    let input = CheckInput {
        format: &format,
        analysis: &analysis,
        overview: None,
        area: None,
        highlighting: true,
        other: &[],
    };
    assert_eq!(check(&input), []);
}

#[test]
fn every_rule_has_an_explanation_and_the_document_is_made_from_it() {
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), RULES.len(), "a code stands twice");
    for rule in RULES {
        assert!(rule.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.code);
        for part in [rule.title, rule.why, rule.advice, rule.example, rule.quiet] {
            assert!(part.len() > 3, "{}", rule.code);
        }
    }
    let parts: Vec<&str> = rules::PARTS.iter().flat_map(|(_, rules)| *rules).map(|rule| rule.code).collect();
    assert_eq!(parts, RULES.iter().map(|rule| rule.code).collect::<Vec<_>>(), "the parts together are the whole");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bevindingen.md");
    if std::env::var_os("WIJKANALYSE_BIJWERKEN").is_some() {
        std::fs::write(path, rules_as_markdown()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert_eq!(
        written,
        rules_as_markdown(),
        "run the test with WIJKANALYSE_BIJWERKEN=1 to write docs/bevindingen.md anew"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_order_does_not_depend_on_the_order_of_arrival(seed in proptest::collection::vec((0usize..3, 0u32..20, 0usize..3), 0..12)) {
        let make = |(level, row, tab): (usize, u32, usize)| {
            let level = [Level::Opmerking, Level::Waarschuwing, Level::Fout][level];
            let tab = ["Pijler Kansrijk", "Pijler Veilig", "Anders"][tab];
            Finding::new("x", level, Place::cell(&CellRef::new(tab, row, 4)), "", "", "")
        };
        let mut case = Case::new();
        case.other = seed.iter().copied().map(make).collect();
        let forwards = case.findings();
        case.other.reverse();
        prop_assert_eq!(&forwards, &case.findings());
        prop_assert!(forwards.windows(2).all(|pair| pair[0].level >= pair[1].level));
    }
}

#[test]
fn maintainers_change_the_level_of_a_rule_or_switch_it_off_for_one_indicator() {
    let setting = |indicator: Option<&str>, level: &str| CheckSetting {
        line: 2,
        code: "cijfer-wijkt-af".into(),
        indicator: indicator.map(Into::into),
        level: Some(level.into()),
        threshold: None,
    };
    let mut case = Case::new();
    case.every("bomen", |row| row.wijk.value = number(46.06));
    case.format.control.settings = vec![setting(None, "opmerking")];
    assert_eq!(case.only("cijfer-wijkt-af").level, Level::Opmerking);
    case.format.control.settings.push(setting(Some("bomen"), "uit"));
    assert_eq!(case.findings(), []);
}

#[test]
fn the_overview_as_a_whole_is_checked_and_the_made_up_one_is_in_order() {
    let (mut format, mut overview) = (format(), overview());
    assert_eq!(check_overview(&format, &overview), []);
    let codes = |format: &Format, overview: &Overview| -> Vec<String> {
        check_overview(format, overview).into_iter().map(|finding| finding.code).collect()
    };
    let good = overview.clone();
    set(&mut overview, 0, "bomen", Figure::known(140.0));
    assert_eq!(codes(&format, &overview), ["overzicht-cijfer-onmogelijk"]);
    overview = good.clone();
    set(&mut overview, 5, "bomen", Figure::known(99.0));
    assert_eq!(codes(&format, &overview), ["gebied-buiten-wijken"]);
    overview = good.clone();
    format.control.sums =
        vec![Sum { whole: Some("contact".into()), parts: vec!["bomen".into()], kind: SumKind::Gelijk }];
    assert!(codes(&format, &overview).iter().all(|code| code == "overzicht-delen-tellen-niet-op"));
    assert!(!codes(&format, &overview).is_empty());
    format.control.sums.clear();
    for area in 1..5 {
        #[allow(clippy::cast_precision_loss, reason = "four areas")]
        set(&mut overview, area, "bomen", Figure::known(1.0 + area as f64 / 10.0));
    }
    set(&mut overview, 5, "bomen", Figure::known(1.3));
    assert_eq!(codes(&format, &overview), ["overzicht-cijfer-onwaarschijnlijk"]);
}

#[test]
fn agreements_have_a_status_and_a_step_of_the_format_and_dates_in_order() {
    let agreement = || Afspraak {
        row: 4,
        datum: "12-03-2027".into(),
        stap: "6 verbeteren".into(),
        afspraak: "Elke week bellen".into(),
        wanneer: "1-9-2027".into(),
        status: "bezig".into(),
        bespreking: "september 2027".into(),
        ..Afspraak::default()
    };
    let with = |change: fn(&mut Afspraak)| {
        let mut case = Case::new();
        case.format.texts.0.insert("lijst-stap".into(), "4 kwaliteit | 5 outcome | 6 verbeteren".into());
        case.format.texts.0.insert("lijst-status".into(), "open | bezig | gereed | gestopt".into());
        let mut afspraak = agreement();
        change(&mut afspraak);
        case.analysis.afspraken = vec![afspraak];
        case
    };
    let in_order: [fn(&mut Afspraak); 4] =
        [|_| {}, |a| a.stap = "4".into(), |a| a.status = String::new(), |a| a.wanneer = "2027".into()];
    for change in in_order {
        assert_eq!(with(change).findings(), []);
    }
    assert!(with(|a| a.status = "klaar".into()).only("keuze-onbekend").found.contains("'klaar'"));
    let several: [fn(&mut Afspraak); 7] = [
        |a| a.stap = "4 en 5".into(),
        |a| a.stap = "4-5".into(),
        |a| a.stap = "4, 5".into(),
        |a| a.stap = "4 t/m 6".into(),
        |a| a.stap = "Stap 4 en 5".into(),
        |a| a.stap = "4 kwaliteit; 5 outcome".into(),
        |a| a.stap = "4 kwaliteit en 6".into(),
    ];
    for change in several {
        assert_eq!(with(change).findings(), []);
    }
    let one_of_two = with(|a| a.stap = "4 en 7".into()).only("keuze-onbekend");
    assert!(one_of_two.found.contains("staat '7'"), "{}", one_of_two.found);
    assert!(with(|a| a.stap = "7".into()).only("keuze-onbekend").found.contains("'Stap'"));
    let unread = with(|a| a.wanneer = "na de zomer".into()).only("datum-onleesbaar");
    assert!(unread.found.contains("'Klaar op'") && unread.place.cell.as_deref() == Some("5:5"), "{unread:?}");
    assert!(with(|a| a.bespreking = "1-2-2027".into()).only("datum-volgorde").found.contains("12-03-2027"));
}

#[test]
fn a_figure_of_a_small_group_is_found_in_every_text_that_goes_into_a_document() {
    // Of Wijk 1, 45,0% of 4 people (fictitious).
    let hidden = || {
        let mut case = Case::new();
        observed(&mut case, [4.0, 5.0, 90.0, 90.0, 90.0, 400.0, 900.0, 9000.0]);
        crate::privacy::protect(&case.format, &mut case.overview);
        case.every("bomen", |row| row.wijk.value = text("x"));
        case
    };
    assert_eq!(hidden().findings(), []);
    const SAID: &str = "Bij ons is dat 45,0%.";
    let places: [fn(&mut Case); 8] = [
        |case| case.every("bomen", |row| row.remark = Some(note("Wel 45!"))),
        |case| case.analysis.pijlers[0].closing[0].conclusion.as_mut().unwrap().text = SAID.into(),
        |case| case.analysis.pijlers[0].closing[0].leefgebied.as_mut().unwrap().text = SAID.into(),
        |case| case.analysis.resultaten[0].onderbouwing = SAID.into(),
        |case| case.analysis.activiteiten[0].aandachtspunten = SAID.into(),
        |case| {
            case.analysis.matrix = vec![Matrixregel { row: 4, selectief: SAID.into(), ..Matrixregel::default() }]
        },
        |case| case.analysis.afspraken = vec![Afspraak { row: 4, uitkomst: SAID.into(), ..Afspraak::default() }],
        |case| case.analysis.notes = vec![note("In Wijk 2 is het 55,0%.")],
    ];
    for write in places {
        let mut case = hidden();
        write(&mut case);
        let found = case.only("kleine-groep");
        assert!(found.place.cell.is_some() && !found.found.contains("45"), "{found:?}");
    }
    // Other numbers, other areas, and a whole number that may be anything.
    for fine in ["45 jongeren kwamen.", "55,0%", "Van 44,9% naar 45,1%.", "In 2045."] {
        let mut case = hidden();
        case.analysis.pijlers[0].closing[0].conclusion.as_mut().unwrap().text = fine.into();
        assert_eq!(case.findings(), [], "{fine}");
    }
}
