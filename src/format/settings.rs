//! The two toml files: `format.toml` (version, benchmark, rules) and `teksten.toml` (texts by key).
//!
//! Owns which keys exist and which line each stands on. Must not know the csv files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};
use validator::{Validate, ValidationError};

use super::records::colour;
use crate::definition_file::{Problems, Source, did_you_mean, flatten, refuse_too_long, toml_problem};
use crate::model::CLASSIC;

fn refuse(message: &str) -> ValidationError {
    ValidationError::new("waarde").with_message(Cow::Owned(message.to_owned()))
}

fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(refuse("de waarde is leeg. Verwacht: een tekst.")) } else { Ok(()) }
}

fn version(text: &str) -> Result<(), ValidationError> {
    let fine = text.split('.').all(|part| !part.is_empty() && part.len() < 6 && part.parse::<u32>().is_ok());
    if fine { Ok(()) } else { Err(refuse("verwacht: getallen met punten ertussen, zoals \"1.2.0\".")) }
}

/// `1.0`, `1.*` or `klassiek`.
fn version_pattern(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.parse::<u32>().is_ok();
    text == CLASSIC
        || text.split_once('.').is_some_and(|(major, minor)| number(major) && (minor == "*" || number(minor)))
}

fn date(text: &str) -> Result<(), ValidationError> {
    match text.parse::<jiff::civil::Date>() {
        // Excel cannot store document dates before 1900.
        Ok(date) if date.year() >= 1900 && text.len() == 10 => Ok(()),
        _ => Err(refuse("verwacht: een datum als \"2026-11-22\".")),
    }
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    #[validate(custom(function = "version"))]
    pub(super) versie: String,
    #[validate(custom(function = "filled"))]
    pub(super) naam: String,
    #[validate(custom(function = "filled"))]
    pub(super) doelgroep: String,
    #[validate(nested)]
    pub(super) benchmark: BenchmarkSetting,
    #[validate(nested)]
    pub(super) tweede_benchmark: BenchmarkSetting,
    #[validate(nested)]
    pub(super) opvallend: OpvallendSetting,
    #[validate(nested)]
    pub(super) opmaak: LookSetting,
    pub(super) versies: Option<VersionsSetting>,
    #[validate(nested)]
    pub(super) wijzigingen: Vec<ChangeSetting>,
}

/// Which versions of workbooks the format takes; the block may be left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionsSetting {
    pub(super) aanvaard: Vec<String>,
    pub(super) migreren: Vec<String>,
    pub(super) geweigerd: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct BenchmarkSetting {
    #[validate(custom(function = "filled"))]
    pub(super) code: String,
    #[validate(custom(function = "filled"))]
    pub(super) naam: String,
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct OpvallendSetting {
    #[validate(range(min = 1, max = 100, message = "verwacht: een heel getal van 1 tot en met 100."))]
    pub(super) aantal: i64,
    #[validate(range(min = 2, max = 10000, message = "verwacht: een heel getal van 2 of meer."))]
    pub(super) minste_wijken: i64,
    #[validate(range(min = 0.0, max = 100.0, message = "verwacht: een getal van 0 tot en met 100."))]
    pub(super) drempel_gebied: f64,
    #[validate(range(min = 1, max = 100, message = "verwacht: een heel getal van 1 tot en met 100."))]
    pub(super) cumulatie: i64,
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct LookSetting {
    #[validate(custom(function = "colour"))]
    pub(super) kleur_opvallend: String,
    pub(super) tweede_teken: bool,
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeSetting {
    #[validate(custom(function = "version"))]
    pub(super) versie: String,
    #[validate(custom(function = "date"))]
    pub(super) datum: String,
    #[validate(custom(function = "filled"))]
    pub(super) wie: String,
    #[validate(custom(function = "filled"))]
    pub(super) wat: String,
}

/// What may stand under a key.
#[derive(Debug, Clone, Copy)]
enum Expect {
    Text,
    Whole,
    Number,
    YesNo,
    /// A list of versions: `1.0`, `1.*` or `klassiek`.
    Versions,
    /// A block that may be left out.
    Perhaps(&'static [(&'static str, Expect)]),
    Table(&'static [(&'static str, Expect)]),
    Tables(&'static [(&'static str, Expect)]),
}

