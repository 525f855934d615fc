//! Writing a zip in which untouched entries are copied to the byte: local header, data, data descriptor and central
//! record, as they were.
//!
//! Owns the layout of a zip file. The `zip` crate's own raw copy rewrites the headers (version made by, flags, data
//! descriptors, extra fields); here only the offset in the central record changes. Compressing itself is done by
//! the `zip` crate.

use std::io::{self, Read, Seek, SeekFrom, Write};

use zip::ZipArchive;

use super::archive::{Archive, Entry, Handle};

/// Compressed parts up to this size stay in memory; larger ones go through a temporary file, so that memory stays
/// flat.
const SPOOL: usize = 2 << 20;
const CENTRAL_FIXED: usize = 46;
const LOCAL_FIXED: usize = 30;
const FLAG_DESCRIPTOR: u16 = 1 << 3;
const FLAG_UTF8: u16 = 1 << 11;
const DESCRIPTOR_MAGIC: u32 = 0x0807_4b50;
/// 1980-01-01, the earliest date a zip can hold: new parts carry no clock.
const DATE_1980: u16 = 0x0021;

/// Copies all of `span`; gives the number of bytes. Many at a time: with a few thousand it takes twice as long.
pub(crate) fn copy_bytes(span: io::Take<Handle>, out: &mut dyn Write) -> io::Result<u64> {
    const MOST: u64 = 256 << 10;
    let room = usize::try_from(span.limit().clamp(1, MOST)).unwrap_or(1);
    io::copy(&mut io::BufReader::with_capacity(room, span), out)
}

/// How the content of an entry is kept. A part that changes is kept as it was: who stored parts as they are had a reason,
/// such as a program that compares versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Packing {
    /// As it is.
    Stored,
    /// Made smaller, as nearly all programs do.
    #[default]
    Deflated,
}

impl Packing {
    /// The number of the method in a zip.
    fn number(self) -> u16 {
        match self {
            Packing::Stored => 0,
            Packing::Deflated => 8,
        }
    }
}

/// A part, packed and ready to be placed.
pub(crate) struct Compressed {
    packing: Packing,
    data: io::Take<tempfile::SpooledTempFile>,
    crc: u32,
    size: u32,
    compressed: u32,
}

/// Packs what `write` writes.
pub(crate) fn compress<E>(
    packing: Packing,
    failed: impl Fn(io::Error) -> E,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<Compressed, E> {
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(match packing {
            Packing::Stored => zip::CompressionMethod::Stored,
            Packing::Deflated => zip::CompressionMethod::Deflated,
        })
        .last_modified_time(zip::DateTime::default());
    let mut zip = zip::ZipWriter::new(tempfile::spooled_tempfile(SPOOL));
    zip.start_file("x", options).map_err(|e| failed(e.into()))?;
    {
        let mut buffered = io::BufWriter::with_capacity(1 << 16, &mut zip);
        write(&mut buffered)?;
        buffered.flush().map_err(&failed)?;
    }
    let spool = zip.finish().map_err(|e| failed(e.into()))?;
    lift(packing, spool).map_err(failed)
}

/// Takes the packed bytes out of a package of one part.
fn lift(packing: Packing, spool: tempfile::SpooledTempFile) -> io::Result<Compressed> {
    let mut archive = ZipArchive::new(spool)?;
    let (start, crc, size, compressed) = {
        let file = archive.by_index_raw(0)?;
        let start = file.data_start().ok_or(io::ErrorKind::InvalidData)?;
        (start, file.crc32(), file.size(), file.compressed_size())
    };
    let mut spool = archive.into_inner();
    spool.seek(SeekFrom::Start(start))?;
    Ok(Compressed {
        packing,
        data: spool.take(compressed),
        crc,
        size: narrow(size)?,
        compressed: narrow(compressed)?,
    })
}

/// Sizes and offsets of what we write fit in 32 bits: a workbook of 4 GB does not open in Excel either.
fn narrow(value: u64) -> io::Result<u32> {
    u32::try_from(value).ok().filter(|v| *v != u32::MAX).ok_or_else(|| io::ErrorKind::FileTooLarge.into())
}

fn word(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}

/// Writes a package entry by entry.
pub(crate) struct Container<'a> {
    out: &'a mut dyn Write,
    offset: u64,
    central: Vec<u8>,
    count: u16,
}

