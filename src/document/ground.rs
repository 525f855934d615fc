//! The ground on which something stands in a document: that of the cell of a table, by the cell itself or by the style of its
//! table. Word draws it below everything in the cell, also below a table that lies in it.

use crate::package::xml::{Element, elements, is_true};

/// Parts of a table style that say more of the ground of a cell than the whole does: name, and the setting that turns it on.
const PARTS: [(&str, &str); 4] =
    [("firstRow", "firstRow"), ("lastRow", "lastRow"), ("firstCol", "firstColumn"), ("lastCol", "lastColumn")];

/// The ground below the control at `index`, as `RRGGBB`; `None` where nothing says it.
pub(super) fn at(all: &[Element], index: usize, styles: &str) -> Option<String> {
    let styles = elements(styles).unwrap_or_default();
    let mut outer = match super::cells::around(all, index) {
        super::cells::Around::Cell(cell) => Some(cell),
        _ => parent(all, index),
    };
    while let Some(at) = outer {
        let element = all.get(at)?;
        // A text box has a ground of its own, which is not looked at.
        if element.local == "txbxContent" {
            return None;
        }
        if element.local == "tc"
            && let Some(ground) = of_cell(all, at, &styles)
        {
            return Some(ground);
        }
        outer = element.parent;
    }
    None
}

fn parent(all: &[Element], index: usize) -> Option<usize> {
    all.get(index)?.parent
}

/// What lies in the element at `index`.
fn inside(all: &[Element], index: usize) -> impl Iterator<Item = (usize, &Element)> {
    let end = all.get(index).map_or(0, |e| e.span.end);
    all.iter().enumerate().skip(index + 1).take_while(move |(_, e)| e.span.start < end)
}

/// A child of a child: `tcPr` and in it `shd`.
fn property<'a>(all: &'a [Element], index: usize, group: &str, name: &str) -> Option<&'a Element> {
    let (at, _) = inside(all, index).find(|(_, e)| e.parent == Some(index) && e.local == group)?;
    inside(all, at).find(|(_, e)| e.parent == Some(at) && e.local == name).map(|(_, e)| e)
}

fn fill(shading: Option<&Element>) -> Option<String> {
    shading?.attribute("fill").filter(|fill| *fill != "auto").map(str::to_owned)
}

fn of_cell(all: &[Element], cell: usize, styles: &[Element]) -> Option<String> {
    let own = property(all, cell, "tcPr", "shd");
    if own.is_some_and(|own| own.attribute("fill").is_some()) {
        return fill(own);
    }
    let up =
        |name: &str| std::iter::successors(parent(all, cell), |at| parent(all, *at)).find(|at| is(all, *at, name));
    let (table, row) = (up("tbl")?, up("tr")?);
    // A row or cell of this table, not of one that lies in it.
    let of_table = |at: usize, name: &'static str| {
        std::iter::successors(parent(all, at), |at| parent(all, *at)).find(|at| is(all, *at, name)) == Some(table)
    };
    let rows: Vec<usize> =
        inside(all, table).filter(|(at, e)| e.local == "tr" && of_table(*at, "tbl")).map(|(at, _)| at).collect();
    let cells: Vec<usize> =
        inside(all, row).filter(|(at, e)| e.local == "tc" && of_table(*at, "tbl")).map(|(at, _)| at).collect();
    let look = property(all, table, "tblPr", "tblLook");
    let on = |name: &str| match look.and_then(|look| look.attribute(name)) {
        Some(said) => is_true(Some(said)),
        // Older programs say it as bits; without a word Word looks at the first row and column.
        None => {
            let bits =
                look.and_then(|look| u32::from_str_radix(look.attribute("val")?, 16).ok()).unwrap_or(0x04A0);
            let bit = match name {
                "firstRow" => 0x20,
                "lastRow" => 0x40,
                "firstColumn" => 0x80,
                _ => 0x100,
            };
            bits & bit != 0
        }
    };
    let there = |part: &str| match part {
        "firstRow" => rows.first() == Some(&row),
        "lastRow" => rows.last() == Some(&row),
        "firstCol" => cells.first() == Some(&cell),
        _ => cells.last() == Some(&cell),
    };
    let style = property(all, table, "tblPr", "tblStyle").and_then(|style| style.attribute("val"));
    let by_part = PARTS.into_iter().filter(|(part, setting)| there(part) && on(setting));
    let by_style = by_part.map(|(part, _)| part).find_map(|part| of_style(styles, style?, part));
    by_style.or_else(|| fill(property(all, table, "tblPr", "shd"))).or_else(|| of_style(styles, style?, ""))
}

