//! The chart of a pijler: its opvallende figures, each on a line of its own.
//!
//! Owns what is drawn and how it is said in words: which figures, where their dots lie, the caption, the alternative
//! text and the names of what has no dot. How the chart looks in Word is in `drawing`, its colours on another theme in `paper`; the workbook behind it, so that
//! it can be edited, in `sheet`; what room it has on a page in `room`.
//!
//! Figures have different units, so that they share one axis in spreads: how far a figure lies from the benchmark,
//! measured by how much wijken differ on that indicator (the measure of 'opvallend'). The sign is turned where lower is
//! favourable, so that right is always the favourable side. An indicator without a direction has no such side and is
//! named, not drawn.

mod drawing;
mod paper;
mod room;
mod sheet;

pub(super) use drawing::{drawing, part, relationships};
pub(super) use paper::on_theme;
pub(super) use room::Room;
pub(super) use sheet::workbook;

use super::ReportInput;
use super::content::{Part, Style, block, slug, text};
use super::words::{figure, wijk_figure};
use crate::model::words::{count, list};
use crate::model::{Direction, Figure, FigureComparison, Judgement};

/// A chart before it is put into Word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// Short name, for lists of pictures.
    pub(super) title: String,
    /// What it shows, for who cannot see it.
    pub(super) alt: String,
    /// Name of the wijk, of its gebied (when there is one to draw) and of the benchmark.
    wijk: String,
    gebied: Option<String>,
    benchmark: String,
    /// From top to bottom.
    lines: Vec<Line>,
    /// The room that it has on its page.
    room: Room,
}

/// One indicator. Positions are in spreads from the benchmark, favourable positive.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: String,
    /// Figures as shown, of wijk, gebied and benchmark.
    figures: [String; 3],
    wijk: Option<f64>,
    gebied: Option<f64>,
    /// Lowest and highest wijk, the less favourable end first.
    range: (f64, f64),
}

impl Line {
    /// The lines of text beside it: the name, and under it the figures.
    fn label(&self, chart: &Chart) -> Vec<String> {
        let mut label = room::wrapped(&self.name, chart.room.label());
        let [wijk, _, benchmark] = &self.figures;
        label.push(format!("{wijk} ({} {benchmark})", chart.benchmark));
        label
    }
}

/// What stands out in a pijler, sorted by whether it can be drawn.
#[derive(Default)]
struct Selection<'a> {
    drawn: Vec<&'a FigureComparison>,
    /// Left out because there is no room.
    too_many: Vec<&'a FigureComparison>,
    neutral: Vec<&'a FigureComparison>,
    /// Without a benchmark figure or a spread over the wijken.
    no_measure: Vec<&'a FigureComparison>,
}

/// The block with the chart of a pijler and everything that is said about it.
pub(super) fn block_of(input: &ReportInput<'_>, pijler: &str, room: Room) -> Part {
    let selection = select(input, pijler, room);
    let mut parts = Vec::new();
    if selection.drawn.is_empty() {
        parts.push(text(
            Style::Figures,
            format!("De pijler {pijler} heeft geen opvallende cijfers die in een grafiek kunnen."),
        ));
    } else {
        let chart = chart(input, pijler, &selection, room);
        parts.push(text(Style::Caption, format!("Opvallende cijfers van de pijler {pijler} in beeld")));
        parts.push(text(Style::ListRule, how_to_read(&chart)));
        parts.push(Part::Chart(chart));
    }
    parts.extend(remarks(input, &selection).into_iter().map(|sentence| text(Style::Rule, sentence)));
    block(format!("grafiek:{}", slug(pijler)), format!("Grafiek van de pijler {pijler}"), parts)
}

