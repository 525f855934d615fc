//! Deciding between what several cells say about one thing, and keeping count of what had to be said about it.
//!
//! Owns the rule: a text that differs from the known format was changed by the maintainer and goes before places that
//! still hold the old text; in a filled workbook a single changed cell on a tab that people write on may be theirs and
//! is not taken. Must not know what the texts are about.

use std::collections::BTreeSet;

use crate::finding::{Finding, Level, Place};
use crate::model::{CellRef, Format, FoundFormat, TextCell, id_of_name, parse_a1};

/// Something that a maintainer has to fill in: file, which row, field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::format) struct Open {
    pub(in crate::format) file: &'static str,
    pub(in crate::format) row: String,
    pub(in crate::format) field: &'static str,
}

/// What is at hand while a definition is derived.
pub(super) struct Desk<'a> {
    pub(super) base: &'a Format,
    pub(super) found: &'a FoundFormat,
    pub(super) notes: Vec<Finding>,
    pub(super) open: BTreeSet<Open>,
}

/// How many cells a message names.
const MOST_CELLS: usize = 6;

impl Desk<'_> {
    pub(super) fn say(
        &mut self,
        code: &str,
        level: Level,
        at: Option<&CellRef>,
        found: impl Into<String>,
        advice: &str,
    ) {
        let place = at.map_or_else(Place::default, Place::cell);
        let note = Finding::new(code, level, place, found, "", advice);
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// True when what stands on this tab may be a person's: the workbook is filled and people write there.
    pub(super) fn may_be_theirs(&self, tab: &str) -> bool {
        self.found.filled.is_some() && self.found.is_personal(tab)
    }

    /// Says of a new thing in a filled workbook that it was left out; true when it was.
    pub(super) fn left_out(&mut self, what: &str, at: &CellRef) -> bool {
        let theirs = self.may_be_theirs(&at.tab);
        if theirs {
            self.say(
                "lees-ingevuld",
                Level::Opmerking,
                Some(at),
                format!("{what} is niet overgenomen: in een ingevuld werkboek kan dit van een adviseur zijn."),
                "Hoort het bij het format, zet het dan in een leeg werkboek en lees dat.",
            );
        }
        theirs
    }

    /// A new thing got an id.
    pub(super) fn named(&mut self, what: &str, name: &str, id: &str, file: &str, at: &CellRef) {
        self.say(
            "lees-nieuw",
            Level::Opmerking,
            Some(at),
            format!("{what} '{name}' is nieuw en kreeg het kenmerk '{id}'."),
            &format!("Verander het kenmerk alleen nu nog, in {file}; daarna moet het zo blijven."),
        );
    }

    /// A field that is not in the workbook and has to be filled in.
    pub(super) fn ask(
        &mut self,
        file: &'static str,
        row: &str,
        field: &'static str,
        about: &str,
        at: Option<&CellRef>,
    ) {
        if self.open.insert(Open { file, row: row.to_owned(), field }) {
            self.say(
                "lees-aan-te-vullen",
                Level::Waarschuwing,
                at,
                format!("Van {about} staat '{field}' niet (herkenbaar) in het werkboek."),
                &format!("Vul het veld '{field}' in {file} aan; 'wijk format controleer' noemt de regel."),
            );
        }
    }

    /// As [`Desk::settle`], where the tab of a pijler has the word and the overview tab has texts of its own (`above`): those of the
    /// file with figures, which may be somebody else's. They count where no pijler has the thing.
    pub(super) fn settle_above(
        &mut self,
        what: &str,
        base: Option<&str>,
        seen: &[&TextCell],
        above: &[&TextCell],
    ) -> Option<String> {
        if seen.iter().all(|cell| cell.text.trim().is_empty()) {
            return self.settle(what, base, above);
        }
        let said = |cell: &TextCell, cells: &[&TextCell]| {
            cells.iter().any(|other| squeeze(&other.text) == squeeze(&cell.text))
        };
        let all: Vec<&TextCell> =
            seen.iter().copied().chain(above.iter().copied().filter(|cell| said(cell, seen))).collect();
        let settled = self.settle(what, base, &all);
        let taken = settled.as_deref().map(squeeze).unwrap_or_default();
        let other = |cell: &&&TextCell| !cell.text.trim().is_empty() && squeeze(&cell.text) != taken;
        if let Some(cell) = above.iter().find(other) {
            self.say(
                "lees-tegenstrijdig",
                Level::Opmerking,
                Some(&cell.at),
                format!(
                    "{what} is in het overzicht '{}'. Genomen is wat op het tabblad van de pijler staat: '{}'.",
                    short(&cell.text),
                    short(&taken)
                ),
                "Is de tekst van het overzicht de goede, pas dan indicatoren.csv aan.",
            );
        }
        settled
    }

    /// The text of one thing, from the cells that hold it, the most telling first. `base` is what it was.
    pub(super) fn settle(&mut self, what: &str, base: Option<&str>, seen: &[&TextCell]) -> Option<String> {
        let seen = seen.iter().copied().filter(|cell| !cell.text.trim().is_empty());
        let (broken, seen): (Vec<&TextCell>, Vec<&TextCell>) =
            seen.partition(|cell| is_formula_as_text(&cell.text));
        for cell in broken {
            self.say(
                "lees-niet-begrepen",
                Level::Waarschuwing,
                Some(&cell.at),
                format!("Hier hoort {what} te staan, maar er staat een formule als tekst: {}.", short(&cell.text)),
                "Zet in Excel een = voor de tekst en geef de cel de opmaak Standaard, of typ wat er hoort te staan.",
            );
        }
        let old = base.map(squeeze);
        let is_old = |cell: &TextCell| old.as_deref() == Some(squeeze(&cell.text).as_str());
        let Some(first) = seen.iter().copied().find(|cell| !is_old(cell)) else { return base.map(str::to_owned) };
        let new = squeeze(&first.text);
        let agree: Vec<&&TextCell> = seen.iter().filter(|cell| squeeze(&cell.text) == new).collect();
        // What somebody wrote differently yet goes before what was never changed.
        let (third, unchanged): (Vec<&TextCell>, Vec<&TextCell>) =
            seen.iter().copied().filter(|cell| squeeze(&cell.text) != new).partition(|cell| !is_old(cell));
        let third = third.into_iter().map(|cell| format!("{} ('{}')", place(&cell.at), short(&cell.text)));
        let others: Vec<String> = third.chain(unchanged.into_iter().map(|cell| place(&cell.at))).collect();
        if self.found.filled.is_some() && base.is_some() {
            let reference = agree.iter().any(|cell| !self.found.is_personal(&cell.at.tab));
            if !reference && (agree.len() < 2 || !others.is_empty()) {
                self.say(
                    "lees-ingevuld",
                    Level::Opmerking,
                    Some(&first.at),
                    format!("De tekst van {what} is hier anders dan in het format en is niet overgenomen: in een ingevuld werkboek kan hij van een adviseur zijn."),
                    "Hoort de tekst bij het format, zet hem dan in een leeg werkboek en lees dat.",
                );
                return base.map(str::to_owned);
            }
        }
        if !others.is_empty() {
            let more = others.len().saturating_sub(MOST_CELLS);
            let mut cells = others.get(..others.len().min(MOST_CELLS)).unwrap_or_default().join(", ");
            if more > 0 {
                cells.push_str(&format!(" en nog {more}"));
            }
            self.say(
                "lees-tegenstrijdig",
                Level::Waarschuwing,
                Some(&first.at),
                format!("{what} is hier '{}', maar elders staat iets anders: {cells}. Genomen is de tekst in deze cel.", short(&first.text)),
                "Zet in al deze cellen dezelfde tekst en lees het werkboek opnieuw.",
            );
        }
        Some(first.text.trim().to_owned())
    }
}

