//! What hands and programs do to one block: a picture in place of a chart, a control inside a paragraph, a comment, a
//! proposal that was accepted.

use super::*;
use crate::document::print::{Reading, hash};
use crate::document::{after_template, example_template};

/// The document with one part changed as `change` says.
fn with_part(bytes: &[u8], name: &str, change: impl FnOnce(&str) -> String) -> Vec<u8> {
    let archive = Archive::from_bytes("r.docx", bytes.to_vec()).unwrap();
    let mut parts = Rewrite::new(&archive);
    let new = change(&part(bytes, name));
    assert_ne!(new, part(bytes, name), "the edit must change something");
    parts.put(name, new.into_bytes());
    parts.finish().unwrap()
}

fn chart_tag(text: &str) -> String {
    let all = elements(text).unwrap();
    let places = locate::places(&all, std::iter::empty());
    places.into_iter().find(|place| place.tag.starts_with("wa:grafiek:")).expect("a chart in the report").tag
}

/// A paragraph or table inside a paragraph, which no program reads.
fn is_nested(text: &str) -> bool {
    let all = elements(text).unwrap();
    all.iter().filter(|e| matches!(e.local.as_str(), "p" | "tbl")).any(|e| {
        let mut parent = e.parent;
        while let Some(outer) = parent.and_then(|at| all.get(at)) {
            match outer.local.as_str() {
                "p" => return true,
                "tc" | "body" | "txbxContent" => return false,
                _ => parent = outer.parent,
            }
        }
        false
    })
}

const PICTURE: &str = "<w:drawing><wp:inline><wp:docPr id=\"900\" name=\"Foto\"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>\
     <a:blip r:embed=\"rId900\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>";

#[test]
fn a_picture_in_place_of_a_chart_stays_also_without_alternative_text() {
    let old = old();
    let tag = chart_tag(&text(&old));
    let changed = edited(&old, |text| {
        let inner = block(text, &tag);
        let (before, after) = inner.split_once("<w:drawing>").unwrap();
        let after = after.split_once("</w:drawing>").unwrap().1;
        text.replacen(inner, &format!("{before}{PICTURE}{after}"), 1)
    });
    let renewed = again(&other_figures(), &changed);
    assert!(fates(&renewed, BlockFate::Voorgesteld).contains(&tag.as_str()), "{:?}", renewed.blocks);
    assert_eq!(block(&text(&renewed.bytes), &tag), block(&text(&changed), &tag));
}

#[test]
fn words_that_somebody_typed_in_a_chart_stay() {
    let old = old();
    let tag = chart_tag(&text(&old));
    let id = block(&text(&old), &tag).split("r:id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let target = format!("word/charts/chart{}.xml", id.trim_start_matches("rIdGrafiek"));
    let words = |xml: &str| elements(xml).unwrap().iter().filter(|e| e.local == "t").count();
    assert!(words(&part(&old, &target)) > 0, "the chart has words");
    let changed = with_part(&old, &target, |xml| xml.replacen("</a:t>", " (let op)</a:t>", 1));
    let renewed = again(&other_figures(), &changed);
    assert!(!fates(&renewed, BlockFate::Vernieuwd).contains(&tag.as_str()), "{:?}", renewed.blocks);
    assert_eq!(part(&renewed.bytes, &target), part(&changed, &target));
    assert_eq!(block(&text(&renewed.bytes), &tag), block(&text(&changed), &tag));
}

#[test]
fn a_chart_of_a_version_that_did_not_look_at_its_words_is_still_renewed() {
    let new = old();
    let tag = chart_tag(&text(&new));
    let now = text(&new);
    let all = elements(&now).unwrap();
    let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == tag).unwrap();
    let earlier = hash(&Reading::of(&part(&new, "word/styles.xml"), &all).read(&now, &all, &place.content));
    let print = now.split(&format!("_wa_{}_", crate::document::stamp::key(&tag))).nth(1).unwrap();
    let print = print.split('"').next().unwrap().to_owned();
    assert_ne!(print, earlier, "the words of the chart count now");
    let old = edited(&new, |text| text.replace(&print, &earlier));
    let old = with_part(&old, "customXml/item1.xml", |record| record.replace(&print, &earlier));
    assert!(again(&fixture::full(), &old).blocks.is_empty());
    assert!(fates(&again(&other_figures(), &old), BlockFate::Vernieuwd).contains(&tag.as_str()));
}

