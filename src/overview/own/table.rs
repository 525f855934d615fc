//! The rows of figures under the headings, one at a time.
//!
//! Owns which areas are kept and what is counted over all of them. Where the headings stand was settled before; what a
//! cell means is the reader's business.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use hashbrown::HashSet;

use super::areas::{KnownCodes, Seen};
use super::{Frame, Reader, Source};
use crate::error::{Error, Result};
use crate::finding::{Finding, Level};
use crate::model::{Area, AreaLevel, CellValue, Figure, Overview, WijkSpreads, normalise};
use crate::overview::sheet::Row;
use crate::overview::value::more_cells;

/// An area and where it stands. There may be many thousands: short texts lie in it, not beside it.
pub(super) struct Placed {
    pub(super) code: CompactString,
    pub(super) name: CompactString,
    pub(super) level: AreaLevel,
    /// Code or name of what it lies in; a code once all is settled.
    pub(super) parent: Option<CompactString>,
    /// Zero-based row.
    pub(super) row: u32,
    /// It was asked for by name or code, or everything was.
    asked: bool,
    /// Its other names and its figures, when these are kept.
    kept: Option<(Vec<String>, Vec<Figure>)>,
}

/// The table under way.
pub(super) struct Table<'a> {
    reader: Reader<'a>,
    frame: Frame,
    sources: Vec<Source>,
    /// Keep the figures of every area, also when only some are asked for.
    whole: bool,
    /// Names and codes asked for, as compared.
    only: Option<Vec<String>>,
    known: KnownCodes<'a>,
    areas: Vec<Placed>,
    codes: HashSet<CompactString>,
    spreads: WijkSpreads,
    /// Per column how many cells hold no valid figure.
    problems: BTreeMap<u32, usize>,
    /// Columns with numbers but without code and name.
    lost: BTreeSet<u32>,
    /// Per column: it has a code, a name or a heading.
    named: Vec<bool>,
    /// Number of rows seen.
    seen: usize,
    any_figure: bool,
}

impl<'a> Table<'a> {
    pub(super) fn new(reader: Reader<'a>, frame: Frame, sources: Vec<Source>, whole: bool) -> Self {
        let only = reader.options.only_areas.map(|names| names.iter().map(|name| normalise(name)).collect());
        let known: BTreeSet<u32> = sources
            .iter()
            .map(|source| source.col)
            .chain(frame.headings.iter().map(|(_, col)| *col))
            .chain([frame.label_col])
            .chain(frame.labelled.iter().copied())
            .collect();
        let named = (0..=known.last().copied().unwrap_or(0)).map(|col| known.contains(&col)).collect();
        let spreads = WijkSpreads { wijken: 0, columns: vec![Default::default(); sources.len()] };
        let known = KnownCodes::of(reader.options.areas);
        Table {
            reader,
            known,
            frame,
            sources,
            whole,
            only,
            areas: Vec::new(),
            codes: HashSet::new(),
            spreads,
            problems: BTreeMap::new(),
            lost: BTreeSet::new(),
            named,
            seen: 0,
            any_figure: false,
        }
    }

