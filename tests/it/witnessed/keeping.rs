//! Cosignatures that came in a file, and what becomes of the folder in which they are kept.

use std::fs;

use super::*;

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
    // A folder that has lost what was kept publishes nothing less.
    fs::remove_dir_all(desk.path().join("ledger/witnessed")).unwrap();
    desk.ok(&["publish", "site"]);
    assert_eq!(checkpoint(), head.clone() + &cosigned("w", &head));
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