/// A block of one paragraph, as Word and LibreOffice write it after somebody was there: the control in the paragraph.
fn inline(bytes: &[u8], tag: &str, after: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let all = elements(text).unwrap();
        let places = locate::places(&all, std::iter::empty());
        let place = places.iter().find(|place| place.tag == tag).unwrap();
        let head = &text[place.span.start..place.content.start];
        let tail = &text[place.content.end..place.span.end];
        let inner = &text[place.content.clone()];
        assert_eq!(inner.matches("<w:p>").count(), 1);
        let inner = inner.strip_prefix("<w:p>").unwrap().strip_suffix("</w:p>").unwrap();
        let (properties, runs) = inner.split_once("</w:pPr>").unwrap();
        let new = format!("<w:p>{properties}</w:pPr>{head}{runs}{tail}{after}</w:p>");
        format!("{}{new}{}", &text[..place.span.start], &text[place.span.end..])
    })
}

/// A block of one paragraph, and a workbook in which it says something else.
fn other_conclusion() -> (&'static str, Fixture) {
    let mut fixture = fixture::full();
    let summary = fixture.analysis.summary.as_mut().unwrap();
    summary.questions[2].answer.text = "Een andere conclusie.".to_owned();
    ("wa:tekst:s:totaal:2", fixture)
}

#[test]
fn a_control_that_a_program_put_inside_its_paragraph_is_renewed_and_no_paragraph_comes_in_another() {
    let old = old();
    let (tag, other) = other_conclusion();
    let moved = inline(&old, tag, "");
    assert!(again(&fixture::full(), &moved).blocks.is_empty());
    let renewed = again(&other, &moved);
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&tag), "{:?}", renewed.blocks);
    assert!(!is_nested(&text(&renewed.bytes)));
    // In a sentence of somebody: the proposal comes after that sentence.
    let sentence = inline(&old, tag, "<w:r><w:t> en dat is veel.</w:t></w:r>");
    let renewed = again(&other, &sentence);
    assert!(fates(&renewed, BlockFate::Voorgesteld).contains(&tag), "{:?}", renewed.blocks);
    let got = text(&renewed.bytes);
    assert!(!is_nested(&got) && got.contains(" en dat is veel.</w:t></w:r></w:p><w:customXmlInsRangeStart"));
}

#[test]
fn a_block_in_a_sentence_of_a_template_is_not_proposed_later() {
    let full = fixture::full();
    let template = edited(&example_template(Kind::Report, &full.format).unwrap(), |text| {
        let end = text.rfind("<w:sectPr").unwrap();
        let control = "<w:p><w:r><w:t>Zie </w:t></w:r><w:sdt><w:sdtPr><w:tag w:val=\"wijk:matrix\"/></w:sdtPr><w:sdtContent><w:r>\
                       <w:t>de matrix</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t> hieronder.</w:t></w:r></w:p>";
        format!("{}{control}{}", &text[..end], &text[end..])
    });
    let (made, _) = after_template(Kind::Report, &full.input(), "Sjabloon.docx", template).unwrap();
    let renewed = again(&other_figures(), &made);
    assert_eq!(fates(&renewed, BlockFate::InZin), ["wijk:matrix"], "{:?}", renewed.blocks);
    let got = text(&renewed.bytes);
    assert!(!is_nested(&got) && !got.contains("wijk:nieuw:matrix"));
    assert!(got.contains("<w:t>de matrix</w:t>"));
}

/// Another figure of the block has another value as well.
fn second_other_figure(first: &Fixture) -> Fixture {
    let mut fixture = fixture::full();
    fixture.comparison.domeinen[0].figures.clone_from(&first.comparison.domeinen[0].figures);
    let figure = &mut fixture.comparison.domeinen[0].figures[1];
    figure.wijk = Figure::known(figure.wijk.value().unwrap() + 2.0);
    figure.difference = figure.difference.map(|difference| difference + 2.0);
    fixture
}

#[test]
fn each_figure_has_a_comment_of_its_own_and_one_that_is_right_again_says_so() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let first = again(&one_other_figure(), &changed);
    let comments = part(&first.bytes, "word/comments.xml");
    assert!(comments.contains("Daardoor ook: Verzonnen cijfer 0-a (Verschil"), "{comments}");
    let second = again(&second_other_figure(&one_other_figure()), &first.bytes);
    let comments = part(&second.bytes, "word/comments.xml");
    assert_eq!(fates(&second, BlockFate::Opmerking), [BLOCK], "{:?}", second.blocks);
    assert_eq!(comments.matches("<w:comment ").count(), 2, "{comments}");
    assert!(comments.contains("0-a (Verzonnenwijk) is nu 13,3% (was 12,3%)"), "{comments}");
    let got = text(&second.bytes);
    let anchor = |id: u32| {
        let start = format!("<w:commentRangeStart w:id=\"{id}\"/>");
        got.split(&start).nth(1).unwrap().split("<w:commentRangeEnd").next().unwrap().to_owned()
    };
    assert!(anchor(0).contains(">12,3%<") && !anchor(1).contains(">12,3%<"));
    assert!(!again(&second_other_figure(&one_other_figure()), &second.bytes).changed);
    // The first figure is what it was: its comment no longer says that it is 13,3%, the other stays.
    let third = again(&second_other_figure(&fixture::full()), &second.bytes);
    let comments = part(&third.bytes, "word/comments.xml");
    assert!(comments.contains("0-a (Verzonnenwijk) is nu weer 12,3%, zoals hier staat."), "{comments}");
    assert!(!comments.contains("13,3%") && comments.matches("<w:comment ").count() == 2, "{comments}");
    // All old figures again, so nothing is new: no comment says otherwise.
    let fourth = again(&fixture::full(), &second.bytes);
    let comments = part(&fourth.bytes, "word/comments.xml");
    assert_eq!(comments.matches(" is nu weer ").count(), 2, "{comments}");
    assert!(!comments.contains(" (was "), "{comments}");
}

