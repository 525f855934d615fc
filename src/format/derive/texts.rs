//! The longer texts: found by comparing the workbook with a blank one of the known format.
//!
//! Owns pairing texts that changed with what they were, and which key of `teksten.toml` a text belongs to. A text that
//! stands between the same neighbours is the same text in other words.

use std::collections::BTreeMap;

use super::desk::{Desk, short, squeeze};
use crate::finding::Level;
use crate::format::build::{LONGEST_MESSAGE, LONGEST_TITLE};
use crate::model::{Format, FoundFormat, TabKind, TextCell};

/// What was found about texts: new wordings by key, and other changes by the old text.
#[derive(Default)]
pub(super) struct Texts {
    /// Cells by key of `teksten.toml`, with the text as it would stand in the file.
    pub(super) keys: BTreeMap<String, Vec<TextCell>>,
    /// Texts without a key: what stood there in a blank workbook, and what stands there now.
    pub(super) other: Vec<(String, TextCell)>,
}

impl Texts {
    /// What now stands where `old` stood.
    pub(super) fn instead_of(&self, old: &str) -> Vec<&TextCell> {
        let old = squeeze(old);
        self.other.iter().filter(|(before, _)| *before == old).map(|(_, now)| now).collect()
    }
}

/// Which tab a text stands on, whatever it is called.
fn kind_of(found: &FoundFormat, cell: &TextCell) -> String {
    match found.tab(&cell.at.tab).map(|tab| &tab.kind) {
        Some(TabKind::Fixed(kind)) => kind.clone(),
        Some(TabKind::Pijler(name)) => format!("pijler {name}"),
        Some(TabKind::Factorenmodel(domein)) => format!("factorenmodel {domein}"),
        _ => String::new(),
    }
}

/// Compares the texts of the workbook with those of a blank one of the known format.
pub(super) fn compare(desk: &mut Desk<'_>, blank: &FoundFormat) -> Texts {
    let mut tabs: BTreeMap<String, (Vec<&TextCell>, Vec<&TextCell>)> = BTreeMap::new();
    for cell in &blank.loose {
        tabs.entry(kind_of(blank, cell)).or_default().0.push(cell);
    }
    let found = desk.found;
    for cell in &found.loose {
        tabs.entry(kind_of(found, cell)).or_default().1.push(cell);
    }
    let mut texts = Texts::default();
    for (_, (old, new)) in tabs.iter().filter(|(kind, _)| !kind.is_empty()) {
        for (before, now) in pairs(old, new) {
            let old_text = squeeze(&before.text);
            match key_of(desk.base, &old_text) {
                Some((key, values)) => {
                    // Another name in the place of a name is no other wording.
                    let known = desk.base.texts.get(&key).to_owned();
                    let template = if filled_in(&squeeze(&known), &squeeze(&now.text)).is_some() {
                        Some(known)
                    } else {
                        with_placeholders(&now.text, &values)
                    };
                    match template {
                        Some(text) => {
                            let cell = TextCell { text, ..now.clone() };
                            texts.keys.entry(key).or_default().push(cell);
                        }
                        None => desk.say(
                            "lees-niet-begrepen",
                            Level::Waarschuwing,
                            Some(&now.at),
                            format!("In de tekst '{}' is niet te zien waar het programma een naam moet invullen; de oude tekst is gehouden.", short(&now.text)),
                            &format!("Pas '{key}' aan in teksten.toml."),
                        ),
                    }
                }
                None if squeeze(&now.text) != old_text => texts.other.push((old_text, (*now).clone())),
                None => {}
            }
        }
    }
    messages(desk, &mut texts);
    texts
}

