//! Any text is a mapping file or a Dutch reason.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::model::Format;
use wijkanalyse::overview::{AreaTable, Mapping};

static FORMAT: LazyLock<Format> = LazyLock::new(|| wijkanalyse::format::builtin().unwrap());

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if data.len() > 64 * 1024 {
        return;
    }
    match Mapping::parse("proef.toml", text) {
        Ok(mapping) => {
            let _ = mapping.check(&FORMAT.indicators);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let _ = AreaTable::parse("gebieden.csv", text.as_bytes());
});
