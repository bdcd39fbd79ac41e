//! Whether a seal is signed as it must be.

use std::fmt;

use super::ring::{Authorised, Ring};
use super::role::{Kinds, Role};
use crate::frame::Seal;
use crate::note::{Checkpoint, ED25519, ML_DSA_44, PublicKey, SecondKey};
use crate::seq::Seq;

/// A signature that a key which may seal is said to have made; whether it did is still to be [checked](Check::holds).
#[derive(Clone, Debug)]
pub struct Check {
    /// The event that authorised the key.
    pub by: Seq,
    key: PublicKey,
    origin: Box<str>,
    text: String,
    signature: Vec<u8>,
}

impl Check {
    /// Whether the signature is a second one, in which the commit does not rest.
    #[must_use]
    pub fn is_second(&self) -> bool {
        self.key.is_second()
    }

    /// Whether the key made the signature. This is what takes long.
    #[must_use]
    pub fn holds(&self) -> bool {
        if self.key.is_second() {
            // It signs the name under which the ledger publishes.
            let key = self.key.named(&self.origin);
            return key.is_some_and(|key| key.verifies(self.text.as_bytes(), &self.signature));
        }
        self.key.verifies(self.text.as_bytes(), &self.signature)
    }

    /// What is wrong if it does not hold.
    #[must_use]
    pub fn wrong(&self) -> Wrong {
        Wrong::Forged(self.by, self.key.name().into())
    }
}

/// What is wrong with the signatures of a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nobody signed it.
    Unsigned,
    /// It is signed in the name of an event that authorised no key.
    NoKey(Seq),
    /// The key was not authorised yet, or was revoked.
    NotValid(Seq, Box<str>),
    /// The signature is not the key's.
    Forged(Seq, Box<str>),
    /// The keys that signed may not record an event of this kind.
    NotAllowed(Box<str>, Role, &'static str),
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Unsigned => f.write_str("no signature"),
            Wrong::NoKey(seq) => write!(f, "a signature by {seq}, which authorised no key"),
            Wrong::NotValid(seq, name) => write!(f, "a signature by {name} ({seq}), a key that was not valid then"),
            Wrong::Forged(seq, name) => write!(f, "a signature that is not that of {name} ({seq})"),
            Wrong::NotAllowed(names, role, kind) => {
                write!(f, "{kind} sealed by {names} without the role {}", role.word())
            }
        }
    }
}

/// Judges a seal, whose commit holds events of these kinds, as far as that can be done without looking at the signatures
/// themselves: what is left to check, and what is wrong already. The ring knows everything about keys up to this seal.
#[must_use]
pub fn check(ring: &Ring, seal: &Seal, kinds: Kinds) -> (Vec<Check>, Vec<Wrong>) {
    let size = seal.head.size;
    let (mut checks, mut wrong) = (Vec::new(), Vec::new());
    let of = |algorithm: u8| seal.signatures.iter().filter(move |signature| signature.algorithm == algorithm);
    if of(ED25519).next().is_none() && ring.binds(size) {
        return (checks, vec![Wrong::Unsigned]);
    }
    let mut signers = Vec::new();
    // Whoever does not know the second algorithm finds the same but for its own signatures.
    let seconds = of(ML_DSA_44).filter(|_| SecondKey::IS_KNOWN);
    for signature in of(ED25519).chain(seconds) {
        let (seq, is_second) = (Seq(signature.key), signature.algorithm == ML_DSA_44);
        let fits = |key: &&Authorised| key.key.is_second() == is_second;
        match (ring.valid_at(seq, size).filter(fits), ring.key(seq).filter(fits)) {
            (Some(key), _) => {
                if !is_second {
                    signers.push(key);
                }
                checks.push(Check {
                    by: seq,
                    key: key.key.clone(),
                    origin: ring.origin().into(),
                    text: Checkpoint { origin: ring.origin().into(), size, root: seal.root }.to_string(),
                    signature: signature.bytes.clone(),
                });
            }
            (None, Some(key)) => wrong.push(Wrong::NotValid(seq, key.key.name().into())),
            (None, None) => wrong.push(Wrong::NoKey(seq)),
        }
    }
    if !signers.is_empty() {
        let names = || signers.iter().map(|key| key.key.name()).collect::<Vec<_>>().join(" and ").into();
        let denied = |kind| {
            let role = Role::for_kind(kind)?;
            (!signers.iter().any(|key| key.may(role))).then(|| Wrong::NotAllowed(names(), role, kind.word()))
        };
        wrong.extend(kinds.all().find_map(denied));
    }
    (checks, wrong)
}
