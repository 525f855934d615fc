//! Reads a declared table: the rows of a source by its mapping.
//!
//! Owns finding the columns and areas that a [`Mapping`] declares and turning cells into figures in the
//! indicator's unit. Knows rows of cells and declarations; knows nothing of particular sources.

use std::collections::{BTreeMap, BTreeSet};

use super::areas::{AreaTable, Match};
use super::mapping::{KeyKind, MappedColumn, Mapping, Scale, Table};
use super::sheet::{Book, Row};
use super::value::{Reading, more_cells, shortened};
use crate::error::Result;
use crate::finding::{Finding, Level, Place};
use crate::model::{
    AreaLevel, CellRef, Figure, Indicator, Mark, Missing, Relation, column_letters, nearest, normalise, words,
};

/// A fraction as a percentage, rounded so that 0.07 becomes 7 and not 7.000000000000001.
pub(super) fn percentage(fraction: f64) -> f64 {
    rounded(fraction * 100.0)
}

/// Ten decimals: far more than any figure means, and few enough to survive other software, which keeps fifteen digits.
fn rounded(value: f64) -> f64 {
    let scaled = (value * 1e10).round() / 1e10;
    if scaled.is_finite() { scaled } else { value }
}

/// One figure as read: which area, which indicator in which edition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Index in the table of areas.
    pub(super) area: usize,
    /// Code of the indicator.
    pub(super) code: String,
    /// Edition.
    pub(super) edition: String,
    /// The figure.
    pub(super) figure: Figure,
}

/// Everything that one mapping gave.
#[derive(Debug, Default)]
pub(super) struct TableRead {
    /// Figures in the order of the source.
    pub(super) found: Vec<Found>,
    /// Indicator and edition of each column that was found, with whether its areas are CBS codes.
    pub(super) columns: BTreeSet<(String, String, bool)>,
    /// Rows that became an area.
    pub(super) rows: usize,
    /// Rows about other areas.
    pub(super) elsewhere: usize,
    /// What was not understood.
    pub(super) findings: Vec<Finding>,
}

/// The row at a one-based number.
pub(super) fn row_at(rows: &[Row], number: u32) -> Option<&Row> {
    let index = number.checked_sub(1)?;
    rows.binary_search_by_key(&index, |row| row.index).ok().and_then(|at| rows.get(at))
}

/// Reads all tables of a mapping.
pub(super) fn read(
    file: &str,
    book: &mut Book<'_>,
    mapping: &Mapping,
    tabs: &[String],
    areas: &AreaTable,
    indicators: &[Indicator],
) -> Result<TableRead> {
    let mut out = TableRead::default();
    for (table, tab) in mapping.spec.tabel.iter().zip(tabs) {
        let rows = book.rows(tab, None)?;
        let reading = mapping.reading();
        let mut reader = TableReader { file, tab, mapping, table, areas, indicators, reading, out: &mut out };
        reader.read(&rows);
    }
    Ok(out)
}

struct TableReader<'a> {
    file: &'a str,
    tab: &'a str,
    mapping: &'a Mapping,
    table: &'a Table,
    areas: &'a AreaTable,
    indicators: &'a [Indicator],
    reading: Reading,
    out: &'a mut TableRead,
}

/// A mapped column as found.
struct Column<'a> {
    col: u32,
    spec: &'a MappedColumn,
    indicator: &'a Indicator,
    /// Period out of the heading.
    period: Option<String>,
    problems: usize,
}

/// Where the other columns stand.
struct Keys {
    area: u32,
    name: Option<u32>,
    level: Option<u32>,
    period: Option<u32>,
    filters: Vec<(u32, String)>,
}

impl<'a> TableReader<'a> {
    fn place(&self, at: Option<(u32, u32)>) -> Place {
        let tab = (!self.tab.is_empty()).then(|| self.tab.to_owned());
        let cell = at.map(|(row, col)| CellRef::new(self.tab, row, col).a1());
        Place { file: Some(self.file.to_owned()), tab, cell, ..Place::default() }
    }

    fn note(&mut self, code: &str, level: Level, place: Place, found: String, expected: &str, advice: &str) {
        self.out.findings.push(Finding::new(code, level, place, found, expected, advice));
    }

