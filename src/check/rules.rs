//! The table of findings: code, heaviest level, and what users read about it.
//!
//! Owns `docs/bevindingen.md`: the text there is made from this table, and a test keeps the two together. Codes of the
//! reader of workbooks stand here too, so that every code a user meets is explained in one place.

use crate::finding::{Finding, Level, Place};

/// One code with its explanation in Dutch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable code.
    pub code: &'static str,
    /// Level; the heaviest one for a code that occurs with several.
    pub level: Level,
    /// What is found, one sentence.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do, in terms of Excel.
    pub advice: &'static str,
    /// An example.
    pub example: &'static str,
}

/// A line of the table.
const fn line(
    code: &'static str,
    level: Level,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
    example: &'static str,
) -> Rule {
    Rule { code, level, title, why, advice, example }
}

use Level::{Fout, Opmerking, Waarschuwing};

/// Every code that `wijk controleer` and `wijk toon` may give, in the order of the workbook.
pub const RULES: &[Rule] = &[
    line(
        "tabblad-ontbreekt",
        Fout,
        "Een tabblad van het format is er niet.",
        "Zonder het tabblad van een pijler ontbreken alle cijfers van die pijler. Bij een ander tabblad is dit een waarschuwing.",
        "Geef het tabblad zijn naam terug, of voeg het toe uit een leeg format.",
        "Het tabblad 'Pijler Veilig' heet 'Blad3'.",
    ),
    line(
        "tabblad-dubbel",
        Waarschuwing,
        "Twee tabbladen hebben dezelfde naam of betekenis.",
        "Alleen het eerste wordt gelezen.",
        "Geef een van de twee een andere naam.",
        "Er is een tabblad 'Pijler Veilig' en een tabblad 'Veilig'.",
    ),
    line(
        "kolom-ontbreekt",
        Fout,
        "Een kolom die nodig is, is niet gevonden.",
        "Zonder de kolom van de wijk of de benchmark valt er niets te vergelijken.",
        "Zet de kop van het format boven de kolom, of voeg uw kop als variant toe aan kolommen.csv.",
        "Boven de cijfers van de wijk staat niets.",
    ),
    line(
        "kolommen-ontbreken",
        Fout,
        "Op een tabblad zijn geen kolomkoppen gevonden.",
        "Het programma zoekt kolommen op hun kop, niet op hun letter.",
        "Zet de rij met koppen van het format terug.",
        "De rij met 'Indicator', 'Bron' en 'Wat valt op?' is verwijderd.",
    ),
    line(
        "kolom-onbekend",
        Waarschuwing,
        "Een kolom lijkt op een kolom van het format, maar is niet herkend.",
        "De inhoud van de kolom wordt niet gelezen.",
        "Zet de kop van het format terug.",
        "Boven een kolom staat 'Maatschapelijk resultaat'.",
    ),
    line(
        "domein-ontbreekt",
        Fout,
        "Een domein staat niet op het tabblad van zijn pijler.",
        "De cijfers van het domein ontbreken dan in de documenten.",
        "Zet de kop 'Domein: ...' boven het blok.",
        "De kop 'Domein: Schoolprestaties' is gewist.",
    ),
    line(
        "domein-onbekend",
        Fout,
        "Een kop noemt een domein dat het format niet kent.",
        "De rijen eronder horen dan bij geen domein.",
        "Schrijf het domein zoals in het format.",
        "'Domein: Schoolprestatie'.",
    ),
    line(
        "domein-dubbel",
        Waarschuwing,
        "Een domein staat twee keer op een tabblad.",
        "Alleen het eerste blok telt.",
        "Verwijder of hernoem het tweede blok.",
        "Twee blokken 'Domein: Schoolprestaties'.",
    ),
    line(
        "domein-andere-pijler",
        Waarschuwing,
        "Een domein staat op het tabblad van een andere pijler.",
        "De samenvatting per pijler klopt dan niet.",
        "Zet het blok op het goede tabblad.",
        "'Domein: Jeugdcriminaliteit' staat op 'Pijler Gezond'.",
    ),
    line(
        "rij-zonder-domein",
        Fout,
        "Rijen met een indicator staan boven het eerste domein.",
        "Het programma weet niet bij welk domein zij horen.",
        "Zet de kop 'Domein: ...' boven de rijen.",
        "Bovenaan is een rij geplakt.",
    ),
    line(
        "slottabel-ontbreekt",
        Waarschuwing,
        "De slottabel van een pijler is niet gevonden.",
        "De opvallende cijfers, factoren en conclusies kunnen niet worden gelezen of ingevuld.",
        "Zet de slottabel van het format terug.",
        "De rij met 'Opvallende cijfers' en 'Conclusie' is weg.",
    ),
    line(
        "indicator-onbekend",
        Waarschuwing,
        "Een indicator komt niet voor in het format.",
        "De rij wordt niet gevuld en niet vergeleken.",
        "Schrijf de naam zoals in het format, of voeg de indicator toe aan indicatoren.csv.",
        "'Eenzaamheidd'.",
    ),
    line(
        "indicator-dubbelzinnig",
        Fout,
        "Een naam hoort bij meer dan één indicator.",
        "Het programma raadt niet welke u bedoelt.",
        "Zet de code van de indicator in de verborgen kolom 'code'.",
        "'Eenzaamheid', terwijl er twee cijfers met die naam zijn.",
    ),
    line(
        "code-en-naam-verschillen",
        Fout,
        "De naam en de verborgen code van een rij horen bij verschillende indicatoren.",
        "Anders komt er een cijfer onder de verkeerde naam.",
        "Maak de code leeg, of zet de naam van het format terug.",
        "De naam is overschreven, de code niet.",
    ),
    line(
        "factor-onbekend",
        Waarschuwing,
        "Een tussenkop noemt een factor die het factorenmodel van het domein niet heeft.",
        "De cijfers eronder tellen bij geen factor mee.",
        "Schrijf de factor zoals op het tabblad met het factorenmodel.",
        "'Factor: Armode'.",
    ),
    line(
        "vraag-onbekend",
        Opmerking,
        "Een vraag is niet herkend.",
        "Het antwoord komt niet vanzelf op de goede plek in de rapportage.",
        "Schrijf de vraag zoals in het format als u het antwoord wilt gebruiken.",
        "Een zelf toegevoegde vraag.",
    ),
    line(
        "wijk-ontbreekt",
        Waarschuwing,
        "Nergens staat om welke wijk het gaat.",
        "Zonder wijk is er niets om mee te vergelijken.",
        "Typ de naam van de wijk achter 'Wijk' bovenaan een pijlertabblad.",
        "De cel achter 'Wijk' is leeg.",
    ),
    line(
        "wijk-onbekend",
        Fout,
        "De wijk staat niet in het overzicht.",
        "Een naam wordt nooit geraden; een bijna goede naam kan een andere wijk zijn.",
        "Neem de naam over uit de melding of uit 'wijk wijken'.",
        "'Bospoldr'; bedoelt u 'Bospolder'?",
    ),
    line(
        "wijk-dubbelzinnig",
        Fout,
        "De naam hoort bij meer dan één gebied.",
        "Een wijk en een gebied kunnen dezelfde naam hebben.",
        "Typ de code in plaats van de naam.",
        "Twee gebieden heten 'Delfshaven'.",
    ),
    line(
        "wijk-verschilt",
        Fout,
        "De pijlertabbladen noemen verschillende wijken.",
        "De documenten zouden cijfers van twee wijken door elkaar tonen.",
        "Zet overal dezelfde wijk, en controleer de cijfers.",
        "'Pijler Kansrijk' zegt Bospolder, 'Pijler Veilig' zegt Tussendijken.",
    ),
    line(
        "kolomkop-wijk-verschilt",
        Waarschuwing,
        "Boven de kolom met cijfers staat een andere wijk dan bovenaan het tabblad.",
        "De cijfers kunnen van een andere wijk zijn.",
        "Zet de goede naam boven de kolom, en controleer de cijfers.",
        "Bovenaan staat Bospolder, boven kolom E staat Tussendijken.",
    ),
    line(
        "cijfer-wijkt-af",
        Fout,
        "Het cijfer van de wijk is anders dan in het overzicht.",
        "De rapportage noemt een bron die iets anders zegt.",
        "Neem het cijfer uit het overzicht over. Is uw cijfer nieuwer, zet dan het jaar in kolom C en de bron in kolom D.",
        "In E17 staat 12,5%, in het overzicht 13,1%.",
    ),
    line(
        "benchmark-wijkt-af",
        Fout,
        "Het cijfer van de stad is anders dan in het overzicht.",
        "Alle kleuren en verschillen in de rij kloppen dan niet.",
        "Vul het werkboek opnieuw met 'wijk vul'.",
        "In G17 staat 10,0%, in het overzicht 10,4%.",
    ),
    line(
        "benchmark-ander-jaar",
        Fout,
        "De wijk en de stad zijn van verschillende jaren.",
        "Een verschil kan dan door de tijd komen en niet door de wijk.",
        "Vul het werkboek opnieuw met 'wijk vul': dan wordt de hele rij vernieuwd.",
        "De wijk is van 2014, Rotterdam van 2016.",
    ),
    line(
        "benchmark-ontbreekt",
        Waarschuwing,
        "Het cijfer van de stad ontbreekt, terwijl het overzicht het heeft.",
        "De rij kan niet worden vergeleken en wordt nooit oranje.",
        "Typ het cijfer in kolom G, of vul opnieuw.",
        "G17 is leeg.",
    ),
    line(
        "naast-wijkt-af",
        Waarschuwing,
        "Het cijfer in kolom F is anders dan in het overzicht.",
        "Het kan van een ander gebied of een ander jaar zijn.",
        "Neem het cijfer over, of zet boven de kolom van welk gebied het is.",
        "Boven F staat 'Delfshaven', maar het cijfer is dat van Charlois.",
    ),
    line(
        "jaar-wijkt-af",
        Waarschuwing,
        "De rij is van een ander jaar dan het overzicht.",
        "De afstand tot andere wijken kan dan niet worden bepaald.",
        "Vul opnieuw, of gebruik een overzicht van hetzelfde jaar.",
        "In kolom C staat 2014, het overzicht is van 2016.",
    ),
    line(
        "jaar-ontbreekt",
        Waarschuwing,
        "Bij een cijfer staat geen jaar of editie.",
        "Een cijfer staat altijd met zijn jaar; 'peiljaar onbekend' mag.",
        "Typ het jaar in kolom C.",
        "In kolom C staat alleen '%'.",
    ),
    line(
        "bron-ontbreekt",
        Waarschuwing,
        "Bij een cijfer staat geen bron.",
        "Zonder bron kan niemand het cijfer nazoeken.",
        "Typ de bron in kolom D.",
        "D17 is leeg.",
    ),
    line(
        "cijfer-niet-ingevuld",
        Waarschuwing,
        "Het cijfer van de wijk is niet ingevuld, terwijl het overzicht het heeft.",
        "Het cijfer kan niet opvallen en telt als ontbrekend.",
        "Typ het cijfer, of vul met 'wijk vul'.",
        "E17 is leeg, het overzicht heeft 13,1%.",
    ),
    line(
        "nul-voor-ontbrekend",
        Fout,
        "Er staat 0, terwijl het overzicht geen cijfer heeft.",
        "Ontbrekend is niet nul; een 0 maakt de wijk ten onrechte heel gunstig of ongunstig.",
        "Typ een punt (.) of maak de cel leeg.",
        "E17 is 0, het overzicht heeft '.' (te weinig waarnemingen).",
    ),
    line(
        "cijfer-onmogelijk",
        Fout,
        "Het cijfer kan niet bestaan.",
        "Een percentage ligt van 0 tot en met 100; een aantal is nooit minder dan 0.",
        "Zoek het cijfer op en typ het opnieuw. Let op cellen met %-opmaak.",
        "125% van de jongeren.",
    ),
    line(
        "cijfer-als-fractie",
        Fout,
        "Er staat een fractie in een cel zonder %-opmaak.",
        "0,36 betekent dan 0,36 procent, en niet 36 procent.",
        "Typ 36 in plaats van 0,36.",
        "E17 is 0,36, het overzicht heeft 36,0%.",
    ),
    line(
        "cijfer-als-tekst",
        Waarschuwing,
        "Een getal is als tekst getypt.",
        "Excel rekent niet met tekst en kleurt de cel niet.",
        "Zet de celeigenschappen op 'Getal' en typ het cijfer opnieuw.",
        "'12,5 met een apostrof ervoor.",
    ),
    line(
        "cijfer-dubbelzinnig",
        Waarschuwing,
        "Een getal als tekst kan twee dingen betekenen.",
        "1.234 kan duizend-tweehonderd-vierendertig zijn of één komma twee; het programma raadt niet.",
        "Typ het getal zonder punt.",
        "'1.234'.",
    ),
    line(
        "cijfer-onleesbaar",
        Waarschuwing,
        "Er staat iets anders dan een cijfer.",
        "De cel wordt niet vergeleken en kleurt niet.",
        "Typ het cijfer en zet uw opmerking onder 'Wat valt op?'.",
        "'circa 12' of '-'.",
    ),
    line(
        "cijfer-excelfout",
        Fout,
        "Er staat een Excel-fout.",
        "Een formule werkt niet; het cijfer is onbekend.",
        "Verwijder de formule en typ het cijfer.",
        "#N/B.",
    ),
    line(
        "cijfer-verschilt-tussen-rijen",
        Fout,
        "Dezelfde indicator heeft op twee rijen een ander cijfer.",
        "De documenten zouden zichzelf tegenspreken.",
        "Zoek op welk cijfer klopt en typ dat in beide cellen.",
        "E17 is 12,5% en E40 is 13,1%, allebei 'Eenzaamheid'.",
    ),
    line(
        "indicator-niet-in-overzicht",
        Waarschuwing,
        "Het overzicht heeft geen kolom voor de indicator.",
        "De rij kan niet worden gecontroleerd of gevuld.",
        "Gebruik een overzicht met deze indicator.",
        "Een overzicht van een oudere editie.",
    ),
    line(
        "overzicht-zonder-benchmark",
        Fout,
        "De stad staat niet in het overzicht.",
        "Zonder benchmark valt er niets te vergelijken.",
        "Gebruik een overzicht met een rij voor de stad.",
        "Een overzicht met alleen wijken.",
    ),
    line(
        "vraag-open",
        Waarschuwing,
        "Een vraag die u moet beantwoorden, is nog open.",
        "Het antwoord hoort in de rapportage en kan alleen van u komen.",
        "Typ uw antwoord.",
        "'Korte analyse van dit domein' is leeg.",
    ),
    line(
        "conclusie-leeg",
        Waarschuwing,
        "De conclusie van een domein is nog leeg.",
        "Het programma schrijft nooit een conclusie voor u.",
        "Typ uw conclusie in de slottabel.",
        "De laatste kolom van de slottabel is leeg.",
    ),
    line(
        "factor-niet-in-factorenmodel",
        Waarschuwing,
        "Een factor in een slottabel of bij een activiteit staat niet in het factorenmodel van het domein.",
        "De factor is dan geen verklaring die bij het domein hoort.",
        "Kies een factor van het factorenmodel van het domein.",
        "'Armode'; bedoelt u 'Armoede'?",
    ),
    line(
        "ranking-wijkt-af",
        Waarschuwing,
        "De ranking bij een factor is niet die van het format.",
        "De volgorde van factoren hangt eraan.",
        "Verbeter het getal.",
        "'Armoede (ranking 1)', het format heeft ranking 2.",
    ),
    line(
        "link-dood",
        Waarschuwing,
        "Een link in het werkboek gaat nergens heen.",
        "Wie klikt, krijgt een foutmelding van Excel.",
        "Klik met rechts op de cel en bewerk de koppeling.",
        "Het tabblad waar de link heen gaat, heeft een andere naam gekregen.",
    ),
    line(
        "format-andere-versie",
        Opmerking,
        "Het werkboek is met een andere versie van het format gemaakt.",
        "Er kunnen rijen of vragen ontbreken of bij zijn gekomen.",
        "U kunt verder werken; neem de volgende keer het nieuwe format.",
        "Versie 0.9.0 terwijl het programma 1.0.0 gebruikt.",
    ),
    line(
        "opmaak-ontbreekt",
        Waarschuwing,
        "Op rijen met een indicator ontbreekt de regel voor de oranje opmaak.",
        "Een cijfer dat afwijkt, valt dan niet op.",
        "Laat 'wijk vul' met --herstel-opmaak de regel herstellen.",
        "Een rij is uit een ander bestand geplakt.",
    ),
    line(
        "opmaak-fout",
        Waarschuwing,
        "De regel voor de oranje opmaak is niet die van het format.",
        "De cel kleurt dan bij het verkeerde cijfer, bij een andere rij of bij een verschil dat niet te zien is.",
        "Laat 'wijk vul' met --herstel-opmaak de regel herstellen.",
        "De regel in E17 vergelijkt met G18.",
    ),
    line(
        "opmaak-verkeerde-rijen",
        Waarschuwing,
        "De regel voor de oranje opmaak staat op rijen zonder indicator.",
        "Na het invoegen van rijen kunnen koppen of antwoorden kleuren.",
        "Laat 'wijk vul' met --herstel-opmaak de regel herstellen.",
        "De regel loopt door over de vragen onder het blok.",
    ),
    line(
        "resultaat-niet-meetbaar",
        Waarschuwing,
        "Een maatschappelijk resultaat is niet te meten.",
        "Zonder indicator, startwaarde, verandering en jaar weet niemand straks of het is bereikt.",
        "Vul de lege cellen in de rij.",
        "Het streefjaar ontbreekt.",
    ),
    line(
        "resultaat-zonder-teken",
        Opmerking,
        "De streefwaarde heeft geen plus of min.",
        "Zonder teken is niet te zien of het cijfer moet stijgen of dalen; het programma leest een stijging.",
        "Typ '+5 met een apostrof ervoor, of -3.",
        "'5' in plaats van '+5'.",
    ),
    line(
        "resultaat-tegen-richting",
        Waarschuwing,
        "De streefwaarde maakt het cijfer ongunstiger.",
        "Waarschijnlijk is het teken verkeerd.",
        "Controleer het teken.",
        "+5 bij een cijfer waarvoor lager gunstig is.",
    ),
    line(
        "resultaat-negatief",
        Opmerking,
        "Het resultaat zegt wat er minder moet worden.",
        "De methode vraagt een positief resultaat: wat wilt u zien?",
        "Schrijf het positief op.",
        "'Minder jongeren zonder diploma'.",
    ),
    line(
        "resultaat-indicator-onbekend",
        Waarschuwing,
        "De indicator van een resultaat komt niet voor in het format.",
        "Het resultaat kan dan niet worden gevolgd.",
        "Schrijf de naam zoals in het format; zet een puntkomma tussen meer indicatoren.",
        "'Schooluitval'.",
    ),
    line(
        "resultaat-meetwijze-onbekend",
        Waarschuwing,
        "Bij meer indicatoren staat niet hoe zij samen worden gemeten.",
        "Elk, combinatie of gemiddelde geeft een ander antwoord op de vraag of het resultaat is bereikt.",
        "Kies een van de drie meetwijzen.",
        "Twee indicatoren en geen meetwijze.",
    ),
    line(
        "resultaat-startwaarden",
        Waarschuwing,
        "Er is niet voor elke indicator een startwaarde.",
        "De verandering per indicator is dan niet te bepalen.",
        "Zet de startwaarden in de volgorde van de indicatoren, met een puntkomma ertussen.",
        "Drie indicatoren en één startwaarde.",
    ),
    line(
        "resultaat-jaren-omgekeerd",
        Fout,
        "Het streefjaar ligt niet na het startjaar.",
        "Het resultaat kan zo niet worden gemeten.",
        "Verbeter een van de jaren.",
        "Startjaar 2020, streefjaar 2018.",
    ),
    line(
        "resultaat-domein-onbekend",
        Waarschuwing,
        "Het domein van een resultaat komt niet voor in het format.",
        "Het resultaat komt dan niet op de goede plek in de rapportage.",
        "Schrijf het domein zoals op het pijlertabblad.",
        "'School'.",
    ),
    line(
        "activiteit-zonder-resultaat",
        Waarschuwing,
        "Bij een activiteit staat niet welk resultaat zij dient.",
        "'Wij zetten in, zodat ...': een activiteit hoort bij een resultaat.",
        "Typ het nummer van het resultaat.",
        "De kolom 'Resultaat (nr)' is leeg.",
    ),
    line(
        "activiteit-resultaat-onbekend",
        Waarschuwing,
        "Het nummer van het resultaat bestaat niet.",
        "De activiteit komt dan bij geen resultaat in het plan van aanpak.",
        "Verbeter het nummer, of voeg het resultaat toe.",
        "Resultaat 4, terwijl er drie zijn.",
    ),
    line(
        "keuze-onbekend",
        Waarschuwing,
        "Een waarde staat niet in de lijst van het format.",
        "Het programma kan de activiteit dan niet in de matrix of het plan plaatsen.",
        "Kies een waarde uit de lijst van de cel.",
        "Status 'klaar' in plaats van 'gereed'.",
    ),
];

