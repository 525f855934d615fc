//! The action plan: stap 3 to 6, from the activities in the workbook.

use super::ReportInput;
use super::content::{Cell, Draft, Part, Style, block, data, form, heading, prompt, text};
use super::front::{draft, front_matter};
use super::results::recognition;
use super::texts::filled;
use crate::model::Activiteit;
use crate::model::words::count;

/// How many empty rows wait for activities when the workbook has none.
const EMPTY_ROWS: usize = 2;

/// Columns of the tables of improvement actions.
const ACTION_COLUMNS: [(&str, usize); 5] =
    [("Wanneer", 1500), ("Activiteit", 2400), ("Verbeteractie", 2838), ("Wie (rol)", 1800), ("Status", 1100)];

/// The action plan as a draft.
pub(super) fn plan(input: &ReportInput<'_>) -> Draft {
    let name = "Plan van aanpak Wijkprogrammering";
    // Without activities the same tables stand ready with prompts.
    let empty: Vec<Activiteit>;
    let activities: &[Activiteit] = if input.analysis.activiteiten.is_empty() {
        empty = (0..EMPTY_ROWS).map(|_| Activiteit::default()).collect();
        &empty
    } else {
        &input.analysis.activiteiten
    };
    let mut parts = front_matter(input, name);
    parts.push(Part::Contents);
    parts.push(heading(1, "Stap 3 Activiteiten"));
    if input.analysis.activiteiten.is_empty() {
        parts.push(block(
            "plan:geen",
            "Nog geen activiteiten",
            vec![text(
                Style::Figures,
                "Het werkboek bevat nog geen activiteiten. De tabellen hieronder staan klaar om in te vullen.",
            )],
        ));
    }
    for (at, activity) in activities.iter().enumerate() {
        let title = title(at, activity);
        parts.push(heading(2, &title));
        parts.push(block(format!("activiteit:{}", at + 1), title, vec![activity_form(input, at, activity)]));
    }
    parts.push(heading(1, "Stap 4 Kwaliteit input"));
    parts.push(block("kwaliteit", "Kwaliteit input", vec![quality(activities)]));
    parts.push(heading(1, "Stap 5 Outcome"));
    parts.push(block("outcome", "Outcome", outcome(activities)));
    parts.push(heading(1, "Stap 6 Verbeteracties in verbetercyclus"));
    parts.extend(improvement(input));
    draft(input, "plan", name, 1134, parts)
}

/// `Activiteit A: Huiswerkklas`. Letters as in the handbook; after Z come AA, AB ...
fn title(at: usize, activity: &Activiteit) -> String {
    let letters = letters(at);
    if filled(&activity.activiteit) {
        format!("Activiteit {letters}: {}", activity.activiteit.trim().replace('\n', ", "))
    } else {
        format!("Activiteit {letters}")
    }
}

fn letters(at: usize) -> String {
    u32::try_from(at).map_or_else(|_| at.to_string(), crate::model::column_letters)
}

fn cell(text: &str, at: usize, field: &str, ask: &str) -> Cell {
    Cell::written_or_prompt(text, &format!("wa:vul:act:{}:{field}", at + 1), ask)
}

