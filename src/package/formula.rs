//! Formulas as text: which cells they refer to, and how they read when moved.
//!
//! Owns a tokenizer that is only as deep as these two questions need. Nothing is calculated.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::spreadsheet::{MAX_COLS, MAX_ROWS, Range};
use crate::model::column_letters;

/// One end of a reference: row and column with their `$`. A whole column has no row and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Corner {
    row: Option<(u32, bool)>,
    col: Option<(u32, bool)>,
}

/// Which sheets a reference points to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// First (mostly only) sheet.
    pub(crate) first: String,
    /// Last sheet of a 3D reference.
    pub(crate) last: Option<String>,
    /// It lies in another workbook.
    pub(crate) external: bool,
}

/// Something a formula depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Precedent {
    /// Cells; without prefix on the formula's own sheet.
    Cells(Option<Prefix>, Range),
    /// A defined name, perhaps with a sheet.
    Name(Option<Prefix>, String),
    /// A table; empty for the table the formula stands in.
    Table(String),
    /// A called function, upper case.
    Function(String),
    /// Something only known by calculating.
    Unknown,
}

/// A token that matters, with its place in the text.
struct Token {
    start: usize,
    end: usize,
    /// Where the name of its sheet begins, when it has one.
    prefix: Option<usize>,
    what: What,
}

enum What {
    Area(Option<Prefix>, Corner, Corner),
    Other(Precedent),
}

/// Everything a formula depends on.
pub(crate) fn precedents(text: &str) -> Vec<Precedent> {
    tokens(text)
        .into_iter()
        .map(|token| match token.what {
            What::Area(prefix, first, last) => Precedent::Cells(prefix, area(first, last)),
            What::Other(other) => other,
        })
        .collect()
}

/// Everything that a defined name depends on, wherever it is used: a reference that is not fixed with `$` moves with the cell that
/// uses the name, so it may be any row, or any column.
pub(crate) fn precedents_of_name(text: &str) -> Vec<Precedent> {
    let wide = |corner: Corner| Corner {
        row: corner.row.filter(|(_, fixed)| *fixed),
        col: corner.col.filter(|(_, fixed)| *fixed),
    };
    tokens(text)
        .into_iter()
        .map(|token| match token.what {
            What::Area(prefix, first, last) => {
                let (mut first, mut last) = (wide(first), wide(last));
                // With one end that moves, the other says nothing about how far it goes.
                if first.row.is_none() || last.row.is_none() {
                    (first.row, last.row) = (None, None);
                }
                if first.col.is_none() || last.col.is_none() {
                    (first.col, last.col) = (None, None);
                }
                Precedent::Cells(prefix, area(first, last))
            }
            What::Other(other) => other,
        })
        .collect()
}

/// The functions that a program for workbooks has by itself and that are written without a prefix: the list of ECMA-376 part 1,
/// 18.17.7, with those that came before prefixes did.
const FUNCTIONS: &str = include_str!("functions.txt");

/// True for a function (upper case) of which all that it reads stands in its arguments, as far as its name tells. Others are of
/// a person: a macro may read any cell.
pub(crate) fn is_known_function(name: &str) -> bool {
    static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| FUNCTIONS.split_whitespace().collect());
    ["_XLFN.", "_XLWS.", "_XLPM."].iter().any(|prefix| name.starts_with(prefix)) || KNOWN.contains(name)
}

/// The formula as it reads `rows` down and `cols` to the right of where it stands: relative references move along,
/// those that fall off the sheet become `#REF!`.
pub(crate) fn shifted(text: &str, rows: i64, cols: i64) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut position = 0;
    for token in tokens(text) {
        let What::Area(_, first, last) = token.what else { continue };
        out.push_str(text.get(position..token.start).unwrap_or_default());
        let old = text.get(token.start..token.end).unwrap_or_default();
        let moved = (moved(first, rows, cols), moved(last, rows, cols));
        match moved {
            (Some(first), Some(last)) => {
                out.push_str(&corner_text(first));
                if old.contains(':') {
                    out.push(':');
                    out.push_str(&corner_text(last));
                }
            }
            _ => out.push_str("#REF!"),
        }
        position = token.end;
    }
    out.push_str(text.get(position..).unwrap_or_default());
    out
}

