//! The example: everything for one wijk with the built-in format and overview, and the blank workbook beside it.

use std::path::{Path, PathBuf};

use super::many::{AllOutcome, AllRequest};
use super::{Session, in_folders, inputs, refuse_existing};
use crate::error::{Error, Result};
use crate::package::{Target, write_together};

/// Name of the blank workbook of the example.
const BLANK: &str = "Format wijkprogrammering (leeg).xlsx";

impl Session {
    /// Makes the example in a folder; the blank workbook is the last of its files. Files that an earlier example left are
    /// not in the way; a file in which somebody went on working is, unless `force` is given.
    ///
    /// # Errors
    /// As [`Session::all`]. Nothing is written then.
    pub fn demo(&self, wijk: &str, folder: &Path, force: bool) -> Result<AllOutcome> {
        // Made aside first: only then it is known which files are still what the example makes.
        let aside = tempfile::tempdir()
            .map_err(|error| Error::file(&std::env::temp_dir(), "Een tijdelijke map maken lukt niet", error))?;
        let request = AllRequest { folder: aside.path().to_path_buf(), ..AllRequest::default() };
        let mut outcome = self.all(wijk, &request)?;
        let blank = aside.path().join(BLANK);
        self.build_format(None, &blank, false)?;
        outcome.files.push(blank);
        let made = |path: &PathBuf| Ok((folder.join(inputs::file_name(path)), inputs::bytes(path)?));
        let made: Vec<(PathBuf, Vec<u8>)> = outcome.files.iter().map(made).collect::<Result<_>>()?;
        let same = |path: &Path, bytes: &[u8]| std::fs::read(path).is_ok_and(|old| old == bytes);
        let new: Vec<&(PathBuf, Vec<u8>)> = made.iter().filter(|(path, bytes)| !same(path, bytes)).collect();
        refuse_existing(new.iter().map(|(path, _)| path.as_path()), force)?;
        let targets: Vec<(Target, &[u8])> = new
            .into_iter()
            .map(|(path, bytes)| (Target { path: path.clone(), force, backup: false }, bytes.as_slice()))
            .collect();
        in_folders([folder], || write_together(&targets))?;
        outcome.files = made.into_iter().map(|(path, _)| path).collect();
        outcome.workbook = folder.join(inputs::file_name(&outcome.workbook));
        Ok(outcome)
    }
}
