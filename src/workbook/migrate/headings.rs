//! The headings of columns E and F: the name of the wijk and of the second area.
//!
//! Owns which heading comes above which figures: that of its own block. Part of the plan.

use super::slots::Heading;
use super::{Move, Planner};
use crate::model::{CellRef, Format, normalise};
use crate::package::{CellEdit, NewValue, StyleChoice};
use crate::workbook::record::same_text;

impl Planner<'_> {
    /// Every heading that a person or filling wrote comes above the same block.
    pub(super) fn headings(&mut self) {
        let (new, old) = (self.new.headings.clone(), self.old.headings.clone());
        for to in &new {
            let from = self.above((&old, &new), to);
            let text = match from.or_else(|| agreed(&old, to)) {
                Some(from) if self.is_written(from, to) => {
                    self.heading(from, to);
                    from.cell.text.trim().to_owned()
                }
                _ => to.cell.text.trim().to_owned(),
            };
            if let Some(domein) = &to.block {
                self.headed.entry((domein.clone(), to.field.clone())).or_insert(text);
            }
        }
        // The others are words of the format, or say the same as one that arrived above the same figures.
        for from in &old {
            let at = (from.cell.at.tab.clone(), from.cell.at.row, from.cell.at.col);
            let paired = new.iter().any(|to| from.is_of(to) && !self.is_written(from, to));
            let benchmark = from.field == "benchmark"
                && normalise(&from.cell.text) == normalise(&self.input.old_format.benchmark.1);
            let again = old.iter().any(|other| {
                let at = (other.cell.at.tab.clone(), other.cell.at.row, other.cell.at.col);
                other.pijler == from.pijler
                    && other.field == from.field
                    && same_text(&other.cell.text, &from.cell.text)
                    && self.arrived.contains_key(&at)
            });
            let formula = self.raw.formulas.contains_key(&at);
            if !self.arrived.contains_key(&at) && !formula && (paired || benchmark || again) {
                self.ours(&at.0, at.1, at.2);
            }
        }
    }

    /// The old heading of a block: a block that runs over several pages has one on each, and as long as both versions have as
    /// many, each is its own; otherwise the first that a person wrote in stands for the block.
    fn above<'h>(&self, (old, new): (&'h [Heading], &[Heading]), to: &Heading) -> Option<&'h Heading> {
        let before: Vec<&Heading> = old.iter().filter(|from| from.is_of(to)).collect();
        let after: Vec<&Heading> = new.iter().filter(|other| other.is_of(to)).collect();
        if before.len() == after.len() {
            return after.iter().position(|other| *other == to).and_then(|at| before.get(at)).copied();
        }
        before.iter().find(|from| self.is_written(from, to)).or(before.first()).copied()
    }

    /// Whether a heading says something that the format does not write there itself.
    fn is_written(&self, from: &Heading, to: &Heading) -> bool {
        let text = from.cell.text.trim();
        let known = |format: &Format| {
            format.headings_of("pijler").any(|heading| {
                let names = std::iter::once(&heading.text).chain(&heading.variants);
                names.into_iter().any(|name| normalise(name) == normalise(text))
            })
        };
        // Which area the format compares with is the new version's; another one that a person compares with is not.
        let benchmark =
            to.field == "benchmark" && normalise(text) == normalise(&self.input.old_format.benchmark.1);
        !text.is_empty() && !benchmark && !known(self.input.old_format) && !same_text(text, &to.cell.text)
    }

    fn heading(&mut self, from: &Heading, to: &Heading) {
        let (here, there) = (&from.cell.at, &to.cell.at);
        let what = format!("kop van de kolom met het {}", super::field_words(&to.field));
        if !self.arrived.contains_key(&(here.tab.clone(), here.row, here.col)) {
            self.carry((&here.tab, here.row, here.col), (&there.tab, there.row, there.col), false, &what);
            return;
        }
        // One heading for the whole tab, above several blocks of the new one.
        let text = from.cell.text.trim().to_owned();
        self.plan.edits.push(CellEdit {
            tab: there.tab.clone(),
            row: there.row,
            col: there.col,
            value: NewValue::Text(text.clone()),
            style: StyleChoice::Keep,
        });
        self.plan.moves.push(Move {
            from_tab: here.tab.clone(),
            from_cell: here.a1(),
            what,
            text,
            to_tab: there.tab.clone(),
            to_cell: CellRef::new(&there.tab, there.row, there.col).a1(),
            remark: String::new(),
        });
    }

    /// The area of which the figure in column F was, when it goes to a block of which column F is about another area.
    pub(super) fn other_area(&self, from: &str, to: &str) -> Option<String> {
        let old = |domein: &str| {
            let mut of = self.old.headings.iter().filter(|heading| heading.field == "naast");
            of.find(|heading| heading.block.as_deref() == Some(domein)).map(|heading| heading.cell.text.trim())
        };
        let before = old(from)?;
        let after = self.headed.get(&(to.to_owned(), "naast".to_owned()))?;
        (from != to && normalise(before) != normalise(after)).then(|| before.to_owned())
    }
}

/// The heading of a block that the old workbook does not have: the one that all blocks of its tab agree on.
fn agreed<'h>(old: &'h [Heading], to: &Heading) -> Option<&'h Heading> {
    let mut of = old.iter().filter(|from| from.pijler == to.pijler && from.field == to.field);
    let first = of.next()?;
    of.all(|other| same_text(&other.cell.text, &first.cell.text)).then_some(first)
}
