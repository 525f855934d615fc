//! The optional tabs for what follows the analysis: resultaten, preventiematrix, activiteiten, afspraken.
//!
//! Owns those tabs: one row per item, headings from the format, choices where there are some.

use super::Context;
use super::choices::{ask_date, offer};
use super::pages::Pages;
use super::style::{Done, Sheet, date_format, height, house};

/// A column: its field, its width in characters, and the choice list that belongs to it.
pub(super) type Field = (&'static str, f64, Option<&'static str>);

/// Height of a row for an item, in points.
const ITEM: f64 = 42.0;
/// Rows in which choices are offered: more than have borders, for who adds rows.
const OFFERED: u32 = 200;
/// Width when a field is not in the lists below.
const USUAL: f64 = 20.0;

pub(super) const RESULTATEN: &[Field] = &[
    ("nummer", 6.0, None),
    ("pijler", 12.0, Some("Lijst_pijler")),
    ("domein", 22.0, Some("Lijst_domein")),
    ("ambitie", 28.0, None),
    ("resultaat", 36.0, None),
    ("indicatoren", 26.0, None),
    ("startwaarde", 14.0, None),
    ("startjaar", 10.0, None),
    ("streefwaarde", 18.0, None),
    ("streefjaar", 10.0, None),
    ("meetwijze", 14.0, Some("Lijst_meetwijze")),
    ("onderbouwing", 34.0, None),
    ("inbreng", 26.0, None),
];

pub(super) const MATRIX: &[Field] = &[
    ("pijler", 12.0, Some("Lijst_pijler")),
    ("ambitie", 28.0, None),
    ("resultaat", 34.0, None),
    ("universeel", 32.0, None),
    ("selectief", 32.0, None),
    ("geindiceerd", 32.0, None),
    ("indicator", 26.0, None),
];

pub(super) const ACTIVITEITEN: &[Field] = &[
    ("activiteit", 28.0, None),
    ("nieuw", 10.0, Some("Lijst_nieuw")),
    ("vorm", 11.0, Some("Lijst_vorm")),
    ("resultaat", 10.0, None),
    ("factor", 22.0, Some("Lijst_factor")),
    ("leefgebied", 14.0, Some("Lijst_leefgebied")),
    ("leeftijdsfase", 16.0, Some("Lijst_leeftijdsfase")),
    ("preventieniveau", 15.0, Some("Lijst_preventieniveau")),
    ("uitvoerder", 16.0, Some("Lijst_uitvoerder")),
    ("doelgroep", 16.0, None),
    ("bereik", 10.0, None),
    ("frequentie", 11.0, None),
    ("structureel", 12.0, Some("Lijst_structureel")),
    ("trede", 11.0, Some("Lijst_trede")),
    ("databank", 18.0, Some("Lijst_databank")),
    ("kwaliteitsafspraak", 20.0, None),
    ("eerste_stap", 16.0, None),
    ("accounthouder", 14.0, None),
    ("outcome", 18.0, None),
    ("hoe_meten", 14.0, None),
    ("hoe_vaak_meten", 11.0, None),
    ("bij_wie", 12.0, None),
    ("aandachtspunten", 18.0, None),
    ("stap_adviseur", 16.0, None),
    ("stap_partner", 16.0, None),
    ("terugkoppeling", 15.0, None),
    ("verbeteractie", 18.0, None),
    ("wie", 12.0, None),
    ("wanneer", 11.0, None),
    ("status", 14.0, Some("Lijst_status")),
];

pub(super) const AFSPRAKEN: &[Field] = &[
    ("datum", 13.0, None),
    ("stap", 15.0, Some("Lijst_stap")),
    ("activiteit", 24.0, None),
    ("afspraak", 34.0, None),
    ("bevinding", 30.0, None),
    ("factor", 22.0, Some("Lijst_factor")),
    ("resultaat", 10.0, None),
    ("wie", 18.0, None),
    ("rol", 18.0, None),
    ("wanneer", 13.0, None),
    ("status", 14.0, Some("Lijst_status")),
    ("bespreking", 14.0, None),
    ("uitkomst", 30.0, None),
];

