//! The fingerprint of a block: what a reader sees and what people may have done to it, and nothing else.
//!
//! Word, LibreOffice and OnlyOffice rewrite a document when they save it: other ids, runs cut in other places, styles
//! written out as direct formatting, wrappers gone. So the fingerprint is taken of a reading, not of bytes: texts,
//! paragraphs, rows and cells in order, and a sign for everything that only people put there: comments, tracked changes,
//! bookmarks, footnotes, pictures, markers, bold, colour. What the reading does not know gets a sign too, so that in
//! doubt a block counts as changed by people and stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::package::tree::Element as Made;
use crate::package::xml::{Element, is_true, text_of};

/// Author of the changes and comments that this program puts in a document.
pub(super) const AUTHOR: &str = "wijkanalyse";

/// Tags of prompts begin with this.
pub(super) const PROMPT: &str = "wa:vul:";

/// The sign of slanted letters.
const SLANTED: &str = "⟨i⟩";

/// What a reading depends on besides the block itself.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Colours of cells that the document's own table styles use: programs write them out cell by cell.
    pub(super) fills: BTreeSet<String>,
    /// The prompts as they are read, by tag: one that somebody filled in is read as it was.
    pub(super) prompts: BTreeMap<String, String>,
    /// Names of bookmarks by id.
    pub(super) bookmarks: BTreeMap<String, String>,
    /// Numbers of the comments that this program made and nobody touched: they are not people's.
    pub(super) notes: BTreeSet<String>,
    /// Fingerprints of the words in charts, by the id of the relationship to the chart.
    pub(super) charts: BTreeMap<String, String>,
}

impl Reading {
    /// What is needed to read a document: its styles and its own elements.
    pub(super) fn of(styles: &str, document: &[Element]) -> Self {
        let styles = crate::package::xml::elements(styles).unwrap_or_default();
        let fills = styles.iter().filter(|e| e.local == "shd").filter_map(|e| e.attribute("fill"));
        let starts = document.iter().filter(|e| e.local == "bookmarkStart");
        Reading {
            fills: fills.map(str::to_uppercase).collect(),
            prompts: BTreeMap::new(),
            notes: BTreeSet::new(),
            charts: BTreeMap::new(),
            bookmarks: starts
                .filter_map(|e| Some((e.attribute("id")?.to_owned(), e.attribute("name")?.to_owned())))
                .collect(),
        }
    }

    /// The fingerprint of what lies in `range` of a part.
    pub(super) fn print(&self, text: &str, all: &[Element], range: &Range<usize>) -> String {
        hash(&self.read(text, all, range))
    }

    /// The reading as versions made it that left prompts upright in most house styles: their fingerprints stay known.
    pub(super) fn with_upright_prompts(&self, reading: &str) -> String {
        let slanted = self.prompts.values().filter(|shown| shown.contains(SLANTED));
        slanted.fold(reading.to_owned(), |reading, shown| reading.replace(shown, &shown.replace(SLANTED, "")))
    }

    /// The words of a block that was just made.
    pub(super) fn words_of(content: &Made) -> String {
        let mut text = String::new();
        let all = content.write_told(&mut text);
        all.iter().filter(|e| e.local == "t").map(|e| text_of(&text, e)).collect()
    }

    /// What a reader sees in a block that was just made.
    pub(super) fn text_of(&self, content: &Made) -> String {
        let mut text = String::new();
        let all = content.write_told(&mut text);
        self.read(&text, &all, &(0..text.len()))
    }

