//! Making a document again over the one that people work in.
//!
//! Owns what happens to each block: left alone by people, it is renewed; changed by people, it stays and the new
//! version comes beside it as a proposal; removed, it stays away. Everything else in the document is copied to the byte.

mod comment;
mod fresh;
mod locate;
mod tracked;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::comment::Comments;
use self::fresh::Fresh;
pub(super) use self::fresh::{Transplant, record as record_of};
use self::locate::Place;
pub(super) use self::locate::children;
use self::tracked::Sign;
pub(super) use self::write::Writer;
use super::print::{PROMPT, Reading, words_print};
use super::record::{Record, Written};
use super::template::is_fact;
use crate::error::{Error, Result};
use crate::package::archive::Archive;
use crate::package::rewrite::Rewrite;
use crate::package::tree;
use crate::package::xml::{Element, elements, text_of};

/// What happened to one block of a document that was made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockFate {
    /// Left alone by people; it has the new version now.
    Vernieuwd,
    /// Changed by people; the new version stands after it as a tracked insertion.
    Voorgesteld,
    /// Changed by people; the one figure that changed stands in a comment.
    Opmerking,
    /// Not in the document before; added.
    Toegevoegd,
    /// Removed by people; it stays away.
    Weggehaald,
    /// Stands in the document more than once; only the first was looked at.
    Dubbel,
    /// No longer in the new version; it stays until somebody removes it.
    Vervallen,
    /// Not in the document, and nothing tells whether people removed it or it is new; it stays away.
    Onbekend,
}

/// A block to which something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockChange {
    /// Tag of its content control.
    pub tag: String,
    /// What it is called in Word.
    pub title: String,
    /// What happened.
    pub fate: BlockFate,
}

/// A figure that differs from the version before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureChange {
    /// Name, and of whom it is where that differs: `Werkloze jongeren (Bospolder)`.
    pub figure: String,
    /// As it stood in the version before; empty when it was not there.
    pub old: String,
    /// As it is now; empty when it is gone.
    pub new: String,
}

/// A document that was made again.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// The document.
    pub bytes: Vec<u8>,
    /// True when it differs from the one before.
    pub changed: bool,
    /// What happened to which block, in the order of the document; blocks to which nothing happened are left out.
    pub blocks: Vec<BlockChange>,
    /// The figures that changed.
    pub figures: Vec<FigureChange>,
    /// Headings were added, so that the table of contents is behind until Word renews it.
    pub contents_behind: bool,
}

/// Brings the blocks of the document `made` into the document `old` called `file`, with `date` (`2026-11-22`) on what
/// is proposed.
///
/// # Errors
/// When `old` is no Word document, has no blocks of this program, is of another kind or about another wijk.
pub(super) fn renew(file: &str, old: Vec<u8>, made: Vec<u8>, date: Option<&str>) -> Result<Renewed> {
    let archive = super::docx::open(file, old)?;
    let made = Archive::from_bytes("het nieuwe document", made)?;
    Renewal::new(&archive, &made)?.run(date)
}

/// Fills the controls of a template with the blocks of the document `made`; everything else in the template stays to the
/// byte.
///
/// # Errors
/// When the template is no Word document, or has macros.
pub(super) fn fill_template(file: &str, template: Vec<u8>, made: Vec<u8>) -> Result<Vec<u8>> {
    let archive = super::docx::open(file, template)?;
    super::docx::refuse_macros(&archive)?;
    let made = Archive::from_bytes("het nieuwe document", made)?;
    let renewal = Renewal::new(&archive, &made)?;
    let mut parts = Rewrite::new(&archive);
    let mut writer = Writer::new(&renewal.text, &renewal.all, &renewal.namespaces);
    let mut transplant = Transplant::new(&made, &super::docx::main_part(&made)?, &archive, &renewal.main);
    let mut record = Record { blocks: Vec::new(), ..renewal.record.clone() };
    for place in locate::places(&renewal.all, std::iter::empty()) {
        let Some(fresh) = renewal.fresh.iter().find(|fresh| fresh.tag == place.tag) else { continue };
        let first = record.block(&fresh.tag).is_none();
        if is_fact(&fresh.tag) {
            writer.words(place.control, &fresh.words);
        } else {
            let mut content = fresh.content.clone();
            if first {
                transplant.adopt(&mut content, &[], &mut parts)?;
            }
            if !first || !writer.fill(place.control, fresh, &content) {
                continue;
            }
        }
        if first {
            let written = renewal.record.block(&fresh.tag).cloned().unwrap_or_default();
            record.blocks.push(Written { tag: fresh.tag.clone(), print: fresh.print.clone(), ..written });
        }
    }
    if let Some(text) = writer.finish() {
        parts.put_text(&renewal.main, &text, renewal.stored);
    }
    super::docx::as_document(&archive, &renewal.main, &mut parts)?;
    renewal.keep_record(&record, &mut parts)?;
    parts.finish()
}

