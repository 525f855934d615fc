//! The tabs with the factorenmodel of a domein, and the tab with the ranking.
//!
//! Owns those tabs. Must not know figures.

use rust_xlsxwriter::{Color, Format as CellFormat};

use super::Context;
use super::front::top;
use super::pages::Pages;
use super::style::{Done, Sheet, colour, height, house, lines};
use crate::model::{Domein, Factor, FactorKind, Identity};

/// Widths of columns A to G in characters; B and C together hold the first leeftijdsfase of the matrix.
const WIDTHS: [f64; 7] = [38.0, 10.0, 20.0, 27.0, 27.0, 27.0, 27.0];
const LAST: u16 = 6;
/// Height of an empty row in points.
const GAP: f64 = 10.0;
/// Hidden column of the ranking tab with the ids of the factoren.
const RANKING_ID: u16 = 3;
const RISK_INK: u32 = 0x9C_2B_1F;
const PROTECT_INK: u32 = 0x1E_6B_3A;

/// Writes the tab of one domein: the factors as a list, then by leefgebied and leeftijdsfase.
pub(super) fn write(sheet: &mut Sheet<'_>, context: &Context<'_>, domein: &Domein) -> Done {
    let (format, look) = (context.format, context.look);
    let pijler = format.pijlers.iter().find(|pijler| pijler.name == domein.pijler);
    let hue = pijler.map_or_else(house, |pijler| colour(&pijler.colour));
    sheet.widths(&WIDTHS)?;
    let bar = look.bar(hue);
    let title = format!("Factorenmodel: {}", domein.name);
    sheet.wide(0, 0, LAST - 2, &title, &bar.clone().set_font_size(18))?;
    let link = look.bar_link(hue);
    let back = pijler.map_or("", |pijler| pijler.tab.as_str());
    sheet.link(0, LAST - 1, &format!("terug naar {back}"), (back, "A1"), &link)?;
    let contents = format.tab("inhoudsopgave");
    sheet.link(0, LAST, &format!("naar {contents}"), (contents, "A1"), &link)?;
    sheet.ws.set_row_height(0, 32.0)?;
    let mut factoren: Vec<&Factor> = format.factoren_of(&domein.name).collect();
    factoren.sort_by_key(|factor| format.rank(&factor.name).unwrap_or(u8::MAX));

    // Only the title is repeated on a printed page: the list and the matrix have headings of their own.
    let mut pages = Pages::new(&WIDTHS, 32.0);
    let mut row = 1;
    for origin in origins(&factoren) {
        let mut text = origin.to_owned();
        if let Some(first) = text.chars().next() {
            text = format!("{}{}.", first.to_uppercase(), text.get(first.len_utf8()..).unwrap_or(""));
        }
        sheet.wide(row, 0, LAST, &text, &look.notice.clone().set_bold())?;
        sheet.ws.set_row_height(row, 20.0)?;
        pages.add(20.0);
        row += 1;
    }
    let explanation = context.text("factorenmodel-uitleg");
    sheet.wide(row, 0, LAST, explanation, &look.quiet)?;
    let tall = height(&[(explanation, 170.0)]) + 4.0;
    sheet.ws.set_row_height(row, tall)?;
    pages.add(tall);
    row += 1;
    sheet.ws.set_row_height(row, GAP)?;
    pages.add(GAP);
    row += 1;

    // The matrix takes a column per leeftijdsfase; the ids stand behind whatever is widest.
    let ids = u16::try_from(format.leeftijdsfasen.len()).unwrap_or(LAST).saturating_add(2).max(LAST + 1);
    row = list(sheet, context, &factoren, (hue, ids), row, &mut pages)?;
    sheet.ws.set_repeat_rows(0, 0)?;
    pages.begin(row + 1);
    matrix(sheet, context, &factoren, hue, row + 1, &mut pages)?;
    sheet.ws.set_page_breaks(pages.breaks())?;
    sheet.ws.set_freeze_panes(1, 1)?;
    Ok(())
}

