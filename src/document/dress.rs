//! Putting our content in the clothes of another document: its styles, its bullets, the width of its pages.
//!
//! Our styles are looked for by name (a program may have given them other ids when it saved), then by the names
//! that the same role has in Dutch and English Word, headings by outline level as well. What is not there becomes direct
//! formatting, so that a table stays a table; which roles were missed is told. Writes no part of the other document.

mod faint;
mod legible;
mod lines;
mod tight;
mod within;

use std::collections::{BTreeMap, BTreeSet};

use super::chart::Room;
use super::content::{NUMBERS, POINTS, Style};
use super::contrast::contrast;
use super::finish::{STYLES, in_order, tag_of};
use crate::package::tree::{Element, Node};

pub(super) use self::legible::is_no_white;

/// Width of the text on our upright and lying pages, in twentieths of a point.
pub(super) const OURS: (f64, f64) = (9638.0, 14570.0);

/// The colour of pages when nothing is said.
const WHITE: &str = "FFFFFF";

/// Our styles by role: id, the role in Dutch, and names that other documents give it. The main style of a role stands
/// first; only that one is missed.
const ROLES: [(&str, &str, &[&str]); 30] = [
    ("Standaard", "", &["normal", "standaard"]),
    ("Titel", "Titel", &["title", "titel"]),
    ("Ondertitel", "", &["subtitle", "ondertitel"]),
    ("Kop1", "Kop 1", &["heading 1", "kop 1"]),
    ("Kop2", "Kop 2", &["heading 2", "kop 2"]),
    ("Kop3", "Kop 3", &["heading 3", "kop 3"]),
    ("Kop4", "Kop 4", &["heading 4", "kop 4"]),
    ("Kop5", "Kop 5", &["heading 5", "kop 5"]),
    ("Kopvaninhoudsopgave", "", &["toc heading", "kop van inhoudsopgave", "kopvaninhoudsopgave"]),
    ("Inhopg1", "Inhopg 1", &["toc 1", "inhopg 1"]),
    ("Inhopg2", "Inhopg 2", &["toc 2", "inhopg 2"]),
    ("Inhopg3", "Inhopg 3", &["toc 3", "inhopg 3"]),
    ("Vrijetekst", "", &["body text", "platte tekst", "plattetekst", "tekst", "basistekst"]),
    ("CijfersInWoorden", "", &["body text", "platte tekst", "plattetekst", "tekst", "basistekst"]),
    (
        "Opsomming",
        "Opsomming",
        &["list bullet", "lijst opsom.teken", "lijstopsomteken", "opsomming", "opsommingstekens"],
    ),
    ("AdviseurTekst", "Citaat", &["quote", "citaat", "remark", "opmerking"]),
    ("PartnerTekst", "", &["quote", "citaat", "remark", "opmerking"]),
    ("Resultaat", "", &["intense quote", "duidelijk citaat"]),
    ("Bijschrift", "Bijschrift", &["caption", "bijschrift"]),
    ("Regel", "Noot", &["note", "noot", "toelichting", "toelichting bij tabel"]),
    ("Regelbijlijst", "", &["note", "noot", "toelichting", "toelichting bij tabel"]),
    ("Leeswijzer", "", &["kader", "note", "noot", "toelichting"]),
    ("Tabeltekst", "", &["table text", "tabel tekst", "tabeltekst", "table contents"]),
    ("Tabelkop", "", &["table heading", "table header", "tabel kop", "tabelkop"]),
    ("Hyperlink", "", &["hyperlink"]),
    (
        "Invulinstructie",
        "Invulinstructie (een tekenstijl)",
        &["placeholder text", "tekst van tijdelijke aanduiding", "tijdelijke aanduiding voor tekst"],
    ),
    ("Nadruk", "", &["strong", "zwaar", "vet"]),
    ("WijkTabel", "Wijktabel (een tabelstijl)", &[]),
    ("WijkFormulier", "", &[]),
    ("WijkSchrijf", "", &[]),
];

/// Table styles of Word that look like something, best first; a style that the organisation made goes before them.
const TABLES: [&str; 8] = [
    "grid table 4 accent 1",
    "rastertabel 4 - accent 1",
    "list table 3 accent 1",
    "medium shading 1 accent 1",
    "light list accent 1",
    "light grid accent 1",
    "table grid",
    "tabelraster",
];

/// One style as a part with styles has it.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    kind: String,
    name: String,
    default: bool,
    custom: bool,
    based_on: Option<String>,
    outline: Option<u8>,
    paragraph: Vec<Element>,
    run: Vec<Element>,
    table: Vec<Element>,
    /// Of a table style: colours of ground and text in its parts, such as the first row.
    parts: Vec<(String, Option<String>)>,
    /// Of a table style: what it says of each of its parts, itself first, without a name.
    said: Vec<Said>,
}

/// What a table style says of one of its parts.
#[derive(Debug, Clone)]
struct Said {
    /// Such as `firstRow`.
    part: String,
    ground: Option<String>,
    text: Option<String>,
}

/// What one of our styles becomes.
#[derive(Debug, Clone, Default)]
struct Worn {
    id: Option<String>,
    paragraph: Vec<Element>,
    run: Vec<Element>,
    table: Vec<Element>,
}

