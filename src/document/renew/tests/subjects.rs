//! Results, activities and agreements that come, go, change places or get another name.

use super::*;
use crate::document::subject::subjects;
use crate::model::{Activiteit, Afspraak};

fn plan(fixture: &Fixture) -> Vec<u8> {
    action_plan(&fixture.input()).unwrap()
}

fn plan_again(fixture: &Fixture, old: &[u8]) -> Renewed {
    renewed_action_plan(&fixture.input(), "plan.docx", old.to_vec()).unwrap()
}

/// Types in a prompt, as Word does it.
fn typed(bytes: &[u8], tag: &str, words: &str) -> Vec<u8> {
    edited(bytes, |text| {
        let start = text.find(&format!("w:val=\"{tag}\"")).unwrap_or_else(|| panic!("no prompt {tag}"));
        let end = start + text[start..].find("</w:sdt>").unwrap();
        let control = text[start..end].replace("<w:showingPlcHdr/>", "");
        let (from, to) = (control.find('[').unwrap(), control.find(']').unwrap() + 1);
        format!("{}{}{words}{}{}", &text[..start], &control[..from], &control[to..], &text[end..])
    })
}

/// The texts of the headings of these levels, outside the table of contents.
fn headings(bytes: &[u8]) -> Vec<String> {
    let text = text(bytes);
    let all = elements(&text).unwrap();
    let styled = all.iter().filter(|e| e.local == "pStyle");
    let headed = styled.filter(|e| e.attribute("val").is_some_and(|id| id == "Kop1" || id == "Kop2"));
    let paragraph = |e: &Element| all.get(all.get(e.parent?)?.parent?);
    let said = |p: &Element| -> String {
        all.iter()
            .filter(|t| t.local == "t" && p.span.contains(&t.span.start))
            .map(|t| text_of(&text, t))
            .collect()
    };
    headed.filter_map(paragraph).map(said).collect()
}