/// The precedents of a formula shifted the same way, without writing it out.
pub(crate) fn shifted_precedents(text: &str, rows: i64, cols: i64) -> Vec<Precedent> {
    tokens(text)
        .into_iter()
        .filter_map(|token| match token.what {
            What::Area(prefix, first, last) => {
                let (first, last) = (moved(first, rows, cols)?, moved(last, rows, cols)?);
                Some(Precedent::Cells(prefix, area(first, last)))
            }
            What::Other(other) => Some(other),
        })
        .collect()
}

/// Where cells of another tab have gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moved {
    /// They stand where they stood.
    Stays,
    /// They stand on this tab, in this range.
    To(String, Range),
    /// They are gone, or no longer stand together.
    Lost,
}

/// The formula as it reads after cells of other tabs have moved; `None` when something it refers to was lost. `moved` is
/// asked for every range with the name of a tab before it.
pub(crate) fn remapped(text: &str, moved: &dyn Fn(&str, Range) -> Moved) -> Option<String> {
    relocated(text, None, moved)
}

/// As [`remapped`], for a formula that moves itself too: `own` says where cells without the name of a tab have gone.
pub(crate) fn relocated(
    text: &str,
    own: Option<&dyn Fn(Range) -> Option<Range>>,
    moved: &dyn Fn(&str, Range) -> Moved,
) -> Option<String> {
    let at = |corner: Corner, row: u32, col: u32| Corner {
        row: corner.row.map(|(_, fixed)| (row, fixed)),
        col: corner.col.map(|(_, fixed)| (col, fixed)),
    };
    let written = |token: &Token, first: Corner, last: Corner, range: Range| {
        let mut out = corner_text(at(first, range.first_row, range.first_col));
        if text.get(token.start..token.end).is_some_and(|old| old.contains(':')) {
            out.push(':');
            out.push_str(&corner_text(at(last, range.last_row, range.last_col)));
        }
        out
    };
    let mut out = String::with_capacity(text.len() + 8);
    let mut position = 0;
    for token in tokens(text) {
        let (prefix, corners) = match &token.what {
            What::Area(Some(prefix), first, last) => (prefix, Some((*first, *last))),
            What::Other(Precedent::Name(Some(prefix), _)) => (prefix, None),
            What::Area(None, first, last) => {
                let Some(own) = own else { continue };
                let range = own(area(*first, *last))?;
                out.push_str(text.get(position..token.start).unwrap_or_default());
                out.push_str(&written(&token, *first, *last, range));
                position = token.end;
                continue;
            }
            What::Other(_) => continue,
        };
        if prefix.external {
            continue;
        }
        let whole = Range { first_row: 0, first_col: 0, last_row: MAX_ROWS - 1, last_col: MAX_COLS - 1 };
        let ends: Vec<&str> = std::iter::once(prefix.first.as_str()).chain(prefix.last.as_deref()).collect();
        let Some((first, last)) = corners.filter(|_| ends.len() == 1) else {
            // A name of a tab, or a range over several tabs: right only when nothing moved.
            match ends.iter().all(|tab| moved(tab, whole) == Moved::Stays) {
                true => continue,
                false => return None,
            }
        };
        match moved(&prefix.first, area(first, last)) {
            Moved::Stays => continue,
            Moved::Lost => return None,
            Moved::To(tab, range) => {
                out.push_str(text.get(position..token.prefix.unwrap_or(token.start)).unwrap_or_default());
                out.push_str(&format!("'{}'!", tab.replace('\'', "''")));
                out.push_str(&written(&token, first, last, range));
                position = token.end;
            }
        }
    }
    out.push_str(text.get(position..).unwrap_or_default());
    Some(out)
}

