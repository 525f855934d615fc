//! The format as data: everything that maintainers change in `templates/`.
//!
//! Owns the shape of a loaded, checked definition. How it is read from files is `format::load`'s business.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::identity::{Verdict, Versions, tab_name_of};

/// What a higher figure means. There is no default: every indicator states it (method, 'Rules of comparison').
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// A higher figure is favourable.
    #[serde(rename = "hoger is gunstig")]
    HigherIsBetter,
    /// A lower figure is favourable.
    #[serde(rename = "lager is gunstig")]
    LowerIsBetter,
    /// Neither.
    #[serde(rename = "neutraal")]
    Neutral,
}

impl Direction {
    /// The words in the format files and on the overview tab.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Direction::HigherIsBetter => "hoger is gunstig",
            Direction::LowerIsBetter => "lager is gunstig",
            Direction::Neutral => "neutraal",
        }
    }
}

/// Whether a figure is about young people and families themselves, or stands in for such a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// About young people or families themselves.
    Direct,
    /// A stand-in, such as a figure about all residents.
    Benadering,
}

impl Kind {
    /// The word shown beside every figure.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Direct => "direct",
            Kind::Benadering => "benadering",
        }
    }
}

/// Unit of an indicator: how a figure is written and how a difference is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unit {
    /// Word or sign behind a figure: `%`, `aantal`, `index`, `per 1.000 inwoners`.
    pub name: String,
    /// Word behind a difference: `procentpunt`, `indexpunten`, ...
    pub difference: String,
}

impl Unit {
    /// True for percentages: figures are 0 to 100 and may be shown in a cell with a `%` number format.
    #[must_use]
    pub fn is_percentage(&self) -> bool {
        self.name.trim() == "%"
    }

    /// False for a figure that cannot exist in this unit: a percentage outside 0 to 100, a number of things or a rate below
    /// 0, and what is no ordinary number.
    #[must_use]
    pub fn can_hold(&self, value: f64) -> bool {
        let name = self.name.trim().to_lowercase();
        let counts = name.starts_with("aantal") || name.starts_with("per ");
        match self.is_percentage() {
            true => (0.0..=100.0).contains(&value),
            false => value.is_finite() && !(counts && value < 0.0),
        }
    }
}

/// One indicator of the format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Stable code, lower case with hyphens.
    pub code: String,
    /// Name as shown in column B.
    pub name: String,
    /// Other names by which workbooks may know it.
    pub variants: Vec<String>,
    /// What exactly is measured.
    pub definition: String,
    /// The domein under whose own indicators it stands; `None` when it only says something about factors.
    pub domein: Option<String>,
    /// Names of the factors it says something about (method: 'grouped under the factor').
    pub factoren: Vec<String>,
    /// Unit.
    pub unit: Unit,
    /// Decimals shown and compared, 0 to 6.
    pub decimals: u8,
    /// What a higher figure means.
    pub direction: Direction,
    /// Which ages or which group, such as `18 t/m 22 jaar`.
    pub doelgroep: String,
    /// Direct or benadering.
    pub kind: Kind,
    /// Edition of the figures, such as `editie 2016`.
    pub edition: String,
    /// Year of measurement, or `onbekend`.
    pub year: String,
    /// Source, such as `Wijkprofiel Rotterdam (gemeente Rotterdam, OBI)`.
    pub source: String,
    /// How it was measured.
    pub method: String,
    /// When it is renewed.
    pub renewal: String,
    /// True when the figures are estimates of a model (no statement about chance).
    pub estimate: bool,
}

impl Indicator {
    /// `editie 2016, peiljaar onbekend` or `2020`: the period that stands beside every figure.
    #[must_use]
    pub fn period(&self) -> String {
        period(&self.edition, &self.year)
    }
}

