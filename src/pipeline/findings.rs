//! The list of findings as a file that Excel opens.

use std::path::Path;

use super::{CheckOutcome, Ignored};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::model::csv_text;
use crate::model::words::count;

/// Findings as csv that a Dutch Excel opens by double-clicking: byte-order mark and `;`, one line per finding in the
/// order given, and no text of a workbook that it would take for a formula.
///
/// # Errors
/// [`Error::Content`] when writing to memory fails; does not happen in practice.
pub(super) fn findings_csv(findings: &[Finding]) -> Result<Vec<u8>> {
    let rows = findings.iter().map(|finding| cells(finding).to_vec()).collect();
    csv_of(&HEADINGS, rows)
}

/// A line of the table over several workbooks.
pub(super) enum Line<'a> {
    /// Something that was found.
    Found(&'a Finding),
    /// A code that was left out on purpose, with the reason.
    LeftOut(&'a Ignored),
}

/// As [`findings_csv`], of several workbooks: the wijk and the file stand before each line.
///
/// # Errors
/// As [`findings_csv`].
pub(super) fn findings_table(lines: &[(&str, &str, Line<'_>)]) -> Result<Vec<u8>> {
    let mut table = table_heading()?;
    table.extend(table_rows(lines)?);
    Ok(table)
}

/// How the table over several workbooks begins; [`table_rows`] come behind it.
///
/// # Errors
/// As [`findings_csv`].
pub(super) fn table_heading() -> Result<Vec<u8>> {
    let headings: Vec<&str> = ["wijk", "bestand"].into_iter().chain(HEADINGS).collect();
    csv_of(&headings, Vec::new())
}

/// Rows of [`findings_table`] without what stands above them.
///
/// # Errors
/// As [`findings_csv`].
pub(super) fn table_rows(lines: &[(&str, &str, Line<'_>)]) -> Result<Vec<u8>> {
    let row = |(wijk, file, line): &(&str, &str, Line<'_>)| {
        let cells = match line {
            Line::Found(finding) => cells(finding),
            Line::LeftOut(ignored) => left_out(ignored),
        };
        [*wijk, *file].into_iter().map(|text| csv_text(text).into_owned()).chain(cells).collect()
    };
    csv_rows(Vec::new(), lines.iter().map(row))
}

/// The lines of a workbook that was checked. A finding about another file, such as the overview, names that one.
pub(super) fn lines(outcome: &CheckOutcome) -> impl Iterator<Item = (&str, &str, Line<'_>)> {
    let (wijk, own) = (outcome.wijk.as_str(), outcome.file.as_str());
    let named = Path::new(own).file_name().map(|name| name.to_string_lossy());
    let found = outcome.findings.iter().map(move |finding| {
        let file = finding.place.file.as_deref().filter(|file| named.as_deref() != Some(*file)).unwrap_or(own);
        (wijk, file, Line::Found(finding))
    });
    let left_out = outcome.ignored.iter().filter(|ignored| ignored.count > 0);
    found.chain(left_out.map(move |ignored| (wijk, own, Line::LeftOut(ignored))))
}

/// The line of what was left out.
fn left_out(ignored: &Ignored) -> [String; 8] {
    let number = count(ignored.count, "bevinding", "bevindingen");
    let empty = String::new;
    let reason = csv_text(&format!("Reden: {}", ignored.reason)).into_owned();
    [
        "weggelaten".to_owned(),
        ignored.code.clone(),
        empty(),
        empty(),
        empty(),
        format!("{number} weggelaten."),
        empty(),
        reason,
    ]
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
    let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
    csv_rows(vec![0xEF, 0xBB, 0xBF], std::iter::once(headings).chain(rows))
}

/// Adds rows behind what is there already.
fn csv_rows(start: Vec<u8>, rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::content(
            "bevindingen",
            format!("de lijst kan niet worden gemaakt ({error})"),
            "Probeer het opnieuw.",
        )
    };
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(start);
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
    fn in_the_table_of_several_workbooks_stands_what_was_left_out_with_the_reason() {
        let place = Place { file: Some("a.xlsx".into()), ..Place::tab("Pijler Veilig") };
        let finding = Finding::new("link-dood", Level::Fout, place, "Fout.", "", "Herstel.");
        let ignored = Ignored { code: "vraag-open".into(), reason: "bespreken in mei".into(), count: 2 };
        let outcome = CheckOutcome {
            file: "noord/a.xlsx".into(),
            wijk: "Wijk 1".into(),
            findings: vec![finding],
            ignored: vec![ignored],
            ..CheckOutcome::default()
        };
        let text = String::from_utf8(findings_table(&lines(&outcome).collect::<Vec<_>>()).unwrap()).unwrap();
        assert_eq!(
            text.lines().skip(1).collect::<Vec<_>>(),
            [
                "Wijk 1;noord/a.xlsx;fout;link-dood;Pijler Veilig;;;Fout.;;Herstel.",
                "Wijk 1;noord/a.xlsx;weggelaten;vraag-open;;;;2 bevindingen weggelaten.;;Reden: bespreken in mei"
            ]
        );
    }

    #[test]
    fn text_of_a_workbook_is_no_formula_in_the_list() {
        let place = Place::tab("=HYPERLINK(1)");
        let finding = Finding::new("vraag-open", Level::Fout, place, "=1+1", "-2", "+ iets");
        let text = String::from_utf8(findings_csv(&[finding]).unwrap()).unwrap();
        assert_eq!(text.lines().nth(1).unwrap(), "fout;vraag-open;'=HYPERLINK(1);;;'=1+1;'-2;'+ iets");
    }
}
