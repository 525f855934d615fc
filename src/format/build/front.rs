//! The first three tabs: table of contents, explanation, change log.
//!
//! Owns those tabs. The explanation also carries the choice lists, so that people can see them.

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, FormatAlign, IgnoreError};

use super::choices::choices;
use super::pages::Pages;
use super::style::{Done, Sheet, colour, date_format, height, house};
use super::{Context, DefinedName};

/// Writes the table of contents: a link to every tab, in groups.
pub(super) fn contents(sheet: &mut Sheet<'_>, context: &Context<'_>) -> Done {
    let (format, look) = (context.format, context.look);
    sheet.widths(&[3.0, 40.0, 96.0])?;
    sheet.ws.set_print_fit_to_pages(1, 1);
    let bar = look.bar(house());
    sheet.wide(0, 0, 2, &format!(" {}", format.name), &bar.clone().set_font_size(22))?;
    sheet.ws.set_row_height(0, 44.0)?;
    let subtitle = context.text("werkboek-ondertitel");
    let line = format!("{subtitle}, over {}. Versie {}.", format.doelgroep, format.version);
    sheet.wide(1, 1, 2, &line, &look.body_heading)?;
    sheet.ws.set_row_height(1, 22.0)?;
    sheet.wide(2, 1, 2, context.text("inhoud-inleiding"), &look.body)?;
    sheet.ws.set_row_height(2, 22.0)?;

    let mut row = 4;
    let fixed = |kind: &str| (format.tab(kind).to_owned(), context.text(&format!("inhoud-{kind}")).to_owned());
    let quiet = house();
    let mut pijlers: Vec<_> = format
        .pijlers
        .iter()
        .map(|pijler| {
            let names: Vec<&str> = format.domeinen_of(&pijler.name).map(|d| d.name.as_str()).collect();
            ((pijler.tab.clone(), names.join(" · ")), colour(&pijler.colour))
        })
        .collect();
    pijlers.push((fixed("samenvatting"), quiet));
    let mut reference = vec![(fixed("overzicht"), quiet)];
    for domein in &format.domeinen {
        let pijler = format.pijlers.iter().find(|pijler| pijler.name == domein.pijler);
        let text = context.text("inhoud-factorenmodel").replace("{domein}", &domein.name);
        let hue = pijler.map_or(quiet, |pijler| colour(&pijler.colour));
        reference.push(((domein.factorenmodel_tab.clone(), text), hue));
    }
    reference.push((fixed("ranking"), quiet));
    let groups = [
        ("inhoud-inleiding-begin", vec![(fixed("toelichting"), quiet), (fixed("changelog"), quiet)]),
        ("inhoud-inleiding-pijlers", pijlers),
        (
            "inhoud-inleiding-vervolg",
            vec![
                (fixed("resultaten"), quiet),
                (fixed("matrix"), quiet),
                (fixed("activiteiten"), quiet),
                (fixed("afspraken"), quiet),
            ],
        ),
        ("inhoud-inleiding-naslag", reference),
    ];
    for (title, tabs) in groups {
        sheet.wide(row, 0, 2, &format!("  {}", context.text(title)), &look.section)?;
        sheet.ws.set_row_height(row, 20.0)?;
        row += 1;
        for ((tab, text), hue) in tabs {
            sheet.text(row, 0, "", &CellFormat::new().set_background_color(hue))?;
            sheet.link(row, 1, &tab, (&tab, "A1"), &look.link.clone().set_font_size(11))?;
            sheet.text(row, 2, &text, &look.cell)?;
            sheet.ws.set_row_height(row, height(&[(&text, 96.0)]).max(18.0))?;
            row += 1;
        }
        row += 1;
    }
    sheet.ws.set_freeze_panes(1, 0)?;
    Ok(())
}

const EXPLANATION_WIDTHS: [f64; 4] = [42.0, 62.0, 40.0, 28.0];

