//! Every code that a user may meet has a fixture that gives exactly that code, and one beside it that gives nothing.

use std::collections::BTreeSet;

use super::edition::Previous;
use super::fill::FillInput;
use super::inputs::Origin;
use super::office::Office;
use super::tone_tests::tone;
use super::{Session, formats, names};
use crate::check::{self, RULES};
use crate::finding::{Finding, Level, Place};
use crate::format::BuildOptions;
use crate::model::{
    Analysis, CellRef, CellValue, Column, Figure, FoundFormat, FoundHeading, FoundQuestion, InternalLink,
    Overview, QuestionPlace, TabKind,
};
use crate::overview::AreaTable;
use crate::package::{Archive, Spreadsheet};
use crate::testing::{Tried, analysis, column, format, namesakes, note, overview, set};
use crate::workbook::Details;
use crate::{compare, document, workbook};

fn short(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let place =
            [&finding.place.tab, &finding.place.cell].map(|text| text.clone().unwrap_or_default()).join(" ");
        format!("\n    [{}] {place}: {} | {} | {}", finding.code, finding.found, finding.expected, finding.advice)
    };
    findings.iter().map(line).collect()
}

/// The fixtures of all stations.
fn all() -> Vec<Tried> {
    let stations = [
        workbook::fixtures::tried(),
        crate::overview::fixtures::tried(),
        check::fixtures::tried(),
        document::own_documents_tests::tried(),
        names_and_groups(),
        formats(),
        open_files(),
        proposals(),
        editions(),
        new_edition(),
        vec![column_f()],
        read_formats(),
    ];
    stations.into_iter().flatten().collect()
}

fn session() -> Session {
    Session { format: format(), areas: AreaTable::default(), folder: None }
}

fn names_and_groups() -> Vec<Tried> {
    let named = |name: &str| {
        names::wijk(&namesakes(), name, &Origin::BuiltIn).unwrap().remark.into_iter().collect::<Vec<_>>()
    };
    let counted = |number: f64| {
        let mut read = overview();
        let mut count = read.columns[0].clone();
        count.code = format!("{}__n", count.code);
        read.columns.insert(1, count);
        read.figures.iter_mut().for_each(|row| row.insert(1, Figure::known(number)));
        session().protected("proef.csv", (read, Vec::new())).1
    };
    vec![
        Tried::new("naam-met-twee-betekenissen", named("Delfshaven"), named("gebied Delfshaven")),
        Tried::new("kleine-groep-afgeschermd", counted(4.0), counted(400.0)),
    ]
}

fn formats() -> Vec<Tried> {
    let link = |alive: bool| {
        let at = CellRef::new("Inhoudsopgave", 4, 1);
        let link = InternalLink { at, target: "'Factorenmodel groen'!A1".into(), alive };
        formats::dead_links(&Analysis { links: vec![link], ..Analysis::default() })
    };
    let formula = |outcome: &str| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let formula = rust_xlsxwriter::Formula::new("=B1").set_result(outcome);
        book.add_worksheet().write_formula(0, 0, formula).unwrap();
        let archive = Archive::from_bytes("proef.xlsx", book.save_to_buffer().unwrap()).unwrap();
        formats::formula_faults(&Spreadsheet::open(archive).unwrap()).unwrap()
    };
    let back = |keep: bool| {
        let mut read = analysis();
        read.pijlers[0].blocks[0].indicators.retain(|row| keep || row.code.as_deref() != Some("diploma"));
        session().not_found_back(&read)
    };
    let long = |times: usize| {
        let mut session = session();
        session.format.indicators[0].name = "Lang ".repeat(times);
        session.too_long()
    };
    let called = |name: &str| {
        let mut session = Session::open(None).unwrap();
        session.format.benchmark.1 = name.into();
        session.does_not_go_together().unwrap()
    };
    vec![
        Tried::new("format-link-dood", link(false), link(true)),
        Tried::new("format-formule-fout", formula("#REF!"), formula("")),
        Tried::new("format-niet-teruggevonden", back(false), back(true)),
        Tried::new("format-tekst-te-lang", long(60), long(20)),
        Tried::new("format-past-niet", called("Amsterdam"), called("gemeente Rotterdam")),
    ]
}

/// The closing tables as filling proposed them, and one figure typed over afterwards.
fn proposals() -> Vec<Tried> {
    let (format, overview) = (format(), overview());
    let compared = |analysis: &Analysis| compare::compare(&format, &overview, 0, None, Some(analysis));
    let proposed = |typed: f64| {
        let mut analysis = analysis();
        crate::testing::rows(&mut analysis, "bomen").for_each(|row| row.remark = Some(note("Dit valt op.")));
        let texts = compare::words::closing_texts(&compared(&analysis));
        for row in analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.closing) {
            let (_, figures, factoren) = texts.iter().find(|(domein, ..)| *domein == row.domein).unwrap();
            row.figures.as_mut().unwrap().text.clone_from(figures);
            row.factoren.as_mut().unwrap().text.clone_from(factoren);
            (row.figures_proposed, row.factoren_proposed) = (!figures.is_empty(), !factoren.is_empty());
        }
        let at = crate::testing::rows(&mut analysis, "bomen").next().unwrap();
        at.wijk.value = CellValue::Number(at.wijk.number().unwrap() + typed);
        check::outdated_proposals(&compared(&analysis), &analysis)
    };
    vec![Tried::new("voorstel-verouderd", proposed(20.0), proposed(0.0))]
}

