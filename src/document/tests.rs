//! The documents as a reader finds them: structure, texts, content controls and bytes.

mod accessibility;
mod extremes;

use std::io::{Cursor, Read};

use super::fixture::{self, Fixture};
use super::{Kind, action_plan, conversation_card, in_house_style, own_documents_tests, renewed, report};
use crate::package::tree::{Element, Node};

/// A part of a package as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn document(bytes: &[u8]) -> Element {
    Element::parse(&part(bytes, "word/document.xml")).unwrap()
}

/// All elements of a name, in order.
fn all<'a>(root: &'a Element, name: &str) -> Vec<&'a Element> {
    let mut found = Vec::new();
    collect(root, name, &mut found);
    found
}

fn collect<'a>(element: &'a Element, name: &str, found: &mut Vec<&'a Element>) {
    if element.name == name {
        found.push(element);
    }
    for child in element.elements() {
        collect(child, name, found);
    }
}

/// The text of an element with tabs and line breaks, unescaped.
fn text(element: &Element) -> String {
    let mut out = String::new();
    match element.name.as_str() {
        "w:br" => out.push('\n'),
        "w:tab" => out.push('\t'),
        "w:t" => {
            for child in &element.children {
                if let Node::Text(text) = child {
                    out.push_str(text);
                }
            }
        }
        _ => out.extend(element.elements().map(text)),
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

fn style(paragraph: &Element) -> &str {
    paragraph
        .child("w:pPr")
        .and_then(|properties| properties.child("w:pStyle"))
        .and_then(|style| style.attribute("w:val"))
        .unwrap_or("")
}

fn paragraphs(bytes: &[u8]) -> Vec<(String, String)> {
    all(&document(bytes), "w:p").into_iter().map(|p| (style(p).to_owned(), text(p))).collect()
}

fn headings(bytes: &[u8], level: usize) -> Vec<String> {
    let wanted = format!("Kop{level}");
    paragraphs(bytes).into_iter().filter(|(style, _)| *style == wanted).map(|(_, text)| text).collect()
}

fn tags(bytes: &[u8]) -> Vec<String> {
    all(&document(bytes), "w:tag")
        .into_iter()
        .filter_map(|tag| tag.attribute("w:val"))
        .map(str::to_owned)
        .collect()
}

fn three(fixture: &Fixture) -> [Vec<u8>; 3] {
    let input = fixture.input();
    [report(&input).unwrap(), action_plan(&input).unwrap(), conversation_card(&input).unwrap()]
}

#[test]
fn the_report_has_every_heading_in_the_order_of_the_handbook() {
    let bytes = report(&fixture::full().input()).unwrap();
    assert_eq!(
        headings(&bytes, 1),
        [
            "Stap 1 Staat van de Jeugd & Ambities",
            "Stap 2 Maatschappelijk resultaat",
            "Stap 3 Activiteiten",
            "Bijlage"
        ]
    );
    let second = headings(&bytes, 2);
    assert_eq!(
        second[..3],
        [
            "1.1.1 Kwantitatieve analyse (cijfers en factoren)",
            "1.1.2 Kwalitatieve analyse (gesprek met partners in de wijk)",
            "1.1.3 Ambities"
        ]
    );
    let third = headings(&bytes, 3);
    assert_eq!(
        third[..6],
        [
            "Algemene informatie over de wijk",
            "Staat van de Jeugd",
            "Cijfers duiden en interpreteren",
            "Kansrijk opgroeien",
            "Groei van veiligheid",
            "Groei van gezondheid"
        ]
    );
    let domeinen: Vec<String> =
        headings(&bytes, 5).into_iter().filter(|heading| heading.starts_with("Domein ")).collect();
    let expected: Vec<String> = fixture::DOMEINEN.iter().map(|(_, name, ..)| format!("Domein {name}")).collect();
    assert_eq!(domeinen, expected);
}

#[test]
fn the_action_plan_has_stap_3_to_6() {
    for fixture in [fixture::full(), fixture::empty()] {
        assert_eq!(
            headings(&action_plan(&fixture.input()).unwrap(), 1),
            [
                "Stap 3 Activiteiten",
                "Stap 4 Kwaliteit input",
                "Stap 5 Outcome",
                "Stap 6 Verbeteracties in verbetercyclus"
            ]
        );
    }
}

#[test]
fn every_text_of_a_person_stands_in_the_report_once_and_as_written() {
    let paragraphs = paragraphs(&report(&fixture::full().input()).unwrap());
    let styles = ["AdviseurTekst", "PartnerTekst", "Tabeladviseur"];
    for wanted in fixture::PEOPLE {
        let found: Vec<_> = paragraphs.iter().filter(|(_, text)| text == wanted).collect();
        assert_eq!(found.len(), 1, "{wanted}");
        assert!(styles.contains(&found[0].0.as_str()), "{wanted} has style {}", found[0].0);
    }
}

#[test]
fn what_people_typed_as_a_list_is_a_list_with_their_mark_in_every_clothes() {
    let mut typed = fixture::full();
    for question in
        typed.analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.blocks).flat_map(|b| &mut b.questions)
    {
        if question.answer.text == fixture::PEOPLE[0] {
            question.answer.text =
                "Wat ouders zeggen:\n- te druk\n- te duur\nDoen:\n1. bellen\n2. mailen".to_owned();
        } else if question.answer.text == fixture::PEOPLE[2] {
            question.answer.text = "• scholen\n• sportclubs".to_owned();
        }
    }
    typed.analysis.pijlers[0].closing[0].conclusion.as_mut().unwrap().text = "-Aanbod\n-Bereik".to_owned();
    let bytes = report(&typed.input()).unwrap();
    accessibility::lists(&bytes);
    let own = paragraphs(&bytes);
    for (style, text) in [
        ("AdviseurTekst", "Wat ouders zeggen:"),
        ("AdviseurOpsomming", "te druk"),
        ("AdviseurOpsomming", "te duur"),
        ("PartnerOpsomming", "sportclubs"),
        ("Tabeladviseuropsomming", "Bereik"),
    ] {
        assert!(own.contains(&(style.to_owned(), text.to_owned())), "{text}");
    }
    // LibreOffice shows the bullets of one style for each number of a list.
    let styles = Element::parse(&part(&bytes, "word/styles.xml")).unwrap();
    let mut numbers: Vec<&str> =
        all(&styles, "w:numId").into_iter().filter_map(|id| id.attribute("w:val")).collect();
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(count >= 4 && numbers.len() == count, "{numbers:?}");
    // A house style that knows none of these styles still has points, with its own bullets.
    let house = own_documents_tests::organisation_with("", own_documents_tests::SECTION, "document");
    let dressed = in_house_style(Kind::Report, &typed.input(), "huis.docx", house).unwrap().bytes;
    let text = part(&dressed, "word/document.xml");
    for point in ["te druk", "sportclubs", "Bereik"] {
        let before = text.split(&format!(">{point}<")).next().unwrap();
        let properties = &before[before.rfind("<w:pPr>").unwrap()..];
        assert!(properties.contains("<w:numPr>") && properties.contains("<w:pBdr>"), "{point}: {properties}");
    }
    // What has a number keeps it as typed: 'zie 2' may stand elsewhere.
    for (made, style) in [(&bytes, "AdviseurNummering"), (&dressed, "")] {
        let text = part(made, "word/document.xml");
        let before = text.split(">bellen<").next().unwrap();
        let item = &before[before.rfind("<w:pPr>").unwrap()..];
        assert!(item.contains(">1.<") && item.contains("<w:tab"), "{item}");
        let listed = if style.is_empty() { "<w:numPr>" } else { style };
        assert!(item.contains(listed) && (!style.is_empty() || item.contains("<w:pBdr>")), "{item}");
    }
    for made in [bytes, dressed] {
        let again = renewed(Kind::Report, &typed.input(), "r.docx", made).unwrap();
        assert!(!again.changed, "{:?}", again.blocks);
    }
}

#[test]
fn what_partners_said_stands_in_1_1_2() {
    let paragraphs = paragraphs(&report(&fixture::full().input()).unwrap());
    let at = |wanted: &str, style: &str| {
        paragraphs.iter().position(|(s, text)| s == style && text.starts_with(wanted)).unwrap()
    };
    let said = at(fixture::PEOPLE[2], "PartnerTekst");
    assert!(at("1.1.2", "Kop2") < said && said < at("1.1.3", "Kop2"));
}

#[test]
fn every_opvallend_figure_has_its_difference_mark_and_word() {
    let fixture = fixture::full();
    let document = document(&report(&fixture.input()).unwrap());
    for domein in &fixture.comparison.domeinen {
        let tag = format!("wa:domein:{}:opvallend", super::content::slug(&domein.domein));
        let block = all(&document, "w:sdt")
            .into_iter()
            .find(|sdt| all(sdt, "w:tag").first().and_then(|t| t.attribute("w:val")) == Some(&tag))
            .unwrap();
        let rows: Vec<String> = all(block, "w:tr").into_iter().map(text).collect();
        for (code, word) in [("a", "– ongunstiger"), ("b", "+ gunstiger")] {
            let figure = domein.figures.iter().find(|figure| figure.code.ends_with(code)).unwrap();
            let row = rows.iter().find(|row| row.contains(&figure.name)).unwrap();
            for wanted in [word, "procentpunt", "editie 2016, peiljaar onbekend", "18 t/m 22 jaar", "direct"] {
                assert!(row.contains(wanted), "{wanted} in {row}");
            }
        }
        let source = "Bron van alle cijfers in deze tabel: Verzonnen bron.";
        assert!(all(block, "w:p").into_iter().any(|p| text(p) == source), "{}", domein.domein);
    }
}

#[test]
fn figures_of_several_sources_each_bear_their_own() {
    let mut fixture = fixture::full();
    fixture.comparison.domeinen[0].figures[0].source = "Andere bron".to_owned();
    let report = report(&fixture.input()).unwrap();
    let rows: Vec<String> = all(&document(&report), "w:tr").into_iter().map(text).collect();
    for (name, source) in [("Verzonnen cijfer 0-a", "Andere bron"), ("Verzonnen cijfer 0-b", "Verzonnen bron")] {
        let opvallend = rows.iter().find(|row| row.starts_with(name)).unwrap();
        assert!(opvallend.contains(source), "{opvallend}");
    }
}

#[test]
fn a_gebied_is_called_a_gebied_in_titles_properties_and_footers() {
    for (called, name) in [("Verzonnengebied", "Verzonnengebied"), ("gebied Tweenaam", "Tweenaam")] {
        let mut fixture = fixture::full();
        fixture.comparison.area_level = crate::model::AreaLevel::Gebied;
        fixture.comparison.wijk.0 = called.to_owned();
        let bytes = three(&fixture);
        for bytes in &bytes {
            let expected = format!("gebied {name}");
            let footer = text(&Element::parse(&part(bytes, "word/footer1.xml")).unwrap());
            assert!(footer.contains(&format!("· {expected} ·")), "{footer}");
            assert!(part(bytes, "docProps/core.xml").contains(&format!("{expected}</dc:title>")));
        }
        for bytes in &bytes[..2] {
            let paragraphs = paragraphs(bytes);
            assert!(paragraphs.contains(&("Ondertitel".to_owned(), format!("Gebied {name}"))));
            let label = paragraphs.iter().position(|(_, text)| text == "Gebied").unwrap();
            assert_eq!(paragraphs[label + 1].1, name);
        }
        assert!(
            paragraphs(&bytes[2]).contains(&("Kaarttitel".to_owned(), format!("Gesprekskaart gebied {name}")))
        );
    }
}

#[test]
fn a_document_without_a_date_asks_for_one() {
    let fixture = fixture::full();
    let input = super::ReportInput { date: None, ..fixture.input() };
    for bytes in [report(&input).unwrap(), action_plan(&input).unwrap()] {
        assert!(tags(&bytes).iter().any(|tag| tag == "wa:vul:kop:datum"));
        assert!(!part(&bytes, "docProps/core.xml").contains("dcterms:created"));
    }
    assert!(!tags(&report(&fixture.input()).unwrap()).iter().any(|tag| tag == "wa:vul:kop:datum"));
}

#[test]
fn the_general_picture_asks_for_the_young_people_of_every_age_group() {
    let bytes = report(&fixture::empty().input()).unwrap();
    let rows: Vec<String> = all(&document(&bytes), "w:tr").into_iter().map(text).collect();
    for group in ["0 tot 12 jaar", "12 tot en met 22 jaar"] {
        assert!(rows.iter().any(|row| row.starts_with(&format!("{group}[Hoeveel jeugdigen?]"))), "{group}");
    }
    let missing = rows.iter().find(|row| row.contains("Aantal jeugdigen per leeftijdsgroep")).unwrap();
    assert!(missing.contains("0 tot 12 jaar en 12 tot en met 22 jaar") && missing.contains("OBI"), "{missing}");
}

#[test]
fn every_list_says_what_it_counts_and_how_many_figures_are_missing() {
    let mut fixture = fixture::full();
    fixture.comparison.domeinen[0].figures[1].own = false;
    let paragraphs = paragraphs(&report(&fixture.input()).unwrap());
    let rules: Vec<&String> =
        paragraphs.iter().map(|(_, text)| text).filter(|text| text.starts_with("Regel: van ")).collect();
    assert_eq!(rules.len(), fixture.comparison.domeinen.len());
    assert_eq!(
        rules[0],
        "Regel: van 2 eigen cijfers van het domein en 1 cijfer via een factor de 5 die het verst van Rotterdam \
         liggen, en wat de adviseur aanwees; eigen cijfers staan eerst. Cijfers die ontbreken: 1 van 3, zie de bijlage."
    );
    assert!(rules[1].starts_with("Regel: van 3 eigen cijfers van het domein de 5 die"), "{}", rules[1]);
}

#[test]
fn a_figure_that_is_missed_in_several_domeinen_is_asked_for_once() {
    let mut fixture = fixture::full();
    let mut again = fixture.comparison.domeinen[1].figures[2].clone();
    again.own = false;
    fixture.comparison.domeinen[0].figures.push(again);
    let report = report(&fixture.input()).unwrap();
    let rows: Vec<String> = all(&document(&report), "w:tr").into_iter().map(text).collect();
    let asked: Vec<&String> =
        rows.iter().filter(|row| row.starts_with("Verzonnen cijfer 1-cgeheim (x)")).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].contains("Werk en Schoolprestaties"), "{}", asked[0]);
}

