//! Stap 2 and 3 of the report: the maatschappelijke resultaten and what is needed for them.

use super::ReportInput;
use super::content::{Cell, Part, Style, block, data, form, heading, prompt, text};
use super::texts::filled;
use crate::model::words::{figure, list, number};
use crate::model::{
    Activiteit, ComputedTarget, Matrixregel, ResultProgress, Resultaat, Standing, computed_targets, normalise,
};

/// From 'Stap 2' up to the appendix.
pub(super) fn parts(input: &ReportInput<'_>) -> Vec<Part> {
    let mut parts = vec![heading(1, "Stap 2 Maatschappelijk resultaat")];
    let resultaten = &input.analysis.resultaten;
    if resultaten.is_empty() {
        parts.push(prompt(
            "resultaat:keuze",
            format!(
                "Schrijf hier welk maatschappelijk resultaat de wijk wil bereiken: concreet, meetbaar, positief gezegd, over \
                 {}, met een streefwaarde en een jaar.",
                input.format.texts.get("over-wie")
            ),
        ));
        parts.push(block("resultaat:1:velden", "Resultaat 1", vec![fields(&Resultaat::default(), "1")]));
    }
    for (at, resultaat) in resultaten.iter().enumerate() {
        let key = (at + 1).to_string();
        parts.push(heading(2, title(resultaat, &key)));
        if filled(&resultaat.resultaat) {
            parts.push(block(
                format!("tekst:resultaat:{key}"),
                title(resultaat, &key),
                vec![text(Style::Result, &resultaat.resultaat)],
            ));
        } else {
            parts.push(prompt(format!("resultaat:{key}:tekst"), "Schrijf hier het maatschappelijk resultaat."));
        }
        let mut content = vec![fields(resultaat, &key)];
        content.extend(targets(input, resultaat).into_iter().map(|sentence| text(Style::Figures, sentence)));
        content.extend(standing(input, resultaat));
        parts.push(block(format!("resultaat:{key}:velden"), title(resultaat, &key), content));
    }
    parts.push(heading(1, "Stap 3 Activiteiten"));
    parts.push(heading(2, "Wat is nodig"));
    parts.extend(needed(input));
    parts.push(heading(2, "Hoe de activiteiten elkaar versterken"));
    parts.push(prompt(
        "activiteiten:samenhang",
        "Schrijf hier hoe de activiteiten samenhangen en elkaar versterken.",
    ));
    parts.push(heading(2, "Wat al bewezen is"));
    parts.push(block("activiteiten:bewezen", "Wat al bewezen is", evidence(input)));
    parts.push(heading(2, "Preventiematrix"));
    parts.push(block("matrix", "Preventiematrix", matrix(input)));
    parts
        .push(Part::Landscape { text: "De bijlage met alle cijfers begint op de volgende bladzijde.".to_owned() });
    parts
}

/// `Resultaat 1: Werk`.
fn title(resultaat: &Resultaat, key: &str) -> String {
    let nummer = if filled(&resultaat.nummer) { resultaat.nummer.trim() } else { key };
    if filled(&resultaat.domein) {
        format!("Resultaat {nummer}: {}", resultaat.domein.trim().replace('\n', ", "))
    } else {
        format!("Resultaat {nummer}")
    }
}

fn fields(resultaat: &Resultaat, key: &str) -> Part {
    let rows = [
        ("pijler", "Pijler", &resultaat.pijler, "Welke pijler?"),
        ("domein", "Domein", &resultaat.domein, "Welk domein?"),
        ("ambitie", "Ambitie", &resultaat.ambitie, "Bij welke ambitie hoort dit resultaat?"),
        ("indicatoren", "Indicator(en)", &resultaat.indicatoren, "Met welke cijfers gaan we dit meten?"),
        ("startwaarde", "Startwaarde", &resultaat.startwaarde, "Wat is het cijfer nu, per indicator?"),
        ("startjaar", "Startjaar", &resultaat.startjaar, "Van welk jaar is dat cijfer?"),
        (
            "streefwaarde",
            "Streefwaarde (verandering in procentpunten)",
            &resultaat.streefwaarde,
            "Hoeveel procentpunten erbij (+) of eraf (-)?",
        ),
        ("streefjaar", "Streefjaar", &resultaat.streefjaar, "In welk jaar is dat bereikt?"),
        ("meetwijze", "Meetwijze", &resultaat.meetwijze, "Elk, combinatie of gemiddelde?"),
        (
            "onderbouwing",
            "Onderbouwing",
            &resultaat.onderbouwing,
            "Waarom dit resultaat? Wat is de kern van de cijfers die tot deze keuze leidt?",
        ),
        ("inbreng", "Inbreng van partners", &resultaat.inbreng, "Welke invloed had het gesprek met partners?"),
    ]
    .map(|(field, label, value, ask)| {
        let mut cell = Cell::written_or_prompt(value, &format!("wa:vul:resultaat:{key}:{field}"), ask);
        if field == "meetwijze" {
            cell = cell.and(Style::CellSmall, way_of_measuring(value));
        }
        (label.to_owned(), cell)
    });
    form([2600, 7038], rows.into_iter().collect())
}