/// What there is to say about styles, each with the style of ours that it is about.
#[derive(Debug, Default)]
struct Told {
    missed: Vec<(String, &'static str)>,
    faint: Vec<(String, String)>,
}

/// How our content is dressed for one document.
#[derive(Debug, Default)]
pub(super) struct Dress {
    by_id: BTreeMap<String, Worn>,
    /// Roles for which the document has no style.
    pub(super) missed: Vec<String>,
    /// Styles of the document whose text hardly stands out from its ground, with their contrast.
    pub(super) faint: Vec<String>,
    /// The same two by the style of ours that they are about.
    told: Told,
    /// What says that our text is Dutch, where the language of the document is another one.
    dutch: Vec<Element>,
    /// Width of its text against ours, on upright and lying pages.
    scale: (f64, f64),
    bullets: Option<String>,
    /// Of a list for points of which the number was typed.
    numbers: Option<String>,
    /// Colours of the letters in the row of headings of tables of ours whose style makes them too faint.
    headings: BTreeMap<String, &'static str>,
    /// Table styles of the document that give the row of headings a ground of its own.
    grounded: BTreeSet<String>,
    /// The grounds of places of a template that are not white, by tag.
    pub(super) grounds: BTreeMap<String, String>,
    /// Height of the text on its pages in twentieths of a point, where known: a chart must not be higher.
    pub(super) highest: Option<f64>,
}

impl Dress {
    /// The dress of a document: its styles, its numbering (for bullets) and the widths of its text on upright and lying
    /// pages, where known.
    pub(super) fn of(styles: &str, numbering: &str, widths: (Option<f64>, Option<f64>)) -> Self {
        let (ours, theirs) = (read(STYLES), read(styles));
        let mut dress = Dress {
            by_id: BTreeMap::new(),
            missed: Vec::new(),
            faint: Vec::new(),
            told: Told::default(),
            dutch: Vec::new(),
            scale: (widths.0.map_or(1.0, |w| w / OURS.0), widths.1.map_or(1.0, |w| w / OURS.1)),
            bullets: bullets(numbering),
            numbers: typed_numbers(numbering),
            headings: BTreeMap::new(),
            grounded: legible::with_heading(&theirs).collect(),
            grounds: BTreeMap::new(),
            highest: None,
        };
        for own in &ours {
            let names = ROLES.iter().find(|(id, ..)| *id == own.id);
            if let Some(found) = find(own, names.map_or(&[], |(_, _, names)| names), &theirs) {
                let mut paragraph = kept_together(own, &ours, found, &theirs);
                if !has_list(&theirs, found) {
                    paragraph.extend(dress.list(&own.id));
                }
                paragraph.extend(lines::line(own, &ours, found, &theirs));
                let run = lines::slant(own, found, &theirs, &dress.by_id);
                let id = Some(found.id.clone());
                dress.by_id.insert(own.id.clone(), Worn { id, paragraph, run, ..Worn::default() });
                continue;
            }
            let worn = dress.bare(own, &ours, &theirs);
            // A table style has no fixed name; any that can be read will do.
            let table = own.kind == "table" && worn.id.is_some();
            let role = names.map(|(_, role, _)| *role).filter(|role| !role.is_empty() && !table);
            dress.told.missed.extend(role.map(|role| (own.id.clone(), role)));
            dress.by_id.insert(own.id.clone(), worn);
        }
        dress.room_in_cells(styles, &theirs);
        dress.dutch = dutch(styles, &theirs, &dress.by_id);
        dress.told.faint = faint::faint(&dress.by_id, &ours, &theirs, styles, numbering, WHITE);
        dress.light_headings(styles, &theirs);
        dress.tell(&|_| true);
        dress
    }

    /// Tells of the letters that hardly stand out from pages of this colour (`RRGGBB`); without it pages are white.
    pub(super) fn on_page(&mut self, colour: &str, styles: &str, numbering: &str) {
        let (ours, theirs) = (read(STYLES), read(styles));
        self.told.faint = faint::faint(&self.by_id, &ours, &theirs, styles, numbering, colour);
        self.light_headings(styles, &theirs);
        self.tell(&|_| true);
    }

    /// Sees which headings of tables need letters of another colour; of those nothing is told.
    fn light_headings(&mut self, styles: &str, theirs: &[Known]) {
        self.headings = legible::headings(&self.by_id, theirs, faint::defaults(styles).as_deref());
        let mended = self.headings.contains_key("WijkTabel");
        self.told.faint.retain(|(own, said)| {
            let heading = own.starts_with("Tabelkop") || (own == "WijkTabel" && said.contains(", eerste rij ("));
            !(mended && heading)
        });
    }

    /// Takes the numbers that Word gives to headings away from ours, which say their own step and number: with both there
    /// would be two. The styles stay as they are.
    pub(super) fn without_numbers(&mut self, styles: &str) {
        let theirs = read(styles);
        let usual = theirs.iter().find(|known| known.default && known.kind == "paragraph");
        for (own, worn) in &mut self.by_id {
            // The lines of the table of contents say the number in the heading.
            if !["Kop", "Titel", "Inhopg"].iter().any(|start| own.starts_with(start)) {
                continue;
            }
            let named = theirs.iter().find(|known| Some(&known.id) == worn.id.as_ref());
            if named.or(usual).is_some_and(|style| has_list(&theirs, style)) {
                worn.paragraph.retain(|e| e.name != "w:numPr");
                worn.paragraph.push(no_list());
            }
        }
        self.told.faint.retain(|(_, said)| !said.starts_with(faint::NUMBER));
        self.tell(&|_| true);
    }

    /// Tells only of the styles that this document of ours uses, and of those they are based on.
    pub(super) fn tell_of(&mut self, document: &Element) {
        let (ours, mut used) = (read(STYLES), BTreeSet::from(["Standaard".to_owned()]));
        named_styles(document, &mut used);
        for own in &ours {
            let based = |id: &String| ours.iter().find(|known| known.id == *id)?.based_on.clone();
            if used.contains(&own.id) {
                used.extend(std::iter::successors(Some(own.id.clone()), based).take(9));
            }
        }
        self.tell(&|own| used.contains(own));
    }

    /// Tells only of the styles of the document itself that it uses.
    pub(super) fn tell_of_theirs(&mut self, document: &Element) {
        let mut used = BTreeSet::new();
        named_styles(document, &mut used);
        let worn: BTreeSet<String> = self
            .by_id
            .iter()
            .filter(|(own, worn)| *own == "Standaard" || worn.id.as_ref().is_some_and(|id| used.contains(id)))
            .map(|(own, _)| own.clone())
            .collect();
        self.tell(&|own| worn.contains(own));
    }

