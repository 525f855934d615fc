//! Two overviews beside each other: what came, went and changed, for who signs off the new one.
//!
//! Owns the order (largest change first) and the verdict. Indicators are the same by their code, areas by theirs; of an
//! indicator with several editions the newest counts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::words::{count, round_as_shown};
use crate::model::{AreaLevel, Column, Figure, Format, Missing, Overview, Spread};

/// The code of the rule, by which its threshold is found in `controle.csv`.
const CODE: &str = "cijfer-veranderd";

/// Spreads of the old figures from which a change is worth a look, when the files say nothing.
const MOVED: f64 = 2.0;

/// Something with a code and a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A text about an indicator or an area that reads differently now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Code of the indicator or the area.
    pub code: String,
    /// Its name in the new overview.
    pub name: String,
    /// What changed: `naam`, `definitie`, `eenheid`, `decimalen`, `richting`, `doelgroep`, `bron`, `editie`, `niveau`,
    /// `valt onder`, and of a gebied `wijken`.
    pub what: &'static str,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
}

/// A figure that moved more than its threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// Code of the indicator.
    pub code: String,
    /// Name of the indicator.
    pub indicator: String,
    /// Unit, for showing.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Code of the area.
    pub area_code: String,
    /// The area.
    pub area: String,
    /// The figure as it was.
    pub old: f64,
    /// The figure as it is.
    pub new: f64,
    /// The change in spreads of the old figures over all wijken.
    pub spreads: f64,
}

/// An indicator of which figures moved more than the threshold: whether one area is odd or all of them changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    /// Code of the indicator.
    pub code: String,
    /// Name of the indicator.
    pub indicator: String,
    /// Unit, for showing.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Areas of which the figure moved more than the threshold.
    pub moved: usize,
    /// Areas with a figure in both.
    pub both: usize,
    /// Of those: how many are higher now, and how many lower.
    pub higher_lower: (usize, usize),
    /// The benchmark's figure as it was and as it is, where both are known.
    pub benchmark: Option<(f64, f64)>,
}

/// A kind of missing that became another, or a figure that came or went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingChange {
    /// Code of the indicator.
    pub code: String,
    /// Name of the indicator.
    pub indicator: String,
    /// As it was: `cijfer`, or why there was none.
    pub old: &'static str,
    /// As it is.
    pub new: &'static str,
    /// For how many areas.
    pub areas: usize,
}

/// How many areas of a level there are, and how many figures they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelCount {
    /// The level in Dutch.
    pub level: &'static str,
    /// Areas in the old and the new overview.
    pub areas: (usize, usize),
    /// Figures in the old and the new overview.
    pub figures: (usize, usize),
}

/// What differs between two overviews.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EditionChanges {
    /// Edition of the old and of the new one.
    pub editions: (String, String),
    /// Indicators that came.
    pub indicators_added: Vec<Item>,
    /// Indicators that went.
    pub indicators_gone: Vec<Item>,
    /// What is said about indicators that are in both.
    pub indicators_changed: Vec<Changed>,
    /// Areas that came.
    pub areas_added: Vec<Item>,
    /// Areas that went.
    pub areas_gone: Vec<Item>,
    /// Areas of another name, level or parent, and gebieden of other wijken: renamed, or with other boundaries.
    pub areas_changed: Vec<Changed>,
    /// Figures that moved more than the threshold of their indicator, largest first.
    pub moved: Vec<Moved>,
    /// The indicators of those figures, the one with the most first.
    pub shifts: Vec<Shift>,
    /// The threshold for indicators without one of their own, in spreads.
    pub threshold: f64,
    /// How many figures are in both, and how many of them look the same.
    pub compared: (usize, usize),
    /// Indicators of which the edition is another and all figures are the same: probably copied.
    pub unchanged: Vec<Item>,
    /// Indicators of which the unit is another: their figures are not set side by side.
    pub not_compared: Vec<Item>,
    /// Figures that came, went, or are missing for another reason.
    pub missing: Vec<MissingChange>,
    /// Counts per level.
    pub levels: Vec<LevelCount>,
    /// The verdict, as Dutch sentences; the first is the verdict itself.
    pub verdict: Vec<String>,
}

