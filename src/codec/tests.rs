use super::*;
use crate::event::{Event, EventKind};
use crate::seq::Seq;

#[test]
fn a_payload_has_one_spelling() {
    let event = Event::PayloadErased { target: Seq(7), basis: "court order".into() };
    let bytes = encode(&event).unwrap();
    assert_eq!(bytes, b"\x07\x0bcourt order");
    assert_eq!(decode(EventKind::PayloadErased, &bytes), Ok(event));
    let mut overlong = b"\xfb\x07\x00\x0bcourt order".to_vec();
    assert_eq!(decode(EventKind::PayloadErased, &overlong), Err(DecodeError::NotCanonical));
    overlong.clear();
    overlong.extend(b"\x07\x0bcourt order\x00");
    assert_eq!(decode(EventKind::PayloadErased, &overlong), Err(DecodeError::NotCanonical));
}

#[test]
fn hostile_lengths_are_refused_without_allocating() {
    for kind in EventKind::ALL {
        for bytes in [
            &b"\xfd\xff\xff\xff\xff\xff\xff\xff\xff"[..],
            b"\xfc\xff\xff\xff\xff",
            b"\x01\xfd\xff\xff\xff\xff\xff\xff\xff\x7f",
            b"",
        ] {
            assert!(decode(*kind, bytes).is_err(), "{kind:?} {bytes:?}");
        }
    }
}
