//! The areas of an overview in the own layout: rows, what they lie in, and which of them were asked for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use hashbrown::{HashMap, HashSet};

use super::super::areas::{AreaTable, Match};
use super::super::layout::Heading;
use super::super::sheet::Row;
use super::super::value::shortened;
use super::table::Placed;
use super::{Frame, Reader, Source};
use crate::finding::Level;
use crate::model::{Area, AreaLevel, nearest, normalise};

/// An area as its row tells it. Of most areas nothing is kept, so their texts stay where they are.
pub(super) struct Seen<'r> {
    pub(super) code: Cow<'r, str>,
    pub(super) name: Cow<'r, str>,
    pub(super) level: AreaLevel,
    /// Code or name of what it lies in.
    pub(super) parent: Option<Cow<'r, str>>,
    /// Other names, when it is an area known beforehand.
    pub(super) aliases: &'r [String],
}

/// The areas known beforehand by their code: every row asks for one.
pub(super) struct KnownCodes<'a> {
    by_code: HashMap<String, &'a Area>,
    /// A code as it is compared; kept so that not every row makes a text of its own.
    lower: String,
}

impl<'a> KnownCodes<'a> {
    pub(super) fn of(areas: &'a AreaTable) -> Self {
        let mut by_code = HashMap::new();
        for known in &areas.areas {
            by_code.entry(known.area.code.to_ascii_lowercase()).or_insert(&known.area);
        }
        KnownCodes { by_code, lower: String::new() }
    }

    fn get(&mut self, code: &str) -> Option<&'a Area> {
        self.lower.clear();
        self.lower.push_str(code);
        self.lower.make_ascii_lowercase();
        self.by_code.get(self.lower.as_str()).copied()
    }
}

impl<'a> Reader<'a> {
    /// The area of a row; `None` when the row is none, or cannot be understood (then with a finding).
    pub(super) fn area<'r>(
        &mut self,
        row: &'r Row,
        frame: &Frame,
        below: bool,
        (sources, known): (&[Source], &mut KnownCodes<'a>),
    ) -> Option<Seen<'r>>
    where
        'a: 'r,
    {
        let at = |wanted: Heading| {
            let col = frame.headings.iter().find(|(heading, _)| *heading == wanted).map(|(_, col)| *col);
            col.map(|col| row.trimmed(col)).unwrap_or_default()
        };
        let (mut code, name) = (at(Heading::Gebiedscode), at(Heading::Naam));
        let (level_text, parent) = (at(Heading::Niveau), at(Heading::ValtOnder));
        let level = AreaLevel::from_word(&level_text);
        if !below && level.is_none() {
            return None;
        }
        let filled = sources.iter().any(|source| row.at(source.col).is_some());
        if code.is_empty() && name.is_empty() {
            if filled {
                let place = self.place(row.index, frame.label_col);
                self.note(
                    "rij-zonder-gebied",
                    Level::Waarschuwing,
                    place,
                    "Deze rij heeft cijfers, maar geen gebiedscode en geen naam; zij is overgeslagen.".to_owned(),
                    "Elke rij met cijfers hoort bij een gebied.",
                    "Vul de gebiedscode en de naam in.",
                );
            }
            return None;
        }
        if code.is_empty() {
            match self.options.areas.by_name(&name, level) {
                Match::Found(index) => {
                    code = self.options.areas.areas.get(index).map(|known| known.area.code.as_str().into())?;
                }
                other => {
                    let hint = match other {
                        Match::Unknown(near) if !near.is_empty() => {
                            format!(" Lijkt op: {}.", near.join(", "))
                        }
                        Match::Ambiguous(several) => {
                            format!(" Mogelijk: {}.", several.join(", "))
                        }
                        _ => String::new(),
                    };
                    let place = self.place(row.index, frame.label_col).about(format!("gebied {name}"));
                    self.note(
                        "gebied-onbekend",
                        Level::Waarschuwing,
                        place,
                        format!("Het gebied '{}' heeft geen code en is niet herkend.{hint}", shortened(&name)),
                        "Elk gebied heeft een gebiedscode.",
                        "Vul de gebiedscode in, of verbeter de naam.",
                    );
                    return None;
                }
            }
        }
        let known = known.get(&code);
        let level = if level_text.is_empty() { known.map(|known| known.level) } else { level };
        let Some(level) = level else {
            // A line of explanation under the table is no area.
            if !filled && level_text.is_empty() {
                return None;
            }
            let place = self.place(row.index, frame.label_col).about(format!("gebied {code} {name}"));
            self.note(
                "niveau-onbekend",
                Level::Waarschuwing,
                place,
                format!(
                    "Het niveau '{}' van '{code}' is niet bekend; de rij is overgeslagen.",
                    shortened(&level_text)
                ),
                "In de kolom Niveau staat land, stad, gebied, wijk of buurt.",
                "Vul het niveau in.",
            );
            return None;
        };
        let name = match known {
            _ if !name.is_empty() => name,
            Some(known) => known.name.as_str().into(),
            None => code.clone(),
        };
        let aliases = known.map(|known| known.aliases.as_slice()).unwrap_or_default();
        Some(Seen { code, name, level, parent: Some(parent).filter(|parent| !parent.is_empty()), aliases })
    }

