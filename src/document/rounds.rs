//! Agreements and improvement actions over several rounds (stap 4 to 6 of the plan): what still runs, by date, and
//! all earlier ones, by the round in which they were made. What the workbook no longer makes
//! stays in a plan that is made again (see `kept`).
//!
//! They come from the tab `Afspraken en verbeteracties`; for stap 6 also from the last columns of `Activiteiten`, which
//! hold one action per activity and no round.

use super::ReportInput;
use super::content::{Cell, Part, Style, block, data, heading, prompt, text};
use super::plan::{statements, title};
use super::texts::filled;
use crate::model::words::{count, list};
use crate::model::{Analysis, DateText, date_text, normalise};

/// Longest statement of a result that is repeated beside its number; all stand in full with the activities.
const SHORT: usize = 120;

/// The steps of the plan that have agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Stap 4.
    Quality,
    /// Stap 5.
    Outcome,
    /// Stap 6.
    Improvement,
}

impl Step {
    /// The step that a text names, by its number or by its word; what names none belongs to the last step.
    fn of(text: &str) -> Self {
        let text = normalise(text);
        match text.chars().find(char::is_ascii_digit) {
            Some('4') => Step::Quality,
            Some('5') => Step::Outcome,
            Some(_) => Step::Improvement,
            None if text.contains("kwaliteit") => Step::Quality,
            None if text.contains("outcome") => Step::Outcome,
            None => Step::Improvement,
        }
    }

    /// What its agreements are called: one, several, and in a heading.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Step::Quality => ("afspraak", "afspraken", "afspraken over kwaliteit"),
            Step::Outcome => ("afspraak", "afspraken", "afspraken over outcome"),
            Step::Improvement => ("verbeteractie", "verbeteracties", "verbeteracties"),
        }
    }

    /// Beginning of the tags of its blocks.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Step::Quality => "afspraken:4",
            Step::Outcome => "afspraken:5",
            Step::Improvement => "verbeteracties",
        }
    }

    /// True for the tag of the block with its history, also in a document that was made after a template.
    pub(super) fn keeps_history_in(self, tag: &str) -> bool {
        Self::of_tag(tag) == Some(self) && !tag.ends_with(":open")
    }

    /// The tags of all blocks with agreements.
    pub(super) fn tags() -> Vec<String> {
        let steps = [Step::Quality, Step::Outcome, Step::Improvement].into_iter();
        let ours = steps.flat_map(|step| ["open", "geschiedenis"].map(|part| format!("wa:{}:{part}", step.tag())));
        ours.chain(["wijk:kwaliteit", "wijk:outcome", "wijk:verbeteracties"].map(str::to_owned)).collect()
    }

    /// The step whose agreements stand in the block with this tag.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let of =
            |step: &Step| [":open", ":geschiedenis"].iter().any(|part| tag == format!("wa:{}{part}", step.tag()));
        let template = match tag {
            "wijk:kwaliteit" => Some(Step::Quality),
            "wijk:outcome" => Some(Step::Outcome),
            "wijk:verbeteracties" => Some(Step::Improvement),
            _ => None,
        };
        template.or_else(|| [Step::Quality, Step::Outcome, Step::Improvement].into_iter().find(of))
    }
}

/// An agreement or action, wherever it comes from. All texts as written.
#[derive(Default)]
struct Item<'a> {
    /// Names its prompts: stays the same as long as its row does.
    key: String,
    agreed: &'a str,
    activity: String,
    what: &'a str,
    finding: &'a str,
    factor: &'a str,
    result: &'a str,
    who: &'a str,
    role: &'a str,
    by: &'a str,
    status: &'a str,
    review: &'a str,
    outcome: &'a str,
}

impl Item<'_> {
    fn closed(&self) -> bool {
        matches!(normalise(self.status).as_str(), "gereed" | "gestopt")
    }
}

/// What an activity that an agreement names is called in the plan; what is none is called as written.
fn named(analysis: &Analysis, activity: &str) -> String {
    let found = analysis.activiteiten.iter().position(|known| normalise(&known.activiteit) == normalise(activity));
    match found.and_then(|at| Some((at, analysis.activiteiten.get(at)?))) {
        Some((at, known)) if filled(activity) => title(at, known),
        _ => activity.trim().replace('\n', ", "),
    }
}

/// The name of an activity as a plan called it before, as it is called today: with another letter, or without one.
pub(super) fn of_today(analysis: &Analysis, called: &str) -> String {
    let bare = called.strip_prefix("Activiteit ").and_then(|rest| rest.split_once(": "));
    let bare = bare.filter(|(letters, _)| letters.chars().all(|c| c.is_ascii_uppercase()));
    named(analysis, bare.map_or(called, |(_, name)| name))
}

