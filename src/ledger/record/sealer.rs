//! Who seals what a writer records: with keys, a commit is signed by one that may record what it holds, or not written.

use std::fmt;
use std::sync::Arc;

use crate::chain::Hash;
use crate::frame::Signature;
use crate::keys::{Authorised, Kinds, Ring};
use crate::ledger::error::{Error, ErrorKind};
use crate::ledger::head::Head;
use crate::ledger::knowledge::numbered::Numbered;
use crate::ledger::knowledge::register::Register;
use crate::log;
use crate::note::{Checkpoint, ED25519, ML_DSA_44, PrivateKey, PublicKey, SecondKey};
use crate::seq::Seq;

/// The keys of a ledger, and the private key of who writes.
pub(in crate::ledger) struct Sealer {
    ring: Ring,
    key: Option<Arc<PrivateKey>>,
    second: Option<Arc<SecondKey>>,
    is_armed: bool,
}

impl Sealer {
    pub(super) fn new(ring: Ring) -> Sealer {
        Sealer { ring, key: None, second: None, is_armed: false }
    }

    pub(super) fn sign_with(&mut self, key: PrivateKey) {
        (self.key, self.is_armed) = (Some(Arc::new(key)), false);
    }

    pub(super) fn sign_also_with(&mut self, key: SecondKey) {
        (self.second, self.is_armed) = (Some(Arc::new(key)), false);
    }

    /// Leaves a key for second signatures out, if it is this one.
    pub(super) fn sign_not_yet_with(&mut self, key: &PublicKey) {
        let is_it = |own: &Arc<SecondKey>| own.public().is_some_and(|own| own.bytes() == key.bytes());
        self.second = self.second.take().filter(|own| !is_it(own));
    }

    pub(super) fn ring(&self) -> &Ring {
        &self.ring
    }

    pub(super) fn key(&self) -> Option<&PrivateKey> {
        self.key.as_deref()
    }

    /// Has the log sign its next commits, if the ledger is signed.
    ///
    /// # Errors
    /// As [`permits`](Sealer::permits).
    pub(in crate::ledger) fn arm(&mut self, log: &mut log::Writer, head: &Head, kinds: Kinds) -> Result<(), Error> {
        let Some(by) = self.permits(kinds)?.map(|own| own.by) else { return Ok(()) };
        let second = self.second_by(&head.origin)?;
        if !self.is_armed {
            self.arm_as(by, second, &head.origin, log);
        }
        Ok(())
    }

    /// Checks, by the log, what is known of the keys that sign.
    pub(in crate::ledger) fn vouch(&self, head: &Head, register: &Register) {
        if !head.signatures.is_empty() && !self.ring.is_signed() {
            register.doubt();
        }
        let own = self.key.as_ref().and_then(|key| self.ring.find(&key.public()));
        let second = self.second.as_ref().and_then(|key| self.ring.find(&key.public()?));
        own.into_iter().chain(second).for_each(|own| register.vouch_key(own));
    }

    /// Has the log sign its next commits in the name of the events that authorise the keys.
    pub(super) fn arm_as(&mut self, by: Seq, second_by: Option<Seq>, origin: &str, log: &mut log::Writer) {
        if let Some(key) = &self.key {
            let second = self.second.clone().zip(second_by);
            log.sign_with(signer(key.clone(), second, origin, by));
            self.is_armed = true;
        }
    }

    /// The event that authorises the key for second signatures, if one was given.
    fn second_by(&self, origin: &str) -> Result<Option<Seq>, Error> {
        let Some(key) = &self.second else { return Ok(None) };
        let denied = |why: &str| {
            let message = format!("the second key {:?} {why}; nothing was recorded", key.name());
            Err(Error::new(ErrorKind::Invalid, message).with_hint("`annals key list` says who may do what"))
        };
        match key.public().and_then(|public| self.ring.find(&public)) {
            None => denied("is not authorised in this ledger"),
            Some(own) if !own.is_valid() => denied("was revoked"),
            Some(_) if u8::try_from(origin.len()).is_err() => denied("cannot sign the heads of so long a name"),
            Some(own) => Ok(Some(own.by)),
        }
    }

    /// Whether the writer may seal a commit of these kinds, and with which key; `None`: the ledger is not signed.
    ///
    /// # Errors
    /// `Invalid` if it needs a key and none was given, or one that may not.
    pub(in crate::ledger) fn permits(&self, kinds: Kinds) -> Result<Option<&Authorised>, Error> {
        if !self.ring.is_signed() {
            return Ok(None);
        }
        let Some(key) = &self.key else {
            let message = "what is recorded in this ledger must be signed, and no key was given; nothing was recorded";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("add --key FILE, or set ANNALS_KEY"));
        };
        let denied = |why: String| {
            let message = format!("the key {:?} {why}; nothing was recorded", key.name());
            Err(Error::new(ErrorKind::Invalid, message).with_hint("`annals key list` says who may do what"))
        };
        let Some(own) = self.ring.find(&key.public()) else {
            return denied("is not authorised in this ledger".to_owned());
        };
        if let Some(by) = own.revoked_by() {
            return denied(format!("was revoked by {by}"));
        }
        match kinds.roles().map(|(role, _)| role).find(|role| !own.may(*role)) {
            Some(role) => denied(format!("has not the role {}", role.word())),
            None => Ok(Some(own)),
        }
    }

    /// What was appended is recorded, up to this size.
    pub(super) fn is_recorded(&mut self, batch: &[Numbered], size: u64) {
        for numbered in batch {
            self.ring.note(numbered.seq, numbered.event.kind(), Some(&numbered.event));
        }
        self.ring.close(size);
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Signs the checkpoints of a ledger of this name, also with a second key if there is one.
pub(super) fn signer(
    key: Arc<PrivateKey>,
    second: Option<(Arc<SecondKey>, Seq)>,
    origin: &str,
    by: Seq,
) -> Box<log::Signer> {
    let origin: Box<str> = origin.into();
    Box::new(move |size, root: Hash| {
        let head = Checkpoint { origin: origin.clone(), size, root };
        let bytes = key.sign(head.to_string().as_bytes()).to_vec();
        let first = Signature { key: by.0, algorithm: ED25519, bytes };
        let second = second
            .as_ref()
            .and_then(|(key, by)| Some(Signature { key: by.0, algorithm: ML_DSA_44, bytes: key.sign_head(&head)? }));
        [first].into_iter().chain(second).collect()
    })
}
