//! The indicator overview: real sources -> one [`Overview`] with all figures of all areas.
//!
//! Owns reading an overview in the product's own layout ([`read`]), importing and merging other sources by their
//! mapping files ([`import`]), and writing the own layout ([`to_rows`], [`write_csv`]). Knows no workbook of an
//! advisor, no comparing and no Word. Bytes in, bytes out.

mod areas;
#[cfg(test)]
pub(crate) mod fixtures;
mod import;
mod layout;
mod mapping;
mod own;
mod recognise;
mod shape;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use areas::{AreaTable, KnownArea};
pub use import::{ImportOptions, ImportReport, IndicatorReport, SourceReport, import};
pub use layout::{to_rows, write_csv};
pub use mapping::Mapping;

use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::model::{Domein, Heading, Indicator, Overview, OverviewWords, WijkSpreads, normalise};
use crate::package::{Handle, Spreadsheet};

/// The example overview that is built in: Rotterdam, open figures.
const EXAMPLE: &[u8] = include_bytes!("../../fixtures/overzicht-rotterdam.csv");

/// What reading an overview in the own layout needs to know.
#[derive(Debug, Clone)]
pub struct ReadOptions<'a> {
    /// Indicators of the format: for columns without a code. May be empty.
    pub indicators: &'a [Indicator],
    /// Areas known beforehand: for aliases and for rows without a code. May be empty.
    pub areas: &'a AreaTable,
    /// Names of the tab; the first tab that bears one of them is read, else the first that looks like an overview.
    pub tabs: &'a [String],
    /// Code and name of the area that must be there, when one must.
    pub benchmark: Option<(&'a str, &'a str)>,
    /// Headings of the format (table `overzicht`): other words for labels. May be empty.
    pub headings: &'a [Heading],
    /// Codes or names: only these areas, everything they lie in, areas wider than a wijk and the benchmark are kept.
    pub only_areas: Option<&'a [&'a str]>,
}

impl<'a> ReadOptions<'a> {
    /// Reads the first tab that looks like an overview, whole, with no other knowledge than these areas.
    #[must_use]
    pub fn new(areas: &'a AreaTable) -> Self {
        Self { indicators: &[], areas, tabs: &[], benchmark: None, headings: &[], only_areas: None }
    }
}

/// What importing needs to know of the format.
#[derive(Debug, Clone)]
pub struct Definitions<'a> {
    /// Indicators, in the order of the format.
    pub indicators: &'a [Indicator],
    /// Domeinen, to know the pijler of an indicator.
    pub domeinen: &'a [Domein],
    /// Areas by code, number and name.
    pub areas: &'a AreaTable,
    /// Mappings that may be used.
    pub mappings: &'a [Mapping],
    /// Code and name of the area that must be there, when one must.
    pub benchmark: Option<(&'a str, &'a str)>,
}

/// The example overview of Rotterdam, made by [`import`] out of open figures (`fixtures/README.md`).
///
/// # Errors
///
/// As [`read`]; impossible for the built-in file, which a test reads.
pub fn example() -> Result<Overview> {
    let areas = AreaTable::built_in()?;
    let options = ReadOptions { benchmark: Some(("GM0599", "Rotterdam")), ..ReadOptions::new(&areas) };
    read("overzicht-rotterdam.csv", EXAMPLE, &options).map(|(overview, _)| overview)
}

/// The built-in files of this station, by their name in a format folder: the areas and the mappings.
#[must_use]
pub fn export() -> Vec<(&'static str, &'static str)> {
    std::iter::once(("gebieden.csv", areas::BUILT_IN)).chain(mapping::BUILT_IN).collect()
}

/// Reads an overview in the product's own layout: a csv, or a tab of an xlsx, xls or ods. `file` is the name as the
/// user knows it. Figures come in the indicator's own unit (percentages 0 to 100); a cell with a `%` number format
/// is a fraction. Beside the overview come findings about everything that was not understood.
///
/// # Errors
///
/// [`Error::Content`] when the file may not be opened (see [`crate::guard::inspect`]), when no overview is found in
/// it, when the overview is empty or when the benchmark is missing.
pub fn read(file: &str, source: impl Into<Handle>, options: &ReadOptions<'_>) -> Result<(Overview, Vec<Finding>)> {
    read_book(file, sheet::Book::open(file, &source.into())?, options).map(without_spreads)
}