    /// Takes in the next row, which may be a label or heading row.
    pub(super) fn row(&mut self, row: &Row) {
        let at = self.seen;
        self.seen += 1;
        let below = at > self.frame.heading;
        if below {
            let named = |col: u32| self.named.get(col as usize).copied().unwrap_or(false);
            let numbers = row.cells.iter().filter(|cell| matches!(cell.value, CellValue::Number(_)));
            self.lost.extend(numbers.map(|cell| cell.col).filter(|col| !named(*col)));
        }
        if at == self.frame.heading || self.frame.labels.values().any(|label| *label == at) {
            return;
        }
        let known = (self.sources.as_slice(), &mut self.known);
        let Some(area) = self.reader.area(row, &self.frame, below, known) else { return };
        let code = CompactString::from(area.code.as_ref());
        if !self.codes.insert(code.clone()) {
            let place = self.reader.place(row.index, self.frame.label_col).about(format!("gebied {}", area.name));
            self.reader.note(
                "gebied-dubbel",
                Level::Waarschuwing,
                place,
                format!("Het gebied {} ({}) staat er twee keer; de eerste rij telt.", area.name, area.code),
                "Elk gebied heeft een rij.",
                "Haal de rij weg die niet klopt.",
            );
            return;
        }
        let asked = self.is_asked_for(&area);
        let keep = self.whole || area.level < AreaLevel::Wijk || asked;
        let mut kept = Vec::with_capacity(if keep { self.sources.len() } else { 0 });
        let is_wijk = area.level == AreaLevel::Wijk;
        self.spreads.wijken += usize::from(is_wijk);
        // Cells and columns both go from left to right.
        let mut cells = row.cells.iter().peekable();
        for (source, spread) in self.sources.iter().zip(&mut self.spreads.columns) {
            while cells.next_if(|cell| cell.col < source.col).is_some() {}
            let cell = cells.next_if(|cell| cell.col == source.col);
            let figure = self.reader.figure(cell, row.index, &area, source, &mut self.problems);
            if let Some(value) = figure.value() {
                self.any_figure = true;
                if is_wijk {
                    spread.push(value);
                }
            }
            if keep {
                kept.push(figure);
            }
        }
        self.areas.push(Placed {
            code,
            name: area.name.as_ref().into(),
            level: area.level,
            parent: area.parent.as_deref().map(CompactString::from),
            row: row.index,
            asked,
            kept: keep.then(|| (area.aliases.to_vec(), kept)),
        });
    }

    fn is_asked_for(&self, area: &Seen<'_>) -> bool {
        let Some(only) = &self.only else { return true };
        let asked = |text: &str| {
            only.iter().any(|name| may_be_named(text, name)) && {
                let text = normalise(text);
                only.contains(&text)
            }
        };
        asked(&area.code) || asked(&area.name) || area.aliases.iter().any(|alias| asked(alias))
    }

    /// Codes of the areas asked for with everything they lie in, of all areas wider than a wijk, and of the benchmark;
    /// `None` for all.
    fn wanted(&self) -> Option<BTreeSet<&str>> {
        self.only.as_ref()?;
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        let mut above: BTreeSet<&str> = BTreeSet::new();
        for area in &self.areas {
            let benchmark = self.reader.options.benchmark.is_some_and(|(code, _)| area.code == code);
            if benchmark || area.level < AreaLevel::Wijk || area.asked {
                wanted.insert(&area.code);
                above.extend(area.parent.as_deref());
            }
        }
        // What an area lies in is nearly always wider than a wijk, and then known already. Looking through all areas once
        // more for the others is rare, and quicker than a table of what every area lies in.
        above.retain(|code| !wanted.contains(code));
        while !above.is_empty() {
            let found = self.areas.iter().filter(|area| above.contains(area.code.as_str()));
            let (codes, parents): (Vec<&str>, Vec<Option<&str>>) =
                found.map(|area| (area.code.as_str(), area.parent.as_deref())).unzip();
            wanted.extend(codes);
            above = parents.into_iter().flatten().filter(|code| !wanted.contains(code)).collect();
        }
        Some(wanted)
    }

    /// True when the figures of an area were let go that turns out to be wanted; known once all is settled.
    pub(super) fn lacks_wanted(&self) -> bool {
        let Some(wanted) = self.wanted() else { return !self.whole };
        let kept = self.areas.iter().filter(|area| area.kept.is_some());
        kept.filter(|area| wanted.contains(area.code.as_str())).count() < wanted.len()
    }

    /// Says what was seen over all rows, and finds what each area lies in; after the last row.
    pub(super) fn settle(&mut self) {
        self.uncoded();
        self.reader.parents(&mut self.areas);
        self.more_problems();
    }

    /// The overview, the spread over all wijken and what was not understood.
    pub(super) fn finish(self, edition: String) -> Result<super::Passed> {
        self.usable()?;
        let wanted: Option<BTreeSet<String>> =
            self.wanted().map(|codes| codes.into_iter().map(str::to_owned).collect());
        let mut overview = Overview { edition, ..Overview::default() };
        for Placed { code, name, level, parent, kept, .. } in self.areas {
            let Some((aliases, figures)) = kept else { continue };
            if wanted.as_ref().is_some_and(|wanted| !wanted.contains(code.as_str())) {
                continue;
            }
            overview.figures.push(figures);
            let (code, name, parent) =
                (code.into_string(), name.into_string(), parent.map(CompactString::into_string));
            overview.areas.push(Area { code, name, level, parent, aliases });
        }
        overview.columns = self.sources.into_iter().map(|source| source.column).collect();
        let findings: Vec<Finding> = self.reader.findings;
        Ok((overview, self.spreads, findings))
    }

