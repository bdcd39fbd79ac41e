//! Files that are written where somebody said: outside every ledger, whole or not at all, and never in the place of
//! something that would be missed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::private::is_key_file;
use super::salt::Salts;
use crate::ledger::error::{Error, ErrorKind};
use crate::log::disk::{Disk, SystemDisk, rename_new};
use crate::log::ledger_around;

/// Why the names in a folder cannot be made durable, which is no fault of what was written.
const MAY_NOT_BE: [io::ErrorKind; 3] =
    [io::ErrorKind::PermissionDenied, io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported];

/// What becomes of a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Stays,
    /// It is replaced, if it is a plain file and no private key.
    Goes,
}

impl Existing {
    /// By whether `--force` was given.
    #[must_use]
    pub fn by_force(is_forced: bool) -> Existing {
        if is_forced { Existing::Goes } else { Existing::Stays }
    }
}

/// A file being written under a random name beside its own. Dropped unfinished, it is gone.
#[derive(Debug)]
pub struct Whole {
    out: BufWriter<File>,
    /// The real folder, the name in it, and the path as it was given.
    folder: PathBuf,
    target: PathBuf,
    given: PathBuf,
    temporary: Option<PathBuf>,
    existing: Existing,
}

impl Whole {
    /// Begins a file.
    ///
    /// # Errors
    /// `Invalid` if it would stand in a ledger's folder; if something stands there that is no plain file, or is a private key, or
    /// may not be replaced. `Io`. Nothing was written.
    pub fn create(given: &Path, existing: Existing) -> Result<Whole, Error> {
        Whole::create_with(given, existing, false)
    }

    /// Begins a new file that only its owner can read.
    ///
    /// # Errors
    /// As [`Whole::create`].
    pub(super) fn create_private(given: &Path) -> Result<Whole, Error> {
        Whole::create_with(given, Existing::Stays, true)
    }

    fn create_with(given: &Path, existing: Existing, is_private: bool) -> Result<Whole, Error> {
        refuse_inside(given)?;
        let Some(name) = given.file_name() else { return Err(refused(given, "names no file")) };
        let folder = given.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).map_err(|error| Error::io("find the folder of", given, &error))?;
        let target = folder.join(name);
        refuse_taken(given, &target, existing)?;
        let temporary = folder.join(format!(".annals-{:016x}.part", u64::from_be_bytes(Salts::new().next()?)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if is_private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let file = options.open(&temporary).map_err(|error| Error::io("create", given, &error))?;
        let out = BufWriter::new(file);
        let whole = Whole { out, folder, target, given: given.to_owned(), temporary: Some(temporary), existing };
        // A folder above may have been exchanged for a link meanwhile.
        refuse_inside(&whole.target)?;
        Ok(whole)
    }

    /// Writes all of a file at once, and gives it its own name.
    ///
    /// # Errors
    /// As [`Whole::finish`].
    pub fn fill(mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes).map_err(|error| Error::io("write", &self.given, &error))?;
        self.finish()
    }

    /// Gives the file its own name, durably.
    ///
    /// # Errors
    /// As [`Whole::create`], of what stands there by now. What stood there is as it was.
    pub fn finish(mut self) -> Result<(), Error> {
        let Some(temporary) = self.temporary.clone() else { return Ok(()) };
        let failed = |error: io::Error| Error::io("write", &self.given, &error);
        let file = self.out.flush().map(|()| self.out.get_ref()).map_err(failed)?;
        refuse_inside(&self.target)?;
        refuse_taken(&self.given, &self.target, self.existing)?;
        if let Ok(replaced) = fs::symlink_metadata(&self.target) {
            file.set_permissions(replaced.permissions()).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        let renamed = match self.existing {
            Existing::Stays => rename_new(&temporary, &self.target),
            Existing::Goes => fs::rename(&temporary, &self.target),
        };
        renamed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(&self.given),
            _ => failed(error),
        })?;
        self.temporary = None;
        match SystemDisk.sync_folder(&self.folder) {
            // It may be read by nobody, or be on a file system that knows no such thing.
            Err(error) if MAY_NOT_BE.contains(&error.kind()) => Ok(()),
            synced => synced.map_err(|error| Error::io("make durable", &self.given, &error)),
        }
    }
}

