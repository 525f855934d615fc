//! A template without tags: its headings say what comes where when they are called as our blocks are.
//!
//! Finds the headings with the title of a block and puts a control with the tag of that block below each, behind what the
//! organisation wrote there. Filling it is done as in every template; nothing of the template itself changes.

use std::collections::BTreeSet;

use super::docx;
use super::headings::Headings;
use super::renew::children;
use super::stamp::Mark;
use super::template::{self, BlockName, PREFIX, is_fact};
use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::model::{Format, normalise};
use crate::package::archive::Archive;
use crate::package::rewrite::Rewrite;
use crate::package::xml::{Element, Splices, elements, text_of, xml_escape_attribute};

/// Titles that people give blocks, besides their names and the headings that our own documents have.
const TITLES: [(&str, &[&str]); 13] = [
    ("opvallend", &["Wat valt op", "Opvallende cijfers", "Staat van de Jeugd"]),
    ("algemeen", &["Algemene informatie", "Over de wijk"]),
    ("vergelijking", &["Zo is vergeleken", "Hoe is vergeleken"]),
    ("factoren", &["Samenhang en terugkerende factoren", "Terugkerende factoren", "Samenhang"]),
    ("sterk", &["Sterke punten", "Wat gaat goed"]),
    ("verslechterend", &["Ongunstiger én verslechterend", "Wat verslechtert"]),
    ("slottabel", &["Conclusies per domein", "Conclusies"]),
    ("partners", &["Kwalitatieve analyse", "Gesprek met partners", "Gesprek met partners in de wijk"]),
    ("resultaten", &["Maatschappelijke resultaten"]),
    ("bewezen", &["Wat al bewezen is"]),
    ("matrix", &["Preventiematrix"]),
    ("cijfers", &["Alle cijfers"]),
    ("ontbreekt", &["Cijfers die ontbreken", "Ontbrekende cijfers"]),
];

/// Blocks that are a part of another one, as their headings lie below its heading.
const PARTS: [(&str, &str); 3] =
    [("nodig", "activiteiten"), ("bewezen", "activiteiten"), ("matrix", "activiteiten")];

/// Words that go with a number before the title of a heading.
const NUMBERED: [&str; 4] = ["stap", "hoofdstuk", "paragraaf", "bijlage"];

/// A template with places where its headings ask for them, and what is to be told of it.
#[derive(Debug)]
pub(super) struct Titled {
    pub(super) bytes: Vec<u8>,
    /// Empty when the template has tags of its own.
    pub(super) findings: Vec<Finding>,
}

/// A heading of a template, with the block of which it has the title.
#[derive(Debug)]
struct Head {
    /// Its number among the elements.
    at: usize,
    level: usize,
    shown: String,
    tag: Option<String>,
}

/// The template called `file` with a place below every heading that has the title of a block; as it is when it has tags, or no
/// such heading.
///
/// # Errors
/// When it is no Word document, or cannot be read.
pub(super) fn with_places(format: &Format, kind: &str, file: &str, bytes: Vec<u8>) -> Result<Titled> {
    let archive = docx::open(file, bytes.clone())?;
    let main = docx::main_part(&archive)?;
    let parts = Rewrite::new(&archive);
    let (text, stored) = parts.text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let known = template::names(format, kind);
    // What was made before is no template: its own blocks are made again.
    let marked = all.iter().filter(|e| e.local == "bookmarkStart").filter_map(|e| e.attribute("name"));
    let made = marked.filter_map(Mark::read).next().is_some()
        || super::renew::blocks_and_proposals(&all).next().is_some();
    if made || template::has_tags(&known, &all) {
        return Ok(Titled { bytes, findings: Vec::new() });
    }
    let styles = Headings::of(&docx::part(&archive, &main, "styles")?);
    let mut heads = heads(&text, &all, &styles);
    give_tags(format, kind, &known, &mut heads);
    let double = without_doubles(&mut heads);
    let split = without_split(format, &mut heads);
    if heads.iter().all(|head| head.tag.is_none()) {
        return Ok(Titled { bytes, findings: Vec::new() });
    }
    let mut splices = Splices::default();
    for head in &heads {
        let (Some(tag), Some(paragraph)) = (&head.tag, all.get(head.at)) else { continue };
        let p = paragraph.prefix();
        let title = known.iter().find(|name| name.tag == *tag).map_or("", |name| name.what.as_str());
        let control = format!(
            "<{p}sdt><{p}sdtPr><{p}alias {p}val=\"{}\"/><{p}tag {p}val=\"{tag}\"/></{p}sdtPr><{p}sdtContent><{p}p/></{p}sdtContent></{p}sdt>",
            xml_escape_attribute(&title.chars().take(60).collect::<String>())
        );
        splices.insert(place(&text, &all, &styles, head.at), control);
    }
    let mut parts = Rewrite::new(&archive);
    parts.put_text(&main, &splices.apply(&text), stored);
    let findings = told(&archive, &known, &heads, &double, &split);
    Ok(Titled { bytes: parts.finish()?, findings })
}

