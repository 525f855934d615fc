//! Documents that people changed, made again.

use proptest::prelude::*;

mod agreements;
mod hands;
mod lost;
mod programs;
mod subjects;

use super::*;
use crate::document::fixture::{self, Fixture};
use crate::document::print::PROMPT;
use crate::document::{Kind, Renewed, ReportInput, action_plan, renewed, report};
use crate::model::Figure;

fn renewed_report(input: &ReportInput<'_>, file: &str, old: Vec<u8>) -> Result<Renewed> {
    renewed(Kind::Report, input, file, old)
}

fn renewed_action_plan(input: &ReportInput<'_>, file: &str, old: Vec<u8>) -> Result<Renewed> {
    renewed(Kind::ActionPlan, input, file, old)
}

const DOCUMENT: &str = "word/document.xml";
const BLOCK: &str = "wa:domein:werk:opvallend";

fn text(bytes: &[u8]) -> String {
    Archive::from_bytes("r.docx", bytes.to_vec()).unwrap().read_text(DOCUMENT).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    Archive::from_bytes("r.docx", bytes.to_vec()).unwrap().read_text(name).unwrap()
}

/// The document with its text changed as `change` says.
fn edited(bytes: &[u8], change: impl FnOnce(&str) -> String) -> Vec<u8> {
    let archive = Archive::from_bytes("r.docx", bytes.to_vec()).unwrap();
    let mut parts = Rewrite::new(&archive);
    let new = change(&text(bytes));
    assert_ne!(new, text(bytes), "the edit must change something");
    parts.put(DOCUMENT, new.into_bytes());
    parts.finish().unwrap()
}

/// What lies between the content control's start tag and its end tag.
fn block<'t>(text: &'t str, tag: &str) -> &'t str {
    let all = elements(text).unwrap();
    let places = locate::places(&all, std::iter::empty());
    let place = places.iter().find(|place| place.tag == tag && !place.proposal).unwrap();
    text.get(place.content.clone()).unwrap()
}

/// The document without the content of its generated blocks, and without proposals.
fn outside(text: &str) -> String {
    let all = elements(text).unwrap();
    let mut splices = crate::package::xml::Splices::default();
    for place in locate::places(&all, std::iter::empty()) {
        splices.replace(if place.proposal { place.span } else { place.content }, "");
    }
    splices.apply(text)
}

fn other_figures() -> Fixture {
    let mut fixture = fixture::full();
    for domein in &mut fixture.comparison.domeinen {
        for figure in &mut domein.figures {
            if let Figure::Known { value, .. } = &mut figure.wijk {
                *value += 1.0;
            }
            figure.difference = figure.difference.map(|difference| difference + 1.0);
        }
    }
    fixture
}

/// One figure of the first domein is another one; the difference goes with it.
fn one_other_figure() -> Fixture {
    let mut fixture = fixture::full();
    let figure = &mut fixture.comparison.domeinen[0].figures[0];
    figure.wijk = Figure::known(13.34);
    figure.difference = figure.difference.map(|difference| difference + 1.0);
    fixture
}

fn old() -> Vec<u8> {
    static OLD: std::sync::LazyLock<Vec<u8>> =
        std::sync::LazyLock::new(|| report(&fixture::full().input()).unwrap());
    OLD.clone()
}

fn again(fixture: &Fixture, old: &[u8]) -> Renewed {
    renewed_report(&fixture.input(), "Rapportage.docx", old.to_vec()).unwrap()
}

fn fates(renewed: &Renewed, fate: BlockFate) -> Vec<&str> {
    renewed.blocks.iter().filter(|block| block.fate == fate).map(|block| block.tag.as_str()).collect()
}

#[test]
fn without_new_figures_not_a_byte_changes() {
    let old = old();
    let renewed = again(&fixture::full(), &old);
    assert!(!renewed.changed && renewed.blocks.is_empty() && renewed.figures.is_empty());
    assert_eq!(renewed.bytes, old);
}

