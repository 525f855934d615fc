//! What Word and OnlyOffice do to a document when they save it, imitated over every block of a report and a plan.

use super::*;
use crate::package::tree::{Element as Made, Node};

pub(super) fn changed(bytes: &[u8], change: impl Fn(&mut Made)) -> Vec<u8> {
    edited(bytes, |text| {
        let mut root = Made::parse(text).unwrap();
        change(&mut root);
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        root.write(&mut out);
        out
    })
}

fn element(xml: &str) -> Node {
    Node::Element(Made::parse(xml).unwrap())
}

/// Every run with text becomes several, cut in the middle of words, with what the program puts between them.
fn cut_runs(element: &mut Made, properties: &str, between: &str) {
    let mut out = Vec::new();
    for child in std::mem::take(&mut element.children) {
        let Node::Element(mut child) = child else {
            out.push(child);
            continue;
        };
        let text = (child.name == "w:r").then(|| child.child("w:t").cloned()).flatten();
        let only = child.elements().all(|e| matches!(e.name.as_str(), "w:t" | "w:rPr"));
        match text.as_ref().and_then(|t| t.children.first()) {
            // An entity is not cut.
            Some(Node::Text(words)) if only && !words.contains('&') && words.chars().count() > 3 => {
                let middle = words.char_indices().nth(words.chars().count() / 2).unwrap().0;
                for (at, piece) in [&words[..middle], &words[middle..]].into_iter().enumerate() {
                    if at > 0 && !between.is_empty() {
                        out.push(self::element(between));
                    }
                    let mut run = child.clone();
                    run.attributes.push(("w:rsidR".into(), "00A12B3C".into()));
                    if let Some(t) = run.child_mut("w:t") {
                        t.attributes = vec![("xml:space".into(), "preserve".into())];
                        t.children = vec![Node::Text(piece.to_owned())];
                    }
                    if run.child("w:rPr").is_none() {
                        run.children.insert(0, self::element("<w:rPr/>"));
                    }
                    if let Some(held) = run.child_mut("w:rPr") {
                        held.children.extend(Made::parse(properties).unwrap().children);
                    }
                    out.push(Node::Element(run));
                }
                continue;
            }
            _ => {}
        }
        cut_runs(&mut child, properties, between);
        out.push(Node::Element(child));
    }
    element.children = out;
}

/// Word: revision numbers, spelling marks, cut runs, language, page breaks seen, other ids, a placeholder part in every
/// control, newer attributes, conditional formatting written out.
fn word(bytes: &[u8]) -> Vec<u8> {
    changed(bytes, |root| {
        cut_runs(
            root,
            "<w:rPr><w:rFonts w:eastAsia=\"Times New Roman\"/><w:noProof/><w:lang w:val=\"nl-NL\"/></w:rPr>",
            "<w:proofErr w:type=\"spellStart\"/>",
        );
        let mut number = 0_u32;
        root.walk(&mut |e| {
            number += 1;
            match e.name.as_str() {
                "w:p" => {
                    e.attributes.push(("w14:paraId".into(), format!("{number:08X}").into()));
                    e.attributes.push(("w:rsidRDefault".into(), "00A12B3C".into()));
                    if number.is_multiple_of(7) {
                        e.children.push(element("<w:r><w:lastRenderedPageBreak/></w:r>"));
                    }
                }
                "w:tr" => e.attributes.push(("w:rsidTr".into(), "00A12B3C".into())),
                "w:pPr" | "w:trPr" | "w:tcPr" => {
                    e.children.insert(0, element("<w:cnfStyle w:val=\"000000100000\" w:firstRow=\"0\"/>"));
                }
                "w:sdtPr" => {
                    e.retain(|child| child.name != "w:id");
                    e.children.push(element(&format!("<w:id w:val=\"-{}\"/>", 1_000_000_000 + number)));
                    e.children.push(element(
                        "<w:placeholder><w:docPart w:val=\"DefaultPlaceholder_1081868574\"/></w:placeholder>",
                    ));
                    e.children.push(element("<w15:appearance w15:val=\"boundingBox\"/>"));
                }
                "w:sdt" => e.children.insert(1, element("<w:sdtEndPr><w:rPr><w:b/></w:rPr></w:sdtEndPr>")),
                "wp:inline" => e.attributes.push(("wp14:anchorId".into(), "4D1F2A3B".into())),
                _ => {}
            }
        });
    })
}

