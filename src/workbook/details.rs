//! What surrounds the cells of an xlsx: internal links and the conditional formats of the pijler tabs.
//!
//! Owns telling a live link from a dead one. Reading the XML is [`crate::package`]'s business.

use std::sync::Arc;

use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::model::{Analysis, CellRef, Conditional, InternalLink, TabKind, TextCell, parse_a1};
use crate::package::{
    CellNote, SIGNATURE_BREAKS, SheetFacts, SheetKind, Spreadsheet, attachments, is_note_of_ours,
};

/// Fills the conditional formats, with `links` the links of all tabs and, when the hidden tab has none, the version
/// stamp. Whether a link is alive may depend on any tab; without links only the pijler tabs are read, so that a large
/// overview tab costs nothing. Gives what must be known before filling.
pub(crate) fn read_details(book: &Spreadsheet, analysis: &mut Analysis, links: bool) -> Result<Vec<Finding>> {
    let is_pijler = |analysis: &Analysis, tab: &str| {
        analysis.tabs.iter().any(|info| info.name == tab && matches!(info.kind, TabKind::Pijler(_)))
    };
    let mut facts: Vec<(String, Arc<SheetFacts>)> = Vec::new();
    for sheet in book.sheets().iter().filter(|sheet| sheet.kind == SheetKind::Worksheet) {
        if links || is_pijler(analysis, &sheet.name) {
            facts.push((sheet.name.clone(), book.sheet_facts(&sheet.name)?));
        }
    }
    for (tab, facts_of_tab) in &facts {
        if links {
            // Damaged notes are no reason to stop: nothing but this reads them.
            let notes = attachments(book, tab).map(|attached| attached.notes).unwrap_or_default();
            let of_people = notes.into_iter().filter(|note| !is_note_of_ours(&note.text));
            let cell = |note: CellNote| TextCell { at: CellRef::new(tab, note.row, note.col), text: note.text };
            analysis.notes.extend(of_people.map(cell));
        }
        for link in facts_of_tab.hyperlinks.iter().filter(|_| links) {
            let Some(target) = internal_target(link.location.as_deref(), link.target.as_deref()) else { continue };
            analysis.links.push(InternalLink {
                at: CellRef::new(tab, link.range.first_row, link.range.first_col),
                alive: is_alive(book, &facts, tab, target),
                target: target.to_owned(),
            });
        }
        if is_pijler(analysis, tab) {
            analysis.conditionals.extend(facts_of_tab.conditional_formats.iter().map(|rule| Conditional {
                tab: tab.clone(),
                ranges: rule.sqref.clone(),
                kind: rule.kind.clone(),
                formula: rule.formula.clone(),
                fills: rule.has_fill,
            }));
        }
    }
    let filled =
        facts.iter().filter(|(tab, _)| is_pijler(analysis, tab)).map(|(tab, facts)| (tab.as_str(), &**facts));
    let warnings = book.edit_warnings(filled);
    Ok(warnings.iter().map(|warning| attention(&analysis.file, warning)).collect())
}

/// Something about the workbook that matters when it is filled.
pub(crate) fn attention(file: &str, warning: &str) -> Finding {
    Finding::new(
        "let-op-bij-vullen",
        Level::Opmerking,
        Place { file: Some(file.to_owned()), ..Place::default() },
        warning,
        "",
        match warning {
            SIGNATURE_BREAKS => "Onderteken het gevulde werkboek opnieuw als dat nodig is.",
            _ => "Er hoeft niets te gebeuren.",
        },
    )
}

/// The place inside the workbook that a link goes to; `None` for a link to something outside it.
fn internal_target<'a>(location: Option<&'a str>, target: Option<&'a str>) -> Option<&'a str> {
    match (location.map(str::trim).filter(|location| !location.is_empty()), target) {
        (Some(location), None | Some("")) => Some(location.trim_start_matches('#')),
        (None, Some(target)) => target.strip_prefix('#'),
        _ => None,
    }
}

/// Whether the tab and the cell, or the name, exist.
fn is_alive(book: &Spreadsheet, facts: &[(String, Arc<SheetFacts>)], tab: &str, target: &str) -> bool {
    if target.contains("#REF!") {
        return false;
    }
    match split_tab(target) {
        Some((name, cells)) => match book.sheet(&name) {
            // A link to a tab without a cell, or with a cell that exists on every tab.
            Some(_) => cells.is_empty() || is_range(cells) || is_name(book, facts, Some(&name), cells),
            None => false,
        },
        None => {
            is_range(target)
                || is_name(book, facts, Some(tab), target)
                || book.sheet(unquoted(target).as_str()).is_some()
        }
    }
}

/// The tab and the cells of `'Pijler Veilig'!A1`; `None` when there is no tab in it.
fn split_tab(target: &str) -> Option<(String, &str)> {
    let at = target.rfind('!')?;
    let name = target.get(..at)?;
    let cells = target.get(at + 1..)?;
    Some((unquoted(name), cells))
}

fn unquoted(name: &str) -> String {
    let name = name.trim();
    match name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => name.to_owned(),
    }
}

/// `A1`, `$A$1:C3`, `A:A` or `3:7`.
fn is_range(text: &str) -> bool {
    let text = text.trim();
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    if parse_a1(first).is_some() && parse_a1(last).is_some() {
        return true;
    }
    let whole = |part: &str| {
        let part = part.replace('$', "");
        !part.is_empty()
            && (parse_a1(&format!("{part}1")).is_some() && part.chars().all(|c| c.is_ascii_alphabetic())
                || parse_a1(&format!("A{part}")).is_some() && part.chars().all(|c| c.is_ascii_digit()))
    };
    text.contains(':') && whole(first) && whole(last)
}

/// A defined name that refers to something, or a table.
fn is_name(book: &Spreadsheet, facts: &[(String, Arc<SheetFacts>)], tab: Option<&str>, text: &str) -> bool {
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let wanted = text.split('[').next().unwrap_or(text).trim();
    book.defined_names().iter().any(|name| {
        same(&name.name, wanted)
            && !name.refers_to.contains("#REF!")
            && name.scope.as_deref().is_none_or(|scope| tab.is_some_and(|tab| same(scope, tab)))
    }) || facts.iter().flat_map(|(_, facts)| &facts.tables).any(|(table, _)| same(table, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tab_of_a_target_is_taken_from_its_quotes() {
        assert_eq!(split_tab("'Pijler Veilig'!A1"), Some(("Pijler Veilig".to_owned(), "A1")));
        assert_eq!(split_tab("'Jan''s tab'!A1:B2"), Some(("Jan's tab".to_owned(), "A1:B2")));
        assert_eq!(split_tab("Ranking!B3"), Some(("Ranking".to_owned(), "B3")));
        assert_eq!(split_tab("een_naam"), None);
    }

    #[test]
    fn whole_columns_and_rows_are_ranges_and_words_are_not() {
        for range in ["A1", "$F$3", "A1:C7", "F:F", "$F:$G", "3:4"] {
            assert!(is_range(range), "{range}");
        }
        for other in ["", "naam", "A", "7", "A1:naam"] {
            assert!(!is_range(other), "{other}");
        }
    }
}
