//! Figures that cannot be right, whatever the overview says.

use std::collections::BTreeMap;

use super::rules::finding;
use super::{Context, Row, in_words, shared_place};
use crate::finding::Finding;
use crate::model::words::{equal_as_shown, figure, list, number, plain_number};
use crate::model::{CellRef, CellValue, NumberText, ValueCell, number_text};

/// The figure cells of a row with the word for whose figure it is.
fn cells<'a>(row: &Row<'a>) -> impl Iterator<Item = (&'static str, &'a ValueCell)> {
    [
        ("de wijk", Some(&row.row.wijk)),
        ("het gebied ernaast", row.row.beside.as_ref()),
        ("de benchmark", row.row.benchmark.as_ref()),
    ]
    .into_iter()
    .filter_map(|(whose, cell)| Some((whose, cell?)))
}

/// Of which area the overview knows the figure of such a cell.
fn area_of(context: &Context<'_>, whose: &str) -> Option<usize> {
    match whose {
        "de wijk" => context.area,
        "de benchmark" => context.benchmark,
        _ => None,
    }
}

/// A text, an Excel error or TRUE where a figure belongs.
pub(crate) fn not_a_figure(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        for (whose, cell) in cells(row) {
            let at = cell.at.a1();
            let place = row.place(&cell.at);
            let expected = "Een getal, een punt (.) voor onbekend of een x voor geheim.";
            match &cell.value {
                CellValue::Error(error) => findings.push(finding(
                    "cijfer-excelfout",
                    place,
                    format!("Bij {whose} staat de Excel-fout {error}."),
                    expected,
                    format!("Klik op cel {at}, verwijder de formule en typ het cijfer zelf."),
                )),
                CellValue::Bool(_) => findings.push(finding(
                    "cijfer-onleesbaar",
                    place,
                    format!("Bij {whose} staat {} in plaats van een cijfer.", cell.value.text()),
                    expected,
                    format!("Typ in cel {at} het cijfer."),
                )),
                CellValue::Text(text) => {
                    let text = text.trim();
                    if text.is_empty() || text == "." || text.eq_ignore_ascii_case("x") {
                        continue;
                    }
                    findings.push(match number_text(text) {
                        NumberText::Number(value) => finding(
                            "cijfer-als-tekst",
                            place,
                            format!("Bij {whose} staat '{text}' als tekst; Excel rekent er niet mee en kleurt de cel niet."),
                            expected,
                            format!(
                                "Zet de celeigenschappen van {at} op 'Getal' en typ {} opnieuw.",
                                plain_number(value)
                            ),
                        ),
                        NumberText::Ambiguous => finding(
                            "cijfer-dubbelzinnig",
                            place,
                            format!("Bij {whose} staat '{text}' als tekst: dat kan {} zijn of {}.", thousands(text), decimal(text)),
                            expected,
                            format!("Typ in cel {at} het getal dat u bedoelt, zonder punt: {} of {}.", text.replace('.', ""), decimal(text)),
                        ),
                        NumberText::None => finding(
                            "cijfer-onleesbaar",
                            place,
                            format!("Bij {whose} staat '{text}' in plaats van een cijfer."),
                            expected,
                            if matches!(text, "-" | "–" | "—") {
                                format!("Typ in cel {at} een 0 als het cijfer nul is, of een punt (.) als het onbekend is.")
                            } else {
                                format!("Typ in cel {at} het cijfer en zet uw opmerking onder 'Wat valt op?'.")
                            },
                        ),
                    });
                }
                CellValue::Empty | CellValue::Number(_) => {}
            }
        }
    }
}

fn thousands(text: &str) -> String {
    text.replace('.', "")
}

fn decimal(text: &str) -> String {
    text.replace('.', ",")
}

/// A percentage outside 0-100, or a count below zero.
pub(crate) fn impossible(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        let (unit, decimals) = (&row.unit, row.indicator.decimals);
        for (whose, cell) in cells(row) {
            let Some(value) = cell.number() else { continue };
            let area = area_of(context, whose);
            if !context.is_impossible(row, cell, area) {
                continue;
            }
            let known = context.known(area, row).filter(|known| unit.can_hold(*known));
            let expected = match (known, unit.is_percentage()) {
                (Some(known), _) => format!("{}, het cijfer uit het overzicht.", figure(known, decimals, unit)),
                (None, true) => "Een percentage van 0 tot en met 100.".to_owned(),
                (None, false) => "Een getal van 0 of hoger.".to_owned(),
            };
            let at = cell.at.a1();
            let advice = match known {
                _ if cell.percent_format => format!(
                    "De cel heeft de opmaak '%', dus Excel leest {} als {}. Typ {} gevolgd door een procentteken in cel {at}.",
                    plain_number(value / 100.0),
                    figure(value, decimals, unit),
                    number(value / 100.0, decimals)
                ),
                Some(known) => format!("Typ {} in cel {at}.", number(known, decimals)),
                None => format!("Zoek het cijfer op in de bron en typ het opnieuw in cel {at}."),
            };
            findings.push(finding(
                "cijfer-onmogelijk",
                row.place(&cell.at),
                format!("Bij {whose} staat {}. Dat kan niet.", figure(value, decimals, unit)),
                expected,
                advice,
            ));
        }
    }
}

