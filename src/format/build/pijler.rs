//! A pijler tab: the blocks of its domeinen, the analysis of the whole pijler and the closing table.
//!
//! Owns the order of rows on the tab and the highlighting. Must not know how cells look.

use std::collections::BTreeMap;

use rust_xlsxwriter::{ConditionalFormatFormula, Format as CellFormat, FormatAlign, Formula, IgnoreError, Note};

use super::choices::offer;
use super::overview::Layout;
use super::pages::Pages;
use super::style::{Done, Sheet, colour, height, height_of_lines, target};
use super::summary::closing_height;
use super::{Context, DefinedName, name_part};
use crate::model::{
    Direction, Domein, Factor, Figure, HighlightCell, Identity, Indicator, Kind, Pijler, QuestionDefinition,
    QuestionPlace, row_description,
};

const NUMBER: u16 = 0;
const INDICATOR: u16 = 1;
const UNIT: u16 = 2;
const SOURCE: u16 = 3;
const WIJK: u16 = 4;
const BESIDE: u16 = 5;
const BENCHMARK: u16 = 6;
const REMARK: u16 = 7;
const CODE: u16 = 8;
const ID: u16 = 9;
/// The fields of the columns, from A.
const FIELDS: [&str; 9] =
    ["nummer", "indicator", "eenheid", "bron", "wijk", "naast", "benchmark", "opmerking", "code"];
/// Widths of columns A to I in characters.
const WIDTHS: [f64; 9] = [7.0, 49.0, 30.0, 38.0, 12.0, 12.0, 12.0, 38.0, 26.0];
/// Width of a text over columns A to H.
const WHOLE_WIDTH: f64 = 195.0;
/// Row of the first label, the name of the wijk; printed pages repeat the rows up to it.
const FIRST_LABEL: u32 = 2;
/// Heights in points.
const TITLE_HEIGHT: f64 = 32.0;
const LABEL_HEIGHT: f64 = 18.0;
const BAR_HEIGHT: f64 = 26.0;
/// Three lines: some wijken have long names.
const HEADING_HEIGHT: f64 = 45.0;
/// Least height of a line over the whole width.
const LINE_HEIGHT: f64 = 17.0;
/// An empty row between two blocks.
const GAP_HEIGHT: f64 = 10.0;
const LABEL_FIELDS: [&str; 4] = ["wijk", "adviseur", "versie", "datum"];

/// What is written while the tab grows from top to bottom.
struct Writer<'c, 's, 'w> {
    sheet: &'s mut Sheet<'w>,
    context: &'c Context<'c>,
    pijler: &'c Pijler,
    layout: &'c Layout,
    names: &'s mut Vec<DefinedName>,
    row: u32,
    /// Rows with an indicator, by its number of decimals.
    figures: BTreeMap<u8, Vec<u32>>,
    placed: Vec<Placed>,
    pages: Pages,
}

/// Where an indicator stands: what the charts on the summary tab look at.
pub(super) struct Placed {
    pub(super) pijler: String,
    pub(super) domein: String,
    pub(super) code: String,
    /// The cells with the figures of wijk and benchmark and with the remark, such as `'Pijler Veilig'!E12`.
    pub(super) wijk: String,
    pub(super) benchmark: String,
    pub(super) remark: String,
    /// What stands in the benchmark's cell.
    pub(super) figure: Option<f64>,
}

/// The cell with the name of the wijk on the tab of a pijler.
pub(super) fn wijk_cell(pijler: &Pijler) -> String {
    target(&pijler.tab, "C3")
}

