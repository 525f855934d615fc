//! A workbook in order that a test changes in one place. Everything in it is fictitious.

use super::*;
use crate::model::*;
use crate::testing::{analysis, format, overview, rows, set};

/// A workbook in order, changed by a test.
pub(super) struct Case {
    pub(super) format: Format,
    pub(super) analysis: Analysis,
    pub(super) overview: Overview,
    pub(super) area: Option<usize>,
    pub(super) highlighting: bool,
    pub(super) other: Vec<Finding>,
}

impl Case {
    pub(super) fn new() -> Self {
        let format = format();
        let mut analysis = analysis();
        analysis.tabs = analysis
            .pijlers
            .iter()
            .map(|tab| TabInfo { name: tab.tab.clone(), kind: TabKind::Pijler(tab.pijler.clone()), hidden: false })
            .collect();
        analysis.conditionals = conditionals(&analysis);
        analysis.resultaten = vec![result()];
        analysis.activiteiten = vec![activity()];
        Case { format, analysis, overview: overview(), area: None, highlighting: true, other: vec![] }
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        check(&CheckInput {
            format: &self.format,
            analysis: &self.analysis,
            overview: Some(&self.overview),
            area: self.area,
            highlighting: self.highlighting,
            other: &self.other,
        })
    }

    pub(super) fn codes(&self) -> Vec<String> {
        self.findings().into_iter().map(|finding| finding.code).collect()
    }

    /// The only finding; a test that expects one thing must not bring others along.
    #[track_caller]
    pub(super) fn only(&self, code: &str) -> Finding {
        let findings = self.findings();
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, [code], "{findings:#?}");
        for finding in &findings {
            for sentence in [&finding.found, &finding.expected, &finding.advice] {
                assert!(sentence.ends_with('.'), "not a sentence: {sentence}");
            }
            assert!(rule(&finding.code).is_some(), "{} is not explained", finding.code);
        }
        findings.into_iter().next().unwrap()
    }

    /// Changes the first row of an indicator only; it then differs from the others of the same indicator.
    pub(super) fn row(&mut self, code: &str) -> &mut IndicatorRow {
        self.analysis
            .pijlers
            .iter_mut()
            .flat_map(|tab| &mut tab.blocks)
            .flat_map(|block| &mut block.indicators)
            .find(|row| row.code.as_deref() == Some(code))
            .unwrap()
    }

    /// Changes every row of an indicator.
    pub(super) fn every(&mut self, code: &str, change: impl Fn(&mut IndicatorRow)) {
        rows(&mut self.analysis, code).for_each(change);
    }
}

pub(super) fn rule_of(col: char, row: u32, decimals: u8) -> String {
    let row = row + 1;
    let differ = format!("AND(ISNUMBER({col}{row}),ROUND({col}{row},{decimals})<>ROUND($G{row},{decimals}))");
    if col == 'E' {
        format!("AND(ISNUMBER($G{row}),OR(LEN(TRIM(E{row}))=0,{differ}))")
    } else {
        format!("AND(ISNUMBER($G{row}),{differ})")
    }
}

/// One rule per column and block, over all its rows, as a person would make it.
pub(super) fn conditionals(analysis: &Analysis) -> Vec<Conditional> {
    let mut all = Vec::new();
    for tab in &analysis.pijlers {
        for block in &tab.blocks {
            let (first, last) = (block.indicators.first().unwrap().row, block.indicators.last().unwrap().row);
            for col in ['E', 'F'] {
                all.push(Conditional {
                    tab: tab.tab.clone(),
                    ranges: format!("{col}{}:{col}{}", first + 1, last + 1),
                    kind: "expression".into(),
                    formula: rule_of(col, first, 1),
                    fills: true,
                });
            }
        }
    }
    all
}

pub(super) fn result() -> Resultaat {
    Resultaat {
        row: 4,
        nummer: "1".into(),
        domein: "School".into(),
        resultaat: "Meer jongeren halen hun diploma".into(),
        indicatoren: "Indicator diploma".into(),
        startwaarde: "15,0".into(),
        startjaar: "2016".into(),
        streefwaarde: "+5".into(),
        streefjaar: "2020".into(),
        ..Resultaat::default()
    }
}

pub(super) fn activity() -> Activiteit {
    Activiteit {
        row: 4,
        activiteit: "Huiswerkklas".into(),
        resultaat: "1".into(),
        factor: "Binding".into(),
        leefgebied: "school".into(),
        leeftijdsfase: "12-18 jaar".into(),
        preventieniveau: "selectief".into(),
        trede: "0".into(),
        outcome: "bereik".into(),
        hoe_meten: "telling".into(),
        status: "bezig".into(),
        ..Activiteit::default()
    }
}

pub(super) fn number(value: f64) -> CellValue {
    CellValue::Number(value)
}

pub(super) fn text(text: &str) -> CellValue {
    CellValue::Text(text.into())
}

pub(super) fn observed(case: &mut Case, numbers: [f64; 8]) {
    let at = case.overview.column_index("bomen").unwrap();
    let mut count = case.overview.columns[at].clone();
    count.code = "bomen__n".into();
    case.overview.columns.insert(at + 1, count);
    for (row, number) in case.overview.figures.iter_mut().zip(numbers) {
        row.insert(at + 1, Figure::known(number));
    }
}

pub(super) fn own_figure(case: &mut Case, code: &str, value: f64) {
    set(&mut case.overview, 0, code, Figure::Missing(Missing::Unknown));
    case.every(code, |row| row.wijk.value = number(value));
}
