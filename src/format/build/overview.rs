//! The tab `Indicatoren overzicht (naslag)`: one column per indicator, one row per area
//! (`spec/overview.md`).
//!
//! Owns where each label, indicator and area stands on the tab. Must not know where figures come from.

use rust_xlsxwriter::IgnoreError;

use super::style::{Done, Sheet, height, house};
use super::{Context, DefinedName};
use crate::model::{
    CellValue, Column, Figure, Indicator, OVERVIEW_NAME, OverviewHeading, OverviewLabel, column_letters,
    overview_rows, placed_overview_rows,
};

/// Columns before the figures: code, name, level, parent.
const AREA_COLUMNS: u16 = 4;
/// Zero-based row with the names of the indicators, to which links lead.
const NAME_ROW: u32 = 2;
/// Width of a column with figures, in characters.
const FIGURE_WIDTH: f64 = 17.0;
const AREA_WIDTHS: [f64; 4] = [19.0, 27.0, 17.0, 17.0];

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

    /// The column of an indicator: that of the newest edition, which is the one that filling takes.
    pub(super) fn place<'a>(&self, context: &Context<'a>, indicator: &Indicator) -> Option<Place<'a>> {
        let overview = context.overview;
        let index = overview.column_index(&indicator.code)?;
        let column = overview.columns.get(index)?;
        let letters = column_letters(u32::try_from(index).ok()? + u32::from(AREA_COLUMNS));
        let benchmark = self.benchmark.map(|area| overview.figure(area, index));
        Some(Place { cell: format!("{letters}{}", NAME_ROW + 1), column, benchmark })
    }
}

/// How the tab is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// Among the other tabs: with links back to them.
    Tabs,
    /// As the only tab of a file.
    Alone,
}

/// Writes the tab: what stands where is the model's [`placed_overview_rows`], how it looks is decided here.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    layout: &Layout,
    company: Company,
    names: &mut Vec<DefinedName>,
) -> Done {
    let tab = context.format.tab("overzicht");
    let (columns, areas) = (&context.overview.columns, context.overview.areas.len());
    let rows = match company {
        Company::Tabs => placed_overview_rows(context.overview, context.format),
        Company::Alone => overview_rows(context.overview),
    };
    // The areas stand at the bottom, the heading row above them.
    let heading_at = rows.len().saturating_sub(areas + 1);
    sheet.widths(&AREA_WIDTHS)?;
    for (col, _) in (AREA_COLUMNS..).zip(columns) {
        sheet.ws.set_column_width(col, FIGURE_WIDTH)?;
    }
    for ((row, cells), at) in (0_u32..).zip(&rows).zip(0_usize..) {
        if at == 0 {
            title(sheet, context, company, cells)?;
        } else if at < heading_at {
            label_row(sheet, context, row, cells)?;
            // The title stands above the labels.
            let label = OverviewLabel::ALL.get(at - 1);
            names.extend(label.map(|label| DefinedName::cell(name_of(label.field()), tab, row, 0)));
        } else if at == heading_at {
            heading_row(sheet, context, row, cells)?;
            names.push(DefinedName::cell(name_of("kop"), tab, row, 0));
            let fields = OverviewHeading::ALL.iter().map(|(heading, _)| heading.field());
            names.extend(
                (0_u16..).zip(fields).map(|(col, field)| DefinedName::cell(name_of(field), tab, row, col)),
            );
        } else {
            let benchmark = layout.benchmark == Some(at - heading_at - 1);
            area_row(sheet, context, row, cells, benchmark)?;
            if benchmark {
                names.push(DefinedName::cell(name_of("benchmark"), tab, row, 0));
            }
        }
    }
    // Links lead to the row with the names; that row and those above it stay in view.
    sheet.ws.set_freeze_panes(NAME_ROW + 1, AREA_COLUMNS)?;
    sheet.ws.set_repeat_rows(0, NAME_ROW)?;
    sheet.ws.set_repeat_columns(0, 1)?;
    sheet.ws.set_print_fit_to_pages(pages_wide(columns.len()), 0);
    Ok(())
}

/// The name of a cell: what the cell is, whatever somebody calls it.
fn name_of(field: &str) -> String {
    format!("{OVERVIEW_NAME}{field}")
}

/// What the format calls a label or heading.
fn called(context: &Context<'_>, usual: &str) -> String {
    context.format.overview_text(usual).unwrap_or(usual).to_owned()
}

/// Number of pages beside each other on which the tab can still be read: one page would be a letter of two points. The
/// names of the areas are repeated on each.
fn pages_wide(columns: usize) -> u16 {
    /// Characters on a page of A4 landscape, at six tenths of their size.
    const PAGE: f64 = 225.0;
    let repeated: f64 = AREA_WIDTHS.iter().take(2).sum();
    let once: f64 = AREA_WIDTHS.iter().skip(2).sum();
    let columns = u16::try_from(columns).unwrap_or(u16::MAX);
    let pages = (once + f64::from(columns) * FIGURE_WIDTH) / (PAGE - repeated);
    (1..=200).find(|number| f64::from(*number) >= pages).unwrap_or(200)
}

