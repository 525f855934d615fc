//! Dates of a tab that goes to a workbook which counts its days from another year.
//!
//! Owns the shift of the numbers behind dates, in cells and in what cells ask for. Must not know which tab it is.

use crate::package::xml::{Splices, elements, text_of};

/// How many days lie between the two first days that workbooks count from: 1900 and 1904.
pub(super) const BETWEEN: f64 = 1462.0;

/// A worksheet with the numbers of its dates so many days further on; `is_date` says of a style that it shows a date.
/// A formula finds its own date; a time of day has no year.
pub(super) fn shifted(text: &str, is_date: &dyn Fn(u32) -> bool, by: f64) -> Result<String, String> {
    let all = elements(text)?;
    let mut splices = Splices::default();
    for element in &all {
        let Some(owner) = element.parent.and_then(|at| all.get(at)) else { continue };
        let of_date = match (element.local.as_str(), owner.local.as_str()) {
            ("v", "c") => {
                let style = owner.attribute("s").and_then(|style| style.trim().parse().ok()).unwrap_or(0);
                owner.attribute("t").is_none_or(|kind| kind == "n") && is_date(style)
            }
            ("formula1" | "formula2", "dataValidation") => owner.attribute("type") == Some("date"),
            _ => false,
        };
        if !of_date {
            continue;
        }
        // What is no plain number is a formula.
        let Ok(number) = text_of(text, element).trim().parse::<f64>() else { continue };
        if number >= 1.0 {
            splices.replace(element.content.clone(), (number + by).to_string());
        }
    }
    Ok(splices.apply(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_goes_along_to_another_first_day_and_a_figure_a_time_and_a_formula_stay() {
        let sheet = |date: &str, asked: &str| {
            format!(
                "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>{date}</v></c><c r=\"B1\" s=\"2\"><v>46000</v></c>\
                 <c r=\"C1\" s=\"1\"><v>0.5</v></c><c r=\"D1\" s=\"1\" t=\"s\"><v>3</v></c></row></sheetData><dataValidations>\
                 <dataValidation type=\"date\"><formula1>{asked}</formula1><formula2>TODAY()</formula2></dataValidation>\
                 <dataValidation type=\"whole\"><formula1>40000</formula1></dataValidation></dataValidations></worksheet>"
            )
        };
        let is_date = |style| style == 1;
        let moved = shifted(&sheet("46000", "36526"), &is_date, -BETWEEN).unwrap();
        assert_eq!(moved, sheet("44538", "35064"));
        assert_eq!(shifted(&moved, &is_date, BETWEEN).unwrap(), sheet("46000", "36526"));
    }
}
