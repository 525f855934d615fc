//! The Gesprekskaart: one page for the talk with partners. Figures with words, factors that come back, and the four core
//! questions with lines to write on.

use std::collections::BTreeSet;

use super::ReportInput;
use super::content::{Cell, Draft, Look, Part, Style, Table, block, data, text};
use super::interpretation::favourable;
use super::report::{author, footer};
use super::state::name_width;
use super::words::{figure, judgement, wijk_figure};
use crate::model::FigureComparison;

/// The four core questions (method): they accompany every set of figures shown to partners.
const QUESTIONS: [&str; 4] =
    ["Herkennen we dit?", "Wat vinden we ervan?", "Hoe verklaren we het?", "Wat gaan we anders doen?"];

/// Height for text on the page in twentieths of a point: A4 less the margins and the footer.
const PAGE: usize = 16_838 - 2 * 850 - 150;
/// Height of a line of card text.
const LINE: usize = 225;
/// Height of a line to write on.
const WRITING: usize = 400;
/// Most figures on the page, shared by the pijlers.
const MOST_FIGURES: usize = 12;
/// Most factors on the page.
const MOST_FACTOREN: usize = 5;
/// Most favourable figures on the page.
const MOST_STRONG: usize = 3;
/// Width of the text in twentieths of a point.
const WIDTH: usize = 10_206;
/// Average width of a character of card text, rounded up.
const CHARACTER: usize = 92;

/// Widths of the columns of figures: pijler, name, wijk, benchmark, meaning, year and kind.
fn columns(input: &ReportInput<'_>) -> [usize; 6] {
    let (wijk, benchmark) = (name_width(input.wijk()), name_width(input.benchmark()));
    let (pijler, meaning, year) = (1050, 1350, 1950);
    [pijler, WIDTH.saturating_sub(pijler + wijk + benchmark + meaning + year), wijk, benchmark, meaning, year]
}

/// The card as a draft.
pub(super) fn draft(input: &ReportInput<'_>) -> Draft {
    let pijlers = input.format.pijlers.len().max(1);
    // Long names take more lines: figures give way before the room to write does.
    let mut each = (MOST_FIGURES / pijlers).clamp(1, 4);
    let mut factoren = MOST_FACTOREN;
    while each > 1 && room(input, each, factoren) < 4 * 2 {
        each -= 1;
        factoren = 3;
    }
    let lines = (room(input, each, factoren) / 2).clamp(2, 9);
    Draft {
        kind: "gesprekskaart",
        title: format!("Gesprekskaart Wijkprogrammering {}", input.wijk()),
        author: author(input),
        footer: footer(input, "Gesprekskaart Wijkprogrammering"),
        date: input.date.map(str::to_owned),
        format_version: input.format.version.clone(),
        margin: 850,
        parts: parts(input, each, factoren, lines),
    }
}

fn parts(input: &ReportInput<'_>, each: usize, factoren: usize, lines: usize) -> Vec<Part> {
    let mut parts = vec![
        text(Style::CardTitle, format!("Gesprekskaart {}", input.wijk())),
        block("kaart:uitleg", "Uitleg", vec![text(Style::CardText, explanation(input, each))]),
        text(Style::CardHeading, "Wat valt op in de cijfers?"),
        block("kaart:cijfers", "Opvallende cijfers", vec![figures(input, each)]),
        text(Style::CardHeading, "Welke factoren komen terug?"),
        block("kaart:factoren", "Factoren", vec![text(Style::CardText, factor_line(input, factoren))]),
        text(Style::CardHeading, "Sterke punten"),
        block("kaart:sterk", "Sterke punten", vec![text(Style::CardText, strong_line(input))]),
        text(Style::CardHeading, "Samen in gesprek"),
    ];
    parts.push(block("kaart:vragen", "Vragen om samen te bespreken", vec![questions(lines)]));
    parts
}

fn explanation(input: &ReportInput<'_>, each: usize) -> String {
    let missing = match input.comparison.missing {
        (0, all) => format!("Van de {all} cijfers van de wijk ontbreekt er geen"),
        (missing, all) => format!("Cijfers van de wijk die ontbreken: {missing} van {all}"),
    };
    format!(
        "Per pijler ten hoogste {}, het verst van {} eerst: eigen cijfers van de pijler, daarna cijfers via een factor. \
         Staat er ‘editie’, dan noemt de bron geen peiljaar. {missing}. Cijfers: {}. Bronnen en alle andere cijfers staan \
         in de rapportage.",
        crate::model::words::count(each, "opvallend cijfer", "opvallende cijfers"),
        input.benchmark(),
        input.edition().trim_end_matches('.'),
    )
}