#[test]
fn one_figure_in_several_domeinen_is_not_called_several_figures() {
    let mut fixture = fixture::full();
    let factor = &mut fixture.comparison.factoren[0];
    factor.unfavourable =
        vec![("Werk".to_owned(), "0-a".to_owned()), ("Veilig thuis".to_owned(), "0-a".to_owned())];
    let paragraphs = paragraphs(&report(&fixture.input()).unwrap());
    let wanted = "2 factoren komen terug via ten minste één ongunstig opvallend cijfer. 1 daarvan heeft er meer dan één, \
                  of komt in meer dan één domein terug, en staat hieronder; de andere in bijlage C.";
    assert!(paragraphs.iter().any(|(_, text)| text == wanted));
}

#[test]
fn a_model_estimate_never_gets_a_statement_about_chance() {
    let paragraphs = all(&document(&report(&fixture::full().input()).unwrap()), "w:tr")
        .into_iter()
        .map(text)
        .collect::<Vec<_>>();
    let rows: Vec<&String> = paragraphs.iter().filter(|row| row.contains("modelschatting")).collect();
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| !row.contains("toeval")));
    assert!(paragraphs.iter().any(|row| row.contains("groter dan toeval")));
}

#[test]
fn where_many_figures_are_missing_it_is_said_that_missing_is_not_nil() {
    let told = |missing: usize| {
        let mut full = fixture::full();
        full.comparison.missing = (missing, 15);
        let paragraphs = paragraphs(&report(&full.input()).unwrap());
        paragraphs.iter().any(|(_, text)| text.contains("Een cijfer dat ontbreekt is geen nul: wat hier"))
    };
    assert_eq!([0, 1, 3, 4, 15].map(told), [false, false, false, true, true]);
}

