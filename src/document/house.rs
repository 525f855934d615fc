//! A new document in the house style of an organisation: its own document with our text in it.
//!
//! Owns what of the organisation's text stays (the cover page), what is filled in there, and which pages follow. Styles,
//! theme, fonts, headers, footers, pictures and settings are those of the organisation, to the byte.

mod cover;
mod section;
pub(super) mod sheet;

use std::ops::Range;

use super::content::NUMBERS;
use super::docx;
use super::dress::{self, Dress};
use super::finish::{in_order, item_properties, marked};
use super::fit::Paper;
use super::print::{property, tag};
use super::record::Record;
use super::renew::{Transplant, Writer, record_of};
use super::stamp::{Mark, unmark};
use super::words::iso;
use crate::error::Result;
use crate::package::archive::Archive;
use crate::package::edit::smallparts;
use crate::package::parts::{all_in_strict, relationships};
use crate::package::rewrite::Rewrite;
use crate::package::tree::{Element as Made, Node};
use crate::package::xml::{
    Element, Splices, elements, text_of, with_attribute, without_attribute, xml_escape, xml_escape_attribute,
};

/// A document in the clothes of an organisation.
#[derive(Debug, Clone)]
pub struct Clothed {
    /// The document.
    pub bytes: Vec<u8>,
    /// Roles for which the organisation's document has no style; they became direct formatting.
    pub missed: Vec<String>,
    /// Styles of the organisation whose text has too little contrast with its ground, with that contrast.
    pub faint: Vec<String>,
    /// Its first page was left out, because nothing is to be filled in there.
    pub first_page_left_out: bool,
    /// How many tables have a column in which words break: the pages are too narrow or the letters too wide for them.
    pub cramped: usize,
    /// Pictures of the organisation without an alternative text, with the place of each; they stay as they are.
    pub mute_pictures: Vec<String>,
    /// Content controls of the organisation that show `[wijk]` or the like still, with their place and the tag that fills them.
    pub unfilled: Vec<String>,
    /// The language of the organisation's document (`en-US`) where it is not Dutch: a PDF names that one.
    pub language: Option<String>,
    /// It is protected against editing, as the organisation's document is: its settings stay as they are.
    pub protected: bool,
}

impl Clothed {
    /// A document that needed no house style.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Self {
        Clothed {
            bytes,
            missed: Vec::new(),
            faint: Vec::new(),
            first_page_left_out: false,
            cramped: 0,
            mute_pictures: Vec::new(),
            unfilled: Vec::new(),
            language: None,
            protected: false,
        }
    }
}

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Properties of a document that has none.
const NO_PROPERTIES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<cp:coreProperties \
    xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\"></cp:coreProperties>";

/// Lists of a document that has none.
const NO_LISTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:numbering \
    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"></w:numbering>";

/// A list with bullets, for a document that has none; `ID` becomes a free number. Its bullets stand behind the line that
/// tells whose words these are.
const BULLETS: &str = "<w:abstractNum w:abstractNumId=\"ID\">\
    <w:multiLevelType w:val=\"hybridMultilevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/>\
    <w:lvlText w:val=\"•\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"584\" w:hanging=\"357\"/></w:pPr></w:lvl>\
    </w:abstractNum>";
/// The same for points of which the number is in the text: the list shows nothing before them.
const TYPED: &str = "<w:abstractNum w:abstractNumId=\"ID\">\
    <w:multiLevelType w:val=\"hybridMultilevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"none\"/>\
    <w:suff w:val=\"nothing\"/><w:lvlText w:val=\"\"/><w:lvlJc w:val=\"left\"/>\
    <w:pPr><w:ind w:left=\"624\" w:hanging=\"397\"/></w:pPr></w:lvl></w:abstractNum>";
/// A number that uses a list.
const NUMBER: &str = "<w:num w:numId=\"NUMBER\"><w:abstractNumId w:val=\"ID\"/></w:num>";

/// What is filled in on a cover page. Title and author come from the document that was made.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) wijk: String,
    pub(super) adviseur: String,
    pub(super) version: String,
    pub(super) date: String,
    pub(super) title: String,
    pub(super) author: String,
}

impl Facts {
    /// The same with title and author of a document that was just made.
    pub(super) fn with_title_of(&self, made: &Archive) -> Self {
        let mut facts = self.clone();
        let core = made.read_text("docProps/core.xml").unwrap_or_default();
        for element in elements(&core).unwrap_or_default() {
            match element.local.as_str() {
                "title" => facts.title = text_of(&core, &element),
                "creator" => facts.author = text_of(&core, &element),
                _ => {}
            }
        }
        facts
    }

