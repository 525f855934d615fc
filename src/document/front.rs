//! What all documents have in common: the frame of the draft, the front matter, and how the area is called in them.

use super::ReportInput;
use super::content::{Cell, Draft, Part, Style, block, form, text};
use super::words::date;
use crate::model::AreaLevel;
use crate::model::words::count;

/// The draft of a document: kind and name, margin in twentieths of a point, and what stands in it.
pub(super) fn draft(
    input: &ReportInput<'_>,
    kind: &'static str,
    name: &str,
    margin: u32,
    parts: Vec<Part>,
) -> Draft {
    let area = called(input);
    Draft {
        kind,
        title: format!("{name} {area}"),
        area: area.clone(),
        author: match input.analysis.adviseur() {
            "" => "Gebiedsadviseur (naam nog niet ingevuld)".to_owned(),
            adviseur => adviseur.to_owned(),
        },
        // Document, area and version on every page.
        footer: format!("{name} · {area} · {}", input.version()),
        date: input.date.map(str::to_owned),
        format_version: input.format.version.clone(),
        margin,
        subjects: super::subject::subjects(input.analysis),
        parts,
    }
}

/// Title and the table with adviser, wijk, version, date, workbook and edition.
pub(super) fn front_matter(input: &ReportInput<'_>, name: &str) -> Vec<Part> {
    let analysis = input.analysis;
    let (level, own_name) = level_and_name(input);
    let or_prompt =
        |text: &str, field: &str, ask: &str| Cell::written_or_prompt(text, &format!("wa:vul:kop:{field}"), ask);
    let when = match input.date {
        Some(iso) => Cell::text(date(iso)),
        None => or_prompt("", "datum", "Datum van dit document, bijvoorbeeld 22 november 2026"),
    };
    let mut rows = vec![
        (
            "Naam gebiedsadviseur".to_owned(),
            or_prompt(analysis.adviseur(), "adviseur", "Naam van de gebiedsadviseur"),
        ),
        (capital(level), Cell::text(own_name)),
        (
            "Versie document".to_owned(),
            or_prompt(analysis.version(), "versie", "Versie, bijvoorbeeld 0.1 concept"),
        ),
        ("Datum".to_owned(), when),
    ];
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
        text(Style::Subtitle, format!("{} {own_name}", capital(level))),
        block("kop", "Kopgegevens", vec![form([2600, 7038], rows)]),
    ]
}

/// How the area is called where its level is not said beside it: `Bospolder`, but `gebied Charlois`.
pub(super) fn called(input: &ReportInput<'_>) -> String {
    let (level, name) = level_and_name(input);
    if input.comparison.area_level == AreaLevel::Wijk { name.to_owned() } else { format!("{level} {name}") }
}

/// A name with its level before it: `gebied Delfshaven`, also where it is called so already.
pub(super) fn with_level(level: &str, name: &str) -> String {
    let bare = name.strip_prefix(level).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(name);
    format!("{level} {bare}")
}

/// The level in a word, and the name without it: where a wijk has the name of its gebied, the latter is already called
/// 'gebied Delfshaven'.
fn level_and_name<'a>(input: &ReportInput<'a>) -> (&'static str, &'a str) {
    let level = input.comparison.area_level.word();
    let name = input.wijk();
    (level, name.strip_prefix(level).and_then(|rest| rest.strip_prefix(' ')).unwrap_or(name))
}

/// With a capital letter.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
