//! What rust_xlsxwriter gets wrong in a chart, put right in the finished package: in a series of a scatter chart it
//! writes the marker before the shape properties, against the schema, and a chart is always in American English.
//!
//! Everything else stays as it was made.

use crate::error::Result;
use crate::package::tree::{Element, Node};
use crate::package::{Archive, write_package};

/// The same workbook with its charts put right.
///
/// # Errors
/// When the package cannot be read; that would be a fault of this program.
pub(super) fn charts(workbook: Vec<u8>) -> Result<Vec<u8>> {
    let archive = Archive::from_bytes("het nieuwe werkboek", workbook)?;
    let mut parts = Vec::new();
    for name in archive.names() {
        let bytes = archive.read(name)?;
        let chart = name.starts_with("xl/charts/chart").then(|| std::str::from_utf8(&bytes).ok()).flatten();
        let mended = chart.and_then(mended).map_or(bytes, String::into_bytes);
        parts.push((name.to_owned(), mended));
    }
    write_package(parts)
}

fn mended(chart: &str) -> Option<String> {
    let declaration = chart.get(..chart.find("<c:chartSpace")?)?;
    let mut root = Element::parse(chart)?;
    root.walk(&mut |element| {
        let language = match element.name.as_str() {
            "c:lang" => "val",
            "a:rPr" => "lang",
            _ => "",
        };
        for (_, value) in element.attributes.iter_mut().filter(|(name, _)| name == language) {
            *value = "nl-NL".into();
        }
        if element.name == "c:ser" {
            let is = |node: &Node, name: &str| matches!(node, Node::Element(child) if child.name == name);
            let marker = element.children.iter().position(|node| is(node, "c:marker"));
            let shape = element.children.iter().position(|node| is(node, "c:spPr"));
            if let (Some(marker), Some(shape)) = (marker, shape)
                && marker < shape
            {
                element.children.swap(marker, shape);
            }
        }
    });
    let mut out = declaration.to_owned();
    root.write(&mut out);
    Some(out)
}
