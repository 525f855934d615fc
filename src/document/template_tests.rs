//! Templates of organisations with controls in places where Word lets people put them.

use super::fixture;
use super::own_documents_tests::{SECTION, control, filled, organisation, paragraph, run, text};
use super::{Kind, after_template, renewed};
use crate::finding::Finding;
use crate::model::Figure;
use crate::package::xml::{Element, elements};

/// A control with this tag around whole parts of a document.
fn around(tag: &str, inside: &str) -> String {
    format!("<w:sdt><w:sdtPr><w:tag w:val=\"{tag}\"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>")
}

fn cell(width: usize, inside: &str) -> String {
    format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{inside}</w:tc>")
}

fn table(rows: &str) -> String {
    format!("<w:tbl><w:tblPr><w:tblW w:w=\"7900\" w:type=\"dxa\"/></w:tblPr>{rows}</w:tbl>")
}

fn of<'f>(findings: &'f [Finding], code: &str) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.code == code).collect()
}

/// Every row holds cells only, every cell ends with a paragraph, and no paragraph or table lies in a row or table.
fn assert_tables_are_whole(document: &str) {
    let all = elements(document).unwrap();
    let parent = |e: &Element| {
        let mut outer = e.parent;
        while let Some(at) = outer {
            match all[at].local.as_str() {
                "sdt" | "sdtContent" => outer = all[at].parent,
                name => return name.to_owned(),
            }
        }
        String::new()
    };
    for e in &all {
        match e.local.as_str() {
            "p" | "tbl" => {
                assert!(!["tr", "tbl", "p"].contains(&parent(e).as_str()), "{}", &document[e.span.clone()])
            }
            "tc" => {
                assert_eq!(parent(e), "tr");
                let inside = &document[e.content.clone()];
                let end = inside.replace("</w:sdtContent></w:sdt>", "");
                assert!(end.ends_with("</w:p>") || end.ends_with("<w:p/>"), "{inside}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_control_around_a_cell_or_a_row_of_one_cell_gives_a_cell_with_the_block_in_it() {
    let label = cell(2500, &paragraph(&run("Vast")));
    let held = cell(5400, &paragraph(&run("klik")));
    for tag in ["wijk:factoren", "wijk:tabel:kansrijk", "wijk:kop"] {
        let in_row = table(&format!("<w:tr>{label}{}</w:tr>", around(tag, &held)));
        let row = table(&around(tag, &format!("<w:tr>{held}</w:tr>")));
        for body in [in_row, row] {
            let mut full = fixture::full();
            let (bytes, findings) = filled(&full, &body);
            assert!(of(&findings, "sjabloon-blok-om-cellen").is_empty(), "{findings:?}");
            let document = text(&bytes, "word/document.xml");
            assert_tables_are_whole(&document);
            assert!(!document.contains("klik"), "{document}");
            assert!(document.contains("<w:tcW w:w=\"5400\" w:type=\"dxa\"/></w:tcPr><w:sdt>"), "{document}");
            assert_eq!(document.matches(&format!("<w:tag w:val=\"{tag}\"/>")).count(), 1);
            // Made again it is found there.
            assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
            full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
            let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
            let document = text(&again.bytes, "word/document.xml");
            assert_tables_are_whole(&document);
            assert!(tag != "wijk:tabel:kansrijk" || document.contains("77,7%"), "{document}");
            assert!(!document.contains("wijk:nieuw:"), "{document}");
        }
    }
}

#[test]
fn a_block_of_a_renewed_document_whose_control_lies_around_its_cell_now_stays_in_that_cell() {
    let body =
        table(&format!("<w:tr>{}</w:tr>", cell(7900, &around("wijk:tabel:kansrijk", &paragraph(&run("klik"))))));
    let mut full = fixture::full();
    let (bytes, _) = filled(&full, &body);
    let document = text(&bytes, "word/document.xml");
    assert_tables_are_whole(&document);
    // As a word processor may write it: the control around the cell.
    let start = document.find("<w:tc><w:tcPr><w:tcW w:w=\"7900\"").unwrap();
    let properties = document[start..].find("<w:sdt>").unwrap() + start;
    let content = document[properties..].find("<w:sdtContent>").unwrap() + properties + "<w:sdtContent>".len();
    let end = document.rfind("</w:sdtContent></w:sdt><w:p/></w:tc>").unwrap();
    let moved = format!(
        "{}{}{}{}<w:p/></w:tc></w:sdtContent></w:sdt>{}",
        &document[..start],
        &document[properties..content],
        &document[start..properties],
        &document[content..end],
        &document[end + "</w:sdtContent></w:sdt><w:p/></w:tc>".len()..]
    );
    let archive = crate::package::archive::Archive::from_bytes("d.docx", bytes).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    parts.put("word/document.xml", moved.into_bytes());
    let moved = parts.finish().unwrap();
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", moved.clone()).unwrap().changed);
    full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
    let again = renewed(Kind::Report, &full.input(), "r.docx", moved).unwrap();
    let document = text(&again.bytes, "word/document.xml");
    assert_tables_are_whole(&document);
    assert!(document.contains("77,7%") && !document.contains("wijk:nieuw:"), "{document}");
}

#[test]
fn a_control_around_several_cells_is_told_and_stays_as_it_was() {
    let row =
        format!("<w:tr>{}{}</w:tr>", cell(3000, &paragraph(&run("een"))), cell(4900, &paragraph(&run("twee"))));
    let body = format!("{}{}", table(&around("wijk:sterk", &row)), paragraph(&control("wijk:factoren", "?")));
    let (bytes, findings) = filled(&fixture::full(), &body);
    let told = of(&findings, "sjabloon-blok-om-cellen");
    assert!(told.len() == 1 && told[0].found.contains("wijk:sterk"), "{findings:?}");
    let document = text(&bytes, "word/document.xml");
    assert_tables_are_whole(&document);
    assert!(document.contains(&row));
    // Later neither.
    let mut full = fixture::full();
    full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
    let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
    assert!(!text(&again.bytes, "word/document.xml").contains("wijk:nieuw:sterk"));
}

#[test]
fn a_cell_that_would_end_with_a_table_gets_a_paragraph() {
    for inside in
        [paragraph(&control("wijk:tabel:kansrijk", "?")), around("wijk:tabel:kansrijk", &paragraph(&run("?")))]
    {
        let body = table(&format!("<w:tr>{}</w:tr>", cell(7900, &inside)));
        let template = organisation(&format!("{body}{SECTION}"), "document");
        let full = fixture::full();
        let (bytes, _) = after_template(Kind::Report, &full.input(), "s.docx", template).unwrap();
        let document = text(&bytes, "word/document.xml");
        assert_tables_are_whole(&document);
        assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap().changed);
    }
}
