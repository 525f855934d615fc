//! The commands about versions of the format, and how their outcomes look.

use std::path::Path;

use wijkanalyse::error::Result;
use wijkanalyse::finding::Level;
use wijkanalyse::format::sentences;
use wijkanalyse::pipeline::{
    FormatDifference, LogRequest, MigrateMany, MigrateOutcome, MigrateRequest, ReadFormatOutcome,
    ReadFormatRequest, Session, chosen_format, compare_formats, still_open, unknown_version,
};

use crate::Exit;
use crate::args::{FormatCheckArgs, FormatCompareArgs, FormatReadArgs, MigrateArgs};
use crate::progress::with_bar;
use crate::run::say;
use crate::show;

/// `wijk format migreer`.
pub(crate) fn migrate(format: Option<&Path>, args: &MigrateArgs, json: bool) -> Result<Exit> {
    let session = Session::open(args.to.as_deref().or(format))?;
    let request = MigrateRequest {
        workbook: args.workbook.clone(),
        from: args.from.clone(),
        output: args.output.clone(),
        overview: args.overzicht.clone(),
        force: args.force,
    };
    if !args.workbook.is_dir() {
        let outcome = session.migrate(&request)?;
        return say(json, &outcome, || migrated(&outcome));
    }
    let many = with_bar("werkboeken", |progress| session.migrate_folder(&request, progress))?;
    say(json, &many, || migrated_many(&many))?;
    Ok(if many.failed.is_empty() { Exit::Clean } else { Exit::Failed })
}

fn migrated(outcome: &MigrateOutcome) -> String {
    let moved = outcome.moves.iter().filter(|line| !line.to_tab.is_empty()).count();
    let from =
        outcome.from_version.as_deref().map_or("het klassieke format".to_owned(), |v| format!("versie {v}"));
    let mut out = format!(
        "{} is gemaakt: van {from} naar versie {}.\n{} naar hun plaats gebracht, {} bewaard.\n",
        outcome.output.display(),
        outcome.to_version,
        show::count(moved, "tekst of cijfer is", "teksten en cijfers zijn"),
        show::count(outcome.own_tabs, "eigen tabblad is", "eigen tabbladen zijn"),
    );
    if !outcome.unplaced.is_empty() {
        out.push_str(&format!(
            "{} niet (helemaal) mee; alles staat op het tabblad '{}', met waar het vandaan komt en wat u kunt doen.\n",
            show::count(outcome.unplaced.len(), "onderdeel kon", "onderdelen konden"),
            outcome.unplaced_tab
        ));
    }
    for (old, name, why) in &outcome.kept_old {
        out.push_str(&format!("Het oude tabblad '{old}' staat er nog als '{name}': {why}.\n"));
    }
    if let Some(version) = &outcome.unknown_version {
        out.push_str(&format!("Let op: {}.\n", unknown_version(version)));
    }
    if let Some(chosen) = &outcome.chosen {
        out.push_str(&format!("Let op: {}.\n", chosen_format(chosen)));
    }
    if let Some(owner) = &outcome.open_at {
        out.push_str(&format!("Let op: {}.\n", still_open(owner)));
    }
    out.push_str(&format!(
        "Elke verplaatsing staat in {}. Het oude werkboek is niet veranderd.\n",
        outcome.report.display()
    ));
    out
}

fn migrated_many(many: &MigrateMany) -> String {
    let mut out = String::new();
    for failure in &many.failed {
        out.push_str(&format!("niet gelukt: {}: {}\n", failure.workbook.display(), failure.reason));
    }
    for done in &many.done {
        if let Some(version) = &done.unknown_version {
            out.push_str(&format!("let op: {}: {}\n", done.workbook.display(), unknown_version(version)));
        }
        if let Some(chosen) = &done.chosen {
            out.push_str(&format!("let op: {}: {}\n", done.workbook.display(), chosen_format(chosen)));
        }
        if let Some(owner) = &done.open_at {
            out.push_str(&format!("let op: {}: {}\n", done.workbook.display(), still_open(owner)));
        }
    }
    let lists: Vec<&str> =
        many.done.iter().map(|done| done.unplaced_tab.as_str()).filter(|name| !name.is_empty()).collect();
    let unplaced = lists.len();
    // A workbook that was taken to a new version before has a list of then.
    let numbered = match lists.iter().any(|name| *name != "Niet geplaatst") {
        true => " (met een nummer erachter waar er al een was)",
        false => "",
    };
    out.push_str(&format!(
        "{} overgezet, {} niet gelukt. Bij {unplaced} daarvan is er een tabblad 'Niet geplaatst'{numbered}.\n\
         De samenvatting staat in {}; de oude werkboeken zijn niet veranderd.\n",
        show::count(many.done.len(), "werkboek", "werkboeken"),
        many.failed.len(),
        many.summary.display()
    ));
    out
}

/// `wijk format lees`.
pub(crate) fn read(format: Option<&Path>, args: &FormatReadArgs, json: bool) -> Result<Exit> {
    let session = Session::open(format)?;
    let request =
        ReadFormatRequest { workbook: args.workbook.clone(), output: args.output.clone(), force: args.force };
    let outcome = session.read_format(&request)?;
    say(json, &outcome, || read_out(&outcome))
}

