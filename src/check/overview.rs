//! The workbook against the overview: figures, benchmark, year and source.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::is_fraction_of;
use super::rules::finding;
use super::{Context, Row, in_words, ranges, shared_place};
use crate::finding::{Finding, Place};
use crate::model::words::{self, equal_as_shown, figure, number};
use crate::model::{CellRef, CellValue, Column, Figure, TextCell, ValueCell, normalise};

impl Context<'_> {
    /// The overview's figure of an area for a row; `None` without overview, area or column.
    pub(crate) fn figure(&self, area: Option<usize>, row: &Row<'_>) -> Option<Figure> {
        Some(self.overview?.figure(area?, row.column?))
    }

    /// The overview's value of an area for a row.
    pub(crate) fn known(&self, area: Option<usize>, row: &Row<'_>) -> Option<f64> {
        self.figure(area, row)?.value()
    }

    fn column(&self, row: &Row<'_>) -> Option<&Column> {
        self.overview?.columns.get(row.column?)
    }

    fn name(&self, area: Option<usize>) -> String {
        let known = area.and_then(|area| Some(self.overview?.call_name(area)));
        known.filter(|name| !name.is_empty()).unwrap_or_else(|| "het gebied".to_owned())
    }

    /// The years in column C of the row and those of the overview, when both name years and have none in common.
    fn other_years(&self, row: &Row<'_>) -> Option<(Vec<String>, String)> {
        let column = self.column(row)?;
        let period = column.period();
        let (here, there) = (words::row_years(row.row, row.indicator), words::years(&period));
        (!here.is_empty() && !there.is_empty() && here.iter().all(|year| !there.contains(year)))
            .then_some((here, period))
    }

    /// True when wijk and benchmark stand in the row as figures of one, other year: nothing to compare with.
    fn is_wholly_other_year(&self, row: &Row<'_>) -> bool {
        self.other_years(row).is_some() && !self.is_half_renewed(row)
    }

    /// True when the row says another year than the overview, the benchmark is the overview's and the wijk's figure
    /// is not: somebody renewed half a row.
    fn is_half_renewed(&self, row: &Row<'_>) -> bool {
        let same = |cell: Option<&ValueCell>, area| {
            let pair = cell.and_then(ValueCell::number).zip(self.known(area, row));
            pair.map(|(here, there)| equal_as_shown(here, there, row.indicator.decimals))
        };
        self.other_years(row).is_some()
            && same(row.row.benchmark.as_ref(), self.benchmark) == Some(true)
            && same(Some(&row.row.wijk), self.area) == Some(false)
    }

    /// The figure in the cell and the other one in the overview, both with their unit, when they differ as shown.
    fn differing(&self, row: &Row<'_>, cell: &ValueCell, area: Option<usize>) -> Option<(String, String, f64)> {
        let (here, there) = (cell.number()?, self.known(area, row)?);
        let decimals = row.indicator.decimals;
        let show = |value| figure(value, decimals, &row.unit);
        (!equal_as_shown(here, there, decimals)
            && !is_fraction_of(cell, there, row)
            && !self.is_impossible(row, cell, area))
        .then(|| (show(here), show(there), there))
    }

    /// True when the cell holds what cannot exist and that is not the figure of the overview with its comma elsewhere:
    /// then that is what there is to say about it.
    pub(crate) fn is_impossible(&self, row: &Row<'_>, cell: &ValueCell, area: Option<usize>) -> bool {
        let Some(here) = cell.number() else { return false };
        let possible = row.unit.can_hold(words::round_as_shown(here, row.indicator.decimals));
        let shifted =
            || self.known(area, row).is_some_and(|there| is_shifted(here, there, row.indicator.decimals));
        !possible && (cell.percent_format || !shifted())
    }

    /// True when the cell shows the figure of the overview.
    pub(crate) fn agrees(&self, row: &Row<'_>, cell: &ValueCell, area: Option<usize>) -> bool {
        let pair = cell.number().zip(self.known(area, row));
        pair.is_some_and(|(here, there)| equal_as_shown(here, there, row.indicator.decimals))
    }

    /// True when a cell of the wijk or the benchmark is reported as another figure than the overview's.
    pub(crate) fn is_reported(&self, row: &Row<'_>, cell: &ValueCell, area: Option<usize>) -> bool {
        let differs = self.differing(row, cell, area).is_some() || self.is_impossible(row, cell, area);
        !self.is_wholly_other_year(row) && differs && (area != self.area || self.other_source(row).is_none())
    }

    /// The source that the row names and the one of the overview, when they have nothing in common.
    fn other_source<'r>(&self, row: &Row<'r>) -> Option<(&'r TextCell, &str)> {
        let source = row.row.source.as_ref().filter(|cell| !cell.text.trim().is_empty())?;
        let known = self.column(row)?.source.trim();
        let (here, there) = (normalise(&source.text), normalise(known));
        // 'OBI' and 'Wijkprofiel 2016' both name 'Wijkprofiel Rotterdam (gemeente Rotterdam, OBI)'.
        let shares = here.split(' ').any(|word| word.len() > 2 && there.split(' ').any(|other| other == word));
        // A bare link text names no source at all.
        let is_link = ["link", "overzicht", "naslag", "klik"].iter().any(|word| here.contains(word));
        (!known.is_empty() && !shares && !is_link).then_some((source, known))
    }

    /// What may have gone wrong with a figure that differs: the decimal comma, or the year.
    fn why_other(&self, row: &Row<'_>, here: f64, there: f64) -> (&'static str, Option<String>) {
        let decimals = row.indicator.decimals;
        if is_shifted(here, there, decimals) {
            return (
                "komma-verschoven",
                Some("De cijfers zijn hetzelfde, maar de komma staat op een andere plek.".to_owned()),
            );
        }
        let whole = words::round_as_shown(here, 9) == words::round_as_shown(here, 0);
        if decimals > 0 && whole && equal_as_shown(here, there, 0) {
            return ("decimalen-weg", Some("De decimalen zijn weg.".to_owned()));
        }
        let earlier = || {
            let (overview, area) = (self.overview?, self.area?);
            let mut column = row.column?;
            while let Some(before) = overview.column_before(column) {
                column = before;
                let value = overview.figure(area, column).value();
                if value.is_some_and(|value| equal_as_shown(value, here, decimals)) {
                    return overview.columns.get(column).map(Column::period);
                }
            }
            None
        };
        match earlier() {
            Some(period) => {
                ("cijfer-van-ander-jaar", Some(format!("Uw cijfer is dat van een eerdere editie ({period}).")))
            }
            None => ("cijfer-wijkt-af", None),
        }
    }

    /// `(editie 2016, peiljaar onbekend)`, for behind a figure of the overview.
    fn period_of(&self, row: &Row<'_>) -> String {
        self.column(row).map_or_else(String::new, |column| format!(" ({})", column.period()))
    }
}