/// A figure on the card; true when it stands there as an own figure of the pijler.
type Shown<'a> = (&'a FigureComparison, bool);

/// Per pijler the opvallende figures that lie furthest from the benchmark. A figure stands with the pijler whose own
/// figure it is, in whichever domein it is opvallend; what room is left goes to figures that come up through a factor.
/// No figure stands on the card twice, unless a pijler would have none.
fn furthest<'a>(input: &ReportInput<'a>, most: usize) -> Vec<(&'a str, Vec<Shown<'a>>)> {
    let far = |figure: &FigureComparison| figure.distance.map_or(-1.0, f64::abs);
    let comparison = input.comparison;
    let opvallend: BTreeSet<&str> = comparison
        .domeinen
        .iter()
        .flat_map(|domein| domein.opvallende().map(|figure| figure.code.as_str()))
        .collect();
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut lists = Vec::new();
    for pijler in &input.format.pijlers {
        let domeinen = comparison.domeinen.iter().filter(|domein| domein.pijler == pijler.name);
        let mut own: Vec<&FigureComparison> = domeinen
            .flat_map(|domein| &domein.figures)
            .filter(|figure| figure.own && opvallend.contains(figure.code.as_str()))
            .collect();
        own.sort_by(|a, b| far(b).total_cmp(&far(a)));
        own.retain(|figure| !shown.contains(figure.code.as_str()));
        own.truncate(most);
        shown.extend(own.iter().map(|figure| figure.code.as_str()));
        lists.push((pijler.name.as_str(), own.into_iter().map(|figure| (figure, true)).collect::<Vec<_>>()));
    }
    for (pijler, list) in &mut lists {
        let domeinen = comparison.domeinen.iter().filter(|domein| domein.pijler == *pijler);
        let mut through: Vec<&FigureComparison> =
            domeinen.flat_map(|domein| domein.opvallende()).filter(|figure| !figure.own).collect();
        through.sort_by(|a, b| {
            let known = |figure: &FigureComparison| shown.contains(figure.code.as_str());
            known(a).cmp(&known(b)).then(far(b).total_cmp(&far(a)))
        });
        for figure in through {
            let twice = list.iter().any(|(known, _)| known.code == figure.code);
            if list.len() < most && !twice && (list.is_empty() || !shown.contains(figure.code.as_str())) {
                shown.insert(&figure.code);
                list.push((figure, false));
            }
        }
    }
    lists
}

fn figures(input: &ReportInput<'_>, each: usize) -> Part {
    let mut rows = Vec::new();
    for (pijler, list) in furthest(input, each) {
        if list.is_empty() {
            let mut row = vec![Cell::styled(Style::CellLabel, pijler), Cell::text("geen opvallende cijfers")];
            row.extend((0..4).map(|_| Cell::text("–")));
            rows.push(row);
        }
        for shown in list {
            let (compared, _) = shown;
            rows.push(vec![
                Cell::styled(Style::CellLabel, pijler),
                Cell::text(figure_name(shown)),
                Cell::styled(Style::CellFigure, wijk_figure(compared).0),
                Cell::styled(Style::CellFigure, figure(&compared.benchmark, &compared.unit, compared.decimals)),
                Cell::text(judgement(compared, input.benchmark(), input.format.second_mark)),
                Cell::styled(Style::CellSmall, year_and_kind(compared)),
            ]);
        }
    }
    let [pijler, name, wijk, benchmark, meaning, year] = columns(input);
    data(
        &[
            ("Pijler", pijler),
            ("Cijfer", name),
            (input.wijk(), wijk),
            (input.benchmark(), benchmark),
            ("Betekenis", meaning),
            ("Jaar en soort", year),
        ],
        rows,
    )
}

/// Name and unit, and whether it comes up through a factor.
fn figure_name((compared, own): Shown<'_>) -> String {
    let mut beside = Vec::new();
    if !compared.unit.is_percentage() {
        beside.push(compared.unit.name.as_str());
    }
    if !own {
        beside.push("via factor");
    }
    if beside.is_empty() { compared.name.clone() } else { format!("{} ({})", compared.name, beside.join("; ")) }
}

