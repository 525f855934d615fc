//! The outcome of comparing one wijk with the benchmark: what `compare` makes and `check` and `document` show.

use serde::{Deserialize, Serialize};

use super::area::Level;
use super::cell::CellRef;
use super::definition::{Direction, FactorKind, Kind, Unit};
use super::figure::{Figure, Missing};

/// Why a figure cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Incomparable {
    /// No benchmark figure.
    NoBenchmark(Missing),
    /// No figure of the wijk, and the reason is known.
    NoFigure(Missing),
    /// The two figures are of different editions or years.
    OtherEdition {
        /// Edition or year of the wijk's figure.
        wijk: String,
        /// Edition or year of the benchmark.
        benchmark: String,
    },
    /// The cell of the wijk or of the benchmark holds something that is not a number.
    NotANumber(String),
    /// The cell of the wijk or of the benchmark holds a number that cannot exist in its unit, as people read it.
    Impossible(String),
    /// The indicator is not known to the format.
    UnknownIndicator,
}

/// Wijk against benchmark, **as shown**: after rounding both to the row's decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relative {
    /// Equal as shown.
    Equal,
    /// Higher than the benchmark.
    Higher,
    /// Lower than the benchmark.
    Lower,
    /// Not filled in while a benchmark figure stands there.
    NotFilled,
    /// Not comparable, and why.
    NotComparable(Incomparable),
}

/// What the difference means, by the indicator's direction. Never changes the orange rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// Better than the benchmark.
    Gunstiger,
    /// Worse than the benchmark.
    Ongunstiger,
    /// Differs, but the indicator has no direction.
    Neutraal,
    /// Equal as shown.
    Gelijk,
}

impl Judgement {
    /// The word shown beside a figure.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Judgement::Gunstiger => "gunstiger",
            Judgement::Ongunstiger => "ongunstiger",
            Judgement::Neutraal => "anders",
            Judgement::Gelijk => "gelijk",
        }
    }

    /// The mark that goes with the word, so that nothing hangs on colour alone.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Judgement::Gunstiger => "+",
            Judgement::Ongunstiger => "–",
            Judgement::Neutraal => "≠",
            Judgement::Gelijk => "=",
        }
    }
}

/// Why a figure is opvallend (method, 'Orange is not opvallend').
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Opvallendheid {
    /// The advisor wrote something under 'Wat valt op?'.
    pub by_advisor: bool,
    /// Position among the N of the domein that lie furthest from the benchmark, 1 = furthest.
    pub by_distance: Option<usize>,
}

/// How an indicator lies over all wijken, in the indicator's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WijkRange {
    /// The lowest figure of all wijken.
    pub lowest: f64,
    /// The highest figure of all wijken.
    pub highest: f64,
    /// Standard deviation over all wijken; greater than 0.
    pub spread: f64,
}

/// One indicator of one domein, compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureComparison {
    /// Indicator code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Factors it says something about, of this domein's factorenmodel.
    pub factoren: Vec<String>,
    /// True when it is one of the domein's own indicators, false when it stands there through a factor.
    pub own: bool,
    /// Unit.
    pub unit: Unit,
    /// Decimals shown.
    pub decimals: u8,
    /// Direction.
    pub direction: Direction,
    /// Doelgroep.
    pub doelgroep: String,
    /// Direct or benadering.
    pub kind: Kind,
    /// Edition and year as one text.
    pub period: String,
    /// Source.
    pub source: String,
    /// How it was measured.
    pub method: String,
    /// True for model estimates.
    pub estimate: bool,
    /// Figure of the wijk, in the indicator's unit.
    pub wijk: Figure,
    /// Figure of the benchmark.
    pub benchmark: Figure,
    /// Figure of the gebied the wijk lies in.
    pub gebied: Option<Figure>,
    /// Figure of the second benchmark (the country).
    pub land: Option<Figure>,
    /// Figure of the area beside it (column F).
    pub beside: Option<Figure>,
    /// Wijk against benchmark.
    pub relative: Relative,
    /// What that means; `None` when not comparable.
    pub judgement: Option<Judgement>,
    /// Wijk minus benchmark, of the figures as shown, in the unit's difference word.
    pub difference: Option<f64>,
    /// Distance to the benchmark in spreads (standard deviations) of this indicator over all wijken; positive =
    /// higher. `None` when there is no spread.
    pub distance: Option<f64>,
    /// How all wijken lie; `None` when there is no spread, or when the row is of another period than the overview.
    pub wijken: Option<WijkRange>,
    /// Place among all wijken with a figure, 1 = highest figure, and how many there are.
    pub place: Option<(usize, usize)>,
    /// Distance between wijk and gebied in spreads.
    pub from_gebied: Option<f64>,
    /// Whether the difference is larger than chance can explain (95%); `None` where the number of observations
    /// is unknown or the figure is a model estimate.
    pub beyond_chance: Option<bool>,
    /// The 95% interval of the wijk's figure, in the indicator's unit; `None` where nothing is known about it.
    pub interval: Option<(f64, f64)>,
    /// How the figure of the wijk changed since the edition before; `None` where there is none.
    pub trend: Option<Trend>,
    /// Why it is opvallend; `None` when it is not.
    pub opvallend: Option<Opvallendheid>,
    /// What the advisor wrote under 'Wat valt op?', as written.
    pub remark: String,
    /// The cell of the wijk's figure in the workbook.
    pub at: Option<CellRef>,
}

