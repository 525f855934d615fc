//! A workbook that the product built itself is checked without a false finding, and what is then broken is found.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on should say where")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use wijkanalyse::check::{CheckInput, check};
use wijkanalyse::compare::compare;
use wijkanalyse::finding::Finding;
use wijkanalyse::model::{Analysis, AreaLevel, AreaLookup, CellValue, Format, Overview};
use wijkanalyse::{format, overview, workbook};

const WIJK: &str = "Bospolder";

#[derive(Clone)]
struct Built {
    format: Format,
    overview: Overview,
    analysis: Analysis,
    read: Vec<Finding>,
    area: usize,
}

/// The blank workbook of one wijk, built and read back once for all tests.
static BLANK: LazyLock<Built> = LazyLock::new(|| {
    let format = format::builtin().expect("the built-in format loads");
    let overview = overview::example().expect("the example loads");
    let options = format::BuildOptions { wijk: Some(WIJK.to_owned()), ..Default::default() };
    let bytes = format::build(&format, &overview, &options).expect("the workbook is built");
    let details = workbook::Details::All;
    let (analysis, read) =
        workbook::read("bospolder.xlsx", &bytes, &format, details).expect("the workbook is read");
    let AreaLookup::Found(area, _) = overview.find(WIJK, Some(AreaLevel::Wijk)) else {
        panic!("{WIJK} is in the example");
    };
    Built { format, overview, analysis, read, area }
});

/// That workbook, with the figures of the wijk filled in when asked.
fn built(fill: bool) -> Built {
    let mut built = BLANK.clone();
    if fill {
        let Built { analysis, overview, area, .. } = &mut built;
        let rows =
            analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.blocks).flat_map(|block| &mut block.indicators);
        for row in rows {
            let column = row.code.as_deref().and_then(|code| overview.column_index(code)).expect("a known row");
            if let Some(value) = overview.figure(*area, column).value() {
                row.wijk.value = CellValue::Number(value);
            }
        }
    }
    built
}

impl Built {
    fn findings(&self) -> Vec<Finding> {
        check(&CheckInput {
            format: &self.format,
            analysis: &self.analysis,
            overview: Some(&self.overview),
            area: None,
            highlighting: true,
            other: &self.read,
        })
    }

    fn codes(&self) -> BTreeSet<String> {
        self.findings().into_iter().map(|finding| finding.code).collect()
    }
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[test]
fn a_blank_workbook_has_only_what_is_still_to_be_done() {
    let built = built(false);
    assert_eq!(built.codes(), set(&["cijfer-niet-ingevuld", "conclusie-leeg", "vraag-open"]));
    let tabs = built.findings().iter().filter(|finding| finding.code == "cijfer-niet-ingevuld").count();
    assert_eq!(tabs, built.format.pijlers.len(), "one finding per tab, not one per cell");
}

#[test]
fn a_filled_workbook_has_only_what_people_must_write() {
    assert_eq!(built(true).codes(), set(&["conclusie-leeg", "vraag-open"]));
}

#[test]
fn what_is_broken_afterwards_is_found() {
    let mut built = built(true);
    assert!(!built.analysis.conditionals.is_empty() && !built.analysis.links.is_empty());
    let tab = built.analysis.pijlers[0].tab.clone();
    built.analysis.conditionals.retain(|rule| rule.tab != tab);
    built.analysis.links[0].alive = false;
    built.analysis.pijlers[1].wijk.as_mut().unwrap().text = "Tussendijken".to_owned();
    let codes = built.codes();
    for code in ["opmaak-ontbreekt", "link-dood", "wijk-verschilt"] {
        assert!(codes.contains(code), "{code} in {codes:?}");
    }
}

#[test]
fn the_workbook_and_the_overview_give_the_same_comparison() {
    let built = built(true);
    let mut by_workbook = compare(&built.format, &built.overview, built.area, None, Some(&built.analysis));
    let by_overview = compare(&built.format, &built.overview, built.area, None, None);
    for figure in by_workbook.domeinen.iter_mut().flat_map(|domein| &mut domein.figures) {
        assert!(figure.at.take().is_some(), "{} has a cell", figure.code);
    }
    assert_eq!(by_workbook, by_overview);
}