    fn tell(&mut self, of: &dyn Fn(&str) -> bool) {
        let missed: BTreeSet<&str> =
            self.told.missed.iter().filter(|(own, _)| of(own)).map(|(_, role)| *role).collect();
        let faint: BTreeSet<&String> =
            self.told.faint.iter().filter(|(own, _)| of(own)).map(|(_, said)| said).collect();
        let faint = faint.into_iter().cloned().collect();
        self.missed = missed.into_iter().map(str::to_owned).collect();
        self.faint = faint;
    }

    /// True when every style of ours goes by its own id: then nothing has to be dressed.
    fn is_plain(&self) -> bool {
        let own = self.by_id.iter().all(|(id, worn)| worn.id.as_ref() == Some(id));
        own && self.dutch.is_empty()
            && self.headings.is_empty()
            && !self.changes()
            && (self.scale.0 - 1.0).abs() < 0.001
            && (self.scale.1 - 1.0).abs() < 0.001
    }

    /// True when something stands beside a style of the document.
    fn changes(&self) -> bool {
        self.by_id.values().any(|worn| !worn.paragraph.is_empty() || !worn.run.is_empty())
    }

    /// A style that is not there: the one it is based on, with what it adds as direct formatting. Colours and fonts
    /// stay those of the document.
    fn bare(&self, own: &Known, ours: &[Known], theirs: &[Known]) -> Worn {
        let mut worn = Worn::default();
        let mut next = Some(own);
        let mut steps = 0;
        while let Some(style) = next.filter(|_| steps < 9) {
            if steps > 0 {
                let base = self.by_id.get(&style.id).filter(|base| base.id.is_some() && style.kind != "table");
                if let Some(base) = base {
                    // The default style needs no name.
                    worn.id = base.id.clone().filter(|_| style.id != "Standaard");
                    // What stands beside the style of the base belongs to what is based on it too.
                    add(&mut worn.paragraph, base.paragraph.iter());
                    add(&mut worn.run, base.run.iter());
                    break;
                }
            }
            // A heading stays one for who cannot see how it looks.
            let heading = own.id.len() == 4 && own.id.starts_with("Kop");
            add(
                &mut worn.paragraph,
                style.paragraph.iter().filter(|e| match e.name.as_str() {
                    "w:numPr" | "w:shd" | "w:tabs" => false,
                    "w:outlineLvl" => heading,
                    _ => true,
                }),
            );
            let sized = ["Tabel", "Kop", "Titel"].iter().any(|name| own.id.starts_with(name))
                || own.id.starts_with("Regel")
                || own.id == "Leeswijzer";
            add(
                &mut worn.run,
                style.run.iter().filter(|e| match e.name.as_str() {
                    "w:b" | "w:bCs" | "w:i" | "w:iCs" => true,
                    "w:sz" | "w:szCs" => sized,
                    _ => false,
                }),
            );
            add(
                &mut worn.table,
                style.table.iter().filter(|e| matches!(e.name.as_str(), "w:tblBorders" | "w:tblCellMar")),
            );
            next = style.based_on.as_ref().and_then(|base| ours.iter().find(|known| known.id == *base));
            steps += 1;
        }
        // Where the organisation's own text is justified, a title and the words in a narrow column must not be.
        if own.kind == "paragraph" && ["Tabel", "Titel"].iter().any(|name| own.id.starts_with(name)) {
            add(&mut worn.paragraph, std::iter::once(&Element::new("w:jc", &[("w:val", "left")])));
        }
        if own.kind == "table" {
            worn.id = table_style(theirs, &self.colours_in_cells(theirs)).map(|style| style.id.clone());
            // Without lines nobody sees where to write.
            if worn.id.is_some() && own.id != "WijkSchrijf" {
                worn.table.retain(|e| e.name != "w:tblBorders");
            }
        }
        for border in worn.paragraph.iter_mut().chain(&mut worn.table) {
            border.walk(&mut |e| {
                for (name, value) in &mut e.attributes {
                    if name == "w:color" {
                        *value = "808080".into();
                    }
                }
            });
        }
        if let Some(list) = self.list(&own.id) {
            // Bullets stand where the organisation has them; a number is in our text, and needs our room.
            worn.paragraph.retain(|e| e.name != "w:numPr" && (e.name != "w:ind" || is(&NUMBERS, &own.id)));
            worn.paragraph.push(list);
        } else if is(&POINTS, &own.id) || is(&NUMBERS, &own.id) {
            worn.paragraph.retain(|e| e.name != "w:numPr");
        }
        worn
    }

    /// What makes a paragraph with this style of ours an item of a list of the document; `None` for what is no point of one.
    fn list(&self, id: &str) -> Option<Element> {
        let number = if is(&POINTS, id) { &self.bullets } else { &self.numbers };
        number.as_ref().filter(|_| is(&POINTS, id) || is(&NUMBERS, id)).map(|number| in_list(number))
    }

