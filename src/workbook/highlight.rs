//! The live highlighting of the pijler tabs: which rules there should be, and what is wrong with those there are.
//!
//! Owns the rule of 'Highlighting' (analysis-workbook): column E orange when the benchmark stands there and the
//! figure of the wijk differs as shown or is missing, column F when its figure differs. Pure: works on what was
//! read, knows no package. The repair is carried out by `fill`.

use std::collections::BTreeMap;

use crate::finding::{Finding, Level, Place};
use crate::model::{Analysis, Conditional, Format, IndicatorRow, PijlerTab, column_letters, parse_a1};

/// The name of the rule on the spot where it is missing.
const MISSING: &str = "opmaak-ontbreekt";
const DAMAGED: &str = "opmaak-fout";
const MISPLACED: &str = "opmaak-verkeerde-rijen";

/// A rule as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRule {
    /// The cells, as Excel writes them: `E7:E12`.
    pub ranges: String,
    /// The formula for the first of those cells, without `=`.
    pub formula: String,
}

/// What the highlighting of one tab lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// Name of the tab.
    pub tab: String,
    /// Rules of ours that are damaged or stand on the wrong rows: ranges and formula as written.
    pub remove: Vec<(String, String)>,
    /// Rules to add.
    pub add: Vec<WantedRule>,
}

/// Looks at the rules of every pijler tab. Returns what should be repaired and, apart, what the advisor should
/// know. Nothing is said about files whose rules cannot be read (xls, ods).
#[must_use]
pub fn highlighting(analysis: &Analysis, format: &Format) -> (Vec<Repair>, Vec<Finding>) {
    let name = analysis.file.to_lowercase();
    let mut repairs = Vec::new();
    let mut findings = Vec::new();
    if name.ends_with(".xls") || name.ends_with(".ods") {
        return (repairs, findings);
    }
    for tab in &analysis.pijlers {
        let rules: Vec<Rule<'_>> =
            analysis.conditionals.iter().filter(|rule| rule.tab == tab.tab).filter_map(Rule::of).collect();
        let cells = wanted_cells(tab, format);
        let judged: Vec<Judgement> = rules.iter().map(|rule| rule.judge(&cells)).collect();
        let bad = |judgement: &Judgement| judgement.wrong > 0 || judgement.right == 0;
        let covered = |cell: &Cell| {
            rules.iter().zip(&judged).any(|(rule, judgement)| !bad(judgement) && rule.is_right_for(cell))
        };
        let missing: Vec<&Cell> = cells.iter().filter(|cell| !covered(cell)).collect();
        let remove: Vec<(String, String)> = rules
            .iter()
            .zip(&judged)
            .filter(|(_, judgement)| bad(judgement))
            .map(|(rule, _)| (rule.written.ranges.clone(), rule.written.formula.clone()))
            .collect();
        for (rule, judgement) in rules.iter().zip(&judged).filter(|(_, judgement)| bad(judgement)) {
            findings.push(report_rule(tab, rule, judgement));
        }
        // Cells under a damaged rule are told of there; what has no rule at all is told of here.
        let bare: Vec<&Cell> = missing
            .iter()
            .filter(|cell| !rules.iter().any(|rule| rule.covers(cell.row, cell.col)))
            .copied()
            .collect();
        if let Some(first) = bare.first() {
            findings.push(report_missing(tab, &bare, first, cells.len()));
        }
        if !missing.is_empty() || !remove.is_empty() {
            repairs.push(Repair { tab: tab.tab.clone(), remove, add: rules_for(&missing) });
        }
    }
    (repairs, findings)
}

/// A cell that should have a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    col: u32,
    row: u32,
    benchmark: u32,
    decimals: u8,
    /// Column E: an empty cell is orange as well.
    empty_too: bool,
}

