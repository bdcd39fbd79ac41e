//! The chain: BLAKE3 links and tips that tie every event to all events and seals before it, and the heads that name its
//! end.
//!
//! Hashes are taken over the bytes that lie in the file, never over something decoded and encoded again.
//! Each use has its own context, so that a hash made for one purpose can never pass for another.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

/// Context of the hash that commits an envelope to its payload.
pub const PAYLOAD_CONTEXT: &str = "annals v1 payload";
/// Context of the hash that links an event to the next.
pub const LINK_CONTEXT: &str = "annals v1 link";
/// Context of the fingerprint of a name in the index.
const NAME_CONTEXT: &str = "annals v1 index name";
/// Context of the digest that a seal carries of itself.
pub const SEAL_CONTEXT: &str = "annals v1 seal";
/// Context of the checksum of a segment's header.
pub const SEGMENT_CONTEXT: &str = "annals v1 segment";

/// Length of every hash, in bytes.
pub const HASH_LEN: usize = 32;
/// Length of a salt, in bytes.
pub const SALT_LEN: usize = 16;

/// Deriving a context's key costs a hash of its own: it is done once.
static PAYLOAD_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(PAYLOAD_CONTEXT));
static LINK_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(LINK_CONTEXT));
static SEAL_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(SEAL_CONTEXT));
static NAME_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(NAME_CONTEXT));
static SEGMENT_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(SEGMENT_CONTEXT));

/// A hash of 32 bytes, written as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; HASH_LEN]);

impl Hash {
    /// Thirty-two zeros: what stands before the first event.
    pub const ZERO: Hash = Hash([0; HASH_LEN]);
}

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

/// The same of all that a file holds, a piece at a time.
///
/// # Errors
/// If it cannot be read.
pub fn digest_of(file: impl io::Read) -> io::Result<Hash> {
    let mut hasher = Hasher::new();
    hasher.update_reader(file)?;
    Ok(Hash(hasher.finalize().into()))
}

/// 64 bits of a name, by which an index finds it. Names of 64 equal bits can be made: whoever finds one compares it.
#[must_use]
pub fn fingerprint(kind: u8, name: &[u8]) -> u64 {
    let Hash(hash) = keyed(&NAME_KEY, &[&[kind], name]);
    hash.first_chunk().map_or(0, |bits| u64::from_be_bytes(*bits))
}

fn keyed(key: &ContextKey, parts: &[&[u8]]) -> Hash {
    let mut hasher = Hasher::new_from_context_key(key);
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    /// Reads what `Display` writes, and nothing else.
    fn from_str(text: &str) -> Result<Hash, NotAHash> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Ok(b - b'0'),
            b'a'..=b'f' => Ok(b - b'a' + 10),
            _ => Err(NotAHash),
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != HASH_LEN || !rest.is_empty() {
            return Err(NotAHash);
        }
        let mut hash = Hash::ZERO;
        for (byte, [high, low]) in hash.0.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(hash)
    }
}

/// The text is not 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAHash;

impl fmt::Display for NotAHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hash is 64 lower-case hex digits")
    }
}

impl std::error::Error for NotAHash {}

/// A point of a ledger's history: how many events there were, and the tip of the seal that closed them. It names every
/// event and every seal up to there, that seal included. Written `SIZE:TIP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Head {
    /// Count of events, which is the number of the last.
    pub size: u64,
    /// The seal's tip; zeros before the first seal.
    pub tip: Hash,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.size, self.tip)
    }
}

impl FromStr for Head {
    type Err = NotAHead;

    /// Reads what `Display` writes of a seal, and nothing else: no sign, no leading zeros. No seal closes 0 events.
    fn from_str(text: &str) -> Result<Head, NotAHead> {
        let (size, tip) = text.split_once(':').ok_or(NotAHead::Form)?;
        let tip = tip.parse().map_err(|NotAHash| NotAHead::Form)?;
        let head = Head { size: size.parse().map_err(|_| NotAHead::Form)?, tip };
        match head.size.to_string() == size {
            true if head.size == 0 => Err(NotAHead::Empty),
            true => Ok(head),
            false => Err(NotAHead::Form),
        }
    }
}

/// Why a text names no head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAHead {
    /// It is not `SIZE:TIP`.
    Form,
    /// Its size is 0, which no ledger ever had.
    Empty,
}

impl fmt::Display for NotAHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAHead::Form => "a head is SIZE:TIP, a count of events and 64 lower-case hex digits",
            NotAHead::Empty => "a ledger never had a head of 0 events",
        })
    }
}

impl std::error::Error for NotAHead {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cached_keys_give_what_derive_key_gives() {
        assert_eq!(link(b"envelope").0, blake3::derive_key("annals v1 link", b"envelope"));
        assert_eq!(tip(b"body").0, blake3::derive_key("annals v1 seal", b"body"));
        assert_eq!(segment_checksum(b"header").0, blake3::derive_key("annals v1 segment", b"header"));
        let mut salted = vec![7; SALT_LEN];
        salted.extend_from_slice(b"payload");
        assert_eq!(commitment(&[7; SALT_LEN], b"payload").0, blake3::derive_key("annals v1 payload", &salted));
    }

    #[test]
    fn print_and_parse_are_inverse() {
        let head = Head { size: 412, tip: tip(b"x") };
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_eq!(head.tip.to_string().parse(), Ok(head.tip));
        assert_eq!(head.tip.to_string().len(), 64);
    }

    #[test]
    fn a_head_has_one_spelling() {
        let hash = Hash::ZERO.to_string();
        assert!(format!("1:{hash}").parse::<Head>().is_ok());
        assert_eq!(format!("0:{hash}").parse::<Head>(), Err(NotAHead::Empty));
        for text in [
            "",
            ":",
            "1",
            &hash,
            &format!("01:{hash}"),
            &format!("00:{hash}"),
            &format!("+1:{hash}"),
            &format!("1:{hash}0"),
        ] {
            assert_eq!(text.parse::<Head>(), Err(NotAHead::Form), "{text}");
        }
        assert_eq!("A".repeat(64).parse::<Hash>(), Err(NotAHash), "upper case");
    }
}
