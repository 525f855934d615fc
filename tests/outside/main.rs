//! Tests that need something from outside the repository: the data folder (`WIJKANALYSE_DATA`), python with
//! openpyxl and friends, LibreOffice, the validators. What is not there makes its tests *ignored*, never passed;
//! `.ci/run` installs everything and fails when one was ignored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests say what they saw")]

mod bijwerken;
#[path = "../common/mod.rs"]
mod common;
mod documents;
mod figures;
mod fill;
#[cfg(target_os = "linux")]
mod injected;
mod lossless;
mod made;
mod mensenwerk;
mod migratie;
mod need;
mod overview;
mod validators;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(overview::trials());
    trials.extend(lossless::trials());
    trials.extend(fill::trials());
    trials.extend(mensenwerk::trials());
    trials.extend(migratie::trials());
    trials.extend(documents::trials());
    trials.extend(bijwerken::trials());
    trials.extend(validators::trials());
    trials.extend(figures::trials());
    #[cfg(target_os = "linux")]
    trials.extend(injected::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
