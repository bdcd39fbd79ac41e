//! Signed heads are opened by programs that know nothing of annals.

use std::io::Write;
use std::process::Command;

use signed_note::{Note, StandardVerifier, VerifierList};

use super::*;
use crate::support::{err, out};

#[test]
fn a_head_is_a_note_that_another_library_opens() {
    let desk = signed_desk();
    desk.ok(&["note", "x", "--key", "ana.key"]);
    let head = desk.ok(&["head"]);
    assert_eq!(desk.json(&["head"])[0]["note"], head.as_str());
    let opens = |name: &str| {
        let verifier = StandardVerifier::new(&head_key(&desk, name).to_string()).unwrap();
        Note::from_bytes(head.as_bytes()).unwrap().verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok()
    };
    assert!(opens("ana") && !opens("chief"), "{head}");
    assert!(head.starts_with("example.org/siege\n5\n"), "{head}");
}

/// Opens a note by the library that Go's own transparency log has, and prints its text.
const GO: &str = r#"package main

import (
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	if err != nil {
		fmt.Println("no key:", err)
		os.Exit(2)
	}
	message, _ := os.ReadFile(os.Args[2])
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		fmt.Println("not opened:", err)
		os.Exit(1)
	}
	fmt.Print(opened.Text)
}
"#;

/// Builds the program above; `None` where there is no Go with the library, which fails if `ANNALS_GO` is set.
pub(crate) fn go_opener(desk: &Desk) -> Option<std::path::PathBuf> {
    go_program(desk, "open", GO)
}

/// The same of any program that uses that library.
pub(crate) fn go_program(desk: &Desk, name: &str, source: &str) -> Option<std::path::PathBuf> {
    let file = format!("{name}.go");
    desk.write(&file, source);
    let program = desk.path().join(name);
    let built = Command::new("go")
        .args(["build", "-o", name, &file])
        .current_dir(desk.path())
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", std::env::temp_dir().join("annals-go-cache"))
        .output();
    let why = match built {
        Ok(built) if built.status.success() => return Some(program),
        Ok(built) => err(&built),
        Err(error) => error.to_string(),
    };
    assert!(std::env::var_os("ANNALS_GO").is_none(), "{why}");
    let _ = writeln!(std::io::stderr(), "skipped: no Go with golang.org/x/mod: {why}");
    None
}

#[test]
fn a_head_is_a_note_that_go_opens() {
    let desk = signed_desk();
    let Some(program) = go_opener(&desk) else { return };
    let open =
        |key: &str, file: &str| Command::new(&program).args([key, file]).current_dir(desk.path()).output().unwrap();
    let head = desk.ok(&["head"]);
    desk.write("head.txt", &head);
    let key = head_key(&desk, "chief").to_string();
    let opened = open(&key, "head.txt");
    assert!(opened.status.success(), "{}", out(&opened));
    assert_eq!(out(&opened), head.split("\n\n").next().unwrap().to_owned() + "\n");
    assert_eq!(open(&head_key(&desk, "ana").to_string(), "head.txt").status.code(), Some(1), "she did not sign it");
    desk.write("head.txt", &head.replacen("\n4\n", "\n5\n", 1));
    assert_eq!(open(&key, "head.txt").status.code(), Some(1), "another size");
}

#[test]
fn a_kept_head_counts_only_if_that_very_key_signed_it() {
    let desk = signed_desk();
    let head = desk.ok(&["head"]);
    let (key, other) = (head_key(&desk, "chief").to_string(), head_key(&desk, "ana").to_string());
    let own_name = private(&desk, "chief").public().to_string();
    desk.write("kept.txt", &head);
    desk.write("key.txt", &format!("{key}\n"));
    desk.ok(&["verify", "--against", "kept.txt", "--key", &key]);
    desk.ok(&["verify", "--against", "kept.txt", "--key", "key.txt"]);
    for other in [&other, &own_name] {
        let refused = desk.run(&["verify", "--against", "kept.txt", "--key", other]);
        assert!(refused.status.code() == Some(1) && out(&refused).contains("NOT SIGNED"), "{other}");
        let way_out = format!("the same key signed it under the ledger's name: give {key}");
        assert_eq!(out(&refused).contains(&way_out), *other == own_name, "{}", out(&refused));
    }
    desk.fails(&["verify", "--against", "kept.txt", "--key", "chief.key"], 2);
    desk.fails(&["verify", "--against", "kept.txt"], 2);
    desk.write("kept.txt", &head.replacen("\n4\n", "\n3\n", 1));
    assert_eq!(desk.run(&["verify", "--against", "kept.txt", "--key", &key]).status.code(), Some(1));
    desk.write("kept.txt", head.split("\n\n").next().unwrap());
    desk.fails(&["verify", "--against", "kept.txt", "--key", &key], 2);
}
