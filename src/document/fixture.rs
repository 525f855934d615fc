//! A made-up wijk for the tests of this station. Every name and figure is fictitious.

use super::{GeneralFigure, ReportInput};
use crate::model::*;

pub(super) struct Fixture {
    pub(super) format: Format,
    pub(super) analysis: Analysis,
    pub(super) comparison: Comparison,
    pub(super) general: Vec<GeneralFigure>,
}

impl Fixture {
    pub(super) fn input(&self) -> ReportInput<'_> {
        ReportInput {
            format: &self.format,
            analysis: &self.analysis,
            comparison: &self.comparison,
            general: &self.general,
            date: Some("2026-11-22"),
            workbook: "Verzonnenwijk.xlsx",
            findings: Some(2),
        }
    }
}

pub(super) const DOMEINEN: [(&str, &str, u32, &str); 5] = [
    ("Kansrijk", "Werk", 2, "Meer jeugdigen hebben werk."),
    ("Kansrijk", "Schoolprestaties", 1, "Meer jeugdigen halen hun diploma."),
    ("Kansrijk", "Meedoen aan sport, cultuur en vrijwilligerswerk", 3, "Meer jeugdigen doen mee."),
    ("Veilig", "Veilig thuis", 4, "Meer jeugdigen groeien op in een veilig thuis."),
    ("Gezond", "Gezond gedrag", 5, "Meer jeugdigen gedragen zich gezonder."),
];

/// Texts that only people write, each with characters that are dangerous in XML or easily lost.
pub(super) const PEOPLE: [&str; 12] = [
    "Eerste regel van de analyse werk.\nTweede regel: 3 < 4 & \"aan\" 'haling' > 2 😀",
    "Opmerking bij het eerste cijfer\tmet een tab",
    "De scholen <b>herkennen</b> het beeld & vullen aan.",
    "Collega ziet hetzelfde in een andere wijk.",
    "Pijler Kansrijk als geheel: wisselend beeld.",
    "Opvoedingsvaardigheden komt in drie domeinen terug.",
    "Het totaalbeeld is verzonnen.",
    "De conclusie over alle pijlers is ook verzonnen.",
    "Conclusie werk uit de slottabel.",
    "Andere conclusie op de samenvatting.",
    "Gevraagd: cijfers over stages.",
    "Een antwoord op een vraag die het format niet kent.",
];

fn text_cell(text: &str) -> TextCell {
    TextCell { at: CellRef::new("Pijler Kansrijk", 0, 0), text: text.to_owned() }
}

fn question(code: Option<&str>, text: &str, answer: &str) -> Question {
    Question { code: code.map(str::to_owned), text: text.to_owned(), answer: text_cell(answer) }
}

fn value(number: f64) -> ValueCell {
    ValueCell {
        at: CellRef::new("Pijler Kansrijk", 6, 4),
        value: CellValue::Number(number),
        percent_format: false,
        formula: false,
    }
}

