//! How outcomes look on a screen: the only place with colours. Every list is also available as json.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use wijkanalyse::finding::{Finding, Level};
use wijkanalyse::model::{Comparison, FactorReturn, FigureComparison, Incomparable, Relative};

fn style(level: Level) -> Style {
    let colour = match level {
        Level::Fout => AnsiColor::Red,
        Level::Waarschuwing => AnsiColor::Yellow,
        Level::Opmerking => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

/// Finds the plural: `1 fout`, `2 fouten`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Findings as text: level and code, place, what was found and expected, what to do; then a count per level.
pub(crate) fn findings(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        let style = style(finding.level);
        let _ = writeln!(out, "{style}{}{style:#} [{}]: {}", finding.level.word(), finding.code, finding.found);
        let place = [&finding.place.file, &finding.place.tab, &finding.place.cell];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        let subject = finding.place.subject.as_ref().map(|text| format!("  ({text})")).unwrap_or_default();
        if !place.is_empty() || !subject.is_empty() {
            let _ = writeln!(out, "   --> {}{subject}", place.join(" ▸ "));
        }
        if !finding.expected.is_empty() {
            let _ = writeln!(out, "   verwacht: {}", finding.expected);
        }
        if !finding.advice.is_empty() {
            let _ = writeln!(out, "   advies: {}", finding.advice);
        }
    }
    out
}

/// How many findings of each level, as one sentence.
pub(crate) fn tally(findings: &[Finding]) -> String {
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    if findings.is_empty() {
        return "Geen bevindingen.".to_owned();
    }
    format!(
        "{}, {}, {}.",
        count(of(Level::Fout), "fout", "fouten"),
        count(of(Level::Waarschuwing), "waarschuwing", "waarschuwingen"),
        count(of(Level::Opmerking), "opmerking", "opmerkingen"),
    )
}