/// Compares two overviews. `faults` is the number of findings of level fout about the new one; they count in the verdict.
#[must_use]
pub fn editions(format: &Format, old: &Overview, new: &Overview, faults: usize) -> EditionChanges {
    let mut changes =
        EditionChanges { editions: (old.edition.clone(), new.edition.clone()), ..EditionChanges::default() };
    changes.threshold = format.control.threshold(CODE, "", MOVED);
    let (before, after) = (columns(old), columns(new));
    let (here, there) = (areas(old), areas(new));
    for (code, at) in &after {
        if !before.contains_key(code) {
            changes.indicators_added.extend(new.columns.get(*at).map(item));
        }
    }
    for (code, at) in &before {
        let Some(column) = old.columns.get(*at) else { continue };
        match after.get(code).and_then(|at| new.columns.get(*at)) {
            None => changes.indicators_gone.push(item(column)),
            Some(now) => changed_column(column, now, &mut changes.indicators_changed),
        }
    }
    for (code, at) in &there {
        let Some(area) = new.areas.get(*at) else { continue };
        match here.get(code).and_then(|at| old.areas.get(*at)) {
            None => changes.areas_added.push(Item { code: area.code.clone(), name: area.name.clone() }),
            Some(was) => {
                let parent = |area: &crate::model::Area| area.parent.clone().unwrap_or_default();
                let texts = [
                    ("naam", was.name.clone(), area.name.clone()),
                    ("niveau", was.level.word().to_owned(), area.level.word().to_owned()),
                    ("valt onder", parent(was), parent(area)),
                    ("wijken", wijken_of(old, &was.code), wijken_of(new, &area.code)),
                ];
                for (what, old, new) in texts.into_iter().filter(|(_, old, new)| old.trim() != new.trim()) {
                    changes.areas_changed.push(Changed {
                        code: area.code.clone(),
                        name: area.name.clone(),
                        what,
                        old,
                        new,
                    });
                }
            }
        }
    }
    for (code, at) in &here {
        if !there.contains_key(code) {
            changes
                .areas_gone
                .extend(old.areas.get(*at).map(|area| Item { code: area.code.clone(), name: area.name.clone() }));
        }
    }
    figures(format, (old, &before, &here), (new, &after, &there), &mut changes);
    changes.levels = levels(old, new);
    changes.verdict = verdict(&changes, faults);
    changes
}

/// The wijken that lie in an area, by name: its boundaries as far as an overview knows them.
fn wijken_of(overview: &Overview, code: &str) -> String {
    let inside =
        |area: &&crate::model::Area| area.level == AreaLevel::Wijk && area.parent.as_deref() == Some(code);
    let mut wijken: Vec<&crate::model::Area> = overview.areas.iter().filter(inside).collect();
    wijken.sort_by(|one, other| one.code.cmp(&other.code));
    // A wijk with another name is the same wijk.
    wijken.iter().map(|area| area.code.as_str()).collect::<Vec<_>>().join(", ")
}

/// The newest column of every indicator.
fn columns(overview: &Overview) -> BTreeMap<&str, usize> {
    overview
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.is_count())
        .map(|(at, column)| (column.code.as_str(), at))
        .collect()
}

fn areas(overview: &Overview) -> BTreeMap<&str, usize> {
    overview.areas.iter().enumerate().map(|(at, area)| (area.code.as_str(), at)).collect()
}

fn item(column: &Column) -> Item {
    Item { code: column.code.clone(), name: column.name.clone() }
}

fn changed_column(old: &Column, new: &Column, changes: &mut Vec<Changed>) {
    let texts = [
        ("naam", old.name.clone(), new.name.clone()),
        ("definitie", old.definition.clone(), new.definition.clone()),
        ("eenheid", old.unit.clone(), new.unit.clone()),
        ("decimalen", old.decimals.to_string(), new.decimals.to_string()),
        ("richting", old.direction.clone(), new.direction.clone()),
        ("doelgroep", old.doelgroep.clone(), new.doelgroep.clone()),
        ("bron", old.source.clone(), new.source.clone()),
        ("meetwijze", old.method.clone(), new.method.clone()),
        ("editie", old.period(), new.period()),
    ];
    for (what, was, is) in texts.into_iter().filter(|(_, was, is)| was.trim() != is.trim()) {
        changes.push(Changed { code: new.code.clone(), name: new.name.clone(), what, old: was, new: is });
    }
}

