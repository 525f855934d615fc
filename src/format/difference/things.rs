//! What there is to compare in a format: things by id with their properties, and its settings.
//!
//! Owns which properties of which things count. Must not know how a change is told.

use std::collections::BTreeMap;

use super::ChangeKind::{self, Bron, Eenheid, Gewijzigd, Richting, Verplaatst, Verwoord};
use crate::model::{Format, QuestionPlace};

/// The kinds of things that have ids or names.
pub(super) const KINDS: &[&str] = &[
    "pijler",
    "domein",
    "indicator",
    "factor",
    "vraag",
    "tabblad",
    "kolom",
    "leeftijdsfase",
    "leefgebied",
    "preventieniveau",
    "partner",
    "gewenst cijfer",
    "eenheid",
    "trede van de effectladder",
    "databank",
    "indicator voor de outcome",
    "regel voor het controleren",
    "optelling",
    "andere naam",
    "tekst",
];

/// The label of the ranking of a factor.
pub(super) const RANKING: &str = "ranking";
/// The label of the other names of a thing.
pub(super) const VARIANTS: &str = "varianten";

/// A thing of a format.
pub(super) struct Thing {
    pub(super) name: String,
    /// Words that say which of several with the same name it is.
    pub(super) place: String,
    /// Of one kind always in the same order.
    pub(super) properties: Vec<Property>,
}

/// A property of a thing.
pub(super) struct Property {
    /// Which change it is when it differs.
    pub(super) kind: ChangeKind,
    /// Its name; empty for the thing itself.
    pub(super) label: &'static str,
    /// What is compared: of other things their ids, so that another name of theirs is no change of this.
    pub(super) key: String,
    /// What people read.
    pub(super) text: String,
}

/// A property that is what it reads.
fn plain(kind: ChangeKind, label: &'static str, text: impl Into<String>) -> Property {
    let text = text.into();
    Property { kind, label, key: text.clone(), text }
}

fn by_id(kind: ChangeKind, label: &'static str, key: String, text: &str) -> Property {
    Property { kind, label, key, text: text.to_owned() }
}

fn variants(names: &[String]) -> Property {
    plain(Gewijzigd, VARIANTS, names.join(" | "))
}

fn yes_no(kind: ChangeKind, label: &'static str, yes: bool) -> Property {
    plain(kind, label, if yes { "ja" } else { "nee" })
}

fn thing(name: &str, properties: Vec<Property>) -> Thing {
    Thing { name: name.to_owned(), place: String::new(), properties }
}

/// The names of a list without ids.
fn named(names: &[String]) -> BTreeMap<String, Thing> {
    names.iter().map(|name| (name.clone(), thing(name, Vec::new()))).collect()
}

/// The id of a domein by its name.
pub(super) fn domein_id(format: &Format, name: &str) -> String {
    format.domein(name).map_or(name.to_owned(), |domein| domein.id.clone())
}

/// The id of a pijler by its name.
pub(super) fn pijler_id(format: &Format, name: &str) -> String {
    let pijler = format.pijlers.iter().find(|pijler| pijler.name == name);
    pijler.map_or(name.to_owned(), |pijler| pijler.id.clone())
}

fn factor_id(format: &Format, name: &str) -> String {
    let factor = format.factoren.iter().find(|factor| factor.name == name);
    factor.map_or(name.to_owned(), |factor| factor.id.clone())
}

/// The words for the domein where a thing stands.
pub(super) fn at_domein(name: &str) -> String {
    format!("bij domein '{name}'")
}

/// The words for the table of a column.
pub(super) fn of_table(table: &str) -> String {
    format!("van tabel '{table}'")
}

/// Where a question stands, as in `vragen.csv`.
fn place_word(place: QuestionPlace) -> &'static str {
    match place {
        QuestionPlace::Domein => "domein",
        QuestionPlace::Pijler => "pijler",
        QuestionPlace::Samenvatting => "samenvatting",
    }
}

