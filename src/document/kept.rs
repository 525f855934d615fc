//! Agreements that the plan has and the workbook no longer makes: they stay in the plan, in its history.
//!
//! What they say comes from the plan itself, not from the record: what people took out of a document must not come back.
//! A row counts as an agreement of ours when the record knows its words.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::content::{Cell, Draft, Part, Style, text};
use super::renew::{BlockChange, BlockFate, blocks_and_proposals};
use super::rounds::{Step, of_today, table};
use super::subject::{Group, Subject, agreed_facts};
use crate::model::{Analysis, date_text, normalise};
use crate::package::xml::{Element, text_of};

/// What stands at an agreement that the workbook no longer makes, and in the heading of an activity or result that it
/// no longer has.
pub(super) const GONE: &str = "niet meer in het werkboek";

/// How many times as many words a text may get and still be the same agreement.
const LONGER: usize = 2;

/// Letters of a word in which one may differ for a slip of the pen.
const LONG_WORD: usize = 5;

/// A row of a table in a step of the plan: the lines of its cells.
struct Row {
    step: Step,
    cells: Vec<Vec<String>>,
}

impl Row {
    fn cell(&self, at: usize) -> String {
        self.cells.get(at).map(|lines| lines.join(" ")).unwrap_or_default()
    }

    /// What was agreed, when it is one of those that the record knows: some of the lines of its second cell.
    fn agreed(self, known: &[&Subject]) -> Option<Stood> {
        let lines = self.cells.get(1)?;
        let (subject, words, from) = (0..lines.len()).find_map(|from| {
            (from + 1..=lines.len()).rev().find_map(|to| {
                let words = lines.get(from..to)?.join(" ");
                let subject = Subject::new(Group::Agreement, 0, &words, &[]);
                let same = |known: &&Subject| !known.name.is_empty() && known.name == subject.name;
                known.iter().any(same).then_some((subject, words, from))
            })
        })?;
        let (day, who) = (day(&self.cell(0)), names(&self.cell(3)));
        Some(Stood { row: self, subject, words, from, day, who })
    }

    fn is_told(&self) -> bool {
        self.cells.last().is_some_and(|lines| lines.iter().any(|line| line == GONE))
    }
}

/// An agreement as it stands in the plan.
struct Stood {
    row: Row,
    subject: Subject,
    words: String,
    /// The line of its cell at which its words begin; its activity stands before.
    from: usize,
    day: Option<String>,
    who: BTreeSet<String>,
}

impl Stood {
    /// True when this is `made` in the same words: one of another day is of another round. `by_person` tells whether the
    /// person counts too.
    fn is(&self, made: &Made<'_>, by_person: bool) -> bool {
        let other_day = self.day.as_ref().zip(made.day.as_ref()).is_some_and(|(one, other)| one != other);
        self.subject.name == made.subject.name && !other_day && (!by_person || self.of_same_person(made))
    }

    /// True when it became `made`: of the same day, with a slip mended, or of the same person as well, with words added, left
    /// out or written together. In doubt it is another one: that loses nothing.
    fn became(&self, made: &Made<'_>, known: &[&Subject]) -> bool {
        let numbered = known.iter().any(|known| {
            known.name == self.subject.name && (known.group, known.key) == (made.subject.group, made.subject.key)
        });
        let (words, now) = (&self.words, made.words);
        let person = self.of_same_person(made);
        self.day == made.day
            && (numbered && (is_slip(words, now) || person && is_near(words, now))
                || person && is_joined(words, now))
    }

    /// What the record has to know of it to tell it from other rounds and persons later: as far as it was `known`.
    fn remembered(&self, known: &[&Subject]) -> Subject {
        let who = self.row.cells.get(3).and_then(|lines| lines.first()).map_or("", String::as_str);
        let mut facts = agreed_facts(&self.row.cell(0), who);
        facts.retain(|fact| {
            known.iter().any(|known| known.name == self.subject.name && known.facts.contains(fact))
        });
        Subject { facts, ..self.subject.clone() }
    }

    fn of_same_person(&self, made: &Made<'_>) -> bool {
        self.who.is_subset(&made.who) || made.who.is_subset(&self.who)
    }
}

/// An agreement as the workbook has it now.
struct Made<'a> {
    subject: &'a Subject,
    words: &'a str,
    day: Option<String>,
    who: BTreeSet<String>,
}

