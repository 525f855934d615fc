//! What a workbook remembers of earlier editions: the figures that were replaced, and the texts written about them.
//!
//! Owns which figures changed since a text was last known to be true. How it is kept in a workbook is `workbook`'s business.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, ClosingRow, IndicatorRow, Question, Resultaat, TextCell};
use super::cell::{CellRef, CellValue};
use super::definition::{Format, Indicator, Unit};
use super::figure::Missing;
use super::overview::Column;
use super::words;

/// A figure that a newer edition replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OldFigure {
    /// In which renewal it was replaced, 1 = the first.
    pub round: u32,
    /// Code of the indicator.
    pub code: String,
    /// Whose figure: `wijk`, `naast` or `benchmark`.
    pub field: String,
    /// The figure in the indicator's own unit, or the sign that stood there.
    pub value: CellValue,
    /// Edition and year of the figure.
    pub period: String,
    /// Source of the figure.
    pub source: String,
    /// Code of the area.
    pub area: String,
    /// The unit it was in.
    pub unit: String,
}

/// A text of a person that was written about figures which were replaced since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextMark {
    /// Which text: [`PersonText::key`].
    pub key: String,
    /// The seal of the text as it was: another text is another statement.
    pub seal: String,
    /// The renewal since which it has not been looked at.
    pub since: u32,
    /// True when its cell got a note.
    pub noted: bool,
    /// True when the advisor took that note away: the text is still true.
    pub confirmed: bool,
}

/// What a workbook remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The edition that each renewal brought; the first is that of renewal 1.
    pub editions: Vec<String>,
    /// The replaced figures, oldest renewal first.
    pub figures: Vec<OldFigure>,
    /// The marked texts.
    pub marks: Vec<TextMark>,
    /// Where the format and the overview do not say the same of an indicator.
    pub own_words: Vec<OwnWords>,
}

/// What the format says of an indicator where the overview with which the workbook was built says it otherwise. On the
/// tabs stands what the overview says, because that is what the figures are; the words of the format are kept here, so
/// that the format can be read out of the workbook again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWords {
    /// Code of the indicator.
    pub code: String,
    /// Which of its fields, by its column in `indicatoren.csv`: `eenheid`, `editie`, `peiljaar`, `doelgroep`, `soort`, `bron` or
    /// `decimalen`.
    pub field: String,
    /// What the format says.
    pub own: String,
    /// What the overview says, and the tabs show.
    pub shown: String,
}

impl OwnWords {
    /// Column of the hidden tab in which remembered things begin (zero-based): that of their kind. Those of the record of
    /// filling stand before it.
    pub const COLUMN: u32 = 7;
    /// The word in that column.
    pub const KIND: &str = "woorden van het format";

    /// Every field in which an indicator and its column in an overview differ.
    #[must_use]
    pub fn between(indicator: &Indicator, column: &Column) -> Vec<OwnWords> {
        let decimals = [indicator.decimals, column.decimals].map(|number| number.to_string());
        let [own_decimals, shown_decimals] = &decimals;
        [
            ("eenheid", indicator.unit.name.as_str(), &column.unit),
            ("editie", &indicator.edition, &column.edition),
            ("peiljaar", &indicator.year, &column.year),
            ("doelgroep", &indicator.doelgroep, &column.doelgroep),
            ("soort", indicator.kind.word(), &column.kind),
            ("bron", &indicator.source, &column.source),
            ("decimalen", own_decimals, shown_decimals),
        ]
        .into_iter()
        .filter(|(_, own, shown)| own.trim() != shown.trim())
        .map(|(field, own, shown)| OwnWords {
            code: indicator.code.clone(),
            field: field.to_owned(),
            own: own.trim().to_owned(),
            shown: shown.trim().to_owned(),
        })
        .collect()
    }
}

/// A text that a person may have written, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonText {
    /// What it is, whatever its cell: the same in every reading of the workbook.
    pub key: String,
    /// What it is, in Dutch.
    pub about: String,
    /// The part of the tab it stands in, in Dutch: what is told together.
    pub group: String,
    /// Its cell.
    pub at: CellRef,
    /// The text.
    pub text: String,
    /// The domein, where it is about one.
    pub domein: Option<String>,
    /// The field of the closing table in which the product proposes texts, with its domein; `None` for all others.
    pub proposed: Option<&'static str>,
    /// Codes of the indicators it is about.
    pub codes: Vec<String>,
}

