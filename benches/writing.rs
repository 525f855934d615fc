//! Writing fifty cells on three tabs of workbooks of three sizes, beside the least that can be done and beside two
//! well-known libraries; and filling a wijk from the large overview tab in the same workbook.
//!
//! `cargo bench --bench writing`. Every measurement is a process of its own, so that its memory can be read off; the
//! workbooks are made on the spot from made-up figures. openpyxl runs when it is installed, umya-spreadsheet when
//! `cargo build --release --manifest-path benches/umya/Cargo.toml` was done before.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot run has nothing to say")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

mod fictief;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use wijkanalyse::package::{
    Applied, Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice, Target, write_new,
};
use wijkanalyse::pipeline::{FillChoices, FillTarget, Session};

/// Name by which a process knows that it is one measurement: what to do, and on which file.
const TASK: &str = "WIJKANALYSE_METING";
/// Sizes: name and number of wijken. With the indicators of the format the last two have some 500,000 and 2,500,000
/// cells on the overview tab.
const SIZES: [(&str, usize); 3] = [("klein", 1_350), ("middel", fictief::LARGE), ("groot", 33_000)];
const RUNS: usize = 7;

fn main() {
    if let Ok(task) = std::env::var(TASK) {
        let (what, path) = task.split_once('|').expect("a task names a file");
        let seconds = measured(what, Path::new(path));
        println!("{seconds} {}", peak_kilobytes());
        return;
    }
    let folder = tempfile::tempdir().expect("a folder can be made");
    let session = Session::open(None).expect("the format is read");
    for (name, wijken) in SIZES {
        let path = folder.path().join(format!("{name}.xlsx"));
        std::fs::write(&path, fictief::workbook(session.format(), wijken)).expect("it is written");
        report(name, &path);
    }
}

/// Times all there is to time on one workbook and prints it.
fn report(name: &str, path: &Path) {
    let book = open(path);
    let largest = largest_part(path);
    println!(
        "\n{name}: {:.1} MB, largest part {:.1} MB unpacked",
        megabytes(path.metadata().expect("it is there").len()),
        megabytes(largest.1)
    );
    let touched = apply(&book, &changes(&book), &target(path)).parts.join("|");
    drop(book);
    let ours = line("fifty cells, figures at hand", &times(RUNS, || own("cells", path, "")), None);
    line("  as the command writes: synced, then renamed into place", &times(RUNS, || own("safe", path, "")), None);
    let limit = line(
        "  bare limit: those parts unpacked and packed",
        &times(RUNS, || own("limit", path, &touched)),
        Some(ours),
    );
    println!("    {:.2} times the bare limit", ours / limit);
    let unpack = line("unpacking the overview tab once", &times(RUNS, || own("unpack", path, &largest.0)), None);
    let stream = line(
        "streaming the overview tab once, no more than reading its XML",
        &times(RUNS, || own("stream", path, &largest.0)),
        None,
    );
    let fill =
        line("filling a wijk from the overview in the workbook", &times(RUNS, || own("fill", path, "")), None);
    println!("    {:.2} times unpacking that tab, {:.2} times streaming it", fill / unpack, fill / stream);
    let python = std::env::var("WIJKANALYSE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/openpyxl_meting.py");
    let outside: [(&str, Command); 2] = [
        ("openpyxl", {
            let mut c = Command::new(python);
            c.arg(script);
            c
        }),
        (
            "umya-spreadsheet",
            Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/umya/target/release/umya-meting")),
        ),
    ];
    for (name, mut command) in outside {
        command.arg(path).arg(target(path));
        // Slow ones are run once: seconds do not need a median.
        match outcome(&mut command) {
            Some(found) => {
                let theirs = line(&format!("{name}, the same fifty cells"), &[found], Some(ours));
                println!(
                    "    filling from the overview takes {:.4} of it ({:.0} times as fast)",
                    fill / theirs,
                    theirs / fill
                );
            }
            None => println!("  {name} is not there"),
        }
    }
}

/// Prints median seconds and largest memory; gives the median.
fn line(what: &str, times: &[(f64, u64)], beside: Option<f64>) -> f64 {
    let mut seconds: Vec<f64> = times.iter().map(|(seconds, _)| *seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN);
    let least = seconds.first().copied().unwrap_or(f64::NAN);
    let memory = times.iter().map(|(_, peak)| *peak).max().unwrap_or(0);
    let ratio = beside.map(|other| format!(", {:.1} times ours", median / other)).unwrap_or_default();
    println!(
        "  {what}: {:.2} ms (least {:.2}), {:.1} MB{ratio}",
        median * 1e3,
        least * 1e3,
        memory as f64 / 1024.0
    );
    median
}

fn times(runs: usize, run: impl Fn() -> (f64, u64)) -> Vec<(f64, u64)> {
    run();
    (0..runs).map(|_| run()).collect()
}

/// Runs this program for one measurement.
fn own(what: &str, path: &Path, parts: &str) -> (f64, u64) {
    let mut command = Command::new(std::env::current_exe().expect("this program has a place"));
    command.env(TASK, format!("{what}|{}", path.display())).env("WIJKANALYSE_DELEN", parts);
    outcome(&mut command).expect("a measurement of our own runs")
}

fn outcome(command: &mut Command) -> Option<(f64, u64)> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (seconds, peak) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, peak.parse().ok()?))
}

