//! Reads an overview in the product's own layout, from a tab in a workbook or a file of its own.
//!
//! Finds rows by their labels and columns by their codes, never by address: rows may be moved, and the whole may be
//! transposed. Nothing is guessed in silence: what is not understood is a finding. Knows rows of cells; no library.

mod areas;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use self::table::Table;
use super::ReadOptions;
use super::layout::{Heading, Label, TITLE};
use super::sheet::{Cell, Row};
use super::value::{Decimal, Reading, Sign, shortened, usual_signs};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{
    CellRef, CellValue, Column, Figure, Mark, Missing, NumberText, Overview, WijkSpreads, companion, nearest,
    normalise, number_text,
};

/// Rows in which all that stands above the figures is looked for when the tab is not read as a whole.
pub(super) const HEAD: u32 = 60;
/// Fewest labels by which a tab is taken for an overview.
const FEWEST_LABELS: usize = 3;

/// Where everything stands.
struct Frame {
    /// Labelled rows: index in the rows.
    labels: BTreeMap<Label, usize>,
    /// Index of the heading row.
    heading: usize,
    /// Columns of code, name, level and parent.
    headings: Vec<(Heading, u32)>,
    /// Column of the labels.
    label_col: u32,
    /// Zero-based row of the headings.
    heading_row: u32,
    /// Columns with a code or a name.
    labelled: Vec<u32>,
}

/// True when the rows look like an overview in the own layout.
pub(super) fn is_own(rows: &[Row]) -> bool {
    label_column(rows).is_some() || label_row(rows).is_some()
}

/// True when the rows hold the headings above the areas, of which no other tab has these two.
pub(super) fn has_area_headings(rows: &[Row]) -> bool {
    let has = |wanted: Heading| {
        rows.iter()
            .flat_map(|row| &row.cells)
            .any(|cell| matches!(&cell.value, CellValue::Text(text) if Heading::of(text) == Some(wanted)))
    };
    has(Heading::Gebiedscode) && has(Heading::Niveau)
}

/// The column that holds most labels.
fn label_column(rows: &[Row]) -> Option<u32> {
    let mut hits: BTreeMap<u32, BTreeSet<Label>> = BTreeMap::new();
    for cell in rows.iter().flat_map(|row| row.cells.iter().take(6)).filter(|cell| cell.col < 12) {
        if let CellValue::Text(text) = &cell.value
            && let Some(label) = Label::of(text)
        {
            hits.entry(cell.col).or_default().insert(label);
        }
    }
    best(hits)
}

/// The row that holds most labels, when the overview is transposed.
fn label_row(rows: &[Row]) -> Option<u32> {
    let mut hits: BTreeMap<u32, BTreeSet<Label>> = BTreeMap::new();
    for row in rows.iter().take(40) {
        for cell in row.cells.iter().take(60) {
            if let CellValue::Text(text) = &cell.value
                && let Some(label) = Label::of(text)
            {
                hits.entry(row.index).or_default().insert(label);
            }
        }
    }
    best(hits)
}

fn best(hits: BTreeMap<u32, BTreeSet<Label>>) -> Option<u32> {
    let named = |found: &BTreeSet<Label>| found.contains(&Label::Code) || found.contains(&Label::Indicator);
    let enough = hits.into_iter().filter(|(_, found)| found.len() >= FEWEST_LABELS && named(found));
    // The first of those with most labels.
    enough.min_by_key(|(_, found)| std::cmp::Reverse(found.len())).map(|(at, _)| at)
}

fn transposed(rows: &[Row]) -> Vec<Row> {
    let mut columns: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    for row in rows {
        for cell in &row.cells {
            columns.entry(cell.col).or_default().push(Cell { col: row.index, ..cell.clone() });
        }
    }
    columns.into_iter().map(|(index, cells)| Row { index, cells }).collect()
}