/// What stands in the row or form of the block `tag` in which `words` stand.
fn beside(bytes: &[u8], tag: &str, words: &str) -> String {
    let text = text(bytes);
    let inner = block(&text, tag);
    let row = inner.split("<w:tr>").find(|row| row.contains(words)).unwrap_or_default();
    row.split("<w:t").filter_map(|piece| piece.split_once('>')?.1.split('<').next()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_heading_that_nobody_touched_gets_the_new_name_and_so_does_its_entry_in_the_contents() {
    let mut full = fixture::full();
    let old = report(&full.input()).unwrap();
    assert_eq!(text(&old).matches(">Resultaat 1: Werk<").count(), 2, "heading and table of contents");
    full.analysis.resultaten[0].domein = "Veilig thuis & co".to_owned();
    let renewed = again(&full, &old);
    assert!(fates(&renewed, BlockFate::KopControleren).is_empty() && !renewed.contents_behind);
    let got = text(&renewed.bytes);
    assert!(!got.contains(">Resultaat 1: Werk<") && !got.contains(">Voor resultaat 1: Werk<"));
    assert_eq!(got.matches(">Resultaat 1: Veilig thuis &amp; co<").count(), 2);
    assert_eq!(got.matches(">Voor resultaat 1: Veilig thuis &amp; co<").count(), 2);
    assert!(!again(&full, &renewed.bytes).changed);
}

#[test]
fn a_heading_that_people_changed_stays_and_is_named_once() {
    let mut full = fixture::full();
    let old = edited(&plan(&full), |text| {
        // After the table of contents comes the heading, and then the tables that name it.
        let at = text.match_indices(">Activiteit A: Banenmarkt<").nth(1).unwrap().0;
        format!("{}{}", &text[..at], text[at..].replacen("Banenmarkt", "Onze mooie markt", 1))
    });
    full.analysis.activiteiten[0].activiteit = "Banenbeurs".to_owned();
    let renewed = plan_again(&full, &old);
    assert_eq!(fates(&renewed, BlockFate::KopControleren), ["wa:activiteit:1"]);
    assert!(headings(&renewed.bytes).contains(&"Activiteit A: Onze mooie markt".to_owned()));
    assert!(fates(&plan_again(&full, &renewed.bytes), BlockFate::KopControleren).is_empty());
}

#[test]
fn a_new_first_activity_comes_first_and_what_people_typed_stays_with_its_own_activity() {
    let mut full = fixture::full();
    full.analysis.activiteiten[1].kwaliteitsafspraak.clear();
    let old = typed(&plan(&full), "wa:vul:act:2:kwaliteit", "Door Fatima bedacht");
    assert!(beside(&old, "wa:kwaliteit", "Door Fatima").contains("Huiswerkklas"));
    let new = Activiteit { activiteit: "Zwemles".to_owned(), ..Activiteit::default() };
    full.analysis.activiteiten.insert(0, new);
    let renewed = plan_again(&full, &old);
    assert!(beside(&renewed.bytes, "wa:kwaliteit", "Door Fatima").contains("Activiteit C: Huiswerkklas"));
    assert_eq!(fates(&renewed, BlockFate::Toegevoegd), ["wa:activiteit:4"]);
    assert!(fates(&renewed, BlockFate::KopControleren).is_empty());
    let expected =
        ["Stap 3 Activiteiten", "Activiteit A: Zwemles", "Activiteit B: Banenmarkt", "Activiteit C: Huiswerkklas"];
    assert_eq!(headings(&renewed.bytes)[..4], expected);
    assert!(!plan_again(&full, &renewed.bytes).changed);
}

#[test]
fn an_activity_that_is_gone_stays_in_the_document_and_the_others_keep_their_words() {
    let mut full = fixture::full();
    full.analysis.activiteiten[1].kwaliteitsafspraak.clear();
    let old = typed(&plan(&full), "wa:vul:act:2:kwaliteit", "Door Fatima bedacht");
    full.analysis.activiteiten.remove(0);
    let renewed = plan_again(&full, &old);
    assert_eq!(fates(&renewed, BlockFate::Vervallen), ["wa:activiteit:1"]);
    assert!(beside(&renewed.bytes, "wa:kwaliteit", "Door Fatima").contains("Activiteit A: Huiswerkklas"));
    assert!(block(&text(&renewed.bytes), "wa:activiteit:1") == block(&text(&old), "wa:activiteit:1"));
    // Its letter is another one's by now.
    let name = "Activiteit (niet meer in het werkboek): Banenmarkt";
    assert_eq!(headings(&renewed.bytes)[1..3], [name, "Activiteit A: Huiswerkklas"]);
    let told = renewed.blocks.iter().find(|block| block.fate == BlockFate::Vervallen).unwrap();
    assert_eq!(told.title, name);
    let contents = text(&renewed.bytes);
    assert!(
        !contents.contains(">Activiteit A: Banenmarkt<") && contents.matches(&format!(">{name}<")).count() == 2
    );
    assert!(!plan_again(&full, &renewed.bytes).changed);
    // When it comes back it is the same one.
    let back = plan_again(&fixture::full(), &renewed.bytes);
    assert!(fates(&back, BlockFate::Toegevoegd).is_empty(), "{:?}", back.blocks);
    assert_eq!(headings(&back.bytes)[1..3], ["Activiteit A: Banenmarkt", "Activiteit B: Huiswerkklas"]);
}

#[test]
fn the_heading_that_people_gave_an_activity_stays_when_the_workbook_no_longer_has_it() {
    let mut full = fixture::full();
    let old = edited(&plan(&full), |text| {
        let at = text.match_indices(">Activiteit A: Banenmarkt<").nth(1).unwrap().0;
        format!("{}{}", &text[..at], text[at..].replacen("Banenmarkt", "Onze mooie markt", 1))
    });
    full.analysis.activiteiten.remove(0);
    let renewed = plan_again(&full, &old);
    assert_eq!(headings(&renewed.bytes)[1..3], ["Activiteit A: Onze mooie markt", "Activiteit A: Huiswerkklas"]);
}

#[test]
fn the_heading_of_a_result_that_is_gone_has_no_number_that_may_be_of_another_one() {
    let mut full = fixture::full();
    let old = report(&full.input()).unwrap();
    full.analysis.resultaten.remove(0);
    let renewed = again(&full, &old);
    let got = headings(&renewed.bytes);
    assert!(got.iter().any(|heading| heading.starts_with("Resultaat (niet meer in het werkboek): ")), "{got:?}");
    assert!(!again(&full, &renewed.bytes).changed);
    let back = headings(&again(&fixture::full(), &renewed.bytes).bytes);
    assert_eq!(back, headings(&old));
}

#[test]
fn activities_in_another_order_keep_what_people_typed_beside_them() {
    let mut full = fixture::full();
    for activity in &mut full.analysis.activiteiten {
        activity.kwaliteitsafspraak.clear();
    }
    let old = typed(&plan(&full), "wa:vul:act:1:kwaliteit", "Van de markt");
    let old = typed(&old, "wa:vul:act:2:kwaliteit", "Van de klas");
    full.analysis.activiteiten.swap(0, 1);
    let renewed = plan_again(&full, &old);
    for (words, name) in
        [("Van de markt", "Activiteit B: Banenmarkt"), ("Van de klas", "Activiteit A: Huiswerkklas")]
    {
        assert!(beside(&renewed.bytes, "wa:kwaliteit", words).contains(name), "{words}");
    }
    // The blocks stay where they are; only their letters follow.
    assert_eq!(headings(&renewed.bytes)[1..3], ["Activiteit B: Banenmarkt", "Activiteit A: Huiswerkklas"]);
}

#[test]
fn a_new_round_and_a_row_put_between_leave_what_people_typed_with_its_agreement() {
    let agreement = |row: u32, what: &str, status: &str| Afspraak {
        row,
        stap: "6".to_owned(),
        datum: "2026-03-15".to_owned(),
        afspraak: what.to_owned(),
        status: status.to_owned(),
        ..Afspraak::default()
    };
    let mut full = fixture::full();
    full.analysis.afspraken =
        vec![agreement(3, "Ouders bellen", "open"), agreement(4, "Een lokaal huren", "open")];
    let old = typed(&plan(&full), "wa:vul:afspraak:4:wie", "Fatima");
    full.analysis.afspraken = vec![
        agreement(3, "Flyers maken", "open"),
        agreement(4, "Ouders bellen", "gereed"),
        agreement(5, "Een lokaal huren", "open"),
    ];
    let renewed = plan_again(&full, &old);
    let open = "wa:verbeteracties:open";
    assert!(beside(&renewed.bytes, open, "Fatima").contains("Een lokaal huren"));
    let got = text(&renewed.bytes);
    assert!(!block(&got, open).contains("Ouders bellen") && block(&got, open).contains("Flyers maken"));
    assert!(block(&got, "wa:verbeteracties:geschiedenis").contains("Ouders bellen"));
    assert!(fates(&renewed, BlockFate::Voorgesteld).is_empty(), "{:?}", renewed.blocks);
}

#[test]
fn a_document_without_a_list_of_what_it_is_about_is_numbered_as_the_workbook_is() {
    let full = fixture::full();
    let archive = Archive::from_bytes("p.docx", plan(&full)).unwrap();
    let mut parts = Rewrite::new(&archive);
    let item = archive.read_text("customXml/item1.xml").unwrap();
    let (before, after) = item.split_once("<onderwerp").unwrap();
    assert_eq!(after.matches("<onderwerp").count() + 1, subjects(&full.analysis).len());
    parts.put("customXml/item1.xml", format!("{before}</document>").into_bytes());
    let renewed = plan_again(&full, &parts.finish().unwrap());
    assert!(renewed.blocks.is_empty(), "{:?}", renewed.blocks);
}

#[test]
fn an_agreement_that_leaves_the_workbook_is_named_once_and_stays_in_the_history() {
    let mut full = fixture::full();
    let agreement = |row: u32, what: &str, status: &str| Afspraak {
        row,
        datum: "1-9-2026".to_owned(),
        stap: "6 verbeteren".to_owned(),
        afspraak: what.to_owned(),
        status: status.to_owned(),
        ..Afspraak::default()
    };
    full.analysis.activiteiten[0].verbeteractie = "Ouders & jongeren uitnodigen op zaterdag".to_owned();
    full.analysis.afspraken =
        vec![agreement(7, "Meisjesgroep starten", "open"), agreement(8, "Huiswerkklas verhuizen", "gereed")];
    let old = plan(&full);
    assert!(plan_again(&full, &old).agreements_gone.is_empty());
    // One goes, one gets other words, and the one action of an activity is written over.
    full.analysis.activiteiten[0].verbeteractie = "Een heel nieuw plan maken".to_owned();
    full.analysis.afspraken = vec![agreement(8, "Huiswerkklas verhuizen naar school", "gereed")];
    let first = plan_again(&full, &old);
    let mut gone = first.agreements_gone.clone();
    gone.sort();
    assert_eq!(gone, ["Meisjesgroep starten", "Ouders & jongeren uitnodigen op zaterdag"]);
    let history = |bytes: &[u8]| block(&text(bytes), "wa:verbeteracties:geschiedenis").to_owned();
    let row = beside(&first.bytes, "wa:verbeteracties:geschiedenis", "Meisjesgroep starten");
    assert!(row.contains("niet meer in het werkboek") && row.contains("1-9-2026"), "{row}");
    assert!(history(&first.bytes).contains("Ouders &amp; jongeren uitnodigen"));
    assert!(!history(&first.bytes).contains(">Huiswerkklas verhuizen<"));
    assert!(!block(&text(&first.bytes), "wa:verbeteracties:open").contains("Meisjesgroep"));
    // It stays, and is not named again.
    let again = plan_again(&full, &first.bytes);
    assert!(!again.changed && again.agreements_gone.is_empty(), "{:?}", again.blocks);
    full.analysis.afspraken.push(agreement(9, "Nieuwe actie", "gereed"));
    let later = plan_again(&full, &first.bytes);
    assert!(history(&later.bytes).contains("Meisjesgroep starten") && later.agreements_gone.is_empty());
    assert!(history(&later.bytes).contains("Nieuwe actie"));
    // Back in the workbook: an agreement like any other.
    full.analysis.afspraken.push(agreement(10, "Meisjesgroep starten", "open"));
    let back = plan_again(&full, &later.bytes);
    assert!(!history(&back.bytes).contains("Meisjesgroep"));
}

fn round(row: u32, day: &str, what: &str, status: &str) -> Afspraak {
    Afspraak {
        row,
        datum: day.to_owned(),
        stap: "6 verbeteren".to_owned(),
        afspraak: what.to_owned(),
        status: status.to_owned(),
        ..Afspraak::default()
    }
}

#[test]
fn an_agreement_of_another_day_is_another_one_also_in_nearly_the_same_words() {
    for later in ["Vragenlijst afnemen in maart", "Vragenlijst afnemen in september"] {
        let mut full = fixture::full();
        full.analysis.afspraken = vec![round(7, "10-1-2026", "Vragenlijst afnemen in maart", "gereed")];
        let old = plan(&full);
        full.analysis.afspraken = vec![round(7, "10-6-2026", later, "open")];
        let renewed = plan_again(&full, &old);
        assert_eq!(renewed.agreements_gone, ["Vragenlijst afnemen in maart"], "{later}");
        let row = beside(&renewed.bytes, "wa:verbeteracties:geschiedenis", "Vragenlijst afnemen in maart");
        assert!(row.contains("10-1-2026"), "{row}");
        let again = plan_again(&full, &renewed.bytes);
        assert!(!again.changed, "{later}: {:?} {:?}", again.blocks, again.agreements_gone);
    }
}

#[test]
fn an_agreement_in_a_block_that_people_changed_is_neither_doubled_nor_lost() {
    let mut full = fixture::full();
    full.analysis.afspraken =
        vec![round(7, "1-9-2026", "Meisjesgroep starten", "open"), round(8, "1-9-2026", "Lokaal huren", "open")];
    let by_hand = |bytes: &[u8]| {
        edited(bytes, |text| {
            let range = block(text, "wa:verbeteracties:open");
            text.replacen(range, &range.replacen("Lokaal huren", "Lokaal huren, vraagt Fatima", 1), 1)
        })
    };
    let mut bytes = by_hand(&plan(&full));
    // Ready in the workbook: it stands in the history, and still in the block that was changed by hand.
    full.analysis.afspraken[0].status = "gereed".to_owned();
    let rows = |bytes: &[u8]| text(bytes).matches("Meisjesgroep starten").count();
    let mut before = None;
    for _ in 0..4 {
        let renewed = plan_again(&full, &bytes);
        assert!(renewed.agreements_gone.is_empty(), "{:?}", renewed.agreements_gone);
        bytes = renewed.bytes;
        assert_eq!(*before.get_or_insert(rows(&bytes)), rows(&bytes));
    }
    assert!(!text(&bytes).contains("niet meer in het werkboek"));
    // Gone from the workbook: told once, and there once more in each following round.
    full.analysis.afspraken.remove(0);
    let first = plan_again(&full, &bytes);
    assert_eq!(first.agreements_gone, ["Meisjesgroep starten"]);
    let second = plan_again(&full, &first.bytes);
    assert!(second.agreements_gone.is_empty() && !second.changed, "{:?}", second.blocks);
}

#[test]
fn an_agreement_that_only_stands_in_a_proposal_is_in_the_next_one_too() {
    let mut full = fixture::full();
    full.analysis.afspraken = vec![round(7, "1-9-2026", "Meisjesgroep starten", "open"), {
        round(8, "1-9-2026", "Lokaal huren", "gereed")
    }];
    let changed = edited(&plan(&full), |text| {
        let range = block(text, "wa:verbeteracties:geschiedenis");
        text.replacen(range, &range.replacen("Lokaal huren", "Lokaal huren, vraagt Fatima", 1), 1)
    });
    full.analysis.afspraken.remove(0);
    let first = plan_again(&full, &changed);
    assert!(text(&first.bytes).contains("Meisjesgroep starten"));
    full.analysis.afspraken.push(round(9, "2-9-2026", "Nog een afspraak", "gereed"));
    let second = plan_again(&full, &first.bytes);
    assert!(text(&second.bytes).contains("Meisjesgroep starten"), "it is lost in the second round");
}
