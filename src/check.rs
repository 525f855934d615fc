//! Checking an analysis workbook: every finding at once, each with its cell and what to do about it.
//!
//! Owns the rules and the table that explains them ([`RULES`], shown to users as `docs/bevindingen.md`). Pure: knows
//! no files, no zip and no XML, only [`crate::model`] and [`crate::finding`]. Never changes anything and never
//! decides for the advisor.
//!
//! Levels: `fout` is for what makes the documents indefensible (a figure that is not the source's, a benchmark of
//! another year, two wijken in one workbook); `waarschuwing` for what is probably not meant or still has to be done;
//! `opmerking` for what is good to know.

mod activities;
mod agreements;
mod figures;
mod highlight;
mod method;
mod outdated;
mod overview;
mod people;
mod plausible;
mod proposals;
mod results;
mod rules;
mod small;
mod source;
mod texts;
mod wijk;
mod written;

#[cfg(test)]
mod case;
#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub use outdated::{MOST_CHANGES, changes_in_words, texts_to_read};
pub use proposals::outdated_proposals;
pub use rules::{RULES, Rule, THRESHOLDS, rule, rules_as_markdown};
pub use source::check_overview;

use crate::finding::{Finding, Level, Place};
use crate::model::{
    Analysis, CellRef, DomeinBlock, Format, Indicator, IndicatorRow, Overview, PijlerTab, TabKind, TextCell, Unit,
    column_letters, parse_a1, words,
};

/// What is checked, and what other stations found already.
#[derive(Debug, Clone, Copy)]
pub struct CheckInput<'a> {
    /// The format.
    pub format: &'a Format,
    /// The workbook as read.
    pub analysis: &'a Analysis,
    /// The overview to check against; `None` takes the workbook's own.
    pub overview: Option<&'a Overview>,
    /// Zero-based index of the wijk in that overview; `None` looks up the name in the workbook.
    pub area: Option<usize>,
    /// True when the workbook's conditional formats were read (xlsx, xlsm); false for xls and ods, in which nothing
    /// can be said about them.
    pub highlighting: bool,
    /// Findings of reading the workbook, of its package, and whatever else the caller wants in the same list.
    pub other: &'a [Finding],
}

/// Checks everything and returns all findings, heaviest first, then by tab (in the workbook's order), cell and code.
/// The findings of other stations are sorted in; a finding that is there twice comes out once.
#[must_use]
pub fn check(input: &CheckInput<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = input.other.to_vec();
    let overview = input.overview.or(input.analysis.overview.as_ref());
    let area = wijk::find(input, overview, &mut findings);
    let context = Context::new(input, overview, area);
    for rule in CHECKS {
        rule(&context, &mut findings);
    }
    if input.highlighting {
        highlight::highlighting(&context, &mut findings);
    }
    drop_twice_told(&mut findings, input.other.len());
    apply_settings(input.format, &mut findings);
    for finding in &mut findings {
        if finding.place.file.is_none() && !input.analysis.file.is_empty() {
            finding.place.file = Some(input.analysis.file.clone());
        }
    }
    sort(input.analysis, &mut findings);
    findings
}

/// That a workbook was made with another version of the format, for who compares without checking; `None` when it is of this
/// one, or bears no version.
#[must_use]
pub fn other_version(format: &Format, analysis: &Analysis) -> Option<Finding> {
    let mut finding = texts::of_other_version(format, analysis)?;
    finding.place.file = Some(analysis.file.clone());
    Some(finding)
}

/// Gives findings the level that the format files say, and takes out those that are switched off.
pub fn apply_settings(format: &Format, findings: &mut Vec<Finding>) {
    findings.retain_mut(|finding| {
        match format.control.level(&finding.code, finding.place.indicator.as_deref()) {
            Some("uit") => return false,
            Some("fout") => finding.level = Level::Fout,
            Some("waarschuwing") => finding.level = Level::Waarschuwing,
            Some("opmerking") => finding.level = Level::Opmerking,
            _ => {}
        }
        true
    });
}

/// What another station said about a cell and the check says again, goes: the check knows the domein too.
fn drop_twice_told(findings: &mut Vec<Finding>, others: usize) {
    let about = |finding: &Finding| (finding.code.clone(), finding.place.tab.clone(), finding.place.cell.clone());
    let own: BTreeSet<_> =
        findings.iter().skip(others).filter(|finding| finding.place.cell.is_some()).map(about).collect();
    let mut at = 0;
    findings.retain(|finding| {
        at += 1;
        at > others || !own.contains(&about(finding))
    });
}

/// The heaviest level among the findings; `None` when there are none. The command line ends with 1 for
/// [`Level::Fout`] and with 0 for anything lighter.
#[must_use]
pub fn highest(findings: &[Finding]) -> Option<Level> {
    findings.iter().map(|finding| finding.level).max()
}

