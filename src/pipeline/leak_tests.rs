//! A figure about a small group stands in nothing that is made: every file is opened to its last part and looked through.
//! The overview, its wijken, figures and numbers of observations are fictitious (fictief).

use std::collections::BTreeMap;
use std::path::Path;

use super::edition::{EditionRequest, Previous};
use super::fill::FillTarget;
use super::migrate_tests::{session, small};
use super::{AllRequest, CheckRequest, FillChoices, Session, inputs};
use crate::model::*;
use crate::package::{Archive, CellEdit, Changes, NewValue, Spreadsheet, StyleChoice};

/// Hidden because few people are behind it; it is the highest of all wijken.
const SMALL: f64 = 97.913;
/// Hidden because the other could be calculated from it.
const DERIVED: f64 = 91.257;
/// How the two can look: with all decimals or as shown, with a comma or a point.
const LOOKS: [&str; 8] = ["97,9", "97.9", "91,3", "91.3", "91,2", "91.2", "0.979", "0.912"];

/// The indicators with numbers of observations.
pub(super) fn counted(format: &Format) -> Vec<String> {
    let known = format.indicators.iter().filter(|known| known.domein.is_some() && known.unit.is_percentage());
    known.take(2).map(|known| known.code.clone()).collect()
}

/// Every figure ends in ,5 but for the two that are hidden.
pub(super) fn fictitious(format: &Format) -> Overview {
    let area = |code: &str, name: &str, level, parent: Option<&str>| Area {
        code: code.into(),
        name: name.into(),
        level,
        parent: parent.map(Into::into),
        aliases: vec![],
    };
    let mut areas = vec![
        area("NL", "Nederland", AreaLevel::Land, None),
        area("GM0599", "Rotterdam", AreaLevel::Stad, Some("NL")),
        area("FG1", "Fictiefgebied", AreaLevel::Gebied, Some("GM0599")),
    ];
    for (at, name) in ["een", "twee", "drie", "vier", "vijf", "zes", "zeven"].iter().enumerate() {
        areas.push(area(&format!("FW{at}"), &format!("Fictiefwijk {name}"), AreaLevel::Wijk, Some("FG1")));
    }
    let mut overview = Overview { edition: "Fictief 2016".into(), areas: areas.into(), ..Overview::default() };
    overview.figures = vec![Vec::new(); overview.areas.len()];
    let counted = counted(format);
    for (place, indicator) in format.indicators.iter().enumerate() {
        let column = crate::testing::column(indicator);
        let with_number = counted.contains(&indicator.code);
        if with_number {
            let count = Column { code: format!("{}__n", indicator.code), ..column.clone() };
            overview.columns.extend([column, count]);
        } else {
            overview.columns.push(column);
        }
        for (area, row) in overview.figures.iter_mut().enumerate() {
            let ordinary = f64::from(u16::try_from((area * 7 + place * 3) % 40).unwrap()) + 10.5;
            row.push(Figure::known(match (with_number, area) {
                (true, 3) => SMALL,
                (true, 4) => DERIVED,
                _ => ordinary,
            }));
            if with_number {
                let number = [90_000.0, 5_000.0, 800.0, 4.0, 12.0].get(area).copied().unwrap_or(160.0);
                row.push(Figure::known(number));
            }
        }
    }
    overview
}

/// Every text in a file by the part it stands in, also those of packages in it.
pub(super) fn texts(name: &str, bytes: &[u8], into: &mut BTreeMap<String, String>) {
    match Archive::from_bytes(name, bytes.to_vec()) {
        Ok(archive) if bytes.starts_with(b"PK") => {
            for part in archive.names() {
                texts(&format!("{name} > {part}"), &archive.read(part).unwrap(), into);
            }
        }
        _ => {
            into.insert(name.to_owned(), String::from_utf8_lossy(bytes).into_owned());
        }
    }
}

pub(super) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        texts(&inputs::file_name(&path), &std::fs::read(&path).unwrap(), &mut found);
    }
    found
}

#[track_caller]
fn nothing_leaks(texts: &BTreeMap<String, String>) {
    for (name, text) in texts {
        for look in LOOKS {
            if let Some(at) = text.find(look) {
                let near: String =
                    text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                let rest: String = text[at..].chars().take(60).collect();
                panic!("{name} shows a hidden figure: ...{near}{rest}...");
            }
        }
    }
}

pub(super) fn fictitious_session() -> Session {
    let mut format = small();
    // With so few wijken there would be no spread, and then no charts.
    format.opvallend.fewest_areas = 3;
    session(format)
}

fn json(outcome: &impl serde::Serialize) -> String {
    serde_json::to_string(outcome).unwrap()
}

