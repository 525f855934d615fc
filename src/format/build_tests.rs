//! Tests of the built workbook, read back from its parts.

use crate::model::{Area, AreaLevel, Column, Figure, Format, Missing, Overview};

/// An overview with a column for every indicator: the benchmark, one gebied and two wijken.
pub(super) fn overview(format: &Format) -> Overview {
    let area = |code: &str, name: &str, level, parent: Option<&str>| Area {
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: parent.map(str::to_owned),
        aliases: Vec::new(),
    };
    let columns: Vec<Column> = format
        .indicators
        .iter()
        .map(|i| Column {
            code: i.code.clone(),
            name: i.name.clone(),
            definition: i.definition.clone(),
            pijler: i.domein.as_deref().and_then(|d| format.domein(d)).map_or(String::new(), |d| d.pijler.clone()),
            domein: i.domein.clone().unwrap_or_default(),
            factoren: i.factoren.clone(),
            unit: i.unit.name.clone(),
            decimals: i.decimals,
            direction: i.direction.words().to_owned(),
            doelgroep: i.doelgroep.clone(),
            kind: i.kind.word().to_owned(),
            edition: i.edition.clone(),
            year: i.year.clone(),
            source: i.source.clone(),
            method: i.method.clone(),
            renewal: i.renewal.clone(),
        })
        .collect();
    let row = |shift: f64| -> Vec<Figure> {
        (0..columns.len()).map(|n| Figure::known((n as f64 * 7.3 + shift) % 100.0)).collect()
    };
    let mut figures = vec![row(10.0), row(12.5), row(31.26), row(7.0)];
    figures[2][1] = Figure::Missing(Missing::Unknown);
    figures[2][2] = Figure::Missing(Missing::Secret);
    figures[2][3] = Figure::Missing(Missing::NotSupplied);
    Overview {
        edition: "proef".to_owned(),
        areas: vec![
            area("GM0599", "Rotterdam", AreaLevel::Stad, None),
            area("WK059903", "Delfshaven", AreaLevel::Gebied, Some("GM0599")),
            area("BU05990325", "Bospolder", AreaLevel::Wijk, Some("WK059903")),
            area("BU05990326", "Tussendijken", AreaLevel::Wijk, Some("WK059903")),
        ],
        columns,
        figures,
    }
}

#[test]
fn zz_scratch() {
    if let Ok(path) = std::env::var("WIJK_SCRATCH") {
        let format = super::builtin().unwrap();
        let bytes = super::build(&format, &overview(&format), &super::BuildOptions::default()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
