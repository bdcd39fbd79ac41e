//! The seam to the disk: the few things the log asks of it, so that tests can put a disk beneath that loses, tears
//! and refuses. Everything the log does to files goes through here.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Files by name. What has a name now may lose it in a power cut until its folder is synced.
pub(crate) trait Disk: Debug + Send + Sync {
    /// Opens a file.
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>>;
    /// How long the file of this name is, in bytes.
    fn len_of(&self, path: &Path) -> io::Result<u64>;
    /// Whether there is a file or folder of this name.
    fn is_there(&self, path: &Path) -> io::Result<bool>;
    /// Whether a name is a link to something elsewhere.
    fn is_link(&self, path: &Path) -> bool;
    /// What lies in a folder, in any order.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Gives a file another name in the same folder; a file that has that name loses it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder in one that is there.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// An open file. What was written may be lost, in any part, until it is synced.
pub(crate) trait DiskFile: Debug + Send + Sync {
    /// How long it is now, in bytes.
    fn len_bytes(&self) -> io::Result<u64>;
    /// Fills `into` from `offset` on and says how far: less than all only at the file's end.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize>;
    /// Writes all of these bytes; after an error any beginning of them may be there.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts it, or fills it up with zeros.
    fn set_len(&self, len_bytes: u64) -> io::Result<()>;
    /// Makes its bytes and its length durable. After an error it is not known what is, and never will be.
    fn sync(&self) -> io::Result<()>;
    /// Waits until nobody else has it locked, and locks it as long as it is open.
    fn lock(&self) -> io::Result<()>;
    /// Locks it without waiting, and says whether it is locked now.
    fn try_lock(&self) -> io::Result<bool>;
}

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reading; it must be there.
    Read,
    /// Reading and writing; it must be there.
    Write,
    /// Reading and writing; it must not be there.
    CreateNew,
    /// Writing; it is made if it is not there.
    Create,
}

/// The disk of the system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemDisk;

impl Disk for SystemDisk {
    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        match access {
            Access::Read => options.read(true),
            Access::Write => options.read(true).write(true),
            Access::CreateNew => options.read(true).write(true).create_new(true),
            Access::Create => options.write(true).create(true).truncate(false),
        };
        let file = open_plain(path, options, Links::Refused)?;
        if matches!(access, Access::Read | Access::Write) {
            refuse_hole(&file)?;
        }
        Ok(Box::new(file))
    }

    fn len_of(&self, path: &Path) -> io::Result<u64> {
        fs::metadata(path).map(|metadata| metadata.len())
    }

    fn is_there(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }

    fn is_link(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        refuse_link(self, folder)?;
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    }
}

/// What becomes of a path whose last part is a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// The file that it leads to is opened: a path that somebody typed.
    Followed,
    /// It leads to what is not the ledger's.
    Refused,
}

/// Opens a plain file for reading.
///
/// # Errors
/// As [`open_plain`].
pub(crate) fn open_to_read(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    open_plain(path, options, links)
}

/// Opens a plain file. A pipe, a socket, a device could keep its reader waiting for ever, or never end: none is opened.
///
/// # Errors
/// What the system said, or that there is no plain file.
pub(crate) fn open_plain(path: &Path, mut options: OpenOptions, links: Links) -> io::Result<File> {
    let refuse = |metadata: &fs::Metadata| {
        if metadata.is_file() { Ok(()) } else { Err(io::Error::other("it is no plain file")) }
    };
    let found = if links == Links::Followed { fs::metadata(path) } else { fs::symlink_metadata(path) };
    found.as_ref().map_or(Ok(()), refuse)?;
    // Something else may stand there by now.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let at_once = if links == Links::Followed { OFlags::NONBLOCK } else { OFlags::NONBLOCK | OFlags::NOFOLLOW };
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, at_once.bits().cast_signed());
    }
    let file = options.open(path)?;
    refuse(&file.metadata()?)?;
    Ok(file)
}