    fn read(&mut self, rows: &[Row]) {
        let Some(head) = row_at(rows, *self.table.koprij.get_ref()) else {
            self.note(
                "kopregel-ontbreekt",
                Level::Fout,
                self.place(None),
                format!("Rij {} is leeg; daar horen de koppen te staan.", self.table.koprij.get_ref()),
                "De koppen staan op de rij die de koppeling noemt.",
                "Controleer of dit het goede bestand is, of pas koprij aan in de koppeling.",
            );
            return;
        };
        let Some(keys) = self.keys(head) else { return };
        let groups = self.groups(rows);
        let mut columns = self.columns(head, &groups);
        let labels = self.table.labelrij.and_then(|number| row_at(rows, number));
        self.unmapped(head, labels, &keys, &columns);
        let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
        let mut strangers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut divided: BTreeSet<String> = BTreeSet::new();
        let first = table_first(self.table);
        for row in rows.iter().filter(|row| row.index + 1 >= first) {
            if keys.filters.iter().any(|(col, value)| row.text(*col) != *value) {
                continue;
            }
            let key = row.text(keys.area);
            if key.is_empty() {
                self.without_key(row, &columns, keys.area);
                continue;
            }
            let level = keys.level.and_then(|col| level_of(&row.text(col)));
            let index = match self.find(&key, level) {
                Match::Found(index) => index,
                Match::OtherDivision => {
                    self.out.elsewhere += 1;
                    divided.insert(key);
                    continue;
                }
                Match::Unknown(near) | Match::Ambiguous(near) => {
                    self.out.elsewhere += 1;
                    let report = &self.table.gebied.melden;
                    if report.is_empty() || report.iter().any(|start| key.starts_with(start.as_str())) {
                        strangers.insert(key, near);
                    }
                    continue;
                }
            };
            self.check_name(row, &keys, index);
            let period = keys.period.map(|col| row.text(col));
            if !seen.insert((index, period.clone().unwrap_or_default())) {
                self.note(
                    "gebied-dubbel",
                    Level::Waarschuwing,
                    self.place(Some((row.index, keys.area))),
                    format!("Het gebied '{key}' staat er twee keer; de eerste rij telt."),
                    "Elk gebied heeft per periode een rij.",
                    "Controleer of er een filter ontbreekt in de koppeling.",
                );
                continue;
            }
            self.out.rows += 1;
            self.figures(row, index, period.as_deref(), &mut columns);
        }
        self.summaries(&columns, strangers, divided);
    }

    fn find(&self, key: &str, level: Option<AreaLevel>) -> Match {
        match self.table.gebied.sleutel {
            KeyKind::Wijknr => self.areas.by_number(key),
            KeyKind::Cbs => self.areas.by_cbs(key),
            KeyKind::Naam => self.areas.by_name(key, level),
            KeyKind::CodeOfNaam => self.areas.by_code_or_name(key, level),
        }
    }

    fn keys(&mut self, head: &Row) -> Option<Keys> {
        let gebied = &self.table.gebied;
        let mut missing = Vec::new();
        let mut col = |wanted: &str| {
            let found = heading(head, wanted);
            if found.is_none() {
                missing.push(wanted.to_owned());
            }
            found
        };
        let area = match (&gebied.kolom, gebied.kolomnummer) {
            (Some(wanted), _) => col(wanted),
            (None, number) => number.and_then(|number| number.checked_sub(1)),
        };
        let name = gebied.naamkolom.as_deref().and_then(&mut col);
        let level = gebied.niveaukolom.as_deref().and_then(&mut col);
        let period = self.table.periode.as_ref().and_then(|period| period.kolom.as_deref()).and_then(&mut col);
        let filters: Vec<(u32, String)> =
            self.table.filter.iter().filter_map(|(wanted, value)| Some((col(wanted)?, value.clone()))).collect();
        let complete = missing.is_empty();
        for wanted in missing {
            let near = nearest_headings(head, &wanted);
            self.note(
                "kolom-ontbreekt",
                Level::Fout,
                self.place(Some((head.index, 0))),
                format!("De kolom '{wanted}' ontbreekt; dit tabblad is overgeslagen.{near}"),
                "De koppen zijn die van de koppeling.",
                "Controleer of dit het goede bestand is, of pas de koppeling aan.",
            );
        }
        area.filter(|_| complete).map(|area| Keys { area, name, level, period, filters })
    }

