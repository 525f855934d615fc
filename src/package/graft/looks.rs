//! How cells look: what a person may have given a cell besides its value, and new formats that take that over.
//!
//! Owns the comparison of two formats aspect by aspect, so that white space, theme numbers and other ways in which programs
//! write the same thing do not count. Must not know which format is whose.

use std::collections::{BTreeMap, BTreeSet};

use super::styles::rooted;
use crate::error::Result;
use crate::package::spreadsheet::Spreadsheet;
use crate::package::xml::{Element, Splices, elements, with_attribute};

type Outcome<T> = std::result::Result<T, String>;

/// One thing about the look of a cell that a person can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck through.
    Strike,
    /// Colour of the text.
    Colour,
    /// Size of the text.
    Size,
    /// Name of the font.
    Font,
    /// Background.
    Fill,
    /// Lines around it.
    Border,
    /// Alignment, wrapping, rotation.
    Alignment,
    /// Number format.
    Number,
}

impl Aspect {
    /// The word for it in a report.
    #[must_use]
    pub fn dutch(self) -> &'static str {
        match self {
            Aspect::Bold => "vet",
            Aspect::Italic => "cursief",
            Aspect::Underline => "onderstreept",
            Aspect::Strike => "doorgehaald",
            Aspect::Colour => "letterkleur",
            Aspect::Size => "lettergrootte",
            Aspect::Font => "lettertype",
            Aspect::Fill => "achtergrondkleur",
            Aspect::Border => "randen",
            Aspect::Alignment => "uitlijning",
            Aspect::Number => "getalnotatie",
        }
    }
}

/// How a cell looks; an aspect that is not in it is as in an untouched workbook.
pub type Look = BTreeMap<Aspect, String>;

/// The aspects in which two looks differ.
#[must_use]
pub fn differences(one: &Look, other: &Look) -> BTreeSet<Aspect> {
    one.keys().chain(other.keys()).filter(|aspect| one.get(aspect) != other.get(aspect)).copied().collect()
}

/// The look of every cell format of a workbook, by its number.
///
/// # Errors
/// When the formats cannot be read.
pub fn looks(book: &Spreadsheet) -> Result<Vec<Look>> {
    let Some(part) = super::related(book, "styles") else { return Ok(Vec::new()) };
    let text = book.archive().read_text(&part)?;
    let parsed = Formats::parse(&text).map_err(|error| book.archive().damaged(&part, &error))?;
    Ok((0_u32..).zip(&parsed.cells).map(|(style, cell)| parsed.look(cell, book.number_format(style))).collect())
}

/// The lists of a style sheet.
struct Formats<'t> {
    text: &'t str,
    all: Vec<Element>,
    fonts: Vec<usize>,
    fills: Vec<usize>,
    borders: Vec<usize>,
    cells: Vec<usize>,
}

impl<'t> Formats<'t> {
    fn parse(text: &'t str) -> Outcome<Self> {
        let all = elements(text)?;
        let list = |name: &str| -> Vec<usize> {
            let Some(at) = all.iter().position(|e| e.local == name && e.depth == 1) else { return Vec::new() };
            (0..all.len()).filter(|index| all.get(*index).is_some_and(|e| e.parent == Some(at))).collect()
        };
        let (fonts, fills) = (list("fonts"), list("fills"));
        let (borders, cells) = (list("borders"), list("cellXfs"));
        Ok(Formats { text, fonts, fills, borders, cells, all })
    }

    fn children(&self, of: usize) -> impl Iterator<Item = (usize, &Element)> {
        self.all
            .iter()
            .enumerate()
            .skip(of + 1)
            .take_while(move |(_, e)| self.all.get(of).is_some_and(|parent| e.span.start < parent.span.end))
    }

    fn direct(&self, of: usize) -> impl Iterator<Item = (usize, &Element)> {
        self.children(of).filter(move |(_, e)| e.parent == Some(of))
    }

