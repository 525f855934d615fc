//! Is it one wijk, and which?

use super::{CheckInput, Context, choice};
use crate::finding::{Finding, Place};
use crate::model::{AreaLevel, AreaLookup, Overview, TextCell, normalise};

use super::rules::finding;

/// An overview with too few wijken for a spread: no figure can then be opvallend by its distance.
pub(crate) fn enough_wijken(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    let fewest = context.format.opvallend.fewest_areas.max(2);
    let wijken = overview.areas.iter().filter(|area| area.level == AreaLevel::Wijk).count();
    // An overview without any is of gebieden or cities only: there is no wijk to say this of.
    if (1..fewest).contains(&wijken) {
        findings.push(finding(
            "te-weinig-wijken",
            Place::default(),
            format!(
                "In het overzicht {}. Daarmee is van geen enkel cijfer te zeggen hoe ver het van {} ligt; het programma wijst \
                 geen opvallende cijfers aan.",
                if wijken == 1 { "staat 1 wijk".to_owned() } else { format!("staan {wijken} wijken") },
                context.format.benchmark.1
            ),
            format!("Cijfers van ten minste {fewest} wijken."),
            "Gebruik een overzicht met alle wijken, of wijs zelf aan wat opvalt: schrijf het onder 'Wat valt op?'. Heeft de gemeente er niet meer, \
             dan kan de beheerder van het format minste_wijken in format.toml lager zetten.",
        ));
    }
}

/// The wijk in the overview: the one asked for, otherwise the one the workbook names. A name that is missing,
/// unknown or not clear is a finding.
pub(crate) fn find(
    input: &CheckInput<'_>,
    overview: Option<&Overview>,
    findings: &mut Vec<Finding>,
) -> Option<usize> {
    let cell = named(input).next();
    let Some(cell) = cell else {
        let place = match input.analysis.pijlers.first() {
            Some(tab) => tab.wijk.as_ref().map_or_else(|| Place::tab(&tab.tab), |cell| Place::cell(&cell.at)),
            None => Place::default(),
        };
        if !input.analysis.pijlers.is_empty() {
            findings.push(finding(
                "wijk-ontbreekt",
                place,
                "Op geen enkel pijlertabblad staat de naam van de wijk.",
                "De naam van de wijk achter 'Wijk'.",
                "Typ de naam van de wijk achter 'Wijk' bovenaan het tabblad, of vul het werkboek met 'wijk vul'.",
            ));
        }
        return input.area;
    };
    let overview = overview?;
    let name = cell.text.trim();
    match overview.find_wijk_first(name) {
        AreaLookup::Found(index, found) => {
            let what = match found.level {
                AreaLevel::Stad => Some("een stad"),
                AreaLevel::Land => Some("een land"),
                AreaLevel::Gebied | AreaLevel::Wijk | AreaLevel::Buurt => None,
            };
            if let Some(what) = what.filter(|_| input.area.is_none()) {
                findings.push(finding(
                    "wijk-is-geen-wijk",
                    Place::cell(&cell.at),
                    format!(
                        "Als wijk staat hier '{name}', maar dat is {what}: daarmee wordt een wijk vergeleken."
                    ),
                    "De naam van een wijk of een gebied.",
                    "Typ de naam van de wijk in deze cel, of vul het werkboek met 'wijk vul'.",
                ));
                // Which wijk the figures are of is not known: nothing is held against the city's.
                return None;
            }
            input.area.or(Some(index))
        }
        AreaLookup::Ambiguous(areas) => {
            if input.area.is_none() {
                let codes: Vec<String> =
                    areas.iter().map(|area| format!("{} ({})", area.name, area.code)).collect();
                findings.push(finding(
                    "wijk-dubbelzinnig",
                    Place::cell(&cell.at),
                    format!("De naam '{name}' hoort bij meer dan één gebied in het overzicht."),
                    format!("Eén gebied: {}.", choice(&codes)),
                    "Typ de code van het gebied in plaats van de naam.",
                ));
            }
            input.area
        }
        AreaLookup::Unknown(nearest) => {
            let advice = if nearest.is_empty() {
                "Kijk met 'wijk wijken' welke wijken in het overzicht staan en typ de naam zo.".to_owned()
            } else {
                format!("Bedoelt u {}? Typ de naam zo in deze cel.", choice(&nearest))
            };
            findings.push(finding(
                "wijk-onbekend",
                Place::cell(&cell.at),
                format!("De wijk '{name}' staat niet in het overzicht."),
                "Een naam of code uit het overzicht.",
                advice,
            ));
            input.area
        }
    }
}

/// The filled cells with the name of the wijk.
fn named<'a>(input: &CheckInput<'a>) -> impl Iterator<Item = &'a TextCell> {
    input.analysis.pijlers.iter().filter_map(|tab| tab.wijk.as_ref()).filter(|cell| !cell.text.trim().is_empty())
}

/// Every pijler tab names the same wijk.
pub(crate) fn one_wijk_per_workbook(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut cells = context
        .analysis
        .pijlers
        .iter()
        .filter_map(|tab| tab.wijk.as_ref())
        .filter(|cell| !cell.text.trim().is_empty());
    let Some(first) = cells.next() else { return };
    for cell in cells.filter(|cell| !same_area(context.overview, &cell.text, &first.text)) {
        findings.push(finding(
            "wijk-verschilt",
            Place::cell(&cell.at),
            format!(
                "Hier staat de wijk '{}', op het tabblad '{}' staat '{}'.",
                cell.text.trim(),
                first.at.tab,
                first.text.trim()
            ),
            "Dezelfde wijk op elk pijlertabblad.",
            "Zet op elk pijlertabblad dezelfde wijk, en controleer of de cijfers bij die wijk horen.",
        ));
    }
}

/// The heading of column E is the wijk's name, or still the word of the format.
pub(crate) fn heading_of_the_wijk_column(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let words: Vec<String> = context
        .format
        .headings_of("pijler")
        .filter(|heading| heading.field == "wijk")
        .flat_map(|heading| std::iter::once(&heading.text).chain(&heading.variants))
        .map(|text| normalise(text))
        .chain(["wijk".to_owned(), String::new()])
        .collect();
    for tab in &context.analysis.pijlers {
        let Some(wijk) = tab.wijk.as_ref().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()) else {
            continue;
        };
        for (field, heading) in &tab.headings {
            let text = heading.text.trim();
            if field != "wijk" || words.contains(&normalise(text)) || same_area(context.overview, text, wijk) {
                continue;
            }
            findings.push(finding(
                "kolomkop-wijk-verschilt",
                Place::cell(&heading.at),
                format!("Boven de kolom met cijfers staat '{text}', maar de wijk van dit tabblad is '{wijk}'."),
                format!("De kop '{wijk}'."),
                "Zet de naam van de wijk boven de kolom, en controleer of de cijfers bij die wijk horen.",
            ));
        }
    }
}

/// True when two texts name the same area, by normalised name or, with an overview, by code or alias.
fn same_area(overview: Option<&Overview>, one: &str, other: &str) -> bool {
    if normalise(one) == normalise(other) {
        return true;
    }
    let found = |name: &str| overview?.the_wijk_first(name).map(|(index, _)| index);
    found(one).is_some_and(|index| found(other) == Some(index))
}
