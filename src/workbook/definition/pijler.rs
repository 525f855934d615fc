//! A pijler tab and the summary tab, row by row: what each row says about the format.
//!
//! Owns telling rows of the format from rows of people. Of a row only the cells are read that the format writes.

use std::collections::BTreeMap;

use super::{fill, text_cell};
use crate::model::{
    CellValue, FoundBlock, FoundFactor, FoundFormat, FoundHeading, FoundIndicator, FoundQuestion, Identity,
    QuestionPlace, TextCell,
};
use crate::package::styles::{is_percent_format, without_language};
use crate::workbook::layout::{DomeinHeading, HeadingRow, cell_beside, heading_row, identified_row};
use crate::workbook::lexicon::{Lexicon, PLACES, factor_name};
use crate::workbook::names::without_numbering;
use crate::workbook::sheet::Sheet;
use crate::workbook::tables;

/// The column headings in a row: by the ids of row and columns, else by their texts.
pub(super) fn headings_at(sheet: &Sheet, lexicon: &Lexicon<'_>, row: u32) -> Option<HeadingRow> {
    if sheet.row_id(row) == Some(&Identity::Headings)
        && let Some(heading) = identified_row(sheet, &lexicon.pijler, "pijler", row)
    {
        return Some(heading);
    }
    heading_row(sheet, &lexicon.pijler, row, &["indicator"], 3)
}

/// Which part of a block the rows belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// Above the first block.
    Top,
    /// Between the heading of a domein and the column headings.
    Opening,
    /// Under the column headings.
    Figures,
    /// From the first question on.
    Questions,
}

