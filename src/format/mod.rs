//! The format: the definition of the workbook as data, and the blank workbook that is built from it.
//!
//! Owns the definition files (`templates/`), how they are read and checked, and how the workbook looks. The
//! only module that knows rust_xlsxwriter. Must not know how people's workbooks are read or filled.

mod build;
mod control;
mod derive;
mod difference;
mod load;
mod records;
mod references;
mod settings;
mod template;
mod write;

pub use build::{BuildOptions, ListTab, RECORD_TAB, VERSION_PROPERTY, build, build_overview};
pub(crate) use build::{LINE_HEIGHT, text_lines};
pub use derive::{Derived, derive};
pub use difference::{
    Change, ChangeKind, OpenFields, change_log, difference, other_files, sentences, without_stand_ins,
};
pub use load::{Draft, builtin, draft, export, load, problems, sources, units};
pub use write::{files, log_lines};

#[cfg(test)]
mod load_tests;

#[cfg(test)]
mod build_tests;
