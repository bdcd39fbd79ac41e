//! Bytes are read in the one spelling only. Here that is compared with what it stands for: letting bincode decode them,
//! encoding again, and comparing.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;

use super::super::build::Build;
use super::super::encode::put;
use super::super::rules::Rules;
use super::super::{PAYLOAD_LEN_MAX, check, decode, encode, wire};
use crate::event::{Entered, Event, EventKind, First, Genesis};
use crate::exchange::round_trip::strategies;
use crate::seq::Seq;

fn loosely<'b, W: Deserialize<'b>>(bytes: &'b [u8]) -> Option<W> {
    let config = bincode::config::standard().with_limit::<PAYLOAD_LEN_MAX>();
    let (wire, len) = bincode::serde::borrow_decode_from_slice::<W, _>(bytes, config).ok()?;
    (len == bytes.len()).then_some(wire)
}

fn made<'b, W: Deserialize<'b> + Rules + Build>(kind: EventKind, bytes: &'b [u8]) -> Option<Entered> {
    let (wire, first): (W, _) = if kind.has_first() {
        let wire::Entered { what, first } = loosely(bytes)?;
        (what, first)
    } else {
        (loosely(bytes)?, None)
    };
    wire.check().ok()?;
    let first = first.as_ref().map(super::super::build::first).transpose().ok()?;
    Some(Entered { event: wire.event(kind).ok()?, first })
}

/// The event whose encoding the bytes are.
fn encoded_again(kind: EventKind, bytes: &[u8]) -> Option<Entered> {
    let entered = match kind {
        EventKind::ClaimAsserted | EventKind::PeriodsAsserted => made::<wire::Claim<'_>>(kind, bytes),
        EventKind::Genesis => made::<wire::Genesis<'_>>(kind, bytes),
        EventKind::ActorRegistered => made::<wire::ActorRegistered<'_>>(kind, bytes),
        EventKind::AttributeDefined => made::<wire::AttributeDefined<'_>>(kind, bytes),
        EventKind::EntityRegistered => made::<wire::EntityRegistered<'_>>(kind, bytes),
        EventKind::EntityAliased => made::<wire::EntityAliased<'_>>(kind, bytes),
        EventKind::EntitiesJudged => made::<wire::EntitiesJudged<'_>>(kind, bytes),
        EventKind::SourceRegistered => made::<wire::SourceRegistered<'_>>(kind, bytes),
        EventKind::SourceRated => made::<wire::SourceRated<'_>>(kind, bytes),
        EventKind::SourceLinked => made::<wire::SourceLinked<'_>>(kind, bytes),
        EventKind::EvidenceAdded => made::<wire::EvidenceAdded<'_>>(kind, bytes),
        EventKind::Disputed | EventKind::Retracted | EventKind::Approved | EventKind::Returned => {
            made::<wire::Act<'_>>(kind, bytes)
        }
        EventKind::Corrected => made::<wire::Corrected<'_>>(kind, bytes),
        EventKind::Assessed => made::<wire::Assessed<'_>>(kind, bytes),
        EventKind::Noted => made::<wire::Noted<'_>>(kind, bytes),
        EventKind::KeyAuthorised => made::<wire::KeyAuthorised<'_>>(kind, bytes),
        EventKind::KeyRevoked => made::<wire::KeyRevoked<'_>>(kind, bytes),
        EventKind::PayloadErased => made::<wire::PayloadErased<'_>>(kind, bytes),
        EventKind::ReferenceAdded => made::<wire::ReferenceAdded<'_>>(kind, bytes),
        EventKind::SettingChanged => made::<wire::SettingChanged<'_>>(kind, bytes),
        EventKind::LedgerRegistered => made::<wire::LedgerRegistered<'_>>(kind, bytes),
    };
    let is_spelt_once = |entered: &Entered| encode(&entered.event, entered.first.as_ref()).as_deref() == Ok(bytes);
    entered.filter(|entered| entered.event.kind() == kind && is_spelt_once(entered))
}

/// All that reads payloads says of these bytes what encoding them again says.
fn compare(kind: EventKind, bytes: &[u8]) {
    let expected = encoded_again(kind, bytes);
    assert_eq!(check(kind, bytes).is_ok(), expected.is_some(), "{kind:?} {bytes:?}");
    assert_eq!(decode(kind, bytes).ok(), expected, "{kind:?} {bytes:?}");
}

/// With the integer that may begin at `at` written longer, in every way that there is.
fn lengthened(bytes: &[u8], at: usize) -> Vec<Vec<u8>> {
    let (before, rest) = bytes.split_at(at);
    let len = match rest {
        [0..=250, ..] => 1,
        [251, rest @ ..] if rest.len() >= 2 => 3,
        [252, rest @ ..] if rest.len() >= 4 => 5,
        _ => return Vec::new(),
    };
    let (integer, behind) = rest.split_at(len);
    let digits = if len == 1 { integer } else { &integer[1..] };
    let longer = [(251, 2), (252, 4), (253, 8)].into_iter().filter(|(_, count)| *count > digits.len());
    longer
        .map(|(tag, count)| {
            let zeros = vec![0; count - digits.len()];
            [before, &[tag], digits, &zeros, behind].concat()
        })
        .collect()
}

