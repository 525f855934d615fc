//! What the tests of the whole product share: running the binary, made inputs, and looking at folders and packages
//! without the code under test.

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

pub(crate) mod law;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// How a run of the binary ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The outcome as json; fails with what was printed.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no json ({error}): {self:?}"))
    }

    /// This run, when it ended with `code`; fails with what was printed.
    pub(crate) fn ended(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self
    }

    /// Fails unless every text stands on one of the two outputs.
    pub(crate) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.out.contains(text) || self.err.contains(text), "'{text}' is not said: {self:?}");
        }
    }
}

/// The program under test: the one built with these tests, or the one that `WIJKANALYSE_PROGRAMMA` names. CI names the one that
/// it built for the README's commands, from the same source and with the same checks, because it is optimised.
pub(crate) fn program() -> String {
    std::env::var("WIJKANALYSE_PROGRAMMA").unwrap_or_else(|_| env!("CARGO_BIN_EXE_wijk").to_owned())
}

/// The program with arguments, in a folder.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
    command
}

/// Runs any command and says how it ended.
pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the binary in a folder.
pub(crate) fn wijk(folder: &Path, arguments: &[&str]) -> Run {
    run(&mut command(folder, arguments))
}

/// The folder of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example overview as a path for the command line.
pub(crate) fn example() -> String {
    repository().join("fixtures/overzicht-rotterdam.csv").display().to_string()
}

/// Every file below a folder with its bytes; `None` for a folder.
pub(crate) fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(snapshot(&path));
            found.insert(path, None);
        } else {
            found.insert(path.clone(), Some(fs::read(&path).unwrap()));
        }
    }
    found
}

/// Names of what stands in a folder.
pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// The blank workbook of the built-in format, built once per test file.
pub(crate) fn blank() -> &'static [u8] {
    static BLANK: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        wijk(folder.path(), &["format", "bouw", "-o", "leeg.xlsx"]).ended(0);
        fs::read(folder.path().join("leeg.xlsx")).unwrap()
    });
    &BLANK
}

/// The blank workbook filled for Bospolder beside Tussendijken, with its ledger; made once per test file.
pub(crate) fn filled() -> &'static (Vec<u8>, serde_json::Value) {
    static FILLED: LazyLock<(Vec<u8>, serde_json::Value)> = LazyLock::new(|| {
        let folder = folder_with(&[("leeg.xlsx", blank())]);
        let arguments = ["vul", "leeg.xlsx", "--wijk", "Bospolder", "--naast", "Tussendijken", "-o", "vol.xlsx"];
        wijk(folder.path(), &[&arguments[..], &["--logboek", "log.json"]].concat()).ended(0);
        let ledger = serde_json::from_slice(&fs::read(folder.path().join("log.json")).unwrap()).unwrap();
        (fs::read(folder.path().join("vol.xlsx")).unwrap(), ledger)
    });
    &FILLED
}

