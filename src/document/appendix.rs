//! The appendix of the report: all figures, what is missing, and how the lists were made.

use super::ReportInput;
use super::content::{Cell, Part, Style, block, data, heading, slug, text, written};
use super::interpretation::{comes_back, figure_names};
use super::state::{DIFFERENCE, difference_cell, figure_cell, name_width, other_cell, wijk_cell};
use super::texts::domein_answers;
use super::words::{chance, judgement, kind, wijk_figure};
use crate::model::words::{count, list, number};
use crate::model::{DomeinComparison, Figure, FigureComparison};

/// The appendix, on lying pages.
pub(super) fn parts(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts = vec![heading(1, "Bijlage"), heading(2, "A. Alle cijfers per domein")];
    parts.push(block("bijlage:leeswijzer", "Over de tabellen", about(input)));
    for domein in &input.comparison.domeinen {
        parts.push(heading(3, format!("Domein {}", domein.domein)));
        parts.push(block(
            format!("bijlage:{}:cijfers", slug(&domein.domein)),
            format!("Alle cijfers {}", domein.domein),
            all_figures(input, domein),
        ));
        parts.extend(answers(input, &domein.domein, "herkomst"));
    }
    let shared = through_factoren(input);
    if !shared.is_empty() {
        parts.push(heading(3, "Factoren en hun cijfers"));
        parts.push(block("bijlage:factoren", "Factoren en hun cijfers", shared));
    }
    parts.push(heading(2, "B. Cijfers die ontbreken"));
    parts.push(block("bijlage:ontbreekt", "Cijfers die ontbreken", missing(input)));
    for domein in &input.format.domeinen {
        parts.extend(answers(input, &domein.name, "ontbrekend"));
    }
    parts.push(heading(2, "C. Hoe ‘opvallend’ en de volgorde van factoren zijn bepaald"));
    parts.push(block("bijlage:regel", "Hoe de lijsten zijn gemaakt", rules(input)));
    parts
}

fn answers(input: &ReportInput<'_>, domein: &str, code: &str) -> Vec<Part> {
    domein_answers(input.analysis, domein, code)
        .into_iter()
        .enumerate()
        .flat_map(|(number, question)| {
            written(
                format!("d:{}:{code}:{}", slug(domein), number + 1),
                &format!("{domein}: {}", question.text),
                Style::Adviser,
                &question.answer.text,
            )
        })
        .collect()
}

/// The domein in whose table a figure stands: its own, or else the first in which it comes up through a factor. A
/// figure that comes up in nine domeinen would otherwise be printed nine times.
fn home<'a>(input: &ReportInput<'a>, code: &str) -> &'a str {
    let of = |domein: &&DomeinComparison| domein.figure(code).is_some_and(|figure| figure.own);
    let domeinen = &input.comparison.domeinen;
    domeinen
        .iter()
        .find(of)
        .or_else(|| domeinen.iter().find(|domein| domein.figure(code).is_some()))
        .map_or("", |domein| domein.domein.as_str())
}

