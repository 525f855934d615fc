//! Documents of an organisation that would spoil what we put in them: numbers of headings, dark cells, placeholders, narrow pages.

use super::fixture;
use super::own_documents_tests::{SECTION, control, organisation, organisation_with, paragraph, run, text};
use super::{
    Clothed, Kind, about_template, after_template, conversation_card_in_house_style, in_house_style, unfilled,
};
use crate::package::archive::Archive;

const NUMBERED: &str = "<w:style w:type=\"paragraph\" w:styleId=\"K1\"><w:name w:val=\"heading 1\"/><w:pPr><w:numPr><w:numId \
     w:val=\"4\"/></w:numPr></w:pPr></w:style><w:style w:type=\"paragraph\" w:styleId=\"K2\"><w:name w:val=\"heading 2\"/>\
     <w:basedOn w:val=\"K1\"/></w:style>";

fn house(kind: Kind, reference: Vec<u8>) -> Clothed {
    in_house_style(kind, &fixture::full().input(), "Huisstijl.docx", reference).unwrap()
}

/// The paragraphs of a style.
fn of_style<'t>(document: &'t str, style: &str) -> Vec<&'t str> {
    let named = format!("<w:pStyle w:val=\"{style}\"/>");
    let all = document.split("<w:p>").filter_map(|p| p.split("</w:p>").next());
    all.filter(|p| p.contains(&named)).collect()
}

#[test]
fn a_heading_that_names_its_own_step_gets_no_second_number_from_the_house_style() {
    const OFF: &str = "<w:numPr><w:numId w:val=\"0\"/></w:numPr>";
    for kind in [Kind::Report, Kind::ActionPlan] {
        let made = house(kind, organisation_with(NUMBERED, SECTION, "document")).bytes;
        let made = text(&made, "word/document.xml");
        for style in ["K1", "K2"] {
            let headings = of_style(&made, style);
            assert!(
                headings.len() > 1 && headings.iter().all(|heading| heading.contains(OFF)),
                "{style} {headings:?}"
            );
        }
    }
    // Where no numbers come, nothing is said of them; in a template ours go on with those of the organisation.
    let plain = NUMBERED.replace("<w:numId w:val=\"4\"/>", "<w:numId w:val=\"0\"/>");
    let plain = house(Kind::Report, organisation_with(&plain, SECTION, "document")).bytes;
    assert!(!text(&plain, "word/document.xml").contains(OFF));
    let body = format!("{}{SECTION}", paragraph(&control("wijk:activiteiten", "?")));
    let template = organisation_with(NUMBERED, &body, "document");
    let (made, _) = after_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
    let made = text(&made, "word/document.xml");
    assert!(!of_style(&made, "K1").is_empty() && !made.contains(OFF));
}

#[test]
fn a_line_of_the_table_of_contents_gets_no_second_number_from_the_house_style() {
    let numbered = NUMBERED.replace("heading 1", "toc 1").replace("heading 2", "toc 2");
    let made = house(Kind::Report, organisation_with(&numbered, SECTION, "document")).bytes;
    let made = text(&made, "word/document.xml");
    for style in ["K1", "K2"] {
        let lines = of_style(&made, style);
        assert!(lines.len() > 1, "{style}");
        for line in lines {
            assert!(line.contains("<w:numPr><w:numId w:val=\"0\"/></w:numPr>"), "{line}");
        }
    }
}

#[test]
fn what_comes_in_a_dark_cell_of_a_template_can_be_read_there() {
    let dark = "<w:style w:type=\"table\" w:styleId=\"D\"><w:name w:val=\"Donker\"/><w:tblStylePr w:type=\"firstRow\"><w:tcPr>\
                <w:shd w:fill=\"1F4E79\"/></w:tcPr></w:tblStylePr></w:style>";
    let cell = |tag: &str| format!("<w:tr><w:tc><w:tcPr/>{}<w:p/></w:tc></w:tr>", paragraph(&control(tag, "?")));
    let table = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"D\"/></w:tblPr>{}{}</w:tbl>",
        cell("wijk:kop"),
        cell("wijk:sterk")
    );
    let template = organisation_with(dark, &format!("{table}{SECTION}"), "document");
    let (made, _) = after_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
    let made = text(&made, "word/document.xml");
    let block = |tag: &str| {
        let at = made.find(&format!("<w:tag w:val=\"{tag}\"/>")).unwrap();
        made[at..].split("</w:sdtContent>").next().unwrap().to_owned()
    };
    let (first, second) = (block("wijk:kop"), block("wijk:sterk"));
    let count = |what: &str| first.matches(what).count();
    assert!(count("<w:tc>") > 4 && count("<w:tc>") == count("w:fill=\"FFFFFF\""), "{first}");
    assert!(count("<w:color w:val=\"000000\"/>") >= count("<w:tc>"), "{first}");
    // The second row is white as it is.
    assert!(!second.contains("FFFFFF") && !second.contains("w:color w:val=\"000000\""), "{second}");
}

