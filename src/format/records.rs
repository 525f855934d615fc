//! The rows of the definition files, one struct per file, with the rules that hold inside one row.
//!
//! Owns column names and the checks of a single field. Must not know other files: references between files
//! are checked in `load`. Fields bear the Dutch column names, because messages name them.

use serde::Deserialize;
use validator::{Validate, ValidationError};

use crate::definition_file::{Record, filled, filled_list, list, one_of, refuse};

fn whole_number(text: &str, low: u32, high: u32) -> Result<(), ValidationError> {
    match text.parse::<u32>() {
        Ok(number) if (low..=high).contains(&number) => Ok(()),
        _ => {
            let found = if text.is_empty() { "de cel is leeg".to_owned() } else { format!("gevonden: '{text}'") };
            Err(refuse(format!("{found}. Verwacht: een heel getal van {low} tot en met {high}.")))
        }
    }
}

fn yes_no(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["ja", "nee"])
}

fn direction(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["hoger is gunstig", "lager is gunstig", "neutraal"])
}

fn kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["direct", "benadering"])
}

fn factor_kind(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["risico", "beschermend"])
}

fn question_place(text: &str) -> Result<(), ValidationError> {
    one_of(text, &["domein", "pijler", "samenvatting"])
}

fn decimals(text: &str) -> Result<(), ValidationError> {
    whole_number(text, 0, 6)
}

/// Years are of four digits, and of a time that figures can be of.
fn years(text: &str) -> Result<(), ValidationError> {
    let written = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() > 2);
    let wrong = |digits: &&str| digits.len() != 4 || !(1900..=2100).contains(&digits.parse().unwrap_or(0));
    match written.into_iter().find(wrong) {
        Some(wrong) => {
            Err(refuse(format!("'{wrong}' is geen jaar. Verwacht: een jaar van vier cijfers, zoals 2024.")))
        }
        None => Ok(()),
    }
}

fn rank(text: &str) -> Result<(), ValidationError> {
    whole_number(text, 1, 5)
}

fn rung(text: &str) -> Result<(), ValidationError> {
    whole_number(text, 0, 4)
}

fn order(text: &str) -> Result<(), ValidationError> {
    whole_number(text, 1, 1000)
}

/// Six hexadecimal digits, as in `1F5C7A`.
pub(super) fn colour(text: &str) -> Result<(), ValidationError> {
    if text.len() == 6 && text.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(refuse(format!("gevonden: '{text}'. Verwacht: een kleur van zes tekens, zoals 1F5C7A.")))
}

fn code(text: &str) -> Result<(), ValidationError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.chars().all(allowed) {
        return Ok(());
    }
    let found = if text.is_empty() { "de cel is leeg".to_owned() } else { format!("gevonden: '{text}'") };
    Err(refuse(format!("{found}. Verwacht: een code van kleine letters, cijfers en streepjes.")))
}

/// An id: a code, or nothing, which means that it follows from the name.
fn id(text: &str) -> Result<(), ValidationError> {
    if text.is_empty() { Ok(()) } else { code(text) }
}

/// A name that Excel accepts for a tab: 1 to 31 characters, none of `[ ] : * ? / \`, no quote at either end.
fn tab_name(text: &str) -> Result<(), ValidationError> {
    let length = text.encode_utf16().count();
    if length == 0 {
        return Err(refuse("de cel is leeg. Verwacht: de naam van een tabblad.".to_owned()));
    }
    if length > 31 {
        return Err(refuse(format!(
            "'{text}' heeft {length} tekens. Verwacht: hooguit 31, meer staat Excel niet toe."
        )));
    }
    let forbidden = |c: char| c.is_control() || ['[', ']', ':', '*', '?', '/', '\\'].contains(&c);
    if text.contains(forbidden) || text.starts_with('\'') || text.ends_with('\'') {
        return Err(refuse(format!(
            "'{text}' bevat een teken dat Excel niet toestaat. Verwacht: een naam zonder [ ] : * ? / \\ en \
             zonder ' aan het begin of eind."
        )));
    }
    Ok(())
}

