//! Two overviews beside each other, and checks of many workbooks as one table.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::checking::CheckRequest;
use super::findings::{findings_table, lines};
use super::{CheckOutcome, Session, extension, folder, inputs, refuse_existing, write_bytes};
use crate::check;
use crate::compare::{self, EditionChanges};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level};

/// What came of comparing two overviews.
#[derive(Debug, Clone, Serialize)]
pub struct EditionOutcome {
    /// What differs.
    pub changes: EditionChanges,
    /// Findings about the new overview.
    pub findings: Vec<Finding>,
}

/// A workbook that could not be checked.
#[derive(Debug, Clone, Serialize)]
pub struct Unchecked {
    /// The workbook.
    pub file: String,
    /// Why, as a Dutch sentence.
    pub reason: String,
}

/// What came of checking many workbooks.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TableOutcome {
    /// The table.
    pub table: PathBuf,
    /// Per workbook.
    pub checked: Vec<CheckOutcome>,
    /// Workbooks that could not be checked.
    pub failed: Vec<Unchecked>,
}

impl Session {
    /// Compares two overviews, and checks the new one as a whole.
    ///
    /// # Errors
    /// As reading an overview.
    pub fn compare_overviews(&self, old: &Path, new: &Path) -> Result<EditionOutcome> {
        let (before, _) = self.overview(Some(old))?;
        let (after, mut findings) = self.overview(Some(new))?;
        findings.extend(check::check_overview(&self.format, &after));
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let faults = findings.iter().filter(|finding| finding.level == Level::Fout).count();
        Ok(EditionOutcome { changes: compare::editions(&self.format, &before, &after, faults), findings })
    }

    /// Checks several workbooks, also those in folders, and writes all findings as one table. A workbook that cannot be
    /// checked does not stop the others.
    ///
    /// # Errors
    /// When there is no workbook among what was given, the table exists or cannot be written, or an option is wrong.
    pub fn check_many(&self, workbooks: &[PathBuf], request: &CheckRequest, table: &Path) -> Result<TableOutcome> {
        if extension(table) != "csv" {
            return Err(Error::request(
                format!("'{}' is geen goede naam voor de tabel", table.display()),
                "Geef achter --tabel een naam die eindigt op .csv; Excel opent dat bestand.",
            ));
        }
        refuse_existing([table].into_iter(), request.force)?;
        let mut files = Vec::new();
        for path in workbooks {
            let inside = folder::workbooks(path, &["xlsx", "xlsm"], None)?;
            // Workbooks in folders are told apart by their folder.
            let called = |file: PathBuf| {
                let name = file
                    .strip_prefix(path)
                    .map_or_else(|_| inputs::file_name(&file), |inside| inside.display().to_string());
                (if name.is_empty() { inputs::file_name(&file) } else { name }, file)
            };
            files.extend(inside.into_iter().map(called));
        }
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        for (name, file) in &mut files {
            if names.iter().filter(|other| *other == name).count() > 1 {
                *name = file.display().to_string();
            }
        }
        if files.is_empty() {
            return Err(Error::request(
                "Er is geen werkboek gevonden om te controleren",
                "Geef werkboeken, of een map waar werkboeken in staan.",
            ));
        }
        let mut outcome = TableOutcome { table: table.to_path_buf(), ..TableOutcome::default() };
        for (name, file) in files {
            let one = CheckRequest { workbook: file.clone(), copy: None, page: None, ..request.clone() };
            match self.check(&one) {
                Ok(checked) => outcome.checked.push(CheckOutcome { file: name, ..checked }),
                Err(error) => outcome.failed.push(Unchecked { file: name, reason: error.to_string() }),
            }
        }
        let rows: Vec<_> = outcome.checked.iter().flat_map(lines).collect();
        write_bytes(table, &findings_table(&rows)?, request.force)?;
        Ok(outcome)
    }
}
