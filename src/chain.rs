//! The chain: BLAKE3 links and tips that tie every event to all events and seals before it, and the heads that name its
//! end.
//!
//! Hashes are taken over the bytes that lie in the file, never over something decoded and encoded again.

use std::fmt;
use std::str::FromStr;

pub use crate::hash::{
    HASH_LEN, Hash, LINK_CONTEXT, NotAHash, PAYLOAD_CONTEXT, SALT_LEN, SEAL_CONTEXT, SEGMENT_CONTEXT, cache_name,
    commitment, digest, digest_of, link, segment_checksum, tip,
};

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
    fn print_and_parse_are_inverse() {
        let head = Head { size: 412, tip: tip(b"x") };
        assert_eq!(head.to_string().parse(), Ok(head));
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
    }
}
