//! From a command to the pipeline and back to the screen.

use std::path::Path;

use serde::Serialize;
use wijkanalyse::check::{RULES, rule};
use wijkanalyse::error::{Error, Result};
use wijkanalyse::finding::{Finding, Level};
use wijkanalyse::model::nearest;
use wijkanalyse::overview::ImportOptions;
use wijkanalyse::pipeline::{
    AllRequest, CheckRequest, Document, DocumentRequest, EditionRequest, FillChoices, FillOutcome, FillTarget,
    Previous, Session, checked_name, refuse_writing_over,
};
use wijkanalyse::workbook::OverviewRenewed;

use crate::Exit;
use crate::args::{
    AboutArgs, AllArgs, CheckArgs, Command, Common, DemoArgs, FillArgs, FillOptions, FormatCommand,
    OverviewCommand, ReportArgs,
};
use crate::files::Files;
use crate::progress::with_bar;
use crate::{edition, editions, findings, renewal, show, versions, window};

/// Carries out a command; says what came out; tells how it ended.
pub(crate) fn run(common: &Common, command: &Command) -> Result<Exit> {
    let json = common.json;
    let files = Files::of(common, command);
    refuse_writing_over(&files.read, &files.written)?;
    if let Command::Format(FormatCommand::Uitvoer(args)) = command {
        let files = Session::export_format(&args.folder, args.force)?;
        return say(json, &files, || {
            format!(
                "{} geschreven in {}. Pas ze aan en gebruik ze met: wijk --format {} ...",
                show::count(files.len(), "bestand", "bestanden"),
                args.folder.display(),
                show::quoted(&args.folder)
            )
        });
    }
    if let Command::Format(FormatCommand::Migreer(args)) = command {
        return versions::migrate(common.format.as_deref(), args, json);
    }
    if let Command::Format(FormatCommand::Vergelijk(args)) = command {
        return versions::compare(common.format.as_deref(), args, json);
    }
    if let Command::Format(FormatCommand::Controleer(args)) = command {
        return versions::check(common.format.as_deref(), args, json);
    }
    if let Command::Format(FormatCommand::Lees(args)) = command {
        return versions::read(common.format.as_deref(), args, json);
    }
    let session = Session::open(common.format.as_deref())?;
    match command {
        Command::Vul(args) => fill(&session, args, json),
        Command::Controleer(args) => {
            if let Some(table) = &args.table {
                return check_many(&session, args, table, json);
            }
            if let [_, another, ..] = args.workbooks.as_slice() {
                return Err(Error::request(
                    format!("Er zijn meer werkboeken gegeven, ook {}", another.display()),
                    "Voeg --tabel BESTAND.csv toe om er meer tegelijk te controleren.",
                ));
            }
            let outcome = session.check(&check_request(args))?;
            let title = match outcome.wijk.as_str() {
                "" => outcome.file.clone(),
                wijk => format!("{} ({})", outcome.file, named(wijk, outcome.level)),
            };
            say(json, &outcome, || findings::checked(&outcome, &title))?;
            Ok(exit(&outcome.findings))
        }
        Command::Uitleg(args) => explain(args.code.as_deref(), json),
        Command::Rapport(args) => report(&session, Document::Report, args, json),
        Command::Plan(args) => report(&session, Document::ActionPlan, args, json),
        Command::Gesprekskaart(args) => {
            let mut request = request(&args.workbook, &args.output, &args.about);
            request.house_style = args.house_style.clone();
            document(&session, Document::ConversationCard, &request, json)
        }
        Command::Alles(args) => all(&session, args, json),
        Command::Demo(args) => demo(&session, args, json),
        Command::Toon(args) => {
            let report = session.show(&args.workbook)?;
            say(json, &report, || show::layout(&report))
        }
        Command::Vergelijk(args) => {
            let outcome =
                session.compare(args.workbook.as_deref(), args.wijk.as_deref(), args.overzicht.as_deref())?;
            say(json, &outcome, || {
                format!("{}{}", show::findings(&outcome.findings), show::comparison(&outcome.comparison))
            })
        }
        Command::Wijken(args) => {
            let areas = session.areas(args.overzicht.as_deref())?;
            say(json, &areas, || show::areas(&areas))
        }
        Command::Indicatoren(args) => {
            let indicators = session.indicators(args.overzicht.as_deref())?;
            say(json, &indicators, || show::indicators(&indicators))
        }
        Command::Format(FormatCommand::Bouw(args)) => {
            let outcome = session.build_format(args.overzicht.as_deref(), &args.output, args.force)?;
            say(json, &outcome, || {
                let findings = show::findings(&outcome.findings);
                format!("{findings}Het lege werkboek staat in {}.", outcome.output.display())
            })?;
            Ok(exit(&outcome.findings))
        }
        // Handled above: they open their own session or need none, so that a broken --format does not stop them.
        Command::Format(
            FormatCommand::Uitvoer(_)
            | FormatCommand::Migreer(_)
            | FormatCommand::Lees(_)
            | FormatCommand::Vergelijk(_)
            | FormatCommand::Controleer(_),
        ) => Ok(Exit::Clean),
        Command::Overzicht(OverviewCommand::Vergelijk(args)) => {
            let outcome = session.compare_overviews(&args.old, &args.new)?;
            say(json, &outcome, || editions::text(&outcome))?;
            Ok(exit(&outcome.findings))
        }
        Command::Overzicht(OverviewCommand::Importeer(args)) => {
            let report = session.import_overview(
                &args.sources,
                &args.output,
                &ImportOptions {
                    edition: args.editie.clone().unwrap_or_default(),
                    all_editions: args.all_editions,
                },
                args.force,
            )?;
            say(json, &report, || show::import(&report, &args.output))
        }
    }
}

