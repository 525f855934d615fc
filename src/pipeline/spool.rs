//! Pieces of a file that are made side by side and put behind one another at the end.
//!
//! Owns where they wait: not in memory, because there may be many thousands. Knows nothing of what they hold.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use crate::error::{Error, Result};

/// Bytes that wait in memory; what comes after goes to disk.
const IN_MEMORY: usize = 1 << 20;

/// Where a piece waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    start: u64,
    length: u64,
}

/// Pieces that wait.
pub(super) struct Spool(Mutex<(tempfile::SpooledTempFile, u64)>);

impl Spool {
    /// An empty one.
    pub(super) fn new() -> Self {
        Spool(Mutex::new((tempfile::spooled_tempfile(IN_MEMORY), 0)))
    }

    /// Takes in a piece, from any thread.
    ///
    /// # Errors
    /// When the disk with temporary files is full.
    pub(super) fn put(&self, bytes: &[u8]) -> Result<Piece> {
        let mut spool = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (file, end) = &mut *spool;
        let piece = Piece { start: *end, length: bytes.len() as u64 };
        let written = file.seek(SeekFrom::Start(piece.start)).and_then(|_| file.write_all(bytes));
        written.map_err(failed)?;
        *end += piece.length;
        Ok(piece)
    }

    /// Writes pieces in the order given.
    ///
    /// # Errors
    /// When they cannot be read back or `out` cannot be written.
    pub(super) fn write(&self, pieces: &[Piece], out: &mut dyn Write) -> io::Result<()> {
        let mut spool = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (file, _) = &mut *spool;
        for piece in pieces {
            file.seek(SeekFrom::Start(piece.start))?;
            io::copy(&mut Read::take(&mut *file, piece.length), out)?;
        }
        Ok(())
    }
}

fn failed(error: io::Error) -> Error {
    Error::file(Path::new("tijdelijk bestand"), "De lijst met bevindingen bewaren lukt niet", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_out_in_the_order_asked_for_also_when_they_no_longer_fit_in_memory() {
        let spool = Spool::new();
        let large = vec![b'x'; IN_MEMORY + 5];
        let pieces: Vec<Piece> = [b"een".as_slice(), &large, b"", b"drie"].map(|b| spool.put(b).unwrap()).to_vec();
        let mut out = Vec::new();
        let order: Vec<Piece> = [3, 2, 0, 1].map(|at: usize| pieces[at]).to_vec();
        spool.write(&order, &mut out).unwrap();
        assert!(out.starts_with(b"drieeenxxx"));
        assert_eq!(out.len(), 7 + large.len());
    }
}
