//! What a workbook says about its format: the material from which a definition is derived.
//!
//! Owns the shape of what was found, cell by cell; ids are as they stand in the hidden cells. What people filled in is
//! no part of it: answers, figures, remarks and names are never put here. Knows no files.

use std::collections::BTreeMap;

use super::analysis::{TabKind, TextCell};
use super::history::OwnWords;
use super::overview_layout::Label;

/// A tab of the workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundTab {
    /// Name as shown.
    pub name: String,
    /// What it is, by the format that reading knows.
    pub kind: TabKind,
    /// The name that was given to its first cell (`WA_tab_...`), when it has one.
    pub id: Option<String>,
    /// True for a hidden tab of the program itself.
    pub ours: bool,
    /// True when its table or blocks were understood.
    pub understood: bool,
}

/// The block of a domein on a pijler tab.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundBlock {
    /// Tab it stands on.
    pub tab: String,
    /// Id of the domein.
    pub id: Option<String>,
    /// Name in the heading, without 'Domein:'.
    pub name: TextCell,
    /// The line with the ambition, with the word before it.
    pub ambitie: Option<TextCell>,
    /// The tab to which the heading links.
    pub model_tab: Option<String>,
    /// Factor rows, in order.
    pub factoren: Vec<FoundFactor>,
    /// Indicator rows, in order.
    pub indicators: Vec<FoundIndicator>,
    /// Lines about figures that are wanted, without the dash.
    pub wanted: Vec<TextCell>,
}

/// A factor: a row of a block, of a factorenmodel tab or of the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundFactor {
    /// Id, when the row carries one.
    pub id: Option<String>,
    /// Bare name.
    pub name: TextCell,
    /// Ranking as written: a number, or a word that says that there is none.
    pub rank: Option<TextCell>,
    /// `risicofactor`, `beschermende factor`.
    pub kind: Option<TextCell>,
    /// Leefgebieden, separated by semicolons.
    pub leefgebieden: Option<TextCell>,
    /// Leeftijdsfasen, separated by semicolons.
    pub leeftijdsfasen: Option<TextCell>,
    /// Explanation.
    pub explanation: Option<TextCell>,
}

/// An indicator row of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundIndicator {
    /// Code: of the hidden column, else of the name where only one indicator bears it.
    pub code: Option<String>,
    /// Name.
    pub name: TextCell,
    /// Unit, period, doelgroep and kind in one text.
    pub unit: Option<TextCell>,
    /// Source.
    pub source: Option<TextCell>,
    /// Decimals of the number format of its figures.
    pub decimals: Option<u8>,
    /// The note on the name, when the program made it.
    pub note: Option<String>,
    /// The factor row of the block under which it stands.
    pub factor: Option<usize>,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundQuestion {
    /// Code.
    pub code: Option<String>,
    /// Where it stands: `domein`, `pijler` or `samenvatting`.
    pub place: super::QuestionPlace,
    /// The block of all blocks in which it stands.
    pub block: Option<usize>,
    /// The question.
    pub text: TextCell,
    /// Whether the cell links to another tab.
    pub link: bool,
}

/// A heading or label of a table of `kolommen.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundHeading {
    /// Table.
    pub table: String,
    /// Field; `None` for a heading that could not be placed.
    pub field: Option<String>,
    /// The heading.
    pub cell: TextCell,
}

/// A column of the overview tab.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundColumn {
    /// The texts above the figures.
    pub cells: BTreeMap<Label, TextCell>,
    /// The name once more, in the heading row.
    pub heading: Option<TextCell>,
}

/// A row of an area on the overview tab.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundArea {
    /// Code of the area.
    pub code: TextCell,
    /// Its name.
    pub name: String,
}

/// Everything a workbook says about its format.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundFormat {
    /// Name of the file.
    pub file: String,
    /// Version in the hidden stamp.
    pub version: Option<String>,
    /// Why it counts as filled: what a person wrote, as a place; `None` for a blank workbook.
    pub filled: Option<String>,
    /// Tabs in order.
    pub tabs: Vec<FoundTab>,
    /// Blocks of all pijler tabs, in order.
    pub blocks: Vec<FoundBlock>,
    /// Questions in order.
    pub questions: Vec<FoundQuestion>,
    /// Rows of the factorenmodel tabs, by tab.
    pub factoren: BTreeMap<String, Vec<FoundFactor>>,
    /// Rows of the ranking.
    pub ranking: Vec<FoundFactor>,
    /// Columns of the overview tab.
    pub columns: Vec<FoundColumn>,
    /// Areas on the overview tab that have a code and a name, in order.
    pub areas: Vec<FoundArea>,
    /// Headings and labels.
    pub headings: Vec<FoundHeading>,
    /// Names of the benchmark above the figures.
    pub benchmark: Vec<TextCell>,
    /// Names of domeinen in closing tables, with the id of the row.
    pub closing: Vec<(Option<String>, TextCell)>,
    /// Names of pijlers on the summary tab, with the domein of the row.
    pub pijler_names: Vec<(Option<String>, TextCell)>,
    /// Choice lists on the tab with the explanation, by their heading.
    pub lists: BTreeMap<String, Vec<TextCell>>,
    /// Reference tables on that tab: `effectladder`, `databanken`, `outcome`; rows from left to right.
    pub tables: BTreeMap<String, Vec<Vec<TextCell>>>,
    /// Lines of the change log: version, date, who, what.
    pub log: Vec<Vec<TextCell>>,
    /// Texts without a place in a table, per tab, in reading order.
    pub loose: Vec<TextCell>,
    /// Titles and messages at cells where is chosen or a date is asked, by their key of `teksten.toml`.
    pub messages: BTreeMap<String, Vec<TextCell>>,
    /// Texts with a place in a table that says nothing to the format.
    pub strange: Vec<TextCell>,
    /// What the format said of indicators where the overview says it otherwise, when the workbook was built.
    pub own_words: Vec<OwnWords>,
}

impl FoundFormat {
    /// The tab with this name.
    #[must_use]
    pub fn tab(&self, name: &str) -> Option<&FoundTab> {
        self.tabs.iter().find(|tab| tab.name == name)
    }

    /// True for a tab on which people may write: what stands there in a filled workbook may be theirs. Only the overview and
    /// the table of contents are nobody's.
    #[must_use]
    pub fn is_personal(&self, tab: &str) -> bool {
        let kind = self.tab(tab).map(|tab| &tab.kind);
        !matches!(kind, Some(TabKind::Fixed(kind)) if matches!(kind.as_str(), "inhoudsopgave" | "overzicht"))
    }
}
