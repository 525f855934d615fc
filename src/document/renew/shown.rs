//! Which figures people see in a block that they changed.
//!
//! A record says what we wrote; whoever typed a figure since knows better. Owns finding the rows and figures in the text
//! of a block. Knows nothing of versions.

use std::ops::Range;

use super::locate::Place;
use super::write::Writer;
use crate::package::xml::{Element, text_of};

/// Longest text that can be one figure, in characters (`niet bekend` is none: it is compared as a whole).
const LONGEST_FIGURE: usize = 20;

impl<'a> Writer<'a> {
    /// The text in `range`, without what somebody crossed out.
    fn seen(&self, range: &Range<usize>) -> String {
        let crossed: Vec<&Element> =
            self.within(range).map(|(_, e)| e).filter(|e| e.local == "moveFrom").collect();
        let stands = |e: &&Element| !crossed.iter().any(|gone| gone.span.contains(&e.span.start));
        let texts = self.within(range).map(|(_, e)| e).filter(|e| e.local == "t").filter(stands);
        texts.map(|e| text_of(self.text, e)).collect()
    }

    /// The paragraphs in `range` that hold something, with their numbers among the elements.
    pub(super) fn paragraphs(&self, range: &Range<usize>) -> impl Iterator<Item = (usize, &'a Element)> + use<'a> {
        self.within(range).filter(|(_, e)| e.local == "p" && !e.empty)
    }

    /// The rows of tables in a block that are called `row`; where none is to the letter, those that hold that name.
    fn rows(&self, place: &Place, row: &str) -> Vec<Range<usize>> {
        let all = || self.within(&place.content).filter(|(_, e)| e.local == "tr").map(|(_, e)| e.span.clone());
        let called = |span: &Range<usize>| self.paragraphs(span).any(|(_, e)| self.seen(&e.span).trim() == row);
        let named: Vec<Range<usize>> = all().filter(called).collect();
        if !named.is_empty() {
            return named;
        }
        all().filter(|span| self.seen(span).contains(row)).collect()
    }

    /// The paragraph with the figure `value` in the row that is called `row`; where there is no such row, in the block.
    pub(super) fn paragraph_of(&self, place: &Place, row: &str, value: &str) -> Option<(usize, &'a Element)> {
        if value.trim().is_empty() {
            return None;
        }
        let rows = self.rows(place, row);
        let places = if rows.is_empty() { vec![place.content.clone()] } else { rows };
        let within = || places.iter().flat_map(|range| self.paragraphs(range));
        let alone = within().find(|(_, e)| plain(&self.seen(&e.span)) == plain(value));
        alone.or_else(|| within().find(|(_, e)| has_figure(&self.seen(&e.span), value)))
    }

    /// True when a row with this name shows one of the figures `beside` and not `value`: somebody typed something there.
    pub(super) fn is_otherwise_somewhere(&self, place: &Place, row: &str, value: &str, beside: &[&str]) -> bool {
        self.rows(place, row).iter().any(|row| {
            let holds = |figure: &str| self.paragraphs(row).any(|(_, e)| has_figure(&self.seen(&e.span), figure));
            !holds(value) && beside.iter().any(|figure| holds(figure))
        })
    }

    /// True when people took the row with this name out of the block, so that its figures are nowhere to be seen.
    pub(super) fn is_without_row(&self, place: &Place, row: &str) -> bool {
        self.rows(place, row).is_empty() && !self.seen(&place.content).contains(row)
    }

    /// What lies between the ends of the comment with this number.
    pub(super) fn covered(&self, place: &Place, id: &str) -> Option<String> {
        let end_of = |name: &str| {
            let mut ends = self.within(&place.content).map(|(_, e)| e);
            ends.find(|e| e.local == name && e.attribute("id") == Some(id)).map(|e| e.span.clone())
        };
        let (start, end) = (end_of("commentRangeStart")?, end_of("commentRangeEnd")?);
        Some(self.seen(&(start.end..end.start)).trim().to_owned())
    }
}

/// True for a text that is hardly more than a figure, such as `< 5%` or `ca. 20%`.
pub(super) fn is_figure(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().count() <= LONGEST_FIGURE
}

/// True when a text that stands where one figure stood shows this one, also with its unit left out.
pub(super) fn shows(text: &str, figure: &str) -> bool {
    has_figure(text, figure) || is_figure(text) && plain(text) == plain(figure).trim_end_matches('%')
}

/// A figure as people write it too: `19.7 %` is `19,7%`.
fn plain(text: &str) -> String {
    let signs: Vec<char> = text.trim().chars().collect();
    let mut out = String::new();
    for (at, sign) in signs.iter().enumerate() {
        let next = |ahead: usize| signs.get(at + ahead);
        let digit = |ahead: usize| next(ahead).is_some_and(char::is_ascii_digit);
        match sign {
            _ if sign.is_whitespace() && next(1) == Some(&'%') => {}
            // Three digits behind a point are thousands.
            '.' if digit(1) && !(digit(2) && digit(3)) && out.ends_with(|c: char| c.is_ascii_digit()) => {
                out.push(',')
            }
            '−' => out.push('-'),
            _ => out.push(*sign),
        }
    }
    out
}

/// True when the figure stands in the text, not as a piece of a longer one: `5,1` is not in `15,1` nor in `5,12`.
pub(super) fn has_figure(text: &str, figure: &str) -> bool {
    let (text, figure) = (plain(text), plain(figure));
    if figure.is_empty() {
        return false;
    }
    text.match_indices(&figure).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let mut after = text.get(at + figure.len()..).unwrap_or_default().chars();
        let joins = |c: Option<char>| c.is_some_and(|c| matches!(c, ',' | '.'));
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let mut back = before.chars().rev();
        let last = back.next();
        let longer_before = digit(last) || matches!(last, Some('-' | '−')) || joins(last) && digit(back.next());
        let first = after.next();
        let longer_after = digit(first) || joins(first) && digit(after.next());
        !longer_before && !longer_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_not_found_in_a_longer_one() {
        for (text, found) in [
            ("5,1", true),
            ("nu 5,1, en later", true),
            ("5,1% (klopt)", true),
            ("15,1", false),
            ("5,12", false),
            ("2.5,1", false),
            ("5,1.000", false),
            ("-5,1", false),
            ("", false),
        ] {
            assert_eq!(has_figure(text, "5,1"), found, "{text}");
        }
        assert!(has_figure("17,7%", "17,7%") && !has_figure("17,7%", ""));
        assert!(is_figure("< 5%") && is_figure("ca. 20%") && !is_figure("<b"));
        assert!(!is_figure("Werkloosheid bij jongeren van 15 tot 27 jaar"));
        for written in ["19,7%", "19,7 %", "19.7%", "19,7", "19,7% (2016)"] {
            assert!(shows(written, "19,7%"), "{written}");
        }
        assert!(!shows("ca. 20%", "19,7%") && !shows("1.970", "1,97") && has_figure("1.234 jongeren", "1.234"));
    }
}
