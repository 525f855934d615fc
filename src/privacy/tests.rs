//! The figures, numbers of observations and thresholds here are made up (fictief); no real wijk is meant.

use proptest::prelude::*;

use super::*;
use crate::model::{CheckSetting, Sum};
use crate::testing::{analysis, format, overview, rows};

/// The made-up overview with a number of observations behind every figure of `bomen` and `contact`.
fn counted(numbers: &[f64]) -> (Format, Overview) {
    let mut format = format();
    format.control.settings =
        vec![CheckSetting { line: 2, code: CODE.into(), indicator: None, level: None, threshold: Some(10.0) }];
    let mut overview = overview();
    for code in ["bomen", "contact"] {
        let at = overview.column_index(code).unwrap();
        let mut count = overview.columns[at].clone();
        count.code = format!("{code}__n");
        overview.columns.insert(at + 1, count);
        for (area, row) in overview.figures.iter_mut().enumerate() {
            let number = numbers.get(area).copied().unwrap_or(500.0);
            row.insert(at + 1, Figure::known(number));
        }
    }
    (format, overview)
}

fn hidden(overview: &Overview, code: &str) -> Vec<usize> {
    let column = overview.column_index(code).unwrap();
    let is_hidden = |area: &usize| overview.figure(*area, column) == Figure::Missing(Missing::SmallGroup);
    (0..overview.areas.len()).filter(is_hidden).collect()
}

#[test]
fn an_overview_without_numbers_of_observations_stays_as_it_is() {
    let (format, before) = (format(), overview());
    let mut after = before.clone();
    assert_eq!(protect(&format, &mut after), Protected::default());
    assert_eq!(before, after);
}

#[test]
fn a_small_group_takes_the_smallest_other_wijk_with_it_because_the_gebied_minus_the_rest_would_give_it_away() {
    let (format, mut overview) = counted(&[4.0, 90.0, 30.0, 80.0, 70.0]);
    let protected = protect(&format, &mut overview);
    assert_eq!(hidden(&overview, "bomen"), [0, 2]);
    assert_eq!(hidden(&overview, "verzuim"), [0; 0], "no number is known behind it");
    assert_eq!((protected.small, protected.derived), (2, 2));
    // The number of observations is gone as well: 4 says how small the group is.
    let column = overview.column_index("bomen").unwrap() + 1;
    assert_eq!(overview.figure(0, column), Figure::Missing(Missing::SmallGroup));
    assert_eq!(overview.figure(1, column), Figure::known(90.0));
}

#[test]
fn two_small_groups_protect_each_other() {
    let (format, mut overview) = counted(&[4.0, 5.0, 30.0, 80.0, 70.0]);
    protect(&format, &mut overview);
    assert_eq!(hidden(&overview, "bomen"), [0, 1]);
}

#[test]
fn a_gebied_of_one_wijk_is_hidden_with_that_wijk() {
    let (format, mut overview) = counted(&[4.0]);
    for area in 1..5 {
        overview.areas[area].parent = Some("elders".into());
    }
    protect(&format, &mut overview);
    let hidden = hidden(&overview, "bomen");
    assert!(hidden.contains(&0) && hidden.contains(&5), "{hidden:?}");
}

#[test]
fn the_complement_of_a_small_group_is_hidden_and_a_part_of_at_most_the_whole_is_not() {
    for (kind, expected) in [(SumKind::Gelijk, true), (SumKind::Hooguit, false)] {
        let (mut format, mut overview) = counted(&[4.0, 5.0]);
        let at = overview.column_index("contact").unwrap() + 1;
        overview.figures.iter_mut().for_each(|row| row[at] = Figure::known(500.0));
        format.control.sums = vec![Sum { whole: None, parts: vec!["bomen".into(), "contact".into()], kind }];
        protect(&format, &mut overview);
        assert_eq!(hidden(&overview, "contact").contains(&0), expected, "{kind:?}");
    }
}

