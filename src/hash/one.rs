//! One message hashed: by BLAKE3 in the contexts of the format, and by SHA-256 for the tree.
//!
//! Each use of BLAKE3 has its own context, so that a hash made for one purpose can never pass for another.

use std::io;
use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use sha2::{Digest, Sha256};

use super::Hash;

/// Context of the hash that commits an envelope to its payload.
pub const PAYLOAD_CONTEXT: &str = "annals v1 payload";
/// Context of the hash that links an event to the next.
pub const LINK_CONTEXT: &str = "annals v1 link";
/// Context of the name of a ledger's folder in a cache.
const CACHE_CONTEXT: &str = "annals v1 cache";
/// Context of what events are found by in a cache.
const LOOKUP_CONTEXT: &str = "annals v1 lookup";
/// Context of the digest that a seal carries of itself.
pub const SEAL_CONTEXT: &str = "annals v1 seal";
/// Context of the checksum of a segment's header.
pub const SEGMENT_CONTEXT: &str = "annals v1 segment";

/// Length of a salt, in bytes.
pub const SALT_LEN: usize = 16;
/// What a leaf of the tree begins with (RFC 6962, 2.1).
pub(super) const LEAF: [u8; 1] = [0];
/// What a node over two others begins with.
pub(super) const NODE: [u8; 1] = [1];

/// Deriving a context's key costs a hash of its own: it is done once.
pub(super) static PAYLOAD_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(PAYLOAD_CONTEXT));
pub(super) static LINK_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(LINK_CONTEXT));
static LOOKUP_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(LOOKUP_CONTEXT));
static SEAL_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(SEAL_CONTEXT));
static SEGMENT_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(SEGMENT_CONTEXT));

/// The link of an event: the hash of its envelope, exactly as it lies in the file.
#[must_use]
pub fn link(envelope: &[u8]) -> Hash {
    keyed(&LINK_KEY, &[envelope])
}

/// The tip that belongs to a seal: the digest of its body, from the size to the last signature.
#[must_use]
pub fn tip(seal_body: &[u8]) -> Hash {
    keyed(&SEAL_KEY, &[seal_body])
}

/// What an envelope holds in place of its payload. Without the salt nobody can guess the payload from it.
#[must_use]
pub fn commitment(salt: &[u8; SALT_LEN], payload: &[u8]) -> Hash {
    keyed(&PAYLOAD_KEY, &[salt, payload])
}

/// The checksum of a segment's header, over all bytes before it.
#[must_use]
pub fn segment_checksum(header: &[u8]) -> Hash {
    keyed(&SEGMENT_KEY, &[header])
}

/// The plain BLAKE3 digest of a file's bytes: the name of a captured copy.
#[must_use]
pub fn digest(bytes: &[u8]) -> Hash {
    Hash(blake3::hash(bytes).into())
}

/// The plain BLAKE3 digest of all that a file holds, read a piece at a time.
///
/// # Errors
/// If it cannot be read.
pub fn digest_of(file: impl io::Read) -> io::Result<Hash> {
    let mut hasher = Hasher::new();
    hasher.update_reader(file)?;
    Ok(Hash(hasher.finalize().into()))
}

/// The name of a ledger's folder in a cache: of where the ledger lies, whichever lies there.
#[must_use]
pub fn cache_name(real_path: &[u8]) -> Hash {
    keyed(&hash_derive_key_context(CACHE_CONTEXT), &[real_path])
}

/// 64 bits of something by which events are found in a cache. Nobody can easily make many things that have the same.
#[must_use]
pub fn lookup(bytes: &[u8]) -> u64 {
    keyed(&LOOKUP_KEY, &[bytes]).0.first_chunk().map_or(0, |start| u64::from_le_bytes(*start))
}

pub(super) fn keyed(key: &ContextKey, parts: &[&[u8]]) -> Hash {
    let mut hasher = Hasher::new_from_context_key(key);
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// The leaf of an event in the tree: the hash of a zero byte and its envelope (RFC 6962, 2.1).
#[must_use]
pub fn leaf(envelope: &[u8]) -> Hash {
    sha256(&[&LEAF, envelope])
}

/// The node of the tree over two others: the hash of a one byte and both (RFC 6962, 2.1).
#[must_use]
pub fn parent(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&NODE, &left.0, &right.0])
}

/// SHA-256 over parts, one behind the other.
#[must_use]
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}
