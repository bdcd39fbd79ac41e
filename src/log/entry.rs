//! What a caller gives to be appended.

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

    /// Commits to many payloads at once, each with its salt.
    #[must_use]
    pub fn all(bodies: Vec<([u8; SALT_LEN], Vec<u8>)>) -> Vec<Committed> {
        let salted: Vec<Salted<'_>> = bodies.iter().map(|(salt, payload)| (salt, payload.as_slice())).collect();
        let commitments = Lanes::all().commitments(&salted);
        let both = bodies.into_iter().zip(commitments);
        both.map(|((salt, payload), commitment)| Committed { salt, payload, commitment }).collect()
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
