//! Taking rules of conditional formatting out of a worksheet.
//!
//! Owns both ways to write one: as Excel does, and in the list of extensions, where OnlyOffice writes every rule. Does
//! not decide which rules go.

use std::collections::BTreeSet;

use super::RuleKey;
use crate::package::xml::{Element, Splices, text_of};

/// What holds rules, from the inside out: one that becomes empty goes as well.
const HOLDERS: [&str; 4] = ["conditionalFormatting", "conditionalFormattings", "ext", "extLst"];

/// `whole`, a `conditionalFormatting` or an `extLst` with the elements `all`, without the rules that `keys` name. Empty
/// when nothing is left of it.
pub(super) fn without_rules(whole: &str, all: &[Element], keys: &[RuleKey]) -> String {
    let parent = |e: &Element| e.parent.and_then(|index| all.get(index));
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for (index, rule) in all.iter().enumerate().filter(|(_, e)| e.local == "cfRule") {
        let Some(holder) = parent(rule) else { continue };
        // In the list of extensions the cells are an element of their own.
        let written = all.iter().find(|e| e.local == "sqref" && e.parent == rule.parent);
        let sqref = written.map(|e| text_of(whole, e)).or(holder.attribute("sqref").map(str::to_owned));
        let mut inside = all.iter().skip(index + 1).take_while(|e| e.span.start < rule.span.end);
        let formula = inside.find(|e| matches!(e.local.as_str(), "formula" | "f"));
        let formula = formula.map(|e| text_of(whole, e)).unwrap_or_default();
        if keys.iter().any(|key| Some(&key.sqref) == sqref.as_ref() && key.formula == formula) {
            gone.insert(index);
        }
    }
    for name in HOLDERS {
        for (index, _) in all.iter().enumerate().filter(|(_, e)| e.local == name) {
            let children =
                || all.iter().enumerate().filter(|(_, e)| e.parent == Some(index) && e.local != "sqref");
            if children().any(|(child, _)| gone.contains(&child))
                && children().all(|(child, _)| gone.contains(&child))
            {
                gone.insert(index);
            }
        }
    }
    let mut splices = Splices::default();
    let outermost = |index: &&usize| all.get(**index).and_then(|e| e.parent).is_none_or(|p| !gone.contains(&p));
    for element in gone.iter().filter(outermost).filter_map(|index| all.get(*index)) {
        splices.replace(element.span.clone(), "");
    }
    if splices.is_empty() { whole.to_owned() } else { splices.apply(whole) }
}
