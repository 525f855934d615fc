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
            // Of a whole column all rows have to be there.
            let whole = self.elsewhere.values().all(|part| part.rows.is_empty() && part.cells.is_empty());
            let cols = (self.cols.get(&range.first_col)?, self.cols.get(&range.last_col)?);
            let straight = cols.1.checked_sub(*cols.0)? == range.last_col - range.first_col;
            let there = Range { first_col: *cols.0, last_col: *cols.1, ..range };
            return (straight && whole).then_some((&self.tab, there));
        }
        if range.last_col >= MAX_COLS - 1 {
            let (part, first) = self.row(range.first_row)?;
            let last = part.rows.get(&range.last_row)?;
            let straight = last.checked_sub(first)? == range.last_row - range.first_row;
            return straight.then_some((&part.tab, Range { first_row: first, last_row: *last, ..range }));
        }
        /// More cells than this in one reference are not followed one by one.
        const MOST: u64 = 20_000;
        let size =
            u64::from(range.last_row - range.first_row + 1) * u64::from(range.last_col - range.first_col + 1);
        let (tab, row, col) = self.find(range.first_row, range.first_col)?;
        for at_row in range.first_row..=range.last_row {
            for at_col in range.first_col..=range.last_col {
                let wanted = (tab, row + at_row - range.first_row, col + at_col - range.first_col);
                if size > MOST || self.find(at_row, at_col)? != wanted {
                    return None;
                }
            }
        }
        let (rows, cols) = (range.last_row - range.first_row, range.last_col - range.first_col);
        Some((tab, Range { first_row: row, first_col: col, last_row: row + rows, last_col: col + cols }))
    }
}

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
        assert_eq!(place.range(range(0, MAX_ROWS - 1)), None, "a column of which rows went elsewhere");
        let near: Vec<&str> = [7, 9, 11, 12, 60].map(|row| place.near(row).tab.as_str()).into();
        assert_eq!(near, ["Nieuw", "Nieuw", "Ander", "Nieuw", "Nieuw"]);
    }
}
