//! Text-level work on XML: escaping, reading attributes, and changing a part by splicing, so that what is not
//! touched keeps its bytes.
//!
//! Owns no knowledge of workbooks. Parts with a document type are refused: that is where entity bombs live, and
//! no office package has one.

use std::ops::Range;

use compact_str::CompactString;
use quick_xml::events::{BytesStart, Event};

/// Why a part cannot be read, in the place of what a library says about it in English.
pub(crate) const UNREADABLE: &str = "de inhoud is niet te lezen";

/// Deepest nesting that is followed. Real parts stay under 40.
pub const MAX_DEPTH: usize = 512;

/// Escapes text for use in XML content and in attribute values; characters XML cannot hold are dropped.
#[must_use]
pub fn xml_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if (c as u32) < 0x20 || c == '\u{FFFE}' || c == '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

/// As [`xml_escape`], and line ends and tabs as references: in an attribute a parser would turn them into blanks.
#[must_use]
pub fn xml_escape_attribute(text: &str) -> String {
    xml_escape(text).replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

/// The text that escaped XML stands for; unknown entities stay as they are.
#[must_use]
pub fn xml_unescape(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// Escapes text as a spreadsheet string: control characters become `_xHHHH_`, text that looks like such an escape
/// is itself escaped, and the result is safe as XML content.
#[must_use]
pub fn cell_text_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '_' if text.get(at..).is_some_and(is_cell_escape) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(c),
            c if (c as u32) < 0x20 || c == '\u{FFFE}' || c == '\u{FFFF}' => {
                out.push_str(&format!("_x{:04X}_", c as u32));
            }
            c => out.push(c),
        }
    }
    xml_escape(&out)
}

/// The text that `_xHHHH_` escapes stand for.
#[must_use]
pub fn cell_text_unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut wide: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_cell_escape(rest) {
            let code = rest.get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok()).unwrap_or(0xFFFD);
            wide.push(code);
            rest = rest.get(7..).unwrap_or_default();
            continue;
        }
        out.push_str(&String::from_utf16_lossy(&wide));
        wide.clear();
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out.push_str(&String::from_utf16_lossy(&wide));
    out
}

fn is_cell_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(6) == Some(&b'_')
        && bytes.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// How a part was stored, to store it the same way again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    /// Another encoding, named in the XML declaration.
    Other(&'static encoding_rs::Encoding),
}

/// The encoding other than UTF-8 that an XML declaration names.
fn declared_encoding(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = head.get(..head.len().min(200)).unwrap_or_default();
    let text: String = head.iter().map(|b| char::from(*b)).collect();
    let declaration = text.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let rest = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next()?;
    let label = rest.get(1..)?.split(quote).next()?;
    // Without its mark UTF-16 would not have shown the declaration; such a label is simply wrong.
    encoding_rs::Encoding::for_label(label.as_bytes())
        .filter(|e| *e != encoding_rs::UTF_8 && *e != encoding_rs::UTF_16LE && *e != encoding_rs::UTF_16BE)
}

/// True when a part that begins like this can be streamed as UTF-8.
pub(crate) fn is_utf8(head: &[u8]) -> bool {
    !head.starts_with(b"\xFF\xFE") && !head.starts_with(b"\xFE\xFF") && declared_encoding(head).is_none()
}

/// The text of a part and how it was stored; `None` when it is not text.
pub(crate) fn decode(bytes: &[u8]) -> Option<(String, Stored)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Some((String::from_utf8(rest.to_vec()).ok()?, Stored::Utf8Bom));
    }
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.as_chunks::<2>().0.iter().map(|pair| read(*pair)).collect();
        String::from_utf16(&units).ok()
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some((wide(rest, u16::from_le_bytes)?, Stored::Utf16Le));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return Some((wide(rest, u16::from_be_bytes)?, Stored::Utf16Be));
    }
    if let Some(encoding) = declared_encoding(bytes) {
        let (text, _, _) = encoding.decode(bytes);
        return Some((text.into_owned(), Stored::Other(encoding)));
    }
    Some((String::from_utf8(bytes.to_vec()).ok()?, Stored::Utf8))
}

/// The bytes of a part, stored as it was.
pub(crate) fn encode(text: &str, stored: Stored) -> Vec<u8> {
    let wide = |mark: [u8; 2], write: fn(u16) -> [u8; 2]| {
        let mut bytes = mark.to_vec();
        bytes.extend(text.encode_utf16().flat_map(write));
        bytes
    };
    match stored {
        Stored::Utf8 => text.as_bytes().to_vec(),
        Stored::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Stored::Utf16Le => wide([0xFF, 0xFE], u16::to_le_bytes),
        Stored::Utf16Be => wide([0xFE, 0xFF], u16::to_be_bytes),
        // What the encoding lacks becomes a character reference, which is right in XML.
        Stored::Other(encoding) => encoding.encode(text).0.into_owned(),
    }
}