/// Everything of one step, in the order of the tabs.
fn items<'a>(input: &ReportInput<'a>, step: Step) -> Vec<Item<'a>> {
    let analysis = input.analysis;
    let mut items: Vec<Item<'a>> = analysis
        .afspraken
        .iter()
        .filter(|afspraak| Step::of(&afspraak.stap) == step)
        .map(|afspraak| Item {
            key: format!("afspraak:{}", afspraak.row),
            agreed: &afspraak.datum,
            activity: named(analysis, &afspraak.activiteit),
            what: &afspraak.afspraak,
            finding: &afspraak.bevinding,
            factor: &afspraak.factor,
            result: &afspraak.resultaat,
            who: &afspraak.wie,
            role: &afspraak.rol,
            by: &afspraak.wanneer,
            status: &afspraak.status,
            review: &afspraak.bespreking,
            outcome: &afspraak.uitkomst,
        })
        .collect();
    if step != Step::Improvement {
        return items;
    }
    for (at, activity) in analysis.activiteiten.iter().enumerate() {
        let written =
            [&activity.verbeteractie, &activity.wie, &activity.wanneer].into_iter().any(|text| filled(text));
        // Who copied the action to the tab with the rounds finds it there.
        let copied = filled(&activity.verbeteractie)
            && items.iter().any(|item| {
                item.activity == title(at, activity) && normalise(item.what) == normalise(&activity.verbeteractie)
            });
        if written && !copied {
            items.push(Item {
                key: format!("act:{}", at + 1),
                activity: title(at, activity),
                what: &activity.verbeteractie,
                factor: &activity.factor,
                result: &activity.resultaat,
                role: &activity.wie,
                by: &activity.wanneer,
                status: &activity.status,
                ..Item::default()
            });
        }
    }
    items
}

/// The parts of one step: what runs, by the date on which it has to be done, and the earlier rounds, newest first.
pub(super) fn parts(input: &ReportInput<'_>, step: Step) -> Vec<Part> {
    let (one, several, heading_words) = step.words();
    let (closed, mut open): (Vec<Item<'_>>, Vec<Item<'_>>) =
        items(input, step).into_iter().partition(Item::closed);
    open.sort_by_key(|item| by_time(item.by));
    let mut content = Vec::new();
    if open.is_empty() {
        content.push(text(Style::Figures, format!("Er staan geen open {several} in het werkboek.")));
        content.push(table(vec![empty_row(step)]));
    } else {
        content.push(text(
            Style::Figures,
            format!("{} open, op volgorde van datum waarop het klaar is.", count(open.len(), one, several)),
        ));
        content.push(table(open.iter().map(|item| row(input, item)).collect()));
    }
    let mut parts = vec![
        heading(2, format!("Open {heading_words}")),
        block(format!("{}:open", step.tag()), format!("Open {heading_words}"), content),
    ];
    if step == Step::Improvement {
        parts.push(prompt(
            "verbeteracties:nieuw",
            "Schrijf hier nieuwe verbeteracties na het gesprek met partners: wat, wie en wanneer.",
        ));
    }
    let title =
        if step == Step::Improvement { "Geschiedenis".to_owned() } else { format!("Eerdere {heading_words}") };
    let content = if closed.is_empty() {
        vec![text(Style::Figures, format!("Er zijn nog geen {several} gereed of gestopt."))]
    } else {
        history(input, &closed, (one, several))
    };
    parts.push(heading(2, &title));
    parts.push(block(format!("{}:geschiedenis", step.tag()), title, content));
    parts
}

