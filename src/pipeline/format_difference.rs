//! What differs between two formats, each a folder, a workbook or the built-in one, and the lines about it in the change log.
//!
//! Owns by which format a workbook is read, and where the lines go. Which differences there are is `format`'s business.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::derive::derive_with;
use super::{expect_extension, inputs, refuse_existing, write_bytes};
use crate::definition_file::Source;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::format::{self, Change};
use crate::model::{ChangeLogEntry, Format, Verdict, major_minor};
use crate::{overview, workbook};

/// The word for the format that is built into the program.
const BUILT_IN: &str = "ingebouwd";

/// What differs between two formats.
#[derive(Debug, Clone, Serialize)]
pub struct FormatDifference {
    /// Version of the old one.
    pub old_version: String,
    /// Version of the new one.
    pub new_version: String,
    /// Every change, risky ones first.
    pub changes: Vec<Change>,
    /// Definition files with another content of which no change tells.
    pub other_files: Vec<String>,
    /// What was not understood, or only in part, of a workbook.
    pub not_understood: Vec<Finding>,
    /// The file with the lines added to the change log, when one was asked for.
    pub log: Option<PathBuf>,
    /// How many lines came in it; `None` when no log was asked for. Without lines nothing is written.
    pub log_lines: Option<usize>,
}

/// The lines for the change log of the new format.
#[derive(Debug, Clone)]
pub struct LogRequest {
    /// Where the `format.toml`, or the workbook, with the lines is written; `None`: in the new format's own folder.
    pub output: Option<PathBuf>,
    /// Date of the lines, ISO.
    pub date: String,
    /// Who made the version.
    pub who: String,
    /// Replace an existing file.
    pub force: bool,
}

/// A format with the texts of its files.
struct Known {
    format: Format,
    sources: Vec<(&'static str, String)>,
}

/// One side of a comparison.
struct Side {
    known: Known,
    /// What was not understood when it is a workbook.
    notes: Vec<Finding>,
    /// The workbook, for its log.
    workbook: Option<Vec<u8>>,
    /// What lies beside the definition in a folder: areas and mappings.
    beside: BTreeMap<String, String>,
    /// What a workbook does not show and nobody filled in.
    open: format::OpenFields,
}

/// True for the name of a workbook; everything else is a folder or the built-in format.
fn is_workbook(path: &Path) -> bool {
    path.is_file()
}

/// The format of a folder, or the built-in one.
fn known(folder: Option<&Path>) -> Result<Known> {
    Ok(Known { format: folder.map_or_else(format::builtin, format::load)?, sources: format::sources(folder)? })
}

/// A format by the word for the built-in one or by its folder.
fn named(path: &Path) -> Result<Side> {
    let folder = (path.as_os_str() != BUILT_IN).then_some(path);
    if folder.is_none_or(Path::is_dir) {
        return Ok(Side {
            known: known(folder)?,
            notes: Vec::new(),
            workbook: None,
            beside: beside(folder)?,
            open: format::OpenFields::new(),
        });
    }
    Err(Error::request(
        format!("{} is geen map met een format en geen werkboek", path.display()),
        format!(
            "Geef een map met definitiebestanden, een werkboek van het format (xlsx), of het woord '{BUILT_IN}' voor het \
             ingebouwde format."
        ),
    ))
}

/// The areas and the mappings in use: those of the folder, or the built-in ones where it has none.
fn beside(folder: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let own_mappings = folder.map(|folder| folder.join("bronnen")).filter(|mappings| mappings.is_dir());
    let mut files: BTreeMap<String, String> = overview::export()
        .into_iter()
        .filter(|(name, _)| own_mappings.is_none() || *name == "gebieden.csv")
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let mut paths = Vec::new();
    if let Some(mappings) = own_mappings {
        let failed = |error| Error::file(&mappings, "de map met koppelingen lezen", error);
        for entry in std::fs::read_dir(&mappings).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
                paths.push((format!("bronnen/{}", inputs::file_name(&path)), path));
            }
        }
    }
    let areas = folder.map(|folder| folder.join("gebieden.csv")).filter(|areas| areas.is_file());
    paths.extend(areas.map(|areas| ("gebieden.csv".to_owned(), areas)));
    for (name, path) in paths {
        let text = Source::own(&name, &inputs::bytes(&path)?).text;
        files.insert(name, text);
    }
    Ok(files)
}

