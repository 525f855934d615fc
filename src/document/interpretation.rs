//! The rest of stap 1: factors that come back, strengths, conclusions, the talk with partners and the ambitions.

use std::collections::BTreeMap;

use super::ReportInput;
use super::content::{Cell, Part, Style, block, data, heading, prompt, slug, text, written};
use super::state::figure_table;
use super::texts::{closing, closing_cells, domein_answers, filled, summary_answers};
use crate::model::words::{closing_figure, closing_texts, count, list, worsened, worsening_rule};
use crate::model::{ClosingRow, Comparison, FactorReturn, FigureComparison, Judgement, Question};

/// How many favourable figures are shown at least, when there are so many.
const MOST_FAVOURABLE: usize = 5;

/// Stands in the table of the summary tab where it says the same as the pijler tab.
const ABOVE: &str = "zie hierboven";

/// Stands in place of figures that the program proposed.
const PER_DOMEIN: &str = "zie bij het domein";

/// From 'Cijfers duiden en interpreteren' up to stap 2.
pub(super) fn parts(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts =
        vec![heading(3, "Cijfers duiden en interpreteren"), heading(4, "Samenhang en terugkerende factoren")];
    parts.push(block("duiden:factoren", "Factoren die terugkomen", factors(input)));
    let summary = summary_answers(input.analysis);
    let about_factors = answers(&summary, |code| code == Some("gedeelde-factoren"));
    if about_factors.is_empty() {
        parts.push(prompt(
            "duiden:samenhang",
            "Schrijf hier welke cijfers volgens u samenhangen en welke risicofactoren en beschermende factoren bij meer \
             cijfers horen.",
        ));
    }
    parts.extend(answered("s:factoren", &about_factors, Style::Adviser));
    parts.push(heading(4, "Sterke punten"));
    parts.push(block("duiden:sterk", "Sterke punten", strengths(input)));
    let worse = worsening(input);
    if !worse.is_empty() {
        parts.push(heading(4, "Ongunstiger én verslechterend"));
        parts.push(block("duiden:verslechterend", "Ongunstiger én verslechterend", worse));
    }
    parts.push(heading(4, "Conclusies per domein"));
    parts.push(block("duiden:slottabel", "Conclusies per domein", closing_table(input)));
    let colleague = per_domein(input, "collega");
    if !colleague.is_empty() {
        parts.push(heading(4, "Gesprek met een collega"));
        for (domein, question) in colleague {
            let tag = format!("d:{}:collega", slug(domein));
            parts.extend(written(tag, &format!("Domein {domein}"), Style::Adviser, &question.answer.text));
        }
    }
    parts.push(heading(4, "Totaalbeeld en conclusie"));
    let rest = answers(&summary, |code| code != Some("gedeelde-factoren"));
    if rest.is_empty() {
        parts.push(prompt(
            "duiden:totaalbeeld",
            "Schrijf hier het beeld van alle pijlers samen: wat is de kern van de analyse?",
        ));
    }
    parts.extend(answered("s:totaal", &rest, Style::Adviser));
    parts.extend(qualitative(input));
    parts.extend(ambitions(input));
    parts
}

fn answers<'a>(all: &[&'a Question], keep: impl Fn(Option<&str>) -> bool) -> Vec<&'a Question> {
    all.iter().copied().filter(|question| keep(question.code.as_deref())).collect()
}

fn answered(tag: &str, questions: &[&Question], style: Style) -> Vec<Part> {
    questions
        .iter()
        .enumerate()
        .flat_map(|(number, question)| {
            written(format!("{tag}:{}", number + 1), &question.text, style, &question.answer.text)
        })
        .collect()
}

/// The answers of all domeinen to one question, with the domein.
fn per_domein<'a>(input: &ReportInput<'a>, code: &str) -> Vec<(&'a str, &'a Question)> {
    input
        .format
        .domeinen
        .iter()
        .flat_map(|domein| {
            domein_answers(input.analysis, &domein.name, code)
                .into_iter()
                .map(move |question| (domein.name.as_str(), question))
        })
        .collect()
}