/// How the figure of the wijk changed since the edition before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Edition and year of the figure before.
    pub period: String,
    /// The figure before, in the indicator's unit.
    pub before: f64,
    /// Now minus before, of the figures as shown.
    pub difference: f64,
    /// What that means by the indicator's direction: gunstiger is better than before.
    pub judgement: Judgement,
}

/// A domein, compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DomeinComparison {
    /// Pijler.
    pub pijler: String,
    /// Domein.
    pub domein: String,
    /// All figures: own indicators first, in the format's order; each indicator once.
    pub figures: Vec<FigureComparison>,
    /// Codes of the opvallende figures: the domein's own figures first, and within own and other figures by distance
    /// first (furthest first), then those the advisor wrote about.
    pub opvallend: Vec<String>,
    /// How many figures of the wijk are missing, and of how many.
    pub missing: (usize, usize),
    /// False when no own indicator is about young people themselves; that must be said.
    pub has_direct: bool,
}

impl DomeinComparison {
    /// True when the domein has figures of its own and none is about young people themselves. Of a row that the format does
    /// not know nobody can tell.
    #[must_use]
    pub fn only_benaderingen(&self) -> bool {
        let unknown = Relative::NotComparable(Incomparable::UnknownIndicator);
        !self.has_direct && self.figures.iter().any(|figure| figure.own && figure.relative != unknown)
    }

    /// True when a figure is about the domein itself, and not only about a factor.
    #[must_use]
    pub fn has_own(&self) -> bool {
        self.figures.iter().any(|figure| figure.own)
    }
}

impl Comparison {
    /// The names of figures, given by domein and code, each once; the code of one that is not here.
    #[must_use]
    pub fn figure_names<'a>(&'a self, figures: &'a [(String, String)]) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for (domein, code) in figures {
            let of_domein = self.domeinen.iter().find(|compared| compared.domein == *domein);
            let figure = of_domein.and_then(|compared| compared.figure(code));
            let name = figure.map_or(code.as_str(), |figure| figure.name.as_str());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl FigureComparison {
    /// True when it is higher or lower than the benchmark, as shown.
    #[must_use]
    pub fn differs(&self) -> bool {
        matches!(self.relative, Relative::Higher | Relative::Lower)
    }
}

impl DomeinComparison {
    /// True when figures differ from the benchmark and the distance of none of them is known, so that none can be
    /// opvallend by it.
    #[must_use]
    pub fn lacks_distances(&self) -> bool {
        let mut differing = self.figures.iter().filter(|figure| figure.differs()).peekable();
        differing.peek().is_some() && differing.all(|figure| figure.distance.is_none())
    }

    /// The figure with this code.
    #[must_use]
    pub fn figure(&self, code: &str) -> Option<&FigureComparison> {
        self.figures.iter().find(|figure| figure.code == code)
    }

    /// The opvallende figures in order.
    pub fn opvallende(&self) -> impl Iterator<Item = &FigureComparison> {
        self.opvallend.iter().filter_map(|code| self.figure(code))
    }
}

/// A factor that comes back, in the method's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorReturn {
    /// Name.
    pub name: String,
    /// Rank, 1 = strongest; `None` when not ranked.
    pub rank: Option<u8>,
    /// Risk, protective or both (by domein).
    pub kinds: Vec<FactorKind>,
    /// Domeinen in which it comes back through at least one unfavourable opvallend figure.
    pub domeinen: Vec<String>,
    /// Leefgebieden, from those domeinen's factorenmodellen.
    pub leefgebieden: Vec<String>,
    /// Leeftijdsfasen, likewise.
    pub leeftijdsfasen: Vec<String>,
    /// Unfavourable opvallende figures under it: domein and indicator code.
    pub unfavourable: Vec<(String, String)>,
    /// Favourable opvallende figures under it (strengths, listed apart; never counted).
    pub favourable: Vec<(String, String)>,
}