/// Everything that is known at the start.
struct Renewal<'a> {
    archive: &'a Archive,
    made: &'a Archive,
    main: String,
    text: String,
    stored: crate::package::xml::Stored,
    all: Vec<Element>,
    reading: Reading,
    known: Option<(Record, String)>,
    record: Record,
    fresh: Vec<Fresh>,
    /// Namespaces that the new blocks use.
    namespaces: Vec<(String, String)>,
}

impl<'a> Renewal<'a> {
    fn new(archive: &'a Archive, made: &'a Archive) -> Result<Self> {
        let main = super::docx::main_part(archive)?;
        let parts = Rewrite::new(archive);
        let (text, stored) = parts.text(&main)?;
        let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
        let known = fresh::record(archive, &main)?;
        let made_main = super::docx::main_part(made)?;
        let Some((record, _)) = fresh::record(made, &made_main)? else {
            return Err(Error::request(
                "Dit soort document kan niet worden bijgewerkt",
                "Bijwerken kan met de rapportage en het plan van aanpak.",
            ));
        };
        let styles = super::docx::part(archive, &main, "styles")?;
        let mut reading = Reading::of(&styles, &all);
        let document = tree::Element::parse(&made.read_text(&made_main)?);
        let mut document = document.ok_or_else(|| made.damaged(&made_main, &"geen XML"))?;
        let namespaces = document.attributes.clone();
        super::docx::dress(archive, &main, &all)?.put_on(&mut document);
        let fresh = fresh::blocks(&mut document, &mut reading);
        Ok(Renewal { archive, made, main, text, stored, all, reading, known, record, fresh, namespaces })
    }

    fn run(&self, date: Option<&str>) -> Result<Renewed> {
        let old_tags = self.known.iter().flat_map(|(record, _)| &record.blocks).map(|block| block.tag.as_str());
        let tags: BTreeSet<&str> = old_tags.chain(self.fresh.iter().map(|fresh| fresh.tag.as_str())).collect();
        let places = locate::places(&self.all, tags.iter().copied());
        self.refuse_other_documents(&places)?;
        let mut parts = Rewrite::new(self.archive);
        let mut work = Work {
            renewal: self,
            writer: Writer::new(&self.text, &self.all, &self.namespaces),
            comments: Comments::open(&self.main, self.archive, &parts)?,
            transplant: Transplant::new(self.made, &super::docx::main_part(self.made)?, self.archive, &self.main),
            sign: Sign { date },
            outcome: Renewed {
                bytes: Vec::new(),
                changed: false,
                blocks: Vec::new(),
                figures: Vec::new(),
                contents_behind: false,
            },
            record: Record { kind: self.record.kind.clone(), wijk: self.record.wijk.clone(), blocks: Vec::new() },
            last_end: None,
        };
        for (at, fresh) in self.fresh.iter().enumerate() {
            work.block(at, fresh, &places, &mut parts)?;
        }
        work.no_longer_made(&places);
        let Work { writer, comments, mut outcome, record, .. } = work;
        outcome.figures = self.figures();
        if let Some(text) = writer.finish() {
            parts.put_text(&self.main, &text, self.stored);
        }
        comments.close(&self.main, &mut parts)?;
        self.keep_record(&record, &mut parts)?;
        outcome.changed = !parts.is_untouched();
        outcome.bytes = parts.finish()?;
        Ok(outcome)
    }

