//! The European standard for accessible documents (EN 301 549, chapter 10, with WCAG 2.1 A and AA as they apply to a
//! Word document): one test per rule, over report, plan and card, full and empty, with charts and rounds.

use std::collections::BTreeMap;

use super::*;
use crate::document::{Kind, after_template, example_template, in_house_style, renewed};
use crate::package::archive::Archive;

/// Every kind of document: full, empty, and the plan with its rounds; in a house style, after a template and made again.
fn documents() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = three(&fixture::full()).into_iter().chain(three(&fixture::empty())).collect();
    all.push(action_plan(&rounds().input()).unwrap());
    let (full, empty) = (fixture::full(), fixture::empty());
    for kind in [Kind::Report, Kind::ActionPlan] {
        // In the house style of an organisation, after a template, and made again over one that was made for other figures.
        let house = report(&empty.input()).unwrap();
        all.push(in_house_style(kind, &full.input(), "Huisstijl.docx", house).unwrap().bytes);
        let template = example_template(kind, &full.format).unwrap();
        all.push(after_template(kind, &full.input(), "Sjabloon.docx", template).unwrap().0);
        let before = kind_of(kind, &empty);
        all.push(renewed(kind, &full.input(), "r.docx", before).unwrap().bytes);
    }
    all
}

fn kind_of(kind: Kind, fixture: &Fixture) -> Vec<u8> {
    match kind {
        Kind::Report => report(&fixture.input()).unwrap(),
        Kind::ActionPlan => action_plan(&fixture.input()).unwrap(),
    }
}

/// A style with what it takes from the styles it is based on.
struct Styles(BTreeMap<String, Element>);

impl Styles {
    fn of(bytes: &[u8]) -> Self {
        let root = Element::parse(&part(bytes, "word/styles.xml")).unwrap();
        let styles = all(&root, "w:style");
        Styles(styles.into_iter().map(|s| (s.attribute("w:styleId").unwrap().to_owned(), s.clone())).collect())
    }

    /// The first property of this name in a style or what it is based on.
    fn property(&self, id: &str, group: &str, name: &str) -> Option<&Element> {
        let mut id = id.to_owned();
        loop {
            let style = self.0.get(&id)?;
            if let Some(found) = style.child(group).and_then(|group| group.child(name)) {
                return Some(found);
            }
            style.child("w:basedOn")?.attribute("w:val")?.clone_into(&mut id);
        }
    }

    /// Level in the outline, 1 = highest.
    fn outline(&self, id: &str) -> Option<u32> {
        let level: u32 = self.property(id, "w:pPr", "w:outlineLvl")?.attribute("w:val")?.parse().ok()?;
        (level < 9).then_some(level + 1)
    }

    fn colour(&self, id: &str) -> Option<&str> {
        self.property(id, "w:rPr", "w:color")?.attribute("w:val").filter(|colour| *colour != "auto")
    }

    /// Fills that a table style gives a part of the table.
    fn fill(&self, id: &str, part: &str) -> Option<&str> {
        let style = self.0.get(id)?;
        let found = style.elements().find(|child| child.attribute("w:type") == Some(part))?;
        found.child("w:tcPr")?.child("w:shd")?.attribute("w:fill")
    }
}

/// Relative luminance (WCAG 2.1), 0 to 1.
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// Contrast ratio (WCAG 2.1), 1 to 21.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn wcag_2_4_2_and_3_1_1_every_document_has_a_title_and_a_language() {
    documents().iter().for_each(|bytes| title_and_language(bytes));
}

fn title_and_language(bytes: &[u8]) {
    let core = Element::parse(&part(bytes, "docProps/core.xml")).unwrap();
    let title = all(&core, "dc:title")[0].children.clone();
    assert!(matches!(title.as_slice(), [Node::Text(title)] if title.contains("Verzonnenwijk")));
    let language = all(&core, "dc:language")[0].children.clone();
    assert_eq!(language, [Node::Text("nl-NL".to_owned())]);
    let styles = Element::parse(&part(bytes, "word/styles.xml")).unwrap();
    let normal = all(&styles, "w:docDefaults")[0];
    assert_eq!(all(normal, "w:lang")[0].attribute("w:val"), Some("nl-NL"));
    // No text in another language than the document says.
    for name in ["word/document.xml", "word/footer1.xml", "word/styles.xml"] {
        let root = Element::parse(&part(bytes, name)).unwrap();
        assert!(all(&root, "w:lang").into_iter().all(|lang| lang.attribute("w:val") == Some("nl-NL")), "{name}");
    }
}

