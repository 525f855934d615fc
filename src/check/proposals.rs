//! What filling proposed in the closing tables, after figures were changed by hand.
//!
//! Owns when such a proposal no longer fits. Pure; what is proposed is the model's ([`closing_texts`]).

use super::addresses;
use super::rules::finding;
use crate::finding::{Finding, Place};
use crate::model::words::closing_texts;
use crate::model::{Analysis, CellRef, Comparison, TextCell};

/// Closing texts that are still what filling proposed, while the figures in the workbook now ask for another proposal: one
/// finding per row. A text that a person changed is never judged.
#[must_use]
pub fn outdated_proposals(comparison: &Comparison, analysis: &Analysis) -> Vec<Finding> {
    let texts = closing_texts(comparison);
    let summary = analysis.summary.iter().flat_map(|summary| &summary.closing);
    analysis
        .pijlers
        .iter()
        .flat_map(|tab| &tab.closing)
        .chain(summary)
        .filter_map(|row| {
            let (_, figures, factoren) = texts.iter().find(|(domein, ..)| *domein == row.domein)?;
            let other = |cell: &Option<TextCell>, proposed: bool, now: &str| {
                let cell = cell.as_ref().filter(|cell| proposed && !same_lines(&cell.text, now))?;
                Some(cell.at.clone())
            };
            let cells: Vec<CellRef> = [
                other(&row.figures, row.figures_proposed, figures),
                other(&row.factoren, row.factoren_proposed, factoren),
            ]
            .into_iter()
            .flatten()
            .collect();
            let first = cells.first()?;
            let at: Vec<&CellRef> = cells.iter().collect();
            let place = Place { cell: Some(addresses(&at)), ..Place::tab(&first.tab) };
            Some(finding(
                "voorstel-verouderd",
                place.about(format!("domein {}", row.domein)),
                "Hier staat nog wat het programma voorstelde; bij de cijfers die er nu staan, hoort een ander voorstel.",
                match figures.as_str() {
                    "" => "Geen opvallende cijfers.".to_owned(),
                    lines => format!("{}.", lines.replace('\n', "; ")),
                },
                "Vul het werkboek opnieuw met 'wijk vul': dan komt het nieuwe voorstel er te staan. Wilt u de oude tekst houden, verander hem dan in uw eigen woorden.",
            ))
        })
        .collect()
}

/// True for texts with the same lines, whatever breaks them and whatever blanks surround them.
fn same_lines(one: &str, other: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    lines(one) == lines(other)
}
