//! Merges several sources into one overview and reports what came of each.
//!
//! Owns the order of columns and areas, what happens when two sources give the same figure, and the report per
//! indicator. Reading a source is [`super::table`] and [`super::own`].

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::sheet::Book;
use super::table::{self, TableRead};
use super::{Definitions, Mapping, ReadOptions, own, own_tab, recognise};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::words::count;
use crate::model::{Area, Column, ESTIMATE, Figure, Indicator, Missing, Overview, companion, normalise};

/// Choices of the user.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Name of the edition as a whole; empty: the names of the sources.
    pub edition: String,
    /// True keeps every edition of an indicator; false only the newest.
    pub all_editions: bool,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ImportReport {
    /// Per source, in the order given.
    pub sources: Vec<SourceReport>,
    /// Per column of the result.
    pub indicators: Vec<IndicatorReport>,
    /// Everything that was not recognised or not understood.
    pub findings: Vec<Finding>,
}

/// What came of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// Name of the file.
    pub file: String,
    /// Names of the mappings by which it was read.
    pub recognised_as: Vec<String>,
    /// Rows that became an area.
    pub rows: usize,
    /// Rows about areas that are not ours or are divided otherwise.
    pub elsewhere: usize,
}

/// How complete one column is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IndicatorReport {
    /// Code of the indicator.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Edition.
    pub edition: String,
    /// Number of areas with a figure.
    pub with_figure: usize,
    /// Number of areas per kind of missing.
    pub missing: BTreeMap<Missing, usize>,
}

/// Order of a column: place of the indicator in the format, code, edition, observations after the figure.
type ColumnKey = (usize, String, String, u8);

/// A mapping as far as the format goes.
struct Limited {
    mapping: Mapping,
    /// Codes that it knows and the format does not.
    without: Vec<String>,
}

/// Collects figures of all sources.
struct Merge<'a> {
    definitions: &'a Definitions<'a>,
    mappings: Vec<Limited>,
    columns: BTreeMap<ColumnKey, (Column, bool)>,
    /// Areas met, by place: in the table of areas, or behind it.
    areas: BTreeMap<usize, Area>,
    figures: BTreeMap<(usize, ColumnKey), (Figure, String)>,
    /// Which columns each source gave, by the name of its mapping or its own name.
    given: BTreeMap<String, BTreeSet<ColumnKey>>,
    strangers: Vec<String>,
    findings: Vec<Finding>,
}

/// Reads all sources and merges them. Each source is a name (as the user knows it) and its bytes; which mapping fits
/// is found by content. A source in the own layout is taken over as it is.
///
/// # Errors
///
/// [`Error::Format`] when a mapping of the user's own names an indicator that the format lacks; [`Error::Content`] or
/// [`Error::Request`] naming all files that may not be opened or that no mapping recognises; [`Error::Content`] for a
/// result without figures or without the benchmark.
pub fn import(
    sources: &[(String, Vec<u8>)],
    definitions: &Definitions<'_>,
    options: &ImportOptions,
) -> Result<(Overview, ImportReport)> {
    let mut merge = Merge {
        definitions,
        mappings: usable_mappings(definitions)?,
        columns: BTreeMap::new(),
        areas: BTreeMap::new(),
        figures: BTreeMap::new(),
        given: BTreeMap::new(),
        strangers: Vec::new(),
        findings: Vec::new(),
    };
    let mut reports = Vec::new();
    let (mut unknown, mut failed) = (Vec::new(), Vec::new());
    for (file, bytes) in sources {
        match merge.source(file, bytes) {
            Ok(Some(report)) => reports.push(report),
            Ok(None) => unknown.push(file.as_str()),
            Err(error) => failed.push(error),
        }
    }
    refuse_unread(&unknown, failed, definitions)?;
    if !options.all_editions {
        merge.keep_newest();
    }
    // Only what is in it gives it its name.
    let names = merge.given.iter().filter(|(_, keys)| keys.iter().any(|key| merge.columns.contains_key(key)));
    let edition = match options.edition.trim() {
        "" => names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" + "),
        given => given.to_owned(),
    };
    let overview = merge.finish(edition);
    let files: Vec<&str> = sources.iter().map(|(file, _)| file.as_str()).collect();
    usable(&overview, definitions, &files.join(", "))?;
    let indicators = (0..overview.columns.len()).map(|column| indicator_report(&overview, column)).collect();
    Ok((overview, ImportReport { sources: reports, indicators, findings: merge.findings }))
}

