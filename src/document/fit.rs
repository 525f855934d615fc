//! Tables that can be read: columns wide enough for the words that stand in them, rows that fit on a page, and rows that
//! stay together.
//!
//! A word processor breaks lines and pages, not this program; what is reckoned here is how many lines a cell takes, about.
//! Widths change only where people's texts make a table hard to read, so that tables of one kind look alike. Nothing that
//! people wrote is cut: what is too long for a cell stands in full below its table.

use super::chart::Room;
use super::content::{Cell, Look, Part, Style, Table, text};
use super::dress::OURS;

/// Width of a character of table text (9 points), in twentieths of a point: the average over a text with its blanks.
const CHARACTER: f64 = 86.0;
/// Margins of a cell, and with the line that marks the advisor's words.
const MARGINS: (f64, f64) = (190.0, 320.0);
/// Longest word that a column makes room for, in characters, at least and at most; a longer one is broken wherever it stands.
const LONGEST_WORD: (usize, usize) = (10, 28);
/// Size of small print in tables in half points; it never becomes larger than the other letters.
const SMALL: f64 = 16.0;
/// Size of table text in half points, ours first; it becomes smaller only where words would break otherwise.
const LETTERS: [usize; 5] = [18, 17, 16, 15, 14];
/// A row that takes more lines than this is looked at: other widths may make it lower.
const HIGH: usize = 12;
/// A row may take this many lines, on upright and on lying pages: with its headings it still fits on a page.
const MOST: (usize, usize) = (26, 18);
/// A table of at most this many lines stays on one page: one with labels beside the texts is read as a whole.
const WHOLE: (usize, usize) = (40, 14);
/// Tables wider than this stand on lying pages.
const LYING: usize = 12_000;
/// What stands in a cell whose text stands below the table.
const BELOW: &str = "Zie de tekst onder deze tabel.";

/// The pages on which tables have to be read, against our own: the width of the text on upright and lying pages, and of
/// letters of the same size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Paper {
    upright: f64,
    lying: f64,
    letters: f64,
    /// Size of table text in half points, where it has none of ours.
    text: f64,
    /// What charts have of it.
    room: Room,
}

impl Paper {
    /// Our own pages.
    pub(super) const OURS: Paper =
        Paper { upright: 1.0, lying: 1.0, letters: 1.0, text: LETTERS[0] as f64, room: Room::OURS };

    /// Pages with text of these widths and this height, where known, and letters that are so much wider than ours.
    pub(super) fn new(widths: (Option<f64>, Option<f64>), height: Option<f64>, letters: f64) -> Self {
        let against = |width: Option<f64>, ours: f64| width.map_or(1.0, |width| width / ours).max(0.1);
        let upright = against(widths.0, OURS.0);
        let room = Room::new(upright * OURS.0, height);
        Paper { upright, lying: against(widths.1, OURS.1), letters, room, ..Paper::OURS }
    }

    /// The same with table text of this size in half points, where known: that of the organisation's own style.
    pub(super) fn with_text(self, text: Option<f64>) -> Self {
        Paper { text: text.unwrap_or(self.text), ..self }
    }

    /// The room for charts.
    pub(super) fn room(self) -> Room {
        self.room
    }

    /// What letters of a size and margins take in a table whose widths are still those on our own pages: it is made as wide
    /// as the text afterwards.
    fn measure(self, lying: bool, letter: Option<usize>) -> Measure {
        let scale = if lying { self.lying } else { self.upright };
        let size = letter.map_or(self.text, |letter| letter as f64);
        let letters = self.letters * size / LETTERS[0] as f64 / scale;
        Measure { letters, margins: 1.0 / scale, small: (SMALL / size).min(1.0) }
    }
}

/// What letters and margins take, against table text on our own pages.
#[derive(Debug, Clone, Copy)]
struct Measure {
    letters: f64,
    margins: f64,
    /// Small print against the other letters.
    small: f64,
}

impl Measure {
    const OURS: Measure = Measure { letters: 1.0, margins: 1.0, small: SMALL / LETTERS[0] as f64 };
}

/// All tables among these parts, made readable on this paper.
pub(super) fn fit(parts: Vec<Part>, paper: Paper) -> Vec<Part> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Part::Table(table) if table.look != Look::Writing => fitted(table, paper),
            Part::Block { tag, title, parts } => vec![Part::Block { tag, title, parts: fit(parts, paper) }],
            other => vec![other],
        })
        .collect()
}

