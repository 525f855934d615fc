//! For every code of the check: a workbook in order with one thing wrong, which gives exactly that code, and one that
//! looks like it and gives none. The figures, names and numbers of observations are fictitious.

use super::case::*;
use super::*;
use crate::model::*;
use crate::testing::{Tried, format, note, overview, set};

type Change = fn(&mut Case);

/// Every fixture, tried.
pub(crate) fn tried() -> Vec<Tried> {
    let run = |change: Change| {
        let mut case = Case::new();
        change(&mut case);
        case.findings()
    };
    let workbooks = WORKBOOKS.iter().map(|(code, fires, quiet)| Tried::new(code, run(*fires), run(*quiet)));
    let run = |change: Source| {
        let (mut format, mut overview) = (format(), overview());
        change(&mut format, &mut overview);
        check_overview(&format, &overview)
    };
    let sources = SOURCES.iter().map(|(code, fires, quiet)| Tried::new(code, run(*fires), run(*quiet)));
    workbooks.chain(sources).collect()
}

fn wijk(case: &mut Case, value: CellValue) {
    case.every("bomen", |row| row.wijk.value = value.clone());
}

fn benchmark(case: &mut Case, value: f64) {
    case.every("bomen", |row| row.benchmark.as_mut().unwrap().value = number(value));
}

fn year(case: &mut Case, text: &str) {
    case.every("bomen", |row| row.unit = Some(note(text)));
}

fn source(case: &mut Case, text: &str) {
    case.every("bomen", |row| row.source.as_mut().unwrap().text = text.into());
}

/// A start value of a year that the overview does not know, and a change.
fn aims(case: &mut Case, start: &str, change: &str) {
    let result = result_of(case);
    result.startwaarde = start.into();
    result.startjaar = "2014".into();
    result.streefwaarde = change.into();
}

fn remark(case: &mut Case, text: &str) {
    case.every("bomen", |row| row.remark = Some(note(text)));
}

/// A remark that was written about a figure of an earlier edition.
fn renewed(case: &mut Case, text: &str) {
    remark(case, text);
    let texts = person_texts(&case.format, &case.analysis);
    let text = texts.iter().find(|text| text.key.starts_with("opmerking|")).unwrap();
    let mark =
        TextMark { key: text.key.clone(), seal: text_seal(&text.text), since: 1, noted: false, confirmed: false };
    let old = OldFigure {
        round: 1,
        code: "bomen".into(),
        field: "wijk".into(),
        value: number(40.0),
        period: "editie 2014".into(),
        source: "Bron".into(),
        area: "BU1".into(),
        unit: "%".into(),
    };
    case.analysis.history = History {
        editions: vec!["editie 2016".into()],
        figures: vec![old],
        marks: vec![mark],
        ..History::default()
    };
}

/// The name of the wijk on every tab, with the word of the format still above its column.
fn name(case: &mut Case, name: &str) {
    for tab in &mut case.analysis.pijlers {
        tab.wijk.as_mut().unwrap().text = name.into();
        tab.headings[0].1.text = "wijk".into();
    }
}

fn beside(case: &mut Case, area: &str, value: f64) {
    case.analysis.pijlers[1].headings[1].1.text = area.into();
    case.every("bomen", |row| {
        row.beside = Some(ValueCell {
            at: CellRef::new("Pijler Veilig", row.row, 5),
            value: number(value),
            ..row.wijk.clone()
        });
    });
}

fn without(case: &mut Case, area: usize) {
    set(&mut case.overview, area, "bomen", Figure::Missing(Missing::Unknown));
}

/// An edition before the one of the overview, in which every area has this figure.
fn earlier(case: &mut Case, value: f64) {
    let mut column = case.overview.columns[case.overview.column_index("bomen").unwrap()].clone();
    column.edition = "editie 2014".into();
    case.overview.columns.insert(0, column);
    case.overview.figures.iter_mut().for_each(|row| row.insert(0, Figure::known(value)));
}

