//! Hashes and signatures by their object identifiers. SHA-1 only names a certificate, and never stands for a content.

use der::oid::ObjectIdentifier;
use pki_types::SignatureVerificationAlgorithm;
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use webpki::ring::{
    ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub(super) const SHA_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const RSA_WITH_SHA_256: ObjectIdentifier = oid("1.2.840.113549.1.1.11");
const RSA_WITH_SHA_384: ObjectIdentifier = oid("1.2.840.113549.1.1.12");
const RSA_WITH_SHA_512: ObjectIdentifier = oid("1.2.840.113549.1.1.13");
const ECDSA_WITH_SHA_256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA_384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");

/// A hash that contents may be signed by.
pub(super) fn hash(name: ObjectIdentifier) -> Option<&'static Algorithm> {
    match name {
        SHA_256 => Some(&SHA256),
        SHA_384 => Some(&SHA384),
        SHA_512 => Some(&SHA512),
        _ => None,
    }
}

/// Whether these bytes have this hash.
pub(super) fn has_hash(algorithm: &'static Algorithm, bytes: &[u8], expected: &[u8]) -> bool {
    digest(algorithm, bytes).as_ref() == expected
}

/// Whether these bytes have this SHA-1, by which old time-stamps name their signer's certificate.
pub(super) fn has_sha1(bytes: &[u8], expected: &[u8]) -> bool {
    has_hash(&SHA1_FOR_LEGACY_USE_ONLY, bytes, expected)
}

/// The ways to check a signature of this name, for each kind of key; `hash` is that of an RSA signature which names none.
pub(super) fn signatures(
    name: ObjectIdentifier,
    hash: ObjectIdentifier,
) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    match (name, hash) {
        (RSA_WITH_SHA_256, _) | (RSA, SHA_256) => vec![RSA_PKCS1_2048_8192_SHA256],
        (RSA_WITH_SHA_384, _) | (RSA, SHA_384) => vec![RSA_PKCS1_2048_8192_SHA384],
        (RSA_WITH_SHA_512, _) | (RSA, SHA_512) => vec![RSA_PKCS1_2048_8192_SHA512],
        (ECDSA_WITH_SHA_256, _) => vec![ECDSA_P256_SHA256, ECDSA_P384_SHA256],
        (ECDSA_WITH_SHA_384, _) => vec![ECDSA_P384_SHA384, ECDSA_P256_SHA384],
        _ => vec![],
    }
}
