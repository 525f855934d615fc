//! The highlighting: does every row have the live rule of the format, with the right decimals and the right cells?
//!
//! Pure text work on the rules as written in the workbook ([`Conditional`]): the rule of a range is moved to each of
//! its cells, as Excel does, and compared with what the format asks for that cell.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::finding;
use super::{Context, Row, ranges};
use crate::finding::{Finding, Place};
use crate::model::words::count;
use crate::model::{Conditional, column_letters, parse_a1};

/// The code for rules on rows without an indicator.
const STRAY: &str = "opmaak-verkeerde-rijen";

/// The formula that colours the wijk's cell of a row (`spec`: E is orange when the figures differ as shown, and when
/// it is still empty while a benchmark stands there). `row` is zero-based; `decimals` are those of the cell as stored,
/// so two more for a fraction shown as %.
#[must_use]
fn wijk_rule(wijk: u32, benchmark: u32, row: u32, decimals: u8) -> String {
    let (e, g) = (cell(wijk, row), cell(benchmark, row));
    format!(
        "AND(ISNUMBER({g}),OR(LEN(TRIM({e}))=0,AND(ISNUMBER({e}),ROUND({e},{decimals})<>ROUND({g},{decimals}))))"
    )
}

/// The same for the second area: an empty cell stays white.
fn beside_rule(beside: u32, benchmark: u32, row: u32, decimals: u8) -> String {
    let (f, g) = (cell(beside, row), cell(benchmark, row));
    format!("AND(ISNUMBER({g}),AND(ISNUMBER({f}),ROUND({f},{decimals})<>ROUND({g},{decimals})))")
}

fn cell(col: u32, row: u32) -> String {
    format!("{}{}", column_letters(col), u64::from(row) + 1)
}

/// A rule of the workbook with its ranges read.
struct Rule<'a> {
    formula: &'a str,
    colours: bool,
    /// First row, first column, last row, last column; zero-based, inclusive.
    ranges: Vec<(u32, u32, u32, u32)>,
}

impl<'a> Rule<'a> {
    fn of(conditional: &'a Conditional) -> Self {
        Rule {
            formula: &conditional.formula,
            colours: conditional.fills && conditional.kind == "expression",
            ranges: conditional.ranges.split_whitespace().filter_map(range).collect(),
        }
    }

    fn covers(&self, row: u32, col: u32) -> bool {
        self.ranges
            .iter()
            .any(|(top, left, bottom, right)| (*top..=*bottom).contains(&row) && (*left..=*right).contains(&col))
    }

    /// The formula as it works in a cell. Programs do not agree whether it is written for the first cell of the first
    /// range or for the top left cell of all ranges together, so either reading will do.
    fn works_as(&self, wanted: &str, row: u32, col: u32) -> bool {
        let first = self.ranges.first().map(|range| (range.0, range.1));
        let corner =
            self.ranges.iter().map(|range| (range.0, range.1)).reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)));
        [first, corner].into_iter().flatten().any(|(top, left)| {
            let formula = moved(self.formula, i64::from(row) - i64::from(top), i64::from(col) - i64::from(left));
            bare(&formula) == bare(wanted)
        })
    }
}

/// Every row has the rule of the format on the wijk's cell and on the one beside it; no rule colours other rows.
pub(crate) fn highlighting(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for tab in &context.analysis.pijlers {
        let rows: Vec<&Row<'_>> = context.rows.iter().filter(|row| row.tab.tab == tab.tab).collect();
        let rules: Vec<Rule<'_>> =
            context.analysis.conditionals.iter().filter(|rule| rule.tab == tab.tab).map(Rule::of).collect();
        let column = |field: &str| tab.columns.iter().find(|(name, _)| name == field).map(|(_, col)| *col);
        let Some(benchmark) = column("benchmark") else { continue };

        // Per column the rows that lack a rule or have a wrong one, so that one cause is one finding.
        let mut lacking: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut wrong: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for row in &rows {
            let at = row.row.row;
            let wijk = row.row.wijk.at.col;
            let benchmark = row.row.benchmark.as_ref().map_or(benchmark, |cell| cell.at.col);
            let beside = row.row.beside.as_ref().map(|cell| cell.at.col).or_else(|| column("naast"));
            let decimals = row.indicator.decimals + if holds_fractions(row) { 2 } else { 0 };
            let mut wanted = vec![(wijk, wijk_rule(wijk, benchmark, at, decimals))];
            if let Some(beside) = beside {
                wanted.push((beside, beside_rule(beside, benchmark, at, decimals)));
            }
            for (col, formula) in wanted {
                let mut covering = rules.iter().filter(|rule| rule.covers(at, col)).peekable();
                if covering.peek().is_none() {
                    lacking.entry(col).or_default().push(at);
                } else if !covering.any(|rule| rule.colours && rule.works_as(&formula, at, col)) {
                    wrong.entry(col).or_default().push(at);
                }
            }
        }
        for (col, at) in &lacking {
            findings.push(about(
                tab.tab.as_str(),
                *col,
                at,
                "opmaak-ontbreekt",
                "de regel voor de oranje opmaak ontbreekt",
            ));
        }
        for (col, at) in &wrong {
            findings.push(about(tab.tab.as_str(), *col, at, "opmaak-fout", "de regel voor de oranje opmaak is niet die van het format, of vergelijkt met een andere rij of een ander aantal decimalen"));
        }
        stray(context, tab.tab.as_str(), &rules, findings);
    }
}

