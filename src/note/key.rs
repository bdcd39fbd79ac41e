//! Public keys, as signed notes name them.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};

use super::base64::{base64, of_base64};
use crate::tree::sha256;

/// The C2SP signature type of Ed25519.
pub const ED25519: u8 = 1;

/// Length of a key's id, in bytes.
pub(super) const ID_LEN: usize = 4;

/// An Ed25519 key and its name. Two keys are one only if both are the same: the id of four bytes that stands in a note
/// can be made to collide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: Box<str>,
    key: VerifyingKey,
}

impl PublicKey {
    /// A key of this name; none if the name cannot stand in a note, or the bytes are no key or a weak one.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Option<PublicKey> {
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        (is_key_name(name) && !key.is_weak()).then(|| PublicKey { name: name.into(), key })
    }

    pub(super) fn of(name: &str, key: VerifyingKey) -> PublicKey {
        PublicKey { name: name.into(), key }
    }

    /// The same key under another name; none if that cannot stand in a note.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<PublicKey> {
        is_key_name(name).then(|| PublicKey { name: name.into(), key: self.key })
    }

    /// Reads `NAME+ID+KEY`, the form that C2SP calls a vkey, in its one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<PublicKey> {
        let mut parts = text.splitn(3, '+');
        let (name, _id, key) = (parts.next()?, parts.next()?, of_base64(parts.next()?)?);
        let (ED25519, bytes) = key.split_first().map(|(algorithm, bytes)| (*algorithm, bytes))? else { return None };
        PublicKey::new(name, bytes).filter(|key| key.to_string() == text)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key itself, 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Its id: the beginning of a hash over name and key.
    #[must_use]
    pub fn id(&self) -> [u8; ID_LEN] {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]);
        hash.0.first_chunk().copied().unwrap_or_default()
    }

    /// Whether a signature over a text is this key's, strictly: neither a weak key nor a second spelling passes.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, base64(&[&[ED25519], self.bytes().as_slice()].concat()))
    }
}

/// Whether a name can stand in a note: not empty, no white space, no plus sign, nothing that steers a terminal.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}
