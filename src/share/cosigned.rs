//! Heads that witnesses cosigned, kept beside the log in `witnessed/SIZE`: signed notes of a checkpoint, the authors'
//! signatures and cosignatures. They are no part of the log: whoever uses one checks it anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::keys::Ring;
use crate::ledger::Head;
use crate::ledger::files::beside::put;
use crate::ledger::files::given::read_own;
use crate::ledger::files::salt::Salts;
use crate::ledger::{Error, ErrorKind};
use crate::log::disk::{Access, Disk, SystemDisk, holder, make_folders, refuse_link};
use crate::log::lock::locked;
use crate::note::{Checkpoint, NOTE_LEN_MAX, NoteSignature, PublicKey, Signed, SignedNote};

/// The folder of cosigned heads.
const FOLDER: &str = "witnessed";

/// A head, the signatures of its authors, and cosignatures. What the signatures are worth has to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignedHead {
    /// Origin, size and root.
    pub checkpoint: Checkpoint,
    /// The checkpoint with the signatures.
    pub note: SignedNote,
}

fn place(dir: &Path, size: u64) -> PathBuf {
    dir.join(FOLDER).join(size.to_string())
}

/// The sizes of the ledger at the cosigned heads that are kept, the greatest first.
#[must_use]
pub fn cosigned_sizes(dir: &Path) -> Vec<u64> {
    let entries = fs::read_dir(dir.join(FOLDER)).into_iter().flatten().flatten();
    let size = |name: &str| name.parse().ok().filter(|size: &u64| size.to_string() == name);
    let mut sizes: Vec<u64> = entries.filter_map(|entry| size(entry.file_name().to_str()?)).collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    sizes
}

/// The cosigned head of this size that is kept; `None` if there is none, or what lies there is none.
#[must_use]
pub fn cosigned_head(dir: &Path, size: u64) -> Option<CosignedHead> {
    let text = String::from_utf8(read_own(&place(dir, size), NOTE_LEN_MAX).ok()?).ok()?;
    let note = SignedNote::parse(&text)?;
    let checkpoint = Checkpoint::parse(note.text()).filter(|checkpoint| checkpoint.size == size)?;
    Some(CosignedHead { checkpoint, note })
}

/// The lines of a note that are its authors' signatures, if there are any.
pub(super) fn authors_lines(note: &SignedNote, ring: &Ring) -> Vec<NoteSignature> {
    let own: Vec<PublicKey> = ring.head_keys().collect();
    let alone = |line: &NoteSignature| SignedNote::new(note.text().to_owned(), vec![line.clone()]);
    let is_own = |line: &&NoteSignature| own.iter().any(|key| alone(line).is_signed_by(key));
    note.signatures().iter().filter(is_own).cloned().collect()
}

/// The cosigned heads that an author signed and that this head did not come before, as far as can be told without the
/// log; the newest first.
pub(super) fn credible<'a>(dir: &'a Path, head: &'a Head, ring: &'a Ring) -> impl Iterator<Item = CosignedHead> + 'a {
    let is_credible = move |kept: &CosignedHead| {
        let Checkpoint { origin, size, root } = &kept.checkpoint;
        let is_possible = *size < head.size || (*size == head.size && *root == head.root);
        **origin == *head.origin && is_possible && !authors_lines(&kept.note, ring).is_empty()
    };
    let kept = cosigned_sizes(dir).into_iter().filter_map(|size| cosigned_head(dir, size)).filter(is_credible);
    kept.map(|kept| without_forged_authors(kept, ring))
}

/// A kept head without lines in the ledger's own name that no author's key made.
fn without_forged_authors(kept: CosignedHead, ring: &Ring) -> CosignedHead {
    let own = authors_lines(&kept.note, ring);
    let is_right = |line: &&NoteSignature| *line.name() != *kept.checkpoint.origin || own.contains(line);
    let lines = kept.note.signatures().iter().filter(is_right).cloned().collect();
    CosignedHead { note: SignedNote::new(kept.note.text().to_owned(), lines), ..kept }
}

