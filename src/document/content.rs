//! What a document says, apart from Word: headings, texts, tables, prompts and the blocks around them.
//!
//! The documents (`report`, `plan`, `card`) are written in these terms; `compose` puts them into Word.

/// A paragraph style of the house style (`templates/word/styles.xml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Body,
    /// Where people write.
    Free,
    Title,
    Subtitle,
    Bullet,
    /// A sentence that the product made: says only what the figures say.
    Figures,
    /// Written by the advisor, as written.
    Adviser,
    /// A point of a list in what the advisor wrote.
    AdviserPoint,
    /// The same with the number that the advisor typed.
    AdviserNumber,
    /// What partners said, as the advisor wrote it down.
    Partner,
    /// A point of a list in what partners said.
    PartnerPoint,
    /// The same with the number that was typed.
    PartnerNumber,
    /// A question or label above a text.
    Question,
    /// The statement of a maatschappelijk resultaat, as written.
    Result,
    /// Above a table.
    Caption,
    /// Around a chart.
    Chart,
    /// A rule by itself.
    Rule,
    /// The rule with the list that follows it.
    ListRule,
    /// How to read the document.
    Guide,
    CellText,
    CellFigure,
    /// Small, under a figure.
    CellFigureSmall,
    CellSmall,
    CellLabel,
    CellAdviser,
    CellAdviserPoint,
    CellAdviserNumber,
    CardTitle,
    CardHeading,
    CardText,
    /// A rule on the card, in small print.
    CardRule,
    CardBullet,
}

impl Style {
    /// The style of a point of a list in a person's text of this style.
    pub(super) fn point(self) -> Option<Style> {
        match self {
            Style::Adviser => Some(Style::AdviserPoint),
            Style::Partner => Some(Style::PartnerPoint),
            Style::CellAdviser => Some(Style::CellAdviserPoint),
            _ => None,
        }
    }

    /// The same for a point of which the number was typed.
    pub(super) fn numbered(self) -> Option<Style> {
        match self {
            Style::Adviser => Some(Style::AdviserNumber),
            Style::Partner => Some(Style::PartnerNumber),
            Style::CellAdviser => Some(Style::CellAdviserNumber),
            _ => None,
        }
    }

    /// The style's id in `styles.xml`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Style::Body => "Standaard",
            Style::Free => "Vrijetekst",
            Style::Title => "Titel",
            Style::Subtitle => "Ondertitel",
            Style::Bullet => "Opsomming",
            Style::Figures => "CijfersInWoorden",
            Style::Adviser => "AdviseurTekst",
            Style::AdviserPoint => "AdviseurOpsomming",
            Style::AdviserNumber => "AdviseurNummering",
            Style::Partner => "PartnerTekst",
            Style::PartnerPoint => "PartnerOpsomming",
            Style::PartnerNumber => "PartnerNummering",
            Style::Question => "Vraag",
            Style::Result => "Resultaat",
            Style::Caption => "Bijschrift",
            Style::Chart => "Grafiek",
            Style::Rule => "Regel",
            Style::ListRule => "Regelbijlijst",
            Style::Guide => "Leeswijzer",
            Style::CellText => "Tabeltekst",
            Style::CellFigure => "Tabelcijfer",
            Style::CellFigureSmall => "Tabelcijferklein",
            Style::CellSmall => "Tabelklein",
            Style::CellLabel => "Tabellabel",
            Style::CellAdviser => "Tabeladviseur",
            Style::CellAdviserPoint => "Tabeladviseuropsomming",
            Style::CellAdviserNumber => "Tabeladviseurnummering",
            Style::CardTitle => "Kaarttitel",
            Style::CardHeading => "Kaartkop",
            Style::CardText => "Kaarttekst",
            Style::CardRule => "Kaartregel",
            Style::CardBullet => "Kaartopsomming",
        }
    }
}

/// The styles of the points of a list, apart from the card, which has a list of its own.
pub(super) const POINTS: [Style; 4] =
    [Style::Bullet, Style::AdviserPoint, Style::PartnerPoint, Style::CellAdviserPoint];

/// The styles of points of which people typed the number.
pub(super) const NUMBERS: [Style; 3] = [Style::AdviserNumber, Style::PartnerNumber, Style::CellAdviserNumber];

/// One piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// A heading; level 1 to 5. Levels 1 to 3 stand in the table of contents.
    Heading { level: usize, text: String },
    /// A paragraph; line breaks in the text are kept.
    Text { style: Style, text: String },
    /// A table.
    Table(Table),
    /// A chart, in a paragraph of its own.
    Chart(super::chart::Chart),
    /// A tagged content control around other parts.
    Block { tag: String, title: String, parts: Vec<Part> },
    /// Where somebody must still write: disappears when typing starts.
    Prompt { tag: String, text: String },
    /// The table of contents.
    Contents,
    /// The last paragraph of the upright pages; what follows stands on lying pages.
    Landscape { text: String },
}

