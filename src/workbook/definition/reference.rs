//! The reference tabs: factorenmodellen, ranking, overview, explanation with its lists, change log.
//!
//! Owns their tables. Nobody fills these in, so every text on them is the format's.

use std::collections::BTreeMap;

use super::{loose_rows, text_cell};
use crate::model::{
    CellValue, FoundArea, FoundColumn, FoundFactor, FoundFormat, FoundHeading, Identity, OverviewHeading,
    OverviewLabel, OverviewWords, TextCell,
};
use crate::workbook::layout::{HeadingRow, heading_row, identified_row};
use crate::workbook::lexicon::Lexicon;
use crate::workbook::names::Headings;
use crate::workbook::sheet::Sheet;

type Links = BTreeMap<(u32, u32), String>;

/// The headings of the list on a factorenmodel tab: by the ids of its columns. In a file that carries none they are found by
/// their texts, and one that was given another name by its place.
pub(super) fn factor_headings(sheet: &Sheet, lexicon: &Lexicon<'_>) -> Option<HeadingRow> {
    table_headings(
        sheet,
        lexicon,
        "factorenmodel",
        &["factor", "ranking", "soort", "leefgebied", "leeftijdsfase", "toelichting"],
        3,
    )
}

fn table_headings(
    sheet: &Sheet,
    lexicon: &Lexicon<'_>,
    table: &str,
    fields: &[&str],
    least: usize,
) -> Option<HeadingRow> {
    let headings = Headings::of(lexicon.format, table);
    let rows = sheet.rows();
    let by_id = || {
        let (above, _) = sheet.column_ids(table)?;
        let row = rows.iter().copied().find(|row| *row > above)?;
        identified_row(sheet, &headings, table, row)
    };
    let by_text = || rows.iter().find_map(|row| heading_row(sheet, &headings, *row, &[], least.min(fields.len())));
    let mut heading = by_id().or_else(by_text)?;
    // Fields and columns that are left over belong together in their order, when there are as many of each.
    let left: Vec<&&str> = fields.iter().filter(|field| heading.col(field).is_none()).collect();
    let free: Vec<u32> = sheet
        .row(heading.row)
        .map(|(col, _)| col)
        .filter(|col| !heading.columns.values().any(|taken| taken == col))
        .collect();
    if left.len() == free.len() {
        for (field, col) in left.into_iter().zip(free) {
            heading.columns.insert((*field).to_owned(), col);
        }
    }
    Some(heading)
}

fn take_headings(found: &mut FoundFormat, sheet: &Sheet, table: &str, heading: &HeadingRow) {
    for (col, _) in sheet.row(heading.row) {
        let field = heading.columns.iter().find(|(_, at)| **at == col).map(|(field, _)| field.clone());
        found.headings.push(FoundHeading {
            table: table.to_owned(),
            field,
            cell: text_cell(sheet, heading.row, col),
        });
    }
}

fn factor_row(sheet: &Sheet, lexicon: &Lexicon<'_>, heading: &HeadingRow, row: u32) -> Option<FoundFactor> {
    let cell = |field: &str| {
        let col = heading.col(field)?;
        (!sheet.is_blank(row, col)).then(|| text_cell(sheet, row, col))
    };
    let name = cell("factor")?;
    let known = lexicon.factor(&name.text);
    let by_name = lexicon.format.factoren.iter().find(|factor| Some(factor.name.as_str()) == known);
    let id = match sheet.row_id(row) {
        Some(Identity::Factor(id)) => Some(id.clone()),
        _ => by_name.map(|factor| factor.id.clone()),
    };
    Some(FoundFactor {
        id,
        name,
        rank: cell("ranking"),
        kind: cell("soort"),
        leefgebieden: cell("leefgebied"),
        leeftijdsfasen: cell("leeftijdsfase"),
        explanation: cell("toelichting"),
    })
}