#[test]
fn wcag_1_3_1_headings_are_in_order_without_gaps() {
    documents().iter().for_each(|bytes| headings_in_order(bytes));
}

fn headings_in_order(bytes: &[u8]) {
    let styles = Styles::of(bytes);
    let levels: Vec<(u32, String)> =
        paragraphs(bytes).into_iter().filter_map(|(style, text)| Some((styles.outline(&style)?, text))).collect();
    assert!(levels.len() >= 4, "{levels:?}");
    assert_eq!(levels[0].0, 1, "{levels:?}");
    for pair in levels.windows(2) {
        assert!(pair[1].0 <= pair[0].0 + 1, "{pair:?}");
    }
    assert!(levels.iter().all(|(_, text)| !text.trim().is_empty()));
}

#[test]
fn wcag_1_3_1_tables_say_which_cells_are_headings_and_repeat_the_heading_row() {
    documents().iter().for_each(|bytes| headings_of_tables(bytes));
}

fn headings_of_tables(bytes: &[u8]) {
    for table in all(&document(bytes), "w:tbl") {
        let look = table.child("w:tblPr").unwrap().child("w:tblLook").unwrap();
        let rows: Vec<&Element> = table.elements().filter(|child| child.name == "w:tr").collect();
        let repeated = |row: &Element| row.child("w:trPr").is_some_and(|p| p.child("w:tblHeader").is_some());
        let first = look.attribute("w:firstRow") == Some("1");
        assert_eq!(first, repeated(rows[0]), "{}", text(rows[0]));
        assert!(first || look.attribute("w:firstColumn") == Some("1"), "{}", text(table));
        assert!(rows.iter().skip(1).all(|row| !repeated(row)));
        // A row of headings in the middle would not be known as such: it needs a table of its own.
        let label = |cell: &Element| all(cell, "w:p").into_iter().any(|p| style(p).starts_with("Tabellabel"));
        for row in rows.iter().skip(1) {
            let cells: Vec<&Element> = row.elements().filter(|child| child.name == "w:tc").collect();
            assert!(cells.len() < 2 || !cells.into_iter().all(label), "{}", text(row));
        }
        // A heading names its column or row.
        let headings = if first {
            rows[0].elements().filter(|child| child.name == "w:tc").collect::<Vec<_>>()
        } else {
            rows.iter().filter_map(|row| row.child("w:tc")).collect()
        };
        assert!(headings.into_iter().all(|cell| !text(cell).trim().is_empty()), "{}", text(table));
    }
}

#[test]
fn wcag_1_3_2_no_table_is_used_for_layout() {
    documents().iter().for_each(|bytes| no_layout_tables(bytes));
}

fn no_layout_tables(bytes: &[u8]) {
    let document = document(bytes);
    for merged in ["w:gridSpan", "w:vMerge", "w:hMerge", "w:framePr", "w:txbxContent"] {
        assert!(all(&document, merged).is_empty(), "{merged}");
    }
    for table in all(&document, "w:tbl") {
        assert_eq!(all(table, "w:tbl").len(), 1, "a table in a table");
        let columns = all(table, "w:gridCol").len();
        for row in all(table, "w:tr") {
            assert_eq!(all(row, "w:tc").len(), columns);
        }
    }
}

#[test]
fn wcag_1_1_1_every_picture_and_chart_has_an_alternative_text() {
    let drawn: usize = documents().iter().map(|bytes| alternatives(bytes)).sum();
    assert_eq!(drawn, 4 * 3, "three pijlers: full, empty, in a house style and made again");
}

