//! Room for words within the cells of tables.
//!
//! What an organisation says of running text (an indent, letters that are spread or made wider) leaves a narrow column too
//! little: figures break over two lines. In our tables it does not count, and an indent not before a chart, which takes the whole
//! width; its letters, sizes and colours stay.

use super::{Dress, Known, chain, parse};
use crate::document::docx::twips;
use crate::package::tree::Element;

/// The largest indent in a cell that is left as it is, in twentieths of a point: 2 mm.
const INDENT: f64 = 113.0;
/// Most that letters may be apart, in twentieths of a point.
const SPREAD: f64 = 5.0;
/// Our table styles.
const TABLES: [&str; 3] = ["WijkTabel", "WijkFormulier", "WijkSchrijf"];

impl Dress {
    /// Gives what stands in cells the room that the organisation's styles take from it.
    pub(super) fn room_in_cells(&mut self, styles: &str, theirs: &[Known]) {
        let everywhere = everywhere(styles);
        let named = |id: &str| theirs.iter().find(|known| known.id == id);
        let tables: Vec<&Known> =
            TABLES.iter().filter_map(|own| named(self.by_id.get(*own)?.id.as_deref()?)).collect();
        let usual = theirs.iter().find(|known| known.default && known.kind == "paragraph");
        // A chart is as wide as the text: an indent would push it over the margin.
        let narrow = |own: &str| own.starts_with("Tabel") || own == "Grafiek";
        for (_, worn) in self.by_id.iter_mut().filter(|(own, _)| narrow(own)) {
            let under: Vec<&Known> = worn
                .id
                .as_deref()
                .and_then(named)
                .or(usual)
                .into_iter()
                .chain(tables.iter().copied())
                .flat_map(|style| chain(style, theirs))
                .collect();
            let paragraph = |name: &'static str| {
                let said = under.iter().flat_map(|style| &style.paragraph).chain(&everywhere.0);
                said.filter(move |e| e.name == name)
            };
            let takes_room = |e: &Element| {
                let sizes = e.attributes.iter().filter_map(|(_, value)| twips(value));
                sizes.map(f64::abs).fold(0.0, f64::max) > INDENT
            };
            if paragraph("w:ind").any(takes_room) {
                let own =
                    worn.paragraph.iter().position(|e| e.name == "w:ind").map(|at| worn.paragraph.remove(at));
                let mut indent = own.unwrap_or_else(|| Element::new("w:ind", &[]));
                for side in ["w:left", "w:right", "w:firstLine"] {
                    if indent.attribute(side).is_none() {
                        indent.attributes.push((side.into(), "0".into()));
                    }
                }
                worn.paragraph.push(indent);
            }
            let run = |name: &'static str| {
                let said = under.iter().flat_map(|style| &style.run).chain(&everywhere.1);
                said.filter(move |e| e.name == name).filter_map(|e| e.attribute("w:val"))
            };
            let spread = run("w:spacing").any(|value| twips(value).is_some_and(|apart| apart > SPREAD));
            let wide = run("w:w").any(|value| value.trim_end_matches('%').parse::<f64>().is_ok_and(|w| w > 100.0));
            for (name, value, _) in
                [("w:spacing", "0", spread), ("w:w", "100", wide)].into_iter().filter(|(_, _, counts)| *counts)
            {
                worn.run.retain(|e| e.name != name);
                worn.run.push(Element::new(name, &[("w:val", value)]));
            }
        }
    }
}

/// What a document says of all its paragraphs and of all its letters.
fn everywhere(styles: &str) -> (Vec<Element>, Vec<Element>) {
    let root = parse(styles);
    let said = |default: &str, properties: &str| -> Vec<Element> {
        let defaults =
            root.as_ref().and_then(|root| root.child("w:docDefaults")?.child(default)?.child(properties));
        defaults.map(|said| said.elements().cloned().collect()).unwrap_or_default()
    };
    (said("w:pPrDefault", "w:pPr"), said("w:rPrDefault", "w:rPr"))
}

#[cfg(test)]
mod tests {
    use crate::document::dress::Dress;
    use crate::package::tree::Element;

    /// A paragraph of table text and one of running text, dressed for a document with these styles.
    fn worn(theirs: &str) -> (String, String) {
        (dressed(theirs, "Tabeltekst"), dressed(theirs, "Vrijetekst"))
    }

    /// A paragraph of this style of ours, dressed for a document with these styles.
    fn dressed(theirs: &str, style: &str) -> String {
        let dress = Dress::of(&format!("<w:styles>{theirs}</w:styles>"), "", (None, None));
        let mut root = Element::parse(&format!(
            "<w:x><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p></w:x>"
        ))
        .unwrap();
        dress.put_on(&mut root);
        let mut text = String::new();
        root.write(&mut text);
        text
    }

    const NONE: &str = "<w:ind w:left=\"0\" w:right=\"0\" w:firstLine=\"0\"/>";

    #[test]
    fn an_indent_of_all_text_does_not_count_in_tables_and_stays_in_running_text() {
        for indent in
            ["w:left=\"567\"", "w:start=\"567\"", "w:right=\"567\"", "w:firstLine=\"283\"", "w:left=\"1cm\""]
        {
            let normal = format!(
                "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"><w:name w:val=\"Normal\"/><w:pPr>\
                 <w:ind {indent}/></w:pPr></w:style>"
            );
            let (cell, running) = worn(&normal);
            assert!(cell.contains(NONE), "{indent}: {cell}");
            assert!(!running.contains("w:firstLine=\"0\""), "{indent}: {running}");
            assert!(dressed(&normal, "Grafiek").contains(NONE));
        }
        let defaults =
            "<w:docDefaults><w:pPrDefault><w:pPr><w:ind w:left=\"567\"/></w:pPr></w:pPrDefault></w:docDefaults>";
        assert!(worn(defaults).0.contains(NONE));
        let table = "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"T\"><w:name w:val=\"Van ons\"/><w:pPr>\
                     <w:ind w:left=\"567\"/></w:pPr></w:style>";
        assert!(worn(table).0.contains(NONE));
        let own = "<w:style w:type=\"paragraph\" w:styleId=\"TT\"><w:name w:val=\"Table Text\"/><w:pPr><w:ind w:left=\"57\"/>\
                   </w:pPr></w:style>";
        assert!(!worn(own).0.contains("w:ind"), "a small indent is the organisation's look");
    }

    #[test]
    fn letters_that_are_spread_or_made_wider_are_ordinary_ones_in_tables() {
        let normal = |run: &str| {
            format!(
                "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"><w:name w:val=\"Normal\"/><w:rPr>{run}</w:rPr></w:style>"
            )
        };
        let (cell, running) = worn(&normal("<w:spacing w:val=\"40\"/><w:w w:val=\"150\"/>"));
        assert!(cell.contains("<w:spacing w:val=\"0\"/>") && cell.contains("<w:w w:val=\"100\"/>"), "{cell}");
        assert!(!running.contains("w:val=\"100\""), "{running}");
        assert!(!worn(&normal("<w:spacing w:val=\"2\"/>")).0.contains("w:spacing w:val"));
    }
}
