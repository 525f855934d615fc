//! A comparison in words: what filling proposes for the closing tables. How a single figure or difference is written
//! is the model's ([`crate::model::words`]) and is passed on from here.

pub use crate::model::words::{
    against, chance, closing_figure, closing_texts, count, difference, factor_with_rank, figure, figure_or_reason,
    list, not_comparable, number, place, plain_number, why_opvallend,
};