/// The number of pictures and charts, all of which have their text.
fn alternatives(bytes: &[u8]) -> usize {
    let document = document(bytes);
    let properties = all(&document, "wp:docPr");
    assert_eq!(properties.len(), all(&document, "w:drawing").len());
    assert!(all(&document, "w:pict").is_empty() && all(&document, "w:object").is_empty());
    let mut ids = Vec::new();
    for drawing in properties {
        let alternative = drawing.attribute("descr").unwrap();
        assert!(alternative.len() > 60 && alternative.contains("Verzonnenwijk"), "{alternative}");
        assert!(!drawing.attribute("title").unwrap().is_empty());
        ids.push(drawing.attribute("id").unwrap().to_owned());
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id of its own for each");
    count
}

/// Background of every paragraph, with where it stands for a message.
fn backgrounds<'a>(styles: &'a Styles, body: &'a Element) -> Vec<(&'a Element, Vec<String>)> {
    let mut found: Vec<(&Element, Vec<String>)> = Vec::new();
    let mut in_tables: Vec<*const Element> = Vec::new();
    for table in all(body, "w:tbl") {
        let properties = table.child("w:tblPr").unwrap();
        let style = properties.child("w:tblStyle").unwrap().attribute("w:val").unwrap();
        let look = properties.child("w:tblLook").unwrap();
        let on = |name: &str| look.attribute(name) == Some("1");
        for (at, row) in all(table, "w:tr").into_iter().enumerate() {
            for (column, cell) in all(row, "w:tc").into_iter().enumerate() {
                let mut fills: Vec<&str> = if at == 0 && on("w:firstRow") {
                    vec![styles.fill(style, "firstRow").unwrap_or("FFFFFF")]
                } else if column == 0 && on("w:firstColumn") {
                    vec![styles.fill(style, "firstCol").unwrap_or("FFFFFF")]
                } else {
                    // Rows are banded: people may add one, so that each cell must do on both.
                    vec!["FFFFFF", styles.fill(style, "band2Horz").unwrap_or("FFFFFF")]
                };
                if let Some(own) = all(cell, "w:tcPr").first().and_then(|p| p.child("w:shd")) {
                    fills = vec![own.attribute("w:fill").unwrap()];
                }
                for paragraph in all(cell, "w:p") {
                    in_tables.push(paragraph);
                    found.push((paragraph, fills.iter().map(|fill| (*fill).to_owned()).collect()));
                }
            }
        }
    }
    for paragraph in all(body, "w:p") {
        if !in_tables.contains(&std::ptr::from_ref(paragraph)) {
            let shaded =
                styles.property(style(paragraph), "w:pPr", "w:shd").and_then(|shd| shd.attribute("w:fill"));
            found.push((paragraph, vec![shaded.unwrap_or("FFFFFF").to_owned()]));
        }
    }
    found
}

#[test]
fn wcag_1_4_3_text_has_a_contrast_of_at_least_4_5_with_its_ground() {
    let pairs: BTreeMap<_, _> = documents().iter().flat_map(|bytes| readable(bytes)).collect();
    assert!(pairs.len() > 10, "{pairs:?}");
    // The measure itself: black on white is 21, and this grey is the lightest that passes on white.
    assert!((contrast("000000", "FFFFFF") - 21.0).abs() < 1e-9);
    assert!(contrast("767676", "FFFFFF") >= 4.5 && contrast("777777", "FFFFFF") < 4.5);
}

/// The colours of text and ground, with a style that has them; all can be told apart.
fn readable(bytes: &[u8]) -> BTreeMap<(String, String), String> {
    let mut pairs: BTreeMap<(String, String), String> = BTreeMap::new();
    let styles = Styles::of(bytes);
    let footer = Element::parse(&part(bytes, "word/footer1.xml")).unwrap();
    for root in [document(bytes), footer] {
        for (paragraph, grounds) in backgrounds(&styles, &root) {
            for run in all(paragraph, "w:r") {
                let properties = run.child("w:rPr");
                let own = properties.and_then(|p| p.child("w:rStyle")).and_then(|s| s.attribute("w:val"));
                let direct = properties.and_then(|p| p.child("w:color")).and_then(|c| c.attribute("w:val"));
                let colour = direct
                    .or_else(|| own.and_then(|own| styles.colour(own)))
                    .or_else(|| styles.colour(style(paragraph)))
                    .unwrap_or("000000");
                for ground in &grounds {
                    pairs.insert((colour.to_owned(), ground.clone()), style(paragraph).to_owned());
                }
            }
        }
    }
    for ((colour, ground), style) in &pairs {
        let ratio = contrast(colour, ground);
        assert!(ratio >= 4.5, "{style}: {colour} on {ground} is {ratio:.2}");
    }
    pairs
}