/// The mappings with the indicators that the format has. A mapping of the user's own must name none that is not there;
/// a built-in one is made for the built-in format, and what another format lacks is left out of it.
fn usable_mappings(definitions: &Definitions<'_>) -> Result<Vec<Limited>> {
    let mut problems = Vec::new();
    let mut mappings = Vec::new();
    let mut folder = None;
    for mapping in definitions.mappings {
        let (mapping, without) = if mapping.is_built_in() {
            mapping.limited_to(definitions.indicators)
        } else {
            match mapping.check(definitions.indicators) {
                Ok(()) => {}
                Err(Error::Format { folder: file, problems: more }) => {
                    folder.get_or_insert(file);
                    problems.extend(more);
                }
                Err(other) => return Err(other),
            }
            (mapping.clone(), Vec::new())
        };
        mappings.push(Limited { mapping, without });
    }
    match folder {
        Some(folder) => Err(Error::Format { folder, problems }),
        None => Ok(mappings),
    }
}

/// All sources that could not be read, in one error.
fn refuse_unread(unknown: &[&str], mut failed: Vec<Error>, definitions: &Definitions<'_>) -> Result<()> {
    let known: Vec<&str> = definitions.mappings.iter().map(Mapping::name).collect();
    let advice = format!(
        "Er zijn koppelingen voor: {}. Maak voor een andere bron een koppeling in de map bronnen van het format.",
        known.join("; ")
    );
    match (unknown, failed.len()) {
        ([], 0) => Ok(()),
        ([], 1) => failed.pop().map_or(Ok(()), Err),
        ([file], 0) => Err(Error::content(*file, "deze bron wordt niet herkend", advice)),
        (_, 0) => Err(Error::content(unknown.join(", "), "deze bronnen worden niet herkend", advice)),
        _ => {
            let mut lines: Vec<String> = failed.iter().map(Error::to_string).collect();
            let advice = if unknown.is_empty() {
                "Verbeter deze bestanden, of laat ze weg.".to_owned()
            } else {
                lines.push(format!("{}: niet herkend.", unknown.join(", ")));
                advice
            };
            let what = format!("Niet alle bronnen kunnen worden gelezen:\n{}", lines.join("\n"));
            Err(Error::request(what.trim_end_matches('.'), advice))
        }
    }
}

fn usable(overview: &Overview, definitions: &Definitions<'_>, files: &str) -> Result<()> {
    if !overview.figures.iter().flatten().any(|figure| figure.value().is_some()) {
        return Err(Error::content(
            files,
            "er is geen enkel cijfer gelezen",
            "Controleer of dit de goede bestanden zijn en of de koppelingen erbij passen.",
        ));
    }
    match definitions.benchmark {
        Some((code, name)) if overview.area_index(code).is_none() => Err(Error::content(
            files,
            format!("in de bronnen ontbreekt {name} ({code}), het gebied waarmee wordt vergeleken"),
            format!("Voeg een bron toe met cijfers van {name}."),
        )),
        _ => Ok(()),
    }
}

fn indicator_report(overview: &Overview, at: usize) -> IndicatorReport {
    let mut report = IndicatorReport::default();
    if let Some(column) = overview.columns.get(at) {
        report.code.clone_from(&column.code);
        report.name.clone_from(&column.name);
        report.edition.clone_from(&column.edition);
    }
    for area in 0..overview.areas.len() {
        match overview.figure(area, at) {
            Figure::Known { .. } => report.with_figure += 1,
            Figure::Missing(missing) => *report.missing.entry(missing).or_default() += 1,
        }
    }
    report
}

