//! Second signatures of heads by ML-DSA-44, and witnesses that cosign by it.

use std::process::Command;

use annals::ledger::open_second_key;
use annals::note::{Checkpoint, NoteSignature, SecondKey, SignedNote};

use super::*;
use crate::support::{err, out};

/// A ledger that `chief` seals, with `second.key` authorised to sign besides; and the note `x` signed by both.
fn twice_signed() -> Desk {
    let desk = signed_desk();
    let key = desk.ok(&["key", "new", "second.key", "--name", "second", "--algorithm", "ml-dsa-44"]);
    desk.ok(&["key", "authorise", key.trim_end(), "--key", "chief.key", "--second-key", "second.key"]);
    desk.ok(&["note", "x", "--key", "chief.key", "--second-key", "second.key"]);
    desk
}

fn second(desk: &Desk) -> SecondKey {
    open_second_key::<annals::ledger::Error>(&desk.path().join("second.key"), Exposed::Refused, || unreachable!())
        .unwrap()
}

/// The key for second signatures under the ledger's name.
fn second_head_key(desk: &Desk) -> PublicKey {
    second(desk).public().unwrap().named("example.org/siege").unwrap()
}

#[test]
fn a_head_is_signed_by_both_and_each_is_checked() {
    let desk = twice_signed();
    let verified = desk.ok(&["verify"]);
    assert!(verified.contains("1 commit signed a second time by second+"), "{verified}");
    let head = desk.ok(&["head"]);
    let note = SignedNote::parse(&head).unwrap();
    assert!(note.is_signed_by(&second_head_key(&desk)) && note.is_signed_by(&head_key(&desk, "chief")), "{head}");
    let listed = desk.json(&["key", "list"]);
    assert_eq!(listed[2]["head_key"], second_head_key(&desk).to_string());
    desk.ok(&["prove", "#6", "--output", "receipt.txt"]);
    desk.write("vkey.txt", &second_head_key(&desk).to_string());
    let told = desk.ok(&["check", "receipt.txt", "--signed-by", "vkey.txt"]);
    assert!(told.contains("(ML-DSA-44)"), "{told}");
    desk.write("head.txt", &head);
    desk.ok(&["verify", "--against", "head.txt", "--key", "vkey.txt"]);
    // A reader who fears quantum computers wants this line, and a witness's of the same kind.
    let witness = SecondKey::of_seed("w", &[5; 32]).unwrap();
    let vkey = witness.public().unwrap();
    desk.write("policy.txt", &format!("log {}\nwitness w {vkey}\nquorum w\n", second_head_key(&desk)));
    assert_eq!(desk.run(&["check", "receipt.txt", "--policy", "policy.txt"]).status.code(), Some(1));
    let line = |time: u64, note: &SignedNote| {
        let bytes = witness.cosign("w", time, &Checkpoint::parse(note.text()).unwrap()).unwrap();
        SignedNote::new(note.text().to_owned(), vec![NoteSignature::of(&vkey, &bytes)]).to_string()
    };
    let lines = |note: String| note.split_once("\n\n").unwrap().1.to_owned();
    let other = SignedNote::parse(&head.replacen("\n6\n", "\n5\n", 1)).unwrap();
    desk.write("cosigned.txt", &lines(line(1_700_000_000, &other)));
    assert!(desk.fails(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"], 3).contains("is not its"));
    desk.write("cosigned.txt", &lines(line(1_700_000_000, &note)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"]);
    desk.ok(&["prove", "#6", "--output", "receipt.txt", "--force"]);
    let told = desk.ok(&["check", "receipt.txt", "--policy", "policy.txt"]);
    assert!(told.contains("cosigned by w at 2023-11-14T22:13:20Z"), "{told}");
    if let Some(go) = super::heads::go_opener(&desk) {
        let key = head_key(&desk, "chief").to_string();
        let opened = Command::new(go).args([&key, "head.txt"]).current_dir(desk.path()).output().unwrap();
        assert!(opened.status.success(), "who does not know the algorithm passes over it: {}", out(&opened));
    }
}

/// Checks an ML-DSA-44 line of a note as C2SP tlog-cosignature has it.
const PYTHON: &str = r#"
import base64, struct, sys
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
import hashlib
vkey, note = sys.argv[1], open(sys.argv[2], encoding="utf-8").read()
name, key_id, key = vkey.split("+", 2)
key = base64.b64decode(key)
assert key[0] == 6 and hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
text, lines = note.split("\n\n")
origin, size, root = text.split("\n")
for line in lines.splitlines():
    _, who, signature = line.split(" ")
    signature = base64.b64decode(signature)
    if who == name and signature[:4].hex() == key_id:
        label = b"subtree/v1\n\0" + bytes([len(name)]) + name.encode() + signature[4:12]
        label += bytes([len(origin)]) + origin.encode() + struct.pack(">QQ", 0, int(size)) + base64.b64decode(root)
        MLDSA44PublicKey.from_public_bytes(key[1:]).verify(signature[12:], label)
        print("verified")
"#;

#[test]
fn another_implementation_verifies_the_second_signature() {
    let desk = twice_signed();
    let Some(python) = crate::support::python() else { return };
    let has =
        Command::new(&python).args(["-c", "from cryptography.hazmat.primitives.asymmetric import mldsa"]).output();
    if !has.unwrap().status.success() {
        assert!(std::env::var_os("ANNALS_WITNESS").is_none(), "the witness's Python has a cryptography with ML-DSA");
        return;
    }
    desk.write("check.py", PYTHON);
    let verifies = |head: &str| {
        desk.write("head.txt", head);
        let vkey = second_head_key(&desk).to_string();
        let args = ["check.py", &vkey, "head.txt"];
        out(&Command::new(&python).args(args).current_dir(desk.path()).output().unwrap()) == "verified\n"
    };
    let head = desk.ok(&["head"]);
    assert!(verifies(&head));
    assert!(!verifies(&head.replacen("\n6\n", "\n7\n", 1)));
}

#[test]
fn a_second_key_needs_a_first_and_its_own_place() {
    let desk = twice_signed();
    for (args, code, why) in [
        (&["note", "y", "--second-key", "second.key"][..], 3, "no key was given"),
        (&["note", "y", "--key", "second.key"], 3, "give it with --second-key"),
        (&["note", "y", "--key", "chief.key", "--second-key", "chief.key"], 3, "no private key of ML-DSA-44"),
        (&["key", "authorise", &second_head_key(&desk).to_string(), "--key", "chief.key"], 3, "authorised already"),
    ] {
        let told = desk.fails(args, code);
        assert!(told.contains(why), "{args:?}: {told}");
    }
    let other = desk.ok(&["key", "new", "other.key", "--name", "other", "--algorithm", "ml-dsa-44"]);
    let told = desk.fails(&["note", "y", "--key", "chief.key", "--second-key", "other.key"], 3);
    assert!(told.contains("\"other\" is not authorised"), "{told}");
    let told = desk.fails(&["key", "authorise", other.trim_end(), "--role", "append", "--key", "chief.key"], 3);
    assert!(told.contains("has no roles"), "{told}");
    desk.ok(&["key", "revoke", "second", "--reason", "lost", "--key", "chief.key", "--second-key", "second.key"]);
    assert!(desk.fails(&["note", "y", "--key", "chief.key", "--second-key", "second.key"], 3).contains("was revoked"));
    desk.ok(&["note", "y", "--key", "chief.key"]);
    assert!(desk.ok(&["verify"]).contains("2 commits signed a second time by second+"));
    let desk = Desk::with_ledger();
    let told = desk.fails(&["key", "authorise", other.trim_end()], 3);
    assert!(told.contains("needs a first one"), "{told}");
}

#[test]
fn second_keys_are_kept_as_first_ones_are() {
    let desk = twice_signed();
    let new = ["key", "new", "sealed.key", "--name", "s", "--algorithm", "ml-dsa-44", "--passphrase"];
    let made = desk.command(&new).env("ANNALS_PASSPHRASE", "horse").output().unwrap();
    assert!(made.status.success(), "{}", err(&made));
    desk.ok(&["key", "authorise", out(&made).trim_end(), "--key", "chief.key"]);
    let note = ["note", "z", "--key", "chief.key", "--second-key", "sealed.key"];
    assert!(desk.command(&note).env("ANNALS_PASSPHRASE", "horse").output().unwrap().status.success());
    let refused = desk.command(&note).env("ANNALS_PASSPHRASE", "house").output().unwrap();
    assert!(refused.status.code() == Some(3) && err(&refused).contains("another passphrase"), "{}", err(&refused));
    let said = desk.fails(&["key", "new", "ledger/s.key", "--name", "s", "--algorithm", "ml-dsa-44"], 3);
    assert!(said.contains("inside the ledger"), "{said}");
    let seed = *second(&desk).seed();
    let everything: Vec<Vec<u8>> = super::secrets::contents(&ledger(&desk));
    assert!(everything.iter().all(|bytes| !bytes.windows(32).any(|window| window == seed)));
}
