//! The product's own layout of the overview: which labels it has and how it is written (`spec/overview.md`).
//!
//! Owns the labels and the order of rows; how a figure is written is [`super::Figure::stored`]. It stands in the model,
//! because the tab of a new workbook, the replaced tab of a person's workbook and the csv are all written in it,
//! and reading must give back what was written. Knows no files.

use super::cell::CellValue;
use super::definition::Format;
use super::name::normalise;
use super::overview::{Column, Overview};

/// Beginning of the title in the first cell; the edition follows behind a colon.
pub const OVERVIEW_TITLE: &str = "Indicatoren overzicht (naslag)";

/// The rows above the figures, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are the labels as written")]
pub enum Label {
    Code,
    Indicator,
    Definitie,
    Pijler,
    Domein,
    Factoren,
    Eenheid,
    Decimalen,
    Richting,
    Doelgroep,
    Soort,
    Editie,
    Peiljaar,
    Bron,
    Meetwijze,
    Vernieuwing,
}

/// Asked for every row of a tab: long texts and texts with a digit are no label and no heading.
fn may_be_heading(text: &str) -> bool {
    text.len() <= 40 && !text.bytes().any(|byte| byte.is_ascii_digit())
}

impl Label {
    /// All labels in the order in which they are written.
    pub const ALL: [Label; 16] = [
        Label::Code,
        Label::Indicator,
        Label::Definitie,
        Label::Pijler,
        Label::Domein,
        Label::Factoren,
        Label::Eenheid,
        Label::Decimalen,
        Label::Richting,
        Label::Doelgroep,
        Label::Soort,
        Label::Editie,
        Label::Peiljaar,
        Label::Bron,
        Label::Meetwijze,
        Label::Vernieuwing,
    ];

    /// The label as written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Label::Code => "Code",
            Label::Indicator => "Indicator",
            Label::Definitie => "Definitie",
            Label::Pijler => "Pijler",
            Label::Domein => "Domein",
            Label::Factoren => "Factor(en)",
            Label::Eenheid => "Eenheid",
            Label::Decimalen => "Decimalen",
            Label::Richting => "Richting",
            Label::Doelgroep => "Doelgroep",
            Label::Soort => "Soort (direct / benadering)",
            Label::Editie => "Jaar of editie",
            Label::Peiljaar => "Peiljaar",
            Label::Bron => "Bron",
            Label::Meetwijze => "Meetwijze",
            Label::Vernieuwing => "Vernieuwing",
        }
    }

    /// What this label is called in `kolommen.csv` (table `overzicht`) and in the name of its cell, whatever stands in it.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Label::Code => "code",
            Label::Indicator => "indicator",
            Label::Definitie => "definitie",
            Label::Pijler => "pijler",
            Label::Domein => "domein",
            Label::Factoren => "factoren",
            Label::Eenheid => "eenheid",
            Label::Decimalen => "decimalen",
            Label::Richting => "richting",
            Label::Doelgroep => "doelgroep",
            Label::Soort => "soort",
            Label::Editie => "editie",
            Label::Peiljaar => "peiljaar",
            Label::Bron => "bron",
            Label::Meetwijze => "meetwijze",
            Label::Vernieuwing => "vernieuwing",
        }
    }

    /// The label that a cell holds, in any spelling that is known.
    #[must_use]
    pub fn of(text: &str) -> Option<Label> {
        if !may_be_heading(text) {
            return None;
        }
        Some(match normalise(text).as_str() {
            "code" | "indicatorcode" | "code indicator" => Label::Code,
            "indicator" | "naam indicator" | "indicatornaam" => Label::Indicator,
            "definitie" | "omschrijving" => Label::Definitie,
            "pijler" => Label::Pijler,
            "domein" => Label::Domein,
            "factor en" | "factor" | "factoren" => Label::Factoren,
            "eenheid" => Label::Eenheid,
            "decimalen" | "aantal decimalen" => Label::Decimalen,
            "richting" => Label::Richting,
            "doelgroep" => Label::Doelgroep,
            "soort direct benadering" | "soort" => Label::Soort,
            "jaar of editie" | "editie" | "jaar" | "jaar editie" => Label::Editie,
            "peiljaar" | "peildatum" => Label::Peiljaar,
            "bron" => Label::Bron,
            "meetwijze" => Label::Meetwijze,
            "vernieuwing" => Label::Vernieuwing,
            _ => return None,
        })
    }

    /// What stands in this row for a column.
    fn cell(self, column: &Column) -> CellValue {
        let text = match self {
            Label::Code => column.code.clone(),
            Label::Indicator => column.name.clone(),
            Label::Definitie => column.definition.clone(),
            Label::Pijler => column.pijler.clone(),
            Label::Domein => column.domein.clone(),
            Label::Factoren => column.factoren.join(" | "),
            Label::Eenheid => column.unit.clone(),
            Label::Decimalen => return CellValue::Number(f64::from(column.decimals)),
            Label::Richting => column.direction.clone(),
            Label::Doelgroep => column.doelgroep.clone(),
            Label::Soort => column.kind.clone(),
            Label::Editie => column.edition.clone(),
            Label::Peiljaar => column.year.clone(),
            Label::Bron => column.source.clone(),
            Label::Meetwijze => column.method.clone(),
            Label::Vernieuwing => column.renewal.clone(),
        };
        if text.is_empty() { CellValue::Empty } else { CellValue::Text(text) }
    }
}

