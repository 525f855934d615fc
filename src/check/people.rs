//! Free text that may name somebody: reports are shared, so names, addresses, e-mail, phone numbers and citizen service
//! numbers are pointed out. Nothing of them is repeated in the finding.

use std::collections::BTreeMap;

use super::Context;
use super::rules::finding;
use super::written::texts;
use crate::finding::Finding;
use crate::model::words::list;

/// What a text seems to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bsn,
    Email,
    Phone,
    Address,
    Name,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Kind::Bsn => "een burgerservicenummer",
            Kind::Email => "een e-mailadres",
            Kind::Phone => "een telefoonnummer",
            Kind::Address => "een adres",
            Kind::Name => "een naam",
        }
    }
}

/// Texts of people that seem to hold something about a person.
pub(crate) fn personal(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let names_area = |name: &str| context.overview.is_some_and(|overview| overview.areas.names(name));
    let found = texts(context).into_iter().map(|written| (written.place, kinds(&written.text, &names_area)));
    for (place, kinds) in found.filter(|(_, kinds)| !kinds.is_empty()) {
        let bsn = kinds.contains(&Kind::Bsn);
        let words: Vec<&str> = kinds.iter().map(|kind| kind.words()).collect();
        findings.push(finding(
            if bsn { "bsn-in-tekst" } else { "persoonsgegeven-in-tekst" },
            place,
            format!("In deze tekst lijkt {} te staan.", list(&words)),
            "Een tekst zonder gegevens van personen: de documenten worden gedeeld.",
            if bsn {
                "Haal het nummer weg. Een burgerservicenummer mag hier niet staan."
            } else {
                "Haal het weg of schrijf de rol op, zoals 'de jongerenwerker'. Is het geen gegeven van een persoon, dan hoeft er niets te gebeuren."
            },
        ));
    }
}

/// Everything a text seems to hold about a person. `names_area` knows the names of wijken and gebieden: 'Zuidplein 15%' is
/// no address.
fn kinds(text: &str, names_area: &dyn Fn(&str) -> bool) -> Vec<Kind> {
    let mut found: BTreeMap<Kind, ()> = BTreeMap::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+').to_owned();
    let clean: Vec<String> = words.iter().map(bare).collect();
    for (at, word) in words.iter().enumerate() {
        let next = clean.get(at + 1).map(String::as_str).unwrap_or_default();
        let own = clean.get(at).map(String::as_str).unwrap_or_default();
        if is_email(word) {
            found.insert(Kind::Email, ());
        }
        let after = clean.get(at + 2).map(String::as_str).unwrap_or_default();
        let counts = words.get(at + 1).is_some_and(|word| word.contains(['%', ',', ':'])) || is_counted(after);
        let street = is_street(own, next) && !counts && !names_area(own);
        if street || (is_postcode(own, next) && !is_counted_group(next, after)) {
            found.insert(Kind::Address, ());
        }
        let before =
            at.checked_sub(1).and_then(|before| clean.get(before)).map(String::as_str).unwrap_or_default();
        if is_title(own, before) && starts_with_capital(next) && next.chars().count() > 1 {
            found.insert(Kind::Name, ());
        }
        if own.len() == 9 && is_bsn(own) {
            found.insert(Kind::Bsn, ());
        }
    }
    for run in number_runs(text) {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let international = run.trim_start().starts_with("+31") && digits.len() == 11;
        let national = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00");
        if international || national {
            found.insert(Kind::Phone, ());
        }
        // With spaces or points in it a number is only taken for one where the text says so.
        let says = text.to_lowercase();
        if is_bsn(&digits) && ["bsn", "burgerservice", "sofi"].iter().any(|word| says.contains(word)) {
            found.insert(Kind::Bsn, ());
        }
    }
    found.into_keys().collect()
}

fn is_email(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((name, host)) = word.split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && host.split('.').all(|part| !part.is_empty()) && !host.contains('@')
}

/// `3021 AB` or `3021AB`; a year before two capitals is no postcode.
fn is_postcode(word: &str, next: &str) -> bool {
    let (digits, letters) = match word.len() {
        4 => (word, next),
        6 => (word.get(..4).unwrap_or_default(), word.get(4..).unwrap_or_default()),
        _ => return false,
    };
    let year = word.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    !year
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
        && letters.len() == 2
        && letters.bytes().all(|b| b.is_ascii_uppercase())
}

/// `Schiedamseweg 12`: a street with a house number.
fn is_street(word: &str, next: &str) -> bool {
    const STREETS: [&str; 12] =
        ["straat", "laan", "weg", "plein", "singel", "kade", "hof", "dijk", "steeg", "gracht", "pad", "haven"];
    let number = next.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    starts_with_capital(word)
        && STREETS.iter().any(|end| word.ends_with(end) && word.len() > end.len() + 2)
        && (1..=3).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && next.len() <= number.len() + 1
}

