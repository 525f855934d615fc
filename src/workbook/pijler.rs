//! A pijler tab: label cells, domein blocks, indicator rows, factor rows, questions and the closing table.
//!
//! Owns turning a grid into a [`PijlerTab`]. Must not read files; must not judge figures.

use super::layout::{DomeinHeading, HeadingRow, answer_cell, cell_beside, heading_row, identified_row, quoted};
use super::lexicon::{Lexicon, PLACES, factor_name};
use super::names::without_numbering;
use super::sheet::{Cell, Sheet};
use super::tables;
use crate::finding::{Finding, Level, Place};
use crate::model::{
    CellRef, DomeinBlock, Identity, IndicatorRow, PijlerTab, Question, QuestionPlace, TextCell, ValueCell,
    nearest, normalise,
};

/// Reads a pijler tab. What cannot be understood becomes a finding that names the tab and what was looked for.
pub(crate) fn read_pijler(sheet: &Sheet, pijler: &str, lexicon: &Lexicon<'_>) -> (PijlerTab, Vec<Finding>) {
    let mut reader = Reader {
        sheet,
        lexicon,
        tab: PijlerTab {
            pijler: pijler.to_owned(),
            tab: sheet.name.clone(),
            wijk: None,
            adviseur: None,
            version: None,
            date: None,
            headings: Vec::new(),
            columns: Vec::new(),
            blocks: Vec::new(),
            questions: Vec::new(),
            closing: Vec::new(),
        },
        findings: Vec::new(),
        columns: None,
        factor: None,
        stray_rows: Vec::new(),
        meant: Vec::new(),
    };
    reader.labels();
    reader.rows();
    reader.missing_parts();
    (reader.tab, reader.findings)
}

/// What a finding about a domein is about.
fn missing_domein(domein: &str) -> String {
    format!("domein {domein}")
}

/// A domein that stands on the tab of another pijler is reported there; that its own tab lacks it says the same.
pub(crate) fn drop_found_elsewhere(tabs: &[PijlerTab], findings: &mut Vec<Finding>) {
    let found: Vec<String> =
        tabs.iter().flat_map(|tab| &tab.blocks).map(|block| missing_domein(&block.domein)).collect();
    findings.retain(|finding| {
        finding.code != "domein-ontbreekt"
            || !finding.place.subject.as_ref().is_some_and(|subject| found.contains(subject))
    });
}