fn all_figures(input: &ReportInput<'_>, domein: &DomeinComparison) -> Vec<Part> {
    let comparison = input.comparison;
    if domein.figures.is_empty() {
        return vec![text(Style::Figures, "Het format heeft geen cijfers voor dit domein.")];
    }
    let gebied = comparison.level.gebied.as_str();
    // A gebied often bears the name of a wijk; the word keeps the two columns apart.
    let gebied = if gebied == input.wijk() || gebied == input.benchmark() {
        format!("Gebied {gebied}")
    } else {
        gebied.to_owned()
    };
    let here: Vec<&FigureComparison> =
        domein.figures.iter().filter(|figure| home(input, &figure.code) == domein.domein).collect();
    let mut parts = Vec::new();
    if let (missing @ 1.., all) = domein.missing {
        parts.push(text(
            Style::ListRule,
            format!("Cijfers van {} die ontbreken: {missing} van {all}.", input.wijk()),
        ));
    }
    if here.is_empty() {
        parts.push(text(
            Style::Figures,
            "Dit domein heeft geen eigen cijfers. Welke cijfers er via een factor bij horen, staat bij ‘Factoren en hun \
             cijfers’.",
        ));
        return parts;
    }
    let land = here.iter().any(|figure| figure.land.as_ref().is_some_and(|land| land.value().is_some()));
    let width = |name: &str| name_width(name).min(1300);
    // Where a figure is missing the reason stands under it, in longer words.
    let missing = here.iter().any(|figure| figure.wijk.value().is_none());
    let own = width(input.wijk()).max(if missing { 1400 } else { 0 });
    let mut columns = vec![("Cijfer", 0), (input.wijk(), own)];
    if let Some(beside) = &comparison.beside {
        columns.push((beside, width(beside)));
    }
    // A small municipality has no gebieden, and then no column for them.
    if has_gebied(input) {
        columns.push((&gebied, width(&gebied)));
    }
    columns.push((input.benchmark(), width(input.benchmark())));
    if land {
        columns.push((&comparison.second_benchmark, width(&comparison.second_benchmark)));
    }
    columns.extend([("Verschil", DIFFERENCE), ("Betekenis", 1350), ("Doelgroep en soort", 1350)]);
    // Other areas beside the wijk take their room from the last columns, so that the names stay readable.
    let (source, method) = match usize::from(comparison.beside.is_some()) + usize::from(land) {
        0 => (2300, 1900),
        // 'Gezondheidsmonitor' must stand on one line.
        1 => (2000, 1700),
        _ => (1600, 1700),
    };
    columns.extend([("Jaar en bron", source), ("Hoe gemeten", method)]);
    let taken: usize = columns.iter().map(|(_, width)| width).sum();
    if let Some((_, name)) = columns.first_mut() {
        *name = 14_570usize.saturating_sub(taken).max(1200);
    }
    parts.push(data(&columns, here.into_iter().map(|figure| figure_row(input, figure, land)).collect()));
    parts
}

/// What holds for all tables of figures, said once.
fn about(input: &ReportInput<'_>) -> Vec<Part> {
    let (wijk, benchmark) = (input.wijk(), input.benchmark());
    vec![text(
        Style::ListRule,
        format!(
            "Elk cijfer staat één keer: bij het domein waarvan het een eigen cijfer is. Verschil: {wijk} min {benchmark}, \
             na afronding. Plaats 1 is het hoogste cijfer van alle wijken. De kolom {} staat er alleen als er cijfers \
             van zijn.",
            input.comparison.second_benchmark
        ),
    )]
}

/// Per factor the domeinen it belongs to and the figures that say something about it, with their meaning: which figures
/// belong to a domein through a factor. Domeinen in which other figures belong to the same factor have their own row.
fn through_factoren(input: &ReportInput<'_>) -> Vec<Part> {
    let mut factoren: Vec<(&str, Vec<&FigureComparison>, Vec<&str>)> = Vec::new();
    for domein in &input.comparison.domeinen {
        let mut names: Vec<&str> = Vec::new();
        for name in domein.figures.iter().flat_map(|figure| &figure.factoren) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        for name in names {
            let figures: Vec<&FigureComparison> = domein
                .figures
                .iter()
                .filter(|figure| figure.factoren.iter().any(|factor| factor == name))
                .collect();
            let same = |known: &[&FigureComparison]| {
                known.len() == figures.len()
                    && known.iter().all(|known| figures.iter().any(|figure| figure.code == known.code))
            };
            match factoren.iter_mut().find(|(factor, known, _)| *factor == name && same(known)) {
                Some((_, _, domeinen)) => domeinen.push(&domein.domein),
                None => factoren.push((name, figures, vec![&domein.domein])),
            }
        }
    }
    if factoren.is_empty() {
        return Vec::new();
    }
    factoren.sort_by_key(|(name, _, domeinen)| (std::cmp::Reverse(domeinen.len()), *name));
    let rows = factoren
        .into_iter()
        .map(|(factor, figures, domeinen)| {
            let figures: Vec<String> = figures
                .into_iter()
                .map(|figure| {
                    let meaning = judgement(figure, input.benchmark(), input.format.second_mark);
                    format!("{}: {meaning}", figure.name)
                })
                .collect();
            vec![
                Cell::styled(Style::CellLabel, factor),
                Cell::styled(Style::CellSmall, list(&domeinen)),
                Cell::styled(Style::CellSmall, figures.join("; ")),
            ]
        })
        .collect();
    vec![
        text(
            Style::ListRule,
            "Een cijfer hoort ook bij een domein als het iets zegt over een factor van dat domein. De volledige rij van elk \
             cijfer staat hierboven.",
        ),
        data(&[("Factor", 2900), ("Bij deze domeinen", 3600), ("Cijfers, en wat ze betekenen", 8070)], rows),
    ]
}

