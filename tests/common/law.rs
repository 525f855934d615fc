//! The law of filling as a test sees it: what is listed changes, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{cells_of, entry, raw_entries, sheet_part};

/// Cells of the ledger by tab.
pub(crate) fn written(outcome: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in outcome["ledger"].as_array().unwrap() {
        let text = |field: &str| entry[field].as_str().unwrap().to_owned();
        found.entry(text("tabblad")).or_default().insert(text("cel"));
    }
    for place in outcome["removed_caches"].as_array().unwrap() {
        let (tab, address) = place.as_str().unwrap().rsplit_once('!').unwrap();
        found.entry(tab.to_owned()).or_default().insert(address.to_owned());
    }
    found
}

/// Entries that may be rewritten to make room for the product's own hidden tab, and nothing about cells.
fn belongs_to_the_record(name: &str, old: &[u8], new: &[u8]) -> bool {
    match name {
        "[Content_Types].xml" | "xl/_rels/workbook.xml.rels" | "xl/workbook.xml" => {
            // Everything that stood there still stands there, in its order.
            let new = entry(new, name);
            let mut rest = new.as_str();
            entry(old, name).split_inclusive('>').map(str::trim).filter(|tag| !tag.starts_with("<calcPr")).all(
                |tag| {
                    let found = rest.find(tag);
                    rest = &rest[found.map_or(0, |at| at + tag.len())..];
                    found.is_some()
                },
            )
        }
        "xl/worksheets/wijk.xml" => true,
        _ => name == sheet_part(new, "_wijkanalyse") || name == "xl/calcChain.xml",
    }
}

/// A chart without the points it remembers, whatever its prefix.
fn without_caches(xml: &str) -> String {
    let mut out = xml.to_owned();
    for cache in ["c:numCache", "c:strCache", "numCache", "strCache"] {
        let (open, close) = (format!("<{cache}>"), format!("</{cache}>"));
        while let Some(at) = out.find(&open) {
            let end = at + out[at..].find(&close).unwrap() + close.len();
            out.replace_range(at..end, "");
        }
    }
    out
}

/// Compares part by part: entries of no concern have the same compressed bytes; touched tabs differ in the cells of
/// the ledger only. A tab may say that it has grown.
pub(crate) fn only_the_ledger_changed(name: &str, old: &[u8], new: &[u8], outcome: &Value) {
    let (before, after) = (raw_entries(old), raw_entries(new));
    let mut allowed = written(outcome);
    let charts: Vec<&str> =
        outcome["chart_caches"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let tabs: BTreeMap<String, String> = allowed.keys().map(|tab| (sheet_part(old, tab), tab.clone())).collect();
    let kept: Vec<&String> =
        after.iter().map(|e| &e.name).filter(|n| before.iter().any(|b| b.name == **n)).collect();
    let order: Vec<&String> =
        before.iter().map(|e| &e.name).filter(|n| after.iter().any(|a| a.name == **n)).collect();
    assert_eq!(kept, order, "{name}: the order of the entries");
    for part in &before {
        let Some(now) = after.iter().find(|e| e.name == part.name) else {
            assert_eq!(part.name, "xl/calcChain.xml", "{name}: this entry is gone");
            continue;
        };
        if part == now {
            continue;
        }
        let Some(tab) = tabs.get(&part.name) else {
            if charts.contains(&part.name.as_str()) {
                let (was, is) = (entry(old, &part.name), entry(new, &part.name));
                assert_eq!(without_caches(&was), without_caches(&is), "{name}: {} differs", part.name);
                continue;
            }
            if part.name.starts_with("xl/pivotCache/") {
                let is = entry(new, &part.name).replacen(" refreshOnLoad=\"1\"", "", 1);
                assert_eq!(entry(old, &part.name), is, "{name}: {} differs", part.name);
                continue;
            }
            assert!(belongs_to_the_record(&part.name, old, new), "{name}: {} differs", part.name);
            continue;
        };
        let listed = allowed.remove(tab).unwrap();
        let (was, around) = cells_of(&entry(old, &part.name));
        let (is, around_now) = cells_of(&entry(new, &part.name));
        let addresses: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let differing: BTreeSet<String> =
            addresses.into_iter().filter(|at| was.get(*at) != is.get(*at)).cloned().collect();
        assert!(differing.is_subset(&listed), "{name}, {tab}: {:?}", differing.difference(&listed));
        assert!(listed.is_subset(&differing), "{name}, {tab}: not changed {:?}", listed.difference(&differing));
        let plain = |text: &str| -> String {
            let tags = text.split_inclusive('>');
            tags.filter(|tag| !tag.starts_with("<dimension ") && !tag.starts_with("<row ")).collect()
        };
        assert_eq!(plain(&around), plain(&around_now), "{name}, {tab}: outside the cells");
    }
    assert!(allowed.is_empty(), "{name}: {:?} were to change", allowed.keys());
    for part in after.iter().filter(|e| !before.iter().any(|b| b.name == e.name)) {
        assert!(belongs_to_the_record(&part.name, old, new), "{name}: {} is new", part.name);
    }
}
