//! The definition files that are embedded in the program.
//!
//! Owns the list of file names and their built-in content. Must not know what the files mean.

/// One embedded definition file: its name in the folder and its content.
pub(super) struct Template {
    /// File name, as in a folder given with `--format`.
    pub(super) name: &'static str,
    /// Built-in content, UTF-8.
    pub(super) content: &'static str,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        // A macro, because `include_str!` takes only literals and every name would be written twice.
        &[$(Template { name: $name, content: include_str!(concat!("../../templates/", $name)) }),*]
    };
}

/// All definition files, in the order in which problems are listed.
pub(super) const TEMPLATES: &[Template] = embedded![
    "format.toml",
    "teksten.toml",
    "pijlers.csv",
    "domeinen.csv",
    "eenheden.csv",
    "leeftijdsfasen.csv",
    "leefgebieden.csv",
    "preventieniveaus.csv",
    "partners.csv",
    "factoren.csv",
    "ranking.csv",
    "indicatoren.csv",
    "gewenst.csv",
    "vragen.csv",
    "tabs.csv",
    "kolommen.csv",
    "effectladder.csv",
    "databanken.csv",
    "outcome.csv",
    "controle.csv",
    "delen.csv",
    "aliassen.csv",
];

/// Files that may lie in a folder beside the definition; they belong to the overview station.
pub(super) const FOREIGN: &[&str] = &["gebieden.csv"];

/// The built-in content of a definition file; empty when there is no such file.
pub(super) fn built_in(name: &str) -> &'static str {
    TEMPLATES.iter().find(|template| template.name == name).map_or("", |template| template.content)
}
