//! The areas that sources and users know by different codes and names: `templates/gebieden.csv`.
//!
//! Owns the bridge between the Wijkprofiel's numbers, the codes of CBS and the names people use. A CBS figure may
//! only be taken over where the relation is one to one (`spec/overview.md`, 'Names and codes').

use std::collections::BTreeMap;

use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::definition_file::{Problems, Record, Row, Source, did_you_mean, filled, list, one_of, rows};
use crate::error::{Error, Result};
use crate::model::{Area, AreaLevel, Relation, nearest, normalise};

/// The built-in table.
pub(super) const BUILT_IN: &str = include_str!("../../templates/gebieden.csv");

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownArea {
    /// The area as it stands in an overview.
    pub area: Area,
    /// Its number in the Wijkprofiel, when it has one.
    pub number: Option<String>,
    /// The CBS codes that make it up, or of which it is a part.
    pub cbs_codes: Vec<String>,
    /// Whether CBS figures may be taken over.
    pub relation: Relation,
}

/// All areas that are known beforehand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AreaTable {
    /// In the order of the file: land, stad, gebieden, wijken.
    pub areas: Vec<KnownArea>,
}

/// A line as it stands in the file.
#[derive(Debug, Deserialize, Validate)]
struct Line {
    #[validate(custom(function = "filled"))]
    code: String,
    #[validate(custom(function = "filled"))]
    naam: String,
    #[validate(custom(function = "level"))]
    niveau: String,
    ligt_in: String,
    #[serde(deserialize_with = "list")]
    aliassen: Vec<String>,
    wijknr: String,
    #[serde(deserialize_with = "list")]
    cbs_codes: Vec<String>,
    #[validate(custom(function = "relation"))]
    relatie: String,
}

impl Record for Line {
    const COLUMNS: &'static [&'static str] =
        &["code", "naam", "niveau", "ligt_in", "aliassen", "wijknr", "cbs_codes", "relatie"];
}

fn level(text: &str) -> std::result::Result<(), ValidationError> {
    one_of(text, &["land", "stad", "gebied", "wijk", "buurt"])
}

fn relation(text: &str) -> std::result::Result<(), ValidationError> {
    if text.is_empty() { Ok(()) } else { one_of(text, &["1:1", "n:1", "1:n", "geen"]) }
}

/// What a key in a source led to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Match {
    /// Index in the table.
    Found(usize),
    /// An area of ours whose figures may not be taken over: the division differs.
    OtherDivision,
    /// Nothing; with the nearest names.
    Unknown(Vec<String>),
    /// More than one.
    Ambiguous(Vec<String>),
}

impl AreaTable {
    /// The areas of Rotterdam that are built in.
    ///
    /// # Errors
    ///
    /// As [`AreaTable::parse`]; impossible for the built-in file, which a test reads.
    pub fn built_in() -> Result<Self> {
        Self::parse("templates/gebieden.csv", BUILT_IN.as_bytes())
    }

