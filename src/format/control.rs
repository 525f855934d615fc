//! `controle.csv`, `delen.csv` and `aliassen.csv`: what maintainers say about checking.
//!
//! Owns their columns and what they may name. Whether a code is one of a finding is for who knows the findings.

use serde::Deserialize;
use validator::{Validate, ValidationError};

use super::load::{Files, Tables, id_or_name};
use super::records::{DomeinRecord, FactorRecord, IndicatorRecord, TabRecord};
use super::references::template_rows;
use crate::definition_file::{
    Problems, Record, Row, Source, did_you_mean, filled, filled_list, list, one_of, refuse, rows,
};
use crate::model::{Alias, CheckSetting, Control, Format, Sum, SumKind, normalise};

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct SettingRecord {
    #[validate(custom(function = "filled"))]
    code: String,
    indicator: String,
    #[validate(custom(function = "level"))]
    niveau: String,
    #[validate(custom(function = "threshold"))]
    drempel: String,
    #[allow(dead_code, reason = "for people who read the file")]
    toelichting: String,
}

impl Record for SettingRecord {
    const COLUMNS: &'static [&'static str] = &["code", "indicator", "niveau", "drempel", "toelichting"];
    const OPTIONAL: &'static [&'static str] = &["toelichting"];
}

impl SettingRecord {
    /// Whether two lines say the same; what is noted beside them does not count.
    fn same_line(&self, other: &Self) -> bool {
        (&self.code, &self.indicator, &self.niveau, &self.drempel)
            == (&other.code, &other.indicator, &other.niveau, &other.drempel)
    }
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct SumRecord {
    #[validate(custom(function = "filled"))]
    geheel: String,
    #[serde(deserialize_with = "list")]
    #[validate(custom(function = "filled_list"))]
    delen: Vec<String>,
    #[validate(custom(function = "sum_kind"))]
    soort: String,
    #[allow(dead_code, reason = "for people who read the file")]
    toelichting: String,
}

impl Record for SumRecord {
    const COLUMNS: &'static [&'static str] = &["geheel", "delen", "soort", "toelichting"];
    const OPTIONAL: &'static [&'static str] = &["toelichting"];
}

impl SumRecord {
    /// As for a setting.
    fn same_line(&self, other: &Self) -> bool {
        (&self.geheel, &self.delen, &self.soort) == (&other.geheel, &other.delen, &other.soort)
    }
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct AliasRecord {
    #[validate(custom(function = "alias_kind"))]
    soort: String,
    #[validate(custom(function = "filled"))]
    naam: String,
    #[validate(custom(function = "filled"))]
    alias: String,
}

impl Record for AliasRecord {
    const COLUMNS: &'static [&'static str] = &["soort", "naam", "alias"];
}

impl AliasRecord {
    /// As for a setting.
    fn same_line(&self, other: &Self) -> bool {
        (&self.soort, &self.naam, &self.alias) == (&other.soort, &other.naam, &other.alias)
    }
}

fn level(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() { Ok(()) } else { one_of(text, &["fout", "waarschuwing", "opmerking", "uit"]) }
}

fn sum_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["gelijk", "hooguit"])
}

fn alias_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["wijk", "gebied", "indicator", "factor", "domein", "tabblad"])
}

fn threshold(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() || number(text).is_some_and(|number| number >= 0.0) {
        return Ok(());
    }
    Err(refuse(format!("gevonden: '{text}'. Verwacht: een getal van 0 of hoger, zoals 2 of 0,5.")))
}

