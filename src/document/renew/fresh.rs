//! The new version: the blocks of a document that was just made, ready to be put into another one.

use std::collections::BTreeMap;

use crate::document::finish::{CONTENTS, tag_of};
use crate::document::print::Reading;
use crate::document::record::{NAMESPACE, Record};
use crate::document::stamp::without_passing_bookmarks;
use crate::error::Result;
use crate::package::archive::Archive;
use crate::package::parts::{Relationship, relationships};
use crate::package::rewrite::Rewrite;
use crate::package::tree::Element;

/// A new block.
#[derive(Debug)]
pub(super) struct Fresh {
    /// Tag of its content control.
    pub(super) tag: String,
    /// The properties of the control.
    pub(super) properties: Element,
    /// What lies in it, without bookmarks.
    pub(super) content: Element,
    /// Fingerprint of the content.
    pub(super) print: String,
    /// Headings and labels that stand before it, after the block before.
    pub(super) lead: Vec<Element>,
}

/// The record in a document and the part it lies in.
pub(super) fn record(archive: &Archive, main: &str) -> Result<Option<(Record, String)>> {
    for item in relationships(archive, main)?.iter().filter(|r| r.kind == "customXml" && !r.external) {
        let Ok(text) = archive.read_text(&item.target) else { continue };
        if let Some(record) = text.contains(NAMESPACE).then(|| Record::read(&text)).flatten() {
            return Ok(Some((record, item.target.clone())));
        }
    }
    Ok(None)
}

/// The blocks of a document that was just made, in order. `reading` is that of the document they go to; it gets the
/// texts of the prompts.
pub(super) fn blocks(document: &mut Element, reading: &mut Reading) -> Vec<Fresh> {
    collect_prompts(document, reading);
    let mut found = Vec::new();
    let mut lead = Vec::new();
    let Some(body) = document.child_mut("w:body") else { return found };
    for element in body.elements_mut() {
        if element.name != "w:sdt" {
            if element.name == "w:p" && element.child("w:pPr").is_none_or(|p| p.child("w:sectPr").is_none()) {
                let mut label = element.clone();
                without_passing_bookmarks(&mut label);
                lead.push(label);
            }
            continue;
        }
        let tag = tag_of(element).to_owned();
        let Some(content) = element.child_mut("w:sdtContent").filter(|_| tag != CONTENTS) else {
            lead.clear();
            continue;
        };
        without_passing_bookmarks(content);
        let content = content.clone();
        let print = reading.print_of(&content);
        let properties = element.child("w:sdtPr").cloned().unwrap_or_default();
        found.push(Fresh { tag, properties, content, print, lead: std::mem::take(&mut lead) });
    }
    found
}

/// Texts of prompts without their brackets.
fn collect_prompts(element: &Element, reading: &mut Reading) {
    for child in element.elements() {
        if child.name == "w:sdt"
            && tag_of(child).starts_with(crate::document::print::PROMPT)
            && let Some(content) = child.child("w:sdtContent")
        {
            let shown = Reading::default().text_of(content);
            let text = shown.trim_start_matches(['¶', ' ']).trim_start_matches('[').trim_end_matches(']');
            reading.prompts.insert(tag_of(child).to_owned(), text.to_owned());
        }
        collect_prompts(child, reading);
    }
}

/// Brings along the parts that a new block refers to (charts, pictures) and gives the references their new names.
pub(super) struct Transplant<'a> {
    /// The document that was just made.
    pub(super) from: &'a Archive,
    /// Its main part.
    pub(super) from_main: String,
    /// The main part of the document they go to.
    pub(super) to_main: String,
    /// Relationship ids in the new document by those in the old, and parts by their old names.
    done: BTreeMap<String, String>,
}

impl<'a> Transplant<'a> {
    pub(super) fn new(from: &'a Archive, from_main: &str, to_main: &str) -> Self {
        Transplant { from, from_main: from_main.to_owned(), to_main: to_main.to_owned(), done: BTreeMap::new() }
    }

    /// Renames the references in `content` and copies what they refer to.
    pub(super) fn adopt(&mut self, content: &mut Element, into: &mut Rewrite<'_>) -> Result<()> {
        let known = relationships(self.from, &self.from_main)?;
        let mut wanted: Vec<&Relationship> = Vec::new();
        content.walk(&mut |element| {
            for (name, value) in &element.attributes {
                if name.starts_with("r:")
                    && let Some(relationship) = known.iter().find(|r| r.id == *value)
                    && !wanted.iter().any(|r| r.id == relationship.id)
                {
                    wanted.push(relationship);
                }
            }
        });
        for relationship in wanted {
            if self.done.contains_key(&relationship.id) {
                continue;
            }
            let id = self.bring(relationship, &self.to_main.clone(), into)?;
            self.done.insert(relationship.id.clone(), id);
        }
        let done = &self.done;
        content.walk(&mut |element| {
            for (name, value) in &mut element.attributes {
                if name.starts_with("r:")
                    && let Some(id) = done.get(value)
                {
                    value.clone_from(id);
                }
            }
        });
        Ok(())
    }

    /// Copies one part with all it refers to under a free name; gives the id of the new relationship of `part`.
    fn bring(&self, relationship: &Relationship, part: &str, into: &mut Rewrite<'_>) -> Result<String> {
        let kind = relationship_type(&relationship.kind);
        if relationship.external {
            return into.relate(part, &kind, &relationship.target, true);
        }
        let source = &relationship.target;
        let (stem, extension) = source.rsplit_once('.').unwrap_or((source, "bin"));
        let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let name = into.free_name(&format!("{stem}-wijk"), &format!(".{extension}"));
        into.put(&name, self.from.read(source)?);
        if let Some(kind) = crate::package::parts::ContentTypes::read(self.from)?.of(source) {
            into.declare(&name, kind)?;
        }
        let inner = relationships(self.from, source)?;
        if !inner.is_empty() {
            // Ids inside the part must stay: its own text names them.
            let mut list = String::new();
            for inner in &inner {
                let target = if inner.external {
                    inner.target.clone()
                } else {
                    format!("/{}", self.bring_part(&inner.target, into)?)
                };
                let mode = if inner.external { " TargetMode=\"External\"" } else { "" };
                list.push_str(&format!(
                    "<Relationship Id=\"{}\" Type=\"{}\" Target=\"{}\"{mode}/>",
                    crate::package::xml::xml_escape_attribute(&inner.id),
                    relationship_type(&inner.kind),
                    crate::package::xml::xml_escape_attribute(&target),
                ));
            }
            into.put(
                &crate::package::parts::relationships_part(&name),
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
                     xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
                )
                .into_bytes(),
            );
        }
        into.relate(part, &kind, &format!("/{name}"), false)
    }

    /// Copies a part that refers to nothing else, such as the workbook inside a chart.
    fn bring_part(&self, source: &str, into: &mut Rewrite<'_>) -> Result<String> {
        let (stem, extension) = source.rsplit_once('.').unwrap_or((source, "bin"));
        let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let name = into.free_name(&format!("{stem}-wijk"), &format!(".{extension}"));
        into.put(&name, self.from.read(source)?);
        if let Some(kind) = crate::package::parts::ContentTypes::read(self.from)?.of(source) {
            into.declare(&name, kind)?;
        }
        Ok(name)
    }
}

/// The full type of a relationship by its last step.
fn relationship_type(kind: &str) -> String {
    match kind {
        "chartStyle" | "chartColorStyle" => {
            format!("http://schemas.microsoft.com/office/2011/relationships/{kind}")
        }
        kind => format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"),
    }
}