/// A figure that is another than when a text was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureChange {
    /// Code of the indicator.
    pub code: String,
    /// Name of the indicator.
    pub name: String,
    /// Whose figure: `wijk` or `benchmark`.
    pub field: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub now: String,
    /// Edition and year it was of.
    pub period: String,
    /// How much it moved against its own size; for the order.
    #[serde(skip)]
    pub size: f64,
}

impl FigureChange {
    /// `Voortijdig schoolverlaten: 16,4% werd 12,0%`.
    #[must_use]
    pub fn sentence(&self, benchmark: &str) -> String {
        let whose = if self.field == "benchmark" { format!(" ({benchmark})") } else { String::new() };
        format!("{}{whose}: {} werd {}", self.name, self.before, self.now)
    }
}

/// A text that has to be read again, with the figures that changed since it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct OutdatedText {
    /// The text.
    pub text: PersonText,
    /// What changed, what the text itself names first, then the largest change.
    pub changes: Vec<FigureChange>,
    /// The old figures that stand in the text to the letter, such as `16,4`, in the order of `changes`.
    pub quoted: Vec<String>,
    /// The renewal since which it has not been looked at.
    pub since: u32,
    /// True when a note stands on its cell.
    pub noted: bool,
}

/// Eight signs that belong to a text, whatever happened to its line ends and blanks.
#[must_use]
pub fn text_seal(text: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.chars().filter(|c| !c.is_whitespace()).collect::<String>().bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{hash:08x}")
}

impl History {
    /// The number of the last renewal; 0 when there was none.
    #[must_use]
    pub fn last(&self) -> u32 {
        u32::try_from(self.editions.len()).unwrap_or(u32::MAX)
    }

    /// The figure as it was just before renewal `since`; `None` when it was not replaced since.
    #[must_use]
    pub fn before(&self, code: &str, field: &str, since: u32) -> Option<&OldFigure> {
        self.figures.iter().find(|old| old.round >= since && old.code == code && old.field == field)
    }

    /// The figure of the edition before the present one; `None` when it was never replaced.
    #[must_use]
    pub fn latest(&self, code: &str, field: &str) -> Option<&OldFigure> {
        self.figures.iter().rev().find(|old| old.code == code && old.field == field)
    }

    /// What is remembered about the same text; `None` for another text, also in the same cell.
    #[must_use]
    pub fn mark(&self, text: &PersonText) -> Option<&TextMark> {
        let seal = text_seal(&text.text);
        self.marks.iter().find(|mark| mark.key == text.key && mark.seal == seal)
    }
}

impl OldFigure {
    /// The figure with the unit it was in, or what its sign means.
    #[must_use]
    pub fn shown(&self, format: &Format, indicator: &Indicator) -> String {
        shown(&self.value, indicator.decimals, &self.unit(format, indicator))
    }

    /// The unit it was in.
    #[must_use]
    pub fn unit<'a>(&self, format: &'a Format, indicator: &'a Indicator) -> Cow<'a, Unit> {
        match self.unit.trim() {
            "" => Cow::Borrowed(&indicator.unit),
            name => format.unit_named(name),
        }
    }
}

/// A figure with its unit, or what a sign means.
fn shown(value: &CellValue, decimals: u8, unit: &Unit) -> String {
    match value {
        CellValue::Number(number) => words::figure(*number, decimals, unit),
        CellValue::Empty => "geen cijfer".to_owned(),
        other => match other.text().trim() {
            "." => format!("geen cijfer ({})", Missing::Unknown.words()),
            "x" => "niet getoond".to_owned(),
            text => format!("'{text}'"),
        },
    }
}

/// A figure of a row in the indicator's own unit, or the text that stands there.
fn row_value(row: &IndicatorRow, field: &str) -> CellValue {
    let cell = match field {
        "wijk" => Some(&row.wijk),
        "naast" => row.beside.as_ref(),
        _ => row.benchmark.as_ref(),
    };
    cell.map_or(CellValue::Empty, |cell| cell.number().map_or_else(|| cell.value.clone(), CellValue::Number))
}

