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

/// A plan or report with two results more than the fixture has, of other domeinen.
fn three_results() -> Fixture {
    let mut full = fixture::full();
    let one = full.analysis.resultaten[0].clone();
    for (number, domein, words) in
        [("2", "Veilig thuis", "In 2029 is het thuis veiliger."), ("3", "Sport", "In 2030 sporten meer kinderen.")]
    {
        full.analysis.resultaten.push(crate::model::Resultaat {
            row: one.row + 1,
            nummer: number.to_owned(),
            pijler: "Gezond".to_owned(),
            domein: domein.to_owned(),
            resultaat: words.to_owned(),
            ..crate::model::Resultaat::default()
        });
    }
    full
}

/// The headings of results and activities, each with what stands below it up to the next.
fn below_headings(bytes: &[u8]) -> Vec<(String, String)> {
    let text = text(bytes);
    let all = elements(&text).unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    for paragraph in all.iter().filter(|e| e.local == "p") {
        let inside = all.iter().filter(|e| e.local == "t" && paragraph.span.contains(&e.span.start));
        let words: String = inside.map(|e| text_of(&text, e)).collect();
        let styled = all.iter().filter(|e| e.local == "pStyle" && paragraph.span.contains(&e.span.start));
        if styled.filter_map(|e| e.attribute("val")).any(|id| id == "Kop2" || id == "Kop1") {
            found.push((words, String::new()));
        } else if let Some((_, below)) = found.last_mut() {
            below.push_str(&words);
            below.push('|');
        }
    }
    found.retain(|(heading, _)| heading.starts_with("Resultaat ") || heading.starts_with("Activiteit "));
    found
}

#[test]
fn without_a_record_results_in_another_order_stay_under_their_own_heading() {
    let old = by_way_of_odt(&report(&three_results().input()).unwrap());
    let mut new = three_results();
    new.analysis.resultaten.rotate_right(1);
    for (at, result) in new.analysis.resultaten.iter_mut().enumerate() {
        result.nummer = (at + 1).to_string();
        result.meetwijze = "gemiddelde".to_owned();
    }
    for activity in new.analysis.activiteiten.iter_mut().filter(|activity| activity.resultaat == "1") {
        activity.resultaat = "2".to_owned();
    }
    let renewed = again(&new, &old);
    assert!(fates(&renewed, BlockFate::Onbekend).is_empty(), "{:?}", renewed.blocks);
    let found = below_headings(&renewed.bytes);
    let headings: Vec<&str> = found.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(headings, ["Resultaat 2: Werk", "Resultaat 3: Veilig thuis", "Resultaat 1: Sport"]);
    for ((_, below), words) in found.iter().zip(["een bijbaan.", "thuis veiliger.", "meer kinderen."]) {
        assert!(below.contains(words) && below.contains("gemiddelde"), "{below}");
    }
    assert!(!again(&new, &renewed.bytes).changed);
}

#[test]
fn without_a_record_activities_in_another_order_stay_under_their_own_heading() {
    let mut new = fixture::full();
    let old = by_way_of_odt(&action_plan(&new.input()).unwrap());
    new.analysis.activiteiten.swap(0, 1);
    for activity in &mut new.analysis.activiteiten {
        activity.bereik = format!("bereik van {}", activity.activiteit);
    }
    let renewed = renewed_action_plan(&new.input(), "p.docx", old).unwrap();
    let found = below_headings(&renewed.bytes);
    let headings: Vec<&str> = found.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(headings, ["Activiteit B: Banenmarkt", "Activiteit A: Huiswerkklas", "Activiteit C: Oude cursus"]);
    for ((_, below), name) in found.iter().zip(["Banenmarkt", "Huiswerkklas", "Oude cursus"]) {
        assert!(below.contains(&format!("bereik van {name}")), "{below}");
    }
}

