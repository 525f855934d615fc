//! Agreements of a plan over several rounds: none is lost, none is doubled, none is called gone that is there.

use super::*;
use crate::model::Afspraak;

fn plan(fixture: &Fixture) -> Vec<u8> {
    action_plan(&fixture.input()).unwrap()
}

fn plan_again(fixture: &Fixture, old: &[u8]) -> Renewed {
    renewed_action_plan(&fixture.input(), "plan.docx", old.to_vec()).unwrap()
}

fn agreement(row: u32, day: &str, who: &str, what: &str, status: &str) -> Afspraak {
    Afspraak {
        row,
        datum: day.to_owned(),
        stap: "6 verbeteren".to_owned(),
        afspraak: what.to_owned(),
        wie: who.to_owned(),
        status: status.to_owned(),
        ..Afspraak::default()
    }
}

fn with(agreements: &[Afspraak]) -> Fixture {
    let mut full = fixture::full();
    full.analysis.afspraken = agreements.to_vec();
    full
}

const OPEN: &str = "wa:verbeteracties:open";
const HISTORY: &str = "wa:verbeteracties:geschiedenis";

/// The rows of the tables in the block `tag`, their words with a bar between.
fn rows(bytes: &[u8], tag: &str) -> Vec<String> {
    let text = text(bytes);
    let said = |row: &str| {
        row.split("<w:t")
            .filter_map(|piece| piece.split_once('>')?.1.split('<').next())
            .collect::<Vec<_>>()
            .join("|")
    };
    block(&text, tag).split("<w:tr>").skip(1).map(said).collect()
}

/// Somebody types a paragraph of his own at the start of a block.
fn typed_in(bytes: &[u8], tag: &str, words: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let inner = block(text, tag);
        text.replacen(inner, &format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>{inner}"), 1)
    })
}

/// Somebody takes out a whole block.
fn taken_out(bytes: &[u8], tag: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let all = elements(text).unwrap();
        let places = locate::places(&all, std::iter::empty());
        let mut splices = crate::package::xml::Splices::default();
        splices.replace(places.iter().find(|place| place.tag == tag).unwrap().span.clone(), "");
        splices.apply(text)
    })
}

/// A second time with the same workbook nothing happens and nothing is told.
fn stays(fixture: &Fixture, bytes: &[u8]) {
    let again = plan_again(fixture, bytes);
    assert!(!again.changed && again.agreements_gone.is_empty(), "{:?} {:?}", again.blocks, again.agreements_gone);
}

#[test]
fn an_agreement_in_place_of_another_one_of_that_day_does_not_push_it_out_of_the_plan() {
    for (who, what) in
        [("Fatima", "Vragenlijst afnemen in september"), ("Karim", "Vragenlijst afnemen in maart 2")]
    {
        let old = plan(&with(&[agreement(7, "10-1-2026", "Fatima", "Vragenlijst afnemen in maart", "open")]));
        let now = with(&[agreement(7, "10-1-2026", who, what, "open")]);
        let renewed = plan_again(&now, &old);
        assert_eq!(renewed.agreements_gone, ["Vragenlijst afnemen in maart"], "{what}");
        assert!(
            rows(&renewed.bytes, HISTORY).iter().any(|row| row.contains("in maart|") && row.contains("Fatima"))
        );
        stays(&now, &renewed.bytes);
    }
}

