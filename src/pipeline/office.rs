//! A file that people have in Excel or Word: what kind it must stay, and whether it is open there now.

use std::path::Path;

use super::{extension, inputs};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::package::lock;

/// Which program people have the file in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Office {
    /// A workbook: Excel.
    Workbook,
    /// A document: Word.
    Document,
    /// An overview as a file of its own, which is only read: Excel.
    Overview,
}

impl Office {
    /// The program that people open a file of this name in.
    pub(super) fn of(path: &Path) -> Self {
        match extension(path).as_str() {
            "docx" | "docm" => Office::Document,
            _ => Office::Workbook,
        }
    }

    /// The kind of file must stay what it is: Excel and Word refuse macros in a file whose name has none, and the other
    /// way around. A file of another kind passes: who opens it says what it should be.
    pub(super) fn keeps_kind(self, old: &Path, output: &Path) -> Result<()> {
        let (from, to) = (extension(old), extension(output));
        let (what, kinds) = match self {
            Office::Workbook | Office::Overview => ("werkboek", ["xlsx", "xlsm"]),
            Office::Document => ("document", ["docx", "docm"]),
        };
        if from == to || !kinds.contains(&from.as_str()) {
            return Ok(());
        }
        Err(Error::request(
            format!("Het {what} is een .{from} en kan niet als '{}' worden opgeslagen", output.display()),
            format!("Geef het resultaat een naam die eindigt op .{from}."),
        ))
    }

    /// A file that is open elsewhere: writing to it is refused, reading it is only worth a remark.
    pub(super) fn open_elsewhere(self, path: &Path, writing: bool) -> Result<Option<Finding>> {
        let Some(lock) = lock(path) else { return Ok(None) };
        let owner = lock.owner;
        let name = inputs::file_name(path);
        let (code, what, program, again) = match self {
            Office::Workbook => ("werkboek-is-open", "werkboek", "Excel", "geef de opdracht opnieuw"),
            Office::Document => ("document-is-open", "document", "Word", "werk het opnieuw bij"),
            Office::Overview => ("overzicht-is-open", "overzicht", "Excel", "geef de opdracht opnieuw"),
        };
        if writing {
            return Err(Error::request(
                format!("{name} is open bij {owner}"),
                format!(
                    "Sluit het bestand in {program} of LibreOffice en probeer het opnieuw. Is het nergens open, \
                     verwijder dan het verborgen bestand '{}' in dezelfde map.",
                    lock.name
                ),
            ));
        }
        Ok(Some(Finding::new(
            code,
            Level::Opmerking,
            Place { file: Some(name), ..Place::default() },
            format!("Het {what} is open bij {owner}; wat daar nog niet is opgeslagen, is niet meegenomen."),
            "",
            format!("Sla het {what} op, sluit het en {again} als er sindsdien iets is veranderd."),
        )))
    }
}
