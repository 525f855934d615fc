//! Documents of an organisation: as house style and as template.

use super::fixture::{self, Fixture};
use super::{
    Kind, after_template, block_names, conversation_card_in_house_style, example_template, in_house_style,
    renewed, report,
};
use crate::finding::Finding;
use crate::model::Figure;
use crate::package::archive::Archive;
use crate::package::write_package;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A document of an organisation with this body.
pub(super) fn organisation(body: &str, kind: &str) -> Vec<u8> {
    organisation_with(
        "<w:style w:type=\"paragraph\" w:styleId=\"OrgKop\"><w:name w:val=\"heading 1\"/></w:style>",
        body,
        kind,
    )
}

/// A document of an organisation with these styles besides that of all text.
pub(super) fn organisation_with(styles: &str, body: &str, kind: &str) -> Vec<u8> {
    let main = if kind.contains("macro") { kind.to_owned() } else { format!("{WORD}.{kind}.main+xml") };
    let rels = |list: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
                 ContentType=\"application/xml\"/><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override \
                 PartName=\"/word/document.xml\" ContentType=\"{main}\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            rels(&format!(
                "<Relationship Id=\"a\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
                 <Relationship Id=\"b\" Type=\"{OFFICE}/custom-properties\" Target=\"docProps/custom.xml\"/>"
            )),
        ),
        (
            "docProps/custom.xml",
            "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
             xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\"><property \
             fmtid=\"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}\" pid=\"2\" name=\"Wijk\"><vt:lpwstr>?</vt:lpwstr></property><property \
             fmtid=\"{D5CDD505-2E9C-101B-9397-08002B2CF9AE}\" pid=\"3\" name=\"Afdeling\"><vt:lpwstr>Jeugd</vt:lpwstr></property></Properties>"
                .to_owned(),
        ),
        (
            "word/_rels/document.xml.rels",
            rels(&format!(
                "<Relationship Id=\"s\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>\
                 <Relationship Id=\"h\" Type=\"{OFFICE}/header\" Target=\"header1.xml\"/>"
            )),
        ),
        ("word/header1.xml", "<w:hdr>logo</w:hdr>".to_owned()),
        (
            "word/styles.xml",
            format!(
                "<w:styles><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Std\"><w:name w:val=\"Normal\"/>\
                 </w:style>{styles}</w:styles>"
            ),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"{OFFICE}\"><w:body>{body}</w:body></w:document>"
            ),
        ),
    ];
    write_package(parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()).unwrap()
}

pub(super) const SECTION: &str = "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"h\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
     <w:pgMar w:top=\"1000\" w:right=\"2000\" w:bottom=\"1000\" w:left=\"2000\"/></w:sectPr>";