/// The things of one kind by id.
pub(super) fn things(format: &Format, what: &str) -> BTreeMap<String, Thing> {
    match what {
        "pijler" => format
            .pijlers
            .iter()
            .map(|p| {
                let properties = vec![
                    plain(Gewijzigd, "tabblad", &p.tab),
                    plain(Verwoord, "kop", &p.heading),
                    plain(Gewijzigd, "kleur", &p.colour),
                ];
                (p.id.clone(), thing(&p.name, properties))
            })
            .collect(),
        "domein" => format
            .domeinen
            .iter()
            .map(|d| {
                let properties = vec![
                    by_id(Verplaatst, "pijler", pijler_id(format, &d.pijler), &d.pijler),
                    plain(Verwoord, "ambitie", &d.ambitie),
                    plain(Gewijzigd, "tabblad van het factorenmodel", &d.factorenmodel_tab),
                    variants(&d.variants),
                ];
                (d.id.clone(), thing(&d.name, properties))
            })
            .collect(),
        "indicator" => format.indicators.iter().map(|i| indicator(format, i)).collect(),
        "factor" => format
            .factoren
            .iter()
            .map(|f| {
                let rank = format.rank(&f.name).map_or("geen".to_owned(), |rank| rank.to_string());
                let properties = vec![
                    plain(Richting, "soort", f.kind.words()),
                    plain(Gewijzigd, RANKING, rank),
                    plain(Verwoord, "toelichting", &f.explanation),
                    plain(Gewijzigd, "leefgebieden", f.leefgebieden.join("; ")),
                    plain(Gewijzigd, "leeftijdsfasen", f.leeftijdsfasen.join("; ")),
                    plain(Bron, "herkomst", &f.source),
                ];
                let place = at_domein(&f.domein);
                let id = format!("{}/{}", domein_id(format, &f.domein), f.id);
                (id, Thing { place, ..thing(&f.name, properties) })
            })
            .collect(),
        "vraag" => format
            .questions
            .iter()
            .map(|q| {
                let properties = vec![
                    plain(Verplaatst, "plaats", place_word(q.place)),
                    yes_no(Gewijzigd, "link naar het factorenmodel", q.links_to_factorenmodel),
                    yes_no(Gewijzigd, "verplicht", q.required),
                    variants(&q.variants),
                ];
                (q.code.clone(), thing(&q.text, properties))
            })
            .collect(),
        "tabblad" => format
            .tabs
            .iter()
            .map(|t| {
                let properties = vec![yes_no(Gewijzigd, "mag ontbreken", t.optional), variants(&t.variants)];
                (t.kind.clone(), thing(&t.name, properties))
            })
            .collect(),
        "kolom" => format
            .headings
            .iter()
            .map(|h| {
                let place = of_table(&h.table);
                let thing = Thing { place, ..thing(&h.text, vec![variants(&h.variants)]) };
                (format!("{}/{}", h.table, h.field), thing)
            })
            .collect(),
        "leeftijdsfase" => named(&format.leeftijdsfasen),
        "leefgebied" => named(&format.leefgebieden),
        "preventieniveau" => named(&format.preventieniveaus),
        "partner" => named(&format.partners),
        "gewenst cijfer" => format
            .wanted
            .iter()
            .map(|w| {
                let place = at_domein(&w.domein);
                let thing = Thing { place, ..thing(&w.figure, vec![plain(Bron, "houder", &w.holder)]) };
                (format!("{}/{}", domein_id(format, &w.domein), w.figure), thing)
            })
            .collect(),
        "eenheid" => format
            .indicators
            .iter()
            .map(|i| &i.unit)
            .map(|u| {
                (u.name.clone(), thing(&u.name, vec![plain(Gewijzigd, "woord bij een verschil", &u.difference)]))
            })
            .collect(),
        "trede van de effectladder" => format
            .effectladder
            .iter()
            .map(|t| {
                let properties =
                    vec![plain(Verwoord, "vraag", &t.question), plain(Gewijzigd, "erkenning", &t.recognition)];
                (t.rung.to_string(), thing(&t.rung.to_string(), properties))
            })
            .collect(),
        "databank" => format
            .databanken
            .iter()
            .map(|d| {
                let properties = vec![plain(Gewijzigd, "instituut", &d.institute)];
                (format!("{}/{}", d.name, d.theme), thing(&format!("{} ({})", d.name, d.theme), properties))
            })
            .collect(),
        "indicator voor de outcome" => format
            .outcome_indicators
            .iter()
            .map(|o| {
                let properties =
                    vec![plain(Gewijzigd, "criterium", &o.criterion), plain(Gewijzigd, "monitor", &o.monitor)];
                let id = format!("{}/{}/{}", o.service, o.criterion, o.indicator);
                (id, Thing { place: format!("bij '{}'", o.service), ..thing(&o.indicator, properties) })
            })
            .collect(),
        "regel voor het controleren" => controls(format),
        "optelling" => format
            .control
            .sums
            .iter()
            .map(|s| {
                let id = format!("{} = {}", s.whole.as_deref().unwrap_or("100"), s.parts.join(" + "));
                let kind = match s.kind {
                    crate::model::SumKind::Gelijk => "gelijk",
                    crate::model::SumKind::Hooguit => "hooguit",
                };
                (id.clone(), thing(&id, vec![plain(Gewijzigd, "soort", kind)]))
            })
            .collect(),
        "andere naam" => format.control.aliases.iter().map(|a| alias(format, a)).collect(),
        _ => {
            let texts = format.texts.0.iter();
            texts.map(|(key, text)| (key.clone(), thing(key, vec![plain(Verwoord, "", text)]))).collect()
        }
    }
}

