//! Zip packages and the XML inside them: reading, editing without loss, writing safely.
//!
//! Owns everything that knows how a workbook is stored: the zip container, relationships, content types, styles,
//! formulas as text. Knows nothing of wijken, pijlers or figures. The law of this module: what is not asked to
//! change does not change, to the byte.

mod ahead;
pub mod archive;
pub mod cells;
pub mod edit;
pub mod facts;
pub mod formula;
pub mod graft;
pub mod inspect;
mod number;
pub mod parts;
pub(crate) mod rewrite;
pub mod spreadsheet;
pub mod styles;
pub(crate) mod tree;
pub mod write;
pub mod xml;

mod container;

pub use archive::{Archive, Handle, write_package};
pub use cells::{CellView, FormulaKind, FormulaView, RawKind, SharedStrings};
pub(crate) use edit::is_note_of_ours;
pub use edit::{
    Applied, Cause, CellEdit, ChangedCell, Changes, FormattingEdit, HiddenTab, NewCell, NewRow, NewValue, Note,
    NoteKind, OwnCell, OwnLook, OwnTab, Refusal, Rule, RuleKey, SIGNATURE_BREAKS, SheetRows, StalePivot,
    StyleChoice,
};
pub use facts::{ConditionalFormat, Hyperlink, SheetFacts, Validation};
pub use graft::{
    Aspect, Attachments, CellDress, CellNote, EXTENDED, FROZEN, Fate, Graft, GraftTab, Grafted, LineDress, Look,
    PAGE_END, Placement, Pointing, Referrer, Rich, RuleDress, TabDress, Worn, WornCell, WornLine, WornRule,
    anchors_elsewhere, anchors_of_people, attachments, cells_with_pictures, differences, dress, gathered, graft,
    looks, pictures_in_cells, pointing, run_colours, squeezed_rule, worn,
};
pub(crate) use graft::{gone_to, inside_workbook, link_after, relocated_rule};
pub use inspect::inspect_workbook;
pub use spreadsheet::{DefinedName, Range, Sheet, SheetKind, Spreadsheet, Visibility};
pub use write::{Lock, Staged, Target, lock, place_together, stage, stage_bytes, write_new, write_together};
pub use xml::xml_escape;
