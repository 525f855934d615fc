//! What the program wrote in a document, kept in the document: which blocks, their fingerprints, their figures.
//!
//! It lives in a custom XML part (`customXml/item*.xml`, namespace [`NAMESPACE`]), which Word and LibreOffice keep and
//! nobody sees. Each block also carries its fingerprint in the name of a hidden bookmark (see `stamp`), so that a
//! document without this part can still be made again; then only removed blocks and single figures are not known.

use super::content::{Draft, Part, Style, Table};
use super::print::hash;
use super::subject::{Group, Subject};
use crate::package::xml::{elements, xml_escape, xml_escape_attribute};

/// Namespace of the record.
pub(super) const NAMESPACE: &str = "urn:wijkanalyse:document";

/// Beginnings of the headings of columns that only follow from others.
const FOLLOWS: [&str; 3] = ["Verschil", "Afstand", "Plaats"];

/// One block as the program wrote it last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Tag of its content control.
    pub(super) tag: String,
    /// What it is called in Word.
    pub(super) title: String,
    /// Fingerprint of what was written.
    pub(super) print: String,
    /// The same without alternative texts of pictures and charts.
    pub(super) bare: String,
    /// Fingerprint of everything in it that is not a figure.
    pub(super) rest: String,
    /// Name and value of its figures.
    pub(super) figures: Vec<(String, String)>,
    /// The same for figures that only follow from those, such as the difference with the benchmark.
    pub(super) follows: Vec<(String, String)>,
    /// The figures of both kinds as they stood in the version that people changed; empty when they are the same.
    pub(super) stood: Vec<(String, String)>,
    /// Fingerprint of the version that was last proposed beside a block that people changed.
    pub(super) offered: Option<String>,
    /// Fingerprints of the headings and labels that were written before it, after the block before.
    pub(super) lead: Vec<String>,
    /// It was not in the document, and nothing told whether people removed it or it is new.
    pub(super) unknown: bool,
}

/// Everything the program wrote in one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// `rapport` or `plan`.
    pub(super) kind: String,
    /// Name of the wijk.
    pub(super) wijk: String,
    /// The blocks, in the order of the document.
    pub(super) blocks: Vec<Written>,
    /// The results, activities and agreements it is about, or was.
    pub(super) subjects: Vec<Subject>,
}

impl Record {
    /// What is known of a draft before it is in Word: fingerprints come later.
    pub(super) fn of(draft: &Draft) -> Self {
        let blocks = draft.parts.iter().filter_map(|part| match part {
            Part::Block { tag, title, parts } => Some(Written {
                tag: tag.clone(),
                title: title.clone(),
                rest: hash(&rest(parts)),
                figures: figures(parts, false),
                follows: figures(parts, true),
                ..Written::default()
            }),
            Part::Prompt { tag, text } => {
                Some(Written { tag: tag.clone(), rest: hash(text), ..Written::default() })
            }
            _ => None,
        });
        Record {
            kind: draft.kind.to_owned(),
            wijk: draft.area.clone(),
            blocks: blocks.collect(),
            subjects: draft.subjects.clone(),
        }
    }

    /// The block with this tag.
    pub(super) fn block(&self, tag: &str) -> Option<&Written> {
        self.blocks.iter().find(|block| block.tag == tag)
    }

