//! Reading definition files as maintainers save them: encodings, separators, line numbers, problems.
//!
//! Owns how text becomes rows, how a single field is checked, and how a problem is worded with file, line and field.
//! Must not know what the rows mean; that is `format` (the definition) and `overview` (areas, mappings).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::model::nearest;

/// A definition file: where it comes from and its text.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// File name such as `indicatoren.csv`.
    pub(crate) name: String,
    /// The text, decoded, without byte-order mark, with `\n` as line end.
    pub(crate) text: String,
    /// True when the file lies in the user's folder; false when it is the built-in one.
    pub(crate) own: bool,
    /// True when the file could not be read at all: that is said once, and nothing of what is not in it.
    pub(crate) unread: bool,
}

impl Source {
    /// A file of the user's, from its bytes.
    pub(crate) fn own(name: &str, bytes: &[u8]) -> Self {
        Source { name: name.to_owned(), text: plain_lines(&decode(bytes)), own: true, unread: false }
    }

    /// A file of the user's that cannot be read.
    pub(crate) fn unread(name: &str) -> Self {
        Source { name: name.to_owned(), text: String::new(), own: true, unread: true }
    }

    /// An embedded file.
    pub(crate) fn built_in(name: &str, text: &str) -> Self {
        Source { name: name.to_owned(), text: plain_lines(text), own: false, unread: false }
    }

    /// The line after which a missing row, or a missing field such as `opmaak.kleur`, belongs: the last line of the file, or of
    /// the block of the field. An empty file has a first line.
    fn line_before(&self, field: &str) -> u64 {
        let is_block = |line: &str| line.starts_with('[');
        let block = field.rsplit_once('.').map(|(block, _)| format!("[{block}]"));
        let toml = self.name.ends_with(".toml");
        let mut last = 1;
        let mut inside = block.is_none() || !toml;
        for (number, line) in (1_u64..).zip(self.text.lines().map(str::trim)) {
            if toml && is_block(line) {
                if inside && last > 1 {
                    return last;
                }
                inside = Some(line) == block.as_deref() || (inside && block.is_none() && last == 1);
            }
            if inside && !line.is_empty() {
                last = number;
            }
        }
        last
    }

    /// The first column of a csv file, as its heading says.
    fn first_column(&self) -> &str {
        if !self.name.ends_with(".csv") {
            return "";
        }
        let heading = self.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        heading.split([';', ',']).next().unwrap_or_default().trim().trim_matches('"')
    }

    /// The one-based line on which a byte offset lies, as an editor counts them.
    pub(crate) fn line_at(&self, byte: usize) -> u64 {
        let before = self.text.as_bytes().get(..byte).unwrap_or(self.text.as_bytes());
        1 + u64::try_from(before.iter().filter(|b| **b == b'\n').count()).unwrap_or(0)
    }
}

/// Decodes what Excel and editors save: UTF-8 with or without byte-order mark, UTF-16 with one, and otherwise
/// Windows-1252, which is what Excel's 'CSV' is on a Dutch Windows.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// One kind of line end, so that line numbers are those of an editor whatever the file uses.
fn plain_lines(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// A problem in a definition file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    file: usize,
    line: u64,
    text: String,
}

/// All problems found so far. They are shown together, in the order of files and lines.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    files: Vec<String>,
}

impl Problems {
    /// Notes a problem at a line and field (column or key) of a file. Line 0: something is missing; then the line after which
    /// it belongs is told.
    pub(crate) fn add(&mut self, source: &Source, line: u64, field: &str, what: impl AsRef<str>) {
        let mut text = source.name.clone();
        if !source.own {
            text.push_str(" (ingebouwd, staat niet in uw map)");
        }
        let missing = line == 0;
        let line = if missing { source.line_before(field) } else { line };
        text.push_str(&format!(", {} {line}", if missing { "na regel" } else { "regel" }));
        let field = if field.is_empty() { source.first_column() } else { field };
        if !field.is_empty() {
            text.push_str(&format!(", veld '{field}'"));
        }
        text.push_str(": ");
        text.push_str(what.as_ref());
        let file = self.file_index(&source.name);
        self.found.push(Problem { file, line, text });
    }

