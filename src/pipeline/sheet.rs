//! The findings inside the workbook: a tab with all of them, and a note on each cell.
//!
//! Owns what the tab and the notes say. How they get into the file, and whose notes stay, is [`crate::package`]'s
//! business.

use std::collections::BTreeMap;

use super::CheckOutcome;
use crate::check;
use crate::error::Result;
use crate::finding::{Finding, Level};
use crate::model::words::count;
use crate::package::{Changes, Note, OwnCell, OwnLook, OwnTab, Range, SheetKind, Spreadsheet};

/// The name of the tab.
pub(super) const TAB: &str = "Controle";

/// How the name of the copy ends.
pub(super) const ENDING: &str = " - gecontroleerd";

/// A finding about more cells than this gets a note on the first cell of each range only.
const MOST_CELLS: u64 = 100;

/// What came of it.
pub(super) struct Noted {
    pub(super) tab: Option<String>,
    pub(super) notes: usize,
    pub(super) left: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// Writes the workbook with the tab and the notes.
pub(super) fn write(book: &Spreadsheet, outcome: &CheckOutcome, out: &mut Vec<u8>) -> Result<Noted> {
    let changes =
        Changes { notes: Some(notes(book, &outcome.findings)), own_tab: Some(tab(outcome)), ..Changes::default() };
    let applied = book.apply(&changes, out)?;
    Ok(Noted {
        tab: applied.own_tab,
        notes: applied.notes,
        left: applied.notes_left.iter().map(|at| format!("{}!{}", at.tab, at.a1())).collect(),
        warnings: applied.warnings,
    })
}

/// The tab: one row per finding, heaviest first.
fn tab(outcome: &CheckOutcome) -> OwnTab {
    let plain = |text: &str| OwnCell { text: text.to_owned(), ..OwnCell::default() };
    let of = |level| outcome.findings.iter().filter(|finding| finding.level == level).count();
    let about = if outcome.wijk.is_empty() { outcome.file.as_str() } else { outcome.wijk.as_str() };
    let line = |text: &str| OwnCell { look: OwnLook::Line, ..plain(text) };
    let mut top = vec![
        OwnCell { text: format!("Controle: {about}"), look: OwnLook::Title, ..OwnCell::default() },
        line(&format!(
            "{}, {} en {}. Klik op een cel om ernaartoe te gaan.",
            count(of(Level::Fout), "fout", "fouten"),
            count(of(Level::Waarschuwing), "waarschuwing", "waarschuwingen"),
            count(of(Level::Opmerking), "opmerking", "opmerkingen"),
        )),
        line(
            "Dit tabblad wordt bij een volgende controle vervangen. Schrijft u er zelf iets bij, dan blijft het staan en komt er een nieuw tabblad naast.",
        ),
    ];
    for ignored in &outcome.ignored {
        top.push(line(&format!(
            "Weggelaten: {} ({}). Reden: {}",
            ignored.code,
            count(ignored.count, "bevinding", "bevindingen"),
            ignored.reason
        )));
    }
    let headings = [
        ("Niveau", 15.0),
        ("Tabblad", 24.0),
        ("Cel", 18.0),
        ("Waarover", 30.0),
        ("Gevonden", 52.0),
        ("Verwacht", 36.0),
        ("Wat te doen", 52.0),
        ("Code", 26.0),
    ];
    OwnTab {
        name: TAB.to_owned(),
        top,
        headings: headings.iter().map(|(text, width)| ((*text).to_owned(), *width)).collect(),
        rows: outcome.findings.iter().map(row).collect(),
    }
}

fn row(finding: &Finding) -> Vec<OwnCell> {
    let plain = |text: &str| OwnCell { text: text.to_owned(), ..OwnCell::default() };
    let place = &finding.place;
    let look = match finding.level {
        Level::Fout => OwnLook::Heavy,
        Level::Waarschuwing => OwnLook::Middle,
        Level::Opmerking => OwnLook::Light,
    };
    let (tab, cell) = (place.tab.as_deref().unwrap_or_default(), place.cell.as_deref().unwrap_or_default());
    // A link leads to one range; of several the first.
    let first = cell.split([' ', ',']).next().unwrap_or_default();
    let link = (!tab.is_empty() && Range::parse(first).is_some()).then(|| (tab.to_owned(), first.to_owned()));
    // LibreOffice keeps a link on one line: of several ranges the first stands in it, and all of them where there is room.
    let several = cell.len() > first.len();
    let shown = if several { format!("{first} en meer") } else { cell.to_owned() };
    let mut found = finding.found.clone();
    if several && !found.contains(first.split(':').next().unwrap_or(first)) {
        found.push_str(&format!("\nCellen: {}.", listed(cell)));
    }
    vec![
        OwnCell { look, ..plain(finding.level.word()) },
        plain(tab),
        OwnCell { look: if link.is_some() { OwnLook::Link } else { OwnLook::Plain }, link, ..plain(&shown) },
        plain(about(finding)),
        plain(&found),
        plain(&finding.expected),
        plain(&finding.advice),
        plain(&finding.code),
    ]
}

/// What a finding is about: its subject, else what its kind is about in general, so that no row has to be guessed.
fn about(finding: &Finding) -> &str {
    let general = || check::rule(&finding.code).map_or("", |rule| rule.title.trim_end_matches('.'));
    finding.place.subject.as_deref().filter(|subject| !subject.is_empty()).unwrap_or_else(general)
}

/// Ranges with commas between them; of very many the first.
fn listed(cells: &str) -> String {
    /// More do not go in a cell that can be read.
    const MOST: usize = 40;
    let all: Vec<&str> = cells.split([' ', ',']).filter(|range| !range.is_empty()).collect();
    let (first, rest) = all.split_at(all.len().min(MOST));
    let more = if rest.is_empty() { String::new() } else { format!(" en nog {}", rest.len()) };
    first.join(", ") + &more
}

/// A note per cell with everything found there.
fn notes(book: &Spreadsheet, findings: &[Finding]) -> Vec<Note> {
    let mut texts: BTreeMap<(&str, u32, u32), Vec<String>> = BTreeMap::new();
    for finding in findings {
        let (Some(tab), Some(cells)) = (finding.place.tab.as_deref(), finding.place.cell.as_deref()) else {
            continue;
        };
        let Some(sheet) = book.sheet(tab).filter(|sheet| sheet.kind == SheetKind::Worksheet) else { continue };
        let ranges = Range::parse_list(&cells.replace(',', " "));
        let all: u64 = ranges.iter().map(size).sum();
        let mut says = format!("{}: {}", capital(finding.level.word()), finding.found);
        if !finding.advice.is_empty() {
            says.push_str(&format!("\n{}", finding.advice));
        }
        for range in &ranges {
            let (last_row, last_col) = if all > MOST_CELLS {
                (range.first_row, range.first_col)
            } else {
                (range.last_row, range.last_col)
            };
            for row in range.first_row..=last_row {
                for col in range.first_col..=last_col {
                    texts.entry((sheet.name.as_str(), row, col)).or_default().push(says.clone());
                }
            }
        }
    }
    texts
        .into_iter()
        .map(|((tab, row, col), says)| Note { tab: tab.to_owned(), row, col, text: says.join("\n\n") })
        .collect()
}

fn size(range: &Range) -> u64 {
    u64::from(range.last_row - range.first_row + 1) * u64::from(range.last_col - range.first_col + 1)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;

    #[test]
    fn of_several_cells_the_first_is_the_link_and_all_are_listed() {
        let of = |cells: &str, found: &str| {
            let place = Place { cell: Some(cells.into()), ..Place::tab("Pijler Veilig") };
            let row = row(&Finding::new("vraag-open", Level::Waarschuwing, place, found, "", ""));
            (row[2].text.clone(), row[2].link.clone().unwrap().1, row[4].text.clone())
        };
        let (cell, link, found) = of("C54:C56 C59 C123", "Twee vragen zijn open.");
        assert_eq!((cell.as_str(), link.as_str()), ("C54:C56 en meer", "C54:C56"));
        assert_eq!(found, "Twee vragen zijn open.\nCellen: C54:C56, C59, C123.");
        // What the sentence says already is not said twice.
        assert_eq!(of("C54:C56 C59", "Open: C54 t/m C56 en C59.").2, "Open: C54 t/m C56 en C59.");
        assert_eq!(of("C3", "Leeg."), ("C3".into(), "C3".into(), "Leeg.".into()));
        let many: Vec<String> = (1..=60).map(|row| format!("E{row}")).collect();
        assert!(of(&many.join(" "), "x").2.ends_with("E40 en nog 20."));
    }
}
