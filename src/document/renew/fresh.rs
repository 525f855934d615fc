//! The new version: the blocks of a document that was just made, ready to be put into another one.

use std::collections::BTreeMap;

use crate::document::chart::on_theme;
use crate::document::docx;
use crate::document::finish::{CONTENTS, label, tag_of};
use crate::document::print::{Reading, bare_print, hash, opening_signs, words_print};
use crate::document::record::{NAMESPACE, Record};
use crate::document::stamp::without_passing_bookmarks;
use crate::document::template::is_fact;
use crate::error::Result;
use crate::package::archive::Archive;
use crate::package::parts::{
    ContentTypes, Relationship, all_in_strict, in_strict, relationships, relationships_part,
};
use crate::package::rewrite::Rewrite;
use crate::package::tree::Element;
use crate::package::xml::xml_escape_attribute;

/// A new block.
#[derive(Debug)]
pub(super) struct Fresh {
    /// Tag of its content control.
    pub(super) tag: String,
    /// The properties of the control.
    pub(super) properties: Element,
    /// What lies in it, without bookmarks.
    pub(super) content: Element,
    /// Its words.
    pub(super) words: String,
    /// Fingerprint of the content.
    pub(super) print: String,
    /// The same without alternative texts.
    pub(super) bare: String,
    /// The signs of the look of its first words, which LibreOffice drops with the control around them.
    pub(super) opening: String,
    /// Headings and labels that stand before it, after the block before.
    pub(super) lead: Vec<Element>,
}

/// The record in a document and the part it lies in.
pub(crate) fn record(archive: &Archive, main: &str) -> Result<Option<(Record, String)>> {
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
            lead.extend(label(element));
            continue;
        }
        let tag = tag_of(element).to_owned();
        let Some(content) = element.child_mut("w:sdtContent").filter(|_| tag != CONTENTS) else {
            lead.clear();
            continue;
        };
        without_passing_bookmarks(content);
        let content = content.clone();
        let words = Reading::words_of(&content);
        let seen = reading.text_of(&content);
        let print = if is_fact(&tag) { words_print(&words) } else { hash(&seen) };
        let bare = bare_print(&seen).0;
        let properties = element.child("w:sdtPr").cloned().unwrap_or_default();
        let opening = opening_signs(&seen).to_owned();
        let lead = std::mem::take(&mut lead);
        found.push(Fresh { tag, properties, content, words, print, bare, opening, lead });
    }
    found
}

/// What a reader sees of prompts.
fn collect_prompts(element: &Element, reading: &mut Reading) {
    for child in element.elements() {
        if child.name == "w:sdt"
            && tag_of(child).starts_with(crate::document::print::PROMPT)
            && let Some(content) = child.child("w:sdtContent")
        {
            let shown = Reading::default().text_of(content);
            reading.prompts.insert(tag_of(child).to_owned(), shown);
        }
        collect_prompts(child, reading);
    }
}

/// Brings along the parts that a new block refers to (charts, pictures) and gives the references their new names.
pub(crate) struct Transplant<'a> {
    /// The document that was just made.
    from: &'a Archive,
    /// Its main part.
    from_main: String,
    /// The document they go to, and its main part.
    to: &'a Archive,
    to_main: String,
    /// The new document is a strict one, in which namespaces and kinds of relationships have other names.
    strict: bool,
    /// Ids of relationships in the new document by those in the one that was made.
    done: BTreeMap<String, String>,
}

impl<'a> Transplant<'a> {
    pub(crate) fn new(from: &'a Archive, from_main: &str, to: &'a Archive, to_main: &str, strict: bool) -> Self {
        let (from_main, to_main) = (from_main.to_owned(), to_main.to_owned());
        Transplant { from, from_main, to, to_main, strict, done: BTreeMap::new() }
    }