/// Every check, in the order of the workbook.
const CHECKS: &[fn(&Context<'_>, &mut Vec<Finding>)] = &[
    wijk::one_wijk_per_workbook,
    wijk::heading_of_the_wijk_column,
    wijk::enough_wijken,
    figures::not_a_figure,
    figures::impossible,
    figures::fraction_without_percent_format,
    figures::mixed_percent_format,
    figures::two_rows_one_indicator,
    plausible::unlikely,
    plausible::parts,
    plausible::copied_benchmark,
    plausible::beside_is_the_same,
    small::small_groups,
    small::named_in_texts,
    small::within_chance,
    overview::wijk_differs,
    overview::zero_for_missing,
    overview::not_filled,
    overview::benchmark_differs,
    overview::benchmark_missing,
    overview::beside_differs,
    overview::other_unit,
    overview::other_direction,
    overview::other_year,
    overview::mixed_years,
    overview::source_missing,
    overview::year_missing,
    overview::not_in_overview,
    texts::question_open,
    texts::conclusion_open,
    texts::closing_factoren,
    texts::dead_link,
    texts::other_format_version,
    texts::not_calculated,
    outdated::outdated,
    results::measurable,
    results::sign,
    results::possible_target,
    results::positively_stated,
    results::known_indicators,
    results::several_indicators,
    results::years_in_order,
    results::known_domein,
    method::about_process,
    method::start_value,
    activities::result_number,
    method::activity_needs,
    method::agreements,
    method::without_activity,
    people::personal,
    activities::known_choices,
    activities::factor_in_model,
    agreements::known_choices,
    agreements::dates,
];

/// The workbook with what every rule needs looked up once.
pub(crate) struct Context<'a> {
    pub(crate) format: &'a Format,
    pub(crate) analysis: &'a Analysis,
    pub(crate) overview: Option<&'a Overview>,
    /// The wijk in the overview.
    pub(crate) area: Option<usize>,
    /// The benchmark in the overview.
    pub(crate) benchmark: Option<usize>,
    /// Every row of an indicator that the format knows.
    pub(crate) rows: Vec<Row<'a>>,
}

/// An indicator row with what belongs to it.
#[derive(Clone)]
pub(crate) struct Row<'a> {
    pub(crate) tab: &'a PijlerTab,
    pub(crate) block: &'a DomeinBlock,
    pub(crate) row: &'a IndicatorRow,
    pub(crate) indicator: &'a Indicator,
    /// The unit that its figures are in.
    pub(crate) unit: Cow<'a, Unit>,
    /// Column in the overview.
    pub(crate) column: Option<usize>,
}

impl<'a> Context<'a> {
    fn new(input: &CheckInput<'a>, overview: Option<&'a Overview>, area: Option<usize>) -> Self {
        let rows = input
            .analysis
            .rows()
            .filter_map(|(tab, block, row)| {
                let indicator = input.format.indicator(row.code.as_deref()?)?;
                let column = overview.and_then(|overview| overview.column_index(&indicator.code));
                let known = overview.and_then(|overview| overview.columns.get(column?));
                let unit = input.format.row_unit(row, indicator, known);
                Some(Row { tab, block, row, indicator, unit, column })
            })
            .collect();
        Context {
            format: input.format,
            analysis: input.analysis,
            overview,
            area,
            benchmark: overview.and_then(|overview| overview.area_index(&input.format.benchmark.0)),
            rows,
        }
    }

    /// The tab of this kind as it is called in the workbook.
    pub(crate) fn tab(&self, kind: &str) -> &str {
        let wanted = TabKind::Fixed(kind.to_owned());
        self.analysis
            .tabs
            .iter()
            .find(|tab| tab.kind == wanted)
            .map_or_else(|| self.format.tab(kind), |tab| tab.name.as_str())
    }

    /// The place of an item narrowed to one of its cells, where its column was recognised.
    pub(crate) fn in_column(&self, place: Place, kind: &str, row: u32, field: &str) -> Place {
        let columns = &self.analysis.item_columns;
        match columns.iter().find(|(of, known, _)| of == kind && known == field) {
            Some((_, _, col)) => Place { cell: Some(CellRef::new(self.tab(kind), row, *col).a1()), ..place },
            None => place,
        }
    }

    /// A whole row of a tab, as Excel writes it: `12:12`.
    pub(crate) fn whole_row(&self, kind: &str, row: u32) -> Place {
        let row = u64::from(row) + 1;
        Place { cell: Some(format!("{row}:{row}")), ..Place::tab(self.tab(kind)) }
    }
}

