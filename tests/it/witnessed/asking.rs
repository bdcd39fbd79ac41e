//! Asking witnesses: what is offered, what they answer, and what is made of it.

use super::fake::{Fake, offered};
use super::*;
use crate::support::err;

fn ask(desk: &Desk, fake: &Fake) -> (Option<i32>, String) {
    let output = desk.run(&["witness", &fake.url, "--vkey", &vkey("w").to_string()]);
    (output.status.code(), out(&output) + &err(&output))
}

#[test]
fn what_a_witness_cosigns_is_kept_and_shown() {
    let (desk, head) = desk();
    let fake = Fake::willing("w");
    assert_eq!(ask(&desk, &fake), (Some(0), "The head of 5 events is cosigned by w at 2023-11-14T22:13:20Z\n".into()));
    assert_eq!(*fake.asked.lock().unwrap(), [format!("old 0\n\n{head}")]);
    let expected = head.clone() + &cosigned("w", &head);
    assert_eq!(desk.ok(&["head"]), expected);
    assert_eq!(desk.json(&["head"])[0]["note"], expected.as_str());
    assert_eq!(std::fs::read_to_string(desk.path().join("ledger/witnessed/5")).unwrap(), expected);
    desk.ok(&["note", "y", "--key", "chief.key"]);
    assert!(!desk.ok(&["head"]).contains("\u{2014} w "), "that is another head");
    assert_eq!(desk.ok(&["head", "--cosigned"]), expected);
    write_policy(&desk, 1, &[("w", "")]);
    assert_eq!(desk.ok(&["head", "--cosigned", "--policy", "policy.txt"]), expected);
    desk.write("cosigned.txt", &expected);
    let told = desk.ok(&["verify", "--against", "cosigned.txt", "--policy", "policy.txt"]);
    assert!(told.contains("It is cosigned by w at 2023-11-14T22:13:20Z.") && told.contains("is in it"), "{told}");
    let listed = desk.json(&["witness"]);
    assert_eq!((listed[0]["size"].as_u64(), listed[0]["names"][0].as_str()), (Some(5), Some("w")));
}

#[test]
fn a_witness_is_shown_how_the_ledger_grew_from_what_it_has_seen() {
    let (desk, _) = desk();
    let fake = Fake::willing("w");
    ask(&desk, &fake);
    desk.ok(&["note", "y", "--key", "chief.key"]);
    desk.ok(&["note", "z", "--key", "chief.key"]);
    ask(&desk, &fake);
    assert_eq!(fake.olds(), ["old 0", "old 5"]);
    let body = fake.asked.lock().unwrap()[1].clone();
    desk.ok(&["prove", "--from", "5", "--output", "growth.txt"]);
    let growth = std::fs::read_to_string(desk.path().join("growth.txt")).unwrap();
    let hashes = |text: &str| text.lines().filter(|line| line.len() == 44 && line.ends_with('=')).count();
    assert!(body.split_once("\n\n").unwrap().0.lines().skip(1).all(|hash| growth.contains(hash)), "{body}");
    assert_eq!(hashes(&body), hashes(&growth), "{body}{growth}");
    // One that says it has seen another size is shown the way from there.
    std::fs::remove_dir_all(desk.path().join("ledger/witnessed")).unwrap();
    let picky = Fake::new(|body| match body.lines().next().unwrap() {
        "old 6" => (200, cosigned("w", &offered(body).to_string())),
        _ => (409, "6\n".to_owned()),
    });
    assert_eq!(ask(&desk, &picky).0, Some(0));
    assert_eq!(picky.olds(), ["old 0", "old 6"]);
}

/// A witness whose memory was lost would cosign another history, too.
#[test]
fn a_witness_that_has_forgotten_is_told() {
    let (desk, _) = desk();
    ask(&desk, &Fake::willing("w"));
    desk.ok(&["note", "y", "--key", "chief.key"]);
    let forgetful = Fake::new(|body| match body.lines().next().unwrap() {
        "old 0" => (200, cosigned("w", &offered(body).to_string())),
        _ => (409, "0\n".to_owned()),
    });
    let (code, told) = ask(&desk, &forgetful);
    assert!(code == Some(0) && told.contains("with 5 events and remembers only 0"), "{told}");
    assert_eq!(forgetful.olds(), ["old 5", "old 0"]);
}

