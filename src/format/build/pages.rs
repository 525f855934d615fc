//! Where a printed tab goes on to the next page.
//!
//! A tab has one range of rows that is repeated on every page, which cannot serve two tables. So the builder counts along, and a
//! table that goes on begins its next page with its headings again. Owns the counting; knows no cells.

use super::style::{A4_HEIGHT, A4_WIDTH, MARGINS};

/// Part of a page that is counted on: another printer or another typeface takes a little more room.
const CAREFUL: f64 = 0.96;

/// The pages of a tab that is printed as wide as the paper. All heights in points.
pub(super) struct Pages {
    room: f64,
    used: f64,
    breaks: Vec<u32>,
}

impl Pages {
    /// For columns of these widths (characters), with rows of this height together repeated on every page.
    pub(super) fn new(widths: &[f64], repeated: f64) -> Self {
        Pages::of(widths.iter().map(|width| points(*width)).sum(), repeated)
    }

    /// For columns that are printed on several pages beside each other, the first of them on each.
    pub(super) fn across(widths: &[f64], pages: u16) -> Self {
        let wide: f64 = widths.iter().map(|width| points(*width)).sum();
        let first = widths.first().map_or(0.0, |width| points(*width));
        Pages::of((wide + first * f64::from(pages - 1)) / f64::from(pages), 0.0)
    }

    fn of(wide: f64, repeated: f64) -> Self {
        let (left, right, top, bottom) = MARGINS;
        let scale = ((A4_WIDTH - left - right) / wide).min(1.0);
        Pages { room: (A4_HEIGHT - top - bottom) / scale * CAREFUL - repeated, used: 0.0, breaks: Vec::new() }
    }

    /// True when rows of this height together still go on the page.
    pub(super) fn fits(&self, height: f64) -> bool {
        self.used + height <= self.room
    }

    /// How much of the page a table with rows of these heights may take, so that it is spread evenly when it takes more pages;
    /// `again` is the height of the headings with which it goes on.
    pub(super) fn share(&self, heights: &[f64], again: f64) -> f64 {
        let total = self.used + heights.iter().sum::<f64>();
        if self.go_on_one(total) {
            return self.room;
        }
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        let pages = (total / (self.room - again).max(1.0)).ceil();
        (total / pages + tallest / 2.0 + again).min(self.room)
    }

    /// True when a row of this height still goes in this share of the page.
    pub(super) fn goes_in(&self, share: f64, height: f64) -> bool {
        self.used + height <= share
    }

    /// Counts a row.
    pub(super) fn add(&mut self, height: f64) {
        // What does not fit goes to the next page by itself.
        self.used = if self.fits(height) { self.used + height } else { height };
    }

    /// True when rows of this height together go on one page.
    pub(super) fn go_on_one(&self, height: f64) -> bool {
        height <= self.room
    }

    /// How many rows of this height go on a page, below what takes `above`.
    pub(super) fn rows(&self, above: f64, height: f64) -> u32 {
        let rows = (1_u32..).take_while(|count| above + f64::from(*count) * height <= self.room);
        rows.last().unwrap_or(1)
    }

    /// Begins a page with this row when what belongs together does not go on this one: all of it, of `together` height,
    /// or the `first` rows of it when it is more than a page.
    pub(super) fn keep(&mut self, row: u32, together: f64, first: f64) {
        let wanted = if self.go_on_one(together) { together } else { first };
        if !self.fits(wanted) {
            self.begin(row);
        }
    }

    /// Begins a page with this row.
    pub(super) fn begin(&mut self, row: u32) {
        self.used = 0.0;
        self.breaks.push(row);
    }

    /// The rows with which a page begins.
    pub(super) fn breaks(&self) -> &[u32] {
        &self.breaks
    }
}

/// Width in points of a column of so many characters: 7 pixels each and 5 at its edges, a pixel three quarters of a point.
fn points(width: f64) -> f64 {
    (width * 7.0 + 5.0) * 0.75
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_full_before_the_paper_is() {
        let mut pages = Pages::new(&[100.0], 50.0);
        // A column as wide as this is printed at its own size: 490 points of paper, 50 of them repeated.
        let rows = (0..100).take_while(|_| {
            let fits = pages.fits(20.0);
            pages.add(20.0);
            fits
        });
        assert_eq!(rows.count(), 21);
        pages.begin(20);
        assert!(pages.fits(400.0) && !pages.fits(500.0));
        assert_eq!(pages.breaks(), [20]);
        assert_eq!(pages.rows(100.0, 20.0), 16);
    }

    #[test]
    fn a_table_of_more_than_a_page_is_spread_evenly() {
        let rows = |heights: &[f64]| {
            let mut pages = Pages::new(&[100.0], 50.0);
            let share = pages.share(heights, 20.0);
            for (row, height) in (0_u32..).zip(heights) {
                if !pages.goes_in(share, *height) {
                    pages.begin(row);
                    pages.add(20.0);
                }
                pages.add(*height);
            }
            pages.breaks().to_vec()
        };
        // 421 points go on a page: eleven rows of 40 points would leave one row for the second.
        assert_eq!(rows(&[40.0; 10]), [0; 0]);
        assert_eq!(rows(&[40.0; 11]), [6]);
    }

    #[test]
    fn what_belongs_together_goes_to_the_next_page_together() {
        let mut pages = Pages::new(&[100.0], 50.0);
        pages.add(300.0);
        pages.keep(5, 100.0, 40.0);
        assert_eq!(pages.breaks(), [0; 0]);
        pages.keep(5, 200.0, 40.0);
        assert_eq!(pages.breaks(), [5]);
        // More than a page: only its first rows are kept together.
        pages.add(300.0);
        pages.keep(9, 900.0, 40.0);
        assert_eq!(pages.breaks(), [5]);
        pages.keep(9, 900.0, 140.0);
        assert_eq!(pages.breaks(), [5, 9]);
    }
}