    /// What a reader sees in `range`, with a sign for everything that is not text.
    pub(super) fn read(&self, text: &str, all: &[Element], range: &Range<usize>) -> String {
        let mut out = String::new();
        let mut closing: Vec<(usize, char)> = Vec::new();
        let (mut skip_to, mut drawing_to) = (0, 0);
        let mut fields = Fields::default();
        let first = all.partition_point(|e| e.span.start < range.start);
        for (index, element) in all.iter().enumerate().skip(first) {
            if element.span.start >= range.end {
                break;
            }
            if element.span.start < skip_to {
                continue;
            }
            while let Some((_, sign)) = closing.pop_if(|(end, _)| *end <= element.span.start) {
                out.push(sign);
            }
            if element.span.start < drawing_to
                && !matches!(element.local.as_str(), "docPr" | "t" | "Fallback" | "chart")
            {
                continue;
            }
            match element.local.as_str() {
                "t" | "delText" => out.push_str(&text_of(text, element)),
                "p" => out.push('¶'),
                "tbl" => {
                    out.push('⟦');
                    closing.push((element.span.end, '⟧'));
                }
                "tr" => out.push('║'),
                "tc" => out.push('│'),
                "br" if element.attribute("type").is_some_and(|kind| kind != "textWrapping") => out.push('⏎'),
                "br" | "cr" | "tab" => out.push(' '),
                "noBreakHyphen" => out.push('-'),
                // Word writes an emoji so, with the sign itself as what older programs see.
                "symEx" => {
                    let sign = element.attribute("char").and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    out.extend(sign.and_then(char::from_u32));
                }
                "sdt" => {
                    if let Some(prompt) = tag(all, index).and_then(|tag| self.prompts.get(tag))
                        && is_filled(text, all, index)
                    {
                        out.push_str(prompt);
                        skip_to = element.span.end;
                    }
                }
                "drawing" => {
                    out.push_str(kind_of_drawing(all, index));
                    drawing_to = element.span.end;
                }
                "chart" if element.span.start < drawing_to => {
                    if let Some(words) = element.attribute("id").and_then(|id| self.charts.get(id)) {
                        out.push('⟪');
                        out.push_str(words);
                        out.push('⟫');
                    }
                }
                "docPr" => {
                    if let Some(alternative) = element.attribute("descr").filter(|text| !text.is_empty()) {
                        out.push('⦃');
                        out.push_str(alternative);
                        out.push('⦄');
                    }
                }
                "pPr" | "rPr" | "tblPr" | "trPr" | "tcPr" | "sdtPr" | "tblPrEx" | "tblGrid" => {
                    self.properties(all, index, &mut out);
                    skip_to = element.span.end;
                }
                "Fallback" | "instrText" | "sdtEndPr" | "customXmlPr" | "smartTagPr" => skip_to = element.span.end,
                // Of a bookmark the programs themselves make nothing is seen.
                "bookmarkStart" | "bookmarkEnd" => {
                    let id = element.attribute("id").unwrap_or_default();
                    let name = element.attribute("name").or_else(|| self.bookmarks.get(id).map(String::as_str));
                    if !name.is_some_and(is_passing) {
                        out.push_str("⟨bladwijzer⟩");
                    }
                }
                "r"
                | "sdtContent"
                | "smartTag"
                | "customXml"
                | "AlternateContent"
                | "Choice"
                | "proofErr"
                | "softHyphen"
                | "lastRenderedPageBreak" => {}
                "ins" | "customXmlInsRangeStart" if element.attribute("author") == Some(AUTHOR) => {}
                "customXmlInsRangeEnd" => {}
                "commentRangeStart" | "commentRangeEnd" | "commentReference"
                    if element.attribute("id").is_some_and(|id| self.notes.contains(id)) => {}
                "fldChar" if fields.is_made_by_a_program(text, all, index) => {}
                other => {
                    out.push('⟨');
                    out.push_str(other);
                    out.push('⟩');
                }
            }
        }
        out.extend(closing.into_iter().rev().map(|(_, sign)| sign));
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The signs for what people do to the look of a run, a cell, a row or a paragraph. What follows from styles is
    /// not looked at: programs write that out as they please.
    fn properties(&self, all: &[Element], index: usize, out: &mut String) {
        let Some(of) = all.get(index) else { return };
        let inside = all.iter().skip(index + 1).take_while(|e| e.span.start < of.span.end);
        for element in inside {
            let value = element.attribute("val");
            let on = value.is_none_or(|value| is_true(Some(value)));
            let counts = match (of.local.as_str(), element.local.as_str()) {
                (_, "ins" | "del" | "moveFrom" | "moveTo") => element.attribute("author") != Some(AUTHOR),
                (_, "sectPr" | "cellIns" | "cellDel" | "cellMerge" | "vMerge") => true,
                (_, name) if name.ends_with("Change") => true,
                ("rPr", "b" | "i" | "strike" | "dstrike" | "vanish") => on,
                ("rPr", "u" | "highlight") => value.is_some_and(|value| value != "none"),
                ("rPr", "color") => value.is_some_and(|value| value != "auto"),
                ("tcPr", "gridSpan") => value != Some("1"),
                ("tcPr" | "rPr", "shd") => element
                    .attribute("fill")
                    .map(str::to_uppercase)
                    .is_some_and(|fill| fill != "AUTO" && fill != "FFFFFF" && !self.fills.contains(&fill)),
                _ => false,
            };
            if counts {
                out.push('⟨');
                out.push_str(&element.local);
                // Which mark or colour: only where people choose one.
                if matches!(element.local.as_str(), "highlight" | "color") {
                    out.push_str(value.unwrap_or_default());
                }
                out.push('⟩');
            }
        }
    }
}

/// The sign of a drawing: a chart is another one than a picture that somebody put in its place.
fn kind_of_drawing(all: &[Element], index: usize) -> &'static str {
    let end = all.get(index).map_or(0, |e| e.span.end);
    let mut inside = all.iter().skip(index + 1).take_while(|e| e.span.start < end);
    let kind = inside.find_map(|e| match e.local.as_str() {
        "chart" => Some("⟨beeld⟩"),
        "pic" | "blip" => Some("⟨afbeelding⟩"),
        _ => None,
    });
    kind.unwrap_or("⟨vorm⟩")
}

