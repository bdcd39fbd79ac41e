//! Time-stamps of RFC 3161: asking for one, and checking what was answered, without a network. An authority signs that
//! it saw a hash at a time. der, rustls-webpki and ring live here only.
//!
//! A response counts if it stamps what was asked for; if what is signed has the hash that the signed attributes name; if
//! these are signed by the certificate that they name themselves, which is one for stamping time and nothing else; and if
//! certificates that were all valid at the stamped time lead from there to an authority that is given. Whether one was
//! revoked is not asked: that takes a network.

mod algorithms;
mod authorities;
mod certificate;
mod fields;
mod info;
mod refusal;
mod response;
mod token;

pub use authorities::Authorities;
pub use refusal::Refusal;
pub use response::{RESPONSE_LEN_MAX, Response, Stamp};

use crate::chain::Hash;

/// What a request begins with: version 1, and that a SHA-256 of 32 bytes follows.
const REQUEST_START: [u8; 24] = [
    0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x01, 0x05, 0x00, 0x04, 0x20,
];

/// The number that a request is asked with, so that an old answer is not taken for its own: 62 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce([u8; 8]);

impl Nonce {
    /// Of random bytes; two bits are set so that it has one length.
    #[must_use]
    pub fn of(mut random: [u8; 8]) -> Nonce {
        if let Some(first) = random.first_mut() {
            *first = *first & 0x7f | 0x40;
        }
        Nonce(random)
    }

    /// The one in a response; none if annals did not ask for that.
    #[must_use]
    pub fn in_response(response: &Response<'_>) -> Option<Nonce> {
        let bytes: [u8; 8] = response.nonce()?.try_into().ok()?;
        Some(Nonce(bytes)).filter(|nonce| Nonce::of(bytes) == *nonce)
    }

    /// As 16 hexadecimal digits.
    #[must_use]
    pub fn hex(self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.0))
    }
}

/// A request (`TimeStampReq`) to stamp a SHA-256, and to send the certificates along.
#[must_use]
pub fn request(imprint: &Hash, nonce: Nonce) -> Vec<u8> {
    [&REQUEST_START[..], &imprint.0, &[0x02, 0x08], &nonce.0, &[0x01, 0x01, 0xff]].concat()
}

#[cfg(test)]
pub(crate) mod tests;
