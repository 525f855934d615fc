//! What people wrote in the workbook, sorted by where it belongs in the documents. Every text has one place.

use crate::model::{Analysis, ClosingRow, Question};

/// Codes of domein questions that have their own place outside the domein's section.
const ELSEWHERE: [&str; 4] = ["herkomst", "ontbrekend", "collega", "partners"];

/// The filled answers to the questions of one domein with this code, in all its blocks.
pub(super) fn domein_answers<'a>(analysis: &'a Analysis, domein: &str, code: &str) -> Vec<&'a Question> {
    domein_questions(analysis, domein).filter(|question| question.code.as_deref() == Some(code)).collect()
}

/// The filled answers that stand in the section of the domein itself, the short analysis first.
pub(super) fn domein_own<'a>(analysis: &'a Analysis, domein: &str) -> Vec<&'a Question> {
    let mut own: Vec<&Question> = domein_questions(analysis, domein)
        .filter(|question| question.code.as_deref().is_none_or(|code| !ELSEWHERE.contains(&code)))
        .collect();
    own.sort_by_key(|question| question.code.as_deref() != Some("analyse"));
    own
}

fn domein_questions<'a>(analysis: &'a Analysis, domein: &str) -> impl Iterator<Item = &'a Question> {
    analysis
        .pijlers
        .iter()
        .flat_map(|tab| &tab.blocks)
        .filter(move |block| block.domein == domein)
        .flat_map(|block| &block.questions)
        .filter(|question| filled(&question.answer.text))
}

/// The remarks under 'Wat valt op?' of one domein: name of the figure and text.
pub(super) fn remarks<'a>(analysis: &'a Analysis, domein: &str) -> Vec<(&'a str, &'a str)> {
    analysis
        .rows()
        .filter(|(_, block, _)| block.domein == domein)
        .filter_map(|(_, _, row)| {
            let remark = row.remark.as_ref()?;
            filled(&remark.text).then_some((row.name.as_str(), remark.text.as_str()))
        })
        .collect()
}

/// The filled answers to the questions about a whole pijler.
pub(super) fn pijler_answers<'a>(analysis: &'a Analysis, pijler: &str) -> Vec<&'a Question> {
    analysis
        .pijlers
        .iter()
        .filter(|tab| tab.pijler == pijler)
        .flat_map(|tab| &tab.questions)
        .filter(|question| filled(&question.answer.text))
        .collect()
}

/// The filled answers on the summary tab.
pub(super) fn summary_answers(analysis: &Analysis) -> Vec<&Question> {
    analysis
        .summary
        .iter()
        .flat_map(|summary| &summary.questions)
        .filter(|question| filled(&question.answer.text))
        .collect()
}

/// The rows of the closing tables of the pijler tabs, in order.
pub(super) fn closing(analysis: &Analysis) -> Vec<&ClosingRow> {
    analysis.pijlers.iter().flat_map(|tab| &tab.closing).collect()
}

/// The texts of a closing row in the order of its columns: figures, factoren, leeftijdsfase, leefgebied, conclusion.
pub(super) fn closing_cells(row: &ClosingRow) -> [&str; 5] {
    [&row.figures, &row.factoren, &row.leeftijdsfase, &row.leefgebied, &row.conclusion]
        .map(|cell| cell.as_ref().map_or("", |cell| cell.text.as_str()))
}

/// True when somebody wrote something.
pub(super) fn filled(text: &str) -> bool {
    !text.trim().is_empty()
}
