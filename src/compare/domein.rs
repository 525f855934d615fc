//! One domein: its figures, and which of them are opvallend.

use crate::model::words::round_as_shown;
use crate::model::{
    Domein, DomeinBlock, DomeinComparison, FigureComparison, Format, Indicator, Kind, Opvallendheid,
};

use super::figures::{Context, rows_of};

/// Compares the figures of one domein: its own indicators first, then those that stand there through a factor, each
/// once; then known indicators that the advisor put in the block, and rows that the format does not know.
pub(crate) fn compare_domein(context: &Context<'_>, domein: &Domein) -> DomeinComparison {
    let format = context.format;
    let blocks: Vec<&DomeinBlock> = context
        .analysis
        .into_iter()
        .flat_map(|analysis| &analysis.pijlers)
        .flat_map(|tab| &tab.blocks)
        .filter(|block| block.domein == domein.name)
        .collect();
    let block = blocks.first().copied();

    let placement = format.placement(&domein.name);
    let mut figures: Vec<FigureComparison> = Vec::new();
    for (factor, indicators) in placement {
        for indicator in indicators {
            let factoren = factoren_of(format, domein, indicator);
            figures.push(context.compare(indicator, factor.is_none(), factoren, &rows_of(block, &indicator.code)));
        }
    }
    for row in block.into_iter().flat_map(|block| &block.indicators) {
        match row.code.as_deref().and_then(|code| format.indicator(code)) {
            Some(indicator) if figures.iter().all(|figure| figure.code != indicator.code) => {
                let factoren = factoren_of(format, domein, indicator);
                let rows = rows_of(block, &indicator.code);
                figures.push(context.compare(indicator, false, factoren, &rows));
            }
            Some(_) => {}
            None => {
                if let Some(figure) = context.unknown(row)
                    && figures.iter().all(|other| other.code != figure.code)
                {
                    figures.push(figure);
                }
            }
        }
    }

    let opvallend = mark_opvallend(&mut figures, format.opvallend.count);
    DomeinComparison {
        pijler: domein.pijler.clone(),
        domein: domein.name.clone(),
        opvallend,
        missing: (figures.iter().filter(|figure| figure.wijk.value().is_none()).count(), figures.len()),
        has_direct: figures.iter().any(|figure| figure.own && figure.kind == Kind::Direct),
        figures,
    }
}

/// The factors of this domein's factorenmodel that the indicator says something about, in the format's order.
fn factoren_of(format: &Format, domein: &Domein, indicator: &Indicator) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for factor in format.factoren_of(&domein.name) {
        if indicator.factoren.contains(&factor.name) && !names.contains(&factor.name) {
            names.push(factor.name.clone());
        }
    }
    names
}

/// Marks the opvallende figures and gives their codes: the `count` that lie furthest from the benchmark, furthest
/// first (ties in the format's order), then those the advisor wrote about, in the format's order; of all these the
/// domein's own figures first, since those through a factor stand in the lists of other domeinen too. A figure that is
/// equal as shown is never opvallend by distance, however its unrounded value lies.
fn mark_opvallend(figures: &mut [FigureComparison], count: usize) -> Vec<String> {
    let mut far: Vec<(f64, usize)> = figures
        .iter()
        .enumerate()
        .filter(|(_, figure)| figure.differs())
        // Binary noise must not decide between two figures that lie equally far.
        .filter_map(|(index, figure)| Some((round_as_shown(figure.distance?.abs(), 9), index)))
        .collect();
    far.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    far.truncate(count);

    let mut codes = Vec::new();
    for (position, (_, index)) in far.iter().enumerate() {
        if let Some(figure) = figures.get_mut(*index) {
            let by_advisor = !figure.remark.is_empty();
            figure.opvallend = Some(Opvallendheid { by_advisor, by_distance: Some(position + 1) });
            codes.push(figure.code.clone());
        }
    }
    for figure in figures.iter_mut().filter(|figure| figure.opvallend.is_none() && !figure.remark.is_empty()) {
        figure.opvallend = Some(Opvallendheid { by_advisor: true, by_distance: None });
        codes.push(figure.code.clone());
    }
    codes.sort_by_key(|code| figures.iter().any(|figure| figure.code == *code && !figure.own));
    codes
}
