//! Telling the looks that a person gave from those of the format.
//!
//! Owns the decision: of a cell that is known in the blank workbook what differs from it there; of any other what differs from
//! its neighbours of the same kind. A look that nearly all cells of a kind have is the format's, however it came about (another
//! program saved the workbook, the format was given another colour). Part of the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::dressing::{Tab, seen, seen_only};
use crate::package::{Aspect, Look, differences};

/// A kind of cells with fewer than this many is too small to speak of nearly all.
const FEW: usize = 10;

/// What a cell is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// A cell of the blank workbook that looks like this.
    Blank(u32),
    /// A place of the format in a workbook of which no blank one is known.
    Place(String),
    /// A cell of which nothing is known.
    Free,
}

/// Which aspects of the look of a cell are a person's.
pub(super) struct PersonLooks {
    old: Vec<Look>,
    blank: Vec<Look>,
    classes: BTreeMap<(String, u32, u32), Class>,
    /// Looks (numbers of the old workbook) that nearly all cells of a class have.
    usual: BTreeMap<Class, u32>,
    design: bool,
    /// Colours that the format gives words inside cells.
    words: BTreeSet<String>,
}

fn at(looks: &[Look], style: u32) -> Look {
    usize::try_from(style).ok().and_then(|style| looks.get(style)).cloned().unwrap_or_default()
}

impl PersonLooks {
    pub(super) fn new(
        old: Vec<Look>,
        (blank, words): (Vec<Look>, BTreeSet<String>),
        tabs: &[Tab<'_>],
        places: &BTreeMap<(String, u32, u32), String>,
    ) -> Self {
        let mut classes = BTreeMap::new();
        let mut counts: BTreeMap<Class, BTreeMap<u32, usize>> = BTreeMap::new();
        for tab in tabs {
            for ((row, col), cell) in &tab.worn.cells {
                let key = (tab.name.to_owned(), *row, *col);
                let class = match (tab.blank, tab.base(*row, *col)) {
                    (Some((worn, _)), Some((row, col))) => Class::Blank(worn.style(row, col)),
                    (Some(_), None) => Class::Free,
                    (None, _) => places.get(&key).map_or(Class::Free, |place| Class::Place(place.clone())),
                };
                *counts.entry(class.clone()).or_default().entry(cell.style).or_insert(0) += 1;
                classes.insert(key, class);
            }
        }
        let mut usual = BTreeMap::new();
        let mut design = false;
        for (class, styles) in counts.into_iter().filter(|(class, _)| *class != Class::Free) {
            let total: usize = styles.values().sum();
            let Some((style, most)) = styles.into_iter().max_by_key(|(style, count)| (*count, u32::MAX - style))
            else {
                continue;
            };
            match &class {
                Class::Blank(base) => {
                    let other = differences(&at(&old, style), &at(&blank, *base));
                    if total >= FEW && most * 5 > total * 4 && !other.is_empty() {
                        design |= other.iter().any(|aspect| seen(*aspect));
                        usual.insert(class, style);
                    }
                }
                _ => {
                    usual.insert(class, style);
                }
            }
        }
        PersonLooks { old, blank, classes, usual, design, words }
    }

    /// Whether a look that nearly all cells of a kind have was taken for the format's.
    pub(super) fn design(&self) -> bool {
        self.design
    }

    /// The aspects of the look of a cell that are a person's. `own_text` says that a person wrote in it.
    pub(super) fn of(&self, tab: &Tab<'_>, row: u32, col: u32, own_text: bool) -> BTreeSet<Aspect> {
        let Some(cell) = tab.worn.cells.get(&(row, col)) else { return BTreeSet::new() };
        let key = (tab.name.to_owned(), row, col);
        let class = self.classes.get(&key).unwrap_or(&Class::Free);
        let look = at(&self.old, cell.style);
        let usual = self.usual.get(class).map(|style| at(&self.old, *style));
        match (class, usual) {
            (_, Some(usual)) if usual == look => BTreeSet::new(),
            (Class::Blank(base), usual) => {
                let mut own = differences(&look, &at(&self.blank, *base));
                let was_rich =
                    tab.base(row, col).and_then(|at| tab.blank?.0.cells.get(&at)?.rich.as_ref()).is_some();
                let of_words = look.get(&Aspect::Colour).is_none_or(|colour| self.words.contains(colour));
                if was_rich && of_words {
                    // Every word has a look of its own; LibreOffice gives the cell that of the first.
                    own.retain(|aspect| *aspect >= Aspect::Fill);
                }
                match usual {
                    // What all have in common is not this cell's.
                    Some(usual) => own.intersection(&differences(&look, &usual)).copied().collect(),
                    None => own,
                }
            }
            (Class::Place(_), usual) => differences(&seen_only(&look), &seen_only(&usual.unwrap_or_default())),
            // Of nothing known: what is not plain. White is.
            (Class::Free, _) => {
                let plain = |(aspect, shown): &(Aspect, String)| *aspect == Aspect::Fill && shown == "FFFFFF";
                let own = seen_only(&look).into_iter().filter(|line| !plain(line));
                // Of a workbook of which no blank one is known the labels and headings look like its format.
                own.map(|(aspect, _)| aspect).filter(|_| own_text || tab.blank.is_some()).collect()
            }
        }
    }
}
