//! Where things stand on a tab, found by meaning: tabs by name, columns by heading, blocks by domein.
//!
//! Owns the search for tabs, heading rows, label cells and answer cells. Must not read files and must not
//! decide what a value means; `pijler` and `tables` build the model from what is found here.

use std::collections::BTreeMap;

use super::names::{Fit, Headings, tab_fits};
use super::sheet::Sheet;
use crate::finding::{Finding, Level, Place};
use crate::model::{Format, TabInfo, TabKind, nearest, normalise};

/// Name of the very hidden tab with the version stamp and the record of filling.
pub(crate) const RECORD_TAB: &str = "_wijkanalyse";

/// True for a hidden tab of the program itself, in which no analysis is looked for.
pub(crate) fn is_ours(tab: &str) -> bool {
    tab == RECORD_TAB || tab == crate::model::CHART_TAB
}

/// How many names a message lists.
const MOST_NAMES: usize = 5;

/// Finds what every tab is. `tabs` are name and whether it is hidden, in order; the answer has the same order. What `ids`
/// says of a tab goes before its name.
/// A name that fits exactly goes before one that is shortened; the first of two equal candidates wins and the
/// second is reported.
pub(crate) fn find_tabs(
    tabs: &[(String, bool)],
    ids: &BTreeMap<String, TabKind>,
    format: &Format,
) -> (Vec<TabInfo>, Vec<Finding>) {
    let known = known_tabs(format);
    let mut infos: Vec<TabInfo> = tabs
        .iter()
        .map(|(name, hidden)| TabInfo { name: name.clone(), kind: TabKind::Other, hidden: *hidden })
        .collect();
    let mut findings = Vec::new();
    let mut taken: Vec<&TabKind> = Vec::new();
    for info in &mut infos {
        let Some((kind, _)) = known.iter().find(|(kind, _)| ids.get(&info.name) == Some(kind)) else { continue };
        if !taken.contains(&kind) {
            taken.push(kind);
            info.kind = kind.clone();
        }
    }
    for wanted in [Fit::Same, Fit::Shortened] {
        for info in &mut infos {
            if info.kind != TabKind::Other || is_ours(&info.name) {
                continue;
            }
            let fits = |names: &[String]| names.iter().filter_map(|name| tab_fits(&info.name, name)).max();
            let Some((kind, _)) = known.iter().find(|(_, names)| fits(names) == Some(wanted)) else { continue };
            if taken.contains(&kind) {
                findings.push(Finding::new(
                    "tabblad-dubbel",
                    Level::Waarschuwing,
                    Place::tab(&info.name),
                    format!(
                        "Het tabblad '{}' heeft dezelfde naam als een ander tabblad en is niet gelezen.",
                        info.name
                    ),
                    format!("Eén tabblad voor {}.", kind_words(kind)),
                    "Geef een van de twee tabbladen een andere naam.",
                ));
                continue;
            }
            taken.push(kind);
            info.kind = kind.clone();
        }
    }
    (infos, findings)
}

/// Every tab of the format with the names by which it may be known.
fn known_tabs(format: &Format) -> Vec<(TabKind, Vec<String>)> {
    let mut known: Vec<(TabKind, Vec<String>)> = Vec::new();
    for pijler in &format.pijlers {
        let names = vec![
            pijler.tab.clone(),
            format!("Pijler {}", pijler.name),
            pijler.name.clone(),
            pijler.heading.clone(),
        ];
        known.push((TabKind::Pijler(pijler.name.clone()), names));
    }
    for tab in &format.tabs {
        let names = std::iter::once(&tab.name).chain(&tab.variants).cloned().collect();
        known.push((TabKind::Fixed(tab.kind.clone()), names));
    }
    for domein in &format.domeinen {
        let mut names = vec![domein.factorenmodel_tab.clone()];
        names.extend(domein.factorenmodel_variants.iter().cloned());
        names.extend(
            std::iter::once(&domein.name).chain(&domein.variants).map(|name| format!("Factorenmodel {name}")),
        );
        known.push((TabKind::Factorenmodel(domein.name.clone()), names));
    }
    for (_, names) in &mut known {
        let mut seen: Vec<String> = Vec::new();
        names.retain(|name| {
            let normal = normalise(name);
            let fresh = !normal.is_empty() && !seen.contains(&normal);
            seen.push(normal);
            fresh
        });
    }
    known
}

/// What a tab is, in words for a message.
pub(crate) fn kind_words(kind: &TabKind) -> String {
    match kind {
        TabKind::Fixed(kind) => format!("'{kind}'"),
        TabKind::Pijler(name) => format!("de pijler {name}"),
        TabKind::Factorenmodel(domein) => format!("het factorenmodel van {domein}"),
        TabKind::Other => "een ander onderwerp".to_owned(),
    }
}