impl Cell {
    /// The formula for this cell, word for word as in the specification.
    fn formula(&self) -> String {
        let (own, benchmark) = (self.own(), format!("${}{}", column_letters(self.benchmark), self.row + 1));
        let d = self.decimals;
        let differs = format!("AND(ISNUMBER({own}),ROUND({own},{d})<>ROUND({benchmark},{d}))");
        if self.empty_too {
            format!("AND(ISNUMBER({benchmark}),OR(LEN(TRIM({own}))=0,{differs}))")
        } else {
            format!("AND(ISNUMBER({benchmark}),{differs})")
        }
    }

    fn own(&self) -> String {
        format!("{}{}", column_letters(self.col), self.row + 1)
    }
}

/// The cells of a tab that should be highlighted, by column and row. A row whose indicator the format does not
/// know has no number of decimals, so nothing is asked of it.
fn wanted_cells(tab: &PijlerTab, format: &Format) -> Vec<Cell> {
    let mut cells = Vec::new();
    for row in tab.blocks.iter().flat_map(|block| &block.indicators) {
        let Some(indicator) = row.code.as_deref().and_then(|code| format.indicator(code)) else { continue };
        let Some(benchmark) = &row.benchmark else { continue };
        let decimals = indicator.decimals + if is_fraction_row(row) { 2 } else { 0 };
        let cell = |col: u32, empty_too: bool| Cell {
            col,
            row: row.row,
            benchmark: benchmark.at.col,
            decimals,
            empty_too,
        };
        cells.push(cell(row.wijk.at.col, true));
        if let Some(beside) = &row.beside {
            cells.push(cell(beside.at.col, false));
        }
    }
    cells.sort();
    cells.dedup();
    cells
}

/// Fractions shown as percentages: two more decimals count.
fn is_fraction_row(row: &IndicatorRow) -> bool {
    row.benchmark.as_ref().is_some_and(|cell| cell.percent_format)
        || (row.wijk.percent_format && row.benchmark.as_ref().is_none_or(|cell| cell.number().is_none()))
}

/// Successive cells with the same number of decimals get one rule.
fn rules_for(cells: &[&Cell]) -> Vec<WantedRule> {
    let mut runs: Vec<(&Cell, u32)> = Vec::new();
    for cell in cells {
        match runs.last_mut() {
            Some((first, last))
                if first.col == cell.col
                    && first.decimals == cell.decimals
                    && first.benchmark == cell.benchmark
                    && *last + 1 == cell.row =>
            {
                *last = cell.row;
            }
            _ => runs.push((cell, cell.row)),
        }
    }
    runs.into_iter()
        .map(|(first, last)| {
            let letters = column_letters(first.col);
            let ranges =
                if first.row == last { first.own() } else { format!("{}:{letters}{}", first.own(), last + 1) };
            WantedRule { ranges, formula: first.formula() }
        })
        .collect()
}

/// A rule that is ours or was ours once.
struct Rule<'a> {
    written: &'a Conditional,
    /// First row, first column, last row, last column of each range.
    ranges: Vec<(u32, u32, u32, u32)>,
}

/// How a rule serves the cells it covers.
#[derive(Debug, Default)]
struct Judgement {
    right: usize,
    wrong: usize,
    /// The first cell that it serves wrongly, and whether it looks at another row there.
    example: Option<(String, bool)>,
}

impl<'a> Rule<'a> {
    /// Only rules that compare a rounded figure with a rounded benchmark are ours; somebody's own rules stay.
    fn of(written: &'a Conditional) -> Option<Self> {
        let formula = squeezed(&written.formula);
        let compares = formula.contains("ROUND(") && formula.contains("<>") && formula.contains("ISNUMBER(");
        let broken = formula.contains("#REF!") && (formula.contains("ISNUMBER(") || formula.contains("ROUND("));
        if written.kind != "expression" || !(compares || broken) {
            return None;
        }
        let ranges = written
            .ranges
            .split_whitespace()
            .filter_map(|range| {
                let (first, last) = range.split_once(':').unwrap_or((range, range));
                let ((top, left), (bottom, right)) = (parse_a1(first)?, parse_a1(last)?);
                Some((top, left, bottom, right))
            })
            .collect();
        Some(Rule { written, ranges })
    }

    fn covers(&self, row: u32, col: u32) -> bool {
        self.ranges
            .iter()
            .any(|(top, left, bottom, right)| (*top..=*bottom).contains(&row) && (*left..=*right).contains(&col))
    }

