//! What of the look of a paragraph follows from its text and from what comes after it, and not from its style.
//!
//! A sentence of the program keeps to the table or list below it, but not to the heading of what comes next: otherwise it
//! leaves its own table for the next page. A chart keeps to the remarks about it. A text that begins in Arabic or Hebrew runs from right to left.

use crate::package::tree::{Element, Node};

/// The styles of a sentence of the program and of the guide to the document, and the beginning of those of headings.
const SENTENCE: &str = "CijfersInWoorden";
const GUIDE: &str = "Leeswijzer";
const HEADING: &str = "Kop";
/// The styles of a chart and of a remark about it.
const CHART: &str = "Grafiek";
const REMARK: &str = "Regel";

/// Puts both right in a whole document.
pub(super) fn mend(document: &mut Element) {
    let mut order = Vec::new();
    in_order(document, &mut |_, style| order.push(style.to_owned()));
    let (mut at, mut about_chart) = (0, false);
    in_order(document, &mut |element, style| {
        at += 1;
        about_chart = style == CHART || (style == REMARK && about_chart);
        if about_chart
            && order.get(at).is_some_and(|next| next == REMARK)
            && let Some(properties) = element.child_mut("w:pPr")
        {
            properties.push(Element::new("w:keepNext", &[]));
            super::finish::in_order(properties);
        }
        let last = order.get(at).is_none_or(|next| next.starts_with(HEADING));
        let begins = at == 1 || order.get(at.saturating_sub(2)).is_none_or(|before| before != GUIDE);
        if style == GUIDE
            && begins
            && let Some(properties) = element.child_mut("w:pPr")
        {
            // The guide stands free of the table of contents, also where that ends on a page of its own.
            properties.push(Element::new("w:spacing", &[("w:before", "240"), ("w:after", "0")]));
            super::finish::in_order(properties);
        }
        if style == SENTENCE
            && last
            && let Some(properties) = element.child_mut("w:pPr")
        {
            let after = usize::from(properties.child("w:pStyle").is_some()).min(properties.children.len());
            properties.children.insert(after, Node::Element(Element::new("w:keepNext", &[("w:val", "0")])));
        }
    });
    document.walk(&mut |element| {
        if element.name == "w:p" && runs_from_right_to_left(element) {
            from_right_to_left(element);
        }
    });
}

/// Every paragraph and table of the running text in order, with the style of a paragraph.
fn in_order(element: &mut Element, visit: &mut impl FnMut(&mut Element, &str)) {
    for child in element.elements_mut() {
        match child.name.as_str() {
            "w:p" => {
                let style = child.child("w:pPr").and_then(|properties| properties.child("w:pStyle"));
                let style = style.and_then(|style| style.attribute("w:val")).unwrap_or_default().to_owned();
                visit(child, &style);
            }
            "w:tbl" => visit(child, ""),
            _ => in_order(child, visit),
        }
    }
}

/// True when the first letter of a paragraph belongs to a script that runs from right to left, as Excel and browsers
/// decide it as well.
fn runs_from_right_to_left(paragraph: &Element) -> bool {
    fn first_letter(element: &Element) -> Option<char> {
        element.children.iter().find_map(|child| match child {
            Node::Text(text) => text.chars().find(|c| c.is_alphabetic()),
            Node::Element(child) => first_letter(child),
        })
    }
    first_letter(paragraph).is_some_and(is_right_to_left)
}

/// Letters of Hebrew, Arabic, Syriac, Thaana, N'Ko and the scripts after them (the blocks that Unicode keeps for
/// scripts from right to left), and their older forms.
fn is_right_to_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

fn from_right_to_left(paragraph: &mut Element) {
    with_property(paragraph, "w:pPr", "w:bidi");
    for child in paragraph.elements_mut().filter(|child| child.name == "w:r") {
        with_property(child, "w:rPr", "w:rtl");
    }
}

fn with_property(element: &mut Element, properties: &str, property: &str) {
    if element.child(properties).is_none() {
        element.children.insert(0, Node::Element(Element::new(properties, &[])));
    }
    if let Some(held) = element.child_mut(properties) {
        held.push(Element::new(property, &[]));
        super::finish::in_order(held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(xml: &str) -> String {
        let mut root = Element::parse(xml).unwrap();
        mend(&mut root);
        let mut out = String::new();
        root.write(&mut out);
        out
    }

    fn paragraph(style: &str, text: &str) -> String {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn a_sentence_keeps_to_the_table_below_it_and_not_to_the_next_heading() {
        let sentence = paragraph(SENTENCE, "Zin.");
        let before_table = format!("<w:body><w:sdt>{sentence}</w:sdt><w:tbl/></w:body>");
        assert_eq!(mended(&before_table), before_table);
        for after in [paragraph("Kop1", "Stap 6"), String::new()] {
            let out = mended(&format!("<w:body><w:sdt><w:tbl/>{sentence}</w:sdt>{after}</w:body>"));
            assert!(out.contains("<w:pStyle w:val=\"CijfersInWoorden\"/><w:keepNext w:val=\"0\"/>"), "{out}");
        }
    }

    #[test]
    fn a_chart_keeps_to_the_remarks_about_it_and_the_last_remark_to_nothing() {
        let [chart, remark] = [CHART, REMARK].map(|style| paragraph(style, "Zin."));
        let body =
            |inside: &str| format!("<w:body><w:sdt>{inside}</w:sdt>{}</w:body>", paragraph("Kop5", "Domein"));
        let kept = |paragraph: &str| paragraph.replace("</w:pPr>", "<w:keepNext/></w:pPr>");
        let (first, second) = (kept(&chart), kept(&remark));
        assert_eq!(mended(&body(&format!("{chart}{remark}{remark}"))), body(&format!("{first}{second}{remark}")));
        for alone in [body(&chart), body(&format!("{remark}{remark}"))] {
            assert_eq!(mended(&alone), alone);
        }
    }

    #[test]
    fn the_guide_stands_free_of_what_comes_before_it() {
        let guide = paragraph(GUIDE, "Zo leest u dit.");
        let out = mended(&format!("<w:body>{}{guide}{guide}</w:body>", paragraph("Inhopg1", "Stap 1")));
        assert_eq!(out.matches("<w:spacing w:before=\"240\" w:after=\"0\"/>").count(), 1, "{out}");
    }

    #[test]
    fn a_text_that_begins_in_arabic_or_hebrew_runs_from_right_to_left_and_others_do_not() {
        for text in ["\u{645}\u{631}\u{62d}\u{628}\u{627} (2024)", "12,5% \u{5e9}\u{5dc}\u{5d5}\u{5dd}"] {
            let out = mended(&format!("<w:body>{}</w:body>", paragraph("Vraag", text)));
            assert!(
                out.contains("<w:pStyle w:val=\"Vraag\"/><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr>"),
                "{out}"
            );
        }
        for text in ["Zin met \u{5e9}\u{5dc}", "😀 goed", "12%"] {
            let same = format!("<w:body>{}</w:body>", paragraph("Vraag", text));
            assert_eq!(mended(&same), same);
        }
    }
}
