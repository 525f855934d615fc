//! Agreements and improvement actions: a status and a step that the format knows, and dates that are dates.

use super::Context;
use super::activities::choices;
use super::rules::finding;
use crate::finding::{Finding, Place};
use crate::model::{Afspraak, date_text};

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
        // A number says enough: 4 is short for '4 kwaliteit'.
        let step = afspraak.stap.trim();
        let known = steps.iter().any(|known| known.split(' ').next() == Some(step));
        let step = if known { "" } else { step };
        for (field, column, text, known) in
            [("stap", "Stap", step, &steps), ("status", "Status", afspraak.status.as_str(), &statuses)]
        {
            choices(&context.agreement_cell(afspraak, field), column, text, known, findings);
        }
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