/// The closed ones, a table per round: newest round first, those without a date last.
fn history(input: &ReportInput<'_>, closed: &[Item<'_>], (one, several): (&str, &str)) -> Vec<Part> {
    let mut rounds: Vec<(&str, Vec<&Item<'_>>)> = Vec::new();
    for item in closed {
        let same = |agreed: &str| match (date_text(agreed), date_text(item.agreed)) {
            (Some(one), Some(other)) => one == other,
            _ => agreed.trim() == item.agreed.trim(),
        };
        match rounds.iter_mut().find(|(agreed, _)| same(agreed)) {
            Some((_, items)) => items.push(item),
            None => rounds.push((item.agreed, vec![item])),
        }
    }
    rounds.sort_by_key(|(agreed, _)| std::cmp::Reverse(date_text(agreed)));
    let mut parts =
        vec![text(Style::Figures, format!("{} gereed of gestopt.", count(closed.len(), one, several)))];
    for (agreed, items) in rounds {
        let caption = if filled(agreed) {
            format!("Ronde van {}", agreed.trim())
        } else {
            format!("{} zonder datum van een ronde", capital(several))
        };
        parts.push(text(Style::Caption, caption));
        parts.push(table(items.into_iter().map(|item| row(input, item)).collect()));
    }
    parts
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Sorts by date; what is no date comes last, in the order of the workbook.
fn by_time(text: &str) -> (bool, Option<DateText>) {
    let date = date_text(text);
    (date.is_none(), date)
}

/// A table of agreements.
pub(super) fn table(rows: Vec<Vec<Cell>>) -> Part {
    data(
        &[
            ("Afgesproken op", 1350),
            ("Activiteit en afspraak", 2150),
            ("Voor welke bevinding, factor en welk resultaat", 2050),
            // 'jongerenwerker' must stand on one line.
            ("Wie (rol)", 1688),
            ("Klaar op, en besproken op", 1450),
            ("Status", 950),
        ],
        rows,
    )
}

fn ask(key: &str, field: &str, written: &str, ask: &str) -> Cell {
    Cell::written_or_prompt(written, &format!("wa:vul:{key}:{field}"), ask)
}

/// Prompts in place of an agreement.
fn empty_row(step: Step) -> Vec<Cell> {
    let key = format!("{}:1", step.tag());
    [
        ("datum", "Op welke dag?"),
        ("afspraak", "Welke activiteit, en wat gaan we doen?"),
        ("waarvoor", "Welke bevinding, factor en welk resultaat?"),
        ("wie", "Wie, in welke rol?"),
        ("wanneer", "Klaar op? Besproken op?"),
        ("status", "Open of bezig?"),
    ]
    .map(|(field, question)| ask(&key, field, "", question))
    .to_vec()
}

fn row(input: &ReportInput<'_>, item: &Item<'_>) -> Vec<Cell> {
    let key = item.key.as_str();
    let mut what = Cell::default();
    if filled(&item.activity) {
        what = what.and(Style::CellLabel, &item.activity);
    }
    if filled(item.what) {
        what = what.and(Style::CellAdviser, item.what);
    } else {
        what.prompt = ask(key, "verbeteractie", "", "Wat gaan we doen?").prompt;
    }
    if filled(item.outcome) {
        what = what.and(Style::CellSmall, "Wat is eruit gekomen:").and(Style::CellAdviser, item.outcome);
    }
    vec![
        ask(key, "datum", item.agreed, "Op welke dag?"),
        what,
        serves(input, item),
        who(item),
        when(item),
        Cell::text(if filled(item.status) { item.status.trim() } else { "geen status" }),
    ]
}

/// What an action serves, and what is not said about that.
fn serves(input: &ReportInput<'_>, item: &Item<'_>) -> Cell {
    let mut cell = Cell::default();
    let mut open = Vec::new();
    for (label, written, missing) in [
        ("Bevinding:", item.finding, "welke bevinding"),
        ("Factor:", item.factor, "welke factor"),
        ("Resultaat:", item.result, "welk resultaat"),
    ] {
        if !filled(written) {
            open.push(missing);
            continue;
        }
        cell = cell.and(Style::CellSmall, label).and(Style::CellAdviser, written);
        if label == "Resultaat:" {
            let said = statements(input, written);
            cell = cell.and(Style::CellSmall, if said.chars().count() > SHORT { String::new() } else { said });
        }
    }
    if !open.is_empty() {
        let question = capital(&format!("{}?", list(&open)));
        cell.prompt = ask(&item.key, "waarvoor", "", &question).prompt;
    }
    cell
}

fn who(item: &Item<'_>) -> Cell {
    match (filled(item.who), filled(item.role)) {
        (true, true) => {
            Cell::styled(Style::CellAdviser, item.who).and(Style::CellAdviser, format!("({})", item.role.trim()))
        }
        (true, false) => {
            let mut cell = Cell::styled(Style::CellAdviser, item.who);
            cell.prompt = ask(&item.key, "rol", "", "Welke rol?").prompt;
            cell
        }
        (false, true) => Cell::styled(Style::CellAdviser, item.role),
        (false, false) => ask(&item.key, "wie", "", "Wie, in welke rol?"),
    }
}

fn when(item: &Item<'_>) -> Cell {
    let mut cell = Cell::default();
    if filled(item.by) {
        cell = cell.and(Style::CellAdviser, item.by);
    }
    if filled(item.review) {
        cell = cell.and(Style::CellSmall, "Bespreken:").and(Style::CellAdviser, item.review);
    }
    // Of what is done or stopped nobody asks when it will be discussed.
    let question = match (filled(item.by), filled(item.review) || item.closed()) {
        (true, true) => return cell,
        (true, false) => "Besproken op?",
        (false, true) => "Klaar op?",
        (false, false) => "Klaar op? Besproken op?",
    };
    cell.prompt = ask(&item.key, "wanneer", "", question).prompt;
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_known_by_its_number_or_its_word() {
        for (text, step) in [
            ("4 kwaliteit", Step::Quality),
            ("Stap 5", Step::Outcome),
            ("kwaliteit input", Step::Quality),
            ("Outcome", Step::Outcome),
            ("6 verbeteren", Step::Improvement),
            ("", Step::Improvement),
            ("iets anders", Step::Improvement),
        ] {
            assert_eq!(Step::of(text), step, "{text}");
        }
    }

    #[test]
    fn dates_sort_by_time_and_other_texts_come_last() {
        let mut all = ["na de zomer", "1-9-2026", "2026-03-15", "15/4/2026", "2025"];
        all.sort_by_key(|when| by_time(when));
        assert_eq!(all, ["2025", "2026-03-15", "15/4/2026", "1-9-2026", "na de zomer"]);
    }
}