type Side<'a> = (&'a Overview, &'a BTreeMap<&'a str, usize>, &'a BTreeMap<&'a str, usize>);

fn figures(format: &Format, old: Side<'_>, new: Side<'_>, changes: &mut EditionChanges) {
    let mut missing: BTreeMap<(String, String, &'static str, &'static str), usize> = BTreeMap::new();
    for (code, at) in new.1 {
        let (Some(column), Some(was_at)) = (new.0.columns.get(*at), old.1.get(code)) else { continue };
        let Some(old_column) = old.0.columns.get(*was_at) else { continue };
        let wijken = old.0.areas.iter().enumerate().filter(|(_, area)| area.level == AreaLevel::Wijk);
        let spread: Spread = wijken.filter_map(|(area, _)| old.0.figure(area, *was_at).value()).collect();
        let deviation = spread.deviation();
        let threshold = format.control.threshold(CODE, code, MOVED);
        let decimals = column.decimals.min(old_column.decimals);
        let same_unit = column.unit.trim() == old_column.unit.trim();
        if !same_unit {
            changes.not_compared.push(item(column));
        }
        let (mut both, mut same, mut higher) = (0, 0, 0);
        let before_this = changes.moved.len();
        for (area_code, area) in new.2 {
            let Some(was_area) = old.2.get(area_code) else { continue };
            let (was, is) = (old.0.figure(*was_area, *was_at), new.0.figure(*area, *at));
            match (was.value(), is.value()) {
                (Some(_), Some(_)) if !same_unit => {}
                (Some(before), Some(now)) => {
                    both += 1;
                    let shown = |value| round_as_shown(value, decimals);
                    let change = shown(now) - shown(before);
                    if change == 0.0 {
                        same += 1;
                        continue;
                    }
                    higher += usize::from(change > 0.0);
                    let spreads = if deviation > 1e-9 { change.abs() / deviation } else { f64::INFINITY };
                    if spreads > threshold {
                        changes.moved.push(Moved {
                            code: (*code).to_owned(),
                            indicator: column.name.clone(),
                            unit: column.unit.clone(),
                            decimals,
                            area_code: (*area_code).to_owned(),
                            area: new.0.call_name(*area),
                            old: before,
                            new: now,
                            spreads,
                        });
                    }
                }
                _ if word(&was) != word(&is) => {
                    let key = ((*code).to_owned(), column.name.clone(), word(&was), word(&is));
                    *missing.entry(key).or_default() += 1;
                }
                _ => {}
            }
        }
        changes.compared.0 += both;
        changes.compared.1 += same;
        let moved = changes.moved.len() - before_this;
        if moved > 0 {
            let stad = format.benchmark.0.as_str();
            let figure = |side: &Side<'_>, at: usize| side.0.figure(*side.2.get(stad)?, at).value();
            changes.shifts.push(Shift {
                code: (*code).to_owned(),
                indicator: column.name.clone(),
                unit: column.unit.clone(),
                decimals,
                moved,
                both,
                higher_lower: (higher, both - same - higher),
                benchmark: figure(&old, *was_at).zip(figure(&new, *at)),
            });
        }
        if both >= 10 && both == same && old_column.period() != column.period() {
            changes.unchanged.push(item(column));
        }
    }
    changes.moved.sort_by(|one, other| {
        other
            .spreads
            .total_cmp(&one.spreads)
            .then_with(|| (&one.code, &one.area_code).cmp(&(&other.code, &other.area_code)))
    });
    changes.shifts.sort_by(|one, other| other.moved.cmp(&one.moved).then_with(|| one.code.cmp(&other.code)));
    let change = |((code, indicator, old, new), areas)| MissingChange { code, indicator, old, new, areas };
    changes.missing = missing.into_iter().map(change).collect();
    changes.missing.sort_by_key(|change| (std::cmp::Reverse(change.areas), change.code.clone()));
}

