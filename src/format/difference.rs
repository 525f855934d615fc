//! The difference between two versions of a format: what was added, removed, renamed, moved, re-worded.
//!
//! Owns which changes there are, how risky each is and how it is told. Things are the same when their id is; a definition
//! without ids has those of its names. Pure: two formats in, a list out.

mod files;
mod order;
#[cfg(test)]
mod tests;
mod things;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::files::other_files;
use self::things::{KINDS, Thing, VARIANTS, settings, things};
use crate::model::{ChangeLogEntry, Format};

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It is gone: texts of advisors may have no place.
    Verwijderd,
    /// Another unit: figures do not fit any more.
    Eenheid,
    /// Another direction: favourable becomes unfavourable.
    Richting,
    /// Another source.
    Bron,
    /// Another place, or another place in the order.
    Verplaatst,
    /// Another name, the same id.
    Hernoemd,
    /// Another wording.
    Verwoord,
    /// Something else about it.
    Gewijzigd,
    /// It is new.
    Toegevoegd,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// What it is: `indicator`, `vraag` ...; with the property that changed behind a comma (`indicator, eenheid`).
    pub what: String,
    /// Its id.
    pub id: String,
    /// Name in the new version, or in the old one when it is gone.
    pub name: String,
    /// Words that say which of several it is, such as `bij domein 'Werk'`; empty when the name is enough.
    pub place: String,
    /// What it was; empty when it is new.
    pub before: String,
    /// What it is now; empty when it is gone.
    pub after: String,
}

/// What advisors write beside or choose from: when it is gone, their work has no place.
const WORKED_WITH: [&str; 13] = [
    "pijler",
    "domein",
    "indicator",
    "factor",
    "vraag",
    "tabblad",
    "kolom",
    "leeftijdsfase",
    "leefgebied",
    "preventieniveau",
    "partner",
    "trede van de effectladder",
    "databank",
];

/// What is another place to write in when it is moved: work may stay behind.
const PLACED: [&str; 2] = ["vraag, plaats", "indicator, domein"];
/// The factoren below which an indicator stands.
const INDICATOR_AT: &str = "indicator, factoren";

/// The property that says where in the order a thing stands.
const ORDER: &str = "volgorde";

impl Change {
    /// True when what advisors filled in may lose its place or its meaning.
    #[must_use]
    pub fn is_risky(&self) -> bool {
        match self.kind {
            ChangeKind::Verwijderd => WORKED_WITH.contains(&self.what.as_str()),
            ChangeKind::Eenheid | ChangeKind::Richting => true,
            ChangeKind::Verplaatst => PLACED.contains(&self.what.as_str()),
            // Where an indicator stands goes by its factoren too.
            ChangeKind::Gewijzigd => self.what == INDICATOR_AT,
            // A list of which an item that advisors chose is gone.
            ChangeKind::Verwoord => {
                self.what == "tekst"
                    && self.id.starts_with("lijst-")
                    && !gone(&self.before, &self.after, '|').is_empty()
            }
            _ => false,
        }
    }

