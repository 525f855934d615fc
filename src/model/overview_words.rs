//! Which cell of an overview tab is which label or heading, whatever it is called there.
//!
//! A tab in a workbook carries the ids of its labels as names for their cells (`WA_overzicht_bron`): names move along with
//! rows and columns, leave every cell as it is, and are known before a tab of millions of cells is streamed. Where they are missing, the
//! words of the format (`kolommen.csv`, table `overzicht`) say what a label is. Knows no files.

use std::collections::BTreeMap;

use super::cell::parse_a1;
use super::definition::Heading as Known;
use super::name::normalise;
use super::overview_layout::{Heading, Label};

/// How the name of a label or heading of the overview tab begins; its field follows ([`Label::field`]).
pub const OVERVIEW_NAME: &str = "WA_overzicht_";
/// The table of these labels in `kolommen.csv`.
const TABLE: &str = "overzicht";

/// Every label and heading: field, and the text that the program writes and knows.
fn usual() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let labels = Label::ALL.iter().map(|label| (label.field(), label.text(), true));
    labels.chain(Heading::ALL.iter().map(|(heading, text)| (heading.field(), *text, false)))
}

/// The field of a label or heading by the text that the program writes.
pub(super) fn field_of(text: &str) -> Option<&'static str> {
    usual().find(|(_, known, _)| *known == text).map(|(field, ..)| field)
}

/// What labels and headings are called besides the words that every reader knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverviewWords {
    /// By address (zero-based row and column), from the names of a workbook.
    at: BTreeMap<(u32, u32), &'static str>,
    /// Labels by their words in the format, as compared.
    labels: BTreeMap<String, &'static str>,
    /// Headings by their words in the format, as compared.
    headings: BTreeMap<String, &'static str>,
}

impl OverviewWords {
    /// The words of a format: its headings, of which those of the overview count.
    #[must_use]
    pub fn of(headings: &[Known]) -> Self {
        let mut words = OverviewWords::default();
        for known in headings.iter().filter(|known| known.table == TABLE) {
            let Some((_, text, is_label)) = usual().find(|(field, ..)| *field == known.field) else { continue };
            for word in std::iter::once(&known.text).chain(&known.variants) {
                let list = if is_label { &mut words.labels } else { &mut words.headings };
                if Label::of(word).is_none() && Heading::of(word).is_none() {
                    list.entry(normalise(word)).or_insert(text);
                }
            }
        }
        words
    }

