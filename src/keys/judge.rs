//! Whether a seal is signed as it must be.

use std::fmt;

use super::ring::{Authorised, Ring};
use super::role::{Kinds, Role};
use crate::frame::{Seal, Signature};
use crate::note::{Checkpoint, ED25519, ML_DSA_44, PublicKey};
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
    /// The key is of another algorithm than the signature.
    OtherAlgorithm(Seq, Box<str>),
    /// A signature of so many bytes is none of its algorithm.
    Length(Seq, usize),
    /// The numbers of the keys do not ascend, or one is there twice.
    Order(Seq),
    /// The keys that signed may not record an event of this kind.
    NotAllowed(Box<str>, Role, &'static str),
    /// An event about keys is gone: who may seal is not known.
    Unreadable(Seq),
}

impl Wrong {
    /// Whether it is about one of the signatures that are there.
    #[must_use]
    pub fn is_of_signature(&self) -> bool {
        !matches!(self, Wrong::Unsigned | Wrong::NotAllowed(..) | Wrong::Unreadable(_))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Unsigned => f.write_str("no signature"),
            Wrong::NoKey(seq) => write!(f, "a signature by {seq}, which authorised no key"),
            Wrong::NotValid(seq, name) => write!(f, "a signature by {name} ({seq}), a key that was not valid then"),
            Wrong::Forged(seq, name) => write!(f, "a signature that is not that of {name} ({seq})"),
            Wrong::OtherAlgorithm(seq, name) => {
                write!(f, "a signature of another algorithm than that of the key of {name} ({seq})")
            }
            Wrong::Length(seq, len) => write!(f, "a signature by {seq} of {len} bytes, which is none"),
            Wrong::Order(seq) => write!(f, "a signature by {seq} that is there twice, or not in the order of the keys"),
            Wrong::Unreadable(seq) => {
                write!(f, "signatures by keys that are not known: {seq}, an event about keys, is gone")
            }
            Wrong::NotAllowed(names, role, kind) => {
                write!(f, "{kind} sealed by {names} without the role {}", role.word())
            }
        }
    }
}

/// Length of a signature of each algorithm that has one, in bytes.
const LENGTHS: [(u8, usize); 2] = [(ED25519, 64), (ML_DSA_44, 2428)];

/// Judges a seal, whose commit holds events of these kinds, as far as that can be done without looking at the signatures
/// themselves: what is left to check, and what is wrong already. The ring knows everything about keys up to this seal.
#[must_use]
pub fn check(ring: &Ring, seal: &Seal, kinds: Kinds) -> (Vec<Check>, Vec<Wrong>) {
    let (mut checks, mut wrong) = (Vec::new(), Vec::new());
    let (mut signers, mut before) = (Vec::new(), None);
    let is_bound = ring.binds(seal.size);
    for signature in &seal.signatures {
        let by = Seq(signature.key);
        if before.is_some_and(|before| before >= by) {
            wrong.push(Wrong::Order(by));
        }
        before = Some(by);
        match judge(ring, seal, signature) {
            Err(why) => wrong.push(why),
            Ok(None) => {}
            Ok(Some((own, check))) => {
                signers.extend((!check.is_second()).then_some(own));
                checks.push(check);
            }
        }
    }
    if is_bound && !seal.signatures.iter().any(|signature| signature.algorithm == ED25519) {
        wrong.insert(0, Wrong::Unsigned);
    }
    if !signers.is_empty() {
        let names = || signers.iter().map(|own| own.key.name()).collect::<Vec<_>>().join(" and ").into();
        let mut denied = kinds.roles().filter(|(role, _)| !signers.iter().any(|own| own.may(*role)));
        wrong.extend(denied.next().map(|(role, kind)| Wrong::NotAllowed(names(), role, kind)));
    }
    (checks, wrong)
}

/// Whose signature it is, and what is left to check; nothing of an algorithm that is not known here.
fn judge<'r>(ring: &'r Ring, seal: &Seal, signature: &Signature) -> Result<Option<(&'r Authorised, Check)>, Wrong> {
    let (by, size, len) = (Seq(signature.key), seal.size, signature.bytes.len());
    let key = ring.named(by, size).ok_or(Wrong::NoKey(by))?;
    if key.algorithm != signature.algorithm {
        return Err(Wrong::OtherAlgorithm(by, key.name.into()));
    }
    if !key.is_valid {
        return Err(Wrong::NotValid(by, key.name.into()));
    }
    if LENGTHS.iter().any(|(algorithm, due)| *algorithm == key.algorithm && *due != len) {
        return Err(Wrong::Length(by, len));
    }
    let check = |own: &Authorised| Check {
        by,
        key: own.key.clone(),
        origin: ring.origin().into(),
        text: Checkpoint { origin: ring.origin().into(), size, root: seal.root }.to_string(),
        signature: signature.bytes.clone(),
    };
    Ok(key.known.map(|own| (own, check(own))))
}
