//! The surroundings of a cell: its row with the rows beside it, under the headings of its columns.
//!
//! Owns which rows and columns help a person to find a cell again. Must not know what was found there.

use super::read::Workbook;
use super::sheet::Sheet;
use crate::model::{CellValue, Snippet, SnippetRow, column_letters, parse_a1, words};
use crate::package::styles::{is_percent_format, without_language};

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
            cells: columns.iter().map(|col| as_shown(sheet, at, *col)).collect(),
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

/// What a cell shows: a figure with the decimals of its number format, as Excel does.
fn as_shown(sheet: &Sheet, row: u32, col: u32) -> String {
    let cell = sheet.cell(row, col);
    match cell.map(|cell| (&cell.value, decimals(&cell.number_format))) {
        Some((CellValue::Number(number), Some(decimals))) => {
            let percent = cell.is_some_and(|cell| is_percent_format(&cell.number_format));
            let (number, sign) = if percent { (number * 100.0, "%") } else { (*number, "") };
            let shown = words::number(number, decimals);
            // Thousands stand apart only where the format says so.
            let grouped = cell.is_some_and(|cell| cell.number_format.contains(','));
            if grouped { format!("{shown}{sign}") } else { format!("{}{sign}", shown.replace('.', "")) }
        }
        _ => sheet.text(row, col),
    }
}

/// The decimals that a plain number format such as `0.0` or `#,##0.00%` shows; `None` for any other, such as one of dates.
fn decimals(format: &str) -> Option<u8> {
    let first = without_language(format).split(';').next().unwrap_or_default();
    let plain = |c: char| matches!(c, '0' | '#' | '.' | ',' | '%');
    if !first.contains('0') || !first.chars().all(plain) {
        return None;
    }
    let behind = first.split_once('.').map_or("", |(_, behind)| behind);
    u8::try_from(behind.chars().filter(|c| matches!(c, '0' | '#')).count()).ok()
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
    use crate::workbook::sheet::Cell;

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
    fn a_cell_is_shown_with_its_headings_its_neighbours_and_the_row_numbers_of_excel() {
        let found = grids().around("Pijler Veilig", "E11 E14").unwrap();
        assert_eq!(found.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [9, 10, 11, 12]);
        assert!(found.rows[0].heading && found.rows[2].marked);
        assert_eq!(found.columns[found.column.unwrap()], "E");
        assert!(found.columns.contains(&"B".to_owned()), "{:?}", found.columns);
        assert_eq!(found.rows[2].cells[found.column.unwrap()], "12,5");
        let mut grids = grids();
        for (format, shown) in [
            ("0.0", "15,4"),
            ("0.0%", "1542,4%"),
            ("0", "15"),
            ("[$-413]#,##0.0", "15,4"),
            ("dd-mm-yyyy", "15,4237"),
        ] {
            let cell = Cell { value: CellValue::Number(15.4237), number_format: format.into(), ..Cell::default() };
            grids.0[0].cells.insert((10, 4), cell);
            let found = grids.around("Pijler Veilig", "E11").unwrap();
            assert_eq!(found.rows[2].cells[found.column.unwrap()], shown, "{format}");
        }
        grids.hide(&[("Pijler Veilig".into(), "E11".into())], "niet getoond");
        let found = grids.around("Pijler Veilig", "E12").unwrap();
        assert!(found.rows.iter().any(|row| row.cells.contains(&"niet getoond".to_owned())), "{found:?}");
    }

    #[test]
    fn a_whole_row_has_no_marked_column_and_an_unknown_tab_no_surroundings() {
        let found = grids().around("Pijler Veilig", "11:11").unwrap();
        assert_eq!((found.column, found.rows.iter().filter(|row| row.marked).count()), (None, 1));
        assert_eq!(grids().around("Elders", "A1"), None);
        assert_eq!(grids().around("Pijler Veilig", "?"), None);
    }
}
