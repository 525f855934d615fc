//! The closing tables, the summary tab and the optional tabs: one row per item, columns by heading.
//!
//! Owns turning those tables into the model. Must not read files.

use super::layout::{DomeinHeading, HeadingRow, answer_cell, heading_row, identified_row, quoted};
use super::lexicon::Lexicon;
use super::names::{Headings, without_numbering};
use super::sheet::Sheet;
use crate::finding::{Finding, Level, Place};
use crate::model::{
    Activiteit, Afspraak, CellRef, ClosingRow, Format, Identity, Matrixregel, Question, QuestionPlace, Resultaat,
    SummaryTab, TextCell, nearest,
};

/// The questions over all pijlers.
const SUMMARY: &[QuestionPlace] = &[QuestionPlace::Samenvatting];
const ANYWHERE: &[QuestionPlace] = &[QuestionPlace::Domein, QuestionPlace::Pijler, QuestionPlace::Samenvatting];

/// Fewest headings by which the heading row of a tab with one row per item is recognised.
const LEAST: [(&str, usize); 4] = [("resultaten", 4), ("matrix", 3), ("activiteiten", 5), ("afspraken", 4)];

/// The heading row of a closing table, when `row` is one.
pub(crate) fn closing_heading(sheet: &Sheet, lexicon: &Lexicon<'_>, row: u32) -> Option<HeadingRow> {
    if sheet.row_id(row) == Some(&Identity::Closing)
        && let Some(heading) = identified_row(sheet, &lexicon.closing, "slottabel", row)
    {
        return Some(heading);
    }
    let heading = heading_row(sheet, &lexicon.closing, row, &["domein"], 3)?;
    ["cijfers", "factoren", "conclusie"].iter().any(|field| heading.col(field).is_some()).then_some(heading)
}

/// Reads the rows below the headings of a closing table, up to the first row that names no domein. Returns the
/// rows and the first row that is not part of the table.
pub(crate) fn read_closing(
    sheet: &Sheet,
    lexicon: &Lexicon<'_>,
    heading: &HeadingRow,
) -> (Vec<ClosingRow>, u32, Vec<Finding>) {
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    let mut end = heading.below();
    let Some(domein_col) = heading.col("domein") else { return (rows, end, findings) };
    for row in sheet.rows().into_iter().filter(|row| *row >= heading.below()) {
        if row < end {
            continue;
        }
        let name = sheet.text(row, domein_col);
        let by_id = match sheet.row_id(row) {
            Some(Identity::ClosingRow(id)) => lexicon.domein_of(id).map(str::to_owned),
            _ => None,
        };
        let by_id = by_id.filter(|domein| !rows.iter().any(|row: &ClosingRow| row.domein == *domein));
        let known = by_id.or_else(|| match lexicon.domeinen.heading(&name) {
            DomeinHeading::Known(domein, _) => Some(domein.to_owned()),
            _ => lexicon.domeinen.named(without_numbering(&name)).map(str::to_owned),
        });
        let Some(domein) = known else {
            // A few blank rows may stand between; another text ends the table.
            let has_content =
                heading.columns.iter().any(|(field, col)| field != "pijler" && !sheet.is_blank(row, *col));
            if name.is_empty() && !has_content {
                continue;
            }
            let near = nearest(&name, lexicon.format.domeinen.iter().map(|domein| domein.name.as_str()));
            // A note below the table may name a domein; a misspelt name is not a word longer or more.
            let words = |text: &str| text.split_whitespace().count();
            let misspelt = near.iter().any(|domein| words(&name) <= words(domein) + 1);
            if misspelt && lexicon.question(&name, ANYWHERE).is_none() {
                findings.push(Finding::new(
                    "domein-onbekend",
                    Level::Waarschuwing,
                    Place::cell(&CellRef::new(&sheet.name, row, domein_col)),
                    format!(
                        "Het domein '{name}' in de slottabel op het tabblad '{}' komt niet voor in het format.",
                        sheet.name
                    ),
                    format!("Lijkt op: {}.", quoted(&near)),
                    "Schrijf het domein zoals in het format.",
                ));
                end = row + 1;
                continue;
            }
            break;
        };
        let (_, _, bottom, _) = sheet.area(row, domein_col);
        // A domein whose name is merged over several rows has its values spread over those rows.
        let cell = |field: &str| {
            let col = heading.col(field)?;
            let texts: Vec<String> =
                (row..=bottom).map(|row| sheet.text(row, col)).filter(|t| !t.is_empty()).collect();
            Some(TextCell { at: CellRef::new(&sheet.name, row, col), text: texts.join("\n") })
        };
        rows.push(ClosingRow {
            domein,
            figures: cell("cijfers"),
            factoren: cell("factoren"),
            leeftijdsfase: cell("leeftijdsfase"),
            leefgebied: cell("leefgebied"),
            conclusion: cell("conclusie"),
            // Whose texts these are is known when the record was read.
            ..ClosingRow::default()
        });
        end = bottom + 1;
    }
    (rows, end, findings)
}

