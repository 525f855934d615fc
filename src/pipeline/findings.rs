//! The list of findings as a file that Excel opens.

use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::model::csv_text;

/// Findings as csv that a Dutch Excel opens by double-clicking: byte-order mark and `;`, one line per finding in the
/// order given, and no text of a workbook that it would take for a formula.
///
/// # Errors
/// [`Error::Content`] when writing to memory fails; does not happen in practice.
pub(super) fn findings_csv(findings: &[Finding]) -> Result<Vec<u8>> {
    let rows = findings.iter().map(|finding| cells(finding).to_vec()).collect();
    csv_of(&HEADINGS, rows)
}

/// As [`findings_csv`], of several workbooks: the wijk and the file stand before each finding.
///
/// # Errors
/// As [`findings_csv`].
pub(super) fn findings_table(findings: &[(&str, &Finding)]) -> Result<Vec<u8>> {
    let headings: Vec<&str> = ["wijk", "bestand"].into_iter().chain(HEADINGS).collect();
    let row = |(wijk, finding): &(&str, &Finding)| {
        let file = finding.place.file.as_deref().unwrap_or_default();
        [*wijk, file].into_iter().map(|text| csv_text(text).into_owned()).chain(cells(finding)).collect()
    };
    csv_of(&headings, findings.iter().map(row).collect())
}

const HEADINGS: [&str; 8] = ["niveau", "code", "tabblad", "cel", "waarover", "gevonden", "verwacht", "advies"];

fn cells(finding: &Finding) -> [String; 8] {
    let place = &finding.place;
    let or_empty = |text: &Option<String>| csv_text(text.as_deref().unwrap_or_default()).into_owned();
    [
        finding.level.word().to_owned(),
        finding.code.clone(),
        or_empty(&place.tab),
        or_empty(&place.cell),
        or_empty(&place.subject),
        csv_text(&finding.found).into_owned(),
        csv_text(&finding.expected).into_owned(),
        csv_text(&finding.advice).into_owned(),
    ]
}

fn csv_of(headings: &[&str], rows: Vec<Vec<String>>) -> Result<Vec<u8>> {
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
    writer.write_record(headings).map_err(|error| failed(&error))?;
    for row in rows {
        writer.write_record(row).map_err(|error| failed(&error))?;
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

    #[test]
    fn text_of_a_workbook_is_no_formula_in_the_list() {
        let place = Place::tab("=HYPERLINK(1)");
        let finding = Finding::new("vraag-open", Level::Fout, place, "=1+1", "-2", "+ iets");
        let text = String::from_utf8(findings_csv(&[finding]).unwrap()).unwrap();
        assert_eq!(text.lines().nth(1).unwrap(), "fout;vraag-open;'=HYPERLINK(1);;;'=1+1;'-2;'+ iets");
    }
}
