//! The charts on the summary tab: per pijler the opvallende figures of the wijk beside gebied and benchmark.
//!
//! Owns how a chart looks and where it stands: its lines lie beside the rows that name them, so that every program shows
//! the names, and people who cannot see the chart read the same in the cells. What is drawn is in `chart_data`.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartAxisTickType, ChartEmptyCells, ChartFont, ChartFormat, ChartLayout,
    ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartSolidFill, ChartType, Color, FormatAlign,
    ObjectMovement,
};

use super::Context;
use super::chart_data::{Charted, Column, NAMES};
use super::style::{Done, Sheet, colour, height, house};
use crate::model::{AreaLevel, CHART_TAB, column_letters};

/// Height of a row beside the chart, in points.
const LINE: f64 = 26.0;
/// Rows below the lines for the scale and the legend.
const BELOW: u32 = 3;
/// Last column with words; the chart stands in those behind it.
const LABEL: u16 = 2;
const GREY: u32 = 0x7F_7F_7F;
const DARK: u32 = 0x40_40_40;
const LIGHT: u32 = 0xD9_D9_D9;
/// The gebied: brown, so that it is apart from both others without its shape too.
const GEBIED: u32 = 0x8A_5A_00;

/// Writes the chart of a pijler from zero-based `row` on and gives its last row. `widths` are those of the tab's columns,
/// in characters.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    charted: &Charted,
    row: u32,
    widths: &[f64],
) -> Done<u32> {
    let (format, look) = (context.format, context.look);
    let pijler = format.pijlers.iter().find(|pijler| pijler.name == charted.pijler);
    let hue = pijler.map_or_else(house, |pijler| colour(&pijler.colour));
    let last = u16::try_from(widths.len()).unwrap_or(1).saturating_sub(1);
    let title = context.text("grafiek-titel").replace("{pijler}", &charted.pijler);
    sheet.wide(row, 0, last, &title, &look.bar(hue))?;
    sheet.ws.set_row_height(row, 26.0)?;
    let explanation = context
        .text("grafiek-uitleg")
        .replace("{regels}", &charted.count.to_string())
        .replace("{benchmark}", &format.benchmark.1);
    sheet.wide(row + 1, 0, last, &explanation, &look.quiet)?;
    sheet.ws.set_row_height(row + 1, height(&[(&explanation, widths.iter().sum::<f64>())]))?;

    let first = row + 2;
    let cell = |row: u32, col: u16| format!("='{CHART_TAB}'!${}${}", column_letters(u32::from(col)), row + 1);
    let words = look.cell.clone();
    // Without this an empty outcome would be written as 0.
    sheet.ws.set_formula_result_default("");
    for number in 0..charted.count {
        let at = first + number;
        let line = charted.first + number;
        sheet.ws.merge_range(at, 0, at, 1, "", &words)?;
        for (col, from, style) in
            [(0, Column::JUDGEMENT, &words), (LABEL, Column::LABEL, &words.clone().set_align(FormatAlign::Right))]
        {
            let formula = rust_xlsxwriter::Formula::new(cell(line, from)).set_result("");
            sheet.ws.write_formula_with_format(at, col, formula, style)?;
        }
        sheet.ws.set_row_height(at, LINE)?;
    }
    // Which figures are not drawn, when there are too many.
    let below = first + charted.count;
    let formula = rust_xlsxwriter::Formula::new(cell(charted.first + charted.count, Column::LABEL)).set_result("");
    sheet.ws.write_formula_with_format(
        below,
        LABEL,
        formula,
        &look.quiet.clone().set_align(FormatAlign::Right),
    )?;
    let end = first + charted.count + BELOW - 1;
    for at in first + charted.count..=end {
        sheet.ws.set_row_height(at, LINE)?;
    }
    // Excel and rust_xlsxwriter measure in pixels: 4 to every 3 points, 7 to a character with 5 around a column.
    let wide: f64 = widths.iter().skip(usize::from(LABEL) + 1).map(|width| (width * 7.0 + 5.0).trunc()).sum();
    let tall = f64::from(charted.count + BELOW) * LINE * 4.0 / 3.0;
    let mut chart = drawn(context, charted, hue);
    let alt = format!(
        "{title}. De regels links van de grafiek noemen elk cijfer, met het woord gunstiger of ongunstiger."
    );
    // Excel takes 255 characters; the whole title stands above the chart.
    chart.set_alt_text(alt.chars().take(255).collect::<String>());
    chart.set_width(wide as u32).set_height(tall as u32);
    chart.set_object_movement(ObjectMovement::MoveAndSizeWithCells);
    sheet.ws.insert_chart(first, LABEL + 1, &chart)?;
    Ok(end)
}