fn factors(input: &ReportInput<'_>) -> Vec<Part> {
    let all = &input.comparison.factoren;
    let (several, single): (Vec<&FactorReturn>, Vec<&FactorReturn>) = all.iter().partition(|f| comes_back(f));
    if all.is_empty() {
        return vec![text(
            Style::Figures,
            "Geen enkele factor komt terug: er zijn geen ongunstige opvallende cijfers die bij een factor horen.",
        )];
    }
    let verb = if all.len() == 1 { "komt" } else { "komen" };
    let rest = match (several.len(), single.len()) {
        (0, _) => "Elke factor heeft één zo'n cijfer, in één domein; die staan hieronder.".to_owned(),
        (_, 0) => "Elk daarvan heeft er meer dan één, of komt in meer dan één domein terug.".to_owned(),
        (1, _) => "1 daarvan heeft er meer dan één, of komt in meer dan één domein terug, en staat hieronder; de \
                   andere in bijlage C."
            .to_owned(),
        (more, _) => format!(
            "{more} daarvan hebben er meer dan één, of komen in meer dan één domein terug, en staan hieronder; de \
             andere in bijlage C."
        ),
    };
    let factoren = count(all.len(), "factor", "factoren");
    let mut parts = vec![text(
        Style::Figures,
        format!("{factoren} {verb} terug via ten minste één ongunstig opvallend cijfer. {rest}"),
    )];
    let shown = if several.is_empty() { single } else { several };
    let threshold = input.format.opvallend.cumulation;
    let risks = count(input.comparison.risk_factors, "verschillende risicofactor", "verschillende risicofactoren");
    parts.push(text(
        Style::Figures,
        if input.comparison.cumulation {
            format!(
                "Samen gaat het om {risks}. De methode zegt: bij {threshold} of meer risicofactoren samen is de kans op \
                 een probleem aanzienlijk (meer dan 30%)."
            )
        } else {
            format!("Samen gaat het om {risks}. De grens van {threshold} of meer uit de methode is niet bereikt.")
        },
    ));
    parts.push(text(Style::Caption, "Factoren die terugkomen, in volgorde"));
    parts.push(text(
        Style::ListRule,
        "Volgorde: eerst het aantal domeinen waarin de factor terugkomt, dan de ranking (1 is het sterkst; zonder ranking \
         achteraan), dan het aantal ongunstige opvallende cijfers. Gunstige cijfers tellen niet mee.",
    ));
    parts.push(factor_table(input, &shown));
    parts
}

/// True for a factor with several unfavourable opvallende figures, or with one that is opvallend in several domeinen.
pub(super) fn comes_back(factor: &FactorReturn) -> bool {
    factor.unfavourable.len() > 1
}

/// Factors with rank, kind, domeinen, figures, leeftijdsfase and leefgebied.
pub(super) fn factor_table(input: &ReportInput<'_>, factors: &[&FactorReturn]) -> Part {
    let rows = factors
        .iter()
        .map(|factor| {
            vec![
                Cell::text(&factor.name).and(Style::CellSmall, kinds(factor)),
                Cell::text(factor.rank.map_or_else(|| "geen".to_owned(), |rank| rank.to_string())),
                Cell::styled(Style::CellSmall, factor.domeinen.join("; ")),
                Cell::styled(Style::CellSmall, figure_names(input, &factor.unfavourable)),
                Cell::styled(
                    Style::CellSmall,
                    all_or_listed(&factor.leeftijdsfasen, &input.format.leeftijdsfasen),
                ),
                Cell::styled(Style::CellSmall, all_or_listed(&factor.leefgebieden, &input.format.leefgebieden)),
            ]
        })
        .collect();
    data(
        &[
            ("Factor", 2150),
            ("Ranking", 820),
            ("Komt terug in", 1750),
            ("Via deze ongunstige cijfers", 1878),
            ("Leeftijdsfase", 1640),
            ("Leefgebied", 1400),
        ],
        rows,
    )
}

/// The names, or `alle` when nothing of the format is left out.
fn all_or_listed(names: &[String], of_format: &[String]) -> String {
    if !names.is_empty() && names.len() == of_format.len() { "alle".to_owned() } else { list(names) }
}

/// Figures that are worse than the benchmark and than before, with the rule of the list; empty when there are none.
fn worsening(input: &ReportInput<'_>) -> Vec<Part> {
    let compared = input.comparison;
    let figure = |(domein, code): &(String, String)| -> Option<&FigureComparison> {
        compared.domeinen.iter().find(|known| known.domein == *domein)?.figure(code)
    };
    let worse = compared.worsening.iter().filter_map(figure);
    let mut parts: Vec<Part> =
        worse.map(|figure| text(Style::Bullet, worsened(figure, &compared.benchmark))).collect();
    if !parts.is_empty() {
        parts.push(text(Style::ListRule, worsening_rule(&compared.benchmark)));
    }
    parts
}

