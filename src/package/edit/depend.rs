//! Which formulas may show something else once cells change.
//!
//! Owns the question of dependence, answered on the safe side: what cannot be told from the text of a formula
//! counts as dependent. Nothing is calculated.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::scan::FormulaCell;
use crate::package::FormulaKind;
use crate::package::formula::{
    Precedent, Prefix, is_known_function, precedents, precedents_of_name, shifted_precedents,
};
use crate::package::spreadsheet::{DefinedName, Range, Spreadsheet};

/// Functions whose result depends on cells their text does not name. SUMIF and AVERAGEIF stretch their last range.
const BEYOND_THEIR_TEXT: [&str; 7] =
    ["INDIRECT", "OFFSET", "CELL", "SUMIF", "AVERAGEIF", "GETPIVOTDATA", "EVALUATE"];

/// Cells of one sheet, to be asked whether a range meets one of them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Area {
    /// Ranges of few rows, by row.
    by_row: BTreeMap<u32, Vec<(u32, u32)>>,
    /// Ranges of many rows.
    tall: Vec<Range>,
    /// The smallest range around all of it: most questions are answered by it alone.
    around: Option<Range>,
}

impl Area {
    pub(crate) fn add(&mut self, range: Range) {
        self.reach(&range);
        if range.last_row - range.first_row > 32 {
            self.tall.push(range);
        } else {
            for row in range.first_row..=range.last_row {
                self.by_row.entry(row).or_default().push((range.first_col, range.last_col));
            }
        }
    }

    fn reach(&mut self, range: &Range) {
        let around = self.around.unwrap_or(*range);
        self.around = Some(around.with(range.first_row, range.first_col).with(range.last_row, range.last_col));
    }

    fn merge(&mut self, other: Area) {
        if let Some(around) = other.around {
            self.reach(&around);
        }
        for (row, spans) in other.by_row {
            self.by_row.entry(row).or_default().extend(spans);
        }
        self.tall.extend(other.tall);
    }

    pub(crate) fn meets(&self, range: &Range) -> bool {
        if !self.around.is_some_and(|around| around.meets(range)) {
            return false;
        }
        self.tall.iter().any(|tall| tall.meets(range))
            || self
                .by_row
                .range(range.first_row..=range.last_row)
                .flat_map(|(_, spans)| spans)
                .any(|(first, last)| *first <= range.last_col && range.first_col <= *last)
    }
}

/// Changed cells per sheet position.
pub(crate) type Dirty = BTreeMap<usize, Area>;

/// What a formula looks at.
#[derive(Debug, Clone)]
pub(crate) struct Looks {
    areas: Vec<(usize, usize, Range)>,
    /// It may look at anything.
    anywhere: bool,
}

/// Translates the text of formulas into areas.
pub(crate) struct Resolver<'a> {
    book: &'a Spreadsheet,
    /// Tables of the workbook: name in lower case, sheet position, range.
    tables: Vec<(String, usize, Range)>,
    /// Positions of the sheets by their name in lower case: every reference asks for one.
    sheets: BTreeMap<String, usize>,
    /// The defined names by their name in lower case, with what they refer to.
    names: BTreeMap<String, Vec<&'a DefinedName>>,
}

/// Names that refer to names: as deep as this is looked; what lies deeper may be anything.
const MOST_NAMES_DEEP: usize = 64;

impl<'a> Resolver<'a> {
    pub(crate) fn new(book: &'a Spreadsheet, tables: Vec<(String, usize, Range)>) -> Self {
        let mut sheets = BTreeMap::new();
        for (index, sheet) in book.sheets().iter().enumerate() {
            sheets.entry(sheet.name.to_lowercase()).or_insert(index);
        }
        let mut names: BTreeMap<String, Vec<&DefinedName>> = BTreeMap::new();
        for name in book.defined_names() {
            names.entry(name.name.to_lowercase()).or_default().push(name);
        }
        Resolver { book, tables, sheets, names }
    }

    fn sheet(&self, name: &str) -> Option<usize> {
        self.sheets.get(&name.to_lowercase()).copied()
    }

