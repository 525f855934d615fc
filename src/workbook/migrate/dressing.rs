//! What people gave the tabs of the format besides values: colours, bold words, rules, choices, sizes, what they hid.
//!
//! Owns the decision what of that is a person's and where it goes. What differs from the blank workbook of the same version is a
//! person's; of a version of which no blank workbook is known it is what differs from its neighbours of the same kind. What has
//! no place is told. Part of the plan; how it is written is [`crate::package`]'s business.

use std::collections::{BTreeMap, BTreeSet};

use super::looks::PersonLooks;
use super::places::{aligned, aligned_part, paired_wholly, tabs_of};
use super::{Move, Planner, Unplaced, is_interactive};
use crate::error::Result;
use crate::model::{CellRef, Conditional, HighlightRule, column_letters};
use crate::package::{
    Aspect, CellDress, EXTENDED, FROZEN, LineDress, Look, PAGE_END, Placement, Range, Rich, TabDress, Worn,
    gathered, gone_to, inside_workbook, link_after, looks, relocated_rule, run_colours, squeezed_rule, worn,
};

/// What the plan knows of one old tab when it is dressed.
pub(super) struct Tab<'p> {
    pub(super) name: &'p str,
    pub(super) worn: &'p Worn,
    /// The blank tab of the same version, and where its rows are.
    pub(super) blank: Option<(&'p Worn, &'p Placement)>,
}

impl Tab<'_> {
    /// The cell of the blank tab that a cell was once.
    pub(super) fn base(&self, row: u32, col: u32) -> Option<(u32, u32)> {
        let (_, place) = self.blank?;
        place.of(row, col).or_else(|| Some((aligned(place, row)?, place.cols.get(&col).copied().unwrap_or(col))))
    }
}

/// Of a workbook of which no blank one is known the page is the format's where the new version has the same.
const UNKNOWN_PAGE: &str = "dit kan niet mee naar het nieuwe tabblad, dat het anders heeft; is het van u en niet van het oude \
                            format, maak het daar dan opnieuw";

