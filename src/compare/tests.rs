//! The rules of comparison, each as a sentence.

use super::{Statistics, compare, compare_with, words};
use crate::model::*;
use crate::testing::{analysis, format, note, overview, rows, set};

fn figure<'a>(comparison: &'a Comparison, domein: &str, code: &str) -> &'a FigureComparison {
    comparison.domeinen.iter().find(|d| d.domein == domein).unwrap().figure(code).unwrap()
}

fn opvallend<'a>(comparison: &'a Comparison, domein: &str) -> &'a [String] {
    &comparison.domeinen.iter().find(|d| d.domein == domein).unwrap().opvallend
}

fn number(value: f64) -> CellValue {
    CellValue::Number(value)
}

#[test]
fn figures_that_look_the_same_are_equal_and_never_opvallend_by_distance() {
    let (format, mut overview) = (format(), overview());
    for (code, of_stad) in
        [("verzuim", 10.04), ("diploma", 15.0), ("inkomen", 20.0), ("werkloos", 25.0), ("contact", 40.0)]
    {
        set(&mut overview, 6, code, Figure::known(of_stad));
    }
    let compared = compare(&format, &overview, 0, None, None);
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.relative, Relative::Equal);
    assert_eq!(verzuim.judgement, Some(Judgement::Gelijk));
    assert_eq!(verzuim.difference, Some(0.0));
    assert!(verzuim.distance.unwrap() < 0.0, "the unrounded figures do differ");
    assert!(opvallend(&compared, "School").is_empty());
}

#[test]
fn a_lower_figure_is_favourable_only_where_lower_is_better() {
    let compared = compare(&format(), &overview(), 0, None, None);
    assert_eq!(figure(&compared, "School", "verzuim").judgement, Some(Judgement::Gunstiger));
    assert_eq!(figure(&compared, "School", "diploma").judgement, Some(Judgement::Ongunstiger));
    assert_eq!(figure(&compared, "Werk", "uren").judgement, Some(Judgement::Neutraal));
    assert_eq!(figure(&compared, "Werk", "uren").relative, Relative::Lower);
}

#[test]
fn the_difference_is_that_of_the_figures_as_shown() {
    let mut overview = overview();
    set(&mut overview, 0, "verzuim", Figure::known(12.44));
    set(&mut overview, 6, "verzuim", Figure::known(12.46));
    let compared = compare(&format(), &overview, 0, None, None);
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.difference, Some(-0.1));
    assert_eq!(words::against(verzuim, "Stad"), "0,1 procentpunt lager dan Stad, gunstiger");
}

#[test]
fn a_figure_keeps_the_unit_of_its_overview_when_the_format_has_another() {
    let (format, mut overview) = (format(), overview());
    let column = overview.column_index("verzuim").unwrap();
    overview.columns[column].unit = "per 1.000 inwoners".into();
    let compared = compare(&format, &overview, 0, None, None);
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.unit.name, "per 1.000 inwoners");
    let said = words::against(verzuim, "Stad");
    assert!(said.contains("per 1.000 inwoners lager dan Stad") && !said.contains("procentpunt"), "{said}");
    assert_eq!(figure(&compared, "School", "diploma").unit, format.indicator("diploma").unwrap().unit);
}

#[test]
fn the_distance_is_counted_in_spreads_over_all_wijken() {
    let compared = compare(&format(), &overview(), 0, None, None);
    // 10, 20, 30, 40, 50: population standard deviation 14.142; the wijk lies 20 below the stad.
    assert!((figure(&compared, "School", "verzuim").distance.unwrap() + 20.0 / 200f64.sqrt()).abs() < 1e-12);
}

#[test]
fn too_few_wijken_or_no_spread_gives_no_distance() {
    let (format, mut overview) = (format(), overview());
    for area in 0..3 {
        set(&mut overview, area, "uren", Figure::Missing(Missing::Unknown));
    }
    for area in 0..5 {
        set(&mut overview, area, "bomen", Figure::known(7.0));
    }
    let compared = compare(&format, &overview, 4, None, None);
    assert_eq!(figure(&compared, "Werk", "uren").distance, None);
    assert_eq!(figure(&compared, "Werk", "uren").relative, Relative::Higher);
    assert_eq!(figure(&compared, "Straat", "bomen").distance, None);
    assert!(!opvallend(&compared, "Straat").contains(&"bomen".to_owned()));
}

