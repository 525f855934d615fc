//! The record of filling on the very hidden tab `_wijkanalyse`: what the product wrote, so that its own figures
//! can be told from a person's.

use super::sheet::Sheet;

/// Version of the format in B1.
pub(crate) fn version(sheet: &Sheet) -> Option<String> {
    let version = sheet.text(0, 1).replace(',', ".");
    (!version.is_empty()).then_some(version)
}