fn open_files() -> Vec<Tried> {
    let run = |office: Office, file: &str, lock: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(lock), "A. Collega,pc").unwrap();
        office.open_elsewhere(&folder.path().join(file), false).unwrap().into_iter().collect::<Vec<_>>()
    };
    let workbook = |lock: &str| run(Office::Workbook, "proef.xlsx", lock);
    let overview = |lock: &str| run(Office::Overview, "proef.csv", lock);
    let document = |lock: &str| run(Office::Document, "proef.docx", lock);
    vec![
        Tried::new("werkboek-is-open", workbook(".~lock.proef.xlsx#"), workbook(".~lock.ander.xlsx#")),
        Tried::new("overzicht-is-open", overview("~$proef.csv"), overview("~$ander.csv")),
        Tried::new("document-is-open", document(".~lock.proef.docx#"), document(".~lock.ander.docx#")),
    ]
}

/// A figure that moved is a line of two overviews beside each other; its code names the threshold.
fn editions() -> Vec<Tried> {
    let run = |value: f64| {
        let mut new = overview();
        set(&mut new, 0, "bomen", Figure::known(value));
        let moved = compare::editions(&format(), &overview(), &new, 0).moved;
        let told = |_| Finding::new("cijfer-veranderd", Level::Waarschuwing, Place::default(), "-.", "", "-.");
        moved.into_iter().map(told).collect::<Vec<_>>()
    };
    vec![Tried::new("cijfer-veranderd", run(95.0), run(46.0))]
}

/// A workbook of the small format with the overview of before, and a new one that differs in its first column.
fn new_edition() -> Vec<Tried> {
    let format = super::migrate_tests::small();
    let session = super::migrate_tests::session(format);
    let mut own = Overview { areas: overview().areas, ..Overview::default() };
    own.columns = session.format.indicators.iter().map(column).collect();
    own.columns.iter_mut().for_each(|column| (column.edition, column.year) = ("2016".into(), "2016".into()));
    own.figures = own.areas.iter().map(|_| vec![Figure::known(10.0); own.columns.len()]).collect();
    let bytes = crate::format::build(&session.format, &own, &BuildOptions::default()).unwrap();
    let run = |change: &dyn Fn(&mut Column)| {
        let mut new = own.clone();
        new.columns.iter_mut().take(1).for_each(change);
        let mut workbook = workbook::open("proef.xlsx", bytes.clone(), &session.format, Details::None).unwrap();
        let tabs = workbook.analysis.pijlers.iter_mut().flat_map(|tab| &mut tab.blocks);
        for row in tabs.flat_map(|block| &mut block.indicators) {
            row.wijk.value = CellValue::Number(10.0);
        }
        let input = FillInput {
            workbook,
            statistics: compare::Statistics::new(&session.format, &new),
            overview: new,
            own: Some(own.clone()),
            findings: Vec::new(),
            origin: Origin::BuiltIn,
        };
        session.about_edition(&input)
    };
    vec![
        Tried::new("niet-in-nieuwe-editie", run(&|c| c.code = "anders".into()), run(&|_| ())),
        Tried::new(
            "editie-ouder",
            run(&|c| (c.edition, c.year) = ("2012".into(), "2012".into())),
            run(&|c| c.year = "2020".into()),
        ),
        Tried::new(
            "richting-veranderd",
            run(&|c| c.direction = if c.direction == "neutraal" { "lager is gunstig" } else { "neutraal" }.into()),
            run(&|c| c.direction.push(' ')),
        ),
        Tried::new("eenheid-veranderd", run(&|c| c.unit = "promille".into()), run(&|c| c.unit.push(' '))),
    ]
}

fn column_f() -> Tried {
    let [told, quiet, _] =
        super::edition_tests::column_f_after([Previous::Tab, Previous::Column, Previous::Nowhere]);
    Tried::new("kolom-f-eerdere-editie", told, quiet)
}