#[test]
fn a_figure_of_a_small_group_stands_in_nothing_that_is_made() {
    let session = fictitious_session();
    let (secret, made) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let overview = secret.path().join("fictief overzicht.csv");
    let source = crate::overview::write_csv(&fictitious(session.format())).unwrap();
    let shown = String::from_utf8_lossy(&source);
    assert!(
        [SMALL, DERIVED].iter().all(|hidden| shown.contains(&hidden.to_string().replace('.', ","))),
        "{shown}"
    );
    std::fs::write(&overview, &source).unwrap();
    let folder = made.path();
    let mut said: BTreeMap<String, String> = BTreeMap::new();

    // A workbook from before the numbers were known, whose overview tab shows the figures; and an earlier, careless hand
    // typed one, in a cell of ours to be and in one of theirs.
    let mut unprotected = fictitious(session.format());
    let is_figure: Vec<bool> = unprotected.columns.iter().map(|column| !column.is_count()).collect();
    unprotected.columns.retain(|column| !column.is_count());
    for row in &mut unprotected.figures {
        let mut keep = is_figure.iter();
        row.retain(|_| keep.next() == Some(&true));
    }
    let earlier = secret.path().join("eerder overzicht.csv");
    std::fs::write(&earlier, crate::overview::write_csv(&unprotected).unwrap()).unwrap();
    let blank = secret.path().join("leeg.xlsx");
    session.build_format(Some(&earlier), &blank, false).unwrap();
    let bytes = std::fs::read(&blank).unwrap();
    let (analysis, _) =
        crate::workbook::read("leeg.xlsx", bytes.clone(), session.format(), crate::workbook::Details::None)
            .unwrap();
    let first = counted(session.format()).into_iter().next();
    let typed = analysis.rows().find(|(_, _, row)| row.code == first).unwrap().2.wijk.at.clone();
    let book = Spreadsheet::open(Archive::from_bytes("leeg.xlsx", bytes).unwrap()).unwrap();
    let edit = CellEdit {
        tab: typed.tab.clone(),
        row: typed.row,
        col: typed.col,
        value: NewValue::Number(SMALL),
        style: StyleChoice::Keep,
    };
    let workbook = secret.path().join("getypt.xlsx");
    let mut out = Vec::new();
    book.apply(&Changes { cells: vec![edit], ..Changes::default() }, &mut out).unwrap();
    std::fs::write(&workbook, out).unwrap();

    let runs = [("Fictiefwijk een", Some(workbook), true), ("gebied Fictiefgebied", None, false)];
    for (wijk, workbook, overwrite) in runs {
        let fill = FillChoices { overview: Some(overview.clone()), overwrite, ..FillChoices::default() };
        let request =
            AllRequest { workbook, folder: folder.to_path_buf(), fill, force: true, ..AllRequest::default() };
        let done = session.all(wijk, &request).unwrap();
        said.insert(format!("alles {wijk}"), json(&done));
        let request = CheckRequest {
            workbook: done.workbook,
            copy: Some(folder.join("gecontroleerd.xlsx")),
            page: Some(folder.join("controle.html")),
            force: true,
            ..CheckRequest::default()
        };
        said.insert("controle".into(), json(&session.check(&request).unwrap()));
        let table = folder.join("bevindingen.csv");
        said.insert("tabel".into(), json(&session.check_many(&[folder.to_path_buf()], &request, &table).unwrap()));
    }
    let compared = session.compare(None, Some("Fictiefwijk een"), Some(&overview)).unwrap();
    said.insert("vergelijk".into(), json(&compared));
    said.insert("twee edities".into(), json(&session.compare_overviews(&overview, &overview).unwrap()));
    let found = files(folder);
    // A chart with its workbook, the hidden tabs, the documents, the page and the tables are all among them.
    for part in [
        "embeddings/grafiek1.xlsx > xl/worksheets",
        ".docx > word/charts/chart",
        "word/document.xml",
        "controle.html",
        "Logboek",
        "bevindingen.csv",
    ] {
        assert!(found.keys().any(|name| name.contains(part)), "{part}: {:?}", found.keys());
    }
    assert!(found.values().any(|text| text.contains("te kleine groep")));
    nothing_leaks(&found);
    nothing_leaks(&said);
}

/// The overview before anybody counted: the same figures of an edition before, without numbers of observations.
fn uncounted(session: &Session) -> Overview {
    let mut earlier = fictitious(session.format());
    let counts: Vec<usize> = (0..earlier.columns.len()).filter(|at| earlier.columns[*at].is_count()).collect();
    for at in counts.into_iter().rev() {
        earlier.columns.remove(at);
        for row in &mut earlier.figures {
            row.remove(at);
        }
    }
    earlier.edition = "Fictief 2014".into();
    for column in &mut earlier.columns {
        (column.edition, column.year) = ("editie 2014".into(), "2014".into());
    }
    earlier
}

