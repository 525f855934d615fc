//! Where the cover page of an organisation ends: what of its text stays.
//!
//! A new page may begin in several ways: with a break (also one in the middle of a paragraph), with a section, or because a
//! paragraph or its style asks for it ('Pagina-einde voor'). What stands behind it is an example, which goes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Facts, placeholder};
use crate::document::renew::children;
use crate::package::xml::{Element, elements, is_true, text_of};

/// Most paragraphs of a cover page; what is longer is the text of the organisation.
const LONGEST_COVER: usize = 60;

/// What stays of the text of an organisation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cover {
    /// The text that stays; empty when none does.
    pub(super) kept: Range<usize>,
    /// What of that goes all the same: signs of which the other half does not stay.
    pub(super) without: Vec<Range<usize>>,
    /// What has to be closed behind it, where it ends in the middle of a paragraph.
    pub(super) closing: String,
    /// What follows has to begin a page itself.
    pub(super) new_page: bool,
    /// A short first page was left out, because nothing is to be filled in there.
    pub(super) left_out: bool,
}

/// The cover page: one made with Word, or everything up to the first new page when something is to be filled in there.
pub(super) fn cover(text: &str, all: &[Element], body: usize, styles: &str) -> Cover {
    let start = all.get(body).map_or(0, |e| e.content.start);
    let none = Cover { kept: start..start, ..Cover::default() };
    let inside = |span: &Range<usize>| {
        let span = span.clone();
        all.iter().enumerate().filter(move |(_, e)| span.contains(&e.span.start))
    };
    let gallery = |e: &Element| {
        e.local == "docPartGallery" && e.attribute("val").is_some_and(|v| v.to_lowercase().contains("cover"))
    };
    let made = children(all, body).find(|child| inside(&child.span).any(|(_, e)| gallery(e)));
    if let Some(made) = made {
        return Cover { kept: start..made.span.end, ..none };
    }
    let Some(found) = end(text, all, body, &new_pages(styles)) else { return none };
    let short = inside(&found.kept).filter(|(_, e)| e.local == "p").count() <= LONGEST_COVER;
    let asks = |(index, e): (usize, &Element)| match e.local.as_str() {
        "sdt" => placeholder(all, index).is_some_and(|names| names.iter().any(|name| Facts::knows(name))),
        "instrText" => asks_for_a_property(&text_of(text, e)),
        "fldSimple" => e.attribute("instr").is_some_and(asks_for_a_property),
        _ => false,
    };
    if short && inside(&found.kept).any(asks) { found } else { Cover { left_out: short, ..none } }
}

/// True for the code of a field that shows a property of the document.
fn asks_for_a_property(code: &str) -> bool {
    let kind = code.split_whitespace().next().unwrap_or_default().to_uppercase();
    matches!(kind.as_str(), "DOCPROPERTY" | "TITLE" | "AUTHOR" | "SUBJECT")
}

/// Everything before the first new page of a body.
fn end(text: &str, all: &[Element], body: usize, new_pages: &BTreeMap<String, bool>) -> Option<Cover> {
    let whole = all.get(body)?;
    let start = whole.content.start;
    for (index, element) in all.iter().enumerate().skip(body + 1) {
        if element.span.start >= whole.span.end {
            break;
        }
        let child = || children(all, body).find(|child| child.span.contains(&element.span.start));
        match element.local.as_str() {
            "sectPr" if element.depth > whole.depth + 1 => {
                return Some(Cover { kept: start..child()?.span.end, ..Cover::default() });
            }
            "br" if element.attribute("type") == Some("page") => {
                return Some(
                    after_break(text, all, body, index)
                        .unwrap_or(Cover { kept: start..child()?.span.end, ..Cover::default() }),
                );
            }
            "p" if begins_a_page(all, index, new_pages) && in_text(all, body, index) => {
                let own = |e: &Element| matches!(e.local.as_str(), "p" | "tbl") && e.span.start >= start;
                // On the first page it changes nothing.
                if !all.iter().take(index).any(own) {
                    continue;
                }
                let child = child()?;
                // A table of contents begins with such a heading.
                let first = !all.iter().take(index).any(|e| own(e) && child.span.contains(&e.span.start));
                let cut = if first { child.span.start } else { element.span.start };
                let closing = if first { String::new() } else { closing(all, body, index) };
                return Some(Cover { kept: start..cut, closing, new_page: true, ..Cover::default() });
            }
            _ => {}
        }
    }
    None
}

