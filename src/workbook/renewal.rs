//! A new edition of the figures: what is remembered of the old one, and where it is shown.
//!
//! Owns what is kept of a row that is renewed, and the wijk's old figures in column F. Part of `plan`; writes nothing.

use super::plan::{Note, Planner, text_value};
use super::record::RecordRow;
use super::row::hundredth;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{CellValue, Column, IndicatorRow, Missing, OldFigure, PijlerTab, ValueCell, words};
use crate::package::StyleChoice;
use crate::package::styles::is_percent_format;

/// The field, in the record, of an old figure of the wijk in column F.
pub(super) const PREVIOUS: &str = "vorige";
/// The field, in the record, of the heading above those.
pub(super) const KOP_PREVIOUS: &str = "kop-vorige";

impl Planner<'_> {
    /// True when the wijk's old figures come into column F.
    pub(super) fn keeps_previous(&self) -> bool {
        self.request.renewal.as_ref().is_some_and(|renewal| renewal.column)
    }

    /// Remembers the figures of a row that is renewed. An indicator that stands in several rows is remembered once.
    pub(super) fn remember(&mut self, row: &IndicatorRow, code: &str) {
        let Some(renewal) = &self.request.renewal else { return };
        let before = self.workbook.analysis.history.last();
        let own = self.request.own;
        let column = own.and_then(|own| own.columns.get(own.column_index(code)?));
        let unit = column.map(|column| column.unit.clone());
        let period = old_period(row, column);
        let source = row.source.as_ref().map(|cell| cell.text.trim().to_owned()).filter(|text| !text.is_empty());
        let cells =
            [("wijk", Some(&row.wijk)), ("naast", row.beside.as_ref()), ("benchmark", row.benchmark.as_ref())];
        for (field, cell) in cells {
            let Some(cell) = cell.filter(|cell| !cell.value.is_blank()) else { continue };
            let area = match field {
                "wijk" => self.wijk.code.clone(),
                "benchmark" => self.format.benchmark.0.clone(),
                _ => match (self.old.find(code, "naast", &cell.value), self.beside) {
                    (Some(recorded), _) => recorded.area.clone(),
                    (None, Some(beside)) => beside.code.clone(),
                    (None, None) => continue,
                },
            };
            let known = |old: &OldFigure| old.round == before + 1 && old.code == code && old.field == field;
            if self.plan.record.history.figures.iter().any(known) {
                continue;
            }
            // What may not be shown, of the old edition or of the new one, is not kept either.
            let hidden = self.is_hidden(&area, code);
            let value = match cell.number() {
                _ if hidden => CellValue::Text(Missing::SmallGroup.sign().to_owned()),
                Some(number) => CellValue::Number(number),
                None => CellValue::Text(cell.value.text().trim().to_owned()),
            };
            if self.plan.record.history.last() == before {
                self.plan.record.history.editions.push(renewal.edition.clone());
            }
            self.plan.record.history.figures.push(OldFigure {
                round: before + 1,
                code: code.to_owned(),
                field: field.to_owned(),
                value,
                period: period.clone(),
                source: source.clone().or_else(|| column.map(|column| column.source.clone())).unwrap_or_default(),
                area,
                unit: unit.clone().unwrap_or_else(|| {
                    self.format.indicator(code).map_or_else(String::new, |indicator| indicator.unit.name.clone())
                }),
            });
        }
    }

    /// True when a figure of this indicator for this area may not be shown, by the workbook's own overview or the new one.
    pub(super) fn is_hidden(&self, area: &str, code: &str) -> bool {
        std::iter::once(self.overview).chain(self.request.own).any(|overview| overview.withholds(area, code))
    }

    /// Refuses to put old figures in column F where something of a person stands.
    pub(super) fn refuse_taken_column(&self) -> Result<()> {
        if !self.keeps_previous() {
            return Ok(());
        }
        let refused = |place: String, found: &str| {
            Err(Error::request(
                format!(
                    "De vorige cijfers passen niet in kolom F van {}: {place} staat al '{found}'",
                    self.workbook.analysis.file
                ),
                "Maak die kolom leeg, of kies --vorige tab: dan komen de vorige cijfers op een eigen tabblad.",
            ))
        };
        let mut any = false;
        for tab in &self.workbook.analysis.pijlers {
            for (_, cell) in tab.headings.iter().filter(|(field, _)| field == "naast") {
                let value = text_value(&cell.text);
                let ours = ["kop-naast", KOP_PREVIOUS]
                    .iter()
                    .any(|field| self.old.find(&tab.pijler, field, &value).is_some());
                if !value.is_blank() && !ours && !self.is_format_heading("naast", &cell.text) {
                    return refused(
                        format!("in de kop op tabblad '{}', cel {},", tab.tab, cell.at.a1()),
                        cell.text.trim(),
                    );
                }
            }
            for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
                let Some(cell) = &row.beside else { continue };
                any = true;
                let code = row.code.as_deref().unwrap_or_default();
                let ours =
                    ["naast", PREVIOUS].iter().any(|field| self.old.find(code, field, &cell.value).is_some());
                if cell.formula || !(cell.value.is_blank() || ours) {
                    return refused(
                        format!("op tabblad '{}', cel {},", tab.tab, cell.at.a1()),
                        &cell.value.text(),
                    );
                }
            }
        }
        if any {
            return Ok(());
        }
        Err(Error::request(
            format!("{} heeft geen vrije kolom voor de vorige cijfers", self.workbook.analysis.file),
            "Kies --vorige tab: dan komen de vorige cijfers op een eigen tabblad.",
        ))
    }

    /// Column F of one row: the wijk's old figure when the row is renewed; otherwise an older one stays and a figure of
    /// another area, that does not belong under the new heading, goes.
    pub(super) fn previous_column(
        &mut self,
        row: &IndicatorRow,
        code: &str,
        column: Option<&Column>,
        renewed: bool,
    ) {
        let Some(cell) = &row.beside else { return };
        if !self.keeps_previous() {
            let ours = !cell.value.is_blank() && self.old.find(code, PREVIOUS, &cell.value).is_some();
            if renewed && ours && self.request.renewal.is_some() && self.request.beside.is_none() {
                self.plan.older_beside.push(cell.at.clone());
            }
            return;
        }
        let kept = self.old.find(code, PREVIOUS, &cell.value).is_some();
        if !renewed && (kept || cell.value.is_blank()) {
            self.keep(&cell.at, code, PREVIOUS, &cell.value);
            return;
        }
        let (new, style) = if renewed { self.previous_value(row, cell, code, column) } else { Default::default() };
        if new == cell.value {
            match kept || new.is_blank() {
                true => self.keep(&cell.at, code, PREVIOUS, &cell.value),
                // The other area that stood here had the same figure; from now on it is the wijk's old one.
                false => self.plan.record.rows.push(RecordRow {
                    tab: cell.at.tab.clone(),
                    cell: cell.at.a1(),
                    value: new,
                    edition: column.map(|column| column.edition.clone()).unwrap_or_default(),
                    subject: code.to_owned(),
                    field: PREVIOUS.to_owned(),
                    area: String::new(),
                }),
            }
            return;
        }
        let note = Note { subject: code, field: PREVIOUS, column, area: None };
        // What stood there is of the wijk, or of the area that the column was filled for.
        let areas = [
            Some(self.wijk.code.as_str()),
            self.old.find(code, "naast", &cell.value).map(|row| row.area.as_str()),
        ];
        let hidden = cell.number().is_some() && areas.into_iter().flatten().any(|area| self.is_hidden(area, code));
        let old =
            if hidden { CellValue::Text(Missing::SmallGroup.words().to_owned()) } else { cell.value.clone() };
        self.write(cell.at.clone(), old, new, style, note);
    }

    /// Old figures of ours that stay in column F while the figures that came after them are replaced: they are no longer of the
    /// previous edition, whatever the heading says.
    pub(super) fn report_older_column(&mut self) {
        let Some(first) = self.plan.older_beside.first().cloned() else { return };
        let figures = words::count(self.plan.older_beside.len(), "cijfer", "cijfers");
        self.plan.findings.push(Finding::new(
            "kolom-f-eerdere-editie",
            Level::Waarschuwing,
            Place::cell(&first),
            format!("In kolom F staan nog {figures} van een eerdere editie dan die nu is vervangen."),
            "De cijfers van de vorige editie, of een lege kolom.",
            "Geef --vorige kolom mee: dan komen daar de cijfers die nu zijn vervangen. Of maak kolom F leeg.",
        ));
    }

    /// The old figure of the wijk as it is stored in the cell of column F; nothing when it is in another unit than the new
    /// one, which is the unit that column C then says of the whole row.
    fn previous_value(
        &self,
        row: &IndicatorRow,
        cell: &ValueCell,
        code: &str,
        column: Option<&Column>,
    ) -> (CellValue, StyleChoice) {
        let history = &self.plan.record.history;
        let round = self.workbook.analysis.history.last() + 1;
        let old = history.figures.iter().find(|old| old.round == round && old.code == code && old.field == "wijk");
        let Some(old) = old else { return Default::default() };
        let unit = column.map_or("", |column| column.unit.trim());
        if !unit.is_empty() && !old.unit.trim().is_empty() && old.unit.trim().to_lowercase() != unit.to_lowercase()
        {
            return Default::default();
        }
        let own = self.number_format(&cell.at);
        let of_wijk = self.number_format(&row.wijk.at);
        let (format, style) = match own.is_empty() && !of_wijk.is_empty() {
            true => (of_wijk, StyleChoice::CopyFrom { row: row.wijk.at.row, col: row.wijk.at.col }),
            false => (own, StyleChoice::Keep),
        };
        match &old.value {
            CellValue::Number(number) if is_percent_format(format) => {
                (CellValue::Number(hundredth(*number)), style)
            }
            value => (value.clone(), style),
        }
    }

    /// The heading above the old figures names their years; one that is there already stays in the record.
    pub(super) fn keep_previous_headings(&mut self, tab: &PijlerTab) {
        let headings = tab.headings.iter().filter(|(field, _)| field == "naast").map(|(_, cell)| cell);
        let new = self.keeps_previous().then(|| self.previous_heading(tab)).flatten();
        for cell in headings {
            let ours = self.old.find(&tab.pijler, KOP_PREVIOUS, &text_value(&cell.text)).is_some();
            match &new {
                Some(new) => self.text(cell, &tab.pijler, KOP_PREVIOUS, new, true, ours),
                None if ours && self.request.beside.is_none() => {
                    self.keep(&cell.at, &tab.pijler, KOP_PREVIOUS, &text_value(&cell.text));
                }
                None => {}
            }
        }
    }

    /// `Vorige editie (2014)`; `None` when no old figure stands in the column.
    fn previous_heading(&self, tab: &PijlerTab) -> Option<String> {
        let codes: Vec<&str> = tab
            .blocks
            .iter()
            .flat_map(|block| &block.indicators)
            .filter(|row| row.beside.is_some())
            .filter_map(|row| row.code.as_deref())
            .collect();
        let in_column =
            |code: &&&str| self.plan.record.rows.iter().any(|row| row.field == PREVIOUS && row.subject == **code);
        let mut periods: Vec<String> = Vec::new();
        for code in codes.iter().filter(in_column) {
            let Some(old) = self.plan.record.history.latest(code, "wijk") else { continue };
            let years = words::years(&old.period);
            let names = if years.is_empty() { vec![old.period.clone()] } else { years };
            periods.extend(names.into_iter().filter(|name| !name.is_empty()));
        }
        periods.sort();
        periods.dedup();
        let any = codes.iter().any(|code| in_column(&code));
        any.then(|| match periods.as_slice() {
            [] => "Vorige editie".to_owned(),
            periods => format!("Vorige editie ({})", words::list(periods)),
        })
    }
}

/// Edition and year of the figures of a row: what column C says, in the words of the old overview where they agree.
fn old_period(row: &IndicatorRow, column: Option<&Column>) -> String {
    let written = words::years(row.unit.as_ref().map_or("", |cell| cell.text.as_str()));
    match column.map(Column::period) {
        Some(period) => {
            let known = words::years(&period);
            let agrees = written.is_empty() || known.is_empty() || known.iter().any(|year| written.contains(year));
            if agrees { period } else { words::list(&written) }
        }
        None if written.is_empty() => "jaar onbekend".to_owned(),
        None => words::list(&written),
    }
}