    /// True when a placeholder of this name can be filled in.
    fn knows(name: &str) -> bool {
        Facts::default().named(name).is_some()
    }

    /// The text for a placeholder with these names, by the first of them that names something; `None` when none does or
    /// there is no text for it. Another name never stands in for it: a title says less than a tag.
    fn of_first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.named(name)).filter(|text| !text.is_empty())
    }

    /// The text for a placeholder of this name; `None` when it is another or there is no text.
    fn of(&self, name: &str) -> Option<&str> {
        self.of_first(&[name])
    }

    /// The text, which may be empty, for a placeholder of this name; `None` when it is another. Of a name alone nobody
    /// knows whose it is.
    fn named(&self, name: &str) -> Option<&str> {
        let name = crate::model::normalise(name);
        let text = match name.trim_start_matches("wijk ").trim_start_matches("naam ") {
            "naam" if name == "wijk naam" => &self.wijk,
            "wijk" | "wijknaam" => &self.wijk,
            "gebiedsadviseur" | "adviseur" | "auteur" | "author" => &self.adviseur,
            "versie" | "versie document" | "versienummer" | "version" => &self.version,
            "datum" | "publicatiedatum" | "date" | "publish date" => &self.date,
            "titel" | "title" => &self.title,
            _ => return None,
        };
        Some(text.as_str())
    }
}

/// True for a tag that is filled in when the workbook has something for it.
pub(super) fn fills(tag: &str, template: bool) -> bool {
    if template { super::template::is_fact(&tag.to_lowercase()) } else { Facts::knows(tag) }
}

/// Puts a document that was just made into the organisation's own.
pub(super) fn clothe(facts: &Facts, made: Vec<u8>, file: &str, reference: Vec<u8>) -> Result<Clothed> {
    put_in(facts, made, file, reference, false)
}

/// The same for the card: it stays on one page, without the cover page.
pub(super) fn clothe_card(facts: &Facts, made: Vec<u8>, file: &str, reference: Vec<u8>) -> Result<Clothed> {
    put_in(facts, made, file, reference, true)
}