/// All of the workbook with the numbers they have in the plan: `subjects` are in the order of the workbook.
fn made<'a>(subjects: &'a [Subject], analysis: &'a Analysis) -> Vec<Made<'a>> {
    let of = |group: Group| subjects.iter().filter(move |subject| subject.group == group);
    let agreements = of(Group::Agreement).zip(&analysis.afspraken).map(|(subject, agreement)| Made {
        subject,
        words: &agreement.afspraak,
        day: day(&agreement.datum),
        who: names(&format!("{} {}", agreement.wie, agreement.rol)),
    });
    let with_action = analysis.activiteiten.iter().filter(|activity| !activity.verbeteractie.trim().is_empty());
    let actions = of(Group::Action).zip(with_action).map(|(subject, activity)| Made {
        subject,
        words: &activity.verbeteractie,
        day: None,
        who: names(&activity.wie),
    });
    agreements.chain(actions).collect()
}

/// A day in one notation; `None` when none is said.
fn day(text: &str) -> Option<String> {
    let written = || Some(normalise(text)).filter(|day| !day.is_empty());
    date_text(text).map(|day| format!("{day:?}")).or_else(written)
}

/// The names in a cell, with the role.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// True when two words are one but for a slip of the pen.
fn is_slip_of_word(one: &str, other: &str) -> bool {
    one.chars().count() >= LONG_WORD
        && !one.contains(|c: char| c.is_ascii_digit())
        && strsim::osa_distance(one, other) <= 1
}

/// True when two texts differ, and only in slips of the pen.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (normalise(one), normalise(other));
    let (words, others): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let same = |(word, other): (&&str, &str)| *word == other || is_slip_of_word(word, other);
    one != other && words.len() == others.len() && words.iter().zip(others).all(same)
}

/// True when two texts differ, and only in what is written together or apart.
fn is_joined(one: &str, other: &str) -> bool {
    let (one, other) = (normalise(one), normalise(other));
    one != other && one.replace(' ', "") == other.replace(' ', "")
}

/// True when two texts are one but for slips of the pen or for words that were added.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (normalise(one), normalise(other));
    let (mut short, mut long): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    long.len() <= short.len() * LONGER
        && short.iter().all(|word| long.iter().any(|other| word == other || is_slip_of_word(word, other)))
}

fn is_agreement(subject: &&Subject) -> bool {
    matches!(subject.group, Group::Agreement | Group::Action)
}

/// What stays in a plan though the workbook no longer has it.
#[derive(Default)]
pub(super) struct Kept {
    /// Words of those that were there until now, with their step.
    told: Vec<(Step, String)>,
    /// All of them.
    pub(super) subjects: Vec<Subject>,
}

impl Kept {
    /// The words of those that came in the history or in a new version of it, and of those for which it is not in the plan
    /// any more, after what happened to the `blocks`.
    pub(super) fn told(self, blocks: &[BlockChange]) -> (Vec<String>, Vec<String>) {
        let (mut placed, mut without) = (Vec::new(), Vec::new());
        for (step, words) in self.told {
            let of_history = |block: &&BlockChange| step.keeps_history_in(&block.tag);
            let fates: Vec<BlockFate> = blocks.iter().filter(of_history).map(|block| block.fate).collect();
            let put = [BlockFate::Vernieuwd, BlockFate::Voorgesteld, BlockFate::Toegevoegd, BlockFate::Opmerking];
            let list = if fates.iter().any(|fate| put.contains(fate)) {
                &mut placed
            } else if fates.contains(&BlockFate::Weggehaald) {
                &mut without
            } else {
                // Somebody refused the version with it: then it was told already.
                continue;
            };
            if !list.contains(&words) {
                list.push(words);
            }
        }
        (placed, without)
    }
}

