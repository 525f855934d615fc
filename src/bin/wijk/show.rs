//! How outcomes look on a screen: the only place with colours. Every list is also available as json.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use wijkanalyse::finding::{Finding, Level};
use wijkanalyse::model::{Comparison, FactorReturn, FigureComparison, ResultProgress, words};
use wijkanalyse::overview::ImportReport;
use wijkanalyse::pipeline::{AreaLine, IndicatorLine, Levels};
use wijkanalyse::workbook::{Filling, LayoutReport};

pub(crate) fn style(level: Level) -> Style {
    let colour = match level {
        Level::Fout => AnsiColor::Red,
        Level::Waarschuwing => AnsiColor::Yellow,
        Level::Opmerking => AnsiColor::Cyan,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}

/// Finds the plural: `1 fout`, `2 fouten`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Findings as text: level and code, place, what was found and expected, what to do; then a count per level.
pub(crate) fn findings(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&one(finding, ""));
    }
    out
}

/// One finding: level and code, place, its piece of the workbook, what was expected and what to do.
pub(crate) fn one(finding: &Finding, snippet: &str) -> String {
    let mut out = String::new();
    let style = style(finding.level);
    let _ = writeln!(out, "{style}{}{style:#} [{}]: {}", finding.level.word(), finding.code, finding.found);
    let place = [&finding.place.file, &finding.place.tab, &finding.place.cell];
    let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
    let subject = finding.place.subject.as_ref().map(|text| format!("  ({text})")).unwrap_or_default();
    if !place.is_empty() || !subject.is_empty() {
        let _ = writeln!(out, "   --> {}{subject}", place.join(" > "));
    }
    out.push_str(snippet);
    if !finding.expected.is_empty() {
        let _ = writeln!(out, "   verwacht: {}", finding.expected);
    }
    if !finding.advice.is_empty() {
        let _ = writeln!(out, "   advies: {}", finding.advice);
    }
    if !snippet.is_empty() {
        out.push('\n');
    }
    out
}

/// How many findings of each level, as one sentence.
pub(crate) fn tally(findings: &[Finding]) -> String {
    tally_of(Levels::of(findings))
}

/// The same of findings that were counted.
pub(crate) fn tally_of(levels: Levels) -> String {
    if levels == Levels::default() {
        return "Geen bevindingen.".to_owned();
    }
    format!(
        "{}, {}, {}.",
        count(levels.fouten, "fout", "fouten"),
        count(levels.waarschuwingen, "waarschuwing", "waarschuwingen"),
        count(levels.opmerkingen, "opmerking", "opmerkingen"),
    )
}

/// A path as it can be typed again: between quotes when it holds a space.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("\"{text}\"") } else { text }
}

/// Rows as columns that line up; the first row is the heading.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
        if index == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            let _ = writeln!(out, "{}", rule.join("  "));
        }
    }
    out
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// All codes with their level and what they are about.
pub(crate) fn rules(rules: &[&wijkanalyse::check::Rule]) -> String {
    let mut rows = vec![row(["code", "niveau", "wat"])];
    rows.extend(rules.iter().map(|rule| row([rule.code, rule.level.word(), rule.title])));
    table(&rows)
}

/// The areas of an overview.
pub(crate) fn areas(areas: &[AreaLine]) -> String {
    let mut rows = vec![row(["code", "naam", "niveau", "valt onder", "cijfers"])];
    rows.extend(areas.iter().map(|area| {
        row([&area.code, &area.name, area.level, &area.parent, &format!("{} van {}", area.figures, area.total)])
    }));
    table(&rows)
}

/// The indicators of an overview.
pub(crate) fn indicators(indicators: &[IndicatorLine]) -> String {
    let mut rows = vec![row(["code", "naam", "domein", "eenheid", "richting", "soort", "editie", "wijken"])];
    rows.extend(indicators.iter().map(|line| {
        row([
            &line.code,
            &line.name,
            &line.domein,
            &line.unit,
            &line.direction,
            &line.kind,
            &line.edition,
            &format!("{} van {}", line.wijken, line.total),
        ])
    }));
    table(&rows)
}

/// What an import gave: per source, per indicator, and everything that was not recognised.
pub(crate) fn import(report: &ImportReport, output: &Path) -> String {
    let mut out = findings(&report.findings);
    for source in &report.sources {
        let _ = writeln!(
            out,
            "{}: gelezen als {}; {} overgenomen, {} van elders overgeslagen.",
            source.file,
            if source.recognised_as.is_empty() { "overzicht".to_owned() } else { source.recognised_as.join(", ") },
            count(source.rows, "gebied", "gebieden"),
            source.elsewhere,
        );
    }
    let mut rows = vec![row(["indicator", "editie", "met cijfer", "zonder cijfer"])];
    rows.extend(report.indicators.iter().map(|line| {
        let missing: Vec<String> =
            line.missing.iter().map(|(kind, number)| format!("{number} {}", kind.words())).collect();
        row([&line.name, &line.edition, &line.with_figure.to_string(), &missing.join("; ")])
    }));
    let _ = write!(
        out,
        "\n{}\n{}\nHet overzicht staat in {}.",
        table(&rows),
        tally(&report.findings),
        output.display()
    );
    out
}