fn kinds(factor: &FactorReturn) -> String {
    list(&factor.kinds.iter().map(|kind| kind.words()).collect::<Vec<_>>())
}

/// The names of figures, each once.
pub(super) fn figure_names(input: &ReportInput<'_>, figures: &[(String, String)]) -> String {
    input.comparison.figure_names(figures).join("; ")
}

/// Strengths are shown as well as problems: favourable opvallende figures, and the most favourable ones when those are
/// few.
fn strengths(input: &ReportInput<'_>) -> Vec<Part> {
    let (opvallend, rest): (Vec<_>, Vec<_>) =
        favourable(input.comparison).into_iter().partition(|(_, figure)| figure.opvallend.is_some());
    let mut parts = Vec::new();
    if opvallend.is_empty() {
        parts.push(text(
            Style::Figures,
            format!("Geen van de opvallende cijfers is gunstiger dan {}.", input.benchmark()),
        ));
    } else {
        let (verb, noun) =
            if opvallend.len() == 1 { ("is", "opvallend cijfer") } else { ("zijn", "opvallende cijfers") };
        parts.push(text(
            Style::Figures,
            format!("{} {noun} {verb} gunstiger dan {}.", opvallend.len(), input.benchmark()),
        ));
        parts.push(text(Style::Caption, format!("Opvallend gunstiger dan {}", input.benchmark())));
        parts.extend(figure_table(input, &opvallend));
    }
    if opvallend.len() < MOST_FAVOURABLE {
        let most: Vec<_> = rest.into_iter().take(MOST_FAVOURABLE - opvallend.len()).collect();
        if most.is_empty() {
            parts.push(text(Style::Figures, format!("Geen ander cijfer is gunstiger dan {}.", input.benchmark())));
        } else {
            let lacking = most.iter().filter(|(_, figure)| figure.distance.is_none()).count();
            let caption = if lacking == 0 {
                "Niet opvallend, wel het gunstigst".to_owned()
            } else {
                format!("Niet opvallend, wel gunstiger dan {}", input.benchmark())
            };
            parts.push(text(Style::Caption, caption));
            let of =
                format!("Regel: van de cijfers die niet opvallend zijn en gunstiger dan {}", input.benchmark());
            let rule = if lacking == most.len() {
                format!("{of}, de eerste {} in de volgorde van het format. {}", most.len(), no_distance(input))
            } else {
                let after = if lacking > 0 {
                    format!(" {} Cijfers zonder afstand staan achteraan.", no_distance(input))
                } else {
                    String::new()
                };
                format!(
                    "{of}, de {} die het verst weg liggen (afstand gemeten met de spreiding over alle wijken).{after}",
                    most.len()
                )
            };
            parts.push(text(Style::ListRule, rule));
            parts.extend(figure_table(input, &most));
        }
    }
    if !input.comparison.strengths.is_empty() {
        let names: Vec<&str> = input.comparison.strengths.iter().map(|factor| factor.name.as_str()).collect();
        parts.push(text(
            Style::Figures,
            format!("Factoren waar alleen gunstige opvallende cijfers onder vallen: {}.", list(&names)),
        ));
    }
    parts
}

/// Why figures stand in the order of the format.
pub(super) fn no_distance(input: &ReportInput<'_>) -> String {
    format!(
        "Voor de afstand zijn cijfers van ten minste {} wijken nodig; waar die er niet zijn, geldt de volgorde van het format.",
        input.format.opvallend.fewest_areas.max(2)
    )
}

/// The figures that are more favourable than the benchmark, furthest first, those of which the distance is not known last
/// and in the format's order; each once, with a domein it belongs to.
pub(super) fn favourable(comparison: &Comparison) -> Vec<(&str, &FigureComparison)> {
    let mut figures: Vec<(&str, &FigureComparison)> = Vec::new();
    for domein in &comparison.domeinen {
        for figure in domein.figures.iter().filter(|figure| figure.judgement == Some(Judgement::Gunstiger)) {
            let known = figures.iter().position(|(_, known)| known.code == figure.code);
            match known.and_then(|at| figures.get_mut(at)) {
                None => figures.push((&domein.domein, figure)),
                // Its own domein, or the one in which it is opvallend, says more than the first that has it.
                Some(kept)
                    if (figure.opvallend.is_some(), figure.own) > (kept.1.opvallend.is_some(), kept.1.own) =>
                {
                    *kept = (&domein.domein, figure);
                }
                Some(_) => {}
            }
        }
    }
    let far = |figure: &FigureComparison| figure.distance.map_or(-1.0, f64::abs);
    figures.sort_by(|(_, a), (_, b)| far(b).total_cmp(&far(a)));
    figures
}

