//! For every code of reading and filling a workbook: a small one with one thing wrong, which gives exactly that code, and
//! one that looks like it and gives none. Everything in them is fictitious.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::layout::{find_tabs, missing_tabs};
use super::lexicon::Lexicon;
use super::pijler::read_pijler;
use super::sheet::{Cell, Sheet};
use super::*;
use crate::finding::Finding;
use crate::model::{CellValue, Format};
use crate::package::{Archive, Spreadsheet, write_package};
use crate::testing::{Tried, overview};

/// Every fixture, tried.
pub(crate) fn tried() -> Vec<Tried> {
    let on_tab = |(code, fires, quiet): &(&'static str, TabChange, TabChange)| {
        Tried::new(code, tab_findings(*fires), tab_findings(*quiet))
    };
    let in_book = |(code, fires, quiet): &(&'static str, BookChange, BookChange)| {
        Tried::new(code, Book::read(*fires), Book::read(*quiet))
    };
    let filling = |(code, fires, quiet): &(&'static str, BookChange, BookChange)| {
        Tried::new(code, Book::fill(*fires), Book::fill(*quiet))
    };
    ON_A_TAB
        .iter()
        .map(on_tab)
        .chain(IN_A_BOOK.iter().map(in_book))
        .chain(WHEN_FILLING.iter().map(filling))
        .chain([names_of_tabs(), headings_of_results(), unclear_percentages()])
        .collect()
}

/// The small format with the headings and questions of the real one.
fn format() -> &'static Format {
    static FORMAT: OnceLock<Format> = OnceLock::new();
    FORMAT.get_or_init(|| {
        let real = crate::format::builtin().unwrap();
        let benchmark = |heading: &mut crate::model::Heading| {
            if (heading.table.as_str(), heading.field.as_str()) == ("pijler", "benchmark") {
                heading.text = "Stad".into();
            }
        };
        let mut headings = real.headings;
        headings.iter_mut().for_each(benchmark);
        Format { headings, questions: real.questions, ..crate::testing::format() }
    })
}

type Rows = Vec<Vec<String>>;
type TabChange = fn(&mut Rows, &mut Format);

const HEADINGS: [&str; 9] = ["Nr", "Indicator", "Eenheid", "Bron", "wijk", "vrij", "Stad", "Wat valt op?", "code"];

/// The tab of a pijler of the small format, in order and not filled in. Its rows: 0 the wijk; per domein the heading, the
/// columns and two indicators; at the end the closing table.
fn rows(pijler: &str) -> Rows {
    let mut rows = vec![vec!["Wijk: ".to_owned()]];
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    for domein in format().domeinen_of(pijler) {
        rows.push(row(&[&format!("Domein: {}", domein.name)]));
        rows.push(row(&HEADINGS));
        let own = format().indicators.iter().filter(|known| known.domein.as_ref() == Some(&domein.name)).take(2);
        rows.extend(own.map(|known| row(&["1", &known.name, "", "", "", "", "", "", &known.code])));
    }
    rows.push(row(&["Domein", "Opvallende cijfers", "Factoren", "Leeftijdsfase", "Leefgebied", "Conclusie"]));
    rows.extend(format().domeinen_of(pijler).map(|domein| row(&[&domein.name])));
    rows
}

fn set(rows: &mut Rows, row: usize, col: usize, text: &str) {
    let cells = &mut rows[row];
    cells.resize(cells.len().max(col + 1), String::new());
    cells[col] = text.to_owned();
}

fn insert(rows: &mut Rows, at: usize, cells: &[&str]) {
    rows.insert(at, cells.iter().map(|cell| (*cell).to_owned()).collect());
}

fn typed(rows: &Rows) -> Sheet {
    let mut sheet = Sheet { name: "Pijler Kansrijk".to_owned(), ..Sheet::default() };
    for (row, cells) in (0..).zip(rows) {
        for (col, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            let value = text.parse().map_or_else(|_| CellValue::Text(text.clone()), CellValue::Number);
            sheet.cells.insert((row, col), Cell { value, ..Cell::default() });
        }
    }
    sheet
}

fn tab_findings(change: TabChange) -> Vec<Finding> {
    let (mut rows, mut format) = (rows("Kansrijk"), format().clone());
    change(&mut rows, &mut format);
    read_pijler(&typed(&rows), "Kansrijk", &Lexicon::new(&format)).1
}

