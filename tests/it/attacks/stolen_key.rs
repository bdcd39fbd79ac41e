//! The attacker has the ledger's folder and a key that may only append. Chain, tree, seals and signatures are all right: the role
//! alone is missing.

use annals::event::{Event, SettingChanged, SettingName};
use annals::log::Writer;
use annals::note::ED25519;
use annals::seq::Seq;

use crate::keys::attacks::{append, note};
use crate::keys::{CHIEF, findings, ledger, new_key, private, signed_desk};
use crate::support::{Desk, err, out};

/// The event that authorises ana's key.
const ANA: u64 = 4;

/// A ledger to which ana wrote the claims `c1` and `c2`, and the number of its newest event.
fn desk() -> (Desk, u64) {
    let desk = signed_desk();
    for (id, value) in [("c1", "off"), ("c2", "on")] {
        let claim = ["record", "embassy", "electricity", value, "--on", "2024-11-23", "--said-by", "urruchurtu"];
        desk.ok(&[&claim[..], &["--id", id, "--key", "ana.key", "--anyway"]].concat());
    }
    let size = desk.json(&["head"])[0]["size"].as_u64().unwrap();
    (desk, size)
}

/// What ana must not seal.
fn forbidden(desk: &Desk) -> [Event; 4] {
    desk.write("mallory.pub", &new_key(desk, "mallory"));
    let public_key = private(desk, "mallory").public().bytes().into();
    let roles = ["append", "keys", "erase"].map(Into::into).to_vec();
    let claim = desk.json(&["show", "c1"])[0]["seq"].as_u64().unwrap();
    [
        Event::KeyAuthorised { name: "mallory".into(), algorithm: ED25519, public_key, roles },
        Event::KeyRevoked { key: Seq(CHIEF), reason: "mallory was here".into() },
        Event::PayloadErased { target: Seq(claim), basis: "mallory was here".into(), first: None },
        Event::SettingChanged(SettingChanged { name: SettingName::Title, value: "mallory".into() }),
    ]
}

/// Whatever shows, proves, hands on or records something.
const COMMANDS: &[&[&str]] = &[
    &["state", "--on", "2024-11-24"],
    &["timeline", "embassy"],
    &["diff", "--from", "2024-11-01", "--to", "2024-12-01"],
    &["contested"],
    &["history", "embassy", "electricity"],
    &["first", "embassy", "electricity"],
    &["stale", "--on", "2024-12-01"],
    &["show", "c1"],
    &["show", "#4"],
    &["log"],
    &["entity"],
    &["attribute"],
    &["source"],
    &["setting"],
    &["head"],
    &["key", "list"],
    &["prove", "#4"],
    &["prove", "c1"],
    &["prove", "--from", "4"],
    &["publish", "site"],
    &["export"],
    &["anchor", "--request", "ask.tsq"],
    &["record", "embassy", "gas", "off", "--on", "2024-11-23", "--said-by", "urruchurtu"],
    &["import", "lines.jsonl"],
    &["correct", "c1", "--value", "on", "--reason", "misread"],
    &["retract", "c1", "--reason", "misread"],
    &["dispute", "c1", "--grounds", "no"],
    &["assess", "c1", "--rating", "false", "--rationale", "no"],
    &["approve", "c1", "--reason", "seen"],
    &["return", "c1", "--reason", "no"],
    &["note", "one"],
    &["cite", "c1", "--url", "https://example.org/one"],
    &["undo", "--yes"],
    &["erase", "c2", "--basis", "order", "--yes"],
    &["setting", "title", "The embassy"],
    &["key", "authorise", "MALLORY"],
    &["key", "revoke", "ana", "--reason", "stolen"],
];

/// Runs a command with a key that has every role, through the user's cache or without one: its code, answer and notes.
fn run(desk: &Desk, args: &[&str], is_cached: bool) -> (Option<i32>, String, String) {
    let mallory = std::fs::read_to_string(desk.path().join("mallory.pub")).unwrap();
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "MALLORY" { mallory.as_str() } else { arg }).collect();
    let mut command = desk.command(&args);
    if !is_cached {
        command.env("ANNALS_CACHE", "none");
    }
    let output = command.env("ANNALS_KEY", "chief.key").output().unwrap();
    (output.status.code(), out(&output), err(&output))
}

