//! Public keys, as signed notes name them.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};

use super::base64::{base64, of_base64};
use super::checkpoint::Checkpoint;
use super::cosign;
use super::ml_dsa::{SecondKey, Verifying};
use crate::hash::sha256;

/// The C2SP signature type of Ed25519: over the text itself.
pub const ED25519: u8 = 1;
/// The C2SP signature type of a witness's Ed25519: over the text and a time (tlog-cosignature).
pub const COSIGNATURE: u8 = 4;

/// The C2SP signature type of ML-DSA-44: over a checkpoint and a time (tlog-cosignature).
pub const ML_DSA_44: u8 = 6;

/// Length of a key's id, in bytes.
pub(super) const ID_LEN: usize = 4;

/// A key and its name. Two keys are one only if both are the same: the id of four bytes that stands in a note can be made
/// to collide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: Box<str>,
    material: Material,
}

/// What signatures are checked with, and over what they are made.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    Ed25519(VerifyingKey),
    Cosigner(VerifyingKey),
    MlDsa44(Verifying),
}

impl Material {
    fn new(algorithm: u8, bytes: &[u8]) -> Option<Material> {
        let ed25519 = || {
            let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
            (!key.is_weak()).then_some(key)
        };
        match algorithm {
            ED25519 => ed25519().map(Material::Ed25519),
            COSIGNATURE => ed25519().map(Material::Cosigner),
            ML_DSA_44 => Verifying::new(bytes).map(Material::MlDsa44),
            _ => None,
        }
    }
}

impl PublicKey {
    /// An Ed25519 key of this name; none if the name cannot stand in a note, or the bytes are no key or a weak one.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Option<PublicKey> {
        PublicKey::of_algorithm(name, ED25519, bytes)
    }

    /// A key of this name, of an algorithm by its C2SP signature type; none also if that is not known here.
    #[must_use]
    pub fn of_algorithm(name: &str, algorithm: u8, bytes: &[u8]) -> Option<PublicKey> {
        let material = Material::new(algorithm, bytes)?;
        is_key_name(name).then(|| PublicKey { name: name.into(), material })
    }

    /// Whether keys of this algorithm are known here.
    #[must_use]
    pub fn knows(algorithm: u8) -> bool {
        matches!(algorithm, ED25519 | COSIGNATURE) || (algorithm == ML_DSA_44 && SecondKey::IS_KNOWN)
    }

    pub(super) fn of(name: &str, key: VerifyingKey) -> PublicKey {
        PublicKey { name: name.into(), material: Material::Ed25519(key) }
    }

    /// This key under another name; none if that cannot stand in a note.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<PublicKey> {
        is_key_name(name).then(|| PublicKey { name: name.into(), material: self.material.clone() })
    }

    /// Reads `NAME+ID+KEY`, the form that C2SP calls a vkey, in its one spelling; none also of an algorithm that is not
    /// known here.
    #[must_use]
    pub fn parse(text: &str) -> Option<PublicKey> {
        let mut parts = text.splitn(3, '+');
        let (name, _id, key) = (parts.next()?, parts.next()?, of_base64(parts.next()?)?);
        let (algorithm, bytes) = key.split_first()?;
        PublicKey::of_algorithm(name, *algorithm, bytes).filter(|key| key.to_string() == text)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its algorithm, as a C2SP signature type.
    #[must_use]
    pub fn algorithm(&self) -> u8 {
        match &self.material {
            Material::Ed25519(_) => ED25519,
            Material::Cosigner(_) => COSIGNATURE,
            Material::MlDsa44(_) => ML_DSA_44,
        }
    }

    /// Whether it signs heads of a ledger beside an Ed25519 key, which it never stands for.
    #[must_use]
    pub fn is_second(&self) -> bool {
        self.algorithm() == ML_DSA_44
    }

    /// Whether it can be a witness's: its signatures are cosignatures, which say when.
    #[must_use]
    pub fn cosigns(&self) -> bool {
        self.algorithm() != ED25519
    }

    /// The key itself: 32 bytes of Ed25519, 1312 of ML-DSA-44.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.material {
            Material::Ed25519(key) | Material::Cosigner(key) => key.as_bytes(),
            Material::MlDsa44(key) => key.bytes(),
        }
    }

    /// Its id: the beginning of a hash over name and key.
    #[must_use]
    pub fn id(&self) -> [u8; ID_LEN] {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[self.algorithm()], self.bytes()]);
        hash.0.first_chunk().copied().unwrap_or_default()
    }

    /// Whether a signature over a text is this key's, strictly: neither a weak key nor a second spelling passes.
    #[must_use]
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let strictly = |key: &VerifyingKey, text: &[u8], signature: &[u8]| {
            let signature = Signature::from_slice(signature);
            signature.is_ok_and(|signature| key.verify_strict(text, &signature).is_ok())
        };
        match &self.material {
            Material::Ed25519(key) => strictly(key, text, signature),
            Material::Cosigner(key) => cosign::split(signature)
                .is_some_and(|(time, signature)| strictly(key, &cosign::ed25519_message(time, text), signature)),
            Material::MlDsa44(key) => cosign::split(signature).is_some_and(|(time, signature)| {
                let head = std::str::from_utf8(text).ok().and_then(Checkpoint::parse);
                let message = head.and_then(|head| cosign::ml_dsa_message(&self.name, time, &head));
                message.is_some_and(|message| key.verifies(&message, signature))
            }),
        }
    }

    /// When a signature of this key says that it was made, in seconds since 1970-01-01T00:00:00Z; none if it does not say.
    #[must_use]
    pub fn time_in(&self, signature: &[u8]) -> Option<u64> {
        match &self.material {
            Material::Ed25519(_) => None,
            Material::Cosigner(_) => cosign::split(signature).map(|(time, _)| time),
            // Zero says only that it fits what was seen before.
            Material::MlDsa44(_) => cosign::split(signature).map(|(time, _)| time).filter(|time| *time > 0),
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        write!(f, "{}+{id:08x}+{}", self.name, base64(&[&[self.algorithm()], self.bytes()].concat()))
    }
}

/// Whether a name can stand in a note: not empty, no white space, no plus sign, nothing that steers a terminal.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}
