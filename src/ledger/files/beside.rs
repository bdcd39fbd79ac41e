//! Files beside the log: there whole, or not at all.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::ledger::error::{Error, ErrorKind};
use crate::log::disk::{Access, Disk, SystemDisk, make_folders, refuse_link};

/// Writes a file under a name that nobody else takes, syncs it and renames it into place, in place of one that has its
/// name. The folders above it are made if they are missing.
///
/// # Errors
/// What the system said. The file is what it was, or what it was to be.
pub(in crate::ledger) fn put(disk: &dyn Disk, path: &Path, bytes: &[u8], unique: [u8; 8]) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    make_folders(disk, folder)?;
    refuse_link(disk, folder)?;
    let temporary = path.with_extension(format!("{:016x}.tmp", u64::from_be_bytes(unique)));
    let file = disk.open(&temporary, Access::CreateNew)?;
    let put = file.write_at(0, bytes).and_then(|()| file.sync()).and_then(|()| disk.rename(&temporary, path));
    // What cannot be taken away again is taken for nothing by anybody.
    put.inspect_err(|_| drop(disk.remove(&temporary)))?;
    disk.sync_folder(folder)
}

/// Reads a plain file of at most so many bytes: any other could keep a reader waiting for ever.
///
/// # Errors
/// `Io`; `Invalid` if it is longer, or no plain file.
pub(in crate::ledger) fn read(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
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

/// The same of a file of the ledger's own: one behind a link is none.
///
/// # Errors
/// As [`read`].
pub(in crate::ledger) fn read_own(path: &Path, len_max: usize) -> Result<Vec<u8>, Error> {
    let folder = path.parent().map_or(Ok(()), |folder| refuse_link(&SystemDisk, folder));
    let own = folder.and_then(|()| fs::symlink_metadata(path));
    if own.map_err(|error| Error::io("read", path, &error))?.is_symlink() {
        let message = format!("{} is a link, and links are not followed", path.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    read(path, len_max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::faulty::bytes::Kept;
    use crate::log::tests::faulty::disk::FaultyDisk;
    use crate::log::tests::faulty::fault::{Fault, Kind, Part};

    const PATH: &str = "/ledger/witnessed/412";

    /// Every fault at every call: what was there before stays until the new content is there.
    #[test]
    fn a_file_beside_the_log_is_what_it_was_or_what_it_was_to_be() {
        for kind in [Kind::PowerCut, Kind::Kill, Kind::Fails, Kind::Full] {
            for part in [Part::Nothing, Part::Half, Part::Whole] {
                for after in 0..12 {
                    let disk = FaultyDisk::default();
                    disk.make_folder(Path::new("/ledger")).unwrap();
                    disk.sync_folder(Path::new("/")).unwrap();
                    put(&disk, Path::new(PATH), b"one", [1; 8]).unwrap();
                    disk.arm(Fault { after, kind, part });
                    let second = put(&disk, Path::new(PATH), b"another", [2; 8]);
                    assert!(disk.relieve() || second.is_ok(), "{kind:?} {part:?} {after}");
                    disk.cut_power(&[Kept::All]);
                    let there = disk.read(Path::new(PATH)).unwrap();
                    assert!(there == b"another" || (second.is_err() && there == b"one"), "{kind:?} {part:?} {after}");
                    put(&disk, Path::new(PATH), b"a third", [3; 8]).unwrap();
                    disk.cut_power(&[]);
                    assert_eq!(disk.read(Path::new(PATH)).as_deref(), Some(b"a third".as_slice()));
                }
            }
        }
    }
}
