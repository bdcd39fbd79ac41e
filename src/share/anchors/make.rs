//! Asking for time-stamps, and taking in the answers.

use std::path::Path;

use super::folder::{Anchor, anchors, refused, stamped};
use crate::hash::sha256;
use crate::ledger::Ledger;
use crate::ledger::files::evidence::keep;
use crate::ledger::files::given::read_given;
use crate::ledger::files::salt::Salts;
use crate::ledger::{Error, ErrorKind};
use crate::log::{self, disk::SystemDisk};
use crate::note::Checkpoint;
use crate::share::proof::{Proven, check_proof, prove_growth};
use crate::share::stamp::{Authorities, Nonce, RESPONSE_LEN_MAX, Refusal, Response, Stamp, request};

/// A head with its time-stamp, which was checked and is kept.
#[derive(Clone, Debug)]
pub struct Anchored {
    /// Where.
    pub anchor: Anchor,
    /// What the authority says.
    pub stamp: Stamp,
    /// Whether it had been kept before.
    pub is_repeated: bool,
}

/// Keeps the newest head, durably, and gives a request (RFC 3161) to stamp it: the note with its authors' signatures of a
/// signed ledger, the checkpoint alone of another.
///
/// # Errors
/// As [`Ledger::open`]; `Damaged` if the head is not signed as it must be; `Io` if it cannot be kept.
pub fn request_stamp(dir: &Path) -> Result<(Anchor, Vec<u8>), Error> {
    // What is stamped must not be lost again.
    log::settle(dir)?;
    let ledger = Ledger::open(dir)?;
    let head = ledger.head();
    let bytes = ledger.signed_head()?.map_or_else(|| head.checkpoint(), |note| note.to_string());
    let nonce = Nonce::of(Salts::new().next()?);
    let anchor = Anchor::new(dir, head.size, nonce);
    store(&anchor.head, bytes.as_bytes())?;
    Ok((anchor, request(&sha256(&[bytes.as_bytes()]), nonce)))
}

/// Checks a response to an earlier request, and keeps it, durably. The ledger may have grown since.
///
/// # Errors
/// `Invalid` if it does not count, or answers no request that is kept; `Damaged` if the ledger does not hold what was
/// stamped; `Io`. Nothing was kept then.
pub fn attach_stamp(dir: &Path, file: &Path, authorities: &Authorities) -> Result<Anchored, Error> {
    let bytes = read_given(file, RESPONSE_LEN_MAX)?;
    let refused = |refusal: Refusal| refused(file, &refusal).with_hint(hint_of(&refusal));
    let response = Response::parse(&bytes).map_err(refused)?;
    let anchor = asked_for(dir, &response, file)?;
    let (imprint, checkpoint) = stamped(&anchor.head_bytes()?);
    let stamp = response.verify(&imprint, authorities).map_err(refused)?;
    match checkpoint.filter(|checkpoint| checkpoint.size == anchor.size) {
        Some(checkpoint) => is_held(dir, &checkpoint)?,
        None => return Err(not_held(&anchor)),
    }
    if anchor.is_stamped && anchor.response_bytes()? != bytes {
        let message = format!("another answer to that request is kept as {}", anchor.response.display());
        let hint =
            "ask anew with `annals anchor --request`; remove the file if `annals anchor --check` says it does not hold";
        return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint));
    }
    store(&anchor.response, &bytes)?;
    Ok(Anchored { is_repeated: anchor.is_stamped, anchor, stamp })
}

fn store(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let unique = Salts::new().next()?;
    keep(&SystemDisk, path, bytes, unique).map_err(|error| Error::io("keep", path, &error))
}

/// The request that a response answers: the same number, and the same imprint.
fn asked_for(dir: &Path, response: &Response<'_>, file: &Path) -> Result<Anchor, Error> {
    let (nonce, imprint) = (Nonce::in_response(response), response.imprint());
    let (mut same_imprint, mut same_nonce) = (false, false);
    for anchor in anchors(dir)? {
        let has_nonce = nonce.is_some_and(|nonce| anchor.is_asked_with(nonce));
        // Whatever else lies there is none that was asked for.
        let has_imprint = anchor.head_bytes().is_ok_and(|head| imprint == Some(stamped(&head).0));
        if has_nonce && has_imprint {
            return Ok(anchor);
        }
        (same_nonce, same_imprint) = (same_nonce || has_nonce, same_imprint || has_imprint);
    }
    let refusal = if same_imprint && !same_nonce { Refusal::Nonce } else { Refusal::Imprint };
    Err(refused(file, &refusal).with_hint(hint_of(&refusal)))
}

/// Requires that the ledger holds what a checkpoint says; by its own newest root, so that not all has to be read.
fn is_held(dir: &Path, checkpoint: &Checkpoint) -> Result<(), Error> {
    let growth = prove_growth(dir, checkpoint.size)?;
    match check_proof(&growth) {
        Ok(Proven::Grew { old, .. }) if old.checkpoint == *checkpoint => Ok(()),
        _ => Err(Error::new(
            ErrorKind::Damaged,
            format!("the ledger does not hold the head of {} events that was stamped", checkpoint.size),
        )),
    }
}

fn not_held(anchor: &Anchor) -> Error {
    Error::new(ErrorKind::Damaged, format!("{} is not the head it was", anchor.head.display()))
}

fn hint_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Imprint | Refusal::Nonce => {
            "a response must answer a request that `annals anchor --request` made from this very folder"
        }
        Refusal::Form(_) => "give the file as the authority sent it (application/timestamp-reply)",
        Refusal::NotGranted(_) => "ask again, or another authority",
        Refusal::Chain(_) => {
            "give the CA's certificate, as the authority publishes it, with --ca; a file may hold several"
        }
        _ => "the response was altered, or comes from nobody who may stamp time; ask another authority",
    }
}
