//! Loading the definition: the built-in files, or those of a folder in their place.
//!
//! Owns the way from files to a [`Format`] and the list of files. References between files are checked in
//! `references`. Must not know how a workbook looks.

use std::path::Path;

use super::control;
use super::records::{
    DatabankRecord, DomeinRecord, FactorRecord, HeadingRecord, IndicatorRecord, LeefgebiedRecord,
    LeeftijdsfaseRecord, OutcomeRecord, PartnerRecord, PijlerRecord, PreventieniveauRecord, QuestionRecord,
    RankingRecord, TabRecord, TredeRecord, UnitRecord, WantedRecord,
};
use super::references;
use super::settings::{self, Settings};
use super::template::{FOREIGN, TEMPLATES, built_in};
use crate::definition_file::{Problems, Record, Row, Source, did_you_mean, rows};
use crate::error::{Error, Result};
use crate::model::{
    ChangeLogEntry, Control, Databank, Direction, Domein, Factor, FactorKind, Format, Heading, Indicator, Kind,
    Opvallend, OutcomeIndicator, Pijler, QuestionDefinition, QuestionPlace, RankedFactor, TabName, Texts, Trede,
    Unit, Versions, Wanted, id_of_name,
};

/// The rows of all csv files, each with its line, before they become a [`Format`].
pub(super) struct Tables {
    pub(super) pijlers: Vec<Row<PijlerRecord>>,
    pub(super) domeinen: Vec<Row<DomeinRecord>>,
    pub(super) units: Vec<Row<UnitRecord>>,
    pub(super) leeftijdsfasen: Vec<Row<LeeftijdsfaseRecord>>,
    pub(super) leefgebieden: Vec<Row<LeefgebiedRecord>>,
    pub(super) niveaus: Vec<Row<PreventieniveauRecord>>,
    pub(super) partners: Vec<Row<PartnerRecord>>,
    pub(super) factoren: Vec<Row<FactorRecord>>,
    pub(super) ranking: Vec<Row<RankingRecord>>,
    pub(super) indicators: Vec<Row<IndicatorRecord>>,
    pub(super) wanted: Vec<Row<WantedRecord>>,
    pub(super) questions: Vec<Row<QuestionRecord>>,
    pub(super) tabs: Vec<Row<TabRecord>>,
    pub(super) headings: Vec<Row<HeadingRecord>>,
    pub(super) treden: Vec<Row<TredeRecord>>,
    pub(super) databanken: Vec<Row<DatabankRecord>>,
    pub(super) outcomes: Vec<Row<OutcomeRecord>>,
}

/// The files of one definition: the user's where present, the built-in ones otherwise.
pub(super) struct Files(Vec<Source>);

impl Files {
    fn built_in() -> Self {
        Files(TEMPLATES.iter().map(|file| Source::built_in(file.name, file.content)).collect())
    }

    /// The file with this name. Every name asked for is in the list of templates.
    pub(super) fn get(&self, name: &str) -> Source {
        let found = self.0.iter().find(|source| source.name == name).cloned();
        found.unwrap_or_else(|| Source::built_in(name, built_in(name)))
    }

    fn replace(&mut self, own: Source) {
        if let Some(place) = self.0.iter_mut().find(|source| source.name == own.name) {
            *place = own;
        }
    }
}

/// The format that is built into the program.
///
/// # Errors
/// [`Error::Format`] when an embedded file is broken; a test makes sure that none is.
pub fn builtin() -> Result<Format> {
    assemble(&Files::built_in(), Problems::with_files(TEMPLATES.iter().map(|f| f.name)))?
        .sound("ingebouwd format".to_owned())
}

/// A format as far as its files can be understood, with all that is wrong with them.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What could be read. Only a draft without problems is a format.
    pub format: Format,
    /// One sentence per problem: file, line, field, what was found, what was expected.
    pub problems: Vec<String>,
    /// False when `format.toml` cannot be used: its settings are then the built-in ones.
    pub own_settings: bool,
}

impl Draft {
    /// The format, when nothing is wrong.
    fn sound(self, folder: String) -> Result<Format> {
        if self.problems.is_empty() {
            Ok(self.format)
        } else {
            Err(Error::Format { folder, problems: self.problems })
        }
    }
}

/// The format of a folder. Each definition file in it **replaces** the built-in file of that name as a whole;
/// files that are not there stay as built in. Files other than `.csv` and `.toml`, sub-folders (such as
/// `bronnen`) and `gebieden.csv` (the areas, read by the overview) are left alone.
///
/// # Errors
/// [`Error::File`] when the folder cannot be read; [`Error::Format`] with **all** problems, each with file, line and
/// field, when a file cannot be read or the definition is broken or incomplete.
pub fn load(folder: &Path) -> Result<Format> {
    draft(folder)?.sound(folder.display().to_string())
}