pub(super) fn format() -> Format {
    Format {
        version: "1.0.0".to_owned(),
        versions: Versions::default(),
        name: "Verzonnen format".to_owned(),
        doelgroep: "jeugdigen van 0 tot en met 22 jaar".to_owned(),
        benchmark: ("GM0599".to_owned(), "Rotterdam".to_owned()),
        second_benchmark: ("NL".to_owned(), "Nederland".to_owned()),
        opvallend: Opvallend { count: 5, fewest_areas: 5, gebied_threshold: 1.0, cumulation: 4 },
        highlight_colour: "FFC000".to_owned(),
        second_mark: true,
        pijlers: ["Kansrijk", "Veilig", "Gezond"]
            .into_iter()
            .zip(["Kansrijk opgroeien", "Groei van veiligheid", "Groei van gezondheid"])
            .map(|(name, heading)| Pijler {
                id: id_of_name(name),
                name: name.to_owned(),
                heading: heading.to_owned(),
                tab: format!("Pijler {name}"),
                colour: "1F4E4A".to_owned(),
            })
            .collect(),
        domeinen: DOMEINEN
            .into_iter()
            .map(|(pijler, name, order, ambitie)| Domein {
                id: id_of_name(name),
                name: name.to_owned(),
                variants: Vec::new(),
                pijler: pijler.to_owned(),
                factorenmodel_tab: format!("FM {name}").chars().take(31).collect(),
                factorenmodel_variants: Vec::new(),
                ambitie_order: order,
                ambitie: ambitie.to_owned(),
            })
            .collect(),
        indicators: Vec::new(),
        factoren: Vec::new(),
        ranking: Vec::new(),
        questions: Vec::new(),
        headings: Vec::new(),
        tabs: Vec::new(),
        wanted: vec![Wanted {
            domein: "Werk".to_owned(),
            figure: "Jeugdwerkloosheid per leeftijd".to_owned(),
            holder: "UWV".to_owned(),
        }],
        leeftijdsfasen: Vec::new(),
        leefgebieden: Vec::new(),
        preventieniveaus: Vec::new(),
        partners: Vec::new(),
        effectladder: vec![Trede {
            rung: 3,
            question: "Is de interventie doeltreffend?".to_owned(),
            recognition: "Effectief volgens eerste aanwijzingen".to_owned(),
        }],
        databanken: Vec::new(),
        outcome_indicators: Vec::new(),
        change_log: Vec::new(),
        control: crate::model::Control::default(),
        texts: Texts(
            [
                ("kernvraag-1", "Herkennen we dit?"),
                ("kernvraag-2", "Wat vinden we ervan?"),
                ("kernvraag-3", "Hoe verklaren we het?"),
                ("kernvraag-4", "Wat gaan we anders doen?"),
                ("wie", "jeugdigen"),
                ("over-wie", "jeugdigen of gezinnen"),
                (
                    "domein-zonder-direct",
                    "Geen cijfer van dit domein zelf gaat direct over jeugdigen of gezinnen.",
                ),
                ("lijst-leeftijdsgroepen", "0 tot 12 jaar | 12 tot en met 22 jaar"),
                ("algemeen-leeftijdsgroepen", "Deze aantallen zijn verzonnen noch bekend."),
            ]
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .into(),
        ),
    }
}

pub(super) fn figure(code: &str, wijk: Figure, benchmark: f64, judgement: Judgement) -> FigureComparison {
    let difference = wijk.value().map(|wijk| wijk - benchmark);
    FigureComparison {
        code: code.to_owned(),
        name: format!("Verzonnen cijfer {code}"),
        factoren: vec!["Opvoedingsvaardigheden".to_owned()],
        own: true,
        unit: Unit { name: "%".to_owned(), difference: "procentpunt".to_owned() },
        decimals: 1,
        direction: Direction::LowerIsBetter,
        doelgroep: "18 t/m 22 jaar".to_owned(),
        kind: Kind::Direct,
        period: "editie 2016, peiljaar onbekend".to_owned(),
        source: "Verzonnen bron".to_owned(),
        method: "registratie".to_owned(),
        estimate: false,
        wijk,
        benchmark: Figure::known(benchmark),
        gebied: Some(Figure::known(benchmark + 1.0)),
        land: None,
        beside: None,
        relative: match wijk {
            Figure::Missing(missing) => Relative::NotComparable(Incomparable::NoFigure(missing)),
            Figure::Known { value, .. } if value > benchmark => Relative::Higher,
            Figure::Known { .. } => Relative::Lower,
        },
        judgement: wijk.value().map(|_| judgement),
        difference,
        distance: difference.map(|difference| difference / 4.0),
        wijken: Some(WijkRange { lowest: 1.0, highest: 25.0, spread: 4.0 }),
        place: wijk.value().map(|_| (3, 70)),
        from_gebied: None,
        beyond_chance: None,
        interval: None,
        trend: None,
        opvallend: None,
        remark: String::new(),
        at: None,
    }
}