#[test]
fn blocks_that_people_left_alone_get_the_new_figures_and_become_what_a_new_document_has() {
    let renewed = again(&other_figures(), &old());
    let new = text(&report(&other_figures().input()).unwrap());
    let without_numbers = |xml: &str| -> String {
        let cut: Vec<&str> =
            xml.split(" w:id=\"").map(|piece| piece.trim_start_matches(|c: char| c.is_ascii_digit())).collect();
        cut.join("")
    };
    let got = text(&renewed.bytes);
    for tag in [BLOCK, "wa:bijlage:werk:cijfers", "wa:duiden:sterk"] {
        assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&tag), "{tag}");
        assert_eq!(without_numbers(block(&got, tag)), without_numbers(block(&new, tag)), "{tag}");
    }
    assert!(got.contains("13,3%") && !got.contains(">12,3%<"));
    let change = FigureChange {
        figure: "Verzonnen cijfer 0-a (Verzonnenwijk)".to_owned(),
        old: "12,3%".to_owned(),
        new: "13,3%".to_owned(),
    };
    assert_eq!(renewed.figures.iter().filter(|found| **found == change).count(), 1);
    assert_eq!(outside(&got), outside(&text(&old())));
}

#[test]
fn making_it_again_twice_gives_the_same_bytes() {
    let changed =
        edited(&old(), |text| text.replacen("Opvallende cijfers in het domein Werk", "Opvallend, zegt Jan", 1));
    let first = again(&other_figures(), &changed);
    let second = again(&other_figures(), &first.bytes);
    assert!(!second.changed, "{:?}", second.blocks);
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(again(&other_figures(), &changed).bytes, first.bytes);
}

#[test]
fn a_block_that_people_changed_stays_and_the_new_version_follows_as_a_tracked_insertion() {
    let sentence = "De adviseur vindt dit belangrijk.";
    let changed = edited(&old(), |text| text.replacen("Opvallende cijfers in het domein Werk", sentence, 1));
    let renewed = again(&other_figures(), &changed);
    assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK]);
    let got = text(&renewed.bytes);
    assert_eq!(block(&got, BLOCK), block(&text(&changed), BLOCK));
    let after = got.split(sentence).nth(1).unwrap();
    let proposal = after.split("wa:nieuw:domein:werk:opvallend").nth(1).unwrap().split("</w:sdt>").next().unwrap();
    assert!(proposal.contains("13,3%"));
    // Every run, every paragraph and every row is inserted by us, with the date of the document.
    let sign = "w:author=\"wijkanalyse\" w:date=\"2026-11-22T00:00:00Z\"";
    assert_eq!(proposal.matches("<w:r>").count(), proposal.matches("><w:r>").count());
    let runs = proposal.matches("<w:r>").count();
    let paragraphs = proposal.matches("<w:p>").count();
    let rows = proposal.matches("<w:tr>").count();
    assert!(runs > 10 && rows >= 3);
    assert_eq!(proposal.matches(&format!("{sign}><w:r>")).count(), runs);
    assert_eq!(proposal.matches("<w:ins ").count(), runs + paragraphs + rows);
    assert_eq!(outside(&got), outside(&text(&changed)));
}

#[test]
fn a_later_version_takes_the_place_of_a_proposal_that_waits_and_never_stands_beside_it() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let first = again(&one_other_figure_and_word(), &changed);
    assert_eq!(text(&first.bytes).matches("wa:nieuw:").count(), 1);
    let second = again(&other_figures(), &first.bytes);
    let got = text(&second.bytes);
    assert_eq!(got.matches("\"wa:nieuw:domein:werk").count(), 1);
    let proposal =
        got.split("\"wa:nieuw:domein:werk:opvallend\"").nth(1).unwrap().split("</w:sdt>").next().unwrap();
    assert!(proposal.contains("13,3%") && !proposal.contains("nieuw woord"));
    // The old figures again: nothing is left to propose.
    let third = again(&fixture::full(), &second.bytes);
    assert!(!text(&third.bytes).contains("\"wa:nieuw:domein:werk"));
}

/// Not only a figure but a word as well, so that a comment is not enough.
fn one_other_figure_and_word() -> Fixture {
    let mut fixture = one_other_figure();
    fixture.comparison.domeinen[0].figures[0].doelgroep = "nieuw woord".to_owned();
    fixture
}

