//! What happens to the tabs as a whole, with what is attached to them, and to the record of filling.
//!
//! Owns the choice between replacing an old tab of the format and keeping it whole beside the new one. Part of the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::slots::Slots;
use super::texts::Counted;
use super::{Move, Planner, free_name, is_interactive};
use crate::error::Result;
use crate::model::{CHART_TAB, CellRef, CellValue, TabKind, column_letters, normalise, overview_rows, parse_a1};
use crate::package::{Attachments, GraftTab, Placement, anchors_elsewhere, anchors_of_people, attachments};
use crate::workbook::layout::{is_ours, kind_words};
use crate::workbook::read::Workbook;
use crate::workbook::record::{FillRecord, RecordRow};
use crate::workbook::sheet::{Cell, dutch, read_xlsx};

impl Planner<'_> {
    /// What happens to the tabs as a whole, with what is attached to them.
    pub(super) fn tabs(&mut self) -> Result<()> {
        let new: Vec<(TabKind, String)> =
            self.input.new.analysis.tabs.iter().map(|tab| (tab.kind.clone(), tab.name.clone())).collect();
        let old: Vec<(TabKind, String)> =
            self.input.old.analysis.tabs.iter().map(|tab| (tab.kind.clone(), tab.name.clone())).collect();
        let mut taken: BTreeSet<String> = new.iter().map(|(_, name)| name.to_lowercase()).collect();
        let mut heirs: BTreeMap<String, String> = BTreeMap::new();
        let (mut own, mut kept_old) = (Vec::new(), Vec::new());
        let own_notes = self.notes_of_ours()?;
        self.plan.ours.extend(own_notes.iter().flat_map(|note| note.lines()).map(str::to_owned));
        for (kind, name) in &old {
            if is_ours(name) {
                continue;
            }
            if *kind == TabKind::Other {
                let free = free_name(name, "", &mut taken);
                self.plan.own_tabs += 1;
                let remark = if free == *name { String::new() } else { "de naam was al in gebruik".to_owned() };
                self.whole_tab(name, &free, "eigen tabblad", &remark);
                own.push(GraftTab::Kept { old: name.clone(), name: free });
                continue;
            }
            let counterpart = self.places.get(name).map(|place| place.tab.clone());
            let attached = self.attachments(name)?;
            let reason = self.reason_to_keep(kind, name, counterpart.is_some(), &attached, &own_notes)?;
            if let Some(reason) = reason {
                let free = free_name(name, " (oud)", &mut taken);
                let what = match kind {
                    TabKind::Fixed(fixed) => format!("'{}'", self.input.old_format.tab(fixed)),
                    _ => kind_words(kind),
                };
                self.whole_tab(name, &free, &what, &reason);
                self.plan.kept_old.push((name.clone(), free.clone(), reason));
                kept_old.push(GraftTab::Kept { old: name.clone(), name: free });
                // References go on leading to the tab as it was.
                self.places.remove(name);
                continue;
            }
            // A tab that a person hid stays hidden.
            let shown = |workbook: Option<&Workbook>, kind: &TabKind| {
                let tab = workbook.and_then(|w| w.analysis.tabs.iter().find(|tab| tab.kind == *kind));
                tab.is_none_or(|tab| !tab.hidden)
            };
            let merged = self.places.get(name).is_some_and(|place| place.merged);
            if let Some(tab) = &counterpart
                && !merged
                && !shown(Some(self.input.old), kind)
                && shown(self.input.old_blank, kind)
            {
                self.plan.graft.hidden.insert(tab.clone());
            }
            if let Some(tab) = counterpart
                && is_interactive(kind)
            {
                self.place_notes(name, &attached, &own_notes)?;
                if !merged {
                    heirs.insert(tab, name.clone());
                }
            }
        }
        for (kind, name) in new {
            if is_ours(&name) || kind == TabKind::Other {
                continue;
            }
            let old = heirs.get(&name).cloned();
            self.plan.graft.tabs.push(GraftTab::Fresh { built: name, old });
        }
        self.plan.graft.tabs.extend(own);
        self.plan.graft.tabs.extend(kept_old);
        self.plan.graft.drawn_from = CHART_TAB.to_owned();
        self.plan.graft.dropped_names = self
            .package
            .defined_names()
            .iter()
            .map(|name| name.name.to_lowercase())
            .filter(|name| name.starts_with("wa_") || name.starts_with("lijst_"))
            .collect();
        Ok(())
    }

    pub(super) fn whole_tab(&mut self, from: &str, to: &str, what: &str, remark: &str) {
        self.plan.moves.push(Move {
            from_tab: from.to_owned(),
            from_cell: String::new(),
            what: what.to_owned(),
            text: String::new(),
            to_tab: to.to_owned(),
            to_cell: String::new(),
            remark: remark.to_owned(),
        });
    }

    fn attachments(&self, tab: &str) -> Result<Attachments> {
        match self.package.sheet(tab).map(|sheet| sheet.kind) {
            Some(crate::package::SheetKind::Worksheet) => attachments(self.package, tab),
            _ => Ok(Attachments::of_other_sheet()),
        }
    }

    /// The notes that the format itself puts on cells.
    fn notes_of_ours(&self) -> Result<BTreeSet<String>> {
        let mut texts = BTreeSet::new();
        for workbook in [Some(self.input.new), self.input.old_blank].into_iter().flatten() {
            let Some(package) = &workbook.package else { continue };
            for tab in workbook.analysis.tabs.iter().filter(|tab| is_interactive(&tab.kind)) {
                texts.extend(
                    attachments(package, &tab.name)?.notes.into_iter().map(|note| note.text.trim().to_owned()),
                );
            }
        }
        Ok(texts)
    }

    /// Why an old tab of the format has to stay whole beside the new one; `None` when the new one replaces it.
    fn reason_to_keep(
        &mut self,
        kind: &TabKind,
        name: &str,
        has_counterpart: bool,
        attached: &Attachments,
        own_notes: &BTreeSet<String>,
    ) -> Result<Option<String>> {
        let of_people = attached.notes.iter().any(|note| note.threaded || !own_notes.contains(note.text.trim()));
        if !attached.other.is_empty() {
            return Ok(Some(
                "er staan tabellen, knoppen of draaitabellen op, die alleen op hun eigen tabblad werken"
                    .to_owned(),
            ));
        }
        if is_interactive(kind) && has_counterpart {
            return self.reason_to_keep_merged(name, attached);
        }
        if self.drawn_by_people(attached)? > 0 || of_people || !attached.links.is_empty() {
            return Ok(Some("er staan afbeeldingen, opmerkingen of links op".to_owned()));
        }
        if is_interactive(kind) {
            // Its texts stand on the tab for what has no place.
            return Ok(None);
        }
        let left = match kind {
            TabKind::Fixed(fixed) if fixed == "overzicht" => self.overview_left(name)?,
            _ => self.texts_left(kind, name),
        };
        let is_overview = matches!(kind, TabKind::Fixed(fixed) if fixed == "overzicht");
        let comparable = !is_overview || (!left && self.overview_is_as_built(name)?);
        if !left && comparable && self.is_coloured(name, kind)? {
            return Ok(Some("er zijn cellen of woorden op gekleurd, vet of doorgehaald".to_owned()));
        }
        Ok(left.then(|| "er staan teksten op die niet in het nieuwe tabblad staan".to_owned()))
    }

    /// Why the tab of a pijler that is gone has to stay though its domeinen stand elsewhere: what is drawn on it leads to more
    /// than pictures and charts, and cannot go along.
    fn reason_to_keep_merged(&self, name: &str, attached: &Attachments) -> Result<Option<String>> {
        let (Some(place), Some(part)) = (self.places.get(name).filter(|place| place.merged), &attached.drawing)
        else {
            return Ok(None);
        };
        let (_, behind) = anchors_elsewhere(self.package, part, CHART_TAB, place)?;
        Ok((behind > 0).then(|| "er staan afbeeldingen of tekstvakken op die niet mee konden".to_owned()))
    }

    /// Whether a tab for reference holds texts that neither the old nor the new format put there.
    fn texts_left(&mut self, kind: &TabKind, name: &str) -> bool {
        let Some(sheet) = self.old.grids.get(name) else { return true };
        let mut texts = Vec::new();
        for row in sheet.rows() {
            texts.extend(sheet.row(row).map(|(col, _)| sheet.text(row, col)));
        }
        let counted = |slots: &Slots, workbook: &Workbook, same: &dyn Fn(&TabKind) -> bool| {
            let tab = workbook.analysis.tabs.iter().find(|tab| same(&tab.kind));
            tab.and_then(|tab| slots.grids.get(&tab.name)).map(Counted::of)
        };
        let mut known = match (&self.blank, self.input.old_blank) {
            (Some(blank), Some(workbook)) => counted(blank, workbook, &|other| other == kind),
            _ => counted(&self.new, self.input.new, &|other| self.same_kind(kind, other)),
        };
        let formulas = self.raw.formulas.keys().any(|(tab, ..)| tab == name);
        let left = texts.iter().any(|text| !known.as_mut().is_some_and(|known| known.take(text)));
        if !left {
            self.plan.ours.extend(texts);
        }
        left || formulas
    }

    /// Whether the overview tab holds anything besides what was read from it.
    fn overview_left(&mut self, name: &str) -> Result<bool> {
        let Some(overview) = self.input.overview else { return Ok(true) };
        let file = &self.input.old.analysis.file;
        let strings = self.package.shared_strings()?;
        let Ok(sheet) = read_xlsx(file, self.package, &strings, name, None) else { return Ok(true) };
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for cell in overview_rows(overview).iter().flatten().filter(|cell| !cell.is_blank()) {
            *known.entry(shown(cell)).or_insert(0) += 1;
        }
        // What the format calls its labels is the format's own; what a person called one is that person's.
        let own = |text: &str| self.input.old_format.headings_of("overzicht").any(|known| known.text == text);
        let words = crate::workbook::overview_tab::overview_words(self.package, name, self.input.old_format);
        let mut texts = Vec::new();
        for ((row, col), cell) in sheet.cells.iter().filter(|(_, cell)| !cell.value.is_blank() || cell.formula) {
            let text = sheet.text(*row, *col);
            let link = normalise(&text);
            let counted = known.get_mut(&shown(&cell.value)).filter(|left| **left > 0);
            match counted {
                Some(left) if !cell.formula => *left -= 1,
                _ if !cell.formula && (link.starts_with("terug naar ") || link.starts_with("naar ")) => {}
                _ if !cell.formula
                    && own(&text)
                    && (words.label((*row, *col), &text).is_some()
                        || words.heading((*row, *col), &text).is_some()) => {}
                _ if !cell.formula
                    && *row == 0
                    && self.input.old_format.tabs.iter().any(|tab| tab.name == text) => {}
                _ => return Ok(true),
            }
            texts.push(text);
        }
        self.plan.ours.extend(texts);
        Ok(false)
    }

    /// How many pictures, charts and text boxes people placed on a tab.
    fn drawn_by_people(&self, attached: &Attachments) -> Result<usize> {
        let Some(part) = &attached.drawing else { return Ok(0) };
        anchors_of_people(self.package, part, CHART_TAB)
    }

    /// Gives every note and conversation a cell on the new tab: its own, that of its row, or one at the top.
    fn place_notes(&mut self, name: &str, attached: &Attachments, own_notes: &BTreeSet<String>) -> Result<()> {
        /// Column of the first parking place, right of everything that the format writes.
        const PARKING: u32 = 11;
        let mut places = BTreeMap::new();
        let mut parked = 0;
        let Some(place) = self.places.get(name).cloned() else { return Ok(()) };
        for note in &attached.notes {
            if !note.threaded && own_notes.contains(note.text.trim()) {
                continue;
            }
            let exact = place.find(note.row, note.col).map(|(tab, row, col)| (tab.to_owned(), row, col));
            let extra = self.extra_cols.get(name).and_then(|cols| cols.get(&note.col)).copied();
            let beside = place.row(note.row).map(|(part, row)| (part.tab.clone(), row, extra.unwrap_or(note.col)));
            let at = exact.or(beside).filter(|at| !self.noted.contains(at));
            let target = at.clone().unwrap_or_else(|| {
                loop {
                    let free = (place.tab.clone(), 0, PARKING + parked);
                    parked += 1;
                    if !self.noted.contains(&free) {
                        break free;
                    }
                }
            });
            self.noted.insert(target.clone());
            places.insert((note.row, note.col), target.clone());
            let (to_tab, to_cell) = (target.0, CellRef::new("", target.1, target.2).a1());
            let what = if note.threaded { "gesprek (opmerkingen) bij een cel" } else { "notitie bij een cel" };
            let by =
                if note.author.is_empty() { note.text.clone() } else { format!("{}: {}", note.author, note.text) };
            if at.is_none() {
                let reason = format!(
                    "de cel bestaat niet meer; de opmerking hangt nu aan cel {to_cell} van tabblad '{to_tab}'"
                );
                let used = self.used.contains(&(name.to_owned(), note.row, note.col));
                self.unplaced(name, note.row, note.col, what, by, &reason);
                if !used {
                    self.used.remove(&(name.to_owned(), note.row, note.col));
                }
                continue;
            }
            self.plan.moves.push(Move {
                from_tab: name.to_owned(),
                from_cell: CellRef::new(name, note.row, note.col).a1(),
                what: what.to_owned(),
                text: by,
                to_tab,
                to_cell,
                remark: String::new(),
            });
        }
        let new = self.input.new.package.as_ref();
        for (row, col, target, tip) in &attached.links {
            let text = tip.as_ref().map_or(target.clone(), |tip| format!("{target} ({tip})"));
            let taken = |(tab, row, col): (&str, u32, u32)| {
                new.and_then(|new| new.sheet_facts(tab).ok())
                    .is_some_and(|facts| facts.hyperlinks.iter().any(|link| link.range.contains(row, col)))
            };
            let reason = match place.find(*row, *col) {
                None => "de cel bestaat niet meer",
                Some(at) if taken(at) => "in de nieuwe versie heeft deze cel een eigen link",
                Some(_) => continue,
            };
            let used = self.used.contains(&(name.to_owned(), *row, *col));
            self.unplaced(name, *row, *col, "link", text, reason);
            if !used {
                self.used.remove(&(name.to_owned(), *row, *col));
            }
        }
        if self.drawn_by_people(attached).is_ok_and(|count| count > 0) {
            if !place.merged {
                self.whole_tab(name, &place.tab, "afbeeldingen, grafieken en tekstvakken", "");
            }
            self.drawn_elsewhere(name, attached, &place)?;
        }
        self.plan.graft.notes.insert(name.to_owned(), places);
        Ok(())
    }

    /// Tells which pictures and the like stood beside rows that went to another tab.
    fn drawn_elsewhere(&mut self, name: &str, attached: &Attachments, place: &Placement) -> Result<()> {
        let Some(part) = &attached.drawing else { return Ok(()) };
        let (to, behind) = anchors_elsewhere(self.package, part, CHART_TAB, place)?;
        let what = "afbeeldingen, grafieken en tekstvakken";
        for (tab, count) in to {
            self.whole_tab(name, &tab, what, &format!("{count} bij rijen die op dit tabblad zijn gekomen"));
        }
        if behind > 0 {
            let reason = format!(
                "ze stonden bij rijen die nu op een ander tabblad staan, en konden daar niet mee naartoe; ze staan op tabblad '{}'",
                place.tab
            );
            self.tell_lost(name, String::new(), what, behind.to_string(), &reason);
        }
        Ok(())
    }

    /// The record of filling: what is ours stays ours.
    pub(super) fn records(&mut self) {
        let names = |name: &str| -> String {
            let domein =
                self.input.old_format.domein(name).and_then(|old| self.input.new_format.domein_by_id(&old.id));
            let pijler = self.input.old_format.pijlers.iter().find(|pijler| pijler.name == name);
            let pijler = pijler.and_then(|old| self.input.new_format.pijlers.iter().find(|new| new.id == old.id));
            domein
                .map(|domein| domein.name.clone())
                .or(pijler.map(|p| p.name.clone()))
                .unwrap_or_else(|| name.to_owned())
        };
        let mut rows = Vec::new();
        for row in &self.record.rows {
            let Some((at_row, at_col)) = parse_a1(&row.cell) else { continue };
            let found = self.places.get(&row.tab).and_then(|place| place.find(at_row, at_col));
            let Some((tab, new_row, new_col)) = found else { continue };
            let percent =
                self.grid(&row.tab).and_then(|sheet| sheet.cell(at_row, at_col)).is_some_and(Cell::percent);
            let value = match (&row.value, percent) {
                (CellValue::Number(number), true) => CellValue::Number((number * 100.0 * 1e10).round() / 1e10),
                (value, _) => value.clone(),
            };
            rows.push(RecordRow {
                cell: format!("{}{}", column_letters(new_col), new_row + 1),
                tab: tab.to_owned(),
                value,
                subject: names(&row.subject),
                ..row.clone()
            });
        }
        let mut history = self.record.history.clone();
        for mark in &mut history.marks {
            // A text is known by the pijler and domein it belongs to.
            mark.key = mark.key.split('|').map(names).collect::<Vec<_>>().join("|");
        }
        // What the new format says otherwise than the overview is the new workbook's to tell.
        history.own_words.clone_from(&self.input.new.analysis.history.own_words);
        self.plan.record = FillRecord { rows, history };
    }
}

/// A value for comparing: numbers as numbers.
fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Number(number) => dutch(*number),
        other => other.text().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
