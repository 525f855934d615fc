//! Memory stays flat: filling a workbook with a large overview keeps its figures, not its cells or its text.
//!
//! A test program of its own, because it counts every allocation of the process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot run has failed")]

#[allow(dead_code, reason = "the benches use all of it")]
#[path = "../benches/fictief/mod.rs"]
mod fictief;

use peak_alloc::PeakAlloc;
use wijkanalyse::pipeline::{FillChoices, FillTarget, Session};

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

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
    let session = Session::open(None).unwrap();
    let (small, few) = peak_of_filling(&session, 400);
    let (large, many) = peak_of_filling(&session, 2_000);
    // The package's compressed bytes (8 or 9), a cell while its row is read (32) and the figure (16), and some room.
    let each = large.saturating_sub(small) / (many - few);
    assert!(each <= 80, "{each} bytes for each cell of the overview");
    // What does not grow with the overview, and so what 500,000 cells come to: far below 100 MB.
    let fixed = small.saturating_sub(each * few);
    let whole = fixed + each * 500_000;
    assert!(whole < 64 << 20, "500,000 cells would take {} MB", whole >> 20);
}