    /// The colours that the text in cells has by its own styles: they go before those of a table style.
    fn colours_in_cells<'a>(&self, theirs: &'a [Known]) -> Vec<&'a str> {
        let style_of = |own: &str| {
            let id = self.by_id.get(own).and_then(|worn| worn.id.as_deref());
            let named = id.and_then(|id| theirs.iter().find(|known| known.id == id));
            named.or_else(|| theirs.iter().find(|known| known.default && known.kind == "paragraph"))
        };
        ["Tabelkop", "Tabelkopcijfer", "Tabeltekst", "Tabelcijfer", "Tabelklein", "Tabellabel"]
            .into_iter()
            .filter_map(|own| inherited(style_of(own)?, theirs, |style| &style.run, "w:color", "w:val"))
            .collect()
    }

    /// The same for text of these widths, on upright and lying pages, and of this height.
    pub(super) fn fit(&mut self, widths: (Option<f64>, Option<f64>), height: Option<f64>) {
        self.scale = (widths.0.map_or(1.0, |w| w / OURS.0), widths.1.map_or(1.0, |w| w / OURS.1));
        self.highest = height;
    }

    /// Dresses everything in an element.
    pub(super) fn put_on(&self, root: &mut Element) {
        if !self.is_plain() {
            self.clothe(root);
        }
        if let Some(ground) = self.grounds.get(tag_of(root))
            && let Some(content) = root.child_mut("w:sdtContent")
        {
            self.on_ground(content, ground);
        }
    }

    fn clothe(&self, root: &mut Element) {
        root.walk(&mut |element| match element.name.as_str() {
            "w:r" => {
                self.style(element, "w:rPr", "w:rStyle", |worn| &worn.run);
                into(element, "w:rPr", &self.dutch);
            }
            "w:p" => self.paragraph(element),
            "w:tbl" => self.table(element),
            "wp:extent" => self.extent(element),
            _ => {}
        });
    }

    /// A chart is made for the width of the text; it keeps its height, because its letters keep their size, unless the page
    /// is lower: the headings and the sentences above it have to stand on that page too.
    fn extent(&self, extent: &mut Element) {
        let room = Room::new(self.scale.0 * OURS.0, self.highest);
        for (name, value) in &mut extent.attributes {
            let Ok(length) = value.parse::<f64>() else { continue };
            let new = match name.as_ref() {
                "cx" => length.min(room.width()),
                "cy" => room.highest(length),
                _ => continue,
            };
            *value = format!("{:.0}", new.floor()).into();
        }
    }

    fn paragraph(&self, paragraph: &mut Element) {
        let style = paragraph
            .child("w:pPr")
            .and_then(|properties| properties.child("w:pStyle"))
            .and_then(|style| style.attribute("w:val"))
            .map(str::to_owned);
        let Some(worn) = style.and_then(|style| self.by_id.get(&style)) else { return };
        if !worn.run.is_empty() {
            paragraph.walk(&mut |element| {
                if element.name == "w:r" {
                    into(element, "w:rPr", &worn.run);
                }
            });
        }
        self.style(paragraph, "w:pPr", "w:pStyle", |worn| &worn.paragraph);
    }

    /// Replaces the name of a style and adds what it had and the other has not.
    fn style(&self, element: &mut Element, properties: &str, name: &str, what: impl Fn(&Worn) -> &[Element]) {
        let Some(held) = element.child_mut(properties) else { return };
        let Some(worn) =
            held.child(name).and_then(|style| style.attribute("w:val")).and_then(|id| self.by_id.get(id))
        else {
            return;
        };
        match (&worn.id, held.child_mut(name)) {
            (Some(id), Some(style)) => style.attributes = vec![("w:val".into(), id.as_str().into())],
            _ => held.retain(|child| child.name != name),
        }
        into(element, properties, what(worn));
        element.retain(|child| child.name != properties || !child.children.is_empty());
    }

    fn table(&self, table: &mut Element) {
        self.letters_of_headings(table);
        self.style(table, "w:tblPr", "w:tblStyle", |worn| &worn.table);
        let width = table
            .child("w:tblPr")
            .and_then(|properties| properties.child("w:tblW"))
            .and_then(|width| width.attribute("w:w")?.parse::<f64>().ok());
        let scale = if width.unwrap_or(0.0) > 12_000.0 { self.scale.1 } else { self.scale.0 };
        if (scale - 1.0).abs() < 0.001 {
            return;
        }
        table.walk(&mut |element| {
            if !matches!(element.name.as_str(), "w:tblW" | "w:gridCol" | "w:tcW") {
                return;
            }
            for (name, value) in &mut element.attributes {
                if let Some(width) = (name == "w:w").then(|| value.parse::<f64>().ok()).flatten() {
                    *value = format!("{:.0}", (width * scale).floor()).into();
                }
            }
        });
    }
}

/// The size of table text in half points where a document has a style for it, and of the headings above it when they are larger.
pub(super) fn table_text(styles: &str) -> Option<f64> {
    let (ours, theirs) = (read(STYLES), read(styles));
    let size = |id: &str| {
        let own = ours.iter().find(|own| own.id == id)?;
        let names = ROLES.iter().find(|(role, ..)| *role == id)?.2;
        let found = find(own, names, &theirs)?;
        let said = inherited(found, &theirs, |style| &style.run, "w:sz", "w:val");
        let said = said.and_then(|size| size.parse::<f64>().ok()).or_else(|| default_size(styles));
        // Without a word about it letters are 10 points.
        Some(said.filter(|size| *size > 0.0).unwrap_or(20.0))
    };
    let text = size("Tabeltekst")?;
    Some(size("Tabelkop").map_or(text, |heading| heading.max(text)))
}

/// The size of text of which no style says it, in half points.
fn default_size(styles: &str) -> Option<f64> {
    let run = parse(styles)?.child("w:docDefaults")?.child("w:rPrDefault")?.child("w:rPr")?.clone();
    run.child("w:sz")?.attribute("w:val")?.parse().ok()
}

/// Adds properties to those of an element, except the ones it has, in the order of the schema.
fn into(element: &mut Element, properties: &str, more: &[Element]) {
    if more.is_empty() {
        return;
    }
    if element.child(properties).is_none() {
        element.children.insert(0, Node::Element(Element::new(properties, &[])));
    }
    if let Some(held) = element.child_mut(properties) {
        for property in more {
            if held.child(&property.name).is_none() {
                held.push(property.clone());
            }
        }
        in_order(held);
    }
}

fn add<'a>(to: &mut Vec<Element>, more: impl Iterator<Item = &'a Element>) {
    for property in more {
        if !to.iter().any(|known| known.name == property.name) {
            to.push(property.clone());
        }
    }
}