/// The headings above the areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the headings as written")]
pub enum Heading {
    Gebiedscode,
    Naam,
    Niveau,
    ValtOnder,
}

impl Heading {
    /// As written, in columns A to D.
    pub const ALL: [(Heading, &'static str); 4] = [
        (Heading::Gebiedscode, "Gebiedscode"),
        (Heading::Naam, "Naam"),
        (Heading::Niveau, "Niveau"),
        (Heading::ValtOnder, "Valt onder"),
    ];

    /// What this heading is called in `kolommen.csv` (table `overzicht`) and in the name of its cell.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Heading::Gebiedscode => "gebiedscode",
            Heading::Naam => "naam",
            Heading::Niveau => "niveau",
            Heading::ValtOnder => "valt_onder",
        }
    }

    /// The heading that a cell holds, in any spelling that is known.
    #[must_use]
    pub fn of(text: &str) -> Option<Heading> {
        if !may_be_heading(text) {
            return None;
        }
        match normalise(text).as_str() {
            "gebiedscode" | "code gebied" | "gebiedcode" | "cbs code" => Some(Heading::Gebiedscode),
            "naam" | "naam gebied" | "gebiedsnaam" => Some(Heading::Naam),
            "niveau" | "soort gebied" => Some(Heading::Niveau),
            "valt onder" | "ligt in" => Some(Heading::ValtOnder),
            _ => None,
        }
    }
}

/// The overview as rows of cells in the product's own layout: title, sixteen labelled rows, a heading row, then the
/// areas, with figures from column E on. Figures are numbers in the indicator's own unit (percentages 0 to 100).
#[must_use]
pub fn overview_rows(overview: &Overview) -> Vec<Vec<CellValue>> {
    let text = |text: &str| if text.is_empty() { CellValue::Empty } else { CellValue::Text(text.to_owned()) };
    let mut rows = vec![vec![CellValue::Text(if overview.edition.is_empty() {
        OVERVIEW_TITLE.to_owned()
    } else {
        format!("{OVERVIEW_TITLE}: {}", overview.edition)
    })]];
    for label in Label::ALL {
        let mut row = vec![text(label.text()), CellValue::Empty, CellValue::Empty, CellValue::Empty];
        row.extend(overview.columns.iter().map(|column| label.cell(column)));
        rows.push(row);
    }
    let mut row: Vec<CellValue> = Heading::ALL.iter().map(|(_, heading)| text(heading)).collect();
    row.extend(overview.columns.iter().map(|column| text(&column.name)));
    rows.push(row);
    for (index, area) in overview.areas.iter().enumerate() {
        let parent = area.parent.as_deref().unwrap_or_default();
        let mut row = vec![text(&area.code), text(&area.name), text(area.level.word()), text(parent)];
        row.extend(
            overview
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| overview.figure(index, at).stored(column.is_estimate())),
        );
        rows.push(row);
    }
    rows
}

/// As [`overview_rows`], for the tab of a workbook of this format: where an indicator of the format belongs is for the format to say.
/// An overview of before has the former names of pijlers, domeinen and factoren, which may be those of others now.
#[must_use]
pub fn placed_overview_rows(overview: &Overview, format: &Format) -> Vec<Vec<CellValue>> {
    let mut rows = overview_rows(overview);
    // The title stands above the labels.
    for (label, row) in Label::ALL.into_iter().zip(rows.iter_mut().skip(1)) {
        if !matches!(label, Label::Pijler | Label::Domein | Label::Factoren) {
            continue;
        }
        for (cell, column) in row.iter_mut().skip(Heading::ALL.len()).zip(&overview.columns) {
            let Some(indicator) = format.indicator(&column.code) else { continue };
            let domein = indicator.domein.as_deref().and_then(|name| format.domein(name));
            *cell = label.cell(&Column {
                pijler: domein.map(|domein| domein.pijler.clone()).unwrap_or_default(),
                domein: indicator.domein.clone().unwrap_or_default(),
                factoren: indicator.factoren.clone(),
                ..Column::default()
            });
        }
    }
    rows
}

/// A number as Dutch text: comma for decimals, no thousands, as many decimals as it has.
#[must_use]
pub fn dutch_number(value: f64) -> String {
    // Display of f64 is the shortest text that reads back as the same number, never with an exponent.
    format!("{value}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_and_heading_is_recognised_as_it_is_written() {
        for label in Label::ALL {
            assert_eq!(Label::of(label.text()), Some(label));
            assert_eq!(Label::of(&label.text().to_uppercase()), Some(label));
        }
        for (heading, text) in Heading::ALL {
            assert_eq!(Heading::of(text), Some(heading));
        }
        assert_eq!(Label::of("Codering"), None);
    }
}
