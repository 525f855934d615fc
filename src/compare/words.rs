//! A comparison in words: what filling proposes for the closing tables. How a single figure or difference is written
//! is the model's ([`crate::model::words`]) and is passed on from here.

pub use crate::model::words::{
    against, chance, count, difference, figure, figure_or_reason, list, not_comparable, number, place,
    plain_number, why_opvallend,
};
use crate::model::{Comparison, DomeinComparison, FigureComparison, Judgement};

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

/// One line for 'opvallende cijfers'.
#[must_use]
pub fn closing_figure(compared: &FigureComparison, benchmark: &str) -> String {
    let wijk = figure_or_reason(&compared.wijk, compared.decimals, &compared.unit);
    let other = match compared.benchmark.value() {
        Some(value) => format!("{benchmark} {}", figure(value, compared.decimals, &compared.unit)),
        None => format!("geen cijfer van {benchmark}"),
    };
    let judgement = match compared.judgement {
        Some(Judgement::Neutraal) | None => String::new(),
        Some(judgement) => format!(", {}", judgement.word()),
    };
    format!("{}: {wijk} ({other}){judgement}", compared.name)
}

fn closing_factoren(comparison: &Comparison, domein: &DomeinComparison) -> Vec<String> {
    comparison
        .factoren
        .iter()
        .filter(|factor| factor.domeinen.contains(&domein.domein))
        .map(|factor| factor_with_rank(&factor.name, factor.rank))
        .collect()
}

/// A factor with its ranking: `Sociaal economische status (ranking 2)`, or `(niet gerankt)`.
#[must_use]
pub fn factor_with_rank(name: &str, rank: Option<u8>) -> String {
    match rank {
        Some(rank) => format!("{name} (ranking {rank})"),
        None => format!("{name} (niet gerankt)"),
    }
}
