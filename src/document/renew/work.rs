//! What happens to each block: renewed, left with a proposal or a comment beside it, added, or left away.

use std::collections::{BTreeMap, BTreeSet};

use super::comment::Comments;
use super::fresh::{Fresh, Transplant};
use super::heading::Headings;
use super::locate::{Place, after_block};
use super::notes::{self, row_of};
use super::tracked::Sign;
use super::write::{Writer, is_heading};
use super::{BlockChange, BlockFate, Renewal, Renewed};
use crate::document::cells::{Around, around};
use crate::document::print::{PROMPT, hash, property, words_print};
use crate::document::record::{Record, Written};
use crate::document::template::{in_a_sentence, is_fact};
use crate::error::Result;
use crate::package::rewrite::Rewrite;
use crate::package::tree;
use crate::package::xml::{is_true, text_of};

/// The renewal while it goes through the blocks.
pub(super) struct Work<'r, 'a> {
    pub(super) renewal: &'r Renewal<'a>,
    pub(super) writer: Writer<'r>,
    pub(super) comments: Comments,
    pub(super) transplant: Transplant<'a>,
    pub(super) sign: Sign<'r>,
    pub(super) outcome: Renewed,
    pub(super) record: Record,
    /// Where the block before ends, for one that is new.
    pub(super) last_end: Option<usize>,
    /// Tags of the facts that stand in the text.
    pub(super) facts: BTreeSet<String>,
}

