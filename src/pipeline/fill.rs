//! Filling one workbook: read, compare, plan, carry out, write whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::edition::EditionDone;
use super::inputs::Origin;
use super::names::{self, Named};
use super::office::Office;
use super::{Session, extension, inputs, refuse_existing, same_file};
use crate::compare::{self, Statistics, words::closing_texts};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::model::{
    Analysis, CHART_TAB, CellRef, CellValue, Column, Figure, Format, Missing, Overview, TabKind, TextCell,
    normalise,
};
use crate::package::{Archive, Handle, Note, OwnTab, SheetKind, Spreadsheet, Target, place_together, stage};
use crate::privacy;
use crate::workbook::{
    self, ClosingText, FillExtras, FillPlan, FillRequest, Filled, LedgerEntry, OverviewChange, OverviewRenewed,
    Renewal, Workbook,
};

/// What the user chooses about filling.
#[derive(Debug, Clone, Default)]
pub struct FillChoices {
    /// A second area for column F.
    pub beside: Option<String>,
    /// Another overview than the workbook's own.
    pub overview: Option<PathBuf>,
    /// Replace figures that a person typed.
    pub overwrite: bool,
    /// Repair missing or damaged highlighting.
    pub repair: bool,
}

/// Where the result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FillTarget {
    /// `<naam> - ingevuld.xlsx` beside the workbook.
    Beside,
    /// A file of the user's choice.
    File(PathBuf),
    /// This folder, under the name it would have beside the workbook.
    Folder(PathBuf),
    /// The workbook itself; a backup is kept.
    InPlace,
}

/// What filling gave.
#[derive(Debug, Clone, Serialize)]
pub struct FillOutcome {
    /// The filled workbook.
    pub output: PathBuf,
    /// The backup, when filled in place.
    pub backup: Option<PathBuf>,
    /// Name of the wijk.
    pub wijk: String,
    /// Its level: `wijk`, `gebied` or `buurt`.
    pub level: &'static str,
    /// False when every figure stood there already: the result is byte for byte the original.
    pub changed: bool,
    /// Rows of which something was written.
    pub rows_filled: usize,
    /// Rows that were right already.
    pub rows_unchanged: usize,
    /// Rows left alone because of a conflict.
    pub rows_left: usize,
    /// Every cell written.
    pub ledger: Vec<LedgerEntry>,
    /// What became of the overview tab; `None` when it stayed as it was. Its cells are told in the ledger file only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overview: Option<OverviewRenewed>,
    /// Formula cells whose old outcome was removed, as `Tab!A1`.
    pub removed_caches: Vec<String>,
    /// How many of those only feed the charts on the summary tab of a workbook that this program built.
    pub chart_formulas: usize,
    /// Parts of the file with a chart of which old points were removed.
    pub chart_caches: Vec<String>,
    /// Conflicts and whatever else the advisor should know.
    pub findings: Vec<Finding>,
    /// Tabs of which the highlighting was repaired.
    pub repaired: Vec<String>,
    /// What a new edition of the figures changed; `None` for ordinary filling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<EditionDone>,
}

/// What comes into the workbook besides figures.
#[derive(Debug, Default)]
pub(super) struct Added {
    /// Notes about texts that a new edition overtook; `None` leaves notes alone.
    pub(super) notes: Option<Vec<Note>>,
    /// A tab of our own.
    pub(super) tab: Option<OwnTab>,
}

/// Where the result of filling goes, looked at before anything is done.
pub(super) struct FillPlace {
    pub(super) output: PathBuf,
    pub(super) in_place: bool,
    /// What was noticed about the files.
    pub(super) findings: Vec<Finding>,
    ledger: Option<Target>,
    force: bool,
}

