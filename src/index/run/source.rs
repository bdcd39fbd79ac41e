//! Where the bytes of a run are.

use crate::index::unusable::Unusable;
use crate::log::disk::DiskFile;

/// The bytes of a run.
#[derive(Debug)]
pub(in crate::index) enum Source {
    /// In memory.
    Memory(Box<[u8]>),
    /// In a file, of this length.
    File(Box<dyn DiskFile>, u64),
}

impl Source {
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Source::File(..))
    }

    pub(super) fn len_bytes(&self) -> u64 {
        match self {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::File(_, len) => *len,
        }
    }

    pub(super) fn read(&self, offset: u64, len: u64) -> Result<Vec<u8>, Unusable> {
        let mut bytes = Vec::new();
        self.append(offset, len, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads just so many bytes, and adds them to others.
    pub(super) fn append(&self, offset: u64, len: u64, into: &mut Vec<u8>) -> Result<(), Unusable> {
        let short = || Unusable::broken("a run is too short");
        if offset.checked_add(len).is_none_or(|end| end > self.len_bytes()) {
            return Err(short());
        }
        let (start, count) =
            (usize::try_from(offset).map_err(|_| short())?, usize::try_from(len).map_err(|_| short())?);
        match self {
            Source::Memory(bytes) => into.extend_from_slice(bytes.get(start..start + count).ok_or_else(short)?),
            Source::File(file, _) => {
                let before = into.len();
                into.resize(before + count, 0);
                let room = into.get_mut(before..).unwrap_or_default();
                if file.read_at(offset, room).map_err(Unusable::broken)? != count {
                    return Err(short());
                }
            }
        }
        Ok(())
    }
}
