//! The wire form of events: bincode over structs that never change. serde and bincode live here only.
//!
//! An event's kind stands in its envelope, so a payload is the encoding of that kind's own struct. There is
//! one spelling: what does not encode back to the very same bytes is refused.

mod build;
mod decode;
mod encode;
mod rules;
mod strict;
mod wire;

#[cfg(test)]
mod tests;

use std::fmt;

pub use decode::{check, check_claim, decode};
pub use encode::{encode, encode_behind, encode_statement};

/// The longest payload, in bytes.
pub const PAYLOAD_LEN_MAX: usize = 16 << 20;

/// Why an event cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Length of its encoding, in bytes.
    pub len: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the event takes {} bytes; {PAYLOAD_LEN_MAX} is the most", self.len)
    }
}

impl std::error::Error for TooLong {}

/// Why bytes are no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Not an encoding of the kind's struct.
    Malformed(String),
    /// The struct is there, but a field holds what no event can hold.
    Field(&'static str),
    /// Another encoding of the same event is the one spelling.
    NotCanonical,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Malformed(why) => write!(f, "the payload is malformed: {why}"),
            DecodeError::Field(field) => write!(f, "the payload's field {field} holds what no event can hold"),
            DecodeError::NotCanonical => f.write_str("the payload is not in its one spelling"),
        }
    }
}

impl std::error::Error for DecodeError {}
