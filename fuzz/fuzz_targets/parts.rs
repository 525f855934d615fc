//! What the targets share: a package written out as plain sections, so that a mutation reaches the XML.
//!
//! A mutated byte in a deflated entry is nearly always caught by its checksum. Inputs that begin with [`MARK`] are
//! therefore sections, each a name, a newline and the content, and are zipped here; all other inputs are taken as
//! the file itself, which keeps the zip reader in reach.

use std::io::{Cursor, Write};

/// Before every section; `seed.py` writes the same.
pub const MARK: &[u8] = b"\xFFdeel\xFF";

/// Lets a panic inside calamine unwind, which the program catches ([`wijkanalyse::guard`]), instead of ending the run: the
/// harness stops at every other panic. One that is not caught still ends it.
#[allow(dead_code, reason = "for the targets that read xls and ods")]
pub fn pass_over_calamine() {
    let stop = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("calamine")) {
            stop(panic);
        }
    }));
}

/// The file that an input stands for; `None` when the sections cannot be zipped (a name occurs twice).
pub fn file(data: &[u8]) -> Option<Vec<u8>> {
    let Some(mut rest) = data.strip_prefix(MARK) else { return Some(data.to_vec()) };
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    loop {
        let end = rest.windows(MARK.len()).position(|window| window == MARK);
        let section = &rest[..end.unwrap_or(rest.len())];
        let line = section.iter().position(|byte| *byte == b'\n').unwrap_or(section.len());
        let name = String::from_utf8_lossy(&section[..line]).into_owned();
        writer.start_file(name, stored).ok()?;
        writer.write_all(section.get(line + 1..).unwrap_or_default()).ok()?;
        match end {
            Some(end) => rest = &rest[end + MARK.len()..],
            None => return Some(writer.finish().ok()?.into_inner()),
        }
    }
}
