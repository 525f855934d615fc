//! From a workbook and a document that people work in to that document with the new figures.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::documents::{Document, DocumentRequest};
use super::office::Office;
use super::same_file;
use super::{FillTarget, Session, extension, inputs, refuse_existing};
use crate::document::{self, BlockChange, FigureChange};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::package::{Target, place_together, stage_bytes};

/// What came of making a document again.
#[derive(Debug, Clone, Serialize)]
pub struct RenewOutcome {
    /// The document.
    pub output: PathBuf,
    /// A copy of the document as it was, when it was renewed in place.
    pub backup: Option<PathBuf>,
    /// The wijk.
    pub wijk: String,
    /// Its level: `wijk`, `gebied` or `buurt`.
    pub level: &'static str,
    /// False when the document already said all of it: then it is the same to the byte.
    pub changed: bool,
    /// Blocks to which something happened, in the order of the document.
    pub blocks: Vec<BlockChange>,
    /// The figures that changed.
    pub figures: Vec<FigureChange>,
    /// Agreements of the plan that the workbook no longer makes; they stay in its history.
    pub agreements_gone: Vec<String>,
    /// The same of which people took the history out of the plan, so that they have no place in it.
    pub agreements_without_place: Vec<String>,
    /// False when the document no longer says which figures it had.
    pub figures_known: bool,
    /// Headings were added; Word has to renew the table of contents.
    pub contents_behind: bool,
    /// Findings of checking the workbook, and whether the document is open somewhere.
    pub findings: Vec<Finding>,
}

impl Session {
    /// Makes the report or the action plan again over `old`, the document that people work in. `request.output` is
    /// not looked at; `target` says where the result goes.
    ///
    /// # Errors
    /// As [`Session::document`], and when `old` is no document that this can renew, or is open and would be replaced.
    pub fn renew(
        &self,
        which: Document,
        request: &DocumentRequest,
        old: &Path,
        target: &FillTarget,
    ) -> Result<RenewOutcome> {
        let (output, in_place) = match target {
            FillTarget::Beside => (renewed_name(old), false),
            FillTarget::File(path) => (path.clone(), false),
            FillTarget::Folder(folder) => (folder.join(inputs::file_name(&renewed_name(old))), false),
            FillTarget::InPlace => (old.to_path_buf(), true),
        };
        refuse_kind(old, &output)?;
        if !in_place {
            if same_file(old, &output) {
                return Err(Error::request(
                    format!("{} is het document zelf", output.display()),
                    "Kies een andere naam, of geef --ter-plaatse mee om het document zelf bij te werken met een \
                     reservekopie.",
                ));
            }
            refuse_existing([output.as_path()].into_iter(), request.force)?;
        }
        let mut open = Vec::new();
        for path in [old, output.as_path()] {
            open.extend(Office::Document.open_elsewhere(path, in_place || path == output.as_path())?);
        }
        open.dedup();
        let (name, bytes) = (inputs::file_name(old), inputs::bytes(old)?);
        let (renewed, about) =
            self.with_material(request, |input| document::renewed(which.kind()?, input, &name, bytes))?;
        let mut backup = None;
        if renewed.changed || !in_place {
            let place = Target { path: output.clone(), force: request.force || in_place, backup: in_place };
            backup = place_together(vec![stage_bytes(&place, &renewed.bytes)?])?.into_iter().flatten().next();
        }
        let mut findings = about.findings;
        findings.extend(open);
        Ok(RenewOutcome {
            output,
            backup,
            wijk: about.wijk,
            level: about.level,
            changed: renewed.changed,
            blocks: renewed.blocks,
            figures: renewed.figures,
            agreements_gone: renewed.agreements_gone,
            agreements_without_place: renewed.agreements_without_place,
            figures_known: renewed.figures_known,
            contents_behind: renewed.contents_behind,
            findings,
        })
    }
}

/// `Rapportage.docx` -> `Rapportage - bijgewerkt.docx`, in the same folder; docm stays docm.
fn renewed_name(old: &Path) -> PathBuf {
    let stem = old.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let extension = old.extension().map_or_else(|| "docx".to_owned(), |e| e.to_string_lossy().into_owned());
    old.with_file_name(format!("{stem} - bijgewerkt.{extension}"))
}

/// Only a Word document can be renewed.
fn refuse_kind(old: &Path, output: &Path) -> Result<()> {
    if !matches!(extension(old).as_str(), "docx" | "docm") {
        return Err(Error::request(
            format!("{} is geen Word-document (.docx)", old.display()),
            "Geef achter --bijwerken de rapportage of het plan van aanpak.",
        ));
    }
    Office::Document.keeps_kind(old, output)
}