pub(super) fn comparison() -> Comparison {
    let domeinen = DOMEINEN
        .into_iter()
        .enumerate()
        .map(|(at, (pijler, domein, ..))| {
            let shift = f64::from(u8::try_from(at).unwrap());
            let missing = [
                Missing::Unknown,
                Missing::Secret,
                Missing::CannotOccur,
                Missing::NotSupplied,
                Missing::OtherDivision,
            ];
            let mut worse = figure(&format!("{at}-a"), Figure::known(12.34 + shift), 9.1, Judgement::Ongunstiger);
            worse.opvallend = Some(Opvallendheid { by_advisor: at == 0, by_distance: Some(1) });
            worse.beyond_chance = Some(true);
            let mut better = figure(&format!("{at}-b"), Figure::known(5.5 + shift), 15.0, Judgement::Gunstiger);
            better.opvallend = Some(Opvallendheid { by_advisor: false, by_distance: Some(2) });
            better.estimate = true;
            better.beyond_chance = Some(true);
            let absent = figure(&format!("{at}-c"), Figure::Missing(missing[at]), 3.0, Judgement::Gelijk);
            DomeinComparison {
                pijler: pijler.to_owned(),
                domein: domein.to_owned(),
                opvallend: vec![worse.code.clone(), better.code.clone()],
                figures: vec![worse, better, absent],
                missing: (1, 3),
                has_direct: at != 3,
            }
        })
        .collect();
    let factor = |name: &str, rank, domeinen: &[&str], codes: &[&str]| FactorReturn {
        name: name.to_owned(),
        rank,
        kinds: vec![FactorKind::Risico],
        domeinen: domeinen.iter().map(|name| (*name).to_owned()).collect(),
        leefgebieden: vec!["ouders/gezin".to_owned()],
        leeftijdsfasen: vec!["adolescentie".to_owned(), "basisschoolleeftijd".to_owned()],
        unfavourable: domeinen
            .iter()
            .zip(codes)
            .map(|(domein, code)| ((*domein).to_owned(), (*code).to_owned()))
            .collect(),
        favourable: Vec::new(),
    };
    Comparison {
        wijk: ("Verzonnenwijk".to_owned(), "BU00000001".to_owned()),
        area_level: AreaLevel::Wijk,
        benchmark: "Rotterdam".to_owned(),
        second_benchmark: "Nederland".to_owned(),
        beside: None,
        edition: "Verzonnen editie 2016".to_owned(),
        domeinen,
        factoren: vec![
            factor("Opvoedingsvaardigheden", Some(2), &["Werk", "Veilig thuis"], &["0-a", "3-a"]),
            factor("Verveling", None, &["Werk"], &["0-a"]),
        ],
        strengths: vec![factor("Sociale steun", Some(4), &[], &[])],
        risk_factors: 2,
        cumulation: false,
        level: LevelEvidence {
            gebied: "Verzonnengebied".to_owned(),
            compared: 10,
            differing: 1,
            only_gebied: 0,
            sentence: "Van de 10 cijfers wijkt er 1 veel af van Verzonnengebied.".to_owned(),
        },
        rule: vec!["Opvallend is wat het verst weg ligt.".to_owned(), "Factoren staan op volgorde.".to_owned()],
        worsening: Vec::new(),
        worsening_rule: String::new(),
        results: Vec::new(),
        missing: (5, 15),
    }
}

pub(super) fn empty() -> Fixture {
    Fixture {
        format: format(),
        analysis: Analysis { file: "Verzonnenwijk.xlsx".to_owned(), ..Analysis::default() },
        comparison: comparison(),
        general: Vec::new(),
    }
}

