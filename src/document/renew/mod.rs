//! Making a document again over the one that people work in.
//!
//! Owns what happens to each block: left alone by people, it is renewed; changed by people, it stays and the new
//! version comes beside it as a proposal; removed, it stays away. Everything else in the document is copied to the byte.

mod comment;
mod fresh;
mod heading;
mod locate;
mod notes;
mod shown;
mod tracked;
mod work;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use self::comment::Comments;
use self::fresh::Fresh;
pub(super) use self::fresh::{Transplant, record as record_of};
use self::locate::Place;
pub(super) use self::locate::{children, is_block};
use self::tracked::Sign;
use self::work::Work;
pub(super) use self::write::Writer;
use super::content::{NUMBERS, POINTS};
use super::dress::{bullets, has_style, typed_numbers};
use super::house::Facts;
use super::print::{
    Reading, bare_print, hash, property, tag, with_opening_signs, without_chart_words, without_space_before,
    words_print,
};
use super::record::{Record, Written};
use super::rounds::Step;
use super::subject::tags as tags_of;
use super::template::is_fact;
use crate::error::{Error, Result};
use crate::package::archive::Archive;
use crate::package::rewrite::Rewrite;
use crate::package::tree;
use crate::package::xml::{Element, Splices, elements, text_of};

/// Longest title of a content control, in characters: Word takes no more.
const LONGEST_TITLE: usize = 60;

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
    /// Is about something else now, by its name in the workbook; the heading above it is people's and stayed.
    KopControleren,
    /// Stands in the middle of a sentence or around several cells of a template, where it could not be filled; it stays as
    /// it is.
    InZin,
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
    /// Agreements of the plan that the workbook no longer makes; they stay in its history.
    pub agreements_gone: Vec<String>,
    /// The same of which people took the history out of the plan, so that they have no place in it.
    pub agreements_without_place: Vec<String>,
    /// False when the document no longer says which figures it had: then nothing is known of changes.
    pub figures_known: bool,
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
    let main = super::docx::main_part(&archive)?;
    let lists = super::docx::part(&archive, &main, "numbering")?;
    let renewed = Renewal::new(&archive, &made, &lists)?.run(Rewrite::new(&archive), date)?;
    if !renewed.changed {
        return Ok(renewed);
    }
    // What comes may hold a list of a kind that is not there yet (after a template in which there was none to make).
    let numbered = has_style(&made.read_text(&super::docx::main_part(&made)?)?, &NUMBERS);
    let mut parts = Rewrite::new(&archive);
    let more = super::house::lists(&archive, &main, &mut parts, numbered)?;
    let added = |kind: fn(&str) -> Option<String>| kind(&more).filter(|_| kind(&lists).is_none());
    let added: Vec<String> = added(bullets).into_iter().chain(added(typed_numbers)).collect();
    if added.is_empty() {
        return Ok(renewed);
    }
    let with_lists = Renewal::new(&archive, &made, &more)?.run(parts, date)?;
    let written = Archive::from_bytes(file, with_lists.bytes.clone())?.read_text(&main)?;
    let used = added.iter().any(|number| written.contains(&format!("<w:numId w:val=\"{number}\"/>")));
    Ok(if used { with_lists } else { renewed })
}

/// Fills the controls of a template with the blocks of the document `made`, and its properties, with the fields that show them,
/// with `facts`; all other text in the template stays to the byte.
///
/// # Errors
/// When the template is no Word document, or has macros.
pub(super) fn fill_template(file: &str, template: Vec<u8>, made: Vec<u8>, facts: &Facts) -> Result<Vec<u8>> {
    let archive = super::docx::open(file, template)?;
    super::docx::refuse_macros(&archive)?;
    let made = Archive::from_bytes("het nieuwe document", made)?;
    let (main, made_main) = (super::docx::main_part(&archive)?, super::docx::main_part(&made)?);
    let mut parts = Rewrite::new(&archive);
    let words = made.read_text(&made_main)?;
    let numbered = has_style(&words, &NUMBERS);
    let lists = if numbered || has_style(&words, &POINTS) {
        super::house::lists(&archive, &main, &mut parts, numbered)?
    } else {
        super::docx::part(&archive, &main, "numbering")?
    };
    let renewal = Renewal::new(&archive, &made, &lists)?;
    let mut writer = Writer::new(&renewal.text, &renewal.all, &renewal.namespaces);
    let strict = super::docx::is_strict(&renewal.all);
    let mut transplant = Transplant::new(&made, &made_main, &archive, &renewal.main, strict);
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
            record.blocks.push(Written {
                tag: fresh.tag.clone(),
                print: fresh.print.clone(),
                bare: fresh.bare.clone(),
                ..written
            });
        }
    }
    if let Some(text) = writer.finish() {
        let text = super::boxed::copied(&super::boxed::grown(&text));
        parts.put_text(&renewal.main, &text, renewal.stored);
    }
    for (fresh, _) in renewal.facts_on_pages(&mut parts, |_, _| true)? {
        if record.block(&fresh.tag).is_none() {
            let written = renewal.record.block(&fresh.tag).cloned().unwrap_or_default();
            record.blocks.push(Written {
                tag: fresh.tag.clone(),
                print: fresh.print.clone(),
                bare: fresh.bare.clone(),
                ..written
            });
        }
    }
    let facts = facts.with_title_of(&made);
    super::house::properties(&facts, &archive, &mut parts)?;
    // What shows these properties shows the new ones.
    let running = super::docx::running_parts(&archive, &main)?;
    for part in running.iter().map(|(part, _)| part).chain([&main]) {
        super::house::fill_part(&facts, part, false, &mut parts)?;
    }
    super::docx::as_document(&archive, &renewal.main, &mut parts)?;
    renewal.keep_record(&record, &mut parts)?;
    parts.finish()
}