/// Rows of the tab 'Pijler Kansrijk': 0 wijk, 1 domein School, 2 headings, 3 and 4 indicators, 5 domein Werk, 6 headings,
/// 7 and 8 indicators, 9 closing table, 10 School, 11 Werk.
const ON_A_TAB: &[(&str, TabChange, TabChange)] = &[
    (
        "kolom-ontbreekt",
        |rows, _| {
            for row in [2, 6] {
                set(rows, row, 4, "iets");
                set(rows, row, 5, "anders");
                set(rows, row, 6, "nog iets");
            }
        },
        |rows, _| rows.iter_mut().for_each(|row| row.insert(0, String::new())),
    ),
    (
        "kolommen-ontbreken",
        |rows, _| {
            rows.remove(6);
            rows.remove(2);
        },
        |rows, _| insert(rows, 2, &[]),
    ),
    (
        "domein-ontbreekt",
        |rows, _| {
            rows.drain(5..9);
        },
        |rows, _| insert(rows, 5, &[]),
    ),
    ("domein-onbekend", |rows, _| set(rows, 1, 0, "Domein: Schol"), |rows, _| set(rows, 1, 0, "domein: school")),
    (
        "domein-dubbel",
        |rows, _| {
            for (at, row) in (9..).zip(rows[5..9].to_vec()) {
                rows.insert(at, row);
            }
        },
        |rows, _| rows.push(vec!["Notities over Werk".into()]),
    ),
    (
        "domein-andere-pijler",
        |rows, _| insert(rows, 9, &["Domein: Straat"]),
        |rows, _| insert(rows, 9, &["Straatbeeld van de wijk"]),
    ),
    (
        "rij-zonder-domein",
        |rows, _| {
            insert(rows, 1, &["1", "Indicator uren", "%", "", "12"]);
            let heading = rows[3].clone();
            rows.insert(1, heading);
        },
        |rows, _| insert(rows, 1, &["Eigen tekst boven het eerste domein"]),
    ),
    ("slottabel-ontbreekt", |rows, _| rows.truncate(9), |rows, _| insert(rows, 9, &[])),
    (
        "indicator-onbekend",
        |rows, _| insert(rows, 5, &["3", "Indicator verzuimd", "%", "", "12"]),
        |rows, _| insert(rows, 5, &["3", "indicator VERZUIM", "%", "", "12"]),
    ),
    (
        "indicator-dubbelzinnig",
        |rows, format| {
            for code in ["bomen", "contact"] {
                let known = format.indicators.iter_mut().find(|known| known.code == code).unwrap();
                known.variants.push("Groen".into());
            }
            insert(rows, 5, &["3", "Groen", "%", "", "12"]);
        },
        |rows, format| {
            for code in ["bomen", "contact"] {
                let known = format.indicators.iter_mut().find(|known| known.code == code).unwrap();
                known.variants.push("Groen".into());
            }
            insert(rows, 5, &["3", "Groen", "%", "", "12", "", "", "", "bomen"]);
        },
    ),
    (
        "code-en-naam-verschillen",
        |rows, _| set(rows, 3, 1, "Indicator uren"),
        |rows, _| set(rows, 3, 1, "Verzuim op school"),
    ),
    (
        "factor-onbekend",
        |rows, _| insert(rows, 3, &["", "Factor: Armode"]),
        |rows, _| insert(rows, 3, &["", "Factor: armoede (ranking 2)"]),
    ),
    (
        "vraag-onbekend",
        |rows, _| insert(rows, 5, &["", "Welke cijfers missen wij nu nog steeds?", "Geen."]),
        |rows, _| insert(rows, 5, &["", "3. Welke cijfers missen wij nog?", "Geen."]),
    ),
];

/// A workbook, and what is asked when it is filled.
struct Book {
    /// Rows by the name of their tab.
    tabs: BTreeMap<&'static str, Rows>,
    /// A tab that is protected.
    protected: Option<&'static str>,
    /// Cells of the tab 'Pijler Veilig' that hold one array formula: first row and column, last row and column.
    array: Option<(u32, u16, u32, u16)>,
    /// Cells of the tab 'Pijler Veilig' that a pivot table on the tab 'Draai' reads.
    pivot: Option<&'static str>,
    overview: crate::model::Overview,
    request: FillRequest<'static>,
}

type BookChange = fn(&mut Book);

impl Book {
    /// A workbook in order: of the wijk the first column of figures is still empty.
    fn new(change: BookChange) -> Self {
        let mut tabs: BTreeMap<&'static str, Rows> =
            [("Pijler Kansrijk", rows("Kansrijk")), ("Pijler Veilig", rows("Veilig"))].into_iter().collect();
        for name in ["Factorenmodel School", "Factorenmodel Straat", "Factorenmodel Werk"] {
            tabs.insert(name, Vec::new());
        }
        let (overview, request) = (overview(), FillRequest::default());
        let mut book = Book { tabs, protected: None, array: None, pivot: None, overview, request };
        change(&mut book);
        book
    }