fn put_in(facts: &Facts, made: Vec<u8>, file: &str, reference: Vec<u8>, one_page: bool) -> Result<Clothed> {
    let archive = docx::open(file, reference)?;
    docx::refuse_macros(&archive)?;
    let main = docx::main_part(&archive)?;
    let mut parts = Rewrite::new(&archive);
    let (text, stored) = parts.text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let made = Archive::from_bytes("het nieuwe document", made)?;
    let made_main = docx::main_part(&made)?;
    let facts = &facts.with_title_of(&made);
    let words = made.read_text(&made_main)?;
    let document = Made::parse(&words);
    let mut document = document.ok_or_else(|| made.damaged(&made_main, &"geen XML"))?;
    let body = all.iter().position(|e| e.local == "body").filter(|at| all.get(*at).is_some_and(|e| !e.empty));
    let body = body.ok_or_else(|| archive.damaged(&main, &"geen tekst"))?;
    let mut section = sheet::one_column(&whole_measures(&section::of_pages(&text, &all)));
    let styles = docx::part(&archive, &main, "styles")?;
    let numbering = lists(&archive, &main, &mut parts, dress::has_style(&words, &NUMBERS))?;
    let mut dress = Dress::of(&styles, &numbering, widths(&section));
    dress.highest = height(&section);
    if let Some(colour) = docx::page_colour(&archive, &main, &all)? {
        dress.on_page(&colour, &styles, &numbering);
    }
    if one_page {
        dress.tighten(&styles);
        without_blocks(&mut document);
    }
    dress.without_numbers(&styles);
    dress.tell_of(&document);
    dress.put_on(&mut document);
    unmark(&mut document, &|name| Mark::read(name).is_some());
    // The pages get the organisation's headers and footers; ours must not come along unseen.
    document.walk(&mut |element| {
        if element.name == "w:sectPr" {
            element.children.clear();
        }
    });
    let record = record_of(&made, &made_main)?.map(|(record, _)| record);
    let charts = docx::chart_words(&made, &made_main)?;
    let record = record.map(|record| marked(&mut document, record, &styles, charts));
    Transplant::new(&made, &made_main, &archive, &main, docx::is_strict(&all)).adopt(
        &mut document,
        &[],
        &mut parts,
    )?;

    let mut cover = cover::cover(&text, &all, body, &styles);
    if one_page {
        section = sheet::simple(&section);
        cover = cover::Cover { kept: cover.kept.start..cover.kept.start, ..cover::Cover::default() };
    }
    let namespaces = document.attributes.clone();
    let mut writer = Writer::new(&text, &all, &namespaces);
    let mut content = without_last_section(&mut document);
    let lying = content.iter().any(holds_section);
    for element in &mut content {
        give_section(element, &section);
    }
    writer.renumber(&mut content);
    if cover.new_page {
        begin_page(&mut content);
    }
    let mut new = fill(facts, &text, &all, &cover);
    new.push_str(&cover.closing);
    new.push_str(&writer.written(&content));
    new.push_str(&if lying { numbered_on(&on_its_side(&section)) } else { section });
    let mut splices = Splices::default();
    let whole = all.get(body).map_or(0..0, |e| e.content.clone());
    splices.replace(whole, new);
    let new = splices.apply(&text);
    let mut mute_pictures = docx::mute_pictures(&all, &cover.kept);
    mute_pictures.iter_mut().for_each(|name| name.push_str(" op het voorblad"));
    let shown = elements(&new).map_err(|reason| archive.damaged(&main, &reason))?;
    mute_pictures.extend(docx::mute_pictures_on_pages(&archive, &main, &shown)?);
    for (part, _) in docx::pages_with(&archive, &main, &shown)? {
        fill_part(facts, &part, true, &mut parts)?;
    }
    parts.put_text(&main, &new, stored);
    properties(facts, &archive, &mut parts)?;
    docx::as_document(&archive, &main, &mut parts)?;
    if let Some(record) = record {
        keep_record(&record, &main, &mut parts)?;
    }
    Ok(Clothed {
        bytes: parts.finish()?,
        missed: dress.missed,
        faint: dress.faint,
        first_page_left_out: cover.left_out,
        cramped: 0,
        mute_pictures,
        unfilled: Vec::new(),
        language: dress::other_language(&styles),
        protected: docx::is_protected(&archive)?,
    })
}

