//! What may stand in a mapping file, field by field: so that all that is wrong in one is told at once.
//!
//! Owns the names and kinds of the fields. What they mean is [`super::mapping`]'s business. The toml reader stops at the
//! first mistake; here every mistake is noted and something harmless put in its place, so that the rest can be read.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::definition_file::did_you_mean;

/// The text that stands where a text should have been: nothing is said about it again.
pub(super) const UNREAD: &str = "\u{0}";

/// What may stand behind a field.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Texts,
    Whole,
    YesNo,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A block with these fields.
    Block(&'static [Field]),
    /// Any number of such blocks.
    Blocks(&'static [Field]),
    /// A block of which people choose the names of the fields.
    Each(&'static Kind),
}

/// A field: its name, its kind and, when it must be there, what stands in for it when it is not (in toml).
type Field = (&'static str, Kind, Option<&'static str>);

const SIGNS: Kind = Kind::Word(&[
    "onbekend",
    "geheim",
    "nihil",
    "voorlopig",
    "schatting",
    "kan-niet-voorkomen",
    "niet-geleverd",
    "andere-indeling",
    "ongeldig",
]);

const COLUMN: &[Field] = &[
    ("bron", Kind::Text, Some("''")),
    ("groep", Kind::Text, None),
    ("indicator", Kind::Text, Some("''")),
    ("schaal", Kind::Word(&["fractie", "getal"]), Some("'getal'")),
];

const TABLE: &[Field] = &[
    ("tab", Kind::Text, None),
    ("groeprij", Kind::Whole, None),
    ("koprij", Kind::Whole, Some("1")),
    ("labelrij", Kind::Whole, None),
    ("eerste_rij", Kind::Whole, Some("1000000")),
    ("filter", Kind::Each(&Kind::Text), None),
    ("periode", Kind::Block(&[("kolom", Kind::Text, None), ("in_kop", Kind::Text, None)]), None),
    (
        "gebied",
        Kind::Block(&[
            ("kolom", Kind::Text, None),
            ("kolomnummer", Kind::Whole, None),
            ("sleutel", Kind::Word(&["wijknr", "cbs", "naam", "code-of-naam"]), Some("'naam'")),
            ("naamkolom", Kind::Text, None),
            ("niveaukolom", Kind::Text, None),
            ("melden", Kind::Texts, None),
        ]),
        Some("{ kolom = '', sleutel = 'naam' }"),
    ),
    ("kolommen", Kind::Blocks(COLUMN), None),
];

const MAPPING: &[Field] = &[
    ("naam", Kind::Text, Some("''")),
    ("editie", Kind::Text, None),
    ("peiljaar", Kind::Text, None),
    ("decimaalteken", Kind::Word(&[",", "."]), Some("','")),
    ("leeg", SIGNS, Some("'onbekend'")),
    ("schatting", Kind::YesNo, None),
    (
        "herkenning",
        Kind::Block(&[
            ("tabs", Kind::Texts, None),
            ("koppen", Kind::Texts, None),
            ("kop_bevat", Kind::Text, None),
            ("waarde", Kind::Block(&[("kolom", Kind::Text, Some("''")), ("is", Kind::Text, Some("''"))]), None),
        ]),
        Some("{ kop_bevat = '' }"),
    ),
    ("tekens", Kind::Each(&SIGNS), None),
    ("tabel", Kind::Blocks(TABLE), None),
];

/// What is wrong: where in the text, at which field, and the sentence.
pub(super) type Wrong = (usize, String, String);

/// Notes every field of a mapping that is unknown, missing or of another kind, and puts something harmless in its place.
pub(super) fn mend(table: &mut Spanned<DeTable<'_>>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    block(table.get_mut(), 0, MAPPING, &mut wrong);
    wrong.sort();
    wrong
}

fn block(table: &mut DeTable<'_>, at: usize, fields: &[Field], wrong: &mut Vec<Wrong>) {
    let names = || fields.iter().map(|(name, _, _)| *name);
    let mut refused: Vec<String> = Vec::new();
    for (key, value) in table.iter_mut() {
        let name = key.get_ref().as_ref();
        let fine = match fields.iter().find(|(known, _, _)| *known == name) {
            Some((_, kind, _)) => self::value(name, value, *kind, wrong),
            None => {
                let near = did_you_mean(name, names());
                let what = format!("onbekend veld '{name}'.{near} Verwacht: {}.", quoted(names()));
                wrong.push((key.span().start, name.to_owned(), what));
                false
            }
        };
        if !fine {
            refused.push(name.to_owned());
        }
    }
    for name in &refused {
        table.remove(name.as_str());
    }
    for (name, _, stand_in) in fields {
        let Some(stand_in) = stand_in.filter(|_| !table.contains_key(*name)) else { continue };
        // A field of another kind was told where it stands.
        if !refused.iter().any(|told| told == name) {
            wrong.push((at, (*name).to_owned(), format!("het veld '{name}' ontbreekt. Zet het erbij.")));
        }
        if let Some(value) = harmless(stand_in, at) {
            table.insert(Spanned::new(at..at, Cow::Borrowed(*name)), value);
        }
    }
}

/// A value as it would have been read from this text; an empty text becomes [`UNREAD`].
fn harmless(text: &'static str, at: usize) -> Option<Spanned<DeValue<'static>>> {
    let mut value = DeValue::parse(text).ok()?.into_inner();
    unread(&mut value);
    Some(Spanned::new(at..at, value))
}

fn unread(value: &mut DeValue<'_>) {
    match value {
        DeValue::String(text) if text.is_empty() => *text = Cow::Borrowed(UNREAD),
        DeValue::Table(table) => table.iter_mut().for_each(|(_, value)| unread(value.get_mut())),
        _ => {}
    }
}

/// Looks at one value; false when it cannot stay.
fn value(name: &str, value: &mut Spanned<DeValue<'_>>, kind: Kind, wrong: &mut Vec<Wrong>) -> bool {
    let at = value.span().start;
    let refused = match (kind, value.get_mut()) {
        (Kind::Text, DeValue::String(_)) | (Kind::YesNo, DeValue::Boolean(_)) => return true,
        (Kind::Whole, DeValue::Integer(number)) if number.as_str().parse::<u32>().is_ok() => return true,
        (Kind::Texts, DeValue::Array(items)) if items.iter().all(|item| item.get_ref().is_str()) => return true,
        (Kind::Word(words), DeValue::String(text)) if words.contains(&text.as_ref()) => return true,
        (Kind::Block(fields), DeValue::Table(table)) => {
            block(table, at, fields, wrong);
            return true;
        }
        (Kind::Each(kind), DeValue::Table(table)) => {
            let each = table.iter_mut();
            let refused: Vec<String> = each
                .filter_map(|(key, value)| {
                    let name = key.get_ref().to_string();
                    (!self::value(&name, value, *kind, wrong)).then_some(name)
                })
                .collect();
            for name in &refused {
                table.remove(name.as_str());
            }
            return true;
        }
        (Kind::Blocks(fields), DeValue::Array(items)) if items.iter().all(|item| item.get_ref().is_table()) => {
            for item in items.iter_mut() {
                let at = item.span().start;
                if let DeValue::Table(table) = item.get_mut() {
                    block(table, at, fields, wrong);
                }
            }
            return true;
        }
        (Kind::Text, _) => "verwacht: een tekst tussen aanhalingstekens.".to_owned(),
        (Kind::YesNo, _) => "verwacht: true (ja) of false (nee).".to_owned(),
        (Kind::Whole, _) => "verwacht: een heel getal, zonder aanhalingstekens.".to_owned(),
        (Kind::Texts, _) => "verwacht: een lijst van teksten, zoals [\"een\", \"twee\"].".to_owned(),
        (Kind::Word(words), DeValue::String(text)) => {
            let near = did_you_mean(text, words.iter().copied());
            format!("'{text}' is hier niet mogelijk. Verwacht: {}.{near}", quoted(words.iter().copied()))
        }
        (Kind::Word(words), _) => format!("verwacht: {}.", quoted(words.iter().copied())),
        (Kind::Block(_) | Kind::Each(_), _) => format!("verwacht: een blok, zoals {name} = {{ ... }}."),
        (Kind::Blocks(_), _) => "verwacht: blokken met velden.".to_owned(),
    };
    wrong.push((at, name.to_owned(), refused));
    false
}

fn quoted(words: impl Iterator<Item = &'static str>) -> String {
    words.map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}