/// Edition and year of measurement as one text, such as `editie 2016, peiljaar onbekend`.
#[must_use]
pub(crate) fn period(edition: &str, year: &str) -> String {
    match (edition.trim(), year.trim()) {
        ("", "") => "jaar onbekend".to_owned(),
        ("", year) => year.to_owned(),
        (edition, "") => edition.to_owned(),
        (edition, year) if edition.contains(year) => edition.to_owned(),
        (edition, year) => format!("{edition}, peiljaar {year}"),
    }
}

/// The text of column C of an indicator row: unit, period, doelgroep, and direct or benadering, such as
/// `% · editie 2016, peiljaar onbekend · 18 t/m 22 jaar · direct`. One wording for building and for filling, so that
/// filling a fresh workbook finds its own text. Empty parts fall away.
#[must_use]
pub fn row_description(unit: &str, edition: &str, year: &str, doelgroep: &str, kind: &str) -> String {
    let period = period(edition, year);
    let parts = [unit.trim(), period.as_str(), doelgroep.trim(), kind.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A pijler: Kansrijk, Veilig, Gezond in the built-in format; any number in another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pijler {
    /// Stable id; stays the same when the name changes.
    pub id: String,
    /// Name, such as `Kansrijk`.
    pub name: String,
    /// Heading of its ambitions, such as `Kansrijk opgroeien`.
    pub heading: String,
    /// Name of its tab.
    pub tab: String,
    /// Colour of the tab and headings as `RRGGBB`.
    pub colour: String,
}

/// A domein, one of several in a pijler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domein {
    /// Stable id; stays the same when the name changes.
    pub id: String,
    /// Name.
    pub name: String,
    /// Other names by which workbooks may know it.
    pub variants: Vec<String>,
    /// Name of its pijler.
    pub pijler: String,
    /// Name of its factorenmodel tab (31 characters at most).
    pub factorenmodel_tab: String,
    /// Other names of that tab.
    pub factorenmodel_variants: Vec<String>,
    /// Order of its ambition among all, 1 = first.
    pub ambitie_order: u32,
    /// Its ambition.
    pub ambitie: String,
}

/// Name of the very hidden tab from which the charts on the summary tab of a new workbook are drawn: the format builds
/// it, reading passes over it.
pub const CHART_TAB: &str = "_grafieken";

/// Whether a factor threatens or protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorKind {
    /// Raises the chance of a problem.
    Risico,
    /// Lowers the chance of a problem.
    Beschermend,
}

impl FactorKind {
    /// `risicofactor` or `beschermende factor`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            FactorKind::Risico => "risicofactor",
            FactorKind::Beschermend => "beschermende factor",
        }
    }
}

/// One factor in the factorenmodel of one domein. The same name in several domeinen is the same factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Stable id, the same in every domein; stays the same when the name changes.
    pub id: String,
    /// Domein in whose factorenmodel it stands.
    pub domein: String,
    /// Name.
    pub name: String,
    /// Risk or protective.
    pub kind: FactorKind,
    /// Leefgebieden in which it plays.
    pub leefgebieden: Vec<String>,
    /// Leeftijdsfasen in which it plays.
    pub leeftijdsfasen: Vec<String>,
    /// Explanation in one sentence.
    pub explanation: String,
    /// Where it comes from, such as `voorbeeld, te vervangen door het Factorenmodel van NJi`.
    pub source: String,
}

/// A line of the ranking; 1 is strongest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedFactor {
    /// Name of the factor.
    pub name: String,
    /// 1 (hangs together most strongly with the others) to 5.
    pub rank: u8,
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionPlace {
    /// In every domein block.
    Domein,
    /// Once at the end of every pijler tab.
    Pijler,
    /// On the tab `Samenvatting alle pijlers samen`.
    Samenvatting,
}

/// A question with room for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionDefinition {
    /// Stable code.
    pub code: String,
    /// Where it stands.
    pub place: QuestionPlace,
    /// The question.
    pub text: String,
    /// Other wordings by which workbooks may know it.
    pub variants: Vec<String>,
    /// True when the cell links to the factorenmodel of the domein.
    pub links_to_factorenmodel: bool,
    /// True when an empty answer is a finding.
    pub required: bool,
}