/// True when a figure is another one with its comma in another place.
fn is_shifted(here: f64, there: f64, decimals: u8) -> bool {
    // The shifted figure keeps fewer decimals; what was lost is not counted against it.
    let shown = words::round_as_shown(there, decimals);
    let same = |factor: f64| {
        equal_as_shown(here, shown * factor, decimals)
            && words::round_as_shown(here, 9) == words::round_as_shown(shown * factor, 9)
    };
    here != 0.0 && shown != 0.0 && [10.0, 100.0, 1000.0, 0.1, 0.01, 0.001].into_iter().any(same)
}

/// The wijk's figure differs from the overview. A figure for which the row names another source is the advisor's own
/// and not wrong; that it is compared with a benchmark of the overview must be said all the same.
pub(crate) fn wijk_differs(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut groups: Vec<Differing<'_>> = Vec::new();
    // Of a row with two years that is what is said: the years have to be mended first.
    for row in context.rows.iter().filter(|row| context.other_years(row).is_none()) {
        let cell = &row.row.wijk;
        let Some((here, there, value)) = context.differing(row, cell, context.area) else { continue };
        if let Some((source, known)) = context.other_source(row) {
            findings.push(finding(
                "bron-wijkt-af",
                row.place(&source.at),
                format!(
                    "Het cijfer {here} komt volgens deze rij uit '{}', maar het overzicht heeft {there} uit '{known}'.",
                    source.text.trim()
                ),
                "Wijk en benchmark uit dezelfde bron.",
                format!(
                    "Controleer of het cijfer van {} in deze rij ook uit uw bron komt; zo niet, vergelijk de twee dan niet.",
                    context.format.benchmark.1
                ),
            ));
            continue;
        }
        let same = |group: &&mut Differing<'_>| group.there == there && group.here == here && group.is_about(row);
        match groups.iter_mut().find(same) {
            Some(group) => group.cells.push((row, &cell.at)),
            None => groups.push(Differing { here, there, value, cells: vec![(row, &cell.at)] }),
        }
    }
    for group in groups {
        let Some((row, first)) = group.cells.first().copied() else { continue };
        let Differing { here, there, value, cells } = &group;
        let whose = format!("{}{}", context.name(context.area), context.period_of(row));
        let (unit, source) = (row.letter("eenheid"), row.letter("bron"));
        let figure = number(*value, row.indicator.decimals);
        let (mut found, advice) = if cells.len() == 1 {
            (
                format!("In het werkboek staat {here}, in het overzicht staat {there} voor {whose}."),
                format!(
                    "Typ {figure} in cel {}. Is uw cijfer nieuwer of uit een andere bron? Zet dan het jaar in kolom {unit} en de bron in kolom {source}.",
                    first.a1()
                ),
            )
        } else {
            let places: Vec<&CellRef> = cells.iter().map(|(_, at)| *at).collect();
            (
                format!(
                    "In het werkboek staat {here} in {}, in het overzicht staat {there} voor {whose}.",
                    in_words(&places)
                ),
                format!(
                    "Typ {figure} in al deze cellen. Is uw cijfer nieuwer of uit een andere bron? Zet dan in elke rij het jaar in kolom {unit} en de bron in kolom {source}."
                ),
            )
        };
        let right: Vec<&CellRef> = context
            .rows
            .iter()
            .filter(|other| other.indicator.code == row.indicator.code)
            .filter(|other| context.agrees(other, &other.row.wijk, context.area))
            .map(|other| &other.row.wijk.at)
            .collect();
        if !right.is_empty() {
            found.push_str(&format!(
                " Dezelfde indicator heeft in {} wel het cijfer uit het overzicht.",
                in_words(&right)
            ));
        }
        let written = row.row.wijk.number().unwrap_or_default();
        let (code, why) = context.why_other(row, written, *value);
        if let Some(why) = why {
            found.push_str(&format!(" {why}"));
        }
        findings.push(finding(
            code,
            shared_place(cells),
            found,
            format!("{there}, het cijfer uit het overzicht."),
            advice,
        ));
    }
}

