//! The head of a ledger: what to keep elsewhere.

use crate::chain::Hash;

/// Size and hashes of a ledger at its newest seal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The name under which the ledger's heads are published.
    pub origin: String,
    /// How many events there are.
    pub size: u64,
    /// Link of the last event (BLAKE3).
    pub hash: Hash,
    /// Root of the RFC 6962 tree over all events (SHA-256).
    pub root: Hash,
    /// When the last event was recorded, in microseconds since 1970-01-01T00:00:00Z.
    pub recorded_at_micros: i64,
}

impl Head {
    /// The root in Base64, as checkpoints have it.
    #[must_use]
    pub fn root_text(&self) -> String {
        base64(&self.root.0)
    }

    /// The head as a C2SP checkpoint: origin, size, root, a line each.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root_text())
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let is_given = place <= chunk.len();
            let digit = DIGITS.get(digit as usize).copied().unwrap_or(b'=');
            text.push(char::from(if is_given { digit } else { b'=' }));
        }
    }
    text
}

/// 32 bytes in Base64 with padding; nothing that would be spelt otherwise.
pub(super) fn of_base64(text: &str) -> Option<[u8; 32]> {
    bytes_of_base64(text)?.try_into().ok()
}

/// Any bytes in Base64 with padding; nothing that would be spelt otherwise.
pub(super) fn bytes_of_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            bits = bits << 6 | chunk.get(place).map_or(Some(0), |digit| value_of(*digit))?;
        }
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(chunk.len().saturating_sub(1)));
    }
    (base64(&bytes) == text).then_some(bytes)
}

fn value_of(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        let root = [7; 32];
        assert_eq!(of_base64(&base64(&root)), Some(root));
        for text in ["", "Zg==", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd=", "????"] {
            assert_eq!(of_base64(text), None, "{text}");
        }
    }
}
