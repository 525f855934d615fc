//! What `controle.csv` and `aliassen.csv` say about things that only other stations know: codes of findings, and areas.

use std::path::Path;

use crate::check;
use crate::error::{Error, Result};
use crate::model::{AreaLevel, Format, nearest, normalise};
use crate::overview::AreaTable;

/// Holds the codes against the findings there are, and gives areas the names that people use for them.
///
/// # Errors
/// [`Error::Format`] with every line that names something that does not exist, or a name that means two things.
pub(super) fn apply(folder: Option<&Path>, format: &Format, areas: &mut AreaTable) -> Result<()> {
    let mut problems = Vec::new();
    for setting in &format.control.settings {
        if check::rule(&setting.code).is_none() {
            let near = nearest(&setting.code, check::RULES.iter().map(|rule| rule.code));
            problems.push(format!(
                "controle.csv, regel {}, veld 'code': '{}' is geen code van een bevinding.{} Met 'wijk uitleg' ziet u alle codes.",
                setting.line,
                setting.code,
                did_you_mean(&near)
            ));
        }
    }
    let own = |name: &str| folder.is_some_and(|folder| folder.join(name).is_file());
    for alias in format.control.aliases.iter().filter(|alias| matches!(alias.kind.as_str(), "wijk" | "gebied")) {
        let level = if alias.kind == "wijk" { AreaLevel::Wijk } else { AreaLevel::Gebied };
        let bears = |name: &str| normalise(name) == normalise(&alias.alias);
        let taken = areas
            .areas
            .iter()
            .find(|known| known.area.level == level && known.area.name != alias.name && bears(&known.area.name));
        let taken = taken.map(|known| known.area.name.clone());
        let found =
            areas.areas.iter_mut().find(|known| known.area.level == level && known.area.name == alias.name);
        match (found, taken) {
            (_, Some(name)) => problems.push(format!(
                "aliassen.csv, regel {}, veld 'alias': '{}' is al de naam van {name}.",
                alias.line, alias.alias
            )),
            (Some(known), None) => known.area.aliases.push(alias.alias.clone()),
            (None, None) if own("aliassen.csv") => {
                let names = areas.areas.iter().filter(|known| known.area.level == level);
                let near = nearest(&alias.name, names.map(|known| known.area.name.as_str()));
                problems.push(format!(
                    "aliassen.csv, regel {}, veld 'naam': '{}' staat niet als {} in gebieden.csv.{}",
                    alias.line,
                    alias.name,
                    alias.kind,
                    did_you_mean(&near)
                ));
            }
            (None, None) => {}
        }
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Format {
            folder: folder.map_or_else(|| "ingebouwd format".to_owned(), |folder| folder.display().to_string()),
            problems,
        }),
    }
}

fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(" Bedoelt u '{}'?", near.join("' of '")) }
}