    /// Reads a table in the layout of `templates/gebieden.csv`, in any encoding Excel saves. `file` is its name in
    /// messages.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] with one sentence per problem: file, line, field.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let source = Source::own(file, bytes);
        let mut problems = Problems::default();
        let rows: Vec<Row<Line>> = rows(&source, &mut problems);
        if rows.is_empty() && problems.is_empty() {
            problems.add(&source, 0, "", "er staat geen enkel gebied in. Verwacht: minstens één regel.");
        }
        let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
        for Row { line, record } in &rows {
            if let Some(first) = lines.insert(&record.code, *line) {
                let what =
                    format!("'{}' staat ook al op regel {first}. Verwacht: elke code één keer.", record.code);
                problems.add(&source, *line, "code", what);
            }
        }
        for Row { line, record } in &rows {
            let parent = record.ligt_in.as_str();
            if !parent.is_empty() && !lines.contains_key(parent) {
                let near = did_you_mean(parent, lines.keys().copied());
                let what =
                    format!("'{parent}' staat zelf niet in de lijst.{near} Verwacht: de code van een gebied.");
                problems.add(&source, *line, "ligt_in", what);
            } else if let Some(circle) = circle(&rows, &record.code) {
                let what = match circle.as_slice() {
                    [_] => format!("'{parent}' ligt zo in zichzelf. Verwacht: de code van een groter gebied."),
                    codes => format!(
                        "zo liggen {} in elkaar. Verwacht: de code van een groter gebied.",
                        crate::model::words::list(codes)
                    ),
                };
                problems.add(&source, *line, "ligt_in", what);
            }
        }
        if !problems.is_empty() {
            return Err(Error::Format { folder: file.to_owned(), problems: problems.into_sentences() });
        }
        Ok(AreaTable { areas: rows.into_iter().filter_map(|row| known(row.record)).collect() })
    }

    /// The area with this code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&KnownArea> {
        self.areas.iter().find(|known| known.area.code.eq_ignore_ascii_case(code.trim()))
    }

    /// By number of the Wijkprofiel.
    pub(super) fn by_number(&self, number: &str) -> Match {
        match self.areas.iter().position(|known| known.number.as_deref() == Some(number)) {
            Some(index) => Match::Found(index),
            None => Match::Unknown(Vec::new()),
        }
    }

    /// By CBS code: found only where one of ours is one of theirs.
    pub(super) fn by_cbs(&self, code: &str) -> Match {
        let has = |known: &&KnownArea| known.cbs_codes.iter().any(|own| own.eq_ignore_ascii_case(code));
        let exact =
            self.areas.iter().enumerate().find(|(_, known)| known.relation == Relation::OneToOne && has(known));
        match exact {
            Some((index, _)) => Match::Found(index),
            None if self.areas.iter().any(|known| has(&known)) => Match::OtherDivision,
            None => Match::Unknown(Vec::new()),
        }
    }

    /// By name or alias, within a level when that is known; the name itself goes before an alias.
    pub(super) fn by_name(&self, wanted: &str, level: Option<AreaLevel>) -> Match {
        let name = normalise(wanted);
        let of_level = |known: &&KnownArea| level.is_none_or(|level| known.area.level == level);
        let hits = |named: &dyn Fn(&KnownArea) -> bool| -> Vec<usize> {
            let all = self.areas.iter().enumerate();
            all.filter(|(_, known)| of_level(known) && named(known)).map(|(index, _)| index).collect()
        };
        let mut found = hits(&|known| normalise(&known.area.name) == name);
        if found.is_empty() {
            found = hits(&|known| known.area.aliases.iter().any(|alias| normalise(alias) == name));
        }
        match found.as_slice() {
            [one] => Match::Found(*one),
            [] => Match::Unknown(nearest(
                wanted,
                self.areas.iter().filter(of_level).map(|known| known.area.name.as_str()),
            )),
            several => Match::Ambiguous(
                several
                    .iter()
                    .filter_map(|index| self.areas.get(*index))
                    .map(|known| format!("{} {} ({})", known.area.level.word(), known.area.name, known.area.code))
                    .collect(),
            ),
        }
    }

    /// By the area's own code, then by name or alias.
    pub(super) fn by_code_or_name(&self, wanted: &str, level: Option<AreaLevel>) -> Match {
        match self.areas.iter().position(|known| known.area.code.eq_ignore_ascii_case(wanted.trim())) {
            Some(index) => Match::Found(index),
            None => self.by_name(wanted, level),
        }
    }
}

/// The areas from this one up to itself again, when it lies in itself by way of others.
fn circle<'r>(rows: &'r [Row<Line>], code: &'r str) -> Option<Vec<&'r str>> {
    let above =
        |code: &str| rows.iter().find(|row| row.record.code == code).map(|row| row.record.ligt_in.as_str());
    let mut way = vec![code];
    let mut at = above(code)?;
    while !way.contains(&at) {
        way.push(at);
        at = above(at)?;
    }
    (at == code).then_some(way)
}

