//! Everything for many wijken at once: what is said about all of them together. Everything is fictitious.

use super::leak_tests::{fictitious, fictitious_session};
use super::{AllRequest, FillChoices, FillTarget, Levels};
use crate::finding::Level;
use crate::model::AreaLevel;
use crate::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice};

#[test]
fn texts_about_one_wijk_that_come_in_the_files_of_all_are_told_once_and_findings_are_counted_per_level() {
    let session = fictitious_session();
    let here = tempfile::tempdir().unwrap();
    let mut overview = fictitious(session.format());
    let mut wijken = 0;
    let kept: Vec<bool> = overview
        .areas
        .iter()
        .map(|area| {
            wijken += usize::from(area.level == AreaLevel::Wijk);
            area.level != AreaLevel::Wijk || wijken <= 3
        })
        .collect();
    let areas: Vec<_> =
        overview.areas.iter().cloned().zip(&kept).filter(|(_, kept)| **kept).map(|(area, _)| area).collect();
    overview.areas = areas.into();
    let mut keep = kept.iter();
    overview.figures.retain(|_| keep.next() == Some(&true));
    let source = here.path().join("overzicht.csv");
    std::fs::write(&source, crate::overview::write_csv(&overview).unwrap()).unwrap();

    let blank = here.path().join("leeg.xlsx");
    session.build_format(Some(&source), &blank, false).unwrap();
    let first = overview.areas.iter().find(|area| area.level == AreaLevel::Wijk).unwrap().name.clone();
    let fill = FillChoices { overview: Some(source), ..FillChoices::default() };
    let filled = here.path().join("gevuld.xlsx");
    session.fill(&blank, &first, &fill, &FillTarget::File(filled.clone()), false, None).unwrap();
    let bytes = std::fs::read(&filled).unwrap();
    let none = crate::workbook::Details::None;
    let (analysis, _) = crate::workbook::read("gevuld.xlsx", bytes.clone(), session.format(), none).unwrap();
    let questions = analysis.pijlers.iter().flat_map(|tab| &tab.blocks).flat_map(|block| &block.questions);
    let at = questions.map(|question| question.answer.at.clone()).next().unwrap();
    let answer = CellEdit {
        tab: at.tab.clone(),
        row: at.row,
        col: at.col,
        value: NewValue::Text("Onze analyse van deze wijk.".to_owned()),
        style: StyleChoice::Keep,
    };
    let book = Spreadsheet::open(Archive::from_bytes("gevuld.xlsx", bytes).unwrap()).unwrap();
    let mut written = Vec::new();
    book.apply(&Changes { cells: vec![answer], ..Changes::default() }, &mut written).unwrap();
    let workbook = here.path().join("een wijk.xlsx");
    std::fs::write(&workbook, written).unwrap();

    let request = |workbook, folder: &str, keep_findings| AllRequest {
        workbook,
        folder: here.path().join(folder),
        fill: fill.clone(),
        keep_findings,
        ..AllRequest::default()
    };
    let done = session.all_wijken(&request(Some(workbook), "uit", true), &|_| ()).unwrap();
    assert!(done.failed.is_empty() && done.done.len() == 3, "{:?}", done.failed);
    let [told] = done.findings.as_slice() else { panic!("not once: {:?}", done.findings) };
    assert_eq!((told.code.as_str(), told.level), ("teksten-van-andere-wijk", Level::Waarschuwing));
    assert!(told.found.contains(&first) && told.found.contains("2 andere wijken"), "{}", told.found);
    assert!(told.advice.contains("Begin met een leeg werkboek"), "{}", told.advice);
    let findings: Vec<_> = done.done.iter().flat_map(|done| done.findings.clone()).collect();
    assert_eq!(done.levels, Levels::of(&findings));
    assert!(done.levels.waarschuwingen > 0, "{:?}", done.levels);

    let blank = session.all_wijken(&request(None, "leeg", false), &|_| ()).unwrap();
    assert_eq!(blank.findings, [], "without texts there is nothing to say");
    assert!(blank.levels != Levels::default() && blank.done.iter().all(|done| done.findings.is_empty()));
}
