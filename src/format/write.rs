//! Writing a definition as files: those that say the same as before keep their text to the letter.
//!
//! Owns how each file is written. Of the two toml files only the values change, so that explanations in them stay.

use toml::de::{DeTable, DeValue};

use super::derive::{Derived, Open};
use crate::model::{ChangeLogEntry, Format, Texts};

/// A csv file: its columns, and its rows with the key by which an open field is found.
struct Table {
    columns: &'static [&'static str],
    rows: Vec<(String, Vec<String>)>,
}

/// The files of a derived definition. `sources` are the files of the format from which it was derived, `base` that format.
#[must_use]
pub fn files(derived: &Derived, base: &Format, sources: &[(&'static str, String)]) -> Vec<(String, String)> {
    let new = &derived.format;
    let mut out = Vec::new();
    for (name, text) in sources {
        let written = match *name {
            "format.toml" => settings(text, base, new),
            "teksten.toml" => texts(text, &base.texts, &new.texts),
            "eenheden.csv" => units(text, derived),
            "aliassen.csv" if base.control.aliases != new.control.aliases => {
                let rows = new
                    .control
                    .aliases
                    .iter()
                    .map(|a| (String::new(), vec![a.kind.clone(), a.name.clone(), a.alias.clone()]));
                csv(&Table { columns: &["soort", "naam", "alias"], rows: rows.collect() })
            }
            name => match (table(name, base), table(name, new)) {
                (Some(before), Some(mut after)) => {
                    blank(&mut after, name, derived);
                    if before.rows == after.rows { text.clone() } else { csv(&after) }
                }
                _ => text.clone(),
            },
        };
        out.push(((*name).to_owned(), written));
    }
    out
}

/// Empties the fields that a maintainer has to fill in.
fn blank(table: &mut Table, file: &str, derived: &Derived) {
    for (key, row) in &mut table.rows {
        for Open { file: of, row: open, field } in &derived.open {
            let at = table.columns.iter().position(|column| column == field);
            if *of == file
                && open == key
                && let Some(cell) = at.and_then(|at| row.get_mut(at))
            {
                cell.clear();
            }
        }
    }
}

fn csv(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    // Writing to memory does not fail, and every row has as many cells as there are columns.
    let _ = writer.write_record(table.columns);
    for (_, row) in &table.rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn list(items: &[String]) -> String {
    items.join(" | ")
}

fn yes_no(yes: bool) -> String {
    if yes { "ja" } else { "nee" }.to_owned()
}

fn table(name: &str, format: &Format) -> Option<Table> {
    let plain = |row: Vec<String>| (String::new(), row);
    let single = |items: &[String]| items.iter().map(|item| plain(vec![item.clone()])).collect();
    let (columns, rows): (&'static [&'static str], Vec<(String, Vec<String>)>) = match name {
        "pijlers.csv" => (
            &["naam", "kop", "tab", "kleur", "id"],
            format
                .pijlers
                .iter()
                .map(|p| {
                    plain(vec![p.name.clone(), p.heading.clone(), p.tab.clone(), p.colour.clone(), p.id.clone()])
                })
                .collect(),
        ),
        "domeinen.csv" => (
            &[
                "naam",
                "varianten",
                "pijler",
                "factorenmodel_tab",
                "factorenmodel_varianten",
                "ambitie_volgorde",
                "ambitie",
                "id",
            ],
            format
                .domeinen
                .iter()
                .map(|d| {
                    let row = vec![
                        d.name.clone(),
                        list(&d.variants),
                        d.pijler.clone(),
                        d.factorenmodel_tab.clone(),
                        list(&d.factorenmodel_variants),
                        d.ambitie_order.to_string(),
                        d.ambitie.clone(),
                        d.id.clone(),
                    ];
                    (d.id.clone(), row)
                })
                .collect(),
        ),
        "leeftijdsfasen.csv" => (&["leeftijdsfase"], single(&format.leeftijdsfasen)),
        "leefgebieden.csv" => (&["leefgebied"], single(&format.leefgebieden)),
        "preventieniveaus.csv" => (&["niveau"], single(&format.preventieniveaus)),
        "partners.csv" => (&["partner"], single(&format.partners)),
        "factoren.csv" => (
            &["domein", "factor", "soort", "leefgebieden", "leeftijdsfasen", "toelichting", "herkomst", "id"],
            format
                .factoren
                .iter()
                .map(|f| {
                    let kind = match f.kind {
                        crate::model::FactorKind::Risico => "risico",
                        crate::model::FactorKind::Beschermend => "beschermend",
                    };
                    let domein = format.domein(&f.domein).map_or("", |domein| domein.id.as_str());
                    let row = vec![
                        f.domein.clone(),
                        f.name.clone(),
                        kind.to_owned(),
                        list(&f.leefgebieden),
                        list(&f.leeftijdsfasen),
                        f.explanation.clone(),
                        f.source.clone(),
                        f.id.clone(),
                    ];
                    (format!("{domein}/{}", f.id), row)
                })
                .collect(),
        ),
        "ranking.csv" => (
            &["factor", "ranking"],
            format.ranking.iter().map(|r| plain(vec![r.name.clone(), r.rank.to_string()])).collect(),
        ),
        "indicatoren.csv" => (
            &[
                "code",
                "naam",
                "varianten",
                "domein",
                "factoren",
                "eenheid",
                "decimalen",
                "richting",
                "doelgroep",
                "soort",
                "editie",
                "peiljaar",
                "bron",
                "meetwijze",
                "vernieuwing",
                "modelschatting",
                "definitie",
            ],
            format
                .indicators
                .iter()
                .map(|i| {
                    let row = vec![
                        i.code.clone(),
                        i.name.clone(),
                        list(&i.variants),
                        i.domein.clone().unwrap_or_default(),
                        list(&i.factoren),
                        i.unit.name.clone(),
                        i.decimals.to_string(),
                        i.direction.words().to_owned(),
                        i.doelgroep.clone(),
                        i.kind.word().to_owned(),
                        i.edition.clone(),
                        i.year.clone(),
                        i.source.clone(),
                        i.method.clone(),
                        i.renewal.clone(),
                        yes_no(i.estimate),
                        i.definition.clone(),
                    ];
                    (i.code.clone(), row)
                })
                .collect(),
        ),
        "gewenst.csv" => (
            &["domein", "cijfer", "houder"],
            format
                .wanted
                .iter()
                .map(|w| plain(vec![w.domein.clone(), w.figure.clone(), w.holder.clone()]))
                .collect(),
        ),
        "vragen.csv" => (
            &["code", "plaats", "vraag", "varianten", "link_factorenmodel", "verplicht"],
            format
                .questions
                .iter()
                .map(|q| {
                    plain(vec![
                        q.code.clone(),
                        format!("{:?}", q.place).to_lowercase(),
                        q.text.clone(),
                        list(&q.variants),
                        yes_no(q.links_to_factorenmodel),
                        yes_no(q.required),
                    ])
                })
                .collect(),
        ),
        "tabs.csv" => (
            &["soort", "naam", "varianten", "optioneel"],
            format
                .tabs
                .iter()
                .map(|t| plain(vec![t.kind.clone(), t.name.clone(), list(&t.variants), yes_no(t.optional)]))
                .collect(),
        ),
        "kolommen.csv" => (
            &["tabel", "veld", "kop", "varianten"],
            format
                .headings
                .iter()
                .map(|h| plain(vec![h.table.clone(), h.field.clone(), h.text.clone(), list(&h.variants)]))
                .collect(),
        ),
        "effectladder.csv" => (
            &["trede", "vraag", "erkenning"],
            format
                .effectladder
                .iter()
                .map(|t| plain(vec![t.rung.to_string(), t.question.clone(), t.recognition.clone()]))
                .collect(),
        ),
        "databanken.csv" => (
            &["thema", "instituut", "databank"],
            format
                .databanken
                .iter()
                .map(|d| plain(vec![d.theme.clone(), d.institute.clone(), d.name.clone()]))
                .collect(),
        ),
        "outcome.csv" => (
            &["dienst", "criterium", "indicator", "monitor"],
            format
                .outcome_indicators
                .iter()
                .map(|o| {
                    plain(vec![o.service.clone(), o.criterion.clone(), o.indicator.clone(), o.monitor.clone()])
                })
                .collect(),
        ),
        _ => return None,
    };
    Some(Table { columns, rows })
}

/// The units that there were, and those that indicators have besides.
fn units(text: &str, derived: &Derived) -> String {
    let mut out = text.to_owned();
    let known = super::load::units(&[("eenheden.csv", text.to_owned())]);
    let mut added: Vec<&str> = Vec::new();
    for indicator in &derived.format.indicators {
        let unit = &indicator.unit;
        if unit.name.is_empty() || known.iter().any(|k| k.name == unit.name) || added.contains(&unit.name.as_str())
        {
            continue;
        }
        added.push(&unit.name);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        let row = vec![unit.name.clone(), unit.difference.clone()];
        let lines = csv(&Table { columns: &["eenheid", "verschil"], rows: vec![(String::new(), row)] });
        out.push_str(lines.split_once('\n').map_or("", |(_, line)| line));
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Replaces values in a toml text: each by the path of its key.
fn with_values(text: &str, changes: &[(&[&str], &str)]) -> String {
    let Ok(table) = DeTable::parse(text) else { return text.to_owned() };
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (path, value) in changes {
        let Some((last, groups)) = path.split_last() else { continue };
        let mut at = Some(table.get_ref());
        for group in groups {
            at = at.and_then(|table| table.get(*group)).and_then(|value| match value.get_ref() {
                DeValue::Table(table) => Some(table),
                _ => None,
            });
        }
        if let Some(found) = at.and_then(|table| table.get(*last)) {
            edits.push((found.span(), quoted(value)));
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut out = text.to_owned();
    for (range, value) in edits {
        if out.get(range.clone()).is_some() {
            out.replace_range(range, &value);
        }
    }
    out
}

fn settings(text: &str, base: &Format, new: &Format) -> String {
    let mut changes: Vec<(&[&str], &str)> = Vec::new();
    let values: [(&[&str], &str, &str); 4] = [
        (&["versie"], &base.version, &new.version),
        (&["naam"], &base.name, &new.name),
        (&["doelgroep"], &base.doelgroep, &new.doelgroep),
        (&["benchmark", "naam"], &base.benchmark.1, &new.benchmark.1),
    ];
    changes.extend(values.into_iter().filter(|(_, old, new)| old != new).map(|(path, _, new)| (path, new)));
    let text = with_values(text, &changes);
    if base.change_log == new.change_log { text } else { with_log(&text, &new.change_log) }
}

/// A `format.toml` with these lines as its change log.
#[must_use]
pub fn with_log(text: &str, log: &[ChangeLogEntry]) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with('[') {
            inside = start.replace(' ', "").starts_with("[[wijzigingen]]");
        }
        if !inside || start.starts_with('#') {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    for line in log {
        out.push_str(&format!(
            "\n\n[[wijzigingen]]\nversie = {}\ndatum = {}\nwie = {}\nwat = {}",
            quoted(&line.version),
            quoted(&line.date),
            quoted(&line.who),
            quoted(&line.what)
        ));
    }
    out.push('\n');
    out
}

fn texts(text: &str, base: &Texts, new: &Texts) -> String {
    let changed: Vec<(&String, &String)> =
        new.0.iter().filter(|(key, value)| base.0.get(*key) != Some(value)).collect();
    let mut paths: Vec<[&str; 1]> = Vec::new();
    for (key, _) in &changed {
        paths.push([key.as_str()]);
    }
    let changes: Vec<(&[&str], &str)> =
        paths.iter().zip(&changed).map(|(path, (_, value))| (path.as_slice(), value.as_str())).collect();
    with_values(text, &changes)
}
