//! Finding the blocks in a document that people and other programs have had in their hands.
//!
//! A block is found by the tag of its content control, wherever it was moved to; where the control is gone
//! (LibreOffice, or a person who removed it) by its marks. Knows nothing of what should be in it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::cells::{Around, around, inside, outside_marks};
use crate::document::docx::is_older_copy;
use crate::document::finish::CONTENTS;
use crate::document::print::{AUTHOR, PROMPT, tag};
use crate::document::stamp::{Mark, key};
use crate::document::template::is_fact;
use crate::package::xml::Element;

/// Elements that hold paragraphs and tables.
const HOLDERS: [&str; 10] =
    ["body", "tc", "sdtContent", "customXml", "txbxContent", "hdr", "ftr", "footnote", "endnote", "comment"];

/// A block as it stands in a document, by byte offsets.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Its tag; of a proposal the tag of the block it belongs to.
    pub(super) tag: String,
    /// Number of its control among the elements; 0 when it has none.
    pub(super) control: usize,
    /// All of it.
    pub(super) span: Range<usize>,
    /// What people see of it.
    pub(super) content: Range<usize>,
    /// It lies in a content control with its tag.
    pub(super) wrapped: bool,
    /// The fingerprint in its mark.
    pub(super) written: Option<String>,
    /// It was put there as a proposed new version.
    pub(super) proposal: bool,
    /// It is a proposal that nobody accepted yet.
    pub(super) pending: bool,
    /// It lies in the running text of the document, not in a cell or another control.
    pub(super) in_body: bool,
    /// Its control lies around a whole cell of a table, which has to stay.
    pub(super) is_cell: bool,
}

/// The tag of the proposal beside a block.
pub(super) fn proposal_tag(tag: &str) -> String {
    match tag.split_once(':') {
        Some((prefix, rest)) => format!("{prefix}:nieuw:{rest}"),
        None => tag.to_owned(),
    }
}

/// The tag of the block that a proposal belongs to, and whether it was one.
fn original_tag(tag: &str) -> (String, bool) {
    match tag.split_once(":nieuw:") {
        Some((prefix, rest)) if !prefix.contains(':') => (format!("{prefix}:{rest}"), true),
        _ => (tag.to_owned(), false),
    }
}

/// True for the tags of blocks.
pub(crate) fn is_block(tag: &str) -> bool {
    (tag.starts_with("wa:") || tag.starts_with("wijk:")) && tag != CONTENTS
}

/// All blocks of a document in order; `tags` are those that may be found by their marks.
pub(super) fn places<'a>(all: &[Element], tags: impl Iterator<Item = &'a str>) -> Vec<Place> {
    let keys: BTreeMap<String, &str> = tags.map(|tag| (key(tag), tag)).collect();
    let mut found: Vec<Place> = Vec::new();
    for (index, element) in all.iter().enumerate().filter(|(_, e)| e.local == "sdt") {
        // People type the tags of a template.
        let Some(tag) = tag(all, index).map(|tag| tag.trim().to_lowercase()).filter(|tag| is_block(tag)) else {
            continue;
        };
        // A text box stands there twice; facts are written in both.
        if is_older_copy(all, index) && !is_fact(&tag) {
            continue;
        }
        // Prompts inside a block belong to it.
        if found.last().is_some_and(|before| before.span.end >= element.span.end) {
            continue;
        }
        let content = children(all, index).find(|e| e.local == "sdtContent");
        let (tag, proposal) = original_tag(&tag);
        // Programs put a control around one paragraph inside that paragraph.
        if let Some(paragraph) = only_one_in_paragraph(all, index).filter(|_| !is_fact(&tag)) {
            found.push(Place {
                tag,
                control: index,
                span: paragraph.span.clone(),
                content: paragraph.span.clone(),
                wrapped: false,
                written: None,
                proposal,
                pending: false,
                in_body: in_body(all, paragraph),
                is_cell: false,
            });
            continue;
        }
        let cell = match around(all, index) {
            Around::Cell(cell) => Some(inside(all, cell)),
            _ => None,
        };
        found.push(Place {
            tag,
            control: index,
            span: element.span.clone(),
            is_cell: cell.is_some(),
            content: cell.or(content.map(|e| e.content.clone())).unwrap_or(element.span.end..element.span.end),
            wrapped: content.is_some_and(|e| !e.empty),
            written: None,
            proposal,
            pending: false,
            in_body: in_body(all, element),
        });
    }
    marked(all, &keys, &mut found);
    for place in &mut found {
        let first = all.partition_point(|e| e.span.start < place.content.start);
        let inside = all.iter().skip(first).take_while(|e| e.span.start < place.content.end);
        place.pending = place.proposal
            && inside.clone().any(|e| matches!(e.local.as_str(), "ins") && e.attribute("author") == Some(AUTHOR));
        if place.proposal {
            with_its_range_marks(all, place);
        }
    }
    found.sort_by_key(|place| place.span.start);
    found
}