/// Reading a format out of its own blank workbook, changed in one place. What is said of every workbook, changed or not, does
/// not count.
fn read_formats() -> Vec<Tried> {
    let base = super::derive_tests::base();
    let bytes = crate::format::build(&base, &Overview::default(), &BuildOptions::default()).unwrap();
    let blank = workbook::definition("leeg.xlsx", bytes, &base).unwrap();
    let units = crate::format::units(&crate::format::sources(None).unwrap());
    let notes = |found: &FoundFormat| crate::format::derive(&base, &units, &blank, found).notes;
    let always = notes(&blank);
    let run = |change: fn(&mut FoundFormat)| {
        let mut found = blank.clone();
        change(&mut found);
        notes(&found).into_iter().filter(|note| !always.contains(note)).collect::<Vec<_>>()
    };
    let tried = |code, fires, quiet| Tried::new(code, run(fires), run(quiet));
    vec![
        tried(
            "lees-niet-begrepen",
            |found| {
                let known = found.headings.iter().find(|heading| heading.table == "activiteiten").unwrap();
                let mut new = FoundHeading { field: None, ..known.clone() };
                (new.cell.text, new.cell.at.col) = ("Budget".into(), 40);
                found.headings.push(new);
            },
            |found| {
                let headings = found.headings.iter_mut();
                headings.filter(|heading| heading.table == "activiteiten").take(1).for_each(|heading| {
                    heading.cell.text = "Wat gaan wij doen?".into();
                });
            },
        ),
        tried(
            "lees-tegenstrijdig",
            |found| {
                let asked = found.questions.iter_mut().find(|question| question.place == QuestionPlace::Domein);
                asked.unwrap().text.text = "Welke factoren spelen hier mee?".into();
            },
            reworded,
        ),
        tried(
            "lees-aan-te-vullen",
            |found| found.benchmark.iter_mut().for_each(|cell| cell.text = "Utrecht".into()),
            |found| found.blocks[0].indicators[0].unit = None,
        ),
        tried("lees-nieuw", |found| asked(found, "Wat speelt er online?"), reworded),
        tried(
            "lees-uit-basis",
            |found| found.tabs.retain(|tab| tab.kind != TabKind::Fixed("matrix".into())),
            reworded,
        ),
        tried(
            "lees-ingevuld",
            |found| {
                found.filled = Some("op 'Pijler Kansrijk' staat een wijk".into());
                asked(found, "Wat speelt er online?");
            },
            reworded,
        ),
    ]
}

/// One more question on the summary tab.
fn asked(found: &mut FoundFormat, text: &str) {
    let known = found.questions.iter().find(|question| question.place == QuestionPlace::Samenvatting).unwrap();
    let mut new = FoundQuestion { code: None, ..known.clone() };
    new.text.text = text.into();
    new.text.at.row += 40;
    found.questions.push(new);
}

/// A question in other words, wherever it stands.
fn reworded(found: &mut FoundFormat) {
    let code = found.questions[0].code.clone();
    let same = found.questions.iter_mut().filter(|question| question.code == code);
    same.for_each(|question| question.text.text = "Welke factoren spelen hier mee?".into());
}

#[test]
fn every_code_has_a_fixture_that_gives_exactly_that_code_and_one_beside_it_that_gives_none() {
    let all = all();
    let mut wrong: Vec<String> = Vec::new();
    for tried in &all {
        let code = tried.code;
        let Some(rule) = check::rule(code) else {
            wrong.push(format!("{code}: not explained"));
            continue;
        };
        let codes: BTreeSet<&str> = tried.fires.iter().map(|finding| finding.code.as_str()).collect();
        if codes != BTreeSet::from([code]) {
            wrong.push(format!("{code}: gives {}", short(&tried.fires)));
        }
        if !tried.quiet.is_empty() {
            wrong.push(format!("{code}: the quiet example gives {}", short(&tried.quiet)));
        }
        for finding in &tried.fires {
            let sentences = [&finding.found, &finding.expected, &finding.advice];
            if sentences.iter().any(|sentence| !sentence.is_empty() && !sentence.ends_with(['.', '?', '!'])) {
                wrong.push(format!("{code}: not sentences:{}", short(&tried.fires)));
            }
            if finding.found.is_empty() || finding.advice.is_empty() {
                wrong.push(format!("{code}: says not what is found or what to do:{}", short(&tried.fires)));
            }
            wrong.extend(sentences.iter().flat_map(|text| tone(text)).map(|what| format!("{code}: tone: {what}")));
            if finding.level > rule.level {
                wrong.push(format!("{code}: heavier than the table says:{}", short(&tried.fires)));
            }
        }
    }
    for rule in RULES {
        let texts = [rule.title, rule.why, rule.advice, rule.example, rule.quiet];
        wrong.extend(texts.iter().flat_map(|text| tone(text)).map(|what| format!("{}: tone: {what}", rule.code)));
    }
    let tried: BTreeSet<&str> = all.iter().map(|tried| tried.code).collect();
    let without: Vec<&str> = RULES.iter().map(|rule| rule.code).filter(|code| !tried.contains(code)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(without.is_empty(), "without a fixture: {without:?}");
}
