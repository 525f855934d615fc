//! Which mapping belongs to a source: by its tabs, headings and values, never by the name of the file.

use super::mapping::{Mapping, Table};
use super::sheet::{Book, Row};
use super::table::row_at;
use crate::error::Result;
use crate::model::normalise;

/// How many rows are read to recognise a source.
const HEAD_ROWS: u32 = 40;

/// The tabs of the mapping's tables in this book, or `None` when the mapping is not about it.
pub(super) fn recognise(book: &mut Book<'_>, mapping: &Mapping) -> Result<Option<Vec<String>>> {
    let recognition = &mapping.spec.herkenning;
    let tab_named =
        |book: &Book<'_>, wanted: &str| book.tabs.iter().find(|tab| normalise(tab) == normalise(wanted)).cloned();
    if recognition.tabs.iter().any(|wanted| tab_named(book, wanted).is_none()) {
        return Ok(None);
    }
    let fits = |rows: &[Row], table: &Table| -> bool {
        let Some(head) = row_at(rows, *table.koprij.get_ref()) else { return false };
        let headings: Vec<String> = head.cells.iter().map(|cell| cell.value.text()).collect();
        let subject = |heading: &str| match table.periode.as_ref().and_then(|period| period.in_kop.as_deref()) {
            Some(sign) => heading.rsplit_once(sign).map_or(heading, |(subject, _)| subject).trim().to_owned(),
            None => heading.trim().to_owned(),
        };
        let all = recognition.koppen.iter().all(|wanted| headings.iter().any(|h| subject(h) == *wanted));
        let holds = recognition.kop_bevat.as_ref().is_none_or(|part| headings.iter().any(|h| h.contains(part)));
        let value = recognition.waarde.as_ref().is_none_or(|value| {
            let col = head.cells.iter().find(|cell| cell.value.text() == value.kolom).map(|cell| cell.col);
            let first = *table.eerste_rij.get_ref();
            let row = rows.iter().find(|row| row.index + 1 >= first && !row.cells.is_empty());
            col.zip(row).is_some_and(|(col, row)| row.text(col) == value.is)
        });
        all && holds && value
    };
    let mut tabs = Vec::new();
    for (place, table) in mapping.spec.tabel.iter().enumerate() {
        let candidates = match &table.tab {
            Some(wanted) => match tab_named(book, wanted) {
                Some(tab) => vec![tab],
                None => return Ok(None),
            },
            None => book.tabs.clone(),
        };
        let checks = place == 0 && !(recognition.koppen.is_empty() && recognition.kop_bevat.is_none());
        let mut chosen = None;
        for tab in candidates {
            if table.tab.is_some() && !checks {
                chosen = Some(tab);
                break;
            }
            if fits(&book.rows(&tab, Some(HEAD_ROWS))?, table) {
                chosen = Some(tab);
                break;
            }
        }
        match chosen {
            Some(tab) => tabs.push(tab),
            None => return Ok(None),
        }
    }
    Ok(Some(tabs))
}
