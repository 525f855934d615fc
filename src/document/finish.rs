//! The finishing pass: the one place where everything is put right that docx-rs lacks or gets wrong.
//!
//! What it lacks: tag and id of content controls and that they hold a prompt, heading rows that repeat, the look of
//! a table, a table of contents that Word knows as one, document language, title and author. What it gets wrong: the
//! order of properties, borders that override the style, ids of paragraphs that differ from run to run, parts
//! that are not used. Styles, numbering and settings come from `templates/word/`. Knows nothing of the method.

use std::collections::BTreeMap;

use docx_rs::XMLDocx;

use super::chart;
use super::content::{Draft, Style, charts};
use super::layout;
use super::print::{Reading, bare_print, chart_words, hash, words_print};
use super::record::{NAMESPACE, Record};
use super::stamp::{stamp, without_passing_bookmarks};
use super::template::is_fact;
use crate::error::{Error, Result};
use crate::package::tree::{Element, Node};
use crate::package::{write_package, xml_escape};

pub(super) const STYLES: &str = include_str!("../../templates/word/styles.xml");
const NUMBERING: &str = include_str!("../../templates/word/numbering.xml");
const SETTINGS: &str = include_str!("../../templates/word/settings.xml");

const THEME: &str = include_str!("../../templates/word/theme.xml");
const FONTS: &str = include_str!("../../templates/word/fontTable.xml");