pub(super) fn control(tag: &str, text: &str) -> String {
    format!(
        "<w:sdt><w:sdtPr><w:alias w:val=\"Van ons\"/><w:tag w:val=\"{tag}\"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r>\
         <w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )
}

pub(super) fn paragraph(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

pub(super) fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

pub(super) fn text(bytes: &[u8], part: &str) -> String {
    Archive::from_bytes("d.docx", bytes.to_vec()).unwrap().read_text(part).unwrap()
}

fn house(reference: Vec<u8>) -> super::Clothed {
    let full = fixture::full();
    in_house_style(Kind::Report, &full.input(), "Huisstijl.docx", reference).unwrap()
}

fn reference() -> Vec<u8> {
    let cover = format!(
        "{}{}<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>{}",
        paragraph(&control("wijk", "Klik hier")),
        paragraph(&control("Naam gebiedsadviseur", "Klik hier")),
        paragraph(&run("Voorbeeldtekst van de organisatie")),
    );
    organisation(&(cover + SECTION), "document")
}

#[test]
fn everything_of_the_organisation_but_its_text_stays_to_the_byte() {
    let (before, after) = (reference(), house(reference()).bytes);
    let (before, after) = (Archive::from_bytes("a", before).unwrap(), Archive::from_bytes("b", after).unwrap());
    for name in ["word/styles.xml", "word/header1.xml"] {
        assert_eq!(before.read(name).unwrap(), after.read(name).unwrap(), "{name}");
    }
    // Title and language need a part that this document did not have; what it refers to itself stays.
    let related = |archive: &Archive| archive.read_text("_rels/.rels").unwrap();
    assert!(related(&after).starts_with(related(&before).strip_suffix("</Relationships>").unwrap()));
    assert!(after.read_text("docProps/core.xml").unwrap().contains("Verzonnenwijk</dc:title>"));
    let properties = after.read_text("docProps/custom.xml").unwrap();
    assert!(properties.contains(">Verzonnenwijk<") && properties.contains(">Jeugd<"), "{properties}");
}

#[test]
fn a_picture_of_the_organisation_without_an_alternative_text_stays_and_is_told_with_its_place() {
    let drawn = |name: &str, more: &str, inside: &str| {
        format!(
            "<w:r><w:drawing><wp:docPr xmlns:wp=\"p\" id=\"1\" name=\"{name}\"{more}>{inside}</wp:docPr><a:blip \
             xmlns:a=\"a\"/></w:drawing></w:r>"
        )
    };
    let decoration = "<adec:decorative xmlns:adec=\"d\" val=\"1\"/>";
    let with_text = drawn("Goed", " descr=\"Logo van de gemeente\"", "") + &drawn("Lijn", "", decoration);
    let old = "<w:r><mc:AlternateContent xmlns:mc=\"m\"><mc:Fallback><w:pict><v:shape xmlns:v=\"v\"><v:imagedata/></v:shape>\
               </w:pict></mc:Fallback></mc:AlternateContent><w:pict><v:shape xmlns:v=\"v\"><v:imagedata/></v:shape></w:pict></w:r>";
    let body = |cover: &str| {
        let cover = paragraph(&(control("wijk", "?") + cover));
        format!(
            "{cover}<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>{}{SECTION}",
            paragraph(&drawn("Weg", "", ""))
        )
    };
    let with_header = |cover: &str, header: &str| {
        let archive = Archive::from_bytes("h.docx", organisation(&body(cover), "document")).unwrap();
        let mut parts = crate::package::rewrite::Rewrite::new(&archive);
        let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        parts.put(
            "word/header1.xml",
            format!("<w:hdr xmlns:w=\"{word}\">{}</w:hdr>", paragraph(header)).into_bytes(),
        );
        parts.finish().unwrap()
    };
    let bad = with_header(&(drawn("Foto", " descr=\" \"", "") + &with_text), &(drawn("Logo", "", "") + old));
    let made = house(bad.clone());
    let expected = ["‘Foto’ op het voorblad", "‘Logo’ in de koptekst", "een afbeelding in de koptekst"];
    assert_eq!(made.mute_pictures, expected);
    assert_eq!(text(&made.bytes, "word/header1.xml"), text(&bad, "word/header1.xml"));
    // The card has no cover.
    assert_eq!(card(bad).unwrap().mute_pictures, expected[1..]);
    assert_eq!(house(with_header(&with_text, &with_text)).mute_pictures, Vec::<String>::new());
    let template = with_header(&drawn("Foto", "", ""), &drawn("Logo", "", ""));
    let told = super::mute_pictures("s.docx", &template).unwrap();
    assert_eq!(told, ["‘Foto’ in de tekst", "‘Weg’ in de tekst", "‘Logo’ in de koptekst"]);
}

#[test]
fn the_lines_to_write_on_stay_where_the_table_style_of_the_organisation_has_none() {
    let table =
        "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"Huis\"><w:name w:val=\"Huistabel\"/></w:style>";
    let made = text(&card(organisation_with(table, SECTION, "document")).unwrap().bytes, "word/document.xml");
    let tables: Vec<&str> = made.split("<w:tbl>").skip(1).collect();
    let lined = tables.iter().filter(|table| table.contains("<w:insideH w:val=\"single\"")).count();
    assert_eq!((tables.len(), lined), (3, 2), "the two pairs of questions, and not the figures");
    assert!(tables.iter().all(|table| table.contains("<w:tblStyle w:val=\"Huis\"/>")));
}

#[test]
fn the_cover_page_is_filled_in_and_the_other_text_of_the_organisation_goes() {
    let made = house(reference());
    let document = text(&made.bytes, "word/document.xml");
    let cover = document.split("w:type=\"page\"").next().unwrap();
    assert!(cover.contains(">Verzonnenwijk<") && cover.contains("A. de Verzonnene &amp; zonen"), "{cover}");
    assert!(!cover.contains("showingPlcHdr") && !cover.contains("Klik hier"));
    assert!(!document.contains("Voorbeeldtekst"));
    assert!(document.contains("<w:pStyle w:val=\"OrgKop\"/>"));
    assert!(made.missed.contains(&"Bijschrift".to_owned()), "{:?}", made.missed);
    // Upright pages with the organisation's section, then lying ones with the same header.
    assert_eq!(document.matches("r:id=\"h\"").count(), 2);
    assert!(document.contains("<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"));
    // Tables are as wide as its text.
    assert!(document.contains("<w:tblW w:w=\"7906\""), "{}", document.matches("tblW").count());
}

#[test]
fn what_a_tag_names_and_nobody_knows_is_not_filled_with_what_the_title_names() {
    let named = |tag: &str, title: &str| control(tag, "Klik hier").replace("Van ons", title);
    let cover = [("Naam Gebiedsadviseur", "Naam"), ("Versie", "Wijk"), ("", "Naam"), ("eigen", "Wijk naam")].map(
        |(tag, title)| {
            paragraph(&format!(
                "{}{}",
                run(&format!("<{tag}|{title}>").replace(['<', '>'], "*")),
                named(tag, title)
            ))
        },
    );
    let reference = organisation(
        &format!("{}<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>{SECTION}", cover.concat()),
        "document",
    );
    let mut fixture = fixture::full();
    fixture.analysis.pijlers[0].adviseur = None;
    fixture.analysis.pijlers[0].version = None;
    let made = in_house_style(Kind::Report, &fixture.input(), "h.docx", reference).unwrap();
    let document = text(&made.bytes, "word/document.xml");
    let cover = document.split("w:type=\"page\"").next().unwrap();
    let filled: Vec<&str> = cover.split("*</w:t>").skip(1).collect();
    for left in &filled[..3] {
        assert!(left.contains(">Klik hier<") && left.contains("showingPlcHdr"), "{left}");
    }
    assert!(filled[3].contains(">Verzonnenwijk<"), "{}", filled[3]);
}

#[test]
fn a_long_text_or_a_table_of_contents_before_the_first_new_page_is_no_cover() {
    let new_page = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
    let contents = paragraph("<w:r><w:instrText> TOC \\o </w:instrText></w:r>") + &paragraph(&run("Handleiding"));
    let long = paragraph(&control("wijk", "Klik hier")) + &paragraph(&run("Handleiding")).repeat(100);
    let other = paragraph(&control("afdeling", "Klik hier")) + &paragraph(&run("Handleiding"));
    for body in [contents, long, other] {
        let made = house(organisation(&format!("{body}{new_page}{SECTION}"), "document"));
        assert!(!text(&made.bytes, "word/document.xml").contains("Handleiding"), "{body}");
    }
}

fn card(reference: Vec<u8>) -> crate::error::Result<super::Clothed> {
    conversation_card_in_house_style(&fixture::full().input(), "Huisstijl.docx", reference)
}

#[test]
fn the_card_takes_the_letters_and_header_of_the_organisation_and_keeps_its_own_sizes_and_no_cover() {
    let made = text(&card(reference()).unwrap().bytes, "word/document.xml");
    assert!(
        made.contains("headerReference") && !made.contains("Klik hier") && !made.contains("w:br w:type=\"page\"")
    );
    // The organisation's Heading 1 with our size and spaces; text in nine points.
    let style = "<w:pStyle w:val=\"OrgKop\"/>";
    let from = made.find("Wat valt op in de cijfers?").map(|at| &made[..at]).unwrap();
    let heading = &from[from.rfind(style).unwrap()..];
    for said in
        ["<w:pageBreakBefore w:val=\"0\"/>", "<w:sz w:val=\"22\"/>", "<w:spacing w:before=\"140\" w:after=\"60\""]
    {
        assert!(heading.contains(said), "{said}: {heading}");
    }
    assert!(
        made.contains("<w:spacing w:before=\"0\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>"),
        "{made}"
    );
    assert!(made.contains("<w:sz w:val=\"18\"/>"));
}

/// The numbers in an attribute, in order.
fn numbers(text: &str, before: &str) -> Vec<f64> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()?.parse().ok()).collect()
}