fn question(case: &mut Case, required: bool) {
    case.format.questions = vec![QuestionDefinition {
        code: "analyse".into(),
        place: QuestionPlace::Domein,
        text: "Korte analyse?".into(),
        variants: vec![],
        links_to_factorenmodel: false,
        required,
    }];
    case.analysis.pijlers[0].blocks[0].questions = vec![Question {
        code: Some("analyse".into()),
        text: "Korte analyse?".into(),
        answer: TextCell { at: CellRef::new("Pijler Kansrijk", 30, 2), text: String::new() },
    }];
}

fn closing_factor(case: &mut Case, text: &str) {
    case.analysis.pijlers[0].closing[0].factoren.as_mut().unwrap().text = text.into();
}

fn link(case: &mut Case, alive: bool) {
    let at = CellRef::new("Pijler Veilig", 0, 1);
    case.analysis.links = vec![InternalLink { at, target: "'Pijler Oud'!A1".into(), alive }];
}

fn open_formulas(case: &mut Case, open: Vec<CellRef>) {
    case.analysis.since_filling = Some(SinceFilling { saved: open.is_empty(), open_formulas: open });
}

fn orange(case: &mut Case) -> &mut Conditional {
    let on = |rule: &&mut Conditional| rule.tab == "Pijler Veilig" && rule.ranges.starts_with('E');
    case.analysis.conditionals.iter_mut().find(on).unwrap()
}

fn result_of(case: &mut Case) -> &mut Resultaat {
    &mut case.analysis.resultaten[0]
}

fn activity_of(case: &mut Case) -> &mut Activiteit {
    &mut case.analysis.activiteiten[0]
}

fn agreed(case: &mut Case, made: &str, ready: &str) {
    case.analysis.afspraken = vec![Afspraak {
        row: 4,
        datum: made.into(),
        stap: "6".into(),
        afspraak: "Elke week bellen".into(),
        wanneer: ready.into(),
        ..Afspraak::default()
    }];
    case.format.texts.0.insert("lijst-stap".into(), "6 verbeteren".into());
}

fn apart(case: &mut Case, value: f64) {
    own_figure(case, "bomen", value);
    for (area, near) in [(1, 1.0), (2, 1.1), (3, 1.2), (4, 1.3)] {
        set(&mut case.overview, area, "bomen", Figure::known(near));
    }
}

fn together(case: &mut Case, value: f64) {
    own_figure(case, "bomen", value);
    let parts = vec!["bomen".into(), "contact".into()];
    case.format.control.sums = vec![Sum { whole: None, parts, kind: SumKind::Hooguit }];
}

/// The figures of the stad in the column of the wijk, from three rows on; the overview agrees with them.
fn copied(case: &mut Case, codes: &[&str]) {
    case.format.control.settings = vec![CheckSetting {
        line: 2,
        code: "cijfer-gelijk-aan-benchmark".into(),
        indicator: None,
        level: None,
        threshold: Some(3.0),
    }];
    for code in codes {
        let value = case.overview.figure(6, case.overview.column_index(code).unwrap()).value().unwrap();
        set(&mut case.overview, 0, code, Figure::known(value));
        case.every(code, |row| row.wijk.value = number(value));
    }
    case.analysis.resultaten.clear();
    case.analysis.activiteiten.clear();
    case.analysis.pijlers.truncate(1);
}

