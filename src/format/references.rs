//! What must hold between rows and between files: unique names, known references, complete lists.
//!
//! Owns the rules that need more than one row. Must not know how files are read.

use std::collections::BTreeMap;

use super::load::{Files, Tables, id_or_name};
use super::records::{FactorRecord, HeadingRecord, TabRecord};
use super::template::built_in;
use crate::definition_file::{Problems, Row, Source, did_you_mean, rows};
use crate::model::normalise;

/// A file with the problems found in it; shortens the many calls below.
struct File<'a> {
    source: Source,
    problems: &'a mut Problems,
}

impl File<'_> {
    fn add(&mut self, line: u64, field: &str, what: impl AsRef<str>) {
        self.problems.add(&self.source, line, field, what);
    }

    /// Every name once. Names are compared as people read them: case, accents and spaces do not count.
    fn unique<'r>(&mut self, field: &str, names: impl IntoIterator<Item = (u64, &'r str)>) {
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for (line, name) in names {
            if name.is_empty() {
                continue;
            }
            match seen.get(&normalise(name)) {
                Some(first) => {
                    self.add(line, field, format!("'{name}' staat al op regel {first}. Verwacht: één keer."))
                }
                None => {
                    seen.insert(normalise(name), line);
                }
            }
        }
    }

    /// A name that must stand in another file, to the letter.
    fn known(&mut self, line: u64, field: &str, name: &str, names: &[&str], home: &str) {
        // A file without usable rows is a problem of its own; it must not be told again for every name.
        if name.is_empty() || names.is_empty() || names.contains(&name) {
            return;
        }
        let near = did_you_mean(name, names.iter().copied());
        let mut advice =
            format!("'{name}' staat niet in {home}. Verwacht: precies een naam uit dat bestand.{near}");
        if !self.source.own {
            advice.push_str(&format!(" Zet ook {} in uw map en pas het aan.", self.source.name));
        }
        self.add(line, field, advice);
    }

    /// A file that may not be empty.
    fn not_empty<T>(&mut self, rows: &[Row<T>]) {
        // When the file itself cannot be read that is said already.
        if rows.is_empty() && !self.problems.concern(&self.source) {
            self.add(0, "", "er staat geen enkele bruikbare regel in. Verwacht: minstens één.");
        }
    }
}

/// Checks everything that needs more than one row or more than one file.
pub(super) fn check(files: &Files, tables: &Tables, problems: &mut Problems) {
    let mut on = |name: &str, rule: &mut dyn FnMut(&mut File<'_>)| {
        rule(&mut File { source: files.get(name), problems: &mut *problems });
    };
    on("pijlers.csv", &mut |file| pijlers(file, tables));
    on("domeinen.csv", &mut |file| domeinen(file, tables));
    on("eenheden.csv", &mut |file| {
        file.not_empty(&tables.units);
        file.unique("eenheid", tables.units.iter().map(|r| (r.line, r.record.eenheid.as_str())));
    });
    on("leeftijdsfasen.csv", &mut |file| {
        file.not_empty(&tables.leeftijdsfasen);
        file.unique(
            "leeftijdsfase",
            tables.leeftijdsfasen.iter().map(|r| (r.line, r.record.leeftijdsfase.as_str())),
        );
    });
    on("leefgebieden.csv", &mut |file| {
        file.not_empty(&tables.leefgebieden);
        file.unique("leefgebied", tables.leefgebieden.iter().map(|r| (r.line, r.record.leefgebied.as_str())));
    });
    on("preventieniveaus.csv", &mut |file| {
        file.not_empty(&tables.niveaus);
        file.unique("niveau", tables.niveaus.iter().map(|r| (r.line, r.record.niveau.as_str())));
    });
    on("partners.csv", &mut |file| {
        file.unique("partner", tables.partners.iter().map(|r| (r.line, r.record.partner.as_str())));
    });
    on("factoren.csv", &mut |file| factoren(file, tables));
    on("ranking.csv", &mut |file| {
        file.not_empty(&tables.ranking);
        file.unique("factor", tables.ranking.iter().map(|r| (r.line, r.record.factor.as_str())));
        // A ranked factor that stands nowhere is a slip of the pen, and its namesake would lose its rank in silence.
        let factoren = factor_names(tables);
        for row in &tables.ranking {
            file.known(row.line, "factor", &row.record.factor, &factoren, "factoren.csv");
        }
    });
    on("indicatoren.csv", &mut |file| indicators(file, tables));
    on("gewenst.csv", &mut |file| {
        let names: Vec<&str> = tables.domeinen.iter().map(|r| r.record.naam.as_str()).collect();
        for row in &tables.wanted {
            file.known(row.line, "domein", &row.record.domein, &names, "domeinen.csv");
        }
    });
    on("vragen.csv", &mut |file| {
        file.not_empty(&tables.questions);
        file.unique("code", tables.questions.iter().map(|r| (r.line, r.record.code.as_str())));
        let texts = tables
            .questions
            .iter()
            .map(|r| (r.line, r.record.plaats.as_str(), r.record.vraag.as_str(), r.record.varianten.as_slice()));
        variants(file, "vraag", texts);
    });
    on("tabs.csv", &mut |file| tabs(file, tables));
    on("kolommen.csv", &mut |file| headings(file, tables));
    on("effectladder.csv", &mut |file| {
        file.not_empty(&tables.treden);
        file.unique("trede", tables.treden.iter().map(|r| (r.line, r.record.trede.as_str())));
    });
    tab_names(files, tables, problems);
}

