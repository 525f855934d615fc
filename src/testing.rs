//! A small format, overview and workbook for tests. The figures are made up; no real wijk is meant.

use crate::finding::Finding;
use crate::model::*;

pub(crate) fn percent() -> Unit {
    Unit { name: "%".into(), difference: "procentpunt".into() }
}

pub(crate) fn indicator(code: &str, domein: Option<&str>, factoren: &[&str], direction: Direction) -> Indicator {
    Indicator {
        code: code.into(),
        name: format!("Indicator {code}"),
        variants: vec![],
        definition: "Wat er gemeten is".into(),
        domein: domein.map(Into::into),
        factoren: factoren.iter().map(|f| (*f).to_owned()).collect(),
        unit: percent(),
        decimals: 1,
        direction,
        doelgroep: "18 t/m 22 jaar".into(),
        kind: Kind::Direct,
        edition: "editie 2016".into(),
        year: "onbekend".into(),
        source: "Bron".into(),
        method: "enquête".into(),
        renewal: "tweejaarlijks".into(),
        estimate: false,
    }
}

pub(crate) fn factor(domein: &str, name: &str, kind: FactorKind) -> Factor {
    Factor {
        id: id_of_name(name),
        domein: domein.into(),
        name: name.into(),
        kind,
        leefgebieden: vec!["school".into()],
        leeftijdsfasen: vec!["12-18 jaar".into()],
        explanation: "Uitleg.".into(),
        source: "voorbeeld".into(),
    }
}

/// Two pijlers, three domeinen, eight indicators, four factors.
pub(crate) fn format() -> Format {
    use Direction::{HigherIsBetter as Up, LowerIsBetter as Down, Neutral};
    let domein = |name: &str, pijler: &str, order| Domein {
        id: id_of_name(name),
        name: name.into(),
        variants: vec![],
        pijler: pijler.into(),
        factorenmodel_tab: format!("Factorenmodel {name}"),
        factorenmodel_variants: vec![],
        ambitie_order: order,
        ambitie: format!("Ambitie {name}"),
    };
    let pijler = |name: &str| Pijler {
        id: id_of_name(name),
        name: name.into(),
        heading: name.into(),
        tab: format!("Pijler {name}"),
        colour: "336699".into(),
    };
    Format {
        version: "1.0.0".into(),
        versions: Versions::default(),
        name: "Proefformat".into(),
        doelgroep: "jeugd".into(),
        benchmark: ("GM1".into(), "Stad".into()),
        second_benchmark: ("NL".into(), "Nederland".into()),
        opvallend: Opvallend { count: 2, fewest_areas: 3, gebied_threshold: 1.0, cumulation: 2 },
        highlight_colour: "FFC000".into(),
        second_mark: true,
        pijlers: vec![pijler("Kansrijk"), pijler("Veilig")],
        domeinen: vec![
            domein("School", "Kansrijk", 1),
            domein("Werk", "Kansrijk", 2),
            domein("Straat", "Veilig", 3),
        ],
        indicators: vec![
            indicator("verzuim", Some("School"), &["Armoede"], Down),
            indicator("diploma", Some("School"), &["Binding"], Up),
            indicator("inkomen", None, &["Armoede"], Up),
            indicator("werkloos", Some("Werk"), &["Armoede", "Ruzie"], Down),
            indicator("uren", Some("Werk"), &[], Neutral),
            indicator("overlast", Some("Straat"), &["Ruzie"], Down),
            indicator("contact", Some("Straat"), &["Binding"], Up),
            indicator("bomen", Some("Straat"), &[], Neutral),
        ],
        factoren: vec![
            factor("School", "Armoede", FactorKind::Risico),
            factor("School", "Binding", FactorKind::Beschermend),
            factor("Werk", "Armoede", FactorKind::Risico),
            factor("Werk", "Ruzie", FactorKind::Risico),
            factor("Straat", "Ruzie", FactorKind::Risico),
            factor("Straat", "Binding", FactorKind::Beschermend),
        ],
        ranking: vec![
            RankedFactor { name: "Ruzie".into(), rank: 1 },
            RankedFactor { name: "Armoede".into(), rank: 2 },
        ],
        questions: vec![],
        headings: vec![],
        tabs: vec![],
        wanted: vec![],
        leeftijdsfasen: vec!["12-18 jaar".into(), "18-23 jaar".into()],
        leefgebieden: vec!["school".into(), "wijk".into()],
        preventieniveaus: vec!["universeel".into(), "selectief".into(), "geïndiceerd".into()],
        partners: vec![],
        effectladder: vec![Trede { rung: 0, question: "?".into(), recognition: String::new() }],
        databanken: vec![],
        outcome_indicators: vec![],
        change_log: vec![],
        texts: Texts::default(),
        control: Control::default(),
    }
}

