//! What users read about findings on the orange highlighting.

use super::{Rule, line};
use crate::finding::Level::Waarschuwing;

pub(super) const RULES: &[Rule] = &[
    line(
        "opmaak-ontbreekt",
        Waarschuwing,
        "Op rijen met een indicator ontbreekt de regel voor de oranje opmaak.",
        "Een cijfer dat afwijkt, valt dan niet op.",
        "Laat 'wijk vul' met --herstel-opmaak de regel herstellen.",
        "Een rij is uit een ander bestand geplakt.",
        "Eén regel die alle rijen van het blok dekt.",
    ),
    line(
        "opmaak-fout",
        Waarschuwing,
        "De regel voor de oranje opmaak is niet die van het format.",
        "De cel kleurt dan bij het verkeerde cijfer, bij een andere rij of bij een verschil dat niet te zien is.",
        "Laat 'wijk vul' met --herstel-opmaak de regel herstellen.",
        "De regel in E17 vergelijkt met G18.",
        "Dezelfde regel, met spaties ertussen.",
    ),
    line(
        "opmaak-verkeerde-rijen",
        Waarschuwing,
        "De regel voor de oranje opmaak staat op rijen zonder indicator.",
        "Na het invoegen van rijen kunnen koppen of antwoorden kleuren.",
        "Ga naar Start > Voorwaardelijke opmaak > Regels beheren en haal de cellen weg bij 'Van toepassing op'.",
        "De regel loopt door over de vragen onder het blok.",
        "Een eigen kleurregel van u op andere cellen.",
    ),
];