/// Prints an outcome: as json, or as the text that `text` makes.
pub(crate) fn say(json: bool, outcome: &impl Serialize, text: impl FnOnce() -> String) -> Result<Exit> {
    if json {
        let written = serde_json::to_string_pretty(outcome).map_err(|error| {
            Error::request(
                format!("De uitkomst kan niet als json worden geschreven ({error})"),
                "Laat --json weg.",
            )
        })?;
        crate::print(&written)?;
    } else {
        crate::print(&window::fitted(text().trim_end(), window::width()))?;
    }
    Ok(Exit::Clean)
}

/// Several workbooks in one table.
fn check_many(session: &Session, args: &CheckArgs, table: &Path, json: bool) -> Result<Exit> {
    let outcome = session.check_many(&args.workbooks, &check_request(args), table)?;
    say(json, &outcome, || findings::many(&outcome))?;
    let faults = outcome.checked.iter().any(|checked| exit(&checked.findings) == Exit::Findings);
    Ok(match (outcome.failed.is_empty(), faults) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

fn check_request(args: &CheckArgs) -> CheckRequest {
    let workbook = args.workbooks.first().cloned().unwrap_or_default();
    CheckRequest {
        wijk: args.wijk.clone(),
        overview: args.overzicht.clone(),
        only: args.only.as_deref().map(|only| match only {
            "fouten" => Level::Fout,
            _ => Level::Waarschuwing,
        }),
        ignore: args.ignore.clone(),
        copy: args.sheet.then(|| args.output.clone().unwrap_or_else(|| checked_name(&workbook))),
        workbook,
        page: args.html.clone(),
        force: args.force,
    }
}

/// One code explained, or all codes with their titles.
fn explain(code: Option<&str>, json: bool) -> Result<Exit> {
    let Some(code) = code else {
        let rules: Vec<_> = RULES.iter().collect();
        return say(json, &rules, || show::rules(&rules));
    };
    let Some((rule, text)) = rule(code).zip(findings::explained(code)) else {
        let near = nearest(code, RULES.iter().map(|rule| rule.code));
        return Err(Error::request(
            format!("Er is geen bevinding met de code '{code}'"),
            match near.as_slice() {
                [] => "Met 'wijk uitleg' ziet u alle codes.".to_owned(),
                near => format!("Bedoelt u {}? Met 'wijk uitleg' ziet u alle codes.", near.join(" of ")),
            },
        ));
    };
    say(json, rule, || text.clone())
}

fn exit(findings: &[Finding]) -> Exit {
    if findings.iter().any(|finding| finding.level == Level::Fout) { Exit::Findings } else { Exit::Clean }
}

fn choices(options: &FillOptions) -> FillChoices {
    FillChoices {
        beside: options.naast.clone(),
        overview: options.overzicht.clone(),
        overwrite: options.overwrite,
        repair: options.repair,
    }
}

/// Where the figures of the edition before stay visible.
fn previous(options: &FillOptions) -> Previous {
    match options.previous.as_deref() {
        Some("kolom") => Previous::Column,
        Some("niet") => Previous::Nowhere,
        _ => Previous::Tab,
    }
}

fn fill(session: &Session, args: &FillArgs, json: bool) -> Result<Exit> {
    let target = match &args.output {
        _ if args.in_place => FillTarget::InPlace,
        Some(path) => FillTarget::File(path.clone()),
        None => FillTarget::Beside,
    };
    if let Some(edition) = &args.fill.edition {
        let request = EditionRequest {
            workbook: args.workbook.clone(),
            edition: edition.clone(),
            wijk: args.wijk.clone(),
            beside: args.fill.naast.clone(),
            previous: previous(&args.fill),
            overwrite: args.fill.overwrite,
            repair: args.fill.repair,
            target,
            force: args.force,
            ledger: args.ledger.clone(),
        };
        if args.workbook.is_dir() {
            let warnings = session.before_renewing_folder(&request).unwrap_or_default();
            if !json && !warnings.is_empty() {
                crate::print(&window::fitted(show::findings(&warnings).trim_end(), window::width()))?;
            }
            let many = with_bar("werkboeken", |progress| session.renew_folder(&request, progress))?;
            say(json, &many, || edition::told_many(&many))?;
            return Ok(if many.failed.is_empty() { Exit::Clean } else { Exit::Failed });
        }
        let said = warned(session, &args.workbook, json)?;
        let outcome = session.renew_figures(&request)?;
        say(json, &outcome, || {
            let told = outcome
                .edition
                .as_ref()
                .map(|done| edition::told(&outcome.wijk, done, &untold(&outcome.findings, &said)));
            told.unwrap_or_default() + &filled_in(&outcome)
        })?;
        return Ok(exit(&outcome.findings));
    }
    let said = warned(session, &args.workbook, json)?;
    let outcome = session.fill(
        &args.workbook,
        args.wijk.as_deref().unwrap_or_default(),
        &choices(&args.fill),
        &target,
        args.force,
        args.ledger.as_deref(),
    )?;
    say(json, &outcome, || show::findings(&untold(&outcome.findings, &said)) + &filled_in(&outcome))?;
    Ok(exit(&outcome.findings))
}

/// Says before a byte is written what filling breaks or leaves; what cannot be read is the filling's to say. In json it stands
/// with the outcome only.
fn warned(session: &Session, workbook: &Path, json: bool) -> Result<Vec<Finding>> {
    let warnings = session.before_filling(workbook).unwrap_or_default();
    if json || warnings.is_empty() {
        return Ok(Vec::new());
    }
    crate::print(&window::fitted(show::findings(&warnings).trim_end(), window::width()))?;
    Ok(warnings)
}

/// The findings that were not said before.
fn untold(findings: &[Finding], said: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| !said.iter().any(|known| known.found == finding.found)).cloned().collect()
}

/// 'wijk Bospolder', 'gebied Charlois'; 'gebied Delfshaven' says already what it is.
fn named(area: &str, level: &str) -> String {
    let says = area.strip_prefix(level).is_some_and(|rest| rest.starts_with(' '));
    if says { area.to_owned() } else { format!("{level} {area}") }
}

/// What was written, and where.
fn filled_in(outcome: &FillOutcome) -> String {
    let mut out = String::new();
    if !outcome.changed {
        out.push_str("Alles stond er al; het bestand is precies gelijk gebleven.\n");
    }
    out.push_str(&format!(
        "{} gevuld voor {}: {} geschreven ({} bijgewerkt, {} al goed, {} met rust gelaten).\n",
        outcome.output.display(),
        named(&outcome.wijk, outcome.level),
        show::count(outcome.ledger.len(), "cel", "cellen"),
        show::count(outcome.rows_filled, "rij", "rijen"),
        outcome.rows_unchanged,
        outcome.rows_left,
    ));
    if let Some(overview) = &outcome.overview {
        out.push_str(&overview_renewed(overview));
    }
    if !outcome.repaired.is_empty() {
        let tabs: Vec<String> = outcome.repaired.iter().map(|tab| format!("'{tab}'")).collect();
        out.push_str(&format!("De oranje opmaak is hersteld op {}.\n", tabs.join(", ")));
    }
    let formulas = outcome.removed_caches.len().saturating_sub(outcome.chart_formulas);
    if formulas > 0 {
        out.push_str(&format!(
            "Van {} is de oude uitkomst weggehaald; open het werkboek in Excel en sla het op, dan is er opnieuw gerekend.\n",
            show::count(formulas, "formule", "formules")
        ));
    }
    if !outcome.chart_caches.is_empty() {
        out.push_str(&format!(
            "Van {} zijn de oude punten weggehaald; Excel tekent opnieuw zodra u het werkboek opent.\n",
            show::count(outcome.chart_caches.len(), "grafiek", "grafieken")
        ));
    }
    if let Some(backup) = &outcome.backup {
        out.push_str(&format!("De reservekopie staat in {}.\n", backup.display()));
    }
    out
}

/// That the overview tab was renewed, and what became of its figures.
fn overview_renewed(done: &OverviewRenewed) -> String {
    let areas = match (done.areas_came, done.areas_gone) {
        (0, 0) => String::new(),
        (came, gone) => format!("; {} erbij, {gone} weg", show::count(came, "gebied", "gebieden")),
    };
    format!(
        "Het tabblad '{}' is vernieuwd: {} anders, {} erbij, {} weg{areas}.\n",
        done.tab,
        show::count(done.changed, "cijfer", "cijfers"),
        done.came,
        done.gone,
    )
}

fn request(workbook: &Path, output: &Path, about: &AboutArgs) -> DocumentRequest {
    DocumentRequest {
        workbook: workbook.to_path_buf(),
        output: output.to_path_buf(),
        wijk: about.wijk.clone(),
        overview: about.overzicht.clone(),
        date: about.datum.clone(),
        force: about.force,
        house_style: None,
        template: None,
    }
}

fn document(session: &Session, which: Document, request: &DocumentRequest, json: bool) -> Result<Exit> {
    let outcome = session.document(which, request)?;
    say(json, &outcome, || {
        let made =
            format!("{} is gemaakt voor {}.\n", outcome.output.display(), named(&outcome.wijk, outcome.level));
        let styles = about_styles(&AboutStyles {
            missed: &outcome.missed_styles,
            faint: &outcome.faint_styles,
            first_page_left_out: outcome.first_page_left_out,
            cramped: outcome.cramped_tables,
            mute_pictures: &outcome.mute_pictures,
            unfilled: &outcome.unfilled,
            language: outcome.language.as_deref(),
            protected: outcome.protected,
        });
        // Only a word processor knows on which page a heading stands.
        let contents = if which != Document::ConversationCard && request.template.is_none() {
            "De paginanummers zet Word in de inhoudsopgave: klik erin en druk op F9.\n"
        } else {
            ""
        };
        show::findings(&told_first(&outcome.findings))
            + &made
            + contents
            + &styles
            + &about_workbook(&outcome.findings, &request.workbook)
    })?;
    Ok(exit(&outcome.findings))
}

/// What has to be known before a document is shared: what is wrong with the template, and what of the workbook may not be
/// shown to others. The rest is counted.
fn told_at_once(finding: &&Finding) -> bool {
    const PRIVATE: [&str; 3] = ["kleine-groep", "bsn-in-tekst", "persoonsgegeven-in-tekst"];
    finding.code.starts_with("sjabloon-")
        || ["document-is-open", "werkboek-is-open", "overzicht-is-open", "format-andere-versie"]
            .contains(&finding.code.as_str())
        || PRIVATE.contains(&finding.code.as_str())
}

fn told_first(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(told_at_once).cloned().collect()
}

/// How many findings of the workbook there are: as many as a check shows, those that were told before among them.
fn about_workbook(findings: &[Finding], workbook: &Path) -> String {
    let of_document =
        |finding: &Finding| finding.code.starts_with("sjabloon-") || finding.code == "document-is-open";
    let findings: Vec<Finding> = findings.iter().filter(|finding| !of_document(finding)).cloned().collect();
    if findings.is_empty() {
        return String::new();
    }
    format!(
        "Over het werkboek: {} Met 'wijk controleer {}' ziet u ze.\n",
        show::tally(&findings),
        show::quoted(workbook)
    )
}

/// The report or the action plan: a new one, or an old one with the new figures.
fn report(session: &Session, which: Document, args: &ReportArgs, json: bool) -> Result<Exit> {
    let output = args.output.clone().unwrap_or_default();
    if args.blocks {
        let made = args.workbook.as_deref().map(|workbook| request(workbook, &output, &args.about));
        let names = session.block_names(which, made.as_ref(), args.about.overzicht.as_deref())?;
        return say(json, &names, || renewal::block_names(which, &names));
    }
    if args.make_template {
        session.example_template(which, &output, args.about.force)?;
        return say(json, &output, || {
            format!(
                "Het sjabloon staat in {}. Pas het aan in Word en gebruik het met --sjabloon.",
                output.display()
            )
        });
    }
    let workbook = args.workbook.clone().unwrap_or_default();
    let request = DocumentRequest {
        house_style: args.house_style.clone(),
        template: args.template.clone(),
        ..request(&workbook, &output, &args.about)
    };
    let Some(old) = &args.renew else { return document(session, which, &request, json) };
    let target = match &args.output {
        _ if args.in_place => FillTarget::InPlace,
        Some(path) => FillTarget::File(path.clone()),
        None => FillTarget::Beside,
    };
    let outcome = session.renew(which, &request, old, &target)?;
    say(json, &outcome, || {
        let mut out = show::findings(&told_first(&outcome.findings));
        out.push_str(&renewal::told(&outcome, &named(&outcome.wijk, outcome.level)));
        out + &about_workbook(&outcome.findings, &workbook)
    })?;
    Ok(exit(&outcome.findings))
}

fn all(session: &Session, args: &AllArgs, json: bool) -> Result<Exit> {
    let request = AllRequest {
        workbook: args.workbook.clone(),
        folder: args.folder.clone(),
        fill: choices(&args.fill),
        edition: args.fill.edition.clone().map(|edition| (edition, previous(&args.fill))),
        date: args.datum.clone(),
        force: args.force,
        house_style: args.house_style.clone(),
        keep_findings: json,
    };
    if args.all_wijken {
        return all_wijken(session, &request, json);
    }
    if request.edition.is_some() && request.workbook.is_none() {
        return Err(Error::request(
            "Bij --editie hoort een werkboek dat al is gevuld",
            "Geef het werkboek op: wijk alles \"Analyse Bospolder - ingevuld.xlsx\" --editie NIEUW --map uit.",
        ));
    }
    let outcome = session.all(args.wijk.as_deref(), &request)?;
    say(json, &outcome, || {
        let mut out = match &outcome.edition {
            Some(done) => edition::told(&outcome.wijk, done, &outcome.findings),
            None => show::findings(&outcome.findings),
        };
        let title = named(&outcome.wijk, outcome.level);
        out.push_str(&format!("Voor {title}: {}\nGemaakt:\n", show::tally(&outcome.findings)));
        for file in &outcome.files {
            out.push_str(&format!("  {}\n", file.display()));
        }
        out + &about_styles(&AboutStyles {
            missed: &outcome.missed_styles,
            faint: &outcome.faint_styles,
            first_page_left_out: outcome.first_page_left_out,
            cramped: outcome.cramped_tables,
            mute_pictures: &outcome.mute_pictures,
            unfilled: &outcome.unfilled,
            language: outcome.language.as_deref(),
            protected: outcome.protected,
        })
    })?;
    Ok(exit(&outcome.findings))
}

/// What there is to say about a house style or template.
struct AboutStyles<'a> {
    missed: &'a [String],
    faint: &'a [String],
    first_page_left_out: bool,
    cramped: usize,
    mute_pictures: &'a [String],
    unfilled: &'a [String],
    language: Option<&'a str>,
    protected: bool,
}

