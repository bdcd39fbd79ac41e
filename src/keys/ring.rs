//! The keys of a ledger, in time.

use std::collections::BTreeMap;

use super::role::Role;
use crate::event::{Event, EventKind, look_of};
use crate::frame::Signature;
use crate::note::{ED25519, ML_DSA_44, NoteSignature, PublicKey, SecondKey};
use crate::seq::Seq;

/// A key that was authorised once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorised {
    /// The key, under its own name.
    pub key: PublicKey,
    /// What it may do.
    pub roles: Vec<Role>,
    /// The event that authorised it.
    pub by: Seq,
    /// Size of the seal of that event's commit.
    pub(super) sealed_at: u64,
    /// The event that revoked it, and the size of the seal of that one's commit.
    pub(super) revoked: Option<(Seq, u64)>,
}

impl Authorised {
    /// The event that revoked it, if one did.
    #[must_use]
    pub fn revoked_by(&self) -> Option<Seq> {
        self.revoked.map(|(by, _)| by)
    }

    /// Whether it is valid for what is recorded next.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.revoked.is_none()
    }

    /// Whether it may do this. A second signature lets nobody do anything.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        !self.key.is_second() && self.roles.contains(&role)
    }
}

/// A key of an algorithm that is not known here: its signatures are counted and not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) name: Box<str>,
    pub(super) algorithm: u8,
    pub(super) bytes: Box<[u8]>,
    pub(super) sealed_at: u64,
    /// Size of the seal of the commit that revoked it.
    pub(super) revoked_at: Option<u64>,
}

/// What is known of a key that a signature names.
pub(super) struct Named<'r> {
    pub(super) name: &'r str,
    pub(super) algorithm: u8,
    /// Whether it may seal the commit that was asked about.
    pub(super) is_valid: bool,
    /// None of an algorithm that is not known here.
    pub(super) known: Option<&'r Authorised>,
}

/// The keys of a ledger, and the name it publishes under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    pub(super) origin: Box<str>,
    pub(super) keys: BTreeMap<Seq, Authorised>,
    pub(super) foreign: BTreeMap<Seq, Foreign>,
    /// Events that authorise a key which was valid already: they change nothing.
    twice: Vec<Seq>,
    /// Events about keys whose commit has not ended.
    pending: Vec<(Seq, Event)>,
    /// Size of the seal of the first commit that authorised a key.
    pub(super) first_sealed_at: Option<u64>,
    /// The first event about keys that cannot be read.
    unreadable: Option<Seq>,
}

impl Ring {
    /// Takes in an event, or that it was erased. Whatever is not about keys is passed over.
    pub fn note(&mut self, seq: Seq, kind: EventKind, event: Option<&Event>) {
        match (kind, event) {
            (EventKind::Genesis, Some(Event::Genesis(genesis))) => self.origin.clone_from(&genesis.origin),
            (EventKind::KeyAuthorised | EventKind::KeyRevoked, Some(event)) => self.pending.push((seq, event.clone())),
            (EventKind::KeyAuthorised | EventKind::KeyRevoked, None) => {
                self.unreadable.get_or_insert(seq);
            }
            _ => {}
        }
    }

    /// The keys of all authors, also of revoked ones, under the ledger's name: heads are signed by them.
    pub fn head_keys(&self) -> impl Iterator<Item = PublicKey> {
        self.all().filter_map(|author| author.key.named(&self.origin))
    }

    /// Whether anything was noted of the commit that has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Forgets what was noted of the commit that has not ended: it does not count.
    pub fn forget_open(&mut self) {
        self.pending.clear();
    }

    /// The commit of what was noted ends behind so many events.
    pub fn close(&mut self, size: u64) {
        for (seq, event) in std::mem::take(&mut self.pending) {
            match event {
                Event::KeyAuthorised { name, algorithm, public_key, roles } => {
                    if self.has_valid(algorithm, &public_key) {
                        self.twice.push(seq);
                        continue;
                    }
                    match PublicKey::of_algorithm(&name, algorithm, &public_key) {
                        Some(key) if matches!(algorithm, ED25519 | ML_DSA_44) => self.authorise(seq, size, key, &roles),
                        _ if is_foreign(algorithm, &public_key) => {
                            let bytes = public_key.clone();
                            let foreign = Foreign { name, algorithm, bytes, sealed_at: size, revoked_at: None };
                            self.foreign.insert(seq, foreign);
                        }
                        // What is no key authorises nobody.
                        _ => {}
                    }
                }
                Event::KeyRevoked { key, .. } => {
                    if let Some(key) = self.keys.get_mut(&key) {
                        key.revoked.get_or_insert((seq, size));
                    }
                    if let Some(key) = self.foreign.get_mut(&key) {
                        key.revoked_at.get_or_insert(size);
                    }
                }
                _ => {}
            }
        }
    }