#[test]
fn a_comment_that_somebody_replied_to_stays_as_it_is() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let first = again(&one_other_figure(), &changed).bytes;
    let first = with_part(&first, "word/comments.xml", |xml| {
        xml.replacen(
            "<w:p>",
            "<w:p xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" w14:paraId=\"0A\">",
            1,
        )
    });
    let archive = Archive::from_bytes("r.docx", first).unwrap();
    let mut parts = Rewrite::new(&archive);
    parts.put(
        "word/commentsExtended.xml",
        b"<w15:commentsEx xmlns:w15=\"x\"><w15:commentEx w15:paraId=\"0B\" w15:paraIdParent=\"0A\"/></w15:commentsEx>".to_vec(),
    );
    let kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended";
    parts.relate(DOCUMENT, kind, "/word/commentsExtended.xml", false).unwrap();
    let replied = parts.finish().unwrap();
    let renewed = again(&fixture::full(), &replied);
    assert!(part(&renewed.bytes, "word/comments.xml").contains("is nu 13,3% (was 12,3%)."));
}

/// As Word does when somebody accepts everything that we proposed.
fn accepted(bytes: &[u8]) -> Vec<u8> {
    edited(bytes, |text| {
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
    })
}

#[test]
fn a_proposal_that_took_the_place_of_the_block_is_renewed_every_time() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let proposed = again(&one_other_figure_and_word(), &changed);
    let alone = edited(&accepted(&proposed.bytes), |text| {
        let all = elements(text).unwrap();
        let places = locate::places(&all, std::iter::empty());
        let place = places.iter().find(|place| place.tag == BLOCK && !place.proposal).unwrap();
        format!("{}{}", &text[..place.span.start], &text[place.span.end..])
    });
    let first = again(&other_figures(), &alone);
    assert!(fates(&first, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", first.blocks);
    let second = again(&one_other_figure_and_word(), &first.bytes);
    assert!(fates(&second, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", second.blocks);
    let got = text(&second.bytes);
    assert!(!got.contains("wa:nieuw:domein:werk:opvallend") && !got.contains("Nieuwe versie: "));
    assert!(block(&got, BLOCK).contains("nieuw woord"));
    // Beside the block it came for, which somebody kept, it stays the newer one, and once made again it is the same.
    let both = accepted(&proposed.bytes);
    let first = again(&other_figures(), &both);
    assert!(!again(&other_figures(), &first.bytes).changed);
    let second = again(&one_other_figure_and_word(), &first.bytes);
    for renewed in [&first, &second] {
        assert!(fates(renewed, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", renewed.blocks);
        assert!(fates(renewed, BlockFate::Dubbel).is_empty());
    }
}

#[test]
fn what_is_left_of_a_rejected_proposal_is_no_block_and_the_next_one_comes_in_its_place() {
    let changed = edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1));
    let proposed = again(&one_other_figure_and_word(), &changed);
    let invitation = "<w:p><w:r><w:t>Klik of tik om tekst in te voeren.</w:t></w:r></w:p>";
    for (properties, left) in [("", "<w:p/>"), ("<w:showingPlcHdr/>", invitation)] {
        let rejected = edited(&proposed.bytes, |text| {
            let all = elements(text).unwrap();
            let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.proposal).unwrap();
            let tag = "<w:tag w:val=\"wa:nieuw:domein:werk:opvallend\"/>";
            let control =
                format!("<w:sdt><w:sdtPr>{tag}{properties}</w:sdtPr><w:sdtContent>{left}</w:sdtContent></w:sdt>");
            format!("{}{control}{}", &text[..place.span.start], &text[place.span.end..])
        });
        let same = again(&one_other_figure_and_word(), &rejected);
        assert!(!same.changed && same.blocks.is_empty(), "{:?}", same.blocks);
        let renewed = again(&other_figures(), &rejected);
        assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK]);
        assert!(fates(&renewed, BlockFate::Weggehaald).is_empty());
        let got = text(&renewed.bytes);
        assert_eq!(got.matches("\"wa:nieuw:domein:werk:opvallend\"").count(), 1);
        assert!(!got.contains("Klik of tik") && !again(&other_figures(), &renewed.bytes).changed);
    }
}