/// A format out of a workbook: read by the format that has its version, else by the first that is not older; what the
/// workbook does not show is as there.
fn shown_by(path: &Path, candidates: &[&Known]) -> Result<Side> {
    let (name, bytes) = (inputs::file_name(path), inputs::bytes(path)?);
    let version = workbook::format_version(&name, bytes.clone())?;
    let same = |known: &&&Known| version.as_deref().map(major_minor) == Some(major_minor(&known.format.version));
    let fits = |known: &&&Known| known.format.verdict(version.as_deref()) != Verdict::Newer;
    let by = candidates.iter().find(same).or_else(|| candidates.iter().find(fits)).or(candidates.first());
    let by = match by {
        Some(by) => *by,
        None => &known(None)?,
    };
    let derived = derive_with(&name, bytes.clone().into(), &by.format, &format::units(&by.sources))?;
    let texts: BTreeMap<String, String> = format::files(&derived, &by.format, &by.sources).into_iter().collect();
    let sources =
        by.sources.iter().map(|(name, text)| (*name, texts.get(*name).unwrap_or(text).clone())).collect();
    let open = derived.open_fields();
    let partly = ["lees-niet-begrepen", "lees-tegenstrijdig", "lees-ingevuld"];
    let mut notes: Vec<Finding> =
        derived.notes.into_iter().filter(|note| partly.contains(&note.code.as_str())).collect();
    for note in &mut notes {
        note.place.file = Some(name.clone());
    }
    let known = Known { format: derived.format, sources };
    Ok(Side { known, notes, workbook: Some(bytes), beside: BTreeMap::new(), open })
}

/// Both sides. What a workbook does not show is as on the other side where that has its version, so that it is no difference.
fn sides(base: Option<&Path>, old: &Path, new: &Path) -> Result<(Side, Side)> {
    let mut others = vec![known(None)?];
    if let Some(base) = base {
        others.insert(0, known(Some(base))?);
    }
    let by = |side: Option<&Side>, path: &Path| {
        let candidates: Vec<&Known> = side.map(|side| &side.known).into_iter().chain(&others).collect();
        shown_by(path, &candidates)
    };
    Ok(match (is_workbook(old), is_workbook(new)) {
        (false, false) => (named(old)?, named(new)?),
        (false, true) => {
            let before = named(old)?;
            let after = by(Some(&before), new)?;
            (before, after)
        }
        (true, false) => {
            let after = named(new)?;
            (by(Some(&after), old)?, after)
        }
        (true, true) => {
            let before = by(None, old)?;
            let after = by(Some(&before), new)?;
            (before, after)
        }
    })
}

/// Compares two formats, each a folder, a workbook or the built-in one. A workbook is read by the format of its version: the
/// other side, `base`, or the built-in one. With `log` the new `format.toml`, or the new workbook, is written with a line per
/// change.
///
/// # Errors
/// When one of them cannot be loaded, or the file cannot be written.
pub fn compare_formats(
    base: Option<&Path>,
    old: &Path,
    new: &Path,
    log: Option<&LogRequest>,
) -> Result<FormatDifference> {
    if log.is_some_and(|log| log.output.is_none()) && is_workbook(new) {
        return Err(in_the_workbook_itself());
    }
    // As the format is read: the day alone, and one that Excel knows.
    let day = match log.map(|log| (log, log.date.parse::<jiff::civil::Date>())) {
        Some((_, Ok(day))) if (1900..=2100).contains(&day.year()) => day.to_string(),
        Some((log, _)) => {
            return Err(Error::request(
                format!("'{}' is geen datum van nu", log.date),
                "Geef de datum als jaar-maand-dag, zoals 2027-01-15.",
            ));
        }
        None => String::new(),
    };
    let (before, after) = sides(base, old, new)?;
    let changes = format::difference(&before.known.format, &after.known.format);
    let changes = format::without_stand_ins(changes, &before.open, &after.open);
    let other_files = other_files(&before, &after, &changes);
    let (mut written, mut added) = (None, None);
    if let Some(log) = log {
        let mut lines = format::change_log(&changes, &after.known.format.version, &day, &log.who);
        // What the log says already is not said twice.
        let log_now = &after.known.format.change_log;
        lines.retain(|line| !log_now.iter().any(|known| known.version == line.version && known.what == line.what));
        added = Some(lines.len());
        if !lines.is_empty() {
            written = Some(write_log(new, &after, &lines, log)?);
        }
    }
    Ok(FormatDifference {
        old_version: before.known.format.version,
        new_version: after.known.format.version,
        changes,
        other_files,
        not_understood: before.notes.into_iter().chain(after.notes).collect(),
        log: written,
        log_lines: added,
    })
}

