//! The areas that sources and users know by different codes and names: `templates/gebieden.csv`.
//!
//! Owns the bridge between the Wijkprofiel's numbers, the codes of CBS and the names people use. A CBS figure may
//! only be taken over where the relation is one to one (`spec/overview.md`, 'Names and codes').

use serde::Deserialize;

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

/// The lines as they stand in the file; unknown columns are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    code: String,
    naam: String,
    niveau: String,
    ligt_in: String,
    aliassen: String,
    wijknr: String,
    cbs_codes: String,
    relatie: String,
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
        Self::parse("templates/gebieden.csv", BUILT_IN)
    }

    /// Reads a table in the layout of `templates/gebieden.csv`.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] with one sentence per problem: file, line, field.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let mut problems = Vec::new();
        let mut areas: Vec<KnownArea> = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let header = text.lines().next().unwrap_or_default();
        let delimiter = if header.contains(';') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
        for line in reader.deserialize::<Line>() {
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    let at = error.position().map_or(1, csv::Position::line);
                    problems.push(format!("{file}, regel {at}: {error}"));
                    continue;
                }
            };
            let at = areas.len() + problems.len() + 2;
            let mut wrong = |field: &str, what: String| {
                problems.push(format!("{file}, regel {at}, veld {field}: {what}"));
            };
            let level = AreaLevel::from_word(&line.niveau);
            if level.is_none() {
                wrong("niveau", format!("'{}' is geen land, stad, gebied, wijk of buurt", line.niveau));
            }
            let relation = match line.relatie.as_str() {
                "1:1" => Some(Relation::OneToOne),
                "n:1" | "1:n" => Some(Relation::Other),
                "geen" | "" => Some(Relation::None),
                other => {
                    wrong("relatie", format!("'{other}' is geen 1:1, n:1, 1:n of geen"));
                    None
                }
            };
            if line.code.is_empty() || line.naam.is_empty() {
                wrong("code", "code en naam moeten zijn ingevuld".to_owned());
            }
            if areas.iter().any(|known| known.area.code == line.code) {
                wrong("code", format!("'{}' staat er twee keer in", line.code));
            }
            let (Some(level), Some(relation)) = (level, relation) else { continue };
            areas.push(KnownArea {
                area: Area {
                    code: line.code,
                    name: line.naam,
                    level,
                    parent: (!line.ligt_in.is_empty()).then_some(line.ligt_in),
                    aliases: list(&line.aliassen),
                },
                number: (!line.wijknr.is_empty()).then_some(line.wijknr),
                cbs_codes: list(&line.cbs_codes),
                relation,
            });
        }
        for known in &areas {
            if let Some(parent) = &known.area.parent
                && !areas.iter().any(|other| other.area.code == *parent)
            {
                problems.push(format!(
                    "{file}, gebied {} ({}), veld ligt_in: '{parent}' staat zelf niet in de lijst",
                    known.area.code, known.area.name
                ));
            }
        }
        if problems.is_empty() {
            Ok(AreaTable { areas })
        } else {
            Err(Error::Format { folder: file.to_owned(), problems })
        }
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

/// A list inside one cell: parts separated by ` | `.
fn list(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
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
        let text = format!("{header}A;Een;dorp;;;;;1:1\nB;Twee;wijk;X;;;;1:1\n");
        let message = AreaTable::parse("gebieden.csv", &text).unwrap_err().to_string();
        assert!(message.contains("gebieden.csv, regel 2, veld niveau: 'dorp'"), "{message}");
        assert!(message.contains("veld ligt_in: 'X'"), "{message}");
        let message = AreaTable::parse("gebieden.csv", "code;naam;kleur\nA;B;C\n").unwrap_err().to_string();
        assert!(message.contains("gebieden.csv"), "{message}");
    }
}