#[test]
fn a_control_that_a_program_left_around_the_first_paragraph_only_still_means_the_whole_block() {
    let cut = |bytes: &[u8]| {
        edited(bytes, |text| {
            let all = elements(text).unwrap();
            let mut splices = crate::package::xml::Splices::default();
            for place in locate::places(&all, std::iter::empty()).iter().filter(|place| place.wrapped) {
                let content = all.get(place.control).unwrap();
                let inner =
                    all.iter().position(|e| e.content == place.content && e.local == "sdtContent").unwrap();
                let first = locate::children(&all, inner).next().unwrap();
                if first.span.end < place.content.end {
                    splices.insert(first.span.end, text[place.content.end..content.span.end].to_owned());
                    splices.replace(place.content.end..content.span.end, "");
                }
            }
            splices.apply(text)
        })
    };
    let cut = cut(&old());
    assert!(again(&fixture::full(), &cut).blocks.is_empty(), "{:?}", again(&fixture::full(), &cut).blocks);
    let renewed = again(&other_figures(), &cut);
    let whole = again(&other_figures(), &old());
    assert_eq!(fates(&renewed, BlockFate::Vernieuwd), fates(&whole, BlockFate::Vernieuwd));
    assert!(fates(&renewed, BlockFate::Voorgesteld).is_empty());
    let got = text(&renewed.bytes);
    // A reader sees the same in both.
    let shown = |xml: &str| -> Vec<String> {
        let all = elements(xml).unwrap();
        all.iter().filter(|e| e.local == "t").map(|e| text_of(xml, e)).collect()
    };
    assert_eq!(shown(&got), shown(&text(&whole.bytes)));
    assert!(block(&got, BLOCK).contains("13,3%"));
}

#[test]
fn facts_in_the_header_of_a_template_are_filled_and_renewed_and_other_blocks_there_are_told() {
    let full = fixture::full();
    let template = example_template(Kind::Report, &full.format).unwrap();
    let control = |tag: &str| {
        format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"{tag}\"/></w:sdtPr><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
        )
    };
    let footer = "word/footer1.xml";
    let template = with_part(&template, footer, |xml| {
        let (before, after) = xml.rsplit_once("</w:p>").unwrap();
        format!(
            "{before}{}{}{}</w:p>{after}",
            control("wijk:versie"),
            control("wijk:versei"),
            control("wijk:matrix")
        )
    });
    let template = edited(&template, |text| {
        let end = text.rfind("<w:sectPr").unwrap();
        format!("{}<w:p>{}</w:p>{}", &text[..end], control("opvallend"), &text[end..])
    });
    let (made, findings) = after_template(Kind::Report, &full.input(), "Sjabloon.docx", template).unwrap();
    let said: Vec<&str> = findings.iter().map(|finding| finding.found.as_str()).collect();
    for wanted in [
        "'wijk:versei'; dit deel van de voettekst",
        "'wijk:matrix' staat in de voettekst",
        "geen blok 'opvallend'",
    ] {
        assert!(said.iter().any(|said| said.contains(wanted)), "{wanted}: {said:?}");
    }
    let version = |bytes: &[u8]| part(bytes, footer).split("wijk:versie\"").nth(1).unwrap().to_owned();
    let first = full.analysis.version().to_owned();
    assert!(version(&made).contains(&format!(">{first}<")), "{}", version(&made));
    assert!(!again(&full, &made).changed);
    let mut later = fixture::full();
    later.analysis.pijlers[0].version.as_mut().unwrap().text = "0.4".to_owned();
    let renewed = again(&later, &made);
    assert!(!version(&renewed.bytes).contains(&format!(">{first}<")));
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&"wijk:versie"), "{:?}", renewed.blocks);
}

/// The document with the block moved to its end as somebody does with tracked changes on: with the signs `from` on what
/// stood there and `to` on what came.
fn moved(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let all = elements(text).unwrap();
        let place = locate::places(&all, std::iter::empty()).into_iter().find(|place| place.tag == BLOCK).unwrap();
        let block = &text[place.span.clone()];
        let signed = |sign: &str| {
            block
                .replace("<w:r>", &format!("<w:{sign} w:id=\"900\" w:author=\"Karim\"><w:r>"))
                .replace("</w:r>", &format!("</w:r></w:{sign}>"))
        };
        let mut gone = signed(from);
        if from == "del" {
            gone = gone.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>");
        }
        let mut come = signed(to);
        // Names of bookmarks are there once; Word leaves them where they were.
        for piece in ["bookmarkStart", "bookmarkEnd"] {
            while let Some(start) = come.find(&format!("<w:{piece} ")) {
                let end = start + come[start..].find("/>").unwrap() + 2;
                come.replace_range(start..end, "");
            }
        }
        let text = text.replacen(block, &gone, 1);
        let end = text.rfind("<w:sectPr").unwrap();
        format!("{}<w:p><w:r><w:t>Verplaatst:</w:t></w:r></w:p>{come}{}", &text[..end], &text[end..])
    })
}

