//! What people give a tab besides the values of its cells: formats, bold words, rules, choices, sizes, what is hidden.
//!
//! Owns reading those as written, so that they can be put on another tab. Must not know which of them are a person's.

use std::collections::{BTreeMap, BTreeSet};

use super::dress::Rich;
use crate::error::Result;
use crate::model::{column_letters, parse_a1};
use crate::package::spreadsheet::{Range, Spreadsheet};
use crate::package::xml::{Element, elements, is_true, text_of, xml_unescape};

/// A rule of conditional formatting or a data validation, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WornRule {
    /// The cells.
    pub ranges: Vec<Range>,
    /// `cellIs`, `expression`, `list` ... with its operator.
    pub kind: String,
    /// Its formulas, for the first cell of the first range.
    pub formulas: Vec<String>,
    /// Texts that are shown to who fills in the cell.
    pub texts: Vec<String>,
    /// The start tag and what lies in it besides the formulas, without namespace prefixes.
    pub(super) tag: String,
    pub(super) rest: String,
}

/// A cell of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WornCell {
    /// Number of its format.
    pub style: u32,
    /// Its text with bold words and the like, when it has them.
    pub rich: Option<Rich>,
}

/// A row or column of a tab.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WornLine {
    /// Height in points or width in characters, when somebody set it.
    pub size: Option<f64>,
    /// It is hidden.
    pub hidden: bool,
    /// Level of the group it lies in.
    pub level: u32,
    /// Format of its cells that have none of their own.
    pub style: Option<u32>,
}

/// Everything a tab wears.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Worn {
    /// Cells by row and column, empty ones too.
    pub cells: BTreeMap<(u32, u32), WornCell>,
    /// Rows that are something special.
    pub rows: BTreeMap<u32, WornLine>,
    /// Columns: first, last, what they are.
    pub cols: Vec<(u32, u32, WornLine)>,
    /// Conditional formats.
    pub rules: Vec<WornRule>,
    /// Data validations.
    pub validations: Vec<WornRule>,
    /// Merged ranges.
    pub merges: Vec<Range>,
    /// What cannot be put on another tab: a word for it and, to compare it, how it is written.
    pub others: Vec<(&'static str, String)>,
}

impl Worn {
    /// The number of the format in which a cell is shown.
    #[must_use]
    pub fn style(&self, row: u32, col: u32) -> u32 {
        let own = self.cells.get(&(row, col)).map(|cell| cell.style);
        own.or_else(|| self.rows.get(&row).and_then(|line| line.style)).or(self.col(col).style).unwrap_or(0)
    }

    /// What a column is.
    #[must_use]
    pub fn col(&self, col: u32) -> WornLine {
        let found = self.cols.iter().find(|(first, last, _)| (*first..=*last).contains(&col));
        found.map(|(.., line)| *line).unwrap_or_default()
    }

    /// What a row is.
    #[must_use]
    pub fn row(&self, row: u32) -> WornLine {
        self.rows.get(&row).copied().unwrap_or_default()
    }

    /// True for a cell inside a merged range that is not its first.
    #[must_use]
    pub fn is_covered(&self, row: u32, col: u32) -> bool {
        self.merges.iter().any(|m| m.contains(row, col) && (m.first_row, m.first_col) != (row, col))
    }
}

/// The word for rows and columns that stay in view.
pub const FROZEN: &str = "vastgezette rijen of kolommen";
/// The word for a page that a person ends somewhere.
pub const PAGE_END: &str = "pagina-einde";

/// The word for conditional formatting in the extension list.
pub const EXTENDED: &str = "voorwaardelijke opmaak van een nieuwe soort";

/// Things of a worksheet that stay behind, with the word for them.
const OTHERS: [(&str, &str); 9] = [
    ("tabColor", "kleur van het tabblad"),
    ("sheetProtection", "beveiliging van het tabblad"),
    ("protectedRanges", "bereiken die bewerkt mogen worden"),
    ("scenarios", "scenario's"),
    ("autoFilter", "filter"),
    ("customSheetViews", "eigen weergaven"),
    ("oddHeader", "koptekst voor het afdrukken"),
    ("oddFooter", "voettekst voor het afdrukken"),
    ("sparklineGroup", "kleine grafiek in een cel (sparkline)"),
];