/// The closing tables of the pijler tabs; rows of the summary tab only where they say something else. Figures that the
/// program proposed stand in full with their domein and are not printed again.
fn closing_table(input: &ReportInput<'_>) -> Vec<Part> {
    let now: BTreeMap<String, String> =
        closing_texts(input.comparison).into_iter().map(|(domein, _, factoren)| (domein, factoren)).collect();
    let of_pijlers: Vec<(&str, [&str; 5])> =
        closing(input.analysis).into_iter().map(|row| (row.domein.as_str(), told(input, row, &now))).collect();
    let find =
        |name: &str| of_pijlers.iter().find(|(domein, _)| *domein == name).map_or([""; 5], |(_, cells)| *cells);
    let rows: Vec<(&str, [&str; 5])> =
        input.format.domeinen.iter().map(|domein| (domein.name.as_str(), find(&domein.name))).collect();
    let mut other = Vec::new();
    for row in input.analysis.summary.iter().flat_map(|summary| &summary.closing) {
        let before = find(&row.domein);
        let cells = told(input, row, &now);
        let new = |cell: &str, before: &str| filled(cell) && cell != PER_DOMEIN && cell.trim() != before.trim();
        if cells.iter().zip(before).any(|(cell, before)| new(cell, before)) {
            let shown = [0, 1, 2, 3, 4].map(|column: usize| {
                let (cell, before) = (cells.get(column).copied(), before.get(column).copied());
                let (cell, before) = (cell.unwrap_or_default(), before.unwrap_or_default());
                if filled(cell) && !new(cell, before) { ABOVE } else { cell }
            });
            other.push((row.domein.as_str(), shown));
        }
    }
    let mut parts = vec![text(Style::Caption, "Slottabel, zoals ingevuld in het werkboek")];
    let with_figures = adds_figures(&rows);
    if !with_figures {
        parts.push(text(Style::ListRule, "De opvallende cijfers van elk domein staan hierboven, bij het domein."));
    }
    parts.push(closing_data(
        with_figures,
        rows.into_iter()
            .map(|(domein, cells)| {
                let tag = format!("wa:vul:slot:{}", slug(domein));
                let conclusion = Cell::written_or_prompt(cells[4], &tag, "Schrijf hier uw conclusie.");
                let mut phase = phase_and_sphere(cells);
                if phase.lines.is_empty() {
                    phase = Cell::written_or_prompt("", &format!("{tag}:waar"), "Welke fase, welk leefgebied?");
                }
                closing_row(domein, cells, with_figures, [phase, conclusion])
            })
            .collect(),
    ));
    if !other.is_empty() {
        let with_figures = adds_figures(&other);
        parts.push(text(Style::Caption, "Wat op het tabblad met de samenvatting anders staat"));
        parts.push(closing_data(
            with_figures,
            other
                .into_iter()
                .map(|(domein, cells)| {
                    let mut phase = phase_and_sphere(cells);
                    if phase.lines.is_empty() {
                        phase = closing_cell("", Style::CellText);
                    }
                    let conclusion = closing_cell(cells[4], Style::CellAdviser);
                    closing_row(domein, cells, with_figures, [phase, conclusion])
                })
                .collect(),
        ));
    }
    parts
}

/// The cells of a closing row; in place of figures that the program itself proposed a reference to the domein. What it
/// proposed may be of before figures were changed: the factoren of `now` (by domein) come in its place.
fn told<'a>(input: &ReportInput<'_>, row: &'a ClosingRow, now: &'a BTreeMap<String, String>) -> [&'a str; 5] {
    let [figures, factoren, fase, gebied, conclusion] = closing_cells(row);
    let proposed = |line: &str| {
        input.comparison.domeinen.iter().filter(|compared| compared.domein == row.domein).any(|compared| {
            compared.opvallende().any(|figure| closing_figure(figure, input.benchmark()) == line.trim())
        })
    };
    let factoren = match now.get(&row.domein) {
        Some(now) if row.factoren_proposed => now,
        _ => factoren,
    };
    let ours = row.figures_proposed || figures.lines().all(|line| !filled(line) || proposed(line));
    let figures = if filled(figures) && ours { PER_DOMEIN } else { figures };
    [figures, factoren, fase, gebied, conclusion]
}