impl<'a> Container<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Container { out, offset: 0, central: Vec::new(), count: 0 }
    }

    fn emit(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Copies one entry as it is.
    pub(crate) fn copy(&mut self, archive: &Archive, entry: &Entry) -> io::Result<()> {
        let handle = archive.handle();
        let mut local = local_header(handle, entry)?;
        let central = central_record(handle, entry)?;
        let start = self.offset;
        let data_start = entry.header_start + local.len() as u64;
        let mut descriptor = Vec::new();
        if word(&local, 6) & FLAG_DESCRIPTOR != 0 {
            match descriptor_length(handle, entry, data_start + entry.compressed) {
                Some(length) => descriptor = handle.exact(data_start + entry.compressed, length)?,
                // A descriptor was promised and is not there: put the sizes in the header, where readers look.
                None => fill_sizes(&mut local, entry)?,
            }
        }
        self.emit(&local)?;
        let copied = copy_bytes(handle.span(data_start, entry.compressed), self.out)?;
        if copied != entry.compressed {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.offset += copied;
        self.emit(&descriptor)?;
        self.register(central, start)
    }

    /// Writes new content under the entry's own name, date and attributes.
    pub(crate) fn replace(&mut self, archive: &Archive, entry: &Entry, mut content: Compressed) -> io::Result<()> {
        let handle = archive.handle();
        let old_local = local_header(handle, entry)?;
        let old_central = central_record(handle, entry)?;
        let name = old_central
            .get(CENTRAL_FIXED..CENTRAL_FIXED + usize::from(word(&old_central, 28)))
            .unwrap_or_default()
            .to_vec();
        let flags = word(&old_central, 8) & FLAG_UTF8;
        let start = self.offset;
        let mut local = old_local.get(..LOCAL_FIXED).unwrap_or_default().to_vec();
        put(&mut local, 4, &20_u16.to_le_bytes());
        put(&mut local, 6, &flags.to_le_bytes());
        put(&mut local, 8, &content.packing.number().to_le_bytes());
        put_sizes(&mut local, 14, &content);
        put(&mut local, 26, &length_of(&name)?.to_le_bytes());
        put(&mut local, 28, &0_u16.to_le_bytes());
        self.emit(&local)?;
        self.emit(&name)?;
        self.data(&mut content)?;

        let comment_length = usize::from(word(&old_central, 32));
        let comment = old_central.get(old_central.len().saturating_sub(comment_length)..).unwrap_or_default();
        let mut central = old_central.get(..CENTRAL_FIXED).unwrap_or_default().to_vec();
        put(&mut central, 6, &20_u16.to_le_bytes());
        put(&mut central, 8, &flags.to_le_bytes());
        put(&mut central, 10, &content.packing.number().to_le_bytes());
        put_sizes(&mut central, 16, &content);
        put(&mut central, 30, &0_u16.to_le_bytes());
        put(&mut central, 42, &0_u32.to_le_bytes());
        central.extend_from_slice(&name);
        central.extend_from_slice(comment);
        self.register(central, start)
    }

    /// Adds an entry that was not there.
    pub(crate) fn add(&mut self, name: &str, mut content: Compressed) -> io::Result<()> {
        let flags = if name.is_ascii() { 0 } else { FLAG_UTF8 };
        let start = self.offset;
        let mut local = vec![0_u8; LOCAL_FIXED];
        put(&mut local, 0, b"PK\x03\x04");
        put(&mut local, 4, &20_u16.to_le_bytes());
        put(&mut local, 6, &flags.to_le_bytes());
        put(&mut local, 8, &content.packing.number().to_le_bytes());
        put(&mut local, 12, &DATE_1980.to_le_bytes());
        put_sizes(&mut local, 14, &content);
        put(&mut local, 26, &length_of(name.as_bytes())?.to_le_bytes());
        self.emit(&local)?;
        self.emit(name.as_bytes())?;
        self.data(&mut content)?;

        let mut central = vec![0_u8; CENTRAL_FIXED];
        put(&mut central, 0, b"PK\x01\x02");
        put(&mut central, 4, &20_u16.to_le_bytes());
        put(&mut central, 6, &20_u16.to_le_bytes());
        put(&mut central, 8, &flags.to_le_bytes());
        put(&mut central, 10, &content.packing.number().to_le_bytes());
        put(&mut central, 14, &DATE_1980.to_le_bytes());
        put_sizes(&mut central, 16, &content);
        put(&mut central, 28, &length_of(name.as_bytes())?.to_le_bytes());
        central.extend_from_slice(name.as_bytes());
        self.register(central, start)
    }

    fn data(&mut self, content: &mut Compressed) -> io::Result<()> {
        let copied = io::copy(&mut content.data, self.out)?;
        if copied != u64::from(content.compressed) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.offset += copied;
        Ok(())
    }

    fn register(&mut self, mut central: Vec<u8>, start: u64) -> io::Result<()> {
        if long(&central, 42) == u32::MAX {
            put_wide_offset(&mut central, start)?;
        } else {
            put(&mut central, 42, &narrow(start)?.to_le_bytes());
        }
        self.central.extend_from_slice(&central);
        self.count = self.count.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(())
    }

    /// Writes the central directory and the package's comment.
    pub(crate) fn finish(mut self, comment: &[u8]) -> io::Result<()> {
        let start = narrow(self.offset)?;
        let central = std::mem::take(&mut self.central);
        self.emit(&central)?;
        let mut end = Vec::from(*b"PK\x05\x06\0\0\0\0");
        end.extend_from_slice(&self.count.to_le_bytes());
        end.extend_from_slice(&self.count.to_le_bytes());
        end.extend_from_slice(&narrow(central.len() as u64)?.to_le_bytes());
        end.extend_from_slice(&start.to_le_bytes());
        end.extend_from_slice(&length_of(comment)?.to_le_bytes());
        end.extend_from_slice(comment);
        self.emit(&end)?;
        self.out.flush()
    }
}

fn length_of(bytes: &[u8]) -> io::Result<u16> {
    u16::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidData.into())
}

