//! What the targets of Word documents share: a small filled workbook, and looking at the body of a document.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use wijkanalyse::pipeline::{DocumentRequest, FillChoices, FillTarget, Session};

/// A small workbook filled for a wijk, and what its report is asked with.
pub fn filled(folder: &Path) -> (Session, DocumentRequest) {
    let map = folder.join("format");
    fs::create_dir_all(&map).unwrap();
    crate::small::format(&map);
    let session = Session::open(Some(&map)).unwrap_or_else(|error| panic!("{error}"));
    let overview = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/overzicht-rotterdam.csv"));
    let (blank, workbook) = (folder.join("leeg.xlsx"), folder.join("vol.xlsx"));
    session.build_format(Some(&overview), &blank, true).unwrap_or_else(|error| panic!("{error}"));
    session
        .fill(&blank, "Bospolder", &FillChoices::default(), &FillTarget::File(workbook.clone()), true, None)
        .unwrap_or_else(|error| panic!("{error}"));
    let request = DocumentRequest {
        workbook,
        output: folder.join("rapport.docx"),
        wijk: None,
        overview: None,
        date: Some("2026-11-22".to_owned()),
        force: true,
        house_style: None,
        template: None,
    };
    (session, request)
}

/// The body of a document.
pub fn body(parts: &mut [(String, Vec<u8>)]) -> &mut Vec<u8> {
    let part = parts.iter_mut().find(|(name, _)| name.ends_with("word/document.xml"));
    &mut part.expect("a document has a body").1
}

/// A paragraph that a person wrote.
pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// The words of people in a body.
#[allow(dead_code, reason = "not every target writes words in the body")]
pub fn words(text: &str) -> BTreeSet<String> {
    let words = text.split("<w:t>").skip(1).filter_map(|rest| rest.split('<').next());
    words.filter(|word| word.starts_with("eigenwoord")).map(str::to_owned).collect()
}

/// Fails when a text is no XML.
pub fn well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("not well-formed: {error}")) {
            quick_xml::events::Event::Eof => return,
            _ => continue,
        }
    }
}
