//! An organisation's own report: a Word document with content controls whose tags say what comes where.
//!
//! Owns the names of what can come there (`wijk:opvallend`, `wijk:tabel:kansrijk` ...), what each is made of, and what
//! is wrong with the tags in a template. Writing it into the template is done as when a document is made again.

use std::ops::Range;

use super::ReportInput;
use super::cells::{Around, around, outside_marks};
use super::content::{Draft, Part, Style, block, heading, slug, text};
use super::docx::is_older_copy;
use super::fit::Paper;
use super::front::called;
use super::headings::Headings;
use super::print::{is_unseen, tag};
use super::record::Record;
use super::texts::filled;
use super::words::date;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{Format, nearest};
use crate::package::archive::Archive;
use crate::package::xml::{Element, elements, text_of};

/// What the tags begin with.
pub(super) const PREFIX: &str = "wijk:";

/// Twentieths of a point in a centimetre.
const CENTIMETRE: f64 = 1440.0 / 2.54;
/// Longest example, in characters.
const GLIMPSE: usize = 90;

/// Something that can be put in a template.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BlockName {
    /// The tag: `wijk:opvallend`.
    pub tag: String,
    /// What comes there.
    pub what: String,
    /// What stands there for one wijk, shortened; empty when nothing does.
    pub example: String,
    /// It is a word or a few, and may stand inside a sentence.
    pub in_sentence: bool,
    /// A template without it is warned about.
    #[serde(skip)]
    pub(super) expected: bool,
}

/// Facts that may stand inside a sentence.
const FACTS: [(&str, &str); 6] = [
    ("wijk", "de naam van de wijk"),
    ("adviseur", "de naam van de gebiedsadviseur"),
    ("versie", "de versie van het document"),
    ("datum", "de datum van het document"),
    ("editie", "de editie van de cijfers"),
    ("werkboek", "de naam van het werkboek"),
];

/// Names of the report that are one section or one block: name, what it is, where it stands, whether it is expected.
const REPORT: [(&str, &str, Source, bool); 19] = [
    ("kop", "de tabel met adviseur, wijk, versie, datum en editie", Source::Block("wa:kop"), false),
    ("leeswijzer", "hoe de lezer de tekens en de lijnen leest", Source::Block("wa:leeswijzer"), false),
    (
        "algemeen",
        "algemene informatie over de wijk",
        Source::Section(3, "Algemene informatie over de wijk"),
        false,
    ),
    ("vergelijking", "hoe is vergeleken, en wat opvallend heet", Source::Block("wa:staat:regel"), false),
    ("factoren", "de factoren die terugkomen, in volgorde", Source::Block("wa:duiden:factoren"), true),
    ("sterk", "de sterke punten van de wijk", Source::Block("wa:duiden:sterk"), false),
    (
        "verslechterend",
        "wat ongunstiger is dan de stad én verslechtert",
        Source::Block("wa:duiden:verslechterend"),
        false,
    ),
    ("slottabel", "de conclusies per domein", Source::Block("wa:duiden:slottabel"), false),
    (
        "totaalbeeld",
        "het totaalbeeld en de conclusie van de adviseur",
        Source::Section(4, "Totaalbeeld en conclusie"),
        false,
    ),
    (
        "partners",
        "wat partners in de wijk zeiden",
        Source::Section(2, "1.1.2 Kwalitatieve analyse (gesprek met partners in de wijk)"),
        true,
    ),
    ("ambities", "de ambities van de stad", Source::Section(2, "1.1.3 Ambities"), true),
    (
        "resultaten",
        "stap 2: de maatschappelijke resultaten",
        Source::Section(1, "Stap 2 Maatschappelijk resultaat"),
        true,
    ),
    (
        "activiteiten",
        "stap 3: wat nodig is, wat bewezen is, en de preventiematrix",
        Source::Section(1, "Stap 3 Activiteiten"),
        true,
    ),
    ("nodig", "wat nodig is voor elk resultaat", Source::Section(2, "Wat is nodig"), false),
    ("bewezen", "welke activiteiten al bewezen zijn", Source::Block("wa:activiteiten:bewezen"), false),
    ("matrix", "de preventiematrix", Source::Block("wa:matrix"), false),
    ("cijfers", "alle cijfers per domein", Source::Section(2, "A. Alle cijfers per domein"), true),
    ("ontbreekt", "cijfers die ontbreken", Source::Block("wa:bijlage:ontbreekt"), false),
    ("regels", "hoe de lijsten zijn gemaakt", Source::Block("wa:bijlage:regel"), false),
];

