//! The text of single cells and events: how a value is written, and what changes inside an existing cell.
//!
//! Owns the XML of `c` elements. Knows nothing of rows and plans.

use std::io::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::NewValue;
use super::patch::Action;
use crate::model::column_letters;
use crate::package::xml::{attribute, cell_text_escape, with_attribute, without_attribute, xml_escape};

/// Writes an event exactly as it stood in the text.
pub(super) fn raw(out: &mut dyn Write, event: &Event<'_>) -> std::io::Result<()> {
    let (open, content, close): (&str, &str, &str) = match event {
        Event::Start(tag) => ("<", tag, ">"),
        Event::Empty(tag) => ("<", tag, "/>"),
        Event::End(tag) => ("</", tag, ">"),
        Event::Text(text) => ("", text, ""),
        Event::CData(text) => ("<![CDATA[", text, "]]>"),
        Event::Comment(text) => ("<!--", text, "-->"),
        Event::Decl(text) => ("<?", text, "?>"),
        Event::PI(text) => ("<?", text, "?>"),
        Event::GeneralRef(name) => ("&", name, ";"),
        Event::DocType(text) => ("<!DOCTYPE ", text, ">"),
        Event::Eof => return Ok(()),
    };
    out.write_all(open.as_bytes())?;
    out.write_all(content.as_bytes())?;
    out.write_all(close.as_bytes())
}

pub(super) fn tag_text(tag: &BytesStart<'_>, empty: bool) -> String {
    format!("<{}{}", &**tag, if empty { "/>" } else { ">" })
}

/// A number in the shortest form that reads back the same.
pub(crate) fn number_text(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e17).contains(&size) {
        format!("{number}")
    } else {
        format!("{number:E}")
    }
}

/// What goes between the tags of a cell, and its `t`.
fn content(prefix: &str, value: &NewValue) -> (String, Option<&'static str>) {
    match value {
        NewValue::Number(number) => (format!("<{prefix}v>{}</{prefix}v>", number_text(*number)), None),
        NewValue::Text(text) => {
            let text = cell_text_escape(text);
            let inline = format!("<{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is>");
            (inline, Some("inlineStr"))
        }
        NewValue::Bool(truth) => (format!("<{prefix}v>{}</{prefix}v>", u8::from(*truth)), Some("b")),
        NewValue::Clear => (String::new(), None),
    }
}

/// A cell that did not exist.
pub(super) fn new_cell(prefix: &str, row: u32, col: u32, style: u32, value: &NewValue) -> String {
    let (content, kind) = content(prefix, value);
    let style = if style == 0 { String::new() } else { format!(" s=\"{style}\"") };
    let kind = kind.map_or(String::new(), |kind| format!(" t=\"{kind}\""));
    let address = format!("{}{}", column_letters(col), u64::from(row) + 1);
    if content.is_empty() {
        format!("<{prefix}c r=\"{address}\"{style}{kind}/>")
    } else {
        format!("<{prefix}c r=\"{address}\"{style}{kind}>{content}</{prefix}c>")
    }
}

/// The pieces of one existing cell.
pub(super) struct RawCell {
    /// Start tag as `<c ...>`.
    pub(super) tag: String,
    /// Closing tag; empty when the cell was written `<c .../>`.
    pub(super) end: String,
    /// What lies between: (local name of the element, or nothing for text; raw text).
    pub(super) pieces: Vec<(String, String)>,
}

impl RawCell {
    pub(super) fn text(&self) -> String {
        let inner: String = self.pieces.iter().map(|(_, text)| text.as_str()).collect();
        if self.end.is_empty() {
            format!("{}/>", self.tag.strip_suffix('>').unwrap_or(&self.tag))
        } else {
            format!("{}{inner}{}", self.tag, self.end)
        }
    }

    pub(super) fn apply(mut self, action: &Action, prefix: &str) -> String {
        match action {
            Action::Set(value, style) => {
                let (content, kind) = content(prefix, value);
                for name in ["t", "cm", "vm"] {
                    self.tag = without_attribute(&self.tag, name);
                }
                if let Some(style) = style {
                    self.tag = match style {
                        0 => without_attribute(&self.tag, "s"),
                        style => with_attribute(&self.tag, "s", &style.to_string()),
                    };
                }
                if let Some(kind) = kind {
                    self.tag = with_attribute(&self.tag, "t", kind);
                }
                // What else a cell may hold (an extension list) stays.
                self.pieces.retain(|(name, _)| !matches!(name.as_str(), "" | "f" | "v" | "is"));
                if !content.is_empty() {
                    self.pieces.insert(0, (String::new(), content));
                }
            }
            Action::Uncache => self.uncache(),
            Action::Unshare(formula, uncache) => {
                let formula = format!("<{prefix}f>{}</{prefix}f>", xml_escape(formula));
                for (_, text) in self.pieces.iter_mut().filter(|(name, _)| name == "f") {
                    text.clone_from(&formula);
                }
                if *uncache {
                    self.uncache();
                }
            }
        }
        if self.pieces.is_empty() {
            self.end.clear();
        } else if self.end.is_empty() {
            let name = self.tag.get(1..).unwrap_or_default();
            let name = name.split(|c: char| c.is_ascii_whitespace() || c == '>').next().unwrap_or_default();
            self.end = format!("</{name}>");
        }
        self.text()
    }

    /// Takes the cached value out, and with it the type that described it.
    fn uncache(&mut self) {
        let before = self.pieces.len();
        self.pieces.retain(|(name, _)| !matches!(name.as_str(), "v" | "is"));
        if self.pieces.len() != before {
            for name in ["t", "vm"] {
                self.tag = without_attribute(&self.tag, name);
            }
        }
    }
}

/// The start tag of a row with its `spans` grown to hold new columns; without `spans` it stays as it is.
pub(super) fn grown_spans(tag: &str, columns: impl Iterator<Item = u32> + Clone) -> String {
    let (Some(first), Some(last)) = (columns.clone().min(), columns.max()) else { return tag.to_owned() };
    let whole = format!("{}</row>", tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{open}>")));
    let spans = spans_of(&whole);
    let Some(spans) = spans else { return tag.to_owned() };
    // Several spans are allowed; growing the first and last of them covers every new column.
    let parts: Vec<(u32, u32)> = spans
        .split_whitespace()
        .filter_map(|span| span.split_once(':'))
        .filter_map(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)))
        .collect();
    let (Some(low), Some(high)) = (parts.iter().map(|p| p.0).min(), parts.iter().map(|p| p.1).max()) else {
        return tag.to_owned();
    };
    if first + 1 >= low && last < high {
        return tag.to_owned();
    }
    with_attribute(tag, "spans", &format!("{}:{}", low.min(first + 1), high.max(last + 1)))
}

fn spans_of(element: &str) -> Option<String> {
    let mut reader = Reader::from_str(element);
    reader.config_mut().check_end_names = false;
    match reader.read_event() {
        Ok(Event::Start(tag)) => attribute(&tag, "spans"),
        _ => None,
    }
}
