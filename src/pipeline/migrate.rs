//! Taking filled workbooks to another version of the format: one, or all in a folder.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::folder::{self, WorkbookFailure, csv_bytes};
use super::many::Progress;
use super::office::Office;
use super::{Session, extension, in_folders, inputs, refuse_existing};
use crate::error::{Error, Result};
use crate::format::{self, BuildOptions, ListTab, RECORD_TAB, VERSION_PROPERTY};
use crate::model::{CHART_TAB, Format, Overview, Verdict, major_minor, parse_a1};
use crate::overview;
use crate::package::{
    Archive, Changes, Fate, Graft, GraftTab, Grafted, Handle, HiddenTab, Referrer, Spreadsheet, Target,
    cells_with_pictures, dress, graft, lock, pictures_in_cells, write_together,
};
use crate::workbook::{self, Details, Migration, MigrationInput, Move, Unplaced, Workbook};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct MigrateRequest {
    /// The filled workbook, or a folder with workbooks.
    pub workbook: PathBuf,
    /// Folder with the format it was made with; `None`: the one that is recognised.
    pub from: Option<PathBuf>,
    /// The new workbook, or the folder for all of them; `None`: beside the old one.
    pub output: Option<PathBuf>,
    /// An overview for the new workbook; `None`: its own.
    pub overview: Option<PathBuf>,
    /// Replace existing files.
    pub force: bool,
}

/// The format with which a workbook was read that says no version itself, when none was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// Its version.
    pub version: String,
    /// Whether it is the built-in format; otherwise it is the new one.
    pub built_in: bool,
}

/// What came of one workbook.
#[derive(Debug, Clone, Serialize)]
pub struct MigrateOutcome {
    /// The old workbook.
    pub workbook: PathBuf,
    /// The new workbook.
    pub output: PathBuf,
    /// The report of every move.
    pub report: PathBuf,
    /// Version of the old workbook; `None` for the classic format.
    pub from_version: Option<String>,
    /// Version of the new workbook.
    pub to_version: String,
    /// Every move, in the order of the old workbook.
    pub moves: Vec<Move>,
    /// What stands on the tab for what has no place.
    pub unplaced: Vec<Unplaced>,
    /// Name of that tab; empty without one.
    pub unplaced_tab: String,
    /// Old tabs that stayed whole beside the new ones: old name, new name, why.
    pub kept_old: Vec<(String, String, String)>,
    /// Own tabs that stayed.
    pub own_tabs: usize,
    /// The version of the old workbook, when no format of that version was at hand: then not every text of the format is
    /// known as such.
    pub unknown_version: Option<String>,
    /// The format with which the old workbook was read, when neither the workbook nor the request says which it is.
    pub chosen: Option<Chosen>,
    /// Who has the old workbook open: what was not saved yet did not go along.
    pub open_at: Option<String>,
}

/// What came of a folder.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MigrateMany {
    /// What succeeded, in the order of the names.
    pub done: Vec<MigrateOutcome>,
    /// What failed, in the order of the names.
    pub failed: Vec<WorkbookFailure>,
    /// The summary over all of them.
    pub summary: PathBuf,
}

/// A migrated workbook in memory.
#[derive(Debug)]
pub(crate) struct Migrated {
    pub(crate) bytes: Vec<u8>,
    pub(crate) plan: Migration,
    /// Name of the tab with what has no place, when there is any.
    pub(crate) list: Option<String>,
    pub(crate) from_version: Option<String>,
    /// The format of the old version was at hand, or the workbook says no version.
    pub(crate) known: bool,
    /// The format that was taken for it, when nobody and nothing said which.
    pub(crate) chosen: Option<Chosen>,
}

impl Session {
    /// Takes a filled workbook to the version of this session's format. The old workbook stays as it is.
    ///
    /// # Errors
    /// When it cannot be read, is of a newer or refused version, the target exists, or one text could not be found back
    /// in the result. Nothing is written then.
    pub fn migrate(&self, request: &MigrateRequest) -> Result<MigrateOutcome> {
        let output = request.output.clone().unwrap_or_else(|| self.migrated_name(&request.workbook));
        Office::Workbook.keeps_kind(&request.workbook, &output)?;
        let old_format = request.from.as_deref().map(format::load).transpose()?;
        let report = report_name(&output, true);
        self.migrate_one(&request.workbook, (&output, report), old_format.as_ref(), request)
    }

