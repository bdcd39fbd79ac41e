//! Why a time-stamp is refused.

use std::fmt;

/// Why a response, or what it is checked against, does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A part of the response cannot be read.
    Form(&'static str),
    /// The authority did not stamp: its status, and what it says.
    NotGranted(String),
    /// It stamps something else.
    Imprint,
    /// It answers another request.
    Nonce,
    /// What is signed is not what the response holds.
    Content(&'static str),
    /// The certificate that the signature names is not in the response, or is another.
    Signer(&'static str),
    /// The signer's certificate is not one for stamping time.
    Usage(&'static str),
    /// The signature is not the signer's.
    Signature(&'static str),
    /// No way leads from the signer's certificate to a given authority.
    Chain(String),
    /// What was given as authorities holds none that can be read.
    Authorities(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Form(part) => write!(f, "it is no time-stamp response as RFC 3161 has it: {part} cannot be read"),
            Refusal::NotGranted(status) => write!(f, "the authority did not stamp: {status}"),
            Refusal::Imprint => f.write_str("it stamps something else"),
            Refusal::Nonce => f.write_str("it answers another request: the nonce is not the one that was asked with"),
            Refusal::Content(why) => write!(f, "what is signed is not what the response says: {why}"),
            Refusal::Signer(why) => write!(f, "it does not show whose signature it has: {why}"),
            Refusal::Usage(why) => write!(f, "its signer may not stamp time: {why}"),
            Refusal::Signature(why) => write!(f, "its signature does not hold: {why}"),
            Refusal::Chain(why) => write!(f, "its signer is not vouched for by the given CA: {why}"),
            Refusal::Authorities(why) => write!(f, "the given CA cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Refusal {}