/// What the agreed way of measuring means (method, 'Measuring a societal result with several indicators').
fn way_of_measuring(way: &str) -> &'static str {
    match crate::model::normalise(way).as_str() {
        "elk" => "Elk: iedere indicator verbetert met ten minste de streefwaarde.",
        "combinatie" => "Combinatie: één cijfer voor wie aan alle kenmerken voldoet.",
        "gemiddelde" => "Gemiddelde: het gemiddelde van de indicatoren verbetert met de streefwaarde.",
        _ => "",
    }
}

/// Where the result stands with the figures of now, and why; nothing while there is nothing to say, unless a new edition came
/// and one would expect it.
fn standing(input: &ReportInput<'_>, resultaat: &Resultaat) -> Vec<Part> {
    let Some(progress) = progress_of(input, resultaat) else { return Vec::new() };
    let mut parts =
        vec![text(Style::Figures, format!("Stand: {}. {}", progress.standing.words(), progress.reason))];
    parts.extend(progress.indicators.iter().map(|part| text(Style::Bullet, &part.sentence)));
    parts
}

/// How a result stands, when there is something to say about it.
pub(super) fn progress_of<'a>(input: &ReportInput<'a>, resultaat: &Resultaat) -> Option<&'a ResultProgress> {
    let progress = input.comparison.results.iter().find(|progress| progress.row == resultaat.row)?;
    let said = progress.standing != Standing::NietTeZeggen || input.analysis.history.last() > 0;
    said.then_some(progress)
}

/// Start value, change and the target that they give, in words: one sentence per indicator, for 'gemiddelde' one about the
/// mean.
fn targets(input: &ReportInput<'_>, resultaat: &Resultaat) -> Vec<String> {
    let when = |year: &str, word: &str| {
        if filled(year) { format!("{word}{}", year.trim()) } else { String::new() }
    };
    let all = computed_targets(input.format, resultaat);
    let several = all.len() > 1;
    let sentence = |target: ComputedTarget<'_>| {
        let shown = |value: f64| match target.indicator {
            Some(indicator) => figure(value, target.decimals, &indicator.unit),
            None => format!("{}{}", number(value, target.decimals), if target.percentage { "%" } else { "" }),
        };
        let sign = if target.change > 0.0 { "+" } else { "" };
        let points = if target.percentage { " procentpunt" } else { "" };
        let (about, what) = match target.mean_of {
            1 if several => (format!("{}: ", target.name), "startwaarde"),
            1 => (String::new(), "Startwaarde"),
            _ => (format!("Gemiddelde van {} indicatoren: ", target.mean_of), "startwaarde"),
        };
        format!(
            "{about}{what} {}{} en een verandering van {sign}{}{points} geven {}{}.",
            shown(target.start),
            when(&resultaat.startjaar, " in "),
            number(target.change, target.decimals),
            shown(target.value()),
            when(&resultaat.streefjaar, " in "),
        )
    };
    all.into_iter().map(sentence).collect()
}

/// True when the activity names this result by its number.
fn serves(activiteit: &Activiteit, nummer: &str) -> bool {
    names(&activiteit.resultaat, nummer)
}

/// True when a text names a result by its number.
fn names(text: &str, nummer: &str) -> bool {
    let nummer = nummer.trim();
    !nummer.is_empty() && text.split(|c: char| !c.is_alphanumeric() && c != '.').any(|piece| piece == nummer)
}

