//! Cosignatures that came in a file, and what becomes of the folder in which they are kept.

use std::fs;

use super::*;
use crate::support::err;

#[test]
fn cosignatures_of_several_witnesses_come_together() {
    let (desk, head) = desk();
    write_policy(&desk, 2, &[("a", ""), ("b", "")]);
    desk.write("a.txt", &cosigned("a", &head));
    let output = desk.run(&["witness", "--attach", "a.txt", "--policy", "policy.txt"]);
    assert!(output.status.code() == Some(1) && out(&output).contains("only by a"), "it is kept, and not enough");
    desk.write("b.txt", &(head.clone() + &cosigned("b", &head)));
    desk.ok(&["witness", "--attach", "b.txt", "--policy", "policy.txt"]);
    let both = head.clone() + &cosigned("a", &head) + &cosigned("b", &head);
    assert_eq!(desk.ok(&["head", "--cosigned", "--policy", "policy.txt"]), both);
    // A newer one takes the place of an older, and not the other way round.
    let text = SignedNote::parse(&head).unwrap().text().to_owned();
    for (time, is_newer) in [(1_700_000_001, true), (1_600_000_000, false)] {
        let newer = line("a", &vkey("a"), time, &text);
        desk.write("a.txt", &newer);
        desk.ok(&["witness", "--attach", "a.txt", "--vkey", &vkey("a").to_string()]);
        assert_eq!(desk.ok(&["head"]).contains(&newer), is_newer);
    }
    assert_eq!(desk.ok(&["head"]).matches("\u{2014} a ").count(), 1);
}