pub(crate) fn column(indicator: &Indicator) -> Column {
    Column {
        code: indicator.code.clone(),
        name: indicator.name.clone(),
        definition: indicator.definition.clone(),
        pijler: String::new(),
        domein: indicator.domein.clone().unwrap_or_default(),
        factoren: indicator.factoren.clone(),
        unit: indicator.unit.name.clone(),
        decimals: indicator.decimals,
        direction: indicator.direction.words().into(),
        doelgroep: indicator.doelgroep.clone(),
        kind: indicator.kind.word().into(),
        edition: indicator.edition.clone(),
        year: indicator.year.clone(),
        source: indicator.source.clone(),
        method: indicator.method.clone(),
        renewal: indicator.renewal.clone(),
    }
}

/// Five wijken (index 0 to 4) in gebied Noord (index 5), the stad (6) and the land (7).
///
/// The wijken's figures of every indicator are 10, 20, 30, 40 and 50 plus ten times the indicator's place, so the
/// spread is always the same (14.14); the stad has 30 plus that, the gebied 31, the land 29.
pub(crate) fn overview() -> Overview {
    let format = format();
    let area = |code: &str, name: &str, level, parent: Option<&str>| Area {
        code: code.into(),
        name: name.into(),
        level,
        parent: parent.map(Into::into),
        aliases: vec![],
    };
    let mut areas: Vec<Area> =
        (1..=5).map(|n| area(&format!("BU{n}"), &format!("Wijk {n}"), AreaLevel::Wijk, Some("WK1"))).collect();
    areas.push(area("WK1", "Noord", AreaLevel::Gebied, Some("GM1")));
    areas.push(area("GM1", "Stad", AreaLevel::Stad, Some("NL")));
    areas.push(area("NL", "Nederland", AreaLevel::Land, None));
    let base = [10.0, 20.0, 30.0, 40.0, 50.0, 31.0, 30.0, 29.0];
    let places = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    Overview {
        edition: "Proef 2016".into(),
        areas: areas.into(),
        columns: format.indicators.iter().map(column).collect(),
        figures: base
            .iter()
            .map(|base| places.iter().map(|place| Figure::known(base + 5.0 * place)).collect())
            .collect(),
        ..Overview::default()
    }
}

/// Sets one figure of the overview.
pub(crate) fn set(overview: &mut Overview, area: usize, code: &str, figure: Figure) {
    let column = overview.column_index(code).unwrap();
    overview.figures[area][column] = figure;
}