/// Titles and messages at cells. Excel holds a part of long ones; such a part is the whole text that was cut.
fn messages(desk: &Desk<'_>, texts: &mut Texts) {
    for (key, cells) in &desk.found.messages {
        let known = desk.base.texts.get(key);
        let is_cut = |text: &str| !text.is_empty() && known.len() > text.len() && known.starts_with(text);
        let most = if key.ends_with("-titel") { LONGEST_TITLE } else { LONGEST_MESSAGE };
        for cell in cells {
            let cut = is_cut(&cell.text) && cell.text.chars().count() >= most.saturating_sub(1);
            let text = if cut { known.to_owned() } else { cell.text.clone() };
            texts.keys.entry(key.clone()).or_default().push(TextCell { text, ..cell.clone() });
        }
    }
}

/// Old and new texts that belong together: the same ones, and those between the same neighbours when there are as many.
fn pairs<'a>(old: &[&'a TextCell], new: &[&'a TextCell]) -> Vec<(&'a TextCell, &'a TextCell)> {
    let texts = |cells: &[&TextCell]| cells.iter().map(|cell| squeeze(&cell.text)).collect::<Vec<_>>();
    let (before, after) = (texts(old), texts(new));
    // Longest common subsequence; the lists are short.
    let (rows, cols) = (before.len() + 1, after.len() + 1);
    let mut table = vec![0_u32; rows * cols];
    let at = |row: usize, col: usize| row * cols + col;
    for row in (0..before.len()).rev() {
        for col in (0..after.len()).rev() {
            let best = if before.get(row) == after.get(col) {
                table.get(at(row + 1, col + 1)).copied().unwrap_or(0) + 1
            } else {
                let down = table.get(at(row + 1, col)).copied().unwrap_or(0);
                down.max(table.get(at(row, col + 1)).copied().unwrap_or(0))
            };
            if let Some(place) = table.get_mut(at(row, col)) {
                *place = best;
            }
        }
    }
    let mut out = Vec::new();
    let (mut row, mut col) = (0, 0);
    let (mut gap_old, mut gap_new): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let close =
        |gap_old: &mut Vec<usize>, gap_new: &mut Vec<usize>, out: &mut Vec<(&'a TextCell, &'a TextCell)>| {
            if gap_old.len() == gap_new.len() {
                for (one, other) in gap_old.iter().zip(gap_new.iter()) {
                    if let (Some(one), Some(other)) = (old.get(*one), new.get(*other)) {
                        out.push((*one, *other));
                    }
                }
            }
            gap_old.clear();
            gap_new.clear();
        };
    while row < before.len() || col < after.len() {
        let same = row < before.len() && col < after.len() && before.get(row) == after.get(col);
        let down = table.get(at((row + 1).min(rows - 1), col)).copied().unwrap_or(0);
        let right = table.get(at(row, (col + 1).min(cols - 1))).copied().unwrap_or(0);
        if same {
            close(&mut gap_old, &mut gap_new, &mut out);
            if let (Some(one), Some(other)) = (old.get(row), new.get(col)) {
                out.push((*one, *other));
            }
            row += 1;
            col += 1;
        } else if row < before.len() && (col >= after.len() || down >= right) {
            gap_old.push(row);
            row += 1;
        } else {
            gap_new.push(col);
            col += 1;
        }
    }
    close(&mut gap_old, &mut gap_new, &mut out);
    out
}

/// The key whose text this is, with what stands for its placeholders.
fn key_of(base: &Format, text: &str) -> Option<(String, Vec<(String, String)>)> {
    base.texts.0.iter().find_map(|(key, template)| Some((key.clone(), filled_in(&squeeze(template), text)?)))
}

/// What stands in `text` for the placeholders of `template`; `None` when it is no filling of it.
pub(super) fn filled_in(template: &str, text: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut rest = text;
    let mut parts = template.split('{');
    rest = rest.strip_prefix(parts.next()?)?;
    for part in parts {
        let (name, literal) = part.split_once('}')?;
        let end = if literal.is_empty() { rest.len() } else { rest.find(literal)? };
        values.push((name.to_owned(), rest.get(..end)?.to_owned()));
        rest = rest.get(end + literal.len()..)?;
    }
    rest.is_empty().then_some(values)
}