/// As [`load`], for whoever wants to know what else is wrong: as much as can be understood, with the problems.
///
/// # Errors
/// [`Error::File`] when the folder cannot be read.
pub fn draft(folder: &Path) -> Result<Draft> {
    let (files, problems) = collect(folder)?;
    assemble(&files, problems)
}

/// The text of every definition file of a folder (or of the built-in format), in the order of the list.
///
/// # Errors
/// [`Error::File`] when the folder or a file cannot be read.
pub fn sources(folder: Option<&Path>) -> Result<Vec<(&'static str, String)>> {
    let files = match folder {
        Some(folder) => collect(folder)?.0,
        None => Files::built_in(),
    };
    Ok(TEMPLATES.iter().map(|file| (file.name, files.get(file.name).text)).collect())
}

/// The units that a format knows, also those that no indicator has.
#[must_use]
pub fn units(sources: &[(&'static str, String)]) -> Vec<Unit> {
    let text = sources.iter().find(|(name, _)| *name == "eenheden.csv").map_or("", |(_, text)| text.as_str());
    let source = Source::own("eenheden.csv", text.as_bytes());
    let rows: Vec<Row<UnitRecord>> = rows(&source, &mut Problems::default());
    records(rows).map(|unit| Unit { name: unit.eenheid, difference: unit.verschil }).collect()
}

/// What is wrong with definition files that are not written yet: the sentences that loading them would give.
#[must_use]
pub fn problems(texts: &[(String, String)]) -> Vec<String> {
    let mut files = Files::built_in();
    for (name, text) in texts.iter().filter(|(name, _)| TEMPLATES.iter().any(|file| file.name == name)) {
        files.replace(Source::own(name, text.as_bytes()));
    }
    let draft = assemble(&files, Problems::with_files(TEMPLATES.iter().map(|file| file.name)));
    draft.map_or_else(|_| Vec::new(), |draft| draft.problems)
}

/// The files of a folder in the place of the built-in ones, with what is wrong with the folder itself.
fn collect(folder: &Path) -> Result<(Files, Problems)> {
    let mut problems = Problems::with_files(TEMPLATES.iter().map(|file| file.name));
    let mut files = Files::built_in();
    let mut known = 0_usize;
    let entries =
        std::fs::read_dir(folder).map_err(|e| Error::file(folder, "De map met het format lezen lukt niet", e))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|e| Error::file(folder, "De map met het format lezen lukt niet", e))?.path());
    }
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        let definition =
            path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("toml"));
        // Excel and LibreOffice put a lock file beside a file that is open.
        let lock = name.starts_with("~$") || name.starts_with('.');
        if lock || path.is_dir() || FOREIGN.contains(&name.as_str()) {
            continue;
        }
        if !definition {
            if let Some(meant) = meant_for(&name).filter(|meant| !folder.join(meant).exists()) {
                let kind = meant.rsplit('.').next().unwrap_or_default();
                problems.add_general(format!(
                    "{name}: dit bestand wordt niet gelezen, want het is geen {kind}. Sla het op als {meant}, of haal het weg."
                ));
            }
            continue;
        }
        let Some(template) = TEMPLATES.iter().find(|file| file.name.eq_ignore_ascii_case(&name)) else {
            let near = did_you_mean(&name, TEMPLATES.iter().map(|file| file.name));
            problems.add_general(format!(
                "{name}: dit bestand hoort niet bij het format.{near} Haal het weg of geef het de juiste naam."
            ));
            continue;
        };
        known += 1;
        match std::fs::read(&path) {
            Ok(bytes) => files.replace(Source::own(template.name, &bytes)),
            Err(error) => {
                let source = Source::unread(template.name);
                let error = Error::file(&path, "Het bestand lezen lukt niet", error);
                problems.add_unread(&source, &error.about(&path));
                files.replace(source);
            }
        }
    }
    // A folder with only what the overview reads is a folder of a format too: the rest is built in.
    let foreign = FOREIGN.iter().any(|name| folder.join(name).is_file()) || folder.join("bronnen").is_dir();
    if known == 0 && !foreign {
        let names: Vec<&str> = TEMPLATES.iter().map(|file| file.name).collect();
        problems
            .add_general(format!("geen enkel bestand van het format gevonden. Verwacht: {}.", names.join(", ")));
    }
    Ok((files, problems))
}

/// The definition file that a file of another kind seems to be: `indicatoren.xlsx`, `indicatoren.csv.txt` (of which Windows hides
/// the end) and `indicatoren.ods` are meant for `indicatoren.csv`.
fn meant_for(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or_default().trim();
    let known = TEMPLATES.iter().map(|file| file.name).chain(FOREIGN.iter().copied());
    known.into_iter().find(|file| file.split('.').next().is_some_and(|own| own.eq_ignore_ascii_case(stem)))
}

