//! The choice lists of the workbook: which lists there are, where they stand, and the cells that use them.
//!
//! Owns the lists and their validations. The lists stand on the tab with the explanation, so that people see
//! what may be chosen, and are named, so that any tab can refer to them.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Formula};

use super::style::{Done, Sheet};
use crate::model::Format as Definition;

/// One list: the name for Excel, the heading for people, the items.
pub(in crate::format) struct Choice {
    /// Defined name, such as `Lijst_leefgebied`.
    pub(in crate::format) name: &'static str,
    /// Heading on the tab with the explanation.
    pub(in crate::format) heading: &'static str,
    /// What may be chosen.
    pub(in crate::format) items: Vec<String>,
}

/// All lists of a format, in the order in which they are shown.
pub(in crate::format) fn choices(format: &Definition) -> Vec<Choice> {
    let text = |key: &str| -> Vec<String> {
        format
            .texts
            .get(key)
            .split('|')
            .map(|item| item.trim().to_owned())
            .filter(|item| !item.is_empty())
            .collect()
    };
    let mut factoren: Vec<String> = format.ranking.iter().map(|ranked| ranked.name.clone()).collect();
    for factor in &format.factoren {
        if !factoren.contains(&factor.name) {
            factoren.push(factor.name.clone());
        }
    }
    let list = |name, heading, items| Choice { name, heading, items };
    let mut all = vec![
        list("Lijst_pijler", "Pijler", format.pijlers.iter().map(|p| p.name.clone()).collect()),
        list("Lijst_domein", "Domein", format.domeinen.iter().map(|d| d.name.clone()).collect()),
        list("Lijst_factor", "Factor", factoren),
        list("Lijst_leeftijdsfase", "Leeftijdsfase", format.leeftijdsfasen.clone()),
        list("Lijst_leefgebied", "Leefgebied", format.leefgebieden.clone()),
        list("Lijst_preventieniveau", "Preventieniveau", format.preventieniveaus.clone()),
        list("Lijst_trede", "Trede", format.effectladder.iter().map(|t| t.rung.to_string()).collect()),
        list("Lijst_databank", "Databank", format.databanken.iter().map(|d| d.name.clone()).collect()),
        list("Lijst_uitvoerder", "Partners", format.partners.clone()),
        list("Lijst_meetwijze", "Meetwijze", text("lijst-meetwijze")),
        list("Lijst_nieuw", "Nieuw of bestaand", text("lijst-nieuw")),
        list("Lijst_vorm", "Individueel of groep", text("lijst-vorm")),
        list("Lijst_structureel", "Incidenteel of structureel", text("lijst-structureel")),
        list("Lijst_status", "Status", text("lijst-status")),
        list("Lijst_stap", "Stap van een afspraak", text("lijst-stap")),
    ];
    all.retain(|choice| !choice.items.is_empty());
    all
}

/// Lets people choose from a list in the cells of `area` (first row, first column, last row, last column).
/// Another text is allowed after a question, because several values may stand in one cell.
pub(super) fn offer(sheet: &mut Sheet<'_>, format: &Definition, area: (u32, u16, u32, u16), list: &str) -> Done {
    if !choices(format).iter().any(|choice| choice.name == list) {
        return Ok(());
    }
    let validation = DataValidation::new()
        .allow_list_formula(Formula::new(format!("={list}")))
        .set_input_title(clip(format.texts.get("keuze-titel"), LONGEST_TITLE))?
        .set_input_message(clip(format.texts.get("keuze-uitleg"), LONGEST_MESSAGE))?
        .set_error_title(clip(format.texts.get("keuze-titel"), LONGEST_TITLE))?
        .set_error_message(clip(format.texts.get("keuze-melding"), LONGEST_MESSAGE))?
        .set_error_style(DataValidationErrorStyle::Information);
    sheet.ws.add_data_validation(area.0, area.1, area.2, area.3, &validation)?;
    Ok(())
}

/// Asks for a date in the cells of `area`; another text is allowed after a question.
pub(super) fn ask_date(sheet: &mut Sheet<'_>, format: &Definition, area: (u32, u16, u32, u16)) -> Done {
    let earliest = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let validation = DataValidation::new()
        .allow_date(DataValidationRule::GreaterThan(earliest))
        .set_error_title(clip(format.texts.get("datum-titel"), LONGEST_TITLE))?
        .set_error_message(clip(format.texts.get("datum-melding"), LONGEST_MESSAGE))?
        .set_error_style(DataValidationErrorStyle::Information);
    sheet.ws.add_data_validation(area.0, area.1, area.2, area.3, &validation)?;
    Ok(())
}

/// Most characters of the title of a message at a cell (a limit of Excel).
pub(in crate::format) const LONGEST_TITLE: usize = 32;
/// Most characters of such a message.
pub(in crate::format) const LONGEST_MESSAGE: usize = 255;

/// The first characters of a text.
fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
