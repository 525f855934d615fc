//! Which factors come back, and in what order (method, 'Factors').

use std::collections::BTreeSet;

use crate::model::{DomeinComparison, Factor, FactorKind, FactorReturn, Format, Judgement};

/// The factors that come back through unfavourable opvallende figures, in the method's order, and apart from them
/// the strengths: factors with favourable opvallende figures only.
///
/// The order: number of domeinen, ranking (1 first, not ranked last), number of different unfavourable opvallende
/// indicators, name. For a strength `domeinen` holds those of its favourable figures, and these are what is counted.
pub(crate) fn order(format: &Format, domeinen: &[DomeinComparison]) -> (Vec<FactorReturn>, Vec<FactorReturn>) {
    let mut names: Vec<&str> = Vec::new();
    for factor in &format.factoren {
        if !names.contains(&factor.name.as_str()) {
            names.push(&factor.name);
        }
    }
    let (mut risks, mut strengths) = (Vec::new(), Vec::new());
    for name in names {
        let unfavourable = figures_under(name, domeinen, Judgement::Ongunstiger);
        let favourable = figures_under(name, domeinen, Judgement::Gunstiger);
        if !unfavourable.is_empty() {
            risks.push(describe(format, name, domeinen, unfavourable, favourable));
        } else if !favourable.is_empty() {
            strengths.push(describe(format, name, domeinen, unfavourable, favourable));
        }
    }
    risks.sort_by_cached_key(|factor| key(factor, &factor.unfavourable));
    strengths.sort_by_cached_key(|factor| key(factor, &factor.favourable));
    (risks, strengths)
}

/// The number of different risk factors among those that come back (method: four or more together make a problem
/// substantially likely). A protective factor under pressure comes back, but is not a risk factor.
pub(crate) fn risk_factors(returned: &[FactorReturn]) -> usize {
    returned.iter().filter(|factor| factor.kinds.contains(&FactorKind::Risico)).count()
}

type Key = (std::cmp::Reverse<usize>, u8, std::cmp::Reverse<usize>, String);

fn key(factor: &FactorReturn, counted: &[(String, String)]) -> Key {
    let indicators: BTreeSet<&str> = counted.iter().map(|(_, code)| code.as_str()).collect();
    (
        std::cmp::Reverse(factor.domeinen.len()),
        factor.rank.unwrap_or(u8::MAX),
        std::cmp::Reverse(indicators.len()),
        factor.name.clone(),
    )
}

/// Domein and code of the opvallende figures under a factor that have this judgement.
fn figures_under(name: &str, domeinen: &[DomeinComparison], wanted: Judgement) -> Vec<(String, String)> {
    domeinen
        .iter()
        .flat_map(|domein| domein.opvallende().map(move |figure| (domein, figure)))
        .filter(|(_, figure)| figure.judgement == Some(wanted))
        .filter(|(_, figure)| figure.factoren.iter().any(|factor| factor == name))
        .map(|(domein, figure)| (domein.domein.clone(), figure.code.clone()))
        .collect()
}

fn describe(
    format: &Format,
    name: &str,
    domeinen: &[DomeinComparison],
    unfavourable: Vec<(String, String)>,
    favourable: Vec<(String, String)>,
) -> FactorReturn {
    let counted = if unfavourable.is_empty() { &favourable } else { &unfavourable };
    let returned: Vec<String> = domeinen
        .iter()
        .map(|domein| &domein.domein)
        .filter(|domein| counted.iter().any(|(in_domein, _)| in_domein == *domein))
        .cloned()
        .collect();
    let models: Vec<&Factor> =
        format.factoren.iter().filter(|factor| factor.name == name && returned.contains(&factor.domein)).collect();
    let kinds: BTreeSet<FactorKind> = models.iter().map(|factor| factor.kind).collect();
    FactorReturn {
        name: name.to_owned(),
        rank: format.rank(name),
        kinds: kinds.into_iter().collect(),
        leefgebieden: in_order(&format.leefgebieden, models.iter().flat_map(|factor| &factor.leefgebieden)),
        leeftijdsfasen: in_order(&format.leeftijdsfasen, models.iter().flat_map(|factor| &factor.leeftijdsfasen)),
        domeinen: returned,
        unfavourable,
        favourable,
    }
}

/// The names present, each once, in the format's order; names the format does not list come last.
fn in_order<'a>(all: &[String], present: impl Iterator<Item = &'a String>) -> Vec<String> {
    let present: BTreeSet<&String> = present.collect();
    let known = all.iter().filter(|name| present.contains(name));
    let unknown = present.iter().copied().filter(|name| !all.contains(name));
    known.chain(unknown).cloned().collect()
}
