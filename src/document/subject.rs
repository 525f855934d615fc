//! Which results, activities and agreements a document is about.
//!
//! Their blocks and prompts have a number in their tags. A new document numbers them as the workbook does; when a
//! document is made again, what it already knew keeps its number, also after somebody put a row before it, took one
//! away, changed the order or gave it another name. Otherwise the words that people typed beside one activity would come
//! to stand beside another. Kept are hashes only: what people take out of a document must not stay in it unseen.

use std::collections::BTreeMap;

use super::content::{Cell, Draft, Part};
use super::print::hash;
use crate::model::{Analysis, normalise};

/// How many words of a name are kept.
const WORDS: usize = 40;

/// What kind of thing it is; their numbers are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Result,
    Activity,
    Agreement,
    /// The one action that stands with an activity; it has no number in tags.
    Action,
}

impl Group {
    const ALL: [Group; 4] = [Group::Result, Group::Activity, Group::Agreement, Group::Action];

    /// How the record calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Group::Result => "resultaat",
            Group::Activity => "activiteit",
            Group::Agreement => "afspraak",
            Group::Action => "verbeteractie",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Group::ALL.into_iter().find(|group| group.word() == word)
    }

    /// The step in a tag after which its number stands.
    fn of_step(step: &str) -> Option<Self> {
        match step {
            "resultaat" | "nodig" => Some(Group::Result),
            "activiteit" | "act" => Some(Group::Activity),
            "afspraak" => Some(Group::Agreement),
            _ => None,
        }
    }
}

/// One result, activity or agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) group: Group,
    /// Its number in the tags.
    pub(super) key: u32,
    /// The words of its name, hashed, in order.
    pub(super) name: Vec<String>,
    /// What else is known of it, hashed.
    pub(super) facts: Vec<String>,
}

impl Subject {
    pub(super) fn new(group: Group, key: u32, name: &str, facts: &[&str]) -> Self {
        let short = |text: &str| hash(text).chars().take(7).collect::<String>();
        let facts = facts.iter().enumerate().map(|(at, fact)| (at, normalise(fact)));
        Subject {
            group,
            key,
            name: normalise(name).split(' ').filter(|word| !word.is_empty()).take(WORDS).map(short).collect(),
            facts: facts
                .filter(|(_, fact)| !fact.is_empty())
                .map(|(at, fact)| short(&format!("{at}:{fact}")))
                .collect(),
        }
    }

    /// How much two have in common, 0 to 1: the better of name and facts. An agreement is its words: another action of
    /// the same round and person is another one.
    fn likeness(&self, other: &Self) -> f64 {
        let (name, facts) = (shared(&self.name, &other.name), shared(&self.facts, &other.facts));
        if self.group == Group::Agreement && !self.name.is_empty() && !other.name.is_empty() {
            name
        } else {
            name.max(facts)
        }
    }
}

/// The share of words that two have in common, 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "at most forty words")]
pub(super) fn shared(one: &[String], other: &[String]) -> f64 {
    let common = one.iter().filter(|word| other.contains(word)).count();
    let longest = one.len().max(other.len());
    if longest == 0 { 0.0 } else { common as f64 / longest as f64 }
}

/// Everything in the workbook that has a number of its own, numbered as a new document does.
pub(super) fn subjects(analysis: &Analysis) -> Vec<Subject> {
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let results = analysis.resultaten.iter().enumerate().map(|(at, r)| {
        let facts = [
            &r.nummer,
            &r.pijler,
            &r.domein,
            &r.ambitie,
            &r.indicatoren,
            &r.startwaarde,
            &r.streefwaarde,
            &r.streefjaar,
        ];
        Subject::new(Group::Result, number(at), &r.resultaat, &facts.map(String::as_str))
    });
    let activities = analysis.activiteiten.iter().enumerate().map(|(at, a)| {
        let facts = [
            &a.resultaat,
            &a.factor,
            &a.uitvoerder,
            &a.doelgroep,
            &a.bereik,
            &a.frequentie,
            &a.kwaliteitsafspraak,
            &a.outcome,
        ];
        Subject::new(Group::Activity, number(at), &a.activiteit, &facts.map(String::as_str))
    });
    let agreements = analysis.afspraken.iter().map(|a| {
        let facts = [&a.datum, &a.stap, &a.activiteit, &a.bevinding, &a.factor, &a.resultaat, &a.wie, &a.wanneer];
        Subject::new(Group::Agreement, a.row, &a.afspraak, &facts.map(String::as_str))
    });
    let actions = analysis.activiteiten.iter().enumerate().filter(|(_, a)| !a.verbeteractie.trim().is_empty());
    let actions = actions.map(|(at, a)| Subject::new(Group::Action, number(at), &a.verbeteractie, &[]));
    results.chain(activities).chain(agreements).chain(actions).collect()
}