    /// True when something is wrong with a file already.
    pub(crate) fn concern(&self, source: &Source) -> bool {
        let file = 1 + self.files.iter().position(|file| *file == source.name).unwrap_or(self.files.len());
        self.found.iter().any(|problem| problem.file == file)
    }

    /// Takes over what was found elsewhere.
    pub(crate) fn take(&mut self, other: Problems) {
        for problem in other.found {
            let name = problem.file.checked_sub(1).and_then(|file| other.files.get(file));
            let file = name.map_or(usize::MAX, |name| self.file_index(name));
            self.found.push(Problem { file, ..problem });
        }
    }

    /// Notes a problem of the folder as a whole.
    pub(crate) fn add_general(&mut self, what: impl Into<String>) {
        self.found.push(Problem { file: 0, line: 0, text: what.into() });
    }

    /// Notes that a file of the user's cannot be read.
    pub(crate) fn add_unread(&mut self, source: &Source, what: &str) {
        let file = self.file_index(&source.name);
        self.found.push(Problem { file, line: 0, text: format!("{}: {what}", source.name) });
    }

    /// Fixes the order in which files are listed.
    pub(crate) fn with_files<'a>(files: impl IntoIterator<Item = &'a str>) -> Self {
        Problems { files: files.into_iter().map(str::to_owned).collect(), ..Problems::default() }
    }

    fn file_index(&self, name: &str) -> usize {
        1 + self.files.iter().position(|file| file == name).unwrap_or(self.files.len())
    }

    /// True while nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The sentences, sorted by file and line, each once.
    pub(crate) fn into_sentences(mut self) -> Vec<String> {
        self.found.sort();
        self.found.dedup();
        self.found.into_iter().map(|problem| problem.text).collect()
    }
}

/// `Bedoelt u 'x' of 'y'?` with a blank before it, or nothing when no name comes near.
pub(crate) fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let near: Vec<String> = nearest(wanted, names).into_iter().map(|name| format!("'{name}'")).collect();
    if near.is_empty() { String::new() } else { format!(" Bedoelt u {}?", near.join(" of ")) }
}

/// A kind of row: the columns its file has. Serde reads it by these names, the validator checks its fields.
pub(crate) trait Record: DeserializeOwned + Validate {
    /// Column names, in the order of the template.
    const COLUMNS: &'static [&'static str];
    /// Those at the end that a file, or a line of it, may leave out.
    const OPTIONAL: &'static [&'static str] = &[];
}

/// A row with the line on which it starts.
#[derive(Debug, Clone)]
pub(crate) struct Row<T> {
    /// One-based line in the file.
    pub(crate) line: u64,
    /// The content.
    pub(crate) record: T,
}