#[test]
fn wcag_1_4_11_what_a_chart_draws_has_a_contrast_of_at_least_4_5_with_the_paper() {
    charts_stand_out(&report(&fixture::full().input()).unwrap());
}

fn charts_stand_out(bytes: &[u8]) {
    let theme = Element::parse(&part(bytes, "word/theme/theme1.xml")).unwrap();
    let base = |name: &str| -> f64 {
        match name {
            "tx1" => luminance("000000"),
            "bg1" => 1.0,
            accent => {
                let colour = all(&theme, &format!("a:{accent}"))[0];
                luminance(all(colour, "a:srgbClr")[0].attribute("val").unwrap())
            }
        }
    };
    // Parts in thousandths of a percent; taken of the colour as shown, a grey.
    let shown = |scheme: &Element| -> f64 {
        let name = scheme.attribute("val").unwrap();
        let part =
            |of: &str| scheme.child(of).map(|c| c.attribute("val").unwrap().parse::<f64>().unwrap() / 100_000.0);
        match (part("a:lumMod"), part("a:lumOff")) {
            (None, None) => base(name),
            (times, plus) => {
                let white = if name == "bg1" { 1.0 } else { 0.0 };
                let grey = ((white * times.unwrap_or(1.0) + plus.unwrap_or(0.0)) * 255.0_f64).round() as u8;
                luminance(&format!("{grey:02X}{grey:02X}{grey:02X}"))
            }
        }
    };
    for number in 1..=3 {
        let chart = Element::parse(&part(bytes, &format!("word/charts/chart{number}.xml"))).unwrap();
        let mut checked = 0;
        for series in all(&chart, "c:ser") {
            // The line of the range, and the inside of the markers; their white edge only sets them apart.
            let line = series.child("c:spPr").into_iter().flat_map(|p| all(p, "a:schemeClr"));
            let inside = series
                .child("c:marker")
                .and_then(|marker| marker.child("c:spPr"))
                .and_then(|shape| shape.child("a:solidFill"))
                .into_iter()
                .flat_map(|fill| all(fill, "a:schemeClr"));
            for colour in line.chain(inside) {
                let ratio = 1.05 / (shown(colour) + 0.05);
                assert!(ratio >= 4.5, "{colour:?} is {ratio:.2}");
                checked += 1;
            }
        }
        assert_eq!(checked, 4, "range, benchmark, gebied and wijk");
    }
}

#[test]
fn wcag_2_4_4_the_text_of_a_link_says_where_it_leads() {
    documents().iter().for_each(|bytes| links(bytes));
}

fn links(bytes: &[u8]) {
    let document = document(bytes);
    let bookmarks: BTreeMap<String, String> = all(&document, "w:p")
        .into_iter()
        .flat_map(|p| {
            let names = all(p, "w:bookmarkStart");
            names.into_iter().map(|b| (b.attribute("w:name").unwrap().to_owned(), text(p))).collect::<Vec<_>>()
        })
        .collect();
    for link in all(&document, "w:hyperlink") {
        let said = text(link);
        let target = link.attribute("w:anchor").and_then(|anchor| bookmarks.get(anchor));
        assert_eq!(target, Some(&said), "a link of the table of contents bears the heading it leads to");
        assert!(said.chars().count() > 3 && !said.contains("http") && !said.to_lowercase().contains("klik"));
    }
}

#[test]
fn wcag_1_3_1_lists_are_lists() {
    let bullets: usize = documents().iter().map(|bytes| lists(bytes)).sum();
    assert!(bullets > 10);
}

