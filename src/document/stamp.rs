//! The mark on a generated block: two hidden bookmarks, one in its first and one in its last paragraph.
//!
//! LibreOffice drops the tag of a content control and breaks controls around several paragraphs or a table; bookmarks
//! it keeps, as Word and OnlyOffice do. Their names carry a short key of the tag and the fingerprint of what was
//! written: `_wa_<key>_<fingerprint>` at the start and `_wz_<key>` at the end; of a proposed new version `_wn_` and
//! `_wm_`, both with the fingerprint, for two proposals may stand beside one block and Word drops a bookmark of which it
//! has the name already. Names that begin with `_` are hidden in Word; 40 characters are allowed.

use super::print::{hash, is_passing};
use crate::package::tree::{Element, Node};

/// Beginnings of the names: start and end of a block, start and end of a proposal.
const NAMES: [&str; 4] = ["_wa_", "_wz_", "_wn_", "_wm_"];

/// A mark as it stands in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Key of the tag.
    pub(super) key: String,
    /// The fingerprint; at the start, and at the end of a proposal.
    pub(super) print: Option<String>,
    /// Belongs to a proposed new version.
    pub(super) proposal: bool,
    /// At the end of a block.
    pub(super) end: bool,
}

impl Mark {
    /// Reads the name of a bookmark; `None` when it is no mark of ours.
    pub(super) fn read(name: &str) -> Option<Self> {
        let kind = NAMES.iter().position(|known| name.starts_with(known))?;
        let mut pieces = name.get(4..)?.split('_');
        let key = pieces.next().filter(|key| key.len() == 7)?.to_owned();
        Some(Mark { key, print: pieces.next().map(str::to_owned), proposal: kind >= 2, end: kind % 2 == 1 })
    }
}

/// The short key of a tag.
pub(super) fn key(tag: &str) -> String {
    hash(tag).chars().take(7).collect()
}

/// Puts the marks in the content of a block, in place of any that it has. `id` gives numbers for the bookmarks.
pub(super) fn stamp(content: &mut Element, tag: &str, print: &str, proposal: bool, id: &mut impl FnMut() -> u32) {
    unmark(content, &|name| Mark::read(name).is_some());
    let (start, end) = if proposal { ("_wn_", "_wm_") } else { ("_wa_", "_wz_") };
    let count = paragraphs(content, true);
    // A paragraph in a prompt goes when somebody types there, and takes its bookmarks along.
    let outside = count > 0;
    let count = if outside { count } else { paragraphs(content, false) };
    let key = key(tag);
    let ends = if proposal { format!("{end}{key}_{print}") } else { format!("{end}{key}") };
    let names = [(0, format!("{start}{key}_{print}")), (count.saturating_sub(1), ends)];
    for (at, name) in names {
        let mut left = at;
        mark(content, outside, &mut left, &name, id());
    }
}

/// Removes bookmarks for whose name `gone` holds.
pub(super) fn unmark(content: &mut Element, gone: &impl Fn(&str) -> bool) {
    let mut ids = Vec::new();
    content.walk(&mut |element| {
        if element.name == "w:bookmarkStart" && element.attribute("w:name").is_some_and(gone) {
            ids.extend(element.attribute("w:id").map(str::to_owned));
        }
    });
    content.walk(&mut |element| {
        element.retain(|child| {
            !matches!(child.name.as_str(), "w:bookmarkStart" | "w:bookmarkEnd")
                || !child.attribute("w:id").is_some_and(|id| ids.iter().any(|known| known == id))
        });
    });
}

/// Removes the bookmarks that programs make by themselves, such as those of the table of contents.
pub(super) fn without_passing_bookmarks(content: &mut Element) {
    unmark(content, &is_passing);
}

/// Number of paragraphs; those in controls inside it are left out when `outside`.
fn paragraphs(element: &Element, outside: bool) -> usize {
    element
        .elements()
        .map(|child| match child.name.as_str() {
            "w:p" => 1,
            "w:sdt" if outside => 0,
            _ => paragraphs(child, outside),
        })
        .sum()
}

/// Puts a bookmark around the content of the paragraph that comes after `left` others; true when it was put.
fn mark(element: &mut Element, outside: bool, left: &mut usize, name: &str, id: u32) -> bool {
    for child in &mut element.children {
        let Node::Element(child) = child else { continue };
        match child.name.as_str() {
            "w:p" if *left == 0 => {
                let id = id.to_string();
                let after = usize::from(child.elements().next().is_some_and(|first| first.name == "w:pPr"));
                let start = Element::new("w:bookmarkStart", &[("w:id", &id), ("w:name", name)]);
                child.children.insert(after, Node::Element(start));
                child.push(Element::new("w:bookmarkEnd", &[("w:id", &id)]));
                return true;
            }
            "w:p" => *left -= 1,
            "w:sdt" if outside => {}
            _ => {
                if mark(child, outside, left, name, id) {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_stand_in_the_first_and_last_paragraph_outside_prompts() {
        let mut content = Element::parse(
            "<w:sdtContent><w:sdt><w:p/></w:sdt><w:tbl><w:p><w:pPr/><w:r/></w:p></w:tbl><w:p/><w:sdt><w:p/></w:sdt></w:sdtContent>",
        )
        .unwrap();
        let mut next = 10;
        let mut id = || {
            next += 1;
            next
        };
        stamp(&mut content, "wa:x", "afdruk", false, &mut id);
        stamp(&mut content, "wa:x", "nieuw", false, &mut id);
        let mut out = String::new();
        content.write(&mut out);
        let key = key("wa:x");
        let expected = format!(
            "<w:sdtContent><w:sdt><w:p/></w:sdt><w:tbl><w:p><w:pPr/><w:bookmarkStart w:id=\"13\" w:name=\"_wa_{key}_nieuw\"/>\
             <w:r/><w:bookmarkEnd w:id=\"13\"/></w:p></w:tbl><w:p><w:bookmarkStart w:id=\"14\" w:name=\"_wz_{key}\"/>\
             <w:bookmarkEnd w:id=\"14\"/></w:p><w:sdt><w:p/></w:sdt></w:sdtContent>"
        );
        assert_eq!(out, expected);
        let mark = Mark::read(&format!("_wa_{key}_nieuw")).unwrap();
        assert_eq!((mark.print.as_deref(), mark.proposal, mark.end), (Some("nieuw"), false, false));
        assert_eq!(Mark::read("_Toc417000001"), None);
    }
}