#[test]
fn without_a_record_what_the_workbook_no_longer_has_is_not_filled_with_another_and_both_are_told() {
    let mut new = fixture::full();
    let old = by_way_of_odt(&action_plan(&new.input()).unwrap());
    new.analysis.activiteiten[0].activiteit = "Zwemles".to_owned();
    let mut document = old;
    for _ in 0..2 {
        let renewed = renewed_action_plan(&new.input(), "p.docx", document).unwrap();
        assert_eq!(fates(&renewed, BlockFate::Vervallen), ["wa:activiteit:1"]);
        let told = renewed.blocks.iter().find(|block| block.fate == BlockFate::Vervallen).unwrap();
        assert_eq!(told.title, "Activiteit A: Banenmarkt");
        assert_eq!(fates(&renewed, BlockFate::Onbekend), ["wa:activiteit:4"]);
        assert_eq!(below_headings(&renewed.bytes)[0].0, "Activiteit A: Banenmarkt");
        document = renewed.bytes;
    }
}

#[test]
fn without_a_record_a_heading_with_another_name_stays_and_is_named() {
    let mut new = fixture::full();
    let old = by_way_of_odt(&report(&new.input()).unwrap());
    new.analysis.resultaten[0].domein = "Veilig thuis".to_owned();
    let renewed = again(&new, &old);
    assert!(fates(&renewed, BlockFate::KopControleren).contains(&"wa:tekst:resultaat:1"), "{:?}", renewed.blocks);
    assert_eq!(below_headings(&renewed.bytes)[0].0, "Resultaat 1: Werk");
}

#[test]
fn a_block_that_is_not_there_without_a_record_does_not_come_back_later() {
    let full = fixture::full();
    for (kind, bytes, gone) in [
        (Kind::Report, old(), "wa:staat:regel"),
        (Kind::ActionPlan, action_plan(&full.input()).unwrap(), "wa:kwaliteit"),
        (Kind::Report, old(), "wa:vul:algemeen:beschrijving"),
    ] {
        let removed = edited(&bytes, |text| {
            let all = elements(text).unwrap();
            let places = locate::places(&all, std::iter::empty());
            let place = places.iter().find(|place| place.tag == gone).unwrap();
            format!("{}{}", &text[..place.span.start], &text[place.span.end..])
        });
        let mut document = by_way_of_odt(&removed);
        for round in 0..3 {
            let renewed = renewed(kind, &full.input(), "d.docx", document.clone()).unwrap();
            assert!(fates(&renewed, BlockFate::Toegevoegd).is_empty(), "{gone}: {:?}", renewed.blocks);
            let prompt = gone.starts_with(PROMPT);
            assert_eq!(fates(&renewed, BlockFate::Onbekend).contains(&gone), !prompt, "{gone}");
            assert_eq!(renewed.changed, round == 0, "{gone}");
            assert_eq!(words(&renewed.bytes), words(&document));
            document = renewed.bytes;
        }
    }
}

#[test]
fn a_figure_of_a_block_that_people_removed_is_not_in_the_list_of_changes() {
    let tags = ["wa:bijlage:werk:cijfers", BLOCK];
    let removed = tags.iter().fold(old(), |bytes, gone| {
        edited(&bytes, |text| {
            let all = elements(text).unwrap();
            let places = locate::places(&all, std::iter::empty());
            let place = places.iter().find(|place| place.tag == **gone).unwrap();
            format!("{}{}", &text[..place.span.start], &text[place.span.end..])
        })
    });
    assert!(!again(&one_other_figure(), &old()).figures.is_empty());
    let renewed = again(&one_other_figure(), &removed);
    assert_eq!(renewed.figures, []);
    assert_eq!(fates(&renewed, BlockFate::Weggehaald).len(), 2);
}

#[test]
fn an_agreement_that_left_the_workbook_stays_in_a_plan_that_libreoffice_saved() {
    let mut full = fixture::full();
    full.analysis.afspraken = vec![crate::model::Afspraak {
        row: 7,
        stap: "4".to_owned(),
        afspraak: "Trainers volgen bijscholing".to_owned(),
        status: "open".to_owned(),
        ..crate::model::Afspraak::default()
    }];
    for old in [action_plan(&full.input()).unwrap(), after(Kind::ActionPlan, &full)] {
        let saved = libre_office(&old);
        let mut new = fixture::full();
        new.analysis.afspraken.clear();
        let renewed = renewed_action_plan(&new.input(), "p.docx", saved).unwrap();
        assert_eq!(renewed.agreements_gone, ["Trainers volgen bijscholing"]);
        assert!(words(&renewed.bytes).contains("Trainers volgen bijscholing"));
    }
}