/// An attribute by its local name, unescaped. A prefixed attribute (`r:id`) is found by its local name too.
pub(crate) fn attribute(element: &BytesStart<'_>, local: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == local && a.key.prefix().is_none_or(|p| p.as_ref() != "xmlns"))
        .map(|a| xml_unescape(&a.value))
}

/// A prefixed attribute by its local name (`r:id` for `id`), unescaped.
pub(crate) fn prefixed_attribute(element: &BytesStart<'_>, local: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.prefix().is_some_and(|p| p.as_ref() != "xmlns") && a.key.local_name().as_ref() == local)
        .map(|a| xml_unescape(&a.value))
}

/// True for the spellings of a true boolean.
pub(crate) fn is_true(value: Option<&str>) -> bool {
    matches!(value.map(str::trim), Some("1" | "true" | "on" | "True" | "TRUE"))
}

/// One element of a small part, by byte offsets in its text. Names and most values are short, and there are many: they
/// lie in the element itself.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Name as written, with its prefix.
    pub(crate) name: CompactString,
    /// Name without prefix.
    pub(crate) local: CompactString,
    /// The start tag, from `<` to `>`.
    pub(crate) tag: Range<usize>,
    /// The whole element.
    pub(crate) span: Range<usize>,
    /// What lies between the tags; empty for `<x/>`.
    pub(crate) content: Range<usize>,
    /// Attributes with their names as written and values unescaped.
    pub(crate) attributes: Vec<(CompactString, CompactString)>,
    /// Number of elements around it.
    pub(crate) depth: usize,
    /// Position of the parent in the list.
    pub(crate) parent: Option<usize>,
    /// Written as `<x/>`.
    pub(crate) empty: bool,
}

impl Element {
    /// An attribute by its local name.
    pub(crate) fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| !name.starts_with("xmlns") && name.rsplit(':').next() == Some(local))
            .map(|(_, value)| value.as_str())
    }

    /// The prefix with its colon, or nothing.
    pub(crate) fn prefix(&self) -> &str {
        self.name.strip_suffix(self.local.as_str()).unwrap_or_default()
    }
}

pub(super) fn unescaped(value: &str) -> CompactString {
    quick_xml::escape::unescape(value).map_or_else(|_| CompactString::from(value), CompactString::from)
}

/// All elements of a part in document order.
///
/// # Errors
/// A description when the text is not well-formed, too deep, or has a document type.
pub(crate) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut position = 0;
    loop {
        let event = reader.read_event().map_err(|_| UNREADABLE.to_owned())?;
        let end = usize::try_from(reader.buffer_position()).map_err(|_| UNREADABLE.to_owned())?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let empty = matches!(event, Event::Empty(_));
                if open.len() >= MAX_DEPTH {
                    return Err("te diep genest".to_owned());
                }
                found.push(Element {
                    name: CompactString::from(tag.name().as_ref()),
                    local: CompactString::from(tag.local_name().as_ref()),
                    tag: position..end,
                    span: position..end,
                    content: end..end,
                    attributes: tag
                        .attributes()
                        .with_checks(false)
                        .flatten()
                        .map(|a| (CompactString::from(a.key.as_ref()), unescaped(&a.value)))
                        .collect(),
                    depth: open.len(),
                    parent: open.last().copied(),
                    empty,
                });
                if !empty {
                    open.push(found.len() - 1);
                }
            }
            Event::End(_) => {
                if let Some(element) = open.pop().and_then(|index| found.get_mut(index)) {
                    element.content.end = position;
                    element.span.end = end;
                }
            }
            Event::DocType(_) => return Err("een documenttype (DOCTYPE) is niet toegestaan".to_owned()),
            Event::Eof => break,
            _ => {}
        }
        position = end;
    }
    if open.is_empty() { Ok(found) } else { Err("het einde ontbreekt".to_owned()) }
}

/// True when every element of a part is closed by its own end: what a reader that waits for an end relies on.
pub(crate) fn is_well_formed(bytes: &[u8]) -> bool {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => depth += 1,
            // The reader itself compares the names of begin and end.
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// All text directly or deeper inside an element, unescaped, CDATA included.
pub(crate) fn text_of(part: &str, element: &Element) -> String {
    let Some(inner) = part.get(element.content.clone()) else { return String::new() };
    let mut reader = quick_xml::Reader::from_str(inner);
    reader.config_mut().check_end_names = false;
    let mut out = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Text(text)) => out.push_str(&text),
            Ok(Event::CData(text)) => out.push_str(&text),
            Ok(Event::GeneralRef(name)) => out.push_str(&xml_unescape(&format!("&{};", &*name))),
            Ok(Event::Eof) | Err(_) => return out,
            Ok(_) => {}
        }
    }
}

