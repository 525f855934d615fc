//! Every text that a person wrote in a workbook and that others will read: in the documents, or in the workbook itself.

use super::Context;
use crate::finding::Place;
use crate::model::{Question, TextCell};

/// A text, where it stands and what it is known to be about.
pub(crate) struct Written<'a> {
    pub(crate) place: Place,
    pub(crate) text: String,
    /// Codes of the indicators that it is about by the place where it stands.
    pub(crate) about: Vec<&'a str>,
}

fn of_cell<'a>(cell: &TextCell, about: Vec<&'a str>) -> Written<'a> {
    Written { place: Place::cell(&cell.at), text: cell.text.clone(), about }
}

/// All texts, in the order of the workbook; empty ones are left out.
pub(crate) fn texts<'a>(context: &'a Context<'_>) -> Vec<Written<'a>> {
    let analysis = context.analysis;
    let mut all: Vec<Written<'a>> = Vec::new();
    let answer = |question: &Question| of_cell(&question.answer, Vec::new());
    for tab in &analysis.pijlers {
        for block in &tab.blocks {
            for row in &block.indicators {
                let about = || row.code.as_deref().into_iter().collect();
                all.extend(row.remark.as_ref().map(|cell| of_cell(cell, about())));
            }
            all.extend(block.questions.iter().map(answer));
        }
        all.extend(tab.questions.iter().map(answer));
    }
    let summary = analysis.summary.iter();
    all.extend(summary.clone().flat_map(|summary| &summary.questions).map(answer));
    let closing =
        analysis.pijlers.iter().flat_map(|tab| &tab.closing).chain(summary.flat_map(|summary| &summary.closing));
    for row in closing {
        let cells = [&row.factoren, &row.leeftijdsfase, &row.leefgebied, &row.conclusion];
        all.extend(cells.into_iter().flatten().map(|cell| of_cell(cell, Vec::new())));
    }
    for result in &analysis.resultaten {
        let text = [
            &result.resultaat,
            &result.startwaarde,
            &result.streefwaarde,
            &result.meetwijze,
            &result.onderbouwing,
            &result.inbreng,
        ];
        let known = context.indicators_of(result).into_iter().filter_map(|(_, known)| known);
        all.push(Written {
            place: context.result_place(result),
            text: lines(&text),
            about: known.map(|indicator| indicator.code.as_str()).collect(),
        });
    }
    for row in &analysis.matrix {
        let text = [&row.resultaat, &row.universeel, &row.selectief, &row.geindiceerd, &row.indicator];
        all.push(Written { place: context.whole_row("matrix", row.row), text: lines(&text), about: Vec::new() });
    }
    for activity in &analysis.activiteiten {
        let text = [
            &activity.activiteit,
            &activity.uitvoerder,
            &activity.doelgroep,
            &activity.bereik,
            &activity.frequentie,
            &activity.kwaliteitsafspraak,
            &activity.eerste_stap,
            &activity.accounthouder,
            &activity.outcome,
            &activity.hoe_meten,
            &activity.bij_wie,
            &activity.aandachtspunten,
            &activity.stap_adviseur,
            &activity.stap_partner,
            &activity.terugkoppeling,
            &activity.verbeteractie,
            &activity.wie,
        ];
        all.push(Written { place: context.activity_place(activity), text: lines(&text), about: Vec::new() });
    }
    for row in &analysis.afspraken {
        let text =
            [&row.activiteit, &row.afspraak, &row.bevinding, &row.resultaat, &row.wie, &row.rol, &row.uitkomst];
        all.push(Written { place: context.agreement_place(row), text: lines(&text), about: Vec::new() });
    }
    for note in &analysis.notes {
        let mut written = of_cell(note, Vec::new());
        written.place = written.place.about("de notitie bij deze cel");
        all.push(written);
    }
    all.retain(|written| !written.text.trim().is_empty());
    all
}

fn lines(texts: &[&String]) -> String {
    texts.iter().map(|text| text.as_str()).collect::<Vec<_>>().join("\n")
}