fn event() -> BoxedStrategy<Event> {
    let text = || "[a-zé ]{1,9}".prop_map(Box::<str>::from);
    let texts = || vec(text(), 0..3);
    let long = (0..90_000_u64).prop_map(|len| "x".repeat(usize::try_from(len).unwrap_or_default().min(65_536)).into());
    prop_oneof![
        8 => strategies::event(),
        1 => (texts(), any::<u16>()).prop_map(|(algorithms, format)| {
            Event::Genesis(Genesis { origin: "example.org/log".into(), algorithms, format })
        }),
        1 => of(1..=u64::MAX).prop_map(|of| Event::ActorRegistered { name: "desk".into(), of: of.map(Seq) }),
        1 => (text(), any::<u8>(), vec(any::<u8>(), 0..300), texts()).prop_map(|(name, algorithm, public_key, roles)| {
            Event::KeyAuthorised { name, algorithm, public_key: public_key.into(), roles }
        }),
        1 => (any::<u64>(), prop_oneof![Just("".into()), text()])
            .prop_map(|(key, reason)| Event::KeyRevoked { key: Seq(key), reason }),
        1 => (any::<u64>(), prop_oneof![text(), long], of(any::<[u8; 32]>()))
            .prop_map(|(target, basis, first)| Event::PayloadErased { target: Seq(target), basis, first }),
        1 => any::<[u8; 32]>()
            .prop_map(|ledger| Event::LedgerRegistered { origin: "example.org/other".into(), ledger }),
    ]
    .boxed()
}

/// An event, and who entered it first where its kind can say that.
fn entered() -> BoxedStrategy<Entered> {
    let first = (any::<u64>(), any::<u64>(), any::<[u8; 32]>(), 0..=i64::MAX, of(any::<u64>())).prop_map(
        |(actor, seq, link, at_micros, under)| First {
            actor: Seq(actor),
            seq: Seq(seq),
            link,
            at_micros,
            under: under.map(Seq),
        },
    );
    (event(), of(first))
        .prop_map(|(event, first)| Entered { first: first.filter(|_| event.kind().has_first()), event })
        .boxed()
}

fn payload(entered: &Entered) -> Vec<u8> {
    encode(&entered.event, entered.first.as_ref()).unwrap()
}

proptest! {
    #[test]
    fn encodings_are_their_own(entered in entered()) {
        let bytes = payload(&entered);
        let kind = entered.event.kind();
        prop_assert_eq!(check(kind, &bytes), Ok(()));
        prop_assert_eq!(decode(kind, &bytes), Ok(entered));
        for kind in EventKind::ALL {
            compare(*kind, &bytes);
        }
    }

    #[test]
    fn no_integer_may_be_longer(entered in entered()) {
        let bytes = payload(&entered);
        for at in 0..bytes.len().min(400) {
            for bytes in lengthened(&bytes, at) {
                compare(entered.event.kind(), &bytes);
            }
        }
    }

    #[test]
    fn altered_bytes_are_judged_as_encoding_them_again_judges(
        entered in entered(),
        alterations in vec((any::<prop::sample::Index>(), any::<u8>()), 1..200),
        junk in vec(any::<u8>(), 0..9),
    ) {
        let bytes = payload(&entered);
        let kind = entered.event.kind();
        for (place, byte) in &alterations {
            let at = place.index(bytes.len());
            let mut altered = bytes.clone();
            altered[at] = *byte;
            compare(kind, &altered);
            altered[at] = bytes[at] ^ (1 << (byte % 8));
            compare(kind, &altered);
            altered.truncate(at);
            compare(kind, &altered);
        }
        compare(kind, &[&bytes[..], &junk[..]].concat());
    }

    #[test]
    fn any_bytes_are_judged_as_encoding_them_again_judges(
        all in vec((select(EventKind::ALL), vec(select(&b"\0\0\0\x01\x02\xfb\xfca"[..]), 0..9)), 100),
    ) {
        for (kind, bytes) in &all {
            compare(*kind, bytes);
        }
    }
}

#[test]
fn a_decimal_has_one_spelling() {
    let is_spelling = |decimal: &'static str| {
        let value = wire::Value::Quantity { lower: Some(decimal.into()), upper: None, unit: None, approx: false };
        let (label, stale_after_days, unit) = (None, None, None);
        let (value_type, cardinality, complement) = (4, 0, wire::Complement::Pair((value, wire::Value::None)));
        let (fixed, id) = (false, None);
        let what = wire::AttributeDefined {
            key: "k",
            label,
            value_type,
            cardinality,
            complement,
            stale_after_days,
            unit,
            fixed,
            id,
        };
        let mut bytes = Vec::new();
        put(&mut bytes, &wire::Entered { what, first: None });
        compare(EventKind::AttributeDefined, &bytes);
        check(EventKind::AttributeDefined, &bytes).is_ok()
    };
    for decimal in ["0", "7", "-7", "1.50", "0.0", "-0.25", "9999999999999999999999999999"] {
        assert!(is_spelling(decimal), "{decimal}");
    }
    for decimal in ["07", "-0", "-0.0", "00.5", "+7", ".5", "7.", "1e3", "", " 7", "99999999999999999999999999999999"] {
        assert!(!is_spelling(decimal), "{decimal}");
    }
}