#[test]
fn a_missing_figure_is_shown_with_its_kind_and_never_as_nil() {
    let report = report(&fixture::full().input()).unwrap();
    let rows: Vec<String> = all(&document(&report), "w:tr").into_iter().map(text).collect();
    for (at, words) in [
        (0, "onbekend, te weinig waarnemingen of vertrouwelijk (.)"),
        (1, "geheim (x)"),
        (2, "kan niet voorkomen"),
        (3, "niet aanwezig in de bron"),
        (4, "niet beschikbaar (andere indeling)"),
    ] {
        let name = format!("Verzonnen cijfer {at}-c");
        // The table of factoren names the figure with its meaning, not with its value.
        let (factoren, rows): (Vec<&String>, Vec<&String>) =
            rows.iter().filter(|row| row.contains(&name)).partition(|row| row.contains(&format!("{name}: ")));
        assert!(factoren.iter().all(|row| row.contains(&format!("{name}: niet vergeleken"))), "{factoren:?}");
        assert_eq!(rows.len(), 2, "once among all figures, once among the missing ones");
        assert!(rows.iter().all(|row| row.contains(words) && !row.contains("0,0")), "{rows:?}");
    }
}

#[test]
fn content_controls_have_unique_tags_and_ids_and_prompts_say_so() {
    for bytes in three(&fixture::full()).iter().chain(&three(&fixture::empty())) {
        let document = document(bytes);
        let mut tags = tags(bytes);
        let controls = all(&document, "w:sdt").len();
        assert_eq!(tags.len(), controls);
        assert!(tags.iter().all(|tag| tag.starts_with("wa:") && tag.chars().count() <= 64), "{tags:?}");
        let prompts = tags.iter().filter(|tag| tag.starts_with("wa:vul:")).count();
        assert_eq!(all(&document, "w:showingPlcHdr").len(), prompts);
        let marked = all(&document, "w:rStyle")
            .into_iter()
            .filter(|style| style.attribute("w:val") == Some("Invulinstructie"))
            .count();
        assert_eq!(marked, prompts);
        let bracketed =
            all(&document, "w:t").into_iter().map(text).filter(|t| t.starts_with('[') && t.ends_with(']')).count();
        assert_eq!(bracketed, prompts);
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), controls);
        let mut ids: Vec<&str> =
            all(&document, "w:id").into_iter().filter_map(|id| id.attribute("w:val")).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), controls);
    }
}