fn title(sheet: &mut Sheet<'_>, context: &Context<'_>, company: Company, cells: &[CellValue]) -> Done {
    let (format, look) = (context.format, context.look);
    let text = cells.first().map(CellValue::text).unwrap_or_default();
    sheet.text(0, 0, &text, &look.body_heading.clone().set_font_size(9))?;
    sheet.ws.set_row_height(0, height(&[(&text, AREA_WIDTHS[0] - 2.0)]).max(32.0))?;
    if company == Company::Alone {
        return Ok(());
    }
    // Small, so that the links fit in the columns that stay in view.
    let link = look.plain_link.clone().set_font_size(8);
    let mut col = 1;
    for pijler in &format.pijlers {
        sheet.link(0, col, &format!("terug naar {}", pijler.tab), (&pijler.tab, "A1"), &link)?;
        col += 1;
    }
    let contents = format.tab("inhoudsopgave");
    sheet.link(0, col, contents, (contents, "A1"), &link)
}

fn label_row(sheet: &mut Sheet<'_>, context: &Context<'_>, row: u32, cells: &[CellValue]) -> Done {
    let look = context.look;
    let label = called(context, &cells.first().map(CellValue::text).unwrap_or_default());
    sheet.wide(row, 0, AREA_COLUMNS - 1, &label, &look.label)?;
    let style = if row == NAME_ROW { &look.strong } else { &look.tall };
    let mut tallest = height(&[("", FIGURE_WIDTH)]);
    for (col, cell) in (AREA_COLUMNS..).zip(cells.iter().skip(usize::from(AREA_COLUMNS))) {
        match cell {
            CellValue::Number(number) => {
                sheet.ws.write_number_with_format(row, col, *number, &look.centre)?;
            }
            other => {
                let text = other.text();
                tallest = tallest.max(height(&[(&text, FIGURE_WIDTH)]));
                sheet.text(row, col, &text, style)?;
                // A measuring year is kept as it is written, so that '2016' and 'onbekend' are of one kind.
                if text.parse::<f64>().is_ok() {
                    sheet.ws.ignore_error(row, col, IgnoreError::NumberStoredAsText)?;
                }
            }
        }
    }
    sheet.ws.set_row_height(row, tallest)?;
    Ok(())
}

fn heading_row(sheet: &mut Sheet<'_>, context: &Context<'_>, row: u32, cells: &[CellValue]) -> Done {
    let (left, figure) = (context.look.heading(house()), context.look.figure_heading(house()));
    let mut tallest = 34.0_f64;
    for (col, cell) in (0_u16..).zip(cells) {
        let text = cell.text();
        if col < AREA_COLUMNS {
            sheet.text(row, col, &called(context, &text), &left)?;
        } else {
            tallest = tallest.max(height(&[(&text, FIGURE_WIDTH - 1.0)]));
            sheet.text(row, col, &text, &figure)?;
        }
    }
    sheet.ws.set_row_height(row, tallest)?;
    Ok(())
}

fn area_row(sheet: &mut Sheet<'_>, context: &Context<'_>, row: u32, cells: &[CellValue], benchmark: bool) -> Done {
    let look = context.look;
    let mut tallest = height(&[("", FIGURE_WIDTH)]);
    let (area, figures) = cells.split_at_checked(usize::from(AREA_COLUMNS)).unwrap_or((cells, &[]));
    for (col, cell) in (0_u16..).zip(area) {
        let text = cell.text();
        let width = AREA_WIDTHS.get(usize::from(col)).copied().unwrap_or(FIGURE_WIDTH);
        tallest = tallest.max(height(&[(&text, width)]));
        sheet.text(row, col, &text, if benchmark { &look.label } else { &look.cell })?;
    }
    for ((col, cell), column) in (AREA_COLUMNS..).zip(figures).zip(&context.overview.columns) {
        match cell {
            CellValue::Number(number) if benchmark => {
                sheet.ws.write_number_with_format(row, col, *number, &look.benchmark(column.decimals))?;
            }
            CellValue::Number(number) => {
                sheet.ws.write_number_with_format(row, col, *number, &look.figure(column.decimals))?;
            }
            other => {
                let text = other.text();
                tallest = tallest.max(height(&[(&text, FIGURE_WIDTH)]));
                sheet.text(row, col, &text, &look.centre)?;
            }
        }
    }
    sheet.ws.set_row_height(row, tallest)?;
    Ok(())
}