#[test]
fn a_block_that_was_moved_with_tracked_changes_gets_its_new_version_where_it_went() {
    for (from, to) in [("moveFrom", "moveTo"), ("del", "ins")] {
        let moved = moved(&old(), from, to);
        let renewed = again(&other_figures(), &moved);
        assert_eq!(fates(&renewed, BlockFate::Voorgesteld), [BLOCK], "{from}");
        assert!(
            fates(&renewed, BlockFate::Weggehaald).is_empty() && fates(&renewed, BlockFate::Dubbel).is_empty()
        );
        let got = text(&renewed.bytes);
        let (before, after) = got.split_once("Verplaatst:").unwrap();
        assert!(!before.contains("wa:nieuw:") && after.contains("wa:nieuw:domein:werk:opvallend"), "{from}");
        assert!(after.split("wa:nieuw:").nth(1).unwrap().contains("13,3%"));
        assert_eq!(outside(&got), outside(&text(&moved)));
        assert!(renewed.figures.iter().any(|figure| figure.new == "13,3%"));
        assert!(!again(&other_figures(), &renewed.bytes).changed, "{from}");
        // One figure: a comment at the place where the block is now.
        let renewed = again(&one_other_figure(), &moved);
        assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK], "{from}");
        let got = text(&renewed.bytes);
        assert!(!got.split("Verplaatst:").next().unwrap().contains("commentRangeStart"), "{from}");
    }
}

/// The document without comments, as when somebody deleted them all.
fn without_comments(bytes: &[u8]) -> Vec<u8> {
    let without = with_part(bytes, "word/comments.xml", |xml| {
        let (start, end) = (xml.find("<w:comment ").unwrap(), xml.rfind("</w:comments>").unwrap());
        format!("{}{}", &xml[..start], &xml[end..])
    });
    edited(&without, |text| {
        let all = elements(text).unwrap();
        let mut splices = crate::package::xml::Splices::default();
        for element in all.iter().filter(|e| e.local.starts_with("comment")) {
            let run = element.parent.and_then(|parent| all.get(parent)).filter(|e| e.local == "r");
            splices.replace(run.map_or(&element.span, |run| &run.span).clone(), "");
        }
        splices.apply(text)
    })
}

/// The one figure that another fixture has too, with another value.
fn with_figure(value: f64) -> Fixture {
    let mut fixture = fixture::full();
    let figure = &mut fixture.comparison.domeinen[0].figures[0];
    let before = figure.wijk.value().unwrap();
    figure.difference = figure.difference.map(|difference| difference + value - before);
    figure.wijk = Figure::known(value);
    fixture
}

/// The report with a block that somebody changed.
fn of_people() -> Vec<u8> {
    edited(&old(), |text| text.replacen("in het domein Werk", "bij werk", 1))
}

/// The document in which somebody typed a figure of the block over.
fn typed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let inner = block(text, BLOCK);
        text.replacen(inner, &inner.replacen(&format!(">{from}<"), &format!(">{to}<"), 1), 1)
    })
}

fn comments(renewed: &Renewed) -> String {
    let xml = part(&renewed.bytes, "word/comments.xml");
    elements(&xml).unwrap().iter().filter(|e| e.local == "t").map(|e| text_of(&xml, e)).collect()
}

/// What lies between the ends of the only comment.
fn anchored(renewed: &Renewed) -> String {
    let got = text(&renewed.bytes);
    let inner = got.split("<w:commentRangeStart").nth(1).unwrap().split("<w:commentRangeEnd").next().unwrap();
    let wrapped = format!("<x{inner}</x>");
    let all = elements(&wrapped).unwrap_or_default();
    if all.is_empty() { inner.to_owned() } else { wrapped }
}

#[test]
fn a_figure_that_people_took_over_and_that_is_what_it_was_again_is_told() {
    let first = again(&with_figure(13.34), &of_people());
    let taken = typed(&without_comments(&first.bytes), "12,3%", "13,3%");
    let renewed = again(&fixture::full(), &taken);
    assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK], "{:?}", renewed.blocks);
    let said = comments(&renewed);
    assert!(said.contains("0-a (Verzonnenwijk) is nu 12,3% (was 13,3%)."), "{said}");
    assert!(anchored(&renewed).contains(">13,3%<"));
    assert!(!again(&fixture::full(), &renewed.bytes).changed);
    // Who took nothing over has the right figure.
    let left = again(&fixture::full(), &without_comments(&first.bytes));
    assert!(left.blocks.iter().all(|block| block.tag != BLOCK), "{:?}", left.blocks);
    assert!(!text(&left.bytes).contains("commentRangeStart"));
}

