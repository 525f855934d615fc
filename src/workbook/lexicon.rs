//! The names of a format, prepared for looking up in somebody's workbook: headings, indicators, questions, factors.
//!
//! Owns what counts as the name of a question, an indicator or a factor: exact after normalisation, never by
//! likeness. Must not know where on a tab a name stands.

use std::collections::BTreeMap;

use super::layout::Domeinen;
use super::names::{Headings, without_numbering};
use crate::model::{Format, QuestionPlace, normalise};

/// A text longer than this, in bytes, is an answer and no question.
const LONGEST_QUESTION: usize = 400;

/// Where the questions of a pijler tab stand.
pub(super) const PLACES: &[QuestionPlace] = &[QuestionPlace::Domein, QuestionPlace::Pijler];

/// Names of the format prepared for looking up: made once per workbook.
pub(crate) struct Lexicon<'a> {
    pub(crate) format: &'a Format,
    pub(super) pijler: Headings,
    pub(crate) closing: Headings,
    pub(super) labels: Headings,
    pub(crate) domeinen: Domeinen<'a>,
    /// Normalised indicator name or variant -> codes that bear it.
    pub(super) indicators: BTreeMap<String, Vec<&'a str>>,
    /// Normalised question or variant, its code and place; one text may stand for two questions.
    questions: Vec<(String, &'a str, QuestionPlace)>,
    /// Normalised factor -> name.
    pub(super) factoren: BTreeMap<String, &'a str>,
}

impl<'a> Lexicon<'a> {
    pub(crate) fn new(format: &'a Format) -> Self {
        let mut indicators: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for indicator in &format.indicators {
            for name in std::iter::once(&indicator.name).chain(&indicator.variants) {
                let codes = indicators.entry(normalise(name)).or_default();
                if !codes.contains(&indicator.code.as_str()) {
                    codes.push(&indicator.code);
                }
            }
        }
        let mut questions = Vec::new();
        for question in &format.questions {
            for text in std::iter::once(&question.text).chain(&question.variants) {
                questions.push((normalise(without_numbering(text)), question.code.as_str(), question.place));
            }
        }
        let ranked = format.ranking.iter().map(|ranked| &ranked.name);
        let factoren = format
            .factoren
            .iter()
            .map(|factor| &factor.name)
            .chain(ranked)
            .map(|name| (normalise(name), name.as_str()))
            .collect();
        Lexicon {
            format,
            pijler: Headings::of(format, "pijler"),
            closing: Headings::of(format, "slottabel"),
            labels: Headings::of(format, "kopgegevens"),
            domeinen: Domeinen::of(format),
            indicators,
            questions,
            factoren,
        }
    }

    /// The question of one of these places that this text is; exact after normalisation, numbering left out.
    pub(crate) fn question(&self, text: &str, places: &[QuestionPlace]) -> Option<(&'a str, QuestionPlace)> {
        if text.len() > LONGEST_QUESTION {
            return None;
        }
        let whole = normalise(text);
        // This is asked for every text on a tab, and few are numbered.
        let bare = Some(without_numbering(text)).filter(|bare| bare.len() < text.len()).map(normalise);
        self.questions
            .iter()
            .find(|(known, _, place)| {
                places.contains(place)
                    && !known.is_empty()
                    && (*known == whole || bare.as_ref().is_some_and(|bare| known == bare))
            })
            .map(|(_, code, place)| (*code, *place))
    }

    /// The question with this code, when the format still asks it at one of these places.
    pub(crate) fn question_of(&self, code: &str, places: &[QuestionPlace]) -> Option<(&'a str, QuestionPlace)> {
        let known = self.format.questions.iter().find(|question| question.code == code)?;
        places.contains(&known.place).then_some((known.code.as_str(), known.place))
    }

    /// The domein with this id.
    pub(crate) fn domein_of(&self, id: &str) -> Option<&'a str> {
        self.format.domein_by_id(id).map(|domein| domein.name.as_str())
    }

    /// The factor with this id.
    pub(crate) fn factor_of(&self, id: &str) -> Option<&'a str> {
        self.format.factoren.iter().find(|factor| factor.id == id).map(|factor| factor.name.as_str())
    }

    /// The factor that bears this name.
    pub(crate) fn factor(&self, name: &str) -> Option<&'a str> {
        let known = |name: &str| self.factoren.get(&normalise(name)).copied();
        known(name).or_else(|| known(self.format.control.factor_called(name)?))
    }
}

/// What a factor row says.
pub(super) struct FactorName {
    /// Name without the words before and the ranking behind it.
    pub(super) name: String,
    /// True when the word 'factor' stood before it.
    pub(super) labelled: bool,
}

/// `Factor: Eenzaamheid (ranking 2)`, `Risicofactor - Armoede`, or a bare name.
pub(super) fn factor_name(text: &str) -> FactorName {
    let text = without_numbering(text);
    let lower = text.to_lowercase();
    let mut labelled = false;
    let mut name = text;
    for label in ["risicofactor", "beschermende factor", "factor"] {
        if lower.starts_with(label) {
            let after = text.get(label.len()..).unwrap_or("").trim_start();
            if let Some(rest) = after.strip_prefix([':', '-', '–']) {
                labelled = true;
                name = rest.trim();
                break;
            }
        }
    }
    // The ranking behind the name, between brackets or after a comma.
    let name = match name.rfind('(') {
        Some(open) if is_ranking(name.get(open..).unwrap_or("")) => name.get(..open).unwrap_or(name),
        _ => name,
    };
    let name = match name.rsplit_once([',', '–']) {
        Some((before, after)) if is_ranking(after) => before,
        _ => name,
    };
    FactorName { name: name.trim().to_owned(), labelled }
}

fn is_ranking(text: &str) -> bool {
    let text = normalise(text);
    [
        "ranking",
        "rang",
        "zonder ranking",
        "geen ranking",
        "niet in de ranking",
        "niet gerangschikt",
        "risicofactor",
        "beschermende factor",
        "risico",
        "beschermend",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_row_gives_the_bare_name() {
        for text in [
            "Factor: Armoede (ranking 2)",
            "Factor: Armoede",
            "Risicofactor - Armoede, ranking 2",
            "Factor: Armoede (niet in de ranking)",
            "Factor: Armoede (geen ranking)",
        ] {
            let factor = factor_name(text);
            assert_eq!((factor.name.as_str(), factor.labelled), ("Armoede", true), "{text}");
        }
        assert!(!factor_name("Armoede").labelled);
        assert!(!factor_name("Factoren die meespelen").labelled);
        assert_eq!(factor_name("Factor: Gezin (één ouder)").name, "Gezin (één ouder)");
        assert_eq!(factor_name("Factor: Sport (individu) (ranking 5)").name, "Sport (individu)");
    }
}
