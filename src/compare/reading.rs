//! What a figure cell holds, and wijk against benchmark as shown.

use crate::model::words::{equal_as_shown, figure as with_unit, round_as_shown};
use crate::model::{CellValue, Figure, Incomparable, Mark, Missing, Relative, Unit, ValueCell};

/// What a cell of the workbook, or a place in the overview, holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reading {
    Number(f64, Mark),
    Sign(Missing),
    Blank,
    NotANumber(String),
    /// A number that cannot exist in its unit, as people read it.
    Impossible(String),
}

impl Reading {
    /// `.` and `x` are the signs that filling writes; a `-` is not one of them, because filling writes 0 for it and
    /// a person may have meant anything.
    /// A number that `unit` cannot hold is no figure: it may not come out as a strength.
    pub(crate) fn of(cell: &ValueCell, unit: &Unit, decimals: u8) -> Self {
        if let Some(number) = cell.number() {
            return match unit.can_hold(round_as_shown(number, decimals)) {
                true => Reading::Number(number, Mark::None),
                false => Reading::Impossible(with_unit(number, decimals, unit)),
            };
        }
        match &cell.value {
            value if value.is_blank() => Reading::Blank,
            CellValue::Text(text) if text.trim() == "." => Reading::Sign(Missing::Unknown),
            CellValue::Text(text) if text.trim().eq_ignore_ascii_case("x") => Reading::Sign(Missing::Secret),
            value => Reading::NotANumber(value.text()),
        }
    }

    pub(crate) fn from(figure: Figure) -> Self {
        match figure {
            Figure::Known { value, mark } => Reading::Number(value, mark),
            Figure::Missing(reason) => Reading::Sign(reason),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Reading::Number(value, _) => Some(*value),
            _ => None,
        }
    }

    /// As a figure; a number that is the overview's takes over what the source says about it.
    pub(crate) fn figure(&self, in_overview: Figure, decimals: u8) -> Figure {
        match (self, in_overview) {
            (Reading::Number(value, Mark::None), Figure::Known { value: other, mark })
                if equal_as_shown(*value, other, decimals) =>
            {
                Figure::Known { value: *value, mark }
            }
            (Reading::Number(value, mark), _) => Figure::Known { value: *value, mark: *mark },
            (Reading::Sign(reason), _) => Figure::Missing(*reason),
            (Reading::Blank, Figure::Missing(reason)) => Figure::Missing(reason),
            (Reading::Blank, Figure::Known { .. }) => Figure::Missing(Missing::NotSupplied),
            (Reading::NotANumber(_) | Reading::Impossible(_), _) => Figure::Missing(Missing::Invalid),
        }
    }
}

/// Wijk against benchmark as shown. An empty cell for which the overview has no figure either is 'no figure', with
/// the reason; any other empty cell is 'not filled'.
pub(crate) fn relative(wijk: &Reading, benchmark: &Reading, in_overview: Figure, decimals: u8) -> Relative {
    let not = Relative::NotComparable;
    match (wijk, benchmark) {
        (Reading::NotANumber(text), _) | (_, Reading::NotANumber(text)) => {
            not(Incomparable::NotANumber(text.clone()))
        }
        (Reading::Impossible(text), _) | (_, Reading::Impossible(text)) => {
            not(Incomparable::Impossible(text.clone()))
        }
        (Reading::Sign(reason), _) => not(Incomparable::NoFigure(*reason)),
        (_, Reading::Sign(reason)) => not(Incomparable::NoBenchmark(*reason)),
        (_, Reading::Blank) => not(Incomparable::NoBenchmark(Missing::NotSupplied)),
        (Reading::Blank, Reading::Number(..)) => match in_overview {
            Figure::Missing(reason) => not(Incomparable::NoFigure(reason)),
            Figure::Known { .. } => Relative::NotFilled,
        },
        (Reading::Number(one, _), Reading::Number(other, _)) => {
            match round_as_shown(*one, decimals).total_cmp(&round_as_shown(*other, decimals)) {
                std::cmp::Ordering::Less => Relative::Lower,
                std::cmp::Ordering::Equal => Relative::Equal,
                std::cmp::Ordering::Greater => Relative::Higher,
            }
        }
    }
}
