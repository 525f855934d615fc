//! An overview as a whole, before its figures go out: figures that are not likely, parts that do not add up, areas that do
//! not fit in what they lie in.

use super::plausible::adds_up;
use super::rules::finding;
use crate::finding::{Finding, Place};
use crate::model::words::{figure, list, number};
use crate::model::{AreaLevel, Column, Format, Overview, Spread, SumKind, Unit};

/// Everything about the figures of an overview that asks for a look.
#[must_use]
pub fn check_overview(format: &Format, overview: &Overview) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, column) in overview.columns.iter().enumerate().filter(|(_, column)| !column.is_count()) {
        let view = View { format, overview, column, index };
        view.fractions(&mut findings);
        view.impossible(&mut findings);
        view.unlikely(&mut findings);
        view.gebieden(&mut findings);
    }
    parts(format, overview, &mut findings);
    super::apply_settings(format, &mut findings);
    findings
}

/// One column.
struct View<'a> {
    format: &'a Format,
    overview: &'a Overview,
    column: &'a Column,
    index: usize,
}

fn unit_of(format: &Format, column: &Column) -> Unit {
    match format.indicator(&column.code) {
        Some(indicator) => format.unit_of(indicator, Some(column)).into_owned(),
        None => Unit { name: column.unit.clone(), difference: String::new() },
    }
}

impl View<'_> {
    fn unit(&self) -> Unit {
        unit_of(self.format, self.column)
    }

    fn shown(&self, value: f64) -> String {
        figure(value, self.column.decimals, &self.unit())
    }

    fn place(&self, about: &str) -> Place {
        Place { indicator: Some(self.column.code.clone()), ..Place::default() }.about(format!(
            "{about}, indicator {} ({})",
            self.column.name,
            self.column.period()
        ))
    }

    /// Areas with a figure.
    fn values(&self, keep: impl Fn(AreaLevel) -> bool) -> Vec<(usize, f64)> {
        self.overview
            .areas
            .iter()
            .enumerate()
            .filter(|(_, area)| keep(area.level))
            .filter_map(|(at, _)| Some((at, self.overview.figure(at, self.index).value()?)))
            .collect()
    }

    fn name(&self, area: usize) -> String {
        self.overview.call_name(area)
    }

    fn wijk_spread(&self) -> Spread {
        self.values(|level| level == AreaLevel::Wijk).into_iter().map(|(_, value)| value).collect()
    }

    /// A column of percentages of which no figure is above 1: fractions.
    fn fractions(&self, findings: &mut Vec<Finding>) {
        let values = self.values(|_| true);
        let small = values.iter().all(|(_, value)| (0.0..=1.0).contains(value));
        let some = values.iter().filter(|(_, value)| *value > 0.0).count();
        if self.unit().is_percentage() && small && some >= 10 && self.column.decimals <= 1 {
            findings.push(finding(
                "kolom-als-fractie",
                self.place("alle gebieden"),
                format!(
                    "Alle {} cijfers van deze kolom liggen tussen 0 en 1, terwijl de eenheid % is.",
                    values.len()
                ),
                "Percentages van 0 tot en met 100.",
                "Kijk of de bron fracties geeft, en zet dan schaal = \"fractie\" in de koppeling.",
            ));
        }
    }

    fn impossible(&self, findings: &mut Vec<Finding>) {
        let unit = self.unit();
        for (area, value) in self.values(|_| true).into_iter().filter(|(_, value)| !unit.can_hold(*value)) {
            findings.push(finding(
                "overzicht-cijfer-onmogelijk",
                self.place(&self.name(area)),
                format!("Het cijfer van {} is {}.", self.name(area), self.shown(value)),
                if unit.is_percentage() {
                    "Een percentage van 0 tot en met 100."
                } else {
                    "Een getal van 0 of hoger."
                },
                "Zoek het cijfer op in de bron en verbeter het overzicht.",
            ));
        }
    }

    /// A wijk further from all other wijken than any real figure was.
    fn unlikely(&self, findings: &mut Vec<Finding>) {
        let values = self.values(|level| level == AreaLevel::Wijk);
        if values.len() <= self.format.opvallend.fewest_areas {
            return;
        }
        let limit = self.format.control.threshold("overzicht-cijfer-onwaarschijnlijk", &self.column.code, 10.0);
        #[allow(clippy::cast_precision_loss, reason = "a number of wijken")]
        let (count, sum) = (values.len() as f64, values.iter().map(|(_, value)| value).sum::<f64>());
        for (area, value) in &values {
            let others: Spread =
                values.iter().filter(|(other, _)| other != area).map(|(_, value)| *value).collect();
            let (mean, deviation) = ((sum - value) / (count - 1.0), others.deviation());
            if deviation < 1e-9 || (value - mean).abs() / deviation <= limit {
                continue;
            }
            findings.push(finding(
                "overzicht-cijfer-onwaarschijnlijk",
                self.place(&self.name(*area)),
                format!(
                    "Het cijfer van {} is {} en ligt {} spreidingen van de andere wijken af.",
                    self.name(*area),
                    self.shown(*value),
                    number((value - mean).abs() / deviation, 1)
                ),
                format!("Een cijfer dat hooguit {} spreidingen van de andere wijken af ligt.", number(limit, 1)),
                "Kijk in de bron of het cijfer klopt, en let op de komma. Klopt het, zet dan voor deze indicator een hogere drempel in controle.csv.",
            ));
        }
    }

    /// A gebied lies between its wijken, and a number of a gebied is the sum of theirs.
    fn gebieden(&self, findings: &mut Vec<Finding>) {
        let spread = self.wijk_spread().deviation();
        let counts = self.unit().name.trim().to_lowercase().starts_with("aantal");
        for (gebied, value) in self.values(|level| level == AreaLevel::Gebied) {
            let Some(code) = self.overview.areas.get(gebied).map(|area| area.code.as_str()) else { continue };
            let parts: Vec<usize> = self
                .overview
                .areas
                .iter()
                .enumerate()
                .filter(|(_, area)| area.level == AreaLevel::Wijk && area.parent.as_deref() == Some(code))
                .map(|(at, _)| at)
                .collect();
            let known: Vec<f64> =
                parts.iter().filter_map(|at| self.overview.figure(*at, self.index).value()).collect();
            // Without all of them nothing can be said. One wijk alone is hardly ever the whole gebied: the source then
            // lacks the others.
            if known.len() < 2 || known.len() < parts.len() {
                continue;
            }
            if counts {
                let sum: f64 = known.iter().sum();
                if (sum - value).abs() > (value.abs() * 0.005).max(1.0) {
                    findings.push(finding(
                        "gebied-is-niet-de-som",
                        self.place(&self.name(gebied)),
                        format!(
                            "{} heeft {}; de wijken hebben samen {}.",
                            self.name(gebied),
                            self.shown(value),
                            self.shown(sum)
                        ),
                        "De som van de wijken, op een half procent na.",
                        "Kijk of een wijk ontbreekt of bij een ander gebied hoort (gebieden.csv).",
                    ));
                }
                continue;
            }
            let low = known.iter().copied().fold(f64::INFINITY, f64::min);
            let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let limit = self.format.control.threshold("gebied-buiten-wijken", &self.column.code, 0.1);
            let room = (limit * spread).max(10_f64.powi(-i32::from(self.column.decimals)));
            if (low - room..=high + room).contains(&value) {
                continue;
            }
            findings.push(finding(
                "gebied-buiten-wijken",
                self.place(&self.name(gebied)),
                format!(
                    "Het cijfer van {} is {}, maar de wijken erin liggen tussen {} en {}.",
                    self.name(gebied),
                    self.shown(value),
                    self.shown(low),
                    self.shown(high)
                ),
                "Een cijfer tussen de laagste en de hoogste wijk.",
                "Kijk in de bron welk cijfer niet klopt, en of de wijken en het gebied van hetzelfde jaar zijn.",
            ));
        }
    }
}

