//! The drawing of a tab: what people placed stays, the charts of the built workbook come in the place of its old ones.
//!
//! Owns the anchors of a drawing and the parts it leads to. Must not know why rows moved.

use super::notes::moved_anchors;
use super::{Graft, Placement, RELATION, Work};
use crate::error::Result;
use crate::package::archive::part_key;
use crate::package::edit::smallparts;
use crate::package::parts::{relationships, relationships_part};
use crate::package::spreadsheet::Spreadsheet;
use crate::package::xml::{Element, Splices, elements, with_attribute};

fn is_anchor(element: &Element) -> bool {
    matches!(element.local.as_str(), "oneCellAnchor" | "twoCellAnchor" | "absoluteAnchor") && element.depth == 1
}

/// The charts of a drawing that are drawn from `tab`: id of the relationship and part.
fn own_charts(book: &Spreadsheet, drawing: &str, tab: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for related in relationships(book.archive(), drawing)? {
        if related.kind == "chart"
            && !tab.is_empty()
            && book.archive().contains(&related.target)
            && book.archive().read_text(&related.target)?.contains(tab)
        {
            found.push((related.id, related.target));
        }
    }
    Ok(found)
}

/// How many pictures, charts and text boxes of a drawing are not charts drawn from `tab`.
///
/// # Errors
/// When the drawing or what it leads to cannot be read.
pub fn anchors_of_people(book: &Spreadsheet, drawing: &str, tab: &str) -> Result<usize> {
    let own = own_charts(book, drawing, tab)?.len();
    let text = book.archive().read_text(drawing)?;
    let all = elements(&text).map_err(|error| book.archive().damaged(drawing, &error))?;
    Ok(all.iter().filter(|element| is_anchor(element)).count().saturating_sub(own))
}

/// The drawing of a tab of the result: that of the old tab without the charts that are made anew, and the built ones.
/// `None` when there is neither.
pub(super) fn merged(
    work: &mut Work<'_>,
    old: Option<&str>,
    built: Option<&str>,
    place: Option<&Placement>,
    plan: &Graft,
) -> Result<Option<String>> {
    let mut anchors = String::new();
    let mut charts: Vec<(String, String)> = Vec::new();
    if let Some(built) = built {
        let archive = work.built.archive();
        let text = archive.read_text(built)?;
        let all = elements(&text).map_err(|error| archive.damaged(built, &error))?;
        let root = all.first().map_or("", |root| text.get(root.tag.clone()).unwrap_or_default());
        let spaces = root.trim_end_matches(['>', '/']).split_once(' ').map_or("", |(_, spaces)| spaces);
        for anchor in all.iter().filter(|element| is_anchor(element)) {
            let raw = text.get(anchor.span.clone()).unwrap_or_default();
            let end = raw.find([' ', '>']).unwrap_or(raw.len());
            let (name, rest) = raw.split_at_checked(end).unwrap_or((raw, ""));
            anchors.push_str(&format!("{name} {spaces}{rest}"));
        }
        for related in relationships(archive, built)?.into_iter().filter(|related| related.kind == "chart") {
            let part = work.fresh_name("xl/charts", "wijk", "xml");
            work.added.insert(part.clone(), archive.read_text(&related.target)?);
            charts.push((related.id, part));
        }
    }
    let Some(part) = old else {
        if built.is_none() {
            return Ok(None);
        }
        let part = work.fresh_name("xl/drawings", "wijk", "xml");
        let mut relations = super::sheet::Relations::default();
        for (id, chart) in &charts {
            let new = relations.add(&format!("{RELATION}/chart"), &format!("/{chart}"), false);
            anchors = anchors.replace(&format!("r:id=\"{id}\""), &format!("r:id=\"_{new}\""));
        }
        let anchors = anchors.replace("r:id=\"_", "r:id=\"");
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<xdr:wsDr \
             xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
             xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">{anchors}</xdr:wsDr>"
        );
        work.added.insert(part.clone(), text);
        work.added.insert(relationships_part(&part), relations.text());
        return Ok(Some(part));
    };
    let gone = own_charts(work.old, part, &plan.drawn_from)?;
    let rels = relationships_part(part);
    for (_, chart) in &gone {
        for related in relationships(work.old.archive(), chart)?.into_iter().filter(|related| !related.external) {
            work.dropped.insert(part_key(&related.target));
        }
        work.dropped.insert(part_key(chart));
        work.dropped.insert(part_key(&relationships_part(chart)));
        work.edit(&rels, |text| Ok((smallparts::remove_relationship(text, part, chart)?, ())))?;
    }
    // Of a drawing that refers to nothing other programs write no list of what it refers to.
    let mut first = (!work.old.archive().contains(&rels)).then(super::sheet::Relations::default);
    for (id, chart) in &charts {
        let kind = format!("{RELATION}/chart");
        let new = match &mut first {
            Some(relations) => relations.add(&kind, &format!("/{chart}"), false),
            None => work.edit(&rels, |text| {
                smallparts::add_relationship(text, &kind, &format!("/{chart}")).map(|(text, id)| (Some(text), id))
            })?,
        };
        anchors = anchors.replace(&format!("r:id=\"{id}\""), &format!("r:id=\"_{new}\""));
    }
    let anchors = anchors.replace("r:id=\"_", "r:id=\"");
    if let Some(relations) = first.filter(|_| !charts.is_empty()) {
        work.added.insert(rels, relations.text());
    }
    work.edit(part, |text| {
        let mut text = match place {
            Some(place) => moved_anchors(text, &|row| place.row_near(row), &|col| place.col_near(col))?,
            None => text.to_owned(),
        };
        let all = elements(&text)?;
        let root = all.first().ok_or("het is leeg")?;
        let mut splices = Splices::default();
        let mut highest = 1_u32;
        for anchor in all.iter().filter(|element| is_anchor(element)) {
            let inside = |element: &&Element| anchor.content.contains(&element.span.start);
            let ours = |element: &Element| {
                element.local == "chart"
                    && element.attribute("id").is_some_and(|id| gone.iter().any(|(known, _)| known == id))
            };
            if all.iter().filter(inside).any(ours) {
                splices.replace(anchor.span.clone(), "");
            }
        }
        for element in all.iter().filter(|element| element.local == "cNvPr") {
            highest = highest.max(element.attribute("id").and_then(|id| id.parse().ok()).unwrap_or(0));
        }
        // Every object on a tab has a number of its own.
        let own = elements(&format!("<a>{anchors}</a>")).unwrap_or_default();
        let mut numbered = Splices::default();
        let wrapped = format!("<a>{anchors}</a>");
        for element in own.iter().filter(|element| element.local == "cNvPr") {
            highest = highest.saturating_add(1);
            let tag = wrapped.get(element.tag.clone()).unwrap_or_default();
            numbered.replace(element.tag.clone(), with_attribute(tag, "id", &highest.to_string()));
        }
        let numbered = numbered.apply(&wrapped);
        let numbered = numbered.strip_prefix("<a>").and_then(|rest| rest.strip_suffix("</a>")).unwrap_or_default();
        splices.insert(root.content.end, numbered);
        text = splices.apply(&text);
        Ok((Some(text), ()))
    })?;
    Ok(Some(part.to_owned()))
}