    /// Renames the references in `content` and copies what they refer to. `old` are the ids of what the content takes
    /// the place of and nothing else refers to: those parts get the new content, so that none is left behind.
    pub(crate) fn adopt(&mut self, content: &mut Element, old: &[String], into: &mut Rewrite<'_>) -> Result<()> {
        let known = relationships(self.from, &self.from_main)?;
        let theirs = relationships(self.to, &self.to_main)?;
        let mut old: Vec<&Relationship> =
            old.iter().rev().filter_map(|id| theirs.iter().find(|r| r.id == *id && !r.external)).collect();
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
            let place = old.iter().rposition(|old| old.kind == relationship.kind).map(|at| old.remove(at));
            let id = self.bring(relationship, place, into)?;
            self.done.insert(relationship.id.clone(), id);
        }
        let done = &self.done;
        content.walk(&mut |element| {
            for (name, value) in &mut element.attributes {
                if name.starts_with("r:")
                    && let Some(id) = done.get(value.as_str())
                {
                    *value = id.into();
                }
            }
        });
        Ok(())
    }

    /// Copies one part with all it refers to, in place of an old one or under a free name; gives the id of the
    /// relationship to it.
    fn bring(
        &self,
        relationship: &Relationship,
        old: Option<&Relationship>,
        into: &mut Rewrite<'_>,
    ) -> Result<String> {
        let kind = self.relationship_type(&relationship.kind);
        if relationship.external {
            return into.relate(&self.to_main, &kind, &relationship.target, true);
        }
        let name = self.bring_part(&relationship.target, old.map(|old| old.target.as_str()), into)?;
        let known = match old {
            Some(old) => relationships(self.to, &old.target)?,
            None => Vec::new(),
        };
        let inner = relationships(self.from, &relationship.target)?;
        // Ids inside the part must stay: its own text names them. What another program added to it stays with it.
        let mut list = String::new();
        let mut taken: Vec<&str> = Vec::new();
        for inner in &inner {
            let place = known.iter().find(|old| old.kind == inner.kind && !old.external && !inner.external);
            let target = match place {
                _ if inner.external => inner.target.clone(),
                place => {
                    format!("/{}", self.bring_part(&inner.target, place.map(|old| old.target.as_str()), into)?)
                }
            };
            taken.push(&inner.kind);
            list.push_str(&self.written(&inner.id, &inner.kind, &target, inner.external));
        }
        for (number, rest) in known.iter().filter(|old| !taken.contains(&old.kind.as_str())).enumerate() {
            let target = if rest.external { rest.target.clone() } else { format!("/{}", rest.target) };
            list.push_str(&self.written(&format!("rIdOud{}", number + 1), &rest.kind, &target, rest.external));
        }
        if !list.is_empty() {
            let list = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
                 xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
            );
            into.put(&relationships_part(&name), list.into_bytes());
        }
        match old {
            Some(old) => Ok(old.id.clone()),
            None => into.relate(&self.to_main, &kind, &format!("/{name}"), false),
        }
    }

    /// Copies a part in place of an old one or under a free name, which is given.
    fn bring_part(&self, source: &str, old: Option<&str>, into: &mut Rewrite<'_>) -> Result<String> {
        let (stem, extension) = source.rsplit_once('.').unwrap_or((source, "bin"));
        let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let name =
            old.map_or_else(|| into.free_name(&format!("{stem}-wijk"), &format!(".{extension}")), str::to_owned);
        let content = self.from.read(source)?;
        // A chart takes the colours of the document it goes to, which may be too light for it.
        let chart = source.starts_with("word/charts/").then(|| std::str::from_utf8(&content).ok()).flatten();
        let content = match chart {
            Some(chart) => {
                let chart = on_theme(chart, &docx::part(self.to, &self.to_main, "theme")?);
                if self.strict { all_in_strict(&chart) } else { chart }.into_bytes()
            }
            None => content,
        };
        into.put(&name, content);
        if old.is_none()
            && let Some(kind) = ContentTypes::read(self.from)?.of(source)
        {
            into.declare(&name, kind)?;
        }
        Ok(name)
    }

    fn written(&self, id: &str, kind: &str, target: &str, external: bool) -> String {
        let mode = if external { " TargetMode=\"External\"" } else { "" };
        format!(
            "<Relationship Id=\"{}\" Type=\"{}\" Target=\"{}\"{mode}/>",
            xml_escape_attribute(id),
            self.relationship_type(kind),
            xml_escape_attribute(target),
        )
    }

    /// The full type of a relationship by its last step.
    fn relationship_type(&self, kind: &str) -> String {
        match kind {
            "chartStyle" | "chartColorStyle" => {
                format!("http://schemas.microsoft.com/office/2011/relationships/{kind}")
            }
            kind => {
                let usual = format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}");
                if self.strict { in_strict(&usual) } else { usual }
            }
        }
    }
}