impl FillPlace {
    /// The places of workbook and ledger; `beside` is the name when the user gave none.
    pub(super) fn new(
        workbook: &Path,
        target: &FillTarget,
        beside: PathBuf,
        force: bool,
        ledger: Option<&Path>,
    ) -> Result<Self> {
        let (output, in_place) = match target {
            FillTarget::Beside => (beside, false),
            FillTarget::File(path) => (path.clone(), false),
            FillTarget::Folder(folder) => (folder.join(inputs::file_name(&beside)), false),
            FillTarget::InPlace => (workbook.to_path_buf(), true),
        };
        Office::Workbook.keeps_kind(workbook, &output)?;
        if !in_place && same_file(workbook, &output) {
            return Err(Error::request(
                format!("{} is het werkboek zelf", output.display()),
                "Kies een andere naam, of geef --ter-plaatse mee om het werkboek zelf te vullen met een reservekopie.",
            ));
        }
        let mut wanted: Vec<&Path> = ledger.into_iter().collect();
        if !in_place {
            wanted.push(&output);
        }
        refuse_existing(wanted.into_iter(), force)?;
        if let Some(path) = ledger
            && !matches!(extension(path).as_str(), "json" | "csv")
        {
            return Err(Error::request(
                format!("Een logboek kan niet worden geschreven als {}", path.display()),
                "Geef achter --logboek een naam die eindigt op .json of .csv.",
            ));
        }
        let mut findings = Vec::new();
        for path in [workbook, &output] {
            findings.extend(Office::Workbook.open_elsewhere(path, in_place || path == output.as_path())?);
        }
        findings.dedup();
        let ledger = ledger.map(|path| Target { path: path.to_path_buf(), force, backup: false });
        Ok(FillPlace { output, in_place, findings, ledger, force })
    }

    /// Writes the workbook that `carry_out` gives, and the ledger; tells what was done and where the backup is.
    pub(super) fn write(
        &self,
        format: &Format,
        input: &FillInput,
        carry_out: impl Fn(&mut dyn Write) -> Result<Filled>,
    ) -> Result<(Filled, Option<PathBuf>)> {
        let output = &self.output;
        // In place nothing is written, and no backup made, when nothing would change.
        let trial = match self.in_place {
            true => Some(carry_out(&mut std::io::sink())?),
            false => None,
        };
        let destination =
            Target { path: output.clone(), force: self.force || self.in_place, backup: self.in_place };
        let (filled, workbook_file) = match trial.filter(|trial| !trial.changed) {
            Some(unchanged) => (unchanged, None),
            None => {
                let mut done = None;
                let staged = stage(&destination, |file| {
                    let mut buffered = std::io::BufWriter::new(Watched::new(&mut *file));
                    let filled = carry_out(&mut buffered).and_then(|filled| {
                        buffered.flush().map_err(|error| unwritten(output, error))?;
                        Ok(filled)
                    });
                    // Who carries out knows the workbook it reads, not the file it writes to.
                    let failure = buffered.get_ref().failure.as_ref().map(same);
                    let filled = match (filled, failure) {
                        (Err(_), Some(failure)) => return Err(unwritten(output, failure)),
                        (filled, _) => filled?,
                    };
                    done = Some(filled);
                    Ok(())
                })?;
                (done.unwrap_or_default(), Some(staged))
            }
        };
        // The ledger comes with the workbook or neither comes; the workbook is the last to change.
        let mut files = Vec::new();
        if let Some(target) = &self.ledger {
            files.push(stage(target, |file| {
                let mut out = std::io::BufWriter::new(&mut *file);
                let mut feed =
                    |tell: &mut dyn FnMut(&LedgerEntry) -> Result<()>| input.ledger(format, &filled, tell);
                match extension(&target.path).as_str() {
                    "json" => workbook::write_ledger_json(&mut out, &mut feed)?,
                    _ => workbook::write_ledger_csv(&mut out, &mut feed)?,
                }
                out.flush().map_err(|error| Error::file(&target.path, "Het logboek schrijven lukt niet", error))
            })?);
        }
        files.extend(workbook_file);
        let backup = place_together(files)?.into_iter().flatten().next();
        Ok((filled, backup))
    }
}

fn unwritten(path: &Path, error: std::io::Error) -> Error {
    Error::file(path, "Het bestand schrijven lukt niet", error)
}