#[test]
fn a_proposal_that_was_accepted_is_the_block_from_then_on() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let proposed = again(&one_other_figure_and_word(), &changed);
    let accepted = edited(&proposed.bytes, |text| {
        let all = elements(text).unwrap();
        let mut splices = crate::package::xml::Splices::default();
        for element in all.iter().filter(|e| e.attribute("author") == Some("wijkanalyse")) {
            if element.empty {
                splices.replace(element.span.clone(), "");
            } else {
                splices.replace(element.tag.clone(), "");
                splices.replace(element.content.end..element.span.end, "");
            }
        }
        for element in all.iter().filter(|e| e.local == "customXmlInsRangeEnd") {
            splices.replace(element.span.clone(), "");
        }
        splices.apply(text)
    });
    assert!(!again(&one_other_figure_and_word(), &accepted).blocks.iter().any(|block| block.tag == BLOCK));
    let renewed = again(&other_figures(), &accepted);
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&BLOCK));
    assert!(fates(&renewed, BlockFate::Voorgesteld).is_empty());
    let got = text(&renewed.bytes);
    assert!(got.contains("Opvallende cijfers bij werk"));
    assert_eq!(block(&got, BLOCK), block(&text(&changed), BLOCK));
}

#[test]
fn a_proposal_that_was_rejected_does_not_come_back() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let proposed = again(&one_other_figure_and_word(), &changed);
    let rejected = edited(&proposed.bytes, |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.proposal).unwrap();
        format!("{}{}", &text[..place.span.start], &text[place.span.end..])
    });
    let renewed = again(&one_other_figure_and_word(), &rejected);
    assert!(!renewed.changed, "{:?}", renewed.blocks);
}

#[test]
fn one_figure_that_changed_in_a_block_of_people_becomes_a_comment_that_is_kept_up_to_date() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let renewed = again(&one_other_figure(), &changed);
    assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK]);
    let comments = part(&renewed.bytes, "word/comments.xml");
    assert!(
        comments.contains("Nieuw cijfer: Verzonnen cijfer 0-a (Verzonnenwijk) is nu 13,3% (was 12,3%)."),
        "{comments}"
    );
    let got = text(&renewed.bytes);
    // It is anchored to the figure itself.
    let anchored =
        got.split("<w:commentRangeStart w:id=\"0\"/>").nth(1).unwrap().split("<w:commentRangeEnd").next().unwrap();
    assert!(anchored.contains(">12,3%<"), "{anchored}");
    assert!(part(&renewed.bytes, "[Content_Types].xml").contains("/word/comments.xml"));
    assert!(part(&renewed.bytes, "word/_rels/document.xml.rels").contains("/comments\""));
    assert!(!again(&one_other_figure(), &renewed.bytes).changed);
    let mut later = one_other_figure();
    later.comparison.domeinen[0].figures[0].wijk = Figure::known(14.0);
    let later = again(&later, &renewed.bytes);
    let comments = part(&later.bytes, "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), 1);
    assert!(comments.contains("is nu 14,0%"), "{comments}");
    assert!(block(&text(&later.bytes), BLOCK) == block(&got, BLOCK), "only the comment says something else");
}

#[test]
fn a_block_that_people_removed_stays_away_and_is_named() {
    let removed = edited(&old(), |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == BLOCK).unwrap();
        format!("{}{}", &text[..place.span.start], &text[place.span.end..])
    });
    let renewed = again(&other_figures(), &removed);
    assert_eq!(fates(&renewed, BlockFate::Weggehaald), [BLOCK]);
    assert!(!text(&renewed.bytes).contains(BLOCK));
    // Also the second time.
    assert_eq!(fates(&again(&other_figures(), &renewed.bytes), BlockFate::Weggehaald), [BLOCK]);
}

#[test]
fn a_block_that_somebody_crossed_out_with_tracked_changes_counts_as_removed() {
    let crossed = edited(&old(), |text| {
        let inner = block(text, BLOCK);
        let gone = inner
            .replace("<w:r>", "<w:del w:id=\"900\" w:author=\"Jan\"><w:r>")
            .replace("</w:r>", "</w:r></w:del>")
            .replace("<w:t ", "<w:delText ")
            .replace("</w:t>", "</w:delText>");
        text.replacen(inner, &gone, 1)
    });
    let renewed = again(&other_figures(), &crossed);
    assert_eq!(fates(&renewed, BlockFate::Weggehaald), [BLOCK]);
    assert_eq!(block(&text(&renewed.bytes), BLOCK), block(&text(&crossed), BLOCK));
}

