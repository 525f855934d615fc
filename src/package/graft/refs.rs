//! Formulas that refer to tabs that were replaced: written anew where their cells have gone, or given up for their
//! outcome.
//!
//! Owns the text of formulas in worksheets, charts and names. Must not know why cells moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::package::archive::percent_decoded;
use crate::package::formula::{Moved, Precedent, precedents, remapped, shifted};
use crate::package::spreadsheet::{DefinedName, Range};
use crate::package::xml::{Element, Splices, elements, text_of, with_attribute, xml_escape, xml_unescape};

type Outcome<T> = Result<T, String>;

/// Something that does not say the same any more: cell, what it said, what became of it.
pub(super) type Given = (String, String, Fate);

/// What became of a formula or link that refers to cells that were replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The formula is gone, its outcome stayed.
    Outcome,
    /// The formula is gone, and the file had no outcome of it.
    Nothing,
    /// The name is gone: the cells that it stood for do not stand together any more, or on no tab that stays.
    LostName,
    /// The formula stayed as it is: what it refers to stands in a text.
    Unfollowed,
    /// The references in the formula lead to where their cells went, but how far it reaches is calculated from them.
    Calculated,
    /// The rule, list or small chart is about nothing any more: what it refers to does not stand together.
    DeadRule,
    /// The link leads to the top of the tab that took the place of the old one.
    TopOfTab,
    /// The link stayed as it is: its goal is gone.
    DeadLink,
}

/// Functions that find cells by a text.
const BY_TEXT: &str = "INDIRECT";
/// A function of which the text may be a link.
const LINK: &str = "HYPERLINK";

/// Whether a formula finds cells in a way that cannot be followed: by the name of a replaced tab in a text, or by a text
/// that is known by calculating only.
pub(super) fn by_text(formula: &str, names: &dyn Fn(&str) -> bool) -> bool {
    let upper = formula.to_uppercase();
    if !upper.contains('"') && !upper.contains(BY_TEXT) {
        return false;
    }
    let calls = |name: &str| precedents(formula).iter().any(|p| matches!(p, Precedent::Function(f) if f == name));
    // Every other piece between quotes is a text.
    let mut texts = formula.split('"').skip(1).step_by(2);
    calls(BY_TEXT) || texts.any(|text| names(text) && (text.contains('!') || calls(LINK)))
}

/// Whether how far a formula reaches is known by calculating only: from a cell so many rows on, or up to what a function gives.
pub(super) fn by_reckoning(formula: &str) -> bool {
    precedents(formula).iter().any(|precedent| match precedent {
        Precedent::Function(name) => matches!(name.as_str(), "OFFSET" | "_XLFN.ANCHORARRAY"),
        Precedent::Unknown => true,
        _ => false,
    })
}

/// What a formula is told for that stays, of which the text was looked at.
pub(super) fn stays_as(formula: &str, names: &dyn Fn(&str) -> bool) -> Option<Fate> {
    if by_text(formula, names) {
        return Some(Fate::Unfollowed);
    }
    (refers(formula, names) && by_reckoning(formula)).then_some(Fate::Calculated)
}

