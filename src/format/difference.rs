//! The difference between two versions of a format: what was added, removed, renamed, moved, re-worded.
//!
//! Owns which changes there are, how risky each is and how it is told. Things are the same when their id is; a definition
//! without ids has those of its names. Pure: two formats in, a list out.

mod files;
mod order;
mod things;

use std::collections::BTreeMap;

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
const WORKED_WITH: [&str; 10] = [
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
];

/// The property that says where in the order a thing stands.
const ORDER: &str = "volgorde";

impl Change {
    /// True when what advisors filled in may lose its place or its meaning.
    #[must_use]
    pub fn is_risky(&self) -> bool {
        match self.kind {
            ChangeKind::Verwijderd => WORKED_WITH.contains(&self.what.as_str()),
            ChangeKind::Eenheid | ChangeKind::Richting => true,
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
    changes.sort_by_key(|change| !change.is_risky());
    changes
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
    for change in changes {
        let what = change.sentence();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Direction, Unit};
    use crate::testing;

    #[test]
    fn another_name_of_a_factor_is_told_once_and_is_no_change_of_its_indicators() {
        let old = crate::format::builtin().unwrap();
        let mut new = old.clone();
        let (name, id) = old
            .factoren
            .iter()
            .map(|factor| (factor.name.clone(), factor.id.clone()))
            .find(|(name, id)| {
                old.factoren.iter().filter(|other| other.id == *id).count() > 1
                    && old.indicators.iter().any(|indicator| indicator.factoren.contains(name))
            })
            .unwrap();
        for factor in new.factoren.iter_mut().filter(|factor| factor.id == id) {
            factor.name = "Een andere naam".to_owned();
        }
        let names = new.indicators.iter_mut().flat_map(|indicator| &mut indicator.factoren);
        for named in names.chain(new.ranking.iter_mut().map(|ranked| &mut ranked.name)) {
            if *named == name {
                *named = "Een andere naam".to_owned();
            }
        }
        let told: Vec<String> = difference(&old, &new).iter().map(Change::sentence).collect();
        assert_eq!(told, [format!("factor '{name}' heet nu 'Een andere naam'")]);
    }

    #[test]
    fn a_place_is_told_by_its_name() {
        let old = testing::format();
        let mut new = old.clone();
        let at = new.indicators.iter().position(|indicator| indicator.code == "uren").unwrap();
        let before = old.indicators[at].domein.clone().unwrap();
        new.indicators[at].domein = Some("School".to_owned());
        let changes = difference(&old, &new);
        assert_eq!(
            (changes.len(), changes[0].before.as_str(), changes[0].after.as_str()),
            (1, before.as_str(), "School")
        );
    }

    #[test]
    fn a_format_does_not_differ_from_itself() {
        let format = crate::format::builtin().unwrap();
        assert_eq!(difference(&format, &format), []);
    }

    #[test]
    fn every_kind_of_change_is_told_and_the_risky_ones_come_first() {
        let old = testing::format();
        let mut new = old.clone();
        new.indicators.retain(|indicator| indicator.code != "bomen");
        let find =
            |format: &mut Format, code: &str| format.indicators.iter().position(|i| i.code == code).unwrap();
        let at = find(&mut new, "verzuim");
        new.indicators[at].unit = Unit { name: "index".into(), difference: "punten".into() };
        let at = find(&mut new, "diploma");
        new.indicators[at].direction = Direction::LowerIsBetter;
        let at = find(&mut new, "werkloos");
        new.indicators[at].source = "Andere bron".into();
        let at = find(&mut new, "uren");
        new.indicators[at].domein = Some("School".into());
        let at = find(&mut new, "contact");
        new.indicators[at].name = "Contact met buren".into();
        new.indicators.push(testing::indicator("nieuw", Some("Werk"), &[], Direction::Neutral));
        let changes = difference(&old, &new);
        let told: Vec<(ChangeKind, &str)> =
            changes.iter().map(|change| (change.kind, change.id.as_str())).collect();
        assert_eq!(
            told,
            [
                (ChangeKind::Verwijderd, "bomen"),
                (ChangeKind::Eenheid, "verzuim"),
                (ChangeKind::Richting, "diploma"),
                (ChangeKind::Bron, "werkloos"),
                (ChangeKind::Verplaatst, "uren"),
                (ChangeKind::Hernoemd, "contact"),
                (ChangeKind::Toegevoegd, "nieuw"),
            ]
        );
        assert_eq!(changes[5].sentence(), "indicator 'Indicator contact' heet nu 'Contact met buren'");
        let log = change_log(&changes, "1.2", "2027-01-01", "Beheer");
        assert_eq!(log.len(), 7);
        assert_eq!(log[0].what, "Indicator 'Indicator bomen' is verwijderd.");
    }

    #[test]
    fn a_renamed_domein_is_no_reason_to_call_its_indicators_moved() {
        let old = testing::format();
        let mut new = old.clone();
        new.domeinen[0].name = "Onderwijs".into();
        for factor in new.factoren.iter_mut().filter(|factor| factor.domein == "School") {
            factor.domein = "Onderwijs".into();
        }
        for indicator in new.indicators.iter_mut().filter(|i| i.domein.as_deref() == Some("School")) {
            indicator.domein = Some("Onderwijs".into());
        }
        let changes = difference(&old, &new);
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert_eq!(changes[0].kind, ChangeKind::Hernoemd);
    }

    fn told(old: &Format, new: &Format) -> Vec<String> {
        difference(old, new).iter().map(Change::sentence).collect()
    }

    #[test]
    fn a_moved_question_factor_indicator_or_tab_is_one_line_and_its_shifted_neighbours_are_none() {
        let old = crate::format::builtin().unwrap();
        let mut new = old.clone();
        let moved = new.questions.remove(4);
        new.questions.insert(0, moved.clone());
        let (stood, first) = (&old.questions[3].text, &moved.text);
        assert_eq!(told(&old, &new), [format!("vraag '{first}' staat nu vooraan (stond na '{stood}')")]);

        let mut new = old.clone();
        let last = new.tabs.pop().unwrap();
        new.tabs.insert(3, last.clone());
        let (stood, stands) = (&old.tabs[old.tabs.len() - 2].name, &old.tabs[2].name);
        assert_eq!(
            told(&old, &new),
            [format!("tabblad '{}' staat nu na '{stands}' (stond na '{stood}')", last.name)]
        );

        type Swap = fn(&mut Format);
        let swaps: [(&str, Swap); 6] = [
            ("pijler, volgorde", |f| f.pijlers.swap(0, 1)),
            ("domein, volgorde", |f| f.domeinen.swap(0, 1)),
            ("factor, volgorde", |f| f.factoren.swap(0, 1)),
            ("indicator, volgorde", |f| f.indicators.swap(0, 1)),
            ("gewenst cijfer, volgorde", |f| f.wanted.swap(0, 1)),
            ("partner, volgorde", |f| f.partners.swap(0, 1)),
        ];
        for (what, swap) in swaps {
            let mut new = old.clone();
            swap(&mut new);
            let found = difference(&old, &new);
            assert_eq!(found.iter().map(|change| change.what.as_str()).collect::<Vec<_>>(), [what]);
        }
    }

    #[test]
    fn every_property_and_list_that_maintainers_change_is_told_in_dutch() {
        let old = crate::format::builtin().unwrap();
        type Edit = fn(&mut Format);
        let edits: [(&str, Edit); 21] = [
            ("modelschatting van 'nee' naar 'ja'", |f| f.indicators[0].estimate = true),
            ("naar 'elk jaar'", |f| f.indicators[0].renewal = "elk jaar".into()),
            ("naar '2015'", |f| f.indicators[0].year = "2015".into()),
            ("varianten van ", |f| f.indicators[0].variants = vec!["iets".into()]),
            ("verplicht van 'nee' naar 'ja'", |f| f.questions[3].required = !f.questions[3].required),
            ("link naar het factorenmodel van 'nee' naar 'ja'", |f| {
                f.questions[3].links_to_factorenmodel = !f.questions[3].links_to_factorenmodel;
            }),
            ("mag ontbreken van '", |f| f.tabs[0].optional = !f.tabs[0].optional),
            ("naar 'FF0000'", |f| f.pijlers[0].colour = "FF0000".into()),
            ("naar 'NJi'", |f| f.factoren[0].source = "NJi".into()),
            ("is verwijderd", |f| f.wanted.truncate(f.wanted.len() - 1)),
            ("naar 'de GGD zelf'", |f| f.wanted[0].holder = "de GGD zelf".into()),
            ("woord bij een verschil van 'procentpunt' naar 'stappen'", |f| {
                let name = f.indicators[0].unit.name.clone();
                let units = f.indicators.iter_mut().map(|i| &mut i.unit).filter(|unit| unit.name == name);
                units.for_each(|unit| unit.difference = "stappen".into());
            }),
            ("partner 'Ander team' is toegevoegd", |f| f.partners.push("Ander team".into())),
            ("naar 'Een ander'", |f| f.databanken[0].institute = "Een ander".into()),
            ("trede van de effectladder '1': vraag van '", |f| {
                f.effectladder.iter_mut().filter(|t| t.rung == 1).for_each(|t| t.question = "Waarom?".into());
            }),
            ("naar 'geen'", |f| f.outcome_indicators[0].monitor = "geen".into()),
            ("naar '9,5'", |f| {
                let set = f.control.settings.iter_mut().find(|setting| setting.threshold.is_some());
                set.unwrap().threshold = Some(9.5);
            }),
            ("het aantal opvallende cijfers per domein: van '5' naar '7'", |f| f.opvallend.count = 7),
            ("de kleur van opvallende cijfers: van 'F6B26B' naar 'FF0000'", |f| {
                f.highlight_colour = "FF0000".into()
            }),
            ("de versies die worden geweigerd: van leeg naar 'klassiek'", |f| {
                f.versions.refused = vec!["klassiek".into()];
            }),
            ("de benchmark: van 'Rotterdam (GM0599)' naar 'Utrecht (GM0599)'", |f| {
                f.benchmark.1 = "Utrecht".into()
            }),
        ];
        for (says, edit) in edits {
            let mut new = old.clone();
            edit(&mut new);
            let told = told(&old, &new);
            assert!(matches!(told.as_slice(), [line] if line.contains(says)), "{says}: {told:?}");
            assert!(!told[0].contains(['{', '_']), "{told:?}");
            let risky = difference(&old, &new).iter().any(Change::is_risky);
            assert!(!risky, "{says} loses no work of an advisor");
        }
    }

    #[test]
    fn a_factor_that_goes_from_one_domein_is_told_with_that_domein_and_one_that_goes_everywhere_once() {
        let old = crate::format::builtin().unwrap();
        let places = |id: &str| -> Vec<String> {
            old.factoren.iter().filter(|factor| factor.id == id).map(|factor| factor.domein.clone()).collect()
        };
        let factor = old.factoren.iter().find(|factor| places(&factor.id).len() == 3).unwrap();
        let places = places(&factor.id);
        let without = |count: usize| {
            let mut new = old.clone();
            new.factoren.retain(|other| other.id != factor.id || !places[..count].contains(&other.domein));
            let lines: Vec<String> =
                told(&old, &new).into_iter().filter(|line| line.ends_with("verwijderd")).collect();
            lines
        };
        let at = |place: &str| format!("factor '{}' bij domein '{place}' is verwijderd", factor.name);
        assert_eq!(without(1), [at(&places[0])]);
        let mut two = vec![at(&places[0]), at(&places[1])];
        two.sort();
        let mut found = without(2);
        found.sort();
        assert_eq!(found, two);
        assert_eq!(without(3), [format!("factor '{}' is verwijderd", factor.name)]);
    }

    #[test]
    fn a_reworded_text_comes_in_the_change_log_too_and_of_a_long_one_the_part_that_differs() {
        let old = crate::format::builtin().unwrap();
        let mut new = old.clone();
        let text = new.texts.0.get_mut("toelichting-1").unwrap();
        let start = "Een lange inleiding. ".repeat(20);
        let mut before = old.clone();
        before.texts.0.insert("toelichting-1".into(), format!("{start}Dit was het."));
        *text = format!("{start}Dit wordt het.");
        let log = change_log(&difference(&before, &new), "1.2", "2027-01-01", "Beheer");
        assert_eq!(log.len(), 1);
        let said = &log[0].what;
        assert!(said.starts_with("Tekst 'toelichting-1' luidt nu '..."), "{said}");
        assert!(
            said.contains("Dit was het.") && said.contains("Dit wordt het.") && said.chars().count() < 300,
            "{said}"
        );
    }
}
