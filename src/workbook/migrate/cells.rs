//! The rows of indicators and the optional tabs: what goes where.
//!
//! Owns the rule that a figure keeps its unit, source and benchmark, and that a figure whose unit changed has no place.
//! Part of the plan.

use std::collections::BTreeMap;

use super::slots::{FIGURE_FIELDS, RowSlot};
use super::texts::Stands;
use super::{Planner, field_words};
use crate::model::{CellValue, Format, TabKind, normalise};
use crate::package::{CellEdit, NewValue, StyleChoice};
use crate::workbook::record::same_text;
use crate::workbook::tables::ITEM_TABS;

/// So many rows of an optional tab have a place at least, filled or not.
const ROWS: u32 = 1000;

impl Planner<'_> {
    /// The rows of the indicators, each with its figures and its remark.
    pub(super) fn indicators(&mut self) {
        let old: Vec<(String, RowSlot)> = self.old.indicators.clone().into_iter().collect();
        let mut free: BTreeMap<String, RowSlot> = self.new.indicators.clone();
        // First the rows that have a place of the same name, then those that moved to another domein.
        let mut pairs: Vec<(RowSlot, Option<RowSlot>)> = Vec::new();
        let mut later = Vec::new();
        for (key, row) in old {
            match free.remove(&key) {
                Some(to) => pairs.push((row, Some(to))),
                None => later.push(row),
            }
        }
        for row in later {
            let key = free.iter().find(|(_, to)| to.code == row.code).map(|(key, _)| key.clone());
            let to = key.and_then(|key| free.remove(&key));
            pairs.push((row, to));
        }
        for (row, to) in pairs {
            match to {
                Some(to) => self.indicator(&row, &to),
                None => self.homeless(&row, "de nieuwe versie heeft deze indicator niet op deze plek"),
            }
        }
    }

    fn homeless(&mut self, row: &RowSlot, reason: &str) {
        let filled = |planner: &Self, field: &str| {
            row.cols.get(field).is_some_and(|col| !planner.is_blank(&row.tab, row.row, *col))
        };
        let figures = filled(self, "wijk") || filled(self, "naast");
        for (field, col) in row.cols.clone() {
            if self.is_blank(&row.tab, row.row, col) {
                continue;
            }
            // Unit, source and benchmark say something beside a figure only.
            let wanted = field == "opmerking" || (figures && FIGURE_FIELDS.contains(&field.as_str()));
            if wanted {
                let text = self.with_formula(&row.tab, row.row, col);
                let what = format!("{} van '{}'", field_words(&field), row.name);
                self.unplaced(&row.tab, row.row, col, &what, text, reason);
            } else if FIGURE_FIELDS.contains(&field.as_str()) {
                self.own_or_unplaced(row, &field, col);
            }
        }
    }

    /// A unit, source or benchmark beside an empty figure: the format's, or a person's that has no place.
    fn own_or_unplaced(&mut self, row: &RowSlot, field: &str, col: u32) {
        if self.is_formats(row, field, col) {
            self.ours(&row.tab, row.row, col);
        } else {
            let text = self.with_formula(&row.tab, row.row, col);
            let what = format!("{} van '{}'", field_words(field), row.name);
            self.unplaced(&row.tab, row.row, col, &what, text, "er staat geen cijfer van de wijk bij");
        }
    }

    /// Whether the unit, source or benchmark of a row is what the format or filling wrote there.
    fn is_formats(&self, row: &RowSlot, field: &str, col: u32) -> bool {
        let text = self.shown(&row.tab, row.row, col);
        let same = |other: &str| same_text(&text, other);
        let formula = self.raw.formulas.contains_key(&(row.tab.clone(), row.row, col));
        let number = self.grid(&row.tab).and_then(|sheet| sheet.cell(row.row, col));
        if field == "benchmark"
            && !formula
            && number.is_some_and(|cell| matches!(cell.value, CellValue::Number(_)))
        {
            // The blank format has the benchmark filled in already.
            return true;
        }
        let unit =
            |format: &Format| format.indicator(&row.code).is_some_and(|indicator| same(&indicator.unit.name));
        if field == "eenheid" && (unit(self.input.old_format) || unit(self.input.new_format)) {
            return true;
        }
        let blank = self.blank.as_ref().and_then(|blank| {
            let known =
                blank.indicators.values().find(|known| known.code == row.code && known.domein == row.domein)?;
            Some(blank.grids.get(&known.tab)?.text(known.row, *known.cols.get(field)?))
        });
        let new = self
            .new
            .indicators
            .values()
            .find(|known| known.code == row.code)
            .and_then(|known| Some(self.new.grids.get(&known.tab)?.text(known.row, *known.cols.get(field)?)));
        let value = self.grid(&row.tab).map(|sheet| sheet.value(row.row, col)).unwrap_or_default();
        let recorded = self.record.by_subject().find(&row.code, field, &value).is_some();
        let overview = self.input.overview.and_then(|overview| {
            let column = overview.columns.get(overview.column_index(&row.code)?)?;
            let benchmark = overview.area_index(&self.input.old_format.benchmark.0)?;
            Some(match field {
                "bron" => column.source.clone(),
                "eenheid" => crate::model::row_description(
                    &column.unit,
                    &column.edition,
                    &column.year,
                    &column.doelgroep,
                    &column.kind,
                ),
                _ => {
                    let at = overview.column_index(&row.code)?;
                    crate::workbook::sheet::dutch(overview.figure(benchmark, at).value()?)
                }
            })
        });
        recorded || [blank, new, overview].into_iter().flatten().any(|known| same(&known))
    }

    fn indicator(&mut self, row: &RowSlot, to: &RowSlot) {
        self.map_row(&row.tab, row.row, (&to.tab, to.row));
        let cell = |field: &str| row.cols.get(field).copied().zip(to.cols.get(field).copied());
        if let Some((from, at)) = cell("opmerking")
            && !self.is_blank(&row.tab, row.row, from)
        {
            let what = format!("opmerking bij '{}'", row.name);
            self.carry((&row.tab, row.row, from), (&to.tab, to.row, at), false, &what);
        }
        let filled = ["wijk", "naast"]
            .iter()
            .any(|field| row.cols.get(*field).is_some_and(|col| !self.is_blank(&row.tab, row.row, *col)));
        if !filled {
            for field in ["eenheid", "bron", "benchmark"] {
                if let Some(col) = row.cols.get(field).copied()
                    && !self.is_blank(&row.tab, row.row, col)
                {
                    self.own_or_unplaced(row, field, col);
                }
            }
            return;
        }
        if let Some((before, after)) = self.other_unit(row) {
            let reason = format!("de eenheid is veranderd van '{before}' in '{after}'; het cijfer past niet meer");
            let figures = RowSlot {
                cols: row.cols.iter().filter(|(f, _)| *f != "opmerking").map(|(f, c)| (f.clone(), *c)).collect(),
                ..row.clone()
            };
            self.homeless(&figures, &reason);
            return;
        }
        // Never a new benchmark beside an old figure: the row keeps its unit, source and benchmark.
        for field in FIGURE_FIELDS {
            let Some((from, at)) = cell(field) else {
                if let Some(col) = row.cols.get(field).copied().filter(|c| !self.is_blank(&row.tab, row.row, *c)) {
                    let text = self.with_formula(&row.tab, row.row, col);
                    let what = format!("{} van '{}'", field_words(field), row.name);
                    self.unplaced(&row.tab, row.row, col, &what, text, "deze kolom bestaat niet meer");
                }
                continue;
            };
            if field == "naast"
                && !self.is_blank(&row.tab, row.row, from)
                && let Some(area) = self.other_area(&row.domein, &to.domein)
            {
                let text = self.with_formula(&row.tab, row.row, from);
                let what = format!("{} van '{}'", field_words(field), row.name);
                let reason =
                    format!("het stond onder de kop '{area}'; op de nieuwe plek heeft de kolom een andere kop");
                self.unplaced(&row.tab, row.row, from, &what, text, &reason);
                continue;
            }
            let figure = matches!(field, "wijk" | "naast" | "benchmark");
            let what = format!("{} van '{}'", field_words(field), row.name);
            if self.is_blank(&row.tab, row.row, from) {
                self.plan.edits.push(CellEdit {
                    tab: to.tab.clone(),
                    row: to.row,
                    col: at,
                    value: NewValue::Clear,
                    style: StyleChoice::Keep,
                });
            } else {
                self.carry((&row.tab, row.row, from), (&to.tab, to.row, at), figure, &what);
            }
        }
    }

    /// The old and the new unit of an indicator, when they are known to differ.
    fn other_unit(&self, row: &RowSlot) -> Option<(String, String)> {
        let after = self.input.new_format.indicator(&row.code)?.unit.name.clone();
        let in_overview = self
            .input
            .overview
            .and_then(|overview| overview.columns.get(overview.column_index(&row.code)?))
            .map(|column| column.unit.clone())
            .filter(|unit| !unit.trim().is_empty());
        let before =
            in_overview.or_else(|| Some(self.input.old_format.indicator(&row.code)?.unit.name.clone()))?;
        (normalise(&before) != normalise(&after) || before.contains('%') != after.contains('%'))
            .then_some((before, after))
    }

    /// The optional tabs, row by row; columns that a person added come behind those of the format.
    pub(super) fn tables(&mut self) {
        for (kind, _) in ITEM_TABS {
            let (Some(old), Some(new)) = (self.old.tables.get(kind).cloned(), self.new.tables.get(kind).cloned())
            else {
                continue;
            };
            let Some(sheet) = self.grid(&old.tab) else { continue };
            let rows: Vec<u32> = sheet.rows().into_iter().filter(|row| *row >= old.first).collect();
            let cells: Vec<(u32, u32)> = sheet
                .cells
                .keys()
                .copied()
                .filter(|(row, col)| *row >= old.heading && !self.is_blank(&old.tab, *row, *col))
                .collect();
            let last = new.cols.values().copied().max().unwrap_or(0);
            let mut cols: BTreeMap<u32, u32> = BTreeMap::new();
            for (field, col) in &old.cols {
                if let Some(to) = new.cols.get(field) {
                    cols.insert(*col, *to);
                }
            }
            let mut next = last + 1;
            for (_, col) in &cells {
                if !cols.contains_key(col) {
                    cols.insert(*col, next);
                    next += 1;
                }
            }
            // Empty rows too: formulas of people are about the whole table.
            let last_row = rows.last().copied().unwrap_or(old.first).max(old.first.saturating_add(ROWS));
            for row in old.first..=last_row {
                self.map_row(&old.tab, row, (&new.tab, new.first + (row - old.first)));
            }
            self.map_row(&old.tab, old.heading, (&new.tab, new.heading));
            if let Some(place) = self.places.get_mut(&old.tab) {
                place.cols.extend(cols.iter().map(|(from, to)| (*from, *to)));
            }
            for (row, col) in cells {
                let Some(to) = cols.get(&col).copied() else { continue };
                let field = old.cols.iter().find(|(_, at)| **at == col).map(|(field, _)| field.clone());
                if row < old.first {
                    // The headings themselves: only those that a person added go along.
                    if field.is_none() && row == old.heading {
                        self.carry(
                            (&old.tab, row, col),
                            (&new.tab, new.heading, to),
                            false,
                            "kop van een eigen kolom",
                        );
                    } else if let Some(field) = &field {
                        self.column_heading(kind, field, (&old.tab, row, col));
                    }
                    continue;
                }
                let named = field.as_deref().map_or("eigen kolom", |field| self.column_words(kind, field));
                let what = format!("{}, {named}", self.input.old_format.tab(kind));
                let at = new.first + (row - old.first);
                let name = field.as_deref().and_then(|field| self.renamed(field, (&old.tab, row, col)));
                self.carry((&old.tab, row, col), (&new.tab, at, to), false, &what);
                if let (Some(name), Some(edit), Some(told)) =
                    (name, self.plan.edits.last_mut(), self.plan.moves.last_mut())
                {
                    told.remark = format!("heet in de nieuwe versie '{name}'; zo staat het er nu");
                    edit.value = NewValue::Text(name);
                    self.plan.ours.insert(told.text.clone());
                }
            }
        }
    }

    /// What a person sees above a column of the old format.
    fn column_words<'f>(&'f self, kind: &str, field: &'f str) -> &'f str {
        let heading = self.input.old_format.headings.iter().find(|own| own.table == kind && own.field == field);
        heading.map_or(field, |heading| heading.text.as_str())
    }

    /// A cell above a column of the format: its heading, or what a person made of it. The new version has a heading of its
    /// own there.
    fn column_heading(&mut self, kind: &str, field: &str, (tab, row, col): (&str, u32, u32)) {
        let text = self.shown(tab, row, col);
        let known =
            self.input.old_format.headings_of(kind).filter(|heading| heading.field == field).any(|heading| {
                std::iter::once(&heading.text)
                    .chain(&heading.variants)
                    .any(|name| normalise(name) == normalise(&text))
            });
        let formula = self.raw.formulas.contains_key(&(tab.to_owned(), row, col));
        let tab_kind = TabKind::Fixed(kind.to_owned());
        let stands = Stands { label: false, step: false, beyond: false };
        let ours = known
            || self.texts.is_in_place(&tab_kind, (tab, row, col), &text, stands)
            || self.texts.is_ours(&tab_kind, (tab, row, col), &text, stands);
        if !formula && ours {
            self.ours(tab, row, col);
            return;
        }
        let text = self.with_formula(tab, row, col);
        let what = format!("kop van de kolom '{}'", self.column_words(kind, field));
        self.unplaced(tab, row, col, &what, text, "de kop van deze kolom schrijft de nieuwe versie zelf");
    }
}
