//! Captured copies, kept beside the log under their digests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::beside::put;
use super::given::{read_given, read_own};
use super::private::holds_private_key;
use super::salt::Salts;
use crate::chain::{digest, digest_of};
use crate::claim::Problem;
use crate::event::EvidenceAdded;
use crate::evidence::{About, CopyReader, Sought, has_insertion};
use crate::ledger::error::{Error, ErrorKind};
use crate::log::disk::{Disk, Links, SystemDisk, make_folders, open_to_read, refuse_link};

/// The largest captured copy that is kept, in bytes.
pub const EVIDENCE_LEN_MAX: u64 = LEN_MAX as u64;
const LEN_MAX: usize = 256 << 20;

fn place(dir: &Path, digest: &str) -> Option<PathBuf> {
    place_in(&folder(dir), digest)
}

fn folder(dir: &Path) -> PathBuf {
    dir.join("evidence")
}

/// The place of a copy that is kept: a plain file, and not behind a link.
fn found(dir: &Path, digest: &str) -> Option<PathBuf> {
    place(dir, digest).filter(|path| !SystemDisk.is_link(&folder(dir)) && is_plain(path))
}

/// Whether a plain file lies there, and in no folder that is a link.
fn is_plain(path: &Path) -> bool {
    let is_own = path.parent().is_none_or(|folder| !SystemDisk.is_link(folder));
    is_own && fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn place_in(copies: &Path, digest: &str) -> Option<PathBuf> {
    let folder = digest.get(..2).filter(|_| EvidenceAdded::is_digest(digest))?;
    Some(copies.join(folder).join(digest))
}

/// The folder in which a ledger keeps its captured copies.
///
/// # Errors
/// `Io` if that is a link.
pub fn kept_copies(dir: &Path) -> Result<PathBuf, Error> {
    let folder = folder(dir);
    refuse_link(&SystemDisk, &folder).map_err(|error| Error::io("use", &folder, &error))?;
    Ok(folder)
}

/// Carries captured copies from one folder of copies to another, each of them whole or not at all, and gives those that are not
/// there, in order.
///
/// # Errors
/// `Damaged` if a copy is not what its digest says; `Invalid` if one is a private key; `Io`. Copies that were carried before
/// stay.
pub fn carry_copies<'d>(
    from: &Path,
    to: &Path,
    digests: impl IntoIterator<Item = &'d str>,
) -> Result<Vec<&'d str>, Error> {
    let mut missing = Vec::new();
    for name in digests {
        let Some((source, target)) = place_in(from, name).zip(place_in(to, name)) else {
            missing.push(name);
            continue;
        };
        if !is_plain(&source) {
            missing.push(name);
            continue;
        }
        let bytes = read_copy(&source, name)?;
        refuse_private(&source, &bytes)?;
        let unique = Salts::new().next::<8>()?;
        keep(&SystemDisk, &target, &bytes, unique).map_err(|error| Error::io("keep a copy as", &target, &error))?;
    }
    Ok(missing)
}

/// The bytes of a kept copy, which are what its digest says.
fn read_copy(path: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let bytes = read_own(path, LEN_MAX)?;
    if digest(&bytes).to_string() == name {
        return Ok(bytes);
    }
    let message = format!("the copy {} is not what its digest says", path.display());
    Err(Error::new(ErrorKind::Damaged, message))
}

/// A private key would be copied and published with the ledger, and never be secret again.
fn refuse_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if !holds_private_key(bytes) {
        return Ok(());
    }
    let error = Error::new(ErrorKind::Invalid, format!("{} holds a private key; it was not kept", path.display()));
    Err(error.with_hint("take the key out of it; whoever may have seen the key can sign with it: revoke it then"))
}

/// A captured copy that was read and is not kept yet: a writer keeps it together with the event that records it.
#[derive(Clone, Debug)]
pub struct CapturedCopy {
    /// What records the copy.
    pub evidence: EvidenceAdded,
    bytes: Vec<u8>,
}

