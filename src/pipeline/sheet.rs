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
        ("Cel", 16.0),
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
    let cell = match cell.chars().count() {
        0..=60 => cell.to_owned(),
        _ => format!("{first} en meer"),
    };
    vec![
        OwnCell { look, ..plain(finding.level.word()) },
        plain(tab),
        OwnCell { look: if link.is_some() { OwnLook::Link } else { OwnLook::Plain }, link, ..plain(&cell) },
        plain(about(finding)),
        plain(&finding.found),
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
