use proptest::prelude::*;

use super::super::seal::Signature;
use super::*;
use crate::chain::Hash;

fn frame_bytes(payload: &[u8]) -> Vec<u8> {
    let envelope = Envelope {
        payload_len: u32::try_from(payload.len()).unwrap(),
        version: 1,
        ..Envelope::fields_of(&[0; ENVELOPE_LEN])
    };
    let mut out = Vec::new();
    join_frame(&RawFrame { envelope: &envelope.to_bytes(), salt: &[5; 16], payload }, &mut out);
    out
}

fn seal_of(signatures: Vec<Signature>) -> Seal {
    Seal::new(9, Hash([1; 32]), Hash([2; 32]), signatures).unwrap()
}

#[test]
fn any_prefix_of_a_record_needs_more_and_never_less_than_it_says() {
    let bytes = frame_bytes(b"payload");
    for len in 0..bytes.len() {
        let Cut::NeedMore { missing } = cut(&bytes[..len]) else { panic!("{len}") };
        assert!(missing > 0 && len + missing <= bytes.len(), "{len}: {missing}");
    }
    assert_eq!(bytes.len(), frame_record_len(7));
}

#[test]
fn a_flipped_bit_in_the_length_is_damage_and_the_other_copy_leads_through() {
    let bytes = [frame_bytes(b"payload"), frame_bytes(b"next")].concat();
    for bit in 0..GUARD_LEN * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(cut(&flipped), Cut::Damaged(Fault::Guard { .. })), "{bit}");
        assert_eq!(len_despite_guard(&flipped), Some(frame_record_len(7)), "{bit}");
        assert!(!seems_to_begin(&flipped), "{bit}");
    }
}

#[test]
fn lengths_over_the_maximum_are_refused_before_anything_else() {
    for len in [0, u32::try_from(RECORD_LEN_MAX).unwrap() + 1, u32::MAX] {
        let guard = [len.to_le_bytes(), (!len).to_le_bytes()].concat();
        assert_eq!(cut(&guard), Cut::Damaged(Fault::Length(len)));
    }
}

#[test]
fn the_type_bytes_differ_in_more_than_one_bit() {
    assert!((FRAME ^ SEAL).count_ones() > 1);
    let mut bytes = frame_bytes(b"");
    bytes[GUARD_LEN] = 0;
    assert_eq!(cut(&bytes), Cut::Damaged(Fault::Type(0, bytes.len())));
}

proptest! {
    #[test]
    fn what_was_joined_is_cut_the_same(payload: Vec<u8>, salt: [u8; 16], rest: Vec<u8>) {
        let envelope = [3; ENVELOPE_LEN];
        let frame = RawFrame { envelope: &envelope, salt: &salt, payload: &payload };
        let mut out = Vec::new();
        join_frame(&frame, &mut out);
        let len = out.len();
        out.extend(rest);
        prop_assert_eq!(cut(&out), Cut::Record(Record::Frame(frame), len));
    }

    #[test]
    fn seals_too(
        signatures in prop::collection::vec((any::<u64>(), any::<u8>(), prop::collection::vec(any::<u8>(), 0..99)), 0..5),
        rest: Vec<u8>,
    ) {
        let signatures =
            signatures.into_iter().map(|(key, algorithm, bytes)| Signature { key, algorithm, bytes }).collect();
        let seal = seal_of(signatures);
        let mut out = Vec::new();
        join_seal(&seal, &mut out).unwrap();
        let len = out.len();
        out.extend(rest);
        prop_assert_eq!(record_of(&out[..len]), Some(Record::Seal(seal.clone())));
        prop_assert!(seems_to_begin(&out));
        prop_assert_eq!(cut(&out), Cut::Record(Record::Seal(seal), len));
    }

    #[test]
    fn no_bytes_make_it_panic_or_reach_beyond_them(bytes: Vec<u8>) {
        if let Cut::Record(_, len) = cut(&bytes) {
            prop_assert!(len <= bytes.len());
        }
        prop_assert!(len_despite_guard(&bytes).is_none_or(|len| len <= bytes.len()));
        prop_assert!(!seems_to_begin(&bytes));
        let _ = record_of(&bytes);
    }

    #[test]
    fn nor_do_bytes_behind_a_good_guard(len in 1u32..300, bytes: Vec<u8>, seal: bool) {
        let mut record = [len.to_le_bytes(), (!len).to_le_bytes()].concat();
        record.push(if seal { SEAL } else { FRAME });
        record.extend(bytes);
        if let Cut::Record(_, whole) = cut(&record) {
            prop_assert!(whole <= record.len());
        }
        prop_assert!(len_despite_guard(&record).is_none_or(|len| len <= record.len()));
        let _ = (seems_to_begin(&record), record_of(&record));
    }
}
