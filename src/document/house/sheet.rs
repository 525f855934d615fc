//! The page of an organisation as the card has to fit on it: what its header, footer, margins and letters leave.
//!
//! A word processor lays out the page, not this program: everything is reckoned on the safe side.

use crate::document::card::Sheet;
use crate::document::docx;
use crate::error::Result;
use crate::package::archive::Archive;
use crate::package::parts::relationships;
use crate::package::xml::{Element, Splices, elements};

/// How much wider and higher than Calibri letters are, by the beginning of their name; on the safe side.
const LETTERS: [(&str, f64, f64); 18] = [
    ("aptos", 1.1, 1.05),
    ("arial narrow", 1.0, 1.0),
    ("arial", 1.13, 1.0),
    ("calibri", 1.0, 1.0),
    ("cambria", 1.09, 1.0),
    ("carlito", 1.0, 1.0),
    ("century gothic", 1.28, 1.05),
    ("garamond", 1.0, 1.0),
    ("georgia", 1.17, 1.0),
    ("helvetica", 1.13, 1.0),
    ("liberation sans", 1.13, 1.0),
    ("open sans", 1.22, 1.13),
    ("roboto", 1.13, 1.0),
    ("segoe ui", 1.14, 1.1),
    ("source sans", 1.04, 1.05),
    ("tahoma", 1.14, 1.0),
    ("times new roman", 1.03, 1.0),
    ("trebuchet", 1.12, 1.0),
];
/// Letters that are not known: as wide as the widest that offices use, such as Verdana.
const UNKNOWN: (f64, f64) = (1.34, 1.15);
/// English Metric Units in a twentieth of a point.
const EMU: f64 = 635.0;
/// Height of a line in a header or footer, and of a page whose measures are not said.
const LINE: f64 = 340.0;
const A4: (f64, f64) = (11_906.0, 16_838.0);

/// The page of the organisation's document, for the card.
///
/// # Errors
/// When it is no Word document or cannot be read.
pub(in crate::document) fn of(file: &str, reference: &[u8]) -> Result<Sheet> {
    let archive = docx::open(file, reference.to_vec())?;
    let main = docx::main_part(&archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    // The pages that the card gets, which need not be the last of the document: those may lie on their side.
    let section =
        elements(&super::section::of_pages(&text, &all)).map_err(|reason| archive.damaged(&main, &reason))?;
    let inside = || section.iter();
    let measure = |element: &str, attribute: &str, otherwise: f64| {
        let found = inside().find(|e| e.local == element).and_then(|e| docx::twips(e.attribute(attribute)?));
        found.unwrap_or(otherwise)
    };
    let mut header: f64 = 0.0;
    let mut footer: f64 = 0.0;
    let related = relationships(&archive, &main)?;
    for reference in inside().filter(|e| matches!(e.local.as_str(), "headerReference" | "footerReference")) {
        let Some(part) = related.iter().find(|r| Some(r.id.as_str()) == reference.attribute("id")) else {
            continue;
        };
        let high = archive.read_text(&part.target).map_or(0.0, |text| height(&text));
        let place = if reference.local == "headerReference" { &mut header } else { &mut footer };
        *place = place.max(high);
    }
    let margin = |side: &str, otherwise: f64| measure("pgMar", side, otherwise).abs();
    let top = margin("top", 1417.0).max(margin("header", 708.0) + header);
    let bottom = margin("bottom", 1134.0).max(margin("footer", 708.0) + footer);
    let sides = margin("left", 1134.0) + margin("right", 1134.0) + margin("gutter", 0.0);
    let (wider, higher) = letters(&archive, &main)?;
    let whole = |value: f64| value.max(0.0).floor() as usize;
    Ok(Sheet {
        height: whole(measure("pgSz", "h", A4.1) - top - bottom),
        width: whole(measure("pgSz", "w", A4.0) - sides),
        line: whole(222.0 * higher),
        character: whole(82.0 * wider),
    })
}

/// About how high a header or footer is: its paragraphs under each other, with the pictures in them. Cells beside each
/// other count double, which is on the safe side.
fn height(text: &str) -> f64 {
    let Ok(all) = elements(text) else { return 0.0 };
    let mut high = 0.0;
    for (index, paragraph) in all.iter().enumerate().filter(|(_, e)| e.local == "p" && is_text(e)) {
        let inside = all.iter().skip(index + 1).take_while(|e| e.span.start < paragraph.span.end);
        // A picture that floats may push the text down too.
        let pictures = inside
            .filter(|e| e.local == "extent")
            .filter_map(|e| e.attribute("cy")?.parse::<f64>().ok())
            .map(|height| height / EMU);
        high += pictures.fold(LINE, f64::max);
    }
    high
}

/// True for a paragraph of the text; drawings have paragraphs of their own.
fn is_text(element: &Element) -> bool {
    !element.name.starts_with("a:")
}

/// How much wider and higher than ours the letters of the document's text are.
///
/// # Errors
/// When its styles or theme cannot be read.
pub(in crate::document) fn letters(archive: &Archive, main: &str) -> Result<(f64, f64)> {
    let styles = docx::part(archive, main, "styles")?;
    let theme = docx::part(archive, main, "theme")?;
    let all = elements(&styles).unwrap_or_default();
    let themed = |which: &str| {
        let fonts = elements(&theme).unwrap_or_default();
        let group = if which.starts_with("major") { "majorFont" } else { "minorFont" };
        let at = fonts.iter().position(|e| e.local == group)?;
        fonts.iter().skip(at).find(|e| e.local == "latin")?.attribute("typeface").map(str::to_owned)
    };
    // The defaults, the style of all text and those of headings; the widest letters count.
    let counts = |at: usize| {
        let place =
            all.iter().find(|e| matches!(e.local.as_str(), "docDefaults" | "style") && e.span.contains(&at));
        place.is_some_and(|e| {
            let heading = |id: &str| ["kop1", "heading1", "titel", "title"].contains(&id.to_lowercase().as_str());
            e.local == "docDefaults"
                || crate::package::xml::is_true(e.attribute("default"))
                || e.attribute("styleId").is_some_and(heading)
        })
    };
    let named = |e: &Element| match e.attribute("asciiTheme") {
        Some(which) => themed(which),
        None => e.attribute("ascii").map(str::to_owned),
    };
    let used = all.iter().filter(|e| e.local == "rFonts" && counts(e.span.start)).filter_map(named);
    let factors = used.map(|name| {
        let name = name.to_lowercase();
        let known = LETTERS.iter().find(|(start, ..)| name.starts_with(start));
        known.map_or(UNKNOWN, |(_, wider, higher)| (*wider, *higher))
    });
    let found = factors.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)));
    // Without a word about letters it is Times New Roman.
    Ok(found.unwrap_or((1.03, 1.0)))
}