const WORKBOOKS: &[(&str, Change, Change)] = &[
    (
        "wijk-ontbreekt",
        |case| name(case, " "),
        |case| {
            case.analysis.pijlers[1].wijk.as_mut().unwrap().text = " ".into();
        },
    ),
    ("wijk-onbekend", |case| name(case, "Wijkk 1"), |case| name(case, "wijk-1")),
    (
        "wijk-dubbelzinnig",
        |case| {
            case.overview.areas[1].name = "Wijk 1".into();
            name(case, "Wijk 1");
        },
        |case| {
            case.overview.areas[1].name = "Wijk 1".into();
            name(case, "BU1");
        },
    ),
    (
        "wijk-is-geen-wijk",
        |case| name(case, "Stad"),
        |case| {
            name(case, "Noord");
            for code in ["bomen", "contact", "overlast", "werkloos", "verzuim", "diploma", "inkomen", "uren"] {
                let value = case.overview.figure(5, case.overview.column_index(code).unwrap()).value().unwrap();
                case.every(code, |row| row.wijk.value = number(value));
            }
            result_of(case).startwaarde = "36,0".into();
        },
    ),
    (
        "wijk-verschilt",
        |case| {
            case.analysis.pijlers[1].wijk.as_mut().unwrap().text = "Wijk 2".into();
            case.analysis.pijlers[1].headings[0].1.text = "Wijk 2".into();
        },
        |case| case.analysis.pijlers[1].wijk.as_mut().unwrap().text = "wijk-1".into(),
    ),
    (
        "kolomkop-wijk-verschilt",
        |case| case.analysis.pijlers[0].headings[0].1.text = "Wijk 3".into(),
        |case| case.analysis.pijlers[0].headings[0].1.text = "wijk".into(),
    ),
    ("cijfer-wijkt-af", |case| wijk(case, number(46.06)), |case| wijk(case, number(45.04))),
    ("benchmark-wijkt-af", |case| benchmark(case, 60.0), |case| benchmark(case, 65.04)),
    (
        "eenheid-wijkt-af",
        |case| case.overview.columns[0].unit = "per 1.000 inwoners".into(),
        |case| case.overview.columns[0].unit = "%".into(),
    ),
    (
        "richting-wijkt-af",
        |case| case.overview.columns[0].direction = "neutraal".into(),
        |case| case.overview.columns[0].direction = String::new(),
    ),
    (
        "benchmark-ander-jaar",
        |case| {
            year(case, "%, 2014, 18 t/m 22 jaar");
            wijk(case, number(1.0));
        },
        |case| year(case, "%, 2016, 18 t/m 22 jaar"),
    ),
    (
        "benchmark-ontbreekt",
        |case| case.every("bomen", |row| row.benchmark = None),
        |case| {
            case.every("bomen", |row| row.benchmark = None);
            without(case, 6);
        },
    ),
    ("naast-wijkt-af", |case| beside(case, "Wijk 2", 66.0), |case| beside(case, "vrij", 66.0)),
    (
        "jaar-wijkt-af",
        |case| {
            year(case, "%, 2014");
            wijk(case, number(1.0));
            benchmark(case, 2.0);
        },
        |case| year(case, "%, editie 2016"),
    ),
    ("jaar-ontbreekt", |case| year(case, "%"), |case| year(case, "%, peiljaar onbekend")),
    (
        "bron-ontbreekt",
        |case| source(case, ""),
        |case| {
            source(case, "");
            wijk(case, text("."));
            case.every("bomen", |row| row.benchmark = None);
            without(case, 0);
            without(case, 6);
        },
    ),
    (
        "bron-wijkt-af",
        |case| {
            source(case, "Schoolbestuur");
            wijk(case, number(46.0));
        },
        |case| source(case, "de bron van OBI"),
    ),
    (
        "cijfer-niet-ingevuld",
        |case| wijk(case, CellValue::Empty),
        |case| {
            wijk(case, CellValue::Empty);
            without(case, 0);
        },
    ),
    (
        "nul-voor-ontbrekend",
        |case| {
            wijk(case, number(0.0));
            without(case, 0);
        },
        |case| {
            wijk(case, number(0.0));
            set(&mut case.overview, 0, "bomen", Figure::Known { value: 0.0, mark: Mark::Nil });
        },
    ),
    (
        "cijfer-onmogelijk",
        |case| wijk(case, number(125.0)),
        |case| {
            wijk(case, number(100.0));
            set(&mut case.overview, 0, "bomen", Figure::known(100.0));
        },
    ),
    (
        "cijfer-als-fractie",
        |case| wijk(case, number(0.45)),
        |case| {
            wijk(case, number(0.45));
            set(&mut case.overview, 0, "bomen", Figure::known(0.45));
        },
    ),
    (
        "celopmaak-verschilt",
        |case| {
            case.highlighting = false;
            case.every("bomen", |row| {
                row.wijk.value = number(0.45);
                row.wijk.percent_format = true;
            });
        },
        |case| {
            case.highlighting = false;
            case.every("bomen", |row| {
                row.wijk.value = number(0.45);
                row.wijk.percent_format = true;
                let benchmark = row.benchmark.as_mut().unwrap();
                benchmark.value = number(0.65);
                benchmark.percent_format = true;
            });
        },
    ),
    ("cijfer-als-tekst", |case| wijk(case, text("45,0")), |case| wijk(case, number(45.0))),
    (
        "cijfer-dubbelzinnig",
        |case| wijk(case, text("1.234")),
        |case| {
            wijk(case, text("."));
            without(case, 0);
        },
    ),
    (
        "cijfer-onleesbaar",
        |case| wijk(case, text("circa 45")),
        |case| {
            wijk(case, text("x"));
            without(case, 0);
        },
    ),
    (
        "cijfer-excelfout",
        |case| wijk(case, CellValue::Error("#N/B".into())),
        |case| {
            case.every("bomen", |row| row.wijk.formula = true);
        },
    ),
    (
        "cijfer-verschilt-tussen-rijen",
        |case| {
            set(&mut case.overview, 0, "werkloos", Figure::Missing(Missing::Unknown));
            case.row("werkloos").wijk.value = number(26.0);
        },
        |case| case.row("werkloos").wijk.value = number(25.04),
    ),
    ("komma-verschoven", |case| wijk(case, number(4.5)), |case| wijk(case, number(45.0))),
    (
        "decimalen-weg",
        |case| {
            set(&mut case.overview, 0, "bomen", Figure::known(45.3));
            wijk(case, number(45.0));
        },
        |case| wijk(case, number(45.0)),
    ),
    (
        "cijfer-van-ander-jaar",
        |case| {
            earlier(case, 41.7);
            wijk(case, number(41.7));
        },
        |case| earlier(case, 45.0),
    ),
    ("cijfer-onwaarschijnlijk", |case| apart(case, 45.0), |case| apart(case, 1.5)),
    ("delen-tellen-niet-op", |case| together(case, 80.0), |case| together(case, 60.05)),
    (
        "cijfer-gelijk-aan-benchmark",
        |case| {
            copied(case, &["bomen", "contact", "overlast", "werkloos", "verzuim", "diploma", "inkomen", "uren"]);
        },
        |case| copied(case, &["diploma"]),
    ),
    (
        "naast-is-hetzelfde",
        |case| case.analysis.pijlers[1].headings[1].1.text = "Stad".into(),
        |case| case.analysis.pijlers[1].headings[1].1.text = "Noord".into(),
    ),
    (
        "kleine-groep",
        |case| {
            observed(case, [4.0, 5.0, 90.0, 90.0, 90.0, 400.0, 900.0, 9000.0]);
            crate::privacy::protect(&case.format, &mut case.overview);
        },
        |case| {
            observed(case, [4.0, 5.0, 90.0, 90.0, 90.0, 400.0, 900.0, 9000.0]);
            crate::privacy::protect(&case.format, &mut case.overview);
            wijk(case, text("x"));
            remark(case, "Hier wonen 46 gezinnen; in 2016 was het 65,0% in de stad.");
        },
    ),
    (
        "tekst-bij-oud-cijfer",
        |case| renewed(case, "Let op de bomen."),
        |case| {
            renewed(case, "Let op de bomen.");
            // The text was written anew since.
            remark(case, "Er zijn nu meer bomen.");
        },
    ),
    (
        "verschil-binnen-toeval",
        |case| {
            observed(case, [12.0; 8]);
            remark(case, "Veel minder dan de stad.");
        },
        |case| {
            observed(case, [1200.0; 8]);
            remark(case, "Veel minder dan de stad.");
        },
    ),
    (
        "indicator-niet-in-overzicht",
        |case| {
            let at = case.overview.column_index("bomen").unwrap();
            case.overview.columns[at].code = "anders".into();
        },
        |case| {
            without(case, 0);
            wijk(case, text("."));
        },
    ),
    (
        "overzicht-zonder-benchmark",
        |case| case.overview.areas[6].code = "GM2".into(),
        |case| case.overview.areas[6].name = "De stad".into(),
    ),
    ("vraag-open", |case| question(case, true), |case| question(case, false)),
    (
        "conclusie-leeg",
        |case| case.analysis.pijlers[0].closing[1].conclusion.as_mut().unwrap().text = "  ".into(),
        |case| case.analysis.pijlers[0].closing[1].conclusion.as_mut().unwrap().text = "Het gaat goed.".into(),
    ),
    (
        "factor-niet-in-factorenmodel",
        |case| closing_factor(case, "Armode (ranking 2)"),
        |case| closing_factor(case, "Wij denken dat armoede hier een grote rol speelt"),
    ),
    (
        "ranking-wijkt-af",
        |case| closing_factor(case, "Armoede (ranking 4)"),
        |case| closing_factor(case, "Armoede"),
    ),
    ("bsn-in-tekst", |case| remark(case, "Nummer 111222333."), |case| remark(case, "Er wonen 623.967 mensen.")),
    (
        "persoonsgegeven-in-tekst",
        |case| remark(case, "Mevrouw Voorbeeld belt 06-12345678."),
        |case| remark(case, "De jongerenwerker belt."),
    ),
    ("link-dood", |case| link(case, false), |case| link(case, true)),
    (
        "format-andere-versie",
        |case| case.analysis.format_version = Some("0.9.0".into()),
        |case| case.analysis.format_version = None,
    ),
    (
        "formule-niet-berekend",
        |case| open_formulas(case, vec![CellRef::new("Pijler Veilig", 11, 7)]),
        |case| open_formulas(case, vec![]),
    ),
    (
        "opmaak-ontbreekt",
        |case| {
            case.analysis.conditionals.retain(|rule| rule.tab != "Pijler Veilig" || !rule.ranges.starts_with('E'))
        },
        |case| {
            case.analysis.conditionals.clear();
            case.highlighting = false;
        },
    ),
    (
        "opmaak-fout",
        |case| orange(case).formula = rule_of('E', 10, 1),
        |case| {
            let rule = orange(case);
            rule.formula = rule.formula.to_lowercase().replace(',', ", ");
        },
    ),
    (
        "opmaak-verkeerde-rijen",
        |case| orange(case).ranges.push_str(" E40:E42"),
        |case| {
            let own = Conditional { ranges: "H40:H42".into(), formula: "H40>1".into(), ..orange(case).clone() };
            case.analysis.conditionals.push(own);
        },
    ),
    (
        "te-weinig-wijken",
        |case| case.format.opvallend.fewest_areas = 6,
        |case| case.format.opvallend.fewest_areas = 5,
    ),
    (
        "resultaat-niet-meetbaar",
        |case| result_of(case).streefjaar = String::new(),
        |case| result_of(case).streefjaar = "eind 2020".into(),
    ),
    (
        "resultaat-zonder-teken",
        |case| result_of(case).streefwaarde = "5".into(),
        |case| result_of(case).streefwaarde = "+5 procentpunten".into(),
    ),
    (
        "resultaat-tegen-richting",
        |case| result_of(case).streefwaarde = "-5".into(),
        |case| {
            let result = result_of(case);
            result.streefwaarde = "-5".into();
            result.indicatoren = "verzuim".into();
            result.startwaarde = "10,0".into();
        },
    ),
    ("resultaat-doel-onmogelijk", |case| aims(case, "98", "+5"), |case| aims(case, "95", "+5")),
    (
        "resultaat-negatief",
        |case| result_of(case).resultaat = "Minder jongeren zonder diploma".into(),
        |case| result_of(case).resultaat = "Meer jongeren met een diploma".into(),
    ),
    (
        "resultaat-indicator-onbekend",
        |case| result_of(case).indicatoren = "Indicator diplom".into(),
        |case| result_of(case).indicatoren = "diploma".into(),
    ),
    (
        "resultaat-meetwijze-onbekend",
        |case| {
            result_of(case).indicatoren = "Indicator diploma; Indicator contact".into();
            result_of(case).startwaarde = "15 / 40".into();
        },
        |case| result_of(case).meetwijze = String::new(),
    ),
    (
        "resultaat-startwaarden",
        |case| {
            result_of(case).indicatoren = "Indicator diploma; Indicator contact".into();
            result_of(case).meetwijze = "elk".into();
        },
        |case| {
            result_of(case).indicatoren = "Indicator diploma; Indicator contact".into();
            result_of(case).meetwijze = "combinatie".into();
        },
    ),
    (
        "resultaat-jaren-omgekeerd",
        |case| result_of(case).streefjaar = "2016".into(),
        |case| result_of(case).streefjaar = "2017".into(),
    ),
    (
        "resultaat-domein-onbekend",
        |case| result_of(case).domein = "Schol".into(),
        |case| result_of(case).domein = String::new(),
    ),
    (
        "resultaat-over-proces",
        |case| result_of(case).resultaat = "Betere samenwerking tussen partners".into(),
        |case| result_of(case).resultaat = "Meer ouders vinden hulp door betere samenwerking".into(),
    ),
    (
        "resultaat-startwaarde-wijkt-af",
        |case| result_of(case).startwaarde = "17,0".into(),
        |case| {
            result_of(case).startwaarde = "17,0".into();
            result_of(case).startjaar = "2014".into();
        },
    ),
    (
        "activiteit-zonder-resultaat",
        |case| activity_of(case).resultaat = String::new(),
        |case| activity_of(case).resultaat = "Resultaat 1".into(),
    ),
    (
        "activiteit-resultaat-onbekend",
        |case| activity_of(case).resultaat = "1 en 7".into(),
        |case| activity_of(case).resultaat = "1.".into(),
    ),
    (
        "keuze-onbekend",
        |case| activity_of(case).status = "klaar".into(),
        |case| activity_of(case).preventieniveau = "geindiceerd".into(),
    ),
    (
        "activiteit-omdat-het-er-is",
        |case| {
            let activity = activity_of(case);
            activity.nieuw = "bestaand".into();
            activity.resultaat.clear();
            activity.factor.clear();
        },
        |case| activity_of(case).nieuw = "bestaand".into(),
    ),
    (
        "activiteit-zonder-factor",
        |case| activity_of(case).factor.clear(),
        |case| activity_of(case).factor = "Armoede; Binding".into(),
    ),
    (
        "activiteit-zonder-trede",
        |case| activity_of(case).trede.clear(),
        |case| activity_of(case).trede = "Trede 0".into(),
    ),
    (
        "outcome-niet-gemeten",
        |case| activity_of(case).outcome.clear(),
        |case| activity_of(case).outcome = "tevredenheid".into(),
    ),
    (
        "afspraak-zonder-naam-of-datum",
        |case| activity_of(case).eerste_stap = "De school bellen".into(),
        |case| {
            activity_of(case).eerste_stap = "De school bellen, 1 mei 2027".into();
            activity_of(case).uitvoerder = "jongerenwerk".into();
        },
    ),
    (
        "zonder-activiteit",
        |case| {
            for phase in ["12-18 jaar", "18-23 jaar"] {
                case.analysis.activiteiten.push(Activiteit {
                    leeftijdsfase: phase.into(),
                    leefgebied: "wijk".into(),
                    preventieniveau: "universeel, geïndiceerd".into(),
                    ..activity()
                });
            }
            case.format.leeftijdsfasen.push("0-4 jaar".into());
        },
        |case| case.format.leeftijdsfasen.push("0-4 jaar".into()),
    ),
    (
        "datum-onleesbaar",
        |case| agreed(case, "12-03-2027", "na de zomer"),
        |case| {
            agreed(case, "12-03-2027", "1 september 2027");
        },
    ),
    (
        "datum-volgorde",
        |case| agreed(case, "12-03-2027", "1-2-2027"),
        |case| {
            agreed(case, "12-03-2027", "12-3-2027");
        },
    ),
];

