//! Putting the tabs of one workbook in the place of those of another, in the other's own package.
//!
//! Owns what a migration does to the package: the tabs that are kept, and everything that belongs to them, stay as they are,
//! to the byte where nothing refers to a tab that moved; replaced tabs hand over their notes, conversations, drawings and
//! links. Knows nothing of wijken: what goes where is said by the caller.

mod book;
mod dates;
mod drawing;
mod dress;
mod looks;
mod notes;
mod pictures;
mod placement;
mod pointing;
mod refs;
mod relocate;
mod sheet;
mod styles;
mod worn;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use self::book::workbook_part;
pub use self::drawing::{anchors_elsewhere, anchors_of_people};
pub use self::dress::{CellDress, LineDress, Rich, RuleDress, TabDress, dress};
pub use self::looks::{Aspect, Look, differences, looks};
pub use self::notes::{Attachments, CellNote, NotePlaces, attachments};
pub use self::pictures::{cells_with_pictures, pictures_in_cells};
pub use self::placement::Placement;
pub use self::pointing::{Pointing, pointing};
pub use self::refs::Fate;
pub(crate) use self::refs::inside as inside_workbook;
pub use self::relocate::{gathered, squeezed_rule};
pub(crate) use self::relocate::{gone_to, link_after, relocated_rule};
use self::sheet::fresh_sheet;
use self::styles::{Offsets, merged, merged_strings};
pub use self::worn::{EXTENDED, FROZEN, PAGE_END, Worn, WornCell, WornLine, WornRule, run_colours, worn};
use super::archive::part_key;
use super::container::{Container, Packing, compress};
use super::edit::smallparts;
use super::formula::Moved;
use super::parts::{ContentTypes, relationships, relationships_part};
use super::spreadsheet::{DefinedName, Range, Sheet, SheetKind, Spreadsheet, Visibility};
use super::xml::{Stored, decode, encode};
use crate::error::{Error, Result};
use crate::model::CellRef;

const CONTENT_TYPES: &str = "[Content_Types].xml";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const THREADS_TYPE: &str = "application/vnd.ms-excel.threadedcomments+xml";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const CHART_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";
const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";
const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// A tab of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraftTab {
    /// A tab of the old workbook, perhaps under another name.
    Kept {
        /// Its name in the old workbook.
        old: String,
        /// Its name in the result.
        name: String,
    },
    /// A tab of the built workbook.
    Fresh {
        /// Its name, there and in the result.
        built: String,
        /// The old tab whose attachments it takes over.
        old: Option<String>,
    },
}

/// What is to be done.
#[derive(Debug, Default)]
pub struct Graft {
    /// The tabs of the result, in order. Old tabs that are not in it are gone.
    pub tabs: Vec<GraftTab>,
    /// Where the cells of replaced tabs have gone, by old tab. References to a tab that is neither here nor kept are lost.
    pub places: BTreeMap<String, Placement>,
    /// Which notes go along, by old tab: from old cell to new tab and cell.
    pub notes: BTreeMap<String, NotePlaces>,
    /// The tab from which the built workbook draws its own charts; charts of the old workbook that are drawn from it give
    /// way to the built ones.
    pub drawn_from: String,
    /// Tabs of the result that are hidden although the built workbook shows them.
    pub hidden: BTreeSet<String>,
    /// Defined names of the old workbook that go, in lower case.
    pub dropped_names: BTreeSet<String>,
}

