//! How the findings of a check look on a screen: grouped by code, each with its piece of the workbook.

use std::fmt::Write as _;

use anstyle::Style;
use wijkanalyse::check::{Rule, rule};
use wijkanalyse::finding::{Finding, Level};
use wijkanalyse::model::Snippet;
use wijkanalyse::pipeline::{CheckOutcome, TableOutcome};

use crate::show::{count, one, style, table, tally};
use crate::window;

/// Most examples of one code; the rest is counted.
const EXAMPLES: usize = 3;

/// Widest a cell is shown, in characters: the first of these with which the piece of the workbook fits in a window.
const WIDEST: [usize; 7] = [26, 22, 18, 15, 12, 10, 8];

/// How wide a piece of the workbook may be, less the indent, also where the window is wider or there is none.
const WINDOW: usize = 76;

/// Everything a check found, with what was left out and what was written.
pub(crate) fn checked(outcome: &CheckOutcome, title: &str) -> String {
    let mut out = String::new();
    let mut codes: Vec<&str> = Vec::new();
    for finding in &outcome.findings {
        if !codes.contains(&finding.code.as_str()) {
            codes.push(&finding.code);
        }
    }
    let mut hidden = false;
    for code in codes {
        let of: Vec<(usize, &Finding)> =
            outcome.findings.iter().enumerate().filter(|(_, finding)| finding.code == code).collect();
        for (index, finding) in of.iter().take(EXAMPLES) {
            out.push_str(&one(finding, &snippet(outcome.snippets.get(*index).and_then(Option::as_ref))));
        }
        if of.len() > EXAMPLES {
            hidden = true;
            let _ = writeln!(out, "   en nog {} keer [{code}]\n", of.len() - EXAMPLES);
        }
    }
    let everything = outcome.written.copy.is_some() || outcome.written.page.is_some();
    if hidden && !everything {
        out.push_str("Alles zien, met een link naar elke cel? Voeg --blad of --html BESTAND toe.\n");
    }
    for ignored in &outcome.ignored {
        let _ = writeln!(
            out,
            "Weggelaten: {} ({}). Reden: {}",
            ignored.code,
            count(ignored.count, "bevinding", "bevindingen"),
            ignored.reason
        );
    }
    let _ = write!(out, "{title}: {}", tally(&outcome.findings));
    if outcome.lighter > 0 {
        let _ = write!(out, " {} hier niet getoond.", lighter(outcome.lighter));
    }
    out.push('\n');
    for remark in &outcome.remarks {
        let _ = writeln!(out, "{remark}");
    }
    let written = &outcome.written;
    if let Some(copy) = &written.copy {
        let tab = written.tab.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "De kopie met het tabblad '{tab}' en {} staat in {}.",
            count(written.notes, "notitie", "notities"),
            copy.display()
        );
        if !written.without_note.is_empty() {
            let _ = writeln!(
                out,
                "Op {} staat al een notitie van iemand anders; die is blijven staan. De bevinding staat wel op het tabblad.",
                count(written.without_note.len(), "cel", "cellen")
            );
        }
    }
    if let Some(page) = &written.page {
        let _ = writeln!(out, "De pagina met alle bevindingen staat in {}.", page.display());
    }
    out
}

/// How many findings each of several workbooks has.
pub(crate) fn many(outcome: &TableOutcome) -> String {
    let mut rows =
        vec![["wijk", "werkboek", "fouten", "waarschuwingen", "opmerkingen"].map(str::to_owned).to_vec()];
    for checked in &outcome.checked {
        let of = |level| checked.findings.iter().filter(|finding| finding.level == level).count().to_string();
        rows.push(vec![
            checked.wijk.clone(),
            checked.file.clone(),
            of(Level::Fout),
            of(Level::Waarschuwing),
            of(Level::Opmerking),
        ]);
    }
    let mut out = table(&rows);
    for failed in &outcome.failed {
        // The reason often names the file.
        let named =
            if failed.reason.contains(&failed.file) { String::new() } else { format!("{}: ", failed.file) };
        let _ = writeln!(out, "niet gelukt: {named}{}", failed.reason);
    }
    let left_out: usize =
        outcome.checked.iter().flat_map(|checked| &checked.ignored).map(|ignored| ignored.count).sum();
    if left_out > 0 {
        let _ = writeln!(
            out,
            "Weggelaten: {}. De reden staat in de tabel.",
            count(left_out, "bevinding", "bevindingen")
        );
    }
    let _ = writeln!(out, "Alle bevindingen staan in {}.", outcome.table.display());
    out
}

fn lighter(number: usize) -> String {
    if number == 1 { "1 lichtere bevinding is".to_owned() } else { format!("{number} lichtere bevindingen zijn") }
}

/// A piece of the workbook as a small spreadsheet; the cell stands between `[` and `]`, its row behind `>`.
fn snippet(snippet: Option<&Snippet>) -> String {
    let Some(snippet) = snippet else { return String::new() };
    let window = window::width().map_or(WINDOW, |width| width.saturating_sub(4).min(WINDOW));
    let text = fitting(snippet, window);
    text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "   {line}");
        out
    })
}