#[test]
fn a_comment_says_that_a_figure_stands_there_only_where_it_does() {
    let first = again(&with_figure(13.34), &of_people());
    // Somebody followed the comment and left it there.
    let taken = typed(&first.bytes, "12,3%", "13,3%");
    let same = again(&with_figure(13.34), &taken);
    assert!(comments(&same).contains("is nu 13,3%, zoals hier staat."), "{}", comments(&same));
    assert!(!again(&with_figure(13.34), &same.bytes).changed);
    let back = again(&fixture::full(), &taken);
    assert!(comments(&back).contains("is nu 12,3% (was 13,3%)."), "{}", comments(&back));
    let later = again(&with_figure(15.0), &taken);
    assert!(comments(&later).contains("is nu 15,0% (was 13,3%)."), "{}", comments(&later));
    assert_eq!(fates(&later, BlockFate::Opmerking), [BLOCK]);
}

#[test]
fn after_a_comment_was_deleted_the_next_one_says_what_stands_in_the_block() {
    let first = again(&with_figure(13.34), &of_people());
    let deleted = without_comments(&first.bytes);
    assert!(!again(&with_figure(13.34), &deleted).changed, "what was deleted does not come back");
    let later = again(&with_figure(15.0), &deleted);
    let said = comments(&later);
    assert!(said.contains("is nu 15,0% (was 12,3%)."), "{said}");
    assert!(anchored(&later).contains(">12,3%<"), "{}", anchored(&later));
    // The figures of in between once more: that is news again.
    let back = again(&fixture::full(), &deleted);
    let once_more = again(&with_figure(13.34), &back.bytes);
    assert_eq!(fates(&once_more, BlockFate::Opmerking), [BLOCK], "{:?}", once_more.blocks);
}

#[test]
fn a_figure_that_went_and_came_back_in_a_block_of_people_is_counted_once_from_what_it_was_last() {
    let first = again(&with_figure(13.34), &of_people());
    let back = again(&fixture::full(), &first.bytes);
    let later = again(&with_figure(15.0), &back.bytes);
    let of_wijk = |renewed: &Renewed| -> Vec<(String, String)> {
        let named =
            renewed.figures.iter().filter(|change| change.figure == "Verzonnen cijfer 0-a (Verzonnenwijk)");
        named.map(|change| (change.old.clone(), change.new.clone())).collect()
    };
    assert_eq!(of_wijk(&back), [("13,3%".to_owned(), "12,3%".to_owned())]);
    assert_eq!(of_wijk(&later), [("12,3%".to_owned(), "15,0%".to_owned())]);
    assert!(of_wijk(&again(&with_figure(15.0), &later.bytes)).is_empty());
}

#[test]
fn a_figure_in_a_row_that_people_gave_another_name_is_still_told() {
    let renamed = edited(&old(), |text| {
        let inner = block(text, BLOCK);
        text.replacen(inner, &inner.replacen("Verzonnen cijfer 0-a", "Zonder werk", 1), 1)
    });
    let renewed = again(&with_figure(13.34), &renamed);
    assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK], "{:?}", renewed.blocks);
    assert!(anchored(&renewed).contains(">12,3%<"));
}

#[test]
fn when_people_undo_their_change_the_proposal_beside_it_goes() {
    let proposed = again(&one_other_figure_and_word(), &of_people());
    let undone = edited(&proposed.bytes, |text| text.replacen("bij werk", "in het domein Werk", 1));
    let renewed = again(&one_other_figure_and_word(), &undone);
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&BLOCK));
    let got = text(&renewed.bytes);
    assert!(!got.contains("wa:nieuw:") && block(&got, BLOCK).contains("nieuw woord"));
}

/// Somebody writes another word in the version that waits.
fn reworded(bytes: &[u8]) -> Vec<u8> {
    edited(bytes, |text| {
        let (before, after) = text.split_at(text.find("wa:nieuw:domein:werk:opvallend").unwrap());
        format!("{before}{}", after.replacen("nieuw woord", "ander woord", 1))
    })
}