impl Graft {
    /// The old tabs that stay, with the name they get.
    fn kept(&self) -> BTreeMap<&str, &str> {
        self.tabs
            .iter()
            .filter_map(|tab| match tab {
                GraftTab::Kept { old, name } => Some((old.as_str(), name.as_str())),
                GraftTab::Fresh { .. } => None,
            })
            .collect()
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grafted {
    /// The package.
    pub bytes: Vec<u8>,
    /// Formulas and links that refer to cells without a place: where they stand, what was said there and what became of it.
    pub given_up: Vec<(Referrer, String, Fate)>,
}

/// Where a formula or link of the old workbook stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Referrer {
    /// In a cell.
    Cell(CellRef),
    /// In a chart on the tab with this name; empty when no tab shows it.
    Chart(String),
    /// In a picture or text box on the tab with this name; empty when no tab shows it.
    Drawing(String),
    /// In a defined name, of which the text says which.
    Name,
}

/// The parts of the result that differ from the old package.
struct Work<'a> {
    old: &'a Spreadsheet,
    built: &'a Spreadsheet,
    texts: BTreeMap<String, (String, Stored)>,
    added: BTreeMap<String, String>,
    dropped: BTreeSet<String>,
}

impl Work<'_> {
    fn text(&self, part: &str) -> Result<(String, Stored)> {
        let archive = self.old.archive();
        let name = archive.find(part).unwrap_or(part).to_owned();
        if let Some(known) = self.texts.get(&name) {
            return Ok(known.clone());
        }
        decode(&archive.read(&name)?).ok_or_else(|| archive.damaged(&name, &"het is geen leesbare tekst"))
    }

    fn edit<T>(
        &mut self,
        part: &str,
        edit: impl FnOnce(&str) -> std::result::Result<(Option<String>, T), String>,
    ) -> Result<T> {
        let (text, stored) = self.text(part)?;
        let archive = self.old.archive();
        let (new, result) = edit(&text).map_err(|e| archive.damaged(part, &e))?;
        if let Some(new) = new {
            let name = archive.find(part).unwrap_or(part).to_owned();
            self.texts.insert(name, (new, stored));
        }
        Ok(result)
    }

    /// A name for a new part that no part of the old package has.
    fn fresh_name(&self, folder: &str, stem: &str, extension: &str) -> String {
        let free = |name: &String| !self.old.archive().contains(name) && !self.added.contains_key(name);
        let mut names = (1_u32..).map(|n| format!("{folder}/{stem}{n}.{extension}"));
        names.find(free).unwrap_or_default()
    }
}

