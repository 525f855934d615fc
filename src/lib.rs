//! Fills and checks the analysis workbook of wijkprogrammering and makes its two Word documents.
//!
//! The pipeline in ten lines; `pipeline` is the one module that knows every station:
//!
//! 1. [`mod@format`]: the definition of the workbook, from `templates/` or a folder of the user's.
//! 2. [`overview`]: real sources -> one [`model::Overview`] with all figures of all areas.
//! 3. [`workbook`]: find the layout of somebody's workbook by meaning, read it, fill it without loss.
//! 4. [`compare`]: the wijk's figures against the benchmark; what stands out; factors and their order.
//! 5. [`check`]: findings about a workbook, all at once.
//! 6. [`document`]: report, action plan and conversation card in Word.
//!
//! Under them lie [`package`] (zip and XML, knows nothing of wijken) and [`model`] (plain data). The library
//! never prints and never exits; only the binary does.

pub mod check;
pub mod compare;
mod definition_file;
pub mod document;
pub mod error;
pub mod finding;
pub mod format;
pub mod guard;
pub mod model;
pub mod overview;
pub mod package;
pub mod pipeline;
pub mod privacy;
#[cfg(test)]
pub(crate) mod testing;
pub mod workbook;
