//! The headings and labels that stand before a block: renewed where nobody touched them.
//!
//! They lie outside the blocks, so that people can put text between a heading and what it is about. What was written
//! is known by its fingerprint; a heading that says something else by now is people's and stays.

use std::collections::BTreeSet;

use super::fresh::Fresh;
use super::locate::Place;
use super::work::Work;
use super::write::Writer;
use crate::document::kept::GONE;
use crate::document::print::{Reading, hash};
use crate::document::recall::{named, words};
use crate::document::record::Written;
use crate::package::tree;
use crate::package::xml::{Element, text_of, xml_escape};

/// What became of the headings of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Headings {
    /// They say what they should.
    Right,
    /// One was renewed.
    Renewed,
    /// One should say something else, and people changed or removed it.
    OfPeople,
}

impl<'r> Work<'r, '_> {
    /// Brings the headings before the block at `place` up to date.
    pub(super) fn headings(
        &mut self,
        fresh: &Fresh,
        before: &Written,
        place: &Place,
        places: &'r [Place],
    ) -> Headings {
        let renewal = self.renewal;
        let prints: Vec<String> = fresh.lead.iter().map(|label| hash(&renewal.reading.text_of(label))).collect();
        if before.lead.is_empty() || before.lead == prints {
            return Headings::Right;
        }
        // What another block has before it now did not change, and what stood here stands there.
        let elsewhere: BTreeSet<String> = renewal
            .fresh
            .iter()
            .filter(|other| other.tag != fresh.tag)
            .flat_map(|other| &other.lead)
            .map(|label| hash(&renewal.reading.text_of(label)))
            .collect();
        let old = before.lead.iter().filter(|print| !prints.contains(print) && !elsewhere.contains(*print));
        let new = fresh.lead.iter().zip(&prints).filter(|(_, print)| !before.lead.contains(print));
        // The last one before a block is its own.
        let pairs: Vec<(&String, &tree::Element, &String)> =
            old.rev().zip(new.rev()).map(|(old, (label, print))| (old, label, print)).collect();
        let mut outcome = Headings::Right;
        for (old, label, print) in pairs {
            let standing = self.paragraph(old, place, places);
            if let Some(index) = standing {
                self.writer.heading(index, &Reading::words_of(label));
                self.outcome.contents_behind |= !self.writer.contents_entry(index, &Reading::words_of(label));
                outcome = Headings::Renewed;
            } else if self.paragraph(print, place, places).is_none() && outcome == Headings::Right {
                outcome = Headings::OfPeople;
            }
        }
        outcome
    }

    /// The same where nothing is known of what was written: a heading that names the same result or activity gets its
    /// number, any other one stays.
    pub(super) fn heading_by_name(&mut self, fresh: &Fresh, place: &Place, places: &'r [Place]) -> Headings {
        let Some(label) = fresh.lead.last() else { return Headings::Right };
        let wanted = Reading::words_of(label);
        let Some(about) = named(&wanted) else { return Headings::Right };
        let renewal = self.renewal;
        let near: Vec<(usize, String)> = self.paragraphs_above(place, places);
        if near.iter().any(|(_, words)| *words == wanted.trim()) {
            return Headings::Right;
        }
        let Some((index, _)) = near.iter().rfind(|(_, words)| named(words) == Some(about)) else {
            return Headings::OfPeople;
        };
        // Only words: a comment or a mark in it is of people.
        let standing = renewal.all.get(*index).map(|e| renewal.reading.read(&renewal.text, &renewal.all, &e.span));
        let plain = standing.is_some_and(|standing| !standing.contains(['⟨', '⦃']));
        if !plain {
            return Headings::OfPeople;
        }
        self.writer.heading(*index, &wanted);
        self.outcome.contents_behind |= !self.writer.contents_entry(*index, &wanted);
        Headings::Renewed
    }

    /// Takes the letter or number out of the heading above a block that is about something the workbook no longer has: by now
    /// it may be another one's. One that people changed stays as it is.
    pub(super) fn heading_of_gone(&mut self, block: &mut Written, place: &Place, places: &[Place]) {
        let renewal = self.renewal;
        let Some(print) = block.lead.last_mut() else { return };
        let read = |e: &Element| renewal.reading.read(&renewal.text, &renewal.all, &e.span);
        let standing = self.paragraphs_above(place, places).into_iter().rev().find_map(|(index, words)| {
            let seen = renewal.all.get(index).map(read).filter(|seen| hash(seen) == *print)?;
            Some((index, words, seen))
        });
        let Some((index, words, seen)) = standing else { return };
        let Some((kind, name)) = named(&words) else { return };
        let new = format!("{kind} ({GONE}): {name}");
        if new == words {
            return;
        }
        self.writer.heading(index, &new);
        self.outcome.contents_behind |= !self.writer.contents_entry(index, &new);
        *print = hash(&seen.replace(&words, &new));
        block.title = new;
    }

    /// The paragraphs outside all blocks between the block before and the one at `place`, with their words.
    fn paragraphs_above(&self, place: &Place, places: &[Place]) -> Vec<(usize, String)> {
        let renewal = self.renewal;
        let from = places.iter().map(|p| p.span.end).filter(|end| *end <= place.span.start).max().unwrap_or(0);
        let between = renewal.all.iter().enumerate().filter(|(_, e)| e.local == "p" && !e.empty);
        between
            .filter(|(_, e)| e.span.start >= from && e.span.end <= place.span.start)
            .filter(|(_, e)| e.parent.and_then(|p| renewal.all.get(p)).is_some_and(|p| p.local == "body"))
            .map(|(index, e)| (index, words(&renewal.text, &renewal.all, e)))
            .filter(|(_, words)| !words.is_empty())
            .collect()
    }

    /// The heading of a result or activity above a block, or of the block before it where that is about the same.
    pub(super) fn words_above(&self, place: &Place, places: &[Place]) -> Option<String> {
        let mut at = Some(place);
        while let Some(place) = at {
            if let Some((_, words)) = self.paragraphs_above(place, places).into_iter().next_back() {
                return Some(words);
            }
            at = places.iter().rfind(|before| before.span.end <= place.span.start);
        }
        None
    }

    /// The paragraph outside all blocks with this fingerprint: the last one between the block before and this one, or
    /// else the only one in the document.
    fn paragraph(&self, print: &str, place: &Place, places: &[Place]) -> Option<usize> {
        let renewal = self.renewal;
        let from = places.iter().map(|p| p.span.end).filter(|end| *end <= place.span.start).max().unwrap_or(0);
        let outside = |e: &Element| !places.iter().any(|p| p.span.contains(&e.span.start));
        let found: Vec<usize> = renewal
            .all
            .iter()
            .enumerate()
            .filter(|(_, e)| e.local == "p" && !e.empty && outside(e))
            .filter(|(_, e)| e.parent.and_then(|p| renewal.all.get(p)).is_some_and(|p| p.local == "body"))
            .filter(|(_, e)| hash(&renewal.reading.read(&renewal.text, &renewal.all, &e.span)) == print)
            .map(|(index, _)| index)
            .collect();
        let near = |index: &&usize| {
            renewal.all.get(**index).is_some_and(|e| e.span.start >= from && e.span.end <= place.span.start)
        };
        match (found.iter().rfind(near), found.as_slice()) {
            (Some(near), _) => Some(*near),
            (None, [only]) => Some(*only),
            _ => None,
        }
    }
}

