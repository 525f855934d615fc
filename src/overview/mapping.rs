//! Mapping files: which column of a source is which indicator (`templates/bronnen/*.toml`).
//!
//! Owns the declaration of a source: how it is recognised, where its headings and areas stand, what its signs and
//! empty cells mean, fraction or percentage. A new source needs a file here, no Rust. How the declared table is
//! read is [`super::table`]'s business.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;

use super::shape;
use super::value::{Decimal, Reading, Sign, usual_signs};
use crate::definition_file::{Source, toml_problem};
use crate::error::{Error, Result};
use crate::model::{Figure, Indicator};

/// The built-in mapping files, by name.
pub(super) const BUILT_IN: [(&str, &str); 8] = [
    ("bronnen/buurtmonitor-upload.toml", include_str!("../../templates/bronnen/buurtmonitor-upload.toml")),
    ("bronnen/buurtmonitor-viewer.toml", include_str!("../../templates/bronnen/buurtmonitor-viewer.toml")),
    ("bronnen/context-2015.toml", include_str!("../../templates/bronnen/context-2015.toml")),
    ("bronnen/rivm-2012.toml", include_str!("../../templates/bronnen/rivm-2012.toml")),
    ("bronnen/rivm-2016.toml", include_str!("../../templates/bronnen/rivm-2016.toml")),
    ("bronnen/rivm-2020.toml", include_str!("../../templates/bronnen/rivm-2020.toml")),
    ("bronnen/wijkprofiel-2014.toml", include_str!("../../templates/bronnen/wijkprofiel-2014.toml")),
    ("bronnen/wijkprofiel-2016.toml", include_str!("../../templates/bronnen/wijkprofiel-2016.toml")),
];

/// How one source is read. Opaque outside this station; made by [`Mapping::parse`] or [`Mapping::built_in`].
#[derive(Debug, Clone)]
pub struct Mapping {
    /// File it was read from, for messages.
    pub(super) file: String,
    text: String,
    /// Part of the program, so made for the built-in indicators.
    built_in: bool,
    pub(super) spec: Spec,
}

/// The file as written. Field names are Dutch because a non-programmer edits it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// Name of the source in reports.
    pub(super) naam: String,
    /// Edition of all its figures, unless the table says where the period stands.
    #[serde(default)]
    pub(super) editie: Option<String>,
    /// Year of measurement, or `onbekend`.
    #[serde(default)]
    pub(super) peiljaar: Option<String>,
    decimaalteken: Decimal,
    /// Meaning of an empty cell.
    leeg: Spanned<Sign>,
    /// True when all figures are estimates of a model.
    #[serde(default)]
    pub(super) schatting: bool,
    pub(super) herkenning: Recognition,
    /// Signs besides the usual ones.
    #[serde(default)]
    tekens: BTreeMap<String, Sign>,
    #[serde(default)]
    pub(super) tabel: Vec<Table>,
}

/// How a source is recognised: everything that is stated must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recognition {
    /// Tabs that must be there.
    #[serde(default)]
    pub(super) tabs: Vec<String>,
    /// Headings that must stand in the heading row of the first table.
    #[serde(default)]
    pub(super) koppen: Vec<String>,
    /// A text that at least one heading must hold.
    #[serde(default)]
    pub(super) kop_bevat: Option<String>,
    /// A value that must stand under a heading, in the first row with figures.
    #[serde(default)]
    pub(super) waarde: Option<ValueIs>,
}

/// A heading and the value under it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueIs {
    pub(super) kolom: String,
    pub(super) is: String,
}

/// One table of a source. Rows are one-based, as Excel shows them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Tab; without it the first tab that has the headings, or the csv itself.
    #[serde(default)]
    pub(super) tab: Option<String>,
    /// Row with groups above the headings, to tell equal headings apart.
    #[serde(default)]
    pub(super) groeprij: Option<u32>,
    /// Row with the headings (codes).
    pub(super) koprij: Spanned<u32>,
    /// Row with labels, for messages.
    #[serde(default)]
    pub(super) labelrij: Option<u32>,
    /// First row with figures.
    pub(super) eerste_rij: Spanned<u32>,
    /// Only rows that have these values under these headings.
    #[serde(default)]
    pub(super) filter: BTreeMap<String, String>,
    /// Where the period stands, when it differs per column or row.
    #[serde(default)]
    pub(super) periode: Option<Period>,
    pub(super) gebied: AreaKey,
    #[serde(default)]
    pub(super) kolommen: Vec<MappedColumn>,
    /// Headings of columns that were left out, because the format has no indicator for them.
    #[serde(skip)]
    pub(super) left_out: Vec<String>,
}