/// How many tables have a column in which words break after all.
pub(super) fn cramped(parts: &[Part], paper: Paper) -> usize {
    parts
        .iter()
        .map(|part| match part {
            Part::Table(table) if table.look == Look::Data => {
                usize::from(breaks(table, paper.measure(lying(table), table.letter)))
            }
            Part::Block { parts, .. } => cramped(parts, paper),
            _ => 0,
        })
        .sum()
}

/// The table with widths that fit its texts, and below it the texts that do not fit on a page.
fn fitted(mut table: Table, paper: Paper) -> Vec<Part> {
    // A form has a column of labels, which stays as it is where its words fit.
    let free = table.look == Look::Data;
    if let (Look::Form, [labels, texts]) = (table.look, table.widths.as_slice()) {
        let all = labels + texts;
        let words = Words::of(&table).into_iter().next().unwrap_or_default();
        let needed = words.least(LONGEST_WORD.1, paper.measure(lying(&table), table.letter));
        let labels = needed.clamp(*labels, (all / 2).max(*labels));
        table.widths = vec![labels, all - labels];
    }
    if free && hard_to_read(&table, paper.measure(lying(&table), table.letter)) {
        set_widths(&mut table, paper);
    }
    let measure = paper.measure(lying(&table), table.letter);
    let most = if lying(&table) { MOST.1 } else { MOST.0 };
    let mut below = Vec::new();
    let header = table.header.clone();
    for row in &mut table.rows {
        let about =
            row.first().and_then(|cell| cell.lines.first()).map(|(_, text)| text.clone()).unwrap_or_default();
        for (column, cell) in row.iter_mut().enumerate() {
            let width = table.widths.get(column).copied().unwrap_or_default();
            if lines(cell, width, measure) <= most {
                continue;
            }
            let heading = header.get(column).filter(|_| column > 0 || table.look == Look::Data);
            below.push(text(Style::Question, label(&about, heading.filter(|_| column > 0).map(String::as_str))));
            let full = std::mem::take(&mut cell.lines);
            // What the row is about stays in it.
            if let Some((_, name)) = full.first().filter(|(style, _)| *style == Style::CellLabel) {
                cell.lines.push((Style::CellLabel, label(name, None)));
            }
            cell.lines.push((Style::CellText, BELOW.to_owned()));
            below.extend(full.into_iter().map(|(style, words)| text(beside(style), words)));
        }
    }
    if free && !below.is_empty() {
        table.letter = None;
        set_widths(&mut table, paper);
    }
    let mut parts = vec![Part::Table(table)];
    parts.extend(below);
    parts
}

/// What a text below a table is about: its row and its column.
fn label(about: &str, heading: Option<&str>) -> String {
    let mut row: String = about.chars().take(80).collect();
    if row.len() < about.len() {
        row.push('…');
    }
    match heading {
        Some(heading) => format!("{row}: {heading}"),
        None => row,
    }
}

/// The style of a text that no longer stands in a cell: an advisor's words keep their mark, a label its text.
fn beside(style: Style) -> Style {
    match style {
        Style::CellAdviser => Style::Adviser,
        Style::CellLabel => Style::Question,
        _ => Style::Body,
    }
}

/// True when a word does not fit in its column or a row is high.
fn hard_to_read(table: &Table, measure: Measure) -> bool {
    let high =
        |row: &Vec<Cell>| row.iter().zip(&table.widths).any(|(cell, width)| lines(cell, *width, measure) > HIGH);
    breaks(table, measure) || table.rows.iter().any(high)
}

/// True when a word breaks in its column that is not too long for any.
fn breaks(table: &Table, measure: Measure) -> bool {
    let needed = Words::of(table).into_iter().map(|words| words.least(LONGEST_WORD.1, measure));
    needed.zip(&table.widths).any(|(needed, width)| needed > *width)
}

/// The longest words in a column, in twentieths of a point in our own table text: of its heading, of the advisor's texts
/// and of all others, with small print apart.
#[derive(Debug, Clone, Copy, Default)]
struct Words {
    heading: f64,
    adviser: f64,
    other: f64,
    small: f64,
}

