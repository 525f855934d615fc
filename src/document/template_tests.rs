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
                "sdt" | "sdtContent" | "customXml" => outer = all[at].parent,
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

#[test]
fn a_block_inside_another_block_is_told_and_another_control_of_it_is_filled() {
    let nested =
        around("wijk:factoren", &format!("{}{}", paragraph(&run("oud")), around("wijk:ambities", &paragraph(""))));
    let (bytes, findings) = filled(&fixture::full(), &format!("{}{nested}", paragraph(&run("Ervoor"))));
    let told = of(&findings, "sjabloon-blok-in-blok");
    assert_eq!(told.len(), 1, "{findings:?}");
    assert!(told[0].found.contains("'wijk:ambities'") && told[0].found.contains("'wijk:factoren'"));
    assert!(
        told[0].place.subject.as_deref().unwrap().contains("Ervoor")
            || told[0].place.subject.as_deref().unwrap().contains("oud")
    );
    // It is there, and what was told of it is why it is not filled.
    assert!(!of(&findings, "sjabloon-blok-ontbreekt").iter().any(|f| f.found.contains("ambities")));
    assert!(!text(&bytes, "word/document.xml").contains("wijk:ambities"));
    let (bytes, findings) =
        filled(&fixture::full(), &format!("{nested}{}", paragraph(&control("wijk:ambities", "?"))));
    assert!(of(&findings, "sjabloon-blok-dubbel").is_empty(), "{findings:?}");
    assert!(text(&bytes, "word/document.xml").contains("wijk:ambities"));
}

#[test]
fn a_text_box_that_word_writes_twice_has_its_block_once() {
    let copy = |of: &str, inside: &str| format!("<mc:{of}><w:txbxContent>{inside}</w:txbxContent></mc:{of}>");
    let held = around("wijk:totaalbeeld", &paragraph(&run("klik"))) + &paragraph("");
    let body = paragraph(&format!(
        "{}<w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">{}{}</mc:AlternateContent></w:r>",
        run("Kader"),
        copy("Choice", &held),
        copy("Fallback", &format!("{held}{}", around("wijk:totalbeeld", &paragraph(""))))
    ));
    let full = fixture::full();
    let (bytes, findings) = filled(&full, &body);
    let told: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(told.iter().filter(|code| **code == "sjabloon-blok-in-tekstvak").count(), 1, "{findings:?}");
    assert!(
        told.iter().all(|code| code.ends_with("-ontbreekt") || code.ends_with("-in-tekstvak")),
        "{findings:?}"
    );
    let document = text(&bytes, "word/document.xml");
    assert!(!document[..document.find("<mc:Fallback>").unwrap()].contains("klik"), "{document}");
    // A word processor writes what was filled in twice too.
    let start = document.find("<mc:Choice>").unwrap() + "<mc:Choice>".len();
    let end = document.find("</mc:Choice>").unwrap();
    let (from, to) = (document.find("<mc:Fallback>").unwrap(), document.find("</mc:Fallback>").unwrap());
    let twice = format!("{}<mc:Fallback>{}{}", &document[..from], &document[start..end], &document[to..]);
    let archive = crate::package::archive::Archive::from_bytes("d.docx", bytes).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    parts.put("word/document.xml", twice.into_bytes());
    let again = renewed(Kind::Report, &full.input(), "r.docx", parts.finish().unwrap()).unwrap();
    assert!(!again.changed && again.blocks.is_empty(), "{:?}", again.blocks);
}

/// A template with these footnotes.
fn with_notes(kind: Kind, notes: &str) -> (Vec<u8>, Vec<Finding>) {
    let body = format!("{}{SECTION}", paragraph(&control("wijk:activiteiten", "?")));
    let archive = crate::package::archive::Archive::from_bytes("s.docx", organisation(&body, "document")).unwrap();
    let mut parts = crate::package::rewrite::Rewrite::new(&archive);
    let notes = format!(
        "<w:footnotes xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:footnote w:id=\"2\">{notes}\
         </w:footnote></w:footnotes>"
    );
    parts.put("word/footnotes.xml", notes.into_bytes());
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes";
    parts.relate("word/document.xml", relation, "footnotes.xml", false).unwrap();
    after_template(kind, &fixture::full().input(), "s.docx", parts.finish().unwrap()).unwrap()
}

