//! Names that people chose from the format and that have another name in the new version.
//!
//! Owns which columns hold nothing but such a name. Must not touch what a person wrote in words of their own.

use super::Planner;
use crate::model::Format;

/// The same text with the names of today; `None` when nothing changes, or when it holds more than names of the format.
fn followed(field: &str, text: &str, old: &Format, new: &Format) -> Option<String> {
    let text = text.trim();
    let changed = match named_now(field, text, old, new) {
        Some(name) => name,
        // A list of names, with what people put between them; a factor may have its ranking behind it.
        None => text
            .split_inclusive(['|', ';', '\n'])
            .map(|item| {
                let words = item.trim_end_matches(['|', ';', '\n']).trim();
                if words.is_empty() {
                    return Some(item.to_owned());
                }
                let bare =
                    words.split_once(" (").filter(|(_, rest)| field == "factor" && rest.contains("ranking"));
                let known = named_now(field, words, old, new).map(|now| (words, now));
                let known =
                    known.or_else(|| bare.and_then(|(name, _)| Some((name, named_now(field, name, old, new)?))));
                known.map(|(name, now)| item.replacen(name, &now, 1))
            })
            .collect::<Option<String>>()?,
    };
    (changed != text).then_some(changed)
}

/// Finds the id of a name in the old format, and the name of that id in the new one.
fn named_now(field: &str, text: &str, old: &Format, new: &Format) -> Option<String> {
    Some(match field {
        "pijler" => {
            let known = old.pijlers.iter().find(|pijler| pijler.name == text)?;
            new.pijlers.iter().find(|pijler| pijler.id == known.id)?.name.clone()
        }
        "domein" => new.domein_by_id(&old.domein(text)?.id)?.name.clone(),
        "factor" => {
            let known = old.factoren.iter().find(|factor| factor.name == text)?;
            new.factoren.iter().find(|factor| factor.id == known.id)?.name.clone()
        }
        "indicator" | "indicatoren" => {
            let known = old.indicators.iter().find(|indicator| indicator.name == text)?;
            new.indicator(&known.code)?.name.clone()
        }
        _ => return None,
    })
}

impl Planner<'_> {
    /// The new name of what a cell of an optional tab names, when the cell holds nothing but old names, which the format
    /// that the workbook was made with gave them.
    pub(super) fn renamed(&self, field: &str, at: (&str, u32, u32)) -> Option<String> {
        let (tab, row, col) = at;
        if self.blank.is_none() || self.raw.formulas.contains_key(&(tab.to_owned(), row, col)) {
            return None;
        }
        let text = self.shown(tab, row, col);
        followed(field, &text, self.input.old_format, self.input.new_format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_list_are_those_of_today_and_a_sentence_stays_as_it_was_written() {
        let old = crate::format::builtin().unwrap();
        let mut new = old.clone();
        let (one, two) = (old.indicators[0].name.clone(), old.indicators[1].name.clone());
        new.indicators[0].name = "Anders".into();
        let factor = old.factoren[0].clone();
        new.factoren
            .iter_mut()
            .filter(|other| other.id == factor.id)
            .for_each(|other| other.name = "Nieuw".into());
        let now = |field: &str, text: String| followed(field, &text, &old, &new);
        for mark in [" | ", "; ", "\n", "|"] {
            let wanted = format!("{two}{mark}Anders");
            assert_eq!(now("indicatoren", format!("{two}{mark}{one}")), Some(wanted));
        }
        assert_eq!(now("indicatoren", one.clone()), Some("Anders".into()));
        assert_eq!(
            now("factor", format!("{} (zonder ranking)", factor.name)),
            Some("Nieuw (zonder ranking)".into())
        );
        assert_eq!(now("factor", format!("{} (volgens ons)", factor.name)), None);
        for same in [
            two.clone(),
            format!("{two} | {two}"),
            format!("{one}; en meer"),
            format!("{one} daalt"),
            String::new(),
        ] {
            assert_eq!(now("indicatoren", same.clone()), None, "{same}");
        }
    }
}
