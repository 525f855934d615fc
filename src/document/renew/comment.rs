//! A comment beside the one figure that changed in a block that people made their own.

use std::collections::BTreeSet;

use super::notes::is_ours;
use super::tracked::Sign;
use crate::document::print::AUTHOR;
use crate::error::Result;
use crate::package::parts::{all_in_strict, relationships};
use crate::package::rewrite::Rewrite;
use crate::package::xml::{Element, Splices, elements, is_true, text_of, xml_escape};

/// The comments of a document, to add to or change.
pub(super) struct Comments {
    /// Paragraphs of comments that somebody replied to or marked as resolved: Word hides those.
    settled: BTreeSet<String>,
    part: String,
    text: String,
    stored: crate::package::xml::Stored,
    fresh: bool,
    changed: bool,
}

impl Comments {
    /// Reads the comments of the document whose main part this is; none yet is fine.
    pub(super) fn open(
        main: &str,
        archive: &crate::package::archive::Archive,
        parts: &Rewrite<'_>,
    ) -> Result<Self> {
        let all = relationships(archive, main)?;
        let threads = all.iter().find(|r| r.kind == "commentsExtended" && !r.external);
        let threads = threads.and_then(|r| archive.read_text(archive.find(&r.target)?).ok()).unwrap_or_default();
        let threads = elements(&threads).unwrap_or_default();
        let done = |e: &&Element| e.attribute("done").is_some_and(|done| is_true(Some(done)));
        let resolved = threads.iter().filter(done).filter_map(|e| e.attribute("paraId"));
        let replied = threads.iter().filter_map(|e| e.attribute("paraIdParent"));
        let settled: BTreeSet<String> = resolved.chain(replied).map(str::to_owned).collect();
        let known = all.into_iter().find(|r| r.kind == "comments" && !r.external);
        if let Some(known) = known.filter(|r| parts.contains(&r.target)) {
            let (text, stored) = parts.text(&known.target)?;
            return Ok(Comments { settled, part: known.target, text, stored, fresh: false, changed: false });
        }
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let part = if folder.is_empty() { "comments.xml".to_owned() } else { format!("{folder}/comments.xml") };
        let part =
            if parts.contains(&part) { parts.free_name(part.trim_end_matches(".xml"), ".xml") } else { part };
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:comments \
                    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"></w:comments>"
            .to_owned();
        Ok(Comments {
            settled,
            part,
            text,
            stored: crate::package::xml::Stored::Utf8,
            fresh: true,
            changed: false,
        })
    }

    /// Adds a comment; gives its id.
    pub(super) fn add(&mut self, said: &str, sign: &Sign<'_>) -> Option<u32> {
        let all = elements(&self.text).ok()?;
        let root = all.first()?;
        let ids =
            all.iter().filter(|e| e.local == "comment").filter_map(|e| e.attribute("id")?.parse::<u32>().ok());
        let id = ids.max().map_or(0, |id| id.saturating_add(1));
        let p = root.prefix();
        let date = sign.date.map(|date| format!(" {p}date=\"{date}\"")).unwrap_or_default();
        let comment = format!(
            "<{p}comment {p}id=\"{id}\" {p}author=\"{AUTHOR}\"{date} {p}initials=\"wa\"><{p}p><{p}r><{p}t>{}</{p}t></{p}r></{p}p>\
             </{p}comment>",
            xml_escape(said)
        );
        let mut splices = Splices::default();
        if root.empty {
            let tag = self.text.get(root.tag.clone()).unwrap_or_default();
            let open = tag.strip_suffix("/>").unwrap_or(tag).trim_end();
            splices.replace(root.tag.clone(), format!("{open}>{comment}</{}>", root.name));
        } else {
            splices.insert(root.content.end, comment);
        }
        self.text = splices.apply(&self.text);
        self.changed = true;
        Some(id)
    }

    /// What a comment of ours says; `None` when it is somebody else's, or somebody replied to it or marked it as resolved.
    pub(super) fn ours(&self, id: &str) -> Option<String> {
        let all = elements(&self.text).unwrap_or_default();
        let comment = ours(&all, id)?;
        let inside = || all.iter().filter(|e| comment.content.contains(&e.span.start));
        let settled = inside().filter_map(|e| e.attribute("paraId")).any(|id| self.settled.contains(id));
        (!settled).then(|| inside().filter(|e| e.local == "t").map(|e| text_of(&self.text, e)).collect())
    }

    /// Numbers of the comments that say what this program wrote and nothing else, and that nobody replied to or resolved.
    pub(super) fn untouched(&self) -> BTreeSet<String> {
        let all = elements(&self.text).unwrap_or_default();
        let ids = all.iter().filter(|e| e.local == "comment").filter_map(|e| e.attribute("id"));
        ids.filter(|id| self.ours(id).is_some_and(|text| is_ours(&text))).map(str::to_owned).collect()
    }

    /// Takes the comment with this number away.
    pub(super) fn remove(&mut self, id: &str) {
        let all = elements(&self.text).unwrap_or_default();
        let Some(comment) = ours(&all, id) else { return };
        let mut splices = Splices::default();
        splices.replace(comment.span.clone(), "");
        self.text = splices.apply(&self.text);
        self.changed = true;
    }

    /// Gives a comment of ours another text.
    pub(super) fn replace(&mut self, id: &str, said: &str) {
        let all = elements(&self.text).unwrap_or_default();
        let Some(comment) = ours(&all, id) else { return };
        let texts: Vec<&Element> =
            all.iter().filter(|e| e.local == "t" && comment.content.contains(&e.span.start)).collect();
        let Some((first, others)) = texts.split_first() else { return };
        if texts.iter().map(|e| text_of(&self.text, e)).collect::<String>() == said {
            return;
        }
        let mut splices = Splices::default();
        splices.replace(first.content.clone(), xml_escape(said));
        for other in others {
            splices.replace(other.content.clone(), "");
        }
        self.text = splices.apply(&self.text);
        self.changed = true;
    }

    /// Puts the comments in the package, when any changed.
    pub(super) fn close(self, main: &str, parts: &mut Rewrite<'_>) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        let text = if self.fresh && parts.is_strict() { all_in_strict(&self.text) } else { self.text };
        parts.put_text(&self.part, &text, self.stored);
        if self.fresh {
            let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments";
            parts.relate(main, kind, &format!("/{}", self.part), false)?;
            parts.declare(
                &self.part,
                "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
            )?;
        }
        Ok(())
    }
}

/// The comment of ours with this id.
fn ours<'e>(all: &'e [Element], id: &str) -> Option<&'e Element> {
    all.iter()
        .find(|e| e.local == "comment" && e.attribute("id") == Some(id) && e.attribute("author") == Some(AUTHOR))
}
