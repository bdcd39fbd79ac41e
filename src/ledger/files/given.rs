//! Reading files that lie beside the log, or that somebody hands in.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::ledger::error::{Error, ErrorKind};
use crate::log::disk::{Links, SystemDisk, open_to_read, refuse_link};

/// Reads a plain file of at most so many bytes: any other could keep a reader waiting for ever, or never end.
///
/// # Errors
/// `NotFound`, `Io`; `Invalid` if it is longer, or no plain file.
pub fn read_given(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !metadata.is_file() {
        return Err(invalid(path, if metadata.is_dir() { "no plain file, but a folder" } else { "no plain file" }));
    }
    read(path, len_max, Links::Followed)
}

/// Reads a text in a plain file of at most so many bytes.
///
/// # Errors
/// As [`read_given`]; `Invalid` if it is no text.
pub fn read_given_text(path: &Path, len_max: usize) -> Result<String, Error> {
    String::from_utf8(read_given(path, len_max)?).map_err(|_| invalid(path, "no text in UTF-8"))
}

/// Reads a file that lies in the ledger's folder. A link there is not followed.
///
/// # Errors
/// As [`read_given`].
pub(crate) fn read_own(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let folder = path.parent().map_or(Ok(()), |folder| refuse_link(&SystemDisk, folder));
    let own = folder.and_then(|()| fs::symlink_metadata(path)).map_err(|error| Error::io("read", path, &error))?;
    if own.is_symlink() {
        let message = format!("{} is a link, and links are not followed", path.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    if !own.is_file() {
        return Err(invalid(path, "no plain file"));
    }
    read(path, len_max, Links::Refused)
}

fn read(path: &Path, len_max: usize, links: Links) -> Result<Vec<u8>, Error> {
    let file = open_to_read(path, links).map_err(|error| unreadable(path, &error))?;
    read_open(file, path, len_max)
}

/// Reads a file that is open, if it is no longer than so many bytes.
///
/// # Errors
/// `Io`; `Invalid` if it is longer.
pub(super) fn read_open(file: File, path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::io("read", path, &error);
    let too_long = || invalid(path, &format!("longer than {len_max} bytes"));
    let len = file.metadata().map_err(failed)?.len();
    let len = usize::try_from(len).ok().filter(|len| *len <= len_max).ok_or_else(too_long)?;
    // A secret that moves in memory leaves itself behind.
    let mut bytes = Vec::with_capacity(len + 1);
    let len = file.take(len_max as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if len > len_max { Err(too_long()) } else { Ok(bytes) }
}

fn invalid(path: &Path, what: &str) -> Error {
    let error = Error::new(ErrorKind::Invalid, format!("{} is {what}", path.display()));
    error.with_hint("is that the file you meant?")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Error::new(ErrorKind::NotFound, format!("could not read {}", path.display()))
            .because(error)
            .with_hint("name a file that is there");
    }
    Error::io("read", path, error)
}