/// Parts that together are more than their whole, or not equal to it where they should be.
fn parts(format: &Format, overview: &Overview, findings: &mut Vec<Finding>) {
    for sum in &format.control.sums {
        let columns: Option<Vec<usize>> = sum.parts.iter().map(|code| overview.column_index(code)).collect();
        let whole = sum.whole.as_ref().map(|code| overview.column_index(code));
        let (Some(columns), whole) = (columns, whole) else { continue };
        if whole == Some(None) {
            continue;
        }
        // Figures of different periods or sources do not have to add up.
        let of = |index: &usize| overview.columns.get(*index);
        let all: Vec<&Column> = columns.iter().chain(whole.flatten().iter()).filter_map(of).collect();
        let Some(first) = all.first().copied() else { continue };
        if all.iter().any(|column| column.period() != first.period()) {
            continue;
        }
        let unit = unit_of(format, first);
        for area in 0..overview.areas.len() {
            let values: Option<Vec<f64>> =
                columns.iter().map(|column| overview.figure(area, *column).value()).collect();
            let limit = match whole {
                Some(Some(column)) => overview.figure(area, column).value(),
                _ => Some(100.0),
            };
            let (Some(values), Some(limit)) = (values, limit) else { continue };
            let together: f64 = values.iter().sum();
            if adds_up(together, limit, sum.kind, first.decimals, values.len()) {
                continue;
            }
            let names: Vec<&str> = columns.iter().filter_map(of).map(|column| column.name.as_str()).collect();
            let name = overview.call_name(area);
            findings.push(finding(
                "overzicht-delen-tellen-niet-op",
                Place { indicator: Some(first.code.clone()), ..Place::default() }
                    .about(format!("{name}, indicator {}", first.name)),
                format!("Bij {name} is {} samen {}.", list(&names), figure(together, first.decimals, &unit)),
                match sum.kind {
                    SumKind::Gelijk => format!("Samen {}.", figure(limit, first.decimals, &unit)),
                    SumKind::Hooguit => format!("Samen hooguit {}.", figure(limit, first.decimals, &unit)),
                },
                "Kijk in de bron welk cijfer niet klopt. Welke cijfers bij elkaar horen, staat in delen.csv.",
            ));
        }
    }
}
