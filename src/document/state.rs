//! Stap 1, first half of 1.1.1: the general picture and what stands out per pijler and domein.

use super::ReportInput;
use super::chart::Room;
use super::content::{Cell, Part, Style, block, data, heading, prompt, slug, text, written};
use super::texts::{domein_own, pijler_answers, remarks};
use super::words::{chance, difference, figure, judgement, kind, reason, wijk_figure};
use crate::model::words::{DISTANCE_UNKNOWN, count, list, why_opvallend};
use crate::model::{DomeinComparison, Figure, FigureComparison, Judgement, Opvallendheid};

/// Where one in so many figures or more is missing, what is not there says something too.
const MANY: usize = 4;

/// From 'Stap 1' up to 'Cijfers duiden en interpreteren', with charts for this room.
pub(super) fn parts(input: &ReportInput<'_>, room: Room) -> Vec<Part> {
    let mut parts = vec![
        heading(1, "Stap 1 Staat van de Jeugd & Ambities"),
        heading(2, "1.1.1 Kwantitatieve analyse (cijfers en factoren)"),
        heading(3, "Algemene informatie over de wijk"),
    ];
    parts.extend(general(input));
    parts.push(heading(3, "Staat van de Jeugd"));
    parts.push(block("staat:regel", "Zo is vergeleken", introduction(input)));
    for pijler in &input.format.pijlers {
        parts.push(heading(4, format!("Pijler {}", pijler.name)));
        parts.push(super::chart::block_of(input, &pijler.name, room));
        for domein in input.format.domeinen_of(&pijler.name) {
            parts.push(heading(5, format!("Domein {}", domein.name)));
            parts.extend(domein_parts(input, &domein.name));
        }
        parts.push(heading(5, format!("De hele pijler {}", pijler.name)));
        let answers = pijler_answers(input.analysis, &pijler.name);
        let tag = format!("pijler:{}", slug(&pijler.name));
        if answers.is_empty() {
            parts.push(prompt(
                format!("{tag}:analyse"),
                format!("Schrijf hier kort wat opvalt in de pijler {} als geheel, en waarom.", pijler.name),
            ));
        }
        for (number, question) in answers.into_iter().enumerate() {
            parts.extend(written(
                format!("{tag}:{}", number + 1),
                &question.text,
                Style::Adviser,
                &question.answer.text,
            ));
        }
    }
    parts
}

fn general(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    if input.general.is_empty() {
        parts.push(block(
            "algemeen:cijfers",
            "Algemene cijfers",
            vec![text(
                Style::Figures,
                format!("Het overzicht van de cijfers bevat geen algemene cijfers over {}.", input.wijk()),
            )],
        ));
    } else {
        let source = shared(input.general.iter().map(|general| general.source.as_str()));
        let rows = input
            .general
            .iter()
            .map(|general| {
                let mut row = vec![
                    Cell::text(&general.name),
                    Cell::styled(Style::CellFigure, &general.figure),
                    Cell::text(&general.period),
                ];
                if source.is_none() {
                    row.push(Cell::text(&general.source));
                }
                row
            })
            .collect();
        let mut content = vec![text(Style::Caption, format!("{} in cijfers", input.wijk()))];
        let mut columns = vec![("Gegeven", 3600), ("Cijfer", 1500), ("Jaar", 1838)];
        match source {
            Some(source) => {
                content.push(text(Style::ListRule, source_of_all(source)));
                columns = vec![("Gegeven", 5200), ("Cijfer", 1800), ("Jaar", 2638)];
            }
            None => columns.push(("Bron", 2700)),
        }
        content.push(data(&columns, rows));
        parts.push(block("algemeen:cijfers", "Algemene cijfers", content));
    }
    parts.extend(age_groups(input));
    parts.push(prompt(
        "algemeen:beschrijving",
        "Schets in een paar zinnen de wijk: wie wonen er, wat is er, en wat verder van belang is om de cijfers te begrijpen.",
    ));
    parts
}

