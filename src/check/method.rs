//! What the method asks of results and activities, besides that they can be measured: about people and not about
//! process, a start value that is the figure, a reason for every activity, agreements that somebody can keep.

use super::rules::finding;
use super::{Context, choice};
use crate::finding::Finding;
use crate::model::words::{equal_as_shown, figure, list, number, years};
use crate::model::{Activiteit, MONTHS, NumberText, normalise, number_text, value_texts as values};

/// Words of process, and how words about people begin.
const PROCESS: [&str; 20] = [
    "overleg",
    "overleggen",
    "samenwerking",
    "samenwerken",
    "partners",
    "partner",
    "convenant",
    "bijeenkomst",
    "bijeenkomsten",
    "werkgroep",
    "project",
    "projecten",
    "aanbod",
    "afspraken",
    "netwerk",
    "protocol",
    "beleid",
    "professionals",
    "organisaties",
    "instellingen",
];
const PEOPLE: [&str; 19] = [
    "kind",
    "jeugd",
    "jonge",
    "ouder",
    "gezin",
    "leerling",
    "baby",
    "peuter",
    "kleuter",
    "tiener",
    "meisje",
    "student",
    "scholier",
    "moeder",
    "vader",
    "inwoner",
    "bewoner",
    "mensen",
    "huishouden",
];

/// A result about what organisations do instead of what children and families gain.
pub(crate) fn about_process(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for result in &context.analysis.resultaten {
        let text = normalise(&result.resultaat);
        let words: Vec<&str> = text.split(' ').collect();
        let Some(process) = words.iter().find(|word| PROCESS.contains(word)) else { continue };
        if words.iter().any(|word| PEOPLE.iter().any(|start| word.starts_with(start))) {
            continue;
        }
        findings.push(finding(
            "resultaat-over-proces",
            context.result_place(result),
            format!("Het resultaat gaat over '{process}' en noemt geen kinderen, jongeren of gezinnen."),
            "Wat er verandert voor kinderen en gezinnen.",
            "Schrijf op wat u bij kinderen of gezinnen wilt zien. Wat partners doen, hoort bij de activiteiten.",
        ));
    }
}

/// The start value of a result is the wijk's figure of that year.
pub(crate) fn start_value(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Some(overview), Some(area)) = (context.overview, context.area) else { return };
    for result in &context.analysis.resultaten {
        let indicators = context.indicators_of(result);
        let starts: Vec<&str> = values(&result.startwaarde).collect();
        if starts.len() != indicators.len() || normalise(&result.meetwijze).contains("combinatie") {
            continue;
        }
        for (text, (_, indicator)) in starts.iter().zip(&indicators) {
            let (NumberText::Number(written), Some(indicator)) = (number_text(text), indicator) else { continue };
            let Some(column) = overview.column_index(&indicator.code) else { continue };
            let Some(known) = overview.figure(area, column).value() else { continue };
            let Some(column) = overview.columns.get(column) else { continue };
            let period = column.period();
            let (start, known_years) = (years(&result.startjaar), years(&period));
            let same_year =
                start.is_empty() || known_years.is_empty() || start.iter().any(|year| known_years.contains(year));
            if !same_year || equal_as_shown(written, known, indicator.decimals) {
                continue;
            }
            findings.push(finding(
                "resultaat-startwaarde-wijkt-af",
                context.result_place(result),
                format!(
                    "De startwaarde is {text}, maar het cijfer van '{}' is {} ({period}).",
                    indicator.name,
                    figure(known, indicator.decimals, &context.format.unit_of(indicator, Some(column)))
                ),
                format!("{}, het cijfer van de wijk.", number(known, indicator.decimals)),
                "Neem het cijfer over, of zet het startjaar erbij waar uw startwaarde bij hoort.",
            ));
        }
    }
}

/// True when an activity is there already, and nothing says what for.
pub(crate) fn only_because_it_exists(activity: &Activiteit) -> bool {
    normalise(&activity.nieuw).starts_with("bestaand")
        && activity.resultaat.trim().is_empty()
        && activity.factor.trim().is_empty()
}

/// What an activity needs besides a result: a reason, a rung, an outcome.
pub(crate) fn activity_needs(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for activity in context.analysis.activiteiten.iter().filter(|activity| !activity.activiteit.trim().is_empty())
    {
        let place = || context.activity_place(activity);
        if only_because_it_exists(activity) {
            findings.push(finding(
                "activiteit-omdat-het-er-is",
                place(),
                "Deze activiteit bestaat al, maar er staat niet voor welk resultaat of via welke factor u haar inzet.",
                "Een resultaat en een factor.",
                "Vul het resultaat en de factor in. Past de activiteit bij geen resultaat, overleg dan of zij nodig is.",
            ));
        } else if activity.factor.trim().is_empty() {
            findings.push(finding(
                "activiteit-zonder-factor",
                place(),
                "Bij deze activiteit staat geen factor.",
                "De factor uit het factorenmodel waar de activiteit aan werkt.",
                "Kies de factor uit de lijst van de cel.",
            ));
        }
        if activity.trede.trim().is_empty() {
            findings.push(finding(
                "activiteit-zonder-trede",
                place(),
                "Bij deze activiteit staat geen trede van de effectladder.",
                "Een trede van 0 tot en met 4.",
                "Kies de trede uit de lijst van de cel. Is er niets over bekend, kies dan 0.",
            ));
        }
        let missing: Vec<&str> =
            [(&activity.outcome, "welke outcome u meet"), (&activity.hoe_meten, "hoe u meet")]
                .into_iter()
                .filter(|(text, _)| text.trim().is_empty())
                .map(|(_, what)| what)
                .collect();
        if !missing.is_empty() {
            findings.push(finding(
                "outcome-niet-gemeten",
                place(),
                format!("Bij deze activiteit staat niet {}.", list(&missing)),
                "Een outcome, zoals bereik, tevredenheid of doelrealisatie, en hoe u die meet.",
                "Vul de kolommen 'Welke outcome' en 'Hoe meten'.",
            ));
        }
    }
}

