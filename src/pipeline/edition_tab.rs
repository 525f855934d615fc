//! The tab 'Vorige editie': every figure that a new edition replaced beside the one that came, how the results stand, and
//! which texts have to be read again.
//!
//! Owns what the tab says. It is written afresh each time from what the workbook remembers, so a third edition adds to it;
//! how it gets into the file is [`crate::package`]'s business.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::edition::RenewedFigure;
use crate::check;
use crate::compare;
use crate::error::Result;
use crate::model::{
    Analysis, CellRef, CellValue, Column, DomeinBlock, Format, History, Indicator, IndicatorRow, Judgement,
    OldFigure, OutdatedText, Overview, PijlerTab, ResultProgress, Standing, TabKind, Unit, renewed_row, words,
};
use crate::package::{OwnCell, OwnLook, OwnTab, Spreadsheet};

/// The name of the tab.
pub(super) const TAB: &str = "Vorige editie";

/// The column with what stood in the free column; it is left out when nothing stood there.
const NEXT_TO: usize = 8;
/// How many columns are about one figure.
const FIGURE_COLUMNS: usize = 6;

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
    let line = |text: String| OwnCell { text, look: OwnLook::Line, ..OwnCell::default() };
    let benchmark = &shown.format.benchmark.1;
    let editions: Vec<&str> = shown.analysis.history.editions.iter().map(String::as_str).collect();
    let title = format!("Vorige editie: {}", shown.wijk);
    let kind = TabKind::Fixed("inhoudsopgave".to_owned());
    let contents = shown.analysis.tabs.iter().find(|tab| tab.kind == kind && !tab.hidden);
    let mut top = vec![
        OwnCell { text: title, look: OwnLook::Title, ..OwnCell::default() },
        line(format!("De cijfers die zijn vervangen, met wat ervoor in de plaats kwam: {}.", words::list(&editions))),
        line(
            "Een verschil staat in de eenheid van het cijfer, na afronding; bij procenten zijn het procentpunten. \
             Gunstiger of ongunstiger volgt uit de richting van de indicator."
                .to_owned(),
        ),
        line(
            "Bovenaan staan de resultaten, dan de cijfers en onderaan de teksten die u moet nalezen. Elk cijfer staat hier één keer, ook \
             als het bij meer domeinen staat."
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
    top.extend(contents.map(|tab| OwnCell {
        link: Some((tab.name.clone(), "A1".to_owned())),
        look: OwnLook::Link,
        ..plain(&tab.name)
    }));
    // A name is not broken in the middle of a word.
    let longest = benchmark.split([' ', '-']).map(|word| word.chars().count()).max().unwrap_or(0);
    let of_benchmark = f64::from(u32::try_from(longest).unwrap_or(0)).clamp(6.0, 20.0) + 5.0;
    let beside = shown.analysis.history.figures.iter().any(|old| old.field == "naast");
    let mut headings = vec![
        ("Wat".to_owned(), 15.0),
        ("Oordeel".to_owned(), 14.0),
        ("Domein".to_owned(), 17.0),
        ("Waarover".to_owned(), 32.0),
        ("Cel".to_owned(), 26.0),
        ("Wijk toen".to_owned(), 10.0),
        ("Wijk nu".to_owned(), 10.0),
        ("Verschil".to_owned(), 12.5),
        (format!("{benchmark} toen"), of_benchmark),
        (format!("{benchmark} nu"), of_benchmark),
        ("Toelichting".to_owned(), 44.0),
    ];
    if beside {
        headings.insert(NEXT_TO, ("Naast toen".to_owned(), 11.0));
    }
    let mut rows: Vec<Vec<OwnCell>> = shown.results.iter().map(|result| result_row(shown, result)).collect();
    for round in (1..=shown.analysis.history.last()).rev() {
        rows.extend(figure_rows(shown, round));
    }
    rows.extend(text_rows(shown));
    if !beside {
        for row in &mut rows {
            row.remove(NEXT_TO);
        }
    }
    Ok(OwnTab { name: name(package, before)?, top, headings, rows })
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

/// A cell by its tab and address, because the same address is on every tab.
fn named(at: &CellRef) -> String {
    format!("{} {}", at.tab, at.a1())
}

fn linked(at: &CellRef) -> OwnCell {
    OwnCell { link: Some((at.tab.clone(), at.a1())), look: OwnLook::Link, ..plain(named(at)) }
}

fn result_row(shown: &Shown<'_>, result: &ResultProgress) -> Vec<OwnCell> {
    let written = shown.analysis.resultaten.iter().find(|written| written.row == result.row);
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
        OwnCell { look, ..plain(result.standing.words()) },
        plain(written.map_or("", |written| written.domein.trim())),
        plain(format!("{number}{}", result.statement)),
        at,
    ];
    row.extend(std::iter::repeat_n(OwnCell::default(), FIGURE_COLUMNS));
    row.push(plain(sentences.join("\n")));
    row
}

/// The texts to read again. Which figures changed is written once for texts that are about the same figures.
fn text_rows(shown: &Shown<'_>) -> Vec<Vec<OwnCell>> {
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    let mut rows = Vec::new();
    for text in shown.texts {
        let changes = check::changes_in_words(&text.changes, &shown.format.benchmark.1);
        let at = named(&text.text.at);
        let changes = match said.get(&changes) {
            Some(first) => format!("Dezelfde cijfers als bij {first}"),
            None => {
                said.insert(changes.clone(), at);
                changes
            }
        };
        rows.push(text_row(text, &changes));
    }
    rows
}

fn text_row(text: &OutdatedText, changes: &str) -> Vec<OwnCell> {
    let domein = text.text.domein.clone().unwrap_or_default();
    let quoted = match text.quoted.as_slice() {
        [] => String::new(),
        quoted => format!(". In de tekst staat nog {}", words::list(quoted)),
    };
    let mut row = vec![
        plain("Tekst"),
        OwnCell { look: OwnLook::Middle, ..plain("na te lezen") },
        plain(domein),
        plain(&text.text.about),
        linked(&text.text.at),
    ];
    row.extend(std::iter::repeat_n(OwnCell::default(), FIGURE_COLUMNS));
    row.push(plain(format!("{changes}{quoted}")));
    row
}

/// The figures that one renewal replaced, each indicator once, in the order of the workbook; those whose row is gone come last.
fn figure_rows(shown: &Shown<'_>, round: u32) -> Vec<Vec<OwnCell>> {
    let history = &shown.analysis.history;
    let replaced: BTreeSet<&str> =
        history.figures.iter().filter(|old| old.round == round).map(|old| old.code.as_str()).collect();
    let all = rows_by_code(shown.analysis).into_iter().filter(|(code, _)| replaced.contains(code));
    let chosen = all.filter_map(|(code, rows)| {
        let old = history.figures.iter().find(|old| old.round == round && old.code == code && old.field == "wijk");
        // The domein that the figure is about goes before those where it only says something about a factor.
        let other = |(_, block, _): &Here<'_>| !is_own(shown.format, code, &block.domein);
        let (_, block, row) = renewed_row(rows, |(.., row)| row, old.map(|old| &old.value), other)?;
        Some((code, block.domein.as_str(), row))
    });
    let rows: Vec<(&str, &str, &IndicatorRow)> = chosen.collect();
    let seen: BTreeSet<&str> = rows.iter().map(|(code, ..)| *code).collect();
    let gone = replaced.difference(&seen).map(|code| figure_row(shown, round, code, "", None));
    let rows = rows.iter().map(|(code, domein, row)| figure_row(shown, round, code, domein, Some(row)));
    rows.chain(gone).collect()
}

/// A row with where it stands.
type Here<'a> = (&'a PijlerTab, &'a DomeinBlock, &'a IndicatorRow);