    /// The formula as it holds for one cell, moved along from the first cell of the rule. Programs do not agree on
    /// which cell is the first when there are several ranges, so both readings are given.
    fn formulas_at(&self, row: u32, col: u32) -> Vec<String> {
        let first = self.ranges.first().map(|(top, left, _, _)| (*top, *left));
        let corner =
            self.ranges.iter().map(|(top, left, _, _)| (*top, *left)).reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)));
        let mut formulas: Vec<String> = [first, corner]
            .into_iter()
            .flatten()
            .map(|(top, left)| {
                let (rows, cols) = (i64::from(row) - i64::from(top), i64::from(col) - i64::from(left));
                squeezed(&moved(&self.written.formula, rows, cols))
            })
            .collect();
        formulas.dedup();
        formulas
    }

    fn is_right_for(&self, cell: &Cell) -> bool {
        let wanted = squeezed(&cell.formula());
        self.written.fills
            && self.covers(cell.row, cell.col)
            && self.formulas_at(cell.row, cell.col).contains(&wanted)
    }

    fn judge(&self, cells: &[Cell]) -> Judgement {
        let mut judgement = Judgement::default();
        for cell in cells.iter().filter(|cell| self.covers(cell.row, cell.col)) {
            if self.is_right_for(cell) {
                judgement.right += 1;
                continue;
            }
            judgement.wrong += 1;
            if judgement.example.is_none() {
                let own_row = format!("{}{}", column_letters(cell.benchmark), cell.row + 1);
                let other_row =
                    !self.formulas_at(cell.row, cell.col).iter().any(|formula| formula.contains(&own_row));
                judgement.example = Some((cell.own(), other_row));
            }
        }
        judgement
    }
}

/// A formula without spaces, dollar signs and a leading `=`, in capitals: what counts when comparing two.
fn squeezed(formula: &str) -> String {
    formula
        .trim_start_matches('=')
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '$')
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Moves the relative references of a formula by rows and columns, as a spreadsheet does for the other cells of a
/// rule. Texts between quotes and names of functions stay.
fn moved(formula: &str, rows: i64, cols: i64) -> String {
    let mut out = String::with_capacity(formula.len());
    let mut word = String::new();
    let mut quoted = false;
    for c in formula.chars().chain(std::iter::once('\0')) {
        if quoted {
            quoted = c != '"';
            out.push(c);
            continue;
        }
        if c.is_ascii_alphanumeric() || matches!(c, '$' | '_' | '.') {
            word.push(c);
            continue;
        }
        // A word before a bracket is a function.
        if c == '(' {
            out.push_str(&word);
        } else {
            out.push_str(&moved_reference(&word, rows, cols));
        }
        word.clear();
        if c == '\0' {
            break;
        }
        quoted = c == '"';
        out.push(c);
    }
    out
}

fn moved_reference(word: &str, rows: i64, cols: i64) -> String {
    let Some((row, col)) = parse_a1(word) else { return word.to_owned() };
    let fixed_col = word.starts_with('$');
    let fixed_row = word.get(1..).is_some_and(|rest| rest.contains('$'));
    let row = if fixed_row { i64::from(row) } else { i64::from(row) + rows };
    let col = if fixed_col { i64::from(col) } else { i64::from(col) + cols };
    match (u32::try_from(row), u32::try_from(col)) {
        (Ok(row), Ok(col)) => format!(
            "{}{}{}{}",
            if fixed_col { "$" } else { "" },
            column_letters(col),
            if fixed_row { "$" } else { "" },
            row + 1
        ),
        _ => "#REF!".to_owned(),
    }
}

const ADVICE: &str = "Geef --herstel-opmaak mee bij het vullen om de markering te herstellen.";

