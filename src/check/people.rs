//! Free text that may name somebody: reports are shared, so names, addresses, e-mail, phone numbers and citizen service
//! numbers are pointed out. Nothing of them is repeated in the finding.

use std::collections::BTreeMap;

use super::Context;
use super::rules::finding;
use crate::finding::{Finding, Place};
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
    let mut found: Vec<(Place, Vec<Kind>)> = Vec::new();
    let mut look = |place: Place, text: &str| {
        let kinds = kinds(text);
        if !kinds.is_empty() {
            found.push((place, kinds));
        }
    };
    let analysis = context.analysis;
    for tab in &analysis.pijlers {
        for block in &tab.blocks {
            for cell in block.indicators.iter().filter_map(|row| row.remark.as_ref()) {
                look(Place::cell(&cell.at), &cell.text);
            }
            for question in &block.questions {
                look(Place::cell(&question.answer.at), &question.answer.text);
            }
        }
        for question in &tab.questions {
            look(Place::cell(&question.answer.at), &question.answer.text);
        }
    }
    let summary = analysis.summary.iter();
    for question in summary.clone().flat_map(|summary| &summary.questions) {
        look(Place::cell(&question.answer.at), &question.answer.text);
    }
    let closing =
        analysis.pijlers.iter().flat_map(|tab| &tab.closing).chain(summary.flat_map(|summary| &summary.closing));
    for row in closing {
        for cell in [&row.leeftijdsfase, &row.leefgebied, &row.conclusion].into_iter().flatten() {
            look(Place::cell(&cell.at), &cell.text);
        }
    }
    for result in &analysis.resultaten {
        let text = [&result.resultaat, &result.onderbouwing, &result.inbreng].map(String::as_str).join("\n");
        look(context.result_place(result), &text);
    }
    for activity in &analysis.activiteiten {
        let text = [
            &activity.activiteit,
            &activity.uitvoerder,
            &activity.doelgroep,
            &activity.kwaliteitsafspraak,
            &activity.eerste_stap,
            &activity.accounthouder,
            &activity.bij_wie,
            &activity.aandachtspunten,
            &activity.stap_adviseur,
            &activity.stap_partner,
            &activity.terugkoppeling,
            &activity.verbeteractie,
            &activity.wie,
        ];
        look(context.activity_place(activity), &text.map(String::as_str).join("\n"));
    }
    for (place, kinds) in found {
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

/// Everything a text seems to hold about a person.
fn kinds(text: &str) -> Vec<Kind> {
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
        if is_postcode(own, next) || is_street(own, next) {
            found.insert(Kind::Address, ());
        }
        if is_title(own) && starts_with_capital(next) && next.chars().count() > 1 {
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

/// A word after which the name of a person comes.
fn is_title(word: &str) -> bool {
    ["mevrouw", "mevr", "mw", "meneer", "dhr", "heer", "juf", "familie", "fam"]
        .contains(&word.to_lowercase().as_str())
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
        ] {
            assert_eq!(kinds(text), [kind], "{text}");
        }
    }

    #[test]
    fn ordinary_texts_about_figures_are_left_alone() {
        for text in [
            "Van 2014 tot 2016 steeg het van 12,5 naar 13,1 procent (editie 2016).",
            "In 2016 OBI meldt 623.967 inwoners; BU05990535.",
            "De Schiedamseweg is druk. De wijk heeft 4 pleinen.",
            "familie en vrienden; het gezin; mevrouw",
            "1.234.567 euro en 123456789",
            "Uitvoerder: jongerenwerker van Stichting De Haven, 12 uur per week",
            "2015 2016 2017 2018",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
