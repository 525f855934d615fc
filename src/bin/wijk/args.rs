//! The command line: Dutch words, English aliases, an example on every level. Nothing is decided here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

const TEMPLATE: &str = "\
{before-help}{about-with-newline}
Gebruik: {usage}

{all-args}{after-help}
";

/// Vult en controleert het analyse-werkboek wijkprogrammering en maakt de Word-documenten.
#[derive(Debug, Parser)]
#[command(name = "wijk", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, infer_long_args = false)]
#[command(after_help = "\
Voorbeelden:
  wijk demo
      maakt een voorbeeld met echte cijfers in de map wijk-demo
  wijk alles \"Analyse Bospolder.xlsx\" --wijk Bospolder --map uit
      vult het werkboek, controleert het en maakt rapport, plan en gesprekskaart
  wijk vul --help
      uitleg over één opdracht

Einde van een opdracht: code 0 = goed, 1 = er zijn fouten gevonden in het werkboek, 2 = het is niet gelukt.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    /// De opdracht.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Algemene opties")]
pub(crate) struct Common {
    /// Map met eigen definitiebestanden die het ingebouwde format (deels) vervangen
    #[arg(long = "format", global = true, value_name = "MAP")]
    pub(crate) format: Option<PathBuf>,
    /// Geef de uitkomst als json, voor andere programma's
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Toon deze uitleg
    #[arg(short = 'h', long = "help", visible_alias = "hulp", global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// Toon de versie
    #[arg(short = 'V', long = "version", visible_alias = "versie", action = clap::ArgAction::Version)]
    version: Option<bool>,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Opdrachten")]
pub(crate) enum Command {
    /// Vult de cijfers van een wijk in een analyse-werkboek, zonder iets anders te veranderen
    #[command(
        visible_alias = "fill",
        after_help = "\
Voorbeelden:
  wijk vul \"Analyse Bospolder.xlsx\" --wijk Bospolder --naast Tussendijken
      schrijft 'Analyse Bospolder - ingevuld.xlsx'; het origineel blijft zoals het is
  wijk vul \"Analyse Bospolder - ingevuld.xlsx\" --editie \"Overzicht 2026.xlsx\"
      brengt nieuwe cijfers in een werkboek dat u al gebruikt: schrijft 'Analyse Bospolder - editie 2026.xlsx', zet de
      oude cijfers op het tabblad 'Vorige editie' en een notitie bij elke tekst die u moet nalezen
  wijk vul werkboeken --editie \"Overzicht 2026.xlsx\" -o nieuwe-werkboeken
      hetzelfde voor alle werkboeken in een map, met één samenvatting"
    )]
    Vul(FillArgs),
    /// Controleert een analyse-werkboek en toont alle bevindingen
    #[command(
        visible_alias = "check",
        after_help = "\
Voorbeelden:
  wijk controleer \"Analyse Bospolder - ingevuld.xlsx\"
  wijk controleer \"Analyse Bospolder - ingevuld.xlsx\" --blad
      maakt 'Analyse Bospolder - ingevuld - gecontroleerd.xlsx': een kopie met een tabblad Controle en een notitie op elke cel
  wijk controleer \"Alle wijken\" --tabel bevindingen.csv
      controleert alle werkboeken in de map en zet de bevindingen in één tabel
  wijk controleer \"Analyse Bospolder - ingevuld.xlsx\" --alleen fouten --negeer vraag-open=\"bespreken we in mei\"