/// The numbers of the shared strings that have runs with a format of their own.
fn rich_strings(book: &Spreadsheet) -> Result<BTreeSet<u32>> {
    let Some(part) = super::related(book, "sharedStrings") else { return Ok(BTreeSet::new()) };
    let text = book.archive().read_text(&part)?;
    if !text.contains("rPr") {
        return Ok(BTreeSet::new());
    }
    let all = elements(&text).map_err(|error| book.archive().damaged(&part, &error))?;
    let mut number = 0;
    let mut found = BTreeSet::new();
    for element in &all {
        match element.local.as_str() {
            "si" if element.depth == 1 => number += 1,
            // The format of a run says something only when there is something in it.
            "rPr" if !element.empty && element.depth == 3 => {
                found.insert(number - 1);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The colours of words inside cells, as `RRGGBB`.
///
/// # Errors
/// When the shared strings cannot be read.
pub fn run_colours(book: &Spreadsheet) -> Result<BTreeSet<String>> {
    let Some(part) = super::related(book, "sharedStrings") else { return Ok(BTreeSet::new()) };
    let text = book.archive().read_text(&part)?;
    let colours = text.split("<color rgb=\"").skip(1).filter_map(|rest| rest.split('"').next());
    Ok(colours.filter_map(|rgb| rgb.get(rgb.len().saturating_sub(6)..)).map(str::to_uppercase).collect())
}

/// What the worksheet `tab` wears.
///
/// # Errors
/// When the tab does not exist or is damaged.
pub fn worn(book: &Spreadsheet, tab: &str) -> Result<Worn> {
    let part = book.worksheet(tab)?.part.clone();
    let text = book.archive().read_text(&part)?;
    let all = elements(&text).map_err(|error| book.archive().damaged(&part, &error))?;
    let rich = rich_strings(book)?;
    let reader = Reader { text: &text, all: &all };
    let mut found = Worn::default();
    let (mut row, mut col) = (0_u32, 0_u32);
    let mut sqref = Vec::new();
    for (index, element) in all.iter().enumerate() {
        let number = |name: &str| element.attribute(name).and_then(|value| value.trim().parse::<u32>().ok());
        let size = |name: &str, custom: &str| {
            let set = is_true(element.attribute(custom));
            element.attribute(name).filter(|_| set).and_then(|value| value.trim().parse::<f64>().ok())
        };
        let hidden = is_true(element.attribute("hidden"));
        let level = number("outlineLevel").unwrap_or(0);
        match element.local.as_str() {
            "col" => {
                let (Some(first), Some(last)) = (number("min"), number("max")) else { continue };
                // Some programs leave out that a width was set.
                let width = element.attribute("width").and_then(|value| value.trim().parse::<f64>().ok());
                let line = WornLine { size: width, hidden, level, style: number("style") };
                found.cols.push((first.saturating_sub(1), last.saturating_sub(1), line));
            }
            "row" => {
                row = number("r")
                    .map_or(row.saturating_add(u32::from(!found.rows.is_empty())), |r| r.saturating_sub(1));
                col = 0;
                let style = number("s").filter(|_| is_true(element.attribute("customFormat")));
                found.rows.insert(row, WornLine { size: size("ht", "customHeight"), hidden, level, style });
            }
            "c" if element.depth == 3 => {
                let at = element.attribute("r").and_then(parse_a1);
                let (at_row, at_col) = at.unwrap_or((row, col));
                col = at_col.saturating_add(1);
                let rich = reader.rich(index, element, &rich);
                found.cells.insert((at_row, at_col), WornCell { style: number("s").unwrap_or(0), rich });
            }
            "mergeCell" => found.merges.extend(element.attribute("ref").and_then(Range::parse)),
            "conditionalFormatting" => sqref = Range::parse_list(&reader.sqref(index, element)),
            "cfRule" if element.name.starts_with("x14:") || reader.inside(index, "ext") => {
                // The same rule stands outside too, unless it is of a kind of its own.
                if element.attribute("type") != Some("dataBar") {
                    let formulas = reader.below(index).filter(|e| e.local == "f").map(|e| text_of(&text, e));
                    let written = formulas.collect::<Vec<_>>().join("; ");
                    let written = if written.is_empty() { reader.raw(element) } else { written };
                    found.others.push((EXTENDED, written));
                }
            }
            "cfRule" => found.rules.push(reader.rule(index, element, sqref.clone())),
            // Where a page ends and what stays in view; where somebody scrolled to is nobody's wish.
            "brk" if is_true(element.attribute("man")) => {
                let line = number("id").unwrap_or(0);
                let across = reader.inside(index, "rowBreaks");
                let written = if across {
                    format!("na rij {line}")
                } else {
                    format!("na kolom {}", column_letters(line.max(1) - 1))
                };
                found.others.push((PAGE_END, written));
            }
            "pane" if element.attribute("state").is_some_and(|state| state.starts_with("frozen")) => {
                // Some programs write a count of rows as '4.0'.
                let split = |name: &str| whole(element.attribute(name).unwrap_or("0").trim());
                let written = format!("{} rijen en {} kolommen vast", split("ySplit"), split("xSplit"));
                found.others.push((FROZEN, written));
            }
            "pageSetup" if !reader.inside(index, "customSheetView") => {
                let upright = element.attribute("orientation").unwrap_or("portrait") != "landscape";
                found
                    .others
                    .push(("afdrukken staand of liggend", if upright { "staand" } else { "liggend" }.to_owned()));
            }
            "dataValidation" => {
                let ranges = Range::parse_list(&reader.sqref(index, element));
                found.validations.push(reader.rule(index, element, ranges));
            }
            name => {
                if let Some((_, word)) = OTHERS.iter().find(|(known, _)| *known == name) {
                    let inner = xml_unescape(&text_of(&text, element));
                    // Programs differ in the blanks between parts; those in a heading are a person's.
                    let between = if matches!(name, "oddHeader" | "oddFooter") { " " } else { "" };
                    let inner = inner.split_whitespace().collect::<Vec<_>>().join(between);
                    let inner = if between.is_empty() { inner } else { without_blanks_at_codes(&inner) };
                    let written = match element.attribute("rgb") {
                        // Programs differ in how see-through they call a colour.
                        Some(rgb) if name == "tabColor" => {
                            rgb.get(rgb.len().saturating_sub(6)..).unwrap_or(rgb).to_uppercase()
                        }
                        _ if inner.is_empty() => reader.raw(element),
                        _ => inner,
                    };
                    found.others.push((word, written));
                }
            }
        }
    }
    Ok(found)
}

struct Reader<'t> {
    text: &'t str,
    all: &'t [Element],
}

impl Reader<'_> {
    fn raw(&self, element: &Element) -> String {
        without_prefix(self.text.get(element.span.clone()).unwrap_or_default(), element)
    }

    fn inside(&self, index: usize, name: &str) -> bool {
        let mut at = self.all.get(index).and_then(|e| e.parent);
        while let Some(parent) = at.and_then(|at| self.all.get(at)) {
            if parent.local == name {
                return true;
            }
            at = parent.parent;
        }
        false
    }

    fn below(&self, index: usize) -> impl Iterator<Item = &Element> {
        let end = self.all.get(index).map_or(0, |e| e.span.end);
        self.all.iter().skip(index + 1).take_while(move |e| e.span.start < end)
    }

    fn rich(&self, index: usize, cell: &Element, shared: &BTreeSet<u32>) -> Option<Rich> {
        match cell.attribute("t") {
            Some("s") if !shared.is_empty() => {
                let value = self.below(index).find(|e| e.local == "v")?;
                let number = text_of(self.text, value).trim().parse::<u32>().ok()?;
                shared.contains(&number).then_some(Rich::Shared(number))
            }
            Some("inlineStr") => {
                let own = self.below(index).find(|e| e.local == "is")?;
                let runs = self.below(index).any(|e| e.local == "rPr" && !e.empty);
                runs.then(|| Rich::Inline(self.raw(own)))
            }
            _ => None,
        }
    }

    /// The cells of a rule; in the extension list they are an element of their own.
    fn sqref(&self, index: usize, element: &Element) -> String {
        let own = element.attribute("sqref").map(str::to_owned);
        let inner = || self.below(index).find(|e| e.local == "sqref").map(|e| text_of(self.text, e));
        own.or_else(inner).unwrap_or_default()
    }

    fn rule(&self, index: usize, element: &Element, ranges: Vec<Range>) -> WornRule {
        let kind = element.attribute("type").unwrap_or_default();
        // Of a choice 'between' is meant where nothing stands; only two operators have a second formula. LibreOffice writes
        // both everywhere.
        let mut operator = element.attribute("operator").unwrap_or_default();
        let choice = element.local == "dataValidation";
        let listed = choice && matches!(kind, "list" | "custom" | "none" | "");
        let two = !choice || (!listed && matches!(operator, "" | "between" | "notBetween"));
        if choice && (listed || operator == "between") {
            operator = "";
        }
        let formulas = self
            .below(index)
            .filter(|e| matches!(e.local.as_str(), "formula" | "formula1" | "formula2"))
            .map(|e| text_of(self.text, e))
            .take(if two { 9 } else { 1 })
            .collect();
        let texts = ["promptTitle", "prompt", "errorTitle", "error"];
        let texts = texts.iter().filter_map(|name| element.attribute(name)).filter(|text| !text.trim().is_empty());
        let mut rest = String::new();
        for child in self.below(index).filter(|e| e.parent == Some(index)) {
            if !matches!(child.local.as_str(), "formula" | "formula1" | "formula2" | "sqref" | "extLst") {
                rest.push_str(&self.raw(child));
            }
        }
        WornRule {
            ranges,
            kind: format!("{kind} {operator}").trim_end().to_owned(),
            formulas,
            texts: texts.map(str::to_owned).collect(),
            tag: without_prefix(self.text.get(element.tag.clone()).unwrap_or_default(), element),
            rest,
        }
    }
}

/// A whole number as it is written without decimals: `4.0` is `4`.
fn whole(written: &str) -> String {
    match written.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 => number.to_string(),
        _ => written.to_owned(),
    }
}

/// A heading for printing without the blanks that some programs put behind a size (`&9 `) or around a part (`&L`, `&R`).
fn without_blanks_at_codes(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('&') {
        let (before, code) = rest.split_at(at);
        let after = code.trim_start_matches('&');
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let part = after.starts_with(['L', 'C', 'R']);
        let length = (code.len() - after.len()) + if digits > 0 { digits } else { usize::from(part) };
        let (code, next) = code.split_at(length);
        out.push_str(if part { before.trim_end() } else { before });
        out.push_str(code);
        rest = if digits > 0 || part { next.trim_start() } else { next };
    }
    out.push_str(rest);
    out
}

/// An element as it is written where the main namespace has no prefix.
fn without_prefix(raw: &str, element: &Element) -> String {
    match element.prefix() {
        "" => raw.to_owned(),
        prefix => raw.replace(&format!("<{prefix}"), "<").replace(&format!("</{prefix}"), "</"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_a_program_puts_at_the_codes_of_a_heading_do_not_count_and_those_of_a_person_do() {
        let ours = without_blanks_at_codes("&L&8Excel format, versie 1.1&R&8bladzijde &P van &N");
        assert_eq!(without_blanks_at_codes("&L&8 Excel format, versie 1.1 &R&8 bladzijde &P van &N"), ours);
        assert_ne!(without_blanks_at_codes("&L&8 Excel format, versie 1.1 &R&8 bladzijde &Pvan &N"), ours);
        assert_eq!(without_blanks_at_codes("Jeugd && gezin"), "Jeugd && gezin");
    }
}
