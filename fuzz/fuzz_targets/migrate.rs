//! Migration of a workbook that was tampered with: refused, or every text of a person is found back in the result.
//!
//! The first byte says how many cells are filled, then three bytes each (tab, row, column); then a byte that chooses a part and
//! four bytes for each damage to it (see `small.rs`).
#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wijkanalyse::package::{
    Archive, CellEdit, Changes, NewValue, SheetKind, Spreadsheet, StyleChoice, attachments, inspect_workbook,
};
use wijkanalyse::pipeline::{MigrateRequest, Session};

#[path = "small.rs"]
mod small;

struct World {
    folder: PathBuf,
    new: Session,
    blank: Vec<u8>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = small::folder("migratie");
    let (old, new) = (folder.join("oud"), folder.join("nieuw"));
    for map in [&old, &new] {
        fs::create_dir_all(map).unwrap();
        small::format(map);
    }
    // The next version: another name for a tab, an indicator and a question gone, the others in another order.
    let change = |name: &str, change: &dyn Fn(Vec<String>) -> Vec<String>| {
        let built_in = match name {
            "vragen.csv" => include_str!("../../templates/vragen.csv").to_owned(),
            "format.toml" => include_str!("../../templates/format.toml").replacen("versie = \"1.1\"", "versie = \"2.0\"", 1),
            _ => fs::read_to_string(new.join(name)).unwrap(),
        };
        fs::write(new.join(name), change(built_in.lines().map(str::to_owned).collect()).join("\n")).unwrap();
    };
    change("format.toml", &|lines| lines);
    change("pijlers.csv", &|lines| lines.iter().map(|line| line.replace(";Pijler Kansrijk;", ";Kansen;")).collect());
    change("indicatoren.csv", &|mut lines| {
        lines.remove(2);
        lines.swap(1, 3);
        lines
    });
    change("vragen.csv", &|mut lines| {
        lines.swap(1, 3);
        lines.retain(|line| !line.starts_with("collega;"));
        lines
    });
    let session = |map: &PathBuf| Session::open(Some(map)).unwrap_or_else(|error| panic!("{error}"));
    let overview = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/overzicht-rotterdam.csv"));
    let blank = folder.join("leeg.xlsx");
    session(&old).build_format(Some(&overview), &blank, true).unwrap_or_else(|error| panic!("{error}"));
    World { new: session(&new), blank: fs::read(blank).unwrap(), folder }
});

/// Every text with the sign of a person in it, in cells and notes.
fn of_people(book: &Spreadsheet) -> Option<BTreeSet<String>> {
    let strings = book.shared_strings().ok()?;
    let mut found = BTreeSet::new();
    for sheet in book.sheets().iter().filter(|sheet| sheet.kind == SheetKind::Worksheet) {
        if sheet.name == "_wijkanalyse" {
            continue;
        }
        let mut words = |text: &str| {
            let of_person = |word: &&str| word.starts_with("eigen");
            found.extend(text.split(|c: char| !c.is_alphanumeric()).filter(of_person).map(str::to_owned));
        };
        book.visit_cells(&sheet.name, &mut |view| {
            words(&view.value(&strings).text());
            Ok(true)
        })
        .ok()?;
        for note in attachments(book, &sheet.name).ok()?.notes {
            words(&note.text);
        }
    }
    Some(found)
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first().filter(|_| data.len() < 512) else { return };
    let Some((cells, rest)) = rest.split_at_checked(3 * usize::from(first % 12)) else { return };
    let world = &*WORLD;
    let book = Archive::from_bytes("leeg.xlsx", world.blank.clone()).and_then(Spreadsheet::open).expect("our own");
    let tabs: Vec<String> = book.sheets().iter().filter(|s| !s.name.starts_with('_')).map(|s| s.name.clone()).collect();
    let edits = cells.as_chunks::<3>().0.iter().enumerate().map(|(number, [tab, row, col])| CellEdit {
        tab: tabs[usize::from(*tab) % tabs.len()].clone(),
        row: u32::from(*row) % 120,
        col: u32::from(*col) % 14,
        value: NewValue::Text(format!("eigen{number}x & <één>")),
        style: StyleChoice::Keep,
    });
    let changes = Changes { cells: edits.collect(), ..Changes::default() };
    let mut filled = Vec::new();
    if book.apply(&changes, &mut filled).is_err() {
        return;
    }
    let mut parts = small::parts(&filled);
    if let Some((which, codes)) = rest.split_first() {
        let readable = parts.iter_mut().filter(|(name, _)| {
            name.contains("worksheets/") || name.contains("styles") || name.contains("omments") || name.ends_with("workbook.xml")
        });
        let mut readable: Vec<_> = readable.collect();
        let count = readable.len();
        let (_, content) = &mut readable[usize::from(*which) % count];
        let text = String::from_utf8(content.clone()).expect("XML of our own");
        let own = |number: usize| {
            let run = |text: String| format!("<is><r><rPr><b/></rPr><t>{text}</t></r><r><t> gewoon</t></r></is>");
            match number % 3 {
                0 => format!("<c r=\"C{}\" t=\"inlineStr\">{}</c>", number + 40, run(format!("eigenrijk{number}x"))),
                1 => "<conditionalFormatting sqref=\"H12:H20\"><cfRule type=\"expression\" dxfId=\"0\" priority=\"7\"><formula>H12&gt;$E12\
                      </formula></cfRule></conditionalFormatting>"
                    .to_owned(),
                _ => format!("<row r=\"{}\" ht=\"50\" hidden=\"1\"/>", number + 30),
            }
        };
        *content = small::damaged(&text, codes, &own).into_bytes();
    }
    let bytes = small::package(&parts);
    let before = Archive::from_bytes("oud.xlsx", bytes.clone()).and_then(Spreadsheet::open).ok();
    let (old, new) = (world.folder.join("oud.xlsx"), world.folder.join("nieuw.xlsx"));
    fs::write(&old, bytes).unwrap();
    let request =
        MigrateRequest { workbook: old, output: Some(new.clone()), force: true, ..MigrateRequest::default() };
    if world.new.migrate(&request).is_err() {
        return;
    }
    let before = before.as_ref().and_then(of_people).expect("what was migrated can be read");
    let result = Archive::from_bytes("nieuw.xlsx", fs::read(&new).unwrap()).and_then(Spreadsheet::open).expect("opens");
    let after = of_people(&result).expect("the result can be read to its end");
    let lost: Vec<&String> = before.difference(&after).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert!(inspect_workbook(&result).is_ok(), "the result can be inspected");
});
