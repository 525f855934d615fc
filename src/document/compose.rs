//! Puts a draft into Word with docx-rs.
//!
//! Says nothing about what docx-rs lacks: tags, heading rows, language and the rest are put right by `finish`,
//! which gets them through the names given here (the alias of a content control is `tag|title`).

use std::collections::BTreeSet;

use docx_rs::{
    BreakType, Docx, FieldCharType, Footer, HeightRule, Hyperlink, HyperlinkType, InstrText, PageMargin,
    PageOrientationType, PageSize, Paragraph, Run, SectionProperty, StructuredDataTag, StructuredDataTagChild,
    TableCell, TableLayoutType, TableRow, WidthType, XMLDocx,
};

use super::content::{Cell, Draft, Look, Part, Style, Table};
use super::fit;
use super::listed::{self, Piece};
use super::words::printable;
use crate::package::xml_escape;

/// Width and height of A4 in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);

/// The uncompressed parts as docx-rs makes them.
pub(super) fn compose(draft: &Draft) -> XMLDocx {
    let landscape = draft.parts.iter().any(|part| matches!(part, Part::Landscape { .. }));
    let mut composer = Composer { margin: draft.margin, headings: headings(&draft.parts), ..Composer::default() };
    let mut docx = Docx::new().footer(footer(&draft.footer)).page_margin(margin(draft.margin));
    docx = if landscape {
        docx.page_size(A4.1, A4.0).page_orient(PageOrientationType::Landscape)
    } else {
        docx.page_size(A4.0, A4.1)
    };
    for part in &draft.parts {
        docx = composer.add(docx, part);
    }
    docx.build()
}

/// Level and text of the headings that stand in the table of contents.
fn headings(parts: &[Part]) -> Vec<(usize, String)> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Heading { level, text } if *level <= 3 => Some((*level, in_one(text))),
            _ => None,
        })
        .collect()
}

/// A heading without tabs: in the table of contents a tab leads to the number of the page.
fn in_one(text: &str) -> String {
    printable(text).replace('\t', " ")
}

fn margin(all: u32) -> PageMargin {
    let all = i32::try_from(all).unwrap_or(1134);
    PageMargin { top: all, left: all, bottom: all, right: all, header: 567, footer: 567, gutter: 0 }
}

/// Wijk and version on the left, page numbers on the right.
fn footer(left: &str) -> Footer {
    let paragraph = Paragraph::new()
        .style("Voettekst")
        // A long name leaves no room for the tab; the blank keeps it apart from the number then.
        .add_run(Run::new().add_text(printable(left) + " "))
        .add_run(Run::new().add_tab().add_text("Pagina\u{a0}"));
    // What is about the pages goes to the next line as a whole.
    let paragraph = field(paragraph, "PAGE").add_run(Run::new().add_text("\u{a0}van\u{a0}"));
    Footer::new().add_paragraph(field(paragraph, "NUMPAGES"))
}

fn field(paragraph: Paragraph, instruction: &str) -> Paragraph {
    paragraph
        .add_run(Run::new().add_field_char(FieldCharType::Begin, false))
        .add_run(Run::new().add_instr_text(InstrText::Unsupported(format!(" {instruction} "))))
        .add_run(Run::new().add_field_char(FieldCharType::Separate, false))
        .add_run(Run::new().add_text("1"))
        .add_run(Run::new().add_field_char(FieldCharType::End, false))
}

#[derive(Default)]
struct Composer {
    margin: u32,
    headings: Vec<(usize, String)>,
    bookmarks: usize,
    tags: BTreeSet<String>,
}

impl Composer {
    fn add(&mut self, docx: Docx, part: &Part) -> Docx {
        match part {
            Part::Heading { level, text } => docx.add_paragraph(self.heading(*level, text)),
            Part::Text { style, text } => {
                paragraphs(*style, text).into_iter().fold(docx, |docx, made| docx.add_paragraph(made))
            }
            Part::Table(table) => docx.add_table(self.table(table)),
            Part::Chart(_) => docx.add_paragraph(chart()),
            Part::Block { tag, title, parts } => docx.add_structured_data_tag(self.block(tag, title, parts)),
            Part::Prompt { tag, text } => {
                docx.add_structured_data_tag(self.prompt(tag, text, Style::Free, false, None))
            }
            Part::Contents => docx.add_structured_data_tag(self.contents()),
            Part::Landscape { text } => {
                let upright = SectionProperty::new()
                    .page_size(PageSize::new().size(A4.0, A4.1))
                    .page_margin(margin(self.margin));
                docx.add_paragraph(paragraph(Style::Rule, text).section_property(upright))
            }
        }
    }

    fn heading(&mut self, level: usize, text: &str) -> Paragraph {
        let style = format!("Kop{level}");
        let run = Run::new().add_text(in_one(text));
        if level > 3 {
            return Paragraph::new().style(&style).add_run(run);
        }
        self.bookmarks += 1;
        Paragraph::new()
            .style(&style)
            .add_bookmark_start(self.bookmarks, bookmark(self.bookmarks))
            .add_run(run)
            .add_bookmark_end(self.bookmarks)
    }

