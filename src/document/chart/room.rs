//! The room that a chart has on a page: how wide it is, what of that its labels and its plot take, and how many lines fit.
//!
//! Letters keep their size on any page, so that on a narrow one the labels take more of the width and the legend more
//! rows, and on a low one fewer figures are drawn.

use super::{Chart, sheet};

/// English Metric Units in a centimetre and in a twentieth of a point.
pub(super) const CM: f64 = 360_000.0;
const TWIP: f64 = 635.0;
/// Width of the text on our own upright page.
const WIDTH: f64 = 17.0 * CM;
/// What a line of a label takes, and what stands free between two lines of the chart.
pub(super) const TEXT_LINE: f64 = 0.37 * CM;
pub(super) const BETWEEN: f64 = 0.22 * CM;
/// Room for a legend of one row above and the scale below, and for each row more.
const TOP: f64 = 0.9 * CM;
const LEGEND_ROW: f64 = 0.45 * CM;
/// What the legend may take of the width, and what an entry takes besides its letters, and each of those.
const LEGEND: f64 = 0.85;
const LEGEND_KEY: f64 = 1.1 * CM;
const LEGEND_LETTER: f64 = 0.15 * CM;
const BOTTOM: f64 = 1.35 * CM;
/// What a letter of the scale's title takes.
const TITLE_LETTER: f64 = 0.13 * CM;
/// Where the plot begins and where it ends, as shares of the width; the labels stand left of it.
const PLOT: (f64, f64) = (0.405, 0.98);
/// Most of a narrow chart that labels take.
const LABELS: f64 = 0.55;
/// Characters of a name on one line of a label on our own page, and how many such lines it gets; narrow labels get one more.
const LABEL: (usize, usize) = (42, 2);
const NARROW: usize = 34;
/// Most lines in one chart: what fits on our own page with its caption; and fewest, on any page.
const LINES: (usize, usize) = (15, 3);
/// How much closer the lines may come on a low page.
const CLOSER: f64 = 0.87;
/// What stands above a chart on its page: two headings, how to read it, and the space around them.
const ABOVE: f64 = 2300.0 * TWIP;
/// What a chart gets at least of the page.
const LEAST: f64 = 0.6;

/// The room for the charts of one document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::document) struct Room {
    /// Width of a chart.
    width: f64,
    /// How high it may be, where that is known.
    height: Option<f64>,
}

impl Room {
    /// The room on our own page.
    pub(in crate::document) const OURS: Room = Room { width: WIDTH, height: None };

    /// The room on pages whose text is so wide and, where known, so high, in twentieths of a point.
    pub(in crate::document) fn new(width: f64, height: Option<f64>) -> Self {
        let height = height.map(|height| height * TWIP).map(|height| (height - ABOVE).max(height * LEAST));
        Room { width: (width * TWIP).min(WIDTH), height }
    }

    /// Width of a chart.
    pub(in crate::document) fn width(self) -> f64 {
        self.width
    }

    /// How high a chart may be at most, given how high it is by itself.
    pub(in crate::document) fn highest(self, height: f64) -> f64 {
        self.height.map_or(height, |highest| height.min(highest))
    }

    fn is_ours(self) -> bool {
        self.width > WIDTH - 1.0
    }

    /// Where the plot begins and how wide it is, as shares of the width.
    pub(super) fn plot(self) -> (f64, f64) {
        let from = (PLOT.0 * WIDTH / self.width).clamp(PLOT.0, LABELS);
        let share = |share: f64| (share * 1e3).round() / 1e3;
        (share(from), share(PLOT.1 - from))
    }

    /// Characters on one line of a label, and how many such lines a name gets.
    pub(super) fn label(self) -> (usize, usize) {
        let narrower = self.plot().0 * self.width / (PLOT.0 * WIDTH);
        let characters = ((LABEL.0 as f64 * narrower).round() as usize).max(8);
        (characters, if characters < NARROW { LABEL.1 + 1 } else { LABEL.1 })
    }

    /// The title of the scale, and how many lines it takes.
    pub(super) fn title(self, benchmark: &str) -> (String, usize) {
        let plot = self.plot().1 * self.width;
        let takes = |title: &str| title.chars().count() as f64 * TITLE_LETTER / plot;
        let full = format!("← ongunstiger dan {benchmark}   |   gunstiger dan {benchmark} → (in spreidingen)");
        if self.is_ours() || takes(&full) <= 1.15 {
            return (full, 1);
        }
        let short = "← ongunstiger   |   gunstiger → (in spreidingen)".to_owned();
        let lines = takes(&short).ceil().max(1.0) as usize;
        (short, lines)
    }

