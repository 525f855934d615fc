//! Checking one workbook: what is shown, what is left out with a reason, and where the findings go besides the screen.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::inputs::WorkbookInput;
use super::office::Office;
use super::sheet::{self, Noted};
use super::{CheckOutcome, Session, extension, known_area, names, page, refuse_existing};
use crate::check;
use crate::compare;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level};
use crate::model::{Missing, Snippet, nearest};
use crate::package::{Target, write_together};
use crate::privacy;

/// What is asked of a check.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    /// The workbook.
    pub workbook: PathBuf,
    /// The wijk; `None` takes the name in the workbook.
    pub wijk: Option<String>,
    /// The overview; `None` takes the workbook's own.
    pub overview: Option<PathBuf>,
    /// The lightest level that is shown; `None` shows all.
    pub only: Option<Level>,
    /// Codes that are left out, each with the reason: `code=reden`.
    pub ignore: Vec<String>,
    /// A copy of the workbook with a tab and notes; `None` makes none.
    pub copy: Option<PathBuf>,
    /// A page with everything; `None` makes none.
    pub page: Option<PathBuf>,
    /// Replace existing files.
    pub force: bool,
}

/// A code that was left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// The code.
    pub code: String,
    /// Why, in the words of who left it out.
    pub reason: String,
    /// How many findings that were.
    pub count: usize,
}

/// What was written besides the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The copy of the workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<PathBuf>,
    /// The name of our tab in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<String>,
    /// How many notes stand in it.
    pub notes: usize,
    /// Cells that got no note because somebody else's stands there, as `Tab!A1`.
    pub without_note: Vec<String>,
    /// The page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PathBuf>,
}

/// `Analyse.xlsx` -> `Analyse - gecontroleerd.xlsx`, in the same folder; xlsm stays xlsm.
#[must_use]
pub fn checked_name(workbook: &Path) -> PathBuf {
    let stem = workbook.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let stem = stem.strip_suffix(sheet::ENDING).unwrap_or(&stem);
    let extension = workbook.extension().map_or_else(|| "xlsx".to_owned(), |e| e.to_string_lossy().into_owned());
    workbook.with_file_name(format!("{stem}{}.{extension}", sheet::ENDING))
}

impl Session {
    /// Checks a workbook: all findings at once, and the copy and the page when they are asked for.
    ///
    /// # Errors
    /// When a file cannot be opened, no wijk is known by the name given, a code to ignore does not exist or has no
    /// reason, or a target exists or cannot be written. Nothing is written then.
    pub fn check(&self, request: &CheckRequest) -> Result<CheckOutcome> {
        let ignore = reasons(&request.ignore)?;
        if let Some(copy) = &request.copy {
            self.refuse_copy(&request.workbook, copy)?;
        }
        if let Some(page) = &request.page
            && !matches!(extension(page).as_str(), "html" | "htm")
        {
            return Err(Error::request(
                format!("'{}' is geen goede naam voor een webpagina", page.display()),
                "Geef achter --html een naam die eindigt op .html.",
            ));
        }
        // A second run over its own copy renews that copy.
        let same = |path: &PathBuf| super::same_file(&request.workbook, path);
        let targets = [&request.copy, &request.page].into_iter().flatten().filter(|path| !same(path));
        refuse_existing(targets.map(PathBuf::as_path), request.force)?;

        let mut input = self.workbook(&request.workbook, request.overview.as_deref())?;
        let mut outcome = self.check_input(&input, request.wijk.as_deref())?;
        // A figure that may not be shown is not shown with its surroundings either, whatever is left out.
        let hidden: Vec<(String, String)> = outcome
            .findings
            .iter()
            .filter(|finding| finding.code == privacy::CODE)
            .filter_map(|finding| finding.place.tab.clone().zip(finding.place.cell.clone()))
            .collect();
        input.grids.hide(&hidden, Missing::SmallGroup.words());
        outcome.leave_out(&ignore, request.only);
        outcome.snippets = snippets(&input, &outcome.findings);
        self.write_out(request, &input, &mut outcome)?;
        Ok(outcome)
    }

    /// Checks a workbook that was read, for the wijk by this name or the one it names itself.
    fn check_input(&self, input: &WorkbookInput, wijk: Option<&str>) -> Result<CheckOutcome> {
        // Without an overview no name can be looked up; that the tab is missing is said, with everything else.
        let named = match (wijk, &input.overview) {
            (Some(name), Some(overview)) => Some(names::wijk(overview, name, &input.origin)?),
            _ => None,
        };
        let mut findings = input.findings.clone();
        findings.extend(input.open.clone());
        let area = named.map(|named| named.area_and_remark(&mut findings));
        let overview = input.overview.as_ref();
        let comparison = known_area(&input.analysis, overview, area).map(|(area, overview)| {
            compare::compare(&self.format, overview, area, input.beside(), Some(&input.analysis))
        });
        let mut outcome =
            self.check_read(&input.analysis, overview, area, input.highlighting, &findings, comparison.as_ref());
        // Our own tab of an earlier check is no work of anybody.
        if let Some(package) = &input.package {
            let mut own = package.own_tabs(sheet::TAB)?;
            own.extend(package.own_tabs(super::edition_tab::TAB)?);
            outcome.findings.retain(|finding| !finding.place.tab.as_ref().is_some_and(|tab| own.contains(tab)));
        }
        Ok(outcome)
    }