/// Cells of one indicator in which the same other figure stands.
struct Differing<'a> {
    here: String,
    there: String,
    value: f64,
    cells: Vec<(&'a Row<'a>, &'a CellRef)>,
}

impl Differing<'_> {
    fn is_about(&self, row: &Row<'_>) -> bool {
        self.cells.first().is_some_and(|(first, _)| first.indicator.code == row.indicator.code)
    }
}

/// A zero where the overview has no figure: missing is not zero.
pub(crate) fn zero_for_missing(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        let cell = &row.row.wijk;
        let Some(Figure::Missing(reason)) = context.figure(context.area, row) else { continue };
        if cell.number() != Some(0.0) || context.other_years(row).is_some() {
            continue;
        }
        let sign = match reason.sign() {
            "" => "Maak de cel leeg".to_owned(),
            sign => format!("Typ '{sign}'"),
        };
        findings.push(finding(
            "nul-voor-ontbrekend",
            row.place(&cell.at),
            format!("In de cel staat 0, maar het overzicht heeft geen cijfer: {}.", reason.words()),
            "Geen 0: een ontbrekend cijfer is niet nul.",
            format!(
                "{sign} in cel {}. Weet u zeker dat het 0 is, zet dan de bron in kolom {}.",
                cell.at.a1(),
                row.letter("bron")
            ),
        ));
    }
}