/// OnlyOffice: fonts and language written out on every run, empty properties, empty runs, other ids, locks said to be off,
/// spelling marks gone, table properties said in full.
fn only_office(bytes: &[u8]) -> Vec<u8> {
    changed(bytes, |root| {
        cut_runs(
            root,
            "<w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\"/><w:b w:val=\"0\"/><w:i w:val=\"0\"/><w:highlight w:val=\"none\"/>\
             <w:strike w:val=\"0\"/><w:color w:val=\"auto\"/><w:vertAlign w:val=\"baseline\"/><w:rtl w:val=\"0\"/></w:rPr>",
            "<w:r/>",
        );
        let mut number = 0_u32;
        root.walk(&mut |e| {
            number += 1;
            match e.name.as_str() {
                "w:pPr" => e.children.extend([
                    element("<w:pBdr/>"),
                    element("<w:spacing/>"),
                    element("<w:ind/>"),
                    element("<w:rPr/>"),
                ]),
                "w:p" => e.children.push(element("<w:r><w:rPr/></w:r>")),
                "w:sdtPr" => {
                    e.retain(|child| !matches!(child.name.as_str(), "w:id" | "w:docPartObj"));
                    e.children.push(element(&format!("<w:id w:val=\"{}\"/>", 1_900_000_000 + number)));
                    e.children.push(element("<w:lock w:val=\"unlocked\"/>"));
                }
                "w:tcPr" => e.children.push(element("<w:textDirection w:val=\"lrTb\"/>")),
                "w:bookmarkStart" | "w:bookmarkEnd" => {
                    for (name, value) in &mut e.attributes {
                        if name == "w:id" {
                            *value = (value.parse::<u32>().unwrap() + 500).to_string().into();
                        }
                    }
                }
                _ => {}
            }
        });
    })
}

/// The content of every control that holds a table stands in the text itself, as programs leave it that know no controls
/// around tables; the controls in cells go as well.
fn without_controls(bytes: &[u8]) -> Vec<u8> {
    fn flatten(element: &mut Made) {
        let mut out = Vec::new();
        for child in std::mem::take(&mut element.children) {
            let Node::Element(mut child) = child else {
                out.push(child);
                continue;
            };
            flatten(&mut child);
            let mut walked = child.clone();
            let mut table = false;
            walked.walk(&mut |e| table |= e.name == "w:tbl");
            if child.name == "w:sdt" && (table || element.name == "w:tc") {
                out.extend(
                    child.child_mut("w:sdtContent").map(|c| std::mem::take(&mut c.children)).unwrap_or_default(),
                );
            } else {
                out.push(Node::Element(child));
            }
        }
        element.children = out;
    }
    changed(bytes, flatten)
}

/// The record under another name and relationship.
fn renamed_record(bytes: &[u8]) -> Vec<u8> {
    let archive = Archive::from_bytes("r.docx", bytes.to_vec()).unwrap();
    let all = archive.names().map(|name| {
        let bytes = archive.read(name).unwrap();
        let text = |old: &str, new: &str| String::from_utf8(bytes.clone()).unwrap().replace(old, new).into_bytes();
        match name {
            "customXml/item1.xml" => ("customXml/item4.xml".to_owned(), bytes),
            "customXml/_rels/item1.xml.rels" => ("customXml/_rels/item4.xml.rels".to_owned(), bytes),
            "word/_rels/document.xml.rels" => (name.to_owned(), text("item1.xml", "item4.xml")),
            _ => (name.to_owned(), bytes),
        }
    });
    crate::package::write_package(all.collect()).unwrap()
}