/// The tab with the factorenmodel of a domein; false when its list was not found.
pub(super) fn factorenmodel(found: &mut FoundFormat, sheet: &Sheet, lexicon: &Lexicon<'_>, links: &Links) -> bool {
    let Some(heading) = factor_headings(sheet, lexicon) else { return false };
    loose_rows(found, sheet, links, sheet.rows().into_iter().filter(|row| *row < heading.row).collect());
    // One list of headings for all these tabs.
    take_headings(found, sheet, "factorenmodel", &heading);
    let Some(names) = heading.col("factor") else { return false };
    let mut rows = Vec::new();
    let mut end = heading.below();
    // A factor has more than a name; the line above the next table has not.
    while !sheet.is_blank(end, names) && (sheet.row(end).count() > 1 || sheet.row_id(end).is_some()) {
        // A long list has its headings again where a printed page begins.
        let again = sheet.row(heading.row).all(|(col, cell)| sheet.value(end, col) == cell.value);
        rows.extend(factor_row(sheet, lexicon, &heading, end).filter(|_| !again));
        end += 1;
    }
    // Below it stand the same factors by leefgebied and leeftijdsfase; what stands only there is no factor yet.
    let known: Vec<String> = rows.iter().map(|factor| crate::model::normalise(&factor.name.text)).collect();
    for row in sheet.rows().into_iter().filter(|row| *row >= end) {
        for (col, cell) in sheet.row(row) {
            let CellValue::Text(text) = &cell.value else { continue };
            if links.contains_key(&(row, col)) {
                continue;
            }
            if !text.trim_start().starts_with('•') {
                let leefgebied = lexicon.format.leefgebieden.iter().any(|known| known == text.trim());
                if sheet.row(row).count() == 1 && !leefgebied {
                    found.loose.push(text_cell(sheet, row, col));
                }
                continue;
            }
            for line in text.lines().map(|line| line.trim().trim_start_matches('•').trim()) {
                let name = line.rfind(" (").and_then(|at| line.get(..at)).unwrap_or(line);
                if !name.is_empty() && !known.contains(&crate::model::normalise(name)) {
                    let mut cell = text_cell(sheet, row, col);
                    cell.text = line.to_owned();
                    found.strange.push(cell);
                }
            }
        }
    }
    found.factoren.insert(sheet.name.clone(), rows);
    true
}

/// The tab with the ranking.
pub(super) fn ranking(found: &mut FoundFormat, sheet: &Sheet, lexicon: &Lexicon<'_>, links: &Links) -> bool {
    let Some(heading) = table_headings(sheet, lexicon, "ranking", &["factor", "ranking", "domeinen"], 2) else {
        return false;
    };
    loose_rows(found, sheet, links, sheet.rows().into_iter().filter(|row| *row < heading.row).collect());
    take_headings(found, sheet, "ranking", &heading);
    for row in sheet.rows().into_iter().filter(|row| *row >= heading.below()) {
        found.ranking.extend(factor_row(sheet, lexicon, &heading, row));
    }
    true
}

/// The overview tab: its labels and headings, and what stands above the figures, column by column.
pub(super) fn overview(found: &mut FoundFormat, sheet: &Sheet, words: &OverviewWords) -> bool {
    let label = |row: u32| words.label((row, 0), &sheet.text(row, 0));
    let labels: BTreeMap<u32, OverviewLabel> =
        sheet.rows().into_iter().filter_map(|row| Some((row, OverviewLabel::of(label(row)?)?))).collect();
    let heading = |row: u32, col: u32| OverviewHeading::of(words.heading((row, col), &sheet.text(row, col))?);
    let names = sheet
        .rows()
        .into_iter()
        .find(|row| sheet.row(*row).filter(|(col, _)| heading(*row, *col).is_some()).count() > 2);
    let seen = |row: u32, col: u32, field: &str| FoundHeading {
        table: "overzicht".to_owned(),
        field: Some(field.to_owned()),
        cell: text_cell(sheet, row, col),
    };
    found.headings.extend(labels.iter().map(|(row, label)| seen(*row, 0, label.field())));
    if let Some(row) = names {
        let named = sheet.row(row).filter_map(|(col, _)| Some((col, heading(row, col)?)));
        found.headings.extend(named.map(|(col, heading)| seen(row, col, heading.field())));
        let column =
            |wanted| sheet.row(row).find(|(col, _)| heading(row, *col) == Some(wanted)).map(|(col, _)| col);
        if let (Some(code), Some(name)) = (column(OverviewHeading::Gebiedscode), column(OverviewHeading::Naam)) {
            let below = sheet.rows().into_iter().filter(|below| *below > row);
            let filled = below.filter(|below| !sheet.is_blank(*below, code) && !sheet.is_blank(*below, name));
            found.areas.extend(
                filled.map(|row| FoundArea { code: text_cell(sheet, row, code), name: sheet.text(row, name) }),
            );
        }
    }
    let Some(first) = labels.keys().next().copied() else { return false };
    let areas = names.map_or(4, |row| {
        let known = sheet.row(row).filter(|(col, _)| heading(row, *col).is_some());
        known.map(|(col, _)| col + 1).max().unwrap_or(4)
    });
    let last = labels.keys().filter_map(|row| sheet.row(*row).map(|(col, _)| col).max()).max().unwrap_or(0);
    for col in areas..=last {
        let cells: BTreeMap<OverviewLabel, TextCell> = labels
            .iter()
            .filter(|(row, _)| !sheet.is_blank(**row, col))
            .map(|(row, label)| (*label, text_cell(sheet, *row, col)))
            .collect();
        let name = names.filter(|row| !sheet.is_blank(*row, col)).map(|row| text_cell(sheet, row, col));
        if !cells.is_empty() {
            found.columns.push(FoundColumn { cells, heading: name });
        }
    }
    // Rows with a label of its own that means nothing here.
    let until = names.unwrap_or_else(|| labels.keys().next_back().copied().unwrap_or(first));
    for row in sheet.rows().into_iter().filter(|row| (first..until).contains(row) && !labels.contains_key(row)) {
        if !sheet.is_blank(row, 0) {
            found.strange.push(text_cell(sheet, row, 0));
        }
    }
    true
}