#[test]
fn a_mended_word_or_another_notation_of_the_day_makes_no_other_agreement_also_beside_what_people_typed() {
    let slip = "Trainers volgen bijscholling";
    let right = "Trainers volgen bijscholing";
    for (before, day, what, who) in [
        (slip, "2026-01-10", right, "Fatima"),
        (right, "10-1-2026", right, "Fatima"),
        (right, "2026-01-10", "Trainers volgen bijscholing voorjaar", "Fatima"),
        // A slip mended, and somebody else does it.
        (slip, "2026-01-10", right, "Karim"),
        ("De zaal op zondag open houden", "2026-01-10", "De zaal op zondag openhouden", "Fatima"),
    ] {
        for by_hand in [false, true] {
            let mut bytes = plan(&with(&[agreement(7, "2026-01-10", "Fatima", before, "open")]));
            if by_hand {
                bytes = typed_in(&bytes, OPEN, "Lukt dit?");
            }
            let now = with(&[agreement(9, day, who, what, "gereed")]);
            for _ in 0..3 {
                let renewed = plan_again(&now, &bytes);
                assert!(renewed.agreements_gone.is_empty(), "{what}: {:?}", renewed.agreements_gone);
                bytes = renewed.bytes;
            }
            assert!(!text(&bytes).contains("niet meer in het werkboek"), "{what}");
            stays(&now, &bytes);
        }
    }
}

#[test]
fn the_same_words_for_two_people_are_two_agreements_and_another_person_for_one_is_no_other() {
    let of = |row, who| agreement(row, "1-9-2026", who, "Ouders bellen", "open");
    let old = plan(&with(&[of(7, "Fatima"), of(8, "Karim")]));
    let now = with(&[of(7, "Karim")]);
    let renewed = plan_again(&now, &old);
    assert_eq!(renewed.agreements_gone, ["Ouders bellen"]);
    assert!(
        rows(&renewed.bytes, HISTORY).iter().any(|row| row.contains("Fatima")),
        "{:?}",
        rows(&renewed.bytes, HISTORY)
    );
    stays(&now, &renewed.bytes);
    let old = typed_in(&plan(&with(&[of(7, "Fatima")])), OPEN, "Lukt dit?");
    let renewed = plan_again(&now, &old);
    assert!(renewed.agreements_gone.is_empty());
    stays(&now, &renewed.bytes);
}

#[test]
fn rounds_in_the_same_words_leave_the_workbook_each_with_its_own_day_and_each_is_named() {
    let of = |row, day| agreement(row, day, "Fatima", "Vragenlijst afnemen bij ouders", "open");
    let renamed = agreement(7, "1-1-2026", "Fatima", "Vragenlijst afnemen bij alle ouders", "open");
    let old = plan(&with(&[of(7, "1-1-2026"), of(8, "1-3-2026"), of(9, "1-6-2026")]));
    // The first got other words, the second went.
    let now = with(&[renamed.clone(), of(9, "1-6-2026")]);
    let first = plan_again(&now, &old);
    assert_eq!(first.agreements_gone, ["Vragenlijst afnemen bij ouders"]);
    stays(&now, &first.bytes);
    let later = with(&[renamed]);
    let second = plan_again(&later, &first.bytes);
    assert_eq!(second.agreements_gone, ["Vragenlijst afnemen bij ouders"]);
    for day in ["1-3-2026", "1-6-2026"] {
        assert_eq!(rows(&second.bytes, HISTORY).iter().filter(|row| row.contains(day)).count(), 1, "{day}");
    }
    stays(&later, &second.bytes);
}

#[test]
fn what_leaves_the_workbook_stands_once_in_the_history_and_with_what_came_of_it() {
    let of = |status: &str, outcome: &str| Afspraak {
        uitkomst: outcome.to_owned(),
        ..agreement(7, "1-9-2026", "Fatima", "Meisjesgroep starten", status)
    };
    let changed = typed_in(&plan(&with(&[of("open", "")])), OPEN, "Lukt dit?");
    let done = plan_again(&with(&[of("gereed", "Twaalf meisjes doen mee")]), &changed);
    let now = with(&[]);
    let renewed = plan_again(&now, &done.bytes);
    let history: Vec<String> =
        rows(&renewed.bytes, HISTORY).into_iter().filter(|row| row.contains("Meisjesgroep")).collect();
    assert!(history.len() == 1 && history[0].contains("Twaalf meisjes"), "{history:?}");
    stays(&now, &renewed.bytes);
}

