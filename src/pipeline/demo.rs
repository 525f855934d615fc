//! The example: everything for one wijk with the built-in format and overview, and the blank workbook beside it.

use std::path::{Path, PathBuf};

use super::many::{AllOutcome, AllRequest};
use super::{FillChoices, Session, in_folders, inputs, refuse_existing};
use crate::error::{Error, Result};
use crate::package::{Target, write_together};

/// The wijk of the example where none is named.
const EXAMPLE: &str = "Bospolder";

/// Name of the blank workbook of the example.
const BLANK: &str = "Format wijkprogrammering (leeg).xlsx";

impl Session {
    /// Makes the example in a folder, for the wijk that is named or for one of the overview; the blank workbook is the last of its files. Files that an earlier example left are
    /// not in the way; a file in which somebody went on working is, unless `force` is given.
    ///
    /// # Errors
    /// As [`Session::all`]. Nothing is written then.
    pub fn demo(
        &self,
        wijk: Option<&str>,
        overview: Option<&Path>,
        folder: &Path,
        force: bool,
    ) -> Result<AllOutcome> {
        let wijk = match (wijk, overview) {
            (Some(wijk), _) => wijk.to_owned(),
            (None, None) => EXAMPLE.to_owned(),
            (None, Some(_)) => {
                let (figures, _) = self.overview(overview)?;
                let first = inputs::wijken(&figures).first().and_then(|at| figures.areas.get(*at));
                // Without a wijk the name of the example is refused, with the names that there are.
                first.map_or_else(|| EXAMPLE.to_owned(), |area| area.code.clone())
            }
        };
        // Made aside first: only then it is known which files are still what the example makes.
        let aside = tempfile::tempdir()
            .map_err(|error| Error::file(&std::env::temp_dir(), "Een tijdelijke map maken lukt niet", error))?;
        let fill = FillChoices { overview: overview.map(Path::to_path_buf), ..FillChoices::default() };
        let request = AllRequest { folder: aside.path().to_path_buf(), fill, ..AllRequest::default() };
        let mut outcome = self.all(wijk.as_str(), &request)?;
        let blank = aside.path().join(BLANK);
        self.build_format(overview, &blank, false)?;
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