    fn raw(&self, element: &Element) -> &'t str {
        self.text.get(element.span.clone()).unwrap_or_default()
    }

    /// The item of a list to which a cell format refers.
    fn item(&self, cell: usize, attribute: &str, list: &[usize]) -> Option<usize> {
        let number = self.all.get(cell)?.attribute(attribute)?.trim().parse::<usize>().ok()?;
        list.get(number).copied()
    }

    fn look(&self, cell: &usize, number: &str) -> Look {
        let mut look = Look::new();
        if let Some(font) = self.item(*cell, "fontId", &self.fonts) {
            for (_, e) in self.direct(font) {
                let value = e.attribute("val").unwrap_or_default().trim();
                let on = !matches!(value, "0" | "false" | "off" | "none");
                let (aspect, shown) = match e.local.as_str() {
                    "b" if on => (Aspect::Bold, String::new()),
                    "i" if on => (Aspect::Italic, String::new()),
                    "strike" if on => (Aspect::Strike, String::new()),
                    "u" if on => (Aspect::Underline, value.trim_start_matches("single").to_owned()),
                    "sz" => (Aspect::Size, value.trim_end_matches(".0").to_owned()),
                    "name" => (Aspect::Font, value.to_lowercase()),
                    "color" => match colour(e) {
                        black if black == "000000" => continue,
                        other => (Aspect::Colour, other),
                    },
                    _ => continue,
                };
                look.insert(aspect, shown);
            }
        }
        if let Some(fill) = self.item(*cell, "fillId", &self.fills)
            && let Some(shown) = self.fill(fill)
        {
            look.insert(Aspect::Fill, shown);
        }
        if let Some(border) = self.item(*cell, "borderId", &self.borders) {
            let sides: Vec<String> = self
                .direct(border)
                .filter_map(|(at, side)| {
                    let style = side.attribute("style").filter(|style| *style != "none")?;
                    let shown = self.direct(at).find(|(_, e)| e.local == "color").map(|(_, e)| colour(e));
                    Some(format!("{} {style} {}", side.local, shown.unwrap_or("000000".to_owned())))
                })
                .collect();
            if !sides.is_empty() {
                look.insert(Aspect::Border, sides.join(", "));
            }
        }
        if let Some((_, e)) = self.direct(*cell).find(|(_, e)| e.local == "alignment") {
            let usual = [
                ("horizontal", "general"),
                ("vertical", "bottom"),
                ("wrapText", "0"),
                ("textRotation", "0"),
                ("indent", "0"),
            ];
            let shown: Vec<String> = usual
                .iter()
                .filter_map(|(name, usual)| {
                    let value = match e.attribute(name)?.trim() {
                        "true" => "1",
                        "false" => "0",
                        value => value,
                    };
                    (value != *usual).then(|| format!("{name} {value}"))
                })
                .collect();
            if !shown.is_empty() {
                look.insert(Aspect::Alignment, shown.join(", "));
            }
        }
        if !number.eq_ignore_ascii_case("general") {
            look.insert(Aspect::Number, number.to_owned());
        }
        look
    }

    fn fill(&self, fill: usize) -> Option<String> {
        let (at, pattern) = self.direct(fill).next()?;
        if pattern.local == "gradientFill" {
            return Some(self.raw(pattern).to_owned());
        }
        let kind = pattern.attribute("patternType").filter(|kind| *kind != "none")?;
        let shown = |name: &str| self.direct(at).find(|(_, e)| e.local == name).map(|(_, e)| colour(e));
        match (kind, shown("fgColor")) {
            ("solid", front) => Some(front.unwrap_or("000000".to_owned())),
            (kind, front) => {
                Some(format!("{kind} {} {}", front.unwrap_or_default(), shown("bgColor").unwrap_or_default()))
            }
        }
    }
}

/// A colour as `RRGGBB` where that is known without the theme.
fn colour(element: &Element) -> String {
    if let Some(rgb) = element.attribute("rgb") {
        return rgb.get(rgb.len().saturating_sub(6)..).unwrap_or(rgb).to_uppercase();
    }
    let tint = element.attribute("tint").filter(|tint| tint.trim() != "0").unwrap_or_default();
    match (element.attribute("theme"), element.attribute("indexed")) {
        (Some("0"), _) if tint.is_empty() => "FFFFFF".to_owned(),
        (Some("1"), _) if tint.is_empty() => "000000".to_owned(),
        (Some(theme), _) => format!("thema {theme} {tint}").trim_end().to_owned(),
        (None, Some("9" | "65")) => "FFFFFF".to_owned(),
        (None, Some("10")) => "FF0000".to_owned(),
        (None, Some("13")) => "FFFF00".to_owned(),
        (None, None | Some("8" | "64")) => "000000".to_owned(),
        (None, Some(index)) => format!("kleur {index}"),
    }
}

