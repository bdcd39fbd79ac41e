//! The attacker has the ledger's folder and can write anything into it, but has no private key that is authorised.

use annals::codec;
use annals::event::{Event, Noted};
use annals::frame::Signature;
use annals::log::{Committed, Entry, Writer};
use annals::note::{Checkpoint, ED25519};
use annals::seq::Seq;

use super::*;
use crate::fixtures::forge::Forge;

/// Appends an event as no annals would: sealed by a private key in the name of the event `by`.
pub(crate) fn append(desk: &Desk, event: &Event, signer: &str, by: u64) {
    let mut writer = Writer::open(&ledger(desk), 1).unwrap();
    let key = private(desk, signer);
    writer.sign_with(Box::new(move |size, root| {
        let text = Checkpoint { origin: "example.org/siege".into(), size, root }.to_string();
        vec![Signature { key: by, algorithm: ED25519, bytes: key.sign(text.as_bytes()).to_vec() }]
    }));
    let body = Committed::new([7; 16], codec::encode(event, None).unwrap());
    let entry = Entry { kind: event.kind().number(), actor: 2, subject: 0, attribute: 0, body };
    writer.append(&[entry], 1).unwrap();
}

pub(crate) fn note(text: &str) -> Event {
    Event::Noted(Noted { about: None, text: text.into(), id: None, is_private: false })
}

fn found(code: &str, seq: u64) -> (String, u64) {
    (code.to_owned(), seq)
}

/// Writes the events anew with every hash in order, and the signatures that were there.
fn rehashed(desk: &Desk, change: impl FnOnce(&mut Forge)) {
    let mut forge = Forge::divided(&ledger(desk), &[]);
    change(&mut forge);
    forge.chain();
    for (name, bytes) in forge.files() {
        std::fs::write(ledger(desk).join("log").join(name), bytes).unwrap();
    }
}

#[test]
fn a_silent_edit_with_all_hashes_in_order_is_caught_by_the_signature() {
    let desk = signed_desk();
    desk.ok(&["note", "the power is off", "--key", "ana.key"]);
    desk.ok(&["note", "the power is on", "--key", "ana.key"]);
    assert_eq!(findings(&desk), []);
    rehashed(&desk, |forge| {
        let payload = &mut forge.frame(5).payload;
        let at = payload.windows(3).position(|text| text == b"off").unwrap();
        payload[at + 2] = b'g';
    });
    let found = findings(&desk);
    assert!(found.iter().all(|(code, _)| code == "seal-signature"), "no hash tells it: {found:?}");
    assert!(found.contains(&("seal-signature".to_owned(), 5)), "{found:?}");
    let refused = desk.fails(&["note", "built on it", "--key", "ana.key", "--cache", "none"], 3);
    assert!(refused.contains("does not count, for it has a signature that is not that of"), "{refused}");
}

#[test]
fn a_forged_author_is_caught() {
    let desk = signed_desk();
    new_key(&desk, "mallory");
    append(&desk, &note("unsigned, in nobody's name"), "mallory", 99);
    append(&desk, &note("in the name of ana"), "mallory", 4);
    assert_eq!(findings(&desk), [found("seal-signature", 5), found("seal-signature", 6)]);
}

#[test]
fn nobody_authorises_themselves() {
    let desk = signed_desk();
    new_key(&desk, "mallory");
    let public_key = private(&desk, "mallory").public().bytes().into();
    let roles = vec!["append".into(), "keys".into()];
    let event = Event::KeyAuthorised { name: "mallory".into(), algorithm: ED25519, public_key, roles };
    append(&desk, &event, "mallory", 5);
    assert_eq!(findings(&desk), [found("seal-signature", 5)]);
    append(&desk, &event, "ana", 4);
    assert_eq!(findings(&desk), [found("seal-signature", 5), found("seal-role", 6)], "ana may append only");
}

#[test]
fn a_revoked_key_and_one_that_was_not_yet_authorised_are_caught() {
    let desk = signed_desk();
    append(&desk, &note("ana, while she may"), "ana", 4);
    append(&desk, &Event::KeyRevoked { key: Seq(4), reason: "lost".into() }, "chief", CHIEF);
    append(&desk, &note("whoever found it"), "ana", 4);
    assert_eq!(findings(&desk), [found("seal-signature", 7)]);
    desk.fails(&["note", "built on it", "--key", "chief.key"], 3);
}

#[test]
fn a_cut_and_a_fork_show_against_a_signed_head_that_was_kept() {
    let desk = signed_desk();
    let key = head_key(&desk, "ana").to_string();
    desk.ok(&["note", "one", "--key", "ana.key"]);
    let segment = ledger(&desk).join("log/000000000001.seg");
    let before = std::fs::read(&segment).unwrap();
    desk.ok(&["note", "two", "--key", "ana.key"]);
    desk.write("kept.txt", &desk.ok(&["head"]));
    let against = ["verify", "--against", "kept.txt", "--key", &key];
    assert!(desk.ok(&against).contains("the signed head is in it"));
    desk.ok(&["note", "three", "--key", "ana.key"]);
    desk.ok(&against);
    // The author herself takes back what she said: every signature holds.
    std::fs::write(&segment, before).unwrap();
    assert_eq!(findings(&desk), []);
    let cut = desk.run(&against);
    assert!(cut.status.code() == Some(1) && crate::support::out(&cut).contains("only 5 events"));
    desk.ok(&["note", "two, but otherwise", "--key", "ana.key", "--cache", "none"]);
    assert_eq!(findings(&desk), []);
    assert_eq!(desk.run(&against).status.code(), Some(1));
}