#[test]
fn no_content_control_lies_inside_a_paragraph() {
    // LibreOffice loses styles and line breaks in every control after such a one.
    for bytes in three(&fixture::empty()) {
        let document = document(&bytes);
        assert!(all(&document, "w:p").into_iter().all(|p| all(p, "w:sdt").is_empty()));
    }
}

#[test]
fn a_prompt_goes_when_the_workbook_has_the_text() {
    let of = |fixture: Fixture| tags(&report(&fixture.input()).unwrap());
    let (full, empty) = (of(fixture::full()), of(fixture::empty()));
    for tag in
        ["wa:vul:kop:adviseur", "wa:vul:domein:werk:waarom", "wa:vul:duiden:totaalbeeld", "wa:vul:slot:werk"]
    {
        assert!(empty.iter().any(|known| known == tag), "{tag}");
        assert!(!full.iter().any(|known| known == tag), "{tag}");
    }
}

#[test]
fn tables_with_a_heading_row_repeat_it_and_no_row_breaks_over_pages() {
    for bytes in three(&fixture::full()) {
        let document = document(&bytes);
        let mut heading_rows = 0;
        for row in all(&document, "w:tr") {
            let properties = row.child("w:trPr").unwrap();
            assert!(properties.child("w:cantSplit").is_some());
            let headed = all(row, "w:p").into_iter().all(|p| style(p).starts_with("Tabelkop"));
            heading_rows += usize::from(headed);
            assert!(!headed || properties.child("w:tblHeader").is_some());
        }
        assert!(heading_rows > 0);
    }
}