/// The generated blocks in a document, with the new versions that were proposed beside them: tag and what people see of it.
/// Those with agreements also where a program dropped their controls.
pub(super) fn blocks_and_proposals(all: &[Element]) -> impl Iterator<Item = (String, Range<usize>)> + use<> {
    let agreements = Step::tags();
    let places = locate::places(all, agreements.iter().map(String::as_str));
    places.into_iter().map(|place| (place.tag, place.content))
}

/// The generated blocks in a document with what they take up, also those of which only the marks of one of `tags` are left.
pub(super) fn blocks_with<'t>(
    all: &[Element],
    tags: &'t [String],
) -> impl Iterator<Item = (String, Range<usize>)> + use<'t> {
    let places = locate::places(all, tags.iter().map(String::as_str));
    places.into_iter().filter(|place| !place.pending).map(|place| (place.tag, place.span))
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
    namespaces: Vec<tree::Attribute>,
}

impl<'a> Renewal<'a> {
    fn new(archive: &'a Archive, made: &'a Archive, lists: &str) -> Result<Self> {
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
        // A program that knows no table styles (by way of .odt) writes their colours in the cells and drops the styles.
        reading.fills.extend(Reading::of(&super::docx::part(made, &made_main, "styles")?, &[]).fills);
        reading.notes = Comments::open(&main, archive, &parts)?.untouched();
        let document = tree::Element::parse(&made.read_text(&made_main)?);
        let mut document = document.ok_or_else(|| made.damaged(&made_main, &"geen XML"))?;
        let namespaces = document.attributes.clone();
        let mut dress = super::docx::dress(archive, &main, &all, lists)?;
        let pages = (super::docx::widths(&all), dress.highest);
        let body = document.elements_mut().filter(|e| e.name == "w:body").flat_map(tree::Element::elements_mut);
        let tags: Vec<String> = record.blocks.iter().map(|block| block.tag.clone()).collect();
        let places = locate::places(&all, tags.iter().map(String::as_str));
        for element in body {
            // What goes to a place of a template is made for the room there.
            let tag = super::finish::tag_of(element);
            let place = places.iter().find(|place| tag.starts_with("wijk:") && place.tag == tag);
            let index = place.map(|place| all.partition_point(|e| e.span.start < place.span.start));
            match index.and_then(|index| super::standing::at(&all, index)) {
                Some(room) => dress.fit((Some(room.width), Some(room.width)), room.height),
                None => dress.fit(pages.0, pages.1),
            }
            dress.put_on(element);
        }
        reading.charts = super::docx::chart_words(made, &made_main)?;
        let fresh = fresh::blocks(&mut document, &mut reading);
        reading.charts = super::docx::chart_words(archive, &main)?;
        Ok(Renewal { archive, made, main, text, stored, all, reading, known, record, fresh, namespaces })
    }

