//! Attackers who can write to the whole folder, met by a stamp that was made before.

use annals::frame::{Cut, HEADER_LEN, Record, cut};

use super::*;
use crate::fixtures::forge::{Forge, Piece};
use crate::support::out;

fn log(desk: &Desk) -> PathBuf {
    desk.path().join("ledger/log/000000000001.seg")
}

/// The log taken apart, with the salts that it has.
fn taken_apart(desk: &Desk) -> Forge {
    let bytes = fs::read(log(desk)).unwrap();
    let mut forge = Forge::divided(&desk.path().join("ledger"), &[]);
    let mut at = HEADER_LEN;
    while let Cut::Record(record, len) = cut(&bytes[at..]) {
        if let Record::Frame(frame) = record {
            let seq = annals::frame::Envelope::fields_of(frame.envelope).seq;
            forge.frame(seq).salt = *frame.salt;
        }
        at += len;
    }
    forge.chain();
    assert_eq!(forge.bytes(), [bytes], "nothing was changed yet");
    forge
}

fn check(desk: &Desk) -> (Option<i32>, String) {
    let output = desk.run(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
    (output.status.code(), out(&output))
}

/// A ledger in which something was changed and every hash computed anew is caught by the stamp, and by nothing else.
fn is_caught(change: impl Fn(&mut Forge)) {
    let desk = stamped_desk();
    let mut forge = taken_apart(&desk);
    change(&mut forge);
    forge.chain();
    fs::write(log(&desk), &forge.bytes()[0]).unwrap();
    desk.ok(&["verify"]);
    let (code, said) = check(&desk);
    assert!(code == Some(1) && said.contains("DOES NOT HOLD") && said.contains("written anew"), "{said}");
    // Nor is an answer taken that comes only now.
    fs::remove_file(&kept(&desk, "tsr")[0]).unwrap();
    let attach = ["anchor", "--attach", &fixture("good/rsa-sha256.tsr"), "--ca", &fixture("ca.pem")];
    desk.fails(&attach, 3);
    assert_eq!(kept(&desk, "tsr").len(), 0);
}

#[test]
fn a_back_dated_ledger_is_caught_by_an_earlier_stamp() {
    let year = 365 * 86_400_000_000;
    is_caught(|forge| (1..=7).for_each(|seq| forge.frame(seq).envelope.recorded_at -= year));
    is_caught(|forge| forge.frame(5).envelope.recorded_at = forge.frame(4).envelope.recorded_at);
}

#[test]
fn a_rewritten_or_cut_ledger_is_caught_by_an_earlier_stamp() {
    is_caught(|forge| forge.frame(4).payload[3] ^= 1);
    is_caught(|forge| {
        let pieces = &mut forge.segments[0].pieces;
        let fifth = pieces.iter().position(|piece| matches!(piece, Piece::Frame(frame) if frame.envelope.seq == 5));
        pieces.truncate(fifth.unwrap());
    });
}

#[test]
fn what_came_after_a_stamp_is_not_its_matter() {
    let desk = stamped_desk();
    let mut forge = taken_apart(&desk);
    forge.frame(7).payload[3] ^= 1;
    forge.chain();
    fs::write(log(&desk), &forge.bytes()[0]).unwrap();
    assert_eq!(check(&desk).0, Some(0), "later events need a later stamp");
}

#[test]
fn files_that_were_changed_prove_nothing() {
    let (stamp, head) = (kept(&stamped_desk(), "tsr").remove(0), kept(&stamped_desk(), "head").remove(0));
    let name = |path: &Path| Path::new("ledger/anchors").join(path.file_name().unwrap()).to_str().unwrap().to_owned();
    let (stamp, head) = (name(&stamp), name(&head));
    let other = fs::read(fixture("bad/another-head.tsr")).unwrap();
    let changes: [(&str, &str, Vec<u8>); 6] = [
        (&stamp, "stamps something else", other),
        (&stamp, "cannot be read", b"".to_vec()),
        (&stamp, "cannot be read", vec![0x30; 1 << 19]),
        (&head, "stamps something else", b"".to_vec()),
        (&head, "stamps something else", b"example.org/stamped\n6\n".to_vec()),
        (&head, "is no head", vec![b'a'; 2 << 20]),
    ];
    for (file, told, bytes) in changes {
        let desk = stamped_desk();
        fs::write(desk.path().join(file), &bytes).unwrap();
        let (code, said) = check(&desk);
        assert!(code == Some(1) && said.contains("DOES NOT HOLD") && said.contains(told), "{file} {told}: {said}");
        desk.ok(&["anchor"]);
    }
}

#[test]
fn a_stamp_of_one_size_does_not_pass_for_another() {
    let desk = stamped_desk();
    for ending in ["head", "tsr"] {
        let file = kept(&desk, "tsr").into_iter().next().unwrap_or_else(|| kept(&desk, "head").remove(0));
        let file = file.with_extension(ending);
        let name = file.file_name().unwrap().to_str().unwrap().replacen("000000000005", "000000000007", 1);
        fs::copy(&file, file.with_file_name(name)).unwrap();
    }
    let (code, said) = check(&desk);
    assert!(code == Some(1) && said.contains("is no head"), "{said}");
    assert!(!said.contains("held 7 events"), "{said}");
}

#[test]
fn strange_files_beside_are_passed_by() {
    let desk = stamped_desk();
    for name in ["5-0.head", "000000000005-zzzzzzzzzzzzzzzz.head", "5-5178b4d7b12822e8.head", "note.txt", "x.tsr"] {
        desk.write(&format!("ledger/anchors/{name}"), "x");
    }
    fs::create_dir(desk.path().join("ledger/anchors/000000000009-5178b4d7b12822e8.tsr")).unwrap();
    assert_eq!(check(&desk).0, Some(0));
    // A folder in the place of a head is no head.
    fs::create_dir(desk.path().join("ledger/anchors/000000000009-5178b4d7b12822e8.head")).unwrap();
    let (code, said) = check(&desk);
    assert!(code == Some(1) && said.contains("is no head"), "{said}");
}
