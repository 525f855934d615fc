//! A Word document of people: opened, or refused with the reason in words of Word.

use crate::error::{Error, Result};
use crate::package::archive::Archive;
use crate::package::parts::{ContentTypes, relationships};

const CHOOSE: &str = "Open het in Word en sla het op als Word-document (.docx).";

/// Opens the package of a Word document.
///
/// # Errors
/// When it is something else, protected with a password, damaged or suspect.
pub(super) fn open(file: &str, bytes: Vec<u8>) -> Result<Archive> {
    let refuse = |what: &str, advice: &str| Err(Error::content(file, what, advice));
    if bytes.is_empty() {
        return refuse("het bestand is leeg", "Controleer of u het goede bestand koos.");
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let protected = bytes.windows(wide.len()).any(|window| window == wide);
        return if protected {
            refuse(
                "het document is beveiligd met een wachtwoord om het te openen",
                "Open het in Word, haal het wachtwoord weg (Bestand, Info, Document beveiligen) en sla het op.",
            )
        } else {
            refuse("dit is een document in de oude vorm (.doc)", CHOOSE)
        };
    }
    if !bytes.starts_with(b"PK") {
        return refuse("dit is geen Word-document, of het is beschadigd", CHOOSE);
    }
    let archive = Archive::from_bytes(file, bytes)?;
    main_part(&archive)?;
    Ok(archive)
}

/// The name of the part that holds the text.
///
/// # Errors
/// When there is none: then it is no Word document.
pub(super) fn main_part(archive: &Archive) -> Result<String> {
    let refuse = |what: &str| Err(Error::content(archive.file_name(), what, CHOOSE));
    let found = relationships(archive, "")?.into_iter().find(|r| r.kind == "officeDocument" && !r.external);
    let Some(name) = found.and_then(|r| archive.find(&r.target).map(str::to_owned)) else {
        return refuse(if archive.contains("content.xml") {
            "dit is een OpenDocument-bestand"
        } else {
            "dit is een zip zonder Word-document erin"
        });
    };
    let kind = ContentTypes::read(archive)?.of(&name).unwrap_or_default().to_owned();
    if kind.contains("wordprocessingml") || kind.contains("ms-word") {
        return Ok(name);
    }
    refuse(match () {
        () if kind.contains("spreadsheetml") || kind.contains("ms-excel") => "dit is een Excel-werkboek",
        () if kind.contains("presentationml") => "dit is een presentatie",
        () => "dit is geen Word-document",
    })
}

/// The text of the part with the styles; empty when there is none.
///
/// # Errors
/// When it is there but cannot be read.
pub(super) fn styles(archive: &Archive, main: &str) -> Result<String> {
    let found = relationships(archive, main)?.into_iter().find(|r| r.kind == "styles" && !r.external);
    match found.filter(|r| archive.contains(&r.target)) {
        Some(part) => archive.read_text(&part.target),
        None => Ok(String::new()),
    }
}
