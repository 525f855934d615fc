//! The ledger of filling: every cell written, with what stood there.
//!
//! Owns the shape of an entry and its two written forms. Knows no files.

use std::io::Write;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::sheet::dutch;
use crate::error::{Error, Result};
use crate::model::{CellValue, csv_text};

/// One cell that filling wrote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// Tab.
    #[serde(rename = "tabblad")]
    pub tab: String,
    /// Cell, such as `E17`.
    #[serde(rename = "cel")]
    pub cell: String,
    /// What stood there, as stored.
    #[serde(rename = "oud", serialize_with = "plain")]
    pub old: CellValue,
    /// What stands there now, as stored (a fraction in a `%` cell).
    #[serde(rename = "nieuw", serialize_with = "plain")]
    pub new: CellValue,
    /// Code of the indicator; empty for headings, names and closing tables.
    pub indicator: String,
    /// Which field of the row, as in the record of filling.
    #[serde(rename = "veld")]
    pub field: String,
    /// Name of the area of the figure.
    #[serde(rename = "gebied")]
    pub area: String,
    /// Edition of the figure.
    #[serde(rename = "editie")]
    pub edition: String,
    /// Source of the figure.
    #[serde(rename = "bron")]
    pub source: String,
}

/// A value as json knows it: a number, a text or null.
fn plain<S: Serializer>(value: &CellValue, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match value {
        CellValue::Empty => serializer.serialize_none(),
        CellValue::Number(number) => serializer.serialize_f64(*number),
        CellValue::Bool(truth) => serializer.serialize_bool(*truth),
        CellValue::Text(text) | CellValue::Error(text) => serializer.serialize_str(text),
    }
}

/// Gives the entries one at a time, so that a ledger of hundreds of thousands of cells need not be kept.
pub type LedgerFeed<'a> = dyn FnMut(&mut dyn FnMut(&LedgerEntry) -> Result<()>) -> Result<()> + 'a;

/// Writes the ledger as json: a list of objects, indented.
///
/// # Errors
/// [`Error::File`] when it cannot be written; and what `feed` returns.
pub fn write_ledger_json(out: &mut dyn Write, feed: &mut LedgerFeed<'_>) -> Result<()> {
    let failed = |e: serde_json::Error| unwritable(e.into());
    let mut serializer = serde_json::Serializer::pretty(out);
    let mut list = serializer.serialize_seq(None).map_err(failed)?;
    feed(&mut |entry| list.serialize_element(entry).map_err(failed))?;
    list.end().map_err(failed)
}

/// Writes the ledger as csv that a Dutch Excel opens by double-clicking: byte-order mark, `;`, decimal comma, and no
/// text that it would take for a formula.
///
/// # Errors
/// [`Error::File`] when it cannot be written; and what `feed` returns.
pub fn write_ledger_csv(out: &mut dyn Write, feed: &mut LedgerFeed<'_>) -> Result<()> {
    let failed = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(e) => unwritable(e),
        _ => unwritable(std::io::ErrorKind::InvalidData.into()),
    };
    out.write_all("\u{feff}".as_bytes()).map_err(unwritable)?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out);
    writer
        .write_record(["tabblad", "cel", "oud", "nieuw", "indicator", "veld", "gebied", "editie", "bron"])
        .map_err(failed)?;
    feed(&mut |entry| {
        writer
            .write_record([
                &*csv_text(&entry.tab),
                &entry.cell,
                &shown(&entry.old),
                &shown(&entry.new),
                &*csv_text(&entry.indicator),
                &entry.field,
                &*csv_text(&entry.area),
                &*csv_text(&entry.edition),
                &*csv_text(&entry.source),
            ])
            .map_err(failed)
    })?;
    writer.flush().map_err(unwritable)
}

/// A value for a person.
fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Number(number) => dutch(*number),
        other => csv_text(&other.text()).into_owned(),
    }
}

fn unwritable(reason: std::io::Error) -> Error {
    Error::file(std::path::Path::new("logboek"), "Het logboek schrijven lukt niet", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(entries: &[LedgerEntry]) -> String {
        let mut out = Vec::new();
        write_ledger_csv(&mut out, &mut |tell| entries.iter().try_for_each(&mut *tell)).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn entry(old: CellValue, new: CellValue) -> LedgerEntry {
        LedgerEntry {
            tab: "Pijler Veilig".to_owned(),
            cell: "E17".to_owned(),
            old,
            new,
            indicator: "vsv".to_owned(),
            field: "wijk".to_owned(),
            area: "Bospolder".to_owned(),
            edition: "editie 2016".to_owned(),
            source: "Wijkprofiel; gemeente".to_owned(),
        }
    }

    #[test]
    fn the_csv_has_a_mark_semicolons_and_decimal_commas() {
        let csv = csv(&[entry(CellValue::Empty, CellValue::Number(12.5))]);
        assert!(csv.starts_with('\u{feff}'));
        assert!(
            csv.contains("Pijler Veilig;E17;;12,5;vsv;wijk;Bospolder;editie 2016;\"Wijkprofiel; gemeente\"\r\n"),
            "{csv}"
        );
    }

    #[test]
    fn text_that_looks_like_a_formula_is_made_harmless_in_csv() {
        let formula = csv(&[entry(CellValue::Text("=1+1".to_owned()), CellValue::Text("-x".to_owned()))]);
        assert!(formula.contains(";'=1+1;'-x;"), "{formula}");
        let mut named = entry(CellValue::Number(-1.5), CellValue::Text("-".to_owned()));
        named.tab = "=nu()".to_owned();
        named.source = "@bron".to_owned();
        let csv = csv(&[named]);
        assert!(csv.contains("'=nu();E17;-1,5;-;vsv;wijk;Bospolder;editie 2016;'@bron\r\n"), "{csv}");
    }

    #[test]
    fn the_json_keeps_numbers_as_numbers_and_nothing_as_null() {
        let mut json = Vec::new();
        let entry = entry(CellValue::Empty, CellValue::Number(0.125));
        write_ledger_json(&mut json, &mut |tell| tell(&entry)).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(value[0]["nieuw"], 0.125);
        assert!(value[0]["oud"].is_null());
        assert_eq!(value[0]["tabblad"], "Pijler Veilig");
    }
}