/// Definition files with another content of which no change tells; of a workbook those that it shows.
fn other_files(before: &Side, after: &Side, changes: &[Change]) -> Vec<String> {
    let folders = before.workbook.is_none() && after.workbook.is_none();
    let files = |side: &Side| {
        let mut files: BTreeMap<String, String> =
            side.known.sources.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        if folders {
            files.extend(side.beside.clone());
        }
        files
    };
    format::other_files(&files(before), &files(after), changes)
}

fn in_the_workbook_itself() -> Error {
    Error::request(
        "In het werkboek zelf wordt niet geschreven",
        "Geef met --log NAAM.xlsx een nieuw werkboek op, dat de regels op het tabblad Change log krijgt.",
    )
}

/// Writes the lines: into a `format.toml`, or onto the tab with the change log of a copy of the workbook.
fn write_log(new: &Path, after: &Side, lines: &[ChangeLogEntry], log: &LogRequest) -> Result<PathBuf> {
    if let Some(bytes) = &after.workbook {
        let Some(output) = &log.output else { return Err(in_the_workbook_itself()) };
        expect_extension(output, "xlsx")?;
        refuse_existing([output.as_path()].into_iter(), log.force)?;
        let with_rows =
            workbook::with_change_log(&inputs::file_name(new), bytes.clone(), &after.known.format, lines)?;
        write_bytes(output, &with_rows, log.force)?;
        return Ok(output.clone());
    }
    if let Some(output) = &log.output {
        expect_extension(output, "toml")?;
    }
    let source = new.join("format.toml");
    let text = match source.is_file() {
        true => std::fs::read_to_string(&source)
            .map_err(|error| Error::file(&source, "Het bestand kan niet worden gelezen", error))?,
        false => format::export()
            .into_iter()
            .find(|(name, _)| *name == "format.toml")
            .map_or_else(String::new, |(_, text)| text.to_owned()),
    };
    let output = match &log.output {
        Some(output) => output.clone(),
        None if new.is_dir() => source,
        None => {
            return Err(Error::request(
                "Het ingebouwde format heeft geen map om in te schrijven",
                "Schrijf het eerst uit met 'wijk format uitvoer MAP', of geef met --log een bestand op.",
            ));
        }
    };
    let text = with_lines(&text, lines);
    if log.output.is_none() {
        // The maintainer's own file gets lines at its end because that was asked for. No copy beside it: every toml file in
        // the folder of a format belongs to the format.
        write_bytes(&output, text.as_bytes(), true)?;
        return Ok(output);
    }
    refuse_existing([output.as_path()].into_iter(), log.force)?;
    write_bytes(&output, text.as_bytes(), log.force)?;
    Ok(output)
}

