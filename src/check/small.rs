//! Figures about small groups that still stand in a workbook, and remarks about differences that may be chance.

use super::Context;
use super::Row;
use super::rules::finding;
use crate::finding::{Finding, Place};
use crate::model::words::{figure, number};
use crate::model::{Figure, Missing, wilson};

impl Context<'_> {
    /// True when the figure of the wijk may not be shown.
    pub(crate) fn is_hidden(&self, row: &Row<'_>) -> bool {
        self.figure(self.area, row) == Some(Figure::Missing(Missing::SmallGroup))
    }
}

/// A figure about a small group in a cell, or named with its figure in a closing table.
pub(crate) fn small_groups(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let advice = "Maak de cel leeg of vul het werkboek opnieuw met 'wijk vul'. De grens staat in controle.csv bij kleine-groep.";
    let expected = "Een x: het cijfer gaat over te weinig mensen, of een ander cijfer is eruit uit te rekenen.";
    for row in &context.rows {
        let cells = [(context.area, Some(&row.row.wijk)), (context.benchmark, row.row.benchmark.as_ref())];
        for (area, cell) in cells {
            let hidden = context.figure(area, row) == Some(Figure::Missing(Missing::SmallGroup));
            if let Some(cell) = cell.filter(|cell| hidden && cell.number().is_some()) {
                findings.push(finding(
                    "kleine-groep",
                    row.place(&cell.at),
                    "In deze cel staat een cijfer dat niet mag worden getoond.",
                    expected,
                    advice,
                ));
            }
        }
    }
    let hidden: Vec<&str> =
        context.rows.iter().filter(|row| context.is_hidden(row)).map(|row| row.indicator.name.as_str()).collect();
    let summary = context.analysis.summary.iter().flat_map(|summary| &summary.closing);
    for closing in context.analysis.pijlers.iter().flat_map(|tab| &tab.closing).chain(summary) {
        let Some(cell) = &closing.figures else { continue };
        let names =
            |line: &str| hidden.iter().any(|name| line.contains(name)) && line.chars().any(|c| c.is_ascii_digit());
        if cell.text.lines().any(names) {
            findings.push(finding(
                "kleine-groep",
                Place::cell(&cell.at).about(format!("domein {}", closing.domein)),
                "In deze tekst staat een cijfer dat niet mag worden getoond.",
                "Een tekst zonder dat cijfer.",
                "Haal het cijfer uit de tekst.",
            ));
        }
    }
}

/// A figure that the advisor wrote something about, while its difference from the benchmark may be chance.
pub(crate) fn within_chance(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    let mut told: Vec<&str> = Vec::new();
    for row in &context.rows {
        let remarked = row.row.remark.as_ref().is_some_and(|cell| !cell.text.trim().is_empty());
        if !remarked
            || row.indicator.estimate
            || told.contains(&row.indicator.code.as_str())
            || !context.agrees(row, &row.row.wijk, context.area)
        {
            continue;
        }
        let interval = || {
            let (area, column) = (context.area?, row.column?);
            if overview.columns.get(column)?.is_estimate() {
                return None;
            }
            overview.interval(area, column).or_else(|| {
                let observations =
                    overview.observations(area, column).filter(|_| row.indicator.unit.is_percentage())?;
                wilson(context.known(context.area, row)?, observations)
            })
        };
        let (Some((low, high)), Some(benchmark)) = (interval(), context.known(context.benchmark, row)) else {
            continue;
        };
        if !(low..=high).contains(&benchmark) {
            continue;
        }
        told.push(&row.indicator.code);
        let decimals = row.indicator.decimals;
        findings.push(finding(
            "verschil-binnen-toeval",
            row.place(&row.row.wijk.at),
            format!(
                "U schreef iets bij dit cijfer, maar het verschil met {} kan toeval zijn: het cijfer ligt met 95% zekerheid tussen {} en {}, en {} heeft {}.",
                context.format.benchmark.1,
                number(low, decimals),
                number(high, decimals),
                context.format.benchmark.1,
                figure(benchmark, decimals, &row.indicator.unit)
            ),
            "",
            "Noem het verschil met die onzekerheid erbij.",
        ));
    }
}