fn put_sizes(header: &mut [u8], at: usize, content: &Compressed) {
    put(header, at, &content.crc.to_le_bytes());
    put(header, at + 4, &content.compressed.to_le_bytes());
    put(header, at + 8, &content.size.to_le_bytes());
}

fn local_header(handle: &Handle, entry: &Entry) -> io::Result<Vec<u8>> {
    let fixed = handle.exact(entry.header_start, LOCAL_FIXED)?;
    if !fixed.starts_with(b"PK\x03\x04") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let length = LOCAL_FIXED + usize::from(word(&fixed, 26)) + usize::from(word(&fixed, 28));
    handle.exact(entry.header_start, length)
}

fn central_record(handle: &Handle, entry: &Entry) -> io::Result<Vec<u8>> {
    let fixed = handle.exact(entry.central_start, CENTRAL_FIXED)?;
    if !fixed.starts_with(b"PK\x01\x02") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let lengths = [28, 30, 32].map(|at| usize::from(word(&fixed, at)));
    handle.exact(entry.central_start, CENTRAL_FIXED + lengths.iter().sum::<usize>())
}

/// The length of the data descriptor at `at`: with or without signature, with sizes of 4 or 8 bytes.
fn descriptor_length(handle: &Handle, entry: &Entry, at: u64) -> Option<usize> {
    let available = usize::try_from(handle.length().saturating_sub(at).min(24)).ok()?;
    let bytes = handle.exact(at, available).ok()?;
    let crc = entry.crc.to_le_bytes();
    let narrow_sizes =
        [entry.compressed, entry.size].map(|v| (v & 0xFFFF_FFFF) as u32).map(u32::to_le_bytes).concat();
    let wide_sizes = [entry.compressed, entry.size].map(u64::to_le_bytes).concat();
    for signature in [&DESCRIPTOR_MAGIC.to_le_bytes()[..], &[]] {
        for sizes in [&wide_sizes, &narrow_sizes] {
            let expected = [signature, &crc, sizes].concat();
            if bytes.starts_with(&expected) {
                return Some(expected.len());
            }
        }
    }
    None
}

fn fill_sizes(local: &mut [u8], entry: &Entry) -> io::Result<()> {
    let flags = word(local, 6) & !FLAG_DESCRIPTOR;
    put(local, 6, &flags.to_le_bytes());
    put(local, 14, &entry.crc.to_le_bytes());
    put(local, 18, &narrow(entry.compressed)?.to_le_bytes());
    put(local, 22, &narrow(entry.size)?.to_le_bytes());
    Ok(())
}

/// Puts the offset in the zip64 extra field of a central record that keeps it there.
fn put_wide_offset(central: &mut [u8], start: u64) -> io::Result<()> {
    let wide_before = [20, 24].iter().filter(|at| long(central, **at) == u32::MAX).count();
    let extra_start = CENTRAL_FIXED + usize::from(word(central, 28));
    let extra_end = extra_start + usize::from(word(central, 30));
    let mut at = extra_start;
    while at + 4 <= extra_end {
        let length = usize::from(word(central, at + 2));
        if word(central, at) == 1 && length >= 8 * (wide_before + 1) {
            put(central, at + 4 + 8 * wide_before, &start.to_le_bytes());
            return Ok(());
        }
        at += 4 + length;
    }
    Err(io::ErrorKind::InvalidData.into())
}