fn word(figure: &Figure) -> &'static str {
    match figure {
        Figure::Known { .. } => "cijfer",
        Figure::Missing(reason) => Missing::words(*reason),
    }
}

fn levels(old: &Overview, new: &Overview) -> Vec<LevelCount> {
    let of = |overview: &Overview, level: AreaLevel| {
        let columns: Vec<usize> = columns(overview).into_values().collect();
        let areas: BTreeSet<usize> =
            overview.areas.iter().enumerate().filter(|(_, area)| area.level == level).map(|(at, _)| at).collect();
        let known = |area: &usize| {
            columns.iter().filter(|column| overview.figure(*area, **column).value().is_some()).count()
        };
        (areas.len(), areas.iter().map(known).sum::<usize>())
    };
    [AreaLevel::Land, AreaLevel::Stad, AreaLevel::Gebied, AreaLevel::Wijk, AreaLevel::Buurt]
        .into_iter()
        .map(|level| {
            let ((areas, figures), (more, filled)) = (of(old, level), of(new, level));
            LevelCount { level: level.word(), areas: (areas, more), figures: (figures, filled) }
        })
        .filter(|count| count.areas != (0, 0))
        .collect()
}

/// What asks for a look before the new overview is used, and the line to sign.
fn verdict(changes: &EditionChanges, faults: usize) -> Vec<String> {
    let redefined: BTreeSet<&str> = changes
        .indicators_changed
        .iter()
        .filter(|change| ["definitie", "eenheid", "decimalen", "richting"].contains(&change.what))
        .map(|change| change.code.as_str())
        .collect();
    let lost: usize =
        changes.missing.iter().filter(|change| change.old == "cijfer").map(|change| change.areas).sum();
    let borders: BTreeSet<&str> = changes
        .areas_changed
        .iter()
        .filter(|change| change.what != "naam")
        .map(|change| change.code.as_str())
        .collect();
    let of = count(changes.shifts.len(), "indicator", "indicatoren");
    let questions: Vec<String> = [
        (faults, "fout", "fouten", "in het nieuwe overzicht".to_owned()),
        (changes.indicators_gone.len(), "indicator", "indicatoren", "niet meer in het overzicht".to_owned()),
        (
            redefined.len(),
            "indicator",
            "indicatoren",
            "met een andere betekenis (definitie, eenheid, decimalen of richting)".to_owned(),
        ),
        (changes.areas_gone.len(), "gebied", "gebieden", "niet meer in het overzicht".to_owned()),
        (borders.len(), "gebied", "gebieden", "met een ander niveau of andere grenzen".to_owned()),
        (changes.moved.len(), "cijfer", "cijfers", format!("van {of} meer veranderd dan de drempel")),
        (
            changes.unchanged.len(),
            "indicator",
            "indicatoren",
            "met een nieuwe editie en precies dezelfde cijfers".to_owned(),
        ),
        (lost, "cijfer", "cijfers", "weggevallen".to_owned()),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many, what)| format!("{} {what}", count(number, one, many)))
    .collect();
    let mut verdict = vec![match (faults, questions.is_empty()) {
        (0, true) => {
            "Oordeel: niets gevonden dat tegenhoudt. Het nieuwe overzicht kan worden gebruikt.".to_owned()
        }
        (0, false) => {
            "Oordeel: bekijk eerst de punten hieronder. Kloppen zij, dan kan het nieuwe overzicht worden gebruikt."
                .to_owned()
        }
        _ => "Oordeel: gebruik het nieuwe overzicht nog niet. Herstel eerst de fouten.".to_owned(),
    }];
    verdict.extend(questions);
    verdict.push("Akkoord (naam en datum): ______________________________".to_owned());
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{format, overview, set};

    #[test]
    fn an_overview_beside_itself_has_no_changes() {
        let (format, overview) = (format(), overview());
        let changes = editions(&format, &overview, &overview, 0);
        assert!(changes.moved.is_empty() && changes.missing.is_empty() && changes.indicators_changed.is_empty());
        assert_eq!(changes.compared.0, changes.compared.1);
        assert!(
            changes.verdict[0].contains("kan worden gebruikt") && changes.verdict.len() == 2,
            "{:?}",
            changes.verdict
        );
    }

    #[test]
    fn what_came_went_and_changed_is_named_and_the_largest_change_comes_first() {
        let (format, old) = (format(), overview());
        let mut new = old.clone();
        set(&mut new, 0, "verzuim", Figure::known(60.0));
        set(&mut new, 1, "bomen", Figure::known(5.0));
        set(&mut new, 2, "bomen", Figure::Missing(Missing::Secret));
        let at = |overview: &Overview, code: &str| overview.column_index(code).unwrap();
        let (diploma, uren) = (at(&new, "diploma"), at(&new, "uren"));
        new.columns[diploma].unit = "per 1.000 inwoners".into();
        set(&mut new, 0, "diploma", Figure::known(900.0));
        new.columns[uren].code = "uren-nieuw".into();
        new.areas[3].name = "Wijk Vier".into();
        new.areas[4].parent = Some("GM1".into());
        let like = new.areas[0].clone();
        new.areas.push(crate::model::Area { code: "BU9".into(), name: "Wijk 9".into(), ..like });
        new.figures.push(vec![Figure::Missing(Missing::NotSupplied); new.columns.len()]);
        let changes = editions(&format, &old, &new, 0);
        let moved: Vec<_> = changes.moved.iter().map(|moved| (moved.code.as_str(), moved.area.as_str())).collect();
        assert_eq!(moved, [("bomen", "Wijk 2"), ("verzuim", "Wijk 1")]);
        let shift = changes.shifts.iter().find(|shift| shift.code == "verzuim").unwrap();
        assert_eq!((shift.moved, shift.higher_lower, shift.benchmark), (1, (1, 0), Some((30.0, 30.0))));
        assert!(changes.verdict.iter().any(|line| line.starts_with("2 cijfers van 2 indicatoren")));
        assert_eq!(changes.indicators_added[0].code, "uren-nieuw");
        assert_eq!(changes.indicators_gone[0].code, "uren");
        assert_eq!(
            (changes.indicators_changed[0].code.as_str(), changes.indicators_changed[0].what),
            ("diploma", "eenheid")
        );
        let areas: Vec<_> = changes.areas_changed.iter().map(|change| change.what).collect();
        // Wijk 5 went to another gebied and a wijk came: the gebied has other wijken.
        assert_eq!(
            (areas, changes.areas_added[0].code.as_str()),
            (vec!["naam", "valt onder", "wijken", "wijken"], "BU9")
        );
        assert_eq!(changes.not_compared.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(), ["diploma"]);
        assert!(changes.moved.iter().all(|moved| moved.code != "diploma"));
        for line in ["1 indicator niet meer", "1 indicator met een andere betekenis", "1 cijfer weggevallen"] {
            assert!(changes.verdict.iter().any(|said| said.starts_with(line)), "{line}: {:?}", changes.verdict);
        }
        assert_eq!(
            changes.missing,
            [MissingChange {
                code: "bomen".into(),
                indicator: "Indicator bomen".into(),
                old: "cijfer",
                new: "geheim",
                areas: 1
            }]
        );
        let wijken = changes.levels.iter().find(|count| count.level == "wijk").unwrap();
        assert_eq!(wijken.areas, (5, 6));
        assert!(changes.verdict[0].contains("bekijk eerst"), "{:?}", changes.verdict);
        assert!(editions(&format, &old, &new, 1).verdict[0].contains("nog niet"));
    }

    #[test]
    fn a_new_edition_with_exactly_the_old_figures_is_told() {
        let (format, mut old) = (format(), overview());
        for n in 0..10 {
            let mut area = old.areas[0].clone();
            area.code = format!("BU10{n}");
            old.areas.push(area);
            old.figures.push(old.figures[0].clone());
        }
        let mut new = old.clone();
        let at = new.column_index("bomen").unwrap();
        new.columns[at].edition = "editie 2018".into();
        let changes = editions(&format, &old, &new, 0);
        assert_eq!(changes.unchanged.iter().map(|item| item.code.as_str()).collect::<Vec<_>>(), ["bomen"]);
    }
}