/// Writes the tab of one pijler and tells where its indicators stand.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    context: &Context<'_>,
    pijler: &Pijler,
    layout: &Layout,
    names: &mut Vec<DefinedName>,
) -> Done<Vec<Placed>> {
    sheet.widths(&WIDTHS)?;
    let mut writer = Writer {
        sheet,
        context,
        pijler,
        layout,
        names,
        row: 0,
        figures: BTreeMap::new(),
        placed: Vec::new(),
        pages: Pages::new(WIDTHS.get(..=usize::from(REMARK)).unwrap_or(&WIDTHS), TITLE_HEIGHT + LABEL_HEIGHT),
    };
    writer.top()?;
    for (number, domein) in (1_usize..).zip(context.format.domeinen_of(&pijler.name)) {
        writer.block(number, domein)?;
    }
    writer.whole_pijler()?;
    writer.pages.begin(writer.row);
    writer.closing_table()?;
    writer.highlight()?;
    let last = writer.row - 1;
    let placed = std::mem::take(&mut writer.placed);
    let breaks = writer.pages.breaks().to_vec();
    // Figures and closing table have headings of their own, so what is repeated is what holds for all: title and wijk.
    sheet.ws.set_repeat_rows(0, FIRST_LABEL)?;
    // A step such as 1.1 is a text; without this Excel puts a warning beside each.
    sheet.ws.ignore_error_range(0, NUMBER, last, NUMBER, IgnoreError::NumberStoredAsText)?;
    sheet.ws.set_page_breaks(&breaks)?;
    sheet.ws.set_column_hidden(CODE)?;
    sheet.ws.set_column_hidden(ID)?;
    sheet.ws.set_freeze_panes(1, 2)?;
    sheet.ws.set_print_area(0, 0, last, REMARK)?;
    Ok(placed)
}

