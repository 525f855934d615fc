//! A comparison in words: what filling proposes for the closing tables. How a single figure or difference is written
//! is the model's ([`crate::model::words`]) and is passed on from here.

pub use crate::model::words::{
    against, chance, closing_figure, count, difference, factor_with_rank, figure, figure_or_reason, list,
    not_comparable, number, place, plain_number, why_opvallend,
};
use crate::model::{Comparison, DomeinComparison};

/// Per domein, in the format's order: its name, the text for 'opvallende cijfers' and the text for 'factoren (met
/// ranking)'; one figure or factor per line, empty when there is none.
///
/// The texts say only what the figures say: `Voortijdig schoolverlaten: 16,4% (Rotterdam 12,8%), ongunstiger`.
/// Factors are those that come back in this domein through unfavourable opvallende figures, in the method's order.
#[must_use]
pub fn closing_texts(comparison: &Comparison) -> Vec<(String, String, String)> {
    comparison
        .domeinen
        .iter()
        .map(|domein| {
            let figures: Vec<String> =
                domein.opvallende().map(|figure| closing_figure(figure, &comparison.benchmark)).collect();
            (domein.domein.clone(), figures.join("\n"), closing_factoren(comparison, domein).join("\n"))
        })
        .collect()
}

fn closing_factoren(comparison: &Comparison, domein: &DomeinComparison) -> Vec<String> {
    comparison
        .factoren
        .iter()
        .filter(|factor| factor.domeinen.contains(&domein.domein))
        .map(|factor| factor_with_rank(&factor.name, factor.rank))
        .collect()
}
