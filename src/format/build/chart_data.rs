//! The figures behind the charts on the summary tab: a very hidden tab with formulas, so that the charts follow what is
//! filled in on the pijler tabs.
//!
//! Owns what the charts show: per pijler the opvallende figures (the rule of the format, in formulas), each as its
//! distance to the benchmark in spreads over all wijken, with the favourable side to the right. Nothing refers to a
//! column of the overview by its address: columns are found by code and rows by name, because filling may replace
//! the overview. Every formula has the outcome that belongs to a workbook that is not filled in yet.

use rust_xlsxwriter::Formula;

use super::Context;
use super::pijler::{Placed, wijk_cell};
use super::style::{Done, Sheet, target};
use crate::model::{AreaLevel, Direction, Indicator, OverviewLabel, Spread, column_letters};

/// Most lines in a chart.
const MOST_LINES: usize = 15;
/// Rows and columns of the overview that are looked at; a city has some hundred areas.
const AREAS: u32 = 3000;
const LAST_COLUMN: &str = "ZZ";
/// Figures that differ less than this among wijken have no spread.
const LEAST_SPREAD: f64 = 1e-9;
/// Zero-based row of the first indicator; above it stand the wijk and its gebied.
const FIRST_INDICATOR: u32 = 6;

/// One chart and the cells it is drawn from.
pub(super) struct Charted {
    /// Name of the pijler.
    pub(super) pijler: String,
    /// How many lines it has, used or not.
    pub(super) count: u32,
    /// Zero-based first row of the lines on the hidden tab.
    pub(super) first: u32,
}

impl Charted {
    /// Zero-based rows with the lines and with the ranges, as (first, last); columns see [`Column`]. Below both stand the
    /// [`ANCHORS`].
    pub(super) fn rows(&self) -> ((u32, u32), (u32, u32)) {
        ((self.first, self.first + self.count), (self.first, anchor_row(self.first, self.count, 1)))
    }
}

/// Ends of the axis at least, in spreads: places without anything to see among the ranges. A chart that is still empty
/// would else get an axis of whatever a program makes of nothing.
const ANCHORS: [f64; 2] = [-3.0, 3.0];

/// Zero-based row of an anchor, below the ranges of a chart: alone between empty rows, so that no line leads to it.
fn anchor_row(first: u32, count: u32, number: u32) -> u32 {
    first + 3 * count + 2 * number
}

/// Zero-based columns on the hidden tab that the charts are drawn from.
pub(super) struct Column;

impl Column {
    pub(super) const WIJK: u16 = 5;
    pub(super) const GEBIED: u16 = 6;
    pub(super) const BENCHMARK: u16 = 7;
    pub(super) const RANGE: u16 = 8;
    pub(super) const RANGE_HEIGHT: u16 = 9;
    /// `+ gunstiger` and so on.
    pub(super) const JUDGEMENT: u16 = 10;
    /// The name with the figures.
    pub(super) const LABEL: u16 = 11;
    /// The heights of the dots of wijk, gebied and benchmark: none where there is no dot. A series that has heights and
    /// not one place is drawn at 1, 2, 3 and so on.
    pub(super) const WIJK_HEIGHT: u16 = 12;
    pub(super) const GEBIED_HEIGHT: u16 = 13;
    pub(super) const BENCHMARK_HEIGHT: u16 = 14;
}

/// Zero-based cells with the names of wijk and gebied.
pub(super) const NAMES: [(u32, u16); 2] = [(0, 1), (3, 1)];

/// A cell of the hidden tab: zero-based place, formula or value, outcome.
struct Cell {
    at: (u32, u16),
    content: Content,
}

enum Content {
    Text(String),
    Number(f64),
    Formula { text: String, outcome: String, array: bool },
}

/// All charts of a workbook.
pub(super) struct ChartData {
    cells: Vec<Cell>,
    charts: Vec<Charted>,
}

impl ChartData {
    /// Works out what stands on the hidden tab.
    pub(super) fn of(context: &Context<'_>, placed: &[Placed]) -> Self {
        let mut maker = Maker::new(context);
        maker.areas();
        let mut indicators: Vec<(&Indicator, &Placed)> = Vec::new();
        for place in placed {
            if let Some(indicator) = context.format.indicator(&place.code)
                && !indicators.iter().any(|(known, _)| known.code == place.code)
            {
                indicators.push((indicator, place));
            }
        }
        maker.indicators(&indicators);
        let mut row = FIRST_INDICATOR + u32::try_from(indicators.len()).unwrap_or(0) + 1;
        let mut charts = Vec::new();
        for pijler in &context.format.pijlers {
            let here: Vec<&Placed> = placed.iter().filter(|place| place.pijler == pijler.name).collect();
            if here.is_empty() {
                continue;
            }
            let rows = maker.placed(row, &here, &indicators);
            row = rows.1 + 2;
            let chart = maker.lines(row, &pijler.name, rows, here.len().min(MOST_LINES));
            row = chart.rows().1.1 + 3;
            charts.push(chart);
        }
        ChartData { cells: maker.cells, charts }
    }

