//! The findings as one page for a browser: everything in one file, nothing from elsewhere.

use std::fmt::Write as _;

use super::CheckOutcome;
use crate::finding::{Finding, Level};
use crate::model::{Snippet, words::count};

const STYLE: &str = "
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, 'Segoe UI', sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1d2733; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; border-bottom: 1px solid #c9d2dc; padding-bottom: .2rem; }
.keuze { margin: 1rem 0; padding: .6rem 1rem; background: #eef2f6; border: 0; }
.keuze label { margin-right: 1.5rem; }
article { border-left: 6px solid #5b6b7c; padding: .4rem 0 .4rem 1rem; margin: 1.2rem 0; }
article.fout { border-color: #a61c00; } article.waarschuwing { border-color: #b36b00; } article.opmerking { border-color: #1f5c99; }
article p { margin: .2rem 0; }
.soort { font-weight: 700; text-transform: uppercase; font-size: .8rem; letter-spacing: .04em; }
.fout .soort { color: #a61c00; } .waarschuwing .soort { color: #7f4a00; } .opmerking .soort { color: #1f5c99; }
.plek, .code { color: #4a5868; font-size: .9rem; }
.blad { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-size: .85rem; }
th, td { border: 1px solid #c9d2dc; padding: .15rem .5rem; text-align: left; max-width: 16rem; overflow-wrap: anywhere; vertical-align: top; }
th { background: #eef2f6; font-weight: 600; color: #4a5868; }
tr.kop td { font-weight: 600; background: #f7f9fb; }
td.hier { outline: 3px solid #a61c00; outline-offset: -2px; font-weight: 700; background: #fdf3d8; }
body:has(#toon-fout:not(:checked)) article.fout, body:has(#toon-waarschuwing:not(:checked)) article.waarschuwing,
body:has(#toon-opmerking:not(:checked)) article.opmerking { display: none; }
@media print { .keuze { display: none; } article { break-inside: avoid; } }
";

/// The whole page.
pub(super) fn page(outcome: &CheckOutcome) -> String {
    let about = if outcome.wijk.is_empty() { outcome.file.as_str() } else { outcome.wijk.as_str() };
    let title = escape(&format!("Controle: {about}"));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<p>{}</p>\n",
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
    let mut tab: Option<&str> = None;
    for (index, finding) in by_tab(&outcome.findings) {
        let here = finding.place.tab.as_deref().unwrap_or("Het werkboek");
        if tab != Some(here) {
            let _ = writeln!(out, "<h2>{}</h2>", escape(here));
            tab = Some(here);
        }
        article(&mut out, finding, outcome.snippets.get(index).and_then(Option::as_ref));
    }
    out.push_str("</body>\n</html>\n");
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
        "<article class=\"{level}\">\n<p><span class=\"soort\">{level}</span> {}</p>",
        escape(&finding.found)
    );
    let place: Vec<String> =
        [&finding.place.cell, &finding.place.subject].into_iter().flatten().map(|text| escape(text)).collect();
    if !place.is_empty() {
        let _ = writeln!(out, "<p class=\"plek\">{}</p>", place.join(" · "));
    }
    if let Some(snippet) = snippet {
        table(out, snippet);
    }
    for (what, text) in [("Verwacht", &finding.expected), ("Wat te doen", &finding.advice)] {
        if !text.is_empty() {
            let _ = writeln!(out, "<p><strong>{what}:</strong> {}</p>", escape(text));
        }
    }
    let _ = writeln!(out, "<p class=\"code\">{}</p>\n</article>", escape(&finding.code));
}

fn table(out: &mut String, snippet: &Snippet) {
    out.push_str("<div class=\"blad\"><table>\n<tr><th></th>");
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
            let _ = write!(out, "<td{class}>{}{more}</td>", escape(&short));
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
    use crate::finding::Place;

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
