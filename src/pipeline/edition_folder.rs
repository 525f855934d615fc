//! A new edition of the figures in every workbook of a folder, with one summary.
//!
//! Owns the summary. What a new edition does in a workbook is `edition`'s business, the folder is `folder`'s.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::edition::EditionRequest;
use super::fill::{FillOutcome, FillTarget};
use super::folder::{self, WorkbookFailure, csv_bytes};
use super::many::Progress;
use super::{Session, in_folders, inputs, refuse_existing};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level};
use crate::model::Standing;
use crate::package::{Target, write_together};

/// The name of the summary.
const SUMMARY: &str = "Samenvatting nieuwe editie.csv";

/// Most workbooks that are named beside what holds for them.
const MOST_NAMED: usize = 5;

/// What came of one workbook.
#[derive(Debug, Clone, Serialize)]
pub struct EditionOfWorkbook {
    /// The workbook.
    pub workbook: PathBuf,
    /// What was done.
    #[serde(flatten)]
    pub outcome: FillOutcome,
}

/// What came of a folder.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EditionMany {
    /// What succeeded, in the order of the names.
    pub done: Vec<EditionOfWorkbook>,
    /// What failed, in the order of the names.
    pub failed: Vec<WorkbookFailure>,
    /// The summary over all of them.
    pub summary: PathBuf,
}

impl Session {
    /// As [`Session::renew_figures`], for every workbook in a folder and the folders in it: `request.workbook` is that folder, and
    /// its target is a folder or the workbooks themselves. A workbook that fails does not stop the others.
    ///
    /// # Errors
    /// Only what holds for all of them: the folder or the edition cannot be read, there is no workbook, no folder is given for
    /// the results, or an option is meant for one workbook.
    pub fn renew_folder(
        &self,
        request: &EditionRequest,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<EditionMany> {
        let from = request.workbook.as_path();
        if request.wijk.is_some() || request.ledger.is_some() {
            return Err(Error::request(
                "--wijk en --logboek kunnen niet bij een map met werkboeken",
                "Laat ze weg: de wijk staat in elk werkboek. Wilt u een logboek, geef dan één werkboek.",
            ));
        }
        let to = match &request.target {
            FillTarget::File(folder) | FillTarget::Folder(folder) => Some(folder.as_path()),
            FillTarget::InPlace => None,
            FillTarget::Beside => {
                return Err(Error::request(
                    "Er is geen map opgegeven voor de nieuwe werkboeken",
                    "Geef achter -o een map; de oude werkboeken blijven zoals ze zijn. Of vernieuw met --ter-plaatse de werkboeken \
                     zelf; van elk blijft een reservekopie.",
                ));
            }
        };
        if to.is_some_and(Path::is_file) {
            return Err(Error::request(
                "Achter -o staat een bestand, en er zijn werkboeken in een map",
                "Geef achter -o een map voor de nieuwe werkboeken.",
            ));
        }
        let files = folder::workbooks(from, &["xlsx", "xlsm"], to)?;
        if files.is_empty() {
            return Err(Error::request(
                format!("In {} staan geen werkboeken", from.display()),
                "Geef een map met werkboeken (.xlsx of .xlsm).",
            ));
        }
        let summary = to.unwrap_or(from).join(SUMMARY);
        refuse_existing([summary.as_path()].into_iter(), request.force)?;
        // What is wrong with the edition is wrong for all.
        self.overview(Some(&request.edition))?;
        let (done, failed) = folder::each(files, progress, |path| {
            let mut one = EditionRequest { workbook: path.to_path_buf(), ..request.clone() };
            let Some(to) = to else { return self.renewed_one(&one) };
            let folder = folder::beside(path, from, to);
            let folder = folder.parent().unwrap_or(to).to_path_buf();
            one.target = FillTarget::Folder(folder.clone());
            let mut outcome = None;
            in_folders([folder.as_path()], || {
                outcome = Some(self.renewed_one(&one)?);
                Ok(())
            })?;
            outcome.ok_or_else(|| Error::request("Er is niets gedaan", "Probeer het opnieuw."))
        });
        let many = EditionMany { done, failed, summary: summary.clone() };
        let bytes = summary_csv(&many, from)?;
        in_folders(summary.parent().filter(|folder| !folder.as_os_str().is_empty()), || {
            write_together(&[(
                Target { path: summary.clone(), force: request.force, backup: false },
                bytes.as_slice(),
            )])
        })?;
        Ok(many)
    }

    /// As [`Session::before_filling`], for every workbook of the folder that [`Session::renew_folder`] would renew: what holds for
    /// several of them is said once. What cannot be read is for the renewing to say.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn before_renewing_folder(&self, request: &EditionRequest) -> Result<Vec<Finding>> {
        let to = match &request.target {
            FillTarget::File(folder) | FillTarget::Folder(folder) => Some(folder.as_path()),
            FillTarget::InPlace | FillTarget::Beside => None,
        };
        let mut said: Vec<(Finding, Vec<String>)> = Vec::new();
        for path in folder::workbooks(&request.workbook, &["xlsx", "xlsm"], to)? {
            for finding in self.before_filling(&path).unwrap_or_default() {
                let file = folder::called(&path, &request.workbook);
                match said.iter_mut().find(|(known, _)| known.found == finding.found) {
                    Some((_, files)) => files.push(file),
                    None => said.push((finding, vec![file])),
                }
            }
        }
        let named = |(mut finding, files): (Finding, Vec<String>)| {
            let first = files.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
            finding.place.file = Some(match files.len().saturating_sub(MOST_NAMED) {
                0 => first,
                more => format!("{first} en nog {more}"),
            });
            finding
        };
        Ok(said.into_iter().map(named).collect())
    }