#[test]
fn only_the_n_furthest_of_a_domein_are_opvallend_and_ties_follow_the_format() {
    let (format, mut overview) = (format(), overview());
    let compared = compare(&format, &overview, 0, None, None);
    assert_eq!(opvallend(&compared, "School"), ["verzuim", "diploma"], "all tie; the format's order decides");
    set(&mut overview, 6, "inkomen", Figure::known(41.0));
    let compared = compare(&format, &overview, 0, None, None);
    assert_eq!(opvallend(&compared, "School"), ["verzuim", "inkomen"], "own figures first");
    let inkomen = figure(&compared, "School", "inkomen").opvallend.unwrap();
    assert_eq!((inkomen.by_distance, inkomen.by_advisor), (Some(1), false));
}

#[test]
fn an_indicator_counts_once_per_domein_but_in_every_domein_it_stands_in() {
    let compared = compare(&format(), &overview(), 0, None, None);
    for domein in &compared.domeinen {
        let mut codes: Vec<_> = domein.figures.iter().map(|f| &f.code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), domein.figures.len(), "{}", domein.domein);
    }
    assert!(!figure(&compared, "Werk", "inkomen").own);
    assert!(!figure(&compared, "School", "inkomen").own);
    assert_eq!(compared.missing, (0, 8), "eight different indicators, however often each stands somewhere");
}

#[test]
fn what_a_person_wrote_wins_over_the_overview() {
    let mut analysis = analysis();
    for row in rows(&mut analysis, "verzuim") {
        row.wijk.value = number(44.4);
        row.source = Some(note("Schoolbestuur"));
    }
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.wijk.value(), Some(44.4));
    assert_eq!(verzuim.source, "Schoolbestuur");
    assert_eq!(verzuim.judgement, Some(Judgement::Ongunstiger));
    assert_eq!(verzuim.place, Some((2, 5)), "among the others' figures, its own replaced");
    assert_eq!(verzuim.at.as_ref().unwrap().a1(), "E10");
}

#[test]
fn a_fraction_in_a_percent_cell_is_the_percentage_it_shows() {
    let mut analysis = analysis();
    for row in rows(&mut analysis, "verzuim") {
        row.wijk.value = number(0.3);
        row.wijk.percent_format = true;
    }
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    assert_eq!(figure(&compared, "School", "verzuim").relative, Relative::Equal);
}

#[test]
fn the_kinds_of_missing_in_a_workbook_stay_apart() {
    let mut overview = overview();
    set(&mut overview, 0, "uren", Figure::Missing(Missing::OtherDivision));
    for (code, value, expected) in [
        ("verzuim", CellValue::Empty, Relative::NotFilled),
        ("uren", CellValue::Empty, Relative::NotComparable(Incomparable::NoFigure(Missing::OtherDivision))),
        (
            "verzuim",
            CellValue::Text(".".into()),
            Relative::NotComparable(Incomparable::NoFigure(Missing::Unknown)),
        ),
        ("verzuim", CellValue::Text("x".into()), Relative::NotComparable(Incomparable::NoFigure(Missing::Secret))),
        (
            "verzuim",
            CellValue::Text("12,5".into()),
            Relative::NotComparable(Incomparable::NotANumber("12,5".into())),
        ),
        ("verzuim", CellValue::Number(140.0), Relative::NotComparable(Incomparable::Impossible("140,0%".into()))),
        (
            "verzuim",
            CellValue::Error("#N/A".into()),
            Relative::NotComparable(Incomparable::NotANumber("#N/A".into())),
        ),
    ] {
        let mut analysis = analysis();
        rows(&mut analysis, code).for_each(|row| row.wijk.value = value.clone());
        let compared = compare(&format(), &overview, 0, None, Some(&analysis));
        let domein = if code == "uren" { "Werk" } else { "School" };
        let found = figure(&compared, domein, code);
        assert_eq!(found.relative, expected);
        assert_eq!(found.wijk.value(), None, "missing is never zero");
        assert!(compared.missing.0 >= 1);
    }
}

