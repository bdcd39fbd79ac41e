//! What has to be known of a certificate (RFC 5280, section 4.1) beside what the path is checked by.

use der::asn1::BitStringRef;
use der::oid::ObjectIdentifier;
use der::{AnyRef, Decode, Tag};

use super::fields::{Field, Fields, tagged};

const SUBJECT_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
/// What a certificate may be used for: to stamp time.
pub(super) const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// The bits of a key usage, the first being the highest.
pub(super) const SIGNS: u8 = 0b1100_0000;
pub(super) const SIGNS_CERTIFICATES: u8 = 0b0000_0100;

/// A certificate's fields.
#[derive(Clone)]
pub(super) struct Certificate<'a> {
    pub(super) whole: &'a [u8],
    pub(super) serial: &'a [u8],
    /// Names, whole.
    pub(super) issuer: &'a [u8],
    subject: &'a [u8],
    /// From when to when it is valid, both included, in seconds since 1970-01-01T00:00:00Z.
    pub(super) valid: (u64, u64),
    extensions: Option<&'a [u8]>,
}

/// An extension's content, and whether it must be understood.
struct Extension<'a> {
    is_critical: bool,
    value: &'a [u8],
}

impl<'a> Certificate<'a> {
    pub(super) fn parse(whole: &'a [u8]) -> Option<Certificate<'a>> {
        let mut fields = Fields::of_whole(whole, Tag::Sequence)?.fields(Tag::Sequence)?;
        let _version = fields.maybe(tagged(0));
        let serial = fields.one(Tag::Integer)?;
        fields.algorithm()?;
        let issuer = fields.maybe(Tag::Sequence)?.whole;
        let mut valid = fields.fields(Tag::Sequence)?;
        let valid = (seconds(valid.any()?)?, seconds(valid.any()?)?);
        let subject = fields.maybe(Tag::Sequence)?.whole;
        fields.one(Tag::Sequence)?;
        let mut extensions = None;
        while let Some(field) = fields.any() {
            if field.tag == tagged(3) {
                extensions = Some(Fields::of(field.content)?.one(Tag::Sequence)?);
            }
        }
        fields.end().then_some(Certificate { whole, serial, issuer, subject, valid, extensions })
    }

    fn extension(&self, id: ObjectIdentifier) -> Option<Extension<'a>> {
        let mut fields = Fields::of(self.extensions?)?;
        while let Some(mut extension) = fields.fields(Tag::Sequence) {
            if extension.oid()? == id {
                let is_critical = extension.one(Tag::Boolean).is_some_and(|critical| critical != [0]);
                return Some(Extension { is_critical, value: extension.one(Tag::OctetString)? });
            }
        }
        None
    }

    /// The id of its key, by which a signature may name it.
    pub(super) fn key_id(&self) -> Option<&'a [u8]> {
        Fields::of(self.extension(SUBJECT_KEY_ID)?.value)?.one(Tag::OctetString)
    }

    /// Whether it says that its key is for one of these usages, or says nothing of it.
    pub(super) fn may(&self, usages: u8) -> bool {
        let Some(extension) = self.extension(KEY_USAGE) else { return true };
        let bits = BitStringRef::from_der(extension.value).map(|bits| bits.raw_bytes().first().copied());
        bits.is_ok_and(|bits| bits.unwrap_or(0) & usages != 0)
    }

    /// Whether it says that its key stamps time and does nothing else, critically, as RFC 3161 has it in section 2.3.
    pub(super) fn only_stamps(&self) -> bool {
        let usages = self.extension(EXTENDED_KEY_USAGE).filter(|extension| extension.is_critical);
        let usages = usages.and_then(|extension| Fields::of_whole(extension.value, Tag::Sequence));
        usages.is_some_and(|mut usages| usages.oid() == Some(TIME_STAMPING) && usages.end())
    }

    /// Whom it is of, for people: its common name, and its organisation.
    pub(super) fn name(&self) -> String {
        let part = |id| name_part(self.subject, id);
        match (part(COMMON_NAME), part(ORGANISATION)) {
            (Some(name), Some(organisation)) => format!("{name} ({organisation})"),
            (Some(name), None) | (None, Some(name)) => name,
            (None, None) => "somebody without a name".to_owned(),
        }
    }
}

/// A part of a name, the last one of its kind.
fn name_part(name: &[u8], id: ObjectIdentifier) -> Option<String> {
    let mut parts = Fields::of_whole(name, Tag::Sequence)?;
    let mut found = None;
    while let Some(mut part) = parts.fields(Tag::Set) {
        while let Some(mut pair) = part.fields(Tag::Sequence) {
            if pair.oid()? == id {
                found = pair.any().and_then(|text| std::str::from_utf8(text.content).ok()).or(found);
            }
        }
    }
    let shown: String = found?.chars().filter(|c| !c.is_control()).take(100).collect();
    (!shown.is_empty()).then_some(shown)
}

/// `UTCTime` or `GeneralizedTime`.
fn seconds(field: Field<'_>) -> Option<u64> {
    let any = AnyRef::new(field.tag, field.content).ok()?;
    let since = match field.tag {
        Tag::UtcTime => any.decode_as::<der::asn1::UtcTime>().ok()?.to_unix_duration(),
        _ => any.decode_as::<der::asn1::GeneralizedTime>().ok()?.to_unix_duration(),
    };
    Some(since.as_secs())
}