/// A worksheet with its formulas, rules, lists and links written anew; `None` when nothing refers to `moved` tabs or to a name
/// that goes (`loses`). Of a formula that cannot be kept the outcome stays.
pub(super) fn sheet(
    text: &str,
    moved: &dyn Fn(&str, Range) -> Moved,
    tops: &dyn Fn(&str, Range) -> Moved,
    names: &dyn Fn(&str) -> bool,
    loses: &dyn Fn(&str) -> bool,
) -> Outcome<(Option<String>, Vec<Given>)> {
    let concerned = |formula: &str| refers(formula, names) || loses(formula);
    let followed = |formula: &str| remapped(formula, moved).filter(|_| !loses(formula));
    let mut splices = Splices::default();
    let mut given = Vec::new();
    let all = elements(text)?;
    let groups = groups(text, &all, &concerned);
    for formula in all.iter().filter(|e| e.local == "f" && in_cell(&all, e)) {
        let cell = formula.parent.and_then(|at| all.get(at));
        let address = || cell.and_then(|cell| cell.attribute("r")).unwrap_or_default().to_owned();
        let group = formula.attribute("si").and_then(|group| groups.get(group));
        // In a group the formula of each cell is that of the first, so many cells on.
        let written = match group.zip(crate::model::parse_a1(&address())) {
            Some(((master, first), (row, col))) => {
                let step = |from: u32, to: u32| i64::from(to) - i64::from(from);
                shifted(master, step(first.0, row), step(first.1, col))
            }
            None => text_of(text, formula),
        };
        let stays = stays_as(&written, names);
        if group.is_none() && !concerned(&written) {
            given.extend(stays.map(|fate| (address(), written, fate)));
            continue;
        }
        // The cells of an array formula stand on this tab, and stay; a table of data has no formula.
        let has_formula = formula.attribute("t") != Some("dataTable");
        match followed(&written).filter(|_| has_formula) {
            Some(new) => {
                if group.is_some() {
                    // What followed one rule need not do so where the cells went.
                    let p = formula.prefix();
                    splices.replace(formula.span.clone(), format!("<{p}f>{}</{p}f>", xml_escape(&new)));
                } else if new != written {
                    splices.replace(formula.content.clone(), xml_escape(&new));
                }
                given.extend(stays.map(|fate| (address(), written, fate)));
            }
            None => {
                let own = |e: &&Element| e.local == "v" && e.parent == formula.parent;
                let outcome = all.iter().filter(own).any(|v| !text_of(text, v).is_empty());
                given.push((address(), written, if outcome { Fate::Outcome } else { Fate::Nothing }));
                splices.replace(formula.span.clone(), "");
            }
        }
    }
    for (index, rule) in all.iter().enumerate() {
        // In the extension list the formula is an element in the formula.
        let own = matches!(rule.local.as_str(), "formula" | "formula1" | "formula2" | "f") && !in_cell(&all, rule);
        if !own || all.get(index + 1).is_some_and(|next| next.parent == Some(index)) {
            continue;
        }
        let written = text_of(text, rule);
        if !concerned(&written) {
            continue;
        }
        let followed = followed(&written);
        if followed.is_some() && by_reckoning(&written) {
            given.push((cells_of(text, &all, rule), written.clone(), Fate::Calculated));
        }
        match followed {
            Some(new) if new == written => {}
            Some(new) => splices.replace(rule.content.clone(), xml_escape(&new)),
            None => {
                // The name of a tab that is not there would make the file one that has to be repaired.
                splices.replace(rule.content.clone(), "#REF!");
                given.push((cells_of(text, &all, rule), written, Fate::DeadRule));
            }
        }
    }
    for link in all.iter().filter(|e| e.local == "hyperlink") {
        let Some(location) = link.attribute("location").filter(|location| refers(location, names)) else {
            continue;
        };
        let (new, fate) = link_to(location, moved, tops);
        given.extend(fate.map(|fate| (place_of(link), location.to_owned(), fate)));
        if let Some(new) = new {
            let tag = text.get(link.tag.clone()).unwrap_or_default();
            splices.replace(link.tag.clone(), with_attribute(tag, "location", &new));
        }
    }
    Ok(((!splices.is_empty()).then(|| splices.apply(text)), given))
}

/// A link where its goal has gone, and what is to be told of it.
fn link_to(
    location: &str,
    moved: &dyn Fn(&str, Range) -> Moved,
    tops: &dyn Fn(&str, Range) -> Moved,
) -> (Option<String>, Option<Fate>) {
    if let Some(new) = remapped(location, moved) {
        return (Some(new), None);
    }
    // A link to the first cell means the tab.
    let to_tab = location.rsplit('!').next().is_some_and(|cell| cell.replace('$', "") == "A1");
    match remapped(location, tops) {
        Some(new) => (Some(new), (!to_tab).then_some(Fate::TopOfTab)),
        None => (None, Some(Fate::DeadLink)),
    }
}

/// The first cell of a link.
fn place_of(link: &Element) -> String {
    link.attribute("ref").and_then(|range| range.split(':').next()).unwrap_or_default().to_owned()
}

/// The cells of the links of a worksheet that lead by a relationship, by its id.
pub(super) fn link_cells(text: &str) -> Outcome<BTreeMap<String, String>> {
    let links = elements(text)?.into_iter().filter(|element| element.local == "hyperlink");
    Ok(links.filter_map(|link| Some((link.attribute("id")?.to_owned(), place_of(&link)))).collect())
}

/// Links inside the workbook that other programs write as relationships to something outside it (`#'Tab'!A1`), where their goals
/// have gone. `cells` says where a relationship is used.
pub(super) fn relations(
    text: &str,
    cells: &BTreeMap<String, String>,
    moved: &dyn Fn(&str, Range) -> Moved,
    tops: &dyn Fn(&str, Range) -> Moved,
    names: &dyn Fn(&str) -> bool,
) -> Outcome<(Option<String>, Vec<Given>)> {
    let (mut splices, mut given) = (Splices::default(), Vec::new());
    for relation in elements(text)?.iter().filter(|e| e.local == "Relationship") {
        let is_link = relation.attribute("Type").is_some_and(|kind| kind.ends_with("/hyperlink"));
        let Some(location) = relation.attribute("Target").filter(|_| is_link).and_then(inside) else { continue };
        if !refers(&location, names) {
            continue;
        }
        let (new, fate) = link_to(&location, moved, tops);
        let cell = relation.attribute("Id").and_then(|id| cells.get(id)).cloned().unwrap_or_default();
        given.extend(fate.map(|fate| (cell, location.clone(), fate)));
        if let Some(new) = new.filter(|new| *new != location) {
            let tag = text.get(relation.tag.clone()).unwrap_or_default();
            splices.replace(relation.tag.clone(), with_attribute(tag, "Target", &format!("#{new}")));
        }
    }
    Ok(((!splices.is_empty()).then(|| splices.apply(text)), given))
}

/// The place in the workbook that the target of a relationship means; `None` for what lies outside it.
pub(crate) fn inside(target: &str) -> Option<String> {
    let place = target.strip_prefix('#')?;
    Some(percent_decoded(place).unwrap_or_else(|| place.to_owned()))
}

