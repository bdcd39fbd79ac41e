//! What a ledger's head is published as: a C2SP checkpoint in a C2SP signed note, which tools that know nothing of
//! annals open and check. ed25519-dalek and ml-dsa live here only.
//!
//! Signatures are checked one by one, strictly; never in batches, which accept what single checks refuse.

mod base64;
mod checkpoint;
mod cosign;
mod head;
mod key;
mod ml_dsa;
mod policy;
mod private;
mod signed;

pub use base64::{base64, of_base64};
pub use checkpoint::Checkpoint;
pub use head::ProvenHead;
pub use key::{COSIGNATURE, ED25519, ML_DSA_44, PublicKey, is_key_name};
pub use ml_dsa::SecondKey;
pub use policy::{Judged, POLICY_LEN_MAX, Policy, Witness};
pub use private::{PrivateKey, SEED_LEN};
pub use signed::{NOTE_LEN_MAX, NoteSignature, Signed, SignedNote};

#[cfg(test)]
mod tests;