/// The fingerprint of the words in a chart; `None` when it has none. Programs cut them and put white space in other
/// places.
pub(super) fn chart_words(part: &str) -> Option<String> {
    let all = crate::package::xml::elements(part).ok()?;
    let words = all.iter().filter(|e| e.local == "t").map(|e| text_of(part, e));
    let words: String = words.collect::<String>().split_whitespace().collect();
    (!words.is_empty()).then(|| hash(&words))
}

/// The reading as versions before this one made it: without the words of charts. Their fingerprints stay known.
pub(super) fn without_chart_words(reading: &str) -> String {
    cut_out(reading, '⟪', '⟫')
}

/// A reading without the empty paragraph that keeps a proposal apart from the table before it.
pub(super) fn without_space_before(reading: &str) -> &str {
    reading.strip_prefix('¶').map(str::trim_start).filter(|rest| rest.starts_with('⟦')).unwrap_or(reading)
}

/// The signs of look with which the first paragraph of a reading begins.
pub(super) fn opening_signs(reading: &str) -> &str {
    let Some((_, rest)) = reading.split_once('¶') else { return "" };
    let mut end = 0;
    while let Some(after) = rest.get(end..).filter(|rest| rest.starts_with('⟨')).and_then(|rest| rest.find('⟩'))
    {
        end += after + '⟩'.len_utf8();
    }
    rest.get(..end).unwrap_or_default()
}

/// A reading of which the first paragraph begins with these signs of look.
pub(super) fn with_opening_signs(reading: &str, signs: &str) -> String {
    match reading.split_once('¶') {
        Some((before, rest)) if !rest.starts_with('⟨') => format!("{before}¶{signs}{rest}"),
        _ => reading.to_owned(),
    }
}

/// A text without what stands between two signs, and without the signs.
fn cut_out(text: &str, opens: char, closes: char) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(opens) {
        kept.push_str(before);
        rest = after.split_once(closes).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The fields around the place where a reading is: true for one that only a program made.
#[derive(Default)]
struct Fields(Vec<bool>);

impl Fields {
    /// LibreOffice makes an input field with an empty question of the first text in a control that OnlyOffice saved.
    fn is_made_by_a_program(&mut self, text: &str, all: &[Element], index: usize) -> bool {
        let kind = all.get(index).and_then(|e| e.attribute("fldCharType")).unwrap_or_default();
        if kind == "begin" {
            let mut inside = all.iter().skip(index + 1).take_while(|e| e.local != "fldChar");
            let asks = inside.find(|e| e.local == "instrText").map(|e| text_of(text, e)).unwrap_or_default();
            let asks = asks.replace('"', " ");
            self.0.push(asks.trim() == "FILLIN");
        }
        let made = self.0.last().copied().unwrap_or(false);
        if kind == "end" {
            self.0.pop();
        }
        made
    }
}

/// The fingerprint of a reading without alternative texts, which LibreOffice drops from charts; the second is true when
/// there were none.
pub(super) fn bare_print(reading: &str) -> (String, bool) {
    let bare = cut_out(reading, '⦃', '⦄');
    let none = bare == reading;
    (hash(&bare), none)
}

/// Bookmarks that programs make and move by themselves, and our own. Cross references (`_Ref`) are people's.
pub(super) fn is_passing(name: &str) -> bool {
    name.starts_with('_') && !name.starts_with("_Ref")
}

/// The tag of the content control at `index`, without the signs around it that nobody sees and that come along when a
/// name is copied from a page.
pub(super) fn tag(all: &[Element], index: usize) -> Option<&str> {
    let written = property(all, index, "tag").and_then(|e| e.attribute("val"))?;
    Some(if written.contains(is_unseen) {
        written.trim_matches(|c: char| c.is_whitespace() || is_unseen(c))
    } else {
        written
    })
}

/// True for signs without width: of two names that differ in them only, nobody sees which is which.
pub(super) fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A property of the content control at `index`.
pub(super) fn property<'a>(all: &'a [Element], index: usize, name: &str) -> Option<&'a Element> {
    let control = all.get(index)?;
    let inside = all.iter().enumerate().skip(index + 1).take_while(|(_, e)| e.span.start < control.span.end);
    let (at, _) = inside.filter(|(_, e)| e.parent == Some(index)).find(|(_, e)| e.local == "sdtPr")?;
    all.iter()
        .skip(at + 1)
        .take_while(|e| e.parent.is_some_and(|p| p >= at))
        .find(|e| e.parent == Some(at) && e.local == name)
}

