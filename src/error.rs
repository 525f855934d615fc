//! What stops the work: the errors after which no result can be given.
//!
//! Owns one type, [`Error`]. Everything an advisor can repair inside a workbook is a
//! [`Finding`](crate::finding::Finding) instead; those are collected, these end the run. Every message is a
//! Dutch sentence that names the file, says what was found and what to do.

use std::path::{Path, PathBuf};

/// A reason why the work cannot go on. The `Display` text is Dutch and meant for the advisor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading or writing a file failed at the level of the operating system.
    #[error("{path}: {what}. {advice}", path = .path.display())]
    File {
        /// The file or folder that could not be used.
        path: PathBuf,
        /// What went wrong, in Dutch, without a full stop.
        what: String,
        /// What the advisor can do.
        advice: String,
        /// The error of the operating system.
        #[source]
        source: Option<std::io::Error>,
    },
    /// The content of a file cannot be understood, or may not be changed.
    #[error("{file}: {what}. {advice}")]
    Content {
        /// Name or path of the file, as the user knows it.
        file: String,
        /// What was found, in Dutch, without a full stop.
        what: String,
        /// What was expected and what to do.
        advice: String,
    },
    /// A definition file of the format is broken or incomplete; each line names file, line and field.
    #[error("Het format in {folder} kan niet worden gebruikt:\n{}", .problems.join("\n"))]
    Format {
        /// The folder (or `ingebouwd format`).
        folder: String,
        /// One sentence per problem: file, line, field, what was found, what was expected.
        problems: Vec<String>,
    },
    /// The request itself cannot be carried out (no such wijk, a target that exists already ...).
    #[error("{what}. {advice}")]
    Request {
        /// What was asked and why it is not possible.
        what: String,
        /// What to do instead.
        advice: String,
    },
}

/// What a program reads instead of the sentence: the kind of error, where it is, what was found and what to do.
impl serde::Serialize for Error {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        match self {
            Error::File { path, what, advice, .. } => {
                map.serialize_entry("kind", "file")?;
                map.serialize_entry("file", &path.display().to_string())?;
                map.serialize_entry("found", what)?;
                map.serialize_entry("advice", advice)?;
            }
            Error::Content { file, what, advice } => {
                map.serialize_entry("kind", "content")?;
                map.serialize_entry("file", file)?;
                map.serialize_entry("found", what)?;
                map.serialize_entry("advice", advice)?;
            }
            Error::Format { folder, problems } => {
                map.serialize_entry("kind", "format")?;
                map.serialize_entry("file", folder)?;
                map.serialize_entry("problems", problems)?;
            }
            Error::Request { what, advice } => {
                map.serialize_entry("kind", "request")?;
                map.serialize_entry("found", what)?;
                map.serialize_entry("advice", advice)?;
            }
        }
        map.serialize_entry("message", &self.to_string())?;
        map.end()
    }
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The sentence behind the name of this file: without the name that it begins with itself.
    #[must_use]
    pub fn about(&self, about: &Path) -> String {
        let name = about.file_name().map(|name| name.to_string_lossy());
        match self {
            Error::File { path, what, advice, .. } if path == about => format!("{what}. {advice}"),
            Error::Content { file, what, advice }
                if Path::new(file) == about || name.is_some_and(|name| name == file.as_str()) =>
            {
                format!("{what}. {advice}")
            }
            other => other.to_string(),
        }
    }

    /// A [`Error::Content`] from any three texts.
    pub fn content(file: impl Into<String>, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Error::Content { file: file.into(), what: what.into(), advice: advice.into() }
    }

    /// A [`Error::Request`] from any two texts.
    pub fn request(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Error::Request { what: what.into(), advice: advice.into() }
    }

    /// As [`Error::file`], for something that goes wrong with the folder of a file.
    pub fn folder(path: &Path, doing: &str, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Error::File {
                path: path.to_path_buf(),
                what: format!("{doing}, want de map bestaat niet"),
                advice: "Maak de map eerst, of controleer de naam ervan.".to_owned(),
                source: Some(source),
            },
            _ => Error::file(path, doing, source),
        }
    }

    /// A [`Error::File`] that puts the operating system's reason into words an advisor can act on.
    pub fn file(path: &Path, doing: &str, source: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let (reason, advice) = match source.kind() {
            Kind::NotFound => ("het bestaat niet", "Controleer de naam en de map."),
            Kind::PermissionDenied => (
                "u hebt er geen toestemming voor",
                "Sluit het bestand in Excel of Word, kijk of het alleen-lezen is, of kies een andere map.",
            ),
            Kind::AlreadyExists => ("het bestaat al", "Kies een andere naam of geef --forceer mee."),
            Kind::StorageFull => ("de schijf is vol", "Maak ruimte vrij of kies een andere map."),
            Kind::QuotaExceeded => {
                ("de ruimte die u mag gebruiken is op", "Maak ruimte vrij of kies een andere map.")
            }
            Kind::FileTooLarge => (
                "het bestand wordt groter dan hier mag",
                "Kies een andere map, of vraag de beheerder naar de grens.",
            ),
            Kind::InvalidFilename => ("de naam mag zo niet zijn of is te lang", "Kies een kortere, gewone naam."),
            Kind::ReadOnlyFilesystem => ("de map is alleen-lezen", "Kies een map waarin u mag schrijven."),
            Kind::IsADirectory => ("het is een map en geen bestand", "Geef de naam van een bestand."),
            Kind::NotADirectory => ("een deel van het pad is geen map", "Controleer de map."),
            _ if number_of(&source) == RING => {
                ("de snelkoppelingen verwijzen in een kringetje", "Geef het bestand zelf op.")
            }
            _ => by_number(number_of(&source), cfg!(windows)),
        };
        let known = reason != UNKNOWN;
        let what =
            if known { format!("{doing}, want {reason}") } else { format!("{doing}, want {reason} ({source})") };
        Error::File { path: path.to_path_buf(), what, advice: advice.to_owned(), source: Some(source) }
    }
}

