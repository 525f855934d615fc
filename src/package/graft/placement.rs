//! Where the cells of an old tab have gone: to the tab that took its place, and some of them to others.
//!
//! Owns the answer for a cell, for what stands between known rows, and for a range. Must not know why cells moved.

use std::collections::BTreeMap;

use crate::package::spreadsheet::{MAX_COLS, MAX_ROWS, Range};

/// Where the cells of one old tab have gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// The tab of the result that took its place.
    pub tab: String,
    /// Single cells, where rows and columns do not say it.
    pub cells: BTreeMap<(u32, u32), (u32, u32)>,
    /// Rows.
    pub rows: BTreeMap<u32, u32>,
    /// Columns.
    pub cols: BTreeMap<u32, u32>,
    /// What went to other tabs, by their names; these have no others of their own.
    pub elsewhere: BTreeMap<String, Placement>,
    /// Cells that stand for nothing and look the same in both, empty ones too. A range may hold them; nothing goes there.
    pub alike: BTreeMap<(u32, u32), (u32, u32)>,
    /// So many rows and columns are in use, there and here: beyond them all is empty.
    pub used: Option<(u32, u32)>,
    /// Whether something of another old tab came here too: then a whole column holds more than it did.
    pub joined: bool,
    /// Whether the old tab has no successor of its own: its rows went into `tab`, which took the place of another.
    pub merged: bool,
}

impl Placement {
    /// Where a cell has gone, on the tab that took the place of the old one; `None` when it is not there.
    #[must_use]
    pub fn of(&self, row: u32, col: u32) -> Option<(u32, u32)> {
        self.cells.get(&(row, col)).copied().or_else(|| Some((*self.rows.get(&row)?, *self.cols.get(&col)?)))
    }

    /// The tab to which a cell has gone, and where it stands there; `None` when it has no place.
    #[must_use]
    pub fn find(&self, row: u32, col: u32) -> Option<(&str, u32, u32)> {
        let exact = self.parts().find_map(|part| part.cells.get(&(row, col)).map(|at| (part, *at)));
        let (part, (row, col)) =
            exact.or_else(|| self.parts().find_map(|part| Some((part, part.of(row, col)?))))?;
        Some((&part.tab, row, col))
    }