/// The reference tables on the tab with the explanation, by their headings.
const TABLES: [(&str, &[&str]); 3] = [
    ("effectladder", &["trede", "vraag", "erkenning"]),
    ("databanken", &["thema", "databank", "instituut"]),
    ("outcome", &["dienst", "indicator", "criterium", "hoe volgen"]),
];

/// The tab with the explanation: texts, reference tables, choice lists.
pub(super) fn explanation(found: &mut FoundFormat, sheet: &Sheet, links: &Links) -> bool {
    let rows = sheet.rows();
    let mut taken: Vec<u32> = Vec::new();
    let mut after = None;
    let texts = |row: u32| -> Vec<String> {
        sheet.row(row).map(|(col, _)| crate::model::normalise(&sheet.text(row, col))).collect()
    };
    for row in &rows {
        let is = |row: u32, headings: &[&str]| texts(row).iter().map(String::as_str).eq(headings.iter().copied());
        let Some((name, headings)) = TABLES.iter().find(|(_, headings)| is(*row, headings)) else { continue };
        if taken.contains(row) {
            continue;
        }
        taken.push(*row);
        let mut lines = Vec::new();
        let mut at = row + 1;
        while !sheet.is_blank(at, 0) && !sheet.is_blank(at, 1) {
            let width = u32::try_from(headings.len()).unwrap_or(4);
            // A long table has its headings again where a printed page begins.
            if !is(at, headings) {
                lines.push((0..width).map(|col| text_cell(sheet, at, col)).collect());
            }
            taken.push(at);
            at += 1;
        }
        after = Some(at);
        found.tables.insert((*name).to_owned(), lines);
    }
    // Below the tables stand the choice lists: a name in the first column, its items in the second.
    let mut list: Option<String> = None;
    for row in rows.iter().filter(|row| after.is_some_and(|after| **row >= after)) {
        let (label, item) = (sheet.text(*row, 0), sheet.text(*row, 1));
        if !label.trim().is_empty() {
            list = Some(label.trim().to_owned());
        }
        if let (Some(list), false) = (&list, item.trim().is_empty()) {
            taken.push(*row);
            found.lists.entry(list.clone()).or_default().push(text_cell(sheet, *row, 1));
        }
    }
    loose_rows(found, sheet, links, rows.into_iter().filter(|row| !taken.contains(row)).collect());
    after.is_some()
}

/// The change log: version, date, who, what.
pub(super) fn change_log(found: &mut FoundFormat, sheet: &Sheet, links: &Links) -> bool {
    let wanted = ["versie", "datum", "wie", "wat"];
    let rows = sheet.rows();
    let heading = rows.iter().copied().find(|row| {
        let texts: Vec<String> =
            sheet.row(*row).map(|(col, _)| crate::model::normalise(&sheet.text(*row, col))).collect();
        wanted.iter().all(|word| texts.iter().any(|text| text == word))
    });
    let Some(heading) = heading else { return false };
    loose_rows(found, sheet, links, rows.iter().copied().filter(|row| *row < heading).collect());
    let columns: Vec<u32> = wanted
        .iter()
        .filter_map(|word| {
            let mut cells = sheet.row(heading).map(|(col, _)| col);
            cells.find(|col| crate::model::normalise(&sheet.text(heading, *col)) == *word)
        })
        .collect();
    for row in rows.into_iter().filter(|row| *row > heading) {
        found.log.push(columns.iter().map(|col| text_cell(sheet, row, *col)).collect());
    }
    true
}