/// An error of the operating system once more: it cannot be cloned.
fn same(error: &std::io::Error) -> std::io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), std::io::Error::from_raw_os_error)
}

/// A file that is written to, with the first reason why that failed.
struct Watched<W> {
    inner: W,
    failure: Option<std::io::Error>,
}

impl<W> Watched<W> {
    fn new(inner: W) -> Self {
        Watched { inner, failure: None }
    }

    fn watch<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        if let Err(error) = &done
            && error.kind() != std::io::ErrorKind::Interrupted
        {
            self.failure.get_or_insert_with(|| same(error));
        }
        done
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.inner.write(bytes);
        self.watch(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.inner.flush();
        self.watch(done)
    }
}

/// How many of these cells only feed the charts of a workbook that this program built: those of its hidden tab, and on the
/// summary tab those below the questions, that repeat them beside the charts.
fn chart_formulas(format: &Format, analysis: &Analysis, cells: &[CellRef]) -> usize {
    if !analysis.tabs.iter().any(|tab| tab.name == CHART_TAB) {
        return 0;
    }
    let summary = analysis.tabs.iter().find(|tab| tab.kind == TabKind::Fixed("samenvatting".to_owned()));
    let tab = summary.map_or_else(|| format.tab("samenvatting"), |tab| tab.name.as_str());
    let questions = analysis.summary.iter().flat_map(|summary| &summary.questions);
    let last = questions.map(|question| question.answer.at.row).max();
    let beside = |at: &CellRef| at.tab == tab && last.is_some_and(|last| at.row > last);
    cells.iter().filter(|at| at.tab == CHART_TAB || beside(at)).count()
}

/// A workbook and the figures it is filled with.
pub(super) struct FillInput {
    pub(super) workbook: Workbook,
    /// The overview that is the source of the figures.
    pub(super) overview: Overview,
    /// What the overview says over all wijken: computed once, however many wijken follow.
    pub(super) statistics: Statistics,
    /// The workbook's own overview, when another one is the source.
    pub(super) own: Option<Overview>,
    pub(super) findings: Vec<Finding>,
    /// Where the overview comes from.
    pub(super) origin: Origin,
}

impl FillInput {
    /// The overview that comes in the place of the workbook's own, its columns where those stood; `None` when it stays.
    fn aligned(&self) -> Option<Overview> {
        let own = self.own.as_ref().filter(|own| **own != self.overview)?;
        Some(workbook::align_overview(own, &self.overview))
    }

    /// What the workbook's own overview tab becomes; `None` when it stays as it is.
    fn overview_change<'a>(&'a self, aligned: Option<&'a Overview>) -> Option<OverviewChange<'a>> {
        if let (Some(own), Some(new)) = (&self.own, aligned) {
            return Some(OverviewChange { own, new });
        }
        // The workbook's own tab may not show either what is not filled in.
        let hidden = |figure: &Figure| *figure == Figure::Missing(Missing::SmallGroup);
        let there = self.own.as_ref().unwrap_or(&self.overview);
        let protected = there.figures.iter().flatten().any(hidden);
        protected.then_some(OverviewChange { own: there, new: &self.overview })
    }

    /// Gives every cell that was written, those of the overview tab last.
    pub(super) fn ledger(
        &self,
        format: &Format,
        filled: &Filled,
        tell: &mut dyn FnMut(&LedgerEntry) -> Result<()>,
    ) -> Result<()> {
        filled.ledger.iter().try_for_each(&mut *tell)?;
        let aligned = self.aligned();
        match self.overview_change(aligned.as_ref()).filter(|_| filled.overview.is_some()) {
            Some(change) => workbook::overview_ledger(&self.workbook, format, &change, tell),
            None => Ok(()),
        }
    }

    /// The same with what the given overview lacks: that stays on the workbook's own tab, so it is a source as well.
    pub(super) fn whole(mut self, format: &Format) -> Self {
        if let Some(own) = &self.own {
            self.overview = workbook::align_overview(own, &self.overview);
            self.statistics = Statistics::new(format, &self.overview);
        }
        self
    }
}

