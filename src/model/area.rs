//! Areas: land, stad, gebied, wijk, buurt.

use serde::{Deserialize, Serialize};

/// The level of an area, from wide to narrow (method: a wijk is compared with the stad, the gebied lies
/// between). **Trap:** in Rotterdam CBS calls a wijk *buurt* (BU) and a gebied *wijk* (WK).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The country.
    Land,
    /// The city or municipality.
    Stad,
    /// Several wijken.
    Gebied,
    /// The unit of analysis.
    Wijk,
    /// A part of a wijk.
    Buurt,
}

impl Level {
    /// The word in column C of the overview tab.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Land => "land",
            Level::Stad => "stad",
            Level::Gebied => "gebied",
            Level::Wijk => "wijk",
            Level::Buurt => "buurt",
        }
    }

    /// Reads the word back (also `gemeente` for stad); `None` when it is none of them.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        let all = [Level::Land, Level::Stad, Level::Gebied, Level::Wijk, Level::Buurt];
        all.into_iter().find(|level| is(level.word())).or_else(|| is("gemeente").then_some(Level::Stad))
    }
}

/// How an area of ours relates to the areas of a source (`spec/overview.md`: wijk and CBS buurt are not one
/// to one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// One of ours is exactly one of theirs: figures may be taken over.
    OneToOne,
    /// Several of theirs make one of ours, or the reverse: no percentage may be averaged.
    Other,
    /// Theirs has no counterpart.
    None,
}

/// One area of an overview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Stable code: the CBS code (`BU05990535`, `WK059905`, `GM0599`, `NL`) where there is exactly one,
    /// otherwise the number of the Wijkprofiel with a prefix (`WP3003`).
    pub code: String,
    /// Name as shown.
    pub name: String,
    /// Level.
    pub level: Level,
    /// Code of the area it lies in; `None` for the widest area.
    pub parent: Option<String>,
    /// Other codes and names by which users and sources know it.
    pub aliases: Vec<String>,
}
