//! The indicator overview: all figures of all areas.

use serde::{Deserialize, Serialize};

use super::area::{Area, Level};
use super::area_list::AreaList;
use super::definition::Direction;
use super::figure::{Figure, Missing};
use super::name::{nearest, normalise};

/// The words in 'Meetwijze' by which a column of model estimates is known.
pub const ESTIMATE: &str = "schatting met een model";

/// One column of the overview: one indicator in one edition, with everything needed to trace it. The fields
/// are the rows above the figures on the tab `Indicatoren overzicht (naslag)`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Indicator code; `<code>__n` for a column with numbers of observations.
    pub code: String,
    /// Name as shown.
    pub name: String,
    /// What exactly is measured.
    pub definition: String,
    /// Names as in the format; may be empty for an indicator that the format does not know.
    pub pijler: String,
    /// Domein name.
    pub domein: String,
    /// Factor names, in the format's order.
    pub factoren: Vec<String>,
    /// Unit word, such as `%`.
    pub unit: String,
    /// Number of decimals shown, 0 to 6.
    pub decimals: u8,
    /// `hoger is gunstig`, `lager is gunstig`, `neutraal`.
    pub direction: String,
    /// Which ages.
    pub doelgroep: String,
    /// `direct` or `benadering`.
    pub kind: String,
    /// Year or edition, such as `editie 2016`.
    pub edition: String,
    /// Year of measurement, or `onbekend`.
    pub year: String,
    /// Source.
    pub source: String,
    /// How it was measured.
    pub method: String,
    /// When it is renewed.
    pub renewal: String,
}

impl Column {
    /// True for a column of which all figures are estimates of a model; its method says so.
    #[must_use]
    pub fn is_estimate(&self) -> bool {
        self.method.to_lowercase().contains(ESTIMATE)
    }

    /// True when the overview gives the figures in another unit than the format has for the indicator: then the unit is that
    /// of the figures, and what the format says about them may not hold.
    #[must_use]
    pub fn has_other_unit(&self, indicator: &super::Indicator) -> bool {
        let (here, there) = (self.unit.trim(), indicator.unit.name.trim());
        !here.is_empty() && !there.is_empty() && here.to_lowercase() != there.to_lowercase()
    }

    /// `editie 2016, peiljaar onbekend` or `2020`: the period that stands beside every figure.
    #[must_use]
    pub fn period(&self) -> String {
        super::definition::period(&self.edition, &self.year)
    }

    /// True when a direction stands here and it is another than this one, such as that of the format. Other words than
    /// those of the method say nothing: 'hoog' may mean either.
    #[must_use]
    pub fn has_other_direction(&self, other: &str) -> bool {
        let (here, other) = (normalise(&self.direction), normalise(other));
        let all = [Direction::HigherIsBetter, Direction::LowerIsBetter, Direction::Neutral];
        let known = |text: &String| all.iter().any(|direction| normalise(direction.words()) == *text);
        known(&here) && known(&other) && here != other
    }

    /// The latest year in edition and year of measurement; `None` when neither names one.
    #[must_use]
    pub fn latest_year(&self) -> Option<String> {
        let years = [&self.edition, &self.year].map(|text| super::words::years(text));
        years.into_iter().flatten().max()
    }

    /// True for a column that says something about the figures of another: how many observations they rest on, or
    /// their margin.
    #[must_use]
    pub fn is_count(&self) -> bool {
        companion(&self.code).1 > 0
    }
}

/// The code of the indicator that a column is about, and what it says: 0 for the figures themselves, 1 for the numbers of
/// observations (`__n`), 2 and 3 for the lower and upper end of a 95% margin (`__laag`, `__hoog`).
#[must_use]
pub fn companion(code: &str) -> (&str, u8) {
    [("__n", 1), ("__laag", 2), ("__hoog", 3)]
        .into_iter()
        .find_map(|(end, kind)| code.strip_suffix(end).map(|base| (base, kind)))
        .unwrap_or((code, 0))
}

