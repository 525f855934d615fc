//! Agreements and improvement actions: a status and a step that the format knows, and dates that are dates.

use super::Context;
use super::activities::choices;
use super::rules::finding;
use crate::finding::{Finding, Place};
use crate::model::{Afspraak, date_text, normalise};

impl Context<'_> {
    pub(crate) fn agreement_place(&self, afspraak: &Afspraak) -> Place {
        let name: String = afspraak.afspraak.trim().chars().take(60).collect();
        let about = if name.is_empty() { "afspraak zonder tekst".to_owned() } else { format!("afspraak {name}") };
        self.whole_row("afspraken", afspraak.row).about(about)
    }

    /// One cell of an agreement, by the field of its column.
    pub(crate) fn agreement_cell(&self, afspraak: &Afspraak, field: &str) -> Place {
        self.in_column(self.agreement_place(afspraak), "afspraken", afspraak.row, field)
    }
}

/// Status and step are those of the format.
pub(crate) fn known_choices(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let list = |key: &str| -> Vec<String> {
        let words = context.format.texts.get(key).split('|').map(|word| word.trim().to_owned());
        words.filter(|word| !word.is_empty()).collect()
    };
    let (statuses, steps) = (list("lijst-status"), list("lijst-stap"));
    for afspraak in &context.analysis.afspraken {
        let rest = unknown_steps(&afspraak.stap, &steps);
        let step = rest.join("; ");
        let step = step.as_str();
        for (field, column, text, known) in
            [("stap", "Stap", step, &steps), ("status", "Status", afspraak.status.as_str(), &statuses)]
        {
            choices(&context.agreement_cell(afspraak, field), column, text, known, findings);
        }
    }
}

/// The parts of a text about steps that are none of the known ones. A number says enough (4 is short for '4 kwaliteit'), and
/// several may stand together: '4 en 5', '4-5', '4, 5', '4 t/m 6'.
fn unknown_steps(text: &str, steps: &[String]) -> Vec<String> {
    let is_known = |part: &str| {
        let part = normalise(part);
        let short = part.strip_prefix("stappen ").or_else(|| part.strip_prefix("stap ")).unwrap_or(&part);
        steps.iter().any(|known| normalise(known) == part || known.split(' ').next() == Some(short))
    };
    if text.trim().is_empty() || is_known(text) {
        return Vec::new();
    }
    // Of a range both ends count; what lies between two known steps is known.
    let mut plain = text.to_lowercase();
    for sign in [" t/m ", " tot en met ", " en ", "-", "\u{2013}", ",", "&", "+", "/", "\n", "|"] {
        plain = plain.replace(sign, ";");
    }
    let parts: Vec<&str> = plain.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.iter().all(|part| is_known(part)) {
        return Vec::new();
    }
    // What is no list of steps is told as it was typed.
    let numbers = parts.iter().all(|part| part.chars().any(|c| c.is_ascii_digit()));
    match numbers && parts.iter().any(|part| is_known(part)) {
        true => parts.into_iter().filter(|part| !is_known(part)).map(str::to_owned).collect(),
        false => vec![text.trim().to_owned()],
    }
}

/// Dates can be read, and what was agreed is not to be done or discussed before it was agreed.
pub(crate) fn dates(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for afspraak in &context.analysis.afspraken {
        let columns = [
            ("datum", "Datum afspraak", &afspraak.datum),
            ("wanneer", "Klaar op", &afspraak.wanneer),
            ("bespreking", "Volgende bespreking", &afspraak.bespreking),
        ];
        let agreed = date_text(&afspraak.datum);
        for (field, column, text) in columns.into_iter().filter(|(_, _, text)| !text.trim().is_empty()) {
            let Some(date) = date_text(text) else {
                findings.push(finding(
                    "datum-onleesbaar",
                    context.agreement_cell(afspraak, field),
                    format!("In de kolom '{column}' staat '{}'; dat is geen datum.", text.trim()),
                    "Een datum, zoals 22-11-2026.",
                    "Typ dag, maand en jaar. De afspraak staat wel in het plan, maar niet op volgorde van datum.",
                ));
                continue;
            };
            if agreed.is_some_and(|agreed| date.is_before(agreed)) {
                findings.push(finding(
                    "datum-volgorde",
                    context.agreement_cell(afspraak, field),
                    format!(
                        "In de kolom '{column}' staat {}; dat is eerder dan de afspraak zelf ({}).",
                        text.trim(),
                        afspraak.datum.trim()
                    ),
                    "Een datum na die van de afspraak.",
                    "Kijk welke van de twee datums niet klopt.",
                ));
            }
        }
    }
}