/// The look of table styles stands in the cells, and the styles are gone: so it goes by way of .odt.
fn without_table_styles(bytes: &[u8]) -> Vec<u8> {
    let archive = Archive::from_bytes("r.docx", bytes.to_vec()).unwrap();
    let styles = archive.read_text("word/styles.xml").unwrap();
    let look = |kind: &str| {
        let of = styles.split(&format!("<w:tblStylePr w:type=\"{kind}\">")).nth(1);
        let fill =
            of.and_then(|of| of.split("</w:tblStylePr>").next()?.split("w:fill=\"").nth(1)?.split('"').next());
        fill.unwrap_or_else(|| panic!("{kind} has no colour")).to_owned()
    };
    let (heading, band) = (look("firstRow"), look("band2Horz"));
    let direct = changed(bytes, |root| {
        root.walk(&mut |table| {
            let styled = table.child_mut("w:tblPr").is_some_and(|properties| {
                let before = properties.children.len();
                properties.retain(|e| e.name != "w:tblStyle");
                before != properties.children.len()
            });
            let rows = table.children.iter_mut().filter_map(|child| match child {
                Node::Element(row) if row.name == "w:tr" => Some(row),
                _ => None,
            });
            for (at, row) in rows.enumerate().filter(|(at, _)| styled && (*at == 0 || at % 2 == 0)) {
                let shading =
                    format!("<w:shd w:val=\"clear\" w:fill=\"{}\"/>", if at == 0 { &heading } else { &band });
                row.walk(&mut |cell| {
                    if cell.name == "w:tcPr" {
                        cell.children.push(element(&shading));
                    }
                });
            }
        });
    });
    let archive = Archive::from_bytes("r.docx", direct).unwrap();
    let mut parts = Rewrite::new(&archive);
    let tables = styles.match_indices("<w:style w:type=\"table\"").map(|(at, _)| at);
    let mut kept = styles.clone();
    for at in tables.collect::<Vec<_>>().into_iter().rev() {
        let end = at + kept[at..].find("</w:style>").unwrap() + "</w:style>".len();
        kept.replace_range(at..end, "");
    }
    parts.put("word/styles.xml", kept.into_bytes());
    parts.finish().unwrap()
}

/// The first words of every block lie in a control without a tag and lost their look, as LibreOffice leaves a control
/// around a table.
fn without_look_of_first_words(bytes: &[u8]) -> Vec<u8> {
    fn plain(element: &mut Made) -> bool {
        for child in element.children.iter_mut() {
            let Node::Element(child) = child else { continue };
            if child.name == "w:p" {
                for run in child.children.iter_mut() {
                    if let Node::Element(run) = run
                        && run.name == "w:r"
                    {
                        run.retain(|e| e.name != "w:rPr");
                    }
                }
                return true;
            }
            if plain(child) {
                return true;
            }
        }
        false
    }
    changed(bytes, |root| {
        root.walk(&mut |control| {
            if control.name == "w:sdt"
                && let Some(content) = control.child_mut("w:sdtContent")
            {
                plain(content);
            }
        });
    })
}

#[test]
fn a_block_of_which_libreoffice_dropped_the_look_of_the_first_words_is_renewed_in_a_house_style() {
    // Without styles of its own the house style gets our look in every run.
    let style = "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"/>";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
            <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
            <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
            <Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
            Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
        ),
        (
            "word/_rels/document.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
            Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>",
        ),
        ("word/styles.xml", style),
        (
            DOCUMENT,
            "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:sectPr/></w:body></w:document>",
        ),
    ];
    let parts = parts.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let house = crate::package::write_package(parts.into()).unwrap();
    let full = fixture::full();
    let made = crate::document::in_house_style(Kind::Report, &full.input(), "Huis.docx", house).unwrap().bytes;
    let saved = without_look_of_first_words(&made);
    assert!(block(&text(&made), "wa:kop").contains("<w:b/>"), "the look stands in the runs");
    let same = again(&full, &saved);
    assert!(!same.changed, "{:?}", same.blocks);
    let renewed = again(&other_figures(), &saved);
    assert!(fates(&renewed, BlockFate::Voorgesteld).is_empty(), "{:?}", renewed.blocks);
}

type Imitation = (&'static str, fn(&[u8]) -> Vec<u8>);

const PROGRAMS: [Imitation; 5] = [
    ("Word", word),
    ("OnlyOffice", only_office),
    ("no controls", without_controls),
    ("another name", renamed_record),
    ("no table styles", without_table_styles),
];

#[test]
fn a_document_that_another_program_saved_is_what_was_written_in_every_block() {
    for (name, save) in PROGRAMS {
        for (kind, fixture, bytes) in [
            (Kind::Report, fixture::full(), old()),
            (Kind::ActionPlan, fixture::full(), action_plan(&fixture::full().input()).unwrap()),
            (Kind::Report, fixture::empty(), report(&fixture::empty().input()).unwrap()),
        ] {
            let saved = save(&bytes);
            let same = renewed(kind, &fixture.input(), "d.docx", saved.clone()).unwrap();
            assert!(!same.changed, "{name}, {kind:?}: {:?}", same.blocks);
            assert!(same.bytes == saved);
        }
    }
}

#[test]
fn a_document_that_another_program_saved_takes_the_same_new_figures() {
    let pristine = again(&other_figures(), &old());
    for (name, save) in PROGRAMS {
        let renewed = again(&other_figures(), &save(&old()));
        assert_eq!(renewed.blocks, pristine.blocks, "{name}");
        assert_eq!(renewed.figures, pristine.figures, "{name}");
        assert!(block(&text(&renewed.bytes), BLOCK).contains("13,3%"), "{name}");
    }
}

#[test]
fn after_another_program_work_of_people_is_still_seen() {
    for (name, save) in PROGRAMS {
        let worked = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
        let renewed = again(&other_figures(), &save(&worked));
        assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK], "{name}");
    }
}

