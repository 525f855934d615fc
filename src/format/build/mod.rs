//! Building the blank analysis workbook (`spec/analysis-workbook.md`).
//!
//! Owns the order of the tabs, the document properties and the defined names; every kind of tab has a module
//! of its own, and `style` has the looks. Must not know files: bytes come out. The same format, overview and
//! options give the same bytes.

mod chart;
mod chart_data;
mod choices;
mod factorenmodel;
mod follow;
mod front;
mod list;
mod mend;
mod overview;
mod pages;
mod pijler;
mod style;
mod summary;
mod tabs;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

pub(super) use self::choices::{LONGEST_MESSAGE, LONGEST_TITLE, choices};
use self::style::{Done, Look, Sheet, colour, house, target};
pub(crate) use self::style::{LINE_HEIGHT, lines as text_lines};
use crate::error::{Error, Result};
use crate::model::{CHART_TAB, Format, Overview, OwnWords, column_letters};

/// Name of the very hidden tab with the version of the format and, later, the record of filling.
pub const RECORD_TAB: &str = "_wijkanalyse";

/// Name of the custom document property with the version of the format.
pub const VERSION_PROPERTY: &str = "WijkanalyseFormat";

/// What may differ between two workbooks of one format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// Name of the wijk, written at the top of every pijler tab and above column E; `None` leaves it open.
    pub wijk: Option<String>,
    /// Date of creation in the document properties, ISO (`2026-11-22`). `None`: the date of the newest line of
    /// the format's change log. Never the clock, so that the same input gives the same bytes.
    pub date: Option<String>,
    /// Tabs with plain rows, behind those of the format.
    pub lists: Vec<ListTab>,
}

/// A tab with a title, an explanation and rows of text under headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListTab {
    /// Name of the tab.
    pub name: String,
    /// What it is, under the title.
    pub explanation: String,
    /// Headings with the width of their column in characters.
    pub headings: Vec<(String, u16)>,
    /// Rows, each with as many texts as there are headings.
    pub rows: Vec<Vec<String>>,
}

/// What every tab may look at while it is written.
struct Context<'a> {
    format: &'a Format,
    overview: &'a Overview,
    options: &'a BuildOptions,
    look: &'a Look,
}

impl<'a> Context<'a> {
    fn sheet<'s>(&'s self, ws: &'s mut Worksheet) -> Sheet<'s> {
        Sheet { ws, look: self.look }
    }

    fn text(&self, key: &str) -> &'a str {
        self.format.texts.get(key)
    }

    /// The heading of a field, as the format writes it; the field's own name when the format lacks it.
    fn heading(&self, table: &str, field: &str) -> String {
        let found = self.format.headings_of(table).find(|heading| heading.field == field);
        found.map_or_else(|| field.to_owned(), |heading| heading.text.clone())
    }

    /// The headings of a table, in column order.
    fn headings(&self, table: &'a str) -> Vec<(&'a str, &'a str)> {
        self.format.headings_of(table).map(|h| (h.field.as_str(), h.text.as_str())).collect()
    }
}

/// A name that Excel keeps for a cell or range: where it is looked for by people and by other programs. The
/// product itself never depends on them.
struct DefinedName {
    name: String,
    refers_to: String,
}

impl DefinedName {
    /// A name for one cell (zero-based row and column).
    fn cell(name: String, tab: &str, row: u32, col: u16) -> Self {
        Self::range(name, tab, (row, col), (row, col))
    }

    /// A name for a block of cells.
    fn range(name: String, tab: &str, from: (u32, u16), to: (u32, u16)) -> Self {
        let at = |(row, col): (u32, u16)| format!("${}${}", column_letters(u32::from(col)), row + 1);
        let cells = if from == to { at(from) } else { format!("{}:{}", at(from), at(to)) };
        DefinedName { name, refers_to: format!("={}", target(tab, &cells)) }
    }
}

/// A part of a defined name: letters, digits and underscores only.
fn name_part(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
}