#[test]
fn the_table_of_contents_shows_the_headings_and_links_to_them() {
    let bytes = report(&fixture::full().input()).unwrap();
    let document = document(&bytes);
    let entries: Vec<(String, String)> = all(&document, "w:hyperlink")
        .into_iter()
        .map(|link| (link.attribute("w:anchor").unwrap().to_owned(), text(link)))
        .collect();
    let shown: Vec<(String, String)> = all(&document, "w:p")
        .into_iter()
        .filter(|p| ["Kop1", "Kop2", "Kop3"].contains(&style(p)))
        .map(|p| {
            let bookmark = p.child("w:bookmarkStart").unwrap().attribute("w:name").unwrap();
            (bookmark.to_owned(), text(p))
        })
        .collect();
    assert_eq!(entries, shown);
    let begins = all(&document, "w:fldChar").len();
    assert_eq!(begins, 3, "one field with begin, separate and end");
}

#[test]
fn language_title_and_author_are_set_and_the_footer_names_wijk_and_version() {
    for bytes in three(&fixture::full()) {
        assert!(part(&bytes, "word/styles.xml").contains("w:lang w:val=\"nl-NL\""));
        let core = part(&bytes, "docProps/core.xml");
        assert!(core.contains("Verzonnenwijk</dc:title>"));
        assert!(core.contains("<dc:creator>A. de Verzonnene &amp; zonen</dc:creator>"));
        let footer = text(&Element::parse(&part(&bytes, "word/footer1.xml")).unwrap());
        assert!(footer.contains("Verzonnenwijk · versie 0.3 concept"), "{footer}");
        assert!(footer.contains("concept ") && footer.contains("Pagina\u{a0}1\u{a0}van\u{a0}1"), "{footer}");
    }
}

#[test]
fn the_only_empty_paragraphs_are_lines_to_write_on() {
    for bytes in three(&fixture::full()) {
        let document = document(&bytes);
        let body = document.child("w:body").unwrap();
        let cells: usize = all(body, "w:tc").into_iter().map(empty_paragraphs).sum();
        assert_eq!(empty_paragraphs(body), cells);
    }
    for bytes in &three(&fixture::full())[..2] {
        assert_eq!(empty_paragraphs(&document(bytes)), 0);
    }
}

fn empty_paragraphs(root: &Element) -> usize {
    all(root, "w:p").into_iter().filter(|p| text(p).is_empty() && all(p, "w:drawing").is_empty()).count()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(three(&fixture::full()), three(&fixture::full()));
}

#[test]
fn control_characters_in_a_text_stay_visible_and_the_document_readable() {
    let mut fixture = fixture::full();
    fixture.analysis.pijlers[0].questions[0].answer.text = "bel\u{7}\u{0}en]]> einde".to_owned();
    let paragraphs = paragraphs(&report(&fixture.input()).unwrap());
    assert!(paragraphs.iter().any(|(_, text)| text == "bel\u{fffd}\u{fffd}en]]> einde"));
}

#[test]
fn improvement_actions_stand_by_date_and_the_history_stays() {
    let bytes = action_plan(&fixture::full().input()).unwrap();
    let paragraphs = paragraphs(&bytes);
    let at = |wanted: &str| paragraphs.iter().rposition(|(_, text)| text == wanted).unwrap();
    let order = [
        at("Open verbeteracties"),
        at("Verbeter Huiswerkklas"),
        at("Verbeter Banenmarkt"),
        at("Geschiedenis"),
        at("Verbeter Oude cursus"),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn the_card_asks_the_four_core_questions_and_names_every_pijler() {
    let texts: Vec<String> = paragraphs(&conversation_card(&fixture::full().input()).unwrap())
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    for wanted in [
        "Herkennen we dit?",
        "Wat vinden we ervan?",
        "Hoe verklaren we het?",
        "Wat gaan we anders doen?",
        "Kansrijk",
        "Veilig",
        "Gezond",
        "– ongunstiger",
        "+ gunstiger",
    ] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted}");
    }
    assert!(
        texts.iter().any(|text| text.starts_with("Opvoedingsvaardigheden: risicofactor, ranking 2, 2 domeinen"))
    );
}

#[test]
fn every_figure_on_the_card_bears_year_doelgroep_and_kind_and_every_source_is_named_once() {
    let mut fixture = fixture::full();
    for (at, domein) in fixture.comparison.domeinen.iter_mut().enumerate() {
        for figure in &mut domein.figures {
            figure.source = format!("Verzonnen bron {}", at % 2);
            figure.beyond_chance = Some(at != 4);
        }
    }
    let paragraphs = paragraphs(&conversation_card(&fixture.input()).unwrap());
    let texts: Vec<&str> = paragraphs.iter().map(|(_, text)| text.as_str()).collect();
    let figures = texts.iter().filter(|text| text.starts_with("Verzonnen cijfer"));
    let (strong, of_table): (Vec<&str>, Vec<&str>) = figures.partition(|text| text.contains("(Rotterdam "));
    let beside = |text: &&&str| **text == "editie 2016, 18 t/m 22 jaar, direct";
    let estimate = |text: &&&str| **text == "editie 2016, 18 t/m 22 jaar, direct, modelschatting";
    assert!(texts.iter().filter(estimate).count() > 0);
    assert_eq!(texts.iter().filter(beside).count() + texts.iter().filter(estimate).count(), of_table.len());
    assert!(!strong.is_empty());
    assert!(strong.iter().all(|text| text.contains("; editie 2016, 18 t/m 22 jaar, direct")), "{strong:?}");
    let sources: Vec<&&str> = texts.iter().filter(|text| text.starts_with("Bronnen ")).collect();
    assert_eq!(sources, [&"Bronnen van de cijfers op deze kaart: Verzonnen bron 0; Verzonnen bron 1."]);
    // Of a model estimate nothing is said about chance.
    let chance: Vec<&&str> = texts.iter().filter(|text| text.contains("(kan toeval zijn)")).collect();
    assert_eq!(chance, [&"– ongunstiger (kan toeval zijn)"]);
    assert!(texts.iter().any(|text| text.starts_with("Regel:") && text.contains("95%-interval")));
}

