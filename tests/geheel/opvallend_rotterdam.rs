//! What is opvallend on the real figures of Rotterdam: the rules of `spec/method.md` on the embedded example.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say where"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use wijkanalyse::compare::{Statistics, compare_with, words};
use wijkanalyse::model::{AreaLevel, Comparison, Figure, Format, Overview, Relative};
use wijkanalyse::{format, overview};

/// Read and compared once for all tests of this file.
fn example() -> &'static (Format, Overview, Vec<Comparison>) {
    static EXAMPLE: LazyLock<(Format, Overview, Vec<Comparison>)> = LazyLock::new(|| {
        let format = format::builtin().expect("the built-in format loads");
        let overview = overview::example().expect("the example loads");
        let compared = all_wijken(&format, &overview);
        (format, overview, compared)
    });
    &EXAMPLE
}

fn all_wijken(format: &Format, overview: &Overview) -> Vec<Comparison> {
    let statistics = Statistics::new(format, overview);
    overview
        .areas
        .iter()
        .enumerate()
        .filter(|(_, area)| area.level == AreaLevel::Wijk)
        .map(|(index, _)| compare_with(format, overview, &statistics, index, None, None))
        .collect()
}

/// Per domein: its name, and the code of each opvallend figure with whether it is higher.
type Lists = Vec<(String, Vec<(String, bool)>)>;

/// The opvallende figures of a wijk per domein, in order, with the way each differs.
fn list(comparison: &Comparison) -> Lists {
    comparison
        .domeinen
        .iter()
        .map(|domein| {
            let figures = domein
                .opvallende()
                .map(|figure| (figure.code.clone(), figure.relative == Relative::Higher))
                .collect();
            (domein.domein.clone(), figures)
        })
        .collect()
}

#[test]
fn no_two_wijken_get_the_same_opvallend_lists() {
    let (_, _, compared) = example();
    assert!(compared.len() > 60, "{} wijken", compared.len());
    let mut seen: BTreeMap<Lists, String> = BTreeMap::new();
    for comparison in compared {
        let list = list(comparison);
        if list.iter().all(|(_, figures)| figures.is_empty()) {
            // A wijk without any figure has nothing to show, and says so.
            assert_eq!(comparison.missing.0, comparison.missing.1, "{}", comparison.wijk.0);
            continue;
        }
        if let Some(other) = seen.insert(list, comparison.wijk.0.clone()) {
            panic!("{} and {other} have the same lists", comparison.wijk.0);
        }
    }
}

#[test]
fn the_sets_without_order_or_direction_separate_the_wijken_too() {
    let (_, _, compared) = example();
    let mut seen: BTreeMap<Vec<BTreeSet<String>>, String> = BTreeMap::new();
    for comparison in compared.iter().filter(|comparison| comparison.missing.0 == 0) {
        let sets = comparison.domeinen.iter().map(|domein| domein.opvallend.iter().cloned().collect()).collect();
        if let Some(other) = seen.insert(sets, comparison.wijk.0.clone()) {
            panic!("{} and {other} have the same figures", comparison.wijk.0);
        }
    }
    assert!(!seen.is_empty());
}

#[test]
fn opvallend_is_a_selection_while_nearly_every_figure_differs() {
    let (format, _, compared) = example();
    for comparison in compared {
        for domein in &comparison.domeinen {
            assert!(domein.opvallend.len() <= format.opvallend.count, "{} {}", comparison.wijk.0, domein.domein);
            let mut last = (true, f64::INFINITY);
            for figure in domein.opvallende() {
                assert_ne!(figure.relative, Relative::Equal);
                let distance = figure.distance.expect("opvallend by distance").abs();
                assert!(last.0 || !figure.own, "own figures first");
                assert!(figure.own != last.0 || distance <= last.1 + 1e-9, "furthest first");
                last = (figure.own, distance);
            }
        }
    }
}

#[test]
fn every_wijk_gets_a_place_a_level_and_words_for_its_closing_tables() {
    let (format, _, compared) = example();
    let mut advice: BTreeMap<&str, usize> = BTreeMap::new();
    let mut factoren: BTreeSet<String> = BTreeSet::new();
    for comparison in compared {
        for figure in comparison.domeinen.iter().flat_map(|domein| &domein.figures) {
            assert_eq!(figure.place.is_some(), figure.wijk.value().is_some(), "{}", figure.code);
            if let Some((place, of)) = figure.place {
                assert!((1..=of).contains(&place));
            }
            assert_eq!(figure.beyond_chance, None, "numbers of observations are not known for these figures");
        }
        let level = &comparison.level;
        assert!(level.differing <= level.compared);
        let kind = [
            "wijkt veel af",
            "lijkt op het gebied",
            "minder dan de helft van de cijfers",
            "niet bekend",
            "geen cijfers",
        ]
        .into_iter()
        .find(|part| level.sentence.contains(part))
        .expect("a known advice");
        *advice.entry(kind).or_default() += 1;
        let texts = words::closing_texts(comparison);
        assert_eq!(texts.len(), format.domeinen.len());
        factoren
            .insert(comparison.factoren.iter().map(|factor| factor.name.clone()).collect::<Vec<_>>().join("; "));
    }
    assert!(advice.len() > 1, "the advice on the level differs between wijken: {advice:?}");
    assert!(factoren.len() > 30, "the order of factors says something about the wijk: {}", factoren.len());
}

#[test]
fn a_figure_of_the_stad_is_equal_to_itself() {
    let (format, overview, _) = example();
    let stad = overview.area_index(&format.benchmark.0).expect("Rotterdam is in the example");
    let comparison = wijkanalyse::compare::compare(format, overview, stad, None, None);
    for domein in &comparison.domeinen {
        assert!(domein.opvallend.is_empty(), "{}", domein.domein);
        for figure in domein.figures.iter().filter(|figure| matches!(figure.wijk, Figure::Known { .. })) {
            assert_eq!(figure.relative, Relative::Equal, "{}", figure.code);
        }
    }
}