    /// The charts, in the format's order of pijlers.
    pub(super) fn charts(&self) -> &[Charted] {
        &self.charts
    }

    /// Writes the hidden tab.
    pub(super) fn write(&self, sheet: &mut Sheet<'_>) -> Done {
        // Without this an empty outcome would be written as 0.
        sheet.ws.set_formula_result_default("");
        for Cell { at: (row, col), content } in &self.cells {
            match content {
                Content::Text(text) => sheet.ws.write_string(*row, *col, text)?,
                Content::Number(number) => sheet.ws.write_number(*row, *col, *number)?,
                Content::Formula { text, outcome, array } => {
                    let formula = Formula::new(text).set_result(outcome.as_str());
                    if *array {
                        sheet.ws.write_array_formula(*row, *col, *row, *col, formula)?
                    } else {
                        sheet.ws.write_formula(*row, *col, formula)?
                    }
                }
            };
        }
        sheet.ws.set_very_hidden(true);
        Ok(())
    }
}

/// `B7`; both zero-based. Nobody copies these formulas, so that they go without `$`.
fn at(row: u32, col: u16) -> String {
    format!("{}{}", column_letters(u32::from(col)), row + 1)
}

/// A range of one column, `B7:B12`.
fn down(col: u16, (first, last): (u32, u32)) -> String {
    format!("{}:{}", at(first, col), at(last, col))
}

struct Maker<'c> {
    context: &'c Context<'c>,
    cells: Vec<Cell>,
    /// Range of the indicators, zero-based.
    indicators: (u32, u32),
}