impl Writer<'_> {
    /// Gives the paragraph at `index` other words, in the look and with the bookmarks it has.
    fn heading(&mut self, index: usize, words: &str) {
        let Some(paragraph) = self.all.get(index) else { return };
        let texts: Vec<&Element> = self
            .within(&paragraph.content)
            .filter(|(_, e)| matches!(e.local.as_str(), "t" | "tab" | "br"))
            .map(|(_, e)| e)
            .collect();
        self.say(&texts, words);
    }

    /// Gives the heading's entry in the table of contents the same words; false when there is a table of contents that
    /// does not show them now.
    fn contents_entry(&mut self, index: usize, words: &str) -> bool {
        let Some(paragraph) = self.all.get(index) else { return true };
        let names: Vec<&str> = self
            .within(&paragraph.content)
            .filter(|(_, e)| e.local == "bookmarkStart")
            .filter_map(|(_, e)| e.attribute("name"))
            .collect();
        let shown = |texts: &[&Element]| texts.iter().map(|e| text_of(self.text, e)).collect::<String>();
        let own: Vec<&Element> =
            self.within(&paragraph.content).filter(|(_, e)| e.local == "t").map(|(_, e)| e).collect();
        let own = shown(&own);
        let entry = self.all.iter().filter(|e| e.local == "hyperlink").find_map(|link| {
            link.attribute("anchor").filter(|anchor| names.contains(anchor))?;
            // What stands behind the words is the number of the page.
            let texts: Vec<&Element> = self
                .within(&link.content)
                .map(|(_, e)| e)
                .take_while(|e| !matches!(e.local.as_str(), "tab" | "fldChar" | "fldSimple"))
                .filter(|e| e.local == "t")
                .collect();
            (shown(&texts) == own).then_some(texts)
        });
        match entry {
            Some(texts) => {
                self.say(&texts, words);
                true
            }
            None => !self.all.iter().any(|e| {
                e.local == "instrText" && text_of(self.text, e).trim_start().starts_with("TOC")
                    || e.local == "fldSimple"
                        && e.attribute("instr").is_some_and(|code| code.trim_start().starts_with("TOC"))
            }),
        }
    }

    /// Puts words in the first of these texts and empties the others.
    fn say(&mut self, texts: &[&Element], words: &str) {
        let mut words = Some(words);
        for element in texts {
            let p = element.prefix();
            match words.take_if(|_| element.local == "t") {
                Some(words) => self.splices.replace(
                    element.span.clone(),
                    format!("<{p}t xml:space=\"preserve\">{}</{p}t>", xml_escape(words)),
                ),
                None => self.splices.replace(element.span.clone(), ""),
            }
        }
    }
}