fn pijlers(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.pijlers);
    file.unique("naam", tables.pijlers.iter().map(|r| (r.line, r.record.naam.as_str())));
    let ids = tables.pijlers.iter().map(|r| (r.line, id_or_name(r.record.id.clone(), &r.record.naam)));
    let ids: Vec<(u64, String)> = ids.collect();
    file.unique("id", ids.iter().map(|(line, id)| (*line, id.as_str())));
    for row in tables.pijlers.iter().filter(|_| !tables.domeinen.is_empty()) {
        if !tables.domeinen.iter().any(|domein| domein.record.pijler == row.record.naam) {
            file.add(row.line, "naam", format!("pijler '{}' heeft geen domein in domeinen.csv.", row.record.naam));
        }
    }
}

fn domeinen(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.domeinen);
    file.unique("naam", tables.domeinen.iter().map(|r| (r.line, r.record.naam.as_str())));
    let ids = tables.domeinen.iter().map(|r| (r.line, id_or_name(r.record.id.clone(), &r.record.naam)));
    let ids: Vec<(u64, String)> = ids.collect();
    file.unique("id", ids.iter().map(|(line, id)| (*line, id.as_str())));
    file.unique("ambitie_volgorde", tables.domeinen.iter().map(|r| (r.line, r.record.ambitie_volgorde.as_str())));
    let names =
        tables.domeinen.iter().map(|r| (r.line, "", r.record.naam.as_str(), r.record.varianten.as_slice()));
    variants(file, "varianten", names);
    let pijlers: Vec<&str> = tables.pijlers.iter().map(|r| r.record.naam.as_str()).collect();
    for row in &tables.domeinen {
        file.known(row.line, "pijler", &row.record.pijler, &pijlers, "pijlers.csv");
        if !tables.factoren.is_empty()
            && !tables.factoren.iter().any(|factor| factor.record.domein == row.record.naam)
        {
            file.add(
                row.line,
                "naam",
                format!("domein '{}' heeft geen enkele factor in factoren.csv.", row.record.naam),
            );
        }
    }
}

/// Names and variants within one group (a tabel, a plaats) must lead to one row, or reading would be a guess.
fn variants<'r>(
    file: &mut File<'_>,
    field: &str,
    rows: impl IntoIterator<Item = (u64, &'r str, &'r str, &'r [String])>,
) {
    let mut seen: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (line, group, name, others) in rows {
        for text in std::iter::once(name).chain(others.iter().map(String::as_str)) {
            let key = (group.to_owned(), normalise(text));
            match seen.get(&key) {
                Some(first) if *first != line => {
                    file.add(
                        line,
                        field,
                        format!("'{text}' staat ook op regel {first}. Een naam mag maar naar één regel wijzen."),
                    );
                }
                _ => {
                    seen.insert(key, line);
                }
            }
        }
    }
}