impl Session {
    /// What an advisor should know before a workbook is changed: a digital signature that breaks, tabs that are protected. The
    /// outcome of filling says the same; this is for who wants to say it beforehand. Nothing is written.
    ///
    /// # Errors
    /// When the workbook cannot be read.
    pub fn before_filling(&self, workbook: &Path) -> Result<Vec<Finding>> {
        let book = Spreadsheet::open(Archive::open(workbook)?)?;
        let mut facts = Vec::new();
        // A very large tab is the overview; going through it once more takes as long as filling.
        for sheet in book.sheets().iter().filter(|sheet| sheet.kind == SheetKind::Worksheet) {
            if !book.is_large(&sheet.name) && book.archive().contains(&sheet.part) {
                facts.push((sheet.name.as_str(), book.sheet_facts(&sheet.name)?));
            }
        }
        let warnings = book.edit_warnings(facts.iter().map(|(tab, facts)| (*tab, facts.as_ref())));
        let file = inputs::file_name(workbook);
        Ok(warnings.iter().map(|warning| workbook::attention(&file, warning)).collect())
    }

    /// Fills the figures of a wijk in a workbook.
    ///
    /// # Errors
    /// When the workbook cannot be read or filled, is open in Excel, the wijk is not known, or the target exists or
    /// cannot be written. Nothing is written then.
    pub fn fill(
        &self,
        workbook: &Path,
        wijk: &str,
        choices: &FillChoices,
        target: &FillTarget,
        force: bool,
        ledger: Option<&Path>,
    ) -> Result<FillOutcome> {
        let place = FillPlace::new(workbook, target, filled_name(workbook), force, ledger)?;
        let (input, area, beside) = self.fill_one(workbook, wijk, choices, place.in_place)?;
        let mut findings = place.findings.clone();
        findings.extend(inputs::overview_open(choices.overview.as_deref())?);
        findings.extend(input.findings.iter().cloned());
        let (area, beside) =
            (area.area_and_remark(&mut findings), beside.map(|named| named.area_and_remark(&mut findings)));
        let plan = self.plan(&input, area, beside, choices.overwrite)?;
        let (filled, backup) = place.write(&self.format, &input, |out| {
            self.carry_out(&input, &plan, choices.repair, &Added::default(), out)
        })?;
        findings.extend(filled.findings.iter().cloned());
        let repairs = workbook::highlighting(&input.workbook.analysis, &self.format);
        let mut repaired = Vec::new();
        for repair in repairs {
            match choices.repair {
                true => repaired.push(repair.tab),
                false => findings.push(highlighting_differs(&repair, &input.workbook.analysis.file)),
            }
        }
        let outcome = self.outcome(place.output, backup, &input, area, &plan, filled, findings);
        Ok(FillOutcome { repaired, ..outcome })
    }

    /// What came of filling, as it is told.
    #[allow(clippy::too_many_arguments, reason = "each is a different thing of one run")]
    pub(super) fn outcome(
        &self,
        output: PathBuf,
        backup: Option<PathBuf>,
        input: &FillInput,
        area: usize,
        plan: &FillPlan,
        filled: Filled,
        findings: Vec<Finding>,
    ) -> FillOutcome {
        FillOutcome {
            output,
            backup,
            wijk: input.overview.call_name(area),
            level: names::level(&input.overview, area),
            changed: filled.changed,
            rows_filled: plan.rows_filled,
            rows_unchanged: plan.rows_unchanged,
            rows_left: plan.rows_left,
            ledger: filled.ledger,
            overview: filled.overview,
            chart_formulas: chart_formulas(&self.format, &input.workbook.analysis, &filled.applied.removed_caches),
            removed_caches: filled
                .applied
                .removed_caches
                .iter()
                .map(|at| format!("{}!{}", at.tab, at.a1()))
                .collect(),
            chart_caches: filled.applied.chart_caches,
            findings,
            repaired: Vec::new(),
            edition: None,
        }
    }

