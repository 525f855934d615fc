//! The house style of the workbook: colours, cell formats, row heights, links, page setup.
//!
//! Owns how things look. Must not know what stands where.

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Worksheet, XlsxError, cell_autofit_width,
};

use crate::model::Identity;

/// Shorthand for what rust_xlsxwriter returns.
pub(super) type Done<T = ()> = Result<T, XlsxError>;

const INK: u32 = 0x22_33_3B;
const HOUSE: u32 = 0x1B_4B_5A;
const TINT: u32 = 0xE6_EF_F1;
const LINE: u32 = 0xB9_C6_CB;
const LINK: u32 = 0x0B_53_94;
const QUIET: u32 = 0x5C_6B_73;
const RISK: u32 = 0xF8_DF_DC;
const PROTECT: u32 = 0xDD_EE_DE;
const ROOM: u32 = 0xFB_FC_FA;

/// Points per line of text at the body size.
pub(crate) const LINE_HEIGHT: f64 = 13.2;
/// Excel's largest row height in points.
const TALLEST: f64 = 400.0;

/// A colour from `RRGGBB`; the house colour when it is none (loading checks it).
pub(super) fn colour(hex: &str) -> Color {
    Color::RGB(u32::from_str_radix(hex, 16).unwrap_or(HOUSE))
}

/// The house colour, for tabs that belong to no pijler.
pub(super) fn house() -> Color {
    Color::RGB(HOUSE)
}

/// All cell formats, made once.
pub(super) struct Look {
    /// Explanation under a title.
    pub(super) quiet: Format,
    /// Label of a field or row.
    pub(super) label: Format,
    /// Cell with text of the format.
    pub(super) cell: Format,
    /// The same for texts of several lines: from the top.
    pub(super) tall: Format,
    /// The same, centred.
    pub(super) centre: Format,
    /// The same, bold.
    pub(super) strong: Format,
    /// Cell in which people write.
    pub(super) room: Format,
    /// The same where filling may propose a list: set smaller.
    pub(super) proposal: Format,
    /// A link in a table.
    pub(super) link: Format,
    /// A link without borders.
    pub(super) plain_link: Format,
    /// A sub-heading inside a block.
    pub(super) section: Format,
    /// A warning in a block.
    pub(super) notice: Format,
    /// Name of a factor above its indicators.
    pub(super) factor: Format,
    /// Risk factor.
    pub(super) risk: Format,
    /// Protective factor.
    pub(super) protective: Format,
    /// Body text.
    pub(super) body: Format,
    /// Small heading in body text.
    pub(super) body_heading: Format,
}

impl Look {
    /// Makes the formats.
    pub(super) fn new() -> Self {
        let text = Format::new().set_font_name("Calibri").set_font_size(10).set_font_color(Color::RGB(INK));
        let boxed = text
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(LINE))
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let tall = boxed.clone().set_align(FormatAlign::Top);
        let blue = |format: Format| format.set_font_color(Color::RGB(LINK)).set_underline(FormatUnderline::Single);
        let body = text.clone().set_text_wrap().set_align(FormatAlign::Top).set_font_size(11);
        Look {
            quiet: text
                .clone()
                .set_font_color(Color::RGB(QUIET))
                .set_italic()
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            label: boxed.clone().set_bold().set_background_color(Color::RGB(TINT)),
            centre: boxed.clone().set_align(FormatAlign::Center),
            strong: boxed.clone().set_bold(),
            room: tall.clone().set_background_color(Color::RGB(ROOM)),
            proposal: tall.clone().set_background_color(Color::RGB(ROOM)).set_font_size(9),
            link: blue(boxed.clone()),
            plain_link: blue(text.clone()).set_text_wrap().set_align(FormatAlign::VerticalCenter),
            section: text
                .clone()
                .set_bold()
                .set_font_color(Color::RGB(HOUSE))
                .set_background_color(Color::RGB(TINT))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(LINE))
                .set_align(FormatAlign::VerticalCenter),
            notice: boxed.clone().set_italic().set_background_color(Color::RGB(0xFF_F6_E5)),
            factor: boxed.clone().set_bold().set_font_color(Color::RGB(HOUSE)),
            risk: boxed.clone().set_background_color(Color::RGB(RISK)),
            protective: boxed.clone().set_background_color(Color::RGB(PROTECT)),
            body_heading: body.clone().set_bold().set_font_color(Color::RGB(HOUSE)),
            body,
            tall,
            cell: boxed,
        }
    }

    /// The bar above a block or tab, in the colour of its pijler.
    pub(super) fn bar(&self, colour: Color) -> Format {
        Format::new()
            .set_font_name("Calibri")
            .set_font_size(14)
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(colour)
            .set_align(FormatAlign::VerticalCenter)
    }

    /// A link beside such a bar: on a light ground, because not every program lets a link be white.
    pub(super) fn bar_link(&self, colour: Color) -> Format {
        self.plain_link
            .clone()
            .set_align(FormatAlign::Center)
            .set_background_color(Color::RGB(TINT))
            .set_border(FormatBorder::Thin)
            .set_border_color(colour)
    }

    /// A column heading, in the colour of its pijler.
    pub(super) fn heading(&self, colour: Color) -> Format {
        self.cell
            .clone()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(colour)
            .set_align(FormatAlign::VerticalCenter)
    }

    /// A column heading above figures: centred.
    pub(super) fn figure_heading(&self, colour: Color) -> Format {
        self.heading(colour).set_align(FormatAlign::Center)
    }

    /// A figure with `decimals` decimals, grouped by thousands, in Dutch. A file always stores point and comma the
    /// American way; Excel shows them as the computer is set, other programs as the format's language says.
    pub(super) fn figure(&self, decimals: u8) -> Format {
        self.centre.clone().set_num_format(number_format(decimals))
    }

    /// Explanation inside a table.
    pub(super) fn quiet_boxed(&self) -> Format {
        self.cell.clone().set_italic().set_font_color(Color::RGB(QUIET))
    }

    /// A figure of the benchmark: the same on a tint, because it is not to be changed.
    pub(super) fn benchmark(&self, decimals: u8) -> Format {
        self.figure(decimals).set_background_color(Color::RGB(TINT)).set_bold()
    }
}