/// Order of the parts of a font, as the standard asks.
const FONT_PARTS: [&str; 15] = [
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
];

/// New cell formats for a style sheet: one that is there, with aspects of another that is there.
pub(super) struct NewFormats<'t> {
    formats: Formats<'t>,
    fonts: Vec<String>,
    cells: Vec<String>,
    made: BTreeMap<(u32, u32, BTreeSet<Aspect>), u32>,
}

impl<'t> NewFormats<'t> {
    pub(super) fn new(text: &'t str) -> Outcome<Self> {
        Ok(NewFormats {
            formats: Formats::parse(text)?,
            fonts: Vec::new(),
            cells: Vec::new(),
            made: BTreeMap::new(),
        })
    }

    /// The number of the format `base` with `aspects` of the format `from`.
    pub(super) fn with(&mut self, base: u32, from: u32, aspects: &BTreeSet<Aspect>) -> u32 {
        let key = (base, from, aspects.clone());
        if let Some(known) = self.made.get(&key) {
            return *known;
        }
        let formats = &self.formats;
        let cell = |style: u32| usize::try_from(style).ok().and_then(|style| formats.cells.get(style)).copied();
        let (Some(at), Some(other)) = (cell(base), cell(from)) else { return base };
        let (Some(element), Some(source)) = (formats.all.get(at), formats.all.get(other)) else { return base };
        let mut tag = formats.text.get(element.tag.clone()).unwrap_or_default().to_owned();
        let mut take = |attribute: &str, apply: &str, value: &str| {
            tag = with_attribute(&with_attribute(&tag, attribute, value), apply, "1");
        };
        if let Some(font) = font(formats, at, other, aspects) {
            take("fontId", "applyFont", &(formats.fonts.len() + self.fonts.len()).to_string());
            self.fonts.push(font);
        }
        for (aspect, attribute, apply) in [
            (Aspect::Fill, "fillId", "applyFill"),
            (Aspect::Border, "borderId", "applyBorder"),
            (Aspect::Number, "numFmtId", "applyNumberFormat"),
        ] {
            if aspects.contains(&aspect) {
                take(attribute, apply, source.attribute(attribute).unwrap_or("0"));
            }
        }
        let child = |of: usize, name: &str| {
            formats.direct(of).find(|(_, e)| e.local == name).map(|(_, e)| formats.raw(e)).unwrap_or_default()
        };
        let alignment = match aspects.contains(&Aspect::Alignment) {
            true => {
                tag = with_attribute(&tag, "applyAlignment", "1");
                child(other, "alignment")
            }
            false => child(at, "alignment"),
        };
        let open = tag.strip_suffix("/>").map_or(tag.clone(), |open| format!("{}>", open.trim_end()));
        let raw = format!("{open}{alignment}{}</{}>", child(at, "protection"), element.name);
        let number = u32::try_from(formats.cells.len() + self.cells.len()).unwrap_or(base);
        self.cells.push(raw);
        self.made.insert(key, number);
        number
    }

    /// The style sheet with the new formats; `None` when none was made.
    pub(super) fn finish(self) -> Option<String> {
        if self.cells.is_empty() {
            return None;
        }
        let mut splices = Splices::default();
        for (name, items, known) in
            [("fonts", &self.fonts, self.formats.fonts.len()), ("cellXfs", &self.cells, self.formats.cells.len())]
        {
            let list = self.formats.all.iter().find(|e| e.local == name && e.depth == 1)?;
            if items.is_empty() {
                continue;
            }
            let tag = self.formats.text.get(list.tag.clone()).unwrap_or_default();
            splices.replace(list.tag.clone(), with_attribute(tag, "count", &(known + items.len()).to_string()));
            splices.insert(list.content.end, items.concat());
        }
        Some(splices.apply(self.formats.text))
    }
}

