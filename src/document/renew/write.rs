//! Writing into the text of a document: every change is a splice, and what lies outside the splices keeps its bytes.

use std::ops::Range;

use super::comment::Comments;
use super::fresh::Fresh;
use super::locate::{Place, children, proposal_tag};
use super::tracked::{self, Sign};
use crate::document::cells::{Around, around, ends_with_table, is_last, outside_marks};
use crate::document::docx;
use crate::document::house::write_value;
use crate::document::print::{is_filled, is_passing, property, tag};
use crate::document::stamp::{Mark, stamp};
use crate::document::template::in_a_sentence;
use crate::package::parts::in_strict;
use crate::package::tree::{Attribute, Element as Made, Node};
use crate::package::xml::{Element, Splices, elements, with_attribute, xml_escape_attribute};

/// The changes to one document.
pub(crate) struct Writer<'a> {
    pub(super) text: &'a str,
    pub(super) all: &'a [Element],
    pub(super) splices: Splices,
    /// Declarations that new elements need because the document's root lacks them.
    declarations: Vec<(String, String)>,
    /// The document is a strict one, in which everything has another name.
    strict: bool,
    next_id: u32,
    next_control: u32,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(text: &'a str, all: &'a [Element], namespaces: &[Attribute]) -> Self {
        let root = all.first();
        let bound = |name: &str| {
            root.and_then(|root| root.attributes.iter().find(|(known, _)| known == name))
                .map(|(_, uri)| uri.as_str())
        };
        let strict = docx::is_strict(all);
        let declarations = namespaces.iter().filter(|(name, _)| name.starts_with("xmlns:")).map(|(name, uri)| {
            let uri = if strict { in_strict(uri) } else { uri.to_string() };
            (name.to_string(), uri)
        });
        let declarations = declarations.filter(|(name, uri)| bound(name) != Some(uri)).collect();
        // Numbers of bookmarks, changes and pictures; very high ones are of programs that pick at random.
        let ids =
            all.iter().filter_map(|e| e.attribute("id")?.parse::<u32>().ok()).filter(|id| *id < 1_000_000_000);
        let controls = all
            .iter()
            .filter(|e| e.local == "id")
            .filter_map(|e| e.attribute("val")?.parse::<i64>().ok())
            .filter_map(|id| u32::try_from(id).ok())
            .filter(|id| (417_000_000..1_000_000_000).contains(id));
        Writer {
            text,
            all,
            splices: Splices::default(),
            declarations,
            strict,
            next_id: ids.max().unwrap_or(0),
            next_control: controls.max().unwrap_or(417_000_000),
        }
    }

    /// The new text; `None` when nothing changed.
    pub(super) fn finish(self) -> Option<String> {
        (!self.splices.is_empty()).then(|| self.splices.apply(self.text))
    }

    pub(super) fn within(&self, range: &Range<usize>) -> impl Iterator<Item = (usize, &'a Element)> + use<'a> {
        let (all, end) = (self.all, range.end);
        let first = all.partition_point(|e| e.span.start < range.start);
        all.iter().enumerate().skip(first).take_while(move |(_, e)| e.span.start < end)
    }

    fn raw(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Puts the new version in place of an untouched block. False when something that people filled in would have no
    /// place in it; then nothing is changed. A proposal that was accepted becomes
    /// the block itself, unless that still stands (`beside`).
    pub(super) fn replace(&mut self, place: &Place, fresh: &Fresh, content: &Made, beside: bool) -> bool {
        let filled: Vec<(&str, &Element)> = self
            .within(&place.content)
            .filter(|(index, e)| e.local == "sdt" && is_filled(self.text, self.all, *index))
            .filter_map(|(index, e)| Some((tag(self.all, index).filter(|tag| tag.starts_with("wa:vul:"))?, e)))
            .collect();
        let mut content = content.clone();
        self.number(&mut content);
        if place.proposal && beside {
            tracked::keep_apart(&mut content);
        }
        stamp(&mut content, &fresh.tag, &fresh.print, place.proposal && beside, &mut self.ids());
        let mut new = self.written_children(&content);
        if !filled.is_empty() {
            let wrapped = format!("<x>{new}</x>");
            let Ok(inner) = elements(&wrapped) else { return false };
            let mut splices = Splices::default();
            for (wanted, old) in &filled {
                let control =
                    inner.iter().enumerate().find(|(at, e)| e.local == "sdt" && tag(&inner, *at) == Some(wanted));
                let Some((_, control)) = control else { return false };
                splices.replace(control.span.clone(), self.raw(&old.span));
            }
            new = splices.apply(&wrapped);
            new = new.strip_prefix("<x>").and_then(|new| new.strip_suffix("</x>")).unwrap_or(&new).to_owned();
        }
        let kept = self
            .passing_bookmarks(&place.content, &filled.iter().map(|(_, e)| e.span.clone()).collect::<Vec<_>>());
        let new = format!("{kept}{new}");
        if place.is_cell {
            let end = self.end(&place.content, content.elements());
            self.splices.replace(place.content.clone(), new + &end);
        } else if place.wrapped && (beside || !place.proposal) {
            let end = self.end(&place.span, content.elements());
            self.splices.replace(place.content.clone(), new);
            if !end.is_empty() {
                self.splices.insert(place.span.end, end);
            }
        } else {
            let tag = if place.proposal && beside { proposal_tag(&fresh.tag) } else { fresh.tag.clone() };
            let control = self.control(fresh, &tag, &new) + &self.end(&place.span, content.elements());
            self.splices.replace(place.span.clone(), control);
        }
        true
    }

    /// Gives the control at `index` other words, in the look it has.
    pub(super) fn words(&mut self, index: usize, words: &str) {
        write_value(self.all, index, words, &mut self.splices);
    }

    /// The paragraph that has to come after `content` in place of what stands at `span`: a cell cannot end with a table.
    fn end<'c>(&self, span: &Range<usize>, content: impl Iterator<Item = &'c Made>) -> String {
        if !ends_with_table(content) || !is_last(self.all, span) {
            return String::new();
        }
        self.written(&[Made::new("w:p", &[])])
    }

    /// Fills the control of a template at `index` with a block; false when it stands in the middle of a sentence, or around
    /// several cells of a table.
    pub(super) fn fill(&mut self, index: usize, fresh: &Fresh, content: &Made) -> bool {
        let Some(control) = self.all.get(index) else { return false };
        if in_a_sentence(self.text, self.all, index) {
            return false;
        }
        let mut content = content.clone();
        self.number(&mut content);
        stamp(&mut content, &fresh.tag, &fresh.print, false, &mut self.ids());
        let around = around(self.all, index);
        if around == Around::Cells {
            return false;
        }
        let inner = self.written_children(&content);
        let mut new = self.control(fresh, &fresh.tag, &inner);
        // The title that the author of the template chose stays.
        if let Some(title) = property(self.all, index, "alias") {
            let ours = fresh.properties.child("w:alias").and_then(|e| e.attribute("w:val")).unwrap_or_default();
            let theirs = xml_escape_attribute(title.attribute("val").unwrap_or_default());
            new = new.replacen(
                &format!("<w:alias w:val=\"{ours}\"/>"),
                &format!("<w:alias w:val=\"{theirs}\"/>"),
                1,
            );
        }
        self.grow_row(index);
        let (starts, ends) = self.outliving(&control.span);
        new = format!("{starts}{new}{ends}");
        if let Around::Cell(cell) = around {
            // The cell and its properties stay, with our control in it.
            let held = children(self.all, index).find(|e| e.local == "sdtContent");
            let properties = children(self.all, cell).find(|e| e.local == "tcPr");
            let (Some(held), Some(cell)) = (held, self.all.get(cell)) else { return false };
            let start = properties.map_or(cell.content.start, |e| e.span.end);
            let before = self.raw(&(held.content.start..start));
            let after = self.raw(&(cell.content.end..held.content.end));
            let end = self.end(&(start..cell.content.end), content.elements());
            let cell = format!("{before}{new}{end}{after}");
            self.splices.replace(control.span.clone(), cell);
            return true;
        }
        let paragraph = outside_marks(self.all, control.parent).map(|(_, e)| e).filter(|e| e.local == "p");
        let Some(paragraph) = paragraph else {
            new += &self.end(&control.span, content.elements());
            self.splices.replace(control.span.clone(), new);
            return true;
        };
        // Word puts a control inside the paragraph; a table cannot stand there. The paragraph goes when it holds nothing
        // else (a section may end with it).
        let inside = self.within(&paragraph.span).skip(1);
        let alone = inside.filter(|(_, e)| !control.span.contains(&e.span.start)).all(|(_, e)| {
            !matches!(
                e.local.as_str(),
                "sectPr" | "bookmarkStart" | "bookmarkEnd" | "commentRangeStart" | "commentRangeEnd" | "br"
            )
        });
        if alone {
            new += &self.end(&paragraph.span, content.elements());
            self.splices.replace(paragraph.span.clone(), new);
        } else {
            self.splices.insert(paragraph.span.start, new);
            self.splices.replace(control.span.clone(), "");
        }
        true
    }

    /// Lets the rows of tables around a control grow with what comes in it: one of an exact height would cut it off.
    fn grow_row(&mut self, index: usize) {
        let around = std::iter::successors(Some(index), |at| self.all.get(*at)?.parent);
        let rows: Vec<usize> = around.filter(|at| self.all.get(*at).is_some_and(|e| e.local == "tr")).collect();
        for row in rows {
            let properties = self.all.iter().position(|e| e.parent == Some(row) && e.local == "trPr");
            let height =
                self.all.iter().find(|e| e.local == "trHeight" && e.parent == properties && properties.is_some());
            let exact = height.filter(|height| height.attribute("hRule") == Some("exact"));
            if let Some(height) = exact.filter(|height| !self.splices.replaces(&height.tag)) {
                let name = format!("{}hRule", height.prefix());
                let tag = with_attribute(self.raw(&height.tag), &name, "atLeast");
                self.splices.replace(height.tag.clone(), tag);
            }
        }
    }

    /// What the author of a template put in a control that is no text for us to replace: the ends of bookmarks, which other text
    /// refers to, and breaks of sections, without which all before them gets the pages of what follows. Before and behind.
    fn outliving(&self, control: &Range<usize>) -> (String, String) {
        let of = |name: &str| -> String {
            self.within(control).filter(|(_, e)| e.local == name).map(|(_, e)| self.raw(&e.span)).collect()
        };
        let sections = self.within(control).filter(|(_, e)| e.local == "sectPr").map(|(_, e)| {
            let p = e.prefix();
            format!("<{p}p><{p}pPr>{}</{p}pPr></{p}p>", self.raw(&e.span))
        });
        let sections: String = sections.collect();
        (of("bookmarkStart"), of("bookmarkEnd") + &sections)
    }

    /// Takes a block out as a whole; false when a bookmark would lose one of its ends.
    pub(super) fn take_out(&mut self, place: &Place) -> bool {
        if !self.passing_bookmarks(&place.span, &[]).is_empty() {
            return false;
        }
        self.splices.replace(place.span.clone(), "");
        true
    }

    /// Takes the ends of the comments with these numbers out of the text, but for those in `renewed`, which goes as a whole.
    pub(super) fn uncomment(&mut self, ids: &[String], renewed: Option<&Range<usize>>) {
        for (at, element) in self.all.iter().enumerate() {
            let of = element.attribute("id").is_some_and(|id| ids.iter().any(|known| known == id));
            let kind = element.local.as_str();
            if !of
                || !matches!(kind, "commentRangeStart" | "commentRangeEnd" | "commentReference")
                || renewed.is_some_and(|range| range.contains(&element.span.start))
            {
                continue;
            }
            // The run of a reference holds nothing else.
            let run = element.parent.and_then(|parent| self.all.get(parent)).filter(|e| e.local == "r");
            let alone = run.filter(|run| {
                kind == "commentReference"
                    && self
                        .within(&run.content)
                        .all(|(inner, e)| inner == at || e.local == "rPr" || e.local == "rStyle")
            });
            self.splices.replace(alone.map_or(&element.span, |run| &run.span).clone(), "");
        }
    }

    pub(super) fn remove(&mut self, span: &Range<usize>) {
        self.splices.replace(span.clone(), "");
    }

    /// Bookmarks in `range` that programs keep (the last place of the cursor, links of the table of contents), as
    /// they are written; those in `except` stay where they are.
    fn passing_bookmarks(&self, range: &Range<usize>, except: &[Range<usize>]) -> String {
        let mut kept = String::new();
        let mut ours: Vec<&str> = Vec::new();
        for (_, element) in self.within(range) {
            if except.iter().any(|held| held.contains(&element.span.start)) {
                continue;
            }
            match element.local.as_str() {
                "bookmarkStart" => {
                    let name = element.attribute("name").unwrap_or_default();
                    if Mark::read(name).is_some() {
                        ours.extend(element.attribute("id"));
                    } else if is_passing(name) {
                        kept.push_str(self.raw(&element.span));
                    }
                }
                "bookmarkEnd" if !element.attribute("id").is_some_and(|id| ours.contains(&id)) => {
                    kept.push_str(self.raw(&element.span));
                }
                _ => {}
            }
        }
        kept
    }

    /// Adds a block that was not there, with its heading.
    pub(super) fn add(&mut self, position: usize, lead: &[Made], fresh: &Fresh, content: &Made) {
        let mut content = content.clone();
        self.number(&mut content);
        stamp(&mut content, &fresh.tag, &fresh.print, false, &mut self.ids());
        let inner = self.written_children(&content);
        let control = self.control(fresh, &fresh.tag, &inner);
        let mut new = String::new();
        for paragraph in lead {
            self.declared(paragraph).write(&mut new);
        }
        new.push_str(&control);
        new += &self.end(&(position..position), content.elements());
        self.splices.insert(position, new);
    }

    /// The proposal of a new version, ready to be inserted.
    pub(super) fn proposal(&mut self, fresh: &Fresh, title: &str, content: &Made, sign: &Sign<'_>) -> Vec<Made> {
        let mut content = content.clone();
        self.number(&mut content);
        self.next_control += 1;
        let control = self.next_control;
        tracked::proposal(&fresh.tag, title, &fresh.print, &content, sign, control, &mut self.ids())
    }

    pub(super) fn insert(&mut self, position: usize, new: &[Made]) {
        let end = self.end(&(position..position), new.iter());
        let text = self.written(new) + &end;
        self.splices.insert(position, text);
    }

    pub(super) fn replace_span(&mut self, span: &Range<usize>, new: &[Made]) {
        let text = self.written(new);
        self.splices.replace(span.clone(), text);
    }

    /// Puts a comment at the figure `old` in a block, in the row that is called `row` where there is one; false when
    /// there is no place for it.
    pub(super) fn comment(
        &mut self,
        place: &Place,
        said: &str,
        (row, old): (&str, &str),
        sign: &Sign<'_>,
        comments: &mut Comments,
    ) -> bool {
        let first = || self.paragraphs(&place.content).next();
        let Some((index, paragraph)) = self.paragraph_of(place, row, old).or_else(first) else { return false };
        let Some(id) = comments.add(said, sign) else { return false };
        let properties = children(self.all, index).find(|e| e.local == "pPr");
        let start = properties.map_or(paragraph.content.start, |e| e.span.end);
        let p = paragraph.prefix();
        self.splices.insert(start, format!("<{p}commentRangeStart {p}id=\"{id}\"/>"));
        self.splices.insert(
            paragraph.content.end,
            format!("<{p}commentRangeEnd {p}id=\"{id}\"/><{p}r><{p}commentReference {p}id=\"{id}\"/></{p}r>"),
        );
        true
    }

    fn ids(&mut self) -> impl FnMut() -> u32 + use<'_, 'a> {
        let next = &mut self.next_id;
        || {
            *next += 1;
            *next
        }
    }

    /// Gives controls and pictures numbers that are free in this document.
    fn number(&mut self, content: &mut Made) {
        let (mut id, mut control) = (self.next_id, self.next_control);
        content.walk(&mut |element| {
            let number = match element.name.as_str() {
                "w:sdtPr" => {
                    if let Some(known) = element.child_mut("w:id") {
                        control += 1;
                        known.attributes = vec![("w:val".into(), control.to_string().into())];
                    }
                    return;
                }
                "wp:docPr" => {
                    id += 1;
                    id.to_string()
                }
                _ => return,
            };
            element.attributes.retain(|(name, _)| name != "id");
            element.attributes.insert(0, ("id".into(), number.into()));
        });
        (self.next_id, self.next_control) = (id, control);
    }

    /// Gives everything in a whole document numbers that are free in this one.
    pub(crate) fn renumber(&mut self, content: &mut [Made]) {
        let base = self.next_id;
        for element in content {
            element.walk(&mut |element| {
                if matches!(element.name.as_str(), "w:bookmarkStart" | "w:bookmarkEnd") {
                    for (name, value) in &mut element.attributes {
                        if let Some(id) = (name == "w:id").then(|| value.parse::<u32>().ok()).flatten() {
                            *value = id.saturating_add(base).to_string().into();
                            self.next_id = self.next_id.max(id.saturating_add(base));
                        }
                    }
                }
            });
            self.number(element);
        }
    }

    /// A control with this tag around content that is written already.
    fn control(&mut self, fresh: &Fresh, tag: &str, inner: &str) -> String {
        self.next_control += 1;
        let mut properties = fresh.properties.clone();
        if let Some(known) = properties.child_mut("w:tag") {
            known.attributes = vec![("w:val".into(), tag.into())];
        }
        if let Some(id) = properties.child_mut("w:id") {
            id.attributes = vec![("w:val".into(), self.next_control.to_string().into())];
        }
        let mut control = Made::new("w:sdt", &[]);
        control.push(properties);
        let mut content = Made::new("w:sdtContent", &[]);
        content.children.push(Node::Text(inner.to_owned()));
        control.push(content);
        self.written(&[control])
    }

    fn written_children(&self, content: &Made) -> String {
        let children: Vec<Made> = content.elements().cloned().collect();
        self.written(&children)
    }

    /// Elements as text, with the declarations that they need in this document.
    pub(crate) fn written(&self, new: &[Made]) -> String {
        let mut out = String::new();
        for element in new {
            self.declared(element).write(&mut out);
        }
        out
    }

    /// The element with the declarations that it needs here.
    fn declared(&self, element: &Made) -> Made {
        let mut element = element.clone();
        if self.strict {
            element.walk(&mut |inner| {
                let of_name = |name: &str| name.starts_with("xmlns") || name == "uri";
                for (_, value) in inner.attributes.iter_mut().filter(|(name, _)| of_name(name)) {
                    *value = in_strict(value).into();
                }
            });
        }
        if self.declarations.is_empty() {
            return element;
        }
        let mut written = String::new();
        element.write(&mut written);
        for (name, uri) in &self.declarations {
            let prefix = name.strip_prefix("xmlns:").unwrap_or(name);
            let used = [format!("<{prefix}:"), format!(" {prefix}:")].iter().any(|sign| written.contains(sign));
            if used && element.attribute(name).is_none() {
                element.attributes.push((name.as_str().into(), uri.as_str().into()));
            }
        }
        element
    }
}

/// True for a paragraph with a style of headings.
pub(super) fn is_heading(paragraph: &Made) -> bool {
    let style = paragraph.child("w:pPr").and_then(|properties| properties.child("w:pStyle"));
    style
        .and_then(|style| style.attribute("w:val"))
        .is_some_and(|id| id.starts_with("Kop") || id.starts_with("Heading"))
}
