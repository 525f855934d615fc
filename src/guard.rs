//! What must be looked at before a file is opened.
//!
//! calamine, which reads xls and ods, reserves room for what a file states and can abort the process, which cannot be
//! caught. So every file passes [`inspect`] first: its kind by content (never by extension), its size, the sizes of
//! its zip entries, the counts that it states. Knows zip and a few byte patterns; knows nothing of workbooks,
//! indicators or wijken.

mod biff;
mod cfb;
mod ods;

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};

use crate::error::{Error, Result};
use crate::package::archive::{MAX_RATIO, RATIO_FLOOR};
use crate::package::xml::is_well_formed;

/// Largest file that is opened, in bytes.
pub const MAX_FILE: u64 = 256 * 1024 * 1024;
/// Most entries in a zip.
pub const MAX_ENTRIES: usize = 20_000;
/// Largest single entry after unpacking, in bytes. The zip crate stops reading at the declared size, so what is
/// declared here is what can be unpacked at most.
pub const MAX_ENTRY: u64 = 1024 * 1024 * 1024;
/// Largest sum of all entries after unpacking, in bytes.
pub const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;
/// Largest part that is held in memory as a whole (shared strings, styles, content of an ods), in bytes.
pub const MAX_HELD: u64 = 256 * 1024 * 1024;
/// Largest xls: calamine reads all its tabs at once.
pub const MAX_XLS: u64 = 64 * 1024 * 1024;
/// Most values, and lines, in a csv, which is held in memory as a whole: all areas of the Netherlands with 300 indicators fit.
pub const MAX_CSV_CELLS: u64 = 6_000_000;
/// Most cells that are read from one tab.
pub const MAX_CELLS: u64 = 20_000_000;

/// What a file really is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Excel workbook, xlsx or xlsm.
    Xlsx,
    /// Old Excel workbook (BIFF in a compound file).
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Text: csv.
    Text,
}

impl FileKind {
    /// The word for it in messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            FileKind::Xlsx => "Excel-werkboek (xlsx)",
            FileKind::Xls => "oud Excel-werkboek (xls)",
            FileKind::Ods => "OpenDocument-werkblad (ods)",
            FileKind::Text => "tekstbestand (csv)",
        }
    }
}

/// Looks at the bytes of a file and says what it is, or why it may not be opened. `file` is the name as the user
/// knows it; its extension must agree with the content (a csv named `.xlsx` is refused, as Excel does).
///
/// # Errors
///
/// [`Error::Content`] for an empty, truncated, encrypted, unsupported or excessively large file, for a file whose
/// extension contradicts its content, and for counts or ranges that cannot be true.
pub fn inspect(file: &str, bytes: &[u8]) -> Result<FileKind> {
    inspect_in(file, Cursor::new(bytes))
}

/// As [`inspect`], for a file that need not be in memory: of a workbook little more than its list of parts is read.
///
/// # Errors
///
/// As [`inspect`], and [`Error::Content`] when the file cannot be read.
pub fn inspect_in<R: Read + Seek>(file: &str, mut reader: R) -> Result<FileKind> {
    let refuse = |what: &str, advice: &str| Err(Error::content(file, what, advice));
    let unreadable = |error: std::io::Error| {
        Error::content(
            file,
            format!("het bestand kan niet worden gelezen ({error})"),
            "Controleer of het bestand nog bereikbaar is en probeer het opnieuw.",
        )
    };
    let length = reader.seek(SeekFrom::End(0)).map_err(unreadable)?;
    reader.rewind().map_err(unreadable)?;
    let mut head = Vec::new();
    (&mut reader).take(4096).read_to_end(&mut head).map_err(unreadable)?;
    if length == 0 {
        return refuse("het bestand is leeg", "Controleer of u het goede bestand koos.");
    }
    if length > MAX_FILE {
        return refuse(
            "het bestand is groter dan 256 MB",
            "Houd alleen de tabbladen over die nodig zijn en probeer het opnieuw.",
        );
    }
    let kind = if head.starts_with(b"PK") {
        inspect_zip(file, reader)?
    } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        let mut bytes = head;
        reader.read_to_end(&mut bytes).map_err(unreadable)?;
        inspect_compound(file, &bytes)?
    } else if head.starts_with(b"%PDF") {
        return refuse("dit is een pdf", "Geef een Excel- of csv-bestand.");
    } else if is_binary(&head) {
        return refuse(
            "dit is geen Excel-, ods- of csv-bestand",
            "Open het bestand in Excel, sla het op als xlsx en probeer het opnieuw.",
        );
    } else {
        FileKind::Text
    };
    check_extension(file, kind)?;
    Ok(kind)
}

