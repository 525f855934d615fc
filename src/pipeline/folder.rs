//! Many workbooks in a folder: which they are, one after another in parallel, and what could not be done.
//!
//! Owns the walk through the folders in it. What is done with a workbook is the caller's business; one that fails does not
//! stop the others.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::many::Progress;
use super::{extension, inputs};
use crate::error::{Error, Result};
use crate::model::csv_text;

/// A workbook that did not succeed.
#[derive(Debug, Clone, Serialize)]
pub struct WorkbookFailure {
    /// The workbook.
    pub workbook: PathBuf,
    /// Why, as a Dutch sentence; the name of the workbook is not in it.
    pub reason: String,
}

/// The workbooks that a path means: itself, or those in a folder and the folders in it, in the order of their names. `kinds` are
/// their extensions; `but` is a folder that is passed over, because results go there.
///
/// # Errors
/// When a folder cannot be read.
pub(super) fn workbooks(path: &Path, kinds: &[&str], but: Option<&Path>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let but = but.and_then(|but| but.canonicalize().ok());
    collect(path, kinds, but.as_deref(), &mut files)?;
    Ok(files)
}

fn collect(path: &Path, kinds: &[&str], but: Option<&Path>, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let failed = |error| Error::file(path, "De map kan niet worden gelezen", error);
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        inside.push(entry.map_err(failed)?.path());
    }
    inside.sort();
    for entry in inside {
        let name = inputs::file_name(&entry);
        if entry.is_dir() {
            let passed_over = but.is_some() && entry.canonicalize().ok().as_deref() == but;
            if !passed_over {
                collect(&entry, kinds, but, files)?;
            }
            continue;
        }
        let workbook =
            kinds.contains(&extension(&entry).as_str()) && !name.starts_with("~$") && !name.starts_with('.');
        // A copy that a check made is no workbook of its own.
        let copy = entry.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(super::sheet::ENDING));
        if workbook && !copy {
            files.push(entry);
        }
    }
    Ok(())
}

/// Where the result of a workbook goes: in `to` as the workbook stood in `from`.
pub(super) fn beside(workbook: &Path, from: &Path, to: &Path) -> PathBuf {
    match workbook.strip_prefix(from) {
        Ok(inside) if inside.file_name().is_some() => to.join(inside),
        _ => to.join(inputs::file_name(workbook)),
    }
}

/// A workbook as it is told: from the folder on.
pub(super) fn called(workbook: &Path, from: &Path) -> String {
    let inside = workbook.strip_prefix(from).ok().filter(|inside| inside.file_name().is_some());
    inside.map_or_else(|| inputs::file_name(workbook), |inside| inside.display().to_string())
}

/// Does the same with every workbook, in parallel; gives what succeeded and what did not, each in the order of the files.
pub(super) fn each<T: Send>(
    files: Vec<PathBuf>,
    progress: &(dyn Fn(Progress) + Sync),
    work: impl Fn(&Path) -> Result<T> + Sync,
) -> (Vec<T>, Vec<WorkbookFailure>) {
    progress(Progress::Start(files.len()));
    let results: Vec<(PathBuf, Result<T>)> = files
        .into_par_iter()
        .map(|path| {
            let result = work(&path);
            progress(Progress::Step);
            (path, result)
        })
        .collect();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (workbook, result) in results {
        match result {
            Ok(one) => done.push(one),
            // The name stands beside the reason wherever it is told.
            Err(error) => failed.push(WorkbookFailure { reason: error.about(&workbook), workbook }),
        }
    }
    (done, failed)
}

/// A table that a Dutch Excel opens by double-clicking.
///
/// # Errors
/// When writing to memory fails; does not happen in practice.
pub(super) fn csv_bytes(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::request(format!("Het verslag kan niet worden gemaakt ({error})"), "Meld dit aan de makers.")
    };
    // Excel reads UTF-8 only with a byte-order mark.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(headings).map_err(|e| failed(&e))?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| csv_text(text).into_owned()).collect();
        writer.write_record(&cells).map_err(|e| failed(&e))?;
    }
    writer.into_inner().map_err(|e| failed(&e))
}