const BENCHMARK: &[(&str, Expect)] = &[("code", Expect::Text), ("naam", Expect::Text)];
const SETTINGS: &[(&str, Expect)] = &[
    ("versie", Expect::Text),
    ("naam", Expect::Text),
    ("doelgroep", Expect::Text),
    ("benchmark", Expect::Table(BENCHMARK)),
    ("tweede_benchmark", Expect::Table(BENCHMARK)),
    (
        "opvallend",
        Expect::Table(&[
            ("aantal", Expect::Whole),
            ("minste_wijken", Expect::Whole),
            ("drempel_gebied", Expect::Number),
            ("cumulatie", Expect::Whole),
        ]),
    ),
    ("opmaak", Expect::Table(&[("kleur_opvallend", Expect::Text), ("tweede_teken", Expect::YesNo)])),
    (
        "versies",
        Expect::Perhaps(&[
            ("aanvaard", Expect::Versions),
            ("migreren", Expect::Versions),
            ("geweigerd", Expect::Versions),
        ]),
    ),
    (
        "wijzigingen",
        Expect::Tables(&[
            ("versie", Expect::Text),
            ("datum", Expect::Text),
            ("wie", Expect::Text),
            ("wat", Expect::Text),
        ]),
    ),
];

/// Reads `format.toml`; `None` (with problems noted) when it cannot be used.
pub(super) fn settings(source: &Source, problems: &mut Problems) -> Option<Settings> {
    let table = parse(source, problems)?;
    let mut walk = Walk { source, problems, lines: BTreeMap::new(), fine: true };
    walk.table(table.get_ref(), 1, "", SETTINGS);
    let (lines, fine) = (walk.lines, walk.fine);
    if !fine {
        return None;
    }
    let settings: Settings = match toml::from_str(&source.text) {
        Ok(settings) => settings,
        Err(error) => {
            let (line, field, what) = toml_problem(&source.text, &error);
            problems.add(source, line, &field, what);
            return None;
        }
    };
    if let Err(errors) = settings.validate() {
        for (field, text) in flatten(&errors, "") {
            let line = lines.get(&field).copied().unwrap_or(0);
            problems.add(source, line, &field, text);
        }
        return None;
    }
    if settings.wijzigingen.is_empty() {
        problems.add(source, 0, "wijzigingen", "er is geen enkele wijziging. Verwacht: minstens één.");
        return None;
    }
    Some(settings)
}

/// Reads `teksten.toml`. The built-in file says which keys there are: all of them are needed, others refused.
pub(super) fn texts(source: &Source, built_in: &Source, problems: &mut Problems) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let (Some(table), Some(known)) = (parse(source, problems), parse(built_in, problems)) else { return out };
    let built_in_texts = known.get_ref();
    let known: Vec<&str> = built_in_texts.iter().map(|(key, _)| key.get_ref().as_ref()).collect();
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        let line = source.line_at(key.span().start);
        if !known.contains(&name) {
            let near = did_you_mean(name, known.iter().copied());
            problems.add(source, line, name, format!("dit veld is onbekend.{near}"));
            continue;
        }
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => {
                refuse_too_long(source, line, name, text, problems);
                let usual = built_in_texts.get(name).map_or("", |value| value.get_ref().as_str().unwrap_or(""));
                for word in placeholders(text) {
                    let known: Vec<String> = placeholders(usual).map(|word| format!("{{{word}}}")).collect();
                    if !known.contains(&format!("{{{word}}}")) {
                        let expected = match known.as_slice() {
                            [] => "In deze tekst vult het programma niets in".to_owned(),
                            known => format!("Verwacht: {}", known.join(" of ")),
                        };
                        problems.add(source, line, name, format!("'{{{word}}}' wordt niet ingevuld. {expected}."));
                    }
                }
                out.insert(name.to_owned(), text.trim().to_owned());
            }
            Some(_) => problems.add(source, line, name, "de tekst is leeg. Verwacht: een tekst."),
            None => problems.add(source, line, name, "verwacht: een tekst tussen aanhalingstekens."),
        }
    }
    for name in known {
        if !table.get_ref().iter().any(|(key, _)| key.get_ref().as_ref() == name) {
            problems.add(source, 0, name, "dit veld ontbreekt. Verwacht: dit veld met een tekst erachter.");
        }
    }
    out
}

