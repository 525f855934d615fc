//! One indicator of one wijk: against the benchmark, the gebied and the land, and its place among all wijken.

use std::collections::BTreeMap;

use crate::model::words::{self, equal_as_shown, needed_decimals, round_as_shown, row_years};
use crate::model::{
    Analysis, AreaLevel, CellValue, Column, Direction, DomeinBlock, Figure, FigureComparison, Format,
    Incomparable, Indicator, IndicatorRow, Judgement, Kind, Mark, Missing, Overview, Relative, Unit, ValueCell,
    normalise, period,
};

/// The areas of one comparison, as zero-based indices in the overview.
pub(crate) struct Areas {
    /// The wijk.
    pub(crate) wijk: usize,
    /// The area beside it.
    pub(crate) beside: Option<usize>,
    /// The benchmark; `None` when the overview lacks it.
    pub(crate) benchmark: Option<usize>,
    /// The country.
    pub(crate) land: Option<usize>,
    /// The gebied the wijk lies in.
    pub(crate) gebied: Option<usize>,
}

impl Areas {
    pub(crate) fn find(format: &Format, overview: &Overview, wijk: usize, beside: Option<usize>) -> Self {
        Areas {
            wijk,
            beside,
            benchmark: overview.area_index(&format.benchmark.0),
            land: overview.area_index(&format.second_benchmark.0),
            gebied: overview.areas.get(wijk).and_then(|area| super::gebied_of(overview, area)),
        }
    }
}

/// What can be said about each indicator over all wijken, whatever the wijk compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    columns: BTreeMap<String, ColumnStatistics>,
    wijken: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct ColumnStatistics {
    /// Standard deviation (population) over the wijken with a figure; `None` for too few or no spread at all.
    spread: Option<f64>,
    /// The wijken's figures as shown, lowest first.
    shown: Vec<f64>,
}

impl Statistics {
    /// Computes spread and order per indicator of the format over all areas of level wijk.
    ///
    /// The spread is the standard deviation of the whole population of wijken (divided by their number, not by one
    /// less: these are all wijken, not a sample), of the figures as they stand in the overview. With fewer figures
    /// than [`Opvallend::fewest_areas`](crate::model::Opvallend::fewest_areas), or when all are the same, there is
    /// none.
    #[must_use]
    pub fn new(format: &Format, overview: &Overview) -> Self {
        let wijken: Vec<usize> = overview
            .areas
            .iter()
            .enumerate()
            .filter(|(_, area)| area.level == AreaLevel::Wijk)
            .map(|(index, _)| index)
            .collect();
        let columns = format
            .indicators
            .iter()
            .filter_map(|indicator| {
                let column = overview.column_index(&indicator.code)?;
                let values: Vec<f64> =
                    wijken.iter().filter_map(|area| overview.figure(*area, column).value()).collect();
                let mut shown: Vec<f64> =
                    values.iter().map(|value| round_as_shown(*value, indicator.decimals)).collect();
                shown.sort_by(f64::total_cmp);
                let spread = (values.len() >= format.opvallend.fewest_areas.max(2))
                    .then(|| standard_deviation(&values))
                    .filter(|spread| *spread > 1e-9);
                Some((indicator.code.clone(), ColumnStatistics { spread, shown }))
            })
            .collect();
        Statistics { columns, wijken: wijken.len() }
    }

    /// How many wijken the overview has.
    #[must_use]
    pub fn wijken(&self) -> usize {
        self.wijken
    }

    /// The spread of an indicator over all wijken, in the indicator's unit; `None` when there is none.
    #[must_use]
    pub fn spread(&self, code: &str) -> Option<f64> {
        self.columns.get(code)?.spread
    }

    /// Place of `value` (1 = highest) among all wijken with a figure, and how many those are. `own` is the figure
    /// the overview holds for the wijk itself: it is replaced by `value`. Wijken that look the same share a place,
    /// and the places after them are skipped (1, 2, 2, 4).
    fn place(&self, code: &str, value: f64, own: Option<f64>, decimals: u8) -> Option<(usize, usize)> {
        let shown = &self.columns.get(code)?.shown;
        let value = round_as_shown(value, decimals);
        let own = own.map(|own| round_as_shown(own, decimals));
        let higher = shown.len() - shown.partition_point(|other| *other <= value);
        let higher = higher - usize::from(own.is_some_and(|own| own > value)).min(higher);
        let total = shown.len() + usize::from(own.is_none());
        Some((higher + 1, total))
    }
}

