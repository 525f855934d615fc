//! Formulas that refer to tabs that were replaced: written anew where their cells have gone, or given up for their
//! outcome.
//!
//! Owns the text of formulas in worksheets, charts and names. Must not know why cells moved.

use crate::package::formula::{Moved, remapped};
use crate::package::xml::{Splices, elements, text_of, with_attribute, xml_escape, xml_unescape};

type Outcome<T> = Result<T, String>;

/// A formula that was replaced by its outcome: cell and formula.
pub(super) type Given = (String, String);

/// A worksheet with its formulas, rules, lists and links written anew; `None` when nothing refers to `moved` tabs. Of a
/// formula that cannot be kept the outcome stays.
pub(super) fn sheet(
    text: &str,
    moved: &dyn Fn(&str, crate::package::Range) -> Moved,
    names: &dyn Fn(&str) -> bool,
) -> Outcome<Option<(String, Vec<Given>)>> {
    let mut splices = Splices::default();
    let mut given = Vec::new();
    let all = elements(text)?;
    // A shared formula is written once for many cells; when it refers to a replaced tab all of them keep their outcome.
    let mut groups: Vec<String> = Vec::new();
    for formula in all.iter().filter(|e| e.local == "f") {
        let shared = formula.attribute("t") == Some("shared");
        let written = text_of(text, formula);
        if shared
            && refers(&written, names)
            && let Some(group) = formula.attribute("si")
        {
            groups.push(group.to_owned());
        }
    }
    for formula in all.iter().filter(|e| e.local == "f") {
        let written = text_of(text, formula);
        let in_group = formula.attribute("si").is_some_and(|group| groups.iter().any(|known| known == group));
        if !in_group && !refers(&written, names) {
            continue;
        }
        let plain = formula.attribute("t").is_none_or(|kind| kind == "normal");
        match remapped(&written, moved).filter(|_| plain && !in_group) {
            Some(new) if new == written => {}
            Some(new) => splices.replace(formula.content.clone(), xml_escape(&new)),
            None => {
                let cell = formula.parent.and_then(|at| all.get(at)).and_then(|cell| cell.attribute("r"));
                given.push((cell.unwrap_or_default().to_owned(), written));
                splices.replace(formula.span.clone(), "");
            }
        }
    }
    for rule in all.iter().filter(|e| matches!(e.local.as_str(), "formula" | "formula1" | "formula2")) {
        let written = text_of(text, rule);
        if refers(&written, names)
            && let Some(new) = remapped(&written, moved).filter(|new| *new != written)
        {
            splices.replace(rule.content.clone(), xml_escape(&new));
        }
    }
    for link in all.iter().filter(|e| e.local == "hyperlink") {
        let Some(location) = link.attribute("location").filter(|location| refers(location, names)) else {
            continue;
        };
        if let Some(new) = remapped(location, moved) {
            let tag = text.get(link.tag.clone()).unwrap_or_default();
            splices.replace(link.tag.clone(), with_attribute(tag, "location", &new));
        }
    }
    Ok((!splices.is_empty()).then(|| (splices.apply(text), given)))
}

/// Whether a formula names one of the tabs.
fn refers(formula: &str, names: &dyn Fn(&str) -> bool) -> bool {
    formula.contains('!') && names(formula)
}

/// A chart with its references written anew. One that cannot be kept becomes the points that it showed.
pub(super) fn chart(
    text: &str,
    moved: &dyn Fn(&str, crate::package::Range) -> Moved,
) -> Outcome<Option<(String, Vec<Given>)>> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    let mut given = Vec::new();
    for (index, formula) in all.iter().enumerate().filter(|(_, e)| e.local == "f") {
        let written = text_of(text, formula);
        match remapped(&written, moved) {
            Some(new) if new == written => {}
            Some(new) => splices.replace(formula.content.clone(), xml_escape(&new)),
            None => {
                let Some((at, reference)) = formula.parent.and_then(|at| Some((at, all.get(at)?))) else {
                    continue;
                };
                given.push((String::new(), written));
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

/// True when a worksheet holds a formula, rule or link at all that might refer to another tab.
pub(super) fn may_refer(text: &str) -> bool {
    text.contains('!')
}