/// The words in braces that the program fills in, such as `benchmark` in `{benchmark}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_ ".contains(c));
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(word, _)| word)).filter(is_word)
}

fn parse<'s>(source: &'s Source, problems: &mut Problems) -> Option<toml::Spanned<DeTable<'s>>> {
    if source.unread {
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    // One line may be wrong in several ways; sentences are told once.
    for error in &errors {
        let (line, field, what) = toml_problem(&source.text, error);
        problems.add(source, line, &field, what);
    }
    errors.is_empty().then_some(table)
}

/// Compares a parsed file with the expected keys and remembers on which line each key stands.
struct Walk<'a> {
    source: &'a Source,
    problems: &'a mut Problems,
    lines: BTreeMap<String, u64>,
    fine: bool,
}

impl Walk<'_> {
    fn refuse(&mut self, line: u64, path: &str, what: &str) {
        self.problems.add(self.source, line, path, what);
        self.fine = false;
    }

    fn table(&mut self, table: &DeTable<'_>, line: u64, prefix: &str, expected: &[(&str, Expect)]) {
        let path_of = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = path_of(name);
            let line = self.source.line_at(key.span().start);
            self.lines.insert(path.clone(), line);
            match expected.iter().find(|(wanted, _)| *wanted == name) {
                Some((_, expect)) => self.value(value.get_ref(), line, &path, *expect),
                None => {
                    let near = did_you_mean(name, expected.iter().map(|(wanted, _)| *wanted));
                    self.refuse(line, &path, &format!("dit veld is onbekend.{near}"));
                }
            }
        }
        for (name, expect) in expected {
            if !matches!(expect, Expect::Perhaps(_))
                && !table.iter().any(|(key, _)| key.get_ref().as_ref() == *name)
            {
                self.refuse(line, &path_of(name), "dit veld ontbreekt.");
            }
        }
    }

    fn value(&mut self, value: &DeValue<'_>, line: u64, path: &str, expect: Expect) {
        match (expect, value) {
            (Expect::Text, DeValue::String(_))
            | (Expect::Whole, DeValue::Integer(_))
            | (Expect::Number, DeValue::Integer(_) | DeValue::Float(_))
            | (Expect::YesNo, DeValue::Boolean(_)) => {}
            (Expect::Table(expected) | Expect::Perhaps(expected), DeValue::Table(table)) => {
                self.table(table, line, path, expected)
            }
            (Expect::Tables(expected), DeValue::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{}]", index + 1);
                    let line = self.source.line_at(item.span().start);
                    match item.get_ref() {
                        DeValue::Table(table) => self.table(table, line, &path, expected),
                        _ => self.refuse(line, &path, "verwacht: een blok met velden."),
                    }
                }
            }
            (Expect::Versions, DeValue::Array(items)) => {
                for item in items {
                    let line = self.source.line_at(item.span().start);
                    if !item.get_ref().as_str().is_some_and(version_pattern) {
                        let what =
                            "verwacht: versies tussen aanhalingstekens, zoals \"1.0\", \"1.*\" of \"klassiek\".";
                        self.refuse(line, path, what);
                    }
                }
            }
            (Expect::Versions, _) => self.refuse(line, path, "verwacht: een lijst, zoals [\"1.0\", \"1.*\"]."),
            (Expect::Text, _) => self.refuse(line, path, "verwacht: een tekst tussen aanhalingstekens."),
            (Expect::Whole, _) => self.refuse(line, path, "verwacht: een heel getal, zonder aanhalingstekens."),
            (Expect::Number, _) => self.refuse(line, path, "verwacht: een getal met een punt, zoals 1.5."),
            (Expect::YesNo, _) => self.refuse(line, path, "verwacht: true (ja) of false (nee)."),
            (Expect::Table(_) | Expect::Perhaps(_), _) => {
                self.refuse(line, path, &format!("verwacht: een blok [{path}]."))
            }
            (Expect::Tables(_), _) => self.refuse(line, path, &format!("verwacht: blokken [[{path}]].")),
        }
    }
}