/// Reads the summary tab: its closing table and the questions over all pijlers.
pub(crate) fn read_summary(sheet: &Sheet, lexicon: &Lexicon<'_>) -> (SummaryTab, Vec<Finding>) {
    let mut summary = SummaryTab { tab: sheet.name.clone(), ..SummaryTab::default() };
    let mut findings = Vec::new();
    let mut last_col = 1;
    let mut skip_to = 0;
    let mut found_table = false;
    for row in sheet.rows() {
        if row < skip_to {
            continue;
        }
        if let Some(heading) = closing_heading(sheet, lexicon, row) {
            found_table = true;
            last_col = heading.columns.values().copied().max().unwrap_or(1);
            let (rows, below, more) = read_closing(sheet, lexicon, &heading);
            summary.closing.extend(rows);
            findings.extend(more);
            skip_to = below;
            continue;
        }
        let by_text = sheet.row(row).find_map(|(col, _)| {
            let text = sheet.text(row, col);
            Some((col, lexicon.question(&text, SUMMARY)?.0.to_owned(), text))
        });
        let by_id = match sheet.row_id(row) {
            Some(Identity::Question(code)) => lexicon.question_of(code, SUMMARY).and_then(|(code, _)| {
                // The letter of the question stands before it.
                let long = sheet.row(row).find(|(col, _)| sheet.text(row, *col).chars().count() > 2);
                let col = by_text.as_ref().map(|(col, ..)| *col).or(long.map(|(col, _)| col))?;
                Some((col, code.to_owned(), sheet.text(row, col)))
            }),
            _ => None,
        };
        let fresh = |code: &str| !summary.questions.iter().any(|known| known.code.as_deref() == Some(code));
        let question = by_id.filter(|(_, code, _)| fresh(code)).or(by_text);
        if let Some((col, code, text)) = question {
            let known = |row: u32, col: u32| lexicon.question(&sheet.text(row, col), SUMMARY).is_some();
            let (at_row, at_col) = answer_cell(sheet, row, col, last_col, known);
            let answer =
                TextCell { at: CellRef::new(&sheet.name, at_row, at_col), text: sheet.text(at_row, at_col) };
            summary.questions.push(Question { code: Some(code), text, answer });
            skip_to = sheet.area(at_row, at_col).2.max(row) + 1;
        }
    }
    if !found_table {
        findings.push(Finding::new(
            "slottabel-ontbreekt",
            Level::Waarschuwing,
            Place::tab(&sheet.name),
            format!("Op het tabblad '{}' is geen tabel per domein gevonden.", sheet.name),
            "Gezocht is naar een rij met 'Domein' en koppen als 'Opvallende cijfers' en 'Conclusie'.",
            "Zet de kolomkoppen van het format terug.",
        ));
    }
    (summary, findings)
}

/// A row of an optional tab whose cells are asked for by field name.
struct Item<'a> {
    sheet: &'a Sheet,
    heading: &'a HeadingRow,
    row: u32,
}

