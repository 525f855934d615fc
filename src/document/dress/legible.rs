//! Letters that stand out from the ground they come on, where the styles alone do not see to it: the headings of a table whose
//! style makes their row dark without a word about letters, and what comes in a cell that is dark itself.
//!
//! Only what is ours gets a colour, as direct formatting; the styles stay those of the organisation.

use std::collections::BTreeMap;

use super::{Dress, Known, Worn, inherited, into};
use crate::document::contrast::contrast;
use crate::document::finish::in_order;
use crate::package::tree::Element;

/// Our tables with a row of headings, and the styles of the words in it.
const HEADINGS: [(&str, &[&str]); 2] =
    [("WijkTabel", &["Tabelkop", "Tabelkopcijfer"]), ("WijkSchrijf", &["Tabellabel"])];
/// The least contrast of letters, whatever their size.
const LEAST: f64 = 4.5;
/// A ground that differs this much from white is told apart from it: letters that are made for white may be lost on it.
const NO_WHITE: f64 = 1.5;

/// White or black, whichever is read best on a ground; one of them always has the least contrast.
fn letters_on(ground: &str) -> &'static str {
    let of = |letters: &str| contrast(letters, ground).unwrap_or(0.0);
    if of("FFFFFF") > of("000000") { "FFFFFF" } else { "000000" }
}

/// True for a ground on which letters that are made for white paper may be lost.
pub(in crate::document) fn is_no_white(ground: &str) -> bool {
    contrast("FFFFFF", ground).is_some_and(|found| found >= NO_WHITE)
}

/// What a table style says of a part of it, or a style that it is based on.
fn part_of<'a>(
    style: &'a Known,
    theirs: &'a [Known],
    part: &str,
    of: impl Fn(&'a super::Said) -> Option<&'a String>,
) -> Option<&'a str> {
    let chain = std::iter::successors(Some(style), |style| {
        let base = style.based_on.as_ref()?;
        theirs.iter().find(|known| known.id == *base)
    });
    chain.take(9).find_map(|style| of(style.said.iter().find(|said| said.part == part)?)).map(String::as_str)
}

/// Of each table style of ours whose headings would be too faint: the colour that their letters get. `defaults` is the colour of
/// all text of which no style says it.
pub(super) fn headings(
    worn: &BTreeMap<String, Worn>,
    theirs: &[Known],
    defaults: Option<&str>,
) -> BTreeMap<String, &'static str> {
    let named = |own: &str| {
        let id = worn.get(own)?.id.as_ref()?;
        theirs.iter().find(|style| style.id == *id)
    };
    let usual = theirs.iter().find(|style| style.default && style.kind == "paragraph");
    let mut found = BTreeMap::new();
    for (own, words) in HEADINGS {
        let Some(table) = named(own) else { continue };
        let of = |of: for<'a> fn(&'a super::Said) -> Option<&'a String>| {
            part_of(table, theirs, "firstRow", of).or_else(|| part_of(table, theirs, "", of))
        };
        let Some(ground) = of(|said| said.ground.as_ref()) else { continue };
        let letters = of(|said| said.text.as_ref());
        let faint = |words: &&str| {
            let said = |style| inherited(style, theirs, |style: &Known| &style.run, "w:color", "w:val");
            let own =
                named(words).and_then(said).or_else(|| named(words).is_none().then(|| usual.and_then(said))?);
            let colour = own.or(letters).or_else(|| usual.and_then(said)).or(defaults).unwrap_or("000000");
            contrast(colour, ground).is_some_and(|found| found < LEAST)
        };
        if words.iter().any(faint) {
            found.insert(own.to_owned(), letters_on(ground));
        }
    }
    found
}

/// The table styles of a document that give the row of headings a ground of its own.
pub(super) fn with_heading(theirs: &[Known]) -> impl Iterator<Item = String> + '_ {
    let tables = theirs.iter().filter(|style| style.kind == "table");
    tables
        .filter(|style| part_of(style, theirs, "firstRow", |said| said.ground.as_ref()).is_some())
        .map(|style| style.id.clone())
}

impl Dress {
    /// The letters in the row of headings of a table of ours, where its style makes them too faint; before it gets that style.
    pub(super) fn letters_of_headings(&self, table: &mut Element) {
        let style = table.child("w:tblPr").and_then(|properties| properties.child("w:tblStyle"));
        let letters = style.and_then(|style| self.headings.get(style.attribute("w:val")?));
        let Some(letters) = letters.filter(|_| has_headings(table)) else { return };
        let colour = [Element::new("w:color", &[("w:val", letters)])];
        if let Some(row) = table.elements_mut().find(|child| child.name == "w:tr") {
            row.walk(&mut |element| {
                if element.name == "w:r" {
                    into(element, "w:rPr", &colour);
                }
            });
        }
    }

    /// What comes in a cell with this ground: letters of a colour that is read on it. Charts and the cells of tables get a
    /// white ground of their own, on which they are what they are elsewhere.
    pub(super) fn on_ground(&self, element: &mut Element, ground: &str) {
        match element.name.as_str() {
            "w:tbl" => self.cells_on_white(element),
            "w:p" if holds(element, "w:drawing") => {
                into(element, "w:pPr", &[shading()]);
            }
            "w:p" => {
                let letters = letters_on(ground);
                coloured(element, letters);
                let mark = Element::new("w:rPr", &[]);
                into(element, "w:pPr", &[mark]);
                if let Some(properties) = element.child_mut("w:pPr") {
                    if let Some(mark) = properties.child_mut("w:rPr") {
                        set_colour(mark, letters);
                    }
                    properties.walk(&mut |side| {
                        for (_, value) in side.attributes.iter_mut().filter(|(name, _)| name == "w:color") {
                            *value = letters.into();
                        }
                    });
                }
            }
            _ => element.elements_mut().for_each(|child| self.on_ground(child, ground)),
        }
    }