/// Young people per age group: which groups there are, and what is known of them, is a matter of the format. No open
/// source has these numbers, so that they are asked for.
fn age_groups(input: &ReportInput<'_>) -> Vec<Part> {
    let groups = age_group_names(input);
    if groups.is_empty() {
        return Vec::new();
    }
    let who = input.format.texts.get("wie");
    let rows = groups
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let ask = |field: &str, ask: &str| {
                Cell::written_or_prompt("", &format!("wa:vul:leeftijdsgroep:{}:{field}", at + 1), ask)
            };
            vec![
                Cell::styled(Style::CellLabel, *group),
                ask("aantal", &format!("Hoeveel {who}?")),
                ask("bron", "Welk jaar en welke bron?"),
            ]
        })
        .collect();
    let content = vec![
        text(Style::Caption, format!("Aantal {who} per leeftijdsgroep")),
        text(Style::ListRule, input.format.texts.get("algemeen-leeftijdsgroepen")),
        data(&[("Leeftijdsgroep", 3600), ("Aantal", 2800), ("Jaar en bron", 3238)], rows),
    ];
    vec![block("algemeen:leeftijdsgroepen", format!("Aantal {who} per leeftijdsgroep"), content)]
}

/// The age groups that a first picture of a wijk should name.
pub(super) fn age_group_names<'a>(input: &ReportInput<'a>) -> Vec<&'a str> {
    let list = input.format.texts.get("lijst-leeftijdsgroepen");
    list.split('|').map(str::trim).filter(|group| !group.is_empty()).collect()
}

/// The one text that all have, when there are several; `None` otherwise.
pub(super) fn shared<'a>(mut all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = all.next().filter(|text| !text.is_empty())?;
    let mut more = all.peekable();
    more.peek().is_some().then_some(())?;
    more.all(|text| text == first).then_some(first)
}

fn source_of_all(source: &str) -> String {
    format!("Bron van alle cijfers in deze tabel: {}.", source.trim_end_matches('.'))
}

fn introduction(input: &ReportInput<'_>) -> Vec<Part> {
    let (missing, all) = input.comparison.missing;
    let absent = match missing {
        0 => format!("Alle cijfers van {} zijn er.", input.wijk()),
        1 => format!("Van 1 daarvan ontbreekt het cijfer van {}.", input.wijk()),
        count => format!("Van {count} daarvan ontbreekt het cijfer van {}.", input.wijk()),
    };
    let compared = count(all, "cijfer", "cijfers");
    let mut parts = vec![text(
        Style::Figures,
        format!("{} is vergeleken met {} op {compared}. {absent}", input.wijk(), input.benchmark()),
    )];
    if missing > 0 && missing * MANY >= all {
        parts.push(text(
            Style::Figures,
            "Dat zijn er veel. Een cijfer dat ontbreekt is geen nul: wat hier niet te zien is, kan in de wijk wel spelen.",
        ));
    }
    if !input.comparison.level.sentence.is_empty() {
        parts.push(text(Style::Figures, &input.comparison.level.sentence));
    }
    parts.push(text(Style::Caption, "Welke cijfers heten opvallend?"));
    // The rule itself, how the distance is measured and what is said about chance; all of it stands in the appendix.
    let more = |sentence: &&String| sentence.starts_with("Toeval:") || sentence.starts_with(DISTANCE_UNKNOWN);
    let rules = input.comparison.rule.iter();
    parts.extend(
        rules.clone().take(2).chain(rules.skip(2).filter(more)).map(|sentence| text(Style::Rule, sentence)),
    );
    parts.push(text(Style::Rule, "Alle regels, en de afstand van elk opvallend cijfer, staan in bijlage C."));
    parts
}

fn domein_parts(input: &ReportInput<'_>, name: &str) -> Vec<Part> {
    let tag = slug(name);
    let mut parts = Vec::new();
    if let Some(domein) = input.comparison.domeinen.iter().find(|domein| domein.domein == name) {
        let content = striking(input, domein);
        parts.push(block(format!("domein:{tag}:opvallend"), format!("Opvallende cijfers {name}"), content));
    }
    let remarks = remarks(input.analysis, name);
    let own = domein_own(input.analysis, name);
    let explained = !remarks.is_empty() || own.iter().any(|question| question.code.as_deref() == Some("analyse"));
    for (number, (figure, remark)) in remarks.into_iter().enumerate() {
        parts.extend(written(
            format!("d:{tag}:valt-op:{}", number + 1),
            &format!("Wat valt op? {figure}"),
            Style::Adviser,
            remark,
        ));
    }
    for (number, question) in own.into_iter().enumerate() {
        parts.extend(written(
            format!("d:{tag}:vraag:{}", number + 1),
            &question.text,
            Style::Adviser,
            &question.answer.text,
        ));
    }
    if !explained {
        parts.push(prompt(
            format!("domein:{tag}:waarom"),
            format!("Schrijf hier wat u opvalt in het domein {name}, en waarom."),
        ));
    }
    parts
}

