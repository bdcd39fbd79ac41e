use super::*;
use crate::frame::HEADER_LEN;

/// What a flipped bit at this byte of a record is called.
fn code_for(at: usize, is_frame: bool) -> Code {
    match (at, is_frame) {
        (0..8, _) => Code::Guard,
        (8, _) => Code::RecordType,
        (57..89, true) => Code::Prev,
        (9..121, true) => Code::Envelope,
        (_, true) => Code::Payload,
        (9..17, false) => Code::SealSize,
        (17..49, false) => Code::SealHead,
        (49..81, false) => Code::SealRoot,
        (81, false) => Code::RecordForm,
        (_, false) => Code::Seal,
    }
}

/// Every bit of the log is flipped, one at a time: each time there is one finding that names the code, the event and
/// the offset of the record, and nothing else is blamed.
#[test]
fn every_flipped_bit_is_named() {
    let dir = ledger();
    let mut seq = 0;
    for (number, path) in segments(dir.path()).into_iter().enumerate() {
        let whole = fs::read(&path).unwrap();
        let first_seq = seq + 1;
        for bit in 0..HEADER_LEN * 8 {
            let expected = Finding { seq: Some(first_seq), ..report_of_flip(dir.path(), &path, &whole, bit).remove(0) };
            let found = report_of_flip(dir.path(), &path, &whole, bit);
            assert_eq!(found, std::slice::from_ref(&expected), "header of segment {number}, bit {bit}");
            assert_eq!((expected.code, expected.offset), (Code::SegmentHeader, 0));
        }
        for (range, is_frame) in records(&whole) {
            seq += u64::from(is_frame);
            for bit in range.start * 8..range.end * 8 {
                let mut findings = report_of_flip(dir.path(), &path, &whole, bit);
                // What damages an erasure takes the permission with it.
                findings.retain(|finding| seq != 5 || finding.code != Code::ErasedUnnamed);
                let at = bit / 8 - range.start;
                let code = match code_for(at, is_frame) {
                    Code::Payload if seq == 3 => Code::ErasureUnfinished,
                    code => code,
                };
                let what = format!("byte {at} of #{seq}, frame: {is_frame}, bit {bit}: {findings:#?}");
                assert_eq!(findings.len(), 1, "{what}");
                // A commit whose seal is unreadable joins with the next one; at the end it is left unsealed.
                let expected = (code, Some(if is_unread(code, is_frame) { findings[0].seq.unwrap() } else { seq }));
                assert_eq!((findings[0].code, findings[0].seq), expected, "{what}");
                assert_eq!(findings[0].offset, range.start as u64, "{what}");
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!((seq, report(dir.path()).findings), (10, vec![]));
}

fn is_unread(code: Code, is_frame: bool) -> bool {
    !is_frame && matches!(code, Code::Guard | Code::RecordType | Code::RecordForm)
}

fn report_of_flip(dir: &Path, path: &Path, whole: &[u8], bit: usize) -> Vec<Finding> {
    let mut flipped = whole.to_vec();
    flipped[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, &flipped).unwrap();
    report(dir).findings
}
