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
        // A column of n characters is 7n + 5 pixels wide, a pixel three quarters of a point.
        let wide: f64 = widths.iter().map(|width| (width * 7.0 + 5.0) * 0.75).sum();
        let (left, right, top, bottom) = MARGINS;
        let scale = ((A4_WIDTH - left - right) / wide).min(1.0);
        Pages { room: (A4_HEIGHT - top - bottom) / scale * CAREFUL - repeated, used: 0.0, breaks: Vec::new() }
    }

    /// True when rows of this height together still go on the page.
    pub(super) fn fits(&self, height: f64) -> bool {
        self.used + height <= self.room
    }

    /// Counts a row.
    pub(super) fn add(&mut self, height: f64) {
        // What does not fit goes to the next page by itself.
        self.used = if self.fits(height) { self.used + height } else { height };
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
    }
}
