//! Tests that need something from outside the repository: the data folder (`WIJKANALYSE_DATA`), python with
//! openpyxl and friends, LibreOffice, the validators. What is not there makes its tests *ignored*, never passed;
//! `.ci/run` installs everything and fails when one was ignored.

mod need;
mod overview;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(overview::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