fn activity_form(input: &ReportInput<'_>, at: usize, activity: &Activiteit) -> Part {
    let mut fields: Vec<(&str, &str, &String, &str)> = Vec::new();
    if !filled(&activity.activiteit) {
        fields.push(("naam", "Activiteit", &activity.activiteit, "Naam van de activiteit"));
    }
    fields.extend([
        ("uitvoerder", "Wie voert de activiteit uit?", &activity.uitvoerder, "Welke partner?"),
        ("doelgroep", "Voor welke doelgroep?", &activity.doelgroep, "Voor wie precies, welke leeftijd?"),
        ("bereik", "Met welk bereik?", &activity.bereik, "Hoeveel kinderen, jeugdigen of gezinnen?"),
        ("frequentie", "Hoe vaak?", &activity.frequentie, "Hoe vaak, hoe lang?"),
        ("structureel", "Incidenteel of structureel", &activity.structureel, "Incidenteel of structureel?"),
        ("nieuw", "Nieuw of bestaand", &activity.nieuw, "Nieuw of bestaand?"),
        ("vorm", "Individueel of groep", &activity.vorm, "Individueel of groep?"),
        ("resultaat", "Voor welk resultaat?", &activity.resultaat, "Nummer van het resultaat uit de rapportage"),
        ("factor", "Via welke factor?", &activity.factor, "Welke factor?"),
        ("fase", "Leeftijdsfase", &activity.leeftijdsfase, "Welke leeftijdsfase?"),
        ("leefgebied", "Leefgebied", &activity.leefgebied, "Welk leefgebied?"),
        ("preventie", "Preventieniveau", &activity.preventieniveau, "Universeel, selectief of geïndiceerd?"),
        ("trede", "Trede op de effectladder", &activity.trede, "Trede 0 tot en met 4"),
        ("databank", "Databank", &activity.databank, "In welke databank staat de interventie?"),
        ("stap-adviseur", "Stap van de gebiedsadviseur", &activity.stap_adviseur, "Welke stap zet u, en wanneer?"),
        ("stap-partner", "Stap van de partner", &activity.stap_partner, "Welke stap zet de partner, en wanneer?"),
    ]);
    let rows = fields
        .into_iter()
        .map(|(field, label, value, ask)| {
            let mut made = cell(value, at, field, ask);
            if field == "trede" && filled(value) {
                made = made.and(Style::CellSmall, recognition(input, value).unwrap_or_default());
            }
            if field == "resultaat" && filled(value) {
                made = made.and(Style::CellSmall, statements(input, value));
            }
            (label.to_owned(), made)
        })
        .collect();
    form([2900, 6738], rows)
}

/// The statements of the results that an activity names by number.
fn statements(input: &ReportInput<'_>, numbers: &str) -> String {
    let named: Vec<&str> = numbers.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
    let found: Vec<String> = input
        .analysis
        .resultaten
        .iter()
        .filter(|resultaat| filled(&resultaat.nummer) && named.contains(&resultaat.nummer.trim()))
        .map(|resultaat| format!("{}: {}", resultaat.nummer.trim(), resultaat.resultaat.trim()))
        .collect();
    found.join("\n")
}

fn quality(activities: &[Activiteit]) -> Part {
    let rows = activities
        .iter()
        .enumerate()
        .map(|(at, activity)| {
            vec![
                Cell::styled(Style::CellLabel, title(at, activity)),
                cell(&activity.kwaliteitsafspraak, at, "kwaliteit", "Hoe wordt de kwaliteit beter?"),
                cell(&activity.eerste_stap, at, "eerste-stap", "Eerste stap en datum"),
                cell(&activity.accounthouder, at, "accounthouder", "Afspraak over inkoop"),
            ]
        })
        .collect();
    data(
        &[
            ("Activiteit", 2338),
            ("Afspraak over kwaliteit", 2700),
            ("Eerstvolgende stap en datum", 2200),
            ("Afspraak met de accounthouder", 2400),
        ],
        rows,
    )
}

fn outcome(activities: &[Activiteit]) -> Vec<Part> {
    let rows = activities
        .iter()
        .enumerate()
        .map(|(at, activity)| {
            vec![
                Cell::styled(Style::CellLabel, title(at, activity)),
                cell(&activity.outcome, at, "outcome", "Bereik, uitval, tevredenheid, doel gehaald?"),
                cell(&activity.hoe_meten, at, "hoe-meten", "Hoe?"),
                cell(&activity.hoe_vaak_meten, at, "hoe-vaak", "Hoe vaak?"),
                cell(&activity.bij_wie, at, "bij-wie", "Bij wie?"),
                cell(&activity.aandachtspunten, at, "aandacht", "Waar letten we op?"),
            ]
        })
        .collect();
    let reporting = activities
        .iter()
        .enumerate()
        .map(|(at, activity)| {
            vec![
                Cell::styled(Style::CellLabel, title(at, activity)),
                cell(
                    &activity.terugkoppeling,
                    at,
                    "terugkoppeling",
                    "Hoe houdt de partner u op de hoogte, en wanneer bespreekt u het?",
                ),
            ]
        })
        .collect();
    vec![
        text(Style::Caption, "Wat we meten"),
        data(
            &[
                ("Activiteit", 1750),
                ("Welke outcome meten?", 1900),
                ("Hoe meten?", 1500),
                ("Hoe vaak?", 1300),
                ("Bij wie meten?", 1400),
                ("Aandachtspunten", 1788),
            ],
            rows,
        ),
        text(Style::Caption, "Terugkoppeling en bespreekdatum"),
        data(&[("Activiteit", 2900), ("Hoe partners terugkoppelen en wanneer we het bespreken", 6738)], reporting),
    ]
}

