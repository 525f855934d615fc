//! Which rows and columns of one workbook are which of another, by their keys.
//!
//! Owns the pairing of the two; used for the old workbook and the new one, and for the old workbook and the blank one of its
//! own version, which tells what the format wrote and how it looked. Must not know what is moved.

use std::collections::{BTreeMap, BTreeSet};

use super::Planner;
use super::slots::Slots;
use crate::model::TabKind;
use crate::package::Placement;
use crate::workbook::read::Workbook;
use crate::workbook::tables::ITEM_TABS;

/// Kind and name of every tab.
pub(super) fn tabs_of(workbook: &Workbook) -> Vec<(TabKind, String)> {
    workbook.analysis.tabs.iter().map(|tab| (tab.kind.clone(), tab.name.clone())).collect()
}

/// Says that a row is another one, perhaps on another tab than the one that took the place of its own, unless one of the two was
/// paired already. `cols` says where the columns are when it is the first row that goes to that tab.
pub(super) fn pair_row(
    place: &mut Placement,
    row: u32,
    (tab, new_row): (&str, u32),
    cols: impl FnOnce() -> BTreeMap<u32, u32>,
) {
    if place.row(row).is_some() {
        return;
    }
    let part = place.part(tab, cols);
    if !part.rows.values().any(|taken| *taken == new_row) {
        part.rows.insert(row, new_row);
    }
}

/// The columns of one tab on another tab of the same kind, by what stands in them.
pub(super) fn cols_between((old, tab): (&Slots, &str), (new, new_tab): (&Slots, &str)) -> BTreeMap<u32, u32> {
    let of = |slots: &Slots, tab: &str| -> BTreeMap<String, u32> {
        let own = slots.cols.iter().filter(|(_, (at, _))| at == tab);
        own.map(|(key, (_, col))| (key.rsplit('/').next().unwrap_or_default().to_owned(), *col)).collect()
    };
    let after = of(new, new_tab);
    of(old, tab).into_iter().filter_map(|(field, col)| Some((col, *after.get(&field)?))).collect()
}

/// The new tab to which most rows of an old one went: of a pijler that is gone the domeinen stand there.
fn most_rows((name, old): (&str, &Slots), new: &Slots) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, _) in old.rows.iter().filter(|(_, (tab, _))| tab == name) {
        if let Some((tab, _)) = new.rows.get(key) {
            *counts.entry(tab).or_insert(0) += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(tab, _)| tab.to_owned())
}

/// Rows and columns of the old tabs that have a counterpart, by name of the old tab.
pub(super) fn paired(
    (old, old_slots): (&Workbook, &Slots),
    (new, new_slots): (&Workbook, &Slots),
    same_kind: &dyn Fn(&TabKind, &TabKind) -> bool,
) -> BTreeMap<String, Placement> {
    let mut places = BTreeMap::new();
    let new_tabs = tabs_of(new);
    for (kind, name) in tabs_of(old) {
        if kind != TabKind::Other
            && let Some((_, tab)) = new_tabs.iter().find(|(other, _)| same_kind(&kind, other))
        {
            places.insert(name, Placement { tab: tab.clone(), ..Placement::default() });
        }
    }
    for (_, name) in tabs_of(old).into_iter().filter(|(kind, _)| matches!(kind, TabKind::Pijler(_))) {
        if !places.contains_key(&name)
            && let Some(tab) = most_rows((&name, old_slots), new_slots)
            && new_tabs.iter().any(|(other, at)| *at == tab && matches!(other, TabKind::Pijler(_)))
        {
            places.insert(name, Placement { tab, merged: true, ..Placement::default() });
        }
    }
    for (key, (tab, row)) in &old_slots.rows {
        if let Some((new_tab, new_row)) = new_slots.rows.get(key)
            && let Some(place) = places.get_mut(tab)
        {
            pair_row(place, *row, (new_tab, *new_row), || cols_between((old_slots, tab), (new_slots, new_tab)));
        }
    }
    for (key, (tab, col)) in &old_slots.cols {
        if let Some((_, new_col)) = new_slots.cols.get(key)
            && let Some(place) = places.get_mut(tab)
        {
            place.cols.entry(*col).or_insert(*new_col);
        }
    }
    for (name, place) in places.iter_mut().filter(|(_, place)| place.merged) {
        place.cols = cols_between((old_slots, name), (new_slots, &place.tab));
    }
    places
}

