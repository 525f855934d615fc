//! Workbooks of any size, made up: every name says so. For measuring only.

use wijkanalyse::format::{self, BuildOptions};
use wijkanalyse::model::{Area, AreaLevel, Figure, Format, Overview};
use wijkanalyse::overview;

/// The wijk that the measurements fill.
pub(crate) const WIJK: &str = "Fictieve wijk 1";

/// Number of wijken of the workbook with some 500,000 cells on its overview tab.
pub(crate) const LARGE: usize = 6_600;

/// An overview with the format's own indicators and `wijken` areas of level wijk that do not exist.
pub(crate) fn overview(format: &Format, wijken: usize) -> Overview {
    let columns = overview::example().expect("the example is read").columns;
    let (benchmark, land) = (format.benchmark.0.clone(), format.second_benchmark.0.clone());
    let area = |code: String, name: String, level, parent: Option<String>| Area {
        code,
        name,
        level,
        parent,
        aliases: Vec::new(),
    };
    let mut areas = vec![
        area(land.clone(), "Fictief land".to_owned(), AreaLevel::Land, None),
        area(benchmark.clone(), "Fictieve stad".to_owned(), AreaLevel::Stad, Some(land)),
        area("FG1".to_owned(), "Fictief gebied".to_owned(), AreaLevel::Gebied, Some(benchmark)),
    ];
    areas.extend((1..=wijken).map(|number| {
        area(format!("FW{number:05}"), format!("Fictieve wijk {number}"), AreaLevel::Wijk, Some("FG1".to_owned()))
    }));
    // Figures without a pattern that an archiver would profit from, the same in every run.
    let mut seed = 1_u64;
    let mut figure = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Figure::known(((seed >> 33) % 1_000_000) as f64 / 10_000.0)
    };
    let figures = areas.iter().map(|_| columns.iter().map(|_| figure()).collect()).collect();
    Overview {
        edition: "fictief, om mee te meten".to_owned(),
        areas: areas.into(),
        columns,
        figures,
        ..Overview::default()
    }
}

/// The blank workbook with such an overview in it.
pub(crate) fn workbook(format: &Format, wijken: usize) -> Vec<u8> {
    format::build(format, &overview(format, wijken), &BuildOptions::default()).expect("the workbook is built")
}