/// A workbook that was filled when nobody counted: with the figures of two wijken, and what was proposed about them.
fn careless(session: &Session, folder: &Path) -> std::path::PathBuf {
    let (blank, before, filled) =
        (folder.join("leeg.xlsx"), folder.join("eerder.csv"), folder.join("gevuld.xlsx"));
    std::fs::write(&before, crate::overview::write_csv(&uncounted(session)).unwrap()).unwrap();
    session.build_format(Some(&before), &blank, false).unwrap();
    let fill =
        FillChoices { overview: Some(before), beside: Some("Fictiefwijk twee".into()), ..FillChoices::default() };
    session.fill(&blank, "Fictiefwijk een", &fill, &FillTarget::File(filled.clone()), false, None).unwrap();
    filled
}

fn counted_overview(session: &Session, folder: &Path) -> std::path::PathBuf {
    let overview = folder.join("geteld.csv");
    std::fs::write(&overview, crate::overview::write_csv(&fictitious(session.format())).unwrap()).unwrap();
    overview
}

#[test]
fn a_new_edition_that_hides_a_figure_keeps_the_old_one_nowhere() {
    let session = fictitious_session();
    let secret = tempfile::tempdir().unwrap();
    let filled = careless(&session, secret.path());
    let mut before = BTreeMap::new();
    texts("gevuld.xlsx", &std::fs::read(&filled).unwrap(), &mut before);
    for look in ["97.913", "91.257"] {
        assert!(before.values().any(|text| text.contains(look)), "the fixture shows {look}");
    }
    let edition = counted_overview(&session, secret.path());
    for previous in [Previous::Tab, Previous::Column, Previous::Nowhere] {
        let made = tempfile::tempdir().unwrap();
        let folder = made.path();
        let output = folder.join("editie.xlsx");
        let request = EditionRequest {
            workbook: filled.clone(),
            edition: edition.clone(),
            wijk: None,
            // Column F can hold the old figures only when it is free.
            beside: None,
            previous,
            overwrite: false,
            repair: false,
            target: FillTarget::File(output.clone()),
            force: false,
            ledger: Some(folder.join("Logboek.csv")),
        };
        let mut said = BTreeMap::new();
        said.insert(format!("{previous:?}"), json(&session.renew_figures(&request).unwrap()));
        let check = CheckRequest {
            workbook: output.clone(),
            copy: Some(folder.join("gecontroleerd.xlsx")),
            page: Some(folder.join("controle.html")),
            ..CheckRequest::default()
        };
        said.insert("controle".into(), json(&session.check(&check).unwrap()));
        said.insert("vergelijk".into(), json(&session.compare(Some(&output), None, None).unwrap()));
        let found = files(folder);
        assert!(found.keys().any(|name| name.contains("Logboek")));
        assert!(found.values().any(|text| text.contains("editie 2014")), "the earlier edition is remembered");
        nothing_leaks(&found);
        nothing_leaks(&said);
    }
}

#[test]
fn checking_a_workbook_that_shows_a_hidden_figure_says_where_and_does_not_repeat_it() {
    let session = fictitious_session();
    let (secret, made) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let filled = careless(&session, secret.path());
    let overview = counted_overview(&session, secret.path());
    let page = made.path().join("controle.html");
    let request = CheckRequest {
        workbook: filled.clone(),
        overview: Some(overview.clone()),
        page: Some(page.clone()),
        ..CheckRequest::default()
    };
    let checked = session.check(&request).unwrap();
    let columns: Vec<char> = checked
        .findings
        .iter()
        .filter(|finding| finding.code == "kleine-groep")
        .filter_map(|finding| finding.place.cell.as_ref()?.chars().next())
        .collect();
    assert!(columns.contains(&'E') && columns.contains(&'F'), "{columns:?}");
    let table = made.path().join("bevindingen.csv");
    let mut said = BTreeMap::new();
    said.insert("controle".to_owned(), json(&checked));
    said.insert("stukjes".to_owned(), format!("{:?}", checked.snippets));
    let request = CheckRequest { page: None, ..request };
    said.insert(
        "tabel".into(),
        json(&session.check_many(std::slice::from_ref(&filled), &request, &table).unwrap()),
    );
    said.insert("vergelijk".into(), json(&session.compare(Some(&filled), None, Some(&overview)).unwrap()));
    said.insert("toon".into(), json(&session.show(&filled).unwrap()));
    nothing_leaks(&said);
    nothing_leaks(&files(made.path()));
}