fn factoren(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.factoren);
    let domeinen: Vec<&str> = tables.domeinen.iter().map(|r| r.record.naam.as_str()).collect();
    let fasen: Vec<&str> = tables.leeftijdsfasen.iter().map(|r| r.record.leeftijdsfase.as_str()).collect();
    let gebieden: Vec<&str> = tables.leefgebieden.iter().map(|r| r.record.leefgebied.as_str()).collect();
    let mut first_of: BTreeMap<(&str, String), u64> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, &Row<FactorRecord>> = BTreeMap::new();
    // One factor, one id; whatever the domein.
    let mut named: BTreeMap<String, (String, u64)> = BTreeMap::new();
    let mut numbered: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for row in &tables.factoren {
        let record = &row.record;
        let (name, id) = (record.factor.clone(), id_or_name(record.id.clone(), &record.factor));
        let (same_name, same_id) = (
            named.entry(name.clone()).or_insert_with(|| (id.clone(), row.line)).clone(),
            numbered.entry(id.clone()).or_insert_with(|| (name.clone(), row.line)).clone(),
        );
        if same_name.0 != id || same_id.0 != name {
            let first = if same_name.0 != id { same_name.1 } else { same_id.1 };
            file.add(
                row.line,
                "id",
                format!("'{name}' met id '{id}' past niet bij regel {first}. Verwacht: één id voor één factor."),
            );
        }
        file.known(row.line, "domein", &record.domein, &domeinen, "domeinen.csv");
        for fase in &record.leeftijdsfasen {
            file.known(row.line, "leeftijdsfasen", fase, &fasen, "leeftijdsfasen.csv");
        }
        for gebied in &record.leefgebieden {
            file.known(row.line, "leefgebieden", gebied, &gebieden, "leefgebieden.csv");
        }
        let key = (record.domein.as_str(), normalise(&record.factor));
        match first_of.get(&key) {
            Some(first) => file.add(
                row.line,
                "factor",
                format!("'{}' staat bij dit domein al op regel {first}. Verwacht: één keer.", record.factor),
            ),
            None => {
                first_of.insert(key, row.line);
            }
        }
        match kinds.get(record.factor.as_str()) {
            Some(other) if other.record.soort != record.soort => file.add(
                row.line,
                "soort",
                format!(
                    "'{}' is hier '{}' en op regel {} '{}'. Dezelfde factor is overal van dezelfde soort.",
                    record.factor, record.soort, other.line, other.record.soort
                ),
            ),
            _ => {
                kinds.insert(&record.factor, row);
            }
        }
    }
}

fn indicators(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.indicators);
    file.unique("code", tables.indicators.iter().map(|r| (r.line, r.record.code.as_str())));
    let names =
        tables.indicators.iter().map(|r| (r.line, "", r.record.naam.as_str(), r.record.varianten.as_slice()));
    variants(file, "naam", names);
    let domeinen: Vec<&str> = tables.domeinen.iter().map(|r| r.record.naam.as_str()).collect();
    let units: Vec<&str> = tables.units.iter().map(|r| r.record.eenheid.as_str()).collect();
    let factoren = factor_names(tables);
    for row in &tables.indicators {
        file.known(row.line, "domein", &row.record.domein, &domeinen, "domeinen.csv");
        file.known(row.line, "eenheid", &row.record.eenheid, &units, "eenheden.csv");
        for factor in &row.record.factoren {
            file.known(row.line, "factoren", factor, &factoren, "factoren.csv");
        }
    }
}

