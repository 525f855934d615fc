//! The pages of an organisation: which of its sections ours follow, with the header and footer that Word shows there.
//!
//! A section without a header of its own has that of the section before it ('Aan vorige koppelen', Word's default), so
//! taking the last section as it is written would lose headers, logo and page numbers.

use crate::package::xml::{Element, Splices, elements};

/// A4, for a document without sections.
const USUAL: &str = "<w:sectPr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
     <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"708\" \
     w:footer=\"708\" w:gutter=\"0\"/></w:sectPr>";

/// The section for our upright pages as it has to be written: the last upright one of the document, else its last, with
/// the headers and footers that it has from sections before it.
pub(super) fn of_pages(text: &str, all: &[Element]) -> String {
    let old =
        |e: &Element| e.parent.and_then(|at| all.get(at)).is_some_and(|parent| parent.local.ends_with("Change"));
    let sections: Vec<&Element> = all.iter().filter(|e| e.local == "sectPr" && !old(e)).collect();
    let upright = sections.iter().rposition(|section| !lies(all, section));
    let Some(at) = upright.or_else(|| sections.len().checked_sub(1)) else { return USUAL.to_owned() };
    let Some(section) = sections.get(at) else { return USUAL.to_owned() };
    let own: Vec<&Element> = references(all, section).collect();
    let mut missing: Vec<&Element> = Vec::new();
    for kind in ["headerReference", "footerReference"] {
        let earlier = sections.iter().take(at).rev();
        let has =
            |list: &[&Element], of: &Element| list.iter().any(|e| e.local == of.local && turn(e) == turn(of));
        for reference in earlier.flat_map(|section| references(all, section)).filter(|e| e.local == kind) {
            if !has(&own, reference) && !has(&missing, reference) {
                missing.push(reference);
            }
        }
        // An upright section before the first header has none; that of the pages after it is better than nothing.
        let none = !own.iter().chain(&missing).any(|e| e.local == kind);
        if none
            && let Some(later) = sections.iter().skip(at + 1).find(|s| references(all, s).any(|e| e.local == kind))
        {
            missing.extend(references(all, later).filter(|e| e.local == kind));
        }
    }
    let raw = text.get(section.span.clone()).unwrap_or_default();
    let missing: String = missing.iter().filter_map(|e| text.get(e.span.clone())).collect();
    if missing.is_empty() {
        return raw.to_owned();
    }
    let Some(root) = elements(raw).ok().and_then(|all| all.into_iter().next()) else { return raw.to_owned() };
    let mut splices = Splices::default();
    if root.empty {
        let tag = raw.strip_suffix("/>").unwrap_or(raw).trim_end();
        return format!("{tag}>{missing}</{}>", root.name);
    }
    splices.insert(root.content.start, missing);
    splices.apply(raw)
}

/// The headers and footers that a section names itself.
fn references<'e>(all: &'e [Element], section: &Element) -> impl Iterator<Item = &'e Element> {
    let span = section.span.clone();
    let first = all.partition_point(|e| e.span.start <= span.start);
    let inside = all.iter().skip(first).take_while(move |e| e.span.start < span.end);
    inside.filter(|e| matches!(e.local.as_str(), "headerReference" | "footerReference"))
}

/// On which pages a header or footer stands.
fn turn(reference: &Element) -> &str {
    reference.attribute("type").unwrap_or("default")
}

/// True for pages that are wider than high.
fn lies(all: &[Element], section: &Element) -> bool {
    let size = all.iter().find(|e| e.local == "pgSz" && section.span.contains(&e.span.start));
    size.is_some_and(|size| {
        let of = |name: &str| size.attribute(name).and_then(crate::document::docx::twips);
        size.attribute("orient") == Some("landscape") || of("w").zip(of("h")).is_some_and(|(w, h)| w > h)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(sections: &[&str]) -> String {
        let inner: String = sections
            .iter()
            .map(|inner| {
                format!("<w:p><w:pPr><w:sectPr>{inner}</w:sectPr></w:pPr></w:p>")
                    .replace("<w:sectPr></w:sectPr>", "<w:sectPr/>")
            })
            .collect();
        let text = format!("<w:document><w:body>{inner}</w:body></w:document>");
        of_pages(&text, &elements(&text).unwrap())
    }

    const UPRIGHT: &str = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>";
    const LYING: &str = "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>";
    const HEADER: &str = "<w:headerReference w:type=\"default\" r:id=\"a\"/>";
    const FOOTER: &str = "<w:footerReference w:type=\"default\" r:id=\"b\"/>";
    const FIRST: &str = "<w:footerReference w:type=\"first\" r:id=\"c\"/>";

    #[test]
    fn a_section_that_goes_on_with_the_header_of_the_one_before_gets_it_written() {
        let logo = format!("{HEADER}{FOOTER}{UPRIGHT}");
        assert_eq!(chosen(&[UPRIGHT, &logo, LYING, UPRIGHT]), format!("<w:sectPr>{logo}</w:sectPr>"));
        // Each kind by itself, and the nearest; its own goes before.
        let own = "<w:headerReference w:type=\"default\" r:id=\"own\"/>";
        let last = format!("{own}{UPRIGHT}");
        let found = chosen(&[&format!("{FIRST}{UPRIGHT}"), &logo, &last]);
        assert_eq!(found, format!("<w:sectPr>{FOOTER}{FIRST}{own}{UPRIGHT}</w:sectPr>"));
        assert_eq!(chosen(&[&logo, ""]), format!("<w:sectPr>{HEADER}{FOOTER}</w:sectPr>"));
    }

    #[test]
    fn a_lying_appendix_does_not_lay_the_whole_report_on_its_side() {
        let logo = format!("{HEADER}{FOOTER}{UPRIGHT}");
        assert_eq!(chosen(&[&logo, LYING]), format!("<w:sectPr>{logo}</w:sectPr>"));
        assert_eq!(chosen(&[LYING]), format!("<w:sectPr>{LYING}</w:sectPr>"));
        // Only the appendix has a header: better that than none.
        assert_eq!(
            chosen(&[UPRIGHT, &format!("{HEADER}{LYING}")]),
            format!("<w:sectPr>{HEADER}{UPRIGHT}</w:sectPr>")
        );
    }
}
