//! The highlighting: does every row have the live rule of the format, with the right decimals and the right cells?

use std::collections::{BTreeMap, BTreeSet};

use super::rules::finding;
use super::{Context, ranges};
use crate::finding::{Finding, Place};
use crate::model::words::count;
use crate::model::{HighlightCell, HighlightRule, column_letters};

/// The code for rules on rows without an indicator.
const STRAY: &str = "opmaak-verkeerde-rijen";

/// Every row has the rule of the format on the wijk's cell and on the one beside it; no rule colours other rows.
pub(crate) fn highlighting(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for tab in &context.analysis.pijlers {
        let rules: Vec<HighlightRule<'_>> = context
            .analysis
            .conditionals
            .iter()
            .filter(|rule| rule.tab == tab.tab)
            .map(HighlightRule::of)
            .collect();
        // Per column the rows that lack a rule or have a wrong one, so that one cause is one finding.
        let mut lacking: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut wrong: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for cell in HighlightCell::all(tab, context.format) {
            let mut covering = rules.iter().filter(|rule| rule.covers(cell.row, cell.col)).peekable();
            if covering.peek().is_none() {
                lacking.entry(cell.col).or_default().push(cell.row);
            } else if !covering.any(|rule| rule.is_right_for(&cell)) {
                wrong.entry(cell.col).or_default().push(cell.row);
            }
        }
        for (col, at) in &lacking {
            findings.push(about(
                tab.tab.as_str(),
                *col,
                at,
                "opmaak-ontbreekt",
                "de regel voor de oranje opmaak ontbreekt",
            ));
        }
        for (col, at) in &wrong {
            findings.push(about(tab.tab.as_str(), *col, at, "opmaak-fout", "de regel voor de oranje opmaak is niet die van het format, of vergelijkt met een andere rij of een ander aantal decimalen"));
        }
        stray(context, tab.tab.as_str(), &rules, findings);
    }
}

/// Rules of the highlighting on rows that hold no indicator.
fn stray(context: &Context<'_>, tab: &str, rules: &[HighlightRule<'_>], findings: &mut Vec<Finding>) {
    let rows: BTreeSet<u32> =
        context.analysis.rows().filter(|(of, _, _)| of.tab == tab).map(|(_, _, row)| row.row).collect();
    let cols: BTreeSet<u32> =
        context.analysis.rows().filter(|(of, _, _)| of.tab == tab).map(|(_, _, row)| row.wijk.at.col).collect();
    for col in cols {
        let mut stray: BTreeSet<u32> = BTreeSet::new();
        for rule in rules.iter().filter(|rule| rule.written.fills && rule.is_ours()) {
            for (top, left, bottom, right) in &rule.ranges {
                // A range longer than any block is a whole column; its empty rows never colour.
                if (*left..=*right).contains(&col) && bottom - top < 10_000 {
                    stray.extend((*top..=*bottom).filter(|row| !rows.contains(row)));
                }
            }
        }
        if !stray.is_empty() {
            let at: Vec<u32> = stray.into_iter().collect();
            findings.push(about(
                tab,
                col,
                &at,
                STRAY,
                "de regel voor de oranje opmaak staat op rijen zonder indicator",
            ));
        }
    }
}

fn about(tab: &str, col: u32, rows: &[u32], code: &'static str, found: &str) -> Finding {
    let advice = if code == STRAY {
        "Ga naar Start > Voorwaardelijke opmaak > Regels beheren en haal deze cellen weg bij 'Van toepassing op'."
    } else {
        "Laat 'wijk vul' met --herstel-opmaak de regels herstellen; uw cijfers en teksten blijven staan."
    };
    finding(
        code,
        Place { cell: Some(ranges(col, rows)), ..Place::tab(tab) },
        format!("Kolom {}, {}: {found}.", column_letters(col), count(rows.len(), "rij", "rijen")),
        "Op elke rij met een indicator de regel van het format, met de decimalen van die rij.",
        advice,
    )
}
