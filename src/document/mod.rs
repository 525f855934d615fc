//! The three Word documents: report, action plan and conversation card.
//!
//! Owns what stands where in them and how a figure is put into words. Gets everything as plain data and gives bytes
//! back; knows no workbook, no overview and no clock. Content is written in the terms of `content`, put into Word by
//! `compose` (docx-rs), and everything docx-rs lacks is put right in `finish`.
//!
//! Every generated part lies in a content control whose tag starts with `wa:`; `wa:tekst:` holds a person's text taken
//! over from the workbook, `wa:vul:` a prompt where somebody must still write, all others hold what the product made.

mod appendix;
mod boxed;
mod card;
mod cells;
mod chart;
mod compose;
mod content;
mod contrast;
mod docx;
mod dress;
mod finish;
mod fit;
mod front;
mod ground;
mod headings;
mod house;
mod interpretation;
mod kept;
mod layout;
mod listed;
mod plan;
mod print;
mod recall;
mod record;
mod renew;
mod report;
mod results;
mod rounds;
mod stamp;
mod standing;
mod state;
mod subject;
mod template;
mod texts;
mod titled;
mod unfilled;
mod words;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod house_tests;
#[cfg(test)]
pub(crate) mod own_documents_tests;
#[cfg(test)]
mod template_tests;
#[cfg(test)]
mod tests;

pub use house::Clothed;
pub use renew::{BlockChange, BlockFate, FigureChange, Renewed};
pub use template::BlockName;

use self::fit::Paper;
use crate::error::Result;
use crate::finding::Finding;
use crate::model::{Analysis, Comparison, Format};
use crate::package::xml::elements;

/// A figure of the general picture of a wijk (inhabitants, age groups ...), already in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralFigure {
    /// What it is, such as `Inwoners tot 15 jaar`.
    pub name: String,
    /// The figure as shown, such as `1.234` or `18,2%`, or why there is none.
    pub figure: String,
    /// Edition and year, such as `editie 2016, peiljaar onbekend`.
    pub period: String,
    /// Source.
    pub source: String,
}

/// All that the documents are made of.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// The format.
    pub format: &'a Format,
    /// The workbook as read: everything people wrote.
    pub analysis: &'a Analysis,
    /// The wijk compared with the benchmark.
    pub comparison: &'a Comparison,
    /// General picture of the wijk; may be empty.
    pub general: &'a [GeneralFigure],
    /// Date on the documents as ISO text (`2026-11-22`); without it the edition of the figures stands there.
    pub date: Option<&'a str>,
    /// Name of the workbook the documents were made from; empty when there was none.
    pub workbook: &'a str,
    /// How many findings the check had; `None` when the workbook was not checked.
    pub findings: Option<usize>,
}

impl<'a> ReportInput<'a> {
    /// The name of the wijk.
    fn wijk(&self) -> &'a str {
        &self.comparison.wijk.0
    }

    /// The name of the benchmark.
    fn benchmark(&self) -> &'a str {
        &self.comparison.benchmark
    }

    /// The edition of the figures; where the overview has no name of its own, the periods of its figures.
    fn edition(&self) -> String {
        if !self.comparison.edition.trim().is_empty() {
            return self.comparison.edition.trim().to_owned();
        }
        let figures = self.comparison.domeinen.iter().flat_map(|domein| &domein.figures);
        let periods: std::collections::BTreeSet<&str> =
            figures.map(|figure| figure.period.trim()).filter(|period| !period.is_empty()).collect();
        if periods.is_empty() {
            "Editie onbekend".to_owned()
        } else {
            format!("Cijfers van {}", crate::model::words::list(&periods.into_iter().collect::<Vec<_>>()))
        }
    }

    /// `versie 1.2`, or that there is none.
    fn version(&self) -> String {
        match self.analysis.version() {
            "" => "versie nog niet ingevuld".to_owned(),
            version => format!("versie {version}"),
        }
    }
}

/// Makes the report ('Rapportage Wijkprogrammering') as the bytes of a .docx file. The same input gives the same
/// bytes.
///
/// # Errors
/// [`crate::error::Error::Content`] when the package cannot be put together; that would be a fault of this program.
pub fn report(input: &ReportInput<'_>) -> Result<Vec<u8>> {
    made(&report::report(input, Paper::OURS))
}

/// Makes the action plan ('Plan van aanpak Wijkprogrammering') as the bytes of a .docx file. The same input gives the
/// same bytes.
///
/// # Errors
/// As [`report()`].
pub fn action_plan(input: &ReportInput<'_>) -> Result<Vec<u8>> {
    made(&plan::plan(input, Paper::OURS))
}

/// Makes the one-page 'Gesprekskaart' as the bytes of a .docx file. The same input gives the same bytes.
///
/// # Errors
/// As [`report()`].
pub fn conversation_card(input: &ReportInput<'_>) -> Result<Vec<u8>> {
    made(&card::card(input))
}

/// Which document can be made again, or made after a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rapportage.
    Report,
    /// Plan van aanpak.
    ActionPlan,
}