    /// The group above each column: a group stands above its first column only.
    fn groups(&self, rows: &[Row]) -> BTreeMap<u32, String> {
        let row = self.table.groeprij.and_then(|number| row_at(rows, number));
        row.map(|row| row.cells.iter().map(|cell| (cell.col, cell.value.text())).collect()).unwrap_or_default()
    }

    fn columns(&mut self, head: &Row, groups: &BTreeMap<u32, String>) -> Vec<Column<'a>> {
        let group_of = |col: u32| groups.range(..=col).next_back().map(|(_, group)| group.as_str());
        let sign = self.table.periode.as_ref().and_then(|period| period.in_kop.as_deref());
        let mut columns = Vec::new();
        for spec in &self.table.kolommen {
            let code = spec.indicator.get_ref();
            let Some(indicator) = self.indicators.iter().find(|indicator| indicator.code == *code) else {
                continue;
            };
            let hits = |same: &dyn Fn(&str) -> bool| -> Vec<(u32, Option<String>)> {
                let cells = head.cells.iter().filter_map(|cell| {
                    let text = cell.value.text();
                    let (subject, period) = match sign.map(|sign| text.rsplit_once(sign)) {
                        Some(Some((subject, period))) => {
                            (subject.trim().to_owned(), Some(period.trim().to_owned()))
                        }
                        Some(None) => return None,
                        None => (text, None),
                    };
                    same(&subject).then_some((cell.col, period))
                });
                let of_group = |(col, _): &(u32, Option<String>)| {
                    spec.groep.as_deref().is_none_or(|group| group_of(*col).is_some_and(|g| g.trim() == group))
                };
                cells.filter(of_group).collect()
            };
            let mut found = hits(&|subject| subject == spec.bron);
            if found.is_empty() {
                found = hits(&|subject| normalise(subject) == normalise(&spec.bron));
            }
            if found.is_empty() {
                let near = nearest_headings(head, &spec.bron);
                self.note(
                    "kolom-ontbreekt",
                    Level::Waarschuwing,
                    self.place(Some((head.index, 0))).about(format!("indicator {code}")),
                    format!("De kolom '{}' ontbreekt in de bron.{near}", spec.bron),
                    "De koppen zijn die van de koppeling.",
                    "Controleer of dit de goede editie is, of pas de koppeling aan.",
                );
                continue;
            }
            let twice = |(place, (_, period)): (usize, &(u32, Option<String>))| {
                found.iter().take(place).any(|(_, other)| other == period)
            };
            if found.iter().enumerate().any(twice) {
                let letters: Vec<String> = found.iter().map(|(col, _)| column_letters(*col)).collect();
                self.note(
                    "kolom-dubbel",
                    Level::Waarschuwing,
                    self.place(Some((head.index, 0))).about(format!("indicator {code}")),
                    format!(
                        "De kop '{}' komt vaker voor (kolommen {}); de kolom is overgeslagen.",
                        spec.bron,
                        letters.join(" en ")
                    ),
                    "Een gekoppelde kop wijst naar een kolom.",
                    "Vul in de koppeling bij deze kolom ook groep in.",
                );
                continue;
            }
            let cbs = self.table.gebied.sleutel == KeyKind::Cbs;
            for (col, period) in found {
                if let Some(edition) = self.edition(period.as_deref()) {
                    self.out.columns.insert((code.clone(), edition, cbs));
                }
                columns.push(Column { col, spec, indicator, period, problems: 0 });
            }
        }
        columns
    }

    fn edition(&self, period: Option<&str>) -> Option<String> {
        period.map(str::to_owned).filter(|period| !period.is_empty()).or_else(|| self.mapping.spec.editie.clone())
    }

    /// Columns of the source that no mapping names: one remark per tab.
    fn unmapped(&mut self, head: &Row, labels: Option<&Row>, keys: &Keys, columns: &[Column<'_>]) {
        let mut known: BTreeSet<u32> = columns.iter().map(|column| column.col).collect();
        known.insert(keys.area);
        known.extend(keys.name.into_iter().chain(keys.level).chain(keys.period));
        known.extend(keys.filters.iter().map(|(col, _)| *col));
        let named = |cell: &super::sheet::Cell| {
            let heading = shortened(&cell.value.text());
            let label = labels.map(|row| row.text(cell.col)).filter(|label| !label.is_empty());
            label.map_or(heading.clone(), |label| format!("{heading} ({})", shortened(&label)))
        };
        // A column that the mapping has and the format lacks is told of with the mapping.
        let sign = self.table.periode.as_ref().and_then(|period| period.in_kop.as_deref());
        let told = |cell: &&super::sheet::Cell| {
            let text = cell.value.text();
            let subject =
                sign.and_then(|sign| text.rsplit_once(sign)).map_or(text.as_str(), |(subject, _)| subject);
            self.table.left_out.iter().any(|heading| normalise(heading) == normalise(subject))
        };
        let other = head.cells.iter().filter(|cell| !known.contains(&cell.col) && !told(cell));
        let rest: Vec<String> = other.map(named).collect();
        if rest.is_empty() {
            return;
        }
        let some: Vec<&str> = rest.iter().take(5).map(String::as_str).collect();
        let more = if rest.len() > some.len() { " ..." } else { "." };
        let columns = words::count(rest.len(), "kolom is", "kolommen zijn");
        self.note(
            "kolom-niet-gekoppeld",
            Level::Opmerking,
            self.place(Some((head.index, 0))),
            format!("{columns} niet gekoppeld en niet gelezen: {}{more}", some.join(", ")),
            "",
            "Wilt u een van deze kolommen gebruiken, voeg die dan toe aan de koppeling en aan indicatoren.csv.",
        );
    }

    fn without_key(&mut self, row: &Row, columns: &[Column<'_>], key: u32) {
        if columns.iter().any(|column| row.at(column.col).is_some()) {
            self.note(
                "rij-zonder-gebied",
                Level::Waarschuwing,
                self.place(Some((row.index, key))),
                "Deze rij heeft cijfers, maar geen gebied; zij is overgeslagen.".to_owned(),
                "Elke rij met cijfers hoort bij een gebied.",
                "Controleer de rij in de bron.",
            );
        }
    }

    fn check_name(&mut self, row: &Row, keys: &Keys, index: usize) {
        let (Some(col), Some(known)) = (keys.name, self.areas.areas.get(index)) else { return };
        let written = row.text(col);
        let name = normalise(&written);
        let fits = name.is_empty()
            || normalise(&known.area.name) == name
            || known.area.aliases.iter().any(|alias| normalise(alias) == name);
        if !fits {
            let found = format!(
                "Bij {} staat de naam '{}', maar dat gebied heet {}.",
                row.text(keys.area),
                shortened(&written),
                known.area.name
            );
            self.note(
                "gebied-naam-wijkt-af",
                Level::Waarschuwing,
                self.place(Some((row.index, col))),
                found,
                "Nummer en naam horen bij hetzelfde gebied.",
                "Controleer de rij in de bron; klopt de naam, zet hem dan bij de aliassen in gebieden.csv.",
            );
        }
    }

    fn figures(&mut self, row: &Row, area: usize, period: Option<&str>, columns: &mut [Column<'a>]) {
        for column in columns {
            let parsed = match row.at(column.col) {
                Some(cell) => self.reading.parse(&cell.value),
                None => self.reading.parse(&crate::model::CellValue::Empty),
            };
            let mut figure = parsed.figure;
            let mut problem = parsed.problem;
            if let Figure::Known { value, mark } = &mut figure {
                if column.spec.schaal == Scale::Fractie && !parsed.percent_sign {
                    *value = percentage(*value);
                }
                *value = rounded(*value);
                if self.mapping.spec.schatting && *mark == Mark::None {
                    *mark = Mark::Estimate;
                }
                if let Some(found) = super::value::impossible(*value, &column.indicator.unit.name) {
                    problem = Some(("cijfer-onmogelijk", found));
                }
            }
            if let Some((code, found)) = problem {
                figure = Figure::Missing(Missing::Invalid);
                column.problems += 1;
                if column.problems <= 3 {
                    let name = self.areas.areas.get(area).map_or("", |known| known.area.name.as_str());
                    let subject = format!("{name}, indicator {}", column.indicator.name);
                    let place = self.place(Some((row.index, column.col))).about(subject);
                    self.note(
                        code,
                        super::value::level_of(code),
                        place,
                        format!("In deze cel staat {found}."),
                        "Een cijfer zoals de koppeling het beschrijft.",
                        "Controleer de bron, of pas in de koppeling decimaalteken, schaal of tekens aan.",
                    );
                }
            }
            let Some(edition) = self.edition(column.period.as_deref().or(period)) else { continue };
            let code = column.spec.indicator.get_ref().clone();
            let cbs = self.table.gebied.sleutel == KeyKind::Cbs;
            if period.is_some() {
                self.out.columns.insert((code.clone(), edition.clone(), cbs));
            }
            self.out.found.push(Found { area, code, edition, figure });
        }
    }

    fn summaries(
        &mut self,
        columns: &[Column<'_>],
        strangers: BTreeMap<String, Vec<String>>,
        divided: BTreeSet<String>,
    ) {
        for column in columns.iter().filter(|column| column.problems > 3) {
            self.note(
                "cijfer-ongeldig",
                Level::Waarschuwing,
                self.place(None).about(format!("indicator {}", column.indicator.name)),
                format!("In de kolom '{}' {} geen cijfer.", column.spec.bron, more_cells(column.problems - 3)),
                "",
                "Controleer of het decimaalteken in de koppeling klopt.",
            );
        }
        let (alike, others): (Vec<_>, Vec<_>) = strangers.into_iter().partition(|(_, near)| !near.is_empty());
        for (key, near) in alike.iter().take(20) {
            let hint = format!(" Lijkt op: {}.", near.join(", "));
            self.note(
                "gebied-onbekend",
                Level::Waarschuwing,
                self.place(None).about(format!("gebied {key}")),
                format!("Het gebied '{}' in de bron hoort bij geen gebied dat bekend is.{hint}", shortened(key)),
                "Elk gebied staat in gebieden.csv, met de namen die bronnen gebruiken.",
                "Hoort het bij een wijk of gebied, voeg de code of naam dan toe aan gebieden.csv.",
            );
        }
        let more = alike.len().saturating_sub(20);
        let names: Vec<&str> = others.iter().map(|(key, _)| key.as_str()).collect();
        if more + names.len() > 0 {
            let some: Vec<String> = names.iter().take(30).map(|name| shortened(name)).collect();
            let rest = if more > 0 || names.len() > some.len() { " ..." } else { "." };
            let count = words::count(more + names.len(), "gebied in de bron hoort", "gebieden in de bron horen");
            self.note(
                "gebied-onbekend",
                Level::Opmerking,
                self.place(None),
                format!("{count} bij geen gebied dat bekend is: {}{rest}", some.join(", ")),
                "Elk gebied staat in gebieden.csv, met de codes en namen die bronnen gebruiken.",
                "Bedrijventerreinen horen vaak bij geen wijk. Hoort er een wel bij een wijk, voeg de code dan toe aan gebieden.csv.",
            );
        }
        if !divided.is_empty() {
            let codes: Vec<String> = divided.into_iter().collect();
            self.note(
                "andere-indeling",
                Level::Opmerking,
                self.place(None),
                format!("{} anders ingedeeld dan onze wijken: {}.", words::count(codes.len(), "gebied in de bron is", "gebieden in de bron zijn"), codes.join(", ")),
                "Alleen cijfers van gebieden die precies gelijk zijn worden overgenomen.",
                "Percentages van delen worden niet gemiddeld; het cijfer staat als 'niet beschikbaar (andere indeling)'.",
            );
        }
    }
}

fn table_first(table: &Table) -> u32 {
    *table.eerste_rij.get_ref()
}

/// A level as sources write it: `gemeente2024` is a gemeente.
fn level_of(text: &str) -> Option<AreaLevel> {
    AreaLevel::from_word(text.trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn heading(head: &Row, wanted: &str) -> Option<u32> {
    let exact = head.cells.iter().find(|cell| cell.value.text() == wanted);
    let found =
        exact.or_else(|| head.cells.iter().find(|cell| normalise(&cell.value.text()) == normalise(wanted)));
    found.map(|cell| cell.col)
}

fn nearest_headings(head: &Row, wanted: &str) -> String {
    let texts: Vec<String> = head.cells.iter().map(|cell| cell.value.text()).collect();
    let near = nearest(wanted, texts.iter().map(String::as_str));
    if near.is_empty() { String::new() } else { format!(" Lijkt op: {}.", near.join(", ")) }
}

/// What a missing figure of an area means in a source keyed by CBS codes.
pub(super) fn missing_for(relation: Relation, cbs: bool) -> Missing {
    match (relation, cbs) {
        (Relation::Other | Relation::None, true) => Missing::OtherDivision,
        _ => Missing::NotSupplied,
    }
}
