//! The difference between two versions of a format: what was added, removed, renamed, moved, re-worded.
//!
//! Owns which changes there are and how risky each is. Things are the same when their id is; a definition without ids has
//! those of its names. Pure: two formats in, a list out.

use std::collections::BTreeMap;

use serde::Serialize;

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
    /// Another place.
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

impl ChangeKind {
    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ChangeKind::Verwijderd => "verwijderd",
            ChangeKind::Eenheid => "andere eenheid",
            ChangeKind::Richting => "andere richting",
            ChangeKind::Bron => "andere bron",
            ChangeKind::Verplaatst => "verplaatst",
            ChangeKind::Hernoemd => "hernoemd",
            ChangeKind::Verwoord => "anders verwoord",
            ChangeKind::Gewijzigd => "gewijzigd",
            ChangeKind::Toegevoegd => "toegevoegd",
        }
    }

    /// True when what advisors filled in may lose its place or its meaning.
    #[must_use]
    pub fn is_risky(self) -> bool {
        matches!(self, ChangeKind::Verwijderd | ChangeKind::Eenheid | ChangeKind::Richting)
    }
}

/// One change. Ordered with the risky ones first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// What it is: `indicator`, `vraag` ...
    pub what: String,
    /// Its id.
    pub id: String,
    /// Name in the new version, or in the old one when it is gone.
    pub name: String,
    /// What it was; empty when it is new.
    pub before: String,
    /// What it is now; empty when it is gone.
    pub after: String,
}

impl Change {
    /// One Dutch sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (what, name) = (&self.what, &self.name);
        match self.kind {
            ChangeKind::Verwijderd => format!("{what} '{name}' is verwijderd"),
            ChangeKind::Toegevoegd => format!("{what} '{name}' is toegevoegd"),
            ChangeKind::Hernoemd => format!("{what} '{}' heet nu '{}'", self.before, self.after),
            kind => format!("{what} '{name}': {} (was '{}', is nu '{}')", kind.word(), self.before, self.after),
        }
    }
}

/// A property of a thing.
struct Property {
    /// Which change it is when it differs.
    kind: ChangeKind,
    label: &'static str,
    /// What is compared: of other things their ids, so that another name of theirs is no change of this.
    key: String,
    /// What people read.
    text: String,
}

/// A property that is what it reads.
fn plain(kind: ChangeKind, label: &'static str, text: impl Into<String>) -> Property {
    let text = text.into();
    Property { kind, label, key: text.clone(), text }
}

/// All changes between two formats, risky ones first.
#[must_use]
pub fn difference(old: &Format, new: &Format) -> Vec<Change> {
    let mut changes = Vec::new();
    for what in ["pijler", "domein", "indicator", "factor", "vraag", "tabblad", "kolom", "tekst"] {
        let (before, after) = (things(old, what), things(new, what));
        for (id, (name, properties)) in &before {
            let change = |kind, before: &str, after: &str, name: &str| Change {
                kind,
                what: what.to_owned(),
                id: id.clone(),
                name: name.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
            };
            let Some((new_name, new_properties)) = after.get(id) else {
                changes.push(change(ChangeKind::Verwijderd, name, "", name));
                continue;
            };
            if name != new_name {
                let kind =
                    if what == "vraag" || what == "tekst" { ChangeKind::Verwoord } else { ChangeKind::Hernoemd };
                let mut found = change(kind, name, new_name, new_name);
                found.id = wherever(what, &found.id);
                changes.push(found);
            }
            for (before, after) in properties.iter().zip(new_properties) {
                if before.key != after.key {
                    let mut found = change(before.kind, &before.text, &after.text, new_name);
                    found.what = format!("{what}, {}", before.label);
                    if before.label == RANKING {
                        found.id = wherever(what, &found.id);
                    }
                    changes.push(found);
                }
            }
        }
        for (id, (name, _)) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
            changes.push(Change {
                kind: ChangeKind::Toegevoegd,
                what: what.to_owned(),
                id: id.clone(),
                name: name.clone(),
                before: String::new(),
                after: name.clone(),
            });
        }
    }
    let whole = |what: &str, before: &str, after: &str, changes: &mut Vec<Change>| {
        if before != after {
            changes.push(Change {
                kind: ChangeKind::Gewijzigd,
                what: what.to_owned(),
                id: what.to_owned(),
                name: what.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
            });
        }
    };
    whole("benchmark", &old.benchmark.1, &new.benchmark.1, &mut changes);
    whole("tweede benchmark", &old.second_benchmark.1, &new.second_benchmark.1, &mut changes);
    whole("regel voor opvallend", &format!("{:?}", old.opvallend), &format!("{:?}", new.opvallend), &mut changes);
    changes.sort();
    // A factor stands in several domeinen; its name and its ranking are the same in all.
    changes.dedup();
    changes
}

/// The label of the ranking of a factor.
const RANKING: &str = "ranking";

/// The id of a thing without the domein where it stands: only a factor has one.
fn wherever(what: &str, id: &str) -> String {
    let factor = (what == "factor").then(|| id.split_once('/').map(|(_, factor)| factor)).flatten();
    factor.unwrap_or(id).to_owned()
}

