//! Which changes are told, in which words, and which come first.

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
fn a_change_of_place_that_may_leave_work_behind_is_risky_and_another_order_is_not() {
    let old = crate::format::builtin().unwrap();
    let risky = |change: &dyn Fn(&mut Format)| -> Vec<String> {
        let mut new = old.clone();
        change(&mut new);
        let risky = difference(&old, &new).into_iter().filter(Change::is_risky);
        risky.map(|change| change.what).collect()
    };
    let place = |format: &mut Format| {
        let question =
            format.questions.iter_mut().find(|q| q.place == crate::model::QuestionPlace::Domein).unwrap();
        question.place = crate::model::QuestionPlace::Pijler;
    };
    assert_eq!(risky(&place), ["vraag, plaats"]);
    let domeinen: Vec<String> = old.domeinen.iter().map(|domein| domein.name.clone()).collect();
    let domein = |format: &mut Format| {
        let at = format.indicators.iter().position(|i| i.domein.as_ref() == Some(&domeinen[0])).unwrap();
        format.indicators[at].domein = Some(domeinen[1].clone());
    };
    assert_eq!(risky(&domein), ["indicator, domein"]);
    let factor = |format: &mut Format| {
        let at = format.indicators.iter().position(|i| !i.factoren.is_empty()).unwrap();
        format.indicators[at].factoren.pop();
    };
    assert_eq!(risky(&factor), ["indicator, factoren"]);
    assert!(risky(&|format| format.questions.swap(0, 1)).is_empty());
    assert!(risky(&|format| format.indicators.swap(0, 1)).is_empty());
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
    let find = |format: &mut Format, code: &str| format.indicators.iter().position(|i| i.code == code).unwrap();
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
    let told: Vec<(ChangeKind, &str)> = changes.iter().map(|change| (change.kind, change.id.as_str())).collect();
    assert_eq!(
        told,
        [
            (ChangeKind::Verwijderd, "bomen"),
            (ChangeKind::Eenheid, "verzuim"),
            (ChangeKind::Richting, "diploma"),
            (ChangeKind::Verplaatst, "uren"),
            (ChangeKind::Bron, "werkloos"),
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
    assert_eq!(told(&old, &new), [format!("tabblad '{}' staat nu na '{stands}' (stond na '{stood}')", last.name)]);

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
        ("de kleur van opvallende cijfers: van 'F6B26B' naar 'FF0000'", |f| f.highlight_colour = "FF0000".into()),
        ("de versies die worden geweigerd: van leeg naar 'klassiek'", |f| {
            f.versions.refused = vec!["klassiek".into()];
        }),
        ("de benchmark: van 'Rotterdam (GM0599)' naar 'Utrecht (GM0599)'", |f| f.benchmark.1 = "Utrecht".into()),
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

#[test]
fn what_advisors_chose_from_a_list_is_work_that_may_lose_its_meaning() {
    let old = crate::format::builtin().unwrap();
    let edits: [&dyn Fn(&mut Format); 4] =
        [&|f| drop(f.partners.pop()), &|f| drop(f.databanken.pop()), &|f| drop(f.effectladder.pop()), &|f| {
            drop(f.texts.0.insert("lijst-status".into(), "open | bezig | klaar".into()))
        }];
    for edit in edits {
        let mut new = old.clone();
        edit(&mut new);
        let (there, back) = (difference(&old, &new), difference(&new, &old));
        assert!(there.first().is_some_and(Change::is_risky), "{there:?}");
        let comes = back.iter().any(|change| change.kind == ChangeKind::Toegevoegd && change.is_risky());
        assert!(!comes, "what comes costs nobody anything: {back:?}");
    }
}

#[test]
fn a_leeftijdsfase_that_is_called_otherwise_at_all_factoren_is_one_sentence() {
    let old = crate::format::builtin().unwrap();
    let mut new = old.clone();
    let first = old.leeftijdsfasen[0].clone();
    let all = new.factoren.iter_mut().flat_map(|factor| &mut factor.leeftijdsfasen);
    for phase in all.chain(&mut new.leeftijdsfasen).filter(|phase| **phase == first) {
        *phase = "een nieuwe fase".into();
    }
    let changes = difference(&old, &new);
    let lists = changes.iter().filter(|change| change.what == "factor, leeftijdsfasen").count();
    assert!(lists > MANY);
    let told = sentences(&changes.iter().collect::<Vec<_>>());
    let of_lists: Vec<&String> = told.iter().filter(|line| line.starts_with("factor")).collect();
    assert_eq!(of_lists, [&format!("factoren: leeftijdsfasen '{first}' werd 'een nieuwe fase' ({lists} keer)")]);
    assert_eq!(change_log(&changes, "2.0", "2027-01-15", "NJi").len(), told.len());
    // Of a few each is told.
    let some: Vec<&Change> =
        changes.iter().filter(|change| change.what == "factor, leeftijdsfasen").take(MANY - 1).collect();
    assert_eq!(sentences(&some).len(), MANY - 1);
}

#[test]
fn a_direction_that_nobody_chose_yet_is_empty_and_choosing_one_costs_nobody_anything() {
    let old = crate::format::builtin().unwrap();
    let mut new = old.clone();
    let indicator = new.indicators.iter_mut().find(|i| i.direction != Direction::Neutral).unwrap();
    indicator.direction = Direction::Neutral;
    let open = OpenFields::from([("indicatoren.csv".into(), indicator.code.clone(), "richting".into())]);
    let none = OpenFields::new();
    let changes = difference(&new, &old);
    assert!(changes[0].is_risky());
    let told = without_stand_ins(changes.clone(), &open, &none);
    assert_eq!((told[0].before.as_str(), told[0].is_risky()), ("", false));
    assert!(told[0].sentence().contains("richting van leeg naar"), "{}", told[0].sentence());
    assert_eq!(without_stand_ins(changes, &open, &open), []);
}

#[test]
fn a_pijler_that_goes_comes_first_and_its_factoren_stand_with_their_domein() {
    let old = crate::format::builtin().unwrap();
    let mut new = old.clone();
    let pijler = new.pijlers.pop().unwrap().name;
    let gone: Vec<String> =
        old.domeinen.iter().filter(|d| d.pijler == pijler).map(|domein| domein.name.clone()).collect();
    new.domeinen.retain(|domein| domein.pijler != pijler);
    new.factoren.retain(|factor| !gone.contains(&factor.domein));
    let changes = difference(&old, &new);
    let told = sentences(&changes.iter().collect::<Vec<_>>());
    assert_eq!(told[0], format!("pijler '{pijler}' is verwijderd"));
    for domein in &gone {
        let sentence = format!("domein '{domein}' is verwijderd, met de factoren die erbij stonden");
        assert!(told[1..=gone.len()].contains(&sentence), "{told:?}");
    }
    // One that stood nowhere else is gone from the format, which is more.
    let factoren: Vec<&String> = told.iter().filter(|sentence| sentence.starts_with("factor '")).collect();
    assert!(!factoren.is_empty() && factoren.iter().all(|sentence| !sentence.contains("bij domein")), "{told:?}");
    // A factor that goes from a domein that stays is told by itself.
    let mut less = old.clone();
    let factor = less.factoren.remove(0);
    let told = sentences(&difference(&old, &less).iter().collect::<Vec<_>>());
    assert!(
        told.contains(&format!("factor '{}' bij domein '{}' is verwijderd", factor.name, factor.domein)),
        "{told:?}"
    );
}