/// Columns of that tab in which a date stands.
const DATES: [&str; 3] = ["datum", "wanneer", "bespreking"];

/// Writes one of the tabs; `kind` is the kind of tab and the name of its table in `kolommen.csv`.
pub(super) fn write(sheet: &mut Sheet<'_>, context: &Context<'_>, kind: &str, fields: &[Field]) -> Done {
    let (format, look) = (context.format, context.look);
    let headings: Vec<(String, String)> =
        format.headings_of(kind).map(|heading| (heading.field.clone(), heading.text.clone())).collect();
    let last = u16::try_from(headings.len()).unwrap_or(1).saturating_sub(1).max(1);
    // Title and link stay in view beside each other on a tab that is wider than the screen.
    let wide = last.min(5);
    let contents = format.tab("inhoudsopgave");
    // Two columns for the link: one may be too narrow for its text.
    let link = wide.saturating_sub(1).max(1);
    sheet.wide(0, 0, link - 1, format.tab(kind), &look.bar(house()).set_font_size(18))?;
    sheet.wide_link(0, (link, wide), &format!("naar {contents}"), (contents, "A1"), &look.bar_link(house()))?;
    for col in wide + 1..=last {
        sheet.text(0, col, "", &look.bar(house()))?;
    }
    sheet.ws.set_row_height(0, 32.0)?;
    let explanation = context.text(&format!("{kind}-uitleg"));
    sheet.wide(1, 0, wide, explanation, &look.quiet)?;

    let heading = look.heading(house());
    let (mut tallest, mut total) = (0.0_f64, 0.0_f64);
    sheet.column_ids(2, kind, (0_u16..).zip(headings.iter().map(|(field, _)| field.as_str())))?;
    let heading_row = 3_u32;
    let (first, offered) = (heading_row + 1, heading_row + OFFERED);
    let mut widths = Vec::new();
    for (col, (field, text)) in (0_u16..).zip(&headings) {
        let known = fields.iter().find(|(name, _, _)| name == field);
        let width = known.map_or(USUAL, |(_, width, _)| *width);
        sheet.ws.set_column_width(col, width)?;
        widths.push(width);
        sheet.text(heading_row, col, text, &heading)?;
        tallest = tallest.max(height(&[(text, width - 1.0)]));
        if col <= wide {
            total += width;
        }
        if let Some(list) = known.and_then(|(_, _, list)| *list) {
            offer(sheet, format, (first, col, offered, col), list)?;
        }
        if kind == "afspraken" && DATES.contains(&field.as_str()) {
            ask_date(sheet, format, (first, col, offered, col))?;
        }
    }
    let explained = height(&[(explanation, total)]) + 6.0;
    sheet.ws.set_row_height(1, explained)?;
    sheet.ws.set_row_height(heading_row, tallest + 4.0)?;
    // A blank tab is one page: who has more items goes on below, and that is printed as well.
    let across = if last > 14 { 2 } else { 1 };
    let end = heading_row + Pages::across(&widths, across).rows(32.0 + explained + tallest + 4.0, ITEM);
    for row in first..=end {
        for (col, (field, _)) in (0_u16..).zip(&headings) {
            let date = kind == "afspraken" && DATES.contains(&field.as_str());
            let room = if date { look.room.clone().set_num_format(date_format()) } else { look.room.clone() };
            sheet.text(row, col, "", &room)?;
        }
        sheet.ws.set_row_height(row, ITEM)?;
    }
    sheet.ws.set_freeze_panes(first, 1)?;
    sheet.ws.set_repeat_rows(heading_row, heading_row)?;
    if across > 1 {
        // One page wide would be too small to read (4 points); on two the name of the activity is repeated.
        sheet.ws.set_print_fit_to_pages(across, 0);
        sheet.ws.set_repeat_columns(0, 0)?;
    }
    Ok(())
}