/// The mark of the Dutch language (nl-NL) at the head of a number format.
const DUTCH: &str = "[$-413]";

/// `#,##0` with as many decimals as asked for.
fn number_format(decimals: u8) -> String {
    match decimals {
        0 => format!("{DUTCH}#,##0"),
        some => format!("{DUTCH}#,##0.{}", "0".repeat(usize::from(some))),
    }
}

/// Day, month and year, as a date is written in the workbook.
pub(super) fn date_format() -> String {
    format!("{DUTCH}dd-mm-yyyy")
}

/// Width of a word in the body's size, in pixels.
fn wide(word: &str) -> f64 {
    /// What is added to every width, for the edges of a cell.
    const EDGES: u32 = 7;
    /// Widths are given for letters of 11 points; the body is set in 10.
    const SMALLER: f64 = 10.0 / 11.0;
    f64::from(cell_autofit_width(word).saturating_sub(EDGES)) * SMALLER
}

/// How many lines a text takes in a column of `width` characters, broken at blanks.
pub(crate) fn lines(text: &str, width: f64) -> usize {
    // A character of a column's width is 7 pixels. The widths of letters are those on a screen, rounded up: on paper there is
    // some room left.
    let room = (width * 7.0).max(20.0);
    let blank = wide(" ");
    text.split('\n')
        .map(|paragraph| {
            let (mut count, mut used) = (1_usize, 0.0_f64);
            for word in paragraph.split(' ') {
                let mut length = wide(word);
                if used > 0.0 && used + blank + length > room {
                    count += 1;
                    used = 0.0;
                }
                // A word that is longer than the column is broken.
                while length > room {
                    count += 1;
                    length -= room;
                }
                used += if used > 0.0 { length + blank } else { length };
            }
            count
        })
        .sum()
}

/// Height in points for a row with these texts in columns of these widths.
pub(super) fn height(cells: &[(&str, f64)]) -> f64 {
    height_of_lines(cells.iter().map(|(text, width)| lines(text, *width)).max().unwrap_or(1).max(1))
}

/// Height in points for a row of so many lines.
pub(super) fn height_of_lines(count: usize) -> f64 {
    (count as f64 * LINE_HEIGHT + 5.0).min(TALLEST)
}

/// A cell of another tab as Excel writes it, quotes doubled: `'Pijler Veilig'!A1`.
pub(super) fn target(tab: &str, cell: &str) -> String {
    format!("'{}'!{cell}", tab.replace('\'', "''"))
}

/// A link to a cell of this workbook.
pub(super) fn internal(tab: &str, cell: &str) -> Url {
    Url::new(format!("internal:{}", target(tab, cell)))
}

