//! Reading what the user hands over, and finding the wijk in it.

use std::path::Path;

use super::Session;
use super::office::Office;
use crate::error::{Error, Result};
use crate::finding::{Finding, Level, Place};
use crate::guard::FileKind;
use crate::model::{Analysis, AreaLevel, AreaLookup, Figure, Missing, Overview, TabKind, WijkSpreads, words};
use crate::overview::{self, AreaTable, ReadOptions};
use crate::package::{Handle, Spreadsheet};
use crate::privacy;
use crate::workbook::{self, Details, Grids, Workbook};

/// Where an overview comes from, for messages about what it does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// It is built in.
    #[default]
    BuiltIn,
    /// A file of its own.
    File(String),
    /// The tab of this workbook.
    Tab(String),
}

impl Origin {
    /// The overview in this file, or the one that is built in.
    pub(super) fn of(path: Option<&Path>) -> Self {
        path.map_or(Origin::BuiltIn, |path| Origin::File(file_name(path)))
    }

    /// The overview with its article.
    fn words(&self) -> String {
        match self {
            Origin::BuiltIn => "het ingebouwde overzicht".to_owned(),
            Origin::File(file) => format!("het overzicht {file}"),
            Origin::Tab(file) => format!("het overzicht in {file}"),
        }
    }

    /// The file to name beside a finding.
    pub(super) fn file(&self) -> Option<String> {
        match self {
            Origin::BuiltIn => None,
            Origin::File(file) | Origin::Tab(file) => Some(file.clone()),
        }
    }
}

/// A workbook with the overview that goes with it, as checking and the documents need it.
pub(super) struct WorkbookInput {
    /// What was read.
    pub(super) analysis: Analysis,
    /// The overview given, or the workbook's own; `None` when it has none.
    pub(super) overview: Option<Overview>,
    /// Findings of reading both.
    pub(super) findings: Vec<Finding>,
    /// True when conditional formats were read.
    pub(super) highlighting: bool,
    /// The tabs as they show.
    pub(super) grids: Grids,
    /// The package it was read from; `None` for xls and ods.
    pub(super) package: Option<Spreadsheet>,
    /// Where the overview comes from.
    pub(super) origin: Origin,
    /// That somebody has the workbook or the overview open. Apart from the findings: it says nothing of what stands in them,
    /// so that no document counts it.
    pub(super) open: Vec<Finding>,
}

impl WorkbookInput {
    /// The overview, or the sentence that says what to do without.
    pub(super) fn overview_or_error(&self) -> Result<&Overview> {
        self.overview.as_ref().ok_or_else(|| no_overview(&self.analysis.file))
    }

    /// The wijk by the name given, else by the name in the workbook.
    pub(super) fn area(&self, wijk: Option<&str>) -> Result<usize> {
        let overview = self.overview_or_error()?;
        match wijk {
            Some(name) => find_area(overview, name, &self.origin),
            None if self.analysis.wijk().is_empty() => Err(Error::content(
                &self.analysis.file,
                "in het werkboek staat niet om welke wijk het gaat",
                "Vul op een pijlertabblad de naam van de wijk in, of geef --wijk NAAM mee.",
            )),
            None => find_area(overview, self.analysis.wijk(), &self.origin),
        }
    }

    /// The area in column F, recognised by the heading of that column; `None` when there is none or it is unknown.
    pub(super) fn beside(&self) -> Option<usize> {
        let overview = self.overview.as_ref()?;
        self.analysis.pijlers.iter().flat_map(|tab| &tab.headings).find_map(|(field, cell)| {
            if field != "naast" || cell.text.trim().is_empty() {
                return None;
            }
            find_area(overview, &cell.text, &self.origin).ok()
        })
    }
}

/// That somebody has the overview open, where it is a file of its own.
pub(super) fn overview_open(overview: Option<&Path>) -> Result<Option<Finding>> {
    overview.map_or(Ok(None), |path| Office::Overview.open_elsewhere(path, false))
}

impl Session {
    /// The overview in a file, or the built-in one.
    pub(super) fn overview(&self, path: Option<&Path>) -> Result<(Overview, Vec<Finding>)> {
        match path {
            Some(path) => self.read_overview(&file_name(path), source(path)?),
            None => {
                let mut overview = overview::example()?;
                let (code, name) = &self.format.benchmark;
                if overview.area_index(code).is_none() {
                    return Err(Error::request(
                        format!(
                            "Het ingebouwde overzicht gaat over andere gebieden dan het format: {name} ({code}) staat er niet in"
                        ),
                        "Geef met --overzicht BESTAND het overzicht van uw gebieden mee.",
                    ));
                }
                // The names that maintainers teach the program count here too.
                for area in &mut overview.areas {
                    let known = self.areas.areas.iter().find(|known| known.area.code == area.code);
                    if let Some(known) = known {
                        area.aliases.clone_from(&known.area.aliases);
                    }
                }
                Ok((overview, Vec::new()))
            }
        }
    }

