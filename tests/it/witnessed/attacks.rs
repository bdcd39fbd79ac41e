//! Whoever would pass off a head that nobody witnessed, played against those who check.

use super::*;

/// A receipt, with other lines below its head.
fn with_lines(receipt: &str, lines: &str) -> String {
    let (heading, body) = receipt.split_once("\n\n").unwrap();
    let (title, rest) = heading.split_once('\n').unwrap();
    let start = body.find("\n\u{2014} ").unwrap() + 1;
    let body = format!("{}{lines}", &body[..start]);
    let names: Vec<&str> = lines.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    let mut names = names;
    names.dedup();
    let sentence = rest.split_once(" It is signed by").unwrap().0;
    let checksum = annals::chain::digest(body.as_bytes());
    format!("{title}\n{sentence} It is signed by {}.\nchecksum {checksum}\n\n{body}", names.join(" and "))
}

/// A receipt that the witnesses `a` and `b` of three stand for, of whom two are needed.
fn receipt() -> (Desk, String, String) {
    let (desk, head) = desk();
    write_policy(&desk, 2, &[("a", ""), ("b", ""), ("c", "")]);
    let note = head.clone() + &cosigned("a", &head) + &cosigned("b", &head);
    desk.write("cosigned.txt", &note);
    desk.ok(&["witness", "--attach", "cosigned.txt", "--policy", "policy.txt"]);
    desk.ok(&["prove", "#5", "--output", "receipt.txt"]);
    let text = std::fs::read_to_string(desk.path().join("receipt.txt")).unwrap();
    (desk, head, text)
}

/// What is said of the receipt with these lines below its head, and of the head alone.
fn said(desk: &Desk, receipt: &str, head: &str, lines: &str) -> [(Option<i32>, String); 2] {
    desk.write("other.txt", &with_lines(receipt, lines));
    desk.ok(&["check", "other.txt"]);
    let text = SignedNote::parse(head).unwrap().text().to_owned();
    desk.write("other-head.txt", &format!("{text}\n{lines}"));
    let output = desk.run(&["verify", "--against", "other-head.txt", "--policy", "policy.txt"]);
    [checked(desk, "other.txt"), (output.status.code(), out(&output))]
}

#[test]
fn only_a_quorum_of_its_witnesses_makes_a_policy_accept_a_head() {
    let (desk, head, receipt) = receipt();
    let text = SignedNote::parse(&head).unwrap().text().to_owned();
    let log = head.split_once("\n\n").unwrap().1.to_owned();
    let (code, told) = checked(&desk, "receipt.txt");
    assert!(code == Some(0) && told.contains("It is cosigned by b at") && told.contains("reached: enough"), "{told}");
    let a = cosigned("a", &head);
    let good = log.clone() + &a + &cosigned("b", &head);
    assert!(
        said(&desk, &receipt, &head, &good).iter().all(|(code, _)| *code == Some(0)),
        "the attacks fail for a reason"
    );
    let other_root = text.replacen(text.lines().nth(2).unwrap(), &base64(&[7; 32]), 1);
    let of = |by: &str, named: &str, text: &str| log.clone() + &a + &line(by, &vkey(named), 7, text);
    for (attack, lines, why) in [
        ("too few", log.clone() + &a, "only by a"),
        ("one witness twice", log.clone() + &a + &line("a", &vkey("a"), 7, &text), "only by a"),
        ("nobody", log.clone(), "by none"),
        ("unknown witnesses", of("x", "x", &text) + &cosigned("y", &head), "only by a"),
        ("a cosignature of another root", of("b", "b", &other_root), "b is not its"),
        ("a cosignature of another size", of("b", "b", &text.replacen("\n5\n", "\n4\n", 1)), "b is not its"),
        ("another key with the name and id of a witness", of("x", "b", &text), "b is not its"),
        ("a witness that did not sign the log's", a.clone() + &cosigned("b", &head), "no key that the policy has"),
    ] {
        for (code, told) in said(&desk, &receipt, &head, &lines) {
            assert!(code == Some(1) && told.contains(why), "{attack}: {told}");
        }
    }
}

/// Whoever keeps the witness and the ledger shows two readers two histories, and both are cosigned: the policy cannot tell.
/// Only a witness that is somebody else's can.
#[test]
fn ones_own_witness_proves_nothing_about_split_views() {
    let (desk, _) = desk();
    write_policy(&desk, 1, &[("own", "")]);
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        assert!(std::process::Command::new("cp").arg("-r").args([from, to]).status().unwrap().success());
    };
    copy(&desk.path().join("ledger"), &desk.path().join("other"));
    for (ledger, text) in [("ledger", "one history"), ("other", "another history")] {
        desk.ok(&["--ledger", ledger, "note", text, "--key", "chief.key"]);
        let head = desk.ok(&["--ledger", ledger, "head"]);
        desk.write("head.txt", &(head.clone() + &cosigned("own", &head)));
        desk.ok(&["--ledger", ledger, "witness", "--attach", "head.txt", "--policy", "policy.txt"]);
        desk.ok(&["--ledger", ledger, "prove", "#6", "--output", "receipt.txt", "--force"]);
        assert_eq!(checked(&desk, "receipt.txt").0, Some(0), "{text}");
    }
    // With the log's own key it is no witness at all.
    let own = PublicKey::of_algorithm("own", COSIGNATURE, head_key(&desk, "chief").bytes()).unwrap();
    desk.write("policy.txt", &format!("log {}\nwitness own {own}\nquorum own\n", head_key(&desk, "chief")));
    assert!(desk.fails(&["check", "receipt.txt", "--policy", "policy.txt"], 3).contains("log's own key"));
}

