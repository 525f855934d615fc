//! What people still have to write, the factors they wrote down, links and the format's version.

use super::rules::finding;
use super::{Context, addresses, choice, in_words};
use crate::finding::{Finding, Place};
use crate::model::{
    Analysis, CellRef, ClosingRow, Format, Question, QuestionDefinition, TextCell, Verdict, major_minor, nearest,
    normalise, words,
};

/// Something a person still has to write.
struct Open<'a> {
    at: &'a CellRef,
    /// What it belongs to, such as `domein Werk`.
    about: String,
    text: &'a str,
}

/// Questions that must be answered and are not: one finding per tab. A workbook that was just filled has dozens of
/// them, and nobody reads dozens of findings.
pub(crate) fn question_open(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut asked: Vec<(&Question, String)> = Vec::new();
    for tab in &context.analysis.pijlers {
        for block in &tab.blocks {
            asked.extend(block.questions.iter().map(|question| (question, format!("domein {}", block.domein))));
        }
        asked.extend(tab.questions.iter().map(|question| (question, format!("pijler {}", tab.pijler))));
    }
    let summary = context.analysis.summary.iter().flat_map(|summary| &summary.questions);
    asked.extend(summary.map(|question| (question, "alle pijlers samen".to_owned())));
    let open: Vec<Open<'_>> = asked
        .into_iter()
        .filter(|(question, _)| question.answer.text.trim().is_empty())
        .filter_map(|(question, about)| {
            let known = |known: &&QuestionDefinition| Some(&known.code) == question.code.as_ref();
            let definition = context.format.questions.iter().find(known)?;
            definition.required.then_some(Open { at: &question.answer.at, about, text: &definition.text })
        })
        .collect();
    for group in open.chunk_by(|one, other| one.at.tab == other.at.tab) {
        let Some(first) = group.first() else { continue };
        if group.len() == 1 {
            findings.push(finding(
                "vraag-open",
                Place::cell(first.at).about(&first.about),
                format!("De vraag '{}' is nog open.", first.text),
                "Een antwoord van u.",
                format!("Typ uw antwoord in cel {}.", first.at.a1()),
            ));
            continue;
        }
        let which: Vec<String> = if group.len() <= FEW {
            group.iter().map(|open| format!("'{}' ({}, {})", open.text, open.about, open.at.a1())).collect()
        } else {
            let by_domein = group.chunk_by(|one, other| one.about == other.about);
            by_domein.map(|part| format!("{} ({})", about(part), in_words(&cells(part)))).collect()
        };
        findings.push(finding(
            "vraag-open",
            Place { cell: Some(addresses(&cells(group))), ..Place::tab(&first.at.tab) },
            format!("{} vragen op dit tabblad zijn nog open: {}.", group.len(), words::list(&which)),
            "Een antwoord van u op elke vraag.",
            "Typ uw antwoorden in deze cellen.",
        ));
    }
}

/// Up to so many open questions are named in full.
const FEW: usize = 3;

fn about<'a>(part: &'a [Open<'_>]) -> &'a str {
    part.first().map_or("", |open| open.about.as_str())
}

fn cells<'a>(open: &[Open<'a>]) -> Vec<&'a CellRef> {
    open.iter().map(|open| open.at).collect()
}

/// Domeinen without a conclusion in the closing table of their pijler: one finding per tab.
pub(crate) fn conclusion_open(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for tab in &context.analysis.pijlers {
        let open: Vec<(&ClosingRow, &CellRef)> = tab
            .closing
            .iter()
            .filter_map(|row| Some((row, row.conclusion.as_ref().filter(|cell| cell.text.trim().is_empty())?)))
            .map(|(row, cell)| (row, &cell.at))
            .collect();
        let Some((first, at)) = open.first() else { continue };
        let expected = "Een conclusie van u; het programma schrijft die nooit.";
        if open.len() == 1 {
            findings.push(finding(
                "conclusie-leeg",
                Place::cell(at).about(format!("domein {}", first.domein)),
                format!("De conclusie van het domein {} is nog leeg.", first.domein),
                expected,
                format!("Typ uw conclusie in cel {}.", at.a1()),
            ));
            continue;
        }
        let which: Vec<String> = open.iter().map(|(row, at)| format!("{} ({})", row.domein, at.a1())).collect();
        let cells: Vec<&CellRef> = open.iter().map(|(_, at)| *at).collect();
        findings.push(finding(
            "conclusie-leeg",
            Place { cell: Some(addresses(&cells)), ..Place::tab(&tab.tab) },
            format!("De conclusies van {} domeinen zijn nog leeg: {}.", open.len(), words::list(&which)),
            expected,
            "Typ uw conclusies in deze cellen.",
        ));
    }
}

