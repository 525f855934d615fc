//! Any bytes under any name give an analysis or a Dutch reason; what was read can be checked and compared.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::model::Format;
use wijkanalyse::workbook::{Details, layout_report, read};

#[path = "parts.rs"]
mod parts;

static FORMAT: LazyLock<Format> = LazyLock::new(|| wijkanalyse::format::builtin().unwrap());

fuzz_target!(init: parts::pass_over_calamine(), |data: &[u8]| {
    let Some((first, rest)) = data.split_first().filter(|_| data.len() <= 256 * 1024) else { return };
    let Some(bytes) = parts::file(rest) else { return };
    let name = ["werkboek.xlsx", "werkboek.xlsm", "werkboek.xls", "werkboek.ods"][usize::from(first & 3)];
    if let Ok((analysis, _)) = read(name, &bytes, &FORMAT, Details::All) {
        let _ = layout_report(&analysis, &FORMAT);
    }
});