/// A cell for a message: tab and address.
pub(super) fn place(at: &CellRef) -> String {
    format!("'{}' {}", at.tab, at.a1())
}

/// True for a formula that lost its calculation: Excel shows it as it is where a cell has the format of text.
fn is_formula_as_text(text: &str) -> bool {
    let text = text.trim();
    let formula = text.strip_prefix('=').unwrap_or(text);
    let to_tab = formula.rsplit_once('!').is_some_and(|(tab, cell)| {
        let quoted = tab.len() > 2 && tab.starts_with('\'') && tab.ends_with('\'');
        (quoted || !tab.is_empty() && !tab.contains(char::is_whitespace)) && parse_a1(cell).is_some()
    });
    to_tab || formula.len() < text.len() && formula.contains('(') && formula.ends_with(')')
}

/// A text with single spaces: how two texts are compared.
pub(super) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, for messages.
pub(super) fn short(text: &str) -> String {
    let text = squeeze(text);
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// An id that nothing has yet, from a name.
pub(super) fn fresh_id(name: &str, taken: &dyn Fn(&str) -> bool) -> String {
    /// Longest id that is proposed: it is typed in several files.
    const LONGEST: usize = 40;
    let whole = id_of_name(name);
    let mut id = String::new();
    for word in whole.split('-').filter(|word| !word.is_empty()) {
        if !id.is_empty() && id.len() + word.len() + 1 > LONGEST {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(word);
    }
    if id.is_empty() {
        id.push_str("nieuw");
    }
    if !taken(&id) {
        return id;
    }
    (2..).map(|number| format!("{id}-{number}")).find(|id| !taken(id)).unwrap_or(id)
}
