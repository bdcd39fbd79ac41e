//! Asking, attaching, listing and checking.

use sha2::{Digest, Sha256};

use super::*;
use crate::keys::signed_desk;
use crate::support::{err, out};

#[test]
fn a_request_stamps_what_head_prints() {
    let unsigned = Desk::with_ledger();
    let head = unsigned.ok(&["head"]);
    let checkpoint = head.split("\n\n").next().unwrap().to_owned() + "\n";
    for (desk, stamped) in [(&unsigned, checkpoint), (&signed_desk(), signed_desk_head())] {
        let said = desk.ok(&["anchor", "--request", "ask.tsq"]);
        assert!(said.contains("ask.tsq asks for a time-stamp") && said.contains("--attach"), "{said}");
        let [file] = &kept(desk, "head")[..] else { panic!() };
        let bytes = fs::read(file).unwrap();
        if desk.ok(&["head"]).contains('\u{2014}') {
            assert_eq!(String::from_utf8(bytes.clone()).unwrap(), desk.ok(&["head"]));
        } else {
            assert_eq!(String::from_utf8(bytes.clone()).unwrap(), stamped);
        }
        let asked = fs::read(desk.path().join("ask.tsq")).unwrap();
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!((asked.len(), &asked[24..56], &asked[66..]), (69, &hash[..], &[1, 1, 0xff][..]));
        let line = &desk.json(&["anchor", "--request", "again.tsq"])[0];
        assert_eq!((line["type"].as_str(), line["file"].as_str()), (Some("anchor-request"), Some("again.tsq")));
        let again = fs::read(desk.path().join("again.tsq")).unwrap();
        assert!(asked[..58] == again[..58] && asked[58..66] != again[58..66], "each has a number of its own");
        assert_eq!(kept(desk, "head").len(), 2);
        assert_eq!(desk.run(&["anchor", "--request", "-"]).stdout.len(), 69);
    }
}

/// What is stamped of a signed ledger begins with its checkpoint.
fn signed_desk_head() -> String {
    signed_desk().ok(&["head"])
}

