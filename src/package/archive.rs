//! The zip package: opened behind guards, parts found by name, read whole or as a stream.
//!
//! Owns what may be opened at all and the words for what may not. Knows nothing of what the parts mean.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zip::ZipArchive;

use super::container::Packing;
use super::xml::{Stored, UNREADABLE};
use crate::error::{Error, Result};

/// Parts above this size are unpacked in a thread of their own while they are read.
pub(crate) const LARGE_PART: u64 = 4 << 20;
/// Most entries a package may have. Real workbooks have tens to a few thousand (one per picture); more only costs
/// memory.
pub const MAX_ENTRIES: usize = 20_000;
/// Most bytes one part may inflate to. The largest honest part met (2.5 million cells) is 108 MB; a full sheet of
/// 16 million cells stays under this.
pub const MAX_PART: u64 = 1 << 30;
/// Most bytes all parts together may inflate to.
pub const MAX_TOTAL: u64 = 2 << 30;
/// A part above [`RATIO_FLOOR`] may not inflate more than this many times. Sheets compress 5 to 60 times; deflate
/// itself can reach 1,032, which only bombs do.
pub const MAX_RATIO: u64 = 300;
/// Below this size the ratio does not matter: an empty part of blanks is harmless.
pub const RATIO_FLOOR: u64 = 16 << 20;
/// Most bytes a part may have to be read into memory as a whole ([`Archive::read`]).
pub const MAX_IN_MEMORY: u64 = 192 << 20;

const OLE_MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const NOT_A_WORKBOOK: &str = "Verwacht wordt een Excel-werkboek (.xlsx of .xlsm). \
     Open het bestand in Excel en kies Opslaan als, Excel-werkmap (.xlsx).";
const DAMAGED: &str = "Haal het bestand opnieuw op, of open het in Excel of Word en sla het opnieuw op.";
const SUSPECT: &str = "Controleer waar het bestand vandaan komt; zo'n bestand wordt niet geopend.";

/// Where the bytes of a package are.
#[derive(Debug)]
enum Source {
    File(File),
    Memory(Arc<Vec<u8>>),
}

/// A file's bytes, in memory or on disk, and a reader over them. Clones share the bytes and each have their own
/// position, so that several parts can be read at once.
#[derive(Debug, Clone)]
pub struct Handle {
    source: Arc<Source>,
    position: u64,
    length: u64,
}

impl From<Vec<u8>> for Handle {
    fn from(bytes: Vec<u8>) -> Self {
        Handle::from(Arc::new(bytes))
    }
}

impl From<&[u8]> for Handle {
    fn from(bytes: &[u8]) -> Self {
        Handle::from(bytes.to_vec())
    }
}

impl From<&Vec<u8>> for Handle {
    fn from(bytes: &Vec<u8>) -> Self {
        Handle::from(bytes.clone())
    }
}

impl From<Arc<Vec<u8>>> for Handle {
    fn from(bytes: Arc<Vec<u8>>) -> Self {
        let length = bytes.len() as u64;
        Handle { source: Arc::new(Source::Memory(bytes)), position: 0, length }
    }
}

impl Handle {
    /// A file that stays on disk and is read where needed. It stays open as long as a clone of this lives.
    ///
    /// # Errors
    /// When the file cannot be opened, or is a folder.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |e: io::Error| Error::file(path, "Het bestand openen lukt niet", e);
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        Ok(Handle { source: Arc::new(Source::File(file)), position: 0, length: metadata.len() })
    }

    /// All bytes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all(&self) -> io::Result<Arc<Vec<u8>>> {
        match &*self.source {
            Source::Memory(bytes) => Ok(Arc::clone(bytes)),
            Source::File(_) => {
                let mut bytes = Vec::new();
                self.span(0, self.length).read_to_end(&mut bytes)?;
                Ok(Arc::new(bytes))
            }
        }
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &*self.source {
            #[cfg(unix)]
            Source::File(file) => std::os::unix::fs::FileExt::read_at(file, buffer, offset),
            #[cfg(windows)]
            Source::File(file) => std::os::windows::fs::FileExt::seek_read(file, buffer, offset),
            Source::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let mut rest = bytes.get(start..).unwrap_or_default();
                rest.read(buffer)
            }
        }
    }

    /// The number of bytes of the package.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Exactly `length` bytes from `offset`.
    pub(crate) fn exact(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        if offset.saturating_add(length as u64) > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        let mut handle = self.clone();
        handle.position = offset;
        handle.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// A reader over `length` bytes from `offset`.
    pub(crate) fn span(&self, offset: u64, length: u64) -> io::Take<Handle> {
        let mut handle = self.clone();
        handle.position = offset;
        handle.take(length)
    }
}