#[test]
fn a_head_that_is_not_the_ledgers_is_not_kept() {
    let (desk, head) = desk();
    write_policy(&desk, 1, &[("w", "")]);
    let text = SignedNote::parse(&head).unwrap().text().to_owned();
    let signed = |text: String| crate::keys::signed_text(&desk, "chief", &text);
    for (note, why) in [
        (signed(text.replacen("\n5\n", "\n9\n", 1)), "only 5"),
        (signed(text.replacen("\n5\n", "\n4\n", 1)), "another root"),
        (signed(text.replacen(text.lines().nth(2).unwrap(), &base64(&[7; 32]), 1)), "another root"),
        (signed(text.replacen("siege", "other", 1)), "a head of the ledger example.org/other"),
        (crate::keys::signed_text(&desk, "mallory", &text), "no key of this ledger signed"),
        (head.clone(), "no key that was given cosigned"),
        ("text\n".to_owned(), "neither a signed head nor lines"),
    ] {
        let cosigned = if note.contains("\n\n") && note != head { note.clone() + &cosigned("w", &note) } else { note };
        desk.write("cosigned.txt", &cosigned);
        let told = desk.fails(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"], 3);
        assert!(told.contains(why) || (why == "only 5" && told.contains("has 5 now")), "{why}: {told}");
    }
    assert!(desk.run(&["witness"]).stdout.is_empty());
    // An older head is kept, for the ledger still contains it.
    desk.ok(&["note", "y", "--key", "chief.key"]);
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"]);
    desk.write("lines.txt", &cosigned("w", &head));
    let told = desk.fails(&["witness", "--attach", "lines.txt", "--policy", "policy.txt"], 3);
    assert!(told.contains("is not its of this head"), "lines alone are of the newest: {told}");
}

/// Whoever can write to the folder can spoil what is kept there, and deceives nobody with it.
#[test]
fn what_is_kept_is_used_only_if_the_ledger_contains_it() {
    let (desk, head) = desk();
    write_policy(&desk, 1, &[("w", "")]);
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"]);
    desk.ok(&["note", "y", "--key", "chief.key"]);
    let prove = |size: u64| {
        let receipt = desk.ok(&["prove", "#4"]);
        desk.write("receipt.txt", &receipt);
        assert_eq!(desk.json(&["check", "receipt.txt"])[0]["size"], size);
    };
    prove(5);
    assert!(desk.ok(&["prove", "#6"]).contains("\n6\n"), "that is newer than the cosigned head");
    assert!(desk.ok(&["prove", "#4", "--newest"]).contains("\n6\n"));
    let place = desk.path().join("ledger/witnessed/5");
    let text = SignedNote::parse(&head).unwrap().text().to_owned();
    for spoilt in [
        String::new(),
        "\u{0}".repeat(9),
        "x".repeat(2 << 20),
        head.replacen("\n5\n", "\n4\n", 1),
        head.replacen("siege", "other", 1),
        crate::keys::signed_text(&desk, "mallory", &text),
        crate::keys::signed_text(&desk, "chief", &text.replacen("\n5\n", "\n4\n", 1)),
    ] {
        fs::write(&place, &spoilt).unwrap();
        prove(6);
        desk.fails(&["head", "--cosigned"], 3);
        desk.ok(&["verify"]);
        desk.ok(&["witness"]);
    }
    // Of the author, of this size and of another history.
    let other = text.replacen(text.lines().nth(2).unwrap(), &base64(&[7; 32]), 1);
    fs::write(&place, crate::keys::signed_text(&desk, "chief", &other)).unwrap();
    prove(6);
    desk.fails(&["head", "--cosigned"], 3);
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    prove(6);
    fs::remove_dir_all(desk.path().join("ledger/witnessed")).unwrap();
    prove(6);
}

#[test]
fn two_that_keep_at_once_lose_nothing() {
    let (desk, head) = desk();
    let names: Vec<String> = (0..6).map(|number| format!("w{number}")).collect();
    for name in &names {
        desk.write(&format!("{name}.txt"), &cosigned(name, &head));
    }
    let started: Vec<_> = names
        .iter()
        .map(|name| {
            let (file, key) = (format!("{name}.txt"), vkey(name).to_string());
            desk.command(&["witness", "--attach", &file, "--vkey", &key]).spawn().unwrap()
        })
        .collect();
    for mut process in started {
        assert!(process.wait().unwrap().success());
    }
    let kept = desk.ok(&["head"]);
    assert!(names.iter().all(|name| kept.contains(&cosigned(name, &head))), "{kept}");
    let left: Vec<_> = fs::read_dir(desk.path().join("ledger/witnessed")).unwrap().collect();
    assert_eq!(left.len(), 2, "the head, and the lock");
}

#[test]
fn what_is_published_has_the_cosignatures_that_are_kept() {
    let (desk, head) = desk();
    let checkpoint = || fs::read_to_string(desk.path().join("site/checkpoint")).unwrap();
    desk.ok(&["publish", "site"]);
    assert_eq!(checkpoint(), head);
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--vkey", &vkey("w").to_string()]);
    desk.ok(&["publish", "site"]);
    assert_eq!(checkpoint(), head.clone() + &cosigned("w", &head));
    assert!(desk.ok(&["prove", "--from", "3"]).contains(&cosigned("w", &head)));
    assert!(!err(&desk.run(&["publish", "site"])).contains("warning"));
    // A folder that has lost what was kept publishes nothing less.
    fs::remove_dir_all(desk.path().join("ledger/witnessed")).unwrap();
    desk.ok(&["publish", "site"]);
    assert_eq!(checkpoint(), head.clone() + &cosigned("w", &head));
}

/// Growth to a cosigned head, and to any head that a reader may have.
#[test]
fn growth_leads_to_the_newest_cosigned_head_or_to_the_one_that_is_named() {
    let (desk, head) = desk();
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    desk.ok(&["witness", "--attach", "cosigned.txt", "--vkey", &vkey("w").to_string()]);
    let line = |text: &str| format!(r#"{{"type":"note","text":"{text}"}}"#);
    desk.write(
        "lines.jsonl",
        &["t", "u", "v"].map(line).join(
            "
",
        ),
    );
    desk.ok(&["import", "lines.jsonl", "--key", "chief.key"]);
    let eight = desk.ok(&["head"]);
    desk.ok(&["note", "z", "--key", "chief.key"]);
    let grown = |args: &[&str]| {
        desk.ok(&[&["prove", "--output", "growth.txt", "--force", "--from"], args].concat());
        let proven = desk.json(&["check", "growth.txt"]).remove(0);
        let names = proven["signers"].as_array().unwrap().len();
        (proven["from"]["size"].as_u64().unwrap(), proven["size"].as_u64().unwrap(), names)
    };
    assert_eq!(grown(&["3"]), (3, 5, 2), "signed and cosigned");
    assert_eq!(grown(&["5"]), (5, 5, 2));
    assert_eq!(grown(&["6"]), (6, 9, 1), "none is cosigned behind that");
    assert_eq!(grown(&["3", "--newest"]), (3, 9, 1));
    assert_eq!(grown(&["5", "--to", "8"]), (5, 8, 1));
    assert_eq!(grown(&["5", "--to", "9"]), (5, 9, 1));
    assert_eq!(grown(&["3", "--to", "5"]), (3, 5, 2));
    // A head that lies beside those that a proof is about is joined to them by the one that is named.
    desk.write("eight.txt", &eight);
    desk.ok(&["prove", "--from", "3", "--output", "growth.txt", "--force"]);
    let told = out(&desk.run(&["check", "growth.txt", "--head", "eight.txt"]));
    assert!(told.contains("yours is newer: ask for `annals prove --from 5 --to 8`"), "{told}");
    assert_eq!(grown(&["5", "--to", "8"]), (5, 8, 1));
    desk.ok(&["check", "growth.txt", "--head", "eight.txt"]);
    desk.ok(&["prove", "#9", "--newest", "--output", "receipt.txt"]);
    let told = out(&desk.run(&["check", "receipt.txt", "--head", "eight.txt"]));
    assert!(told.contains("yours is older: ask for `annals prove --from 8 --to 9`"), "{told}");
    let told = desk.fails(&["prove", "--from", "5", "--to", "7"], 3);
    assert!(told.contains("never had a head of 7 events") && told.contains("are of 5 and 8 events"), "{told}");
    assert!(desk.fails(&["prove", "--from", "5", "--to", "10"], 3).contains("its newest head is of 9 events"));
    desk.fails(&["prove", "--from", "0", "--to", "0"], 3);
    desk.fails(&["prove", "--from", "8", "--to", "5"], 2);
    desk.fails(&["prove", "#5", "--to", "8"], 2);
}

/// The newest head may be one that nobody has cosigned, as behind a record of a cosigned one.
#[test]
fn who_publishes_a_head_without_cosignatures_is_warned() {
    let (desk, head) = desk();
    assert!(!err(&desk.run(&["publish", "site"])).contains("warning"), "no witness was asked ever");
    desk.write("cosigned.txt", &(head.clone() + &cosigned("w", &head)));
    let attach = ["witness", "--attach", "cosigned.txt", "--vkey", &vkey("w").to_string(), "--key", "chief.key"];
    assert!(!err(&desk.run(&attach)).contains("note:"));
    assert!(!err(&desk.run(&["publish", "site"])).contains("warning"));
    let told = err(&desk.run(&[&attach[..], &["--record"]].concat()));
    assert!(told.contains("note: recording that moved the head on to 7 events, which nobody has cosigned"), "{told}");
    let published = desk.run(&["publish", "site"]);
    let told = err(&published);
    assert!(published.status.success(), "{told}");
    let wanted = "the newest cosigned head has 5 events; the one published, 7, has no cosignatures";
    assert!(told.contains("warning: ") && told.contains(wanted), "{told}");
    desk.write("lines.txt", &cosigned("w", &desk.ok(&["head"])));
    desk.ok(&["witness", "--attach", "lines.txt", "--vkey", &vkey("w").to_string()]);
    assert!(!err(&desk.run(&["publish", "site"])).contains("warning"));
}

#[test]
fn a_log_that_was_put_back_is_told_by_what_is_kept() {
    let (desk, _) = desk();
    let copy = |from: &str, to: &str| {
        fs::copy(desk.path().join(from), desk.path().join(to)).unwrap();
    };
    copy("ledger/log/000000000001.seg", "older.seg");
    desk.ok(&["note", "y", "--key", "chief.key"]);
    desk.write("lines.txt", &cosigned("w", &desk.ok(&["head"])));
    desk.ok(&["witness", "--attach", "lines.txt", "--vkey", &vkey("w").to_string()]);
    assert_eq!(desk.json(&["witness"])[0]["beyond"], false);
    copy("older.seg", "ledger/log/000000000001.seg");
    let listed = desk.run(&["witness"]);
    assert!(listed.status.code() == Some(1) && out(&listed).contains("the ledger has 5 now: it was cut"), "{listed:?}");
    desk.fails(&["head", "--cosigned"], 3);
    assert!(desk.ok(&["prove", "#4"]).contains("\n5\n"));
}

#[test]
fn a_stranger_requires_the_witnesses_of_a_policy() {
    let (desk, head) = desk();
    write_policy(&desk, 2, &[("a", ""), ("b", ""), ("c", "")]);
    desk.write("a.txt", &cosigned("a", &head));
    desk.ok(&["witness", "--attach", "a.txt", "--vkey", &vkey("a").to_string()]);
    desk.ok(&["publish", "site"]);
    let follow = |more: &[&str]| {
        let args = ["verify", "--url", "site", "--policy", "policy.txt", "--keep", "kept.txt"];
        let output = desk.run(&[&args, more].concat());
        (output.status.code(), out(&output))
    };
    let (code, told) = follow(&[]);
    assert!(code == Some(1) && told.contains("checkpoint-policy") && told.contains("only by a"), "{told}");
    assert!(!desk.path().join("kept.txt").exists());
    desk.write("c.txt", &cosigned("c", &head));
    desk.ok(&["witness", "--attach", "c.txt", "--vkey", &vkey("c").to_string()]);
    desk.ok(&["publish", "site"]);
    let (code, told) = follow(&[]);
    assert!(code == Some(0) && told.contains("cosigned by c") && !told.contains("give --key"), "{told}");
    let line: serde_json::Value = serde_json::from_str(follow(&["--json"]).1.trim_end()).unwrap();
    assert_eq!(line["policy"]["witnesses"].as_array().unwrap().len(), 2, "{line}");
    desk.fails(&["verify", "--policy", "policy.txt"], 2);
}