#[test]
fn tables_and_charts_stay_between_the_margins_whichever_way_the_pages_of_the_organisation_stand() {
    let page = |w: u32, h: u32, margin: u32| {
        format!(
            "<w:sectPr><w:pgSz w:w=\"{w}\" w:h=\"{h}\"/><w:pgMar w:top=\"1000\" w:right=\"{margin}\" w:bottom=\"1000\" \
             w:left=\"{margin}\"/><w:cols w:num=\"2\" w:space=\"708\"/></w:sectPr>"
        )
    };
    let height = |bytes: &[u8]| numbers(&text(bytes, "word/document.xml"), " cy=\"");
    let plain = height(&report(&fixture::full().input()).unwrap());
    for (section, upright, lying) in [
        (page(11_906, 16_838, 1417), 9072.0, 14_004.0),
        (page(8392, 11_906, 1417), 5558.0, 9072.0),
        (page(16_838, 11_906, 1417), 14_004.0, 14_004.0),
    ] {
        let made = house(organisation(&section, "document")).bytes;
        let document = text(&made, "word/document.xml");
        let (first, second) = document.split_once("</w:sectPr>").unwrap();
        for (pages, width) in [(first, upright), (second, lying)] {
            let tables = numbers(pages, "<w:tblW w:w=\"");
            let widest = tables.iter().copied().fold(0.0, f64::max);
            assert!(widest <= width && widest > width - 20.0, "{tables:?} on {width}");
        }
        // A chart keeps its height, for its letters do not become smaller; a narrow one has more rows in its legend.
        let charts = numbers(&document, "<wp:extent cx=\"");
        assert!(!charts.is_empty() && charts.iter().all(|cx| *cx <= upright * 635.0), "{charts:?}");
        let heights = height(&made);
        assert!(heights.iter().zip(&plain).all(|(cy, plain)| cy >= plain && (upright < 6000.0 || cy == plain)));
        assert!(!document.contains("w:cols"), "tables do not fit in a column of text");
    }
}

#[test]
fn only_styles_that_a_document_uses_are_named_as_missing() {
    let noot = "Noot".to_owned();
    assert!(house(reference()).missed.contains(&noot));
    assert!(!card(reference()).unwrap().missed.contains(&noot));
}

#[test]
fn letters_that_are_too_faint_are_told_of_a_template_too() {
    let light = |name: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{name}\"><w:name w:val=\"{name}\"/><w:rPr><w:color w:val=\"999999\"/>\
             </w:rPr></w:style>"
        )
    };
    let used = "<w:p><w:pPr><w:pStyle w:val=\"heading 1\"/></w:pPr></w:p>";
    let template = organisation_with(&(light("heading 1") + &light("heading 2")), used, "document");
    assert_eq!(super::faint_styles("Sjabloon.docx", &template).unwrap(), ["heading 1 (2,8)"]);
}

