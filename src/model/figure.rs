//! Figures and the kinds of missing.

use serde::{Deserialize, Serialize};

/// Why there is no figure (`spec/overview.md`, 'Missing values are data'). Missing is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// `.`: unknown, insufficient or confidential.
    Unknown,
    /// `x`: secret.
    Secret,
    /// Empty cell of which the source says: cannot occur.
    CannotOccur,
    /// The source has no row or no value for this area.
    NotSupplied,
    /// The source divides the areas differently; a percentage is never averaged without populations.
    OtherDivision,
    /// The cell held something that is no figure (an Excel error, ambiguous text); also a finding.
    Invalid,
}

impl Missing {
    /// The Dutch words shown to users.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Missing::Unknown => "onbekend, te weinig waarnemingen of vertrouwelijk",
            Missing::Secret => "geheim",
            Missing::CannotOccur => "kan niet voorkomen",
            Missing::NotSupplied => "niet aanwezig in de bron",
            Missing::OtherDivision => "niet beschikbaar (andere indeling)",
            Missing::Invalid => "geen geldig cijfer in de bron",
        }
    }

    /// The sign that is written in a cell: `.` or `x`; empty for the kinds that leave the cell empty.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Missing::Unknown => ".",
            Missing::Secret => "x",
            _ => "",
        }
    }
}

/// A remark that belongs to a known figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// An ordinary figure.
    #[default]
    None,
    /// `*` or `**`: provisional.
    Provisional,
    /// `^`: estimated by a model; no statement about chance may be made.
    Estimate,
    /// `-` in the source: nil, so 0.
    Nil,
}

/// One figure of one indicator for one area: a value or a reason why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// The value in the indicator's own unit: percentages as 0 to 100, never as a fraction.
    Known {
        /// The number.
        value: f64,
        /// What the source says about it.
        mark: Mark,
    },
    /// No value, and why.
    Missing(Missing),
}

impl Figure {
    /// An ordinary known figure.
    #[must_use]
    pub fn known(value: f64) -> Self {
        Figure::Known { value, mark: Mark::None }
    }

    /// The value, when there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Figure::Known { value, .. } => Some(*value),
            Figure::Missing(_) => None,
        }
    }
}