fn select<'a>(input: &ReportInput<'a>, pijler: &str, room: Room) -> Selection<'a> {
    let mut selection = Selection::default();
    let mut known: Vec<&str> = Vec::new();
    let domeinen = input.comparison.domeinen.iter().filter(|domein| domein.pijler == pijler);
    for figure in domeinen.flat_map(|domein| domein.opvallende()) {
        if known.contains(&figure.code.as_str()) {
            continue;
        }
        known.push(&figure.code);
        if figure.wijken.is_none() || figure.benchmark.value().is_none() {
            selection.no_measure.push(figure);
        } else if figure.direction == Direction::Neutral {
            selection.neutral.push(figure);
        } else {
            selection.drawn.push(figure);
        }
    }
    let drawn = &mut selection.drawn;
    let far = |figure: &FigureComparison| position(figure, &figure.wijk).map_or(-1.0, f64::abs);
    drawn.sort_by(|a, b| far(b).total_cmp(&far(a)));
    let gebied = drawn.iter().any(|figure| figure.gebied.as_ref().is_some_and(|gebied| gebied.value().is_some()));
    let gebied = gebied.then(|| name_of_gebied(input));
    let legend: Vec<&str> =
        [Some(input.benchmark()), gebied.as_deref(), Some(input.wijk())].into_iter().flatten().collect();
    let most = room.lines(drawn.iter().map(|figure| figure.name.as_str()), &legend, input.benchmark());
    selection.too_many = drawn.split_off(drawn.len().min(most));
    // The least favourable on top; without a dot of the wijk at the bottom.
    let order = |figure: &FigureComparison| position(figure, &figure.wijk).unwrap_or(f64::INFINITY);
    drawn.sort_by(|a, b| order(a).total_cmp(&order(b)));
    selection
}

/// Where a figure of any area lies: spreads from the benchmark, favourable positive.
fn position(compared: &FigureComparison, figure: &Figure) -> Option<f64> {
    place(compared, figure.value()?)
}

fn place(compared: &FigureComparison, value: f64) -> Option<f64> {
    let sign = match compared.direction {
        Direction::HigherIsBetter => 1.0,
        Direction::LowerIsBetter => -1.0,
        Direction::Neutral => return None,
    };
    let from = (value - compared.benchmark.value()?) / compared.wijken?.spread * sign;
    // Rounded, so that the file holds no binary noise; -0 becomes 0.
    Some((from * 1e4).round() / 1e4 + 0.0)
}

/// What the gebied is called.
fn name_of_gebied(input: &ReportInput<'_>) -> String {
    let name = input.comparison.level.gebied.as_str();
    if name.is_empty() { "het gebied".to_owned() } else { super::front::with_level("gebied", name) }
}

fn chart(input: &ReportInput<'_>, pijler: &str, selection: &Selection<'_>, room: Room) -> Chart {
    let lines: Vec<Line> = selection
        .drawn
        .iter()
        .filter_map(|compared| {
            let all = compared.wijken?;
            let ends = (place(compared, all.lowest)?, place(compared, all.highest)?);
            let shown = |of: &Figure| figure(of, &compared.unit, compared.decimals);
            Some(Line {
                name: compared.name.clone(),
                figures: [
                    wijk_figure(compared).0,
                    compared.gebied.as_ref().map_or_else(|| "geen cijfer".to_owned(), shown),
                    shown(&compared.benchmark),
                ],
                wijk: position(compared, &compared.wijk),
                gebied: compared.gebied.as_ref().and_then(|gebied| position(compared, gebied)),
                range: (ends.0.min(ends.1), ends.0.max(ends.1)),
            })
        })
        .collect();
    let gebied = lines.iter().any(|line| line.gebied.is_some()).then(|| name_of_gebied(input));
    let title = format!("Grafiek van de opvallende cijfers van de pijler {pijler}");
    Chart {
        alt: alternative(input, &title, selection),
        title,
        wijk: input.wijk().to_owned(),
        gebied,
        benchmark: input.benchmark().to_owned(),
        lines,
        room,
    }
}

fn how_to_read(chart: &Chart) -> String {
    let gebied = chart.gebied.as_ref().map_or_else(String::new, |gebied| format!(", de ruit {gebied}"));
    let Chart { wijk, benchmark, .. } = chart;
    format!(
        "Zo leest u de grafiek: elke regel is één cijfer, en rechts is altijd gunstig. De cirkel is {wijk}{gebied}, het vierkant \
         {benchmark}; de streep loopt van de ene uiterste wijk tot de andere. Cijfers met verschillende eenheden staan op één \
         schaal, in spreidingen: bij 1 is het verschil met {benchmark} zo groot als wijken onderling meestal van het gemiddelde \
         verschillen. Naast elke regel staat het cijfer van {wijk}, met dat van {benchmark} erachter."
    )
}

