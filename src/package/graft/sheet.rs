//! A built tab in the package, with what it takes over from an old one: notes, conversations, drawing, links.
//!
//! Owns the worksheet part and its relationships. Must not know why cells moved.

use std::collections::BTreeMap;

use super::notes::{self, Attachments, attachments};
use super::styles::{Offsets, renumbered};
use super::{Graft, RELATION, Work, dates, drawing};
use crate::error::Result;
use crate::package::parts::{Relationship, relationships, relationships_part};
use crate::package::spreadsheet::Range;
use crate::package::xml::{elements, xml_escape_attribute};

const THREADED: &str = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment";

/// A relationships part of our own.
#[derive(Default)]
pub(super) struct Relations(String, u32);

impl Relations {
    pub(super) fn add(&mut self, kind: &str, target: &str, external: bool) -> String {
        self.1 += 1;
        let mode = if external { " TargetMode=\"External\"" } else { "" };
        self.0.push_str(&format!(
            "<Relationship Id=\"rId{}\" Type=\"{kind}\" Target=\"{}\"{mode}/>",
            self.1,
            xml_escape_attribute(target)
        ));
        format!("rId{}", self.1)
    }

    pub(super) fn text(&self) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
             xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
            self.0
        )
    }
}

/// Adds a built tab to the package, with what it takes over from an old one. Gives the name of its part.
pub(super) fn fresh_sheet(
    work: &mut Work<'_>,
    name: &str,
    from: Option<&str>,
    plan: &Graft,
    (offsets, strings): (Offsets, usize),
) -> Result<String> {
    let built = work.built;
    let source = built.worksheet(name)?.part.clone();
    let archive = built.archive();
    let mut text = archive.read_text(&source)?;
    if work.old.date1904() != built.date1904() {
        let by = if built.date1904() { dates::BETWEEN } else { -dates::BETWEEN };
        text = dates::shifted(&text, &|style| built.is_date(style), by)
            .map_err(|error| archive.damaged(&source, &error))?;
    }
    let mut text = renumbered(&text, offsets, strings);
    let own: Vec<Relationship> = relationships(archive, &source)?;
    let own_text = |kind: &str| -> Result<Option<String>> {
        own.iter().find(|r| r.kind == kind).map(|r| archive.read_text(&r.target)).transpose()
    };
    let (built_notes, built_shapes) = (own_text("comments")?, own_text("vmlDrawing")?);
    let part = work.fresh_name("xl/worksheets", "wijk", "xml");
    work.added.insert(part.clone(), String::new());
    let mut relations = Relations::default();
    let nothing = BTreeMap::new();
    let places = from.and_then(|from| plan.notes.get(from)).unwrap_or(&nothing);
    let attached = match from {
        Some(from) => attachments(work.old, from)?,
        None => Attachments::default(),
    };
    let old_archive = work.old.archive();
    let old_notes = attached.comments.as_ref().map(|part| old_archive.read_text(part)).transpose()?;
    let broken = |error: String| old_archive.damaged(from.unwrap_or(name), &error);
    let notes = notes::merged_comments(old_notes.as_deref(), built_notes.as_deref(), places).map_err(broken)?;
    let mut tail = String::new();
    let anchor = from.and_then(|from| plan.places.get(from));
    let built_drawing = own.iter().find(|r| r.kind == "drawing").map(|r| r.target.clone());
    text = without_element(&text, "<drawing ");
    if let Some(part) = drawing::merged(work, attached.drawing.as_deref(), built_drawing.as_deref(), anchor, plan)?
    {
        let id = relations.add(&format!("{RELATION}/drawing"), &format!("/{part}"), false);
        tail.push_str(&format!("<drawing r:id=\"{id}\"/>"));
    }
    text = without_element(&text, "<legacyDrawing ");
    if let Some((comments, replaced)) = notes {
        let shapes = notes::merged_shapes(built_shapes.as_deref(), &replaced).map_err(broken)?;
        let (comments_part, shapes_part) =
            (work.fresh_name("xl", "commentsWijk", "xml"), work.fresh_name("xl/drawings", "vmlWijk", "vml"));
        let id = relations.add(&format!("{RELATION}/vmlDrawing"), &format!("/{shapes_part}"), false);
        tail.push_str(&format!("<legacyDrawing r:id=\"{id}\"/>"));
        relations.add(&format!("{RELATION}/comments"), &format!("/{comments_part}"), false);
        work.added.insert(comments_part, comments);
        work.added.insert(shapes_part, shapes);
    }
    if let Some(part) = attached.threads.as_ref() {
        work.edit(part, |text| notes::moved_threads(text, places).map(|text| (Some(text), ())))?;
        relations.add(THREADED, &format!("/{part}"), false);
    }
    let placement = from.and_then(|from| plan.places.get(from));
    let mut links = String::new();
    for (row, col, target, tip) in &attached.links {
        let Some((row, col)) = placement.and_then(|place| place.of(*row, *col)) else { continue };
        let at = Range::cell(row, col).a1();
        if text.contains(&format!("<hyperlink ref=\"{at}\"")) {
            continue;
        }
        let id = relations.add(&format!("{RELATION}/hyperlink"), target, true);
        let tip =
            tip.as_ref().map(|tip| format!(" tooltip=\"{}\"", xml_escape_attribute(tip))).unwrap_or_default();
        links.push_str(&format!("<hyperlink ref=\"{at}\" r:id=\"{id}\"{tip}/>"));
    }
    if !links.is_empty() {
        text = with_links(&text, &links);
    }
    if let Some(code) = from.map(|from| code_name(work, from)).transpose()?.flatten() {
        text = text.replacen("<sheetPr>", &format!("<sheetPr codeName=\"{}\">", xml_escape_attribute(&code)), 1);
    }
    let end = text.find("<tableParts").or_else(|| text.find("</worksheet>")).unwrap_or(text.len());
    text.insert_str(end, &tail);
    work.added.insert(part.clone(), text);
    if relations.1 > 0 {
        work.added.insert(relationships_part(&part), relations.text());
    }
    Ok(part)
}

/// Without the first element that begins like this; it is one without content.
fn without_element(text: &str, start: &str) -> String {
    match text.split_once(start) {
        Some((before, rest)) => format!("{before}{}", rest.split_once("/>").map_or("", |(_, rest)| rest)),
        None => text.to_owned(),
    }
}

/// A worksheet of ours with more links.
fn with_links(text: &str, links: &str) -> String {
    if let Some(at) = text.find("</hyperlinks>") {
        let mut text = text.to_owned();
        text.insert_str(at, links);
        return text;
    }
    let after = ["<printOptions", "<pageMargins", "<pageSetup", "<headerFooter", "</worksheet>"];
    let at = after.iter().find_map(|name| text.find(name)).unwrap_or(text.len());
    let mut text = text.to_owned();
    text.insert_str(at, &format!("<hyperlinks>{links}</hyperlinks>"));
    text
}

/// The name by which macros know a tab.
fn code_name(work: &Work<'_>, tab: &str) -> Result<Option<String>> {
    if !work.old.has_macros() {
        return Ok(None);
    }
    let (text, _) = work.text(&work.old.worksheet(tab)?.part.clone())?;
    let all = elements(&text).map_err(|e| work.old.archive().damaged(tab, &e))?;
    Ok(all.iter().find(|e| e.local == "sheetPr").and_then(|e| e.attribute("codeName")).map(str::to_owned))
}