#[test]
fn facts_in_footnotes_are_filled_and_blocks_and_wrong_tags_there_are_told() {
    let notes = ["wijk:wijk", "wijk:factoren", "wijk:datm"].map(|tag| paragraph(&control(tag, "klik"))).concat();
    let (bytes, findings) = with_notes(Kind::Report, &notes);
    let [block] = of(&findings, "sjabloon-blok-in-zin")[..] else { panic!("{findings:?}") };
    assert!(block.found.contains("wijk:factoren") && block.found.contains("een voetnoot"), "{}", block.found);
    let [wrong] = of(&findings, "sjabloon-blok-onbekend")[..] else { panic!("{findings:?}") };
    assert!(wrong.expected.contains("wijk:datum") && wrong.found.contains("een voetnoot"), "{wrong:?}");
    let notes = text(&bytes, "word/footnotes.xml");
    assert!(notes.contains(">Verzonnenwijk<") && notes.matches("klik").count() == 2, "{notes}");
    assert!(!renewed(Kind::Report, &fixture::full().input(), "r.docx", bytes).unwrap().changed);
}

#[test]
fn a_tag_of_the_report_in_the_template_of_a_plan_is_told_as_such_with_the_command_of_the_plan() {
    let body = paragraph(&control("wijk:opvallend", "?")) + &paragraph(&control("wijk:activiteten", "?"));
    let template = organisation(&format!("{body}{SECTION}"), "document");
    let (_, findings) = after_template(Kind::ActionPlan, &fixture::full().input(), "s.docx", template).unwrap();
    let [other, wrong] = of(&findings, "sjabloon-blok-onbekend")[..] else { panic!("{findings:?}") };
    assert!(other.found.contains("is een blok van de rapportage"), "{}", other.found);
    assert!(wrong.found.contains("Er is geen blok 'wijk:activiteten'"), "{}", wrong.found);
    for finding in [other, wrong] {
        assert!(finding.advice.contains("'wijk plan --blokken'"), "{}", finding.advice);
    }
}

#[test]
fn only_a_name_that_is_like_it_is_proposed_else_those_with_the_same_beginning() {
    let expected = |tag: &str| {
        let (_, findings) = filled(&fixture::full(), &paragraph(&control(tag, "?")));
        of(&findings, "sjabloon-blok-onbekend")[0].expected.clone()
    };
    let all = expected("wijk:domein:zeilen");
    let domeinen = super::block_names(Kind::Report, &fixture::full().input());
    let domeinen = domeinen.iter().filter(|name| name.tag.starts_with("wijk:domein:"));
    assert!(all.starts_with("Een van: ") && domeinen.clone().all(|name| all.contains(&name.tag)), "{all}");
    assert_eq!(all.matches("wijk:").count(), domeinen.count(), "{all}");
    assert!(expected("wijk:tabel:kansrik").starts_with("Bijvoorbeeld wijk:tabel:kansrijk"));
    assert!(expected("wjk-totaalbeld").contains("wijk:totaalbeeld"));
    // What all names begin with makes no two of them alike.
    assert_eq!(expected("wijk:q"), "");
}

/// The width of the first table that was put in a document.
fn first_width(document: &str) -> usize {
    let start = document.find("<w:tag w:val=\"wijk:tabel:kansrijk\"/>").unwrap();
    let width = document[start..].find("<w:tblW w:w=\"").unwrap() + start + "<w:tblW w:w=\"".len();
    document[width..].split('"').next().unwrap().parse().unwrap()
}

#[test]
fn tables_in_a_template_are_as_wide_as_the_section_the_column_or_the_cell_in_which_they_stand() {
    let block = paragraph(&control("wijk:tabel:kansrijk", "?"));
    let lying = "<w:p><w:pPr><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/><w:pgMar w:top=\"1000\" \
                 w:right=\"1419\" w:bottom=\"1000\" w:left=\"1419\"/></w:sectPr></w:pPr></w:p>";
    let columns = lying.replace("</w:sectPr>", "<w:cols w:num=\"2\" w:space=\"600\"/></w:sectPr>");
    let in_cell = |width: usize| table(&format!("<w:tr>{}</w:tr>", cell(width, &block))) + &paragraph("");
    let around_cell =
        table(&format!("<w:tr>{}</w:tr>", around("wijk:tabel:kansrijk", &cell(6000, &paragraph("")))));
    for (body, width, narrow) in [
        (block.clone(), 7906, false),
        (block.clone() + lying, 14_000, false),
        (block.clone() + &columns, 6700, false),
        (in_cell(6000), 5784, false),
        (around_cell, 5784, false),
        (in_cell(4000), 3784, true),
    ] {
        let mut full = fixture::full();
        let (bytes, findings) = filled(&full, &body);
        let got = first_width(&text(&bytes, "word/document.xml"));
        assert!(got.abs_diff(width) <= 2, "{got} {width}");
        let told = of(&findings, "sjabloon-blok-smal");
        assert_eq!(told.len(), usize::from(narrow), "{findings:?}");
        assert!(told.iter().all(|finding| finding.found.contains("6,7 cm")), "{told:?}");
        // Made again it is made for the same room.
        assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
        full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
        let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
        let document = text(&again.bytes, "word/document.xml");
        assert!(document.contains("77,7%") && first_width(&document) == got);
    }
}