/// All figures of all areas (`spec/overview.md`). `figures[area][column]`, both in the order of `areas` and
/// `columns`; every row has exactly `columns.len()` entries.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Name of the edition as a whole, such as `Rotterdam 2016 (voorbeeld)`.
    pub edition: String,
    /// Areas in the order of the tab.
    pub areas: AreaList,
    /// Columns in the order of the tab.
    pub columns: Vec<Column>,
    /// Figures per area, per column.
    pub figures: Vec<Vec<Figure>>,
    /// Figures that were taken out because they may not be shown.
    #[serde(skip)]
    pub withheld: Withheld,
}

/// Figures that may not be shown. They are kept for one purpose: to recognise them in texts of people. They are never
/// written or shown, not even in what developers print.
#[derive(Clone, Default, PartialEq)]
pub struct Withheld(Vec<(String, String, f64)>);

impl Withheld {
    /// Adds the figure of an indicator for an area, both by code.
    pub fn add(&mut self, area: &str, indicator: &str, value: f64) {
        self.0.push((area.to_owned(), indicator.to_owned(), value));
    }

    /// The figures of an area: code of the indicator and value.
    pub fn of<'a>(&'a self, area: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        self.0
            .iter()
            .filter(move |(of, _, _)| of == area)
            .map(|(_, indicator, value)| (indicator.as_str(), *value))
    }
}

impl Withheld {
    /// Everything that another overview withholds as well.
    pub fn extend(&mut self, other: &Withheld) {
        self.0.extend(other.0.iter().cloned());
    }

    /// True when a figure of this indicator for this area was taken out.
    #[must_use]
    fn holds(&self, area: &str, indicator: &str) -> bool {
        self.0.iter().any(|(of, code, _)| of == area && code == indicator)
    }
}

impl Overview {
    /// True when a figure of this indicator for this area may not be shown, of any edition.
    #[must_use]
    pub fn withholds(&self, area: &str, indicator: &str) -> bool {
        self.withheld.holds(area, indicator)
            || self
                .area_index(area)
                .zip(self.column_index(indicator))
                .is_some_and(|(area, column)| self.figure(area, column) == Figure::Missing(Missing::SmallGroup))
    }
}

impl std::fmt::Debug for Withheld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Withheld({})", self.0.len())
    }
}