#[test]
fn page_numbers_that_begin_anew_after_a_cover_begin_only_once() {
    let numbered = SECTION.replace("</w:sectPr>", "<w:pgNumType w:fmt=\"decimal\" w:start=\"1\"/></w:sectPr>");
    let document = text(&house(organisation(&numbered, "document")).bytes, "word/document.xml");
    let sections: Vec<&str> = document.split("<w:sectPr>").skip(1).collect();
    assert_eq!(sections.len(), 2);
    assert!(sections[0].contains("<w:pgNumType w:fmt=\"decimal\" w:start=\"1\"/>"), "{}", sections[0]);
    assert!(sections[1].contains("<w:pgNumType w:fmt=\"decimal\"/>"), "{}", sections[1]);
}

#[test]
fn after_a_cover_that_ends_where_a_heading_begins_a_page_our_text_begins_one() {
    let cover = paragraph(&control("wijk", "Klik hier"));
    let style = "<w:style w:type=\"paragraph\" w:styleId=\"K\"><w:name w:val=\"heading 1\"/><w:pPr><w:pageBreakBefore/></w:pPr>\
         </w:style>";
    let old = "<w:p><w:pPr><w:pStyle w:val=\"K\"/></w:pPr><w:r><w:t>Oude inleiding</w:t></w:r></w:p>";
    let made = house(organisation_with(style, &format!("{cover}{old}{SECTION}"), "document"));
    let document = text(&made.bytes, "word/document.xml");
    assert!(document.contains(">Verzonnenwijk<") && !document.contains("Oude inleiding"));
    let title = document.split("Rapportage Wijkprogrammering").next().unwrap();
    assert_eq!(title.matches("<w:pageBreakBefore/>").count(), 1, "{title}");
    assert!(!made.first_page_left_out);
}

#[test]
fn a_chart_is_never_higher_than_the_page_of_the_organisation() {
    let low = SECTION.replace("w:h=\"16838\"", "w:h=\"4500\"");
    let document = text(&house(organisation(&low, "document")).bytes, "word/document.xml");
    let heights = numbers(&document, " cy=\"");
    assert!(!heights.is_empty() && heights.iter().all(|cy| *cy <= 2500.0 * 635.0), "{heights:?}");
}

#[test]
fn a_chart_leaves_room_on_a_low_page_for_the_headings_and_sentences_above_it() {
    let low = SECTION.replace("w:h=\"16838\"", "w:h=\"8000\"");
    let document = text(&house(organisation(&low, "document")).bytes, "word/document.xml");
    let heights = numbers(&document, " cy=\"");
    assert!(!heights.is_empty() && heights.iter().all(|cy| *cy <= 3700.0 * 635.0), "{heights:?}");
}

#[test]
fn a_house_style_without_headings_and_lists_still_gives_headings_and_lists() {
    let bare = || organisation_with("", SECTION, "document");
    for made in [house(bare()).bytes, card(bare()).unwrap().bytes] {
        let document = text(&made, "word/document.xml");
        assert!(document.contains("<w:outlineLvl w:val=\"0\"/>"));
        assert!(document.contains("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>"));
        let numbering = text(&made, "word/numbering.xml");
        assert!(numbering.contains("<w:numFmt w:val=\"bullet\"/>") && numbering.contains("w:num w:numId=\"1\""));
        assert!(text(&made, "[Content_Types].xml").contains("/word/numbering.xml"));
        assert!(text(&made, "word/_rels/document.xml.rels").contains("numbering.xml"));
    }
}

#[test]
fn what_comes_in_a_strict_house_style_has_the_names_of_strict_documents_and_draws_the_same() {
    let usual = house(organisation_with("", SECTION, "document")).bytes;
    let archive = Archive::from_bytes("a.docx", organisation_with("", SECTION, "document")).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    for name in archive.names() {
        parts.put(name, crate::package::parts::all_in_strict(&archive.read_text(name).unwrap()).into_bytes());
    }
    let reference = parts.finish().unwrap();
    let made = Archive::from_bytes("a.docx", house(reference.clone()).bytes).unwrap();
    let old = ["wordprocessingml", "drawingml", "officeDocument"]
        .map(|kind| format!("\"http://schemas.openxmlformats.org/{kind}/2006/"));
    let mut charts = 0;
    for name in made.names().filter(|name| !name.ends_with(".xlsx")) {
        let part = made.read_text(name).unwrap();
        for old in &old {
            // Properties of the document have other names still, in the house style's own part.
            assert!(name.starts_with("docProps") || !part.contains(old.as_str()), "{name}: {old}");
        }
        charts += usize::from(part.contains("<c:chartSpace "));
    }
    let drawn = |bytes: &[u8]| text(bytes, "word/document.xml").matches("<c:chart ").count();
    let strict = house(reference).bytes;
    assert!(charts > 0 && drawn(&strict) == charts && drawn(&usual) == charts, "{charts}");
}