#[test]
fn a_block_that_was_moved_is_renewed_where_it_is_now() {
    let moved = edited(&old(), |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == BLOCK).unwrap();
        let taken = &text[place.span.clone()];
        let without = format!("{}{}", &text[..place.span.start], &text[place.span.end..]);
        let end = without.rfind("<w:sectPr").unwrap();
        format!("{}<w:p><w:r><w:t>Verplaatst:</w:t></w:r></w:p>{taken}{}", &without[..end], &without[end..])
    });
    let renewed = again(&other_figures(), &moved);
    let got = text(&renewed.bytes);
    assert!(got.split("Verplaatst:").nth(1).unwrap().contains("13,3%"));
    assert_eq!(outside(&got), outside(&text(&moved)));
}

#[test]
fn a_copy_of_a_block_stays_as_it_is_and_is_named() {
    let copied = edited(&old(), |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == BLOCK).unwrap();
        // A copy gets no bookmarks in Word, and another number.
        let mut copy = text[place.span.clone()].to_owned();
        for piece in ["bookmarkStart", "bookmarkEnd"] {
            while let Some(start) = copy.find(&format!("<w:{piece} ")) {
                let end = start + copy[start..].find("/>").unwrap() + 2;
                copy.replace_range(start..end, "");
            }
        }
        let end = text.rfind("<w:sectPr").unwrap();
        format!("{}<w:p><w:r><w:t>Zo was het:</w:t></w:r></w:p>{copy}{}", &text[..end], &text[end..])
    });
    let renewed = again(&other_figures(), &copied);
    assert_eq!(fates(&renewed, BlockFate::Dubbel), [BLOCK]);
    let got = text(&renewed.bytes);
    assert!(block(&got, BLOCK).contains("13,3%"));
    let copy = |text: &str| text.split("Zo was het:").nth(1).unwrap().split("</w:sdt>").next().unwrap().to_owned();
    assert_eq!(copy(&got), copy(&text(&copied)));
}

#[test]
fn a_block_without_its_control_is_found_by_its_marks() {
    let unwrapped = edited(&old(), |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == BLOCK).unwrap();
        format!("{}{}{}", &text[..place.span.start], &text[place.content.clone()], &text[place.span.end..])
    });
    let renewed = again(&other_figures(), &unwrapped);
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&BLOCK));
    assert!(block(&text(&renewed.bytes), BLOCK).contains("13,3%"));
    // Changed by a person as well: then it stays, and the new version follows it.
    let changed = edited(&unwrapped, |text| text.replacen("in het domein Werk", "bij werk", 1));
    let renewed = again(&other_figures(), &changed);
    assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK]);
    let got = text(&renewed.bytes);
    assert!(got.contains("Opvallende cijfers bij werk"));
    let places = locate::places(&elements(&got).unwrap(), [BLOCK].into_iter());
    let of: Vec<bool> = places.iter().filter(|place| place.tag == BLOCK).map(|place| place.proposal).collect();
    assert_eq!(of, [false, true]);
}

#[test]
fn comments_bookmarks_footnotes_and_pictures_in_a_block_keep_it_as_it_is() {
    for mark in [
        "<w:r><w:commentReference w:id=\"3\"/></w:r>",
        "<w:commentRangeStart w:id=\"3\"/>",
        "<w:bookmarkStart w:id=\"800\" w:name=\"van_mij\"/><w:bookmarkEnd w:id=\"800\"/>",
        "<w:r><w:footnoteReference w:id=\"2\"/></w:r>",
        "<w:r><w:drawing/></w:r>",
    ] {
        let changed = edited(&old(), |text| {
            let inner = block(text, BLOCK);
            let end = inner.find("</w:p>").unwrap();
            text.replacen(inner, &format!("{}{mark}{}", &inner[..end], &inner[end..]), 1)
        });
        let renewed = again(&other_figures(), &changed);
        assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK], "{mark}");
        assert_eq!(block(&text(&renewed.bytes), BLOCK), block(&text(&changed), BLOCK), "{mark}");
    }
}

#[test]
fn bookmarks_that_programs_put_in_a_block_survive_its_renewal() {
    let touched = edited(&old(), |text| {
        let inner = block(text, BLOCK);
        let end = inner.find("</w:p>").unwrap();
        let new = format!("{}<w:bookmarkStart w:id=\"800\" w:name=\"_GoBack\"/>{}", &inner[..end], &inner[end..]);
        let text = text.replacen(inner, &new, 1);
        let end = text.rfind("<w:sectPr").unwrap();
        format!("{}<w:bookmarkEnd w:id=\"800\"/>{}", &text[..end], &text[end..])
    });
    let renewed = again(&other_figures(), &touched);
    let got = text(&renewed.bytes);
    assert!(block(&got, BLOCK).contains("13,3%"));
    assert!(got.contains("w:name=\"_GoBack\"") && got.contains("<w:bookmarkEnd w:id=\"800\"/>"));
}

