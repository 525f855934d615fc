//! Figures, dates and reasons in Dutch words.

use crate::model::{Figure, FigureComparison, Incomparable, Mark, Relative, Unit};

/// Text that can stand in XML: line ends of every kind become `\n`, other control characters become `U+FFFD` so
/// that their place stays visible.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\n' if before == '\r' => {}
            '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push('\t'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if u32::from(c) < 0x20 => out.push('\u{fffd}'),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A number with the decimals of its indicator: comma for decimals, point for thousands.
pub(super) fn number(value: f64, decimals: u8) -> String {
    let plain = format!("{:.*}", usize::from(decimals), rounded(value, decimals).abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let sign = if rounded(value, decimals) < 0.0 { "\u{2212}" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped},{fraction}") }
}

/// Half away from zero on the decimal notation, as Excel shows it (1,005 with two decimals is 1,01).
fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(i32::from(decimals));
    let scaled = (value * scale * 1e6).round() / 1e6;
    let result = scaled.round() / scale;
    if result == 0.0 { 0.0 } else { result }
}

/// A figure with its unit: `12,3%`, `6,4`; `geen cijfer` when there is none (see [`reason`]).
pub(super) fn figure(figure: &Figure, unit: &Unit, decimals: u8) -> String {
    match figure {
        Figure::Known { value, .. } => {
            format!("{}{}", number(*value, decimals), if unit.is_percentage() { "%" } else { "" })
        }
        Figure::Missing(_) => "geen cijfer".to_owned(),
    }
}

/// What the source says about a figure: why there is none, or what kind of figure it is; may be empty.
pub(super) fn reason(figure: &Figure) -> String {
    match figure {
        Figure::Known { mark: Mark::Provisional, .. } => "voorlopig".to_owned(),
        Figure::Known { mark: Mark::Estimate, .. } => "modelschatting".to_owned(),
        Figure::Known { mark: Mark::Nil, .. } => "nihil".to_owned(),
        Figure::Known { mark: Mark::None, .. } => String::new(),
        Figure::Missing(missing) => {
            let sign = missing.sign();
            if sign.is_empty() { missing.words().to_owned() } else { format!("{} ({sign})", missing.words()) }
        }
    }
}

/// The wijk's figure and what there is to say about it; an empty cell beside a benchmark is 'nog niet ingevuld'.
pub(super) fn wijk_figure(compared: &FigureComparison) -> (String, String) {
    match (&compared.relative, &compared.wijk) {
        (Relative::NotFilled, Figure::Missing(_)) => ("geen cijfer".to_owned(), "nog niet ingevuld".to_owned()),
        (Relative::NotComparable(Incomparable::NotANumber(text)), Figure::Missing(_)) => {
            ("geen cijfer".to_owned(), format!("'{text}' is geen getal"))
        }
        _ => (figure(&compared.wijk, &compared.unit, compared.decimals), reason(&compared.wijk)),
    }
}

/// The difference with its sign and unit: `+3,2 procentpunt`; `gelijk` for nil.
pub(super) fn difference(figure: &FigureComparison) -> String {
    match figure.difference {
        Some(value) if rounded(value, figure.decimals) == 0.0 => "geen verschil".to_owned(),
        Some(value) => {
            let plus = if value > 0.0 { "+" } else { "" };
            format!("{plus}{} {}", number(value, figure.decimals), figure.unit.difference)
        }
        None => "–".to_owned(),
    }
}

/// Mark and word: `– ongunstiger`; or in words why there is no comparison.
pub(super) fn judgement(figure: &FigureComparison, second_mark: bool) -> String {
    match (figure.judgement, &figure.relative) {
        (Some(judgement), _) if second_mark => format!("{} {}", judgement.mark(), judgement.word()),
        (Some(judgement), _) => judgement.word().to_owned(),
        (None, Relative::NotComparable(reason)) => incomparable(reason),
        (None, _) => "niet te vergelijken".to_owned(),
    }
}

/// Why two figures are not compared.
pub(super) fn incomparable(reason: &Incomparable) -> String {
    match reason {
        // The reason stands with the figure that is missing.
        Incomparable::NoBenchmark(_) | Incomparable::NoFigure(_) => "niet te vergelijken".to_owned(),
        Incomparable::OtherEdition { wijk, benchmark } => {
            format!("niet te vergelijken: andere jaren (wijk {wijk}, vergelijking {benchmark})")
        }
        Incomparable::NotANumber(text) => format!("niet te vergelijken: '{text}' is geen getal"),
        Incomparable::UnknownIndicator => "niet te vergelijken: indicator staat niet in het format".to_owned(),
    }
}

/// `direct` or `benadering`, with what that means for a model estimate.
pub(super) fn kind(figure: &FigureComparison) -> String {
    if figure.estimate { format!("{}, modelschatting", figure.kind.word()) } else { figure.kind.word().to_owned() }
}

/// What can be said about chance; empty when nothing may be said.
pub(super) fn chance(figure: &FigureComparison) -> &'static str {
    match (figure.estimate, figure.beyond_chance) {
        (true, _) | (_, None) => "",
        (_, Some(true)) => "verschil is groter dan toeval kan verklaren (95%)",
        (_, Some(false)) => "verschil kan toeval zijn (95%)",
    }
}

/// An ISO date as `22 november 2026`; other texts as they are.
pub(super) fn date(iso: &str) -> String {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let mut pieces = iso.trim().splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (pieces.next(), pieces.next(), pieces.next()) else {
        return iso.to_owned();
    };
    let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (year.parse::<u16>(), month, day.parse::<u8>()) {
        (Ok(year), Some(month), Ok(day)) if (1..=31).contains(&day) => format!("{day} {month} {year}"),
        _ => iso.to_owned(),
    }
}

/// A list as a sentence: `a, b en c`.
pub(super) fn listed<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} en {}", most.join(", "), last.as_ref())
        }
    }
}

/// `1 cijfer`, `3 cijfers`.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Missing;

    #[test]
    fn numbers_are_written_the_dutch_way() {
        assert_eq!(number(1234.56, 1), "1.234,6");
        assert_eq!(number(12.0, 1), "12,0");
        assert_eq!(number(-0.04, 1), "0,0");
        assert_eq!(number(-1_234_567.0, 0), "\u{2212}1.234.567");
        assert_eq!(number(1.005, 2), "1,01");
    }

    #[test]
    fn dates_are_written_in_words_and_other_texts_stay() {
        assert_eq!(date("2026-11-02"), "2 november 2026");
        assert_eq!(date("najaar 2026"), "najaar 2026");
        assert_eq!(date("2026-13-02"), "2026-13-02");
    }

    #[test]
    fn control_characters_stay_visible_and_line_ends_become_one_kind() {
        assert_eq!(printable("a\r\nb\rc\u{b}d\u{7}e\tf😀"), "a\nb\nc\nd\u{fffd}e\tf😀");
    }

    #[test]
    fn every_kind_of_missing_has_its_own_words() {
        let all = [
            Missing::Unknown,
            Missing::Secret,
            Missing::CannotOccur,
            Missing::NotSupplied,
            Missing::OtherDivision,
            Missing::Invalid,
        ];
        let mut words: Vec<String> = all.into_iter().map(|missing| reason(&Figure::Missing(missing))).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), all.len());
    }
}