/// Why an area could not be found by what the user wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum AreaLookup<'a> {
    /// Exactly one.
    Found(usize, &'a Area),
    /// Several areas of the level asked for bear this name.
    Ambiguous(Vec<&'a Area>),
    /// None; with the nearest names.
    Unknown(Vec<String>),
}

impl Overview {
    /// Finds an area by code first, then by normalised name or alias; never by likeness. With `level` only
    /// areas of that level are considered (a wijk and a gebied may have the same name).
    #[must_use]
    pub fn find(&self, wanted: &str, level: Option<Level>) -> AreaLookup<'_> {
        self.known(wanted, level).unwrap_or_else(|| self.unknown(wanted, level))
    }

    /// One area or several of that name; `None` when there is none.
    fn known(&self, wanted: &str, level: Option<Level>) -> Option<AreaLookup<'_>> {
        let eligible = |(_, area): &(usize, &Area)| level.is_none_or(|level| area.level == level);
        if let Some((index, area)) = self.areas.by_code(wanted.trim()).find(eligible) {
            return Some(AreaLookup::Found(index, area));
        }
        let name = normalise(wanted);
        let mut hits: Vec<_> = self.areas.by_name(&name).filter(eligible).collect();
        if hits.is_empty() {
            hits = self.areas.by_alias(&name).filter(eligible).collect();
        }
        match hits.as_slice() {
            [(index, area)] => Some(AreaLookup::Found(*index, area)),
            [] => self.with_level_word(wanted, level),
            several => Some(AreaLookup::Ambiguous(several.iter().map(|(_, area)| *area).collect())),
        }
    }

    /// The nearest names. Comparing with every name takes long where there are thousands, so it is done last.
    fn unknown(&self, wanted: &str, level: Option<Level>) -> AreaLookup<'_> {
        let eligible = self.areas.iter().filter(|area| level.is_none_or(|level| area.level == level));
        AreaLookup::Unknown(nearest(
            wanted,
            eligible.flat_map(|area| {
                std::iter::once(area.name.as_str()).chain(area.aliases.iter().map(String::as_str))
            }),
        ))
    }

    /// 'gebied Delfshaven': a name with its level before it; `None` when the text is no such name.
    fn with_level_word(&self, wanted: &str, level: Option<Level>) -> Option<AreaLookup<'_>> {
        let (word, name) = wanted.trim().split_once(char::is_whitespace)?;
        let named = Level::from_word(word)?;
        if level.is_some_and(|level| level != named) {
            return None;
        }
        let name = normalise(name);
        let hits = self.areas.by_name(&name).chain(self.areas.by_alias(&name));
        let mut hits: Vec<_> = hits.filter(|(_, area)| area.level == named).collect();
        hits.dedup_by_key(|(index, _)| *index);
        match hits.as_slice() {
            [(index, area)] => Some(AreaLookup::Found(*index, area)),
            _ => None,
        }
    }

    /// Finds what a person calls 'the wijk': a wijk of that name first, then any other area.
    #[must_use]
    pub fn find_wijk_first(&self, wanted: &str) -> AreaLookup<'_> {
        // A gebied may be meant as well.
        self.known_wijk_first(wanted).unwrap_or_else(|| self.unknown(wanted, None))
    }

    fn known_wijk_first(&self, wanted: &str) -> Option<AreaLookup<'_>> {
        self.known(wanted, Some(Level::Wijk)).or_else(|| self.known(wanted, None))
    }

    /// The one area that [`Self::find_wijk_first`] finds; without looking for what a name that is not there looks like.
    #[must_use]
    pub fn the_wijk_first(&self, wanted: &str) -> Option<(usize, &Area)> {
        match self.known_wijk_first(wanted) {
            Some(AreaLookup::Found(index, area)) => Some((index, area)),
            _ => None,
        }
    }

    /// The name by which [`Self::find_wijk_first`] finds this area again: its own, or `gebied Delfshaven` where a wijk
    /// has that name too, or else its code. A name that leads elsewhere would put the figures of two areas side by
    /// side the next time the workbook is read. Empty for an index that does not exist.
    #[must_use]
    pub fn call_name(&self, index: usize) -> String {
        let Some(area) = self.areas.get(index) else { return String::new() };
        [area.name.clone(), format!("{} {}", area.level.word(), area.name)]
            .into_iter()
            .find(|name| self.the_wijk_first(name).is_some_and(|(found, _)| found == index))
            .unwrap_or_else(|| area.code.clone())
    }

    /// Index of the area with this code.
    #[must_use]
    pub fn area_index(&self, code: &str) -> Option<usize> {
        self.areas.by_code(code).find(|(_, area)| area.code == code).map(|(index, _)| index)
    }

    /// Index of the newest column of an indicator: that of the latest edition, wherever it stands; of columns that do not
    /// differ in that the last. The one rule for which edition is filled, compared, checked and linked to.
    #[must_use]
    pub fn column_index(&self, code: &str) -> Option<usize> {
        self.editions(code).last().copied()
    }

    /// Indices of the columns of an indicator, oldest edition first.
    pub(crate) fn editions(&self, code: &str) -> Vec<usize> {
        let own = |(index, column): (usize, &Column)| (column.code == code).then_some(index);
        let mut found: Vec<usize> = self.columns.iter().enumerate().filter_map(own).collect();
        // Most indicators have one column, and this is asked for every figure: then no year is looked for.
        if found.len() > 1 {
            found.sort_by_cached_key(|index| self.columns.get(*index).and_then(Column::latest_year));
        }
        found
    }

    /// The figure at zero-based `area` and `column`; [`Missing::NotSupplied`] when there is no such place.
    #[must_use]
    pub fn figure(&self, area: usize, column: usize) -> Figure {
        self.figures
            .get(area)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(Figure::Missing(Missing::NotSupplied))
    }

    /// The number of observations behind a figure, where the overview holds a `<code>__n` column for it.
    #[must_use]
    pub fn observations(&self, area: usize, column: usize) -> Option<f64> {
        self.said(area, column, 1)
    }

    /// The columns that say something about an indicator's figures. They stand directly after its own; in a workbook that got
    /// another overview they come last, because the links of the tabs lead to columns that may not move.
    pub fn companions(&self, column: usize) -> impl Iterator<Item = usize> {
        let code = self.columns.get(column).map(|own| own.code.as_str()).unwrap_or_default();
        let about = move |other: &Column| other.is_count() && companion(&other.code).0 == code;
        let all = self.columns.iter().enumerate();
        all.filter(move |(index, other)| about(other) && self.figures_of(*index) == Some(column))
            .map(|(index, _)| index)
    }

    /// The column with the figures that a companion is about: the one directly before it, else the only one of that code,
    /// else the only one of that code and edition.
    fn figures_of(&self, index: usize) -> Option<usize> {
        let own = self.columns.get(index)?;
        let code = companion(&own.code).0;
        let before = self.columns.iter().enumerate().take(index).rev();
        let run = before.take_while(|(_, column)| companion(&column.code).0 == code);
        if let Some((at, _)) = run.into_iter().find(|(_, column)| !column.is_count()) {
            return Some(at);
        }
        let only = |wanted: &dyn Fn(&Column) -> bool| {
            let mut found =
                self.columns.iter().enumerate().filter(|(_, column)| column.code == code && wanted(column));
            found.next().filter(|_| found.next().is_none()).map(|(at, _)| at)
        };
        only(&|_| true).or_else(|| only(&|column| column.edition == own.edition))
    }

    /// What a companion of this kind (see [`companion`]) says about a figure.
    fn said(&self, area: usize, column: usize, kind: u8) -> Option<f64> {
        self.figure(area, self.companion_column(column, kind)?).value()
    }

    fn companion_column(&self, column: usize, kind: u8) -> Option<usize> {
        let is = |index: &usize| self.columns.get(*index).is_some_and(|column| companion(&column.code).1 == kind);
        self.companions(column).find(is)
    }

    /// The column with the numbers of observations behind the figures of a column.
    #[must_use]
    pub fn count_column(&self, column: usize) -> Option<usize> {
        self.companion_column(column, 1)
    }

    /// The 95% margin of a figure as the source gives it, where the overview holds a `<code>__laag` and a `<code>__hoog`
    /// column for it.
    #[must_use]
    pub fn interval(&self, area: usize, column: usize) -> Option<(f64, f64)> {
        self.said(area, column, 2).zip(self.said(area, column, 3)).filter(|(low, high)| low <= high)
    }

    /// The column of the edition before that of `column`, by the same rule as [`Overview::column_index`].
    #[must_use]
    pub fn column_before(&self, column: usize) -> Option<usize> {
        let code = &self.columns.get(column)?.code;
        self.editions(code).into_iter().take_while(|index| *index != column).last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::namesakes;

    fn columns(codes: &[(&str, &str)]) -> Overview {
        let column = |(code, edition): &(&str, &str)| Column {
            code: (*code).to_owned(),
            edition: (*edition).to_owned(),
            ..Column::default()
        };
        let columns: Vec<Column> = codes.iter().map(column).collect();
        let figures = vec![(0..columns.len()).map(|at| Figure::known(at as f64)).collect()];
        Overview {
            columns,
            areas: namesakes().areas.into_iter().take(1).collect(),
            figures,
            ..Overview::default()
        }
    }

    #[test]
    fn observations_are_found_directly_behind_their_figures_and_elsewhere_by_their_code() {
        let near = columns(&[("a", "1"), ("a__n", ""), ("a", "2"), ("a__n", ""), ("b", "")]);
        assert_eq!((near.observations(0, 0), near.observations(0, 2)), (Some(1.0), Some(3.0)));
        assert_eq!(near.observations(0, 4), None);
        // As in a workbook that got an overview with observations: columns that links lead to do not move.
        let far = columns(&[("a", ""), ("b", ""), ("b__laag", ""), ("b__hoog", ""), ("a__n", "")]);
        assert_eq!((far.observations(0, 0), far.observations(0, 1)), (Some(4.0), None));
        assert_eq!(far.interval(0, 1), Some((2.0, 3.0)));
        // Of two editions the numbers of the one are never taken for the other's.
        let two = columns(&[("a", "1"), ("a", "2"), ("b", ""), ("a__n", "2")]);
        assert_eq!((two.observations(0, 0), two.observations(0, 1)), (None, Some(3.0)));
        let unclear = columns(&[("a", "1"), ("a", "2"), ("b", ""), ("a__n", "")]);
        assert_eq!((unclear.observations(0, 0), unclear.observations(0, 1)), (None, None));
    }

    #[test]
    fn only_the_words_of_the_method_say_that_a_direction_is_another() {
        let says = |words: &str| Column { direction: words.to_owned(), ..Column::default() };
        assert!(says("Lager is gunstig ").has_other_direction("hoger is gunstig"));
        assert!(!says("Hoger is gunstig").has_other_direction("hoger is gunstig"));
        for unclear in ["", "hoog", "zie toelichting"] {
            assert!(!says(unclear).has_other_direction("lager is gunstig"), "{unclear}");
        }
    }

    #[test]
    fn the_newest_edition_is_that_of_the_latest_year_wherever_its_column_stands() {
        let index = |codes: &[(&str, &str)]| {
            let overview = columns(codes);
            let newest = overview.column_index("a").unwrap();
            (newest, overview.column_before(newest))
        };
        assert_eq!(index(&[("a", "editie 2014"), ("b", "2031"), ("a", "editie 2016")]), (2, Some(0)));
        assert_eq!(index(&[("a", "editie 2016"), ("a__n", "2016"), ("a", "editie 2014")]), (0, Some(2)));
        assert_eq!(index(&[("a", "2016"), ("a", "2020"), ("a", "2018")]), (1, Some(2)));
        // Without years the order of the columns decides, and a column without a year is older than one with.
        assert_eq!(index(&[("a", "eerste"), ("a", "tweede")]), (1, Some(0)));
        assert_eq!(index(&[("a", "2016"), ("a", "onbekend")]), (0, Some(1)));
    }

    #[test]
    fn the_name_written_for_an_area_leads_back_to_that_area() {
        let overview = namesakes();
        let names: Vec<String> = (0..overview.areas.len()).map(|index| overview.call_name(index)).collect();
        assert_eq!(names, ["Stad", "gebied Delfshaven", "Delfshaven", "Charlois"]);
        for (index, name) in names.iter().enumerate() {
            assert!(
                matches!(overview.find_wijk_first(name), AreaLookup::Found(found, _) if found == index),
                "{name}"
            );
        }
    }

    #[test]
    fn a_level_before_a_name_is_only_that_level() {
        let overview = namesakes();
        assert!(matches!(overview.find("wijk Delfshaven", None), AreaLookup::Found(2, _)));
        assert!(matches!(overview.find("wijk Charlois", None), AreaLookup::Unknown(_)));
        assert!(matches!(overview.find("gebied Charlois", Some(Level::Wijk)), AreaLookup::Unknown(_)));
    }
}
