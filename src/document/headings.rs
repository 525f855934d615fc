//! The headings in somebody's document: which styles are headings, of what level, and below which one something stands.
//!
//! Styles are known by their outline level or by the name that Word gives a heading in Dutch and English; ids are
//! another in every program. Writes nothing.

use std::collections::BTreeMap;

use crate::finding::Place;
use crate::package::xml::{Element, elements, text_of};

/// The styles of a document, with their level (1 is highest) where they are headings.
#[derive(Debug, Default)]
pub(super) struct Headings(BTreeMap<String, Option<usize>>);

impl Headings {
    /// Those in a part with styles.
    pub(super) fn of(styles: &str) -> Self {
        let all = elements(styles).unwrap_or_default();
        // By id: the level it says itself, and the style it is based on.
        let mut said: BTreeMap<&str, (Option<usize>, Option<&str>)> = BTreeMap::new();
        for (index, style) in all.iter().enumerate().filter(|(_, e)| e.local == "style") {
            let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < style.span.end);
            let value = |name: &str| inside().find(|e| e.local == name).and_then(|e| e.attribute("val"));
            // Level 9 is that of ordinary text.
            let outline = value("outlineLvl").and_then(|level| level.parse::<usize>().ok()).map(|level| level + 1);
            let level = outline.or_else(|| value("name").and_then(by_name));
            said.insert(style.attribute("styleId").unwrap_or_default(), (level, value("basedOn")));
        }
        let level = |id: &str| {
            let mut next = Some(id);
            for _ in 0..9 {
                match said.get(next?)? {
                    (Some(level), _) => return Some(*level),
                    (None, base) => next = *base,
                }
            }
            None
        };
        Headings(said.keys().map(|id| ((*id).to_owned(), level(id).filter(|level| *level <= 9))).collect())
    }

    /// The level of the paragraph at `index`; `None` when it is no heading.
    pub(super) fn level(&self, all: &[Element], index: usize) -> Option<usize> {
        let paragraph = all.get(index)?;
        let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < paragraph.span.end);
        let own = inside().find(|e| e.local == "outlineLvl").and_then(|e| e.attribute("val"));
        if let Some(level) = own.and_then(|level| level.parse::<usize>().ok()) {
            return Some(level + 1).filter(|level| *level <= 9);
        }
        let style = inside().find(|e| e.local == "pStyle")?.attribute("val")?;
        // Text that was pasted may name a style that the document does not have.
        self.0.get(style).copied().unwrap_or_else(|| by_name(style))
    }

    /// The level of the last heading before `index` that does not lie in `passed`; 0 when there is none.
    pub(super) fn above(&self, all: &[Element], index: usize, passed: impl Fn(&Element) -> bool) -> usize {
        let before = all.iter().enumerate().take(index).rev();
        let mut before = before.filter(|(_, e)| e.local == "p" && !passed(e));
        before.find_map(|(index, _)| self.level(all, index)).unwrap_or(0)
    }

    /// The heading above a control and the text before it.
    pub(super) fn near(&self, text: &str, all: &[Element], control: &Element, file: &str) -> Place {
        let (mut title, mut before) = (String::new(), String::new());
        for (index, paragraph) in all.iter().enumerate().filter(|(_, e)| e.local == "p") {
            if paragraph.span.start > control.span.start {
                break;
            }
            let inside = all.iter().skip(index + 1).take_while(|e| e.span.start < paragraph.span.end);
            // What stands in the control itself says nothing about its place.
            let around = inside.filter(|e| e.local == "t" && !control.span.contains(&e.span.start));
            let shown: String = around.map(|e| text_of(text, e)).collect();
            if shown.trim().is_empty() {
                continue;
            }
            if self.level(all, index).is_some() {
                title.clone_from(&shown);
            } else {
                before = shown;
            }
        }
        let short = |text: &str| -> String { text.trim().chars().take(60).collect() };
        let about = match (title.is_empty(), before.is_empty()) {
            (false, false) => format!("onder de kop '{}', bij '{}'", short(&title), short(&before)),
            (false, true) => format!("onder de kop '{}'", short(&title)),
            (true, false) => format!("bij '{}'", short(&before)),
            (true, true) => "aan het begin".to_owned(),
        };
        Place { file: Some(file.to_owned()), ..Place::default() }.about(about)
    }
}

/// The level in the name of a heading style of Word: `heading 2`, `Kop 2`.
fn by_name(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let level = name.strip_prefix("heading").or_else(|| name.strip_prefix("kop"))?.trim();
    level.parse().ok().filter(|level| (1..=9).contains(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_level_by_name_and_by_what_they_are_based_on() {
        let style = |id: &str, more: &str| format!("<w:style w:styleId=\"{id}\">{more}</w:style>");
        let styles = [
            style("716", "<w:name w:val=\"heading 1\"/>"),
            style("K2", "<w:name w:val=\"Kop 2\"/>"),
            style("Par", "<w:name w:val=\"Paragraaf\"/><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>"),
            style("Eigen", "<w:name w:val=\"Eigen kop\"/><w:basedOn w:val=\"K2\"/>"),
            style("Tekst", "<w:name w:val=\"Koptekst\"/><w:pPr><w:outlineLvl w:val=\"9\"/></w:pPr>"),
        ];
        let headings = Headings::of(&format!("<w:styles>{}</w:styles>", styles.concat()));
        let body =
            |id: &str| format!("<w:body><w:p><w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr></w:p><w:p/></w:body>");
        let level = |id: &str| {
            let all = elements(&body(id)).unwrap();
            headings.above(&all, all.len(), |_| false)
        };
        let found = ["716", "K2", "Par", "Eigen", "Tekst", "weg", "Kop4"].map(level);
        assert_eq!(found, [1, 2, 3, 2, 0, 0, 4]);
    }
}