/// Builds the workbook: all tabs of the format in order, the optional tabs, and the hidden record tab. Column G
/// holds the figures of the benchmark from `overview`; an overview without the benchmark leaves it empty.
///
/// # Errors
/// [`Error::Content`] when two tabs have one name or Excel's limits are passed (such as more columns than a tab can hold), and
/// [`Error::Request`] when the date in the options is none.
pub fn build(format: &Format, overview: &Overview, options: &BuildOptions) -> Result<Vec<u8>> {
    let date = creation_date(format, options)?;
    tabs::refuse_collisions(format, options)?;
    let look = Look::new();
    let context = Context { format, overview, options, look: &look };
    mend::charts(write_all(&context, date).map_err(|error| refused(&error))?)
}

/// Builds a workbook with the overview tab only: an overview as a file of its own.
///
/// # Errors
/// [`Error::Content`] when Excel's limits are passed.
pub fn build_overview(format: &Format, overview: &Overview) -> Result<Vec<u8>> {
    let options = BuildOptions::default();
    let date = creation_date(format, &options)?;
    let look = Look::new();
    let context = Context { format, overview, options: &options, look: &look };
    let write = || -> Done<Vec<u8>> {
        let mut workbook = Workbook::new();
        let ws = workbook.add_worksheet();
        ws.set_name(format.tab("overzicht"))?.set_tab_color(house());
        let mut sheet = context.sheet(ws);
        sheet.page(&format.name, &format.version);
        let layout = overview::Layout::of(&context);
        // Labels are known by the names of their cells here too, whatever another format calls them.
        let mut names = Vec::new();
        overview::write(&mut sheet, &context, &layout, overview::Company::Alone, &mut names)?;
        for name in &names {
            workbook.define_name(&name.name, &name.refers_to)?;
        }
        workbook.set_properties(&properties(&context, &date));
        workbook.save_to_buffer()
    };
    write().map_err(|error| refused(&error))
}

fn refused(error: &XlsxError) -> Error {
    let why = match error {
        XlsxError::MaxStringLengthExceeded => {
            "een tekst is langer dan de 32.767 tekens die in een cel passen".to_owned()
        }
        XlsxError::SheetnameReused(name) => format!("er zijn twee tabbladen met de naam '{name}'"),
        XlsxError::SheetnameCannotBeBlank(_) => "een tabblad heeft geen naam".to_owned(),
        XlsxError::SheetnameLengthExceeded(name) => {
            format!("de naam '{name}' van een tabblad is langer dan de 31 tekens die Excel toelaat")
        }
        XlsxError::SheetnameContainsInvalidCharacter(name)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(name) => {
            format!("in de naam '{name}' van een tabblad staat een teken dat Excel daar niet toelaat")
        }
        other => other.to_string(),
    };
    Error::content(
        "het nieuwe werkboek",
        format!("het werkboek kan niet worden gemaakt ({why})"),
        "Controleer de namen van de tabbladen en de omvang van het overzicht.",
    )
}

/// The document properties, with a fixed date of creation.
fn properties(context: &Context<'_>, date: &ExcelDateTime) -> DocProperties {
    let format = context.format;
    DocProperties::new()
        .set_title(&format.name)
        .set_author("wijkanalyse")
        .set_subject(context.text("werkboek-ondertitel"))
        .set_keywords("wijkprogrammering, wijkanalyse, jeugd")
        .set_comment(format!("Versie {}", format.version))
        .set_creation_datetime(date)
        .set_custom_property(VERSION_PROPERTY, format.version.as_str())
        .set_custom_property("Taal", "nl-NL")
}

fn creation_date(format: &Format, options: &BuildOptions) -> Result<ExcelDateTime> {
    let newest = format.change_log.iter().map(|entry| entry.date.as_str()).max().unwrap_or("2020-01-01");
    let text = options.date.as_deref().unwrap_or(newest);
    let wrong = || {
        Error::request(format!("'{text}' is geen datum"), "Geef de datum als jaar-maand-dag, zoals 2026-11-22.")
    };
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let number = |n: i8| u8::try_from(n).map_err(|_| wrong());
    let year = u16::try_from(date.year()).map_err(|_| wrong())?;
    ExcelDateTime::from_ymd(year, number(date.month())?, number(date.day())?).map_err(|_| wrong())
}