#[test]
fn a_figure_without_benchmark_is_not_compared() {
    let mut overview = overview();
    set(&mut overview, 6, "verzuim", Figure::Missing(Missing::Unknown));
    let compared = compare(&format(), &overview, 0, None, None);
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.relative, Relative::NotComparable(Incomparable::NoBenchmark(Missing::Unknown)));
    assert_eq!((verzuim.judgement, verzuim.difference, verzuim.distance), (None, None, None));
}

#[test]
fn a_row_renewed_by_half_is_not_compared_in_silence() {
    let mut analysis = analysis();
    for row in rows(&mut analysis, "verzuim") {
        row.unit = Some(note("%, 2014, 18 t/m 22 jaar"));
        row.wijk.value = number(12.0);
    }
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    let Relative::NotComparable(Incomparable::OtherEdition { wijk, benchmark }) =
        &figure(&compared, "School", "verzuim").relative
    else {
        panic!("benchmark of 2016 beside a figure of 2014");
    };
    assert_eq!((wijk.as_str(), benchmark.as_str()), ("2014", "editie 2016, peiljaar onbekend"));
}

#[test]
fn a_row_wholly_of_another_year_is_compared_within_itself_only() {
    let mut analysis = analysis();
    for row in rows(&mut analysis, "verzuim") {
        row.unit = Some(note("%, 2014, 18 t/m 22 jaar"));
        row.wijk.value = number(12.0);
        row.benchmark.as_mut().unwrap().value = number(11.0);
    }
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    let verzuim = figure(&compared, "School", "verzuim");
    assert_eq!(verzuim.relative, Relative::Higher);
    assert_eq!(verzuim.period, "2014");
    assert_eq!((verzuim.distance, verzuim.place, verzuim.gebied, verzuim.land), (None, None, None, None));
}

#[test]
fn a_remark_makes_a_figure_opvallend_after_those_by_distance() {
    let mut analysis = analysis();
    rows(&mut analysis, "inkomen").for_each(|row| row.remark = Some(note(" let op ")));
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    assert_eq!(opvallend(&compared, "School"), ["verzuim", "diploma", "inkomen"]);
    let inkomen = figure(&compared, "School", "inkomen");
    assert_eq!(inkomen.remark, "let op");
    assert_eq!(inkomen.opvallend, Some(Opvallendheid { by_advisor: true, by_distance: None }));
}

#[test]
fn a_row_unknown_to_the_format_is_shown_and_not_compared() {
    let mut analysis = analysis();
    let mut row = analysis.pijlers[0].blocks[0].indicators[0].clone();
    row.code = None;
    row.name = "Eigen telling".into();
    row.wijk.value = number(0.36);
    row.remark = Some(note("Opvallend."));
    analysis.pijlers[0].blocks[0].indicators.push(row);
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    let own = figure(&compared, "School", "onbekend: eigen telling");
    assert_eq!(own.relative, Relative::NotComparable(Incomparable::UnknownIndicator));
    assert_eq!((own.wijk.value(), own.decimals), (Some(0.36), 2));
    assert!(own.opvallend.unwrap().by_advisor);
}

#[test]
fn wijken_that_look_the_same_share_a_place() {
    let mut overview = overview();
    for (area, value) in [(0, 30.04), (1, 29.96), (2, 50.0), (3, 10.0)] {
        set(&mut overview, area, "verzuim", Figure::known(value));
    }
    set(&mut overview, 4, "verzuim", Figure::Missing(Missing::Secret));
    let place = |area| figure(&compare(&format(), &overview, area, None, None), "School", "verzuim").place;
    assert_eq!(place(2), Some((1, 4)));
    assert_eq!(place(0), Some((2, 4)));
    assert_eq!(place(1), Some((2, 4)));
    assert_eq!(place(3), Some((4, 4)), "place 3 is skipped");
    assert_eq!(place(4), None);
}

