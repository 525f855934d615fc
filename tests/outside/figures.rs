//! Every figure of ten wijken, in the filled workbook and in the report, against the raw source files.

use std::path::Path;

use libtest_mimic::Trial;

use crate::common::{repository, wijk};
use crate::need::{Need, data, trial, witness};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial(
        "a_witness_finds_every_figure_of_ten_wijken_in_workbook_and_report",
        &[Need::Data, Need::Python],
        ten_wijken,
    )]
}

fn ten_wijken() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let names = witness("figures_of_ten.py", &[Path::new("namen")])?;
    for (number, name) in names.lines().enumerate() {
        wijk(folder.path(), &["alles", "--wijk", name, "--map", &number.to_string()]).ended(0);
    }
    let data = data().unwrap_or_default();
    let said = witness("figures_of_ten.py", &[&data, &repository().join("templates"), folder.path()])?;
    let compared: usize = said.trim().rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default();
    // 75 indicators in ten reports, and more rows than that in ten workbooks.
    if compared >= 1_500 { Ok(()) } else { Err(format!("the witness compared too few figures: {said}")) }
}
