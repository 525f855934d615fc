//! Names that people chose from the format and that have another name in the new version.
//!
//! Owns which columns hold nothing but such a name. Must not touch what a person wrote in words of their own.

use super::Planner;
use crate::model::Format;

/// Finds the id of a name in the old format, and the name of that id in the new one.
fn followed(field: &str, text: &str, old: &Format, new: &Format) -> Option<String> {
    let name = match field {
        "pijler" => {
            let known = old.pijlers.iter().find(|pijler| pijler.name == text)?;
            new.pijlers.iter().find(|pijler| pijler.id == known.id)?.name.clone()
        }
        "domein" => new.domein_by_id(&old.domein(text)?.id)?.name.clone(),
        "factor" => {
            let known = old.factoren.iter().find(|factor| factor.name == text)?;
            new.factoren.iter().find(|factor| factor.id == known.id)?.name.clone()
        }
        "indicator" | "indicatoren" => {
            let known = old.indicators.iter().find(|indicator| indicator.name == text)?;
            new.indicator(&known.code)?.name.clone()
        }
        _ => return None,
    };
    (name != text).then_some(name)
}

impl Planner<'_> {
    /// The new name of what a cell of an optional tab names, when the cell holds exactly the old name, which the format that
    /// the workbook was made with gave it.
    pub(super) fn renamed(&self, field: &str, at: (&str, u32, u32)) -> Option<String> {
        let (tab, row, col) = at;
        if self.blank.is_none() || self.raw.formulas.contains_key(&(tab.to_owned(), row, col)) {
            return None;
        }
        let text = self.shown(tab, row, col);
        followed(field, text.trim(), self.input.old_format, self.input.new_format)
    }
}
