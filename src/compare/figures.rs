//! One indicator of one wijk: against the benchmark, the gebied and the land, and its place among all wijken.

use super::reading::{Reading, relative};
use super::statistics::Statistics;
use crate::model::words::{self, equal_as_shown, needed_decimals, round_as_shown, row_years};
use crate::model::{
    Analysis, AreaLevel, CellValue, Column, Direction, DomeinBlock, Figure, FigureComparison, Format,
    Incomparable, Indicator, IndicatorRow, Judgement, Kind, Mark, Missing, Overview, Relative, Trend, Unit,
    ValueCell, normalise, wilson,
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
            return self.overview.areas.get(index).map(|_| self.overview.call_name(index));
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
        let column_now = column.and_then(|index| self.overview.columns.get(index));
        let unit = self.format.unit_of(indicator, column_now).into_owned();
        let of = |cell: &ValueCell| Reading::of(cell, &unit, decimals);
        let row = rows.iter().copied().find(|row| row.wijk.number().is_some()).or_else(|| rows.first().copied());
        let row = row.or_else(|| self.row_elsewhere(code));

        let in_overview = (from(Some(self.areas.wijk)), from(self.areas.benchmark));
        // What may not be shown is not taken from the workbook either.
        let or_hidden = |figure: Figure, reading: Reading| match figure {
            Figure::Missing(Missing::SmallGroup) => Reading::Sign(Missing::SmallGroup),
            _ => reading,
        };
        let (wijk, benchmark) = match row {
            Some(row) => (
                or_hidden(in_overview.0, of(&row.wijk)),
                or_hidden(in_overview.1, row.benchmark.as_ref().map_or(Reading::Blank, of)),
            ),
            None => (Reading::from(in_overview.0), Reading::from(in_overview.1)),
        };
        let overview_period = column
            .and_then(|index| self.overview.columns.get(index))
            .map_or_else(|| indicator.period(), Column::period);
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
        let wijken = self.statistics.range(code).filter(|_| !stale);
        let spread = wijken.map(|wijken| wijken.spread);
        let gebied = self.areas.gebied.map(|area| from(Some(area))).filter(|_| !stale);
        let estimate = indicator.estimate
            || column_now.is_some_and(Column::is_estimate)
            || has_mark(&in_overview.0, Mark::Estimate);
        let interval = column
            .filter(|_| !estimate && same_figure(wijk, in_overview.0, decimals))
            .and_then(|column| self.interval(column, &unit));
        FigureComparison {
            code: code.to_owned(),
            name: indicator.name.clone(),
            factoren,
            own,
            unit,
            decimals,
            direction: indicator.direction,
            doelgroep: indicator.doelgroep.clone(),
            kind: indicator.kind,
            period: other.filter(|_| stale).map_or(overview_period, |other| other.row),
            source: source_of(indicator, column_now, row.filter(|_| !same)),
            // How a figure of the advisor's own was measured nobody said; one that is missing is nobody's own.
            method: column_now
                .filter(|_| same || wijk.value().is_none())
                .map(|column| column.method.clone())
                .filter(|method| !method.trim().is_empty())
                .unwrap_or_else(|| match same || wijk.value().is_none() {
                    true => indicator.method.clone(),
                    false => String::new(),
                }),
            estimate,
            judgement: judge(&relative, indicator.direction),
            difference: both.map(|(wijk, benchmark)| {
                round_as_shown(round_as_shown(wijk, decimals) - round_as_shown(benchmark, decimals), decimals)
            }),
            distance: both.zip(spread).map(|((wijk, benchmark), spread)| (wijk - benchmark) / spread),
            wijken,
            place: wijk
                .value()
                .filter(|_| !stale && self.is_wijk())
                .and_then(|value| self.statistics.place(code, value, in_overview.0.value(), decimals)),
            from_gebied: wijk
                .value()
                .zip(gebied.and_then(|gebied| gebied.value()))
                .zip(spread)
                .map(|((wijk, gebied), spread)| (wijk - gebied) / spread),
            beyond_chance: interval
                .zip(both)
                .filter(|_| same_figure(benchmark, in_overview.1, decimals))
                .map(|((low, high), (_, benchmark))| !(low..=high).contains(&benchmark)),
            interval,
            trend: column.filter(|_| same).and_then(|column| self.trend(indicator, column)),
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
        // Shown as it stands: of a unit that only its row names it is not known what it can hold.
        let any = Unit { name: String::new(), difference: String::new() };
        let of = |cell: &ValueCell| Reading::of(cell, &any, 6);
        let wijk = of(&row.wijk).figure(Figure::Missing(Missing::NotSupplied), 0);
        let benchmark =
            row.benchmark.as_ref().map_or(Reading::Blank, of).figure(Figure::Missing(Missing::NotSupplied), 0);
        let decimals = [wijk, benchmark].iter().filter_map(Figure::value).map(needed_decimals).max().unwrap_or(0);
        let percent = row.wijk.percent_format
            || row
                .unit
                .as_ref()
                .is_some_and(|unit| unit.text.contains('%') || normalise(&unit.text).contains("procent"));
        let unit = if percent { Unit { name: "%".to_owned(), difference: "procentpunt".to_owned() } } else { any };
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
            wijken: None,
            place: None,
            from_gebied: None,
            beyond_chance: None,
            interval: None,
            trend: None,
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

    /// The 95% interval of the wijk's figure: the one that the source gives, else Wilson's for a percentage of which the
    /// number of observations is known.
    fn interval(&self, column: usize, unit: &Unit) -> Option<(f64, f64)> {
        let wijk = self.areas.wijk;
        self.overview.interval(wijk, column).or_else(|| {
            let observations = self.overview.observations(wijk, column).filter(|_| unit.is_percentage())?;
            wilson(self.overview.figure(wijk, column).value()?, observations)
        })
    }

    /// The figure of the wijk beside that of the edition before: an earlier column of the overview, else what the workbook
    /// remembers of the edition that was replaced.
    fn trend(&self, indicator: &Indicator, column: usize) -> Option<Trend> {
        let now = self.in_overview(Some(self.areas.wijk), Some(column)).value()?;
        let unit = self.overview.columns.get(column)?.unit.trim();
        let (period, before) = match self.overview.column_before(column) {
            Some(earlier) => {
                let old = self.overview.columns.get(earlier).filter(|old| old.unit.trim() == unit)?;
                (old.period(), self.in_overview(Some(self.areas.wijk), Some(earlier)).value()?)
            }
            None => {
                let old = self.analysis?.history.latest(&indicator.code, "wijk")?;
                let same_area = self.overview.areas.get(self.areas.wijk).is_some_and(|area| area.code == old.area);
                match old.value {
                    CellValue::Number(before) if same_area && unit == old.unit.trim() => {
                        (old.period.clone(), before)
                    }
                    _ => return None,
                }
            }
        };
        let (difference, judgement) = change(indicator, before, now);
        Some(Trend { period, before, difference, judgement })
    }
}

/// How a figure changed: now minus before, of both as shown, and what that means by the indicator's direction.
#[must_use]
pub fn change(indicator: &Indicator, before: f64, now: f64) -> (f64, Judgement) {
    let decimals = indicator.decimals;
    let difference = round_as_shown(round_as_shown(now, decimals) - round_as_shown(before, decimals), decimals);
    let judgement = match (difference, indicator.direction) {
        (0.0, _) => Judgement::Gelijk,
        (_, Direction::Neutral) => Judgement::Neutraal,
        (up, direction) if (up > 0.0) == (direction == Direction::HigherIsBetter) => Judgement::Gunstiger,
        _ => Judgement::Ongunstiger,
    };
    (difference, judgement)
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
        let mut years = row_years(row, indicator);
        years.sort();
        years.dedup();
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