/// The explanation of a code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// The text of `docs/bevindingen.md`.
#[must_use]
pub fn rules_as_markdown() -> String {
    let mut text = String::from(
        "# Bevindingen\n\n\
         Dit zijn alle bevindingen die het programma over een werkboek kan geven, met wat u eraan doet. Een bevinding \
         heeft een vaste code, een niveau en een plek (tabblad en cel).\n\n\
         - **fout**: eerst herstellen; zo kunt u de documenten niet verdedigen. `wijk controleer` eindigt dan met 1.\n\
         - **waarschuwing**: waarschijnlijk niet bedoeld, of nog te doen.\n\
         - **opmerking**: goed om te weten.\n\n\
         Een code die met meer niveaus voorkomt, staat hier met het zwaarste. Deze tekst komt uit `src/check/rules.rs`.\n",
    );
    for rule in RULES {
        text.push_str(&format!(
            "\n## {}\n\n**Niveau:** {}\n\n**Wat:** {}\n\n**Waarom:** {}\n\n**Wat te doen:** {}\n\n**Voorbeeld:** {}\n",
            rule.code,
            rule.level.word(),
            rule.title,
            rule.why,
            rule.advice,
            rule.example
        ));
    }
    text
}

/// A finding with the level that the table gives its code.
pub(crate) fn finding(
    code: &'static str,
    place: Place,
    found: impl Into<String>,
    expected: impl Into<String>,
    advice: impl Into<String>,
) -> Finding {
    let level = rule(code).map_or(Level::Waarschuwing, |rule| rule.level);
    Finding::new(code, level, place, found, expected, advice)
}