pub(super) struct Reader<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) lexicon: &'a Lexicon<'a>,
    pub(super) tab: PijlerTab,
    pub(super) findings: Vec<Finding>,
    /// The columns of the last heading row.
    pub(super) columns: Option<HeadingRow>,
    /// The factor under which the next rows stand.
    pub(super) factor: Option<String>,
    /// Rows with figures that stand under no domein.
    pub(super) stray_rows: Vec<u32>,
    /// Domeinen that a heading of an unknown domein may stand for.
    pub(super) meant: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn report(
        &mut self,
        code: &str,
        level: Level,
        at: Option<(u32, u32)>,
        found: String,
        expected: String,
        advice: &str,
    ) {
        let place = match at {
            Some((row, col)) => Place::cell(&CellRef::new(&self.sheet.name, row, col)),
            None => Place::tab(&self.sheet.name),
        };
        self.findings.push(Finding::new(code, level, place, found, expected, advice));
    }

    fn text_cell(&self, row: u32, col: u32) -> TextCell {
        TextCell { at: CellRef::new(&self.sheet.name, row, col), text: self.sheet.text(row, col) }
    }

    fn value_cell(&self, row: u32, col: u32) -> ValueCell {
        let cell: Option<&Cell> = self.sheet.cell(row, col);
        ValueCell {
            at: CellRef::new(&self.sheet.name, row, col),
            value: cell.map(|cell| cell.value.clone()).unwrap_or_default(),
            percent_format: cell.is_some_and(Cell::percent),
            formula: cell.is_some_and(|cell| cell.formula),
        }
    }

    fn is_heading_row(&self, row: u32) -> bool {
        self.headings_at(row).is_some()
    }

    /// The column headings in a row: by the ids of row and columns, else by their texts.
    fn headings_at(&self, row: u32) -> Option<HeadingRow> {
        if self.sheet.row_id(row) == Some(&Identity::Headings)
            && let Some(heading) = identified_row(self.sheet, &self.lexicon.pijler, "pijler", row)
        {
            return Some(heading);
        }
        heading_row(self.sheet, &self.lexicon.pijler, row, &["indicator"], 3)
    }

    /// The label cells above the first block.
    fn labels(&mut self) {
        let sheet = self.sheet;
        let lexicon = self.lexicon;
        for row in sheet.rows() {
            let starts_block = sheet.row(row).any(|(col, _)| {
                matches!(lexicon.domeinen.heading(&sheet.text(row, col)), DomeinHeading::Known(_, true))
            });
            let is_block = matches!(sheet.row_id(row), Some(Identity::Domein(_)));
            if starts_block || is_block || self.is_heading_row(row) {
                return;
            }
            let mut labels: Vec<(u32, String)> = sheet
                .row(row)
                .filter_map(|(col, _)| Some((col, lexicon.labels.field(&sheet.text(row, col))?.to_owned())))
                .collect();
            if let (true, Some(Identity::Label(field)), Some((col, _))) =
                (labels.is_empty(), sheet.row_id(row), sheet.row(row).next())
            {
                labels.push((col, field.clone()));
            }
            self.labels_with_value(row);
            for (col, field) in labels {
                // A wijk may be called what a label is called only where it stands right of another label.
                let is_label = |text: &str| lexicon.labels.field(text).is_some();
                let (row, col) = cell_beside(sheet, row, col, is_label);
                let cell = self.text_cell(row, col);
                self.take_label(&field, cell);
            }
        }
    }

    /// A label with its value in one cell: `Wijk: Bospolder`.
    fn labels_with_value(&mut self, row: u32) {
        let sheet = self.sheet;
        for (col, _) in sheet.row(row) {
            let text = sheet.text(row, col);
            let Some((label, value)) = text.split_once(':') else { continue };
            let Some(field) = self.lexicon.labels.field(label).map(str::to_owned) else { continue };
            if !value.trim().is_empty() {
                let cell = TextCell { at: CellRef::new(&sheet.name, row, col), text: value.trim().to_owned() };
                self.take_label(&field, cell);
            }
        }
    }

    fn take_label(&mut self, field: &str, cell: TextCell) {
        let slot = match field {
            "wijk" => &mut self.tab.wijk,
            "adviseur" => &mut self.tab.adviseur,
            "versie" => &mut self.tab.version,
            "datum" => &mut self.tab.date,
            _ => return,
        };
        slot.get_or_insert(cell);
    }

    fn rows(&mut self) {
        let sheet = self.sheet;
        let mut skip_to = 0;
        for row in sheet.rows() {
            if row < skip_to {
                continue;
            }
            if let Some(heading) = tables::closing_heading(sheet, self.lexicon, row) {
                let (closing, below, findings) = tables::read_closing(sheet, self.lexicon, &heading);
                self.tab.closing.extend(closing);
                self.findings.extend(findings);
                self.factor = None;
                skip_to = below;
                continue;
            }
            if let Some(heading) = self.headings_at(row) {
                self.open_domein(row);
                skip_to = heading.below();
                self.take_columns(heading);
                continue;
            }
            if self.open_domein(row) {
                continue;
            }
            if let Some(below) = self.question(row) {
                skip_to = below;
                continue;
            }
            if let Some(below) = self.table_row(row) {
                skip_to = below;
            }
        }
    }

    /// Opens a block when the row is the heading of a domein.
    fn open_domein(&mut self, row: u32) -> bool {
        let sheet = self.sheet;
        let format = self.lexicon.format;
        if let Some(Identity::Domein(id)) = sheet.row_id(row)
            && let Some(name) = self.lexicon.domein_of(id)
            && !self.tab.blocks.iter().any(|block| block.domein == name)
        {
            self.start_block(name.to_owned(), row);
            return true;
        }
        for (col, _) in sheet.row(row) {
            match self.lexicon.domeinen.heading(&sheet.text(row, col)) {
                DomeinHeading::Known(name, labelled) => {
                    // A bare name is a heading only when nothing of an indicator stands in its row.
                    if !labelled && !self.bare_heading(row, col) {
                        continue;
                    }
                    let name = name.to_owned();
                    if let Some(first) = self.tab.blocks.iter().find(|block| block.domein == name) {
                        let found = format!(
                            "Op het tabblad '{}' staat het domein {name} twee keer (rij {} en rij {}).",
                            sheet.name,
                            first.row + 1,
                            row + 1
                        );
                        self.report(
                            "domein-dubbel",
                            Level::Waarschuwing,
                            Some((row, col)),
                            found,
                            "Eén blok per domein.".to_owned(),
                            "Voeg de twee blokken samen of hernoem er een.",
                        );
                    }
                    self.start_block(name, row);
                    return true;
                }
                DomeinHeading::Unknown(name) => {
                    let near = nearest(&name, format.domeinen.iter().map(|domein| domein.name.as_str()));
                    let expected = if near.is_empty() {
                        format!(
                            "Een van: {}.",
                            quoted(&format.domeinen.iter().map(|d| d.name.as_str()).collect::<Vec<_>>())
                        )
                    } else {
                        format!("Lijkt op: {}.", quoted(&near))
                    };
                    let found = format!(
                        "Het domein '{name}' op het tabblad '{}' komt niet voor in het format.",
                        sheet.name
                    );
                    self.report("domein-onbekend", Level::Fout, Some((row, col)), found, expected,
                        "Schrijf het domein zoals in het format, of voeg de naam als variant toe aan domeinen.csv.");
                    self.meant.extend(near);
                    self.start_block(name, row);
                    return true;
                }
                DomeinHeading::None => {}
            }
        }
        false
    }

    fn start_block(&mut self, domein: String, row: u32) {
        self.tab.blocks.push(DomeinBlock { domein, row, indicators: Vec::new(), questions: Vec::new() });
        self.factor = None;
    }

    fn bare_heading(&self, row: u32, col: u32) -> bool {
        let Some(columns) = &self.columns else {
            return self.sheet.row(row).filter(|(at, _)| *at != col).count() <= 1;
        };
        let empty = |field: &str| columns.col(field).is_none_or(|at| at == col || self.sheet.is_blank(row, at));
        col <= columns.col("indicator").unwrap_or(col)
            && ["eenheid", "bron", "wijk", "naast", "benchmark", "code"].iter().all(|field| empty(field))
    }

    /// Reads a question with its answer; returns the first row below both.
    fn question(&mut self, row: u32) -> Option<u32> {
        let sheet = self.sheet;
        let lexicon = self.lexicon;
        let by_text =
            sheet.row(row).find_map(|(col, _)| Some((col, lexicon.question(&sheet.text(row, col), PLACES)?)));
        let (col, (code, place)) = self.question_by_id(row, by_text.map(|(col, _)| col)).or(by_text)?;
        let (answer, below) = self.answer(row, col);
        let question = Question { code: Some(code.to_owned()), text: sheet.text(row, col), answer };
        self.add_question(question, place);
        Some(below)
    }

    /// The question that the id of a row names, unless it was met before: then the row is somebody's copy.
    fn question_by_id(&self, row: u32, col: Option<u32>) -> Option<(u32, (&str, QuestionPlace))> {
        let Some(Identity::Question(code)) = self.sheet.row_id(row) else { return None };
        let (code, place) = self.lexicon.question_of(code, PLACES)?;
        let met = match (place, self.tab.blocks.last()) {
            (QuestionPlace::Domein, Some(block)) => &block.questions,
            _ => &self.tab.questions,
        };
        if met.iter().any(|question| question.code.as_deref() == Some(code)) {
            return None;
        }
        let named = self.columns.as_ref().and_then(|columns| columns.col("indicator"));
        let col = col.or(named).or_else(|| self.sheet.row(row).next().map(|(col, _)| col))?;
        Some((col, (code, place)))
    }

    fn add_question(&mut self, question: Question, place: QuestionPlace) {
        match (place, self.tab.blocks.last_mut()) {
            (QuestionPlace::Domein, Some(block)) => block.questions.push(question),
            _ => self.tab.questions.push(question),
        }
    }

    fn answer(&self, row: u32, col: u32) -> (TextCell, u32) {
        let sheet = self.sheet;
        let last_col = self
            .columns
            .as_ref()
            .and_then(|columns| {
                columns
                    .col("opmerking")
                    .or_else(|| columns.columns.iter().filter(|(f, _)| *f != "code").map(|(_, c)| *c).max())
            })
            .unwrap_or(col + 1);
        let known = |row: u32, col: u32| {
            let text = sheet.text(row, col);
            let name = normalise(&text);
            self.lexicon.question(&text, PLACES).is_some()
                || self.lexicon.indicators.contains_key(&name)
                || self.lexicon.factoren.contains_key(&name)
                || factor_name(&text).labelled
                || text.ends_with('?')
                || !matches!(self.lexicon.domeinen.heading(&text), DomeinHeading::None)
                || self.is_heading_row(row)
                || tables::closing_heading(sheet, self.lexicon, row).is_some()
        };
        let (at_row, at_col) = answer_cell(sheet, row, col, last_col, known);
        let (_, _, bottom, _) = sheet.area(at_row, at_col);
        (self.text_cell(at_row, at_col), bottom.max(sheet.area(row, col).2).max(row) + 1)
    }

    /// Reads a row under the headings: an indicator, a factor or an unknown question. Returns the first row
    /// below it when it takes more than one.
    fn table_row(&mut self, row: u32) -> Option<u32> {
        let sheet = self.sheet;
        let columns = self.columns.clone()?;
        let name_col = columns.col("indicator")?;
        let mut name = sheet.text(row, name_col);
        let mut at = name_col;
        let filled =
            |field: &str| columns.col(field).is_some_and(|col| col != name_col && !sheet.is_blank(row, col));
        let has_data = ["eenheid", "bron", "wijk", "naast", "benchmark"].iter().any(|field| filled(field));
        let mut code = columns.col("code").map(|col| sheet.text(row, col)).unwrap_or_default();
        match sheet.row_id(row) {
            Some(Identity::Factor(id)) if code.is_empty() => {
                if let Some(name) = self.lexicon.factor_of(id) {
                    self.factor = Some(name.to_owned());
                    return None;
                }
            }
            Some(Identity::Indicator(id)) if code.is_empty() && has_data => code.clone_from(id),
            _ => {}
        }
        if name.is_empty() {
            // A factor row may start in the column of the numbering.
            if let Some((col, _)) = sheet.row(row).find(|(col, _)| *col < name_col) {
                at = col;
                name = sheet.text(row, col);
            }
        }
        let factor = factor_name(&name);
        let is_indicator = !code.is_empty() || has_data;
        // A bare name of a factor, with at most its ranking or an explanation beside it.
        let has_figures = ["wijk", "naast", "benchmark"].iter().any(|field| filled(field));
        let bare_factor = code.is_empty()
            && !has_figures
            && self.lexicon.factor(&factor.name).is_some()
            && !(has_data && self.lexicon.indicators.contains_key(&normalise(&name)));
        if factor.labelled || bare_factor {
            self.open_factor(row, at, &factor.name);
            return None;
        }
        if name.is_empty() && !is_indicator {
            return None;
        }
        // The answer to a question of the advisor's own may begin in the column of the unit.
        let asks = code.is_empty() && !has_figures && name.trim_end().ends_with('?');
        let known = self.indicator(row, name_col, &name, &code, is_indicator && !asks);
        if known.is_some() || (is_indicator && at == name_col && !asks) {
            self.add_indicator(row, &columns, known, name);
        } else if at == name_col && name.trim_end().ends_with('?') {
            let (answer, below) = self.answer(row, at);
            let near = nearest(&name, self.lexicon.format.questions.iter().map(|question| question.text.as_str()));
            if !near.is_empty() {
                self.report(
                    "vraag-onbekend",
                    Level::Opmerking,
                    Some((row, at)),
                    format!("De vraag '{name}' staat niet zo in het format."),
                    format!("Lijkt op: {}.", quoted(&near)),
                    "Laat de vraag staan als die zo bedoeld is, of zet de tekst van het format terug.",
                );
            }
            self.add_question(Question { code: None, text: name, answer }, QuestionPlace::Domein);
            return Some(below);
        }
        None
    }

    fn open_factor(&mut self, row: u32, col: u32, name: &str) {
        if let Some(known) = self.lexicon.factor(name) {
            self.factor = Some(known.to_owned());
            return;
        }
        let near = nearest(name, self.lexicon.factoren.values().copied());
        let expected = if near.is_empty() {
            "Een factor uit een factorenmodel of uit de ranking.".to_owned()
        } else {
            format!("Lijkt op: {}.", quoted(&near))
        };
        let found = format!("De factor '{name}' komt niet voor in het format.");
        self.report(
            "factor-onbekend",
            Level::Waarschuwing,
            Some((row, col)),
            found,
            expected,
            "Schrijf de factor zoals op het tabblad van het factorenmodel, of voeg hem toe aan factoren.csv.",
        );
        self.factor = Some(name.to_owned());
    }

    /// The code of the indicator in a row: by the hidden code, then by the name. Never by likeness.
    fn indicator(&mut self, row: u32, col: u32, name: &str, code: &str, report: bool) -> Option<String> {
        let lexicon = self.lexicon;
        let by_name = lexicon
            .indicators
            .get(&normalise(name))
            .or_else(|| lexicon.indicators.get(&normalise(without_numbering(name))));
        let by_code = (!code.is_empty())
            .then(|| lexicon.format.indicators.iter().find(|i| i.code.eq_ignore_ascii_case(code.trim())))
            .flatten();
        let subject = || Place::cell(&CellRef::new(&self.sheet.name, row, col));
        match (by_code, by_name) {
            (Some(indicator), Some(codes)) if !codes.contains(&indicator.code.as_str()) => {
                let found = format!(
                    "In deze rij staat de indicator '{name}', maar de verborgen code '{code}' hoort bij '{}'.",
                    indicator.name
                );
                self.findings.push(Finding::new("code-en-naam-verschillen", Level::Fout, subject(), found,
                    "De naam en de code horen bij dezelfde indicator.",
                    "Maak de code in de verborgen kolom leeg, of zet de naam van het format terug. Deze rij wordt niet gevuld."));
                None
            }
            (Some(indicator), _) => Some(indicator.code.clone()),
            (None, Some(codes)) => {
                match codes.as_slice() {
                    [one] => Some((*one).to_owned()),
                    several => {
                        let domein = self.tab.blocks.last().map(|block| block.domein.as_str());
                        let here: Vec<&&str> = several
                            .iter()
                            .filter(|code| {
                                lexicon
                                    .format
                                    .indicator(code)
                                    .is_some_and(|i| i.domein.as_deref() == domein && domein.is_some())
                            })
                            .collect();
                        if let [one] = here.as_slice() {
                            return Some((**one).to_owned());
                        }
                        self.findings.push(Finding::new("indicator-dubbelzinnig", Level::Fout, subject(),
                        format!("De naam '{name}' hoort bij meer dan één indicator: {}.", quoted(several)),
                        "Een naam die bij één indicator hoort, of een code in de verborgen kolom.",
                        "Zet de code van de bedoelde indicator in de kolom 'code'. Deze rij wordt niet gevuld."));
                        None
                    }
                }
            }
            (None, None) => {
                if report {
                    let names = lexicon.format.indicators.iter().map(|i| i.name.as_str());
                    let near = nearest(name, names);
                    let expected = if near.is_empty() {
                        "Een indicator uit het format.".to_owned()
                    } else {
                        format!("Lijkt op: {}.", quoted(&near))
                    };
                    let found = if name.is_empty() {
                        format!("Deze rij heeft cijfers maar geen naam, en de code '{code}' is niet bekend.")
                    } else {
                        format!("De indicator '{name}' komt niet voor in het format.")
                    };
                    self.findings.push(Finding::new("indicator-onbekend", Level::Waarschuwing, subject(), found, expected,
                        "Schrijf de naam zoals in het format, of voeg de indicator toe aan indicatoren.csv. Deze rij wordt niet gevuld."));
                }
                None
            }
        }
    }

    fn add_indicator(&mut self, row: u32, columns: &HeadingRow, code: Option<String>, name: String) {
        let Some(wijk) = columns.col("wijk") else { return };
        let text = |field: &str| columns.col(field).map(|col| self.text_cell(row, col));
        let value = |field: &str| columns.col(field).map(|col| self.value_cell(row, col));
        let indicator = IndicatorRow {
            row,
            code,
            name,
            factor: self.factor.clone(),
            unit: text("eenheid"),
            source: text("bron"),
            wijk: self.value_cell(row, wijk),
            beside: value("naast"),
            benchmark: value("benchmark"),
            remark: text("opmerking"),
            retyped: false,
        };
        match self.tab.blocks.last_mut() {
            Some(block) => block.indicators.push(indicator),
            None => self.stray_rows.push(row),
        }
    }

    /// What the tab as a whole lacks.
    fn missing_parts(&mut self) {
        let format = self.lexicon.format;
        let tab = self.sheet.name.clone();
        let pijler = self.tab.pijler.clone();
        if self.columns.is_none() {
            self.report("kolommen-ontbreken", Level::Fout, None,
                format!("Op het tabblad '{tab}' is geen rij met kolomkoppen gevonden."),
                "Gezocht is naar een rij met 'Indicator' en nog ten minste twee bekende koppen, zoals 'Bron' en 'Wat valt op?'.".to_owned(),
                "Zet de kolomkoppen van het format terug, of voeg de gebruikte koppen als variant toe aan kolommen.csv.");
        }
        if let Some(first) = self.stray_rows.first() {
            let found = format!(
                "Op het tabblad '{tab}' {} met een indicator boven het eerste domein, vanaf rij {}.",
                match self.stray_rows.len() {
                    1 => "staat 1 rij".to_owned(),
                    more => format!("staan {more} rijen"),
                },
                first + 1
            );
            self.report(
                "rij-zonder-domein",
                Level::Fout,
                None,
                found,
                "Boven de rijen een kop 'Domein: ...'.".to_owned(),
                "Zet de naam van het domein boven de rijen.",
            );
        }
        for domein in format.domeinen_of(&pijler) {
            // A heading that was reported as unknown and looks like this domein says it already.
            let told = self.meant.contains(&domein.name);
            if !told && !self.tab.blocks.iter().any(|block| block.domein == domein.name) {
                let names: Vec<&str> = std::iter::once(domein.name.as_str())
                    .chain(domein.variants.iter().map(String::as_str))
                    .collect();
                self.findings.push(Finding::new(
                    "domein-ontbreekt",
                    Level::Fout,
                    Place::tab(&tab).about(missing_domein(&domein.name)),
                    format!("Op het tabblad '{tab}' is het domein {} niet gevonden.", domein.name),
                    format!("Gezocht is naar een kop met {}.", quoted(&names)),
                    "Zet de kop 'Domein: ...' boven het blok.",
                ));
            }
        }
        let strangers: Vec<(u32, String)> = self
            .tab
            .blocks
            .iter()
            .filter(|block| format.domein(&block.domein).is_some_and(|domein| domein.pijler != pijler))
            .map(|block| (block.row, block.domein.clone()))
            .collect();
        for (row, domein) in strangers {
            self.report(
                "domein-andere-pijler",
                Level::Waarschuwing,
                Some((row, 0)),
                format!("Het domein {domein} staat op het tabblad '{tab}', maar hoort bij een andere pijler."),
                String::new(),
                "Controleer of het blok op het goede tabblad staat.",
            );
        }
        if self.tab.closing.is_empty() && !self.tab.blocks.is_empty() {
            self.report(
                "slottabel-ontbreekt",
                Level::Waarschuwing,
                None,
                format!("Op het tabblad '{tab}' is geen slottabel gevonden."),
                "Gezocht is naar een rij met 'Domein' en koppen als 'Opvallende cijfers' en 'Conclusie'."
                    .to_owned(),
                "Voeg de slottabel van het format toe als u die wilt gebruiken.",
            );
        }
    }
}
