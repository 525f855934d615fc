//! What tells the kinds of text apart, as the guide to the report promises: a single line before a sentence of the program,
//! a double one before the advisor's words, a dashed one before those of partners, and prompts in slanted letters.
//!
//! A style of the organisation says nothing of this, or says it of two kinds at once ('Citaat'). What it lacks stands beside it
//! as direct formatting; its letters and colours stay.

use std::collections::BTreeMap;

use super::{Known, Worn, chain};
use crate::package::tree::Element;
use crate::package::xml::is_true;

/// Our styles of which the line says who wrote the text.
const MARKED: [&str; 11] = [
    "CijfersInWoorden",
    "AdviseurTekst",
    "AdviseurOpsomming",
    "AdviseurNummering",
    "PartnerTekst",
    "PartnerOpsomming",
    "PartnerNummering",
    "Resultaat",
    "Tabeladviseur",
    "Tabeladviseuropsomming",
    "Tabeladviseurnummering",
];
/// Our styles of running text without such a line: with one of the organisation they would pass for another kind.
const UNMARKED: [&str; 5] = ["Standaard", "Vrijetekst", "Opsomming", "Regel", "Regelbijlijst"];
/// Colour of a line where the organisation has none.
const GREY: &str = "808080";

/// What a style of the organisation lacks of the line of ours, or has too much.
pub(super) fn line(own: &Known, ours: &[Known], found: &Known, theirs: &[Known]) -> Vec<Element> {
    let has = border(found, theirs);
    let drawn = has.filter(|e| !matches!(e.attribute("w:val"), Some("nil" | "none") | None));
    if UNMARKED.contains(&own.id.as_str()) {
        return drawn.map(|_| left(Element::new("w:left", &[("w:val", "nil")]))).into_iter().collect();
    }
    let Some(wanted) = border(own, ours).filter(|_| MARKED.contains(&own.id.as_str())) else { return Vec::new() };
    if drawn.is_some_and(|drawn| kind(drawn) == kind(wanted)) {
        return Vec::new();
    }
    let mut side = wanted.clone();
    let colour = drawn.and_then(|drawn| drawn.attribute("w:color")).filter(|colour| *colour != "auto");
    for (name, value) in &mut side.attributes {
        if name == "w:color" {
            *value = colour.unwrap_or(GREY).to_owned().into();
        }
    }
    let mut lacking = vec![left(side)];
    // The line stands before the text; without room for it it would stand in the margin.
    let indent = |style: &Known, all: &[Known]| -> Option<f64> {
        let said = chain(style, all).find_map(|style| {
            let indent = style.paragraph.iter().find(|e| e.name == "w:ind")?;
            indent.attribute("w:left").or_else(|| indent.attribute("w:start")).map(str::to_owned)
        })?;
        crate::document::docx::twips(&said)
    };
    let room = indent(own, ours).unwrap_or(0.0);
    if indent(found, theirs).unwrap_or(0.0) < room {
        lacking.push(Element::new("w:ind", &[("w:left", &format!("{room:.0}"))]));
    }
    lacking
}

/// What makes a prompt slant: its style does not say so, or the style of a paragraph around it (`worn`) says so too, which
/// takes it away again.
pub(super) fn slant(own: &Known, found: &Known, theirs: &[Known], worn: &BTreeMap<String, Worn>) -> Vec<Element> {
    if own.id != "Invulinstructie" {
        return Vec::new();
    }
    let slants = |style: &Known| {
        let said = chain(style, theirs).find_map(|style| style.run.iter().find(|e| e.name == "w:i"));
        said.is_some_and(|said| said.attribute("w:val").is_none_or(|value| is_true(Some(value))))
    };
    let around = ["Vrijetekst", "Tabeltekst"].into_iter().filter_map(|own| {
        let id = worn.get(own).and_then(|worn| worn.id.as_ref());
        theirs.iter().find(|style| match id {
            Some(id) => style.id == *id,
            None => style.default && style.kind == "paragraph",
        })
    });
    if slants(found) && !around.into_iter().any(slants) {
        return Vec::new();
    }
    ["w:i", "w:iCs"].map(|name| Element::new(name, &[])).into()
}