/// The things of one kind by id, with name and properties; the properties of one kind are always in the same order.
fn things(format: &Format, what: &str) -> BTreeMap<String, (String, Vec<Property>)> {
    use ChangeKind::{Bron, Eenheid, Gewijzigd, Richting, Verplaatst, Verwoord};
    let pijler_id = |name: &str| {
        format
            .pijlers
            .iter()
            .find(|pijler| pijler.name == name)
            .map_or(name.to_owned(), |pijler| pijler.id.clone())
    };
    let domein_id = |name: &str| format.domein(name).map_or(name.to_owned(), |domein| domein.id.clone());
    let factor_id = |name: &str| {
        let factor = format.factoren.iter().find(|factor| factor.name == name);
        factor.map_or(name.to_owned(), |factor| factor.id.clone())
    };
    match what {
        "pijler" => format
            .pijlers
            .iter()
            .map(|p| {
                (
                    p.id.clone(),
                    (
                        p.name.clone(),
                        vec![plain(Gewijzigd, "tabblad", &p.tab), plain(Verwoord, "kop", &p.heading)],
                    ),
                )
            })
            .collect(),
        "domein" => format
            .domeinen
            .iter()
            .map(|d| {
                let properties = vec![
                    Property {
                        kind: Verplaatst,
                        label: "pijler",
                        key: pijler_id(&d.pijler),
                        text: d.pijler.clone(),
                    },
                    plain(Verwoord, "ambitie", d.ambitie.clone()),
                    plain(Gewijzigd, "tabblad van het factorenmodel", d.factorenmodel_tab.clone()),
                ];
                (d.id.clone(), (d.name.clone(), properties))
            })
            .collect(),
        "indicator" => format
            .indicators
            .iter()
            .map(|i| {
                let mut factoren: Vec<&str> = i.factoren.iter().map(String::as_str).collect();
                factoren.sort_unstable();
                let mut ids: Vec<String> = factoren.iter().map(|name| factor_id(name)).collect();
                ids.sort_unstable();
                let domein = i.domein.as_deref().unwrap_or_default();
                let properties = vec![
                    plain(Eenheid, "eenheid", i.unit.name.clone()),
                    plain(Richting, "richting", i.direction.words().to_owned()),
                    plain(Bron, "bron", i.source.clone()),
                    plain(Bron, "editie", i.period()),
                    Property {
                        kind: Verplaatst,
                        label: "domein",
                        key: domein_id(domein),
                        text: domein.to_owned(),
                    },
                    Property {
                        kind: Gewijzigd,
                        label: "factoren",
                        key: ids.join("; "),
                        text: factoren.join("; "),
                    },
                    plain(Gewijzigd, "decimalen", i.decimals.to_string()),
                    plain(Gewijzigd, "doelgroep", i.doelgroep.clone()),
                    plain(Gewijzigd, "soort", i.kind.word().to_owned()),
                    plain(Verwoord, "definitie", i.definition.clone()),
                    plain(Gewijzigd, "meetwijze", i.method.clone()),
                ];
                (i.code.clone(), (i.name.clone(), properties))
            })
            .collect(),
        "factor" => format
            .factoren
            .iter()
            .map(|f| {
                let place = domein_id(&f.domein);
                let rank = format.rank(&f.name).map_or("zonder ranking".to_owned(), |rank| rank.to_string());
                let properties = vec![
                    plain(Richting, "soort", f.kind.words().to_owned()),
                    plain(Gewijzigd, RANKING, rank),
                    plain(Verwoord, "toelichting", f.explanation.clone()),
                    plain(Gewijzigd, "leefgebieden", f.leefgebieden.join("; ")),
                    plain(Gewijzigd, "leeftijdsfasen", f.leeftijdsfasen.join("; ")),
                ];
                (format!("{place}/{}", f.id), (f.name.clone(), properties))
            })
            .collect(),
        "vraag" => format
            .questions
            .iter()
            .map(|q| {
                (
                    q.code.clone(),
                    (q.text.clone(), vec![plain(Verplaatst, "plaats", format!("{:?}", q.place).to_lowercase())]),
                )
            })
            .collect(),
        "tabblad" => format.tabs.iter().map(|t| (t.kind.clone(), (t.name.clone(), Vec::new()))).collect(),
        "kolom" => {
            let mut order: BTreeMap<&str, usize> = BTreeMap::new();
            format
                .headings
                .iter()
                .map(|h| {
                    let at = order.entry(h.table.as_str()).or_insert(0);
                    *at += 1;
                    let properties = vec![plain(Verplaatst, "volgorde", at.to_string())];
                    (format!("{}/{}", h.table, h.field), (h.text.clone(), properties))
                })
                .collect()
        }
        _ => format.texts.0.iter().map(|(key, text)| (key.clone(), (text.clone(), Vec::new()))).collect(),
    }
}

/// The lines for the change log of the new version: one per kind of change, in Dutch.
#[must_use]
pub fn change_log(changes: &[Change], version: &str, date: &str, who: &str) -> Vec<ChangeLogEntry> {
    let mut lines: Vec<ChangeLogEntry> = Vec::new();
    for change in changes.iter().filter(|change| change.what != "tekst") {
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
}