/// Factors in the closing tables that the domein's factorenmodel does not have, or with another ranking.
pub(crate) fn closing_factoren(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let summary = context.analysis.summary.iter().flat_map(|summary| &summary.closing);
    let rows: Vec<&ClosingRow> =
        context.analysis.pijlers.iter().flat_map(|tab| &tab.closing).chain(summary).collect();
    for row in rows {
        let Some(cell) = &row.factoren else { continue };
        for part in factor_parts(&cell.text) {
            factor_in_domein(context, cell, &row.domein, part, findings);
        }
    }
}

/// One factor of a closing table: its name and, when it stands there, its ranking.
fn factor_in_domein(
    context: &Context<'_>,
    cell: &TextCell,
    domein: &str,
    text: &str,
    findings: &mut Vec<Finding>,
) {
    let (name, rank) = split_rank(text);
    let place = || Place::cell(&cell.at).about(format!("domein {domein}"));
    let here: Vec<&str> = context.format.factoren_of(domein).map(|factor| factor.name.as_str()).collect();
    let name = context.format.control.factor_called(name).unwrap_or(name);
    let Some(known) = here.iter().find(|known| normalise(known) == normalise(name)) else {
        // A sentence of the advisor's in which a factor is named is no list of factors.
        let within = normalise(text);
        let is_sentence =
            text.split_whitespace().count() > 8 || here.iter().any(|known| within.contains(&normalise(known)));
        if !is_sentence && !name.is_empty() {
            findings.push(not_in_model(place(), context, domein, name, &here));
        }
        return;
    };
    let ranked = context.format.rank(known);
    if let Some(rank) = rank.filter(|rank| Some(*rank) != ranked) {
        let is = ranked.map_or_else(|| "zonder ranking".to_owned(), |ranked| format!("ranking {ranked}"));
        findings.push(finding(
            "ranking-wijkt-af",
            place(),
            format!("Bij de factor '{known}' staat ranking {rank}; het format heeft {is}."),
            format!("'{known}' met {is}."),
            format!("Verbeter de ranking in cel {}.", cell.at.a1()),
        ));
    }
}

/// The finding for a factor that the domein's factorenmodel does not have.
pub(crate) fn not_in_model(
    place: Place,
    context: &Context<'_>,
    domein: &str,
    name: &str,
    here: &[&str],
) -> Finding {
    let elsewhere: Vec<&str> = context
        .format
        .factoren
        .iter()
        .filter(|factor| factor.domein != domein && normalise(&factor.name) == normalise(name))
        .map(|factor| factor.domein.as_str())
        .collect();
    let near = nearest(name, here.iter().copied());
    let advice = if !near.is_empty() {
        format!("Bedoelt u {}? Schrijf de factor zo.", choice(&near))
    } else if elsewhere.is_empty() {
        "Kies een factor van het tabblad met het factorenmodel van dit domein.".to_owned()
    } else {
        format!(
            "Deze factor staat wel in het factorenmodel van {}. Kies een factor van dit domein.",
            choice(&elsewhere)
        )
    };
    finding(
        "factor-niet-in-factorenmodel",
        place,
        format!("De factor '{name}' staat niet in het factorenmodel van {domein}."),
        "Een factor uit het factorenmodel van het domein.",
        advice,
    )
}

/// The factors in a cell: one per line, or with a semicolon between them.
pub(crate) fn factor_parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';', '|'])
        .map(|part| part.trim().trim_start_matches(['-', '•', '*']).trim())
        .filter(|part| !part.is_empty())
}