/// Standard deviation of a whole population; 0 for no values.
fn standard_deviation(values: &[f64]) -> f64 {
    let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX));
    if values.is_empty() {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}

/// Everything a figure is compared with.
pub(crate) struct Context<'a> {
    pub(crate) format: &'a Format,
    pub(crate) overview: &'a Overview,
    pub(crate) statistics: &'a Statistics,
    pub(crate) areas: &'a Areas,
    pub(crate) analysis: Option<&'a Analysis>,
}

impl Context<'_> {
    /// Name of the area beside the wijk: the one asked for, otherwise the heading of column F when that column
    /// holds a figure.
    pub(crate) fn beside_name(&self) -> Option<String> {
        if let Some(index) = self.areas.beside {
            return self.overview.areas.get(index).map(|area| area.name.clone());
        }
        let analysis = self.analysis?;
        let used =
            analysis.rows().any(|(_, _, row)| row.beside.as_ref().is_some_and(|cell| cell.number().is_some()));
        let heading = analysis
            .pijlers
            .iter()
            .flat_map(|tab| &tab.headings)
            .filter(|(field, _)| field == "naast")
            .map(|(_, cell)| cell.text.trim())
            .find(|text| !matches!(normalise(text).as_str(), "" | "vrij" | "naast" | "vrije kolom"));
        used.then(|| heading.unwrap_or("tweede gebied").to_owned())
    }

    /// Compares one indicator of the format. `rows` are the rows of this domein's block that hold it; empty without
    /// a workbook, or when the block has no such row (then a row elsewhere in the workbook serves, and failing that
    /// the overview).
    pub(crate) fn compare(
        &self,
        indicator: &Indicator,
        own: bool,
        factoren: Vec<String>,
        rows: &[&IndicatorRow],
    ) -> FigureComparison {
        let code = indicator.code.as_str();
        let column = self.overview.column_index(code);
        let from = |area: Option<usize>| self.in_overview(area, column);
        let decimals = indicator.decimals;
        let row = rows.iter().copied().find(|row| row.wijk.number().is_some()).or_else(|| rows.first().copied());
        let row = row.or_else(|| self.row_elsewhere(code));

        let in_overview = (from(Some(self.areas.wijk)), from(self.areas.benchmark));
        let (wijk, benchmark) = match row {
            Some(row) => (Reading::of(&row.wijk), row.benchmark.as_ref().map_or(Reading::Blank, Reading::of)),
            None => (Reading::from(in_overview.0), Reading::from(in_overview.1)),
        };
        let shown_period = |column: &Column| period(&column.edition, &column.year);
        let overview_period = column
            .and_then(|index| self.overview.columns.get(index))
            .map_or_else(|| indicator.period(), shown_period);
        let other = row.and_then(|row| OtherPeriod::of(row, indicator, &overview_period));
        // A row of another period has nothing to look for among this overview's wijken.
        let same = same_as_shown(&wijk, in_overview.0, decimals);
        let stale = other.is_some() && !same;
        let mut relative = relative(&wijk, &benchmark, in_overview.0, decimals);
        if let Some(other) = other.as_ref().filter(|_| stale && wijk.number().is_some()) {
            // The benchmark is the overview's while the row says another period: somebody renewed half a row.
            if same_as_shown(&benchmark, in_overview.1, decimals) {
                relative = Relative::NotComparable(Incomparable::OtherEdition {
                    wijk: other.row.clone(),
                    benchmark: overview_period.clone(),
                });
            }
        }
        let wijk = wijk.figure(in_overview.0, decimals);
        let benchmark = benchmark.figure(in_overview.1, decimals);
        let both = match relative {
            Relative::Equal | Relative::Higher | Relative::Lower => wijk.value().zip(benchmark.value()),
            Relative::NotFilled | Relative::NotComparable(_) => None,
        };
        let spread = self.statistics.spread(code).filter(|_| !stale);
        let gebied = self.areas.gebied.map(|area| from(Some(area))).filter(|_| !stale);
        let estimate = indicator.estimate || has_mark(&in_overview.0, Mark::Estimate);
        let column_now = column.and_then(|index| self.overview.columns.get(index));
        FigureComparison {
            code: code.to_owned(),
            name: indicator.name.clone(),
            factoren,
            own,
            unit: indicator.unit.clone(),
            decimals,
            direction: indicator.direction,
            doelgroep: indicator.doelgroep.clone(),
            kind: indicator.kind,
            period: other.filter(|_| stale).map_or(overview_period, |other| other.row),
            source: source_of(indicator, column_now, row.filter(|_| !same)),
            method: column_now
                .map(|column| column.method.clone())
                .filter(|method| !method.trim().is_empty())
                .unwrap_or_else(|| indicator.method.clone()),
            estimate,
            judgement: judge(&relative, indicator.direction),
            difference: both.map(|(wijk, benchmark)| {
                round_as_shown(round_as_shown(wijk, decimals) - round_as_shown(benchmark, decimals), decimals)
            }),
            distance: both.zip(spread).map(|((wijk, benchmark), spread)| (wijk - benchmark) / spread),
            place: wijk
                .value()
                .filter(|_| !stale && self.is_wijk())
                .and_then(|value| self.statistics.place(code, value, in_overview.0.value(), decimals)),
            from_gebied: wijk
                .value()
                .zip(gebied.and_then(|gebied| gebied.value()))
                .zip(spread)
                .map(|((wijk, gebied), spread)| (wijk - gebied) / spread),
            beyond_chance: column
                .filter(|_| !estimate && indicator.unit.is_percentage() && both.is_some())
                .filter(|_| {
                    same_figure(wijk, in_overview.0, decimals) && same_figure(benchmark, in_overview.1, decimals)
                })
                .and_then(|column| self.chance(column)),
            opvallend: None,
            remark: remarks(rows),
            at: row.map(|row| row.wijk.at.clone()),
            beside: self.beside_figure(row, column),
            land: self.areas.land.map(|area| from(Some(area))).filter(|_| !stale),
            relative,
            wijk,
            benchmark,
            gebied,
        }
    }

    /// A row that the format does not know: shown as it stands, never compared (its direction and its spread are
    /// unknown). `None` when nobody wrote anything in it.
    pub(crate) fn unknown(&self, row: &IndicatorRow) -> Option<FigureComparison> {
        let remark = remarks(&[row]);
        if row.wijk.value.is_blank() && remark.is_empty() {
            return None;
        }
        let wijk = Reading::of(&row.wijk).figure(Figure::Missing(Missing::NotSupplied), 0);
        let benchmark = row
            .benchmark
            .as_ref()
            .map_or(Reading::Blank, Reading::of)
            .figure(Figure::Missing(Missing::NotSupplied), 0);
        let decimals = [wijk, benchmark].iter().filter_map(Figure::value).map(needed_decimals).max().unwrap_or(0);
        let percent = row.wijk.percent_format
            || row
                .unit
                .as_ref()
                .is_some_and(|unit| unit.text.contains('%') || normalise(&unit.text).contains("procent"));
        let unit = if percent {
            Unit { name: "%".to_owned(), difference: "procentpunt".to_owned() }
        } else {
            Unit { name: String::new(), difference: String::new() }
        };
        let text = |cell: &Option<crate::model::TextCell>| {
            cell.as_ref().map_or_else(String::new, |cell| cell.text.trim().to_owned())
        };
        Some(FigureComparison {
            code: format!("onbekend: {}", normalise(&row.name)),
            name: row.name.trim().to_owned(),
            factoren: Vec::new(),
            own: row.factor.is_none(),
            unit,
            decimals,
            direction: Direction::Neutral,
            doelgroep: String::new(),
            kind: Kind::Benadering,
            period: text(&row.unit),
            source: text(&row.source),
            method: String::new(),
            estimate: false,
            wijk,
            benchmark,
            gebied: None,
            land: None,
            beside: row.beside.as_ref().and_then(ValueCell::number).map(Figure::known),
            relative: Relative::NotComparable(Incomparable::UnknownIndicator),
            judgement: None,
            difference: None,
            distance: None,
            place: None,
            from_gebied: None,
            beyond_chance: None,
            opvallend: None,
            remark,
            at: Some(row.wijk.at.clone()),
        })
    }

    fn in_overview(&self, area: Option<usize>, column: Option<usize>) -> Figure {
        area.zip(column)
            .map_or(Figure::Missing(Missing::NotSupplied), |(area, column)| self.overview.figure(area, column))
    }

    fn is_wijk(&self) -> bool {
        self.overview.areas.get(self.areas.wijk).is_some_and(|area| area.level == AreaLevel::Wijk)
    }

    /// A row with this indicator anywhere in the workbook, one with a figure first.
    fn row_elsewhere(&self, code: &str) -> Option<&IndicatorRow> {
        let rows = || self.analysis.into_iter().flat_map(Analysis::rows).map(|(_, _, row)| row);
        let holds = |row: &&IndicatorRow| row.code.as_deref() == Some(code);
        rows().filter(holds).find(|row| row.wijk.number().is_some()).or_else(|| rows().find(holds))
    }

    /// The figure of column F: the area asked for, otherwise what stands in the workbook.
    fn beside_figure(&self, row: Option<&IndicatorRow>, column: Option<usize>) -> Option<Figure> {
        match self.areas.beside {
            Some(area) => Some(self.in_overview(Some(area), column)),
            None => row?.beside.as_ref()?.number().map(Figure::known),
        }
    }

    /// Whether the difference between wijk and benchmark is larger than chance can explain: a test of two
    /// proportions at 95%, only where both numbers of observations are known and large enough for it.
    fn chance(&self, column: usize) -> Option<bool> {
        let one = (
            self.overview.figure(self.areas.wijk, column).value()?,
            self.overview.observations(self.areas.wijk, column)?,
        );
        let benchmark = self.areas.benchmark?;
        let other =
            (self.overview.figure(benchmark, column).value()?, self.overview.observations(benchmark, column)?);
        beyond_chance(one, other)
    }
}

