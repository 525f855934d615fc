//! Which look each cell of a renewed overview tab takes: that of its area and its column on the old tab.
//!
//! Owns the choice only. A figure must be shown with the decimals of its column, also where a sign stood before, where the area
//! moved to another row, or where area or column is new.

use std::collections::BTreeMap;

use super::overview_tab::OverviewChange;
use crate::model::{AreaLevel, CellValue};

/// The looks of the old tab.
pub(super) struct Looks<'a> {
    change: OverviewChange<'a>,
    /// Row of each area of the old overview, by its index.
    rows: &'a BTreeMap<usize, u32>,
    /// Column of each indicator of the old overview.
    columns: &'a [u32],
    /// Per area of the new overview the old area whose look it takes.
    like: Vec<Option<usize>>,
    /// Per old area and number of decimals a column with a figure.
    by_decimals: BTreeMap<(usize, u8), u32>,
    /// Per level and column an area with a figure.
    by_column: BTreeMap<(AreaLevel, usize), usize>,
}

impl<'a> Looks<'a> {
    /// `rows` tells the row of each area of the old overview by its index, `columns` the column of each indicator. The benchmark has
    /// a look of its own, which no other area takes.
    pub(super) fn new(
        change: &OverviewChange<'a>,
        rows: &'a BTreeMap<usize, u32>,
        columns: &'a [u32],
        benchmark: &str,
    ) -> Self {
        let OverviewChange { own, new } = *change;
        let codes: BTreeMap<&str, usize> =
            rows.keys().filter_map(|at| own.areas.get(*at).map(|area| (area.code.as_str(), *at))).collect();
        let ordinary = |at: &&usize| own.areas.get(**at).is_some_and(|area| area.code != benchmark);
        let of_level = |level: AreaLevel| {
            let same = |at: &&usize| own.areas.get(**at).is_some_and(|area| area.level == level);
            let any = rows.keys().filter(ordinary);
            any.clone().rfind(same).or_else(|| any.clone().next_back()).copied()
        };
        let like = new.areas.iter().map(|area| {
            codes
                .get(area.code.as_str())
                .copied()
                .or_else(|| of_level(area.level).filter(|_| area.code != benchmark))
        });
        let like = like.collect();
        let (mut by_decimals, mut by_column) = (BTreeMap::new(), BTreeMap::new());
        for area in rows.keys() {
            let Some(level) = own.areas.get(*area).map(|area| area.level) else { continue };
            let special = own.areas.get(*area).is_some_and(|area| area.code == benchmark);
            for ((col, column), at) in columns.iter().copied().zip(&own.columns).zip(0_usize..) {
                if is_number(&own.figure(*area, at).stored(column.is_estimate())) {
                    by_decimals.entry((*area, column.decimals)).or_insert(col);
                    if !special {
                        by_column.entry((level, at)).or_insert(*area);
                    }
                }
            }
        }
        Looks { change: *change, rows, columns, like, by_decimals, by_column }
    }

    /// The old row that the row of a new area looks like.
    pub(super) fn row(&self, area: usize) -> Option<u32> {
        self.rows.get(&self.like.get(area).copied().flatten()?).copied()
    }

    /// The old cell that a cell of a new area looks like, of this indicator (by its index) or of the area itself; `None` for what its
    /// row says.
    pub(super) fn cell(
        &self,
        area: usize,
        column: Option<usize>,
        col: u32,
        value: &CellValue,
    ) -> Option<(u32, u32)> {
        let like = self.like.get(area).copied().flatten()?;
        let row = self.rows.get(&like).copied()?;
        let Some(at) = column else { return Some((row, col)) };
        let OverviewChange { own, new } = self.change;
        let stood = own.columns.get(at);
        let decimals = new.columns.get(at)?.decimals;
        let same = stood.is_some_and(|column| column.decimals == decimals);
        let shows = stood.is_some_and(|column| is_number(&own.figure(like, at).stored(column.is_estimate())));
        // A column that comes looks like the last one that was there.
        let near = *self.columns.get(at).or(self.columns.last())?;
        if !is_number(value) || (same && shows) {
            return Some((row, near));
        }
        let in_row = self.by_decimals.get(&(like, decimals)).map(|col| (row, *col));
        let elsewhere = || {
            let level = own.areas.get(like)?.level;
            let area = self.by_column.get(&(level, at)).filter(|_| same)?;
            Some((self.rows.get(area).copied()?, near))
        };
        in_row.or_else(elsewhere).or(Some((row, near)))
    }
}

fn is_number(value: &CellValue) -> bool {
    matches!(value, CellValue::Number(_))
}