    fn looks(&self, sheet: usize, formula: &FormulaCell) -> Looks {
        let mut looks = Looks { areas: Vec::new(), anywhere: formula.kind == FormulaKind::DataTable };
        let found = if formula.shift == (0, 0) {
            precedents(&formula.text)
        } else {
            shifted_precedents(&formula.text, formula.shift.0, formula.shift.1)
        };
        // A shared child whose master is missing has no text to go by.
        looks.anywhere |= formula.kind == FormulaKind::SharedChild && formula.text.is_empty();
        self.collect(found, sheet, Some((formula.row, formula.col)), &mut looks, &mut BTreeSet::new());
        // One area is often named several times, and each is looked at in every round.
        let mut areas = Vec::with_capacity(looks.areas.len());
        for area in looks.areas.drain(..) {
            if !areas.contains(&area) {
                areas.push(area);
            }
        }
        looks.areas = areas;
        looks
    }

    /// What a formula text without a cell of its own (in a chart) looks at.
    pub(crate) fn text_meets(&self, text: &str, dirty: &Dirty) -> bool {
        let mut looks = Looks { areas: Vec::new(), anywhere: false };
        self.collect(precedents(text), usize::MAX, None, &mut looks, &mut BTreeSet::new());
        looks.anywhere || meets(&looks, dirty)
    }

    fn collect(
        &self,
        found: Vec<Precedent>,
        sheet: usize,
        cell: Option<(u32, u32)>,
        looks: &mut Looks,
        visited: &mut BTreeSet<String>,
    ) {
        for precedent in found {
            match precedent {
                Precedent::Cells(None, range) => {
                    // In a name a reference without a tab moves with the cell that uses the name.
                    looks.anywhere |= cell.is_none();
                    looks.areas.push((sheet, sheet, range));
                }
                Precedent::Cells(Some(prefix), range) => self.prefixed(&prefix, range, looks),
                Precedent::Name(prefix, name) => self.name(prefix.as_ref(), &name, sheet, looks, visited),
                Precedent::Table(name) => {
                    let wanted = name.to_lowercase();
                    let table = self.tables.iter().find(|(table, at, range)| {
                        if wanted.is_empty() {
                            *at == sheet && cell.is_some_and(|(row, col)| range.contains(row, col))
                        } else {
                            *table == wanted
                        }
                    });
                    match table {
                        Some((_, at, range)) => looks.areas.push((*at, *at, *range)),
                        None => looks.anywhere = true,
                    }
                }
                Precedent::Function(name) => {
                    let plain = name.rsplit('.').next().unwrap_or(&name);
                    looks.anywhere |=
                        BEYOND_THEIR_TEXT.contains(&plain) || BEYOND_THEIR_TEXT.contains(&name.as_str());
                    if !is_known_function(&name) {
                        // A function of a workbook is a name with a LAMBDA; any other is a macro, which may read any cell.
                        let named = self.names.get(&name.to_lowercase());
                        let lambda = |name: &&&DefinedName| name.refers_to.to_uppercase().contains("LAMBDA(");
                        match named.is_some_and(|named| {
                            !named.is_empty() && named.iter().filter(lambda).count() == named.len()
                        }) {
                            true => self.name(None, &name, sheet, looks, visited),
                            false => looks.anywhere = true,
                        }
                    }
                }
                Precedent::Unknown => looks.anywhere = true,
            }
        }
    }

    fn prefixed(&self, prefix: &Prefix, range: Range, looks: &mut Looks) {
        if prefix.external {
            return;
        }
        let first = self.sheet(&prefix.first);
        let last = prefix.last.as_ref().map_or(first, |last| self.sheet(last));
        match (first, last) {
            (Some(first), Some(last)) => looks.areas.push((first.min(last), first.max(last), range)),
            _ => looks.anywhere = true,
        }
    }

    fn name(
        &self,
        prefix: Option<&Prefix>,
        name: &str,
        sheet: usize,
        looks: &mut Looks,
        visited: &mut BTreeSet<String>,
    ) {
        if prefix.is_some_and(|p| p.external) {
            return;
        }
        let wanted = name.to_lowercase();
        if self.tables.iter().any(|(table, _, _)| *table == wanted) {
            return self.collect(vec![Precedent::Table(wanted)], sheet, None, looks, visited);
        }
        let scope = match prefix {
            Some(prefix) => self.sheet(&prefix.first),
            None => Some(sheet),
        };
        let scope = scope.and_then(|index| self.book.sheets().get(index)).map(|s| s.name.as_str());
        let names = || self.names.get(&wanted).into_iter().flatten();
        let found = names().find(|n| n.scope.is_some() && n.scope.as_deref() == scope);
        let found = found.or_else(|| names().find(|n| n.scope.is_none()));
        let Some(found) = found else {
            looks.anywhere = true;
            return;
        };
        if visited.len() >= MOST_NAMES_DEEP {
            looks.anywhere = true;
            return;
        }
        let key = format!("{}\u{0}{wanted}", found.scope.as_deref().unwrap_or_default());
        if visited.insert(key) {
            self.collect(precedents_of_name(&found.refers_to), sheet, None, looks, visited);
        }
    }
}