#[test]
fn a_newer_proposal_beside_one_that_people_changed_has_marks_of_its_own() {
    let proposed = again(&one_other_figure_and_word(), &of_people());
    let worked = reworded(&proposed.bytes);
    let renewed = again(&other_figures(), &worked);
    let got = text(&renewed.bytes);
    assert_eq!(got.matches("\"wa:nieuw:domein:werk:opvallend\"").count(), 2);
    assert!(got.contains("ander woord"));
    let names: Vec<&str> =
        got.split("<w:bookmarkStart ").skip(1).filter_map(|b| b.split("w:name=\"").nth(1)).collect();
    let names: Vec<&str> = names.iter().filter_map(|name| name.split('"').next()).collect();
    let once: std::collections::BTreeSet<&&str> = names.iter().collect();
    assert_eq!(names.len(), once.len(), "{names:?}");
    assert!(!again(&other_figures(), &renewed.bytes).changed);
}

#[test]
fn what_people_typed_over_a_figure_is_understood_as_they_write_it() {
    let first = again(&with_figure(13.34), &of_people());
    for written in ["13,3 %", "13.3%", "13,3", "13,3% (2026)"] {
        let taken = typed(&first.bytes, "12,3%", written);
        let said = comments(&again(&with_figure(13.34), &taken));
        assert!(said.contains("is nu 13,3%, zoals hier staat."), "{written}: {said}");
    }
    let rounded = typed(&first.bytes, "12,3%", "ca. 12%");
    let said = comments(&again(&with_figure(15.0), &rounded));
    assert!(said.contains("is nu 15,0% (was ca. 12%)."), "{said}");
}

#[test]
fn a_figure_that_people_typed_over_in_one_of_two_tables_is_told_when_it_is_what_it_was_again() {
    let twice = edited(&old(), |text| {
        let inner = block(text, BLOCK);
        let (start, end) = (inner.find("<w:tbl>").unwrap(), inner.find("</w:tbl>").unwrap() + "</w:tbl>".len());
        let copied = format!("{}{}<w:p/>{}", &inner[..start], &inner[start..end], &inner[start..]);
        text.replacen(inner, &copied, 1)
    });
    let first = again(&with_figure(13.34), &twice);
    let taken = typed(&without_comments(&first.bytes), "12,3%", "13,3%");
    let renewed = again(&fixture::full(), &taken);
    assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK], "{:?}", renewed.blocks);
    assert!(comments(&renewed).contains("is nu 12,3% (was 13,3%)."));
    // Also one of an edition before that.
    let taken = typed(&without_comments(&first.bytes), "12,3%", "11,9%");
    let renewed = again(&fixture::full(), &taken);
    assert_eq!(fates(&renewed, BlockFate::Opmerking), [BLOCK], "{:?}", renewed.blocks);
}

