//! The drawing of a tab: what people placed stays, the charts of the built workbook come in the place of its old ones.
//!
//! Owns the anchors of a drawing and the parts it leads to. Must not know why rows moved.

use std::collections::{BTreeMap, BTreeSet};

use super::notes::{anchor_row, declared, moved_anchors};
use super::{Graft, Placement, RELATION, Work};
use crate::error::Result;
use crate::package::archive::part_key;
use crate::package::edit::smallparts;
use crate::package::parts::{Relationship, relationships, relationships_part};
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

/// Anchors that come from the drawings of other old tabs, with what they lead to: the number by which the text calls it, the kind of
/// relationship and the part.
#[derive(Default)]
pub(super) struct Incoming {
    anchors: String,
    related: BTreeSet<(String, String, String)>,
}

/// A drawing of the old workbook, as far as it matters for where its anchors go.
struct OldDrawing {
    text: String,
    all: Vec<Element>,
    related: Vec<Relationship>,
    /// Its charts that are made anew.
    own: Vec<(String, String)>,
}

impl OldDrawing {
    fn read(book: &Spreadsheet, part: &str, drawn_from: &str) -> Result<Self> {
        let text = book.archive().read_text(part)?;
        let all = elements(&text).map_err(|error| book.archive().damaged(part, &error))?;
        let related = relationships(book.archive(), part)?;
        Ok(OldDrawing { text, all, related, own: own_charts(book, part, drawn_from)? })
    }

    /// The anchors whose rows went to another tab, each with the part of its tab that went there; `false` when it cannot go along:
    /// it leads to something else than pictures and charts.
    fn leaving<'p>(&self, place: &'p Placement) -> Vec<(&Element, &'p Placement, bool)> {
        let mut found = Vec::new();
        for (index, anchor) in self.all.iter().enumerate().filter(|(_, element)| is_anchor(element)) {
            let Some(to) = anchor_row(&self.text, &self.all, index).map(|row| place.near(row)) else { continue };
            let inside = || self.all.iter().filter(|element| anchor.content.contains(&element.span.start));
            let made_anew = inside().any(|element| {
                element.local == "chart"
                    && element.attribute("id").is_some_and(|id| self.own.iter().any(|(known, _)| known == id))
            });
            if (to.tab == place.tab && !place.merged) || made_anew {
                continue;
            }
            let goes = inside().flat_map(|element| &element.attributes).all(|(name, id)| {
                let known = self.related.iter().find(|known| leads(name) && known.id == id.as_str());
                known.is_none_or(|known| !known.external && matches!(known.kind.as_str(), "image" | "chart"))
            });
            found.push((anchor, to, goes));
        }
        found
    }
}

/// Whether an attribute holds the number of a relationship, with the prefix that all programs use for it.
fn leads(attribute: &str) -> bool {
    attribute.starts_with("r:")
}

/// What stands beside rows that went to another tab: how many pictures, charts and text boxes go to which tab, and how many
/// stay behind on the tab that took the place of their own.
///
/// # Errors
/// When the drawing or what it leads to cannot be read.
pub fn anchors_elsewhere(
    book: &Spreadsheet,
    drawing: &str,
    drawn_from: &str,
    place: &Placement,
) -> Result<(BTreeMap<String, usize>, usize)> {
    let old = OldDrawing::read(book, drawing, drawn_from)?;
    let (mut to, mut behind) = (BTreeMap::new(), 0);
    for (_, part, goes) in old.leaving(place) {
        match goes {
            true => *to.entry(part.tab.clone()).or_insert(0) += 1,
            false => behind += 1,
        }
    }
    Ok((to, behind))
}

/// What goes from the drawings of other old tabs (tab, part) to tab `name`.
pub(super) fn incoming(
    old: &Spreadsheet,
    name: &str,
    drawings: &[(&str, &str)],
    plan: &Graft,
) -> Result<Incoming> {
    let mut found = Incoming::default();
    for (number, (tab, part)) in drawings.iter().enumerate() {
        let Some(place) = plan.places.get(*tab) else { continue };
        let damaged = |error: String| old.archive().damaged(part, &error);
        let drawing = OldDrawing::read(old, part, &plan.drawn_from)?;
        let spaces = drawing.all.first().map(declared).unwrap_or_default();
        for (anchor, to, _) in drawing.leaving(place).into_iter().filter(|(_, to, goes)| *goes && to.tab == name) {
            // The anchor alone, with all that the drawing declares.
            let mut tag = drawing.text.get(anchor.tag.clone()).unwrap_or_default().to_owned();
            for (space, uri) in
                spaces.iter().filter(|(space, _)| !anchor.attributes.iter().any(|(own, _)| own == space))
            {
                tag = with_attribute(&tag, space, uri);
            }
            let rest = drawing.text.get(anchor.tag.end..anchor.span.end).unwrap_or_default();
            let wrapped = format!("<a>{tag}{rest}</a>");
            let wrapped =
                moved_anchors(&wrapped, &|row| to.row_near(row), &|col| to.col_near(col)).map_err(damaged)?;
            let mut splices = Splices::default();
            for element in elements(&wrapped).map_err(damaged)? {
                let mut tag = wrapped.get(element.tag.clone()).unwrap_or_default().to_owned();
                for (attribute, id) in element.attributes.iter().filter(|(attribute, _)| leads(attribute)) {
                    let Some(known) = drawing.related.iter().find(|known| known.id == id.as_str()) else {
                        continue;
                    };
                    let called = format!("van-{number}-{id}");
                    tag = with_attribute(&tag, attribute, &called);
                    found.related.insert((called, known.kind.clone(), known.target.clone()));
                }
                splices.replace(element.tag.clone(), tag);
            }
            let moved = splices.apply(&wrapped);
            let moved = moved.strip_prefix("<a>").and_then(|rest| rest.strip_suffix("</a>")).unwrap_or_default();
            found.anchors.push_str(moved);
        }
    }
    Ok(found)
}