    /// Reads a workbook and the figures of one wijk, and of a second area when one is asked for.
    fn fill_one(
        &self,
        path: &Path,
        wijk: &str,
        choices: &FillChoices,
        in_place: bool,
    ) -> Result<(FillInput, Named, Option<Named>)> {
        let beside = choices.beside.as_deref();
        // A workbook that is going to be replaced may not be held open: Windows refuses that on some drives.
        let source = || if in_place { inputs::bytes(path).map(Handle::from) } else { inputs::source(path) };
        let find = |input: &FillInput| {
            let wijk = names::wijk(&input.overview, wijk, &input.origin)?;
            let beside = names::beside(&input.overview, beside, &input.origin)?;
            names::refuse_itself(&input.overview, &wijk, beside.as_ref())?;
            Ok((wijk, beside))
        };
        let mut wanted: Vec<&str> = std::iter::once(wijk).chain(beside).collect();
        if choices.overview.is_none() {
            let mut input = self.fill_input_of(inputs::file_name(path), source()?, None, Some(&wanted))?;
            if let Ok((wijk, beside)) = find(&input) {
                // A code or 'gebied ...' leads to an area of which the name may be another's too: how an area is
                // called depends on all areas of that name.
                let own = |area: usize| input.overview.areas.get(area).map(|area| area.name.clone());
                let names: Vec<String> = [Some(wijk.area), beside.as_ref().map(|named| named.area)]
                    .into_iter()
                    .flatten()
                    .filter_map(own)
                    .collect();
                if names.iter().all(|name| wanted.iter().any(|known| normalise(known) == normalise(name))) {
                    return Ok((input, wijk, beside));
                }
                wanted.extend(names.iter().map(String::as_str));
                input = self.fill_input_of(inputs::file_name(path), source()?, None, Some(&wanted))?;
                if let Ok((wijk, beside)) = find(&input) {
                    return Ok((input, wijk, beside));
                }
            }
        }
        // All areas are needed: to replace the workbook's own overview, or to say which names look like the one given.
        let input = self
            .fill_input_of(inputs::file_name(path), source()?, choices.overview.as_deref(), None)?
            .whole(&self.format);
        let (wijk, beside) = find(&input)?;
        Ok((input, wijk, beside))
    }

    /// Reads a workbook and the figures of all areas to fill it with.
    pub(super) fn fill_input(&self, path: &Path, overview: Option<&Path>) -> Result<FillInput> {
        self.fill_input_of(inputs::file_name(path), inputs::source(path)?, overview, None)
    }

    /// As [`Session::fill_input`], from wherever the bytes are; with `names` only those areas of the workbook's own
    /// overview.
    pub(super) fn fill_input_of(
        &self,
        name: String,
        source: Handle,
        overview: Option<&Path>,
        names: Option<&[&str]>,
    ) -> Result<FillInput> {
        let workbook = workbook::open(&name, source.clone(), &self.format, workbook::Details::Highlighting)?;
        workbook::refuse_unfillable(&workbook, &self.format)?;
        if let Some(names) = names {
            // Whatever stands above the columns may name another wijk, which must then be recognised; and what was
            // filled before is renewed for the area it was filled for, whatever its heading says now.
            let recorded = workbook.recorded_areas();
            let tabs = || workbook.analysis.pijlers.iter();
            let headings = tabs().flat_map(|tab| &tab.headings).filter(|(field, _)| field != "benchmark");
            let written = tabs().filter_map(|tab| tab.wijk.as_ref()).chain(headings.map(|(_, cell)| cell));
            let names: BTreeSet<&str> = names
                .iter()
                .copied()
                .chain(written.map(|cell| cell.text.trim()))
                .chain(recorded.iter().map(String::as_str))
                .filter(|name| !name.is_empty())
                .collect();
            let names: Vec<&str> = names.into_iter().collect();
            let Some((overview, spreads, mut findings)) = self.own_areas(&workbook, &names)? else {
                return Err(inputs::no_overview(&name));
            };
            if overview.columns.iter().any(Column::is_count) {
                return self.fill_input_of(name, source, None, None);
            }
            findings.extend(workbook.findings.iter().cloned());
            let statistics = Statistics::from_spreads(&self.format, &overview, &spreads);
            return Ok(FillInput {
                workbook,
                overview,
                statistics,
                own: None,
                findings,
                origin: Origin::Tab(name),
            });
        }
        let (own, mut findings) = self.own_overview(&workbook, &source)?;
        findings.extend(workbook.findings.iter().cloned());
        let origin = overview.map_or_else(|| Origin::Tab(name.clone()), |path| Origin::of(Some(path)));
        let (overview, own) = match (overview, own) {
            (Some(path), own) => {
                let (given, mut more) = self.overview(Some(path))?;
                findings.append(&mut more);
                (given, own)
            }
            (None, Some(own)) => (own, None),
            (None, None) => return Err(inputs::no_overview(&name)),
        };
        let statistics = Statistics::new(&self.format, &overview);
        let mut workbook = workbook;
        for known in std::iter::once(&overview).chain(&own) {
            privacy::protect_history(known, &mut workbook.analysis.history);
        }
        Ok(FillInput { workbook, overview, statistics, own, findings, origin })
    }

