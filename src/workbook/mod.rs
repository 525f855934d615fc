//! The analysis workbook: found by meaning, read into an [`Analysis`](crate::model::Analysis), filled without loss.
//!
//! Owns everything that knows how an analysis workbook looks. calamine reads the values here; how a package is
//! stored and edited is [`crate::package`]'s business. Must not know where figures come from, how they are
//! compared or what the documents say.

mod layout;
mod names;
mod pijler;
mod read;
mod record;
mod sheet;
mod tables;

pub use read::{ReadOptions, Workbook, open, read};

#[cfg(test)]
mod tests;
