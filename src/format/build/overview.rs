//! The tab `Indicatoren overzicht (naslag)`: one column per indicator, one row per area
//! (`spec/overview.md`).
//!
//! Owns where each label, indicator and area stands on the tab. Must not know where figures come from.

use super::style::{Done, Sheet, height, house};
use super::{Context, DefinedName};
use crate::model::{CellValue, Column, Figure, Indicator, column_letters};

/// Columns before the figures: code, name, level, parent.
const AREA_COLUMNS: u16 = 4;
/// Width of a column with figures, in characters.
const FIGURE_WIDTH: f64 = 17.0;
const AREA_WIDTHS: [f64; 4] = [19.0, 27.0, 17.0, 17.0];

/// The label rows, top to bottom, by their field in `kolommen.csv`.
const LABELS: [&str; 16] = [
    "code",
    "indicator",
    "definitie",
    "pijler",
    "domein",
    "factoren",
    "eenheid",
    "decimalen",
    "richting",
    "doelgroep",
    "soort",
    "editie",
    "peiljaar",
    "bron",
    "meetwijze",
    "vernieuwing",
];

/// Where things stand on the tab.
pub(super) struct Layout {
    benchmark: Option<usize>,
}

/// The column of an indicator, and the benchmark's figure in it.
pub(super) struct Place<'a> {
    /// Address of the indicator's name on the tab.
    pub(super) cell: String,
    /// The column.
    pub(super) column: &'a Column,
    /// The figure of the benchmark; `None` when the overview does not hold the benchmark.
    pub(super) benchmark: Option<Figure>,
}

impl Layout {
    /// Finds the benchmark in the overview.
    pub(super) fn of(context: &Context<'_>) -> Self {
        Layout { benchmark: context.overview.area_index(&context.format.benchmark.0) }
    }

    /// The column of an indicator: the one of the indicator's own edition, else the newest.
    pub(super) fn place<'a>(&self, context: &Context<'a>, indicator: &Indicator) -> Option<Place<'a>> {
        let overview = context.overview;
        let same = |column: &Column| column.code == indicator.code && column.edition == indicator.edition;
        let index = overview.columns.iter().rposition(same).or_else(|| overview.column_index(&indicator.code))?;
        let column = overview.columns.get(index)?;
        let letters = column_letters(u32::try_from(index).ok()? + u32::from(AREA_COLUMNS));
        let benchmark = self.benchmark.map(|area| overview.figure(area, index));
        // Row 3 holds the names; rows 1 to 3 stay in view.
        Some(Place { cell: format!("{letters}3"), column, benchmark })
    }
}

fn label_text(column: &Column, field: &str) -> String {
    match field {
        "code" => column.code.clone(),
        "indicator" => column.name.clone(),
        "definitie" => column.definition.clone(),
        "pijler" => column.pijler.clone(),
        "domein" => column.domein.clone(),
        "factoren" => column.factoren.join(" | "),
        "eenheid" => column.unit.clone(),
        "richting" => column.direction.clone(),
        "doelgroep" => column.doelgroep.clone(),
        "soort" => column.kind.clone(),
        "editie" => column.edition.clone(),
        "peiljaar" => column.year.clone(),
        "bron" => column.source.clone(),
        "meetwijze" => column.method.clone(),
        "vernieuwing" => column.renewal.clone(),
        _ => String::new(),
    }
}

