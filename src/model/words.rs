//! Figures as they are shown: rounding as Excel rounds, and figures, differences and places in Dutch words.
//!
//! Owns the one way in which a number becomes text for people, so that workbook, findings and documents say the
//! same. Knows nothing of where the number came from.

use super::analysis::IndicatorRow;
use super::comparison::{
    Comparison, DomeinComparison, FigureComparison, Incomparable, Judgement, Opvallendheid, Relative,
};
use super::definition::{Indicator, Unit};
use super::figure::Figure;

/// Digits that Excel keeps of a number; the binary noise of a double lies behind them.
const EXCEL_DIGITS: i32 = 15;

/// Rounds to `decimals` half away from zero, as Excel's ROUND does.
///
/// Excel works with fifteen significant digits, so 2.675 (in binary 2.67499999999999982...) becomes 2.68 with two
/// decimals and 0.1 + 0.2 is 0.3. That is copied here by taking the fifteen digits as decimal text and rounding
/// those, instead of multiplying the double and meeting its noise. The result is the double nearest to the decimal
/// number, so two figures that look the same are equal with `==`. Never gives minus zero. A number that is not
/// finite comes back as it is.
#[must_use]
pub fn round_as_shown(value: f64, decimals: u8) -> f64 {
    if !value.is_finite() {
        return value;
    }
    clearly_rounded(value, decimals).unwrap_or_else(|| rounded_by_digits(value, decimals))
}

/// The fifteen digits of a finite number as decimal text, cut off and rounded.
fn rounded_by_digits(value: f64, decimals: u8) -> f64 {
    let text = format!("{:.14e}", value.abs());
    let Some((mantissa, exponent)) = text.split_once('e') else { return value };
    let Ok(exponent) = exponent.parse::<i32>() else { return value };
    // How many of the fifteen digits stand before the place where we cut.
    let keep = exponent + 1 + i32::from(decimals);
    let rounded = if keep < 0 {
        0.0
    } else if keep >= EXCEL_DIGITS {
        text.parse().unwrap_or(value.abs())
    } else {
        let keep = usize::try_from(keep).unwrap_or(0);
        let mut digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| u64::from(digit - b'0'));
        let whole = digits.by_ref().take(keep).fold(0, |sum, digit| sum * 10 + digit);
        let up = u64::from(digits.next().is_some_and(|digit| digit >= 5));
        format!("{}e-{decimals}", whole + up).parse().unwrap_or(value.abs())
    };
    if rounded == 0.0 { 0.0 } else { rounded.copysign(value) }
}

/// What [`round_as_shown`] gives, without the detour over text, for a number that does not lie near the middle between
/// two: there neither the noise of a double nor the fifteenth digit decides. `None` for all other numbers.
fn clearly_rounded(value: f64, decimals: u8) -> Option<f64> {
    /// Up to here fifteen digits reach six places beyond the one that is cut at.
    const MOST: f64 = 1e8;
    /// How near the middle the slow way has to decide: far more than what lies behind those six places.
    const NEAR: f64 = 1e-4;
    let power = 10_f64.powi(i32::from(decimals));
    let scaled = value.abs() * power;
    if decimals > 9 || scaled >= MOST || (scaled.fract() - 0.5).abs() < NEAR {
        return None;
    }
    // Both numbers are whole and exact, so dividing them gives the double nearest to the decimal number.
    let rounded = scaled.round() / power;
    Some(if rounded == 0.0 { 0.0 } else { rounded.copysign(value) })
}

/// True when two figures look the same with this number of decimals.
#[must_use]
#[allow(clippy::float_cmp, reason = "both sides are the double nearest to a short decimal number")]
pub fn equal_as_shown(one: f64, other: f64, decimals: u8) -> bool {
    round_as_shown(one, decimals) == round_as_shown(other, decimals)
}

/// A bare number as Dutch people write it: decimal comma, a point per thousand: `1.234,5`.
#[must_use]
pub fn number(value: f64, decimals: u8) -> String {
    let rounded = round_as_shown(value, decimals);
    let text = format!("{:.*}", usize::from(decimals), rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if rounded < 0.0 {
        out.push('-');
    }
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position) % 3 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(',');
        out.push_str(fraction);
    }
    out
}