    /// Gives the cells of a table that would show the ground below it a white one, except those of headings with their own.
    fn cells_on_white(&self, table: &mut Element) {
        let style = table.child("w:tblPr").and_then(|properties| properties.child("w:tblStyle"));
        let own = style.and_then(|style| style.attribute("w:val")).is_some_and(|id| self.grounded.contains(id));
        let headings = own && has_headings(table);
        for row in table.elements_mut().filter(|child| child.name == "w:tr").skip(usize::from(headings)) {
            row.walk(&mut |element| match element.name.as_str() {
                "w:tc" => into(element, "w:tcPr", &[shading()]),
                // A link and a prompt have a colour that is made for white.
                "w:r" if !holds(element, "w:rStyle") => {
                    into(element, "w:rPr", &[Element::new("w:color", &[("w:val", "000000")])]);
                }
                _ => {}
            });
        }
    }
}

/// True when the first row of a table has headings.
fn has_headings(table: &Element) -> bool {
    let look = table.child("w:tblPr").and_then(|properties| properties.child("w:tblLook"));
    look.and_then(|look| look.attribute("w:firstRow")).is_some_and(|said| crate::package::xml::is_true(Some(said)))
}

fn holds(element: &Element, name: &str) -> bool {
    element.elements().any(|child| child.name == name || holds(child, name))
}

fn shading() -> Element {
    Element::new("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", "FFFFFF")])
}

/// Gives everything in a paragraph letters of this colour, also what has another.
fn coloured(paragraph: &mut Element, letters: &str) {
    paragraph.walk(&mut |element| {
        if element.name == "w:r" {
            into(element, "w:rPr", &[Element::new("w:color", &[])]);
            if let Some(properties) = element.child_mut("w:rPr") {
                set_colour(properties, letters);
            }
        }
    });
}

fn set_colour(properties: &mut Element, letters: &str) {
    properties.retain(|child| child.name != "w:color");
    properties.push(Element::new("w:color", &[("w:val", letters)]));
    in_order(properties);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(root: &Element) -> String {
        let mut out = String::new();
        root.write(&mut out);
        out
    }

    fn table_style(id: &str, said: &str) -> String {
        format!(
            "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"{id}\"><w:name w:val=\"{id}\"/><w:tblStylePr \
             w:type=\"firstRow\">{said}<w:tcPr><w:shd w:fill=\"1F4E4A\"/></w:tcPr></w:tblStylePr></w:style>"
        )
    }

    const TABLE: &str = "<w:x><w:tbl><w:tblPr><w:tblStyle w:val=\"WijkTabel\"/><w:tblLook w:firstRow=\"1\"/></w:tblPr><w:tr><w:tc>\
         <w:p><w:pPr><w:pStyle w:val=\"Tabelkop\"/></w:pPr><w:r><w:t>Kop</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r>\
         <w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:x>";

    #[test]
    fn headings_on_a_dark_row_of_which_the_style_says_no_letters_become_light_and_other_rows_stay() {
        let dressed = |said: &str| {
            let styles = format!("<w:styles>{}</w:styles>", table_style("Wijktabel", said));
            let mut root = Element::parse(TABLE).unwrap();
            Dress::of(&styles, "", (None, None)).put_on(&mut root);
            written(&root)
        };
        let dark = dressed("");
        assert_eq!(dark.matches("<w:color w:val=\"FFFFFF\"/>").count(), 1, "{dark}");
        assert!(dark.find("FFFFFF").unwrap() < dark.find("Kop").unwrap(), "{dark}");
        assert!(!dressed("<w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr>").contains("w:color"));
    }

    #[test]
    fn in_a_dark_cell_letters_become_light_and_a_table_and_a_chart_get_a_white_ground() {
        let dress = Dress::of("<w:styles/>", "", (None, None));
        let xml = format!(
            "<w:sdtContent><w:p><w:pPr><w:pBdr><w:left w:color=\"808080\"/></w:pBdr></w:pPr><w:r><w:rPr><w:color w:val=\"1F4E4A\"/>\
             </w:rPr><w:t>x</w:t></w:r></w:p><w:p><w:r><w:drawing/></w:r></w:p>{TABLE}</w:sdtContent>"
        );
        let on = |ground: &str| {
            let mut root = Element::parse(&xml).unwrap();
            dress.on_ground(&mut root, ground);
            written(&root)
        };
        let dark = on("1F4E79");
        assert!(dark.contains("<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>x"), "{dark}");
        assert!(
            dark.contains("<w:left w:color=\"FFFFFF\"/>")
                && dark.contains("<w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr></w:pPr>")
        );
        assert!(dark.contains("w:fill=\"FFFFFF\"/></w:pPr><w:r><w:drawing/>"), "{dark}");
        // Both rows of a table whose style gives its headings no ground.
        assert_eq!(dark.matches("<w:tcPr><w:shd").count(), 2, "{dark}");
        assert_eq!(dark.matches("<w:color w:val=\"000000\"/>").count(), 2, "{dark}");
        assert!(on("BFBFBF").contains("<w:r><w:rPr><w:color w:val=\"000000\"/></w:rPr><w:t>x"));
        assert!(is_no_white("BFBFBF") && !is_no_white("F1F7F6") && !is_no_white("auto"));
    }
}