fn area(first: Corner, last: Corner) -> Range {
    let rows = |corner: Corner, default| corner.row.map_or(default, |(row, _)| row);
    let cols = |corner: Corner, default| corner.col.map_or(default, |(col, _)| col);
    let (r1, r2) = (rows(first, 0), rows(last, MAX_ROWS - 1));
    let (c1, c2) = (cols(first, 0), cols(last, MAX_COLS - 1));
    Range { first_row: r1.min(r2), first_col: c1.min(c2), last_row: r1.max(r2), last_col: c1.max(c2) }
}

fn moved(corner: Corner, rows: i64, cols: i64) -> Option<Corner> {
    let step = |part: Option<(u32, bool)>, by: i64, limit: u32| match part {
        Some((at, false)) => {
            let to = u32::try_from(i64::from(at) + by).ok().filter(|to| *to < limit)?;
            Some(Some((to, false)))
        }
        fixed => Some(fixed),
    };
    Some(Corner { row: step(corner.row, rows, MAX_ROWS)?, col: step(corner.col, cols, MAX_COLS)? })
}

fn corner_text(corner: Corner) -> String {
    let mut out = String::new();
    if let Some((col, fixed)) = corner.col {
        out.push_str(if fixed { "$" } else { "" });
        out.push_str(&column_letters(col));
    }
    if let Some((row, fixed)) = corner.row {
        out.push_str(if fixed { "$" } else { "" });
        out.push_str(&(row + 1).to_string());
    }
    out
}

/// Reads one end of a reference; the whole text must be one.
fn corner(text: &str) -> Option<Corner> {
    let (rest, col_fixed) = text.strip_prefix('$').map_or((text, false), |rest| (rest, true));
    let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (name, rest) = rest.split_at_checked(letters)?;
    if name.is_empty() {
        let row: u32 = rest.parse().ok().filter(|row| (1..=MAX_ROWS).contains(row) && !rest.starts_with('+'))?;
        return Some(Corner { row: Some((row - 1, col_fixed)), col: None });
    }
    let col = name.bytes().try_fold(0_u32, |col, b| {
        col.checked_mul(26)?.checked_add(u32::from(b.to_ascii_uppercase() - b'A') + 1)
    })?;
    if name.len() > 3 || col > MAX_COLS {
        return None;
    }
    let col = Some((col - 1, col_fixed));
    if rest.is_empty() {
        return Some(Corner { row: None, col });
    }
    let (digits, row_fixed) = rest.strip_prefix('$').map_or((rest, false), |rest| (rest, true));
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let row: u32 = digits.parse().ok().filter(|row| (1..=MAX_ROWS).contains(row))?;
    Some(Corner { row: Some((row - 1, row_fixed)), col })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?') || !c.is_ascii()
}