/// The section without what could break the page up: columns, a grid for lines, a place for the text other than above.
pub(super) fn simple(section: &str) -> String {
    without(section, &["cols", "docGrid", "vAlign", "type", "lnNumType", "textDirection"])
}

/// The section with its text over the whole width: our tables and charts are made for that, and columns of text are
/// not among what comes from the organisation.
pub(super) fn one_column(section: &str) -> String {
    without(section, &["cols"])
}

fn without(section: &str, names: &[&str]) -> String {
    let Ok(all) = elements(section) else { return section.to_owned() };
    let mut splices = Splices::default();
    for element in all.iter().filter(|e| names.contains(&e.local.as_str())) {
        splices.replace(element.span.clone(), "");
    }
    splices.apply(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_as_high_as_its_lines_and_the_pictures_in_them() {
        let line = "<w:p><w:r/></w:p>";
        assert!((height(&format!("<w:hdr xmlns:w=\"x\">{line}{line}</w:hdr>")) - 2.0 * LINE).abs() < 1.0);
        // A logo of 2 cm.
        let logo = "<w:p><w:drawing><wp:extent cx=\"1\" cy=\"720000\"/></w:drawing></w:p>";
        let high = height(&format!("<w:hdr xmlns:w=\"x\" xmlns:wp=\"y\">{logo}{line}</w:hdr>"));
        assert!((high - 720_000.0 / EMU - LINE).abs() < 1.0, "{high}");
    }

    #[test]
    fn columns_and_grids_leave_the_section_and_measures_stay() {
        let section =
            "<w:sectPr><w:pgSz w:w=\"1\"/><w:cols w:num=\"2\"/><w:docGrid w:linePitch=\"360\"/></w:sectPr>";
        assert_eq!(simple(section), "<w:sectPr><w:pgSz w:w=\"1\"/></w:sectPr>");
    }
}