    /// Brings the new blocks in; `parts` may hold what was added for them already.
    fn run(&self, mut parts: Rewrite<'_>, date: Option<&str>) -> Result<Renewed> {
        let old_tags = self.known.iter().flat_map(|(record, _)| &record.blocks).map(|block| block.tag.as_str());
        let about: Vec<String> =
            self.record.subjects.iter().flat_map(|subject| tags_of(subject.group, subject.key)).collect();
        let tags: BTreeSet<&str> = old_tags
            .chain(self.fresh.iter().map(|fresh| fresh.tag.as_str()))
            .chain(about.iter().map(String::as_str))
            .collect();
        let places = locate::places(&self.all, tags.iter().copied());
        self.refuse_other_documents(&places)?;
        let mut work = Work {
            renewal: self,
            writer: Writer::new(&self.text, &self.all, &self.namespaces),
            comments: Comments::open(&self.main, self.archive, &parts)?,
            transplant: Transplant::new(
                self.made,
                &super::docx::main_part(self.made)?,
                self.archive,
                &self.main,
                super::docx::is_strict(&self.all),
            ),
            sign: Sign { date },
            outcome: Renewed {
                bytes: Vec::new(),
                changed: false,
                blocks: Vec::new(),
                figures: Vec::new(),
                agreements_gone: Vec::new(),
                agreements_without_place: Vec::new(),
                figures_known: self.known.is_some(),
                contents_behind: false,
            },
            record: Record { blocks: Vec::new(), ..self.record.clone() },
            last_end: None,
            facts: BTreeSet::new(),
        };
        for (at, fresh) in self.fresh.iter().enumerate() {
            work.block(at, fresh, &places, &mut parts)?;
        }
        work.no_longer_made(&places);
        work.no_longer_about(&places, &about);
        let Work { writer, comments, mut outcome, mut record, facts: mut standing, .. } = work;
        let written = |fresh: &Fresh, words: &str| {
            let now = words_print(words);
            now != fresh.print && self.written(&fresh.tag).is_some_and(|before| before.print == now)
        };
        let title = |fresh: &Fresh| self.record.block(&fresh.tag).map_or(&fresh.tag, |known| &known.title).clone();
        for (fresh, renewed) in self.facts_on_pages(&mut parts, written)? {
            standing.insert(fresh.tag.clone());
            if renewed && !outcome.blocks.iter().any(|block| block.tag == fresh.tag) {
                let title = title(fresh);
                outcome.blocks.push(BlockChange { tag: fresh.tag.clone(), title, fate: BlockFate::Vernieuwd });
            }
        }
        // A fact that has to change and is found nowhere may still stand there, as words like any other.
        let facts = self.fresh.iter().filter(|fresh| is_fact(&fresh.tag) && !standing.contains(&fresh.tag));
        for (fresh, before) in facts.filter_map(|fresh| Some((fresh, self.written(&fresh.tag)?))) {
            if before.print != fresh.print {
                let title = title(fresh);
                outcome.blocks.push(BlockChange { tag: fresh.tag.clone(), title, fate: BlockFate::Onbekend });
                if let Some(entry) = record.blocks.iter_mut().find(|entry| entry.tag == fresh.tag) {
                    *entry = before.clone();
                }
            }
        }
        // A figure of a block that does not stand there is seen by nobody.
        let absent = |tag: &str| {
            let gone = [BlockFate::Weggehaald, BlockFate::Onbekend];
            outcome.blocks.iter().any(|block| block.tag == tag && gone.contains(&block.fate))
        };
        let figures = self.figures(absent);
        outcome.figures = figures;
        if let Some(text) = writer.finish() {
            parts.put_text(&self.main, &super::boxed::copied(&text), self.stored);
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

    /// The controls in a part that are this fact although a program dropped their tag: they say to the letter what was
    /// written, and have the title of this fact, or none where no other fact says the same.
    fn untagged(&self, text: &str, all: &[Element], fresh: &Fresh) -> Vec<usize> {
        let Some((known, before)) =
            self.known.as_ref().and_then(|(known, _)| Some((known, known.block(&fresh.tag)?)))
        else {
            return Vec::new();
        };
        let title: String = before.title.chars().take(LONGEST_TITLE).collect();
        let only = known.blocks.iter().filter(|b| is_fact(&b.tag) && b.print == before.print).count() == 1;
        let said = |index: usize, name: &str| {
            let value = property(all, index, name).and_then(|e| e.attribute("val"));
            value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt");
        let ours = controls.filter(|(index, control)| {
            let inside = all.iter().skip(index + 1).take_while(|e| e.span.start < control.span.end);
            let words: String = inside.filter(|e| e.local == "t").map(|e| text_of(text, e)).collect();
            said(*index, "tag").is_none()
                && said(*index, "alias").map_or(only, |alias| alias == title.trim())
                && !words.trim().is_empty()
                && words_print(&words) == before.print
        });
        ours.map(|(index, _)| index).collect()
    }

    /// Writes the facts in headers, footers and notes for which `wanted` holds, by what stands there; gives the facts that
    /// stand there, and whether each was written.
    fn facts_on_pages(
        &self,
        parts: &mut Rewrite<'_>,
        wanted: impl Fn(&Fresh, &str) -> bool,
    ) -> Result<Vec<(&Fresh, bool)>> {
        let mut done = Vec::new();
        let facts: Vec<&Fresh> = self.fresh.iter().filter(|fresh| is_fact(&fresh.tag)).collect();
        if facts.is_empty() {
            return Ok(done);
        }
        for (part, _) in super::docx::running_parts(self.archive, &self.main)? {
            let (text, stored) = parts.text(&part)?;
            let all = elements(&text).map_err(|reason| self.archive.damaged(&part, &reason))?;
            let mut splices = Splices::default();
            let untagged: Vec<(usize, &Fresh)> = facts
                .iter()
                .flat_map(|fresh| self.untagged(&text, &all, fresh).into_iter().map(|index| (index, *fresh)))
                .collect();
            for (index, control) in all.iter().enumerate().filter(|(_, e)| e.local == "sdt") {
                let tag = tag(&all, index).map(|tag| tag.trim().to_lowercase()).unwrap_or_default();
                let tagged = facts.iter().find(|fresh| fresh.tag == tag).copied();
                let known = || untagged.iter().find(|(at, _)| *at == index).map(|(_, fresh)| *fresh);
                let Some(fresh) = tagged.or_else(known) else { continue };
                let inside = all.iter().filter(|e| e.local == "t" && control.span.contains(&e.span.start));
                let words: String = inside.map(|e| text_of(&text, e)).collect();
                let renewed = wanted(fresh, &words);
                if renewed {
                    super::house::write_value(&all, index, &fresh.words, &mut splices);
                }
                done.push((fresh, renewed));
            }
            if !splices.is_empty() {
                parts.put_text(&part, &splices.apply(&text), stored);
            }
        }
        Ok(done)
    }

    /// The fingerprint of a block as it is. One whose alternative texts a program dropped, and nothing else, is what was
    /// written; so is one whose charts had no words in the fingerprint yet, whose prompts stood upright, or of which
    /// LibreOffice dropped the look of the first words.
    fn current(&self, place: &Place, written: Option<&String>, before: Option<&Written>, fresh: &Fresh) -> String {
        let seen = self.reading.read(&self.text, &self.all, &place.content);
        let seen_before = || {
            let upright = self.reading.with_upright_prompts(&seen);
            let joined = without_space_before(&seen).to_owned();
            let opened = with_opening_signs(&joined, &fresh.opening);
            [without_chart_words(&seen), without_chart_words(&upright), upright, joined, opened]
        };
        let same = |written: &String, seen: &str| {
            let (bare, dropped) = bare_print(seen);
            hash(seen) == *written
                || before.is_some_and(|before| dropped && bare == before.bare && *written == before.print)
        };
        match written {
            Some(written) if same(written, &seen) || seen_before().iter().any(|seen| same(written, seen)) => {
                written.clone()
            }
            _ => hash(&seen),
        }
    }

    /// True when a block says what the new version says, whatever fingerprint it was given.
    fn is_new(&self, place: &Place, fresh: &Fresh) -> bool {
        self.print(place) == fresh.print
    }

    /// Ids of charts and pictures to which only this block refers.
    fn only_here(&self, place: &Place) -> Vec<String> {
        let ids = |e: &Element| -> Vec<String> {
            let ids = e.attributes.iter().filter(|(name, _)| name.starts_with("r:"));
            ids.map(|(_, id)| id.to_string()).collect()
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

    /// True when somebody crossed out all that a block had.
    fn is_crossed_out(&self, place: &Place) -> bool {
        let first = self.all.partition_point(|e| e.span.start < place.content.start);
        let mut inside = self.all.iter().skip(first).take_while(|e| e.span.start < place.content.end);
        inside.any(|e| matches!(e.local.as_str(), "del" | "moveFrom")) && self.is_empty(place)
    }

    /// Figures of the version before beside those of now, without those in `absent` blocks; one that stands in several
    /// blocks is named once.
    fn figures(&self, absent: impl Fn(&str) -> bool) -> Vec<FigureChange> {
        let Some((known, _)) = &self.known else { return Vec::new() };
        let mut found: Vec<FigureChange> = Vec::new();
        for now in self.record.blocks.iter().filter(|now| !absent(&now.tag)) {
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
            let standing = record.blocks.iter().filter(|block| !absent(&block.tag));
            standing.flat_map(|block| block.figures.clone()).collect()
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