/// A cursor over the text of a formula.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Text between quotes, doubled quotes undone; the cursor stands on the opening quote.
    fn quoted(&mut self, quote: char) -> String {
        self.take(quote);
        let mut out = String::new();
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            if c == quote && !self.take(quote) {
                break;
            }
            out.push(c);
        }
        out
    }

    /// Skips a bracketed part, nested brackets included.
    fn brackets(&mut self) {
        let mut depth = 0_u32;
        while let Some(c) = self.peek() {
            self.at += c.len_utf8();
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                '\'' => {
                    if let Some(escaped) = self.peek() {
                        self.at += escaped.len_utf8();
                    }
                }
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

fn prefix(name: &str) -> Prefix {
    // In a chart Excel writes a name of the workbook itself as `[0]!name`.
    let external = name.contains('[') && !name.starts_with("[0]");
    let sheets = name.rsplit(']').next().unwrap_or(name);
    match sheets.split_once(':') {
        Some((first, last)) => Prefix { first: first.to_owned(), last: Some(last.to_owned()), external },
        None => Prefix { first: sheets.to_owned(), last: None, external },
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0 };
    let mut found = Vec::new();
    let mut sheet: Option<Prefix> = None;
    let mut prefix_at: Option<usize> = None;
    while let Some(c) = scanner.peek() {
        let start = scanner.at;
        let mut push = |what, end| found.push(Token { start, end, prefix: prefix_at, what });
        match c {
            '"' => {
                scanner.quoted('"');
            }
            '\'' => {
                let name = scanner.quoted('\'');
                if scanner.take('!') {
                    sheet = Some(prefix(&name));
                    prefix_at = Some(start);
                    continue;
                }
            }
            '[' => {
                scanner.brackets();
                let book_end = scanner.at;
                let word_start = scanner.at;
                scanner.word();
                let name_end = scanner.at;
                if scanner.take('!') {
                    sheet = Some(prefix(text.get(start..name_end).unwrap_or_default()));
                    prefix_at = Some(start);
                    continue;
                }
                scanner.at = if word_start == book_end { book_end } else { word_start };
                push(What::Other(Precedent::Table(String::new())), book_end);
            }
            '#' => {
                scanner.at += 1;
                // An error literal; after a reference `#` alone means its spill range, which starts there too.
                let rest = scanner.rest();
                for literal in ["REF!", "N/A", "VALUE!", "DIV/0!", "NAME?", "NUM!", "NULL!", "SPILL!", "CALC!"] {
                    if rest.starts_with(literal) {
                        scanner.at += literal.len();
                        break;
                    }
                }
            }
            c if is_word(c) => {
                if let Some(what) = operand(&mut scanner, &mut sheet) {
                    let end = scanner.at;
                    push(what, end);
                }
                if sheet.is_some() {
                    prefix_at = Some(start);
                    continue;
                }
            }
            ':' => {
                // Ranges between plain cells were read as one word; an end of this one is calculated.
                scanner.at += 1;
                push(What::Other(Precedent::Unknown), start + 1);
            }
            c => scanner.at += c.len_utf8(),
        }
        sheet = None;
        prefix_at = None;
    }
    found
}

/// Reads what begins with a word: a sheet (then `sheet` is set), a reference, a function, a table, a name, a number.
fn operand(scanner: &mut Scanner<'_>, sheet: &mut Option<Prefix>) -> Option<What> {
    let begin = scanner.at;
    if scanner.peek().is_some_and(|c| c.is_ascii_digit()) && number(scanner) {
        *sheet = None;
        return None;
    }
    let word = scanner.word();
    if scanner.take('!') {
        *sheet = Some(prefix(word));
        return None;
    }
    let after_word = scanner.at;
    if scanner.take(':') {
        let second = scanner.word();
        if !second.is_empty() && scanner.take('!') {
            *sheet = Some(prefix(&format!("{word}:{second}")));
            return None;
        }
        let ends = (corner(word), corner(second));
        if let (Some(first), Some(last)) = ends
            && first.row.is_some() == last.row.is_some()
            && first.col.is_some() == last.col.is_some()
            && scanner.peek() != Some('(')
        {
            return Some(What::Area(sheet.take(), first, last));
        }
        // A range from or up to what a function or name gives: only calculating tells how far it goes.
        scanner.at = after_word;
    }
    let own = sheet.take();
    match scanner.peek() {
        Some('(') => return Some(What::Other(Precedent::Function(word.to_uppercase()))),
        Some('[') => {
            scanner.brackets();
            return Some(What::Other(Precedent::Table(word.to_owned())));
        }
        _ => {}
    }
    match corner(word) {
        Some(cell) if cell.row.is_some() && cell.col.is_some() => return Some(What::Area(own, cell, cell)),
        _ => {}
    }
    let plain = word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") || begin == scanner.at;
    if plain || word.starts_with("_xlpm.") || word.chars().all(|c| c == '$' || c == '.') {
        if begin == scanner.at {
            scanner.at += scanner.peek().map_or(1, char::len_utf8);
        }
        return None;
    }
    Some(What::Other(Precedent::Name(own, word.to_owned())))
}

/// Skips a number; false (and nothing skipped) when the digits are a row reference (`1:3`) or begin a sheet name.
fn number(scanner: &mut Scanner<'_>) -> bool {
    let begin = scanner.at;
    let digits = scanner.rest().len() - scanner.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
    scanner.at += digits;
    if scanner.take(':') && scanner.peek().is_some_and(|c| c == '$' || c.is_ascii_digit()) {
        scanner.at = begin;
        return false;
    }
    scanner.at = begin + digits;
    if scanner.take('.') {
        let fraction = scanner.rest();
        scanner.at += fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    }
    let mantissa_end = scanner.at;
    if scanner.take('E') || scanner.take('e') {
        let _ = scanner.take('+') || scanner.take('-');
        let exponent = scanner.rest();
        let length = exponent.len() - exponent.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if length > 0 { scanner.at += length } else { scanner.at = mantissa_end }
    }
    if scanner.peek().is_some_and(|c| is_word(c) || c == '!') {
        scanner.at = begin;
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_cells_that_moved_are_written_anew_and_lost_ones_are_told() {
        let moved = |tab: &str, range: Range| match (tab, range.first_row) {
            ("Oud blad", 98..) => Moved::Lost,
            ("Oud blad", row) => Moved::To(
                "Nieuw's".to_owned(),
                Range { first_row: row + 10, last_row: range.last_row + 10, ..range },
            ),
            _ => Moved::Stays,
        };
        let after = |text: &str| remapped(text, &moved);
        assert_eq!(after("'Oud blad'!$E$5*2+A1").as_deref(), Some("'Nieuw''s'!$E$15*2+A1"));
        assert_eq!(after("SUM('Oud blad'!E5:E9,Ander!B2)").as_deref(), Some("SUM('Nieuw''s'!E15:E19,Ander!B2)"));
        assert_eq!(after("\"'Oud blad'!E5\"&A1").as_deref(), Some("\"'Oud blad'!E5\"&A1"));
        assert_eq!(after("'[b.xlsx]Oud blad'!E5").as_deref(), Some("'[b.xlsx]Oud blad'!E5"));
        assert_eq!(after("'Oud blad'!E99"), None);
        assert_eq!(after("SUM('Oud blad:Ander'!A1)"), None);
    }

    fn cells(text: &str) -> Vec<String> {
        precedents(text)
            .into_iter()
            .filter_map(|p| match p {
                Precedent::Cells(None, range) => Some(range.a1()),
                Precedent::Cells(Some(p), range) => {
                    let book = if p.external { "[]" } else { "" };
                    Some(format!(
                        "{book}{}{}!{}",
                        p.first,
                        p.last.map_or(String::new(), |l| format!(":{l}")),
                        range.a1()
                    ))
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn references_of_every_form_are_found() {
        assert_eq!(cells("SUM(A1:B2,$C$3)+'Tab ''1'''!D4"), ["A1:B2", "C3", "Tab '1'!D4"]);
        assert_eq!(cells("Tab1:Tab3!A1"), ["Tab1:Tab3!A1"]);
        assert_eq!(cells("[1]Sheet1!A1+'[2]Mijn tab'!B2"), ["[]Sheet1!A1", "[]Mijn tab!B2"]);
        assert_eq!(cells("\"A1 \"\"B2\"\"\"&C3"), ["C3"]);
        assert_eq!(cells("SUM(A:B)+SUM(2:3)"), ["A1:B1048576", "A2:XFD3"]);
        assert_eq!(cells("1E5+2.5e-3+LOG10(A1)+A1#"), ["A1", "A1"]);
        assert_eq!(cells("#REF!+Tab!#REF!+B1"), ["B1"]);
        assert_eq!(cells("_xlfn.XLOOKUP(A1,$B$1:$B$9,Één!C1)"), ["A1", "B1:B9", "Één!C1"]);
    }

    #[test]
    fn what_only_calculating_tells_is_reported_as_such() {
        assert!(precedents("A1:INDEX(B1:B9,2)").contains(&Precedent::Unknown));
        assert!(precedents("INDIRECT(\"A1\")").contains(&Precedent::Function("INDIRECT".to_owned())));
        assert_eq!(precedents("btw"), [Precedent::Name(None, "btw".to_owned())]);
        assert_eq!(precedents("Tabel1[[#All],[a]]"), [Precedent::Table("Tabel1".to_owned())]);
        assert_eq!(precedents("TRUE+1.5"), []);
    }

    #[test]
    fn a_range_of_which_an_end_is_calculated_may_be_any_cells() {
        for text in [
            "SUM(INDEX(D13:D13,1):F13)",
            "SUM(Begin:Eind)",
            "SUM((D13):F13)",
            "CHOOSE(1,D13):F13",
            "_xlfn.XLOOKUP(1,A1:A2,D1:D2):F14",
            "A1:INDEX(B1:B9,2)",
            "Tabel1[a]:Tabel1[c]",
        ] {
            assert!(precedents(text).contains(&Precedent::Unknown), "{text}");
        }
        for text in
            ["SUM(A1:B2)", "SUM(A:B)", "SUM(2:3)", "'Tab 1'!A1:B2", "Tab1:Tab3!A1", "\"a:b\"", "Tabel1[[a]:[c]]"]
        {
            assert!(!precedents(text).contains(&Precedent::Unknown), "{text}");
        }
    }

    #[test]
    fn a_reference_in_a_name_is_as_wide_as_what_is_not_fixed() {
        let wide = |text: &str| match precedents_of_name(text).as_slice() {
            [Precedent::Cells(_, range)] => range.a1(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wide("Tab!$E$5"), "E5");
        assert_eq!(wide("Tab!$E5"), "E1:E1048576");
        assert_eq!(wide("Tab!E$5"), "A5:XFD5");
        assert_eq!(wide("Tab!$E$5:$F9"), "E1:F1048576");
    }

    #[test]
    fn a_function_that_no_program_has_by_itself_is_a_persons() {
        assert!(
            ["SUM", "ERROR.TYPE", "_XLFN.XLOOKUP", "_XLFN._XLWS.FILTER"]
                .iter()
                .all(|name| is_known_function(name))
        );
        assert!(!is_known_function("MIJNFUNCTIE"));
        assert!(FUNCTIONS.split_whitespace().all(|name| name == name.to_uppercase()));
    }

    #[test]
    fn a_moved_formula_keeps_its_meaning() {
        assert_eq!(shifted("A1+$B$2+C$3+$D4", 1, 2), "C2+$B$2+E$3+$D5");
        assert_eq!(shifted("SUM('x y'!A1:B2)&\"A1\"", 3, 0), "SUM('x y'!A4:B5)&\"A1\"");
        assert_eq!(shifted("A1", -1, 0), "#REF!");
        assert_eq!(shifted("SUM(A:A)+SUM(1:2)+LOG10(B1)", 1, 1), "SUM(B:B)+SUM(2:3)+LOG10(C2)");
        assert_eq!(shifted("naam+Tabel1[a]+1E5", 1, 1), "naam+Tabel1[a]+1E5");
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in
            ["", "'", "\"", "[", "A1:", "!", "$", "#", "A1:B", "é'", "1:", "=..", "Tab!", "$$$", "{1,2;3}", "a[b'"]
        {
            let _ = (precedents(text), shifted(text, 1, 1));
        }
    }
}
