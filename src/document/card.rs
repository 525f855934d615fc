//! The Gesprekskaart: one page for the talk with partners. Figures with words, factors that come back, strengths, and
//! the four core questions with lines to write on.
//!
//! Word breaks the lines, not this program: `room` reckons how much of the page the content takes, on the safe side,
//! and what is left becomes room to write. Content gives way before that room does.

use std::collections::BTreeSet;

use super::ReportInput;
use super::content::{Cell, Draft, Look, Part, Style, Table, block, data, text};
use super::front::{called, draft};
use super::interpretation::{favourable, no_distance};
use super::state::name_width;
use super::words::{figure, judgement, kind, wijk_figure};
use crate::model::words::{count, list};
use crate::model::{FigureComparison, Judgement};

/// Margins of the page in twentieths of a point, like all lengths below.
const MARGIN: u32 = 850;
/// Narrowest column for the names of figures.
const NAMES: usize = 1300;
/// Width of the column of names in which most take at most two lines; what lies beyond it goes to year, doelgroep and kind.
const EASY_NAMES: usize = 2600;
/// A heading on the card with the space around it.
const HEADING: usize = 480;
/// Lowest and highest line to write on.
const WRITING: (usize, usize) = (390, 460);
/// Fewest and most lines to write on under each question.
const LINES: (usize, usize) = (4, 9);
/// What is kept free for lines that break elsewhere than reckoned.
const SPARE: usize = 350;

/// The page that the card has to fit on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Height and width for text: the page less its margins, header and footer.
    pub(super) height: usize,
    pub(super) width: usize,
    /// Height of a line of card text (9 points).
    pub(super) line: usize,
    /// Width of a character of card text: in Calibri names of figures take 72 to 85, 78 on average.
    pub(super) character: usize,
}

/// Our own page: A4 and Calibri.
pub(super) const OURS: Sheet =
    Sheet { height: 16_838 - 2 * MARGIN as usize, width: 10_206, line: 222, character: 82 };

/// How much stands on the card: figures per pijler, factors, favourable figures.
#[derive(Debug, Clone, Copy)]
struct Amount {
    each: usize,
    factoren: usize,
    strong: usize,
}

/// What stands on the card, from much to little: the first that leaves room to write is taken.
const AMOUNTS: [Amount; 9] = [
    Amount { each: 4, factoren: 5, strong: 3 },
    Amount { each: 3, factoren: 5, strong: 3 },
    Amount { each: 3, factoren: 3, strong: 3 },
    Amount { each: 2, factoren: 3, strong: 3 },
    Amount { each: 2, factoren: 3, strong: 1 },
    Amount { each: 2, factoren: 2, strong: 1 },
    Amount { each: 2, factoren: 1, strong: 1 },
    Amount { each: 1, factoren: 2, strong: 1 },
    Amount { each: 1, factoren: 1, strong: 1 },
];
/// Most figures on the page, shared by the pijlers.
const MOST_FIGURES: usize = 12;

/// The card as a draft, on our own page.
pub(super) fn card(input: &ReportInput<'_>) -> Draft {
    on(input, OURS).0
}

/// The card as a draft on any page; true when it fits there, with room to write.
pub(super) fn on(input: &ReportInput<'_>, sheet: Sheet) -> (Draft, bool) {
    let most = (MOST_FIGURES / input.format.pijlers.len().max(1)).max(1);
    let amounts = AMOUNTS.map(|amount| Amount { each: amount.each.min(most), ..amount });
    let wanted = 2 * LINES.0 * WRITING.0;
    let amount = amounts
        .into_iter()
        .find(|amount| room(input, *amount, sheet) >= wanted)
        .or(amounts.last().copied())
        .unwrap_or(Amount { each: 1, factoren: 1, strong: 1 });
    let room = room(input, amount, sheet);
    // Half of the lines is the least: with fewer there is no room to write.
    let fits = room >= wanted / 2 && columns(input, sheet).get(1).is_some_and(|names| *names >= NAMES);
    // Under each of two pairs of questions as many lines.
    let lines = (room / WRITING.0 / 2).clamp(1, LINES.1);
    let height = (room / (2 * lines)).clamp(WRITING.0.min(300), WRITING.1);
    let name = "Gesprekskaart Wijkprogrammering";
    (draft(input, "gesprekskaart", name, MARGIN, parts(input, amount, sheet, lines, height)), fits)
}