/// Writes the explanation, the reference tables and the choice lists.
pub(super) fn explanation(sheet: &mut Sheet<'_>, context: &Context<'_>, names: &mut Vec<DefinedName>) -> Done {
    let (format, look) = (context.format, context.look);
    let tab = format.tab("toelichting");
    sheet.widths(&EXPLANATION_WIDTHS)?;
    top(sheet, context, context.text("toelichting-titel"), 3)?;
    sheet.ws.set_repeat_rows(0, 0)?;
    let mut row = 2;
    for number in 1.. {
        let text = context.text(&format!("toelichting-{number}"));
        if text.is_empty() {
            break;
        }
        let title = context.text(&format!("toelichting-{number}-kop"));
        sheet.text(row, 0, title, &look.body_heading)?;
        sheet.wide(row, 1, 3, text, &look.body)?;
        // The body is set larger than the size by which heights are measured.
        sheet.ws.set_row_height(row, (height(&[(text, 118.0), (title, 32.0)]) * 1.12 + 8.0).min(400.0))?;
        row += 1;
    }
    row += 1;

    let bar = look.bar(house());
    let heading = look.heading(house());
    let left = look.cell.clone().set_align(FormatAlign::Left);
    let headings = |sheet: &mut Sheet<'_>, row: u32, titles: &[&str]| -> Done {
        for (col, title) in (0_u16..).zip(titles) {
            sheet.text(row, col, title, &heading)?;
        }
        Ok(())
    };
    let opening = |sheet: &mut Sheet<'_>, row: u32, key: &str, titles: &[&str]| -> Done {
        sheet.wide(row, 0, 3, context.text(key), &bar)?;
        sheet.ws.set_row_height(row, 26.0)?;
        headings(sheet, row + 1, titles)
    };
    let mut pages = Pages::new(&EXPLANATION_WIDTHS, 32.0);
    pages.begin(row);
    opening(sheet, row, "toelichting-effectladder", &["Trede", "Vraag", "Erkenning"])?;
    row += 2;
    for trede in &format.effectladder {
        sheet.ws.write_number_with_format(row, 0, trede.rung, &left)?;
        more(sheet, row, &[&trede.question, &trede.recognition])?;
        row += 1;
    }
    row += 1;
    opening(sheet, row, "toelichting-databanken", &["Thema", "Databank", "Instituut"])?;
    row += 2;
    for databank in &format.databanken {
        sheet.text(row, 0, &databank.theme, &look.cell)?;
        more(sheet, row, &[&databank.name, &databank.institute])?;
        sheet.ws.set_row_height(row, height(&[(&databank.theme, 42.0)]))?;
        row += 1;
    }
    row += 1;
    let titles = ["Dienst", "Indicator", "Criterium", "Hoe volgen"];
    pages.begin(row);
    opening(sheet, row, "toelichting-outcome", &titles)?;
    row += 2;
    pages.add(46.0);
    let heights: Vec<f64> = format
        .outcome_indicators
        .iter()
        .map(|outcome| {
            height(&[
                (&outcome.service, 42.0),
                (&outcome.indicator, 62.0),
                (&outcome.criterion, 40.0),
                (&outcome.monitor, 28.0),
            ])
        })
        .collect();
    let share = pages.share(&heights, 20.0);
    for (outcome, tall) in format.outcome_indicators.iter().zip(heights) {
        if !pages.goes_in(share, tall) {
            pages.begin(row);
            headings(sheet, row, &titles)?;
            pages.add(20.0);
            row += 1;
        }
        sheet.text(row, 0, &outcome.service, &look.cell)?;
        more(sheet, row, &[&outcome.indicator, &outcome.criterion, &outcome.monitor])?;
        sheet.ws.set_row_height(row, tall)?;
        pages.add(tall);
        row += 1;
    }
    row += 1;
    pages.begin(row);
    sheet.wide(row, 0, 3, context.text("toelichting-keuzelijsten"), &bar)?;
    sheet.ws.set_row_height(row, 26.0)?;
    pages.add(26.0);
    row += 1;
    for choice in choices(format) {
        let first = row;
        for item in &choice.items {
            // A long list of short words, set close.
            let tall = height(&[(item, 62.0)]) - 2.6;
            let page = !pages.fits(tall);
            if page {
                pages.begin(row);
            }
            // A list that goes on says again which it is.
            let label = if row == first || page { choice.heading } else { "" };
            sheet.text(row, 0, label, &look.label)?;
            match item.parse::<u8>() {
                Ok(number) => {
                    sheet.ws.write_number_with_format(row, 1, number, &left)?;
                }
                Err(_) => sheet.text(row, 1, item, &look.cell)?,
            }
            sheet.ws.set_row_height(row, tall)?;
            pages.add(tall);
            row += 1;
        }
        names.push(DefinedName::range(choice.name.to_owned(), tab, (first, 1), (row - 1, 1)));
    }
    sheet.ws.set_page_breaks(pages.breaks())?;
    sheet.ws.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The cells from column B on.
fn more(sheet: &mut Sheet<'_>, row: u32, texts: &[&str]) -> Done {
    for (col, text) in (1_u16..).zip(texts) {
        let style = sheet.look.cell.clone();
        sheet.text(row, col, text, &style)?;
    }
    Ok(())
}

/// Writes the change log of the format.
pub(super) fn change_log(sheet: &mut Sheet<'_>, context: &Context<'_>) -> Done {
    let (format, look) = (context.format, context.look);
    sheet.widths(&[12.0, 14.0, 30.0, 104.0])?;
    top(sheet, context, format.tab("changelog"), 3)?;
    sheet.wide(1, 0, 3, context.text("changelog-uitleg"), &look.quiet)?;
    sheet.ws.set_row_height(1, 20.0)?;
    let heading = look.heading(house());
    for (col, title) in (0_u16..).zip(["Versie", "Datum", "Wie", "Wat"]) {
        sheet.text(3, col, title, &heading)?;
    }
    sheet.ws.set_row_height(3, 20.0)?;
    let date_style = look.cell.clone().set_num_format(date_format()).set_align(FormatAlign::Left);
    for (row, entry) in (4_u32..).zip(&format.change_log) {
        sheet.text(row, 0, &entry.version, &look.cell)?;
        match ExcelDateTime::parse_from_str(&entry.date) {
            Ok(date) => {
                sheet.ws.write_datetime_with_format(row, 1, &date, &date_style)?;
            }
            Err(_) => sheet.text(row, 1, &entry.date, &look.cell)?,
        }
        sheet.text(row, 2, &entry.who, &look.cell)?;
        sheet.text(row, 3, &entry.what, &look.cell)?;
        sheet.ws.set_row_height(row, height(&[(&entry.what, 104.0), (&entry.who, 30.0)]))?;
    }
    sheet.ws.ignore_error(4, 0, IgnoreError::NumberStoredAsText)?;
    sheet.ws.set_freeze_panes(4, 0)?;
    sheet.ws.set_repeat_rows(3, 3)?;
    Ok(())
}

/// The bar at the top of a tab without pijler, with the link back to the table of contents in its last column.
pub(super) fn top(sheet: &mut Sheet<'_>, context: &Context<'_>, title: &str, last: u16) -> Done {
    let look = context.look;
    let contents = context.format.tab("inhoudsopgave");
    sheet.wide(0, 0, last - 1, title, &look.bar(house()).set_font_size(18))?;
    sheet.link(0, last, &format!("naar {contents}"), (contents, "A1"), &look.bar_link(house()))?;
    sheet.ws.set_row_height(0, 32.0)?;
    Ok(())
}