    /// The rows of 'Pijler Veilig': 0 wijk, 1 domein Straat, 2 headings, 3 and 4 indicators, 5 closing table, 6 Straat.
    fn veilig(&mut self) -> &mut Rows {
        self.tabs.get_mut("Pijler Veilig").unwrap()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (name, rows) in &self.tabs {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).unwrap();
            if self.protected == Some(*name) {
                sheet.protect();
            }
            if let Some((row, col, last_row, last_col)) = self.array.filter(|_| *name == "Pijler Veilig") {
                sheet.write_array_formula(row, col, last_row, last_col, "{=A1:A2}").unwrap();
            }
            for (row, cells) in (0..).zip(rows) {
                for (col, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                    match text.parse::<f64>() {
                        Ok(number) => sheet.write_number(row, col, number).unwrap(),
                        Err(_) => sheet.write_string(row, col, text).unwrap(),
                    };
                }
            }
        }
        match self.pivot {
            Some(cells) => {
                book.add_worksheet().set_name("Draai").unwrap();
                with_pivot(book.save_to_buffer().unwrap(), self.tabs.len() + 1, cells)
            }
            None => book.save_to_buffer().unwrap(),
        }
    }

    fn read(change: BookChange) -> Vec<Finding> {
        read("proef.xlsx", Book::new(change).bytes(), format(), Details::All).unwrap().1
    }

    fn fill(change: BookChange) -> Vec<Finding> {
        let filling = Book::new(change);
        let bytes = filling.bytes();
        let workbook = open("proef.xlsx", bytes.clone(), format(), Details::All).unwrap();
        let planned = plan(&workbook, &filling.overview, format(), &filling.request).unwrap();
        let package = Spreadsheet::open(Archive::from_bytes("proef.xlsx", bytes).unwrap()).unwrap();
        let filled =
            fill(&package, &workbook, &planned, format(), &FillExtras::default(), &mut Vec::new()).unwrap();
        workbook.findings.into_iter().chain(filled.findings).collect()
    }
}

/// A package with a pivot table on its last tab that reads cells of 'Pijler Veilig'.
fn with_pivot(bytes: Vec<u8>, tab: usize, cells: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!("<Relationship Id=\"rIdP\" Type=\"{RELATION}/{kind}\" Target=\"{target}\"/></Relationships>")
    };
    let relations = |kind: &str, target: &str| {
        let list = relation(kind, target);
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}")
    };
    let archive = Archive::from_bytes("proef.xlsx", bytes).unwrap();
    let book = archive.read_text("xl/_rels/workbook.xml.rels").unwrap();
    let book = book.replace("</Relationships>", &relation("pivotCacheDefinition", "/xl/pivotCache/c.xml"));
    let mut parts: Vec<(String, Vec<u8>)> = archive
        .names()
        .filter(|name| *name != "xl/_rels/workbook.xml.rels")
        .map(|name| (name.to_owned(), archive.read(name).unwrap()))
        .collect();
    let added = [
        ("xl/_rels/workbook.xml.rels".to_owned(), book),
        (format!("xl/worksheets/_rels/sheet{tab}.xml.rels"), relations("pivotTable", "../pivotTables/p.xml")),
        ("xl/pivotTables/_rels/p.xml.rels".to_owned(), relations("pivotCacheDefinition", "/xl/pivotCache/c.xml")),
        (
            "xl/pivotTables/p.xml".to_owned(),
            format!(
                "<pivotTableDefinition xmlns=\"{MAIN}\" name=\"Draai\"><location ref=\"D1:E3\"/></pivotTableDefinition>"
            ),
        ),
        (
            "xl/pivotCache/c.xml".to_owned(),
            format!(
                "<pivotCacheDefinition xmlns=\"{MAIN}\"><cacheSource type=\"worksheet\"><worksheetSource ref=\"{cells}\" sheet=\"Pijler Veilig\"/></cacheSource></pivotCacheDefinition>"
            ),
        ),
    ];
    parts.extend(added.into_iter().map(|(name, text)| (name, text.into_bytes())));
    write_package(parts).unwrap()
}

