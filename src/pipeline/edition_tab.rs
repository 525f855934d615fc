//! The tab 'Vorige editie': every figure that a new edition replaced beside the one that came, how the results stand, and
//! which texts have to be read again.
//!
//! Owns what the tab says. It is written afresh each time from what the workbook remembers, so a third edition adds to it;
//! how it gets into the file is [`crate::package`]'s business.

use std::collections::BTreeSet;

use super::edition::RenewedFigure;
use crate::check;
use crate::compare;
use crate::error::Result;
use crate::model::{
    Analysis, CellRef, CellValue, Column, Format, History, Indicator, IndicatorRow, Judgement, OldFigure,
    OutdatedText, Overview, ResultProgress, Standing, TabKind, words,
};
use crate::package::{OwnCell, OwnLook, OwnTab, Spreadsheet};

/// The name of the tab.
pub(super) const TAB: &str = "Vorige editie";

/// How many columns behind 'Wat er veranderde' are about one figure.
const FIGURE_COLUMNS: usize = 9;

/// What the tab is made of.
pub(super) struct Shown<'a> {
    pub(super) format: &'a Format,
    /// The workbook as it will be.
    pub(super) analysis: &'a Analysis,
    /// The overview of the new edition.
    pub(super) overview: &'a Overview,
    pub(super) wijk: &'a str,
    pub(super) results: &'a [ResultProgress],
    pub(super) texts: &'a [OutdatedText],
}

/// The tab. `before` is what the workbook remembered: a tab of ours of which nothing is remembered is left alone.
pub(super) fn tab(shown: &Shown<'_>, package: &Spreadsheet, before: &History) -> Result<OwnTab> {
    let line = |text: String| OwnCell { text, link: None, look: OwnLook::Line };
    let benchmark = &shown.format.benchmark.1;
    let editions: Vec<&str> = shown.analysis.history.editions.iter().map(String::as_str).collect();
    let top = vec![
        OwnCell { text: format!("Vorige editie: {}", shown.wijk), link: None, look: OwnLook::Title },
        line(format!("De cijfers die zijn vervangen, met wat ervoor in de plaats kwam: {}.", words::list(&editions))),
        line(
            "Een verschil staat in de eenheid van het cijfer, na afronding. Gunstiger of ongunstiger volgt uit de richting \
             van de indicator."
                .to_owned(),
        ),
        line(
            "Resultaten: bij 'elk' telt iedere indicator, bij 'gemiddelde' het gemiddelde, bij 'combinatie' één cijfer. \
             Vergeleken wordt met de startwaarde."
                .to_owned(),
        ),
        line(
            "Dit tabblad wordt bij een volgende editie aangevuld. Schrijft u er zelf iets bij, dan blijft het staan en komt \
             er een nieuw tabblad naast."
                .to_owned(),
        ),
    ];
    let headings = [
        ("Wat".to_owned(), 11.0),
        ("Oordeel".to_owned(), 16.0),
        ("Pijler".to_owned(), 12.0),
        ("Domein".to_owned(), 20.0),
        ("Waarover".to_owned(), 40.0),
        ("Cel".to_owned(), 9.0),
        ("Wat er veranderde".to_owned(), 56.0),
        ("Wijk toen".to_owned(), 14.0),
        ("Wijk nu".to_owned(), 14.0),
        ("Vorige editie".to_owned(), 20.0),
        ("Nieuwe editie".to_owned(), 20.0),
        ("Naast toen".to_owned(), 14.0),
        (format!("{benchmark} toen"), 14.0),
        (format!("{benchmark} nu"), 14.0),
        ("Bron toen".to_owned(), 26.0),
        ("Code".to_owned(), 20.0),
    ];
    let mut rows: Vec<Vec<OwnCell>> = shown.results.iter().map(|result| result_row(shown, result)).collect();
    rows.extend(shown.texts.iter().map(|text| text_row(shown, text)));
    for round in (1..=shown.analysis.history.last()).rev() {
        rows.extend(figure_rows(shown, round));
    }
    Ok(OwnTab { name: name(package, before)?, top, headings: headings.to_vec(), rows })
}

/// The name to ask for: what an older tab of ours shows must be remembered, or it stays and ours comes beside it.
fn name(package: &Spreadsheet, before: &History) -> Result<String> {
    if !before.figures.is_empty() || package.own_tabs(TAB)?.is_empty() {
        return Ok(TAB.to_owned());
    }
    let free = (2_u32..1000).map(|number| format!("{TAB} {number}")).find(|name| package.sheet(name).is_none());
    Ok(free.unwrap_or_else(|| TAB.to_owned()))
}

fn plain(text: impl Into<String>) -> OwnCell {
    OwnCell { text: text.into(), ..OwnCell::default() }
}