#[test]
fn the_card_is_made_for_the_upright_pages_of_a_house_style_that_ends_with_pages_on_their_side() {
    let lying =
        SECTION.replace("w:w=\"11906\" w:h=\"16838\"", "w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"");
    let body = format!("<w:p><w:pPr>{SECTION}</w:pPr></w:p><w:p/>{lying}");
    let document = text(&card(organisation(&body, "document")).unwrap().bytes, "word/document.xml");
    let widths = numbers(&document, "<w:tblW w:w=\"");
    assert!(!widths.is_empty() && widths.iter().all(|width| *width <= 11_906.0 - 4_000.0), "{widths:?}");
}

#[test]
fn a_house_style_that_has_only_numbered_lists_gets_bullets_beside_them() {
    let made = house(organisation_with("", SECTION, "document")).bytes;
    let archive = Archive::from_bytes("a.docx", made).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    let numbered = archive.read_text("word/numbering.xml").unwrap().replace("\"bullet\"", "\"decimal\"");
    parts.put("word/numbering.xml", numbered.into_bytes());
    let reference = parts.finish().unwrap();
    for made in [house(reference.clone()).bytes, card(reference).unwrap().bytes] {
        assert!(
            text(&made, "word/document.xml")
                .contains("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"2\"/></w:numPr>")
        );
        assert!(text(&made, "word/numbering.xml").contains("<w:num w:numId=\"2\"><w:abstractNumId w:val=\"2\"/>"));
    }
}

#[test]
fn a_chart_in_a_house_style_without_a_theme_has_colours_of_its_own() {
    let made = Archive::from_bytes("a.docx", house(reference()).bytes).unwrap();
    let mut charts = 0;
    for name in made.names().filter(|name| name.starts_with("word/charts/chart") && name.ends_with(".xml")) {
        let chart = made.read_text(name).unwrap();
        assert!(chart.contains("srgbClr") && !chart.contains("schemeClr"), "{chart}");
        charts += 1;
    }
    assert!(charts > 0);
}

#[test]
fn the_card_refers_to_no_list_except_where_a_style_of_the_organisation_would_bring_one() {
    let none = "<w:numId w:val=\"0\"/>";
    assert!(!text(&card(reference()).unwrap().bytes, "word/document.xml").contains(none));
    let numbered = "<w:style w:type=\"paragraph\" w:styleId=\"K\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr>\
                    <w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style>";
    let made = card(organisation_with(numbered, SECTION, "document")).unwrap().bytes;
    let document = text(&made, "word/document.xml");
    assert_eq!(document.matches(none).count(), document.matches("<w:pStyle w:val=\"K\"/>").count());
    assert!(document.contains(none));
}

#[test]
fn a_card_that_does_not_fit_on_one_page_of_the_organisation_is_refused_with_the_reason() {
    let low = SECTION.replace("w:h=\"16838\"", "w:h=\"9000\"");
    let narrow = SECTION.replace("w:left=\"2000\"", "w:left=\"5000\"");
    for section in [low, narrow] {
        let refused = card(organisation(&section, "document")).unwrap_err().to_string();
        assert!(refused.contains("past de gesprekskaart niet op één bladzijde"), "{refused}");
    }
}

#[test]
fn a_document_in_house_style_is_made_again_like_any_other() {
    let made = house(reference()).bytes;
    let full = fixture::full();
    let again = renewed(Kind::Report, &full.input(), "r.docx", made.clone()).unwrap();
    assert!(!again.changed, "{:?}", again.blocks);
    assert!(again.bytes == made);
}

#[test]
fn a_word_template_or_a_document_that_may_have_macros_becomes_a_document_and_macros_are_refused() {
    let full = fixture::full();
    for kind in [
        "template",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ] {
        let document = organisation(SECTION, kind);
        let made = in_house_style(Kind::Report, &full.input(), "m.docm", document.clone()).unwrap().bytes;
        let types = text(&made, "[Content_Types].xml");
        assert!(
            types.contains("wordprocessingml.document.main+xml") && !types.contains("macroEnabled"),
            "{types}"
        );
        let archive = Archive::from_bytes("m.docm", document).unwrap();
        let mut parts = crate::package::rewrite::Rewrite::new(&archive);
        parts.put("word/vbaProject.bin", b"macros".to_vec());
        let vba = "http://schemas.microsoft.com/office/2006/relationships/vbaProject";
        parts.relate("word/document.xml", vba, "vbaProject.bin", false).unwrap();
        let refused = in_house_style(Kind::Report, &full.input(), "m.docm", parts.finish().unwrap());
        assert!(refused.unwrap_err().to_string().contains("macro"), "{kind}");
    }
}

#[test]
fn a_house_style_that_is_protected_gives_a_document_of_which_that_is_told() {
    let with = |setting: &str| {
        let archive = Archive::from_bytes("h.docx", reference()).unwrap();
        let mut parts = crate::package::rewrite::Rewrite::new(&archive);
        parts.put("word/settings.xml", format!("<w:settings>{setting}</w:settings>").into_bytes());
        parts.relate("word/document.xml", &format!("{OFFICE}/settings"), "settings.xml", false).unwrap();
        house(parts.finish().unwrap())
    };
    for (setting, protected) in [
        ("<w:documentProtection w:edit=\"forms\" w:enforcement=\"1\"/>", true),
        ("<w:writeProtection w:hash=\"abc\" w:salt=\"def\"/>", true),
        ("<w:documentProtection w:edit=\"forms\" w:enforcement=\"0\"/>", false),
        ("<w:documentProtection w:edit=\"trackedChanges\" w:enforcement=\"1\"/>", false),
        ("<w:writeProtection w:recommended=\"1\"/>", false),
    ] {
        let made = with(setting);
        assert_eq!(made.protected, protected, "{setting}");
        // The settings are those of the organisation; taking a protection away is not ours to do.
        assert!(text(&made.bytes, "word/settings.xml").contains(setting), "{setting}");
    }
}

pub(super) fn filled(fixture: &Fixture, body: &str) -> (Vec<u8>, Vec<Finding>) {
    let template = organisation(&format!("{body}{SECTION}"), "document");
    after_template(Kind::Report, &fixture.input(), "Sjabloon.docx", template).unwrap()
}

#[test]
fn a_template_is_filled_and_its_own_text_stays_to_the_byte() {
    let before = paragraph(&run("Onze inleiding."));
    let sentence = format!("{}{}{}", run("Dit gaat over "), control("wijk:wijk", "?"), run(" dus."));
    let body = format!("{before}{}{}", paragraph(&sentence), paragraph(&control("Wijk:Tabel:kansrijk ", "?")));
    let (bytes, findings) = filled(&fixture::full(), &body);
    assert!(findings.iter().all(|finding| finding.code == "sjabloon-blok-ontbreekt"), "{findings:?}");
    let document = text(&bytes, "word/document.xml");
    assert!(document.contains(&before));
    assert!(
        document.contains(&format!("{}<w:sdt>", run("Dit gaat over ")))
            && document.contains(">Verzonnenwijk</w:t>")
    );
    assert!(document.contains("12,3%") && document.contains("<w:alias w:val=\"Van ons\"/>"));
    assert!(!document.contains("<w:p><w:sdt><w:sdtPr><w:alias w:val=\"Van ons\"/><w:tag w:val=\"wijk:tabel"));
    // A missing part is warned about, a part that is there in another way is not.
    let missing: Vec<&str> = findings.iter().map(|finding| finding.found.as_str()).collect();
    assert!(missing.iter().any(|said| said.contains("wijk:ambities")));
    assert!(!missing.iter().any(|said| said.contains("'wijk:opvallend'")), "{missing:?}");
}

#[test]
fn a_template_without_bullets_gets_them_where_a_list_comes_and_only_there() {
    let of = |tag: &str| filled(&fixture::full(), &paragraph(&control(tag, "?"))).0;
    let made = of("wijk:ambities");
    let item = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>";
    assert!(text(&made, "word/document.xml").contains(item));
    assert!(text(&made, "word/numbering.xml").contains("<w:numFmt w:val=\"bullet\"/>"));
    assert!(text(&made, "word/_rels/document.xml.rels").contains("numbering.xml"));
    assert!(!renewed(Kind::Report, &fixture::full().input(), "r.docx", made).unwrap().changed);
    let made = Archive::from_bytes("d.docx", of("wijk:wijk")).unwrap();
    assert!(!made.names().any(|name| name.contains("numbering")));
    // A template with numbered lists only keeps those.
    let archive = Archive::from_bytes("a.docx", of("wijk:ambities")).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    let numbered = archive.read_text("word/numbering.xml").unwrap().replace("\"bullet\"", "\"decimal\"");
    parts.put("word/numbering.xml", numbered.into_bytes());
    let document = archive.read_text("word/document.xml").unwrap();
    let body = paragraph(&control("wijk:ambities", "?"));
    let start = document.find("<w:body>").unwrap() + "<w:body>".len();
    parts.put(
        "word/document.xml",
        format!("{}{body}{SECTION}</w:body></w:document>", &document[..start]).into_bytes(),
    );
    let template = parts.finish().unwrap();
    let (made, _) = after_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
    assert!(text(&made, "word/document.xml").contains(&item.replace("\"1\"", "\"2\"")));
    assert!(text(&made, "word/numbering.xml").contains("\"decimal\""));
}

#[test]
fn a_document_after_a_template_without_bullets_gets_them_when_its_first_list_comes() {
    let mut without = fixture::full();
    without.format.domeinen.clear();
    let has_lists = |bytes: &[u8]| {
        Archive::from_bytes("d.docx", bytes.to_vec()).unwrap().names().any(|name| name.contains("numbering"))
    };
    let (before, _) = filled(&without, &paragraph(&control("wijk:ambities", "?")));
    assert!(!has_lists(&before));
    let full = fixture::full();
    let made = renewed(Kind::Report, &full.input(), "r.docx", before).unwrap();
    let item = "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr>";
    assert!(text(&made.bytes, "word/document.xml").contains(item));
    assert!(text(&made.bytes, "word/numbering.xml").contains("<w:numFmt w:val=\"bullet\"/>"));
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", made.bytes).unwrap().changed);
    // Where no list comes, none is added.
    let (before, _) = filled(&without, &paragraph(&control("wijk:naam-gebiedsadviseur", "?")));
    assert!(!has_lists(&renewed(Kind::Report, &full.input(), "r.docx", before).unwrap().bytes));
}

#[test]
fn fields_on_the_cover_show_the_properties_of_this_document_however_they_are_written() {
    let simple = "<w:fldSimple w:instr=\" DOCPROPERTY &quot;Naam gebiedsadviseur&quot; \\* MERGEFORMAT \"><w:r><w:t>ou</w:t></w:r>\
        <w:r><w:t>d</w:t></w:r></w:fldSimple>";
    let sign = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let long = format!(
        "{}<w:r><w:instrText> DOCPROPERTY Wijk </w:instrText></w:r>{}{}{}{}",
        sign("begin"),
        sign("separate"),
        run("vro"),
        run("eger"),
        sign("end")
    );
    let end = run(" einde");
    let cover =
        format!("{}<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>", paragraph(&format!("{simple}{long}{end}")));
    let document = text(&house(organisation(&(cover + SECTION), "document")).bytes, "word/document.xml");
    let shown = |of: &str| document.contains(&format!(">{of}</w:t>"));
    assert!(shown("A. de Verzonnene &amp; zonen") && shown("Verzonnenwijk") && shown(" einde"), "{document}");
    assert!(!shown("ou") && !shown("d") && !shown("vro") && !shown("eger"), "{document}");
}

#[test]
fn headings_in_a_template_follow_on_those_of_the_template_without_a_gap() {
    let heading = "<w:p><w:pPr><w:pStyle w:val=\"OrgKop\"/></w:pPr><w:r><w:t>Wat opvalt</w:t></w:r></w:p>";
    let body = format!(
        "{heading}{}{}",
        paragraph(&control("wijk:opvallend", "?")),
        paragraph(&control("wijk:ambities", "?"))
    );
    let (bytes, _) = filled(&fixture::full(), &body);
    let document = text(&bytes, "word/document.xml");
    let all = crate::package::xml::elements(&document).unwrap();
    let headings = super::headings::Headings::of(&text(&bytes, "word/styles.xml"));
    let paragraphs = all.iter().enumerate().filter(|(_, e)| e.local == "p");
    let levels: Vec<usize> = paragraphs.filter_map(|(index, _)| headings.level(&all, index)).collect();
    assert!(
        levels.len() > 5 && levels.first() == Some(&1) && levels.contains(&2) && levels.contains(&3),
        "{levels:?}"
    );
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    // Made again over itself nothing changes, though our own headings now stand above the second control.
    let full = fixture::full();
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
    // Title and language are those of the report, also where the template had no properties.
    let core = text(&bytes, "docProps/core.xml");
    assert!(core.contains("Verzonnenwijk</dc:title>") && core.contains(">nl-NL</dc:language>"), "{core}");
}

#[test]
fn a_document_made_after_a_template_is_made_again_with_its_own_blocks() {
    let body = format!(
        "{}{}",
        paragraph(&format!("{}{}", run("Over "), control("wijk:versie", "?"))),
        paragraph(&control("wijk:opvallend", "?"))
    );
    let mut full = fixture::full();
    let (bytes, _) = filled(&full, &body);
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
    full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
    full.analysis.pijlers[0].version.as_mut().unwrap().text = "2.0".to_owned();
    let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
    let document = text(&again.bytes, "word/document.xml");
    assert!(document.contains("77,7%") && document.contains(">2.0</w:t>"));
    assert_eq!(again.figures.len(), 1);
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", again.bytes).unwrap().changed);
}

#[test]
fn wrong_tags_are_reported_with_the_place_and_the_nearest_name() {
    let body = [
        "<w:p><w:pPr><w:pStyle w:val=\"Kop1\"/></w:pPr><w:r><w:t>Cijfers van de wijk</w:t></w:r></w:p>".to_owned(),
        paragraph(&run("Hieronder staat wat opvalt.")),
        paragraph(&control("wijk:opvalend", "?")),
        paragraph(&control("wijk:factoren", "?")),
        paragraph(&control("wijk:factoren", "?")),
        paragraph(&format!("{}{}", run("Zie "), control("wijk:sterk", "?"))),
        paragraph(&control("wjk:ambities", "?")),
        paragraph(&control("iets anders", "?")),
    ]
    .concat();
    let (bytes, findings) = filled(&fixture::full(), &body);
    let of = |code: &str| -> Vec<&Finding> { findings.iter().filter(|finding| finding.code == code).collect() };
    let unknown = of("sjabloon-blok-onbekend");
    assert_eq!(unknown.len(), 2, "{findings:?}");
    assert!(unknown[0].expected.contains("wijk:opvallend") && unknown[1].expected.contains("wijk:ambities"));
    let place = unknown[0].place.subject.as_deref().unwrap();
    assert!(place.contains("Cijfers van de wijk") && place.contains("Hieronder staat wat opvalt."), "{place}");
    assert_eq!(of("sjabloon-blok-dubbel").len(), 1);
    assert_eq!(of("sjabloon-blok-in-zin").len(), 1);
    let document = text(&bytes, "word/document.xml");
    assert!(document.contains(&control("wijk:opvalend", "?")) && document.contains(&control("iets anders", "?")));
    let empty = organisation(&format!("{}{SECTION}", paragraph(&run("niets"))), "document");
    let full = fixture::full();
    assert!(
        after_template(Kind::Report, &full.input(), "s.docx", empty)
            .unwrap_err()
            .to_string()
            .contains("--blokken")
    );
}

#[test]
fn every_name_of_the_list_can_be_filled_and_the_example_has_no_mistakes() {
    let full = fixture::full();
    for kind in [Kind::Report, Kind::ActionPlan] {
        let names = block_names(kind, &full.input());
        // What is filled in is what the list promises.
        assert!(names.iter().all(|name| !name.example.is_empty()), "{names:?}");
        let body: String = names.iter().map(|name| paragraph(&control(&name.tag, "LEEG"))).collect();
        let template = organisation(&format!("{body}{SECTION}"), "document");
        let (bytes, findings) = after_template(kind, &full.input(), "s.docx", template).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert!(!text(&bytes, "word/document.xml").contains("LEEG"));
        let example = example_template(kind, &full.format).unwrap();
        let (_, findings) = after_template(kind, &full.input(), "s.docx", example).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
    }
}

/// Every code of templates, tried: a template with all parts gives nothing.
pub(crate) fn tried() -> Vec<crate::testing::Tried> {
    let full = fixture::full();
    let all: Vec<String> = block_names(Kind::Report, &full.input()).into_iter().map(|name| name.tag).collect();
    let in_order = |tags: &[String], more: &str| {
        let body: String = tags.iter().map(|tag| paragraph(&control(tag, "?"))).collect();
        filled(&full, &(body + more)).1
    };
    let but = |gone: &str| -> Vec<String> { all.iter().filter(|tag| *tag != gone).cloned().collect() };
    let more = |tag: &str| in_order(&all, &paragraph(&control(tag, "?")));
    let within = |tag: &str| {
        let sentence = format!("{}{}{}", run("Zie ook "), control(tag, "?"), run(" hieronder."));
        in_order(&all, &paragraph(&sentence))
    };
    let in_a_sentence = {
        let sentence = format!("{}{}", run("Zie ook "), control("wijk:factoren", "?"));
        in_order(&but("wijk:factoren"), &paragraph(&sentence))
    };
    let inside = |outer: &str| {
        let body = format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"{outer}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            paragraph(&control("wijk:regels", "?"))
        );
        let others: Vec<String> = but("wijk:regels").into_iter().filter(|tag| *tag != outer).collect();
        in_order(&others, &body)
    };
    let in_cell = |width: usize| {
        let cell = format!(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
            paragraph(&control("wijk:tabel:kansrijk", "?"))
        );
        in_order(&but("wijk:tabel:kansrijk"), &(cell + &paragraph("")))
    };
    let in_box = |tag: &str| {
        let shape = format!(
            "<w:r><w:pict><v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\"><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox>\
             </v:shape></w:pict></w:r>",
            paragraph(&control(tag, "?"))
        );
        in_order(&but(tag), &paragraph(&shape))
    };
    let around_cells = |cells: usize| {
        let cells = format!("<w:tc>{}</w:tc>", paragraph(&run("cel"))).repeat(cells);
        let row = format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"wijk:factoren\"/></w:sdtPr><w:sdtContent><w:tr>{cells}</w:tr></w:sdtContent></w:sdt>"
        );
        in_order(&but("wijk:factoren"), &format!("<w:tbl>{row}</w:tbl>{}", paragraph("")))
    };
    let heading = "<w:p><w:pPr><w:pStyle w:val=\"OrgKop\"/></w:pPr><w:r><w:t>Factoren</w:t></w:r></w:p>";
    [
        ("sjabloon-zonder-tag", in_order(&[], heading), in_order(&all, heading)),
        ("sjabloon-blok-onbekend", more("wijk:opvalend"), more("iets anders")),
        ("sjabloon-blok-dubbel", more("wijk:factoren"), more("wijk:wijk")),
        ("sjabloon-blok-in-zin", in_a_sentence, within("wijk:wijk")),
        ("sjabloon-blok-in-blok", inside("wijk:factoren"), inside("eigen:kader")),
        ("sjabloon-blok-in-tekstvak", in_box("wijk:factoren"), in_box("wijk:wijk")),
        ("sjabloon-blok-smal", in_cell(2500), in_cell(7900)),
        ("sjabloon-blok-om-cellen", around_cells(2), around_cells(1)),
        ("sjabloon-blok-ontbreekt", in_order(&but("wijk:ambities"), ""), in_order(&all, "")),
    ]
    .into_iter()
    .map(|(code, fires, quiet)| crate::testing::Tried::new(code, fires, quiet))
    .collect()
}