/// A number with no more decimals than it needs, six at most: for a figure of which the format knows nothing.
#[must_use]
pub fn plain_number(value: f64) -> String {
    number(value, needed_decimals(value))
}

/// How many decimals a number needs to be shown in full, six at most.
#[must_use]
pub fn needed_decimals(value: f64) -> u8 {
    (0..6).find(|decimals| equal_as_shown(value, round_as_shown(value, *decimals), 9)).unwrap_or(6)
}

/// A figure with its unit: `12,5%`, `1.234`, `7,1 per 1.000 inwoners`, `€ 31.400`. The words `aantal`, `index` and
/// `score` say what kind of number it is and are left out behind the figure.
#[must_use]
pub fn figure(value: f64, decimals: u8, unit: &Unit) -> String {
    let text = number(value, decimals);
    match unit.name.trim() {
        "" => text,
        "%" => format!("{text}%"),
        "€" | "euro" => format!("€ {text}"),
        word if is_silent(word) => text,
        word => format!("{text} {word}"),
    }
}

/// True for a unit that is never written behind a figure.
#[must_use]
pub fn is_silent(unit: &str) -> bool {
    ["aantal", "index", "score", "cijfer"].contains(&unit.to_lowercase().as_str())
}

/// A figure with its unit, or why there is none.
#[must_use]
pub fn figure_or_reason(value: &Figure, decimals: u8, unit: &Unit) -> String {
    match value {
        Figure::Known { value, .. } => figure(*value, decimals, unit),
        Figure::Missing(reason) => reason.words().to_owned(),
    }
}

/// A figure as one line of 'opvallende cijfers' in a closing table: `Voortijdig schoolverlaten: 16,4% (Rotterdam
/// 12,8%), ongunstiger`.
#[must_use]
pub fn closing_figure(compared: &FigureComparison, benchmark: &str) -> String {
    let wijk = figure_or_reason(&compared.wijk, compared.decimals, &compared.unit);
    let other = match compared.benchmark.value() {
        Some(value) => format!("{benchmark} {}", figure(value, compared.decimals, &compared.unit)),
        None => format!("geen cijfer van {benchmark}"),
    };
    let judgement = match compared.judgement {
        Some(Judgement::Neutraal) | None => String::new(),
        Some(judgement) => format!(", {}", judgement.word()),
    };
    format!("{}: {wijk} ({other}){judgement}", compared.name)
}

/// Per domein, in the format's order: its name, the text for 'opvallende cijfers' and the text for 'factoren (met
/// ranking)'; one figure or factor per line, empty when there is none.
///
/// The texts say only what the figures say: `Voortijdig schoolverlaten: 16,4% (Rotterdam 12,8%), ongunstiger`.
/// Factors are those that come back in this domein through unfavourable opvallende figures, in the method's order.
#[must_use]
pub fn closing_texts(comparison: &Comparison) -> Vec<(String, String, String)> {
    comparison
        .domeinen
        .iter()
        .map(|domein| {
            let figures: Vec<String> =
                domein.opvallende().map(|figure| closing_figure(figure, &comparison.benchmark)).collect();
            (domein.domein.clone(), figures.join("\n"), closing_factoren(comparison, domein).join("\n"))
        })
        .collect()
}

fn closing_factoren(comparison: &Comparison, domein: &DomeinComparison) -> Vec<String> {
    comparison
        .factoren
        .iter()
        .filter(|factor| factor.domeinen.contains(&domein.domein))
        .map(|factor| factor_with_rank(&factor.name, factor.rank))
        .collect()
}

/// A factor with its ranking: `Sociaal economische status (ranking 2)`, or `(zonder ranking)`.
#[must_use]
pub fn factor_with_rank(name: &str, rank: Option<u8>) -> String {
    match rank {
        Some(rank) => format!("{name} (ranking {rank})"),
        None => format!("{name} (zonder ranking)"),
    }
}

