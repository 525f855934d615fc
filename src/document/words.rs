//! What the documents say beside a figure. How a number, difference or reason is written is settled in
//! [`crate::model::words`], so that workbook, findings and documents say the same.

use crate::model::words::{self, number};
use crate::model::{Figure, FigureComparison, Incomparable, MONTHS, Mark, Relative, Unit};

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

/// A figure as it stands in a column: `12,3%`, `6,4` (a longer unit stands under the name); `geen cijfer` when there is
/// none (see [`reason`]).
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
        (Relative::NotComparable(Incomparable::Impossible(text)), Figure::Missing(_)) => {
            ("geen cijfer".to_owned(), format!("{text} kan niet"))
        }
        _ => (figure(&compared.wijk, &compared.unit, compared.decimals), reason(&compared.wijk)),
    }
}

/// Wijk minus benchmark: `3,2 procentpunt hoger`, `gelijk`; a dash when there is no comparison.
pub(super) fn difference(figure: &FigureComparison) -> String {
    figure
        .difference
        .map_or_else(|| "–".to_owned(), |value| words::difference(value, figure.decimals, &figure.unit))
}

/// Mark and word: `– ongunstiger`; or in words why there is no comparison.
pub(super) fn judgement(figure: &FigureComparison, benchmark: &str, second_mark: bool) -> String {
    match (figure.judgement, &figure.relative) {
        (Some(judgement), _) if second_mark => format!("{} {}", judgement.mark(), judgement.word()),
        (Some(judgement), _) => judgement.word().to_owned(),
        // The reason stands with the figure that is missing.
        (None, Relative::NotComparable(Incomparable::NoBenchmark(_) | Incomparable::NoFigure(_))) => {
            words::NOT_COMPARED.to_owned()
        }
        (None, Relative::NotComparable(reason)) => words::not_comparable(reason, benchmark),
        (None, _) => words::NOT_COMPARED.to_owned(),
    }
}

/// `direct` or `benadering`, with what that means for a model estimate.
pub(super) fn kind(figure: &FigureComparison) -> String {
    if figure.estimate { format!("{}, modelschatting", figure.kind.word()) } else { figure.kind.word().to_owned() }
}

/// What can be said about chance; empty when nothing may be said.
pub(super) fn chance(figure: &FigureComparison) -> String {
    match words::chance(figure.beyond_chance) {
        "" => String::new(),
        _ if figure.estimate => String::new(),
        chance => format!("verschil {chance}"),
    }
}

/// An ISO date as `22 november 2026`; other texts as they are.
pub(super) fn date(iso: &str) -> String {
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

/// The ISO text of a date in words, as [`date`] writes it; `None` for any other text.
pub(super) fn iso(words: &str) -> Option<String> {
    let mut pieces = words.split_whitespace();
    let (day, month, year) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let found = format!("{:04}-{month:02}-{:02}", year.parse::<u16>().ok()?, day.parse::<u8>().ok()?);
    (date(&found) == words.trim()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Missing;

    #[test]
    fn dates_are_written_in_words_and_other_texts_stay() {
        assert_eq!(date("2026-11-02"), "2 november 2026");
        assert_eq!(date("najaar 2026"), "najaar 2026");
        assert_eq!(date("2026-13-02"), "2026-13-02");
        assert_eq!(iso("2 november 2026").as_deref(), Some("2026-11-02"));
        assert_eq!((iso("najaar 2026"), iso("40 mei 2026")), (None, None));
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