#[test]
fn what_a_key_without_the_role_sealed_counts_for_no_command() {
    for kind in 0..4 {
        let (desk, size) = desk();
        let event = forbidden(&desk)[kind].clone();
        desk.write("lines.jsonl", r#"{"type":"note","text":"one"}"#);
        append(&desk, &event, "ana", ANA);
        let is_erasure = if let Event::PayloadErased { target, .. } = &event {
            Writer::open(&ledger(&desk), 1).unwrap().erase(&[target.0]).unwrap();
            true
        } else {
            false
        };
        append(&desk, &note("behind it"), "ana", ANA);
        let found = findings(&desk);
        assert!(found.contains(&("seal-role".to_owned(), size + 1)), "{event:?}: {found:?}");
        assert_eq!(found.iter().any(|(code, _)| code == "erased-unnamed"), is_erasure, "{found:?}");
        let log = || std::fs::read(ledger(&desk).join("log/000000000001.seg")).unwrap();
        let before = log();
        for args in COMMANDS {
            for is_cached in [true, false] {
                let (code, answer, told) = run(&desk, args, is_cached);
                assert_eq!((code, answer.as_str()), (Some(3), ""), "{event:?} {args:?}: {told}");
                assert!(
                    told.contains("does not count") && told.contains("sealed by ana without the role"),
                    "{args:?}: {told}"
                );
                assert!(log() == before, "{event:?} {args:?}");
            }
        }
        assert!(!desk.path().join("site/checkpoint").exists(), "{event:?}");
        // What stands before it answers where that is asked for, and the names, keys and settings are those of then.
        for args in [&["log"][..], &["state", "--on", "2024-11-24"], &["export"], &["show", "#3"]] {
            let output = desk.run(&[args, &["--despite-damage"]].concat());
            let told = out(&output);
            assert!(!told.contains("mallory") && !told.contains("behind it"), "{event:?} {args:?}: {told}");
        }
        run(&desk, &["repair"], true);
        assert!(log() == before, "{event:?}");
    }
}

/// An erasure in a receipt says what was recorded, and not that who sealed it might.
#[test]
#[cfg(feature = "share")]
fn a_receipt_says_what_of_an_erasure_is_not_proven() {
    let (desk, size) = desk();
    let claim = desk.json(&["show", "c1"])[0]["seq"].to_string();
    desk.ok(&["erase", "c1", "--basis", "order 12", "--yes", "--key", "chief.key"]);
    desk.ok(&["prove", &format!("#{claim}"), "--output", "receipt.txt"]);
    let key = crate::keys::head_key(&desk, "chief").to_string();
    for more in [&[][..], &["--signed-by", &key]] {
        let told = desk.ok(&[&["check", "receipt.txt"], more].concat());
        let by = size + 1;
        assert!(told.contains(&format!("erased by #{by}")), "{told}");
        assert!(
            told.contains(&format!("not proven here: that the key which sealed #{by} had the role erase")),
            "{told}"
        );
        let line = &desk.json(&[&["check", "receipt.txt"], more].concat())[0]["events"][0]["event"];
        assert_eq!(
            (&line["erased"], &line["erased_by"], &line["role_proven"]),
            (&true.into(), &by.into(), &false.into())
        );
    }
}

/// Whoever may erase, or stole such a key, can name what cannot be erased: it names nothing, and a receipt says so.
#[test]
#[cfg(feature = "share")]
fn what_cannot_be_erased_is_not_shown_as_erased_by_a_receipt() {
    let (desk, size) = desk();
    append(&desk, &Event::PayloadErased { target: Seq(ANA), basis: "none".into(), first: None }, "chief", CHIEF);
    let text = desk.ok(&["prove", "#4", &format!("#{}", size + 1)]);
    let is_of_key = |line: &&str| line.starts_with("salt ") || line.starts_with("payload ");
    let hidden = |word: &str| {
        let (mut lines, mut is_first) = (Vec::new(), true);
        for line in text.lines() {
            match (is_first, is_of_key(&line)) {
                (true, true) if line.starts_with("payload ") => {
                    lines.push(word);
                    is_first = false;
                }
                (true, true) => {}
                _ => lines.push(line),
            }
        }
        crate::trust::with_checksum(&(lines.join("\n") + "\n"))
    };
    desk.write("receipt.txt", &text);
    desk.ok(&["check", "receipt.txt"]);
    desk.write("receipt.txt", &hidden("erased"));
    assert!(out(&desk.run(&["check", "receipt.txt"])).contains("It proves nothing"));
    desk.write("receipt.txt", &hidden("not shown"));
    let told = desk.ok(&["check", "receipt.txt"]);
    assert!(told.contains("not shown: the receipt does not say why"), "{told}");
    assert_eq!(desk.json(&["check", "receipt.txt"])[0]["events"][0]["event"]["shown"], false);
}

/// A key that is called as another, or looks so, is told from that one only by its bytes: whoever lets it in is warned.
#[test]
fn a_key_by_a_name_that_is_there_or_looks_like_it_is_warned_of() {
    let desk = signed_desk();
    // The second letter of the last but one is Cyrillic.
    for (file, name, how) in [
        ("a", "ana", "is called the same as \"ana\""),
        ("b", "Ana", "looks like \"ana\""),
        ("c", "аna", "looks like \"ana\""),
    ] {
        let file = format!("{file}.key");
        let public = desk.ok(&["key", "new", &file, "--name", name]).trim_end().to_owned();
        let output = desk.run(&["key", "authorise", &public, "--role", "append", "--key", "chief.key"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert!(err(&output).contains(how) && err(&output).contains("authorised by #4"), "{name}: {}", err(&output));
    }
    let public = new_key(&desk, "ben");
    let output = desk.run(&["key", "authorise", &public, "--role", "append", "--key", "chief.key"]);
    assert!(!err(&output).contains("warning"), "{}", err(&output));
    desk.ok(&["key", "revoke", "ben", "--reason", "lost", "--key", "chief.key"]);
    let public = desk.ok(&["key", "new", "again.key", "--name", "ben"]).trim_end().to_owned();
    let output = desk.run(&["key", "authorise", &public, "--role", "append", "--key", "chief.key"]);
    assert!(err(&output).contains("which was revoked by #"), "{}", err(&output));
}
