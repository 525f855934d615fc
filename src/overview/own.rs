//! Reads an overview in the product's own layout, from a tab in a workbook or a file of its own.
//!
//! Finds rows by their labels and columns by their codes, never by address: rows may be moved, and the whole may be
//! transposed. Nothing is guessed in silence: what is not understood is a finding. Knows rows of cells; no library.

mod areas;

use std::collections::{BTreeMap, BTreeSet};

use super::ReadOptions;
use super::layout::{Heading, Label, TITLE};
use super::sheet::{Cell, Row};
use super::value::{Decimal, Reading, Sign, shortened, usual_signs};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{Area, CellRef, CellValue, Column, Figure, Mark, Missing, Overview, nearest, normalise};

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
pub(super) fn read(
    file: &str,
    tab: &str,
    rows: Vec<Row>,
    options: &ReadOptions<'_>,
) -> Result<(Overview, Vec<Finding>)> {
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
    let columns = reader.columns(&rows, &frame);
    let overview = reader.overview(&rows, &frame, columns)?;
    Ok((overview, reader.findings))
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
    /// True when all its figures are model estimates; asked for every cell.
    estimates: bool,
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
        Ok(Frame { labels, heading, headings, label_col })
    }

    /// The columns with an indicator, left to right.
    fn columns(&mut self, rows: &[Row], frame: &Frame) -> Vec<Source> {
        let at = |label: Label, col: u32| -> String {
            let row = frame.labels.get(&label).and_then(|at| rows.get(*at));
            row.map(|row| row.text(col)).unwrap_or_default()
        };
        let taken: Vec<u32> = frame.headings.iter().map(|(_, col)| *col).chain([frame.label_col]).collect();
        let mut cols = BTreeSet::new();
        for label in [Label::Code, Label::Indicator] {
            let row = frame.labels.get(&label).and_then(|at| rows.get(*at));
            cols.extend(row.into_iter().flat_map(|row| row.cells.iter().map(|cell| cell.col)));
        }
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
            let known = self.options.indicators.iter().find(|indicator| {
                indicator.code == code || code.strip_suffix("__n") == Some(indicator.code.as_str())
            });
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
                unit: or(at(Label::Eenheid, col), known.map(|i| i.unit.name.as_str())),
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
            let estimates = column.is_estimate();
            sources.push(Source { col, column, estimates });
        }
        self.uncoded(rows, frame, &sources, &taken);
        sources
    }

    /// Columns that hold something under the heading row but have neither code nor name.
    fn uncoded(&mut self, rows: &[Row], frame: &Frame, sources: &[Source], taken: &[u32]) {
        let named: BTreeSet<u32> = sources.iter().map(|source| source.col).chain(taken.iter().copied()).collect();
        let labelled: BTreeSet<u32> = [Label::Code, Label::Indicator]
            .iter()
            .filter_map(|label| frame.labels.get(label).and_then(|at| rows.get(*at)))
            .flat_map(|row| row.cells.iter().map(|cell| cell.col))
            .collect();
        let mut lost = BTreeSet::new();
        for row in rows.iter().skip(frame.heading + 1) {
            let numbers = row.cells.iter().filter(|cell| matches!(cell.value, CellValue::Number(_)));
            lost.extend(
                numbers.map(|cell| cell.col).filter(|col| !named.contains(col) && !labelled.contains(col)),
            );
        }
        if let Some(first) = lost.first() {
            let row = rows.get(frame.heading).map_or(0, |row| row.index);
            let place = self.place(row, *first);
            self.note(
                "kolom-zonder-code",
                Level::Waarschuwing,
                place,
                format!(
                    "Er zijn {} kolommen met cijfers zonder code en zonder naam; zij zijn overgeslagen.",
                    lost.len()
                ),
                "Elke kolom met cijfers heeft een code in de rij Code.",
                "Vul de code van de indicator in, of maak de kolom leeg.",
            );
        }
    }

    fn overview(&mut self, rows: &[Row], frame: &Frame, sources: Vec<Source>) -> Result<Overview> {
        let mut areas: Vec<(Area, &Row)> = Vec::new();
        let mut codes: BTreeSet<String> = BTreeSet::new();
        for (at, row) in rows.iter().enumerate() {
            if at == frame.heading || frame.labels.values().any(|label| *label == at) {
                continue;
            }
            let Some(area) = self.area(row, frame, at > frame.heading, &sources) else { continue };
            if !codes.insert(area.code.clone()) {
                let place = self.place(row.index, frame.label_col).about(format!("gebied {}", area.name));
                self.note(
                    "gebied-dubbel",
                    Level::Waarschuwing,
                    place,
                    format!("Het gebied {} ({}) staat er twee keer; de eerste rij telt.", area.name, area.code),
                    "Elk gebied heeft een rij.",
                    "Haal de rij weg die niet klopt.",
                );
                continue;
            }
            areas.push((area, row));
        }
        self.parents(&mut areas);
        let wanted = self.wanted(&areas);
        let mut overview = Overview { edition: self.edition(rows, &sources), ..Overview::default() };
        let mut problems: BTreeMap<u32, usize> = BTreeMap::new();
        for (area, row) in areas {
            if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&area.code)) {
                continue;
            }
            let figures = sources.iter().map(|source| self.figure(row, &area, source, &mut problems)).collect();
            overview.figures.push(figures);
            overview.areas.push(area);
        }
        for source in &sources {
            let more = problems.get(&source.col).copied().unwrap_or(0).saturating_sub(3);
            if more > 0 {
                let mut place = self.whole();
                place.subject = Some(format!("indicator {}", source.column.code));
                self.note(
                    "cijfer-ongeldig",
                    Level::Waarschuwing,
                    place,
                    format!("In de kolom '{}' zijn nog {more} cellen geen cijfer.", source.column.name),
                    "",
                    "Controleer de hele kolom; staat er misschien een punt in plaats van een komma?",
                );
            }
        }
        overview.columns = sources.into_iter().map(|source| source.column).collect();
        self.usable(&overview)?;
        Ok(overview)
    }

    fn usable(&self, overview: &Overview) -> Result<()> {
        let known = overview.figures.iter().flatten().any(|figure| figure.value().is_some());
        if overview.areas.is_empty() || overview.columns.is_empty() || !known {
            let what = if overview.columns.is_empty() {
                "het overzicht heeft geen kolommen met een indicator"
            } else if overview.areas.is_empty() {
                "het overzicht heeft geen gebieden"
            } else {
                "het overzicht bevat geen enkel cijfer"
            };
            return Err(Error::content(self.file, what, "Controleer of dit het goede bestand en tabblad is."));
        }
        let Some((code, name)) = self.options.benchmark else { return Ok(()) };
        let there = self.options.only_areas.is_some() || overview.areas.iter().any(|area| area.code == code);
        if there {
            return Ok(());
        }
        Err(Error::content(
            self.file,
            format!("in het overzicht ontbreekt {name} ({code}), het gebied waarmee wordt vergeleken"),
            format!("Voeg een rij toe met gebiedscode {code} en de cijfers van {name}."),
        ))
    }

    fn figure(&mut self, row: &Row, area: &Area, source: &Source, problems: &mut BTreeMap<u32, usize>) -> Figure {
        let Some(cell) = row.at(source.col) else { return Figure::Missing(Missing::NotSupplied) };
        let parsed = self.reading.parse(&cell.value);
        let percentage = source.column.unit == "%";
        let mut figure = parsed.figure;
        let mut problem = parsed.problem;
        if let Figure::Known { value, mark } = &mut figure {
            if percentage && cell.percent {
                *value = super::table::percentage(*value);
            }
            if *mark == Mark::None && source.estimates {
                *mark = Mark::Estimate;
            }
            if let Some(found) = super::value::impossible(*value, &source.column.unit) {
                problem = Some(("cijfer-onmogelijk", found));
            }
        }
        if let Some((code, found)) = problem {
            figure = Figure::Missing(Missing::Invalid);
            let seen = problems.entry(source.col).or_default();
            *seen += 1;
            if *seen <= 3 {
                let subject = format!("{} {}, indicator {}", area.level.word(), area.name, source.column.name);
                let place = self.place(row.index, source.col).about(subject);
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