impl Row<'_> {
    /// The place of a cell of this row, with what it is about.
    pub(crate) fn place(&self, at: &CellRef) -> Place {
        Place { indicator: Some(self.indicator.code.clone()), ..Place::cell(at) }
            .about(format!("domein {}, indicator {}", self.block.domein, self.indicator.name))
    }

    /// The heading above the free column of this block: the last one above the row.
    pub(crate) fn beside_heading(&self) -> Option<&TextCell> {
        let headings = self.tab.headings.iter().filter(|(field, _)| field == "naast").map(|(_, heading)| heading);
        headings.filter(|heading| heading.at.row <= self.row.row).max_by_key(|heading| heading.at.row)
    }

    /// The letter of a column in this workbook, for advice: `kolom C`.
    pub(crate) fn letter(&self, field: &str) -> String {
        column_letters(self.cell(field).col)
    }

    /// True when the tab has a column of this kind. What stands in one that was not recognised is not known; that it
    /// was not recognised is a finding of its own.
    pub(crate) fn has_column(&self, field: &str) -> bool {
        self.tab.columns.iter().any(|(name, _)| name == field)
    }

    /// The cell in a column of this row, also when nothing was read there. A column that the tab lacks is taken where
    /// the format has it.
    pub(crate) fn cell(&self, field: &str) -> CellRef {
        const BUILT: [(&str, u32); 4] = [("eenheid", 2), ("bron", 3), ("wijk", 4), ("benchmark", 6)];
        let found = self.tab.columns.iter().find(|(name, _)| name == field).map(|(_, col)| *col);
        let built = || BUILT.iter().find(|(name, _)| *name == field).map(|(_, col)| *col);
        CellRef::new(&self.tab.tab, self.row.row, found.or_else(built).unwrap_or(self.row.wijk.at.col))
    }
}

/// Cells of one column as Excel writes them: `E10:E14 E16`. `rows` are zero-based and rising.
pub(crate) fn ranges(col: u32, rows: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            Some((_, last)) if *last == *row => {}
            _ => parts.push((*row, *row)),
        }
    }
    let cell = |row: u32| format!("{}{}", column_letters(col), u64::from(row) + 1);
    let text = |(first, last): (u32, u32)| {
        if first == last { cell(first) } else { format!("{}:{}", cell(first), cell(last)) }
    };
    parts.into_iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Cells of one tab as Excel writes them, column by column: `B1:B4 H2`.
pub(crate) fn addresses(cells: &[&CellRef]) -> String {
    let mut columns: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for at in cells {
        columns.entry(at.col).or_default().push(at.row);
    }
    let parts = columns.iter_mut().map(|(col, rows)| {
        rows.sort_unstable();
        ranges(*col, rows)
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// Cells in a sentence: `C52 t/m C54 en C57`, and with their tab when there are several: `E12 ('Pijler Veilig')`.
pub(crate) fn in_words(cells: &[&CellRef]) -> String {
    let mut tabs: Vec<(&str, Vec<&CellRef>)> = Vec::new();
    for at in cells {
        match tabs.iter_mut().find(|(tab, _)| *tab == at.tab) {
            Some((_, here)) => here.push(at),
            None => tabs.push((&at.tab, vec![at])),
        }
    }
    let several = tabs.len() > 1;
    let parts: Vec<String> = tabs
        .iter()
        .map(|(tab, here)| {
            let cells: Vec<String> = addresses(here).split(' ').map(|range| range.replace(':', " t/m ")).collect();
            let cells = words::list(&cells);
            if several { format!("{cells} ('{tab}')") } else { cells }
        })
        .collect();
    words::list(&parts)
}

/// The place of cells of one indicator: all those on the tab of the first.
pub(crate) fn shared_place(cells: &[(&Row<'_>, &CellRef)]) -> Place {
    let Some((row, first)) = cells.first() else { return Place::default() };
    if cells.len() == 1 {
        return row.place(first);
    }
    let here: Vec<&CellRef> = cells.iter().map(|(_, at)| *at).filter(|at| at.tab == first.tab).collect();
    Place { cell: Some(addresses(&here)), indicator: Some(row.indicator.code.clone()), ..Place::tab(&first.tab) }
        .about(format!("indicator {}", row.indicator.name))
}

/// Names between quotes as a choice: `'a', 'b' of 'c'`.
pub(crate) fn choice<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{}'", name.as_ref())).collect();
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} of {last}", first.join(", ")),
        other => other.concat(),
    }
}

fn sort(analysis: &Analysis, findings: &mut Vec<Finding>) {
    let position = |place: &Place| {
        let tab = place.tab.as_deref().unwrap_or("");
        // Findings about the file as a whole come before those about a tab.
        let known = analysis.tabs.iter().position(|info| info.name == tab);
        (!tab.is_empty(), known.unwrap_or(usize::MAX), tab.to_owned())
    };
    let cell = |place: &Place| {
        let text = place.cell.as_deref().unwrap_or("");
        let first = text.split([':', ' ', ',']).next().unwrap_or("");
        // `12:12` is a whole row: it sorts as the first cell of that row.
        let whole_row = first.parse::<u32>().ok().map(|row| (row.saturating_sub(1), 0));
        (parse_a1(first).or(whole_row), text.to_owned())
    };
    findings.sort_by_cached_key(|finding| {
        (
            std::cmp::Reverse(finding.level),
            position(&finding.place),
            cell(&finding.place),
            finding.code.clone(),
            finding.found.clone(),
        )
    });
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert((finding.code.clone(), finding.place.clone(), finding.found.clone())));
}