/// How a table looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Rows of data under a heading row.
    Data,
    /// Labels in the first column.
    Form,
    /// Lines to write on.
    Writing,
}

/// A table. Widths are in twentieths of a point and add up to the width of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) look: Look,
    pub(super) widths: Vec<usize>,
    /// Headings of the columns; empty when the first column holds the labels.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Exact height of the rows in twentieths of a point, for lines to write on.
    pub(super) row_height: Option<u32>,
    /// Size of its letters in half points where they are smaller than those of its styles.
    pub(super) letter: Option<usize>,
}

/// A cell: paragraphs and perhaps a prompt.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) lines: Vec<(Style, String)>,
    /// Tag and text.
    pub(super) prompt: Option<(String, String)>,
}

impl Cell {
    /// A cell with one text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Cell::styled(Style::CellText, text)
    }

    /// A cell with one text in a style.
    pub(super) fn styled(style: Style, text: impl Into<String>) -> Self {
        Cell { lines: vec![(style, text.into())], prompt: None }
    }

    /// The same cell with another paragraph, unless that is empty.
    pub(super) fn and(mut self, style: Style, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.lines.push((style, text));
        }
        self
    }

    /// A cell with a person's text; a prompt when it is empty.
    pub(super) fn written_or_prompt(text: &str, tag: &str, prompt: &str) -> Self {
        if text.trim().is_empty() {
            Cell { lines: Vec::new(), prompt: Some((tag.to_owned(), prompt.to_owned())) }
        } else {
            Cell::styled(Style::CellAdviser, text)
        }
    }
}

/// A document before it is put into Word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// `rapport`, `plan` or `gesprekskaart`.
    pub(super) kind: &'static str,
    /// The area it is about.
    pub(super) area: String,
    /// Title in the properties.
    pub(super) title: String,
    /// Author in the properties.
    pub(super) author: String,
    /// Left part of the footer.
    pub(super) footer: String,
    /// ISO date for the properties, when known.
    pub(super) date: Option<String>,
    /// Version of the format it was made with.
    pub(super) format_version: String,
    /// Margins of the pages in twentieths of a point.
    pub(super) margin: u32,
    /// The results, activities and agreements it is about.
    pub(super) subjects: Vec<super::subject::Subject>,
    pub(super) parts: Vec<Part>,
}

/// The charts among these parts, in the order of the document.
pub(super) fn charts(parts: &[Part]) -> Vec<&super::chart::Chart> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            Part::Chart(chart) => found.push(chart),
            Part::Block { parts, .. } => found.extend(charts(parts)),
            _ => {}
        }
    }
    found
}

/// A heading.
pub(super) fn heading(level: usize, text: impl Into<String>) -> Part {
    Part::Heading { level, text: text.into() }
}

/// A paragraph.
pub(super) fn text(style: Style, text: impl Into<String>) -> Part {
    Part::Text { style, text: text.into() }
}

/// A tagged content control with generated content. `tag` without the prefix `wa:`.
pub(super) fn block(tag: impl AsRef<str>, title: impl Into<String>, parts: Vec<Part>) -> Part {
    Part::Block { tag: format!("wa:{}", tag.as_ref()), title: title.into(), parts }
}

/// A person's text in a content control of its own, or nothing when it is empty.
pub(super) fn written(tag: impl AsRef<str>, label: &str, style: Style, written: &str) -> Vec<Part> {
    if written.trim().is_empty() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    if !label.is_empty() {
        parts.push(text(Style::Question, label));
    }
    parts.push(block(format!("tekst:{}", tag.as_ref()), label, vec![text(style, written)]));
    parts
}

/// A prompt. `tag` without the prefix `wa:vul:`.
pub(super) fn prompt(tag: impl AsRef<str>, text: impl Into<String>) -> Part {
    Part::Prompt { tag: prompt_tag(tag), text: text.into() }
}

/// The full tag of a prompt.
pub(super) fn prompt_tag(tag: impl AsRef<str>) -> String {
    format!("wa:vul:{}", tag.as_ref())
}

/// A form of labels and cells.
pub(super) fn form(widths: [usize; 2], rows: Vec<(String, Cell)>) -> Part {
    Part::Table(Table {
        look: Look::Form,
        widths: widths.to_vec(),
        header: Vec::new(),
        rows: rows.into_iter().map(|(label, cell)| vec![Cell::styled(Style::CellLabel, label), cell]).collect(),
        row_height: None,
        letter: None,
    })
}

/// A table with a heading row.
pub(super) fn data(columns: &[(&str, usize)], rows: Vec<Vec<Cell>>) -> Part {
    Part::Table(Table {
        look: Look::Data,
        widths: columns.iter().map(|(_, width)| *width).collect(),
        header: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        rows,
        row_height: None,
        letter: None,
    })
}

/// A short, stable form of a name for use in a tag (Word allows 64 characters in all).
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    for word in crate::model::normalise(name).split(' ') {
        if !out.is_empty() && out.len() + word.len() > 27 {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.extend(word.chars().take(24));
    }
    out
}
