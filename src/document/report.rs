//! The report: front matter and the order of its parts. What the parts say is in `state`, `interpretation`,
//! `results` and `appendix`.

use super::ReportInput;
use super::content::{Cell, Draft, Part, Style, block, form, text};
use super::words::date;
use super::{appendix, interpretation, results, state};
use crate::model::words::count;

/// The report as a draft.
pub(super) fn draft(input: &ReportInput<'_>) -> Draft {
    let name = "Rapportage Wijkprogrammering";
    let mut parts = front_matter(input, name);
    parts.push(Part::Contents);
    parts.push(guide(input));
    parts.extend(state::parts(input));
    parts.extend(interpretation::parts(input));
    parts.extend(results::parts(input));
    parts.extend(appendix::parts(input));
    Draft {
        kind: "rapport",
        title: format!("{name} {}", input.wijk()),
        author: author(input),
        footer: footer(input, name),
        date: input.date.map(str::to_owned),
        format_version: input.format.version.clone(),
        margin: 1134,
        parts,
    }
}

/// Title and the table with adviser, wijk, version, date, workbook and edition.
pub(super) fn front_matter(input: &ReportInput<'_>, name: &str) -> Vec<Part> {
    let analysis = input.analysis;
    let mut rows = vec![
        (
            "Naam gebiedsadviseur".to_owned(),
            Cell::written_or_prompt(analysis.adviseur(), "wa:vul:kop:adviseur", "Naam van de gebiedsadviseur"),
        ),
        ("Wijk".to_owned(), Cell::text(input.wijk())),
        (
            "Versie document".to_owned(),
            Cell::written_or_prompt(analysis.version(), "wa:vul:kop:versie", "Versie, bijvoorbeeld 0.1 concept"),
        ),
    ];
    let when = input.date.map_or_else(|| "Geen datum meegegeven; zie de editie van de cijfers".to_owned(), date);
    rows.push(("Datum".to_owned(), Cell::text(when)));
    if !input.workbook.is_empty() {
        rows.push(("Gemaakt uit werkboek".to_owned(), Cell::text(input.workbook)));
    }
    rows.push(("Editie van de cijfers".to_owned(), Cell::text(input.edition())));
    rows.push((
        "Format".to_owned(),
        Cell::text(format!(
            "{}, versie {}; doelgroep: {}",
            input.format.name, input.format.version, input.format.doelgroep
        )),
    ));
    if let Some(findings) = input.findings {
        let words = match findings {
            0 => "Geen bevindingen bij de controle van het werkboek".to_owned(),
            findings => {
                format!("{} bij de controle van het werkboek", count(findings, "bevinding", "bevindingen"))
            }
        };
        rows.push(("Controle".to_owned(), Cell::text(words)));
    }
    vec![
        text(Style::Title, name),
        text(Style::Subtitle, subtitle(input.wijk())),
        block("kop", "Kopgegevens", vec![form([2600, 7038], rows)]),
    ]
}

/// 'Wijk Bospolder'; a gebied with the name of a wijk says already what it is ('gebied Delfshaven').
fn subtitle(name: &str) -> String {
    match name.strip_prefix("gebied ") {
        Some(rest) => format!("Gebied {rest}"),
        None => format!("Wijk {name}"),
    }
}

/// Author for the properties.
pub(super) fn author(input: &ReportInput<'_>) -> String {
    match input.analysis.adviseur() {
        "" => "Gebiedsadviseur (naam nog niet ingevuld)".to_owned(),
        name => name.to_owned(),
    }
}

/// Document, wijk and version for every page.
pub(super) fn footer(input: &ReportInput<'_>, name: &str) -> String {
    format!("{name} · {} · {}", input.wijk(), input.version())
}

/// How to tell figures, people's texts and prompts apart, and what the marks mean.
fn guide(input: &ReportInput<'_>) -> Part {
    let benchmark = input.benchmark();
    let lines = [
        "Zo leest u dit rapport".to_owned() + "::",
        format!(
            "+ gunstiger,  – ongunstiger,  ≠ anders,  = gelijk::  steeds vergeleken met {benchmark}, na afronding. \
             Een verschil tussen percentages staat in procentpunten."
        ),
        "Enkele lijn links::  een zin die het programma van de cijfers maakte. Hij zegt alleen wat de cijfers zeggen."
            .to_owned(),
        "Dubbele lijn links::  door de adviseur geschreven en ongewijzigd overgenomen uit het werkboek.".to_owned(),
        "Streepjeslijn links::  wat partners in de wijk zeiden, zoals de adviseur het opschreef.".to_owned(),
        "Schuine tekst tussen [haken]::  hier moet iemand nog schrijven. De tekst verdwijnt zodra u typt."
            .to_owned(),
        "Direct en benadering::  een direct cijfer gaat over jeugdigen of gezinnen zelf; een benadering staat er voor \
         in de plaats, zoals een cijfer over alle bewoners."
            .to_owned(),
    ];
    block("leeswijzer", "Leeswijzer", lines.into_iter().map(|line| text(Style::Guide, line)).collect())
}