    fn refuse_other_documents(&self, places: &[Place]) -> Result<()> {
        let refuse = |what: String, advice: &str| Err(Error::content(self.archive.file_name(), what, advice));
        if let Some((known, _)) = &self.known {
            if known.kind != self.record.kind {
                let word = |kind: &str| match kind {
                    "plan" => "een plan van aanpak",
                    _ => "een rapportage",
                };
                return refuse(
                    format!(
                        "dit is {} en geen {}",
                        word(&known.kind),
                        word(&self.record.kind).trim_start_matches("een ")
                    ),
                    "Werk een rapportage bij met 'wijk rapport' en een plan van aanpak met 'wijk plan'.",
                );
            }
            if known.wijk != self.record.wijk {
                return refuse(
                    format!("dit document gaat over {}, het werkboek over {}", known.wijk, self.record.wijk),
                    "Geef het werkboek en het document van dezelfde wijk.",
                );
            }
        }
        let ours = places.iter().any(|place| self.fresh.iter().any(|fresh| fresh.tag == place.tag));
        if ours || self.known.is_some() {
            return Ok(());
        }
        refuse(
            "er staan geen blokken in die 'wijk' heeft gemaakt".to_owned(),
            "Bijwerken kan alleen met een document dat met 'wijk rapport' of 'wijk plan' is gemaakt.",
        )
    }

    fn written(&self, tag: &str) -> Option<&Written> {
        self.known.as_ref().and_then(|(record, _)| record.block(tag))
    }

    fn print(&self, place: &Place) -> String {
        self.reading.print(&self.text, &self.all, &place.content)
    }

    /// Ids of charts and pictures to which only this block refers.
    fn only_here(&self, place: &Place) -> Vec<String> {
        let ids = |e: &Element| -> Vec<String> {
            let ids = e.attributes.iter().filter(|(name, _)| name.starts_with("r:"));
            ids.map(|(_, id)| id.clone()).collect()
        };
        let all: Vec<String> = self.all.iter().flat_map(ids).collect();
        let first = self.all.partition_point(|e| e.span.start < place.content.start);
        let inside = self.all.iter().skip(first).take_while(|e| e.span.start < place.content.end);
        let once = |id: &String| all.iter().filter(|other| *other == id).count() == 1;
        inside.flat_map(ids).filter(once).collect()
    }

    /// True when nothing is left of a block but what somebody crossed out.
    fn is_empty(&self, place: &Place) -> bool {
        let first = self.all.partition_point(|e| e.span.start < place.content.start);
        let inside = || self.all.iter().skip(first).take_while(|e| e.span.start < place.content.end);
        let gone: Vec<_> = inside().filter(|e| matches!(e.local.as_str(), "del" | "moveFrom")).collect();
        let kept = |e: &&Element| !gone.iter().any(|del| del.span.contains(&e.span.start));
        let shown: String =
            inside().filter(|e| e.local == "t").filter(kept).map(|e| text_of(&self.text, e)).collect();
        shown.trim().is_empty()
            && !inside().filter(kept).any(|e| matches!(e.local.as_str(), "drawing" | "pict" | "object"))
    }

    /// Figures of the version before beside those of now; one that stands in several blocks is named once.
    fn figures(&self) -> Vec<FigureChange> {
        let Some((known, _)) = &self.known else { return Vec::new() };
        let mut found: Vec<FigureChange> = Vec::new();
        for now in &self.record.blocks {
            let Some(before) = known.block(&now.tag) else { continue };
            let of = |list: &[(String, String)], name: &str| {
                list.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            };
            for (name, new) in &now.figures {
                let old = of(&before.figures, name).unwrap_or_default();
                if old != *new {
                    found.push(FigureChange { figure: name.clone(), old, new: new.clone() });
                }
            }
            for (name, old) in &before.figures {
                if of(&now.figures, name).is_none() {
                    found.push(FigureChange { figure: name.clone(), old: old.clone(), new: String::new() });
                }
            }
        }
        // A figure that only moved to another block neither came nor went.
        let all = |record: &Record| -> BTreeMap<String, String> {
            record.blocks.iter().flat_map(|block| block.figures.clone()).collect()
        };
        let (before, now) = (all(known), all(&self.record));
        let mut seen = BTreeSet::new();
        found.retain(|change| {
            let moved = (change.old.is_empty() && before.contains_key(&change.figure))
                || (change.new.is_empty() && now.contains_key(&change.figure));
            !moved && seen.insert((change.figure.clone(), change.old.clone(), change.new.clone()))
        });
        found
    }