fn linked(at: &CellRef) -> OwnCell {
    OwnCell { text: at.a1(), link: Some((at.tab.clone(), at.a1())), look: OwnLook::Link }
}

fn result_row(shown: &Shown<'_>, result: &ResultProgress) -> Vec<OwnCell> {
    let written = shown.analysis.resultaten.iter().find(|written| written.row == result.row);
    let field = |of: fn(&crate::model::Resultaat) -> &String| {
        plain(written.map_or_else(String::new, |written| of(written).trim().to_owned()))
    };
    let kind = TabKind::Fixed("resultaten".to_owned());
    let tab = shown.analysis.tabs.iter().find(|tab| tab.kind == kind);
    let number = if result.number.is_empty() { String::new() } else { format!("{}: ", result.number) };
    let sentences: Vec<&str> = std::iter::once(result.reason.as_str())
        .chain(result.indicators.iter().map(|part| part.sentence.as_str()))
        .collect();
    let look = match result.standing {
        Standing::VanHetDoelAf => OwnLook::Heavy,
        _ if result.overdue => OwnLook::Heavy,
        Standing::Bereikt | Standing::OpWeg => OwnLook::Light,
        Standing::Gelijk | Standing::NietTeZeggen => OwnLook::Middle,
    };
    let at = tab.map_or_else(OwnCell::default, |tab| linked(&CellRef::new(&tab.name, result.row, 0)));
    let mut row = vec![
        plain("Resultaat"),
        OwnCell { text: result.standing.words().to_owned(), link: None, look },
        field(|r| &r.pijler),
        field(|r| &r.domein),
        plain(format!("{number}{}", result.statement)),
        at,
        plain(sentences.join("\n")),
    ];
    row.extend(std::iter::repeat_n(OwnCell::default(), FIGURE_COLUMNS));
    row
}

fn text_row(shown: &Shown<'_>, text: &OutdatedText) -> Vec<OwnCell> {
    let domein = text.text.domein.clone().unwrap_or_default();
    let pijler = shown.format.domein(&domein).map_or_else(String::new, |domein| domein.pijler.clone());
    let quoted =
        text.quoted.as_ref().map_or_else(String::new, |quoted| format!(". In de tekst staat nog {quoted}"));
    let changes = check::changes_in_words(&text.changes, &shown.format.benchmark.1);
    let mut row = vec![
        plain("Tekst"),
        OwnCell { text: "na te lezen".to_owned(), link: None, look: OwnLook::Middle },
        plain(pijler),
        plain(domein),
        plain(&text.text.about),
        linked(&text.text.at),
        plain(format!("{changes}{quoted}")),
    ];
    row.extend(std::iter::repeat_n(OwnCell::default(), FIGURE_COLUMNS));
    row
}

/// The figures that one renewal replaced, in the order of the workbook; those whose row is gone come last.
fn figure_rows(shown: &Shown<'_>, round: u32) -> Vec<Vec<OwnCell>> {
    let history = &shown.analysis.history;
    let replaced: BTreeSet<&str> =
        history.figures.iter().filter(|old| old.round == round).map(|old| old.code.as_str()).collect();
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for (tab, block, row) in shown.analysis.rows() {
        let Some(code) = row.code.as_deref().filter(|code| replaced.contains(code)) else { continue };
        seen.insert(code);
        rows.push(figure_row(shown, round, code, [&tab.pijler, &block.domein], Some(row)));
    }
    rows.extend(replaced.difference(&seen).map(|code| figure_row(shown, round, code, ["", ""], None)));
    rows
}