/// A fraction in a cell without % format: 0,36 where the overview says 36%.
pub(crate) fn fraction_without_percent_format(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        let known = [
            (&row.row.wijk, context.known(context.area, row)),
            (row.row.benchmark.as_ref().unwrap_or(&row.row.wijk), context.known(context.benchmark, row)),
        ];
        for (cell, known) in known {
            let Some(known) = known.filter(|known| is_fraction_of(cell, *known, row)) else { continue };
            findings.push(finding(
                "cijfer-als-fractie",
                row.place(&cell.at),
                format!(
                    "In de cel staat {}; dat is de fractie van {}.",
                    plain_number(cell.number().unwrap_or_default()),
                    figure(known, row.indicator.decimals, &row.unit)
                ),
                format!("{}, want de cel heeft geen %-opmaak.", number(known, row.indicator.decimals)),
                format!("Typ {} in cel {}.", number(known, row.indicator.decimals), cell.at.a1()),
            ));
        }
    }
}

/// Wijk and benchmark of one row, one as a fraction with % format and the other as a bare percentage: the live rule
/// then compares 0,125 with 12,5 and always colours.
pub(crate) fn mixed_percent_format(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        let (wijk, Some(benchmark)) = (&row.row.wijk, &row.row.benchmark) else { continue };
        if wijk.percent_format == benchmark.percent_format
            || wijk.number().is_none()
            || benchmark.number().is_none()
        {
            continue;
        }
        let (with, without) = if wijk.percent_format { (wijk, benchmark) } else { (benchmark, wijk) };
        findings.push(finding(
            "celopmaak-verschilt",
            row.place(&wijk.at),
            format!(
                "Cel {} heeft %-opmaak en cel {} niet; Excel vergelijkt dan een fractie met een percentage en kleurt altijd.",
                with.at.a1(),
                without.at.a1()
            ),
            "Dezelfde celeigenschappen voor de wijk en de benchmark.",
            format!(
                "Zet cel {} op dezelfde celeigenschappen als cel {} en typ het cijfer opnieuw.",
                with.at.a1(),
                without.at.a1()
            ),
        ));
    }
}

/// True when a cell without % format holds the fraction of a percentage that the overview knows.
pub(crate) fn is_fraction_of(cell: &ValueCell, known: f64, row: &Row<'_>) -> bool {
    let decimals = row.indicator.decimals;
    row.unit.is_percentage()
        && !cell.percent_format
        && cell.number().is_some_and(|value| {
            value > 0.0
                && value <= 1.0
                && !equal_as_shown(value, known, decimals)
                // People type fractions rounded to whole percentages: 0,36 for 36,4%.
                && (equal_as_shown(value * 100.0, known, decimals) || equal_as_shown(value * 100.0, known, 0))
        })
}

/// The same indicator with different figures on its rows: one finding with all cells. Nothing when each figure that is
/// off is reported already, because the overview knows which one is right.
pub(crate) fn two_rows_one_indicator(context: &Context<'_>, findings: &mut Vec<Finding>) {
    type Cells<'a> = Vec<(&'a Row<'a>, &'a ValueCell)>;
    let mut figures: BTreeMap<(&str, &str), Vec<(f64, Cells<'_>)>> = BTreeMap::new();
    for row in &context.rows {
        for (whose, cell) in cells(row) {
            let Some(value) = cell.number() else { continue };
            let groups = figures.entry((row.indicator.code.as_str(), whose)).or_default();
            let same = |(known, _): &&mut (f64, Cells<'_>)| equal_as_shown(*known, value, row.indicator.decimals);
            match groups.iter_mut().find(same) {
                Some((_, group)) => group.push((row, cell)),
                None => groups.push((value, vec![(row, cell)])),
            }
        }
    }
    for ((_, whose), groups) in figures.iter().filter(|(_, groups)| groups.len() > 1) {
        let area = area_of(context, whose);
        let told = |(row, cell): &(&Row<'_>, &ValueCell)| {
            context.agrees(row, cell, area) || context.is_reported(row, cell, area)
        };
        if groups.iter().flat_map(|(_, group)| group).all(told) {
            continue;
        }
        // The figure that stands in the fewest cells is the one to look at first.
        let Some((_, odd)) = groups.iter().rev().min_by_key(|(_, group)| group.len()) else { continue };
        let here: Vec<(&Row<'_>, &CellRef)> = odd.iter().map(|(row, cell)| (*row, &cell.at)).collect();
        let Some((first, _)) = here.first() else { continue };
        let each: Vec<String> = groups
            .iter()
            .map(|(value, group)| {
                let places: Vec<&CellRef> = group.iter().map(|(_, cell)| &cell.at).collect();
                let shown = figure(*value, first.indicator.decimals, &first.unit);
                format!("{shown} in {}", in_words(&places))
            })
            .collect();
        findings.push(finding(
            "cijfer-verschilt-tussen-rijen",
            shared_place(&here),
            format!("Bij {whose} staat voor deze indicator niet overal hetzelfde cijfer: {}.", list(&each)),
            "Hetzelfde cijfer in elke rij van een indicator.",
            "Zoek op welk cijfer klopt en typ dat in al deze cellen.",
        ));
    }
}