impl<'r> Work<'r, '_> {
    fn tell(&mut self, tag: &str, title: &str, fate: BlockFate) {
        self.outcome.blocks.push(BlockChange { tag: tag.to_owned(), title: title.to_owned(), fate });
    }

    /// One block of the new version.
    pub(super) fn block(
        &mut self,
        at: usize,
        fresh: &Fresh,
        places: &'r [Place],
        parts: &mut Rewrite<'_>,
    ) -> Result<()> {
        let renewal = self.renewal;
        let mut now = renewal.record.block(&fresh.tag).cloned().unwrap_or_default();
        now.print.clone_from(&fresh.print);
        now.bare.clone_from(&fresh.bare);
        now.lead = fresh.lead.iter().map(|label| hash(&renewal.reading.text_of(label))).collect();
        let before = renewal.written(&fresh.tag);
        let title = if now.title.is_empty() { fresh.tag.clone() } else { now.title.clone() };
        let of_tag: Vec<&Place> = places.iter().filter(|place| place.tag == fresh.tag).collect();
        let pending = of_tag.iter().copied().rfind(|place| place.pending && !renewal.is_empty(place));
        let mut standing: Vec<&Place> = of_tag.iter().copied().filter(|place| !place.pending).collect();
        // Moved with tracked changes on: what is crossed out is where it came from.
        if standing.iter().any(|place| !renewal.is_empty(place)) {
            standing.retain(|place| !renewal.is_crossed_out(place));
        }
        // Rejecting a version may leave its control behind with nothing in it: that is no block.
        let beside = standing.iter().any(|place| !place.proposal);
        let left = standing.iter().copied().find(|place| beside && self.is_left_over(place));
        standing.retain(|place| !beside || !self.is_left_over(place));
        if is_fact(&fresh.tag) {
            self.fact(fresh, now, &title, &standing, places);
            return Ok(());
        }
        let Some((place, written)) = self.choose(&standing, before, fresh) else {
            self.absent(at, fresh, now, &title, places, parts)?;
            return Ok(());
        };
        if standing.iter().filter(|place| !place.proposal).count() > 1 && !place.proposal {
            self.tell(&fresh.tag, &title, BlockFate::Dubbel);
        }
        let ends =
            [Some(place), pending].into_iter().flatten().map(|place| after_block(&renewal.all, &place.span));
        self.last_end = ends.max();
        let headings = match before {
            Some(before) => self.headings(fresh, before, place, places),
            None if renewal.known.is_none() => self.heading_by_name(fresh, place, places),
            None => Headings::Right,
        };
        if headings == Headings::OfPeople {
            self.tell(&fresh.tag, &title, BlockFate::KopControleren);
        }
        let current = renewal.current(place, written.as_ref(), before, fresh);
        let untouched = written.as_ref() == Some(&current);
        // What waits beside a block that says the same again would be there twice.
        let ours = pending.filter(|pending| {
            let written = pending.written.as_ref();
            written == Some(&renewal.current(pending, written, None, fresh))
        });
        if untouched && (current == fresh.print || renewal.is_new(place, fresh)) {
            if let Some(pending) = ours {
                self.writer.remove(&pending.span);
            }
            let notes = self.notes_in(place);
            self.writer.uncomment(&notes, None);
            notes.iter().for_each(|id| self.comments.remove(id));
            if headings == Headings::Renewed {
                self.tell(&fresh.tag, &title, BlockFate::Vernieuwd);
            }
            now.offered = (place.proposal && beside).then(|| fresh.print.clone());
            self.record.blocks.push(now);
            return Ok(());
        }
        // A block that stands in a sentence or around cells was never filled; a paragraph or table cannot come there.
        if before.is_none()
            && place.written.is_none()
            && place.control > 0
            && !place.proposal
            && (in_a_sentence(&renewal.text, &renewal.all, place.control)
                || around(&renewal.all, place.control) == Around::Cells)
        {
            self.tell(&fresh.tag, &title, BlockFate::InZin);
            return Ok(());
        }
        if untouched && (place.is_cell || after_block(&renewal.all, &place.span) == place.span.end) {
            let mut content = fresh.content.clone();
            self.transplant.adopt(&mut content, &renewal.only_here(place), parts)?;
            if self.writer.replace(place, fresh, &content, beside) {
                let notes = self.notes_in(place);
                self.writer.uncomment(&notes, Some(&place.span));
                notes.iter().for_each(|id| self.comments.remove(id));
                if let Some(pending) = ours {
                    self.writer.remove(&pending.span);
                }
                self.tell(&fresh.tag, &title, BlockFate::Vernieuwd);
                now.offered = (place.proposal && beside).then(|| fresh.print.clone());
                self.record.blocks.push(now);
                return Ok(());
            }
        }
        if renewal.is_empty(place) {
            self.removed(&fresh.tag, &title, before);
            return Ok(());
        }
        self.beside(place, Waiting { pending, ours, left }, &current, written, fresh, now, &title, parts)
    }

    /// Numbers of our own comments in a block, which have nothing to say beside what is renewed.
    fn notes_in(&self, place: &Place) -> Vec<String> {
        let references = self.writer.within(&place.content).filter(|(_, e)| e.local == "commentReference");
        let ids = references.filter_map(|(_, e)| e.attribute("id"));
        ids.filter(|id| self.renewal.reading.notes.contains(*id)).map(str::to_owned).collect()
    }

    /// True for the control of a proposal in which nothing is left, or only Word's own invitation to type.
    fn is_left_over(&self, place: &Place) -> bool {
        let all = &self.renewal.all;
        let invites = || {
            property(all, place.control, "showingPlcHdr")
                .is_some_and(|e| is_true(e.attribute("val").or(Some("1"))))
        };
        place.proposal && !place.pending && (self.renewal.is_empty(place) || place.control > 0 && invites())
    }

    /// The place that is the block, and the fingerprint of what was written there. A version that was accepted is the
    /// block from then on, unless what was written last stands there untouched; of copies the one with the mark, then the one
    /// that nobody changed, then the first.
    fn choose(
        &self,
        standing: &[&'r Place],
        before: Option<&Written>,
        fresh: &Fresh,
    ) -> Option<(&'r Place, Option<String>)> {
        let written = |place: &Place| {
            let recorded = before
                .and_then(|known| if place.proposal { known.offered.clone() } else { Some(known.print.clone()) });
            place.written.clone().or(recorded)
        };
        let rank = |place: &&&Place| {
            let now = written(place);
            let same = now.is_some() && now == Some(self.renewal.current(place, now.as_ref(), None, fresh));
            let last = before.map(|known| known.offered.as_ref().unwrap_or(&known.print));
            let is_last = same && place.written.is_some() && place.written.as_ref() == last;
            (is_last, place.proposal, place.written.is_some(), same)
        };
        // The last of equals would be chosen; the first is meant.
        let best = standing.iter().rev().max_by_key(rank)?;
        Some((best, written(best)))
    }

    /// A fact in a sentence: wherever it still says what was written, it says the new words.
    fn fact(&mut self, fresh: &Fresh, now: Written, title: &str, standing: &[&'r Place], places: &[Place]) {
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
        // What stands in a block goes with the block.
        let free = |index: &usize| {
            let at = renewal.all.get(*index).map_or(0, |control| control.span.start);
            !places.iter().any(|place| place.span.contains(&at))
        };
        let untagged = renewal.untagged(&renewal.text, &renewal.all, fresh);
        let untagged: Vec<usize> = untagged.into_iter().filter(free).collect();
        if !standing.is_empty() || !untagged.is_empty() {
            self.facts.insert(fresh.tag.clone());
        }
        if before.as_ref() != Some(&fresh.print) {
            renewed |= !untagged.is_empty();
            for index in untagged {
                self.writer.words(index, &fresh.words);
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
            } else if before.unknown {
                self.tell(&fresh.tag, title, BlockFate::Onbekend);
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
            // What is not known now is not known later either.
            self.record.blocks.push(Written { unknown: true, ..now });
            return Ok(());
        }
        let (lead, standing) = self.missing_lead(at, fresh, places);
        if is_prompt && lead.is_empty() {
            return Ok(());
        }
        let next = || self.next_place(at, places).map(|place| place.span.start);
        // After the headings that are there already: that of a whole step stands before its first block.
        let Some(position) = standing.or(self.last_end).or_else(next) else { return Ok(()) };
        let mut content = fresh.content.clone();
        self.transplant.adopt(&mut content, &[], parts)?;
        let headings = lead.iter().any(is_heading);
        self.outcome.contents_behind |= headings;
        self.writer.add(position, &lead, fresh, &content);
        // What is new as well comes after it.
        self.last_end = self.last_end.max(Some(position));
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

    /// The headings and labels of a new block that do not stand between its neighbours yet, and where the last one ends
    /// that does.
    fn missing_lead(&self, at: usize, fresh: &Fresh, places: &[Place]) -> (Vec<tree::Element>, Option<usize>) {
        let from = self.last_end.unwrap_or(0);
        let to = self.next_place(at, places).map_or(self.renewal.text.len(), |place| place.span.start);
        let renewal = self.renewal;
        let first = renewal.all.partition_point(|e| e.span.start < from);
        let standing: BTreeMap<String, usize> = renewal
            .all
            .iter()
            .skip(first)
            .take_while(|e| e.span.start < to)
            .filter(|e| e.local == "p")
            .map(|e| (renewal.reading.read(&renewal.text, &renewal.all, &e.span), e.span.end))
            .collect();
        let end = |label: &tree::Element| standing.get(&renewal.reading.text_of(label)).copied();
        let missing = fresh.lead.iter().filter(|label| end(label).is_none()).cloned().collect();
        (missing, fresh.lead.iter().filter_map(end).max())
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
        Waiting { pending, ours, left }: Waiting<'_>,
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
        let stood = before.map(|before| notes::stood(before, written.as_ref())).unwrap_or_default();
        let last: Vec<_> =
            before.iter().flat_map(|before| before.figures.iter().chain(&before.follows)).cloned().collect();
        let known: [&[(String, String)]; 2] = [&stood, &last];
        let notes = self.correct_notes(place, &known, &now);
        if notes.corrected {
            self.tell(&fresh.tag, title, BlockFate::Opmerking);
        }
        // Figures that are again what was written: people may have taken over those of in between.
        let returned =
            !news && current != fresh.print && offered.as_ref().is_some_and(|offered| *offered != fresh.print);
        let mut proposed = false;
        let theirs = pending.is_some() && ours.is_none();
        if let Some(ours) = ours.filter(|_| !news && offered.as_ref() != Some(&fresh.print)) {
            self.writer.remove(&ours.span);
        }
        if let Some(ours) = ours.filter(|_| news) {
            if ours.written.as_ref() != Some(&fresh.print) {
                let proposal = self.proposal(fresh, title, parts)?;
                self.writer.replace_span(&ours.span, &proposal);
                self.tell(&fresh.tag, title, BlockFate::Voorgesteld);
            }
        } else if news && offered.as_ref() != Some(&fresh.print) || returned {
            let same = before.filter(|known| known.rest == now.rest && (pending.is_none() || ours.is_some()));
            let figures = same.and_then(|known| changed_figures(known, &now));
            let to_tell = figures.map(|names| -> (bool, Vec<String>) {
                let changed = !names.is_empty();
                let told = |name: &String| notes.about.contains(name) || self.is_told(place, name, &known, &now);
                (changed, names.into_iter().filter(|name| !told(name)).collect())
            });
            let said = match to_tell.as_ref().map(|(changed, names)| (*changed, names.as_slice())) {
                // Neither figures nor words differ: something in a chart.
                Some((changed, [])) => changed || returned || notes.corrected,
                Some((_, [name])) => {
                    let (said, was) = self.changed(place, name, &known, &now);
                    let at = (row_of(name), was.as_str());
                    let said = self.writer.comment(place, &said, at, &self.sign, &mut self.comments);
                    if said && !notes.corrected {
                        self.tell(&fresh.tag, title, BlockFate::Opmerking);
                    }
                    said
                }
                Some(_) => false,
                // What waits in people's words has the figures of in between.
                None => {
                    returned
                        && !theirs
                        && now.figures.iter().all(|(name, _)| self.is_told(place, name, &known, &now))
                }
            };
            if !said {
                proposed = true;
                let proposal = self.proposal(fresh, title, parts)?;
                let after = pending.map_or(&place.span, |pending| &pending.span);
                match left.filter(|left| after_block(&renewal.all, &left.span) == left.span.end) {
                    Some(left) => self.writer.replace_span(&left.span, &proposal),
                    None => self.writer.insert(after_block(&renewal.all, after), &proposal),
                }
                self.tell(&fresh.tag, title, BlockFate::Voorgesteld);
            }
        }
        if news {
            let (print, bare) = (entry.print, entry.bare);
            entry = Written { print, bare, stood, offered: Some(fresh.print.clone()), ..now };
        } else {
            // A figure of in between may come again, and is new then.
            let kept = entry.offered.filter(|offered| theirs || *offered == fresh.print);
            let offered = if proposed { Some(fresh.print.clone()) } else { kept };
            entry = Written { print: entry.print, bare: entry.bare, offered, ..now };
        }
        entry.unknown = false;
        self.record.blocks.push(entry);
        Ok(())
    }

    fn proposal(&mut self, fresh: &Fresh, title: &str, parts: &mut Rewrite<'_>) -> Result<Vec<tree::Element>> {
        let mut content = fresh.content.clone();
        self.transplant.adopt(&mut content, &[], parts)?;
        Ok(self.writer.proposal(fresh, title, &content, &self.sign))
    }

    /// Blocks of the version before that the new version does not have: an untouched prompt goes, anything else stays.
    pub(super) fn no_longer_made(&mut self, places: &[Place]) {
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
                let mut before = before.clone();
                self.heading_of_gone(&mut before, place, places);
                let title = if before.title.is_empty() { &before.tag } else { &before.title };
                self.tell(&before.tag, title, BlockFate::Vervallen);
                self.record.blocks.push(before);
            } else {
                self.record.blocks.push(before.clone());
            }
        }
    }
}

impl<'r> Work<'r, '_> {
    /// Blocks of a document without a record that are about a result or activity that the workbook does not have, by what
    /// stands there: they stay. `about` are the tags of all that the document is about.
    pub(super) fn no_longer_about(&mut self, places: &'r [Place], about: &[String]) {
        let renewal = self.renewal;
        if renewal.known.is_some() {
            return;
        }
        let gone = |tag: &String| about.contains(tag) && !renewal.fresh.iter().any(|fresh| fresh.tag == *tag);
        for place in places.iter().filter(|place| !place.proposal && gone(&place.tag)) {
            let title = self.words_above(place, places).unwrap_or_else(|| place.tag.clone());
            self.tell(&place.tag, &title, BlockFate::Vervallen);
            let print = place.written.clone().unwrap_or_else(|| renewal.print(place));
            self.record.blocks.push(Written { tag: place.tag.clone(), title, print, ..Written::default() });
        }
    }
}

/// The proposals beside a block.
#[derive(Clone, Copy)]
struct Waiting<'p> {
    /// The last that nobody accepted or rejected yet.
    pending: Option<&'p Place>,
    /// The same when nobody changed it.
    ours: Option<&'p Place>,
    /// What is left of a rejected one.
    left: Option<&'p Place>,
}

/// Names of the figures in which two versions differ; `None` when they are not the same figures.
fn changed_figures(before: &Written, now: &Written) -> Option<Vec<String>> {
    let pairs = || before.figures.iter().zip(&now.figures);
    let same = before.figures.len() == now.figures.len() && pairs().all(|((before, _), (now, _))| before == now);
    let changed = pairs().filter(|((_, old), (_, new))| old != new);
    same.then(|| changed.map(|((name, _), _)| name.clone()).collect())
}