    /// The part of which a row went along, and the row it is there.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<(&Placement, u32)> {
        self.parts().find_map(|part| part.rows.get(&row).map(|to| (part, *to)))
    }

    /// The part with which something goes that stood at `row`, between rows of which the places are known: that of the nearest
    /// row above.
    #[must_use]
    pub fn near(&self, row: u32) -> &Placement {
        let above = |part: &Placement| part.rows.range(..=row).next_back().map(|(from, _)| *from);
        let nearest = self.parts().filter_map(|part| Some((above(part)?, part)));
        nearest.max_by_key(|(from, _)| *from).map_or(self, |(_, part)| part)
    }

    /// The tab itself, and what went to others.
    pub fn parts(&self) -> impl Iterator<Item = &Placement> {
        std::iter::once(self).chain(self.elsewhere.values())
    }

    /// The part that went to `tab`; `cols` says where its columns are when it is the first that goes there.
    pub fn part(&mut self, tab: &str, cols: impl FnOnce() -> BTreeMap<u32, u32>) -> &mut Placement {
        if self.tab == tab {
            return self;
        }
        self.elsewhere.entry(tab.to_owned()).or_insert_with(|| Placement {
            tab: tab.to_owned(),
            cols: cols(),
            ..Placement::default()
        })
    }

    /// The row at which something that stood at `row` has to stand: that of the nearest row above that has a place.
    #[must_use]
    pub fn row_near(&self, row: u32) -> u32 {
        near(&self.rows, row)
    }

    /// The same for a column.
    #[must_use]
    pub fn col_near(&self, col: u32) -> u32 {
        near(&self.cols, col)
    }

    /// Where a range has gone, when its cells still stand together, on one tab.
    pub(crate) fn range(&self, range: Range) -> Option<(&str, Range)> {
        if range.last_row >= MAX_ROWS - 1 {
            // Of a whole column all rows have to be there, and no others.
            let whole =
                !self.joined && self.elsewhere.values().all(|part| part.rows.is_empty() && part.cells.is_empty());
            let cols = self.cols.get(&range.first_col).zip(self.cols.get(&range.last_col));
            let straight = cols
                .filter(|(first, last)| last.checked_sub(**first) == Some(range.last_col - range.first_col))
                .map(|(first, last)| Range { first_col: *first, last_col: *last, ..range });
            return match straight.filter(|_| whole) {
                Some(there) => Some((&self.tab, there)),
                None => self.unmoved(range),
            };
        }
        if range.last_col >= MAX_COLS - 1 {
            let straight = || {
                let (part, first) = self.row(range.first_row)?;
                let last = *part.rows.get(&range.last_row)?;
                let straight = last.checked_sub(first)? == range.last_row - range.first_row;
                straight.then_some((part.tab.as_str(), Range { first_row: first, last_row: last, ..range }))
            };
            return straight().or_else(|| self.unmoved(range));
        }
        self.together(range).or_else(|| self.unmoved(range))
    }

    /// A range of which all cells went one way, and what lies between them looks the same there.
    fn together(&self, range: Range) -> Option<(&str, Range)> {
        let size =
            u64::from(range.last_row - range.first_row + 1) * u64::from(range.last_col - range.first_col + 1);
        if size > MOST {
            return None;
        }
        let (mut cells, mut step) = (range.cells(), None);
        // The first cell that stands for something says how all of them went.
        while let (None, Some((row, col))) = (step, cells.next()) {
            step = self.find(row, col).map(|(tab, to_row, to_col)| {
                (tab, i64::from(to_row) - i64::from(row), i64::from(to_col) - i64::from(col))
            });
        }
        let (tab, rows, cols) = step?;
        let there = |row: u32, col: u32| {
            Some((u32::try_from(i64::from(row) + rows).ok()?, u32::try_from(i64::from(col) + cols).ok()?))
        };
        for (row, col) in range.cells() {
            let wanted = there(row, col)?;
            let went = match self.find(row, col) {
                Some((to, row, col)) => to == tab && (row, col) == wanted,
                None => tab == self.tab && self.alike.get(&(row, col)) == Some(&wanted),
            };
            if !went {
                return None;
            }
        }
        let (first_row, first_col) = there(range.first_row, range.first_col)?;
        let (last_row, last_col) = there(range.last_row, range.last_col)?;
        Some((tab, Range { first_row, first_col, last_row, last_col }))
    }

    /// A range of which nothing moved; beyond what is used all cells are empty, there and here.
    fn unmoved(&self, range: Range) -> Option<(&str, Range)> {
        let (rows, cols) = self.used?;
        let seen = Range {
            last_row: range.last_row.min(rows.saturating_sub(1)),
            last_col: range.last_col.min(cols.saturating_sub(1)),
            ..range
        };
        let beyond = range.first_row >= rows || range.first_col >= cols;
        if beyond {
            return self.is_still().then_some((self.tab.as_str(), range));
        }
        let size = u64::from(seen.last_row - seen.first_row + 1) * u64::from(seen.last_col - seen.first_col + 1);
        let stays = |(row, col): (u32, u32)| match self.find(row, col) {
            Some((tab, to_row, to_col)) => tab == self.tab && (to_row, to_col) == (row, col),
            None => self.alike.get(&(row, col)) == Some(&(row, col)),
        };
        // Of cells that stand for nothing nobody knows what they were meant for, once something else moved.
        let known = || self.is_still() || seen.cells().any(|(row, col)| self.find(row, col).is_some());
        (size <= MOST && seen.cells().all(stays) && known()).then_some((self.tab.as_str(), range))
    }

    /// Whether everything stands where it stood.
    fn is_still(&self) -> bool {
        let lines = self.rows.iter().chain(&self.cols).all(|(from, to)| from == to);
        lines && self.elsewhere.is_empty() && self.cells.iter().all(|(from, to)| from == to)
    }
}

