//! The one who sends a file: to be imported, checked or kept, under any name and of any kind.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::{Command, Output};

use annals::value::is_hidden;

use crate::hostile::within;
use crate::keys::signed_desk;
use crate::support::{Desk, err, out};

/// A character of each kind that steers a terminal, turns a line around, or is not seen.
pub(crate) const HIDDEN: &str = "\u{1b}[31m\u{7}\u{8}\r\u{7f}\u{9b}31m\u{85}\u{ad}\u{61c}\u{180e}\u{200b}\u{200d}\u{200e}\u{2028}\u{2029}\
                      \u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}\u{fffb}\u{e0001}\u{e0041}";
/// What people write.
const PLAIN: &str = "é ñ 日本 «sí» — 👩🏽 🏳️";

/// Names of what is no file that can be read to its end.
const ODD: &[&str] = &["pipe", "socket", "zero", "folder", "huge"];

/// A key of a witness that is nowhere.
#[cfg(feature = "share")]
const WITNESS: &str = "witness.example.org/w1+d3785d81+BOIawGAYMWvkdkBHltR1qGk8IkSzK7jiXcWmPP0M/sUz";

/// Puts a pipe, a socket, a device without an end behind a link, a folder, and a file of terabytes where nothing is.
fn odd_files(desk: &Desk) {
    let at = |name: &str| desk.path().join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    drop(UnixListener::bind(at("socket")).unwrap());
    symlink("/dev/zero", at("zero")).unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::File::create(at("huge")).unwrap().set_len(8 << 40).unwrap();
}

/// Runs annals with four GiB of addresses: who asks for more memory than that fails.
pub(super) fn bounded(desk: &Desk, args: &[&str]) -> Output {
    let annals = desk.command(args);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 4194304; exec \"$0\" \"$@\""]).arg(annals.get_program()).args(annals.get_args());
    command.current_dir(desk.path());
    for (name, value) in annals.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap()
}

/// Wants a plain error, and none of too little memory.
pub(super) fn refused(desk: &Desk, args: &[&str]) {
    let output = bounded(desk, args);
    let said = err(&output);
    assert!(matches!(output.status.code(), Some(1..=3)), "{args:?}: {:?} {said}", output.status);
    assert!(said.contains("error: ") && !said.contains("memory"), "{args:?}: {said}");
}

#[test]
fn what_was_sent_steers_no_terminal_by_what_it_holds() {
    let desk = Desk::with_ledger();
    let text = format!("{PLAIN}{HIDDEN}{PLAIN}");
    let claim = |n: u32, value: &str| {
        serde_json::json!({"type": "claim", "id": format!("c{n}"), "subject": "embassy", "attribute": "sign", "value": value,
            "on": "2024-11-23", "chain": [{"who": "daily", "how": "stated"}], "quote": text, "note": text})
    };
    let lines = [
        serde_json::json!({"type": "entity", "key": "embassy", "label": text, "aliases": [format!("{text}2")]}),
        serde_json::json!({"type": "source", "key": "daily", "kind": "work", "label": text}),
        claim(1, &text),
        claim(2, "another"),
        serde_json::json!({"type": "note", "text": text}),
    ];
    desk.write("sent.jsonl", &lines.map(|line| line.to_string()).join("\n"));
    desk.ok(&["import", "sent.jsonl", "--anyway"]);
    desk.ok(&["dispute", "c1", "--grounds", &text]);
    let asked: &[&[&str]] = &[
        &["log"],
        &["show", "c1"],
        &["history", "embassy", "sign"],
        &["state", "--on", "2024-11-23", "--why"],
        &["timeline", "embassy", "sign"],
        &["contested"],
        &["first", "embassy", "sign", &text],
        &["entity"],
        &["entity", "embassy"],
        &["source"],
        &["export"],
        &["verify"],
    ];
    let mut json = String::new();
    for args in asked {
        for form in [&[][..], &["--json"]] {
            let output = desk.run(&[*args, form].concat());
            let said = out(&output) + &err(&output);
            assert!(!said.is_empty() && !said.contains(|c| c != '\n' && is_hidden(c)), "{args:?} {form:?}: {said:?}");
            json.push_str(if form.is_empty() { "" } else { &said });
        }
    }
    assert!(
        json.contains("\\u202e") && json.contains("\\udb40\\udc41") && json.contains(PLAIN),
        "spelt, and read back"
    );
}