    /// Room below the plot.
    pub(super) fn bottom(self, benchmark: &str) -> f64 {
        BOTTOM + (self.title(benchmark).1.saturating_sub(1)) as f64 * TEXT_LINE
    }

    /// Room for the legend, by the rows that it needs: a program sets its entries in columns of one width when they do not
    /// fit beside each other, and breaks the name in an entry that is wider than the legend.
    pub(super) fn top(self, names: &[&str]) -> f64 {
        let legend = LEGEND * self.width;
        let names = std::iter::once(&sheet::RANGE).chain(names);
        let wide: Vec<f64> = names.map(|name| LEGEND_KEY + name.chars().count() as f64 * LEGEND_LETTER).collect();
        let widest = wide.iter().copied().fold(LEGEND_KEY, f64::max);
        let rows = if wide.iter().sum::<f64>() <= legend {
            1.0
        } else {
            let columns = (legend / widest).floor().max(1.0);
            (wide.len() as f64 / columns).ceil() * (widest / legend).ceil()
        };
        TOP + (rows - 1.0) * LEGEND_ROW
    }

    /// How many of these names, in their order, are lines of one chart; `legend` are the names in its legend.
    pub(super) fn lines<'a>(
        self,
        names: impl Iterator<Item = &'a str>,
        legend: &[&str],
        benchmark: &str,
    ) -> usize {
        let highest = self.height.unwrap_or(f64::INFINITY);
        let mut high = self.top(legend) + self.bottom(benchmark);
        let fits = names.take(LINES.0).enumerate().take_while(|(at, name)| {
            high += CLOSER * (wrapped(name, self.label()).len() as f64 * TEXT_LINE + TEXT_LINE + BETWEEN);
            *at < LINES.1 || high <= highest
        });
        fits.count()
    }
}

impl Chart {
    /// The names in the legend besides that of all wijken.
    pub(super) fn names(&self) -> Vec<&str> {
        [Some(self.benchmark.as_str()), self.gebied.as_deref(), Some(&self.wijk)].into_iter().flatten().collect()
    }
}

/// A name over as few lines as it needs, broken at blanks; what does not fit in so many characters on so many lines ends
/// in an ellipsis (the table below the chart has it in full).
pub(super) fn wrapped(name: &str, (characters, most): (usize, usize)) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in name.split_whitespace() {
        let word: String = word.chars().take(characters.saturating_sub(1)).collect();
        let room = lines.len() < most;
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            *line = word;
        } else if line.chars().count() + 1 + word.chars().count() <= characters {
            line.push(' ');
            line.push_str(&word);
        } else if room {
            lines.push(word);
        } else {
            let kept: String = line.chars().take(characters.saturating_sub(2)).collect();
            *line = format!("{} …", kept.trim_end());
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A5 with wide margins, in twentieths of a point.
    const NARROW_PAGE: f64 = 4422.0;

    #[test]
    fn on_our_own_page_a_chart_is_as_it_was() {
        let room = Room::new(9638.0, Some(14_570.0));
        assert_eq!((room.plot(), room.label()), ((0.405, 0.575), (42, 2)));
        assert_eq!((room.plot(), room.label()), (Room::OURS.plot(), Room::OURS.label()));
        let names = ["Een naam die op twee regels van de grafiek komt, want hij is lang"; 20];
        assert_eq!(room.lines(names.into_iter(), &["Rotterdam"], "Rotterdam"), 15);
        assert_eq!(room.title("Rotterdam").1, 1);
    }

    #[test]
    fn on_a_narrow_page_labels_take_more_of_the_width_and_the_legend_more_rows() {
        let (ours, narrow) = (Room::OURS, Room::new(NARROW_PAGE, None));
        let legend = ["Rotterdam", "gebied Delfshaven", "Bospolder"];
        assert!(narrow.plot().0 > ours.plot().0 && narrow.label().0 < 30 && narrow.label().1 == 3);
        assert!((narrow.top(&legend) - ours.top(&legend) - 3.0 * LEGEND_ROW).abs() < 1.0);
        assert!(narrow.title("Rotterdam").1 > 1 && narrow.bottom("Rotterdam") > ours.bottom("Rotterdam"));
    }

    #[test]
    fn a_low_page_has_fewer_lines_and_never_none() {
        let names = || std::iter::repeat_n("Bewoners met veel overlast", 10);
        let lines = |high: f64| Room::new(9638.0, Some(high)).lines(names(), &["Rotterdam"], "Rotterdam");
        assert_eq!((lines(9638.0), lines(2000.0)), (10, 3));
        assert!((4..9).contains(&lines(6690.0)), "{}", lines(6690.0));
    }
}