    fn renewed_one(&self, request: &EditionRequest) -> Result<EditionOfWorkbook> {
        let outcome = self.renew_figures(request)?;
        Ok(EditionOfWorkbook { workbook: request.workbook.clone(), outcome })
    }
}

/// One line per workbook.
fn summary_csv(many: &EditionMany, from: &Path) -> Result<Vec<u8>> {
    let headings = [
        "werkboek",
        "uitkomst",
        "wijk",
        "nieuw werkboek",
        "cijfers vernieuwd",
        "gunstiger",
        "ongunstiger",
        "rijen met rust gelaten",
        "teksten na te lezen",
        "resultaten bereikt",
        "resultaten op weg",
        "resultaten van het doel af",
        "opmerking",
    ];
    let done = many.done.iter().map(|EditionOfWorkbook { workbook, outcome }| {
        let edition = outcome.edition.as_ref();
        let figures = edition.map(|done| done.figures.as_slice()).unwrap_or_default();
        let judged = |word: &str| figures.iter().filter(|figure| figure.judgement == word).count().to_string();
        let results = edition.map(|done| done.results.as_slice()).unwrap_or_default();
        let stands = |standing| results.iter().filter(|result| result.standing == standing).count().to_string();
        let matters = |finding: &&Finding| {
            finding.level == Level::Fout || (outcome.changed && finding.code == "let-op-bij-vullen")
        };
        let faults = outcome.findings.iter().filter(matters);
        vec![
            folder::called(workbook, from),
            if outcome.changed { "gelukt".to_owned() } else { "had deze editie al".to_owned() },
            outcome.wijk.clone(),
            inputs::file_name(&outcome.output),
            figures.len().to_string(),
            judged("gunstiger"),
            judged("ongunstiger"),
            outcome.rows_left.to_string(),
            edition.map_or(0, |done| done.texts.len()).to_string(),
            stands(Standing::Bereikt),
            stands(Standing::OpWeg),
            stands(Standing::VanHetDoelAf),
            faults.map(|finding| finding.found.trim_end_matches('.')).collect::<Vec<_>>().join("; "),
        ]
    });
    let failed = many.failed.iter().map(|failed| {
        let mut row = vec![folder::called(&failed.workbook, from), "niet gelukt".to_owned()];
        row.resize(headings.len() - 1, String::new());
        row.push(failed.reason.clone());
        row
    });
    csv_bytes(&headings, done.chain(failed))
}