fn parts(input: &ReportInput<'_>, amount: Amount, sheet: Sheet, lines: usize, height: usize) -> Vec<Part> {
    let bullets = |lines: Vec<String>| lines.into_iter().map(|line| text(Style::CardBullet, line)).collect();
    vec![
        text(Style::CardTitle, title(input)),
        block("kaart:uitleg", "Uitleg", vec![text(Style::CardText, explanation(input))]),
        text(Style::CardHeading, "Wat valt op in de cijfers?"),
        block(
            "kaart:cijfers",
            "Opvallende cijfers",
            vec![
                text(Style::CardRule, rule(input, amount)),
                figures(input, amount.each, sheet),
                text(Style::CardRule, sources(input, amount)),
            ],
        ),
        text(Style::CardHeading, "Welke factoren komen terug?"),
        block("kaart:factoren", "Factoren", bullets(factor_lines(input, amount.factoren))),
        text(Style::CardHeading, strong_heading(input)),
        block("kaart:sterk", "Sterke punten", bullets(strong_lines(input, amount.strong))),
        text(Style::CardHeading, "Samen in gesprek"),
        block("kaart:vragen", "Vragen om samen te bespreken", questions(input, sheet, lines, height)),
    ]
}

fn title(input: &ReportInput<'_>) -> String {
    format!("Gesprekskaart {}", called(input))
}

fn strong_heading(input: &ReportInput<'_>) -> String {
    format!("Wat is gunstiger dan in {}?", input.benchmark())
}

fn explanation(input: &ReportInput<'_>) -> String {
    format!(
        "De cijfers van {} naast die van {}. Cijfers zijn het begin van een gesprek, geen oordeel. Editie: {}.",
        input.wijk(),
        input.benchmark(),
        input.edition().trim_end_matches('.'),
    )
}

/// The rule with the figures: which are shown, how many are missing, and what is not said beside each of them.
fn rule(input: &ReportInput<'_>, Amount { each, strong, .. }: Amount) -> String {
    let missing = match input.comparison.missing {
        (0, all) => format!("Van de {all} cijfers ontbreekt er geen"),
        (missing, all) => format!("Cijfers die ontbreken: {missing} van {all}"),
    };
    let shown = furthest(input, each);
    let opvallend = opvallende(input);
    let without: Vec<&str> = shown
        .iter()
        .filter(|(_, list)| {
            list.first().is_some_and(|(figure, own)| *own && !opvallend.contains(figure.code.as_str()))
        })
        .map(|(pijler, _)| *pijler)
        .collect();
    let figures = || shown.iter().flat_map(|(_, list)| list.iter().map(|(figure, _)| *figure));
    let known = figures().filter(|figure| figure.distance.is_some()).count();
    let unknown = figures().count() - known;
    // What is in the order of the format does not lie furthest.
    let furthest = if known > 0 || unknown == 0 {
        let (which, lie) = if each == 1 { ("dat", "ligt") } else { ("die", "liggen") };
        format!(" {which} het verst van {} {lie}", input.benchmark())
    } else {
        String::new()
    };
    let mut out = format!(
        "Regel: per pijler ten hoogste {}{furthest}, eerst eigen cijfers van de pijler en daarna cijfers via een factor.",
        count(each, "opvallend cijfer", "opvallende cijfers"),
    );
    if !without.is_empty() {
        let noun = if without.len() == 1 { "Pijler" } else { "Pijlers" };
        let verb = if without.len() == 1 { "heeft" } else { "hebben" };
        out.push_str(&format!(
            " {noun} {} {verb} geen eigen opvallend cijfer: daar staan eerst {}.",
            list(&without),
            if unknown == 0 { "de eigen cijfers die het verst liggen" } else { "eigen cijfers die anders zijn" }
        ));
    }
    if unknown > 0 {
        out.push(' ');
        out.push_str(&no_distance(input));
    }
    out.push_str(&format!(" {missing}."));
    if shown.iter().flat_map(|(_, list)| list).any(|(figure, _)| figure.period.contains(UNKNOWN_YEAR)) {
        out.push_str(" Bij ‘editie’ is het peiljaar onbekend.");
    }
    let strong = favourable(input.comparison).into_iter().take(strong).map(|(_, figure)| figure);
    if figures().chain(strong).any(|figure| !said_of_chance(figure).is_empty()) {
        out.push_str(" ‘Kan toeval zijn’ is bepaald met een 95%-interval.");
    }
    out.push_str(" Alle cijfers: zie de rapportage.");
    out
}

