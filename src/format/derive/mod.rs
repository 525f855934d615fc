//! Deriving a definition from a workbook: what a maintainer changed in Excel becomes what stands in the files.
//!
//! Owns the order of deriving and what is kept of the known format: everything that a workbook does not show. Things are
//! the same when their id is; new things get an id from their name. Must not know how a workbook is read
//! ([`FoundFormat`] is what was found) nor how files are written ([`super::write`]).

mod desk;
mod indicators;
mod order;
mod rest;
mod texts;
mod things;

use std::collections::BTreeSet;

use self::desk::Desk;
pub(super) use self::desk::Open;
use crate::finding::{Finding, Level};
use crate::model::{Format, FoundFormat, Unit, normalise};

/// A definition that was derived from a workbook.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The format. Fields that have to be filled in hold a stand-in.
    pub format: Format,
    /// What was understood only in part, kept, new or to be filled in, by tab and cell.
    pub notes: Vec<Finding>,
    /// Fields that have to be filled in: they are empty in the files.
    pub(super) open: BTreeSet<Open>,
}

impl Derived {
    /// The fields that a maintainer still has to fill in, by file, row and field: the format holds stand-ins there.
    #[must_use]
    pub fn open_fields(&self) -> super::OpenFields {
        let text = |text: &str| text.to_owned();
        self.open.iter().map(|open| (text(open.file), open.row.clone(), text(open.field))).collect()
    }

    /// How many fields a maintainer still has to fill in.
    #[must_use]
    pub fn to_complete(&self) -> usize {
        self.open.len()
    }
}

/// Derives the definition. `base` is the format by which things are recognised and from which is kept what a workbook
/// does not show, `blank` is what was found in a blank workbook of it, `units` are the units it knows.
#[must_use]
pub fn derive(base: &Format, units: &[Unit], blank: &FoundFormat, found: &FoundFormat) -> Derived {
    let mut desk = Desk { base, found, notes: Vec::new(), open: BTreeSet::new() };
    desk.whole();
    // From here on every block bears the id of the domein that it is.
    let ids = things::domein_ids(&mut desk);
    let mut found = found.clone();
    for (block, id) in found.blocks.iter_mut().zip(ids) {
        block.id = id;
    }
    let mut desk = Desk { base, found: &found, notes: desk.notes, open: desk.open };
    let mut format = base.clone();
    let mut texts = texts::compare(&mut desk, blank);
    rest::lists(&mut desk, &mut format, &mut texts);
    things::pijlers_and_domeinen(&mut desk, &mut format, &mut texts);
    things::factoren(&mut desk, &mut format, &texts);
    indicators::indicators(&mut desk, &mut format, units);
    rest::questions(&mut desk, &mut format);
    rest::headings(&mut desk, &mut format);
    rest::tabs(&mut desk, &mut format);
    rest::tables(&mut desk, &mut format);
    rest::log(&mut desk, &mut format);
    texts::settle(&mut desk, &mut format, texts);
    old_names(base, &mut format);
    let Desk { mut notes, open, .. } = desk;
    notes.sort_by_key(|note| std::cmp::Reverse(note.level));
    Derived { format, notes, open }
}

