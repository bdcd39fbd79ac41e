use super::*;
use crate::frame::{HEADER_LEN, frame_record_len};

/// The payloads that can still be read, and the damages.
fn left(dir: &Path) -> (Vec<String>, Vec<(Code, Option<u64>)>) {
    let mut texts = Vec::new();
    let despite = Log::open(dir)
        .unwrap()
        .scan_despite_damage(|intact| {
            if let Intact::Frame(frame) = intact {
                texts.push(String::from_utf8_lossy(frame.payload().unwrap_or(b"-")).into_owned());
            }
            Ok::<(), Error>(())
        })
        .unwrap();
    (texts, despite.damages.iter().map(|damage| (damage.code, damage.seq)).collect())
}

#[test]
fn what_is_intact_can_be_read_around_what_is_not() {
    let dir = ledger();
    assert_eq!(left(dir.path()), (vec!["a".into(), "b".into(), "c".into()], vec![]));
    let second = HEADER_LEN + frame_record_len(1);
    edit(&segment(dir.path(), 1), |bytes| bytes[second + 20] ^= 1);
    assert_eq!(left(dir.path()), (vec!["a".into(), "c".into()], vec![(Code::Envelope, Some(2))]));
    edit(&segment(dir.path(), 1), |bytes| bytes[second..second + 9].fill(0));
    assert_eq!(left(dir.path()).0, ["a", "c"]);
}

#[test]
fn a_torn_tail_is_neither_read_nor_damage() {
    let dir = ledger();
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    edit(&segment(dir.path(), 1), |bytes| {
        bytes.extend_from_slice(&whole[HEADER_LEN..HEADER_LEN + frame_record_len(1)]);
    });
    assert_eq!(left(dir.path()), (vec!["a".into(), "b".into(), "c".into()], vec![]));
}

#[test]
fn a_reader_that_stops_names_the_damage_as_verifying_does() {
    let dir = ledger();
    let second = HEADER_LEN + frame_record_len(1);
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    for (at, code) in [(20, Code::Envelope), (60, Code::Prev), (100, Code::Envelope), (125, Code::Payload)] {
        edit(&segment(dir.path(), 1), |bytes| bytes[second + at] ^= 1);
        let damage = damage_of(dir.path());
        assert_eq!((damage.code, damage.seq, damage.offset), (code, Some(2), second as u64));
        fs::write(segment(dir.path(), 1), &whole).unwrap();
    }
}