/// Reads all rows of a csv file. Whatever is wrong is noted; rows that cannot be used are left out.
pub(crate) fn rows<T: Record>(source: &Source, problems: &mut Problems) -> Vec<Row<T>> {
    if source.unread {
        return Vec::new();
    }
    let header_line = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    // `;` is the rule, also for a file of one column; a comma only when the heading row says so.
    let delimiter = if header_line.contains(',') && !header_line.contains(';') { b',' } else { b';' };
    if let Some(at) = open_quote(&source.text, char::from(delimiter)) {
        problems.add(
            source,
            source.line_at(at),
            "",
            "een aanhalingsteken aan het begin van een cel wordt niet gesloten, en de regels erna horen er dan bij. Zet achter de \
             tekst ook een aanhalingsteken, of haal dit weg.",
        );
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .has_headers(false)
        .from_reader(source.text.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else {
        let first = T::COLUMNS.first().copied().unwrap_or_default();
        problems.add(source, 1, first, format!("het bestand is leeg. Verwacht: {}.", T::COLUMNS.join("; ")));
        return Vec::new();
    };
    let Some(positions) = column_positions::<T>(source, &header, problems) else { return Vec::new() };
    let names = csv::StringRecord::from(T::COLUMNS.to_vec());
    let mut out = Vec::new();
    for result in records {
        let record = match result {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |at| line_of(source, at.byte()));
                problems.add(
                    source,
                    line,
                    "",
                    "de regel kan niet worden gelezen. Controleer de aanhalingstekens.",
                );
                continue;
            }
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(0, |at| line_of(source, at.byte()));
        let extra = record.iter().skip(header.len()).any(|cell| !cell.is_empty());
        if extra || record.len() < T::COLUMNS.len() - T::OPTIONAL.len() {
            // The first cell that is not there, or the last of those that should be.
            let last = header.len().saturating_sub(1);
            let field = header.get(record.len().min(last)).unwrap_or_default();
            problems.add(
                source,
                line,
                field,
                format!(
                    "de regel heeft {} cellen. Verwacht: {}. Zet een tekst met een scheidingsteken tussen \
                     aanhalingstekens.",
                    record.len(),
                    header.len()
                ),
            );
            continue;
        }
        let ordered: csv::StringRecord =
            positions.iter().map(|at| at.and_then(|at| record.get(at)).unwrap_or_default()).collect();
        for (field, cell) in T::COLUMNS.iter().zip(ordered.iter()) {
            refuse_too_long(source, line, field, cell, problems);
        }
        match ordered.deserialize::<T>(Some(&names)) {
            Ok(row) => {
                note_validation(source, line, &row, problems);
                out.push(Row { line, record: row });
            }
            // All fields are texts or lists of texts, so this cannot be a matter of content.
            Err(_) => problems.add(source, line, "", "de regel kan niet worden gelezen."),
        }
    }
    out
}

/// Where a quote stands that begins a cell and is not closed where the cell ends: at the end of the file, or by a quote
/// lines further on that belongs to another cell. A text of several lines between quotes is a cell like any other.
fn open_quote(text: &str, delimiter: char) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let begin = at + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
        let mut end = begin;
        if let Some(quoted) = text.get(begin..).and_then(|cell| cell.strip_prefix('"')) {
            let mut length = 0;
            // Two quotes stand for one in the text.
            loop {
                let Some(next) = quoted.get(length..).and_then(|rest| rest.find('"')) else { return Some(begin) };
                length += next + 1;
                if !quoted.get(length..).is_some_and(|rest| rest.starts_with('"')) {
                    break;
                }
                length += 1;
            }
            end = begin + 1 + length;
            let behind = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t']);
            let closed = behind.is_empty() || behind.starts_with([delimiter, '\n']);
            if !closed && quoted.get(..length).is_some_and(|cell| cell.contains('\n')) {
                return Some(begin);
            }
        }
        let rest = text.get(end..).unwrap_or_default();
        at = end + rest.find([delimiter, '\n']).map_or(rest.len(), |next| next + 1);
    }
    None
}

/// Where each column of `T` stands in the file; `None` (with problems noted) when the heading row is wrong.
fn column_positions<T: Record>(
    source: &Source,
    header: &csv::StringRecord,
    problems: &mut Problems,
) -> Option<Vec<Option<usize>>> {
    let line = header.position().map_or(1, |at| line_of(source, at.byte()));
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut fine = true;
    for (at, name) in header.iter().enumerate() {
        if name.is_empty() {
            // Excel leaves empty columns behind; harmless as long as nothing stands in them.
            continue;
        }
        if !T::COLUMNS.contains(&name) {
            let near = did_you_mean(name, T::COLUMNS.iter().copied());
            let known = T::COLUMNS.join("; ");
            problems.add(source, line, name, format!("deze kolom is onbekend.{near} Verwacht: {known}."));
            fine = false;
        } else if by_name.insert(name, at).is_some() {
            problems.add(source, line, name, "deze kolom staat er twee keer. Verwacht: één keer.");
            fine = false;
        }
    }
    let mut positions = Vec::new();
    for column in T::COLUMNS {
        match by_name.get(column) {
            Some(at) => positions.push(Some(*at)),
            None if T::OPTIONAL.contains(column) => positions.push(None),
            None => {
                problems.add(source, line, column, "deze kolom ontbreekt. Zet de kolom in de eerste regel.");
                fine = false;
            }
        }
    }
    fine.then_some(positions)
}

/// The line of a csv record: its position may lie on line ends before it, which belong to earlier lines.
fn line_of(source: &Source, byte: u64) -> u64 {
    let start = usize::try_from(byte).unwrap_or(usize::MAX).min(source.text.len());
    let rest = source.text.as_bytes().get(start..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| **b == b'\n').count();
    source.line_at(start + blank)
}