#[test]
fn the_erasure_of_an_event_about_keys_is_caught() {
    let desk = signed_desk();
    append(&desk, &Event::PayloadErased { target: Seq(4), basis: "none".into(), first: None }, "chief", CHIEF);
    Writer::open(&ledger(&desk), 1).unwrap().erase(&[4]).unwrap();
    assert_eq!(findings(&desk), [found("key-erased", 4)]);
    let refused = desk.fails(&["note", "built on it", "--key", "chief.key"], 3);
    assert!(refused.contains("an event about keys, is gone"), "{refused}");
}

#[test]
fn what_nobody_signed_is_not_shown_though_the_keys_cannot_be_known() {
    let desk = signed_desk();
    desk.ok(&["note", "the power is off", "--key", "ana.key"]);
    let mut writer = Writer::open(&ledger(&desk), 1).unwrap();
    let forged = note("the power was never off");
    let body = Committed::new([7; 16], codec::encode(&forged, None).unwrap());
    writer.append(&[Entry { kind: forged.kind().number(), actor: 2, subject: 0, attribute: 0, body }], 1).unwrap();
    drop(writer);
    // The seal of the first commit, which names the first key, is damaged: no key is known for certain behind it.
    let segment = ledger(&desk).join("log/000000000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let first =
        crate::fixtures::forge::records(&bytes).into_iter().find(|record| bytes[record.start + 8] == b'S').unwrap();
    bytes[first.end - 1] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let found = findings(&desk);
    assert!(found.contains(&("seal-signature".to_owned(), 6)), "{found:?}");
    let shown = desk.ok(&["log", "--despite-damage"]);
    assert!(shown.contains("the power is off") && !shown.contains("never off"), "{shown}");
}

#[test]
fn everything_before_a_wrong_signature_holds() {
    for behind in 0..2 {
        let desk = signed_desk();
        desk.ok(&["note", "the power is off", "--key", "ana.key"]);
        let head = desk.json(&["verify"]).pop().unwrap()["holds_up_to"].clone();
        append(&desk, &note("in the name of ana"), "chief", 4);
        for _ in 0..behind {
            append(&desk, &note("by ana"), "ana", 4);
        }
        assert_eq!(findings(&desk), [found("seal-signature", 6)]);
        let output = desk.run(&["--json", "verify"]);
        let last = crate::support::out(&output).lines().last().unwrap().to_owned();
        let last: serde_json::Value = serde_json::from_str(&last).unwrap();
        assert_eq!(last["holds_up_to"], head, "{behind} commits behind");
    }
}

/// Who recorded an event is a number in its envelope: one that is no actor is named, and nobody else is.
#[test]
fn an_actor_that_is_none_is_found_and_named_as_none() {
    let desk = Desk::with_ledger();
    desk.ok(&["note", "one", "--id", "one"]);
    desk.ok(&["note", "two", "--actor", "ben"]);
    let change = |actor: u64| {
        let mut forge = Forge::divided(&ledger(&desk), &[]);
        forge.frame(3).envelope.actor = actor;
        forge.chain();
        std::fs::write(ledger(&desk).join("log/000000000001.seg"), &forge.bytes()[0]).unwrap();
    };
    for (actor, name) in [(1, "no-actor-1"), (3, "no-actor-3"), (4, "ben"), (5, "no-actor-5"), (99, "no-actor-99")] {
        change(actor);
        assert_eq!(findings(&desk), [found("actor", 3)], "{actor}");
        for args in [&["log"][..], &["show", "one"], &["export"]] {
            assert!(
                desk.json(args).iter().any(|line| line["text"] == "one" && line["actor"] == name),
                "{actor} {args:?}"
            );
        }
        desk.ok(&["log"]);
        desk.write("all.jsonl", &desk.ok(&["export"]));
        let other = Desk::with_ledger();
        std::fs::copy(desk.path().join("all.jsonl"), other.path().join("all.jsonl")).unwrap();
        assert_eq!(other.json(&["import", "all.jsonl"])[0]["refused"], 0);
    }
    change(0);
    assert_eq!(findings(&desk), [found("actor", 3)]);
    change(2);
    assert_eq!(findings(&desk), []);
    desk.ok(&["erase", "#2", "--basis", "order", "--yes", "--cache", "none"]);
    assert_eq!(desk.json(&["show", "one"])[0]["actor"], "erased-2");
    assert_eq!(findings(&desk), []);
}