    /// The tag with the title, unique in the document.
    fn alias(&mut self, tag: &str, title: &str) -> String {
        let mut unique = tag.to_owned();
        let mut number = 2;
        while !self.tags.insert(unique.clone()) {
            unique = format!("{tag}-{number}");
            number += 1;
        }
        let title: String = title.chars().take(60).collect();
        // docx-rs escapes texts, but not this attribute.
        format!("{unique}|{}", xml_escape(&printable(&title).replace('\n', " ")))
    }

    fn block(&mut self, tag: &str, title: &str, parts: &[Part]) -> StructuredDataTag {
        let mut block = StructuredDataTag::new().alias(self.alias(tag, title));
        for part in parts {
            block = match part {
                Part::Heading { level, text } => block.add_paragraph(self.heading(*level, text)),
                Part::Text { style, text } => {
                    paragraphs(*style, text).into_iter().fold(block, |block, made| block.add_paragraph(made))
                }
                Part::Table(table) => block.add_table(self.table(table)),
                Part::Chart(_) => block.add_paragraph(chart()),
                Part::Block { tag, title, parts } => {
                    let inner = self.block(tag, title, parts);
                    block.children.push(StructuredDataTagChild::StructuredDataTag(Box::new(inner)));
                    block
                }
                Part::Prompt { tag, text } => {
                    let inner = self.prompt(tag, text, Style::Free, false, None);
                    block.children.push(StructuredDataTagChild::StructuredDataTag(Box::new(inner)));
                    block
                }
                // These belong to the document as a whole and are never put inside a block.
                Part::Contents | Part::Landscape { .. } => block,
            };
        }
        block
    }

    /// A prompt in a control around a paragraph, in cells as well. (LibreOffice loses styles and line breaks in every
    /// control after the first one that lies inside a paragraph.)
    fn prompt(
        &mut self,
        tag: &str,
        text: &str,
        style: Style,
        kept: bool,
        letter: Option<usize>,
    ) -> StructuredDataTag {
        // The brackets make a prompt recognisable without its style too: in plain text, or by ear.
        let run = Run::new().style("Invulinstructie").add_text(format!("[{}]", printable(text)));
        let paragraph = Paragraph::new().style(style.id()).add_run(smaller(run, letter));
        StructuredDataTag::new().alias(self.alias(tag, "Hier schrijft u")).add_paragraph(if kept {
            paragraph.keep_next(true)
        } else {
            paragraph
        })
    }

    /// A field with its result already in place, so that nobody has to press a key to see it. The result has no
    /// page numbers: only a word processor knows them, and a wrong number is worse than none. Word is not told to renew
    /// fields on opening (`w:updateFields`): it then asks everyone a question about links to other files.
    fn contents(&mut self) -> StructuredDataTag {
        let mut contents = StructuredDataTag::new()
            .alias(self.alias("wa:inhoud", "Inhoudsopgave"))
            .add_paragraph(Paragraph::new().style("Kopvaninhoudsopgave").add_run(Run::new().add_text("Inhoud")));
        let last = self.headings.len();
        for (number, (level, text)) in self.headings.iter().enumerate().map(|(n, heading)| (n + 1, heading)) {
            let mut entry = Paragraph::new().style(&format!("Inhopg{level}"));
            if number == 1 {
                entry = entry
                    .add_run(Run::new().add_field_char(FieldCharType::Begin, false))
                    .add_run(
                        Run::new()
                            .add_instr_text(InstrText::Unsupported(" TOC \\o \"1-3\" \\h \\z \\u ".to_owned())),
                    )
                    .add_run(Run::new().add_field_char(FieldCharType::Separate, false));
            }
            entry = entry.add_hyperlink(
                Hyperlink::new(bookmark(number), HyperlinkType::Anchor)
                    .add_run(Run::new().style("Hyperlink").add_text(printable(text))),
            );
            if number == last {
                entry = entry.add_run(Run::new().add_field_char(FieldCharType::End, false));
            }
            contents = contents.add_paragraph(entry);
        }
        contents
    }

    fn table(&mut self, table: &Table) -> docx_rs::Table {
        let mut rows = Vec::new();
        if !table.header.is_empty() {
            let cells = table
                .header
                .iter()
                .zip(&table.widths)
                .enumerate()
                .map(|(column, (name, width))| {
                    TableCell::new().width(*width, WidthType::Dxa).add_paragraph(
                        Paragraph::new()
                            .style(heading_style(table, column))
                            .add_run(smaller(run(name), table.letter)),
                    )
                })
                .collect();
            rows.push(TableRow::new(cells).cant_split());
        }
        for (row, kept) in table.rows.iter().zip(fit::kept(table)) {
            let cells = row
                .iter()
                .zip(&table.widths)
                .map(|(cell, width)| self.cell(cell, *width, kept, table.letter))
                .collect();
            let mut row = TableRow::new(cells).cant_split();
            if let Some(height) = table.row_height {
                row = row.row_height(f32::from(u16::try_from(height).unwrap_or(u16::MAX)));
                row = row.height_rule(HeightRule::Exact);
            }
            rows.push(row);
        }
        let style = match table.look {
            Look::Data => "WijkTabel",
            Look::Form => "WijkFormulier",
            Look::Writing => "WijkSchrijf",
        };
        docx_rs::Table::new(rows)
            .set_grid(table.widths.clone())
            .width(table.widths.iter().sum(), WidthType::Dxa)
            .layout(TableLayoutType::Fixed)
            .style(style)
    }