/// Tag of the table of contents, which Word itself keeps up to date.
pub(super) const CONTENTS: &str = "wa:inhoud";

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The schema's order of the properties that docx-rs may write in another order.
const ORDER: [(&str, &[&str]); 6] = [
    (
        "w:pPr",
        &[
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "framePr",
            "widowControl",
            "numPr",
            "suppressLineNumbers",
            "pBdr",
            "shd",
            "tabs",
            "suppressAutoHyphens",
            "bidi",
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "contextualSpacing",
            "jc",
            "textAlignment",
            "outlineLvl",
            "rPr",
            "sectPr",
        ],
    ),
    (
        "w:rPr",
        &[
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "caps",
            "strike",
            "vanish",
            "color",
            "spacing",
            "sz",
            "szCs",
            "highlight",
            "u",
            "bdr",
            "shd",
            "vertAlign",
            "rtl",
            "lang",
        ],
    ),
    (
        "w:tblPr",
        &[
            "tblStyle",
            "tblpPr",
            "tblStyleRowBandSize",
            "tblW",
            "jc",
            "tblInd",
            "tblBorders",
            "tblLayout",
            "tblCellMar",
            "tblLook",
            "tblCaption",
            "tblDescription",
        ],
    ),
    ("w:tcPr", &["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "vAlign"]),
    ("w:sdtPr", &["rPr", "alias", "tag", "id", "placeholder", "showingPlcHdr", "docPartObj"]),
    (
        "w:sectPr",
        &[
            "headerReference",
            "footerReference",
            "type",
            "pgSz",
            "pgMar",
            "pgNumType",
            "cols",
            "titlePg",
            "textDirection",
            "docGrid",
        ],
    ),
];

/// Makes the whole package of the parts that docx-rs made.
///
/// # Errors
/// [`Error::Content`] when docx-rs made something that cannot be read; that would be a fault of this program.
pub(super) fn finish(draft: &Draft, made: &XMLDocx) -> Result<Vec<u8>> {
    let mut document = parse(&made.document, "word/document.xml")?;
    let mut footer = made.footers.first().map(|part| parse(part, "word/footer1.xml")).transpose()?;
    let mut ids = 0u32;
    mend(&mut document, &mut ids);
    layout::mend(&mut document);
    let sections = refer_to_footers(&mut document);
    let charts = charts(&draft.parts);
    draw(&mut document, &charts)?;
    // The card is one page for one talk and is never made again over an old one; a template is not a document yet.
    let words =
        (1..).zip(&charts).filter_map(|(n, of)| Some((format!("rIdGrafiek{n}"), chart_words(&chart::part(of))?)));
    let record = matches!(draft.kind, "rapport" | "plan")
        .then(|| marked(&mut document, Record::of(draft), STYLES, words.collect()));
    let mut parts: Vec<(&str, String)> = vec![
        ("[Content_Types].xml", content_types(sections, charts.len(), record.is_some())),
        ("_rels/.rels", package_relationships()),
        ("docProps/app.xml", app()),
        ("docProps/core.xml", core(draft)),
        ("docProps/custom.xml", custom(draft)),
        ("word/_rels/document.xml.rels", document_relationships(sections, charts.len(), record.is_some())),
        ("word/document.xml", written(&document)),
    ];
    if let Some(footer) = &mut footer {
        mend(footer, &mut ids);
        parts.push(("word/footer1.xml", written(footer)));
        if sections > 1 {
            footer.walk(&mut |element| {
                if element.name == "w:pStyle" {
                    element.attributes = vec![("w:val".into(), "Voettekstliggend".into())];
                }
            });
            parts.push(("word/footer2.xml", written(footer)));
        }
    }
    parts.push(("word/fontTable.xml", FONTS.to_owned()));
    parts.push(("word/theme/theme1.xml", THEME.to_owned()));
    parts.push(("word/numbering.xml", NUMBERING.to_owned()));
    parts.push(("word/settings.xml", SETTINGS.to_owned()));
    parts.push(("word/styles.xml", STYLES.to_owned()));
    if let Some(record) = &record {
        parts.push(("customXml/item1.xml", record.write()));
        parts.push(("customXml/itemProps1.xml", item_properties()));
        parts.push(("customXml/_rels/item1.xml.rels", item_relationships()));
    }
    let mut parts: Vec<(String, Vec<u8>)> =
        parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    for (number, chart) in (1..).zip(charts) {
        parts.push((format!("word/charts/chart{number}.xml"), chart::part(chart).into_bytes()));
        let relationships = chart::relationships(number).into_bytes();
        parts.push((format!("word/charts/_rels/chart{number}.xml.rels"), relationships));
        parts.push((format!("word/embeddings/grafiek{number}.xlsx"), chart::workbook(chart)?));
    }
    write_package(parts)
}

/// Puts the charts in the paragraphs that wait for them, in order.
fn draw(document: &mut Element, charts: &[&chart::Chart]) -> Result<()> {
    let mut drawings = Vec::new();
    for (number, chart) in (1..).zip(charts) {
        drawings.push(Element::parse(&chart::drawing(chart, number)).ok_or_else(|| fault("grafiek"))?);
    }
    let mut drawings = drawings.into_iter();
    document.walk(&mut |element| {
        if element.name == "w:p" && style_of(element) == Some(Style::Chart.id()) {
            let mut run = Element::new("w:r", &[]);
            run.children.extend(drawings.next().map(Node::Element));
            element.push(run);
        }
    });
    if drawings.next().is_some() { Err(fault("grafiek")) } else { Ok(()) }
}

/// The id of the style of a paragraph.
fn style_of(paragraph: &Element) -> Option<&str> {
    paragraph.child("w:pPr")?.child("w:pStyle")?.attribute("w:val")
}

fn fault(what: &str) -> Error {
    Error::content(
        "Word-document",
        format!("het document kon niet worden gemaakt ({what})"),
        "Dit is een fout in het programma; meld haar met het werkboek erbij.",
    )
}

fn parse(part: &[u8], name: &str) -> Result<Element> {
    std::str::from_utf8(part).ok().and_then(Element::parse).ok_or_else(|| fault(name))
}

/// Everything that is put right element by element.
fn mend(root: &mut Element, ids: &mut u32) {
    // Only these are used; the rest of the long list that docx-rs declares is ballast.
    root.attributes = vec![("xmlns:w".into(), MAIN.into()), ("xmlns:r".into(), RELATIONSHIPS.into())];
    number_content_controls(root, ids);
    root.walk(&mut |element| match element.name.as_str() {
        "w:p" => element.attributes.clear(),
        "w:tbl" => mend_table(element),
        "w:r" => drop_empty(element, "w:rPr"),
        "w:gridCol" => element.attributes.retain(|(name, _)| name == "w:w"),
        "w:fldChar" => element.attributes.retain(|(name, value)| name != "w:dirty" || value == "true"),
        _ => {
            if in_order(element) {
                drop_empty(element, "w:rPr");
            }
        }
    });
}

/// Puts properties in the order of the schema; false when the element holds no properties.
pub(super) fn in_order(element: &mut Element) -> bool {
    let Some((_, order)) = ORDER.iter().find(|(of, _)| *of == element.name) else { return false };
    element.children.sort_by_key(|child| match child {
        Node::Element(child) => {
            order.iter().position(|known| child.name.strip_prefix("w:") == Some(known)).unwrap_or(99)
        }
        Node::Text(_) => 99,
    });
    true
}

fn drop_empty(element: &mut Element, name: &str) {
    element.retain(|child| child.name != name || !child.children.is_empty());
}

/// Alias `tag|title` becomes tag, title and id; prompts are marked as such. Parents come before their children, so
/// that ids follow the order in the document.
fn number_content_controls(element: &mut Element, ids: &mut u32) {
    if element.name == "w:sdt"
        && let Some(properties) = element.child_mut("w:sdtPr")
    {
        let alias = properties.child("w:alias").and_then(|alias| alias.attribute("w:val")).unwrap_or_default();
        let (tag, title) = alias.split_once('|').unwrap_or((alias, alias));
        let (tag, title) = (tag.to_owned(), title.to_owned());
        *ids += 1;
        properties.children.clear();
        let raw = |name: &str, value: String| Element {
            name: name.into(),
            attributes: vec![("w:val".into(), value.into())],
            children: Vec::new(),
        };
        if !title.is_empty() {
            properties.push(raw("w:alias", title));
        }
        properties.push(raw("w:tag", tag.clone()));
        properties.push(raw("w:id", (417_000_000 + *ids).to_string()));
        if tag.starts_with("wa:vul:") {
            properties.push(Element::new("w:showingPlcHdr", &[]));
        }
        if tag == CONTENTS {
            let mut object = Element::new("w:docPartObj", &[]);
            object.push(Element::new("w:docPartGallery", &[("w:val", "Table of Contents")]));
            object.push(Element::new("w:docPartUnique", &[]));
            properties.push(object);
        }
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            number_content_controls(child, ids);
        }
    }
}

/// The style decides on borders and margins; the first row repeats when it is a heading row.
fn mend_table(table: &mut Element) {
    let mut heading = false;
    let mut first = true;
    for child in &mut table.children {
        let Node::Element(row) = child else { continue };
        if row.name != "w:tr" {
            continue;
        }
        row.attributes.clear();
        if first && is_heading_row(row) {
            heading = true;
            if let Some(properties) = row.child_mut("w:trPr") {
                properties.push(Element::new("w:tblHeader", &[]));
            }
        }
        first = false;
    }
    if let Some(properties) = table.child_mut("w:tblPr") {
        properties.retain(|child| !matches!(child.name.as_str(), "w:tblBorders" | "w:tblCellMar" | "w:jc"));
        let (value, first_row, first_column) = if heading { ("0020", "1", "0") } else { ("0080", "0", "1") };
        properties.push(Element::new(
            "w:tblLook",
            &[
                ("w:val", value),
                ("w:firstRow", first_row),
                ("w:lastRow", "0"),
                ("w:firstColumn", first_column),
                ("w:lastColumn", "0"),
                ("w:noHBand", "0"),
                ("w:noVBand", "1"),
            ],
        ));
    }
}

/// A row whose cells all bear a heading style; a form has its labels in the first column only.
fn is_heading_row(row: &Element) -> bool {
    let mut cells = row.elements().filter(|element| element.name == "w:tc").peekable();
    let one = row.elements().filter(|element| element.name == "w:tc").count() == 1;
    cells.peek().is_some()
        && cells.all(|cell| {
            let style = cell.child("w:p").and_then(style_of);
            matches!(style, Some("Tabelkop" | "Tabelkopcijfer")) || (!one && matches!(style, Some("Tabellabel")))
        })
}

/// Gives every section its footer (docx-rs gives it to the last one only) and returns how many sections there are.
fn refer_to_footers(document: &mut Element) -> usize {
    let mut sections = 0;
    document.walk(&mut |element| {
        if element.name != "w:sectPr" {
            return;
        }
        sections += 1;
        element.attributes.clear();
        element.retain(|child| child.name != "w:footerReference");
        let id = format!("rIdVoet{sections}");
        let reference = Element::new("w:footerReference", &[("w:type", "default"), ("r:id", &id)]);
        element.children.insert(0, Node::Element(reference));
    });
    sections
}

fn written(root: &Element) -> String {
    let mut out = DECLARATION.to_owned();
    root.write(&mut out);
    out
}

/// Takes the fingerprint of every generated block and marks the block with it; gives the record of what was written.
///
/// `styles` is the part with styles that it gets, `charts` what [`chart_words`] says of its charts, by their ids.
pub(super) fn marked(
    document: &mut Element,
    mut record: Record,
    styles: &str,
    charts: BTreeMap<String, String>,
) -> Record {
    let reading = Reading { charts, ..Reading::of(styles, &[]) };
    let mut next = 0;
    document.walk(&mut |element| {
        if element.name == "w:bookmarkStart" {
            next = next.max(element.attribute("w:id").and_then(|id| id.parse().ok()).unwrap_or(0));
        }
    });
    let mut id = || {
        next += 1;
        next
    };
    let mut blocks = record.blocks.iter_mut();
    let Some(body) = document.child_mut("w:body") else { return record };
    let mut lead = Vec::new();
    for control in body.elements_mut() {
        if control.name != "w:sdt" {
            lead.extend(label(control).map(|label| hash(&reading.text_of(&label))));
            continue;
        }
        let tag = tag_of(control).to_owned();
        let Some(content) = control.child_mut("w:sdtContent").filter(|_| tag != CONTENTS) else {
            lead.clear();
            continue;
        };
        let Some(block) = blocks.next() else { break };
        block.lead = std::mem::take(&mut lead);
        if is_fact(&tag) {
            block.print = words_print(&Reading::words_of(content));
            block.tag = tag;
            continue;
        }
        let seen = reading.text_of(content);
        (block.print, block.bare) = (hash(&seen), bare_print(&seen).0);
        stamp(content, &tag, &block.print, false, &mut id);
        block.tag = tag;
    }
    record
}

/// A heading or label between blocks, without the bookmarks of the table of contents; `None` for what is none.
pub(super) fn label(element: &Element) -> Option<Element> {
    let ends_section = element.child("w:pPr").is_some_and(|properties| properties.child("w:sectPr").is_some());
    (element.name == "w:p" && !ends_section).then(|| {
        let mut label = element.clone();
        without_passing_bookmarks(&mut label);
        label
    })
}

/// The tag of a content control; empty when it has none.
pub(super) fn tag_of(control: &Element) -> &str {
    let tag = control.child("w:sdtPr").and_then(|properties| properties.child("w:tag"));
    tag.and_then(|tag| tag.attribute("w:val")).unwrap_or_default()
}

/// What Word wants to know of a custom XML part. The id only has to differ from those of other programs.
pub(super) fn item_properties() -> String {
    format!(
        "{DECLARATION}<ds:datastoreItem ds:itemID=\"{{6E1F0B52-93D4-4C1C-9C0E-57494A4B0001}}\" \
         xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\"><ds:schemaRefs>\
         <ds:schemaRef ds:uri=\"{NAMESPACE}\"/></ds:schemaRefs></ds:datastoreItem>"
    )
}

fn item_relationships() -> String {
    let kind = format!("{RELATIONSHIPS}/customXmlProps");
    relationships(&[("rId1".to_owned(), &kind, "itemProps1.xml".to_owned())])
}

fn content_types(footers: usize, charts: usize, record: bool) -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    if charts > 0 {
        let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        out.push_str(&format!("<Default Extension=\"xlsx\" ContentType=\"{workbook}\"/>"));
    }
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let office = "application/vnd.openxmlformats-officedocument";
    let mut parts = vec![
        ("/docProps/app.xml".to_owned(), format!("{office}.extended-properties+xml")),
        ("/docProps/core.xml".to_owned(), "application/vnd.openxmlformats-package.core-properties+xml".to_owned()),
        ("/docProps/custom.xml".to_owned(), format!("{office}.custom-properties+xml")),
        ("/word/document.xml".to_owned(), format!("{word}.document.main+xml")),
        ("/word/fontTable.xml".to_owned(), format!("{word}.fontTable+xml")),
        ("/word/theme/theme1.xml".to_owned(), format!("{office}.theme+xml")),
        ("/word/numbering.xml".to_owned(), format!("{word}.numbering+xml")),
        ("/word/settings.xml".to_owned(), format!("{word}.settings+xml")),
        ("/word/styles.xml".to_owned(), format!("{word}.styles+xml")),
    ];
    parts.extend((1..=footers).map(|n| (format!("/word/footer{n}.xml"), format!("{word}.footer+xml"))));
    if record {
        parts.push(("/customXml/itemProps1.xml".to_owned(), format!("{office}.customXmlProperties+xml")));
    }
    parts.extend(
        (1..=charts).map(|n| (format!("/word/charts/chart{n}.xml"), format!("{office}.drawingml.chart+xml"))),
    );
    for (name, kind) in parts {
        out.push_str(&format!("<Override PartName=\"{name}\" ContentType=\"{kind}\"/>"));
    }
    out.push_str("</Types>");
    out
}