/// What tables have to fit on in the house style of this document.
///
/// # Errors
/// When it is no Word document or cannot be read.
pub(super) fn paper(file: &str, reference: &[u8]) -> Result<Paper> {
    let archive = docx::open(file, reference.to_vec())?;
    let main = docx::main_part(&archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let section = whole_measures(&section::of_pages(&text, &all));
    let size = dress::table_text(&docx::part(&archive, &main, "styles")?);
    Ok(Paper::new(widths(&section), height(&section), sheet::letters(&archive, &main)?.0).with_text(size))
}

/// Width of the text on the pages that get this section and on those that get it on its side.
fn widths(section: &str) -> (Option<f64>, Option<f64>) {
    let of = |section: &str| elements(section).map_or((None, None), |all| docx::widths(&all)).0;
    (of(section), of(&on_its_side(section)))
}

/// The lists of a document, which gets one with bullets where it has none, and with `numbered` one for points of which the
/// number was typed: a list without them is no list.
///
/// # Errors
/// When the part with lists cannot be read.
pub(super) fn lists(archive: &Archive, main: &str, parts: &mut Rewrite<'_>, numbered: bool) -> Result<String> {
    let known = docx::part(archive, main, "numbering")?;
    let bullets = dress::bullets(&known).is_none().then_some(BULLETS);
    let typed = (numbered && dress::typed_numbers(&known).is_none()).then_some(TYPED);
    let lacking: Vec<&str> = bullets.into_iter().chain(typed).collect();
    Ok(match known {
        none if none.trim().is_empty() => first_lists(archive, main, parts, &lacking)?,
        known if lacking.is_empty() => known,
        known => more_lists(archive, main, &known, parts, &lacking)?,
    })
}

/// Height of the text on the pages that get this section.
fn height(section: &str) -> Option<f64> {
    elements(section).ok().and_then(|all| docx::height(&all))
}

/// Gives a document without lists these, and the text of their part.
///
/// # Errors
/// When the lists of parts cannot be read.
fn first_lists(archive: &Archive, main: &str, parts: &mut Rewrite<'_>, lacking: &[&str]) -> Result<String> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    // A document may refer to lists that are not there.
    let known = relationships(archive, main)?.into_iter().find(|r| r.kind == "numbering" && !r.external);
    let part = match known {
        Some(known) => known.target,
        None => {
            let usual = "word/numbering.xml".to_owned();
            let part = if archive.contains(&usual) { parts.free_name("word/numbering", ".xml") } else { usual };
            parts.relate(main, &format!("{office}/numbering"), &format!("/{part}"), false)?;
            part
        }
    };
    let lists =
        with_lists(NO_LISTS, lacking).map(|list| if parts.is_strict() { all_in_strict(&list) } else { list });
    let lists = lists.map_err(|reason| archive.damaged(&part, &reason))?;
    parts.put(&part, lists.clone().into_bytes());
    parts.declare(&part, "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml")?;
    Ok(lists)
}

/// Gives a document that has lists these besides, and the text of their part.
///
/// # Errors
/// When the part with lists cannot be read.
fn more_lists(
    archive: &Archive,
    main: &str,
    known: &str,
    parts: &mut Rewrite<'_>,
    lacking: &[&str],
) -> Result<String> {
    let part = relationships(archive, main)?.into_iter().find(|r| r.kind == "numbering" && !r.external);
    let Some(part) = part else { return Ok(known.to_owned()) };
    // With another prefix its lists cannot be told apart here.
    if !elements(known).is_ok_and(|all| all.first().is_some_and(|root| root.prefix() == "w:")) {
        return Ok(known.to_owned());
    }
    parts.edit(&part.target, |text| with_lists(text, lacking))?;
    with_lists(known, lacking).map_err(|reason| archive.damaged(&part.target, &reason))
}

fn with_lists(text: &str, lacking: &[&str]) -> std::result::Result<String, String> {
    lacking.iter().try_fold(text.to_owned(), |text, list| with_list(&text, list))
}

/// A part with lists and one list more: its definition behind the last definition and its number behind the
/// last number, as the schema asks, both under a number that nobody has.
fn with_list(text: &str, list: &str) -> std::result::Result<String, String> {
    let all = elements(text)?;
    let root = all.first().ok_or("het is leeg")?;
    let own = |name: &'static str| all.iter().filter(move |e| e.local == name && e.depth == 1);
    let free = |name: &'static str, id: &str| {
        let used = own(name).filter_map(|e| e.attribute(id)?.trim().parse::<u32>().ok()).max();
        used.map_or(1, |used| used.saturating_add(1)).to_string()
    };
    let (id, number) = (free("abstractNum", "abstractNumId"), free("num", "numId"));
    let ours = |text: &str| text.replace("\"ID\"", &format!("\"{id}\"")).replace("NUMBER", &number);
    let (list, numbered) = (ours(list), ours(NUMBER));
    let mut splices = Splices::default();
    if root.empty {
        splices.replace(root.span.clone(), opened(text, root, &(list + &numbered)));
        return Ok(splices.apply(text));
    }
    let last = |name| own(name).next_back().map(|e| e.span.end);
    let pictures = || last("numPicBullet").unwrap_or(root.content.start);
    let at = own("num").next().map_or_else(|| last("abstractNum").unwrap_or_else(pictures), |e| e.span.start);
    match last("num") {
        Some(end) => {
            splices.insert(at, list);
            splices.insert(end, numbered);
        }
        None => splices.insert(at, list + &numbered),
    }
    Ok(splices.apply(text))
}

/// An element without content, with this content.
fn opened(text: &str, element: &Element, content: &str) -> String {
    let tag = text.get(element.tag.clone()).unwrap_or_default();
    let open = tag.trim_end_matches('>').trim_end_matches('/');
    format!("{open}>{content}</{}>", element.name)
}

/// Puts the record in a document that has none.
///
/// # Errors
/// When the lists of parts cannot be read.
pub(super) fn keep_record(record: &Record, main: &str, parts: &mut Rewrite<'_>) -> Result<()> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let part = parts.free_name("customXml/item", ".xml");
    let properties = parts.free_name("customXml/itemProps", ".xml");
    parts.put(&part, record.write().into_bytes());
    let said = item_properties();
    parts.put(&properties, if parts.is_strict() { all_in_strict(&said) } else { said }.into_bytes());
    parts.relate(&part, &format!("{office}/customXmlProps"), &format!("/{properties}"), false)?;
    parts.relate(main, &format!("{office}/customXml"), &format!("/{part}"), false)?;
    parts.declare(&part, "application/xml")?;
    parts.declare(&properties, "application/vnd.openxmlformats-officedocument.customXmlProperties+xml")
}