/// A `format.toml` with lines of the change log at its end.
fn with_lines(text: &str, lines: &[ChangeLogEntry]) -> String {
    let mut out = text.trim_end().to_owned();
    for line in lines {
        out.push_str(&format::log_lines(line));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive_from;
    use super::*;
    use crate::format::BuildOptions;

    /// The way NJi works: the blank workbook is changed in Excel and held against the format it came from.
    #[test]
    fn a_workbook_is_compared_with_a_folder_and_its_log_gets_the_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut format = format::builtin().unwrap();
        let empty = crate::model::Overview::default();
        let build = |format: &Format| format::build(format, &empty, &BuildOptions::default()).unwrap();
        std::fs::write(path("oud.xlsx"), build(&format)).unwrap();
        format.questions[4].text = "Welke cijfers zouden wij nog willen?".into();
        std::fs::write(path("nieuw.xlsx"), build(&format)).unwrap();
        let log = |output: Option<&str>| LogRequest {
            output: output.map(path),
            date: "2027-01-15".into(),
            who: "NJi".into(),
            force: false,
        };
        let found = compare_formats(None, &path("oud.xlsx"), &path("nieuw.xlsx"), None).unwrap();
        assert_eq!(found.changes.len(), 1, "{:?}", found.changes);
        assert_eq!(found.not_understood, []);
        let built_in = Path::new(BUILT_IN);
        let refused = compare_formats(None, built_in, &path("nieuw.xlsx"), Some(&log(None))).unwrap_err();
        assert!(refused.to_string().contains("--log"), "{refused}");
        let log = log(Some("met log.xlsx"));
        compare_formats(None, built_in, &path("nieuw.xlsx"), Some(&log)).unwrap();
        let bytes = std::fs::read(path("met log.xlsx")).unwrap();
        let read = derive_from("met log.xlsx", bytes.into(), &format::builtin().unwrap(), None).unwrap().format;
        let last = read.change_log.last().unwrap();
        assert_eq!((last.date.as_str(), last.who.as_str()), ("2027-01-15", "NJi"));
        assert!(last.what.contains("Welke cijfers zouden wij nog willen?"), "{}", last.what);
        // Into the folder of the new format itself, once.
        std::fs::create_dir(path("map")).unwrap();
        for (name, text) in format::export() {
            let text = text.replace("Welke cijfers missen wij nog?;", "Welke cijfers zoeken wij?;");
            std::fs::write(path("map").join(name), text).unwrap();
        }
        let wrong = LogRequest { output: Some(path("log van map.xlsx")), ..log.clone() };
        let refused = compare_formats(None, built_in, &path("map"), Some(&wrong)).unwrap_err();
        assert!(refused.to_string().contains(".toml") && !path("log van map.xlsx").exists(), "{refused}");
        let wrong = LogRequest { output: None, date: "1899-12-31".into(), ..log.clone() };
        assert!(compare_formats(None, built_in, &path("map"), Some(&wrong)).is_err());
        // A day that is written in another way comes in as the format is read.
        let log = LogRequest { output: None, date: "20270115".into(), ..log };
        for _ in 0..2 {
            compare_formats(None, Path::new(BUILT_IN), &path("map"), Some(&log)).unwrap();
            let read = format::load(&path("map")).unwrap().change_log;
            assert_eq!(read.len(), format::builtin().unwrap().change_log.len() + 1);
            assert_eq!(read.last().unwrap().date, "2027-01-15");
        }
    }

    #[test]
    fn lines_that_are_added_to_the_log_load_again() {
        let text = format::export().into_iter().find(|(name, _)| *name == "format.toml").unwrap().1;
        let line = |what: &str| ChangeLogEntry {
            version: "1.2".into(),
            date: "2027-01-15".into(),
            who: "Beheer \"format\"".into(),
            what: what.into(),
        };
        let folder = tempfile::tempdir().unwrap();
        let written = with_lines(text, &[line("Eerste 'ding'."), line("Tweede \"ding\" \\ einde.")]);
        std::fs::write(folder.path().join("format.toml"), written).unwrap();
        let log = format::load(folder.path()).unwrap().change_log;
        assert_eq!(log.last().unwrap().what, "Tweede \"ding\" \\ einde.");
        assert_eq!(log.len(), format::builtin().unwrap().change_log.len() + 2);
    }

    /// Two workbooks of two versions, and the format of the one version only given with `--format`.
    #[test]
    fn each_workbook_is_read_by_the_format_of_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("twee")).unwrap();
        for (name, text) in format::export() {
            let text = text
                .replace("versie = \"1.1\"\nnaam", "versie = \"2.0\"\nnaam")
                .replace("Welke cijfers missen wij nog?;", "Welke cijfers zoeken wij?;");
            std::fs::write(path("twee").join(name), text).unwrap();
        }
        let two = format::load(&path("twee")).unwrap();
        assert_eq!(two.version, "2.0");
        let empty = crate::model::Overview::default();
        let build = |format: &Format| format::build(format, &empty, &BuildOptions::default()).unwrap();
        std::fs::write(path("oud.xlsx"), build(&format::builtin().unwrap())).unwrap();
        std::fs::write(path("nieuw.xlsx"), build(&two)).unwrap();
        let base = path("twee");
        for old in ["oud.xlsx", "nieuw.xlsx"] {
            let found = compare_formats(Some(&base), &path(old), &path("nieuw.xlsx"), None).unwrap();
            let told: Vec<String> = found.changes.iter().map(Change::sentence).collect();
            let expected: &[&str] = match old {
                "oud.xlsx" => &["vraag 'Welke cijfers missen wij nog?' luidt nu 'Welke cijfers zoeken wij?'"],
                _ => &[],
            };
            assert_eq!(told, expected);
            assert_eq!(found.other_files, Vec::<String>::new());
        }
        let found = compare_formats(Some(&base), Path::new(BUILT_IN), &path("nieuw.xlsx"), None).unwrap();
        assert_eq!(
            (found.old_version.as_str(), found.new_version.as_str(), found.changes.len()),
            ("1.1", "2.0", 1)
        );
        let refused =
            compare_formats(None, Path::new(BUILT_IN), &path("nieuw.xlsx"), None).unwrap_err().to_string();
        assert!(refused.contains("versie 2.0") && refused.contains("--format"), "{refused}");
    }

    #[test]
    fn a_file_that_differs_without_a_told_change_is_named_and_one_saved_by_another_program_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let exported = |wanted: &str| {
            let all = format::export().into_iter().chain(overview::export());
            all.into_iter().find(|(name, _)| *name == wanted).unwrap().1.to_owned()
        };
        // As Excel saves it: a mark in front, other line ends, quotes.
        let partners = exported("partners.csv");
        let quoted: String = partners.lines().map(|line| format!("\"{line}\"\r\n")).collect();
        put("partners.csv", &format!("\u{feff}{quoted}"));
        put("format.toml", &exported("format.toml").replace("versie = \"1.1\"\nnaam", "versie = \"1.2\"\nnaam"));
        let compare = || compare_formats(None, Path::new(BUILT_IN), folder.path(), None).unwrap();
        assert_eq!((compare().changes.len(), compare().other_files), (0, Vec::<String>::new()));
        // A unit that no indicator has, and an area under another name.
        put("eenheden.csv", &format!("{}knikkers;knikkers\n", exported("eenheden.csv")));
        put("gebieden.csv", &exported("gebieden.csv").replacen("Bospolder", "Bospolder-Noord", 1));
        assert_eq!(
            (compare().changes.len(), compare().other_files),
            (0, vec!["eenheden.csv".to_owned(), "gebieden.csv".to_owned()])
        );
        // A told change is enough for its own file, and a new name is no change of the files that use it.
        for (file, old, new) in [
            ("domeinen.csv", "\nWerk;", "\nArbeid;"),
            ("factoren.csv", "\nWerk;", "\nArbeid;"),
            ("gewenst.csv", "\nWerk;", "\nArbeid;"),
            ("indicatoren.csv", ";Werk;", ";Arbeid;"),
        ] {
            assert!(exported(file).contains(old), "{file}");
            put(file, &exported(file).replace(old, new));
        }
        std::fs::remove_file(folder.path().join("eenheden.csv")).unwrap();
        let told: Vec<String> = compare().changes.iter().map(Change::sentence).collect();
        assert_eq!(
            (told, compare().other_files),
            (vec!["domein 'Werk' heet nu 'Arbeid'".to_owned()], vec!["gebieden.csv".to_owned()])
        );
    }

    /// Where the log of a workbook holds dates the new rows do too; where people typed texts they stay texts.
    #[test]
    fn a_row_that_is_added_to_a_log_has_a_real_date_like_the_others_and_is_read_back() {
        use crate::model::CellValue;
        use crate::package::{Archive, Spreadsheet, rewrite::Rewrite};
        let format = format::builtin().unwrap();
        let blank = format::build(&format, &crate::model::Overview::default(), &BuildOptions::default()).unwrap();
        let open = |bytes: Vec<u8>| Spreadsheet::open(Archive::from_bytes("a.xlsx", bytes).unwrap()).unwrap();
        let tab = format.tab("changelog");
        let line = ChangeLogEntry {
            version: "1.2".into(),
            date: "2027-01-15".into(),
            who: "NJi".into(),
            what: "Een vraag erbij.".into(),
        };
        let from_1904 = {
            let book = open(blank.clone());
            let mut work = Rewrite::new(book.archive());
            work.edit("xl/workbook.xml", |text| {
                Ok(text.replacen("<workbookPr ", "<workbookPr date1904=\"1\" ", 1))
            })
            .unwrap();
            work.finish().unwrap()
        };
        for (bytes, days) in [(blank, 46_402.0), (from_1904, 46_402.0 - 1462.0)] {
            let lines = std::slice::from_ref(&line);
            let written = workbook::with_change_log("a.xlsx", bytes, &format, lines).unwrap();
            let book = open(written.clone());
            let strings = book.shared_strings().unwrap();
            let mut dates: Vec<(u32, CellValue, String)> = Vec::new();
            book.visit_cells(tab, &mut |view| {
                if view.col == 1 && view.row > 3 {
                    let shown = book.number_format(view.style).to_owned();
                    dates.push((view.row, view.value(&strings), shown));
                }
                Ok(true)
            })
            .unwrap();
            let (_, value, shown) = dates.pop().unwrap();
            assert_eq!(value, CellValue::Number(days));
            assert_eq!(dates.last().unwrap().2, shown, "as the dates above it");
            let again = derive_from("a.xlsx", written.into(), &format, None).unwrap().format;
            assert_eq!(again.change_log.last(), Some(&line));
        }
    }
}
