//! A new edition in a workbook that people work in, from file to file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::edition::{EditionRequest, Previous};
use super::fill::{FillChoices, FillOutcome, FillTarget};
use super::{CheckRequest, Session};
use crate::finding::Finding;
use crate::model::{Analysis, CellRef, CellValue, Figure, Overview};
use crate::overview;
use crate::package::{Archive, CellEdit, Changes, NewValue, NoteKind, Spreadsheet, StyleChoice};
use crate::workbook::{self, Details};

/// A folder with a session, the workbook of Bospolder filled with the example, and two later editions of it.
struct Stage {
    folder: tempfile::TempDir,
    session: Session,
    own: Overview,
}

/// Another edition: another year, and every figure of a wijk `more` points higher.
fn later(own: &Overview, year: &str, more: f64) -> Overview {
    let mut later = own.clone();
    later.edition = format!("Proefeditie {year}");
    for column in &mut later.columns {
        column.edition = format!("editie {year}");
        column.year = "onbekend".into();
    }
    for figure in later.figures.iter_mut().flatten() {
        if let Figure::Known { value, .. } = figure {
            *value += if *value > 50.0 { -more } else { more };
        }
    }
    later
}

impl Stage {
    fn new() -> Self {
        let (folder, session) = (tempfile::tempdir().unwrap(), Session::open(None).unwrap());
        let own = overview::example().unwrap();
        let stage = Stage { folder, session, own };
        for (year, more) in [("2018", 2.0), ("2020", 5.0)] {
            let bytes = overview::write_csv(&later(&stage.own, year, more)).unwrap();
            std::fs::write(stage.path(&format!("{year}.csv")), bytes).unwrap();
        }
        stage.session.build_format(None, &stage.path("leeg.xlsx"), false).unwrap();
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The workbook filled by us.
    fn filled(&self) -> PathBuf {
        let target = FillTarget::File(self.path("vol.xlsx"));
        let choices = FillChoices::default();
        self.session.fill(&self.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output
    }

    fn read(&self, path: &Path) -> Analysis {
        let bytes = std::fs::read(path).unwrap();
        workbook::open("a.xlsx", &bytes, self.session.format(), Details::All).unwrap().analysis
    }

    /// Writes cells as a person would, and with `notes` takes our notes about editions away.
    fn written(&self, from: &Path, cells: &[(&CellRef, CellValue)], notes: bool) -> PathBuf {
        let edit = |(at, value): &(&CellRef, CellValue)| CellEdit {
            tab: at.tab.clone(),
            row: at.row,
            col: at.col,
            value: match value {
                CellValue::Number(number) => NewValue::Number(*number),
                other => NewValue::Text(other.text()),
            },
            style: StyleChoice::Keep,
        };
        let changes = Changes {
            cells: cells.iter().map(edit).collect(),
            notes: notes.then(Vec::new),
            note_kind: NoteKind::Edition,
            ..Changes::default()
        };
        let archive = Archive::from_bytes("a.xlsx", std::fs::read(from).unwrap()).unwrap();
        let mut out = Vec::new();
        Spreadsheet::open(archive).unwrap().apply(&changes, &mut out).unwrap();
        let path = self.path(&format!("mens {}", from.file_name().unwrap().to_string_lossy()));
        std::fs::write(&path, out).unwrap();
        path
    }

    fn request(&self, workbook: &Path, year: &str, previous: Previous) -> EditionRequest {
        EditionRequest {
            workbook: workbook.to_path_buf(),
            edition: self.path(&format!("{year}.csv")),
            wijk: None,
            beside: None,
            previous,
            overwrite: false,
            repair: false,
            target: FillTarget::File(self.path(&format!("editie {year}.xlsx"))),
            force: true,
            ledger: None,
        }
    }

    fn renewed(&self, workbook: &Path, year: &str) -> FillOutcome {
        self.session.renew_figures(&self.request(workbook, year, Previous::Tab)).unwrap()
    }

    /// Cells of which a check says that their text is about older figures.
    fn to_read(&self, workbook: &Path) -> Vec<String> {
        let request = CheckRequest { workbook: workbook.to_path_buf(), ..CheckRequest::default() };
        let found = self.session.check(&request).unwrap().findings;
        let cells = found.into_iter().filter(|finding| finding.code == "tekst-bij-oud-cijfer");
        cells.filter_map(|finding| finding.place.cell).collect()
    }
}

/// The cells of the first row with this code: the figure and the remark.
fn cells(analysis: &Analysis, code: &str) -> (CellRef, CellRef) {
    let (_, _, row) = analysis.rows().find(|(_, _, row)| row.code.as_deref() == Some(code)).unwrap();
    (row.wijk.at.clone(), row.remark.as_ref().unwrap().at.clone())
}

fn figure(analysis: &Analysis, code: &str) -> Option<f64> {
    analysis.rows().find(|(_, _, row)| row.code.as_deref() == Some(code)).unwrap().2.wijk.number()
}

fn text(text: &str) -> CellValue {
    CellValue::Text(text.into())
}

#[test]
fn three_editions_keep_what_people_wrote_and_forget_nothing() {
    let stage = Stage::new();
    let filled = stage.filled();
    let before = stage.read(&filled);
    let ((_, remark), (typed, _)) = (cells(&before, "vsv"), cells(&before, "rokers"));
    let own = figure(&before, "vsv").unwrap();
    let worked =
        stage.written(&filled, &[(&remark, text("Hier valt iets op.")), (&typed, CellValue::Number(99.0))], false);
    let original = std::fs::read(&worked).unwrap();

    let first = stage.renewed(&worked, "2018");
    let done = first.edition.as_ref().unwrap();
    let changed = done.figures.iter().find(|figure| figure.code == "vsv").unwrap();
    assert_eq!((changed.judgement, changed.period_now.contains("2018")), ("ongunstiger", true));
    assert!(changed.difference.starts_with("2,0 procentpunt"), "{}", changed.difference);
    assert_eq!(done.texts.iter().map(|text| text.cell.as_str()).collect::<Vec<_>>(), [remark.a1()]);
    assert!(done.texts[0].noted && done.tab.as_deref() == Some("Vorige editie"));
    let left = first.findings.iter().find(|finding| finding.code == "cijfer-met-rust-gelaten").unwrap();
    assert!(left.found.contains("99"), "{}", left.found);
    assert_eq!(std::fs::read(&worked).unwrap(), original, "the original stays");
    let after = stage.read(&first.output);
    assert_eq!((figure(&after, "vsv"), figure(&after, "rokers")), (Some(own + 2.0), Some(99.0)));
    assert_eq!(stage.to_read(&first.output), [remark.a1()]);

    // The same edition again changes no byte.
    let again = stage.session.renew_figures(&EditionRequest {
        target: FillTarget::File(stage.path("nog eens.xlsx")),
        ..stage.request(&first.output, "2018", Previous::Tab)
    });
    let again = again.unwrap();
    assert!(!again.changed && again.edition.unwrap().figures.is_empty());
    assert!(std::fs::read(&again.output).unwrap() == std::fs::read(&first.output).unwrap());

    // A third edition: the text is still held against the first, and the first figures are on the tab too.
    let third = stage.renewed(&first.output, "2020");
    let change = &third.edition.as_ref().unwrap().texts[0].changes[0];
    assert!(change.contains(&crate::model::words::number(own, 1)), "{change}");
    let archive = Archive::from_bytes("a.xlsx", std::fs::read(&third.output).unwrap()).unwrap();
    let book = Spreadsheet::open(archive).unwrap();
    let strings = book.shared_strings().unwrap();
    let (mut tab, mut numbers) = (String::new(), Vec::new());
    book.visit_cells("Vorige editie", &mut |cell| {
        if let CellValue::Number(number) = cell.value(&strings) {
            numbers.push((number, book.number_format(cell.style).to_owned()));
        }
        tab.push_str(&cell.value(&strings).text());
        tab.push('\n');
        Ok(true)
    })
    .unwrap();
    // Figures before texts; where something stands is told with its tab.
    let at = |word: &str| tab.find(word).unwrap_or_else(|| panic!("{word}: {tab}"));
    assert!(at("\nCijfer\n") < at("\nTekst\n"), "{tab}");
    assert!(tab.contains(&format!("\n{} {}\n", remark.tab, remark.a1())), "{tab}");
    assert!(tab.contains("editie 2018") && tab.contains("editie 2020") && tab.contains("2016"), "{tab}");
    // A person can compute with what stands there: the figures and what they changed are numbers.
    for (number, format) in
        [(own, "#,##0.0\"%\""), (own + 2.0, "#,##0.0\"%\""), (2.0, "+#,##0.0;-#,##0.0;#,##0.0")]
    {
        let found = numbers.iter().any(|(n, shown)| (n - number).abs() < 1e-8 && shown == format);
        assert!(found, "{number} {format}: {numbers:?}");
    }

    // The note is taken away: the text still holds. Until the next edition changes its figures again.
    let confirmed = stage.written(&first.output, &[], true);
    assert!(stage.to_read(&confirmed).is_empty());
    let later = stage.renewed(&confirmed, "2020");
    let change = &later.edition.as_ref().unwrap().texts[0].changes[0];
    assert!(change.contains(&crate::model::words::number(own + 2.0, 1)), "{change}");

    // Another text is another statement: its mark and its note go.
    let rewritten = stage.written(&first.output, &[(&remark, text("Nagelezen: dit is gestegen."))], false);
    assert!(stage.to_read(&rewritten).is_empty());
    let clean = stage.renewed(&rewritten, "2018");
    assert!(clean.changed && clean.edition.unwrap().texts.is_empty());
    let archive = Archive::from_bytes("a.xlsx", std::fs::read(&clean.output).unwrap()).unwrap();
    let noted = Spreadsheet::open(archive).unwrap().noted_cells(&remark.tab, NoteKind::Edition).unwrap();
    // The notes of the format on the names of indicators are not ours to take away.
    assert!(!noted.is_empty() && !noted.values().any(|ours| *ours), "{noted:?}");
}

#[test]
fn the_old_figures_come_into_column_f_when_it_is_free() {
    let stage = Stage::new();
    let filled = stage.filled();
    let own = figure(&stage.read(&filled), "vsv").unwrap();
    let done = stage.session.renew_figures(&stage.request(&filled, "2018", Previous::Column)).unwrap();
    let after = stage.read(&done.output);
    let (tab, _, row) = after.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
    assert_eq!(row.beside.as_ref().unwrap().number(), Some(own));
    let heading = tab.headings.iter().find(|(field, _)| field == "naast").unwrap();
    assert!(heading.1.text.starts_with("Vorige editie (2016"), "{}", heading.1.text);
    assert!(done.edition.unwrap().tab.is_none());
    // Again the same edition changes nothing, and ordinary filling leaves the column alone.
    let request = EditionRequest {
        target: FillTarget::File(stage.path("nog eens.xlsx")),
        ..stage.request(&done.output, "2018", Previous::Column)
    };
    assert!(!stage.session.renew_figures(&request).unwrap().changed);
    let target = FillTarget::File(stage.path("gevuld.xlsx"));
    let choices = FillChoices::default();
    let refilled = stage.session.fill(&done.output, "Bospolder", &choices, &target, true, None).unwrap();
    assert!(!refilled.changed && refilled.findings.is_empty(), "{:#?}", refilled.findings);
    // What a person put there is not replaced.
    let at = row.beside.as_ref().unwrap().at.clone();
    let typed = stage.written(&filled, &[(&at, CellValue::Number(1.0))], false);
    let said =
        stage.session.renew_figures(&stage.request(&typed, "2018", Previous::Column)).unwrap_err().to_string();
    assert!(said.contains(&at.a1()) && said.contains("--vorige tab"), "{said}");
}

/// What is said of column F when a later edition comes after one of which the old figures stand there: in this way each.
pub(super) fn column_f_after(ways: [Previous; 3]) -> [Vec<Finding>; 3] {
    let stage = Stage::new();
    let first =
        stage.session.renew_figures(&stage.request(&stage.filled(), "2018", Previous::Column)).unwrap().output;
    ways.map(|previous| {
        let done = stage.session.renew_figures(&stage.request(&first, "2020", previous)).unwrap();
        done.findings.into_iter().filter(|finding| finding.code == "kolom-f-eerdere-editie").collect()
    })
}

#[test]
fn old_figures_that_stay_in_column_f_after_a_later_edition_are_told() {
    let said = column_f_after([Previous::Column, Previous::Tab, Previous::Nowhere]);
    assert_eq!(said.map(|findings| findings.len()), [0, 1, 1]);
}

#[test]
fn a_workbook_that_shows_old_figures_of_one_wijk_is_not_made_into_that_of_another() {
    let stage = Stage::new();
    let filled = stage.filled();
    for previous in [Previous::Column, Previous::Tab] {
        let renewed = stage.session.renew_figures(&stage.request(&filled, "2018", previous)).unwrap().output;
        let target = FillTarget::File(stage.path("ander.xlsx"));
        let choices = FillChoices { overwrite: true, ..FillChoices::default() };
        let said =
            stage.session.fill(&renewed, "Tussendijken", &choices, &target, true, None).unwrap_err().to_string();
        assert!(said.contains("'Bospolder'") && said.contains("leeg werkboek"), "{said}");
        assert!(!stage.path("ander.xlsx").exists());
        // The wijk itself is filled again, and without an edition another wijk may come in its place.
        let again = FillTarget::File(stage.path("zelfde.xlsx"));
        stage.session.fill(&renewed, "Bospolder", &choices, &again, true, None).unwrap();
    }
    let target = FillTarget::File(stage.path("zonder.xlsx"));
    let choices = FillChoices { overwrite: true, ..FillChoices::default() };
    stage.session.fill(&filled, "Tussendijken", &choices, &target, true, None).unwrap();
}

#[test]
fn a_wijk_with_the_same_code_and_another_name_is_the_same_wijk() {
    let stage = Stage::new();
    let (at, _) = cells(&stage.read(&stage.filled()), "vsv");
    let of = |name: &str| stage.own.areas.iter().position(|area| area.name == name);
    let (wijk, beside) = (of("Bospolder").unwrap(), of("Tussendijken").unwrap());
    let mut next = later(&stage.own, "2018", 2.0);
    next.areas.get_mut(wijk).unwrap().name = "Bospolder-Noord".into();
    next.areas.get_mut(beside).unwrap().name = "Tussendijken-Zuid".into();
    // Both reasons for which a row rests: a figure that somebody typed, and an indicator that is gone.
    for column in next.columns.iter_mut().filter(|column| column.code == "eenzaam") {
        column.code = "eenzaam-nieuw".into();
    }
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&next).unwrap()).unwrap();
    let choices = FillChoices { beside: Some("Tussendijken".into()), ..FillChoices::default() };
    let target = FillTarget::File(stage.path("naast.xlsx"));
    let filled =
        stage.session.fill(&stage.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output;
    let typed = stage.written(&filled, &[(&at, CellValue::Number(99.0))], false);
    let done = stage.renewed(&typed, "2018");
    let after = stage.read(&done.output);
    assert_eq!((after.wijk(), figure(&after, "vsv")), ("Bospolder-Noord", Some(99.0)));
    let headings = after.pijlers.iter().flat_map(|tab| &tab.headings);
    let headings: Vec<&str> = headings.map(|(_, cell)| cell.text.trim()).collect();
    assert!(headings.contains(&"Bospolder-Noord") && headings.contains(&"Tussendijken-Zuid"), "{headings:?}");
    assert!(!headings.contains(&"Bospolder") && !headings.contains(&"Tussendijken"), "{headings:?}");
    let told: Vec<_> = done.findings.iter().filter(|finding| finding.code == "gebied-hernoemd").collect();
    assert!(
        told.len() == 2 && told[0].found.contains("'Bospolder' heet") && told[1].found.contains("'Tussendijken'")
    );
    assert!(!done.findings.iter().any(|finding| finding.code == "teksten-van-andere-wijk"));
    // A name that somebody typed is known by the workbook's own overview, and the overview of now knows it no more.
    let names: Vec<CellRef> = stage
        .read(&stage.path("leeg.xlsx"))
        .pijlers
        .iter()
        .filter_map(|tab| Some(tab.wijk.as_ref()?.at.clone()))
        .collect();
    let typed: Vec<_> = names.iter().map(|at| (at, text("BOSPOLDER"))).collect();
    let by_hand = stage.written(&stage.path("leeg.xlsx"), &typed, false);
    let target = FillTarget::File(stage.path("hand.xlsx"));
    let filled = stage.session.fill(&by_hand, "Bospolder", &FillChoices::default(), &target, true, None).unwrap();
    assert_eq!(stage.read(&filled.output).wijk(), "BOSPOLDER");
    let done = stage.renewed(&filled.output, "2018");
    assert_eq!(stage.read(&done.output).wijk(), "Bospolder-Noord");
    // The name of then is that of another wijk now: by its code the workbook is still the wijk's own.
    next.areas.get_mut(beside).unwrap().name = "Bospolder".into();
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&next).unwrap()).unwrap();
    let done = stage.renewed(&stage.filled(), "2018");
    assert_eq!(stage.read(&done.output).wijk(), "Bospolder-Noord");
    // And a workbook of another wijk is refused.
    let typed = stage.written(&stage.filled(), &[(&at, CellValue::Number(99.0))], false);
    let target = FillTarget::File(stage.path("ander.xlsx"));
    let said = stage.session.fill(&typed, "Tussendijken", &FillChoices::default(), &target, true, None);
    let said = said.unwrap_err().to_string();
    assert!(said.contains("cijfers van 'Bospolder'"), "{said}");
    // Also when that other wijk now has the name of this one.
    let now = FillChoices { overview: Some(stage.path("2018.csv")), ..FillChoices::default() };
    let swapped = stage.session.fill(&typed, "Bospolder", &now, &target, true, None).unwrap_err().to_string();
    assert!(swapped.contains("cijfers van 'Bospolder-Noord'"), "{swapped}");
    assert!(said.contains("in 1 rij kunnen"), "{said}");
}

