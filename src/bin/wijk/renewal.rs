//! What is told after a document was made again: per kind of block what happened, and the list of changed figures.

use std::fmt::Write as _;

use wijkanalyse::document::{BlockFate, BlockName, FigureChange};
use wijkanalyse::pipeline::{Document, RenewOutcome};

use crate::show;

/// Most figures that are listed on the screen; all of them are in the json.
const MOST: usize = 60;

/// The sentences and the list.
pub(crate) fn told(outcome: &RenewOutcome, area: &str) -> String {
    let mut out = String::new();
    if !outcome.changed {
        let _ = writeln!(out, "Alles stond er al; het document is precies gelijk gebleven.");
    }
    for (fate, words) in [
        (BlockFate::Vernieuwd, "Vernieuwd (niemand had er iets in veranderd):"),
        (BlockFate::Toegevoegd, "Toegevoegd (nieuw in het werkboek):"),
        (
            BlockFate::Voorgesteld,
            "Door mensen veranderd en zo gelaten; de nieuwe versie staat eronder als bijgehouden wijziging van \
             'wijkanalyse', die u in Word kunt accepteren of weigeren:",
        ),
        (
            BlockFate::Opmerking,
            "Door mensen veranderd en zo gelaten; het nieuwe cijfer staat in een opmerking ernaast:",
        ),
        (BlockFate::Weggehaald, "Door mensen weggehaald en weg gelaten:"),
        (
            BlockFate::Dubbel,
            "Staat er meer dan één keer; alleen het eerste is bekeken, de kopie bleef zoals zij was:",
        ),
        (
            BlockFate::Vervallen,
            "Hoort niet meer bij het werkboek en staat er nog; haal het zelf weg als het weg mag:",
        ),
        (
            BlockFate::KopControleren,
            "Heet in het werkboek nu anders; de kop erboven kan van iemand zijn en bleef zo, kijk of die nog klopt:",
        ),
        (
            BlockFate::InZin,
            "Staat midden in een zin of om meer dan één cel van een tabel heen en is daarom niet gevuld; zet het besturingselement in een \
             eigen alinea of in één cel:",
        ),
        (
            BlockFate::Onbekend,
            "Staat er niet, en niet te zien is of iemand het weghaalde of dat het nieuw is; niets toegevoegd. Hoort het erin, neem het \
             dan over uit een nieuw gemaakt document:",
        ),
    ] {
        let titles: Vec<&str> =
            outcome.blocks.iter().filter(|block| block.fate == fate).map(|block| block.title.as_str()).collect();
        if !titles.is_empty() {
            let _ = writeln!(out, "{words}");
            for title in titles {
                let _ = writeln!(out, "  - {title}");
            }
        }
    }
    for (agreements, words) in [
        (
            &outcome.agreements_gone,
            "Afspraken die niet meer in het werkboek staan; zij staan nu in het plan bij de eerdere afspraken of de geschiedenis, of in de \
             nieuwe versie daarvan:",
        ),
        (
            &outcome.agreements_without_place,
            "Afspraken die niet meer in het werkboek staan en geen plek hebben in het plan, omdat iemand daar de eerdere afspraken of de \
             geschiedenis weghaalde; moeten zij bewaard blijven, neem ze dan over uit de vorige versie van het plan:",
        ),
    ] {
        if !agreements.is_empty() {
            let _ = writeln!(out, "{words}");
            for agreement in agreements {
                let _ = writeln!(out, "  - {agreement}");
            }
        }
    }
    if outcome.contents_behind {
        let _ = writeln!(out, "Er zijn nieuwe koppen: klik in Word op de inhoudsopgave en druk op F9.");
    }
    let _ = writeln!(out, "{} is bijgewerkt voor {area}.", outcome.output.display());
    if let Some(backup) = &outcome.backup {
        let _ = writeln!(out, "De reservekopie staat in {}.", backup.display());
    }
    out + &figures(&outcome.figures, outcome.figures_known)
}

/// The names that the tags of a template may have.
pub(crate) fn block_names(which: Document, names: &[BlockName]) -> String {
    let command = if which == Document::ActionPlan { "plan" } else { "rapport" };
    let mut rows = vec![vec!["tag".to_owned(), "wat er komt, en een voorbeeld".to_owned()]];
    for name in names {
        let what = if name.in_sentence { format!("{} (mag in een zin)", name.what) } else { name.what.clone() };
        rows.push(vec![name.tag.clone(), what]);
        if !name.example.is_empty() {
            rows.push(vec![String::new(), format!("  bv. {}", name.example)]);
        }
    }
    format!(
        "{}\nZet in Word een besturingselement (tabblad Ontwikkelaars, 'Besturingselement voor tekst met opmaak') op een eigen \
         regel, klik op Eigenschappen en typ de naam bij Tag.\nEen voorbeeld maakt u met: wijk {command} --maak-sjabloon -o Sjabloon.docx\n",
        show::table(&rows)
    )
}

fn figures(changes: &[FigureChange], known: bool) -> String {
    if !known {
        return "Welke cijfers veranderd zijn is niet te zeggen: in dit document staat niet meer welke cijfers er waren. Vergelijk \
                het met de vorige versie.\n"
            .to_owned();
    }
    if changes.is_empty() {
        return "Er is geen cijfer veranderd.\n".to_owned();
    }
    let or = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let mut rows = vec![["cijfer".to_owned(), "oud".to_owned(), "nieuw".to_owned()].to_vec()];
    rows.extend(changes.iter().take(MOST).map(|change| {
        vec![change.figure.clone(), or(&change.old, "(stond er niet)"), or(&change.new, "(staat er niet meer)")]
    }));
    // A figure that came into a list or left it is no other figure than before.
    let changed = changes.iter().filter(|change| !change.old.is_empty() && !change.new.is_empty()).count();
    let came = changes.iter().filter(|change| change.old.is_empty()).count();
    let left = changes.iter().filter(|change| change.new.is_empty()).count();
    let mut counts = vec![match changed {
        0 => "Er is geen cijfer veranderd".to_owned(),
        some => show::count(some, "cijfer is veranderd", "cijfers zijn veranderd"),
    }];
    if came > 0 {
        counts.push(show::count(came, "kwam in een lijst", "kwamen in een lijst"));
    }
    if left > 0 {
        counts.push(show::count(left, "staat niet meer in een lijst", "staan niet meer in een lijst"));
    }
    let mut out = format!("{}:\n", counts.join(", "));
    out.push_str(&show::table(&rows));
    if changes.len() > MOST {
        let _ = writeln!(out, "... en nog {}; met --json ziet u ze allemaal.", changes.len() - MOST);
    }
    out
}