/// Names of the action plan.
const PLAN: [(&str, &str, Source, bool); 5] = [
    ("kop", "de tabel met adviseur, wijk, versie en datum", Source::Block("wa:kop"), false),
    ("activiteiten", "stap 3: een tabel per activiteit", Source::Section(1, "Stap 3 Activiteiten"), true),
    ("kwaliteit", "stap 4: afspraken over kwaliteit", Source::Section(1, "Stap 4 Kwaliteit input"), true),
    ("outcome", "stap 5: wat we meten", Source::Section(1, "Stap 5 Outcome"), true),
    (
        "verbeteracties",
        "stap 6: verbeteracties en de geschiedenis",
        Source::Section(1, "Stap 6 Verbeteracties in verbetercyclus"),
        true,
    ),
];

/// Where in a draft something stands.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The block with this tag.
    Block(&'static str),
    /// Everything under a heading of this level and text.
    Section(usize, &'static str),
}

/// Everything that can be put in a template of a document of this kind (`rapport` or `plan`).
pub(super) fn names(format: &Format, kind: &str) -> Vec<BlockName> {
    let list: &[_] = if kind == "plan" { &PLAN } else { &REPORT };
    let name = |name: String, what: String, in_sentence: bool, expected: bool| BlockName {
        tag: format!("{PREFIX}{name}"),
        what,
        example: String::new(),
        in_sentence,
        expected,
    };
    let mut found: Vec<BlockName> =
        FACTS.iter().map(|(fact, what)| name((*fact).to_owned(), (*what).to_owned(), true, false)).collect();
    if kind != "plan" {
        found.push(name("opvallend".to_owned(), "wat opvalt, per pijler en domein".to_owned(), false, true));
        for pijler in &format.pijlers {
            let part = slug(&pijler.name);
            found.push(name(
                format!("opvallend:{part}"),
                format!("wat opvalt in de pijler {}", pijler.name),
                false,
                false,
            ));
            found.push(name(
                format!("tabel:{part}"),
                format!("alleen de tabellen met opvallende cijfers van de pijler {}", pijler.name),
                false,
                false,
            ));
            found.push(name(
                format!("pijler:{part}"),
                format!("wat opvalt in de pijler {}, met de teksten van de adviseur", pijler.name),
                false,
                false,
            ));
        }
        for domein in &format.domeinen {
            let part = slug(&domein.name);
            let of = &domein.name;
            found.push(name(
                format!("domein:{part}"),
                format!("het domein {of}, met de teksten van de adviseur"),
                false,
                false,
            ));
            found.push(name(format!("cijfers:{part}"), format!("alle cijfers van het domein {of}"), false, false));
        }
    }
    found.extend(
        list.iter()
            .map(|(known, what, _, expected)| name((*known).to_owned(), (*what).to_owned(), false, *expected)),
    );
    found
}

/// The same with what each gives for `input`.
pub(super) fn names_with_examples(input: &ReportInput<'_>, draft: &Draft) -> Vec<BlockName> {
    let mut found = names(input.format, draft.kind);
    for name in &mut found {
        let shown = glimpse(&content(input, draft, &name.tag).unwrap_or_default());
        name.example = if shown.is_empty() { "(bij deze cijfers leeg)".to_owned() } else { shown };
    }
    found
}

/// The beginning of what stands in some parts: of a table its first row, else the first text.
fn glimpse(parts: &[Part]) -> String {
    let row = parts.iter().find_map(|part| match part {
        Part::Table(table) => {
            let cells = table.rows.first()?.iter();
            let said = |cell: &super::content::Cell| {
                let prompt = cell.prompt.as_ref().map(|(_, text)| format!("[{text}]"));
                cell.lines.first().map(|(_, text)| text.clone()).or(prompt)
            };
            Some(cells.filter_map(said).collect::<Vec<_>>().join(" | "))
        }
        _ => None,
    });
    let said = |part: &Part| match part {
        Part::Text { style, text } if *style != Style::Caption => Some(text.clone()),
        Part::Prompt { text, .. } => Some(format!("[{text}]")),
        _ => None,
    };
    let heading = |part: &Part| match part {
        Part::Heading { text, .. } => Some(text.clone()),
        _ => None,
    };
    let text = row.or_else(|| parts.iter().find_map(said)).or_else(|| parts.iter().find_map(heading));
    let text = text.unwrap_or_default().replace("::", ":");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= GLIMPSE {
        return text;
    }
    text.chars().take(GLIMPSE).collect::<String>().trim_end().to_owned() + " …"
}

/// True for tags of facts, which may stand inside a sentence.
pub(super) fn is_fact(tag: &str) -> bool {
    tag.strip_prefix(PREFIX).is_some_and(|name| FACTS.iter().any(|(fact, _)| *fact == name))
}

/// True when some control in a template has a tag of ours, or one that was probably meant so.
pub(super) fn has_tags(known: &[BlockName], all: &[Element]) -> bool {
    let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt").map(|(index, _)| index);
    let tags = controls.filter_map(|index| tag(all, index)).map(|tag| tag.trim().to_lowercase());
    tags.into_iter().any(|tag| known.iter().any(|name| name.tag == tag) || is_meant(known, &tag))
}

/// The heading in our own document above what this name stands for, when it is a whole section.
pub(super) fn section_title(kind: &str, name: &str) -> Option<&'static str> {
    let list: &[_] = if kind == "plan" { &PLAN } else { &REPORT };
    list.iter().find(|(known, ..)| *known == name).and_then(|(_, _, source, _)| match source {
        Source::Section(_, title) => Some(*title),
        Source::Block(_) => None,
    })
}