#[test]
fn chance_is_spoken_of_only_where_both_numbers_of_observations_are_known() {
    let (format, mut overview) = (format(), overview());
    let ask = |overview: &Overview, format: &Format| {
        figure(&compare(format, overview, 0, None, None), "Straat", "bomen").beyond_chance
    };
    assert_eq!(ask(&overview, &format), None);
    let mut counts = overview.columns.last().unwrap().clone();
    counts.code = "bomen__n".into();
    overview.columns.push(counts);
    for row in &mut overview.figures {
        row.push(Figure::known(200.0));
    }
    // 45% of 200 against 65% of 200: z = 4.03.
    assert_eq!(ask(&overview, &format), Some(true));
    set(&mut overview, 6, "bomen", Figure::known(50.0));
    // 45% against 50%: z = 1.00.
    assert_eq!(ask(&overview, &format), Some(false));
    *overview.figures[0].last_mut().unwrap() = Figure::Missing(Missing::Unknown);
    assert_eq!(ask(&overview, &format), None);
    *overview.figures[0].last_mut().unwrap() = Figure::known(200.0);
    let mut estimates = format.clone();
    estimates.indicators.last_mut().unwrap().estimate = true;
    assert_eq!(ask(&overview, &estimates), None, "a model estimate never gets a statement about chance");
    overview.columns[7].method = format!("{ESTIMATE} van het RIVM");
    assert_eq!(ask(&overview, &format), None, "nor when only the overview says that it is one");
}

#[test]
fn factors_come_by_domeinen_then_rank_then_figures_then_name() {
    // Wijk 5 is worst where lower is better: verzuim, werkloos, overlast.
    let compared = compare(&format(), &overview(), 4, None, None);
    let names: Vec<_> = compared.factoren.iter().map(|f| (f.name.as_str(), f.domeinen.len(), f.rank)).collect();
    assert_eq!(names, [("Ruzie", 2, Some(1)), ("Armoede", 2, Some(2))]);
    assert_eq!(compared.risk_factors, 2);
    assert!(compared.cumulation);
    let strengths: Vec<_> = compared.strengths.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(strengths, ["Binding"], "strengths stand apart");
}

#[test]
fn more_domeinen_go_before_a_better_rank_and_unranked_comes_last() {
    let (mut format, overview) = (format(), overview());
    format.ranking = vec![RankedFactor { name: "Binding".into(), rank: 5 }];
    // Wijk 1 is worst where higher is better: diploma (School), contact (Straat) under Binding; inkomen under Armoede.
    format.opvallend.count = 4;
    let compared = compare(&format, &overview, 0, None, None);
    let names: Vec<_> = compared.factoren.iter().map(|f| (f.name.as_str(), f.domeinen.len())).collect();
    assert_eq!(names, [("Binding", 2), ("Armoede", 2)], "not ranked comes last");
    format.ranking =
        vec![RankedFactor { name: "Binding".into(), rank: 5 }, RankedFactor { name: "Armoede".into(), rank: 1 }];
    let again = compare(&format, &overview, 0, None, None);
    assert_eq!(again.factoren[0].name, "Armoede", "both in two domeinen, so the rank decides");
    format.factoren.retain(|factor| (factor.domein.as_str(), factor.name.as_str()) != ("Straat", "Binding"));
    let fewer = compare(&format, &overview, 0, None, None);
    let names: Vec<_> = fewer.factoren.iter().map(|f| (f.name.as_str(), f.domeinen.len())).collect();
    assert_eq!(names, [("Armoede", 2), ("Binding", 1)]);
    format.ranking = vec![RankedFactor { name: "Binding".into(), rank: 1 }];
    assert_eq!(compare(&format, &overview, 0, None, None).factoren[0].name, "Armoede", "domeinen go before rank");
}

