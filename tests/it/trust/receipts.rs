//! Receipts through the binary and the library, and a checker in another language.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use annals::share::{check_proof, prove_growth};
use serde_json::Value;

use super::{dir, holds, ledger, receipt, size, with_checksum};
use crate::keys::{head_key, private, signed_desk};
use crate::support::{Desk, out, python};

#[test]
fn a_receipt_is_checked_without_the_ledger() {
    let desk = ledger();
    desk.write("kept.txt", &desk.ok(&["head"]));
    desk.ok(&["prove", "#6", "--output", "receipt.txt"]);
    desk.ok(&["prove", "#6", "#8", "#2", "#6", "--output", "several.txt"]);
    let elsewhere = Desk::new();
    for name in ["kept.txt", "receipt.txt", "several.txt"] {
        std::fs::copy(desk.path().join(name), elsewhere.path().join(name)).unwrap();
    }
    let told = elsewhere.ok(&["check", "receipt.txt"]);
    assert!(told.contains("It holds") && told.contains("Nobody signed"), "{told}");
    assert!(elsewhere.ok(&["check", "receipt.txt", "--head", "kept.txt"]).contains("the head that was given"));
    let told = &elsewhere.json(&["check", "several.txt"])[0];
    let seqs: Vec<&Value> = told["events"].as_array().unwrap().iter().map(|event| &event["seq"]).collect();
    assert_eq!(seqs, [2, 6, 8]);
    assert_eq!(told["events"][1]["hash"], desk.json(&["show", "#6"])[0]["hash"]);
    assert_eq!(told["events"][1]["event"]["quote"], "as seen: ‘off’");
    // The ledger goes on; the receipt is about the head it was made at.
    desk.ok(&["note", "later"]);
    desk.write("later.txt", &desk.ok(&["head"]));
    std::fs::copy(desk.path().join("later.txt"), elsewhere.path().join("later.txt")).unwrap();
    let other = elsewhere.run(&["check", "receipt.txt", "--head", "later.txt"]);
    assert_eq!((other.status.code(), out(&other).contains("another head")), (Some(1), true));
    elsewhere.write("receipt.txt", "annals receipt v1\n");
    let said = elsewhere.run(&["--json", "check", "receipt.txt"]);
    assert_eq!((said.status.code(), out(&said).contains(r#""holds":false"#)), (Some(1), true));
    assert!(desk.fails(&["prove", "#99"], 3).contains("no other"));
    assert!(desk.fails(&["prove", "#0"], 3).contains("no other"));
}

#[test]
fn every_event_and_any_several_can_be_proved_at_every_size() {
    let desk = Desk::with_ledger();
    for number in 0..9 {
        desk.ok(&["note", &number.to_string()]);
        let size = size(&desk);
        for seq in 1..=size {
            assert!(holds(receipt(&dir(&desk), &[seq]).as_bytes()), "{seq} of {size}");
        }
        let all: Vec<u64> = (1..=size).collect();
        let text = receipt(&dir(&desk), &all);
        assert!(holds(text.as_bytes()) && !text.contains("\nindex 0\nindex 2"), "{size}");
        for old in 1..=size {
            let text = prove_growth(&dir(&desk), old).unwrap();
            assert!(holds(text.as_bytes()), "{old} to {size}");
        }
    }
    assert!(prove_growth(&dir(&desk), 99).is_err());
    assert!(prove_growth(&dir(&desk), 0).is_err(), "no ledger ever had a head of 0 events");
}

#[test]
fn an_erased_event_is_proved_without_its_payload_and_an_older_receipt_still_holds() {
    let desk = ledger();
    let before = receipt(&dir(&desk), &[6]);
    assert!(receipt(&dir(&desk), &[7]).contains("\nerased\n"));
    desk.ok(&["erase", "#6", "--basis", "order", "--yes"]);
    let after = receipt(&dir(&desk), &[6]);
    assert!(after.contains("\nerased\n") && holds(after.as_bytes()));
    assert_eq!(after.matches("\npayload ").count(), 1, "only that of the erasure, which proves it");
    let without = after.replace("\nerased\n", "\nnot shown\n");
    assert!(!holds(without.as_bytes()), "what is shown to be erased is called so");
    assert!(holds(before.as_bytes()));
}

/// Every text that differs from this one in one byte, by one or all bits, or by a byte added or taken away.
fn altered(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let bytes = text.as_bytes().to_vec();
    (0..bytes.len()).flat_map(move |place| {
        let flipped = |mask: u8| {
            let mut bytes = bytes.clone();
            bytes[place] ^= mask;
            bytes
        };
        let mut without = bytes.clone();
        without.remove(place);
        let mut with = bytes.clone();
        with.insert(place, bytes[place]);
        [flipped(1), flipped(0x20), flipped(0xff), without, with]
    })
}

#[test]
fn any_byte_that_is_changed_is_found() {
    let desk = ledger();
    let dir = dir(&desk);
    for text in [receipt(&dir, &[6]), receipt(&dir, &[2, 7, 9]), prove_growth(&dir, 5).unwrap()] {
        assert!(holds(text.as_bytes()));
        for (number, bytes) in altered(&text).enumerate() {
            assert!(bytes == text.as_bytes() || !holds(&bytes), "{number}: {}", String::from_utf8_lossy(&bytes));
        }
        for cut in 0..text.len() {
            assert!(!holds(&text.as_bytes()[..cut]), "{cut}");
        }
    }
}

/// Also if the checksum is computed anew, but for what only a key can tell: names and bytes of signatures.
#[test]
fn any_byte_that_is_changed_is_found_by_more_than_the_checksum() {
    let desk = ledger();
    for text in [receipt(&dir(&desk), &[6]), receipt(&dir(&desk), &[2, 7, 9])] {
        for bytes in altered(&text) {
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            let altered = with_checksum(&altered);
            assert!(altered == text || check_proof(&altered).is_err(), "{altered}");
        }
    }
}

#[test]
fn signatures_stand_below_a_head_as_they_are() {
    let desk = ledger();
    let text = receipt(&dir(&desk), &[6]);
    let origin = desk.json(&["head"])[0]["origin"].as_str().unwrap().to_owned();
    let unsigned = "Nobody signed that: compare it with a head that was kept elsewhere.";
    let signed = text.replace(unsigned, &format!("It is signed by {origin} and witness.example."));
    let signed =
        with_checksum(&format!("{signed}\n— {origin} AAAAAAAA\n— {origin} BBBBBBBB\n— witness.example CCCCCCCC\n"));
    let proven = check_proof(&signed).unwrap();
    let annals::share::Proven::Held { head, .. } = proven else { panic!("{proven:?}") };
    assert_eq!(head.signers().count(), 3);
    for wrong in [signed.replace("— witness", "- witness"), signed.clone() + "\n", signed.replace("\n\n— ", "\n— ")]
    {
        assert!(check_proof(&with_checksum(&wrong)).is_err(), "{wrong}");
    }
    for bytes in altered(&signed) {
        assert!(bytes == signed.as_bytes() || !holds(&bytes));
    }
}

#[test]
fn a_receipt_of_a_signed_ledger_shows_who_signed_and_a_wrong_signer_is_refused() {
    let desk = signed_desk();
    desk.ok(&["note", "x", "--key", "ana.key"]);
    desk.ok(&["prove", "#5", "--output", "receipt.txt"]);
    let told = desk.ok(&["check", "receipt.txt"]);
    assert!(told.contains("Signatures of example.org/siege stand below it; they were not checked"), "{told}");
    let key = |name| head_key(&desk, name).to_string();
    assert!(desk.ok(&["check", "receipt.txt", "--signed-by", &key("ana")]).contains("signed by example.org/siege+"));
    let by_key = desk.fails(&["check", "receipt.txt", "--key", &key("ana")], 2);
    assert!(by_key.contains("check takes the public key with --signed-by"), "{by_key}");
    let from_environment = desk.command(&["check", "receipt.txt"]).env("ANNALS_KEY", "ana.key").status().unwrap();
    assert!(from_environment.success());
    let refused = desk.run(&["check", "receipt.txt", "--signed-by", &key("chief")]);
    assert_eq!((refused.status.code(), out(&refused).contains("did not sign")), (Some(1), true));
    assert!(!out(&refused).contains("the same key"), "{}", out(&refused));
    let own_name = private(&desk, "ana").public().to_string();
    let refused = desk.run(&["check", "receipt.txt", "--signed-by", &own_name]);
    let way_out = format!("the same key signed it under the ledger's name: give {}", key("ana"));
    assert_eq!((refused.status.code(), out(&refused).contains(&way_out)), (Some(1), true), "{}", out(&refused));
    // What only the key tells: a signature changed, and the checksum computed anew.
    let text = std::fs::read_to_string(desk.path().join("receipt.txt")).unwrap();
    assert!(text.ends_with("=\n") && text.contains("It is signed by example.org/siege."), "{text}");
    let place = text.len() - 20;
    let digit = if text.as_bytes()[place] == b'A' { "B" } else { "A" };
    let forged = with_checksum(&format!("{}{digit}{}", &text[..place], &text[place + 1..]));
    desk.write("receipt.txt", &forged);
    desk.ok(&["check", "receipt.txt"]);
    assert_eq!(desk.run(&["check", "receipt.txt", "--signed-by", &key("ana")]).status.code(), Some(1));
}

#[test]
fn a_checker_in_another_language_agrees() {
    let Some(python) = python() else { return };
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/receipt.py");
    assert!(std::fs::read_to_string(&script).unwrap().lines().count() < 120);
    let mut command = Command::new(python);
    command.arg("-B").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut peer = command.spawn().unwrap();
    let (mut asks, mut answers) = (peer.stdin.take().unwrap(), BufReader::new(peer.stdout.take().unwrap()));
    let desk = ledger();
    let file = desk.path().join("receipt.txt");
    let mut agree = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        writeln!(asks, "{}", file.display()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(answer == "ok\n", holds(bytes), "{answer}{}", String::from_utf8_lossy(bytes));
    };
    for seqs in [&[1][..], &[6], &[7], &[2, 6, 7, 9], &[1, 2, 3, 4, 5, 6, 7, 8]] {
        let text = receipt(&dir(&desk), seqs);
        agree(text.as_bytes());
        for bytes in altered(&text).step_by(17) {
            agree(&bytes);
            if let Ok(altered) = String::from_utf8(bytes) {
                agree(with_checksum(&altered).as_bytes());
            }
        }
    }
    drop(asks);
    peer.wait().unwrap();
}