fn needed(input: &ReportInput<'_>) -> Vec<Part> {
    let analysis = input.analysis;
    let mut parts = Vec::new();
    let mut placed: Vec<u32> = Vec::new();
    for (at, resultaat) in analysis.resultaten.iter().enumerate() {
        let key = (at + 1).to_string();
        let nummer = if filled(&resultaat.nummer) { resultaat.nummer.trim() } else { key.as_str() };
        let activities: Vec<&Activiteit> =
            analysis.activiteiten.iter().filter(|activity| serves(activity, nummer)).collect();
        parts.push(heading(3, format!("Voor {}", in_sentence(&title(resultaat, &key)))));
        if activities.is_empty() {
            parts.push(prompt(
                format!("nodig:{key}"),
                format!(
                    "Om {} te bereiken, doen we … (wat is nodig, via welke factor, en is het al bewezen?)",
                    aim(resultaat, &key)
                ),
            ));
            continue;
        }
        placed.extend(activities.iter().map(|activity| activity.row));
        parts.push(block(
            format!("nodig:{key}:activiteiten"),
            format!("Wat is nodig voor resultaat {nummer}"),
            vec![
                text(Style::Figures, format!("Om {} te bereiken, doen we:", aim(resultaat, &key))),
                activity_table(input, &activities),
            ],
        ));
    }
    let rest: Vec<&Activiteit> =
        analysis.activiteiten.iter().filter(|activity| !placed.contains(&activity.row)).collect();
    if !rest.is_empty() {
        parts.push(heading(3, "Activiteiten zonder resultaat in het werkboek"));
        parts.push(block(
            "nodig:overig:activiteiten",
            "Activiteiten zonder resultaat",
            vec![
                text(Style::Figures, "Bij deze activiteiten staat geen nummer van een resultaat uit stap 2."),
                activity_table(input, &rest),
            ],
        ));
    }
    if analysis.resultaten.is_empty() && rest.is_empty() {
        parts.push(prompt(
            "nodig:1",
            "Om … te bereiken, doen we … Denk vanuit wat nodig is, niet vanuit wat er al is. Noem ook de factor.",
        ));
    }
    parts
}

fn activity_table(input: &ReportInput<'_>, activities: &[&Activiteit]) -> Part {
    let or_open = |text: &str| if filled(text) { text.to_owned() } else { "niet ingevuld".to_owned() };
    let rows = activities
        .iter()
        .map(|activity| {
            vec![
                Cell::text(or_open(&activity.activiteit)).and(Style::CellSmall, &activity.nieuw),
                Cell::text(or_open(&activity.factor)),
                Cell::text(or_open(&activity.preventieniveau)),
                Cell::text(or_open(&activity.doelgroep)).and(Style::CellSmall, &activity.leeftijdsfase),
                Cell::text(rung(input, &activity.trede)),
            ]
        })
        .collect();
    data(
        &[
            ("We doen", 2550),
            ("Via de factor", 2150),
            ("Preventieniveau", 1400),
            ("Voor wie", 1700),
            ("Effectladder", 1838),
        ],
        rows,
    )
}

/// The rung as written, with the recognition that the effectladder gives it.
fn rung(input: &ReportInput<'_>, written: &str) -> String {
    if !filled(written) {
        return "niet ingevuld".to_owned();
    }
    match recognition(input, written) {
        Some(recognition) => format!("{} ({recognition})", written.trim()),
        None => written.trim().to_owned(),
    }
}

/// The recognition that belongs to a rung of the effectladder, when it has one.
pub(super) fn recognition<'a>(input: &ReportInput<'a>, written: &str) -> Option<&'a str> {
    let digits: String =
        written.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let rung: u8 = digits.parse().ok()?;
    let trede = input.format.effectladder.iter().find(|trede| trede.rung == rung)?;
    filled(&trede.recognition).then_some(trede.recognition.as_str())
}

