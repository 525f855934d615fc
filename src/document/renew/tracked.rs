//! A new version as a tracked insertion: what Word writes when somebody types it with 'wijzigingen bijhouden' on.

use super::locate::proposal_tag;
use crate::document::print::AUTHOR;
use crate::document::stamp::stamp;
use crate::package::tree::{Element, Node};

/// Who and when, on every piece of a tracked insertion.
#[derive(Debug, Clone)]
pub(super) struct Sign<'a> {
    /// `2026-11-22T00:00:00Z`; without it Word shows no date.
    pub(super) date: Option<&'a str>,
}

impl Sign<'_> {
    fn attributes(&self, element: &str, id: u32) -> Element {
        let id = id.to_string();
        let mut sign = Element::new(element, &[("w:id", &id), ("w:author", AUTHOR)]);
        if let Some(date) = self.date {
            sign.attributes.push(("w:date".into(), date.into()));
        }
        sign
    }
}

/// The proposal beside a block: a control of its own with everything in it inserted, and the signs that say that the
/// control was inserted too, so that rejecting leaves nothing behind.
pub(super) fn proposal(
    tag: &str,
    title: &str,
    print: &str,
    content: &Element,
    sign: &Sign<'_>,
    control_id: u32,
    id: &mut impl FnMut() -> u32,
) -> Vec<Element> {
    let mut inner = content.clone();
    inner.children = without_prompts(&inner);
    keep_apart(&mut inner);
    insert_everywhere(&mut inner, sign, id);
    stamp(&mut inner, tag, print, true, id);
    let (outer, ending) = (id(), id());
    let mut held = vec![Node::Element(Element::new("w:customXmlInsRangeEnd", &[("w:id", &outer.to_string())]))];
    held.append(&mut inner.children);
    held.push(Node::Element(sign.attributes("w:customXmlInsRangeStart", ending)));
    inner.children = held;
    let mut properties = Element::new("w:sdtPr", &[]);
    let title: String = format!("Nieuwe versie: {title}").chars().take(60).collect();
    properties.push(Element::new("w:alias", &[("w:val", title.trim_end_matches([' ', ':']))]));
    properties.push(Element::new("w:tag", &[("w:val", &proposal_tag(tag))]));
    properties.push(Element::new("w:id", &[("w:val", &control_id.to_string())]));
    let mut control = Element::new("w:sdt", &[]);
    control.push(properties);
    control.push(inner);
    vec![
        sign.attributes("w:customXmlInsRangeStart", outer),
        control,
        Element::new("w:customXmlInsRangeEnd", &[("w:id", &ending.to_string())]),
    ]
}

/// Puts an empty paragraph before a table with which a proposal begins: right behind the table of the block, LibreOffice makes
/// one table of the two.
pub(super) fn keep_apart(content: &mut Element) {
    if content.elements().next().is_some_and(|first| first.name == "w:tbl") {
        let mut properties = Element::new("w:pPr", &[]);
        properties.push(Element::new("w:spacing", &[("w:before", "0"), ("w:after", "0")]));
        let mut paragraph = Element::new("w:p", &[]);
        paragraph.push(properties);
        content.children.insert(0, Node::Element(paragraph));
    }
}

/// The children with the content of prompts in place of their controls: in a proposal nobody writes yet.
fn without_prompts(element: &Element) -> Vec<Node> {
    let mut out = Vec::new();
    for child in &element.children {
        match child {
            Node::Element(control) if control.name == "w:sdt" => {
                if let Some(content) = control.child("w:sdtContent") {
                    out.extend(without_prompts(content));
                }
            }
            Node::Element(other) => {
                let mut other = other.clone();
                other.children = without_prompts(&other);
                out.push(Node::Element(other));
            }
            Node::Text(text) => out.push(Node::Text(text.clone())),
        }
    }
    out
}

fn insert_everywhere(element: &mut Element, sign: &Sign<'_>, id: &mut impl FnMut() -> u32) {
    match element.name.as_str() {
        "w:p" => {
            ensure(element, "w:pPr", |_| 0);
            let Some(properties) = element.child_mut("w:pPr") else { return };
            ensure(properties, "w:rPr", before_section);
            if let Some(mark) = properties.child_mut("w:rPr") {
                mark.children.insert(0, Node::Element(sign.attributes("w:ins", id())));
            }
        }
        "w:tr" => {
            ensure(element, "w:trPr", |children| {
                usize::from(matches!(children.first(), Some(Node::Element(e)) if e.name == "w:tblPrEx"))
            });
            if let Some(properties) = element.child_mut("w:trPr") {
                properties.push(sign.attributes("w:ins", id()));
            }
        }
        _ => {}
    }
    let children = std::mem::take(&mut element.children);
    for child in children {
        match child {
            Node::Element(run) if run.name == "w:r" => {
                let mut inserted = sign.attributes("w:ins", id());
                inserted.push(run);
                element.push(inserted);
            }
            Node::Element(mut other) => {
                if !matches!(other.name.as_str(), "w:pPr" | "w:trPr" | "w:tcPr" | "w:tblPr") {
                    insert_everywhere(&mut other, sign, id);
                }
                element.push(other);
            }
            text @ Node::Text(_) => element.children.push(text),
        }
    }
}

/// Sees to it that there is a child of this name: before those of `after`, or else at the end.
fn ensure(element: &mut Element, name: &str, at: impl FnOnce(&[Node]) -> usize) {
    if element.child(name).is_none() {
        let at = at(&element.children).min(element.children.len());
        element.children.insert(at, Node::Element(Element::new(name, &[])));
    }
}

/// The place in the properties of a paragraph where those of its mark belong.
fn before_section(children: &[Node]) -> usize {
    let later =
        |child: &Node| matches!(child, Node::Element(e) if matches!(e.name.as_str(), "w:sectPr" | "w:pPrChange"));
    children.iter().position(later).unwrap_or(children.len())
}
