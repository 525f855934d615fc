//! What surrounds the cells of a worksheet: merges, links, conditional formats, validations, tables, protection.
//!
//! Owns reading those; they lie before and after `sheetData`, which is streamed past.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::cells::{CellView, push_text};
use super::parts::relationships;
use super::spreadsheet::{Range, Spreadsheet};
use super::xml::{Element, attribute, cell_text_unescape, elements, is_true, prefixed_attribute};
use crate::error::Result;

/// A hyperlink on a cell or range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// The cells.
    pub range: Range,
    /// Place inside the workbook, such as `'Tab 1'!C3` or a defined name.
    pub location: Option<String>,
    /// Target outside the workbook (address or file).
    pub target: Option<String>,
    /// Text shown on hover.
    pub tooltip: Option<String>,
}

/// One rule of conditional formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionalFormat {
    /// `sqref` as written.
    pub sqref: String,
    /// The same as ranges.
    pub ranges: Vec<Range>,
    /// Kind of rule: `expression`, `cellIs`, `colorScale` ...
    pub kind: String,
    /// First formula, unescaped; empty when there is none.
    pub formula: String,
    /// All formulas.
    pub formulas: Vec<String>,
    /// The operator of a `cellIs` rule.
    pub operator: Option<String>,
    /// Priority; 1 goes first.
    pub priority: i64,
    /// Stops the rules after it.
    pub stop_if_true: bool,
    /// Number of its format in `styles.xml`.
    pub dxf: Option<u32>,
    /// Background colour of that format as `RRGGBB`, when it sets a plain one.
    pub fill: Option<String>,
    /// True when its format sets a background of any kind.
    pub has_fill: bool,
}

/// A data validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// The cells, as ranges.
    pub ranges: Vec<Range>,
    /// Kind: `list`, `decimal` ...
    pub kind: String,
    /// First formula (for a list its source), unescaped.
    pub formula: String,
    /// What is shown beside a cell that is chosen: title and message. Empty where there is none.
    pub prompt: (String, String),
    /// What is said of a value that does not fit: title and message. Empty where there is none.
    pub complaint: (String, String),
}

/// Everything around the cells of one worksheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetFacts {
    /// The declared dimension.
    pub dimension: Option<Range>,
    /// Merged ranges.
    pub merges: Vec<Range>,
    /// Hyperlinks.
    pub hyperlinks: Vec<Hyperlink>,
    /// Conditional formats, in file order.
    pub conditional_formats: Vec<ConditionalFormat>,
    /// Data validations.
    pub validations: Vec<Validation>,
    /// The tab is protected.
    pub protected: bool,
    /// Tables: name and range, headers included.
    pub tables: Vec<(String, Range)>,
    /// Per table: number of header rows and of totals rows.
    pub table_rows: Vec<(u32, u32)>,
    /// Ranges of pivot tables.
    pub pivots: Vec<Range>,
    /// Hidden columns (first, last), zero-based.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Column widths (first, last, width in characters), zero-based.
    pub column_widths: Vec<(u32, u32, f64)>,
    /// Styles of whole columns (first, last, style), zero-based.
    pub column_styles: Vec<(u32, u32, u32)>,
    /// The relationship of the drawing with notes and form controls.
    pub legacy_drawing: Option<String>,
}

impl Spreadsheet {
    /// What surrounds the cells of a tab.
    ///
    /// # Errors
    /// When the tab does not exist, is no worksheet, or its part is damaged.
    pub fn sheet_facts(&self, tab: &str) -> Result<Arc<SheetFacts>> {
        if let Some(known) = self.facts_known(&self.worksheet(tab)?.part) {
            return Ok(known);
        }
        Ok(self.visit_sheet(tab, &mut |_| Ok(true))?.unwrap_or_default())
    }

