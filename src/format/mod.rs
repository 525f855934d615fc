//! The format: the definition of the workbook as data, and the blank workbook that is built from it.
//!
//! Owns the definition files (`templates/`), how they are read and checked, and how the workbook looks. The
//! only module that knows rust_xlsxwriter. Must not know how people's workbooks are read or filled.

mod build;
mod control;
mod load;
mod records;
mod references;
mod settings;
mod template;

pub use build::{BuildOptions, RECORD_TAB, VERSION_PROPERTY, build, build_overview};
pub use load::{builtin, export, load};

#[cfg(test)]
mod load_tests;

#[cfg(test)]
mod build_tests;