fn figure_row(
    shown: &Shown<'_>,
    round: u32,
    code: &str,
    [pijler, domein]: [&str; 2],
    row: Option<&IndicatorRow>,
) -> Vec<OwnCell> {
    let history = &shown.analysis.history;
    let indicator = shown.format.indicator(code);
    let old = |field: &str| {
        history.figures.iter().find(|old| old.round == round && old.code == code && old.field == field)
    };
    let first = ["wijk", "benchmark", "naast"].iter().find_map(|field| old(field));
    let text = |figure: Option<&OldFigure>| figure.map_or_else(String::new, |old| of(&old.value, indicator));
    // What came is what stands there now, or what the renewal after it replaced.
    let next = |field: &str| history.before(code, field, round + 1).map(|old| old.value.clone());
    let now = |field: &str| next(field).or_else(|| row.map(|row| value_of(row, field))).unwrap_or_default();
    let period =
        match history.before(code, "wijk", round + 1).or_else(|| history.before(code, "benchmark", round + 1)) {
            Some(later) => later.period.clone(),
            None => column_of(shown.overview, code).map(Column::period).unwrap_or_default(),
        };
    let (difference, judgement) = match (old("wijk"), indicator) {
        (Some(before), Some(indicator)) => {
            let last = round == history.last();
            let column = column_of(shown.overview, code).filter(|_| last);
            difference(before, &now("wijk"), indicator, column)
        }
        _ => (String::new(), None),
    };
    let look = match judgement {
        Some(Judgement::Ongunstiger) => OwnLook::Heavy,
        _ => OwnLook::Plain,
    };
    vec![
        plain("Cijfer"),
        OwnCell { text: judgement.map_or("", word).to_owned(), link: None, look },
        plain(pijler),
        plain(domein),
        plain(row.map_or_else(|| name_of(indicator, code), |row| row.name.replace('\n', " "))),
        row.map_or_else(OwnCell::default, |row| linked(&row.wijk.at)),
        plain(difference),
        plain(text(old("wijk"))),
        plain(of(&now("wijk"), indicator)),
        plain(first.map_or_else(String::new, |old| old.period.clone())),
        plain(period),
        plain(text(old("naast"))),
        plain(text(old("benchmark"))),
        plain(of(&now("benchmark"), indicator)),
        plain(first.map_or_else(String::new, |old| old.source.clone())),
        plain(code),
    ]
}

fn name_of(indicator: Option<&Indicator>, code: &str) -> String {
    indicator.map_or_else(|| code.to_owned(), |indicator| indicator.name.clone())
}

fn column_of<'a>(overview: &'a Overview, code: &str) -> Option<&'a Column> {
    overview.columns.get(overview.column_index(code)?)
}

/// A figure of a row in the indicator's own unit, or the text that stands there.
fn value_of(row: &IndicatorRow, field: &str) -> CellValue {
    let cell = if field == "wijk" { Some(&row.wijk) } else { row.benchmark.as_ref() };
    cell.map_or(CellValue::Empty, |cell| cell.number().map_or_else(|| cell.value.clone(), CellValue::Number))
}

/// A figure with its unit, or the sign that stands there.
fn of(value: &CellValue, indicator: Option<&Indicator>) -> String {
    match (value, indicator) {
        (CellValue::Number(number), Some(indicator)) => {
            words::figure(*number, indicator.decimals, &indicator.unit)
        }
        (CellValue::Number(number), None) => words::plain_number(*number),
        (other, _) => other.text().trim().to_owned(),
    }
}

/// The word for a judgement of a change.
fn word(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Neutraal => "neutraal",
        other => other.word(),
    }
}

/// What a figure changed, in words, and what that means; a reason without a judgement when the two cannot be compared.
fn difference(
    before: &OldFigure,
    now: &CellValue,
    indicator: &Indicator,
    column: Option<&Column>,
) -> (String, Option<Judgement>) {
    if let Some(column) = column.filter(|column| column.unit.trim() != before.unit.trim()) {
        return (
            format!("niet vergeleken: de eenheid was '{}' en is '{}'", before.unit.trim(), column.unit.trim()),
            None,
        );
    }
    match (&before.value, now) {
        (CellValue::Number(before), CellValue::Number(now)) => {
            let (difference, judgement) = compare::change(indicator, *before, *now);
            (words::difference(difference, indicator.decimals, &indicator.unit), Some(judgement))
        }
        (CellValue::Number(_), _) => ("er is nu geen cijfer".to_owned(), None),
        (_, CellValue::Number(_)) => ("er was geen cijfer".to_owned(), None),
        _ => ("er was en is geen cijfer".to_owned(), None),
    }
}

/// The figures of the wijk that the last renewal replaced, each indicator once.
pub(super) fn renewed_figures(format: &Format, analysis: &Analysis, overview: &Overview) -> Vec<RenewedFigure> {
    let history = &analysis.history;
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (tab, block, row) in analysis.rows() {
        let Some(code) = row.code.as_deref() else { continue };
        let old = history
            .figures
            .iter()
            .find(|old| old.round == history.last() && old.code == code && old.field == "wijk");
        let (Some(old), Some(indicator)) = (old, format.indicator(code)) else { continue };
        if !seen.insert(code) {
            continue;
        }
        let now = value_of(row, "wijk");
        let column = column_of(overview, code);
        let (difference, judgement) = difference(old, &now, indicator, column);
        out.push(RenewedFigure {
            pijler: tab.pijler.clone(),
            domein: block.domein.clone(),
            code: code.to_owned(),
            indicator: indicator.name.clone(),
            before: of(&old.value, Some(indicator)),
            period_before: old.period.clone(),
            now: of(&now, Some(indicator)),
            period_now: column.map(Column::period).unwrap_or_default(),
            difference,
            judgement: judgement.map_or("", word),
        });
    }
    out
}