/// The same in sentences: styles it lacks, a first page that is left out, text that is hard to read, tables with words that break,
/// pictures without a text, placeholders that stay open, another language, and a protection that comes along.
fn about_styles(about: &AboutStyles<'_>) -> String {
    let &AboutStyles { missed, faint, first_page_left_out, cramped, mute_pictures, unfilled, language, protected } =
        about;
    let mut out = String::new();
    if !missed.is_empty() {
        out = format!(
            "In de huisstijl ontbreken deze stijlen: {}. Die delen zien er eenvoudig uit. Maak in Word stijlen met deze namen; Kop en \
             Inhopg heeft Word zelf al: gebruik ze één keer.\n",
            missed.join(", ")
        );
    }
    if first_page_left_out {
        out.push_str(
            "De eerste bladzijde van de huisstijl is weggelaten: daar is niets in te vullen. Is het een voorblad, zet er dan een \
             besturingselement op met de naam wijk, versie, datum of titel.\n",
        );
    }
    if !faint.is_empty() {
        out.push_str(&format!(
            "Niet voor iedereen te lezen: deze stijlen van de huisstijl of het sjabloon verschillen te weinig van hun achtergrond: {}. Het contrast \
             moet ten minste 4,5 zijn, bij grote letters 3. Kies in het document van uw organisatie een kleur die meer verschilt: op wit een \
             donkerder, op een donkere bladzijde of cel een lichtere.\n",
            faint.join(", ")
        ));
    }
    if cramped > 0 {
        out.push_str(&format!(
            "In {} breken woorden af, ook met kleinere letters: de bladzijden van de huisstijl of het sjabloon zijn er te smal voor of de \
             letters te breed. Kies in het document van uw organisatie smallere marges, een smaller lettertype of A4; een blok met brede \
             tabellen van een sjabloon past beter op liggende bladzijden.\n",
            show::count(cramped, "tabel", "tabellen")
        ));
    }
    if !mute_pictures.is_empty() {
        let (noun, which) = if mute_pictures.len() == 1 {
            ("Deze afbeelding van de huisstijl of het sjabloon heeft", "de afbeelding")
        } else {
            ("Deze afbeeldingen van de huisstijl of het sjabloon hebben", "elke afbeelding")
        };
        out.push_str(&format!(
            "{noun} geen alternatieve tekst: {}. Wie niet ziet, weet dan niet wat daar staat. Klik in het document van uw organisatie met \
             rechts op {which} en kies Alternatieve tekst weergeven. Schrijf wat erop staat (zoals ‘Logo van de gemeente’) of vink \
             Decoratief aan. Maak daarna dit document opnieuw. Kop- en voettekst opent u met een dubbelklik.\n",
            mute_pictures.join(", ")
        ));
    }
    if !unfilled.is_empty() {
        out.push_str(&format!(
            "Niet ingevuld in het document van uw organisatie: {}. Geef elk besturingselement die tag (Ontwikkelaars, Eigenschappen) en maak \
             dit document opnieuw, of laat het zo als het bewust is.\n",
            unfilled.join(", ")
        ));
    }
    if let Some(language) = language {
        out.push_str(&format!(
            "De taal van het document van uw organisatie is {language}. Onze tekst staat er als Nederlands in, maar een PDF ervan noemt {language} en kan \
             dan verkeerd worden voorgelezen. Zet in dat document de taal op Nederlands: Controleren, Taal, Controletaal instellen, \
             Nederlands, Als standaard instellen. Maak daarna dit document opnieuw.\n"
        ));
    }
    if protected {
        out.push_str(
            "De huisstijl of het sjabloon is beveiligd tegen bewerken, en dit document dus ook: gaan mensen erin schrijven, haal de \
             beveiliging er dan in Word af (Controleren, Bewerken beperken; een wachtwoord bij Opslaan als, Extra, Algemene opties).\n",
        );
    }
    out
}