/// Carries out a graft. What is not touched keeps its bytes.
///
/// # Errors
/// [`Error::Content`] when the old workbook is of the strict kind, or one of the parts that must change cannot be
/// understood.
pub fn graft(old: &Spreadsheet, built: &Spreadsheet, plan: &Graft) -> Result<Grafted> {
    if old.is_strict() {
        return Err(old.archive().refuse(
            "Het werkboek is opgeslagen als 'Strict Open XML'; zo'n werkboek kan niet worden overgezet",
            "Open het in Excel, sla het op als gewone Excel-werkmap (.xlsx) en probeer het opnieuw.",
        ));
    }
    let mut work = Work { old, built, texts: BTreeMap::new(), added: BTreeMap::new(), dropped: BTreeSet::new() };
    let mut given_up = Vec::new();
    let offsets = merge_styles(&mut work)?;
    let strings = merge_shared_strings(&mut work)?;

    let kept = plan.kept();
    let gone: Vec<&Sheet> = old.sheets().iter().filter(|sheet| !kept.contains_key(sheet.name.as_str())).collect();
    for sheet in &gone {
        drop_sheet(&mut work, sheet, plan)?;
    }
    // (name in the result, part, state)
    let mut sheets: Vec<(String, String, Visibility)> = Vec::new();
    for tab in &plan.tabs {
        match tab {
            GraftTab::Kept { old: from, name } => {
                let sheet =
                    old.sheet(from).ok_or_else(|| old.archive().refuse(missing(from), "Controleer de naam."))?;
                sheets.push((name.clone(), sheet.part.clone(), sheet.visibility));
            }
            GraftTab::Fresh { built: name, old: from } => {
                let part = fresh_sheet(&mut work, name, from.as_deref(), plan, (offsets, strings))?;
                let own = built.sheet(name).map_or(Visibility::Visible, |sheet| sheet.visibility);
                let hidden = if plan.hidden.contains(name) { Visibility::Hidden } else { own };
                sheets.push((name.clone(), part, hidden));
            }
        }
    }
    // References that change: to tabs that were replaced, and to kept tabs with another name.
    let moved = gone_to(old, plan);
    let changed: Vec<String> = old
        .sheets()
        .iter()
        .filter(|sheet| kept.get(sheet.name.as_str()).is_none_or(|name| *name != sheet.name))
        .map(|sheet| sheet.name.replace('\'', "''").to_lowercase())
        .collect();
    let names = |formula: &str| {
        let formula = formula.to_lowercase();
        changed.iter().any(|tab| formula.contains(tab.as_str()))
    };
    // Names that go, but for those that the built workbook has anew.
    let people: Vec<DefinedName> = {
        let own = |name: &&DefinedName| {
            !plan.dropped_names.contains(&name.name.to_lowercase()) && !name.name.starts_with("_xlnm.")
        };
        old.defined_names().iter().filter(own).cloned().collect()
    };
    let stays = |name: &DefinedName| name.scope.as_deref().is_none_or(|tab| kept.contains_key(tab));
    let lost = refs::lost_names(&people, &stays, &moved);
    let loses = |formula: &str| refs::uses(formula, &lost);
    // A link to a cell that is gone leads to the top of the tab that took its place.
    let tops = |tab: &str, range: Range| match moved(tab, range) {
        Moved::Lost => old
            .sheet(tab)
            .and_then(|sheet| plan.places.get(&sheet.name))
            .map_or(Moved::Lost, |place| Moved::To(place.tab.clone(), Range::cell(0, 0))),
        other => other,
    };
    for sheet in old.sheets().iter().filter(|sheet| kept.contains_key(sheet.name.as_str())) {
        if sheet.kind != SheetKind::Worksheet {
            continue;
        }
        let given = work.edit(&sheet.part, |text| {
            if lost.is_empty() && !refs::may_refer(text) {
                return Ok((None, Vec::new()));
            }
            refs::sheet(text, &moved, &tops, &names, &loses)
        })?;
        given_up.extend(given.into_iter().filter_map(|(cell, formula, fate)| {
            let (row, col) = crate::model::parse_a1(&cell)?;
            Some((Referrer::Cell(CellRef::new(&sheet.name, row, col)), formula, fate))
        }));
        let relations = relationships_part(&sheet.part);
        if old.archive().contains(&relations) {
            let (text, _) = work.text(&sheet.part)?;
            let cells = refs::link_cells(&text).map_err(|error| old.archive().damaged(&sheet.part, &error))?;
            let given = work.edit(&relations, |text| refs::relations(text, &cells, &moved, &tops, &names))?;
            given_up.extend(given.into_iter().map(|(cell, location, fate)| {
                let (row, col) = crate::model::parse_a1(&cell).unwrap_or_default();
                (Referrer::Cell(CellRef::new(&sheet.name, row, col)), location, fate)
            }));
        }
    }
    let shown = shown_on(old)?;
    // A picture or text box may be a link too.
    let of_drawings: Vec<String> = {
        let names = old.archive().names().filter(|name| name.contains("drawings/_rels/"));
        names.filter(|name| !work.dropped.contains(&part_key(name))).map(str::to_owned).collect()
    };
    for part in of_drawings {
        let given = work.edit(&part, |text| refs::relations(text, &BTreeMap::new(), &moved, &tops, &names))?;
        let on = || Referrer::Drawing(shown.get(&part_key(&part)).cloned().unwrap_or_default());
        given_up.extend(given.into_iter().map(|(_, location, fate)| (on(), location, fate)));
    }
    let charts: Vec<String> = {
        let types = ContentTypes::read(old.archive())?;
        let is_chart = |name: &&str| {
            !work.dropped.contains(&part_key(name))
                && types.of(name).is_some_and(|kind| kind.contains("drawingml.chart+xml"))
        };
        old.archive().names().filter(is_chart).map(str::to_owned).collect()
    };
    for part in charts {
        let given = work.edit(&part, |text| {
            Ok(refs::chart(text, &moved, &loses)?.map_or((None, Vec::new()), |(text, given)| (Some(text), given)))
        })?;
        let on = || Referrer::Chart(shown.get(&part_key(&part)).cloned().unwrap_or_default());
        given_up.extend(given.into_iter().map(|(_, formula, fate)| (on(), formula, fate)));
    }
    workbook_part(&mut work, &sheets, plan, &moved, &names, &lost, &mut given_up)?;
    drop_calc_chain(&mut work)?;
    content_types(&mut work)?;
    Ok(Grafted { bytes: write(&work)?, given_up })
}