#[test]
fn the_note_on_a_text_names_every_old_figure_that_still_stands_in_it() {
    let stage = Stage::new();
    let filled = stage.filled();
    let before = stage.read(&filled);
    let (_, block, _) = before.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
    let figures: Vec<String> = block
        .indicators
        .iter()
        .filter_map(|row| Some(crate::model::words::number(row.wijk.number()?, 1)))
        .take(2)
        .collect();
    assert!(figures.len() == 2 && figures[0] != figures[1], "{figures:?}");
    let answer = &block.questions[0].answer.at;
    let words = format!("Van {} en {} schrikken wij.", figures[0], figures[1]);
    let worked = stage.written(&filled, &[(answer, text(&words))], false);
    let done = stage.renewed(&worked, "2018");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&done.output).unwrap()).unwrap();
    let mut notes = String::new();
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        if part.name().unwrap().contains("comments") {
            std::io::Read::read_to_string(&mut part, &mut notes).unwrap();
        }
    }
    let told = done.findings.iter().find(|finding| finding.code == "tekst-bij-oud-cijfer").unwrap();
    let both = format!("staat nog {}.", crate::model::words::list(&figures));
    let other = format!("staat nog {}.", crate::model::words::list(&[&figures[1], &figures[0]]));
    for said in [&told.found, &notes] {
        assert!(said.contains(&both) || said.contains(&other), "{said}");
    }
}