impl Merge<'_> {
    /// Reads one source; `None` when no mapping recognises it.
    fn source(&mut self, file: &str, bytes: &[u8]) -> Result<Option<SourceReport>> {
        let mut book = Book::open(file, &bytes.into())?;
        let mut report = SourceReport { file: file.to_owned(), ..SourceReport::default() };
        let mappings = std::mem::take(&mut self.mappings);
        let done = self.by_mapping(file, &mut book, &mappings, &mut report);
        self.mappings = mappings;
        done?;
        if !report.recognised_as.is_empty() {
            return Ok(Some(report));
        }
        if let Some((tab, rows)) = own_tab(&mut book, &[])? {
            let options = ReadOptions {
                indicators: self.definitions.indicators,
                ..ReadOptions::new(self.definitions.areas)
            };
            let (overview, _, findings) = own::read(file, &tab, rows, &options)?;
            report.recognised_as.push(overview.edition.clone());
            report.rows = overview.areas.len();
            self.findings.extend(findings);
            self.add_own(file, overview);
            return Ok(Some(report));
        }
        Ok(None)
    }

    /// Reads a source by every mapping that recognises it.
    fn by_mapping(
        &mut self,
        file: &str,
        book: &mut Book<'_>,
        mappings: &[Limited],
        report: &mut SourceReport,
    ) -> Result<()> {
        for Limited { mapping, without } in mappings {
            let Some(tabs) = recognise::recognise(book, mapping)? else { continue };
            let (areas, indicators) = (self.definitions.areas, self.definitions.indicators);
            let read = table::read(file, book, mapping, &tabs, areas, indicators)?;
            report.recognised_as.push(mapping.name().to_owned());
            report.rows += read.rows;
            report.elsewhere += read.elsewhere;
            self.note_left_out(file, mapping, without);
            self.note_other_source(file, mapping, &read);
            let year = mapping.spec.peiljaar.as_deref();
            let keys = read.columns.iter().map(|(code, edition, _)| self.key(code, edition)).collect::<Vec<_>>();
            self.given.entry(mapping.name().to_owned()).or_default().extend(keys);
            self.add(file, read, mapping.spec.schatting, year, mapping.spec.editie.as_deref());
        }
        Ok(())
    }

    /// Says which columns of a built-in mapping the format has no indicator for.
    fn note_left_out(&mut self, file: &str, mapping: &Mapping, without: &[String]) {
        if without.is_empty() {
            return;
        }
        let place = Place { file: Some(file.to_owned()), ..Place::default() };
        self.findings.push(Finding::new(
            "koppeling-zonder-indicator",
            Level::Opmerking,
            place,
            format!(
                "De ingebouwde koppeling '{}' kent indicatoren die niet in uw indicatoren.csv staan; die kolommen zijn niet gelezen: {}.",
                mapping.name(),
                some_of(without)
            ),
            "",
            "Mist u er een, zet hem dan in indicatoren.csv. Anders hoeft er niets te gebeuren.",
        ));
    }

    /// Warns when the indicators name another source than the one the figures come from: what stands in the overview
    /// and the workbook is what indicatoren.csv says.
    fn note_other_source(&mut self, file: &str, mapping: &Mapping, read: &TableRead) {
        let benchmark = self.definitions.benchmark.map(|(_, name)| name).unwrap_or_default();
        let mut others: Vec<String> = Vec::new();
        for (code, _, _) in &read.columns {
            let Some(indicator) = self.definitions.indicators.iter().find(|known| known.code == *code) else {
                continue;
            };
            let other = format!("{code} ('{}')", indicator.source);
            if !names_same_source(mapping.name(), &indicator.source, benchmark) && !others.contains(&other) {
                others.push(other);
            }
        }
        if others.is_empty() {
            return;
        }
        let place = Place { file: Some(file.to_owned()), ..Place::default() };
        self.findings.push(Finding::new(
            "bron-anders-dan-indicator",
            Level::Waarschuwing,
            place,
            format!(
                "De cijfers komen uit '{}', maar indicatoren.csv noemt een andere bron bij {}.",
                mapping.name(),
                some_of(&others)
            ),
            "De bron, doelgroep en meetwijze uit indicatoren.csv komen in het overzicht en het werkboek te staan.",
            "Zet in indicatoren.csv de bron, doelgroep en meetwijze van deze cijfers, of geef ze een eigen indicator.",
        ));
    }

    fn key(&self, code: &str, edition: &str) -> ColumnKey {
        let (base, count) = companion(code);
        let place = self.definitions.indicators.iter().position(|indicator| indicator.code == base);
        (place.unwrap_or(usize::MAX), base.to_owned(), edition.to_owned(), count)
    }

    fn add(&mut self, file: &str, read: TableRead, estimate: bool, year: Option<&str>, own: Option<&str>) {
        self.findings.extend(read.findings);
        for (code, edition, cbs) in &read.columns {
            let Some(indicator) = self.definitions.indicators.iter().find(|i| i.code == *code) else { continue };
            // A period out of the source is a year of measurement itself.
            let year = if own == Some(edition.as_str()) { year.unwrap_or("onbekend") } else { edition };
            let column = column_of(indicator, self.definitions, edition, year, estimate);
            self.columns.entry(self.key(code, edition)).or_insert((column, *cbs));
        }
        for found in read.found {
            let Some(known) = self.definitions.areas.areas.get(found.area) else { continue };
            self.areas.entry(found.area).or_insert_with(|| known.area.clone());
            let key = self.key(&found.code, &found.edition);
            self.put(file, found.area, key, found.figure);
        }
    }

    fn add_own(&mut self, file: &str, overview: Overview) {
        let keys: Vec<ColumnKey> =
            overview.columns.iter().map(|column| self.key(&column.code, &column.edition)).collect();
        self.given.entry(overview.edition).or_default().extend(keys.iter().cloned());
        for (key, column) in keys.iter().zip(overview.columns) {
            self.columns.entry(key.clone()).or_insert((column, false));
        }
        for (area, figures) in overview.areas.into_iter().zip(overview.figures) {
            let table = &self.definitions.areas.areas;
            let place = table.iter().position(|known| known.area.code == area.code).unwrap_or_else(|| {
                let stranger = self.strangers.iter().position(|code| *code == area.code).unwrap_or_else(|| {
                    self.strangers.push(area.code.clone());
                    self.strangers.len() - 1
                });
                table.len() + stranger
            });
            self.areas.entry(place).or_insert(area);
            for (key, figure) in keys.iter().zip(figures) {
                self.put(file, place, key.clone(), figure);
            }
        }
    }

    /// The first known figure stays; another value for the same place is a finding.
    fn put(&mut self, file: &str, area: usize, key: ColumnKey, figure: Figure) {
        let name = self.areas.get(&area).map(|area| area.name.clone()).unwrap_or_default();
        let slot = (area, key);
        let Some((old, from)) = self.figures.get(&slot) else {
            self.figures.insert(slot, (figure, file.to_owned()));
            return;
        };
        match (old.value(), figure.value()) {
            (None, Some(_)) => {
                self.figures.insert(slot, (figure, file.to_owned()));
            }
            (Some(first), Some(second)) if first != second => {
                let found = format!(
                    "{name}, {} ({}): {from} geeft {}, {file} geeft {}; het eerste telt.",
                    slot.1.1,
                    slot.1.2,
                    super::value::dutch_number(first),
                    super::value::dutch_number(second)
                );
                let place = Place { file: Some(file.to_owned()), ..Place::default() };
                self.findings.push(Finding::new(
                    "cijfer-dubbel",
                    Level::Waarschuwing,
                    place,
                    found,
                    "Bronnen van dezelfde editie geven hetzelfde cijfer.",
                    "Kijk welke bron klopt en laat de andere weg.",
                ));
            }
            _ => {}
        }
    }

    /// Leaves only the newest edition of each indicator, and says which others there were.
    fn keep_newest(&mut self) {
        let mut newest: BTreeMap<(usize, String), String> = BTreeMap::new();
        for (place, code, edition, _) in self.columns.keys() {
            // Keys are in order, so the last edition of an indicator is the newest.
            newest.insert((*place, code.clone()), edition.clone());
        }
        let mut older: BTreeMap<String, usize> = BTreeMap::new();
        self.columns.retain(|(place, code, edition, count), _| {
            let keep = newest.get(&(*place, code.clone())).is_some_and(|last| last == edition);
            if !keep && *count == 0 {
                *older.entry(edition.clone()).or_default() += 1;
            }
            keep
        });
        for (edition, indicators) in older {
            self.findings.push(Finding::new(
                "oudere-editie-weggelaten",
                Level::Opmerking,
                Place::default(),
                format!(
                    "Van {} is editie '{edition}' niet overgenomen, omdat de bronnen een nieuwere hebben.",
                    count(indicators, "indicator", "indicatoren")
                ),
                "",
                "Wilt u beide edities naast elkaar, geef dan --alle-edities mee.",
            ));
        }
    }

    fn finish(&mut self, edition: String) -> Overview {
        let mut overview = Overview { edition, ..Overview::default() };
        for (place, area) in &self.areas {
            let relation = self.definitions.areas.areas.get(*place).map(|known| known.relation);
            let figures = self.columns.iter().map(|(key, (_, cbs))| {
                let missing = relation.map_or(Missing::NotSupplied, |relation| table::missing_for(relation, *cbs));
                let found = self.figures.get(&(*place, key.clone())).map(|(figure, _)| *figure);
                found.unwrap_or(Figure::Missing(missing))
            });
            overview.figures.push(figures.collect());
            overview.areas.push(area.clone());
        }
        overview.columns = self.columns.values().map(|(column, _)| column.clone()).collect();
        overview
    }
}