/// The style of the other document for one of ours.
fn find<'a>(own: &Known, names: &[&str], theirs: &'a [Known]) -> Option<&'a Known> {
    let of_kind = || theirs.iter().filter(|known| known.kind == own.kind);
    if own.default {
        return of_kind().find(|known| known.default);
    }
    // LibreOffice may have 'caption' beside a 'Caption' of its own.
    let exactly = of_kind().find(|known| known.name == own.name);
    let by_name = exactly.or_else(|| of_kind().find(|known| plain(&known.name) == plain(&own.name)));
    let by_names = || {
        names.iter().find_map(|name| {
            of_kind().find(|known| plain(&known.name) == plain(name) || plain(&known.id) == plain(name))
        })
    };
    let level = own.outline.filter(|_| own.id.starts_with("Kop"));
    let by_level = || level.and_then(|level| of_kind().find(|known| known.outline == Some(level)));
    by_name.or_else(by_names).or_else(by_level)
}

/// Names without case and blanks: `Kop 1`, `kop1`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What a style says of a colour, or a style it is based on.
fn inherited<'a>(
    style: &'a Known,
    theirs: &'a [Known],
    of: impl Fn(&'a Known) -> &'a [Element],
    name: &str,
    attribute: &str,
) -> Option<&'a str> {
    let mut next = Some(style);
    for _ in 0..9 {
        let here = next?;
        if let Some(found) = of(here).iter().find(|e| e.name == name).and_then(|e| e.attribute(attribute)) {
            return Some(found).filter(|value| *value != "auto");
        }
        next = here.based_on.as_ref().and_then(|base| theirs.iter().find(|known| known.id == *base));
    }
    None
}

/// A style and those it is based on.
fn chain<'a>(style: &'a Known, all: &'a [Known]) -> impl Iterator<Item = &'a Known> {
    std::iter::successors(Some(style), |style| {
        let base = style.based_on.as_ref()?;
        all.iter().find(|known| known.id == *base)
    })
    .take(9)
}

/// True when a style, or one it is based on, makes its paragraphs items of a list.
fn has_list(all: &[Known], style: &Known) -> bool {
    let mut next = Some(style);
    for _ in 0..9 {
        let Some(here) = next else { break };
        if let Some(list) = here.paragraph.iter().find(|e| e.name == "w:numPr") {
            return list.child("w:numId").and_then(|number| number.attribute("w:val")) != Some("0");
        }
        next = here.based_on.as_ref().and_then(|base| all.iter().find(|known| known.id == *base));
    }
    false
}

fn is(styles: &[Style], id: &str) -> bool {
    styles.iter().any(|style| style.id() == id)
}

/// True when the main part of a document that we made uses one of these styles.
pub(super) fn has_style(document: &str, styles: &[Style]) -> bool {
    styles.iter().any(|style| document.contains(&format!("\"{}\"", style.id())))
}

/// What makes a paragraph an item of the list with this number.
fn in_list(number: &str) -> Element {
    let mut list = Element::new("w:numPr", &[]);
    list.push(Element::new("w:ilvl", &[("w:val", "0")]));
    list.push(Element::new("w:numId", &[("w:val", number)]));
    list
}

/// What makes a paragraph no item of a list, whatever its style says.
fn no_list() -> Element {
    let mut list = Element::new("w:numPr", &[]);
    list.push(Element::new("w:numId", &[("w:val", "0")]));
    list
}

/// What keeps our headings, captions and notes on the page of what follows, as far as the other style does not.
fn kept_together(own: &Known, ours: &[Known], found: &Known, theirs: &[Known]) -> Vec<Element> {
    let says = |style: &Known, all: &[Known], name: &str| {
        let mut next = Some(style);
        for _ in 0..9 {
            let Some(here) = next else { break };
            if let Some(said) = here.paragraph.iter().find(|e| e.name == name) {
                return said.attribute("w:val").is_none_or(|value| crate::package::xml::is_true(Some(value)));
            }
            next = here.based_on.as_ref().and_then(|base| all.iter().find(|known| known.id == *base));
        }
        false
    };
    let wanted = ["w:keepNext", "w:keepLines"].into_iter();
    wanted
        .filter(|name| says(own, ours, name) && !says(found, theirs, name))
        .map(|name| Element::new(name, &[]))
        .collect()
}

/// The styles that a document names.
fn named_styles(element: &Element, used: &mut BTreeSet<String>) {
    if matches!(element.name.as_str(), "w:pStyle" | "w:rStyle" | "w:tblStyle") {
        used.extend(element.attribute("w:val").map(str::to_owned));
    }
    element.elements().for_each(|child| named_styles(child, used));
}

/// True for the tag of a kind of Dutch.
pub(super) fn is_dutch(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("nl"))
}

/// The language that a document says its text has, when no style says otherwise.
fn language_of_text(styles: &str, theirs: &[Known]) -> Option<String> {
    let own = theirs.iter().find(|known| known.default && known.kind == "paragraph");
    let own = own.and_then(|known| known.run.iter().find(|e| e.name == "w:lang").cloned());
    let of_all = || {
        let defaults = parse(styles)?.child("w:docDefaults")?.child("w:rPrDefault")?.child("w:rPr")?.clone();
        defaults.child("w:lang").cloned()
    };
    own.or_else(of_all)?.attribute("w:val").map(str::to_owned)
}

/// The language of a document with these styles, where that is another than Dutch: a PDF of it names that language for the whole,
/// whatever the runs say.
pub(super) fn other_language(styles: &str) -> Option<String> {
    language_of_text(styles, &read(styles)).filter(|tag| !tag.is_empty() && !is_dutch(tag))
}

/// The sign that a text is Dutch, for a document of which the language is another one or none: of its text, or of one of
/// the styles that ours become.
fn dutch(styles: &str, theirs: &[Known], worn: &BTreeMap<String, Worn>) -> Vec<Element> {
    let known = language_of_text(styles, theirs).as_deref().is_some_and(is_dutch);
    let used = worn.values().filter_map(|worn| theirs.iter().find(|known| Some(&known.id) == worn.id.as_ref()));
    let otherwise =
        |style| inherited(style, theirs, |s| &s.run, "w:lang", "w:val").is_some_and(|tag| !is_dutch(tag));
    if known && !used.into_iter().any(otherwise) {
        Vec::new()
    } else {
        vec![Element::new("w:lang", &[("w:val", "nl-NL")])]
    }
}