    /// Visits the cells of a worksheet as [`Spreadsheet::visit_cells`] does, and gives what surrounds them; `None` when
    /// `visit` stopped before the end.
    ///
    /// # Errors
    /// As [`Spreadsheet::visit_cells`].
    pub fn visit_sheet(
        &self,
        tab: &str,
        visit: &mut dyn FnMut(&CellView<'_>) -> Result<bool>,
    ) -> Result<Option<Arc<SheetFacts>>> {
        let part = self.worksheet(tab)?.part.clone();
        let mut collector = Collector::default();
        let mut whole = true;
        self.walk(
            &part,
            &mut |view| {
                whole = visit(view)?;
                Ok(whole)
            },
            &mut |event| {
                collector.event(event);
                Ok(())
            },
        )?;
        if !whole {
            return Ok(None);
        }
        let facts = Arc::new(self.complete_facts(&part, collector)?);
        self.remember_facts(&part, &facts);
        Ok(Some(facts))
    }

    /// Adds what lies in other parts: link targets, tables, pivots, fills.
    pub(crate) fn complete_facts(&self, part: &str, collector: Collector) -> Result<SheetFacts> {
        let mut facts = collector.facts;
        let related = relationships(self.archive(), part)?;
        for (index, id) in &collector.link_ids {
            let target = related.iter().find(|r| r.id == *id).map(|r| r.target.clone());
            if let Some(link) = facts.hyperlinks.get_mut(*index) {
                link.target = target;
            }
        }
        for format in &mut facts.conditional_formats {
            let fill = format.dxf.and_then(|dxf| self.styles().dxf_fills.get(usize::try_from(dxf).ok()?));
            if let Some((has_fill, colour)) = fill {
                format.has_fill = *has_fill;
                format.fill.clone_from(colour);
            }
        }
        for relationship in related.iter().filter(|r| !r.external && self.archive().contains(&r.target)) {
            let wanted = match relationship.kind.as_str() {
                "table" => "table",
                "pivotTable" => "location",
                _ => continue,
            };
            let text = self.archive().read_text(&relationship.target)?;
            let all = elements(&text).map_err(|e| self.archive().damaged(&relationship.target, &e))?;
            let Some(element) = all.iter().find(|e| e.local == wanted) else { continue };
            let Some(range) = element.attribute("ref").and_then(Range::parse) else { continue };
            if wanted == "table" {
                let count = |name: &str, default: u32| {
                    element.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(default)
                };
                let name = element.attribute("displayName").or(element.attribute("name")).unwrap_or_default();
                facts.tables.push((name.to_owned(), range));
                facts.table_rows.push((count("headerRowCount", 1), count("totalsRowCount", 0)));
            } else {
                facts.pivots.push(with_page_fields(range, element));
            }
        }
        Ok(facts)
    }
}

/// The cells of a pivot table with the filters above it and the empty row between, which `location` leaves out: Excel
/// writes those as well.
fn with_page_fields(range: Range, location: &Element) -> Range {
    let count = |name: &str| location.attribute(name).and_then(|v| v.trim().parse::<u32>().ok()).unwrap_or(0);
    let rows = count("rowPageCount");
    if rows == 0 {
        return range;
    }
    // Each filter is a name and a value, with an empty column between two of them.
    let width = count("colPageCount").saturating_mul(3).saturating_sub(2);
    Range {
        first_row: range.first_row.saturating_sub(rows.saturating_add(1)),
        last_col: range.last_col.max(range.first_col.saturating_add(width)),
        ..range
    }
}

/// Gathers facts from the events of a worksheet outside its cells.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    facts: SheetFacts,
    link_ids: Vec<(usize, String)>,
    /// Local names of the open elements; those in `extLst` are another vocabulary.
    open: Vec<String>,
    text: String,
    sqref: String,
    /// The first rule of the group that is being read, in the list of extensions.
    group: usize,
    /// The rule that is being read there is one that is kept.
    extended: bool,
}

