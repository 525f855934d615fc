//! Tables that can be read: columns wide enough for the words that stand in them, rows that fit on a page, and rows that
//! stay together.
//!
//! A word processor breaks lines and pages, not this program; what is reckoned here is how many lines a cell takes, about.
//! Widths change only where people's texts make a table hard to read, so that tables of one kind look alike. Nothing that
//! people wrote is cut: what is too long for a cell stands in full below its table.

use super::content::{Cell, Look, Part, Style, Table, text};

/// Width of a character of table text (9 points) and of bold or wide text, in twentieths of a point.
const CHARACTER: usize = 86;
/// Margins of a cell, with the line that marks the advisor's words.
const MARGINS: usize = 300;
/// Longest word that a column makes room for, at least and at most; a longer one is broken wherever it stands.
const LONGEST_WORD: (usize, usize) = (10, 24);
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

/// All tables among these parts, made readable.
pub(super) fn fit(parts: Vec<Part>) -> Vec<Part> {
    parts
        .into_iter()
        .flat_map(|part| match part {
            Part::Table(table) if table.look != Look::Writing => fitted(table),
            Part::Block { tag, title, parts } => vec![Part::Block { tag, title, parts: fit(parts) }],
            other => vec![other],
        })
        .collect()
}

/// The table with widths that fit its texts, and below it the texts that do not fit on a page.
fn fitted(mut table: Table) -> Vec<Part> {
    // A form has a column of labels, which stays as it is.
    let free = table.look == Look::Data;
    if free && hard_to_read(&table) {
        table.widths = widths(&table);
    }
    let most = if lying(&table) { MOST.1 } else { MOST.0 };
    let mut below = Vec::new();
    let header = table.header.clone();
    for row in &mut table.rows {
        let about =
            row.first().and_then(|cell| cell.lines.first()).map(|(_, text)| text.clone()).unwrap_or_default();
        for (column, cell) in row.iter_mut().enumerate() {
            let width = table.widths.get(column).copied().unwrap_or_default();
            if lines(cell, width) <= most {
                continue;
            }
            let heading = header.get(column).filter(|_| column > 0 || table.look == Look::Data);
            below.push(text(Style::Question, label(&about, heading.filter(|_| column > 0).map(String::as_str))));
            let full = std::mem::replace(&mut cell.lines, vec![(Style::CellText, BELOW.to_owned())]);
            below.extend(full.into_iter().map(|(style, words)| text(beside(style), words)));
        }
    }
    if free && !below.is_empty() && hard_to_read(&table) {
        table.widths = widths(&table);
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

/// The style of a text that no longer stands in a cell: an advisor's words keep their mark.
fn beside(style: Style) -> Style {
    if style == Style::CellAdviser { Style::Adviser } else { Style::Body }
}

/// True when a word does not fit in its column or a row is high.
fn hard_to_read(table: &Table) -> bool {
    let broken = |cell: &Cell, width: usize| longest_word(cell) * (CHARACTER - 10) > width.saturating_sub(170);
    table.rows.iter().any(|row| {
        row.iter().zip(&table.widths).any(|(cell, width)| lines(cell, *width) > HIGH || broken(cell, *width))
    })
}

/// Widths by what the columns hold: each at least as wide as its longest word, one in which people still have to write at
/// least as wide as it was, and what is left goes, step by step, to the column that makes rows high. The table stays as wide
/// as it was.
fn widths(table: &Table) -> Vec<usize> {
    const STEP: usize = 60;
    let all: usize = table.widths.iter().sum();
    let to_write = |column: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| cell.prompt.is_some())
    };
    let least = |(room, longest_word_of_all): (bool, usize)| -> Vec<usize> {
        let column = |column: usize| {
            let kept = table.widths.get(column).copied().filter(|_| room && to_write(column)).unwrap_or(0);
            let heading = table.header.get(column).map_or(0, |name| longest(name));
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let word = cells.map(longest_word).max().unwrap_or(0).min(longest_word_of_all);
            (heading * CHARACTER + 220).max(word * CHARACTER + MARGINS).max(kept).max(700)
        };
        (0..table.widths.len()).map(column).collect()
    };
    // With many columns the longest words are broken after all.
    let words = || (LONGEST_WORD.0..=LONGEST_WORD.1).rev();
    let mut ways = words().map(|words| (true, words)).chain(words().map(|words| (false, words))).map(least);
    let fits = ways.find(|widths| widths.iter().sum::<usize>() <= all);
    let Some(mut widths) = fits else { return table.widths.clone() };
    let least: usize = widths.iter().sum();
    let mut left = all - least;
    while left > 0 {
        let step = STEP.min(left);
        let mut weights = vec![0; widths.len()];
        for row in &table.rows {
            let heights: Vec<usize> = row.iter().zip(&widths).map(|(cell, width)| lines(cell, *width)).collect();
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
fn lines(cell: &Cell, width: usize) -> usize {
    let texts = cell.lines.iter().map(|(style, text)| (*style, text.as_str()));
    let prompt = cell.prompt.iter().map(|(_, text)| (Style::CellText, text.as_str()));
    let one = |(style, text): (Style, &str)| {
        let (character, margins) = match style {
            Style::CellSmall | Style::CellFigureSmall => (CHARACTER - 10, 170),
            Style::CellAdviser => (CHARACTER, MARGINS),
            _ => (CHARACTER, 170),
        };
        let most = (width.saturating_sub(margins) / character).max(4);
        text.split('\n').map(|line| line.chars().count().div_ceil(most).max(1)).sum::<usize>()
    };
    texts.chain(prompt).map(one).sum::<usize>().max(1)
}

fn longest_word(cell: &Cell) -> usize {
    cell.lines.iter().map(|(_, text)| longest(text)).max().unwrap_or(0)
}

/// Length of the longest word; a line may also break behind a hyphen.
fn longest(text: &str) -> usize {
    text.split(|c: char| c.is_whitespace() || c == '-').map(|word| word.chars().count()).max().unwrap_or(0)
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
        .map(|row| row.iter().zip(&table.widths).map(|(cell, width)| lines(cell, *width)).max().unwrap_or(1))
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
        let Some(Part::Table(fitted)) = fit(vec![Part::Table(made)]).into_iter().next() else { unreachable!() };
        assert_eq!(fitted.widths.iter().sum::<usize>(), 6500);
        assert!(fitted.widths[1] >= 19 * CHARACTER + MARGINS, "{:?}", fitted.widths);
    }

    #[test]
    fn a_high_row_becomes_lower_and_a_table_that_reads_well_keeps_its_widths() {
        let long = "een paar woorden ".repeat(40);
        let made = table(data(&[("Wat", 4000), ("Wie", 1500)], rows(2, &long)));
        let before = lines(&made.rows[0][1], made.widths[1]);
        let fitted = table(fitted(made).remove(0));
        assert!(lines(&fitted.rows[0][1], fitted.widths[1]) * 2 < before, "{:?}", fitted.widths);
        let short = table(data(&[("Wat", 4000), ("Wie", 1500)], rows(2, "kort")));
        assert_eq!(fit(vec![Part::Table(short.clone())]), [Part::Table(short)]);
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
        let widths = table(fitted(made).remove(0)).widths;
        assert!(widths[2] >= 3500 && widths[1] > 2500, "{widths:?}");
    }

    #[test]
    fn a_text_that_is_higher_than_a_page_stands_in_full_below_its_table_and_not_in_its_row() {
        let long = "woorden ".repeat(900);
        let parts =
            fit(vec![form([2600, 7038], vec![("Onderbouwing".into(), Cell::styled(Style::CellAdviser, &long))])]);
        let [Part::Table(table), label, full] = parts.as_slice() else { unreachable!("{}", parts.len()) };
        assert_eq!(table.rows[0][1].lines, [(Style::CellText, BELOW.to_owned())]);
        assert_eq!((label, full), (&text(Style::Question, "Onderbouwing"), &text(Style::Adviser, &long)));
        let made = fit(vec![data(&[("Naam", 1500), ("Conclusie", 3000)], rows(1, &long))]);
        assert_eq!(made[1], text(Style::Question, "naam: Conclusie"));
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