const IN_A_BOOK: &[(&str, BookChange, BookChange)] = &[
    (
        "tabblad-ontbreekt",
        |book| {
            book.tabs.remove("Pijler Veilig");
        },
        |book| {
            let rows = book.tabs.remove("Pijler Veilig").unwrap();
            book.tabs.insert("pijler veilig", rows);
        },
    ),
    (
        "tabblad-hernoemd",
        |book| {
            let rows = book.tabs.remove("Pijler Veilig").unwrap();
            book.tabs.insert("Blad2", rows);
        },
        |book| {
            book.tabs.insert("Blad2", vec![vec!["Straat en school".into()]]);
        },
    ),
    (
        "tabblad-dubbel",
        |book| {
            let rows = book.veilig().clone();
            book.tabs.insert("Pijler Veilig (2)", rows);
        },
        |book| {
            book.tabs.insert("Kladblad", vec![vec!["Straat en school".into()]]);
        },
    ),
    ("let-op-bij-vullen", |book| book.protected = Some("Pijler Veilig"), |book| book.protected = None),
];

const WHEN_FILLING: &[(&str, BookChange, BookChange)] = &[
    (
        "kop-ander-gebied",
        |book| {
            set(book.veilig(), 2, 5, "Wijk 3");
            book.request.beside = Some(1);
        },
        |book| book.request.beside = Some(1),
    ),
    (
        "gebied-hernoemd",
        |book| {
            let mut own = overview();
            own.areas.get_mut(0).unwrap().name = "Oude naam".into();
            set(book.veilig(), 0, 0, "Wijk: Oude naam");
            book.request.own = Some(Box::leak(Box::new(own)));
        },
        |book| {
            set(book.veilig(), 0, 0, "Wijk: Wijk 1");
            book.request.own = Some(Box::leak(Box::new(overview())));
        },
    ),
    ("cijfer-met-rust-gelaten", |book| set(book.veilig(), 3, 4, "12.5"), |book| set(book.veilig(), 3, 4, "35.04")),
    (
        "rij-van-een-ander-jaar",
        |book| set(book.veilig(), 3, 2, "%, 2014"),
        |book| set(book.veilig(), 3, 2, "% · editie 2016, peiljaar onbekend · 18 t/m 22 jaar · direct"),
    ),
    (
        "eigen-tekst-bij-nieuw-cijfer",
        |book| set(book.veilig(), 3, 3, "eigen onderzoek"),
        |book| set(book.veilig(), 3, 3, "Bron"),
    ),
    (
        "teksten-van-andere-wijk",
        |book| {
            set(book.veilig(), 0, 0, "Wijk: Wijk 3");
            set(book.veilig(), 3, 7, "Dit valt op in onze wijk.");
            book.request.overwrite = true;
        },
        |book| {
            set(book.veilig(), 0, 0, "Wijk: Wijk 3");
            book.request.overwrite = true;
        },
    ),
    ("cel-niet-geschreven", |book| book.array = Some((0, 4, 2, 4)), |book| book.array = Some((0, 11, 2, 11))),
    ("draaitabel-verouderd", |book| book.pivot = Some("D3:E5"), |book| book.pivot = Some("K1:L9")),
];

fn names_of_tabs() -> Tried {
    let run = |names: &[&str]| {
        let all = ["Pijler Kansrijk", "Factorenmodel School", "Factorenmodel Straat", "Factorenmodel Werk"];
        let tabs: Vec<(String, bool)> = all.iter().chain(names).map(|name| ((*name).to_owned(), false)).collect();
        let (infos, mut findings) = find_tabs(&tabs, &BTreeMap::new(), format());
        findings.extend(missing_tabs(&infos, format()));
        findings
    };
    let quiet = run(&["Pijler Veilig", "Veilig thuis notities"]);
    Tried::new("tabblad-dubbel", run(&["Pijler Veilig", "Veilig"]), quiet)
}

fn headings_of_results() -> Tried {
    let run = |heading: &str, extra: &str| {
        let headings = ["Nr", "Domein", "Ambitie", heading, "Indicator(en)", "Startwaarde (per indicator)", extra];
        let rows = vec![headings.iter().map(|text| (*text).to_owned()).collect()];
        tables::read_resultaten(&typed(&rows), format()).1
    };
    let quiet = run("Maatschappelijk resultaat", "Mijn aantekening");
    Tried::new("kolom-onbekend", run("Maatschapelijk resultaat", ""), quiet)
}

/// Of an xls or ods the number format is not known.
fn unclear_percentages() -> Tried {
    let run = |figure: &str| {
        let mut rows = rows("Kansrijk");
        set(&mut rows, 3, 4, figure);
        let lexicon = Lexicon::new(format());
        super::read::unclear_percentages(&read_pijler(&typed(&rows), "Kansrijk", &lexicon).0, &lexicon)
    };
    Tried::new("procent-onduidelijk", run("0.125"), run("12.5"))
}