/// A4 on its side, in points.
pub(super) const A4_WIDTH: f64 = 841.9;
/// See [`A4_WIDTH`].
pub(super) const A4_HEIGHT: f64 = 595.3;
/// Margins of every tab in points: left, right, top, bottom.
pub(super) const MARGINS: (f64, f64, f64, f64) = (36.0, 36.0, 54.0, 50.4);

/// A tab being written, with the look and what every tab needs.
pub(super) struct Sheet<'a> {
    /// The worksheet.
    pub(super) ws: &'a mut Worksheet,
    /// The formats.
    pub(super) look: &'a Look,
}

impl Sheet<'_> {
    /// Text in a cell.
    pub(super) fn text(&mut self, row: u32, col: u16, text: &str, format: &Format) -> Done {
        self.ws.write_string_with_format(row, col, text, format)?;
        Ok(())
    }

    /// Text over several columns of one row; a single cell when the columns are one.
    pub(super) fn wide(&mut self, row: u32, first: u16, last: u16, text: &str, format: &Format) -> Done {
        if first == last {
            return self.text(row, first, text, format);
        }
        self.ws.merge_range(row, first, row, last, text, format)?;
        Ok(())
    }

    /// An id in a hidden cell.
    pub(super) fn id(&mut self, row: u32, col: u16, id: &Identity) -> Done {
        self.ws.write_string(row, col, id.text())?;
        Ok(())
    }

    /// A hidden row with the ids of the columns of a table.
    pub(super) fn column_ids<'a>(
        &mut self,
        row: u32,
        table: &str,
        fields: impl IntoIterator<Item = (u16, &'a str)>,
    ) -> Done {
        for (col, field) in fields {
            self.id(row, col, &Identity::Column { table: table.to_owned(), field: field.to_owned() })?;
        }
        self.ws.set_row_hidden(row)?;
        Ok(())
    }

    /// An internal link.
    pub(super) fn link(&mut self, row: u32, col: u16, text: &str, to: (&str, &str), format: &Format) -> Done {
        let tip = format!("Ga naar {}", to.0);
        self.ws.write_url_with_options(row, col, internal(to.0, to.1), text, tip, Some(format))?;
        Ok(())
    }

    /// An internal link in a merged cell.
    pub(super) fn wide_link(
        &mut self,
        row: u32,
        cols: (u16, u16),
        text: &str,
        to: (&str, &str),
        format: &Format,
    ) -> Done {
        if cols.0 != cols.1 {
            self.ws.merge_range(row, cols.0, row, cols.1, "", format)?;
        }
        self.link(row, cols.0, text, to, format)
    }

    /// Column widths in characters, from column A.
    pub(super) fn widths(&mut self, widths: &[f64]) -> Done {
        for (col, width) in (0_u16..).zip(widths) {
            self.ws.set_column_width(col, *width)?;
        }
        Ok(())
    }

    /// A4 landscape, one page wide, with name, version and page numbers.
    pub(super) fn page(&mut self, name: &str, version: &str) {
        // In a footer `&` is a sign of its own, and a footer holds 255 characters at most.
        let name: String = name.chars().take(100).collect();
        let name = name.replace('&', "&&");
        let inches = |points: f64| points / 72.0;
        let (left, right, top, bottom) =
            (inches(MARGINS.0), inches(MARGINS.1), inches(MARGINS.2), inches(MARGINS.3));
        self.ws
            .set_paper_size(9)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_margins(left, right, top, bottom, 0.3, 0.3)
            .set_header("&L&9&A")
            .set_footer(format!("&L&8{name}, versie {version}&R&8bladzijde &P van &N"));
        self.ws.set_screen_gridlines(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_as_many_lines_as_its_column_asks() {
        assert_eq!(lines("kort", 20.0), 1);
        assert_eq!(lines("een twee drie vier vijf zes", 10.0), 3);
        assert_eq!(lines("regel\nregel", 40.0), 2);
        assert!(lines(&"x".repeat(50), 10.0) >= 5);
        // Wide letters take more room than narrow ones.
        assert_eq!((lines(&"il ".repeat(12), 20.0), lines(&"MW ".repeat(12), 20.0)), (1, 3));
    }

    #[test]
    fn a_tab_name_with_a_quote_is_escaped_in_a_link() {
        assert_eq!(target("Pijler 't Hart", "A1"), "'Pijler ''t Hart'!A1");
    }
}