/// A comparison: what stands out per domein, the factors in order, the strengths, the level, and the rule.
pub(crate) fn comparison(compared: &Comparison) -> String {
    let bold = Style::new().bold();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{bold}{} vergeleken met {}{bold:#} ({})",
        compared.wijk.0, compared.benchmark, compared.edition
    );
    // A source is long and returns with many figures: it stands once at the end, and each figure bears its number.
    let mut sources: Vec<&str> = Vec::new();
    for figure in compared.domeinen.iter().flat_map(|domein| domein.opvallende()) {
        if !sources.contains(&source_of(figure)) {
            sources.push(source_of(figure));
        }
    }
    for domein in &compared.domeinen {
        let _ = writeln!(out, "\n{bold}{} > {}{bold:#}", domein.pijler, domein.domein);
        if domein.only_benaderingen() {
            let _ = writeln!(out, "  Geen eigen cijfer van dit domein is direct; het zijn benaderingen.");
        } else if !domein.has_own() {
            let _ = writeln!(out, "  Dit domein heeft geen eigen cijfers.");
        }
        if domein.lacks_distances() {
            let none = if domein.opvallend.is_empty() { "Geen opvallende cijfers: de" } else { "De" };
            let _ = writeln!(out, "  {none} afstand tot {} is onbekend (zie onderaan).", compared.benchmark);
        } else if domein.opvallend.is_empty() {
            let _ = writeln!(out, "  Geen opvallende cijfers.");
        }
        for figure in domein.opvallende() {
            let source = sources.iter().position(|source| *source == source_of(figure)).unwrap_or_default() + 1;
            let _ = writeln!(out, "  {}; bron {source}", opvallend(figure, &compared.benchmark));
        }
        let _ = writeln!(out, "  Ontbreekt: {} van {} cijfers.", domein.missing.0, domein.missing.1);
    }
    let _ = writeln!(out, "\n{bold}Factoren die terugkomen{bold:#}");
    for (index, factor) in compared.factoren.iter().enumerate() {
        let _ = writeln!(out, "  {}. {}", index + 1, factor_line(factor));
        let _ = writeln!(out, "     door: {}", compared.figure_names(&factor.unfavourable).join("; "));
    }
    if compared.factoren.is_empty() {
        let _ = writeln!(out, "  Geen: bij geen enkele factor staat een opvallend cijfer dat ongunstiger is.");
    }
    if compared.cumulation {
        let _ = writeln!(out, "  {} risicofactoren komen terug.", compared.risk_factors);
    }
    let _ = writeln!(out, "\n{bold}Sterke punten{bold:#}");
    if compared.strengths.is_empty() {
        let _ = writeln!(out, "  Geen: bij geen enkele factor zijn alle opvallende cijfers gunstiger.");
    } else {
        for factor in &compared.strengths {
            let cijfers =
                count(factor.favourable.len(), "gunstig opvallend cijfer", "gunstige opvallende cijfers");
            let _ = writeln!(out, "  {} ({cijfers})", factor.name);
        }
    }
    let worse = compared
        .worsening
        .iter()
        .filter_map(|(domein, code)| compared.domeinen.iter().find(|known| known.domein == *domein)?.figure(code));
    let worse: Vec<String> =
        worse.map(|figure| format!("  - {}", words::worsened(figure, &compared.benchmark))).collect();
    if !worse.is_empty() {
        let _ = writeln!(out, "\n{bold}Ongunstiger én verslechterend{bold:#}\n{}", worse.join("\n"));
        let _ = writeln!(out, "  {}", words::worsening_rule(&compared.benchmark));
    }
    out.push_str(&results(&compared.results));
    let _ = writeln!(out, "\n{bold}Niveau{bold:#}\n  {}", compared.level.sentence);
    if !sources.is_empty() {
        let _ = writeln!(out, "\n{bold}Bronnen{bold:#}");
    }
    for (index, source) in sources.iter().enumerate() {
        let _ = writeln!(out, "  {}. {source}", index + 1);
    }
    let _ = writeln!(out, "\n{bold}Zo is dit bepaald{bold:#}");
    for sentence in &compared.rule {
        let _ = writeln!(out, "  - {sentence}");
    }
    out
}