    /// Decides what is written. Figures first; then, from the workbook as it will be, what the closing tables are
    /// proposed.
    pub(super) fn plan(
        &self,
        input: &FillInput,
        wijk: usize,
        beside: Option<usize>,
        overwrite: bool,
    ) -> Result<FillPlan> {
        self.plan_with(input, wijk, beside, overwrite, None)
    }

    /// As [`Session::plan`]; with a renewal what is replaced is remembered.
    pub(super) fn plan_with(
        &self,
        input: &FillInput,
        wijk: usize,
        beside: Option<usize>,
        overwrite: bool,
        renewal: Option<Renewal>,
    ) -> Result<FillPlan> {
        let closing = BTreeMap::new();
        let own = input.own.as_ref();
        let mut request = FillRequest { wijk, beside, overwrite, own, closing, renewal, blocked: BTreeMap::new() };
        let figures = self.settled(input, &mut request)?;
        let after = as_filled(&input.workbook.analysis, &figures);
        // What a new edition lacks stays on the workbook's own tab, and is compared as well.
        let whole = request.renewal.as_ref().and_then(|_| input.aligned());
        let comparison = match &whole {
            Some(whole) => compare::compare(&self.format, whole, wijk, beside, Some(&after)),
            None => {
                compare::compare_with(&self.format, &input.overview, &input.statistics, wijk, beside, Some(&after))
            }
        };
        request.closing = closing_texts(&comparison)
            .into_iter()
            .map(|(domein, figures, factoren)| (domein, ClosingText { figures, factoren }))
            .collect();
        let mut plan = self.settled(input, &mut request)?;
        // A text of ours that is replaced may name a figure that may not be shown any more: not in the ledger either.
        for entry in plan.ledger.iter_mut().filter(|entry| entry.field == "slot-cijfers") {
            entry.old = match &entry.old {
                CellValue::Text(text) => CellValue::Text(privacy::protect_text(&comparison, text)),
                other => other.clone(),
            };
        }
        Ok(plan)
    }

    /// A plan of which every cell can be written: cells that cannot are found before anything is decided about what belongs to
    /// them.
    fn settled(&self, input: &FillInput, request: &mut FillRequest<'_>) -> Result<FillPlan> {
        loop {
            let plan = workbook::plan(&input.workbook, &input.overview, &self.format, request)?;
            let refused = match &input.workbook.package {
                Some(book) => book.refusals(&plan.edits)?,
                None => Vec::new(),
            };
            // Every round names cells that the one before did not know; there are no more than cells.
            if refused.is_empty() {
                return Ok(plan);
            }
            let places = refused.into_iter().map(|one| ((one.cell.tab.clone(), one.cell.row, one.cell.col), one));
            request.blocked.extend(places);
        }
    }

