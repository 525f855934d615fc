//! How two overviews beside each other look on a screen.

use std::fmt::Write as _;

use anstyle::Style;
use wijkanalyse::compare::{Changed, Item};
use wijkanalyse::model::words::{number, round_as_shown};
use wijkanalyse::pipeline::EditionOutcome;

use crate::show::{count, findings, table, tally};

/// Most figures that are listed; all stand in the json.
const MOST: usize = 30;

/// Everything that differs, the verdict last.
pub(crate) fn text(outcome: &EditionOutcome) -> String {
    let bold = Style::new().bold();
    let changes = &outcome.changes;
    let mut out = findings(&outcome.findings);
    let _ = writeln!(out, "{bold}Van '{}' naar '{}'{bold:#}", changes.editions.0, changes.editions.1);
    items(&mut out, "Indicatoren erbij", &changes.indicators_added);
    items(&mut out, "Indicatoren weg", &changes.indicators_gone);
    changed(&mut out, "Indicatoren veranderd", &changes.indicators_changed);
    items(&mut out, "Gebieden erbij", &changes.areas_added);
    items(&mut out, "Gebieden weg", &changes.areas_gone);
    changed(&mut out, "Gebieden hernoemd of met andere grenzen", &changes.areas_changed);
    items(&mut out, "Nieuwe editie, precies dezelfde cijfers", &changes.unchanged);
    if !changes.missing.is_empty() {
        let mut rows = vec![["indicator", "was", "is", "gebieden"].map(str::to_owned).to_vec()];
        rows.extend(changes.missing.iter().take(MOST).map(|change| {
            vec![change.code.clone(), change.old.to_owned(), change.new.to_owned(), change.areas.to_string()]
        }));
        let _ = writeln!(out, "\n{bold}Soorten ontbrekend{bold:#}\n{}", table(&rows).trim_end());
    }
    let mut rows = vec![["niveau", "gebieden", "cijfers"].map(str::to_owned).to_vec()];
    rows.extend(changes.levels.iter().map(|level| {
        let of = |(old, new): (usize, usize)| format!("{old} -> {new}");
        vec![level.level.to_owned(), of(level.areas), of(level.figures)]
    }));
    let _ = writeln!(out, "\n{bold}Aantallen{bold:#}\n{}", table(&rows).trim_end());
    let (both, same) = changes.compared;
    let _ = writeln!(out, "\n{bold}Cijfers{bold:#}\n{both} cijfers staan in beide; {same} daarvan zijn gelijk.");
    if !changes.moved.is_empty() {
        let mut rows =
            vec![["indicator", "gebied", "was", "is", "verschil", "spreidingen"].map(str::to_owned).to_vec()];
        rows.extend(changes.moved.iter().take(MOST).map(|moved| {
            let shown = |value| number(value, moved.decimals);
            let change = round_as_shown(moved.new, moved.decimals) - round_as_shown(moved.old, moved.decimals);
            let sign = if change > 0.0 { "+" } else { "" };
            let spreads =
                if moved.spreads.is_finite() { number(moved.spreads, 1) } else { "geen spreiding".to_owned() };
            vec![
                moved.indicator.clone(),
                moved.area.clone(),
                shown(moved.old),
                shown(moved.new),
                format!("{sign}{}", shown(change)),
                spreads,
            ]
        }));
        let _ = writeln!(
            out,
            "{} meer dan de drempel (controle.csv, cijfer-veranderd); de grootste eerst:\n{}",
            count(changes.moved.len(), "cijfer veranderde", "cijfers veranderden"),
            table(&rows).trim_end()
        );
        if changes.moved.len() > MOST {
            let _ = writeln!(out, "en nog {}; met --json ziet u ze allemaal.", changes.moved.len() - MOST);
        }
    }
    let _ = writeln!(out, "\nOver het nieuwe overzicht: {}", tally(&outcome.findings));
    for (index, sentence) in changes.verdict.iter().enumerate() {
        let last = index + 1 == changes.verdict.len();
        let _ = match (index, last) {
            (0, _) => writeln!(out, "{bold}{sentence}{bold:#}"),
            (_, true) => writeln!(out, "\n{sentence}"),
            _ => writeln!(out, "  - {sentence}"),
        };
    }
    out
}

fn items(out: &mut String, title: &str, items: &[Item]) {
    if items.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "\n{bold}{title}{bold:#} ({})", items.len());
    for item in items {
        let _ = writeln!(out, "  {} ({})", item.name, item.code);
    }
}

fn changed(out: &mut String, title: &str, changes: &[Changed]) {
    if changes.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "\n{bold}{title}{bold:#} ({})", changes.len());
    for change in changes {
        let or_empty = |text: &str| if text.trim().is_empty() { "(leeg)".to_owned() } else { format!("'{text}'") };
        let _ = writeln!(
            out,
            "  {}: {} was {}, is {}",
            change.name,
            change.what,
            or_empty(&change.old),
            or_empty(&change.new)
        );
    }
}