/// The tab that shows each chart, and each drawing by the part with its links.
fn shown_on(old: &Spreadsheet) -> Result<BTreeMap<String, String>> {
    let mut shown = BTreeMap::new();
    for sheet in old.sheets() {
        // A sheet that is a chart leads to it in the same way.
        for drawing in
            relationships(old.archive(), &sheet.part)?.into_iter().filter(|r| r.kind == "drawing" && !r.external)
        {
            shown.insert(part_key(&relationships_part(&drawing.target)), sheet.name.clone());
            let charts = relationships(old.archive(), &drawing.target)?;
            let charts = charts.into_iter().filter(|r| r.kind == "chart" && !r.external);
            shown.extend(charts.map(|chart| (part_key(&chart.target), sheet.name.clone())));
        }
    }
    Ok(shown)
}

fn missing(tab: &str) -> String {
    format!("Het tabblad '{tab}' staat niet in het werkboek")
}

fn related(book: &Spreadsheet, kind: &str) -> Option<String> {
    let target = book.relationships.iter().find(|r| r.kind == kind).map(|r| r.target.clone())?;
    book.archive().contains(&target).then_some(target)
}

fn merge_styles(work: &mut Work<'_>) -> Result<Offsets> {
    let Some(from) = related(work.built, "styles") else { return Ok(Offsets::default()) };
    let built = work.built.archive().read_text(&from)?;
    match related(work.old, "styles") {
        Some(part) => work.edit(&part, |old| merged(old, &built).map(|(text, offsets)| (Some(text), offsets))),
        None => {
            add_central(work, "xl/styles.xml", built, "styles")?;
            Ok(Offsets::default())
        }
    }
}

fn merge_shared_strings(work: &mut Work<'_>) -> Result<usize> {
    let Some(from) = related(work.built, "sharedStrings") else { return Ok(0) };
    let built = work.built.archive().read_text(&from)?;
    match related(work.old, "sharedStrings") {
        Some(part) => work.edit(&part, |old| merged_strings(old, &built).map(|(text, count)| (Some(text), count))),
        None => {
            add_central(work, "xl/sharedStrings.xml", built, "sharedStrings")?;
            Ok(0)
        }
    }
}

/// Adds a part of the workbook that the old package lacks.
fn add_central(work: &mut Work<'_>, part: &str, text: String, kind: &str) -> Result<()> {
    work.added.insert(part.to_owned(), text);
    let rels = relationships_part(&work.old.workbook_part);
    work.edit(&rels, |text| {
        let kind = format!("{RELATION}/{kind}");
        smallparts::add_relationship(text, &kind, &format!("/{part}")).map(|(text, _)| (Some(text), ()))
    })
}