#[test]
fn a_heading_of_which_the_old_name_lives_on_as_an_alias_gets_the_new_name_and_is_told() {
    let stage = Stage::new();
    let choices = FillChoices { beside: Some("gebied Overschie".into()), ..FillChoices::default() };
    let target = FillTarget::File(stage.path("naast.xlsx"));
    let filled =
        stage.session.fill(&stage.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output;
    // 'gebied Overschie' is an alias of this code in gebieden.csv, whatever the overview calls it.
    let mut next = later(&stage.own, "2018", 2.0);
    next.areas.iter_mut().find(|area| area.code == "WK059904").unwrap().name = "Nieuw Overschie".into();
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&next).unwrap()).unwrap();
    let done = stage.renewed(&filled, "2018");
    let after = stage.read(&done.output);
    let headings: Vec<&str> =
        after.pijlers.iter().flat_map(|tab| &tab.headings).map(|(_, cell)| cell.text.trim()).collect();
    assert!(headings.contains(&"Nieuw Overschie") && !headings.contains(&"gebied Overschie"), "{headings:?}");
    let told: Vec<_> = done.findings.iter().filter(|finding| finding.code == "gebied-hernoemd").collect();
    assert!(told.len() == 1 && told[0].found.contains("'gebied Overschie' heet"), "{told:?}");
}

