//! What people attach to the cells of a tab: notes, conversations, drawings, links. Found, and put on another tab.
//!
//! Owns the parts beside a worksheet. Must not know why a cell moved.

use std::collections::{BTreeMap, BTreeSet};

use super::styles::rooted;
use crate::error::Result;
use crate::model::{column_letters, parse_a1};
use crate::package::parts::relationships;
use crate::package::spreadsheet::Spreadsheet;
use crate::package::xml::{Element, Splices, elements, text_of, with_attribute, xml_escape};

type Outcome<T> = std::result::Result<T, String>;

/// A note or conversation on a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellNote {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
    /// Who wrote it; of a conversation everyone who took part.
    pub author: String,
    /// The text; of a conversation all that was said, one line each.
    pub text: String,
    /// True for a conversation (threaded comment).
    pub threaded: bool,
}

/// What is attached to a tab besides its cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments {
    /// Notes and conversations.
    pub notes: Vec<CellNote>,
    /// Pictures, charts, text boxes: the part they stand in.
    pub drawing: Option<String>,
    /// The part with the notes.
    pub(super) comments: Option<String>,
    /// The part with the conversations.
    pub(super) threads: Option<String>,
    /// Links out of the workbook: row, column, target, text shown on hover.
    pub links: Vec<(u32, u32, String, Option<String>)>,
    /// Kinds of things that cannot be taken to another tab: tables, pivot tables, buttons ...
    pub other: Vec<String>,
}

impl Attachments {
    /// Of a sheet that is no worksheet: it can only be kept as it is.
    #[must_use]
    pub fn of_other_sheet() -> Self {
        Attachments { other: vec!["sheet".to_owned()], ..Attachments::default() }
    }
}

/// Relationships that are made anew or can be missed.
const PASSING: [&str; 3] = ["printerSettings", "comments", "threadedComment"];

/// What is attached to a tab.
///
/// # Errors
/// When the tab does not exist or one of the parts is damaged.
pub fn attachments(book: &Spreadsheet, tab: &str) -> Result<Attachments> {
    let archive = book.archive();
    let part = book.worksheet(tab)?.part.clone();
    let mut found = Attachments::default();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for related in relationships(archive, &part)? {
        match related.kind.as_str() {
            "drawing" => found.drawing = Some(related.target),
            "comments" => found.comments = Some(related.target),
            "threadedComment" => found.threads = Some(related.target),
            "vmlDrawing" => {
                let text = archive.read_text(&related.target)?;
                texts.insert(related.target, text);
            }
            "hyperlink" => {}
            kind if PASSING.contains(&kind) => {}
            kind => found.other.push(kind.to_owned()),
        }
    }
    // Buttons and pictures in a header stand among the shapes of the notes.
    let other_shape = |text: &String| {
        let kinds = text.split("ObjectType=\"").skip(1).filter_map(|rest| rest.split('"').next());
        text.contains("<v:imagedata") || kinds.into_iter().any(|kind| kind != "Note")
    };
    if texts.values().any(other_shape) {
        found.other.push("control".to_owned());
    }
    let facts = book.sheet_facts(tab)?;
    for link in &facts.hyperlinks {
        if let Some(target) = link.target.as_ref().filter(|target| !target.starts_with('#')) {
            let place = link.location.as_deref().map_or(String::new(), |location| format!("#{location}"));
            let (row, col) = (link.range.first_row, link.range.first_col);
            found.links.push((row, col, format!("{target}{place}"), link.tooltip.clone()));
        }
    }
    if !facts.pivots.is_empty() {
        found.other.push("pivotTable".to_owned());
    }
    let damaged = |part: &str, error: String| archive.damaged(part, &error);
    let mut threads: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
    if let Some(part) = &found.threads {
        let people = people(book)?;
        let text = archive.read_text(part)?;
        for thread in
            elements(&text).map_err(|e| damaged(part, e))?.iter().filter(|e| e.local == "threadedComment")
        {
            let Some(at) = thread.attribute("ref").and_then(parse_a1) else { continue };
            let who = thread.attribute("personId").and_then(|id| people.get(&id.to_uppercase()));
            let when = thread.attribute("dT").and_then(|time| time.split('T').next()).unwrap_or_default();
            let said = text_of(&text, thread);
            threads
                .entry(at)
                .or_default()
                .push(format!("{} ({when}): {said}", who.map_or("onbekend", |who| who.as_str())));
        }
    }
    if let Some(part) = &found.comments {
        let text = archive.read_text(part)?;
        let all = elements(&text).map_err(|e| damaged(part, e))?;
        let authors: Vec<String> = all.iter().filter(|e| e.local == "author").map(|e| text_of(&text, e)).collect();
        for comment in all.iter().filter(|e| e.local == "comment") {
            let Some((row, col)) = comment.attribute("ref").and_then(parse_a1) else { continue };
            let index = comment.attribute("authorId").and_then(|id| id.trim().parse::<usize>().ok());
            let author = index.and_then(|index| authors.get(index)).cloned().unwrap_or_default();
            if let Some(said) = threads.remove(&(row, col)) {
                found.notes.push(CellNote {
                    row,
                    col,
                    author: String::new(),
                    text: said.join("\n"),
                    threaded: true,
                });
                continue;
            }
            let texts = all.iter().filter(|e| e.local == "t" && comment.content.contains(&e.span.start));
            let said: String = texts.map(|e| text_of(&text, e)).collect();
            found.notes.push(CellNote { row, col, author, text: said, threaded: false });
        }
    }
    let rest = threads.into_iter().map(|((row, col), said)| CellNote {
        row,
        col,
        author: String::new(),
        text: said.join("\n"),
        threaded: true,
    });
    found.notes.extend(rest);
    Ok(found)
}

