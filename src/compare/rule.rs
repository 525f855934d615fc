//! The rule for 'opvallend' and for the order of factors, as Dutch sentences with the numbers of the format.

use std::collections::BTreeSet;

use crate::model::words::{DISTANCE_UNKNOWN, count};
use crate::model::{DomeinComparison, Format};

/// The sentences that stand wherever an opvallend list or the order of factors is shown. `missing` is how many
/// figures of the wijk are missing, and of how many; `wijken` how many wijken the spread is taken over.
pub(crate) fn sentences(
    format: &Format,
    missing: (usize, usize),
    wijken: usize,
    domeinen: &[DomeinComparison],
) -> Vec<String> {
    let rule = &format.opvallend;
    let benchmark = &format.benchmark.1;
    let mut sentences = vec![
        format!(
            "Opvallend is per domein: een cijfer waarbij de adviseur iets schreef onder 'Wat valt op?', en de {} \
             die het verst van {benchmark} liggen. Daarbij tellen de eigen cijfers van het domein mee, en de cijfers \
             die er via een factor bij horen; de eigen cijfers staan eerst.",
            count(rule.count, "cijfer", "cijfers")
        ),
        format!(
            "De afstand is het verschil met {benchmark}, gedeeld door de spreiding (standaardafwijking) van dat cijfer \
             over alle {wijken} wijken. Voor de spreiding zijn cijfers van ten minste {} wijken nodig. Bij gelijke \
             afstand telt de volgorde van het format.",
            rule.fewest_areas
        ),
        format!("Cijfers die na afronding gelijk zijn aan {benchmark}, zijn niet opvallend door hun afstand."),
        "Factoren staan op volgorde van het aantal domeinen waarin zij terugkomen. Daarna telt hun ranking (1 is het \
         sterkst, zonder ranking komt het laatst), en dan het aantal ongunstige opvallende cijfers. Alleen ongunstige \
         opvallende cijfers tellen mee; sterke punten staan apart."
            .to_owned(),
        format!(
            "Vanaf {} samen is een probleem aanmerkelijk waarschijnlijker (meer dan 30%).",
            count(rule.cumulation, "risicofactor", "risicofactoren")
        ),
        match missing {
            (0, all) => format!("Van de {all} cijfers van de wijk ontbreekt er geen."),
            (1, all) => format!("Van de {all} cijfers van de wijk ontbreekt er 1; dat cijfer kan niet opvallen."),
            (some, all) => {
                format!("Van de {all} cijfers van de wijk ontbreken er {some}; die cijfers kunnen niet opvallen.")
            }
        },
    ];
    let figures = || domeinen.iter().flat_map(|domein| &domein.figures);
    // Stands with the distance, before what is said about equal figures.
    if let Some(sentence) = without_distance(format, wijken, domeinen) {
        sentences.insert(2, sentence);
    }
    sentences.push(if figures().any(|figure| figure.interval.is_some()) {
        format!(
            "Toeval: waar het aantal waarnemingen of een marge bekend is, is het 95%-interval van de wijk bepaald (bij \
             percentages met de methode van Wilson). Ligt het cijfer van {benchmark} daarbuiten, dan is het verschil \
             groter dan toeval kan verklaren; ligt het erbinnen, dan kan het toeval zijn. Over andere cijfers en over \
             schattingen met een model wordt niets over toeval gezegd."
        )
    } else {
        "Toeval: van geen enkel cijfer is het aantal waarnemingen of een marge bekend. Over toeval wordt daarom niets \
         gezegd; een verschil telt als de cijfers na afronding verschillen."
            .to_owned()
    });
    if figures().any(|figure| figure.trend.is_some()) {
        sentences.push(
            "Verloop: het cijfer van de wijk naast dat van de vorige editie, uit het overzicht of zoals het werkboek het \
             onthoudt. Vergeleken is na afronding, en alleen in dezelfde eenheid. Verslechterend is een verandering in de \
             ongunstige richting."
                .to_owned(),
        );
    }
    sentences
}

/// That the distance of most figures is not known, and how many wijken it takes; `None` while most have one.
fn without_distance(format: &Format, wijken: usize, domeinen: &[DomeinComparison]) -> Option<String> {
    let figures = || domeinen.iter().flat_map(|domein| &domein.figures);
    let codes = |lacking: bool| -> BTreeSet<&str> {
        let differing = figures().filter(|figure| figure.differs());
        differing
            .filter(|figure| !lacking || figure.distance.is_none())
            .map(|figure| figure.code.as_str())
            .collect()
    };
    let (all, lacking) = (codes(false).len(), codes(true).len());
    if lacking * 2 <= all {
        return None;
    }
    let benchmark = &format.benchmark.1;
    let which = match all - lacking {
        0 => format!("van geen enkel cijfer dat anders is dan {benchmark}, is de afstand te bepalen"),
        _ => format!(
            "van {lacking} van de {all} cijfers die anders zijn dan {benchmark}, is de afstand niet te bepalen"
        ),
    };
    Some(format!(
        "{DISTANCE_UNKNOWN} {which}. Daarvoor zijn cijfers van ten minste {} wijken uit dezelfde editie nodig; het overzicht \
         heeft {}. Zonder afstand is een cijfer alleen opvallend als de adviseur er iets bij schreef.",
        format.opvallend.fewest_areas.max(2),
        count(wijken, "wijk", "wijken"),
    ))
}