/// The ledger as an older copy, cut, or rewritten behind the back of somebody who has seen it.
#[test]
fn a_ledger_that_is_not_what_a_witness_has_seen_is_refused() {
    let (desk, _) = desk();
    for (status, answer, why) in [
        (409, "9\n", "cosigned this ledger with 9 events, and here it has 5: it was cut"),
        (422, "", "did not grow to this one: the history was rewritten"),
        (409, "5\n", "another ledger of this name with 5 events"),
    ] {
        let fake = Fake::new(move |_| (status, answer.to_owned()));
        let (code, told) = ask(&desk, &fake);
        assert!(code == Some(1) && told.contains("REFUSED") && told.contains(why), "{told}");
    }
    assert!(!desk.path().join("ledger/witnessed/5").exists());
}

#[test]
fn whatever_else_a_witness_answers_is_told_and_not_kept() {
    let (desk, head) = desk();
    let good = cosigned("w", &head);
    for (status, answer, why) in [
        (404, "no such log\n".to_owned(), "knows no ledger example.org/siege"),
        (403, String::new(), "trusts no key that signed"),
        (400, String::new(), "does not take"),
        (503, String::new(), "cannot answer now"),
        (418, String::new(), "status 418"),
        (200, String::new(), "no lines of signatures"),
        (200, good.trim_end().to_owned(), "no lines of signatures"),
        (200, "\u{0}\u{1b}[31m\n".to_owned(), "no lines of signatures"),
        (200, good.clone() + "more\n", "no lines of signatures"),
        (200, "a".repeat(70_000), "answered more than it may"),
        (200, good.repeat(900), "answered more than it may"),
        (200, cosigned("v", &head), "no key that was given cosigned"),
        (200, good.clone() + &line("v", &vkey("w"), 7, "another text\n"), "is not its"),
        (409, "many\n".to_owned(), "which is no size"),
        (409, "-1\n".to_owned(), "which is no size"),
        (409, "005\n".to_owned(), "which is no size"),
        (302, String::new(), "status 302"),
    ] {
        let fake = Fake::new(move |_| (status, answer.clone()));
        let (code, told) = ask(&desk, &fake);
        assert!(code == Some(3) && told.contains(why) && !told.contains('\u{1b}'), "{status} {why}: {told}");
    }
    assert!(!desk.path().join("ledger/witnessed/5").exists());
    let fickle = Fake::new({
        let mut turn = 0;
        move |_| {
            turn += 1;
            (409, format!("{}\n", 1 + turn % 2))
        }
    });
    let (code, told) = ask(&desk, &fickle);
    assert!(code == Some(3) && told.contains("another size") && fickle.olds().len() == 4, "{told}");
}

/// Who remembers another size than it was asked from says nothing about the ledger, and neither does who takes it back.
#[test]
fn a_witness_that_contradicts_itself_has_refused_nothing() {
    let (desk, _) = desk();
    for (remembered, asked) in [("0", &["old 0"][..]), ("3", &["old 0", "old 3"])] {
        let fake = Fake::new(move |_| (409, format!("{remembered}\n")));
        let (code, told) = ask(&desk, &fake);
        assert!(code == Some(3) && told.contains("it contradicts itself; nothing was kept"), "{told}");
        assert!(told.contains(&format!("it remembers {remembered} events")) && !told.contains("REFUSED"), "{told}");
        assert_eq!(fake.olds(), asked);
    }
}

#[test]
fn an_address_that_takes_no_questions_is_told_as_such() {
    let (desk, _) = desk();
    for status in [405, 501] {
        let (code, told) = ask(&desk, &Fake::new(move |_| (status, String::new())));
        assert!(code == Some(3) && told.contains("see that it is the right address"), "{told}");
        assert!(!told.contains("later"), "{told}");
    }
}

