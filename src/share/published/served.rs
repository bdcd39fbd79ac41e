//! Where a reader gets the files from.

use std::path::PathBuf;

use super::below;
use super::site::read_up_to;
use crate::ledger::Error;

/// Something that serves a published ledger. The library itself touches no network.
pub trait Served: Sync {
    /// The file at a path below what is served, with `/` between folders; `None` if there is none.
    ///
    /// # Errors
    /// `Io` if it cannot be had, or is longer than `len_max` bytes.
    fn get(&self, path: &str, len_max: usize) -> Result<Option<Vec<u8>>, Error>;
}

/// A published ledger in a folder.
#[derive(Clone, Debug)]
pub struct ServedFolder(pub PathBuf);

impl Served for ServedFolder {
    fn get(&self, path: &str, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
        let path = below(&self.0, path);
        read_up_to(&path, len_max).map_err(|error| Error::io("read", &path, &error))
    }
}
