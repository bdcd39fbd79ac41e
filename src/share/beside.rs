//! Reading files that lie beside the log, or that somebody hands in.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::ledger::{Error, ErrorKind};
use crate::log::disk::{SystemDisk, refuse_link};

/// Reads a plain file of at most so many bytes: any other could keep a reader waiting for ever.
///
/// # Errors
/// `Io`; `Invalid` if it is longer, or no plain file.
pub(super) fn read(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let invalid = |what: &str| {
        let error = Error::new(ErrorKind::Invalid, format!("{} is {what}", path.display()));
        error.with_hint("is that the file you meant?")
    };
    if !fs::metadata(path).map_err(|error| Error::io("read", path, &error))?.is_file() {
        return Err(invalid("no plain file"));
    }
    let mut bytes = Vec::new();
    let limit = len_max as u64 + 1;
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    if read.map_err(|error| Error::io("read", path, &error))? > len_max {
        return Err(invalid(&format!("longer than {len_max} bytes")));
    }
    Ok(bytes)
}

/// Reads a file that lies in the ledger's folder. A link there is not followed.
///
/// # Errors
/// As [`read`].
pub(super) fn read_own(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let folder = path.parent().map_or(Ok(()), |folder| refuse_link(&SystemDisk, folder));
    let own = folder.and_then(|()| fs::symlink_metadata(path));
    if own.map_err(|error| Error::io("read", path, &error))?.is_symlink() {
        let message = format!("{} is a link, and links are not followed", path.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    read(path, len_max)
}