/// Only a witness that refuses says something against the ledger.
#[test]
fn a_policy_whose_witnesses_do_not_answer_is_an_error_and_no_refusal() {
    let (desk, _) = desk();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = format!("http://{closed}");
    let unknown = Fake::new(|_| (404, String::new()));
    for witnesses in [vec![("a", gone.as_str())], vec![("a", &unknown.url)], vec![("a", &gone), ("b", &unknown.url)]] {
        write_policy(&desk, witnesses.len(), &witnesses);
        let told = desk.fails(&["witness", "--policy", "policy.txt"], 3);
        assert!(told.contains("too few witnesses of the policy") && told.contains("none refused"), "{told}");
        desk.fails(&["--json", "witness", "--policy", "policy.txt"], 3);
    }
    let refusing = Fake::new(|_| (422, String::new()));
    write_policy(&desk, 1, &[("a", &gone), ("b", &refusing.url)]);
    assert_eq!(desk.run(&["witness", "--policy", "policy.txt"]).status.code(), Some(1));
}

#[test]
fn every_witness_of_a_policy_is_asked_and_the_quorum_told() {
    let (desk, _) = desk();
    let (a, b) = (Fake::willing("a"), Fake::willing("b"));
    let broken = Fake::new(|_| (500, String::new()));
    write_policy(&desk, 2, &[("a", &a.url), ("broken", &broken.url), ("b", &b.url), ("d", "")]);
    let lines = desk.json(&["witness", "--policy", "policy.txt"]);
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().unwrap_or("-")).collect();
    assert_eq!(outcomes, ["cosigned", "failed", "cosigned", "-"]);
    assert_eq!((&lines[3]["type"], &lines[3]["reached"]), (&"quorum".into(), &true.into()));
    write_policy(&desk, 3, &[("a", &a.url), ("broken", &broken.url), ("b", &b.url)]);
    let output = desk.run(&["witness", "--policy", "policy.txt"]);
    assert!(output.status.code() == Some(3) && out(&output).contains("only by a, b"), "{}", out(&output));
    desk.fails(&["head", "--cosigned", "--policy", "policy.txt"], 3);
}

#[test]
fn a_cosigned_head_is_recorded_and_checked_later() {
    let (desk, _) = desk();
    let fake = Fake::willing("w");
    let key = vkey("w").to_string();
    desk.fails(&["witness", &fake.url, "--vkey", &key, "--record", "--actor", ""], 2);
    assert!(fake.olds().is_empty(), "who may not record is told first");
    desk.ok(&["witness", &fake.url, "--vkey", &key, "--record", "--key", "chief.key"]);
    let lines: Vec<serde_json::Value> = desk.json(&["export"]);
    let evidence = lines.iter().find(|line| line["type"] == "evidence").unwrap();
    let note = lines.last().unwrap()["text"].as_str().unwrap();
    let digest = evidence["digest"].as_str().unwrap();
    assert!(note.contains(digest) && note.contains(&key) && note.contains("with 5 events"), "{note}");
    write_policy(&desk, 1, &[("w", "")]);
    let copy = format!("ledger/evidence/{}/{digest}", &digest[..2]);
    let told = desk.ok(&["verify", "--against", &copy, "--policy", "policy.txt"]);
    assert!(told.contains("cosigned by w") && told.contains("is in it"), "{told}");
}

#[test]
fn who_cannot_be_cosigned_is_told_why() {
    let desk = Desk::with_ledger();
    let fake = Fake::willing("w");
    let told = desk.fails(&["witness", &fake.url, "--vkey", &vkey("w").to_string()], 3);
    assert!(told.contains("not signed") && told.contains("annals key authorise"), "{told}");
    let (desk, _) = self::desk();
    desk.fails(&["witness", &fake.url], 2);
    desk.fails(&["witness", &fake.url, "--vkey", &private("w").public().to_string()], 2);
    desk.fails(&["witness", "ftp://w", "--vkey", &vkey("w").to_string()], 2);
    desk.fails(&["witness", "--vkey", &vkey("w").to_string()], 2);
    desk.fails(&["witness", "--attach", "head.txt"], 2);
    desk.write("policy.txt", "quorum everybody\n");
    assert!(desk.fails(&["witness", "--policy", "policy.txt"], 3).contains("line 1: no witness"));
    assert!(fake.olds().is_empty());
}