/// Where the period of a figure stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    /// In a column.
    #[serde(default)]
    pub(super) kolom: Option<String>,
    /// In the heading, behind this sign.
    #[serde(default)]
    pub(super) in_kop: Option<String>,
}

/// What the key of an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum KeyKind {
    /// Number of the Wijkprofiel.
    Wijknr,
    /// CBS code; figures are taken over one to one only.
    Cbs,
    /// Name or alias.
    Naam,
    /// Code as in the list of areas, else name or alias.
    CodeOfNaam,
}

/// How the area of a row is found.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaKey {
    /// Heading above the keys.
    #[serde(default)]
    pub(super) kolom: Option<String>,
    /// One-based column of the keys, when the heading is no fixed text.
    #[serde(default)]
    pub(super) kolomnummer: Option<u32>,
    pub(super) sleutel: KeyKind,
    /// Heading above names; a name that belongs to another area than the key is a finding.
    #[serde(default)]
    pub(super) naamkolom: Option<String>,
    /// Heading above the level (wijk, gebied, gemeente ...).
    #[serde(default)]
    pub(super) niveaukolom: Option<String>,
    /// Beginnings of keys; an unknown key is a finding only when it begins so. Empty: always.
    #[serde(default)]
    pub(super) melden: Vec<String>,
}

/// Whether a percentage stands as 0.125 or as 12.5 in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scale {
    /// 0.125 means 12.5%.
    Fractie,
    /// As it is.
    Getal,
}

/// A column of the source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappedColumn {
    /// Heading in the source.
    pub(super) bron: String,
    /// Group above it, where the heading occurs more than once.
    #[serde(default)]
    pub(super) groep: Option<String>,
    /// Code of the indicator in the format.
    pub(super) indicator: Spanned<String>,
    pub(super) schaal: Scale,
}

impl Mapping {
    /// The mappings that are built in, in order of file name.
    ///
    /// # Errors
    ///
    /// As [`Mapping::parse`]; impossible for the built-in files, which a test reads.
    pub fn built_in() -> Result<Vec<Self>> {
        let parse = |(file, text): &(&str, &str)| Ok(Mapping { built_in: true, ..Self::parse(file, text)? });
        BUILT_IN.iter().map(parse).collect()
    }

    /// The mappings in `bronnen/*.toml` of a format folder; the built-in ones when there is no such folder.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the folder cannot be read, [`Error::Format`] with the problems of all files at once.
    pub fn from_folder(format: &Path) -> Result<Vec<Self>> {
        let (mappings, problems) = Self::drafts(format)?;
        if problems.is_empty() {
            Ok(mappings)
        } else {
            Err(Error::Format { folder: format.join("bronnen").display().to_string(), problems })
        }
    }