/// One measurement, in a process of its own; gives seconds.
fn measured(what: &str, path: &Path) -> f64 {
    let parts = std::env::var("WIJKANALYSE_DELEN").unwrap_or_default();
    let parts: Vec<&str> = parts.split('|').filter(|part| !part.is_empty()).collect();
    match what {
        "cells" | "safe" => {
            let changes = changes(&open(path));
            let start = Instant::now();
            let book = open(path);
            if what == "safe" {
                apply(&book, &changes, &target(path));
            } else {
                let mut out = std::io::BufWriter::new(std::fs::File::create(target(path)).unwrap());
                book.apply(&changes, &mut out).unwrap();
                out.flush().unwrap();
            }
            start.elapsed().as_secs_f64()
        }
        "limit" => {
            let start = Instant::now();
            let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            let mut out = zip::ZipWriter::new(std::fs::File::create(target(path)).unwrap());
            for part in parts {
                let Ok(mut entry) = zip.by_name(part) else { continue };
                out.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
                std::io::copy(&mut entry, &mut out).unwrap();
            }
            out.finish().unwrap();
            start.elapsed().as_secs_f64()
        }
        "unpack" => {
            let start = Instant::now();
            let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            let mut entry = zip.by_name(parts.first().expect("a part")).unwrap();
            let mut buffer = vec![0; 1 << 16];
            while entry.read(&mut buffer).unwrap() > 0 {}
            start.elapsed().as_secs_f64()
        }
        "stream" => {
            let start = Instant::now();
            let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            let entry = zip.by_name(parts.first().expect("a part")).unwrap();
            let mut reader = quick_xml::Reader::from_reader(std::io::BufReader::with_capacity(1 << 16, entry));
            let mut buffer = Vec::new();
            while !matches!(reader.read_event_into(&mut buffer).unwrap(), quick_xml::events::Event::Eof) {
                buffer.clear();
            }
            start.elapsed().as_secs_f64()
        }
        "fill" => {
            let session = Session::open(None).unwrap();
            let target = FillTarget::File(target(path));
            let start = Instant::now();
            let done = session.fill(path, fictief::WIJK, &FillChoices::default(), &target, true, None).unwrap();
            assert!(done.rows_filled > 50, "{} rows were filled", done.rows_filled);
            start.elapsed().as_secs_f64()
        }
        other => unreachable!("{other}"),
    }
}

fn target(path: &Path) -> PathBuf {
    path.with_file_name("uit.xlsx")
}

fn open(path: &Path) -> Spreadsheet {
    Spreadsheet::open(Archive::open(path).unwrap()).unwrap()
}

/// Fifty empty cells of column E on the three pijler tabs, and that no tab holds formulas.
fn changes(book: &Spreadsheet) -> Changes<'static> {
    let tabs: Vec<String> =
        book.sheets().iter().map(|sheet| sheet.name.clone()).filter(|name| name.starts_with("Pijler ")).collect();
    let mut cells = Vec::new();
    for tab in tabs.iter().take(3) {
        let mut free: Vec<u32> = Vec::new();
        book.visit_cells(tab, &mut |cell| {
            if cell.col == 4 && cell.raw.is_none() && cell.formula.is_none() && cell.style > 0 {
                free.push(cell.row);
            }
            Ok(true)
        })
        .unwrap();
        cells.extend(free.into_iter().map(|row| (tab.clone(), row)));
    }
    // Merged cells of explanations may be among them; those are refused, so only rows with a figure's format count.
    let merged: Vec<_> = tabs.iter().map(|tab| (tab, book.sheet_facts(tab).unwrap())).collect();
    cells.retain(|(tab, row)| {
        !merged
            .iter()
            .any(|(other, facts)| *other == tab && facts.merges.iter().any(|range| range.contains(*row, 4)))
    });
    let chosen: Vec<(String, u32)> = tabs
        .iter()
        .zip([17, 17, 16])
        .flat_map(|(tab, most)| cells.iter().filter(move |(own, _)| own == tab).take(most).cloned())
        .collect();
    Changes {
        cells: chosen
            .into_iter()
            .map(|(tab, row)| CellEdit {
                tab,
                row,
                col: 4,
                value: NewValue::Number(f64::from(row) / 8.0),
                style: StyleChoice::Keep,
            })
            .collect(),
        formula_free: book.sheets().iter().map(|sheet| sheet.name.clone()).collect(),
        ..Changes::default()
    }
}

fn apply(book: &Spreadsheet, changes: &Changes<'_>, to: &Path) -> Applied {
    assert_eq!(changes.cells.len(), 50);
    let mut applied = None;
    let target = Target { path: to.to_path_buf(), force: true, backup: false };
    write_new(&target, |file| {
        let mut out = std::io::BufWriter::new(&mut *file);
        applied = Some(book.apply(changes, &mut out)?);
        out.flush().expect("it is written");
        Ok(())
    })
    .unwrap();
    let applied = applied.expect("it was applied");
    assert_eq!(applied.cells.len(), 50);
    applied
}

/// Name and size of the largest part.
fn largest_part(path: &Path) -> (String, u64) {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    (0..zip.len())
        .map(|index| {
            let entry = zip.by_index_raw(index).unwrap();
            (entry.name().unwrap().into_owned(), entry.size())
        })
        .max_by_key(|(_, size)| *size)
        .expect("it has parts")
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// The most memory this process had in use, in kilobytes; 0 where the system does not say.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
