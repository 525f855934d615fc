//! Recognising names of tabs and headings without guessing.
//!
//! Owns what counts as the same name: case, spaces, accents, written abbreviations (`emot.` for
//! `emotionele`) and cutting off at Excel's 31 characters. Must not know where the names stand.

use crate::model::{Format, normalise};

/// Excel's limit for the name of a tab; a name of (nearly) this length may have been cut off. One less,
/// because a space at the cut disappears.
const CUT_OFF_FROM: usize = 30;

/// How well a name fits, best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// The same words, some of them abbreviated with a point, or cut off at Excel's limit.
    Shortened,
    /// The same after normalisation.
    Same,
}

/// Whether the name of a tab is `known`, which may itself be abbreviated.
pub(crate) fn tab_fits(name: &str, known: &str) -> Option<Fit> {
    if normalise(name) == normalise(known) {
        return (!normalise(name).is_empty()).then_some(Fit::Same);
    }
    let (left, right) = (words(name), words(known));
    let cut = |text: &str| text.trim().chars().count() >= CUT_OFF_FROM;
    let mut pairs = 0;
    for index in 0..left.len().max(right.len()) {
        match (left.get(index), right.get(index)) {
            (Some(a), Some(b)) if a.text == b.text => {}
            (Some(a), Some(b)) if a.short && b.text.starts_with(&a.text) => {}
            (Some(a), Some(b)) if b.short && a.text.starts_with(&b.text) => {}
            // The last word of a name that was cut off at the limit.
            (Some(a), Some(b)) if cut(name) && index + 1 == left.len() && b.text.starts_with(&a.text) => {
                return Some(Fit::Shortened);
            }
            (Some(a), Some(b)) if cut(known) && index + 1 == right.len() && a.text.starts_with(&b.text) => {
                return Some(Fit::Shortened);
            }
            (None, Some(_)) if cut(name) && pairs > 1 => return Some(Fit::Shortened),
            (Some(_), None) if cut(known) && pairs > 1 => return Some(Fit::Shortened),
            _ => return None,
        }
        pairs += 1;
    }
    (pairs > 0).then_some(Fit::Shortened)
}

struct Word {
    text: String,
    /// Written with a point behind it.
    short: bool,
}

fn words(name: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut current = String::new();
    let mut push = |current: &mut String, short: bool| {
        let text = normalise(current);
        if !text.is_empty() {
            words.push(Word { text, short });
        }
        current.clear();
    };
    for c in name.chars() {
        if c == '.' {
            push(&mut current, true);
        } else if c.is_alphanumeric() {
            current.push(c);
        } else if !matches!(c, '\'' | '’' | '`') {
            push(&mut current, false);
        }
    }
    push(&mut current, false);
    words
}

/// A text without its numbering in front (`1.`, `2a)`, `b)`, `stap 3:`), for comparing questions and headings.
pub(crate) fn without_numbering(text: &str) -> &str {
    let text = text.trim();
    let rest = match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("stap ") => text.get(5..).unwrap_or("").trim_start(),
        _ => text,
    };
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let mut chars = after_digits.chars();
    let after_letter = match (chars.next(), chars.next()) {
        (Some(letter), Some('.' | ')' | ':')) if letter.is_ascii_alphabetic() => {
            after_digits.get(1..).unwrap_or("")
        }
        _ => after_digits,
    };
    match after_letter.strip_prefix(['.', ')', ':']) {
        Some(unnumbered) if after_letter.len() < rest.len() => unnumbered.trim_start(),
        _ => text,
    }
}

/// The names of one table's headings, ready to be compared.
pub(crate) struct Headings {
    entries: Vec<(String, Vec<String>)>,
    /// Length in bytes beyond which a text cannot be one of them; most cells are no headings.
    longest: usize,
}

impl Headings {
    /// The headings of `table` in the format, with their variants.
    pub(crate) fn of(format: &Format, table: &str) -> Self {
        let entries: Vec<(String, Vec<String>)> = format
            .headings_of(table)
            .map(|heading| {
                let names = std::iter::once(&heading.text).chain(&heading.variants);
                (heading.field.clone(), names.map(|name| normalise(name)).collect())
            })
            .collect();
        // Twice, because signs, accents and line breaks fall away in normalising.
        let longest = entries.iter().flat_map(|(_, names)| names).map(String::len).max().unwrap_or(0) * 2;
        Headings { entries, longest }
    }

    /// The field whose heading this text is; exact after normalisation.
    pub(crate) fn field(&self, text: &str) -> Option<&str> {
        if text.len() > self.longest {
            return None;
        }
        let name = normalise(text);
        if name.is_empty() {
            return None;
        }
        self.entries.iter().find(|(_, names)| names.contains(&name)).map(|(field, _)| field.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviated_and_cut_off_tab_names_are_recognised() {
        let known = "Factorenmodel emot. gezondheid";
        assert_eq!(tab_fits("factorenmodel  EMOT. gezondheid ", known), Some(Fit::Same));
        assert_eq!(tab_fits("Factorenmodel emotionele gezondheid", known), Some(Fit::Shortened));
        assert_eq!(tab_fits("Factorenmodel emotionele gezond", known), Some(Fit::Shortened));
        assert_eq!(tab_fits("Factorenm. emot. gezondh.", known), Some(Fit::Shortened));
        assert_eq!(
            tab_fits("Samenvatting alle pijlers samen", "Samenvatting alle pijlers samengevoegd"),
            Some(Fit::Shortened)
        );
        assert_eq!(tab_fits("Indicatoren overzicht (naslag)", "Indicatoren overzicht"), None);
    }

    #[test]
    fn a_different_tab_is_not_taken_for_a_known_one() {
        assert_eq!(tab_fits("Factorenmodel school", "Factorenmodel sport"), None);
        assert_eq!(tab_fits("Pijler Gezond (2)", "Pijler Gezond"), None);
        assert_eq!(tab_fits("Pijler", "Pijler Gezond"), None);
        assert_eq!(tab_fits("Factorenmodel", "Factorenmodel alg. gezondheid"), None);
        assert_eq!(tab_fits("", ""), None);
    }

    #[test]
    fn numbering_is_not_part_of_a_question() {
        for text in [
            "1. Welke factoren?",
            "1) Welke factoren?",
            "Welke factoren?",
            "stap 2: Welke factoren?",
            "a) Welke factoren?",
            "3a. Welke factoren?",
        ] {
            assert_eq!(without_numbering(text), "Welke factoren?", "{text}");
        }
    }
}
