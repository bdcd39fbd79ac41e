//! Without the feature: there is no key, so nothing can be asked of one.

use crate::note::checkpoint::Checkpoint;
use crate::note::key::PublicKey;
use crate::note::private::SEED_LEN;

/// A public key, of which there is none here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::note) enum Verifying {}

impl Verifying {
    /// None.
    pub(in crate::note) fn new(_bytes: &[u8]) -> Option<Verifying> {
        None
    }

    pub(in crate::note) fn bytes(&self) -> &[u8] {
        match *self {}
    }

    pub(in crate::note) fn verifies(&self, _message: &[u8], _signature: &[u8]) -> bool {
        match *self {}
    }
}

/// A private key of ML-DSA-44, of which there is none without the cargo feature `ml-dsa`.
#[derive(Debug)]
pub enum SecondKey {}

impl SecondKey {
    /// Whether such keys are known here.
    pub const IS_KNOWN: bool = false;

    /// None.
    #[must_use]
    pub fn of_seed(_name: &str, _seed: &[u8; SEED_LEN]) -> Option<SecondKey> {
        None
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> &[u8; SEED_LEN] {
        match *self {}
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match *self {}
    }

    /// What everybody may know of it.
    #[must_use]
    pub fn public(&self) -> Option<PublicKey> {
        match *self {}
    }

    /// Signs a head.
    #[must_use]
    pub fn sign_head(&self, _head: &Checkpoint) -> Option<Vec<u8>> {
        match *self {}
    }
}
