//! A signed content (CMS `SignedData`, RFC 5652) as a time-stamp has it: one content, one signer.

use der::Tag;
use der::oid::ObjectIdentifier;

use super::algorithms::{SHA_256, has_hash, has_sha1, hash, signatures};
use super::authorities::Authorities;
use super::certificate::{Certificate, SIGNS};
use super::fields::{Fields, tagged, tagged_plain};
use super::refusal::Refusal;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Most certificates of a response that are looked at.
const CERTIFICATES_MAX: usize = 64;
/// Most signed attributes.
const ATTRIBUTES_MAX: usize = 64;

/// A signed content, nothing of which has been checked.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    /// What is signed.
    pub(super) content: &'a [u8],
    certificates: Vec<&'a [u8]>,
    /// How the signature names its signer: issuer and serial number, or the id of a key.
    named: Named<'a>,
    digest: ObjectIdentifier,
    /// The signed attributes, whole and tagged as they lie there.
    signed: &'a [u8],
    attributes: Vec<Attribute<'a>>,
    algorithm: ObjectIdentifier,
    signature: &'a [u8],
}

#[derive(Clone, Copy, Debug)]
enum Named<'a> {
    Certificate { issuer: &'a [u8], serial: &'a [u8] },
    Key(&'a [u8]),
}

/// A signed attribute and the values in its set.
#[derive(Clone, Copy, Debug)]
struct Attribute<'a> {
    id: ObjectIdentifier,
    values: &'a [u8],
}

impl<'a> Token<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Token<'a>, Refusal> {
        Token::read(bytes).ok_or(Refusal::Form("the signed content (CMS, in DER)"))
    }

    fn read(bytes: &'a [u8]) -> Option<Token<'a>> {
        let mut outer = Fields::of_whole(bytes, Tag::Sequence)?;
        if outer.oid()? != SIGNED_DATA {
            return None;
        }
        let mut data = outer.fields(tagged(0))?.fields(Tag::Sequence)?;
        let (_version, _digests) = (data.small()?, data.one(Tag::Set)?);
        let mut inner = data.fields(Tag::Sequence)?;
        if inner.oid()? != TST_INFO {
            return None;
        }
        let content = inner.fields(tagged(0))?.one(Tag::OctetString)?;
        let certificates = match data.one(tagged(0)) {
            Some(certificates) => certificates_of(certificates)?,
            None => Vec::new(),
        };
        let _revocations = data.maybe(tagged(1));
        let mut signers = data.fields(Tag::Set)?;
        let mut signer = signers.fields(Tag::Sequence)?;
        if !(signers.end() && data.end() && inner.end() && outer.end()) {
            return None;
        }
        let _version = signer.small()?;
        let named = match signer.one(tagged_plain(0)) {
            Some(key) => Named::Key(key),
            None => named_by_issuer(&mut signer)?,
        };
        let digest = signer.algorithm()?;
        let set = signer.maybe(tagged(0))?;
        let (algorithm, signature) = (signer.algorithm()?, signer.one(Tag::OctetString)?);
        let _unsigned = signer.maybe(tagged(1));
        let attributes = attributes_of(set.content)?;
        let token = Token { content, certificates, named, digest, signed: set.whole, attributes, algorithm, signature };
        signer.end().then_some(token)
    }

    /// Requires that the content is signed by somebody who may stamp time, for whom an authority vouches at that time,
    /// and says who.
    pub(super) fn verify(&self, authorities: &Authorities, at_micros: u64) -> Result<String, Refusal> {
        self.is_of_content()?;
        let signer = self.signer()?;
        if !signer.only_stamps() {
            return Err(Refusal::Usage("its certificate is not for time-stamping, critically and alone"));
        }
        if !signer.may(SIGNS) {
            return Err(Refusal::Usage("the key of its certificate is not for signing"));
        }
        authorities.vouch(&signer, &self.certificates, at_micros)?;
        self.is_signed_by(&signer)?;
        Ok(signer.name())
    }

    /// The one value of a signed attribute that must be there once.
    fn attribute(&self, id: ObjectIdentifier) -> Option<&'a [u8]> {
        let mut found = self.attributes.iter().filter(|attribute| attribute.id == id);
        let attribute = found.next().filter(|_| found.next().is_none())?;
        let mut values = Fields::of(attribute.values)?;
        let value = values.any()?.whole;
        values.end().then_some(value)
    }

    fn is_of_content(&self) -> Result<(), Refusal> {
        let kind = self.attribute(CONTENT_TYPE).and_then(|value| Fields::of(value)?.oid());
        if kind != Some(TST_INFO) {
            return Err(Refusal::Content("its kind is not signed"));
        }
        let algorithm =
            hash(self.digest).ok_or(Refusal::Content("its hash is none of SHA-256, SHA-384 and SHA-512"))?;
        let digest = self.attribute(MESSAGE_DIGEST).and_then(|value| Fields::of(value)?.one(Tag::OctetString));
        let holds = digest.is_some_and(|digest| has_hash(algorithm, self.content, digest));
        if holds { Ok(()) } else { Err(Refusal::Content("it has another hash")) }
    }

    /// The certificate that the signature names, and the signed attributes as well (RFC 5816).
    fn signer(&self) -> Result<Certificate<'a>, Refusal> {
        let is_named = |certificate: &Certificate<'_>| match self.named {
            Named::Certificate { issuer, serial } => certificate.issuer == issuer && certificate.serial == serial,
            Named::Key(id) => certificate.key_id() == Some(id),
        };
        let mut named = self.certificates.iter().filter_map(|der| Certificate::parse(der)).filter(is_named).peekable();
        if named.peek().is_none() {
            return Err(Refusal::Signer("the certificate that it names is not in it"));
        }
        let has = |id| self.attributes.iter().any(|attribute| attribute.id == id);
        let (old, new) = (has(SIGNING_CERTIFICATE), has(SIGNING_CERTIFICATE_V2));
        if !old && !new {
            return Err(Refusal::Signer("no certificate is named in what is signed (ESSCertID)"));
        }
        let is_signed = |certificate: &Certificate<'_>| {
            let named = |id| self.attribute(id).and_then(Ess::parse).is_some_and(|ess| ess.names(certificate));
            (!old || named(SIGNING_CERTIFICATE)) && (!new || named(SIGNING_CERTIFICATE_V2))
        };
        named.find(is_signed).ok_or(Refusal::Signer("what is signed (ESSCertID) names another certificate"))
    }

    fn is_signed_by(&self, signer: &Certificate<'_>) -> Result<(), Refusal> {
        let der = pki_types::CertificateDer::from(signer.whole);
        let key = webpki::EndEntityCert::try_from(&der).map_err(|_| Refusal::Signature("its key cannot be read"))?;
        let ways = signatures(self.algorithm, self.digest);
        if ways.is_empty() {
            return Err(Refusal::Signature(
                "it is neither RSA (PKCS #1 v1.5) nor ECDSA, with SHA-256, SHA-384 or SHA-512",
            ));
        }
        // They are signed as the set that they are, not under the tag that they have in here (RFC 5652, section 5.4).
        let mut set = self.signed.to_vec();
        if let Some(tag) = set.first_mut() {
            *tag = 0x31;
        }
        let holds = ways.iter().any(|way| key.verify_signature(*way, &set, self.signature).is_ok());
        if holds { Ok(()) } else { Err(Refusal::Signature("it is not that of its signer's key")) }
    }
}