/// The names of all factors, each once.
fn factor_names(tables: &Tables) -> Vec<&str> {
    let mut names: Vec<&str> = tables.factoren.iter().map(|r| r.record.factor.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The kinds of fixed tabs: those of the built-in file; a replacement must name each of them once.
fn tabs(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.tabs);
    if tables.tabs.is_empty() {
        return;
    }
    file.unique("soort", tables.tabs.iter().map(|r| (r.line, r.record.soort.as_str())));
    let template: Vec<Row<TabRecord>> = template_rows("tabs.csv");
    let kinds: Vec<&str> = template.iter().map(|r| r.record.soort.as_str()).collect();
    for row in &tables.tabs {
        if !kinds.contains(&row.record.soort.as_str()) {
            let near = did_you_mean(&row.record.soort, kinds.iter().copied());
            let text =
                format!("'{}' is geen bekende soort. Verwacht: {}.{near}", row.record.soort, kinds.join(", "));
            file.add(row.line, "soort", text);
        }
    }
    for kind in kinds {
        if !tables.tabs.iter().any(|row| row.record.soort == kind) {
            file.add(0, "soort", format!("de regel voor '{kind}' ontbreekt."));
        }
    }
}

/// The fields of each table: those of the built-in file; a replacement must name each of them once.
fn headings(file: &mut File<'_>, tables: &Tables) {
    file.not_empty(&tables.headings);
    if tables.headings.is_empty() {
        return;
    }
    let template: Vec<Row<HeadingRecord>> = template_rows("kolommen.csv");
    let known: Vec<(&str, &str)> =
        template.iter().map(|r| (r.record.tabel.as_str(), r.record.veld.as_str())).collect();
    let mut seen: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in &tables.headings {
        let key = (row.record.tabel.as_str(), row.record.veld.as_str());
        if !known.iter().any(|(table, _)| *table == key.0) {
            let near = did_you_mean(key.0, known.iter().map(|(table, _)| *table));
            file.add(row.line, "tabel", format!("'{}' is geen bekende tabel.{near}", key.0));
        } else if !known.contains(&key) {
            let fields = known.iter().filter(|(table, _)| *table == key.0).map(|(_, field)| *field);
            let near = did_you_mean(key.1, fields);
            file.add(row.line, "veld", format!("'{}' is geen bekend veld van tabel '{}'.{near}", key.1, key.0));
        } else if let Some(first) = seen.insert(key, row.line) {
            file.add(row.line, "veld", format!("'{}' staat al op regel {first}. Verwacht: één keer.", key.1));
        }
    }
    for key in known {
        if !seen.contains_key(&key) {
            file.add(0, "veld", format!("de regel voor veld '{}' van tabel '{}' ontbreekt.", key.1, key.0));
        }
    }
    let texts = tables
        .headings
        .iter()
        .map(|r| (r.line, r.record.tabel.as_str(), r.record.kop.as_str(), r.record.varianten.as_slice()));
    variants(file, "kop", texts);
}

/// The rows of a built-in file.
pub(super) fn template_rows<T: crate::definition_file::Record>(name: &str) -> Vec<Row<T>> {
    rows(&Source::built_in(name, built_in(name)), &mut Problems::default())
}

/// Tab names over all files: Excel wants each once, whatever the case.
fn tab_names(files: &Files, tables: &Tables, problems: &mut Problems) {
    // Excel keeps 'History' for itself; the product's own hidden tabs begin with `_`, and the last three
    // come when a workbook is checked, gets a new edition or is carried over.
    let mut seen: BTreeMap<String, String> =
        ["history", "_wijkanalyse", crate::model::CHART_TAB, "controle", "vorige editie", "niet geplaatst"]
            .into_iter()
            .map(|name| (name.to_owned(), "een tabblad dat Excel of dit programma zelf maakt".to_owned()))
            .collect();
    let all = tables
        .tabs
        .iter()
        .map(|r| ("tabs.csv", r.line, "naam", r.record.naam.as_str()))
        .chain(tables.pijlers.iter().map(|r| ("pijlers.csv", r.line, "tab", r.record.tab.as_str())))
        .chain(
            tables
                .domeinen
                .iter()
                .map(|r| ("domeinen.csv", r.line, "factorenmodel_tab", r.record.factorenmodel_tab.as_str())),
        );
    for (name, line, field, tab) in all {
        if tab.is_empty() {
            continue;
        }
        match seen.get(&tab.to_lowercase()) {
            Some(other) => {
                let text = format!("tabblad '{tab}' is al in gebruik: {other}. Verwacht: een eigen naam.");
                problems.add(&files.get(name), line, field, text);
            }
            None => {
                seen.insert(tab.to_lowercase(), format!("{name}, regel {line}"));
            }
        }
    }
}
