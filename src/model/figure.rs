//! Figures and the kinds of missing.

use serde::{Deserialize, Serialize};

use super::cell::CellValue;

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
    /// About so few people that it could be about somebody: not shown, nor what it could be calculated from.
    SmallGroup,
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
            Missing::SmallGroup => "niet getoond: te kleine groep",
            Missing::Invalid => "geen geldig cijfer in de bron",
        }
    }

    /// The sign that is written in a cell: `.` or `x`; empty for the kinds that leave the cell empty.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Missing::Unknown => ".",
            Missing::Secret | Missing::SmallGroup => "x",
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

    /// How the figure is kept in a cell of the overview, so that reading it back gives the same figure. Known figures
    /// are numbers; a sign behind a number makes it text, because the mark would otherwise be lost. `estimates` is true
    /// for a column of which all figures are model estimates: those need no sign each.
    #[must_use]
    pub fn stored(self, estimates: bool) -> CellValue {
        let marked =
            |value: f64, sign: &str| CellValue::Text(format!("{}{sign}", value.to_string().replace('.', ",")));
        match self {
            Figure::Known { mark: Mark::Nil, .. } => CellValue::Text("-".to_owned()),
            Figure::Known { value, mark: Mark::Provisional } => marked(value, "*"),
            Figure::Known { value, mark: Mark::Estimate } if !estimates => marked(value, "^"),
            Figure::Known { value, .. } => CellValue::Number(value),
            Figure::Missing(Missing::NotSupplied) => CellValue::Empty,
            Figure::Missing(missing) if !missing.sign().is_empty() => CellValue::Text(missing.sign().to_owned()),
            Figure::Missing(missing) => CellValue::Text(missing.words().to_owned()),
        }
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