/// Two-proportion z-test: `one` and `other` are a percentage (0 to 100) and a number of observations. `None` where
/// the test does not hold: a percentage outside 0-100, or fewer than five expected observations on either side.
fn beyond_chance(one: (f64, f64), other: (f64, f64)) -> Option<bool> {
    /// Limit of the standard normal distribution for 95%, two-sided.
    const LIMIT: f64 = 1.959_964;
    let ((p, n), (q, m)) = ((one.0 / 100.0, one.1), (other.0 / 100.0, other.1));
    if !(0.0..=1.0).contains(&p) || !(0.0..=1.0).contains(&q) || n < 1.0 || m < 1.0 {
        return None;
    }
    let pooled = (p * n + q * m) / (n + m);
    let smallest = n.min(m) * pooled.min(1.0 - pooled);
    if smallest < 5.0 {
        return None;
    }
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    Some(((p - q) / error).abs() > LIMIT)
}

/// What a cell of the workbook, or a place in the overview, holds.
#[derive(Debug, Clone, PartialEq)]
enum Reading {
    Number(f64, Mark),
    Sign(Missing),
    Blank,
    NotANumber(String),
}

impl Reading {
    /// `.` and `x` are the signs that filling writes; a `-` is not one of them, because filling writes 0 for it and
    /// a person may have meant anything.
    fn of(cell: &ValueCell) -> Self {
        if let Some(number) = cell.number() {
            return Reading::Number(number, Mark::None);
        }
        match &cell.value {
            value if value.is_blank() => Reading::Blank,
            CellValue::Text(text) if text.trim() == "." => Reading::Sign(Missing::Unknown),
            CellValue::Text(text) if text.trim().eq_ignore_ascii_case("x") => Reading::Sign(Missing::Secret),
            value => Reading::NotANumber(value.text()),
        }
    }