fn relationships(list: &[(String, &str, String)]) -> String {
    let mut out = format!(
        "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    for (id, kind, target) in list {
        out.push_str(&format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>"));
    }
    out.push_str("</Relationships>");
    out
}

fn package_relationships() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    let office = format!("{RELATIONSHIPS}/officeDocument");
    let extended = format!("{RELATIONSHIPS}/extended-properties");
    let custom = format!("{RELATIONSHIPS}/custom-properties");
    relationships(&[
        ("rId1".to_owned(), &office, "word/document.xml".to_owned()),
        ("rId2".to_owned(), core, "docProps/core.xml".to_owned()),
        ("rId3".to_owned(), &extended, "docProps/app.xml".to_owned()),
        ("rId4".to_owned(), &custom, "docProps/custom.xml".to_owned()),
    ])
}

fn document_relationships(footers: usize, charts: usize, record: bool) -> String {
    let styles = format!("{RELATIONSHIPS}/styles");
    let numbering = format!("{RELATIONSHIPS}/numbering");
    let settings = format!("{RELATIONSHIPS}/settings");
    let footer = format!("{RELATIONSHIPS}/footer");
    let fonts = format!("{RELATIONSHIPS}/fontTable");
    let theme = format!("{RELATIONSHIPS}/theme");
    let mut list = vec![
        ("rId1".to_owned(), styles.as_str(), "styles.xml".to_owned()),
        ("rId2".to_owned(), numbering.as_str(), "numbering.xml".to_owned()),
        ("rId3".to_owned(), settings.as_str(), "settings.xml".to_owned()),
        ("rId4".to_owned(), fonts.as_str(), "fontTable.xml".to_owned()),
        ("rId5".to_owned(), theme.as_str(), "theme/theme1.xml".to_owned()),
    ];
    list.extend((1..=footers).map(|n| (format!("rIdVoet{n}"), footer.as_str(), format!("footer{n}.xml"))));
    let item = format!("{RELATIONSHIPS}/customXml");
    if record {
        list.push(("rIdWijkanalyse".to_owned(), &item, "../customXml/item1.xml".to_owned()));
    }
    let chart = format!("{RELATIONSHIPS}/chart");
    list.extend((1..=charts).map(|n| (format!("rIdGrafiek{n}"), chart.as_str(), format!("charts/chart{n}.xml"))));
    relationships(&list)
}

