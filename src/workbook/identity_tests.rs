//! Workbooks of which everything has another name are recognised by their ids.

use super::*;
use crate::format::{BuildOptions, build, builtin};
use crate::model::{Analysis, Format, Overview};

/// The same format with another name for everything that has an id, and no variants to know the old names by.
fn renamed() -> Format {
    let mut format = builtin().unwrap();
    let new = |text: &str| format!("Zo {}", text.chars().rev().collect::<String>());
    let tab = |text: &str| new(text).replace(['/', '?', ':'], " ").chars().take(31).collect::<String>();
    for pijler in &mut format.pijlers {
        pijler.name = new(&pijler.name);
        pijler.heading = new(&pijler.heading);
        pijler.tab = tab(&pijler.tab);
    }
    for domein in &mut format.domeinen {
        domein.pijler = new(&domein.pijler);
        domein.name = new(&domein.name);
        domein.variants.clear();
        domein.factorenmodel_tab = tab(&domein.factorenmodel_tab);
        domein.factorenmodel_variants.clear();
    }
    for factor in &mut format.factoren {
        factor.domein = new(&factor.domein);
        factor.name = new(&factor.name);
    }
    for ranked in &mut format.ranking {
        ranked.name = new(&ranked.name);
    }
    for indicator in &mut format.indicators {
        indicator.name = new(&indicator.name);
        indicator.variants.clear();
        indicator.domein = indicator.domein.as_deref().map(new);
        indicator.factoren = indicator.factoren.iter().map(|factor| new(factor)).collect();
    }
    for question in &mut format.questions {
        question.text = new(&question.text);
        question.variants.clear();
    }
    for heading in &mut format.headings {
        heading.text = new(&heading.text);
        heading.variants.clear();
    }
    for known in &mut format.tabs {
        known.name = tab(&known.name);
        known.variants.clear();
    }
    format.benchmark.1 = "Andere stad".to_owned();
    format
}

/// What was found, without any name: codes and addresses.
fn skeleton(analysis: &Analysis) -> Vec<String> {
    let mut found = Vec::new();
    for tab in &analysis.pijlers {
        let label = |cell: &Option<crate::model::TextCell>| cell.as_ref().map(|cell| cell.at.a1());
        found.push(format!("{:?} {:?} {:?}", label(&tab.wijk), label(&tab.adviseur), tab.columns));
        for block in &tab.blocks {
            found.push(format!("blok {}", block.row));
            let rows = block.indicators.iter();
            found.extend(rows.map(|row| format!("{:?} {} {}", row.code, row.row, row.factor.is_some())));
            let questions = block.questions.iter();
            found.extend(questions.map(|question| format!("{:?} {}", question.code, question.answer.at.a1())));
        }
        found.extend(tab.questions.iter().map(|question| format!("{:?}", question.code)));
        let closing = tab.closing.iter().filter_map(|row| row.conclusion.as_ref());
        found.extend(closing.map(|cell| cell.at.a1()));
    }
    let summary = analysis.summary.iter();
    found.extend(summary.clone().flat_map(|tab| &tab.questions).map(|question| format!("{:?}", question.code)));
    found.extend(summary.flat_map(|tab| &tab.closing).filter_map(|row| Some(row.conclusion.as_ref()?.at.a1())));
    found
}

#[test]
fn a_workbook_of_which_every_label_has_changed_is_read_by_its_ids() {
    let bytes = build(&builtin().unwrap(), &Overview::default(), &BuildOptions::default()).unwrap();
    let (plain, _) = read("nieuw.xlsx", bytes.clone(), &builtin().unwrap(), Details::None).unwrap();
    let (by_ids, findings) = read("nieuw.xlsx", bytes, &renamed(), Details::None).unwrap();
    assert!(skeleton(&plain).len() > 200);
    assert_eq!(skeleton(&by_ids), skeleton(&plain));
    assert_eq!(by_ids.optional_tabs, plain.optional_tabs);
    for analysis in [&plain, &by_ids] {
        let other = analysis.tabs.iter().filter(|tab| tab.kind == crate::model::TabKind::Other);
        let names: Vec<&str> = other.map(|tab| tab.name.as_str()).collect();
        assert_eq!(names, ["_wijkanalyse", "_grafieken"], "only the hidden tabs are no tabs of the format");
    }
    assert_eq!(findings, []);
}

#[test]
fn the_factoren_of_factorenmodel_and_ranking_are_known_by_their_ids_whatever_they_are_called() {
    let format = builtin().unwrap();
    let bytes = build(&format, &Overview::default(), &BuildOptions::default()).unwrap();
    let ids = |base: &Format| {
        let found = definition("nieuw.xlsx", bytes.clone(), base).unwrap();
        let factoren = found.factoren.values().flatten().chain(&found.ranking);
        let ids: Vec<Option<String>> = factoren.map(|factor| factor.id.clone()).collect();
        let headings =
            found.headings.iter().filter(|heading| ["factorenmodel", "ranking"].contains(&heading.table.as_str()));
        (ids, headings.map(|heading| heading.field.clone()).collect::<Vec<_>>())
    };
    let (plain, headings) = ids(&format);
    assert!(
        plain.len() > format.factoren.len()
            && plain.iter().all(Option::is_some)
            && headings.iter().all(Option::is_some)
    );
    assert_eq!(ids(&renamed()), (plain, headings));
}
