//! Agreements that the plan has and the workbook no longer makes: they stay in the plan, in its history.
//!
//! What they say comes from the plan itself, not from the record: what people took out of a document must not come back.
//! A row counts as an agreement of ours when the record knows its words.

use std::collections::BTreeSet;
use std::ops::Range;

use super::content::{Cell, Draft, Part, Style, text};
use super::renew::blocks_and_proposals;
use super::rounds::{Step, table};
use super::subject::{Group, Subject, shared};
use crate::model::Afspraak;
use crate::package::xml::{Element, text_of};

/// What stands at an agreement that the workbook no longer makes.
const GONE: &str = "niet meer in het werkboek";

/// Share of the words by which a changed agreement is still the same one.
const SAME: f64 = 0.5;

/// A row of a table in a step of the plan: the lines of its cells.
struct Row {
    step: Step,
    cells: Vec<Vec<String>>,
}

impl Row {
    /// What was agreed, when it is one of those that the record knows: some of the lines of its second cell.
    fn agreed(&self, known: &[&Subject]) -> Option<(Subject, String)> {
        let lines = self.cells.get(1)?;
        (0..lines.len()).find_map(|from| {
            (from + 1..=lines.len()).rev().find_map(|to| {
                let words = lines.get(from..to)?.join(" ");
                let subject = Subject::new(Group::Agreement, 0, &words, &[]);
                let same = |known: &&Subject| !known.name.is_empty() && known.name == subject.name;
                known.iter().any(same).then_some((subject, words))
            })
        })
    }

    /// False when it was made on another day: agreements of several rounds may have the same words. `days` are those of
    /// the workbook, as a subject knows them.
    fn may_be(&self, other: &Subject, days: &BTreeSet<String>) -> bool {
        let on = self.cells.first().map(|lines| lines.join(" ")).unwrap_or_default();
        let there = other.facts.iter().find(|fact| days.contains(*fact));
        day(&on).zip(there).is_none_or(|(here, there)| here == *there)
    }

    fn is_told(&self) -> bool {
        self.cells.last().is_some_and(|lines| lines.iter().any(|line| line == GONE))
    }
}

/// The day on which something was agreed, as a subject knows it; `None` when it is not said.
fn day(text: &str) -> Option<String> {
    Subject::new(Group::Agreement, 0, "", &[text]).facts.pop()
}

fn is_agreement(subject: &&Subject) -> bool {
    matches!(subject.group, Group::Agreement | Group::Action)
}

