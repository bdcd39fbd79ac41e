//! What a witness is offered (C2SP tlog-witness): a head, and the way to it from one that the witness has seen.

use std::path::Path;

use super::make::{growth_hashes, root_at};
use crate::ledger::Ledger;
use crate::ledger::{Error, ErrorKind};
use crate::log::settle;
use crate::note::{Checkpoint, PublicKey, SignedNote, base64};
use crate::share::cosigned::{CosignedHead, authors_lines, cosigned_head, cosigned_sizes, credible};

/// The newest head of a signed ledger, to be offered to witnesses.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The head, with its authors' signatures.
    pub head: CosignedHead,
}

impl Offer {
    /// Of the newest head.
    ///
    /// # Errors
    /// `Invalid` if the ledger is not signed; `Damaged` if its newest seal is not signed as it must be; `NotFound`,
    /// `Unsupported`, `Io`.
    pub fn newest(dir: &Path) -> Result<Offer, Error> {
        let ledger = Ledger::open(dir)?;
        let note = ledger.signed_head()?.ok_or_else(not_signed)?;
        // What a witness has seen must not be lost again, or taken back: the ledger could never be cosigned any more.
        settle(dir)?;
        Ok(Offer { head: check_head(dir, &note)? })
    }

    /// The size at the newest head that this key is kept to have cosigned; 0 if none is.
    #[must_use]
    pub fn last_seen_by(&self, dir: &Path, key: &PublicKey) -> u64 {
        let is_seen = |size: &u64| cosigned_head(dir, *size).is_some_and(|kept| kept.note.is_signed_by(key));
        let size = self.head.checkpoint.size;
        cosigned_sizes(dir).into_iter().filter(|seen| *seen <= size).find(is_seen).unwrap_or(0)
    }

    /// The text that asks a witness which has seen the ledger with `seen` events.
    ///
    /// # Errors
    /// `NotFound` if the ledger never had so many; `Damaged`, `Io`.
    pub fn text(&self, dir: &Path, seen: u64) -> Result<String, Error> {
        let Checkpoint { size, .. } = self.head.checkpoint;
        // Nothing has to be shown from the empty tree, and from a head to itself.
        let hashes = if seen == 0 || seen == size { Vec::new() } else { growth_hashes(dir, seen, &self.head)? };
        let lines: String = hashes.iter().map(|hash| base64(&hash.0) + "\n").collect();
        Ok(format!("old {seen}\n{lines}\n{}", self.head.note))
    }
}

fn not_signed() -> Error {
    let message = "this ledger is not signed, and witnesses cosign only what its author signed";
    Error::new(ErrorKind::Invalid, message).with_hint("`annals key authorise` begins that; see docs/trust.md")
}

/// Requires that a note is a head of this ledger: one of its authors signed it, and the ledger still contains it. Gives
/// it with the authors' signatures alone.
///
/// # Errors
/// `Invalid` if it is not; `Damaged`, `NotFound`, `Unsupported`, `Io`.
pub fn check_head(dir: &Path, note: &SignedNote) -> Result<CosignedHead, Error> {
    let refused = |why: String| Err(Error::new(ErrorKind::Invalid, format!("{why}; nothing was kept")));
    let ledger = Ledger::open(dir)?;
    let head = ledger.head();
    let Some(checkpoint) = Checkpoint::parse(note.text()) else {
        return refused("this is no head".to_owned());
    };
    let Checkpoint { origin, size, root } = &checkpoint;
    if **origin != *head.origin {
        return refused(format!("this is a head of the ledger {origin}, and this one is {}", head.origin));
    }
    if *size > head.size {
        return refused(format!(
            "this is a head of {size} events, and the ledger has {} now: it was cut, or this is an older copy",
            head.size
        ));
    }
    let lines = authors_lines(note, ledger.keys());
    if lines.is_empty() {
        return refused("no key of this ledger signed this head".to_owned());
    }
    let own = if *size == head.size { head.root } else { root_at(dir, *size)? };
    if own != *root {
        return refused(format!("this ledger had another root when it had {size} events: one of both was rewritten"));
    }
    Ok(CosignedHead { note: SignedNote::new(note.text().to_owned(), lines), checkpoint })
}

/// The newest cosigned head that is accepted, and that the ledger still contains; `None` if none is kept.
///
/// # Errors
/// `Damaged`, `NotFound`, `Unsupported`, `Io`.
pub fn newest_cosigned(dir: &Path, accept: impl Fn(&CosignedHead) -> bool) -> Result<Option<CosignedHead>, Error> {
    let ledger = Ledger::open(dir)?;
    for kept in credible(dir, ledger.head(), ledger.keys()).filter(accept) {
        match check_head(dir, &kept.note) {
            Ok(_) => return Ok(Some(kept)),
            // What is kept beside the log may be of another history.
            Err(error) if error.kind() == ErrorKind::Invalid => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