/// Every filled text in which people write about figures, in the order of the workbook.
#[must_use]
pub fn person_texts(format: &Format, analysis: &Analysis) -> Vec<PersonText> {
    let mut out: Vec<PersonText> = Vec::new();
    let codes_of = |rows: &[IndicatorRow]| {
        let mut codes: Vec<String> = rows.iter().filter_map(|row| row.code.clone()).collect();
        codes.sort();
        codes.dedup();
        codes
    };
    let blocks = || analysis.pijlers.iter().flat_map(|tab| &tab.blocks);
    let of_domein = |domein: &str| {
        blocks().find(|block| block.domein == domein).map(|block| codes_of(&block.indicators)).unwrap_or_default()
    };
    for tab in &analysis.pijlers {
        for block in &tab.blocks {
            for row in &block.indicators {
                let (Some(cell), Some(code)) = (&row.remark, &row.code) else { continue };
                let factor = row.factor.as_deref().unwrap_or_default();
                let about = format!("'Wat valt op?' bij {}", row.name.replace('\n', " "));
                out.push(PersonText {
                    group: format!("domein {}", block.domein),
                    domein: Some(block.domein.clone()),
                    ..text(
                        format!("opmerking|{}|{}|{factor}|{code}", tab.pijler, block.domein),
                        about,
                        cell,
                        vec![code.clone()],
                    )
                });
            }
            for question in &block.questions {
                out.push(PersonText {
                    group: format!("domein {}", block.domein),
                    domein: Some(block.domein.clone()),
                    ..answer(question, &tab.pijler, &block.domein, codes_of(&block.indicators))
                });
            }
        }
        let rows: Vec<IndicatorRow> = tab.blocks.iter().flat_map(|block| block.indicators.clone()).collect();
        for question in &tab.questions {
            let group = format!("pijler {}", tab.pijler);
            out.push(PersonText { group, ..answer(question, &tab.pijler, "", codes_of(&rows)) });
        }
        for row in &tab.closing {
            closing(&tab.pijler, row, &of_domein(&row.domein), &mut out);
        }
    }
    if let Some(summary) = &analysis.summary {
        for row in &summary.closing {
            closing("samenvatting", row, &of_domein(&row.domein), &mut out);
        }
        let rows: Vec<IndicatorRow> = blocks().flat_map(|block| block.indicators.clone()).collect();
        for question in &summary.questions {
            let group = "alle pijlers samen".to_owned();
            out.push(PersonText { group, ..answer(question, "", "", codes_of(&rows)) });
        }
    }
    let codes_of_result = |result: &Resultaat| {
        let named = format.indicators_named(&result.indicatoren);
        let mut codes: Vec<String> =
            named.into_iter().filter_map(|(_, known)| Some(known?.code.clone())).collect();
        codes.sort();
        codes.dedup();
        if codes.is_empty() { of_domein(result.domein.trim()) } else { codes }
    };
    for result in &analysis.resultaten {
        for (field, name, text) in [
            ("onderbouwing", "Onderbouwing", &result.onderbouwing),
            ("inbreng", "Inbreng partners", &result.inbreng),
        ] {
            let Some(at) = analysis.item_cell("resultaten", field, result.row) else { continue };
            let number = match result.nummer.trim() {
                "" => (result.row + 1).to_string(),
                number => number.to_owned(),
            };
            out.push(PersonText {
                key: format!("resultaat|{number}|{field}"),
                about: format!("{name} bij resultaat {number}"),
                group: "resultaten".to_owned(),
                at,
                text: text.clone(),
                domein: Some(result.domein.trim().to_owned()).filter(|domein| !domein.is_empty()),
                proposed: None,
                codes: codes_of_result(result),
            });
        }
    }
    out.retain(|text| !text.text.trim().is_empty());
    out
}

fn text(key: String, about: String, cell: &TextCell, codes: Vec<String>) -> PersonText {
    let (at, text) = (cell.at.clone(), cell.text.clone());
    PersonText { key, about, group: String::new(), at, text, domein: None, proposed: None, codes }
}

