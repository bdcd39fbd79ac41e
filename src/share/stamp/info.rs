//! What an authority signs: the `TSTInfo` of RFC 3161, section 2.4.2.

use der::asn1::GeneralizedTime;
use der::oid::ObjectIdentifier;
use der::{AnyRef, Tag};

use super::algorithms::SHA_256;
use super::fields::{Fields, small, tagged, tagged_plain};
use super::refusal::Refusal;

/// What a time-stamp says.
#[derive(Clone, Debug)]
pub(super) struct Info<'a> {
    pub(super) policy: ObjectIdentifier,
    /// The SHA-256 of what is stamped; none if it is another hash.
    pub(super) imprint: Option<&'a [u8]>,
    pub(super) serial: &'a [u8],
    /// In microseconds since 1970-01-01T00:00:00Z, rounded up.
    pub(super) at_micros: u64,
    pub(super) accuracy_micros: u64,
    pub(super) nonce: Option<&'a [u8]>,
}

impl<'a> Info<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Info<'a>, Refusal> {
        Info::read(bytes).ok_or(Refusal::Form("what is signed (TSTInfo)"))
    }

    fn read(bytes: &'a [u8]) -> Option<Info<'a>> {
        let mut fields = Fields::of_whole(bytes, Tag::Sequence)?;
        if fields.small()? != 1 {
            return None;
        }
        let policy = fields.oid()?;
        let mut imprint = fields.fields(Tag::Sequence)?;
        let (hash, digest) = (imprint.algorithm()?, imprint.one(Tag::OctetString)?);
        let serial = fields.one(Tag::Integer)?;
        let at_micros = instant(fields.one(Tag::GeneralizedTime)?)?;
        let accuracy_micros = match fields.maybe(Tag::Sequence) {
            Some(accuracy) => accuracy_of(accuracy.content)?,
            None => 0,
        };
        let _ordering = fields.maybe(Tag::Boolean);
        let nonce = fields.one(Tag::Integer);
        let _name = fields.maybe(tagged(0));
        if let Some(extensions) = fields.maybe(tagged(1)) {
            are_passable(extensions.content)?;
        }
        let imprint = (hash == SHA_256).then_some(digest);
        let is_whole = fields.end() && !serial.is_empty();
        is_whole.then_some(Info { policy, imprint, serial, at_micros, accuracy_micros, nonce })
    }
}

/// `YYYYMMDDhhmmss[.f…]Z`, in microseconds, rounded up: nothing is said to be older than it is.
fn instant(content: &[u8]) -> Option<u64> {
    let (whole, rest) = content.split_at_checked(14)?;
    let seconds = [whole, b"Z"].concat();
    let time: GeneralizedTime = AnyRef::new(Tag::GeneralizedTime, &seconds).ok()?.decode_as().ok()?;
    let fraction = match rest.strip_suffix(b"Z")? {
        [] => 0,
        [b'.', digits @ .., last] if *last != b'0' => micros_of([digits, &[*last]].concat().as_slice())?,
        _ => return None,
    };
    u64::try_from(time.to_unix_duration().as_micros()).ok()?.checked_add(fraction)
}

/// The digits of a fraction of a second, in microseconds, rounded up.
fn micros_of(digits: &[u8]) -> Option<u64> {
    if digits.len() > 32 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let kept = digits.iter().chain(&[b'0'; 6]).take(6).fold(0, |micros, digit| micros * 10 + u64::from(digit - b'0'));
    Some(kept + u64::from(digits.len() > 6))
}

/// `Accuracy`, in microseconds.
fn accuracy_of(content: &[u8]) -> Option<u64> {
    let mut fields = Fields::of(content)?;
    let seconds = fields.one(Tag::Integer).map_or(Some(0), small)?;
    let mut thousandths = |number| match fields.one(tagged_plain(number)) {
        Some(content) => small(content).filter(|count| (1..=999).contains(count)),
        None => Some(0),
    };
    let (millis, micros) = (thousandths(0)?, thousandths(1)?);
    fields.end().then(|| u64::from(seconds) * 1_000_000 + u64::from(millis) * 1_000 + u64::from(micros))
}

/// Requires that nothing stands there which must be understood.
fn are_passable(extensions: &[u8]) -> Option<()> {
    let mut fields = Fields::of(extensions)?;
    while !fields.end() {
        let mut extension = fields.fields(Tag::Sequence)?;
        extension.oid()?;
        if extension.one(Tag::Boolean).is_some_and(|critical| critical != [0]) {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_rounded_up_and_have_one_spelling() {
        for (text, micros) in [
            ("19700101000000Z", 0),
            ("20241124103000Z", 1_732_444_200_000_000),
            ("20241124103000.5Z", 1_732_444_200_500_000),
            ("20241124103000.000001Z", 1_732_444_200_000_001),
            ("20241124103000.0000001Z", 1_732_444_200_000_001),
            ("20241124103000.9999999Z", 1_732_444_201_000_000),
        ] {
            assert_eq!(instant(text.as_bytes()), Some(micros), "{text}");
        }
        for text in [
            "",
            "Z",
            "20241124103000",
            "20241124103000.Z",
            "20241124103000.50Z",
            "20241124103000+0100",
            "20241324103000Z",
            "20241124103000.5",
            "20241124103000,5Z",
            "20241124103000.-1Z",
            "19691231235959Z",
            "202411241030Z",
        ] {
            assert_eq!(instant(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn an_accuracy_is_the_sum_of_its_parts() {
        assert_eq!(accuracy_of(&[]), Some(0));
        assert_eq!(accuracy_of(&[2, 1, 1]), Some(1_000_000));
        assert_eq!(accuracy_of(&[2, 1, 1, 0x80, 2, 1, 0xf4, 0x81, 1, 100]), Some(1_500_100));
        for wrong in [&[2, 1, 0x81][..], &[0x80, 2, 3, 0xe8], &[0x81, 1, 1, 0x80, 1, 1], &[2, 1], &[4, 1, 1]] {
            assert_eq!(accuracy_of(wrong), None, "{wrong:?}");
        }
    }
}
