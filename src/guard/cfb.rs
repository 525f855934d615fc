//! Compound files (xls): the chain of sectors may not run in a circle and no stream may be longer than the file.
//!
//! Owns what a reader of xls files takes for granted; a file of 28 kB in which a chain bites its own tail made it
//! ask for all memory there is. Does not know what the streams hold.

/// A sector number above this is a sign, not a place.
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Places in the header for numbers of sectors with the allocation table.
const IN_HEADER: usize = 109;

/// True when a reader that follows every chain to its end, or takes a stream's stated length, stays within bounds.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    directory_ends(bytes).unwrap_or(false)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Follows the chain of the directory; `None` when a number points outside the file.
fn directory_ends(bytes: &[u8]) -> Option<bool> {
    let size = if *bytes.get(30)? == 12 { 4096 } else { 512 };
    let start = |sector: u32| usize::try_from(sector).ok()?.checked_add(1)?.checked_mul(size);
    let most = bytes.len() / size + 1;
    let per_sector = size / 4;

    // The sectors that hold the allocation table: named in the header, then in a chain of sectors of their own.
    let mut tables: Vec<u32> = (0..IN_HEADER).filter_map(|i| word(bytes, 76 + 4 * i)).collect();
    let mut next = word(bytes, 68)?;
    for step in 0.. {
        if next >= LAST_SECTOR {
            break;
        }
        if step > most {
            return Some(false);
        }
        let at = start(next)?;
        tables.extend((0..per_sector - 1).filter_map(|i| word(bytes, at + 4 * i)));
        next = word(bytes, at + size - 4)?;
    }
    tables.retain(|sector| *sector < LAST_SECTOR);
    let follow = |sector: u32| {
        let index = usize::try_from(sector).ok()?;
        word(bytes, start(*tables.get(index / per_sector)?)? + 4 * (index % per_sector))
    };

    let mut sector = word(bytes, 48)?;
    for step in 0.. {
        if sector >= LAST_SECTOR {
            break;
        }
        if step > most {
            return Some(false);
        }
        let at = start(sector)?;
        for entry in bytes.get(at..(at + size).min(bytes.len()))?.chunks_exact(128) {
            // Files of version 3 may have rubbish in the upper half of the length.
            let high = if size == 512 { 0 } else { word(entry, 124)? };
            let named = entry.get(..2)? != [0, 0];
            if named && (high > 0 || word(entry, 120)? as usize > bytes.len()) {
                return Some(false);
            }
        }
        sector = follow(sector)?;
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file of one table sector and one directory sector; the directory's chain goes on at `next`.
    fn file(next: u32, length: u32) -> Vec<u8> {
        let mut bytes = vec![0xFF; 512 * 3];
        bytes[30] = 9;
        bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
        bytes[76..80].copy_from_slice(&0_u32.to_le_bytes());
        bytes[512 + 4..512 + 8].copy_from_slice(&next.to_le_bytes());
        bytes[1024..].fill(0);
        bytes[1024] = b'W';
        bytes[1024 + 120..1024 + 124].copy_from_slice(&length.to_le_bytes());
        bytes
    }

    #[test]
    fn a_directory_that_runs_in_a_circle_is_not_sound() {
        assert!(is_sound(&file(0xFFFF_FFFE, 512)));
        assert!(!is_sound(&file(1, 512)));
        assert!(!is_sound(&file(7, 512)));
    }

    #[test]
    fn a_stream_longer_than_the_file_is_not_sound() {
        assert!(!is_sound(&file(0xFFFF_FFFE, 100_000)));
    }
}