/// Names of those who take part in conversations, by their id in capitals.
fn people(book: &Spreadsheet) -> Result<BTreeMap<String, String>> {
    let archive = book.archive();
    let mut found = BTreeMap::new();
    for part in book.relationships.iter().filter(|r| r.kind == "person" && archive.contains(&r.target)) {
        let text = archive.read_text(&part.target)?;
        let all = elements(&text).map_err(|e| archive.damaged(&part.target, &e))?;
        for person in all.iter().filter(|e| e.local == "person") {
            let id = person.attribute("id").unwrap_or_default().to_uppercase();
            found.insert(id, person.attribute("displayName").unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

/// From old cell to new tab and cell, zero-based row and column.
pub type NotePlaces = BTreeMap<(u32, u32), (String, u32, u32)>;

/// The same for those that go to one tab.
pub(super) type Places = BTreeMap<(u32, u32), (u32, u32)>;

/// A part of an old tab with the places of those of its notes or conversations that go to one new tab.
pub(super) type Source = (String, Places);

fn a1((row, col): (u32, u32)) -> String {
    format!("{}{}", column_letters(col), u64::from(row) + 1)
}

fn place_of(element: &Element, places: &Places) -> Option<(u32, u32)> {
    places.get(&element.attribute("ref").and_then(parse_a1)?).copied()
}

/// The part with the notes, and the cells of those that came from the old tab.
pub(super) type MergedNotes = (String, BTreeSet<(u32, u32)>);

/// The notes of both workbooks in one part: those of the old tabs at their new cells, then the built ones where no old
/// note stands; with the cells of the old ones.
pub(super) fn merged_comments(old: &[Source], built: Option<&str>) -> Outcome<Option<MergedNotes>> {
    let mut taken = BTreeSet::new();
    let Some((first, _)) = old.first() else { return Ok(built.map(|text| (text.to_owned(), taken))) };
    let all = elements(first)?;
    let root = all.first().ok_or("het is leeg")?;
    let prefix = root.prefix();
    let authors = |text: &str, all: &[Element]| -> Vec<String> {
        all.iter().filter(|e| e.local == "author").map(|e| text_of(text, e)).collect()
    };
    let mut names: Vec<String> = Vec::new();
    let mut comments: BTreeMap<(u32, u32), String> = BTreeMap::new();
    for (text, places) in old {
        let all = elements(text)?;
        let before = names.len();
        names.extend(authors(text, &all));
        let same_prefix = all.first().is_some_and(|root| root.prefix() == prefix);
        for comment in all.iter().filter(|e| e.local == "comment") {
            let Some(to) = place_of(comment, places) else { continue };
            let author = comment.attribute("authorId").and_then(|id| id.trim().parse::<usize>().ok()).unwrap_or(0);
            let tag = with_attribute(text.get(comment.tag.clone()).unwrap_or_default(), "ref", &a1(to));
            let tag = with_attribute(&tag, "authorId", &(author + before).to_string());
            let rest = text.get(comment.tag.end..comment.span.end).unwrap_or_default();
            let whole = format!("{tag}{rest}");
            comments.insert(to, if same_prefix { whole } else { rooted(&whole, prefix) });
            taken.insert(to);
        }
    }
    if let Some(built) = built {
        let new = elements(built)?;
        let before = names.len();
        names.extend(authors(built, &new));
        for comment in new.iter().filter(|e| e.local == "comment") {
            let Some(at) = comment.attribute("ref").and_then(parse_a1) else { continue };
            let author = comment.attribute("authorId").and_then(|id| id.parse::<usize>().ok()).unwrap_or(0);
            let tag = built.get(comment.tag.clone()).unwrap_or_default();
            let tag = with_attribute(tag, "authorId", &(author + before).to_string());
            let rest = built.get(comment.tag.end..comment.span.end).unwrap_or_default();
            comments.entry(at).or_insert_with(|| rooted(&format!("{tag}{rest}"), prefix));
        }
    }
    let list: String =
        names.iter().map(|n| format!("<{prefix}author>{}</{prefix}author>", xml_escape(n))).collect();
    let head = first.get(..root.tag.end).unwrap_or_default();
    let body: String = comments.into_values().collect();
    let text = format!(
        "{head}<{prefix}authors>{list}</{prefix}authors><{prefix}commentList>{body}</{prefix}commentList></{}>",
        root.name
    );
    Ok(Some((text, taken)))
}

/// The conversations that go to one tab, at their new cells, in one part; `None` when there are none and never were.
pub(super) fn moved_threads(sources: &[Source]) -> Outcome<Option<String>> {
    let Some((first, _)) = sources.first() else { return Ok(None) };
    let mut list = String::new();
    for (text, places) in sources {
        let all = elements(text)?;
        let root = all.first().ok_or("het is leeg")?;
        let spaces = declared(root);
        for thread in all.iter().filter(|e| e.local == "threadedComment") {
            let Some(to) = place_of(thread, places) else { continue };
            let mut tag = with_attribute(text.get(thread.tag.clone()).unwrap_or_default(), "ref", &a1(to));
            for (name, uri) in
                spaces.iter().filter(|(name, _)| thread.attributes.iter().all(|(own, _)| own != name))
            {
                tag = with_attribute(&tag, name, uri);
            }
            list.push_str(&tag);
            list.push_str(text.get(thread.tag.end..thread.span.end).unwrap_or_default());
        }
    }
    let all = elements(first)?;
    let root = all.first().ok_or("het is leeg")?;
    let tag = first.get(root.tag.clone()).unwrap_or_default();
    let open = tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{}>", open.trim_end()));
    let head = first.get(..root.tag.start).unwrap_or_default();
    Ok(Some(format!("{head}{open}{list}</{}>", root.name)))
}

/// The namespaces that an element declares, as attributes.
pub(super) fn declared(root: &Element) -> Vec<(String, String)> {
    let spaces = root.attributes.iter().filter(|(name, _)| name.starts_with("xmlns"));
    spaces.map(|(name, uri)| (name.to_string(), uri.to_string())).collect()
}

const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
    path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" \
    o:connecttype=\"rect\"/></v:shapetype>";

/// The shapes in which the notes are shown: the built ones without those in `replaced`, and one for each of `places`.
pub(super) fn merged_shapes(built: Option<&str>, replaced: &BTreeSet<(u32, u32)>) -> Outcome<String> {
    let mut shapes = String::new();
    let mut number = 1024;
    if let Some(built) = built {
        let all = elements(built)?;
        for (index, shape) in all.iter().enumerate().filter(|(_, e)| e.local == "shape") {
            let inside = |name: &str| {
                let found =
                    all.iter().skip(index).find(|e| e.local == name && shape.content.contains(&e.span.start));
                found.and_then(|e| text_of(built, e).trim().parse::<u32>().ok())
            };
            let at = inside("Row").zip(inside("Column"));
            number += 1;
            if !at.is_some_and(|at| replaced.contains(&at)) {
                shapes.push_str(built.get(shape.span.clone()).unwrap_or_default());
            }
        }
    }
    for (row, col) in replaced {
        number += 1;
        shapes.push_str(&format!(
            "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;\
             margin-top:2pt;width:180pt;height:90pt;z-index:{number};visibility:hidden\" fillcolor=\"#ffffe1\" \
             o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
             <v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\">\
             </div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
             <x:Anchor>{}, 15, {row}, 2, {}, 54, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>\
             <x:Column>{col}</x:Column></x:ClientData></v:shape>",
            col + 1,
            col + 3,
            row + 6,
        ));
    }
    let blocks: Vec<String> = (1..=(number / 1024).max(1)).map(|block| block.to_string()).collect();
    Ok(format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" \
         data=\"{}\"/></o:shapelayout>{SHAPE_TYPE}{shapes}</xml>",
        blocks.join(",")
    ))
}

/// The row in which an anchor of a drawing begins.
pub(super) fn anchor_row(text: &str, all: &[Element], index: usize) -> Option<u32> {
    let from = all.iter().position(|e| e.parent == Some(index) && e.local == "from")?;
    let row = all.iter().find(|e| e.parent == Some(from) && e.local == "row")?;
    text_of(text, row).trim().parse().ok()
}

/// A drawing whose anchors stand at the rows and columns given by `row` and `col`; what was two rows high stays so.
pub(super) fn moved_anchors(text: &str, row: &dyn Fn(u32) -> u32, col: &dyn Fn(u32) -> u32) -> Outcome<String> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    for (index, anchor) in all.iter().enumerate() {
        if !matches!(anchor.local.as_str(), "oneCellAnchor" | "twoCellAnchor") {
            continue;
        }
        let cell = |corner: &str, side: &str| {
            let (at, _) = all.iter().enumerate().find(|(_, e)| e.parent == Some(index) && e.local == corner)?;
            let found = all.iter().find(|e| e.parent == Some(at) && e.local == side)?;
            Some((found.content.clone(), text_of(text, found).trim().parse::<u32>().ok()?))
        };
        for (side, moved) in [("row", row), ("col", col)] {
            let Some((place, from)) = cell("from", side) else { continue };
            let to = moved(from);
            splices.replace(place, to.to_string());
            if let Some((place, end)) = cell("to", side) {
                splices.replace(place, to.saturating_add(end.saturating_sub(from)).to_string());
            }
        }
    }
    Ok(splices.apply(text))
}