    /// Columns that hold something under the heading row but have neither code nor name.
    fn uncoded(&mut self) {
        let Some(first) = self.lost.first() else { return };
        let place = self.reader.place(self.frame.heading_row, *first);
        self.reader.note(
            "kolom-zonder-code",
            Level::Waarschuwing,
            place,
            match self.lost.len() {
                1 => "Een kolom met cijfers heeft geen code en geen naam; zij is overgeslagen.".to_owned(),
                count => {
                    format!(
                        "Er zijn {count} kolommen met cijfers zonder code en zonder naam; zij zijn overgeslagen."
                    )
                }
            },
            "Elke kolom met cijfers heeft een code in de rij Code.",
            "Vul de code van de indicator in, of maak de kolom leeg.",
        );
    }

    /// Of each column the first invalid cells were reported one by one; the rest is counted.
    fn more_problems(&mut self) {
        for source in &self.sources {
            let more = self.problems.get(&source.col).copied().unwrap_or(0).saturating_sub(3);
            if more > 0 {
                let mut place = self.reader.whole();
                place.subject = Some(format!("indicator {}", source.column.code));
                self.reader.note(
                    "cijfer-ongeldig",
                    Level::Waarschuwing,
                    place,
                    format!("In de kolom '{}' {} geen cijfer.", source.column.name, more_cells(more)),
                    "",
                    "Controleer de hele kolom; staat er misschien een punt in plaats van een komma?",
                );
            }
        }
    }

    fn usable(&self) -> Result<()> {
        if self.areas.is_empty() || self.sources.is_empty() || !self.any_figure {
            let what = if self.sources.is_empty() {
                "het overzicht heeft geen kolommen met een indicator"
            } else if self.areas.is_empty() {
                "het overzicht heeft geen gebieden"
            } else {
                "het overzicht bevat geen enkel cijfer"
            };
            return Err(Error::content(
                self.reader.file,
                what,
                "Controleer of dit het goede bestand en tabblad is.",
            ));
        }
        let Some((code, name)) = self.reader.options.benchmark else { return Ok(()) };
        if self.codes.contains(code) {
            return Ok(());
        }
        let mut advice = format!("Voeg een rij toe met gebiedscode {code} en de cijfers van {name}");
        // Figures of another city: what is wrong is the format in use, not the overview.
        let other = self.areas.iter().find(|area| area.level == AreaLevel::Stad);
        if let Some(city) = other.map(|area| &area.name) {
            advice = format!(
                "Gaat het over {city}, geef dan met --format de map van het format van {city} mee, of laat --format weg als het \
                 ingebouwde format daarover gaat. {advice} als het over {name} gaat"
            );
        }
        Err(Error::content(
            self.reader.file,
            format!("in het overzicht ontbreekt {name} ({code}), het gebied waarmee wordt vergeleken"),
            format!("{advice}."),
        ))
    }
}

/// False when a text, compared as names are, cannot be this name (in the form in which names are compared). Of many thousands
/// of areas few have a name that ends like one that is asked for, and bringing a text in that form costs more than this.
fn may_be_named(text: &str, name: &str) -> bool {
    if !text.is_ascii() {
        return true;
    }
    let mut letters = text.bytes().rev().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    name.bytes().rev().filter(|byte| *byte != b' ').all(|byte| letters.next() == Some(byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_one_name_may_be_that_name(text in "(?i)(het |de |'t )?[a-cé '’.-]{0,6}", name in "(?i)(het |de )?[a-cé '.-]{0,6}") {
            prop_assert!(may_be_named(&text, &normalise(&text)));
            prop_assert!(normalise(&text) != normalise(&name) || may_be_named(&text, &normalise(&name)));
        }
    }

    #[test]
    fn a_name_that_ends_otherwise_is_seen_at_once() {
        assert!(may_be_named("Het Oude-Noorden ", "oude noorden"));
        assert!(!may_be_named("BU05990123", "oude noorden"));
        assert!(!may_be_named("Noorden", "oude noorden"));
    }
}
