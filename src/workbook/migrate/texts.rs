//! Telling what the format wrote from what a person wrote.
//!
//! Owns the decision, which errs to one side: what is not surely the format's counts as a person's. Of a version of which
//! the blank workbook is known it is compared with that, cell by cell; of any other workbook only what is recognised by its
//! place as a label of the format is the format's.

use std::collections::BTreeMap;

use super::places::{aligned, paired_wholly};
use super::slots::Slots;
use crate::model::QuestionPlace;
use crate::model::{Format, OverviewHeading, OverviewLabel, TabKind, normalise};
use crate::package::Placement;
use crate::workbook::Workbook;
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

    /// True when the blank workbook has this text, however often it was taken already.
    fn knows(&self, text: &str) -> bool {
        self.0.contains_key(&key(text))
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

/// The blank workbook of the old version: where each of its texts stands, as long as no cell of the old workbook was found to be
/// that text.
struct Blank {
    /// Where the rows and columns of the old tabs are in the blank workbook, by name of the old tab.
    places: BTreeMap<String, Placement>,
    /// Texts by name of the blank tab and cell.
    left: BTreeMap<String, BTreeMap<(u32, u32), String>>,
}

impl Blank {
    fn of(old: (&Workbook, &Slots), blank: (&Workbook, &Slots)) -> Self {
        let texts = |sheet: &Sheet| {
            let cells = sheet.rows().into_iter().flat_map(|row| sheet.row(row).map(move |(col, _)| (row, col)));
            cells.map(|(row, col)| ((row, col), key(&sheet.text(row, col)))).collect()
        };
        let left = blank.1.grids.iter().map(|(tab, sheet)| (tab.clone(), texts(sheet))).collect();
        Blank { places: paired_wholly(old, blank), left }
    }

    /// The column of the blank tab in which the format wrote what stands in this one.
    fn col(place: &Placement, col: u32) -> u32 {
        // Beside what is known things stand as they stood: a person may have put columns in before them.
        let known = place.cols.range(..=col).next_back();
        known.map_or(col, |(from, to)| to + (col - from))
    }

    /// True, and no longer left, when the format wrote this text in the place of this cell. Without a text it is left no longer
    /// whatever it is: the cell has been dealt with.
    fn take_at(&mut self, (tab, row, col): (&str, u32, u32), text: Option<&str>) -> bool {
        let Some(place) = self.places.get(tab) else { return false };
        let at = place.cells.get(&(row, col)).copied();
        let Some(at) = at.or_else(|| Some((aligned(place, row)?, Self::col(place, col)))) else { return false };
        let Some(left) = self.left.get_mut(&place.tab) else { return false };
        let same = left.get(&at).is_some_and(|known| text.is_none_or(|text| *known == key(text)));
        if same {
            left.remove(&at);
        }
        same
    }

    /// The same, when the format wrote it in another row of this column: people move rows.
    fn take_in_column(&mut self, tab: &str, col: u32, text: &str) -> bool {
        let Some(place) = self.places.get(tab) else { return false };
        let (col, text) = (Self::col(place, col), key(text));
        let Some(left) = self.left.get_mut(&place.tab) else { return false };
        let found = left.iter().find(|((_, at), known)| *at == col && **known == text).map(|(at, _)| *at);
        found.is_some_and(|at| left.remove(&at).is_some())
    }
}

/// What is known of a cell that is nobody's slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stands {
    /// It stands where labels stand.
    pub(super) label: bool,
    /// It stands where a row is numbered.
    pub(super) step: bool,
    /// It stands right of everything that the format writes in such a row.
    pub(super) beyond: bool,
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
    blank: Option<Blank>,
    /// Texts of the new blank workbook by tab: short ones do not count, which people type by chance.
    new: BTreeMap<TabKind, Counted>,
    /// Texts of a blank workbook of the old format by tab: a label that stands there more often is a person's.
    like: BTreeMap<TabKind, Counted>,
}

/// The blank workbooks that are known, each with its places.
pub(super) struct Blanks<'w> {
    /// That of the version of the old workbook, when that is known.
    pub(super) same: Option<(&'w Workbook, &'w Slots)>,
    /// That of the format with which the old workbook was read.
    pub(super) like: (&'w Workbook, &'w Slots),
    /// That of the new version.
    pub(super) new: (&'w Workbook, &'w Slots),
}

/// A text of this many characters that stands on the same tab of the new format to the letter is the format's: it is there,
/// and as often as it is there. A shorter one ('ja', 'x', a number) may have been typed by chance.
const LONG: usize = 8;

impl<'a> FormatTexts<'a> {
    /// `old` is the old workbook.
    pub(super) fn new(format: &'a Format, old: (&Workbook, &Slots), blanks: &Blanks<'_>) -> Self {
        let count = |(workbook, slots): (&Workbook, &Slots)| {
            let tabs = workbook.analysis.tabs.iter();
            tabs.filter_map(|tab| Some((tab.kind.clone(), Counted::of(slots.grids.get(&tab.name)?)))).collect()
        };
        let tables = ["pijler", "slottabel", "resultaten", "matrix", "activiteiten", "factorenmodel", "ranking"];
        FormatTexts {
            lexicon: Lexicon::new(format),
            headings: tables.iter().map(|table| Headings::of(format, table)).collect(),
            tabs: format.tab_ids().iter().map(|(_, _, name)| normalise(name)).collect(),
            blank: blanks.same.map(|blank| Blank::of(old, blank)),
            new: count(blanks.new),
            like: count(blanks.like),
        }
    }

    /// A cell that was dealt with: what the format wrote there is not the text of another cell.
    pub(super) fn dealt_with(&mut self, kind: &TabKind, at: (&str, u32, u32), text: &str) {
        match &mut self.blank {
            Some(blank) => blank.take_at(at, None),
            None => {
                let taken = |counts: &mut BTreeMap<TabKind, Counted>| {
                    counts.get_mut(kind).is_some_and(|counted| counted.take(text))
                };
                taken(&mut self.like) | taken(&mut self.new)
            }
        };
    }

    /// Whether a cell that is nobody's slot holds the text that the format wrote there: to the letter where the blank workbook is
    /// known, else one of its labels where labels stand. To be asked of all cells before [`FormatTexts::is_ours`] is of any.
    pub(super) fn is_in_place(
        &mut self,
        kind: &TabKind,
        at: (&str, u32, u32),
        text: &str,
        stands: Stands,
    ) -> bool {
        if let Some(blank) = &mut self.blank {
            return blank.take_at(at, Some(text));
        }
        let labelled = stands.label && !stands.beyond && self.is_label(text);
        let once_more = |counted: &mut Counted| counted.knows(text) && !counted.take(text);
        let ours = labelled && !self.like.get_mut(kind).is_some_and(once_more);
        if ours && let Some(counted) = self.new.get_mut(kind) {
            counted.take(text);
        }
        ours
    }

    /// Whether a cell that is nobody's slot holds a text of the format all the same.
    pub(super) fn is_ours(&mut self, kind: &TabKind, at: (&str, u32, u32), text: &str, stands: Stands) -> bool {
        if let Some(blank) = &mut self.blank {
            return blank.take_in_column(at.0, at.2, text);
        }
        if stands.beyond {
            return false;
        }
        let long = text.chars().count() >= LONG || (stands.label && is_number(text));
        if long && self.new.get_mut(kind).is_some_and(|counted| counted.take(text)) {
            return true;
        }
        stands.step && is_number(text)
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
