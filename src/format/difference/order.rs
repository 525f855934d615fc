//! What stands at another place in the order.
//!
//! Owns what an order is and which of several shifted things is the one that moved: as few as possible.

use super::things::{at_domein, domein_id, of_table, pijler_id};
use super::{Change, ChangeKind, ORDER};
use crate::model::{Format, QuestionPlace};

/// Things in one order.
struct Sequence {
    what: &'static str,
    /// Which order it is, by ids.
    key: String,
    place: String,
    /// Id and name.
    items: Vec<(String, String)>,
}

/// The things that moved, each once.
pub(super) fn moved(old: &Format, new: &Format) -> Vec<Change> {
    let (before, after) = (sequences(old), sequences(new));
    let mut changes: Vec<Change> = Vec::new();
    for now in &after {
        let Some(was) = before.iter().find(|was| (was.what, &was.key) == (now.what, &now.key)) else { continue };
        let common = |of: &Sequence, other: &Sequence| -> Vec<String> {
            let ids = of.items.iter().map(|(id, _)| id.clone());
            ids.filter(|id| other.items.iter().any(|(known, _)| known == id)).collect()
        };
        let stay = longest_common(&common(was, now), &common(now, was));
        for id in common(now, was).into_iter().filter(|id| !stay.contains(id)) {
            // An indicator may stand under several factors; that it moved is told once.
            if changes.iter().any(|change| change.id == id && change.what.split(", ").next() == Some(now.what)) {
                continue;
            }
            let name = now.items.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
            changes.push(Change {
                kind: ChangeKind::Verplaatst,
                what: format!("{}, {ORDER}", now.what),
                name: name.unwrap_or_default(),
                place: now.place.clone(),
                before: after_whom(was, &id),
                after: after_whom(now, &id),
                id,
            });
        }
    }
    changes
}

/// Where a thing stands: behind which other.
fn after_whom(sequence: &Sequence, id: &str) -> String {
    let at = sequence.items.iter().position(|(known, _)| known == id).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|at| sequence.items.get(at));
    before.map_or("vooraan".to_owned(), |(_, name)| format!("na '{name}'"))
}

/// A longest list of ids that stand in the same order in both.
fn longest_common(one: &[String], other: &[String]) -> Vec<String> {
    // length[i][j]: of what follows from place i in the one and j in the other.
    let mut length = vec![vec![0_usize; other.len() + 1]; one.len() + 1];
    let at = |length: &[Vec<usize>], i: usize, j: usize| -> usize {
        length.get(i).and_then(|row| row.get(j)).copied().unwrap_or_default()
    };
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            let best = match one.get(i) == other.get(j) {
                true => 1 + at(&length, i + 1, j + 1),
                false => at(&length, i + 1, j).max(at(&length, i, j + 1)),
            };
            if let Some(cell) = length.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        if a == b {
            out.push(a.clone());
            (i, j) = (i + 1, j + 1);
        } else if at(&length, i + 1, j) >= at(&length, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

/// Every order that a workbook shows.
fn sequences(format: &Format) -> Vec<Sequence> {
    let mut out = Vec::new();
    let mut add = |what, key: String, place: String, items: Vec<(String, String)>| {
        out.push(Sequence { what, key, place, items });
    };
    let none = String::new;
    add("pijler", none(), none(), format.pijlers.iter().map(|p| (p.id.clone(), p.name.clone())).collect());
    for pijler in &format.pijlers {
        let items = format.domeinen_of(&pijler.name).map(|d| (d.id.clone(), d.name.clone())).collect();
        add("domein", pijler_id(format, &pijler.name), none(), items);
    }
    let mut domeinen: Vec<_> = format.domeinen.iter().collect();
    domeinen.sort_by_key(|domein| domein.ambitie_order);
    let items = domeinen.iter().map(|d| (d.id.clone(), d.name.clone())).collect();
    add("ambitie van domein", none(), none(), items);
    for domein in &format.domeinen {
        let key = domein_id(format, &domein.name);
        let items =
            format.factoren_of(&domein.name).map(|f| (format!("{key}/{}", f.id), f.name.clone())).collect();
        add("factor", key.clone(), at_domein(&domein.name), items);
        for (factor, indicators) in format.placement(&domein.name) {
            let key = format!("{key}/{}", factor.map_or("", |factor| factor.id.as_str()));
            let items = indicators.iter().map(|i| (i.code.clone(), i.name.clone())).collect();
            add("indicator", key, none(), items);
        }
        let wanted = format.wanted.iter().filter(|w| w.domein == domein.name);
        let items = wanted.map(|w| (format!("{key}/{}", w.figure), w.figure.clone())).collect();
        add("gewenst cijfer", key, at_domein(&domein.name), items);
    }
    for place in [QuestionPlace::Domein, QuestionPlace::Pijler, QuestionPlace::Samenvatting] {
        let questions = format.questions.iter().filter(|question| question.place == place);
        let items = questions.map(|q| (q.code.clone(), q.text.clone())).collect();
        add("vraag", format!("{place:?}"), none(), items);
    }
    add("tabblad", none(), none(), format.tabs.iter().map(|t| (t.kind.clone(), t.name.clone())).collect());
    let mut tables: Vec<&str> = format.headings.iter().map(|heading| heading.table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    for table in tables {
        let items = format.headings_of(table).map(|h| (format!("{table}/{}", h.field), h.text.clone())).collect();
        add("kolom", table.to_owned(), of_table(table), items);
    }
    for (what, names) in [
        ("leeftijdsfase", &format.leeftijdsfasen),
        ("leefgebied", &format.leefgebieden),
        ("preventieniveau", &format.preventieniveaus),
        ("partner", &format.partners),
    ] {
        add(what, none(), none(), names.iter().map(|name| (name.clone(), name.clone())).collect());
    }
    out
}