impl<'c> Maker<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        Maker { context, cells: Vec::new(), indicators: (FIRST_INDICATOR, FIRST_INDICATOR) }
    }

    fn text(&mut self, row: u32, col: u16, text: &str) {
        self.cells.push(Cell { at: (row, col), content: Content::Text(text.to_owned()) });
    }

    fn number(&mut self, row: u32, col: u16, number: f64) {
        self.cells.push(Cell { at: (row, col), content: Content::Number(number) });
    }

    fn formula(&mut self, row: u32, col: u16, text: String, outcome: impl Into<String>) {
        let content = Content::Formula { text, outcome: outcome.into(), array: false };
        self.cells.push(Cell { at: (row, col), content });
    }

    fn array(&mut self, row: u32, col: u16, text: String, outcome: impl Into<String>) {
        let content = Content::Formula { text, outcome: outcome.into(), array: true };
        self.cells.push(Cell { at: (row, col), content });
    }

    /// Part of the overview tab: from the first area down, in the columns given.
    fn overview(&self, from: &str, to: &str) -> String {
        let first = u32::try_from(OverviewLabel::ALL.len()).unwrap_or(16) + 3;
        let cells = format!("${from}${first}:${to}${}", first + AREAS);
        target(self.context.format.tab("overzicht"), &cells)
    }

    /// The rows at the top: name of the wijk, its row in the overview, the row and the name of its gebied.
    fn areas(&mut self) {
        let overview = self.context.overview;
        let wijk = self.context.options.wijk.as_deref().map(str::trim).filter(|wijk| !wijk.is_empty());
        let at = wijk.and_then(|wijk| {
            overview
                .areas
                .iter()
                .position(|area| area.level == AreaLevel::Wijk && area.name.to_lowercase() == wijk.to_lowercase())
        });
        let gebied = self.gebied();
        let named = gebied.and_then(|index| overview.areas.get(index)).map(|area| area.name.as_str());
        let number = |index: Option<usize>| index.map_or_else(String::new, |index| (index + 1).to_string());
        for (row, label) in (0..).zip(["Wijk", "Rij van de wijk", "Rij gebied", "Gebied"]) {
            self.text(row, 0, label);
        }
        if let Some(pijler) = self.context.format.pijlers.first() {
            let cell = wijk_cell(pijler);
            self.formula(0, 1, format!("=IF({cell}=\"\",\"wijk\",{cell})"), wijk.unwrap_or("wijk"));
        }
        let (name, level) = (self.overview("B", "B"), self.overview("C", "C"));
        let (code, parent) = (self.overview("A", "A"), self.overview("D", "D"));
        let word = AreaLevel::Wijk.word();
        self.array(1, 1, format!("=IFERROR(MATCH(1,({name}=$B$1)*({level}=\"{word}\"),0),\"\")"), number(at));
        self.formula(
            2,
            1,
            format!("=IF($B$2=\"\",\"\",IFERROR(MATCH(INDEX({parent},$B$2),{code},0),\"\"))"),
            number(gebied),
        );
        let outcome = named.map_or_else(|| "gebied".to_owned(), |name| format!("gebied {name}"));
        self.formula(3, 1, format!("=IF($B$3=\"\",\"gebied\",\"gebied \"&INDEX({name},$B$3))"), outcome);
    }

    /// Index of the gebied of the wijk in the options.
    fn gebied(&self) -> Option<usize> {
        let wijk = self.context.options.wijk.as_deref()?.trim().to_lowercase();
        let overview = self.context.overview;
        let area = overview
            .areas
            .iter()
            .find(|area| area.level == AreaLevel::Wijk && area.name.to_lowercase() == wijk)?;
        overview.area_index(area.parent.as_deref()?)
    }

    /// One row per indicator. Columns: code, name, sign of the favourable side, decimals, percent sign, column in the
    /// overview, spread, lowest, highest, figure of the gebied; figures of wijk and benchmark (of the indicator's first
    /// row), distance in spreads, the same as used for the order (-1: does not count), and the place on the axis
    /// (empty: cannot be drawn, 1000: no figure of the wijk).
    fn indicators(&mut self, indicators: &[(&Indicator, &Placed)]) {
        let overview = self.context.overview;
        let heads = target(self.context.format.tab("overzicht"), &format!("$E$2:${LAST_COLUMN}$2"));
        let (block, level) = (self.overview("E", LAST_COLUMN), self.overview("C", "C"));
        let gebied = self.gebied();
        let word = AreaLevel::Wijk.word();
        let fewest = self.context.format.opvallend.fewest_areas.max(2);
        for (row, (indicator, placed)) in (FIRST_INDICATOR..).zip(indicators) {
            self.indicators.1 = row;
            let cell = |col: u16| at(row, col);
            self.text(row, 0, &indicator.code);
            self.text(row, 1, &indicator.name);
            self.number(row, 2, sign(indicator.direction));
            self.number(row, 3, f64::from(indicator.decimals));
            self.text(row, 4, if indicator.unit.is_percentage() { "%" } else { "" });
            let column = overview.column_index(&indicator.code);
            self.array(
                row,
                5,
                format!("=IFERROR(LOOKUP(2,1/({heads}={}),COLUMN({heads})-4),\"\")", cell(0)),
                column.map_or_else(String::new, |column| (column + 1).to_string()),
            );
            // A figure may bear a sign behind it (12,3*), and '-' is nil; other texts, '.' among them, are no figures.
            let figure = |of: &str| {
                format!(
                    "IF(ISNUMBER({of}),{of},IF({of}=\"\",\"\",IF({of}=\"-\",0,IFERROR(_xlfn.NUMBERVALUE(SUBSTITUTE(SUBSTITUTE(\
                     SUBSTITUTE({of},\".\",\"?\"),\"*\",\"\"),\"^\",\"\"),\",\",\".\"),\"\"))))"
                )
            };
            let all = format!("IF({level}=\"{word}\",{},\"\")", figure(&format!("INDEX({block},0,{})", cell(5))));
            let spread: Spread = column.map_or_else(Spread::default, |column| {
                let wijken = overview.areas.iter().enumerate().filter(|(_, area)| area.level == AreaLevel::Wijk);
                wijken.filter_map(|(area, _)| overview.figure(area, column).value()).collect()
            });
            let enough = spread.count() >= fewest;
            let outcome = |number: f64| if enough { number.to_string() } else { String::new() };
            // Divided by 0 when there are too few.
            let deviation = format!("=IFERROR(STDEVP({all})/(COUNT({all})>={fewest}),\"\")");
            self.array(row, 6, deviation, outcome(spread.deviation()));
            let (lowest, highest) = spread.extremes().unwrap_or_default();
            for (col, name, number) in [(7, "MIN", lowest), (8, "MAX", highest)] {
                self.array(row, col, format!("=IF({}=\"\",\"\",{name}({all}))", cell(6)), outcome(number));
            }
            let of_gebied = column
                .zip(gebied)
                .and_then(|(column, gebied)| overview.figure(gebied, column).value())
                .map_or_else(String::new, |number| number.to_string());
            let value = figure(&format!("INDEX({block},$B$3,{})", cell(5)));
            self.array(row, 9, format!("=IF(OR($B$3=\"\",{}=\"\"),\"\",{value})", cell(5)), of_gebied);

            let number = |cell: &str| format!("=IF(ISNUMBER({cell}),{cell},\"\")");
            let shown = placed.figure.map_or_else(String::new, |figure| figure.to_string());
            let drawable = shown.parse::<f64>().is_ok()
                && enough
                && spread.deviation() > LEAST_SPREAD
                && indicator.direction != Direction::Neutral;
            self.formula(row, 10, number(&placed.wijk), "");
            self.formula(row, 11, number(&placed.benchmark), shown);
            let [decimals, spread, wijk, benchmark, distance] = [3, 6, 10, 11, 12].map(cell);
            self.formula(row, 12, format!("=IFERROR(({wijk}-{benchmark})/{spread},\"\")"), "");
            self.formula(
                row,
                13,
                format!(
                    "=IF({distance}=\"\",-1,IF(ROUND({wijk},{decimals})=ROUND({benchmark},{decimals}),-1,ROUND(ABS({distance}),9)))"
                ),
                "-1",
            );
            self.formula(
                row,
                14,
                format!(
                    "=IF(OR({sign}=0,{benchmark}=\"\",N({spread})<={LEAST_SPREAD}),\"\",IF({distance}=\"\",1000,{distance}*{sign}))",
                    sign = cell(2)
                ),
                if drawable { "1000" } else { "" },
            );
        }
    }

    /// One row per indicator row of a pijler tab. Columns: code, distance for the order, opvallend, distance of what may
    /// be drawn (-1: no figure of the wijk), place in the chart. Returns the rows.
    fn placed(&mut self, from: u32, placed: &[&Placed], indicators: &[(&Indicator, &Placed)]) -> (u32, u32) {
        let count = self.context.format.opvallend.count;
        let row_of = |index: usize| from + u32::try_from(index).unwrap_or(0);
        for (row, place) in (from..).zip(placed) {
            let same = |other: &&&Placed| other.domein == place.domein;
            let first = placed.iter().position(|other| same(&other)).map_or(from, row_of);
            let last = placed.iter().rposition(|other| same(&other)).map_or(from, row_of);
            let index = indicators.iter().position(|(indicator, _)| indicator.code == place.code).unwrap_or(0);
            let of = FIRST_INDICATOR + u32::try_from(index).unwrap_or(0);
            let [code, far, opvallend] = [0, 1, 2].map(|col| at(row, col));
            self.text(row, 0, &place.code);
            // Of two that lie equally far the first counts: a difference too small to matter otherwise.
            self.formula(
                row,
                1,
                format!("={}-ROW()/1E12", at(of, 13)),
                (-1.0 - f64::from(row + 1) / 1e12).to_string(),
            );
            self.formula(
                row,
                2,
                format!(
                    "=OR(TRIM({})<>\"\",AND({far}>=0,RANK({far},{})<={count}))",
                    place.remark,
                    down(1, (first, last))
                ),
                "FALSE",
            );
            // Once per pijler.
            let mut known = String::new();
            if row > from {
                let above = (from, row - 1);
                known = format!(",COUNTIFS({},{code},{},TRUE)=0", down(0, above), down(2, above));
            }
            // Rounded as in the report, so that of two that lie equally far the same one goes first there and here.
            let (distance, axis) = (at(of, 12), at(of, 14));
            self.formula(
                row,
                3,
                format!(
                    "=IF(AND({opvallend},{axis}<>\"\"{known}),IF({distance}=\"\",-1,ROUND(ABS({axis}),4))-ROW()/1E8,\"\")"
                ),
                "",
            );
            // When there are too many, those that lie farthest are drawn; a figure that is missing is the first to go.
            // Of those the least favourable stands on top, a figure that is missing at the bottom.
            let (candidate, candidates) = (at(row, 3), down(3, (from, row_of(placed.len().saturating_sub(1)))));
            self.formula(
                row,
                4,
                format!(
                    "=IF({candidate}=\"\",\"\",IF(RANK({candidate},{candidates})<={MOST_LINES},ROUND({axis},4)+ROW()/1E8,\"\"))"
                ),
                "",
            );
        }
        (from, row_of(placed.len().saturating_sub(1)))
    }

    /// The lines of one chart. Columns: place, row of the indicators, (two free), and those of [`Column`], where a range
    /// takes three rows: both its ends and nothing.
    fn lines(&mut self, from: u32, pijler: &str, rows: (u32, u32), count: usize) -> Charted {
        let all = self.indicators;
        for (number, row) in (1..=count).zip(from..) {
            let (place, of) = (at(row, 0), at(row, 1));
            let from_indicator = |col: u16| format!("INDEX({},{of})", down(col, all));
            self.formula(row, 0, format!("=IFERROR(SMALL({},{number}),\"\")", down(4, rows)), "");
            self.formula(
                row,
                1,
                format!(
                    "=IF({place}=\"\",\"\",MATCH(INDEX({},MATCH({place},{},0)),{},0))",
                    down(0, rows),
                    down(4, rows),
                    down(0, all)
                ),
                "",
            );
            let height = (count - number) as f64 + 0.5;
            let absent = "#N/A";
            let sign = from_indicator(2);
            self.formula(row, Column::WIJK, format!("=IFERROR({}*{sign},NA())", from_indicator(12)), absent);
            let placed = |figure: String| {
                format!("=IFERROR(({figure}-{})/{}*{sign},NA())", from_indicator(11), from_indicator(6))
            };
            self.formula(row, Column::GEBIED, placed(from_indicator(9)), absent);
            self.formula(row, Column::BENCHMARK, format!("=IF({place}=\"\",NA(),0)"), absent);
            let range = from + 3 * u32::try_from(number - 1).unwrap_or(0);
            for (row, col) in [(range, 7), (range + 1, 8)] {
                self.formula(row, Column::RANGE, placed(from_indicator(col)), absent);
                self.formula(row, Column::RANGE_HEIGHT, height_of(row, Column::RANGE, height), absent);
            }
            for (col, of) in [
                (Column::WIJK_HEIGHT, Column::WIJK),
                (Column::GEBIED_HEIGHT, Column::GEBIED),
                (Column::BENCHMARK_HEIGHT, Column::BENCHMARK),
            ] {
                self.formula(row, col, height_of(row, of, height), absent);
            }
            self.words(row, &from_indicator);
        }
        let count = u32::try_from(count).unwrap_or(1);
        for (number, place) in (0..).zip(ANCHORS) {
            let row = anchor_row(from, count, number);
            self.number(row, Column::RANGE, place);
            self.number(row, Column::RANGE_HEIGHT, 0.0);
        }
        // A place without a height: a series that has not one place is taken to stand at 1, 2, 3 and so on.
        for column in [Column::WIJK, Column::GEBIED, Column::BENCHMARK] {
            self.number(from + count, column, 0.0);
        }
        // What is not drawn is said, below the lines.
        let candidates = down(3, rows);
        self.formula(
            from + count,
            Column::LABEL,
            format!(
                "=IF(COUNT({candidates})>{MOST_LINES},\"De {MOST_LINES} van de \"&COUNT({candidates})&\" opvallende cijfers die \
                 het verst liggen; op het tabblad van de pijler staan ze alle.\",\"\")"
            ),
            "",
        );
        Charted { pijler: pijler.to_owned(), count, first: from }
    }

    /// What stands beside a line on the summary tab: `+ gunstiger`, and the name with the figures.
    fn words(&mut self, row: u32, from_indicator: &impl Fn(u16) -> String) {
        let place = at(row, 0);
        let (wijk, benchmark) = (from_indicator(10), from_indicator(11));
        let (name, sign) = (from_indicator(1), from_indicator(2));
        let (decimals, percent) = (from_indicator(3), from_indicator(4));
        let shown = |figure: &str| format!("FIXED({figure},{decimals})&{percent}");
        let named = self.context.format.benchmark.1.replace('"', "\"\"");
        let judgement = format!(
            "=IF({place}=\"\",\"\",IF({wijk}=\"\",\"geen cijfer\",IF(ROUND({wijk},{decimals})=ROUND({benchmark},{decimals}),\
             \"= gelijk\",IF(({wijk}-{benchmark})*{sign}<0,\"– ongunstiger\",\"+ gunstiger\"))))"
        );
        let label = format!(
            "=IF({place}=\"\",\"\",{name}&\": \"&IF({wijk}=\"\",\"geen cijfer\",{})&\" ({named} \"&{}&\")\")",
            shown(&wijk),
            shown(&benchmark)
        );
        self.formula(row, Column::JUDGEMENT, judgement, "");
        self.formula(row, Column::LABEL, label, "");
    }
}

/// The height of what is drawn at the place in column `of`.
fn height_of(row: u32, of: u16, height: f64) -> String {
    format!("=IF(ISNUMBER({}),{height},NA())", at(row, of))
}

/// 1 when higher is favourable, -1 when lower is, 0 for neither.
fn sign(direction: Direction) -> f64 {
    match direction {
        Direction::HigherIsBetter => 1.0,
        Direction::LowerIsBetter => -1.0,
        Direction::Neutral => 0.0,
    }
}