    fn authorise(&mut self, by: Seq, sealed_at: u64, key: PublicKey, roles: &[Box<str>]) {
        if !key.is_second() {
            self.first_sealed_at.get_or_insert(sealed_at);
        }
        let roles = Role::ALL.iter().copied().filter(|role| roles.iter().any(|own| **own == *role.word())).collect();
        self.keys.insert(by, Authorised { key, roles, by, sealed_at, revoked: None });
    }

    fn has_valid(&self, algorithm: u8, bytes: &[u8]) -> bool {
        let is_it = |own: &Authorised| own.key.algorithm() == algorithm && own.key.bytes() == bytes && own.is_valid();
        let is_foreign = |own: &Foreign| own.algorithm == algorithm && *own.bytes == *bytes && own.revoked_at.is_none();
        self.keys.values().any(is_it) || self.foreign.values().any(is_foreign)
    }

    /// The events that authorise a key which was valid already.
    #[must_use]
    pub fn twice(&self) -> &[Seq] {
        &self.twice
    }

    /// The name under which the ledger's heads are published.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether a key was ever authorised: every seal from then on must be signed.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.first_sealed_at.is_some()
    }

    /// The first event about keys that cannot be read: who may seal is not known then.
    #[must_use]
    pub fn unreadable(&self) -> Option<Seq> {
        self.unreadable
    }

    /// A signature of a seal as a line of a note under the ledger's name; none of a key that is not known here.
    #[must_use]
    pub fn note_line(&self, signature: &Signature) -> Option<NoteSignature> {
        let key = self.key(Seq(signature.key))?.key.named(&self.origin)?;
        (key.algorithm() == signature.algorithm).then(|| NoteSignature::of(&key, &signature.bytes))
    }

    /// All keys, also revoked ones, in the order in which they were authorised.
    pub fn all(&self) -> impl Iterator<Item = &Authorised> {
        self.keys.values()
    }

    /// A key by the event that authorised it.
    #[must_use]
    pub fn key(&self, seq: Seq) -> Option<&Authorised> {
        self.keys.get(&seq)
    }

    /// The authorisation of a key by all its bytes: one that is valid, or else the last.
    #[must_use]
    pub fn find(&self, key: &PublicKey) -> Option<&Authorised> {
        let same = || {
            self.keys
                .values()
                .rev()
                .filter(|own| own.key.is_second() == key.is_second() && own.key.bytes() == key.bytes())
        };
        same().find(|own| own.is_valid()).or_else(|| same().next())
    }

    /// Other keys of this ledger, also revoked ones, whose names are this one's, or look like it, or differ from it in capitals
    /// only. A key for second signatures may be called as its owner's first.
    pub fn alike<'r>(&'r self, key: &'r PublicKey) -> impl Iterator<Item = &'r Authorised> {
        let looks = |name: &str| (name.to_lowercase(), look_of(name));
        let own = looks(key.name());
        self.keys.values().filter(move |other| {
            let (letters, look) = looks(other.key.name());
            let is_other = other.key.bytes() != key.bytes() && other.key.is_second() == key.is_second();
            is_other && (letters == own.0 || look == own.1)
        })
    }

    /// The key that an event authorised, and whether it may seal the commit which ends behind `size` events.
    pub(super) fn named(&self, seq: Seq, size: u64) -> Option<Named<'_>> {
        let is_first = self.first_sealed_at == Some(size);
        let is_valid = |sealed_at: u64, revoked_at: Option<u64>| {
            let is_authorised = if is_first { sealed_at == size } else { sealed_at < size };
            is_authorised && revoked_at.is_none_or(|revoked_at| revoked_at >= size)
        };
        let known = self.keys.get(&seq).map(|own| Named {
            name: own.key.name(),
            algorithm: own.key.algorithm(),
            is_valid: is_valid(own.sealed_at, own.revoked.map(|(_, sealed_at)| sealed_at)),
            known: Some(own),
        });
        let foreign = || {
            self.foreign.get(&seq).map(|own| Named {
                name: &own.name,
                algorithm: own.algorithm,
                is_valid: is_valid(own.sealed_at, own.revoked_at),
                known: None,
            })
        };
        known.or_else(foreign)
    }

    /// Whether the commit that ends behind `size` events must be signed.
    pub(super) fn binds(&self, size: u64) -> bool {
        self.first_sealed_at.is_some_and(|first| first <= size)
    }
}

/// Length of a public key of ML-DSA-44, in bytes.
const ML_DSA_44_KEY_LEN: usize = 1312;

/// Whether these bytes may be a key of an algorithm that is not known here.
fn is_foreign(algorithm: u8, bytes: &[u8]) -> bool {
    match algorithm {
        ED25519 => false,
        ML_DSA_44 => !SecondKey::IS_KNOWN && bytes.len() == ML_DSA_44_KEY_LEN,
        _ => true,
    }
}
