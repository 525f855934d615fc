//! Figures about small groups that still stand in a workbook, and remarks about differences that may be chance.

use std::collections::BTreeMap;

use super::rules::finding;
use super::written::texts;
use super::{Context, Row};
use crate::finding::{Finding, Place};
use crate::model::words::{equal_as_shown, figure, number};
use crate::model::{Figure, Indicator, Missing, normalise, wilson};

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
    // One heading stands above many rows; the area is looked for once.
    let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for row in &context.rows {
        let heading = row.beside_heading().map_or("", |heading| heading.text.as_str());
        let beside = *known.entry(heading).or_insert_with(|| of_heading(context, heading));
        let cells = [
            (context.area, Some(&row.row.wijk)),
            (beside, row.row.beside.as_ref()),
            (context.benchmark, row.row.benchmark.as_ref()),
        ];
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

/// The area of which figures stand in the free column: the one its heading names, or the wijk itself above old figures.
fn of_heading(context: &Context<'_>, heading: &str) -> Option<usize> {
    match context.overview?.the_wijk_first(heading) {
        Some((area, _)) => Some(area),
        None if normalise(heading).starts_with("vorige editie") => context.area,
        None => None,
    }
}

/// A figure that may not be shown, named in a text of a person. The program never changes such a text, so the figure
/// would stand in the documents too.
pub(crate) fn named_in_texts(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    let own = context.area;
    let areas = overview.areas.iter().enumerate();
    let hidden: Vec<Hidden<'_>> = areas
        .flat_map(|(at, area)| overview.withheld.of(&area.code).map(move |(code, value)| (at, area, code, value)))
        .filter_map(|(at, area, code, value)| {
            let indicator = context.format.indicator(code)?;
            let names = std::iter::once(&indicator.name).chain(&indicator.variants);
            Some(Hidden {
                indicator,
                names: names.map(|name| normalise(name)).collect(),
                area: (Some(at) != own).then(|| normalise(&area.name)),
                value,
            })
        })
        .collect();
    if hidden.is_empty() {
        return;
    }
    for written in texts(context) {
        let numbers = numbers(&written.text);
        let says = normalise(&written.text);
        let found = hidden.iter().find(|hidden| {
            // Of another area only where the text names it.
            let of_area = hidden.area.as_ref().is_none_or(|name| says.contains(name.as_str()));
            let about = written.about.contains(&hidden.indicator.code.as_str())
                || hidden.names.iter().any(|name| says.contains(name.as_str()));
            of_area && numbers.iter().any(|number| hidden.is(number, about))
        });
        let Some(hidden) = found else { continue };
        findings.push(finding(
            "kleine-groep",
            written.place,
            format!(
                "In deze tekst staat een getal dat gelijk is aan een cijfer dat niet mag worden getoond: '{}'.",
                hidden.indicator.name
            ),
            "Een tekst zonder dat cijfer.",
            "Haal het cijfer uit de tekst. Het programma verandert uw tekst niet: laat u het staan, dan komt het ook in de Word-documenten.",
        ));
    }
}

/// A figure that may not be shown.
struct Hidden<'a> {
    indicator: &'a Indicator,
    /// How the indicator is called, normalised.
    names: Vec<String>,
    /// The area, when it is another than that of the workbook.
    area: Option<String>,
    value: f64,
}

impl Hidden<'_> {
    /// True for a number in a text that can be this figure. A whole number is only taken for it where the text is
    /// about the indicator: many numbers are whole.
    fn is(&self, (value, decimals): &(f64, u8), about: bool) -> bool {
        (about || *decimals > 0) && equal_as_shown(*value, self.value, *decimals)
    }
}

/// The numbers in a text with how many decimals they have: `37,9%`, `37.9` and `38`.
fn numbers(text: &str) -> Vec<(f64, u8)> {
    text.split(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
        .map(|part| part.trim_matches([',', '.']))
        .filter(|part| !part.is_empty())
        .filter_map(|part| {
            let (whole, fraction) = part.split_once([',', '.']).unwrap_or((part, ""));
            let value = format!("{whole}.{fraction}0").parse().ok()?;
            Some((value, u8::try_from(fraction.len()).ok()?))
        })
        .collect()
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
                let observations = overview.observations(area, column).filter(|_| row.unit.is_percentage())?;
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
                figure(benchmark, decimals, &row.unit)
            ),
            "",
            "Noem het verschil met die onzekerheid erbij.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_running_text_with_their_decimals() {
        assert_eq!(numbers("Van 37,9% (2016) naar 38."), [(37.9, 1), (2016.0, 0), (38.0, 0)]);
        assert_eq!(numbers("geen getal, echt niet."), []);
    }
}
