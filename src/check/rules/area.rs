//! What users read about findings on which wijk a workbook is about.

use super::{Rule, line};
use crate::finding::Level::{Fout, Opmerking, Waarschuwing};

pub(super) const RULES: &[Rule] = &[
    line(
        "wijk-ontbreekt",
        Waarschuwing,
        "Nergens staat om welke wijk het gaat.",
        "Zonder wijk is er niets om mee te vergelijken.",
        "Typ de naam van de wijk achter 'Wijk' bovenaan een pijlertabblad.",
        "De cel achter 'Wijk' is leeg.",
        "Op één van de pijlertabbladen staat de wijk.",
    ),
    line(
        "wijk-onbekend",
        Fout,
        "De wijk staat niet in het overzicht.",
        "Een naam wordt nooit geraden; een bijna goede naam kan een andere wijk zijn.",
        "Neem de naam over uit de melding of uit 'wijk wijken'.",
        "'Bospoldr'; bedoelt u 'Bospolder'?",
        "'oude noorden' of 'Het Oude Noorden'.",
    ),
    line(
        "wijk-dubbelzinnig",
        Fout,
        "De naam hoort bij meer dan één gebied.",
        "Een wijk en een gebied kunnen dezelfde naam hebben.",
        "Typ de code in plaats van de naam.",
        "Twee gebieden heten 'Delfshaven'.",
        "'gebied Delfshaven', of de code.",
    ),
    line(
        "wijk-is-geen-wijk",
        Fout,
        "Als wijk is een stad of een land ingevuld.",
        "De stad en het land zijn waar een wijk mee wordt vergeleken. Een stad naast zichzelf zegt niets.",
        "Typ de naam van de wijk of het gebied.",
        "Achter 'Wijk' staat de naam van de stad.",
        "Achter 'Wijk' staat een gebied.",
    ),
    line(
        "naam-met-twee-betekenissen",
        Opmerking,
        "De naam die u typte, is van een wijk en ook van een gebied.",
        "Het programma neemt dan de wijk. Zo ziet u welke van de twee is gekozen.",
        "Bedoelt u het gebied, typ dan 'gebied' voor de naam, of typ de code.",
        "--naast Delfshaven is de wijk; --naast \"gebied Delfshaven\" is het gebied.",
        "--naast \"gebied Delfshaven\".",
    ),
    line(
        "wijk-verschilt",
        Fout,
        "De pijlertabbladen noemen verschillende wijken.",
        "De documenten zouden cijfers van twee wijken door elkaar tonen.",
        "Zet overal dezelfde wijk, en controleer de cijfers.",
        "'Pijler Kansrijk' zegt Bospolder, 'Pijler Veilig' zegt Tussendijken.",
        "Het ene tabblad zegt 'Oude Noorden', het andere 'Het Oude Noorden'.",
    ),
    line(
        "kolomkop-wijk-verschilt",
        Waarschuwing,
        "Boven de kolom met cijfers staat een andere wijk dan bovenaan het tabblad.",
        "De cijfers kunnen van een andere wijk zijn.",
        "Zet de goede naam boven de kolom, en controleer de cijfers.",
        "Bovenaan staat Bospolder, boven kolom E staat Tussendijken.",
        "Boven kolom E staat nog 'wijk'.",
    ),
    line(
        "te-weinig-wijken",
        Opmerking,
        "Het overzicht heeft te weinig wijken om te bepalen welke cijfers opvallen.",
        "Hoe ver een cijfer van de stad ligt, wordt gemeten met de spreiding over de wijken. Die vraagt cijfers van genoeg wijken; het aantal \
         staat in format.toml onder minste_wijken.",
        "Gebruik een overzicht met alle wijken, of schrijf zelf onder 'Wat valt op?' wat opvalt. Heeft de gemeente er niet meer, dan kan de \
         beheerder van het format minste_wijken in format.toml lager zetten.",
        "Een overzicht met 5 wijken.",
        "Een overzicht met 10 wijken.",
    ),
];
