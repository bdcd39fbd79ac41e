//! Proofs for people without the ledger: that it holds these events, and that it grew from an earlier head. They are
//! texts of one spelling: what does not come out the same again is refused. `docs/trust.md` says what stands in them.

mod check;
mod gather;
mod growth;
mod make;
mod offer;
mod past;
mod receipt;

pub use check::{PROOF_LEN_MAX, Proven, ProvenEvent, check_proof};
pub(in crate::share) use make::{newest, newest_and_keys};
pub use make::{prove, prove_cosigned, prove_growth, prove_growth_cosigned, prove_growth_to};
pub use offer::{Offer, check_head, newest_cosigned};
pub(in crate::share) use past::{Sealed, scan_behind, sealed_at};

use crate::chain::{Hash, digest};
use crate::note::{ProvenHead, base64, of_base64};

/// A proof's text: a title, one sentence of what it proves, a checksum, and what it proves it by.
fn with_heading(title: &str, sentence: &str, body: &str) -> String {
    format!("{title}\n{sentence}\nchecksum {}\n\n{body}", digest(body.as_bytes()))
}

/// Hashes in Base64, one a line.
fn hash_lines(hashes: &[Hash]) -> String {
    hashes.iter().fold(String::new(), |lines, hash| lines + &base64(&hash.0) + "\n")
}

fn hashes_of<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Vec<Hash>> {
    lines.map(hash_of).collect()
}

fn hash_of(text: &str) -> Option<Hash> {
    Some(Hash(of_base64(text)?.try_into().ok()?))
}

/// Who vouches for a head, in a sentence.
fn vouched(head: &ProvenHead) -> String {
    let mut signers: Vec<&str> = head.signers().collect();
    signers.dedup();
    if signers.is_empty() {
        "Nobody signed that: compare it with a head that was kept elsewhere.".to_owned()
    } else {
        format!("It is signed by {}.", signers.join(" and "))
    }
}