    /// These words, and the cells of `tab` that carry a name. `names` are the names of a workbook with what they refer to.
    #[must_use]
    pub fn on<'a>(&self, tab: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut words = self.clone();
        for (name, target) in names {
            let ours = name.get(..OVERVIEW_NAME.len()).filter(|start| start.eq_ignore_ascii_case(OVERVIEW_NAME));
            let field = ours.and_then(|_| name.get(OVERVIEW_NAME.len()..)).unwrap_or_default();
            let Some((_, text, _)) = usual().find(|(known, ..)| known.eq_ignore_ascii_case(field)) else {
                continue;
            };
            let Some((sheet, cell)) = target.rsplit_once('!') else { continue };
            if sheet.trim_start_matches('$').trim_matches('\'').replace("''", "'") == tab
                && let Some(at) = parse_a1(cell)
            {
                words.at.entry(at).or_insert(text);
            }
        }
        words
    }

    /// True when there is nothing but the words that every reader knows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty() && self.labels.is_empty() && self.headings.is_empty()
    }

    /// True when a cell of this row carries a name.
    #[must_use]
    pub fn names_row(&self, row: u32) -> bool {
        self.at.range((row, 0)..=(row, u32::MAX)).next().is_some()
    }

    /// The usual text of a label: by the text itself, else by the name of its cell, else by the words of the format. `None` for
    /// any other text. A text that is a label says what it is: names of cells stay behind when rows are sorted.
    #[must_use]
    pub fn label(&self, at: (u32, u32), text: &str) -> Option<&'static str> {
        if let Some(known) = Label::of(text) {
            return Some(known.text());
        }
        let named = self.at.get(&at).copied().filter(|usual| Label::of(usual).is_some());
        named.filter(|_| Heading::of(text).is_none()).or_else(|| self.labels.get(&normalise(text)).copied())
    }

    /// As [`OverviewWords::label`], for a heading above the areas. Its words in the format may be the names of areas too
    /// (`Wijk`): ask only where headings stand.
    #[must_use]
    pub fn heading(&self, at: (u32, u32), text: &str) -> Option<&'static str> {
        if Heading::of(text).is_some() {
            return Heading::ALL.iter().find(|(h, _)| Heading::of(text) == Some(*h)).map(|(_, text)| *text);
        }
        let named = self.at.get(&at).copied().filter(|usual| Heading::of(usual).is_some());
        named.filter(|_| Label::of(text).is_none()).or_else(|| self.headings.get(&normalise(text)).copied())
    }

    /// What the texts of one row are, where they are not what every reader knows: column and usual text. A label stands in the
    /// first cell; headings count where at least three of them stand beside each other, or by name.
    #[must_use]
    pub fn row(&self, row: u32, texts: &[(u32, &str)]) -> BTreeMap<u32, &'static str> {
        let mut found = BTreeMap::new();
        if self.is_empty() {
            return found;
        }
        let other = |text: &str, usual: &'static str| (text != usual).then_some(usual);
        if let Some((col, text)) = texts.first()
            && let Some(usual) = self.label((row, *col), text)
        {
            found.extend(other(text, usual).map(|usual| (*col, usual)));
            return found;
        }
        let headings =
            texts.iter().filter_map(|(col, text)| Some((*col, *text, self.heading((row, *col), text)?)));
        let headings: Vec<(u32, &str, &'static str)> = headings.collect();
        if headings.len() >= 3 || self.names_row(row) {
            found.extend(headings.into_iter().filter_map(|(col, text, usual)| Some((col, other(text, usual)?))));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(field: &str, text: &str) -> Known {
        Known { table: TABLE.into(), field: field.into(), text: text.into(), variants: vec![] }
    }

    #[test]
    fn a_label_is_known_by_its_own_text_then_by_its_name_then_by_the_format() {
        let words = OverviewWords::of(&[known("bron", "Herkomst"), known("naam", "Wijk")]);
        assert_eq!(words.label((9, 0), "herkomst"), Some("Bron"));
        assert_eq!(words.label((9, 0), "Waar komt het vandaan"), None);
        let names =
            [("WA_OVERZICHT_bron", "'Het ''mooie'' overzicht'!$A$10"), ("WA_overzicht_kop", "x!$A$1"), ("a", "b")];
        let words = words.on("Het 'mooie' overzicht", names.into_iter());
        assert_eq!(words.label((9, 0), "Waar komt het vandaan"), Some("Bron"));
        assert_eq!(words.label((9, 0), "Eenheid"), Some("Eenheid"), "rows were sorted; the text says what it is");
        assert_eq!(words.label((8, 0), "Waar komt het vandaan"), None);
        assert_eq!(words.heading((30, 2), "Wijk"), Some("Naam"));
    }

    #[test]
    fn a_word_of_the_format_is_a_heading_only_beside_other_headings() {
        let words = OverviewWords::of(&[known("naam", "Wijk")]);
        let row = |texts: &[&'static str]| {
            let texts: Vec<(u32, &str)> = (0..).zip(texts.iter().copied()).collect();
            words.row(20, &texts)
        };
        assert_eq!(row(&["Gebiedscode", "Wijk", "Niveau", "Valt onder"]).get(&1), Some(&"Naam"));
        assert_eq!(row(&["BU1", "Bospolder", "Wijk", "WK1"]), BTreeMap::new());
    }
}
