//! The workbook behind a chart, so that 'Edit data' in Word works: one tab with the figures as shown and the positions
//! that are drawn.
//!
//! Written by hand: it holds one small table, and the crate that builds workbooks belongs to another station.

use super::Chart;
use crate::document::words::printable;
use crate::error::Result;
use crate::package::{write_package, xml_escape};

/// Name of the series with the range of all wijken.
pub(super) const RANGE: &str = "alle wijken";
/// Name of the series that bears the labels.
pub(super) const LABELS: &str = "plaats van de namen";

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The ends of the range of each line, an empty cell between two lines so that they are not joined.
pub(super) fn range(chart: &Chart, at: &[f64]) -> (Vec<Option<f64>>, Vec<Option<f64>>) {
    let mut x = Vec::new();
    let mut y = Vec::new();
    for (line, height) in chart.lines.iter().zip(at) {
        if !x.is_empty() {
            x.push(None);
            y.push(None);
        }
        x.extend([Some(line.range.0), Some(line.range.1)]);
        y.extend([Some(*height); 2]);
    }
    (x, y)
}

/// The bytes of the workbook. Columns: name; the figures of wijk, gebied and benchmark as shown; height of the line;
/// positions of wijk, gebied and benchmark; place of the label; and both coordinates of the ranges.
///
/// # Errors
/// As [`write_package`].
pub(in crate::document) fn workbook(chart: &Chart) -> Result<Vec<u8>> {
    let (at, low) = (super::drawing::heights(chart).0, super::drawing::ends(chart).0);
    let gebied = chart.gebied.as_deref().unwrap_or("gebied");
    let mut rows: Vec<Vec<Value>> = vec![
        [
            "Cijfer",
            &format!("Cijfer {}", chart.wijk),
            &format!("Cijfer {gebied}"),
            &format!("Cijfer {}", chart.benchmark),
            "Hoogte",
            &chart.wijk,
            gebied,
            &chart.benchmark,
            LABELS,
            RANGE,
            "Hoogte alle wijken",
        ]
        .map(|name| Value::Text(name.to_owned()))
        .to_vec(),
    ];
    let (range_x, range_y) = range(chart, &at);
    let mut lines = chart.lines.iter().zip(&at);
    for (x, y) in range_x.into_iter().zip(range_y) {
        let mut row = match lines.next() {
            Some((line, height)) => {
                let mut row = vec![Value::Text(line.name.clone())];
                row.extend(line.figures.iter().cloned().map(Value::Text));
                row.extend([Some(*height), line.wijk, line.gebied, Some(0.0), Some(low)].map(Value::Number));
                row
            }
            None => vec![Value::Number(None); 9],
        };
        row.extend([x, y].map(Value::Number));
        rows.push(row);
    }
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relationship("officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", relationship("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/workbook.xml",
            format!(
                "{DECLARATION}<workbook xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Grafiek\" sheetId=\"1\" \
                 r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet(&rows)),
    ];
    write_package(parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect())
}

#[derive(Clone)]
enum Value {
    Text(String),
    Number(Option<f64>),
}

fn sheet(rows: &[Vec<Value>]) -> String {
    let mut out = format!(
        "{DECLARATION}<worksheet xmlns=\"{SHEET}\"><cols><col min=\"1\" max=\"1\" width=\"50\" customWidth=\"1\"/>\
         <col min=\"2\" max=\"11\" width=\"16\" customWidth=\"1\"/></cols><sheetData>"
    );
    for (row, cells) in (1..).zip(rows) {
        out.push_str(&format!("<row r=\"{row}\">"));
        for (col, value) in (0..).zip(cells) {
            let at = format!("{}{row}", crate::model::column_letters(col));
            match value {
                Value::Number(None) => {}
                Value::Number(Some(number)) => out.push_str(&format!("<c r=\"{at}\"><v>{number}</v></c>")),
                Value::Text(text) => out.push_str(&format!(
                    "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    xml_escape(&printable(text))
                )),
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    out
}

fn content_types() -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/></Types>"
    )
}

fn relationship(kind: &str, target: &str) -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" \
         Target=\"{target}\"/></Relationships>"
    )
}
