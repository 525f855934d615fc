//! Which level to compare: the evidence (method, 'Which level to compare'). The advisor decides.

use std::collections::BTreeMap;

use crate::model::words::number;
use crate::model::{Area, AreaLevel, DomeinComparison, Figure, FigureComparison, Format, LevelEvidence};

/// Gathers, per different indicator, how wijk and gebied relate, and says in one sentence what the method advises.
///
/// 'Differs much' is said when at least half of the figures that both have lie further apart than the format's
/// threshold; 'too few figures' when the wijk has less than half of the figures the gebied has. Both halves are
/// said in the sentence, so that the advisor can see what the advice rests on. Where no figure has a spread nothing is
/// said about being alike. Of a gebied itself it says only that it is one. `shown` is the area that is compared, `gebied`
/// the one it lies in; either may be unknown.
pub(crate) fn evidence(
    format: &Format,
    shown: Option<&Area>,
    gebied: Option<&Area>,
    domeinen: &[DomeinComparison],
) -> LevelEvidence {
    let wijk = shown.map_or("de wijk", |area| area.name.as_str());
    let level = shown.map_or(AreaLevel::Wijk, |area| area.level);
    let gebied = gebied.map_or("", |area| area.name.as_str());
    // One entry per indicator, however many domeinen it stands in.
    let figures: BTreeMap<&str, &FigureComparison> =
        domeinen.iter().flat_map(|domein| &domein.figures).map(|figure| (figure.code.as_str(), figure)).collect();
    let gebied_value = |figure: &FigureComparison| figure.gebied.as_ref().and_then(Figure::value);
    let threshold = format.opvallend.gebied_threshold;
    let both = |figure: &&&FigureComparison| figure.wijk.value().is_some() && gebied_value(figure).is_some();
    let shared = figures.values().filter(both).count();
    // Of figures without a spread over the wijken it is not known whether they lie far apart.
    let compared = figures.values().filter(|figure| figure.from_gebied.is_some()).count();
    let differing = figures
        .values()
        .filter(|figure| figure.from_gebied.is_some_and(|distance| distance.abs() >= threshold))
        .count();
    let of_gebied = figures.values().filter(|figure| gebied_value(figure).is_some()).count();
    let only_gebied =
        figures.values().filter(|figure| figure.wijk.value().is_none() && gebied_value(figure).is_some()).count();

    let benchmark = &format.benchmark.1;
    let limit = number(threshold, crate::model::words::needed_decimals(threshold));
    let alone = match only_gebied {
        0 => "het gebied heeft geen cijfers die de wijk mist".to_owned(),
        1 => "1 cijfer heeft alleen het gebied".to_owned(),
        more => format!("{more} cijfers heeft alleen het gebied"),
    };
    let fewest = format.opvallend.fewest_areas.max(2);
    let facts = if shared == 0 {
        format!("{wijk} en het gebied {gebied} hebben geen enkel cijfer allebei; {alone}.")
    } else if compared == 0 {
        format!(
            "Of {wijk} veel van het gebied {gebied} verschilt, is niet te zeggen: van te weinig wijken zijn er cijfers om \
             een spreiding te bepalen (daarvoor zijn er ten minste {fewest} nodig); {alone}."
        )
    } else {
        let known = if compared < shared { " en waarvan een spreiding bekend is" } else { "" };
        format!(
            "Bij {differing} van de {compared} cijfers die {wijk} en het gebied {gebied} allebei hebben{known}, liggen zij \
             {limit} spreiding of meer uit elkaar; {alone}."
        )
    };
    let in_city = shown.is_some_and(|area| area.parent.as_deref() == Some(format.benchmark.0.as_str()));
    let sentence = if !matches!(level, AreaLevel::Wijk | AreaLevel::Buurt) {
        format!("{wijk} is zelf een {}: vergelijk met {benchmark}.", level.word())
    } else if gebied.is_empty() && in_city {
        format!("{wijk} ligt niet in een groter gebied van {benchmark}: vergelijk de wijk met {benchmark}.")
    } else if gebied.is_empty() {
        format!("Van {wijk} is niet bekend in welk gebied de wijk ligt: vergelijk de wijk met {benchmark}.")
    } else if of_gebied == 0 {
        format!(
            "Van het gebied {gebied} zijn er geen cijfers om mee te vergelijken: vergelijk de wijk met {benchmark}."
        )
    } else if only_gebied * 2 > of_gebied {
        format!(
            "{facts} De wijk heeft minder dan de helft van de cijfers van het gebied: de methode raadt aan het gebied te gebruiken. U beslist."
        )
    } else if compared == 0 {
        format!(
            "{facts} Leg de cijfers van wijk en gebied zelf naast elkaar, of gebruik een overzicht met meer wijken; \
             vergelijk tot dan de wijk met {benchmark}. U beslist."
        )
    } else if differing * 2 >= compared {
        format!(
            "{facts} Dat is de helft of meer, dus de wijk wijkt veel af van het gebied: de methode raadt aan de wijk met {benchmark} te vergelijken. U beslist."
        )
    } else {
        let reason = if only_gebied == 0 {
            "maar dat levert hier geen extra cijfers op"
        } else {
            "omdat daar meer cijfers van zijn"
        };
        format!(
            "{facts} Dat is minder dan de helft, dus de wijk lijkt op het gebied: de methode laat toe het gebied met {benchmark} te vergelijken, {reason}. U beslist."
        )
    };
    LevelEvidence { gebied: gebied.to_owned(), compared, differing, only_gebied, sentence }
}
