//! Any bytes under any name give an overview or a Dutch reason: no panic, bounded time and memory.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::model::Format;
use wijkanalyse::overview::{AreaTable, ReadOptions, read, to_rows};

#[path = "parts.rs"]
mod parts;

static FORMAT: LazyLock<Format> = LazyLock::new(|| wijkanalyse::format::builtin().unwrap());
static AREAS: LazyLock<AreaTable> = LazyLock::new(|| AreaTable::built_in().unwrap());

fuzz_target!(init: parts::pass_over_calamine(), |data: &[u8]| {
    let Some((first, rest)) = data.split_first().filter(|_| data.len() <= 256 * 1024) else { return };
    let Some(bytes) = parts::file(rest) else { return };
    let name = ["overzicht.csv", "overzicht.xlsx", "overzicht.xls", "overzicht.ods"][usize::from(first & 3)];
    let only: &[&str] = &["Bospolder", "BU05990321"];
    let options = ReadOptions {
        indicators: &FORMAT.indicators,
        areas: &AREAS,
        tabs: &[],
        benchmark: (first & 4 != 0).then_some(("GM0599", "Rotterdam")),
        headings: &[], only_areas: (first & 8 != 0).then_some(only),
    };
    if let Ok((overview, _)) = read(name, &bytes, &options) {
        let _ = to_rows(&overview);
    }
});
