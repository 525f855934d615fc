//! Workbooks and documents of three wijken, the blank workbook, and the documents full of text: no errors in the two
//! validators.

use std::path::Path;

use libtest_mimic::Trial;

use crate::made;
use crate::need::{Need, trial, validator, witness};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        // The wijk with few figures; CI validates those of a wijk with all of them, which `wijk demo` makes.
        trial("workbook_and_documents_of_a_wijk_with_few_figures_are_valid", &[Need::Validators], || {
            valid(&made::wijken().join("1"))
        }),
        trial("documents_full_of_text_are_valid", &[Need::Validators, Need::Python], || {
            let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
            // Without the workbooks that openpyxl wrote: those are not ours.
            for document in made::files(made::full(), "docx") {
                let name = document.file_name().unwrap_or_default();
                std::fs::copy(&document, folder.path().join(name)).map_err(|e| e.to_string())?;
            }
            valid(folder.path())
        }),
    ]
}

fn valid(folder: &Path) -> Result<(), String> {
    let tool = validator().ok_or("no validator")?;
    let said = witness("validate.py", &[&tool, folder])?;
    let clean = said.lines().filter(|line| line.ends_with(": clean")).count();
    (clean >= 3).then_some(()).ok_or(said)
}
