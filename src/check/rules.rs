//! The table of findings: code, heaviest level, and what users read about it.
//!
//! Owns `docs/bevindingen.md`: the text there is made from this table, and a test keeps the two together. Codes of the
//! other stations stand here too, so that every code a user meets is explained in one place; a test looks for them.

mod activities;
mod area;
mod figures;
mod filling;
mod highlighting;
mod layout;
mod results;
mod sources;
mod texts;

use serde::Serialize;

use crate::finding::{Finding, Level, Place};

/// One code with its explanation in Dutch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable code.
    pub code: &'static str,
    /// Level; the heaviest one for a code that occurs with several.
    pub level: Level,
    /// What is found, one sentence.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do, in terms of Excel.
    pub advice: &'static str,
    /// An example that gives the finding.
    pub example: &'static str,
    /// An example that looks like it and does not.
    pub quiet: &'static str,
}

/// A line of the table.
const fn line(
    code: &'static str,
    level: Level,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
    example: &'static str,
    quiet: &'static str,
) -> Rule {
    Rule { code, level, title, why, advice, example, quiet }
}

/// The findings by what they are about, each part with its title: about the workbook in its order, then filling, then the
/// overview.
pub(crate) const PARTS: [(&str, &[Rule]); 9] = [
    ("De opbouw van het werkboek", layout::RULES),
    ("De wijk", area::RULES),
    ("Cijfers", figures::RULES),
    ("Teksten, factoren en links", texts::RULES),
    ("De oranje opmaak", highlighting::RULES),
    ("Maatschappelijke resultaten", results::RULES),
    ("Activiteiten", activities::RULES),
    ("Bij het vullen", filling::RULES),
    ("Het overzicht en zijn bronnen", sources::RULES),
];

#[allow(clippy::indexing_slicing, reason = "done while compiling, where a wrong index is an error")]
const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].1.len();
        part += 1;
    }
    count
};

/// Every code that a user may meet, in the order of the parts.
pub const RULES: &[Rule] = &joined();

#[allow(clippy::indexing_slicing, reason = "done while compiling, where a wrong index is an error")]
const fn joined() -> [Rule; COUNT] {
    let mut all = [layout::RULES[0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let rules = PARTS[part].1;
        let mut rule = 0;
        while rule < rules.len() {
            all[at] = rules[rule];
            at += 1;
            rule += 1;
        }
        part += 1;
    }
    all
}

/// The codes of which maintainers can set a threshold, and whether they can per indicator.
pub const THRESHOLDS: &[(&str, bool)] = &[
    ("cijfer-onwaarschijnlijk", true),
    ("cijfer-gelijk-aan-benchmark", false),
    ("kleine-groep", true),
    ("zonder-activiteit", false),
    ("overzicht-cijfer-onwaarschijnlijk", true),
    ("cijfer-veranderd", true),
    ("gebied-buiten-wijken", true),
];

/// The explanation of a code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

/// The text of `docs/bevindingen.md`.
#[must_use]
pub fn rules_as_markdown() -> String {
    let mut text = String::from(
        "# Bevindingen\n\n\
         Dit zijn alle bevindingen die het programma over een werkboek of een overzicht kan geven, met wat u eraan doet. Een bevinding \
         heeft een vaste code, een niveau en een plek (tabblad en cel).\n\n\
         - **fout**: eerst herstellen; zo kunt u de documenten niet verdedigen. `wijk controleer` eindigt dan met 1.\n\
         - **waarschuwing**: waarschijnlijk niet bedoeld, of nog te doen.\n\
         - **opmerking**: goed om te weten.\n\n\
         Een code die met meer niveaus voorkomt, staat hier met het zwaarste. Deze tekst komt uit `src/check/rules`.\n",
    );
    for (title, rules) in PARTS {
        text.push_str(&format!("\n## {title}\n"));
        for rule in rules {
            text.push_str(&format!(
            "\n### {}\n\n**Niveau:** {}\n\n**Wat:** {}\n\n**Waarom:** {}\n\n**Wat te doen:** {}\n\n**Voorbeeld:** {}\n\n**Geen bevinding:** {}\n",
            rule.code,
            rule.level.word(),
            rule.title,
            rule.why,
            rule.advice,
            rule.example,
            rule.quiet
        ));
        }
    }
    text
}

/// A finding with the level that the table gives its code.
pub(crate) fn finding(
    code: &'static str,
    place: Place,
    found: impl Into<String>,
    expected: impl Into<String>,
    advice: impl Into<String>,
) -> Finding {
    let level = rule(code).map_or(Level::Waarschuwing, |rule| rule.level);
    Finding::new(code, level, place, found, expected, advice)
}