/// True when the start of the file holds bytes that no text holds (UTF-16 with its mark is text).
fn is_binary(bytes: &[u8]) -> bool {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return false;
    }
    bytes.iter().any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C))
}

fn check_extension(file: &str, kind: FileKind) -> Result<()> {
    let extension = std::path::Path::new(file)
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let fits = match extension.as_str() {
        "xlsx" | "xlsm" | "xltx" | "xltm" => kind == FileKind::Xlsx,
        "xls" => kind == FileKind::Xls,
        "ods" => kind == FileKind::Ods,
        "csv" | "txt" | "tsv" => kind == FileKind::Text,
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(Error::content(
        file,
        format!("de naam eindigt op .{extension}, maar de inhoud is een {}", kind.word()),
        "Geef het bestand de goede extensie, of open het in Excel en sla het opnieuw op als xlsx.",
    ))
}

fn inspect_zip<R: Read + Seek>(file: &str, reader: R) -> Result<FileKind> {
    let mut archive = zip::ZipArchive::new(BufReader::new(reader)).map_err(|_| {
        Error::content(
            file,
            "het bestand is beschadigd of niet volledig",
            "Haal het bestand opnieuw op, of open het in Excel en sla het op onder een andere naam.",
        )
    })?;
    let excessive = |what: String| {
        Error::content(
            file,
            what,
            "Zo'n bestand kan de computer laten vastlopen. Sla het in Excel opnieuw op als xlsx, zonder wat niet nodig is.",
        )
    };
    if archive.len() > MAX_ENTRIES {
        return Err(excessive(format!("het bestand heeft {} onderdelen", archive.len())));
    }
    let mut total: u64 = 0;
    let (mut xlsx, mut xlsb, mut ods, mut encrypted, mut document) = (false, false, false, false, false);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| {
            Error::content(file, "een onderdeel van het bestand is onleesbaar", "Sla het in Excel opnieuw op.")
        })?;
        let name = entry.name().map(|name| name.to_lowercase()).unwrap_or_default();
        let size = entry.size();
        total = total.saturating_add(size);
        encrypted |= entry.encrypted();
        if size > MAX_ENTRY || total > MAX_UNPACKED {
            return Err(excessive(format!(
                "het bestand wordt na uitpakken te groot (onderdeel {name}: {} MB)",
                size / 1_048_576
            )));
        }
        // Compressing this well only bombs do; the same bound holds where a package is opened for writing.
        if size > RATIO_FLOOR && size / entry.compressed_size().max(1) > MAX_RATIO {
            return Err(excessive(format!(
                "onderdeel {name} wordt na uitpakken onwaarschijnlijk groot ({} MB)",
                size / 1_048_576
            )));
        }
        let is_sheet = name.contains("/worksheets/") && name.ends_with(".xml");
        if !is_sheet && size > MAX_HELD && !name.contains("/media/") {
            return Err(excessive(format!("onderdeel {name} is {} MB groot", size / 1_048_576)));
        }
        xlsx |= name.ends_with("workbook.xml") || is_sheet;
        xlsb |= name.ends_with("workbook.bin");
        ods |= name == "content.xml";
        document |= name == "word/document.xml";
    }
    if encrypted {
        return Err(locked(file));
    }
    if xlsb {
        return Err(Error::content(
            file,
            "dit is een binair Excel-werkboek (xlsb)",
            "Open het in Excel en sla het op als xlsx.",
        ));
    }
    if ods && !xlsx {
        let manifest = part(&mut archive, "META-INF/manifest.xml", 1_048_576);
        if contains(&manifest, b"encryption-data") {
            return Err(locked(file));
        }
        let content = part(&mut archive, "content.xml", MAX_HELD);
        // Where an end is missing calamine goes on waiting for it, for ever.
        if !is_well_formed(&content) {
            return Err(Error::content(
                file,
                "het ods-bestand is beschadigd: de inhoud (content.xml) is niet compleet",
                "Haal het bestand opnieuw op, of open het in LibreOffice of Excel en sla het op als xlsx.",
            ));
        }
        let ods::Extent { cells, blanks } = ods::extent(&content);
        if cells > ods::MAX_RECTANGLE {
            return Err(excessive(format!("een tabblad heeft {cells} cellen")));
        }
        if blanks > ods::MAX_BLANKS {
            return Err(excessive(format!("een tekst heeft {blanks} spaties achter elkaar")));
        }
        return Ok(FileKind::Ods);
    }
    if !xlsx {
        let what =
            if document { "dit is een Word-document" } else { "dit is een zipbestand zonder werkboek erin" };
        return Err(Error::content(file, what, "Geef een Excel-werkboek (xlsx)."));
    }
    Ok(FileKind::Xlsx)
}

