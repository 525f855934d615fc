//! A built tab in the package, with what it takes over from an old one: notes, conversations, drawing, links.
//!
//! Owns the worksheet part and its relationships. Must not know why cells moved.

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
    let attached = match from {
        Some(from) => attachments(work.old, from)?,
        None => Attachments::default(),
    };
    let old_archive = work.old.archive();
    let broken = |error: String| old_archive.damaged(from.unwrap_or(name), &error);
    // What hung at cells that come from other old tabs, behind what hung at those of its own.
    let mut others: Vec<(&str, Attachments)> = Vec::new();
    for (tab, place) in &plan.places {
        if plan.notes.contains_key(tab) && from != Some(tab) && place.parts().any(|part| part.tab == name) {
            others.push((tab, attachments(work.old, tab)?));
        }
    }
    let all_attached =
        || from.map(|from| (from, &attached)).into_iter().chain(others.iter().map(|(t, a)| (*t, a)));
    let places = |tab: &str| -> notes::Places {
        let all = plan.notes.get(tab).into_iter().flatten().filter(|(_, (to, ..))| to == name);
        all.map(|(from, (_, row, col))| (*from, (*row, *col))).collect()
    };
    let sources = |part: &dyn Fn(&Attachments) -> Option<String>| -> Result<Vec<notes::Source>> {
        let mut found = Vec::new();
        for (tab, attached) in all_attached() {
            let places = places(tab);
            // An own part stays, also when nothing is left in it.
            if let Some(part) = part(attached).filter(|_| from == Some(tab) || !places.is_empty()) {
                found.push((old_archive.read_text(&part)?, places));
            }
        }
        Ok(found)
    };
    let old_notes = sources(&|attached| attached.comments.clone())?;
    let notes = notes::merged_comments(&old_notes, built_notes.as_deref()).map_err(broken)?;
    let mut tail = String::new();
    let anchor = from.and_then(|from| plan.places.get(from));
    let built_drawing = own.iter().find(|r| r.kind == "drawing").map(|r| r.target.clone());
    text = without_element(&text, "<drawing ");
    let drawings: Vec<(&str, &str)> =
        others.iter().filter_map(|(tab, attached)| Some((*tab, attached.drawing.as_deref()?))).collect();
    let incoming = drawing::incoming(work.old, name, &drawings, plan)?;
    let own_drawing = attached.drawing.as_deref();
    if let Some(part) = drawing::merged(work, (own_drawing, built_drawing.as_deref()), incoming, anchor, plan)? {
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
    if let Some(threads) = notes::moved_threads(&sources(&|attached| attached.threads.clone())?).map_err(broken)? {
        let part = match attached.threads.clone() {
            Some(part) => {
                work.edit(&part, |_| Ok((Some(threads), ())))?;
                part
            }
            None => {
                let part = work.fresh_name("xl/threadedComments", "wijk", "xml");
                work.added.insert(part.clone(), threads);
                part
            }
        };
        relations.add(THREADED, &format!("/{part}"), false);
    }
    let mut links = String::new();
    let all_links = all_attached().flat_map(|(tab, attached)| attached.links.iter().map(move |link| (tab, link)));
    for (tab, (row, col, target, tip)) in all_links {
        let place = plan.places.get(tab).and_then(|place| place.find(*row, *col));
        let Some((_, row, col)) = place.filter(|(to, ..)| *to == name) else { continue };
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
