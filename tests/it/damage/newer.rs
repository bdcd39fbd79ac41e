//! Ledgers of a later annals: refused, not taken for damaged.

use annals::chain::{self, Hash};
use annals::codec;
use annals::event::{Event, Genesis};
use annals::frame::{Cut, Envelope, HEADER_LEN, RawFrame, Record, Seal, cut, join_frame, join_seal};
use annals::tree::{Edge, leaf};

use super::{desk_of, edit};
use crate::support::Desk;

/// Changes the first event and chains the first segment anew, as a later annals would have written it.
fn rewritten(change: impl Fn(&mut Envelope, &mut Vec<u8>)) -> Desk {
    let desk = desk_of("v1/every-kind");
    let log = desk.path().join("ledger/log");
    for later in ["000000000016.seg", "000000000028.seg"] {
        std::fs::remove_file(log.join(later)).unwrap();
    }
    edit(&desk, 1, |bytes| {
        let mut out = bytes[..HEADER_LEN].to_vec();
        let (mut at, mut size, mut prev, mut edge, mut ledger) = (HEADER_LEN, 0, Hash::ZERO, Edge::new(), Hash::ZERO);
        while let Cut::Record(record, len) = cut(&bytes[at..]) {
            match record {
                Record::Frame(raw) => {
                    let (mut envelope, mut payload) = (Envelope::fields_of(raw.envelope), raw.payload.to_vec());
                    envelope.prev = prev;
                    if envelope.seq == 1 {
                        change(&mut envelope, &mut payload);
                    }
                    envelope.commitment = chain::commitment(raw.salt, &payload);
                    envelope.payload_len = u32::try_from(payload.len()).unwrap();
                    let envelope = envelope.to_bytes();
                    (size, prev) = (size + 1, Envelope::link(&envelope));
                    edge.push(leaf(&envelope));
                    if size == 1 {
                        ledger = prev;
                    }
                    join_frame(&RawFrame { envelope: &envelope, salt: raw.salt, payload: &payload }, &mut out);
                }
                Record::Seal(seal) => {
                    let seal = Seal::new(size, prev, edge.root(), seal.signatures).unwrap();
                    prev = seal.tip;
                    join_seal(&seal, &mut out).unwrap();
                }
            }
            at += len;
        }
        out[16..48].copy_from_slice(&ledger.0);
        check_header(&mut out);
        *bytes = out;
    });
    desk
}

fn check_header(bytes: &mut [u8]) {
    let checksum = chain::segment_checksum(&bytes[..HEADER_LEN - 32]);
    bytes[HEADER_LEN - 32..HEADER_LEN].copy_from_slice(&checksum.0);
}

#[test]
fn a_later_format_is_refused_with_the_way_out_by_readers_and_writers() {
    let genesis = |_: &mut Envelope, payload: &mut Vec<u8>| {
        let genesis = Genesis { origin: "example.org/later".into(), format: 2, algorithms: Vec::new() };
        *payload = codec::encode(&Event::Genesis(genesis), None).unwrap();
    };
    let segment = desk_of("v1/small");
    edit(&segment, 9, |bytes| {
        bytes[8] = 2;
        check_header(bytes);
    });
    let later = [
        ("the genesis's format", rewritten(genesis)),
        ("an envelope's version", rewritten(|envelope, _| envelope.version = 2)),
        ("an envelope's flags", rewritten(|envelope, _| envelope.flags |= 4)),
        ("a segment's format", segment),
        ("a kind", desk_of("bad/kind")),
        ("a version inside", desk_of("bad/envelope-version")),
    ];
    for (what, desk) in later {
        for command in [&["state"][..], &["log"], &["export"], &["head"], &["note", "hello"]] {
            let told = desk.fails(command, 3);
            assert!(told.contains("was written by a newer annals"), "{what}, {command:?}: {told}");
            assert!(told.contains("hint: a newer version of annals may read it"), "{what}, {command:?}: {told}");
        }
        assert_eq!(desk.run(&["verify"]).status.code(), Some(1), "{what}");
    }
}

#[test]
fn the_same_ledger_rewritten_in_this_format_is_none() {
    let desk = rewritten(|_, _| ());
    desk.ok(&["log"]);
    desk.ok(&["verify"]);
    desk.ok(&["note", "hello"]);
}

/// A ledger of annals 0.1.0, in whose draft of the format no event said that it begins a commit.
#[test]
fn a_ledger_of_the_draft_is_told_as_that_and_how_it_comes_over() {
    let desk = rewritten(|envelope, _| envelope.flags = 0);
    let log = desk.path().join("ledger/log/000000000001.seg");
    let before = std::fs::read(&log).unwrap();
    let record = ["record", "s", "a", "v", "--on", "2024", "--said-by", "w"];
    for args in [&["head"][..], &["state"], &["log"], &["export"], &["verify"], &["repair"], &record] {
        let told = desk.fails(args, 3);
        assert!(told.contains("was written by annals 0.1.0, whose draft of the format is not read any more"), "{told}");
        assert!(told.contains("export it with annals 0.1.0") && told.contains("import"), "{args:?}: {told}");
        assert!(!told.contains("damaged"), "{args:?}: {told}");
    }
    assert!(std::fs::read(&log).unwrap() == before);
}