#[test]
fn a_comment_of_ours_alone_does_not_make_a_block_peoples() {
    let first = again(&one_other_figure(), &of_people());
    let undone = edited(&first.bytes, |text| text.replacen("bij werk", "in het domein Werk", 1));
    let renewed = again(&other_figures(), &undone);
    assert!(fates(&renewed, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", renewed.blocks);
    assert!(!text(&renewed.bytes).contains("comment"), "its ends are gone");
    assert!(!part(&renewed.bytes, "word/comments.xml").contains("<w:comment "));
    // What somebody wrote in it is people's.
    let written = with_part(&undone, "word/comments.xml", |xml| xml.replacen("</w:t>", " Klopt dit?</w:t>", 1));
    let kept = again(&other_figures(), &written);
    assert!(!fates(&kept, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", kept.blocks);
    assert!(block(&text(&kept.bytes), BLOCK).contains("commentRangeStart"));
    assert!(part(&kept.bytes, "word/comments.xml").contains("Klopt dit?"));
}

#[test]
fn a_comment_that_was_resolved_stays_so_and_the_next_figure_gets_one_of_its_own() {
    let first = again(&one_other_figure(), &of_people()).bytes;
    let first = with_part(&first, "word/comments.xml", |xml| {
        let paragraph =
            "<w:p xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" w14:paraId=\"0A\">";
        xml.replacen("<w:p>", paragraph, 1)
    });
    let archive = Archive::from_bytes("r.docx", first).unwrap();
    let mut parts = Rewrite::new(&archive);
    let threads =
        "<w15:commentsEx xmlns:w15=\"x\"><w15:commentEx w15:paraId=\"0A\" w15:done=\"1\"/></w15:commentsEx>";
    parts.put("word/commentsExtended.xml", threads.as_bytes().to_vec());
    let kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended";
    parts.relate(DOCUMENT, kind, "/word/commentsExtended.xml", false).unwrap();
    let resolved = parts.finish().unwrap();
    assert!(!again(&one_other_figure(), &resolved).changed);
    let later = again(&with_figure(15.0), &resolved);
    let said = comments(&later);
    assert!(said.contains("is nu 13,3% (was 12,3%).") && said.contains("is nu 15,0% (was 12,3%)."), "{said}");
}

#[test]
fn a_version_accepted_beside_the_own_one_keeps_its_place_when_libreoffice_dropped_its_control() {
    let proposed = again(&one_other_figure_and_word(), &of_people());
    let both = edited(&accepted(&proposed.bytes), |text| {
        let all = elements(text).unwrap();
        let places = locate::places(&all, std::iter::empty());
        let place = places.iter().find(|place| place.proposal).unwrap();
        format!("{}{}{}", &text[..place.span.start], &text[place.content.clone()], &text[place.span.end..])
    });
    let first = again(&other_figures(), &both);
    let got = text(&first.bytes);
    assert_eq!(got.matches("\"wa:nieuw:domein:werk:opvallend\"").count(), 1);
    assert_eq!(got.matches("\"wa:domein:werk:opvallend\"").count(), 1);
    let second = again(&other_figures(), &first.bytes);
    assert!(!second.changed, "{:?}", second.blocks);
    let third = again(&fixture::full(), &first.bytes);
    assert!(fates(&third, BlockFate::Dubbel).is_empty(), "{:?}", third.blocks);
    let got = text(&third.bytes);
    let own = got.split("\"wa:nieuw:domein:werk:opvallend\"").nth(1).unwrap().split("</w:sdt>").next().unwrap();
    assert!(own.contains("12,3%") && !own.contains("13,3%"));
}

#[test]
fn a_proposal_that_begins_with_a_table_is_kept_apart_from_the_table_before_it() {
    const TABLE: &str = "wa:kop";
    let renew = |workbook: &'static str, old: &[u8]| {
        let full = fixture::full();
        let mut input = full.input();
        input.workbook = workbook;
        renewed_report(&input, "r.docx", old.to_vec()).unwrap()
    };
    let worked = edited(&old(), |text| {
        let inner = block(text, TABLE);
        assert!(inner.starts_with("<w:tbl>"), "the block is a table");
        text.replacen(inner, &inner.replacen("</w:t>", " (van mij)</w:t>", 1), 1)
    });
    let proposed = renew("Nieuwer.xlsx", &worked);
    assert_eq!(fates(&proposed, BlockFate::Voorgesteld), [TABLE]);
    let got = text(&proposed.bytes);
    let proposal = got.split("\"wa:nieuw:kop\"").nth(1).unwrap();
    assert!(proposal.find("<w:p>").unwrap() < proposal.find("<w:tbl>").unwrap());
    assert!(!renew("Nieuwer.xlsx", &proposed.bytes).changed);
    // Accepted beside the own one, it is still what was written, and is renewed.
    let later = renew("Nieuwst.xlsx", &accepted(&proposed.bytes));
    assert_eq!(fates(&later, BlockFate::Vernieuwd), [TABLE], "{:?}", later.blocks);
    let got = text(&later.bytes);
    assert!(got.contains("(van mij)") && got.contains("Nieuwst.xlsx") && !got.contains("Nieuwer.xlsx"));
    let renewed = got.split("\"wa:nieuw:kop\"").nth(1).unwrap();
    assert!(renewed.find("<w:p>").unwrap() < renewed.find("<w:tbl>").unwrap(), "still apart");
    assert!(!renew("Nieuwst.xlsx", &later.bytes).changed);
}

#[test]
fn of_two_accepted_versions_the_one_that_was_made_the_block_stays_it() {
    let proposed = again(&one_other_figure_and_word(), &of_people());
    let worked = reworded(&proposed.bytes);
    let both = accepted(&again(&other_figures(), &worked).bytes);
    // The block itself goes.
    let alone = edited(&both, |text| {
        let all = elements(text).unwrap();
        let places = locate::places(&all, std::iter::empty());
        let place = places.iter().find(|place| place.tag == BLOCK && !place.proposal).unwrap();
        format!("{}{}", &text[..place.span.start], &text[place.span.end..])
    });
    let first = again(&fixture::full(), &alone);
    assert!(fates(&first, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", first.blocks);
    let second = again(&fixture::full(), &first.bytes);
    assert!(!second.changed, "{:?}", second.blocks);
    let later = again(&other_figures(), &first.bytes);
    assert!(fates(&later, BlockFate::Vernieuwd).contains(&BLOCK), "{:?}", later.blocks);
    assert!(text(&later.bytes).contains("ander woord"), "what people made of the first version stays");
}

#[test]
fn beside_a_waiting_version_that_people_changed_figures_that_are_back_are_proposed_once() {
    let proposed = again(&one_other_figure_and_word(), &of_people());
    let worked = reworded(&proposed.bytes);
    let back = again(&fixture::full(), &worked);
    assert_eq!(fates(&back, BlockFate::Voorgesteld), [BLOCK], "{:?}", back.blocks);
    let got = text(&back.bytes);
    assert!(got.contains("ander woord"));
    assert_eq!(got.matches("\"wa:nieuw:domein:werk:opvallend\"").count(), 2);
    assert!(!again(&fixture::full(), &back.bytes).changed);
}