/// Writes the tab; `links` is false when the tabs that it links back to are not in the workbook.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    layout: &Layout,
    links: bool,
    names: &mut Vec<DefinedName>,
) -> Done {
    let (format, overview, look) = (context.format, context.overview, context.look);
    let tab = format.tab("overzicht");
    sheet.widths(&AREA_WIDTHS)?;
    sheet.text(0, 0, context.text("overzicht-titel"), &look.body_heading)?;
    // Small, so that the links fit in the columns that stay in view.
    let link = look.plain_link.clone().set_font_size(8);
    for (col, pijler) in (1_u16..).zip(format.pijlers.iter().filter(|_| links)) {
        let text = format!("terug naar {}", pijler.tab);
        sheet.link(0, col, &text, (&pijler.tab, "A1"), &link)?;
    }
    let contents = u16::try_from(format.pijlers.len()).unwrap_or(0) + 1;
    if links {
        sheet.link(0, contents, "Inhoudsopgave", (format.tab("inhoudsopgave"), "A1"), &link)?;
    }
    sheet.ws.set_row_height(0, 32.0)?;

    for (row, field) in (1_u32..).zip(LABELS) {
        sheet.wide(row, 0, AREA_COLUMNS - 1, &context.heading("overzicht", field), &look.label)?;
        let mut tallest = height(&[("", FIGURE_WIDTH)]);
        for (col, column) in (AREA_COLUMNS..).zip(&overview.columns) {
            if field == "decimalen" {
                sheet.ws.write_number_with_format(row, col, column.decimals, &look.centre)?;
                continue;
            }
            let text = label_text(column, field);
            tallest = tallest.max(height(&[(&text, FIGURE_WIDTH)]));
            // A measuring year is a number for people who sort; 'onbekend' stays text.
            match text.parse::<u16>() {
                Ok(year) if field == "peiljaar" => {
                    sheet.ws.write_number_with_format(row, col, year, &look.centre)?;
                }
                _ => {
                    let style = if field == "indicator" { &look.strong } else { &look.cell };
                    sheet.text(row, col, &text, style)?;
                }
            }
        }
        sheet.ws.set_row_height(row, tallest)?;
    }

    let heading_row = u32::try_from(LABELS.len()).unwrap_or(16) + 1;
    let heading = look.heading(house());
    for (col, field) in (0_u16..).zip(["gebiedscode", "naam", "niveau", "valt_onder"]) {
        sheet.text(heading_row, col, &context.heading("overzicht", field), &heading)?;
    }
    let figure_heading = look.figure_heading(house());
    for (col, column) in (AREA_COLUMNS..).zip(&overview.columns) {
        sheet.ws.set_column_width(col, FIGURE_WIDTH)?;
        let text = crate::model::row_description(&column.unit, &column.edition, "", "", "");
        sheet.text(heading_row, col, &text, &figure_heading)?;
    }
    sheet.ws.set_row_height(heading_row, 34.0)?;

    for (index, (row, area)) in (heading_row + 1..).zip(&overview.areas).enumerate() {
        let style = if Some(index) == layout.benchmark { &look.label } else { &look.cell };
        let parent = area.parent.as_deref().unwrap_or("");
        for (col, text) in (0_u16..).zip([area.code.as_str(), &area.name, area.level.word(), parent]) {
            sheet.text(row, col, text, style)?;
        }
        for (at, (col, column)) in (AREA_COLUMNS..).zip(&overview.columns).enumerate() {
            let figure_style = match Some(index) == layout.benchmark {
                true => look.benchmark(column.decimals),
                false => look.figure(column.decimals),
            };
            match overview.figure(index, at).stored(column.is_estimate()) {
                CellValue::Number(value) => {
                    sheet.ws.write_number_with_format(row, col, value, &figure_style)?;
                }
                other => sheet.text(row, col, &other.text(), &look.centre)?,
            }
        }
        if Some(index) == layout.benchmark {
            names.push(DefinedName::cell("WA_overzicht_benchmark".to_owned(), tab, row, 0));
        }
    }
    names.push(DefinedName::cell("WA_overzicht_kop".to_owned(), tab, heading_row, 0));
    sheet.ws.set_freeze_panes(3, AREA_COLUMNS)?;
    sheet.ws.set_repeat_rows(0, 2)?;
    sheet.ws.set_repeat_columns(0, 1)?;
    // One page wide would be unreadable here: as many pages as needed, the names of the areas on each.
    sheet.ws.set_print_fit_to_pages(0, 0);
    sheet.ws.set_print_scale(60);
    Ok(())
}
