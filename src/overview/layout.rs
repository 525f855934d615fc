//! Writing the overview as a file of its own.
//!
//! Owns the csv. The layout itself is the model's ([`crate::model::overview_rows`]), because the tab in a workbook has
//! the same; reading it back is [`super::own`].

use crate::error::{Error, Result};
use crate::model::{CellValue, Overview, csv_text, dutch_number};

pub(super) use crate::model::OVERVIEW_TITLE as TITLE;
pub use crate::model::overview_rows as to_rows;
pub(super) use crate::model::{OverviewHeading as Heading, OverviewLabel as Label};

/// The overview as csv in the product's own layout: UTF-8 with byte-order mark, `;` between cells, a comma before
/// decimals; so that Dutch Excel opens it with a double click, and takes no text for a formula.
///
/// # Errors
///
/// [`Error::Content`] when the csv cannot be composed, which only a lack of memory can cause.
pub fn write_csv(overview: &Overview) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::content("overzicht", format!("de csv kan niet worden gemaakt ({error})"), "Probeer het opnieuw.")
    };
    let width = overview.columns.len() + 4;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![0xEF, 0xBB, 0xBF]);
    for row in to_rows(overview) {
        let mut cells: Vec<String> = row
            .iter()
            .map(|value| match value {
                CellValue::Number(number) => dutch_number(*number),
                other => csv_text(&other.text()).into_owned(),
            })
            .collect();
        cells.resize(width, String::new());
        writer.write_record(&cells).map_err(|e| failed(&e))?;
    }
    writer.into_inner().map_err(|e| failed(&e))
}