/// The tags of the blocks that are about one result or activity.
pub(super) fn tags(group: Group, key: u32) -> Vec<String> {
    match group {
        Group::Result => vec![
            format!("wa:tekst:resultaat:{key}"),
            format!("wa:resultaat:{key}:velden"),
            format!("wa:nodig:{key}:activiteiten"),
        ],
        Group::Activity => vec![format!("wa:activiteit:{key}")],
        Group::Agreement | Group::Action => Vec::new(),
    }
}

/// What `old` has and `new` does not.
pub(super) fn gone(old: &[Subject], new: &[Subject]) -> Vec<Subject> {
    let gone = old.iter().filter(|old| !new.iter().any(|new| (new.group, new.key) == (old.group, old.key)));
    gone.cloned().collect()
}

/// Day and person of an agreement, as the facts of one.
pub(super) fn agreed_facts(day: &str, who: &str) -> Vec<String> {
    Subject::new(Group::Agreement, 0, "", &[day, "", "", "", "", "", who]).facts
}

/// Adds agreements that stay in the history of a plan and are not known any more, since another one took their number: one
/// of the same words may be of another day or person.
pub(super) fn add_kept(subjects: &mut Vec<Subject>, kept: Vec<Subject>) {
    for mut agreement in kept {
        let same = |known: &Subject| {
            matches!(known.group, Group::Agreement | Group::Action)
                && known.name == agreement.name
                && agreement.facts.iter().all(|fact| known.facts.contains(fact))
        };
        if !subjects.iter().any(same) {
            let taken =
                subjects.iter().filter(|known| known.group == agreement.group).map(|known| known.key).max();
            agreement.key = taken.unwrap_or(0).saturating_add(1);
            subjects.push(agreement);
        }
    }
}

/// Whether a subject that is known may be one of the workbook.
type Rule<'r> = &'r dyn Fn(&Subject, &Subject) -> bool;

/// The number that each of `new` has in a document that knows `old`, by its number in a new document.
pub(super) fn numbers(old: &[Subject], new: &[Subject]) -> BTreeMap<(Group, u32), u32> {
    let mut given = BTreeMap::new();
    for group in Group::ALL {
        let mut left: Vec<&Subject> = old.iter().filter(|subject| subject.group == group).collect();
        let highest = left.iter().map(|subject| subject.key).max().unwrap_or(0);
        let mut open: Vec<&Subject> = new.iter().filter(|subject| subject.group == group).collect();
        let same = |one: &Subject, other: &Subject| !one.name.is_empty() && one.name == other.name;
        // First what has the same name, on its own place before elsewhere, and of those with one name what is the same in all
        // else: rounds may have the same words. Then what has another name on its own place; then what looks like it elsewhere.
        let rules: [Rule<'_>; 6] = [
            &|one, other| one.key == other.key && same(one, other) && one.facts == other.facts,
            &|one, other| same(one, other) && one.facts == other.facts,
            &|one, other| one.key == other.key && same(one, other),
            &|one, other| same(one, other),
            &|one, other| one.key == other.key && one.likeness(other) >= 0.5,
            // Two words of three.
            &|one, other| one.likeness(other) >= 0.66,
        ];
        for fits in rules {
            open.retain(|subject| {
                let Some(at) = left.iter().position(|known| fits(known, subject)) else { return true };
                given.insert((group, subject.key), left.remove(at).key);
                false
            });
        }
        let mut next = highest;
        let taken: Vec<u32> = old.iter().filter(|s| s.group == group).map(|s| s.key).collect();
        for subject in open {
            let free = |key: u32, given: &BTreeMap<(Group, u32), u32>| {
                !taken.contains(&key) && !given.iter().any(|((of, _), used)| *of == group && *used == key)
            };
            let mut key = subject.key;
            while !free(key, &given) {
                next = next.saturating_add(1);
                key = next;
            }
            given.insert((group, subject.key), key);
        }
    }
    given
}

