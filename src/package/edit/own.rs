//! Putting what is ours beside what people made: notes on cells and a tab of our own.
//!
//! Owns which parts that takes (comments, drawing, relationships, content types, styles) and what happens when a
//! workbook lacks them. The text of each part is `notes`' and `own_tab`'s business.

use std::collections::{BTreeMap, BTreeSet};

use super::Applied;
use super::notes::{self, Note, NoteKind};
use super::own_tab::{self, OwnTab, Styles};
use super::patch::Legacy;
use super::plan::{CONTENT_TYPES, SheetJob, TextParts, add_sheet, free_name, job, part_of, sheet_index, tab_of};
use super::scan::Address;
use super::smallparts as parts;
use crate::error::Result;
use crate::model::CellRef;
use crate::package::parts::{Relationship, relationships, relationships_part};
use crate::package::spreadsheet::{SheetKind, Spreadsheet};

const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// Renews our notes on all tabs: old ones go, `wanted` come. A cell that holds a note of somebody else gets none.
pub(super) fn plan_notes(
    book: &Spreadsheet,
    kind: NoteKind,
    wanted: &[Note],
    jobs: &mut BTreeMap<usize, SheetJob<'_>>,
    texts: &mut TextParts,
    applied: &mut Applied,
) -> Result<()> {
    let mut by_sheet: BTreeMap<usize, BTreeMap<Address, String>> = BTreeMap::new();
    for note in wanted {
        let notes = by_sheet.entry(sheet_index(book, &note.tab)?).or_default();
        notes.insert((note.row, note.col), note.text.clone());
    }
    for (index, sheet) in book.sheets().iter().enumerate() {
        if sheet.kind != SheetKind::Worksheet || !book.archive().contains(&sheet.part) {
            continue;
        }
        let related = relationships(book.archive(), &sheet.part)?;
        let has_comments = related.iter().any(|related| related.kind == "comments");
        let wanted = by_sheet.remove(&index).unwrap_or_default();
        if !has_comments && wanted.is_empty() {
            continue;
        }
        let tab = Tab { book, index, related };
        tab.renew(kind, &wanted, jobs, texts, applied)?;
    }
    Ok(())
}

/// A tab with what its part refers to.
struct Tab<'b> {
    book: &'b Spreadsheet,
    index: usize,
    related: Vec<Relationship>,
}

