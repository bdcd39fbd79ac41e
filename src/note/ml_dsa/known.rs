//! With the feature.

use std::fmt;
use std::sync::Arc;

use ml_dsa::signature::{Keypair, Signer, Verifier};
use ml_dsa::{EncodedVerifyingKey, MlDsa44, Seed, Signature, SigningKey, VerifyingKey};

use crate::note::checkpoint::Checkpoint;
use crate::note::cosign;
use crate::note::key::{PublicKey, is_key_name};
use crate::note::private::SEED_LEN;

/// A public key, and its bytes.
#[derive(Clone)]
pub(in crate::note) struct Verifying(Arc<(VerifyingKey<MlDsa44>, Box<[u8]>)>);

impl Verifying {
    /// None if the bytes are not as many as a key has.
    pub(in crate::note) fn new(bytes: &[u8]) -> Option<Verifying> {
        let encoded = EncodedVerifyingKey::<MlDsa44>::try_from(bytes).ok()?;
        Some(Verifying(Arc::new((VerifyingKey::decode(&encoded), bytes.into()))))
    }

    pub(in crate::note) fn bytes(&self) -> &[u8] {
        &self.0.1
    }

    pub(in crate::note) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::<MlDsa44>::try_from(signature);
        signature.is_ok_and(|signature| self.0.0.verify(message, &signature).is_ok())
    }
}

impl PartialEq for Verifying {
    fn eq(&self, other: &Verifying) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Verifying {}

impl fmt::Debug for Verifying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verifying").field(&self.bytes()).finish()
    }
}

/// A private key of ML-DSA-44 and its name: it signs heads beside an Ed25519 key. It is wiped from memory when it is dropped.
pub struct SecondKey {
    name: Box<str>,
    key: SigningKey<MlDsa44>,
}

impl SecondKey {
    /// Whether such keys are known here.
    pub const IS_KNOWN: bool = true;

    /// The key of a seed, which nobody may be able to guess; none if the name cannot stand in a note.
    #[must_use]
    pub fn of_seed(name: &str, seed: &[u8; SEED_LEN]) -> Option<SecondKey> {
        is_key_name(name).then(|| SecondKey { name: name.into(), key: SigningKey::from_seed(&Seed::from(*seed)) })
    }

    /// The seed, for whoever keeps the key.
    #[must_use]
    pub fn seed(&self) -> &[u8; SEED_LEN] {
        self.key.as_seed().as_ref()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What everybody may know of it; none if its name cannot stand in a note.
    #[must_use]
    pub fn public(&self) -> Option<PublicKey> {
        PublicKey::of_algorithm(&self.name, super::super::ML_DSA_44, &self.key.verifying_key().encode())
    }

    /// Signs a head as the ledger of its origin, without a time: it does not say that no later one was seen. None if the
    /// origin is too long for that.
    #[must_use]
    pub fn sign_head(&self, head: &Checkpoint) -> Option<Vec<u8>> {
        self.cosign(&head.origin, 0, head)
    }

    /// Signs a head in a name, at a time in seconds since 1970-01-01T00:00:00Z; none if a name is too long for that.
    #[must_use]
    pub fn cosign(&self, name: &str, time: u64, head: &Checkpoint) -> Option<Vec<u8>> {
        let signature = self.key.sign(&cosign::ml_dsa_message(name, time, head)?);
        Some([time.to_be_bytes().as_slice(), &signature.encode()].concat())
    }
}

impl fmt::Debug for SecondKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondKey").field("name", &self.name).finish_non_exhaustive()
    }
}