fn answer(question: &Question, pijler: &str, domein: &str, codes: Vec<String>) -> PersonText {
    let name = question.code.as_deref().unwrap_or(&question.text);
    let about = format!("Antwoord op '{}'", question.text.replace('\n', " "));
    text(format!("vraag|{pijler}|{domein}|{name}"), about, &question.answer, codes)
}

fn closing(tab: &str, row: &ClosingRow, codes: &[String], out: &mut Vec<PersonText>) {
    let cells = [
        ("cijfers", "Opvallende cijfers", &row.figures, Some("slot-cijfers")),
        ("factoren", "Factoren", &row.factoren, Some("slot-factoren")),
        ("leeftijdsfase", "Leeftijdsfase", &row.leeftijdsfase, None),
        ("leefgebied", "Leefgebied", &row.leefgebied, None),
        ("conclusie", "Conclusie", &row.conclusion, None),
    ];
    for (field, name, cell, proposed) in cells {
        let Some(cell) = cell else { continue };
        let about = format!("{name} van {} in de slottabel", row.domein);
        out.push(PersonText {
            group: format!("domein {}", row.domein),
            domein: Some(row.domein.clone()),
            proposed,
            ..text(format!("slot|{tab}|{}|{field}", row.domein), about, cell, codes.to_vec())
        });
    }
}

/// Of the rows of one indicator the one that shows what the last renewal brought. A row in which a person changed something, and
/// one that could not be written, still shows the figure of before; `old` is that figure of the wijk, `less` says which of
/// equals comes later.
pub fn renewed_row<'a, T>(
    rows: impl IntoIterator<Item = T>,
    row: impl Fn(&T) -> &'a IndicatorRow,
    old: Option<&CellValue>,
    less: impl Fn(&T) -> bool,
) -> Option<T> {
    rows.into_iter().min_by_key(|one| {
        let row = row(one);
        let as_before = old.is_some_and(|old| *old == row_value(row, "wijk"));
        (row.retyped, as_before, less(one))
    })
}

/// The figures among `codes` that are others, as shown, than just before renewal `since`.
#[must_use]
pub fn changes_since(format: &Format, analysis: &Analysis, codes: &[String], since: u32) -> Vec<FigureChange> {
    let history = &analysis.history;
    let mut changes = Vec::new();
    for code in codes {
        let Some(indicator) = format.indicator(code) else { continue };
        let rows = || analysis.rows().map(|(_, _, row)| row).filter(|row| row.code.as_ref() == Some(code));
        let before = history.before(code, "wijk", since).map(|old| &old.value);
        let filled = rows().filter(|row| row.wijk.number().is_some());
        let filled = renewed_row(filled, |row| row, before, |_| false);
        let Some(row) = filled.or_else(|| rows().next()) else { continue };
        let unit = format.row_unit(row, indicator, None);
        for field in ["wijk", "benchmark"] {
            let Some(old) = history.before(code, field, since) else { continue };
            let now = row_value(row, field);
            let same_unit = old.unit(format, indicator).name == unit.name;
            let size = match (&old.value, &now) {
                (CellValue::Number(_), CellValue::Number(_)) if !same_unit => f64::INFINITY,
                (CellValue::Number(old), CellValue::Number(now)) => {
                    if words::equal_as_shown(*old, *now, indicator.decimals) {
                        continue;
                    }
                    (now - old).abs() / old.abs().max(now.abs())
                }
                (old, now) if old.text().trim() == now.text().trim() => continue,
                // A figure that came or went is the largest change there is.
                _ => f64::INFINITY,
            };
            changes.push(FigureChange {
                code: code.clone(),
                name: indicator.name.clone(),
                field: field.to_owned(),
                before: old.shown(format, indicator),
                now: shown(&now, indicator.decimals, &unit),
                period: old.period.clone(),
                size,
            });
        }
    }
    changes.sort_by(|one, other| {
        let field = |change: &FigureChange| change.field != "wijk";
        field(one).cmp(&field(other)).then(other.size.total_cmp(&one.size)).then(one.code.cmp(&other.code))
    });
    changes
}