/// The drawing of a tab of the result: that of the old tab without the charts that are made anew, and the built ones.
/// `None` when there is neither.
pub(super) fn merged(
    work: &mut Work<'_>,
    (old, built): (Option<&str>, Option<&str>),
    incoming: Incoming,
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
        if built.is_none() && incoming.anchors.is_empty() {
            return Ok(None);
        }
        let part = work.fresh_name("xl/drawings", "wijk", "xml");
        let mut relations = super::sheet::Relations::default();
        for (id, chart) in &charts {
            let new = relations.add(&format!("{RELATION}/chart"), &format!("/{chart}"), false);
            anchors = anchors.replace(&format!("r:id=\"{id}\""), &format!("r:id=\"_{new}\""));
        }
        let mut anchors = anchors.replace("r:id=\"_", "r:id=\"");
        let mut arriving = incoming.anchors;
        for (called, kind, target) in &incoming.related {
            let id = relations.add(&format!("{RELATION}/{kind}"), &format!("/{target}"), false);
            arriving = arriving.replace(&format!("=\"{called}\""), &format!("=\"{id}\""));
        }
        anchors.push_str(&renumbered(&arriving, 5000));
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
    let leaving: Vec<(std::ops::Range<usize>, Vec<String>)> = match place {
        Some(place) => {
            let drawing = OldDrawing::read(work.old, part, &plan.drawn_from)?;
            let moving = drawing.leaving(place).into_iter().filter(|(.., goes)| *goes);
            let charts = |anchor: &Element| {
                let inside =
                    drawing.all.iter().filter(|e| e.local == "chart" && anchor.content.contains(&e.span.start));
                let ids: Vec<&str> = inside.filter_map(|e| e.attribute("id")).collect();
                let led = drawing.related.iter().filter(|known| ids.contains(&known.id.as_str()));
                led.map(|known| known.target.clone()).collect()
            };
            moving.map(|(anchor, ..)| (anchor.span.clone(), charts(anchor))).collect()
        }
        None => Vec::new(),
    };
    // A chart belongs to one drawing.
    for chart in leaving.iter().flat_map(|(_, charts)| charts) {
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
    let mut anchors = anchors.replace("r:id=\"_", "r:id=\"");
    let mut arriving = incoming.anchors;
    for (called, kind, target) in &incoming.related {
        let (kind, target) = (format!("{RELATION}/{kind}"), format!("/{target}"));
        let id = match &mut first {
            Some(relations) => relations.add(&kind, &target, false),
            None => work.edit(&rels, |text| {
                smallparts::add_relationship(text, &kind, &target).map(|(text, id)| (Some(text), id))
            })?,
        };
        arriving = arriving.replace(&format!("=\"{called}\""), &format!("=\"{id}\""));
    }
    anchors.push_str(&arriving);
    if let Some(relations) = first.filter(|_| !charts.is_empty() || !incoming.related.is_empty()) {
        work.added.insert(rels, relations.text());
    }
    work.edit(part, |text| {
        let mut kept = Splices::default();
        for (anchor, _) in &leaving {
            kept.replace(anchor.clone(), "");
        }
        let text = &kept.apply(text);
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
        if root.empty {
            // Some programs leave a drawing without anything in it.
            let open = text.get(root.tag.clone()).unwrap_or_default().trim_end_matches(['/', '>']).trim_end();
            splices.replace(root.tag.clone(), format!("{open}>{}</{}>", renumbered(&anchors, highest), root.name));
        } else {
            splices.insert(root.content.end, renumbered(&anchors, highest));
        }
        text = splices.apply(&text);
        Ok((Some(text), ()))
    })?;
    Ok(Some(part.to_owned()))
}

/// Anchors in which every object has a number of its own, above `highest`.
fn renumbered(anchors: &str, mut highest: u32) -> String {
    let wrapped = format!("<a>{anchors}</a>");
    let mut splices = Splices::default();
    for element in elements(&wrapped).unwrap_or_default().iter().filter(|element| element.local == "cNvPr") {
        highest = highest.saturating_add(1);
        let tag = wrapped.get(element.tag.clone()).unwrap_or_default();
        splices.replace(element.tag.clone(), with_attribute(tag, "id", &highest.to_string()));
    }
    let numbered = splices.apply(&wrapped);
    numbered.strip_prefix("<a>").and_then(|rest| rest.strip_suffix("</a>")).unwrap_or_default().to_owned()
}