/// A compound file is an xls, or an encrypted xlsx. The names of its streams stand in it as UTF-16.
fn inspect_compound(file: &str, bytes: &[u8]) -> Result<FileKind> {
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    if contains(bytes, &wide("EncryptedPackage")) || contains(bytes, &wide("EncryptionInfo")) {
        return Err(locked(file));
    }
    let sound = check_fat(bytes) && cfb::is_sound(bytes);
    let damaged = || {
        Error::content(
            file,
            "het bestand is beschadigd of niet volledig: er ontbreekt een stuk",
            "Haal het bestand opnieuw op, of open het in Excel en sla het op als xlsx.",
        )
    };
    let workbook = contains(bytes, &wide("Workbook")) || contains(bytes, &wide("Book"));
    // What is in a compound file stands at its end: of one that is cut off nothing can be said.
    if !workbook && !sound {
        return Err(damaged());
    }
    if !workbook {
        return Err(Error::content(
            file,
            "dit is geen Excel-werkboek (mogelijk een oud Word-document)",
            "Geef een Excel-werkboek.",
        ));
    }
    if bytes.len() as u64 > MAX_XLS {
        return Err(Error::content(file, "dit xls-bestand is groter dan 64 MB", "Sla het in Excel op als xlsx."));
    }
    if !sound {
        return Err(damaged());
    }
    if !biff::is_bounded(bytes) {
        return Err(Error::content(
            file,
            "de cellen op een tabblad staan te ver uit elkaar om het bestand te lezen, of het bestand is beschadigd",
            "Haal weg wat los onderaan of rechts op een tabblad staat, of sla het in Excel op als xlsx.",
        ));
    }
    Ok(FileKind::Xls)
}

/// The header of a compound file may not state more sectors than the file holds: readers reserve room for them.
fn check_fat(bytes: &[u8]) -> bool {
    let word = |at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|b| <[u8; 4]>::try_from(b).ok())
            .map_or(u64::from(u32::MAX), |b| u64::from(u32::from_le_bytes(b)))
    };
    let sector = match bytes.get(30) {
        Some(12) => 4096,
        Some(9) => 512,
        _ => return false,
    };
    let sectors = bytes.len() as u64 / sector + 1;
    // Numbers of FAT, mini-FAT and DIFAT sectors.
    word(44) <= sectors && word(64) <= sectors && word(72) <= sectors
}

/// Runs the opening or reading of a file of others by an outside reader, which may panic on a broken one; then it is
/// an error with the reason. Not for code of our own: a panic there is a mistake to be seen.
///
/// # Errors
/// What `read` gives, and [`Error::Content`] when it panics.
pub(crate) fn shielded<T>(file: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Error::content(
            file,
            "het bestand is beschadigd en kan niet worden gelezen",
            "Open het in Excel, sla het opnieuw op als .xlsx en probeer het nog eens.",
        ))
    })
}

fn locked(file: &str) -> Error {
    Error::content(
        file,
        "het bestand is beveiligd met een wachtwoord",
        "Open het in Excel, haal het wachtwoord weg (Bestand, Info, Werkmap beveiligen) en sla het op.",
    )
}