/// A text held against the figures of the workbook; `None` when nothing changed that it is about.
#[must_use]
pub fn outdated(
    format: &Format,
    analysis: &Analysis,
    text: PersonText,
    since: u32,
    noted: bool,
) -> Option<OutdatedText> {
    let mut changes = changes_since(format, analysis, &text.codes, since);
    if changes.is_empty() {
        return None;
    }
    let low = text.text.to_lowercase();
    changes.sort_by_key(|change| !low.contains(&change.name.to_lowercase()));
    let digits = |figure: &str| figure.chars().filter(|c| c.is_ascii_digit()).count();
    let mut quoted: Vec<String> = Vec::new();
    for change in &changes {
        let figure = change.before.split(['%', ' ']).find(|part| digits(part) > 1).unwrap_or_default();
        let written = notations(figure).into_iter().filter(|figure| quotes(&text.text, figure));
        for figure in written {
            if !quoted.contains(&figure) {
                quoted.push(figure);
            }
        }
    }
    Some(OutdatedText { text, changes, quoted, since, noted })
}

/// The ways in which people write a figure as it is shown: `1.234,5` also without the point of the thousands, and with a point
/// for the decimals. Three decimals behind a point would read as thousands.
fn notations(figure: &str) -> Vec<String> {
    let mut all = vec![figure.to_owned()];
    let plain = figure.replace('.', "");
    let decimals = plain.split_once(',').map_or(0, |(_, decimals)| decimals.len());
    let pointed = if decimals == 3 { plain.clone() } else { plain.replace(',', ".") };
    for other in [plain, pointed] {
        if !other.is_empty() && !all.contains(&other) {
            all.push(other);
        }
    }
    all.retain(|figure| !figure.is_empty());
    all
}

/// True when a figure stands in a text as a number of its own, not as a piece of a longer one, of a date or of a version.
fn quotes(text: &str, figure: &str) -> bool {
    let part_of_number = |c: char| c.is_ascii_digit();
    text.match_indices(figure).any(|(at, _)| {
        let mut before = text.get(..at).unwrap_or_default().chars().rev();
        let mut after = text.get(at + figure.len()..).unwrap_or_default().chars();
        let (last, last_but_one) = (before.next(), before.next());
        let (next, second) = (after.next(), after.next());
        let comes_from = matches!(last, Some('.')) && last_but_one.is_some_and(part_of_number);
        let goes_on = matches!(next, Some(',' | '.')) && second.is_some_and(part_of_number);
        !last.is_some_and(|c| part_of_number(c) || c == ',')
            && !next.is_some_and(part_of_number)
            && !comes_from
            && !goes_on
            && !in_date(text, at, figure)
    })
}