/// True when a row says something about figures that does not stand elsewhere.
fn adds_figures(rows: &[(&str, [&str; 5])]) -> bool {
    rows.iter().any(|(_, [figures, ..])| filled(figures) && *figures != PER_DOMEIN && *figures != ABOVE)
}

fn closing_row(domein: &str, cells: [&str; 5], with_figures: bool, last: [Cell; 2]) -> Vec<Cell> {
    let [figures, factoren, ..] = cells;
    let mut row = vec![Cell::styled(Style::CellLabel, domein)];
    if with_figures {
        row.push(closing_cell(figures, Style::CellSmall));
    }
    row.push(closing_cell(factoren, Style::CellSmall));
    row.extend(last);
    row
}

/// Leeftijdsfase and leefgebied of a closing row under each other, each under its name; no lines when both are open.
fn phase_and_sphere([_, _, fase, gebied, _]: [&str; 5]) -> Cell {
    let mut cell = Cell::default();
    for (label, written) in [("Leeftijdsfase:", fase), ("Leefgebied:", gebied)] {
        if filled(written) {
            let style = if written == ABOVE { Style::CellText } else { Style::CellAdviser };
            cell = cell.and(Style::CellSmall, label).and(style, written);
        }
    }
    cell
}

/// The cells for figures and factoren may have been filled by the program, so they never bear the advisor's mark.
fn closing_cell(written: &str, style: Style) -> Cell {
    match written {
        ABOVE | PER_DOMEIN => Cell::text(written),
        _ if filled(written) => Cell::styled(style, written),
        _ => Cell::text("niet ingevuld"),
    }
}

fn closing_data(with_figures: bool, rows: Vec<Vec<Cell>>) -> Part {
    let mut columns = vec![("Domein", 1450)];
    if with_figures {
        columns.push(("Opvallende cijfers", 2900));
    }
    let (factoren, fase, conclusion) = if with_figures { (1800, 1500, 1988) } else { (2700, 1900, 3588) };
    columns.extend([
        ("Factoren (met ranking)", factoren),
        ("Leeftijdsfase en leefgebied", fase),
        ("Conclusie", conclusion),
    ]);
    data(&columns, rows)
}

fn qualitative(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts = vec![heading(2, "1.1.2 Kwalitatieve analyse (gesprek met partners in de wijk)")];
    for (domein, question) in per_domein(input, "partners") {
        let tag = format!("d:{}:partners", slug(domein));
        parts.extend(written(
            tag,
            &format!("Partners over het domein {domein}"),
            Style::Partner,
            &question.answer.text,
        ));
    }
    for (tag, label, ask) in [
        (
            "herkennen",
            "Herkennen partners het beeld?",
            "Schrijf hier of partners het beeld uit de cijfers herkennen.",
        ),
        ("verklaren", "Hoe verklaren partners het?", "Schrijf hier hoe partners de cijfers verklaren."),
        ("vinden", "Wat vinden partners ervan?", "Schrijf hier wat partners ervan vinden."),
        ("nodig", "Wat is er volgens partners nodig?", "Schrijf hier wat er volgens partners nodig is."),
        (
            "invloed",
            "Wat verandert er door hun inbreng?",
            "Schrijf hier hoe de inbreng van partners de concept-resultaten verandert.",
        ),
    ] {
        parts.push(text(Style::Question, label));
        parts.push(prompt(format!("partners:{tag}"), ask));
    }
    parts
}

fn ambitions(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts = vec![
        heading(2, "1.1.3 Ambities"),
        block(
            "ambities:uitleg",
            "Uitleg ambities",
            vec![text(
                Style::Body,
                "De ambities gelden voor de hele stad en zijn voor elke wijk gelijk. Per wijk komen daar maatschappelijke \
                 resultaten bij; die staan bij stap 2.",
            )],
        ),
    ];
    for pijler in &input.format.pijlers {
        let mut domeinen: Vec<_> = input.format.domeinen_of(&pijler.name).collect();
        domeinen.sort_by_key(|domein| domein.ambitie_order);
        parts.push(heading(3, &pijler.heading));
        parts.push(block(
            format!("ambities:{}", slug(&pijler.name)),
            pijler.heading.clone(),
            domeinen.into_iter().map(|domein| text(Style::Bullet, &domein.ambitie)).collect(),
        ));
    }
    parts
}