#[test]
fn what_is_said_of_column_f_under_the_name_of_another_area_is_what_happened_to_it() {
    let stage = Stage::new();
    let choices = FillChoices { beside: Some("Tussendijken".into()), ..FillChoices::default() };
    let newer = FillChoices { overview: Some(stage.path("2018.csv")), ..choices.clone() };
    let told = |from: &Path, choices: &FillChoices, name: &str| {
        let before = stage.read(from);
        let headings: Vec<CellRef> = before
            .pijlers
            .iter()
            .flat_map(|tab| &tab.headings)
            .filter(|(field, _)| field == "naast")
            .map(|(_, cell)| cell.at.clone())
            .collect();
        let cells: Vec<(&CellRef, CellValue)> = headings.iter().map(|at| (at, text("Spangen"))).collect();
        let renamed = stage.written(from, &cells, false);
        let target = FillTarget::File(stage.path(name));
        let done = stage.session.fill(&renamed, "Bospolder", choices, &target, true, None).unwrap();
        let finding = done.findings.into_iter().find(|finding| finding.code == "kop-ander-gebied").unwrap();
        let beside = |analysis: &Analysis| {
            let (_, _, row) = analysis.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
            row.beside.as_ref().unwrap().number()
        };
        (finding.advice, beside(&before), beside(&stage.read(&done.output)))
    };
    let target = FillTarget::File(stage.path("naast.xlsx"));
    let beside =
        stage.session.fill(&stage.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output;
    let (advice, before, after) = told(&beside, &newer, "a.xlsx");
    assert!(advice.contains("zijn van Tussendijken en zijn bijgewerkt"), "{advice}");
    assert!(before.is_some() && after != before, "{before:?} {after:?}");
    let (advice, before, after) = told(&stage.filled(), &newer, "b.xlsx");
    assert!(advice.contains("met rust gelaten"), "{advice}");
    assert_eq!((before, after), (None, None));
}

#[test]
fn figures_that_a_person_copied_from_the_overview_are_renewed_too() {
    let stage = Stage::new();
    let blank = stage.read(&stage.path("leeg.xlsx"));
    let area = stage.own.areas.iter().position(|area| area.name == "Bospolder").unwrap();
    let typed: Vec<(CellRef, CellValue)> = blank
        .rows()
        .filter_map(|(_, _, row)| {
            let column = stage.own.column_index(row.code.as_deref()?)?;
            Some((row.wijk.at.clone(), CellValue::Number(stage.own.figure(area, column).value()?)))
        })
        .collect();
    let names: Vec<CellRef> = blank.pijlers.iter().filter_map(|tab| Some(tab.wijk.as_ref()?.at.clone())).collect();
    let mut cells: Vec<(&CellRef, CellValue)> = typed.iter().map(|(at, value)| (at, value.clone())).collect();
    cells.extend(names.iter().map(|at| (at, text("Bospolder"))));
    let by_hand = stage.written(&stage.path("leeg.xlsx"), &cells, false);
    let done = stage.renewed(&by_hand, "2018");
    assert!(done.rows_left == 0 && done.rows_filled > 50, "{} {}", done.rows_left, done.rows_filled);
    assert!(done.edition.unwrap().figures.len() > 30);
}

#[test]
fn the_wijk_is_the_one_of_the_workbook() {
    let stage = Stage::new();
    let filled = stage.filled();
    let wrong =
        EditionRequest { wijk: Some("Tussendijken".into()), ..stage.request(&filled, "2018", Previous::Tab) };
    let said = stage.session.renew_figures(&wrong).unwrap_err().to_string();
    assert!(said.contains("gevuld voor Bospolder") && said.contains("Laat --wijk weg"), "{said}");
    let blank = stage.request(&stage.path("leeg.xlsx"), "2018", Previous::Tab);
    let said = stage.session.renew_figures(&blank).unwrap_err().to_string();
    assert!(said.contains("om welke wijk het gaat"), "{said}");
    // An older edition by mistake is told.
    let bytes = overview::write_csv(&later(&stage.own, "2010", 2.0)).unwrap();
    std::fs::write(stage.path("2010.csv"), bytes).unwrap();
    let older = stage.renewed(&filled, "2010");
    assert!(older.findings.iter().any(|finding| finding.code == "editie-ouder"), "{:#?}", older.findings);
}

#[test]
fn an_old_figure_in_another_unit_never_stands_beside_the_new_one() {
    let stage = Stage::new();
    let filled = stage.filled();
    let mut later = later(&stage.own, "2018", 2.0);
    for column in later.columns.iter_mut().filter(|column| column.code == "eenzaam") {
        column.unit = "per 1.000 inwoners".into();
    }
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&later).unwrap()).unwrap();
    let done = stage.session.renew_figures(&stage.request(&filled, "2018", Previous::Column)).unwrap();
    let after = stage.read(&done.output);
    let beside = |code: &str| {
        let rows = after.rows().filter(|(_, _, row)| row.code.as_deref() == Some(code));
        rows.map(|(_, _, row)| row.beside.as_ref().unwrap().value.clone()).collect::<Vec<_>>()
    };
    assert!(beside("eenzaam").iter().all(CellValue::is_blank), "{:?}", beside("eenzaam"));
    assert!(!beside("vsv").iter().any(CellValue::is_blank), "{:?}", beside("vsv"));
    assert!(done.findings.iter().any(|finding| finding.code == "eenheid-veranderd"));
}

