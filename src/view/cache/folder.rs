//! The folder of a cache, found and opened so that nobody but this user can have put anything into it.
//!
//! From the root of the disk down every folder belongs to this user or to root, and nobody else may write to it; so nobody
//! else can exchange one for another between two looks. Files are opened below the open folder, never through a link.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat};
use rustix::process::geteuid;

use super::unused::Unused;
use crate::log::disk::{self, DiskFile};

/// That others than the owner may write.
const BY_OTHERS: Mode = Mode::WGRP.union(Mode::WOTH);
/// That in a folder only the owner of an entry may take it away.
const STICKY: Mode = Mode::SVTX;

/// A place for a cache, of which the end may still have to be made.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The real path, as far as there is one.
    there: PathBuf,
    missing: Vec<OsString>,
}

/// A folder that only this user, or root, may write to.
#[derive(Debug)]
pub(super) struct Folder {
    folder: OwnedFd,
}

impl Place {
    /// Where a folder is, or would be.
    pub(super) fn of(folder: &Path) -> Result<Place, Unused> {
        let mut there = std::path::absolute(folder).map_err(|error| Unused::unreadable(folder, &error))?;
        let mut missing = Vec::new();
        loop {
            match there.canonicalize() {
                Ok(real) => {
                    missing.reverse();
                    return Ok(Place { there: real, missing });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound && there.symlink_metadata().is_err() => {
                    let name = there.file_name().ok_or_else(|| Unused::unreadable(folder, &error))?;
                    missing.push(name.to_owned());
                    there.pop();
                }
                Err(error) => return Err(Unused::unreadable(&there, &error)),
            }
        }
    }

    /// The folder of this name in it.
    pub(super) fn join(mut self, name: &str) -> Place {
        self.missing.push(name.into());
        self
    }

    /// Its whole path.
    pub(super) fn path(&self) -> PathBuf {
        self.there.join(self.missing.iter().collect::<PathBuf>())
    }

    /// Opens the folder; `None` if it is not there.
    pub(super) fn open(&self) -> Result<Option<Folder>, Unused> {
        let mut path = self.there.clone();
        for above in self.there.ancestors().collect::<Vec<_>>().into_iter().rev() {
            check_above(above)?;
        }
        let mut missing = self.missing.iter().peekable();
        while let Some(name) = missing.next() {
            path.push(name);
            match path.symlink_metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Unused::unreadable(&path, &error)),
                Ok(_) if missing.peek().is_some() => check_above(&path)?,
                Ok(_) => {}
            }
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = match rustix::fs::open(&path, flags, Mode::empty()) {
            Ok(folder) => folder,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(_) if path.is_symlink() => return Err(Unused::link(&path)),
            Err(error) => return Err(Unused::unreadable(&path, &error.into())),
        };
        let of = rustix::fs::fstat(&folder).map_err(|error| Unused::unreadable(&path, &error.into()))?;
        check(&path, &of, Mode::from_raw_mode(of.st_mode))?;
        Ok(Some(Folder { folder }))
    }

    /// Makes the folder, and those above it that are missing, for this user alone.
    pub(super) fn make(&self) -> io::Result<()> {
        let mut path = self.there.clone();
        for name in &self.missing {
            path.push(name);
            match rustix::fs::mkdirat(CWD, &path, Mode::RWXU) {
                Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes the folder away, if nothing is in it.
    pub(super) fn remove(&self) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(CWD, self.path(), AtFlags::REMOVEDIR)?)
    }
}

/// Refuses a folder above a cache that somebody else could exchange the cache in.
fn check_above(path: &Path) -> Result<(), Unused> {
    let of = rustix::fs::lstat(path).map_err(|error| Unused::unreadable(path, &error.into()))?;
    if FileType::from_raw_mode(of.st_mode) == FileType::Symlink {
        return Err(Unused::link(path));
    }
    let mode = Mode::from_raw_mode(of.st_mode);
    check(path, &of, if mode.contains(STICKY) { mode - BY_OTHERS } else { mode })
}

fn check(path: &Path, of: &Stat, mode: Mode) -> Result<(), Unused> {
    if of.st_uid != 0 && of.st_uid != geteuid().as_raw() {
        return Err(Unused::of_another(path));
    }
    if mode.intersects(BY_OTHERS) {
        return Err(Unused::open_to_others(path));
    }
    Ok(())
}

impl Folder {
    /// The names of what lies in it.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.folder)? {
            // A name that is no text is none that annals gave.
            names.extend(entry?.file_name().to_str().ok().map(str::to_owned));
        }
        Ok(names)
    }

    /// How long a file is, in bytes, if it is a regular one of this user with no other name; `None` if it is not there.
    pub(super) fn len_of(&self, name: &str) -> io::Result<Option<u64>> {
        match rustix::fs::statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
            Ok(of) => check_file(&of).map(|()| u64::try_from(of.st_size).ok()).map_err(io::Error::other),
        }
    }

    /// Opens a file for reading.
    pub(super) fn read(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        // A pipe would keep a reader waiting for ever.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.folder, name, flags, Mode::empty())?;
        let of = rustix::fs::fstat(&file)?;
        check_file(&of).map_err(io::Error::other)?;
        Ok(disk::opened(file))
    }

    /// Makes a file that is not there.
    pub(super) fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(disk::opened(rustix::fs::openat(&self.folder, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    /// Gives a file another name. What has that name loses it, if it is a file that annals could have made.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.len_of(to)?;
        Ok(rustix::fs::renameat(&self.folder, from, &self.folder, to)?)
    }

    /// Takes a file away that annals could have made.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        self.len_of(name)?;
        Ok(rustix::fs::unlinkat(&self.folder, name, AtFlags::empty())?)
    }
}

/// Why a file is not to be trusted.
fn check_file(of: &Stat) -> Result<(), &'static str> {
    if FileType::from_raw_mode(of.st_mode) != FileType::RegularFile {
        return Err("is no plain file");
    }
    if of.st_uid != geteuid().as_raw() {
        return Err("is another user's");
    }
    if of.st_nlink != 1 {
        return Err("has another name too");
    }
    if Mode::from_raw_mode(of.st_mode).intersects(BY_OTHERS) {
        return Err("may be written by others");
    }
    Ok(())
}
