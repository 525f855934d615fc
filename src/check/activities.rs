//! Activiteiten: each serves a result, through a factor of that result's domein, with choices the format knows.

use super::method::only_because_it_exists;
use super::results::domein_named;
use super::rules::finding;
use super::texts::{factor_parts, not_in_model, split_rank};
use super::{Context, choice};
use crate::finding::{Finding, Place};
use crate::model::{Activiteit, Resultaat, nearest, normalise};

impl<'a> Context<'a> {
    pub(crate) fn activity_place(&self, activity: &Activiteit) -> Place {
        let name = activity.activiteit.trim();
        let about =
            if name.is_empty() { "activiteit zonder naam".to_owned() } else { format!("activiteit {name}") };
        self.whole_row("activiteiten", activity.row).about(about)
    }

    /// One cell of an activity, by the field of its column.
    pub(crate) fn activity_cell(&self, activity: &Activiteit, field: &str) -> Place {
        self.in_column(self.activity_place(activity), "activiteiten", activity.row, field)
    }

    /// The results an activity serves: the numbers as written, with the result where there is one.
    fn results_of<'t>(&self, activity: &'t Activiteit) -> Vec<(&'t str, Option<&'a Resultaat>)> {
        activity
            .resultaat
            .split([',', ';', '|', '\n', '/'])
            .flat_map(|part| part.split(" en "))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|number| {
                let wanted = bare(number);
                (number, self.analysis.resultaten.iter().find(|result| bare(&result.nummer) == wanted))
            })
            .collect()
    }
}

/// A number of a result without words around it: `Resultaat 1.` and `1` are the same.
fn bare(number: &str) -> String {
    let text = normalise(number);
    text.trim_start_matches("resultaat").trim_start_matches("nr").trim().to_owned()
}

/// Every activity names the number of a result that exists.
pub(crate) fn result_number(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let numbers: Vec<&str> = context
        .analysis
        .resultaten
        .iter()
        .map(|result| result.nummer.trim())
        .filter(|number| !number.is_empty())
        .collect();
    for activity in &context.analysis.activiteiten {
        let results = context.results_of(activity);
        if results.is_empty() && !only_because_it_exists(activity) {
            findings.push(finding(
                "activiteit-zonder-resultaat",
                context.activity_cell(activity, "resultaat"),
                "Bij deze activiteit staat niet bij welk resultaat zij hoort.",
                "Het nummer van een maatschappelijk resultaat.",
                "Typ het nummer van het resultaat in de kolom 'Resultaat (nr)'.",
            ));
        }
        for (number, _) in results.iter().filter(|(_, result)| result.is_none()) {
            findings.push(finding(
                "activiteit-resultaat-onbekend",
                context.activity_cell(activity, "resultaat"),
                format!("Resultaat '{number}' staat niet op het tabblad '{}'.", context.tab("resultaten")),
                if numbers.is_empty() {
                    "Er staan nog geen resultaten met een nummer.".to_owned()
                } else {
                    format!("{}.", choice(&numbers))
                },
                "Verbeter het nummer, of voeg het resultaat toe.",
            ));
        }
    }
}

/// Leefgebied, leeftijdsfase, preventieniveau, rung and status are those of the format.
pub(crate) fn known_choices(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let format = context.format;
    let rungs: Vec<String> = format.effectladder.iter().map(|trede| trede.rung.to_string()).collect();
    let statuses: Vec<String> = match format.texts.get("lijst-status") {
        "" => ["open", "bezig", "gereed", "gestopt"].map(str::to_owned).to_vec(),
        text => text.split('|').map(|word| word.trim().to_owned()).collect(),
    };
    for activity in &context.analysis.activiteiten {
        let rung: String = activity.trede.chars().find(char::is_ascii_digit).map(String::from).unwrap_or_default();
        let rung = if rung.is_empty() { activity.trede.trim() } else { rung.as_str() };
        let columns: [(&str, &str, &str, &[String]); 5] = [
            ("leefgebied", "Leefgebied", &activity.leefgebied, &format.leefgebieden),
            ("leeftijdsfase", "Leeftijdsfase", &activity.leeftijdsfase, &format.leeftijdsfasen),
            ("preventieniveau", "Preventieniveau", &activity.preventieniveau, &format.preventieniveaus),
            ("trede", "Trede effectladder", rung, &rungs),
            ("status", "Status", &activity.status, &statuses),
        ];
        for (field, column, text, known) in columns {
            choices(&context.activity_cell(activity, field), column, text, known, findings);
        }
    }
}

/// A finding for every part of a cell that is none of the known values.
pub(super) fn choices(place: &Place, column: &str, text: &str, known: &[String], findings: &mut Vec<Finding>) {
    for unknown in unknown_choices(text, known) {
        let near = nearest(unknown, known.iter().map(String::as_str));
        findings.push(finding(
            "keuze-onbekend",
            place.clone(),
            format!("In de kolom '{column}' staat '{unknown}'; dat kent het format niet."),
            format!("{}.", choice(known)),
            if near.is_empty() {
                "Kies een waarde uit de lijst van de cel.".to_owned()
            } else {
                format!("Bedoelt u {}? Kies dat uit de lijst van de cel.", choice(&near))
            },
        ));
    }
}

/// The parts of a cell that are none of the known values; several values may stand in one cell.
fn unknown_choices<'a>(text: &'a str, known: &[String]) -> Vec<&'a str> {
    // 'internet' is short for 'internet (digitale omgeving/sociale media)'.
    let short = |value: &str| normalise(value.split_once('(').map_or(value, |(name, _)| name));
    let is_known =
        |part: &str| known.iter().any(|value| [normalise(value), short(value)].contains(&normalise(part)));
    let text = text.trim();
    if text.is_empty() || known.is_empty() || is_known(text) {
        return Vec::new();
    }
    text.split([',', ';', '|', '\n'])
        .flat_map(|part| if is_known(part) { vec![part] } else { part.split(" en ").collect() })
        .map(str::trim)
        .filter(|part| !part.is_empty() && !is_known(part))
        .collect()
}

/// The factor of an activity is in the factorenmodel of the domein of its result.
pub(crate) fn factor_in_model(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let format = context.format;
    for activity in &context.analysis.activiteiten {
        let results = context.results_of(activity);
        let domeinen: Vec<&str> =
            results.iter().filter_map(|(_, result)| domein_named(context, &(*result)?.domein)).collect();
        let here: Vec<&str> = format
            .factoren
            .iter()
            .filter(|factor| domeinen.is_empty() || domeinen.contains(&factor.domein.as_str()))
            .map(|factor| factor.name.as_str())
            .collect();
        let is_here = |text: &str| {
            let name = split_rank(text).0;
            let name = format.control.factor_called(name).unwrap_or(name);
            here.iter().any(|known| normalise(known) == normalise(name))
        };
        if here.is_empty() || is_here(&activity.factor) {
            continue;
        }
        for text in factor_parts(&activity.factor).filter(|text| !is_here(text)) {
            let domein =
                if domeinen.is_empty() { "de domeinen van het format".to_owned() } else { domeinen.join(" en ") };
            findings.push(not_in_model(
                context.activity_cell(activity, "factor"),
                context,
                &domein,
                split_rank(text).0,
                &here,
            ));
        }
    }
}
