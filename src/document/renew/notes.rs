//! Our own comments beside figures that changed in blocks that people made their own.
//!
//! A comment is about one figure: it says what the figure is now, what stands in the block, and which figures follow
//! from it. A comment that somebody replied to is people's from then on and stays as it is.

use std::collections::BTreeSet;

use super::locate::Place;
use super::work::Work;
use crate::document::record::Written;

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
    pub(super) fn correct_notes(&mut self, place: &Place, before: Option<&Written>, now: &Written) -> Notes {
        let mut notes = Notes::default();
        let ids: Vec<String> = self
            .writer
            .within(&place.content)
            .filter(|(_, e)| e.local == "commentReference")
            .filter_map(|(_, e)| e.attribute("id").map(str::to_owned))
            .collect();
        for id in ids {
            let Some(text) = self.comments.ours(&id) else { continue };
            let known = before.iter().flat_map(|before| &before.figures).chain(&now.figures);
            let about = known.map(|(name, _)| name).find_map(|name| Some((name.clone(), was(&text, name)?)));
            let Some((name, was)) = about else { continue };
            let new = match value(&now.figures, &name) {
                Some(new) if *new == was => back(&name, new),
                Some(new) => {
                    let said = Said { name: name.clone(), now: new.clone(), was };
                    sentence(&said, &following(&name, &text, before, now))
                }
                None => format!("Nieuw cijfer: {name} staat niet meer in de nieuwe versie (was {was})."),
            };
            notes.corrected |= new != text;
            self.comments.replace(&id, &new);
            notes.about.insert(name);
        }
        notes
    }
}

/// What a comment says about a figure that changed.
pub(super) fn changed(name: &str, old: &str, new: &str, before: &Written, now: &Written) -> String {
    let said = Said { name: name.to_owned(), now: new.to_owned(), was: old.to_owned() };
    sentence(&said, &following(name, "", Some(before), now))
}

/// The figures that follow from one (the difference with the benchmark) and are another one now; what stood in the
/// block comes from the comment `text` where that says so.
fn following(name: &str, text: &str, before: Option<&Written>, now: &Written) -> Vec<Said> {
    let row = row_of(name);
    let of_row = now.follows.iter().filter(|(follows, _)| follows != name && row_of(follows) == row);
    of_row
        .filter_map(|(follows, new)| {
            let known = || before.and_then(|before| value(&before.follows, follows)).cloned();
            let was = was(text, follows).or_else(known)?;
            (was != *new).then(|| Said { name: follows.clone(), now: new.clone(), was })
        })
        .collect()
}

fn value<'v>(list: &'v [(String, String)], name: &str) -> Option<&'v String> {
    list.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// `Werk (Bospolder)` -> `Werk`.
pub(super) fn row_of(name: &str) -> &str {
    name.rsplit_once(" (").map_or(name, |(row, _)| row)
}

fn sentence(figure: &Said, follows: &[Said]) -> String {
    let mut out = format!("Nieuw cijfer: {} is nu {} (was {}).", figure.name, figure.now, figure.was);
    for Said { name, now, was } in follows {
        out.push_str(&format!(" Daardoor ook: {name} is nu {now} (was {was})."));
    }
    out
}

fn back(name: &str, now: &str) -> String {
    format!("Nieuw cijfer: {name} is nu weer {now}, zoals hier staat.")
}

/// What stands in the block for this figure, by what a comment says; `None` when it is about another.
fn was(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!(": {name} is nu "))?;
    if let Some(again) = rest.strip_prefix("weer ") {
        return again.split_once(", zoals hier staat").map(|(was, _)| was.to_owned());
    }
    let (_, was) = rest.split_once(" (was ")?;
    was.split_once(").").map(|(was, _)| was.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_understood_again_with_what_follows_from_its_figure() {
        let figures = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let of = |wijk: &str, difference: &str| Written {
            figures: figures(&[("Werk (jong) (Oud)", wijk)]),
            follows: figures(&[("Werk (jong) (Verschil)", difference), ("Werk (Verschil)", "9")]),
            ..Written::default()
        };
        let (before, now) = (of("< 5 (n)", "9,7"), of("6", "9,9"));
        let text = changed("Werk (jong) (Oud)", "< 5 (n)", "6", &before, &now);
        assert_eq!(
            text,
            "Nieuw cijfer: Werk (jong) (Oud) is nu 6 (was < 5 (n)). Daardoor ook: Werk (jong) (Verschil) is nu 9,9 (was 9,7)."
        );
        assert_eq!(was(&text, "Werk (jong) (Oud)").as_deref(), Some("< 5 (n)"));
        assert_eq!(was(&text, "Werk (jong) (Verschil)").as_deref(), Some("9,7"));
        assert_eq!(was(&text, "Werk (Oud)"), None);
        assert_eq!(was(&back("Werk", "5,1%"), "Werk").as_deref(), Some("5,1%"));
    }
}