#[test]
fn a_protective_factor_under_pressure_is_no_risk_factor() {
    let mut format = format();
    format.opvallend.count = 1;
    format.indicators.retain(|indicator| ["diploma", "contact"].contains(&indicator.code.as_str()));
    let compared = compare(&format, &overview(), 0, None, None);
    assert_eq!(compared.factoren.len(), 1);
    assert_eq!((compared.risk_factors, compared.cumulation), (0, false));
}

#[test]
fn the_evidence_for_the_level_says_what_it_rests_on() {
    let (format, mut overview) = (format(), overview());
    let far = compare(&format, &overview, 0, None, None).level;
    assert_eq!((far.gebied.as_str(), far.compared, far.differing, far.only_gebied), ("Noord", 8, 8, 0));
    assert!(far.sentence.contains("8 van de 8") && far.sentence.contains("de wijk met Stad"), "{}", far.sentence);
    let near = compare(&format, &overview, 2, None, None).level;
    assert_eq!(near.differing, 0);
    assert!(near.sentence.contains("lijkt op het gebied"), "{}", near.sentence);
    assert!(near.sentence.contains("het gebied heeft geen cijfers die de wijk mist"), "{}", near.sentence);
    set(&mut overview, 2, "verzuim", Figure::Missing(Missing::Unknown));
    let one_less = compare(&format, &overview, 2, None, None).level.sentence;
    assert!(one_less.contains("1 cijfer heeft alleen het gebied"), "{one_less}");
    for indicator in &format.indicators {
        set(&mut overview, 2, &indicator.code, Figure::Missing(Missing::Unknown));
    }
    let none = compare(&format, &overview, 2, None, None).level;
    assert_eq!(none.only_gebied, 8);
    assert!(none.sentence.contains("het gebied te gebruiken"), "{}", none.sentence);
    overview.areas[2].parent = None;
    assert!(compare(&format, &overview, 2, None, None).level.sentence.contains("niet bekend in welk gebied"));
}

#[test]
fn with_too_few_wijken_for_a_spread_it_is_not_said_that_the_wijk_is_like_its_gebied() {
    let (mut format, mut overview) = (format(), overview());
    format.opvallend.fewest_areas = 6;
    let level = compare(&format, &overview, 0, None, None).level;
    assert_eq!((level.compared, level.differing), (0, 0));
    assert!(!level.sentence.contains("lijkt op") && !level.sentence.contains("0 van de 0"), "{}", level.sentence);
    for part in ["is niet te zeggen", "ten minste 6 nodig", "vergelijk tot dan de wijk met Stad", "U beslist"] {
        assert!(level.sentence.contains(part), "{part} in {}", level.sentence);
    }
    for indicator in &format.indicators {
        set(&mut overview, 0, &indicator.code, Figure::Missing(Missing::Unknown));
    }
    let none = compare(&format, &overview, 0, None, None).level.sentence;
    assert!(
        none.contains("hebben geen enkel cijfer allebei") && none.contains("het gebied te gebruiken"),
        "{none}"
    );
}

#[test]
fn figures_without_a_spread_are_not_counted_among_those_that_lie_near_the_gebied() {
    let (format, mut overview) = (format(), overview());
    for area in 2..5 {
        set(&mut overview, area, "verzuim", Figure::Missing(Missing::Unknown));
    }
    let level = compare(&format, &overview, 0, None, None).level;
    assert_eq!(level.compared, 7);
    assert!(level.sentence.contains("7 van de 7 cijfers"), "{}", level.sentence);
    assert!(level.sentence.contains("en waarvan een spreiding bekend is"), "{}", level.sentence);
}