/// Refuses a path that leads into a ledger's folder: what lies there is the ledger's own, and is copied and published.
///
/// # Errors
/// `Invalid`.
pub fn refuse_inside(path: &Path) -> Result<(), Error> {
    let Some(ledger) = ledger_around(path) else { return Ok(()) };
    let error = refused(path, &format!("is inside the ledger {}", ledger.display()));
    Err(error
        .with_hint("name a place elsewhere: what is in a ledger's folder is the ledger's own, and is copied with it"))
}

/// Refuses to write over what stands there.
fn refuse_taken(given: &Path, target: &Path, existing: Existing) -> Result<(), Error> {
    let found = match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(|error| Error::io("look at", given, &error))?,
    };
    let what = if found.is_symlink() {
        "is a link"
    } else if found.is_dir() {
        "is a folder"
    } else if !found.is_file() {
        "is no plain file"
    } else if is_key_file(target) {
        "is a private key"
    } else if existing == Existing::Stays {
        return Err(taken(given));
    } else {
        return Ok(());
    };
    let hint =
        "name a new file; where a command can write to standard output, - stands for that, and | leads on from there";
    Err(refused(given, what).with_hint(hint))
}

fn taken(given: &Path) -> Error {
    refused(given, "is there already").with_hint("name a new file; where a command has --force, that replaces a file")
}

fn refused(given: &Path, what: &str) -> Error {
    Error::new(ErrorKind::Invalid, format!("{} {what}; it was not touched", given.display()))
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // What could not be finished is of no use; if it cannot be removed, it does no harm.
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn finished(target: &Path, existing: Existing, meanwhile: impl FnOnce()) -> Result<(), Error> {
        let mut whole = Whole::create(target, existing)?;
        whole.write_all(b"new").map_err(|error| Error::io("write", target, &error))?;
        meanwhile();
        whole.finish()
    }

    /// Whatever is put in the place of a file while it is being written stays as it is, and nothing is left beside it.
    #[test]
    fn what_is_swapped_in_meanwhile_is_neither_followed_nor_replaced() {
        for existing in [Existing::Stays, Existing::Goes] {
            let dir = tempfile::tempdir().unwrap();
            let (target, other) = (dir.path().join("out"), dir.path().join("other"));
            fs::write(&other, "precious").unwrap();
            let swapped = finished(&target, existing, || symlink(&other, &target).unwrap());
            assert_eq!(swapped.unwrap_err().kind(), ErrorKind::Invalid);
            fs::remove_file(&target).unwrap();
            let swapped = finished(&target, existing, || symlink(dir.path().join("gone"), &target).unwrap());
            assert!(swapped.is_err() && !dir.path().join("gone").exists());
            fs::remove_file(&target).unwrap();
            let written = finished(&target, existing, || fs::write(&target, "theirs").unwrap());
            assert_eq!(written.is_ok(), existing == Existing::Goes);
            assert_eq!(fs::read(&other).unwrap(), b"precious");
            assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no temporary file is left");
        }
    }

    /// The folder becomes a link into a ledger after it was looked at.
    #[test]
    fn a_folder_that_becomes_a_link_into_a_ledger_leads_nothing_into_it() {
        let dir = tempfile::tempdir().unwrap();
        let (folder, ledger) = (dir.path().join("folder"), dir.path().join("ledger"));
        crate::ledger::Ledger::create(&ledger, None, 1).unwrap();
        fs::create_dir(&folder).unwrap();
        let swapped = finished(&folder.join("out"), Existing::Stays, || {
            fs::rename(&folder, dir.path().join("moved")).unwrap();
            symlink(ledger.join("log"), &folder).unwrap();
        });
        assert_eq!(swapped.unwrap_err().kind(), ErrorKind::Invalid);
        assert!(!ledger.join("log/out").exists());
    }

    #[test]
    fn a_replaced_file_keeps_who_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        finished(&target, Existing::Goes, || ()).unwrap();
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }
}