impl Tab<'_> {
    fn part(&self, kind: &str) -> Option<String> {
        let found = self.related.iter().find(|related| related.kind == kind && !related.external)?;
        self.book.archive().find(&found.target).map(str::to_owned)
    }

    fn renew(
        &self,
        kind: NoteKind,
        wanted: &BTreeMap<Address, String>,
        jobs: &mut BTreeMap<usize, SheetJob<'_>>,
        texts: &mut TextParts,
        applied: &mut Applied,
    ) -> Result<()> {
        let (book, strict) = (self.book, self.book.is_strict());
        let name = tab_of(book, self.index);
        let comments = self.part("comments");
        let mut taken = BTreeSet::new();
        for threads in self.related.iter().filter(|related| related.kind == "threadedComment") {
            let text = book.archive().read_text(&threads.target)?;
            taken.extend(notes::threaded_cells(&text).map_err(|e| book.archive().damaged(&threads.target, &e))?);
        }
        let before = match &comments {
            Some(part) => texts.edit(book, part, |text| Ok((None, text.to_owned())))?,
            None => notes::empty_comments(strict),
        };
        let damaged = |e: String| book.archive().damaged(comments.as_deref().unwrap_or("comments"), &e);
        let placed = notes::renew(&before, kind, wanted, &taken).map_err(damaged)?;
        let cell = |(row, col): &Address| CellRef::new(&name, *row, *col);
        let Some(text) = placed.text else {
            applied.notes += placed.kept.len();
            applied.notes_left.extend(placed.occupied.iter().map(cell));
            return Ok(());
        };
        // How tall a note is follows from its text.
        let added: BTreeMap<Address, usize> = placed
            .added
            .iter()
            .filter_map(|at| {
                Some((*at, wanted.get(at)?.lines().map(|line| line.chars().count() / 34 + 1).sum::<usize>() + 2))
            })
            .collect();
        let legacy = job(book, jobs, self.index, &BTreeSet::new())?.scan.facts.legacy_drawing.clone();
        let drawing = legacy.as_ref().and_then(|id| self.related.iter().find(|related| related.id == *id));
        let drawing = drawing.and_then(|related| book.archive().find(&related.target)).map(str::to_owned);
        let drawn = match &drawing {
            Some(part) => texts.edit(book, part, |text| Ok((None, text.to_owned())))?,
            None => notes::empty_drawing(),
        };
        let Some(drawn) = notes::redraw(&drawn, &placed.removed, &added) else {
            applied.notes_left.extend(wanted.keys().map(cell));
            applied.warnings.push(format!(
                "Op het tabblad '{name}' zijn geen notities gezet: de tekening waar notities in staan, is niet te lezen."
            ));
            return Ok(());
        };
        applied.notes += placed.kept.len() + placed.added.len();
        applied.notes_left.extend(placed.occupied.iter().map(cell));
        let empty = placed.total == 0 && !drawn.contains("<v:shape ");
        match (&comments, &drawing) {
            // Nothing of anybody is left: the parts go, as if they had never been there.
            (Some(comments), Some(drawing)) if empty => {
                let base = part_of(book, self.index);
                let rels = relationships_part(&base);
                for part in [comments, drawing] {
                    texts.edit(book, &rels, |text| Ok((parts::remove_relationship(text, &base, part)?, ())))?;
                    texts.edit(book, CONTENT_TYPES, |text| Ok((parts::remove_content_type(text, part)?, ())))?;
                    texts.dropped.insert(part.clone());
                }
                job(book, jobs, self.index, &BTreeSet::new())?.plan.legacy = Some(Legacy::Remove);
                return Ok(());
            }
            _ => {}
        }
        match &comments {
            Some(part) => texts.edit(book, part, |_| Ok((Some(text), ())))?,
            None => drop(self.add(texts, "comments", ".xml", COMMENTS_TYPE, text)?),
        }
        match &drawing {
            Some(part) => texts.edit(book, part, |_| Ok((Some(drawn), ())))?,
            None => {
                let id = self.add(texts, "vmlDrawing", ".vml", DRAWING_TYPE, drawn)?;
                job(book, jobs, self.index, &BTreeSet::new())?.plan.legacy = Some(Legacy::Add(id, strict));
            }
        }
        Ok(())
    }

    /// Adds a part that belongs to this tab; gives the id of the relationship.
    fn add(
        &self,
        texts: &mut TextParts,
        kind: &str,
        ending: &str,
        content_type: &str,
        text: String,
    ) -> Result<String> {
        let base = part_of(self.book, self.index);
        let folder = base.rsplit_once('/').and_then(|(folder, _)| folder.rsplit_once('/'));
        let folder = folder.map_or("xl", |(folder, _)| folder).trim_start_matches('/');
        let part = free_name(self.book, &format!("{folder}/{kind}Wijk{}", self.index + 1), ending);
        let rels = relationships_part(&base);
        if !self.book.archive().contains(&rels) && !texts.is_added(&rels) {
            texts.add(rels.clone(), EMPTY_RELATIONSHIPS.to_owned());
        }
        let kinds = parts::RELATIONSHIPS.get(usize::from(self.book.is_strict())).copied().unwrap_or_default();
        let id = texts.edit(self.book, &rels, |text| {
            parts::add_relationship(text, &format!("{kinds}/{kind}"), &format!("/{part}"))
                .map(|(text, id)| (Some(text), id))
        })?;
        texts.edit(self.book, CONTENT_TYPES, |text| {
            Ok((Some(parts::add_content_type(text, &part, content_type)?), ()))
        })?;
        texts.add(part, text);
        Ok(id)
    }
}

const EMPTY_RELATIONSHIPS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