#[test]
fn what_the_new_edition_lacks_keeps_its_figures_and_a_changed_unit_is_told() {
    let stage = Stage::new();
    let filled = stage.filled();
    let mut later = later(&stage.own, "2018", 2.0);
    for column in &mut later.columns {
        match column.code.as_str() {
            "vsv" => column.code = "vsv-nieuw".into(),
            "eenzaam" => column.unit = "index".into(),
            _ => {}
        }
    }
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&later).unwrap()).unwrap();
    let own = figure(&stage.read(&filled), "vsv");
    let done = stage.renewed(&filled, "2018");
    assert_eq!(figure(&stage.read(&done.output), "vsv"), own, "the figures of an indicator that is gone stay");
    for (code, name) in [
        ("niet-in-nieuwe-editie", "Jongeren zonder startkwalificatie"),
        ("eenheid-veranderd", "Volwassenen die eenzaam zijn"),
    ] {
        let found: Vec<_> = done.findings.iter().filter(|finding| finding.code == code).collect();
        assert!(found.len() == 1 && found[0].found.contains(name), "{code}: {found:?}");
    }
    let all = done.edition.unwrap().figures;
    assert!(!all.iter().any(|figure| figure.code == "vsv"));
    let lonely = all.iter().find(|figure| figure.code == "eenzaam").unwrap();
    assert!(
        lonely.difference.contains("de eenheid was '%' en is 'index'") && lonely.judgement.is_empty(),
        "{}",
        lonely.difference
    );
}

#[test]
fn after_a_new_edition_of_some_indicators_filling_again_changes_no_byte() {
    let stage = Stage::new();
    let filled = stage.filled();
    let mut later = later(&stage.own, "2018", 2.0);
    later.columns.truncate(20);
    later.figures.iter_mut().for_each(|row| row.truncate(20));
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&later).unwrap()).unwrap();
    let done = stage.renewed(&filled, "2018");
    // What is proposed in the closing tables rests on all figures, also on those that were not renewed.
    let target = FillTarget::File(stage.path("weer.xlsx"));
    let choices = FillChoices::default();
    let again = stage.session.fill(&done.output, "Bospolder", &choices, &target, true, None).unwrap();
    let written: Vec<(&str, &str)> =
        again.ledger.iter().map(|entry| (entry.cell.as_str(), entry.field.as_str())).collect();
    assert_eq!((written, again.changed), (Vec::new(), false));
}

#[test]
fn in_its_place_with_a_backup_over_typed_figures_and_beside_another_wijk() {
    let stage = Stage::new();
    let filled = stage.filled();
    let (at, _) = cells(&stage.read(&filled), "vsv");
    let own = figure(&stage.read(&filled), "vsv").unwrap();
    let typed = stage.written(&filled, &[(&at, CellValue::Number(99.0))], false);
    let before = std::fs::read(&typed).unwrap();
    let request = EditionRequest {
        beside: Some("Tussendijken".into()),
        overwrite: true,
        target: FillTarget::InPlace,
        ..stage.request(&typed, "2018", Previous::Tab)
    };
    let done = stage.session.renew_figures(&request).unwrap();
    assert_eq!((&done.output, std::fs::read(done.backup.as_ref().unwrap()).unwrap()), (&typed, before));
    let after = stage.read(&typed);
    assert_eq!(figure(&after, "vsv"), Some(own + 2.0), "asked for, a typed figure is replaced too");
    let (_, _, row) = after.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
    let beside = row.beside.as_ref().unwrap().number().unwrap();
    let area = stage.own.areas.iter().position(|area| area.name == "Tussendijken").unwrap();
    let column = stage.own.column_index("vsv").unwrap();
    let old = stage.own.figure(area, column).value().unwrap();
    assert!((beside - old - 2.0).abs() < 1e-9, "{beside} beside, {old} in the edition before");
    // What was replaced is remembered, the typed figure too.
    assert!(
        after.history.figures.iter().any(|known| known.code == "vsv" && known.value == CellValue::Number(99.0))
    );
    // A second time there is nothing to do, and no second backup.
    let again = stage.session.renew_figures(&request).unwrap();
    assert!(!again.changed && again.backup.is_none());
}