/// Where the figures on the card come from, each source once.
fn sources(input: &ReportInput<'_>, amount: Amount) -> String {
    let shown = furthest(input, amount.each).into_iter().flat_map(|(_, list)| list).map(|(figure, _)| figure);
    let strong = favourable(input.comparison).into_iter().take(amount.strong).map(|(_, figure)| figure);
    let mut sources: Vec<&str> = Vec::new();
    for figure in shown.chain(strong) {
        let source = figure.source.trim().trim_end_matches('.');
        let source = if source.is_empty() { "onbekend" } else { source };
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let noun = if sources.len() > 1 { "Bronnen" } else { "Bron" };
    format!("{noun} van de cijfers op deze kaart: {}.", sources.join("; "))
}

/// What stands behind the judgement when the difference can be chance; empty otherwise, and where nothing may be said.
fn said_of_chance(compared: &FigureComparison) -> &'static str {
    if compared.beyond_chance == Some(false) && !compared.estimate { "(kan toeval zijn)" } else { "" }
}

/// What the figure means beside the benchmark: `– ongunstiger (kan toeval zijn)`.
fn meaning(input: &ReportInput<'_>, compared: &FigureComparison) -> String {
    let judgement = judgement(compared, input.benchmark(), input.format.second_mark);
    format!("{judgement} {}", said_of_chance(compared)).trim_end().to_owned()
}

/// Stands behind an edition of which the year of measurement is unknown; on the card it is said once.
const UNKNOWN_YEAR: &str = ", peiljaar onbekend";

/// Codes of all opvallende figures.
fn opvallende<'a>(input: &ReportInput<'a>) -> BTreeSet<&'a str> {
    let domeinen = &input.comparison.domeinen;
    domeinen.iter().flat_map(|domein| domein.opvallende().map(|figure| figure.code.as_str())).collect()
}

/// Widths of the columns of figures: pijler, name, wijk, benchmark, meaning, and year with doelgroep and kind.
fn columns(input: &ReportInput<'_>, sheet: Sheet) -> [usize; 6] {
    // Wider letters take wider columns.
    let wide = |width: usize| width * sheet.character / OURS.character;
    let (wijk, benchmark) = (wide(name_width(input.wijk())), wide(name_width(input.benchmark())));
    let (pijler, meaning) = (wide(1050), wide(1350));
    // What a narrow page leaves beside the names.
    let left = sheet.width.saturating_sub(pijler + wijk + benchmark + meaning);
    let year = left.saturating_sub(EASY_NAMES).clamp(1400, 2450);
    [pijler, left.saturating_sub(year), wijk, benchmark, meaning, year]
}

/// A figure on the card; true when it stands there as an own figure of the pijler.
type Shown<'a> = (&'a FigureComparison, bool);