/// A difference in the unit's own word: `3,2 procentpunt hoger`, `12 indexpunten lager`, or `gelijk` when nothing
/// of it is seen with this number of decimals. Never 'procent' for a difference of percentages.
#[must_use]
pub fn difference(difference: f64, decimals: u8, unit: &Unit) -> String {
    let rounded = round_as_shown(difference, decimals);
    if rounded == 0.0 {
        return "gelijk".to_owned();
    }
    let way = if rounded > 0.0 { "hoger" } else { "lager" };
    let size = number(rounded.abs(), decimals);
    match difference_word(unit) {
        "" => format!("{size} {way}"),
        "€" | "euro" => format!("€ {size} {way}"),
        word => format!("{size} {word} {way}"),
    }
}

/// The word behind a difference in this unit; empty when none is needed.
fn difference_word(unit: &Unit) -> &str {
    match (unit.difference.trim(), unit.name.trim()) {
        ("", "%") => "procentpunt",
        ("", name) if is_silent(name) => "",
        ("", name) => name,
        // 'verschil in aantal' says what is counted, not what stands behind a number.
        (word, _) if word.to_lowercase().contains("aantal") => "",
        (word, _) => word,
    }
}

/// Wijk against benchmark in words: `3,6 procentpunt hoger dan Rotterdam, ongunstiger`; for a figure that cannot be
/// compared the reason.
#[must_use]
pub fn against(compared: &FigureComparison, benchmark: &str) -> String {
    let unit = &compared.unit;
    match &compared.relative {
        Relative::Equal => format!("gelijk aan {benchmark}"),
        Relative::NotFilled => "niet ingevuld".to_owned(),
        Relative::NotComparable(reason) => not_comparable(reason, benchmark),
        Relative::Higher | Relative::Lower => {
            let size =
                compared.difference.map_or_else(String::new, |value| difference(value, compared.decimals, unit));
            match compared.judgement {
                Some(judgement @ (Judgement::Gunstiger | Judgement::Ongunstiger)) => {
                    format!("{size} dan {benchmark}, {}", judgement.word())
                }
                _ => format!("{size} dan {benchmark}"),
            }
        }
    }
}

/// A figure that is worse than the benchmark and than before: `Verzuim: 3,0 procentpunt hoger dan Rotterdam, ongunstiger;
/// was 10,0% (2014), nu 13,0%`.
#[must_use]
pub fn worsened(compared: &FigureComparison, benchmark: &str) -> String {
    let before = compared.trend.as_ref().map_or_else(String::new, |trend| {
        format!(
            "; was {} ({}), nu {}",
            figure(trend.before, compared.decimals, &compared.unit),
            trend.period,
            figure_or_reason(&compared.wijk, compared.decimals, &compared.unit)
        )
    });
    format!("{}: {}{before}", compared.name, against(compared, benchmark))
}

/// The rule of the list of figures that are ongunstiger and got worse; it stands under that list.
#[must_use]
pub fn worsening_rule(benchmark: &str) -> String {
    format!(
        "In deze lijst staat een cijfer dat nu ongunstiger is dan {benchmark}, en dat ook ongunstiger werd sinds de vorige \
         editie. Beide gelden na afronding. De grootste verandering, gedeeld door de spreiding over de wijken, staat eerst."
    )
}

/// That two figures were not set side by side: the one wording for it, everywhere.
pub const NOT_COMPARED: &str = "niet vergeleken";

/// How the sentence begins that says that the distance of most figures is not known.
pub const DISTANCE_UNKNOWN: &str = "Afstand onbekend:";

/// Why a figure was not compared, in Dutch.
#[must_use]
pub fn not_comparable(reason: &Incomparable, benchmark: &str) -> String {
    match reason {
        Incomparable::NoBenchmark(why) => {
            format!("{NOT_COMPARED}: geen cijfer van {benchmark} ({})", why.words())
        }
        Incomparable::NoFigure(why) => format!("{NOT_COMPARED}: geen cijfer ({})", why.words()),
        Incomparable::OtherEdition { wijk, benchmark: other } => {
            format!("{NOT_COMPARED}: het cijfer van de wijk is van {wijk}, dat van {benchmark} van {other}")
        }
        Incomparable::NotANumber(text) => format!("{NOT_COMPARED}: '{text}' is geen getal"),
        Incomparable::Impossible(text) => format!("{NOT_COMPARED}: {text} kan niet"),
        Incomparable::UnknownIndicator => format!("{NOT_COMPARED}: het format kent deze indicator niet"),
    }
}