/// The section with its measures in whole twentieths of a point: some programs write fractions, which the format does
/// not allow, and strict documents name a unit, which not every program reads.
fn whole_measures(section: &str) -> String {
    let Ok(all) = elements(section) else { return section.to_owned() };
    let mut splices = Splices::default();
    for element in all.iter().filter(|e| matches!(e.local.as_str(), "pgMar" | "pgSz" | "cols" | "col" | "docGrid"))
    {
        let mut tag = section.get(element.tag.clone()).unwrap_or_default().to_owned();
        for (name, value) in &element.attributes {
            if let Some(number) = docx::twips(value).filter(|_| value.parse::<i64>().is_err()) {
                tag = with_attribute(&tag, name, &format!("{number:.0}"));
            }
        }
        splices.replace(element.tag.clone(), tag);
    }
    splices.apply(section)
}

/// The same section on lying pages, without a first page of its own.
fn on_its_side(section: &str) -> String {
    let Ok(all) = elements(section) else { return section.to_owned() };
    let mut splices = Splices::default();
    for element in &all {
        match element.local.as_str() {
            "titlePg" | "type" => splices.replace(element.span.clone(), ""),
            "pgSz" => {
                let (Some(width), Some(height)) = (element.attribute("w"), element.attribute("h")) else {
                    continue;
                };
                let (long, short) = match (width.parse::<f64>(), height.parse::<f64>()) {
                    (Ok(w), Ok(h)) if w > h => (width, height),
                    _ => (height, width),
                };
                let p = element.prefix();
                let new = format!("<{p}pgSz {p}w=\"{long}\" {p}h=\"{short}\" {p}orient=\"landscape\"/>");
                splices.replace(element.span.clone(), new);
            }
            _ => {}
        }
    }
    splices.apply(section)
}

/// The same section for pages that come after it: their numbers go on.
fn numbered_on(section: &str) -> String {
    let Ok(all) = elements(section) else { return section.to_owned() };
    let mut splices = Splices::default();
    for numbers in all.iter().filter(|e| e.local == "pgNumType") {
        let tag = section.get(numbers.tag.clone()).unwrap_or_default();
        let tag = without_attribute(tag, &format!("{}start", numbers.prefix()));
        // Without anything else to say it says nothing.
        let tag = if numbers.empty && !tag.contains('=') { String::new() } else { tag };
        splices.replace(numbers.tag.clone(), tag);
    }
    splices.apply(section)
}

/// The name of a content control that may be a placeholder: its tag or its title.
fn placeholder(all: &[Element], index: usize) -> Option<Vec<&str>> {
    let names: Vec<&str> = [tag(all, index), property(all, index, "alias").and_then(|e| e.attribute("val"))]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then_some(names)
}

/// The cover page with its placeholders filled in.
fn fill(facts: &Facts, text: &str, all: &[Element], cover: &cover::Cover) -> String {
    let mut splices = Splices::default();
    cover.without.iter().for_each(|gone| splices.replace(gone.clone(), ""));
    let cover = &cover.kept;
    controls(facts, all, cover, &mut splices);
    fields(facts, text, all, cover, &mut splices);
    // Only the cover is asked for; what lies before and after it is cut off again.
    let end = text.len() - cover.end;
    let whole = splices.apply(text);
    whole.get(cover.start..whole.len().saturating_sub(end)).unwrap_or_default().to_owned()
}

/// Fills the placeholders in a range in.
fn controls(facts: &Facts, all: &[Element], range: &Range<usize>, splices: &mut Splices) {
    for (index, control) in all.iter().enumerate() {
        if control.local != "sdt" || !range.contains(&control.span.start) {
            continue;
        }
        let names = placeholder(all, index).unwrap_or_default();
        if let Some(value) = facts.of_first(&names) {
            write_value(all, index, value, splices);
        }
    }
}