impl Writer<'_, '_, '_> {
    fn defined(&mut self, part: &str, row: u32, col: u16) {
        let name = format!("WA_{}_{part}", name_part(&self.pijler.tab));
        self.names.push(DefinedName::cell(name, &self.pijler.tab, row, col));
    }

    fn top(&mut self) -> Done {
        let (look, context) = (self.context.look, self.context);
        let colour = colour(&self.pijler.colour);
        let title = format!("{}: {}", self.pijler.tab, self.pijler.heading);
        self.sheet.wide(0, NUMBER, BENCHMARK, &title, &look.bar(colour).set_font_size(18))?;
        let contents = context.format.tab("inhoudsopgave");
        self.sheet.link(0, REMARK, &format!("naar {contents}"), (contents, "A1"), &look.bar_link(colour))?;
        self.sheet.ws.set_row_height(0, TITLE_HEIGHT)?;
        self.sheet.column_ids(1, "pijler", (NUMBER..).zip(FIELDS))?;

        let wijk = context.options.wijk.as_deref().unwrap_or("");
        for (row, field) in (FIRST_LABEL..).zip(LABEL_FIELDS) {
            let label = context.heading("kopgegevens", field);
            self.sheet.text(row, INDICATOR, &label, &look.label)?;
            let value = if field == "wijk" { wijk } else { "" };
            self.sheet.wide(
                row,
                UNIT,
                SOURCE,
                value,
                &look.room.clone().set_align(FormatAlign::VerticalCenter),
            )?;
            self.high(row, LABEL_HEIGHT)?;
            self.defined(field, row, UNIT);
            self.sheet.id(row, ID, &Identity::Label(field.to_owned()))?;
        }
        let explanation = context.text("pijler-uitleg").replace("{benchmark}", &context.format.benchmark.1);
        // Beside the labels that are not repeated on every page.
        self.sheet.ws.merge_range(
            FIRST_LABEL + 1,
            BENCHMARK,
            FIRST_LABEL + 3,
            REMARK,
            &explanation,
            &look.quiet,
        )?;
        self.sheet.ws.write_blank(
            FIRST_LABEL + 1,
            BESIDE,
            &look.cell.clone().set_background_color(super::style::colour(&context.format.highlight_colour)),
        )?;
        self.row = 7;
        Ok(())
    }

    /// Sets the height of a row and counts it. A row that does not go on the page begins the next one, so that what follows is
    /// where it is counted on, whatever room a printer has.
    fn high(&mut self, row: u32, height: f64) -> Done {
        self.pages.keep(row, height, height);
        self.sheet.ws.set_row_height(row, height)?;
        self.pages.add(height);
        Ok(())
    }

    /// A line over columns A to H.
    fn line(&mut self, text: &str, style: &CellFormat) -> Done {
        self.line_of(text, style, line_height(text))
    }

    fn line_of(&mut self, text: &str, style: &CellFormat, height: f64) -> Done {
        self.sheet.wide(self.row, NUMBER, REMARK, text, style)?;
        self.high(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    /// Rows of figures that do not fit on the page begin the next one, under the headings.
    fn room_for(&mut self, height: f64) -> Done {
        if self.pages.fits(height) {
            return Ok(());
        }
        self.pages.begin(self.row);
        self.column_headings()
    }

    fn section(&mut self, key: &str) -> Done {
        let style = self.context.look.section.clone();
        self.line(self.context.text(key), &style)
    }

    fn block(&mut self, number: usize, domein: &Domein) -> Done {
        let (look, context) = (self.context.look, self.context);
        let colour = colour(&self.pijler.colour);
        if number > 1 {
            self.pages.begin(self.row);
        }
        let heading = format!("Domein: {}", domein.name);
        let tab = domein.factorenmodel_tab.as_str();
        self.sheet.wide(self.row, NUMBER, BENCHMARK, &heading, &look.bar(colour))?;
        self.sheet.id(self.row, ID, &Identity::Domein(domein.id.clone()))?;
        self.sheet.link(self.row, REMARK, &format!("naar {tab}"), (tab, "A1"), &look.bar_link(colour))?;
        self.high(self.row, BAR_HEIGHT)?;
        self.row += 1;
        let ambition = format!("{}: {}", context.text("domein-ambitie"), domein.ambitie);
        self.line(&ambition, &look.cell)?;

        let placement = context.format.placement(&domein.name);
        let shown: Vec<&Indicator> = placement.iter().flat_map(|(_, list)| list.iter().copied()).collect();
        // 'Direct' counts for the domein's own figures: a figure under a factor says nothing of the domein itself.
        let own: Vec<&Indicator> =
            placement.iter().filter(|(factor, _)| factor.is_none()).flat_map(|(_, list)| list.clone()).collect();
        if shown.is_empty() {
            self.line(context.text("domein-zonder-cijfers"), &look.notice)?;
        } else if !own.is_empty() && own.iter().all(|indicator| indicator.kind != Kind::Direct) {
            // Without a figure of its own there is none that approximates.
            self.line(context.text("domein-zonder-direct"), &look.notice)?;
        }
        self.column_headings()?;

        let mut step = 0;
        let mut without: Vec<&str> = Vec::new();
        let mut factors_started = false;
        for (factor, indicators) in &placement {
            match factor {
                None => self.section("domein-eigen-indicatoren")?,
                Some(factor) => {
                    let above: Vec<&str> = shown
                        .iter()
                        .filter(|i| {
                            i.factoren.contains(&factor.name) && !indicators.iter().any(|j| j.code == i.code)
                        })
                        .map(|i| i.name.as_str())
                        .collect();
                    if indicators.is_empty() && above.is_empty() {
                        without.push(&factor.name);
                        continue;
                    }
                    let text = self.factor_text(factor, &above);
                    let next = indicators.first().map_or(0.0, |indicator| self.indicator_height(indicator));
                    let line = if factors_started { 0.0 } else { line_height("") };
                    self.room_for(line + factor_height(&factor_name(context, factor), &text) + next)?;
                    if !factors_started {
                        self.section("domein-factor-indicatoren")?;
                        factors_started = true;
                    }
                    self.factor_row(factor, &text)?;
                }
            }
            for indicator in indicators {
                step += 1;
                self.room_for(self.indicator_height(indicator))?;
                self.indicator_row(&format!("{number}.{step}"), domein, indicator)?;
            }
        }
        self.missing(domein, &without)?;
        self.keep_questions(number);
        self.section("domein-vragen")?;
        self.questions(QuestionPlace::Domein, Some(domein))?;
        self.gap()
    }

    /// An empty row. It begins no page: what follows does, when it does not fit.
    fn gap(&mut self) -> Done {
        self.sheet.ws.set_row_height(self.row, GAP_HEIGHT)?;
        if self.pages.fits(GAP_HEIGHT) {
            self.pages.add(GAP_HEIGHT);
        }
        self.row += 1;
        Ok(())
    }

    /// The questions of a domein stay together on a page, with their heading; those of the last domein with the analysis of the
    /// whole pijler, which would else have a page to itself.
    fn keep_questions(&mut self, number: usize) {
        let heading = line_height(self.context.text("domein-vragen"));
        let asked = self.asked(QuestionPlace::Domein);
        let all = heading + asked.iter().sum::<f64>();
        let first = heading + asked.first().unwrap_or(&0.0);
        let analysis = GAP_HEIGHT + BAR_HEIGHT + self.asked(QuestionPlace::Pijler).iter().sum::<f64>();
        let last = number == self.context.format.domeinen_of(&self.pijler.name).count();
        let together = if last && self.pages.go_on_one(all + analysis) { all + analysis } else { all };
        self.pages.keep(self.row, together, first);
    }

    /// Heights of the questions of a place.
    fn asked(&self, place: QuestionPlace) -> Vec<f64> {
        let questions = self.context.format.questions.iter().filter(|question| question.place == place);
        questions.map(question_height).collect()
    }

    fn column_headings(&mut self) -> Done {
        let (look, context) = (self.context.look, self.context);
        let colour = colour(&self.pijler.colour);
        let row = self.row;
        let text = |field: &str| context.heading("pijler", field);
        let heading = look.heading(colour);
        for (col, field) in [
            (NUMBER, "nummer"),
            (INDICATOR, "indicator"),
            (UNIT, "eenheid"),
            (SOURCE, "bron"),
            (REMARK, "opmerking"),
            (CODE, "code"),
        ] {
            self.sheet.text(row, col, &text(field), &heading)?;
        }
        let figure = look.figure_heading(colour);
        let wijk = context.options.wijk.clone().unwrap_or_else(|| text("wijk"));
        self.sheet.text(row, WIJK, &wijk, &figure)?;
        self.sheet.text(row, BESIDE, &text("naast"), &figure)?;
        self.sheet.text(row, BENCHMARK, &context.format.benchmark.1, &figure)?;
        self.high(row, HEADING_HEIGHT)?;
        self.sheet.id(row, ID, &Identity::Headings)?;
        self.row += 1;
        Ok(())
    }

    /// What a factor is, and which figures about it stand above.
    fn factor_text(&self, factor: &Factor, above: &[&str]) -> String {
        let mut text = factor.explanation.clone();
        if !above.is_empty() {
            let list = self.context.text("factor-elders").replace("{indicatoren}", &above.join("; "));
            text = format!("{text} ({list})");
        }
        text
    }

    fn factor_row(&mut self, factor: &Factor, text: &str) -> Done {
        let (look, context) = (self.context.look, self.context);
        let name = factor_name(context, factor);
        let kind = match factor.kind {
            crate::model::FactorKind::Risico => &look.risk,
            crate::model::FactorKind::Beschermend => &look.protective,
        };
        let row = self.row;
        self.sheet.text(row, NUMBER, "", &look.cell)?;
        self.sheet.text(row, INDICATOR, &name, &look.factor)?;
        self.sheet.id(row, ID, &Identity::Factor(factor.id.clone()))?;
        self.sheet.text(row, UNIT, factor.kind.words(), kind)?;
        self.sheet.wide(row, SOURCE, REMARK, text, &look.quiet_boxed())?;
        self.high(row, factor_height(&name, text))?;
        self.row += 1;
        Ok(())
    }

    /// What stands in columns C and D of an indicator.
    fn unit_and_source(&self, indicator: &Indicator) -> (String, String) {
        match self.layout.place(self.context, indicator) {
            Some(at) => {
                let column = at.column;
                let unit =
                    row_description(&column.unit, &column.edition, &column.year, &column.doelgroep, &column.kind);
                (unit, column.source.clone())
            }
            None => {
                let unit = row_description(
                    &indicator.unit.name,
                    &indicator.edition,
                    &indicator.year,
                    &indicator.doelgroep,
                    indicator.kind.word(),
                );
                (unit, indicator.source.clone())
            }
        }
    }

    fn indicator_height(&self, indicator: &Indicator) -> f64 {
        let (unit, source) = self.unit_and_source(indicator);
        height(&[(&indicator.name, 49.0), (&unit, 30.0), (&source, 38.0)])
    }

    fn indicator_row(&mut self, number: &str, domein: &Domein, indicator: &Indicator) -> Done {
        let (look, context) = (self.context.look, self.context);
        let row = self.row;
        let place = self.layout.place(context, indicator);
        let (unit, source) = self.unit_and_source(indicator);
        let source = source.as_str();
        self.sheet.text(row, NUMBER, number, &look.centre)?;
        match &place {
            Some(at) => {
                let to = (context.format.tab("overzicht"), at.cell.as_str());
                self.sheet.link(row, INDICATOR, &indicator.name, to, &look.link)?;
                self.sheet.link(row, SOURCE, source, to, &look.link)?;
            }
            None => {
                self.sheet.text(row, INDICATOR, &indicator.name, &look.cell)?;
                self.sheet.text(row, SOURCE, source, &look.cell)?;
            }
        }
        self.sheet.text(row, UNIT, &unit, &look.cell)?;
        let figure = look.figure(indicator.decimals);
        for col in [WIJK, BESIDE] {
            self.sheet.ws.write_blank(row, col, &figure)?;
        }
        let benchmark = look.benchmark(indicator.decimals);
        match place.as_ref().and_then(|at| at.benchmark) {
            Some(Figure::Known { value, .. }) => {
                self.sheet.ws.write_number_with_format(row, BENCHMARK, value, &benchmark)?;
            }
            Some(Figure::Missing(missing)) if !missing.sign().is_empty() => {
                self.sheet.text(row, BENCHMARK, missing.sign(), &benchmark)?;
            }
            _ => {
                self.sheet.ws.write_blank(row, BENCHMARK, &benchmark)?;
            }
        }
        self.sheet.text(row, REMARK, "", &look.room)?;
        self.sheet.text(row, CODE, &indicator.code, &look.cell)?;
        self.sheet.id(row, ID, &Identity::Indicator(indicator.code.clone()))?;
        self.sheet.ws.insert_note(row, INDICATOR, &note(indicator))?;
        self.high(row, height(&[(&indicator.name, 49.0), (&unit, 30.0), (source, 38.0)]))?;
        self.figures.entry(indicator.decimals).or_default().push(row);
        let cell = |col: u16| {
            target(&self.pijler.tab, &format!("{}{}", crate::model::column_letters(u32::from(col)), row + 1))
        };
        self.placed.push(Placed {
            pijler: self.pijler.name.clone(),
            domein: domein.name.clone(),
            code: indicator.code.clone(),
            wijk: cell(WIJK),
            benchmark: cell(BENCHMARK),
            remark: cell(REMARK),
            figure: place.and_then(|at| at.benchmark).and_then(|figure| figure.value()),
        });
        self.row += 1;
        Ok(())
    }

    /// What people would want to know and no open source tells.
    fn missing(&mut self, domein: &Domein, factoren_without: &[&str]) -> Done {
        let (look, context) = (self.context.look, self.context);
        let wanted: Vec<_> = context.format.wanted.iter().filter(|w| w.domein == domein.name).collect();
        if wanted.is_empty() && factoren_without.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<String> = wanted
            .iter()
            .map(|wanted| match wanted.holder.as_str() {
                "" => format!("–  {}", wanted.figure),
                holder => format!("–  {} (mogelijk bij: {holder})", wanted.figure),
            })
            .collect();
        if !factoren_without.is_empty() {
            lines.push(format!("–  {}: {}", context.text("domein-factoren-zonder"), factoren_without.join("; ")));
        }
        let heights = || lines.iter().map(|text| line_height(text));
        let heading = line_height(context.text("domein-ontbrekend"));
        self.pages.keep(self.row, heading + heights().sum::<f64>(), heading + heights().take(2).sum::<f64>());
        self.section("domein-ontbrekend")?;
        lines.iter().try_for_each(|text| self.line(text, &look.cell))
    }

    fn questions(&mut self, place: QuestionPlace, domein: Option<&Domein>) -> Done {
        let questions: Vec<&QuestionDefinition> =
            self.context.format.questions.iter().filter(|question| question.place == place).collect();
        for (index, question) in questions.into_iter().enumerate() {
            let letter = u8::try_from(index % 26).map_or('a', |index| char::from(b'a' + index));
            self.question(letter, question, domein)?;
        }
        Ok(())
    }

    fn question(&mut self, letter: char, question: &QuestionDefinition, domein: Option<&Domein>) -> Done {
        let (look, context) = (self.context.look, self.context);
        let row = self.row;
        self.sheet.text(row, NUMBER, &letter.to_string(), &look.centre)?;
        match domein.filter(|_| question.links_to_factorenmodel) {
            Some(domein) => {
                let to = (domein.factorenmodel_tab.as_str(), "A1");
                self.sheet.link(row, INDICATOR, &question.text, to, &look.link.clone().set_bold())?;
            }
            None => self.sheet.text(row, INDICATOR, &question.text, &look.strong)?,
        }
        self.sheet.wide(row, UNIT, REMARK, "", &look.room)?;
        self.sheet.id(row, ID, &Identity::Question(question.code.clone()))?;
        if let Some(list) = list_of(&question.code) {
            offer(self.sheet, context.format, (row, UNIT, row, UNIT), list)?;
        }
        self.high(row, question_height(question))?;
        self.row += 1;
        Ok(())
    }

    fn whole_pijler(&mut self) -> Done {
        if !self.context.format.questions.iter().any(|question| question.place == QuestionPlace::Pijler) {
            return Ok(());
        }
        let look = self.context.look;
        let bar = look.bar(colour(&self.pijler.colour));
        let title = format!("Analyse pijler {}", self.pijler.name);
        let asked = self.asked(QuestionPlace::Pijler);
        let first = BAR_HEIGHT + asked.first().unwrap_or(&0.0);
        self.pages.keep(self.row, BAR_HEIGHT + asked.iter().sum::<f64>(), first);
        self.line_of(&title, &bar, BAR_HEIGHT)?;
        self.questions(QuestionPlace::Pijler, None)?;
        self.gap()
    }

    fn closing_table(&mut self) -> Done {
        let (look, context) = (self.context.look, self.context);
        let bar = look.bar(colour(&self.pijler.colour));
        self.line_of(&format!("Slottabel pijler {}", self.pijler.name), &bar, BAR_HEIGHT)?;
        self.line(context.text("slottabel-uitleg"), &look.quiet)?;
        let heading = look.heading(colour(&self.pijler.colour));
        let text = |field: &str| context.heading("slottabel", field);
        let fields = [
            (NUMBER, "domein"),
            (UNIT, "cijfers"),
            (SOURCE, "factoren"),
            (WIJK, "leeftijdsfase"),
            (BENCHMARK, "leefgebied"),
            (REMARK, "conclusie"),
        ];
        self.sheet.column_ids(self.row, "slottabel", fields)?;
        self.row += 1;
        let row = self.row;
        self.sheet.id(row, ID, &Identity::Closing)?;
        self.defined("slottabel", row, NUMBER);
        self.sheet.wide(row, NUMBER, INDICATOR, &text("domein"), &heading)?;
        self.sheet.text(row, UNIT, &text("cijfers"), &heading)?;
        self.sheet.text(row, SOURCE, &text("factoren"), &heading)?;
        self.sheet.wide(row, WIJK, BESIDE, &text("leeftijdsfase"), &heading)?;
        self.sheet.text(row, BENCHMARK, &text("leefgebied"), &heading)?;
        self.sheet.text(row, REMARK, &text("conclusie"), &heading)?;
        self.sheet.ws.set_row_height(row, 24.0)?;
        self.row += 1;
        let first = self.row;
        for domein in context.format.domeinen_of(&self.pijler.name) {
            let row = self.row;
            self.sheet.wide(row, NUMBER, INDICATOR, &domein.name, &look.strong)?;
            self.sheet.id(row, ID, &Identity::ClosingRow(domein.id.clone()))?;
            self.sheet.text(row, UNIT, "", &look.proposal)?;
            self.sheet.text(row, SOURCE, "", &look.proposal)?;
            self.sheet.wide(row, WIJK, BESIDE, "", &look.room)?;
            self.sheet.text(row, BENCHMARK, "", &look.room)?;
            self.sheet.text(row, REMARK, "", &look.room)?;
            let tall = closing_height(context.format, domein, (WIDTHS[2], WIDTHS[3]));
            self.sheet.ws.set_row_height(row, tall)?;
            self.row += 1;
        }
        let last = self.row - 1;
        offer(self.sheet, context.format, (first, SOURCE, last, SOURCE), "Lijst_factor")?;
        offer(self.sheet, context.format, (first, WIJK, last, WIJK), "Lijst_leeftijdsfase")?;
        offer(self.sheet, context.format, (first, BENCHMARK, last, BENCHMARK), "Lijst_leefgebied")
    }

    /// The live highlighting (`spec/analysis-workbook.md`, 'Highlighting'): per number of decimals one rule for
    /// column E and one for F over all its rows. The formula is written for the topmost row; Excel moves it along.
    fn highlight(&mut self) -> Done {
        let fill = CellFormat::new().set_background_color(colour(&self.context.format.highlight_colour));
        for (decimals, rows) in &self.figures {
            let Some(first) = rows.first() else { continue };
            for (col, letter, empty_too) in [(WIJK, 'E', true), (BESIDE, 'F', false)] {
                let ranges: Vec<String> = runs(rows)
                    .iter()
                    .map(|(from, to)| {
                        if from == to {
                            format!("{letter}{}", from + 1)
                        } else {
                            format!("{letter}{}:{letter}{}", from + 1, to + 1)
                        }
                    })
                    .collect();
                let benchmark = u32::from(BENCHMARK);
                let cell =
                    HighlightCell { col: u32::from(col), row: *first, benchmark, decimals: *decimals, empty_too };
                let rule = ConditionalFormatFormula::new()
                    .set_rule(Formula::new(cell.formula()))
                    .set_format(&fill)
                    .set_multi_range(ranges.join(" "));
                self.sheet.ws.add_conditional_format(*first, col, *first, col, &rule)?;
            }
        }
        Ok(())
    }
}

fn factor_name(context: &Context<'_>, factor: &Factor) -> String {
    let rank = match context.format.rank(&factor.name) {
        Some(rank) => format!("ranking {rank}"),
        None => "zonder ranking".to_owned(),
    };
    format!("Factor: {} ({rank})", factor.name)
}

fn factor_height(name: &str, text: &str) -> f64 {
    height(&[(name, 45.0), (text, 38.0 + 36.0 + 38.0)])
}

fn line_height(text: &str) -> f64 {
    height(&[(text, WHOLE_WIDTH)]).max(LINE_HEIGHT)
}

/// Height of a question with room for its answer: so much that the questions of a domein and those of the pijler go on one page.
fn question_height(question: &QuestionDefinition) -> f64 {
    let room = match (question.code.as_str(), question.place) {
        ("leeftijdsfase" | "leefgebied", _) => 2,
        (_, QuestionPlace::Pijler) => 8,
        ("analyse", _) => 6,
        _ => 4,
    };
    height(&[(&question.text, 45.0)]).max(height_of_lines(room))
}

/// Successive rows as (first, last).
fn runs(rows: &[u32]) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == *row => *last = *row,
            _ => out.push((*row, *row)),
        }
    }
    out
}