/// True for what lies in the running text, also within marks of other programs (`customXml`).
fn in_body(all: &[Element], element: &Element) -> bool {
    outside_marks(all, element.parent).is_some_and(|(_, e)| e.local == "body")
}

/// Gives found blocks the fingerprint of their mark, and adds those that only have marks.
fn marked(all: &[Element], keys: &BTreeMap<String, &str>, found: &mut Vec<Place>) {
    let mut starts: Vec<(usize, Mark)> = Vec::new();
    let mut ends: Vec<(usize, Mark)> = Vec::new();
    for (index, element) in all.iter().enumerate().filter(|(_, e)| e.local == "bookmarkStart") {
        let Some(mark) = element.attribute("name").and_then(Mark::read) else { continue };
        if is_older_copy(all, index) {
            continue;
        }
        if mark.end { ends.push((index, mark)) } else { starts.push((index, mark)) }
    }
    for (start, mark) in starts {
        let Some(at) = all.get(start).map(|e| e.span.start) else { continue };
        // Versions before wrote no fingerprint at the end of a proposal.
        let ours = |end: &Mark| end.print.is_none() || end.print == mark.print;
        let of_mark = |end: &Mark| end.key == mark.key && end.proposal == mark.proposal && ours(end);
        let end = ends.iter().find(|(_, end)| of_mark(end));
        let span = end.and_then(|(end, _)| region(all, start, *end));
        if let Some(holder) = found.iter().position(|place| place.content.contains(&at)) {
            // A mark in somebody else's control (a paragraph that was moved there) says nothing about it. An accepted
            // proposal that was renewed once had the mark of a block.
            let ours =
                |place: &Place| key(&place.tag) == mark.key && (place.proposal == mark.proposal || !mark.proposal);
            if found.get(holder).is_some_and(ours) {
                if let Some(span) = span {
                    widen(found, holder, span);
                }
                if let Some(place) = found.iter_mut().find(|place| place.content.contains(&at)) {
                    place.written = mark.print;
                }
            }
            continue;
        }
        let Some(tag) = keys.get(&mark.key) else { continue };
        let Some(span) = span else { continue };
        if found.iter().any(|place| place.span.start < span.end && span.start < place.span.end) {
            continue;
        }
        let parent = all
            .iter()
            .find(|e| e.span == span || e.span.start == span.start && HOLDERS.iter().all(|h| *h != e.local));
        let in_body = parent.is_some_and(|e| in_body(all, e));
        found.push(Place {
            tag: (*tag).to_owned(),
            control: 0,
            content: span.clone(),
            span,
            wrapped: false,
            written: mark.print,
            proposal: mark.proposal,
            pending: false,
            in_body,
            is_cell: false,
        });
    }
}

/// LibreOffice leaves a control around the first paragraph only of what lay in it: then the block goes on to its end
/// mark. Prompts in it belong to it again; where another block lies in between, it stays as it is.
fn widen(found: &mut Vec<Place>, at: usize, span: Range<usize>) {
    let Some(place) = found.get(at) else { return };
    if span.end <= place.span.end || span.start > place.span.start {
        return;
    }
    let touches = |other: &Place| other.span.start < span.end && span.start < other.span.end;
    let others = found.iter().enumerate().filter(|(index, other)| *index != at && touches(other));
    if others.clone().any(|(_, other)| !other.tag.starts_with(PROMPT) || other.span.end > span.end) {
        return;
    }
    let gone: Vec<usize> = others.map(|(index, _)| index).collect();
    if let Some(place) = found.get_mut(at) {
        (place.span, place.content, place.wrapped) = (span.clone(), span, false);
    }
    let mut index = 0;
    found.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
}

