//! The action plan: stap 3 to 6, from the activities in the workbook; the rounds of agreements are in `rounds`.

use super::ReportInput;
use super::content::{Cell, Draft, Part, Style, block, data, form, heading, text};
use super::fit::{Paper, fit};
use super::front::{draft, front_matter};
use super::results::{progress_of, recognition};
use super::rounds::{self, Step};
use super::texts::filled;
use crate::model::Activiteit;

/// How many empty rows wait for activities when the workbook has none.
const EMPTY_ROWS: usize = 2;

/// The action plan as a draft, with tables for this paper.
pub(super) fn plan(input: &ReportInput<'_>, paper: Paper) -> Draft {
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
    parts.extend(rounds::parts(input, Step::Quality));
    parts.push(heading(1, "Stap 5 Outcome"));
    parts.push(block("outcome", "Outcome", outcome(activities)));
    parts.extend(rounds::parts(input, Step::Outcome));
    parts.push(heading(1, "Stap 6 Verbeteracties in verbetercyclus"));
    parts.extend(rounds::parts(input, Step::Improvement));
    draft(input, "plan", name, 1134, fit(parts, paper))
}

/// `Activiteit A: Huiswerkklas`. Letters as in the handbook; after Z come AA, AB ...
pub(super) fn title(at: usize, activity: &Activiteit) -> String {
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
    let reach = format!("Hoeveel {}?", input.format.texts.get("over-wie"));
    let mut fields: Vec<(&str, &str, &String, &str)> = Vec::new();
    if !filled(&activity.activiteit) {
        fields.push(("naam", "Activiteit", &activity.activiteit, "Naam van de activiteit"));
    }
    fields.extend([
        ("uitvoerder", "Wie voert de activiteit uit?", &activity.uitvoerder, "Welke partner?"),
        ("doelgroep", "Voor welke doelgroep?", &activity.doelgroep, "Voor wie precies, welke leeftijd?"),
        ("bereik", "Met welk bereik?", &activity.bereik, &reach),
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
pub(super) fn statements(input: &ReportInput<'_>, numbers: &str) -> String {
    let named: Vec<&str> = numbers.split(|c: char| !c.is_alphanumeric() && c != '.').collect();
    let found: Vec<String> = input
        .analysis
        .resultaten
        .iter()
        .filter(|resultaat| filled(&resultaat.nummer) && named.contains(&resultaat.nummer.trim()))
        .map(|resultaat| {
            let stand = progress_of(input, resultaat)
                .map_or_else(String::new, |progress| format!(" (stand: {})", progress.standing.words()));
            format!("{}: {}{stand}", resultaat.nummer.trim(), resultaat.resultaat.trim())
        })
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
                ("Welke outcome meten?", 1750),
                ("Hoe meten?", 1500),
                ("Hoe vaak?", 1450),
                ("Bij wie meten?", 1450),
                ("Aandachtspunten", 1738),
            ],
            rows,
        ),
        text(Style::Caption, "Terugkoppeling en bespreekdatum"),
        data(&[("Activiteit", 2900), ("Hoe partners terugkoppelen en wanneer we het bespreken", 6738)], reporting),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_27th_activity_is_called_aa() {
        assert_eq!(title(26, &Activiteit::default()), "Activiteit AA");
    }
}