    /// An overview in the product's own layout, as a file of its own.
    pub(super) fn read_overview(&self, file: &str, source: Handle) -> Result<(Overview, Vec<Finding>)> {
        let tabs = self.overview_tabs();
        overview::read(file, source, &self.overview_options(&tabs)).map(|read| self.protected(file, read))
    }

    /// An overview without what may not be shown: everything behind this sees no more of it.
    pub(super) fn protected(
        &self,
        file: &str,
        (mut overview, mut findings): (Overview, Vec<Finding>),
    ) -> (Overview, Vec<Finding>) {
        let protected = privacy::protect(&self.format, &mut overview);
        if protected.small > 0 {
            let derived = match protected.derived {
                0 => String::new(),
                number => format!(
                    " Ook {} afgeschermd waaruit {} uit te rekenen.",
                    words::count(number, "ander cijfer is", "andere cijfers zijn"),
                    if protected.small == 1 { "dat cijfer is" } else { "die cijfers zijn" }
                ),
            };
            findings.push(Finding::new(
                "kleine-groep-afgeschermd",
                Level::Opmerking,
                Place { file: Some(file.to_owned()), ..Place::default() },
                format!(
                    "{} in het overzicht {} over een te kleine groep en {} niet getoond.{derived}",
                    words::count(protected.small, "cijfer", "cijfers"),
                    if protected.small == 1 { "gaat" } else { "gaan" },
                    if protected.small == 1 { "wordt" } else { "worden" },
                ),
                "",
                "Er hoeft niets te gebeuren. De grens staat in controle.csv bij kleine-groep.",
            ));
        }
        (overview, findings)
    }

    fn overview_options<'a>(&'a self, tabs: &'a [String]) -> ReadOptions<'a> {
        let benchmark = (self.format.benchmark.0.as_str(), self.format.benchmark.1.as_str());
        ReadOptions {
            indicators: &self.format.indicators,
            areas: &self.areas,
            tabs,
            benchmark: Some(benchmark),
            headings: &self.format.headings,
            only_areas: None,
        }
    }

    fn overview_tabs(&self) -> Vec<String> {
        self.format
            .tabs
            .iter()
            .filter(|tab| tab.kind == "overzicht")
            .flat_map(|tab| std::iter::once(tab.name.clone()).chain(tab.variants.iter().cloned()))
            .collect()
    }

    /// As [`Session::overview_tabs`], with the name that the tab has in this workbook first: it is known by its id.
    fn overview_tabs_of(&self, workbook: &Workbook) -> Vec<String> {
        let found = overview_tab(workbook).map(str::to_owned);
        found.into_iter().chain(self.overview_tabs()).collect()
    }

    /// Reads a workbook and its overview: the one given, else the workbook's own tab.
    pub(super) fn workbook(&self, path: &Path, overview: Option<&Path>) -> Result<WorkbookInput> {
        let (name, source) = (file_name(path), source(path)?);
        let workbook = Office::Workbook.open_elsewhere(path, false)?;
        let open = workbook.into_iter().chain(overview_open(overview)?).collect();
        let origin = overview.map_or_else(|| Origin::Tab(name.clone()), |path| Origin::of(Some(path)));
        let mut opened = workbook::open(&name, source.clone(), &self.format, Details::All)?;
        let grids = opened.take_grids();
        let highlighting = opened.kind == FileKind::Xlsx;
        let (overview, mut more) = match overview {
            Some(path) => self.overview(Some(path)).map(|(overview, findings)| (Some(overview), findings))?,
            None => {
                let (own, mut findings) = self.own_overview(&opened, &source)?;
                if let Some(shown) = own.as_ref().and_then(|own| shown_on_own_tab(&opened, own)) {
                    // That what is hidden is not shown would be half the truth: the tab itself still shows it.
                    findings.retain(|finding| finding.code != "kleine-groep-afgeschermd");
                    findings.push(shown);
                }
                (own, findings)
            }
        };
        let Workbook { mut analysis, mut findings, package, .. } = opened;
        if let Some(overview) = &overview {
            privacy::protect_history(overview, &mut analysis.history);
        }
        findings.append(&mut more);
        Ok(WorkbookInput { analysis, overview, findings, highlighting, grids, package, origin, open })
    }

    /// The workbook's own overview tab; `None` when it has none.
    pub(super) fn own_overview(
        &self,
        workbook: &Workbook,
        source: &Handle,
    ) -> Result<(Option<Overview>, Vec<Finding>)> {
        if !has_overview(workbook) {
            return Ok((None, Vec::new()));
        }
        let file = &workbook.analysis.file;
        let (overview, findings) = match &workbook.package {
            Some(package) => {
                let tabs = self.overview_tabs_of(workbook);
                let read = overview::read_package(file, package, &self.overview_options(&tabs))?;
                self.protected(file, read)
            }
            None => self.read_overview(file, source.clone())?,
        };
        Ok((Some(overview), findings))
    }