    /// The record as an XML part.
    pub(super) fn write(&self) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<document xmlns=\"{NAMESPACE}\" \
             soort=\"{}\" wijk=\"{}\">",
            xml_escape_attribute(&self.kind),
            xml_escape_attribute(&self.wijk)
        );
        for block in &self.blocks {
            out.push_str(&format!(
                "<blok merk=\"{}\" titel=\"{}\" afdruk=\"{}\" kaal=\"{}\" rest=\"{}\"",
                xml_escape_attribute(&block.tag),
                xml_escape_attribute(&block.title),
                block.print,
                block.bare,
                block.rest
            ));
            if let Some(offered) = &block.offered {
                out.push_str(&format!(" voorgesteld=\"{offered}\""));
            }
            if !block.lead.is_empty() {
                out.push_str(&format!(" koppen=\"{}\"", block.lead.join(" ")));
            }
            if block.unknown {
                out.push_str(" onbekend=\"1\"");
            }
            out.push('>');
            for (element, figures) in
                [("cijfer", &block.figures), ("volgt", &block.follows), ("stond", &block.stood)]
            {
                for (name, value) in figures {
                    out.push_str(&format!(
                        "<{element} naam=\"{}\">{}</{element}>",
                        xml_escape_attribute(name),
                        xml_escape(value)
                    ));
                }
            }
            out.push_str("</blok>");
        }
        for subject in &self.subjects {
            out.push_str(&format!(
                "<onderwerp soort=\"{}\" nummer=\"{}\" naam=\"{}\" feiten=\"{}\"/>",
                subject.group.word(),
                subject.key,
                subject.name.join(" "),
                subject.facts.join(" ")
            ));
        }
        out.push_str("</document>");
        out
    }

    /// Reads a record; `None` when the part is something else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let all = elements(text).ok()?;
        let root = all.first().filter(|root| root.local == "document")?;
        if !root.attributes.iter().any(|(name, value)| name.starts_with("xmlns") && value == NAMESPACE) {
            return None;
        }
        let of = |element: &crate::package::xml::Element, name: &str| {
            element.attribute(name).unwrap_or_default().to_owned()
        };
        let mut record = Record { kind: of(root, "soort"), wijk: of(root, "wijk"), ..Record::default() };
        let words = |element: &crate::package::xml::Element, name: &str| -> Vec<String> {
            of(element, name).split_whitespace().map(str::to_owned).collect()
        };
        for element in &all {
            match element.local.as_str() {
                "blok" => record.blocks.push(Written {
                    tag: of(element, "merk"),
                    title: of(element, "titel"),
                    print: of(element, "afdruk"),
                    bare: of(element, "kaal"),
                    rest: of(element, "rest"),
                    figures: Vec::new(),
                    follows: Vec::new(),
                    stood: Vec::new(),
                    offered: element.attribute("voorgesteld").map(str::to_owned),
                    lead: words(element, "koppen"),
                    unknown: element.attribute("onbekend").is_some(),
                }),
                "onderwerp" => {
                    if let (Some(group), Ok(key)) =
                        (Group::of(&of(element, "soort")), of(element, "nummer").parse())
                    {
                        let (name, facts) = (words(element, "naam"), words(element, "feiten"));
                        record.subjects.push(Subject { group, key, name, facts });
                    }
                }
                kind @ ("cijfer" | "volgt" | "stond") => {
                    if let Some(block) = record.blocks.last_mut() {
                        let list = match kind {
                            "cijfer" => &mut block.figures,
                            "volgt" => &mut block.follows,
                            _ => &mut block.stood,
                        };
                        list.push((of(element, "naam"), crate::package::xml::text_of(text, element)));
                    }
                }
                _ => {}
            }
        }
        Some(record)
    }
}

/// The figures in tables of data: name of the row and heading of the column, and the value; those that only follow from
/// others when `follow`, else the others.
fn figures(parts: &[Part], follow: bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for table in tables(parts) {
        for row in &table.rows {
            let Some((_, name)) = row.first().and_then(|cell| cell.lines.first()) else { continue };
            for (heading, cell) in table.header.iter().zip(row).skip(1) {
                if let Some((Style::CellFigure, value)) = cell.lines.first()
                    && FOLLOWS.iter().any(|follows| heading.starts_with(follows)) == follow
                {
                    let name = if heading == "Cijfer" { name.clone() } else { format!("{name} ({heading})") };
                    found.push((name, value.clone()));
                }
            }
        }
    }
    found
}

fn tables(parts: &[Part]) -> impl Iterator<Item = &Table> {
    parts.iter().filter_map(|part| match part {
        Part::Table(table) => Some(table),
        _ => None,
    })
}

/// All texts of a block except its figures.
fn rest(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Heading { text, .. } | Part::Text { text, .. } => out.push_str(text),
            Part::Prompt { text, .. } => out.push_str(text),
            Part::Block { parts, .. } => out.push_str(&rest(parts)),
            Part::Table(table) => {
                out.push_str(&table.header.join("│"));
                for row in &table.rows {
                    out.push('║');
                    for cell in row {
                        out.push('│');
                        if cell.lines.first().is_some_and(|(style, _)| *style == Style::CellFigure) {
                            continue;
                        }
                        out.extend(cell.lines.iter().map(|(_, text)| text.as_str()));
                        out.extend(cell.prompt.iter().map(|(_, text)| text.as_str()));
                    }
                }
            }
            Part::Chart(chart) => out.push_str(&chart.alt),
            Part::Contents | Part::Landscape { .. } => {}
        }
        out.push('¶');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_as_it_was_written_and_other_parts_are_no_record() {
        let record = Record {
            kind: "rapport".to_owned(),
            wijk: "'s-Gravenland & \"Co\"".to_owned(),
            blocks: vec![Written {
                tag: "wa:a".to_owned(),
                title: "A <b>".to_owned(),
                print: "x".to_owned(),
                bare: "w".to_owned(),
                rest: "y".to_owned(),
                figures: vec![("Werk (Bospolder)".to_owned(), "< 5%".to_owned())],
                follows: vec![("Werk (Verschil)".to_owned(), "2".to_owned())],
                stood: vec![("Werk (Bospolder)".to_owned(), "6%".to_owned())],
                offered: Some("z".to_owned()),
                lead: vec!["k".to_owned(), "l".to_owned()],
                unknown: true,
            }],
            subjects: vec![Subject {
                group: Group::Activity,
                key: 3,
                name: vec!["n".to_owned()],
                facts: Vec::new(),
            }],
        };
        assert_eq!(Record::read(&record.write()), Some(record));
        assert_eq!(Record::read("<document xmlns=\"urn:anders\"/>"), None);
    }
}