/// A column heading of one kind of tab, with the variants found in the wild.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Kind of tab: `pijler`, `samenvatting`, `slottabel`, `overzicht`, `resultaten`, `matrix`, `activiteiten`,
    /// `factorenmodel`, `ranking`.
    pub table: String,
    /// Stable field name, such as `bron`.
    pub field: String,
    /// The heading as written.
    pub text: String,
    /// Variants.
    pub variants: Vec<String>,
}

/// A fixed tab of the workbook (pijler and factorenmodel tabs follow from pijlers and domeinen).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabName {
    /// Stable kind: `inhoudsopgave`, `toelichting`, `changelog`, `samenvatting`, `overzicht`, `ranking`,
    /// `resultaten`, `matrix`, `activiteiten`.
    pub kind: String,
    /// The name as written, 31 characters at most.
    pub name: String,
    /// Variants.
    pub variants: Vec<String>,
    /// True when a workbook may lack it.
    pub optional: bool,
}

/// A figure that advisors would want and that is not openly available (method: a missing figure is signalled).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Domein.
    pub domein: String,
    /// What would be wanted.
    pub figure: String,
    /// Who might have it.
    pub holder: String,
}

/// A rung of the effectladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trede {
    /// 0 to 4.
    pub rung: u8,
    /// The question it asks.
    pub question: String,
    /// The recognition that belongs to it, may be empty.
    pub recognition: String,
}

/// A database of interventions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Databank {
    /// Theme.
    pub theme: String,
    /// Institute.
    pub institute: String,
    /// Name.
    pub name: String,
}

/// An indicator for the outcome of a service (method, step 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeIndicator {
    /// Kind of service.
    pub service: String,
    /// Criterion.
    pub criterion: String,
    /// Indicator.
    pub indicator: String,
    /// How it is followed.
    pub monitor: String,
}

/// The rule for 'opvallend' and its thresholds (method, 'Rules of comparison'); printed wherever it is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opvallend {
    /// N: how many figures per domein that lie furthest from the benchmark.
    pub count: usize,
    /// Fewest wijken with a figure from which a spread may be computed.
    pub fewest_areas: usize,
    /// From how many spreads between wijk and gebied 'wijkt veel af van het gebied' holds.
    pub gebied_threshold: f64,
    /// From how many risk factors together a problem is substantially likely (method: four).
    pub cumulation: usize,
}

/// A line of the change log of the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLogEntry {
    /// Version.
    pub version: String,
    /// Date, ISO.
    pub date: String,
    /// Who.
    pub who: String,
    /// What changed.
    pub what: String,
}

/// Longer texts, by key, from `teksten.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts(pub std::collections::BTreeMap<String, String>);

impl Texts {
    /// The text under `key`; empty when there is none (loading checks that all needed keys exist).
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }
}

/// The whole definition, loaded and checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Format {
    /// Version: major.minor, and perhaps a third number for corrections of texts.
    pub version: String,
    /// Which versions of workbooks it takes.
    pub versions: Versions,
    /// Name of the format.
    pub name: String,
    /// Who it is about, such as `jeugdigen van 0 tot en met 22 jaar`.
    pub doelgroep: String,
    /// Code and name of the benchmark (Rotterdam, `GM0599`).
    pub benchmark: (String, String),
    /// Code and name of the second benchmark, the country.
    pub second_benchmark: (String, String),
    /// The rule for 'opvallend'.
    pub opvallend: Opvallend,
    /// Colour of the highlighting as `RRGGBB`.
    pub highlight_colour: String,
    /// Whether a second mark that does not rely on colour stands beside figures in the documents.
    pub second_mark: bool,
    /// Pijlers in order.
    pub pijlers: Vec<Pijler>,
    /// Domeinen in order, grouped by pijler.
    pub domeinen: Vec<Domein>,
    /// Indicators in order.
    pub indicators: Vec<Indicator>,
    /// Factors of all factorenmodellen.
    pub factoren: Vec<Factor>,
    /// Ranking.
    pub ranking: Vec<RankedFactor>,
    /// Questions in order.
    pub questions: Vec<QuestionDefinition>,
    /// Column headings.
    pub headings: Vec<Heading>,
    /// Fixed tabs in order.
    pub tabs: Vec<TabName>,
    /// Wanted figures.
    pub wanted: Vec<Wanted>,
    /// Leeftijdsfasen in order.
    pub leeftijdsfasen: Vec<String>,
    /// Leefgebieden in order.
    pub leefgebieden: Vec<String>,
    /// Prevention levels in order.
    pub preventieniveaus: Vec<String>,
    /// Usual partners.
    pub partners: Vec<String>,
    /// Effectladder.
    pub effectladder: Vec<Trede>,
    /// Databases.
    pub databanken: Vec<Databank>,
    /// Outcome indicators.
    pub outcome_indicators: Vec<OutcomeIndicator>,
    /// Change log of the format.
    pub change_log: Vec<ChangeLogEntry>,
    /// Longer texts.
    pub texts: Texts,
    /// What maintainers say about checking.
    pub control: super::Control,
}