Einde: code 0 = geen fouten, 1 = er zijn fouten, 2 = controleren is niet gelukt. Wat u met --negeer weglaat, telt niet mee."
    )]
    Controleer(CheckArgs),
    /// Legt een bevinding uit: wat het is, waarom het telt en wat u eraan doet
    #[command(
        visible_alias = "explain",
        after_help = "\
Voorbeelden:
  wijk uitleg cijfer-wijkt-af
  wijk uitleg
      noemt alle codes"
    )]
    Uitleg(ExplainArgs),
    /// Maakt de rapportage in Word
    #[command(
        visible_alias = "report",
        after_help = "\
Voorbeelden:
  wijk rapport \"Analyse Bospolder - ingevuld.xlsx\" -o \"Rapportage Bospolder.docx\"
  wijk rapport \"Analyse Bospolder - ingevuld.xlsx\" --bijwerken \"Rapportage Bospolder.docx\"
      brengt nieuwe cijfers in een rapportage waaraan al gewerkt is; alles wat mensen schreven blijft staan
  wijk rapport \"Analyse Bospolder - ingevuld.xlsx\" --huisstijl Huisstijl.docx -o \"Rapportage Bospolder in huisstijl.docx\"
  wijk rapport --maak-sjabloon -o Sjabloon.docx
      maakt een sjabloon dat u in Word aanpast en daarna gebruikt met --sjabloon Sjabloon.docx"
    )]
    Rapport(ReportArgs),
    /// Maakt het plan van aanpak in Word
    #[command(
        visible_alias = "action-plan",
        after_help = "\
Voorbeelden:
  wijk plan \"Analyse Bospolder - ingevuld.xlsx\" -o \"Plan van aanpak Bospolder.docx\"
  wijk plan \"Analyse Bospolder - ingevuld.xlsx\" --bijwerken \"Plan van aanpak Bospolder.docx\"
      brengt nieuwe afspraken en cijfers in een plan waaraan al gewerkt is"
    )]
    Plan(ReportArgs),
    /// Maakt de gesprekskaart (één pagina) in Word
    #[command(
        visible_alias = "card",
        after_help = "\
Voorbeelden:
  wijk gesprekskaart \"Analyse Bospolder - ingevuld.xlsx\" -o Gesprekskaart.docx
  wijk gesprekskaart \"Analyse Bospolder - ingevuld.xlsx\" --huisstijl Huisstijl.docx -o Gesprekskaart.docx"
    )]
    Gesprekskaart(DocumentArgs),
    /// Doet alles achter elkaar: vullen, controleren, rapport, plan en gesprekskaart
    #[command(
        visible_alias = "all",
        after_help = "\
Voorbeelden:
  wijk alles \"Analyse Bospolder.xlsx\" --wijk Bospolder --map uit
  wijk alles --alle-wijken --map uit
      zonder werkboek: begint voor elke wijk met het lege format
  wijk alles \"Analyse Bospolder - ingevuld.xlsx\" --editie \"Overzicht 2026.xlsx\" --map \"uit 2026\"
      brengt nieuwe cijfers in een werkboek dat u al gebruikt, en maakt de documenten daarbij"
    )]
    Alles(AllArgs),
    /// Maakt een volledig voorbeeld met echte cijfers in de map wijk-demo
    #[command(after_help = "\
