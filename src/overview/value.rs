//! A cell as a figure: numbers as people and statistics offices write them, and their signs.
//!
//! Owns the meaning of `.`, `x`, `-`, `*`, `^` and of decimal signs (`spec/overview.md`, 'Missing values are
//! data'). Missing is never zero, and a text that can be read in two ways is no figure but a finding.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Level;
use crate::model::{CellValue, Figure, Mark, Missing, Unit};

/// Which sign stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Decimal {
    /// `12,5` (people's workbooks).
    #[serde(rename = ",")]
    Comma,
    /// `12.5` (CBS, RIVM).
    #[serde(rename = ".")]
    Point,
}

/// What a sign in a cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sign {
    /// Unknown, insufficient or confidential.
    Onbekend,
    /// Secret.
    Geheim,
    /// Nil: zero.
    Nihil,
    /// Behind a figure: provisional.
    Voorlopig,
    /// Behind a figure: estimated by a model.
    Schatting,
    /// Cannot occur.
    KanNietVoorkomen,
    /// Not supplied.
    NietGeleverd,
    /// Other division of areas.
    AndereIndeling,
    /// No valid figure (written by this product for a cell that held none).
    Ongeldig,
}

impl Sign {
    /// The figure of a cell that holds only this sign; `None` for signs that stand behind a figure.
    pub(super) fn alone(self) -> Option<Figure> {
        Some(match self {
            Sign::Onbekend => Figure::Missing(Missing::Unknown),
            Sign::Geheim => Figure::Missing(Missing::Secret),
            Sign::Nihil => Figure::Known { value: 0.0, mark: Mark::Nil },
            Sign::KanNietVoorkomen => Figure::Missing(Missing::CannotOccur),
            Sign::NietGeleverd => Figure::Missing(Missing::NotSupplied),
            Sign::AndereIndeling => Figure::Missing(Missing::OtherDivision),
            Sign::Ongeldig => Figure::Missing(Missing::Invalid),
            Sign::Voorlopig | Sign::Schatting => return None,
        })
    }
}

/// How the cells of one source are to be read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// Decimal sign of figures that are text.
    pub(super) decimal: Decimal,
    /// What an empty cell means.
    pub(super) empty: Figure,
    /// Signs by their text.
    pub(super) signs: BTreeMap<String, Sign>,
}

/// The signs of Dutch statistics.
pub(super) fn usual_signs() -> BTreeMap<String, Sign> {
    [
        (".", Sign::Onbekend),
        ("x", Sign::Geheim),
        ("-", Sign::Nihil),
        ("–", Sign::Nihil),
        ("*", Sign::Voorlopig),
        ("**", Sign::Voorlopig),
        ("^", Sign::Schatting),
    ]
    .into_iter()
    .map(|(text, sign)| (text.to_owned(), sign))
    .collect()
}

/// A cell as read: a figure, whether it was written with a `%`, and what was wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    /// The figure, in the unit of the cell.
    pub(super) figure: Figure,
    /// True when a `%` stood behind the number: it is a percentage already, not a fraction.
    pub(super) percent_sign: bool,
    /// What was found when the cell holds no figure: code of the finding and a Dutch sentence without full stop.
    pub(super) problem: Option<(&'static str, String)>,
}

impl Reading {
    /// Reads one cell.
    pub(super) fn parse(&self, value: &CellValue) -> Parsed {
        let figure = |figure| Parsed { figure, percent_sign: false, problem: None };
        match value {
            CellValue::Empty => figure(self.empty),
            CellValue::Number(number) if !number.is_finite() => {
                invalid("cijfer-ongeldig", "een getal dat niet bestaat".to_owned())
            }
            CellValue::Number(number) => figure(self.code(*number).unwrap_or(Figure::known(*number))),
            CellValue::Text(text) => self.parse_text(text),
            CellValue::Bool(_) => invalid("cijfer-ongeldig", format!("'{}' en geen cijfer", value.text())),
            CellValue::Error(error) => invalid("cijfer-excelfout", format!("de Excel-fout {error}")),
        }
    }

    /// The meaning of a number that is declared as a code for missing (`-99999`).
    fn code(&self, number: f64) -> Option<Figure> {
        // Codes are whole and negative; looking every figure up would cost more than reading it.
        if number >= 0.0 || number.fract() != 0.0 {
            return None;
        }
        self.signs.get(&number.to_string()).and_then(|sign| sign.alone())
    }

    fn parse_text(&self, text: &str) -> Parsed {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{feff}');
        if text.is_empty() {
            return Parsed { figure: self.empty, percent_sign: false, problem: None };
        }
        // `X` and `x` are one sign; words of the product's own are compared as they are.
        let sign = self.signs.get(text).or_else(|| self.signs.get(&text.to_lowercase()));
        if let Some(alone) = sign.and_then(|sign| sign.alone()) {
            return Parsed { figure: alone, percent_sign: false, problem: None };
        }
        if text.starts_with('#') {
            return invalid("cijfer-excelfout", format!("de Excel-fout {text}"));
        }
        let mut rest = text;
        let mut mark = Mark::None;
        for (word, sign) in self.signs.iter().rev() {
            let found = match sign {
                Sign::Voorlopig => Mark::Provisional,
                Sign::Schatting => Mark::Estimate,
                _ => continue,
            };
            if let Some(stripped) = rest.strip_suffix(word.as_str()) {
                rest = stripped.trim_end();
                mark = found;
                break;
            }
        }
        let (rest, percent_sign) = match rest.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (rest, false),
        };
        match number(rest, self.decimal) {
            Some(value) => Parsed { figure: Figure::Known { value, mark }, percent_sign, problem: None },
            None => invalid("cijfer-ongeldig", format!("de tekst '{}' waar een cijfer hoort", shortened(text))),
        }
    }
}

