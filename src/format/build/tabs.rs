//! Names of tabs that cannot stand in one workbook together.
//!
//! Owns that question: asked before anything is written, so that all of them are told at once and in Dutch.

use std::collections::BTreeMap;

use super::{BuildOptions, RECORD_TAB};
use crate::error::{Error, Result};
use crate::model::{CHART_TAB, Format, words};

/// Refuses tabs with one name. Excel tells no difference between capitals and small letters.
pub(super) fn refuse_collisions(format: &Format, options: &BuildOptions) -> Result<()> {
    let tabs = format.tabs.iter().map(|tab| (tab.name.as_str(), format!("tabs.csv '{}'", tab.kind)));
    let pijlers = format.pijlers.iter().map(|pijler| (pijler.tab.as_str(), format!("pijler '{}'", pijler.name)));
    let domeinen = format
        .domeinen
        .iter()
        .map(|domein| (domein.factorenmodel_tab.as_str(), format!("factorenmodel van '{}'", domein.name)));
    let lists = options.lists.iter().map(|list| (list.name.as_str(), "een lijst".to_owned()));
    let own = [RECORD_TAB, CHART_TAB].map(|name| (name, "een tabblad van het programma zelf".to_owned()));
    let mut bearers: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    for (name, bearer) in tabs.chain(pijlers).chain(domeinen).chain(lists).chain(own) {
        bearers.entry(name.to_lowercase()).or_insert_with(|| (name, Vec::new())).1.push(bearer);
    }
    let same: Vec<String> = bearers
        .into_values()
        .filter(|(_, bearers)| bearers.len() > 1)
        .map(|(name, bearers)| format!("'{name}' ({})", words::list(&bearers)))
        .collect();
    if same.is_empty() {
        return Ok(());
    }
    Err(Error::content(
        "het nieuwe werkboek",
        format!("meer dan één tabblad heet {}", same.join("; ")),
        "Geef elk tabblad een eigen naam. Een verschil in alleen hoofdletters telt voor Excel niet.",
    ))
}
