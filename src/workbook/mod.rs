//! The analysis workbook: found by meaning, read into an [`Analysis`](crate::model::Analysis), filled without loss.
//!
//! Owns everything that knows how an analysis workbook looks. calamine reads the values here; how a package is
//! stored and edited is [`crate::package`]'s business. Must not know where figures come from, how they are
//! compared or what the documents say.

mod details;
mod fill;
mod highlight;
mod layout;
mod ledger;
mod names;
mod pijler;
mod plan;
mod read;
mod record;
mod sheet;
mod tables;

pub use fill::{FillExtras, Filled, align_overview, fill};
pub use highlight::{Repair, WantedRule, highlighting};
pub use ledger::{LedgerEntry, ledger_csv, ledger_json};
pub use plan::{ClosingText, FillPlan, FillRequest, plan, refuse_unfillable};
pub use read::{ReadOptions, Workbook, open, read};
pub use record::{FillRecord, RecordRow};

#[cfg(test)]
mod tests;

/// TEMP
#[derive(Debug, serde::Serialize)]
pub struct LayoutReport {}
/// TEMP
pub fn layout_report(_: &Workbook, _: &crate::model::Format) -> LayoutReport { LayoutReport {} }