/// The headings in the running text, in order.
fn heads(text: &str, all: &[Element], styles: &Headings) -> Vec<Head> {
    let running = |index: usize| {
        let outer = std::iter::successors(all.get(index).and_then(|e| e.parent), |at| all.get(*at)?.parent);
        let mut outer = outer.filter_map(|at| all.get(at)).map(|e| e.local.as_str());
        outer.find(|name| !matches!(*name, "sdt" | "sdtContent" | "customXml")) == Some("body")
    };
    let paragraphs = all.iter().enumerate().filter(|(index, e)| e.local == "p" && running(*index));
    let head = |(at, paragraph): (usize, &Element)| {
        let level = styles.level(all, at)?;
        let inside = all.iter().skip(at + 1).take_while(|e| e.span.start < paragraph.span.end);
        let shown: String = inside.filter(|e| e.local == "t").map(|e| text_of(text, e)).collect();
        Some(Head { at, level, shown: shown.trim().to_owned(), tag: None }).filter(|head| !head.shown.is_empty())
    };
    paragraphs.filter_map(head).collect()
}

/// Gives every heading the block of which it has the title. That of a pijler below 'Opvallend' is about what stands out there,
/// and that of a domein below 'Cijfers' about its figures; elsewhere they come with the texts of the advisor.
fn give_tags(format: &Format, kind: &str, known: &[BlockName], heads: &mut [Head]) {
    let titles: Vec<(String, &str)> =
        known.iter().filter(|name| !name.in_sentence).flat_map(|name| titles(kind, name)).collect();
    // The blocks of the headings above, with their levels.
    let mut above: Vec<(usize, Option<String>)> = Vec::new();
    for head in heads {
        above.retain(|(level, _)| *level < head.level);
        let below = |tag: &str| above.iter().any(|(_, above)| above.as_deref() == Some(tag));
        let title = bare(&head.shown);
        let found = titles.iter().find(|(known, _)| *known == title).map(|(_, tag)| (*tag).to_owned());
        let of = |word: &str| title.strip_prefix(word).map_or(title.as_str(), str::trim).to_owned();
        let pijler = || {
            let pijler = format.pijlers.iter().find(|pijler| normalise(&pijler.name) == of("pijler "))?;
            let group = if below("wijk:opvallend") { "opvallend" } else { "pijler" };
            Some(format!("{PREFIX}{group}:{}", super::content::slug(&pijler.name)))
        };
        let domein = || {
            let domein = format.domeinen.iter().find(|domein| normalise(&domein.name) == of("domein "))?;
            let group = if below("wijk:cijfers") { "cijfers" } else { "domein" };
            Some(format!("{PREFIX}{group}:{}", super::content::slug(&domein.name)))
        };
        head.tag = found.or_else(|| if kind == "plan" { None } else { pijler().or_else(domein) });
        above.push((head.level, head.tag.clone()));
    }
}

/// The titles that a heading may have for a block, as they are compared. Parts of a group (a pijler) are known by their place.
fn titles<'n>(kind: &str, name: &'n BlockName) -> Vec<(String, &'n str)> {
    let own = name.tag.strip_prefix(PREFIX).unwrap_or_default();
    // 'Kop' says nothing, and what stands at the top has no heading.
    if own == "kop" || own.contains(':') {
        return Vec::new();
    }
    let more = TITLES.iter().filter(|(known, _)| *known == own).flat_map(|(_, titles)| titles.iter().copied());
    let ours = template::section_title(kind, own);
    let short = ours.and_then(|title| title.split(" (").next());
    let all = [own, name.what.as_str()].into_iter().chain(ours).chain(short).chain(more);
    all.map(|title| (bare(title), name.tag.as_str())).collect()
}

/// A title as it is compared: without the number before it (`1.1.3`, `A.`, `Stap 3`).
fn bare(title: &str) -> String {
    let title = normalise(title);
    let mut words: Vec<&str> = title.split(' ').collect();
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit()) || word.chars().count() == 1;
    while let [first, rest @ ..] = words.as_slice() {
        let named = NUMBERED.contains(first) && rest.first().is_some_and(|next| is_number(next));
        if rest.is_empty() || !(named || is_number(first)) {
            break;
        }
        words = rest.to_vec();
    }
    normalise(&words.join(" "))
}

/// Leaves each block with its first heading only; gives the headings that lost theirs.
fn without_doubles(heads: &mut [Head]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut double = Vec::new();
    for head in heads {
        if head.tag.as_ref().is_some_and(|tag| !seen.insert(tag.clone())) {
            head.tag = None;
            double.push(head.shown.clone());
        }
    }
    double
}

