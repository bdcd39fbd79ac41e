//! The keys of a ledger, in time.

use std::collections::BTreeMap;

use super::role::Role;
use crate::event::{Event, EventKind};
use crate::note::{ED25519, ML_DSA_44, PublicKey};
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
    sealed_at: u64,
    /// The event that revoked it, and the size of the seal of that one's commit.
    revoked: Option<(Seq, u64)>,
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

/// The keys of a ledger, and the name it publishes under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ring {
    origin: Box<str>,
    keys: BTreeMap<Seq, Authorised>,
    /// Events about keys whose commit has not ended.
    pending: Vec<(Seq, Event)>,
    /// Size of the seal of the first commit that authorised a key.
    first_sealed_at: Option<u64>,
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

    /// The commit of what was noted ends behind so many events.
    pub fn close(&mut self, size: u64) {
        for (seq, event) in std::mem::take(&mut self.pending) {
            match event {
                // A key of another algorithm, or that is none, authorises nobody here.
                Event::KeyAuthorised { name, algorithm: algorithm @ (ED25519 | ML_DSA_44), public_key, roles } => {
                    let Some(key) = PublicKey::of_algorithm(&name, algorithm, &public_key) else { continue };
                    let is_second = key.is_second();
                    let roles = Role::ALL.iter().copied().filter(|role| roles.iter().any(|own| **own == *role.word()));
                    let (roles, by, sealed_at, revoked) = (roles.collect(), seq, size, None);
                    self.keys.insert(seq, Authorised { key, roles, by, sealed_at, revoked });
                    if !is_second {
                        self.first_sealed_at.get_or_insert(size);
                    }
                }
                Event::KeyRevoked { key, .. } => {
                    if let Some(key) = self.keys.get_mut(&key) {
                        key.revoked.get_or_insert((seq, size));
                    }
                }
                _ => {}
            }
        }
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

    /// A key that may seal the commit which ends behind `size` events.
    pub(super) fn valid_at(&self, seq: Seq, size: u64) -> Option<&Authorised> {
        let is_first = self.first_sealed_at == Some(size);
        self.keys.get(&seq).filter(|key| {
            let is_authorised = if is_first { key.sealed_at == size } else { key.sealed_at < size };
            is_authorised && key.revoked.is_none_or(|(_, sealed_at)| sealed_at >= size)
        })
    }

    /// Whether the commit that ends behind `size` events must be signed.
    pub(super) fn binds(&self, size: u64) -> bool {
        self.first_sealed_at.is_some_and(|first| first <= size)
    }
}