/// Reads the rows of one tab (or csv; then `tab` is empty).
pub(super) fn read(file: &str, tab: &str, rows: Vec<Row>, options: &ReadOptions<'_>) -> Result<Passed> {
    let normal = label_column(&rows);
    let (rows, turned, label_col) = match (normal, label_row(&rows)) {
        (Some(column), _) => (rows, false, column),
        (None, Some(row)) => (transposed(&rows), true, row),
        (None, None) => {
            return Err(Error::content(
                file,
                "hierin staat geen indicatorenoverzicht (geen kolom met Code, Indicator, Definitie ...)",
                "Geef het tabblad 'Indicatoren overzicht (naslag)' of een bestand in dezelfde indeling.",
            ));
        }
    };
    let mut reader = Reader { file, tab, turned, options, reading: reading(), findings: Vec::new() };
    let frame = reader.frame(&rows, label_col)?;
    let sources = reader.columns(&rows, &frame);
    let edition = reader.edition(&rows, &sources);
    reader.decimal_points(&rows, &frame, &sources);
    let mut table = Table::new(reader, frame, sources, true);
    rows.iter().for_each(|row| table.row(row));
    table.settle();
    table.finish(edition)
}

/// Takes in one row; gives false to stop.
pub(super) type RowVisitor<'a> = dyn FnMut(&Row) -> Result<bool> + 'a;

/// What reading gives: the overview, the spread over all wijken (kept or not), and what was not understood.
pub(super) type Passed = (Overview, WijkSpreads, Vec<Finding>);

/// As [`read`], for [`ReadOptions::only_areas`], from rows that pass by once: `pass` shows them to a visitor and says
/// whether they came in order. `None` when the tab has to be read as a whole after all, because it is not laid out as
/// we write it: labels or headings below the first rows, turned, or out of order.
pub(super) fn read_some(
    file: &str,
    tab: &str,
    options: &ReadOptions<'_>,
    pass: &mut dyn FnMut(&mut RowVisitor<'_>) -> Result<bool>,
) -> Result<Option<Passed>> {
    let mut head: Vec<Row> = Vec::new();
    let mut table: Option<(Table<'_>, String)> = None;
    let in_order = pass(&mut |row| {
        if row.index < HEAD {
            head.push(row.clone());
            return Ok(true);
        }
        if table.is_none() {
            let Some(begun) = begin(file, tab, options, &head)? else { return Ok(false) };
            table = Some(begun);
        }
        let Some((table, _)) = &mut table else { return Ok(false) };
        if is_heading_or_label(row) {
            return Ok(false);
        }
        table.row(row);
        Ok(true)
    })?;
    let Some((mut table, edition)) = table.filter(|_| in_order) else { return Ok(None) };
    table.settle();
    if table.lacks_wanted() {
        return Ok(None);
    }
    table.finish(edition).map(Some)
}

/// The table that begins with these rows; `None` when they do not hold all that stands above the figures.
fn begin<'a>(
    file: &'a str,
    tab: &'a str,
    options: &'a ReadOptions<'a>,
    head: &[Row],
) -> Result<Option<(Table<'a>, String)>> {
    let Some(label_col) = label_column(head) else { return Ok(None) };
    let mut reader = Reader { file, tab, turned: false, options, reading: reading(), findings: Vec::new() };
    let Ok(frame) = reader.frame(head, label_col) else { return Ok(None) };
    let sources = reader.columns(head, &frame);
    let edition = reader.edition(head, &sources);
    let mut table = Table::new(reader, frame, sources, false);
    head.iter().for_each(|row| table.row(row));
    Ok(Some((table, edition)))
}

/// True for a row that belongs above the figures: it would be counted when the tab is read as a whole.
fn is_heading_or_label(row: &Row) -> bool {
    row.cells.iter().take(12).any(|cell| match &cell.value {
        CellValue::Text(text) => Label::of(text).is_some() || Heading::of(text).is_some(),
        _ => false,
    })
}

struct Reader<'a> {
    file: &'a str,
    tab: &'a str,
    turned: bool,
    options: &'a ReadOptions<'a>,
    reading: Reading,
    findings: Vec<Finding>,
}

/// A column with figures, and where it stands.
struct Source {
    col: u32,
    column: Column,
    /// True when all its figures are model estimates; asked for every cell, as is the next.
    estimates: bool,
    /// True when its unit is `%`.
    percentage: bool,
    /// True when it holds numbers of observations.
    counts: bool,
}