impl Read for Handle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Handle {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// What the package knows of one entry.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Name as stored (backslashes and case kept).
    pub(crate) name: String,
    pub(crate) header_start: u64,
    pub(crate) central_start: u64,
    pub(crate) compressed: u64,
    pub(crate) size: u64,
    pub(crate) crc: u32,
    pub(crate) directory: bool,
    pub(crate) packing: Packing,
}

/// An opened package. Cheap to read from several places at once; never changes.
#[derive(Debug)]
pub struct Archive {
    name: String,
    path: Option<PathBuf>,
    zip: ZipArchive<Handle>,
    handle: Handle,
    entries: Vec<Entry>,
    by_key: BTreeMap<String, usize>,
}

impl Archive {
    /// Opens the package at `path`. The file stays open as long as the archive lives.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a package that may be opened: not a zip, password-protected, an old
    /// `.xls`, truncated, far too large once unpacked, with doubtful or double entry names.
    pub fn open(path: &Path) -> Result<Self> {
        let handle = Handle::open(path)?;
        let name = path.display().to_string();
        Archive::from_handle(name, Some(path.to_path_buf()), handle)
    }

    /// Opens a package held in memory; `name` is what messages call it. Bytes that are shared (`Arc`) are not copied.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Arc<Vec<u8>>>) -> Result<Self> {
        Archive::of(name, Handle::from(bytes.into()))
    }

    /// Opens a package wherever its bytes are; `name` is what messages call it.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn of(name: impl Into<String>, handle: Handle) -> Result<Self> {
        Archive::from_handle(name.into(), None, handle)
    }

    fn from_handle(name: String, path: Option<PathBuf>, handle: Handle) -> Result<Self> {
        let refuse = |what: &str, advice: &str| Error::content(&name, what, advice);
        let head =
            handle.exact(0, usize::try_from(handle.length.min(4096)).unwrap_or(0)).map_err(|e| io(&name, e))?;
        if let Some((what, advice)) = not_a_zip(&head, &handle) {
            return Err(refuse(what, advice));
        }
        let zip = ZipArchive::new(handle.clone()).map_err(|error| match error {
            zip::result::ZipError::Io(e) if e.kind() != io::ErrorKind::UnexpectedEof => io(&name, e),
            _ => refuse("Het bestand is beschadigd of niet compleet (het einde ontbreekt)", DAMAGED),
        })?;
        if zip.len() > MAX_ENTRIES {
            return Err(refuse("Het bestand bevat onwaarschijnlijk veel onderdelen", SUSPECT));
        }
        if zip.has_duplicate_names() {
            return Err(refuse("Een onderdeel komt twee keer voor in het bestand", DAMAGED));
        }
        let damaged = || refuse("Het bestand is beschadigd: de lijst van onderdelen klopt niet", DAMAGED);
        let mut entries = Vec::with_capacity(zip.len());
        let mut by_key = BTreeMap::new();
        let mut total: u64 = 0;
        for index in 0..zip.len() {
            let file = zip.by_index_data(index).map_err(|_| damaged())?;
            let stored = file.name().map_err(|_| damaged())?.into_owned();
            if file.encrypted() {
                return Err(refuse(
                    "Het bestand is met een wachtwoord versleuteld",
                    "Open het met het wachtwoord en sla het zonder wachtwoord op.",
                ));
            }
            let key = part_key(&stored);
            if key.split('/').any(|step| step == "..") || key.contains('\0') {
                return Err(refuse("Een onderdeel heeft een naam die buiten het bestand wijst", SUSPECT));
            }
            let (size, compressed) = (file.size(), file.compressed_size());
            total = total.saturating_add(size);
            let swollen = size > RATIO_FLOOR && size / compressed.max(1) > MAX_RATIO;
            if size > MAX_PART || total > MAX_TOTAL || swollen {
                return Err(refuse("Het bestand wordt uitgepakt onwaarschijnlijk groot", SUSPECT));
            }
            let directory = stored.ends_with(['/', '\\']);
            if !directory && by_key.insert(key, index).is_some() {
                return Err(refuse("Een onderdeel komt twee keer voor in het bestand", DAMAGED));
            }
            entries.push(Entry {
                name: stored,
                header_start: file.header_start(),
                central_start: file.central_header_start(),
                compressed,
                size,
                crc: file.crc32(),
                directory,
                packing: match file.compression() {
                    zip::CompressionMethod::Stored => Packing::Stored,
                    _ => Packing::Deflated,
                },
            });
        }
        let truncated = entries.iter().any(|e| e.header_start.saturating_add(e.compressed) > handle.length);
        if truncated {
            return Err(damaged());
        }
        Ok(Archive { name, path, zip, handle, entries, by_key })
    }

    /// The name that messages use.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.name
    }

    /// How this part is kept; one that is not there as parts mostly are.
    pub(crate) fn packing(&self, name: &str) -> Packing {
        let index = self.by_key.get(&part_key(name));
        index.and_then(|index| self.entries.get(*index)).map(|entry| entry.packing).unwrap_or_default()
    }

    /// The path it was opened from; `None` for a package in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Names of the parts as stored, in the order of the package, without directory entries.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|e| !e.directory).map(|e| e.name.as_str())
    }

    /// The stored name of the part that `name` means: regardless of case, backslashes and a leading slash.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.position(name).and_then(|index| self.entries.get(index)).map(|e| e.name.as_str())
    }

    /// True when the package has this part.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The size of a part once inflated, in bytes, as declared by the package.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<u64> {
        self.position(name).and_then(|index| self.entries.get(index)).map(|e| e.size)
    }

    /// Size and checksum of a part: parts of a workbook and of what was made of it that agree in these are the same.
    pub(crate) fn content(&self, name: &str) -> Option<(u64, u32)> {
        self.position(name).and_then(|index| self.entries.get(index)).map(|e| (e.size, e.crc))
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let key = part_key(name);
        self.by_key.get(&key).or_else(|| self.by_key.get(&percent_decoded(&key)?)).copied()
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(crate) fn comment(&self) -> &[u8] {
        self.zip.comment()
    }

    /// A part as a whole.
    ///
    /// # Errors
    /// When the part is absent, damaged, or larger than [`MAX_IN_MEMORY`].
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        if self.size(name).is_some_and(|size| size > MAX_IN_MEMORY) {
            return Err(self.refuse(format!("Onderdeel {name} is te groot om in het geheugen te lezen"), SUSPECT));
        }
        self.stream(name, |reader| {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map_err(|_| self.damaged(name, &UNREADABLE))?;
            Ok(bytes)
        })
    }

    /// A part as text without its byte-order mark; UTF-16 is understood.
    ///
    /// # Errors
    /// As [`Archive::read`], and when the part is not text.
    pub fn read_text(&self, name: &str) -> Result<String> {
        let bytes = self.read(name)?;
        super::xml::decode(&bytes)
            .map(|(text, _)| text)
            .ok_or_else(|| self.refuse(format!("Onderdeel {name} is geen leesbare tekst"), DAMAGED))
    }

    /// Gives `visit` a part as a stream; memory stays flat however large the part is.
    ///
    /// # Errors
    /// When the part is absent or cannot be opened, and whatever `visit` returns.
    pub fn stream<T>(&self, name: &str, visit: impl FnOnce(&mut dyn BufRead) -> Result<T>) -> Result<T> {
        let index = self
            .position(name)
            .ok_or_else(|| self.refuse(format!("Onderdeel {name} ontbreekt in het bestand"), DAMAGED))?;
        let declared = self.entries.get(index).map_or(0, |e| e.size);
        let mut zip = self.zip.clone();
        let part = zip.by_index(index).map_err(|error| match error {
            zip::result::ZipError::Io(_) => self.damaged(name, &UNREADABLE),
            _ => self.refuse(
                format!("Onderdeel {name} is ingepakt op een manier die niet gelezen kan worden"),
                DAMAGED,
            ),
        })?;
        let part = Limited { inner: part, left: declared };
        if declared > LARGE_PART {
            let read = super::ahead::read_ahead(part, visit);
            return read.map_err(|e| io(&self.name, e))?;
        }
        visit(&mut BufReader::with_capacity(1 << 16, part))
    }

    /// As [`Archive::stream`], for text: `visit` sees UTF-8 without byte-order mark and is told how the part was
    /// stored. Parts in UTF-8 stay a stream; the few in another encoding are converted in memory.
    pub(crate) fn stream_text<T>(
        &self,
        name: &str,
        visit: impl FnOnce(&mut dyn BufRead, Stored) -> Result<T>,
    ) -> Result<T> {
        let whole = self.stream(name, |reader| {
            let head = reader.fill_buf().map_err(|_| self.damaged(name, &UNREADABLE))?;
            Ok(!super::xml::is_utf8(head))
        })?;
        if whole {
            let (text, stored) = super::xml::decode(&self.read(name)?)
                .ok_or_else(|| self.refuse(format!("Onderdeel {name} is geen leesbare tekst"), DAMAGED))?;
            return visit(&mut text.as_bytes(), stored);
        }
        self.stream(name, |reader| {
            let head = reader.fill_buf().map_err(|_| self.damaged(name, &UNREADABLE))?;
            let stored = if head.starts_with(b"\xEF\xBB\xBF") { Stored::Utf8Bom } else { Stored::Utf8 };
            if stored == Stored::Utf8Bom {
                reader.consume(3);
            }
            visit(reader, stored)
        })
    }

    /// An error about this file.
    pub(crate) fn refuse(&self, what: impl Into<String>, advice: &str) -> Error {
        Error::content(&self.name, what, advice)
    }

    pub(crate) fn damaged(&self, part: &str, error: &dyn std::fmt::Display) -> Error {
        self.refuse(format!("Onderdeel {part} is beschadigd ({error})"), DAMAGED)
    }
}

