//! The room that something has where it stands in a document: that of its section and its columns, of the cell of a table
//! or of a text box. Word lays out the page; what is reckoned here is what the document says of it.

use super::cells::{Around, around};
use super::docx::{A4, twips};
use crate::package::xml::{Element, is_true};

/// Blank of a cell at its left and its right where the table does not say so, and of a text box.
const CELL: f64 = 108.0;
const BOX: f64 = 144.0;
/// Blank between columns of text where the section does not say so.
const BETWEEN: f64 = 720.0;
/// English Metric Units in a twentieth of a point.
const EMU: f64 = 635.0;
/// Nothing is made for less than this.
const LEAST: f64 = 1000.0;

/// Width and height of the text at some place, in twentieths of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Standing {
    pub(super) width: f64,
    pub(super) height: Option<f64>,
}

/// The room at the element with number `index`; `None` where the document does not say it.
pub(super) fn at(all: &[Element], index: usize) -> Option<Standing> {
    let start = all.get(index)?.span.start;
    let section = section(all, start)?;
    let inner = match around(all, index) {
        Around::Cell(cell) => cell_width(all, cell),
        _ => None,
    };
    let width = inner.or_else(|| holder(all, index)).unwrap_or(section.width);
    Some(Standing { width: width.max(LEAST), ..section })
}

fn inside(all: &[Element], index: usize) -> impl Iterator<Item = (usize, &Element)> {
    let end = all.get(index).map_or(0, |e| e.span.end);
    all.iter().enumerate().skip(index + 1).take_while(move |(_, e)| e.span.start < end)
}

fn number(element: Option<&Element>, attribute: &str) -> Option<f64> {
    twips(element?.attribute(attribute)?)
}

/// The column of text of the section in which the place `start` lies: a section is told at its end.
fn section(all: &[Element], start: usize) -> Option<Standing> {
    let parent = |e: &Element| e.parent.and_then(|at| all.get(at));
    let mut sections = all.iter().enumerate().filter(|(_, e)| e.local == "sectPr");
    let (index, _) = sections.find(|(_, e)| {
        // That of a section which is not the last lies in the properties of its last paragraph.
        let paragraph = parent(e).filter(|e| e.local == "pPr").and_then(parent);
        parent(e).is_none_or(|outer| outer.local != "sectPrChange") && paragraph.unwrap_or(e).span.end > start
    })?;
    let find = |name: &str| inside(all, index).map(|(_, e)| e).find(|e| e.local == name);
    let (page, margins) = (find("pgSz"), find("pgMar"));
    let margin = |side: &str| number(margins, side).unwrap_or(0.0).abs();
    let text = number(page, "w").unwrap_or(A4.0) - margin("left") - margin("right") - margin("gutter");
    let height = number(page, "h").unwrap_or(A4.1) - margin("top") - margin("bottom");
    let columns = find("cols");
    // Which of columns that differ it will be is not known: the narrowest.
    let differ = inside(all, index).map(|(_, e)| e).filter(|e| e.local == "col");
    let differ = differ.filter_map(|e| number(Some(e), "w")).min_by(f64::total_cmp);
    let equal = columns.and_then(|e| e.attribute("equalWidth")).is_none_or(|value| is_true(Some(value)));
    let count = number(columns, "num").unwrap_or(1.0).max(1.0);
    let between = number(columns, "space").unwrap_or(BETWEEN);
    let width = match differ.filter(|_| !equal) {
        Some(narrowest) => narrowest,
        None => (text - (count - 1.0) * between) / count,
    };
    (text >= 2000.0).then_some(Standing { width, height: Some(height).filter(|height| *height > 2000.0) })
}

/// Width inside the innermost cell or text box in which an element lies.
fn holder(all: &[Element], index: usize) -> Option<f64> {
    let mut outer = all.get(index)?.parent;
    while let Some(at) = outer {
        let element = all.get(at)?;
        match element.local.as_str() {
            "tc" => return cell_width(all, at),
            "txbxContent" => return box_width(all, at),
            _ => outer = element.parent,
        }
    }
    None
}

fn box_width(all: &[Element], index: usize) -> Option<f64> {
    let mut outer = all.get(index)?.parent;
    while let Some(at) = outer {
        let element = all.get(at)?;
        if matches!(element.local.as_str(), "anchor" | "inline") {
            let extent = inside(all, at).find(|(_, e)| e.local == "extent")?.1;
            let width = extent.attribute("cx")?.parse::<f64>().ok()? / EMU;
            return Some(width - 2.0 * BOX);
        }
        outer = element.parent;
    }
    None
}