fn report_rule(tab: &PijlerTab, rule: &Rule<'_>, judgement: &Judgement) -> Finding {
    let place = Place { cell: Some(rule.written.ranges.clone()), ..Place::tab(&tab.tab) };
    let expected = "Verwacht is per rij een regel die het cijfer van die rij met de benchmark van die rij vergelijkt, afgerond op de decimalen van de indicator.";
    let formula = &rule.written.formula;
    let (code, found) = match &judgement.example {
        Some((cell, true)) => {
            (MISPLACED, format!("De oranje markering van {cell} kijkt naar een andere rij: {formula}."))
        }
        Some((cell, false)) if !rule.written.fills => {
            (DAMAGED, format!("De markering van {cell} heeft geen kleur."))
        }
        Some((cell, false)) => (DAMAGED, format!("De oranje markering van {cell} klopt niet: {formula}.")),
        None => (MISPLACED, format!("Deze oranje markering staat niet op een rij met een indicator: {formula}.")),
    };
    Finding::new(code, Level::Waarschuwing, place, found, expected, ADVICE)
}

fn report_missing(tab: &PijlerTab, bare: &[&Cell], first: &Cell, all: usize) -> Finding {
    let mut by_column: BTreeMap<u32, usize> = BTreeMap::new();
    for cell in bare {
        *by_column.entry(cell.col).or_default() += 1;
    }
    let columns: Vec<String> =
        by_column.iter().map(|(col, count)| format!("{count} in kolom {}", column_letters(*col))).collect();
    let place = Place { cell: Some(first.own()), ..Place::tab(&tab.tab) };
    Finding::new(
        MISSING,
        Level::Waarschuwing,
        place,
        format!(
            "Op het tabblad '{}' hebben {} van de {all} cellen met een cijfer geen oranje markering ({}), te beginnen met {}.",
            tab.tab,
            bare.len(),
            columns.join(", "),
            first.own()
        ),
        "Verwacht is dat een cijfer oranje wordt zodra het van de benchmark verschilt.",
        ADVICE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u32, decimals: u8, empty_too: bool) -> Cell {
        Cell { col: if empty_too { 4 } else { 5 }, row, benchmark: 6, decimals, empty_too }
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
        assert_eq!(moved("E1", -1, 0), "#REF!");
        assert_eq!(moved("LOG10(E7)", 1, 0), "LOG10(E8)");
    }

    #[test]
    fn a_rule_over_several_rows_serves_only_rows_with_its_decimals() {
        let rule = Conditional {
            tab: "x".to_owned(),
            ranges: "E7:E9".to_owned(),
            kind: "expression".to_owned(),
            formula: cell(6, 1, true).formula(),
            fills: true,
        };
        let rule = Rule::of(&rule).unwrap();
        let judgement = rule.judge(&[cell(6, 1, true), cell(7, 1, true), cell(8, 0, true)]);
        assert_eq!((judgement.right, judgement.wrong), (2, 1));
        assert_eq!(judgement.example, Some(("E9".to_owned(), false)));
    }

    #[test]
    fn a_rule_that_slid_to_another_row_is_told_from_a_damaged_one() {
        let rule = Conditional {
            tab: "x".to_owned(),
            ranges: "E8".to_owned(),
            kind: "expression".to_owned(),
            formula: cell(6, 1, true).formula(),
            fills: true,
        };
        let judgement = Rule::of(&rule).unwrap().judge(&[cell(7, 1, true)]);
        assert_eq!(judgement.example, Some(("E8".to_owned(), true)));
    }

    #[test]
    fn somebodys_own_rules_are_left_alone() {
        let rule = Conditional {
            tab: "x".to_owned(),
            ranges: "E7".to_owned(),
            kind: "cellIs".to_owned(),
            formula: "$G$7".to_owned(),
            fills: true,
        };
        assert!(Rule::of(&rule).is_none());
    }

    #[test]
    fn successive_rows_with_the_same_decimals_share_a_rule() {
        let cells = [cell(6, 1, true), cell(7, 1, true), cell(8, 0, true), cell(10, 0, true)];
        let rules = rules_for(&cells.iter().collect::<Vec<_>>());
        assert_eq!(rules.iter().map(|rule| rule.ranges.as_str()).collect::<Vec<_>>(), ["E7:E8", "E9", "E11"]);
    }
}