    /// One Dutch sentence, without capital and full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (thing, property) = self.what.split_once(", ").unwrap_or((&self.what, ""));
        let mut about = match self.name.is_empty() {
            true => thing.to_owned(),
            false => format!("{thing} '{}'", self.name),
        };
        if !self.place.is_empty() {
            about.push_str(&format!(" {}", self.place));
        }
        let (before, after) = excerpts(&self.before, &self.after);
        match self.kind {
            ChangeKind::Verwijderd => format!("{about} is verwijderd"),
            ChangeKind::Toegevoegd => format!("{about} is toegevoegd"),
            ChangeKind::Hernoemd => format!("{thing} '{before}' heet nu '{after}'"),
            ChangeKind::Verwoord if property.is_empty() && thing == "tekst" => {
                format!("{about} luidt nu {} (was {})", quoted(&after), quoted(&before))
            }
            ChangeKind::Verwoord if property.is_empty() => format!("{thing} '{before}' luidt nu '{after}'"),
            ChangeKind::Verplaatst if property == ORDER => {
                format!("{about} staat nu {} (stond {})", self.after, self.before)
            }
            _ if property.is_empty() => format!("{about}: van {} naar {}", quoted(&before), quoted(&after)),
            _ => format!("{about}: {property} van {} naar {}", quoted(&before), quoted(&after)),
        }
    }

    /// The definition files that it is in.
    fn files(&self) -> &'static [&'static str] {
        let (thing, property) = self.what.split_once(", ").unwrap_or((&self.what, ""));
        match thing {
            "pijler" => &["pijlers.csv"],
            "domein" | "ambitie van domein" => &["domeinen.csv"],
            "indicator" => &["indicatoren.csv"],
            "factor" if property == things::RANKING => &["ranking.csv"],
            // A factor that comes or goes takes its ranking along.
            "factor" if matches!(self.kind, ChangeKind::Verwijderd | ChangeKind::Toegevoegd) => {
                &["factoren.csv", "ranking.csv"]
            }
            "factor" => &["factoren.csv"],
            "vraag" => &["vragen.csv"],
            "tabblad" => &["tabs.csv"],
            "kolom" => &["kolommen.csv"],
            "leeftijdsfase" => &["leeftijdsfasen.csv"],
            "leefgebied" => &["leefgebieden.csv"],
            "preventieniveau" => &["preventieniveaus.csv"],
            "partner" => &["partners.csv"],
            "gewenst cijfer" => &["gewenst.csv"],
            "eenheid" => &["eenheden.csv"],
            "trede van de effectladder" => &["effectladder.csv"],
            "databank" => &["databanken.csv"],
            "indicator voor de outcome" => &["outcome.csv"],
            "regel voor het controleren" => &["controle.csv"],
            "optelling" => &["delen.csv"],
            "andere naam" => &["aliassen.csv"],
            "tekst" => &["teksten.toml"],
            _ => &["format.toml"],
        }
    }
}

/// The items of one list that the other lacks.
fn gone<'a>(list: &'a str, other: &str, mark: char) -> Vec<&'a str> {
    let items = |text: &'a str| text.split(mark).map(str::trim).filter(|item| !item.is_empty());
    items(list).filter(|item| !other.split(mark).any(|known| known.trim() == *item)).collect()
}

/// The lists of a factor: of a leeftijdsfase that is called otherwise nearly all of them change.
const LISTS: [&str; 2] = ["factor, leefgebieden", "factor, leeftijdsfasen"];
/// From so many factoren on a change of their lists is told once.
const MANY: usize = 5;

/// The sentences about changes, in their order. Where the lists of many factoren change in the same way, that is one sentence, and
/// the factoren of a domein that is gone stand with it.
#[must_use]
pub fn sentences(changes: &[&Change]) -> Vec<String> {
    type Replaced<'a> = (&'a str, Vec<&'a str>, Vec<&'a str>);
    fn replaced(change: &Change) -> Option<Replaced<'_>> {
        let label = change.what.split_once(", ").filter(|_| LISTS.contains(&change.what.as_str()))?.1;
        let replaced = (label, gone(&change.before, &change.after, ';'), gone(&change.after, &change.before, ';'));
        (!replaced.1.is_empty() || !replaced.2.is_empty()).then_some(replaced)
    }
    let all: Vec<Option<Replaced<'_>>> = changes.iter().map(|change| replaced(change)).collect();
    let mut said: Vec<&Replaced<'_>> = Vec::new();
    let mut out = Vec::new();
    let is_gone = |change: &Change, what: &str| change.kind == ChangeKind::Verwijderd && change.what == what;
    let of_gone = |factor: &Change, domein: &Change| {
        is_gone(factor, "factor") && is_gone(domein, "domein") && factor.place == things::at_domein(&domein.name)
    };
    for (change, replaced) in changes.iter().zip(&all) {
        if changes.iter().any(|domein| of_gone(change, domein)) {
            continue;
        }
        if changes.iter().any(|factor| of_gone(factor, change)) {
            out.push(format!("{}, met de factoren die erbij stonden", change.sentence()));
            continue;
        }
        let count = all.iter().filter(|other| *other == replaced).count();
        let Some(replaced) = replaced.as_ref().filter(|_| count >= MANY) else {
            out.push(change.sentence());
            continue;
        };
        if said.contains(&replaced) {
            continue;
        }
        said.push(replaced);
        let (label, gone, came) = replaced;
        let named = |items: &[&str]| items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ");
        let how = match (gone.as_slice(), came.as_slice()) {
            ([_], [_]) => format!("{} werd {}", named(gone), named(came)),
            (gone, []) => format!("zonder {}", named(gone)),
            ([], came) => format!("met {} erbij", named(came)),
            (gone, came) => format!("zonder {}, met {} erbij", named(gone), named(came)),
        };
        out.push(format!("factoren: {label} {how} ({count} keer)"));
    }
    out
}