/// Stops a part that inflates to more than its entry declares.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "groter dan opgegeven"))?;
        Ok(count)
    }
}

fn io(name: &str, error: io::Error) -> Error {
    Error::file(Path::new(name), "Het bestand lezen lukt niet", error)
}

/// The key under which a part is found: forward slashes, no leading slash, lower case.
pub(crate) fn part_key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

pub(crate) fn percent_decoded(name: &str) -> Option<String> {
    let mut out = Vec::with_capacity(name.len());
    let mut bytes = name.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Why the first bytes show that this is no zip; `None` when they look like one.
fn not_a_zip(head: &[u8], handle: &Handle) -> Option<(&'static str, &'static str)> {
    if head.is_empty() {
        return Some(("Het bestand is leeg", NOT_A_WORKBOOK));
    }
    if head.starts_with(b"PK\x03\x04") {
        return None;
    }
    if head.starts_with(b"PK\x05\x06") {
        return Some(("Het bestand is een leeg zipbestand en geen werkboek", NOT_A_WORKBOOK));
    }
    if head.starts_with(&OLE_MAGIC) {
        return Some(compound_file(handle));
    }
    let text: String = head.iter().take(512).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let text = text.trim_start_matches(|c: char| !c.is_ascii_graphic());
    if text.starts_with("<!doctype html") || text.starts_with("<html") || text.contains("<table") {
        return Some(("Het bestand is een webpagina (html) en geen werkboek", NOT_A_WORKBOOK));
    }
    if text.starts_with("<?xml") || text.starts_with('<') {
        return Some(("Het bestand is een los XML-bestand en geen werkboek", NOT_A_WORKBOOK));
    }
    if text.starts_with("%pdf") {
        return Some(("Het bestand is een pdf en geen werkboek", NOT_A_WORKBOOK));
    }
    let readable = head.iter().filter(|b| b.is_ascii_graphic() || b.is_ascii_whitespace() || **b >= 0x80).count();
    if readable * 20 >= head.len() * 19 {
        return Some(("Het bestand is gewone tekst (bijvoorbeeld csv) en geen werkboek", NOT_A_WORKBOOK));
    }
    Some(("Het bestand is geen werkboek of het is beschadigd", NOT_A_WORKBOOK))
}

/// Which of the old container files this is: an encrypted workbook, an old `.xls`, or something else.
fn compound_file(handle: &Handle) -> (&'static str, &'static str) {
    const PROTECTED: (&str, &str) = (
        "Het werkboek is beveiligd met een wachtwoord om het te openen",
        "Open het in Excel, haal het wachtwoord weg (Bestand, Info, Werkmap beveiligen) en sla het op.",
    );
    const OLD: (&str, &str) = (
        "Het bestand is een werkboek in de oude vorm (.xls)",
        "Open het in Excel en kies Opslaan als, Excel-werkmap (.xlsx).",
    );
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (encrypted, info) = (wide("EncryptedPackage"), wide("EncryptionInfo"));
    let (workbook, book) = (wide("Workbook"), wide("Book"));
    let (mut is_encrypted, mut is_old) = (false, false);
    // Directory entries are 128 bytes long and begin on such a boundary with the name of the stream.
    let mut entry = [0_u8; 128];
    let mut reader = BufReader::new(handle.span(0, handle.length.min(64 << 20)));
    while reader.read_exact(&mut entry).is_ok() {
        is_encrypted |= entry.starts_with(&encrypted) || entry.starts_with(&info);
        is_old |= entry.starts_with(&workbook) || entry.starts_with(&book);
    }
    match (is_encrypted, is_old) {
        (true, _) => PROTECTED,
        (false, true) => OLD,
        _ => ("Het bestand is een oud Office-bestand en geen werkboek", NOT_A_WORKBOOK),
    }
}

/// Makes a new package: `[Content_Types].xml` first, then the rest in the order given, all stamped 1980-01-01, so
/// that the same parts always give the same bytes.
///
/// # Errors
/// When two parts have the same name or the package would be too large for a zip.
pub fn write_package(entries: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::content("nieuw bestand", format!("Het samenstellen lukt niet ({error})"), "Meld dit aan de makers.")
    };
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let (first, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(name, _)| name == "[Content_Types].xml");
    for (name, bytes) in first.into_iter().chain(rest) {
        writer.start_file(name.as_str(), options).map_err(|e| failed(&e))?;
        writer.write_all(&bytes).map_err(|e| failed(&e))?;
    }
    writer.finish().map(io::Cursor::into_inner).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(bytes: Vec<u8>) -> String {
        Archive::from_bytes("test.xlsx", bytes).unwrap_err().to_string()
    }

    fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
        write_package(entries.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()).unwrap()
    }

    /// Replaces every occurrence of some bytes by as many others.
    fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let places: Vec<usize> =
            (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn what_is_no_package_is_called_by_its_name() {
        assert!(reason(Vec::new()).contains("leeg"));
        assert!(reason(b"wijk;cijfer\nBospolder;12,5\n".to_vec()).contains("csv"));
        assert!(reason(b"\xEF\xBB\xBF<html><body><table>".to_vec()).contains("html"));
        assert!(reason((0..200).map(|n| n % 7).collect()).contains("geen werkboek"));
        let mut compound = OLE_MAGIC.to_vec();
        compound.resize(512, 0);
        compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        compound.resize(1024, 0);
        assert!(reason(compound).contains("wachtwoord"));
    }

    #[test]
    fn a_truncated_package_is_refused_at_every_length() {
        let whole = package(&[("a.xml", b"<a/>"), ("b.xml", &[b'x'; 300])]);
        for length in 1..whole.len() {
            assert!(Archive::from_bytes("x", whole[..length].to_vec()).is_err(), "{length}");
        }
        assert!(Archive::from_bytes("x", whole).is_ok());
    }

    #[test]
    fn a_package_that_swells_too_much_is_refused_and_a_large_honest_one_is_not() {
        let bomb = package(&[("a.xml", &vec![b'0'; 20 << 20])]);
        assert!(reason(bomb).contains("onwaarschijnlijk groot"));
        let honest: Vec<u8> = (0..800_000_u32).flat_map(|n| format!("<c r=\"A{n}\"/>").into_bytes()).collect();
        assert!(Archive::from_bytes("x", package(&[("a.xml", &honest)])).is_ok());
    }

    #[test]
    fn a_part_that_inflates_to_more_than_it_declares_is_stopped() {
        let honest = package(&[("a.xml", &[b'x'; 1000])]);
        let lying = patched(&honest, &1000_u32.to_le_bytes(), &500_u32.to_le_bytes());
        assert_ne!(honest, lying);
        assert!(Archive::from_bytes("x", lying).and_then(|archive| archive.read("a.xml")).is_err());
    }

    #[test]
    fn doubtful_names_are_refused() {
        assert!(reason(package(&[("../a.xml", b"x")])).contains("buiten"));
        assert!(reason(package(&[("a/..\\..\\b.xml", b"x")])).contains("buiten"));
        assert!(reason(package(&[("xl/A.xml", b"x"), ("XL\\a.xml", b"y")])).contains("twee keer"));
    }

    #[test]
    fn parts_are_found_regardless_of_case_slashes_and_percent_signs() {
        let archive = Archive::from_bytes("x", package(&[("xl\\Sheet 1.xml", b"x"), ("xl/", b"")])).unwrap();
        for name in ["xl/sheet 1.xml", "/XL/Sheet 1.xml", "xl\\sheet%201.xml"] {
            assert_eq!(archive.find(name), Some("xl\\Sheet 1.xml"), "{name}");
        }
        assert_eq!(archive.names().count(), 1);
        assert!(archive.read("xl/ander.xml").unwrap_err().to_string().contains("ontbreekt"));
    }

    #[test]
    fn the_same_parts_give_the_same_bytes() {
        let parts =
            || vec![("b.xml".to_owned(), b"2".to_vec()), ("[Content_Types].xml".to_owned(), b"1".to_vec())];
        assert_eq!(write_package(parts()).unwrap(), write_package(parts()).unwrap());
        let archive = Archive::from_bytes("x", write_package(parts()).unwrap()).unwrap();
        assert_eq!(archive.names().next(), Some("[Content_Types].xml"));
    }
}
