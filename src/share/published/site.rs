//! The folder that is served: files are replaced as wholes, and only where they change.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::below;
use crate::ledger::{Error, ErrorKind};
use crate::log::disk::{
    Access, Disk, DiskFile, Links, SystemDisk, holder, make_folders, open_plain, open_to_read, refuse_link,
};

/// Locked by whoever publishes.
const LOCK: &str = ".lock";
/// A file before it has its name.
const NEW: &str = ".new";
/// More files than these are made durable all at once, with everything else on their disk.
const ONE_BY_ONE_MAX: usize = 512;

/// A folder that is served, while this process publishes into it and no other does.
#[derive(Debug)]
pub(super) struct Site {
    folder: PathBuf,
    _lock: Box<dyn DiskFile>,
    /// What was written and is not durable yet, unless it is too much to tell.
    loose: BTreeSet<PathBuf>,
    /// Folders below that are known to be no links.
    own: BTreeSet<PathBuf>,
    is_much_loose: bool,
    pub(super) written: u64,
    pub(super) removed: u64,
}

impl Site {
    /// Makes the folder if there is none, and keeps others from publishing into it.
    ///
    /// # Errors
    /// `InUse` if another process does; `Io`.
    pub(super) fn open(folder: &Path) -> Result<Site, Error> {
        make_folders(&SystemDisk, folder).map_err(|error| Error::io("make the folder", folder, &error))?;
        let path = folder.join(LOCK);
        let lock = SystemDisk.open(&path, Access::Create).map_err(|error| Error::io("open the lock", &path, &error))?;
        if !lock.try_lock().map_err(|error| Error::io("lock", &path, &error))? {
            let by = holder(&path).unwrap_or_else(|| "another process".to_owned());
            let message = format!("{by} is publishing into {}; nothing was written", folder.display());
            return Err(Error::new(ErrorKind::InUse, message).with_hint("try again when it has finished"));
        }
        let (folder, own) = (folder.to_owned(), BTreeSet::new());
        let (loose, is_much_loose) = (BTreeSet::new(), false);
        let mut site = Site { folder, _lock: lock, own, loose, is_much_loose, written: 0, removed: 0 };
        // Whoever was killed may have left a payload there that is to be erased.
        site.remove(NEW)?;
        site.removed = 0;
        Ok(site)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether nothing lies in the folder yet.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn is_empty(&self) -> Result<bool, Error> {
        let listed = fs::read_dir(&self.folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let listed = listed.map_err(|error| Error::io("list", &self.folder, &error))?;
        Ok(listed.iter().all(|entry| entry.file_name() == LOCK))
    }

    /// What a file holds; `None` if there is none, or if it is longer than `len_max` bytes.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn read(&self, path: &str, len_max: usize) -> Result<Option<Vec<u8>>, Error> {
        let path = below(&self.folder, path);
        // A link is no file of this tree: whatever is written takes its place.
        if SystemDisk.is_link(&path) {
            return Ok(None);
        }
        read_up_to(&path, len_max).map_err(|error| Error::io("read", &path, &error))
    }

    /// Writes a file, unless it is there with just these bytes.
    ///
    /// # Errors
    /// `Io`: the file is as it was.
    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        if self.read(path, bytes.len()).is_ok_and(|held| held.as_deref() == Some(bytes)) {
            return Ok(());
        }
        self.put_new(&below(&self.folder, path), bytes, false)
    }

    /// Writes the file without which no other may be there: durably, unless it is there with just these bytes.
    ///
    /// # Errors
    /// `Io`: the file is as it was, or as it is to be.
    pub(super) fn put_first(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let is_there = self.read(path, bytes.len())?.as_deref() == Some(bytes);
        if is_there { Ok(()) } else { self.put_last(path, bytes) }
    }

    /// Writes the file that makes all the others count: durably, and behind them.
    ///
    /// # Errors
    /// `Io`: the file is as it was, or as it is to be.
    pub(super) fn put_last(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.settle()?;
        let target = below(&self.folder, path);
        self.put_new(&target, bytes, true)?;
        self.settle()
    }