Voorbeeld:
  wijk demo")]
    Demo(DemoArgs),
    /// Toont wat er in een werkboek is herkend: tabbladen, blokken, kolommen, ingevulde cijfers
    #[command(
        visible_alias = "show",
        after_help = "\
Voorbeelden:
  wijk toon \"Analyse Bospolder.xlsx\""
    )]
    Toon(WorkbookArgs),
    /// Vergelijkt een wijk met de stad en toont wat opvalt en welke factoren terugkomen
    #[command(
        visible_alias = "compare",
        after_help = "\
Voorbeelden:
  wijk vergelijk --wijk Bospolder
  wijk vergelijk \"Analyse Bospolder - ingevuld.xlsx\""
    )]
    Vergelijk(CompareArgs),
    /// Toont de wijken en gebieden die het overzicht kent
    #[command(
        visible_alias = "areas",
        after_help = "\
Voorbeeld:
  wijk wijken"
    )]
    Wijken(OverviewArgs),
    /// Toont de indicatoren die het overzicht kent
    #[command(
        visible_alias = "indicators",
        after_help = "\
Voorbeeld:
  wijk indicatoren --overzicht overzicht.csv"
    )]
    Indicatoren(OverviewArgs),
    /// Het Excel-format: een leeg werkboek bouwen, de definitiebestanden uitvoeren
    #[command(
        subcommand,
        after_help = "\
Voorbeeld:
  wijk format bouw -o \"Format wijkprogrammering.xlsx\"",
        subcommand_help_heading = "Opdrachten"
    )]
    Format(FormatCommand),
    /// Het indicatorenoverzicht: bronnen inlezen en samenvoegen
    #[command(
        subcommand,
        visible_alias = "overview",
        after_help = "\
Voorbeeld:
  wijk overzicht importeer wijkprofiel-2014-2016.xls 50090NED_Rotterdam_2020_18plus.csv -o overzicht.csv",
        subcommand_help_heading = "Opdrachten"
    )]
    Overzicht(OverviewCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormatCommand {
    /// Bouwt het lege werkboek met alle tabbladen; de cijfers van de stad zijn al ingevuld
    #[command(
        visible_alias = "build",
        after_help = "\
Voorbeeld:
  wijk format bouw -o \"Format wijkprogrammering.xlsx\""
    )]
    Bouw(BuildArgs),
    /// Schrijft de ingebouwde definitiebestanden naar een map, om ze aan te passen
    #[command(
        visible_alias = "export",
        after_help = "\
Voorbeelden:
  wijk format uitvoer mijn-format
  wijk --format mijn-format format bouw -o nieuw.xlsx"
    )]
    Uitvoer(ExportArgs),
    /// Zet een ingevuld werkboek (of een map vol) over naar een nieuwe versie van het format; het origineel blijft
    #[command(
        visible_alias = "migrate",
        after_help = "\
Voorbeelden:
  wijk format migreer \"Analyse Bospolder.xlsx\" --naar format-2027
      schrijft het nieuwe werkboek en een verslag van elke verplaatsing ernaast
  wijk format migreer werkboeken --naar format-2027 -o nieuwe-werkboeken
      alle werkboeken in een map, met één samenvatting"
    )]
    Migreer(MigrateArgs),
    /// Controleert een map met definitiebestanden en noemt alle fouten met bestand, regel en veld
    #[command(
        visible_alias = "check",
        after_help = "\
Voorbeelden:
  wijk format controleer mijn-format --voorbeeld proef
      zet ook het lege werkboek in de map proef, en met LibreOffice elke bladzijde als pdf
  wijk format controleer mijn-format --voorbeeld proef --overzicht overzicht.csv
      met de cijfers van uw eigen gemeente"
    )]
    Controleer(FormatCheckArgs),
    /// Leidt de definitiebestanden af uit een werkboek van het format dat in Excel is aangepast
    #[command(
        visible_alias = "read",
        after_help = "\
Voorbeelden:
  wijk format lees \"Format wijkprogrammering.xlsx\" -o format-2027
      schrijft een map met definitiebestanden en zegt per cel wat is begrepen en wat niet
  wijk --format format-2026 format lees \"Format 2027.xlsx\" -o format-2027
      wat een werkboek niet toont, komt uit format-2026

Lees een leeg werkboek. Van een ingevuld werkboek wordt niets overgenomen dat van een adviseur kan zijn."
    )]
    Lees(FormatReadArgs),
    /// Toont wat er tussen twee versies van het format is veranderd; wat gevaarlijk is eerst
    #[command(
        visible_alias = "diff",
        after_help = "\
Voorbeelden:
  wijk format vergelijk ingebouwd mijn-format
  wijk format vergelijk format-2026 \"Format 2027.xlsx\"
      een werkboek mag ook; wat het niet toont, telt niet als verschil
  wijk --format format-2027 format vergelijk \"Format 2026.xlsx\" \"Format 2027.xlsx\"
      elk werkboek wordt gelezen met het format van zijn versie: het ingebouwde of dat van --format
  wijk format vergelijk format-2026 format-2027 --in-change-log --datum 2027-01-15
      zet een regel per wijziging in format.toml van het nieuwe format, voor het tabblad Change log
  wijk format vergelijk format-2026 \"Format 2027.xlsx\" --log \"Format 2027 met log.xlsx\" --datum 2027-01-15
      schrijft een kopie van het werkboek met een regel per wijziging op het tabblad Change log"
    )]
    Vergelijk(FormatCompareArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum OverviewCommand {
    /// Leest een of meer bronnen in en schrijft één overzicht, als bestand (csv) of als werkboek (xlsx)
    #[command(
        visible_alias = "import",
        after_help = "\
Voorbeeld:
  wijk overzicht importeer wijkprofiel-2014-2016.xls wijkprofiel-context-2015.xls -o overzicht.csv"
    )]
    Importeer(ImportArgs),
    /// Zet twee overzichten naast elkaar: wat is erbij, weg of veranderd, met een oordeel om te tekenen
    #[command(
        visible_alias = "compare",
        after_help = "\
Voorbeeld:
  wijk overzicht vergelijk overzicht-2016.csv overzicht-2018.csv

