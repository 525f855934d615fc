//! Texts that were written about figures which a new edition replaced.

use super::rules::finding;
use super::{Context, addresses};
use crate::finding::{Finding, Place};
use crate::model::words::{self, count};
use crate::model::{CellRef, FigureChange, Format, OutdatedText, outdated_texts};

/// The code of the finding.
const CODE: &str = "tekst-bij-oud-cijfer";

/// How many changed figures a message names.
pub const MOST_CHANGES: usize = 4;

/// Texts in the workbook that still have to be read again.
pub(crate) fn outdated(context: &Context<'_>, findings: &mut Vec<Finding>) {
    findings.extend(texts_to_read(context.format, &outdated_texts(context.format, context.analysis)));
}

/// Texts that have to be read again, as findings: those of one part of a tab together.
#[must_use]
pub fn texts_to_read(format: &Format, texts: &[OutdatedText]) -> Vec<Finding> {
    let mut groups: Vec<Vec<&OutdatedText>> = Vec::new();
    for text in texts {
        let of = |text: &OutdatedText| (text.text.at.tab.clone(), text.text.group.clone(), text.noted);
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| of(first) == of(text))) {
            Some(group) => group.push(text),
            None => groups.push(vec![text]),
        }
    }
    groups.iter().filter_map(|group| told(format, group)).collect()
}

fn told(format: &Format, group: &[&OutdatedText]) -> Option<Finding> {
    let first = group.first()?;
    let cells: Vec<&CellRef> = group.iter().map(|text| &text.text.at).collect();
    let place = Place { cell: Some(addresses(&cells)), ..Place::tab(&first.text.at.tab) };
    // The text with most changes speaks for all of its part: they are about the same figures.
    let most = group.iter().max_by_key(|text| text.changes.len())?;
    let what = match group {
        [_] => "Deze tekst is geschreven".to_owned(),
        several => format!("{} zijn geschreven", count(several.len(), "tekst", "teksten")),
    };
    let mut found = format!(
        "{what} bij cijfers die daarna zijn vernieuwd: {}.",
        changes_in_words(&most.changes, &format.benchmark.1)
    );
    for text in group.iter().filter(|text| !text.quoted.is_empty()) {
        let cell = if group.len() > 1 { format!("cel {}", text.text.at.a1()) } else { "de tekst".to_owned() };
        found.push_str(&format!(" In {cell} staat nog {}.", words::list(&text.quoted)));
    }
    let confirm = match first.noted {
        true => "Klopt een tekst nog, verwijder dan de notitie op de cel (rechtermuisknop, Notitie verwijderen).",
        false => "Klopt een tekst nog, zet er dan iets achter, zoals '(nagelezen)'.",
    };
    Some(finding(
        CODE,
        place.about(if group.len() > 1 { first.text.group.as_str() } else { first.text.about.as_str() }),
        found,
        "Een tekst die bij de nieuwe cijfers past.",
        format!("Lees na wat er staat en pas het aan; de melding gaat dan vanzelf weg. {confirm}"),
    ))
}

/// The first changed figures, and how many more there are.
#[must_use]
pub fn changes_in_words(changes: &[FigureChange], benchmark: &str) -> String {
    let shown: Vec<String> = changes.iter().take(MOST_CHANGES).map(|change| change.sentence(benchmark)).collect();
    match changes.len().saturating_sub(MOST_CHANGES) {
        0 => shown.join("; "),
        more => format!("{}; en nog {}", shown.join("; "), count(more, "ander cijfer", "andere cijfers")),
    }
}