/// The generated block of a domein: sentence, table and rule.
fn striking(input: &ReportInput<'_>, domein: &DomeinComparison) -> Vec<Part> {
    let figures: Vec<&FigureComparison> = domein.opvallende().collect();
    let mut parts = vec![text(Style::Figures, sentence(input, domein, &figures))];
    // What is not there approximates nothing.
    let said = match (domein.only_benaderingen(), domein.has_own()) {
        (true, _) => Some(input.format.texts.get("domein-zonder-direct")),
        (false, false) => Some("Let op: dit domein heeft geen eigen cijfers."),
        (false, true) => None,
    };
    if let Some(said) = said {
        parts.push(text(Style::Figures, format!("{said} Welke cijfers gewenst zijn, staat in de bijlage.")));
    }
    if figures.is_empty() {
        parts.push(text(Style::Rule, rule(input, domein)));
    } else {
        parts.push(text(Style::Caption, format!("Opvallende cijfers in het domein {}", domein.domein)));
        parts.push(text(Style::ListRule, rule(input, domein)));
        let rows: Vec<_> = figures.into_iter().map(|figure| ("", figure)).collect();
        parts.extend(figure_table(input, &rows));
    }
    parts
}

/// One sentence that counts: says only what the figures say.
fn sentence(input: &ReportInput<'_>, domein: &DomeinComparison, figures: &[&FigureComparison]) -> String {
    let of = |judgement: Judgement| figures.iter().filter(|f| f.judgement == Some(judgement)).count();
    let mut pieces = Vec::new();
    for (judgement, words) in [
        (Judgement::Ongunstiger, "ongunstiger dan"),
        (Judgement::Gunstiger, "gunstiger dan"),
        (Judgement::Neutraal, "anders dan"),
        (Judgement::Gelijk, "gelijk aan"),
    ] {
        match of(judgement) {
            0 => {}
            count => pieces.push(format!("{count} {words} {}", input.benchmark())),
        }
    }
    match figures.iter().filter(|f| f.judgement.is_none()).count() {
        0 => {}
        count => pieces.push(format!("{count} niet vergeleken")),
    }
    let known = count(domein.figures.len(), "cijfer", "cijfers");
    if figures.is_empty() {
        return format!("Van de {known} in dit domein is er geen opvallend.");
    }
    let verb = if figures.len() == 1 { "is er 1" } else { &format!("zijn er {}", figures.len()) };
    format!("Van de {known} in dit domein {verb} opvallend: {}.", crate::model::words::list(&pieces))
}

/// The rule with the list: what is counted, and how many figures are missing; how the distance is measured stands
/// once, above all lists.
fn rule(input: &ReportInput<'_>, domein: &DomeinComparison) -> String {
    let (missing, all) = domein.missing;
    let missing = match missing {
        0 => "geen".to_owned(),
        missing => format!("{missing} van {all}, zie de bijlage"),
    };
    let own = domein.figures.iter().filter(|figure| figure.own).count();
    let through = domein.figures.iter().filter(|figure| !figure.own && !figure.factoren.is_empty()).count();
    let added = domein.figures.len() - own - through;
    let mut counted = Vec::new();
    for (number, one, more) in [
        (own, "eigen cijfer van het domein", "eigen cijfers van het domein"),
        (through, "cijfer via een factor", "cijfers via een factor"),
        (added, "cijfer dat de adviseur toevoegde", "cijfers die de adviseur toevoegde"),
    ] {
        if number > 0 {
            counted.push(count(number, one, more));
        }
    }
    let order = if own > 0 && counted.len() > 1 { "; eigen cijfers staan eerst" } else { "" };
    let counted = if counted.is_empty() { "0 cijfers".to_owned() } else { list(&counted) };
    if domein.lacks_distances() {
        return format!(
            "Regel: van {counted} wat de adviseur aanwees{order}. Welke cijfers het verst van {} liggen, is niet te bepalen: \
             daarvoor zijn cijfers van ten minste {} wijken nodig. Cijfers die ontbreken: {missing}.",
            input.benchmark(),
            input.format.opvallend.fewest_areas.max(2),
        );
    }
    format!(
        "Regel: van {counted} de {} die het verst van {} liggen, en wat de adviseur aanwees{order}. Cijfers die \
         ontbreken: {missing}.",
        input.format.opvallend.count,
        input.benchmark(),
    )
}

