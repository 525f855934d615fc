//! The report: the order of its parts. What the parts say is in `state`, `interpretation`,
//! `results` and `appendix`.

use super::ReportInput;
use super::content::{Draft, Part, Style, block, text};
use super::fit::{Paper, fit};
use super::front::{draft, front_matter};
use super::{appendix, interpretation, results, state};

/// The report as a draft, with tables for this paper.
pub(super) fn report(input: &ReportInput<'_>, paper: Paper) -> Draft {
    let name = "Rapportage Wijkprogrammering";
    let mut parts = front_matter(input, name);
    parts.push(Part::Contents);
    parts.push(guide(input));
    parts.extend(state::parts(input, paper.room()));
    parts.extend(interpretation::parts(input));
    parts.extend(results::parts(input));
    parts.extend(appendix::parts(input));
    draft(input, "rapport", name, 1134, fit(parts, paper))
}

/// How to tell figures, people's texts and prompts apart, and what the marks mean.
fn guide(input: &ReportInput<'_>) -> Part {
    let benchmark = input.benchmark();
    let lines = [
        "Zo leest u dit rapport".to_owned() + "::",
        format!(
            "+ gunstiger,  – ongunstiger,  ≠ anders,  = gelijk::  steeds vergeleken met {benchmark}, na afronding. \
             Een verschil tussen percentages staat in procentpunten."
        ),
        "Enkele lijn links::  een zin die het programma van de cijfers maakte. Hij zegt alleen wat de cijfers zeggen."
            .to_owned(),
        "Dubbele lijn links::  door de adviseur geschreven en ongewijzigd overgenomen uit het werkboek.".to_owned(),
        "Streepjeslijn links::  wat partners in de wijk zeiden, zoals de adviseur het opschreef.".to_owned(),
        "Schuine tekst tussen [haken]::  hier moet iemand nog schrijven. De tekst verdwijnt zodra u typt."
            .to_owned(),
        format!(
            "Direct en benadering::  een direct cijfer gaat over {} zelf; een benadering staat er voor in de plaats, zoals \
             een cijfer over een grotere groep.",
            input.format.texts.get("over-wie")
        ),
    ];
    block("leeswijzer", "Leeswijzer", lines.into_iter().map(|line| text(Style::Guide, line)).collect())
}