/// The area of a line that was checked; nothing for a level that does not exist, which the check refuses.
fn known(line: Line) -> Option<KnownArea> {
    let relation = match line.relatie.as_str() {
        "1:1" => Relation::OneToOne,
        "n:1" | "1:n" => Relation::Other,
        _ => Relation::None,
    };
    Some(KnownArea {
        area: Area {
            code: line.code,
            name: line.naam,
            level: AreaLevel::from_word(&line.niveau)?,
            parent: (!line.ligt_in.is_empty()).then_some(line.ligt_in),
            aliases: line.aliassen,
        },
        number: (!line.wijknr.is_empty()).then_some(line.wijknr),
        cbs_codes: line.cbs_codes,
        relation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(table: &AreaTable, level: AreaLevel) -> usize {
        table.areas.iter().filter(|known| known.area.level == level).count()
    }

    #[test]
    fn rotterdam_has_71_wijken_in_14_gebieden() {
        let table = AreaTable::built_in().unwrap();
        assert_eq!(count(&table, AreaLevel::Wijk), 71);
        assert_eq!(count(&table, AreaLevel::Gebied), 14);
        assert!(table.by_code("GM0599").is_some() && table.by_code("NL").is_some());
        for known in table.areas.iter().filter(|known| known.area.level == AreaLevel::Wijk) {
            let parent = table.by_code(known.area.parent.as_deref().unwrap()).unwrap();
            assert_eq!(parent.area.level, AreaLevel::Gebied, "{}", known.area.name);
        }
    }

    #[test]
    fn the_gebied_follows_the_wijkprofiel_and_not_the_digits_of_the_code() {
        let table = AreaTable::built_in().unwrap();
        let kop_van_zuid = table.by_code("BU05990117").unwrap();
        let gebied = table.by_code(kop_van_zuid.area.parent.as_deref().unwrap()).unwrap();
        assert_eq!(gebied.area.name, "Feijenoord");
    }

    #[test]
    fn a_cbs_code_of_a_wijk_that_is_divided_otherwise_gives_no_area() {
        let table = AreaTable::built_in().unwrap();
        // Two wijken share this one, and this wijk has two of these.
        assert_eq!(table.by_cbs("BU05991289"), Match::OtherDivision);
        assert_eq!(table.by_cbs("BU05990119"), Match::OtherDivision);
        assert!(matches!(table.by_cbs("BU05990321"), Match::Found(_)));
        // The digits of this code occur in Rotterdam; it lies in Almere.
        assert_eq!(table.by_cbs("BU00340599"), Match::Unknown(Vec::new()));
    }

    #[test]
    fn one_name_on_two_levels_is_told_apart_by_level() {
        let table = AreaTable::built_in().unwrap();
        assert!(matches!(table.by_name("Rozenburg", None), Match::Ambiguous(names) if names.len() == 2));
        let Match::Found(index) = table.by_name("rozenburg", Some(AreaLevel::Gebied)) else { panic!() };
        assert_eq!(table.areas[index].area.code, "WK059927");
    }

    #[test]
    fn spellings_of_the_sources_are_known() {
        let table = AreaTable::built_in().unwrap();
        for (written, code) in [
            ("OudMathenesse/Witte Dorp", "WP3004"),
            ("Kralingseveer", "BU05991446"),
            ("Stadscentrum", "WK059901"),
            ("Het Oude Noorden", "BU05990535"),
        ] {
            let Match::Found(index) = table.by_name(written, None) else { panic!("{written}") };
            assert_eq!(table.areas[index].area.code, code);
        }
    }

    #[test]
    fn a_broken_table_names_line_and_field() {
        let header = "code;naam;niveau;ligt_in;aliassen;wijknr;cbs_codes;relatie\n";
        let refused = |text: &str| AreaTable::parse("gebieden.csv", text.as_bytes()).unwrap_err().to_string();
        let message =
            refused(&format!("{header}A;Een;dorp;;;;;1:1\n\nB;Twee;wijk;X;;;;1:1\nB;Nog;wijk;;;;;2:3\n"));
        for said in [
            "gebieden.csv, regel 2, veld 'niveau': gevonden: 'dorp'",
            "gebieden.csv, regel 4, veld 'ligt_in': 'X'",
            "gebieden.csv, regel 5, veld 'code': 'B' staat ook al op regel 4",
            "gebieden.csv, regel 5, veld 'relatie': gevonden: '2:3'",
        ] {
            assert!(message.contains(said), "{message}");
        }
        let message = refused("code;naam;kleur\nA;B;C\n");
        assert!(message.contains("regel 1, veld 'kleur': deze kolom is onbekend"), "{message}");
        assert!(message.contains("veld 'niveau': deze kolom ontbreekt"), "{message}");
        assert!(refused(header).contains("geen enkel gebied"));
    }

    #[test]
    fn an_area_never_lies_in_itself_also_not_by_way_of_another() {
        let header = "code;naam;niveau;ligt_in;aliassen;wijknr;cbs_codes;relatie\n";
        let lines = "A;Een;wijk;A;;;;\nB;Twee;wijk;C;;;;\nC;Drie;gebied;B;;;;\nD;Vier;wijk;C;;;;\n";
        let message =
            AreaTable::parse("gebieden.csv", format!("{header}{lines}").as_bytes()).unwrap_err().to_string();
        for said in [
            "regel 2, veld 'ligt_in': 'A' ligt zo in zichzelf",
            "regel 3, veld 'ligt_in': zo liggen B en C in elkaar",
        ] {
            assert!(message.contains(said), "{message}");
        }
        assert!(!message.contains("regel 5"), "{message}");
    }

    #[test]
    fn a_table_as_excel_saves_it_keeps_its_accents() {
        let text = b"code;naam;niveau;ligt_in;aliassen;wijknr;cbs_codes;relatie\r\nA;Caf\xE9buurt;wijk;;;;;\r\n";
        assert_eq!(AreaTable::parse("gebieden.csv", text).unwrap().areas[0].area.name, "Cafébuurt");
    }
}