/// A table of figures with mark and word, and everything that must stand beside a figure. The first of each pair is
/// the domein, or empty where the domein is clear. A source that all figures share stands above the table, once.
pub(super) fn figure_table(input: &ReportInput<'_>, figures: &[(&str, &FigureComparison)]) -> Vec<Part> {
    let source = shared(figures.iter().map(|(_, figure)| figure.source.as_str()));
    let rows =
        figures.iter().map(|(domein, figure)| figure_row(input, domein, figure, source.is_some())).collect();
    let (wijk, benchmark) = (name_width(input.wijk()), name_width(input.benchmark()));
    let beside = if source.is_some() { 1900 } else { 2300 };
    let columns = [
        ("Cijfer", 9638 - DIFFERENCE - 1250 - wijk - benchmark - beside),
        (input.wijk(), wijk),
        (input.benchmark(), benchmark),
        ("Verschil", DIFFERENCE),
        ("Betekenis", 1250),
        (if source.is_some() { "Jaar en doelgroep" } else { "Jaar, doelgroep, bron" }, beside),
    ];
    let mut parts = Vec::new();
    parts.extend(source.map(|source| text(Style::ListRule, source_of_all(source))));
    parts.push(data(&columns, rows));
    parts
}

/// Width of the column with the difference: its unit stays on one line.
pub(super) const DIFFERENCE: usize = 1470;

/// The cell with the difference: the number, and under it its unit and direction.
pub(super) fn difference_cell(compared: &FigureComparison) -> Cell {
    let difference = difference(compared);
    match difference.split_once(' ') {
        Some((number, rest)) if number != "€" => figure_cell((number.to_owned(), rest.to_owned())),
        _ => figure_cell((difference, String::new())),
    }
}

/// Width of a column of figures under the name of an area, in twentieths of a point: its longest word fits.
pub(super) fn name_width(name: &str) -> usize {
    let longest = name.split([' ', '-', '/']).map(|word| word.chars().count()).max().unwrap_or(0);
    (longest * 100 + 200).clamp(1050, 1700)
}

/// A cell with a figure, and under it what there is to say about it.
pub(super) fn figure_cell((figure, reason): (String, String)) -> Cell {
    Cell::styled(Style::CellFigure, figure).and(Style::CellFigureSmall, reason)
}

/// The cell of the wijk's figure.
pub(super) fn wijk_cell(compared: &FigureComparison) -> Cell {
    let (figure, reason) = wijk_figure(compared);
    // The kind of the indicator says already that it is an estimate of a model.
    figure_cell((
        figure,
        if compared.estimate && compared.wijk.value().is_some() { String::new() } else { reason },
    ))
}

/// The cell of another area's figure.
pub(super) fn other_cell(compared: &FigureComparison, of: &Figure) -> Cell {
    let reason = if compared.estimate && of.value().is_some() { String::new() } else { reason(of) };
    figure_cell((figure(of, &compared.unit, compared.decimals), reason))
}

fn figure_row(
    input: &ReportInput<'_>,
    domein: &str,
    compared: &FigureComparison,
    source_above: bool,
) -> Vec<Cell> {
    let source = if source_above { String::new() } else { format!("; {}", compared.source) };
    let unit = if compared.unit.is_percentage() { String::new() } else { compared.unit.name.clone() };
    vec![
        Cell::text(&compared.name)
            .and(Style::CellSmall, unit)
            .and(Style::CellSmall, if domein.is_empty() { String::new() } else { format!("domein {domein}") })
            .and(Style::CellSmall, belongs(compared))
            .and(Style::CellSmall, why(compared)),
        wijk_cell(compared),
        other_cell(compared, &compared.benchmark),
        difference_cell(compared),
        Cell::text(judgement(compared, input.benchmark(), input.format.second_mark))
            .and(Style::CellSmall, chance(compared)),
        Cell::styled(
            Style::CellSmall,
            format!("{}; {} ({}){source}", compared.period, compared.doelgroep, kind(compared)),
        ),
    ]
}

/// `eigen cijfer` of the domein, or through which factoren it belongs there.
pub(super) fn belongs(compared: &FigureComparison) -> String {
    if compared.own {
        "eigen cijfer".to_owned()
    } else if compared.factoren.is_empty() {
        String::new()
    } else {
        format!("via factor: {}", compared.factoren.join(", "))
    }
}

/// Why a figure stands in the list, where the rule above the list does not say so already.
fn why(figure: &FigureComparison) -> String {
    match figure.opvallend {
        Some(why) if why.by_advisor => why_opvallend(Opvallendheid { by_distance: None, ..why }),
        _ => String::new(),
    }
}