/// The embedded definition files as (name, content), to write out for editing.
#[must_use]
pub fn export() -> Vec<(&'static str, &'static str)> {
    TEMPLATES.iter().map(|file| (file.name, file.content)).collect()
}

fn read<T: Record>(files: &Files, name: &str, problems: &mut Problems) -> Vec<Row<T>> {
    rows(&files.get(name), problems)
}

fn assemble(files: &Files, mut problems: Problems) -> Result<Draft> {
    let settings = settings::settings(&files.get("format.toml"), &mut problems);
    let known_texts = Source::built_in("teksten.toml", built_in("teksten.toml"));
    let texts = settings::texts(&files.get("teksten.toml"), &known_texts, &mut problems);
    let p = &mut problems;
    let tables = Tables {
        pijlers: read(files, "pijlers.csv", p),
        domeinen: read(files, "domeinen.csv", p),
        units: read(files, "eenheden.csv", p),
        leeftijdsfasen: read(files, "leeftijdsfasen.csv", p),
        leefgebieden: read(files, "leefgebieden.csv", p),
        niveaus: read(files, "preventieniveaus.csv", p),
        partners: read(files, "partners.csv", p),
        factoren: read(files, "factoren.csv", p),
        ranking: read(files, "ranking.csv", p),
        indicators: read(files, "indicatoren.csv", p),
        wanted: read(files, "gewenst.csv", p),
        questions: read(files, "vragen.csv", p),
        tabs: read(files, "tabs.csv", p),
        headings: read(files, "kolommen.csv", p),
        treden: read(files, "effectladder.csv", p),
        databanken: read(files, "databanken.csv", p),
        outcomes: read(files, "outcome.csv", p),
    };
    references::check(files, &tables, &mut problems);
    let control = control::control(files, &tables, &mut problems);
    let own_settings = settings.is_some();
    let settings = match settings {
        Some(settings) => settings,
        None => {
            // The rest can be looked at with the settings that are built in. Only a program with a broken file has none.
            let source = Source::built_in("format.toml", built_in("format.toml"));
            let Some(settings) = settings::settings(&source, &mut Problems::default()) else {
                return Err(Error::Format {
                    folder: "ingebouwd format".to_owned(),
                    problems: problems.into_sentences(),
                });
            };
            settings
        }
    };
    let mut format = Format { control, ..compose(settings, tables, texts) };
    control::learn(&mut format);
    Ok(Draft { format, problems: problems.into_sentences(), own_settings })
}

/// Turns rows into the model. Nothing can fail here: what is wrong with a field was noted, and only a draft goes on with it.
fn compose(settings: Settings, tables: Tables, texts: std::collections::BTreeMap<String, String>) -> Format {
    let units: Vec<Unit> =
        records(tables.units).map(|u| Unit { name: u.eenheid, difference: u.verschil }).collect();
    let domeinen = domeinen_by_pijler(&tables.pijlers, tables.domeinen);
    Format {
        version: settings.versie,
        versions: settings.versies.map_or_else(Versions::default, |lists| Versions {
            accepted: lists.aanvaard,
            migrated: lists.migreren,
            refused: lists.geweigerd,
        }),
        name: settings.naam,
        doelgroep: settings.doelgroep,
        benchmark: (settings.benchmark.code, settings.benchmark.naam),
        second_benchmark: (settings.tweede_benchmark.code, settings.tweede_benchmark.naam),
        opvallend: Opvallend {
            count: usize::try_from(settings.opvallend.aantal).unwrap_or(5),
            fewest_areas: usize::try_from(settings.opvallend.minste_wijken).unwrap_or(2),
            gebied_threshold: settings.opvallend.drempel_gebied,
            cumulation: usize::try_from(settings.opvallend.cumulatie).unwrap_or(4),
        },
        highlight_colour: settings.opmaak.kleur_opvallend.to_uppercase(),
        second_mark: settings.opmaak.tweede_teken,
        pijlers: records(tables.pijlers)
            .map(|p| Pijler {
                id: id_or_name(p.id, &p.naam),
                name: p.naam,
                heading: p.kop,
                tab: p.tab,
                colour: p.kleur.to_uppercase(),
            })
            .collect(),
        domeinen,
        indicators: records(tables.indicators).map(|row| indicator(row, &units)).collect(),
        factoren: records(tables.factoren)
            .map(|f| Factor {
                id: id_or_name(f.id, &f.factor),
                domein: f.domein,
                name: f.factor,
                kind: if f.soort == "risico" { FactorKind::Risico } else { FactorKind::Beschermend },
                leefgebieden: f.leefgebieden,
                leeftijdsfasen: f.leeftijdsfasen,
                explanation: f.toelichting,
                source: f.herkomst,
            })
            .collect(),
        ranking: records(tables.ranking)
            .map(|r| RankedFactor { name: r.factor, rank: r.ranking.parse().unwrap_or(u8::MAX) })
            .collect(),
        questions: records(tables.questions).map(question).collect(),
        headings: records(tables.headings)
            .map(|h| Heading { table: h.tabel, field: h.veld, text: h.kop, variants: h.varianten })
            .collect(),
        tabs: records(tables.tabs)
            .map(|t| TabName { kind: t.soort, name: t.naam, variants: t.varianten, optional: t.optioneel == "ja" })
            .collect(),
        wanted: records(tables.wanted)
            .map(|w| Wanted { domein: w.domein, figure: w.cijfer, holder: w.houder })
            .collect(),
        leeftijdsfasen: records(tables.leeftijdsfasen).map(|l| l.leeftijdsfase).collect(),
        leefgebieden: records(tables.leefgebieden).map(|l| l.leefgebied).collect(),
        preventieniveaus: records(tables.niveaus).map(|n| n.niveau).collect(),
        partners: records(tables.partners).map(|p| p.partner).collect(),
        effectladder: records(tables.treden)
            .map(|t| Trede { rung: t.trede.parse().unwrap_or(0), question: t.vraag, recognition: t.erkenning })
            .collect(),
        databanken: records(tables.databanken)
            .map(|d| Databank { theme: d.thema, institute: d.instituut, name: d.databank })
            .collect(),
        outcome_indicators: records(tables.outcomes)
            .map(|o| OutcomeIndicator {
                service: o.dienst,
                criterion: o.criterium,
                indicator: o.indicator,
                monitor: o.monitor,
            })
            .collect(),
        change_log: settings
            .wijzigingen
            .into_iter()
            .map(|c| ChangeLogEntry { version: c.versie, date: c.datum, who: c.wie, what: c.wat })
            .collect(),
        texts: Texts(texts),
        control: Control::default(),
    }
}

