//! Giving the tabs of a migrated workbook what people gave the old ones: bold words, colours, sizes, rules, choices.
//!
//! Owns how that is written in a worksheet of our own making. The formats and shared strings of the old workbook keep their
//! numbers in the result, so that what comes from it can be referred to by number. Must not know why something goes where.

use std::collections::{BTreeMap, BTreeSet};

use super::looks::{Aspect, NewFormats};
use super::worn::WornRule;
use crate::error::Result;
use crate::model::{column_letters, parse_a1};
use crate::package::edit::smallparts;
use crate::package::rewrite::Rewrite;
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::{
    Element, Splices, elements, with_attribute, without_attribute, xml_escape, xml_escape_attribute,
};

type Outcome<T> = std::result::Result<T, String>;

/// A text with bold words and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rich {
    /// Number of the shared string.
    Shared(u32),
    /// The text itself, as an `is` element.
    Inline(String),
}

/// What a cell gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellDress {
    /// Its text with bold words, in the place of the same text without.
    pub rich: Option<Rich>,
    /// Number of the old format from which these aspects are taken.
    pub look: Option<(u32, BTreeSet<Aspect>)>,
}

/// What a row or column gets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LineDress {
    /// Height in points, width in characters.
    pub size: Option<f64>,
    /// Hide it.
    pub hidden: bool,
}

/// A rule or choice at its new cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDress {
    /// As it was written.
    pub rule: WornRule,
    /// The new cells.
    pub ranges: Vec<Range>,
    /// The formulas for the first of them.
    pub formulas: Vec<String>,
}

/// What one tab gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TabDress {
    /// Cells by row and column.
    pub cells: BTreeMap<(u32, u32), CellDress>,
    /// Rows.
    pub rows: BTreeMap<u32, LineDress>,
    /// Columns.
    pub cols: BTreeMap<u32, LineDress>,
    /// Conditional formats, in their order; they come behind those that are there.
    pub rules: Vec<RuleDress>,
    /// Data validations.
    pub validations: Vec<RuleDress>,
    /// Links inside the workbook: cell, place, text shown on hover.
    pub links: Vec<((u32, u32), String, String)>,
}

/// Dresses the tabs of a workbook that [`super::graft`] made; `tabs` by name.
///
/// # Errors
/// When a tab does not exist or one of the parts cannot be read.
pub fn dress(book: &Spreadsheet, tabs: &BTreeMap<String, TabDress>) -> Result<Vec<u8>> {
    let archive = book.archive();
    let mut work = Rewrite::new(archive);
    let styles_part = super::related(book, "styles");
    let styles = styles_part.as_deref().map(|part| archive.read_text(part)).transpose()?.unwrap_or_default();
    let damaged = |error: String| archive.damaged(styles_part.as_deref().unwrap_or("styles"), &error);
    let mut formats = match styles.is_empty() {
        true => None,
        false => Some(NewFormats::new(&styles).map_err(damaged)?),
    };
    for (name, dress) in tabs.iter().filter(|(_, dress)| **dress != TabDress::default()) {
        let part = book.worksheet(name)?.part.clone();
        work.edit(&part, |text| sheet(text, dress, formats.as_mut()))?;
    }
    if let (Some(part), Some(text)) = (styles_part, formats.and_then(NewFormats::finish)) {
        work.edit(&part, |_| Ok(text))?;
    }
    work.finish()
}

fn number(element: &Element, name: &str) -> Option<u32> {
    element.attribute(name).and_then(|value| value.trim().parse().ok())
}

