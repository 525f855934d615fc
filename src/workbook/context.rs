//! The surroundings of a cell: its row with the rows beside it, under the headings of its columns.
//!
//! Owns which rows and columns help a person to find a cell again. Must not know what was found there.

use super::read::Workbook;
use super::sheet::{Cell, Sheet, shown};
use crate::model::{CellValue, Snippet, SnippetRow, column_letters, parse_a1};

/// The tabs that people work on, as they show.
#[derive(Debug, Clone, Default)]
pub struct Grids(Vec<Sheet>);

/// Most columns that are shown.
const COLUMNS: usize = 6;

/// A row with at least so many filled cells, all of them words, may hold headings.
const HEADINGS: usize = 4;

impl Workbook {
    /// The tabs as they show; takes them out of the workbook.
    #[must_use]
    pub fn take_grids(&mut self) -> Grids {
        Grids(std::mem::take(&mut self.sheets))
    }
}

impl Grids {
    /// Puts these words in the place of what stands in cells, each by its tab and address; for what may not be shown.
    pub fn hide(&mut self, cells: &[(String, String)], words: &str) {
        for (tab, cell) in cells {
            let sheet = self.0.iter_mut().find(|sheet| sheet.name == *tab);
            let cell = sheet.zip(parse_a1(cell)).and_then(|(sheet, at)| sheet.cells.get_mut(&at));
            if let Some(cell) = cell {
                cell.value = CellValue::Text(words.to_owned());
            }
        }
    }

    /// The surroundings of a place such as `E12`, `E10:E14 E16` or the whole row `12:12`: those of its first cell.
    /// `None` for a tab that is not kept and for what is no place.
    #[must_use]
    pub fn around(&self, tab: &str, place: &str) -> Option<Snippet> {
        let sheet = self.0.iter().find(|sheet| sheet.name == tab)?;
        let first = place.split([':', ' ', ',']).next().unwrap_or_default();
        let (row, col) = match parse_a1(first) {
            Some((row, col)) => (row, Some(col)),
            None => (first.parse::<u32>().ok()?.checked_sub(1)?, None),
        };
        let heading = (0..row).rev().find(|above| is_heading(sheet, *above));
        let columns = columns(sheet, row, col, heading);
        let beside = |at: Option<u32>| at.filter(|at| Some(*at) != heading && sheet.row(*at).next().is_some());
        let above = beside(row.checked_sub(1));
        let below = beside(row.checked_add(1));
        let rows = [heading, above, Some(row), below].into_iter().flatten().map(|at| SnippetRow {
            number: at + 1,
            cells: columns.iter().map(|col| sheet.cell(at, *col).map(as_excel).unwrap_or_default()).collect(),
            heading: Some(at) == heading,
            marked: at == row,
        });
        Some(Snippet {
            rows: rows.collect(),
            column: col.and_then(|col| columns.iter().position(|shown| *shown == col)),
            columns: columns.iter().map(|col| column_letters(*col)).collect(),
        })
    }
}

/// A cell as Excel shows it: a number with the decimals of its format.
fn as_excel(cell: &Cell) -> String {
    let decimals = decimals_of(&cell.number_format);
    match (&cell.value, decimals) {
        (CellValue::Number(number), Some(decimals)) => {
            let (number, sign) = if cell.percent() { (number * 100.0, "%") } else { (*number, "") };
            format!("{number:.decimals$}{sign}").replace('.', ",")
        }
        _ => shown(cell),
    }
}

/// The decimals that a plain number format such as `#,##0.0` or `0%` shows; `None` for any other format.
fn decimals_of(format: &str) -> Option<usize> {
    let plain = format.trim_end_matches('%').trim_start_matches("#,##");
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
    (whole == "0" && decimals.bytes().all(|byte| byte == b'0')).then_some(decimals.len())
}

/// True for a row of headings: several short texts beside each other and no figures.
fn is_heading(sheet: &Sheet, row: u32) -> bool {
    let mut filled = 0;
    for (_, cell) in sheet.row(row) {
        match &cell.value {
            CellValue::Text(text) if text.chars().count() <= 60 && !text.contains('·') => filled += 1,
            _ => return false,
        }
    }
    filled >= HEADINGS
}

/// The columns to show: that of the cell, the one that says what the row is about, and the nearest that hold something.
fn columns(sheet: &Sheet, row: u32, col: Option<u32>, heading: Option<u32>) -> Vec<u32> {
    let mut known: Vec<u32> = [heading, Some(row)]
        .into_iter()
        .flatten()
        .flat_map(|at| sheet.row(at).map(|(col, _)| col).collect::<Vec<_>>())
        .chain(col)
        .collect();
    known.sort_unstable();
    known.dedup();
    // What the row is about stands in its first text.
    let name = sheet
        .row(row)
        .find(|(_, cell)| matches!(&cell.value, CellValue::Text(text) if text.chars().count() > 3))
        .map(|(col, _)| col);
    let centre = col.or(name).unwrap_or(0);
    let mut nearest = known.clone();
    nearest.sort_by_key(|other| (other.abs_diff(centre), *other));
    nearest.truncate(COLUMNS);
    if let Some(name) = name
        && !nearest.contains(&name)
    {
        nearest.pop();
        nearest.push(name);
    }
    nearest.sort_unstable();
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grids() -> Grids {
        let mut sheet = Sheet { name: "Pijler Veilig".into(), ..Sheet::default() };
        let mut put = |row: u32, col: u32, value: CellValue| {
            sheet.cells.insert((row, col), Cell { value, ..Cell::default() });
        };
        for (col, text) in
            ["Nr", "Indicator", "Eenheid", "Bron", "wijk", "vrij", "Rotterdam"].into_iter().enumerate()
        {
            put(8, col as u32, CellValue::Text(text.into()));
        }
        for row in 9..12 {
            put(row, 1, CellValue::Text(format!("Indicator {row}")));
            put(row, 4, CellValue::Number(12.5));
            put(row, 6, CellValue::Number(13.0));
        }
        Grids(vec![sheet])
    }

    #[test]
    fn a_number_has_the_decimals_that_excel_shows() {
        let shown = |number: f64, format: &str| {
            as_excel(&Cell { value: CellValue::Number(number), number_format: format.into(), ..Cell::default() })
        };
        assert_eq!(shown(20.1626775751, "#,##0.0"), "20,2");
        assert_eq!(shown(0.125, "0.0%"), "12,5%");
        assert_eq!(shown(1234.6, "0"), "1235");
        assert_eq!(shown(2.5, ""), "2,5");
    }

    #[test]
    fn a_cell_is_shown_with_its_headings_its_neighbours_and_the_row_numbers_of_excel() {
        let found = grids().around("Pijler Veilig", "E11 E14").unwrap();
        assert_eq!(found.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [9, 10, 11, 12]);
        assert!(found.rows[0].heading && found.rows[2].marked);
        assert_eq!(found.columns[found.column.unwrap()], "E");
        assert!(found.columns.contains(&"B".to_owned()), "{:?}", found.columns);
        assert_eq!(found.rows[2].cells[found.column.unwrap()], "12,5");
    }

    #[test]
    fn a_whole_row_has_no_marked_column_and_an_unknown_tab_no_surroundings() {
        let found = grids().around("Pijler Veilig", "11:11").unwrap();
        assert_eq!((found.column, found.rows.iter().filter(|row| row.marked).count()), (None, 1));
        assert_eq!(grids().around("Elders", "A1"), None);
        assert_eq!(grids().around("Pijler Veilig", "?"), None);
    }
}
