//! Texts at the edge of what people write: signs that XML cannot hold, emoji, right to left, very long, very many.

use super::*;
use crate::document::{BlockFate, Kind, renewed};
use crate::model::Figure;

const SIGNS: &str = "bel\u{7}, nul\u{0}, geen teken\u{ffff}, ]]> & <b> \"x\"";
const EMOJI: &str = "Goed 😀👩\u{200d}👩\u{200d}👧🇳🇱 e\u{302} 𝔘";
const ARABIC: &str = "مرحبا بكم في الحي (2024) و 45%";
const HEBREW: &str = "שלום, זהו טקסט";

/// The text as it can stand in a document: what XML cannot hold has become a visible sign.
fn shown(text: &str) -> String {
    text.replace(['\u{7}', '\u{0}', '\u{ffff}'], "\u{fffd}")
}

fn words() -> String {
    (0..10_000).map(|at| format!("woord{at}")).collect::<Vec<_>>().join(" ")
}

/// Everything a person wrote is at the edge; 200 activities.
fn extreme() -> Fixture {
    let mut fixture = fixture::full();
    let texts = [SIGNS, EMOJI, ARABIC, HEBREW];
    let analysis = &mut fixture.analysis;
    let questions =
        analysis.pijlers.iter_mut().flat_map(|tab| tab.blocks.iter_mut()).flat_map(|b| &mut b.questions);
    for (at, question) in questions.enumerate() {
        question.answer.text = if at == 0 { words() } else { texts[at % 4].to_owned() };
    }
    analysis.resultaten[0].resultaat = format!("{EMOJI} {SIGNS}");
    analysis.resultaten[0].onderbouwing = words();
    analysis.resultaten[0].domein = ARABIC.to_owned();
    let one = analysis.activiteiten[0].clone();
    analysis.activiteiten = (0..200)
        .map(|at| {
            let mut activity = one.clone();
            activity.activiteit = format!("{} {at}", texts[at % 4]);
            activity.uitvoerder = texts[(at + 1) % 4].to_owned();
            activity
        })
        .collect();
    fixture
}

/// The texts of all paragraphs in one string.
fn all_text(bytes: &[u8]) -> String {
    paragraphs(bytes).into_iter().map(|(_, text)| text + "\n").collect()
}

#[test]
fn every_sign_emoji_script_and_length_comes_out_as_it_was_written() {
    let fixture = extreme();
    let input = fixture.input();
    for (bytes, wanted) in [
        (report(&input).unwrap(), vec![words(), shown(SIGNS), EMOJI.to_owned(), ARABIC.to_owned()]),
        (action_plan(&input).unwrap(), vec![shown(SIGNS), EMOJI.to_owned(), ARABIC.to_owned(), HEBREW.to_owned()]),
    ] {
        let said = all_text(&bytes);
        for text in wanted {
            assert!(said.contains(&text), "{}", text.chars().take(60).collect::<String>());
        }
        let xml = part(&bytes, "word/document.xml");
        assert!(xml.chars().all(|c| !c.is_control() || "\n\t\r".contains(c)) && !xml.contains('\u{ffff}'));
        // Right to left only where a text begins so.
        assert!(xml.matches("<w:bidi/>").count() > 10);
        assert!(!xml.contains("<w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space=\"preserve\">Goed"));
    }
    let plan = action_plan(&input).unwrap();
    assert_eq!(paragraphs(&plan).iter().filter(|(style, _)| style == "Kop2").count(), 200 + 6);
    assert!(conversation_card(&input).is_ok());
}

#[test]
fn documents_with_such_texts_are_made_again_without_a_change_and_with_new_figures() {
    let mut fixture = extreme();
    let old = [
        (Kind::Report, report(&fixture.input()).unwrap()),
        (Kind::ActionPlan, action_plan(&fixture.input()).unwrap()),
    ];
    for (kind, old) in &old {
        let same = renewed(*kind, &fixture.input(), "d.docx", old.clone()).unwrap();
        assert!(!same.changed && same.bytes == *old, "{kind:?}: {:?}", same.blocks);
    }
    fixture.comparison.domeinen[0].figures[0].wijk = Figure::known(77.7);
    fixture.analysis.activiteiten[100].uitvoerder = format!("{ARABIC} {EMOJI}");
    let wanted = ["77,7%", EMOJI];
    for ((kind, old), wanted) in old.into_iter().zip(wanted) {
        let new = renewed(kind, &fixture.input(), "d.docx", old).unwrap();
        assert!(new.blocks.iter().all(|block| block.fate == BlockFate::Vernieuwd), "{:?}", new.blocks);
        assert!(new.changed && all_text(&new.bytes).contains(wanted));
    }
}