#[test]
fn what_people_typed_at_a_prompt_in_a_block_stays_when_the_block_is_renewed() {
    let empty = fixture::empty();
    let old = report(&empty.input()).unwrap();
    let filled = edited(&old, |text| {
        text.replacen("[Naam van de gebiedsadviseur]", "Fatima <b>", 1)
            .replacen("Fatima <b>", "Fatima &amp; Jan", 1)
            .replacen("<w:showingPlcHdr/>", "", 1)
    });
    let mut input = empty.input();
    input.workbook = "Nieuwer.xlsx";
    let renewed = renewed_report(&input, "r.docx", filled.clone()).unwrap();
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&"wa:kop"), "{:?}", renewed.blocks);
    let got = text(&renewed.bytes);
    let kop = block(&got, "wa:kop");
    assert!(kop.contains("Fatima &amp; Jan") && kop.contains("Nieuwer.xlsx"));
    // The workbook has the name now as well: what was typed has no place in the new version, so the block stays.
    let full = fixture::full();
    let renewed = renewed_report(&full.input(), "r.docx", filled).unwrap();
    assert!(fates(&renewed, BlockFate::Voorgesteld).contains(&"wa:kop"));
    assert!(block(&text(&renewed.bytes), "wa:kop").contains("Fatima &amp; Jan"));
}

#[test]
fn what_the_workbook_has_now_comes_in_and_the_prompt_that_asked_for_it_goes() {
    let old = report(&fixture::empty().input()).unwrap();
    let renewed = again(&fixture::full(), &old);
    let added = fates(&renewed, BlockFate::Toegevoegd);
    assert!(added.contains(&"wa:tekst:s:totaal:1"), "{added:?}");
    let got = text(&renewed.bytes);
    assert!(!got.contains("wa:vul:duiden:totaalbeeld"));
    // In the order of a new document.
    let new = text(&report(&fixture::full().input()).unwrap());
    let order = |text: &str| -> Vec<String> {
        locate::places(&elements(text).unwrap(), std::iter::empty())
            .into_iter()
            .map(|place| place.tag)
            .filter(|tag| !tag.starts_with(PROMPT))
            .collect()
    };
    let (got_order, new_order) = (order(&got), order(&new));
    let common: Vec<&String> = got_order.iter().filter(|tag| new_order.contains(tag)).collect();
    assert_eq!(common, new_order.iter().collect::<Vec<_>>());
    // Its label comes along, once.
    assert_eq!(got.matches(">Totaalbeeld<").count(), 1);
}

#[test]
fn a_record_that_was_lost_only_costs_what_it_alone_knew() {
    let without = |bytes: &[u8]| {
        let archive = Archive::from_bytes("r.docx", bytes.to_vec()).unwrap();
        let mut parts = Rewrite::new(&archive);
        parts.put("customXml/item1.xml", b"<leeg/>".to_vec());
        parts.finish().unwrap()
    };
    let renewed = again(&other_figures(), &without(&old()));
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&BLOCK));
    assert!(!renewed.figures_known, "the old figures are not known");
    let got = text(&renewed.bytes);
    assert!(block(&got, BLOCK).contains("13,3%"));
    let again = again(&other_figures(), &renewed.bytes);
    assert!(!again.changed && again.figures_known, "a new record was kept");
}

#[test]
fn a_document_of_another_kind_or_wijk_is_refused_with_the_reason() {
    let said = |result: Result<Renewed>| result.unwrap_err().to_string();
    let full = fixture::full();
    let plan = action_plan(&full.input()).unwrap();
    assert!(said(renewed_report(&full.input(), "plan.docx", plan)).contains("dit is een plan van aanpak"));
    assert!(said(renewed_action_plan(&full.input(), "r.docx", old())).contains("dit is een rapportage"));
    let mut other = fixture::full();
    other.comparison.wijk.0 = "Anderewijk".to_owned();
    assert!(said(renewed_report(&other.input(), "r.docx", old())).contains("gaat over Verzonnenwijk"));
    let foreign = edited(&old(), |text| text.replace("wa:", "xx:").replace("_wa_", "_xx_"));
    let archive = Archive::from_bytes("r.docx", foreign).unwrap();
    let mut parts = Rewrite::new(&archive);
    parts.put("customXml/item1.xml", b"<leeg/>".to_vec());
    assert!(said(renewed_report(&full.input(), "r.docx", parts.finish().unwrap())).contains("geen blokken"));
    assert!(said(renewed_report(&full.input(), "r.docx", b"PK".to_vec())).contains("r.docx"));
    assert!(said(renewed_report(&full.input(), "r.docx", Vec::new())).contains("leeg"));
}