/// Where the factors come from, each once.
fn origins<'a>(factoren: &[&'a Factor]) -> Vec<&'a str> {
    let mut out: Vec<&str> = factoren.iter().map(|factor| factor.source.as_str()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The list: a row per factor, with its id in the hidden column `ids`.
fn list(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    factoren: &[&Factor],
    (hue, ids): (Color, u16),
    start: u32,
    pages: &mut Pages,
) -> Done<u32> {
    let (format, look) = (context.format, context.look);
    sheet.wide(start, 0, LAST, context.text("factorenmodel-lijst"), &look.section)?;
    sheet.ws.set_row_height(start, 20.0)?;
    let heading = look.heading(hue);
    let fields = ["factor", "ranking", "soort", "leefgebied", "leeftijdsfase", "toelichting"];
    sheet.column_ids(start + 1, "factorenmodel", (0_u16..).zip(fields))?;
    sheet.ws.set_column_hidden(ids)?;
    let mut row = start + 2;
    let headings = |sheet: &mut Sheet<'_>, row: u32| -> Done {
        for (col, field) in (0_u16..).zip(fields) {
            let last = if field == "toelichting" { LAST } else { col };
            sheet.wide(row, col, last, &context.heading("factorenmodel", field), &heading)?;
        }
        sheet.ws.set_row_height(row, 20.0)?;
        Ok(())
    };
    headings(sheet, row)?;
    pages.add(40.0);
    for factor in factoren {
        row += 1;
        let (gebieden, fasen) = (factor.leefgebieden.join("; "), factor.leeftijdsfasen.join("; "));
        let tall = height(&[(&factor.name, 34.0), (&gebieden, 27.0), (&fasen, 27.0), (&factor.explanation, 53.0)]);
        if !pages.fits(tall) {
            pages.begin(row);
            headings(sheet, row)?;
            pages.add(20.0);
            row += 1;
        }
        sheet.id(row, ids, &Identity::Factor(factor.id.clone()))?;
        sheet.text(row, 0, &factor.name, &look.factor)?;
        match format.rank(&factor.name) {
            Some(rank) => {
                sheet.ws.write_number_with_format(row, 1, rank, &look.centre)?;
            }
            None => sheet.text(row, 1, "geen", &look.centre)?,
        }
        let style = match factor.kind {
            FactorKind::Risico => &look.risk,
            FactorKind::Beschermend => &look.protective,
        };
        sheet.text(row, 2, factor.kind.words(), style)?;
        sheet.text(row, 3, &gebieden, &look.cell)?;
        sheet.text(row, 4, &fasen, &look.cell)?;
        sheet.wide(row, 5, LAST, &factor.explanation, &look.cell)?;
        sheet.ws.set_row_height(row, tall)?;
        pages.add(tall);
    }
    Ok(row + 1)
}

fn matrix(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    factoren: &[&Factor],
    hue: Color,
    start: u32,
    pages: &mut Pages,
) -> Done {
    let (format, look) = (context.format, context.look);
    sheet.wide(start, 0, LAST, context.text("factorenmodel-matrix"), &look.section)?;
    sheet.ws.set_row_height(start, 20.0)?;
    let heading = look.heading(hue);
    let mut row = start + 1;
    let leefgebied = context.heading("factorenmodel", "leefgebied");
    // The first leeftijdsfase takes columns B and C, the next ones a column each.
    let columns: Vec<(u16, u16)> = (0_u16..)
        .zip(&format.leeftijdsfasen)
        .map(|(index, _)| if index == 0 { (1, 2) } else { (index + 2, index + 2) })
        .collect();
    for (first, _) in columns.iter().filter(|(first, _)| *first > LAST) {
        sheet.ws.set_column_width(*first, 27.0)?;
    }
    let headings = |sheet: &mut Sheet<'_>, row: u32| -> Done {
        sheet.text(row, 0, &leefgebied, &heading)?;
        for ((first, last), fase) in columns.iter().zip(&format.leeftijdsfasen) {
            sheet.wide(row, *first, *last, fase, &heading)?;
        }
        sheet.ws.set_row_height(row, 20.0)?;
        Ok(())
    };
    headings(sheet, row)?;
    pages.add(40.0);
    let cells_of = |gebied: &String| -> Vec<Vec<&Factor>> {
        let here = |factor: &Factor, fase: &String| {
            factor.leefgebieden.contains(gebied) && factor.leeftijdsfasen.contains(fase)
        };
        let fasen = format.leeftijdsfasen.iter();
        fasen.map(|fase| factoren.iter().copied().filter(|factor| here(factor, fase)).collect()).collect()
    };
    let rows: Vec<(&String, Vec<Vec<&Factor>>, f64)> = format
        .leefgebieden
        .iter()
        .map(|gebied| {
            let cells = cells_of(gebied);
            let tallest = cells.iter().map(|here| cell_height(&texts(context, here)));
            let tallest = tallest.fold(height(&[(gebied, 34.0)]), f64::max);
            (gebied, cells, tallest)
        })
        .collect();
    let share = pages.share(&rows.iter().map(|(_, _, tallest)| *tallest).collect::<Vec<_>>(), 20.0);
    for (gebied, cells, tallest) in rows {
        row += 1;
        if !pages.goes_in(share, tallest) {
            pages.begin(row);
            headings(sheet, row)?;
            pages.add(20.0);
            row += 1;
        }
        sheet.text(row, 0, gebied, &look.label)?;
        for ((first, last), here) in columns.iter().zip(&cells) {
            if first != last {
                sheet.wide(row, *first, *last, "", &look.tall)?;
            }
            cell(sheet, context, row, *first, here)?;
        }
        sheet.ws.set_row_height(row, tallest)?;
        pages.add(tallest);
    }
    row += 1;
    sheet.wide(row, 0, LAST, context.text("factorenmodel-legenda"), &look.quiet)?;
    sheet.ws.set_row_height(row, 18.0)?;
    Ok(())
}