/// What stays where text follows on a break in its paragraph; `None` when none does, or it cannot be cut there.
fn after_break(text: &str, all: &[Element], body: usize, index: usize) -> Option<Cover> {
    let start = all.get(body)?.content.start;
    let page = all.get(index)?;
    let paragraph_at = parents(all, body, index).find(|at| all.get(*at).is_some_and(|e| e.local == "p"))?;
    let paragraph = all.get(paragraph_at)?;
    if !in_text(all, body, paragraph_at) {
        return None;
    }
    let shows = |e: &&Element| {
        matches!(e.local.as_str(), "drawing" | "pict" | "object" | "sdt" | "fldSimple")
            || (e.local == "t" && !text_of(text, e).trim().is_empty())
    };
    let of_paragraph = || all.iter().skip(paragraph_at + 1).take_while(|e| e.span.start < paragraph.span.end);
    of_paragraph().filter(|e| e.span.start >= page.span.end).find(shows)?;
    // A field that is opened before the break and closed behind it is not cut through, nor is a control that is filled in.
    let before = || of_paragraph().filter(|e| e.span.start < page.span.start);
    let signs = |kind: &str| before().filter(|e| e.attribute("fldCharType") == Some(kind)).count();
    let filled = |at: usize| placeholder(all, at).is_some_and(|names| names.iter().any(|name| Facts::knows(name)));
    let around = |at: usize| all.get(at).is_some_and(|e| e.local == "sdt") && filled(at);
    if signs("begin") != signs("end") || parents(all, body, index).any(around) {
        return None;
    }
    let mut without: Vec<Range<usize>> = before()
        .filter(|e| e.local == "bookmarkStart" || e.local == "commentRangeStart")
        .filter(|open| {
            let closes = open.local.replace("Start", "End");
            !before().any(|e| e.local == closes && e.attribute("id") == open.attribute("id"))
        })
        .map(|e| e.span.clone())
        .collect();
    // A heading of which only the break is left is none: it would stand in the table of contents without words.
    if before().find(shows).is_none() {
        let properties =
            all.iter().position(|e| e.local == "pPr" && e.parent == Some(paragraph_at)).unwrap_or(usize::MAX);
        let own = all.iter().filter(|e| e.parent == Some(properties) && e.local != "sectPr");
        without.extend(own.map(|e| e.span.clone()));
    }
    let closing = closing(all, body, index);
    Some(Cover { kept: start..page.span.end, without, closing, ..Cover::default() })
}

/// The elements around one, from within, up to the body.
fn parents(all: &[Element], body: usize, index: usize) -> impl Iterator<Item = usize> {
    let up = move |at: usize| all.get(at).and_then(|e| e.parent).filter(move |at| *at != body);
    std::iter::successors(up(index), move |at| up(*at))
}

/// The end tags of everything around an element.
fn closing(all: &[Element], body: usize, index: usize) -> String {
    parents(all, body, index).filter_map(|at| all.get(at)).map(|e| format!("</{}>", e.name)).collect()
}

/// True for a paragraph of the running text: not in a table or a drawing.
fn in_text(all: &[Element], body: usize, index: usize) -> bool {
    !parents(all, body, index)
        .filter_map(|at| all.get(at))
        .any(|e| matches!(e.local.as_str(), "tbl" | "drawing" | "pict" | "txbxContent" | "AlternateContent"))
}

/// True for a paragraph that begins a page by itself or by its style.
fn begins_a_page(all: &[Element], index: usize, new_pages: &BTreeMap<String, bool>) -> bool {
    let properties = all.iter().enumerate().skip(index + 1).take(1).find(|(_, e)| e.local == "pPr");
    let of = |name: &str| {
        let (at, properties) = properties?;
        let inside = all.iter().skip(at + 1).take_while(|e| e.span.start < properties.span.end);
        inside.filter(|e| e.parent == Some(at)).find(|e| e.local == name)
    };
    match of("pageBreakBefore") {
        Some(said) => said.attribute("val").is_none_or(|value| is_true(Some(value))),
        None => {
            let style = of("pStyle").and_then(|style| style.attribute("val")).unwrap_or_default();
            new_pages.get(style).copied().unwrap_or(false)
        }
    }
}