#[test]
fn strengths_are_shown_even_when_no_opvallend_figure_is_favourable() {
    let mut fixture = fixture::full();
    for domein in &mut fixture.comparison.domeinen {
        for figure in &mut domein.figures {
            if figure.judgement == Some(crate::model::Judgement::Gunstiger) {
                figure.opvallend = None;
            }
        }
        domein.opvallend.truncate(1);
    }
    let paragraphs = paragraphs(&report(&fixture.input()).unwrap());
    let at = |wanted: &str| paragraphs.iter().position(|(_, text)| text == wanted).unwrap();
    let strong = at("Sterke punten");
    let named = paragraphs.iter().skip(strong).position(|(_, text)| text == "Verzonnen cijfer 0-b").unwrap();
    assert!(strong + named < at("Conclusies per domein"));
}

#[test]
fn figures_of_which_the_distance_is_unknown_are_not_called_the_furthest() {
    let mut fixture = fixture::full();
    for domein in &mut fixture.comparison.domeinen {
        domein.opvallend.clear();
        for figure in &mut domein.figures {
            figure.distance = None;
            figure.opvallend = None;
        }
    }
    fixture.comparison.rule.push("Afstand onbekend: van geen enkel cijfer is de afstand te bepalen.".to_owned());
    let report = paragraphs(&report(&fixture.input()).unwrap());
    let texts: Vec<&str> = report.iter().map(|(_, text)| text.as_str()).collect();
    let claims = |text: &&&str| text.contains("die het verst") || text.contains("wel het gunstigst");
    assert_eq!(texts.iter().find(claims), None);
    let of_domeinen = texts
        .iter()
        .filter(|text| text.contains("niet te bepalen: daarvoor zijn cijfers van ten minste 5 wijken"));
    assert_eq!(of_domeinen.count(), fixture.comparison.domeinen.len());
    assert!(texts.iter().any(|text| text.contains("in de volgorde van het format. Voor de afstand")));
    let told = texts.iter().filter(|text| text.starts_with("Afstand onbekend:")).count();
    assert_eq!(told, 2, "above the lists and in the appendix");

    let card = |fixture: &fixture::Fixture| -> String {
        let card = paragraphs(&conversation_card(&fixture.input()).unwrap());
        card.into_iter().map(|(_, text)| text).find(|text| text.starts_with("Regel:")).unwrap()
    };
    let rule = card(&fixture);
    assert!(!rule.contains("het verst") && rule.contains("geldt de volgorde van het format"), "{rule}");
    let rule = card(&fixture::full());
    assert!(rule.contains("het verst van Rotterdam") && !rule.contains("volgorde van het format"), "{rule}");
}

#[test]
fn without_a_name_of_the_edition_the_periods_of_the_figures_stand_there() {
    let mut fixture = fixture::full();
    fixture.comparison.edition = String::new();
    for bytes in [report(&fixture.input()).unwrap(), conversation_card(&fixture.input()).unwrap()] {
        let paragraphs = paragraphs(&bytes);
        assert!(paragraphs.iter().any(|(_, text)| text.contains("Cijfers van editie 2016, peiljaar onbekend")));
    }
}

#[test]
fn what_the_program_may_have_filled_never_bears_the_mark_of_the_advisor() {
    let paragraphs = paragraphs(&report(&fixture::full().input()).unwrap());
    for wanted in ["opvallend uit slottabel", "factor uit slottabel (2)"] {
        let found: Vec<_> = paragraphs.iter().filter(|(_, text)| text == wanted).collect();
        assert_eq!(found.len(), 1, "{wanted}");
        assert_eq!(found[0].0, "Tabelklein");
    }
}

#[test]
fn a_proposal_of_the_program_that_figures_have_overtaken_is_not_repeated_in_the_report() {
    let mut fixture = fixture::full();
    for row in fixture.analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.closing) {
        (row.figures_proposed, row.factoren_proposed) = (true, true);
    }
    fixture.analysis.summary = None;
    let told: Vec<String> =
        paragraphs(&report(&fixture.input()).unwrap()).into_iter().map(|(_, text)| text).collect();
    for old in ["opvallend uit slottabel", "factor uit slottabel (2)"] {
        assert!(!told.iter().any(|text| text == old), "{old}");
    }
    let own = &fixture.analysis.pijlers[0].closing[0].domein;
    let texts = crate::model::words::closing_texts(&fixture.comparison);
    let (_, _, factoren) = texts.iter().find(|(domein, ..)| domein == own).unwrap();
    assert!(!factoren.is_empty());
    for line in factoren.lines() {
        assert!(told.iter().any(|text| text.contains(line)), "{line}");
    }
}