/// The evidence for which level to compare; the advisor decides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LevelEvidence {
    /// Name of the gebied; empty when unknown.
    pub gebied: String,
    /// Figures for which wijk and gebied both have a value.
    pub compared: usize,
    /// Figures that lie further from the gebied than the threshold.
    pub differing: usize,
    /// Figures that the wijk lacks and the gebied has.
    pub only_gebied: usize,
    /// One Dutch sentence with the evidence and what the method advises.
    pub sentence: String,
}

/// A wijk, compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name and code of the wijk.
    pub wijk: (String, String),
    /// Its level: a gebied can be compared as well.
    pub area_level: Level,
    /// Name of the benchmark.
    pub benchmark: String,
    /// Name of the second benchmark.
    pub second_benchmark: String,
    /// Name of the area in column F, when there is one.
    pub beside: Option<String>,
    /// Edition of the overview.
    pub edition: String,
    /// Per domein, in the format's order.
    pub domeinen: Vec<DomeinComparison>,
    /// Factors with at least one unfavourable opvallend figure, in the method's order: number of domeinen, then
    /// ranking (unranked last), then number of unfavourable opvallende figures, then name.
    pub factoren: Vec<FactorReturn>,
    /// Factors with only favourable opvallende figures: the strengths.
    pub strengths: Vec<FactorReturn>,
    /// Number of distinct risk factors that come back.
    pub risk_factors: usize,
    /// True when that number reaches the cumulation threshold (method: four or more).
    pub cumulation: bool,
    /// Which level to compare.
    pub level: LevelEvidence,
    /// The rule for 'opvallend' and for the order of factors, with the numbers of the format, as Dutch sentences;
    /// printed wherever a list is shown.
    pub rule: Vec<String>,
    /// Figures that are ongunstiger than the benchmark and got worse since the edition before: domein and indicator code,
    /// each indicator once, largest change in spreads first.
    pub worsening: Vec<(String, String)>,
    /// The rule of that list, in Dutch; empty when the list is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub worsening_rule: String,
    /// How the maatschappelijke resultaten of the workbook stand, in its order.
    pub results: Vec<ResultProgress>,
    /// Figures missing in all, and of how many.
    pub missing: (usize, usize),
}

/// Where a maatschappelijk resultaat stands between its start and its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The target is reached.
    Bereikt,
    /// Moved towards the target, not there yet.
    OpWeg,
    /// Did not move.
    Gelijk,
    /// Moved away from the target.
    VanHetDoelAf,
    /// Cannot be said.
    NietTeZeggen,
}

impl Standing {
    /// The words shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Standing::Bereikt => "bereikt",
            Standing::OpWeg => "op weg",
            Standing::Gelijk => "niet veranderd",
            Standing::VanHetDoelAf => "van het doel af",
            Standing::NietTeZeggen => "niet te zeggen",
        }
    }
}

/// One indicator of a maatschappelijk resultaat, measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredIndicator {
    /// Its name.
    pub name: String,
    /// The start value as agreed.
    pub start: f64,
    /// The change as agreed, with its sign.
    pub target: f64,
    /// The figure now, as shown.
    pub now: f64,
    /// Edition and year of that figure.
    pub period: String,
    /// Now minus start.
    pub change: f64,
    /// All of it as a Dutch sentence.
    pub sentence: String,
}

/// How a maatschappelijk resultaat stands, by the way of measuring that was agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultProgress {
    /// Zero-based row on its tab.
    pub row: u32,
    /// Its number as written.
    pub number: String,
    /// The statement.
    pub statement: String,
    /// `elk`, `combinatie` or `gemiddelde`; empty when not known.
    pub method: String,
    /// Where it stands.
    pub standing: Standing,
    /// Why, as a Dutch sentence.
    pub reason: String,
    /// True when the target year is over and the target was not reached.
    pub overdue: bool,
    /// Per indicator; empty when nothing can be said.
    pub indicators: Vec<MeasuredIndicator>,
}