fn certificates_of(content: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = Fields::of(content)?;
    let mut certificates = Vec::new();
    while let Some(field) = fields.any() {
        if certificates.len() == CERTIFICATES_MAX {
            return None;
        }
        // Other forms, such as attribute certificates, are of no use here.
        if field.tag == Tag::Sequence {
            certificates.push(field.whole);
        }
    }
    fields.end().then_some(certificates)
}

fn named_by_issuer<'a>(signer: &mut Fields<'a>) -> Option<Named<'a>> {
    let mut fields = signer.fields(Tag::Sequence)?;
    let (issuer, serial) = (fields.maybe(Tag::Sequence)?.whole, fields.one(Tag::Integer)?);
    fields.end().then_some(Named::Certificate { issuer, serial })
}

fn attributes_of(content: &[u8]) -> Option<Vec<Attribute<'_>>> {
    let mut fields = Fields::of(content)?;
    let mut attributes = Vec::new();
    while !fields.end() {
        let mut attribute = fields.fields(Tag::Sequence)?;
        attributes.push(Attribute { id: attribute.oid()?, values: attribute.one(Tag::Set)? });
        if !attribute.end() || attributes.len() > ATTRIBUTES_MAX {
            return None;
        }
    }
    Some(attributes)
}

/// The first certificate named by a signed attribute, `ESSCertID` or `ESSCertIDv2`: the signer's.
struct Ess<'a> {
    /// The hash it is named by; none if that is SHA-1.
    hash: Option<ObjectIdentifier>,
    digest: &'a [u8],
    /// Names of its issuer, and its serial number.
    issuer: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Ess<'a> {
    fn parse(value: &'a [u8]) -> Option<Ess<'a>> {
        let mut first = Fields::of_whole(value, Tag::Sequence)?.fields(Tag::Sequence)?.fields(Tag::Sequence)?;
        let named = first.maybe(Tag::Sequence);
        let hash = named.map(|field| Fields::of(field.content)?.oid());
        let digest = first.one(Tag::OctetString)?;
        let issuer = match first.fields(Tag::Sequence) {
            Some(mut fields) => Some((fields.one(Tag::Sequence)?, fields.one(Tag::Integer)?)),
            None => None,
        };
        let hash = match hash {
            Some(hash) => Some(hash?),
            // Version 1 names no hash and takes SHA-1, version 2 takes SHA-256 where it names none.
            None => (digest.len() != 20).then_some(SHA_256),
        };
        first.end().then_some(Ess { hash, digest, issuer })
    }

    fn names(&self, certificate: &Certificate<'_>) -> bool {
        let is_its_hash = match self.hash {
            None => has_sha1(certificate.whole, self.digest),
            Some(name) => hash(name).is_some_and(|hash| has_hash(hash, certificate.whole, self.digest)),
        };
        is_its_hash
            && self.issuer.is_none_or(|(names, serial)| {
                // A name among other kinds of names stands under the tag [4].
                let issuer = Fields::of(names).and_then(|mut names| names.one(tagged(4)));
                serial == certificate.serial && issuer == Some(certificate.issuer)
            })
    }
}