#[test]
fn a_figure_of_several_domeinen_has_its_full_row_in_its_own_domein_only() {
    let mut fixture = fixture::full();
    let mut again = fixture.comparison.domeinen[1].figures[0].clone();
    again.own = false;
    again.opvallend = None;
    fixture.comparison.domeinen[0].figures.push(again);
    let report = report(&fixture.input()).unwrap();
    let rows: Vec<String> = all(&document(&report), "w:tr").into_iter().map(text).collect();
    let name = "Verzonnen cijfer 1-a";
    let full = rows.iter().filter(|row| row.starts_with(name) && row.contains("registratie")).count();
    assert_eq!(full, 1);
    let here = fixture.comparison.domeinen[0].domein.as_str();
    assert!(rows.iter().any(|row| row.contains(here) && row.contains("Verzonnen cijfer 1-a: ")));
}

#[test]
fn a_second_area_beside_the_wijk_has_its_own_column() {
    let mut fixture = fixture::full();
    fixture.comparison.beside = Some("Buurwijk".to_owned());
    fixture.comparison.domeinen[0].figures[0].beside = Some(crate::model::Figure::known(77.7));
    let report = report(&fixture.input()).unwrap();
    let rows: Vec<String> = all(&document(&report), "w:tr").into_iter().map(text).collect();
    assert!(rows.iter().any(|row| row.contains("Buurwijk")));
    assert!(rows.iter().any(|row| row.contains("77,7%")));
    for row in all(&document(&report), "w:tbl") {
        let widths: usize = all(row, "w:gridCol")
            .into_iter()
            .map(|col| col.attribute("w:w").unwrap().parse::<usize>().unwrap())
            .sum();
        assert!([9638, 14_570].contains(&widths), "{widths}");
    }
}

#[test]
fn names_with_dangerous_characters_survive_everywhere() {
    let name = "Wijk <A> & \"B\" 'c'";
    let mut fixture = fixture::full();
    fixture.comparison.wijk.0 = name.to_owned();
    fixture.format.domeinen[0].name = name.to_owned();
    fixture.comparison.domeinen[0].domein = name.to_owned();
    for bytes in three(&fixture) {
        assert!(paragraphs(&bytes).iter().any(|(_, text)| text.contains(name)));
        assert!(Element::parse(&part(&bytes, "docProps/core.xml")).is_some());
        assert!(text(&Element::parse(&part(&bytes, "word/footer1.xml")).unwrap()).contains(name));
    }
    let report = report(&fixture.input()).unwrap();
    assert!(headings(&report, 5).contains(&format!("Domein {name}")));
}

/// Agreements of two rounds, for all three steps.
fn rounds() -> Fixture {
    let mut fixture = fixture::full();
    let agreement =
        |row, datum: &str, stap: &str, afspraak: &str, status: &str, wanneer: &str| crate::model::Afspraak {
            row,
            datum: datum.to_owned(),
            stap: stap.to_owned(),
            activiteit: "banenmarkt".to_owned(),
            afspraak: afspraak.to_owned(),
            bevinding: format!("Gezien bij: {afspraak}"),
            factor: "Verveling".to_owned(),
            resultaat: "1".to_owned(),
            wie: "M. de Verzonnene".to_owned(),
            rol: "jongerenwerker".to_owned(),
            wanneer: wanneer.to_owned(),
            status: status.to_owned(),
            bespreking: "1-10-2027".to_owned(),
            uitkomst: String::new(),
        };
    fixture.analysis.afspraken = vec![
        agreement(4, "10-01-2027", "4 kwaliteit", "Handleiding lezen", "gereed", "1-3-2027"),
        agreement(5, "10-01-2027", "6 verbeteren", "Oude actie < & >", "gestopt", "1-4-2027"),
        agreement(6, "12-06-2027", "6 verbeteren", "Latere actie", "gereed", "1-8-2027"),
        agreement(7, "12-06-2027", "6 verbeteren", "Lopende actie", "bezig", "1-2-2026"),
        agreement(8, "12-06-2027", "5 outcome", "Vragenlijst afnemen", "", "1-9-2027"),
        crate::model::Afspraak { row: 9, afspraak: "Kale afspraak".to_owned(), ..Default::default() },
    ];
    fixture
}