type Source = fn(&mut Format, &mut Overview);

/// Numbers of people instead of percentages, of which the gebied has `total`.
fn counts(format: &mut Format, overview: &mut Overview, total: f64) {
    let at = overview.column_index("bomen").unwrap();
    overview.columns[at].unit = "aantal".into();
    let known = format.indicators.iter_mut().find(|indicator| indicator.code == "bomen").unwrap();
    known.unit = Unit { name: "aantal".into(), difference: String::new() };
    set(overview, 5, "bomen", Figure::known(total));
}

/// Fractions in the column of a percentage, but for what `first` says of the first wijk.
fn fractions(overview: &mut Overview, first: f64) {
    for code in ["BU6", "BU7"] {
        let like = overview.areas[0].clone();
        overview.areas.push(Area { code: code.into(), name: code.into(), ..like });
        overview.figures.push(overview.figures[0].clone());
    }
    for area in 0..overview.areas.len() {
        let at = overview.column_index("bomen").unwrap();
        let value = overview.figure(area, at).value().unwrap();
        set(overview, area, "bomen", Figure::known(value / 100.0));
    }
    set(overview, 0, "bomen", Figure::known(first));
}

fn one_apart(overview: &mut Overview, value: f64) {
    for (area, near) in [(0, value), (1, 1.0), (2, 1.1), (3, 1.2), (4, 1.3), (5, 1.3)] {
        set(overview, area, "bomen", Figure::known(near));
    }
}

