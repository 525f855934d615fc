//! What a person made on other tabs that goes on leading to an old tab that stayed.
//!
//! Owns the sentence about it. An old tab that stays is not renewed any more, and what is calculated from it neither. Part of
//! the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::Planner;
use crate::error::Result;
use crate::model::TabKind;
use crate::package::{Pointing, pointing};
use crate::workbook::layout::is_ours;

/// So many cells are named; how many there are more is said.
const MOST: usize = 12;

impl Planner<'_> {
    /// Tells which formulas, rules and charts of other tabs lead to an old tab that stayed beside the new one.
    pub(super) fn stale(&mut self) -> Result<()> {
        let kept: BTreeMap<String, String> =
            self.plan.kept_old.iter().map(|(old, name, _)| (old.clone(), name.clone())).collect();
        if kept.is_empty() {
            return Ok(());
        }
        let goals: BTreeSet<String> = kept.keys().cloned().collect();
        let tabs: Vec<(TabKind, String)> =
            self.input.old.analysis.tabs.iter().map(|tab| (tab.kind.clone(), tab.name.clone())).collect();
        let own: Vec<String> = tabs
            .iter()
            .filter(|(kind, name)| *kind == TabKind::Other && !is_ours(name))
            .map(|(_, name)| name.clone())
            .collect();
        for (tab, found) in pointing(self.package, &own, &goals)? {
            let mut groups: BTreeMap<(String, &'static str), Vec<Pointing>> = BTreeMap::new();
            for one in found {
                groups.entry((one.to.clone(), one.what)).or_default().push(one);
            }
            for ((to, what), group) in groups {
                let Some(name) = kept.get(&to) else { continue };
                let kind = tabs.iter().find(|(_, known)| *known == to).map(|(kind, _)| kind);
                let new = kind.and_then(|kind| {
                    let tabs = &self.input.new.analysis.tabs;
                    tabs.iter().find(|tab| self.same_kind(kind, &tab.kind)).map(|tab| tab.name.clone())
                });
                let mut cells: Vec<&str> = Vec::new();
                for cell in group.iter().map(|one| one.cell.as_str()).filter(|cell| !cell.is_empty()) {
                    if !cells.contains(&cell) {
                        cells.push(cell);
                    }
                }
                let more = cells.len().saturating_sub(MOST);
                let mut at = cells.get(..MOST).unwrap_or(&cells).join(" ");
                if more > 0 {
                    at.push_str(&format!(" en nog {more}"));
                }
                let first = group.first().map_or(String::new(), |one| format!("={}", one.formula));
                let todo = new.map_or_else(
                    || "kijk of dat nog klopt".to_owned(),
                    |new| format!("de nieuwe cijfers komen op '{new}': laat ze daarnaar verwijzen"),
                );
                let reason = format!(
                    "ze kijken nog naar het oude tabblad, dat nu '{name}' heet en niet meer wordt bijgewerkt; {todo}"
                );
                self.tell_lost(&tab, at, &format!("{what} naar '{to}'"), first, &reason);
            }
        }
        Ok(())
    }
}