#[test]
fn an_agreement_of_which_people_took_out_the_place_is_told_so() {
    let old =
        taken_out(&plan(&with(&[agreement(7, "1-9-2026", "Fatima", "Meisjesgroep starten", "open")])), HISTORY);
    let now = with(&[]);
    let renewed = plan_again(&now, &old);
    assert!(renewed.agreements_gone.is_empty(), "it does not stand in the history");
    assert_eq!(renewed.agreements_without_place, ["Meisjesgroep starten"]);
    stays(&now, &renewed.bytes);
}

#[test]
fn what_people_refused_to_take_up_is_not_told_again() {
    let old = plan(&with(&[agreement(7, "1-9-2026", "Fatima", "Meisjesgroep starten", "open")]));
    let old = typed_in(&typed_in(&old, OPEN, "Lukt dit?"), HISTORY, "Van Piet");
    let now = with(&[]);
    let proposed = plan_again(&now, &old);
    assert_eq!(proposed.agreements_gone, ["Meisjesgroep starten"]);
    let refused = edited(&proposed.bytes, |text| {
        let all = elements(text).unwrap();
        let mut splices = crate::package::xml::Splices::default();
        for place in locate::places(&all, std::iter::empty()).into_iter().filter(|place| place.pending) {
            splices.replace(place.span, "");
        }
        splices.apply(text)
    });
    stays(&now, &refused);
}

#[test]
fn what_is_kept_names_its_activity_with_the_letter_of_today_or_without_one() {
    let of = |row, activity: &str, what: &str| Afspraak {
        activiteit: activity.to_owned(),
        ..agreement(row, "1-9-2026", "Fatima", what, "open")
    };
    let mut full = with(&[of(7, "Banenmarkt", "Markt verplaatsen"), of(8, "Huiswerkklas", "Lokaal huren")]);
    let old = plan(&full);
    full.analysis.afspraken.clear();
    let first = plan_again(&full, &old);
    let row =
        |bytes: &[u8], words: &str| rows(bytes, HISTORY).into_iter().find(|row| row.contains(words)).unwrap();
    assert!(row(&first.bytes, "Lokaal huren").contains("|Activiteit B: Huiswerkklas|"));
    full.analysis.activiteiten.remove(0);
    let second = plan_again(&full, &first.bytes);
    assert!(row(&second.bytes, "Lokaal huren").contains("|Activiteit A: Huiswerkklas|"));
    assert!(row(&second.bytes, "Markt verplaatsen").contains("|Banenmarkt|"));
    stays(&full, &second.bytes);
}

#[derive(Debug, Clone)]
enum Happens {
    Add(usize, usize, usize),
    Leave(usize),
    Done(usize),
    Turn,
    Types(bool),
    Copies(bool),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (0..WHAT.len(), 0..DAYS.len(), 0..WHO.len()).prop_map(|(what, day, who)| Happens::Add(what, day, who)),
        3 => (0..9usize).prop_map(Happens::Leave),
        2 => (0..9usize).prop_map(Happens::Done),
        1 => Just(Happens::Turn),
        2 => any::<bool>().prop_map(Happens::Types),
        1 => any::<bool>().prop_map(Happens::Copies),
    ]
}

const WHAT: [&str; 4] =
    ["Vragenlijst in maart", "Vragenlijst in september", "Ouders bellen", "Ouders bellen over de klas"];
