//! Definition files that differ although no change is told of them.
//!
//! Owns what counts as the same content: a csv saved by another program, with other quotes or columns in another order, is
//! the same file.

use std::collections::BTreeMap;

use super::{Change, ChangeKind};

/// The names of the files with another content of which `changes` tell nothing, in order. A file that is on one side only
/// differs. Files are pairs of name and text.
#[must_use]
pub fn other_files(
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    changes: &[Change],
) -> Vec<String> {
    // A name that changed stands in other files too.
    let renamed: BTreeMap<&str, &str> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Hernoemd)
        .map(|change| (change.before.as_str(), change.after.as_str()))
        .collect();
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let told = |name: &str| changes.iter().any(|change| change.files().contains(&name));
    let differs = |name: &String| match (old.get(name), new.get(name)) {
        (Some(before), Some(after)) if before == after => false,
        (Some(before), Some(after)) if name.ends_with(".csv") => {
            rows(before, &renamed) != rows(after, &BTreeMap::new())
        }
        (Some(before), Some(after)) => values(before) != values(after),
        _ => true,
    };
    names.into_iter().filter(|name| !told(name) && differs(name)).cloned().collect()
}

/// The rows of a csv, each as its filled cells by column, with new names in the place of old ones.
fn rows(text: &str, renamed: &BTreeMap<&str, &str>) -> Vec<BTreeMap<String, String>> {
    const NAMES: [&str; 5] = ["domein", "pijler", "factor", "factoren", "naam"];
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = if header.contains(',') && !header.contains(';') { b',' } else { b';' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records().filter_map(Result::ok);
    let Some(header) = records.next() else { return Vec::new() };
    let cell = |column: &str, text: &str| {
        let names = text.split('|').map(str::trim).map(|name| match renamed.get(name) {
            Some(new) if NAMES.contains(&column) => *new,
            _ => name,
        });
        names.collect::<Vec<_>>().join(" | ")
    };
    let filled = records.map(|record| {
        let cells = header.iter().zip(record.iter()).filter(|(_, text)| !text.is_empty());
        cells.map(|(column, text)| (column.to_owned(), cell(column, text))).collect::<BTreeMap<_, _>>()
    });
    filled.filter(|row| !row.is_empty()).collect()
}

/// The values of a toml file but for the version and the change log, which every new version changes.
fn values(text: &str) -> Option<toml::Table> {
    let mut table: toml::Table = toml::from_str(text).ok()?;
    table.remove("versie");
    table.remove("wijzigingen");
    Some(table)
}