/// The rows of each indicator, in the order of the workbook.
fn rows_by_code(analysis: &Analysis) -> Vec<(&str, Vec<Here<'_>>)> {
    let mut all: Vec<(&str, Vec<Here<'_>>)> = Vec::new();
    for here @ (.., row) in analysis.rows() {
        let Some(code) = row.code.as_deref() else { continue };
        match all.iter_mut().find(|(known, _)| *known == code) {
            Some((_, rows)) => rows.push(here),
            None => all.push((code, vec![here])),
        }
    }
    all
}

/// True for a row in the domein of its indicator.
fn is_own(format: &Format, code: &str, domein: &str) -> bool {
    format.indicator(code).and_then(|known| known.domein.as_deref()) == Some(domein)
}

fn figure_row(
    shown: &Shown<'_>,
    round: u32,
    code: &str,
    domein: &str,
    row: Option<&IndicatorRow>,
) -> Vec<OwnCell> {
    let history = &shown.analysis.history;
    let indicator = shown.format.indicator(code);
    let old = |field: &str| {
        history.figures.iter().find(|old| old.round == round && old.code == code && old.field == field)
    };
    let first = ["wijk", "benchmark", "naast"].iter().find_map(|field| old(field));
    let format = shown.format;
    let before = |field: &str| {
        let old = old(field);
        figure_cell(old.map(|old| &old.value), indicator, old.zip(indicator).map(|(old, of)| old.unit(format, of)))
    };
    // What came is what stands there now, or what the renewal after it replaced.
    let next = |field: &str| history.before(code, field, round + 1);
    let now = |field: &str| match next(field) {
        Some(next) => next.value.clone(),
        None => row.map(|row| value_of(row, field)).unwrap_or_default(),
    };
    let unit_now = |field: &str| {
        let indicator = indicator?;
        Some(match next(field) {
            Some(next) => next.unit(format, indicator),
            None => match row {
                Some(row) => format.row_unit(row, indicator, column_of(shown.overview, code)),
                None => format.unit_of(indicator, column_of(shown.overview, code)),
            },
        })
    };
    let later = next("wijk").or_else(|| next("benchmark"));
    let of_edition = column_of(shown.overview, code).map(Column::period).unwrap_or_default();
    // A row that was left alone is not of this edition: it says itself of which year it is.
    let left = row.filter(|_| later.is_none()).zip(indicator).filter(|(row, indicator)| {
        let (here, there) = (words::row_years(row, indicator), words::years(&of_edition));
        row.retyped || !here.is_empty() && !there.is_empty() && here.iter().all(|year| !there.contains(year))
    });
    let period = match (later, left) {
        (Some(later), _) => later.period.clone(),
        (None, Some((row, indicator))) => words::row_years(row, indicator).join("-"),
        (None, None) => of_edition,
    };
    let own = left.is_some_and(|(row, _)| row.retyped);
    let mut change = match (old("wijk"), indicator, unit_now("wijk")) {
        (Some(before), Some(indicator), Some(unit)) => difference(format, before, &now("wijk"), indicator, &unit),
        _ => Change::default(),
    };
    // How somebody's own figure was measured nobody said.
    if own {
        change.judgement = None;
    }
    let look = match change.judgement {
        Some(Judgement::Ongunstiger) => OwnLook::Heavy,
        _ => OwnLook::Plain,
    };
    let about = row.map_or_else(|| name_of(indicator, code), |row| row.name.replace('\n', " "));
    let unit_here = unit_now("wijk").map(|unit| unit.name.trim().to_owned()).filter(|unit| !is_short(unit));
    let signed = |number: f64| {
        let decimals = indicator.map_or(0, |indicator| indicator.decimals);
        let zeros = plain_format(decimals);
        OwnCell { number: Some((number, format!("+{zeros};-{zeros};{zeros}"))), ..plain(&change.words) }
    };
    // Where the old figure came from, and what came in its place.
    let mut origin = match first {
        Some(old) if old.source.trim().is_empty() => format!("Was: {}.", old.period),
        Some(old) => format!("Was: {} ({}).", old.period, old.source.trim()),
        None => String::new(),
    };
    match (own, period.trim()) {
        (true, "") => origin.push_str(" Nu: uw eigen cijfer."),
        (true, period) => origin.push_str(&format!(" Nu: uw eigen cijfer; in de rij staat {period}.")),
        (false, "") => {}
        (false, period) => origin.push_str(&format!(" Nu: {period}.")),
    }
    if change.number.is_none() && !change.words.is_empty() {
        origin.push_str(&format!(" Verschil: {}.", change.words));
    }
    vec![
        plain("Cijfer"),
        OwnCell { look, ..plain(change.judgement.map_or("", word)) },
        plain(domein),
        plain(unit_here.map_or_else(|| about.clone(), |unit| format!("{about} ({unit})"))),
        row.map_or_else(OwnCell::default, |row| linked(&row.wijk.at)),
        before("wijk"),
        figure_cell(Some(&now("wijk")), indicator, unit_now("wijk")),
        change.number.map_or_else(OwnCell::default, signed),
        before("naast"),
        before("benchmark"),
        figure_cell(Some(&now("benchmark")), indicator, unit_now("benchmark")),
        plain(origin.trim()),
    ]
}

/// A figure as a number that shows its unit where that is short, or the sign that stands there.
fn figure_cell(value: Option<&CellValue>, indicator: Option<&Indicator>, unit: Option<Cow<'_, Unit>>) -> OwnCell {
    let Some(value) = value else { return OwnCell::default() };
    let known = indicator.zip(unit);
    let cell = plain(match &known {
        Some((indicator, unit)) => of(value, indicator, unit),
        None => without_unit(value),
    });
    let CellValue::Number(number) = value else { return cell };
    let format = match &known {
        None => "General".to_owned(),
        Some((indicator, unit)) => match (plain_format(indicator.decimals), unit.name.trim()) {
            (zeros, "%") => format!("{zeros}\"%\""),
            (zeros, "€" | "euro") => format!("\"€ \"{zeros}"),
            (zeros, _) => zeros,
        },
    };
    OwnCell { number: Some((*number, format)), ..cell }
}

/// True for a unit that a number shows, or that is never written.
fn is_short(unit: &str) -> bool {
    ["%", "€", "euro", ""].contains(&unit) || words::is_silent(unit)
}

fn plain_format(decimals: u8) -> String {
    match decimals {
        0 => "#,##0".to_owned(),
        decimals => format!("#,##0.{}", "0".repeat(usize::from(decimals))),
    }
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
fn of(value: &CellValue, indicator: &Indicator, unit: &Unit) -> String {
    match value {
        CellValue::Number(number) => words::figure(*number, indicator.decimals, unit),
        other => other.text().trim().to_owned(),
    }
}

/// A figure of which nothing is known, or the sign that stands there.
fn without_unit(value: &CellValue) -> String {
    match value {
        CellValue::Number(number) => words::plain_number(*number),
        other => other.text().trim().to_owned(),
    }
}

/// The word for a judgement of a change.
fn word(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Neutraal => "neutraal",
        other => other.word(),
    }
}

/// What a figure changed.
#[derive(Default)]
struct Change {
    /// In the unit of the indicator, as shown; `None` when the two cannot be compared.
    number: Option<f64>,
    /// In words; the reason when they cannot be compared.
    words: String,
    judgement: Option<Judgement>,
}

/// What a figure changed, and what that means; a reason without a judgement when the two cannot be compared.
fn difference(format: &Format, before: &OldFigure, now: &CellValue, indicator: &Indicator, unit: &Unit) -> Change {
    let reason = |words: String| Change { words, ..Change::default() };
    let was = before.unit(format, indicator);
    if was.name.trim() != unit.name.trim() {
        return reason(format!(
            "niet vergeleken: de eenheid was '{}' en is '{}'",
            was.name.trim(),
            unit.name.trim()
        ));
    }
    match (&before.value, now) {
        (CellValue::Number(before), CellValue::Number(now)) => {
            let (difference, judgement) = compare::change(indicator, *before, *now);
            Change {
                number: Some(difference),
                words: words::difference(difference, indicator.decimals, unit),
                judgement: Some(judgement),
            }
        }
        (CellValue::Number(_), _) => reason("er is nu geen cijfer".to_owned()),
        (_, CellValue::Number(_)) => reason("er was geen cijfer".to_owned()),
        _ => reason("er was en is geen cijfer".to_owned()),
    }
}

/// The figures of the wijk that the last renewal replaced, each indicator once.
pub(super) fn renewed_figures(format: &Format, analysis: &Analysis, overview: &Overview) -> Vec<RenewedFigure> {
    let history = &analysis.history;
    let old_of = |code: &str| {
        history.figures.iter().find(|old| old.round == history.last() && old.code == code && old.field == "wijk")
    };
    let found = rows_by_code(analysis).into_iter().filter_map(|(code, rows)| {
        renewed_row(rows, |(.., row)| row, old_of(code).map(|old| &old.value), |_| false)
    });
    let mut out = Vec::new();
    for (tab, block, row) in found {
        let Some(code) = row.code.as_deref() else { continue };
        let (Some(old), Some(indicator)) = (old_of(code), format.indicator(code)) else { continue };
        let now = value_of(row, "wijk");
        let column = column_of(overview, code);
        let unit = format.row_unit(row, indicator, column);
        let change = difference(format, old, &now, indicator, &unit);
        out.push(RenewedFigure {
            pijler: tab.pijler.clone(),
            domein: block.domein.clone(),
            code: code.to_owned(),
            indicator: indicator.name.clone(),
            before: of(&old.value, indicator, &old.unit(format, indicator)),
            period_before: old.period.clone(),
            now: of(&now, indicator, &unit),
            period_now: column.map(Column::period).unwrap_or_default(),
            difference: change.words,
            judgement: change.judgement.map_or("", word),
        });
    }
    out
}