/// Puts the agreements that stand in the plan `document` and are no longer in the workbook in the history of `draft`;
/// `agreements` are those of the workbook, `known` is what the plan was about. Gives the words of those
/// that were there until now, and all that are kept so.
pub(super) fn keep(
    draft: &mut Draft,
    agreements: &[Afspraak],
    known: &[Subject],
    document: &str,
    all: &[Element],
) -> (Vec<String>, Vec<Subject>) {
    let days: BTreeSet<String> = agreements.iter().filter_map(|agreement| day(&agreement.datum)).collect();
    let known: Vec<&Subject> = known.iter().filter(is_agreement).collect();
    let open: Vec<Subject> = draft.subjects.iter().filter(is_agreement).cloned().collect();
    let mut rows: Vec<(Row, Subject, String)> = rows(document, all)
        .into_iter()
        .filter_map(|row| row.agreed(&known).map(|(subject, words)| (row, subject, words)))
        .collect();
    // One may stand in several rows: in a block that somebody changed, in a copy, in what was proposed.
    let mut met: BTreeSet<usize> = BTreeSet::new();
    rows.retain(|(row, subject, _)| {
        let same = |other: &Subject| other.name == subject.name && row.may_be(other, &days);
        let places: Vec<usize> = open.iter().zip(0..).filter(|(other, _)| same(other)).map(|(_, at)| at).collect();
        met.extend(&places);
        places.is_empty()
    });
    // Then those that got other words; what was agreed on another day is another agreement.
    let mut changed: Vec<&Subject> =
        open.iter().zip(0..).filter(|(_, at)| !met.contains(at)).map(|(o, _)| o).collect();
    let mut reworded: Vec<Vec<String>> = Vec::new();
    rows.retain(|(row, subject, _)| {
        if reworded.contains(&subject.name) {
            return false;
        }
        let like =
            |other: &Subject| if row.may_be(other, &days) { shared(&subject.name, &other.name) } else { 0.0 };
        let best = changed.iter().map(|other| like(other)).fold(0.0, f64::max);
        let Some(at) = changed.iter().position(|other| like(other) >= best.max(SAME)) else { return true };
        changed.remove(at);
        reworded.push(subject.name.clone());
        false
    });
    // What stands in several places stays in the history once, and is told once.
    let before: BTreeSet<Vec<String>> =
        rows.iter().filter(|(row, ..)| row.is_told()).map(|(_, subject, _)| subject.name.clone()).collect();
    let mut seen = BTreeSet::new();
    rows.sort_by_key(|(row, ..)| !row.is_told());
    rows.retain(|(row, ..)| seen.insert((row.step.tag(), row.cells.first().cloned(), row.cells.get(1).cloned())));
    let mut told = Vec::new();
    for step in [Step::Quality, Step::Outcome, Step::Improvement] {
        let gone: Vec<&(Row, Subject, String)> = rows.iter().filter(|(row, ..)| row.step == step).collect();
        let history = format!("wa:{}:geschiedenis", step.tag());
        let block = draft.parts.iter_mut().find_map(|part| match part {
            Part::Block { tag, parts, .. } if *tag == history => Some(parts),
            _ => None,
        });
        if let Some(parts) = block.filter(|_| !gone.is_empty()) {
            parts.push(text(Style::Caption, "Niet meer in het werkboek"));
            parts.push(table(gone.iter().map(|(row, ..)| again(row)).collect()));
            let new = gone.iter().filter(|(_, subject, _)| !before.contains(&subject.name));
            told.extend(new.map(|(.., words)| words.clone()));
        }
    }
    (told, rows.into_iter().map(|(_, subject, _)| subject).collect())
}

/// The row as it stands in the history.
fn again(row: &Row) -> Vec<Cell> {
    let mut cells: Vec<Cell> = row
        .cells
        .iter()
        .map(|lines| lines.iter().fold(Cell::default(), |cell, line| cell.and(Style::CellAdviser, line)))
        .collect();
    if let Some(status) = cells.last_mut().filter(|_| !row.is_told()) {
        *status = std::mem::take(status).and(Style::CellText, GONE);
    }
    cells
}

/// The rows of the tables of agreements in a plan, without their headings and what only asks for something.
fn rows(document: &str, all: &[Element]) -> Vec<Row> {
    let mut found = Vec::new();
    for (tag, content) in blocks_and_proposals(all) {
        let Some(step) = Step::of_tag(&tag) else { continue };
        let within = |span: &Range<usize>, name: &'static str| {
            let span = span.clone();
            all.iter().filter(move |e| e.local == name && span.contains(&e.span.start))
        };
        for table in within(&content, "tbl") {
            for row in within(&table.span, "tr").skip(1) {
                let cells: Vec<Vec<String>> = within(&row.span, "tc")
                    .map(|cell| {
                        let lines = within(&cell.span, "p").map(|paragraph| {
                            let pieces = all.iter().filter(|e| paragraph.span.contains(&e.span.start));
                            let pieces = pieces.map(|e| match e.local.as_str() {
                                "t" => text_of(document, e),
                                "br" | "tab" => " ".to_owned(),
                                _ => String::new(),
                            });
                            pieces.collect::<String>().trim().to_owned()
                        });
                        let asks = |line: &String| line.is_empty() || line.starts_with('[') && line.ends_with(']');
                        lines.filter(|line| !asks(line)).collect()
                    })
                    .collect();
                if cells.len() == 6 {
                    found.push(Row { step, cells });
                }
            }
        }
    }
    found
}