/// Puts a text in a content control: in its first run, whose look it keeps.
pub(super) fn write_value(all: &[Element], index: usize, value: &str, splices: &mut Splices) {
    let Some(control) = all.get(index) else { return };
    let inside = || all.iter().enumerate().skip(index + 1).take_while(|(_, e)| e.span.start < control.span.end);
    for name in ["showingPlcHdr", "dataBinding"] {
        if let Some(gone) = property(all, index, name) {
            splices.replace(gone.span.clone(), "");
        }
    }
    if let Some(date) = property(all, index, "date") {
        splices.replace(date.tag.clone(), with_day(date, value));
    }
    let mut written = false;
    for (_, element) in inside() {
        match element.local.as_str() {
            "t" => {
                let p = element.prefix();
                let new = if written { String::new() } else { xml_escape(value) };
                splices.replace(element.span.clone(), format!("<{p}t xml:space=\"preserve\">{new}</{p}t>"));
                written = true;
            }
            // The grey of a placeholder goes with it.
            "rStyle"
                if element.attribute("val").is_some_and(|v| {
                    v.to_lowercase().contains("placeholder") || v.contains("Tekstvantijdelijke")
                }) =>
            {
                splices.replace(element.span.clone(), "");
            }
            _ => {}
        }
    }
    if written {
        return;
    }
    let content = inside().find(|(_, e)| e.local == "sdtContent").map(|(_, e)| e);
    let paragraph = inside().find(|(_, e)| e.local == "p").map(|(_, e)| e);
    if let Some(place) = paragraph.or(content).filter(|place| !place.empty) {
        let p = place.prefix();
        splices.insert(
            place.content.end,
            format!("<{p}r><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>", xml_escape(value)),
        );
    }
}

/// The start tag of what makes a control a choice of a date: the day that the calendar shows is the one that stands there,
/// and none where that is no day.
fn with_day(date: &Element, shown: &str) -> String {
    let others = date.attributes.iter().filter(|(name, _)| !name.ends_with("fullDate"));
    let said: String =
        others.map(|(name, value)| format!(" {name}=\"{}\"", xml_escape_attribute(value))).collect();
    let day = iso(shown).map(|day| format!(" {}fullDate=\"{day}T00:00:00Z\"", date.prefix())).unwrap_or_default();
    format!("<{}{day}{said}{}>", date.name, if date.empty { "/" } else { "" })
}

/// Fills in a header, footer or other part of its own: the fields that show a property of the document, and the placeholders when
/// `with_controls`. A part without them stays to the byte.
///
/// # Errors
/// When the part cannot be read.
pub(super) fn fill_part(facts: &Facts, part: &str, with_controls: bool, parts: &mut Rewrite<'_>) -> Result<()> {
    parts.edit(part, |text| {
        let all = elements(text)?;
        let mut splices = Splices::default();
        if with_controls {
            controls(facts, &all, &(0..text.len()), &mut splices);
        }
        fields(facts, text, &all, &(0..text.len()), &mut splices);
        Ok(splices.apply(text))
    })
}

/// Fields in a range that show a property of the document: what they show now.
fn fields(facts: &Facts, text: &str, all: &[Element], cover: &Range<usize>, splices: &mut Splices) {
    let named = |code: &str| {
        let mut words = code.split_whitespace();
        match words.next()?.to_uppercase().as_str() {
            "DOCPROPERTY" => {
                facts.of(words.collect::<Vec<_>>().join(" ").split('\\').next()?.trim().trim_matches('"'))
            }
            kind @ ("TITLE" | "AUTHOR") => facts.of(kind),
            _ => None,
        }
    };
    let (mut value, mut showing, mut first, mut code) = (None, false, false, String::new());
    let mut simple_end = None;
    for element in all.iter().filter(|e| cover.contains(&e.span.start)) {
        if simple_end.is_some_and(|end| element.span.start >= end) {
            (showing, simple_end) = (false, None);
        }
        match element.local.as_str() {
            "fldSimple" => {
                value = element.attribute("instr").and_then(named);
                (showing, first, simple_end) = (true, true, Some(element.span.end));
            }
            "fldChar" => match element.attribute("fldCharType") {
                Some("begin") => (value, showing, code) = (None, false, String::new()),
                Some("separate") => (value, showing, first) = (named(&code), true, true),
                _ => showing = false,
            },
            "instrText" => code.push_str(&text_of(text, element)),
            // In a control that was filled it says it already.
            "t" if showing && !splices.replaces(&element.span) => {
                if let Some(value) = value {
                    // What it shows may lie in several runs; the first has the new text.
                    let new = if first { xml_escape(value) } else { String::new() };
                    let p = element.prefix();
                    splices.replace(element.span.clone(), format!("<{p}t xml:space=\"preserve\">{new}</{p}t>"));
                    first = false;
                }
            }
            _ => {}
        }
    }
}

