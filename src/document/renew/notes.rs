//! Our own comments beside figures that changed in blocks that people made their own.
//!
//! A comment is about one figure: it says what the figure is now, what stands in the block, and which figures follow
//! from it. A comment that somebody replied to is people's from then on and stays as it is.

use std::collections::BTreeSet;

use super::locate::Place;
use super::shown::{is_figure, shows};
use super::work::Work;
use crate::document::record::Written;

/// How every comment of ours begins.
const NEW: &str = "Nieuw cijfer: ";

/// How a sentence ends about a figure that stands in the block.
const HERE: &str = ", zoals hier staat.";

/// What a sentence says of a figure that the new version does not have.
const GONE: &str = " staat niet meer in de nieuwe versie ";

/// A figure in a comment: its name, what it is now and what stands in the block.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    name: String,
    now: String,
    was: String,
}

/// What became of our comments in one block.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Figures that have a comment.
    pub(super) about: BTreeSet<String>,
    /// One says something else now.
    pub(super) corrected: bool,
}

impl Work<'_, '_> {
    /// Lets each comment of ours in the block at `place` say what its figure is now.
    pub(super) fn correct_notes(&mut self, place: &Place, known: &[Known<'_>], now: &Written) -> Notes {
        let mut notes = Notes::default();
        let ids: Vec<String> = self
            .writer
            .within(&place.content)
            .filter(|(_, e)| e.local == "commentReference")
            .filter_map(|(_, e)| e.attribute("id").map(str::to_owned))
            .collect();
        for id in ids {
            let Some(text) = self.comments.ours(&id) else { continue };
            let names = known.iter().copied().flatten().chain(&now.figures);
            let about = names.map(|(name, _)| name).find_map(|name| Some((name.clone(), about(&text, name)?)));
            let Some((name, said)) = about else { continue };
            // Who typed another figure in its place knows what stands there.
            let covered = self.writer.covered(place, &id).unwrap_or_default();
            let now_is = value(&now.figures, &name);
            let was = if now_is.is_some_and(|new| shows(&covered, new)) {
                now_is.cloned().unwrap_or_default()
            } else if is_figure(&covered) && !shows(&covered, &said) {
                covered.clone()
            } else {
                said.clone()
            };
            let new = match now_is {
                Some(new) => {
                    let follows = self.following(place, &name, &text, known, now);
                    if *new != was {
                        sentence(&Said { name: name.clone(), now: new.clone(), was }, &follows)
                    } else {
                        let seen =
                            shows(&covered, new) || self.writer.paragraph_of(place, row_of(&name), new).is_some();
                        let again = said == *new && !text.contains(&format!(" is nu {new}{HERE}"));
                        back(&name, new, again, seen) + &and_so(&follows)
                    }
                }
                None => format!("{NEW}{name}{GONE}(was {was})."),
            };
            notes.corrected |= new != text;
            self.comments.replace(&id, &new);
            notes.about.insert(name);
        }
        notes
    }

    /// What a comment says about a figure that changed, and what stands in the block for it.
    pub(super) fn changed(
        &self,
        place: &Place,
        name: &str,
        known: &[Known<'_>],
        now: &Written,
    ) -> (String, String) {
        let new = value(&now.figures, name).cloned().unwrap_or_default();
        let (stands, _) = self.stands(place, name, known, now).unwrap_or_default();
        // Neither stands there: then what the version before said.
        let before = || known.iter().filter_map(|list| value(list, name)).find(|was| **was != new);
        let was = if stands == new { before().cloned().unwrap_or(stands) } else { stands };
        let said = Said { name: name.to_owned(), now: new, was: was.clone() };
        (sentence(&said, &self.following(place, name, "", known, now)), was)
    }

    /// What stands in the block for a figure that is `new` now: of what is `known` of it the first that is found there, one that
    /// is another first, for a figure may stand in several tables; else the first. And whether it was found.
    fn stands(&self, place: &Place, name: &str, known: &[Known<'_>], now: &Written) -> Option<(String, bool)> {
        let row = row_of(name);
        let new = value(&now.figures, name).or_else(|| value(&now.follows, name));
        let values = || known.iter().filter_map(|list| value(list, name));
        // That of another column of the row says nothing of this one.
        let beside = |value: &String| {
            let others = now.figures.iter().chain(&now.follows).filter(|(other, _)| other != name);
            others.filter(|(other, _)| row_of(other) == row).any(|(_, other)| other == value)
        };
        let found = |value: &&String| self.writer.paragraph_of(place, row, value).is_some();
        let other = values().find(|value| Some(*value) != new && !beside(value) && found(value));
        let seen = other.or_else(|| values().find(found));
        Some((seen.or_else(|| values().next())?.clone(), seen.is_some()))
    }

    /// True when a figure is in the block already, or its row was taken out: there is nothing to say of it.
    pub(super) fn is_told(&self, place: &Place, name: &str, known: &[Known<'_>], now: &Written) -> bool {
        let row = row_of(name);
        let Some(new) = value(&now.figures, name) else { return false };
        let other = |(was, seen): (String, bool)| seen && was != *new;
        // Of a figure in several tables somebody may have typed over one.
        let of_row = now.figures.iter().filter(|(other, _)| other != name && row_of(other) == row);
        let beside: Vec<&str> = of_row.map(|(_, value)| value.as_str()).collect();
        !self.stands(place, name, known, now).is_some_and(other)
            && !self.writer.is_otherwise_somewhere(place, row, new, &beside)
            && (self.writer.paragraph_of(place, row, new).is_some() || self.writer.is_without_row(place, row))
    }

    /// The figures that follow from one (the difference with the benchmark) and are another one now; what stood in the
    /// block comes from the comment `text` where that says so.
    fn following(&self, place: &Place, name: &str, text: &str, known: &[Known<'_>], now: &Written) -> Vec<Said> {
        let row = row_of(name);
        let of_row = now.follows.iter().filter(|(follows, _)| follows != name && row_of(follows) == row);
        of_row
            .filter_map(|(follows, new)| {
                let said = was(text, follows).map(|was| vec![(follows.clone(), was)]).unwrap_or_default();
                let known: Vec<Known<'_>> =
                    std::iter::once(said.as_slice()).chain(known.iter().copied()).collect();
                let (was, seen) = self.stands(place, follows, &known, now)?;
                let is_there = !seen && self.writer.paragraph_of(place, row, new).is_some();
                (was != *new && !is_there).then(|| Said { name: follows.clone(), now: new.clone(), was })
            })
            .collect()
    }
}

/// Figures of a version: name and value.
type Known<'k> = &'k [(String, String)];

/// The figures as they stood in the version of a block that people changed, of which `written` is the fingerprint.
pub(super) fn stood(before: &Written, written: Option<&String>) -> Vec<(String, String)> {
    // A proposal that was accepted has the figures that were last proposed.
    if before.stood.is_empty() || written.is_some() && written == before.offered.as_ref() {
        return before.figures.iter().chain(&before.follows).cloned().collect();
    }
    before.stood.clone()
}

fn value<'v>(list: &'v [(String, String)], name: &str) -> Option<&'v String> {
    list.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// `Werk (Bospolder)` -> `Werk`.
pub(super) fn row_of(name: &str) -> &str {
    name.rsplit_once(" (").map_or(name, |(row, _)| row)
}

fn sentence(figure: &Said, follows: &[Said]) -> String {
    let mut out = format!("{NEW}{} is nu {} (was {}).", figure.name, figure.now, figure.was);
    out.push_str(&and_so(follows));
    out
}

fn and_so(follows: &[Said]) -> String {
    let said =
        follows.iter().map(|Said { name, now, was }| format!(" Daardoor ook: {name} is nu {now} (was {was})."));
    said.collect()
}

/// The figure is what stands in the block: `again` because the version before had another, `seen` when it was found there.
fn back(name: &str, now: &str, again: bool, seen: bool) -> String {
    let again = if again { "weer " } else { "" };
    let here = if seen { HERE } else { "." };
    format!("{NEW}{name} is nu {again}{now}{here}")
}

/// True for what a comment of ours says as long as nobody wrote something in it.
pub(super) fn is_ours(text: &str) -> bool {
    let mut sentences = text.split(" Daardoor ook: ");
    let told = sentences.next().and_then(|first| first.strip_prefix(NEW)).is_some_and(|first| {
        let end = first.strip_suffix(HERE).or_else(|| first.strip_suffix('.'));
        (first.contains(" is nu ") || first.contains(GONE)) && end.is_some_and(|said| !said.contains(HERE))
    });
    let whole = text.matches("). ").count() == text.matches("). Daardoor ook: ").count();
    told && whole && sentences.all(|said| said.contains(" (was ") && said.ends_with(")."))
}

/// What stands in the block for the figure that a comment of ours is about; `None` when it is about another, or when
/// somebody wrote something in it.
fn about(text: &str, name: &str) -> Option<String> {
    (is_ours(text) && text.starts_with(&format!("{NEW}{name} "))).then(|| was(text, name)).flatten()
}

/// What stands in the block for this figure, by what a comment says; `None` when it says nothing of it.
fn was(text: &str, name: &str) -> Option<String> {
    if let Some((_, was)) = text.split_once(&format!(": {name}{GONE}(was ")) {
        return was.strip_suffix(").").map(str::to_owned);
    }
    let (_, rest) = text.split_once(&format!(": {name} is nu "))?;
    let rest = rest.split(" Daardoor ook: ").next().unwrap_or(rest);
    if let Some((_, was)) = rest.split_once(" (was ") {
        return was.strip_suffix(").").map(str::to_owned);
    }
    let here = rest.strip_suffix(HERE).or_else(|| rest.strip_suffix('.'))?;
    Some(here.strip_prefix("weer ").unwrap_or(here).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_understood_again_with_what_follows_from_its_figure() {
        let followed = [Said { name: "Werk (jong) (Verschil)".into(), now: "9,9".into(), was: "9,7".into() }];
        let text = sentence(
            &Said { name: "Werk (jong) (Oud)".into(), now: "6".into(), was: "< 5 (n)".into() },
            &followed,
        );
        assert_eq!(
            text,
            "Nieuw cijfer: Werk (jong) (Oud) is nu 6 (was < 5 (n)). Daardoor ook: Werk (jong) (Verschil) is nu 9,9 (was 9,7)."
        );
        assert_eq!(was(&text, "Werk (jong) (Oud)").as_deref(), Some("< 5 (n)"));
        assert_eq!(was(&text, "Werk (jong) (Verschil)").as_deref(), Some("9,7"));
        assert_eq!(was(&text, "Werk (Oud)"), None);
        assert_eq!(about(&text, "Werk (jong) (Verschil)"), None, "that only follows");
        assert_eq!(about(&format!("{text} Bespreken met Jan."), "Werk (jong) (Oud)"), None, "words of people");
        for (again, seen) in [(true, true), (true, false), (false, true), (false, false)] {
            let text = back("Werk", "5,1%", again, seen) + &and_so(&followed);
            assert_eq!(was(&text, "Werk").as_deref(), Some("5,1%"), "{text}");
        }
        assert_eq!(
            was("Nieuw cijfer: Werk staat niet meer in de nieuwe versie (was 5).", "Werk").as_deref(),
            Some("5")
        );
    }
}