impl Words {
    /// Those of every column of a table.
    fn of(table: &Table) -> Vec<Words> {
        let column = |column: usize| {
            let heading = table.header.get(column).map_or(0.0, |name| longest(name));
            let mut words = Words { heading, ..Words::default() };
            for cell in table.rows.iter().filter_map(|row| row.get(column)) {
                let prompt = cell.prompt.iter().map(|(_, text)| (Style::CellText, text.as_str()));
                for (style, text) in cell.lines.iter().map(|(style, text)| (*style, text.as_str())).chain(prompt) {
                    match style {
                        Style::CellAdviser => words.adviser = words.adviser.max(longest(text)),
                        Style::CellSmall | Style::CellFigureSmall => {
                            words.small = words.small.max(longest(text));
                        }
                        _ => words.other = words.other.max(longest(text)),
                    }
                }
            }
            words
        };
        (0..table.widths.len()).map(column).collect()
    }

    /// The narrowest column for them, with room for words of so many characters; a heading is never broken.
    fn least(self, longest_word: usize, measure: Measure) -> usize {
        let most = longest_word as f64 * CHARACTER;
        let room = |word: f64, margins: f64| match word {
            0.0 => 0.0,
            word => word * measure.letters + margins * measure.margins,
        };
        let needed = room(self.heading, MARGINS.0)
            .max(room(self.adviser.min(most), MARGINS.1))
            .max(room(self.other.min(most), MARGINS.0))
            .max(room((self.small * measure.small).min(most), MARGINS.0));
        needed.ceil() as usize
    }
}

/// Gives a table widths and letters that fit its texts.
fn set_widths(table: &mut Table, paper: Paper) {
    let all: usize = table.widths.iter().sum();
    let words = Words::of(table);
    let to_write = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| cell.prompt.is_some())
    };
    let kept: Vec<usize> =
        (0..).zip(&table.widths).map(|(at, width)| if to_write(at) { *width } else { 0 }).collect();
    let lying = lying(table);
    let with = |letter: usize| {
        let letter = (letter < LETTERS[0]).then_some(letter);
        (letter, paper.measure(lying, letter))
    };
    // A column in which people still have to write stays at least as wide as it was, if that can be.
    let least = |room: bool, longest_word: usize, measure: Measure| -> Vec<usize> {
        let columns = words.iter().zip(&kept);
        columns
            .map(|(w, kept)| w.least(longest_word, measure).max(if room { *kept } else { 0 }).max(700))
            .collect()
    };
    // Smaller letters go before broken words; with many columns the longest words are broken after all.
    let whole = LETTERS.into_iter().flat_map(|letter| [true, false].map(|room| (letter, room, LONGEST_WORD.1)));
    let [.., smallest] = LETTERS;
    let broken = (LONGEST_WORD.0..LONGEST_WORD.1).rev().map(|longest| (smallest, false, longest));
    let found = whole.chain(broken).find_map(|(letter, room, longest)| {
        let (letter, measure) = with(letter);
        let widths = least(room, longest, measure);
        (widths.iter().sum::<usize>() <= all).then_some((letter, measure, widths))
    });
    let Some((letter, measure, least)) = found else {
        table.letter = with(smallest).0;
        return;
    };
    table.letter = letter;
    table.widths = shared(table, least, all, measure);
}

/// The columns at least as wide as `widths`; what is left of the width of the table goes, step by step, to the column that
/// makes rows high.
fn shared(table: &Table, mut widths: Vec<usize>, all: usize, measure: Measure) -> Vec<usize> {
    const STEP: usize = 60;
    let least: usize = widths.iter().sum();
    let mut left = all - least;
    while left > 0 {
        let step = STEP.min(left);
        let mut weights = vec![0; widths.len()];
        for row in &table.rows {
            let heights: Vec<usize> =
                row.iter().zip(&widths).map(|(cell, width)| lines(cell, *width, measure)).collect();
            let highest = heights.iter().copied().max().unwrap_or(0);
            for (weight, height) in weights.iter_mut().zip(&heights) {
                *weight += if *height == highest { highest } else { 0 };
            }
        }
        let Some((column, _)) =
            weights.iter().enumerate().max_by_key(|(column, weight)| (**weight, usize::MAX - column))
        else {
            break;
        };
        if let Some(width) = widths.get_mut(column) {
            *width += step;
        }
        left -= step;
    }
    widths
}