/// Open actions by date, then the history; an action that is done or stopped stays.
fn improvement(input: &ReportInput<'_>) -> Vec<Part> {
    let mut actions: Vec<(usize, &Activiteit)> = input
        .analysis
        .activiteiten
        .iter()
        .enumerate()
        .filter(|(_, activity)| {
            [&activity.verbeteractie, &activity.wie, &activity.wanneer].into_iter().any(|text| filled(text))
        })
        .collect();
    actions.sort_by_key(|(at, activity)| (sortable(&activity.wanneer), *at));
    let (history, open): (Vec<_>, Vec<_>) =
        actions.into_iter().partition(|(_, activity)| is_closed(&activity.status));
    let mut parts = Vec::new();
    let mut content = Vec::new();
    if open.is_empty() {
        content.push(text(Style::Figures, "Er staan geen open verbeteracties in het werkboek."));
        let row = |number: usize| {
            [
                ("wanneer", "Wanneer?"),
                ("activiteit", "Welke activiteit?"),
                ("verbeteractie", "Wat gaan we doen?"),
                ("wie", "Welke rol?"),
                ("status", "Open of bezig?"),
            ]
            .map(|(field, ask)| Cell::written_or_prompt("", &format!("wa:vul:actie:{number}:{field}"), ask))
            .to_vec()
        };
        content.push(data(&ACTION_COLUMNS, (1..=EMPTY_ROWS).map(row).collect()));
    } else {
        content.push(text(
            Style::Figures,
            format!("{} open, op volgorde van datum.", count(open.len(), "verbeteractie", "verbeteracties")),
        ));
        content.push(action_table(&open));
    }
    parts.push(heading(2, "Open verbeteracties"));
    parts.push(block("verbeteracties:open", "Open verbeteracties", content));
    parts.push(prompt(
        "verbeteracties:nieuw",
        "Schrijf hier nieuwe verbeteracties na het gesprek met partners: wat, wie en wanneer.",
    ));
    parts.push(heading(2, "Geschiedenis"));
    let content = if history.is_empty() {
        vec![text(Style::Figures, "Er zijn nog geen verbeteracties gereed of gestopt.")]
    } else {
        vec![
            text(
                Style::Figures,
                format!("{} gereed of gestopt.", count(history.len(), "verbeteractie", "verbeteracties")),
            ),
            action_table(&history),
        ]
    };
    parts.push(block("verbeteracties:geschiedenis", "Geschiedenis", content));
    parts
}

fn is_closed(status: &str) -> bool {
    matches!(crate::model::normalise(status).as_str(), "gereed" | "gestopt")
}

fn action_table(actions: &[(usize, &Activiteit)]) -> Part {
    let rows = actions
        .iter()
        .map(|(at, activity)| {
            vec![
                cell(&activity.wanneer, *at, "wanneer", "Wanneer?"),
                Cell::styled(Style::CellLabel, title(*at, activity)),
                cell(&activity.verbeteractie, *at, "verbeteractie", "Wat gaan we doen?"),
                cell(&activity.wie, *at, "wie", "Welke rol?"),
                Cell::text(if filled(&activity.status) { activity.status.trim() } else { "geen status" }),
            ]
        })
        .collect();
    data(&ACTION_COLUMNS, rows)
}

/// A date as a number that sorts; texts that are no date come last, in the order of the workbook.
fn sortable(when: &str) -> u32 {
    let numbers: Vec<u32> =
        when.trim().split(['-', '/', '.']).map(|piece| piece.trim().parse().unwrap_or(0)).collect();
    let (year, month, day) = match numbers.as_slice() {
        [year, month, day] if *year > 1900 => (*year, *month, *day),
        [day, month, year] if *year > 1900 => (*year, *month, *day),
        [month, year] if *year > 1900 => (*year, *month, 0),
        [year] if *year > 1900 => (*year, 0, 0),
        _ => return u32::MAX,
    };
    year.min(9999) * 10_000 + month.min(12) * 100 + day.min(31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_notation_sort_and_other_texts_come_last() {
        let mut all = ["na de zomer", "1-9-2026", "2026-03-15", "15/4/2026", "2025"];
        all.sort_by_key(|when| sortable(when));
        assert_eq!(all, ["2025", "2026-03-15", "15/4/2026", "1-9-2026", "na de zomer"]);
    }

    #[test]
    fn the_27th_activity_is_called_aa() {
        assert_eq!(title(26, &Activiteit::default()), "Activiteit AA");
    }
}