    /// The areas by these names of the workbook's own overview, and what it says over all wijken; `None` when it has
    /// none. An overview with numbers of observations must be read as a whole: which figures may be shown depends on all
    /// areas.
    pub(super) fn own_areas(
        &self,
        workbook: &Workbook,
        names: &[&str],
    ) -> Result<Option<(Overview, WijkSpreads, Vec<Finding>)>> {
        let Some(package) = workbook.package.as_ref().filter(|_| has_overview(workbook)) else { return Ok(None) };
        let tabs = self.overview_tabs_of(workbook);
        let options = ReadOptions { only_areas: Some(names), ..self.overview_options(&tabs) };
        overview::read_package_some(&workbook.analysis.file, package, &options).map(Some)
    }
}

fn has_overview(workbook: &Workbook) -> bool {
    overview_tab(workbook).is_some()
}

/// The name of the tab with the overview.
fn overview_tab(workbook: &Workbook) -> Option<&str> {
    let kind = TabKind::Fixed("overzicht".to_owned());
    workbook.analysis.tabs.iter().find(|tab| tab.kind == kind).map(|tab| tab.name.as_str())
}

/// Figures about small groups that stand on the workbook's own overview tab.
fn shown_on_own_tab(workbook: &Workbook, overview: &Overview) -> Option<Finding> {
    let hidden = |figure: &&Figure| **figure == Figure::Missing(Missing::SmallGroup);
    let columns: Vec<usize> = (0..overview.columns.len())
        .filter(|column| overview.columns.get(*column).is_some_and(|known| !known.is_count()))
        .collect();
    let number = overview
        .figures
        .iter()
        .map(|row| columns.iter().filter_map(|column| row.get(*column)).filter(hidden).count())
        .sum::<usize>();
    let tab = overview_tab(workbook).filter(|_| number > 0)?;
    Some(Finding::new(
        privacy::CODE,
        Level::Fout,
        Place::tab(tab),
        match number {
            1 => "Op dit tabblad staat een cijfer dat niet mag worden getoond.".to_owned(),
            _ => format!("Op dit tabblad staan {number} cijfers die niet mogen worden getoond."),
        },
        "Een x: het cijfer gaat over te weinig mensen, of een ander cijfer is eruit uit te rekenen.",
        "Vul het werkboek opnieuw met 'wijk vul': dan komt er een x te staan. De grens staat in controle.csv bij kleine-groep.",
    ))
}

/// The sentence for a workbook without figures to fill or compare with.
pub(super) fn no_overview(file: &str) -> Error {
    Error::content(
        file,
        "er is geen tabblad met het indicatorenoverzicht gevonden",
        "Geef een overzicht mee met --overzicht BESTAND.",
    )
}

/// The table of areas of a format folder; the built-in one when the folder holds none.
pub(super) fn areas(folder: &Path) -> Result<AreaTable> {
    let path = folder.join("gebieden.csv");
    if !path.is_file() {
        return AreaTable::built_in();
    }
    AreaTable::parse(&path.display().to_string(), &bytes(&path)?)
}

/// The name of a file for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A file to read from: a small one in memory, a large one where it is.
pub(super) fn source(path: &Path) -> Result<Handle> {
    /// Largest file that is read into memory, in bytes. Analysis workbooks are smaller; what is larger holds an overview
    /// that is streamed.
    const SMALL: u64 = 4 << 20;
    let handle = Handle::open(path)?;
    if handle.length() > SMALL {
        return Ok(handle);
    }
    Ok(Handle::from(bytes(path)?))
}

/// The content of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::file(path, "Het bestand kan niet worden gelezen", error))
}

/// Finds an area by name or code: wijken first, then any level. Never by likeness.
pub(super) fn find_area(overview: &Overview, name: &str, from: &Origin) -> Result<usize> {
    let unknown = || format!("Er is geen wijk met de naam of code '{name}' in {}", from.words());
    // Of another overview than the one that is built in the names are asked for by its file.
    let all = match from.file() {
        None => "Met 'wijk wijken' ziet u alle namen.".to_owned(),
        Some(_) => "Met 'wijk wijken --overzicht BESTAND' ziet u alle namen in een overzicht.".to_owned(),
    };
    match overview.find_wijk_first(name) {
        AreaLookup::Found(index, _) => Ok(index),
        AreaLookup::Ambiguous(areas) => {
            let codes: Vec<String> =
                areas.iter().map(|area| format!("{} ({}, {})", area.name, area.level.word(), area.code)).collect();
            Err(Error::request(
                format!("In {} zijn er meer gebieden met de naam '{name}': {}", from.words(), codes.join(", ")),
                "Geef de code in plaats van de naam.",
            ))
        }
        AreaLookup::Unknown(near) if near.is_empty() => Err(Error::request(unknown(), all)),
        AreaLookup::Unknown(near) => {
            Err(Error::request(unknown(), format!("Bedoelt u {}? {all}", near.join(", "))))
        }
    }
}

/// Indexes of all wijken of an overview.
pub(super) fn wijken(overview: &Overview) -> Vec<usize> {
    overview
        .areas
        .iter()
        .enumerate()
        .filter(|(_, area)| area.level == AreaLevel::Wijk)
        .map(|(index, _)| index)
        .collect()
}