    fn from(figure: Figure) -> Self {
        match figure {
            Figure::Known { value, mark } => Reading::Number(value, mark),
            Figure::Missing(reason) => Reading::Sign(reason),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Reading::Number(value, _) => Some(*value),
            _ => None,
        }
    }

    /// As a figure; a number that is the overview's takes over what the source says about it.
    fn figure(&self, in_overview: Figure, decimals: u8) -> Figure {
        match (self, in_overview) {
            (Reading::Number(value, Mark::None), Figure::Known { value: other, mark })
                if equal_as_shown(*value, other, decimals) =>
            {
                Figure::Known { value: *value, mark }
            }
            (Reading::Number(value, mark), _) => Figure::Known { value: *value, mark: *mark },
            (Reading::Sign(reason), _) => Figure::Missing(*reason),
            (Reading::Blank, Figure::Missing(reason)) => Figure::Missing(reason),
            (Reading::Blank, Figure::Known { .. }) => Figure::Missing(Missing::NotSupplied),
            (Reading::NotANumber(_), _) => Figure::Missing(Missing::Invalid),
        }
    }
}

/// Wijk against benchmark as shown. An empty cell for which the overview has no figure either is 'no figure', with
/// the reason; any other empty cell is 'not filled'.
fn relative(wijk: &Reading, benchmark: &Reading, in_overview: Figure, decimals: u8) -> Relative {
    let not = Relative::NotComparable;
    match (wijk, benchmark) {
        (Reading::NotANumber(text), _) | (_, Reading::NotANumber(text)) => {
            not(Incomparable::NotANumber(text.clone()))
        }
        (Reading::Sign(reason), _) => not(Incomparable::NoFigure(*reason)),
        (_, Reading::Sign(reason)) => not(Incomparable::NoBenchmark(*reason)),
        (_, Reading::Blank) => not(Incomparable::NoBenchmark(Missing::NotSupplied)),
        (Reading::Blank, Reading::Number(..)) => match in_overview {
            Figure::Missing(reason) => not(Incomparable::NoFigure(reason)),
            Figure::Known { .. } => Relative::NotFilled,
        },
        (Reading::Number(one, _), Reading::Number(other, _)) => {
            match round_as_shown(*one, decimals).total_cmp(&round_as_shown(*other, decimals)) {
                std::cmp::Ordering::Less => Relative::Lower,
                std::cmp::Ordering::Equal => Relative::Equal,
                std::cmp::Ordering::Greater => Relative::Higher,
            }
        }
    }
}

