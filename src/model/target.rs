//! What a maatschappelijk resultaat aims at: start value plus agreed change (method, 'Measuring a societal result with
//! several indicators').
//!
//! Owns when that can be reckoned from what people wrote. Nothing is guessed: a text that can mean two things, or of which
//! it is not clear to which indicator it belongs, gives no target.

use super::words::{needed_decimals, round_as_shown};
use super::{
    Direction, Format, Indicator, NumberText, Resultaat, change_text, normalise, number_text, value_texts,
};

/// The target of one indicator, or of the mean of several.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputedTarget<'a> {
    /// The indicator as written; empty when none is named, or when this is about several.
    pub name: &'a str,
    /// The format's indicator, where it is one and known.
    pub indicator: Option<&'a Indicator>,
    /// Over how many indicators this is the mean; 1 for a single figure.
    pub mean_of: usize,
    /// Start value, in the indicator's unit.
    pub start: f64,
    /// Agreed change with its sign, in the same unit (percentage points for a percentage).
    pub change: f64,
    /// Decimals with which all three are shown.
    pub decimals: u8,
    /// True for a percentage, by the indicator or because the texts say so.
    pub percentage: bool,
}

impl ComputedTarget<'_> {
    /// Start plus change, as shown.
    #[must_use]
    pub fn value(&self) -> f64 {
        round_as_shown(self.start + self.change, self.decimals)
    }

    /// False for a target that no figure of this kind can have: a percentage outside 0 to 100, a number below 0.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        match self.indicator {
            Some(indicator) if !self.percentage => indicator.unit.can_hold(self.value()),
            _ => !self.percentage || (0.0..=100.0).contains(&self.value()),
        }
    }
}

/// The targets of a result: one per indicator, for 'gemiddelde' the one of their mean. Empty when they cannot be reckoned:
/// a start value or change is no clear number, it is not clear to which indicator one belongs, or a mean would be of
/// figures of different kinds.
#[must_use]
pub fn computed_targets<'a>(format: &'a Format, result: &'a Resultaat) -> Vec<ComputedTarget<'a>> {
    targets(format, result).unwrap_or_default()
}

fn targets<'a>(format: &'a Format, result: &'a Resultaat) -> Option<Vec<ComputedTarget<'a>>> {
    let start = |text: &str| match number_text(text) {
        NumberText::Number(value) => Some((value, decimals_of(text, value))),
        NumberText::Ambiguous | NumberText::None => None,
    };
    let change = |text: &str| change_text(text).map(|(value, _)| (value, decimals_of(text, value)));
    let starts: Vec<(f64, u8)> = value_texts(&result.startwaarde).map(start).collect::<Option<_>>()?;
    let changes: Vec<(f64, u8)> = value_texts(&result.streefwaarde).map(change).collect::<Option<_>>()?;
    let way = normalise(&result.meetwijze);
    let way = |word: &str| way.split(' ').any(|known| known == word);
    let named = match format.indicators_named(&result.indicatoren) {
        // One figure for all of them together.
        named if named.len() > 1 && way("combinatie") => vec![("", None); starts.len().min(1)],
        named if named.is_empty() => vec![("", None); starts.len().min(1)],
        named => named,
    };
    let says_percentage = [&result.startwaarde, &result.streefwaarde].iter().any(|text| {
        text.contains('%') || text.to_lowercase().contains("procentpunt") || text.trim().ends_with("pp")
    });
    if starts.is_empty() || starts.len() != named.len() || ![1, starts.len()].contains(&changes.len()) {
        return None;
    }
    let has =
        |direction| named.iter().any(|(_, known)| known.is_some_and(|indicator| indicator.direction == direction));
    if changes.len() < starts.len() && has(Direction::HigherIsBetter) && has(Direction::LowerIsBetter) {
        return None;
    }
    let changes = changes.iter().cycle();
    let parts: Vec<ComputedTarget<'a>> = named
        .into_iter()
        .zip(starts)
        .zip(changes)
        .map(|(((name, indicator), (start, of_start)), (change, of_change))| ComputedTarget {
            name,
            indicator,
            mean_of: 1,
            start,
            change: *change,
            decimals: of_start.max(*of_change),
            percentage: indicator.map_or(says_percentage, |indicator| indicator.unit.is_percentage()),
        })
        .collect();
    if parts.len() > 1 && way("gemiddelde") { mean(&parts).map(|mean| vec![mean]) } else { Some(parts) }
}

/// The mean of figures of one kind that all change in one direction; `None` for others.
fn mean<'a>(parts: &[ComputedTarget<'a>]) -> Option<ComputedTarget<'a>> {
    let first = parts.first()?;
    let unit = |part: &ComputedTarget<'a>| part.indicator.map(|indicator| indicator.unit.name.as_str());
    let alike = |part: &ComputedTarget<'a>| {
        part.percentage == first.percentage
            && unit(part) == unit(first)
            && part.change.is_sign_negative() == first.change.is_sign_negative()
    };
    if !parts.iter().all(alike) {
        return None;
    }
    #[allow(clippy::cast_precision_loss, reason = "a number of indicators")]
    let mean =
        |value: &dyn Fn(&ComputedTarget<'a>) -> f64| parts.iter().map(value).sum::<f64>() / parts.len() as f64;
    Some(ComputedTarget {
        name: "",
        mean_of: parts.len(),
        start: mean(&|part| part.start),
        change: mean(&|part| part.change),
        // A mean of whole numbers need not be one.
        decimals: parts.iter().map(|part| part.decimals).max().unwrap_or(0).max(1),
        ..first.clone()
    })
}

/// The decimals as written: `12,0` has one.
fn decimals_of(text: &str, value: f64) -> u8 {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let comma = text.rsplit_once(',').or_else(|| text.rsplit_once('.').filter(|_| value.fract() != 0.0));
    let written = comma.map_or(0, |(_, fraction)| u8::try_from(digits(fraction.trim())).unwrap_or(2));
    written.max(needed_decimals(value)).min(2)
}