#[test]
fn a_break_of_a_section_and_the_bookmarks_in_a_control_outlive_its_text() {
    let lying = "<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/></w:sectPr>";
    let within = format!(
        "<w:p><w:bookmarkStart w:id=\"71\" w:name=\"verwijzing\"/>{}<w:bookmarkEnd w:id=\"71\"/>\
         <w:bookmarkStart w:id=\"72\" w:name=\"verder\"/></w:p><w:p><w:pPr>{lying}</w:pPr></w:p>",
        run("klik")
    );
    let body = around("wijk:ambities", &within)
        + &paragraph(&run("Hierna.")).replace("</w:p>", "<w:bookmarkEnd w:id=\"72\"/></w:p>");
    let (bytes, _) = filled(&fixture::full(), &body);
    let document = text(&bytes, "word/document.xml");
    let at = |what: &str| document.find(what).unwrap_or_else(|| panic!("{what} is gone: {document}"));
    assert!(!document.contains(">klik<"));
    assert!(
        at("w:name=\"verwijzing\"") < at("w:sdtContent")
            && at("w:sdtContent") < at("<w:bookmarkEnd w:id=\"71\"/>")
    );
    assert!(at("w:name=\"verder\"") < at("<w:bookmarkEnd w:id=\"72\"/>"));
    assert!(at("</w:sdtContent>") < at("landscape") && at("landscape") < at("Hierna."));
    assert_eq!(document.matches("<w:sectPr").count(), 2);
    let full = fixture::full();
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap().changed);
}

#[test]
fn a_row_of_an_exact_height_grows_with_the_block_in_it() {
    let row = |rule: &str, cell: &str| {
        format!(
            "<w:tr><w:trPr><w:trHeight w:val=\"400\" w:hRule=\"{rule}\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"9000\" w:type=\"dxa\"/></w:tcPr>\
             {cell}</w:tc></w:tr>"
        )
    };
    let table = format!(
        "<w:tbl>{}{}</w:tbl>{}",
        row("exact", &around("wijk:ambities", &paragraph(&run("klik")))),
        row("exact", &paragraph(&run("Van ons."))),
        paragraph("")
    );
    let (bytes, _) = filled(&fixture::full(), &table);
    let document = text(&bytes, "word/document.xml");
    assert!(document.contains("<w:trHeight w:val=\"400\" w:hRule=\"atLeast\"/>"), "{document}");
    assert_eq!(document.matches("w:hRule=\"exact\"").count(), 1, "the row without a block keeps its height");
}

#[test]
fn signs_in_a_tag_that_nobody_sees_are_dropped_around_it_and_named_within_it() {
    let with = |tag: &str| filled(&fixture::full(), &around(tag, &paragraph(&run("klik"))));
    let (bytes, findings) = with("\u{feff}wijk:ambities \u{200b}");
    assert!(of(&findings, "sjabloon-blok-onbekend").is_empty(), "{findings:?}");
    assert!(!text(&bytes, "word/document.xml").contains(">klik<"));
    let (_, findings) = with("wijk:ambi\u{200b}ties");
    let [wrong] = of(&findings, "sjabloon-blok-onbekend")[..] else { panic!("{findings:?}") };
    assert!(wrong.found.contains("onzichtbaar teken (U+200B)"), "{wrong:?}");
    assert!(wrong.expected.contains("wijk:ambities") && wrong.advice.contains("typ hem opnieuw"), "{wrong:?}");
}

/// A heading of this level in a document of an organisation.
fn head(level: usize, title: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"OrgKop\"/><w:outlineLvl w:val=\"{}\"/></w:pPr>{}</w:p>",
        level - 1,
        run(title)
    )
}