#[test]
fn what_is_exported_is_escaped_and_is_the_same_text_where_it_is_imported() {
    let (desk, there) = (Desk::with_ledger(), Desk::new());
    let text = format!("{PLAIN}{HIDDEN}👩\u{200d}👩\u{200d}👧");
    desk.ok(&["note", &text]);
    desk.ok(&["export", "-o", "one.jsonl"]);
    desk.ok(&["export", "-o", "again.jsonl"]);
    let one = fs::read_to_string(desk.path().join("one.jsonl")).unwrap();
    assert_eq!(one, fs::read_to_string(desk.path().join("again.jsonl")).unwrap());
    assert!(one.contains("\\u202e") && !one.contains(|c| c != '\n' && is_hidden(c)), "{one:?}");
    there.ok(&["init"]);
    there.ok(&["import", desk.path().join("one.jsonl").to_str().unwrap()]);
    let note =
        there.ok(&["export"]).lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()).next_back();
    assert_eq!(note.unwrap()["text"], text);
}

#[test]
fn what_was_sent_steers_no_terminal_by_its_name() {
    let desk = Desk::with_ledger();
    let name = "a\u{1b}[31m\u{202e}b\u{9b}\u{200b}\u{e0041}.txt";
    desk.write(name, "nothing that anybody knows\n");
    let given: &[&[&str]] = &[
        &["import", name],
        &["import", "gone", "--rejects", name],
        &["export", "-o", name],
        &["note", "x", "--key", name],
        &["note", "x", "--about", name],
        &["show", name],
        &["state", name],
        &["state", "--on", name],
        &["record", "a", "b", "c", "--on", "2024", "--said-by", "w", "--evidence", "gone\u{202e}"],
        &["verify", "--expect", name],
        &["setting", name, "x"],
        &["--ledger", name, "head"],
        &["check", name],
        &["key", "new", name, "--name", "x"],
        &["completions", name],
        &[name],
        &["log", name],
        &["log", "--\u{1b}[31m\u{202e}x"],
        &["state", "--limit\u{9b}"],
    ];
    for args in given {
        for form in [&[][..], &["--json"]] {
            let output = desk.run(&[*args, form].concat());
            let said = out(&output) + &err(&output);
            assert!(!output.status.success() && !said.is_empty(), "{args:?}: {said}");
            assert!(!said.contains(|c| c != '\n' && is_hidden(c)), "{args:?} {form:?}: {said:?}");
        }
    }
    // A strange name among the segments is told by `verify`.
    fs::write(desk.path().join("ledger/log").join(name.replace(".txt", ".seg")), "").unwrap();
    for args in [&["verify"][..], &["--json", "verify"]] {
        let output = desk.run(args);
        assert!(!(out(&output) + &err(&output)).contains(|c| c != '\n' && is_hidden(c)), "{args:?}");
    }
}

#[test]
fn completions_and_the_manual_steer_no_terminal() {
    let desk = Desk::new();
    for args in [&["man"][..], &["completions", "bash"], &["completions", "zsh"], &["completions", "fish"]] {
        let said = desk.ok(args);
        assert!(!said.contains(|c| c != '\n' && c != '\t' && is_hidden(c)), "{args:?}");
    }
    // The name under which it was started is nobody's business.
    for args in [&["--bogus"][..], &["state", "--bogus"]] {
        use std::os::unix::process::CommandExt;
        let output = desk.command(args).arg0("an\u{1b}[31m\u{202e}nals").output().unwrap();
        assert!(err(&output).contains("Usage: annals") && !err(&output).contains('\u{202e}'), "{}", err(&output));
    }
}

#[test]
fn what_is_no_plain_file_is_refused_at_once_where_it_is_given() {
    within(300, "a command that was given what is no file", || {
        let desk = signed_desk();
        odd_files(&desk);
        desk.write("head.txt", &desk.ok(&["head"]));
        let key = crate::keys::head_key(&desk, "chief").to_string();
        desk.write("lines.jsonl", "{\"type\":\"note\",\"text\":\"x\"}\n");
        for odd in ODD {
            let given: &[&[&str]] = &[
                &["verify", "--against", odd, "--key", &key],
                &["verify", "--against", "head.txt", "--key", odd],
                &["verify", "--against", "head.txt", "--policy", odd],
                &["verify", "--expect", odd],
                &["verify", "--since", odd],
                &["note", "x", "--key", odd],
                &["import", "lines.jsonl", "--key", "chief.key", "--join", odd],
                &["record", "a", "b", "c", "--on", "2024", "--said-by", "w", "--key", "chief.key", "--evidence", odd],
                &["init", "--ledger", "other", "--key", odd],
            ];
            for args in given {
                refused(&desk, args);
            }
        }
        assert!(!desk.path().join("other").exists());
    });
}