/// The changes, without those stand-ins that a definition out of a workbook holds for what is not in it: `open_before` and
/// `open_after` name them by file, row and field. What was not known is empty, so that another direction is not told of a direction
/// that nobody ever chose.
#[must_use]
pub fn without_stand_ins(changes: Vec<Change>, open_before: &OpenFields, open_after: &OpenFields) -> Vec<Change> {
    let is_open = |open: &OpenFields, change: &Change| {
        let Some((_, property)) = change.what.split_once(", ") else { return false };
        change
            .files()
            .iter()
            .any(|file| open.contains(&((*file).to_owned(), change.id.clone(), property.to_owned())))
    };
    let mut out: Vec<Change> = Vec::new();
    for mut change in changes {
        let (before, after) = (is_open(open_before, &change), is_open(open_after, &change));
        if before && after {
            continue;
        }
        if before || after {
            if before {
                change.before.clear()
            } else {
                change.after.clear()
            }
            change.kind = ChangeKind::Gewijzigd;
        }
        out.push(change);
    }
    riskiest_first(&mut out);
    out
}

/// Fields of a definition that have to be filled in: file, row and field.
pub type OpenFields = BTreeSet<(String, String, String)>;

/// A text in quotes, or the word for nothing.
fn quoted(text: &str) -> String {
    if text.trim().is_empty() { "leeg".to_owned() } else { format!("'{text}'") }
}

/// Two long texts from shortly before where they begin to differ, so that the difference is seen.
fn excerpts(before: &str, after: &str) -> (String, String) {
    const LONGEST: usize = 160;
    const LEAD: usize = 40;
    let one: Vec<char> = before.chars().collect();
    let other: Vec<char> = after.chars().collect();
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let cut = |text: &[char]| {
        let start = if text.len() <= LONGEST { 0 } else { same.saturating_sub(LEAD).min(text.len()) };
        let kept: String = text.iter().skip(start).take(LONGEST).collect();
        let lead = if start > 0 { "..." } else { "" };
        let tail = if start + LONGEST < text.len() { "..." } else { "" };
        format!("{lead}{kept}{tail}").replace('\n', " ")
    };
    (cut(&one), cut(&other))
}

/// All changes between two formats, risky ones first.
#[must_use]
pub fn difference(old: &Format, new: &Format) -> Vec<Change> {
    let mut changes = Vec::new();
    for what in KINDS {
        let (before, after) = (things(old, what), things(new, what));
        let mut found = Vec::new();
        for (id, thing) in &before {
            match after.get(id) {
                None if *what == "eenheid" => {}
                None => found.push(of(thing, id, ChangeKind::Verwijderd, what, (&thing.name, ""))),
                Some(now) => compare(what, id, thing, now, &mut found),
            }
        }
        // Another unit is told of the indicator that has it.
        for (id, thing) in after.iter().filter(|(id, _)| *what != "eenheid" && !before.contains_key(*id)) {
            found.push(of(thing, id, ChangeKind::Toegevoegd, what, ("", &thing.name)));
        }
        changes.extend(if *what == "factor" { wherever(found, &before, &after) } else { found });
    }
    changes.extend(order::moved(old, new));
    for ((what, before), (_, after)) in settings(old).into_iter().zip(settings(new)) {
        if before != after {
            let (id, name, place) = (what.to_owned(), String::new(), String::new());
            changes.push(Change {
                kind: ChangeKind::Gewijzigd,
                what: what.to_owned(),
                id,
                name,
                place,
                before,
                after,
            });
        }
    }
    changes.sort();
    changes.dedup();
    riskiest_first(&mut changes);
    changes
}