impl Collector {
    fn inside(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    pub(crate) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => {
                self.text.clear();
                self.element(tag);
                self.open.push(tag.local_name().as_ref().to_owned());
            }
            Event::Empty(tag) => self.element(tag),
            Event::End(tag) => {
                self.close(tag.local_name().as_ref());
                self.open.pop();
                self.text.clear();
            }
            event => push_text(&mut self.text, event),
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let name = name.as_ref();
        let range = |attr: &str| attribute(tag, attr).as_deref().and_then(Range::parse);
        let number = |attr: &str| attribute(tag, attr).and_then(|v| v.trim().parse::<u32>().ok());
        let extension = self.inside("extLst");
        match name {
            "dimension" if !extension => self.facts.dimension = range("ref"),
            "sheetProtection" if !extension => {
                self.facts.protected = is_true(attribute(tag, "sheet").as_deref());
            }
            "legacyDrawing" if !extension => self.facts.legacy_drawing = prefixed_attribute(tag, "id"),
            "mergeCell" => self.facts.merges.extend(range("ref")),
            "col" if self.inside("cols") => {
                let (Some(first), Some(last)) = (number("min"), number("max")) else { return };
                let (first, last) = (first.saturating_sub(1), last.saturating_sub(1));
                if is_true(attribute(tag, "hidden").as_deref()) {
                    self.facts.hidden_columns.push((first, last));
                }
                if let Some(width) = attribute(tag, "width").and_then(|w| w.trim().parse().ok()) {
                    self.facts.column_widths.push((first, last, width));
                }
                if let Some(style) = number("style") {
                    self.facts.column_styles.push((first, last, style));
                }
            }
            "hyperlink" if self.inside("hyperlinks") => {
                let Some(range) = range("ref") else { return };
                if let Some(id) = prefixed_attribute(tag, "id") {
                    self.link_ids.push((self.facts.hyperlinks.len(), id));
                }
                self.facts.hyperlinks.push(Hyperlink {
                    range,
                    location: attribute(tag, "location").filter(|l| !l.is_empty()),
                    target: None,
                    tooltip: attribute(tag, "tooltip"),
                });
            }
            "conditionalFormatting" if !extension => {
                self.sqref = attribute(tag, "sqref").unwrap_or_default();
            }
            // OnlyOffice writes every rule in the list of extensions. Other kinds there only add to a rule elsewhere.
            "conditionalFormatting" => {
                self.sqref.clear();
                self.group = self.facts.conditional_formats.len();
            }
            "cfRule" => {
                self.extended =
                    extension && matches!(attribute(tag, "type").as_deref(), Some("expression" | "cellIs"));
                if extension && !self.extended {
                    return;
                }
                self.facts.conditional_formats.push(ConditionalFormat {
                    ranges: Range::parse_list(&self.sqref),
                    sqref: self.sqref.clone(),
                    kind: attribute(tag, "type").unwrap_or_default(),
                    formula: String::new(),
                    formulas: Vec::new(),
                    operator: attribute(tag, "operator"),
                    priority: attribute(tag, "priority").and_then(|v| v.trim().parse().ok()).unwrap_or(0),
                    stop_if_true: is_true(attribute(tag, "stopIfTrue").as_deref()),
                    dxf: number("dxfId").filter(|_| !extension),
                    fill: None,
                    has_fill: false,
                });
            }
            "patternFill" | "bgColor" if self.extended && self.inside("cfRule") => {
                let Some(rule) = self.facts.conditional_formats.last_mut() else { return };
                if name == "patternFill" {
                    rule.has_fill = attribute(tag, "patternType").as_deref() != Some("none");
                } else {
                    let rgb = attribute(tag, "rgb").map(|rgb| rgb.to_uppercase());
                    rule.fill = rgb.and_then(|rgb| rgb.get(rgb.len().saturating_sub(6)..).map(str::to_owned));
                }
            }
            "dataValidation" => {
                let written = |name: &str| attribute(tag, name).unwrap_or_default();
                let text = |name: &str| cell_text_unescape(&written(name));
                self.facts.validations.push(Validation {
                    ranges: Range::parse_list(&written("sqref")),
                    kind: written("type"),
                    formula: String::new(),
                    prompt: (text("promptTitle"), text("prompt")),
                    complaint: (text("errorTitle"), text("error")),
                });
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let extension = self.inside("extLst");
        match name {
            "cfRule" => self.extended = false,
            "formula" | "f" if self.extended || (name == "formula" && !extension) => {
                let Some(rule) = self.facts.conditional_formats.last_mut() else { return };
                if rule.formulas.is_empty() {
                    rule.formula.clone_from(&self.text);
                }
                rule.formulas.push(self.text.clone());
            }
            "formula1" if !extension => {
                if let Some(validation) = self.facts.validations.last_mut() {
                    validation.formula.clone_from(&self.text);
                }
            }
            // In the extension list the formula and the cells are elements of their own.
            "f" if self.inside("dataValidation") && self.inside("formula1") => {
                if let Some(validation) = self.facts.validations.last_mut() {
                    validation.formula.clone_from(&self.text);
                }
            }
            "sqref" if extension && self.inside("conditionalFormatting") => {
                for rule in self.facts.conditional_formats.iter_mut().skip(self.group) {
                    rule.sqref.clone_from(&self.text);
                    rule.ranges = Range::parse_list(&self.text);
                }
            }
            "sqref" if self.inside("dataValidation") => {
                if let Some(validation) = self.facts.validations.last_mut() {
                    validation.ranges = Range::parse_list(&self.text);
                }
            }
            _ => {}
        }
    }
}
