//! The dress of the card: letters and colours of the organisation, sizes and spaces of ours, so that it stays one page.

use super::{Dress, Known, add, chain, has_list, no_list, read};
use crate::document::finish::STYLES;
use crate::package::tree::Element;

/// The spaces that a paragraph has when nothing is said (`templates/word/styles.xml`, the defaults).
const SPACES: [(&str, &str); 4] =
    [("w:before", "0"), ("w:after", "120"), ("w:line", "269"), ("w:lineRule", "auto")];

impl Dress {
    /// Makes the dress tight: whatever the organisation's styles say, every paragraph of the card has our size and spaces, and
    /// tables keep their widths.
    pub(in crate::document) fn tighten(&mut self, styles: &str) {
        let (ours, theirs) = (read(STYLES), read(styles));
        self.scale = (1.0, 1.0);
        let of_card = |own: &&Known| {
            own.kind == "paragraph"
                && (own.default || ["Kaart", "Tabel"].iter().any(|start| own.id.starts_with(start)))
        };
        for own in ours.iter().filter(of_card) {
            let mut worn = self.bare(own, &ours, &theirs);
            let under = theirs.iter().find(|style| match &worn.id {
                Some(id) => style.id == *id,
                None => style.default && style.kind == "paragraph",
            });
            let bullets =
                worn.paragraph.iter().find(|e| e.name == "w:numPr").cloned().or_else(|| self.bullet(own));
            // Only a list that would come along has to be said to be none.
            let listed = under.is_some_and(|style| has_list(&theirs, style));
            let outline = chain(own, &ours)
                .find_map(|style| style.paragraph.iter().find(|e| e.name == "w:outlineLvl"))
                .filter(|_| under.is_none_or(|style| style.outline.is_none()));
            worn.paragraph.retain(|e| !matches!(e.name.as_str(), "w:spacing" | "w:pBdr" | "w:numPr"));
            let mut no_border = Element::new("w:pBdr", &[]);
            for side in ["w:top", "w:left", "w:bottom", "w:right"] {
                no_border.push(Element::new(side, &[("w:val", "nil")]));
            }
            let indent = [("w:left", "0"), ("w:right", "0"), ("w:firstLine", "0")];
            let said = [
                spaces(own, &ours),
                Element::new("w:pageBreakBefore", &[("w:val", "0")]),
                Element::new("w:contextualSpacing", &[("w:val", "0")]),
                Element::new("w:jc", &[("w:val", "left")]),
                no_border,
                Element::new("w:ind", &indent),
            ];
            add(&mut worn.paragraph, said.iter().chain(&bullets.or_else(|| listed.then(no_list))).chain(outline));
            let bold = if bold(own, &ours) { "1" } else { "0" };
            let size = size(own, &ours);
            worn.run.retain(|e| !matches!(e.name.as_str(), "w:sz" | "w:szCs" | "w:b" | "w:bCs"));
            let said = [
                Element::new("w:b", &[("w:val", bold)]),
                Element::new("w:caps", &[("w:val", "0")]),
                Element::new("w:spacing", &[("w:val", "0")]),
                Element::new("w:sz", &[("w:val", &size)]),
                Element::new("w:szCs", &[("w:val", &size)]),
            ];
            add(&mut worn.run, said.iter());
            self.by_id.insert(own.id.clone(), worn);
        }
        // The colours of our own headings went with the styles.
        self.light_headings(styles, &theirs);
    }

    /// The list of bullets of the organisation, for our list on the card.
    fn bullet(&self, own: &Known) -> Option<Element> {
        own.paragraph.iter().find(|e| e.name == "w:numPr")?;
        self.bullets.as_ref().map(|number| super::in_list(number))
    }
}

/// The spaces around a paragraph, all of them said.
fn spaces(own: &Known, ours: &[Known]) -> Element {
    let mut spacing = Element::new("w:spacing", &[]);
    for (name, otherwise) in SPACES {
        let said = chain(own, ours)
            .filter_map(|style| style.paragraph.iter().find(|e| e.name == "w:spacing"))
            .find_map(|e| e.attribute(name));
        spacing.attributes.push((name.into(), said.unwrap_or(otherwise).to_owned().into()));
    }
    spacing
}

fn bold(own: &Known, ours: &[Known]) -> bool {
    chain(own, ours).any(|style| style.run.iter().any(|e| e.name == "w:b" && e.attribute("w:val").is_none()))
}

/// Size in half points; our text has 21.
fn size(own: &Known, ours: &[Known]) -> String {
    let said = chain(own, ours).find_map(|style| style.run.iter().find(|e| e.name == "w:sz")?.attribute("w:val"));
    said.unwrap_or("21").to_owned()
}