    /// 'Valt onder' may hold a code or a name; it becomes a code.
    pub(super) fn parents(&mut self, areas: &mut [Placed]) {
        // Of many thousands of areas only few are the parent of one, and nearly always as its code is written.
        let named: HashSet<&str> = areas.iter().filter_map(|placed| placed.parent.as_deref()).collect();
        let codes = || areas.iter().map(|placed| placed.code.as_str());
        let exact: HashSet<&str> = codes().filter(|code| named.contains(code)).collect();
        let otherwise: BTreeSet<String> = named.difference(&exact).map(|parent| parent.to_lowercase()).collect();
        let by_code: BTreeMap<String, &str> = if otherwise.is_empty() {
            BTreeMap::new()
        } else {
            codes().map(|code| (code.to_lowercase(), code)).filter(|(code, _)| otherwise.contains(code)).collect()
        };
        // Nearly always it is a code; names are only looked at when one is met.
        let mut by_name: Option<BTreeMap<String, Vec<(AreaLevel, &str)>>> = None;
        let mut unknown = Vec::new();
        let mut found: Vec<(usize, Option<CompactString>)> = Vec::new();
        for (at, area) in areas.iter().enumerate() {
            if area.parent.as_deref().is_none_or(|parent| exact.contains(parent)) {
                continue;
            }
            let code = area.parent.as_ref().and_then(|parent| {
                if let Some(code) = by_code.get(parent.to_lowercase().as_str()) {
                    return Some(CompactString::from(*code));
                }
                let by_name = by_name.get_or_insert_with(|| {
                    let mut names: BTreeMap<String, Vec<(AreaLevel, &str)>> = BTreeMap::new();
                    for area in areas.iter() {
                        names.entry(normalise(&area.name)).or_default().push((area.level, area.code.as_str()));
                    }
                    names
                });
                let wider: Vec<&str> = by_name
                    .get(&normalise(parent))
                    .into_iter()
                    .flatten()
                    .filter(|(level, _)| *level < area.level)
                    .map(|(_, code)| *code)
                    .collect();
                match wider.as_slice() {
                    [code] => Some(CompactString::from(*code)),
                    _ => self.options.areas.by_code(parent).map(|known| known.area.code.as_str().into()),
                }
            });
            if let (None, Some(parent)) = (&code, &area.parent) {
                unknown.push((area.row, area.name.to_string(), parent.to_string()));
            }
            found.push((at, code));
        }
        for (row, name, parent) in unknown {
            let near = nearest(&parent, areas.iter().map(|placed| placed.name.as_str()));
            let hint = if near.is_empty() { String::new() } else { format!(" Lijkt op: {}.", near.join(", ")) };
            let place = self.place(row, 0).about(format!("gebied {name}"));
            self.note(
                "valt-onder-onbekend",
                Level::Waarschuwing,
                place,
                format!(
                    "{name} valt onder '{}', maar dat gebied staat niet in het overzicht.{hint}",
                    shortened(&parent)
                ),
                "In de kolom Valt onder staat de code of naam van een gebied in het overzicht.",
                "Verbeter de code, of voeg een rij voor dat gebied toe.",
            );
        }
        drop((named, exact));
        for (at, parent) in found {
            if let Some(placed) = areas.get_mut(at) {
                placed.parent = parent;
            }
        }
    }
}