#[cfg(feature = "share")]
#[test]
fn what_is_no_plain_file_is_refused_at_once_where_it_is_shared() {
    within(300, "a command that was given what is no file", || {
        let desk = signed_desk();
        odd_files(&desk);
        desk.ok(&["prove", "#3", "-o", "receipt.txt"]);
        desk.ok(&["publish", "site"]);
        let key = crate::keys::head_key(&desk, "chief").to_string();
        for odd in ODD {
            let given: &[&[&str]] = &[
                &["check", odd],
                &["check", "receipt.txt", "--head", odd],
                &["check", "receipt.txt", "--signed-by", odd],
                &["check", "receipt.txt", "--policy", odd],
                &["head", "--cosigned", "--policy", odd],
                &["witness", "--attach", odd, "--vkey", WITNESS],
                &["witness", "http://127.0.0.1:1", "--vkey", odd],
                &["witness", "--policy", odd],
                &["verify", "--url", "site", "--key", odd, "--keep", "kept"],
                &["verify", "--url", "site", "--key", &key, "--keep", odd],
                &["verify", "--url", "site", "--policy", odd, "--keep", "kept"],
            ];
            for args in given {
                refused(&desk, args);
            }
            #[cfg(feature = "anchor")]
            for args in [
                &["anchor", "--attach", odd, "--ca", "receipt.txt"],
                &["anchor", "--attach", "receipt.txt", "--ca", odd],
            ] {
                refused(&desk, args);
            }
        }
        assert!(!desk.path().join("kept").exists());
    });
}

/// Where a private key stands in a file, however: the file is no evidence, neither as it is sent nor among the copies of an
/// export.
#[test]
fn no_private_key_is_kept_as_evidence_whatever_stands_around_it() {
    let desk = signed_desk();
    let sealed = desk.command(&["key", "new", "sealed.key", "--name", "sealed", "--passphrase"]);
    assert!({ sealed }.env("ANNALS_PASSPHRASE", "a phrase").status().unwrap().success());
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for key in ["chief.key", "sealed.key"] {
        let key = fs::read_to_string(desk.path().join(key)).unwrap();
        let around = [
            key.clone(),
            format!("\u{feff}{key}"),
            format!(" \r\n\t{key}"),
            key.replace('\n', "\r\n"),
            format!("Dear desk,\nhere is my key:\n\n> {key}\nyours\n"),
            format!("{}{key}{}", "x".repeat(1 << 20), "y".repeat(1 << 20)),
            serde_json::json!({ "attached": key }).to_string(),
        ];
        let files =
            around.iter().map(|text| text.clone().into_bytes()).chain([wide(&key), wide(&format!("\u{feff}{key}"))]);
        for (number, bytes) in files.enumerate() {
            fs::write(desk.path().join("page.txt"), &bytes).unwrap();
            let claim = [
                "record",
                "a",
                "b",
                "c",
                "--undated",
                "--said-by",
                "w",
                "--key",
                "chief.key",
                "--evidence",
                "page.txt",
            ];
            let said = desk.fails(&claim, 3);
            assert!(said.contains("holds a private key; it was not kept"), "{number}: {said}");
            let digest = annals::chain::digest(&bytes).to_string();
            let copies = desk.path().join("copies").join(&digest[..2]);
            fs::create_dir_all(&copies).unwrap();
            fs::write(copies.join(&digest), &bytes).unwrap();
            desk.write(
                "sent.jsonl",
                &format!("{{\"type\":\"evidence\",\"digest\":\"{digest}\",\"len_bytes\":{}}}\n", bytes.len()),
            );
            let import = desk.run(&["import", "sent.jsonl", "--evidence", "copies", "--key", "chief.key"]);
            assert!(err(&import).contains("holds a private key"), "{number}: {}", err(&import));
        }
    }
    let kept = fs::read_dir(desk.path().join("ledger/evidence")).into_iter().flatten().count();
    assert_eq!(kept, 0, "nothing is kept");
}
