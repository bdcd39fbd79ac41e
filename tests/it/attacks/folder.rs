//! The attacker can write to the ledger's folder: to what lies beside the log, behind its end and within its seals; and can put an
//! older copy of the log back.

use std::fs;
use std::path::{Path, PathBuf};

use annals::event::{Event, Noted};
use annals::frame::{Seal, Signature};

use crate::fixtures::forge::{Forge, Piece, records};
use crate::keys::{findings, ledger, signed_desk};
use crate::support::{Desk, err, out};

/// What stands nowhere in the log.
const FORGED: &str = "never-said-by-anybody";

/// Questions, proofs and exports: what they answer is compared.
const ASKED: &[&[&str]] = &[
    &["state", "--on", "2024-11-24"],
    &["timeline", "embassy"],
    &["diff", "--from", "2024-11-01", "--to", "2024-12-01"],
    &["contested"],
    &["history", "embassy", "electricity"],
    &["first", "embassy", "electricity"],
    &["show", "c1"],
    &["log"],
    &["entity"],
    &["source"],
    &["attribute"],
    &["setting"],
    &["head"],
    &["key", "list"],
    &["prove", "c1"],
    &["prove", "--from", "4"],
    &["export"],
    &["verify"],
];

/// A signed ledger with a claim of two sources.
fn desk() -> Desk {
    let desk = signed_desk();
    for (id, value, source) in [("c1", "off", "urruchurtu"), ("c2", "on", "daily")] {
        let claim = ["record", "embassy", "electricity", value, "--on", "2024-11-23", "--said-by", source];
        desk.ok(&[&claim[..], &["--id", id, "--key", "ana.key"]].concat());
    }
    desk
}

fn segment(desk: &Desk) -> PathBuf {
    ledger(desk).join("log/000000000001.seg")
}

fn put(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Every answer, with and without a cache.
fn answers(desk: &Desk) -> Vec<(Option<i32>, String, String)> {
    let ask = |args: &&[&str], cache: Option<&str>| {
        let mut command = desk.command(args);
        cache.map(|cache| command.env("ANNALS_CACHE", cache));
        let output = command.output().unwrap();
        (output.status.code(), out(&output), err(&output))
    };
    ASKED.iter().flat_map(|args| [ask(args, None), ask(args, Some("none"))]).collect()
}

/// A log of one commit that says what nobody said, as the attacker would write it.
fn forged_log(desk: &Desk) -> Vec<u8> {
    let mut forge = Forge::divided(&ledger(desk), &[]);
    let last = forge.frame(forged_size(desk)).envelope.seq;
    let event = Event::Noted(Noted { about: None, text: FORGED.into(), id: None, is_private: false });
    let frame = forge.frame(last);
    (frame.envelope.kind, frame.payload) = (event.kind().number(), annals::codec::encode(&event, None).unwrap());
    frame.envelope.payload_len = frame.payload.len().try_into().unwrap();
    forge.chain();
    forge.bytes().remove(0)
}

fn forged_size(desk: &Desk) -> u64 {
    desk.json(&["--cache", "none", "head"])[0]["size"].as_u64().unwrap()
}

#[test]
fn what_lies_beside_the_log_changes_no_answer_without_a_word() {
    let desk = desk();
    let before = answers(&desk);
    let (dir, forged) = (ledger(&desk), forged_log(&desk));
    put(&dir.join("log/000000000001.seg.tmp"), &forged);
    put(&dir.join("log/torn-120-1"), &forged);
    put(&dir.join("log/000000000001.bak"), &forged);
    put(&dir.join("000000000001.seg"), &forged);
    put(&dir.join("log/seg/000000000001.seg"), &forged);
    for name in [
        "checkpoint",
        "ledger.txt",
        "keys",
        "seen",
        "cache/000000000001-000000000009.run",
        "anchors/9-4000000000000000.head",
    ] {
        put(&dir.join(name), FORGED);
    }
    put(&dir.join("evidence/ab/notes.txt"), FORGED);
    put(&dir.join("anchors/9-4000000000000000.tsr"), FORGED);
    put(&dir.join("witnessed/9"), FORGED);
    for ((asked, before), now) in ASKED.iter().flat_map(|args| [args, args]).zip(&before).zip(answers(&desk)) {
        // That something unfinished lies there is said.
        let answer = now.1.trim_start_matches(|c| c != '\n').trim_start_matches('\n');
        let is_said = asked[0] == "verify" && now.1.starts_with("1 unfinished new segment");
        assert_eq!((before.0, before.1.as_str()), (now.0, if is_said { answer } else { &now.1 }), "{asked:?}");
        assert!(!now.2.contains(FORGED), "{asked:?}: {}", now.2);
    }
}

/// Lines that nobody signed, put below the newest head: those in the ledger's own name are not taken, and the others are named.
#[test]
#[cfg(feature = "share")]
fn lines_put_below_a_head_are_said_to_be_unchecked() {
    let desk = desk();
    let head = desk.ok(&["head"]);
    let size = forged_size(&desk);
    let own = head.lines().last().unwrap();
    let line = |name: &str| format!("— {name} {}\n", "q83vASNF".repeat(8));
    put(
        &ledger(&desk).join(format!("witnessed/{size}")),
        format!("{head}{}{}", line("witness.example"), line("example.org/siege")),
    );
    for args in [&["head"][..], &["prove", "c1"], &["prove", "--from", "4"], &["publish", "site"]] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?} {}", err(&output));
        assert!(
            err(&output).contains("lines in the names of witness.example") && err(&output).contains("not checked"),
            "{args:?}: {}",
            err(&output)
        );
        assert_eq!(out(&output).matches("— example.org/siege").count(), usize::from(args[0] != "publish"), "{args:?}");
    }
    assert!(desk.ok(&["head"]).contains(own));
    let served = fs::read_to_string(desk.path().join("site/checkpoint")).unwrap();
    assert_eq!(served.matches("— example.org/siege").count(), 1, "{served}");
}