/// True when what stands around is a date: `12-03-2027` or `12/3/2027`.
fn in_date(text: &str, at: usize, figure: &str) -> bool {
    ['-', '/'].into_iter().any(|sign| {
        let part = |c: &char| c.is_ascii_digit() || *c == sign;
        let before: String = text.get(..at).unwrap_or_default().chars().rev().take_while(part).collect();
        let before: String = before.chars().rev().collect();
        let after: String = text.get(at + figure.len()..).unwrap_or_default().chars().take_while(part).collect();
        let whole = format!("{before}{figure}{after}");
        let parts: Vec<&str> = whole.split(sign).collect();
        parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The marked texts that still have to be read again: not changed since, and not confirmed.
#[must_use]
pub fn outdated_texts(format: &Format, analysis: &Analysis) -> Vec<OutdatedText> {
    if analysis.history.marks.is_empty() {
        return Vec::new();
    }
    person_texts(format, analysis)
        .into_iter()
        .filter_map(|text| {
            let mark = analysis.history.mark(&text).filter(|mark| !mark.confirmed)?;
            outdated(format, analysis, text, mark.since, mark.noted)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{analysis, format, rows};

    fn old(round: u32, code: &str, value: f64) -> OldFigure {
        OldFigure {
            round,
            code: code.into(),
            field: "wijk".into(),
            value: CellValue::Number(value),
            period: "editie 2014".into(),
            source: "Bron".into(),
            area: "BU1".into(),
            unit: "%".into(),
        }
    }

    /// The workbook of the tests, of which the figure of `verzuim` (now 10) was 12 two editions ago and 11 one ago, with
    /// a remark about it.
    fn remembered() -> Analysis {
        let mut analysis = analysis();
        for row in rows(&mut analysis, "verzuim") {
            row.remark = Some(crate::testing::note("Met 12,0% hoog."));
        }
        analysis.history.editions = vec!["2014".into(), "2016".into()];
        analysis.history.figures = vec![old(1, "verzuim", 12.0), old(2, "verzuim", 11.0)];
        analysis
    }

    fn mark(analysis: &mut Analysis, since: u32) {
        let texts = person_texts(&format(), analysis);
        let text = texts.iter().find(|text| text.key.starts_with("opmerking|")).unwrap();
        analysis.history.marks = vec![TextMark {
            key: text.key.clone(),
            seal: text_seal(&text.text),
            since,
            noted: true,
            confirmed: false,
        }];
    }

    #[test]
    fn a_text_is_held_against_the_figure_of_when_it_was_written() {
        let mut analysis = remembered();
        mark(&mut analysis, 1);
        let first = outdated_texts(&format(), &analysis);
        assert_eq!(first[0].changes[0].sentence("Stad"), "Indicator verzuim: 12,0% werd 10,0%");
        assert_eq!(first[0].quoted, ["12,0"]);
        mark(&mut analysis, 2);
        assert_eq!(outdated_texts(&format(), &analysis)[0].changes[0].before, "11,0%");
    }

    #[test]
    fn an_old_figure_with_a_decimal_point_is_quoted_as_it_stands_there() {
        let quoted = |words: &str, value: f64| {
            let mut analysis = remembered();
            analysis.history.figures[0].value = CellValue::Number(value);
            for row in rows(&mut analysis, "verzuim") {
                row.remark.as_mut().unwrap().text = words.into();
            }
            mark(&mut analysis, 1);
            outdated_texts(&format(), &analysis).remove(0).quoted
        };
        assert_eq!(quoted("Dat is 35.7%.", 35.7), ["35.7"]);
        assert_eq!(quoted("Van 35,7 (ook wel 35.7).", 35.7), ["35,7", "35.7"]);
        for words in ["35.71", "135.7", "versie 1.35.7", "op 35.7.2026", "35.7.1"] {
            assert!(quoted(words, 35.7).is_empty(), "{words}");
        }
        assert_eq!(quoted("Er waren 1234.5 meldingen.", 1234.5), ["1234.5"]);
        assert_eq!(quoted("Er waren 1.234,5 meldingen.", 1234.5), ["1.234,5"]);
    }

    #[test]
    fn a_text_that_was_changed_or_confirmed_is_not_marked() {
        let mut analysis = remembered();
        mark(&mut analysis, 1);
        analysis.history.marks[0].confirmed = true;
        assert!(outdated_texts(&format(), &analysis).is_empty());
        mark(&mut analysis, 1);
        for row in rows(&mut analysis, "verzuim") {
            row.remark.as_mut().unwrap().text = "Gedaald naar 10,0%.".into();
        }
        assert!(outdated_texts(&format(), &analysis).is_empty());
    }

    #[test]
    fn a_figure_that_came_back_to_what_it_was_marks_nothing() {
        let mut analysis = remembered();
        analysis.history.figures[0].value = CellValue::Number(10.0);
        mark(&mut analysis, 1);
        assert!(outdated_texts(&format(), &analysis).is_empty());
    }

    #[test]
    fn an_old_figure_is_only_quoted_as_a_number_of_its_own() {
        assert!(quotes("was 16,4% in 2014", "16,4") && quotes("(16,4).", "16,4"));
        assert!(quotes("Ooit.16,4% (2014)", "16,4"), "a blank that was forgotten makes no other number");
        for piece in ["1.16,4", "versie 1.16,4", "16,4.1"] {
            assert!(!quotes(piece, "16,4"), "{piece}");
        }
        for date in ["op 12-03-2027", "op 3-12-2027", "op 12/03/2027", "op 12.03.2027"] {
            assert!(!quotes(date, "12"), "{date}");
        }
        assert!(quotes("tussen 12-15%", "12") && quotes("12-15%", "12"));
        assert!(!quotes("116,4", "16,4") && !quotes("16,45", "16,4") && !quotes("de 12,5", "12"));
    }
}