/// No figure of the wijk, while the overview has one. A tab on which nothing was filled yet is one finding; an
/// indicator that is open on several rows of a tab is one finding too.
pub(crate) fn not_filled(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for tab in &context.analysis.pijlers {
        let available: Vec<(&Row<'_>, f64)> = context
            .rows
            .iter()
            .filter(|row| row.tab.tab == tab.tab)
            .filter_map(|row| Some((row, context.known(context.area, row)?)))
            .collect();
        let open: Vec<&(&Row<'_>, f64)> = available.iter().filter(|(row, _)| is_open(&row.row.wijk)).collect();
        let col = open.first().map_or(0, |(row, _)| row.row.wijk.at.col);
        let nothing_filled =
            available.iter().all(|(row, _)| row.row.wijk.value.is_blank() && row.row.wijk.at.col == col);
        if nothing_filled && available.len() > 1 {
            let rows: Vec<u32> = available.iter().map(|(row, _)| row.row.row).collect();
            findings.push(finding(
                "cijfer-niet-ingevuld",
                Place { cell: Some(ranges(col, &rows)), ..Place::tab(&tab.tab) },
                format!("Op dit tabblad is nog geen cijfer van de wijk ingevuld ({} cellen).", rows.len()),
                format!("De cijfers van {} uit het overzicht.", context.name(context.area)),
                "Vul het werkboek met 'wijk vul', of typ de cijfers zelf in deze cellen.",
            ));
            continue;
        }
        let mut told: Vec<&str> = Vec::new();
        for (row, there) in &open {
            let code = row.indicator.code.as_str();
            if told.contains(&code) {
                continue;
            }
            told.push(code);
            let cells: Vec<String> = open
                .iter()
                .filter(|(other, _)| other.indicator.code == code)
                .map(|(other, _)| other.row.wijk.at.a1())
                .collect();
            findings.push(finding(
                "cijfer-niet-ingevuld",
                row.place(&row.row.wijk.at),
                match &row.row.wijk.value {
                    CellValue::Text(text) if !text.trim().is_empty() => {
                        format!("In de cel staat '{}', maar het overzicht heeft wel een cijfer.", text.trim())
                    }
                    _ => "De cel is leeg, maar het overzicht heeft een cijfer.".to_owned(),
                },
                format!("{}{}.", figure(*there, row.indicator.decimals, &row.unit), context.period_of(row)),
                format!(
                    "Typ {} in cel {}, of vul het werkboek met 'wijk vul'.",
                    number(*there, row.indicator.decimals),
                    words::list(&cells)
                ),
            ));
        }
    }
}

/// True for an empty cell and for the signs of a missing figure.
fn is_open(cell: &ValueCell) -> bool {
    match &cell.value {
        CellValue::Text(text) => matches!(text.trim(), "" | "." | "x" | "X"),
        value => value.is_blank(),
    }
}

/// The benchmark differs from the overview. Cells of one indicator with the same other figure are one finding.
pub(crate) fn benchmark_differs(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut groups: Vec<Differing<'_>> = Vec::new();
    for row in context.rows.iter().filter(|row| !context.is_wholly_other_year(row)) {
        let Some(cell) = &row.row.benchmark else { continue };
        let Some((here, there, value)) = context.differing(row, cell, context.benchmark) else { continue };
        let same = |group: &&mut Differing<'_>| group.here == here && group.is_about(row);
        match groups.iter_mut().find(same) {
            Some(group) => group.cells.push((row, &cell.at)),
            None => groups.push(Differing { here, there, value, cells: vec![(row, &cell.at)] }),
        }
    }
    for Differing { here, there, cells, .. } in groups {
        let Some((row, _)) = cells.first() else { continue };
        let places: Vec<&CellRef> = cells.iter().map(|(_, at)| *at).collect();
        let at = if cells.len() == 1 { String::new() } else { format!(" in {}", in_words(&places)) };
        findings.push(finding(
            "benchmark-wijkt-af",
            shared_place(&cells),
            format!("In het werkboek staat {here}{at}, in het overzicht staat {there} voor {}{}.",
                context.format.benchmark.1, context.period_of(row)),
            format!("{there}, het cijfer uit het overzicht."),
            "Vul het werkboek opnieuw met 'wijk vul': dan worden wijk, benchmark, jaar en bron van de rij samen vernieuwd.",
        ));
    }
}

/// No benchmark in the row, while the overview has one: the row never turns orange.
pub(crate) fn benchmark_missing(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in context.rows.iter().filter(|row| row.row.benchmark.is_some() || row.has_column("benchmark")) {
        let at = row.row.benchmark.as_ref().map_or_else(|| row.cell("benchmark"), |cell| cell.at.clone());
        let blank = row.row.benchmark.as_ref().is_none_or(|cell| cell.value.is_blank());
        let Some(there) = context.known(context.benchmark, row).filter(|_| blank) else { continue };
        findings.push(finding(
            "benchmark-ontbreekt",
            row.place(&at),
            format!(
                "Het cijfer van {} ontbreekt; de rij wordt daardoor nooit oranje.",
                context.format.benchmark.1
            ),
            format!("{}{}.", figure(there, row.indicator.decimals, &row.unit), context.period_of(row)),
            format!(
                "Typ {} in cel {}, of vul het werkboek met 'wijk vul'.",
                number(there, row.indicator.decimals),
                at.a1()
            ),
        ));
    }
}

/// The figure in column F differs from the overview's for the area that the heading names.
pub(crate) fn beside_differs(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    // One heading stands above many rows; the area is looked for once.
    let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for row in context.rows.iter().filter(|row| context.other_years(row).is_none()) {
        let Some(cell) = row.row.beside.as_ref().filter(|cell| !cell.value.is_blank()) else { continue };
        let Some(heading) = row.beside_heading() else { continue };
        let found = || overview.the_wijk_first(&heading.text).map(|(area, _)| area);
        let area = known.entry(heading.text.as_str()).or_insert_with(found);
        let Some(area) = *area else { continue };
        let Some((here, there, value)) = context.differing(row, cell, Some(area)) else { continue };
        findings.push(finding(
            "naast-wijkt-af",
            row.place(&cell.at),
            format!(
                "In het werkboek staat {here}, in het overzicht staat {there} voor {}{}.",
                context.name(Some(area)),
                context.period_of(row)
            ),
            format!("{there}, het cijfer uit het overzicht."),
            format!(
                "Typ {} in cel {}, of zet boven de kolom bij welk gebied het cijfer hoort.",
                number(value, row.indicator.decimals),
                cell.at.a1()
            ),
        ));
    }
}

/// The overview has the figures of an indicator in another unit than the format. Once for each indicator.
pub(crate) fn other_unit(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for row in &context.rows {
        let Some(column) = context.column(row).filter(|column| column.has_other_unit(row.indicator)) else {
            continue;
        };
        if !told.insert(row.indicator.code.as_str()) {
            continue;
        }
        let at = row.row.unit.as_ref().map_or_else(|| row.cell("eenheid"), |cell| cell.at.clone());
        findings.push(finding(
            "eenheid-wijkt-af",
            row.place(&at),
            format!("Het overzicht geeft dit cijfer in '{}'.", column.unit.trim()),
            format!("Een cijfer in '{}', zoals in het format.", row.indicator.unit.name.trim()),
            "Vraag de beheerder welke eenheid goed is. Tot dan staat bij het cijfer de eenheid van het overzicht.",
        ));
    }
}

/// The overview says of an indicator that the other side is favourable. Once for each indicator.
pub(crate) fn other_direction(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for row in &context.rows {
        let here = row.indicator.direction.words();
        let Some(column) = context.column(row).filter(|column| column.has_other_direction(here)) else {
            continue;
        };
        if !told.insert(row.indicator.code.as_str()) {
            continue;
        }
        findings.push(finding(
            "richting-wijkt-af",
            row.place(&row.cell("indicator")),
            format!("Het overzicht zegt bij dit cijfer '{}'.", column.direction.trim()),
            format!("'{here}', zoals in het format."),
            "Vraag de beheerder welke richting goed is. Tot dan volgt gunstig en ongunstig het format. Lees uw conclusie bij dit cijfer na.",
        ));
    }
}

/// The row is of another year than the overview.
pub(crate) fn other_year(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in context.rows.iter().filter(|row| !context.is_half_renewed(row)) {
        let Some((years, period)) = context.other_years(row) else { continue };
        let at = row.row.unit.as_ref().map_or_else(|| row.cell("eenheid"), |cell| cell.at.clone());
        findings.push(finding(
            "jaar-wijkt-af",
            row.place(&at),
            format!("In de rij staat {}, de cijfers in het overzicht zijn van {period}.", words::list(&years)),
            "Cijfers van hetzelfde jaar als het overzicht.",
            "Vul het werkboek opnieuw met 'wijk vul', of gebruik een overzicht van hetzelfde jaar.",
        ));
    }
}

/// The benchmark is of another year than the wijk's figure.
pub(crate) fn mixed_years(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in &context.rows {
        let Some(cell) = &row.row.benchmark else { continue };
        if cell.number().is_none() || row.row.wijk.number().is_none() {
            continue;
        }
        let here = words::row_years(row.row, row.indicator);
        let heading = row
            .tab
            .headings
            .iter()
            .filter(|(field, heading)| field == "benchmark" && heading.at.row <= row.row.row)
            .max_by_key(|(_, heading)| heading.at.row)
            .map(|(_, heading)| words::years(&heading.text))
            .unwrap_or_default();
        let by_heading =
            !here.is_empty() && !heading.is_empty() && heading.iter().all(|year| !here.contains(year));
        let other = if by_heading {
            words::list(&heading)
        } else if let Some((_, period)) = context.other_years(row).filter(|_| context.is_half_renewed(row)) {
            period
        } else {
            continue;
        };
        findings.push(finding(
            "benchmark-ander-jaar",
            row.place(&cell.at),
            format!("Het cijfer van {} is van {other}, het cijfer van de wijk van {}.", context.format.benchmark.1, words::list(&here)),
            "Wijk en benchmark van hetzelfde jaar.",
            "Vul het werkboek opnieuw met 'wijk vul': dan worden wijk, benchmark, jaar en bron van de rij samen vernieuwd.",
        ));
    }
}

/// A figure without its source.
pub(crate) fn source_missing(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in context.rows.iter().filter(|row| has_figure(row)) {
        let known = row.row.source.is_some() || row.has_column("bron");
        if !known || row.row.source.as_ref().is_some_and(|cell| !cell.text.trim().is_empty()) {
            continue;
        }
        let at = row.row.source.as_ref().map_or_else(|| row.cell("bron"), |cell| cell.at.clone());
        findings.push(finding(
            "bron-ontbreekt",
            row.place(&at),
            "Bij dit cijfer staat geen bron.",
            format!(
                "Een bron, zoals '{}'.",
                context.column(row).map_or(row.indicator.source.as_str(), |column| column.source.as_str())
            ),
            format!("Typ de bron in cel {}, of vul het werkboek met 'wijk vul'.", at.a1()),
        ));
    }
}

/// A figure without its year. `editie 2016, peiljaar onbekend` is an honest answer and no finding.
pub(crate) fn year_missing(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for row in context.rows.iter().filter(|row| has_figure(row)) {
        let text = row.row.unit.as_ref().map_or("", |cell| cell.text.as_str());
        if !words::row_years(row.row, row.indicator).is_empty() || normalise(text).contains("onbekend") {
            continue;
        }
        let at = row.row.unit.as_ref().map_or_else(|| row.cell("eenheid"), |cell| cell.at.clone());
        findings.push(finding(
            "jaar-ontbreekt",
            row.place(&at),
            "Bij dit cijfer staat geen jaar of editie.",
            format!(
                "Een jaar, zoals '{}'.",
                context.column(row).map_or_else(|| row.indicator.period(), Column::period)
            ),
            format!("Typ het jaar in cel {}, of 'peiljaar onbekend'. 'wijk vul' vult het jaar ook in.", at.a1()),
        ));
    }
}

/// An indicator of the format that the overview has no column for.
pub(crate) fn not_in_overview(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(overview) = context.overview else { return };
    let mut told: Vec<&str> = Vec::new();
    for row in context.rows.iter().filter(|row| row.column.is_none()) {
        if told.contains(&row.indicator.code.as_str()) {
            continue;
        }
        told.push(&row.indicator.code);
        findings.push(finding(
            "indicator-niet-in-overzicht",
            row.place(&row.row.wijk.at),
            format!("Het overzicht '{}' heeft geen kolom voor deze indicator.", overview.edition),
            "Een kolom met deze indicator in het overzicht.",
            "Gebruik een overzicht met deze indicator, of vraag het cijfer op; de rij kan nu niet worden gecontroleerd.",
        ));
    }
    if overview.figures.is_empty() || context.benchmark.is_none() {
        findings.push(finding(
            "overzicht-zonder-benchmark",
            Place::tab(context.tab("overzicht")),
            format!("In het overzicht staat {} niet.", context.format.benchmark.1),
            format!("Een rij met de code {}.", context.format.benchmark.0),
            "Gebruik een overzicht met de stad erin; zonder die rij valt er niets te vergelijken.",
        ));
    }
}

fn has_figure(row: &Row<'_>) -> bool {
    row.row.wijk.number().is_some() || row.row.benchmark.as_ref().is_some_and(|cell| cell.number().is_some())
}