/// The number of the operating system's error, also when a library wrapped it to add a path: `tempfile` keeps it in
/// the text only.
fn number_of(error: &std::io::Error) -> Option<i32> {
    let in_text = || error.to_string().split_once("(os error ")?.1.split(')').next()?.parse().ok();
    error.raw_os_error().or_else(in_text)
}

/// The number for symbolic links that lead to each other: the standard library's kind for it is not stable yet.
const RING: Option<i32> = if cfg!(windows) {
    Some(1921)
} else if cfg!(any(target_os = "linux", target_os = "android")) {
    Some(40)
} else {
    Some(62)
};

const UNKNOWN: &str = "de computer geeft een fout";

/// Words for errors that the standard library has no kind for.
fn by_number(number: Option<i32>, windows: bool) -> (&'static str, &'static str) {
    match (number, windows) {
        // A sharing or lock violation: Excel and Word hold what they have open.
        (Some(32 | 33), true) => (
            "het bestand is open in een ander programma",
            "Sluit het bestand in Excel of Word en probeer het opnieuw.",
        ),
        // EIO, and the disk and network errors of Windows.
        (Some(5), false) | (Some(21 | 23 | 59 | 1117), true) => (
            "de schijf of de netwerkmap geeft een fout",
            "Controleer de verbinding en probeer het opnieuw, of kies een andere map.",
        ),
        _ => (UNKNOWN, "Controleer of het bestand bereikbaar is en probeer het opnieuw."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_ring_of_links_is_told_in_dutch_words() {
        let here = tempfile::tempdir().unwrap();
        let (one, other) = (here.path().join("een.xlsx"), here.path().join("twee.xlsx"));
        std::os::unix::fs::symlink(&other, &one).unwrap();
        std::os::unix::fs::symlink(&one, &other).unwrap();
        let said = Error::file(&one, "Het bestand openen lukt niet", std::fs::File::open(&one).unwrap_err());
        let said = said.to_string();
        let words = "want de snelkoppelingen verwijzen in een kringetje. Geef het bestand zelf op.";
        assert!(said.ends_with(words), "{said}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_called_a_folder() {
        let said = Error::folder(
            Path::new("weg/a.xlsx"),
            "In de map schrijven lukt niet",
            std::io::ErrorKind::NotFound.into(),
        );
        assert!(said.to_string().contains("want de map bestaat niet. Maak de map"), "{said}");
    }

    #[test]
    fn behind_the_name_of_a_file_its_name_is_not_said_again() {
        let about = Path::new("map/kapot.xlsx");
        let said = Error::content("kapot.xlsx", "het is leeg", "Maak het opnieuw.");
        assert_eq!(said.about(about), "het is leeg. Maak het opnieuw.");
        let said = Error::content("ander.xlsx", "het is leeg", "Maak het opnieuw.");
        assert_eq!(said.about(about), "ander.xlsx: het is leeg. Maak het opnieuw.");
        let said = Error::file(about, "Het lezen lukt niet", std::io::ErrorKind::NotFound.into());
        assert!(said.about(about).starts_with("Het lezen lukt niet, want"), "{}", said.about(about));
        assert!(said.about(Path::new("kapot.xlsx")).starts_with("map/kapot.xlsx: "));
    }

    #[test]
    fn a_file_that_excel_holds_and_a_failing_disk_have_words_of_their_own() {
        assert!(by_number(Some(32), true).1.contains("Sluit het bestand in Excel"));
        assert!(by_number(Some(1117), true).0.contains("schijf"));
        assert!(by_number(Some(5), false).0.contains("schijf"));
        assert_eq!(by_number(Some(99), true).0, UNKNOWN);
        assert_eq!(by_number(None, false).0, UNKNOWN);
        let folder = tempfile::tempdir().unwrap();
        let wrapped = tempfile::Builder::new().tempfile_in(folder.path().join("weg")).unwrap_err();
        assert_eq!((wrapped.raw_os_error(), number_of(&wrapped)), (None, Some(2)));
    }
}