/// Title, author and, where another than Dutch is said or none, language; and properties of the organisation that have one of our names.
///
/// # Errors
/// When the parts with properties cannot be read.
pub(super) fn properties(facts: &Facts, archive: &Archive, parts: &mut Rewrite<'_>) -> Result<()> {
    let own = |text: &str| {
        let mut text = text.to_owned();
        for (name, value) in [("title", &facts.title), ("creator", &facts.author)] {
            text = with_property(&text, name, value)?;
        }
        let all = elements(&text)?;
        let said = all.iter().find(|e| e.local == "language" && e.depth == 1);
        let dutch = said.is_some_and(|said| dress::is_dutch(text_of(&text, said).trim()));
        if dutch { Ok(text) } else { with_property(&text, "language", "nl-NL") }
    };
    let mut core = false;
    for relationship in
        relationships(archive, "")?.into_iter().filter(|r| !r.external && archive.contains(&r.target))
    {
        match relationship.kind.as_str() {
            "core-properties" => {
                core = true;
                parts.edit(&relationship.target, own)?;
            }
            "custom-properties" => parts.edit(&relationship.target, |text| {
                let known = elements(text)?;
                let known = known.iter().filter(|e| e.local == "property").filter_map(|e| e.attribute("name"));
                let wanted: Vec<(String, String)> =
                    known.filter_map(|name| Some((name.to_owned(), facts.of(name)?.to_owned()))).collect();
                let strict = text.contains("http://purl.oclc.org/ooxml/");
                Ok(smallparts::set_custom_properties(text, &wanted, strict)?.unwrap_or_else(|| text.to_owned()))
            })?,
            _ => {}
        }
    }
    if core {
        return Ok(());
    }
    let usual = "docProps/core.xml".to_owned();
    let part = if archive.contains(&usual) { parts.free_name("docProps/core", ".xml") } else { usual };
    let new = own(NO_PROPERTIES).map_err(|reason| archive.damaged(&part, &reason))?;
    parts.put(&part, new.into_bytes());
    parts.relate("", &format!("{PACKAGE}/relationships/metadata/core-properties"), &format!("/{part}"), false)?;
    parts.declare(&part, "application/vnd.openxmlformats-package.core-properties+xml")
}

/// Core properties with another title or creator.
fn with_property(text: &str, name: &str, value: &str) -> std::result::Result<String, String> {
    let all = elements(text)?;
    let root = all.first().ok_or("het is leeg")?;
    let mut splices = Splices::default();
    match all.iter().find(|e| e.local == name && e.depth == 1) {
        Some(element) => {
            let tag = element.name.as_str();
            splices.replace(element.span.clone(), format!("<{tag}>{}</{tag}>", xml_escape(value)));
        }
        None => {
            let new = format!(
                "<dc:{name} xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</dc:{name}>",
                xml_escape(value)
            );
            if root.empty {
                splices.replace(root.span.clone(), opened(text, root, &new));
            } else {
                splices.insert(root.content.end, new);
            }
        }
    }
    Ok(splices.apply(text))
}

/// Takes the content controls around blocks away: the card is never made again over an old one, and LibreOffice loses the
/// looks of the first paragraph in each of them.
fn without_blocks(document: &mut Made) {
    let Some(body) = document.child_mut("w:body") else { return };
    let children = std::mem::take(&mut body.children);
    body.children = children
        .into_iter()
        .flat_map(|child| match child {
            Node::Element(mut element) if element.name == "w:sdt" => element
                .child_mut("w:sdtContent")
                .map_or_else(Vec::new, |content| std::mem::take(&mut content.children)),
            other => vec![other],
        })
        .collect();
}

/// The children of the body without the section of the last pages.
fn without_last_section(document: &mut Made) -> Vec<Made> {
    let Some(body) = document.child_mut("w:body") else { return Vec::new() };
    let children = std::mem::take(&mut body.children);
    let elements = children.into_iter().filter_map(|child| match child {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    });
    elements.filter(|element| element.name != "w:sectPr").collect()
}

/// The first paragraph begins a page.
fn begin_page(content: &mut Vec<Made>) {
    if content.first().is_none_or(|first| first.name != "w:p") {
        content.insert(0, Made::new("w:p", &[]));
    }
    let Some(first) = content.first_mut() else { return };
    if first.child("w:pPr").is_none() {
        first.children.insert(0, Node::Element(Made::new("w:pPr", &[])));
    }
    if let Some(properties) = first.child_mut("w:pPr") {
        properties.retain(|child| child.name != "w:pageBreakBefore");
        properties.push(Made::new("w:pageBreakBefore", &[]));
        in_order(properties);
    }
}

