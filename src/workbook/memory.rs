//! What the hidden tab remembers of earlier editions, beside the record of filling.
//!
//! Owns the columns for it: behind those of the record, so that a row is either a cell that filling wrote or something
//! remembered, and programs that know only the record pass it by. And whether a person took our note away.

use std::collections::BTreeMap;

use super::sheet::Sheet;
use crate::error::Result;
use crate::model::{Analysis, CellValue, Format, History, OldFigure, OwnWords, TextMark, person_texts};
use crate::package::{NewValue, NoteKind, Spreadsheet};

/// The first column of what is remembered: that of its kind.
const FIRST: u32 = OwnWords::COLUMN;
const EDITION: &str = "editie";
const FIGURE: &str = "vorig cijfer";
const TEXT: &str = "tekst na te lezen";

/// Reads what is remembered. Rows that are not understood are skipped.
pub(crate) fn read(sheet: &Sheet) -> History {
    let mut history = History::default();
    for row in sheet.rows() {
        let text = |col: u32| sheet.text(row, FIRST + col);
        let number = |col: u32| text(col).trim().parse::<u32>().ok();
        match text(0).as_str() {
            EDITION => history.editions.push(text(2)),
            FIGURE => {
                let Some(round) = number(1) else { continue };
                history.figures.push(OldFigure {
                    round,
                    code: text(2),
                    field: text(3),
                    value: sheet.value(row, FIRST + 4),
                    period: text(5),
                    source: text(6),
                    area: text(7),
                    unit: text(8),
                });
            }
            TEXT => {
                let Some(since) = number(1) else { continue };
                let noted = text(4) == "ja";
                history.marks.push(TextMark { key: text(2), seal: text(3), since, noted, confirmed: false });
            }
            OwnWords::KIND => {
                history.own_words.push(OwnWords { code: text(1), field: text(2), own: text(3), shown: text(4) });
            }
            _ => {}
        }
    }
    history
}

/// The rows of what is remembered, for below the record.
pub(crate) fn to_rows(history: &History) -> Vec<Vec<NewValue>> {
    let text = |text: &str| if text.is_empty() { NewValue::Clear } else { NewValue::Text(text.to_owned()) };
    let number = |number: u32| NewValue::Number(f64::from(number));
    let row = |cells: Vec<NewValue>| {
        let mut row = vec![NewValue::Clear; FIRST as usize];
        row.extend(cells);
        row
    };
    let mut rows = Vec::new();
    for (round, edition) in (1_u32..).zip(&history.editions) {
        rows.push(row(vec![text(EDITION), number(round), text(edition)]));
    }
    for old in &history.figures {
        let value = match &old.value {
            CellValue::Number(number) => NewValue::Number(*number),
            other => text(&other.text()),
        };
        rows.push(row(vec![
            text(FIGURE),
            number(old.round),
            text(&old.code),
            text(&old.field),
            value,
            text(&old.period),
            text(&old.source),
            text(&old.area),
            text(&old.unit),
        ]));
    }
    for mark in &history.marks {
        let noted = if mark.noted { "ja" } else { "nee" };
        rows.push(row(vec![text(TEXT), number(mark.since), text(&mark.key), text(&mark.seal), text(noted)]));
    }
    for words in &history.own_words {
        rows.push(row(vec![
            text(OwnWords::KIND),
            text(&words.code),
            text(&words.field),
            text(&words.own),
            text(&words.shown),
        ]));
    }
    rows
}

/// Marks texts as confirmed of which a person took our note away.
///
/// # Errors
/// When the notes of a tab cannot be read.
pub(crate) fn confirm(package: &Spreadsheet, format: &Format, analysis: &mut Analysis) -> Result<()> {
    if analysis.history.marks.iter().all(|mark| !mark.noted) {
        return Ok(());
    }
    let mut by_tab: BTreeMap<String, BTreeMap<(u32, u32), bool>> = BTreeMap::new();
    for text in person_texts(format, analysis) {
        let Some(mark) = analysis.history.marks.iter_mut().find(|mark| mark.key == text.key && mark.noted) else {
            continue;
        };
        if !by_tab.contains_key(&text.at.tab) {
            by_tab.insert(text.at.tab.clone(), package.noted_cells(&text.at.tab, NoteKind::Edition)?);
        }
        let ours = by_tab.get(&text.at.tab).and_then(|cells| cells.get(&(text.at.row, text.at.col)));
        mark.confirmed = ours != Some(&true);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet::Cell;

    #[test]
    fn what_is_remembered_is_read_back_the_same() {
        let old = |field: &str, value| OldFigure {
            round: 1,
            code: "vsv".into(),
            field: field.into(),
            value,
            period: "editie 2014, peiljaar onbekend".into(),
            source: "Wijkprofiel".into(),
            area: "BU1".into(),
            unit: "%".into(),
        };
        let mark = TextMark {
            key: "vraag|||conclusie".into(),
            seal: "12345678".into(),
            since: 1,
            noted: true,
            confirmed: false,
        };
        let history = History {
            editions: vec!["editie 2016".into()],
            figures: vec![old("wijk", CellValue::Number(16.4)), old("benchmark", CellValue::Text(".".into()))],
            marks: vec![mark],
            own_words: vec![OwnWords {
                code: "vsv".into(),
                field: "eenheid".into(),
                own: "per 1.000".into(),
                shown: "%".into(),
            }],
        };
        let mut sheet = Sheet::default();
        for (row, cells) in (4_u32..).zip(to_rows(&history)) {
            for (col, value) in (0_u32..).zip(cells) {
                let value = match value {
                    NewValue::Number(number) => CellValue::Number(number),
                    NewValue::Text(text) => CellValue::Text(text),
                    NewValue::Bool(_) | NewValue::Clear => continue,
                };
                sheet.cells.insert((row, col), Cell { value, ..Cell::default() });
            }
        }
        assert_eq!(read(&sheet), history);
        assert!(super::super::record::FillRecord::from_sheet(&sheet).rows.is_empty());
    }
}