/// Puts the agreements that stand in the plan `document` and are no longer in the workbook in the history of `draft`;
/// `known` is what the plan was about.
pub(super) fn keep(
    draft: &mut Draft,
    analysis: &Analysis,
    known: &[Subject],
    document: &str,
    all: &[Element],
) -> Kept {
    let known: Vec<&Subject> = known.iter().filter(is_agreement).collect();
    let subjects = draft.subjects.clone();
    let made = made(&subjects, analysis);
    // Of several with the same words and day the person tells which is which. Who it is may also just change, so that with
    // one of them it does not count.
    let alike = |stood: &Stood| {
        let name = &stood.subject.name;
        let on = agreed_facts(&stood.row.cell(0), "");
        let before = known.iter().filter(|known| {
            known.group == Group::Agreement
                && known.name == *name
                && on.iter().all(|day| known.facts.contains(day))
        });
        let now = made.iter().filter(|made| made.subject.group == Group::Agreement && stood.is(made, false));
        before.count().max(now.count()) > 1
    };
    // One may stand in several rows: in a block that somebody changed, in a copy, in what was proposed. So what a row is
    // does not depend on the other rows.
    let mut gone: Vec<(Stood, bool)> = rows(document, all)
        .into_iter()
        .filter_map(|row| row.agreed(&known))
        .map(|stood| (alike(&stood), stood))
        .filter(|(several, stood)| !made.iter().any(|made| stood.is(made, *several) || stood.became(made, &known)))
        .map(|(several, stood)| (stood, several))
        .collect();
    // What stands in several places stays in the history once, as it stands there already or else where most is said.
    let lines = |stood: &Stood| stood.row.cells.iter().map(Vec::len).sum::<usize>();
    gone.sort_by_key(|(stood, _)| Reverse(if stood.row.is_told() { usize::MAX } else { lines(stood) }));
    let mut seen = BTreeSet::new();
    gone.retain(|(stood, several)| {
        let who = several.then(|| stood.who.clone());
        seen.insert((stood.row.step.tag(), stood.subject.name.clone(), stood.day.clone(), who))
    });
    let mut kept = Kept::default();
    for step in [Step::Quality, Step::Outcome, Step::Improvement] {
        let gone: Vec<&Stood> =
            gone.iter().map(|(stood, _)| stood).filter(|stood| stood.row.step == step).collect();
        let history = format!("wa:{}:geschiedenis", step.tag());
        let block = draft.parts.iter_mut().find_map(|part| match part {
            Part::Block { tag, parts, .. } if *tag == history => Some(parts),
            _ => None,
        });
        if let Some(parts) = block.filter(|_| !gone.is_empty()) {
            parts.push(text(Style::Caption, "Niet meer in het werkboek"));
            parts.push(table(gone.iter().map(|stood| again(analysis, stood)).collect()));
            let new = gone.iter().filter(|stood| !stood.row.is_told());
            kept.told.extend(new.map(|stood| (step, stood.words.clone())));
        }
    }
    kept.subjects = gone.iter().map(|(stood, _)| stood.remembered(&known)).collect();
    kept
}

/// The row as it stands in the history. The activity has the letter of today there, or none when it is gone: that letter
/// may be another one's.
fn again(analysis: &Analysis, stood: &Stood) -> Vec<Cell> {
    let line = |(at, number): (usize, usize), line: &str| {
        if at == 1 && number < stood.from {
            (Style::CellLabel, of_today(analysis, line))
        } else {
            (Style::CellAdviser, line.to_owned())
        }
    };
    let mut cells: Vec<Cell> = stood
        .row
        .cells
        .iter()
        .enumerate()
        .map(|(at, lines)| Cell {
            lines: lines.iter().enumerate().map(|(number, said)| line((at, number), said)).collect(),
            prompt: None,
        })
        .collect();
    if let Some(status) = cells.last_mut().filter(|_| !stood.row.is_told()) {
        *status = std::mem::take(status).and(Style::CellText, GONE);
    }
    cells
}

/// True for a paragraph that is a point of a list, by its style or by itself.
fn is_point(all: &[Element], paragraph: &Element) -> bool {
    let inside = all.iter().filter(|e| paragraph.span.contains(&e.span.start));
    let mut said = inside.filter_map(|e| Some((e.local.as_str(), e.attribute("val")?)));
    said.any(|(name, value)| match name {
        "numId" => value != "0",
        "pStyle" => value == Style::CellAdviserPoint.id(),
        _ => false,
    })
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
                            let words = pieces.collect::<String>().trim().to_owned();
                            // In the history it is a point of a list again.
                            if is_point(all, paragraph) && !words.is_empty() && !super::listed::is_numbered(&words)
                            {
                                format!("- {words}")
                            } else {
                                words
                            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_or_added_words_leave_a_text_the_same_and_another_month_or_number_does_not() {
        for (one, other, near) in [
            ("Trainers volgen bijscholling", "Trainers volgen bijscholing", true),
            ("Ouders bellen", "Alle ouders bellen", true),
            ("Ouders bellen", "Alle ouders van groep zes bellen", false),
            ("Vragenlijst in maart", "Vragenlijst in september", false),
            ("Gesprek met groep 7", "Gesprek met groep 8", false),
            ("Bespreken in 2026a", "Bespreken in 2027a", false),
        ] {
            assert_eq!(is_near(one, other), near, "{one} / {other}");
            assert_eq!(is_near(other, one), near, "{other} / {one}");
        }
        for (one, other, slip) in [
            ("Elk halfjar meten", "Elk halfjaar meten", true),
            ("Ouders bellen", "Ouders bellen", false),
            ("Ouders bellen", "Alle ouders bellen", false),
            ("Ouders bellen", "Bellen ouders", false),
            ("Gesprek met groep 7", "Gesprek met groep 8", false),
        ] {
            assert_eq!(is_slip(one, other), slip, "{one} / {other}");
            assert_eq!(is_slip(other, one), slip, "{other} / {one}");
        }
        assert!(
            is_joined("De zaal open houden", "De zaal openhouden") && !is_joined("Ouders bellen", "Ouders bellen")
        );
    }
}