    /// The same for every workbook in a folder, into another folder. A workbook that fails does not stop the others.
    ///
    /// # Errors
    /// Only what holds for all of them: the folder cannot be read or holds no workbook, no target folder is given.
    pub fn migrate_folder(
        &self,
        request: &MigrateRequest,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<MigrateMany> {
        let Some(folder) = request.output.clone() else {
            return Err(Error::request(
                "Er is geen map opgegeven voor de nieuwe werkboeken",
                "Geef achter -o een map; de oude werkboeken blijven waar ze zijn.",
            ));
        };
        let files = folder::workbooks(&request.workbook, &["xlsx", "xlsm", "xls", "ods"], Some(folder.as_path()))?;
        if files.is_empty() {
            return Err(Error::request(
                format!("In {} staan geen werkboeken", request.workbook.display()),
                "Geef een map met werkboeken (.xlsx of .xlsm).",
            ));
        }
        let summary = folder.join("Samenvatting migratie.csv");
        refuse_existing([summary.as_path()].into_iter(), request.force)?;
        let old_format = request.from.as_deref().map(format::load).transpose()?;
        let names = files.clone();
        let (done, failed) = folder::each(files, progress, |path| {
            let output = folder::beside(path, &request.workbook, &folder);
            // Two workbooks that differ in their kind only have a report each.
            let stem = |path: &Path| path.with_extension("").to_string_lossy().to_lowercase();
            let alone = names.iter().filter(|other| stem(other) == stem(path)).count() < 2;
            let report = report_name(&output, alone);
            self.migrate_one(path, (&output, report), old_format.as_ref(), request)
        });
        let many = MigrateMany { done, failed, summary: summary.clone() };
        let bytes = summary_csv(&many, &request.workbook)?;
        in_folders([folder.as_path()], || {
            write_together(&[(Target { path: summary, force: request.force, backup: false }, bytes.as_slice())])
        })?;
        Ok(many)
    }

    fn migrate_one(
        &self,
        path: &Path,
        (output, report): (&Path, PathBuf),
        old_format: Option<&Format>,
        request: &MigrateRequest,
    ) -> Result<MigrateOutcome> {
        let same = |one: &Path, other: &Path| matches!((one.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if same(path, output) {
            return Err(Error::request(
                format!("{} is het werkboek zelf", output.display()),
                "Kies een andere naam of map; het oude werkboek blijft zoals het is.",
            ));
        }
        refuse_existing([output, report.as_path()].into_iter(), request.force)?;
        if let Some(lock) = lock(output) {
            return Err(Error::request(
                format!("{} is open bij {}", inputs::file_name(output), lock.owner),
                "Sluit het bestand en probeer het opnieuw.",
            ));
        }
        let given = match &request.overview {
            Some(path) => Some(self.overview(Some(path))?.0),
            None => None,
        };
        let migrated =
            self.migrated(&inputs::file_name(path), inputs::source(path)?, old_format, given.as_ref())?;
        let Migrated { bytes, plan, list, from_version, known, chosen } = migrated;
        let report_bytes = moves_csv(&plan.moves)?;
        let target = |path: &Path| Target { path: path.to_path_buf(), force: request.force, backup: false };
        let folder = output.parent().unwrap_or(Path::new("")).to_path_buf();
        in_folders([folder.as_path()].into_iter().filter(|path| !path.as_os_str().is_empty()), || {
            write_together(&[(target(&report), report_bytes.as_slice()), (target(output), bytes.as_slice())])
        })?;
        Ok(MigrateOutcome {
            workbook: path.to_path_buf(),
            output: output.to_path_buf(),
            report,
            unknown_version: from_version.clone().filter(|_| !known),
            from_version,
            chosen,
            to_version: self.format.version.clone(),
            moves: plan.moves,
            unplaced: plan.unplaced,
            unplaced_tab: list.unwrap_or_default(),
            kept_old: plan.kept_old,
            own_tabs: plan.own_tabs,
            open_at: lock(path).map(|lock| lock.owner),
        })
    }

    /// `Analyse.xlsx` -> `Analyse - versie 1.2.xlsx`, in the same folder.
    fn migrated_name(&self, workbook: &Path) -> PathBuf {
        let stem = workbook.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        workbook.with_file_name(format!("{stem} - versie {}.{}", self.format.version, extension(workbook)))
    }

    /// Migrates in memory. `old_format` is the format it was made with, when the caller knows it.
    pub(crate) fn migrated(
        &self,
        file: &str,
        source: Handle,
        old_format: Option<&Format>,
        given: Option<&Overview>,
    ) -> Result<Migrated> {
        let built_in = format::builtin()?;
        let candidates: Vec<&Format> = match old_format {
            Some(format) => vec![format],
            None if self.format == built_in => vec![&self.format],
            // Of a workbook that says no version the first of equals is taken: the one that was there before.
            None => vec![&built_in, &self.format],
        };
        let (mut old, mut old_format) = best_reading(file, &source, &candidates)?;
        let version = old.analysis.format_version.clone();
        let is_of = |format: &Format| version.as_deref().map(major_minor) == Some(major_minor(&format.version));
        if !is_of(old_format) && is_of(&self.format) {
            // The format that was given is that of other workbooks; this one was taken to the new version before.
            (old, old_format) = best_reading(file, &source, &[&self.format])?;
        }
        self.refuse_version(file, version.as_deref())?;
        let chosen = (candidates.len() > 1 && version.is_none()).then(|| Chosen {
            version: old_format.version.clone(),
            built_in: std::ptr::eq(old_format, &built_in),
        });
        let Some(package) = &old.package else {
            return Err(Error::content(
                file,
                "dit soort bestand kan niet worden overgezet",
                "Open het in Excel of LibreOffice, sla het op als .xlsx en zet dat bestand over.",
            ));
        };
        // An overview tab that cannot be read is no reason to leave the rest behind: it then stays whole.
        let own = self.own_overview(&old, &source).ok().and_then(|(overview, _)| overview);
        let example = overview::example()?;
        let nothing = Overview::default();
        let knows = |overview: &&Overview| overview.area_index(&self.format.benchmark.0).is_some();
        let figures = given.or(own.as_ref()).or(Some(&example).filter(knows)).unwrap_or(&nothing);
        let build = |format: &Format, overview: &Overview, lists: Vec<ListTab>| {
            format::build(format, overview, &BuildOptions { lists, ..BuildOptions::default() })
        };
        let new_bytes = build(&self.format, figures, Vec::new())?;
        let new = workbook::open("nieuw", new_bytes.clone(), &self.format, Details::None)?;
        // The blank workbook of the old version tells what the format wrote; it is known when the versions agree. Of another
        // version it still tells how often.
        let same_version = |found: &str| major_minor(found) == major_minor(&old_format.version);
        let like = build(old_format, own.as_ref().unwrap_or(&example), Vec::new())?;
        let like = workbook::open("leeg", like, old_format, Details::None)?;
        let blank = Some(&like).filter(|_| version.as_deref().is_some_and(same_version));
        let mut plan = workbook::migration(&MigrationInput {
            old: &old,
            old_format,
            old_blank: blank,
            old_like: &like,
            new: &new,
            new_format: &self.format,
            overview: own.as_ref(),
        })?;
        name_pictures(package, &mut plan)?;
        let (mut grafted, mut list) = self.grafted(package, (figures, &new_bytes), &plan)?;
        if !grafted.given_up.is_empty() {
            let mut links: Vec<Unplaced> = Vec::new();
            // The formulas that were given up stand on the list too, which is built with the tabs.
            for (at, formula, fate) in std::mem::take(&mut grafted.given_up) {
                // Only cells have a place that can be looked up; of the rest the tab and what it is.
                let (tab, cell) = match at {
                    Referrer::Cell(at) => (at.tab.clone(), at.a1()),
                    Referrer::Chart(tab) => (tab, "(grafiek)".to_owned()),
                    Referrer::Drawing(tab) => (tab, "(afbeelding of tekstvak)".to_owned()),
                    Referrer::Name => ("(naam)".to_owned(), String::new()),
                };
                let (what, reason) = fate_words(fate);
                let plain = what == "link" || fate == Fate::LostName;
                let text = if plain { formula } else { format!("={formula}") };
                plan.moves.push(Move {
                    from_tab: tab.clone(),
                    from_cell: cell.clone(),
                    what: what.to_owned(),
                    text: text.clone(),
                    to_tab: String::new(),
                    to_cell: String::new(),
                    remark: reason.to_owned(),
                });
                let line = Unplaced { tab, cell, what: what.to_owned(), text, reason: reason.to_owned() };
                match matches!(fate, Fate::TopOfTab | Fate::DeadLink) {
                    true => links.push(line),
                    false => plan.unplaced.push(line),
                }
            }
            plan.unplaced.extend(links_by_tab(links));
            (grafted, list) = self.grafted(package, (figures, &new_bytes), &plan)?;
        }
        let bytes = self.written(file, grafted, &plan)?;
        let bytes = dressed(file, bytes, &plan, list.as_deref())?;
        let bytes = pictures_in_cells(package, file, bytes, &plan.graft.places)?;
        let result = Spreadsheet::open(Archive::from_bytes(file, bytes)?)?;
        let missing = workbook::verify(package, &result, &plan)?;
        if let Some((at, text)) = missing.first() {
            return Err(Error::content(
                file,
                format!(
                    "van {} teksten kon niet worden vastgesteld dat ze in het nieuwe werkboek staan; de eerste staat in \
                     cel {} van tabblad '{}': '{text}'",
                    missing.len(),
                    at.a1(),
                    at.tab
                ),
                "Er is niets geschreven en het oude werkboek is niet veranderd. Meld dit aan de beheerder.",
            ));
        }
        let bytes = result.archive().handle().all().map(|all| all.to_vec());
        let bytes = bytes.map_err(|error| Error::file(Path::new(file), "Het werkboek lezen lukt niet", error))?;
        let known = blank.is_some() || version.is_none();
        Ok(Migrated { bytes, plan, list, from_version: version, known, chosen })
    }

    fn refuse_version(&self, file: &str, version: Option<&str>) -> Result<()> {
        let made_with = version.map_or("het klassieke format".to_owned(), |version| format!("versie {version}"));
        match self.format.verdict(version) {
            Verdict::Accepted | Verdict::Migrate => Ok(()),
            Verdict::Newer => Err(Error::content(
                file,
                format!("het werkboek is gemaakt met {made_with} en het doel is versie {}", self.format.version),
                "Terug naar een oudere versie kan niet. Kies met --naar een format dat nieuwer is.",
            )),
            Verdict::Refused => Err(Error::content(
                file,
                format!(
                    "het werkboek is gemaakt met {made_with}; versie {} neemt dat niet aan",
                    self.format.version
                ),
                "Vraag de beheerder welke versie ertussen zit, en zet het werkboek eerst daarnaar over.",
            )),
        }
    }

    /// The old package with the new tabs, and the name of the list of what has no place.
    fn grafted(
        &self,
        old: &Spreadsheet,
        (figures, without_list): (&Overview, &[u8]),
        plan: &Migration,
    ) -> Result<(Grafted, Option<String>)> {
        let list = (!plan.unplaced.is_empty()).then(|| ListTab {
            name: workbook::unplaced_tab(old),
            explanation:
                "Deze teksten hadden in de nieuwe versie van het format geen plaats. Knip en plak wat u nog \
                          nodig hebt; daarna mag dit tabblad weg."
                    .to_owned(),
            headings: [("Tabblad", 26), ("Cel", 8), ("Wat het is", 34), ("Tekst", 90), ("Waarom", 44)]
                .map(|(heading, width)| (heading.to_owned(), width))
                .to_vec(),
            rows: plan
                .unplaced
                .iter()
                .map(|line| {
                    [&line.tab, &line.cell, &line.what, &line.text, &line.reason].map(Clone::clone).to_vec()
                })
                .collect(),
        });
        let bytes = match &list {
            Some(list) => {
                let options = BuildOptions { lists: vec![list.clone()], ..BuildOptions::default() };
                format::build(&self.format, figures, &options)?
            }
            None => without_list.to_vec(),
        };
        let built = Spreadsheet::open(Archive::from_bytes("nieuw", bytes)?)?;
        let mut wanted = Graft { tabs: plan.graft.tabs.clone(), ..Graft::default() };
        wanted.places.clone_from(&plan.graft.places);
        wanted.notes.clone_from(&plan.graft.notes);
        wanted.hidden.clone_from(&plan.graft.hidden);
        wanted.dropped_names.clone_from(&plan.graft.dropped_names);
        wanted.drawn_from.clone_from(&plan.graft.drawn_from);
        let hidden =
            [CHART_TAB, RECORD_TAB].into_iter().filter(|name| built.sheet(name).is_some()).map(str::to_owned);
        let list = list.map(|list| list.name);
        for name in list.iter().cloned().chain(hidden) {
            wanted.tabs.push(GraftTab::Fresh { built: name, old: None });
        }
        Ok((graft(old, &built, &wanted)?, list))
    }

    /// The grafted package with everything in its place.
    fn written(&self, file: &str, grafted: Grafted, plan: &Migration) -> Result<Vec<u8>> {
        let book = Spreadsheet::open(Archive::from_bytes(file, grafted.bytes)?)?;
        let version = self.format.version.as_str();
        let mut changes = Changes {
            cells: plan.edits.clone(),
            custom_properties: vec![(VERSION_PROPERTY.to_owned(), version.to_owned())],
            ..Changes::default()
        };
        if plan.record != crate::workbook::FillRecord::default() {
            let rows = plan.record.to_rows(Some(version), version);
            changes.hidden_tab = Some(HiddenTab { name: RECORD_TAB.to_owned(), rows });
        }
        let mut bytes = Vec::new();
        let applied = book.apply(&changes, &mut bytes)?;
        match applied.refused.first() {
            None => Ok(bytes),
            Some(refusal) => Err(Error::content(
                file,
                format!(
                    "cel {} van tabblad '{}' kan niet worden gevuld. {}",
                    refusal.cell.a1(),
                    refusal.cell.tab,
                    refusal.reason
                ),
                "Er is niets geschreven. Meld dit aan de beheerder van het format.",
            )),
        }
    }
}

/// What became of a formula or link outside the tabs of the format: what it is, and why it is on the list.
/// A picture that Excel keeps in a cell reads as an error; on the list it is called what it is.
fn name_pictures(old: &Spreadsheet, plan: &mut Migration) -> Result<()> {
    for line in plan.unplaced.iter_mut().filter(|line| line.text == "#VALUE!" && old.sheet(&line.tab).is_some()) {
        let Some(at) = parse_a1(&line.cell) else { continue };
        if cells_with_pictures(old, &line.tab)?.contains_key(&at) {
            line.text = "afbeelding in de cel: #VALUE!".to_owned();
            line.reason = format!("{}; de afbeelding staat nog in het oude werkboek", line.reason);
        }
    }
    Ok(())
}

/// Links that lead elsewhere now: of a tab with many of them, as a copy of a tab of the format is, one line for each reason.
/// The report names them all.
fn links_by_tab(links: Vec<Unplaced>) -> Vec<Unplaced> {
    /// So many links of one tab are told one by one.
    const FEW: usize = 3;
    let mut groups: Vec<Vec<Unplaced>> = Vec::new();
    for link in links {
        let same = |group: &&mut Vec<Unplaced>| {
            group.first().is_some_and(|first| (&first.tab, &first.reason) == (&link.tab, &link.reason))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(link),
            None => groups.push(vec![link]),
        }
    }
    let told = |group: Vec<Unplaced>| match group.as_slice() {
        [first, rest @ ..] if group.len() > FEW => {
            let text = format!("{} en nog {} links", first.text, rest.len());
            vec![Unplaced { text, ..first.clone() }]
        }
        _ => group,
    };
    groups.into_iter().flat_map(told).collect()
}

fn fate_words(fate: Fate) -> (&'static str, &'static str) {
    match fate {
        Fate::Outcome => {
            ("formule", "de formule verwijst naar cellen die zijn verplaatst; de uitkomst is blijven staan")
        }
        Fate::Nothing => (
            "formule",
            "de formule verwijst naar cellen die zijn verplaatst en is weg; er was geen uitkomst bij bewaard",
        ),
        Fate::LostName => (
            "naam",
            "de cellen waar deze naam voor staat, staan niet meer bij elkaar of bestaan niet meer; de naam is weg",
        ),
        Fate::Unfollowed => (
            "formule",
            "de formule staat er nog, maar zoekt cellen met een tekst (zoals INDIRECT), en die tekst is niet aangepast; \
             kijk of hij nog klopt",
        ),
        Fate::Calculated => (
            "formule",
            "de formule staat er nog, maar zoekt cellen met een berekening (zoals VERSCHUIVING/OFFSET), en in de nieuwe versie \
             kunnen daar andere cellen staan; kijk of hij nog klopt",
        ),
        Fate::DeadRule => (
            "keuzelijst, regel of kleine grafiek",
            "de cellen waarnaar wordt verwezen, staan niet meer bij elkaar of bestaan niet meer; maak de keuzelijst of regel opnieuw",
        ),
        Fate::TopOfTab => (
            "link",
            "de cel waar de link naar ging, is verplaatst of weg; de link gaat nu naar het begin van het tabblad",
        ),
        Fate::DeadLink => {
            ("link", "het tabblad waar de link naar ging, bestaat niet meer; de link doet niets meer")
        }
    }
}

/// What to know of a workbook of a version of which no format is at hand.
#[must_use]
pub fn unknown_version(version: &str) -> String {
    format!(
        "het werkboek is van versie {version}, en dat format is er niet bij; teksten van het format zelf kunnen daardoor op \
         'Niet geplaatst' staan. Geef met --van de map met het format van versie {version} mee"
    )
}

/// What to know of a workbook that says no version, when no format was given for it.
#[must_use]
pub fn chosen_format(chosen: &Chosen) -> String {
    let which = if chosen.built_in { "ingebouwde" } else { "nieuwe" };
    format!(
        "het werkboek zegt niet met welk format het is gemaakt; het is gelezen met het {which} format (versie {}). Was het een \
         ander, geef dan met --van de map van dat format mee",
        chosen.version
    )
}

/// What to know of a workbook that somebody has open.
#[must_use]
pub fn still_open(owner: &str) -> String {
    format!("het oude werkboek is open bij {owner}; wat nog niet was opgeslagen, is niet mee overgezet")
}

/// Name of the report of a workbook: `Analyse - verslag.csv`, or with its kind when it is not the only one of that name.
fn report_name(output: &Path, alone: bool) -> PathBuf {
    let name = if alone { output.file_stem() } else { output.file_name() };
    let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    output.with_file_name(format!("{name} - verslag.csv"))
}

/// The written package with what people gave its tabs besides values; `list` is the tab with what has no place.
fn dressed(file: &str, bytes: Vec<u8>, plan: &Migration, list: Option<&str>) -> Result<Vec<u8>> {
    /// The first line of the list, and the column with the text, as the format builds it.
    const LIST: (u32, u32) = (3, 3);
    let mut tabs = plan.dress.clone();
    if let Some(list) = list {
        let lines = &mut tabs.entry(list.to_owned()).or_default().cells;
        for (index, dress) in &plan.listed {
            let row = u32::try_from(*index).unwrap_or(u32::MAX - LIST.0).saturating_add(LIST.0);
            lines.insert((row, LIST.1), dress.clone());
        }
    }
    if tabs.is_empty() {
        return Ok(bytes);
    }
    dress(&Spreadsheet::open(Archive::from_bytes(file, bytes)?)?, &tabs)
}

/// The format of which most is recognised in the workbook; of equals the one of the workbook's own version, whose blank
/// workbook tells what the format wrote, and otherwise the first.
pub(super) fn best_reading<'f>(
    file: &str,
    source: &Handle,
    formats: &[&'f Format],
) -> Result<(Workbook, &'f Format)> {
    let mut best: Option<((usize, bool, bool), Workbook, &Format)> = None;
    let mut refused = None;
    for format in formats {
        match workbook::open(file, source.clone(), format, Details::None) {
            Ok(read) => {
                let version = read.analysis.format_version.as_deref().map(major_minor);
                let same = version == Some(major_minor(&format.version));
                let seen = match formats.len() {
                    1 => 0,
                    _ => recognised(&read) + workbook::places_known(&read, format)?,
                };
                // Of a workbook that says a version the last of equals, which is the format of the goal.
                let known = (seen, same, version.is_some() && best.is_some());
                if best.as_ref().is_none_or(|(most, ..)| known > *most) {
                    best = Some((known, read, format));
                }
            }
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    match (best, refused) {
        (Some((_, read, format)), _) => Ok((read, format)),
        (None, Some(error)) => Err(error),
        (None, None) => {
            Err(Error::request("Er is geen format om het werkboek mee te lezen", "Geef --van MAP mee."))
        }
    }
}

/// How much of a workbook is recognised.
fn recognised(read: &Workbook) -> usize {
    let analysis = &read.analysis;
    let questions = |questions: &[crate::model::Question]| questions.iter().filter(|q| q.code.is_some()).count();
    let pijlers = analysis.pijlers.iter().map(|tab| {
        let blocks = tab.blocks.iter().map(|block| {
            questions(&block.questions) + block.indicators.iter().filter(|row| row.code.is_some()).count()
        });
        blocks.sum::<usize>() + questions(&tab.questions) + tab.closing.len()
    });
    let summary = analysis.summary.iter().map(|tab| questions(&tab.questions) + tab.closing.len());
    pijlers.sum::<usize>()
        + summary.sum::<usize>()
        + analysis.tabs.iter().filter(|tab| tab.kind != crate::model::TabKind::Other).count()
}

/// Every move as a csv for Excel.
fn moves_csv(moves: &[Move]) -> Result<Vec<u8>> {
    let headings = ["van tabblad", "van cel", "wat", "tekst", "naar tabblad", "naar cel", "opmerking"];
    csv_bytes(
        &headings,
        moves.iter().map(|line| {
            [&line.from_tab, &line.from_cell, &line.what, &line.text, &line.to_tab, &line.to_cell, &line.remark]
                .map(Clone::clone)
                .to_vec()
        }),
    )
}

/// One line per workbook.
fn summary_csv(many: &MigrateMany, from: &Path) -> Result<Vec<u8>> {
    let headings = [
        "werkboek",
        "uitkomst",
        "van versie",
        "naar versie",
        "verplaatst",
        "niet geplaatst",
        "eigen tabbladen",
        "opmerking",
    ];
    let done = many.done.iter().map(|done| {
        let moved = done.moves.iter().filter(|line| !line.to_tab.is_empty()).count();
        let mut kept: Vec<String> =
            done.kept_old.iter().map(|(_, name, why)| format!("'{name}' bewaard: {why}")).collect();
        kept.extend(done.unknown_version.as_deref().map(unknown_version));
        kept.extend(done.chosen.as_ref().map(chosen_format));
        kept.extend(done.open_at.as_deref().map(still_open));
        vec![
            folder::called(&done.workbook, from),
            "gelukt".to_owned(),
            done.from_version.clone().unwrap_or_else(|| crate::model::CLASSIC.to_owned()),
            done.to_version.clone(),
            moved.to_string(),
            done.unplaced.len().to_string(),
            done.own_tabs.to_string(),
            kept.join("; "),
        ]
    });
    let failed = many.failed.iter().map(|failed| {
        let empty = String::new;
        vec![
            folder::called(&failed.workbook, from),
            "niet gelukt".to_owned(),
            empty(),
            empty(),
            empty(),
            empty(),
            empty(),
            failed.reason.clone(),
        ]
    });
    csv_bytes(&headings, done.chain(failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_links_of_one_tab_that_lead_elsewhere_are_one_line_and_a_few_are_told_apart() {
        let link = |tab: &str, cell: u32| Unplaced {
            tab: tab.into(),
            cell: format!("B{cell}"),
            what: "link".into(),
            text: format!("Overzicht!A{cell}"),
            reason: "verplaatst".into(),
        };
        let links =
            (1..=9).map(|cell| link("Kopie", cell)).chain((1..=2).map(|cell| link("Eigen", cell))).collect();
        let told: Vec<(String, String)> =
            links_by_tab(links).into_iter().map(|line| (line.cell, line.text)).collect();
        let pairs: Vec<(&str, &str)> = told.iter().map(|(cell, text)| (cell.as_str(), text.as_str())).collect();
        assert_eq!(pairs, [("B1", "Overzicht!A1 en nog 8 links"), ("B1", "Overzicht!A1"), ("B2", "Overzicht!A2")]);
    }
}
