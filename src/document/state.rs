//! Stap 1, first half of 1.1.1: the general picture and what stands out per pijler and domein.

use super::ReportInput;
use super::content::{Cell, Part, Style, block, data, heading, prompt, slug, text, written};
use super::texts::{domein_own, pijler_answers, remarks};
use super::words::{chance, difference, figure, judgement, kind, reason, wijk_figure};
use crate::model::words::{count, why_opvallend};
use crate::model::{DomeinComparison, Figure, FigureComparison, Judgement, Opvallendheid};

/// From 'Stap 1' up to 'Cijfers duiden en interpreteren'.
pub(super) fn parts(input: &ReportInput<'_>) -> Vec<Part> {
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
        let rows = input
            .general
            .iter()
            .map(|general| {
                vec![
                    Cell::text(&general.name),
                    Cell::styled(Style::CellFigure, &general.figure),
                    Cell::text(&general.period),
                    Cell::text(&general.source),
                ]
            })
            .collect();
        parts.push(block(
            "algemeen:cijfers",
            "Algemene cijfers",
            vec![
                text(Style::Caption, format!("{} in cijfers", input.wijk())),
                data(&[("Gegeven", 3600), ("Cijfer", 1500), ("Jaar", 1838), ("Bron", 2700)], rows),
            ],
        ));
    }
    parts.push(prompt(
        "algemeen:beschrijving",
        "Schets in een paar zinnen de wijk: wie wonen er, hoeveel jeugdigen van welke leeftijd, en wat verder van belang \
         is om de cijfers te begrijpen.",
    ));
    parts
}

fn introduction(input: &ReportInput<'_>) -> Vec<Part> {
    let (missing, all) = input.comparison.missing;
    let absent = match missing {
        0 => "Alle cijfers van de wijk zijn er.".to_owned(),
        1 => "Van 1 daarvan ontbreekt het cijfer van de wijk.".to_owned(),
        count => format!("Van {count} daarvan ontbreekt het cijfer van de wijk."),
    };
    let compared = count(all, "cijfer", "cijfers");
    let mut parts = vec![text(
        Style::Figures,
        format!("{} is vergeleken met {} op {compared}. {absent}", input.wijk(), input.benchmark()),
    )];
    if !input.comparison.level.sentence.is_empty() {
        parts.push(text(Style::Figures, &input.comparison.level.sentence));
    }
    parts.push(text(Style::Caption, "Welke cijfers heten opvallend?"));
    // The rule itself and how the distance is measured; all of it stands in the appendix.
    parts.extend(input.comparison.rule.iter().take(2).map(|sentence| text(Style::Rule, sentence)));
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
    if !domein.has_direct {
        parts.push(text(
            Style::Figures,
            "Dit domein heeft geen cijfer dat direct over jeugdigen of gezinnen zelf gaat. De cijfers hieronder zijn een \
             benadering. Welke cijfers gewenst zijn, staat in de bijlage.",
        ));
    }
    if figures.is_empty() {
        parts.push(text(Style::Rule, rule(input, domein)));
    } else {
        parts.push(text(Style::Caption, format!("Opvallende cijfers in het domein {}", domein.domein)));
        parts.push(text(Style::ListRule, rule(input, domein)));
        // The domein's own figures first: those through a factor stand in the lists of other domeinen too.
        let (own, through): (Vec<&FigureComparison>, Vec<_>) = figures.iter().partition(|figure| figure.own);
        let rows: Vec<_> = own.into_iter().chain(through).map(|figure| ("", figure)).collect();
        parts.push(figure_table(input, &rows));
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
        count => pieces.push(format!("{count} niet te vergelijken")),
    }
    let known = count(domein.figures.len(), "cijfer", "cijfers");
    if figures.is_empty() {
        return format!("Van de {known} in dit domein is er geen opvallend.");
    }
    let verb = if figures.len() == 1 { "is er 1" } else { &format!("zijn er {}", figures.len()) };
    format!("Van de {known} in dit domein {verb} opvallend: {}.", crate::model::words::list(&pieces))
}

/// The rule with the list and how many figures are missing, on one line; how the distance is measured stands once,
/// above all lists.
pub(super) fn rule(input: &ReportInput<'_>, domein: &DomeinComparison) -> String {
    let (missing, all) = domein.missing;
    let missing = match missing {
        0 => "geen".to_owned(),
        missing => format!("{missing} van {all}, zie de bijlage"),
    };
    format!(
        "Regel: de {} cijfers het verst van {}, en wat de adviseur aanwees. Cijfers die ontbreken: {missing}.",
        input.format.opvallend.count,
        input.benchmark(),
    )
}

/// A table of figures with mark and word, and everything that must stand beside a figure. The first of each pair is
/// the domein, or empty where the domein is clear.
pub(super) fn figure_table(input: &ReportInput<'_>, figures: &[(&str, &FigureComparison)]) -> Part {
    let rows = figures.iter().map(|(domein, figure)| figure_row(input, domein, figure)).collect();
    let (wijk, benchmark) = (name_width(input.wijk()), name_width(input.benchmark()));
    let beside = 9638 - 2650 - DIFFERENCE - 1250 - wijk - benchmark;
    data(
        &[
            ("Cijfer", 2650),
            (input.wijk(), wijk),
            (input.benchmark(), benchmark),
            ("Verschil", DIFFERENCE),
            ("Betekenis", 1250),
            ("Jaar, doelgroep, bron", beside),
        ],
        rows,
    )
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

fn figure_row(input: &ReportInput<'_>, domein: &str, compared: &FigureComparison) -> Vec<Cell> {
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
            format!("{}; {} ({}); {}", compared.period, compared.doelgroep, kind(compared), compared.source),
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