/// A place among the wijken: `3e van 71 wijken (1 = hoogste)`.
#[must_use]
pub fn place(place: (usize, usize)) -> String {
    format!("{}e van {} wijken (1 = hoogste)", place.0, place.1)
}

/// What is said about chance; empty where nothing may be said.
#[must_use]
pub fn chance(beyond: Option<bool>) -> &'static str {
    match beyond {
        Some(true) => "groter dan toeval kan verklaren (95%)",
        Some(false) => "kan toeval zijn (95%)",
        None => "",
    }
}

/// Why a figure is opvallend, in words.
#[must_use]
pub fn why_opvallend(why: Opvallendheid) -> String {
    match (why.by_distance, why.by_advisor) {
        (Some(position), true) => format!("op plaats {position} in afstand, en opgemerkt door de adviseur"),
        (Some(position), false) => format!("op plaats {position} in afstand"),
        (None, true) => "opgemerkt door de adviseur".to_owned(),
        (None, false) => String::new(),
    }
}

/// The years (1900 to 2099) that stand in a text, in order, each once.
#[must_use]
pub fn years(text: &str) -> Vec<String> {
    let mut years: Vec<String> = Vec::new();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())) {
        if (word.starts_with("19") || word.starts_with("20")) && !years.iter().any(|year| year == word) {
            years.push(word.to_owned());
        }
    }
    years
}

/// The years in which a figure of this period was measured: those behind 'peiljaar', and of an unknown one those of the
/// edition. A figure of 2017 in an edition of 2018 is about 2017.
#[must_use]
pub fn measured_years(period: &str) -> Vec<String> {
    let measured = period.rsplit_once("eiljaar").map(|(_, behind)| years(behind)).unwrap_or_default();
    if measured.is_empty() { years(period) } else { measured }
}

/// True when a period does not say when its figure was measured: the year behind 'peiljaar' is unknown, or there is no year at
/// all. The year of an edition is when it was published.
#[must_use]
pub fn measured_unknown(period: &str) -> bool {
    match period.rsplit_once("eiljaar") {
        Some((_, behind)) => years(behind).is_empty(),
        None => years(period).is_empty(),
    }
}

/// The years in column C ('eenheid, jaar, doelgroep') of a row. A year inside the indicator's own unit or doelgroep
/// is no period.
#[must_use]
pub fn row_years(row: &IndicatorRow, indicator: &Indicator) -> Vec<String> {
    let mut text = row.unit.as_ref().map_or_else(String::new, |cell| cell.text.clone());
    for part in
        [indicator.doelgroep.trim(), indicator.unit.name.trim()].into_iter().filter(|part| !part.is_empty())
    {
        text = text.replace(part, " ");
    }
    years(&text)
}

/// Words as a Dutch list: `a, b en c`.
#[must_use]
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} en {}", first.join(", "), last.as_ref())
        }
    }
}

