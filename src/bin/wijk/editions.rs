//! How two overviews beside each other look on a screen.

use std::fmt::Write as _;

use anstyle::Style;
use wijkanalyse::compare::{Changed, EditionChanges, Item};
use wijkanalyse::model::normalise;
use wijkanalyse::model::words::{number, round_as_shown};
use wijkanalyse::pipeline::EditionOutcome;

use crate::show::{count, findings, table, tally};

/// Most figures that are listed; all stand in the json.
const MOST: usize = 30;

/// From so many on, the same change of several indicators or areas is one line.
const SAME: usize = 4;

/// Everything that differs, the verdict last.
pub(crate) fn text(outcome: &EditionOutcome) -> String {
    let bold = Style::new().bold();
    let changes = &outcome.changes;
    let mut out = findings(&outcome.findings);
    let _ = writeln!(out, "{bold}Van '{}' naar '{}'{bold:#}", changes.editions.0, changes.editions.1);
    items(&mut out, "Indicatoren erbij", &changes.indicators_added);
    items(&mut out, "Indicatoren weg", &changes.indicators_gone);
    same_name(&mut out, "indicator", &changes.indicators_gone, &changes.indicators_added);
    changed(&mut out, "Indicatoren veranderd", &changes.indicators_changed);
    items(&mut out, "Gebieden erbij", &changes.areas_added);
    items(&mut out, "Gebieden weg", &changes.areas_gone);
    same_name(&mut out, "gebied", &changes.areas_gone, &changes.areas_added);
    changed(&mut out, "Gebieden hernoemd of met andere grenzen", &changes.areas_changed);
    items(&mut out, "Nieuwe editie, precies dezelfde cijfers", &changes.unchanged);
    items(&mut out, "Niet vergeleken, want de eenheid is anders", &changes.not_compared);
    if !changes.missing.is_empty() {
        let mut rows = vec![["indicator", "was", "is", "gebieden"].map(str::to_owned).to_vec()];
        rows.extend(changes.missing.iter().take(MOST).map(|change| {
            vec![change.indicator.clone(), change.old.to_owned(), change.new.to_owned(), change.areas.to_string()]
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
    moved(&mut out, changes);
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

/// Figures that moved more than the threshold: which indicators, and then the figures themselves.
fn moved(out: &mut String, changes: &EditionChanges) {
    let limit = number(changes.threshold, 1);
    let rule = format!("{limit} spreidingen, of wat controle.csv bij cijfer-veranderd zegt");
    if changes.moved.is_empty() {
        let _ = writeln!(out, "Geen cijfer veranderde meer dan de drempel ({rule}).");
        return;
    }
    let shown = |value: f64, decimals: u8, unit: &str| {
        let sign = if unit.trim() == "%" { "%" } else { "" };
        format!("{}{sign}", number(value, decimals))
    };
    let _ = writeln!(
        out,
        "{} meer dan de drempel ({rule}).",
        count(changes.moved.len(), "cijfer veranderde", "cijfers veranderden"),
    );
    let mut rows = vec![
        ["indicator", "boven de drempel", "hoger", "lager", "stad was", "stad is"].map(str::to_owned).to_vec(),
    ];
    rows.extend(changes.shifts.iter().take(MOST).map(|shift| {
        let (higher, lower) = shift.higher_lower;
        let of =
            |value: Option<f64>| value.map_or_else(String::new, |value| shown(value, shift.decimals, &shift.unit));
        vec![
            shift.indicator.clone(),
            format!("{} van {}", shift.moved, shift.both),
            higher.to_string(),
            lower.to_string(),
            of(shift.benchmark.map(|(old, _)| old)),
            of(shift.benchmark.map(|(_, new)| new)),
        ]
    }));
    let _ = writeln!(
        out,
        "\nPer indicator. Veranderden alle gebieden dezelfde kant op, dan is er misschien anders gemeten:\n{}",
        table(&rows).trim_end()
    );
    more(out, changes.shifts.len());
    let mut rows =
        vec![["indicator", "gebied", "was", "is", "verschil", "spreidingen"].map(str::to_owned).to_vec()];
    rows.extend(changes.moved.iter().take(MOST).map(|moved| {
        let change = round_as_shown(moved.new, moved.decimals) - round_as_shown(moved.old, moved.decimals);
        let sign = if change > 0.0 { "+" } else { "" };
        let spreads =
            if moved.spreads.is_finite() { number(moved.spreads, 1) } else { "geen spreiding".to_owned() };
        vec![
            moved.indicator.clone(),
            moved.area.clone(),
            shown(moved.old, moved.decimals, &moved.unit),
            shown(moved.new, moved.decimals, &moved.unit),
            format!("{sign}{}", number(change, moved.decimals)),
            spreads,
        ]
    }));
    let _ = writeln!(out, "\nPer cijfer, de grootste verandering eerst:\n{}", table(&rows).trim_end());
    more(out, changes.moved.len());
}

fn more(out: &mut String, number: usize) {
    if number > MOST {
        let _ = writeln!(out, "en nog {}; met --json ziet u ze allemaal.", number - MOST);
    }
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

/// What went and came under the same name probably got another code.
fn same_name(out: &mut String, what: &str, gone: &[Item], added: &[Item]) {
    for item in gone {
        let same = |other: &&Item| normalise(&other.name) == normalise(&item.name);
        if let Some(other) = added.iter().find(same) {
            let _ = writeln!(
                out,
                "  Let op: {what} '{}' ging weg als {} en kwam erbij als {}. Is alleen de code veranderd?",
                item.name, item.code, other.code
            );
        }
    }
}

fn changed(out: &mut String, title: &str, changes: &[Changed]) {
    if changes.is_empty() {
        return;
    }
    let bold = Style::new().bold();
    let _ = writeln!(out, "\n{bold}{title}{bold:#} ({})", changes.len());
    let or_empty = |text: &str| if text.trim().is_empty() { "(leeg)".to_owned() } else { format!("'{text}'") };
    let mut told: Vec<(&str, &str, &str)> = Vec::new();
    for change in changes {
        let key = (change.what, change.old.as_str(), change.new.as_str());
        if told.contains(&key) {
            continue;
        }
        let same =
            changes.iter().filter(|other| (other.what, other.old.as_str(), other.new.as_str()) == key).count();
        // A new edition is another edition of every indicator: that is one line.
        let who = if same >= SAME {
            told.push(key);
            format!("bij {same}")
        } else {
            change.name.clone()
        };
        let _ =
            writeln!(out, "  {who}: {} was {}, is {}", change.what, or_empty(&change.old), or_empty(&change.new));
    }
}
