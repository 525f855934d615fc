//! Adding the formats and texts of one workbook to those of another, so that cells of both can stand side by side.
//!
//! Owns the lists of `styles.xml` and the shared strings. Existing numbers never change: what comes is put behind.

use std::collections::BTreeMap;

use crate::package::xml::{Element, Splices, elements, with_attribute, xml_unescape};

type Outcome<T> = Result<T, String>;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// The lists of a style sheet in the order the standard asks.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// By how much the numbers of the added formats are higher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Offsets {
    pub(super) cell: usize,
    pub(super) differential: usize,
}

fn list<'e>(all: &'e [Element], name: &str) -> Option<(usize, &'e Element)> {
    all.iter().enumerate().find(|(_, e)| e.local == name && e.depth == 1)
}

fn items<'e>(all: &'e [Element], name: &str) -> Vec<&'e Element> {
    let Some((at, _)) = list(all, name) else { return Vec::new() };
    all.iter().filter(|e| e.parent == Some(at)).collect()
}

/// The old style sheet with the formats of the built one behind its own.
pub(super) fn merged(old: &str, built: &str) -> Outcome<(String, Offsets)> {
    let (all, new) = (elements(old)?, elements(built)?);
    let root = all.first().ok_or("het is leeg")?;
    let count = |name: &str| items(&all, name).len();
    let number =
        |element: &Element, name: &str| element.attribute(name).and_then(|v| v.trim().parse::<usize>().ok());

    let taken = items(&all, "numFmts").iter().filter_map(|e| number(e, "numFmtId")).max().unwrap_or(0);
    let mut formats: BTreeMap<usize, usize> = BTreeMap::new();
    let mut additions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, element) in items(&new, "numFmts").iter().enumerate() {
        let id = taken.max(163) + 1 + index;
        formats.insert(number(element, "numFmtId").unwrap_or(0), id);
        let raw = built.get(element.span.clone()).unwrap_or_default();
        additions.entry("numFmts").or_default().push(with_attribute(raw, "numFmtId", &id.to_string()));
    }
    for name in ["fonts", "fills", "borders", "dxfs"] {
        for element in items(&new, name) {
            let raw = built.get(element.span.clone()).unwrap_or_default();
            additions.entry(name).or_default().push(raw.to_owned());
        }
    }
    for element in items(&new, "cellXfs") {
        let mut tag = built.get(element.tag.clone()).unwrap_or_default().to_owned();
        for (attribute, list) in [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")] {
            if let Some(at) = number(element, attribute) {
                tag = with_attribute(&tag, attribute, &(at + count(list)).to_string());
            }
        }
        if let Some(id) = number(element, "numFmtId") {
            tag = with_attribute(&tag, "numFmtId", &formats.get(&id).copied().unwrap_or(id).to_string());
        }
        // Of the named styles only the first is sure to be there.
        let tag = with_attribute(&tag, "xfId", "0");
        let rest = built.get(element.tag.end..element.span.end).unwrap_or_default();
        additions.entry("cellXfs").or_default().push(format!("{tag}{rest}"));
    }
    let prefix = root.prefix();
    let mut splices = Splices::default();
    for (name, items) in &additions {
        let total = (count(name) + items.len()).to_string();
        let text: String = items.iter().map(|item| rooted(item, prefix)).collect();
        match list(&all, name) {
            Some((_, element)) => {
                let tag = old.get(element.tag.clone()).unwrap_or_default();
                let open = tag.strip_suffix("/>").map_or(tag.to_owned(), |open| format!("{}>", open.trim_end()));
                let open = with_attribute(&open, "count", &total);
                if element.empty {
                    splices.replace(element.tag.clone(), format!("{open}{text}</{}>", element.name));
                } else {
                    splices.replace(element.tag.clone(), open);
                    splices.insert(element.content.end, text);
                }
            }
            None => {
                let later = ORDER.iter().skip_while(|known| *known != name);
                let after = later.skip(1).find_map(|known| list(&all, known));
                let at = after.map_or(root.content.end, |(_, element)| element.span.start);
                splices.insert(at, format!("<{prefix}{name} count=\"{total}\">{text}</{prefix}{name}>"));
            }
        }
    }
    Ok((splices.apply(old), Offsets { cell: count("cellXfs"), differential: count("dxfs") }))
}

/// An element of ours inside a part whose own elements carry a prefix.
pub(super) fn rooted(element: &str, prefix: &str) -> String {
    match prefix {
        "" => element.to_owned(),
        _ => {
            let end = element.find([' ', '>', '/']).unwrap_or(element.len());
            let (name, rest) = element.split_at_checked(end).unwrap_or((element, ""));
            format!("{name} xmlns=\"{MAIN}\"{rest}")
        }
    }
}