#[test]
fn the_headings_on_the_card_can_be_read_also_where_our_own_report_is_the_house_style() {
    let report = super::report(&fixture::full().input()).unwrap();
    let made = conversation_card_in_house_style(&fixture::full().input(), "Rapport.docx", report).unwrap();
    let made = text(&made.bytes, "word/document.xml");
    let heading = made.split("<w:tr>").find(|row| row.contains(">Pijler<")).unwrap();
    let (runs, light) = (heading.matches("<w:r>").count(), heading.matches("<w:color w:val=\"FFFFFF\"/>").count());
    assert!(runs > 3 && runs == light, "{heading}");
}

#[test]
fn placeholders_on_the_pages_of_a_house_style_are_filled_and_what_stays_open_is_told_with_the_tag_that_fills_it() {
    let with_header = |header: &str, body: &str| {
        let archive =
            Archive::from_bytes("h.docx", organisation(&format!("{body}{SECTION}"), "document")).unwrap();
        let mut parts = crate::package::rewrite::Rewrite::new(&archive);
        let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        let header = format!("<w:hdr xmlns:w=\"{word}\">{}</w:hdr>", paragraph(header));
        parts.put("word/header1.xml", header.into_bytes());
        parts.finish().unwrap()
    };
    let reference = with_header(&(control("wijk", "[wijk]") + &run(" ") + &control("dag", "[datum]")), "");
    let made = house(Kind::Report, reference.clone());
    let header = text(&made.bytes, "word/header1.xml");
    assert!(header.contains(">Verzonnenwijk<") && header.contains(">[datum]<"), "{header}");
    // A field that shows a property shows the one of this document; in a control that is filled it is not written twice.
    let field =
        |code: &str, shown: &str| format!("<w:fldSimple w:instr=\" {code} \">{}</w:fldSimple>", run(shown));
    let in_control = format!(
        "<w:sdt><w:sdtPr><w:tag w:val=\"wijk\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        field("DOCPROPERTY Wijk", "vorige")
    );
    let with_fields =
        field("DOCPROPERTY Wijk", "Feijenoord") + &field("TITLE", "Nota 2019") + &run(" en ") + &in_control;
    let with_fields_only = with_header(&with_fields, "");
    let template = with_header(&with_fields, &paragraph(&control("wijk:activiteiten", "?")));
    let check = |bytes: &[u8]| {
        let header = text(bytes, "word/header1.xml");
        assert!(!header.contains("Feijenoord") && !header.contains("Nota 2019"), "{header}");
        assert!(header.contains("Rapportage") && header.contains("> en <"), "{header}");
        header.matches(">Verzonnenwijk<").count()
    };
    assert_eq!(check(&house(Kind::Report, with_fields_only).bytes), 2);
    // After a template as well, where a control of that name is nobody's block.
    let (after, _) = after_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
    assert_eq!(check(&after), 2);
    assert_eq!(made.unfilled, ["‘[datum]’ in de koptekst (nu met tag ‘dag’; tag ‘datum’ vult het)"]);
    let card = conversation_card_in_house_style(&fixture::full().input(), "h.docx", reference).unwrap();
    assert_eq!(card.unfilled, made.unfilled);
    let body = paragraph(&control("wijk:activiteiten", "?")) + &paragraph(&control("naam", "[naam]"));
    let template = with_header(&(control("wijk:wijk", "[wijk]") + &run(" ") + &control("wijk", "[wijk]")), &body);
    let (made, _) = after_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
    assert_eq!(
        unfilled("s.docx", &made).unwrap(),
        [
            "‘[naam]’ in de tekst (nu met tag ‘naam’; tag ‘wijk:adviseur’ vult het)",
            "‘[wijk]’ in de koptekst (nu met tag ‘wijk’; tag ‘wijk:wijk’ vult het)"
        ]
    );
}

#[test]
fn a_house_style_or_template_in_another_language_is_told_and_one_in_dutch_or_without_a_language_is_not() {
    let of = |language: &str| {
        let style =
            format!("<w:docDefaults><w:rPrDefault><w:rPr>{language}</w:rPr></w:rPrDefault></w:docDefaults>");
        let body = format!("{}{SECTION}", paragraph(&control("wijk:kop", "?")));
        let reference = organisation_with(&style, &body, "document");
        let template = reference.clone();
        let made = about_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap();
        assert_eq!(house(Kind::Report, reference).language, made.language);
        made.language
    };
    assert_eq!(of("<w:lang w:val=\"en-US\"/>").as_deref(), Some("en-US"));
    assert_eq!((of("<w:lang w:val=\"nl-BE\"/>"), of("")), (None, None));
}

#[test]
fn words_that_break_in_the_tables_of_a_template_are_told_too() {
    let cramped = |width: &str| {
        let section = SECTION.replace("w:w=\"11906\"", &format!("w:w=\"{width}\""));
        let body = format!("{}{section}", paragraph(&control("wijk:cijfers", "?")));
        let template = organisation(&body, "document");
        about_template(Kind::Report, &fixture::full().input(), "s.docx", template).unwrap().cramped
    };
    assert_eq!((cramped("18570"), cramped("10000") > 0), (0, true));
}