fn evidence(input: &ReportInput<'_>) -> Vec<Part> {
    let all = &input.analysis.activiteiten;
    let recognised: Vec<&Activiteit> =
        all.iter().filter(|activity| recognition(input, &activity.trede).is_some()).collect();
    if all.is_empty() {
        return vec![prompt(
            "activiteiten:bewezen",
            "Schrijf hier welke activiteiten al bewezen zijn, en welke nog niet.",
        )];
    }
    let sentence = format!(
        "Van de {} in het werkboek {} een trede met een erkenning op de effectladder.",
        crate::model::words::count(all.len(), "activiteit", "activiteiten"),
        if recognised.len() == 1 { "heeft 1".to_owned() } else { format!("hebben {}", recognised.len()) },
    );
    let mut parts = vec![text(Style::Figures, sentence)];
    parts.extend(recognised.into_iter().map(|activity| {
        let databank = if filled(&activity.databank) {
            format!("; databank: {}", activity.databank.trim())
        } else {
            String::new()
        };
        text(
            Style::Bullet,
            format!("{}: trede {}{databank}", activity.activiteit.trim(), rung(input, &activity.trede)),
        )
    }));
    parts
}

fn matrix(input: &ReportInput<'_>) -> Vec<Part> {
    let all = &input.analysis.matrix;
    let columns = [
        ("Pijler en ambitie", 1700),
        ("Maatschappelijk resultaat", 1850),
        ("Universeel", 1500),
        ("Selectief", 1500),
        ("Geïndiceerd", 1500),
        ("Indicator", 1588),
    ];
    if all.is_empty() {
        let cells = [
            ("ambitie", "Welke pijler en ambitie?"),
            ("resultaat", "Welk resultaat?"),
            ("universeel", "Wat voor iedereen?"),
            ("selectief", "Wat voor groepen met meer risico?"),
            ("geindiceerd", "Wat voor wie al klachten heeft?"),
            ("indicator", "Met welk cijfer gemeten?"),
        ]
        .map(|(field, ask)| Cell::written_or_prompt("", &format!("wa:vul:matrix:1:{field}"), ask));
        return vec![
            text(Style::Figures, "Het werkboek bevat nog geen preventiematrix."),
            data(&columns, vec![cells.to_vec()]),
        ];
    }
    let gap = |text: &str| {
        if filled(text) { Cell::styled(Style::CellAdviser, text) } else { Cell::text("nog geen aanbod") }
    };
    let open = |text: &str| {
        if filled(text) { Cell::styled(Style::CellAdviser, text) } else { Cell::text("niet ingevuld") }
    };
    let rows = all
        .iter()
        .map(|row| {
            vec![
                open(&row.pijler).and(Style::CellAdviser, &row.ambitie),
                open(&row.resultaat),
                gap(&row.universeel),
                gap(&row.selectief),
                gap(&row.geindiceerd),
                open(&row.indicator),
            ]
        })
        .collect();
    let levels = |row: &Matrixregel| {
        [&row.universeel, &row.selectief, &row.geindiceerd].iter().filter(|text| !filled(text)).count()
    };
    let gaps: usize = all.iter().map(levels).sum();
    let absent = absent(&input.analysis.resultaten, all);
    let mut sentence = match gaps {
        0 if absent.is_empty() => "Bij elk resultaat in de matrix staat op elk preventieniveau aanbod.".to_owned(),
        0 => String::new(),
        1 => "Op 1 plek in de matrix staat nog geen aanbod. ".to_owned(),
        gaps => format!("Op {gaps} plekken in de matrix staat nog geen aanbod. "),
    };
    match absent.as_slice() {
        [] => {}
        [one] => sentence.push_str(&format!("Resultaat {one} staat nog niet in de matrix.")),
        several => sentence.push_str(&format!("De resultaten {} staan nog niet in de matrix.", list(several))),
    }
    vec![text(Style::Figures, sentence.trim_end()), data(&columns, rows)]
}

/// Numbers of the results that no line of the matrix is about: it names their number or says them in words.
fn absent<'a>(resultaten: &'a [Resultaat], matrix: &[Matrixregel]) -> Vec<&'a str> {
    let about = |row: &Matrixregel, resultaat: &Resultaat| {
        let (written, said) = (normalise(&row.resultaat), normalise(&resultaat.resultaat));
        let in_words =
            !written.is_empty() && !said.is_empty() && (said.contains(&written) || written.contains(&said));
        in_words || names(&row.resultaat, &resultaat.nummer)
    };
    resultaten
        .iter()
        .filter(|resultaat| filled(&resultaat.nummer) && !matrix.iter().any(|row| about(row, resultaat)))
        .map(|resultaat| resultaat.nummer.trim())
        .collect()
}

