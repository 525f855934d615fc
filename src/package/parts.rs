//! How parts hang together: relationships and content types.
//!
//! Owns resolving targets (relative, absolute, with backslashes) and the two kinds of index a package has.

use std::collections::BTreeMap;

use super::archive::{Archive, part_key};
use super::xml::elements;
use crate::error::Result;

/// A relationship from one part to another, or to something outside the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its id within the part.
    pub id: String,
    /// Last step of its type: `worksheet`, `table`, `hyperlink` ... The same for strict and transitional.
    pub kind: String,
    /// Part name (resolved), or the target as written when `external`.
    pub target: String,
    /// The target lies outside the package.
    pub external: bool,
}

/// How namespaces and kinds of relationships begin, and how they begin in a strict package (ISO/IEC 29500-1). A few of
/// properties differ in more than their beginning; those are not for here.
const STRICT: [(&str, &str); 3] = [
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/", "http://purl.oclc.org/ooxml/wordprocessingml/"),
    ("http://schemas.openxmlformats.org/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
];

/// What a namespace or kind of relationship is called in a strict package.
pub(crate) fn in_strict(uri: &str) -> String {
    let known = STRICT.iter().find_map(|(usual, strict)| Some(format!("{strict}{}", uri.strip_prefix(usual)?)));
    known.unwrap_or_else(|| uri.to_owned())
}

/// A part of ours in which all namespaces have their strict names.
pub(crate) fn all_in_strict(part: &str) -> String {
    STRICT.iter().fold(part.to_owned(), |text, (usual, strict)| {
        text.replace(&format!("=\"{usual}"), &format!("=\"{strict}"))
    })
}

/// The name of the part that holds the relationships of `part`; of the package itself when `part` is empty.
#[must_use]
pub fn relationships_part(part: &str) -> String {
    let part = part.replace('\\', "/");
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part that `target` means when written in the relationships of `part`.
#[must_use]
pub fn resolve(part: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let part = part.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        part.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default()
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

/// The relationships of a part; none when it has none.
///
/// # Errors
/// When the relationships are there but cannot be read.
pub fn relationships(archive: &Archive, part: &str) -> Result<Vec<Relationship>> {
    let name = relationships_part(part);
    if !archive.contains(&name) {
        return Ok(Vec::new());
    }
    let text = archive.read_text(&name)?;
    let found = elements(&text).map_err(|e| archive.damaged(&name, &e))?;
    Ok(found
        .iter()
        .filter(|e| e.local == "Relationship")
        .map(|e| {
            let external = e.attribute("TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
            let target = e.attribute("Target").unwrap_or_default();
            Relationship {
                id: e.attribute("Id").unwrap_or_default().to_owned(),
                kind: e.attribute("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned(),
                target: if external { target.to_owned() } else { resolve(part, target) },
                external,
            }
        })
        .collect())
}

/// `[Content_Types].xml`, for looking up.
#[derive(Debug, Clone, Default)]
pub struct ContentTypes {
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads the content types of a package; empty when it has none.
    ///
    /// # Errors
    /// When the part is there but cannot be read.
    pub fn read(archive: &Archive) -> Result<Self> {
        const NAME: &str = "[Content_Types].xml";
        let mut types = ContentTypes::default();
        if !archive.contains(NAME) {
            return Ok(types);
        }
        let text = archive.read_text(NAME)?;
        for element in elements(&text).map_err(|e| archive.damaged(NAME, &e))? {
            let kind = element.attribute("ContentType").unwrap_or_default().to_owned();
            if let Some(extension) = element.attribute("Extension") {
                types.defaults.insert(extension.to_lowercase(), kind);
            } else if let Some(part) = element.attribute("PartName") {
                types.overrides.insert(part_key(part), kind);
            }
        }
        Ok(types)
    }

    /// The content type of a part.
    #[must_use]
    pub fn of(&self, part: &str) -> Option<&str> {
        let key = part_key(part);
        let extension = key.rsplit_once('.').map_or("", |(_, extension)| extension);
        self.overrides.get(&key).or_else(|| self.defaults.get(extension)).map(String::as_str)
    }

    /// The parts that have a content type of their own, as keys (lower case, no leading slash).
    pub fn overridden(&self) -> impl Iterator<Item = &str> {
        self.overrides.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_against_the_folder_of_their_part() {
        assert_eq!(resolve("xl/workbook.xml", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets/sheet1.xml", "../tables/table1.xml"), "xl/tables/table1.xml");
        assert_eq!(resolve("xl/workbook.xml", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "xl\\workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolve("a.xml", "../../b.xml"), "b.xml");
    }

    #[test]
    fn relationships_lie_beside_their_part() {
        assert_eq!(relationships_part(""), "_rels/.rels");
        assert_eq!(relationships_part("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(relationships_part("xl\\workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