    fn put_new(&mut self, target: &Path, bytes: &[u8], is_durable: bool) -> Result<(), Error> {
        let failed = |error: io::Error| Error::io("write", target, &error);
        self.require_own(target).map_err(failed)?;
        let new = self.folder.join(NEW);
        let write = || -> io::Result<()> {
            let mut file = create_anew(&new)?;
            file.write_all(bytes)?;
            if is_durable { file.sync_all() } else { Ok(()) }
        };
        write().map_err(failed)?;
        match fs::rename(&new, target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = target.parent().unwrap_or(&self.folder).to_owned();
                make_folders_below(&self.folder, &folder, &mut self.loose).map_err(failed)?;
                fs::rename(&new, target).map_err(failed)?;
            }
            renamed => renamed.map_err(failed)?,
        }
        self.written += 1;
        self.is_loose(target)
    }

    /// Requires that no folder between the tree's own and this path is a link.
    fn require_own(&mut self, path: &Path) -> io::Result<()> {
        let between = path.ancestors().skip(1).take_while(|above| *above != self.folder);
        for folder in between {
            if self.own.contains(folder) {
                break;
            }
            refuse_link(&SystemDisk, folder)?;
            if folder.is_dir() {
                self.own.insert(folder.to_owned());
            }
        }
        Ok(())
    }

    /// Takes a file away, if it is there.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn remove(&mut self, path: &str) -> Result<(), Error> {
        let path = below(&self.folder, path);
        self.require_own(&path).map_err(|error| Error::io("remove", &path, &error))?;
        match fs::remove_file(&path) {
            Ok(()) => self.removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("remove", &path, &error)),
        }
        self.loose.extend(path.parent().map(Path::to_owned));
        Ok(())
    }

    /// Takes a folder away with all that is in it, if it is there.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn remove_folder(&mut self, path: &str) -> Result<(), Error> {
        let path = below(&self.folder, path);
        self.require_own(&path).map_err(|error| Error::io("remove", &path, &error))?;
        self.own.retain(|folder| !folder.starts_with(&path));
        match fs::remove_dir_all(&path) {
            Ok(()) => self.removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("remove", &path, &error)),
        }
        Ok(())
    }

    /// Notes that a file is still to be made durable.
    fn is_loose(&mut self, path: &Path) -> Result<(), Error> {
        if self.is_much_loose {
            return Ok(());
        }
        self.loose.insert(path.to_owned());
        self.loose.extend(path.parent().map(Path::to_owned));
        if self.loose.len() <= ONE_BY_ONE_MAX {
            return Ok(());
        }
        if !CAN_AT_ONCE {
            return self.settle();
        }
        self.is_much_loose = true;
        self.loose.clear();
        Ok(())
    }

    /// Makes everything so far durable.
    ///
    /// # Errors
    /// `Io`.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.is_much_loose) {
            at_once(&self.folder)
                .map_err(|error| Error::io("make durable what was written to", &self.folder, &error))?;
        }
        for path in std::mem::take(&mut self.loose) {
            let settled = if path.is_dir() { SystemDisk.sync_folder(&path) } else { sync_file(&path) };
            match settled {
                // It was taken away, or replaced, behind what made it loose.
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("make durable", &path, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Makes a file that nobody else made: one that a killed publisher left is taken away, and a link is not followed.
fn create_anew(path: &Path) -> io::Result<File> {
    let create = || OpenOptions::new().write(true).create_new(true).open(path);
    match create() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            create()
        }
        created => created,
    }
}

fn sync_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    open_plain(path, options, Links::Refused)?.sync_all()
}

/// Whether everything on a disk can be made durable at once.
const CAN_AT_ONCE: bool = cfg!(target_os = "linux");

/// Makes everything on the folder's disk durable.
#[cfg(target_os = "linux")]
fn at_once(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn at_once(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Makes the folders down to this one, and notes those that are new.
fn make_folders_below(top: &Path, folder: &Path, made: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    if folder == top || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(top);
    make_folders_below(top, above, made)?;
    fs::create_dir(folder)?;
    made.extend([folder.to_owned(), above.to_owned()]);
    Ok(())
}

/// What a file holds; `None` if there is none, or if it is longer.
pub(super) fn read_up_to(path: &Path, len_max: usize) -> io::Result<Option<Vec<u8>>> {
    // What is no plain file could keep us waiting for ever.
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if !metadata.is_file() || metadata.len() > len_max as u64 {
        return Ok(None);
    }
    let file = open_to_read(path, Links::Refused)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.take(len_max as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= len_max).then_some(bytes))
}
