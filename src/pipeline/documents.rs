//! From a workbook to one of the Word documents.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Session, expect_extension, inputs, refuse_existing, write_bytes};
use crate::compare;
use crate::document::{self, BlockName, GeneralFigure, Kind, ReportInput};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::model::{Activiteit, Analysis, Comparison, Matrixregel, Overview, Resultaat, words};
use crate::privacy;

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// Rapportage.
    Report,
    /// Plan van aanpak.
    ActionPlan,
    /// Gesprekskaart.
    ConversationCard,
}

impl Document {
    /// The kinds that people keep working in.
    pub(super) fn kind(self) -> Result<Kind> {
        match self {
            Document::Report => Ok(Kind::Report),
            Document::ActionPlan => Ok(Kind::ActionPlan),
            Document::ConversationCard => Err(Error::request(
                "Een gesprekskaart heeft geen sjabloon en wordt niet bijgewerkt",
                "Maak een nieuwe met 'wijk gesprekskaart'.",
            )),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct DocumentRequest {
    /// The workbook.
    pub workbook: PathBuf,
    /// Where the document goes.
    pub output: PathBuf,
    /// The wijk; `None` takes the name in the workbook.
    pub wijk: Option<String>,
    /// The overview; `None` takes the workbook's own.
    pub overview: Option<PathBuf>,
    /// Date on the document, ISO; `None` takes the date in the workbook or the edition.
    pub date: Option<String>,
    /// Replace an existing file.
    pub force: bool,
    /// A document of the organisation that gives the house style.
    pub house_style: Option<PathBuf>,
    /// A template of the organisation to make the document after; only for the report and the action plan.
    pub template: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentOutcome {
    /// The document.
    pub output: PathBuf,
    /// The wijk.
    pub wijk: String,
    /// Its level: `wijk`, `gebied` or `buurt`.
    pub level: &'static str,
    /// Roles for which the house style has no style; they became direct formatting.
    pub missed_styles: Vec<String>,
    /// Styles of the house style or the template whose text has too little contrast with its ground, with that contrast.
    pub faint_styles: Vec<String>,
    /// The first page of the house style was left out, because nothing is to be filled in there.
    pub first_page_left_out: bool,
    /// How many tables have words that break on the pages of the house style or the template.
    pub cramped_tables: usize,
    /// Pictures of the house style or the template without an alternative text, with the place of each.
    pub mute_pictures: Vec<String>,
    /// Content controls of the house style or the template that show `[wijk]` or the like still, with place and tag.
    pub unfilled: Vec<String>,
    /// The language of the house style or the template (`en-US`) where it is not Dutch: a PDF names that one.
    pub language: Option<String>,
    /// It is protected against editing, because the house style or the template is.
    pub protected: bool,
    /// Findings of checking the workbook it was made from.
    pub findings: Vec<Finding>,
}

/// Everything the documents of one wijk are made of.
pub(super) struct Material<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) comparison: &'a Comparison,
    pub(super) general: &'a [GeneralFigure],
    pub(super) date: Option<&'a str>,
    pub(super) findings: usize,
}

/// Whom a document is about, and what was found on the way.
pub(super) struct About {
    pub(super) wijk: String,
    pub(super) level: &'static str,
    pub(super) findings: Vec<Finding>,
}

fn made(which: Document, input: &ReportInput<'_>) -> Result<Vec<u8>> {
    match which {
        Document::Report => document::report(input),
        Document::ActionPlan => document::action_plan(input),
        Document::ConversationCard => document::conversation_card(input),
    }
}

/// The name and the bytes of the organisation's document.
pub(super) fn read_house(path: &Path) -> Result<(String, Vec<u8>)> {
    Ok((inputs::file_name(path), inputs::bytes(path)?))
}

/// A document in the house style of the organisation, or in ours.
fn clothed(
    which: Document,
    input: &ReportInput<'_>,
    house: Option<(String, Vec<u8>)>,
) -> Result<document::Clothed> {
    match house {
        Some((file, reference)) if which == Document::ConversationCard => {
            document::conversation_card_in_house_style(input, &file, reference)
        }
        Some((file, reference)) => document::in_house_style(which.kind()?, input, &file, reference),
        None => Ok(document::Clothed::plain(made(which, input)?)),
    }
}

impl Session {
    /// Makes one document from a workbook.
    ///
    /// # Errors
    /// When the workbook cannot be read, the wijk is not known, the date is none, or the target exists or cannot be
    /// written.
    pub fn document(&self, which: Document, request: &DocumentRequest) -> Result<DocumentOutcome> {
        expect_extension(&request.output, "docx")?;
        refuse_existing([request.output.as_path()].into_iter(), request.force)?;
        let house = request.house_style.as_deref().map(read_house).transpose()?;
        let template = request.template.as_deref().map(read_house).transpose()?;
        let mut wrong = Vec::new();
        let (clothed, mut about) = self.with_material(request, |input| match template {
            Some((file, template)) => {
                let kind = which.kind()?;
                let about = document::about_template(kind, input, &file, template.clone())?;
                let (bytes, findings) = document::after_template(kind, input, &file, template)?;
                wrong = findings;
                let protected = document::is_protected(&file, &bytes)?;
                let mute_pictures = document::mute_pictures(&file, &bytes)?;
                let faint = document::faint_styles(&file, &bytes)?;
                let unfilled = document::unfilled(&file, &bytes)?;
                Ok(document::Clothed { bytes, protected, mute_pictures, faint, unfilled, ..about })
            }
            None => clothed(which, input, house),
        })?;
        about.findings.extend(wrong);
        write_bytes(&request.output, &clothed.bytes, request.force)?;
        Ok(DocumentOutcome {
            output: request.output.clone(),
            wijk: about.wijk,
            level: about.level,
            missed_styles: clothed.missed,
            faint_styles: clothed.faint,
            first_page_left_out: clothed.first_page_left_out,
            cramped_tables: clothed.cramped,
            mute_pictures: clothed.mute_pictures,
            unfilled: clothed.unfilled,
            language: clothed.language,
            protected: clothed.protected,
            findings: about.findings,
        })
    }

    /// What can be put in a template of a document, with an example of each: from the workbook of `request`, or from the
    /// figures of `overview` (those that are built in, when they are about the municipality of the format) and a result and an activity that are made up.
    ///
    /// # Errors
    /// For the conversation card, which has no template; as [`Session::document`] when there is a workbook.
    pub fn block_names(
        &self,
        which: Document,
        request: Option<&DocumentRequest>,
        overview: Option<&Path>,
    ) -> Result<Vec<BlockName>> {
        let kind = which.kind()?;
        if let Some(request) = request {
            return Ok(self.with_material(request, |input| Ok(document::block_names(kind, input)))?.0);
        }
        // The names are those of the format; without figures of its municipality the examples have none.
        let (overview, ..) = self.figures_to_try(overview)?;
        let analysis = self.made_up();
        let area = inputs::wijken(&overview).first().copied().unwrap_or_default();
        let comparison = compare::compare(&self.format, &overview, area, None, Some(&analysis));
        let general = self.general(&overview, area);
        let material = Material {
            analysis: &analysis,
            comparison: &comparison,
            general: &general,
            date: Some("2026-11-22"),
            findings: 0,
        };
        Ok(document::block_names(kind, &self.report_input(&material)))
    }

    /// One result and one activity, to show what comes of them.
    fn made_up(&self) -> Analysis {
        let domein = self.format.domeinen.first().map_or_else(String::new, |domein| domein.name.clone());
        let pijler = self.format.pijlers.first().map_or_else(String::new, |pijler| pijler.name.clone());
        Analysis {
            file: "Analyse (voorbeeld).xlsx".to_owned(),
            resultaten: vec![Resultaat {
                nummer: "1".to_owned(),
                pijler: pijler.clone(),
                domein,
                resultaat: "Meer jeugdigen gaan met plezier naar school (verzonnen voorbeeld)".to_owned(),
                ..Resultaat::default()
            }],
            matrix: vec![Matrixregel {
                pijler,
                resultaat: "1".to_owned(),
                universeel: "Huiswerkklas (verzonnen)".to_owned(),
                ..Matrixregel::default()
            }],
            activiteiten: vec![Activiteit {
                activiteit: "Huiswerkklas (verzonnen)".to_owned(),
                resultaat: "1".to_owned(),
                ..Activiteit::default()
            }],
            ..Analysis::default()
        }
    }

    /// Writes an example of a template.
    ///
    /// # Errors
    /// When the target exists or cannot be written.
    pub fn example_template(&self, which: Document, output: &Path, force: bool) -> Result<()> {
        expect_extension(output, "docx")?;
        refuse_existing([output].into_iter(), force)?;
        write_bytes(output, &document::example_template(which.kind()?, &self.format)?, force)
    }

    /// Reads and compares everything that a document of one wijk is made of, and gives it to `make`.
    pub(super) fn with_material<T>(
        &self,
        request: &DocumentRequest,
        make: impl FnOnce(&ReportInput<'_>) -> Result<T>,
    ) -> Result<(T, About)> {
        let date = checked_date(request.date.as_deref())?;
        let input = self.workbook(&request.workbook, request.overview.as_deref())?;
        let named = input.named(request.wijk.as_deref())?;
        let area = named.area;
        let overview = input.overview_or_error()?;
        let comparison = compare::compare(&self.format, overview, area, input.beside(), Some(&input.analysis));
        let mut other = input.findings.clone();
        other.extend(named.remark);
        let checked = self.check_read(
            &input.analysis,
            Some(overview),
            Some(area),
            input.highlighting,
            &other,
            Some(&comparison),
        );
        let general = self.general(overview, area);
        let shown = privacy::protect_texts(&comparison, &input.analysis);
        let material = Material {
            analysis: &shown,
            comparison: &comparison,
            general: &general,
            date: date.as_deref(),
            findings: checked.findings.len(),
        };
        let done = make(&self.report_input(&material))?;
        let findings = input.open.iter().cloned().chain(checked.findings).collect();
        Ok((done, About { wijk: comparison.wijk.0, level: checked.level, findings }))
    }

    /// One document, in the house style when there is one.
    pub(super) fn make(
        &self,
        which: Document,
        material: &Material<'_>,
        house: Option<(String, Vec<u8>)>,
    ) -> Result<document::Clothed> {
        let input = self.report_input(material);
        clothed(which, &input, house)
    }

    fn report_input<'m>(&'m self, material: &'m Material<'m>) -> ReportInput<'m> {
        ReportInput {
            format: &self.format,
            analysis: material.analysis,
            comparison: material.comparison,
            general: material.general,
            date: material.date.or_else(|| written_date(material.analysis)),
            workbook: &material.analysis.file,
            findings: Some(material.findings),
        }
    }

    /// The general picture of an area: the indicators that stand in no domein and under no factor.
    pub(super) fn general(&self, overview: &Overview, area: usize) -> Vec<GeneralFigure> {
        self.format
            .indicators
            .iter()
            .filter(|indicator| indicator.domein.is_none() && indicator.factoren.is_empty())
            .filter_map(|indicator| {
                let index = overview.column_index(&indicator.code)?;
                let column = overview.columns.get(index)?;
                Some(GeneralFigure {
                    name: indicator.name.clone(),
                    figure: words::figure_or_reason(
                        &overview.figure(area, index),
                        indicator.decimals,
                        &indicator.unit,
                    ),
                    period: column.period(),
                    source: column.source.clone(),
                })
            })
            .collect()
    }
}

/// The date that a person wrote at the top of a pijler tab.
fn written_date(analysis: &Analysis) -> Option<&str> {
    analysis
        .pijlers
        .iter()
        .filter_map(|tab| tab.date.as_ref())
        .map(|cell| cell.text.trim())
        .find(|t| !t.is_empty())
}

/// A date of the command line: it must be one, because it stands on the documents.
pub(super) fn checked_date(date: Option<&str>) -> Result<Option<String>> {
    let Some(text) = date else { return Ok(None) };
    match text.trim().parse::<jiff::civil::Date>() {
        Ok(date) => Ok(Some(date.to_string())),
        Err(_) => Err(Error::request(
            format!("'{text}' is geen datum"),
            "Schrijf de datum als jaar-maand-dag, bijvoorbeeld 2026-11-22.",
        )),
    }
}

/// The usual name of a document of a wijk.
pub(super) fn usual_name(which: Document, wijk: &str) -> String {
    let kind = match which {
        Document::Report => "Rapportage",
        Document::ActionPlan => "Plan van aanpak",
        Document::ConversationCard => "Gesprekskaart",
    };
    format!("{kind} {}.docx", safe_name(wijk))
}

/// A name of a wijk as part of a file name: without the signs that Windows refuses.
pub(super) fn safe_name(name: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_control() || "<>:\"/\\|?*".contains(c) { '-' } else { c }).collect();
    safe.trim().trim_end_matches('.').to_owned()
}

/// All documents, in the order in which they are made.
pub(super) const DOCUMENTS: [Document; 3] = [Document::Report, Document::ActionPlan, Document::ConversationCard];

/// Paths of all documents of a wijk in a folder.
pub(super) fn paths(folder: &Path, wijk: &str) -> Vec<(Document, PathBuf)> {
    DOCUMENTS.into_iter().map(|which| (which, folder.join(usual_name(which, wijk)))).collect()
}