/// The styles of paragraphs by whether they begin a page, also by a style they are based on; the style of paragraphs without
/// one has no name.
fn new_pages(styles: &str) -> BTreeMap<String, bool> {
    let all = elements(styles).unwrap_or_default();
    let mut said: BTreeMap<&str, (Option<bool>, Option<&str>)> = BTreeMap::new();
    let mut usual = None;
    for (index, style) in all.iter().enumerate().filter(|(_, e)| e.local == "style") {
        if style.attribute("type") != Some("paragraph") {
            continue;
        }
        let Some(id) = style.attribute("styleId") else { continue };
        let inside = || all.iter().skip(index + 1).take_while(|e| e.span.start < style.span.end);
        let on = inside().find(|e| e.local == "pageBreakBefore");
        let on = on.map(|e| e.attribute("val").is_none_or(|value| is_true(Some(value))));
        said.insert(id, (on, inside().find(|e| e.local == "basedOn").and_then(|e| e.attribute("val"))));
        if is_true(style.attribute("default")) {
            usual = Some(id);
        }
    }
    let begins = |id: &str| {
        let mut next = Some(id);
        for _ in 0..9 {
            let Some((on, base)) = next.and_then(|id| said.get(id)) else { break };
            if let Some(on) = on {
                return *on;
            }
            next = *base;
        }
        false
    };
    let named = said.keys().map(|id| ((*id).to_owned(), begins(id)));
    named.chain(usual.map(|id| (String::new(), begins(id)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKS: &str = "<w:p><w:sdt><w:sdtPr><w:tag w:val=\"wijk\"/></w:sdtPr><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent>\
         </w:sdt></w:p>";
    const STYLES: &str = "<w:styles><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"S\"/>\
         <w:style w:type=\"paragraph\" w:styleId=\"K1\"><w:pPr><w:pageBreakBefore/></w:pPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"I\"><w:basedOn w:val=\"K1\"/></w:style></w:styles>";

    /// What stays of a body, closed, and whether what follows begins a page.
    fn kept(body: &str) -> (String, bool, bool) {
        let text = format!("<w:document><w:body>{body}</w:body></w:document>");
        let all = elements(&text).unwrap();
        let found = cover(&text, &all, 1, STYLES);
        let mut splices = crate::package::xml::Splices::default();
        found.without.iter().for_each(|gone| splices.replace(gone.clone(), ""));
        splices.replace(found.kept.end..text.len(), "");
        let stays = splices.apply(&text).replace("<w:document><w:body>", "") + &found.closing;
        assert!(elements(&format!("<w:x>{stays}</w:x>")).is_ok(), "{stays}");
        (stays, found.new_page, found.left_out)
    }

    fn heading(style: &str, more: &str) -> String {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{more}<w:r><w:t>Inleiding</w:t></w:r></w:p>")
    }

    const BREAK: &str = "<w:r><w:br w:type=\"page\"/></w:r>";

    #[test]
    fn a_cover_ends_before_a_paragraph_that_begins_a_page_itself_or_by_its_style() {
        let direct = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>Inleiding</w:t></w:r></w:p>";
        let contents = format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", heading("I", ""));
        for next in [direct.to_owned(), heading("K1", ""), contents] {
            assert_eq!(kept(&format!("{ASKS}{next}")), (ASKS.to_owned(), true, false), "{next}");
            // Nothing to fill in: it is told that the page goes.
            assert_eq!(kept(&format!("<w:p/>{next}")), (String::new(), false, true), "{next}");
        }
        let not = heading("K1", "").replace("</w:pPr>", "<w:pageBreakBefore w:val=\"0\"/></w:pPr>");
        assert_eq!(kept(&format!("{ASKS}{not}")), (String::new(), false, false));
        // The first paragraph begins the first page anyhow.
        let first = ASKS.replace("<w:p>", "<w:p><w:pPr><w:pageBreakBefore/></w:pPr>");
        assert_eq!(kept(&format!("{first}<w:p>{BREAK}</w:p>")).0, format!("{first}<w:p>{BREAK}</w:p>"));
    }

    #[test]
    fn of_a_paragraph_with_a_break_in_it_only_what_stands_before_the_break_is_cover() {
        let before = "<w:r><w:t>Voor</w:t></w:r>";
        let split = format!("{ASKS}<w:p>{before}{BREAK}<w:r><w:t>oud</w:t></w:r></w:p><w:p/>");
        assert_eq!(kept(&split).0, format!("{ASKS}<w:p>{before}{BREAK}</w:p>"));
        // Of a heading only the break is left, which is no heading; half of its bookmark goes with it.
        let bookmark = "<w:bookmarkStart w:id=\"4\" w:name=\"_Toc1\"/>";
        let one =
            heading("Kop1", &format!("{bookmark}{BREAK}")).replace("</w:p>", "<w:bookmarkEnd w:id=\"4\"/></w:p>");
        assert_eq!(kept(&format!("{ASKS}{one}")).0, format!("{ASKS}<w:p><w:pPr></w:pPr>{BREAK}</w:p>"));
        // Nothing behind it: to the letter.
        let alone = format!("{ASKS}<w:p><w:pPr><w:pStyle w:val=\"K\"/></w:pPr>{BREAK}</w:p>");
        assert_eq!(kept(&format!("{alone}<w:p/>")).0, alone);
    }
}