/// What may cost work before the rest, and of what is gone the largest first: with a pijler its domeinen go.
fn riskiest_first(changes: &mut [Change]) {
    let size = |change: &Change| {
        let gone = change.kind == ChangeKind::Verwijderd && change.is_risky();
        gone.then(|| WORKED_WITH.iter().position(|what| *what == change.what))
    };
    changes.sort_by_key(|change| (!change.is_risky(), change.kind, size(change)));
}

fn of(thing: &Thing, id: &str, kind: ChangeKind, what: &str, (before, after): (&str, &str)) -> Change {
    Change {
        kind,
        what: what.to_owned(),
        id: id.to_owned(),
        name: thing.name.clone(),
        place: thing.place.clone(),
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

/// What is different about one thing.
fn compare(what: &str, id: &str, old: &Thing, new: &Thing, changes: &mut Vec<Change>) {
    if old.name != new.name {
        let kind = if what == "vraag" { ChangeKind::Verwoord } else { ChangeKind::Hernoemd };
        changes.push(of(new, id, kind, what, (&old.name, &new.name)));
    }
    for (before, after) in old.properties.iter().zip(&new.properties) {
        let same = match before.label {
            // The old name stays as a variant when a thing is renamed.
            VARIANTS => {
                let list = |text: &str| {
                    let names = text.split(" | ").filter(|name| *name != old.name && *name != new.name);
                    let mut names: Vec<String> = names.map(str::to_owned).collect();
                    names.sort_unstable();
                    names
                };
                list(&before.key) == list(&after.key)
            }
            _ => before.key == after.key,
        };
        if !same {
            let mut change = of(new, id, before.kind, what, (&before.text, &after.text));
            if !before.label.is_empty() {
                change.what = format!("{what}, {}", before.label);
            }
            changes.push(change);
        }
    }
}

/// What holds for a factor in every domein where it stands is told once, without the domein.
fn wherever(
    changes: Vec<Change>,
    before: &BTreeMap<String, Thing>,
    after: &BTreeMap<String, Thing>,
) -> Vec<Change> {
    fn factor(id: &str) -> &str {
        id.split_once('/').map_or(id, |(_, factor)| factor)
    }
    let places = |change: &Change| {
        let ids = |things: &BTreeMap<String, Thing>, but: Option<&BTreeMap<String, Thing>>| {
            let here = things.keys().filter(|id| factor(id) == factor(&change.id));
            here.filter(|id| but.is_none_or(|but| but.contains_key(*id))).count()
        };
        match change.kind {
            ChangeKind::Verwijderd => ids(before, None),
            ChangeKind::Toegevoegd => ids(after, None),
            _ => ids(before, Some(after)),
        }
    };
    let alike = |one: &Change, other: &Change| {
        factor(&one.id) == factor(&other.id)
            && (one.kind, &one.what, &one.before, &one.after)
                == (other.kind, &other.what, &other.before, &other.after)
    };
    changes
        .iter()
        .map(|change| {
            let mut change = change.clone();
            if changes.iter().filter(|other| alike(&change, other)).count() == places(&change) {
                change.id = factor(&change.id).to_owned();
                change.place.clear();
            }
            change
        })
        .collect()
}

/// The lines for the change log of the new version: one per change, in Dutch.
#[must_use]
pub fn change_log(changes: &[Change], version: &str, date: &str, who: &str) -> Vec<ChangeLogEntry> {
    let mut lines: Vec<ChangeLogEntry> = Vec::new();
    for what in sentences(&changes.iter().collect::<Vec<_>>()) {
        let mut letters = what.chars();
        let what =
            letters.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()));
        lines.push(ChangeLogEntry {
            version: version.to_owned(),
            date: date.to_owned(),
            who: who.to_owned(),
            what,
        });
    }
    lines
}