/// The line at the left of a style, with what it is based on.
fn border<'a>(style: &'a Known, all: &'a [Known]) -> Option<&'a Element> {
    chain(style, all).find_map(|style| style.paragraph.iter().find(|e| e.name == "w:pBdr")?.child("w:left"))
}

fn left(side: Element) -> Element {
    let mut borders = Element::new("w:pBdr", &[]);
    borders.push(side);
    borders
}

/// What a reader sees of a line.
fn kind(line: &Element) -> &str {
    match line.attribute("w:val").unwrap_or_default() {
        "thick" => "single",
        "dashSmallGap" => "dashed",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::document::dress::Dress;
    use crate::package::tree::Element;

    /// Our paragraph of a style, dressed for a document with these styles.
    fn worn(theirs: &str, style: &str) -> String {
        let dutch =
            "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"nl-NL\"/></w:rPr></w:rPrDefault></w:docDefaults>";
        let dress = Dress::of(&format!("<w:styles>{dutch}{theirs}</w:styles>"), "", (None, None));
        let mut root = Element::parse(&format!(
            "<w:x><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:rPr><w:rStyle w:val=\"Invulinstructie\"/></w:rPr>\
             <w:t>x</w:t></w:r></w:p></w:x>"
        ))
        .unwrap();
        dress.put_on(&mut root);
        let mut out = String::new();
        root.write(&mut out);
        out
    }

    fn style(kind: &str, id: &str, name: &str, more: &str) -> String {
        format!("<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{more}</w:style>")
    }

    fn bordered(line: &str) -> String {
        format!("<w:pPr><w:pBdr><w:left w:val=\"{line}\" w:sz=\"4\" w:color=\"AA0000\"/></w:pBdr></w:pPr>")
    }

    #[test]
    fn each_kind_of_text_has_its_own_line_in_every_house_style() {
        let plain = style("paragraph", "Q", "Quote", "") + &style("paragraph", "B", "Body Text", "");
        for (ours, theirs, line) in [
            ("CijfersInWoorden", "B", "single"),
            ("AdviseurTekst", "Q", "double"),
            ("PartnerTekst", "Q", "dashed"),
        ] {
            let out = worn(&plain, ours);
            assert!(out.contains(&format!("<w:pStyle w:val=\"{theirs}\"/>")), "{out}");
            assert!(out.contains(&format!("<w:pBdr><w:left w:val=\"{line}\"")), "{out}");
            assert!(out.contains("w:color=\"808080\"") && out.contains("<w:ind w:left=\"227\"/>"), "{out}");
        }
        assert!(!worn(&plain, "Vrijetekst").contains("pBdr"));
    }

    #[test]
    fn a_line_of_the_organisation_stays_where_it_says_the_same_and_lends_its_colour_where_it_does_not() {
        let theirs = style("paragraph", "Q", "Quote", &bordered("double"))
            + &style("paragraph", "B", "Body Text", &bordered("single"));
        assert!(!worn(&theirs, "AdviseurTekst").contains("pBdr"));
        let partners = worn(&theirs, "PartnerTekst");
        assert!(partners.contains("w:val=\"dashed\"") && partners.contains("w:color=\"AA0000\""), "{partners}");
        // What people still write is no sentence of the program.
        assert!(worn(&theirs, "Vrijetekst").contains("<w:pBdr><w:left w:val=\"nil\"/></w:pBdr>"));
        assert!(!worn(&theirs, "CijfersInWoorden").contains("pBdr"));
        let far = style("paragraph", "Q", "Quote", "<w:pPr><w:ind w:left=\"864\"/></w:pPr>");
        assert!(!worn(&far, "AdviseurTekst").contains("w:ind"));
    }

    #[test]
    fn a_prompt_slants_whatever_the_style_of_the_organisation_says() {
        let prompt = |more: &str| style("character", "P", "Placeholder Text", more);
        let italic = "<w:rPr><w:i/></w:rPr>";
        let slanted = "<w:rStyle w:val=\"P\"/><w:i/><w:iCs/>";
        assert!(worn(&prompt(""), "Vrijetekst").contains(slanted));
        assert!(!worn(&prompt(italic), "Vrijetekst").contains(slanted));
        // Twice slanted is upright.
        let text = style("paragraph", "B", "Body Text", italic);
        assert!(worn(&(prompt(italic) + &text), "Vrijetekst").contains(slanted));
    }
}