impl Desk<'_> {
    /// What holds for the workbook as a whole.
    fn whole(&mut self) {
        let base = self.base;
        self.say(
            "lees-uit-basis",
            Level::Opmerking,
            None,
            format!(
                "Een werkboek toont niet: andere namen van dingen, kleuren, drempels, welke vragen verplicht zijn, de volgorde van de \
                 ambities, koppelingen met bronnen, gebieden en regels voor het controleren. Die komen uit '{}' versie {}.",
                base.name, base.version
            ),
            "Kijk ze na als het werkboek bij een ander format hoort; geef dan met --format de map van dat format mee.",
        );
        if let Some(reason) = &self.found.filled {
            let said = format!("Het werkboek is ingevuld ({reason}). Wat mensen schreven is niet gelezen.");
            self.say(
                "lees-ingevuld",
                Level::Opmerking,
                None,
                said,
                "Lees liever een leeg werkboek van het format.",
            );
        }
        if self.found.version.is_none() {
            let said = "Het werkboek heeft geen versie en geen kenmerken; alles is herkend aan koppen en namen.";
            self.say("lees-uit-basis", Level::Opmerking, None, said, "Kijk de uitkomst extra goed na.");
        }
        let found = self.found;
        for tab in &found.tabs {
            let at = crate::model::CellRef::new(&tab.name, 0, 0);
            if tab.kind == crate::model::TabKind::Other && !tab.ours {
                let said = format!("Het tabblad '{}' hoort niet bij het format en is niet gelezen.", tab.name);
                self.say(
                    "lees-niet-begrepen",
                    Level::Opmerking,
                    Some(&at),
                    said,
                    "Er hoeft niets te gebeuren, tenzij het er wel bij hoort.",
                );
            } else if !tab.understood {
                let said = format!(
                    "Op het tabblad '{}' is de tabel van het format niet gevonden; genomen is wat het basisformat daarover zegt.",
                    tab.name
                );
                self.say(
                    "lees-niet-begrepen",
                    Level::Waarschuwing,
                    Some(&at),
                    said,
                    "Zet de koppen van de tabel terug, of vul de definitiebestanden zelf aan.",
                );
            }
        }
        for cell in &found.strange {
            let said = format!("'{}' past nergens in het format en is niet overgenomen.", desk::short(&cell.text));
            let text = normalise(&cell.text);
            // With '(risico)' behind it, as the lists by leefgebied have it.
            let known = |factor: &crate::model::Factor| text.starts_with(&normalise(&factor.name));
            let advice = match self.base.factoren.iter().any(known) {
                true => {
                    "Is de factor hernoemd, geef hem dan in deze cel ook de nieuwe naam. Hoort hij erbij op dit tabblad, zet hem dan ook in de lijst bovenaan."
                }
                false => {
                    "Zet een factor ook in de lijst bovenaan het tabblad; andere rijen en kolommen kent het format niet."
                }
            };
            self.say("lees-niet-begrepen", Level::Waarschuwing, Some(&cell.at), said, advice);
        }
    }
}

/// Names that a thing had before stay names by which it is recognised, as long as nothing else is called that.
fn old_names(base: &Format, format: &mut Format) {
    fn keep<'a, T: 'a>(
        old: &'a [T],
        new: &'a mut [T],
        parts: impl Fn(&T) -> (String, String, String),
        variants: impl Fn(&mut T) -> &mut Vec<String>,
    ) {
        let mut all: Vec<(String, String, String)> = new.iter().map(&parts).collect();
        for at in 0..new.len() {
            let Some((group, id, name)) = all.get(at).cloned() else { continue };
            let Some(before) = old.iter().map(&parts).find(|(g, i, _)| *g == group && *i == id) else { continue };
            let Some(item) = new.get_mut(at) else { continue };
            let list = variants(item);
            let known = list.iter().any(|variant| normalise(variant) == normalise(&before.2));
            if normalise(&before.2) == normalise(&name) || known {
                continue;
            }
            let other = |(g, i, n): &(String, String, String)| {
                *g == group && *i != id && normalise(n) == normalise(&before.2)
            };
            if !all.iter().any(other) {
                list.push(before.2.clone());
                all.push((group, id, before.2));
            }
        }
        // A variant that now is the name of something else would make reading a guess.
        for at in 0..new.len() {
            let Some((group, id, _)) = all.get(at).cloned() else { continue };
            let Some(item) = new.get_mut(at) else { continue };
            variants(item).retain(|variant| {
                !all.iter().any(|(g, i, n)| *g == group && *i != id && normalise(n) == normalise(variant))
            });
        }
    }
    let one = String::new;
    keep(&base.domeinen, &mut format.domeinen, |d| (one(), d.id.clone(), d.name.clone()), |d| &mut d.variants);
    keep(
        &base.domeinen,
        &mut format.domeinen,
        |d| (one(), d.id.clone(), d.factorenmodel_tab.clone()),
        |d| &mut d.factorenmodel_variants,
    );
    keep(
        &base.indicators,
        &mut format.indicators,
        |i| (one(), i.code.clone(), i.name.clone()),
        |i| &mut i.variants,
    );
    keep(
        &base.questions,
        &mut format.questions,
        |q| (format!("{:?}", q.place), q.code.clone(), q.text.clone()),
        |q| &mut q.variants,
    );
    keep(
        &base.headings,
        &mut format.headings,
        |h| (h.table.clone(), h.field.clone(), h.text.clone()),
        |h| &mut h.variants,
    );
    keep(&base.tabs, &mut format.tabs, |t| (one(), t.kind.clone(), t.name.clone()), |t| &mut t.variants);
}
