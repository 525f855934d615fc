//! The areas of an overview, found by code and by name.
//!
//! Owns the index that finding needs where there are thousands of areas. It is made when an area is first asked for and
//! forgotten as soon as somebody may change the areas. Knows no figures.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::area::Area;
use super::name::normalise;

/// A list of areas; read and changed as the `Vec` that it holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaList {
    areas: Vec<Area>,
    #[serde(skip)]
    index: OnceLock<Index>,
}

/// Zero-based places of areas by what they are called.
#[derive(Debug, Default)]
struct Index {
    /// By code in lower case.
    codes: BTreeMap<String, Vec<usize>>,
    /// By name, as names are compared.
    names: BTreeMap<String, Vec<usize>>,
    /// By alias, as names are compared; each area once.
    aliases: BTreeMap<String, Vec<usize>>,
}

impl AreaList {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (at, area) in self.areas.iter().enumerate() {
                index.codes.entry(area.code.to_ascii_lowercase()).or_default().push(at);
                index.names.entry(normalise(&area.name)).or_default().push(at);
                for alias in &area.aliases {
                    let places = index.aliases.entry(normalise(alias)).or_default();
                    if places.last() != Some(&at) {
                        places.push(at);
                    }
                }
            }
            index
        })
    }

    fn places<'a>(&'a self, found: Option<&'a Vec<usize>>) -> impl Iterator<Item = (usize, &'a Area)> + use<'a> {
        found.into_iter().flatten().filter_map(|at| Some((*at, self.areas.get(*at)?)))
    }

    /// Areas with this code, whatever its case, in order.
    pub(super) fn by_code(&self, code: &str) -> impl Iterator<Item = (usize, &Area)> {
        self.places(self.index().codes.get(&code.to_ascii_lowercase()))
    }

    /// Areas with this name (already [`normalise`]d), in order.
    pub(super) fn by_name(&self, name: &str) -> impl Iterator<Item = (usize, &Area)> {
        self.places(self.index().names.get(name))
    }

    /// True when an area has this name or alias.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let name = normalise(name);
        let index = self.index();
        index.names.contains_key(&name) || index.aliases.contains_key(&name)
    }

    /// Areas with this alias (already [`normalise`]d), in order.
    pub(super) fn by_alias(&self, alias: &str) -> impl Iterator<Item = (usize, &Area)> {
        self.places(self.index().aliases.get(alias))
    }
}

impl Deref for AreaList {
    type Target = Vec<Area>;

    fn deref(&self) -> &Vec<Area> {
        &self.areas
    }
}

impl DerefMut for AreaList {
    fn deref_mut(&mut self) -> &mut Vec<Area> {
        self.index.take();
        &mut self.areas
    }
}

impl Clone for AreaList {
    fn clone(&self) -> Self {
        AreaList::from(self.areas.clone())
    }
}

impl PartialEq for AreaList {
    fn eq(&self, other: &Self) -> bool {
        self.areas == other.areas
    }
}

impl From<Vec<Area>> for AreaList {
    fn from(areas: Vec<Area>) -> Self {
        AreaList { areas, index: OnceLock::new() }
    }
}

impl FromIterator<Area> for AreaList {
    fn from_iter<I: IntoIterator<Item = Area>>(areas: I) -> Self {
        AreaList::from(areas.into_iter().collect::<Vec<_>>())
    }
}

impl IntoIterator for AreaList {
    type Item = Area;
    type IntoIter = std::vec::IntoIter<Area>;

    fn into_iter(self) -> Self::IntoIter {
        self.areas.into_iter()
    }
}

impl<'a> IntoIterator for &'a AreaList {
    type Item = &'a Area;
    type IntoIter = std::slice::Iter<'a, Area>;

    fn into_iter(self) -> Self::IntoIter {
        self.areas.iter()
    }
}

impl<'a> IntoIterator for &'a mut AreaList {
    type Item = &'a mut Area;
    type IntoIter = std::slice::IterMut<'a, Area>;

    fn into_iter(self) -> Self::IntoIter {
        self.deref_mut().iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AreaLevel;

    fn area(code: &str, name: &str, aliases: &[&str]) -> Area {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        Area { code: code.into(), name: name.into(), level: AreaLevel::Wijk, parent: None, aliases }
    }

    fn at<'a>(found: impl Iterator<Item = (usize, &'a Area)>) -> Vec<usize> {
        found.map(|(at, _)| at).collect()
    }

    #[test]
    fn areas_are_found_by_code_name_and_alias_also_after_a_change() {
        let mut areas =
            AreaList::from(vec![area("W1", "Het Noorden", &["Noord", "noord"]), area("w1", "Zuid", &[])]);
        assert_eq!(at(areas.by_code("W1")), [0, 1]);
        assert_eq!(at(areas.by_name("noorden")), [0]);
        assert_eq!(at(areas.by_alias("noord")), [0]);
        areas.push(area("W3", "Noorden", &[]));
        assert_eq!(at(areas.by_name("noorden")), [0, 2]);
        for area in &mut areas {
            area.name = "Oost".to_owned();
        }
        assert!(at(areas.by_name("noorden")).is_empty());
        assert_eq!(at(areas.by_name("oost")), [0, 1, 2]);
        assert_eq!(at(areas.clone().by_name("oost")), [0, 1, 2]);
    }
}