fn meets(looks: &Looks, dirty: &Dirty) -> bool {
    looks.areas.iter().any(|(first, last, range)| dirty.range(*first..=*last).any(|(_, area)| area.meets(range)))
}

/// The formulas (by sheet and position in its list) that may depend on `changed`, directly or through others. Adds
/// the cells they fill to `changed`. `skip` are formulas that no longer exist.
pub(crate) fn dependents(
    resolver: &Resolver<'_>,
    formulas: &BTreeMap<usize, &[FormulaCell]>,
    skip: &dyn Fn(usize, &FormulaCell) -> bool,
    changed: &mut Dirty,
) -> BTreeMap<usize, BTreeSet<usize>> {
    // Understanding the texts is most of the work; it is done once for a workbook.
    formulas.par_iter().for_each(|(sheet, list)| {
        list.par_iter().filter(|formula| formula.looks.get().is_none()).for_each(|formula| {
            formula.looks.get_or_init(|| resolver.looks(*sheet, formula));
        });
    });
    let mut waiting: Vec<(usize, usize, Range, &Looks)> = Vec::new();
    let mut index = LookIndex::default();
    for (sheet, list) in formulas {
        for (position, formula) in list.iter().enumerate().filter(|(_, formula)| !skip(*sheet, formula)) {
            let looks = formula.looks.get_or_init(|| resolver.looks(*sheet, formula));
            index.add(waiting.len(), looks);
            waiting.push((*sheet, position, formula.extent, looks));
        }
    }
    let mut result: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut done = vec![false; waiting.len()];
    let mut frontier = std::mem::take(changed);
    for round in 0_usize.. {
        let mut next: Dirty = BTreeMap::new();
        let candidates = match round {
            0 => (0..waiting.len()).collect(),
            _ => index.candidates(&frontier),
        };
        for at in candidates {
            let (Some((sheet, position, extent, looks)), Some(done)) = (waiting.get(at), done.get_mut(at)) else {
                continue;
            };
            // What looks at many rows is asked in every round; after many rounds it counts as dependent.
            let late = round >= MOST_ROUNDS && index.tall.contains(&at);
            if !*done && ((round == 0 && looks.anywhere) || late || meets(looks, &frontier)) {
                *done = true;
                result.entry(*sheet).or_default().insert(*position);
                next.entry(*sheet).or_default().add(*extent);
            }
        }
        if round >= MOST_ROUNDS {
            index.tall.clear();
        }
        for (sheet, area) in std::mem::take(&mut frontier) {
            changed.entry(sheet).or_default().merge(area);
        }
        if next.is_empty() {
            break;
        }
        frontier = next;
    }
    result
}

/// Rounds after which formulas that look at many rows are no longer asked one by one.
const MOST_ROUNDS: usize = 200;

/// Which formulas look at a row, so that a long chain of formulas is followed step by step without asking all of them at each.
#[derive(Default)]
struct LookIndex {
    by_row: BTreeMap<(usize, u32), Vec<usize>>,
    /// Those that look at many rows or several sheets.
    tall: BTreeSet<usize>,
}

impl LookIndex {
    fn add(&mut self, at: usize, looks: &Looks) {
        const FEW_ROWS: u32 = 4;
        for (first, last, range) in &looks.areas {
            if first == last && range.last_row - range.first_row < FEW_ROWS {
                for row in range.first_row..=range.last_row {
                    self.by_row.entry((*first, row)).or_default().push(at);
                }
            } else {
                self.tall.insert(at);
            }
        }
    }

    /// The formulas that may look at these cells.
    fn candidates(&self, dirty: &Dirty) -> BTreeSet<usize> {
        let mut found = self.tall.clone();
        for (sheet, area) in dirty {
            for row in area.by_row.keys() {
                found.extend(self.by_row.get(&(*sheet, *row)).into_iter().flatten());
            }
            for range in &area.tall {
                let rows = self.by_row.range((*sheet, range.first_row)..=(*sheet, range.last_row));
                found.extend(rows.flat_map(|(_, at)| at));
            }
        }
        found
    }
}