#[test]
fn a_folder_with_folders_gets_the_new_figures_with_one_summary_and_what_fails_stops_nothing() {
    let stage = Stage::new();
    let filled = std::fs::read(stage.filled()).unwrap();
    let (from, to) = (stage.path("werkboeken"), stage.path("werkboeken").join("nieuw"));
    std::fs::create_dir_all(from.join("Bospolder")).unwrap();
    std::fs::create_dir_all(&to).unwrap();
    for name in ["Bospolder/Analyse Bospolder - ingevuld.xlsx", "los.xlsx", "~$los.xlsx", "nieuw/van eerder.xlsx"]
    {
        std::fs::write(from.join(name), &filled).unwrap();
    }
    std::fs::write(from.join("kapot.xlsx"), &filled[..2000]).unwrap();
    std::fs::copy(stage.path("leeg.xlsx"), from.join("leeg.xlsx")).unwrap();
    let request = EditionRequest {
        target: FillTarget::File(to.clone()),
        force: false,
        ..stage.request(&from, "2018", Previous::Tab)
    };
    let steps = std::sync::atomic::AtomicUsize::new(0);
    let count = |progress| {
        let one = usize::from(progress == super::Progress::Step);
        steps.fetch_add(one, std::sync::atomic::Ordering::Relaxed);
    };
    let many = stage.session.renew_folder(&request, &count).unwrap();
    assert_eq!(steps.into_inner(), 4, "a lock file is no workbook, and what stands among the results neither");
    let made: Vec<PathBuf> =
        many.done.iter().map(|one| one.outcome.output.strip_prefix(&to).unwrap().to_path_buf()).collect();
    let expected = ["Bospolder/Analyse Bospolder - editie 2018.xlsx", "los - editie 2018.xlsx"];
    assert_eq!(made, expected.map(PathBuf::from));
    assert!(made.iter().all(|name| to.join(name).is_file()));
    let failed: Vec<String> = many.failed.iter().map(|one| super::inputs::file_name(&one.workbook)).collect();
    assert_eq!(failed, ["kapot.xlsx", "leeg.xlsx"], "a blank workbook says no wijk");
    assert!(!to.join("kapot - editie 2018.xlsx").exists());
    let summary = std::fs::read_to_string(to.join("Samenvatting nieuwe editie.csv")).unwrap();
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!(lines.len(), 5, "{summary}");
    let figures = many.done[0].outcome.edition.as_ref().unwrap().figures.len();
    assert!(
        lines[1].contains("Bospolder;Analyse Bospolder - editie 2018.xlsx")
            && lines[1].contains(&figures.to_string())
    );
    assert!(lines[3].starts_with("kapot.xlsx;niet gelukt;") && lines[4].starts_with("leeg.xlsx;niet gelukt;"));
    assert_eq!(lines[3].matches("kapot.xlsx").count(), 1, "the reason does not name the file again: {}", lines[3]);
    assert_eq!(std::fs::read(from.join("los.xlsx")).unwrap(), filled, "the original stays");

    // Again the summary is there already; without a folder nothing is done.
    assert!(stage.session.renew_folder(&request, &|_| ()).is_err());
    let nowhere = EditionRequest { target: FillTarget::Beside, ..request };
    let said = stage.session.renew_folder(&nowhere, &|_| ()).unwrap_err().to_string();
    assert!(said.contains("-o een map"), "{said}");
}

/// A figure that the edition gives for a row, or that stands in it.
fn known(overview: &Overview, area: &str, code: &str) -> f64 {
    let at = overview.areas.iter().position(|known| known.name == area).unwrap();
    overview.figure(at, overview.column_index(code).unwrap()).value().unwrap()
}