impl Format {
    /// Domeinen of one pijler, in order.
    pub fn domeinen_of<'a>(&'a self, pijler: &'a str) -> impl Iterator<Item = &'a Domein> {
        self.domeinen.iter().filter(move |domein| domein.pijler == pijler)
    }

    /// Factors of one domein, in order.
    pub fn factoren_of<'a>(&'a self, domein: &'a str) -> impl Iterator<Item = &'a Factor> {
        self.factoren.iter().filter(move |factor| factor.domein == domein)
    }

    /// The fixed name for each tab of the format (`WA_tab_...`), with the tab's label, in the order of the workbook.
    #[must_use]
    pub fn tab_ids(&self) -> Vec<(String, super::TabKind, &str)> {
        let fixed = self.tabs.iter().map(|tab| {
            (tab_name_of("vast", &tab.kind), super::TabKind::Fixed(tab.kind.clone()), tab.name.as_str())
        });
        let pijlers = self.pijlers.iter().map(|pijler| {
            (tab_name_of("pijler", &pijler.id), super::TabKind::Pijler(pijler.name.clone()), pijler.tab.as_str())
        });
        let models = self.domeinen.iter().map(|domein| {
            let kind = super::TabKind::Factorenmodel(domein.name.clone());
            (tab_name_of("factorenmodel", &domein.id), kind, domein.factorenmodel_tab.as_str())
        });
        fixed.chain(pijlers).chain(models).collect()
    }

    /// What this format says to the version of a workbook.
    #[must_use]
    pub fn verdict(&self, found: Option<&str>) -> Verdict {
        self.versions.verdict(&self.version, found)
    }

    /// The domein with this id.
    #[must_use]
    pub fn domein_by_id(&self, id: &str) -> Option<&Domein> {
        self.domeinen.iter().find(|domein| domein.id == id)
    }

    /// The domein with this name.
    #[must_use]
    pub fn domein(&self, name: &str) -> Option<&Domein> {
        self.domeinen.iter().find(|domein| domein.name == name)
    }