fn indicator(format: &Format, i: &crate::model::Indicator) -> (String, Thing) {
    let mut factoren: Vec<&str> = i.factoren.iter().map(String::as_str).collect();
    factoren.sort_unstable();
    let mut ids: Vec<String> = factoren.iter().map(|name| factor_id(format, name)).collect();
    ids.sort_unstable();
    let domein = i.domein.as_deref().unwrap_or_default();
    let properties = vec![
        plain(Eenheid, "eenheid", &i.unit.name),
        plain(Richting, "richting", i.direction.words()),
        plain(Bron, "bron", &i.source),
        plain(Bron, "editie", &i.edition),
        plain(Bron, "peiljaar", &i.year),
        by_id(Verplaatst, "domein", domein_id(format, domein), domein),
        by_id(Gewijzigd, "factoren", ids.join("; "), &factoren.join("; ")),
        plain(Gewijzigd, "decimalen", i.decimals.to_string()),
        plain(Gewijzigd, "doelgroep", &i.doelgroep),
        plain(Gewijzigd, "soort", i.kind.word()),
        plain(Verwoord, "definitie", &i.definition),
        plain(Gewijzigd, "meetwijze", &i.method),
        plain(Gewijzigd, "vernieuwing", &i.renewal),
        yes_no(Gewijzigd, "modelschatting", i.estimate),
        variants(&i.variants),
    ];
    (i.code.clone(), thing(&i.name, properties))
}

fn controls(format: &Format) -> BTreeMap<String, Thing> {
    let mut out: BTreeMap<String, Thing> = BTreeMap::new();
    let number = |value: Option<f64>| value.map_or_else(String::new, crate::model::dutch_number);
    for setting in &format.control.settings {
        let indicator = setting.indicator.as_deref().unwrap_or_default();
        let id = format!("{}/{indicator}", setting.code);
        let place = if indicator.is_empty() { String::new() } else { format!("voor '{indicator}'") };
        let properties = vec![
            plain(Gewijzigd, "niveau", setting.level.clone().unwrap_or_default()),
            plain(Gewijzigd, "drempel", number(setting.threshold)),
        ];
        let made = Thing { place, ..thing(&setting.code, properties) };
        // The level and the threshold of one rule may stand on two lines.
        match out.get_mut(&id) {
            Some(known) => {
                for (have, also) in known.properties.iter_mut().zip(made.properties) {
                    if have.key.is_empty() {
                        *have = also;
                    }
                }
            }
            None => {
                out.insert(id, made);
            }
        }
    }
    out
}

fn alias(format: &Format, a: &crate::model::Alias) -> (String, Thing) {
    let id = match a.kind.as_str() {
        "indicator" => format.indicators.iter().find(|i| i.name == a.name).map(|i| i.code.clone()),
        "factor" => Some(factor_id(format, &a.name)),
        "domein" => Some(domein_id(format, &a.name)),
        "tabblad" => format.tabs.iter().find(|t| t.name == a.name).map(|t| t.kind.clone()),
        _ => None,
    };
    let properties = vec![by_id(Gewijzigd, "hoort bij", id.unwrap_or_else(|| a.name.clone()), &a.name)];
    let place = format!("voor een {}", a.kind);
    (format!("{}/{}", a.kind, a.alias), Thing { place, ..thing(&a.alias, properties) })
}

/// What holds for the format as a whole, always in the same order, with the words for it.
pub(super) fn settings(format: &Format) -> Vec<(&'static str, String)> {
    let rule = &format.opvallend;
    let area = |(code, name): &(String, String)| format!("{name} ({code})");
    let yes = |yes: bool| if yes { "ja" } else { "nee" }.to_owned();
    vec![
        ("de naam van het format", format.name.clone()),
        ("de doelgroep van het format", format.doelgroep.clone()),
        ("de benchmark", area(&format.benchmark)),
        ("de tweede benchmark", area(&format.second_benchmark)),
        ("het aantal opvallende cijfers per domein", rule.count.to_string()),
        ("het kleinste aantal wijken voor een spreiding", rule.fewest_areas.to_string()),
        ("de drempel voor 'wijkt veel af van het gebied'", crate::model::dutch_number(rule.gebied_threshold)),
        ("het aantal risicofactoren waarbij een probleem waarschijnlijker is", rule.cumulation.to_string()),
        ("de kleur van opvallende cijfers", format.highlight_colour.clone()),
        ("een tweede teken naast de kleur", yes(format.second_mark)),
        ("de versies die worden aangenomen", format.versions.accepted.join("; ")),
        ("de versies die worden overgezet", format.versions.migrated.join("; ")),
        ("de versies die worden geweigerd", format.versions.refused.join("; ")),
    ]
}