/// The shared formulas that are concerned, by group: the formula and the cell that it is written for.
fn groups(
    text: &str,
    all: &[Element],
    concerned: &dyn Fn(&str) -> bool,
) -> BTreeMap<String, (String, (u32, u32))> {
    let masters = all.iter().filter(|e| e.local == "f" && in_cell(all, e) && e.attribute("t") == Some("shared"));
    masters
        .filter_map(|formula| {
            let written = text_of(text, formula);
            let cell = formula.parent.and_then(|at| all.get(at))?.attribute("r")?;
            let group = formula.attribute("si").filter(|_| concerned(&written))?;
            Some((group.to_owned(), (written, crate::model::parse_a1(cell)?)))
        })
        .collect()
}

/// Whether an element stands in a cell itself; rules in the extension list have formulas of the same name.
fn in_cell(all: &[Element], element: &Element) -> bool {
    element.parent.and_then(|at| all.get(at)).is_some_and(|parent| parent.local == "c")
}

/// The first cell that a rule is about.
fn cells_of(text: &str, all: &[Element], rule: &Element) -> String {
    let mut at = rule.parent;
    while let Some((index, element)) = at.and_then(|at| Some((at, all.get(at)?))) {
        let inside =
            || all.iter().find(|e| e.local == "sqref" && e.parent == Some(index)).map(|e| text_of(text, e));
        if let Some(cells) = element.attribute("sqref").map(str::to_owned).or_else(inside) {
            return cells.split([' ', ':']).next().unwrap_or_default().to_owned();
        }
        at = element.parent;
    }
    String::new()
}

/// Whether a formula names one of the tabs.
fn refers(formula: &str, names: &dyn Fn(&str) -> bool) -> bool {
    formula.contains('!') && names(formula)
}

/// A chart with its references written anew. One that cannot be kept becomes the points that it showed.
pub(super) fn chart(
    text: &str,
    moved: &dyn Fn(&str, Range) -> Moved,
    loses: &dyn Fn(&str) -> bool,
) -> Outcome<Option<(String, Vec<Given>)>> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    let mut given = Vec::new();
    for (index, formula) in all.iter().enumerate().filter(|(_, e)| e.local == "f") {
        let written = text_of(text, formula);
        match remapped(&written, moved).filter(|_| !loses(&written)) {
            Some(new) if new == written => {}
            Some(new) => splices.replace(formula.content.clone(), xml_escape(&new)),
            None => {
                let Some((at, reference)) = formula.parent.and_then(|at| Some((at, all.get(at)?))) else {
                    continue;
                };
                given.push((String::new(), written, Fate::Outcome));
                let cache = all.iter().skip(index).find(|e| e.parent == Some(at) && e.local.ends_with("Cache"));
                let points = cache.map_or("", |cache| text.get(cache.content.clone()).unwrap_or_default());
                let in_title = reference.parent.and_then(|at| all.get(at)).is_some_and(|e| e.local == "tx");
                let p = reference.prefix();
                let literal = match reference.local.as_str() {
                    "numRef" => format!("<{p}numLit>{points}</{p}numLit>"),
                    "strRef" if in_title => {
                        let shown = cache.map_or_else(String::new, |cache| text_of(text, cache));
                        format!("<{p}v>{}</{p}v>", xml_escape(xml_unescape(&shown).trim()))
                    }
                    "strRef" => format!("<{p}strLit>{points}</{p}strLit>"),
                    _ => continue,
                };
                splices.replace(reference.span.clone(), literal);
            }
        }
    }
    Ok((!splices.is_empty()).then(|| (splices.apply(text), given)))
}

/// The names of the old workbook that people made and that cannot come along, in lower case: what they stand for cannot be followed,
/// or is such a name.
pub(super) fn lost_names(
    names: &[DefinedName],
    stays: &dyn Fn(&DefinedName) -> bool,
    moved: &dyn Fn(&str, Range) -> Moved,
) -> BTreeSet<String> {
    let mut lost = BTreeSet::new();
    loop {
        let more: Vec<String> = names
            .iter()
            .map(|name| (name, name.name.to_lowercase()))
            .filter(|(name, key)| {
                let follows = || remapped(&name.refers_to, moved).is_some() && !uses(&name.refers_to, &lost);
                !(lost.contains(key) || stays(name) && follows())
            })
            .map(|(_, key)| key)
            .collect();
        if more.is_empty() {
            return lost;
        }
        lost.extend(more);
    }
}

/// Whether a formula uses one of these names, which are in lower case.
pub(super) fn uses(formula: &str, names: &BTreeSet<String>) -> bool {
    !names.is_empty()
        && precedents(formula)
            .iter()
            .any(|precedent| matches!(precedent, Precedent::Name(_, name) if names.contains(&name.to_lowercase())))
}

/// True when a worksheet holds a formula, rule or link at all that might refer to another tab.
pub(super) fn may_refer(text: &str) -> bool {
    text.contains('!') || text.to_uppercase().contains(BY_TEXT)
}