const SOURCES: &[(&str, Source, Source)] = &[
    (
        "overzicht-cijfer-onmogelijk",
        |_, overview| set(overview, 0, "bomen", Figure::known(140.0)),
        |_, overview| set(overview, 0, "bomen", Figure::known(100.0)),
    ),
    (
        "overzicht-cijfer-onwaarschijnlijk",
        |_, overview| one_apart(overview, 45.0),
        |_, overview| one_apart(overview, 1.5),
    ),
    (
        "overzicht-delen-tellen-niet-op",
        |format, _| {
            let (whole, parts) = (Some("contact".into()), vec!["bomen".into()]);
            format.control.sums = vec![Sum { whole, parts, kind: SumKind::Hooguit }];
        },
        |format, _| {
            let (whole, parts) = (Some("bomen".into()), vec!["contact".into()]);
            format.control.sums = vec![Sum { whole, parts, kind: SumKind::Hooguit }];
        },
    ),
    (
        "gebied-buiten-wijken",
        |_, overview| set(overview, 5, "bomen", Figure::known(99.0)),
        |_, overview| {
            set(overview, 5, "bomen", Figure::known(99.0));
            set(overview, 1, "bomen", Figure::Missing(Missing::Unknown));
        },
    ),
    (
        "gebied-is-niet-de-som",
        |format, overview| counts(format, overview, 400.0),
        |format, overview| counts(format, overview, 325.0),
    ),
    ("kolom-als-fractie", |_, overview| fractions(overview, 0.45), |_, overview| fractions(overview, 1.45)),
];