fn app() -> String {
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>wijkanalyse</Application></Properties>"
    )
}

fn core(draft: &Draft) -> String {
    let stamp = draft.date.as_deref().filter(|date| is_iso(date)).map_or_else(String::new, |date| {
        let time = format!("{}T00:00:00Z", date.trim());
        format!(
            "<dcterms:created xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:created>\
             <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{time}</dcterms:modified>"
        )
    });
    format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>nl-NL</dc:language>{stamp}\
         </cp:coreProperties>",
        xml_escape(&super::words::printable(&draft.title)),
        xml_escape(&super::words::printable(&draft.author)),
    )
}

/// `2026-11-22`, and nothing but that.
pub(super) fn is_iso(date: &str) -> bool {
    let date = date.trim();
    date.len() == 10
        && date.char_indices().all(|(n, c)| if n == 4 || n == 7 { c == '-' } else { c.is_ascii_digit() })
}

/// What kind of document this is and with which format it was made, for who makes it again.
fn custom(draft: &Draft) -> String {
    let property = |pid: u32, name: &str, value: &str| {
        format!(
            "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{pid}\" name=\"{name}\">\
             <vt:lpwstr>{}</vt:lpwstr></property>",
            xml_escape(&super::words::printable(value))
        )
    };
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
         xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">{}{}</Properties>",
        property(2, "WijkanalyseDocument", draft.kind),
        property(3, "WijkanalyseFormat", &draft.format_version),
    )
}