/// What comes at a tag, from the draft of the whole document; `None` when the tag is not known.
fn content(input: &ReportInput<'_>, draft: &Draft, tag: &str) -> Option<Vec<Part>> {
    let name = tag.strip_prefix(PREFIX)?;
    if FACTS.iter().any(|(fact, _)| *fact == name) {
        return Some(vec![text(Style::Body, fact(input, name))]);
    }
    let list: &[_] = if draft.kind == "plan" { &PLAN } else { &REPORT };
    if let Some((_, _, source, _)) = list.iter().find(|(known, ..)| *known == name) {
        return Some(taken(draft, *source));
    }
    if draft.kind == "plan" {
        return None;
    }
    let (group, part) = name.split_once(':').map_or((name, None), |(group, part)| (group, Some(part)));
    let pijlers: Vec<&str> = input.format.pijlers.iter().map(|p| p.name.as_str()).collect();
    let pijler = pijlers.iter().copied().find(|name| Some(slug(name).as_str()) == part);
    let domein = input.format.domeinen.iter().find(|d| Some(slug(&d.name).as_str()) == part);
    match (group, pijler, domein) {
        ("opvallend", None, _) if part.is_none() => {
            Some(pijlers.iter().flat_map(|pijler| striking(draft, pijler, 2)).collect())
        }
        ("opvallend", Some(pijler), _) => Some(striking(draft, pijler, 0)),
        ("tabel", Some(pijler), _) => Some(
            striking(draft, pijler, 0)
                .into_iter()
                .filter(|part| matches!(part, Part::Table(_) | Part::Text { style: Style::Caption, .. }))
                .collect(),
        ),
        ("pijler", Some(pijler), _) => Some(section(draft, 4, &format!("Pijler {pijler}"))),
        ("domein", _, Some(domein)) => Some(section(draft, 5, &format!("Domein {}", domein.name))),
        ("cijfers", _, Some(domein)) => Some(section(draft, 3, &format!("Domein {}", domein.name))),
        _ => None,
    }
}

fn fact(input: &ReportInput<'_>, name: &str) -> String {
    let or_open = |text: &str, open: &str| if filled(text) { text.trim().to_owned() } else { open.to_owned() };
    match name {
        "wijk" => called(input),
        "adviseur" => or_open(input.analysis.adviseur(), "[naam gebiedsadviseur]"),
        "versie" => or_open(input.analysis.version(), "[versie]"),
        "datum" => input.date.map_or_else(|| "[datum]".to_owned(), date),
        "editie" => input.edition(),
        _ => or_open(input.workbook, "[werkboek]"),
    }
}

fn taken(draft: &Draft, source: Source) -> Vec<Part> {
    match source {
        Source::Block(wanted) => draft
            .parts
            .iter()
            .find_map(|part| match part {
                Part::Block { tag, parts, .. } if tag == wanted => Some(flat(parts)),
                _ => None,
            })
            .unwrap_or_default(),
        Source::Section(level, title) => section(draft, level, title),
    }
}

/// What stands under a heading, up to the next one that is as high.
fn section(draft: &Draft, level: usize, title: &str) -> Vec<Part> {
    let is = |part: &Part| matches!(part, Part::Heading { level: l, text } if *l == level && text == title);
    let after = draft.parts.iter().skip_while(|part| !is(part)).skip(1);
    let ends = |part: &&Part| !matches!(part, Part::Heading { level: l, .. } if *l <= level);
    after.take_while(ends).flat_map(|part| flat(std::slice::from_ref(part))).collect()
}

/// The striking figures of a pijler under the headings of its domeinen; with the heading of the pijler itself when `levels`
/// is more than one.
fn striking(draft: &Draft, pijler: &str, levels: usize) -> Vec<Part> {
    let title = format!("Pijler {pijler}");
    let is = |part: &Part| matches!(part, Part::Heading { level: 4, text } if *text == title);
    let mut found = Vec::new();
    if levels > 1 {
        found.push(heading(4, title.clone()));
    }
    let mut last = None;
    for part in draft.parts.iter().skip_while(|part| !is(part)).skip(1) {
        match part {
            Part::Heading { level, .. } if *level <= 4 => break,
            Part::Heading { .. } => last = Some(part.clone()),
            Part::Block { tag, parts, .. } if tag.starts_with("wa:domein:") && tag.ends_with(":opvallend") => {
                found.extend(last.take());
                found.extend(flat(parts));
            }
            _ => {}
        }
    }
    found
}