fn invalid(code: &'static str, what: String) -> Parsed {
    Parsed { figure: Figure::Missing(Missing::Invalid), percent_sign: false, problem: Some((code, what)) }
}

/// Why a figure cannot exist in its unit; `None` when it can.
pub(super) fn impossible(value: f64, unit: &str) -> Option<String> {
    let unit = Unit { name: unit.to_owned(), difference: String::new() };
    let why = match unit.is_percentage() {
        true => "dat is geen percentage van 0 tot en met 100",
        false => "een aantal is nooit minder dan 0",
    };
    (!unit.can_hold(value)).then(|| format!("{}, en {why}", dutch_number(value)))
}

/// How serious a cell without a valid figure is: text may be a slip, an Excel error or an impossible figure is not.
pub(super) fn level_of(code: &str) -> Level {
    if code == "cijfer-ongeldig" { Level::Waarschuwing } else { Level::Fout }
}

/// The first forty characters of a text.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A number as text, with the given decimal sign and thousands in groups of three behind the other sign or a
/// space; `None` when it is not one, or could be read in two ways.
fn number(text: &str, decimal: Decimal) -> Option<f64> {
    let (point, thousand) = match decimal {
        Decimal::Comma => (',', '.'),
        Decimal::Point => ('.', ','),
    };
    let (negative, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_some_and(|fraction| !all_digits(fraction)) {
        return None;
    }
    let groups: Vec<&str> = whole.split([thousand, ' ', '\u{a0}', '\u{202f}', '\'']).collect();
    let grouped = groups.len() > 1;
    for (place, group) in groups.iter().enumerate() {
        let fits = if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        if !all_digits(group) || (grouped && !fits) {
            return None;
        }
    }
    let plain = format!("{}{}.{}", if negative { "-" } else { "" }, groups.concat(), fraction.unwrap_or("0"));
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

pub(super) use crate::model::dutch_number;

/// So many cells more than were named one by one, as the middle of a Dutch sentence.
pub(super) fn more_cells(count: usize) -> String {
    if count == 1 { "is nog 1 cel".to_owned() } else { format!("zijn nog {count} cellen") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(decimal: Decimal) -> Reading {
        Reading { decimal, empty: Figure::Missing(Missing::NotSupplied), signs: usual_signs() }
    }

    fn read(text: &str, decimal: Decimal) -> Figure {
        reading(decimal).parse(&CellValue::Text(text.to_owned())).figure
    }

    #[test]
    fn numbers_follow_the_declared_decimal_sign() {
        assert_eq!(read(" 12,5 ", Decimal::Comma), Figure::known(12.5));
        assert_eq!(read("    20.8", Decimal::Point), Figure::known(20.8));
        assert_eq!(read("  -0.100", Decimal::Point), Figure::known(-0.1));
        assert_eq!(read("1.234.567,5", Decimal::Comma), Figure::known(1_234_567.5));
        assert_eq!(read("623 967", Decimal::Comma), Figure::known(623_967.0));
    }

    #[test]
    fn a_point_in_a_comma_file_is_not_guessed() {
        for text in ["12.5", "1.23", "1.2345", "1,2,3", "12,", ",5", "1e3", "ongeveer 5", "1.23,4"] {
            assert_eq!(read(text, Decimal::Comma), Figure::Missing(Missing::Invalid), "{text}");
        }
    }

    #[test]
    fn signs_keep_their_own_meaning() {
        assert_eq!(read(".", Decimal::Point), Figure::Missing(Missing::Unknown));
        assert_eq!(read("x", Decimal::Comma), Figure::Missing(Missing::Secret));
        assert_eq!(read("X", Decimal::Comma), Figure::Missing(Missing::Secret));
        assert_eq!(read("-", Decimal::Comma), Figure::Known { value: 0.0, mark: Mark::Nil });
        assert_eq!(read("12,5*", Decimal::Comma), Figure::Known { value: 12.5, mark: Mark::Provisional });
        assert_eq!(read("12,5**", Decimal::Comma), Figure::Known { value: 12.5, mark: Mark::Provisional });
        assert_eq!(read("12.5 ^", Decimal::Point), Figure::Known { value: 12.5, mark: Mark::Estimate });
        assert_eq!(read("", Decimal::Comma), Figure::Missing(Missing::NotSupplied));
    }

    #[test]
    fn codes_for_missing_are_no_figures_when_declared() {
        let mut source = reading(Decimal::Point);
        source.signs.insert("-99997".to_owned(), Sign::Geheim);
        assert_eq!(source.parse(&CellValue::Number(-99_997.0)).figure, Figure::Missing(Missing::Secret));
        assert_eq!(source.parse(&CellValue::Text("-99997".into())).figure, Figure::Missing(Missing::Secret));
        assert_eq!(source.parse(&CellValue::Number(-3.0)).figure, Figure::known(-3.0));
    }

    #[test]
    fn an_excel_error_is_a_finding() {
        for value in [CellValue::Error("#N/B".into()), CellValue::Text("#DEEL/0!".into())] {
            let parsed = reading(Decimal::Comma).parse(&value);
            assert_eq!(parsed.figure, Figure::Missing(Missing::Invalid));
            assert_eq!(parsed.problem.unwrap().0, "cijfer-excelfout");
        }
    }

    #[test]
    fn a_percent_sign_says_that_it_is_a_percentage_already() {
        let parsed = reading(Decimal::Comma).parse(&CellValue::Text("12,5%".into()));
        assert_eq!((parsed.figure, parsed.percent_sign), (Figure::known(12.5), true));
    }
}
