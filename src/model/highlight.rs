//! The live highlighting as text: the rule a cell should have, and how a rule in a workbook works on a cell.
//!
//! Owns the formula of 'Highlighting' (`spec/analysis-workbook.md`), so that building, checking and repairing mean the
//! same one. Pure text; knows no package and no library that writes conditional formats.

use super::analysis::{Conditional, IndicatorRow, PijlerTab};
use super::cell::{column_letters, parse_a1};
use super::definition::Format;

/// A cell that should be highlighted when its figure differs from the benchmark. Rows and columns are zero-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HighlightCell {
    /// Column of the cell.
    pub col: u32,
    /// Row of the cell and of its benchmark.
    pub row: u32,
    /// Column of the benchmark.
    pub benchmark: u32,
    /// Decimals that count, of the figure as stored: two more for a fraction shown as %.
    pub decimals: u8,
    /// The wijk's own column: an empty cell is orange as well.
    pub empty_too: bool,
}

impl HighlightCell {
    /// The formula for this cell, word for word as specified, without `=`.
    #[must_use]
    pub fn formula(&self) -> String {
        let (own, d) = (self.address(), self.decimals);
        let benchmark = format!("${}{}", column_letters(self.benchmark), u64::from(self.row) + 1);
        let differs = format!("AND(ISNUMBER({own}),ROUND({own},{d})<>ROUND({benchmark},{d}))");
        if self.empty_too {
            format!("AND(ISNUMBER({benchmark}),OR(LEN(TRIM({own}))=0,{differs}))")
        } else {
            format!("AND(ISNUMBER({benchmark}),{differs})")
        }
    }

    /// The address of the cell, such as `E7`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", column_letters(self.col), u64::from(self.row) + 1)
    }

    /// The cells of a tab that should be highlighted, by column and row. A row whose indicator the format does not
    /// know has no number of decimals, so nothing is asked of it.
    #[must_use]
    pub fn all(tab: &PijlerTab, format: &Format) -> Vec<Self> {
        let column = |field: &str| tab.columns.iter().find(|(name, _)| name == field).map(|(_, col)| *col);
        let mut cells = Vec::new();
        for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
            let Some(indicator) = row.code.as_deref().and_then(|code| format.indicator(code)) else { continue };
            let benchmark = row.benchmark.as_ref().map(|cell| cell.at.col).or_else(|| column("benchmark"));
            let beside = row.beside.as_ref().map(|cell| cell.at.col).or_else(|| column("naast"));
            let Some(benchmark) = benchmark else { continue };
            let decimals = indicator.decimals + if holds_fractions(row) { 2 } else { 0 };
            let cell =
                |col: u32, empty_too: bool| HighlightCell { col, row: row.row, benchmark, decimals, empty_too };
            cells.push(cell(row.wijk.at.col, true));
            cells.extend(beside.map(|col| cell(col, false)));
        }
        cells.sort();
        cells.dedup();
        cells
    }
}

/// True when the figures of a row are fractions shown as %: the benchmark decides, because the format fills it.
fn holds_fractions(row: &IndicatorRow) -> bool {
    match &row.benchmark {
        Some(benchmark) if benchmark.number().is_some() || benchmark.percent_format => benchmark.percent_format,
        _ => row.wijk.percent_format,
    }
}

/// A rule of a workbook, with its ranges read.
#[derive(Debug, Clone)]
pub struct HighlightRule<'a> {
    /// The rule as written.
    pub written: &'a Conditional,
    /// First row, first column, last row, last column of each range; zero-based, inclusive.
    pub ranges: Vec<(u32, u32, u32, u32)>,
}

impl<'a> HighlightRule<'a> {
    /// Reads the ranges of a rule; what is no range is passed over.
    #[must_use]
    pub fn of(written: &'a Conditional) -> Self {
        HighlightRule { written, ranges: written.ranges.split_whitespace().filter_map(range).collect() }
    }

    /// True for a rule that is ours or was ours once: it compares rounded figures, or did before rows were deleted.
    /// Somebody's own rules stay out of it.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let formula = squeezed(&self.written.formula);
        let (rounds, numbers) = (formula.contains("ROUND("), formula.contains("ISNUMBER("));
        let compares = rounds && numbers && formula.contains("<>");
        let broken = formula.contains("#REF!") && (rounds || numbers);
        self.written.kind == "expression" && (compares || broken)
    }

    /// True when the rule covers a cell (zero-based).
    #[must_use]
    pub fn covers(&self, row: u32, col: u32) -> bool {
        self.ranges
            .iter()
            .any(|(top, left, bottom, right)| (*top..=*bottom).contains(&row) && (*left..=*right).contains(&col))
    }

    /// True when the rule does for a cell what it should: it covers it, it colours, and moved to that cell it is the
    /// formula of the format. Programs do not agree whether a formula is written for the first cell of the first range
    /// or for the top left cell of all ranges together, so either reading will do.
    #[must_use]
    pub fn is_right_for(&self, cell: &HighlightCell) -> bool {
        if !self.written.fills || self.written.kind != "expression" || !self.covers(cell.row, cell.col) {
            return false;
        }
        let wanted = squeezed(&cell.formula());
        let starts = || self.ranges.iter().map(|range| (range.0, range.1));
        let corner = starts().reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)));
        [starts().next(), corner].into_iter().flatten().any(|(top, left)| {
            let (rows, cols) = (i64::from(cell.row) - i64::from(top), i64::from(cell.col) - i64::from(left));
            squeezed(&moved(&self.written.formula, rows, cols)) == wanted
        })
    }
}