/// With cells as wide as fits; in a very narrow window with fewer columns, of which that of the cell is the last to go.
fn fitting(snippet: &Snippet, window: usize) -> String {
    let mut snippet = snippet.clone();
    loop {
        let mut text = String::new();
        for widest in WIDEST {
            text = spreadsheet(&snippet, widest);
            if text.lines().all(|line| line.chars().count() <= window) {
                return text;
            }
        }
        if snippet.columns.len() < 2 {
            return text;
        }
        let here = snippet.column.unwrap_or(0);
        let gone = if here + 1 < snippet.columns.len() { snippet.columns.len() - 1 } else { 0 };
        snippet.columns.remove(gone);
        for row in snippet.rows.iter_mut().filter(|row| gone < row.cells.len()) {
            row.cells.remove(gone);
        }
        snippet.column = snippet.column.map(|column| if gone < column { column - 1 } else { column });
    }
}

fn spreadsheet(snippet: &Snippet, widest: usize) -> String {
    let mut rows: Vec<Vec<String>> =
        vec![std::iter::once(String::new()).chain(snippet.columns.iter().cloned()).collect()];
    for row in &snippet.rows {
        let mark = if row.marked { "> " } else { "  " };
        let mut cells = vec![format!("{mark}{}", row.number)];
        for (col, text) in row.cells.iter().enumerate() {
            let text = shortened(text, widest);
            let here = row.marked && snippet.column == Some(col);
            cells.push(if here { format!("[{text}]") } else { text });
        }
        rows.push(cells);
    }
    table(&rows)
}

/// A text on one line and no wider than a cell is shown.
fn shortened(text: &str, widest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= widest {
        return line;
    }
    line.chars().take(widest - 1).collect::<String>() + "…"
}

/// The explanation of a code; `None` when there is no such code.
pub(crate) fn explained(code: &str) -> Option<String> {
    rule(code).map(|found: &Rule| {
        let (bold, level) = (Style::new().bold(), style(found.level));
        let mut out =
            format!("{bold}{}{bold:#} ({level}{}{level:#})\n{}\n", found.code, found.level.word(), found.title);
        for (what, text) in [
            ("Waarom", found.why),
            ("Wat te doen", found.advice),
            ("Voorbeeld", found.example),
            ("Geen bevinding", found.quiet),
        ] {
            let _ = writeln!(out, "\n{bold}{what}{bold:#}: {text}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wijkanalyse::finding::Place;
    use wijkanalyse::model::SnippetRow;

    fn outcome(number: usize) -> CheckOutcome {
        let finding = |row: usize| {
            let place = Place { cell: Some(format!("E{row}")), ..Place::tab("Pijler Veilig") };
            Finding::new("cijfer-wijkt-af", Level::Fout, place, format!("Gevonden {row}."), "", "")
        };
        CheckOutcome { findings: (1..=number).map(finding).collect(), ..CheckOutcome::default() }
    }

    #[test]
    fn at_most_three_examples_of_a_code_are_shown_and_the_rest_is_counted() {
        let text = checked(&outcome(5), "a.xlsx");
        assert!(text.contains("Gevonden 3.") && !text.contains("Gevonden 4."), "{text}");
        assert!(text.contains("en nog 2 keer [cijfer-wijkt-af]") && text.contains("5 fouten"), "{text}");
        assert!(!checked(&outcome(3), "a.xlsx").contains("en nog"));
    }

    #[test]
    fn a_wide_piece_of_the_workbook_fits_in_the_smallest_window() {
        let long = "Een heel lange tekst die in geen enkele kolom past en dus korter moet".to_owned();
        let row = |number: u32, marked: bool| SnippetRow {
            number,
            cells: vec![long.clone(); 7],
            heading: !marked,
            marked,
        };
        let columns = ["A", "B", "C", "D", "E", "F", "G"].map(str::to_owned).to_vec();
        let piece = Snippet { columns, rows: vec![row(9, false), row(10, true)], column: Some(4) };
        let text = snippet(Some(&piece));
        assert!(text.lines().all(|line| line.chars().count() < 80), "{text}");
        assert!(text.contains("> 10") && text.contains("[Een hee…]"), "{text}");
        for window in [36, 56] {
            let text = fitting(&piece, window);
            assert!(text.lines().all(|line| line.chars().count() <= window), "{text}");
            assert!(text.contains("> 10") && text.contains("[Een hee…]"), "the cell itself stays: {text}");
        }
    }

    #[test]
    fn the_cell_stands_between_brackets_under_its_letter_and_beside_its_row_number() {
        let mut outcome = outcome(1);
        outcome.snippets = vec![Some(Snippet {
            columns: vec!["B".into(), "E".into()],
            rows: vec![
                SnippetRow {
                    number: 9,
                    cells: vec!["Indicator".into(), "wijk".into()],
                    heading: true,
                    marked: false,
                },
                SnippetRow {
                    number: 12,
                    cells: vec!["Schoolverlaters".into(), "12,5".into()],
                    heading: false,
                    marked: true,
                },
            ],
            column: Some(1),
        })];
        let text = checked(&outcome, "a.xlsx");
        let lines: Vec<&str> = text.lines().collect();
        let letters = lines.iter().find(|line| line.trim_start().starts_with('B')).unwrap();
        let row = lines.iter().find(|line| line.contains("> 12")).unwrap();
        assert_eq!(letters.find('E').unwrap(), row.find("[12,5]").unwrap(), "{text}");
    }
}