/// True when the figures of a row are fractions shown as %: the benchmark decides, because the format fills it.
fn holds_fractions(row: &Row<'_>) -> bool {
    match &row.row.benchmark {
        Some(benchmark) if benchmark.number().is_some() || benchmark.percent_format => benchmark.percent_format,
        _ => row.row.wijk.percent_format,
    }
}

/// Rules of the highlighting on rows that hold no indicator.
fn stray(context: &Context<'_>, tab: &str, rules: &[Rule<'_>], findings: &mut Vec<Finding>) {
    let rows: BTreeSet<u32> =
        context.analysis.rows().filter(|(of, _, _)| of.tab == tab).map(|(_, _, row)| row.row).collect();
    let cols: BTreeSet<u32> =
        context.analysis.rows().filter(|(of, _, _)| of.tab == tab).map(|(_, _, row)| row.wijk.at.col).collect();
    for col in cols {
        let mut stray: BTreeSet<u32> = BTreeSet::new();
        for rule in rules.iter().filter(|rule| rule.colours && is_ours(rule.formula)) {
            for (top, left, bottom, right) in &rule.ranges {
                // A range longer than any block is a whole column; its empty rows never colour.
                if (*left..=*right).contains(&col) && bottom - top < 10_000 {
                    stray.extend((*top..=*bottom).filter(|row| !rows.contains(row)));
                }
            }
        }
        if !stray.is_empty() {
            let at: Vec<u32> = stray.into_iter().collect();
            findings.push(about(
                tab,
                col,
                &at,
                STRAY,
                "de regel voor de oranje opmaak staat op rijen zonder indicator",
            ));
        }
    }
}

/// True for a rule that does what the highlighting does: compares rounded figures.
fn is_ours(formula: &str) -> bool {
    let bare = bare(formula);
    bare.contains("ROUND(") && bare.contains("ISNUMBER(") && bare.contains("<>")
}

fn about(tab: &str, col: u32, rows: &[u32], code: &'static str, found: &str) -> Finding {
    let advice = if code == STRAY {
        "Ga naar Start > Voorwaardelijke opmaak > Regels beheren en haal deze cellen weg bij 'Van toepassing op'."
    } else {
        "Laat 'wijk vul' met --herstel-opmaak de regels herstellen; uw cijfers en teksten blijven staan."
    };
    finding(
        code,
        Place { cell: Some(ranges(col, rows)), ..Place::tab(tab) },
        format!("Kolom {}, {}: {found}.", column_letters(col), count(rows.len(), "rij", "rijen")),
        "Op elke rij met een indicator de regel van het format, met de decimalen van die rij.",
        advice,
    )
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

/// A formula without what makes no difference: spaces, `$`, capitals.
fn bare(formula: &str) -> String {
    formula.chars().filter(|c| !c.is_whitespace() && *c != '$').flat_map(char::to_uppercase).collect()
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

    #[test]
    fn a_rule_moves_as_in_excel() {
        assert_eq!(moved("AND(E7<>$G7,$A$1=\"E7\",LOG10(E7)>0)", 3, 1), "AND(F10<>$G10,$A$1=\"E7\",LOG10(F10)>0)");
        assert_eq!(moved("ROUND(E7,1)", 0, 0), "ROUND(E7,1)");
    }

    #[test]
    fn ranges_are_read_and_written() {
        assert_eq!(range("$E$7:E20"), Some((6, 4, 19, 4)));
        assert_eq!(range("E7"), Some((6, 4, 6, 4)));
        assert_eq!(range("E:F"), Some((0, 4, 1_048_575, 5)));
        assert_eq!(range("kolom"), None);
        assert_eq!(super::super::ranges(4, &[9, 10, 11, 15]), "E10:E12 E16");
    }

    #[test]
    fn the_rule_is_the_one_the_format_writes() {
        assert_eq!(
            bare(&wijk_rule(4, 6, 6, 1)),
            bare("AND(ISNUMBER($G7),OR(LEN(TRIM(E7))=0,AND(ISNUMBER(E7),ROUND(E7,1)<>ROUND($G7,1))))")
        );
    }
}