/// A new wording as it stands in the file: with placeholders for what the program fills in.
fn with_placeholders(text: &str, values: &[(String, String)]) -> Option<String> {
    let mut out = text.trim().to_owned();
    for (name, value) in values {
        let at = out.find(value.as_str()).filter(|_| !value.is_empty())?;
        out.replace_range(at..at + value.len(), &format!("{{{name}}}"));
    }
    Some(out)
}

/// Decides about every text, and about the name and the doelgroep of the format.
pub(super) fn settle(desk: &mut Desk<'_>, format: &mut Format, texts: Texts) {
    let base = desk.base;
    for (key, cells) in &texts.keys {
        let cells: Vec<&TextCell> = cells.iter().collect();
        let what = format!("de tekst '{key}'");
        if let Some(text) = desk.settle(&what, Some(base.texts.get(key)), &cells) {
            format.texts.0.insert(key.clone(), text);
        }
    }
    if let Some(name) = desk.settle("de naam van het format", Some(&base.name), &texts.instead_of(&base.name)) {
        format.name = name;
    }
    let line = |subtitle: &str, doelgroep: &str, version: &str| {
        format!("{subtitle}, over {doelgroep}. Versie {version}.")
    };
    let old = line(base.texts.get("werkboek-ondertitel"), &base.doelgroep, &base.version);
    let now: Vec<TextCell> = texts.instead_of(&old).into_iter().cloned().collect();
    for cell in now {
        let parts = cell.text.split_once(", over ").and_then(|(subtitle, rest)| {
            let (doelgroep, version) = rest.rsplit_once(". Versie ")?;
            Some((subtitle, doelgroep, version.trim_end_matches('.')))
        });
        let Some((subtitle, doelgroep, version)) = parts else {
            let said = format!("De regel '{}' onder de naam van het format is niet begrepen.", short(&cell.text));
            let advice = "Verwacht: '..., over <doelgroep>. Versie <nummer>.'. Pas anders format.toml aan.";
            desk.say("lees-niet-begrepen", Level::Waarschuwing, Some(&cell.at), said, advice);
            continue;
        };
        subtitle.clone_into(format.texts.0.entry("werkboek-ondertitel".to_owned()).or_default());
        doelgroep.clone_into(&mut format.doelgroep);
        let number =
            |text: &str| text.split('.').map(|part| part.parse::<u32>()).collect::<Result<Vec<_>, _>>().ok();
        if let Some(new) = number(version)
            && number(&format.version).is_none_or(|known| new > known)
        {
            version.clone_into(&mut format.version);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellRef;

    #[test]
    fn a_template_is_recognised_in_what_was_filled_in() {
        let values =
            filled_in("factoren bij {domein} in {stad}.", "factoren bij Werk en school in Delft.").unwrap();
        assert_eq!(values, [("domein".into(), "Werk en school".into()), ("stad".into(), "Delft".into())]);
        assert_eq!(filled_in("factoren bij {domein}.", "risico's bij Werk."), None);
        assert_eq!(
            with_placeholders("Bij Delft: let op.", &[("stad".into(), "Delft".into())]).unwrap(),
            "Bij {stad}: let op."
        );
        assert_eq!(with_placeholders("Let op.", &[("stad".into(), "Delft".into())]), None);
    }

    #[test]
    fn a_text_between_the_same_neighbours_is_the_same_text_in_other_words() {
        let cells = |text: &str| -> Vec<TextCell> {
            text.chars()
                .enumerate()
                .map(|(at, c)| TextCell { at: CellRef::new("T", at as u32, 0), text: c.into() })
                .collect()
        };
        let (old, new) = (cells("abcd"), cells("axcyz"));
        let (old, new): (Vec<&TextCell>, Vec<&TextCell>) = (old.iter().collect(), new.iter().collect());
        let found: Vec<String> = pairs(&old, &new).iter().map(|(a, b)| format!("{}{}", a.text, b.text)).collect();
        assert_eq!(found, ["aa", "bx", "cc"]);
    }
}