/// The result as it stands in 'Om ... te bereiken': the statement when it is short enough, else its number.
fn aim(resultaat: &Resultaat, key: &str) -> String {
    let statement = resultaat.resultaat.trim().trim_end_matches('.');
    if statement.is_empty() || statement.contains('\n') || statement.chars().count() > 200 {
        in_sentence(&title(resultaat, key))
    } else {
        format!("‘{statement}’")
    }
}

/// The title with a small first letter, to use it inside a sentence.
fn in_sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(start: &str, change: &str, indicatoren: &str, meetwijze: &str) -> Vec<String> {
        let mut fixture = crate::document::fixture::full();
        fixture.format.indicators = crate::testing::format().indicators;
        let result = Resultaat {
            startwaarde: start.to_owned(),
            streefwaarde: change.to_owned(),
            startjaar: "2024".to_owned(),
            streefjaar: "2028".to_owned(),
            indicatoren: indicatoren.to_owned(),
            meetwijze: meetwijze.to_owned(),
            ..Resultaat::default()
        };
        targets(&fixture.input(), &result)
    }

    #[test]
    fn only_one_clear_number_gives_a_target() {
        assert_eq!(
            said("60", "+5", "", ""),
            ["Startwaarde 60 in 2024 en een verandering van +5 geven 65 in 2028."]
        );
        assert_eq!(
            said("12,4%", "-2 procentpunt", "", ""),
            ["Startwaarde 12,4% in 2024 en een verandering van -2,0 procentpunt geven 10,4% in 2028."]
        );
        assert_eq!(
            said("15,0", "+5", "diploma", ""),
            ["Startwaarde 15,0% in 2024 en een verandering van +5,0 procentpunt geven 20,0% in 2028."]
        );
        for (start, change) in [("60; 80", "+5"), ("1.234", "+5"), ("", "+5"), ("60", "veel"), ("60", "")] {
            assert_eq!(said(start, change, "", ""), [""; 0], "{start} {change}");
        }
    }

    #[test]
    fn of_several_indicators_each_has_its_target_and_for_gemiddelde_their_mean_has() {
        let two = "diploma; contact";
        let each = [
            "diploma: startwaarde 22,7% in 2024 en een verandering van +5,0 procentpunt geven 27,7% in 2028.",
            "contact: startwaarde 69,3% in 2024 en een verandering van +5,0 procentpunt geven 74,3% in 2028.",
        ];
        assert_eq!(said("22,7; 69,3", "+5", two, "elk"), each);
        assert_eq!(said("22,7; 69,3", "+5; +5", two, "elk"), each);
        assert_eq!(
            said("22,7; 69,3", "+5", two, "gemiddelde"),
            [
                "Gemiddelde van 2 indicatoren: startwaarde 46,0% in 2024 en een verandering van +5,0 procentpunt geven 51,0% \
              in 2028."
            ]
        );
        assert_eq!(said("40%", "+5", two, "combinatie").len(), 1);
        // Which start value is of which indicator is not clear, or one change would be good for the one and bad for the other.
        assert_eq!(said("22,7", "+5", two, "elk"), [""; 0]);
        assert_eq!(said("22,7; 10,0", "+5", "diploma; verzuim", "elk"), [""; 0]);
        assert_eq!(said("22,7; 10,0", "+5; -5", "diploma; verzuim", "gemiddelde"), [""; 0]);
    }

    #[test]
    fn results_that_the_matrix_does_not_name_are_found() {
        let result = |nummer: &str, said: &str| Resultaat {
            nummer: nummer.to_owned(),
            resultaat: said.to_owned(),
            ..Resultaat::default()
        };
        let results = [result("1", "Meer jongeren met een diploma"), result("2", "Minder vroeg geboren kinderen")];
        let row = |resultaat: &str| Matrixregel { resultaat: resultaat.to_owned(), ..Matrixregel::default() };
        assert_eq!(absent(&results, &[row("1")]), ["2"]);
        assert_eq!(absent(&results, &[row("resultaat 2"), row("meer jongeren met een diploma.")]), [""; 0]);
        assert_eq!(absent(&results, &[row("12"), row("")]), ["1", "2"]);
    }

    #[test]
    fn an_activity_serves_each_result_it_names() {
        let activity = Activiteit { resultaat: "1, 12".to_owned(), ..Activiteit::default() };
        assert!(serves(&activity, "1") && serves(&activity, "12"));
        assert!(!serves(&activity, "2") && !serves(&activity, ""));
    }
}