pub(super) fn full() -> Fixture {
    let mut fixture = empty();
    fixture.general = vec![GeneralFigure {
        name: "Aantal inwoners".to_owned(),
        figure: "1.234".to_owned(),
        period: "editie 2016".to_owned(),
        source: "Verzonnen bron".to_owned(),
    }];
    let row = IndicatorRow {
        row: 6,
        code: Some("0-a".to_owned()),
        name: "Verzonnen cijfer 0-a".to_owned(),
        factor: None,
        unit: None,
        source: None,
        wijk: value(12.34),
        beside: None,
        benchmark: None,
        remark: Some(text_cell(PEOPLE[1])),
        retyped: false,
    };
    let closing = ClosingRow {
        domein: "Werk".to_owned(),
        figures: Some(text_cell("opvallend uit slottabel")),
        factoren: Some(text_cell("factor uit slottabel (2)")),
        leeftijdsfase: None,
        leefgebied: None,
        conclusion: Some(text_cell(PEOPLE[8])),
        ..ClosingRow::default()
    };
    let mut summary_row = closing.clone();
    summary_row.conclusion = Some(text_cell(PEOPLE[9]));
    fixture.analysis.pijlers = vec![PijlerTab {
        pijler: "Kansrijk".to_owned(),
        tab: "Pijler Kansrijk".to_owned(),
        wijk: Some(text_cell("Verzonnenwijk")),
        adviseur: Some(text_cell("A. de Verzonnene & zonen")),
        version: Some(text_cell("0.3 concept")),
        date: None,
        headings: Vec::new(),
        columns: Vec::new(),
        blocks: vec![DomeinBlock {
            domein: "Werk".to_owned(),
            row: 5,
            indicators: vec![row],
            questions: vec![
                question(Some("analyse"), "Korte analyse van het domein", PEOPLE[0]),
                question(Some("partners"), "Wat zeggen partners?", PEOPLE[2]),
                question(Some("collega"), "Wat zegt een collega?", PEOPLE[3]),
                question(Some("ontbrekend"), "Welke cijfers ontbreken?", PEOPLE[10]),
                question(None, "Een eigen vraag", PEOPLE[11]),
                question(Some("herkomst"), "Waar komen de cijfers vandaan?", "   "),
            ],
        }],
        questions: vec![question(Some("pijler-analyse"), "Analyse van de pijler", PEOPLE[4])],
        closing: vec![closing],
    }];
    fixture.analysis.summary = Some(SummaryTab {
        tab: "Samenvatting".to_owned(),
        closing: vec![summary_row],
        questions: vec![
            question(Some("gedeelde-factoren"), "Welke factoren komen vaker voor?", PEOPLE[5]),
            question(Some("totaalbeeld"), "Totaalbeeld", PEOPLE[6]),
            question(Some("conclusie"), "Conclusie", PEOPLE[7]),
        ],
    });
    fixture.analysis.resultaten = vec![Resultaat {
        nummer: "1".to_owned(),
        pijler: "Kansrijk".to_owned(),
        domein: "Werk".to_owned(),
        ambitie: "Meer jeugdigen hebben werk.".to_owned(),
        resultaat: "In 2028 heeft 65% van de jongeren een bijbaan.".to_owned(),
        indicatoren: "Jongeren met een bijbaan".to_owned(),
        startwaarde: "60%".to_owned(),
        startjaar: "2024".to_owned(),
        streefwaarde: "+5".to_owned(),
        streefjaar: "2028".to_owned(),
        meetwijze: "elk".to_owned(),
        onderbouwing: "Onderbouwing van het resultaat.".to_owned(),
        inbreng: "Partners wilden dit het liefst.".to_owned(),
        ..Resultaat::default()
    }];
    fixture.analysis.matrix = vec![Matrixregel {
        pijler: "Kansrijk".to_owned(),
        resultaat: "1".to_owned(),
        universeel: "Banenmarkt".to_owned(),
        indicator: "Bijbaan".to_owned(),
        ..Matrixregel::default()
    }];
    let activity = |name: &str, when: &str, status: &str| Activiteit {
        activiteit: name.to_owned(),
        resultaat: "1".to_owned(),
        factor: "Opvoedingsvaardigheden".to_owned(),
        trede: "3".to_owned(),
        uitvoerder: "Jongerenwerk".to_owned(),
        doelgroep: "Jongeren van 16 jaar".to_owned(),
        kwaliteitsafspraak: format!("Kwaliteit van {name}"),
        outcome: format!("Outcome van {name}"),
        verbeteractie: format!("Verbeter {name}"),
        wanneer: when.to_owned(),
        status: status.to_owned(),
        ..Activiteit::default()
    };
    fixture.analysis.activiteiten = vec![
        Activiteit { row: 1, ..activity("Banenmarkt", "1-9-2026", "bezig") },
        Activiteit { row: 2, ..activity("Huiswerkklas", "2026-03-15", "open") },
        Activiteit { row: 3, resultaat: String::new(), ..activity("Oude cursus", "2025", "gestopt") },
    ];
    fixture
}