/// The findings about tabs that the format has and the workbook lacks: pijler tabs as `fout`, other tabs that
/// are not optional as `waarschuwing`.
pub(crate) fn missing_tabs(tabs: &[TabInfo], format: &Format) -> Vec<Finding> {
    let others: Vec<&str> =
        tabs.iter().filter(|tab| tab.kind == TabKind::Other).map(|tab| tab.name.as_str()).collect();
    let mut findings = Vec::new();
    for (kind, names) in known_tabs(format) {
        let optional = match &kind {
            TabKind::Fixed(kind) => format.tabs.iter().any(|tab| &tab.kind == kind && tab.optional),
            _ => false,
        };
        if optional || tabs.iter().any(|tab| tab.kind == kind) {
            continue;
        }
        let name = names.first().cloned().unwrap_or_default();
        let near = nearest(&name, others.iter().copied());
        let level = if matches!(kind, TabKind::Pijler(_)) { Level::Fout } else { Level::Waarschuwing };
        let advice = if near.is_empty() {
            format!("Voeg het tabblad '{name}' toe uit een leeg format, of geef het bestaande tabblad deze naam.")
        } else {
            format!("Bedoelt u het tabblad {}? Geef het de naam '{name}'.", quoted(&near))
        };
        findings.push(Finding::new(
            "tabblad-ontbreekt",
            level,
            Place::tab(&name),
            match kind {
                TabKind::Fixed(_) => format!("Het tabblad '{name}' is niet gevonden."),
                _ => format!("Het tabblad '{name}' voor {} is niet gevonden.", kind_words(&kind)),
            },
            format!("Gezocht is naar {}.", quoted(names.get(..names.len().min(MOST_NAMES)).unwrap_or_default())),
            advice,
        ));
    }
    findings
}