/// More cells than this in one reference are not followed one by one.
const MOST: u64 = 20_000;

fn near(places: &BTreeMap<u32, u32>, at: u32) -> u32 {
    match places.range(..=at).next_back() {
        Some((from, to)) => to.saturating_add(at - from),
        None => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split() -> Placement {
        let part = Placement {
            tab: "Ander".into(),
            rows: [(10, 40), (11, 41)].into(),
            cols: [(4, 5)].into(),
            ..Placement::default()
        };
        Placement {
            tab: "Nieuw".into(),
            rows: [(8, 8), (9, 9), (12, 10)].into(),
            cols: [(4, 4)].into(),
            elsewhere: [("Ander".to_owned(), part)].into(),
            ..Placement::default()
        }
    }

    #[test]
    fn a_range_with_cells_that_stand_for_nothing_is_followed_where_they_look_the_same_and_stays_where_nothing_moved()
     {
        let alike = |rows: std::ops::Range<u32>, by: u32| {
            let cells = rows.flat_map(|row| (0..6).map(move |col| (row, col)));
            cells.map(|(row, col)| ((row, col), (row + by, col))).collect()
        };
        let place = Placement {
            tab: "Nieuw".into(),
            rows: [(2, 2), (4, 4)].into(),
            cols: [(1, 1)].into(),
            alike: alike(0..8, 0),
            used: Some((8, 6)),
            ..Placement::default()
        };
        let range = |first_row, last_row, last_col| Range { first_row, first_col: 0, last_row, last_col };
        for still in [range(0, 7, 3), range(2, 900, 3), range(2, 2, MAX_COLS - 1), range(0, MAX_ROWS - 1, 3)] {
            assert_eq!(place.range(still), Some(("Nieuw", still)), "{still:?}");
        }
        let down = Placement {
            rows: [(2, 5), (4, 7)].into(),
            alike: alike(2..5, 3),
            used: Some((8, 6)),
            ..place.clone()
        };
        assert_eq!(down.range(range(2, 4, 3)), Some(("Nieuw", range(5, 7, 3))));
        assert_eq!(down.range(range(1, 4, 3)), None, "what stood above it stands elsewhere");
        let filled = Placement { alike: BTreeMap::new(), ..place };
        assert_eq!(filled.range(range(2, 4, 1)), None, "of what lies between nothing is known");
    }

    #[test]
    fn cells_and_ranges_are_followed_to_whatever_tab_they_went_and_a_split_range_to_none() {
        let place = split();
        let range = |first_row, last_row| Range { first_row, first_col: 4, last_row, last_col: 4 };
        assert_eq!(place.find(8, 4), Some(("Nieuw", 8, 4)));
        assert_eq!(place.find(11, 4), Some(("Ander", 41, 5)));
        assert_eq!(
            place.range(range(10, 11)).map(|(tab, range)| (tab, range.a1())),
            Some(("Ander", "F41:F42".into()))
        );
        assert_eq!(place.range(range(8, 9)).map(|(tab, _)| tab), Some("Nieuw"));
        assert_eq!(place.range(range(9, 10)), None);
        assert_eq!(place.row(11).map(|(part, row)| (part.tab.as_str(), row)), Some(("Ander", 41)));
        let whole = Range { first_col: 0, last_col: MAX_COLS - 1, ..range(10, 11) };
        assert_eq!(
            place.range(whole).map(|(tab, range)| (tab, range.first_row, range.last_row)),
            Some(("Ander", 40, 41))
        );
        assert_eq!(place.range(range(0, MAX_ROWS - 1)), None, "a column of which rows went elsewhere");
        let near: Vec<&str> = [7, 9, 11, 12, 60].map(|row| place.near(row).tab.as_str()).into();
        assert_eq!(near, ["Nieuw", "Nieuw", "Ander", "Nieuw", "Nieuw"]);
    }
}