#[test]
fn the_action_plan_is_renewed_as_well() {
    let mut full = fixture::full();
    let old = action_plan(&full.input()).unwrap();
    full.analysis.activiteiten[0].uitvoerder = "Een andere partner".to_owned();
    let renewed = renewed_action_plan(&full.input(), "plan.docx", old).unwrap();
    assert!(!fates(&renewed, BlockFate::Vernieuwd).is_empty());
    assert!(text(&renewed.bytes).contains("Een andere partner"));
}

#[test]
fn untouched_parts_are_copied_to_the_byte() {
    let old = old();
    let renewed = again(&other_figures(), &old).bytes;
    let (before, after) = (Archive::from_bytes("a", old).unwrap(), Archive::from_bytes("b", renewed).unwrap());
    assert_eq!(before.names().collect::<Vec<_>>(), after.names().collect::<Vec<_>>());
    // Charts of renewed blocks get the new figures in the parts that they have.
    let ours = |name: &&str| {
        [DOCUMENT, "customXml/item1.xml"].contains(name)
            || name.contains("/charts/")
            || name.contains("/embeddings/")
    };
    for name in before.names().filter(|name| !ours(name)) {
        assert_eq!(before.read(name).unwrap(), after.read(name).unwrap(), "{name}");
    }
}

/// Where somebody can type between blocks: the offsets in the body right before a paragraph, table or control.
fn places_between(text: &str) -> Vec<usize> {
    let all = elements(text).unwrap();
    let body = all.iter().position(|e| e.local == "body").unwrap();
    locate::children(&all, body).map(|child| child.span.start).collect()
}

const WORK: [&str; 6] = [
    "<w:p><w:r><w:t>Een zin van de adviseur.</w:t></w:r></w:p>",
    "<w:p><w:ins w:id=\"7001\" w:author=\"Jan\"><w:r><w:t>bijgehouden</w:t></w:r></w:ins></w:p>",
    "<w:p><w:commentRangeStart w:id=\"71\"/><w:r><w:t>met opmerking</w:t></w:r><w:commentRangeEnd w:id=\"71\"/>\
     <w:r><w:commentReference w:id=\"71\"/></w:r></w:p>",
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>eigen tabel</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "<w:bookmarkStart w:id=\"7002\" w:name=\"eigen\"/><w:bookmarkEnd w:id=\"7002\"/>",
    "<w:p><w:r><w:drawing/></w:r><w:r><w:footnoteReference w:id=\"4\"/></w:r></w:p>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people do, wherever: between blocks it stays to the byte, and a block they touched keeps what they did.
    #[test]
    fn the_work_of_people_survives(edits in proptest::collection::vec((0..1000_usize, 0..WORK.len(), any::<bool>()), 1..6)) {
        static OLD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(old);
        let mut worked = text(&OLD);
        let mut touched: Vec<String> = Vec::new();
        for (at, work, inside) in edits {
            let all = elements(&worked).unwrap();
            if inside {
                let places = locate::places(&all, std::iter::empty());
                let place = &places[at % places.len()];
                let inner = &worked[place.content.clone()];
                let Some(end) = inner.rfind("</w:p>") else { continue };
                touched.push(place.tag.clone());
                worked.insert_str(place.content.start + end, "<w:r><w:t xml:space=\"preserve\"> van mij</w:t></w:r>");
            } else {
                let between = places_between(&worked);
                worked.insert_str(between[at % between.len()], WORK[work]);
            }
        }
        let renewed = again(&other_figures(), &edited(&OLD, |_| worked.clone()));
        let got = text(&renewed.bytes);
        prop_assert_eq!(outside(&got), outside(&worked));
        for tag in touched {
            prop_assert_eq!(block(&got, &tag), block(&worked, &tag));
        }
        prop_assert!(!again(&other_figures(), &renewed.bytes).changed);
    }
}