#[test]
fn a_template_without_tags_is_filled_below_the_headings_with_the_titles_of_blocks() {
    let body = [
        head(1, "Inleiding"),
        head(1, "2. Opvallend"),
        paragraph(&run("Hieronder staat wat opvalt.")),
        head(2, "Kansrijk"),
        head(1, "Onze FACTOREN"),
        head(1, "Factoren"),
        paragraph(&run("Tekst van ons.")),
        paragraph("<w:r><w:br w:type=\"page\"/></w:r>"),
        head(1, "Factoren:"),
        head(1, "1.1.3 Ambities"),
    ]
    .concat();
    let mut full = fixture::full();
    let (bytes, findings) = filled(&full, &body);
    let [told, double] = of(&findings, "sjabloon-zonder-tag")[..] else { panic!("{findings:?}") };
    for said in ["'wijk:opvallend:kansrijk' onder 'Kansrijk'", "'wijk:factoren'", "'wijk:ambities'"] {
        assert!(told.found.contains(said), "{}", told.found);
    }
    let (_, left) = told.found.split_once("Niet geplaatst").unwrap();
    assert!(left.contains("wijk:partners") && !left.contains("wijk:factoren"), "{told:?}");
    // The other pijlers of what stands out have no heading.
    assert!(left.contains("wijk:opvallend:"), "{told:?}");
    assert!(double.found.contains("'Factoren:'"), "{}", double.found);
    assert_eq!(findings.len(), 2, "{findings:?}");
    let document = text(&bytes, "word/document.xml");
    let at = |what: &str| document.find(what).unwrap_or_else(|| panic!("{what} is gone: {document}"));
    // Below the text of the organisation and before the new page; nothing of it is gone.
    assert!(at("Tekst van ons.") < at("\"wijk:factoren\"") && at("\"wijk:factoren\"") < at("w:type=\"page\""));
    assert!(
        at(">Kansrijk<") < at("\"wijk:opvallend:kansrijk\"")
            && at("Onze FACTOREN") > at("wijk:opvallend:kansrijk")
    );
    assert_eq!(document.matches("<w:tag w:val=\"wijk:").count(), 3, "{document}");
    // It is made again as every document after a template.
    assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
    full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
    let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
    assert!(text(&again.bytes, "word/document.xml").contains("77,7%"));
}

#[test]
fn a_template_with_neither_tags_nor_titles_is_refused_and_so_is_a_document_that_was_made_before() {
    let full = fixture::full();
    let nothing = organisation(&format!("{}{SECTION}", head(1, "Onze werkwijze")), "document");
    let made = super::report(&full.input()).unwrap();
    for template in [nothing, made] {
        let refused = after_template(Kind::Report, &full.input(), "s.docx", template).unwrap_err().to_string();
        assert!(
            refused.contains("geen kop met de naam van een blok") && refused.contains("--blokken"),
            "{refused}"
        );
    }
}

/// Text in a mark of another program.
fn marked(of: &str, inside: &str) -> String {
    format!(
        "<w:{of} w:uri=\"urn:van-een-ander\" w:element=\"deel\"><w:{of}Pr><w:attr w:name=\"a\" w:val=\"b\"/></w:{of}Pr>{inside}</w:{of}>"
    )
}

#[test]
fn blocks_within_marks_of_other_programs_are_filled_and_made_again() {
    let block = around("wijk:tabel:kansrijk", &paragraph(&run("klik")));
    for body in [
        marked("customXml", &(paragraph(&run("Van ons.")) + &block)),
        paragraph(&run("Van ons.")) + &paragraph(&marked("smartTag", &control("wijk:tabel:kansrijk", "klik"))),
        marked(
            "customXml",
            &(paragraph(&run("Van ons."))
                + &paragraph(&marked("customXml", &control("wijk:tabel:kansrijk", "klik")))),
        ),
    ] {
        let mut full = fixture::full();
        let (bytes, findings) = filled(&full, &body);
        assert!(findings.iter().all(|finding| finding.code == "sjabloon-blok-ontbreekt"), "{findings:?}");
        let document = text(&bytes, "word/document.xml");
        assert_tables_are_whole(&document);
        assert!(!document.contains("klik") && document.contains("Van ons."), "{document}");
        full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
        // Also where a program dropped the control and left the marks of the block, and where one put its mark around all.
        let bare = without_controls(&document);
        let held = document.replace("<w:body>", "<w:body><w:customXml w:element=\"alles\">");
        let held = held.replace("<w:sectPr><w:headerR", "</w:customXml><w:sectPr><w:headerR");
        for changed in [document.clone(), bare, held] {
            let archive = crate::package::archive::Archive::from_bytes("d.docx", bytes.clone()).unwrap();
            let mut parts = crate::package::rewrite::Rewrite::new(&archive);
            parts.put("word/document.xml", changed.into_bytes());
            let again = renewed(Kind::Report, &full.input(), "r.docx", parts.finish().unwrap()).unwrap();
            let document = text(&again.bytes, "word/document.xml");
            assert!(document.contains("77,7%") && document.contains("Van ons."), "{document}");
            assert!(!document.contains("wijk:nieuw:"), "{:?} {document}", again.blocks);
            assert_tables_are_whole(&document);
            assert!(!renewed(Kind::Report, &full.input(), "r.docx", again.bytes).unwrap().changed);
        }
    }
}