/// Gives everything in a draft these numbers.
pub(super) fn renumber(draft: &mut Draft, numbers: &BTreeMap<(Group, u32), u32>) {
    if numbers.iter().all(|((_, old), new)| old == new) {
        return;
    }
    for subject in &mut draft.subjects {
        if let Some(key) = numbers.get(&(subject.group, subject.key)) {
            subject.key = *key;
        }
    }
    parts(&mut draft.parts, numbers);
}

fn parts(list: &mut [Part], numbers: &BTreeMap<(Group, u32), u32>) {
    for part in list {
        match part {
            Part::Block { tag, parts: inner, .. } => {
                retag(tag, numbers);
                parts(inner, numbers);
            }
            Part::Prompt { tag, .. } => retag(tag, numbers),
            Part::Table(table) => {
                for Cell { prompt, .. } in table.rows.iter_mut().flatten() {
                    if let Some((tag, _)) = prompt {
                        retag(tag, numbers);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `wa:vul:act:2:hoe` with another number.
fn retag(tag: &mut String, numbers: &BTreeMap<(Group, u32), u32>) {
    let mut steps: Vec<String> = tag.split(':').map(str::to_owned).collect();
    let group = steps.iter().position(|step| Group::of_step(step).is_some());
    let Some((at, group)) = group.and_then(|at| Some((at, Group::of_step(steps.get(at)?)?))) else { return };
    let Some(number) = steps.get_mut(at + 1) else { return };
    if let Some(key) = number.parse().ok().and_then(|key| numbers.get(&(group, key))) {
        *number = key.to_string();
        *tag = steps.join(":");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(key: u32, name: &str, facts: &[&str]) -> Subject {
        Subject::new(Group::Activity, key, name, facts)
    }

    fn given(old: &[Subject], new: &[Subject]) -> Vec<u32> {
        numbers(old, new).into_values().collect()
    }

    #[test]
    fn what_was_known_keeps_its_number_when_rows_come_go_or_change_places() {
        let old = [activity(1, "Huiswerkklas", &[]), activity(2, "Sportclub", &[]), activity(3, "Koken", &[])];
        let named = |names: &[&str]| -> Vec<Subject> {
            (1..).zip(names).map(|(key, name)| activity(key, name, &[])).collect()
        };
        assert_eq!(given(&old, &named(&["Huiswerkklas", "Sportclub", "Koken"])), [1, 2, 3]);
        assert_eq!(given(&old, &named(&["Nieuw", "Huiswerkklas", "Sportclub", "Koken"])), [4, 1, 2, 3]);
        assert_eq!(given(&old, &named(&["Sportclub", "Koken"])), [2, 3]);
        assert_eq!(given(&old, &named(&["Koken", "Sportclub", "Huiswerkklas"])), [3, 2, 1]);
        assert_eq!(given(&[], &named(&["Een", "Twee"])), [1, 2]);
    }

    #[test]
    fn another_name_keeps_the_number_when_the_rest_is_the_same_and_another_agreement_does_not() {
        let old = [activity(1, "Huiswerkklas", &["1", "binding", "school"])];
        assert_eq!(given(&old, &[activity(1, "Leren na school", &["1", "binding", "school"])]), [1]);
        assert_eq!(given(&old, &[activity(1, "Sportclub", &["2", "gezin", "buurt"])]), [2]);
        let agreement = |key, name| Subject::new(Group::Agreement, key, name, &["2026-01-01", "6", "Fatima"]);
        let old = [agreement(7, "Ouders bellen over de klas")];
        assert_eq!(given(&old, &[agreement(7, "Een lokaal huren")]), [8]);
        assert_eq!(given(&old, &[agreement(9, "Alle ouders bellen over de klas")]), [7]);
    }

    #[test]
    fn numbers_in_tags_follow_and_other_tags_stay() {
        let numbers = BTreeMap::from([((Group::Activity, 2), 5), ((Group::Result, 2), 9)]);
        for (tag, expected) in [
            ("wa:activiteit:2", "wa:activiteit:5"),
            ("wa:vul:act:2:hoe-vaak", "wa:vul:act:5:hoe-vaak"),
            ("wa:nodig:2:activiteiten", "wa:nodig:9:activiteiten"),
            ("wa:tekst:resultaat:2", "wa:tekst:resultaat:9"),
            ("wa:vul:afspraak:2:wie", "wa:vul:afspraak:2:wie"),
            ("wa:nodig:overig:activiteiten", "wa:nodig:overig:activiteiten"),
        ] {
            let mut tag = tag.to_owned();
            retag(&mut tag, &numbers);
            assert_eq!(tag, expected);
        }
    }
}