#[test]
fn an_answer_is_attached_although_the_ledger_has_grown() {
    let desk = asking_desk();
    let size = desk.json(&["head"])[0]["size"].as_u64().unwrap();
    assert!(size > STAMPED_SIZE);
    let attach = ["anchor", "--attach", &fixture("good/rsa-sha256.tsr"), "--ca", &fixture("ca.pem")];
    let said = desk.ok(&attach);
    let sentence =
        format!("The ledger held 5 events at the latest on {STAMPED_AT} (± 1500000 µs), says Example rsa (Example)");
    assert!(said.contains(&sentence) && said.contains("Kept as"), "{said}");
    let [file] = &kept(&desk, "tsr")[..] else { panic!() };
    assert_eq!(fs::read(file).unwrap(), fs::read(fixture("good/rsa-sha256.tsr")).unwrap());
    assert!(desk.ok(&attach).contains("Kept already"));
    let said = desk.fails(&["anchor", "--attach", &fixture("good/p256-sha256.tsr"), "--ca", &fixture("ca.pem")], 3);
    assert!(said.contains("another answer to that request"), "{said}");
    let said = desk.ok(&["anchor"]);
    assert!(said.contains("(not checked here)") && said.contains("waiting for an answer"), "{said}");
    let said = desk.ok(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
    assert!(said.contains(&sentence), "{said}");
    desk.ok(&["verify"]);
    assert_eq!(desk.json(&["head"])[0]["size"], size, "nothing was recorded");
}

#[test]
fn every_kind_of_answer_is_attached() {
    for answer in fs::read_dir(fixture("good")).unwrap().map(|entry| entry.unwrap().path()) {
        let desk = asking_desk();
        desk.ok(&["anchor", "--attach", answer.to_str().unwrap(), "--ca", &fixture("ca.pem")]);
        let lines = desk.json(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
        assert_eq!((lines[0]["state"].as_str(), lines[0]["size"].as_u64()), (Some("held"), Some(STAMPED_SIZE)));
        assert_eq!((lines[0]["at"].as_str(), lines[0]["times_agree"].as_bool()), (Some(STAMPED_AT), Some(true)));
        let last = lines.last().unwrap();
        assert_eq!((last["type"].as_str(), last["wrong"].as_u64()), (Some("anchors-checked"), Some(0)));
        assert_eq!((last["waiting"].as_u64(), last["newest"]["at"].as_str()), (Some(1), Some(STAMPED_AT)));
    }
}

#[test]
fn what_does_not_count_is_refused_and_not_kept() {
    let desk = asking_desk();
    desk.write("empty.tsr", "");
    desk.write("text.tsr", "<html>");
    fs::write(desk.path().join("long.tsr"), vec![0x30; 1 << 19]).unwrap();
    let (ca, other) = (fixture("ca.pem"), fixture("other-ca.pem"));
    for (answer, ca, told) in [
        (fixture("bad/another-head.tsr"), &ca, "it stamps something else"),
        (fixture("bad/another-nonce.tsr"), &ca, "it answers another request"),
        (fixture("bad/rejected.tsr"), &ca, "the authority did not stamp: rejection"),
        (fixture("bad/signed-by-sha1.tsr"), &ca, "its hash is none of"),
        (fixture("bad/under-another-ca.tsr"), &ca, "not vouched for by the given CA"),
        (fixture("bad/without-nonce-and-certificates.tsr"), &ca, "it answers another request"),
        (fixture("bad/without-the-sub-ca.tsr"), &ca, "not vouched for by the given CA"),
        (fixture("good/rsa-sha256.tsr"), &other, "not vouched for by the given CA"),
        (fixture("good/rsa-sha256.tsr"), &fixture("good/rsa-sha256.tsr"), "the given CA cannot be used"),
        (fixture("good/rsa-sha256.tsr"), &"text.tsr".to_owned(), "the given CA cannot be used"),
        (fixture("good/rsa-sha256.tsr"), &"missing.pem".to_owned(), "could not read missing.pem"),
        ("empty.tsr".to_owned(), &ca, "no time-stamp response"),
        ("text.tsr".to_owned(), &ca, "no time-stamp response"),
        ("long.tsr".to_owned(), &ca, "longer than"),
        ("ledger".to_owned(), &ca, "no plain file"),
        ("missing.tsr".to_owned(), &ca, "could not read missing.tsr"),
    ] {
        let said = desk.fails(&["anchor", "--attach", &answer, "--ca", ca], 3);
        assert!(said.contains(told) && said.contains("hint:"), "{answer}: {said}");
        assert_eq!(kept(&desk, "tsr").len(), 0, "{answer}");
    }
    for wrong in [
        &["anchor", "--attach", "x"][..],
        &["anchor", "--check"],
        &["anchor", "--ca", &ca],
        &["anchor", "--request", "x", "--check", "--ca", &ca],
        &["anchor", "--record"],
    ] {
        desk.fails(wrong, 2);
    }
}

#[test]
fn a_stamped_head_is_recorded_as_evidence() {
    let desk = asking_desk();
    let attach = ["anchor", "--attach", &fixture("good/rsa-sha256.tsr"), "--ca", &fixture("ca.pem"), "--record"];
    let mut nobody = desk.command(&attach);
    let refused = nobody.env_remove("ANNALS_ACTOR").output().unwrap();
    assert_eq!((refused.status.code(), kept(&desk, "tsr").len()), (Some(2), 0), "{}", err(&refused));
    let said = desk.ok(&attach);
    assert_eq!(said.matches("Recorded #").count(), 2, "{said}");
    let evidence: Vec<_> = desk.json(&["log"]).into_iter().filter(|line| line["type"] == "evidence").collect();
    assert_eq!(evidence.len(), 2);
    for (line, (ending, media_type)) in
        evidence.iter().zip([("head", "text/plain"), ("tsr", "application/timestamp-reply")])
    {
        let digest = line["digest"].as_str().unwrap();
        assert_eq!((line["media_type"].as_str(), line["captured_at"].as_str()), (Some(media_type), Some("2026-11-30")));
        let copy = fs::read(desk.path().join("ledger/evidence").join(&digest[..2]).join(digest)).unwrap();
        let own = kept(&desk, ending).into_iter().find(|file| fs::read(file).unwrap() == copy);
        assert!(own.is_some(), "{ending}");
    }
    let lines = desk.json(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
    assert_eq!((&lines[0]["recorded_as"], &lines[0]["times_agree"]), (&evidence[1]["seq"], &true.into()));
    let said = desk.ok(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
    assert!(said.contains("records that: what was recorded behind it is younger"), "{said}");
    let size = desk.json(&["head"])[0]["size"].as_u64();
    assert!(desk.ok(&attach).contains("Recorded already, as #"));
    assert_eq!(desk.json(&["head"])[0]["size"].as_u64(), size, "once is enough");
    desk.ok(&["verify"]);
}

#[test]
fn without_stamps_nothing_is_proved() {
    let desk = Desk::with_ledger();
    assert!(desk.ok(&["anchor"]).contains("no time-stamp was asked for"));
    let check = desk.run(&["anchor", "--check", "--ca", &fixture("ca.pem")]);
    assert!(check.status.code() == Some(1) && out(&check).contains("no time-stamp is kept"), "{}", out(&check));
    desk.fails(&["anchor", "--ledger", "nowhere", "--request", "ask.tsq"], 3);
    assert!(!desk.path().join("nowhere").exists() && !desk.path().join("ask.tsq").exists());
}