/// The old shared strings with those of the built workbook behind them, and how many there were.
pub(super) fn merged_strings(old: &str, built: &str) -> Outcome<(String, usize)> {
    let (all, new) = (elements(old)?, elements(built)?);
    let root = all.first().ok_or("het is leeg")?;
    let count = all.iter().filter(|e| e.local == "si" && e.depth == 1).count();
    let added: Vec<&Element> = new.iter().filter(|e| e.local == "si" && e.depth == 1).collect();
    let text: String =
        added.iter().map(|e| rooted(built.get(e.span.clone()).unwrap_or_default(), root.prefix())).collect();
    let total = (count + added.len()).to_string();
    let mut tag = old.get(root.tag.clone()).unwrap_or_default().to_owned();
    for attribute in ["count", "uniqueCount"] {
        if root.attribute(attribute).is_some() {
            tag = with_attribute(&tag, attribute, &total);
        }
    }
    let mut splices = Splices::default();
    if root.empty {
        let open = tag.strip_suffix("/>").unwrap_or(&tag).trim_end();
        splices.replace(root.tag.clone(), format!("{open}>{text}</{}>", root.name));
    } else {
        splices.replace(root.tag.clone(), tag);
        splices.insert(root.content.end, text);
    }
    Ok((splices.apply(old), count))
}

/// A worksheet of our own making with its formats and texts renumbered. It is scanned tag by tag: our own writer escapes
/// every `>` inside an attribute, so that a tag ends where the sign stands.
pub(super) fn renumbered(sheet: &str, offsets: Offsets, strings: usize) -> String {
    let mut out = String::with_capacity(sheet.len() + sheet.len() / 16);
    let mut rest = sheet;
    let mut shared = false;
    while let Some(start) = rest.find('<') {
        let (text, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(text);
        let end = from.find('>').map_or(from.len(), |end| end + 1);
        let (tag, after) = from.split_at_checked(end).unwrap_or((from, ""));
        rest = after;
        let name = tag.trim_start_matches('<').split([' ', '>', '/']).next().unwrap_or_default();
        let raise = |tag: &str, attribute: &str, by: usize| {
            let marker = format!(" {attribute}=\"");
            let value = tag.split_once(&marker).and_then(|(_, rest)| rest.split('"').next());
            match value.and_then(|value| value.parse::<usize>().ok()) {
                Some(value) => with_attribute(tag, attribute, &(value + by).to_string()),
                None => tag.to_owned(),
            }
        };
        match name {
            "c" => {
                shared = tag.contains(" t=\"s\"");
                // A cell without a style has the first one, which is another one in the old workbook.
                if tag.contains(" s=\"") {
                    out.push_str(&raise(tag, "s", offsets.cell));
                } else {
                    out.push_str(&with_attribute(tag, "s", &offsets.cell.to_string()));
                }
            }
            "row" => out.push_str(&raise(tag, "s", offsets.cell)),
            "col" => out.push_str(&raise(tag, "style", offsets.cell)),
            "cfRule" => out.push_str(&raise(tag, "dxfId", offsets.differential)),
            "v" if shared => {
                shared = false;
                let end = rest.find('<').unwrap_or(rest.len());
                let (value, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let number = xml_unescape(value).trim().parse::<usize>().unwrap_or(0) + strings;
                out.push_str(&format!("{tag}{number}"));
                rest = after;
            }
            _ => out.push_str(tag),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_put_behind_those_that_were_there() {
        let old = "<x:styleSheet xmlns:x=\"m\"><x:numFmts count=\"1\"><x:numFmt numFmtId=\"170\" formatCode=\"0\"/></x:numFmts>\
            <x:fonts count=\"2\"><x:font/><x:font/></x:fonts><x:fills count=\"1\"><x:fill/></x:fills>\
            <x:borders><x:border/></x:borders><x:cellXfs count=\"1\"><x:xf fontId=\"1\"/></x:cellXfs></x:styleSheet>";
        let built = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"#,##0\"/></numFmts><fonts><font><b/></font>\
            </fonts><fills><fill/></fills><borders><border/></borders><cellXfs><xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" \
            borderId=\"0\" xfId=\"3\"/></cellXfs><dxfs><dxf/></dxfs></styleSheet>";
        let (text, offsets) = merged(old, built).unwrap();
        assert_eq!(offsets, Offsets { cell: 1, differential: 0 });
        for part in [
            "numFmtId=\"171\" formatCode=\"#,##0\"",
            "<x:fonts count=\"3\">",
            "numFmtId=\"171\" fontId=\"2\" fillId=\"1\" borderId=\"1\" xfId=\"0\"",
            "<x:dxfs count=\"1\"><dxf xmlns=",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn cells_point_to_their_own_formats_and_texts() {
        let sheet = "<cols><col min=\"1\" style=\"2\"/></cols><row r=\"1\"><c r=\"A1\" s=\"3\" t=\"s\"><v>5</v></c><c r=\"B1\"><v>5</v></c></row><cfRule dxfId=\"0\"/>";
        let offsets = Offsets { cell: 10, differential: 4 };
        assert_eq!(
            renumbered(sheet, offsets, 100),
            "<cols><col min=\"1\" style=\"12\"/></cols><row r=\"1\"><c r=\"A1\" s=\"13\" t=\"s\"><v>105</v></c><c r=\"B1\" s=\"10\"><v>5</v></c></row><cfRule dxfId=\"4\"/>"
        );
    }
}
