//! For every code of reading overviews and their sources: one with one thing wrong, which gives exactly that code, and one
//! that looks like it and gives none. Figures and mappings are fictitious.

use super::*;
use crate::testing::{self, Tried};

/// Every fixture, tried.
pub(crate) fn tried() -> Vec<Tried> {
    let own = OWN.iter().map(|(code, fires, quiet)| Tried::new(code, own_layout(*fires), own_layout(*quiet)));
    let source = |(code, fires, quiet): &(&'static str, SourceChange, SourceChange)| {
        Tried::new(code, imported(*fires), imported(*quiet))
    };
    own.chain(SOURCES.iter().map(source))
        .chain([two_sources(), two_editions(), built_in_mapping(), row_of_headings()])
        .collect()
}

type Rows = Vec<Vec<&'static str>>;
type RowChange = fn(&mut Rows);

fn csv_of(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// An overview in the own layout, in order, with one thing changed.
fn own_layout(change: RowChange) -> Vec<Finding> {
    let mut rows = vec![
        vec!["Code", "", "", "", "a", "b"],
        vec!["Indicator", "", "", "", "Een", "Twee"],
        vec!["Eenheid", "", "", "", "%", "aantal"],
        vec!["Decimalen", "", "", "", "1", "0"],
        vec!["Jaar of editie", "", "", "", "2020", "2020"],
        vec!["Gebiedscode", "Naam", "Niveau", "Valt onder"],
        vec!["GM1", "Stad", "stad", "", "12,5", "1234"],
        vec!["W1", "West", "wijk", "GM1", "12,5", "4"],
    ];
    change(&mut rows);
    let areas = AreaTable::default();
    let options = ReadOptions::new(&areas);
    read("proef.csv", csv_of(&rows), &options).unwrap().1
}

const OWN: &[(&str, RowChange, RowChange)] = &[
    (
        "label-dubbel",
        |rows| rows.insert(3, vec!["Eenheid", "", "", "", "%", "%"]),
        |rows| rows.insert(3, vec!["Eenheid van vroeger", "", "", "", "%", "%"]),
    ),
    ("kolom-zonder-code", |rows| rows[0][5] = "", |rows| rows.iter_mut().for_each(|row| row.push(""))),
    (
        "kolom-dubbel",
        |rows| rows[0][5] = "a",
        |rows| {
            rows[0][5] = "a";
            rows[4][5] = "2018";
        },
    ),
    (
        "decimale-punt",
        |rows| {
            rows[6][4] = "12.5";
            rows[7][4] = "12.50";
        },
        |rows| rows[6][5] = "1.234",
    ),
    ("decimalen-ongeldig", |rows| rows[3][4] = "een", |rows| rows[3][4] = "2"),
    (
        "gebied-dubbel",
        |rows| rows.push(vec!["W1", "West", "wijk", "GM1", "1,0", "4"]),
        |rows| rows.push(vec!["W2", "West", "gebied", "GM1", "1,0", "4"]),
    ),
    (
        "rij-zonder-gebied",
        |rows| rows.push(vec!["", "", "", "", "3,0", "4"]),
        |rows| rows.push(vec!["", "", "", "", "", ""]),
    ),
    ("niveau-onbekend", |rows| rows[7][2] = "stadsdeel", |rows| rows[7][2] = "Wijk"),
    ("valt-onder-onbekend", |rows| rows[7][3] = "WK059999", |rows| rows[7][3] = "Stad"),
    ("cijfer-ongeldig", |rows| rows[7][5] = "veel", |rows| rows[7][5] = "x"),
];

/// A source with its mapping.
struct Source {
    rows: Rows,
    mapping: String,
}

type SourceChange = fn(&mut Source);

fn imported(change: SourceChange) -> Vec<Finding> {
    let mut source = Source {
        rows: vec![
            vec!["wijknr", "naam", "A"],
            vec!["21", "Bospolder", "25,0"],
            vec!["5000", "Rotterdam", "12,5"],
        ],
        mapping: "naam = \"Bron\"\neditie = \"2020\"\ndecimaalteken = \",\"\nleeg = \"onbekend\"\n[herkenning]\n\
            koppen = [\"wijknr\"]\n[[tabel]]\nkoprij = 1\neerste_rij = 2\n\
            gebied = { kolom = \"wijknr\", sleutel = \"wijknr\", naamkolom = \"naam\" }\n\
            kolommen = [{ bron = \"A\", indicator = \"a\", schaal = \"getal\" }]\n"
            .to_owned(),
    };
    change(&mut source);
    let mapping = Mapping::parse("proef.toml", &source.mapping).unwrap();
    import_all(&[("proef.csv", csv_of(&source.rows))], &[mapping])
}

fn import_all(sources: &[(&str, Vec<u8>)], mappings: &[Mapping]) -> Vec<Finding> {
    let mut indicators = vec![
        testing::indicator("a", Some("Werk"), &[], crate::model::Direction::HigherIsBetter),
        testing::indicator("vsv", Some("Werk"), &[], crate::model::Direction::LowerIsBetter),
    ];
    for indicator in &mut indicators {
        indicator.source = "Bron Wijkprofiel".into();
    }
    let areas = AreaTable::built_in().unwrap();
    let definitions =
        Definitions { indicators: &indicators, domeinen: &[], areas: &areas, mappings, benchmark: None };
    let sources: Vec<(String, Vec<u8>)> =
        sources.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect();
    import(&sources, &definitions, &ImportOptions::default()).unwrap().1.findings
}

const SOURCES: &[(&str, SourceChange, SourceChange)] = &[
    (
        "bron-anders-dan-indicator",
        |source| source.mapping = source.mapping.replace("\"Bron\"", "\"Buurtmonitor\""),
        |source| source.mapping = source.mapping.replace("\"Bron\"", "\"Wijkprofiel 2020\""),
    ),
    ("kolom-niet-gekoppeld", |source| source.rows[0].push("Iets anders"), |source| source.rows[0].push("")),
    ("gebied-naam-wijkt-af", |source| source.rows[1][1] = "Spangen", |source| source.rows[1][1] = "bospolder"),
    (
        "gebied-onbekend",
        |source| source.rows.push(vec!["999", "Nergens", "1,0"]),
        |source| source.rows.push(vec!["22", "Tussendijken", "1,0"]),
    ),
    ("andere-indeling", |source| by_cbs_code(source, "BU05991289"), |source| by_cbs_code(source, "BU05990322")),
];

/// The source names areas by the codes of CBS; one of them is this one.
fn by_cbs_code(source: &mut Source, code: &'static str) {
    source.mapping = source.mapping.replace(
        "gebied = { kolom = \"wijknr\", sleutel = \"wijknr\", naamkolom = \"naam\" }",
        "gebied = { kolom = \"wijknr\", sleutel = \"cbs\" }",
    );
    source.rows = vec![vec!["wijknr", "A"], vec!["GM0599", "12,5"], vec![code, "13,5"]];
}

/// Two sources about the same figure.
fn two_sources() -> Tried {
    let run = |figure: &str| {
        let own = |figure: &str| {
            format!(
                "Code;;;;a\nIndicator;;;;A\nDecimalen;;;;1\nJaar of editie;;;;2019\n\
                 Gebiedscode;Naam;Niveau;Valt onder\nGM0599;Rotterdam;stad;;{figure}\n"
            )
            .into_bytes()
        };
        import_all(&[("een.csv", own("5,0")), ("twee.csv", own(figure))], &[])
    };
    Tried::new("cijfer-dubbel", run("6,0"), run("5,0"))
}

/// Two sources with the same indicator, of one edition or of two.
fn two_editions() -> Tried {
    let run = |edition: &str| {
        let own = |edition: &str| {
            format!(
                "Code;;;;a\nIndicator;;;;A\nDecimalen;;;;1\nJaar of editie;;;;{edition}\n\
                 Gebiedscode;Naam;Niveau;Valt onder\nGM0599;Rotterdam;stad;;5,0\n"
            )
            .into_bytes()
        };
        import_all(&[("een.csv", own("2019")), ("twee.csv", own(edition))], &[])
    };
    Tried::new("oudere-editie-weggelaten", run("2018"), run("2019"))
}

/// A built-in mapping of which the format lacks indicators.
fn built_in_mapping() -> Tried {
    let run = |without: &str| {
        let format = crate::format::builtin().unwrap();
        let mut indicators = format.indicators;
        indicators.retain(|indicator| indicator.code != without);
        indicators.iter_mut().for_each(|indicator| indicator.source = "Buurtmonitor".into());
        let mappings = Mapping::built_in().unwrap();
        let areas = AreaTable::built_in().unwrap();
        let definitions = Definitions {
            indicators: &indicators,
            domeinen: &format.domeinen,
            areas: &areas,
            mappings: &mappings,
            benchmark: None,
        };
        let text = "\"Wijken\";\"Aantal inwoners|2020\";\"Aantal huishoudens|2020\"\n\"Bospolder\";7000;3000\n";
        let sources = vec![("bron.csv".to_owned(), text.as_bytes().to_vec())];
        import(&sources, &definitions, &ImportOptions::default()).unwrap().1.findings
    };
    Tried::new("koppeling-zonder-indicator", run("aantal-huishoudens"), run(""))
}

/// A workbook with two tabs; on the second the headings stand on this row (from zero).
fn row_of_headings() -> Tried {
    let run = |row: u32| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for (tab, row) in [("A", 0), ("B", row)] {
            let sheet = book.add_worksheet();
            sheet.set_name(tab).unwrap();
            for (row, cells) in (row..).zip([["wijknr", tab], ["21", "25"], ["5000", "12"]]) {
                for (col, text) in (0..).zip(cells) {
                    sheet.write_string(row, col, text).unwrap();
                }
            }
        }
        let table = |tab: &str, indicator: &str| {
            format!(
                "[[tabel]]\ntab = \"{tab}\"\nkoprij = 1\neerste_rij = 2\n\
                 gebied = {{ kolom = \"wijknr\", sleutel = \"wijknr\" }}\n\
                 kolommen = [{{ bron = \"{tab}\", indicator = \"{indicator}\", schaal = \"getal\" }}]\n"
            )
        };
        let mapping = format!(
            "naam = \"Bron\"\neditie = \"2020\"\ndecimaalteken = \",\"\nleeg = \"onbekend\"\n[herkenning]\n\
             koppen = [\"wijknr\"]\n{}{}",
            table("A", "a"),
            table("B", "vsv")
        );
        let mapping = Mapping::parse("proef.toml", &mapping).unwrap();
        import_all(&[("proef.xlsx", book.save_to_buffer().unwrap())], &[mapping])
    };
    Tried::new("kopregel-ontbreekt", run(4), run(0))
}
