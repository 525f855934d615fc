//! The program as its users meet it: one test binary, because each of its own costs a link and its own sample workbooks.
//!
//! What counts allocations (`geheugen`) and what needs a witness (`outside`) stand apart.

#[path = "../common/mod.rs"]
mod common;

mod beheer;
mod bevindingen_uitgelegd;
mod cli;
mod controle_gebouwd_werkboek;
mod faults;
mod fill;
mod opvallend_rotterdam;
mod overzicht_in_delen;
mod pakketten;
mod readme;
mod refusals;
mod regressies;
mod vijandig;