/// A table style to use for ours, of which every part can be read, also in the `colours` that the text brings along.
fn table_style<'a>(theirs: &'a [Known], colours: &[&str]) -> Option<&'a Known> {
    let readable = |known: &&Known| {
        let seen = |text: &str, ground: &str| contrast(text, ground).is_none_or(|found| found >= 4.5);
        known.parts.iter().all(|(ground, text)| {
            seen(text.as_deref().unwrap_or("000000"), ground) && colours.iter().all(|text| seen(text, ground))
        })
    };
    let tables = || theirs.iter().filter(|known| known.kind == "table" && !known.default).filter(readable);
    let named = || TABLES.iter().find_map(|name| tables().find(|known| plain(&known.name) == plain(name)));
    tables().find(|known| known.custom).or_else(named)
}

/// The number of a list with bullets.
pub(super) fn bullets(numbering: &str) -> Option<String> {
    // A bullet without a sign shows nothing.
    list_with(numbering, |level| {
        said(level, "w:numFmt") == Some("bullet")
            && said(level, "w:lvlText").is_none_or(|sign| !sign.trim().is_empty())
    })
}

/// The number of a list that shows nothing before its points, for points of which the number was typed.
pub(super) fn typed_numbers(numbering: &str) -> Option<String> {
    list_with(numbering, |level| {
        said(level, "w:numFmt") == Some("none")
            && said(level, "w:suff") == Some("nothing")
            && said(level, "w:lvlText").is_none_or(str::is_empty)
            && level.child("w:pStyle").is_none()
    })
}

fn said<'a>(level: &'a Element, name: &str) -> Option<&'a str> {
    level.child(name)?.attribute("w:val")
}

/// The number of a list of which the first level is as asked.
fn list_with(numbering: &str, asked: impl Fn(&Element) -> bool) -> Option<String> {
    let root = parse(numbering)?;
    let lists = root.elements().filter(|e| e.name == "w:abstractNum");
    let lists = lists.filter(|list| list.child("w:lvl").is_some_and(&asked));
    let ids: Vec<&str> = lists.filter_map(|list| list.attribute("w:abstractNumId")).collect();
    let uses = |number: &&Element| {
        let of = number.child("w:abstractNumId").and_then(|known| known.attribute("w:val"));
        of.is_some_and(|of| ids.contains(&of))
    };
    let number = root.elements().filter(|e| e.name == "w:num").find(uses)?;
    number.attribute("w:numId").map(str::to_owned)
}

/// The tree of a part whose elements have the usual prefix.
fn parse(text: &str) -> Option<Element> {
    if text.is_empty() { None } else { Element::parse(text.trim_start_matches('\u{feff}')) }
}

fn read(styles: &str) -> Vec<Known> {
    let Some(root) = parse(styles) else { return Vec::new() };
    let value = |style: &Element, name: &str| {
        style.child(name).and_then(|e| e.attribute("w:val")).map(crate::package::xml::xml_unescape)
    };
    let children = |style: &Element, name: &str| -> Vec<Element> {
        style.child(name).map(|e| e.elements().cloned().collect()).unwrap_or_default()
    };
    root.elements()
        .filter(|style| style.name == "w:style")
        .map(|style| {
            let paragraph = children(style, "w:pPr");
            let outline = paragraph.iter().find(|e| e.name == "w:outlineLvl").and_then(|e| e.attribute("w:val"));
            Known {
                id: style.attribute("w:styleId").unwrap_or_default().to_owned(),
                kind: style.attribute("w:type").unwrap_or("paragraph").to_owned(),
                name: value(style, "w:name").unwrap_or_default(),
                default: crate::package::xml::is_true(style.attribute("w:default")),
                custom: crate::package::xml::is_true(style.attribute("w:customStyle")),
                based_on: value(style, "w:basedOn"),
                outline: outline.and_then(|level| level.parse().ok()),
                run: children(style, "w:rPr"),
                table: children(style, "w:tblPr"),
                parts: parts_of(style),
                said: said_of(style),
                paragraph,
            }
        })
        .collect()
}

/// What a table style says of its parts.
fn said_of(style: &Element) -> Vec<Said> {
    let value = |e: &Element, group: &str, name: &str, attribute: &str| {
        let found = e.child(group)?.child(name)?.attribute(attribute)?;
        Some(found.to_owned()).filter(|value| value != "auto")
    };
    if style.attribute("w:type") != Some("table") {
        return Vec::new();
    }
    let parts = style.elements().filter(|e| e.name == "w:tblStylePr");
    std::iter::once(style)
        .chain(parts)
        .map(|part| Said {
            part: part.attribute("w:type").filter(|_| part.name == "w:tblStylePr").unwrap_or_default().to_owned(),
            ground: value(part, "w:tcPr", "w:shd", "w:fill"),
            text: value(part, "w:rPr", "w:color", "w:val"),
        })
        .collect()
}