    /// As [`Mapping::from_folder`]: as much of the mappings as can be understood, with all that is wrong in their files.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when the folder cannot be read.
    pub fn drafts(format: &Path) -> Result<(Vec<Self>, Vec<String>)> {
        let folder = format.join("bronnen");
        if !folder.is_dir() {
            return Ok((Self::built_in()?, Vec::new()));
        }
        let unreadable = |e| Error::file(&folder, "De map met koppelingen kan niet worden gelezen", e);
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
                paths.push(path);
            }
        }
        paths.sort();
        let (mut mappings, mut all) = (Vec::new(), Vec::new());
        for path in paths {
            let file = path.display().to_string();
            match std::fs::read(&path) {
                Ok(bytes) => {
                    let (mapping, problems) = Self::draft(&file, &Source::own(&file, &bytes).text);
                    mappings.extend(mapping);
                    all.extend(problems);
                }
                Err(error) => {
                    let error = Error::file(&path, "De koppeling kan niet worden gelezen", error);
                    all.push(format!("{file}: {}", error.about(&path)));
                }
            }
        }
        Ok((mappings, all))
    }

    /// Reads one mapping file. `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// [`Error::Format`]: each problem names file, line and field, what was found and what was expected. Unknown
    /// fields are refused.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        match Self::draft(file, text) {
            (Some(mapping), problems) if problems.is_empty() => Ok(mapping),
            (_, problems) => Err(Error::Format { folder: file.to_owned(), problems }),
        }
    }

    /// As much of a mapping as can be understood, with everything that is wrong in its file.
    fn draft(file: &str, text: &str) -> (Option<Self>, Vec<String>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let broken = |error: &toml::de::Error| {
            let (line, field, what) = toml_problem(text, error);
            let field = if field.is_empty() { field } else { format!(", veld {field}") };
            format!("{file}, regel {line}{field}: {what}")
        };
        let (mut table, unreadable) = DeTable::parse_recoverable(text);
        if !unreadable.is_empty() {
            // What cannot be read of a line says nothing of its fields. One line may be wrong in several ways.
            let mut problems: Vec<String> = Vec::new();
            for error in &unreadable {
                let said = broken(error);
                if !problems.contains(&said) {
                    problems.push(said);
                }
            }
            return (None, problems);
        }
        let wrong = shape::mend(&mut table).into_iter();
        let mut problems: Vec<(usize, String)> = wrong
            .map(|(at, field, what)| {
                let line = line_of(text, at);
                (line, format!("{file}, regel {line}, veld {field}: {what}"))
            })
            .collect();
        let spec = match Spec::deserialize(toml::de::Deserializer::from(table)) {
            Ok(spec) => spec,
            Err(error) => {
                problems.push((0, broken(&error)));
                return (None, problems.into_iter().map(|(_, what)| what).collect());
            }
        };
        let mapping = Mapping { file: file.to_owned(), text: text.to_owned(), built_in: false, spec };
        problems.extend(mapping.own_problems());
        problems.sort_by_key(|(line, _)| *line);
        (Some(mapping), problems.into_iter().map(|(_, what)| what).collect())
    }

    /// Name of the source, for lists.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.naam
    }

    /// Checks the mapping against the indicators of the format.
    ///
    /// # Errors
    ///
    /// [`Error::Format`] naming file, line and field of each indicator that the format does not know.
    pub fn check(&self, indicators: &[Indicator]) -> Result<()> {
        let mut problems = Vec::new();
        for column in self.spec.tabel.iter().flat_map(|table| &table.kolommen) {
            let code = column.indicator.get_ref();
            if code == shape::UNREAD || indicators.iter().any(|indicator| indicator.code == *code) {
                continue;
            }
            let near = crate::model::nearest(code, indicators.iter().map(|indicator| indicator.code.as_str()));
            let hint =
                if near.is_empty() { String::new() } else { format!(" (bedoelt u {}?)", near.join(" of ")) };
            problems.push(format!(
                "{}, regel {}, veld indicator: '{code}' staat niet in indicatoren.csv{hint}",
                self.file,
                line_of(&self.text, column.indicator.span().start),
            ));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Format { folder: self.file.clone(), problems }) }
    }

    /// True for a mapping that is part of the program.
    pub(super) fn is_built_in(&self) -> bool {
        self.built_in
    }

    /// The mapping without the columns of indicators that the format lacks, and the codes of those.
    pub(super) fn limited_to(&self, indicators: &[Indicator]) -> (Self, Vec<String>) {
        let mut limited = self.clone();
        let mut without = Vec::new();
        for table in &mut limited.spec.tabel {
            let left_out = &mut table.left_out;
            table.kolommen.retain(|column| {
                let code = column.indicator.get_ref();
                let known = indicators.iter().any(|indicator| indicator.code == *code);
                if !known {
                    left_out.push(column.bron.clone());
                    if !without.contains(code) {
                        without.push(code.clone());
                    }
                }
                known
            });
        }
        (limited, without)
    }

    /// How the cells of this source are read.
    pub(super) fn reading(&self) -> Reading {
        let mut signs = usual_signs();
        signs.extend(self.spec.tekens.iter().map(|(text, sign)| (text.clone(), *sign)));
        let empty =
            self.spec.leeg.get_ref().alone().unwrap_or(Figure::Missing(crate::model::Missing::NotSupplied));
        Reading { decimal: self.spec.decimaalteken, empty, signs }
    }

    /// What is wrong with fields that can be read each by itself, with the line.
    fn own_problems(&self) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        let mut wrong = |at: usize, field: &str, what: &str| {
            let line = line_of(&self.text, at);
            problems.push((line, format!("{}, regel {line}, veld {field}: {what}", self.file)));
        };
        let empty = self.spec.leeg.get_ref();
        if matches!(empty, Sign::Voorlopig | Sign::Schatting | Sign::Ongeldig) {
            wrong(
                self.spec.leeg.span().start,
                "leeg",
                "kies onbekend, geheim, niet-geleverd, kan-niet-voorkomen, andere-indeling of nihil",
            );
        }
        let recognition = &self.spec.herkenning;
        if recognition.tabs.is_empty() && recognition.koppen.is_empty() && recognition.kop_bevat.is_none() {
            wrong(0, "herkenning", "noem tabs, koppen of kop_bevat, anders past de koppeling op elk bestand");
        }
        if self.spec.tabel.is_empty() {
            wrong(0, "tabel", "er staat geen [[tabel]] in");
        }
        for table in &self.spec.tabel {
            let head = *table.koprij.get_ref();
            let at = table.koprij.span().start;
            if head == 0 {
                wrong(at, "koprij", "rijen tellen vanaf 1");
            }
            if *table.eerste_rij.get_ref() <= head {
                wrong(table.eerste_rij.span().start, "eerste_rij", "moet onder de koprij liggen");
            }
            if table.gebied.kolom.is_some() == table.gebied.kolomnummer.is_some() {
                wrong(at, "gebied", "noem kolom of kolomnummer (een van beide)");
            }
            if table.gebied.kolomnummer == Some(0) {
                wrong(at, "gebied.kolomnummer", "kolommen tellen vanaf 1");
            }
            if let Some(period) = &table.periode
                && period.kolom.is_some() == period.in_kop.is_some()
            {
                wrong(at, "periode", "noem kolom of in_kop (een van beide)");
            }
            if table.periode.is_none() && self.spec.editie.is_none() {
                wrong(at, "editie", "noem de editie bovenaan, of in de tabel waar de periode staat");
            }
            if table.kolommen.is_empty() {
                wrong(at, "kolommen", "er is geen enkele kolom gekoppeld");
            }
            for (place, column) in table.kolommen.iter().enumerate() {
                let same = |other: &&MappedColumn| {
                    other.bron == column.bron && other.groep == column.groep && column.bron != shape::UNREAD
                };
                if table.kolommen.iter().take(place).any(|other| same(&other)) {
                    let what = format!("'{}' is twee keer gekoppeld", column.bron);
                    wrong(column.indicator.span().start, "bron", &what);
                }
            }
        }
        problems
    }
}