fn number(text: &str) -> Option<f64> {
    text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

/// Reads the three files. What a file of the user's own names must exist; a built-in line about something that the
/// user's format does not have is left out.
pub(super) fn control(files: &Files, tables: &Tables, problems: &mut Problems) -> Control {
    let codes: Vec<&str> = tables.indicators.iter().map(|row| row.record.code.as_str()).collect();
    let mut known =
        |source: &Source, line: u64, as_built_in: bool, field: &str, name: &str, names: &[&str], home: &str| {
            // A file without usable rows is a problem of its own.
            if names.contains(&name) || names.is_empty() {
                return true;
            }
            // A line as it was built in may name what the user's format no longer has; it is left out.
            if source.own && !as_built_in {
                let near = did_you_mean(name, names.iter().copied());
                problems.add(source, line, field, format!("'{name}' staat niet in {home}.{near}"));
            }
            false
        };
    let mut control = Control::default();

    let source = files.get("controle.csv");
    let mut own = Problems::default();
    let template: Vec<Row<SettingRecord>> = template_rows("controle.csv");
    for row in rows::<SettingRecord>(&source, &mut own) {
        let record = row.record;
        let as_built_in = template.iter().any(|line| line.record.same_line(&record));
        if !record.indicator.is_empty()
            && !known(&source, row.line, as_built_in, "indicator", &record.indicator, &codes, "indicatoren.csv")
        {
            continue;
        }
        control.settings.push(CheckSetting {
            line: row.line,
            code: record.code,
            indicator: Some(record.indicator).filter(|code| !code.is_empty()),
            level: Some(record.niveau).filter(|level| !level.is_empty()),
            threshold: number(&record.drempel),
        });
    }

    let source = files.get("delen.csv");
    let template: Vec<Row<SumRecord>> = template_rows("delen.csv");
    for row in rows::<SumRecord>(&source, &mut own) {
        let record = row.record;
        let as_built_in = template.iter().any(|line| line.record.same_line(&record));
        let whole = Some(record.geheel).filter(|whole| whole != "100");
        let all = whole.iter().chain(&record.delen).collect::<Vec<_>>();
        let unknown = all
            .iter()
            .filter(|code| !known(&source, row.line, as_built_in, "delen", code, &codes, "indicatoren.csv"));
        if unknown.count() > 0 {
            continue;
        }
        let kind = if record.soort == "gelijk" { SumKind::Gelijk } else { SumKind::Hooguit };
        control.sums.push(Sum { whole, parts: record.delen, kind });
    }

    let source = files.get("aliassen.csv");
    let template: Vec<Row<AliasRecord>> = template_rows("aliassen.csv");
    let things = Things::of(tables);
    for row in rows::<AliasRecord>(&source, &mut own) {
        let mut record = row.record;
        let as_built_in = template.iter().any(|line| line.record.same_line(&record));
        if let Some(name) = things.name_now(&record.soort, &record.naam) {
            record.naam = name;
        }
        let (names, home): (Vec<&str>, &str) = match record.soort.as_str() {
            "indicator" => (tables.indicators.iter().map(|r| r.record.naam.as_str()).collect(), "indicatoren.csv"),
            "factor" => (tables.factoren.iter().map(|r| r.record.factor.as_str()).collect(), "factoren.csv"),
            "domein" => (tables.domeinen.iter().map(|r| r.record.naam.as_str()).collect(), "domeinen.csv"),
            "tabblad" => (tables.tabs.iter().map(|r| r.record.naam.as_str()).collect(), "tabs.csv"),
            // Areas are the overview's; whoever knows both looks there.
            _ => (vec![record.naam.as_str()], ""),
        };
        if !known(&source, row.line, as_built_in, "naam", &record.naam, &names, home) {
            continue;
        }
        // One name for two things would be a guess.
        let taken = names.iter().find(|name| **name != record.naam && normalise(name) == normalise(&record.alias));
        let same =
            |alias: &&Alias| alias.kind == record.soort && normalise(&alias.alias) == normalise(&record.alias);
        let other =
            control.aliases.iter().find(same).map(|alias| alias.name.as_str()).filter(|name| *name != record.naam);
        if let Some(name) = taken.copied().or(other) {
            own.add(
                &source,
                row.line,
                "alias",
                format!(
                    "'{}' is al een naam van '{name}'. Verwacht: een naam die maar één ding betekent.",
                    record.alias
                ),
            );
            continue;
        }
        control.aliases.push(Alias { line: row.line, kind: record.soort, name: record.naam, alias: record.alias });
    }
    problems.take(own);
    control
}

/// One thing that can have an alias: what never changes, how it is called, and how else.
struct Thing {
    key: String,
    name: String,
    variants: Vec<String>,
}

/// The things of one kind, as the format has them and as they are built in.
struct Kind {
    word: &'static str,
    now: Vec<Thing>,
    built_in: Vec<Thing>,
}

/// What aliases may name, each kind with the things of now and those that are built in.
struct Things([Kind; 4]);

impl Things {
    fn of(tables: &Tables) -> Self {
        let kind = |word, now, built_in| Kind { word, now, built_in };
        Things([
            kind("indicator", indicators(&tables.indicators), indicators(&template_rows("indicatoren.csv"))),
            kind("factor", factoren(&tables.factoren), factoren(&template_rows("factoren.csv"))),
            kind("domein", domeinen(&tables.domeinen), domeinen(&template_rows("domeinen.csv"))),
            kind("tabblad", tabs(&tables.tabs), tabs(&template_rows("tabs.csv"))),
        ])
    }

    /// What a thing is called now that a line of aliases names otherwise: by one of its variants, or as it was called
    /// before it was renamed. `None` when it has that name, and when there is no such thing.
    fn name_now(&self, word: &str, name: &str) -> Option<String> {
        let kind = self.0.iter().find(|kind| kind.word == word)?;
        if kind.now.iter().any(|thing| thing.name == name) {
            return None;
        }
        let is_name = |other: &String| normalise(other) == normalise(name);
        let by_variant = kind.now.iter().find(|thing| thing.variants.iter().any(is_name));
        // The code of an indicator and the id of a factor or domein stay when the name changes.
        let by_key = || {
            let before = kind.built_in.iter().find(|thing| thing.name == name)?;
            kind.now.iter().find(|thing| thing.key == before.key)
        };
        by_variant.or_else(by_key).map(|thing| thing.name.clone())
    }
}

fn indicators(rows: &[Row<IndicatorRecord>]) -> Vec<Thing> {
    let thing = |row: &Row<IndicatorRecord>| Thing {
        key: row.record.code.clone(),
        name: row.record.naam.clone(),
        variants: row.record.varianten.clone(),
    };
    rows.iter().map(thing).collect()
}

fn factoren(rows: &[Row<FactorRecord>]) -> Vec<Thing> {
    let thing = |row: &Row<FactorRecord>| Thing {
        key: id_or_name(row.record.id.clone(), &row.record.factor),
        name: row.record.factor.clone(),
        variants: Vec::new(),
    };
    rows.iter().map(thing).collect()
}

fn domeinen(rows: &[Row<DomeinRecord>]) -> Vec<Thing> {
    let thing = |row: &Row<DomeinRecord>| Thing {
        key: id_or_name(row.record.id.clone(), &row.record.naam),
        name: row.record.naam.clone(),
        variants: row.record.varianten.clone(),
    };
    rows.iter().map(thing).collect()
}

fn tabs(rows: &[Row<TabRecord>]) -> Vec<Thing> {
    let thing = |row: &Row<TabRecord>| Thing {
        key: row.record.soort.clone(),
        name: row.record.naam.clone(),
        variants: row.record.varianten.clone(),
    };
    rows.iter().map(thing).collect()
}

/// Gives indicators, domeinen and tabs the names that people use for them as further variants.
pub(super) fn learn(format: &mut Format) {
    for alias in &format.control.aliases {
        let variants = match alias.kind.as_str() {
            "indicator" => format
                .indicators
                .iter_mut()
                .find(|known| known.name == alias.name)
                .map(|known| &mut known.variants),
            "domein" => {
                format.domeinen.iter_mut().find(|known| known.name == alias.name).map(|known| &mut known.variants)
            }
            "tabblad" => {
                format.tabs.iter_mut().find(|known| known.name == alias.name).map(|known| &mut known.variants)
            }
            _ => None,
        };
        if let Some(variants) = variants.filter(|variants| !variants.contains(&alias.alias)) {
            variants.push(alias.alias.clone());
        }
    }
}