impl Planner<'_> {
    /// Plans what every replaced tab hands over besides its values.
    pub(super) fn dressing(&mut self) -> Result<()> {
        let blank = self.input.old_blank.zip(self.blank.as_ref());
        let bases = blank.map(|blank| paired_wholly((self.input.old, &self.old), blank)).unwrap_or_default();
        let blank_package = self.input.old_blank.and_then(|blank| blank.package.as_ref());
        let mut wearing: BTreeMap<String, (Worn, Option<Worn>)> = BTreeMap::new();
        let kept: BTreeSet<String> = self.plan.kept_old.iter().map(|(old, ..)| old.clone()).collect();
        for (kind, name) in tabs_of(self.input.old) {
            if !is_interactive(&kind) || kept.contains(&name) {
                continue;
            }
            let base = match (blank_package, bases.get(&name)) {
                (Some(package), Some(place)) => Some(worn(package, &place.tab)?),
                _ => None,
            };
            wearing.insert(name.clone(), (worn(self.package, &name)?, base));
        }
        let blank_looks = blank_package.map(looks).transpose()?.unwrap_or_default();
        let tabs: Vec<Tab<'_>> = wearing
            .iter()
            .map(|(name, (worn, base))| Tab { name, worn, blank: base.as_ref().zip(bases.get(name)) })
            .collect();
        self.plan.graft.places.clone_from(&self.places);
        let words = blank_package.map(run_colours).transpose()?.unwrap_or_default();
        let person = PersonLooks::new(looks(self.package)?, (blank_looks, words), &tabs, &self.classes());
        // A program that keeps no rows in view does so on all tabs; a person does on one.
        let unfrozen = tabs.iter().filter_map(|tab| {
            tab.blank.filter(|(blank, _)| is_frozen(blank))?;
            Some(!is_frozen(tab.worn))
        });
        let unfrozen: Vec<bool> = unfrozen.collect();
        let by_program = unfrozen.len() > 1 && unfrozen.iter().all(|gone| *gone);
        let mut everywhere = on_all_tabs(&tabs);
        let mut pages: Vec<(String, String)> = Vec::new();
        for tab in &tabs {
            self.dress_cells(tab, &person);
            self.dress_lines(tab);
            self.dress_rules(tab)?;
            self.dress_links(tab)?;
            self.tell_others(tab, by_program, &mut everywhere, &mut pages)?;
        }
        // Where pages ended in a workbook of which no blank one is known is one thing to look at, however many tabs it has.
        let said: Vec<String> = pages.iter().map(|(tab, ends)| format!("{tab}: {ends}")).collect();
        match pages.as_slice() {
            [] => {}
            [(tab, ends)] => self.tell_lost(tab, String::new(), PAGE_END, ends.clone(), UNKNOWN_PAGE),
            _ => self.tell_lost("meer tabbladen", String::new(), PAGE_END, said.join("; "), UNKNOWN_PAGE),
        }
        if person.design() {
            let remark =
                "opmaak die bij (bijna) alle cellen van één soort gelijk is, geldt als die van het format";
            self.whole_tab("", "", "opmaak", remark);
        }
        Ok(())
    }

    /// What kind of cell a place of the format is, to compare it with its neighbours.
    fn classes(&self) -> BTreeMap<(String, u32, u32), String> {
        let mut classes = BTreeMap::new();
        for (key, slot) in &self.old.cells {
            let first = key.split('/').next().unwrap_or_default();
            let class = match first {
                "slot" => format!("slot {}", key.rsplit('/').next().unwrap_or_default()),
                other => other.to_owned(),
            };
            classes.insert((slot.at.tab.clone(), slot.at.row, slot.at.col), class);
        }
        for row in self.old.indicators.values() {
            for (field, col) in &row.cols {
                classes.insert((row.tab.clone(), row.row, *col), format!("rij {field}"));
            }
        }
        for (kind, table) in &self.old.tables {
            let rows = self.grid(&table.tab).map(|sheet| sheet.rows()).unwrap_or_default();
            for row in rows.into_iter().filter(|row| *row >= table.first) {
                for (field, col) in &table.cols {
                    classes.insert((table.tab.clone(), row, *col), format!("{kind} {field}"));
                }
            }
        }
        classes
    }

    /// Where a cell of an old tab is in the new workbook.
    fn target(&self, tab: &str, row: u32, col: u32) -> Option<(String, u32, u32)> {
        if let Some(to) = self.arrived.get(&(tab.to_owned(), row, col)) {
            return Some(to.clone());
        }
        let place = self.places.get(tab)?;
        if let Some((to, row, col)) = place.find(row, col) {
            return Some((to.to_owned(), row, col));
        }
        let extra = self.extra_cols.get(tab).and_then(|cols| cols.get(&col)).copied();
        // A row without an id: the same when it begins with the same words.
        let (part, to) = aligned_part(place, row)?;
        if place.row(row).is_none() {
            let new = self.new.grids.get(&part.tab)?;
            let first = |sheet: &super::Sheet, row: u32| sheet.row(row).next().map(|(at, _)| sheet.text(row, at));
            if first(self.grid(tab)?, row) != first(new, to) {
                return None;
            }
        }
        let to_col = extra.or(part.cols.get(&col).copied()).unwrap_or(col);
        Some((part.tab.clone(), to, to_col))
    }

    /// Where a range of an old tab is on `on`, when its cells still stand together there.
    fn target_range(&self, tab: &str, on: &str, range: Range) -> Option<Range> {
        /// More cells than this are not followed one by one.
        const MOST: u64 = 20_000;
        let place = self.places.get(tab)?;
        let size = |first: u32, last: u32| u64::from(last - first) + 1;
        if size(range.first_row, range.last_row).saturating_mul(size(range.first_col, range.last_col)) > MOST {
            return place.range(range).filter(|(tab, _)| *tab == on).map(|(_, range)| range);
        }
        let of = |row: u32, col: u32| {
            self.target(tab, row, col).filter(|(to, ..)| to == on).map(|(_, row, col)| (row, col))
        };
        let (row, col) = of(range.first_row, range.first_col)?;
        for at_row in range.first_row..=range.last_row {
            for at_col in range.first_col..=range.last_col {
                let wanted = (row + at_row - range.first_row, col + at_col - range.first_col);
                if of(at_row, at_col)? != wanted {
                    return None;
                }
            }
        }
        let (rows, cols) = (range.last_row - range.first_row, range.last_col - range.first_col);
        Some(Range { first_row: row, first_col: col, last_row: row + rows, last_col: col + cols })
    }

    fn dress(&mut self, tab: &str) -> &mut TabDress {
        self.plan.dress.entry(tab.to_owned()).or_default()
    }

    /// A line in the report for what arrived.
    fn tell_arrived(&mut self, from: (&str, String), what: &str, text: String, to: (&str, String)) {
        self.plan.moves.push(Move {
            from_tab: from.0.to_owned(),
            from_cell: from.1,
            what: what.to_owned(),
            text,
            to_tab: to.0.to_owned(),
            to_cell: to.1,
            remark: String::new(),
        });
    }

    /// A line in the report and on the tab for what has no place.
    pub(super) fn tell_lost(&mut self, tab: &str, cell: String, what: &str, text: String, reason: &str) {
        self.plan.moves.push(Move {
            from_tab: tab.to_owned(),
            from_cell: cell.clone(),
            what: what.to_owned(),
            text: text.clone(),
            to_tab: String::new(),
            to_cell: String::new(),
            remark: reason.to_owned(),
        });
        let (tab, what, reason) = (tab.to_owned(), what.to_owned(), reason.to_owned());
        self.plan.unplaced.push(Unplaced { tab, cell, what, text, reason });
    }

    /// Colours, fonts and bold words of cells.
    fn dress_cells(&mut self, tab: &Tab<'_>, person: &PersonLooks) {
        let mut arrived: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut lost: Vec<String> = Vec::new();
        for ((row, col), cell) in &tab.worn.cells {
            let (row, col) = (*row, *col);
            if tab.worn.is_covered(row, col) {
                continue;
            }
            let at = (tab.name.to_owned(), row, col);
            let own_text = self.arrived.contains_key(&at) || self.listed.contains_key(&at);
            let mut aspects = person.of(tab, row, col, own_text);
            let own_rich = cell.rich.clone().filter(|_| {
                let base = tab.base(row, col).and_then(|at| tab.blank?.0.cells.get(&at));
                base.is_none_or(|base| base.rich.is_none())
            });
            if aspects.is_empty() && own_rich.is_none() {
                continue;
            }
            let target = self.target(tab.name, row, col);
            let listed = self.listed.get(&at).copied();
            let percent = |style: u32| self.package.is_percent(style) || self.package.is_date(style);
            if percent(cell.style) || listed.is_some() {
                aspects.remove(&Aspect::Number);
            }
            if let (Some(rich), None) = (&own_rich, listed) {
                self.dress_rich(&at, rich, target.as_ref());
            }
            let words: Vec<&str> = aspects.iter().map(|aspect| aspect.dutch()).collect();
            let words = format!("{} ({})", CellRef::new("", row, col).a1(), words.join(", "));
            let look = (!aspects.is_empty()).then_some((cell.style, aspects.clone()));
            match (listed, target) {
                (Some(index), _) => {
                    let dress = self.plan.listed.entry(index).or_default();
                    dress.rich = own_rich;
                    dress.look = look.map(|(style, mut aspects)| {
                        aspects.retain(|aspect| *aspect <= Aspect::Fill);
                        (style, aspects)
                    });
                }
                (None, Some((to, row, col))) if look.is_some() => {
                    self.dress(&to).cells.entry((row, col)).or_default().look = look;
                    arrived.entry(to).or_default().push(words);
                }
                (None, None) if aspects.iter().any(|aspect| seen(*aspect)) => lost.push(words),
                _ => {}
            }
        }
        for (to, cells) in arrived {
            self.tell_arrived(
                (tab.name, String::new()),
                "opmaak van cellen",
                cells.join("; "),
                (&to, String::new()),
            );
        }
        if !lost.is_empty() {
            let reason = "deze cellen hebben in de nieuwe versie geen plaats";
            self.tell_lost(tab.name, String::new(), "opmaak van cellen", lost.join("; "), reason);
        }
    }

    /// Bold words and the like inside a cell, that does not stand on the list of what has no place.
    fn dress_rich(&mut self, at: &(String, u32, u32), rich: &Rich, target: Option<&(String, u32, u32)>) {
        let (tab, row, col) = at;
        let text = self.shown(tab, *row, *col);
        let cell = CellRef::new(tab, *row, *col).a1();
        let same = |planner: &Self, to: &(String, u32, u32)| {
            let new = planner.new.grids.get(&to.0).map(|sheet| sheet.text(to.1, to.2)).unwrap_or_default();
            planner.arrived.contains_key(at) || new == text
        };
        match target.filter(|to| same(self, to)) {
            Some((to, to_row, to_col)) => {
                self.dress(to).cells.entry((*to_row, *to_col)).or_default().rich = Some(rich.clone());
                let to_cell = CellRef::new(to, *to_row, *to_col).a1();
                self.tell_arrived((tab, cell), "vette of gekleurde woorden in een cel", text, (to, to_cell));
            }
            None => {
                let reason =
                    "de tekst is overgezet; welke woorden vet of gekleurd waren, staat in deze regel van de lijst";
                self.tell_lost(tab, cell, "vette of gekleurde woorden in een cel", text, reason);
                let index = self.plan.unplaced.len().saturating_sub(1);
                self.plan.listed.entry(index).or_default().rich = Some(rich.clone());
            }
        }
    }

    /// Widths, heights, hidden rows and columns.
    fn dress_lines(&mut self, tab: &Tab<'_>) {
        /// Programs round sizes when they save: less than this is no change.
        const ROUNDING: f64 = 0.8;
        let changed = |size: Option<f64>, usual: Option<f64>, least: f64| {
            size.filter(|size| (size - usual.unwrap_or(least)).abs() > ROUNDING)
        };
        let place = self.places.get(tab.name).cloned();
        let (mut done, mut lost) = (BTreeMap::<String, Vec<String>>::new(), Vec::new());
        let last = tab.worn.cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
        for (row, line) in tab.worn.rows.range(..=last.max(1)) {
            let usual = tab.blank.and_then(|(worn, place)| Some(worn.row(aligned(place, *row)?)));
            let wanted = LineDress {
                size: tab.blank.and_then(|_| changed(line.size, usual.and_then(|usual| usual.size), 15.0)),
                hidden: line.hidden && usual.is_none_or(|usual| !usual.hidden),
            };
            if wanted == LineDress::default() {
                continue;
            }
            let words = format!("rij {}{}", row + 1, if wanted.hidden { " (verborgen)" } else { " (hoogte)" });
            let to = place.as_ref().and_then(|place| {
                let known = place.row(*row).map(|(part, to)| (part.tab.clone(), to));
                known.or_else(|| self.target(tab.name, *row, 0).map(|(to, row, _)| (to, row)))
            });
            match to {
                Some((to, at)) => {
                    self.dress(&to).rows.insert(at, wanted);
                    done.entry(to).or_default().push(words);
                }
                None => lost.push(words),
            }
        }
        for col in 0..tab.worn.cols.iter().map(|(_, last, _)| last + 1).max().unwrap_or(0).min(60) {
            let line = tab.worn.col(col);
            let to_col = place.as_ref().and_then(|place| place.cols.get(&col).copied());
            let extra = self.extra_cols.get(tab.name).and_then(|cols| cols.get(&col)).copied();
            let straight = place.as_ref().is_some_and(|place| place.cols.is_empty());
            let usual = tab.blank.map(|(worn, place)| worn.col(place.cols.get(&col).copied().unwrap_or(col)));
            let wanted = LineDress {
                // What is hidden has no width.
                size: usual.filter(|_| !line.hidden).and_then(|usual| changed(line.size, usual.size, 9.14)),
                hidden: line.hidden && usual.is_none_or(|usual| !usual.hidden),
            };
            // The hidden column of a classic workbook says nothing about the columns of the new one.
            if wanted == LineDress::default() || (usual.is_none() && to_col.or(extra).is_none()) {
                continue;
            }
            let words = format!(
                "kolom {}{}",
                column_letters(col),
                if wanted.hidden { " (verborgen)" } else { " (breedte)" }
            );
            match to_col.or(extra).or(straight.then_some(col)).zip(place.as_ref()) {
                Some((at, place)) => {
                    let name = place.tab.clone();
                    self.dress(&name).cols.insert(at, wanted);
                    done.entry(name).or_default().push(words);
                }
                // An empty column beside the table that was made wider.
                None if !tab
                    .worn
                    .cells
                    .keys()
                    .any(|(row, at)| *at == col && !self.is_blank(tab.name, *row, col)) => {}
                None => lost.push(words),
            }
        }
        let levels = |worn: &Worn| worn.rows.values().filter(|line| line.level > 0).count();
        if levels(tab.worn) > tab.blank.map_or(0, |(worn, _)| levels(worn)) {
            lost.push("groepen van rijen die in en uit te klappen zijn".to_owned());
        }
        for (to, words) in done {
            let what = "breedte, hoogte of verborgen";
            self.tell_arrived((tab.name, String::new()), what, words.join("; "), (&to, String::new()));
        }
        if !lost.is_empty() {
            let reason = "deze rijen of kolommen hebben in de nieuwe versie geen plaats";
            self.tell_lost(tab.name, String::new(), "breedte, hoogte of verborgen", lost.join("; "), reason);
        }
    }

    /// Conditional formats and data validations.
    fn dress_rules(&mut self, tab: &Tab<'_>) -> Result<()> {
        let place = self.places.get(tab.name).cloned();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let blank = tab.blank.map(|(worn, _)| worn.clone());
        let mut goals: Vec<String> =
            place.iter().flat_map(Placement::parts).map(|part| part.tab.clone()).collect();
        let mut new: BTreeMap<String, Worn> = BTreeMap::new();
        if let Some(package) = &self.input.new.package {
            for goal in &goals {
                new.insert(goal.clone(), worn(package, goal)?);
            }
        }
        if goals.is_empty() {
            // Nothing took its place: all is lost.
            goals.push(String::new());
        }
        for worn in blank.iter().chain(new.values()) {
            known.extend(worn.rules.iter().chain(&worn.validations).map(squeezed_rule));
        }
        // Rules of the format that were repaired or damaged are still the format's.
        let ours: BTreeSet<(String, String)> =
            self.orange_rules(tab.name)?.into_iter().map(|rule| (rule.ranges, rule.formula)).collect();
        let last = tab.worn.cells.keys().map(|(row, _)| *row).max().unwrap_or(0).max(200);
        let taken = |goal: &str, row: u32, col: u32| {
            let mut ranges =
                new.get(goal).into_iter().flat_map(|worn| &worn.validations).flat_map(|rule| &rule.ranges);
            ranges.any(|range| range.contains(row, col))
        };
        for (is_rule, rule) in tab
            .worn
            .rules
            .iter()
            .map(|rule| (true, rule))
            .chain(tab.worn.validations.iter().map(|rule| (false, rule)))
        {
            let ranges = rule.ranges.iter().map(Range::a1).collect::<Vec<_>>().join(" ");
            let written = (ranges.clone(), rule.formulas.first().cloned().unwrap_or_default());
            if known.contains(&squeezed_rule(rule)) || (is_rule && ours.contains(&written)) {
                continue;
            }
            let what =
                if is_rule { "voorwaardelijke opmaak" } else { "gegevensvalidatie (keuzelijst of controle)" };
            let mut words = vec![rule_words(&rule.kind)];
            words.extend(rule.formulas.clone());
            words.extend(rule.texts.clone());
            let text = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("; ");
            let moved = gone_to(self.package, &self.plan.graft);
            // A part for every tab to which its cells went; lost is what arrived on none of them.
            let mut parts = Vec::new();
            let mut lost: Option<BTreeSet<(u32, u32)>> = None;
            for goal in &goals {
                let target = |row: u32, col: u32| {
                    let (_, row, col) = self.target(tab.name, row, col).filter(|(to, ..)| to == goal)?;
                    (is_rule || !taken(goal, row, col)).then_some((row, col))
                };
                let own = |range: Range| self.target_range(tab.name, goal, range);
                let (made, left) = relocated_rule(rule, last, &target, &own, &moved);
                let left = left.iter().flat_map(|range| {
                    let rows = range.first_row..=range.last_row.min(last);
                    let cols = range.first_col..=range.last_col.min(range.first_col + 50);
                    rows.flat_map(move |row| cols.clone().map(move |col| (row, col)))
                });
                let left: BTreeSet<(u32, u32)> = left.collect();
                lost = Some(lost.map_or(left.clone(), |lost| lost.intersection(&left).copied().collect()));
                if !made.is_empty() {
                    parts.push((goal.clone(), made));
                }
            }
            drop(moved);
            // Cells without content between those that moved are no loss.
            let lost: Vec<(u32, u32)> = lost
                .unwrap_or_default()
                .into_iter()
                .filter(|(row, col)| parts.is_empty() || !self.is_blank(tab.name, *row, *col))
                .collect();
            for (goal, made) in parts {
                let to =
                    made.iter().flat_map(|part| part.ranges.iter().map(Range::a1)).collect::<Vec<_>>().join(" ");
                let dress = self.dress(&goal);
                match is_rule {
                    true => dress.rules.extend(made),
                    false => dress.validations.extend(made),
                }
                self.tell_arrived((tab.name, ranges.clone()), what, text.clone(), (&goal, to));
            }
            if !lost.is_empty() {
                let cells = gathered(lost).iter().map(Range::a1).collect::<Vec<_>>().join(" ");
                let reason = "deze cellen, of cellen waarnaar wordt verwezen, hebben in de nieuwe versie geen plaats of \
                              een eigen keuzelijst";
                self.tell_lost(tab.name, cells, what, text, reason);
            }
        }
        Ok(())
    }

    /// The rules of an old tab that are the format's, or were it once.
    fn orange_rules(&self, tab: &str) -> Result<Vec<Conditional>> {
        let facts = self.package.sheet_facts(tab)?;
        let rules = facts.conditional_formats.iter().map(|rule| Conditional {
            tab: tab.to_owned(),
            ranges: rule.sqref.clone(),
            kind: rule.kind.clone(),
            formula: rule.formula.clone(),
            fills: rule.has_fill,
        });
        Ok(rules.filter(|rule| HighlightRule::of(rule).is_ours()).collect())
    }

    /// Links inside the workbook that a person made.
    fn dress_links(&mut self, tab: &Tab<'_>) -> Result<()> {
        /// So many links of one column are told one by one.
        const FEW: usize = 5;
        let facts = self.package.sheet_facts(tab.name)?;
        let links_of = |package: Option<&crate::package::Spreadsheet>, name: Option<&str>| -> Result<Vec<_>> {
            let (Some(package), Some(name)) = (package, name) else { return Ok(Vec::new()) };
            Ok(package.sheet_facts(name)?.hyperlinks.clone())
        };
        let blank_package = self.input.old_blank.and_then(|blank| blank.package.as_ref());
        let blank = links_of(blank_package, tab.blank.map(|(_, place)| place.tab.as_str()))?;
        let mut new = BTreeMap::new();
        for part in self.places.get(tab.name).into_iter().flat_map(Placement::parts) {
            new.insert(part.tab.clone(), links_of(self.input.new.package.as_ref(), Some(&part.tab))?);
        }
        let mut lost: BTreeMap<u32, Vec<(String, String)>> = BTreeMap::new();
        let plain = |location: &str| location.trim_start_matches('#').replace(['\'', '$'], "").to_lowercase();
        for link in &facts.hyperlinks {
            let (row, col) = (link.range.first_row, link.range.first_col);
            let outside = link.target.as_deref().filter(|target| !target.starts_with('#'));
            let inside = link.target.as_deref().and_then(inside_workbook);
            let Some(location) = link.location.as_deref().or(inside.as_deref()) else { continue };
            let formats = tab.base(row, col).is_some_and(|(row, col)| {
                blank.iter().any(|known| {
                    known.range.contains(row, col)
                        && known.location.as_deref().is_some_and(|known| plain(known) == plain(location))
                })
            });
            let at = (tab.name.to_owned(), row, col);
            let persons = self.arrived.contains_key(&at) || self.listed.contains_key(&at);
            // Links of a workbook of which no blank one is known are the format's where its own texts stand.
            if outside.is_some() || formats || (tab.blank.is_none() && !persons) {
                continue;
            }
            let cell = CellRef::new("", row, col).a1();
            let text = link.tooltip.clone().map_or(location.to_owned(), |tip| format!("{location} ({tip})"));
            let target = self.target(tab.name, row, col);
            let free = |(to, row, col): &(String, u32, u32)| {
                new.get(to).is_some_and(|links| !links.iter().any(|known| known.range.contains(*row, *col)))
            };
            let after = link_after(location, self.package, &self.plan.graft);
            match target.filter(free).zip(after) {
                Some(((to, to_row, to_col), after)) => {
                    let tip = link.tooltip.clone().unwrap_or_default();
                    self.dress(&to).links.push(((to_row, to_col), after, tip));
                    let to_cell = CellRef::new("", to_row, to_col).a1();
                    self.tell_arrived((tab.name, cell), "link in het werkboek", text, (&to, to_cell));
                }
                None => lost.entry(col).or_default().push((cell, text)),
            }
        }
        let reason = "de cel of het doel van de link bestaat niet meer, of er staat een link van het format";
        for links in lost.into_values() {
            let more = links.len().saturating_sub(1);
            for (at, (cell, text)) in links.into_iter().enumerate() {
                self.tell_lost(tab.name, cell, "link in het werkboek", text, reason);
                if more < FEW {
                    continue;
                }
                // Of a whole column of links one stands on the list; the report names them all.
                match (at, self.plan.unplaced.last_mut()) {
                    (0, Some(line)) => line.text = format!("{} en nog {more} links in deze kolom", line.text),
                    _ => drop(self.plan.unplaced.pop()),
                }
            }
        }
        Ok(())
    }

    /// What cannot be put on another tab.
    fn tell_others(
        &mut self,
        tab: &Tab<'_>,
        unfrozen_by_program: bool,
        everywhere: &mut BTreeMap<(&'static str, String), bool>,
        page_ends: &mut Vec<(String, String)>,
    ) -> Result<()> {
        let reason = "dit kan niet mee naar het nieuwe tabblad; maak het daar zo nodig opnieuw";
        let of_page = [
            "koptekst voor het afdrukken",
            "voettekst voor het afdrukken",
            "kleur van het tabblad",
            PAGE_END,
            FROZEN,
            "afdrukken staand of liggend",
        ];
        let new = match (tab.blank, self.places.get(tab.name), &self.input.new.package) {
            (None, Some(place), Some(package)) => worn(package, &place.tab)?.others,
            _ => Vec::new(),
        };
        let as_new = |written: &String| {
            let row = written.strip_prefix("na rij ").and_then(|row| row.parse().ok());
            let to = row.and_then(|row| self.target(tab.name, row, 0));
            to.map_or_else(|| written.clone(), |(_, row, _)| format!("na rij {row}"))
        };
        // The format writes its version below every page.
        let unversioned = |text: &str| {
            let own = self.input.old.analysis.format_version.as_deref().unwrap_or_default();
            let versions = [own, &self.input.old_format.version, &self.input.new_format.version];
            versions
                .iter()
                .filter(|version| !version.is_empty())
                .fold(text.to_owned(), |text, version| text.replace(&format!("versie {version}"), "versie"))
        };
        let mut pages: Vec<&str> = Vec::new();
        let mut lost: Vec<(&'static str, String, &str)> = Vec::new();
        // A page of the format ends where its row went when people put rows above it.
        let as_blank = |written: &String| {
            let row = written.strip_prefix("na rij ").and_then(|row| row.parse().ok());
            let base = row.and_then(|row| tab.base(row, 0));
            base.map_or_else(|| written.clone(), |(row, _)| format!("na rij {row}"))
        };
        let ours: BTreeSet<String> = self.orange_rules(tab.name)?.into_iter().map(|rule| rule.formula).collect();
        for (word, written) in &tab.worn.others {
            // Some programs keep the orange rules of the format there.
            if *word == EXTENDED && ours.contains(written) {
                continue;
            }
            let known = match tab.blank {
                Some((blank, _)) => {
                    let base = as_blank(written);
                    blank.others.iter().any(|(other, text)| other == word && (*text == *written || *text == base))
                }
                None if of_page.contains(word) => {
                    let there = as_new(written);
                    let same = new.iter().any(|(other, text)| {
                        other == word && (unversioned(text) == unversioned(written) || *text == there)
                    });
                    if !same && *word == PAGE_END {
                        pages.push(written);
                    }
                    same || *word == PAGE_END
                }
                None => *word == "filter",
            };
            if !known {
                let text = if written.starts_with('<') { String::new() } else { written.clone() };
                lost.push((
                    *word,
                    text,
                    if of_page.contains(word) && tab.blank.is_none() { UNKNOWN_PAGE } else { reason },
                ));
            }
        }
        if !pages.is_empty() {
            page_ends.push((tab.name.to_owned(), pages.join(", ")));
        }
        for (word, text, reason) in lost {
            // What all tabs have is told once.
            match everywhere.get(&(word, text.clone())) {
                Some(false) => {
                    everywhere.insert((word, text.clone()), true);
                    self.tell_lost("alle tabbladen", String::new(), word, text, reason);
                }
                Some(true) => {}
                None => self.tell_lost(tab.name, String::new(), word, text, reason),
            }
        }
        let Some((blank, place)) = tab.blank else { return self.tell_merged(tab) };
        if is_frozen(blank) && !is_frozen(tab.worn) && !unfrozen_by_program {
            self.tell_lost(tab.name, String::new(), FROZEN, "niets vast".to_owned(), reason);
        }
        let merged: Vec<String> = tab
            .worn
            .merges
            .iter()
            .filter(|range| {
                let (rows, cols) = (range.last_row - range.first_row, range.last_col - range.first_col);
                let base = tab.base(range.first_row, range.first_col);
                !base.is_some_and(|(row, col)| {
                    blank.merges.contains(&Range {
                        first_row: row,
                        first_col: col,
                        last_row: row + rows,
                        last_col: col + cols,
                    })
                })
            })
            .map(Range::a1)
            .collect();
        if !merged.is_empty() {
            self.tell_lost(tab.name, merged.join(" "), "samengevoegde cellen", String::new(), reason);
        }
        let area = |package: &crate::package::Spreadsheet, tab: &str| {
            let mut names = package.defined_names().iter();
            let found = names.find(|n| n.name == "_xlnm.Print_Area" && n.scope.as_deref() == Some(tab));
            // The tab may have another name.
            found.map(|name| name.refers_to.rsplit_once('!').map_or("", |(_, cells)| cells).to_owned())
        };
        let usual = self.input.old_blank.and_then(|blank| area(blank.package.as_ref()?, &place.tab));
        if let Some(own) = area(self.package, tab.name).filter(|own| Some(own) != usual.as_ref()) {
            self.tell_lost(tab.name, String::new(), "afdrukbereik", own, reason);
        }
        Ok(())
    }

    /// Merged cells of a workbook of which no blank one is known: those that the new version does not have so.
    fn tell_merged(&mut self, tab: &Tab<'_>) -> Result<()> {
        let Some(package) = &self.input.new.package else { return Ok(()) };
        let mut new: BTreeMap<String, Vec<Range>> = BTreeMap::new();
        for part in self.places.get(tab.name).into_iter().flat_map(Placement::parts) {
            new.insert(part.tab.clone(), worn(package, &part.tab)?.merges);
        }
        let as_new = |range: &&Range| {
            let there = self.target(tab.name, range.first_row, range.first_col);
            there.is_some_and(|(to, row, col)| {
                let wide = range.last_col - range.first_col;
                let mut merges = new.get(&to).into_iter().flatten();
                merges.any(|known| known.contains(row, col) && known.last_col - known.first_col >= wide)
            })
        };
        // Without a text of a person in it: what the format lays out so somewhere is the format's.
        let as_format = |range: &&Range| {
            let at = (tab.name.to_owned(), range.first_row, range.first_col);
            let shape = |range: &Range| (range.first_col, range.last_col, range.last_row - range.first_row);
            let persons = self.arrived.contains_key(&at) || self.listed.contains_key(&at);
            !persons && new.values().flatten().any(|known| shape(known) == shape(range))
        };
        let merges = tab.worn.merges.iter().filter(|range| !as_new(range) && !as_format(range));
        let merged: Vec<String> = merges.map(Range::a1).collect();
        if !merged.is_empty() {
            self.tell_lost(tab.name, merged.join(" "), "samengevoegde cellen", String::new(), UNKNOWN_PAGE);
        }
        Ok(())
    }

    /// Whether a person coloured cells, or words in them, of a tab for reference: then it is kept.
    /// True when the old overview tab and the blank one have their cells in the same places, so that their looks can be
    /// compared; false for one so large that looking at every cell would take long.
    pub(super) fn overview_is_as_built(&self, name: &str) -> Result<bool> {
        const MOST: usize = 60_000;
        let Some(blank) = self.input.old_blank else { return Ok(false) };
        let Some(package) = &blank.package else { return Ok(false) };
        let kind = crate::model::TabKind::Fixed("overzicht".to_owned());
        let Some(other) = blank.analysis.tabs.iter().find(|tab| tab.kind == kind) else { return Ok(false) };
        let filled = |book: &crate::package::Spreadsheet, tab: &str| -> Result<BTreeSet<(u32, u32)>> {
            let mut cells = BTreeSet::new();
            book.visit_cells(tab, &mut |cell| {
                if cell.raw.is_some() || cell.formula.is_some() {
                    cells.insert((cell.row, cell.col));
                }
                Ok(cells.len() <= MOST)
            })?;
            Ok(cells)
        };
        let own = filled(self.package, name)?;
        Ok(own.len() <= MOST && own == filled(package, &other.name)?)
    }

    pub(super) fn is_coloured(&self, name: &str, kind: &crate::model::TabKind) -> Result<bool> {
        let Some(blank) = self.input.old_blank else { return Ok(false) };
        let Some(package) = &blank.package else { return Ok(false) };
        let Some(other) = blank.analysis.tabs.iter().find(|tab| tab.kind == *kind) else { return Ok(false) };
        let (own, base) = (worn(self.package, name)?, worn(package, &other.name)?);
        let place = Placement { tab: other.name.clone(), ..Placement::default() };
        let tab = Tab { name, worn: &own, blank: Some((&base, &place)) };
        let person = PersonLooks::new(
            looks(self.package)?,
            (looks(package)?, run_colours(package)?),
            std::slice::from_ref(&tab),
            &BTreeMap::new(),
        );
        let rich = |(at, cell): (&(u32, u32), &crate::package::WornCell)| {
            cell.rich.is_some() && base.cells.get(at).is_none_or(|base| base.rich.is_none())
        };
        let coloured = |at: &(u32, u32)| person.of(&tab, at.0, at.1, false).iter().any(|aspect| seen(*aspect));
        // Programs do not agree on the look of the hidden cells of a merged range.
        let shown = || own.cells.iter().filter(|((row, col), _)| !own.is_covered(*row, *col));
        Ok(shown().any(rich) || shown().any(|(at, _)| coloured(at)))
    }
}

/// What stands on each of these tabs, when no blank workbook says what the format put there; whether it was told.
fn on_all_tabs(tabs: &[Tab<'_>]) -> BTreeMap<(&'static str, String), bool> {
    /// With fewer tabs nothing is on all of them.
    const FEWEST: usize = 3;
    let mut counts: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    for tab in tabs.iter().filter(|tab| tab.blank.is_none()) {
        for other in &tab.worn.others {
            *counts.entry(other.clone()).or_insert(0) += 1;
        }
    }
    let all = |count: &usize| *count >= FEWEST.max(tabs.len());
    counts.into_iter().filter(|(_, count)| all(count)).map(|(other, _)| (other, false)).collect()
}

/// What a rule or choice does, in words; its kind is that of the file, with the operator behind it.
fn rule_words(kind: &str) -> String {
    let (kind, operator) = kind.split_once(' ').unwrap_or((kind, ""));
    let what = match kind {
        "expression" | "custom" => "formule",
        "cellIs" => "waarde van de cel",
        "dataBar" => "gegevensbalken",
        "colorScale" => "kleurenschaal",
        "iconSet" => "pictogrammen",
        "containsText" => "tekst die erin staat",
        "notContainsText" => "tekst die er niet in staat",
        "beginsWith" => "tekst waarmee het begint",
        "endsWith" => "tekst waarmee het eindigt",
        "containsBlanks" => "lege cellen",
        "notContainsBlanks" => "gevulde cellen",
        "containsErrors" => "cellen met een fout",
        "notContainsErrors" => "cellen zonder fout",
        "duplicateValues" => "dubbele waarden",
        "uniqueValues" => "unieke waarden",
        "top10" => "hoogste of laagste waarden",
        "aboveAverage" => "boven of onder het gemiddelde",
        "timePeriod" => "datum in een periode",
        "list" => "keuzelijst",
        "whole" => "geheel getal",
        "decimal" => "getal",
        "date" => "datum",
        "time" => "tijd",
        "textLength" => "lengte van de tekst",
        "none" | "" => "elke waarde",
        _ => "andere regel",
    };
    let how = match operator {
        "between" => "tussen",
        "notBetween" => "niet tussen",
        "equal" => "gelijk aan",
        "notEqual" => "niet gelijk aan",
        "greaterThan" => "groter dan",
        "lessThan" => "kleiner dan",
        "greaterThanOrEqual" => "minstens",
        "lessThanOrEqual" => "hoogstens",
        // The kind says it already.
        _ => return what.to_owned(),
    };
    format!("{what} {how}")
}

/// Whether rows or columns of a tab stay in view.
fn is_frozen(worn: &Worn) -> bool {
    worn.others.iter().any(|(word, _)| *word == FROZEN)
}

/// What a person means by it: a colour or bold says something, a line around a cell does not.
pub(super) fn seen(aspect: Aspect) -> bool {
    matches!(
        aspect,
        Aspect::Bold | Aspect::Italic | Aspect::Underline | Aspect::Strike | Aspect::Colour | Aspect::Fill
    )
}

/// A look without the aspects that say nothing.
pub(super) fn seen_only(look: &Look) -> Look {
    look.iter().filter(|(aspect, _)| seen(**aspect)).map(|(aspect, shown)| (*aspect, shown.clone())).collect()
}

/// What a cell on the list of what has no place gets.
pub(crate) type Listed = BTreeMap<usize, CellDress>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_choices_are_told_in_words_and_not_in_those_of_the_file() {
        let told =
            ["expression", "dataBar", "cellIs greaterThan", "containsText containsText", "whole between", "list"]
                .map(rule_words);
        assert_eq!(
            told,
            [
                "formule",
                "gegevensbalken",
                "waarde van de cel groter dan",
                "tekst die erin staat",
                "geheel getal tussen",
                "keuzelijst"
            ]
        );
    }
}