/// As [`paired`], for two workbooks of the same version: indicators, single cells and optional tabs too.
pub(super) fn paired_wholly(old: (&Workbook, &Slots), new: (&Workbook, &Slots)) -> BTreeMap<String, Placement> {
    let mut places = paired(old, new, &|one, other| one == other);
    let (old, new) = (old.1, new.1);
    for (key, slot) in &old.cells {
        if let Some(other) = new.cells.get(key)
            && let Some(place) = places.get_mut(&slot.at.tab).filter(|place| place.tab == other.at.tab)
        {
            place.cells.insert((slot.at.row, slot.at.col), (other.at.row, other.at.col));
        }
    }
    for (key, row) in &old.indicators {
        if let Some(other) = new.indicators.get(key)
            && let Some(place) = places.get_mut(&row.tab).filter(|place| place.tab == other.tab)
        {
            pair_row(place, row.row, (&other.tab, other.row), BTreeMap::new);
        }
    }
    for (kind, _) in ITEM_TABS {
        let (Some(table), Some(other)) = (old.tables.get(kind), new.tables.get(kind)) else { continue };
        let Some(place) = places.get_mut(&table.tab) else { continue };
        pair_row(place, table.heading, (&other.tab, other.heading), BTreeMap::new);
        pair_row(place, table.first, (&other.tab, other.first), BTreeMap::new);
        for (field, col) in &table.cols {
            if let Some(to) = other.cols.get(field) {
                place.cols.entry(*col).or_insert(*to);
            }
        }
    }
    places
}

/// The row that stands where `row` stood, where rows that have a counterpart above and below say that nothing came between
/// them; `None` when something did.
pub(super) fn aligned(place: &Placement, row: u32) -> Option<u32> {
    if let Some(to) = place.rows.get(&row) {
        return Some(*to);
    }
    let above = place.rows.range(..row).next_back();
    let below = place.rows.range(row..).next();
    let from_above = |(from, to): (&u32, &u32)| to + (row - from);
    let from_below = |(from, to): (&u32, &u32)| to.checked_sub(from - row);
    match (above, below) {
        (Some(above), Some(below)) => from_below(below).filter(|to| *to == from_above(above)),
        (Some(above), None) => Some(from_above(above)),
        (None, Some(below)) => from_below(below).filter(|to| *to == row),
        (None, None) => Some(row),
    }
}

/// As [`aligned`], for a row that may have gone to another tab with the rows around it: the part that went along and the row.
pub(super) fn aligned_part(place: &Placement, row: u32) -> Option<(&Placement, u32)> {
    if let Some(found) = place.row(row) {
        return Some(found);
    }
    let below = place.parts().filter_map(|part| Some((part.rows.range(row..).next()?.0, part)));
    let part = place.near(row);
    let next = below.min_by_key(|(from, _)| **from).map(|(_, part)| part);
    // Between what went to one tab and what went to another it belongs to neither.
    next.is_none_or(|next| next.tab == part.tab).then(|| Some((part, aligned(part, row)?)))?
}

impl Planner<'_> {
    /// Says of the cells that stand for nothing whether they look the same in the new version: the empty ones, and those with
    /// the words of the format. Then a formula about a range that holds them still says what it said.
    pub(super) fn alike(&mut self) {
        /// Cells beside what is used are looked at so far: a tab with one cell far away is no reason to look at millions.
        const MOST: u32 = 200_000;
        let written: BTreeSet<(&str, u32, u32)> =
            self.plan.edits.iter().map(|edit| (edit.tab.as_str(), edit.row, edit.col)).collect();
        let keyed = self.old.rows.iter().filter_map(|(key, (from, _))| Some((from, &self.new.rows.get(key)?.0)));
        let arrived = self.arrived.iter().map(|((from, ..), (to, ..))| (from, to));
        let went: BTreeSet<(&String, &String)> = keyed.chain(arrived).collect();
        for (name, place) in &mut self.places {
            place.joined = went.iter().any(|(from, to)| **to == place.tab && *from != name);
            let (Some(old), Some(new)) = (self.old.grids.get(name), self.new.grids.get(&place.tab)) else {
                continue;
            };
            let of_edits = written.iter().filter(|(tab, ..)| *tab == place.tab).map(|(_, row, col)| (*row, *col));
            let all = old.cells.keys().chain(new.cells.keys()).copied().chain(of_edits);
            let (rows, cols) = all.fold((0, 0), |(rows, cols), (row, col)| (rows.max(row + 1), cols.max(col + 1)));
            if rows.saturating_mul(cols) > MOST {
                continue;
            }
            let mut alike = BTreeMap::new();
            for row in 0..rows {
                let Some((part, to_row)) = aligned_part(place, row).filter(|(part, _)| part.tab == place.tab)
                else {
                    continue;
                };
                for col in (0..cols).filter(|col| place.find(row, *col).is_none()) {
                    let to_col = part.cols.get(&col).copied().unwrap_or(col);
                    let taken = written.contains(&(place.tab.as_str(), to_row, to_col));
                    if !taken && old.text(row, col) == new.text(to_row, to_col) {
                        alike.insert((row, col), (to_row, to_col));
                    }
                }
            }
            place.alike = alike;
            place.used = Some((rows, cols));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_between_is_followed_only_where_nothing_came_between() {
        let place = Placement { rows: [(4, 4), (10, 12), (20, 22)].into(), ..Placement::default() };
        let found: Vec<Option<u32>> = [2, 4, 7, 15, 30].map(|row| aligned(&place, row)).into();
        assert_eq!(found, [Some(2), Some(4), None, Some(17), Some(32)]);
    }
}
