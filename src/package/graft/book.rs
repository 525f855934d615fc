//! The workbook part of a graft: the list of tabs, the names, recalculation on opening.
//!
//! Owns which names stay and what they refer to. Must not know why cells moved.

use std::collections::{BTreeMap, BTreeSet};

use super::refs::{Fate, stays_as};
use super::{Graft, GraftTab, RELATION, Referrer, Work};
use crate::error::Result;
use crate::package::archive::part_key;
use crate::package::edit::smallparts;
use crate::package::formula::{Moved, remapped};
use crate::package::parts::relationships_part;
use crate::package::spreadsheet::{Range, Visibility};
use crate::package::xml::{
    Element, Splices, elements, text_of, with_attribute, without_attribute, xml_escape, xml_escape_attribute,
};

/// The workbook part: the list of tabs, the names, recalculation on opening.
pub(super) fn workbook_part(
    work: &mut Work<'_>,
    sheets: &[(String, String, Visibility)],
    plan: &Graft,
    moved: &dyn Fn(&str, Range) -> Moved,
    replaced: &dyn Fn(&str) -> bool,
    lost: &BTreeSet<String>,
    given_up: &mut Vec<(Referrer, String, Fate)>,
) -> Result<()> {
    let (old, built) = (work.old, work.built);
    let part = old.workbook_part.clone();
    let rels = relationships_part(&part);
    let mut ids: Vec<String> = Vec::new();
    let dropped = old.sheets().iter().map(|sheet| sheet.part.clone());
    let dropped: Vec<String> = dropped.filter(|part| work.dropped.contains(&part_key(part))).collect();
    for gone in dropped {
        work.edit(&rels, |text| Ok((smallparts::remove_relationship(text, &part, &gone)?, ())))?;
    }
    for (_, target, _) in sheets {
        let known = old.relationships.iter().find(|r| part_key(&r.target) == part_key(target));
        let id = match known {
            Some(known) => known.id.clone(),
            None => work.edit(&rels, |text| {
                let kind = format!("{RELATION}/worksheet");
                smallparts::add_relationship(text, &kind, &format!("/{target}")).map(|(text, id)| (Some(text), id))
            })?,
        };
        ids.push(id);
    }
    let index_of = |tab: &str| sheets.iter().position(|(name, ..)| name == tab);
    let kept_name = |tab: &str| {
        plan.tabs.iter().find_map(|known| match known {
            GraftTab::Kept { old, name } if old == tab => Some(name.as_str()),
            _ => None,
        })
    };
    // Names: those of people stay, with what they refer to written anew; ours come from the built workbook.
    let mut names: BTreeMap<(String, Option<usize>), String> = BTreeMap::new();
    let (text, _) = work.text(&part)?;
    let all = elements(&text).map_err(|e| old.archive().damaged(&part, &e))?;
    let root = all.first().ok_or_else(|| old.archive().damaged(&part, &"het is leeg"))?;
    let prefix = root.prefix().to_owned();
    for name in all.iter().filter(|e| e.local == "definedName") {
        let written = name.attribute("name").unwrap_or_default();
        let scope = name.attribute("localSheetId").and_then(|v| v.trim().parse::<usize>().ok());
        let scope_tab = scope.and_then(|at| old.sheets().get(at)).map(|sheet| sheet.name.as_str());
        let scope_kept = scope_tab.map(kept_name);
        let ours = scope.is_none() && plan.dropped_names.contains(&written.to_lowercase());
        let refers = text_of(&text, name);
        if ours || scope_kept == Some(None) {
            // Print areas and the like come from the built tab; what a person named for one tab only is told.
            // ONLYOFFICE writes these names without what Excel puts before them.
            let of_page = written.starts_with("_xlnm.") || matches!(written, "Print_Titles" | "Print_Area");
            if !ours && !of_page {
                given_up.push((Referrer::Name, format!("{written} = {refers}"), Fate::LostName));
            }
            continue;
        }
        let Some(new) = remapped(&refers, moved).filter(|_| !lost.contains(&written.to_lowercase())) else {
            given_up.push((Referrer::Name, format!("{written} = {refers}"), Fate::LostName));
            continue;
        };
        if let Some(fate) = stays_as(&refers, replaced) {
            given_up.push((Referrer::Name, format!("{written} = {refers}"), fate));
        }
        let local = scope_kept.flatten().and_then(&index_of);
        let mut tag = without_attribute(text.get(name.tag.clone()).unwrap_or_default(), "localSheetId");
        if let Some(local) = local {
            tag = with_attribute(&tag, "localSheetId", &local.to_string());
        }
        let tag = tag.strip_suffix("/>").map_or(tag.clone(), |open| format!("{}>", open.trim_end()));
        names.insert((written.to_lowercase(), local), format!("{tag}{}</{prefix}definedName>", xml_escape(&new)));
    }
    for name in built.defined_names() {
        let local = name.scope.as_deref().and_then(&index_of);
        if name.scope.is_some() && local.is_none() {
            continue;
        }
        let scope = local.map_or(String::new(), |at| format!(" localSheetId=\"{at}\""));
        names.insert(
            (name.name.to_lowercase(), local),
            format!(
                "<{prefix}definedName name=\"{}\"{scope}>{}</{prefix}definedName>",
                xml_escape_attribute(&name.name),
                xml_escape(&name.refers_to)
            ),
        );
    }
    let mut sheet_list = String::new();
    let mut next = old.sheets().iter().map(|sheet| sheet.sheet_id).max().unwrap_or(0);
    let bound =
        root.attributes.iter().find(|(_, uri)| uri == RELATION).and_then(|(n, _)| n.strip_prefix("xmlns:"));
    let (r, declaration) = match bound {
        Some(bound) => (bound.to_owned(), String::new()),
        None => ("r".to_owned(), format!(" xmlns:r=\"{RELATION}\"")),
    };
    for ((name, target, visibility), id) in sheets.iter().zip(&ids) {
        let known = old.sheets().iter().find(|sheet| part_key(&sheet.part) == part_key(target));
        let number = known.map_or_else(
            || {
                next += 1;
                next
            },
            |sheet| sheet.sheet_id,
        );
        let state = match visibility {
            Visibility::Visible => "",
            Visibility::Hidden => " state=\"hidden\"",
            Visibility::VeryHidden => " state=\"veryHidden\"",
        };
        sheet_list.push_str(&format!(
            "<{prefix}sheet name=\"{}\" sheetId=\"{number}\"{state}{declaration} {r}:id=\"{}\"/>",
            xml_escape_attribute(name),
            xml_escape_attribute(id)
        ));
    }
    let name_list = match names.is_empty() {
        true => String::new(),
        false => {
            let all: String = names.into_values().collect();
            format!("<{prefix}definedNames>{all}</{prefix}definedNames>")
        }
    };
    work.edit(&part, |text| {
        let all = elements(text)?;
        let find = |name: &str| all.iter().find(|e: &&Element| e.local == name && e.depth == 1);
        let list = find("sheets").ok_or("de lijst van tabbladen ontbreekt")?;
        let mut splices = Splices::default();
        splices.replace(list.content.clone(), sheet_list);
        match find("definedNames") {
            Some(old) => splices.replace(old.span.clone(), name_list),
            None => {
                let behind = ["externalReferences", "functionGroups"].iter().filter_map(|name| find(name));
                let at = behind.map(|e| e.span.end).max().unwrap_or(list.span.end);
                splices.insert(at, name_list);
            }
        }
        for view in all.iter().filter(|e| e.local == "workbookView") {
            let tag = text.get(view.tag.clone()).unwrap_or_default();
            let tag = without_attribute(&without_attribute(tag, "activeTab"), "firstSheet");
            splices.replace(view.tag.clone(), tag);
        }
        let text = splices.apply(text);
        let text = smallparts::full_calculation(&text)?.unwrap_or(text);
        Ok((Some(text), ()))
    })
}
