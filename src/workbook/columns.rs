//! The columns of a pijler tab: which column holds the figures of the wijk, of the second area, of the benchmark.
//!
//! Owns telling columns whose heading is a name of a person's choosing by where they stand. Part of `pijler`.

use super::layout::{HeadingRow, quoted};
use super::pijler::Reader;
use crate::finding::Level;
use crate::model::{CellRef, TextCell, column_letters, normalise};

impl Reader<'_> {
    /// Completes the columns of a heading row: the heading of the wijk is the name of the wijk once filled, and
    /// the heading of the second area is free, so both may have to be told by where they stand.
    pub(super) fn take_columns(&mut self, mut heading: HeadingRow) {
        let sheet = self.sheet;
        let rows = heading.row..heading.below();
        let title = |col: u32| -> Vec<String> {
            rows.clone().map(|row| normalise(&sheet.text(row, col))).filter(|text| !text.is_empty()).collect()
        };
        let last =
            sheet.row(heading.row).chain(sheet.row(heading.row + heading.height - 1)).map(|(col, _)| col).max();
        let last = last.unwrap_or(0);
        let claimed = |heading: &HeadingRow, col: u32| heading.columns.values().any(|taken| *taken == col);
        let named = |heading: &HeadingRow, name: &str| {
            let name = normalise(name);
            (0..=last).find(|col| !claimed(heading, *col) && !name.is_empty() && title(*col).contains(&name))
        };
        if heading.col("benchmark").is_none() {
            let (code, name) = &self.lexicon.format.benchmark;
            if let Some(col) = named(&heading, name).or_else(|| named(&heading, code)) {
                heading.columns.insert("benchmark".to_owned(), col);
            }
        }
        let wijk_name = self.tab.wijk.as_ref().map(|cell| cell.text.clone()).unwrap_or_default();
        if heading.col("wijk").is_none()
            && let Some(col) = named(&heading, &wijk_name)
        {
            heading.columns.insert("wijk".to_owned(), col);
        }
        // Between the source and the benchmark stand the wijk and then the second area.
        if let Some(benchmark) = heading.col("benchmark") {
            let left = ["bron", "eenheid", "indicator", "nummer"]
                .iter()
                .filter_map(|field| heading.col(field))
                .filter(|col| *col < benchmark)
                .max();
            let free: Vec<u32> = left
                .map(|left| (left + 1..benchmark).filter(|col| !claimed(&heading, *col)).collect())
                .unwrap_or_default();
            match (heading.col("wijk"), heading.col("naast")) {
                (None, None) if matches!(free.len(), 1 | 2) => {
                    for (field, col) in ["wijk", "naast"].iter().zip(&free) {
                        heading.columns.insert((*field).to_owned(), *col);
                    }
                }
                (None, Some(naast)) => {
                    let before: Vec<&u32> = free.iter().filter(|col| **col < naast).collect();
                    if let [col] = before.as_slice() {
                        heading.columns.insert("wijk".to_owned(), **col);
                    }
                }
                (Some(wijk), None) => {
                    let between: Vec<&u32> = free.iter().filter(|col| **col > wijk).collect();
                    if let [col] = between.as_slice() {
                        heading.columns.insert("naast".to_owned(), **col);
                    }
                }
                _ => {}
            }
        }
        for field in ["wijk", "benchmark", "bron"] {
            if heading.col(field).is_none() {
                self.report_column(&heading, field);
            }
        }
        let top = heading.row;
        for field in ["wijk", "naast", "benchmark"] {
            let Some(col) = heading.col(field) else { continue };
            // The lower of two heading rows holds the name when the upper is a group title.
            let row = (top..heading.below()).rev().find(|row| !sheet.is_blank(*row, col)).unwrap_or(top);
            let (row, col_of_merge, _, _) = sheet.area(row, col);
            let cell =
                TextCell { at: CellRef::new(&sheet.name, row, col_of_merge), text: sheet.text(row, col_of_merge) };
            self.tab.headings.push((field.to_owned(), cell));
        }
        if self.tab.columns.is_empty()
            || (self.tab.columns.iter().all(|(field, _)| field != "wijk") && heading.col("wijk").is_some())
        {
            let mut columns: Vec<(String, u32)> = heading.columns.iter().map(|(f, c)| (f.clone(), *c)).collect();
            columns.sort_by_key(|(_, col)| *col);
            self.tab.columns = columns;
        }
        self.columns = Some(heading);
    }

    fn report_column(&mut self, heading: &HeadingRow, field: &str) {
        let known: Vec<&str> = self
            .lexicon
            .format
            .headings_of("pijler")
            .filter(|known| known.field == field)
            .flat_map(|known| {
                std::iter::once(known.text.as_str()).chain(known.variants.iter().map(String::as_str))
            })
            .collect();
        let present: Vec<String> = self
            .sheet
            .row(heading.row)
            .map(|(col, _)| {
                format!("{} '{}'", column_letters(col), self.sheet.text(heading.row, col).replace('\n', " "))
            })
            .collect();
        let (what, level) = match field {
            "wijk" => ("de cijfers van de wijk", Level::Fout),
            "benchmark" => ("de cijfers van de benchmark", Level::Fout),
            _ => ("de bron van elk cijfer", Level::Waarschuwing),
        };
        let found = format!(
            "Op het tabblad '{}' is in rij {} geen kolom gevonden met {what}. Er staat: {}.",
            self.sheet.name,
            heading.row + 1,
            present.join(", ")
        );
        self.report(
            "kolom-ontbreekt",
            level,
            Some((heading.row, 0)),
            found,
            format!("Gezocht is naar {}.", quoted(&known)),
            "Geef de kolom een van deze koppen, of voeg de kop als variant toe aan kolommen.csv.",
        );
    }
}