/// A document of which a program dropped the controls.
fn without_controls(document: &str) -> String {
    let mut out = String::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("<w:sdt>") {
        out.push_str(before);
        rest = after.split_once("<w:sdtContent>").unwrap().1;
    }
    (out + rest).replace("</w:sdtContent></w:sdt>", "")
}

#[test]
fn a_text_box_grows_with_its_block_and_its_copy_for_older_programs_says_the_same() {
    let held = paragraph(&run("Kader.")) + &around("wijk:tabel:kansrijk", &paragraph(&run("klik")));
    let held = format!("<w:txbxContent>{held}</w:txbxContent>");
    for properties in [
        "<wps:bodyPr wrap=\"square\"><a:prstTxWarp prst=\"textNoShape\"/><a:noAutofit/></wps:bodyPr>",
        "<wps:bodyPr wrap=\"square\"><a:prstTxWarp prst=\"textNoShape\"/></wps:bodyPr>",
        "<wps:bodyPr wrap=\"square\"/>",
    ] {
        let drawn = format!(
            "<w:drawing><wp:anchor><wp:extent cx=\"5080000\" cy=\"600000\"/><wps:wsp><wps:txbx>{held}</wps:txbx>{properties}</wps:wsp>\
             </wp:anchor></w:drawing>"
        );
        let older = format!("<w:pict><v:shape><v:textbox inset=\"0,0,0,0\">{held}</v:textbox></v:shape></w:pict>");
        let names = "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:wps=\"urn:wps\" xmlns:wp=\"urn:wp\" \
                     xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:v=\"urn:v\"";
        let body = paragraph(&format!(
            "<w:r><mc:AlternateContent {names}><mc:Choice Requires=\"wps\">{drawn}</mc:Choice><mc:Fallback>{older}</mc:Fallback>\
             </mc:AlternateContent></w:r>"
        ));
        let mut full = fixture::full();
        let (bytes, _) = filled(&full, &body);
        let document = text(&bytes, "word/document.xml");
        assert!(!document.contains("klik") && !document.contains("noAutofit"), "{document}");
        let start = if properties.contains("prst") {
            "<a:prstTxWarp prst=\"textNoShape\"/><a:spAutoFit"
        } else {
            "<a:spAutoFit"
        };
        assert!(document.contains(start) && document.matches("spAutoFit").count() == 1, "{document}");
        assert!(
            document.contains("<v:textbox inset=\"0,0,0,0\" style=\"mso-fit-shape-to-text:t\">"),
            "{document}"
        );
        assert!(elements(&document).is_ok());
        assert_eq!(document.matches(">Kader.<").count(), 2);
        // No link and no bookmark stands there twice.
        let marks: Vec<&str> =
            document.split("w:name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(marks.iter().all(|mark| marks.iter().filter(|other| other == &mark).count() == 1), "{marks:?}");
        assert!(!renewed(Kind::Report, &full.input(), "r.docx", bytes.clone()).unwrap().changed);
        full.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
        let again = renewed(Kind::Report, &full.input(), "r.docx", bytes).unwrap();
        let document = text(&again.bytes, "word/document.xml");
        assert_eq!(document.matches("77,7%").count() % 2, 0, "{document}");
        assert!(document.contains("77,7%"));
        assert!(!renewed(Kind::Report, &full.input(), "r.docx", again.bytes).unwrap().changed);
    }
}
