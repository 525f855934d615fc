//! A package written again with some parts changed or added; every other entry is copied to the byte.
//!
//! Owns the bookkeeping of an edit of several parts: reading a part as text, putting it back in its own encoding,
//! relationships and content types for what is new. Does not know what the parts mean.

use std::collections::BTreeMap;

use super::archive::{Archive, part_key};
use super::container::{Container, Packing, compress};
use super::edit::smallparts;
use super::parts::{ContentTypes, in_strict, relationships_part};
use super::xml::{Stored, decode, encode};
use crate::error::{Error, Result};

const TYPES: &str = "[Content_Types].xml";
const NO_RELATIONSHIPS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
     <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

/// An edit of a package: what was not changed here stays as it is, to the byte.
#[derive(Debug)]
pub(crate) struct Rewrite<'a> {
    archive: &'a Archive,
    /// By [`part_key`]: the name to write and the content.
    changed: BTreeMap<String, (String, Vec<u8>)>,
}

impl<'a> Rewrite<'a> {
    pub(crate) fn new(archive: &'a Archive) -> Self {
        Rewrite { archive, changed: BTreeMap::new() }
    }

    /// True when the package has this part, or it was added.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.changed.contains_key(&part_key(name)) || self.archive.contains(name)
    }

    /// True when nothing was changed.
    pub(crate) fn is_untouched(&self) -> bool {
        self.changed.is_empty()
    }

    /// A part as it is now.
    ///
    /// # Errors
    /// As [`Archive::read`].
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>> {
        match self.changed.get(&part_key(name)) {
            Some((_, bytes)) => Ok(bytes.clone()),
            None => self.archive.read(name),
        }
    }

    /// A part as it is now, as text, and how it is stored.
    ///
    /// # Errors
    /// As [`Archive::read_text`].
    pub(crate) fn text(&self, name: &str) -> Result<(String, Stored)> {
        decode(&self.read(name)?).ok_or_else(|| self.archive.damaged(name, &"geen leesbare tekst"))
    }

    /// Replaces or adds a part. A part that gets the content it has stays untouched.
    pub(crate) fn put(&mut self, name: &str, bytes: Vec<u8>) {
        let key = part_key(name);
        if self.archive.contains(name) && self.archive.read(name).is_ok_and(|old| old == bytes) {
            self.changed.remove(&key);
            return;
        }
        let stored = self.archive.find(name).unwrap_or(name).to_owned();
        self.changed.insert(key, (stored, bytes));
    }

    /// Replaces or adds a part of text, in the encoding it had.
    pub(crate) fn put_text(&mut self, name: &str, text: &str, stored: Stored) {
        self.put(name, encode(text, stored));
    }

    /// Changes a part of text by a function that may say why it cannot.
    ///
    /// # Errors
    /// When the part cannot be read, or the function's reason.
    pub(crate) fn edit(
        &mut self,
        name: &str,
        change: impl FnOnce(&str) -> std::result::Result<String, String>,
    ) -> Result<()> {
        let (text, stored) = self.text(name)?;
        let new = change(&text).map_err(|reason| self.archive.damaged(name, &reason))?;
        self.put_text(name, &new, stored);
        Ok(())
    }

    /// A name that no part has yet: `before`, a number, `after`.
    pub(crate) fn free_name(&self, before: &str, after: &str) -> String {
        let name = |number: u32| format!("{before}{number}{after}");
        (1..).map(name).find(|name| !self.contains(name)).unwrap_or_else(|| name(0))
    }

    /// True for a strict package, in which namespaces and kinds of relationships have other names.
    pub(crate) fn is_strict(&self) -> bool {
        let main = "=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\"";
        self.text(&relationships_part("")).is_ok_and(|(text, _)| text.contains(main))
    }

    /// Adds a relationship from `part` to a target; gives its id.
    ///
    /// # Errors
    /// When the relationships cannot be read.
    pub(crate) fn relate(&mut self, part: &str, kind: &str, target: &str, external: bool) -> Result<String> {
        let kind = if self.is_strict() { in_strict(kind) } else { kind.to_owned() };
        let name = relationships_part(part);
        if !self.contains(&name) {
            self.put(&name, NO_RELATIONSHIPS.as_bytes().to_vec());
        }
        let mut made = String::new();
        self.edit(&name, |text| {
            let (mut text, id) = smallparts::add_relationship(text, &kind, target)?;
            if external {
                text = text.replacen(&format!("Id=\"{id}\""), &format!("Id=\"{id}\" TargetMode=\"External\""), 1);
            }
            made = id;
            Ok(text)
        })?;
        Ok(made)
    }

    /// Says what kind of part one is, unless the package says so already.
    ///
    /// # Errors
    /// When the content types cannot be read.
    pub(crate) fn declare(&mut self, part: &str, kind: &str) -> Result<()> {
        if ContentTypes::read(self.archive)?.of(part) == Some(kind) {
            return Ok(());
        }
        self.edit(TYPES, |text| smallparts::add_content_type(text, part, kind))
    }

    /// Lists of relationships that are new need a content type too, where the package has none for all of them: some programs
    /// name each list by itself.
    fn declare_relationships(&mut self) -> Result<()> {
        const KIND: &str = "application/vnd.openxmlformats-package.relationships+xml";
        let new: Vec<String> = self
            .changed
            .values()
            .map(|(name, _)| name.clone())
            .filter(|name| name.to_lowercase().ends_with(".rels") && !self.archive.contains(name))
            .collect();
        new.iter().try_for_each(|name| self.declare(name, KIND))
    }

    /// The package.
    ///
    /// # Errors
    /// When it cannot be put together.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>> {
        self.declare_relationships()?;
        let archive = self.archive;
        let failed = |error: std::io::Error| {
            Error::content(
                archive.file_name(),
                format!("Het samenstellen lukt niet ({error})"),
                "Meld dit aan de makers.",
            )
        };
        let packed = |packing, bytes: &[u8]| compress(packing, failed, |out| out.write_all(bytes).map_err(failed));
        let mut changed = self.changed;
        let mut out = Vec::new();
        let mut container = Container::new(&mut out);
        for entry in archive.entries() {
            let new = if entry.directory { None } else { changed.remove(&part_key(&entry.name)) };
            match new {
                Some((_, bytes)) => container.replace(archive, entry, packed(entry.packing, &bytes)?),
                None => container.copy(archive, entry),
            }
            .map_err(failed)?;
        }
        for (name, bytes) in changed.into_values() {
            container.add(&name, packed(Packing::Deflated, &bytes)?).map_err(failed)?;
        }
        container.finish(archive.comment()).map_err(failed)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::write_package;

    /// A package with one part and these content types, to which a relationship is added.
    fn types_after_relating(types: &str) -> String {
        let types = format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{types}</Types>"
        );
        let parts = [(TYPES, types), ("word/document.xml", "<x/>".to_owned())];
        let bytes = parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
        let archive = Archive::from_bytes("d.docx", write_package(bytes).unwrap()).unwrap();
        let mut parts = Rewrite::new(&archive);
        parts.relate("word/document.xml", "http://x/chart", "/word/c.xml", false).unwrap();
        Archive::from_bytes("d.docx", parts.finish().unwrap()).unwrap().read_text(TYPES).unwrap()
    }

    #[test]
    fn a_new_list_of_relationships_is_declared_where_the_package_has_no_type_for_all_of_them() {
        let kind = "application/vnd.openxmlformats-package.relationships+xml";
        let named = format!("PartName=\"/word/_rels/document.xml.rels\" ContentType=\"{kind}\"");
        assert!(
            types_after_relating("<Override PartName=\"/word/document.xml\" ContentType=\"x\"/>").contains(&named)
        );
        let all = format!("<Default Extension=\"rels\" ContentType=\"{kind}\"/>");
        assert!(!types_after_relating(&all).contains("PartName"));
    }
}