#[test]
fn agreements_of_all_rounds_stand_in_the_plan_with_what_they_serve() {
    let bytes = action_plan(&rounds().input()).unwrap();
    let paragraphs = paragraphs(&bytes);
    let at = |wanted: &str| {
        paragraphs.iter().rposition(|(_, text)| text == wanted).unwrap_or_else(|| panic!("{wanted}"))
    };
    let order = [
        at("Stap 4 Kwaliteit input"),
        at("Eerdere afspraken over kwaliteit"),
        at("Handleiding lezen"),
        at("Stap 5 Outcome"),
        at("Open afspraken over outcome"),
        at("Vragenlijst afnemen"),
        at("Stap 6 Verbeteracties in verbetercyclus"),
        at("Open verbeteracties"),
        at("Lopende actie"),
        // Also those of the tab with the activities, by the date on which they have to be done.
        at("Verbeter Huiswerkklas"),
        at("Verbeter Banenmarkt"),
        at("Kale afspraak"),
        at("Geschiedenis"),
        at("Ronde van 12-06-2027"),
        at("Latere actie"),
        at("Ronde van 10-01-2027"),
        at("Oude actie < & >"),
        at("Verbeteracties zonder datum van een ronde"),
        at("Verbeter Oude cursus"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    let rows: Vec<String> = all(&document(&bytes), "w:tr").into_iter().map(text).collect();
    let running = rows.iter().find(|row| row.contains("Lopende actie")).unwrap();
    for wanted in [
        "12-06-2027",
        "Activiteit A: Banenmarkt",
        "Bevinding:Gezien bij: Lopende actie",
        "Factor:Verveling",
        "Resultaat:11: In 2028 heeft 65% van de jongeren een bijbaan.",
        "M. de Verzonnene(jongerenwerker)",
        "1-2-2026Bespreken:1-10-2027",
        "bezig",
    ] {
        assert!(running.contains(wanted), "{wanted} in {running}");
    }
}

#[test]
fn what_an_agreement_does_not_say_is_asked_for() {
    let bytes = action_plan(&rounds().input()).unwrap();
    let rows: Vec<String> = all(&document(&bytes), "w:tr").into_iter().map(text).collect();
    let bare = rows.iter().find(|row| row.contains("Kale afspraak")).unwrap();
    for asked in [
        "[Op welke dag?]",
        "[Welke bevinding, welke factor en welk resultaat?]",
        "[Wie, in welke rol?]",
        "[Klaar op? Besproken op?]",
        "geen status",
    ] {
        assert!(bare.contains(asked), "{asked} in {bare}");
    }
    // An action of the tab with the activities knows its factor and result, not the finding.
    let known = rows.iter().find(|row| row.contains("Verbeter Huiswerkklas")).unwrap();
    assert!(known.contains("[Welke bevinding?]") && known.contains("Factor:Opvoedingsvaardigheden"), "{known}");
    let done = rows.iter().find(|row| row.contains("Handleiding lezen")).unwrap();
    assert!(!done.contains('['), "{done}");
}

#[test]
fn an_action_that_was_copied_to_the_rounds_stands_in_the_plan_once() {
    let mut fixture = rounds();
    fixture.analysis.afspraken[3].afspraak = "Verbeter Banenmarkt".to_owned();
    let paragraphs = paragraphs(&action_plan(&fixture.input()).unwrap());
    assert_eq!(paragraphs.iter().filter(|(_, text)| text == "Verbeter Banenmarkt").count(), 1);
}

#[test]
fn the_first_two_and_the_last_two_rows_of_a_table_stay_together() {
    for bytes in &three(&fixture::full())[..2] {
        for table in all(&document(bytes), "w:tbl") {
            let rows: Vec<&Element> = all(table, "w:tr");
            let heading = usize::from(rows[0].child("w:trPr").unwrap().child("w:tblHeader").is_some());
            let kept = |row: &Element| {
                all(row, "w:p").into_iter().all(|p| p.child("w:pPr").unwrap().child("w:keepNext").is_some())
            };
            for at in [heading, rows.len().saturating_sub(2)] {
                assert!(at + 1 >= rows.len() || at < heading || kept(rows[at]), "{}", text(rows[at]));
            }
            assert!(!kept(rows[rows.len() - 1]), "the last row keeps to nothing");
        }
    }
}

#[test]
fn the_report_says_where_a_result_stands_and_what_got_worse_with_its_rule() {
    let mut fixture = fixture::full();
    let result = fixture.analysis.resultaten.first().unwrap().clone();
    fixture.comparison.results = vec![crate::model::ResultProgress {
        row: result.row,
        number: result.nummer.clone(),
        statement: result.resultaat.clone(),
        method: "elk".into(),
        standing: crate::model::Standing::OpWeg,
        reason: "Het cijfer ging de goede kant op, maar nog niet genoeg.".into(),
        overdue: false,
        indicators: Vec::new(),
    }];
    let (domein, code) = {
        let domein = fixture.comparison.domeinen.iter().find(|domein| !domein.figures.is_empty()).unwrap();
        (domein.domein.clone(), domein.figures.first().unwrap().code.clone())
    };
    fixture.comparison.worsening = vec![(domein, code)];
    let shown = text(&document(&report(&fixture.input()).unwrap()));
    assert!(shown.contains("Stand: op weg. Het cijfer ging de goede kant op"), "{shown}");
    assert!(
        shown.contains("Ongunstiger én verslechterend") && shown.contains("In deze lijst staat een cijfer dat nu")
    );
    let plan = text(&document(&action_plan(&fixture.input()).unwrap()));
    assert!(plan.contains("(stand: op weg)"), "{plan}");
    // While nothing can be said and no edition came, nothing is said.
    fixture.comparison.results[0].standing = crate::model::Standing::NietTeZeggen;
    fixture.comparison.worsening.clear();
    let shown = text(&document(&report(&fixture.input()).unwrap()));
    assert!(!shown.contains("Stand:") && !shown.contains("verslechterend"));
}
