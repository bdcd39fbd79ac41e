//! Following a published ledger: everything that is new since the last head that was seen, computed from the bytes that
//! are served, and checked against the head that was kept.

use super::CHECKPOINT;
use super::followed::{FORKED, FollowOptions, Followed};
use super::following::Following;
use super::served::Served;
use crate::keys::Ring;
use crate::ledger::Error;
use crate::note::{Checkpoint, NOTE_LEN_MAX, ProvenHead, PublicKey, SignedNote};

/// How often the head is fetched again because somebody is just erasing.
const LOOKS_MAX: usize = 5;

/// Checks a published ledger: the signature of its head, that it grew from the head that was kept, and every event behind
/// that. `progress` is told how many events of how many are done.
///
/// # Errors
/// `Io` if something cannot be fetched. Whatever is wrong with what was fetched is no error but an answer.
pub fn follow(
    served: &dyn Served,
    options: &FollowOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Followed, Error> {
    let mut followed = Followed::default();
    let Some((mut note, mut checkpoint)) = head(served, options, &mut followed)? else { return Ok(followed) };
    if options.kept.as_ref().is_some_and(|kept| !may_follow(kept, &checkpoint, &mut followed)) {
        return Ok(followed);
    }
    let kept = options.kept.as_ref().filter(|kept| kept.size > 0);
    if !options.whole && kept.is_some_and(|kept| *kept == checkpoint) {
        followed.before = checkpoint.size;
        return Ok(followed);
    }
    followed.before = kept.filter(|_| !options.whole).map_or(0, |kept| kept.size);
    let from = followed.before;
    let seen = options.seen.clone().filter(|seen| kept.is_some_and(|kept| seen.is_of(kept)));
    let mut following = Following::new(served, options, kept.cloned(), seen, from, &mut followed);
    if !following.begin(&checkpoint)? {
        return Ok(followed);
    }
    for _ in 0..LOOKS_MAX {
        if !following.advance(&checkpoint, progress)? || !following.lacks_payloads() {
            break;
        }
        // Payloads go before the head that says why they are gone.
        let Some((newer_note, newer)) = head(served, options, following.followed)? else { break };
        if newer.size <= checkpoint.size {
            break;
        }
        (note, checkpoint) = (newer_note, newer);
    }
    let commits = following.end();
    judge_signers(commits.ring(), &note, &checkpoint, options, &mut followed);
    if !followed.has("checkpoint-signature") && !commits.is_note_of_last(&note) {
        let why = "a line below it, in the name of an author, is no signature of the seal at its size";
        followed.add("checkpoint-signature", None, CHECKPOINT, why);
    }
    followed.is_exchanged = commits.is_exchanged;
    followed.seen = commits.seen(&checkpoint).filter(|_| followed.wrong.is_empty());
    followed.head = Some(ProvenHead { checkpoint, note: Some(note) });
    Ok(followed)
}

/// Fetches the head, and checks that it is signed as is required.
fn head(
    served: &dyn Served,
    options: &FollowOptions,
    followed: &mut Followed,
) -> Result<Option<(SignedNote, Checkpoint)>, Error> {
    let Some(bytes) = served.get(CHECKPOINT, NOTE_LEN_MAX)? else {
        followed.add("missing", None, CHECKPOINT, "no ledger is published there");
        return Ok(None);
    };
    let note = String::from_utf8(bytes).ok().and_then(|text| SignedNote::parse(&text));
    let checkpoint = note.as_ref().and_then(|note| Checkpoint::parse(note.text()));
    let Some((note, checkpoint)) = note.zip(checkpoint) else {
        followed.add("checkpoint", None, CHECKPOINT, "it is no signed head");
        return Ok(None);
    };
    let head = ProvenHead { checkpoint: checkpoint.clone(), note: Some(note.clone()) };
    let signs = |key: &&PublicKey| *key.name() == *checkpoint.origin && note.is_signed_by(key);
    followed.signed_by = options.keys.iter().find(signs).cloned();
    if followed.signed_by.is_none() && !options.keys.is_empty() {
        let renamed = options.keys.iter().find_map(|key| head.signed_under_its_name(key));
        let why = renamed.map_or_else(String::new, |renamed| format!("; {renamed}"));
        followed.add("checkpoint-signature", None, CHECKPOINT, format!("no key that was given signed this head{why}"));
        followed.head = Some(head);
        return Ok(None);
    }
    followed.head = Some(head);
    match options.policy.as_ref().map(|policy| policy.judge(&note)?.reached()).transpose() {
        Ok(judged) => followed.signed_by = followed.signed_by.take().or(judged.and_then(|judged| judged.log).cloned()),
        Err(why) => {
            followed.add("checkpoint-policy", None, CHECKPOINT, format!("the policy does not accept this head: {why}"));
            return Ok(None);
        }
    }
    Ok(Some((note, checkpoint)))
}

/// Whether a head can have grown from the one that was kept, by what they say.
fn may_follow(kept: &Checkpoint, served: &Checkpoint, followed: &mut Followed) -> bool {
    let (code, why) = if kept.origin != served.origin {
        ("origin", format!("the head that was kept is of {}, and this one of {}", kept.origin, served.origin))
    } else if served.size < kept.size {
        ("shrunk", format!("it has {} events, and had {} before", served.size, kept.size))
    } else if served.size == kept.size && served.root != kept.root {
        (FORKED, format!("at {} events it had another root before", kept.size))
    } else {
        return true;
    };
    followed.add(code, None, CHECKPOINT, why);
    false
}

/// Finds who signed among the keys that the ledger itself names, if all of it was read.
fn judge_signers(
    ring: &Ring,
    note: &SignedNote,
    checkpoint: &Checkpoint,
    options: &FollowOptions,
    followed: &mut Followed,
) {
    if followed.before > 0 || !followed.wrong.is_empty() {
        return;
    }
    if *ring.origin() != *checkpoint.origin {
        let why = format!("the head is of {}, and the genesis names {}", checkpoint.origin, ring.origin());
        followed.add("origin", Some(1), CHECKPOINT, why);
        return;
    }
    // The commit that revokes a key may still be sealed by it.
    let may_sign = |key: &&crate::keys::Authorised| key.revoked_by().is_none_or(|by| by.0 == checkpoint.size);
    let names = ring
        .all()
        .filter(|key| !key.key.is_second())
        .filter(may_sign)
        .filter_map(|key| key.key.named(&checkpoint.origin));
    match names.into_iter().find(|key| note.is_signed_by(key)) {
        Some(key) if !options.names_signers() => followed.signed_by = Some(key),
        Some(_) => {}
        None => {
            let why = "no key that the ledger names, and has not revoked, signed this head";
            followed.add("checkpoint-signature", None, CHECKPOINT, why);
        }
    }
}