/// One range of a `sqref`: `E7`, `E7:E20` or `E:E`; `None` when it is none of these.
fn range(text: &str) -> Option<(u32, u32, u32, u32)> {
    const LAST_ROW: u32 = 1_048_575;
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    if let (Some((top, left)), Some((bottom, right))) = (parse_a1(from), parse_a1(to)) {
        return Some((top.min(bottom), left.min(right), top.max(bottom), left.max(right)));
    }
    let column = |letters: &str| parse_a1(&format!("{letters}1")).map(|(_, col)| col);
    let (left, right) = (column(from)?, column(to)?);
    Some((0, left.min(right), LAST_ROW, left.max(right)))
}

/// A formula without what makes no difference: spaces, `$`, a leading `=`, capitals.
fn squeezed(formula: &str) -> String {
    formula
        .trim_start_matches('=')
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '$')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Moves the relative references of a formula, as Excel does when a rule works on another cell than its first.
fn moved(formula: &str, rows: i64, cols: i64) -> String {
    let mut out = String::with_capacity(formula.len() + 8);
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            // A text stays as it is; a doubled quote inside it opens the next text, which comes to the same.
            let end = rest.get(1..).and_then(|tail| tail.find('"')).map_or(rest.len(), |at| at + 2);
            let (text, tail) = rest.split_at(end);
            out.push_str(text);
            rest = tail;
            continue;
        }
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '$' | '_' | '.');
        let end = if is_word(c) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
        let (word, tail) = rest.split_at(end);
        match moved_reference(word, rows, cols).filter(|_| !tail.starts_with('(')) {
            Some(reference) => out.push_str(&reference),
            None => out.push_str(word),
        }
        rest = tail;
    }
    out
}

/// A reference moved, with `$` where it stood; `None` when the word is no reference or would leave the sheet.
fn moved_reference(word: &str, rows: i64, cols: i64) -> Option<String> {
    let (row, col) = parse_a1(word)?;
    let fixed_col = word.starts_with('$');
    let fixed_row = word.trim_start_matches('$').contains('$');
    let row = if fixed_row { i64::from(row) } else { i64::from(row) + rows };
    let col = if fixed_col { i64::from(col) } else { i64::from(col) + cols };
    let (row, col) = (u32::try_from(row).ok()?, u32::try_from(col).ok()?);
    let dollar = |fixed| if fixed { "$" } else { "" };
    Some(format!("{}{}{}{}", dollar(fixed_col), column_letters(col), dollar(fixed_row), u64::from(row) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u32, decimals: u8, empty_too: bool) -> HighlightCell {
        HighlightCell { col: if empty_too { 4 } else { 5 }, row, benchmark: 6, decimals, empty_too }
    }

    fn rule(ranges: &str, formula: &str) -> Conditional {
        Conditional {
            tab: "x".to_owned(),
            ranges: ranges.to_owned(),
            kind: "expression".to_owned(),
            formula: formula.to_owned(),
            fills: true,
        }
    }

    #[test]
    fn the_formula_is_that_of_the_specification() {
        assert_eq!(
            cell(6, 1, true).formula(),
            "AND(ISNUMBER($G7),OR(LEN(TRIM(E7))=0,AND(ISNUMBER(E7),ROUND(E7,1)<>ROUND($G7,1))))"
        );
        assert_eq!(cell(6, 3, false).formula(), "AND(ISNUMBER($G7),AND(ISNUMBER(F7),ROUND(F7,3)<>ROUND($G7,3)))");
    }

    #[test]
    fn references_move_along_unless_they_are_fixed() {
        assert_eq!(moved("AND($G7,G$7,E7,LEN(\"E7\"))", 2, 1), "AND($G9,H$7,F9,LEN(\"E7\"))");
        assert_eq!(moved("LOG10(E7)", 1, 0), "LOG10(E8)");
    }

    #[test]
    fn a_rule_over_several_rows_serves_only_rows_with_its_decimals() {
        let written = rule("E7:E9", &cell(6, 1, true).formula());
        let rule = HighlightRule::of(&written);
        assert!(rule.is_right_for(&cell(6, 1, true)) && rule.is_right_for(&cell(7, 1, true)));
        assert!(!rule.is_right_for(&cell(8, 0, true)), "other decimals");
        assert!(!rule.is_right_for(&cell(9, 1, true)), "not covered");
    }

    #[test]
    fn a_rule_that_slid_to_another_row_is_not_right() {
        let written = rule("E8", &cell(6, 1, true).formula());
        assert!(!HighlightRule::of(&written).is_right_for(&cell(7, 1, true)));
    }

    #[test]
    fn somebodys_own_rules_are_not_ours() {
        assert!(!HighlightRule::of(&rule("E7", "E7>100")).is_ours());
        assert!(HighlightRule::of(&rule("E7", "AND(ISNUMBER(#REF!),E7)")).is_ours());
    }

    #[test]
    fn ranges_are_read_as_excel_writes_them() {
        assert_eq!(range("$E$7:E20"), Some((6, 4, 19, 4)));
        assert_eq!(range("E7"), Some((6, 4, 6, 4)));
        assert_eq!(range("E:F"), Some((0, 4, 1_048_575, 5)));
        assert_eq!(range("kolom"), None);
    }
}
