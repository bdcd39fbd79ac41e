//! The folder of a cache, where the system cannot tell who may write to it: there is none.

use std::io;
use std::path::{Path, PathBuf};

use super::unused::Unused;
use crate::log::disk::DiskFile;

/// There is no place for a cache.
#[derive(Clone, Debug)]
pub(super) enum Place {}

/// There is no folder of a cache.
#[derive(Debug)]
pub(super) enum Folder {}

impl Place {
    pub(super) fn of(_: &Path) -> Result<Place, Unused> {
        Err(Unused::untold())
    }

    pub(super) fn join(self, _: &str) -> Place {
        match self {}
    }

    pub(super) fn path(&self) -> PathBuf {
        match *self {}
    }

    pub(super) fn open(&self) -> Result<Option<Folder>, Unused> {
        match *self {}
    }

    pub(super) fn make(&self) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        match *self {}
    }
}

impl Folder {
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        match *self {}
    }

    pub(super) fn len_of(&self, _: &str) -> io::Result<Option<u64>> {
        match *self {}
    }

    pub(super) fn read(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        match *self {}
    }

    pub(super) fn create(&self, _: &str) -> io::Result<Box<dyn DiskFile>> {
        match *self {}
    }

    pub(super) fn rename(&self, _: &str, _: &str) -> io::Result<()> {
        match *self {}
    }

    pub(super) fn remove(&self, _: &str) -> io::Result<()> {
        match *self {}
    }
}