/// A factor without what stands in brackets behind it, and the ranking in those brackets.
pub(crate) fn split_rank(text: &str) -> (&str, Option<u8>) {
    let Some((name, rest)) = text.rsplit_once('(') else { return (text.trim(), None) };
    if !normalise(rest).contains("rank")
        && !rest.trim_end_matches(')').trim().bytes().all(|byte| byte.is_ascii_digit())
    {
        return (text.trim(), None);
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (name.trim(), digits.parse().ok())
}

/// A link inside the workbook that leads nowhere.
pub(crate) fn dead_link(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for link in context.analysis.links.iter().filter(|link| !link.alive) {
        findings.push(finding(
            "link-dood",
            Place::cell(&link.at),
            format!("De link in deze cel gaat naar '{}', maar die plek bestaat niet.", link.target),
            "Een tabblad of cel die er is.",
            format!(
                "Klik met rechts op cel {}, kies 'Koppeling bewerken' en wijs het goede tabblad aan.",
                link.at.a1()
            ),
        ));
    }
}

/// Formulas without an outcome, because no program that calculates has saved the workbook since it was filled. One
/// finding per tab.
pub(crate) fn not_calculated(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(since) = &context.analysis.since_filling else { return };
    for cells in since.open_formulas.chunk_by(|one, other| one.tab == other.tab) {
        let Some(tab) = cells.first().map(|at| at.tab.as_str()) else { continue };
        let (count, cells) = (cells.len(), cells.iter().collect::<Vec<_>>());
        let formulas = if count == 1 { "een formule".to_owned() } else { format!("{count} formules") };
        findings.push(finding(
            "formule-niet-berekend",
            Place { cell: Some(addresses(&cells)), ..Place::tab(tab) },
            format!("Het werkboek is na het vullen nog niet in Excel opgeslagen; de uitkomst van {formulas} op dit tabblad is daarom leeg."),
            "Uitkomsten die bij de nieuwe cijfers horen.",
            "Open het werkboek in Excel, sla het op en sluit het. Controleer het dan opnieuw en maak daarna pas de documenten: nu tellen deze cellen als leeg.",
        ));
    }
}

/// The workbook was made with another version of the format.
pub(crate) fn other_format_version(context: &Context<'_>, findings: &mut Vec<Finding>) {
    findings.extend(of_other_version(context.format, context.analysis));
}

/// That a workbook was made with another version of the format, and what to do; `None` when it is of this one, or bears no
/// version.
pub(super) fn of_other_version(format: &Format, analysis: &Analysis) -> Option<Finding> {
    let version = analysis.format_version.as_deref().map(str::trim)?;
    if version == format.version || version.is_empty() {
        return None;
    }
    Some(finding(
        "format-andere-versie",
        Place::default(),
        format!(
            "Het werkboek is gemaakt met versie {version} van het format; dit programma gebruikt versie {}.",
            format.version
        ),
        format!("Versie {}.", format.version),
        advice_on_version(format, version),
    ))
}

/// What to do with a workbook of another version. Which folder the format comes from is not known here.
fn advice_on_version(format: &Format, version: &str) -> String {
    let own = &format.version;
    let migrate =
        format!("'wijk format migreer WERKBOEK' (komt versie {own} uit een map, geef die dan mee: --naar MAP)");
    match format.verdict(Some(version)) {
        // A workbook goes to newer versions only.
        Verdict::Newer => format!(
            "Geef met --format de map mee met het format waarmee het werkboek is gemaakt, of gebruik een nieuwere versie van het \
             programma: versie {own} kent niet alles wat erin staat. Moet het werkboek naar een nog nieuwere versie, gebruik \
             dan 'wijk format migreer WERKBOEK --naar MAP'; terug naar een oudere kan niet."
        ),
        Verdict::Migrate => format!("Zet het werkboek over met {migrate} voordat u het vult."),
        Verdict::Refused => format!(
            "Vraag de beheerder van het format welke versie ertussen zit. Zet het werkboek daarnaar over met 'wijk format migreer \
             WERKBOEK --naar MAP', en daarna met {migrate}."
        ),
        // Only texts were corrected: there is nothing to take over.
        Verdict::Accepted if major_minor(version) == major_minor(own) => "U kunt verder werken.".to_owned(),
        Verdict::Accepted => format!("U kunt verder werken, of het werkboek overzetten met {migrate}."),
    }
}