/// Replacements in one text: each range gives way to its string. Ranges may touch but not overlap; those that
/// start at the same place are applied in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    pub(crate) fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.0.push((range, with.into()));
    }

    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at..at, text.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when exactly this range is replaced already.
    pub(crate) fn replaces(&self, range: &Range<usize>) -> bool {
        self.0.iter().any(|(known, _)| known == range)
    }

    pub(crate) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + 256);
        let mut position = 0;
        for (range, with) in &self.0 {
            out.push_str(text.get(position..range.start.max(position)).unwrap_or_default());
            out.push_str(with);
            position = position.max(range.end);
        }
        out.push_str(text.get(position..).unwrap_or_default());
        out
    }
}

/// A raw start tag (`<c r="A1"/>`) with one attribute set; everything else in it keeps its bytes.
pub(crate) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let value = xml_escape_attribute(value);
    if let Some(range) = attribute_value_range(tag, name) {
        let mut splices = Splices::default();
        splices.replace(range, value);
        return splices.apply(tag);
    }
    let end = if tag.ends_with("/>") { tag.len() - 2 } else { tag.len().saturating_sub(1) };
    let head = tag.get(..end).unwrap_or_default();
    let (kept, blanks) = head.split_at(head.trim_end().len());
    format!("{kept} {name}=\"{value}\"{blanks}{}", tag.get(end..).unwrap_or_default())
}

/// A raw start tag without one attribute.
pub(crate) fn without_attribute(tag: &str, name: &str) -> String {
    let Some(range) = attribute_value_range(tag, name) else { return tag.to_owned() };
    let before = tag.get(..range.start).unwrap_or_default();
    let Some(start) = before.rfind(name) else { return tag.to_owned() };
    let start = before.get(..start).map_or(0, |b| b.trim_end().len());
    format!("{}{}", tag.get(..start).unwrap_or_default(), tag.get(range.end + 1..).unwrap_or_default())
}

/// Where the value of an attribute lies in a raw start tag, without its quotes.
fn attribute_value_range(tag: &str, name: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut at = tag.find(|c: char| c.is_ascii_whitespace())?;
    loop {
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let key_start = at;
        while !matches!(bytes.get(at)?, b'=' | b'>' | b'/') && !bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let key = tag.get(key_start..at)?;
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        if bytes.get(at)? != &b'=' {
            return None;
        }
        at += 1;
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let quote = *bytes.get(at)?;
        let start = at + 1;
        let length = bytes.get(start..)?.iter().position(|b| *b == quote)?;
        if key == name {
            return Some(start..start + length);
        }
        at = start + length + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_lookalike_escapes_survive_a_round_trip() {
        for text in
            ["a\u{1}b", "_x000D_", "x_x0041_y", "gewoon", "a & <b> \"c\"", "regel\r\neinde", "_x00", "😀_x1F600_"]
        {
            let stored = cell_text_escape(text);
            assert_eq!(cell_text_unescape(&xml_unescape(&stored)), text, "{stored}");
            assert!(!stored.contains('\u{1}'));
        }
        assert_eq!(cell_text_escape("_x000D_"), "_x005F_x000D_");
    }

    #[test]
    fn setting_an_attribute_leaves_the_rest_of_the_tag_alone() {
        assert_eq!(with_attribute("<c  r='A1' s=\"2\" />", "s", "3"), "<c  r='A1' s=\"3\" />");
        assert_eq!(with_attribute("<row r=\"1\">", "spans", "1:4"), "<row r=\"1\" spans=\"1:4\">");
        assert_eq!(with_attribute("<x/>", "a", "<"), "<x a=\"&lt;\"/>");
        assert_eq!(without_attribute("<c r=\"A1\" t=\"s\" s=\"2\">", "t"), "<c r=\"A1\" s=\"2\">");
        assert_eq!(without_attribute("<c r=\"A1\">", "t"), "<c r=\"A1\">");
    }

    #[test]
    fn elements_know_their_place_and_parents() {
        let text = "<?xml version=\"1.0\"?><a><x:b k='1'>t&amp;u</x:b><c/></a>";
        let found = elements(text).unwrap();
        assert_eq!(found.iter().map(|e| e.local.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(&text[found[1].span.clone()], "<x:b k='1'>t&amp;u</x:b>");
        assert_eq!(text_of(text, &found[1]), "t&u");
        assert_eq!(found[2].parent, Some(0));
        assert_eq!(found[1].prefix(), "x:");
    }

    #[test]
    fn why_a_part_cannot_be_read_is_said_in_dutch() {
        for broken in ["<a><b></a>", "<a", "<a b=></a"] {
            let said = elements(broken).unwrap_err();
            assert!([UNREADABLE, "het einde ontbreekt"].contains(&said.as_str()), "{said}");
        }
    }

    #[test]
    fn a_document_type_is_refused() {
        assert!(elements("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
    }
}
