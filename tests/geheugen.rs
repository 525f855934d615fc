//! Memory stays bounded: filling a workbook with a large overview keeps its figures, not its cells or its text, and a
//! hostile file is refused or read without the memory it asks for.
//!
//! A test program of its own, because it counts every allocation of the process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot run has failed")]

#[allow(dead_code, reason = "the benches use all of it")]
#[path = "../benches/fictief/mod.rs"]
mod fictief;

use std::io::{Cursor, Write};
use std::sync::{Mutex, PoisonError};

use peak_alloc::PeakAlloc;
use wijkanalyse::overview::{self, AreaTable};
use wijkanalyse::pipeline::{FillChoices, FillTarget, Session};

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// One measurement at a time: all threads of the process are counted.
static ONE: Mutex<()> = Mutex::new(());

/// The largest number of bytes in use at once while a workbook with this many wijken is filled, beyond what was in use
/// before; and the number of cells on its overview tab.
fn peak_of_filling(session: &Session, wijken: usize) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("leeg.xlsx"), folder.path().join("gevuld.xlsx"));
    std::fs::write(&from, fictief::workbook(session.format(), wijken)).unwrap();
    let columns = fictief::overview(session.format(), 1).columns.len();

    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    let done =
        session.fill(&from, fictief::WIJK, &FillChoices::default(), &FillTarget::File(to), false, None).unwrap();
    assert!(done.rows_filled > 50, "{} rows were filled", done.rows_filled);
    (COUNTED.peak_usage().saturating_sub(before), wijken * columns)
}

#[test]
fn filling_takes_little_memory_for_each_cell_of_the_overview() {
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let session = Session::open(None).unwrap();
    // How far one thread runs ahead of the next adds to a peak and differs from run to run and from machine to machine:
    // at most 2 MB (the blocks and the rows that wait), 6 bytes for each cell of the difference between these two.
    let least = |wijken| (0..3).map(|_| peak_of_filling(&session, wijken)).min().unwrap();
    let ((small, few), (large, many)) = (least(400), least(5_000));
    // The package's compressed bytes while the file is small enough to be held (8 or 9), and the name and code of each
    // area, spread over its figures: 13 or 14 together. A figure that is kept comes on top of that, with 16 or more.
    let each = large.saturating_sub(small) / (many - few);
    assert!(each <= 20, "{each} bytes for each cell of the overview");
    // What does not grow with the overview, and so what 500,000 cells come to: far below 100 MB.
    let fixed = small.saturating_sub(each * few);
    let whole = fixed + each * 500_000;
    assert!(whole < 24 << 20, "500,000 cells would take {} MB", whole >> 20);
}

/// A workbook with one tab, made of raw XML.
fn raw_workbook(sheet: &str, strings: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns='{PACKAGE}/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns='{PACKAGE}/relationships'><Relationship Id='r1' Type='{REL}/officeDocument' \
                 Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{REL}'><sheets><sheet name='Blad1' sheetId='1' r:id='r1'/></sheets>\
                 </workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns='{PACKAGE}/relationships'><Relationship Id='r1' Type='{REL}/worksheet' \
                 Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='{REL}/sharedStrings' \
                 Target='sharedStrings.xml'/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", strings.replace("MAIN", MAIN)),
        ("xl/worksheets/sheet1.xml", sheet.replace("MAIN", MAIN)),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What reading such a workbook as an overview says, within 64 MB.
fn refusal_of(sheet: &str, strings: &str) -> String {
    refusal_within(64, sheet, strings)
}

/// The same, within a number of megabytes.
fn refusal_within(megabytes: usize, sheet: &str, strings: &str) -> String {
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let areas = AreaTable::built_in().unwrap();
    let options = overview::ReadOptions::new(&areas);
    let bytes = raw_workbook(sheet, strings);
    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    let refusal = overview::read("a.xlsx", &bytes, &options).expect_err("there is no overview in it").to_string();
    let used = COUNTED.peak_usage().saturating_sub(before);
    assert!(used < megabytes << 20, "{} MB", used >> 20);
    refusal
}

#[test]
fn three_cells_in_a_dimension_of_a_million_rows_take_no_room() {
    let sheet = "<worksheet xmlns='MAIN'><dimension ref='A1:XFD1048576'/><sheetData><row r='1'><c r='A1'><v>1</v></c>\
                 </row><row r='1048576'><c r='B1048576'><v>2</v></c><c r='XFD1048576'><v>3</v></c></row></sheetData>\
                 </worksheet>";
    assert!(refusal_of(sheet, "<sst xmlns='MAIN'/>").contains("geen indicatorenoverzicht"));
}

#[test]
fn a_hundred_thousand_shared_strings_are_read() {
    let strings = format!("<sst xmlns='MAIN'>{}</sst>", "<si><t>tekst</t></si>".repeat(100_000));
    let sheet = "<worksheet xmlns='MAIN'><sheetData><row r='1'><c r='A1' t='s'><v>99999</v></c></row></sheetData>\
                 </worksheet>";
    assert!(refusal_within(16, sheet, &strings).contains("geen indicatorenoverzicht"));
}

#[test]
fn deep_nesting_overflows_nothing() {
    let depth = 200_000;
    let sheet = format!(
        "<worksheet xmlns='MAIN'><sheetData><row r='1'>{}{}</row></sheetData></worksheet>",
        "<x>".repeat(depth),
        "</x>".repeat(depth)
    );
    refusal_of(&sheet, "<sst xmlns='MAIN'/>");
}

#[test]
fn entities_are_neither_multiplied_nor_fetched() {
    let bomb: String =
        (1..30).map(|level| format!("<!ENTITY e{level} '{}'>", format!("&e{};", level - 1).repeat(10))).collect();
    let sheet = "<worksheet xmlns='MAIN'><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&e29;</t></is></c></row>\
                 </sheetData></worksheet>";
    for doctype in [
        format!("<!DOCTYPE x [<!ENTITY e0 'x'>{bomb}]>"),
        "<!DOCTYPE x [<!ENTITY e29 SYSTEM 'file:///etc/hosts'>]>".to_owned(),
    ] {
        let refusal = refusal_of(&format!("{doctype}{sheet}"), "<sst xmlns='MAIN'/>");
        assert!(!refusal.contains("localhost"), "{refusal}");
    }
}

#[test]
fn a_text_that_unpacks_to_far_more_than_its_file_is_refused() {
    // Also while the file is made: it is counted in every other measurement of this process.
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let strings = format!("<sst xmlns='MAIN'><si><t>{}</t></si></sst>", " ".repeat(100 << 20));
    let bytes = raw_workbook("<worksheet xmlns='MAIN'/>", &strings);
    drop(strings);
    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    let refusal = wijkanalyse::guard::inspect("a.xlsx", &bytes).expect_err("it is a bomb").to_string();
    assert!(refusal.contains("onwaarschijnlijk groot"), "{refusal}");
    assert!(COUNTED.peak_usage().saturating_sub(before) < 4 << 20);
}
