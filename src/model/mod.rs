//! Plain data that every station understands: areas, indicators, figures, the format, the analysis.
//!
//! Owns the meaning of the method's nouns. Knows no files, no zip, no XML and no libraries but serde.

mod analysis;
mod area;
mod area_list;
mod cell;
mod comparison;
mod control;
mod csv_text;
mod date;
mod definition;
mod figure;
mod found;
mod highlight;
mod history;
mod identity;
mod interval;
mod name;
mod number_text;
mod overview;
mod overview_layout;
mod overview_words;
mod snippet;
mod spread;
mod target;
pub mod words;

pub use analysis::{
    Activiteit, Afspraak, Analysis, ClosingRow, Conditional, DomeinBlock, IndicatorRow, InternalLink, Matrixregel,
    PijlerTab, Question, Resultaat, SinceFilling, SummaryTab, TabInfo, TabKind, TextCell, ValueCell,
};
pub use area::{Area, Level as AreaLevel, Relation};
pub use area_list::AreaList;
pub use cell::{CellRef, CellValue, column_letters, parse_a1};
pub use comparison::{
    Comparison, DomeinComparison, FactorReturn, FigureComparison, Incomparable, Judgement, LevelEvidence,
    MeasuredIndicator, Opvallendheid, Relative, ResultProgress, Standing, Trend, WijkRange,
};
pub use control::{Alias, CheckSetting, Control, Sum, SumKind};
pub use csv_text::{csv_text, csv_text_read};
pub use date::{DateText, MONTHS, date_text};
pub use definition::{
    CHART_TAB, ChangeLogEntry, Databank, Direction, Domein, Factor, FactorKind, Format, Heading, Indicator, Kind,
    Opvallend, OutcomeIndicator, Pijler, QuestionDefinition, QuestionPlace, RankedFactor, TabName, Texts, Trede,
    Unit, Wanted, row_description,
};
pub use figure::{Figure, Mark, Missing};
pub use found::{
    FoundArea, FoundBlock, FoundColumn, FoundFactor, FoundFormat, FoundHeading, FoundIndicator, FoundQuestion,
    FoundTab,
};
pub use highlight::{HighlightCell, HighlightRule};
pub use history::{
    FigureChange, History, OldFigure, OutdatedText, OwnWords, PersonText, TextMark, changes_since, outdated,
    outdated_texts, person_texts, renewed_row, text_seal,
};
pub use identity::{CLASSIC, Identity, TAB_NAME, Verdict, Versions, id_of_name, major_minor, tab_name_of};
pub use interval::wilson;
pub use name::{nearest, normalise};
pub use number_text::{NumberText, change_text, number_text, value_texts};
pub use overview::{AreaLookup, Column, ESTIMATE, Overview, Withheld, companion};
pub use overview_layout::{
    Heading as OverviewHeading, Label as OverviewLabel, OVERVIEW_TITLE, dutch_number, overview_rows,
    placed_overview_rows,
};
pub use overview_words::{OVERVIEW_NAME, OverviewWords};
pub use snippet::{Snippet, SnippetRow};
pub use spread::{Spread, WijkSpreads};
pub use target::{ComputedTarget, computed_targets};