fn read_out(outcome: &ReadFormatOutcome) -> String {
    let mut out = show::findings(&outcome.notes);
    let partly = outcome.notes.iter().any(|note| note.level >= Level::Waarschuwing);
    match (outcome.changes.as_slice(), partly) {
        ([], false) => out.push_str(&format!("Het werkboek zegt hetzelfde als het format '{}'.\n", outcome.base)),
        ([], true) => out.push_str(&format!(
            "Wat is begrepen, is hetzelfde als in het format '{}'; wat niet, staat hierboven.\n",
            outcome.base
        )),
        (changes, _) => {
            out.push_str(&format!("Dit is anders dan in het format '{}':\n", outcome.base));
            for sentence in sentences(&changes.iter().collect::<Vec<_>>()) {
                out.push_str(&format!("  {sentence}\n"));
            }
        }
    }
    let [pijlers, domeinen, indicators, factoren, questions] = outcome.counts;
    out.push_str(&format!(
        "\nBegrepen: {}, {}, {}, {}, {}. Versie {}.\n{} geschreven in {}. Het werkboek is niet veranderd.\n",
        show::count(pijlers, "pijler", "pijlers"),
        show::count(domeinen, "domein", "domeinen"),
        show::count(indicators, "indicator", "indicatoren"),
        show::count(factoren, "factor in een factorenmodel", "factoren in factorenmodellen"),
        show::count(questions, "vraag", "vragen"),
        outcome.version,
        show::count(outcome.files, "bestand", "bestanden"),
        outcome.output.display()
    ));
    let folder = show::quoted(&outcome.output);
    if outcome.problems.is_empty() {
        out.push_str(&format!("Bekijk het met: wijk format controleer {folder} --voorbeeld proef\n"));
    } else {
        out.push_str("\nDit moet nog worden aangevuld of hersteld:\n");
        for problem in &outcome.problems {
            out.push_str(&format!("  {problem}\n"));
        }
        out.push_str(&format!("Controleer daarna met: wijk format controleer {folder}\n"));
    }
    out
}

/// `wijk format vergelijk`.
pub(crate) fn compare(base: Option<&Path>, args: &FormatCompareArgs, json: bool) -> Result<Exit> {
    let wanted = args.date.clone().filter(|_| args.in_log || args.log.is_some());
    let log =
        wanted.map(|date| LogRequest { output: args.log.clone(), date, who: args.who.clone(), force: args.force });
    let outcome = compare_formats(base, &args.old, &args.new, log.as_ref())?;
    say(json, &outcome, || differences(&outcome))
}

fn differences(outcome: &FormatDifference) -> String {
    let mut out = show::findings(&outcome.not_understood);
    let (risky, other): (Vec<_>, Vec<_>) = outcome.changes.iter().partition(|change| change.is_risky());
    for (title, changes) in [
        ("Let op: hier kan werk van adviseurs zijn plaats of betekenis verliezen", risky),
        ("Overige wijzigingen", other),
    ] {
        if changes.is_empty() {
            continue;
        }
        out.push_str(&format!("{title}\n"));
        for sentence in sentences(&changes) {
            out.push_str(&format!("  {sentence}\n"));
        }
        out.push('\n');
    }
    out.push_str(&format!(
        "Van versie {} naar versie {}: {}.\n",
        outcome.old_version,
        outcome.new_version,
        show::count(outcome.changes.len(), "wijziging", "wijzigingen")
    ));
    if !outcome.other_files.is_empty() {
        out.push_str(&format!("Ook gewijzigd: {}.\n", outcome.other_files.join(", ")));
    }
    let differs = !outcome.changes.is_empty() || !outcome.other_files.is_empty();
    if outcome.old_version == outcome.new_version && differs {
        out.push_str("De versie is nog dezelfde: verhoog 'versie' in format.toml van het nieuwe format.\n");
    }
    match (&outcome.log, outcome.log_lines) {
        (Some(log), Some(1)) => {
            out.push_str(&format!("Er is 1 regel bijgekomen in het log van {}.\n", log.display()))
        }
        (Some(log), Some(lines)) => {
            out.push_str(&format!("Er zijn {lines} regels bijgekomen in het log van {}.\n", log.display()));
        }
        (_, Some(_)) => out.push_str("Voor het log is er niets nieuws; er is geen bestand geschreven.\n"),
        _ => {}
    }
    out
}

/// `wijk format controleer`.
pub(crate) fn check(format: Option<&Path>, args: &FormatCheckArgs, json: bool) -> Result<Exit> {
    let (session, sources) = Session::open_to_check(args.folder.as_deref().or(format))?;
    let trial = session.try_format(args.overzicht.as_deref(), args.preview.as_deref(), args.force)?;
    let format = session.format();
    say(json, &trial, || {
        let mut out = show::findings(&trial.findings);
        let state = if trial.findings.is_empty() { "is in orde" } else { "is geladen" };
        out.push_str(&format!(
            "Het format '{}' versie {} {state}: {}, {}, {}, {}.\n",
            format.name,
            format.version,
            show::count(format.pijlers.len(), "pijler", "pijlers"),
            show::count(format.domeinen.len(), "domein", "domeinen"),
            show::count(format.indicators.len(), "indicator", "indicatoren"),
            show::count(sources, "koppeling met een bron", "koppelingen met een bron"),
        ));
        if trial.without_overview {
            out.push_str(&format!(
                "Geprobeerd zonder cijfers, want het ingebouwde overzicht gaat niet over {}. Geef met --overzicht BESTAND uw eigen \
                 overzicht mee.\n",
                format.benchmark.1
            ));
        }
        if let Some(pdf) = &trial.preview {
            out.push_str(&format!("Elk tabblad staat als bladzijden in {}.\n", pdf.display()));
        }
        if let Some(reason) = &trial.no_preview {
            out.push_str(&format!("Er is geen pdf gemaakt: {reason}.\n"));
        }
        out
    })?;
    let fout = trial.findings.iter().any(|finding| finding.level == Level::Fout);
    Ok(if fout { Exit::Findings } else { Exit::Clean })
}