/// The paragraph in which the control at `index` lies, when nothing else of people lies there.
fn only_one_in_paragraph(all: &[Element], index: usize) -> Option<&Element> {
    let control = all.get(index)?;
    let paragraph = outside_marks(all, control.parent).map(|(_, e)| e).filter(|e| e.local == "p")?;
    let first = all.partition_point(|e| e.span.start <= paragraph.span.start);
    let inside = all.iter().skip(first).take_while(|e| e.span.start < paragraph.span.end);
    let mut others = inside.filter(|e| !control.span.contains(&e.span.start));
    // Everything else counts in the reading of the block, or goes with it.
    let shown = ["t", "drawing", "pict", "object", "tab", "br", "sdt", "fldChar", "fldSimple", "hyperlink", "sym"];
    (!others.any(|e| shown.contains(&e.local.as_str()))).then_some(paragraph)
}

/// Where a paragraph or a table may stand after what ends at `span`: not inside a paragraph, nor between the rows and
/// cells of a table.
pub(super) fn after_block(all: &[Element], span: &Range<usize>) -> usize {
    let first = all.partition_point(|e| e.span.start <= span.start);
    // Innermost first.
    let mut around = all
        .iter()
        .take(first)
        .rev()
        .filter(|e| e.span.end >= span.end && e.span != *span && e.span.start <= span.start);
    let mut end = span.end;
    for outer in around.by_ref() {
        match outer.local.as_str() {
            "p" | "tr" | "tbl" => end = outer.span.end,
            "body" | "tc" | "txbxContent" | "hdr" | "ftr" | "footnote" | "endnote" | "comment" => break,
            _ => {}
        }
    }
    end
}

/// From the paragraph or table that holds one mark to the one that holds the other, when both lie in one holder.
fn region(all: &[Element], start: usize, end: usize) -> Option<Range<usize>> {
    let chain = |index: usize| {
        let mut chain = vec![index];
        while let Some(parent) = chain.last().and_then(|i| all.get(*i)).and_then(|e| e.parent) {
            chain.push(parent);
        }
        chain
    };
    let (from, to) = (chain(start), chain(end));
    let is_holder = |index: &&usize| holds_paragraphs(all, **index);
    // A table between: marks in two of its cells mean the whole table.
    let mut holder = *from.iter().filter(is_holder).find(|index| to.contains(index))?;
    let child = |chain: &[usize], holder: usize| {
        let at = chain.iter().position(|index| *index == holder)?;
        chain.get(at.checked_sub(1)?).and_then(|index| all.get(*index))
    };
    loop {
        let first = child(&from, holder)?;
        let last = child(&to, holder)?;
        let span = first.span.start..last.span.end;
        let outer = all.get(holder)?;
        // A control that a program left around exactly this goes with it.
        if outer.local == "sdtContent" && first.span.start <= last.span.start && fills(all, holder, &span) {
            let control = outer.parent?;
            holder = all.get(control)?.parent?;
            continue;
        }
        return (span.start < span.end && first.span.start <= last.span.start).then_some(span);
    }
}

/// True for what holds paragraphs and tables. A control that LibreOffice put around the words of a paragraph holds words.
fn holds_paragraphs(all: &[Element], index: usize) -> bool {
    let Some(element) = all.get(index).filter(|e| HOLDERS.contains(&e.local.as_str())) else { return false };
    let around = match element.local.as_str() {
        "sdtContent" => element.parent.and_then(|control| all.get(control)).and_then(|control| control.parent),
        // Marks of other programs lie around paragraphs, and around words in one.
        "customXml" => element.parent,
        _ => return true,
    };
    around.is_none_or(|around| {
        let rows = ["tbl", "tr"].iter().any(|name| all.get(around).is_some_and(|e| e.local == *name));
        rows || holds_paragraphs(all, around)
    })
}

/// True when nothing but `span` stands in the holder.
fn fills(all: &[Element], holder: usize, span: &Range<usize>) -> bool {
    children(all, holder).all(|child| span.start <= child.span.start && child.span.end <= span.end)
}

/// The children of an element.
pub(crate) fn children(all: &[Element], index: usize) -> impl Iterator<Item = &Element> {
    let end = all.get(index).map_or(0, |e| e.span.end);
    all.iter().skip(index + 1).take_while(move |e| e.span.start < end).filter(move |e| e.parent == Some(index))
}

/// A proposal goes with the signs around it that say that its control was inserted.
fn with_its_range_marks(all: &[Element], place: &mut Place) {
    let before = all.iter().find(|e| e.span.end == place.span.start && e.local == "customXmlInsRangeStart");
    let after = all.iter().find(|e| e.span.start == place.span.end && e.local == "customXmlInsRangeEnd");
    if let (Some(before), Some(after)) = (before, after) {
        place.span = before.span.start..after.span.end;
    }
}
