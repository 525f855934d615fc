//! The tab `Samenvatting alle pijlers samen`: all domeinen under each other and the questions over all.
//!
//! Owns that tab. Must not know figures.

use super::chart;
use super::chart_data::Charted;
use super::choices::offer;
use super::style::{Done, Sheet, colour, height, house, lines};
use super::{Context, DefinedName};
use crate::model::{Domein, Format, Identity, QuestionPlace};

/// Widths of columns A to G in characters.
const WIDTHS: [f64; 7] = [11.0, 25.0, 62.0, 36.0, 17.0, 17.0, 36.0];
const LAST: u16 = 6;
/// Hidden column with the ids of the rows.
const ID: u16 = 7;

/// Writes the tab.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    charts: &[Charted],
    names: &mut Vec<DefinedName>,
) -> Done {
    let (format, look) = (context.format, context.look);
    let tab = format.tab("samenvatting");
    sheet.widths(&WIDTHS)?;
    let bar = look.bar(house());
    sheet.wide(0, 0, LAST - 1, tab, &bar.clone().set_font_size(18))?;
    let contents = format.tab("inhoudsopgave");
    sheet.link(0, LAST, &format!("naar {contents}"), (contents, "A1"), &look.bar_link(house()))?;
    sheet.ws.set_row_height(0, 32.0)?;
    for (col, pijler) in (1_u16..).zip(&format.pijlers) {
        let text = format!("terug naar {}", pijler.tab);
        sheet.link(1, col, &text, (&pijler.tab, "A1"), &look.plain_link)?;
    }
    sheet.ws.set_row_height(1, 20.0)?;
    sheet.wide(2, 0, LAST, context.text("samenvatting-uitleg"), &look.quiet)?;
    sheet.ws.set_row_height(2, 20.0)?;

    let heading = look.heading(house());
    sheet.column_ids(
        3,
        "slottabel",
        (0_u16..).zip(context.headings("slottabel").iter().map(|(field, _)| *field)),
    )?;
    sheet.ws.set_column_hidden(ID)?;
    let heading_row = 4;
    sheet.id(heading_row, ID, &Identity::Closing)?;
    for (col, (_, text)) in (0_u16..).zip(context.headings("slottabel")) {
        sheet.text(heading_row, col, text, &heading)?;
    }
    sheet.ws.set_row_height(heading_row, 24.0)?;
    names.push(DefinedName::cell("WA_samenvatting_slottabel".to_owned(), tab, heading_row, 0));
    let first = heading_row + 1;
    let mut row = first;
    let mut breaks = Vec::new();
    let mut above: Option<&str> = None;
    for domein in &format.domeinen {
        // Each pijler begins a page, and a page its headings: what is repeated on every page would stand above the
        // questions and the charts as well.
        if above.is_some_and(|above| above != domein.pijler) {
            breaks.push(row);
            sheet.id(row, ID, &Identity::Closing)?;
            for (col, (_, text)) in (0_u16..).zip(context.headings("slottabel")) {
                sheet.text(row, col, text, &heading)?;
            }
            sheet.ws.set_row_height(row, 24.0)?;
            row += 1;
        }
        above = Some(domein.pijler.as_str());
        let pijler = format.pijlers.iter().find(|pijler| pijler.name == domein.pijler);
        sheet.id(row, ID, &Identity::ClosingRow(domein.id.clone()))?;
        let style = look.heading(pijler.map_or_else(house, |pijler| colour(&pijler.colour)));
        for (col, (field, _)) in (0_u16..).zip(context.headings("slottabel")) {
            match field {
                "pijler" => sheet.text(row, col, &domein.pijler, &style)?,
                "domein" => sheet.text(row, col, &domein.name, &look.strong)?,
                "cijfers" | "factoren" => sheet.text(row, col, "", &look.proposal)?,
                _ => sheet.text(row, col, "", &look.room)?,
            }
        }
        sheet.ws.set_row_height(row, closing_height(format, domein, (WIDTHS[2], WIDTHS[3])))?;
        row += 1;
    }
    let last = row - 1;
    for (col, (field, _)) in (0_u16..).zip(context.headings("slottabel")) {
        let list = match field {
            "factoren" => "Lijst_factor",
            "leeftijdsfase" => "Lijst_leeftijdsfase",
            "leefgebied" => "Lijst_leefgebied",
            _ => continue,
        };
        offer(sheet, format, (first, col, last, col), list)?;
    }
    let rule = context.text("samenvatting-regel").replace("{benchmark}", &format.benchmark.1);
    sheet.wide(row, 0, LAST, &rule, &look.quiet)?;
    sheet.ws.set_row_height(row, 46.0)?;
    row += 1;
    let questions_at = row;
    sheet.wide(row, 0, LAST, "Analyse over alle pijlers", &bar)?;
    sheet.ws.set_row_height(row, 26.0)?;
    let questions = format.questions.iter().filter(|question| question.place == QuestionPlace::Samenvatting);
    for (index, question) in questions.enumerate() {
        row += 1;
        let letter = u8::try_from(index % 26).map_or('a', |index| char::from(b'a' + index));
        sheet.text(row, 0, &letter.to_string(), &look.centre)?;
        sheet.text(row, 1, &question.text, &look.strong)?;
        sheet.id(row, ID, &Identity::Question(question.code.clone()))?;
        sheet.wide(row, 2, LAST, "", &look.room)?;
        sheet.ws.set_row_height(row, height(&[(&question.text, WIDTHS[1])]).max(150.0))?;
    }
    breaks.push(questions_at);
    for charted in charts {
        row += 2;
        breaks.push(row);
        row = chart::write(sheet, context, charted, row, &WIDTHS)?;
    }
    sheet.ws.set_page_breaks(&breaks)?;
    sheet.ws.set_repeat_rows(0, 0)?;
    sheet.ws.set_freeze_panes(1, 2)?;
    sheet.ws.set_print_area(0, 0, row, LAST)?;
    Ok(())
}

/// Height of a domein's row in a closing table, with the widths of the columns for figures and factoren: the
/// longest lists that filling may propose there fit, because filling changes no row heights.
pub(super) fn closing_height(format: &Format, domein: &Domein, (figures, factoren): (f64, f64)) -> f64 {
    // Set in 9 points in place of the 10 by which heights are measured.
    const SMALLER: f64 = 0.9;
    let (figures, factoren) = (figures / SMALLER, factoren / SMALLER);
    let mut names: Vec<String> = format
        .placement(&domein.name)
        .into_iter()
        .flat_map(|(_, indicators)| indicators)
        .map(|indicator| format!("{}: 99,9% ({} 99,9%), ongunstiger", indicator.name, format.benchmark.1))
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(lines(name, figures)));
    names.truncate(format.opvallend.count);
    let mut ranked: Vec<String> =
        format.factoren_of(&domein.name).map(|factor| format!("{} (zonder ranking)", factor.name)).collect();
    ranked.sort_by_key(|name| std::cmp::Reverse(lines(name, factoren)));
    ranked.truncate(format.opvallend.count + 1);
    (height(&[(&names.join("\n"), figures), (&ranked.join("\n"), factoren)]) * SMALLER).max(80.0)
}