/// An agreement that nobody can be held to: without a name or without a date.
pub(crate) fn agreements(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for activity in &context.analysis.activiteiten {
        let says = |text: &str| !text.trim().is_empty();
        let mut lacking: Vec<String> = Vec::new();
        if says(&activity.eerste_stap) && !has_date(&activity.eerste_stap) {
            lacking.push("bij de eerste stap een datum".to_owned());
        }
        if says(&activity.verbeteractie) {
            if !says(&activity.wie) {
                lacking.push("bij de verbeteractie wie haar doet".to_owned());
            }
            if !says(&activity.wanneer) {
                lacking.push("bij de verbeteractie wanneer".to_owned());
            }
        }
        if says(&activity.kwaliteitsafspraak) || says(&activity.accounthouder) {
            if ![&activity.uitvoerder, &activity.wie].into_iter().any(|text| says(text)) {
                lacking.push("bij de afspraak met wie zij is gemaakt".to_owned());
            }
            let dated = [
                &activity.eerste_stap,
                &activity.wanneer,
                &activity.terugkoppeling,
                &activity.kwaliteitsafspraak,
                &activity.accounthouder,
            ];
            if !dated.into_iter().any(|text| has_date(text)) {
                lacking.push("bij de afspraak een datum".to_owned());
            }
        }
        if lacking.is_empty() {
            continue;
        }
        findings.push(finding(
            "afspraak-zonder-naam-of-datum",
            context.activity_place(activity),
            format!("Er ontbreekt {}.", list(&lacking)),
            "Bij elke afspraak een naam of rol en een datum.",
            "Vul de kolommen 'Uitvoerder', 'Wie (rol)' en 'Wanneer', en zet bij de eerste stap een datum.",
        ));
    }
}

/// True for a text that says when: a year, a day, a month, a week or a quarter.
fn has_date(text: &str) -> bool {
    const PERIODS: [&str; 3] = ["week", "kwartaal", "schooljaar"];
    if !years(text).is_empty() {
        return true;
    }
    let normal = normalise(text);
    let numbers = |part: &str| {
        part.split(['-', '/'])
            .filter(|n| !n.is_empty() && n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()))
            .count()
    };
    normal.split(' ').any(|word| MONTHS.contains(&word) || PERIODS.contains(&word))
        || text.split_whitespace().any(|word| numbers(word) >= 2)
}

/// Life phases, spheres and prevention levels for which nothing is done, once there are enough activities to say so.
pub(crate) fn without_activity(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let activities = &context.analysis.activiteiten;
    let fewest = context.format.control.threshold("zonder-activiteit", "", 3.0);
    #[allow(clippy::cast_precision_loss, reason = "a number of activities")]
    let enough = activities.len() as f64 >= fewest;
    if !enough {
        return;
    }
    type Field = fn(&Activiteit) -> &str;
    let columns: [(&str, &[String], Field); 3] = [
        ("leeftijdsfase", &context.format.leeftijdsfasen, |activity| &activity.leeftijdsfase),
        ("leefgebied", &context.format.leefgebieden, |activity| &activity.leefgebied),
        ("preventieniveau", &context.format.preventieniveaus, |activity| &activity.preventieniveau),
    ];
    for (what, known, of) in columns {
        let texts: Vec<String> = activities.iter().map(|activity| normalise(of(activity))).collect();
        let short = |value: &str| normalise(value.split_once('(').map_or(value, |(name, _)| name));
        let none: Vec<&String> =
            known.iter().filter(|value| !texts.iter().any(|text| text.contains(&short(value)))).collect();
        if none.is_empty() {
            continue;
        }
        findings.push(finding(
            "zonder-activiteit",
            crate::finding::Place::tab(context.tab("activiteiten")).about(format!("kolom {what}")),
            format!("Er is geen activiteit voor {what} {}.", choice(&none)),
            "Een bewuste keuze: voor elke groep een activiteit, of een reden waarom niet.",
            "Bespreek met partners of hier iets nodig is. Is dat niet zo, dan hoeft er niets te gebeuren.",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_told_from_other_text() {
        for text in ["1 mei", "12-3", "najaar 2026", "week 12", "2026-11-22", "eerste kwartaal"] {
            assert!(has_date(text), "{text}");
        }
        for text in ["", "zo snel mogelijk", "12 gezinnen", "3-jarigen"] {
            assert!(!has_date(text), "{text}");
        }
    }
}
