//! Text boxes in which blocks stand: they grow with what comes in them, and the copy for older programs says the same.
//!
//! Word writes a text box twice: as a drawing, and as the copy (`mc:Fallback`) that programs read which know no such drawing.
//! Blocks are written in the first; here the copy follows. What has no block of ours is left alone.

use super::docx::{is_older_copy, is_strict};
use super::print::tag;
use super::renew::{children, is_block};
use super::template::is_fact;
use crate::package::parts::in_strict;
use crate::package::xml::{Element, Splices, elements, text_of, with_attribute};

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
/// What stands in a text box once: links and comments refer to it.
const ONCE: [&str; 5] =
    ["bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference"];

/// The text of a document of which the text boxes with a block grow with what stands in them.
pub(super) fn grown(text: &str) -> String {
    let Ok(all) = elements(text) else { return text.to_owned() };
    let mut splices = Splices::default();
    for at in boxes(&all) {
        grow(text, &all, at, &mut splices);
        if let Some(copy) = copy(&all, at) {
            grow(text, &all, copy, &mut splices);
        }
    }
    splices.apply(text)
}

/// The text of a document of which the copies of text boxes with a block say what those say.
pub(super) fn copied(text: &str) -> String {
    let Ok(all) = elements(text) else { return text.to_owned() };
    let mut splices = Splices::default();
    for at in boxes(&all) {
        let Some((from, to)) = copy(&all, at).and_then(|copy| Some((all.get(at)?, all.get(copy)?))) else {
            continue;
        };
        // Word makes the copy itself when it saves; that is as good.
        if to.empty || words(text, &all, from) == words(text, &all, to) {
            continue;
        }
        let inside = inside(&all, from).filter(|(_, e)| ONCE.contains(&e.local.as_str()));
        let mut once = Splices::default();
        for (_, element) in inside {
            let shift = from.content.start;
            once.replace(element.span.start - shift..element.span.end - shift, "");
        }
        let content = once.apply(text.get(from.content.clone()).unwrap_or_default());
        if names_are_known(&all, at, &content) {
            splices.replace(to.content.clone(), content);
        }
    }
    splices.apply(text)
}

/// The text boxes in which a block stands, without the copies for older programs.
fn boxes(all: &[Element]) -> Vec<usize> {
    let found = all.iter().enumerate().filter(|(at, e)| e.local == "txbxContent" && !is_older_copy(all, *at));
    found.filter(|(_, e)| !blocks(all, e).is_empty()).map(|(at, _)| at).collect()
}

/// The tags of the blocks in an element.
fn blocks(all: &[Element], of: &Element) -> Vec<String> {
    let controls = inside(all, of).filter(|(_, e)| e.local == "sdt");
    let tags = controls.filter_map(|(at, _)| Some(tag(all, at)?.trim().to_lowercase()));
    tags.filter(|tag| is_block(tag) && !is_fact(tag)).collect()
}

fn inside<'a>(all: &'a [Element], of: &Element) -> impl Iterator<Item = (usize, &'a Element)> + use<'a> {
    let (first, end) = (all.partition_point(|e| e.span.start < of.content.start), of.content.end);
    all.iter().enumerate().skip(first).take_while(move |(_, e)| e.span.start < end)
}

fn words(text: &str, all: &[Element], of: &Element) -> String {
    inside(all, of).filter(|(_, e)| e.local == "t").map(|(_, e)| text_of(text, e)).collect()
}

/// The first element called `name` around the one at `index`.
fn around(all: &[Element], index: usize, name: &str) -> Option<usize> {
    let outer = std::iter::successors(all.get(index)?.parent, |at| all.get(*at)?.parent);
    outer.into_iter().find(|at| all.get(*at).is_some_and(|e| e.local == name))
}

/// The copy of the text box at `index` for older programs, when it has a block of that box.
fn copy(all: &[Element], index: usize) -> Option<usize> {
    let choice = around(all, index, "Choice")?;
    let both = around(all, choice, "AlternateContent")?;
    let older = children(all, both).find(|e| e.local == "Fallback")?;
    let in_boxes = |of: &Element| -> Vec<usize> {
        inside(all, of).filter(|(_, e)| e.local == "txbxContent").map(|(at, _)| at).collect()
    };
    // A drawing may hold several boxes: they stand in the same order.
    let (new, old) = (in_boxes(all.get(choice)?), in_boxes(older));
    let place = new.iter().position(|at| *at == index).filter(|_| new.len() == old.len())?;
    let copy = *old.get(place)?;
    let ours = blocks(all, all.get(index)?);
    blocks(all, all.get(copy)?).iter().any(|tag| ours.contains(tag)).then_some(copy)
}

/// Lets the box around the text at `index` grow.
fn grow(text: &str, all: &[Element], index: usize, splices: &mut Splices) {
    if let Some(frame) = around(all, index, "textbox").and_then(|at| all.get(at)) {
        let style = frame.attribute("style").unwrap_or_default();
        if !style.contains("mso-fit-shape-to-text") {
            let style = format!(
                "{}mso-fit-shape-to-text:t",
                if style.is_empty() { String::new() } else { format!("{style};") }
            );
            let tag = text.get(frame.tag.clone()).unwrap_or_default();
            splices.replace(frame.tag.clone(), with_attribute(tag, "style", &style));
        }
        return;
    }
    let Some(shape) = around(all, index, "wsp") else { return };
    let Some(body) = all.iter().position(|e| e.parent == Some(shape) && e.local == "bodyPr") else { return };
    let Some(properties) = all.get(body) else { return };
    let uri = if is_strict(all) { in_strict(DRAWING) } else { DRAWING.to_owned() };
    let fits = format!("<a:spAutoFit xmlns:a=\"{uri}\"/>");
    let mut held = children(all, body);
    if let Some(said) = held.find(|e| e.local.ends_with("utofit") || e.local == "spAutoFit") {
        if said.local != "spAutoFit" {
            splices.replace(said.span.clone(), fits);
        }
    } else if properties.empty {
        let tag = text.get(properties.tag.clone()).unwrap_or_default();
        let open = tag.trim_end_matches("/>").trim_end();
        splices.replace(properties.tag.clone(), format!("{open}>{fits}</{}>", properties.name));
    } else {
        let bent = children(all, body).find(|e| e.local == "prstTxWarp");
        splices.insert(bent.map_or(properties.content.start, |e| e.span.end), fits);
    }
}

/// True when what stands in the box at `index` uses no name that only the drawing around it declares.
fn names_are_known(all: &[Element], index: usize, content: &str) -> bool {
    let root = all.first().map(|root| root.attributes.as_slice()).unwrap_or_default();
    let outer = std::iter::successors(all.get(index).and_then(|e| e.parent), |at| all.get(*at)?.parent);
    let own = outer.filter(|at| *at > 0).filter_map(|at| all.get(at)).flat_map(|e| &e.attributes);
    let mut own = own.filter(|known| known.0.starts_with("xmlns:") && !root.contains(known));
    !own.any(|(name, _)| {
        let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
        [format!("<{prefix}:"), format!(" {prefix}:")].iter().any(|used| content.contains(used))
    })
}
