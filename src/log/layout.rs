//! Which files make up a log, and what they are called.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::damage::{Code, Damage, Place};
use super::disk::{Disk, SystemDisk};
use super::error::{Error, Result};

/// Ends the name of a segment.
const SEGMENT_END: &str = ".seg";
/// Ends the name of a segment that is still being written.
const TEMP_END: &str = ".seg.tmp";

/// A ledger's folder, and the disk it is on.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
}

/// What lies in the log's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    /// The segments, by the numbers in their names, in order.
    pub(crate) segments: Vec<u64>,
    /// Segments that were begun and never published, or are being written just now.
    pub(crate) leftovers: Vec<PathBuf>,
    /// Files that end like a segment without being named like one.
    pub(crate) misnamed: Vec<PathBuf>,
}

impl Listing {
    /// This listing, if every segment is named like one: a name that is none may be a segment that was renamed.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub(super) fn well_named(self) -> Result<Listing> {
        let Some(path) = self.misnamed.first() else { return Ok(self) };
        Err(misnamed(path).into())
    }
}

/// The damage that a file is which ends like a segment without being named like one.
pub(crate) fn misnamed(path: &Path) -> Damage {
    let name = path.file_name().unwrap_or_default().display();
    Damage::new(Code::SegmentName, Place { segment: 0, offset: 0 }, "twelve digits and .seg", name)
}

impl Layout {
    pub(crate) fn new(dir: &Path) -> Layout {
        Layout::on(Arc::new(SystemDisk), dir)
    }

    /// The layout of a folder on another disk.
    pub(crate) fn on(disk: Arc<dyn Disk>, dir: &Path) -> Layout {
        Layout { dir: dir.to_owned(), disk }
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.dir.join("LOCK")
    }

    /// The segment whose first event has this number.
    pub(crate) fn segment(&self, first_seq: u64) -> PathBuf {
        self.log().join(format!("{first_seq:012}{SEGMENT_END}"))
    }

    /// How long a segment is now, in bytes.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn len_of(&self, first_seq: u64) -> Result<u64> {
        let path = self.segment(first_seq);
        self.disk.len_of(&path).map_err(Error::io("look at the segment", &path))
    }

    /// The path of a segment while it is being written.
    pub(crate) fn temp(&self, first_seq: u64) -> PathBuf {
        self.log().join(format!("{first_seq:012}{TEMP_END}"))
    }

    /// Lists the log's folder; what belongs to nobody is left out.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such folder, [`Error::Io`] if it cannot be read.
    pub(crate) fn list(&self) -> Result<Listing> {
        let (log, doing) = (self.log(), "list the segments of");
        let paths = match self.disk.list(&log) {
            Ok(paths) => paths,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(Error::NotFound(self.dir.clone()));
            }
            Err(error) => return Err(Error::io(doing, &log)(error)),
        };
        let mut listing = Listing::default();
        for path in paths {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.ends_with(TEMP_END) {
                listing.leftovers.push(path);
            } else if let Some(number) = name.strip_suffix(SEGMENT_END) {
                match number.parse().ok().filter(|number| *number > 0 && self.segment(*number) == path) {
                    Some(number) => listing.segments.push(number),
                    None => listing.misnamed.push(path),
                }
            }
        }
        listing.segments.sort_unstable();
        listing.leftovers.sort_unstable();
        listing.misnamed.sort_unstable();
        Ok(listing)
    }

    /// Makes the names in the log's folder durable.
    ///
    /// # Errors
    /// [`Error::Io`]; whether the names last is then unknown.
    pub(super) fn sync_names(&self) -> Result<()> {
        let log = self.log();
        self.disk.sync_folder(&log).map_err(Error::io("make the names durable in", &log))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn segments_are_told_from_everything_else_and_ordered_by_number() {
        let dir = tempfile::tempdir().unwrap();
        let layout = Layout::new(dir.path());
        assert!(matches!(layout.list(), Err(Error::NotFound(_))));
        fs::create_dir(layout.log()).unwrap();
        for name in ["9999999999999.seg", "000000000002.seg", "000000000001.seg", "2.seg", "x.seg", "000000000000.seg"]
        {
            fs::write(layout.log().join(name), "").unwrap();
        }
        for name in ["000000000007.seg.tmp", "torn-120-1", "notes.txt"] {
            fs::write(layout.log().join(name), "").unwrap();
        }
        let listing = layout.list().unwrap();
        assert_eq!(listing.segments, [1, 2, 9_999_999_999_999]);
        assert_eq!(listing.leftovers, [layout.temp(7)]);
        let misnamed = ["000000000000.seg", "2.seg", "x.seg"].map(|name| layout.log().join(name));
        assert_eq!(listing.misnamed, misnamed);
    }
}
