//! The rule by which figures were compared stands with them, wherever they are shown: in the workbook, in Word, on screen
//! and in json. So do the trend over editions and the list of what is worse and got worse. Everything is fictitious.

use std::collections::BTreeMap;

use super::leak_tests::{counted, fictitious, fictitious_session, files};
use super::{AllRequest, FillChoices, Session};
use crate::model::{Direction, Figure, Mark, Overview, words};

/// The area that the documents are about, in the order of the overview.
const WIJK: usize = 5;

/// An overview with numbers of observations and an edition before, in which one figure is far worse than that of the
/// benchmark and than before.
fn with_trend(session: &Session) -> (Overview, String) {
    let format = session.format();
    let mut overview = fictitious(format);
    let directed =
        |code: &&String| format.indicator(code).is_some_and(|known| known.direction != Direction::Neutral);
    let code = counted(format).iter().find(directed).unwrap().clone();
    let at = overview.column_index(&code).unwrap();
    let up = format.indicator(&code).unwrap().direction == Direction::HigherIsBetter;
    let (before, now) = if up { (40.5, 10.5) } else { (10.5, 60.5) };
    for area in 0..overview.areas.len() {
        overview.figures[area][at] = Figure::known(if up { 45.5 } else { 12.5 });
    }
    overview.figures[WIJK][at] = Figure::known(now);
    let mut earlier = overview.columns[at].clone();
    (earlier.edition, earlier.year) = ("editie 2014".into(), "2014".into());
    overview.columns.insert(at, earlier);
    overview.figures.iter_mut().for_each(|row| row.insert(at, Figure::known(before)));
    (overview, format.indicator(&code).unwrap().name.clone())
}

/// The words of a part, without its marks.
fn words_of(text: &str) -> String {
    text.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

#[test]
fn the_rule_that_was_used_stands_in_the_workbook_in_word_and_in_json() {
    let session = fictitious_session();
    let (overview, name) = with_trend(&session);
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("overzicht.csv");
    std::fs::write(&source, crate::overview::write_csv(&overview).unwrap()).unwrap();
    let wijk = overview.areas[WIJK].name.clone();
    let made = folder.path().join("uit");
    std::fs::create_dir(&made).unwrap();
    let fill = FillChoices { overview: Some(source.clone()), ..FillChoices::default() };
    session.all(wijk.as_str(), &AllRequest { folder: made.clone(), fill, ..AllRequest::default() }).unwrap();
    let found: BTreeMap<String, String> =
        files(&made).into_iter().map(|(part, text)| (part, words_of(&text))).collect();
    let holds = |part: &str, text: &str| {
        assert!(found.iter().any(|(name, words)| name.contains(part) && words.contains(text)), "{part}: {text}");
    };
    let benchmark = &session.format().benchmark.1;
    let list = words::worsening_rule(benchmark);

    // Under the table of the summary, as text of the workbook.
    let rule = session.format().texts.get("samenvatting-regel").replace("{benchmark}", benchmark);
    assert!(
        rule.contains("95%-interval") && rule.contains("Wilson") && rule.contains("schattingen met een model")
    );
    holds(".xlsx > xl/", &rule);
    // In the report: the rule about chance, the trend with its rule, and the list with its own.
    for text in ["Toeval: waar het aantal waarnemingen", "methode van Wilson", "Verloop: het cijfer van de wijk"] {
        holds("Rapportage", text);
    }
    holds("Rapportage", "Ongunstiger én verslechterend");
    holds("Rapportage", &list);
    // In json, where another program reads it.
    let compared = session.compare(None, Some(&wijk), Some(&source)).unwrap();
    let json = serde_json::to_string(&compared).unwrap();
    for text in ["Toeval: waar het aantal waarnemingen", "Verloop: het cijfer van de wijk", list.as_str()] {
        assert!(json.contains(text), "{text}");
    }
    let figures = || compared.comparison.domeinen.iter().flat_map(|domein| &domein.figures);
    let figure = figures().find(|figure| figure.name == name).unwrap();
    assert!(figure.interval.is_some() && figure.trend.as_ref().is_some_and(|trend| trend.period.contains("2014")));
    assert_eq!(compared.comparison.worsening.len(), 1, "{:?}", compared.comparison.worsening);
}

#[test]
fn of_an_estimate_by_a_model_no_interval_is_given_although_its_observations_are_known() {
    let session = fictitious_session();
    let (mut overview, name) = with_trend(&session);
    let of = |overview: &Overview| {
        let compared = crate::compare::compare(session.format(), overview, WIJK, None, None);
        let mut figures = compared.domeinen.into_iter().flat_map(|domein| domein.figures);
        figures.find(|figure| figure.name == name).unwrap().interval
    };
    assert!(of(&overview).is_some());
    for figure in overview.figures.iter_mut().flatten() {
        if let Figure::Known { mark, .. } = figure {
            *mark = Mark::Estimate;
        }
    }
    assert_eq!(of(&overview), None);
}