fn holds_section(paragraph: &Made) -> bool {
    paragraph.child("w:pPr").is_some_and(|properties| properties.child("w:sectPr").is_some())
}

/// The last upright page has the section of the organisation.
fn give_section(paragraph: &mut Made, section: &str) {
    if !holds_section(paragraph) {
        return;
    }
    if let Some(properties) = paragraph.child_mut("w:pPr") {
        properties.retain(|child| child.name != "w:sectPr");
        properties.children.push(Node::Text(section.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_with_bullets_comes_beside_the_lists_of_the_organisation_under_a_free_number() {
        let list = |id: u32, level: &str| {
            format!("<w:abstractNum w:abstractNumId=\"{id}\"><w:lvl w:ilvl=\"0\">{level}</w:lvl></w:abstractNum>")
        };
        let number =
            |id: u32, of: u32| format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{of}\"/></w:num>");
        let part = |inside: &str| format!("<w:numbering xmlns:w=\"w\">{inside}</w:numbering>");
        let decimal = list(7, "<w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/>");
        let mute = list(7, "<w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"\"/>");
        let last = "<w:numIdMacAtCleanup w:val=\"4\"/>";
        for (before, rest) in [
            (decimal.clone(), number(4, 7) + last),
            (mute, number(4, 7)),
            (decimal, String::new()),
            ("<w:numPicBullet w:numPicBulletId=\"0\"/>".to_owned(), String::new()),
            (String::new(), String::new()),
        ] {
            let text = part(&(before.clone() + &rest));
            assert_eq!(dress::bullets(&text), None, "{text}");
            let new = with_list(&text, BULLETS).unwrap();
            let found = dress::bullets(&new).unwrap();
            assert_eq!(found, if rest.is_empty() { "1" } else { "5" }, "{new}");
            // What was there stays, definitions before numbers, and the note at the end last.
            let ids = if before.contains("abstractNum") { (8, 1) } else { (1, 1) };
            let ours =
                (BULLETS.replace("\"ID\"", &format!("\"{}\"", ids.0)), number(found.parse().unwrap(), ids.0));
            let split = rest.find("<w:numId").unwrap_or(rest.len());
            let (numbers, end) = rest.split_at(split);
            assert_eq!(new, part(&format!("{before}{}{numbers}{}{end}", ours.0, ours.1)));
        }
        let empty = with_list("<w:numbering xmlns:w=\"w\"/>", BULLETS).unwrap();
        assert_eq!(dress::bullets(&empty).as_deref(), Some("1"), "{empty}");
    }

    #[test]
    fn the_calendar_of_a_date_that_is_filled_in_shows_the_same_day_or_none() {
        let control = |day: &str| {
            format!(
                "<w:sdt><w:sdtPr><w:tag w:val=\"datum\"/><w:date{day}><w:dateFormat w:val=\"d MMMM yyyy\"/></w:date></w:sdtPr>\
                 <w:sdtContent><w:r><w:t xml:space=\"preserve\">"
            )
        };
        let text =
            control(" w:fullDate=\"2020-01-01T00:00:00Z\"") + "1 januari 2020</w:t></w:r></w:sdtContent></w:sdt>";
        let all = elements(&text).unwrap();
        let filled = |value: &str| {
            let mut splices = Splices::default();
            write_value(&all, 0, value, &mut splices);
            splices.apply(&text)
        };
        assert!(filled("2 november 2026").starts_with(&control(" w:fullDate=\"2026-11-02T00:00:00Z\"")));
        assert!(filled("editie 2026").starts_with(&control("")));
    }

    #[test]
    fn empty_properties_get_title_author_and_language_too() {
        for empty in [NO_PROPERTIES.to_owned(), NO_PROPERTIES.replace("></cp:coreProperties>", " />")] {
            let title = with_property(&empty, "title", "Wijk & analyse").unwrap();
            let both = with_property(&title, "creator", "A. Adviseur").unwrap();
            assert!(both.contains(">Wijk &amp; analyse</dc:title>") && both.contains(">A. Adviseur</dc:creator>"));
            assert!(both.ends_with("</cp:coreProperties>") && elements(&both).is_ok(), "{both}");
        }
    }
}