/// A worksheet of ours with its dress.
fn sheet(text: &str, dress: &TabDress, mut formats: Option<&mut NewFormats<'_>>) -> Outcome<String> {
    let all = elements(text)?;
    let top = |name: &str| all.iter().position(|e| e.local == name && e.depth == 1);
    let data_at = top("sheetData").ok_or("er zijn geen cellen")?;
    let data = all.get(data_at).ok_or("er zijn geen cellen")?;
    let mut splices = Splices::default();
    let mut cols = Columns::read(text, &all);
    for (col, line) in &dress.cols {
        cols.set(*col, *line);
    }
    if !dress.cols.is_empty() {
        match top("cols").and_then(|at| all.get(at)) {
            Some(element) => splices.replace(element.span.clone(), cols.text()),
            None => splices.insert(data.span.start, cols.text()),
        }
    }
    let mut wanted: BTreeSet<u32> = dress.cells.keys().map(|(row, _)| *row).collect();
    wanted.extend(dress.rows.keys());
    let mut rows: BTreeMap<u32, (usize, &Element)> = BTreeMap::new();
    for (index, row) in all.iter().enumerate().filter(|(_, e)| e.local == "row" && e.parent == Some(data_at)) {
        if let Some(at) = number(row, "r") {
            rows.insert(at.saturating_sub(1), (index, row));
        }
    }
    for row in wanted {
        let known = rows.get(&row);
        let mut tag = match known {
            Some((_, element)) => text.get(element.tag.clone()).unwrap_or_default().to_owned(),
            None => format!("<row r=\"{}\">", row + 1),
        };
        if let Some(line) = dress.rows.get(&row) {
            if let Some(size) = line.size {
                tag = with_attribute(&with_attribute(&tag, "ht", &size.to_string()), "customHeight", "1");
            }
            if line.hidden {
                tag = with_attribute(&tag, "hidden", "1");
            }
        }
        let style = known.and_then(|(_, e)| number(e, "s").filter(|_| e.attribute("customFormat").is_some()));
        let mut cells: BTreeMap<u32, String> = BTreeMap::new();
        if let Some((index, _)) = known {
            for cell in all.iter().skip(index + 1).take_while(|e| e.depth > 2).filter(|e| e.parent == Some(*index))
            {
                let Some((_, col)) = cell.attribute("r").and_then(parse_a1) else { continue };
                cells.insert(col, text.get(cell.span.clone()).unwrap_or_default().to_owned());
            }
        }
        for ((_, col), cell) in dress.cells.range((row, 0)..=(row, u32::MAX)) {
            let base = style.or(cols.style(*col)).unwrap_or(0);
            let raw = cells.remove(col);
            let mut made = |base: u32| match (&cell.look, formats.as_mut()) {
                (Some((from, aspects)), Some(formats)) => formats.with(base, *from, aspects),
                _ => base,
            };
            cells.insert(*col, dressed(raw.as_deref(), (row, *col), cell, base, &mut made)?);
        }
        let tag = without_attribute(&tag, "spans");
        let open = tag.strip_suffix("/>").map_or(tag.clone(), |open| format!("{}>", open.trim_end()));
        let raw = format!("{open}{}</row>", cells.into_values().collect::<String>());
        match known {
            Some((_, element)) => splices.replace(element.span.clone(), raw),
            None => {
                let next = rows.range(row..).next().map(|(_, (_, element))| element.span.start);
                splices.insert(next.unwrap_or(data.content.end), raw);
            }
        }
    }
    if let Some(element) = top("dimension").and_then(|at| all.get(at)) {
        let old = element.attribute("ref").and_then(Range::parse);
        if let Some(range) = smallparts::outgrown(old, dress.cells.keys().copied()) {
            let tag = text.get(element.tag.clone()).unwrap_or_default();
            splices.replace(element.tag.clone(), with_attribute(tag, "ref", &range.a1()));
        }
    }
    around(text, &all, dress, &mut splices);
    Ok(splices.apply(text))
}

/// A cell with its dress; `raw` is how it is written now.
fn dressed(
    raw: Option<&str>,
    (row, col): (u32, u32),
    cell: &CellDress,
    base: u32,
    made: &mut dyn FnMut(u32) -> u32,
) -> Outcome<String> {
    let address = format!("{}{}", column_letters(col), row + 1);
    let blank = format!("<c r=\"{address}\" s=\"{base}\"/>");
    let raw = raw.unwrap_or(&blank);
    let all = elements(raw)?;
    let element = all.first().ok_or("een lege cel")?;
    let style = made(number(element, "s").unwrap_or(0));
    let tag = with_attribute(raw.get(element.tag.clone()).unwrap_or_default(), "s", &style.to_string());
    let rest = raw.get(element.tag.end..).unwrap_or_default();
    Ok(match &cell.rich {
        // A formula is not replaced by a text.
        Some(_) if all.iter().any(|e| e.local == "f") => format!("{tag}{rest}"),
        Some(Rich::Shared(index)) => {
            format!("<c r=\"{address}\" s=\"{style}\" t=\"s\"><v>{index}</v></c>")
        }
        Some(Rich::Inline(text)) => format!("<c r=\"{address}\" s=\"{style}\" t=\"inlineStr\">{text}</c>"),
        None => format!("{tag}{rest}"),
    })
}

