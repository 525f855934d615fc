//! Content controls and the tables they lie in: around which cells a control lies, and what the end of a cell needs.
//!
//! Word puts a control around a whole cell when somebody makes one there, and around a row when that is chosen. What comes
//! in place of such a control still has to be a cell.

use std::ops::Range;

use crate::package::tree::Element as Made;
use crate::package::xml::Element;

/// What holds paragraphs and tables, and has to end with a paragraph.
const ENDING: [&str; 7] = ["tc", "txbxContent", "hdr", "ftr", "footnote", "endnote", "comment"];

/// What a content control lies around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// Paragraphs and tables, or words in a paragraph.
    Text,
    /// One cell, with its number among the elements.
    Cell(usize),
    /// Several cells, rows of several cells, or nothing in a row.
    Cells,
}

/// The innermost element from `parent` outwards that is no mark of another program: `customXml` and `smartTag` lie around
/// paragraphs and words and change nothing of what stands there.
pub(super) fn outside_marks(all: &[Element], parent: Option<usize>) -> Option<(usize, &Element)> {
    let mut outer = parent;
    loop {
        let at = outer?;
        let element = all.get(at)?;
        if !matches!(element.local.as_str(), "customXml" | "smartTag") {
            return Some((at, element));
        }
        outer = element.parent;
    }
}

/// Around what the control at `index` lies.
pub(super) fn around(all: &[Element], index: usize) -> Around {
    let parent = |index: usize| all.get(index).and_then(|e| e.parent).and_then(|at| Some((at, all.get(at)?)));
    let mut outer = parent(index);
    // Controls and marks of other programs may lie between it and the row.
    while let Some((at, _)) = outer.filter(|(_, e)| matches!(e.local.as_str(), "sdt" | "sdtContent" | "customXml"))
    {
        outer = parent(at);
    }
    if !outer.is_some_and(|(_, e)| matches!(e.local.as_str(), "tr" | "tbl")) {
        return Around::Text;
    }
    let end = all.get(index).map_or(0, |control| control.span.end);
    let inside = all.iter().enumerate().skip(index + 1).take_while(|(_, e)| e.span.start < end);
    let mut cells = Vec::new();
    let mut last = 0;
    // Cells of a table in a cell are no cells of this row.
    for (at, cell) in inside.filter(|(_, e)| e.local == "tc") {
        if cell.span.start >= last {
            last = cell.span.end;
            cells.push(at);
        }
    }
    match cells.as_slice() {
        [cell] if all.get(*cell).is_some_and(|cell| !cell.empty) => Around::Cell(*cell),
        _ => Around::Cells,
    }
}

/// What stands in the cell at `index`, without its properties and without the empty paragraph that only ends it.
pub(super) fn inside(all: &[Element], index: usize) -> Range<usize> {
    let Some(cell) = all.get(index) else { return 0..0 };
    let children: Vec<&Element> = super::renew::children(all, index).filter(|e| e.local != "tcPr").collect();
    let properties = super::renew::children(all, index).find(|e| e.local == "tcPr");
    let start = properties.map_or(cell.content.start, |e| e.span.end);
    let words = |range: &Range<usize>| {
        let first = all.partition_point(|e| e.span.start < range.start);
        let mut inside = all.iter().skip(first).take_while(|e| e.span.start < range.end);
        inside.any(|e| matches!(e.local.as_str(), "r" | "sdt" | "fldSimple"))
    };
    match children.as_slice() {
        [.., table, end] if table.local == "tbl" && end.local == "p" && !words(&end.span) => start..table.span.end,
        _ => start..cell.content.end,
    }
}

/// True when what stands at `span` is the last of a cell, a text box or a note: then a paragraph has to come last.
pub(super) fn is_last(all: &[Element], span: &Range<usize>) -> bool {
    let first = all.partition_point(|e| e.span.start <= span.start);
    let around = |e: &&Element| e.content.start <= span.start && span.end <= e.content.end && !e.empty;
    let holds = |e: &&Element| e.local == "body" || ENDING.contains(&e.local.as_str());
    // Innermost first.
    let holder = all.iter().take(first).rev().filter(around).find(holds).filter(|e| e.local != "body");
    holder.is_some_and(|holder| {
        let after = all.partition_point(|e| e.span.start < span.end);
        let mut after = all.iter().skip(after).take_while(|e| e.span.start < holder.content.end);
        !after.any(|e| e.local == "p")
    })
}

/// True when the last thing among these elements is a table, also inside a control.
pub(super) fn ends_with_table<'a>(content: impl Iterator<Item = &'a Made>) -> bool {
    let marks = |e: &&Made| {
        !["w:bookmarkStart", "w:bookmarkEnd", "w:customXmlInsRangeStart", "w:customXmlInsRangeEnd"]
            .contains(&e.name.as_str())
    };
    content.filter(marks).last().is_some_and(|last| match last.name.as_str() {
        "w:tbl" => true,
        "w:sdt" => last.child("w:sdtContent").is_some_and(|held| ends_with_table(held.elements())),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::xml::elements;

    fn of(row: &str) -> Around {
        let all = elements(&format!("<w:body><w:tbl>{row}</w:tbl></w:body>")).unwrap();
        around(&all, all.iter().position(|e| e.local == "sdt").unwrap())
    }

    #[test]
    fn a_control_lies_around_one_cell_around_several_or_around_text() {
        let control = |inside: &str| format!("<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>");
        let cell = "<w:tc><w:p/></w:tc>";
        let nested = format!("<w:tc><w:tbl><w:tr>{cell}{cell}</w:tr></w:tbl><w:p/></w:tc>");
        for one in [
            format!("<w:tr>{}</w:tr>", control(cell)),
            format!("<w:tr>{}</w:tr>", control(&nested)),
            control(&format!("<w:tr>{cell}</w:tr>")),
            control(&control(&format!("<w:tr>{cell}</w:tr>"))),
        ] {
            assert!(matches!(of(&one), Around::Cell(_)), "{one}");
        }
        for several in [
            control(&format!("<w:tr>{cell}{cell}</w:tr>")),
            control(&format!("<w:tr>{cell}</w:tr><w:tr>{cell}</w:tr>")),
            format!("<w:tr>{}</w:tr>", control("")),
        ] {
            assert_eq!(of(&several), Around::Cells, "{several}");
        }
        assert_eq!(of(&format!("<w:tr><w:tc>{}</w:tc></w:tr>", control("<w:p/>"))), Around::Text);
    }

    #[test]
    fn the_last_of_a_cell_needs_a_paragraph_and_the_last_of_a_document_does_not() {
        let text = "<w:body><w:tbl><w:tr><w:tc><w:sdt/></w:tc><w:tc><w:sdt/><w:p/></w:tc></w:tr></w:tbl><w:sdt/></w:body>";
        let all = elements(text).unwrap();
        let last: Vec<bool> =
            all.iter().filter(|e| e.local == "sdt").map(|control| is_last(&all, &control.span)).collect();
        assert_eq!(last, [true, false, false]);
    }
}