/// The font of the cell format `at` with aspects of that of `other`; `None` when no aspect is one of a font.
fn font(formats: &Formats<'_>, at: usize, other: usize, aspects: &BTreeSet<Aspect>) -> Option<String> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for aspect in aspects {
        match aspect {
            Aspect::Bold => taken.extend(["b"]),
            Aspect::Italic => taken.extend(["i"]),
            Aspect::Underline => taken.extend(["u"]),
            Aspect::Strike => taken.extend(["strike"]),
            Aspect::Colour => taken.extend(["color"]),
            Aspect::Size => taken.extend(["sz"]),
            Aspect::Font => taken.extend(["name", "family", "charset", "scheme"]),
            Aspect::Fill | Aspect::Border | Aspect::Alignment | Aspect::Number => {}
        }
    }
    if taken.is_empty() {
        return None;
    }
    let own = formats.item(at, "fontId", &formats.fonts)?;
    let source = formats.item(other, "fontId", &formats.fonts)?;
    let parts: String = FONT_PARTS
        .iter()
        .filter_map(|name| {
            let from = if taken.contains(name) { source } else { own };
            formats.direct(from).find(|(_, e)| e.local == *name).map(|(_, e)| formats.raw(e))
        })
        .collect();
    let prefix = formats.all.first().map_or("", Element::prefix);
    Some(match prefix {
        "" => format!("<font>{parts}</font>"),
        // Parts of ours carry no prefix, those of the other do.
        prefix => rooted(&format!("<font>{parts}</font>"), prefix),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "<styleSheet><fonts count=\"3\"><font><sz val=\"11\"/><color theme=\"1\"/><name val=\"Calibri\"/></font>\
        <font><b/><u val=\"single\"/><sz val=\"11\"/><color rgb=\"FFC00000\"/><name val=\"Calibri\"/></font>\
        <font><b val=\"0\"/><sz val=\"11.0\"/><color auto=\"1\"/><name val=\"calibri\"/></font></fonts>\
        <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"solid\">\
        <fgColor rgb=\"FFFFFF00\"/></patternFill></fill></fills><borders count=\"1\"><border><left/></border></borders>\
        <cellXfs count=\"3\"><xf fontId=\"0\" fillId=\"0\" borderId=\"0\" numFmtId=\"0\"><alignment horizontal=\"general\"/></xf>\
        <xf fontId=\"1\" fillId=\"1\" borderId=\"0\" numFmtId=\"0\"/><xf fontId=\"2\" fillId=\"0\" borderId=\"0\"/></cellXfs></styleSheet>";

    fn look(of: usize) -> Look {
        let formats = Formats::parse(SHEET).unwrap();
        formats.look(&formats.cells[of], "General")
    }

    #[test]
    fn looks_are_the_same_however_they_are_written() {
        assert_eq!(differences(&look(0), &look(2)), BTreeSet::new());
        let all = [Aspect::Bold, Aspect::Underline, Aspect::Colour, Aspect::Fill];
        assert_eq!(differences(&look(0), &look(1)), BTreeSet::from(all));
        assert_eq!(look(1)[&Aspect::Fill], "FFFF00");
    }

    #[test]
    fn a_new_format_takes_over_what_a_person_gave_and_nothing_else() {
        let mut formats = NewFormats::new(SHEET).unwrap();
        let aspects = BTreeSet::from([Aspect::Colour, Aspect::Fill]);
        assert_eq!(formats.with(0, 1, &aspects), 3);
        assert_eq!(formats.with(0, 1, &aspects), 3, "the same format is made once");
        let text = formats.finish().unwrap();
        assert!(text.contains("<fonts count=\"4\">") && text.contains("<cellXfs count=\"4\">"), "{text}");
        let made = Formats::parse(&text).unwrap();
        let look = made.look(&made.cells[3], "General");
        let wanted = [
            (Aspect::Colour, "C00000"),
            (Aspect::Fill, "FFFF00"),
            (Aspect::Font, "calibri"),
            (Aspect::Size, "11"),
        ];
        assert_eq!(look, wanted.map(|(aspect, shown)| (aspect, shown.to_owned())).into());
    }
}
