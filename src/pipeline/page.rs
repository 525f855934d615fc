//! The findings as one page for a browser: everything in one file, nothing from elsewhere.

use std::fmt::Write as _;

use super::CheckOutcome;
use crate::finding::{Finding, Level, Place};
use crate::model::{Snippet, words::count};

const STYLE: &str = "
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, 'Segoe UI', sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1d2733; background: #fff; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; }
summary { cursor: pointer; margin-top: 2rem; border-bottom: 1px solid #c9d2dc; padding-bottom: .2rem; }
h2 { font-size: 1.1rem; display: inline; }
h3 { font-size: 1rem; font-weight: 400; margin: .2rem 0; }
.keuze { margin: 1rem 0; padding: .6rem 1rem; background: #eef2f6; border: 1px solid #c9d2dc; }
.keuze label { margin-right: 1.5rem; display: inline-block; white-space: nowrap; }
article { border-left: 6px solid #5b6b7c; padding: .4rem 0 .4rem 1rem; margin: 1.2rem 0; }
article.fout { border-color: #a61c00; } article.waarschuwing { border-color: #b36b00; } article.opmerking { border-color: #1f5c99; }
article p { margin: .2rem 0; }
.soort { font-weight: 700; text-transform: uppercase; font-size: .8rem; letter-spacing: .04em; }
.fout .soort { color: #a61c00; } .waarschuwing .soort { color: #7f4a00; } .opmerking .soort { color: #1f5c99; }
.plek, .code { color: #4a5868; font-size: .9rem; }
.blad { overflow-x: auto; position: relative; }
table { border-collapse: collapse; margin: .5rem 0; font-size: .85rem; }
th, td { border: 1px solid #c9d2dc; padding: .15rem .5rem; text-align: left; max-width: 16rem; overflow-wrap: break-word; hyphens: auto; vertical-align: top; }
th { background: #eef2f6; font-weight: 600; color: #4a5868; white-space: nowrap; }
tr.kop td { font-weight: 600; background: #f7f9fb; }
td.hier { outline: 3px solid #a61c00; outline-offset: -2px; font-weight: 700; background: #fdf3d8; }
.alleen-voorlezen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid #1f5c99; outline-offset: 2px; }
body:has(#toon-fout:not(:checked)) article.fout, body:has(#toon-waarschuwing:not(:checked)) article.waarschuwing,
body:has(#toon-opmerking:not(:checked)) article.opmerking { display: none; }
@media (max-width: 40rem) { body { margin: 1rem auto; } article { padding-left: .6rem; } td { min-width: 5rem; } tr:first-child td { min-width: 0; } }
@media print { .keuze { display: none; } article { break-inside: avoid; } summary { break-after: avoid; } body { max-width: none; margin: 0; }
  table { font-size: .7rem; } .blad { overflow: visible; } }
";

/// The whole page.
pub(super) fn page(outcome: &CheckOutcome) -> String {
    let about = if outcome.wijk.is_empty() { outcome.file.as_str() } else { outcome.wijk.as_str() };
    let title = escape(&format!("Controle: {about}"));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escape(&outcome.file)
    );
    let of = |level| outcome.findings.iter().filter(|finding| finding.level == level).count();
    let levels = [
        (Level::Fout, "fout", "fouten"),
        (Level::Waarschuwing, "waarschuwing", "waarschuwingen"),
        (Level::Opmerking, "opmerking", "opmerkingen"),
    ];
    if outcome.findings.is_empty() {
        out.push_str("<p>Geen bevindingen.</p>\n");
    } else {
        out.push_str("<fieldset class=\"keuze\"><legend>Toon</legend>\n");
        for (level, one, many) in levels {
            let word = level.word();
            let _ = writeln!(
                out,
                "<label><input type=\"checkbox\" id=\"toon-{word}\" checked> {}</label>",
                count(of(level), one, many)
            );
        }
        out.push_str("</fieldset>\n");
    }
    for ignored in &outcome.ignored {
        let _ = writeln!(
            out,
            "<p>Weggelaten: <code>{}</code> ({}). Reden: {}</p>",
            escape(&ignored.code),
            count(ignored.count, "bevinding", "bevindingen"),
            escape(&ignored.reason)
        );
    }
    let sorted = by_tab(&outcome.findings);
    // A tab can be closed by its heading: then the others remain.
    for tab in sorted.chunk_by(|(_, one), (_, other)| one.place.tab == other.place.tab) {
        let name = tab.first().and_then(|(_, finding)| finding.place.tab.as_deref()).unwrap_or("Het werkboek");
        let number = count(tab.len(), "bevinding", "bevindingen");
        let _ = writeln!(out, "<details open>\n<summary><h2>{}</h2> ({number})</summary>", escape(name));
        for (index, finding) in tab {
            article(&mut out, finding, outcome.snippets.get(*index).and_then(Option::as_ref));
        }
        out.push_str("</details>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The findings tab by tab, in the order in which the tabs come up; within a tab as they were.
fn by_tab(findings: &[Finding]) -> Vec<(usize, &Finding)> {
    let mut tabs: Vec<Option<&str>> = Vec::new();
    for finding in findings {
        let tab = finding.place.tab.as_deref();
        if !tabs.contains(&tab) {
            tabs.push(tab);
        }
    }
    let mut all: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    all.sort_by_key(|(_, finding)| tabs.iter().position(|tab| *tab == finding.place.tab.as_deref()));
    all
}

fn article(out: &mut String, finding: &Finding, snippet: Option<&Snippet>) {
    let level = finding.level.word();
    let _ = writeln!(
        out,
        "<article class=\"{level}\">\n<h3><span class=\"soort\">{level}</span> {}</h3>",
        escape(&finding.found)
    );
    let place: Vec<String> =
        [&finding.place.cell, &finding.place.subject].into_iter().flatten().map(|text| escape(text)).collect();
    if !place.is_empty() {
        let _ = writeln!(out, "<p class=\"plek\">{}</p>", place.join(" · "));
    }
    if let Some(snippet) = snippet {
        table(out, snippet, &finding.place);
    }
    for (what, text) in [("Verwacht", &finding.expected), ("Wat te doen", &finding.advice)] {
        if !text.is_empty() {
            let _ = writeln!(out, "<p><strong>{what}:</strong> {}</p>", escape(text));
        }
    }
    let _ = writeln!(out, "<p class=\"code\">{}</p>\n</article>", escape(&finding.code));
}

fn table(out: &mut String, snippet: &Snippet, place: &Place) {
    let tab = place.tab.as_deref().unwrap_or_default();
    let about =
        escape(&format!("Stukje van het tabblad {tab} met cel {}", place.cell.as_deref().unwrap_or_default()));
    let _ = write!(
        out,
        "<div class=\"blad\" role=\"region\" tabindex=\"0\" aria-label=\"{about}\"><table>\n\
         <caption class=\"alleen-voorlezen\">{about}</caption>\n<tr><td></td>"
    );
    for letters in &snippet.columns {
        let _ = write!(out, "<th scope=\"col\">{letters}</th>");
    }
    out.push_str("</tr>\n");
    for row in &snippet.rows {
        let class = if row.heading { " class=\"kop\"" } else { "" };
        let _ =
            write!(out, "<tr{class}><th scope=\"row\">{}{}</th>", row.number, if row.marked { " ►" } else { "" });
        for (col, cell) in row.cells.iter().enumerate() {
            let here = row.marked && snippet.column.is_none_or(|column| column == col);
            let class = if here { " class=\"hier\"" } else { "" };
            let short: String = cell.chars().take(80).collect();
            let more = if short.len() < cell.len() { "…" } else { "" };
            let mark = if here { "<span class=\"alleen-voorlezen\">deze cel: </span>" } else { "" };
            let _ = write!(out, "<td{class}>{mark}{}{more}</td>", escape(&short));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SnippetRow;

    #[test]
    fn every_finding_has_a_heading_and_its_cell_is_told_without_colour() {
        let place = Place { cell: Some("E12".into()), ..Place::tab("Pijler Veilig") };
        let finding = Finding::new("vraag-open", Level::Fout, place, "Leeg.", "", "Typ iets.");
        let row = SnippetRow { number: 12, cells: vec!["12,5".into()], heading: false, marked: true };
        let snippet = Snippet { columns: vec!["E".into()], rows: vec![row], column: Some(0) };
        let outcome =
            CheckOutcome { findings: vec![finding], snippets: vec![Some(snippet)], ..CheckOutcome::default() };
        let page = page(&outcome);
        for part in [
            "<summary><h2>Pijler Veilig</h2> (1 bevinding)</summary>",
            "<h3><span class=\"soort\">fout</span> Leeg.</h3>",
            "<th scope=\"col\">E</th>",
            "<th scope=\"row\">12 ►</th>",
            "deze cel: </span>12,5</td>",
            "aria-label=\"Stukje van het tabblad Pijler Veilig met cel E12\"",
            "id=\"toon-fout\" checked> 1 fout</label>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere_and_text_of_people_is_no_markup() {
        let place = Place { cell: Some("E12".into()), ..Place::tab("Pijler <b>") };
        let finding =
            Finding::new("vraag-open", Level::Fout, place, "<script>alert(1)</script>", "", "Typ \"x\".");
        let outcome =
            CheckOutcome { file: "a & b.xlsx".into(), findings: vec![finding], ..CheckOutcome::default() };
        let page = page(&outcome);
        for outside in ["http:", "https:", "<script", "src=", "<link", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(
            page.contains("&lt;script&gt;")
                && page.contains("a &amp; b.xlsx")
                && page.contains("Pijler &lt;b&gt;")
        );
    }
}