    fn refuse_copy(&self, workbook: &Path, copy: &Path) -> Result<()> {
        let (from, to) = (extension(workbook), extension(copy));
        if !matches!(from.as_str(), "xlsx" | "xlsm") {
            return Err(Error::request(
                format!("Een werkboek met .{from} kan geen tabblad met de controle krijgen"),
                "Sla het werkboek in Excel op als .xlsx, of gebruik --html BESTAND voor een pagina met alle bevindingen.",
            ));
        }
        if from != to {
            return Err(Error::request(
                format!("Het werkboek is een .{from} en de kopie '{}' niet", copy.display()),
                format!("Geef achter -o een naam die eindigt op .{from}."),
            ));
        }
        if super::same_file(workbook, copy) && !is_copy(workbook) {
            return Err(Error::request(
                format!("{} is het werkboek zelf", copy.display()),
                "Kies een andere naam: het origineel blijft altijd zoals het is.",
            ));
        }
        Office::Workbook.open_elsewhere(copy, true).map(drop)
    }

    fn write_out(&self, request: &CheckRequest, input: &WorkbookInput, outcome: &mut CheckOutcome) -> Result<()> {
        let mut files: Vec<(Target, Vec<u8>)> = Vec::new();
        let target = |path: &Path| Target {
            path: path.to_path_buf(),
            force: request.force || super::same_file(&request.workbook, path),
            backup: false,
        };
        if let Some(copy) = &request.copy {
            let package = input.package.as_ref().ok_or_else(|| {
                Error::content(
                    &input.analysis.file,
                    "dit soort bestand kan geen tabblad met de controle krijgen",
                    "Sla het werkboek in Excel op als .xlsx.",
                )
            })?;
            let mut bytes = Vec::new();
            let Noted { tab, notes, left, warnings } = sheet::write(package, outcome, &mut bytes)?;
            outcome.written.copy = Some(copy.clone());
            outcome.written.tab = tab;
            outcome.written.notes = notes;
            outcome.written.without_note = left;
            outcome.remarks.extend(warnings);
            files.push((target(copy), bytes));
        }
        if let Some(path) = &request.page {
            outcome.written.page = Some(path.clone());
            files.push((target(path), page::page(outcome).into_bytes()));
        }
        let files: Vec<(Target, &[u8])> =
            files.iter().map(|(target, bytes)| (target.clone(), bytes.as_slice())).collect();
        write_together(&files)
    }
}

impl CheckOutcome {
    /// Takes out what was left out on purpose, and what is lighter than `only`.
    fn leave_out(&mut self, ignore: &[(String, String)], only: Option<Level>) {
        for (code, reason) in ignore {
            let before = self.findings.len();
            self.findings.retain(|finding| finding.code != *code);
            let count = before - self.findings.len();
            self.ignored.push(Ignored { code: code.clone(), reason: reason.clone(), count });
        }
        if let Some(only) = only {
            let before = self.findings.len();
            self.findings.retain(|finding| finding.level >= only);
            self.lighter = before - self.findings.len();
        }
    }
}

/// True for a copy that an earlier check made: it may be renewed.
fn is_copy(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(sheet::ENDING))
}

/// `code=reden`, each; the code must exist and the reason must say something.
fn reasons(given: &[String]) -> Result<Vec<(String, String)>> {
    given
        .iter()
        .map(|text| {
            let (code, reason) = text.split_once('=').unwrap_or((text, ""));
            let (code, reason) = (code.trim(), reason.trim().trim_matches('"').trim());
            if check::rule(code).is_none() {
                let near = nearest(code, check::RULES.iter().map(|rule| rule.code));
                let advice = match near.as_slice() {
                    [] => "Neem de code over uit de melding, tussen de vierkante haken.".to_owned(),
                    near => format!("Bedoelt u {}?", near.join(" of ")),
                };
                return Err(Error::request(format!("Er is geen bevinding met de code '{code}'"), advice));
            }
            if reason.is_empty() {
                return Err(Error::request(
                    format!("Bij --negeer {code} staat geen reden"),
                    format!("Schrijf de reden erachter: --negeer {code}=\"afgesproken met OBI\"."),
                ));
            }
            Ok((code.to_owned(), reason.to_owned()))
        })
        .collect()
}

/// The surroundings of each finding, in the same order.
fn snippets(input: &WorkbookInput, findings: &[Finding]) -> Vec<Option<Snippet>> {
    findings
        .iter()
        .map(|finding| input.grids.around(finding.place.tab.as_deref()?, finding.place.cell.as_deref()?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_needs_a_code_that_exists_and_a_reason() {
        assert_eq!(
            reasons(&["vraag-open=nog in gesprek".to_owned()]).unwrap(),
            [("vraag-open".to_owned(), "nog in gesprek".to_owned())]
        );
        let said = reasons(&["vraag-opn=x".to_owned()]).unwrap_err().to_string();
        assert!(said.contains("vraag-open"), "{said}");
        let said = reasons(&["vraag-open".to_owned()]).unwrap_err().to_string();
        assert!(said.contains("geen reden"), "{said}");
    }

    #[test]
    fn the_copy_of_a_copy_is_that_copy() {
        let first = checked_name(Path::new("map/Analyse.xlsm"));
        assert_eq!(first, Path::new("map/Analyse - gecontroleerd.xlsm"));
        assert_eq!(checked_name(&first), first);
    }
}