/// About how many lines a cell takes in a column of this width; at least 1.
fn lines(cell: &Cell, width: usize, measure: Measure) -> usize {
    let texts = cell.lines.iter().map(|(style, text)| (*style, text.as_str()));
    let prompt = cell.prompt.iter().map(|(_, text)| (Style::CellText, text.as_str()));
    let one = |(style, text): (Style, &str)| {
        let (character, margins) = match style {
            Style::CellSmall | Style::CellFigureSmall => (CHARACTER * measure.small, MARGINS.0),
            Style::CellAdviser => (CHARACTER, MARGINS.1),
            _ => (CHARACTER, MARGINS.0),
        };
        let room = (width as f64 - margins * measure.margins) / (character * measure.letters);
        let most = (room.max(4.0)) as usize;
        text.split('\n').map(|line| line.chars().count().div_ceil(most).max(1)).sum::<usize>()
    };
    texts.chain(prompt).map(one).sum::<usize>().max(1)
}

/// Width of the longest word in our own table text, in twentieths of a point. A line may also break behind a hyphen; a
/// date is read as a whole.
fn longest(text: &str) -> f64 {
    let mut longest: f64 = 0.0;
    let mut word = 0.0;
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() {
            word = 0.0;
        } else {
            word += letter_width(letter);
            longest = longest.max(word);
            let in_number = before.is_ascii_digit() && letters.peek().is_some_and(char::is_ascii_digit);
            if letter == '-' && !in_number {
                word = 0.0;
            }
        }
        before = letter;
    }
    longest
}

/// Width of a letter of 9 points in Calibri, about that of its bold ones, in twentieths of a point.
fn letter_width(letter: char) -> f64 {
    let share = match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' => 0.26,
        ':' | ';' => 0.28,
        'f' | 't' | 'r' | '-' | '(' | ')' | '[' | ']' | '!' => 0.36,
        '/' => 0.4,
        'm' => 0.82,
        'w' => 0.75,
        'M' | 'W' | '@' => 0.92,
        '%' => 0.74,
        'N' | 'O' | 'Q' | '&' => 0.7,
        'D' | 'G' | 'H' | 'U' | 'V' => 0.65,
        letter if letter.is_uppercase() => 0.62,
        letter if u32::from(letter) > 0x2E7F => 1.1,
        'a' | 'c' | 'e' | 'g' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 0.49,
        _ => 0.54,
    };
    share * 180.0
}

fn lying(table: &Table) -> bool {
    table.widths.iter().sum::<usize>() > LYING
}

