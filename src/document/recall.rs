//! What a document without a record still says about its results and activities: which of them stands under which number.
//!
//! Without it the first result of the workbook would be written where another one stands, under the heading of that one.
//! What cannot be told stays away from the blocks that stand there.

use std::ops::Range;

use super::renew::blocks_with;
use super::subject::{Group, Subject, tags};
use crate::package::xml::{Element, text_of};

/// The highest number that is looked for.
const MOST: u32 = 99;

/// Rows of the form of a result with what tells one from another, in the order of the facts of a subject.
const RESULT: [&str; 8] = [
    "",
    "Pijler",
    "Domein",
    "Ambitie",
    "Indicator(en)",
    "Startwaarde",
    "Streefwaarde (verandering in procentpunten)",
    "Streefjaar",
];

/// The same of an activity.
const ACTIVITY: [&str; 6] = [
    "Voor welk resultaat?",
    "Via welke factor?",
    "Wie voert de activiteit uit?",
    "Voor welke doelgroep?",
    "Met welk bereik?",
    "Hoe vaak?",
];

/// The results and activities in a document, by what stands in their blocks and in the headings above those.
pub(super) fn subjects(text: &str, all: &[Element]) -> Vec<Subject> {
    let numbered =
        [Group::Result, Group::Activity].into_iter().flat_map(|group| (1..=MOST).map(move |key| (group, key)));
    let wanted: Vec<String> = numbered.clone().flat_map(|(group, key)| tags(group, key)).collect();
    let blocks: Vec<(String, Range<usize>)> = blocks_with(all, &wanted).collect();
    let found = |tag: &str| blocks.iter().find(|(known, _)| known == tag).map(|(_, span)| span);
    let subject = |(group, key): (Group, u32)| {
        let subject = if group == Group::Result {
            let name = found(&format!("wa:tekst:resultaat:{key}")).map(|span| lines(text, all, span).join(" "));
            let form = found(&format!("wa:resultaat:{key}:velden"));
            let facts = form.map_or_else(Vec::new, |span| facts(text, all, span, &RESULT));
            Subject::new(group, key, &name.unwrap_or_default(), &said(&facts))
        } else {
            let form = found(&format!("wa:activiteit:{key}"))?;
            let name = heading(text, all, &blocks, form);
            // Much of what stands in the form is the same for many activities; it only counts where no name is left.
            let facts = if name.is_none() { facts(text, all, form, &ACTIVITY) } else { Vec::new() };
            Subject::new(group, key, &name.unwrap_or_default(), &said(&facts))
        };
        // A form that nobody filled in is about nothing yet.
        (!subject.name.is_empty() || !subject.facts.is_empty()).then_some(subject)
    };
    numbered.filter_map(subject).collect()
}

fn said(facts: &[String]) -> Vec<&str> {
    facts.iter().map(String::as_str).collect()
}

/// What stands beside each of these labels in a form; empty where nothing does.
fn facts(text: &str, all: &[Element], form: &Range<usize>, labels: &[&str]) -> Vec<String> {
    let within = |span: &Range<usize>, name: &'static str| {
        let span = span.clone();
        all.iter().filter(move |e| e.local == name && span.contains(&e.span.start))
    };
    let rows: Vec<(String, String)> = within(form, "tr")
        .filter_map(|row| {
            let mut cells = within(&row.span, "tc").map(|cell| lines(text, all, &cell.span));
            let label = cells.next()?.join(" ");
            // What follows in a cell is ours: what a number stands for.
            Some((label, cells.next()?.first().cloned().unwrap_or_default()))
        })
        .collect();
    let beside = |label: &&str| rows.iter().find(|(known, _)| known == *label).map(|(_, value)| value.clone());
    labels.iter().map(|label| beside(label).unwrap_or_default()).collect()
}

/// The paragraphs of a range that say something; what only asks for something is left out.
fn lines(text: &str, all: &[Element], range: &Range<usize>) -> Vec<String> {
    let paragraphs = all.iter().filter(|e| e.local == "p" && range.contains(&e.span.start));
    let asks = |line: &String| line.is_empty() || line.starts_with('[') && line.ends_with(']');
    paragraphs.map(|p| words(text, all, p)).filter(|line| !asks(line)).collect()
}

/// The words of a paragraph.
pub(super) fn words(text: &str, all: &[Element], paragraph: &Element) -> String {
    let first = all.partition_point(|e| e.span.start < paragraph.span.start);
    let inside = all.iter().skip(first).take_while(|e| e.span.start < paragraph.span.end);
    let pieces = inside.map(|e| match e.local.as_str() {
        "t" => text_of(text, e),
        "br" | "tab" => " ".to_owned(),
        _ => String::new(),
    });
    pieces.collect::<String>().trim().to_owned()
}

/// The name in the heading above a block: the last paragraph after the block before that names something.
fn heading(
    text: &str,
    all: &[Element],
    blocks: &[(String, Range<usize>)],
    block: &Range<usize>,
) -> Option<String> {
    let from = blocks.iter().map(|(_, span)| span.end).filter(|end| *end <= block.start).max().unwrap_or(0);
    let between = all.iter().filter(|e| e.local == "p" && e.span.start >= from && e.span.end <= block.start);
    let last = between.map(|p| words(text, all, p)).rfind(|words| named(words).is_some())?;
    named(&last).map(|(_, name)| name.to_owned())
}

/// What a heading is about and how that is called: `Activiteit` and `Huiswerkklas` of `Activiteit B: Huiswerkklas`, also
/// when that is no longer in the workbook.
pub(super) fn named(words: &str) -> Option<(&str, &str)> {
    let (head, name) = words.split_once(": ")?;
    let (kind, _) =
        head.strip_suffix(')').and_then(|head| head.split_once(" (")).or_else(|| head.rsplit_once(' '))?;
    ["Resultaat", "Voor resultaat", "Activiteit"].contains(&kind).then_some((kind, name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{action_plan, fixture, report, subject};
    use crate::package::archive::Archive;
    use crate::package::xml::elements;

    #[test]
    fn the_words_in_a_document_say_what_it_is_about() {
        let full = fixture::full();
        let about = |bytes: Vec<u8>| {
            let text = Archive::from_bytes("d.docx", bytes).unwrap().read_text("word/document.xml").unwrap();
            subjects(&text, &elements(&text).unwrap())
        };
        let mut known = subject::subjects(&full.analysis);
        known.retain(|subject| matches!(subject.group, Group::Result | Group::Activity));
        let mut found = about(report(&full.input()).unwrap());
        found.extend(about(action_plan(&full.input()).unwrap()));
        assert_eq!(found.len(), 4);
        for (found, known) in found.iter().zip(&known) {
            assert_eq!((found.group, found.key, &found.name), (known.group, known.key, &known.name));
        }
        // All but the number of a result, which its place gives it.
        assert_eq!(found[0].facts, known[0].facts[1..]);
        let heading = format!("Activiteit ({}): Banenmarkt", crate::document::kept::GONE);
        assert_eq!(named(&heading), named("Activiteit A: Banenmarkt"));
        let empty = fixture::empty();
        assert_eq!(about(action_plan(&empty.input()).unwrap()), []);
        assert_eq!(about(report(&empty.input()).unwrap()), []);
    }
}