#[test]
fn the_rule_says_when_the_distance_of_most_figures_is_unknown_and_how_many_wijken_it_takes() {
    let (mut format, mut overview) = (format(), overview());
    let said = |format: &Format, overview: &Overview| {
        let rule = compare(format, overview, 0, None, None).rule;
        rule.into_iter().find(|sentence| sentence.starts_with(crate::model::words::DISTANCE_UNKNOWN))
    };
    assert_eq!(said(&format, &overview), None);
    format.opvallend.fewest_areas = 6;
    let sentence = said(&format, &overview).unwrap();
    for part in ["van geen enkel cijfer dat anders is dan Stad", "ten minste 6 wijken", "heeft 5 wijken"] {
        assert!(sentence.contains(part), "{part} in {sentence}");
    }
    format.opvallend.fewest_areas = 5;
    for indicator in format.indicators.iter().skip(1) {
        set(&mut overview, 4, &indicator.code, Figure::Missing(Missing::Unknown));
    }
    let sentence = said(&format, &overview).unwrap();
    assert!(sentence.contains("van 7 van de 8 cijfers die anders zijn dan Stad"), "{sentence}");
}

#[test]
fn of_a_gebied_it_is_not_said_that_its_gebied_is_unknown() {
    let (format, overview) = (format(), overview());
    let gebied = overview.areas.iter().position(|area| area.level == AreaLevel::Gebied).unwrap();
    let compared = compare(&format, &overview, gebied, None, None);
    assert_eq!(compared.area_level, AreaLevel::Gebied);
    assert_eq!(compared.level.sentence, "Noord is zelf een gebied: vergelijk met Stad.");
}

#[test]
fn the_rule_is_printed_with_the_numbers_of_the_format_and_what_is_missing() {
    let (mut format, mut overview) = (format(), overview());
    format.opvallend.count = 7;
    set(&mut overview, 0, "verzuim", Figure::Missing(Missing::Unknown));
    let rule = compare(&format, &overview, 0, None, None).rule.join(" ");
    for part in [
        "de 7 cijfers",
        "alle 5 wijken",
        "ten minste 3 wijken",
        "Vanaf 2 risicofactoren",
        "Van de 8 cijfers",
        "ontbreekt er 1",
    ] {
        assert!(rule.contains(part), "{part} in {rule}");
    }
}

#[test]
fn a_domein_without_a_direct_figure_says_so() {
    let mut format = format();
    for indicator in format.indicators.iter_mut().filter(|i| i.domein.as_deref() == Some("Werk")) {
        indicator.kind = Kind::Benadering;
    }
    let compared = compare(&format, &overview(), 0, None, None);
    assert!(compared.domeinen[0].has_direct);
    assert!(!compared.domeinen[1].has_direct, "a direct figure that stands there through a factor does not count");
    assert!(compared.domeinen[1].only_benaderingen() && !compared.domeinen[0].only_benaderingen());
    // Without figures of its own a domein has no approximations either.
    for indicator in format.indicators.iter_mut().filter(|i| i.domein.as_deref() == Some("Werk")) {
        indicator.domein = None;
    }
    let compared = compare(&format, &overview(), 0, None, None);
    let werk = &compared.domeinen[1];
    assert!(!werk.has_direct && !werk.has_own() && !werk.only_benaderingen(), "{:?}", werk.figures);
}

#[test]
fn closing_texts_state_the_figures_and_the_factors_of_the_domein() {
    let compared = compare(&format(), &overview(), 4, None, None);
    let texts = words::closing_texts(&compared);
    assert_eq!(texts[0].0, "School");
    assert_eq!(
        texts[0].1,
        "Indicator verzuim: 50,0% (Stad 30,0%), ongunstiger\nIndicator diploma: 55,0% (Stad 35,0%), gunstiger"
    );
    assert_eq!(texts[0].2, "Armoede (ranking 2)");
    assert_eq!(texts[1].2, "Ruzie (ranking 1)\nArmoede (ranking 2)");
}

#[test]
fn the_area_beside_comes_from_the_overview_or_from_column_f() {
    let compared = compare(&format(), &overview(), 0, Some(3), None);
    assert_eq!(compared.beside.as_deref(), Some("Wijk 4"));
    assert_eq!(figure(&compared, "School", "verzuim").beside, Some(Figure::known(40.0)));

    let mut analysis = analysis();
    assert_eq!(compare(&format(), &overview(), 0, None, Some(&analysis)).beside, None);
    analysis.pijlers[0].headings[1].1.text = "Buurt Zuid".into();
    rows(&mut analysis, "verzuim")
        .for_each(|row| row.beside = Some(ValueCell { value: number(12.0), ..row.wijk.clone() }));
    let compared = compare(&format(), &overview(), 0, None, Some(&analysis));
    assert_eq!(compared.beside.as_deref(), Some("Buurt Zuid"));
    assert_eq!(figure(&compared, "School", "verzuim").beside, Some(Figure::known(12.0)));
}

