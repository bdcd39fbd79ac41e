//! Files beside the log: there whole, or not at all.

use std::io;
use std::path::Path;

use crate::log::disk::{Access, Disk, make_folders, refuse_link};

/// Writes a file under a name that nobody else takes, syncs it and renames it into place, in place of one that has its
/// name. The folders above it are made if they are missing.
///
/// # Errors
/// What the system said. The file is what it was, or what it was to be.
pub(crate) fn put(disk: &dyn Disk, path: &Path, bytes: &[u8], unique: [u8; 8]) -> io::Result<()> {
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