/// What is counted: behind it stands no house number but a number of these.
fn is_counted(word: &str) -> bool {
    const COUNTED: [&str; 22] = [
        "procent",
        "procentpunt",
        "procentpunten",
        "jongeren",
        "jeugdigen",
        "kinderen",
        "leerlingen",
        "ouders",
        "gezinnen",
        "huishoudens",
        "woningen",
        "mensen",
        "bewoners",
        "inwoners",
        "vrouwen",
        "mannen",
        "meldingen",
        "misdrijven",
        "jaar",
        "keer",
        "uur",
        "euro",
    ];
    COUNTED.contains(&word)
}

/// `1400 VO leerlingen`: two capitals that are a short name, with what is counted behind them.
fn is_counted_group(letters: &str, after: &str) -> bool {
    ["VO", "PO", "SO", "HO", "BO", "WW", "EU", "TV"].contains(&letters)
        && after.chars().next().is_some_and(char::is_lowercase)
}

/// A word after which the name of a person comes. 'Heer' is one in 'de heer'; the Heer Bokelweg is a street.
fn is_title(word: &str, before: &str) -> bool {
    let word_below = word.to_lowercase();
    ["mevrouw", "mevr", "mw", "meneer", "dhr", "juf", "familie", "fam"].contains(&word_below.as_str())
        || (word == "heer" && ["de", "De", "den"].contains(&before))
}

fn starts_with_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The eleven-test: nine times the first digit, eight times the second ... minus the last, divisible by eleven.
fn is_bsn(text: &str) -> bool {
    let digits: Vec<i32> = text.bytes().filter(u8::is_ascii_digit).map(|b| i32::from(b - b'0')).collect();
    if digits.len() != 9 || text.len() != 9 || digits.iter().all(|digit| *digit == 0) {
        return false;
    }
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<i32>() % 11 == 0
}

/// Runs of digits with the signs that people put in phone numbers.
fn number_runs(text: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut before = ' ';
    for c in text.chars().chain(['\n']) {
        let part = c.is_ascii_digit()
            || (!run.is_empty() && matches!(c, ' ' | '-' | '.' | '(' | ')'))
            || (run.is_empty() && c == '+');
        if part && (!run.is_empty() || !before.is_alphanumeric()) {
            run.push(c);
        } else {
            if run.chars().filter(char::is_ascii_digit).count() >= 9
                && (!c.is_alphanumeric() || run.ends_with(' '))
            {
                runs.push(run.trim().trim_end_matches(['.', '-', '(', ')']).to_owned());
            }
            run.clear();
        }
        before = c;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_about_a_person_is_seen() {
        for (text, kind) in [
            ("bel 06-12345678", Kind::Phone),
            ("010 123 45 67 of later", Kind::Phone),
            ("+31 6 1234 5678", Kind::Phone),
            ("mail jan@voorbeeld.nl.", Kind::Email),
            ("woont op 3021 AB", Kind::Address),
            ("aan de Voorbeeldstraat 12a", Kind::Address),
            ("mevrouw Jansen zegt", Kind::Name),
            ("de heer De Vries", Kind::Name),
            // A number that passes the test and was never given out.
            ("nummer 111222333", Kind::Bsn),
            ("BSN 111.222.333", Kind::Bsn),
            ("mail naar: j.jansen@school-voorbeeld.nl", Kind::Email),
            ("Oude Binnenweg 15", Kind::Address),
        ] {
            assert_eq!(kinds(text, &|_| false), [kind], "{text}");
        }
    }

    #[test]
    fn ordinary_texts_about_figures_are_left_alone() {
        let names_area = |name: &str| ["zuidplein", "delfshaven"].contains(&name.to_lowercase().as_str());
        for text in [
            "In Zuidplein 15% en in Delfshaven 12 van de 100; in het Oude Noorden 8.",
            "Op het Noordplein 15 jongeren, op het Afrikaanderplein 3 meldingen en langs de Maashaven 4,5%.",
            "De 1400 VO leerlingen en 1200 PO kinderen; de Heer Bokelweg.",
            "Jeugdhulp in 2015 en 2016: 010 is de stad, 0800-nummers niet.",
            "Stand 2014-2016: 12.345.678; regel 112233445.",
            "Van 2014 tot 2016 steeg het van 12,5 naar 13,1 procent (editie 2016).",
            "In 2016 OBI meldt 623.967 inwoners; BU05990535.",
            "De Schiedamseweg is druk. De wijk heeft 4 pleinen.",
            "familie en vrienden; het gezin; mevrouw",
            "1.234.567 euro en 123456789",
            "Uitvoerder: jongerenwerker van Stichting De Haven, 12 uur per week",
            "2015 2016 2017 2018",
        ] {
            assert_eq!(kinds(text, &names_area), [], "{text}");
        }
    }
}