Einde: code 0 = geen fouten in het nieuwe overzicht, 1 = er zijn fouten, 2 = het is niet gelukt."
    )]
    Vergelijk(EditionArgs),
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct FillArgs {
    /// Het analyse-werkboek (xlsx of xlsm); bij --editie mag het ook een map met werkboeken zijn
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: PathBuf,
    /// Naam of code van de wijk; bij --editie staat die al in het werkboek
    #[arg(long, value_name = "NAAM", required_unless_present = "edition")]
    pub(crate) wijk: Option<String>,
    #[command(flatten)]
    pub(crate) fill: FillOptions,
    /// Waar het resultaat komt; standaard '<naam> - ingevuld.xlsx' naast het werkboek, bij --editie '<naam> - editie JAAR.xlsx'; bij een map met werkboeken de map voor de nieuwe
    #[arg(short = 'o', long = "uit", value_name = "UIT", conflicts_with = "in_place")]
    pub(crate) output: Option<PathBuf>,
    /// Vul het werkboek zelf en zet een reservekopie ernaast
    #[arg(long = "ter-plaatse")]
    pub(crate) in_place: bool,
    /// Vervang een bestand dat er al staat
    #[arg(long = "forceer")]
    pub(crate) force: bool,
    /// Schrijf een logboek van elke geschreven cel (json of csv)
    #[arg(long = "logboek", value_name = "BESTAND")]
    pub(crate) ledger: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct FillOptions {
    /// Een tweede wijk, een gebied of Nederland voor kolom F
    #[arg(long, value_name = "NAAM")]
    pub(crate) naast: Option<String>,
    /// Overzicht met cijfers (xlsx, xls, ods, csv); vervangt ook het tabblad in het werkboek
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Nieuwe editie van de cijfers (xlsx, xls, ods, csv) voor een werkboek dat al is gevuld
    #[arg(long = "editie", visible_alias = "edition", value_name = "NIEUW", conflicts_with = "overzicht")]
    pub(crate) edition: Option<PathBuf>,
    /// Waar de vorige cijfers komen: 'tab' (tabblad Vorige editie; standaard), 'kolom' (kolom F) of 'niet'
    #[arg(long = "vorige", value_name = "WAAR", value_parser = ["tab", "kolom", "niet"], hide_possible_values = true, requires = "edition")]
    pub(crate) previous: Option<String>,
    /// Schrijf ook over cijfers heen die iemand zelf heeft ingevuld (de oude waarde komt in het logboek)
    #[arg(long = "overschrijf")]
    pub(crate) overwrite: bool,
    /// Herstel ontbrekende of beschadigde kleurregels (voorwaardelijke opmaak)
    #[arg(long = "herstel-opmaak")]
    pub(crate) repair: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct CheckArgs {
    /// Het analyse-werkboek (xlsx, xlsm, xls of ods); met --tabel mogen het er meer zijn, en ook mappen
    #[arg(value_name = "WERKBOEK", required = true, num_args = 1..)]
    pub(crate) workbooks: Vec<PathBuf>,
    /// Zet de bevindingen van alle werkboeken (ook die in mappen) in één tabel, een csv voor Excel
    #[arg(long = "tabel", value_name = "BESTAND", conflicts_with_all = ["sheet", "html", "wijk"])]
    pub(crate) table: Option<PathBuf>,
    /// Naam of code van de wijk; standaard de naam die in het werkboek staat
    #[arg(long, value_name = "NAAM")]
    pub(crate) wijk: Option<String>,
    /// Overzicht om mee te vergelijken; standaard het tabblad in het werkboek
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Maak een kopie van het werkboek met een tabblad Controle en een notitie op elke cel waar iets is gevonden
    #[arg(long = "blad")]
    pub(crate) sheet: bool,
    /// Waar de kopie komt; standaard '<naam> - gecontroleerd.xlsx' naast het werkboek
    #[arg(short = 'o', long = "uit", value_name = "UIT", requires = "sheet")]
    pub(crate) output: Option<PathBuf>,
    /// Schrijf alle bevindingen op één pagina voor de browser
    #[arg(long = "html", value_name = "BESTAND")]
    pub(crate) html: Option<PathBuf>,
    /// Toon alleen 'fouten', of 'waarschuwingen' (dat zijn fouten en waarschuwingen)
    #[arg(long = "alleen", value_name = "SOORT", value_parser = ["fouten", "waarschuwingen"], hide_possible_values = true)]
    pub(crate) only: Option<String>,
    /// Laat een bevinding weg, met de reden erbij: CODE="reden"; mag vaker
    #[arg(long = "negeer", value_name = "CODE=REDEN")]
    pub(crate) ignore: Vec<String>,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct ExplainArgs {
    /// De code van de bevinding; zonder code komt de lijst
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct CompareArgs {
    /// Het analyse-werkboek; mag wegblijven als --wijk is gegeven
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: Option<PathBuf>,
    /// Naam of code van de wijk
    #[arg(long, value_name = "NAAM", required_unless_present = "workbook")]
    pub(crate) wijk: Option<String>,
    /// Overzicht met cijfers; standaard het tabblad in het werkboek, anders het ingebouwde
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct DocumentArgs {
    /// Het analyse-werkboek (xlsx, xlsm, xls of ods)
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: PathBuf,
    /// Waar het document komt
    #[arg(short = 'o', long = "uit", value_name = "UIT.docx")]
    pub(crate) output: PathBuf,
    /// Word-document van uw organisatie: de kaart krijgt de huisstijl, kop- en voetteksten daarvan, als zij zo op één pagina past
    #[arg(long = "huisstijl", value_name = "ORGANISATIE.docx")]
    pub(crate) house_style: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) about: AboutArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct ReportArgs {
    /// Het analyse-werkboek (xlsx, xlsm, xls of ods)
    #[arg(value_name = "WERKBOEK", required_unless_present_any = ["blocks", "make_template"])]
    pub(crate) workbook: Option<PathBuf>,
    /// Waar het document komt; bij --bijwerken standaard '<naam> - bijgewerkt.docx' naast het oude
    #[arg(short = 'o', long = "uit", value_name = "UIT.docx", required_unless_present_any = ["renew", "blocks"])]
    pub(crate) output: Option<PathBuf>,
    /// Werk dit document bij: nieuwe cijfers erin, alles wat mensen schreven blijft staan
    #[arg(long = "bijwerken", value_name = "DOCUMENT.docx")]
    pub(crate) renew: Option<PathBuf>,
    /// Werk het document zelf bij en zet een reservekopie ernaast
    #[arg(long = "ter-plaatse", requires = "renew", conflicts_with = "output")]
    pub(crate) in_place: bool,
    /// Word-document van uw organisatie: het resultaat krijgt de huisstijl, kop- en voetteksten en het voorblad daarvan
    #[arg(long = "huisstijl", value_name = "ORGANISATIE.docx", conflicts_with = "renew")]
    pub(crate) house_style: Option<PathBuf>,
    /// Eigen sjabloon in Word: elk besturingselement met een tag als 'wijk:opvallend' wordt gevuld
    #[arg(long = "sjabloon", value_name = "SJABLOON.docx", conflicts_with_all = ["renew", "house_style"])]
    pub(crate) template: Option<PathBuf>,
    /// Toon de namen van alle blokken die in een sjabloon kunnen staan, met een voorbeeld; met een werkboek erbij daaruit
    #[arg(long = "blokken", conflicts_with_all = ["output", "renew", "template", "house_style", "make_template"])]
    pub(crate) blocks: bool,
    /// Maak een voorbeeld van een sjabloon, om in Word aan te passen
    #[arg(long = "maak-sjabloon", conflicts_with_all = ["workbook", "renew", "template", "house_style"])]
    pub(crate) make_template: bool,
    #[command(flatten)]
    pub(crate) about: AboutArgs,
}

/// What every Word document is about.
#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct AboutArgs {
    /// Naam of code van de wijk; standaard de naam die in het werkboek staat
    #[arg(long, value_name = "NAAM")]
    pub(crate) wijk: Option<String>,
    /// Overzicht met cijfers; standaard het tabblad in het werkboek
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Datum in het document (jjjj-mm-dd); standaard de datum in het werkboek of de editie van de cijfers
    #[arg(long, value_name = "DATUM")]
    pub(crate) datum: Option<String>,
    /// Vervang een bestand dat er al staat
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct AllArgs {
    /// Het analyse-werkboek; zonder werkboek begint het met het lege format
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: Option<PathBuf>,
    /// Naam of code van de wijk; bij --editie staat die al in het werkboek
    #[arg(long, value_name = "NAAM", required_unless_present_any = ["all_wijken", "edition"], conflicts_with = "all_wijken")]
    pub(crate) wijk: Option<String>,
    /// Een map per wijk, voor alle wijken van het overzicht
    #[arg(long = "alle-wijken", conflicts_with = "edition")]
    pub(crate) all_wijken: bool,
    /// De map waarin alles komt
    #[arg(long = "map", value_name = "UIT")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) fill: FillOptions,
    /// Datum in de documenten (jjjj-mm-dd)
    #[arg(long, value_name = "DATUM")]
    pub(crate) datum: Option<String>,
    /// Word-document van uw organisatie: rapport en plan krijgen de huisstijl daarvan (de gesprekskaart blijft één pagina)
    #[arg(long = "huisstijl", value_name = "ORGANISATIE.docx")]
    pub(crate) house_style: Option<PathBuf>,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct DemoArgs {
    /// De map waarin het voorbeeld komt
    #[arg(long = "map", value_name = "UIT", default_value = "wijk-demo", hide_default_value = true)]
    pub(crate) folder: PathBuf,
    /// De wijk van het voorbeeld; standaard Bospolder, of de eerste wijk van het overzicht dat u meegeeft
    #[arg(long, value_name = "NAAM")]
    pub(crate) wijk: Option<String>,
    /// Overzicht met cijfers; standaard het ingebouwde voorbeeld
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Vervang bestanden waarin iemand verder heeft gewerkt
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct WorkbookArgs {
    /// Het analyse-werkboek (xlsx, xlsm, xls of ods)
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: PathBuf,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct OverviewArgs {
    /// Overzicht met cijfers; standaard het ingebouwde voorbeeld
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct BuildArgs {
    /// Waar het werkboek komt
    #[arg(short = 'o', long = "uit", value_name = "FORMAT.xlsx")]
    pub(crate) output: PathBuf,
    /// Overzicht met cijfers; standaard het ingebouwde voorbeeld van Rotterdam
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Vervang een bestand dat er al staat
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct ExportArgs {
    /// De map waarin de bestanden komen
    #[arg(value_name = "MAP")]
    pub(crate) folder: PathBuf,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct EditionArgs {
    /// Het overzicht dat er was (xlsx, xls, ods, csv)
    #[arg(value_name = "OUD")]
    pub(crate) old: PathBuf,
    /// Het overzicht dat ervoor in de plaats komt
    #[arg(value_name = "NIEUW")]
    pub(crate) new: PathBuf,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct FormatCheckArgs {
    /// Map met definitiebestanden; standaard die van --format, anders het ingebouwde format
    #[arg(value_name = "MAP")]
    pub(crate) folder: Option<PathBuf>,
    /// Zet het lege werkboek in deze map, met LibreOffice ook als pdf
    #[arg(long = "voorbeeld", value_name = "MAP")]
    pub(crate) preview: Option<PathBuf>,
    /// Overzicht voor het naslagtabblad; standaard het ingebouwde, als dat over de stad van het format gaat
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct FormatReadArgs {
    /// Het werkboek van het format (xlsx of xlsm), liefst leeg
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: PathBuf,
    /// Map voor de definitiebestanden
    #[arg(short = 'o', long = "uit", visible_alias = "output", value_name = "MAP")]
    pub(crate) output: PathBuf,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct FormatCompareArgs {
    /// Map of werkboek (xlsx) met het oude format, of 'ingebouwd'
    #[arg(value_name = "OUD")]
    pub(crate) old: PathBuf,
    /// Map of werkboek (xlsx) met het nieuwe format, of 'ingebouwd'
    #[arg(value_name = "NIEUW")]
    pub(crate) new: PathBuf,
    /// Schrijf format.toml (bij een werkboek: een kopie ervan) met een regel per wijziging in het log
    #[arg(long = "log", value_name = "BESTAND", requires = "date", conflicts_with = "in_log")]
    pub(crate) log: Option<PathBuf>,
    /// Zet de regels onderaan format.toml van het nieuwe format zelf
    #[arg(long = "in-change-log", requires = "date")]
    pub(crate) in_log: bool,
    /// Datum van de regels in het log (jjjj-mm-dd)
    #[arg(long = "datum", value_name = "DATUM")]
    pub(crate) date: Option<String>,
    /// Wie de versie heeft gemaakt, voor het log
    #[arg(long = "wie", value_name = "NAAM", default_value = "Beheer format", hide_default_value = true)]
    pub(crate) who: String,
    /// Vervang een bestand dat er al staat
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct MigrateArgs {
    /// Het ingevulde werkboek (xlsx of xlsm), of een map met werkboeken
    #[arg(value_name = "WERKBOEK")]
    pub(crate) workbook: PathBuf,
    /// Map met het nieuwe format; standaard het ingebouwde
    #[arg(long = "naar", value_name = "MAP")]
    pub(crate) to: Option<PathBuf>,
    /// Map met het format waarmee het werkboek is gemaakt; nodig als dat niet de ingebouwde versie is
    #[arg(long = "van", value_name = "MAP")]
    pub(crate) from: Option<PathBuf>,
    /// Waar het nieuwe werkboek komt; bij een map met werkboeken: de map voor de nieuwe
    #[arg(short = 'o', long = "uit", value_name = "UIT")]
    pub(crate) output: Option<PathBuf>,
    /// Overzicht met cijfers voor het nieuwe werkboek; standaard het overzicht uit het oude werkboek
    #[arg(long, value_name = "BESTAND")]
    pub(crate) overzicht: Option<PathBuf>,
    /// Vervang bestanden die er al staan
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Opties")]
pub(crate) struct ImportArgs {
    /// De bronnen: overzicht (xlsx, xls, ods, csv), Wijkprofiel (xls), StatLine (csv, xlsx), Buurtmonitor (csv, xlsx)
    #[arg(value_name = "BRON", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// Waar het overzicht komt (csv of xlsx)
    #[arg(short = 'o', long = "uit", value_name = "OVERZICHT")]
    pub(crate) output: PathBuf,
    /// Naam van deze editie van het overzicht
    #[arg(long, value_name = "TEKST")]
    pub(crate) editie: Option<String>,
    /// Neem elke editie van een indicator over, niet alleen de nieuwste
    #[arg(long = "alle-edities")]
    pub(crate) all_editions: bool,
    /// Vervang een bestand dat er al staat
    #[arg(long = "forceer")]
    pub(crate) force: bool,
}

/// The command definition with Dutch headings on every level.
pub(crate) fn command() -> clap::Command {
    dutch(Cli::command())
}

/// clap's own headings and usage words are English; this gives every level ours.
fn dutch(command: clap::Command) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut place = 0;
    let mut command =
        command.help_template(TEMPLATE).subcommand_value_name("OPDRACHT").disable_help_subcommand(true).mut_args(
            |arg| {
                if arg.get_help_heading().is_none() && !arg.is_positional() {
                    arg.help_heading("Opties")
                } else if arg.is_positional() {
                    // In the order in which they are typed, not by name.
                    place += 1;
                    arg.help_heading("Wat u opgeeft").display_order(place)
                } else {
                    arg
                }
            },
        );
    for name in names {
        command = command.mut_subcommand(name, dutch);
    }
    command
}

/// `wijk hulp vul` and `wijk help vul` are `wijk vul --help`: that is what people type first.
pub(crate) fn asked_for_help(mut words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_some_and(|word| word == "hulp" || word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// Reads the arguments of this process.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(asked_for_help(std::env::args_os().collect()))?;
    Cli::from_arg_matches(&matches)
}
