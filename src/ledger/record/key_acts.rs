//! Authorising and revoking keys.

use super::writer::{Receipt, Writer};
use crate::claim::checked_text;
use crate::event::{Event, EventKind};
use crate::keys::{Authorised, Role};
use crate::ledger::error::{Error, ErrorKind};
use crate::note::{ED25519, PublicKey};
use crate::seq::Seq;

/// What came of an act upon keys.
#[derive(Debug)]
pub struct Managed {
    /// The event that records it.
    pub seq: Seq,
    /// What was recorded with it.
    pub receipt: Receipt,
    /// Whether this was the first key: from here on everything must be signed.
    pub is_first: bool,
    /// What is odd about it and recorded all the same, in words.
    pub warnings: Vec<String>,
}

impl Writer {
    /// Authorises a key for what is recorded behind this. The first key of a ledger is the writer's own, and may manage
    /// keys. A key for second signatures has no roles.
    ///
    /// # Errors
    /// `Invalid` if it is authorised already, has no role, or the writer may not; `Io`. Nothing was recorded.
    pub fn authorise(&mut self, key: &PublicKey, roles: &[Role], now_micros: i64) -> Result<Managed, Error> {
        self.may_manage()?;
        if let Some(own) = self.keys().find(key).filter(|own| own.is_valid()) {
            let message = format!("this key is authorised already, by {}; nothing was recorded", own.by);
            let hint = if self.is_last_that_manages(own) {
                "it is the only key with the role keys: make another (`annals key new FILE --name NAME`), authorise it with \
                 --role keys and what else it is to do, and then revoke this one with it"
            } else {
                "revoke it first to change its roles"
            };
            return Err(Error::new(ErrorKind::Invalid, message).with_hint(hint));
        }
        if key.is_second() {
            self.may_sign_besides(roles)?;
            // It does not sign the commit that names it.
            self.sealer.sign_not_yet_with(key);
        } else if key.algorithm() != ED25519 {
            let message = format!("{key} is a witness's key, which seals nothing; nothing was recorded");
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("give what `annals key new` showed"));
        } else if roles.is_empty() {
            let message = "a key without a role may do nothing; nothing was recorded";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("add --role append, for example"));
        }
        let is_first = !self.keys().is_signed();
        if is_first {
            self.is_own_and_manages(key, roles)?;
        }
        let warnings = self.keys().alike(key).map(|other| alike_text(key, other)).collect();
        let event = Event::KeyAuthorised {
            name: key.name().into(),
            algorithm: key.algorithm(),
            public_key: key.bytes().into(),
            roles: roles.iter().map(|role| role.word().into()).collect(),
        };
        Ok(Managed { warnings, ..self.manage(event, is_first, now_micros)? })
    }

    /// Revokes a key, named by the event that authorised it (`#SEQ`), by its name, or as [`PublicKey`] is written.
    ///
    /// # Errors
    /// `NotFound` if no valid key is named so; `Invalid` if several are, if it is the last that may manage keys, or if
    /// the writer may not; `Io`. Nothing was recorded.
    pub fn revoke(&mut self, named: &str, reason: &str, now_micros: i64) -> Result<Managed, Error> {
        self.may_manage()?;
        let reason = checked_text("reason", reason.to_owned())?;
        let key = self.named_key(named)?;
        let by = key.by;
        let Some(other) = self.other_that_manages(key) else {
            let message = "without this key nobody could authorise another; nothing was recorded";
            return Err(Error::new(ErrorKind::Invalid, message).with_hint("authorise another with --role keys first"));
        };
        for own in [key, other] {
            self.stager.register.vouch_key(own);
        }
        self.manage(Event::KeyRevoked { key: by, reason }, false, now_micros)
    }

    /// A key other than this that may authorise and revoke keys.
    fn other_that_manages(&self, key: &Authorised) -> Option<&Authorised> {
        self.keys().all().find(|other| other.by != key.by && other.is_valid() && other.may(Role::Keys))
    }

    fn is_last_that_manages(&self, key: &Authorised) -> bool {
        key.may(Role::Keys) && self.other_that_manages(key).is_none()
    }

    fn may_manage(&self) -> Result<(), Error> {
        self.sealer.permits([EventKind::KeyAuthorised].into_iter().collect()).map(|_| ())
    }

    fn named_key(&self, named: &str) -> Result<&Authorised, Error> {
        let by_seq = named.starts_with('#').then(|| Seq::parse(named)).flatten();
        let is_named =
            |key: &&Authorised| Some(key.by) == by_seq || key.key.name() == named || key.key.to_string() == named;
        let mut found = self.keys().all().filter(|key| key.is_valid()).filter(is_named);
        match (found.next(), found.next()) {
            (Some(key), None) => Ok(key),
            (None, _) => {
                let message = format!("{named:?} is no valid key of this ledger; nothing was recorded");
                Err(Error::new(ErrorKind::NotFound, message).with_hint("`annals key list` lists them"))
            }
            (Some(_), Some(_)) => {
                let message = format!("several keys are named {named:?}; nothing was recorded");
                Err(Error::new(ErrorKind::Invalid, message).with_hint("name it by #SEQ, as `annals key list` shows it"))
            }
        }
    }

    /// A second signature stands beside one that may record, and lets nobody record anything by itself.
    fn may_sign_besides(&self, roles: &[Role]) -> Result<(), Error> {
        let (message, hint) = if !roles.is_empty() {
            ("a key for second signatures has no roles; nothing was recorded", "leave --role out")
        } else if !self.keys().is_signed() {
            let hint = "authorise an Ed25519 key first: `annals key new FILE --name NAME`";
            ("a second signature needs a first one, and this ledger has no keys; nothing was recorded", hint)
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::Invalid, message).with_hint(hint))
    }

    /// The first key seals the commit that names it, and must be able to name others.
    fn is_own_and_manages(&self, key: &PublicKey, roles: &[Role]) -> Result<(), Error> {
        let message = match self.sealer.key() {
            Some(own) if own.public().bytes() != key.bytes() => "the first key of a ledger must be the writer's own",
            None => "the first key of a ledger seals the commit that names it, and no private key was given",
            Some(_) if !roles.contains(&Role::Keys) => "the first key of a ledger must have the role keys",
            Some(_) => return Ok(()),
        };
        let hint = "give --key FILE of the key itself; without --role it has every role";
        Err(Error::new(ErrorKind::Invalid, format!("{message}; nothing was recorded")).with_hint(hint))
    }

    fn manage(&mut self, event: Event, is_first: bool, now_micros: i64) -> Result<Managed, Error> {
        let mut batch = Vec::new();
        let seq = self.stager.add(event, &mut batch);
        if is_first {
            let origin = self.head.origin.clone();
            self.sealer.arm_as(seq, None, &origin, &mut self.log);
        }
        let receipt = self.append(&batch, Vec::new(), now_micros)?;
        Ok(Managed { seq, receipt, is_first, warnings: Vec::new() })
    }
}

/// How the name of a key is like that of another.
fn alike_text(key: &PublicKey, other: &Authorised) -> String {
    let (name, own, by) = (other.key.name(), key.name(), other.by);
    let how = if name == own { "is called the same as" } else { "looks like" };
    let revoked = other.revoked_by().map_or_else(String::new, |by| format!(", which was revoked by {by}"));
    format!(
        "{own:?} {how} {name:?}, another key of this ledger, authorised by {by}{revoked}: tell them apart by all their bytes"
    )
}