/// One-based line of a byte offset.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
naam = "Proef"
editie = "2020"
decimaalteken = "."
leeg = "onbekend"
[herkenning]
koppen = ["code"]
[[tabel]]
koprij = 1
eerste_rij = 2
gebied = { kolom = "code", sleutel = "cbs" }
kolommen = [
  { bron = "A", indicator = "vsv", schaal = "getal" },
]
"#;

    fn problems(text: &str) -> String {
        Mapping::parse("bronnen/proef.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_mappings_are_sound() {
        assert_eq!(Mapping::built_in().unwrap().len(), BUILT_IN.len());
        Mapping::parse("proef", SOUND).unwrap();
    }

    #[test]
    fn every_mapping_file_in_the_folder_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let found: Vec<String> =
            Mapping::from_folder(&folder).unwrap().iter().map(|mapping| mapping.spec.naam.clone()).collect();
        let built_in: Vec<String> =
            Mapping::built_in().unwrap().iter().map(|mapping| mapping.spec.naam.clone()).collect();
        assert_eq!(found, built_in);
    }

    #[test]
    fn an_unknown_field_is_refused_with_its_line() {
        let text = problems(&SOUND.replace("editie = \"2020\"", "editie = \"2020\"\nkleur = \"rood\""));
        assert!(text.contains("bronnen/proef.toml, regel 4, veld kleur: onbekend veld 'kleur'"), "{text}");
    }

    #[test]
    fn a_missing_field_and_a_wrong_word_are_named() {
        assert!(problems(&SOUND.replace("leeg = \"onbekend\"\n", "")).contains("het veld 'leeg' ontbreekt"));
        let text = problems(&SOUND.replace("schaal = \"getal\"", "schaal = \"procent\""));
        assert!(text.contains("regel 13, veld schaal: 'procent' is hier niet mogelijk. Verwacht: '"), "{text}");
    }

    #[test]
    fn rows_that_cannot_be_are_reported_all_at_once() {
        let text = problems(&SOUND.replace("eerste_rij = 2", "eerste_rij = 1").replace("editie = \"2020\"\n", ""));
        assert!(text.contains("regel 9, veld eerste_rij: moet onder de koprij liggen"), "{text}");
        assert!(text.contains("veld editie"), "{text}");
    }

    #[test]
    fn an_indicator_that_the_format_lacks_is_named_with_its_line() {
        let text = Mapping::parse("proef.toml", SOUND).unwrap().check(&[]).unwrap_err().to_string();
        assert!(
            text.contains("proef.toml, regel 13, veld indicator: 'vsv' staat niet in indicatoren.csv"),
            "{text}"
        );
    }
}
