//! What a caller gives to be appended: one event, or many that were made together.

use crate::chain::{self, Hash, SALT_LEN};
use crate::hash::{Lanes, Salted};

/// A payload, its salt, and the commitment to both. Making it is the only hash that grows with the payload, and
/// can be done on any thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    salt: [u8; SALT_LEN],
    payload: Vec<u8>,
    commitment: Hash,
}

impl Committed {
    /// Commits to a payload. The salt must come from a secure random source, anew for every event: whoever could
    /// guess it could confirm an erased payload by trying.
    #[must_use]
    pub fn new(salt: [u8; SALT_LEN], payload: Vec<u8>) -> Committed {
        let commitment = chain::commitment(&salt, &payload);
        Committed { salt, payload, commitment }
    }

    /// The salt.
    #[must_use]
    pub fn salt(&self) -> &[u8; SALT_LEN] {
        &self.salt
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The commitment to both.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        self.commitment
    }
}

/// One event to append. The writer adds its number, time and link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of its kind.
    pub kind: u16,
    /// Who records it: the number of the event that registered them, which may be this one.
    pub actor: u64,
    /// What it is about, by number; 0: not about one subject.
    pub subject: u64,
    /// Which attribute, by number; 0: none.
    pub attribute: u64,
    /// Payload and salt.
    pub body: Committed,
}

impl Entry {
    /// What becomes its frame.
    pub(super) fn unlinked(&self) -> Unlinked<'_> {
        let Entry { kind, actor, subject, attribute, body } = self;
        let label = Label { kind: *kind, actor: *actor, subject: *subject, attribute: *attribute, salt: body.salt };
        Unlinked { label, payload: &body.payload, commitment: body.commitment }
    }
}

/// What the log writes on an event's envelope by what it is told of the event, and the salt.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// Number of its kind.
    pub kind: u16,
    /// Who records it: the number of the event that registered them, which may be this one.
    pub actor: u64,
    /// What it is about, by number; 0: not about one subject.
    pub subject: u64,
    /// Which attribute, by number; 0: none.
    pub attribute: u64,
    /// Salt of its commitment, as secret as [`Committed::new`] wants it.
    pub salt: [u8; SALT_LEN],
}

/// An event to append: all of its frame but what hangs on the events before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlinked<'e> {
    pub(super) label: Label,
    pub(super) payload: &'e [u8],
    pub(super) commitment: Hash,
}

/// Many events to append, with their payloads one behind the other in one piece of memory. Any thread can make them.
#[derive(Debug)]
pub struct Entries {
    /// Each with the end of its payload and its commitment.
    labels: Vec<(Label, usize, Hash)>,
    payloads: Vec<u8>,
}

/// So much room is made for a payload, in bytes. Where more is needed it is found.
const PAYLOAD_LEN_USUAL: usize = 320;

impl Entries {
    /// Commits to many events at once: `encode` puts the payload of each behind those before it.
    ///
    /// # Errors
    /// The first that `encode` gives.
    pub fn commit<T, E>(
        events: &[T],
        mut encode: impl FnMut(&T, &mut Vec<u8>) -> Result<Label, E>,
    ) -> Result<Entries, E> {
        let mut payloads = Vec::with_capacity(events.len() * PAYLOAD_LEN_USUAL);
        let mut labels = Vec::with_capacity(events.len());
        for event in events {
            let label = encode(event, &mut payloads)?;
            labels.push((label, payloads.len(), Hash::ZERO));
        }
        let mut entries = Entries { labels, payloads };
        let bodies: Vec<Salted<'_>> = entries.parts().map(|((label, ..), payload)| (&label.salt, payload)).collect();
        let commitments = Lanes::all().commitments(&bodies);
        for ((.., of), commitment) in entries.labels.iter_mut().zip(commitments) {
            *of = commitment;
        }
        Ok(entries)
    }

    fn parts(&self) -> impl Iterator<Item = (&(Label, usize, Hash), &[u8])> {
        let mut rest = self.payloads.as_slice();
        let mut start = 0;
        self.labels.iter().map_while(move |labelled| {
            let (_, end, _) = labelled;
            let (payload, behind) = rest.split_at_checked(end.checked_sub(start)?)?;
            (start, rest) = (*end, behind);
            Some((labelled, payload))
        })
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = Unlinked<'_>> {
        self.parts().map(|((label, _, commitment), payload)| Unlinked {
            label: *label,
            payload,
            commitment: *commitment,
        })
    }
}