/// A tab while it is walked from top to bottom.
pub(super) struct Walk<'a> {
    found: &'a mut FoundFormat,
    sheet: &'a Sheet,
    lexicon: &'a Lexicon<'a>,
    links: BTreeMap<(u32, u32), String>,
    notes: BTreeMap<(u32, u32), String>,
    zone: Zone,
    columns: Option<HeadingRow>,
    /// The block of all blocks that is open.
    block: Option<usize>,
    /// The factor row of the block under which rows stand.
    factor: Option<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        found: &'a mut FoundFormat,
        sheet: &'a Sheet,
        lexicon: &'a Lexicon<'a>,
        links: BTreeMap<(u32, u32), String>,
        notes: BTreeMap<(u32, u32), String>,
    ) -> Self {
        Walk { found, sheet, lexicon, links, notes, zone: Zone::Top, columns: None, block: None, factor: None }
    }

    /// A pijler tab.
    pub(super) fn pijler(mut self) {
        let mut skip = 0;
        for row in self.sheet.rows() {
            if row < skip {
                continue;
            }
            if let Some(heading) = tables::closing_heading(self.sheet, self.lexicon, row) {
                skip = self.closing(&heading);
            } else if let Some(heading) = headings_at(self.sheet, self.lexicon, row) {
                skip = heading.below();
                self.headings("pijler", &heading);
                self.columns = Some(heading);
                self.zone = Zone::Figures;
            } else if !(self.domein(row)
                || (self.zone == Zone::Top && self.label(row))
                || self.question(row, PLACES)
                || self.line(row)
                || self.factor(row)
                || self.indicator(row))
            {
                self.loose(row);
            }
        }
    }

    /// The summary tab.
    pub(super) fn summary(mut self) {
        const SUMMARY: &[QuestionPlace] = &[QuestionPlace::Samenvatting];
        let mut skip = 0;
        for row in self.sheet.rows() {
            if row < skip {
                continue;
            }
            if let Some(heading) = tables::closing_heading(self.sheet, self.lexicon, row) {
                skip = self.closing(&heading);
            } else if !self.question(row, SUMMARY) {
                self.loose(row);
            }
        }
    }

    fn cell(&self, row: u32, col: u32) -> TextCell {
        text_cell(self.sheet, row, col)
    }

    /// The headings of a table. Those over the figures of the wijk and of the second area hold names of a person's
    /// choosing once filled; that over the benchmark is its name.
    fn headings(&mut self, table: &str, heading: &HeadingRow) {
        let cols: Vec<u32> = self.sheet.row(heading.row).map(|(col, _)| col).collect();
        for col in cols {
            let field = heading.columns.iter().find(|(_, at)| **at == col).map(|(field, _)| field.clone());
            let field = field.or_else(|| self.figure_column(table, heading, col));
            let cell = self.cell(heading.row, col);
            match field.as_deref() {
                Some("benchmark") if table == "pijler" => self.found.benchmark.push(cell),
                _ => self.found.headings.push(FoundHeading { table: table.to_owned(), field, cell }),
            }
        }
    }

    /// Which of the three columns with figures this is, by where it stands.
    fn figure_column(&self, table: &str, heading: &HeadingRow, col: u32) -> Option<String> {
        if table != "pijler" {
            return None;
        }
        let source = heading.col("bron")?;
        let free = |field: &str| heading.col(field).is_none();
        let at = ["wijk", "naast", "benchmark"].get(usize::try_from(col.checked_sub(source + 1)?).ok()?)?;
        free(at).then(|| (*at).to_owned())
    }

    /// The closing table: its headings and the names of the domeinen; returns the first row below it.
    fn closing(&mut self, heading: &HeadingRow) -> u32 {
        let sheet = self.sheet;
        self.headings("slottabel", heading);
        let Some(names) = heading.col("domein") else { return heading.below() };
        let mut end = heading.below();
        for row in sheet.rows().into_iter().filter(|row| *row >= heading.below()) {
            if row < end {
                continue;
            }
            let name = sheet.text(row, names);
            let id = match sheet.row_id(row) {
                Some(Identity::ClosingRow(id)) => Some(id.clone()),
                _ => None,
            };
            let known = id.is_some()
                || self.lexicon.domeinen.named(without_numbering(&name)).is_some()
                || self.found.blocks.iter().any(|block| block.name.text == name.trim());
            if !known {
                break;
            }
            self.found.closing.push((id.clone(), self.cell(row, names)));
            if let Some(col) = heading.col("pijler").filter(|col| !sheet.is_blank(row, *col)) {
                self.found.pijler_names.push((id, self.cell(row, col)));
            }
            let own = ["cijfers", "factoren", "leeftijdsfase", "leefgebied", "conclusie"];
            if let Some(col) =
                own.iter().filter_map(|field| heading.col(field)).find(|col| !sheet.is_blank(row, *col))
            {
                fill(self.found, &sheet.name, row, col);
            }
            end = sheet.area(row, names).2 + 1;
        }
        end
    }

    fn domein(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let id = match sheet.row_id(row) {
            Some(Identity::Domein(id)) => Some(id.clone()),
            _ => None,
        };
        let by_text = sheet.row(row).find_map(|(col, _)| {
            let text = sheet.text(row, col);
            match self.lexicon.domeinen.heading(&text) {
                DomeinHeading::Known(name, labelled) if labelled || sheet.row(row).count() == 1 => {
                    Some((col, name.to_owned()))
                }
                DomeinHeading::Unknown(name) => Some((col, name)),
                _ => None,
            }
        });
        let first = sheet.row(row).next().map(|(col, _)| col);
        let (col, name) = match (by_text, &id, first) {
            (Some((col, _)), _, _) | (None, Some(_), Some(col)) => {
                (col, after_word(&sheet.text(row, col), "domein"))
            }
            _ => return false,
        };
        let by_name = self.lexicon.domeinen.named(&name).and_then(|name| self.lexicon.format.domein(name));
        let id = id.or_else(|| by_name.map(|domein| domein.id.clone()));
        let mut cell = self.cell(row, col);
        cell.text = name;
        let model_tab = self.links.range((row, 0)..=(row, u32::MAX)).next().map(|(_, tab)| tab.clone());
        self.found.blocks.push(FoundBlock {
            tab: sheet.name.clone(),
            id,
            name: cell,
            ambitie: None,
            model_tab,
            factoren: Vec::new(),
            indicators: Vec::new(),
            wanted: Vec::new(),
        });
        self.block = Some(self.found.blocks.len() - 1);
        self.factor = None;
        self.zone = Zone::Opening;
        true
    }

    /// A label above the blocks. Its value is a person's.
    fn label(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let by_text = sheet.row(row).find_map(|(col, _)| {
            Some((col, self.lexicon.labels.field(sheet.text(row, col).trim_end_matches(':'))?.to_owned()))
        });
        let by_id = match (sheet.row_id(row), sheet.row(row).next()) {
            (Some(Identity::Label(field)), Some((col, _))) => Some((col, field.clone())),
            _ => None,
        };
        let Some((col, field)) = by_id.or(by_text) else { return false };
        let is_label = |text: &str| self.lexicon.labels.field(text).is_some();
        let (at_row, at_col) = cell_beside(sheet, row, col, is_label);
        if !sheet.is_blank(at_row, at_col) {
            fill(self.found, &sheet.name, at_row, at_col);
        }
        let cell = self.cell(row, col);
        self.found.headings.push(FoundHeading { table: "kopgegevens".to_owned(), field: Some(field), cell });
        // Beside the labels stands the explanation of the colours.
        let beside: Vec<u32> = sheet
            .row(row)
            .map(|(at, _)| at)
            .filter(|at| *at > at_col.max(col) && !self.links.contains_key(&(row, *at)))
            .collect();
        for at in beside {
            let cell = self.cell(row, at);
            self.found.loose.push(cell);
        }
        true
    }

    fn question(&mut self, row: u32, places: &[QuestionPlace]) -> bool {
        let sheet = self.sheet;
        let code = match sheet.row_id(row) {
            Some(Identity::Question(code)) => Some(code.clone()),
            _ => None,
        };
        let by_text =
            sheet.row(row).find_map(|(col, _)| Some((col, self.lexicon.question(&sheet.text(row, col), places)?)));
        let summary = places.contains(&QuestionPlace::Samenvatting);
        let named = self.columns.as_ref().and_then(|columns| columns.col("indicator"));
        // The letter of a question stands before it.
        let long = || sheet.row(row).map(|(col, _)| col).find(|col| sheet.text(row, *col).chars().count() > 2);
        let place_of = |code: &str| self.lexicon.question_of(code, places).map(|(_, place)| place);
        let here = match (summary, self.block) {
            (true, _) => QuestionPlace::Samenvatting,
            (false, Some(_)) => QuestionPlace::Domein,
            (false, None) => QuestionPlace::Pijler,
        };
        let (col, code, place) = match (code, by_text) {
            (Some(code), by_text) => {
                let col =
                    by_text.map(|(col, _)| col).or(named.filter(|col| !sheet.is_blank(row, *col))).or_else(long);
                let Some(col) = col else { return false };
                let place = place_of(&code).unwrap_or(here);
                (col, Some(code), place)
            }
            (None, Some((col, (code, place)))) => (col, Some(code.to_owned()), place),
            (None, None) => {
                let Some(col) = self.new_question(row, summary) else { return false };
                (col, None, here)
            }
        };
        self.zone = Zone::Questions;
        // A question of the whole pijler ends the last block.
        if place == QuestionPlace::Pijler {
            self.block = None;
        }
        let text = self.cell(row, col);
        let right = sheet.area(row, col).3;
        if let Some((at, _)) = sheet.row(row).find(|(at, _)| *at > right) {
            fill(self.found, &sheet.name, row, at);
        }
        let link = self.links.contains_key(&(row, col));
        let block = self.block.filter(|_| place == QuestionPlace::Domein);
        self.found.questions.push(FoundQuestion { code, place, block, text, link });
        true
    }

    /// The column of a question that the format does not know: a text where questions stand, below another question or
    /// with a question mark.
    fn new_question(&self, row: u32, summary: bool) -> Option<u32> {
        let sheet = self.sheet;
        let col = match (summary, &self.columns) {
            (true, _) => {
                sheet.row(row).map(|(col, _)| col).find(|col| sheet.text(row, *col).chars().count() > 2)?
            }
            (false, Some(columns)) => columns.col("indicator")?,
            (false, None) => return None,
        };
        let text = sheet.text(row, col);
        // What stands in the first column is a line over the whole width. Merged cells say nothing: some programs leave them
        // where they were when rows are inserted.
        if text.trim().chars().count() < 3 || col == 0 || self.links.contains_key(&(row, 1)) && summary {
            return None;
        }
        let asked = text.trim_end().ends_with('?');
        let below = self.zone == Zone::Questions && sheet.row_id(row).is_none();
        match summary {
            true => (below || asked).then_some(col),
            false => (self.zone == Zone::Questions && below || asked && self.zone != Zone::Top).then_some(col),
        }
    }

    /// A line over the whole width: the ambition, a wanted figure, or a loose text.
    fn line(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let Some((col, _)) = sheet.row(row).next() else { return false };
        let text = sheet.text(row, col).trim().to_owned();
        let Some(block) = self.block.and_then(|at| self.found.blocks.get_mut(at)) else { return false };
        if self.zone == Zone::Opening && block.ambitie.is_none() && text.contains(':') {
            block.ambitie = Some(text_cell(sheet, row, col));
            return true;
        }
        let dash = text.strip_prefix(['–', '-', '•']).map(str::trim);
        if let (Some(wanted), true) = (dash, self.zone == Zone::Figures)
            && sheet.row(row).count() == 1
        {
            let mut cell = text_cell(sheet, row, col);
            wanted.clone_into(&mut cell.text);
            block.wanted.push(cell);
            return true;
        }
        false
    }

    fn factor(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let Some(columns) = &self.columns else { return false };
        let (Some(col), Some(block)) = (columns.col("indicator"), self.block) else { return false };
        let id = match sheet.row_id(row) {
            Some(Identity::Factor(id)) => Some(id.clone()),
            _ => None,
        };
        let text = sheet.text(row, col);
        let name = factor_name(&text);
        let bare = columns.col("bron").is_none_or(|at| sheet.is_blank(row, at));
        let known = self.lexicon.factor(&name.name);
        if self.zone != Zone::Figures
            || text.trim().is_empty()
            || !(id.is_some() || name.labelled || (known.is_some() && bare))
        {
            return false;
        }
        let by_name = self.lexicon.format.factoren.iter().find(|factor| Some(factor.name.as_str()) == known);
        let rank =
            text.get(name.name.len()..).and_then(|_| text.rsplit_once('(')).map(|(_, rest)| rest.to_owned());
        let mut cell = self.cell(row, col);
        let rank = rank.filter(|rank| rank.contains("ranking")).map(|rank| TextCell {
            at: cell.at.clone(),
            text: rank.trim_end_matches(')').trim_start_matches("ranking").trim().to_owned(),
        });
        cell.text = name.name;
        let found = FoundFactor {
            id: id.or_else(|| by_name.map(|factor| factor.id.clone())),
            name: cell,
            rank,
            kind: columns
                .col("eenheid")
                .filter(|at| !sheet.is_blank(row, *at))
                .map(|at| text_cell(sheet, row, at)),
            leefgebieden: None,
            leeftijdsfasen: None,
            explanation: columns
                .col("bron")
                .filter(|at| !sheet.is_blank(row, *at))
                .map(|at| text_cell(sheet, row, at)),
        };
        if let Some(block) = self.found.blocks.get_mut(block) {
            block.factoren.push(found);
            self.factor = Some(block.factoren.len() - 1);
        }
        true
    }

    fn indicator(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let Some(columns) = self.columns.clone() else { return false };
        let (Some(col), Some(block)) = (columns.col("indicator"), self.block) else { return false };
        let text = sheet.text(row, col);
        let hidden = columns.col("code").map(|at| sheet.text(row, at)).unwrap_or_default();
        let hidden = match sheet.row_id(row) {
            Some(Identity::Indicator(id)) if hidden.trim().is_empty() => id.clone(),
            _ => hidden,
        };
        if self.zone != Zone::Figures || text.trim().is_empty() {
            return false;
        }
        let names = &self.lexicon.indicators;
        let named = names
            .get(&crate::model::normalise(&text))
            .or_else(|| names.get(&crate::model::normalise(without_numbering(&text))));
        let code = match (hidden.trim(), named.map(Vec::as_slice)) {
            ("", Some([one])) => Some((*one).to_owned()),
            ("", _) => None,
            (code, _) => Some(code.to_owned()),
        };
        let at = |field: &str| columns.col(field).filter(|at| !sheet.is_blank(row, *at));
        for field in ["wijk", "naast", "opmerking"] {
            if let Some(col) = columns
                .col(field)
                .or_else(|| self.by_place(&columns, field))
                .filter(|col| !sheet.is_blank(row, *col))
            {
                fill(self.found, &sheet.name, row, col);
            }
        }
        let figures = ["benchmark", "wijk", "naast"];
        let decimals = figures.iter().find_map(|field| {
            let col = columns.col(field).or_else(|| self.by_place(&columns, field))?;
            decimals(&sheet.cell(row, col)?.number_format)
        });
        let note = self.notes.get(&(row, col)).cloned();
        let found = FoundIndicator {
            code,
            name: text_cell(sheet, row, col),
            unit: at("eenheid").map(|at| text_cell(sheet, row, at)),
            source: at("bron").map(|at| text_cell(sheet, row, at)),
            decimals,
            note,
            factor: self.factor,
        };
        if let Some(block) = self.found.blocks.get_mut(block) {
            block.indicators.push(found);
        }
        true
    }

    /// A column with figures by where it stands: right of the source.
    fn by_place(&self, columns: &HeadingRow, field: &str) -> Option<u32> {
        let source = columns.col("bron")?;
        let at = ["wijk", "naast", "benchmark"].iter().position(|known| *known == field)?;
        let col = source + 1 + u32::try_from(at).ok()?;
        (!columns.columns.values().any(|taken| *taken == col)).then_some(col)
    }

    /// A text that stands for itself: in the first two columns, or anywhere above the blocks.
    fn loose(&mut self, row: u32) {
        let sheet = self.sheet;
        let wide = self.zone == Zone::Top;
        for (col, cell) in sheet.row(row) {
            let text = matches!(&cell.value, CellValue::Text(text) if text.trim().chars().count() > 2);
            if text && (wide || col <= 1) && !self.links.contains_key(&(row, col)) {
                self.found.loose.push(text_cell(sheet, row, col));
            }
        }
    }
}

