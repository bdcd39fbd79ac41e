//! Checking proofs: without a ledger, everything from the bytes that the proof shows.

use super::growth::Growth;
use super::receipt::{Receipt, Shown};
use crate::chain::{Hash, commitment, link};
use crate::codec;
use crate::event::{Event, EventKind};
use crate::note::ProvenHead;
use crate::seq::Seq;
use crate::tree::{leaf, root_from, verify_consistency};

/// The longest proof that is read, in bytes: room for a few of the longest payloads.
pub const PROOF_LEN_MAX: usize = 128 << 20;

/// What a proof proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// A ledger held these events at a head.
    Held {
        /// The head.
        head: ProvenHead,
        /// The events, in the order of their numbers.
        events: Vec<ProvenEvent>,
    },
    /// A ledger only grew between two heads.
    Grew {
        /// The earlier head.
        old: ProvenHead,
        /// The later head.
        head: ProvenHead,
    },
}

/// An event that a ledger held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenEvent {
    /// Its number.
    pub seq: Seq,
    /// Its kind.
    pub kind: EventKind,
    /// When it was recorded, in microseconds since 1970-01-01T00:00:00Z, by the clock of whoever recorded it.
    pub at_micros: i64,
    /// Who recorded it, by the number of the event that names them.
    pub actor: Seq,
    /// Its link in the chain.
    pub link: Hash,
    /// What happened; none if it is not shown.
    pub event: Option<Event>,
    /// The event, shown with it, that erased it. That the key which sealed that one had the role `erase` is not proven: a
    /// receipt shows neither the keys nor the seals of the ledger.
    pub erased_by: Option<Seq>,
}

/// Checks a proof and says what it proves.
///
/// # Errors
/// Why it proves nothing.
pub fn check_proof(text: &str) -> Result<Proven, String> {
    if text.starts_with("annals receipt v1\n") {
        let receipt = Receipt::parse(text).ok_or(NOT_AS_WRITTEN)?;
        let proven = |shown| proven(shown, receipt.erased_by(shown).map(Seq));
        let events = receipt.events.iter().map(proven).collect::<Result<Vec<_>, _>>()?;
        let leaves: Vec<_> = events.iter().zip(&receipt.events).map(|(event, shown)| leaf_of(event, shown)).collect();
        let root = root_from(receipt.head.checkpoint.size, &leaves, &receipt.hashes);
        if root != Some(receipt.head.root()) {
            return Err("the hashes do not lead from the events to the root".to_owned());
        }
        return Ok(Proven::Held { head: receipt.head, events });
    }
    if text.starts_with("annals growth v1\n") {
        let growth = Growth::parse(text).ok_or(NOT_AS_WRITTEN)?;
        let old = growth.old();
        let Growth { hashes, head, .. } = growth;
        if !verify_consistency(old.checkpoint.size, &old.root(), head.checkpoint.size, &head.root(), &hashes) {
            return Err("the hashes do not lead from the earlier root to the later one".to_owned());
        }
        return Ok(Proven::Grew { old, head });
    }
    Err("it is no receipt, and no proof of growth, of a version that is known".to_owned())
}

const NOT_AS_WRITTEN: &str = "it is not as it was written: a byte was changed, added or taken away";

fn leaf_of(event: &ProvenEvent, shown: &Shown) -> (u64, Hash) {
    (event.seq.0 - 1, leaf(&shown.envelope))
}

/// Checks an event by its own bytes.
fn proven(shown: &Shown, erased_by: Option<Seq>) -> Result<ProvenEvent, String> {
    let envelope = shown.fields();
    let seq = Seq(envelope.seq);
    envelope.readable().map_err(|error| format!("{seq}: {error}"))?;
    let kind = EventKind::of_number(envelope.kind).ok_or(format!("{seq}: kind {} is not known", envelope.kind))?;
    if seq.0 == 0 || (kind == EventKind::Genesis) != (seq.0 == 1) {
        return Err(format!("{seq}: event 1, and only event 1, is the genesis"));
    }
    let event = match &shown.body {
        None => None,
        Some((salt, payload)) => {
            if commitment(salt, payload) != envelope.commitment
                || payload.len() as u64 != u64::from(envelope.payload_len)
            {
                return Err(format!("{seq}: salt and payload are not what the envelope commits to"));
            }
            let entered = codec::decode(kind, payload);
            Some(entered.map_err(|error| format!("{seq}: the payload cannot be read: {error}"))?.event)
        }
    };
    let (at_micros, actor) = (envelope.recorded_at, Seq(envelope.actor));
    Ok(ProvenEvent { seq, kind, at_micros, actor, link: link(&shown.envelope), event, erased_by })
}