fn is(all: &[Element], at: usize, name: &str) -> bool {
    all.get(at).is_some_and(|e| e.local == name)
}

/// The ground of a part of a table style, or of a style it is based on; without a name that of the whole.
fn of_style(styles: &[Element], id: &str, part: &str) -> Option<String> {
    let mut next = Some(id);
    for _ in 0..9 {
        let id = next?;
        let index = styles.iter().position(|e| e.local == "style" && e.attribute("styleId") == Some(id))?;
        let holder = match part {
            "" => Some(index),
            part => inside(styles, index)
                .find(|(_, e)| e.local == "tblStylePr" && e.attribute("type") == Some(part))
                .map(|(at, _)| at),
        };
        if let Some(ground) = holder.and_then(|at| fill(property(styles, at, "tcPr", "shd"))) {
            return Some(ground);
        }
        let base = inside(styles, index).find(|(_, e)| e.local == "basedOn").map(|(_, e)| e);
        next = base.and_then(|base| base.attribute("val"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_of_a_cell_is_its_own_or_that_of_its_row_and_column_in_the_style_of_the_table() {
        let styles = "<w:styles><w:style w:styleId=\"B\"><w:tblStylePr w:type=\"firstRow\"><w:tcPr><w:shd w:fill=\"1F4E79\"/></w:tcPr>\
             </w:tblStylePr></w:style><w:style w:styleId=\"T\"><w:basedOn w:val=\"B\"/><w:tblStylePr w:type=\"firstCol\"><w:tcPr>\
             <w:shd w:fill=\"222222\"/></w:tcPr></w:tblStylePr></w:style></w:styles>";
        let cell = |properties: &str| format!("<w:tc>{properties}<w:p><w:sdt/></w:p></w:tc>");
        let table = |look: &str| {
            let own = cell("<w:tcPr><w:shd w:fill=\"auto\"/></w:tcPr>");
            let red = cell("<w:tcPr><w:shd w:fill=\"C00000\"/></w:tcPr>");
            let around =
                format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", cell("").replace("<w:sdt/>", ""));
            format!(
                "<w:tbl><w:tblPr><w:tblStyle w:val=\"T\"/>{look}</w:tblPr><w:tr>{}{around}</w:tr><w:tr>{}{red}{own}{}</w:tr></w:tbl>",
                cell(""),
                cell(""),
                cell("")
            )
        };
        let grounds = |text: &str| {
            let all = elements(text).unwrap();
            let controls: Vec<usize> =
                all.iter().enumerate().filter(|(_, e)| e.local == "sdt").map(|(at, _)| at).collect();
            controls.into_iter().map(|at_| at(&all, at_, styles).unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(grounds(&table("")), ["1F4E79", "1F4E79", "222222", "C00000", "", ""]);
        let off = table("<w:tblLook w:firstRow=\"0\" w:firstColumn=\"1\"/>");
        assert_eq!(grounds(&off), ["222222", "", "222222", "C00000", "", ""]);
        // In a table in a cell it is that of the cell around it.
        let nested = format!(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill=\"333333\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
            table("")
        );
        assert_eq!(grounds(&nested).last().map(String::as_str), Some("333333"));
        assert_eq!(grounds("<w:body><w:sdt/></w:body>"), [""]);
    }
}