/// What higher or lower means for this indicator; `None` when nothing was compared.
fn judge(relative: &Relative, direction: Direction) -> Option<Judgement> {
    match (relative, direction) {
        (Relative::Equal, _) => Some(Judgement::Gelijk),
        (Relative::Higher | Relative::Lower, Direction::Neutral) => Some(Judgement::Neutraal),
        (Relative::Higher, Direction::HigherIsBetter) | (Relative::Lower, Direction::LowerIsBetter) => {
            Some(Judgement::Gunstiger)
        }
        (Relative::Higher, Direction::LowerIsBetter) | (Relative::Lower, Direction::HigherIsBetter) => {
            Some(Judgement::Ongunstiger)
        }
        (Relative::NotFilled | Relative::NotComparable(_), _) => None,
    }
}

/// A row whose column C speaks of other years than the overview does.
struct OtherPeriod {
    /// The years in column C, as one text.
    row: String,
}

impl OtherPeriod {
    /// `None` when column C names no year, the overview names none, or they have one in common. Years inside the
    /// indicator's own unit and doelgroep are not periods.
    fn of(row: &IndicatorRow, indicator: &Indicator, overview_period: &str) -> Option<Self> {
        let years = row_years(row, indicator);
        let of_overview = words::years(overview_period);
        let differ =
            !years.is_empty() && !of_overview.is_empty() && years.iter().all(|year| !of_overview.contains(year));
        differ.then(|| OtherPeriod { row: years.join("-") })
    }
}

fn same_as_shown(reading: &Reading, figure: Figure, decimals: u8) -> bool {
    reading.number().zip(figure.value()).is_some_and(|(one, other)| equal_as_shown(one, other, decimals))
}

fn same_figure(one: Figure, other: Figure, decimals: u8) -> bool {
    one.value().zip(other.value()).is_some_and(|(one, other)| equal_as_shown(one, other, decimals))
}

fn has_mark(figure: &Figure, wanted: Mark) -> bool {
    matches!(figure, Figure::Known { mark, .. } if *mark == wanted)
}

/// Where the figure comes from. A figure that a person changed stands with the source written in its row.
fn source_of(indicator: &Indicator, column: Option<&Column>, changed: Option<&IndicatorRow>) -> String {
    let written = changed.and_then(|row| row.source.as_ref()).map(|cell| cell.text.trim());
    let column = column.map(|column| column.source.trim());
    [written, column]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .map_or_else(|| indicator.source.clone(), str::to_owned)
}

/// What the advisor wrote under 'Wat valt op?' in these rows, each text once.
fn remarks(rows: &[&IndicatorRow]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for text in rows.iter().filter_map(|row| row.remark.as_ref()).map(|cell| cell.text.trim()) {
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join("; ")
}

/// The rows of one block that hold this indicator.
pub(crate) fn rows_of<'a>(block: Option<&'a DomeinBlock>, code: &str) -> Vec<&'a IndicatorRow> {
    block.into_iter().flat_map(|block| &block.indicators).filter(|row| row.code.as_deref() == Some(code)).collect()
}
