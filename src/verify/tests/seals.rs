//! Whatever is done to a seal is named at its place, and nothing else is blamed.

use super::*;
use crate::chain::Hash;
use crate::frame::{Cut, Record, Seal, Signature, cut, join_seal};

/// A seal of the ledger: its segment, where it stands there, and the seal.
struct Found {
    path: PathBuf,
    at: std::ops::Range<usize>,
    seal: Seal,
    is_last: bool,
}

fn seals(dir: &Path) -> Vec<Found> {
    let mut all = Vec::new();
    for path in segments(dir) {
        let bytes = fs::read(&path).unwrap();
        for (at, is_frame) in records(&bytes) {
            if let (false, Cut::Record(Record::Seal(seal), _)) = (is_frame, cut(&bytes[at.start..])) {
                all.push(Found { path: path.clone(), at, seal, is_last: false });
            }
        }
    }
    all.last_mut().unwrap().is_last = true;
    all
}

fn bytes_of(seal: &Seal) -> Vec<u8> {
    let mut bytes = Vec::new();
    join_seal(seal, &mut bytes).unwrap();
    bytes
}

/// What is found when these bytes stand in the seal's place: codes and places.
fn with(dir: &Path, found: &Found, instead: &[u8]) -> Vec<(Code, usize)> {
    let whole = fs::read(&found.path).unwrap();
    fs::write(&found.path, [&whole[..found.at.start], instead, &whole[found.at.end..]].concat()).unwrap();
    let report = report(dir);
    fs::write(&found.path, whole).unwrap();
    let number = |segment: u64| found.path.ends_with(format!("{segment:012}.seg"));
    let in_place = |finding: &Finding| (finding.code, usize::try_from(finding.offset).unwrap());
    assert!(report.findings.iter().all(|finding| number(finding.segment)), "{:?}", report.findings);
    report.findings.iter().filter(|finding| finding.code != Code::SealSignature).map(in_place).collect()
}

#[test]
fn a_seal_that_was_taken_out_exchanged_stuffed_or_doubled_is_named() {
    let dir = ledger();
    for found in seals(dir.path()) {
        let (at, own) = (found.at.start, bytes_of(&found.seal));
        let Seal { size, link, root, .. } = found.seal;
        let other = |link, root, signatures| bytes_of(&Seal::new(size, link, root, signatures).unwrap());
        let signature = Signature { key: 1, algorithm: 200, bytes: vec![7; 300] };
        let stuffed = other(link, root, vec![signature]);
        let seal = if found.is_last { vec![] } else { vec![(Code::Seal, at)] };
        let what = format!("the seal at #{size}");
        assert_eq!(with(dir.path(), &found, &stuffed), seal, "{what}: stuffed");
        if !found.is_last {
            assert_eq!(with(dir.path(), &found, &other(link, Hash([7; 32]), vec![])), seal, "{what}: another root");
            assert_eq!(with(dir.path(), &found, &other(Hash([7; 32]), root, vec![])), seal, "{what}: another head");
            let codes: Vec<Code> = with(dir.path(), &found, &[]).into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, [Code::SealMissing], "{what}: taken out");
        }
        let twice = [own.clone(), own.clone()].concat();
        assert_eq!(with(dir.path(), &found, &twice), [(Code::SealEmpty, found.at.end)], "{what}: doubled");
        let forged_before = [stuffed, own].concat();
        let expected = if found.is_last { Code::SealEmpty } else { Code::SealUnexpected };
        let codes: Vec<Code> = with(dir.path(), &found, &forged_before).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [expected], "{what}: another put before it");
    }
}

#[test]
fn a_seal_that_was_put_within_a_commit_is_named() {
    let dir = ledger();
    let mut put_in = 0;
    for path in segments(dir.path()) {
        let whole = fs::read(&path).unwrap();
        for pair in records(&whole).windows(2) {
            let [(frame, true), (_, true)] = pair else { continue };
            let envelope =
                crate::frame::Envelope::fields_of(whole[frame.start + 9..frame.start + 121].try_into().unwrap());
            let link = crate::frame::Envelope::link(&envelope.to_bytes());
            let seal = bytes_of(&Seal::new(envelope.seq, link, Hash([7; 32]), vec![]).unwrap());
            fs::write(&path, [&whole[..frame.end], &seal, &whole[frame.end..]].concat()).unwrap();
            let found: Vec<_> = report(dir.path()).findings.iter().map(|own| (own.code, own.seq, own.offset)).collect();
            assert_eq!(found, [(Code::SealUnexpected, Some(envelope.seq), frame.end as u64)]);
            put_in += 1;
        }
        fs::write(&path, whole).unwrap();
    }
    assert!(put_in > 3, "{put_in}");
}

/// The byte model of the log's end: a signed last commit whose seal reaches over several sectors.
#[test]
fn a_long_last_seal_is_torn_at_every_byte_and_edge_and_never_taken_for_torn_when_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    Log::create(dir.path(), &[entry(1, b"begin")], 10).unwrap();
    let path = segments(dir.path()).remove(0);
    let begin = fs::metadata(&path).unwrap().len();
    let mut writer = Writer::open(dir.path(), 1).unwrap();
    let signature = |key, len| Signature { key, algorithm: 9, bytes: vec![u8::try_from(key).unwrap(); len] };
    writer.sign_with(Box::new(move |_, _| vec![signature(1, 700), signature(2, 900)]));
    writer.append(&[note("a")], 20).unwrap();
    drop(writer);
    let whole = fs::read(&path).unwrap();
    let begin = usize::try_from(begin).unwrap();
    let torn = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        report(dir.path()).tail.is_some_and(|tail| tail.place.offset == begin as u64)
    };
    for len in begin + 1..whole.len() {
        assert!(torn(&whole[..len]), "cut to {len}");
    }
    for edge in (begin / 512 + 1..=whole.len() / 512).map(|edge| edge * 512).filter(|edge| *edge + 1 < whole.len()) {
        let mut lost = whole.clone();
        lost[edge..].fill(0);
        assert!(torn(&lost), "zeros from {edge}");
    }
    for bit in begin * 8..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!torn(&flipped), "bit {bit} of an acknowledged commit");
    }
    assert!(!torn(&whole));
}

/// The seal is damaged; what stands behind it is judged by itself.
#[test]
fn behind_a_last_seal_of_a_wrong_tip_bytes_are_a_torn_tail_if_they_are_one() {
    let dir = ledger();
    let last = seals(dir.path()).pop().unwrap();
    let whole = fs::read(&last.path).unwrap();
    let frame = records(&whole)[0].0.clone();
    let behind = |bytes: &[u8]| {
        edit(&last.path, |own| {
            *own = [&whole, bytes].concat();
            own[last.at.end - 1] ^= 1;
        });
        let report = report(dir.path());
        let codes: Vec<_> = report.findings.iter().map(|own| (own.code, own.offset)).collect();
        (codes, report.tail.map(|tail| (tail.place.offset, tail.len_bytes)))
    };
    let (start, end) = (last.at.start as u64, last.at.end as u64);
    let seal = (Code::Seal, start);
    assert_eq!(behind(&[]), (vec![seal], None));
    for torn in [&whole[frame.clone()], &whole[frame.start..frame.end - 1], &[0; 600]] {
        assert_eq!(behind(torn), (vec![seal], Some((end, torn.len() as u64))));
    }
    assert_eq!(behind(&[7; 9]), (vec![seal, (Code::Guard, end)], None));
}