impl CapturedCopy {
    /// A copy of bytes that are no file.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> CapturedCopy {
        let evidence = EvidenceAdded {
            digest: digest(&bytes).to_string().into(),
            media_type: None,
            url: None,
            archive_url: None,
            captured_at: None,
            len_bytes: bytes.len() as u64,
            id: None,
            is_private: false,
        };
        CapturedCopy { evidence, bytes }
    }

    /// A copy of a file.
    ///
    /// # Errors
    /// `Invalid` for a file that is too large, or a private key; `Io`.
    pub fn read(file: &Path) -> Result<CapturedCopy, Error> {
        let bytes = read_given(file, LEN_MAX).map_err(|error| error.so("it was not kept"))?;
        refuse_private(file, &bytes)?;
        let mut copy = CapturedCopy::of(bytes);
        copy.evidence.media_type = media_type(file).map(Into::into);
        Ok(copy)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Keeps the copy in a ledger's folder, durably. One that is not recorded afterwards does no harm.
    ///
    /// # Errors
    /// `Io`.
    pub(in crate::ledger) fn keep(&self, dir: &Path) -> Result<(), Error> {
        let Some(path) = place_in(&kept_copies(dir)?, &self.evidence.digest) else {
            return Err(Error::new(ErrorKind::Invalid, "the copy has no digest"));
        };
        let unique = Salts::new().next::<8>()?;
        keep(&SystemDisk, &path, &self.bytes, unique).map_err(|error| Error::io("keep a copy as", &path, &error))
    }
}

/// Writes a file that is not there yet, whole or not at all. One that is there may have been written by somebody who
/// was killed before its name was durable.
pub(crate) fn keep(disk: &dyn Disk, path: &Path, bytes: &[u8], unique: [u8; 8]) -> io::Result<()> {
    for own in path.parent().into_iter().chain([path]) {
        refuse_link(disk, own)?;
    }
    if !disk.is_there(path)? {
        return put(disk, path, bytes, unique);
    }
    path.parent().map_or(Ok(()), |folder| make_folders(disk, folder).and_then(|()| disk.sync_folder(folder)))
}

/// Those of some copies that are not kept here.
pub(in crate::ledger) fn not_kept(dir: &Path, digests: impl IntoIterator<Item = Box<str>>) -> Vec<Box<str>> {
    digests.into_iter().filter(|digest| found(dir, digest).is_none()).collect()
}

/// The kept copies that are not what their digests say. One that is not there is none of them.
///
/// # Errors
/// `Io` if one cannot be read.
pub fn altered_copies(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut altered = Vec::new();
    let copies = folder(dir);
    altered.extend(Some(copies.clone()).filter(|copies| SystemDisk.is_link(copies)));
    for folder in files_in(&copies) {
        altered.extend(Some(folder.clone()).filter(|folder| SystemDisk.is_link(folder)));
        for path in files_in(&folder) {
            let name = path.file_name().and_then(|name| name.to_str()).filter(|name| EvidenceAdded::is_digest(name));
            let Some(name) = name else { continue };
            // What is no plain file is no copy, and might never end.
            let is_copy = is_plain(&path) && SystemDisk.len_of(&path).is_ok_and(|len| len <= EVIDENCE_LEN_MAX);
            let digest = || {
                open_to_read(&path, Links::Refused)
                    .and_then(digest_of)
                    .map_err(|error| Error::io("read", &path, &error))
            };
            if !is_copy || digest()?.to_string() != name {
                altered.push(path);
            }
        }
    }
    Ok(altered)
}

/// The files in a folder; none in what is a link.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    if SystemDisk.is_link(folder) {
        return Vec::new();
    }
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths
}

/// Whether a copy of this digest is kept, or what is left of keeping it.
pub(in crate::ledger) fn is_kept(dir: &Path, digest: &str) -> bool {
    place(dir, digest).is_some_and(|path| !SystemDisk.is_link(&folder(dir)) && !files_of(&path).is_empty())
}

/// Whether something may lie where a copy of this digest would be kept, if a folder there were no link.
pub(in crate::ledger) fn is_behind_link(dir: &Path, digest: &str) -> bool {
    let Some(path) = place(dir, digest) else { return false };
    let is_linked = path.ancestors().skip(1).take(2).any(|folder| SystemDisk.is_link(folder));
    is_linked && !matches!(fs::symlink_metadata(&path), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

/// Takes a kept copy away, durably, and what keepers that were killed left of it.
///
/// # Errors
/// `Io`; doing it again finishes.
pub(in crate::ledger) fn remove_copy(dir: &Path, digest: &str) -> Result<(), Error> {
    let Some(path) = place_in(&kept_copies(dir)?, digest) else { return Ok(()) };
    let removed = files_of(&path).iter().try_for_each(|file| SystemDisk.remove(file));
    let durable = removed.and_then(|()| path.parent().map_or(Ok(()), |folder| SystemDisk.sync_folder(folder)));
    durable.map_err(|error| Error::io("remove the copy", &path, &error))
}

/// The copy and its temporary files.
fn files_of(path: &Path) -> Vec<PathBuf> {
    let Some((folder, name)) = path.parent().zip(path.file_name()) else { return Vec::new() };
    let entries = files_in(folder).into_iter();
    let own = name.to_string_lossy();
    entries.filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&*own))).collect()
}