const DAYS: [&str; 3] = ["2026-01-10", "1-3-2026", "2026-06-10"];
const WHO: [&str; 2] = ["Fatima", "Karim"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_agreement_stays_in_the_plan_and_the_same_workbook_changes_nothing(
        rounds in proptest::collection::vec(proptest::collection::vec(happens(), 1..4), 1..5)
    ) {
        let mut agreements: Vec<Afspraak> = Vec::new();
        let mut ever: Vec<[String; 3]> = Vec::new();
        // Agreements that were made with two people at once: of others the person may just change.
        let mut of_two: Vec<[String; 2]> = Vec::new();
        let mut left_alone = true;
        let mut bytes = plan(&with(&agreements));
        for round in rounds {
            for (at, event) in round.into_iter().enumerate() {
                let some = |number: usize| (!agreements.is_empty()).then(|| number % agreements.len().max(1));
                match event {
                    Happens::Add(what, day, who) => {
                        let one = agreement(0, DAYS[day], WHO[who], WHAT[what], "open");
                        let same = |known: &Afspraak| (&known.datum, &known.afspraak, &known.wie) == (&one.datum, &one.afspraak, &one.wie);
                        if !agreements.iter().any(same) {
                            agreements.push(one);
                        }
                    }
                    Happens::Leave(number) => {
                        if let Some(at) = some(number) {
                            agreements.remove(at);
                        }
                    }
                    Happens::Done(number) => {
                        if let Some(at) = some(number) {
                            agreements[at].status = "gereed".to_owned();
                        }
                    }
                    Happens::Turn => agreements.reverse(),
                    Happens::Types(open) => {
                        left_alone &= open;
                        bytes = typed_in(&bytes, if open { OPEN } else { HISTORY }, &format!("Van Piet {at}"));
                    }
                    Happens::Copies(open) => {
                        left_alone &= open;
                        bytes = edited(&bytes, |text| {
                            let inner = block(text, if open { OPEN } else { HISTORY }).to_owned();
                            text.replacen(&inner, &format!("{inner}{}", without_marks(&inner)), 1)
                        });
                    }
                }
            }
            for (row, one) in (7..).zip(&mut agreements) {
                one.row = row;
            }
            for one in &agreements {
                let one = [&one.datum, &one.afspraak, &one.wie].map(Clone::clone);
                if !ever.contains(&one) {
                    ever.push(one);
                }
            }
            for one in &agreements {
                let same = |other: &&Afspraak| (&other.datum, &other.afspraak) == (&one.datum, &one.afspraak);
                if agreements.iter().filter(same).count() > 1 {
                    of_two.push([one.datum.clone(), one.afspraak.clone()]);
                }
            }
            let now = with(&agreements);
            let renewed = plan_again(&now, &bytes);
            bytes = renewed.bytes;
            let again = plan_again(&now, &bytes);
            prop_assert!(!again.changed && again.agreements_gone.is_empty(), "{:?} {:?}", again.blocks, again.agreements_gone);
            prop_assert_eq!(&again.bytes, &bytes);
            let all = text(&bytes);
            let standing: Vec<&str> = all.split("<w:tr>").collect();
            for [day, what, who] in &ever {
                let by_person = of_two.contains(&[day.clone(), what.clone()]);
                let said = [day, what, who].map(|said| format!(">{said}<"));
                let said = &said[..if by_person { 3 } else { 2 }];
                let there = standing.iter().any(|row| said.iter().all(|said| row.contains(said.as_str())));
                prop_assert!(there, "{day} {what} {who} is lost");
            }
            for one in agreements.iter().filter(|_| left_alone) {
                let said = [&one.datum, &one.afspraak, &one.wie].map(|said| format!("|{said}|"));
                let mut called = rows(&bytes, HISTORY).into_iter().filter(|row| row.contains("niet meer in het werkboek"));
                prop_assert!(!called.any(|row| said.iter().all(|said| row.contains(said.as_str()))), "{one:?} is there");
            }
        }
    }
}

/// A copy as Word makes it: without the hidden bookmarks.
fn without_marks(inner: &str) -> String {
    let all = elements(&format!("<x>{inner}</x>")).unwrap();
    let mut splices = crate::package::xml::Splices::default();
    for mark in all.iter().filter(|e| matches!(e.local.as_str(), "bookmarkStart" | "bookmarkEnd")) {
        splices.replace(mark.span.clone(), "");
    }
    let copy = splices.apply(&format!("<x>{inner}</x>"));
    copy.trim_start_matches("<x>").trim_end_matches("</x>").to_owned()
}
