//! Whether something else copies a ledger's folder behind its writers' back, or keeps no locks there.

use std::fs;
use std::path::{Path, PathBuf};

use annals::log::strange_files;

use crate::screen::say;
use crate::words::counted;

/// A file or folder in a folder that is kept the same on several devices, and who keeps it.
const MARKS: &[(&str, &str)] = &[
    (".stfolder", "Syncthing"),
    (".stversions", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "Nextcloud or ownCloud"),
    (".tmp.drivedownload", "Google Drive"),
];
/// How such a folder is called, or how its name begins.
const NAMES: &[(&str, &str)] = &[
    ("Dropbox", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("Nextcloud", "Nextcloud"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("Mobile Documents", "iCloud"),
    ("com~apple~CloudDocs", "iCloud"),
    ("iCloudDrive", "iCloud"),
];
/// File systems on which another machine may write, and locks may not be kept.
const REMOTE: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ncpfs",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs",
    "fuse.gvfsd-fuse",
    "fuse.s3fs",
    "fuse.glusterfs",
];
/// So many files are named.
const NAMED_MAX: usize = 10;

/// Warns of what a ledger in this folder has to fear from where it lies.
pub(crate) fn warn_of_place(dir: &Path) {
    let Ok(real) = fs::canonicalize(dir) else { return };
    if let Some((folder, who)) = synced_by(&real) {
        say(&format!(
            "warning: {} seems to be kept the same on several devices by {who}: devices that record at once, or one that gets \
             half of it, damage the ledger. Keep it elsewhere, and give others what `annals export` or `annals publish` writes",
            folder.display()
        ));
    }
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    if let Some(kind) = file_system(&mounts, &real).filter(|kind| REMOTE.contains(kind)) {
        say(&format!(
            "warning: {} is on a network file system ({kind}): it may not keep the lock by which one writer waits for another. \
             Record from one machine alone",
            dir.display()
        ));
    }
}

/// Warns of files that somebody else put among the ledger's.
pub(crate) fn warn_of_strange_files(dir: &Path) {
    let mut strange = strange_files(dir).unwrap_or_default();
    let own = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    strange.extend(own.filter(|path| is_conflict(path)));
    if strange.is_empty() {
        return;
    }
    let names: Vec<String> = strange.iter().take(NAMED_MAX).map(|path| path.display().to_string()).collect();
    let more = if strange.len() > NAMED_MAX { ", …" } else { "" };
    let files = counted(strange.len() as u64, "strange file");
    say(&format!("warning: {files} in the ledger's folder that annals did not put there: {}{more}", names.join(", ")));
    if strange.iter().any(|path| is_conflict(path)) {
        say(
            "warning: such names are given by services that keep folders the same on several devices, when two of them wrote: \
             one of the copies may hold what the other lacks. Keep all of them, elsewhere; verify each in a ledger's folder of \
             its own, and import what is missing from one into the other",
        );
    }
}

/// Whether a file's name is that of a second version: `1 (conflicted copy 2024-11-24).seg`, `1.sync-conflict-….seg`, `1 (1).seg`.
fn is_conflict(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let numbered = name.split_once(" (").and_then(|(_, rest)| rest.split_once(')')).map(|(number, _)| number);
    let is_number = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    name.contains("conflict") || name.starts_with(".syncthing.") || numbered.is_some_and(is_number)
}

/// The folder around that a service keeps the same on several devices, and which.
fn synced_by(real: &Path) -> Option<(PathBuf, &'static str)> {
    let by_name = |folder: &Path| {
        let name = folder.file_name()?.to_str()?;
        NAMES
            .iter()
            .find(|(start, _)| name == *start || name.strip_prefix(start).is_some_and(|rest| rest.starts_with(" - ")))
    };
    let by_mark = |folder: &Path| MARKS.iter().find(|(mark, _)| fs::symlink_metadata(folder.join(mark)).is_ok());
    real.ancestors().find_map(|folder| {
        let (_, who) = by_mark(folder).or_else(|| by_name(folder))?;
        Some((folder.to_owned(), *who))
    })
}

/// The kind of the file system on which a path lies, by the lines of `/proc/self/mountinfo`.
fn file_system<'m>(mounts: &'m str, path: &Path) -> Option<&'m str> {
    let mount = |line: &'m str| {
        let (place, kind) = line.split_once(" - ")?;
        let place = place.split(' ').nth(4)?.replace("\\040", " ");
        path.starts_with(&place).then_some((place.len(), kind.split(' ').next()?))
    };
    // Of several at one place the last one is seen.
    mounts.lines().filter_map(mount).max_by_key(|(len, _)| *len).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_tells_the_file_system() {
        let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:40 / /srv/desk\\040one rw,relatime shared:1 - nfs4 host:/x rw\n\
                      31 22 0:41 / /srv rw - tmpfs none rw\n32 31 0:42 / /srv rw - 9p share rw";
        for (path, kind) in
            [("/home/a", "ext4"), ("/srv/desk one/ledger", "nfs4"), ("/srv/desk", "9p"), ("/srvx", "ext4")]
        {
            assert_eq!(file_system(mounts, Path::new(path)), Some(kind), "{path}");
        }
        assert_eq!(file_system("", Path::new("/")), None);
    }

    #[test]
    fn names_of_second_versions_are_told_from_others() {
        for name in [
            "000000000001 (conflicted copy 2024-11-24).seg",
            "000000000001 (Ana's conflicted copy 2024-11-24).seg",
            "000000000001.sync-conflict-20241124-190000-ABCDEFG.seg",
            "000000000001_conflict-20241124-190000.seg",
            "000000000001 (1).seg",
            ".syncthing.000000000001.seg.tmp",
        ] {
            assert!(is_conflict(Path::new(name)), "{name}");
        }
        for name in ["000000000001.seg", "LOCK", "notes (final).txt", "torn-0-1", "evidence"] {
            assert!(!is_conflict(Path::new(name)), "{name}");
        }
    }
}