/// Below the version of the format (and the headings that filling puts there): what the format says of indicators otherwise
/// than the overview does.
fn own_words(sheet: &mut Sheet<'_>, context: &Context<'_>, layout: &overview::Layout) -> Done {
    let indicators = context.format.indicators.iter();
    let differing = indicators.filter_map(|indicator| {
        layout.place(context, indicator).map(|place| OwnWords::between(indicator, place.column))
    });
    for (row, words) in (4_u32..).zip(differing.flatten()) {
        let texts = [OwnWords::KIND, &words.code, &words.field, &words.own, &words.shown];
        for (col, text) in (OwnWords::COLUMN..).zip(texts) {
            sheet.ws.write_string(row, u16::try_from(col).unwrap_or(u16::MAX), text)?;
        }
    }
    Ok(())
}

fn write_all(context: &Context<'_>, date: ExcelDateTime) -> Done<Vec<u8>> {
    let format = context.format;
    let mut workbook = Workbook::new();
    let mut names = Vec::new();
    let layout = overview::Layout::of(context);

    let mut add = |tab: &str, colour, write: &mut dyn FnMut(&mut Sheet<'_>) -> Done| -> Done {
        let ws = workbook.add_worksheet();
        ws.set_name(tab)?.set_tab_color(colour);
        let mut sheet = context.sheet(ws);
        sheet.page(&format.name, &format.version);
        write(&mut sheet)
    };

    add(format.tab("inhoudsopgave"), house(), &mut |sheet| front::contents(sheet, context))?;
    add(format.tab("toelichting"), house(), &mut |sheet| front::explanation(sheet, context, &mut names))?;
    add(format.tab("changelog"), house(), &mut |sheet| front::change_log(sheet, context))?;
    let mut placed = Vec::new();
    for pijler in &format.pijlers {
        add(&pijler.tab, colour(&pijler.colour), &mut |sheet| {
            placed.extend(pijler::write(sheet, context, pijler, &layout, &mut names)?);
            Ok(())
        })?;
    }
    let data = chart_data::ChartData::of(context, &placed);
    add(format.tab("samenvatting"), house(), &mut |sheet| {
        summary::write(sheet, context, data.charts(), &mut names)
    })?;
    add(format.tab("overzicht"), house(), &mut |sheet| {
        overview::write(sheet, context, &layout, overview::Company::Tabs, &mut names)
    })?;
    for domein in &format.domeinen {
        let pijler = format.pijlers.iter().find(|pijler| pijler.name == domein.pijler);
        add(&domein.factorenmodel_tab, pijler.map_or_else(house, |p| colour(&p.colour)), &mut |sheet| {
            factorenmodel::write(sheet, context, domein)
        })?;
    }
    add(format.tab("ranking"), house(), &mut |sheet| factorenmodel::ranking(sheet, context))?;
    for (kind, fields) in [
        ("resultaten", follow::RESULTATEN),
        ("matrix", follow::MATRIX),
        ("activiteiten", follow::ACTIVITEITEN),
        ("afspraken", follow::AFSPRAKEN),
    ] {
        add(format.tab(kind), house(), &mut |sheet| follow::write(sheet, context, kind, fields))?;
    }
    for list in &context.options.lists {
        add(&list.name, house(), &mut |sheet| list::write(sheet, context, list))?;
    }
    add(RECORD_TAB, house(), &mut |sheet| {
        sheet.ws.write_string(0, 0, "Versie format")?.write_string(0, 1, &format.version)?.set_very_hidden(true);
        own_words(sheet, context, &layout)
    })?;
    add(CHART_TAB, house(), &mut |sheet| data.write(sheet))?;

    for (name, _, tab) in format.tab_ids() {
        names.push(DefinedName::cell(name, tab, 0, 0));
    }
    // Excel does not tell names apart by case, and two tabs may differ in signs only: the first keeps its name.
    names.sort_by_key(|name: &DefinedName| name.name.to_lowercase());
    names.dedup_by_key(|name| name.name.to_lowercase());
    for name in &names {
        workbook.define_name(&name.name, &name.refers_to)?;
    }
    workbook.set_properties(&properties(context, &date));
    workbook.save_to_buffer()
}