    fn keep_record(&self, record: &Record, parts: &mut Rewrite<'_>) -> Result<()> {
        if let Some((known, part)) = &self.known {
            if known != record {
                parts.put(part, record.write().into_bytes());
            }
            return Ok(());
        }
        super::house::keep_record(record, &self.main, parts)
    }
}

/// The renewal while it goes through the blocks.
struct Work<'r, 'a> {
    renewal: &'r Renewal<'a>,
    writer: Writer<'r>,
    comments: Comments,
    transplant: Transplant<'a>,
    sign: Sign<'r>,
    outcome: Renewed,
    record: Record,
    /// Where the block before ends, for one that is new.
    last_end: Option<usize>,
}

impl<'r> Work<'r, '_> {
    fn tell(&mut self, tag: &str, title: &str, fate: BlockFate) {
        self.outcome.blocks.push(BlockChange { tag: tag.to_owned(), title: title.to_owned(), fate });
    }

    fn block(&mut self, at: usize, fresh: &Fresh, places: &'r [Place], parts: &mut Rewrite<'_>) -> Result<()> {
        let renewal = self.renewal;
        let mut now = renewal.record.block(&fresh.tag).cloned().unwrap_or_default();
        now.print.clone_from(&fresh.print);
        let before = renewal.written(&fresh.tag);
        let title = if now.title.is_empty() { fresh.tag.clone() } else { now.title.clone() };
        let of_tag: Vec<&Place> = places.iter().filter(|place| place.tag == fresh.tag).collect();
        let pending = of_tag.iter().copied().rfind(|place| place.pending && !renewal.is_empty(place));
        let standing: Vec<&Place> = of_tag.iter().copied().filter(|place| !place.pending).collect();
        if is_fact(&fresh.tag) {
            self.fact(fresh, now, &title, &standing);
            return Ok(());
        }
        let Some((place, written)) = self.choose(&standing, before) else {
            self.absent(at, fresh, now, &title, places, parts)?;
            return Ok(());
        };
        if standing.iter().filter(|place| !place.proposal).count() > 1 && !place.proposal {
            self.tell(&fresh.tag, &title, BlockFate::Dubbel);
        }
        self.last_end = Some(place.span.end.max(pending.map_or(0, |pending| pending.span.end)));
        let current = renewal.print(place);
        let untouched = written.as_ref() == Some(&current);
        if untouched && current == fresh.print {
            self.record.blocks.push(now);
            return Ok(());
        }
        if untouched {
            let mut content = fresh.content.clone();
            self.transplant.adopt(&mut content, &renewal.only_here(place), parts)?;
            if self.writer.replace(place, fresh, &content) {
                self.tell(&fresh.tag, &title, BlockFate::Vernieuwd);
                self.record.blocks.push(now);
                return Ok(());
            }
        }
        if renewal.is_empty(place) {
            self.removed(&fresh.tag, &title, before);
            return Ok(());
        }
        self.beside(place, pending, &current, written, fresh, now, &title, parts)
    }

    /// The place that is the block, and the fingerprint of what was written there. A version that was accepted is the
    /// block from then on; of copies the one with the mark, then the one that nobody changed, then the first.
    fn choose(&self, standing: &[&'r Place], before: Option<&Written>) -> Option<(&'r Place, Option<String>)> {
        let written = |place: &Place| {
            let recorded = before
                .and_then(|known| if place.proposal { known.offered.clone() } else { Some(known.print.clone()) });
            place.written.clone().or(recorded)
        };
        let rank = |place: &&&Place| {
            let same = written(place).is_some_and(|written| written == self.renewal.print(place));
            (place.proposal, place.written.is_some(), same)
        };
        // The last of equals would be chosen; the first is meant.
        let best = standing.iter().rev().max_by_key(rank)?;
        Some((best, written(best)))
    }

    /// A fact in a sentence: wherever it still says what was written, it says the new words.
    fn fact(&mut self, fresh: &Fresh, now: Written, title: &str, standing: &[&'r Place]) {
        let renewal = self.renewal;
        let before = renewal.written(&fresh.tag).map(|known| known.print.clone());
        let mut renewed = false;
        for place in standing {
            let first = renewal.all.partition_point(|e| e.span.start < place.content.start);
            let inside = renewal.all.iter().skip(first).take_while(|e| e.span.start < place.content.end);
            let words: String = inside.filter(|e| e.local == "t").map(|e| text_of(&renewal.text, e)).collect();
            let current = words_print(&words);
            if Some(&current) == before.as_ref() && current != fresh.print {
                self.writer.words(place.control, &fresh.words);
                renewed = true;
            }
        }
        if renewed {
            self.tell(&fresh.tag, title, BlockFate::Vernieuwd);
        }
        self.record.blocks.push(now);
    }

    /// A block that is not in the document: people removed it, or it is new.
    fn absent(
        &mut self,
        at: usize,
        fresh: &Fresh,
        now: Written,
        title: &str,
        places: &[Place],
        parts: &mut Rewrite<'_>,
    ) -> Result<()> {
        let is_prompt = fresh.tag.starts_with(PROMPT);
        if let Some(before) = self.renewal.written(&fresh.tag) {
            // A prompt that is gone was filled in, or nobody needed it.
            if is_prompt {
                self.record.blocks.push(before.clone());
            } else {
                self.removed(&fresh.tag, title, Some(before));
            }
            return Ok(());
        }
        if self.renewal.known.is_none() {
            if !is_prompt {
                self.tell(&fresh.tag, title, BlockFate::Onbekend);
            }
            return Ok(());
        }
        let lead = self.missing_lead(at, fresh, places);
        if is_prompt && lead.is_empty() {
            return Ok(());
        }
        let next = || self.next_place(at, places).map(|place| place.span.start);
        let Some(position) = self.last_end.or_else(next) else { return Ok(()) };
        let mut content = fresh.content.clone();
        self.transplant.adopt(&mut content, &[], parts)?;
        let headings = lead.iter().any(write::is_heading);
        self.outcome.contents_behind |= headings;
        self.writer.add(position, &lead, fresh, &content);
        if !is_prompt {
            self.tell(&fresh.tag, title, BlockFate::Toegevoegd);
        }
        self.record.blocks.push(now);
        Ok(())
    }

    /// The first block after number `at` of the new version that stands in the document.
    fn next_place<'p>(&self, at: usize, places: &'p [Place]) -> Option<&'p Place> {
        let later = self.renewal.fresh.iter().skip(at + 1);
        later
            .filter_map(|fresh| places.iter().find(|place| place.tag == fresh.tag))
            .find(|place| self.last_end.is_none_or(|end| place.span.start >= end))
    }

    /// The headings and labels of a new block that do not stand between its neighbours yet.
    fn missing_lead(&self, at: usize, fresh: &Fresh, places: &[Place]) -> Vec<tree::Element> {
        let from = self.last_end.unwrap_or(0);
        let to = self.next_place(at, places).map_or(self.renewal.text.len(), |place| place.span.start);
        let renewal = self.renewal;
        let first = renewal.all.partition_point(|e| e.span.start < from);
        let standing: BTreeSet<String> = renewal
            .all
            .iter()
            .skip(first)
            .take_while(|e| e.span.start < to)
            .filter(|e| e.local == "p")
            .map(|e| renewal.reading.read(&renewal.text, &renewal.all, &e.span))
            .collect();
        let missing = |paragraph: &&tree::Element| !standing.contains(&renewal.reading.text_of(paragraph));
        fresh.lead.iter().filter(missing).cloned().collect()
    }

    fn removed(&mut self, tag: &str, title: &str, before: Option<&Written>) {
        self.tell(tag, title, BlockFate::Weggehaald);
        self.record.blocks.extend(before.cloned());
    }

    /// A block that people changed: it stays, and what is new comes beside it.
    #[allow(
        clippy::too_many_arguments,
        reason = "the one place where all that is known of a block comes together"
    )]
    fn beside(
        &mut self,
        place: &Place,
        pending: Option<&Place>,
        current: &str,
        written: Option<String>,
        fresh: &Fresh,
        now: Written,
        title: &str,
        parts: &mut Rewrite<'_>,
    ) -> Result<()> {
        let renewal = self.renewal;
        let before = renewal.written(&fresh.tag);
        let offered = before.and_then(|known| known.offered.clone());
        let mut entry = before
            .cloned()
            .unwrap_or_else(|| Written { print: written.clone().unwrap_or_default(), ..now.clone() });
        let news = written.as_ref() != Some(&fresh.print) && current != fresh.print;
        let ours = pending.filter(|pending| pending.written.as_deref() == Some(&renewal.print(pending)));
        if let Some(pending) = ours {
            if !news {
                self.writer.remove(&pending.span);
            } else if pending.written.as_ref() != Some(&fresh.print) {
                let proposal = self.proposal(fresh, title, parts)?;
                self.writer.replace_span(&pending.span, &proposal);
                self.tell(&fresh.tag, title, BlockFate::Voorgesteld);
            }
        } else if news && offered.as_ref() != Some(&fresh.print) {
            let one = before
                .filter(|known| known.rest == now.rest && pending.is_none())
                .and_then(|known| one_figure(known, &now));
            let said = one.map(|(name, old, new)| (format!("Nieuw cijfer: {name} is nu {new} (was {old})."), old));
            let noted = said.is_some_and(|(said, old)| {
                self.writer.comment(place, &said, &old, &self.sign, &mut self.comments)
            });
            if noted {
                self.tell(&fresh.tag, title, BlockFate::Opmerking);
            } else {
                let proposal = self.proposal(fresh, title, parts)?;
                let after = pending.map_or(place.span.end, |pending| pending.span.end);
                self.writer.insert(after, &proposal);
                self.tell(&fresh.tag, title, BlockFate::Voorgesteld);
            }
        }
        if news {
            entry = Written { print: entry.print, offered: Some(fresh.print.clone()), ..now };
        }
        self.record.blocks.push(entry);
        Ok(())
    }

    fn proposal(&mut self, fresh: &Fresh, title: &str, parts: &mut Rewrite<'_>) -> Result<Vec<tree::Element>> {
        let mut content = fresh.content.clone();
        self.transplant.adopt(&mut content, &[], parts)?;
        Ok(self.writer.proposal(fresh, title, &content, &self.sign))
    }

    /// Blocks of the version before that the new version does not have: an untouched prompt goes, anything else stays.
    fn no_longer_made(&mut self, places: &[Place]) {
        let renewal = self.renewal;
        let Some((known, _)) = &renewal.known else { return };
        for before in &known.blocks {
            if renewal.fresh.iter().any(|fresh| fresh.tag == before.tag) {
                continue;
            }
            let mut of_tag = places.iter().filter(|place| place.tag == before.tag && !place.proposal);
            let Some(place) = of_tag.next() else { continue };
            let prompt = before.tag.starts_with(PROMPT);
            if prompt && place.in_body && renewal.print(place) == before.print && self.writer.take_out(place) {
                continue;
            }
            if !prompt {
                let title = if before.title.is_empty() { &before.tag } else { &before.title };
                self.tell(&before.tag, title, BlockFate::Vervallen);
            }
            self.record.blocks.push(before.clone());
        }
    }
}

/// The one figure in which two versions differ: name, old and new value.
fn one_figure(before: &Written, now: &Written) -> Option<(String, String, String)> {
    if before.figures.len() != now.figures.len() {
        return None;
    }
    let mut differing = before.figures.iter().zip(&now.figures).filter(|(before, now)| before != now);
    let ((name, old), (same, new)) = differing.next()?;
    (differing.next().is_none() && name == same).then(|| (name.clone(), old.clone(), new.clone()))
}