/// A temporary folder with files in it.
pub(crate) fn folder_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// The example overview with its records changed by a test. The first column holds labels, then codes of areas.
pub(crate) fn changed_overview(change: impl Fn(&mut Vec<Vec<String>>)) -> Vec<u8> {
    let text = fs::read_to_string(example()).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    change(&mut rows);
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Number of the row (from 0) whose first cell is `label`.
pub(crate) fn row_of(rows: &[Vec<String>], label: &str) -> usize {
    rows.iter().position(|row| row[0] == label).unwrap_or_else(|| panic!("no row '{label}'"))
}

/// Number of the column (from 0) of an indicator.
pub(crate) fn column_of(rows: &[Vec<String>], code: &str) -> usize {
    rows[row_of(rows, "Code")].iter().position(|cell| cell == code).unwrap_or_else(|| panic!("no column '{code}'"))
}

/// The text of one entry of a zip.
pub(crate) fn entry(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The same zip with one entry passed through `change`, and the rest as it was.
pub(crate) fn with_entry(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut found = false;
    for index in 0..archive.len() {
        let item = archive.by_index_raw(index).unwrap();
        if item.name().is_ok_and(|found| found == name) {
            drop(item);
            found = true;
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, change(entry(bytes, name)).as_bytes()).unwrap();
        } else {
            writer.raw_copy_file(item).unwrap();
        }
    }
    assert!(found, "no entry {name}");
    writer.finish().unwrap().into_inner()
}

/// One entry of a zip as a little parser of its own sees it: not the code under test.
#[derive(Debug, PartialEq, Clone)]
pub(crate) struct RawEntry {
    pub(crate) name: String,
    /// Local header, compressed data and descriptor.
    pub(crate) local: Vec<u8>,
    /// The central record without the offset.
    pub(crate) central: Vec<u8>,
}

/// The entries of a zip in the order of its directory.
pub(crate) fn raw_entries(bytes: &[u8]) -> Vec<RawEntry> {
    let u16_at = |at: usize| usize::from(u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()));
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let end = (0..=bytes.len() - 22).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06")).unwrap();
    let (count, mut at) = (u16_at(end + 10), u32_at(end + 16));
    let mut starts = BTreeSet::from([at]);
    let (mut found, mut offsets) = (Vec::new(), Vec::new());
    for _ in 0..count {
        assert!(bytes[at..].starts_with(b"PK\x01\x02"));
        let name = u16_at(at + 28);
        let length = 46 + name + u16_at(at + 30) + u16_at(at + 32);
        let mut central = bytes[at..at + length].to_vec();
        central[42..46].fill(0);
        let name = String::from_utf8_lossy(&bytes[at + 46..at + 46 + name]).into_owned();
        offsets.push(u32_at(at + 42));
        starts.insert(u32_at(at + 42));
        found.push(RawEntry { name, local: Vec::new(), central });
        at += length;
    }
    for (entry, offset) in found.iter_mut().zip(offsets) {
        let next = *starts.range(offset + 1..).next().unwrap();
        entry.local = bytes[offset..next].to_vec();
    }
    found
}

/// The part of the sheet with this name.
pub(crate) fn sheet_part(bytes: &[u8], tab: &str) -> String {
    let book = entry(bytes, "xl/workbook.xml");
    let sheet = book.split("<sheet ").find(|sheet| sheet.contains(&format!("name=\"{tab}\""))).unwrap();
    let id = sheet.split("r:id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let rels = entry(bytes, "xl/_rels/workbook.xml.rels");
    let rel = rels.split("<Relationship ").find(|rel| rel.contains(&format!("Id=\"{id}\""))).unwrap();
    let target = rel.split("Target=\"").nth(1).unwrap().split('"').next().unwrap();
    target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned)
}

/// The cells of a sheet as they are written, by address, and all that stands around them.
pub(crate) fn cells_of(xml: &str) -> (BTreeMap<String, String>, String) {
    let (mut cells, mut around, mut rest) = (BTreeMap::new(), String::new(), xml);
    while let Some(at) = rest.find("<c ") {
        around.push_str(&rest[..at]);
        let open = at + rest[at..].find('>').unwrap() + 1;
        let end = if rest[..open].ends_with("/>") { open } else { at + rest[at..].find("</c>").unwrap() + 4 };
        let cell = &rest[at..end];
        let address = cell.split("r=\"").nth(1).unwrap().split('"').next().unwrap();
        cells.insert(address.to_owned(), cell.to_owned());
        rest = &rest[end..];
    }
    around.push_str(rest);
    (cells, around)
}

/// One cell of a tab as it is written; empty when it is not.
pub(crate) fn cell(bytes: &[u8], tab: &str, address: &str) -> String {
    cells_of(&entry(bytes, &sheet_part(bytes, tab))).0.remove(address).unwrap_or_default()
}

/// The workbook with other content in cells that exist: `<v>1</v>` for a number, any other text as a person's text.
pub(crate) fn typed(bytes: &[u8], tab: &str, contents: &[(&str, &str)]) -> Vec<u8> {
    with_entry(bytes, &sheet_part(bytes, tab), |xml| {
        contents.iter().fold(xml, |xml, (address, content)| {
            let old = cells_of(&xml).0.remove(*address).unwrap_or_else(|| panic!("no cell {address} on {tab}"));
            let style = old.split(" s=\"").nth(1).map_or("0", |rest| rest.split('"').next().unwrap());
            let new = match content.starts_with('<') {
                true => format!("<c r=\"{address}\" s=\"{style}\">{content}</c>"),
                false => format!("<c r=\"{address}\" s=\"{style}\" t=\"inlineStr\"><is><t>{content}</t></is></c>"),
            };
            xml.replacen(&old, &new, 1)
        })
    })
}
