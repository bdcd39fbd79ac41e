//! The files: `SIZE-NONCE.head`, the bytes that are stamped, and `SIZE-NONCE.tsr`, the response.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::chain::Hash;
use crate::hash::sha256;
use crate::ledger::files::given::{read_given as read, read_own};
use crate::ledger::{Error, ErrorKind};
use crate::log::disk::{SystemDisk, refuse_link};
use crate::note::{Checkpoint, NOTE_LEN_MAX, SignedNote};
use crate::share::stamp::{Authorities, Nonce, RESPONSE_LEN_MAX, Refusal};

/// Longest file of authorities that is read, in bytes: some thousand certificates.
const AUTHORITIES_LEN_MAX: usize = 4 << 20;

/// A head of the ledger for which a time-stamp was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// How many events there were, as the file's name says.
    pub size: u64,
    /// The file with the bytes that are stamped: what `annals head` printed then.
    pub head: PathBuf,
    /// The file with the response, whether it is there or not.
    pub response: PathBuf,
    /// Whether the response is there.
    pub is_stamped: bool,
    nonce: String,
}

impl Anchor {
    pub(super) fn new(dir: &Path, size: u64, nonce: Nonce) -> Anchor {
        Anchor::named(dir, size, nonce.hex())
    }

    fn named(dir: &Path, size: u64, nonce: String) -> Anchor {
        let path = |ending: &str| folder(dir).join(format!("{size:012}-{nonce}.{ending}"));
        let (head, response) = (path("head"), path("tsr"));
        Anchor { size, is_stamped: response.exists(), head, response, nonce }
    }

    /// The anchor of a file `SIZE-NONCE.head`; none of any other.
    fn of_file(dir: &Path, path: &Path) -> Option<Anchor> {
        let stem = path.file_name()?.to_str()?.strip_suffix(".head")?;
        let (size, nonce) = stem.split_once('-')?;
        let is_hex = nonce.len() == 16 && nonce.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let anchor = Anchor::named(dir, size.parse().ok()?, nonce.to_owned());
        (is_hex && anchor.head.file_name() == path.file_name()).then_some(anchor)
    }

    /// Whether it was asked for with this number.
    pub(super) fn is_asked_with(&self, nonce: Nonce) -> bool {
        self.nonce == nonce.hex()
    }

    /// The bytes that are stamped.
    ///
    /// # Errors
    /// `Io`, `Invalid` if they are too many.
    pub(super) fn head_bytes(&self) -> Result<Vec<u8>, Error> {
        read_own(&self.head, NOTE_LEN_MAX)
    }

    /// The response.
    ///
    /// # Errors
    /// `Io`, `Invalid` if it is too long.
    pub fn response_bytes(&self) -> Result<Vec<u8>, Error> {
        read_own(&self.response, RESPONSE_LEN_MAX)
    }
}

fn folder(dir: &Path) -> PathBuf {
    dir.join("anchors")
}

/// The heads for which a time-stamp was asked, in the order of their sizes. Other files there are passed by.
///
/// # Errors
/// `Io` if the folder is there and cannot be listed.
pub fn anchors(dir: &Path) -> Result<Vec<Anchor>, Error> {
    let folder = folder(dir);
    let entries = match refuse_link(&SystemDisk, &folder).and_then(|()| fs::read_dir(&folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| Error::io("list", &folder, &error))?,
    };
    let mut anchors = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("list", &folder, &error))?;
        anchors.extend(Anchor::of_file(dir, &entry.path()));
    }
    anchors.sort_unstable_by(|a, b| (a.size, &a.nonce).cmp(&(b.size, &b.nonce)));
    Ok(anchors)
}

/// The authorities in a file of certificates.
///
/// # Errors
/// `Io`; `Invalid` if it holds none.
pub fn authorities(file: &Path) -> Result<Authorities, Error> {
    let bytes = read(file, AUTHORITIES_LEN_MAX)?;
    Authorities::parse(&bytes).map_err(|refusal| {
        refused(file, &refusal)
            .with_hint("give the certificate of the CA, in PEM; the authority of time says where it is")
    })
}

/// What is wrong with a file.
pub(super) fn refused(file: &Path, refusal: &Refusal) -> Error {
    Error::new(ErrorKind::Invalid, format!("{}: {refusal}", file.display()))
}

/// The imprint of what is stamped, and the checkpoint in it: alone, or in a signed note.
pub(super) fn stamped(bytes: &[u8]) -> (Hash, Option<Checkpoint>) {
    let text = std::str::from_utf8(bytes).ok();
    let of_note = |text: &str| Checkpoint::parse(SignedNote::parse(text)?.text());
    (sha256(&[bytes]), text.and_then(|text| Checkpoint::parse(text).or_else(|| of_note(text))))
}