/// Frames and seals that stand where the log has none.
#[test]
fn hidden_frames_are_never_shown() {
    let desk = desk();
    let before = fs::read(segment(&desk)).unwrap();
    let hidden = forged_log(&desk);
    let hidden: Vec<u8> = records(&hidden).into_iter().rev().take(2).rev().flat_map(|at| hidden[at].to_vec()).collect();
    assert!(hidden.windows(FORGED.len()).any(|text| text == FORGED.as_bytes()));
    let frame_alone = hidden[..records_len(&hidden)].to_vec();
    // Behind the last seal: a frame, and a frame with a seal, of which the signature is not of what it closes.
    let behind = |bytes: &[u8]| [&before[..], bytes].concat();
    // Within a seal: as the signature of an algorithm that nobody knows.
    let stuffed = |from_end: usize| {
        let mut forge = Forge::divided(&ledger(&desk), &[]);
        let pieces = &mut forge.segments[0].pieces;
        let at = pieces.len() - from_end;
        let Piece::Seal(seal) = &mut pieces[at] else { panic!("a seal") };
        let mut signatures = seal.signatures.clone();
        signatures.push(Signature { key: 99, algorithm: 200, bytes: hidden.clone() });
        *seal = Seal::new(seal.size, seal.link, seal.root, signatures).unwrap();
        forge.bytes().remove(0)
    };
    for (how, bytes) in [
        ("a frame behind", behind(&frame_alone)),
        ("a commit behind", behind(&hidden)),
        ("a commit and a torn frame behind", behind(&[&hidden[..], &frame_alone[..40]].concat())),
        ("in the last seal", stuffed(1)),
        ("in a torn seal", before[..before.len() - 40].to_vec()),
    ] {
        fs::write(segment(&desk), &bytes).unwrap();
        for args in ASKED {
            for more in [&[][..], &["--despite-damage"], &["--cache", "none"]] {
                let output = desk.run(&[args, more].concat());
                assert_ne!(output.status.code(), Some(101), "{how} {args:?}");
                assert!(!out(&output).contains(FORGED) && !err(&output).contains(FORGED), "{how} {args:?} {more:?}");
            }
        }
        desk.run(&["repair"]);
        assert!(!out(&desk.run(&["log", "--despite-damage"])).contains(FORGED), "{how}");
        for entry in fs::read_dir(ledger(&desk).join("log")).unwrap() {
            let path = entry.unwrap().path();
            if path != segment(&desk) {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

/// Length of the first record in some bytes.
fn records_len(bytes: &[u8]) -> usize {
    8 + usize::try_from(u32::from_le_bytes(*bytes.first_chunk().unwrap())).unwrap()
}

#[test]
fn a_log_set_back_or_forked_is_told_and_not_written_to() {
    for is_asked_between in [true, false] {
        let desk = desk();
        let old = fs::read(segment(&desk)).unwrap();
        desk.ok(&["note", "the power is off", "--key", "ana.key"]);
        if is_asked_between {
            desk.ok(&["state", "--on", "2024-11-24"]);
        }
        let newest = fs::read(segment(&desk)).unwrap();
        // The older copy, and another history as long as the one that was seen.
        fs::write(segment(&desk), &old).unwrap();
        desk.ok(&["--cache", "none", "note", "the power is on!", "--key", "ana.key"]);
        let fork = fs::read(segment(&desk)).unwrap();
        assert_eq!(fork.len(), newest.len());
        for bytes in [&old, &fork] {
            fs::write(segment(&desk), bytes).unwrap();
            for args in ASKED {
                let output = desk.run(args);
                let is_verify = args[0] == "verify";
                let told = format!("{}{}", out(&output), err(&output));
                assert_eq!(output.status.code(), Some(i32::from(is_verify)), "{args:?}: {told}");
                let word = if is_verify { "SET BACK" } else { "no longer holds the head" };
                assert!(told.contains(word), "{args:?}: {told}");
            }
            assert!(desk.run(&["--json", "verify"]).stdout.windows(8).any(|text| text == b"\"lost\":\""));
            for args in [
                &["note", "one"][..],
                &["retract", "c1", "--reason", "misread"],
                &["erase", "c1", "--basis", "order", "--yes"],
                &["undo", "--yes"],
                &["import", "lines.jsonl"],
                &["key", "revoke", "ana", "--reason", "stolen"],
                &["publish", "site"],
            ] {
                desk.write("lines.jsonl", r#"{"type":"note","text":"one"}"#);
                let refused = desk.fails(&[args, &["--key", "chief.key"]].concat(), 3);
                assert!(
                    refused.contains("no longer holds the head") && refused.contains("nothing was"),
                    "{args:?}: {refused}"
                );
                assert!(fs::read(segment(&desk)).unwrap() == *bytes, "{args:?}");
            }
        }
        fs::write(segment(&desk), &newest).unwrap();
        assert_eq!(findings(&desk), []);
        desk.ok(&["note", "one", "--key", "ana.key"]);
        // Whoever knows why accepts it.
        fs::write(segment(&desk), &fork).unwrap();
        desk.fails(&["note", "one", "--key", "ana.key"], 3);
        desk.ok(&["cache", "clear"]);
        desk.ok(&["note", "one", "--key", "ana.key"]);
        desk.ok(&["verify"]);
    }
}

/// The attacker cannot sign a later head of this ledger, and puts a ledger of their own in its place, of the same name.
#[test]
fn another_ledger_in_the_place_of_one_that_was_seen_is_told() {
    let (desk, other) = (desk(), desk());
    other.ok(&["note", "one", "--key", "ana.key"]);
    fs::copy(segment(&other), segment(&desk)).unwrap();
    for args in ASKED {
        let output = desk.run(args);
        let told = format!("{}{}", out(&output), err(&output));
        assert!(told.contains("another ledger lies in its place"), "{args:?}: {told}");
    }
    let refused = desk.fails(&["note", "one", "--cache", desk.cache().to_str().unwrap()], 3);
    assert!(refused.contains("another ledger lies in its place; nothing was recorded"), "{refused}");
    // Who begins another there knows it.
    fs::remove_dir_all(ledger(&desk)).unwrap();
    desk.ok(&["init"]);
    desk.ok(&["note", "one"]);
    desk.ok(&["verify"]);
}

/// The salt and payload of an erased event are written back from a backup, behind the back of a cache that knows of the erasure.
#[test]
fn what_was_put_back_says_nothing_to_who_writes() {
    let desk = crate::cached::large();
    desk.write("copy.txt", "a copy that two claims name");
    for (id, subject) in [("secret", "s1"), ("other", "s2")] {
        let claim = ["record", subject, "a", "on", "--on", "2024-05-01", "--said-by", "source-1", "--anyway"];
        desk.ok(&[
            &claim[..],
            &["--id", id, "--quote", "that two claims name", "--evidence", "copy.txt", "--note", id],
        ]
        .concat());
    }
    let secret = format!("#{}", desk.json(&["show", "secret"])[0]["seq"]);
    let other = format!("#{}", desk.json(&["show", "other"])[0]["seq"]);
    let backup = fs::read(segment(&desk)).unwrap();
    desk.ok(&["erase", &secret, "--basis", "order", "--yes"]);
    desk.ok(&["note", "behind it"]);
    desk.ok(&["state", "--on", "2024-03-20"]);
    desk.ok(&["cache", "rebuild"]);
    let put_back = || {
        let mut bytes = fs::read(segment(&desk)).unwrap();
        bytes[..backup.len()].copy_from_slice(&backup);
        fs::write(segment(&desk), &bytes).unwrap();
    };
    put_back();
    // Whoever guesses what it said is not told so.
    let again =
        ["record", "s1", "a", "on", "--on", "2024-05-01", "--said-by", "source-1", "--anyway", "--id", "secret"];
    let output = desk.run(&[&again[..], &["--quote", "that two claims name", "--note", "secret"]].concat());
    let told = format!("{}{}", out(&output), err(&output));
    assert!(output.status.success() && told.contains("was erased by") && !told.contains("recorded already"), "{told}");
    put_back();
    // The copy goes with the last claim that names it; what was put back names it no more.
    let output = desk.run(&["erase", &other, "--basis", "order", "--yes"]);
    assert!(out(&output).contains("Removed the captured copy"), "{}{}", out(&output), err(&output));
}

/// A folder of copies is a link: nothing is removed behind it, and the erasure says so.
#[test]
#[cfg(unix)]
fn an_erasure_says_that_it_removes_nothing_behind_a_link() {
    let desk = Desk::with_ledger();
    desk.write("copy.txt", "what has to go");
    let claim =
        ["record", "s1", "a", "on", "--on", "2024-05-01", "--said-by", "daily", "--evidence", "copy.txt", "--id", "c1"];
    desk.ok(&claim);
    let folder = fs::read_dir(ledger(&desk).join("evidence")).unwrap().next().unwrap().unwrap().path();
    let elsewhere = desk.path().join("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
    let output = desk.run(&["erase", "c1", "--basis", "order", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("lies behind a link: it will not be removed"), "{}", out(&output));
    assert!(err(&output).contains("is still there: a folder of `evidence` is a link"), "{}", err(&output));
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 1, "whose file it is, nobody knows");
}

/// The record of a seal of these signatures, whatever the format allows, with the tip that belongs to it.
fn seal_record(seal: &Seal, signatures: &[Signature], spare: &[u8]) -> Vec<u8> {
    let mut body = [&seal.size.to_le_bytes()[..], &seal.link.0, &seal.root.0].concat();
    body.push(signatures.len().try_into().unwrap());
    for Signature { key, algorithm, bytes } in signatures {
        body.extend_from_slice(&key.to_le_bytes());
        body.push(*algorithm);
        body.extend_from_slice(&u16::try_from(bytes.len()).unwrap().to_le_bytes());
        body.extend_from_slice(bytes);
    }
    body.extend_from_slice(spare);
    let tip = annals::chain::tip(&body);
    let len = u32::try_from(1 + body.len() + tip.0.len()).unwrap();
    [&len.to_le_bytes()[..], &(!len).to_le_bytes(), b"S", &body, &tip.0].concat()
}

/// What a seal carries is checked, or counted aloud; what is more than it may carry, and what no field accounts for, is damage.
#[test]
fn a_seal_holds_nothing_unseen() {
    let desk = desk();
    let foreign = Event::KeyAuthorised {
        name: "later".into(),
        algorithm: 200,
        public_key: vec![7; 40].into(),
        roles: Vec::new(),
    };
    crate::keys::attacks::append(&desk, &foreign, "chief", crate::keys::CHIEF);
    let key = forged_size(&desk);
    desk.ok(&["note", "one", "--key", "ana.key"]);
    // Another last seal makes another head than the one that was seen.
    desk.ok(&["cache", "clear"]);
    let before = fs::read(segment(&desk)).unwrap();
    let at = records(&before).pop().unwrap();
    let last = Seal::of_body(&before[at.start + 9..at.end - 32]).unwrap();
    // The log as it was, with another last seal.
    let sealed = |signatures: &[Signature], spare: &[u8]| {
        fs::write(segment(&desk), [&before[..at.start], &seal_record(&last, signatures, spare)].concat()).unwrap();
    };
    let own = last.signatures.clone();
    let later = |key: u64, len: usize| Signature { key, algorithm: 200, bytes: vec![b'x'; len] };
    let with = |more: &[Signature]| [&own[..], more].concat();
    sealed(&with(&[later(key, 8192)]), b"");
    let told = desk.ok(&["verify"]);
    assert!(told.contains("1 signature of algorithms that are not known here: counted, and not checked"), "{told}");
    assert_eq!(desk.json(&["verify"]).pop().unwrap()["unchecked_signatures"], 1);
    // Also where something else is wrong.
    sealed(&with(&[later(key, 64), later(key + 1, 64)]), b"");
    let output = desk.run(&["verify"]);
    assert!(output.status.code() == Some(1) && out(&output).contains("1 signature of algorithms"), "{}", out(&output));
    for (how, signatures, spare) in [
        ("too many", with(&[key, key + 1, key + 2, key + 3].map(|key| later(key, 8))), &b""[..]),
        ("too long", with(&[later(key, 8193)]), b""),
        ("too long together", with(&[later(key, 8192), later(key + 1, 8192)]), b""),
        ("spare bytes", own.clone(), b"never-said-by-anybody"),
    ] {
        sealed(&signatures, spare);
        let output = desk.run(&["verify"]);
        assert_eq!(output.status.code(), Some(1), "{how}: {}", out(&output));
        assert!(out(&output).contains("DAMAGED"), "{how}: {}", out(&output));
        for args in [&["log"][..], &["export"], &["publish", "site"], &["note", "two", "--key", "ana.key"]] {
            let output = desk.run(args);
            assert_eq!(output.status.code(), Some(3), "{how} {args:?}: {}", out(&output));
            assert!(!format!("{}{}", out(&output), err(&output)).contains(FORGED), "{how}");
        }
    }
}
