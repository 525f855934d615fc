//! What several outside tests look at, made once by the binary: three wijken with all documents, the blank workbook,
//! and one workbook full of an advisor's (fictitious) words with its documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::common::{blank, filled, wijk};
use crate::need::witness;

/// The wijken of which everything is made: one with all figures, one with few, one with a name that is no file name.
pub(crate) const WIJKEN: [&str; 3] = ["Bospolder", "Nieuwe Werk/Dijkzigt", "Noord-Kethel/Schieveen/Zestienhoven"];

/// The folder with a folder per wijk.
pub(crate) fn wijken() -> &'static Path {
    static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        for (number, name) in WIJKEN.iter().enumerate() {
            wijk(folder.path(), &["alles", "--wijk", name, "--map", &number.to_string()]).ended(0);
        }
        fs::write(folder.path().join("leeg.xlsx"), blank()).unwrap();
        folder
    });
    MADE.path()
}

/// The folder with `vol.xlsx` (written by openpyxl into a filled workbook), its three documents, and `teksten.json`.
pub(crate) fn full() -> &'static Path {
    static MADE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("gevuld.xlsx"), &filled().0).unwrap();
        witness("write_texts.py", &[&path("gevuld.xlsx"), &path("vol.xlsx"), &path("teksten.json")]).unwrap();
        for document in ["rapport", "plan", "gesprekskaart"] {
            let run = wijk(folder.path(), &[document, "vol.xlsx", "-o", &format!("{document}.docx")]);
            assert!(run.code == 0 || run.code == 1, "{run:?}");
        }
        folder
    });
    MADE.path()
}

/// Every file below a folder with this extension.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let found = crate::common::snapshot(folder).into_keys();
    found.filter(|path| path.extension().is_some_and(|e| e == extension)).collect()
}