/// The grounds in a table style, with the colour of the text on them.
fn parts_of(style: &Element) -> Vec<(String, Option<String>)> {
    let value = |e: &Element, group: &str, name: &str, attribute: &str| {
        let found = e.child(group)?.child(name)?.attribute(attribute)?;
        Some(found.to_owned()).filter(|value| value != "auto")
    };
    let text = value(style, "w:rPr", "w:color", "w:val");
    let parts = style.elements().filter(|e| e.name == "w:tblStylePr");
    std::iter::once(style)
        .chain(parts)
        .filter_map(|part| {
            let ground = value(part, "w:tcPr", "w:shd", "w:fill")?;
            Some((ground, value(part, "w:rPr", "w:color", "w:val").or_else(|| text.clone())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(list: &[(&str, &str, &str, &str)]) -> String {
        let list: String = list
            .iter()
            .map(|(kind, id, name, more)| {
                format!("<w:style w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{more}</w:style>")
            })
            .collect();
        format!("<w:styles>{list}</w:styles>")
    }

    fn dressed(dress: &Dress, xml: &str) -> String {
        let mut root = Element::parse(xml).unwrap();
        dress.put_on(&mut root);
        let mut out = String::new();
        root.write(&mut out);
        out
    }

    #[test]
    fn headings_are_found_in_dutch_in_english_and_by_outline_level() {
        let theirs = styles(&[
            ("paragraph", "Heading1", "heading 1", ""),
            ("paragraph", "Kop2", "Kop 2", ""),
            ("paragraph", "ParagraafC", "Paragraaf C", "<w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>"),
        ]);
        let dress = Dress::of(&theirs, "", (None, None));
        for (ours, wanted) in [("Kop1", "Heading1"), ("Kop2", "Kop2"), ("Kop3", "ParagraafC")] {
            let xml = format!("<w:x><w:p><w:pPr><w:pStyle w:val=\"{ours}\"/></w:pPr></w:p></w:x>");
            assert!(dressed(&dress, &xml).contains(&format!("w:val=\"{wanted}\"")), "{ours}");
        }
        let headings: Vec<&String> = dress.missed.iter().filter(|name| name.starts_with("Kop")).collect();
        assert_eq!(headings, ["Kop 4", "Kop 5"], "{:?}", dress.missed);
        let missed = |dress: &Dress, name: &str| dress.missed.iter().any(|missed| missed == name);
        assert!(missed(&dress, "Bijschrift") && missed(&dress, "Wijktabel (een tabelstijl)"));
        // Who makes the styles that are named, with those names, misses none of them any more.
        let named: Vec<(&str, String)> = dress
            .missed
            .iter()
            .map(|name| match name.split_once(" (een ") {
                Some((name, "tekenstijl)")) => ("character", name.to_owned()),
                Some((name, _)) => ("table", name.to_owned()),
                None => ("paragraph", name.clone()),
            })
            .collect();
        let mut all = vec![
            ("paragraph", "Kop1", "Kop 1", ""),
            ("paragraph", "Kop2", "Kop 2", ""),
            ("paragraph", "ParagraafC", "Paragraaf C", "<w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>"),
        ];
        let ids: Vec<String> = (0..named.len()).map(|number| format!("Eigen{number}")).collect();
        all.extend(named.iter().zip(&ids).map(|((kind, name), id)| (*kind, id.as_str(), name.as_str(), "")));
        assert_eq!(Dress::of(&styles(&all), "", (None, None)).missed, Vec::<String>::new());
        let table = Dress::of(&styles(&[("table", "TableGrid", "Table Grid", "")]), "", (None, None));
        assert!(!missed(&table, "Wijktabel (een tabelstijl)") && missed(&table, "Titel"));
    }

    #[test]
    fn our_own_styles_under_other_ids_are_found_by_their_names() {
        let renamed = STYLES
            .replace("\"CijfersInWoorden\"", "\"Cijfersinwoorden\"")
            .replace("\"Bijschrift\"", "\"Caption1\"");
        let dress = Dress::of(&renamed, "", (Some(9638.0), None));
        assert!(dress.missed.is_empty(), "{:?}", dress.missed);
        let xml = "<w:x><w:p><w:pPr><w:pStyle w:val=\"Bijschrift\"/></w:pPr></w:p></w:x>";
        assert_eq!(dressed(&dress, xml), xml.replace("Bijschrift", "Caption1"));
        assert_eq!(dressed(&Dress::of(STYLES, "", (None, None)), xml), xml);
    }

    #[test]
    fn a_role_without_a_style_becomes_direct_formatting_in_the_order_of_the_schema() {
        let theirs = styles(&[("paragraph", "Standard", "Normal", "")])
            .replace("<w:styles>", &format!("<w:styles>{DUTCH}"));
        let dress = Dress::of(&theirs, "", (Some(4819.0), None));
        let out = dressed(
            &dress,
            "<w:x><w:p><w:pPr><w:pStyle w:val=\"Tabellabel\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>\
             <w:tbl><w:tblPr><w:tblStyle w:val=\"WijkTabel\"/><w:tblW w:w=\"9638\" w:type=\"dxa\"/></w:tblPr></w:tbl></w:x>",
        );
        assert!(
            out.contains("<w:r><w:rPr><w:b/><w:bCs/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/></w:rPr>"),
            "{out}"
        );
        assert!(!out.contains("tblStyle") && out.contains("<w:tblW w:w=\"4819\""), "{out}");
        assert!(out.find("tblW").unwrap() < out.find("tblBorders").unwrap(), "{out}");
    }

    const DUTCH: &str =
        "<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"nl-BE\"/></w:rPr></w:rPrDefault></w:docDefaults>";

    #[test]
    fn our_text_says_that_it_is_dutch_where_the_house_style_says_otherwise() {
        let xml = "<w:x><w:p><w:r><w:t>x</w:t></w:r></w:p></w:x>";
        let dress = |styles: &str| Dress::of(styles, "", (None, None));
        assert_eq!(dressed(&dress(&format!("<w:styles>{DUTCH}</w:styles>")), xml), xml);
        let marked = "<w:r><w:rPr><w:lang w:val=\"nl-NL\"/></w:rPr><w:t>x</w:t></w:r>";
        assert!(dressed(&dress("<w:styles/>"), xml).contains(marked));
        assert!(
            dressed(&dress(&format!("<w:styles>{}</w:styles>", DUTCH.replace("nl-BE", "en-US"))), xml)
                .contains(marked)
        );
    }

    #[test]
    fn a_style_in_another_language_that_ours_become_counts_as_well_also_through_its_base() {
        let with = |more: &str| {
            let theirs = styles(&[
                ("paragraph", "Kop2", "heading 2", "<w:basedOn w:val=\"Basis\"/>"),
                ("paragraph", "Basis", "Basis", more),
                ("paragraph", "Elders", "Elders", "<w:rPr><w:lang w:val=\"nb-NO\"/></w:rPr>"),
            ]);
            let theirs = theirs.replace("<w:styles>", &format!("<w:styles>{DUTCH}"));
            let xml = "<w:x><w:p><w:pPr><w:pStyle w:val=\"Kop2\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p></w:x>";
            dressed(&Dress::of(&theirs, "", (None, None)), xml)
        };
        assert!(!with("").contains("w:lang"), "a style that is not used says nothing of our text");
        assert!(with("<w:rPr><w:lang w:val=\"en-GB\"/></w:rPr>").contains("<w:lang w:val=\"nl-NL\"/>"));
        assert!(is_dutch("nl") && is_dutch("NL-be") && !is_dutch("nlx") && !is_dutch(""));
    }

    #[test]
    fn a_heading_without_a_style_keeps_its_level_and_other_text_has_none() {
        let dress = Dress::of("<w:styles/>", "", (None, None));
        let of = |style: &str| {
            dressed(&dress, &format!("<w:x><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr></w:p></w:x>"))
        };
        assert!(of("Kop3").contains("<w:outlineLvl w:val=\"2\"/>"), "{}", of("Kop3"));
        assert!(!of("Kopvaninhoudsopgave").contains("outlineLvl") && !of("Titel").contains("outlineLvl"));
    }

    #[test]
    fn a_caption_of_the_organisation_stays_with_its_table_as_ours_does() {
        let caption = |more: &str| {
            let theirs = styles(&[("paragraph", "Caption", "caption", more)]);
            let theirs = theirs.replace("<w:styles>", &format!("<w:styles>{DUTCH}"));
            let xml = "<w:x><w:p><w:pPr><w:pStyle w:val=\"Bijschrift\"/></w:pPr></w:p></w:x>";
            dressed(&Dress::of(&theirs, "", (None, None)), xml)
        };
        assert!(caption("").contains("<w:pStyle w:val=\"Caption\"/><w:keepNext/>"), "{}", caption(""));
        assert!(!caption("<w:pPr><w:keepNext/><w:keepLines/></w:pPr>").contains("keepNext"));
    }

    #[test]
    fn a_table_style_that_cannot_be_read_is_passed_over_and_faint_text_is_named() {
        let table = |text: &str| {
            format!(
                "<w:tblStylePr w:type=\"firstRow\">{text}<w:tcPr><w:shd w:fill=\"7B321D\"/></w:tcPr></w:tblStylePr>"
            )
        };
        let white = "<w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr>";
        let theirs = styles(&[
            ("table\" w:customStyle=\"1", "Donker", "Donker", &table("")),
            ("table\" w:customStyle=\"1", "Goed", "Goed", &table(white)),
            ("paragraph", "K1", "heading 1", "<w:rPr><w:color w:val=\"4F81BD\"/><w:sz w:val=\"36\"/></w:rPr>"),
            ("paragraph", "K2", "heading 2", "<w:basedOn w:val=\"K3\"/>"),
            ("paragraph", "K3", "heading 3", "<w:rPr><w:color w:val=\"4F81BD\"/></w:rPr>"),
        ]);
        let dress = Dress::of(&theirs, "", (None, None));
        assert_eq!(dress.by_id["WijkTabel"].id.as_deref(), Some("Goed"));
        assert_eq!(dress.faint, ["heading 2 (4,0)", "heading 3 (4,0)"]);
    }

    #[test]
    fn headings_over_figures_look_like_the_other_headings_where_the_organisation_has_only_table_text() {
        let theirs = styles(&[("paragraph", "TT", "Tabeltekst", "<w:rPr><w:sz w:val=\"20\"/></w:rPr>")]);
        let dress = Dress::of(&theirs.replace("<w:styles>", &format!("<w:styles>{DUTCH}")), "", (None, None));
        let of = |style: &str| {
            dressed(
                &dress,
                &format!(
                    "<w:x><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p></w:x>"
                ),
            )
        };
        let (heading, figure) = (of("Tabelkop"), of("Tabelkopcijfer"));
        assert!(heading.contains("<w:b/><w:bCs/><w:sz w:val=\"17\"/>"), "{heading}");
        assert_eq!(figure, heading.replace("<w:jc w:val=\"left\"/>", "<w:jc w:val=\"right\"/>"));
        assert_eq!((table_text(&theirs), table_text("<w:styles/>")), (Some(20.0), None));
    }

    #[test]
    fn a_dark_table_style_is_passed_over_when_the_text_in_cells_is_dark_by_its_own_style() {
        let dark = "<w:tblStylePr w:type=\"firstRow\"><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr>\
                    <w:tcPr><w:shd w:fill=\"1F3864\"/></w:tcPr></w:tblStylePr>";
        let style = |normal: &str| {
            let theirs = styles(&[
                ("paragraph\" w:default=\"1", "Standaard", "Normal", normal),
                ("table\" w:customStyle=\"1", "Huis", "Huistabel", dark),
            ]);
            Dress::of(&theirs, "", (None, None)).by_id["WijkTabel"].id.clone()
        };
        assert_eq!(style("").as_deref(), Some("Huis"));
        assert_eq!(style("<w:rPr><w:color w:val=\"333333\"/></w:rPr>"), None);
    }

    #[test]
    fn bullets_come_from_the_numbering_of_the_document() {
        let numbering = "<w:numbering><w:abstractNum w:abstractNumId=\"3\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"decimal\"/></w:lvl>\
             </w:abstractNum><w:abstractNum w:abstractNumId=\"4\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>\
             <w:num w:numId=\"8\"><w:abstractNumId w:val=\"3\"/></w:num><w:num w:numId=\"9\"><w:abstractNumId w:val=\"4\"/></w:num></w:numbering>";
        let dress = Dress::of("<w:styles/>", numbering, (None, None));
        let xml = "<w:x><w:p><w:pPr><w:pStyle w:val=\"Opsomming\"/></w:pPr></w:p></w:x>";
        assert!(dressed(&dress, xml).contains("<w:numId w:val=\"9\"/>"));
    }
}
