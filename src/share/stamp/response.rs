//! What an authority answers: the `TimeStampResp` of RFC 3161, section 2.4.2.

use der::asn1::BitStringRef;
use der::{Decode, Tag};

use super::authorities::Authorities;
use super::fields::Fields;
use super::info::Info;
use super::refusal::Refusal;
use super::token::Token;
use crate::chain::Hash;

/// Longest response that is read, in bytes.
pub const RESPONSE_LEN_MAX: usize = 1 << 18;

/// A response that holds a time-stamp, nothing of which has been checked.
#[derive(Clone, Debug)]
pub struct Response<'a> {
    token: Token<'a>,
    info: Info<'a>,
}

/// A time-stamp that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When it was made, in microseconds since 1970-01-01T00:00:00Z, rounded up.
    pub at_micros: i64,
    /// How far that may be off, in microseconds, as far as the authority says.
    pub accuracy_micros: i64,
    /// Who made it: the name in the signer's certificate.
    pub authority: String,
    /// Its number with that authority, in hexadecimal digits.
    pub serial: String,
    /// The rules it was made by, as an object identifier.
    pub policy: String,
}

impl<'a> Response<'a> {
    /// Reads a response of at most [`RESPONSE_LEN_MAX`] bytes.
    ///
    /// # Errors
    /// [`Refusal::Form`], or [`Refusal::NotGranted`] if the authority did not stamp.
    pub fn parse(bytes: &'a [u8]) -> Result<Response<'a>, Refusal> {
        if bytes.len() > RESPONSE_LEN_MAX {
            return Err(Refusal::Form("more than 256 KiB"));
        }
        let unreadable = Refusal::Form("the response (DER)");
        let mut fields = Fields::of_whole(bytes, Tag::Sequence).ok_or(unreadable.clone())?;
        let status = fields.fields(Tag::Sequence).ok_or(unreadable.clone())?;
        granted(status)?;
        let token = fields.any().filter(|_| fields.end()).ok_or(unreadable)?;
        let token = Token::parse(token.whole)?;
        let info = Info::parse(token.content)?;
        Ok(Response { token, info })
    }

    /// The SHA-256 of what it stamps, unchecked; none if it stamps another hash.
    #[must_use]
    pub fn imprint(&self) -> Option<Hash> {
        Some(Hash(self.info.imprint?.try_into().ok()?))
    }

    /// The number that it was asked with, unchecked, if it holds one.
    #[must_use]
    pub fn nonce(&self) -> Option<&'a [u8]> {
        self.info.nonce
    }

    /// When it says that it was made, unchecked, in microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn says_at_micros(&self) -> i64 {
        i64::try_from(self.info.at_micros).unwrap_or(i64::MAX)
    }

    /// Requires that it stamps this, and was signed by somebody for whom an authority vouches.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn verify(&self, imprint: &Hash, authorities: &Authorities) -> Result<Stamp, Refusal> {
        if self.imprint() != Some(*imprint) {
            return Err(Refusal::Imprint);
        }
        let authority = self.token.verify(authorities, self.info.at_micros)?;
        Ok(Stamp {
            at_micros: self.says_at_micros(),
            accuracy_micros: i64::try_from(self.info.accuracy_micros).unwrap_or(i64::MAX),
            authority,
            serial: hex(self.info.serial),
            policy: self.info.policy.to_string(),
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

const STATUSES: [&str; 6] =
    ["granted", "granted with changes", "rejection", "waiting", "revocation warning", "revocation notification"];

/// The bits of a failure, by their places.
const FAILURES: [(usize, &str); 8] = [
    (0, "the hash is not known there"),
    (2, "the request is not allowed there"),
    (5, "the request could not be read"),
    (14, "its clock is out of order"),
    (15, "it does not have that policy"),
    (16, "an extension is not known there"),
    (17, "it could not understand or supply what was asked for besides"),
    (25, "its system failed"),
];

/// Requires that a stamp was granted, as asked or with changes.
fn granted(mut fields: Fields<'_>) -> Result<(), Refusal> {
    let status = fields.small().ok_or(Refusal::Form("the status"))?;
    if status <= 1 {
        return Ok(());
    }
    let status = usize::try_from(status).ok().and_then(|status| STATUSES.get(status)).copied();
    let mut told = vec![status.unwrap_or("an unknown status").to_owned()];
    if let Some(mut texts) = fields.fields(Tag::Sequence) {
        while let Some(text) = texts.one(Tag::Utf8String).and_then(|text| std::str::from_utf8(text).ok()) {
            told.push(text.chars().take(200).collect());
            if told.len() > 4 {
                break;
            }
        }
    }
    if let Some(field) = fields.maybe(Tag::BitString)
        && let Ok(bits) = BitStringRef::from_der(field.whole)
    {
        let is_set = |place: usize| bits.raw_bytes().get(place / 8).is_some_and(|byte| byte << (place % 8) & 0x80 != 0);
        told.extend(FAILURES.iter().filter(|(place, _)| is_set(*place)).map(|(_, failure)| (*failure).to_owned()));
    }
    Err(Refusal::NotGranted(told.join("; ")))
}