/// A count with its noun: `1 cijfer`, `3 cijfers`.
#[must_use]
pub fn count(number: usize, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent() -> Unit {
        Unit { name: "%".into(), difference: "procentpunt".into() }
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "the point of the test")]
    fn halves_go_away_from_zero_as_in_excel() {
        for (value, decimals, expected) in [
            (2.675, 2, 2.68),
            (1.005, 2, 1.01),
            (0.5, 0, 1.0),
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (-0.04, 1, 0.0),
            (12.449_999, 1, 12.4),
            (0.1 + 0.2, 1, 0.3),
            (9.95, 1, 10.0),
            (0.049, 1, 0.0),
            (0.05, 1, 0.1),
            (1234.5, 0, 1235.0),
            (8.345 * 100.0, 1, 834.5),
            (0.0, 3, 0.0),
        ] {
            assert_eq!(round_as_shown(value, decimals), expected, "{value} met {decimals} decimalen");
            assert!(
                !(round_as_shown(value, decimals) == 0.0 && round_as_shown(value, decimals).is_sign_negative())
            );
        }
    }

    #[test]
    fn figures_are_written_the_dutch_way() {
        let count = Unit { name: "aantal".into(), difference: "".into() };
        let per = Unit { name: "per 1.000 inwoners".into(), difference: "per 1.000 inwoners".into() };
        assert_eq!(figure(12.5, 1, &percent()), "12,5%");
        assert_eq!(figure(1234.0, 0, &count), "1.234");
        assert_eq!(figure(1_234_567.0, 0, &count), "1.234.567");
        assert_eq!(figure(-0.04, 1, &percent()), "0,0%");
        assert_eq!(figure(7.05, 1, &per), "7,1 per 1.000 inwoners");
        assert_eq!(figure(31_400.0, 0, &Unit { name: "€".into(), difference: "€".into() }), "€ 31.400");
        assert_eq!(plain_number(0.36), "0,36");
        assert_eq!(plain_number(1200.0), "1.200");
    }

    #[test]
    fn a_difference_of_percentages_is_in_points() {
        assert_eq!(difference(3.2, 1, &percent()), "3,2 procentpunt hoger");
        assert_eq!(
            difference(-12.0, 0, &Unit { name: "index".into(), difference: "indexpunten".into() }),
            "12 indexpunten lager"
        );
        assert_eq!(difference(0.04, 1, &percent()), "gelijk");
        assert_eq!(difference(5.0, 0, &Unit { name: "%".into(), difference: "".into() }), "5 procentpunt hoger");
    }

    #[test]
    fn a_difference_of_numbers_is_a_bare_number() {
        let count = Unit { name: "aantal".into(), difference: "verschil in aantal".into() };
        assert_eq!(difference(-1200.0, 0, &count), "1.200 lager");
    }

    #[test]
    fn only_whole_words_of_four_digits_are_years() {
        assert_eq!(years("editie 2016, peiljaar 2014-2015 (2016)"), ["2016", "2014", "2015"]);
        assert!(years("18 t/m 22 jaar, per 1.000 inwoners, BU20161234").is_empty());
    }

    #[test]
    fn a_list_ends_with_en() {
        assert_eq!(list(&["a", "b", "c"]), "a, b en c");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list::<&str>(&[]), "");
    }

    proptest! {
        #[test]
        #[allow(clippy::float_cmp, reason = "the point of the test")]
        fn a_number_rounded_the_short_way_is_what_the_digits_say(
            units in -100_000_000_000i64..100_000_000_000, places in 0u8..12, decimals in 0u8..7, noise in -3i32..4,
        ) {
            let value: f64 = format!("{units}e-{places}").parse().unwrap();
            let value = value * (1.0 + f64::from(noise) * f64::EPSILON);
            if let Some(rounded) = clearly_rounded(value, decimals) {
                prop_assert_eq!(rounded, rounded_by_digits(value, decimals));
            }
        }

        #[test]
        #[allow(clippy::float_cmp, reason = "the point of the test")]
        fn a_number_with_that_many_decimals_stays_as_it_is(units in -1_000_000_000i64..1_000_000_000, decimals in 0u8..7) {
            let value: f64 = format!("{units}e-{decimals}").parse().unwrap();
            prop_assert_eq!(round_as_shown(value, decimals), value);
        }

        #[test]
        fn rounding_stays_within_half_a_step_and_keeps_order(a in -1e6f64..1e6, b in -1e6f64..1e6, decimals in 0u8..5) {
            let step = 10f64.powi(-i32::from(decimals));
            prop_assert!((round_as_shown(a, decimals) - a).abs() <= step / 2.0 + 1e-8);
            if a <= b {
                prop_assert!(round_as_shown(a, decimals) <= round_as_shown(b, decimals));
            }
            let twice = round_as_shown(round_as_shown(a, decimals), decimals);
            prop_assert!(equal_as_shown(twice, a, decimals));
        }

        #[test]
        fn a_half_is_never_lost_to_binary_noise(units in 0u32..1_000_000, decimals in 0u8..5) {
            // A decimal number ending in 5 just behind the cut goes up, whatever its binary form.
            let value: f64 = format!("{units}5e-{}", decimals + 1).parse().unwrap();
            let up: f64 = format!("{}e-{decimals}", units + 1).parse().unwrap();
            prop_assert!(equal_as_shown(value, up, decimals));
        }
    }
}