impl Kind {
    fn draft(self, input: &ReportInput<'_>, paper: Paper) -> content::Draft {
        match self {
            Kind::Report => report::report(input, paper),
            Kind::ActionPlan => plan::plan(input, paper),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Kind::Report => "rapport",
            Kind::ActionPlan => "plan",
        }
    }
}

/// Makes a document again over `old`, the one called `file` that people work in: what they left alone is renewed,
/// everything else stays to the byte.
///
/// # Errors
/// When `old` is no Word document that may be renewed with this one.
pub fn renewed(kind: Kind, input: &ReportInput<'_>, file: &str, old: Vec<u8>) -> Result<Renewed> {
    let archive = docx::open(file, old.clone())?;
    let paper = docx::paper(&archive)?;
    let first = kind.draft(input, paper);
    let main = docx::main_part(&archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let known = renew::record_of(&archive, &main)?.map(|(record, _)| record);
    // Without a record the headings and blocks themselves say what they are about.
    let listed = known.as_ref().map(|record| record.subjects.clone()).filter(|subjects| !subjects.is_empty());
    let subjects = listed.unwrap_or_else(|| recall::subjects(&text, &all));
    let numbers = subject::numbers(&subjects, &first.subjects);
    let as_before = |mut draft: content::Draft| {
        let mut kept = kept::Kept::default();
        subject::renumber(&mut draft, &numbers);
        if let (Some(known), Kind::ActionPlan) = (&known, kind) {
            kept = kept::keep(&mut draft, input.analysis, &known.subjects, &text, &all);
        }
        // A number is never given to something else.
        draft.subjects.extend(subject::gone(&subjects, &draft.subjects));
        subject::add_kept(&mut draft.subjects, std::mem::take(&mut kept.subjects));
        (draft, kept)
    };
    let (mut draft, kept) = as_before(first);
    // A document that was made after a template has its own blocks, also when another program dropped their tags.
    let mut slots = template::slots(&archive, &template::tags(input.format, kind.word()))?;
    if let Some(record) = &known {
        slots = template::with_gone(record, slots);
    }
    if !slots.is_empty() {
        draft = template::draft_for(input, &draft, paper, &slots, |paper| as_before(kind.draft(input, paper)).0);
    }
    let renewed = renew::renew(file, old, made(&draft)?, sign_date(input).as_deref())?;
    let (agreements_gone, agreements_without_place) = kept.told(&renewed.blocks);
    Ok(Renewed { agreements_gone, agreements_without_place, ..renewed })
}

/// Makes a document after the organisation's own `template`, called `file`: its content controls are filled, all else
/// is the template's. Gives the document and what is wrong with the tags.
///
/// # Errors
/// When `template` is no Word document, has macros, or has nothing to fill in.
pub fn after_template(
    kind: Kind,
    input: &ReportInput<'_>,
    file: &str,
    template: Vec<u8>,
) -> Result<(Vec<u8>, Vec<Finding>)> {
    let titled = titled::with_places(input.format, kind.word(), file, template)?;
    let template = titled.bytes;
    let archive = docx::open(file, template.clone())?;
    let mut findings = template::check(input.format, kind.word(), &archive)?;
    if !titled.findings.is_empty() {
        // Which blocks have no place is told with those that have.
        findings.retain(|finding| finding.code != "sjabloon-blok-ontbreekt");
        findings.extend(titled.findings);
    }
    let paper = docx::paper(&archive)?;
    let slots = template::slots(&archive, &[])?;
    let draft =
        template::draft_for(input, &kind.draft(input, paper), paper, &slots, |paper| kind.draft(input, paper));
    findings.extend(template::boxed(&archive, &slots)?);
    findings.extend(template::narrow(&archive, &draft, &slots)?);
    Ok((renew::fill_template(file, template, made(&draft)?, &facts(input))?, findings))
}

/// What people have to know of a document that was made after the template called `file`, as it is told of a house style.
///
/// # Errors
/// As [`after_template()`].
pub fn about_template(kind: Kind, input: &ReportInput<'_>, file: &str, template: Vec<u8>) -> Result<Clothed> {
    let template = titled::with_places(input.format, kind.word(), file, template)?.bytes;
    let archive = docx::open(file, template)?;
    let paper = docx::paper(&archive)?;
    let slots = template::slots(&archive, &[])?;
    let draft =
        template::draft_for(input, &kind.draft(input, paper), paper, &slots, |paper| kind.draft(input, paper));
    let language = dress::other_language(&docx::part(&archive, &docx::main_part(&archive)?, "styles")?);
    Ok(Clothed { cramped: template::cramped(&draft, paper, &slots), language, ..Clothed::plain(Vec::new()) })
}

/// The placeholders of the organisation that stay open in the document called `file`, made after a template.
///
/// # Errors
/// When it is no Word document, or cannot be read.
pub fn unfilled(file: &str, document: &[u8]) -> Result<Vec<String>> {
    unfilled::unfilled(file, document, true)
}

/// True when the document called `file` is protected against editing, as the template that it was made after is.
///
/// # Errors
/// When it is no Word document.
pub fn is_protected(file: &str, document: &[u8]) -> Result<bool> {
    docx::is_protected(&docx::open(file, document.to_vec())?)
}

/// The styles with letters that are too faint in the document called `file`, made after a template, with their contrast.
///
/// # Errors
/// When it is no Word document, or cannot be read.
pub fn faint_styles(file: &str, document: &[u8]) -> Result<Vec<String>> {
    let archive = docx::open(file, document.to_vec())?;
    let main = docx::main_part(&archive)?;
    let (styles, lists) = (docx::part(&archive, &main, "styles")?, docx::part(&archive, &main, "numbering")?);
    let mut dress = dress::Dress::of(&styles, &lists, (None, None));
    let all = elements(&archive.read_text(&main)?).map_err(|reason| archive.damaged(&main, &reason))?;
    if let Some(colour) = docx::page_colour(&archive, &main, &all)? {
        dress.on_page(&colour, &styles, &lists);
    }
    if let Some(root) = crate::package::tree::Element::parse(&archive.read_text(&main)?) {
        dress.tell_of_theirs(&root);
    }
    Ok(dress.faint)
}

/// The pictures without an alternative text in the document called `file`, made after a template, with the place of each.
///
/// # Errors
/// When it is no Word document, or cannot be read.
pub fn mute_pictures(file: &str, document: &[u8]) -> Result<Vec<String>> {
    let archive = docx::open(file, document.to_vec())?;
    let main = docx::main_part(&archive)?;
    let text = archive.read_text(&main)?;
    let all = elements(&text).map_err(|reason| archive.damaged(&main, &reason))?;
    let mut mute = docx::mute_pictures(&all, &(0..text.len()));
    mute.iter_mut().for_each(|name| name.push_str(" in de tekst"));
    mute.extend(docx::mute_pictures_on_pages(&archive, &main, &all)?);
    Ok(mute)
}

/// What can be put in a template, by the tags of its content controls, with an example of each for `input`.
#[must_use]
pub fn block_names(kind: Kind, input: &ReportInput<'_>) -> Vec<BlockName> {
    template::names_with_examples(input, &kind.draft(input, Paper::OURS))
}

/// An example of a template, with every section in a content control.
///
/// # Errors
/// As [`report()`].
pub fn example_template(kind: Kind, format: &Format) -> Result<Vec<u8>> {
    made(&template::example(format, kind.word()))
}

/// Makes a report or plan for `input` in the house style of an organisation: `reference` is its own document, called
/// `file`. Its tables are made for the pages and letters of the organisation.
///
/// # Errors
/// When `reference` is no Word document, or has macros.
pub fn in_house_style(kind: Kind, input: &ReportInput<'_>, file: &str, reference: Vec<u8>) -> Result<Clothed> {
    let paper = house::paper(file, &reference)?;
    let draft = kind.draft(input, paper);
    let clothed = house::clothe(&facts(input), made(&draft)?, file, reference)?;
    let unfilled = unfilled::unfilled(file, &clothed.bytes, false)?;
    Ok(Clothed { cramped: fit::cramped(&draft.parts, paper), unfilled, ..clothed })
}

/// Makes the 'Gesprekskaart' in the house style of an organisation, on one page.
///
/// # Errors
/// As [`in_house_style()`], and when header, footer, margins or letters leave too little room for one page.
pub fn conversation_card_in_house_style(
    input: &ReportInput<'_>,
    file: &str,
    reference: Vec<u8>,
) -> Result<Clothed> {
    let sheet = house::sheet::of(file, &reference)?;
    let (draft, fits) = card::on(input, sheet);
    if !fits {
        return Err(crate::error::Error::content(
            file,
            "met de marges, kop- en voettekst en letters van deze huisstijl past de gesprekskaart niet op één bladzijde",
            "Neem een huisstijl met een lagere kop- of voettekst of smallere marges, of maak de kaart zonder --huisstijl.",
        ));
    }
    let clothed = house::clothe_card(&facts(input), made(&draft)?, file, reference)?;
    let unfilled = unfilled::unfilled(file, &clothed.bytes, false)?;
    Ok(Clothed { unfilled, ..clothed })
}

/// What is filled in where an organisation asks for it.
fn facts(input: &ReportInput<'_>) -> house::Facts {
    house::Facts {
        wijk: front::called(input),
        adviseur: input.analysis.adviseur().trim().to_owned(),
        version: input.analysis.version().trim().to_owned(),
        date: input.date.map_or_else(|| input.edition(), words::date),
        ..house::Facts::default()
    }
}

/// The moment that stands with proposals: the date of the document, else the year of the edition, never the clock.
fn sign_date(input: &ReportInput<'_>) -> Option<String> {
    if let Some(date) = input.date.map(str::trim).filter(|date| finish::is_iso(date)) {
        return Some(format!("{date}T00:00:00Z"));
    }
    let edition = input.edition();
    let numbers = edition.split(|c: char| !c.is_ascii_digit());
    let year = numbers
        .filter_map(|number| number.parse::<u32>().ok())
        .filter(|year| (1900..2200).contains(year))
        .max()?;
    Some(format!("{year}-01-01T00:00:00Z"))
}

fn made(draft: &content::Draft) -> Result<Vec<u8>> {
    finish::finish(draft, &compose::compose(draft))
}
