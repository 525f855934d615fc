//! Ids: what a tab, block, indicator, factor, question or column is, whatever it is called.
//!
//! Owns how an id is written in a workbook and how versions of a format are compared. A workbook carries ids as text in
//! hidden cells (`wa:vraag:analyse`), because text in cells survives Excel, LibreOffice and Google Sheets and moves
//! along when rows and columns are inserted; ids of tabs are names for their first cell. Labels are the fallback for
//! files that carry none. Knows no files.

use serde::{Deserialize, Serialize};

use super::name::normalise;

/// How every id in a cell begins.
const MARK: &str = "wa:";

/// How the defined name of a tab begins.
pub const TAB_NAME: &str = "WA_tab_";

/// What an id in a hidden cell says about its row or column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// The row is the heading of this domein's block.
    Domein(String),
    /// The row holds the column headings of a block.
    Headings,
    /// The row is about the indicator with this code.
    Indicator(String),
    /// The row names this factor.
    Factor(String),
    /// The row asks this question.
    Question(String),
    /// The row holds the headings of a closing table.
    Closing,
    /// The row of this domein in a closing table.
    ClosingRow(String),
    /// The row has this label (`wijk`, `adviseur` ...).
    Label(String),
    /// The cell stands above this field of this table.
    Column {
        /// Table, as in `kolommen.csv`.
        table: String,
        /// Field, as in `kolommen.csv`.
        field: String,
    },
}

impl Identity {
    /// The text in the cell.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Identity::Domein(id) => format!("{MARK}domein:{id}"),
            Identity::Headings => format!("{MARK}kolomkoppen"),
            Identity::Indicator(id) => format!("{MARK}indicator:{id}"),
            Identity::Factor(id) => format!("{MARK}factor:{id}"),
            Identity::Question(id) => format!("{MARK}vraag:{id}"),
            Identity::Closing => format!("{MARK}slottabel"),
            Identity::ClosingRow(id) => format!("{MARK}slot:{id}"),
            Identity::Label(id) => format!("{MARK}kop:{id}"),
            Identity::Column { table, field } => format!("{MARK}kolom:{table}:{field}"),
        }
    }

    /// Reads an id; `None` for any other text.
    #[must_use]
    pub fn of(text: &str) -> Option<Identity> {
        let rest = text.trim().strip_prefix(MARK)?;
        let (kind, id) = rest.split_once(':').unwrap_or((rest, ""));
        let id = id.to_owned();
        Some(match kind {
            "kolomkoppen" => Identity::Headings,
            "slottabel" => Identity::Closing,
            _ if id.is_empty() => return None,
            "domein" => Identity::Domein(id),
            "indicator" => Identity::Indicator(id),
            "factor" => Identity::Factor(id),
            "vraag" => Identity::Question(id),
            "slot" => Identity::ClosingRow(id),
            "kop" => Identity::Label(id),
            "kolom" => {
                let (table, field) = id.split_once(':')?;
                Identity::Column { table: table.to_owned(), field: field.to_owned() }
            }
            _ => return None,
        })
    }
}

/// The id that a name gets when the definition gives none: lower case letters and digits with hyphens.
#[must_use]
pub fn id_of_name(name: &str) -> String {
    normalise(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Major and minor of a version; a third number is a correction of texts and says nothing about what fits.
#[must_use]
pub fn major_minor(version: &str) -> (u64, u64) {
    let mut parts = version
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap_or(u64::MAX));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// Which versions of workbooks a format takes, as `1.0`, `1.*` or `klassiek` (no version at all).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Are worked with as they are.
    pub accepted: Vec<String>,
    /// Have to be migrated before they are filled.
    pub migrated: Vec<String>,
    /// Can no longer be used, not even migrated.
    pub refused: Vec<String>,
}

/// What a format says to the version of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Works as it is.
    Accepted,
    /// Has to be migrated first.
    Migrate,
    /// Cannot be used.
    Refused,
    /// Newer than the format.
    Newer,
}

/// The word for a workbook without a version.
pub const CLASSIC: &str = "klassiek";

impl Versions {
    /// What holds for a workbook of version `found` (`None`: the classic format) in a format of version `own`. A list
    /// that names the version decides; otherwise the same major is accepted and an older one has to be migrated.
    #[must_use]
    pub fn verdict(&self, own: &str, found: Option<&str>) -> Verdict {
        if let Some(found) = found
            && major_minor(found) > major_minor(own)
        {
            return Verdict::Newer;
        }
        let named = |list: &[String]| list.iter().any(|pattern| fits(pattern, found));
        if named(&self.refused) {
            Verdict::Refused
        } else if named(&self.migrated) {
            Verdict::Migrate
        } else if named(&self.accepted) || found.is_none_or(|found| major_minor(found).0 == major_minor(own).0) {
            Verdict::Accepted
        } else {
            Verdict::Migrate
        }
    }
}

/// Whether a pattern of a list names a version.
fn fits(pattern: &str, found: Option<&str>) -> bool {
    let Some(found) = found else { return pattern == CLASSIC };
    let (major, minor) = major_minor(found);
    match pattern.split_once('.') {
        Some((wanted, "*")) => wanted.parse() == Ok(major),
        _ => pattern != CLASSIC && major_minor(pattern) == (major, minor),
    }
}

/// The defined name that says which tab is which: for a pijler or domein by its id, else by the kind of tab.
#[must_use]
pub fn tab_name_of(group: &str, id: &str) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{TAB_NAME}{group}_{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_read_back_as_it_was_written() {
        let id = || "een-id".to_owned();
        for identity in [
            Identity::Domein(id()),
            Identity::Headings,
            Identity::Indicator(id()),
            Identity::Factor(id()),
            Identity::Question(id()),
            Identity::Closing,
            Identity::ClosingRow(id()),
            Identity::Label(id()),
            Identity::Column { table: "resultaten".into(), field: "nummer".into() },
        ] {
            assert_eq!(Identity::of(&identity.text()), Some(identity));
        }
        for text in ["", "wa:", "wa:vraag:", "wa:iets:x", "vraag:analyse", "wa:kolom:x"] {
            assert_eq!(Identity::of(text), None, "{text}");
        }
    }

    #[test]
    fn lists_decide_before_the_rule_about_majors() {
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        let versions =
            Versions { accepted: list(&["1.4"]), migrated: list(&["2.0", CLASSIC]), refused: list(&["0.*"]) };
        let verdict = |found| versions.verdict("2.1", found);
        assert_eq!(verdict(Some("2.1.7")), Verdict::Accepted);
        assert_eq!(verdict(Some("2.0.3")), Verdict::Migrate);
        assert_eq!(verdict(Some("1.4")), Verdict::Accepted);
        assert_eq!(verdict(Some("1.3")), Verdict::Migrate);
        assert_eq!(verdict(Some("0.9.9")), Verdict::Refused);
        assert_eq!(verdict(Some("2.2")), Verdict::Newer);
        assert_eq!(verdict(Some("10.0")), Verdict::Newer);
        assert_eq!(verdict(None), Verdict::Migrate);
        assert_eq!(Versions::default().verdict("1.0.0", None), Verdict::Accepted);
    }

    #[test]
    fn a_correction_of_texts_is_no_newer_version() {
        assert_eq!(Versions::default().verdict("1.2.0", Some("1.2.9")), Verdict::Accepted);
    }
}