/// What is not in the chart, and which dots are missing.
fn remarks(input: &ReportInput<'_>, selection: &Selection<'_>) -> Vec<String> {
    let names = |figures: &[&FigureComparison]| {
        list(&figures.iter().map(|figure| figure.name.as_str()).collect::<Vec<_>>())
    };
    let mut out = Vec::new();
    let mut absent = |who: &str, figures: Vec<&FigureComparison>| {
        if !figures.is_empty() {
            out.push(format!("Geen stip van {who}, want het cijfer ontbreekt: {}.", names(&figures)));
        }
    };
    let drawn = || selection.drawn.iter().copied();
    absent(input.wijk(), drawn().filter(|figure| figure.wijk.value().is_none()).collect());
    if drawn().any(|figure| figure.gebied.is_some_and(|gebied| gebied.value().is_some())) {
        let without = drawn().filter(|figure| figure.gebied.is_none_or(|gebied| gebied.value().is_none()));
        absent(&super::front::with_level("gebied", &input.comparison.level.gebied), without.collect());
    }
    for (figures, why) in [
        (&selection.neutral, "geen van beide kanten is gunstig"),
        (&selection.no_measure, "er is geen cijfer of geen spreiding om mee te vergelijken"),
    ] {
        if !figures.is_empty() {
            out.push(format!("Niet in de grafiek, want {why}: {}.", names(figures)));
        }
    }
    if !selection.too_many.is_empty() {
        out.push(format!(
            "In de grafiek staan de {} cijfers die het verst liggen; niet in de grafiek, wel in de tabellen: {}.",
            selection.drawn.len(),
            names(&selection.too_many)
        ));
    }
    out
}

/// What the chart shows, in words.
fn alternative(input: &ReportInput<'_>, title: &str, selection: &Selection<'_>) -> String {
    let (wijk, benchmark) = (input.wijk(), input.benchmark());
    let mut out = format!(
        "{title}: {wijk} naast {benchmark} op {}. Rechts is gunstig.",
        count(selection.drawn.len(), "cijfer", "cijfers")
    );
    for (judgement, words) in [
        (Some(Judgement::Ongunstiger), format!("Ongunstiger dan {benchmark}, het verste eerst")),
        (Some(Judgement::Gunstiger), format!("Gunstiger dan {benchmark}, het verste eerst")),
        (Some(Judgement::Gelijk), format!("Gelijk aan {benchmark}")),
        (None, "Niet vergeleken".to_owned()),
    ] {
        let mut of: Vec<&&FigureComparison> =
            selection.drawn.iter().filter(|figure| figure.judgement == judgement).collect();
        if judgement == Some(Judgement::Gunstiger) {
            of.reverse();
        }
        if of.is_empty() {
            continue;
        }
        let each: Vec<String> = of
            .into_iter()
            .map(|compared| {
                let benchmark = figure(&compared.benchmark, &compared.unit, compared.decimals);
                format!(
                    "{} ({} tegen {benchmark}{})",
                    compared.name,
                    wijk_figure(compared).0,
                    around(input, compared)
                )
            })
            .collect();
        out.push_str(&format!(" {words}: {}.", each.join("; ")));
    }
    out
}

/// What the chart draws beside wijk and benchmark: the gebied, and the range of all wijken.
fn around(input: &ReportInput<'_>, compared: &FigureComparison) -> String {
    let shown = |of: &Figure| figure(of, &compared.unit, compared.decimals);
    let mut out = String::new();
    if let Some(gebied) = compared.gebied.as_ref().filter(|gebied| gebied.value().is_some()) {
        out.push_str(&format!(", {} {}", name_of_gebied(input), shown(gebied)));
    }
    if let Some(all) = compared.wijken {
        let [lowest, highest] = [all.lowest, all.highest].map(|value| shown(&Figure::known(value)));
        out.push_str(&format!(", wijken van {lowest} tot {highest}"));
    }
    out
}

#[cfg(test)]
mod tests;