#[test]
fn the_work_of_people_with_tracked_changes_counts_when_accepted_and_not_when_rejected() {
    let words = "in het domein Werk";
    let inner = |text: &str| text.contains(words);
    assert!(inner(&text(&old())));
    // Accepted: the text is another one. Rejected: nothing is left of it but cut runs.
    let accepted = edited(&old(), |text| text.replacen(words, "bij werk", 1));
    assert_eq!(fates(&again(&other_figures(), &accepted), BlockFate::Voorgesteld), [BLOCK]);
    let rejected = edited(&old(), |text| {
        text.replacen(words, "in het </w:t></w:r><w:r><w:t xml:space=\"preserve\">domein Werk", 1)
    });
    assert!(fates(&again(&other_figures(), &rejected), BlockFate::Vernieuwd).contains(&BLOCK));
    // Neither yet: the block is somebody's at this moment.
    let open = edited(&old(), |text| {
        let change = "in het </w:t></w:r><w:ins w:id=\"9001\" w:author=\"Jan\"><w:r><w:t>mooie </w:t></w:r></w:ins><w:r><w:t \
                      xml:space=\"preserve\">domein Werk";
        text.replacen(words, change, 1)
    });
    assert_eq!(fates(&again(&other_figures(), &open), BlockFate::Voorgesteld), [BLOCK]);
}

/// A report that OnlyOffice itself saved, after work in it; `fixtures/README.md` says what.
const ONLYOFFICE: &[u8] =
    include_bytes!("../../../../fixtures/documenten/rapportage opgeslagen door OnlyOffice (fictief).docx");

#[test]
fn a_report_that_onlyoffice_itself_saved_keeps_the_work_of_people_and_takes_the_new_figures() {
    let mut fixture = other_figures();
    // The block with a prompt that somebody filled in gets another text, so that it is made again.
    let text_key = "algemeen-leeftijdsgroepen".to_owned();
    fixture.format.texts.0.insert(text_key, "Nieuwe toelichting bij de aantallen.".to_owned());
    let renewed = again(&fixture, ONLYOFFICE);
    let worked =
        ["wa:domein:werk:opvallend", "wa:domein:schoolprestaties:opvallend", "wa:domein:veilig-thuis:opvallend"];
    assert_eq!(fates(&renewed, BlockFate::Voorgesteld), worked);
    assert_eq!(fates(&renewed, BlockFate::Weggehaald), ["wa:duiden:sterk"]);
    assert_eq!(fates(&renewed, BlockFate::Dubbel), ["wa:duiden:factoren"]);
    for tag in ["wa:algemeen:leeftijdsgroepen", "wa:domein:gezond-gedrag:opvallend", "wa:bijlage:werk:cijfers"] {
        assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&tag), "{tag}: {:?}", renewed.blocks);
    }
    let new = text(&renewed.bytes);
    for words in [" Door ons nagekeken.", " Bijgehouden zin.", ">1234<", "Eigen slotzin van de adviseur."] {
        assert_eq!(new.matches(words).count(), 1, "{words}");
    }
    assert!(block(&new, "wa:algemeen:leeftijdsgroepen").contains("Nieuwe toelichting bij de aantallen."));
    assert!(block(&new, "wa:algemeen:leeftijdsgroepen").contains(">1234<"));
    assert!(block(&new, "wa:bijlage:werk:cijfers").contains("13,3%"));
    assert!(part(&renewed.bytes, "word/comments.xml").contains("Klopt dit nog?"));
    let again = again(&fixture, &renewed.bytes);
    assert!(!again.changed && again.bytes == renewed.bytes, "{:?}", again.blocks);
}