    /// The indicator with this code.
    #[must_use]
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.code == code)
    }

    /// The unit that a figure of this indicator is in: the overview's, when that is another than the format's.
    #[must_use]
    pub fn unit_of<'a>(&'a self, indicator: &'a Indicator, column: Option<&super::Column>) -> Cow<'a, Unit> {
        match column.filter(|column| column.has_other_unit(indicator)) {
            Some(column) => self.unit_named(&column.unit),
            None => Cow::Borrowed(&indicator.unit),
        }
    }

    /// The unit that the figure of a row is in: what its column C says, else [`Format::unit_of`].
    #[must_use]
    pub fn row_unit<'a>(
        &'a self,
        row: &super::IndicatorRow,
        indicator: &'a Indicator,
        column: Option<&super::Column>,
    ) -> Cow<'a, Unit> {
        let written = row.unit_name().to_lowercase();
        let is_written = |unit: &Unit| unit.name.trim().to_lowercase() == written;
        if written.is_empty() {
            return self.unit_of(indicator, column);
        }
        if is_written(&indicator.unit) {
            return Cow::Borrowed(&indicator.unit);
        }
        match written.starts_with("per ") || self.indicators.iter().any(|known| is_written(&known.unit)) {
            true => self.unit_named(row.unit_name()),
            false => self.unit_of(indicator, column),
        }
    }

    /// The unit of this name. Of one that no indicator has a difference is named as the unit itself.
    #[must_use]
    pub fn unit_named(&self, name: &str) -> Cow<'_, Unit> {
        let name = name.trim();
        let mut units = self.indicators.iter().map(|indicator| &indicator.unit);
        match units.find(|unit| unit.name.trim().to_lowercase() == name.to_lowercase()) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(Unit { name: name.to_owned(), difference: name.to_owned() }),
        }
    }

    /// The indicators that a person named, in that order: by code, name or variant, with a line break, `;` or `|` between
    /// them. A name that the format does not know comes out as written, without an indicator.
    #[must_use]
    pub fn indicators_named<'a>(&'a self, text: &'a str) -> Vec<(&'a str, Option<&'a Indicator>)> {
        let known = |name: &str| {
            let wanted = super::normalise(name);
            self.indicators.iter().find(|indicator| {
                indicator.code.eq_ignore_ascii_case(name.trim())
                    || super::normalise(&indicator.name) == wanted
                    || indicator.variants.iter().any(|variant| super::normalise(variant) == wanted)
            })
        };
        let text = text.trim();
        if let Some(indicator) = known(text) {
            return vec![(text, Some(indicator))];
        }
        let parts = text.split(['\n', ';', '|']).map(str::trim).filter(|part| !part.is_empty());
        parts.map(|name| (name, known(name))).collect()
    }

    /// Rank of a factor, 1 = strongest; `None` when it is not ranked.
    #[must_use]
    pub fn rank(&self, factor: &str) -> Option<u8> {
        self.ranking.iter().find(|ranked| ranked.name == factor).map(|ranked| ranked.rank)
    }

    /// The indicators that stand in one domein block, in order: first the domein's own (factor `None`), then
    /// per factor of its factorenmodel those that say something about it and do not stand in the block yet.
    #[must_use]
    pub fn placement<'a>(&'a self, domein: &'a str) -> Vec<(Option<&'a Factor>, Vec<&'a Indicator>)> {
        let own: Vec<&Indicator> =
            self.indicators.iter().filter(|i| i.domein.as_deref() == Some(domein)).collect();
        let mut seen: Vec<&str> = own.iter().map(|i| i.code.as_str()).collect();
        let mut rows = vec![(None, own)];
        for factor in self.factoren_of(domein) {
            let under: Vec<&Indicator> = self
                .indicators
                .iter()
                .filter(|i| i.factoren.contains(&factor.name) && !seen.contains(&i.code.as_str()))
                .collect();
            seen.extend(under.iter().map(|i| i.code.as_str()));
            rows.push((Some(factor), under));
        }
        rows
    }

    /// The name of a fixed tab by kind; empty when the format lacks it (loading checks the needed ones).
    #[must_use]
    pub fn tab(&self, kind: &str) -> &str {
        self.tabs.iter().find(|tab| tab.kind == kind).map_or("", |tab| tab.name.as_str())
    }

    /// What this format calls a label or heading of the overview tab, by its usual text; `None` when it does not say.
    #[must_use]
    pub fn overview_text(&self, usual: &str) -> Option<&str> {
        let field = super::overview_words::field_of(usual)?;
        self.headings_of("overzicht").find(|known| known.field == field).map(|known| known.text.as_str())
    }

    /// Headings of one kind of table, in column order.
    pub fn headings_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Heading> {
        self.headings.iter().filter(move |heading| heading.table == table)
    }
}