/// Per pijler the opvallende figures that lie furthest from the benchmark. A figure stands with the pijler whose own
/// figure it is, in whichever domein it is opvallend; what room is left goes to figures that come up through a factor.
/// No figure stands on the card twice, unless a pijler would have none.
fn furthest<'a>(input: &ReportInput<'a>, most: usize) -> Vec<(&'a str, Vec<Shown<'a>>)> {
    let far = |figure: &FigureComparison| figure.distance.map_or(-1.0, f64::abs);
    let comparison = input.comparison;
    let opvallend = opvallende(input);
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    let mut lists = Vec::new();
    for pijler in &input.format.pijlers {
        let mut own = own_figures(input, &pijler.name);
        own.retain(|figure| opvallend.contains(figure.code.as_str()) && !shown.contains(figure.code.as_str()));
        // A pijler without any still shows figures of its own before those of others.
        let least = most.div_ceil(2);
        if own.is_empty() {
            own = own_figures(input, &pijler.name);
            own.truncate(least);
        }
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

/// The own figures of a pijler that differ from the benchmark, furthest first; those of which the distance is not known
/// last and in the format's order.
fn own_figures<'a>(input: &ReportInput<'a>, pijler: &str) -> Vec<&'a FigureComparison> {
    let far = |figure: &FigureComparison| figure.distance.map_or(-1.0, f64::abs);
    let domeinen = input.comparison.domeinen.iter().filter(|domein| domein.pijler == pijler);
    let mut own: Vec<&FigureComparison> = domeinen
        .flat_map(|domein| &domein.figures)
        .filter(|figure| figure.own)
        .filter(|figure| {
            figure.opvallend.is_some() || figure.judgement.is_some_and(|judgement| judgement != Judgement::Gelijk)
        })
        .collect();
    own.sort_by(|a, b| far(b).total_cmp(&far(a)));
    own
}