fn drawn(context: &Context<'_>, charted: &Charted, hue: Color) -> Chart {
    let (lines, ranges) = charted.rows();
    let name = |(row, col): (u32, u16)| format!("='{CHART_TAB}'!${}${}", column_letters(u32::from(col)), row + 1);
    let mut chart = Chart::new(ChartType::ScatterStraightWithMarkers);
    let mut none = ChartMarker::new();
    none.set_none();
    chart
        .add_series()
        .set_name("alle wijken")
        .set_categories((CHART_TAB, ranges.0, Column::RANGE, ranges.1, Column::RANGE))
        .set_values((CHART_TAB, ranges.0, Column::RANGE_HEIGHT, ranges.1, Column::RANGE_HEIGHT))
        .set_marker(&none)
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::RGB(GREY)).set_width(2.75)));
    let dots: [(String, [u16; 2], ChartMarkerType, u8, Color); 3] = [
        (
            context.format.benchmark.1.clone(),
            [Column::BENCHMARK, Column::BENCHMARK_HEIGHT],
            ChartMarkerType::Square,
            7,
            Color::RGB(DARK),
        ),
        (
            name(NAMES[1]),
            [Column::GEBIED, Column::GEBIED_HEIGHT],
            ChartMarkerType::Diamond,
            11,
            Color::RGB(GEBIED),
        ),
        (name(NAMES[0]), [Column::WIJK, Column::WIJK_HEIGHT], ChartMarkerType::Circle, 10, hue),
    ];
    // A city without gebieden has nothing to draw or to name there; of an overview without areas nothing is known.
    let areas = &context.overview.areas;
    let gebieden = areas.is_empty() || areas.iter().any(|area| area.level == AreaLevel::Gebied);
    for (name, [col, height], shape, size, colour) in dots {
        if col == Column::GEBIED && !gebieden {
            continue;
        }
        let mut marker = ChartMarker::new();
        marker.set_type(shape).set_size(size).set_format(
            ChartFormat::new()
                .set_solid_fill(ChartSolidFill::new().set_color(colour))
                .set_border(ChartLine::new().set_color(Color::White).set_width(0.75)),
        );
        chart
            .add_series()
            .set_name(&name)
            .set_categories((CHART_TAB, lines.0, col, lines.1, col))
            .set_values((CHART_TAB, lines.0, height, lines.1, height))
            .set_marker(&marker)
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_hidden(true)));
    }
    let mut small = ChartFont::new();
    small.set_size(9).unset_bold();
    let benchmark = &context.format.benchmark.1;
    chart
        .x_axis()
        .set_name(&format!("← ongunstiger dan {benchmark}   |   gunstiger dan {benchmark} → (in spreidingen)"))
        .set_name_font(&small)
        .set_num_format("+0;-0;0")
        .set_label_position(ChartAxisLabelPosition::Low)
        .set_major_unit(1)
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(LIGHT)));
    chart
        .y_axis()
        .set_min(0)
        .set_max(charted.count)
        .set_label_position(ChartAxisLabelPosition::None)
        .set_major_tick_type(ChartAxisTickType::None)
        .set_major_gridlines(false)
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::RGB(DARK)).set_width(1)));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let share = f64::from(charted.count) / f64::from(charted.count + BELOW);
    chart.plot_area().set_layout(&ChartLayout::new().set_offset(0.03, 0.0).set_dimensions(0.94, share));
    chart.show_empty_cells_as(ChartEmptyCells::Gaps).show_hidden_data();
    chart
}
