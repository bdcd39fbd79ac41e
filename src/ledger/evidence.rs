//! Captured copies, kept beside the log under their digests.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::{Error, ErrorKind};
use crate::chain::digest;
use crate::event::EvidenceAdded;

/// The largest captured copy that is kept, in bytes.
pub const EVIDENCE_LEN_MAX: u64 = 256 << 20;

fn place(dir: &Path, digest: &str) -> Option<PathBuf> {
    let folder = digest.get(..2).filter(|_| EvidenceAdded::is_digest(digest))?;
    Some(dir.join("evidence").join(folder).join(digest))
}

/// Keeps a copy of a file in the ledger's folder, durably, and gives the event that records it. A copy that
/// is not recorded afterwards does no harm.
///
/// # Errors
/// `Invalid` for a file that is too large; `Io`.
pub fn keep_evidence(dir: &Path, file: &Path) -> Result<EvidenceAdded, Error> {
    let metadata = fs::metadata(file).map_err(|error| Error::io("read", file, &error))?;
    if metadata.len() > EVIDENCE_LEN_MAX {
        let message = format!("{} is larger than {EVIDENCE_LEN_MAX} bytes; it was not kept", file.display());
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    let bytes = fs::read(file).map_err(|error| Error::io("read", file, &error))?;
    let digest = digest(&bytes).to_string();
    let Some(path) = place(dir, &digest) else {
        return Err(Error::new(ErrorKind::Invalid, "the copy has no digest"));
    };
    if !path.exists() {
        write_whole(&path, &bytes).map_err(|error| Error::io("keep a copy as", &path, &error))?;
    }
    Ok(EvidenceAdded {
        digest: digest.into(),
        media_type: media_type(file).map(Into::into),
        url: None,
        archive_url: None,
        captured_at: None,
        len_bytes: bytes.len() as u64,
    })
}

/// Writes a file under a temporary name, syncs it and renames it into place: it is there whole, or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}

/// The media type by a file's ending, for the usual captures.
fn media_type(file: &Path) -> Option<&'static str> {
    Some(match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "txt" | "md" => "text/plain",
        "html" | "htm" => "text/html",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "warc" => "application/warc",
        "wacz" => "application/wacz",
        _ => return None,
    })
}

/// Whether a quote occurs in one of these copies, white space aside. `None` if none of them is kept here as text.
///
/// # Errors
/// `Io` if a kept copy cannot be read; `Damaged` if it is not what its digest says.
pub fn quote_occurs<D: AsRef<str>>(dir: &Path, digests: &[D], quote: &str) -> Result<Option<bool>, Error> {
    let plain = |text: &str| crate::value::fold_text(text);
    let mut occurs = None;
    for name in digests {
        let Some(path) = place(dir, name.as_ref()).filter(|path| path.exists()) else { continue };
        let bytes = fs::read(&path).map_err(|error| Error::io("read", &path, &error))?;
        if digest(&bytes).to_string() != name.as_ref() {
            let message = format!("the copy {} is not what its digest says", path.display());
            return Err(Error::new(ErrorKind::Damaged, message));
        }
        if let Ok(text) = String::from_utf8(bytes) {
            occurs = Some(occurs.unwrap_or(false) || plain(&text).contains(&plain(quote)));
        }
    }
    Ok(occurs)
}
