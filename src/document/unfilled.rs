//! What an organisation leaves open in its own document and what stays open: content controls that show something like
//! `[wijk]`, but have no tag that fills them. Only tells; writes nothing.

use super::docx::{self, is_older_copy, pages_with};
use super::print::tag;
use crate::error::Result;
use crate::package::xml::{Element, elements, text_of};

/// Longest text that is taken for a placeholder, in characters.
const LONGEST: usize = 60;

/// Words in a placeholder, and the tag that fills it: in a house style, and in a template where it can be filled.
const ASKED: [(&[&str], &str, Option<&str>); 5] = [
    (&["wijk", "wijknaam", "gebied"], "wijk", Some("wijk:wijk")),
    (&["adviseur", "gebiedsadviseur", "auteur", "naam"], "naam gebiedsadviseur", Some("wijk:adviseur")),
    (&["versie", "versienummer"], "versie", Some("wijk:versie")),
    (&["datum", "publicatiedatum"], "datum", Some("wijk:datum")),
    (&["titel"], "titel", None),
];

/// The controls of the organisation in a document that was made for it which show such a text still, each with its place, its
/// tag and the tag that fills it.
///
/// # Errors
/// When it is no Word document, or cannot be read.
pub(super) fn unfilled(file: &str, document: &[u8], template: bool) -> Result<Vec<String>> {
    let archive = docx::open(file, document.to_vec())?;
    let main = docx::main_part(&archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let place = if template { "in de tekst" } else { "op het voorblad" };
    let mut found = open(&text, &all, place, template);
    for (part, place) in pages_with(&archive, &main, &all)? {
        let text = archive.read_text(&part)?;
        let all = elements(&text).map_err(|reason| archive.damaged(&part, &reason))?;
        found.extend(open(&text, &all, &format!("in {place}"), template));
    }
    found.dedup();
    Ok(found)
}

fn open(text: &str, all: &[Element], place: &str, template: bool) -> Vec<String> {
    let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt");
    controls
        .filter(|(index, _)| !is_older_copy(all, *index) && !within_ours(all, *index))
        .filter_map(|(index, control)| {
            let inside = all.iter().skip(index + 1).take_while(|e| e.span.start < control.span.end);
            let shown: String = inside.filter(|e| e.local == "t").map(|e| text_of(text, e)).collect();
            let wanted = wanted(shown.trim(), template)?;
            let known = tag(all, index).map(str::trim).filter(|tag| !tag.is_empty());
            // With the tag that fills it there was nothing to fill in.
            if known
                .is_some_and(|known| known.eq_ignore_ascii_case(wanted) || super::house::fills(known, template))
            {
                return None;
            }
            let now = known.map_or_else(|| "zonder tag".to_owned(), |known| format!("nu met tag ‘{known}’"));
            Some(format!("‘{}’ {place} ({now}; tag ‘{wanted}’ vult het)", shown.trim()))
        })
        .collect()
}

/// The tag that fills a placeholder with this text: `[naam van de wijk]`.
fn wanted(shown: &str, template: bool) -> Option<&'static str> {
    let inner = shown.strip_prefix('[')?.strip_suffix(']')?;
    if inner.chars().count() > LONGEST || inner.contains('[') {
        return None;
    }
    let words: Vec<String> = inner
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty())
        .collect();
    let asked = ASKED.iter().find(|(names, ..)| words.iter().any(|word| names.contains(&word.as_str())))?;
    if template { asked.2 } else { Some(asked.1) }
}

/// True for a control that is ours, or lies in one of ours: its prompts are for people.
fn within_ours(all: &[Element], index: usize) -> bool {
    let chain = std::iter::successors(Some(index), |at| all.get(*at)?.parent);
    chain.filter(|at| all.get(*at).is_some_and(|e| e.local == "sdt")).any(|at| {
        tag(all, at).is_some_and(|tag| {
            let tag = tag.trim().to_lowercase();
            tag.starts_with("wa:") || tag.starts_with(super::template::PREFIX)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_told_with_the_tag_that_fills_it_and_what_is_ours_or_of_the_organisation_is_not() {
        let control = |tag: &str, shown: &str| {
            format!(
                "<w:sdt><w:sdtPr><w:tag w:val=\"{tag}\"/></w:sdtPr><w:sdtContent><w:r><w:t>{shown}</w:t></w:r></w:sdtContent></w:sdt>"
            )
        };
        let told = |tag: &str, shown: &str, template: bool| {
            let text = format!("<w:p>{}</w:p>", control(tag, shown));
            open(&text, &elements(&text).unwrap(), "in de koptekst", template)
        };
        assert_eq!(
            told("plaats", "[naam van de wijk]", false),
            ["‘[naam van de wijk]’ in de koptekst (nu met tag ‘plaats’; tag ‘wijk’ vult het)"]
        );
        assert_eq!(
            told("wijk", "[wijk]", true),
            ["‘[wijk]’ in de koptekst (nu met tag ‘wijk’; tag ‘wijk:wijk’ vult het)"]
        );
        assert_eq!(
            told("", "[naam]", true),
            ["‘[naam]’ in de koptekst (zonder tag; tag ‘wijk:adviseur’ vult het)"]
        );
        let none = Vec::<String>::new();
        // Filled, with nothing to fill in, of the organisation, or ours.
        for (tag, shown) in
            [("plaats", "Bospolder"), ("versie", "[versie]"), ("afdeling", "[afdeling]"), ("wa:vul:x", "[datum]")]
        {
            assert_eq!(told(tag, shown, false), none, "{tag} {shown}");
        }
        assert_eq!(told("titel", "[titel]", true), none);
    }
}