/// `editie 2016, benadering`; that the year itself is unknown is explained once, above the table.
fn year_and_kind(compared: &FigureComparison) -> String {
    let period = compared.period.trim();
    let year = period.strip_suffix(", peiljaar onbekend").unwrap_or(period);
    let year = if year.is_empty() { "jaar onbekend" } else { year };
    format!("{year}, {}", compared.kind.word())
}

fn factor_line(input: &ReportInput<'_>, most: usize) -> String {
    let names: Vec<String> = input
        .comparison
        .factoren
        .iter()
        .take(most)
        .map(|factor| {
            let rank = factor.rank.map_or_else(|| "zonder ranking".to_owned(), |rank| format!("ranking {rank}"));
            let domeinen = crate::model::words::count(factor.domeinen.len(), "domein", "domeinen");
            format!("{} ({rank}, {domeinen})", factor.name)
        })
        .collect();
    if names.is_empty() {
        "Geen factor komt terug bij de ongunstige opvallende cijfers.".to_owned()
    } else {
        format!("{}. Ranking 1 is het sterkst.", names.join(" · "))
    }
}

/// The most favourable figures of all, with both figures.
fn strong_line(input: &ReportInput<'_>) -> String {
    let best: Vec<String> = favourable(input.comparison)
        .into_iter()
        .take(MOST_STRONG)
        .map(|(_, compared)| {
            format!(
                "{}: {} ({} {})",
                compared.name,
                wijk_figure(compared).0,
                input.benchmark(),
                figure(&compared.benchmark, &compared.unit, compared.decimals)
            )
        })
        .collect();
    if best.is_empty() {
        format!("Geen cijfer is gunstiger dan {}.", input.benchmark())
    } else {
        format!("Het gunstigst vergeleken met {}: {}.", input.benchmark(), best.join(" · "))
    }
}

/// Two questions beside each other, lines under each.
fn questions(lines: usize) -> Part {
    let half = WIDTH / 2;
    let mut rows = Vec::new();
    for (number, pair) in QUESTIONS.chunks(2).enumerate() {
        let cells: Vec<Cell> = pair.iter().map(|question| Cell::styled(Style::CellLabel, *question)).collect();
        if number > 0 {
            rows.push(cells);
        }
        rows.extend((0..lines).map(|_| vec![Cell::default(), Cell::default()]));
    }
    Part::Table(Table {
        look: Look::Writing,
        widths: vec![half, half],
        header: QUESTIONS.iter().take(2).map(|question| (*question).to_owned()).collect(),
        rows,
        row_height: u32::try_from(WRITING).ok(),
    })
}

/// How many lines to write on fit beside everything else, counted over the two pairs of questions.
fn room(input: &ReportInput<'_>, each: usize, factoren: usize) -> usize {
    // Cautious: lines break at words, and cells have margins.
    let lines_of = |text: &str, width: usize| {
        text.chars().count().div_ceil((width.saturating_sub(170) / CHARACTER).max(1)).max(1)
    };
    let [pijler_width, name_width, wijk_width, benchmark_width, meaning_width, year_width] = columns(input);
    let mut used = 600 + 4 * 500; // title and headings
    used += LINE * lines_of(&explanation(input, each), WIDTH);
    used += LINE * lines_of(&factor_line(input, factoren), WIDTH);
    used += LINE * lines_of(&strong_line(input), WIDTH);
    used += LINE * lines_of(input.wijk(), wijk_width).max(lines_of(input.benchmark(), benchmark_width)) + 110;
    for (pijler, list) in furthest(input, each) {
        used += if list.is_empty() { LINE + 110 } else { 0 };
        for shown in list {
            let (compared, _) = shown;
            let highest = [
                lines_of(pijler, pijler_width),
                lines_of(&figure_name(shown), name_width),
                lines_of(&wijk_figure(compared).0, wijk_width),
                lines_of(&figure(&compared.benchmark, &compared.unit, compared.decimals), benchmark_width),
                lines_of(&judgement(compared, input.benchmark(), input.format.second_mark), meaning_width),
                // Small print: 8 points in place of 9.
                lines_of(&year_and_kind(compared), year_width * 9 / 8),
            ];
            used += LINE * highest.into_iter().max().unwrap_or(1) + 110;
        }
    }
    // The two rows of questions and some room to spare.
    PAGE.saturating_sub(used + 2 * WRITING + 150) / WRITING
}
