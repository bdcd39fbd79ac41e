//! What events say: fetched by several threads, and checked by the thread that fetched it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::served::Served;
use super::{WITHHELD, payload_path};
use crate::chain::{SALT_LEN, commitment};
use crate::event::EventKind;
use crate::frame::{Envelope, PAYLOAD_LEN_MAX};
use crate::ledger::Error;
use crate::ledger::check::read_payload;
use crate::verify::PayloadRead;

/// An event whose payload is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) seq: u64,
    pub(super) envelope: Envelope,
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is what the envelope commits to.
    Whole(PayloadRead),
    /// It is for the desk alone, and the keeper says so.
    Withheld,
    /// It is not there.
    Gone,
    /// It is something else: a code, and why.
    Wrong(&'static str, String),
}

impl Wanted {
    fn fetch(&self, served: &dyn Served) -> Result<Outcome, Error> {
        let (kind, len) = (EventKind::of_number(self.envelope.kind), self.envelope.payload_len as usize);
        if len > PAYLOAD_LEN_MAX {
            return Ok(Outcome::Wrong("payload-length", format!("no payload is {len} bytes long")));
        }
        let Some(bytes) = served.get(&payload_path(&self.envelope.commitment), SALT_LEN + len)? else {
            return Ok(Outcome::Gone);
        };
        if bytes == WITHHELD {
            return Ok(match kind {
                Some(kind) if !kind.is_erasable() => {
                    Outcome::Wrong("payload", "it is withheld, and others are judged by it".to_owned())
                }
                _ => Outcome::Withheld,
            });
        }
        let body = bytes.split_first_chunk::<SALT_LEN>();
        let Some((salt, payload)) = body.filter(|(_, payload)| payload.len() == len) else {
            return Ok(Outcome::Wrong("payload", "it is shorter than the envelope says".to_owned()));
        };
        if commitment(salt, payload) != self.envelope.commitment {
            return Ok(Outcome::Wrong("payload", "it is not what the envelope commits to".to_owned()));
        }
        let mut read = read_payload(self.envelope.kind, payload, false, |_| ());
        Ok(match read.misformed.take() {
            Some(why) => Outcome::Wrong("payload-form", why),
            None => Outcome::Whole(read),
        })
    }

    /// Whether nothing is served of it.
    pub(super) fn is_gone(&self, served: &dyn Served) -> Result<bool, Error> {
        self.fetch(served).map(|outcome| !matches!(outcome, Outcome::Whole(_)))
    }
}

/// Fetches all of these, so many at a time; the results are in their order.
///
/// # Errors
/// The first that there was, in that order; not all were fetched then.
pub(super) fn fetch_all(served: &dyn Served, wanted: &[Wanted], threads: usize) -> Result<Vec<Outcome>, Error> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(wanted.len())));
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = wanted.get(place) else { return };
            let outcome = one.fetch(served);
            if outcome.is_err() {
                next.store(wanted.len(), Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, outcome));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(wanted.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}