fn figures(input: &ReportInput<'_>, each: usize, sheet: Sheet) -> Part {
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
                Cell::text(meaning(input, compared)),
                Cell::styled(Style::CellSmall, beside(compared)),
            ]);
        }
    }
    let [pijler, name, wijk, benchmark, meaning_width, year] = columns(input, sheet);
    data(
        &[
            ("Pijler", pijler),
            ("Cijfer", name),
            (input.wijk(), wijk),
            (input.benchmark(), benchmark),
            ("Betekenis", meaning_width),
            ("Jaar, doelgroep, soort", year),
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

/// `editie 2016, alle bewoners, benadering`; that the year itself is unknown is explained once, above the table.
fn beside(compared: &FigureComparison) -> String {
    let period = compared.period.trim();
    let year = period.strip_suffix(UNKNOWN_YEAR).unwrap_or(period);
    let year = if year.is_empty() { "jaar onbekend" } else { year };
    let doelgroep = compared.doelgroep.trim();
    let who = if doelgroep.is_empty() { String::new() } else { format!("{doelgroep}, ") };
    format!("{year}, {who}{}", kind(compared))
}

fn factor_lines(input: &ReportInput<'_>, most: usize) -> Vec<String> {
    let lines: Vec<String> = input
        .comparison
        .factoren
        .iter()
        .take(most)
        .map(|factor| {
            let rank = factor.rank.map_or_else(|| "zonder ranking".to_owned(), |rank| format!("ranking {rank}"));
            let kinds = list(&factor.kinds.iter().map(|kind| kind.words()).collect::<Vec<_>>());
            format!("{}: {kinds}, {rank}, {}", factor.name, count(factor.domeinen.len(), "domein", "domeinen"))
        })
        .collect();
    if lines.is_empty() {
        vec!["Geen factor komt terug bij de ongunstige opvallende cijfers.".to_owned()]
    } else {
        lines
    }
}

/// The most favourable figures of all, with both figures and what stands beside every figure.
fn strong_lines(input: &ReportInput<'_>, most: usize) -> Vec<String> {
    let lines: Vec<String> = favourable(input.comparison)
        .into_iter()
        .take(most)
        .map(|(_, compared)| {
            let line = format!(
                "{}: {} ({} {}); {} {}",
                compared.name,
                wijk_figure(compared).0,
                input.benchmark(),
                figure(&compared.benchmark, &compared.unit, compared.decimals),
                beside(compared),
                said_of_chance(compared),
            );
            line.trim_end().to_owned()
        })
        .collect();
    if lines.is_empty() { vec![format!("Geen cijfer is gunstiger dan {}.", input.benchmark())] } else { lines }
}

/// The four core questions that accompany every set of figures shown to partners (method): two beside each other, lines
/// under each. Each pair is a table of its own, so that its questions are the headings of its columns for who cannot see
/// them; Word makes one of two tables without a paragraph between them.
fn questions(input: &ReportInput<'_>, sheet: Sheet, lines: usize, height: usize) -> Vec<Part> {
    let pair = |[left, right]: [usize; 2]| {
        Part::Table(Table {
            look: Look::Writing,
            widths: vec![sheet.width / 2; 2],
            header: vec![question(input, left), question(input, right)],
            rows: (0..lines).map(|_| vec![Cell::default(), Cell::default()]).collect(),
            row_height: u32::try_from(height).ok(),
            letter: None,
        })
    };
    let [first, second] = PAIRS.map(pair);
    vec![first, text(Style::CardRule, "Bespreek daarna samen:"), second]
}

/// The questions that stand beside each other.
const PAIRS: [[usize; 2]; 2] = [[1, 2], [3, 4]];

fn question(input: &ReportInput<'_>, number: usize) -> String {
    input.format.texts.get(&format!("kernvraag-{number}")).to_owned()
}

/// The height that is left for lines to write on beside everything else.
fn room(input: &ReportInput<'_>, amount: Amount, sheet: Sheet) -> usize {
    let Sheet { height: page, width, line, character } = sheet;
    let lines_of = |text: &str, width: usize| lines_of(text, width, character);
    let [pijler_width, name_width, wijk_width, benchmark_width, meaning_width, year_width] = columns(input, sheet);
    // Cells have margins.
    let cell = |text: &str, width: usize| lines_of(text, width.saturating_sub(170));
    let bullet = |text: &String| line * lines_of(text, width - 400) + 20;
    // The title is set twice as large; the footer has room for one line.
    let mut used = 2 * line * lines_of(&title(input), width * 9 / 20) + 60;
    let footer = format!("Gesprekskaart Wijkprogrammering · {} · {}", called(input), input.version());
    used += line * (lines_of(&footer, width - 1800) - 1);
    used += line * lines_of(&explanation(input), width) + 40;
    // Headings are set larger.
    used += 4 * HEADING + HEADING * (lines_of(&strong_heading(input), width * 8 / 11) - 1);
    used += line * lines_of(&rule(input, amount), width * 9 / 8) + 60;
    used += line * lines_of(&sources(input, amount), width * 9 / 8) + 60;
    used += factor_lines(input, amount.factoren).iter().map(bullet).sum::<usize>();
    used += strong_lines(input, amount.strong).iter().map(bullet).sum::<usize>();
    used += line * cell(input.wijk(), wijk_width).max(cell(input.benchmark(), benchmark_width)) + 110;
    for (pijler, list) in furthest(input, amount.each) {
        used += if list.is_empty() { line + 110 } else { 0 };
        for shown in list {
            let (compared, _) = shown;
            let highest = [
                cell(pijler, pijler_width),
                cell(&figure_name(shown), name_width),
                cell(&wijk_figure(compared).0, wijk_width),
                cell(&figure(&compared.benchmark, &compared.unit, compared.decimals), benchmark_width),
                cell(&meaning(input, compared), meaning_width),
                // Small print: 8 points in place of 9.
                cell(&beside(compared), year_width * 9 / 8),
            ];
            used += line * highest.into_iter().max().unwrap_or(1) + 110;
        }
    }
    // The questions, and what stands between the two pairs.
    for pair in PAIRS {
        let high = pair.map(|number| cell(&question(input, number), width / 2)).into_iter().max().unwrap_or(1);
        used += line * high + 110;
    }
    page.saturating_sub(used + line + 60 + SPARE)
}

/// How many lines of card text a text takes, broken at blanks; never 0.
fn lines_of(text: &str, width: usize, character: usize) -> usize {
    let most = (width / character.max(1)).max(4);
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > most {
            lines += 1;
            used = 0;
        }
        used += if used > 0 { length + 1 } else { length };
        // A word that is longer than the line is broken.
        while used > most {
            lines += 1;
            used -= most;
        }
    }
    lines
}