/// How the maatschappelijke resultaten stand; empty when there are none.
pub(crate) fn results(results: &[ResultProgress]) -> String {
    if results.is_empty() {
        return String::new();
    }
    let bold = Style::new().bold();
    let mut out = format!("\n{bold}Maatschappelijke resultaten{bold:#}\n");
    for result in results {
        let number = if result.number.is_empty() { "(zonder nummer)" } else { &result.number };
        let _ = writeln!(out, "  {number} {}: {bold}{}{bold:#}", result.statement, result.standing.words());
        let _ = writeln!(out, "    {}", result.reason);
        for part in &result.indicators {
            let _ = writeln!(out, "    - {}", part.sentence);
        }
    }
    out
}

fn opvallend(figure: &FigureComparison, benchmark: &str) -> String {
    let mark = figure.judgement.map_or("?", wijkanalyse::model::Judgement::mark);
    let mut line = format!(
        "{mark} {}: {} ({benchmark} {}), {}; {}, {}{}{}",
        figure.name,
        words::figure_or_reason(&figure.wijk, figure.decimals, &figure.unit),
        words::figure_or_reason(&figure.benchmark, figure.decimals, &figure.unit),
        words::against(figure, benchmark),
        figure.period,
        if figure.doelgroep.is_empty() { String::new() } else { format!("{}, ", figure.doelgroep) },
        figure.kind.word(),
        if figure.estimate { ", modelschatting" } else { "" },
    );
    let chance = words::chance(figure.beyond_chance);
    if !chance.is_empty() {
        let _ = write!(line, "; {chance}");
    }
    if let Some(place) = figure.place {
        let _ = write!(line, "; {}", words::place(place));
    }
    line
}

/// Where a figure comes from.
fn source_of(figure: &FigureComparison) -> &str {
    if figure.source.trim().is_empty() { "onbekend" } else { figure.source.trim() }
}

fn factor_line(factor: &FactorReturn) -> String {
    let rank = factor.rank.map_or_else(|| "zonder ranking".to_owned(), |rank| format!("ranking {rank}"));
    let kinds: Vec<&str> = factor.kinds.iter().map(|kind| kind.words()).collect();
    format!("{} ({rank}, {}): in {}", factor.name, kinds.join(" en "), factor.domeinen.join(", "))
}

/// What was understood of a workbook.
pub(crate) fn layout(report: &LayoutReport) -> String {
    let bold = Style::new().bold();
    let version = report.version.as_deref().map_or_else(
        || "zonder versiestempel (het klassieke format)".to_owned(),
        |version| format!("versie {version} van het format"),
    );
    let mut out = findings(&report.findings);
    let _ = writeln!(out, "{bold}{}{bold:#}: {version}", report.file);
    if let Some(known) = &report.newer_than {
        let _ = writeln!(
            out,
            "Let op: dat is nieuwer dan versie {known}, die dit programma kent. Gebruik een nieuwere versie van het programma, of geef \
             met --format de map van het nieuwe format mee."
        );
    }
    out.push('\n');
    let mut rows = vec![row(["tabblad", "herkend als", ""])];
    rows.extend(
        report.tabs.iter().map(|tab| row([&tab.name, &tab.kind, if tab.hidden { "verborgen" } else { "" }])),
    );
    out.push_str(&table(&rows));
    for pijler in &report.pijlers {
        let named = |text: &str| if text.is_empty() { "niet ingevuld".to_owned() } else { text.to_owned() };
        let columns: Vec<String> =
            pijler.columns.iter().map(|column| format!("{} {}", column.letters, column.field)).collect();
        let _ = writeln!(out, "\n{bold}{}{bold:#} (tabblad {})", pijler.pijler, pijler.tab);
        let _ = writeln!(out, "wijk: {}; adviseur: {}", named(&pijler.wijk), named(&pijler.adviseur));
        let _ = writeln!(out, "kolommen: {}", columns.join(", "));
        let mut rows = vec![row(["domein", "rij", "cijfers", "niet herkend", "vragen"])];
        rows.extend(pijler.blocks.iter().map(|block| {
            row([
                &block.domein,
                &block.row.to_string(),
                &filling(block.figures),
                &block.unknown.to_string(),
                &filling(block.questions),
            ])
        }));
        out.push_str(&table(&rows));
        let _ = writeln!(out, "conclusies in de slottabel: {}", filling(pijler.conclusions));
    }
    for (tab, rows) in &report.optional {
        let _ = writeln!(out, "{tab}: {}", count(*rows, "regel", "regels"));
    }
    let _ = writeln!(
        out,
        "\nIn het hele werkboek: {} cijfers van de wijk ingevuld, {} vragen beantwoord.",
        filling(report.figures),
        filling(report.questions)
    );
    out
}

fn filling(filling: Filling) -> String {
    format!("{} van {}", filling.filled, filling.total)
}