/// A file may be this much longer than what of it is on the disk, in bytes, besides [`PACKED_MAX`].
#[cfg(unix)]
const HOLE_LEN_MAX: u64 = 1 << 30;
/// So many bytes of a file may take one on a disk that packs them.
#[cfg(unix)]
const PACKED_MAX: u64 = 1024;

/// Refuses a file that is hardly on the disk: whoever reads it to its end reads nothing but zeros, for ever.
#[cfg(unix)]
fn refuse_hole(file: &File) -> io::Result<()> {
    let metadata = file.metadata()?;
    let stored = std::os::unix::fs::MetadataExt::blocks(&metadata).saturating_mul(512);
    if metadata.len() <= stored.saturating_mul(PACKED_MAX).saturating_add(HOLE_LEN_MAX) {
        return Ok(());
    }
    let told = format!("it is {} bytes long, of which the disk holds {stored}: a hole, not a log", metadata.len());
    Err(io::Error::other(told))
}

#[cfg(not(unix))]
fn refuse_hole(_: &File) -> io::Result<()> {
    Ok(())
}

/// Gives a file another name in the same folder, which nothing there may have.
///
/// # Errors
/// `AlreadyExists` if something has it; what the system said.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // Not every file system can.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            renamed => return Ok(renamed?),
        }
    }
    match fs::symlink_metadata(to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::rename(from, to),
        Err(error) => Err(error),
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

#[cfg(unix)]
fn read_from(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, offset)
}

#[cfg(not(unix))]
fn read_from(mut file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read(into)
}

impl DiskFile for File {
    fn len_bytes(&self) -> io::Result<u64> {
        self.metadata().map(|metadata| metadata.len())
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match read_from(self, offset + filled as u64, rest) {
                Ok(0) => break,
                Ok(len) => filled += len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn set_len(&self, len_bytes: u64) -> io::Result<()> {
        File::set_len(self, len_bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn lock(&self) -> io::Result<()> {
        File::lock(self)
    }

    fn try_lock(&self) -> io::Result<bool> {
        match File::try_lock(self) {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// Requires of a folder of the ledger's own, as far as it is there, that it is no link: what lies behind one is not the ledger's.
///
/// # Errors
/// If it is one.
pub(crate) fn refuse_link(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    if disk.is_link(folder) { Err(io::Error::other("a link stands there, and links are not followed")) } else { Ok(()) }
}

/// A file that was opened elsewhere, with more care.
#[cfg(unix)]
pub(crate) fn opened(file: std::os::fd::OwnedFd) -> Box<dyn DiskFile> {
    Box::new(File::from(file))
}

/// Makes a folder and those above it that are missing, each durable before the next is made in it.
///
/// # Errors
/// What the system said; some of the folders may be there then.
pub(crate) fn make_folders(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    let Some(above) = folder.parent() else { return Ok(()) };
    let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
    let was_there = disk.is_there(folder)?;
    if !was_there {
        make_folders(disk, above)?;
        match disk.make_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
    }
    match disk.sync_folder(above) {
        // Whoever made it may have been killed then, so it is synced too; but it may be far above us, and not ours.
        Err(error) if was_there && error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        synced => synced,
    }
}

/// Who has a file locked, as far as the system tells: `process 1234 (annals)`.
#[cfg(target_os = "linux")]
pub(crate) fn holder(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::symlink_metadata(path).ok()?;
    let (major, minor) = (rustix::fs::major(metadata.dev()), rustix::fs::minor(metadata.dev()));
    let file = format!("{major:02x}:{minor:02x}:{}", metadata.ino());
    // `1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF`; of those who wait, the second word is an arrow.
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let pid = locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, "FLOCK", _, _, pid, of, ..] if *of == file => pid.parse::<u32>().ok().filter(|pid| *pid > 0),
            _ => None,
        }
    })?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(if name.is_empty() { format!("process {pid}") } else { format!("process {pid} ({})", name.trim_end()) })
}

/// Who has a file locked, as far as the system tells.
#[cfg(not(target_os = "linux"))]
pub(crate) fn holder(_: &Path) -> Option<String> {
    None
}
