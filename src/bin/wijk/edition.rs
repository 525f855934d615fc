//! How it looks on a screen when a new edition came into a workbook.

use std::fmt::Write as _;

use anstyle::Style;
use wijkanalyse::finding::Finding;
use wijkanalyse::pipeline::{EditionDone, EditionMany, RenewedFigure};

use crate::show::{self, count};

/// How many figures the screen shows; all are on the tab and in the json.
const MOST_FIGURES: usize = 10;

/// How many places with texts to read the screen shows.
const MOST_TEXTS: usize = 3;

/// What changed, what got worse, how the results stand, and what has to be read again; then what there is to know.
pub(crate) fn told(wijk: &str, done: &EditionDone, findings: &[Finding]) -> String {
    let bold = Style::new().bold();
    let mut out = format!("{bold}{wijk}: {}{bold:#}\n", done.edition);
    out.push_str(&figures(done));
    if !done.worsening.is_empty() {
        let _ = writeln!(out, "\n{bold}Ongunstiger én verslechterend{bold:#}");
        for sentence in done.worsening.iter().take(MOST_FIGURES) {
            let _ = writeln!(out, "  - {sentence}");
        }
        if let Some(more @ 1..) = done.worsening.len().checked_sub(MOST_FIGURES) {
            let _ = writeln!(out, "  en nog {more}; 'wijk vergelijk' toont ze alle.");
        }
        let _ = writeln!(out, "  {}", done.worsening_rule);
    }
    out.push_str(&show::results(&done.results));
    if !done.texts.is_empty() {
        let noted = done.texts.iter().filter(|text| text.noted).count();
        let _ = writeln!(
            out,
            "\n{bold}Na te lezen{bold:#}: {} over cijfers die nu anders zijn; bij {noted} staat een notitie op de cel.",
            count(done.texts.len(), "tekst", "teksten")
        );
    }
    out.push('\n');
    let (texts, others): (Vec<Finding>, Vec<Finding>) =
        findings.iter().cloned().partition(|finding| finding.code == "tekst-bij-oud-cijfer");
    out.push_str(&show::findings(&others));
    out.push_str(&show::findings(texts.get(..MOST_TEXTS).unwrap_or(&texts)));
    if let Some(more @ 1..) = texts.len().checked_sub(MOST_TEXTS) {
        let _ = writeln!(out, "En nog {more} keer [tekst-bij-oud-cijfer]; 'wijk controleer' toont ze alle.\n");
    }
    if let Some(tab) = &done.tab {
        let _ = writeln!(out, "De vorige cijfers staan op het tabblad '{tab}'.");
    }
    out
}

/// What came of a folder with workbooks; each of them has a line in the summary.
pub(crate) fn told_many(many: &EditionMany) -> String {
    let mut out = String::new();
    for failure in &many.failed {
        let _ = writeln!(out, "niet gelukt: {}: {}", failure.workbook.display(), failure.reason);
    }
    let texts = many.done.iter().filter_map(|done| done.outcome.edition.as_ref());
    let to_read: usize = texts.clone().map(|done| done.texts.len()).sum();
    let workbooks = texts.filter(|done| !done.texts.is_empty()).count();
    let same = many.done.iter().filter(|done| !done.outcome.changed).count();
    let _ = writeln!(
        out,
        "{} met de nieuwe cijfers, {} niet gelukt.",
        count(many.done.len(), "werkboek", "werkboeken"),
        many.failed.len(),
    );
    if to_read > 0 {
        let _ = writeln!(
            out,
            "Na te lezen: {} in {}; op elke cel staat een notitie.",
            count(to_read, "tekst", "teksten"),
            count(workbooks, "werkboek", "werkboeken"),
        );
    }
    if same > 0 {
        let _ = writeln!(out, "{} deze editie al.", count(same, "werkboek had", "werkboeken hadden"));
    }
    let _ = writeln!(out, "De samenvatting staat in {}.", many.summary.display());
    out
}

fn figures(done: &EditionDone) -> String {
    if done.figures.is_empty() {
        return "De cijfers zijn al van deze editie.\n".to_owned();
    }
    let of = |word: &str| done.figures.iter().filter(|figure| figure.judgement == word).count();
    let mut out = format!(
        "{} vernieuwd: {} gunstiger, {} ongunstiger, {} gelijk, {} anders of niet vergeleken.\n",
        count(done.figures.len(), "cijfer van de wijk is", "cijfers van de wijk zijn"),
        of("gunstiger"),
        of("ongunstiger"),
        of("gelijk"),
        done.figures.len() - of("gunstiger") - of("ongunstiger") - of("gelijk"),
    );
    // What became better or worse first; then what has no good side or cannot be compared, with the reason.
    let mut changed: Vec<&RenewedFigure> =
        done.figures.iter().filter(|figure| figure.judgement != "gelijk").collect();
    changed.sort_by_key(|figure| !["gunstiger", "ongunstiger"].contains(&figure.judgement));
    for figure in changed.iter().take(MOST_FIGURES) {
        let judgement = if figure.judgement.is_empty() { "" } else { ", " };
        let _ = writeln!(
            out,
            "  - {}: {} ({}) werd {} ({}), {}{judgement}{}",
            figure.indicator,
            figure.before,
            figure.period_before,
            figure.now,
            figure.period_now,
            figure.difference,
            figure.judgement
        );
    }
    if let Some(more @ 1..) = changed.len().checked_sub(MOST_FIGURES) {
        let place = match done.tab {
            Some(_) => "alle cijfers staan op het tabblad 'Vorige editie'",
            None => {
                "de nieuwe cijfers staan in kolom E; met --vorige tab komen zij er op een eigen tabblad naast de oude"
            }
        };
        let _ = writeln!(out, "  en nog {more}; {place}.");
    }
    out
}
