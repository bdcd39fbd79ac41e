//! Private keys: they sign, and show themselves to nobody.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};

use super::key::{PublicKey, is_key_name};

/// Length of the seed that a private key is made of, in bytes.
pub const SEED_LEN: usize = 32;

/// A private Ed25519 key and its name. It is wiped from memory when it is dropped.
pub struct PrivateKey {
    name: Box<str>,
    key: SigningKey,
}

impl PrivateKey {
    /// The key of a seed, which nobody may be able to guess; none if the name cannot stand in a note.
    #[must_use]
    pub fn of_seed(name: &str, seed: &[u8; SEED_LEN]) -> Option<PrivateKey> {
        is_key_name(name).then(|| PrivateKey { name: name.into(), key: SigningKey::from_bytes(seed) })
    }

    /// The seed, for whoever keeps the key.
    #[must_use]
    pub fn seed(&self) -> &[u8; SEED_LEN] {
        self.key.as_bytes()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What everybody may know of it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::of(&self.name, self.key.verifying_key())
    }

    /// Signs a text.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.key.sign(text).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("name", &self.name).finish_non_exhaustive()
    }
}
