//! Tests that need something from outside the repository: the data folder (`WIJKANALYSE_DATA`), python with
//! openpyxl and friends, LibreOffice, the validators. What is not there makes its tests *ignored*, never passed;
//! `.ci/run` installs everything and fails when one was ignored.

mod need;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = Vec::new();
    libtest_mimic::run(&arguments, trials).exit();
}