/// Width for text in the cell with this number: what it says itself, else what the columns of its table say.
fn cell_width(all: &[Element], index: usize) -> Option<f64> {
    let ancestor = |from: usize, name: &str| {
        let mut outer = all.get(from)?.parent;
        while let Some(at) = outer {
            let element = all.get(at)?;
            if element.local == name {
                return Some(at);
            }
            outer = element.parent;
        }
        None
    };
    let table = ancestor(index, "tbl")?;
    // What stands in a cell of a table inside this one says nothing of it.
    let of = |owner: usize, holder: &str, name: &str| {
        let properties =
            inside(all, owner).find(|(_, e)| e.local == holder && e.parent == Some(owner)).map(|(at, _)| at)?;
        inside(all, properties).find(|(_, e)| e.local == name).map(|(at, _)| at)
    };
    let grid: Vec<f64> = inside(all, table)
        .find(|(_, e)| e.local == "tblGrid")
        .map(|(at, _)| inside(all, at).filter_map(|(_, e)| number(Some(e), "w")).collect())
        .unwrap_or_default();
    let span = |cell: usize| {
        let said = of(cell, "tcPr", "gridSpan").and_then(|at| number(all.get(at), "val"));
        said.map_or(1, |said| said as usize).max(1)
    };
    let said = of(index, "tcPr", "tcW").and_then(|at| all.get(at));
    let measured = said.filter(|e| e.attribute("type").is_none_or(|kind| kind == "dxa"));
    let by_grid = || {
        let row = ancestor(index, "tr")?;
        let before = of(row, "trPr", "gridBefore").and_then(|at| number(all.get(at), "val"));
        let cells = inside(all, row).filter(|(at, e)| e.local == "tc" && ancestor(*at, "tr") == Some(row));
        let skipped: usize = cells.take_while(|(at, _)| *at < index).map(|(at, _)| span(at)).sum();
        let first = skipped + before.map_or(0, |before| before as usize);
        let columns = grid.get(first..)?;
        Some(columns.iter().take(span(index)).sum::<f64>())
    };
    let width = number(measured, "w").filter(|width| *width > 0.0).or_else(by_grid);
    let margins = of(index, "tcPr", "tcMar").or_else(|| of(table, "tblPr", "tblCellMar"));
    let side = |names: [&str; 2]| {
        let found =
            margins.and_then(|at| inside(all, at).map(|(_, e)| e).find(|e| names.contains(&e.local.as_str())));
        number(found, "w").unwrap_or(CELL)
    };
    width.filter(|width| *width > 0.0).map(|width| width - side(["left", "start"]) - side(["right", "end"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::xml::elements;

    const UPRIGHT: &str = "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:left=\"1304\" w:right=\"1304\"/>COLS</w:sectPr>";
    const LYING: &str =
        "<w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\"/><w:pgMar w:left=\"1419\" w:right=\"1419\"/></w:sectPr>";

    fn widths(body: &str, columns: &str) -> Vec<f64> {
        let text = format!("<w:body>{body}{}</w:body>", UPRIGHT.replace("COLS", columns));
        let all = elements(&text).unwrap();
        let controls = all.iter().enumerate().filter(|(_, e)| e.local == "sdt");
        controls.map(|(index, _)| at(&all, index).unwrap().width).collect()
    }

    #[test]
    fn the_room_is_that_of_the_own_section_and_column() {
        let lying = format!("<w:sdt/><w:p><w:pPr>{LYING}</w:pPr><w:sdt/></w:p><w:sdt/>");
        assert_eq!(widths(&lying, ""), [14_000.0, 14_000.0, 9298.0]);
        assert_eq!(widths("<w:sdt/>", "<w:cols w:num=\"2\" w:space=\"708\"/>"), [4295.0]);
        let differ = "<w:cols w:num=\"2\" w:equalWidth=\"0\"><w:col w:w=\"6000\"/><w:col w:w=\"2590\"/></w:cols>";
        assert_eq!(widths("<w:sdt/>", differ), [2590.0]);
    }

    #[test]
    fn in_a_cell_the_room_is_that_of_the_cell_and_in_a_text_box_that_of_the_box() {
        let grid =
            "<w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"4000\"/></w:tblGrid>";
        let cell = |width: &str, inside: &str| format!("<w:tc><w:tcPr>{width}</w:tcPr>{inside}</w:tc>");
        let own = "<w:tcW w:w=\"6500\" w:type=\"dxa\"/>";
        let rows = [
            format!("<w:tr>{}{}</w:tr>", cell("", ""), cell(own, "<w:p><w:sdt/></w:p>")),
            format!("<w:tr>{}{}</w:tr>", cell("", ""), cell("<w:gridSpan w:val=\"2\"/>", "<w:sdt/>")),
            format!("<w:tr><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:tr>", cell(own, "<w:p/>")),
        ];
        let table = format!("<w:tbl><w:tblPr/>{grid}{}</w:tbl>", rows.concat());
        assert_eq!(widths(&table, ""), [6284.0, 6784.0, 6284.0]);
        let margins = "<w:tblPr><w:tblCellMar><w:left w:w=\"0\"/><w:right w:w=\"50\"/></w:tblCellMar></w:tblPr>";
        assert_eq!(widths(&table.replace("<w:tblPr/>", margins), ""), [6450.0, 6950.0, 6450.0]);
        let drawn =
            "<w:p><wp:anchor><wp:extent cx=\"2540000\"/><w:txbxContent><w:sdt/></w:txbxContent></wp:anchor></w:p>";
        assert_eq!(widths(drawn, ""), [3712.0]);
    }
}
