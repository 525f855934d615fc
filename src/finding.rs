//! Findings: what is wrong or worth knowing in the user's data. They are collected, never thrown.
//!
//! Owns the shape of a finding (stable code, level, place, found, expected, advice). Knows nothing of how a
//! finding is shown; the binary renders it as text or json.

use serde::{Deserialize, Serialize};

use crate::model::CellRef;

/// How serious a finding is. Ordered from light to heavy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know; nothing needs to change.
    Opmerking,
    /// Probably not meant; the documents can still be made.
    Waarschuwing,
    /// Must be mended before the documents can be defended.
    Fout,
}

impl Level {
    /// The Dutch word shown to users.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Opmerking => "opmerking",
            Level::Waarschuwing => "waarschuwing",
            Level::Fout => "fout",
        }
    }
}

/// Where a finding points: file, tab and cell, as far as each is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// File name as the user gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Tab name as it stands in the workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<String>,
    /// Cell in A1 notation, such as `E17`, or a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Code of the indicator it is about; levels and thresholds may differ per indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// What the cell is about, such as `wijk Bospolder, indicator Eenzaamheid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Place {
    /// A place that is a tab as a whole.
    pub fn tab(tab: impl Into<String>) -> Self {
        Place { tab: Some(tab.into()), ..Place::default() }
    }

    /// A place that is one cell.
    #[must_use]
    pub fn cell(at: &CellRef) -> Self {
        Place { tab: Some(at.tab.clone()), cell: Some(at.a1()), ..Place::default() }
    }

    /// The same place with a description of what it is about.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }
}

/// One finding. Codes are stable kebab-case Dutch words; `docs/bevindingen.md` explains each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable kebab-case code such as `cijfer-wijkt-af`.
    pub code: String,
    /// How serious it is.
    pub level: Level,
    /// Where it is.
    pub place: Place,
    /// What was found: a Dutch sentence.
    pub found: String,
    /// What was expected: a Dutch sentence, or empty when nothing was expected.
    pub expected: String,
    /// What to do: a Dutch sentence.
    pub advice: String,
}

impl Finding {
    /// A finding from its parts.
    pub fn new(
        code: &str,
        level: Level,
        place: Place,
        found: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Finding {
            code: code.to_owned(),
            level,
            place,
            found: found.into(),
            expected: expected.into(),
            advice: advice.into(),
        }
    }
}