#[test]
fn a_figure_in_another_unit_is_shown_in_it_and_not_held_against_the_old_one() {
    let stage = Stage::new();
    let worked = {
        let filled = stage.filled();
        let before = stage.read(&filled);
        let (_, remark) = cells(&before, "vsv");
        let cell = |field: &str| before.item_cell("resultaten", field, 4).unwrap();
        let texts = [
            (cell("resultaat"), "Meer jongeren halen een diploma"),
            (cell("indicatoren"), "vsv"),
            (cell("startwaarde"), "17,7"),
            (cell("streefwaarde"), "-3"),
            (cell("meetwijze"), "elk"),
            (cell("onderbouwing"), "Omdat zoveel jongeren uitvallen."),
            (remark, "Hier valt iets op."),
        ];
        let written: Vec<(&CellRef, CellValue)> = texts.iter().map(|(at, value)| (at, text(value))).collect();
        stage.written(&filled, &written, false)
    };
    let mut other = later(&stage.own, "2018", 2.0);
    let column = other.column_index("vsv").unwrap();
    other.columns[column].unit = "per 1.000 inwoners".into();
    for area in 0..other.areas.len() {
        if let Figure::Known { value, .. } = &mut other.figures[area][column] {
            *value *= 10.0;
        }
    }
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&other).unwrap()).unwrap();
    let now = crate::model::words::number(known(&other, "Bospolder", "vsv"), 1);

    let renewed = stage.renewed(&worked, "2018");
    let done = renewed.edition.as_ref().unwrap();
    let changed = done.figures.iter().find(|figure| figure.code == "vsv").unwrap();
    assert_eq!(changed.now, format!("{now} per 1.000 inwoners"));
    assert!(changed.before.ends_with('%') && changed.judgement.is_empty(), "{changed:?}");
    assert!(changed.difference.starts_with("niet vergeleken: de eenheid was '%'"), "{}", changed.difference);
    let result = &done.results[0];
    assert_eq!(result.standing, crate::model::Standing::NietTeZeggen);
    assert!(result.reason.contains("nu in 'per 1.000 inwoners'"), "{}", result.reason);
    // The remark and the onderbouwing of the result are both to be read again, with each figure in its own unit.
    assert_eq!(done.texts.len(), 2, "{:?}", done.texts);
    for about in &done.texts {
        let change = &about.changes[0];
        assert!(change.contains("% werd") && change.ends_with(&format!("{now} per 1.000 inwoners")), "{change}");
        assert!(about.noted, "{about:?}");
    }
    // What filling wrote itself is not called impossible afterwards.
    let request = CheckRequest {
        workbook: renewed.output.clone(),
        overview: Some(stage.path("2018.csv")),
        ..CheckRequest::default()
    };
    let found = stage.session.check(&request).unwrap().findings;
    let wrong: Vec<_> = found.iter().filter(|finding| finding.code.contains("onmogelijk")).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn what_a_person_typed_in_one_row_is_not_told_as_the_figure_of_the_new_edition() {
    let stage = Stage::new();
    let filled = stage.filled();
    let before = stage.read(&filled);
    // The indicator stands in several rows; the first of them gets a figure of the advisor's own.
    let code = "jongeren-werkzoekend";
    assert!(before.rows().filter(|(_, _, row)| row.code.as_deref() == Some(code)).count() > 1);
    let (typed, remark) = cells(&before, code);
    let worked = stage.written(&filled, &[(&typed, CellValue::Number(99.0)), (&remark, text("Hoog."))], false);
    let renewed = stage.renewed(&worked, "2018");
    let done = renewed.edition.as_ref().unwrap();
    let now = crate::model::words::number(known(&later(&stage.own, "2018", 2.0), "Bospolder", code), 1);
    let changed = done.figures.iter().find(|figure| figure.code == code).unwrap();
    assert_eq!(changed.now, format!("{now}%"));
    assert!(done.texts[0].changes[0].ends_with(&format!("werd {now}%")), "{:?}", done.texts);
    assert_eq!(
        stage.read(&renewed.output).rows().find(|(_, _, row)| row.wijk.at == typed).unwrap().2.wijk.number(),
        Some(99.0)
    );
}

#[test]
fn a_row_that_was_left_alone_is_not_told_as_what_the_new_edition_brought() {
    // The first row of an indicator that stands in several gets a benchmark, a source or a unit and year of the advisor's own: it rests.
    let code = "jongeren-werkzoekend";
    let now = crate::model::words::number(
        known(&later(&overview::example().unwrap(), "2018", 2.0), "Bospolder", code),
        1,
    );
    for field in ["benchmark", "bron", "eenheid"] {
        let stage = Stage::new();
        let filled = stage.filled();
        let before = stage.read(&filled);
        let (_, _, row) = before.rows().find(|(_, _, row)| row.code.as_deref() == Some(code)).unwrap();
        let (at, value) = match field {
            "benchmark" => (row.benchmark.as_ref().unwrap().at.clone(), CellValue::Number(20.0)),
            "bron" => (row.source.as_ref().unwrap().at.clone(), text("Eigen bron")),
            _ => (row.unit.as_ref().unwrap().at.clone(), text("%, 2014")),
        };
        let remark = cells(&before, code).1;
        let renewed =
            stage.renewed(&stage.written(&filled, &[(&at, value), (&remark, text("Hoog."))], false), "2018");
        let after = stage.read(&renewed.output);
        let kept = after.rows().find(|(_, _, other)| other.wijk.at == row.wijk.at).unwrap().2.wijk.number();
        assert_eq!(kept, row.wijk.number(), "{field}: the row rests");
        let done = renewed.edition.as_ref().unwrap();
        let told = done.figures.iter().find(|figure| figure.code == code).unwrap();
        assert_eq!(told.now, format!("{now}%"), "{field}");
        let shown = done.texts.iter().flat_map(|text| &text.changes).find(|said| said.contains("werd"));
        assert!(shown.is_some_and(|said| said.contains(&format!("werd {now}%"))), "{field}: {:?}", done.texts);
        let book = Spreadsheet::open(Archive::open(&renewed.output).unwrap()).unwrap();
        let strings = book.shared_strings().unwrap();
        let mut cells: Vec<Vec<CellValue>> = Vec::new();
        book.visit_cells(super::edition_tab::TAB, &mut |cell| {
            cells.resize(cells.len().max(cell.row as usize + 1), Vec::new());
            cells[cell.row as usize].push(cell.value(&strings));
            Ok(true)
        })
        .unwrap();
        let name = stage.session.format().indicator(code).unwrap().name.clone();
        let of = cells.iter().find(|row| row.contains(&text(&name))).unwrap();
        let wanted = known(&later(&stage.own, "2018", 2.0), "Bospolder", code);
        let near = |value: &CellValue| matches!(value, CellValue::Number(n) if (n - wanted).abs() < 1e-6 || (n * 100.0 - wanted).abs() < 1e-6);
        assert!(of.iter().any(near), "{field}: {of:?}");
    }
}

/// What a person types in every row of an indicator.
fn in_all_rows(analysis: &Analysis, code: &str, value: &CellValue) -> Vec<(CellRef, CellValue)> {
    let rows = analysis.rows().filter(|(_, _, row)| row.code.as_deref() == Some(code));
    rows.map(|(_, _, row)| (row.wijk.at.clone(), value.clone())).collect()
}