/// Notes what the validator finds in a row.
fn note_validation<T: Validate>(source: &Source, line: u64, row: &T, problems: &mut Problems) {
    if let Err(errors) = row.validate() {
        for (field, text) in flatten(&errors, "") {
            problems.add(source, line, &field, text);
        }
    }
}

/// Validation errors as pairs of field path (`benchmark.code`) and message, in the order of the paths.
pub(crate) fn flatten(errors: &ValidationErrors, prefix: &str) -> Vec<(String, String)> {
    // Through an ordered map: the validator keeps its fields in a hash map.
    let ordered: BTreeMap<String, &ValidationErrorsKind> =
        errors.errors().iter().map(|(field, kind)| (field.to_string(), kind)).collect();
    let mut out = Vec::new();
    for (field, kind) in ordered {
        let path = if prefix.is_empty() { field } else { format!("{prefix}.{field}") };
        match kind {
            ValidationErrorsKind::Field(list) => {
                for error in list {
                    let text = error.message.as_deref().unwrap_or("de waarde is niet goed.");
                    out.push((path.clone(), text.to_owned()));
                }
            }
            ValidationErrorsKind::Struct(inner) => out.extend(flatten(inner, &path)),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    out.extend(flatten(inner, &format!("{path}[{}]", index + 1)));
                }
            }
        }
    }
    out
}

/// Notes a text that would not go into a cell of Excel (32,767 characters), with room for what is written beside it.
pub(crate) fn refuse_too_long(source: &Source, line: u64, field: &str, text: &str, problems: &mut Problems) {
    const LONGEST: usize = 30_000;
    let length = text.chars().count();
    if length > LONGEST {
        let what = format!(
            "de tekst heeft {length} tekens. Verwacht: hooguit {LONGEST}; meer past niet in een cel van Excel."
        );
        problems.add(source, line, field, what);
    }
}

/// Splits `a | b | c`; empty parts fall away.
pub(crate) fn split_list(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A cell with a list, for serde.
pub(crate) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(split_list(&String::deserialize(deserializer)?))
}

/// What is wrong with a field, for the validator.
pub(crate) fn refuse(message: String) -> ValidationError {
    ValidationError::new("waarde").with_message(Cow::Owned(message))
}

/// A cell that must hold a text.
pub(crate) fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        return Err(refuse("de cel is leeg. Verwacht: een tekst.".to_owned()));
    }
    Ok(())
}

/// A cell that must hold at least one name.
pub(crate) fn filled_list(items: &[String]) -> Result<(), ValidationError> {
    if items.is_empty() {
        return Err(refuse("de cel is leeg. Verwacht: één of meer namen, gescheiden door |.".to_owned()));
    }
    Ok(())
}

/// A cell that must hold one of a few words.
pub(crate) fn one_of(text: &str, allowed: &[&str]) -> Result<(), ValidationError> {
    if allowed.contains(&text) {
        return Ok(());
    }
    let found = if text.is_empty() { "de cel is leeg".to_owned() } else { format!("gevonden: '{text}'") };
    let near = did_you_mean(text, allowed.iter().copied());
    Err(refuse(format!("{found}. Verwacht: {}.{near}", allowed.join(", "))))
}

/// The field that a line of toml sets, and what to write instead of it when toml cannot be read there. The parser's own
/// sentence is English and about signs; the line itself says more to who wrote it.
pub(crate) fn toml_problem(text: &str, error: &toml::de::Error) -> (u64, String, String) {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let number = before.iter().filter(|byte| **byte == b'\n').count();
    let line = text.lines().nth(number).unwrap_or_default().trim();
    // The last name before an =-sign, up to the place of the mistake: a line may set several fields.
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let upto = text.get(start..at).filter(|part| part.contains('=')).unwrap_or(line);
    let names = upto.rsplit_once('=').map_or("", |(names, _)| names).trim_end_matches(['=', ' ']);
    let field = names.rsplit(|c: char| !(c.is_alphanumeric() || "_-.".contains(c))).next().unwrap_or_default();
    (u64::try_from(number + 1).unwrap_or(0), field.to_owned(), in_dutch(error.message(), line))
}

