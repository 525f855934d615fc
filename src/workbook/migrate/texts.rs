//! Telling what the format wrote from what a person wrote.
//!
//! Owns the decision, which errs to one side: what is not surely the format's counts as a person's. Of a version of which
//! the blank workbook is known it is counted text by text; of any other workbook only what is recognised by its place
//! as a label of the format is the format's.

use std::collections::BTreeMap;

use super::slots::Slots;
use crate::model::QuestionPlace;
use crate::model::{Format, OverviewHeading, OverviewLabel, TabKind, normalise};
use crate::workbook::layout::DomeinHeading;
use crate::workbook::lexicon::{Lexicon, PLACES, factor_name};
use crate::workbook::names::{Headings, without_numbering};
use crate::workbook::sheet::Sheet;

/// How often each text stands on a tab of a blank workbook.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted(BTreeMap<String, usize>);

impl Counted {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let mut counts = Counted::default();
        for row in sheet.rows() {
            for (col, _) in sheet.row(row) {
                *counts.0.entry(key(&sheet.text(row, col))).or_insert(0) += 1;
            }
        }
        counts
    }

    /// True, and one less, when the text still has a place in the blank workbook.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.0.get_mut(&key(text)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}

/// Texts are the same but for white space.
fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is known of the format's own texts.
pub(super) struct FormatTexts<'a> {
    lexicon: Lexicon<'a>,
    headings: Vec<Headings>,
    /// Names of all tabs, for links to them.
    tabs: Vec<String>,
    counted: BTreeMap<TabKind, Counted>,
    /// Texts of the new blank workbook by tab: short ones do not count, which people type by chance.
    new: BTreeMap<TabKind, Counted>,
}

/// A text of this many characters that stands on the same tab of the new format to the letter is the format's: it is there,
/// and as often as it is there. A shorter one ('ja', 'x', a number) may have been typed by chance.
const LONG: usize = 8;

impl<'a> FormatTexts<'a> {
    /// `blank` is the blank workbook of the old version, when that is known; `new` that of the new one.
    pub(super) fn new(
        format: &'a Format,
        blank: Option<(&crate::workbook::Workbook, &Slots)>,
        new: (&crate::workbook::Workbook, &Slots),
    ) -> Self {
        let count = |(workbook, slots): (&crate::workbook::Workbook, &Slots)| {
            let tabs = workbook.analysis.tabs.iter();
            tabs.filter_map(|tab| Some((tab.kind.clone(), Counted::of(slots.grids.get(&tab.name)?)))).collect()
        };
        let tables = ["pijler", "slottabel", "resultaten", "matrix", "activiteiten", "factorenmodel", "ranking"];
        FormatTexts {
            lexicon: Lexicon::new(format),
            headings: tables.iter().map(|table| Headings::of(format, table)).collect(),
            tabs: format.tab_ids().iter().map(|(_, _, name)| normalise(name)).collect(),
            counted: blank.map(count).unwrap_or_default(),
            new: count(new),
        }
    }

    /// Whether a cell that is nobody's slot holds a text of the format. `label` says that it stands where labels stand,
    /// `step` that it stands where a row is numbered.
    pub(super) fn is_ours(&mut self, kind: &TabKind, text: &str, label: bool, step: bool) -> bool {
        if let Some(counted) = self.counted.get_mut(kind) {
            return counted.take(text);
        }
        let long = text.chars().count() >= LONG || (label && is_number(text));
        if long && self.new.get_mut(kind).is_some_and(|counted| counted.take(text)) {
            return true;
        }
        (step && is_number(text)) || (label && self.is_label(text))
    }

    /// A label, heading, question, indicator, factor or link of the format, to the letter.
    fn is_label(&self, text: &str) -> bool {
        let name = normalise(text);
        let bare = normalise(without_numbering(text));
        let factor = factor_name(text);
        let link = ["naar ", "terug naar "].iter().filter_map(|start| name.strip_prefix(start));
        self.lexicon.question(text, PLACES).is_some()
            || self.lexicon.question(text, &[QuestionPlace::Samenvatting]).is_some()
            || self.lexicon.indicators.contains_key(&name)
            || self.lexicon.indicators.contains_key(&bare)
            || self.lexicon.factor(&factor.name).is_some()
            || self.lexicon.labels.field(text.trim_end_matches(':')).is_some()
            || matches!(self.lexicon.domeinen.heading(text), DomeinHeading::Known(..))
            || self.headings.iter().any(|headings| headings.field(text).is_some())
            || OverviewLabel::of(text).is_some()
            || OverviewHeading::of(text).is_some()
            || self.lexicon.format.headings_of("overzicht").any(|known| normalise(&known.text) == name)
            || self.tabs.contains(&name)
            || link.into_iter().any(|target| self.tabs.iter().any(|tab| tab == target))
            || self.lexicon.format.pijlers.iter().any(|pijler| {
                let own = normalise(&pijler.name);
                name == own
                    || name == format!("slottabel pijler {own}")
                    || name == format!("slottabel {own}")
                    || name == format!("analyse pijler {own}")
            })
    }
}

/// A step, a letter or a number before a row: `1`, `1.2`, `a`, `a)`.
fn is_number(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ')', ':']);
    let letter = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    letter
        || (text.len() <= 6
            && !text.is_empty()
            && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbers_and_words_are_not() {
        for text in ["1", "1.2", "a", "b)", "12."] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "ab", "1 kind", "2024-2026"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