#[test]
fn a_figure_of_the_advisor_is_not_shown_as_one_of_the_new_edition_and_gets_no_verdict() {
    let (stage, code) = (Stage::new(), "jongeren-werkzoekend");
    let first = stage.renewed(&stage.filled(), "2018").output;
    let typed = in_all_rows(&stage.read(&first), code, &CellValue::Number(99.0));
    let typed: Vec<(&CellRef, CellValue)> = typed.iter().map(|(at, value)| (at, value.clone())).collect();
    let renewed = stage.renewed(&stage.written(&first, &typed, false), "2020");
    let book = Spreadsheet::open(Archive::open(&renewed.output).unwrap()).unwrap();
    let strings = book.shared_strings().unwrap();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    book.visit_cells(super::edition_tab::TAB, &mut |cell| {
        rows.entry(cell.row).or_default().push(cell.value(&strings).text());
        Ok(true)
    })
    .unwrap();
    let name = &stage.session.format().indicator(code).unwrap().name;
    let told: Vec<&Vec<String>> = rows.values().filter(|row| row.contains(name)).collect();
    assert_eq!(told.len(), 1, "one renewal, of 2016 to 2018: {told:?}");
    let origin = told[0].iter().find(|text| text.contains("Was:")).unwrap();
    assert!(origin.contains("uw eigen cijfer") && origin.contains("2018") && !origin.contains("2020"), "{origin}");
    assert!(!told[0].iter().any(|text| text.contains("gunstiger")), "{told:?}");
}

#[test]
fn a_row_is_filled_once_the_own_figure_that_kept_it_alone_is_gone() {
    let (stage, code) = (Stage::new(), "jongeren-werkzoekend");
    // Filled by hand at first: what else stands in the row the format wrote.
    let typed = in_all_rows(&stage.read(&stage.path("leeg.xlsx")), code, &CellValue::Number(99.0));
    let typed: Vec<(&CellRef, CellValue)> = typed.iter().map(|(at, value)| (at, value.clone())).collect();
    let own = stage.written(&stage.path("leeg.xlsx"), &typed, false);
    let choices = FillChoices::default();
    let filled =
        stage.session.fill(&own, "Bospolder", &choices, &FillTarget::File(stage.path("vol.xlsx")), true, None);
    let left = stage.renewed(&filled.unwrap().output, "2018");
    assert_eq!(left.rows_left, typed.len());
    let emptied: Vec<(&CellRef, CellValue)> = typed.iter().map(|(at, _)| (*at, text(""))).collect();
    let done = stage.renewed(&stage.written(&left.output, &emptied, false), "2020");
    assert_eq!(done.rows_left, 0, "{:?}", done.findings);
    let wanted = known(&later(&stage.own, "2020", 5.0), "Bospolder", code);
    assert!((figure(&stage.read(&done.output), code).unwrap() - wanted).abs() < 1e-6);
}

#[test]
fn what_filling_wrote_is_still_told_after_an_edition_that_left_the_row_alone() {
    let (stage, code) = (Stage::new(), "jongeren-werkzoekend");
    let filled = stage.filled();
    let typed = in_all_rows(&stage.read(&filled), code, &CellValue::Number(99.0));
    let typed: Vec<(&CellRef, CellValue)> = typed.iter().map(|(at, value)| (at, value.clone())).collect();
    let first = stage.renewed(&stage.written(&filled, &typed, false), "2018");
    let second = stage.renewed(&first.output, "2020");
    for outcome in [&first, &second] {
        let told = outcome.findings.iter().filter(|finding| finding.code == "cijfer-met-rust-gelaten");
        let told: Vec<&str> = told.map(|finding| finding.found.as_str()).collect();
        assert!(!told.is_empty() && told.iter().all(|said| said.contains("Bij het vullen kwam hier")), "{told:?}");
    }
}

#[test]
fn old_figures_go_to_column_f_again_after_another_area_stood_there() {
    let stage = Stage::new();
    let target = FillTarget::File(stage.path("vol.xlsx"));
    let choices = FillChoices { beside: Some("Tussendijken".into()), ..FillChoices::default() };
    let filled =
        stage.session.fill(&stage.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output;
    let mut workbook = filled;
    for year in ["2018", "2020"] {
        let request = stage.request(&workbook, year, Previous::Column);
        workbook = stage.session.renew_figures(&request).unwrap_or_else(|error| panic!("{year}: {error}")).output;
    }
    let after = stage.read(&workbook);
    let (_, _, row) = after.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
    let first = known(&later(&stage.own, "2018", 2.0), "Bospolder", "vsv");
    assert_eq!(row.beside.as_ref().unwrap().number(), Some(first));
}

#[test]
fn an_edition_without_the_area_of_column_f_leaves_two_ways_out() {
    let stage = Stage::new();
    let target = FillTarget::File(stage.path("vol.xlsx"));
    let choices = FillChoices { beside: Some("Tussendijken".into()), ..FillChoices::default() };
    let filled =
        stage.session.fill(&stage.path("leeg.xlsx"), "Bospolder", &choices, &target, true, None).unwrap().output;
    let mut few = later(&stage.own, "2018", 2.0);
    let gone = few.areas.iter().position(|area| area.name == "Tussendijken").unwrap();
    few.areas.remove(gone);
    few.figures.remove(gone);
    std::fs::write(stage.path("2018.csv"), overview::write_csv(&few).unwrap()).unwrap();
    let refused =
        stage.session.renew_figures(&stage.request(&filled, "2018", Previous::Tab)).unwrap_err().to_string();
    assert!(refused.contains("Tussendijken") && refused.contains("kolom F"), "{refused}");
    assert!(refused.contains("--naast") && refused.contains("--vorige kolom"), "{refused}");
    let beside =
        EditionRequest { beside: Some("Spangen".into()), ..stage.request(&filled, "2018", Previous::Tab) };
    for request in [stage.request(&filled, "2018", Previous::Column), beside] {
        let done = stage.session.renew_figures(&request).unwrap();
        let after = stage.read(&done.output);
        let (_, _, row) = after.rows().find(|(_, _, row)| row.code.as_deref() == Some("vsv")).unwrap();
        let area = if request.beside.is_some() { "Spangen" } else { "Bospolder" };
        let of = if request.beside.is_some() { &few } else { &stage.own };
        assert_eq!(row.beside.as_ref().unwrap().number(), Some(known(of, area, "vsv")), "{area}");
    }
}