/// The first few, and how many more.
fn some_of(names: &[String]) -> String {
    const MOST: usize = 6;
    let first: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{} en nog {more}", first.join(", ")),
    }
}

/// True when two names of a source share a word that says something; 'wijk', the city and years say nothing.
fn names_same_source(one: &str, other: &str, city: &str) -> bool {
    const EMPTY: [&str; 12] =
        ["wijk", "wijken", "buurt", "gemeente", "stad", "editie", "per", "van", "het", "een", "voor", "jaar"];
    let city = normalise(city);
    let words = |text: &str| -> BTreeSet<String> {
        let text = normalise(text);
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
            word.len() > 2 && *word != city && !EMPTY.contains(word) && !word.bytes().all(|b| b.is_ascii_digit())
        });
        words.map(str::to_owned).collect()
    };
    !words(one).is_disjoint(&words(other))
}

fn column_of(
    indicator: &Indicator,
    definitions: &Definitions<'_>,
    edition: &str,
    year: &str,
    estimate: bool,
) -> Column {
    let domein = indicator.domein.clone().unwrap_or_default();
    let pijler = definitions.domeinen.iter().find(|known| known.name == domein).map(|known| known.pijler.clone());
    let method = if estimate && !indicator.method.to_lowercase().contains(ESTIMATE) {
        format!("{ESTIMATE}; {}", indicator.method).trim_end_matches("; ").to_owned()
    } else {
        indicator.method.clone()
    };
    Column {
        code: indicator.code.clone(),
        name: indicator.name.clone(),
        definition: indicator.definition.clone(),
        pijler: pijler.unwrap_or_default(),
        domein,
        factoren: indicator.factoren.clone(),
        unit: indicator.unit.name.clone(),
        decimals: indicator.decimals,
        direction: indicator.direction.words().to_owned(),
        doelgroep: indicator.doelgroep.clone(),
        kind: indicator.kind.word().to_owned(),
        edition: edition.to_owned(),
        year: year.to_owned(),
        source: indicator.source.clone(),
        method,
        renewal: indicator.renewal.clone(),
    }
}