impl Reader<'_> {
    fn place(&self, row: u32, col: u32) -> Place {
        let (row, col) = if self.turned { (col, row) } else { (row, col) };
        let mut place = Place::cell(&CellRef::new(self.tab, row, col));
        place.tab = (!self.tab.is_empty()).then(|| self.tab.to_owned());
        place.file = Some(self.file.to_owned());
        place
    }

    fn whole(&self) -> Place {
        let tab = (!self.tab.is_empty()).then(|| self.tab.to_owned());
        Place { file: Some(self.file.to_owned()), tab, ..Place::default() }
    }

    fn note(&mut self, code: &str, level: Level, place: Place, found: String, expected: &str, advice: &str) {
        self.findings.push(Finding::new(code, level, place, found, expected, advice));
    }

    fn frame(&mut self, rows: &[Row], label_col: u32) -> Result<Frame> {
        let mut labels = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(label) = Label::of(&row.text(label_col)) else { continue };
            if *labels.entry(label).or_insert(at) == at {
                continue;
            }
            let place = self.place(row.index, label_col);
            self.note(
                "label-dubbel",
                Level::Waarschuwing,
                place,
                format!("Het label '{}' staat er twee keer; de eerste rij telt.", label.text()),
                "Elk label staat er een keer.",
                "Haal de rij weg die niet klopt.",
            );
        }
        let headings_of = |row: &Row| -> Vec<(Heading, u32)> {
            let mut found: Vec<(Heading, u32)> = Vec::new();
            for cell in row.cells.iter().take(12) {
                if let CellValue::Text(text) = &cell.value
                    && let Some(heading) = Heading::of(text)
                    && !found.iter().any(|(seen, _)| *seen == heading)
                {
                    found.push((heading, cell.col));
                }
            }
            found
        };
        let heading = rows
            .iter()
            .enumerate()
            .filter(|(at, _)| !labels.values().any(|label| label == at))
            .map(|(at, row)| (at, headings_of(row)))
            .filter(|(_, found)| found.iter().any(|(h, _)| matches!(h, Heading::Gebiedscode | Heading::Naam)))
            .min_by_key(|(_, found)| std::cmp::Reverse(found.len()));
        let Some((heading, headings)) = heading else {
            return Err(Error::content(
                self.file,
                "in het overzicht ontbreekt de kopregel boven de gebieden",
                "Zet boven de gebieden een regel met Gebiedscode, Naam, Niveau en Valt onder.",
            ));
        };
        let labelled = [Label::Code, Label::Indicator]
            .iter()
            .filter_map(|label| labels.get(label).and_then(|at| rows.get(*at)))
            .flat_map(|row| row.cells.iter().map(|cell| cell.col))
            .collect();
        let heading_row = rows.get(heading).map_or(0, |row| row.index);
        Ok(Frame { labels, heading, headings, label_col, heading_row, labelled })
    }

    /// The columns with an indicator, left to right.
    fn columns(&mut self, rows: &[Row], frame: &Frame) -> Vec<Source> {
        let at = |label: Label, col: u32| -> String {
            let row = frame.labels.get(&label).and_then(|at| rows.get(*at));
            row.map(|row| row.text(col)).unwrap_or_default()
        };
        let taken: Vec<u32> = frame.headings.iter().map(|(_, col)| *col).chain([frame.label_col]).collect();
        let cols: BTreeSet<u32> = frame.labelled.iter().copied().collect();
        let mut sources: Vec<Source> = Vec::new();
        for col in cols.into_iter().filter(|col| !taken.contains(col)) {
            let name = at(Label::Indicator, col);
            let mut code = at(Label::Code, col);
            let row = frame.labels.get(&Label::Code).and_then(|at| rows.get(*at)).map_or(0, |row| row.index);
            if code.is_empty() {
                let known = self.options.indicators.iter().find(|indicator| {
                    std::iter::once(&indicator.name)
                        .chain(&indicator.variants)
                        .any(|other| normalise(other) == normalise(&name))
                });
                let place = self.place(row, col).about(format!("indicator {name}"));
                if let Some(indicator) = known {
                    code.clone_from(&indicator.code);
                } else {
                    let near =
                        nearest(&name, self.options.indicators.iter().map(|indicator| indicator.name.as_str()));
                    let hint =
                        if near.is_empty() { String::new() } else { format!(" Lijkt op: {}.", near.join(", ")) };
                    self.note(
                        "kolom-zonder-code",
                        Level::Waarschuwing,
                        place,
                        format!("De kolom '{}' heeft geen code en is overgeslagen.{hint}", shortened(&name)),
                        "Elke kolom met cijfers heeft een code in de rij Code.",
                        "Vul de code van de indicator in.",
                    );
                    continue;
                }
            }
            let known = self.options.indicators.iter().find(|indicator| indicator.code == companion(&code).0);
            let decimals = at(Label::Decimalen, col);
            let decimals = match decimals.parse::<u8>() {
                Ok(number) if number <= 6 => number,
                _ => {
                    let fallback = known.map_or(1, |indicator| indicator.decimals);
                    let place = self.place(row, col).about(format!("indicator {code}"));
                    let found = if decimals.is_empty() {
                        "Het aantal decimalen ontbreekt".to_owned()
                    } else {
                        format!("'{}' is geen aantal decimalen", shortened(&decimals))
                    };
                    self.note(
                        "decimalen-ongeldig",
                        if known.is_some() { Level::Opmerking } else { Level::Waarschuwing },
                        place,
                        format!("{found}; er wordt met {fallback} gerekend."),
                        "In de rij Decimalen staat een heel getal van 0 tot en met 6.",
                        "Vul het aantal decimalen in.",
                    );
                    fallback
                }
            };
            let or = |text: String, other: Option<&str>| match other {
                Some(other) if text.is_empty() => other.to_owned(),
                _ => text,
            };
            let counts = companion(&code).1 == 1;
            let column = Column {
                name: or(name, known.map(|i| i.name.as_str())),
                definition: at(Label::Definitie, col),
                pijler: at(Label::Pijler, col),
                domein: at(Label::Domein, col),
                factoren: at(Label::Factoren, col)
                    .split('|')
                    .map(|part| part.trim().to_owned())
                    .filter(|part| !part.is_empty())
                    .collect(),
                unit: or(at(Label::Eenheid, col), known.filter(|_| !counts).map(|i| i.unit.name.as_str())),
                decimals,
                direction: or(at(Label::Richting, col), known.map(|i| i.direction.words())),
                doelgroep: or(at(Label::Doelgroep, col), known.map(|i| i.doelgroep.as_str())),
                kind: or(at(Label::Soort, col), known.map(|i| i.kind.word())),
                edition: at(Label::Editie, col),
                year: at(Label::Peiljaar, col),
                source: at(Label::Bron, col),
                method: at(Label::Meetwijze, col),
                renewal: at(Label::Vernieuwing, col),
                code,
            };
            let same =
                |source: &Source| source.column.code == column.code && source.column.edition == column.edition;
            if sources.iter().any(same) {
                let place = self.place(row, col).about(format!("indicator {}", column.code));
                self.note(
                    "kolom-dubbel",
                    Level::Waarschuwing,
                    place,
                    format!("De code '{}' staat twee keer met dezelfde editie; de eerste telt.", column.code),
                    "Elke indicator heeft per editie een kolom.",
                    "Haal de kolom weg die niet klopt, of vul een andere editie in.",
                );
                continue;
            }
            // How many people were asked is no percentage, whatever stands as the unit.
            let (estimates, percentage) = (column.is_estimate(), column.unit == "%" && !counts);
            sources.push(Source { col, column, estimates, percentage, counts });
        }
        sources
    }

    /// A csv that an English Excel saved has points before the decimals. That is sure only when no figure has a comma, and some point
    /// cannot stand before thousands.
    fn decimal_points(&mut self, rows: &[Row], frame: &Frame, sources: &[Source]) {
        // In a workbook a figure is a number; a text is what somebody typed.
        if !self.tab.is_empty() {
            return;
        }
        let below = rows.iter().skip(frame.heading + 1);
        let figures = below.flat_map(|row| &row.cells).filter(|cell| sources.iter().any(|s| s.col == cell.col));
        let (mut sure, mut first) = (0_usize, None);
        for cell in figures {
            let CellValue::Text(text) = &cell.value else { continue };
            let text = text.trim().trim_end_matches(['*', '^', '%', ' ']);
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if text.contains(',') && text.bytes().any(|byte| byte.is_ascii_digit()) {
                return;
            }
            if let Some((whole, decimals)) = text.trim_start_matches('-').split_once('.')
                && digits(whole)
                && digits(decimals)
            {
                sure += usize::from(decimals.len() != 3);
                first.get_or_insert_with(|| text.to_owned());
            }
        }
        let Some(first) = first.filter(|_| sure > 0) else { return };
        self.reading.decimal = Decimal::Point;
        let place = Place { file: Some(self.file.to_owned()), ..Place::default() };
        self.note(
            "decimale-punt",
            Level::Opmerking,
            place,
            format!("De cijfers hebben een punt voor de decimalen, zoals {first}; zo zijn ze gelezen."),
            "Een komma voor de decimalen, zoals een Nederlands Excel die schrijft.",
            "Controleer een paar cijfers.",
        );
    }

    /// The figure in a cell of row `row`; what is no figure is noted.
    fn figure(
        &mut self,
        cell: Option<&Cell>,
        row: u32,
        area: &areas::Seen<'_>,
        source: &Source,
        problems: &mut BTreeMap<u32, usize>,
    ) -> Figure {
        let Some(cell) = cell else { return Figure::Missing(Missing::NotSupplied) };
        // Nearly every cell is a number that can exist; all else is looked at more closely.
        if let CellValue::Number(value) = cell.value
            && (0.0..=100.0).contains(&value)
            && !(source.percentage && cell.percent)
        {
            return Figure::Known { value, mark: if source.estimates { Mark::Estimate } else { Mark::None } };
        }
        let parsed = self.reading.parse(&cell.value);
        let mut figure = parsed.figure;
        let mut problem = parsed.problem;
        if let Figure::Known { value, mark } = &mut figure {
            if source.percentage && cell.percent {
                *value = super::table::percentage(*value);
            }
            if *mark == Mark::None && source.estimates {
                *mark = Mark::Estimate;
            }
            let unit = if source.counts { "" } else { source.column.unit.as_str() };
            if let Some(found) = super::value::impossible(*value, unit) {
                problem = Some(("cijfer-onmogelijk", found));
            }
        }
        // A csv has one decimal sign throughout; what somebody typed as text into a workbook may mean two things.
        if let CellValue::Text(text) = &cell.value
            && !self.tab.is_empty()
            && number_text(text.trim_end_matches(['*', '^', '%', ' '])) == NumberText::Ambiguous
        {
            let text = super::value::shortened(text.trim());
            problem = Some((
                "cijfer-ongeldig",
                format!("de tekst '{text}', die een duizendtal of een decimaal getal kan zijn"),
            ));
        }
        if let Some((code, found)) = problem {
            figure = Figure::Missing(Missing::Invalid);
            let seen = problems.entry(source.col).or_default();
            *seen += 1;
            if *seen <= 3 {
                let subject = format!("{} {}, indicator {}", area.level.word(), area.name, source.column.name);
                let place = self.place(row, source.col).about(subject);
                self.note(
                    code,
                    super::value::level_of(code),
                    place,
                    format!("In deze cel staat {found}."),
                    "Een getal met een komma voor de decimalen, of een van de tekens . x - * ^.",
                    "Verbeter de cel, of vul een punt in als het cijfer onbekend is.",
                );
            }
        }
        figure
    }

    /// The edition behind the title; without one, the editions of the columns.
    fn edition(&self, rows: &[Row], sources: &[Source]) -> String {
        let titled = rows.iter().take(5).flat_map(|row| row.cells.first()).find_map(|cell| {
            let text = cell.value.text();
            let rest = text.strip_prefix(TITLE)?.trim().trim_start_matches(':').trim();
            (!rest.is_empty()).then(|| rest.to_owned())
        });
        titled.unwrap_or_else(|| {
            let editions: BTreeSet<&str> = sources.iter().map(|source| source.column.edition.as_str()).collect();
            editions.into_iter().filter(|edition| !edition.is_empty()).collect::<Vec<_>>().join(", ")
        })
    }
}

/// How cells of the own layout are read: commas, the usual signs, and the words for kinds of missing.
fn reading() -> Reading {
    let mut signs = usual_signs();
    for (missing, sign) in [
        (Missing::Unknown, Sign::Onbekend),
        (Missing::Secret, Sign::Geheim),
        (Missing::CannotOccur, Sign::KanNietVoorkomen),
        (Missing::NotSupplied, Sign::NietGeleverd),
        (Missing::OtherDivision, Sign::AndereIndeling),
        (Missing::Invalid, Sign::Ongeldig),
    ] {
        signs.insert(missing.words().to_owned(), sign);
    }
    Reading { decimal: Decimal::Comma, empty: Figure::Missing(Missing::NotSupplied), signs }
}