/// The media type by a file's ending, for the usual captures.
fn media_type(file: &Path) -> Option<&'static str> {
    Some(match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "txt" | "md" | "head" => "text/plain",
        "html" | "htm" => "text/html",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "warc" => "application/warc",
        "tsr" => "application/timestamp-reply",
        "wacz" => "application/wacz",
        _ => return None,
    })
}

/// Looks for a quote in copies that are kept here, and in those that are given besides; what came of it is the best for the quote.
/// `None` if there is none of the copies.
///
/// # Errors
/// `Io` if a kept copy cannot be read; `Damaged` if it is not what its digest says.
pub fn seek_quote<D: AsRef<str>>(
    dir: &Path,
    (digests, given): (&[D], &[CapturedCopy]),
    (quote, url): (&str, Option<&str>),
    reader: CopyReader,
) -> Result<Option<Sought>, Error> {
    let sought = |bytes: &[u8], media_type: Option<&str>| {
        let about = About { media_type: media_type.map(str::to_owned), url: url.map(str::to_owned) };
        Sought::of(&(reader.0)(bytes, &about), quote)
    };
    let mut all: Vec<Sought> =
        given.iter().map(|copy| sought(&copy.bytes, copy.evidence.media_type.as_deref())).collect();
    for name in digests {
        let is_given = given.iter().any(|copy| *copy.evidence.digest == *name.as_ref());
        if let Some(bytes) = Some(name).filter(|_| !is_given).map_or(Ok(None), |name| kept_bytes(dir, name.as_ref()))? {
            all.push(sought(&bytes, None));
        }
    }
    Ok(all.into_iter().min_by_key(Sought::rank))
}

/// What is wrong with a quote after it was looked for; `None` if nothing is, or if nobody can say.
#[must_use]
pub fn quote_problem(sought: &Sought, quote: &str) -> Option<Problem> {
    let (reason, hint) = match sought {
        Sought::Occurs { .. } | Sought::Hidden | Sought::NotCheckable(_) => return None,
        Sought::OtherCapitals(passage) => (
            format!("occurs in the captured copy with other capitals: {passage:?}"),
            "write the capitals of the copy, or add --unverified-quote",
        ),
        Sought::Absent(nearest) => {
            let nearest = nearest.as_ref().map(|nearest| format!("; the nearest passage is {nearest:?}"));
            let hint = if has_insertion(quote) {
                "put […] where words of your own stand in brackets, or add --unverified-quote"
            } else {
                "correct the quote, or add --unverified-quote"
            };
            (format!("does not occur in the captured copy{}", nearest.unwrap_or_default()), hint)
        }
    };
    Some(Problem::new("quote", reason).with_hint(hint))
}

/// The bytes of a kept copy; `None` if it is not kept here.
///
/// # Errors
/// `Io` if the copy cannot be read; `Damaged` if it is not what its digest says.
pub fn kept_bytes(dir: &Path, name: &str) -> Result<Option<Vec<u8>>, Error> {
    found(dir, name).map(|path| read_copy(&path, name)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::faulty::bytes::Kept;
    use crate::log::tests::faulty::disk::FaultyDisk;
    use crate::log::tests::faulty::fault::{Fault, Kind, Part};

    const PATH: &str = "/ledger/evidence/ab/abcdef";

    /// Every fault at every call, by which another process may have been stopped that kept the same copy.
    #[test]
    fn a_kept_copy_is_whole_or_not_there_and_outlasts_a_power_cut() {
        for kind in [Kind::PowerCut, Kind::Kill, Kind::Fails, Kind::Full] {
            for part in [Part::Nothing, Part::Half, Part::Whole] {
                for after in 0..12 {
                    let disk = FaultyDisk::default();
                    disk.make_folder(Path::new("/ledger")).unwrap();
                    disk.sync_folder(Path::new("/")).unwrap();
                    disk.arm(Fault { after, kind, part });
                    let kept = keep(&disk, Path::new(PATH), b"a copy", [1; 8]);
                    let has_happened = disk.relieve();
                    assert!(kept.is_ok() || has_happened, "{kind:?} {part:?} {after}");
                    if kept.is_ok() || kind == Kind::PowerCut {
                        disk.cut_power(&[Kept::All]);
                        let there = disk.read(Path::new(PATH));
                        assert!(there.is_some() || kept.is_err(), "{kind:?} {part:?} {after}");
                        assert!(there.is_none_or(|bytes| bytes == b"a copy"), "{kind:?} {part:?} {after}");
                    }
                    keep(&disk, Path::new(PATH), b"a copy", [2; 8]).unwrap();
                    disk.cut_power(&[]);
                    assert_eq!(disk.read(Path::new(PATH)).as_deref(), Some(b"a copy".as_slice()));
                }
            }
        }
    }
}