/// Rules, choices and links, each in its place behind the cells.
fn around(text: &str, all: &[Element], dress: &TabDress, splices: &mut Splices) {
    /// What follows the conditional formats, in the order of the standard.
    const AFTER: [&str; 18] = [
        "dataValidations",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    ];
    let end = all.first().map_or(text.len(), |root| root.content.end);
    let top = |name: &str| all.iter().find(|e| e.local == name && e.depth == 1);
    let before =
        |names: &[&str]| names.iter().filter_map(|name| top(name)).map(|e| e.span.start).min().unwrap_or(end);
    let priority =
        all.iter().filter(|e| e.local == "cfRule").filter_map(|e| number(e, "priority")).max().unwrap_or(0);
    let rules: String = (priority.saturating_add(1)..)
        .zip(&dress.rules)
        .map(|(priority, rule)| {
            let tag = with_attribute(&rule.rule.tag, "priority", &priority.to_string());
            let open = tag.strip_suffix("/>").map_or(tag.clone(), |open| format!("{}>", open.trim_end()));
            let formulas: String =
                rule.formulas.iter().map(|f| format!("<formula>{}</formula>", xml_escape(f))).collect();
            format!(
                "<conditionalFormatting sqref=\"{}\">{open}{formulas}{}</cfRule></conditionalFormatting>",
                sqref(&rule.ranges),
                rule.rule.rest
            )
        })
        .collect();
    if !rules.is_empty() {
        splices.insert(before(&AFTER), rules);
    }
    let validations: String = dress
        .validations
        .iter()
        .map(|rule| {
            let tag = with_attribute(&rule.rule.tag, "sqref", &sqref(&rule.ranges));
            let open = tag.strip_suffix("/>").map_or(tag.clone(), |open| format!("{}>", open.trim_end()));
            let formulas: String = (1..)
                .zip(&rule.formulas)
                .map(|(n, f)| format!("<formula{n}>{}</formula{n}>", xml_escape(f)))
                .collect();
            format!("{open}{formulas}</dataValidation>")
        })
        .collect();
    if !validations.is_empty() {
        let count = all.iter().filter(|e| e.local == "dataValidation").count() + dress.validations.len();
        match top("dataValidations") {
            Some(list) => {
                let tag = text.get(list.tag.clone()).unwrap_or_default();
                splices.replace(list.tag.clone(), with_attribute(tag, "count", &count.to_string()));
                splices.insert(list.content.end, validations);
            }
            None => splices.insert(
                before(AFTER.get(1..).unwrap_or_default()),
                format!("<dataValidations count=\"{count}\">{validations}</dataValidations>"),
            ),
        }
    }
    let links: String = dress
        .links
        .iter()
        .map(|((row, col), place, tip)| {
            let tip = match tip.is_empty() {
                true => String::new(),
                false => format!(" tooltip=\"{}\"", xml_escape_attribute(tip)),
            };
            let (at, place) = (Range::cell(*row, *col).a1(), xml_escape_attribute(place));
            format!("<hyperlink ref=\"{at}\" location=\"{place}\"{tip}/>")
        })
        .collect();
    if !links.is_empty() {
        match top("hyperlinks") {
            Some(list) => splices.insert(list.content.end, links),
            None => splices
                .insert(before(AFTER.get(2..).unwrap_or_default()), format!("<hyperlinks>{links}</hyperlinks>")),
        }
    }
}

fn sqref(ranges: &[Range]) -> String {
    ranges.iter().map(Range::a1).collect::<Vec<_>>().join(" ")
}

/// The columns of a worksheet: first, last, start tag.
struct Columns(Vec<(u32, u32, String)>);

impl Columns {
    fn read(text: &str, all: &[Element]) -> Self {
        let found = all.iter().filter(|e| e.local == "col").filter_map(|e| {
            let tag = text.get(e.tag.clone())?.to_owned();
            Some((number(e, "min")?.checked_sub(1)?, number(e, "max")?.checked_sub(1)?, tag))
        });
        Columns(found.collect())
    }

    fn style(&self, col: u32) -> Option<u32> {
        let (.., tag) = self.0.iter().find(|(first, last, _)| (*first..=*last).contains(&col))?;
        number(elements(tag).ok()?.first()?, "style")
    }

    fn set(&mut self, col: u32, line: LineDress) {
        let mut tag = "<col min=\"1\" max=\"1\" width=\"9.140625\"/>".to_owned();
        if let Some(at) = self.0.iter().position(|(first, last, _)| (*first..=*last).contains(&col)) {
            let (first, last, old) = self.0.remove(at);
            if first < col {
                self.0.push((first, col - 1, old.clone()));
            }
            if col < last {
                self.0.push((col + 1, last, old.clone()));
            }
            tag = old;
        }
        if let Some(size) = line.size {
            tag = with_attribute(&with_attribute(&tag, "width", &size.to_string()), "customWidth", "1");
        }
        if line.hidden {
            tag = with_attribute(&tag, "hidden", "1");
        }
        self.0.push((col, col, tag));
        self.0.sort();
    }

    fn text(&self) -> String {
        let all = self.0.iter().map(|(first, last, tag)| {
            with_attribute(&with_attribute(tag, "min", &(first + 1).to_string()), "max", &(last + 1).to_string())
        });
        format!("<cols>{}</cols>", all.collect::<String>())
    }
}