#[test]
fn the_threshold_may_differ_per_indicator() {
    let (mut format, mut overview) = counted(&[25.0, 26.0]);
    format.control.settings.push(CheckSetting {
        line: 3,
        code: CODE.into(),
        indicator: Some("bomen".into()),
        level: None,
        threshold: Some(30.0),
    });
    protect(&format, &mut overview);
    assert_eq!((hidden(&overview, "bomen").len(), hidden(&overview, "contact").len()), (2, 0));
}

#[test]
fn what_stands_in_the_workbook_is_not_compared_and_goes_from_the_texts_that_the_product_proposed() {
    let (format, mut overview) = counted(&[4.0, 5.0]);
    let mut analysis = analysis();
    rows(&mut analysis, "bomen").for_each(|row| row.wijk.value = CellValue::Number(45.0));
    let cell = &mut analysis.pijlers[1].closing[0].figures;
    *cell = Some(crate::testing::note("Indicator bomen: 45,0% (Stad 65,0%), anders\nIndicator overlast: 30,0%"));
    protect(&format, &mut overview);
    let compared = crate::compare::compare(&format, &overview, 0, None, Some(&analysis));
    let figure = compared.domeinen.iter().find_map(|domein| domein.figure("bomen")).unwrap();
    assert_eq!(figure.wijk, Figure::Missing(Missing::SmallGroup));
    assert_eq!((figure.difference, figure.place, figure.distance), (None, None, None));
    let shown = protect_texts(&compared, &analysis);
    assert!(
        shown
            .rows()
            .filter(|(_, _, row)| row.code.as_deref() == Some("bomen"))
            .all(|(_, _, row)| row.wijk.number().is_none())
    );
    let text = &shown.pijlers[1].closing[0].figures.as_ref().unwrap().text;
    assert!(!text.contains("45,0") && text.contains("30,0%"), "{text}");
}

/// Rank of a matrix, by plain elimination with whole rows.
fn rank(mut rows: Vec<Vec<f64>>) -> usize {
    let (mut rank, width) = (0, rows.first().map_or(0, Vec::len));
    for col in 0..width {
        let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][col].abs() > 1e-9) else { continue };
        rows.swap(rank, pivot);
        for row in (0..rows.len()).filter(|row| *row != rank).collect::<Vec<_>>() {
            let factor = rows[row][col] / rows[rank][col];
            let head = rows[rank].clone();
            rows[row].iter_mut().zip(head).for_each(|(value, head)| *value -= factor * head);
        }
        rank += 1;
    }
    rank
}

/// Whether an unknown figure can be told from the others: when saying what it is adds nothing to what the sums say.
fn can_be_told(overview: &Overview, column: usize, numbers: &[f64], cell: usize) -> bool {
    let missing = |area: usize| overview.figure(area, column).value().is_none();
    let parts = |whole: usize| {
        (0..7).map(move |area| match area {
            0..=4 => numbers[area],
            area if area == whole => -500.0,
            _ => 0.0,
        })
    };
    let city_of_gebied = (0..7).map(|area| match area {
        5 => 500.0,
        6 => -500.0,
        _ => 0.0,
    });
    let sums: [Vec<f64>; 3] = [parts(5).collect(), parts(6).collect(), city_of_gebied.collect()];
    let unknown = |row: &Vec<f64>| {
        row.iter().enumerate().map(|(area, weight)| if missing(area) { *weight } else { 0.0 }).collect()
    };
    let mut rows: Vec<Vec<f64>> = sums.iter().map(unknown).collect();
    let before = rank(rows.clone());
    rows.push((0..7).map(|area| if area == cell { 1.0 } else { 0.0 }).collect());
    rank(rows) == before
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_hidden_figure_of_a_wijk_can_be_told_from_the_others(numbers in proptest::collection::vec(1.0..60.0_f64, 5)) {
        let (format, mut overview) = counted(&numbers);
        let column = overview.column_index("bomen").unwrap();
        let small: Vec<usize> = (0..5).filter(|area| numbers[*area] < 10.0).collect();
        protect(&format, &mut overview);
        for area in small {
            prop_assert!(overview.figure(area, column).value().is_none());
            prop_assert!(!can_be_told(&overview, column, &numbers, area), "{numbers:?}");
        }
    }
}