/// Takes the block from a heading of which the parts have headings of their own below it, where it would stand twice; gives
/// those blocks.
fn without_split(format: &Format, heads: &mut [Head]) -> Vec<String> {
    let mut split = Vec::new();
    for at in 0..heads.len() {
        let Some((first, rest)) = heads.get(at..).and_then(<[Head]>::split_first) else { continue };
        let Some(tag) = first.tag.clone() else { continue };
        let mut below = rest.iter().take_while(|head| head.level > first.level);
        if below.any(|head| head.tag.as_deref().is_some_and(|part| is_part(format, part, &tag))) {
            split.push(tag);
            if let Some(head) = heads.get_mut(at) {
                head.tag = None;
            }
        }
    }
    split
}

/// True when the block with the tag `part` stands in the one with the tag `whole` too.
fn is_part(format: &Format, part: &str, whole: &str) -> bool {
    let own = |tag: &str| tag.strip_prefix(PREFIX).unwrap_or_default().to_owned();
    let (part, whole) = (own(part), own(whole));
    if PARTS.contains(&(part.as_str(), whole.as_str())) || part.starts_with(&format!("{whole}:")) {
        return true;
    }
    let slug = super::content::slug;
    let domein = part.strip_prefix("domein:").and_then(|of| format.domeinen.iter().find(|d| slug(&d.name) == of));
    let pijler = whole.strip_prefix("pijler:").and_then(|of| format.pijlers.iter().find(|p| slug(&p.name) == of));
    domein
        .zip(pijler)
        .is_some_and(|(domein, pijler)| format.domeinen_of(&pijler.name).any(|of| of.name == domein.name))
}

/// Where the block of the heading at `at` comes: behind what stands below that heading, before the empty lines and new pages
/// that end it.
fn place(text: &str, all: &[Element], styles: &Headings, at: usize) -> usize {
    let Some(heading) = all.get(at) else { return 0 };
    let holder = heading.parent.unwrap_or(0);
    let mut last = heading.span.end;
    for next in children(all, holder).filter(|e| e.span.start >= heading.span.end) {
        let first = all.partition_point(|e| e.span.start < next.span.start);
        let inside = || all.iter().enumerate().skip(first).take_while(|(_, e)| e.span.start < next.span.end);
        let ends =
            inside().any(|(index, e)| e.local == "sectPr" || e.local == "p" && styles.level(all, index).is_some());
        if ends {
            break;
        }
        let shows = inside().any(|(_, e)| match e.local.as_str() {
            "t" => !text_of(text, e).trim().is_empty(),
            "drawing" | "pict" | "object" | "tbl" | "sdt" => true,
            _ => false,
        });
        if shows {
            last = next.span.end;
        }
    }
    last
}

/// What people have to know: which blocks were placed by a title, which were not, and what stands there twice.
fn told(
    archive: &Archive,
    known: &[BlockName],
    heads: &[Head],
    double: &[String],
    split: &[String],
) -> Vec<Finding> {
    let placed = heads.iter().filter_map(|head| Some((head.tag.as_deref()?, head.shown.as_str())));
    let tags: Vec<&str> = placed.clone().map(|(tag, _)| tag).collect();
    let of = |tag: &str| tags.contains(&tag) || tags.iter().any(|part| part.starts_with(&format!("{tag}:")));
    let striking = tags.iter().any(|tag| tag.starts_with("wijk:pijler:") || tag.starts_with("wijk:domein:"));
    let missing = known.iter().filter(|name| name.expected && !of(&name.tag));
    let missing = missing.filter(|name| !(name.tag == "wijk:opvallend" && striking)).map(|name| name.tag.as_str());
    // Of a block whose parts have headings, the other parts have none.
    let parts = known.iter().map(|name| name.tag.as_str()).filter(|tag| {
        !is_fact(tag) && !tags.contains(tag) && split.iter().any(|whole| tag.starts_with(&format!("{whole}:")))
    });
    let missing: Vec<&str> = missing.chain(parts).collect();
    let placed: Vec<String> = placed.map(|(tag, title)| format!("'{tag}' onder '{title}'")).collect();
    let place = || Place { file: Some(archive.file_name().to_owned()), ..Place::default() };
    let finding = |found: String, expected: String, advice: &str| {
        Finding::new("sjabloon-zonder-tag", Level::Waarschuwing, place(), found, expected, advice)
    };
    let rest = if missing.is_empty() {
        String::new()
    } else {
        format!(" Niet geplaatst, want er is geen kop met hun naam: {}.", missing.join(", "))
    };
    let mut findings = vec![finding(
        format!(
            "Het sjabloon heeft geen tags; de blokken staan onder de kop met hun naam: {}.{rest}",
            placed.join(", ")
        ),
        "Een tag of een kop voor elk blok dat u wilt hebben.".to_owned(),
        "Kijk of elk blok op de goede plaats staat. Zet anders zelf besturingselementen met een tag in het sjabloon.",
    )];
    findings.extend(double.iter().map(|title| {
        finding(
            format!(
                "De kop '{title}' staat meer dan één keer in het sjabloon; alleen onder de eerste staat het blok."
            ),
            "Elk blok één keer.".to_owned(),
            "Geef de andere kop een eigen naam, of haal hem weg.",
        )
    }));
    findings
}
