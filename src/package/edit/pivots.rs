//! Pivot tables: which of them read cells that change.
//!
//! Owns finding them and their sources. They are never calculated here: Excel is asked to, on opening.

use super::depend::{Dirty, Resolver};
use crate::error::Result;
use crate::package::parts::relationships;
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::elements;

/// A pivot table and what it is made of.
#[derive(Debug)]
pub(super) struct Pivot {
    /// Position of the sheet it stands on.
    pub(super) sheet: usize,
    /// Its cells.
    pub(super) range: Range,
    pub(super) name: String,
    /// The part with its cache.
    pub(super) cache: String,
    /// Formula texts of its sources inside this workbook, each with the text of its first row when that is known.
    sources: Vec<(String, Option<String>)>,
}

impl Pivot {
    /// True when a source may hold something else now.
    pub(super) fn reads(&self, resolver: &Resolver<'_>, dirty: &Dirty) -> bool {
        self.sources.iter().any(|(source, _)| resolver.text_meets(source, dirty))
    }

    /// True when a heading above a source is written: the names of its fields.
    pub(super) fn heading_meets(&self, resolver: &Resolver<'_>, written: &Dirty) -> bool {
        self.sources
            .iter()
            .any(|(_, heading)| heading.as_ref().is_some_and(|heading| resolver.text_meets(heading, written)))
    }
}

/// All pivot tables of the workbook whose source lies in the workbook.
pub(super) fn pivots(book: &Spreadsheet) -> Result<Vec<Pivot>> {
    let archive = book.archive();
    if !book.relationships.iter().any(|related| related.kind == "pivotCacheDefinition") {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (sheet, info) in book.sheets().iter().enumerate() {
        for table in relationships(archive, &info.part)?.iter().filter(|related| related.kind == "pivotTable") {
            let related = relationships(archive, &table.target)?;
            let cache = related.iter().find(|related| related.kind == "pivotCacheDefinition");
            let Some(cache) = cache.filter(|cache| archive.contains(&cache.target)) else { continue };
            let text = archive.read_text(&table.target)?;
            let all = elements(&text).map_err(|e| archive.damaged(&table.target, &e))?;
            let place = all.iter().find(|element| element.local == "location");
            let Some(range) = place.and_then(|place| place.attribute("ref")).and_then(Range::parse) else {
                continue;
            };
            let name = all.first().and_then(|root| root.attribute("name")).unwrap_or_default().to_owned();
            let cache = cache.target.clone();
            let sources = sources(book, &cache)?;
            found.push(Pivot { sheet, range, name, cache, sources });
        }
    }
    Ok(found)
}

/// The first row of what a name refers to, when it is the name of one range; of a table it is the name of its headings.
fn heading_of_name(book: &Spreadsheet, name: &str) -> Option<String> {
    let wanted = name.to_lowercase();
    match book.defined_names().iter().find(|known| known.name.to_lowercase() == wanted) {
        Some(known) => {
            let (sheet, area) = known.refers_to.rsplit_once('!')?;
            let range = Range::parse(area)?;
            let first = Range { last_row: range.first_row, ..range };
            Some(format!("{sheet}!{}", first.a1()))
        }
        // The headings of a table are never written: see `refusal`.
        None => None,
    }
}

/// The sources of a cache as formula texts; those in another workbook or a database are left out.
fn sources(book: &Spreadsheet, cache: &str) -> Result<Vec<(String, Option<String>)>> {
    let archive = book.archive();
    let text = archive.read_text(cache)?;
    let all = elements(&text).map_err(|e| archive.damaged(cache, &e))?;
    let named = all.iter().filter(|element| matches!(element.local.as_str(), "worksheetSource" | "rangeSet"));
    Ok(named
        .filter(|source| !source.attributes.iter().any(|(name, _)| name.ends_with(":id")))
        .filter_map(|source| {
            let sheet = source.attribute("sheet").map(|sheet| format!("'{}'!", sheet.replace('\'', "''")));
            let sheet = sheet.unwrap_or_default();
            if let Some(name) = source.attribute("name") {
                return Some((format!("{sheet}{name}"), heading_of_name(book, name)));
            }
            let area = source.attribute("ref")?;
            let heading = Range::parse(area).map(|range| {
                let first = Range { last_row: range.first_row, ..range };
                format!("{sheet}{}", first.a1())
            });
            Some((format!("{sheet}{area}"), heading))
        })
        .collect())
}