fn all_wijken(session: &Session, request: &AllRequest, json: bool) -> Result<Exit> {
    let outcome = with_bar("wijken", |progress| session.all_wijken(request, progress))?;
    say(json, &outcome, || {
        let mut out = show::findings(&outcome.findings);
        for failure in &outcome.failed {
            out.push_str(&format!("niet gelukt: wijk {}: {}\n", failure.wijk, failure.reason));
        }
        out.push_str(&format!(
            "{} gemaakt in {}, {} niet gelukt.\n",
            show::count(outcome.done.len(), "wijk", "wijken"),
            request.folder.display(),
            outcome.failed.len()
        ));
        if let Some(first) = outcome.done.first() {
            out.push_str(&about_styles(&AboutStyles {
                missed: &first.missed_styles,
                faint: &first.faint_styles,
                first_page_left_out: first.first_page_left_out,
                cramped: first.cramped_tables,
                mute_pictures: &first.mute_pictures,
                unfilled: &first.unfilled,
                language: first.language.as_deref(),
                protected: first.protected,
            }));
        }
        if let Some(table) = &outcome.table {
            let tally = show::tally_of(outcome.levels);
            out.push_str(&format!("Alle bevindingen staan in {}: {tally}\n", table.display()));
        }
        let with_errors = outcome.done.iter().filter(|done| done.levels.fouten > 0).count();
        if with_errors > 0 {
            out.push_str(&format!(
                "Bij {with_errors} daarvan zijn fouten gevonden; bekijk ze met 'wijk controleer'.\n"
            ));
        }
        out
    })?;
    let failed = !outcome.failed.is_empty();
    let findings = outcome.levels.fouten > 0;
    Ok(if failed {
        Exit::Failed
    } else if findings {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn demo(session: &Session, args: &DemoArgs, json: bool) -> Result<Exit> {
    let outcome = session.demo(args.wijk.as_deref(), args.overzicht.as_deref(), &args.folder, args.force)?;
    say(json, &outcome, || {
        let name = |index: usize| {
            outcome.files.get(index).map(|path: &std::path::PathBuf| file_name(path)).unwrap_or_default()
        };
        format!(
            "Open in de map {} eerst '{}': het werkboek van {} met alle cijfers ingevuld.\n\
             Open daarna '{}' en '{}' in Word: de rapportage en het plan van aanpak, en '{}' voor het gesprek.\n\
             In '{}' staat wat nog open is ({}), in '{}' elke geschreven cel; zelf beginnen kan met '{}'.",
            args.folder.display(),
            name(0),
            outcome.wijk,
            name(1),
            name(2),
            name(3),
            name(4),
            show::count(outcome.findings.len(), "bevinding", "bevindingen"),
            name(5),
            name(6),
        )
    })?;
    Ok(Exit::Clean)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