/// True when somebody wrote in the prompt at `index`: it no longer shows its own text.
pub(super) fn is_filled(text: &str, all: &[Element], index: usize) -> bool {
    let Some(control) = all.get(index) else { return false };
    if property(all, index, "showingPlcHdr").is_some_and(|e| e.attribute("val").is_none_or(|v| is_true(Some(v)))) {
        return false;
    }
    let shown: String = all
        .iter()
        .skip(index + 1)
        .take_while(|e| e.span.start < control.span.end)
        .filter(|e| e.local == "t")
        .map(|e| text_of(text, e))
        .collect();
    let shown = shown.trim();
    !(shown.is_empty() || shown.starts_with('[') && shown.ends_with(']'))
}

/// The fingerprint of a fact in a sentence: only its words, for people choose how it looks.
pub(super) fn words_print(text: &str) -> String {
    hash(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// 64 bits of FNV-1a as 13 letters and digits that any program keeps in a name. Written out here because the hash of
/// the standard library may differ from version to version, and the fingerprint lives in documents.
pub(super) fn hash(text: &str) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut value = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        value = (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (0..13)
        .map(|place| {
            let five = usize::try_from((value >> (place * 5)) & 31).unwrap_or(0);
            SIGNS.get(five).copied().map_or('a', char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::xml::elements;

    fn read(xml: &str) -> String {
        let all = elements(xml).unwrap();
        Reading::of("<w:styles/>", &all).read(xml, &all, &(0..xml.len()))
    }

    #[test]
    fn what_programs_do_when_they_save_is_not_seen() {
        let ours = "<w:x><w:p><w:pPr><w:pStyle w:val=\"Kop1\"/></w:pPr><w:r><w:t>– ongunstiger dan 3</w:t></w:r></w:p></w:x>";
        let saved = "<w:x><w:p w:rsidR=\"1\"><w:pPr><w:pStyle w:val=\"Heading1\"/><w:widowControl/><w:jc w:val=\"left\"/></w:pPr>\
             <w:bookmarkStart w:id=\"7\" w:name=\"_GoBack\"/><w:sdt><w:sdtPr><w:alias w:val=\"a\"/></w:sdtPr><w:sdtContent>\
             <w:r><w:rPr><w:rFonts w:ascii=\"Arial\"/><w:kern w:val=\"0\"/><w:lang w:val=\"nl-NL\"/></w:rPr>\
             <w:t xml:space=\"preserve\">– ongun</w:t></w:r></w:sdtContent></w:sdt><w:proofErr w:type=\"spellStart\"/>\
             <w:r><w:rPr><w:b w:val=\"0\"/><w:color w:val=\"auto\"/></w:rPr><w:t xml:space=\"preserve\">stiger dan</w:t></w:r>\
             <w:r><w:t xml:space=\"preserve\"> 3</w:t></w:r><w:bookmarkEnd w:id=\"7\"/></w:p></w:x>";
        assert_eq!(read(ours), read(saved));
        let emoji = "<w:x><w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"w16se\"><w16se:symEx w16se:font=\"Segoe UI Emoji\" \
                     w16se:char=\"1F60A\"/></mc:Choice><mc:Fallback><w:t>\u{1f60a}</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p></w:x>";
        assert_eq!(read(emoji), read("<w:x><w:p><w:r><w:t>\u{1f60a}</w:t></w:r></w:p></w:x>"));
        let field = |asks: &str| {
            let sign = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
            let (begin, between, end) = (sign("begin"), sign("separate"), sign("end"));
            format!(
                "<w:x><w:p>{begin}<w:r><w:instrText>{asks}</w:instrText></w:r>{between}<w:r><w:t>Wijk</w:t></w:r>{end}</w:p></w:x>"
            )
        };
        let plain = read("<w:x><w:p><w:r><w:t>Wijk</w:t></w:r></w:p></w:x>");
        assert_eq!(read(&field(" FILLIN &quot;&quot;")), plain);
        assert_ne!(read(&field(" FILLIN &quot;Welke wijk?&quot;")), plain);
    }

    #[test]
    fn everything_that_people_do_is_seen() {
        let block = |inside: &str| format!("<w:x><w:p>{inside}</w:p></w:x>");
        let plain = block("<w:r><w:t>tekst</w:t></w:r>");
        for changed in [
            "<w:r><w:t>teksten</w:t></w:r>",
            "<w:r><w:t>tekst</w:t></w:r></w:p><w:p>",
            "<w:r><w:rPr><w:highlight w:val=\"yellow\"/></w:rPr><w:t>tekst</w:t></w:r>",
            "<w:r><w:rPr><w:b/></w:rPr><w:t>tekst</w:t></w:r>",
            "<w:ins w:author=\"Jan\"><w:r><w:t>tekst</w:t></w:r></w:ins>",
            "<w:r><w:t>tekst</w:t></w:r><w:r><w:commentReference w:id=\"1\"/></w:r>",
            "<w:r><w:t>tekst</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r>",
            "<w:r><w:t>tekst</w:t></w:r><w:r><w:drawing/></w:r>",
            "<w:r><w:t>tekst</w:t></w:r><w:bookmarkStart w:id=\"1\" w:name=\"Hier\"/><w:bookmarkEnd w:id=\"1\"/>",
            "<w:r><w:t>tekst</w:t></w:r><w:bookmarkStart w:id=\"1\" w:name=\"_Ref12\"/><w:bookmarkEnd w:id=\"1\"/>",
            "<w:pPr><w:rPr><w:del w:author=\"Jan\"/></w:rPr></w:pPr><w:r><w:t>tekst</w:t></w:r>",
            "<w:hyperlink><w:r><w:t>tekst</w:t></w:r></w:hyperlink>",
        ] {
            assert_ne!(read(&plain), read(&block(changed)), "{changed}");
        }
    }

    #[test]
    fn a_cell_that_people_coloured_is_seen_and_the_colour_of_a_table_style_is_not() {
        let cell = |fill: &str| {
            format!("<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill=\"{fill}\"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>")
        };
        let read = |fill: &str| {
            let xml = cell(fill);
            let all = elements(&xml).unwrap();
            Reading::of("<w:styles><w:shd w:fill=\"F1F7F6\"/></w:styles>", &all).read(&xml, &all, &(0..xml.len()))
        };
        assert_eq!(read("auto"), read("f1f7f6"));
        assert_ne!(read("auto"), read("FFFF00"));
    }

    #[test]
    fn a_prompt_that_was_filled_in_is_read_as_it_was_and_an_unknown_one_is_not() {
        let prompt = |text: &str| {
            format!(
                "<w:x><w:sdt><w:sdtPr><w:tag w:val=\"wa:vul:a\"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>\
                 </w:sdtContent></w:sdt></w:x>"
            )
        };
        let read = |text: &str| {
            let xml = prompt(text);
            let all = elements(&xml).unwrap();
            let mut reading = Reading::of("<w:styles/>", &all);
            reading.prompts.insert("wa:vul:a".to_owned(), "¶[Wie?]".to_owned());
            reading.read(&xml, &all, &(0..xml.len()))
        };
        assert_eq!(read("[Wie?]"), read("Fatima"));
        assert_ne!(read("[Wie?]"), read("[nog vragen]"));
    }

    #[test]
    fn a_prompt_that_slants_is_read_as_it_was_when_filled_in_and_as_before_it_slanted() {
        let read = |look: &str, text: &str| {
            let xml = format!(
                "<w:x><w:sdt><w:sdtPr><w:tag w:val=\"wa:vul:a\"/></w:sdtPr><w:sdtContent><w:p><w:r>{look}<w:t>{text}</w:t></w:r>\
                 </w:p></w:sdtContent></w:sdt></w:x>"
            );
            let all = elements(&xml).unwrap();
            let mut reading = Reading::of("<w:styles/>", &all);
            reading.prompts.insert("wa:vul:a".to_owned(), "¶⟨i⟩[Wie?]".to_owned());
            let seen = reading.read(&xml, &all, &(0..xml.len()));
            (reading.with_upright_prompts(&seen), seen)
        };
        let slanted = read("<w:rPr><w:i/></w:rPr>", "[Wie?]");
        assert_eq!(read("", "Fatima"), slanted);
        assert_eq!(slanted.0, read("", "[Wie?]").1);
    }

    #[test]
    fn the_hash_is_the_same_in_every_version() {
        // The published values of FNV-1a for these texts, 0xcbf29ce484222325 and 0xaf63dc4c8601ec8c, in our letters.
        assert_eq!(hash(""), "fzieccs44u4xm");
        assert_eq!(hash("a"), "me3dadsj46y6k");
    }
}