impl Item<'_> {
    fn get(&self, field: &str) -> String {
        self.heading.col(field).map(|col| self.sheet.text(self.row, col)).unwrap_or_default()
    }
}

/// The headings of an optional tab: by the ids of its columns, else by at least `least` known texts in one row.
pub(crate) fn item_heading(sheet: &Sheet, format: &Format, table: &str, least: usize) -> Option<HeadingRow> {
    let headings = Headings::of(format, table);
    let rows = sheet.rows();
    let by_text = rows.iter().find_map(|row| heading_row(sheet, &headings, *row, &[], least));
    let by_id = sheet.column_ids(table).and_then(|(above, _)| {
        let next = || rows.iter().copied().find(|row| *row > above);
        let row = by_text.as_ref().map(|heading| heading.row).or_else(next)?;
        identified_row(sheet, &headings, table, row)
    });
    by_id.or(by_text)
}

/// The optional tabs, each with the number of headings by which it is recognised.
pub(crate) const ITEM_TABS: [(&str, usize); 4] =
    [("resultaten", 4), ("matrix", 3), ("activiteiten", 5), ("afspraken", 4)];

/// Finds the headings of an optional tab and gives every filled row below them to `make`. A tab without its
/// headings is a finding.
fn read_items<T>(
    sheet: &Sheet,
    format: &Format,
    table: &str,
    make: impl Fn(&Item<'_>) -> T,
) -> (Vec<T>, Vec<Finding>) {
    let rows = sheet.rows();
    let least = LEAST.iter().find(|(known, _)| *known == table).map_or(1, |(_, least)| *least);
    let Some(heading) = item_heading(sheet, format, table, least) else {
        let names: Vec<&str> = format.headings_of(table).map(|heading| heading.text.as_str()).collect();
        let finding = Finding::new(
            "kolommen-ontbreken",
            Level::Waarschuwing,
            Place::tab(&sheet.name),
            format!(
                "Op het tabblad '{}' is geen rij met kolomkoppen gevonden; het tabblad is niet gelezen.",
                sheet.name
            ),
            format!("Gezocht is naar ten minste {least} van: {}.", quoted(&names)),
            "Zet de kolomkoppen van het format terug, of voeg de gebruikte koppen als variant toe aan kolommen.csv.",
        );
        return (Vec::new(), vec![finding]);
    };
    let mut findings = Vec::new();
    for (col, _) in sheet.row(heading.row) {
        if !heading.columns.values().any(|taken| *taken == col) {
            let text = sheet.text(heading.row, col);
            let near = nearest(&text, format.headings_of(table).map(|heading| heading.text.as_str()));
            let lost: Vec<&String> = near
                .iter()
                .filter(|name| {
                    format.headings_of(table).any(|h| &&h.text == name && heading.col(&h.field).is_none())
                })
                .collect();
            if !lost.is_empty() {
                findings.push(Finding::new(
                    "kolom-onbekend",
                    Level::Waarschuwing,
                    Place::cell(&CellRef::new(&sheet.name, heading.row, col)),
                    format!("De kolom '{text}' op het tabblad '{}' is niet herkend en niet gelezen.", sheet.name),
                    format!("Lijkt op: {}.", quoted(&lost)),
                    "Zet de kop van het format terug, of voeg deze kop als variant toe aan kolommen.csv.",
                ));
            }
        }
    }
    let items = rows
        .into_iter()
        .filter(|row| *row >= heading.below())
        .filter(|row| heading.columns.iter().any(|(field, col)| field != "nummer" && !sheet.is_blank(*row, *col)))
        .map(|row| make(&Item { sheet, heading: &heading, row }))
        .collect();
    (items, findings)
}

/// The columns of a tab with one row per item, by field; nothing for another tab.
pub(crate) fn item_columns(sheet: &Sheet, format: &Format, table: &str) -> Vec<(String, u32)> {
    let Some((_, least)) = LEAST.iter().find(|(known, _)| *known == table) else { return Vec::new() };
    let heading = item_heading(sheet, format, table, *least);
    heading.into_iter().flat_map(|heading| heading.columns).collect()
}

/// Reads the tab `Maatschappelijke resultaten`.
pub(crate) fn read_resultaten(sheet: &Sheet, format: &Format) -> (Vec<Resultaat>, Vec<Finding>) {
    read_items(sheet, format, "resultaten", |item| Resultaat {
        row: item.row,
        nummer: item.get("nummer"),
        pijler: item.get("pijler"),
        domein: item.get("domein"),
        ambitie: item.get("ambitie"),
        resultaat: item.get("resultaat"),
        indicatoren: item.get("indicatoren"),
        startwaarde: item.get("startwaarde"),
        startjaar: item.get("startjaar"),
        streefwaarde: item.get("streefwaarde"),
        streefjaar: item.get("streefjaar"),
        meetwijze: item.get("meetwijze"),
        onderbouwing: item.get("onderbouwing"),
        inbreng: item.get("inbreng"),
    })
}

/// Reads the tab `Preventiematrix`.
pub(crate) fn read_matrix(sheet: &Sheet, format: &Format) -> (Vec<Matrixregel>, Vec<Finding>) {
    read_items(sheet, format, "matrix", |item| Matrixregel {
        row: item.row,
        pijler: item.get("pijler"),
        ambitie: item.get("ambitie"),
        resultaat: item.get("resultaat"),
        universeel: item.get("universeel"),
        selectief: item.get("selectief"),
        geindiceerd: item.get("geindiceerd"),
        indicator: item.get("indicator"),
    })
}

/// Reads the tab `Activiteiten`.
pub(crate) fn read_activiteiten(sheet: &Sheet, format: &Format) -> (Vec<Activiteit>, Vec<Finding>) {
    read_items(sheet, format, "activiteiten", |item| Activiteit {
        row: item.row,
        activiteit: item.get("activiteit"),
        nieuw: item.get("nieuw"),
        vorm: item.get("vorm"),
        resultaat: item.get("resultaat"),
        factor: item.get("factor"),
        leefgebied: item.get("leefgebied"),
        leeftijdsfase: item.get("leeftijdsfase"),
        preventieniveau: item.get("preventieniveau"),
        uitvoerder: item.get("uitvoerder"),
        doelgroep: item.get("doelgroep"),
        bereik: item.get("bereik"),
        frequentie: item.get("frequentie"),
        structureel: item.get("structureel"),
        trede: item.get("trede"),
        databank: item.get("databank"),
        kwaliteitsafspraak: item.get("kwaliteitsafspraak"),
        eerste_stap: item.get("eerste_stap"),
        accounthouder: item.get("accounthouder"),
        outcome: item.get("outcome"),
        hoe_meten: item.get("hoe_meten"),
        hoe_vaak_meten: item.get("hoe_vaak_meten"),
        bij_wie: item.get("bij_wie"),
        aandachtspunten: item.get("aandachtspunten"),
        stap_adviseur: item.get("stap_adviseur"),
        stap_partner: item.get("stap_partner"),
        terugkoppeling: item.get("terugkoppeling"),
        verbeteractie: item.get("verbeteractie"),
        wie: item.get("wie"),
        wanneer: item.get("wanneer"),
        status: item.get("status"),
    })
}

/// Reads the tab `Afspraken en verbeteracties`.
pub(crate) fn read_afspraken(sheet: &Sheet, format: &Format) -> (Vec<Afspraak>, Vec<Finding>) {
    read_items(sheet, format, "afspraken", |item| Afspraak {
        row: item.row,
        datum: item.get("datum"),
        stap: item.get("stap"),
        activiteit: item.get("activiteit"),
        afspraak: item.get("afspraak"),
        bevinding: item.get("bevinding"),
        factor: item.get("factor"),
        resultaat: item.get("resultaat"),
        wie: item.get("wie"),
        rol: item.get("rol"),
        wanneer: item.get("wanneer"),
        status: item.get("status"),
        bespreking: item.get("bespreking"),
        uitkomst: item.get("uitkomst"),
    })
}