#[test]
fn a_policy_says_whose_heads_count() {
    let (desk, head, _) = receipt();
    let witnesses = format!("witness a {}\nquorum a\n", vkey("a"));
    desk.write("policy.txt", &witnesses);
    desk.fails(&["check", "receipt.txt", "--policy", "policy.txt"], 2);
    desk.fails(&["verify", "--against", "cosigned.txt", "--policy", "policy.txt"], 2);
    let key = head_key(&desk, "chief").to_string();
    desk.ok(&["check", "receipt.txt", "--policy", "policy.txt", "--signed-by", &key]);
    desk.ok(&["verify", "--against", "cosigned.txt", "--policy", "policy.txt", "--key", &key]);
    let other = head_key(&desk, "ana").to_string();
    let refused = desk.run(&["check", "receipt.txt", "--policy", "policy.txt", "--signed-by", &other]);
    assert_eq!((refused.status.code(), out(&refused).contains("did not sign")), (Some(1), true));
    desk.write("policy.txt", &format!("log {other}\n{witnesses}"));
    assert_eq!(checked(&desk, "receipt.txt").0, Some(1));
    // What was cosigned elsewhere and is not in this ledger.
    let text = SignedNote::parse(&head).unwrap().text().replacen("\n5\n", "\n4\n", 1);
    let signed = crate::keys::signed_text(&desk, "chief", &text);
    desk.write("policy.txt", &format!("log {key}\n{witnesses}"));
    desk.write("cosigned.txt", &(signed.clone() + &cosigned("a", &signed)));
    let refused = desk.run(&["verify", "--against", "cosigned.txt", "--policy", "policy.txt"]);
    assert!(refused.status.code() == Some(1) && out(&refused).contains("DAMAGED"), "{}", out(&refused));
}

#[test]
fn a_published_head_that_too_few_witnesses_cosigned_is_refused() {
    let (desk, head, _) = receipt();
    desk.ok(&["publish", "site"]);
    let follow = |more: &[&str]| {
        let args = ["verify", "--url", "site", "--keep", "kept.txt", "--policy", "policy.txt"];
        let output = desk.run(&[&args, more].concat());
        (output.status.code(), out(&output))
    };
    let (code, told) = follow(&[]);
    assert!(code == Some(0) && told.contains("signed by example.org/siege+"), "{told}");
    assert!(told.contains("It is cosigned by a at") && told.contains("reached: enough"), "{told}");
    assert_eq!(
        desk.json(&["verify", "--url", "site", "--keep", "kept.txt", "--policy", "policy.txt"])[0]["policy"]["reached"],
        true
    );
    for lines in [cosigned("a", &head), cosigned("a", &head) + &line("x", &vkey("b"), 7, "another text\n")] {
        std::fs::write(desk.path().join("site/checkpoint"), head.clone() + &lines).unwrap();
        let (code, told) = follow(&[]);
        assert!(code == Some(1) && told.contains("checkpoint-policy"), "{told}");
    }
    // The next head, as long as nobody has cosigned it.
    std::fs::write(desk.path().join("site/checkpoint"), head.clone() + &cosigned("a", &head) + &cosigned("b", &head))
        .unwrap();
    assert_eq!(follow(&[]).0, Some(0));
    desk.ok(&["note", "y", "--key", "chief.key"]);
    desk.ok(&["publish", "site"]);
    assert!(follow(&[]).1.contains("by none of its witnesses"));
    desk.write("policy.txt", &format!("witness a {}\nquorum a\n", vkey("a")));
    assert_eq!(follow(&[]).0, Some(2), "whose ledger it must be is not said");
    assert_eq!(follow(&["--key", &head_key(&desk, "chief").to_string()]).0, Some(1));
    desk.fails(&["verify", "--policy", "policy.txt"], 2);
}

#[cfg(unix)]
#[test]
fn what_a_witness_answers_steers_no_terminal() {
    use super::fake::Fake;
    use crate::attacks::sent_file::HIDDEN;
    use crate::support::err;

    let (desk, _) = desk();
    for status in [200, 400, 403, 404, 409, 422, 500] {
        let fake = Fake::new(move |_| (status, format!("{HIDDEN}\n{HIDDEN}")));
        for form in [&[][..], &["--json"]] {
            let output = desk.run(&[form, &["witness", &fake.url, "--vkey", &vkey("w").to_string()]].concat());
            let said = out(&output) + &err(&output);
            assert!(!output.status.success() && !said.is_empty(), "{status}");
            assert!(!said.contains(|c| c != '\n' && annals::value::is_hidden(c)), "{status} {form:?}: {said:?}");
        }
    }
}