/// Names between quotes, for a message.
pub(crate) fn quoted(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("'{}'", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A heading row as found: the columns by field name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadingRow {
    pub(crate) row: u32,
    /// How many rows the headings take: 1, or 2 when they are split or merged over two.
    pub(crate) height: u32,
    pub(crate) columns: BTreeMap<String, u32>,
}

impl HeadingRow {
    pub(crate) fn col(&self, field: &str) -> Option<u32> {
        self.columns.get(field).copied()
    }

    /// The first row below the headings.
    pub(crate) fn below(&self) -> u32 {
        self.row + self.height
    }
}

/// Reads `row` as a heading row: every field in `required` must be there and at least `least` fields in all.
/// Headings may be merged, or split over this row and the next.
pub(crate) fn heading_row(
    sheet: &Sheet,
    headings: &Headings,
    row: u32,
    required: &[&str],
    least: usize,
) -> Option<HeadingRow> {
    let mut columns = BTreeMap::new();
    let claim = |columns: &mut BTreeMap<String, u32>, text: &str, col: u32| {
        let field = headings.field(text)?;
        (!columns.contains_key(field)).then(|| columns.insert(field.to_owned(), col));
        Some(())
    };
    for (col, _) in sheet.row(row) {
        claim(&mut columns, &sheet.text(row, col), col);
    }
    if columns.is_empty() {
        return None;
    }
    let single = columns.clone();
    // The next row belongs to the headings when the first is incomplete by itself, and what stands there are
    // headings (or second halves of them) and nothing else.
    let mut second = single.clone();
    let mut strange = 0_usize;
    let mut joined = 0_usize;
    for (col, _) in sheet.row(row + 1) {
        let below = sheet.text(row + 1, col);
        let both = format!("{} {below}", sheet.text(row, col));
        let free = !single.values().any(|taken| *taken == col);
        let hit = (free && claim(&mut second, &both, col).is_some()) || claim(&mut second, &below, col).is_some();
        if hit {
            joined += 1;
        } else {
            strange += 1;
        }
    }
    let complete = |columns: &BTreeMap<String, u32>| {
        required.iter().all(|field| columns.contains_key(*field)) && columns.len() >= least
    };
    let tall = sheet.row(row).any(|(col, _)| {
        let (top, _, bottom, _) = sheet.area(row, col);
        top == row && bottom == row + 1
    });
    if second.len() > single.len() && joined > 0 && (strange == 0 || tall) && complete(&second) {
        return Some(HeadingRow { row, height: 2, columns: second });
    }
    complete(&single).then_some(HeadingRow { row, height: if tall { 2 } else { 1 }, columns: single })
}

/// The heading row of a table whose columns carry ids; headings without an id are found by their text. `None` when the
/// tab carries no ids for this table.
pub(crate) fn identified_row(sheet: &Sheet, headings: &Headings, table: &str, row: u32) -> Option<HeadingRow> {
    let (_, mut columns) = sheet.column_ids(table)?;
    for (col, _) in sheet.row(row) {
        if let Some(field) = headings.field(&sheet.text(row, col))
            && !columns.contains_key(field)
            && !columns.values().any(|taken| *taken == col)
        {
            columns.insert(field.to_owned(), col);
        }
    }
    let tall = sheet.row(row).any(|(col, _)| {
        let (top, _, bottom, _) = sheet.area(row, col);
        top == row && bottom == row + 1
    });
    Some(HeadingRow { row, height: if tall { 2 } else { 1 }, columns })
}

/// How many blank columns may lie between a label and its value.
const LABEL_GAP: u32 = 2;
/// Most characters of what stands beside a label with cells in between.
const LONGEST_VALUE: usize = 60;

/// The cell that belongs to a label: the cell right of it (past the label's merged range); when that is blank and
/// not merged, the next filled cell close by that is no label itself.
pub(crate) fn cell_beside(sheet: &Sheet, row: u32, col: u32, is_label: impl Fn(&str) -> bool) -> (u32, u32) {
    let (_, _, _, right) = sheet.area(row, col);
    let start = right + 1;
    let (top, left, _, _) = sheet.area(row, start);
    if !sheet.is_merged(row, start) && sheet.is_blank(row, start) {
        let next = sheet.row(row).map(|(at, _)| at).find(|at| *at > start && *at <= start + LABEL_GAP);
        // A name or a date is short; a long text further on is an explanation.
        let may_be_value = |at: &u32| {
            let text = sheet.text(row, *at);
            !is_label(&text) && text.chars().count() <= LONGEST_VALUE
        };
        if let Some(at) = next.filter(may_be_value) {
            return (row, at);
        }
    }
    (top, left)
}

/// The answer cell of a question: right of it, or below it when the question takes the whole width of the
/// table or when the answer evidently stands there. `is_known` tells whether a text is a question, heading or
/// row name of its own.
pub(crate) fn answer_cell(
    sheet: &Sheet,
    row: u32,
    col: u32,
    last_col: u32,
    is_known: impl Fn(u32, u32) -> bool,
) -> (u32, u32) {
    let (_, left, bottom, right) = sheet.area(row, col);
    let beside = right + 1;
    let below = bottom + 1;
    if right >= last_col && right > left {
        return (below, left);
    }
    // Something already stands right of it.
    if let Some((at, _)) = sheet.row(row).find(|(at, _)| *at >= beside && *at <= last_col.max(beside)) {
        let (top, first, _, _) = sheet.area(row, at);
        return (top, first);
    }
    let (beside_row, beside_col, _, _) = sheet.area(row, beside);
    if sheet.is_merged(row, beside) && beside_row == row {
        return (beside_row, beside_col);
    }
    let row_below_is_free = sheet.row(below).all(|(at, _)| !is_known(below, at));
    let (below_row, below_col, _, below_right) = sheet.area(below, col);
    let wide_below = below_row == below && below_right > below_col;
    if row_below_is_free && (wide_below || sheet.row(below).any(|(at, _)| at == left)) {
        return (below_row, below_col);
    }
    (beside_row, beside_col)
}

/// A text longer than this, in bytes, is no heading of a domein.
const LONGEST_HEADING: usize = 120;

/// What a heading text such as `Domein: Werk`, `1. Werk` or `Domein 2 - Veilig thuis` says.
pub(crate) enum DomeinHeading<'a> {
    /// A domein of the format; true when the word 'domein' stood before it.
    Known(&'a str, bool),
    /// 'Domein: ...' with a name that the format does not know.
    Unknown(String),
    /// No heading of a domein.
    None,
}

/// The domeinen of a format by normalised name or variant.
pub(crate) struct Domeinen<'a>(BTreeMap<String, &'a str>);

impl<'a> Domeinen<'a> {
    pub(crate) fn of(format: &'a Format) -> Self {
        let mut names = BTreeMap::new();
        for domein in &format.domeinen {
            for name in std::iter::once(&domein.name).chain(&domein.variants) {
                names.entry(normalise(name)).or_insert(domein.name.as_str());
            }
        }
        Domeinen(names)
    }

    /// The domein that bears this name or variant; exact after normalisation.
    pub(crate) fn named(&self, name: &str) -> Option<&'a str> {
        self.0.get(&normalise(name)).copied()
    }

    /// What a text says as the heading of a block.
    pub(crate) fn heading(&self, text: &str) -> DomeinHeading<'a> {
        let text = super::names::without_numbering(text);
        if text.is_empty() || text.len() > LONGEST_HEADING {
            return DomeinHeading::None;
        }
        let normal = normalise(text);
        if let Some(name) = self.0.get(&normal) {
            return DomeinHeading::Known(name, false);
        }
        let Some(rest) = normal.strip_prefix("domein ") else { return DomeinHeading::None };
        let bare = rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        if let Some(name) = [rest, bare].iter().find_map(|candidate| self.0.get(*candidate)) {
            return DomeinHeading::Known(name, true);
        }
        // Only a heading has a colon or dash behind the word; running text about 'domein ...' does not.
        let lower = text.to_lowercase();
        let after = lower
            .strip_prefix("domein")
            .unwrap_or("")
            .trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        if after.starts_with([':', '-', '–']) {
            let shown = text.split_once([':', '-', '–']).map_or(text, |(_, name)| name).trim();
            return DomeinHeading::Unknown(shown.to_owned());
        }
        DomeinHeading::None
    }
}
