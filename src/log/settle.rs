//! Making sure of what was read, before it is shown to others.

use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
use std::path::Path;

use super::disk::Access;
use super::error::{Error, Result};
use super::layout::Layout;
use super::lock::Lock;

/// Waits until nobody is appending, and makes durable what the log holds then. What a reader sees before may still be
/// lost in a power cut, or be taken back by a writer whose disk failed. Where this process may not write nothing can be
/// made durable, and nothing is.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Io`].
pub fn settle(dir: &Path) -> Result<()> {
    let layout = Layout::new(dir);
    let may_not = |error: &Error| {
        let Error::Io { source, .. } = error else { return false };
        matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem)
    };
    match settle_in(&layout) {
        Err(error) if may_not(&error) => Ok(()),
        settled => settled,
    }
}

fn settle_in(layout: &Layout) -> Result<()> {
    let _lock = Lock::wait(layout)?;
    let last = layout.list()?.segments.last().copied().ok_or_else(|| Error::NotFound(layout.dir().to_owned()))?;
    let path = layout.segment(last);
    let file = layout.disk().open(&path, Access::Write).map_err(Error::io(SETTLING, &path))?;
    file.sync().map_err(Error::io(SETTLING, &path))?;
    layout.sync_names()
}

const SETTLING: &str = "make durable what was recorded (nothing was changed; restart the machine before you write)";
