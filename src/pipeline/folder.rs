//! Many workbooks in a folder: which they are, one after another in parallel, and what could not be done.
//!
//! Owns the walk through the folders in it. What is done with a workbook is the caller's business; one that fails does not
//! stop the others.

use std::collections::{BTreeSet, VecDeque};
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
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut walk = Walk { kinds, but: but.and_then(|but| but.canonicalize().ok()), ..Walk::default() };
    walk.folder(path)?;
    while let Some(link) = walk.links.pop_front() {
        walk.entry(link)?;
    }
    walk.files.sort();
    Ok(walk.files)
}

/// A walk through folders. Each real folder and file is visited once, under its own name rather than that of a link to it: a
/// link may lead back to where it stands.
#[derive(Default)]
struct Walk<'a> {
    kinds: &'a [&'a str],
    but: Option<PathBuf>,
    /// Real places of what was visited.
    visited: BTreeSet<PathBuf>,
    /// Links that are followed after everything else.
    links: VecDeque<PathBuf>,
    files: Vec<PathBuf>,
}

impl Walk<'_> {
    /// Whether something is visited for the first time. What leads nowhere is told by who opens it.
    fn is_new(&mut self, path: &Path) -> bool {
        self.visited.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf()))
    }

    fn folder(&mut self, path: &Path) -> Result<()> {
        if !self.is_new(path) {
            return Ok(());
        }
        let failed = |error| Error::file(path, "De map kan niet worden gelezen", error);
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            inside.push(entry.map_err(failed)?.path());
        }
        inside.sort();
        for entry in inside {
            match entry.is_symlink() {
                true => self.links.push_back(entry),
                false => self.entry(entry)?,
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: PathBuf) -> Result<()> {
        if entry.is_dir() {
            let passed_over = self.but.is_some() && entry.canonicalize().ok() == self.but;
            return if passed_over { Ok(()) } else { self.folder(&entry) };
        }
        let name = inputs::file_name(&entry);
        let workbook =
            self.kinds.contains(&extension(&entry).as_str()) && !name.starts_with("~$") && !name.starts_with('.');
        // A copy that a check made is no workbook of its own.
        let copy = entry.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(super::sheet::ENDING));
        if workbook && !copy && self.is_new(&entry) {
            self.files.push(entry);
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_with_links_to_itself_and_to_its_files_gives_each_workbook_once() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(root.join("b.xlsx"), "b").unwrap();
        std::fs::write(root.join("sub/c.xlsx"), "c").unwrap();
        symlink(".", root.join("lus")).unwrap();
        symlink("..", root.join("sub/lus")).unwrap();
        symlink("b.xlsx", root.join("a.xlsx")).unwrap();
        symlink("sub", root.join("aa")).unwrap();
        symlink("nergens", root.join("stuk.xlsx")).unwrap();
        let found = workbooks(root, &["xlsx"], None).unwrap();
        let names: Vec<String> = found.iter().map(|path| called(path, root)).collect();
        assert_eq!(names, ["b.xlsx", "stuk.xlsx", "sub/c.xlsx"]);
    }
}
