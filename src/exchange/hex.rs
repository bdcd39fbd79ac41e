//! Links and ids of ledgers as hexadecimal digits, and the ids of events that are made from them.

use std::fmt::Write as _;

use crate::value::ID_LEN;

/// 64 hexadecimal digits.
pub(super) fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of 64 hexadecimal digits in lower case.
pub(super) fn hash_of(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

/// What an event with this link is called if it has no id of the caller's own.
#[must_use]
pub fn derived_id(link: &[u8; 32]) -> String {
    let mut id = hex(link);
    id.truncate(ID_LEN);
    id
}