macro_rules! columns {
    ($type:ty: $($name:literal),+) => {
        impl Record for $type {
            const COLUMNS: &'static [&'static str] = &[$($name),+];
        }
    };
    ($type:ty: $($name:literal),+; optional $($optional:literal),+) => {
        impl Record for $type {
            const COLUMNS: &'static [&'static str] = &[$($name),+, $($optional),+];
            const OPTIONAL: &'static [&'static str] = &[$($optional),+];
        }
    };
}

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct PijlerRecord {
    #[validate(custom(function = "filled"))]
    pub(super) naam: String,
    #[validate(custom(function = "filled"))]
    pub(super) kop: String,
    #[validate(custom(function = "tab_name"))]
    pub(super) tab: String,
    #[validate(custom(function = "colour"))]
    pub(super) kleur: String,
    #[validate(custom(function = "id"))]
    pub(super) id: String,
}
columns!(PijlerRecord: "naam", "kop", "tab", "kleur"; optional "id");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct DomeinRecord {
    #[validate(custom(function = "filled"))]
    pub(super) naam: String,
    #[serde(deserialize_with = "list")]
    pub(super) varianten: Vec<String>,
    #[validate(custom(function = "filled"))]
    pub(super) pijler: String,
    #[validate(custom(function = "tab_name"))]
    pub(super) factorenmodel_tab: String,
    #[serde(deserialize_with = "list")]
    pub(super) factorenmodel_varianten: Vec<String>,
    #[validate(custom(function = "order"))]
    pub(super) ambitie_volgorde: String,
    #[validate(custom(function = "filled"))]
    pub(super) ambitie: String,
    #[validate(custom(function = "id"))]
    pub(super) id: String,
}
columns!(DomeinRecord: "naam", "varianten", "pijler", "factorenmodel_tab", "factorenmodel_varianten",
    "ambitie_volgorde", "ambitie"; optional "id");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitRecord {
    #[validate(custom(function = "filled"))]
    pub(super) eenheid: String,
    #[validate(custom(function = "filled"))]
    pub(super) verschil: String,
}
columns!(UnitRecord: "eenheid", "verschil");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorRecord {
    #[validate(custom(function = "code"))]
    pub(super) code: String,
    #[validate(custom(function = "filled"))]
    pub(super) naam: String,
    #[serde(deserialize_with = "list")]
    pub(super) varianten: Vec<String>,
    /// Empty for an indicator that only says something about factors, or that is context.
    pub(super) domein: String,
    #[serde(deserialize_with = "list")]
    pub(super) factoren: Vec<String>,
    #[validate(custom(function = "filled"))]
    pub(super) eenheid: String,
    #[validate(custom(function = "decimals"))]
    pub(super) decimalen: String,
    #[validate(custom(function = "direction"))]
    pub(super) richting: String,
    #[validate(custom(function = "filled"))]
    pub(super) doelgroep: String,
    #[validate(custom(function = "kind"))]
    pub(super) soort: String,
    #[validate(custom(function = "years"))]
    pub(super) editie: String,
    #[validate(custom(function = "filled"), custom(function = "years"))]
    pub(super) peiljaar: String,
    #[validate(custom(function = "filled"))]
    pub(super) bron: String,
    #[validate(custom(function = "filled"))]
    pub(super) meetwijze: String,
    pub(super) vernieuwing: String,
    #[validate(custom(function = "yes_no"))]
    pub(super) modelschatting: String,
    #[validate(custom(function = "filled"))]
    pub(super) definitie: String,
}
columns!(IndicatorRecord: "code", "naam", "varianten", "domein", "factoren", "eenheid", "decimalen", "richting",
    "doelgroep", "soort", "editie", "peiljaar", "bron", "meetwijze", "vernieuwing", "modelschatting", "definitie");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct FactorRecord {
    #[validate(custom(function = "filled"))]
    pub(super) domein: String,
    #[validate(custom(function = "filled"))]
    pub(super) factor: String,
    #[validate(custom(function = "factor_kind"))]
    pub(super) soort: String,
    #[serde(deserialize_with = "list")]
    #[validate(custom(function = "filled_list"))]
    pub(super) leefgebieden: Vec<String>,
    #[serde(deserialize_with = "list")]
    #[validate(custom(function = "filled_list"))]
    pub(super) leeftijdsfasen: Vec<String>,
    #[validate(custom(function = "filled"))]
    pub(super) toelichting: String,
    #[validate(custom(function = "filled"))]
    pub(super) herkomst: String,
    #[validate(custom(function = "id"))]
    pub(super) id: String,
}
columns!(FactorRecord: "domein", "factor", "soort", "leefgebieden", "leeftijdsfasen", "toelichting", "herkomst";
    optional "id");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct RankingRecord {
    #[validate(custom(function = "filled"))]
    pub(super) factor: String,
    #[validate(custom(function = "rank"))]
    pub(super) ranking: String,
}
columns!(RankingRecord: "factor", "ranking");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionRecord {
    #[validate(custom(function = "code"))]
    pub(super) code: String,
    #[validate(custom(function = "question_place"))]
    pub(super) plaats: String,
    #[validate(custom(function = "filled"))]
    pub(super) vraag: String,
    #[serde(deserialize_with = "list")]
    pub(super) varianten: Vec<String>,
    #[validate(custom(function = "yes_no"))]
    pub(super) link_factorenmodel: String,
    #[validate(custom(function = "yes_no"))]
    pub(super) verplicht: String,
}
columns!(QuestionRecord: "code", "plaats", "vraag", "varianten", "link_factorenmodel", "verplicht");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadingRecord {
    #[validate(custom(function = "filled"))]
    pub(super) tabel: String,
    #[validate(custom(function = "filled"))]
    pub(super) veld: String,
    #[validate(custom(function = "filled"))]
    pub(super) kop: String,
    #[serde(deserialize_with = "list")]
    pub(super) varianten: Vec<String>,
}
columns!(HeadingRecord: "tabel", "veld", "kop", "varianten");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct TabRecord {
    #[validate(custom(function = "filled"))]
    pub(super) soort: String,
    #[validate(custom(function = "tab_name"))]
    pub(super) naam: String,
    #[serde(deserialize_with = "list")]
    pub(super) varianten: Vec<String>,
    #[validate(custom(function = "yes_no"))]
    pub(super) optioneel: String,
}
columns!(TabRecord: "soort", "naam", "varianten", "optioneel");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedRecord {
    #[validate(custom(function = "filled"))]
    pub(super) domein: String,
    #[validate(custom(function = "filled"))]
    pub(super) cijfer: String,
    pub(super) houder: String,
}
columns!(WantedRecord: "domein", "cijfer", "houder");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct LeeftijdsfaseRecord {
    #[validate(custom(function = "filled"))]
    pub(super) leeftijdsfase: String,
}
columns!(LeeftijdsfaseRecord: "leeftijdsfase");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct LeefgebiedRecord {
    #[validate(custom(function = "filled"))]
    pub(super) leefgebied: String,
}
columns!(LeefgebiedRecord: "leefgebied");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct PreventieniveauRecord {
    #[validate(custom(function = "filled"))]
    pub(super) niveau: String,
}
columns!(PreventieniveauRecord: "niveau");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerRecord {
    #[validate(custom(function = "filled"))]
    pub(super) partner: String,
}
columns!(PartnerRecord: "partner");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct TredeRecord {
    #[validate(custom(function = "rung"))]
    pub(super) trede: String,
    #[validate(custom(function = "filled"))]
    pub(super) vraag: String,
    pub(super) erkenning: String,
}
columns!(TredeRecord: "trede", "vraag", "erkenning");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabankRecord {
    #[validate(custom(function = "filled"))]
    pub(super) thema: String,
    #[validate(custom(function = "filled"))]
    pub(super) instituut: String,
    #[validate(custom(function = "filled"))]
    pub(super) databank: String,
}
columns!(DatabankRecord: "thema", "instituut", "databank");

#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeRecord {
    #[validate(custom(function = "filled"))]
    pub(super) dienst: String,
    #[validate(custom(function = "filled"))]
    pub(super) criterium: String,
    #[validate(custom(function = "filled"))]
    pub(super) indicator: String,
    #[validate(custom(function = "filled"))]
    pub(super) monitor: String,
}
columns!(OutcomeRecord: "dienst", "criterium", "indicator", "monitor");