    /// Writes the workbook with the plan carried out. With another overview than the workbook's own, the overview tab
    /// is replaced as well, so that links and figures agree.
    pub(super) fn carry_out(
        &self,
        input: &FillInput,
        plan: &FillPlan,
        repair: bool,
        added: &Added,
        out: &mut dyn Write,
    ) -> Result<Filled> {
        // Only an xlsx can be filled, and of an xlsx the package is there.
        let Some(book) = &input.workbook.package else {
            return Err(Error::content(
                &input.workbook.analysis.file,
                "dit soort bestand kan niet worden gevuld",
                "Sla het werkboek in Excel op als .xlsx en vul dat bestand.",
            ));
        };
        let aligned = input.aligned();
        let overview = input.overview_change(aligned.as_ref());
        let repairs = match repair {
            true => workbook::highlighting(&input.workbook.analysis, &self.format),
            false => Vec::new(),
        };
        let (notes, own_tab) = (added.notes.as_deref(), added.tab.as_ref());
        let extras = FillExtras { overview, repairs: &repairs, notes, own_tab };
        workbook::fill(book, &input.workbook, plan, &self.format, &extras, out)
    }
}

/// What filling says about highlighting that it left as it was; `wijk controleer` names the rows.
fn highlighting_differs(repair: &workbook::Repair, file: &str) -> Finding {
    let (code, found) = match repair.remove.is_empty() {
        true => {
            ("opmaak-ontbreekt", "Op dit tabblad ontbreekt bij rijen met cijfers de regel voor de oranje opmaak.")
        }
        false => (
            "opmaak-fout",
            "Op dit tabblad is de regel voor de oranje opmaak bij rijen met cijfers niet die van het format.",
        ),
    };
    Finding::new(
        code,
        Level::Waarschuwing,
        Place { file: Some(file.to_owned()), ..Place::tab(&repair.tab) },
        found,
        "De regel van het format: oranje als het cijfer afwijkt.",
        "Voeg --herstel-opmaak toe om de regel te herstellen; 'wijk controleer' noemt de rijen.",
    )
}

/// The analysis as it will be when `plan` is carried out.
pub(super) fn as_filled(analysis: &Analysis, plan: &FillPlan) -> Analysis {
    let written: BTreeMap<(&str, &str), &CellValue> =
        plan.ledger.iter().map(|entry| ((entry.tab.as_str(), entry.cell.as_str()), &entry.new)).collect();
    let mut after = analysis.clone();
    after.history = plan.record.history.clone();
    let text = |cell: &mut TextCell| {
        if let Some(value) = written.get(&(cell.at.tab.as_str(), cell.at.a1().as_str())) {
            cell.text = value.text();
        }
    };
    for tab in &mut after.pijlers {
        tab.headings.iter_mut().for_each(|(_, cell)| text(cell));
        for row in tab.blocks.iter_mut().flat_map(|block| &mut block.indicators) {
            let cells = std::iter::once(&mut row.wijk).chain(&mut row.beside).chain(&mut row.benchmark);
            for cell in cells {
                if let Some(value) = written.get(&(cell.at.tab.as_str(), cell.at.a1().as_str())) {
                    cell.value = (*value).clone();
                }
            }
            [&mut row.unit, &mut row.source].into_iter().flatten().for_each(text);
        }
    }
    let summary = after.summary.iter_mut().flat_map(|summary| &mut summary.closing);
    for row in after.pijlers.iter_mut().flat_map(|tab| &mut tab.closing).chain(summary) {
        [&mut row.figures, &mut row.factoren].into_iter().flatten().for_each(text);
    }
    plan.record.mark_retyped(&mut after);
    after
}

/// `Analyse.xlsx` -> `Analyse - ingevuld.xlsx`, in the same folder; xlsm stays xlsm.
fn filled_name(workbook: &Path) -> PathBuf {
    let stem = workbook.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let extension = workbook.extension().map_or_else(|| "xlsx".to_owned(), |e| e.to_string_lossy().into_owned());
    workbook.with_file_name(format!("{stem} - ingevuld.{extension}"))
}