/// The number of points in lists.
pub(super) fn lists(bytes: &[u8]) -> usize {
    let mut bullets = 0;
    let styles = Styles::of(bytes);
    let numbering = Element::parse(&part(bytes, "word/numbering.xml")).unwrap();
    let known: Vec<&str> =
        all(&numbering, "w:num").into_iter().filter_map(|num| num.attribute("w:numId")).collect();
    for (style, text) in paragraphs(bytes) {
        let list = styles
            .property(&style, "w:pPr", "w:numPr")
            .and_then(|numbering| numbering.child("w:numId"))
            .and_then(|id| id.attribute("w:val"));
        bullets += usize::from(list.is_some());
        assert!(list.is_none_or(|id| known.contains(&id)), "{style}");
        let typed = ["• ", "* ", "- ", "· ", "o ", "1. ", "a. "].iter().any(|sign| text.starts_with(sign));
        assert!(!typed, "a sign in place of a list: {text}");
    }
    bullets
}

#[test]
fn wcag_1_4_1_no_meaning_hangs_on_colour_alone() {
    words_beside_colour(&report(&fixture::full().input()).unwrap());
}

fn words_beside_colour(report: &[u8]) {
    let said: Vec<String> = paragraphs(report).into_iter().map(|(_, text)| text).collect();
    for words in ["– ongunstiger", "+ gunstiger"] {
        assert!(said.iter().any(|text| text == words));
    }
    // People's words and the program's differ by their border, prompts by their brackets.
    let styles = Styles::of(report);
    let border = |id: &str| {
        let borders = styles.property(id, "w:pPr", "w:pBdr").unwrap();
        borders.child("w:left").unwrap().attribute("w:val").unwrap().to_owned()
    };
    let mut kinds = ["CijfersInWoorden", "AdviseurTekst", "PartnerTekst"].map(border).to_vec();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

/// A rule, the part of the report that is changed, and what is put in the place of what.
type Break = (fn(&[u8]), &'static str, &'static str, &'static str);

#[test]
fn each_rule_sees_when_it_is_broken() {
    let all: [Break; 15] = [
        (title_and_language, "docProps/core.xml", "Verzonnenwijk", ""),
        (title_and_language, "word/styles.xml", "nl-NL", "en-US"),
        (headings_in_order, "word/document.xml", "w:val=\"Kop2\"", "w:val=\"Kop4\""),
        (headings_of_tables, "word/document.xml", "w:tblHeader", "w:iets"),
        (headings_of_tables, "word/document.xml", "w:firstColumn=\"1\"", "w:firstColumn=\"0\""),
        (no_layout_tables, "word/document.xml", "<w:tcPr>", "<w:tcPr><w:gridSpan w:val=\"2\"/>"),
        (no_layout_tables, "word/document.xml", "</w:tc>", "<w:tbl/></w:tc>"),
        (|b| _ = alternatives(b), "word/document.xml", "descr=\"", "descr=\"\" w:was=\""),
        (|b| _ = readable(b), "word/document.xml", "<w:tcPr>", "<w:tcPr><w:shd w:fill=\"1F4E4A\"/>"),
        (|b| _ = readable(b), "word/styles.xml", "<w:color w:val=\"", "<w:color w:val=\"CCCCCC\" w:was=\""),
        (charts_stand_out, "word/charts/chart1.xml", "<a:schemeClr val=\"accent1\"", "<a:schemeClr val=\"bg1\""),
        (links, "word/document.xml", "w:anchor=\"", "w:anchor=\"weg"),
        (|b| _ = lists(b), "word/numbering.xml", "w:numId=\"", "w:numId=\"9"),
        (|b| _ = lists(b), "word/document.xml", "preserve\">", "preserve\">• "),
        (words_beside_colour, "word/document.xml", "– ongunstiger", "ongunstiger"),
    ];
    let bytes = report(&fixture::full().input()).unwrap();
    let archive = Archive::from_bytes("r.docx", bytes.clone()).unwrap();
    for (number, (rule, name, old, new)) in all.into_iter().enumerate() {
        rule(&bytes);
        let whole = part(&bytes, name);
        assert!(whole.contains(old), "{number}: {name} has no {old}");
        let mut parts = crate::package::rewrite::Rewrite::new(&archive);
        parts.put(name, whole.replace(old, new).into_bytes());
        let broken = parts.finish().unwrap();
        assert!(std::panic::catch_unwind(|| rule(&broken)).is_err(), "{number}: {new} in {name} was not seen");
    }
}
