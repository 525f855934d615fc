//! What is known of a document that LibreOffice saved: without the tags of its controls, and by way of odt without its
//! controls and its record.

use super::programs::changed;
use super::*;
use crate::document::{after_template, example_template};
use crate::package::tree::{Element as Made, Node};

/// LibreOffice, docx to docx: controls lose their tags, those around paragraphs go into the first of them, those around
/// tables go.
fn libre_office(bytes: &[u8]) -> Vec<u8> {
    without(bytes, true)
}

/// LibreOffice, by way of odt: controls and record are gone.
fn by_way_of_odt(bytes: &[u8]) -> Vec<u8> {
    let archive = Archive::from_bytes("r.docx", without(bytes, false)).unwrap();
    let parts = archive.names().filter(|name| !name.starts_with("customXml/")).map(|name| {
        let bytes = archive.read(name).unwrap();
        (name.to_owned(), if name.ends_with(".rels") { without_custom(&bytes) } else { bytes })
    });
    crate::package::write_package(parts.collect()).unwrap()
}

fn without_custom(relationships: &[u8]) -> Vec<u8> {
    let mut root = Made::parse(std::str::from_utf8(relationships).unwrap()).unwrap();
    root.retain(|e| !e.attribute("Type").is_some_and(|kind| kind.ends_with("/customXml")));
    let mut out = String::new();
    root.write(&mut out);
    out.into_bytes()
}

fn without(bytes: &[u8], controls: bool) -> Vec<u8> {
    changed(bytes, |root| unwrap(root, controls))
}

fn unwrap(element: &mut Made, keep: bool) {
    let mut out = Vec::new();
    for child in std::mem::take(&mut element.children) {
        let Node::Element(mut child) = child else {
            out.push(child);
            continue;
        };
        unwrap(&mut child, keep);
        let contents = child.child("w:sdtPr").is_some_and(|properties| properties.child("w:docPartObj").is_some());
        if child.name != "w:sdt" || contents {
            out.push(Node::Element(child));
            continue;
        }
        let mut properties = child.child("w:sdtPr").cloned().unwrap_or_default();
        properties.retain(|property| !matches!(property.name.as_str(), "w:tag" | "w:showingPlcHdr"));
        let mut inner =
            child.child_mut("w:sdtContent").map(|c| std::mem::take(&mut c.children)).unwrap_or_default();
        let around = |words: Vec<Node>| {
            let mut control = Made::new("w:sdt", &[]);
            control.push(properties.clone());
            let mut content = Made::new("w:sdtContent", &[]);
            content.children = words;
            control.push(content);
            Node::Element(control)
        };
        match inner.first_mut() {
            Some(Node::Element(first)) if first.name == "w:p" && keep => {
                let (head, words) = std::mem::take(&mut first.children)
                    .into_iter()
                    .partition(|node| matches!(node, Node::Element(e) if e.name == "w:pPr"));
                first.children = head;
                first.children.push(around(words));
                out.append(&mut inner);
            }
            Some(Node::Element(first)) if first.name == "w:r" && keep => out.push(around(inner)),
            _ => out.append(&mut inner),
        }
    }
    element.children = out;
}

fn after(kind: Kind, fixture: &Fixture) -> Vec<u8> {
    let template = example_template(kind, &fixture.format).unwrap();
    after_template(kind, &fixture.input(), "Sjabloon.docx", template).unwrap().0
}

fn words(bytes: &[u8]) -> String {
    let text = text(bytes);
    let all = elements(&text).unwrap();
    all.iter().filter(|e| e.local == "t").map(|e| text_of(&text, e)).collect()
}

#[test]
fn a_document_after_a_template_that_libreoffice_saved_is_renewed_in_its_own_blocks() {
    let mut new = other_figures();
    new.analysis.pijlers[0].version.as_mut().unwrap().text = "2.0".to_owned();
    for kind in [Kind::Report, Kind::ActionPlan] {
        let saved = libre_office(&after(kind, &fixture::full()));
        assert!(!text(&saved).contains("<w:tag "));
        let same = renewed(kind, &fixture::full().input(), "d.docx", saved.clone()).unwrap();
        assert!(!same.changed && same.blocks.is_empty(), "{kind:?}: {:?}", same.blocks);
        let again = renewed(kind, &new.input(), "d.docx", saved.clone()).unwrap();
        assert!(again.blocks.iter().all(|block| block.fate == BlockFate::Vernieuwd), "{:?}", again.blocks);
        assert!(again.blocks.iter().any(|block| block.tag == "wijk:versie"), "{:?}", again.blocks);
        // Not a word more than before, but for the figures and the version.
        assert_eq!(words(&again.bytes), words(&after(kind, &new)), "{kind:?}");
        assert!(!renewed(kind, &new.input(), "d.docx", again.bytes).unwrap().changed, "{kind:?}");
    }
}

#[test]
fn a_document_after_a_template_without_controls_and_record_is_renewed_in_its_own_blocks() {
    let saved = by_way_of_odt(&after(Kind::Report, &fixture::full()));
    let again = again(&other_figures(), &saved);
    assert!(fates(&again, BlockFate::Vernieuwd).contains(&"wijk:opvallend"), "{:?}", again.blocks);
    assert!(fates(&again, BlockFate::Toegevoegd).is_empty() && fates(&again, BlockFate::Onbekend).is_empty());
    assert_eq!(words(&again.bytes), words(&after(Kind::Report, &other_figures())));
}

#[test]
fn a_document_after_a_template_of_which_nothing_is_left_gets_no_report_of_ours() {
    let saved = libre_office(&after(Kind::Report, &fixture::full()));
    let saved = edited(&saved, |text| text.replace("_wa_", "_weg_").replace("_wz_", "_weg_"));
    let again = again(&other_figures(), &saved);
    assert_eq!(words(&again.bytes), words(&saved));
    assert!(fates(&again, BlockFate::Weggehaald).contains(&"wijk:opvallend"));
}

#[test]
fn a_fact_that_stands_nowhere_as_a_fact_is_told_as_long_as_it_is_another_one() {
    let mut new = fixture::full();
    new.analysis.pijlers[0].version.as_mut().unwrap().text = "2.0".to_owned();
    let saved = libre_office(&after(Kind::Report, &fixture::full()));
    let saved = edited(&saved, |text| text.replace("de versie van het document", "Iets van Jan"));
    let mut document = saved;
    for _ in 0..2 {
        let again = again(&new, &document);
        assert_eq!(fates(&again, BlockFate::Onbekend), ["wijk:versie"]);
        document = again.bytes;
    }
}