/// Whether the wijk lies in a gebied, as far as is known.
fn has_gebied(input: &ReportInput<'_>) -> bool {
    !input.comparison.level.gebied.is_empty()
}

/// Whom to ask for figures: the department of Rotterdam has a name, that of another municipality is not known.
fn researchers(input: &ReportInput<'_>) -> &'static str {
    if input.format.benchmark.0 == "GM0599" { "OBI" } else { "de onderzoekers van de gemeente" }
}

fn figure_row(input: &ReportInput<'_>, compared: &FigureComparison, land: bool) -> Vec<Cell> {
    let show = |of: Option<&Figure>| match of {
        Some(of) => other_cell(compared, of),
        None => figure_cell(("geen cijfer".to_owned(), "niet van dit jaar in het overzicht".to_owned())),
    };
    let unit = if compared.unit.is_percentage() { String::new() } else { compared.unit.name.clone() };
    let place = compared.place.map_or_else(String::new, |(place, all)| format!("plaats {place} van {all}"));
    let mut name = Cell::text(&compared.name).and(Style::CellSmall, unit);
    // Each figure stands here once, and may stand out in a domein it says something about through a factor.
    let stands_out = |domein: &DomeinComparison| domein.opvallende().any(|figure| figure.code == compared.code);
    if input.comparison.domeinen.iter().any(stands_out) {
        name = name.and(Style::CellSmall, "opvallend");
    }
    let mut row = vec![name, wijk_cell(compared)];
    if input.comparison.beside.is_some() {
        row.push(show(compared.beside.as_ref()));
    }
    if has_gebied(input) {
        row.push(show(compared.gebied.as_ref()));
    }
    row.push(show(Some(&compared.benchmark)));
    if land {
        row.push(show(compared.land.as_ref()));
    }
    row.extend([
        difference_cell(compared),
        Cell::text(judgement(compared, input.benchmark(), input.format.second_mark))
            .and(Style::CellSmall, place)
            .and(Style::CellSmall, chance(compared)),
        Cell::styled(Style::CellSmall, &compared.doelgroep).and(Style::CellSmall, kind(compared)),
        Cell::styled(Style::CellSmall, &compared.period).and(Style::CellSmall, &compared.source),
        Cell::styled(Style::CellSmall, if compared.method.is_empty() { "onbekend" } else { &compared.method }),
    ]);
    row
}

fn missing(input: &ReportInput<'_>) -> Vec<Part> {
    // Each figure once, with all domeinen it is missed in.
    let mut absent: Vec<(&FigureComparison, Vec<&str>)> = Vec::new();
    for domein in &input.comparison.domeinen {
        for figure in domein.figures.iter().filter(|figure| figure.wijk.value().is_none()) {
            match absent.iter_mut().find(|(known, _)| known.code == figure.code) {
                Some((_, domeinen)) => domeinen.push(&domein.domein),
                None => absent.push((figure, vec![&domein.domein])),
            }
        }
    }
    let mut parts = vec![text(
        Style::Figures,
        match absent.len() {
            0 => format!("Alle cijfers van {} zijn er.", input.wijk()),
            some => format!(
                "Van {} {} {}. Vraag na bij {} of bij de bron of dat klopt. Een cijfer dat ontbreekt is geen nul.",
                input.wijk(),
                if some == 1 { "ontbreekt" } else { "ontbreken" },
                count(some, "cijfer", "cijfers"),
                researchers(input),
            ),
        },
    )];
    if !absent.is_empty() {
        let rows = absent
            .into_iter()
            .map(|(figure, domeinen)| {
                vec![
                    Cell::text(&figure.name),
                    Cell::text(wijk_figure(figure).1),
                    Cell::styled(Style::CellSmall, list(&domeinen)),
                    Cell::styled(Style::CellSmall, &figure.source),
                ]
            })
            .collect();
        parts.push(text(Style::Caption, "Cijfers die ontbreken"));
        parts.push(data(
            &[("Cijfer", 4000), ("Wat is er aan de hand?", 3000), ("Hoort bij", 4370), ("Bron", 3200)],
            rows,
        ));
    }
    let groups = super::state::age_group_names(input);
    let mut wanted: Vec<[&str; 3]> = Vec::new();
    let general = format!("Aantal {} per leeftijdsgroep: {}", input.format.texts.get("wie"), list(&groups));
    if !groups.is_empty() {
        wanted.push(["Algemene informatie", &general, researchers(input)]);
    }
    for domein in &input.comparison.domeinen {
        let of_domein = input.format.wanted.iter().filter(|wanted| wanted.domein == domein.domein);
        wanted.extend(of_domein.map(|wanted| [domein.domein.as_str(), &wanted.figure, &wanted.holder]));
    }
    if !wanted.is_empty() {
        parts.push(text(Style::Caption, "Gewenste cijfers: geen open cijfer beschikbaar"));
        parts.push(text(
            Style::ListRule,
            format!(
                "Van deze cijfers is geen open bron bekend. Vraag ze na bij {} of bij wie ze heeft.",
                researchers(input)
            ),
        ));
        let rows = wanted
            .into_iter()
            .map(|[domein, figure, holder]| {
                vec![Cell::styled(Style::CellLabel, domein), Cell::text(figure), Cell::text(holder)]
            })
            .collect();
        parts.push(data(&[("Hoort bij", 3600), ("Cijfer", 6570), ("Mogelijk bij", 4400)], rows));
    }
    parts
}

fn rules(input: &ReportInput<'_>) -> Vec<Part> {
    let comparison = input.comparison;
    let mut parts: Vec<Part> = comparison.rule.iter().map(|sentence| text(Style::Bullet, sentence)).collect();
    if parts.is_empty() {
        parts.push(text(Style::Figures, "Er is geen regel meegegeven."));
    }
    let mut distances: Vec<&FigureComparison> = Vec::new();
    for figure in comparison.domeinen.iter().flat_map(DomeinComparison::opvallende) {
        if !distances.iter().any(|known| known.code == figure.code) {
            distances.push(figure);
        }
    }
    if !distances.is_empty() {
        // A wijk that lies in no gebied has no distance to one.
        let gebied = distances.iter().any(|figure| figure.from_gebied.is_some());
        let rows = distances
            .into_iter()
            .map(|figure| {
                let place = figure
                    .place
                    .map_or_else(|| "onbekend".to_owned(), |(place, all)| format!("{place} van {all}"));
                let spreads = |value: Option<f64>| match value {
                    None => "niet te bepalen".to_owned(),
                    Some(value) if value > 0.0 => format!("+{}", number(value, 2)),
                    Some(value) => number(value, 2),
                };
                let mut row = vec![
                    Cell::text(&figure.name),
                    Cell::text(if figure.opvallend.is_some_and(|why| why.by_advisor) { "ja" } else { "nee" }),
                    Cell::styled(Style::CellFigure, spreads(figure.distance)),
                    Cell::text(judgement(figure, input.benchmark(), input.format.second_mark)),
                    Cell::styled(Style::CellFigure, place),
                ];
                row.extend(gebied.then(|| Cell::styled(Style::CellFigure, spreads(figure.from_gebied))));
                row
            })
            .collect();
        parts.push(text(Style::Caption, "Afstand van de opvallende cijfers, in spreidingen"));
        parts.push(text(
            Style::ListRule,
            format!(
                "Een + betekent: hoger dan {0}; een -: lager. Of dat gunstig is, staat ernaast. In de grafieken staat gunstig \
                 altijd rechts: is lager gunstig, dan ligt een cijfer met een + daar links van {0}.",
                input.benchmark()
            ),
        ));
        let mut columns = vec![
            ("Cijfer", if gebied { 4970 } else { 6770 }),
            ("Aangewezen door de adviseur", 2200),
            ("Afstand", 1800),
            ("Betekenis", 1600),
            ("Plaats (1 is het hoogste cijfer)", 2200),
        ];
        columns.extend(gebied.then_some(("Afstand tot het gebied", 1800)));
        parts.push(data(&columns, rows));
    }
    let single: Vec<_> = comparison.factoren.iter().filter(|factor| !comes_back(factor)).collect();
    if !single.is_empty() {
        let rows = single
            .into_iter()
            .map(|factor| {
                vec![
                    Cell::text(&factor.name),
                    Cell::text(factor.rank.map_or_else(|| "geen".to_owned(), |rank| rank.to_string())),
                    Cell::text(list(&factor.domeinen)),
                    Cell::text(figure_names(input, &factor.unfavourable)),
                ]
            })
            .collect();
        parts.push(text(Style::Caption, "Factoren met één ongunstig opvallend cijfer, in één domein"));
        parts.push(data(&[("Factor", 4200), ("Ranking", 1300), ("Domein", 4000), ("Cijfer", 5070)], rows));
    }
    parts
}
