//! What the targets of whole stations share: a small format in a folder of its own, and damage done to the parts of a package.
//!
//! A whole workbook takes too long to make thousands of times; two domeinen with a few indicators go through the same code.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

/// A folder for this process.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wijk-fuzz-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

const DOMEINEN: [&str; 2] = ["Werk", "Criminaliteit"];

/// Writes the small format into a folder; a file of the format that is not here is the built-in one.
pub fn format(folder: &Path) {
    let lines = |text: &str, keep: &mut dyn FnMut(&[&str]) -> bool| -> String {
        let mut lines = text.lines();
        let mut out = lines.next().unwrap_or_default().to_owned();
        for line in lines.filter(|line| !line.contains('"')) {
            if keep(&line.split(';').collect::<Vec<_>>()) {
                out.push('\n');
                out.push_str(line);
            }
        }
        out
    };
    let field = |cells: &[&str], at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut few = |cells: &[&str], at: usize, most: usize| {
        let domein = field(cells, at);
        let count = counts.entry(format!("{at}{domein}")).or_insert(0);
        *count += 1;
        DOMEINEN.contains(&domein.as_str()) && *count <= most
    };
    let mut factors = Vec::new();
    let factoren = lines(include_str!("../../templates/factoren.csv"), &mut |cells| {
        let keep = few(cells, 0, 3);
        factors.extend(keep.then(|| field(cells, 1)));
        keep
    });
    let indicators = lines(include_str!("../../templates/indicatoren.csv"), &mut |cells| few(cells, 3, 4));
    // Only factors that are there may be named.
    let mut indicatoren = String::new();
    for (number, line) in indicators.lines().enumerate() {
        let mut cells: Vec<String> = line.split(';').map(str::to_owned).collect();
        if let Some(cell) = cells.get_mut(4).filter(|_| number > 0) {
            let known = cell.split(" | ").filter(|name| factors.iter().any(|factor| factor == name));
            *cell = known.collect::<Vec<_>>().join(" | ");
        }
        indicatoren.push_str(&cells.join(";"));
        indicatoren.push('\n');
    }
    let none = |text: &str| lines(text, &mut |_| false);
    let files = [
        ("domeinen.csv", lines(include_str!("../../templates/domeinen.csv"), &mut |c| DOMEINEN.contains(&c[0]))),
        ("pijlers.csv", lines(include_str!("../../templates/pijlers.csv"), &mut |c| c[0] != "Gezond")),
        ("factoren.csv", factoren),
        ("indicatoren.csv", indicatoren),
        (
            "ranking.csv",
            lines(include_str!("../../templates/ranking.csv"), &mut |c| factors.iter().any(|factor| factor == c[0])),
        ),
        ("gewenst.csv", none(include_str!("../../templates/gewenst.csv"))),
        ("delen.csv", none(include_str!("../../templates/delen.csv"))),
        ("aliassen.csv", none(include_str!("../../templates/aliassen.csv"))),
        ("outcome.csv", none(include_str!("../../templates/outcome.csv"))),
        ("controle.csv", lines(include_str!("../../templates/controle.csv"), &mut |c| c[1].is_empty())),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// The parts of a package, in order.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package of our own opens");
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).expect("an entry of our own");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("an entry of our own");
        let name = entry.name().expect("a name of our own").into_owned();
        found.push((name, content));
    }
    found
}

/// The package of these parts.
pub fn package(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name.clone(), stored).expect("names of our own");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Damage to a text, four bytes each: where (two bytes, as a part of its length), what, how much. Most of it lands on the edge
/// of a tag, so that it is still XML often enough to get far.
pub fn damaged(text: &str, codes: &[u8], own: &dyn Fn(usize) -> String) -> String {
    let mut text = text.to_owned();
    for (number, code) in codes.as_chunks::<4>().0.iter().enumerate() {
        let [high, low, what, much] = *code;
        let place = text.len() * (usize::from(high) * 256 + usize::from(low)) / 65_536;
        let place = text.floor_char_boundary(place);
        let tag = |from: usize| text[from..].find('<').map_or(text.len(), |at| from + at);
        let start = tag(place);
        let end = text[start..].find('>').map_or(text.len(), |at| start + at + 1);
        let changed = match what % 12 {
            // A tag goes, or comes twice.
            0 => format!("{}{}", &text[..start], &text[end..]),
            1 => format!("{}{}", &text[..end], &text[start..]),
            // A whole element goes, or comes twice, when it can be found.
            2 | 3 => {
                let name: String =
                    text[start..end].chars().skip(1).take_while(|c| c.is_alphanumeric() || *c == ':').collect();
                let close = format!("</{name}>");
                let stop = match text[start..end].ends_with("/>") {
                    true => end,
                    false => text[start..].find(&close).map_or(end, |at| start + at + close.len()),
                };
                match what % 12 {
                    2 => format!("{}{}", &text[..start], &text[stop..]),
                    _ => format!("{}{}", &text[..stop], &text[start..]),
                }
            }
            // A few characters go, or become others.
            4 => {
                let until = text.ceil_char_boundary((place + usize::from(much % 24)).min(text.len()));
                format!("{}{}", &text[..place], &text[until..])
            }
            5 => format!("{}{}{}", &text[..place], char::from(much), &text[place..]),
            // A number in the tag becomes another one.
            6 => match text[start..end].find(|c: char| c.is_ascii_digit()) {
                Some(at) => format!("{}{much}{}", &text[..start + at], &text[start + at + 1..]),
                None => continue,
            },
            // An attribute goes.
            7 => match text[start..end].find(' ') {
                Some(at) => {
                    let from = start + at;
                    let quote = text[from..end].find("=\"").map_or(end, |q| from + q + 2);
                    let until = text[quote..].find('"').map_or(end, |q| quote + q + 1).min(end.max(quote));
                    format!("{}{}", &text[..from], &text[until..])
                }
                None => continue,
            },
            // Something of a person's.
            _ => format!("{}{}{}", &text[..start], own(number), &text[start..]),
        };
        text = changed;
    }
    text
}
