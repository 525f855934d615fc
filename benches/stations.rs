//! What each step costs: one wijk, all wijken, a workbook with 500,000 cells on its overview tab, and the bare limit
//! of the last: unpacking and packing the same parts with the same library and doing nothing else.
//!
//! Everything is made up on the spot in a temporary folder; nothing is read from elsewhere. `cargo bench`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot run has nothing to say")]

mod fictief;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::Bencher;
use wijkanalyse::pipeline::{AllRequest, Document, DocumentRequest, FillChoices, FillTarget, Session};

fn main() {
    divan::main();
}

/// What every measurement starts from.
struct Stage {
    folder: tempfile::TempDir,
    session: Session,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let session = Session::open(None).expect("the format is read");
    for (name, wijken) in [("klein.xlsx", 71), ("groot.xlsx", fictief::LARGE)] {
        std::fs::write(folder.path().join(name), fictief::workbook(session.format(), wijken))
            .expect("it is written");
    }
    let stage = Stage { folder, session };
    fill(&stage, "klein.xlsx", "gevuld.xlsx");
    stage
});

fn request(workbook: std::path::PathBuf) -> wijkanalyse::pipeline::CheckRequest {
    wijkanalyse::pipeline::CheckRequest { workbook, ..Default::default() }
}

fn path(stage: &Stage, name: &str) -> PathBuf {
    stage.folder.path().join(name)
}

fn fill(stage: &Stage, from: &str, to: &str) {
    let target = FillTarget::File(path(stage, to));
    let done = stage
        .session
        .fill(&path(stage, from), fictief::WIJK, &FillChoices::default(), &target, true, None)
        .unwrap();
    assert!(done.changed && !done.ledger.is_empty());
}

mod one_wijk {
    use super::*;

    #[divan::bench(sample_count = 20)]
    fn fill(bencher: Bencher<'_, '_>) {
        let stage = &*STAGE;
        bencher.bench(|| super::fill(stage, "klein.xlsx", "uit.xlsx"));
    }

    #[divan::bench(sample_count = 20)]
    fn check(bencher: Bencher<'_, '_>) {
        let stage = &*STAGE;
        bencher.bench(|| stage.session.check(&request(path(stage, "gevuld.xlsx"))).unwrap());
    }

    #[divan::bench(args = ["report", "plan", "card"], sample_count = 20)]
    fn document(bencher: Bencher<'_, '_>, which: &str) {
        let stage = &*STAGE;
        let request = DocumentRequest {
            workbook: path(stage, "gevuld.xlsx"),
            output: path(stage, "uit.docx"),
            force: true,
            ..DocumentRequest::default()
        };
        let which = match which {
            "report" => Document::Report,
            "plan" => Document::ActionPlan,
            _ => Document::ConversationCard,
        };
        bencher.bench(|| stage.session.document(which, &request).unwrap());
    }
}

/// All 71 wijken of the built-in overview, with workbook and documents, on all processors.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn all_wijken(bencher: Bencher<'_, '_>) {
    let stage = &*STAGE;
    let request = AllRequest { folder: path(stage, "alle"), force: true, ..AllRequest::default() };
    bencher.bench(|| {
        let done = stage.session.all_wijken(&request, &|_| {}).unwrap();
        assert!(done.failed.is_empty());
    });
}

mod overview_of_500_000_cells {
    use super::*;

    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn fill(bencher: Bencher<'_, '_>) {
        let stage = &*STAGE;
        bencher.bench(|| super::fill(stage, "groot.xlsx", "groot uit.xlsx"));
    }

    /// Unpacking the overview tab once.
    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn bare_limit_unpacking_the_tab(bencher: Bencher<'_, '_>) {
        let stage = &*STAGE;
        bencher.bench(|| unpacked(&path(stage, "groot.xlsx"), |size| size > 4 << 20).len());
    }

    /// Unpacking and packing the parts that filling changes (the other tabs).
    #[divan::bench(sample_count = 5, sample_size = 1)]
    fn bare_limit_repacking_the_rest(bencher: Bencher<'_, '_>) {
        let stage = &*STAGE;
        bencher.bench(|| {
            let bytes = unpacked(&path(stage, "groot.xlsx"), |size| size <= 4 << 20);
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            zip.start_file("x", zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
            zip.finish().unwrap().into_inner().len()
        });
    }

    fn unpacked(path: &Path, wanted: impl Fn(u64) -> bool) -> Vec<u8> {
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut bytes = Vec::new();
        for index in 0..zip.len() {
            let mut entry = zip.by_index(index).unwrap();
            if wanted(entry.size()) {
                entry.read_to_end(&mut bytes).unwrap();
            }
        }
        bytes
    }
}
