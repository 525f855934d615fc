//! Numbers as people type them in cells of text.
//!
//! Owns what can be read as a number and what can mean two things, which is never guessed.

/// What a text in a figure cell means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberText {
    /// One number only.
    Number(f64),
    /// Two readings.
    Ambiguous,
    /// No number.
    None,
}

/// Reads a number that was typed as text. `12,5`, `12.5` and `1.234,5` can mean one thing only; `1.234` may be a
/// thousand or a decimal number and is never guessed.
#[must_use]
pub fn number_text(text: &str) -> NumberText {
    let bare: String = text.trim().trim_end_matches('%').chars().filter(|c| !c.is_whitespace()).collect();
    // Word and Excel make a dash of a minus.
    let (sign, digits) = match bare.strip_prefix(['-', '−', '–']) {
        Some(rest) => (-1.0, rest),
        None => (1.0, bare.strip_prefix('+').unwrap_or(&bare)),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // 1.234.567: a first group of one to three digits, then groups of three.
    let grouped = |part: &str| {
        let mut groups = part.split('.');
        groups.next().is_some_and(|first| all_digits(first) && first.len() <= 3)
            && groups.all(|group| all_digits(group) && group.len() == 3)
    };
    let parse =
        |text: String| text.parse::<f64>().map_or(NumberText::None, |value| NumberText::Number(sign * value));
    match (digits.split_once(','), digits.matches('.').count()) {
        (None, 0) if all_digits(digits) => parse(digits.to_owned()),
        (Some((whole, fraction)), 0) if all_digits(whole) && all_digits(fraction) => {
            parse(format!("{whole}.{fraction}"))
        }
        (Some((whole, fraction)), _) if grouped(whole) && all_digits(fraction) => {
            parse(format!("{}.{fraction}", whole.replace('.', "")))
        }
        (None, 1) => match digits.split_once('.') {
            Some((whole, fraction)) if all_digits(whole) && all_digits(fraction) => {
                // Nobody writes 0.123 or 1234.567 for a number with thousands.
                if fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0') {
                    NumberText::Ambiguous
                } else {
                    parse(digits.to_owned())
                }
            }
            _ => NumberText::None,
        },
        (None, 2..) if grouped(digits) => parse(digits.replace('.', "")),
        _ => NumberText::None,
    }
}

/// Start values and changes: also with ` / ` between them, as in `60 / 80 / 65`.
pub fn value_texts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', '|', '/']).map(str::trim).filter(|part| !part.is_empty())
}

/// A change as written: its size, and whether a sign stood there.
#[must_use]
pub fn change_text(text: &str) -> Option<(f64, bool)> {
    let bare = text
        .trim()
        .trim_end_matches("procentpunten")
        .trim_end_matches("procentpunt")
        .trim_end_matches("pp")
        .trim();
    match number_text(bare) {
        NumberText::Number(value) => Some((value, bare.starts_with(['+', '-', '−', '–']))),
        NumberText::Ambiguous | NumberText::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_with_one_meaning_is_a_number() {
        use NumberText::{Ambiguous, None, Number};
        for (text, expected) in [
            ("12,5", Number(12.5)),
            ("12.5", Number(12.5)),
            (" 12,5 % ", Number(12.5)),
            ("1.234", Ambiguous),
            ("1.234,5", Number(1234.5)),
            ("1.234.567", Number(1_234_567.0)),
            ("0.123", Number(0.123)),
            ("-3", Number(-3.0)),
            ("–3", Number(-3.0)),
            ("–", None),
            ("1,234.5", None),
            ("12-5", None),
            ("circa 12", None),
            (",5", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(number_text(text), expected, "{text}");
        }
    }
}