#[test]
fn an_area_that_does_not_exist_gives_missing_figures_and_no_failure() {
    let compared = compare(&format(), &overview(), 99, Some(98), None);
    assert_eq!(compared.missing, (8, 8));
    assert!(compared.factoren.is_empty());
}

#[test]
fn comparing_twice_gives_the_same() {
    let (format, overview, analysis) = (format(), overview(), analysis());
    let statistics = Statistics::new(&format, &overview);
    assert_eq!(
        compare(&format, &overview, 1, None, Some(&analysis)),
        compare_with(&format, &overview, &statistics, 1, None, Some(&analysis))
    );
}

#[test]
fn the_trend_of_two_columns_of_one_indicator_takes_the_same_unit() {
    let mut overview = overview();
    let at = overview.column_index("verzuim").unwrap();
    overview.columns[at].edition = "editie 2018".into();
    let older = crate::model::Column { edition: "editie 2014".into(), ..overview.columns[at].clone() };
    overview.columns.push(older);
    for figures in &mut overview.figures {
        let known = figures[at];
        figures.push(known);
    }
    let trend = |overview: &Overview| {
        let compared = compare(&format(), overview, 4, None, None);
        figure(&compared, "School", "verzuim").trend.clone()
    };
    assert_eq!(trend(&overview).unwrap().period, overview.columns.last().unwrap().period());
    overview.columns.last_mut().unwrap().unit = "per 1.000 inwoners".into();
    assert_eq!(trend(&overview), None);
}

#[test]
fn the_trend_comes_from_what_the_workbook_remembers_and_only_in_the_same_unit() {
    let (format, overview) = (format(), overview());
    let mut analysis = analysis();
    let old = |code: &str, value: f64, unit: &str| crate::model::OldFigure {
        round: 1,
        code: code.into(),
        field: "wijk".into(),
        value: CellValue::Number(value),
        period: "editie 2014".into(),
        source: "Bron".into(),
        area: "BU5".into(),
        unit: unit.into(),
    };
    // Wijk 5 has 50 for verzuim, 70 for overlast and 65 for werkloos, all above the stad, and lower is better.
    analysis.history.editions = vec!["editie 2016".into()];
    analysis.history.figures =
        vec![old("verzuim", 48.0, "%"), old("werkloos", 70.0, "%"), old("overlast", 40.0, "per 1.000")];
    for tab in &mut analysis.pijlers {
        for row in tab.blocks.iter_mut().flat_map(|block| &mut block.indicators) {
            let column = overview.column_index(row.code.as_deref().unwrap()).unwrap();
            row.wijk.value = CellValue::Number(overview.figure(4, column).value().unwrap());
        }
    }
    let compared = compare(&format, &overview, 4, None, Some(&analysis));
    let trend =
        |code: &str| compared.domeinen.iter().find_map(|domein| domein.figure(code)).unwrap().trend.clone();
    let worse = trend("verzuim").unwrap();
    assert_eq!(
        (worse.difference, worse.judgement, worse.period.as_str()),
        (2.0, Judgement::Ongunstiger, "editie 2014")
    );
    assert_eq!(trend("werkloos").unwrap().judgement, Judgement::Gunstiger);
    assert_eq!(trend("overlast"), None);
    assert_eq!(compared.worsening, [("School".to_owned(), "verzuim".to_owned())]);
    assert!(compared.rule.iter().any(|sentence| sentence.starts_with("Verloop:")), "{:?}", compared.rule);
    // Of another wijk nothing is said.
    let other = compare(&format, &overview, 3, None, Some(&analysis));
    assert!(other.worsening.is_empty());
}