/// A note with the cosignatures that are kept of the same head. They are not checked. What is kept in the ledger's own name is none.
#[must_use]
pub fn with_cosignatures(dir: &Path, size: u64, note: SignedNote) -> SignedNote {
    let Some(kept) = cosigned_head(dir, size).filter(|kept| kept.note.text() == note.text()) else { return note };
    let others = kept.note.signatures().iter().filter(|line| *line.name() != *kept.checkpoint.origin);
    merged(&note, &others.cloned().collect::<Vec<_>>(), &[], &[])
}

/// What came of keeping cosignatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The head as it is kept now.
    pub head: CosignedHead,
    /// The keys that cosigned, each with the time it says, in seconds since 1970-01-01T00:00:00Z.
    pub cosigned: Vec<(PublicKey, Option<u64>)>,
}

/// Keeps the cosignatures of these keys among some lines, durably, beside those that are kept of this head already. A
/// newer one of the same key takes the place of the older. Lines that name none of the keys are passed over.
///
/// # Errors
/// `Invalid` if a line in the name of a key is not its signature of this head, or none is in the name of any; `Io`. What
/// was kept is as it was.
pub fn keep_cosignatures(
    dir: &Path,
    head: &CosignedHead,
    lines: &[NoteSignature],
    keys: &[PublicKey],
) -> Result<Kept, Error> {
    let offered = SignedNote::new(head.note.text().to_owned(), lines.to_vec());
    let mut cosigned = Vec::new();
    for key in keys {
        match offered.signed_by(key) {
            Signed::No => {}
            Signed::Rightly(at) => cosigned.push((key.clone(), at)),
            Signed::Wrongly => {
                let message =
                    format!("a signature in the name of {} is not its of this head; nothing was kept", key.name());
                return Err(Error::new(ErrorKind::Invalid, message));
            }
        }
    }
    if cosigned.is_empty() {
        let message = "no key that was given cosigned this head; nothing was kept";
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    let path = place(dir, head.checkpoint.size);
    let folder = dir.join(FOLDER);
    let failed = |error| Error::io("keep the cosigned head", &path, &error);
    make_folders(&SystemDisk, &folder).and_then(|()| refuse_link(&SystemDisk, &folder)).map_err(failed)?;
    // Another process may be keeping another witness's just now.
    let place = folder.join("LOCK");
    let lock = SystemDisk.open(&place, Access::Create).and_then(locked).map_err(failed)?;
    let Some(_lock) = lock else {
        let by = holder(&place).unwrap_or_else(|| "another process".to_owned());
        let message = format!("{by} is keeping cosignatures, or holds {}; nothing was kept", place.display());
        return Err(Error::new(ErrorKind::InUse, message));
    };
    let before = cosigned_head(dir, head.checkpoint.size).filter(|kept| kept.note.text() == head.note.text());
    let note = merged(&head.note, before.as_ref().map_or(&[], |kept| kept.note.signatures()), lines, keys);
    if note.to_string().len() > NOTE_LEN_MAX || SignedNote::parse(&note.to_string()).is_none() {
        let message = "this head has more cosignatures than a note may hold; nothing was kept";
        return Err(Error::new(ErrorKind::Invalid, message).with_hint(format!("move {} away", path.display())));
    }
    put(&SystemDisk, &path, note.to_string().as_bytes(), Salts::new().next::<8>()?).map_err(failed)?;
    Ok(Kept { head: CosignedHead { checkpoint: head.checkpoint.clone(), note }, cosigned })
}

/// A note with more lines: of those that were kept, what is not known to be wrong; of those that are new, what the keys
/// signed.
fn merged(head: &SignedNote, kept: &[NoteSignature], new: &[NoteSignature], keys: &[PublicKey]) -> SignedNote {
    let signed = |line: &NoteSignature, key: &PublicKey| {
        SignedNote::new(head.text().to_owned(), vec![line.clone()]).signed_by(key)
    };
    let is_wrong = |line: &&NoteSignature| keys.iter().any(|key| signed(line, key) == Signed::Wrongly);
    let is_right = |line: &&NoteSignature| keys.iter().any(|key| matches!(signed(line, key), Signed::Rightly(_)));
    let is_authors = |line: &&NoteSignature| head.signatures().iter().any(|own| own.is_of_same_key(line));
    let kept = kept.iter().filter(|line| !is_wrong(line) && !is_authors(line));
    let lines = kept.chain(new.iter().filter(is_right));
    lines.fold(head.clone(), |note, line| note.with_newer(line.clone()))
}