/// The workbook of `Wijk 1`, filled from the overview: every block as the format places it, from row 8 on.
pub(crate) fn analysis() -> Analysis {
    let (format, overview) = (format(), overview());
    let text = |at: CellRef, text: &str| TextCell { at, text: text.into() };
    let mut pijlers = Vec::new();
    for pijler in &format.pijlers {
        let tab = pijler.tab.as_str();
        let at = |row, col| CellRef::new(tab, row, col);
        let cell = |row, col, value| ValueCell {
            at: at(row, col),
            value: CellValue::Number(value),
            percent_format: false,
            formula: false,
        };
        let mut row = 7;
        let mut blocks = Vec::new();
        for domein in format.domeinen_of(&pijler.name) {
            let mut block =
                DomeinBlock { domein: domein.name.clone(), row, indicators: vec![], questions: vec![] };
            row += 2;
            for (factor, indicators) in format.placement(&domein.name) {
                for indicator in indicators {
                    let column = overview.column_index(&indicator.code).unwrap();
                    block.indicators.push(IndicatorRow {
                        row,
                        code: Some(indicator.code.clone()),
                        name: indicator.name.clone(),
                        factor: factor.map(|factor| factor.name.clone()),
                        unit: Some(text(at(row, 2), "%, editie 2016, 18 t/m 22 jaar, direct")),
                        source: Some(text(at(row, 3), "Bron")),
                        wijk: cell(row, 4, overview.figure(0, column).value().unwrap()),
                        beside: None,
                        benchmark: Some(cell(row, 6, overview.figure(6, column).value().unwrap())),
                        remark: None,
                        retyped: false,
                    });
                    row += 1;
                }
            }
            row += 3;
            blocks.push(block);
        }
        let closing = format
            .domeinen_of(&pijler.name)
            .map(|domein| {
                row += 1;
                ClosingRow {
                    domein: domein.name.clone(),
                    figures: Some(text(at(row, 1), "cijfers")),
                    factoren: Some(text(
                        at(row, 2),
                        if domein.name == "Straat" { "Ruzie" } else { "Armoede (ranking 2)" },
                    )),
                    leeftijdsfase: Some(text(at(row, 3), "12-18 jaar")),
                    leefgebied: Some(text(at(row, 4), "school")),
                    conclusion: Some(text(at(row, 5), "Onze conclusie.")),
                    ..ClosingRow::default()
                }
            })
            .collect();
        pijlers.push(PijlerTab {
            pijler: pijler.name.clone(),
            tab: tab.to_owned(),
            wijk: Some(text(at(1, 2), "Wijk 1")),
            adviseur: Some(text(at(2, 2), "A. Adviseur")),
            version: Some(text(at(3, 2), "1")),
            date: Some(text(at(4, 2), "2026-01-05")),
            headings: vec![
                ("wijk".into(), text(at(8, 4), "Wijk 1")),
                ("naast".into(), text(at(8, 5), "vrij")),
                ("benchmark".into(), text(at(8, 6), "Stad")),
            ],
            columns: ["nummer", "indicator", "eenheid", "bron", "wijk", "naast", "benchmark", "opmerking", "code"]
                .iter()
                .zip(0..)
                .map(|(field, col)| ((*field).to_owned(), col))
                .collect(),
            blocks,
            questions: vec![],
            closing,
        });
    }
    Analysis { file: "proef.xlsx".into(), format_version: Some("1.0.0".into()), pijlers, ..Analysis::default() }
}

/// The rows of one indicator, to be changed by a test.
pub(crate) fn rows<'a>(analysis: &'a mut Analysis, code: &'a str) -> impl Iterator<Item = &'a mut IndicatorRow> {
    analysis
        .pijlers
        .iter_mut()
        .flat_map(|tab| &mut tab.blocks)
        .flat_map(|block| &mut block.indicators)
        .filter(move |row| row.code.as_deref() == Some(code))
}

/// A text cell somewhere.
pub(crate) fn note(text: &str) -> TextCell {
    TextCell { at: CellRef::new("Pijler Kansrijk", 9, 7), text: text.into() }
}

/// An overview without figures in which a gebied and a wijk bear the same name.
pub(crate) fn namesakes() -> Overview {
    let area = |code: &str, name: &str, level| Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: None,
        aliases: Vec::new(),
    };
    Overview {
        areas: vec![
            area("GM1", "Stad", AreaLevel::Stad),
            area("WK1", "Delfshaven", AreaLevel::Gebied),
            area("BU1", "Delfshaven", AreaLevel::Wijk),
            area("WK2", "Charlois", AreaLevel::Gebied),
        ]
        .into(),
        ..Overview::default()
    }
}

/// What a fixture of a code gave: findings that must have that code and no other, and none at all.
pub(crate) struct Tried {
    /// The code.
    pub(crate) code: &'static str,
    /// Findings about what is wrong.
    pub(crate) fires: Vec<Finding>,
    /// Findings about what looks like it and is not wrong.
    pub(crate) quiet: Vec<Finding>,
}

impl Tried {
    pub(crate) fn new(code: &'static str, fires: Vec<Finding>, quiet: Vec<Finding>) -> Self {
        Tried { code, fires, quiet }
    }
}