/// `Domein: Werk` without the word before the colon.
fn after_word(text: &str, word: &str) -> String {
    let text = without_numbering(text.trim());
    let rest = match text.get(..word.len()) {
        Some(start) if start.eq_ignore_ascii_case(word) => text.get(word.len()..).unwrap_or(""),
        _ => return text.to_owned(),
    };
    let rest = rest.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    match rest.strip_prefix([':', '-', '–']) {
        Some(name) => name.trim().to_owned(),
        None => text.to_owned(),
    }
}

/// The decimals that a number format shows; `None` for a format without figures, such as General.
fn decimals(format: &str) -> Option<u8> {
    let first = without_language(format).split(';').next().unwrap_or("");
    if !first.contains(['0', '#']) || is_percent_format(first) && !first.contains('0') {
        return None;
    }
    let after = first.split_once('.').map_or("", |(_, after)| after);
    let count = after.chars().take_while(|c| matches!(c, '0' | '#')).count();
    u8::try_from(count).ok().filter(|count| *count <= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_number_format() {
        for (format, expected) in [
            ("#,##0", Some(0)),
            ("#,##0.0", Some(1)),
            ("0.00%", Some(2)),
            ("[$-413]#,##0.00", Some(2)),
            ("[$-409]General", None),
            ("General", None),
            ("", None),
            ("@", None),
        ] {
            assert_eq!(decimals(format), expected, "{format}");
        }
    }

    #[test]
    fn the_word_before_the_name_of_a_domein_falls_away() {
        for (text, name) in [
            ("Domein: Werk", "Werk"),
            ("Domein 2 - Veilig thuis", "Veilig thuis"),
            ("Werk", "Werk"),
            ("Domeinnaam", "Domeinnaam"),
        ] {
            assert_eq!(after_word(text, "domein"), name);
        }
    }
}