fn records<T>(rows: Vec<Row<T>>) -> impl Iterator<Item = T> {
    rows.into_iter().map(|row| row.record)
}

/// The id of a line; a line without one has that of its name.
pub(super) fn id_or_name(id: String, name: &str) -> String {
    if id.is_empty() { id_of_name(name) } else { id }
}

/// Domeinen in the order of their pijlers; within a pijler in the order of the file.
fn domeinen_by_pijler(pijlers: &[Row<PijlerRecord>], rows: Vec<Row<DomeinRecord>>) -> Vec<Domein> {
    let mut domeinen: Vec<Domein> = records(rows)
        .map(|d| Domein {
            id: id_or_name(d.id, &d.naam),
            name: d.naam,
            variants: d.varianten,
            pijler: d.pijler,
            factorenmodel_tab: d.factorenmodel_tab,
            factorenmodel_variants: d.factorenmodel_varianten,
            ambitie_order: d.ambitie_volgorde.parse().unwrap_or(u32::MAX),
            ambitie: d.ambitie,
        })
        .collect();
    domeinen.sort_by_key(|domein| pijlers.iter().position(|row| row.record.naam == domein.pijler));
    domeinen
}

fn indicator(row: IndicatorRecord, units: &[Unit]) -> Indicator {
    let unit = units.iter().find(|unit| unit.name == row.eenheid).cloned();
    Indicator {
        code: row.code,
        name: row.naam,
        variants: row.varianten,
        definition: row.definitie,
        domein: Some(row.domein).filter(|domein| !domein.is_empty()),
        factoren: row.factoren,
        unit: unit.unwrap_or(Unit { name: row.eenheid, difference: String::new() }),
        decimals: row.decimalen.parse().unwrap_or(0),
        direction: match row.richting.as_str() {
            "hoger is gunstig" => Direction::HigherIsBetter,
            "lager is gunstig" => Direction::LowerIsBetter,
            _ => Direction::Neutral,
        },
        doelgroep: row.doelgroep,
        kind: if row.soort == "direct" { Kind::Direct } else { Kind::Benadering },
        edition: row.editie,
        year: row.peiljaar,
        source: row.bron,
        method: row.meetwijze,
        renewal: row.vernieuwing,
        estimate: row.modelschatting == "ja",
    }
}

fn question(row: QuestionRecord) -> QuestionDefinition {
    QuestionDefinition {
        code: row.code,
        place: match row.plaats.as_str() {
            "domein" => QuestionPlace::Domein,
            "pijler" => QuestionPlace::Pijler,
            _ => QuestionPlace::Samenvatting,
        },
        text: row.vraag,
        variants: row.varianten,
        links_to_factorenmodel: row.link_factorenmodel == "ja",
        required: row.verplicht == "ja",
    }
}
