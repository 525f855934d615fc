//! The list of findings as a file that Excel opens.

use crate::error::{Error, Result};
use crate::finding::Finding;

/// Findings as csv that a Dutch Excel opens by double-clicking: byte-order mark and `;`, one line per finding in the
/// order given.
///
/// # Errors
/// [`Error::Content`] when writing to memory fails; does not happen in practice.
pub(super) fn findings_csv(findings: &[Finding]) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::content(
            "bevindingen",
            format!("de lijst kan niet worden gemaakt ({error})"),
            "Probeer het opnieuw.",
        )
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(vec![0xEF, 0xBB, 0xBF]);
    writer
        .write_record(["niveau", "code", "tabblad", "cel", "waarover", "gevonden", "verwacht", "advies"])
        .map_err(|error| failed(&error))?;
    for finding in findings {
        let place = &finding.place;
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        writer
            .write_record([
                finding.level.word().to_owned(),
                finding.code.clone(),
                or_empty(&place.tab),
                or_empty(&place.cell),
                or_empty(&place.subject),
                finding.found.clone(),
                finding.expected.clone(),
                finding.advice.clone(),
            ])
            .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Level, Place};

    #[test]
    fn a_finding_is_one_line_that_excel_opens() {
        let finding =
            Finding::new("vraag-open", Level::Fout, Place::tab("Pijler Veilig"), "a; b", "", "typ \"ja\"");
        let text = String::from_utf8(findings_csv(&[finding]).unwrap()).unwrap();
        assert!(text.starts_with("\u{feff}niveau;code;"));
        assert_eq!(text.lines().nth(1).unwrap(), "fout;vraag-open;Pijler Veilig;;;\"a; b\";;\"typ \"\"ja\"\"\"");
    }
}