/// Per row whether it stays on the page of the next one. A small table stays together. Of others the first two rows do,
/// and the last two: a heading with a single row below it, or a single row on the next page, reads badly. Rows that are so
/// high that this would leave half a page empty do not.
pub(super) fn kept(table: &Table) -> Vec<bool> {
    let heights: Vec<usize> = table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .zip(&table.widths)
                .map(|(cell, width)| lines(cell, *width, Measure::OURS))
                .max()
                .unwrap_or(1)
        })
        .collect();
    let whole = match table.look {
        Look::Form => WHOLE.0,
        Look::Data => WHOLE.1,
        // Lines to write on are as many as fit on the page.
        Look::Writing => 0,
    };
    let last = heights.len().saturating_sub(1);
    // The space around the words of a row makes up for a third of a line.
    let together = heights.iter().sum::<usize>() + heights.len() / 3 <= whole;
    let low = |at: usize| heights.iter().skip(at).take(2).sum::<usize>() <= if lying(table) { 14 } else { 24 };
    (0..heights.len()).map(|at| at < last && (together || ((at == 0 || at + 1 == last) && low(at)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::content::{data, form};

    fn table(part: Part) -> Table {
        let Part::Table(table) = part else { unreachable!("a table") };
        table
    }

    fn rows(count: usize, words: &str) -> Vec<Vec<Cell>> {
        (0..count).map(|_| vec![Cell::text("naam"), Cell::styled(Style::CellAdviser, words)]).collect()
    }

    #[test]
    fn a_column_becomes_as_wide_as_its_longest_word_and_the_table_keeps_its_width() {
        let made = table(data(
            &[("Wat", 4000), ("Wie", 1500), ("Status", 1000)],
            vec![vec![
                Cell::text("kort"),
                Cell::styled(Style::CellAdviser, "schuldhulpverlening voor gezinnen"),
                Cell::text("open"),
            ]],
        ));
        let Some(Part::Table(fitted)) = fit(vec![Part::Table(made)], Paper::OURS).into_iter().next() else {
            unreachable!()
        };
        assert_eq!(fitted.widths.iter().sum::<usize>(), 6500);
        assert!(fitted.widths[1] >= 1600, "{:?}", fitted.widths);
    }

    #[test]
    fn a_high_row_becomes_lower_and_a_table_that_reads_well_keeps_its_widths() {
        let long = "een paar woorden ".repeat(40);
        let made = table(data(&[("Wat", 4000), ("Wie", 1500)], rows(2, &long)));
        let before = lines(&made.rows[0][1], made.widths[1], Measure::OURS);
        let fitted = table(fitted(made, Paper::OURS).remove(0));
        assert!(lines(&fitted.rows[0][1], fitted.widths[1], Measure::OURS) * 2 < before, "{:?}", fitted.widths);
        let short = table(data(&[("Wat", 4000), ("Wie", 1500)], rows(2, "kort")));
        assert_eq!(fit(vec![Part::Table(short.clone())], Paper::OURS), [Part::Table(short)]);
    }

    #[test]
    fn a_column_in_which_people_still_have_to_write_keeps_its_room() {
        let many = "Armoede en schulden, Middelengebruik, Taalvaardigheid, ".repeat(12);
        let row = || {
            vec![
                Cell::text("Werk"),
                Cell::text(many.as_str()),
                Cell::written_or_prompt("", "x", "Schrijf hier uw conclusie."),
            ]
        };
        let made = table(data(&[("Domein", 2000), ("Factoren", 2500), ("Conclusie", 3500)], vec![row(), row()]));
        let widths = table(fitted(made, Paper::OURS).remove(0)).widths;
        assert!(widths[2] >= 3500 && widths[1] > 2500, "{widths:?}");
    }

    #[test]
    fn a_text_that_is_higher_than_a_page_stands_in_full_below_its_table_and_not_in_its_row() {
        let long = "woorden ".repeat(900);
        let parts = fit(
            vec![form([2600, 7038], vec![("Onderbouwing".into(), Cell::styled(Style::CellAdviser, &long))])],
            Paper::OURS,
        );
        let [Part::Table(table), label, full] = parts.as_slice() else { unreachable!("{}", parts.len()) };
        assert_eq!(table.rows[0][1].lines, [(Style::CellText, BELOW.to_owned())]);
        assert_eq!((label, full), (&text(Style::Question, "Onderbouwing"), &text(Style::Adviser, &long)));
        let made = fit(vec![data(&[("Naam", 1500), ("Conclusie", 3000)], rows(1, &long))], Paper::OURS);
        assert_eq!(made[1], text(Style::Question, "naam: Conclusie"));
    }

    #[test]
    fn small_print_does_not_shrink_with_the_letters_until_they_are_as_small_and_is_reckoned_so() {
        let row = vec![Cell::text("Rondkomen"), Cell::styled(Style::CellFigureSmall, "9,7 procentpunt hoger")];
        let width = |letter: Option<usize>| {
            let paper = Paper::new((Some(6123.0), None), None, 1.0);
            let words = Words::of(&table(data(&[("Cijfer", 1500), ("Wat", 1400)], vec![row.clone()])));
            let measure = paper.measure(false, letter);
            // What the words take on the page, without their margins.
            words[1].least(28, measure) as f64 / measure.margins - MARGINS.0
        };
        // 'procentpunt' takes 761 in Calibri of 7,5 points, and not the 707 of letters that are smaller still.
        assert!(width(Some(15)) > 761.0 && (width(Some(15)) - width(None) * 15.0 / 16.0).abs() < 5.0);
        assert!((width(Some(17)) - width(None)).abs() < 5.0);
    }

    #[test]
    fn table_text_that_is_larger_by_the_style_of_the_organisation_takes_more_room() {
        let measure = |text: Option<f64>, letter| Paper::OURS.with_text(text).measure(false, letter).letters;
        assert!(measure(Some(22.0), None) > 1.2 && measure(None, None) < 1.001);
        assert!((measure(Some(22.0), Some(16)) - measure(None, Some(16))).abs() < 0.001);
    }

    /// True when no word of the table breaks on this paper.
    fn whole(table: &Table, paper: Paper) -> bool {
        !breaks(table, paper.measure(lying(table), table.letter))
    }

    #[test]
    fn wide_letters_and_narrow_pages_break_no_word_and_smaller_letters_come_before_broken_words() {
        let made = || {
            let row =
                ["Huiswerkbegeleiding", "2025-01-01", "Bospolder", "Rotterdam", "ouders", "Vindplaatsgericht"];
            let heads = ["Activiteit", "Afgesproken op", "Wijk", "Benchmark", "Bij wie meten?", "Aandachtspunten"];
            let columns: Vec<(&str, usize)> = heads.into_iter().map(|head| (head, 1606)).collect();
            table(data(&columns, vec![row.map(Cell::text).to_vec()]))
        };
        let of = |paper: Paper| table(fitted(made(), paper).remove(0));
        let wide = Paper::new((Some(9072.0), None), None, 1.34);
        assert!(!whole(&made(), wide));
        assert!(whole(&of(wide), wide) && of(wide).letter.is_none_or(|letter| letter > 14));
        let small = Paper::new((Some(6500.0), None), None, 1.0);
        assert!(whole(&of(small), small) && of(small).letter.is_some(), "{:?}", of(small));
        // Where nothing helps, it is told.
        let tiny = Paper::new((Some(3000.0), None), None, 1.34);
        assert_eq!(cramped(&fit(vec![Part::Table(made())], tiny), tiny), 1);
        assert_eq!(cramped(&fit(vec![Part::Table(made())], small), small), 0);
    }

    #[test]
    fn the_labels_of_a_form_do_not_break_on_a_narrow_page_and_stay_as_they_are_on_ours() {
        let made = || table(form([2600, 7038], vec![("Naam gebiedsadviseur".into(), Cell::text("A. de Vries"))]));
        assert_eq!(table(fitted(made(), Paper::OURS).remove(0)).widths, [2600, 7038]);
        let a5 = Paper::new((Some(5558.0), None), None, 1.34);
        let fitted = table(fitted(made(), a5).remove(0));
        assert!(fitted.widths[0] > 2600 && fitted.widths.iter().sum::<usize>() == 9638, "{:?}", fitted.widths);
        assert!(whole(&fitted, a5));
    }

    #[test]
    fn a_word_is_as_wide_as_its_letters_and_a_date_stays_whole() {
        assert!(longest("samenwerking") > 12.0 * CHARACTER && longest("illi") < 3.0 * CHARACTER);
        assert!((longest("2025-01-01") - 8.0 * letter_width('1') - 2.0 * letter_width('-')).abs() < 0.1);
        assert!(longest("oud-leerling") < longest("oudleerling"));
    }

    #[test]
    fn a_row_of_which_a_text_goes_below_keeps_what_it_is_about_and_its_columns_are_shared_again() {
        let long = "samenwerking met de moskee ".repeat(150);
        let cell = Cell::styled(Style::CellLabel, "Activiteit B: Huiswerkklas").and(Style::CellAdviser, &long);
        let row = vec![Cell::text("2026-03-15"), cell, Cell::styled(Style::CellAdviser, "samenwerkingsverband")];
        let made = data(&[("Op", 1700), ("Wat", 5000), ("Wie", 1300)], vec![row]);
        let parts = fit(vec![made], Paper::OURS);
        let [Part::Table(table), first, name, full] = parts.as_slice() else { unreachable!("{}", parts.len()) };
        assert_eq!(table.rows[0][1].lines[0], (Style::CellLabel, "Activiteit B: Huiswerkklas".to_owned()));
        assert!(whole(table, Paper::OURS) && table.letter.is_none(), "{:?}", table.widths);
        assert_eq!(first, &text(Style::Question, "2026-03-15: Wat"));
        assert_eq!(name, &text(Style::Question, "Activiteit B: Huiswerkklas"));
        assert_eq!(full, &text(Style::Adviser, &long));
    }

    #[test]
    fn a_small_table_stays_together_and_of_a_long_one_the_first_and_the_last_two_rows() {
        let small = table(form([2600, 7038], (0..17).map(|_| ("Wie?".into(), Cell::text("kort"))).collect()));
        assert_eq!(kept(&small), [[true; 16].as_slice(), &[false]].concat());
        let long = table(data(&[("Wat", 4000), ("Wie", 1500)], rows(30, "kort")));
        let kept_rows: Vec<usize> =
            kept(&long).iter().enumerate().filter(|(_, kept)| **kept).map(|(at, _)| at).collect();
        assert_eq!(kept_rows, [0, 28]);
    }

    #[test]
    fn rows_that_fill_half_a_page_each_are_not_kept_together() {
        let high = "een paar woorden ".repeat(60);
        assert_eq!(kept(&table(data(&[("Wat", 4000), ("Wie", 4000)], rows(3, &high)))), [false; 3]);
    }
}