/// Writes our tab: over the one we wrote before, or as a new one at the end. A tab of that name in which a person
/// wrote, or that is somebody else's, stays as it is; ours then gets a number.
pub(super) fn plan_own_tab(
    book: &Spreadsheet,
    tab: &OwnTab,
    texts: &mut TextParts,
    applied: &mut Applied,
) -> Result<()> {
    let (name, existing) = name_of(book, &tab.name)?;
    let styles_part = book.relationships.iter().find(|r| r.kind == "styles").map(|r| r.target.clone());
    let numbers = tab.number_formats();
    let styles = match styles_part.filter(|part| book.archive().contains(part)) {
        Some(part) => texts.edit(book, &part, |text| {
            own_tab::add_looks(text, &numbers).map(|(text, styles)| (Some(text), styles))
        })?,
        None => Styles::default(),
    };
    let views = texts.edit(book, &book.workbook_part, |text| Ok((None, text.contains("workbookView"))))?;
    let text = tab.worksheet(&styles, book.is_strict(), views);
    match existing {
        Some(part) => {
            texts.edit(book, &part, |_| Ok((Some(text), ())))?;
        }
        None => {
            let part = add_sheet(book, &name, "", texts)?;
            texts.add(part, text);
        }
    }
    texts.edit(book, &book.workbook_part, |text| Ok((own_tab::names(text, &name, tab)?, ())))?;
    applied.own_tab = Some(name);
    Ok(())
}

/// The name our tab gets, and its part when it replaces one that we wrote.
fn name_of(book: &Spreadsheet, wanted: &str) -> Result<(String, Option<String>)> {
    for number in 1_u32..1000 {
        let name = if number == 1 { wanted.to_owned() } else { format!("{wanted} {number}") };
        match book.sheet(&name) {
            None => return Ok((name, None)),
            Some(sheet) if own_tab::is_untouched(book, &sheet.name)? => {
                return Ok((sheet.name.clone(), Some(sheet.part.clone())));
            }
            Some(_) => {}
        }
    }
    Err(book.archive().refuse(
        format!("Er zijn te veel tabbladen die '{wanted}' heten"),
        "Verwijder in Excel de tabbladen die u niet meer nodig hebt.",
    ))
}

impl Spreadsheet {
    /// The cells of a tab on which a note or conversation stands; true for a note of ours of this kind in which nobody
    /// wrote.
    ///
    /// # Errors
    /// When the tab does not exist or its notes cannot be read.
    pub fn noted_cells(&self, tab: &str, kind: NoteKind) -> Result<BTreeMap<(u32, u32), bool>> {
        let sheet = self.worksheet(tab)?;
        let mut cells = BTreeMap::new();
        for related in relationships(self.archive(), &sheet.part)? {
            let read = |text: &str| match related.kind.as_str() {
                "comments" => notes::noted_cells(text, kind),
                _ => notes::threaded_cells(text).map(|cells| cells.into_iter().map(|at| (at, false)).collect()),
            };
            if ["comments", "threadedComment"].contains(&related.kind.as_str()) {
                let text = self.archive().read_text(&related.target)?;
                let found = read(&text).map_err(|e| self.archive().damaged(&related.target, &e))?;
                for (at, ours) in found {
                    // A conversation has a note for programs that know no conversations.
                    cells.entry(at).and_modify(|known| *known &= ours).or_insert(ours);
                }
            }
        }
        Ok(cells)
    }

    /// The tabs of this name (or with a number behind it) that we wrote and in which nobody wrote since.
    ///
    /// # Errors
    /// When a tab cannot be read.
    pub fn own_tabs(&self, name: &str) -> Result<Vec<String>> {
        let mut own = Vec::new();
        for sheet in self.sheets() {
            let rest = sheet.name.strip_prefix(name).map(str::trim);
            let ours = rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            if ours && sheet.kind == SheetKind::Worksheet && own_tab::is_untouched(self, &sheet.name)? {
                own.push(sheet.name.clone());
            }
        }
        Ok(own)
    }
}