    /// `kept`: the row stays on the page of the next one. `letter`: size of smaller letters.
    fn cell(&mut self, cell: &Cell, width: usize, kept: bool, letter: Option<usize>) -> TableCell {
        let keep = |paragraph: Paragraph| if kept { paragraph.keep_next(true) } else { paragraph };
        let mut made = TableCell::new().width(width, WidthType::Dxa);
        for (style, text) in &cell.lines {
            // Small print is small already.
            let small = matches!(style, Style::CellSmall | Style::CellFigureSmall);
            let letter = letter.map(|size| if small { size.min(16) } else { size });
            for (style, text, _) in lines(*style, text) {
                let written = Paragraph::new().style(style.id()).add_run(smaller(run(&text), letter));
                made = made.add_paragraph(keep(written));
            }
        }
        if let Some((tag, text)) = &cell.prompt {
            made = made.add_structured_data_tag(self.prompt(tag, text, Style::CellText, kept, letter));
        }
        if cell.lines.is_empty() && cell.prompt.is_none() {
            made = made.add_paragraph(keep(Paragraph::new().style(Style::CellText.id())));
        }
        made
    }
}

/// Headings above figures stand to the right, like the figures.
fn heading_style(table: &Table, column: usize) -> &'static str {
    let figures = |row: &Vec<Cell>| {
        row.get(column).and_then(|cell| cell.lines.first()).is_some_and(|(style, _)| *style == Style::CellFigure)
    };
    match table.look {
        Look::Writing => Style::CellLabel.id(),
        _ if !table.rows.is_empty() && table.rows.iter().any(figures) => "Tabelkopcijfer",
        _ => "Tabelkop",
    }
}

/// The run in smaller letters, in half points.
fn smaller(run: Run, letter: Option<usize>) -> Run {
    match letter {
        Some(size) => run.size(size),
        None => run,
    }
}

fn bookmark(number: usize) -> String {
    format!("_Toc{:09}", 417_000_000 + number)
}

/// The paragraphs of a text: what people typed as a list is one. What introduces a list stays on its page.
fn paragraphs(style: Style, text: &str) -> Vec<Paragraph> {
    let one = |(style, text, introduces): (Style, String, bool)| {
        let made = paragraph(style, &text);
        if introduces { made.keep_next(true) } else { made }
    };
    lines(style, text).into_iter().map(one).collect()
}

/// The paragraphs of a text with their styles; the last is true for what introduces a list.
fn lines(style: Style, text: &str) -> Vec<(Style, String, bool)> {
    let (Some(point), Some(number)) = (style.point(), style.numbered()) else {
        return vec![(style, text.to_owned(), false)];
    };
    let pieces = listed::pieces(text);
    let next = pieces.iter().skip(1).map(|next| matches!(next, Piece::Item(_) | Piece::Numbered(_)));
    let introduces: Vec<bool> = next.chain([false]).collect();
    pieces
        .into_iter()
        .zip(introduces)
        .map(|(piece, before_item)| match piece {
            Piece::Plain(text) => (style, text, before_item),
            Piece::Item(text) => (point, text, false),
            // A point with a number may have points below it.
            Piece::Numbered(text) => (number, text, before_item),
        })
        .collect()
}

fn paragraph(style: Style, text: &str) -> Paragraph {
    let mut paragraph = Paragraph::new().style(style.id());
    // '::' parts label and explanation; only our own guide lines come here, never people's texts.
    if style == Style::Guide
        && let Some((label, rest)) = text.split_once("::")
    {
        paragraph = paragraph.add_run(run(label).style("Nadruk"));
        return paragraph.add_run(run(rest));
    }
    paragraph.add_run(run(text))
}

/// The paragraph in which `finish` puts a chart: docx-rs knows none. Its style is used for nothing else.
fn chart() -> Paragraph {
    Paragraph::new().style(Style::Chart.id())
}

/// A run with the text's line breaks and tabs.
fn run(text: &str) -> Run {
    let mut run = Run::new();
    for (number, line) in printable(text).split('\n').enumerate() {
        if number > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        for (number, piece) in line.split('\t').enumerate() {
            if number > 0 {
                run = run.add_tab();
            }
            if !piece.is_empty() {
                run = run.add_text(piece);
            }
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_in_a_name_is_a_blank_in_headings_and_contents() {
        let part = Part::Heading { level: 2, text: "Huiswerk\tklas".to_owned() };
        assert_eq!(headings(&[part]), [(2, "Huiswerk klas".to_owned())]);
    }
}