/// As [`read`], for the overview tab of a workbook whose package is open already: the tab is streamed once, and nothing
/// is unpacked or looked up a second time.
///
/// # Errors
///
/// As [`read`].
pub fn read_package(
    file: &str,
    package: &Spreadsheet,
    options: &ReadOptions<'_>,
) -> Result<(Overview, Vec<Finding>)> {
    read_book(file, sheet::Book::of(file, package)?, options).map(without_spreads)
}

/// As [`read_package`], for [`ReadOptions::only_areas`]: of a large overview only the rows of those areas are kept. What
/// is said over all wijken, the spread, is computed while their rows pass by.
///
/// # Errors
///
/// As [`read`].
pub fn read_package_some(
    file: &str,
    package: &Spreadsheet,
    options: &ReadOptions<'_>,
) -> Result<(Overview, WijkSpreads, Vec<Finding>)> {
    let book = sheet::Book::of(file, package)?.knowing(OverviewWords::of(options.headings));
    if let Some(tab) = named_tab(&book, options.tabs)
        && let Some(read) = own::read_some(file, &tab, options, &mut |visit| book.pass(&tab, visit))?
    {
        return Ok(read);
    }
    let whole = ReadOptions { only_areas: None, ..options.clone() };
    read_book(file, book, &whole)
}

fn without_spreads((overview, _, findings): own::Passed) -> (Overview, Vec<Finding>) {
    (overview, findings)
}

fn read_book(file: &str, book: sheet::Book<'_>, options: &ReadOptions<'_>) -> Result<own::Passed> {
    let mut book = book.knowing(OverviewWords::of(options.headings));
    match own_tab(&mut book, options.tabs)? {
        Some((tab, rows)) => own::read(file, &tab, rows, options),
        None => Err(Error::content(
            file,
            "hierin is geen indicatorenoverzicht gevonden",
            "Geef een werkboek met het tabblad 'Indicatoren overzicht (naslag)', of een bestand in die indeling. \
             Een andere bron zet u om met 'wijk overzicht importeer'.",
        )),
    }
}

/// The tab that bears one of the names of an overview.
fn named_tab(book: &sheet::Book<'_>, names: &[String]) -> Option<String> {
    let usual = [layout::TITLE.to_owned()];
    let named = |tab: &&String| names.iter().chain(&usual).any(|name| normalise(name) == normalise(tab));
    book.tabs.iter().find(named).cloned()
}

/// The tab with an overview in the own layout, and its rows.
fn own_tab(book: &mut sheet::Book<'_>, names: &[String]) -> Result<Option<(String, Vec<sheet::Row>)>> {
    // Labels may stand below the areas, so all rows are read of a tab that bears the name; of another tab the first.
    if let Some(tab) = named_tab(book, names) {
        let rows = book.rows(&tab, None)?;
        return Ok(Some((tab, rows)));
    }
    // The headings of a pijler tab look like labels too; only an overview has the headings above the areas as well.
    let mut likely = None;
    for tab in book.tabs.clone() {
        let head = book.rows(&tab, Some(own::HEAD))?;
        if own::is_own(&head) {
            let certain = own::has_area_headings(&head);
            if certain || likely.is_none() {
                likely = Some(tab);
            }
            if certain {
                break;
            }
        }
    }
    if let Some(tab) = likely {
        let rows = book.rows(&tab, None)?;
        return Ok(Some((tab, rows)));
    }
    // A single sheet of which the labels stand below the areas.
    if let [tab] = book.tabs.clone().as_slice() {
        let rows = book.rows(tab, None)?;
        if own::is_own(&rows) {
            return Ok(Some((tab.clone(), rows)));
        }
    }
    Ok(None)
}