/// Parts without the controls around them; what belongs to a whole document is left out.
fn flat(parts: &[Part]) -> Vec<Part> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            Part::Block { parts, .. } => found.extend(flat(parts)),
            Part::Contents | Part::Landscape { .. } => {}
            other => found.push(other.clone()),
        }
    }
    found
}

/// A place in a template.
#[derive(Debug)]
pub(super) struct Slot {
    /// The tag of its content control.
    tag: String,
    /// Level of the template's heading above it; 0 when there is none.
    below: usize,
    /// Number of its control among the elements, and the width there where the document says it.
    at: usize,
    width: Option<f64>,
    /// The paper that it has where it stands; `None` for that of the whole document.
    paper: Option<Paper>,
}

/// The blocks that stand in a text box, which shows no more than fits in it.
///
/// # Errors
/// When the template cannot be read.
pub(super) fn boxed(archive: &Archive, slots: &[Slot]) -> Result<Vec<Finding>> {
    let main = super::docx::main_part(archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let headings = Headings::of(&super::docx::part(archive, &main, "styles")?);
    let boxes: Vec<_> = all.iter().filter(|e| e.local == "txbxContent").map(|e| &e.span).collect();
    let in_box = |control: &Element| boxes.iter().any(|span| span.contains(&control.span.start));
    let mut findings = Vec::new();
    let shown = |slot: &&Slot| !is_fact(&slot.tag) && !super::docx::is_older_copy(&all, slot.at);
    for slot in slots.iter().filter(shown) {
        let Some(control) = all.get(slot.at).filter(|control| in_box(control)) else { continue };
        findings.push(Finding::new(
            "sjabloon-blok-in-tekstvak",
            Level::Waarschuwing,
            headings.near(&text, &all, control, archive.file_name()),
            format!(
                "Het blok '{}' staat in een tekstvak. Dat groeit mee, maar gaat niet door op de volgende bladzijde: wat daar niet past, ziet niemand.",
                slot.tag
            ),
            "Een gewone alinea voor dit blok.",
            "Zet het besturingselement buiten het tekstvak, of kijk in Word of alles op de bladzijde past.",
        ));
    }
    Ok(findings)
}

/// Tables in less than this are hard to read, in twentieths of a point.
const NARROW: f64 = 5000.0;

/// The blocks with tables that stand where there is little room for them.
///
/// # Errors
/// When the template cannot be read.
pub(super) fn narrow(archive: &Archive, draft: &Draft, slots: &[Slot]) -> Result<Vec<Finding>> {
    let main = super::docx::main_part(archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let headings = Headings::of(&super::docx::part(archive, &main, "styles")?);
    let has_table = |slot: &Slot| {
        draft.parts.iter().any(|part| match part {
            Part::Block { tag, parts, .. } if *tag == slot.tag => {
                parts.iter().any(|part| matches!(part, Part::Table(_)))
            }
            _ => false,
        })
    };
    let mut findings = Vec::new();
    for slot in slots.iter().filter(|slot| has_table(slot)) {
        let (Some(width), Some(control)) = (slot.width.filter(|width| *width < NARROW), all.get(slot.at)) else {
            continue;
        };
        // What is not filled is told already.
        if block_around(&all, slot.at).is_some() || around(&all, slot.at) == Around::Cells {
            continue;
        }
        findings.push(Finding::new(
            "sjabloon-blok-smal",
            Level::Waarschuwing,
            headings.near(&text, &all, control, archive.file_name()),
            format!(
                "Het blok '{}' staat in een cel, kolom of tekstvak van {} cm breed; in de tabellen erin breken woorden af.",
                slot.tag,
                crate::model::words::number(width / CENTIMETRE, 1)
            ),
            format!("Ten minste {} cm.", crate::model::words::number(NARROW / CENTIMETRE, 1)),
            "Zet het besturingselement op een bredere plaats, zoals een alinea buiten de tabel of een deel zonder kolommen.",
        ));
    }
    Ok(findings)
}

/// How many tables in the places of a template have a column in which words break after all; where there is so little room that
/// all of them do, that is told already.
pub(super) fn cramped(draft: &Draft, paper: Paper, slots: &[Slot]) -> usize {
    let roomy = slots.iter().filter(|slot| slot.width.is_none_or(|width| width >= NARROW));
    roomy
        .map(|slot| {
            let here =
                draft.parts.iter().filter(|part| matches!(part, Part::Block { tag, .. } if *tag == slot.tag));
            let paper = slot.paper.unwrap_or(paper);
            here.map(|part| super::fit::cramped(std::slice::from_ref(part), paper)).sum::<usize>()
        })
        .sum()
}

/// The parts with headings that follow on one of level `below`: no level is left out.
fn below(mut parts: Vec<Part>, below: usize) -> Vec<Part> {
    let first = parts.iter().find_map(|part| match part {
        Part::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let less = first.unwrap_or(0).saturating_sub(below + 1);
    for part in &mut parts {
        if let Part::Heading { level, .. } = part {
            *level = level.saturating_sub(less).max(1);
        }
    }
    parts
}

/// The draft whose blocks go to these places of a template, in their order; unknown tags are left out.
/// `whole` is made for `paper`; places with other paper get their part of the draft that `on` makes for it.
pub(super) fn draft_for(
    input: &ReportInput<'_>,
    whole: &Draft,
    paper: Paper,
    slots: &[Slot],
    on: impl Fn(Paper) -> Draft,
) -> Draft {
    let mut parts = Vec::new();
    let mut others: Vec<(Paper, Draft)> = Vec::new();
    for Slot { tag, below: above, paper: own, .. } in slots {
        let own = own.filter(|own| *own != paper && !is_fact(tag));
        if let Some(own) = own.filter(|own| !others.iter().any(|(known, _)| known == own)) {
            others.push((own, on(own)));
        }
        let other = others.iter().find(|(known, _)| Some(*known) == own).map(|(_, draft)| draft);
        let Some(inner) = content(input, other.unwrap_or(whole), tag) else { continue };
        let inner = below(inner, *above);
        let title = names(input.format, whole.kind).into_iter().find(|name| name.tag == *tag);
        let inner = if inner.is_empty() {
            vec![text(Style::Figures, "Hierover staat niets in het werkboek.")]
        } else {
            inner
        };
        parts.push(Part::Block {
            tag: tag.clone(),
            title: title.map_or_else(String::new, |name| name.what),
            parts: inner,
        });
    }
    Draft { parts, ..whole.clone() }
}

/// The tags of everything that can be put in a template of a document of this kind.
pub(super) fn tags(format: &Format, kind: &str) -> Vec<String> {
    names(format, kind).into_iter().map(|name| name.tag).collect()
}

/// The places of our kind in a document, each tag once, in order: those with a tag, and for `known` tags those of which
/// only the marks are left (see `stamp`), for LibreOffice drops the tags of controls.
pub(super) fn slots(archive: &Archive, known: &[String]) -> Result<Vec<Slot>> {
    let main = super::docx::main_part(archive)?;
    let all = elements(&archive.read_text(&main)?).map_err(|reason| archive.damaged(&main, &reason))?;
    let styles = super::docx::part(archive, &main, "styles")?;
    let headings = Headings::of(&styles);
    let letters = super::house::sheet::letters(archive, &main)?.0;
    let size = super::dress::table_text(&styles);
    let tagged = |index: usize| tag(&all, index).map(|tag| tag.trim().to_lowercase()).unwrap_or_default();
    let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt").map(|(index, e)| (tagged(index), e));
    let mut ours: Vec<(String, Range<usize>)> =
        controls.filter(|(tag, _)| tag.starts_with(PREFIX)).map(|(tag, e)| (tag, e.span.clone())).collect();
    let marked = super::renew::blocks_with(&all, known).filter(|(tag, _)| tag.starts_with(PREFIX));
    let marked: Vec<_> = marked.filter(|(tag, _)| !ours.iter().any(|(other, _)| other == tag)).collect();
    ours.extend(marked);
    ours.sort_by_key(|(_, span)| span.start);
    let mut found: Vec<Slot> = Vec::new();
    for (tag, span) in &ours {
        if !tag.starts_with("wijk:nieuw:") && !found.iter().any(|slot| slot.tag == *tag) {
            // Headings that we put in a place before are no headings of the template.
            let made = |p: &Element| ours.iter().any(|(_, span)| span.contains(&p.span.start));
            let at = all.partition_point(|e| e.span.start < span.start);
            let room = super::standing::at(&all, at);
            let paper = room.map(|room| {
                Paper::new((Some(room.width), Some(room.width)), room.height, letters).with_text(size)
            });
            let width = room.map(|room| room.width);
            found.push(Slot { tag: tag.clone(), below: headings.above(&all, at, made), at, width, paper });
        }
    }
    if found.is_empty() {
        return Ok(found);
    }
    for (part, _) in super::docx::running_parts(archive, &main)? {
        let all = elements(&archive.read_text(&part)?).map_err(|reason| archive.damaged(&part, &reason))?;
        for (index, _) in all.iter().enumerate().filter(|(_, e)| e.local == "sdt") {
            let tag = tag(&all, index).map(|tag| tag.trim().to_lowercase()).unwrap_or_default();
            if is_fact(&tag) && !found.iter().any(|slot| slot.tag == tag) {
                found.push(Slot { tag, below: 0, at: 0, width: None, paper: None });
            }
        }
    }
    Ok(found)
}

/// Adds to `slots` the places that were filled in by the record and that are not found: a program dropped what said so, or
/// people removed them. Each comes after the one it was written after.
pub(super) fn with_gone(record: &Record, mut slots: Vec<Slot>) -> Vec<Slot> {
    let mut at = 0;
    for tag in record.blocks.iter().map(|block| &block.tag).filter(|tag| tag.starts_with(PREFIX)) {
        match slots.iter().position(|slot| slot.tag == *tag) {
            Some(found) => at = found + 1,
            None => {
                let gone = Slot { tag: tag.clone(), below: 0, at: 0, width: None, paper: None };
                slots.insert(at.min(slots.len()), gone);
                at += 1;
            }
        }
    }
    slots
}

/// Everything that is wrong with the tags of a template.
///
/// # Errors
/// When there is nothing to fill in it.
pub(super) fn check(format: &Format, kind: &str, archive: &Archive) -> Result<Vec<Finding>> {
    let main = super::docx::main_part(archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let headings = Headings::of(&super::docx::part(archive, &main, "styles")?);
    let known = names(format, kind);
    let mut findings = Vec::new();
    // Tags of what is filled, and of what is not and of which is told why.
    let (mut seen, mut told): (Vec<String>, Vec<String>) = Default::default();
    let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt");
    for (index, control) in controls.filter(|(index, _)| !is_older_copy(&all, *index)) {
        let Some(written) = tag(&all, index) else { continue };
        let tag = written.trim().to_lowercase();
        let place = || headings.near(&text, &all, control, archive.file_name());
        match known.iter().find(|name| name.tag == tag) {
            Some(_) if let Some(outer) = block_around(&all, index) => {
                findings.push(Finding::new(
                    "sjabloon-blok-in-blok",
                    Level::Fout,
                    place(),
                    format!("Het blok '{tag}' staat in het besturingselement '{outer}' en is niet gevuld."),
                    "Elk blok op een eigen plaats, niet in een ander blok: wat in een blok staat, wordt vervangen.",
                    "Versleep het besturingselement in Word naar een alinea erbuiten, of haal het weg.",
                ));
                told.push(tag);
            }
            Some(name) if !name.in_sentence && seen.contains(&tag) => findings.push(Finding::new(
                "sjabloon-blok-dubbel",
                Level::Fout,
                place(),
                format!("Het blok '{tag}' staat meer dan één keer in het sjabloon; alleen het eerste is gevuld."),
                "Elk blok één keer.",
                "Haal het tweede besturingselement weg, of geef het een andere tag.",
            )),
            Some(name) => {
                if !name.in_sentence && in_a_sentence(&text, &all, index) {
                    findings.push(Finding::new(
                        "sjabloon-blok-in-zin",
                        Level::Fout,
                        place(),
                        format!("Het blok '{tag}' staat midden in een zin en is niet gevuld."),
                        "Een eigen regel voor dit blok.",
                        "Zet het besturingselement in een eigen alinea.",
                    ));
                    told.push(tag);
                } else if !name.in_sentence && around(&all, index) == Around::Cells {
                    findings.push(Finding::new(
                        "sjabloon-blok-om-cellen",
                        Level::Fout,
                        place(),
                        format!(
                            "Het besturingselement van het blok '{tag}' ligt om meer dan één cel van een tabel heen en is niet gevuld."
                        ),
                        "Een besturingselement in één cel, of in een alinea buiten de tabel.",
                        "Klik met rechts in het besturingselement, kies 'Besturingselement voor inhoud verwijderen' en voeg het opnieuw in, \
                         binnen één cel.",
                    ));
                    told.push(tag);
                } else {
                    seen.push(tag);
                }
            }
            None if is_meant(&known, &tag) => {
                findings.push(unknown((format, kind), place(), written.trim(), "het sjabloon", &known));
            }
            None => {}
        }
    }
    if seen.is_empty() && told.is_empty() && findings.is_empty() {
        return Err(Error::content(
            archive.file_name(),
            "in dit sjabloon staat geen enkel besturingselement met een tag die met 'wijk:' begint, en geen kop met de naam van een blok",
            "Maak een voorbeeld met --maak-sjabloon, of bekijk de namen met --blokken.",
        ));
    }
    findings.extend(in_running_parts((format, kind), &known, archive, &main)?);
    for name in known.iter().filter(|name| name.expected) {
        // A part of it (only one pijler) is a choice, not an oversight.
        let part = format!("{}:", name.tag);
        let other = name.tag == "wijk:opvallend"
            && seen.iter().any(|tag| {
                ["pijler", "domein", "tabel"].iter().any(|group| tag.starts_with(&format!("wijk:{group}:")))
            });
        if !seen.contains(&name.tag)
            && !told.contains(&name.tag)
            && !other
            && !seen.iter().any(|tag| tag.starts_with(&part))
        {
            findings.push(Finding::new(
                "sjabloon-blok-ontbreekt",
                Level::Waarschuwing,
                Place { file: Some(archive.file_name().to_owned()), ..Place::default() },
                format!("In het sjabloon ontbreekt '{}': {}.", name.tag, name.what),
                "",
                "Voeg een besturingselement met deze tag toe, of laat het zo als het bewust is weggelaten.",
            ));
        }
    }
    Ok(findings)
}

/// The tag of the block in whose control the one at `index` lies: what stands there is replaced.
fn block_around(all: &[Element], index: usize) -> Option<&str> {
    let mut outer = all.get(index)?.parent;
    while let Some(at) = outer {
        let element = all.get(at)?;
        if element.local == "sdt"
            && let Some(tag) = tag(all, at).map(str::trim)
            && tag.to_lowercase().starts_with(PREFIX)
        {
            return Some(tag);
        }
        outer = element.parent;
    }
    None
}

/// A tag in this part of a template that is no block of a document of this kind, with those of the `known` names that it
/// may be.
fn unknown((format, kind): (&Format, &str), place: Place, tag: &str, part: &str, known: &[BlockName]) -> Finding {
    let wanted = tag.to_lowercase();
    let unseen = tag.chars().find(|sign| is_unseen(*sign)).map(u32::from);
    let (command, of, other, of_other) = match kind {
        "plan" => ("wijk plan", "het plan van aanpak", "rapport", "de rapportage"),
        _ => ("wijk rapport", "de rapportage", "plan", "het plan van aanpak"),
    };
    let said = if names(format, other).iter().any(|name| name.tag == wanted) {
        format!("'{tag}' is een blok van {of_other} en niet van {of}; dit deel van {part} is niet gevuld.")
    } else if let Some(unseen) = unseen {
        format!(
            "In de tag '{tag}' staat een onzichtbaar teken (U+{unseen:04X}), en zo'n blok is er niet; dit deel van {part} is niet gevuld."
        )
    } else {
        format!("Er is geen blok '{tag}'; dit deel van {part} is niet gevuld.")
    };
    let (near, all) = meant(&wanted, known);
    let expected = match (near.is_empty(), all) {
        (true, _) => String::new(),
        (_, true) => format!("Een van: {}.", near.join(", ")),
        _ => format!("Bijvoorbeeld {}.", near.join(", ")),
    };
    let how = if unseen.is_some() { "Wis de tag en typ hem opnieuw" } else { "Verander de tag" };
    let advice = format!("{how} (Ontwikkelaars, Eigenschappen); '{command} --blokken' toont alle namen.");
    Finding::new("sjabloon-blok-onbekend", Level::Fout, place, said, expected, advice)
}

/// The names that a wrong tag may be, and whether those are all that begin as it does. What all names begin with makes no two of
/// them alike.
fn meant(tag: &str, known: &[BlockName]) -> (Vec<String>, bool) {
    let at = if misspelt(tag) || tag.starts_with(PREFIX) { tag.find(|c: char| !c.is_alphabetic()) } else { None };
    let own = at.and_then(|at| tag.get(at + 1..)).unwrap_or(tag).trim();
    let bare: Vec<&str> = known.iter().filter_map(|name| name.tag.strip_prefix(PREFIX)).collect();
    let full = |names: Vec<String>| names.into_iter().map(|name| format!("{PREFIX}{name}")).collect();
    if let Some((group, part)) = own.split_once(':') {
        let group = format!("{}:", group.trim());
        let same: Vec<&str> = bare.iter().filter_map(|name| name.strip_prefix(&group)).collect();
        if !same.is_empty() {
            let near = nearest(part, same.iter().copied());
            let all = near.is_empty();
            let names = if all { same.into_iter().map(str::to_owned).collect() } else { near };
            return (full(names.into_iter().map(|name| group.clone() + &name).collect()), all);
        }
    }
    (full(nearest(own, bare)), false)
}

/// What is wrong with tags in headers, footers and notes: only facts are filled there.
fn in_running_parts(
    of: (&Format, &str),
    known: &[BlockName],
    archive: &Archive,
    main: &str,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let facts: Vec<BlockName> = known.iter().filter(|name| name.in_sentence).cloned().collect();
    for (part, called) in super::docx::running_parts(archive, main)? {
        let all = elements(&archive.read_text(&part)?).map_err(|reason| archive.damaged(&part, &reason))?;
        let place = || Place { file: Some(archive.file_name().to_owned()), ..Place::default() };
        let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt");
        for (index, _) in controls.filter(|(index, _)| !is_older_copy(&all, *index)) {
            let Some(written) = tag(&all, index) else { continue };
            let tag = written.trim().to_lowercase();
            if is_fact(&tag) {
                continue;
            }
            if known.iter().any(|name| name.tag == tag) {
                findings.push(Finding::new(
                    "sjabloon-blok-in-zin",
                    Level::Fout,
                    place(),
                    format!("Het blok '{tag}' staat in {called} en is niet gevuld."),
                    "Alleen korte gegevens, zoals wijk:wijk en wijk:datum.",
                    "Zet het besturingselement in de tekst zelf, in een eigen alinea.",
                ));
            } else if is_meant(known, &tag) {
                findings.push(unknown(of, place(), written.trim(), called, &facts));
            }
        }
    }
    Ok(findings)
}

/// True for a tag that is one of ours or was probably meant so.
fn is_meant(known: &[BlockName], tag: &str) -> bool {
    tag.starts_with(PREFIX) || misspelt(tag) || without_prefix(known, tag)
}

/// The name of a block without what goes before it: `opvallend`. The names of facts (`wijk`, `datum`) may be those of the
/// organisation.
fn without_prefix(known: &[BlockName], tag: &str) -> bool {
    known.iter().any(|name| !name.in_sentence && name.tag.strip_prefix(PREFIX) == Some(tag))
}

/// A tag that was probably meant as one of ours: `wjk:opvallend`, `wijk-opvallend`.
fn misspelt(tag: &str) -> bool {
    let prefix: String = tag.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = tag.chars().nth(prefix.chars().count());
    prefix != "wa"
        && matches!(rest, Some(':' | ';' | '-' | '_' | '.'))
        && strsim::osa_distance(&prefix, "wijk") <= 1
}

/// True when there is other text in the paragraph in which the control at `index` stands.
pub(super) fn in_a_sentence(text: &str, all: &[Element], index: usize) -> bool {
    let Some(control) = all.get(index) else { return false };
    let holder = outside_marks(all, control.parent).map(|(_, e)| e);
    let Some(paragraph) = holder.filter(|e| e.local == "p") else {
        return holder.is_some_and(|e| matches!(e.local.as_str(), "hyperlink" | "ins"));
    };
    let first = all.partition_point(|e| e.span.start < paragraph.span.start);
    all.iter()
        .skip(first)
        .take_while(|e| e.span.start < paragraph.span.end)
        .filter(|e| !control.span.contains(&e.span.start))
        .any(|e| {
            matches!(e.local.as_str(), "drawing" | "pict") || e.local == "t" && !text_of(text, e).trim().is_empty()
        })
}

/// An example of a template: every section with the control that fills it.
pub(super) fn example(format: &Format, kind: &'static str) -> Draft {
    let name = if kind == "plan" { "Plan van aanpak" } else { "Rapportage" };
    let mut parts = vec![
        text(Style::Title, format!("{name} (sjabloon)")),
        text(
            Style::Guide,
            "Zo werkt dit sjabloon::  elk vak hieronder is een besturingselement met een tag. Schrijf er uw eigen tekst omheen, verplaats \
             vakken of haal ze weg. Wat in een vak staat wordt vervangen.",
        ),
    ];
    for entry in names(format, kind) {
        let part_of_other = entry.tag.matches(':').count() > 1;
        if part_of_other
            || ["nodig", "bewezen", "matrix"].iter().any(|name| entry.tag == format!("{PREFIX}{name}"))
        {
            continue;
        }
        let mut title = entry.what.clone();
        if let Some(first) = title.get(..1).map(str::to_uppercase) {
            title.replace_range(..1, &first);
        }
        if !entry.in_sentence {
            parts.push(heading(1, title));
        }
        let inner = vec![text(Style::Body, format!("Hier komt {}.", entry.what))];
        match block("", entry.what.clone(), inner) {
            Part::Block { title, parts: inner, .. } => {
                parts.push(Part::Block { tag: entry.tag, title, parts: inner })
            }
            other => parts.push(other),
        }
    }
    Draft {
        kind: "sjabloon",
        area: String::new(),
        title: format!("{name} (sjabloon)"),
        author: "wijkanalyse".to_owned(),
        footer: format!("{name} (sjabloon)"),
        date: None,
        format_version: format.version.clone(),
        margin: 1134,
        subjects: Vec::new(),
        parts,
    }
}
