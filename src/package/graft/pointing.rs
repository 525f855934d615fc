//! What on a tab refers to certain other tabs: in formulas, rules, choices and charts, by cells, tables and names.
//!
//! Owns finding it. Must not know why somebody wants to know.

use std::collections::{BTreeMap, BTreeSet};

use super::worn::worn;
use crate::error::Result;
use crate::package::formula::{Precedent, precedents};
use crate::package::parts::relationships;
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::{elements, text_of};

/// Something that refers to a tab.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointing {
    /// The tab that is referred to.
    pub to: String,
    /// What it is, in Dutch.
    pub what: &'static str,
    /// Where it stands: a cell or cells; empty for a chart.
    pub cell: String,
    /// The formula, without `=`.
    pub formula: String,
}

/// What each tab of `goals` is called in formulas: by its own name, by its tables, by defined names.
struct Known {
    tabs: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl Known {
    fn of(book: &Spreadsheet, goals: &BTreeSet<String>) -> Result<Self> {
        let tabs = goals.iter().map(|tab| (tab.to_lowercase(), tab.clone())).collect();
        let mut known = Known { tabs, tables: BTreeMap::new(), names: BTreeMap::new() };
        for tab in goals {
            if book.worksheet(tab).is_err() {
                continue;
            }
            for table in &book.sheet_facts(tab)?.tables {
                known.tables.insert(table.0.to_lowercase(), tab.clone());
            }
        }
        let names = book.defined_names().iter().filter(|name| name.scope.is_none());
        let of_names: Vec<(String, String)> =
            names.filter_map(|name| Some((name.name.to_lowercase(), known.tab(&name.refers_to)?))).collect();
        known.names.extend(of_names);
        Ok(known)
    }

    fn tab(&self, formula: &str) -> Option<String> {
        precedents(formula).into_iter().find_map(|precedent| match precedent {
            Precedent::Cells(Some(prefix), _) | Precedent::Name(Some(prefix), _) if !prefix.external => {
                self.tabs.get(&prefix.first.to_lowercase()).cloned()
            }
            Precedent::Name(None, name) => self.names.get(&name.to_lowercase()).cloned(),
            Precedent::Table(name) => self.tables.get(&name.to_lowercase()).cloned(),
            _ => None,
        })
    }
}

/// What on these tabs refers to one of `goals`, by tab.
///
/// # Errors
/// When a tab does not exist or a part is damaged.
pub fn pointing(
    book: &Spreadsheet,
    tabs: &[String],
    goals: &BTreeSet<String>,
) -> Result<Vec<(String, Vec<Pointing>)>> {
    let known = Known::of(book, goals)?;
    let mut all = Vec::new();
    for tab in tabs.iter().filter(|tab| book.worksheet(tab).is_ok()) {
        let mut found = Vec::new();
        let mut put = |what: &'static str, cell: String, formula: &str| {
            if let Some(to) = known.tab(formula) {
                found.push(Pointing { to, what, cell, formula: formula.to_owned() });
            }
        };
        book.visit_cells(tab, &mut |view| {
            if let Some(formula) = &view.formula {
                put("formules", Range::cell(view.row, view.col).a1(), formula.text);
            }
            Ok(true)
        })?;
        let wears = worn(book, tab)?;
        let rules = wears.rules.iter().map(|rule| ("voorwaardelijke opmaak", rule));
        for (what, rule) in rules.chain(wears.validations.iter().map(|rule| ("keuzelijsten", rule))) {
            for formula in &rule.formulas {
                put(what, rule.ranges.iter().map(Range::a1).collect::<Vec<_>>().join(" "), formula);
            }
        }
        let archive = book.archive();
        for drawing in relationships(archive, &book.worksheet(tab)?.part)? {
            if drawing.kind != "drawing" || !archive.contains(&drawing.target) {
                continue;
            }
            for chart in relationships(archive, &drawing.target)? {
                if chart.kind != "chart" || !archive.contains(&chart.target) {
                    continue;
                }
                let text = archive.read_text(&chart.target)?;
                let parts = elements(&text).map_err(|error| archive.damaged(&chart.target, &error))?;
                for formula in parts.iter().filter(|e| e.local == "f") {
                    put("grafieken", String::new(), &text_of(&text, formula));
                }
            }
        }
        if !found.is_empty() {
            all.push((tab.clone(), found));
        }
    }
    Ok(all)
}
