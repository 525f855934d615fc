//! Unpacking ahead: what is read from a large part is unpacked in a thread of its own while what came before is read.
//!
//! Owns passing blocks of bytes from one thread to the other. Knows no zip and no XML.

use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

/// Bytes in one block.
const BLOCK: usize = 256 << 10;
/// Blocks that wait at most: memory stays flat when unpacking is faster than reading.
const WAITING: usize = 3;

/// Gives `visit` the bytes of `source`, which is read in a thread of its own. When `visit` is ready before the end, the
/// rest is not read.
///
/// # Errors
/// When the system gives no thread. What goes wrong in reading is an error of the reader that `visit` gets.
pub(super) fn read_ahead<T>(
    mut source: impl Read + Send,
    visit: impl FnOnce(&mut dyn BufRead) -> T,
) -> io::Result<T> {
    thread::scope(|scope| {
        let (filled, blocks) = sync_channel::<io::Result<Vec<u8>>>(WAITING);
        let (emptied, empty) = channel::<Vec<u8>>();
        let fill = move || loop {
            let mut block: Vec<u8> = empty.try_recv().unwrap_or_default();
            block.clear();
            let read = source.by_ref().take(BLOCK as u64).read_to_end(&mut block);
            let last = !matches!(read, Ok(count) if count > 0);
            // Nobody reads on, or there is nothing more.
            if filled.send(read.map(|_| block)).is_err() || last {
                return;
            }
        };
        thread::Builder::new().name("uitpakken".to_owned()).spawn_scoped(scope, fill)?;
        Ok(visit(&mut Blocks { blocks, emptied, block: Vec::new(), at: 0, ended: false }))
    })
}

/// The blocks as one stream.
struct Blocks {
    blocks: Receiver<io::Result<Vec<u8>>>,
    emptied: Sender<Vec<u8>>,
    block: Vec<u8>,
    at: usize,
    ended: bool,
}

impl BufRead for Blocks {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.block.len() && !self.ended {
            let next = match self.blocks.recv() {
                Ok(Ok(block)) => block,
                Ok(Err(error)) => {
                    self.ended = true;
                    return Err(error);
                }
                // The other thread ended without saying so: what is missing must not look like the end.
                Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            };
            self.ended = next.is_empty();
            // The other side may have ended; then the block simply goes.
            let _ = self.emptied.send(std::mem::replace(&mut self.block, next));
            self.at = 0;
        }
        Ok(self.block.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount).min(self.block.len());
    }
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails after so many bytes.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("stuk"));
            }
            let count = self.0.min(buffer.len());
            buffer[..count].fill(7);
            self.0 -= count;
            Ok(count)
        }
    }

    #[test]
    fn every_byte_comes_once_and_in_order() {
        for length in [0, 1, BLOCK, BLOCK + 1, 5 * BLOCK + 17] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut read = Vec::new();
            read_ahead(bytes.as_slice(), |reader| reader.read_to_end(&mut read)).unwrap().unwrap();
            assert_eq!(read, bytes);
        }
    }

    #[test]
    fn who_stops_early_gets_no_more() {
        let bytes = vec![1_u8; 40 * BLOCK];
        let mut source = bytes.as_slice();
        let seen = read_ahead(source.by_ref(), |reader| reader.fill_buf().map(<[u8]>::len)).unwrap().unwrap();
        assert!(seen > 0 && !source.is_empty(), "{seen} {}", source.len());
    }

    #[test]
    fn a_fault_comes_after_what_was_read_before_it() {
        let mut read = Vec::new();
        let failed = read_ahead(Failing(BLOCK + 5), |reader| reader.read_to_end(&mut read)).unwrap();
        assert!(failed.is_err() && read.len() >= BLOCK, "{failed:?} {}", read.len());
    }
}