/// The commonest messages of the toml reader in Dutch; for others the line as it stands and how it should look.
fn in_dutch(message: &str, line: &str) -> String {
    let between = |start: &str| -> Option<(&str, &str)> {
        let rest = message.strip_prefix(start)?;
        rest.split_once('`').map(|(name, rest)| (name, rest.trim_start_matches(", ")))
    };
    let possible = |rest: &str| {
        let names: Vec<String> = rest.split('`').skip(1).step_by(2).map(|name| format!("'{name}'")).collect();
        format!("Verwacht: {}.", names.join(", "))
    };
    if let Some((name, rest)) = between("unknown field `") {
        return format!("onbekend veld '{name}'. {}", possible(rest));
    }
    if let Some((name, _)) = between("missing field `") {
        return format!("het veld '{name}' ontbreekt. Zet het erbij.");
    }
    if let Some((name, rest)) = between("unknown variant `") {
        return format!("'{name}' is hier niet mogelijk. {}", possible(rest));
    }
    if message.starts_with("duplicate key") {
        return format!("dit veld staat er twee keer ({line}). Verwacht: één keer.");
    }
    let found = if line.is_empty() { String::new() } else { format!(" Gevonden: {line}.") };
    format!(
        "de schrijfwijze klopt niet.{found} Verwacht: een veld, een =-teken en de waarde, zoals naam = \"tekst\" \
         (een tekst tussen aanhalingstekens), aantal = 5 of ja_of_nee = true."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_saves_is_understood() {
        let wanted = "naam;één\n";
        let mut with_mark = vec![0xEF, 0xBB, 0xBF];
        with_mark.extend_from_slice("naam;één\r\n".as_bytes());
        assert_eq!(Source::own("x.csv", &with_mark).text, wanted);
        assert_eq!(Source::own("x.csv", b"naam;\xE9\xE9n\r\n").text, wanted);
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(wanted.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Source::own("x.csv", &utf16).text, wanted);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_with_its_own_line_and_texts_of_several_lines_are_read() {
        let at = |text: &str| open_quote(text, ';').map(|at| Source::own("x.csv", text.as_bytes()).line_at(at));
        assert_eq!(at("a;b\n1;\"twee\n3;4\n"), Some(2), "up to the end");
        assert_eq!(at("a;b\n1;\"twee\n3;\"vier\"\n"), Some(2), "up to the quote of another cell");
        assert_eq!(at("a;b\n1; \"twee\"\n\"3\n3\";4"), None);
        assert_eq!(at("a;b\n1;\"hij zei \"\"ja\"\"\"\n"), None);
        assert_eq!(at("a;b\n1;een \"woord\"\n2;\"half\" aangehaald\n"), None);
        assert_eq!(at(""), None);
    }

    #[test]
    fn what_is_missing_is_told_with_the_line_after_which_it_belongs() {
        let told = |name: &str, text: &str, field: &str| {
            let mut problems = Problems::default();
            problems.add(&Source::own(name, text.as_bytes()), 0, field, "ontbreekt.");
            problems.into_sentences().remove(0)
        };
        assert_eq!(told("x.csv", "naam;kop\na;1\nb;2\n\n", ""), "x.csv, na regel 3, veld 'naam': ontbreekt.");
        assert_eq!(told("x.csv", "", "naam"), "x.csv, na regel 1, veld 'naam': ontbreekt.");
        let toml = "a = 1\n\n[een]\nb = 2\n\n[twee]\nc = 3\n";
        assert_eq!(told("x.toml", toml, "een.d"), "x.toml, na regel 4, veld 'een.d': ontbreekt.");
        assert_eq!(told("x.toml", toml, "twee.d"), "x.toml, na regel 7, veld 'twee.d': ontbreekt.");
        let flat = "# kop\na = 1\nb = \"x\"\n";
        assert_eq!(told("x.toml", flat, "c"), "x.toml, na regel 3, veld 'c': ontbreekt.");
    }

    #[test]
    fn a_line_number_counts_blank_lines_and_lines_inside_quotes() {
        let source = Source::own("x.csv", b"a;b\r\n\r\n\"x\r\ny\";1\r\nz;2\r\n");
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(source.text.as_bytes());
        let lines: Vec<u64> =
            reader.records().map(|r| line_of(&source, r.unwrap().position().unwrap().byte())).collect();
        assert_eq!(lines, [1, 3, 5]);
    }
}
