//! The analysis workbook: found by meaning, read into an [`Analysis`](crate::model::Analysis), filled without loss.
//!
//! Owns everything that knows how an analysis workbook looks. The values are read here, for xls and ods by calamine; how
//! a package is
//! stored and edited is [`crate::package`]'s business. Must not know where figures come from, how they are
//! compared or what the documents say.

mod columns;
mod context;
mod definition;
mod details;
mod fill;
mod highlight;
mod layout;
mod ledger;
mod lexicon;
mod memory;
mod migrate;
mod names;
mod overview_looks;
mod overview_tab;
mod pijler;
mod plan;
mod read;
mod record;
mod renewal;
mod report;
mod row;
mod saved;
mod sheet;
mod tables;

pub use context::Grids;
pub use definition::{definition, format_version, with_change_log};
pub(crate) use details::attention;
pub use fill::{FillExtras, Filled, fill};
pub use highlight::{Repair, WantedRule, highlighting};
pub use ledger::{LedgerEntry, LedgerFeed, write_ledger_csv, write_ledger_json};
pub(crate) use migrate::unplaced_tab;
pub use migrate::{Migration, MigrationInput, Move, Unplaced, migration, places_known, verify};
pub use overview_tab::{OverviewChange, OverviewRenewed, align_overview, overview_ledger};
pub use plan::{ClosingText, FillPlan, FillRequest, Renewal, Rests, plan, refuse_unfillable};
pub use read::{Details, Workbook, open, open_made_of, read};
pub use record::{FillRecord, RecordRow};
pub use report::{BlockReport, ColumnReport, Filling, LayoutReport, PijlerReport, TabReport, layout_report};

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod overview_tab_tests;
#[cfg(test)]
mod tests;

#[cfg(test)]
mod identity_tests;
