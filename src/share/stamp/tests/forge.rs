//! An authority of time that does whatever it is told, right or wrong.

use der::oid::ObjectIdentifier;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

/// A field of these parts.
pub(super) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = content.len();
    let mut field = vec![tag];
    match u8::try_from(len) {
        Ok(len @ 0..0x80) => field.push(len),
        Ok(len) => field.extend([0x81, len]),
        Err(_) => field.extend([&[0x82], &u16::try_from(len).unwrap().to_be_bytes()[..]].concat()),
    }
    field.extend(content);
    field
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(super) fn oid(text: &str) -> Vec<u8> {
    tlv(0x06, &[ObjectIdentifier::new_unwrap(text).as_bytes()])
}

pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

/// `SHA-256` as an algorithm.
pub(super) fn sha256_name() -> Vec<u8> {
    sequence(&[&oid("2.16.840.1.101.3.4.2.1"), &[5, 0]])
}

fn ecdsa_name() -> Vec<u8> {
    sequence(&[&oid("1.2.840.10045.4.3.2")])
}

/// Somebody with a name and a key.
pub(super) struct Party {
    name: &'static str,
    key: EcdsaKeyPair,
}

impl Party {
    pub(super) fn new(name: &'static str) -> Party {
        let (algorithm, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Party { name, key: EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap() }
    }

    pub(super) fn name_der(&self) -> Vec<u8> {
        sequence(&[&tlv(0x31, &[&sequence(&[&oid("2.5.4.3"), &tlv(0x0c, &[self.name.as_bytes()])])])])
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.key.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec()
    }
}

pub(super) fn extension(id: &str, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if is_critical { &[1, 1, 0xff] } else { &[] };
    sequence(&[&oid(id), critical, &tlv(0x04, &[value])])
}

/// What marks the certificate of a CA.
pub(super) fn is_ca() -> Vec<u8> {
    extension("2.5.29.19", true, &sequence(&[&[1, 1, 0xff]]))
}

/// What a key is for: the first bits of a key usage.
pub(super) fn key_usage(bits: u8) -> Vec<u8> {
    extension("2.5.29.15", true, &[3, 2, 0, bits])
}

/// What a certificate is for; `1.3.6.1.5.5.7.3.8` is stamping time.
pub(super) fn usages(is_critical: bool, ids: &[&str]) -> Vec<u8> {
    let ids: Vec<Vec<u8>> = ids.iter().map(|id| oid(id)).collect();
    extension("2.5.29.37", is_critical, &sequence(&ids.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// A certificate.
pub(super) struct Certified<'a> {
    pub(super) subject: &'a Party,
    pub(super) issuer: &'a Party,
    /// From when to when, `YYYYMMDDhhmmssZ`.
    pub(super) valid: (&'a str, &'a str),
    pub(super) extensions: Vec<Vec<u8>>,
    pub(super) serial: u8,
}

impl Certified<'_> {
    pub(super) fn der(&self) -> Vec<u8> {
        let key = sequence(&[
            &sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]),
            &tlv(0x03, &[&[0], self.subject.key.public_key().as_ref()]),
        ]);
        let time = |text: &str| tlv(0x18, &[text.as_bytes()]);
        let extensions: Vec<&[u8]> = self.extensions.iter().map(Vec::as_slice).collect();
        let body = sequence(&[
            &tlv(0xa0, &[&[2, 1, 2]]),
            &[2, 1, self.serial],
            &ecdsa_name(),
            &self.issuer.name_der(),
            &sequence(&[&time(self.valid.0), &time(self.valid.1)]),
            &self.subject.name_der(),
            &key,
            &tlv(0xa3, &[&sequence(&extensions)]),
        ]);
        sequence(&[&body, &ecdsa_name(), &tlv(0x03, &[&[0], &self.issuer.sign(&body)])])
    }
}

/// What is stamped and when.
pub(super) fn info(imprint: &[u8], at: &str, behind: &[&[u8]]) -> Vec<u8> {
    let imprint = sequence(&[&sha256_name(), &tlv(0x04, &[imprint])]);
    let start = [&[2, 1, 1][..], &oid("1.2.3.4"), &imprint, &[2, 1, 7], &tlv(0x18, &[at.as_bytes()])].concat();
    sequence(&[&start, &behind.concat()])
}

pub(super) fn attribute(id: &str, values: &[&[u8]]) -> Vec<u8> {
    sequence(&[&oid(id), &tlv(0x31, values)])
}

pub(super) fn content_type(id: &str) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.3", &[&oid(id)])
}

pub(super) fn message_digest(of: &[u8]) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.4", &[&tlv(0x04, &[&sha256(of)])])
}

/// Names a certificate by its hash, and by `behind`.
pub(super) fn ess_v2(certificate: &[u8], behind: &[u8]) -> Vec<u8> {
    let named = sequence(&[&tlv(0x04, &[&sha256(certificate)]), behind]);
    attribute("1.2.840.113549.1.9.16.2.47", &[&sequence(&[&sequence(&[&named])])])
}

/// A response in parts, each of which can be another.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) status: Vec<u8>,
    pub(super) info: Vec<u8>,
    pub(super) certificates: Vec<Vec<u8>>,
    /// How the signer is named: issuer and serial number.
    pub(super) named: Vec<u8>,
    pub(super) attributes: Vec<Vec<u8>>,
    /// How many signers there are.
    pub(super) signers: usize,
    /// What follows the signature.
    pub(super) unsigned: Vec<u8>,
}

impl Parts {
    /// A response as it should be.
    pub(super) fn good(info: Vec<u8>, issuer: &Party, certificate: &[u8]) -> Parts {
        let attributes =
            vec![content_type("1.2.840.113549.1.9.16.1.4"), message_digest(&info), ess_v2(certificate, &[])];
        Parts {
            status: sequence(&[&[2, 1, 0]]),
            info,
            certificates: vec![certificate.to_vec()],
            named: sequence(&[&issuer.name_der(), &[2, 1, 2]]),
            attributes,
            signers: 1,
            unsigned: Vec::new(),
        }
    }

    /// The response, signed by whoever this is.
    pub(super) fn signed_by(&self, signer: &Party) -> Vec<u8> {
        let attributes = self.attributes.concat();
        let signature = signer.sign(&tlv(0x31, &[&attributes]));
        let signer = sequence(&[
            &[2, 1, 1],
            &self.named,
            &sha256_name(),
            &tlv(0xa0, &[&attributes]),
            &ecdsa_name(),
            &tlv(0x04, &[&signature]),
            &self.unsigned,
        ]);
        let data = sequence(&[
            &[2, 1, 3],
            &tlv(0x31, &[&sha256_name()]),
            &sequence(&[&oid("1.2.840.113549.1.9.16.1.4"), &tlv(0xa0, &[&tlv(0x04, &[&self.info])])]),
            &tlv(0xa0, &[&self.certificates.concat()]),
            &tlv(0x31, &[&signer.repeat(self.signers)]),
        ]);
        sequence(&[&self.status, &sequence(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&data])])])
    }
}