/// Drops an old tab with the parts that only it has. Its drawing stays when another tab takes it over.
fn drop_sheet(work: &mut Work<'_>, sheet: &Sheet, plan: &Graft) -> Result<()> {
    let heir =
        plan.tabs.iter().any(|tab| matches!(tab, GraftTab::Fresh { old: Some(old), .. } if *old == sheet.name));
    let merged = plan.places.get(&sheet.name).is_some_and(|place| place.merged);
    for related in relationships(work.old.archive(), &sheet.part)? {
        // What was on it stands in the drawing of the tab it went into.
        if merged && related.kind == "drawing" && !related.external {
            work.dropped.insert(part_key(&related.target));
            work.dropped.insert(part_key(&relationships_part(&related.target)));
        }
        let inherited = heir && matches!(related.kind.as_str(), "drawing" | "threadedComment");
        if !related.external
            && !inherited
            && matches!(related.kind.as_str(), "comments" | "vmlDrawing" | "printerSettings" | "threadedComment")
        {
            work.dropped.insert(part_key(&related.target));
        }
    }
    work.dropped.insert(part_key(&sheet.part));
    work.dropped.insert(part_key(&relationships_part(&sheet.part)));
    Ok(())
}

/// The order of calculation is made anew by whoever opens the workbook.
fn drop_calc_chain(work: &mut Work<'_>) -> Result<()> {
    let Some(chain) = related(work.old, "calcChain") else { return Ok(()) };
    work.dropped.insert(part_key(&chain));
    let part = work.old.workbook_part.clone();
    work.edit(&relationships_part(&part), |text| Ok((smallparts::remove_relationship(text, &part, &chain)?, ())))
}

fn content_types(work: &mut Work<'_>) -> Result<()> {
    let dropped: Vec<String> = work.dropped.iter().cloned().collect();
    let added: Vec<String> = work.added.keys().cloned().collect();
    work.edit(CONTENT_TYPES, |text| {
        let mut text = text.to_owned();
        for part in &dropped {
            text = smallparts::remove_content_type(&text, part)?.unwrap_or(text);
        }
        for part in &added {
            let kind = match part.as_str() {
                name if name.starts_with("xl/worksheets/") && name.ends_with(".xml") => SHEET_TYPE,
                name if name.starts_with("xl/comments") => COMMENTS_TYPE,
                name if name.starts_with("xl/threadedComments/") => THREADS_TYPE,
                name if name.starts_with("xl/charts/") => CHART_TYPE,
                name if name.starts_with("xl/drawings/wijk") && name.ends_with(".xml") => DRAWING_TYPE,
                name if name.ends_with(".vml") => VML_TYPE,
                "xl/styles.xml" => "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
                "xl/sharedStrings.xml" => {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                }
                _ => continue,
            };
            text = smallparts::add_content_type(&text, part, kind)?;
        }
        Ok((Some(text), ()))
    })
}

fn write(work: &Work<'_>) -> Result<Vec<u8>> {
    let archive = work.old.archive();
    let failed = |error: io::Error| {
        Error::content(
            archive.file_name(),
            format!("het nieuwe werkboek kan niet worden samengesteld ({error})"),
            "Probeer het opnieuw; is er genoeg ruimte?",
        )
    };
    let packed = |packing, bytes: &[u8]| compress(packing, failed, |out| out.write_all(bytes).map_err(failed));
    let mut bytes = Vec::new();
    let mut container = Container::new(&mut bytes);
    for entry in archive.entries() {
        let key = part_key(&entry.name);
        if work.dropped.contains(&key) {
            continue;
        }
        match work.texts.iter().find(|(name, _)| part_key(name) == key) {
            Some((_, (text, stored))) => {
                container
                    .replace(archive, entry, packed(entry.packing, &encode(text, *stored))?)
                    .map_err(failed)?;
            }
            None => container.copy(archive, entry).map_err(failed)?,
        }
    }
    for (name, text) in &work.added {
        container.add(name, packed(Packing::Deflated, text.as_bytes())?).map_err(failed)?;
    }
    container.finish(archive.comment()).map_err(failed)?;
    Ok(bytes)
}