/// The choice list that belongs to a question.
fn list_of(code: &str) -> Option<&'static str> {
    match code {
        "factoren" => Some("Lijst_factor"),
        "leeftijdsfase" => Some("Lijst_leeftijdsfase"),
        "leefgebied" => Some("Lijst_leefgebied"),
        _ => None,
    }
}

/// The note on an indicator: what it measures and how to read it.
fn note(indicator: &Indicator) -> Note {
    let reading = match indicator.direction {
        Direction::HigherIsBetter => "Hoger is gunstig.",
        Direction::LowerIsBetter => "Lager is gunstig.",
        Direction::Neutral => "Hoger of lager is niet beter of slechter.",
    };
    let mut text = format!("{}\n\n{reading}\nMeetwijze: {}.", indicator.definition, indicator.method);
    if indicator.estimate {
        text.push_str("\nHet cijfer is een schatting met een model.");
    }
    if !indicator.renewal.is_empty() {
        text.push_str(&format!("\nVernieuwing: {}.", indicator.renewal));
    }
    let tall = u32::try_from(super::style::lines(&text, 48.0)).unwrap_or(8) * 17 + 16;
    Note::new(text).set_author("Wijkanalyse").add_author_prefix(false).set_width(340).set_height(tall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successive_rows_are_one_range() {
        assert_eq!(runs(&[3, 4, 5, 8, 10, 11]), [(3, 5), (8, 8), (10, 11)]);
    }
}