/// At most `limit` unpacked bytes of an entry; what cannot be unpacked is left out (the reader will say so).
fn part<R: Read + Seek>(archive: &mut zip::ZipArchive<R>, name: &str, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(entry) = archive.index_for_name(name).and_then(|index| archive.by_index(index).ok()) {
        // A damaged part is the reader's finding; here only what could be read is looked at.
        let _ = entry.take(limit).read_to_end(&mut bytes);
    }
    bytes
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    loop {
        let at = haystack.get(from..)?.iter().position(|b| b == first)? + from;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn workbook(strings: &str, sheet: &str) -> Vec<u8> {
        zip_of(&[
            ("xl/workbook.xml", "<workbook/>"),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/sheet1.xml", sheet),
        ])
    }

    fn message(file: &str, bytes: &[u8]) -> String {
        inspect(file, bytes).unwrap_err().to_string()
    }

    #[test]
    fn the_content_decides_what_a_file_is() {
        let sound = workbook(r#"<sst count="9" uniqueCount="1"><si><t>a</t></si></sst>"#, "<worksheet/>");
        assert_eq!(inspect("a.xlsx", &sound).unwrap(), FileKind::Xlsx);
        assert_eq!(inspect("a.csv", b"Code;vsv\n").unwrap(), FileKind::Text);
        assert_eq!(inspect("a.ods", &zip_of(&[("content.xml", "<x/>")])).unwrap(), FileKind::Ods);
    }

    #[test]
    fn a_csv_named_xlsx_is_refused() {
        assert!(message("cijfers.xlsx", b"Code;vsv\n").contains("tekstbestand (csv)"));
    }

    #[test]
    fn a_truncated_zip_is_refused() {
        let whole = workbook("<sst/>", "<worksheet/>");
        assert!(message("a.xlsx", &whole[..whole.len() / 2]).contains("beschadigd of niet volledig"));
        assert!(message("a.xlsx", b"").contains("leeg"));
    }

    #[test]
    fn an_encrypted_workbook_is_refused_with_the_way_out() {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        let text = message("geheim.xlsx", &bytes);
        assert!(text.contains("wachtwoord") && text.contains("haal het wachtwoord weg"), "{text}");
    }

    #[test]
    fn an_xls_that_is_cut_off_is_called_so_and_an_old_word_document_what_it_is() {
        // A header that says where the table and the directory are.
        let mut whole = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        whole.resize(512, 0xFF);
        whole[30] = 9;
        for (at, number) in [(44, 1_u32), (48, 1), (64, 0), (68, u32::MAX - 1), (72, 0), (76, 0)] {
            whole[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        let cut = message("oud.xls", &whole);
        assert!(cut.contains("beschadigd of niet volledig") && !cut.contains("geen Excel"), "{cut}");
        whole.resize(1024, 0xFF);
        whole[516..520].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
        whole.resize(1536, 0);
        whole[1024] = b'W';
        let other = message("oud.xls", &whole);
        assert!(other.contains("dit is geen Excel-werkboek"), "{other}");
    }

    #[test]
    fn an_ods_in_which_an_end_is_missing_is_refused_before_anything_waits_for_it() {
        for content in ["<a><table:table table:name=\"x\"><table:table-row/>", "<a><b></a>", "<a></b></a>"] {
            let text = message("a.ods", &zip_of(&[("content.xml", content)]));
            assert!(text.contains("beschadigd") && text.contains("content.xml"), "{text}");
        }
    }

    #[test]
    fn an_ods_that_says_a_blank_very_many_times_is_refused() {
        let content = "<a><text:p>x<text:s text:c=\"90000000000\"/></text:p></a>";
        assert!(message("a.ods", &zip_of(&[("content.xml", content)])).contains("spaties"));
        let usual = "<a><text:p>x<text:s text:c=\"90\"/></text:p></a>";
        assert!(inspect("a.ods", &zip_of(&[("content.xml", usual)])).is_ok());
    }

    #[test]
    fn a_word_document_is_no_workbook() {
        let text = message("a.xlsx", &zip_of(&[("word/document.xml", "<x/>")]));
        assert!(text.contains("Word-document"), "{text}");
    }
}