/// The lines of a cell of the matrix.
fn texts(context: &Context<'_>, factoren: &[&Factor]) -> Vec<String> {
    let text = |factor: &&Factor| {
        let sign = match factor.kind {
            FactorKind::Risico => "risico",
            FactorKind::Beschermend => "beschermend",
        };
        let rank = context.format.rank(&factor.name).map_or(String::new(), |rank| format!(", {rank}"));
        format!("• {} ({sign}{rank})", factor.name)
    };
    factoren.iter().map(text).collect()
}

fn cell_height(texts: &[String]) -> f64 {
    let count: usize = texts.iter().map(|text| lines(text, 26.0)).sum();
    (count as f64 * 13.2 + 5.0).min(400.0)
}

/// One cell of the matrix: a line per factor, the kind as a word and in colour.
fn cell(sheet: &mut Sheet<'_>, context: &Context<'_>, row: u32, col: u16, factoren: &[&Factor]) -> Done {
    let look = context.look;
    let ink =
        |hue: u32| CellFormat::new().set_font_name("Calibri").set_font_size(10).set_font_color(Color::RGB(hue));
    let (risk, protect) = (ink(RISK_INK), ink(PROTECT_INK));
    let texts = texts(context, factoren);
    let mut parts: Vec<(&CellFormat, String)> = Vec::new();
    for (index, (factor, text)) in factoren.iter().zip(&texts).enumerate() {
        let style = if factor.kind == FactorKind::Risico { &risk } else { &protect };
        let end = if index + 1 < factoren.len() { "\n" } else { "" };
        parts.push((style, format!("{text}{end}")));
    }
    match parts.as_slice() {
        [] => sheet.text(row, col, "", &look.tall)?,
        [(style, text)] => {
            let plain = look.tall.clone().set_font_color(if std::ptr::eq(*style, &raw const risk) {
                Color::RGB(RISK_INK)
            } else {
                Color::RGB(PROTECT_INK)
            });
            sheet.text(row, col, text, &plain)?;
        }
        several => {
            let several: Vec<(&CellFormat, &str)> = several.iter().map(|(s, t)| (*s, t.as_str())).collect();
            sheet.ws.write_rich_string_with_format(row, col, &several, &look.tall)?;
        }
    }
    Ok(())
}

/// Writes the tab with the ranking: the ranked factors first, then those without rank.
pub(super) fn ranking(sheet: &mut Sheet<'_>, context: &Context<'_>) -> Done {
    let (format, look) = (context.format, context.look);
    sheet.widths(&[70.0, 14.0, 86.0])?;
    sheet.ws.set_print_fit_to_pages(1, 1);
    top(sheet, context, "Ranking van factoren", 2)?;
    let explanation = context.text("ranking-uitleg");
    sheet.wide(1, 0, 2, explanation, &look.quiet)?;
    sheet.ws.set_row_height(1, height(&[(explanation, 165.0)]) + 4.0)?;
    let mut row = 2;
    for pijler in &format.pijlers {
        sheet.link(row, 0, &format!("terug naar {}", pijler.tab), (&pijler.tab, "A1"), &look.plain_link)?;
        row += 1;
    }
    let heading = look.heading(house());
    let fields = ["factor", "ranking", "domeinen"];
    sheet.column_ids(row, "ranking", (0_u16..).zip(fields))?;
    sheet.ws.set_column_hidden(RANKING_ID)?;
    row += 1;
    for (col, field) in (0_u16..).zip(fields) {
        sheet.text(row, col, &context.heading("ranking", field), &heading)?;
    }
    sheet.ws.set_row_height(row, 20.0)?;
    sheet.ws.set_repeat_rows(row, row)?;
    sheet.ws.set_freeze_panes(row + 1, 1)?;
    let mut ranked: Vec<(&str, Option<u8>)> =
        format.ranking.iter().map(|ranked| (ranked.name.as_str(), Some(ranked.rank))).collect();
    ranked.sort_by_key(|(_, rank)| *rank);
    for factor in &format.factoren {
        if !ranked.iter().any(|(name, _)| *name == factor.name) {
            ranked.push((&factor.name, None));
        }
    }
    for (name, rank) in ranked {
        row += 1;
        if let Some(factor) = format.factoren.iter().find(|factor| factor.name == name) {
            sheet.id(row, RANKING_ID, &Identity::Factor(factor.id.clone()))?;
        }
        sheet.text(row, 0, name, &look.strong)?;
        match rank {
            Some(rank) => {
                sheet.ws.write_number_with_format(row, 1, rank, &look.centre)?;
            }
            None => sheet.text(row, 1, "geen", &look.centre)?,
        }
        let names: Vec<&str> = format
            .factoren
            .iter()
            .filter(|factor| factor.name == name)
            .map(|factor| factor.domein.as_str())
            .collect();
        let text = names.join(" · ");
        sheet.text(row, 2, &text, &look.cell)?;
        sheet.ws.set_row_height(row, height(&[(name, 66.0), (&text, 86.0)]))?;
    }
    Ok(())
}
